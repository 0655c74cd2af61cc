/* Reckonings (分步重新核定): facts of seats that were put right ask for a reassessment that may be more than one
 * message's work: a large class was settled by many settlements. The first step is done at once, the others by a timer.
 */
#include "subsidy/nouns.h"

/* Of a class that was cancelled meanwhile nothing is due, whatever its facts. */
static struct reassessed
step(struct jn_decision *d, uint64_t class, const struct reassessment_order *order)
{
    struct reassessment_order whole = *order;

    whole.cancelled = progress_of(d->view, class).cancelled;
    return reassess(d, class, &whole);
}

struct reassessed
reckon(struct jn_decision *d, uint64_t class, const struct reassessment_order *order)
{
    struct reassessed done = step(d, class, order);
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

static void
keep(struct jn_tables *t, uint64_t number, Subsidy__ReckoningRow *row, bool done, int64_t now_ms)
{
    if (row->due_ms)
        jn_timer_clear(t, row->due_ms, TIMER_RECKONING, number);
    if (done) {
        jn_delete(t, TABLE_RECKONING, JN_KEY(number));
        return;
    }
    row->due_ms = now_ms;
    jn_timer_set(t, row->due_ms, TIMER_RECKONING, number);
    jn_put(t, TABLE_RECKONING, JN_KEY(number), row);
}

void
apply_reckoning_begun(struct jn_tables *t, const Subsidy__ReckoningBegun *event, const struct jn_stamp *stamp)
{
    Subsidy__ReckoningRow row = SUBSIDY__RECKONING_ROW__INIT;

    row.begun = (Subsidy__ReckoningBegun *)(uintptr_t)event;
    row.next_rank = event->next_rank;
    jn_counter_set(t, COUNTER_RECKONING, event->number);
    keep(t, event->number, &row, false, stamp->time_ms);
}

enum jn_code
fire_reckoning(struct jn_decision *d, uint64_t number)
{
    const Subsidy__ReckoningRow *row = jn_get(d->view, TABLE_RECKONING, JN_KEY(number));
    struct reassessment_order order = {0};
    struct reassessed done;
    Subsidy__ReckoningMoved event = SUBSIDY__RECKONING_MOVED__INIT;

    if (!row)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    order.cause = row->begun->cause;
    order.document = row->begun->document;
    order.reason = row->begun->reason;
    order.seats = row->begun->seats;
    order.seats_count = row->begun->n_seats;
    order.from_rank = row->next_rank;
    done = step(d, row->begun->class_, &order);
    event.number = number;
    event.next_rank = done.next_rank;
    event.done = done.done;
    return jn_emit(d, EVENT_RECKONING_MOVED, &event);
}

void
apply_reckoning_moved(struct jn_tables *t, const Subsidy__ReckoningMoved *event, const struct jn_stamp *stamp)
{
    const Subsidy__ReckoningRow *old = jn_get(jn_view_of(t), TABLE_RECKONING, JN_KEY(event->number));
    Subsidy__ReckoningRow row;

    if (!old)
        return; /* the tables have gone quiet */
    row = *old;
    row.next_rank = event->next_rank;
    keep(t, event->number, &row, event->done, stamp->time_ms);
}
