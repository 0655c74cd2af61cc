/* Deadlines (答复期限): a department is expected to answer an attestation request within some working days; 2.12-d.
 *
 * TABLE_AWAITED: request -> Awaited, what still wants an answer; without a row nothing does. */
#include "notification/notification.h"

#include <string.h>

#include "domain/calendar.h"
#include "domain/date.h"

int32_t
deadline_day(int32_t today, const Notification__Subscriber *subscriber)
{
    return calendar_add_working_days(today, (int)subscriber->answer_days);
}

/* Overdue from the first moment of the day behind it. */
static int64_t
overdue_ms(int32_t due_day)
{
    return date_to_ms(due_day + 1);
}

const Notification__Awaited *
deadline_awaited(const struct jn_view *view, uint64_t request)
{
    return jn_get(view, TABLE_AWAITED, JN_KEY(request));
}

/* ---- Expecting ---- */

enum jn_code
deadline_expect(struct jn_decision *d, const Enrollment__AttestationRequested *event,
                const Notification__Delivered *delivered)
{
    Notification__Awaited awaited = NOTIFICATION__AWAITED__INIT;

    awaited.request = event->request;
    awaited.n_inboxes = delivered->n_inboxes;
    awaited.inboxes = delivered->inboxes;
    awaited.n_numbers = delivered->n_numbers;
    awaited.numbers = delivered->numbers;
    awaited.n_due_days = delivered->n_due_days;
    awaited.due_days = delivered->due_days;
    awaited.n_overdue = delivered->n_inboxes;
    awaited.overdue = jn_take(d->view, delivered->n_inboxes * sizeof(*awaited.overdue));
    awaited.n_seats = awaited.n_groups = event->n_rows;
    awaited.seats = jn_take(d->view, (event->n_rows + 1) * sizeof(*awaited.seats));
    awaited.groups = jn_take(d->view, (event->n_rows + 1) * sizeof(*awaited.groups));
    for (size_t i = 0; i < event->n_rows; i++) {
        awaited.seats[i] = event->rows[i]->seat;
        awaited.groups[i] = event->rows[i]->groups;
    }
    return jn_emit(d, NOTIFICATION__EVENT__BODY_AWAITED, &awaited);
}

void
apply_awaited(struct jn_tables *t, const Notification__Awaited *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    jn_put(t, TABLE_AWAITED, JN_KEY(event->request), event);
    for (size_t i = 0; i < event->n_due_days; i++)
        jn_timer_set(t, overdue_ms(event->due_days[i]), TIMER_DEADLINE, event->request);
}

/* ---- Answers ---- */

enum jn_code
deadline_drop(struct jn_decision *d, uint64_t request)
{
    Notification__Answered answered = NOTIFICATION__ANSWERED__INIT;

    if (!deadline_awaited(d->view, request))
        return JN_OK;
    answered.request = request;
    return jn_emit(d, NOTIFICATION__EVENT__BODY_ANSWERED, &answered);
}

static uint32_t *
copied(const struct jn_view *view, const uint32_t *column, size_t count)
{
    uint32_t *copy = jn_take(view, (count + 1) * sizeof(*copy));

    if (count > 0)
        memcpy(copy, column, count * sizeof(*copy));
    return copy;
}

static void
strike(const Notification__Awaited *awaited, uint32_t *groups, const Enrollment__AttestedRow *row)
{
    for (size_t i = 0; i < awaited->n_seats; i++)
        if (awaited->seats[i] == row->seat && (unsigned)row->group < 32)
            groups[i] &= ~(1u << row->group);
}

/* The seats with something left. */
static void
keep_left(const Notification__Awaited *awaited, const uint32_t *groups, Notification__PartlyAnswered *out)
{
    for (size_t i = 0; i < awaited->n_seats; i++) {
        if (groups[i] == 0)
            continue;
        out->seats[out->n_seats++] = awaited->seats[i];
        out->groups[out->n_groups++] = groups[i];
    }
}

/* A department may answer in parts, and an answer twice: what counts is whether anything is left. */
enum jn_code
hear_attested(struct jn_decision *d, const Enrollment__Attested *event, const struct jn_source *source)
{
    const Notification__Awaited *awaited = deadline_awaited(d->view, event->request);
    Notification__PartlyAnswered left = NOTIFICATION__PARTLY_ANSWERED__INIT;
    uint32_t *groups;

    (void)source;
    if (!awaited)
        return JN_OK;
    groups = copied(d->view, awaited->groups, awaited->n_groups);
    for (size_t i = 0; i < event->n_rows; i++)
        strike(awaited, groups, event->rows[i]);
    left.request = event->request;
    left.seats = copied(d->view, awaited->seats, awaited->n_seats);
    left.groups = copied(d->view, awaited->groups, awaited->n_groups);
    keep_left(awaited, groups, &left);
    if (left.n_seats == 0)
        return deadline_drop(d, event->request);
    if (left.n_seats == awaited->n_seats && !memcmp(groups, awaited->groups, left.n_seats * sizeof(*groups)))
        return JN_OK;
    return jn_emit(d, NOTIFICATION__EVENT__BODY_PARTLY_ANSWERED, &left);
}

void
apply_partly_answered(struct jn_tables *t, const Notification__PartlyAnswered *event, const struct jn_stamp *stamp)
{
    const Notification__Awaited *old = deadline_awaited(jn_view_of(t), event->request);
    Notification__Awaited row;

    (void)stamp;
    if (!old)
        return;
    row = *old;
    row.n_seats = event->n_seats;
    row.seats = event->seats;
    row.n_groups = event->n_groups;
    row.groups = event->groups;
    jn_put(t, TABLE_AWAITED, JN_KEY(event->request), &row);
}

static void
close_item(struct jn_tables *t, uint64_t inbox, uint64_t number)
{
    const Notification__Item *old = jn_get(jn_view_of(t), TABLE_ITEM, JN_KEY(inbox, number));
    Notification__Item item;

    if (!old)
        return;
    item = *old;
    item.answered = true;
    jn_put(t, TABLE_ITEM, JN_KEY(inbox, number), &item);
}

void
apply_answered(struct jn_tables *t, const Notification__Answered *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    const Notification__Awaited *awaited = deadline_awaited(view, event->request);
    Notification__HeadsRow heads = inbox_heads(view);
    bool late = false;

    (void)stamp;
    if (!awaited)
        return;
    for (size_t i = 0; i < awaited->n_inboxes; i++) {
        close_item(t, awaited->inboxes[i], awaited->numbers[i]);
        jn_timer_clear(t, overdue_ms(awaited->due_days[i]), TIMER_DEADLINE, event->request);
        heads.overdue[awaited->inboxes[i] - 1] -= awaited->overdue[i] ? 1 : 0;
        late = late || awaited->overdue[i];
    }
    if (late)
        inbox_heads_put(t, &heads);
    jn_delete(t, TABLE_AWAITED, JN_KEY(event->request));
}

/* ---- Overdue ---- */

enum jn_code
fire_deadline(struct jn_decision *d, uint64_t request)
{
    const Notification__Awaited *awaited = deadline_awaited(d->view, request);

    if (!awaited)
        return JN_OK;
    for (size_t i = 0; i < awaited->n_inboxes; i++) {
        Notification__Overdue overdue = NOTIFICATION__OVERDUE__INIT;

        if (awaited->overdue[i] || awaited->due_days[i] >= d->today)
            continue;
        overdue.inbox = awaited->inboxes[i];
        overdue.number = awaited->numbers[i];
        overdue.request = request;
        jn_emit(d, NOTIFICATION__EVENT__BODY_OVERDUE, &overdue);
    }
    return JN_OK;
}

static void
mark_awaited(struct jn_tables *t, const Notification__Overdue *event)
{
    const Notification__Awaited *old = deadline_awaited(jn_view_of(t), event->request);
    Notification__Awaited row;

    if (!old)
        return;
    row = *old;
    for (size_t i = 0; i < row.n_inboxes; i++) {
        if (row.inboxes[i] != event->inbox)
            continue;
        row.overdue[i] = true;
        jn_timer_clear(t, overdue_ms(row.due_days[i]), TIMER_DEADLINE, event->request);
    }
    jn_put(t, TABLE_AWAITED, JN_KEY(event->request), &row);
}

void
apply_overdue(struct jn_tables *t, const Notification__Overdue *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    struct jn_key key = JN_KEY(event->inbox, event->number);
    const Notification__Item *old = jn_get(view, TABLE_ITEM, key);
    Notification__HeadsRow heads = inbox_heads(view);
    Notification__Item item;

    (void)stamp;
    if (!old)
        return;
    item = *old;
    item.overdue = true;
    jn_put(t, TABLE_ITEM, key, &item);
    heads.overdue[event->inbox - 1]++;
    inbox_heads_put(t, &heads);
    mark_awaited(t, event);
}
