/* History that came late (补录): all of it counts, whenever it is told (2.10-b, 2.10-c, 2.9-b). What was settled
 * without it is reckoned again, a training a step, in the order of settlement: each sees what those before it have come
 * to. */
#include "subsidy/facts/late.h"

#include <inttypes.h>

#include "subsidy/nouns.h"

static uint64_t
settlement_of_line(const struct jn_view *view, const Subsidy__PaidBefore *line)
{
    return line->settlement ? line->settlement : settlement_of(view, line->claim);
}

/* The claim of the next training of which something stays due, at or after that settlement; NULL where there is none.
 */
static const Subsidy__PaidBefore *
next_training(const struct jn_view *view, uint64_t person, uint64_t from)
{
    const Subsidy__HistoryRow *row = jn_get(view, TABLE_HISTORY, JN_KEY(person));
    const Subsidy__PaidBefore *next = NULL;

    for (size_t i = 0; row && i < row->n_paid; i++) {
        const Subsidy__PaidBefore *line = row->paid[i];

        if (line->claim && !line->over_from && settlement_of_line(view, line) >= from &&
            (!next || settlement_of_line(view, line) < settlement_of_line(view, next)))
            next = line;
    }
    return next;
}

static void
late_keep(struct jn_tables *t, uint64_t person, Subsidy__LateRow row, const struct jn_stamp *stamp)
{
    const Subsidy__LateRow *old = jn_get(jn_view_of(t), TABLE_LATE, JN_KEY(person));

    if (old)
        jn_timer_clear(t, old->due_ms, TIMER_LATE, person);
    row.due_ms = stamp->time_ms;
    jn_timer_set(t, row.due_ms, TIMER_LATE, person);
    jn_put(t, TABLE_LATE, JN_KEY(person), &row);
}

void
late_note(struct jn_tables *t, uint64_t person, const struct jn_stamp *stamp)
{
    Subsidy__LateRow row = SUBSIDY__LATE_ROW__INIT;

    row.day = date_of_ms(stamp->time_ms);
    late_keep(t, person, row, stamp);
}

/* ---- A step ---- */

static uint32_t
seat_of_claim(const struct jn_view *view, uint64_t claim, const Subsidy__Settled **settled)
{
    uint64_t settlement = settlement_of(view, claim);

    *settled = settlement ? jn_get(view, TABLE_SETTLEMENT, JN_KEY(settlement)) : NULL;
    return *settled ? (*settled)->claims[claim - (*settled)->claims[0]->claim]->seat : 0;
}

static void
reassess_training(struct jn_decision *d, uint64_t claim, int32_t told_day)
{
    struct reassessment_order order = {.cause = SUBSIDY__CAUSE__HISTORY_CAME_LATE, .seats_count = 1};
    const Subsidy__Settled *settled;
    uint32_t seat = seat_of_claim(d->view, claim, &settled);
    char day[DATE_TEXT];

    if (!settled)
        return; /* the tables have gone quiet */
    date_format(told_day, day);
    order.seats = &seat;
    order.cancelled = progress_of(d->view, settled->class_).cancelled;
    order.document = jn_arena_print(d->arena, "补录 history told on %s", day);
    order.reason = "结算后补录了以往补贴 earlier benefits were told after it was settled";
    reassess(d, settled->class_, &order);
}

enum jn_code
fire_late(struct jn_decision *d, uint64_t person)
{
    const Subsidy__LateRow *row = jn_get(d->view, TABLE_LATE, JN_KEY(person));
    const Subsidy__PaidBefore *next = row ? next_training(d->view, person, row->next_settlement) : NULL;
    Subsidy__LateMoved event = SUBSIDY__LATE_MOVED__INIT;

    if (!row)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    event.person = person;
    event.done = true;
    if (next) {
        event.next_settlement = settlement_of_line(d->view, next) + 1;
        reassess_training(d, next->claim, row->day);
        event.done = !next_training(d->view, person, event.next_settlement);
    }
    return jn_emit(d, EVENT_LATE_MOVED, &event);
}

void
apply_late_moved(struct jn_tables *t, const Subsidy__LateMoved *event, const struct jn_stamp *stamp)
{
    const Subsidy__LateRow *old = jn_get(jn_view_of(t), TABLE_LATE, JN_KEY(event->person));
    Subsidy__LateRow row;

    if (!old)
        return; /* the tables have gone quiet */
    if (event->done) {
        jn_timer_clear(t, old->due_ms, TIMER_LATE, event->person);
        jn_delete(t, TABLE_LATE, JN_KEY(event->person));
        return;
    }
    row = *old;
    row.next_settlement = event->next_settlement;
    late_keep(t, event->person, row, stamp);
}

/* ---- Audit ---- */

static bool
check_late(void *context, const struct jn_key *key, const void *value)
{
    struct jn_audit *audit = context;
    const Subsidy__LateRow *row = value;
    uint64_t person = jn_key_number(key, 0);

    if (!row->due_ms || !jn_has(audit->view, TABLE_HISTORY, JN_KEY(person)))
        jn_finding(audit, "person %" PRIu64 ": history came late, and there is none or no step is set for it", person);
    return true;
}

void
late_audit(struct jn_audit *audit)
{
    jn_scan(audit->view, TABLE_LATE, JN_KEY(0), 0, SIZE_MAX, check_late, audit);
}
