/* What must hold over all tables; `jineng verify` asks. */
#include "notification/notification.h"

struct books {
    struct jn_audit *audit;
    Notification__HeadsRow heads;
    uint64_t inboxes;
    uint64_t items, overdue; /* of the inbox under way */
    uint64_t subscribed;     /* under all kinds */
};

static bool
count_item(void *context, const struct jn_key *key, const void *row)
{
    struct books *books = context;
    const Notification__Item *item = row;

    if (item->number != ++books->items || jn_key_number(key, 1) != item->number)
        jn_finding(books->audit, "inbox %lu: item %lu stands where item %lu should",
                   (unsigned long)jn_key_number(key, 0), (unsigned long)item->number, (unsigned long)books->items);
    books->overdue += item->overdue && !item->answered;
    return true;
}

static bool
audit_inbox(void *context, const struct jn_key *key, const void *row)
{
    struct books *books = context;
    const Notification__OpenInbox *facts = row;
    uint64_t inbox = jn_key_number(key, 0);

    if (inbox != ++books->inboxes || inbox_number(books->audit->view, facts->agency) != inbox)
        jn_finding(books->audit, "inbox %lu: its agency leads elsewhere", (unsigned long)inbox);
    for (int kind = KIND_FIRST; kind <= KIND_LAST; kind++)
        books->subscribed += scope_wants(facts, (Notification__Kind)kind);
    books->items = books->overdue = 0;
    jn_scan(books->audit->view, TABLE_ITEM, JN_KEY(inbox, 0), sizeof(uint64_t), SIZE_MAX, count_item, books);
    if (books->items != books->heads.last[inbox - 1])
        jn_finding(books->audit, "inbox %lu: %lu items, the last has number %lu", (unsigned long)inbox,
                   (unsigned long)books->items, (unsigned long)books->heads.last[inbox - 1]);
    if (books->overdue != books->heads.overdue[inbox - 1])
        jn_finding(books->audit, "inbox %lu: %lu items overdue, %lu kept", (unsigned long)inbox,
                   (unsigned long)books->overdue, (unsigned long)books->heads.overdue[inbox - 1]);
    if (books->heads.acknowledged[inbox - 1] > books->items)
        jn_finding(books->audit, "inbox %lu: more is acknowledged than was delivered", (unsigned long)inbox);
    return true;
}

static bool
audit_wanted(void *context, const struct jn_key *key, const void *row)
{
    struct books *books = context;
    const Notification__WantedRow *wanted = row;

    for (size_t i = 0; i < wanted->n_subscribers; i++) {
        const Notification__OpenInbox *facts = inbox_find(books->audit->view, wanted->subscribers[i]->inbox);

        if (!facts || !scope_wants(facts, (Notification__Kind)jn_key_number(key, 0)))
            jn_finding(books->audit, "kind %lu: inbox %lu did not ask for it", (unsigned long)jn_key_number(key, 0),
                       (unsigned long)wanted->subscribers[i]->inbox);
    }
    books->subscribed -= wanted->n_subscribers;
    return true;
}

static bool
audit_awaited(void *context, const struct jn_key *key, const void *row)
{
    struct books *books = context;
    const Notification__Awaited *awaited = row;
    uint64_t request = jn_key_number(key, 0);

    if (awaited->n_seats == 0 || awaited->n_groups != awaited->n_seats)
        jn_finding(books->audit, "request %lu: awaited with nothing left to answer", (unsigned long)request);
    for (size_t i = 0; i < awaited->n_inboxes; i++) {
        const Notification__Item *item =
            jn_get(books->audit->view, TABLE_ITEM, JN_KEY(awaited->inboxes[i], awaited->numbers[i]));

        if (!item || item->answered || item->reference != request || item->due_day != awaited->due_days[i] ||
            !item->overdue != !awaited->overdue[i])
            jn_finding(books->audit, "request %lu: its item in inbox %lu says otherwise", (unsigned long)request,
                       (unsigned long)awaited->inboxes[i]);
    }
    return true;
}

static bool
audit_parked(void *context, const struct jn_key *key, const void *row)
{
    struct books *books = context;
    const Notification__Parked *parked = row;
    const Notification__ClassRow *class = class_find(books->audit->view, jn_key_number(key, 0));

    if (class && class->stage >= parked->needs)
        jn_finding(books->audit, "class %lu: an item waits for what has come", (unsigned long)jn_key_number(key, 0));
    return true;
}

void
notification_audit(struct jn_audit *audit)
{
    const struct jn_view *view = audit->view;
    struct books books = {.audit = audit, .heads = inbox_heads(view)};

    jn_scan(view, TABLE_INBOX, JN_KEY(0), 0, SIZE_MAX, audit_inbox, &books);
    jn_scan(view, TABLE_WANTED, JN_KEY(0), 0, SIZE_MAX, audit_wanted, &books);
    jn_scan(view, TABLE_AWAITED, JN_KEY(0), 0, SIZE_MAX, audit_awaited, &books);
    jn_scan(view, TABLE_PARKED, JN_KEY(0), 0, SIZE_MAX, audit_parked, &books);
    if (books.inboxes != jn_counter(view, COUNTER_INBOXES))
        jn_finding(audit, "%lu inboxes, the last has number %lu", (unsigned long)books.inboxes,
                   (unsigned long)jn_counter(view, COUNTER_INBOXES));
    if (books.subscribed != 0)
        jn_finding(audit, "kinds are wanted by inboxes that are not listed under them");
}
