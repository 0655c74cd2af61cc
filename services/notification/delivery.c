/* Delivery (送达): an item and the inboxes it goes to. What nobody wants leaves no trace.
 *
 * TABLE_PARKED: (class, number) -> Parked: items whose scope hangs on facts of a class that enrollment's feed has not
 * brought yet, so that who is told does not depend on which feed was read first. */
#include "notification/notification.h"

struct notice
notice_of(Notification__Kind kind, const struct jn_source *source)
{
    struct notice notice = {.needs = NOTIFICATION__CLASS_STAGE__CLASS_STAGE_UNSPECIFIED};

    notification__item__init(&notice.item);
    notice.item.kind = kind;
    notice.item.service = (char *)(uintptr_t)source->upstream;
    notice.item.block = source->block;
    notice.item.index = source->index;
    notice.item.time_ms = source->time_ms;
    notice.concern.groups = EVERY_GROUP;
    notice.concern.women = SOME_WOMEN;
    return notice;
}

/* Claimed groups count until the class has finished, attested ones from then on. */
static void
fill_from_class(struct notice *notice, const Notification__ClassRow *class)
{
    if (notice->item.class_no[0] == '\0')
        notice->item.class_no = class->class_no;
    if (notice->item.division == 0)
        notice->item.division = class->division;
    if (notice->needs == NOTIFICATION__CLASS_STAGE__STAGE_OPENED) {
        notice->concern.groups = class->claimed;
        notice->concern.women = class->women_enrolled;
    }
    if (notice->needs == NOTIFICATION__CLASS_STAGE__STAGE_FINISHED) {
        notice->concern.groups = class->attested;
        notice->concern.women = class->women_finished;
    }
}

static enum jn_code
park(struct jn_decision *d, const struct notice *notice)
{
    Notification__Parked parked = NOTIFICATION__PARKED__INIT;

    parked.number = jn_counter(d->view, COUNTER_PARKED) + 1;
    parked.item = (Notification__Item *)(uintptr_t)&notice->item;
    parked.needs = notice->needs;
    return jn_emit(d, NOTIFICATION__EVENT__BODY_PARKED, &parked);
}

static void
address(struct jn_decision *d, const Notification__WantedRow *wanted, const struct notice *notice,
        Notification__Delivered *out)
{
    Notification__HeadsRow heads = inbox_heads(d->view);

    out->inboxes = jn_take(d->view, wanted->n_subscribers * sizeof(*out->inboxes));
    out->numbers = jn_take(d->view, wanted->n_subscribers * sizeof(*out->numbers));
    out->due_days = jn_take(d->view, wanted->n_subscribers * sizeof(*out->due_days));
    for (size_t i = 0; i < wanted->n_subscribers; i++) {
        const Notification__Subscriber *subscriber = wanted->subscribers[i];

        if (!scope_holds(subscriber, &notice->concern))
            continue;
        out->inboxes[out->n_inboxes++] = subscriber->inbox;
        out->numbers[out->n_numbers++] = heads.last[subscriber->inbox - 1] + 1;
        if (notice->concern.department != COMMON__DEPARTMENT__DEPARTMENT_UNSPECIFIED)
            out->due_days[out->n_due_days++] = deadline_day(d->today, subscriber);
    }
}

enum jn_code
notice_deliver(struct jn_decision *d, struct notice *notice, const Notification__Delivered **delivered)
{
    const Notification__WantedRow *wanted = scope_wanted(d->view, notice->item.kind);
    const Notification__ClassRow *class;
    Notification__Delivered *event;

    if (!wanted)
        return JN_OK;
    class = notice->item.class_ ? class_find(d->view, notice->item.class_) : NULL;
    if (notice->needs > (class ? class->stage : NOTIFICATION__CLASS_STAGE__CLASS_STAGE_UNSPECIFIED))
        return park(d, notice);
    if (class)
        fill_from_class(notice, class);
    notice->concern.division = notice->item.division;
    event = jn_take(d->view, sizeof(*event));
    notification__delivered__init(event);
    address(d, wanted, notice, event);
    if (event->n_inboxes == 0)
        return JN_OK;
    event->item = &notice->item;
    if (delivered)
        *delivered = event;
    return jn_emit(d, NOTIFICATION__EVENT__BODY_DELIVERED, event);
}

/* A class of 2,000 makes some 20 settlements and, of each, a handful of items. */
#define PARKED_MAX 500

struct waiting {
    const Notification__Parked *rows[PARKED_MAX];
    Notification__ClassStage stage;
    size_t count;
};

static bool
collect(void *context, const struct jn_key *key, const void *row)
{
    struct waiting *waiting = context;
    const Notification__Parked *parked = row;

    (void)key;
    if (parked->needs <= waiting->stage)
        waiting->rows[waiting->count++] = parked;
    return waiting->count < PARKED_MAX;
}

enum jn_code
notice_release(struct jn_decision *d, uint64_t class)
{
    struct waiting *waiting = jn_take(d->view, sizeof(*waiting));
    const Notification__ClassRow *row = class_find(d->view, class);

    if (!row)
        return JN_OK;
    waiting->stage = row->stage;
    jn_scan(d->view, TABLE_PARKED, JN_KEY(class, 0), sizeof(uint64_t), SIZE_MAX, collect, waiting);
    for (size_t i = 0; i < waiting->count; i++) {
        Notification__Unparked unparked = NOTIFICATION__UNPARKED__INIT;
        struct jn_source source = {waiting->rows[i]->item->service, 0, 0, 0};
        struct notice notice = notice_of(waiting->rows[i]->item->kind, &source);

        unparked.class_ = class;
        unparked.number = waiting->rows[i]->number;
        jn_emit(d, NOTIFICATION__EVENT__BODY_UNPARKED, &unparked);
        notice.item = *waiting->rows[i]->item;
        notice.needs = waiting->rows[i]->needs;
        notice_deliver(d, &notice, NULL);
    }
    return JN_OK;
}

void
apply_delivered(struct jn_tables *t, const Notification__Delivered *event, const struct jn_stamp *stamp)
{
    Notification__HeadsRow heads = inbox_heads(jn_view_of(t));

    (void)stamp;
    for (size_t i = 0; i < event->n_inboxes; i++) {
        Notification__Item item = *event->item;

        item.number = event->numbers[i];
        item.due_day = i < event->n_due_days ? event->due_days[i] : 0;
        jn_put(t, TABLE_ITEM, JN_KEY(event->inboxes[i], item.number), &item);
        heads.last[event->inboxes[i] - 1] = item.number;
    }
    inbox_heads_put(t, &heads);
}

void
apply_parked(struct jn_tables *t, const Notification__Parked *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    jn_put(t, TABLE_PARKED, JN_KEY(event->item->class_, event->number), event);
    jn_counter_set(t, COUNTER_PARKED, event->number);
}

void
apply_unparked(struct jn_tables *t, const Notification__Unparked *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    jn_delete(t, TABLE_PARKED, JN_KEY(event->class_, event->number));
}
