/* A service of three methods, on which the runtime's promises are tried and its speed is measured. Its messages are
 * borrowed from notification.proto. */
#include "probe/probe.h"

#include "jineng/v1/notification.pb-c.h"

/* Inboxes that are opened, and counted; a timer that marks one overdue. */

enum { INBOXES, DUE };
enum { COUNT_INBOXES };

static enum jn_code
decide_open(struct jn_decision *d, const Notification__OpenInbox *command)
{
    Notification__InboxOpened event = NOTIFICATION__INBOX_OPENED__INIT;
    Notification__Done done = NOTIFICATION__DONE__INIT;

    event.inbox = jn_counter(d->view, COUNT_INBOXES) + 1;
    event.facts = (Notification__OpenInbox *)(uintptr_t)command;
    jn_emit(d, 1, &event);
    if (command->answer_days == 13)
        return jn_refuse(d, JN_REFUSED, "thirteen is refused after it was emitted; ask for another number");
    done.number = event.inbox;
    jn_reply(d, &done.base);
    return JN_OK;
}

static enum jn_code
decide_acknowledge(struct jn_decision *d, const Notification__Acknowledge *command)
{
    for (uint64_t i = 0; i < command->through; i++) {
        Notification__Answered event = NOTIFICATION__ANSWERED__INIT;

        jn_row_begin(d);
        event.request = i;
        jn_emit(d, 5, &event);
        jn_row_end(d, i % 2 ? JN_REFUSED : JN_OK);
    }
    return JN_OK;
}

static enum jn_code
answer_inboxes(struct jn_decision *d, const Notification__InboxesRequest *request)
{
    Notification__Done done = NOTIFICATION__DONE__INIT;

    (void)request;
    done.number = jn_counter(d->view, COUNT_INBOXES);
    jn_reply(d, &done.base);
    return JN_OK;
}

static enum jn_code
fire_overdue(struct jn_decision *d, uint64_t id)
{
    Notification__Overdue event = NOTIFICATION__OVERDUE__INIT;

    event.inbox = id;
    return jn_emit(d, 4, &event);
}

static void
apply_opened(struct jn_tables *t, const Notification__InboxOpened *event, const struct jn_stamp *stamp)
{
    Notification__Done due = NOTIFICATION__DONE__INIT;

    jn_counter_set(t, COUNT_INBOXES, event->inbox);
    jn_put(t, INBOXES, JN_KEY(event->inbox), event);
    if (event->facts->answer_days >= 100)
        return;
    due.number = (uint64_t)stamp->time_ms + 1000;
    jn_put(t, DUE, JN_KEY(event->inbox), &due);
    jn_timer_set(t, (int64_t)due.number, 0, event->inbox);
}

static void
apply_overdue(struct jn_tables *t, const Notification__Overdue *event, const struct jn_stamp *stamp)
{
    const Notification__Done *due = jn_get(jn_view_of(t), DUE, JN_KEY(event->inbox));

    (void)stamp; /* a real clock fires later than the timer was due */
    jn_timer_clear(t, (int64_t)due->number, 0, event->inbox);
    jn_delete(t, DUE, JN_KEY(event->inbox));
    jn_delete(t, INBOXES, JN_KEY(event->inbox));
}

static void
apply_answered(struct jn_tables *t, const Notification__Answered *event, const struct jn_stamp *stamp)
{
    Notification__InboxOpened row = NOTIFICATION__INBOX_OPENED__INIT;

    (void)stamp;
    row.inbox = event->request;
    jn_put(t, INBOXES, JN_KEY(1000 + event->request), &row);
}

static const struct jn_table tables[] = {
    [INBOXES] = {"inbox", &notification__inbox_opened__descriptor},
    [DUE] = {"due", &notification__done__descriptor},
};
static const struct jn_method methods[] = {
    {"OpenInbox", .decide = JN_FN(decide_open), .roles = ROLE_OPERATOR},
    {"Acknowledge", .decide = JN_FN(decide_acknowledge), .roles = ROLE_OPERATOR},
    {"Inboxes", .answer = JN_FN(answer_inboxes), .roles = ROLE_AUDITOR},
};
static const struct jn_event events[] = {
    {1, JN_FN(apply_opened), ROLE_SERVICE, false},
    {4, JN_FN(apply_overdue), ROLE_OPERATOR, false},
    {5, JN_FN(apply_answered), ROLE_NONE, true},
};
static const struct jn_timer timers[] = {{JN_FN(fire_overdue)}};
const struct jn_service probe = {
    .name = "probe",
    .version = 1,
    .contract = &notification__notification__descriptor,
    .event = &notification__event__descriptor,
    JN_LIST(tables),
    JN_LIST(methods),
    JN_LIST(events),
    JN_LIST(timers),
};
