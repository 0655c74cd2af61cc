/* Reckonings (分步重新核定): what is reckoned again and may be more than one message's work. Facts of seats that were
 * put right or told: the first step at once, the others by a timer; a class that was cancelled: all its seats, once it
 * is settled (cancellation.c); history that came late: a training a step (late.c). */
#include <inttypes.h>

#include "subsidy/facts/late.h"
#include "subsidy/nouns.h"

/* ---- A step ---- */

struct reassessment_order
reckoning_order(const Subsidy__ReckoningBegun *begun)
{
    return (struct reassessment_order){.cause = begun->cause,
                                       .document = begun->document,
                                       .reason = begun->reason,
                                       .seats = begun->seats,
                                       .seats_count = begun->n_seats};
}

struct reassessed
reckoning_step(struct jn_decision *d, uint64_t class, const struct reassessment_order *order)
{
    struct reassessment_order whole = *order;

    whole.cancelled = progress_of(d->view, class).cancelled;
    return reassess(d, class, &whole);
}

struct reassessed
reckon(struct jn_decision *d, uint64_t class, const struct reassessment_order *order)
{
    struct reassessed done = reckoning_step(d, class, order);
    Subsidy__ReckoningBegun event = SUBSIDY__RECKONING_BEGUN__INIT;

    if (done.done)
        return done;
    event.number = jn_counter(d->view, COUNTER_RECKONING) + 1;
    event.class_ = class;
    event.cause = order->cause;
    event.document = (char *)(uintptr_t)order->document;
    event.reason = (char *)(uintptr_t)order->reason;
    event.seats = (uint32_t *)(uintptr_t)order->seats;
    event.n_seats = order->seats_count;
    event.next_rank = done.next_rank;
    jn_emit(d, EVENT_RECKONING_BEGUN, &event);
    return done;
}

enum jn_code
fire_reckoning(struct jn_decision *d, uint64_t timer)
{
    Subsidy__ReckoningMoved event = SUBSIDY__RECKONING_MOVED__INIT;
    const Subsidy__ReckoningRow *row;
    struct reassessment_order order;
    struct reassessed done;

    event.kind = (Subsidy__Reckoned)(timer % RECKONING_KINDS);
    event.number = timer / RECKONING_KINDS;
    row = jn_get(d->view, TABLE_RECKONING, JN_KEY((uint64_t)event.kind, event.number));
    if (!row)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    if (event.kind == SUBSIDY__RECKONED__LATE_HISTORY) {
        late_step(d, row, &event);
    } else {
        order = reckoning_order(row->begun);
        order.from_rank = row->next_rank;
        done = reckoning_step(d, row->begun->class_, &order);
        event.next_rank = done.next_rank;
        event.done = done.done;
    }
    return jn_emit(d, EVENT_RECKONING_MOVED, &event);
}

/* ---- What is kept of it ---- */

void
reckoning_keep(struct jn_tables *t, Subsidy__Reckoned kind, uint64_t number, const Subsidy__ReckoningRow *next,
               int64_t due_ms)
{
    struct jn_key key = JN_KEY((uint64_t)kind, number);
    uint64_t timer = number * RECKONING_KINDS + (uint64_t)kind;
    const Subsidy__ReckoningRow *old = jn_get(jn_view_of(t), TABLE_RECKONING, key);
    Subsidy__ReckoningRow row;

    if (old && old->due_ms)
        jn_timer_clear(t, old->due_ms, TIMER_RECKONING, timer);
    if (!next) {
        jn_delete(t, TABLE_RECKONING, key);
        return;
    }
    row = *next;
    row.due_ms = due_ms;
    if (due_ms)
        jn_timer_set(t, due_ms, TIMER_RECKONING, timer);
    jn_put(t, TABLE_RECKONING, key, &row);
}

void
apply_reckoning_begun(struct jn_tables *t, const Subsidy__ReckoningBegun *event, const struct jn_stamp *stamp)
{
    Subsidy__ReckoningRow row = SUBSIDY__RECKONING_ROW__INIT;

    row.begun = (Subsidy__ReckoningBegun *)(uintptr_t)event;
    row.next_rank = event->next_rank;
    jn_counter_set(t, COUNTER_RECKONING, event->number);
    reckoning_keep(t, SUBSIDY__RECKONED__SEATS, event->number, &row, stamp->time_ms);
}

void
apply_reckoning_moved(struct jn_tables *t, const Subsidy__ReckoningMoved *event, const struct jn_stamp *stamp)
{
    const Subsidy__ReckoningRow *old =
        jn_get(jn_view_of(t), TABLE_RECKONING, JN_KEY((uint64_t)event->kind, event->number));
    Subsidy__ReckoningRow row;

    if (!old)
        return; /* the tables have gone quiet */
    row = *old;
    row.next_rank = event->next_rank;
    row.next_settlement = event->next_settlement;
    reckoning_keep(t, event->kind, event->number, event->done ? NULL : &row, stamp->time_ms);
}

/* ---- As older logs say it ---- */

void
apply_review_moved(struct jn_tables *t, const Subsidy__ReviewMoved *event, const struct jn_stamp *stamp)
{
    Subsidy__ReckoningMoved moved = SUBSIDY__RECKONING_MOVED__INIT;

    moved.kind = SUBSIDY__RECKONED__CANCELLED_CLASS;
    moved.number = event->class_;
    moved.next_rank = event->next_rank;
    moved.done = event->done;
    apply_reckoning_moved(t, &moved, stamp);
}

void
apply_late_moved(struct jn_tables *t, const Subsidy__LateMoved *event, const struct jn_stamp *stamp)
{
    Subsidy__ReckoningMoved moved = SUBSIDY__RECKONING_MOVED__INIT;

    moved.kind = SUBSIDY__RECKONED__LATE_HISTORY;
    moved.number = event->person;
    moved.next_settlement = event->next_settlement;
    moved.done = event->done;
    apply_reckoning_moved(t, &moved, stamp);
}

/* ---- Audit ---- */

static bool
sound(const struct jn_view *view, Subsidy__Reckoned kind, uint64_t number, const Subsidy__ReckoningRow *row)
{
    Subsidy__ProgressRow progress = progress_of(view, row->begun->class_);

    switch (kind) {
    case SUBSIDY__RECKONED__SEATS:
        return row->due_ms && row->begun->number == number && number <= jn_counter(view, COUNTER_RECKONING) &&
               progress.judged > 0;
    case SUBSIDY__RECKONED__CANCELLED_CLASS:
        return row->begun->class_ == number && progress.cancelled && progress.judged > 0 &&
               progress.settled == (row->due_ms != 0);
    case SUBSIDY__RECKONED__LATE_HISTORY:
        return row->due_ms && jn_has(view, TABLE_HISTORY, JN_KEY(number));
    case _SUBSIDY__RECKONED_IS_INT_SIZE:
        break;
    }
    return false;
}

static bool
check_reckoning(void *context, const struct jn_key *key, const void *value)
{
    struct jn_audit *audit = context;
    uint64_t kind = jn_key_number(key, 0), number = jn_key_number(key, 1);

    if (!sound(audit->view, (Subsidy__Reckoned)kind, number, value))
        jn_finding(audit, "a reckoning of kind %" PRIu64 ", %" PRIu64 ", goes on about nothing, or not at all", kind,
                   number);
    return true;
}

void
reckonings_audit(struct jn_audit *audit)
{
    jn_scan(audit->view, TABLE_RECKONING, JN_KEY(0), 0, SIZE_MAX, check_reckoning, audit);
}
