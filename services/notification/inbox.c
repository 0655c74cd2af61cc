/* Inboxes (部门收件箱): opened by configuration alone (A-oth), read and acknowledged by their own agency.
 *
 * TABLE_AGENCY: agency -> NumberRow.  TABLE_INBOX: inbox -> OpenInbox as it was last given.  TABLE_ITEM: (inbox,
 * number) -> Item. TABLE_HEADS: 0 -> HeadsRow. */
#include "notification/notification.h"

#include <string.h>

#define ANSWER_DAYS     5 /* working days, where an inbox does not say */
#define ANSWER_DAYS_MAX 60
#define DIVISIONS_MAX   JN_AGENCY_DIVISIONS
#define GROUPS_KNOWN    ((1u << (COMMON__GROUP__FARMER + 1)) - 2)

/* ---- Finding ---- */

static struct jn_key
agency_key(const char *agency)
{
    return jn_key_bytes(agency, strlen(agency));
}

uint64_t
inbox_number(const struct jn_view *view, const char *agency)
{
    const Notification__NumberRow *row = jn_get(view, TABLE_AGENCY, agency_key(agency));

    return row ? row->number : 0;
}

const Notification__OpenInbox *
inbox_find(const struct jn_view *view, uint64_t inbox)
{
    return jn_get(view, TABLE_INBOX, JN_KEY(inbox));
}

static uint64_t *
widened(const struct jn_view *view, const uint64_t *column, size_t count)
{
    uint64_t *wide = jn_take(view, (jn_counter(view, COUNTER_INBOXES) + 1) * sizeof(*wide));

    if (count > 0)
        memcpy(wide, column, count * sizeof(*wide));
    return wide;
}

Notification__HeadsRow
inbox_heads(const struct jn_view *view)
{
    const Notification__HeadsRow *row = jn_get(view, TABLE_HEADS, JN_KEY(0));
    Notification__HeadsRow heads = NOTIFICATION__HEADS_ROW__INIT;

    heads.last = widened(view, row ? row->last : NULL, row ? row->n_last : 0);
    heads.acknowledged = widened(view, row ? row->acknowledged : NULL, row ? row->n_acknowledged : 0);
    heads.overdue = widened(view, row ? row->overdue : NULL, row ? row->n_overdue : 0);
    return heads;
}

void
inbox_heads_put(struct jn_tables *t, Notification__HeadsRow *heads)
{
    heads->n_last = heads->n_acknowledged = heads->n_overdue = jn_counter(jn_view_of(t), COUNTER_INBOXES);
    jn_put(t, TABLE_HEADS, JN_KEY(0), heads);
}

/* ---- Opening ---- */

/* As agencies are named in a configuration: "human_resources.administration". */
static bool
agency_named(const char *agency)
{
    size_t length = strlen(agency);

    if (length < 1 || length >= JN_AGENCY_NAME)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_.-", agency[i]))
            return false;
    return true;
}

/* Each once, and each known. */
static bool
kinds_known(const Notification__OpenInbox *cmd)
{
    uint64_t seen = 0;

    for (size_t i = 0; i < cmd->n_kinds; i++) {
        if (cmd->kinds[i] < KIND_FIRST || cmd->kinds[i] > KIND_LAST || (seen >> cmd->kinds[i] & 1))
            return false;
        seen |= UINT64_C(1) << cmd->kinds[i];
    }
    return true;
}

static bool
divisions_formed(const Notification__OpenInbox *cmd)
{
    if (cmd->n_divisions > DIVISIONS_MAX)
        return false;
    for (size_t i = 0; i < cmd->n_divisions; i++) {
        if (cmd->divisions[i] < 100000 || cmd->divisions[i] > 999999)
            return false;
        for (size_t k = 0; k < i; k++)
            if (cmd->divisions[k] == cmd->divisions[i])
                return false;
    }
    return true;
}

static enum jn_code
refuse_shape(struct jn_decision *d, const Notification__OpenInbox *cmd)
{
    if (!agency_named(cmd->agency))
        return jn_refuse(d, JN_MALFORMED, "name the agency as the configuration does, 1 to %d of a-z 0-9 _ . -",
                         JN_AGENCY_NAME - 1);
    if (cmd->department > COMMON__DEPARTMENT__FINANCE || (int)cmd->department < 0)
        return jn_refuse(d, JN_MALFORMED,
                         "the department (部门) is none of the nine; leave it out where it keeps no register");
    if (!kinds_known(cmd))
        return jn_refuse(d, JN_MALFORMED, "each kind of item once, and one that exists");
    if (cmd->n_kinds == 0 && cmd->department == COMMON__DEPARTMENT__DEPARTMENT_UNSPECIFIED)
        return jn_refuse(d, JN_MALFORMED, "name the kinds of items it wants: it would never be told anything");
    if (!divisions_formed(cmd))
        return jn_refuse(d, JN_MALFORMED, "divisions (行政区划) are six digits, each once, %d at most", DIVISIONS_MAX);
    if ((cmd->groups & ~GROUPS_KNOWN) != 0)
        return jn_refuse(d, JN_MALFORMED, "groups (人员类别) are bits 1 to %d", COMMON__GROUP__FARMER);
    if (cmd->answer_days > ANSWER_DAYS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "answers are expected within %d working days at most", ANSWER_DAYS_MAX);
    return JN_OK;
}

static bool
same_facts(const struct jn_view *view, const Notification__OpenInbox *a, const Notification__OpenInbox *b)
{
    size_t length = notification__open_inbox__get_packed_size(a);
    uint8_t *x = jn_take(view, length + 1), *y;

    if (!b || notification__open_inbox__get_packed_size(b) != length)
        return false;
    y = jn_take(view, length + 1);
    notification__open_inbox__pack(a, x);
    notification__open_inbox__pack(b, y);
    return memcmp(x, y, length) == 0;
}

static void
reply_number(struct jn_decision *d, uint64_t number)
{
    Notification__Done done = NOTIFICATION__DONE__INIT;

    done.number = number;
    jn_reply(d, &done.base);
}

enum jn_code
decide_open_inbox(struct jn_decision *d, const Notification__OpenInbox *cmd)
{
    Notification__InboxOpened opened = NOTIFICATION__INBOX_OPENED__INIT;
    Notification__OpenInbox facts = *cmd;
    uint64_t count = jn_counter(d->view, COUNTER_INBOXES), inbox;
    enum jn_code code = refuse_shape(d, cmd);

    if (code != JN_OK)
        return code;
    inbox = inbox_number(d->view, cmd->agency);
    if (inbox == 0 && count >= INBOXES_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "there are %d inboxes already", INBOXES_MAX);
    if (facts.answer_days == 0)
        facts.answer_days = ANSWER_DAYS;

    /* Decided. */
    reply_number(d, inbox == 0 ? count + 1 : inbox);
    if (inbox != 0 && same_facts(d->view, &facts, inbox_find(d->view, inbox)))
        return JN_OK;
    opened.inbox = inbox == 0 ? count + 1 : inbox;
    opened.facts = &facts;
    return jn_emit(d, NOTIFICATION__EVENT__BODY_INBOX_OPENED, &opened);
}

void
apply_inbox_opened(struct jn_tables *t, const Notification__InboxOpened *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Notification__NumberRow number = NOTIFICATION__NUMBER_ROW__INIT;

    (void)stamp;
    if (event->inbox > jn_counter(view, COUNTER_INBOXES)) {
        Notification__HeadsRow heads = inbox_heads(view);

        number.number = event->inbox;
        jn_put(t, TABLE_AGENCY, agency_key(event->facts->agency), &number);
        jn_counter_set(t, COUNTER_INBOXES, event->inbox);
        inbox_heads_put(t, &heads);
    }
    jn_put(t, TABLE_INBOX, JN_KEY(event->inbox), event->facts);
    scope_enter(t, event->inbox, event->facts);
}

/* ---- Acknowledging ---- */

enum jn_code
inbox_own(struct jn_decision *d, uint64_t *inbox)
{
    *inbox = inbox_number(d->view, d->who->name);
    return *inbox != 0 ? JN_OK : jn_refuse(d, JN_NOT_FOUND, "this agency has no inbox; have one opened for it");
}

enum jn_code
decide_acknowledge(struct jn_decision *d, const Notification__Acknowledge *cmd)
{
    Notification__Acknowledged acknowledged = NOTIFICATION__ACKNOWLEDGED__INIT;
    Notification__HeadsRow heads;
    enum jn_code code;

    if (cmd->through == 0)
        return jn_refuse(d, JN_MALFORMED, "say up to which item, 1 or more");
    code = inbox_own(d, &acknowledged.inbox);
    if (code != JN_OK)
        return code;
    heads = inbox_heads(d->view);
    if (cmd->through > heads.last[acknowledged.inbox - 1])
        return jn_refuse(d, JN_OUT_OF_LIMITS, "only %lu items were delivered so far",
                         (unsigned long)heads.last[acknowledged.inbox - 1]);

    /* Decided. Everything up to a number: what was said before about a lower one is said again. */
    if (cmd->through <= heads.acknowledged[acknowledged.inbox - 1]) {
        reply_number(d, heads.acknowledged[acknowledged.inbox - 1]);
        return JN_OK;
    }
    acknowledged.through = cmd->through;
    reply_number(d, cmd->through);
    return jn_emit(d, NOTIFICATION__EVENT__BODY_ACKNOWLEDGED, &acknowledged);
}

void
apply_acknowledged(struct jn_tables *t, const Notification__Acknowledged *event, const struct jn_stamp *stamp)
{
    Notification__HeadsRow heads = inbox_heads(jn_view_of(t));

    (void)stamp;
    heads.acknowledged[event->inbox - 1] = event->through;
    inbox_heads_put(t, &heads);
}
