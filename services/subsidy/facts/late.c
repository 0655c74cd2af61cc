/* History that came late (补录): all of it counts, whenever it is told (2.10-b, 2.10-c, 2.9-b). What was settled
 * without it is reckoned again, a training a step, in the order of settlement: each sees what those before it have come
 * to. */
#include "subsidy/facts/late.h"

#include <stdio.h>

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

void
late_note(struct jn_tables *t, uint64_t person, const struct jn_stamp *stamp)
{
    Subsidy__ReckoningBegun begun = SUBSIDY__RECKONING_BEGUN__INIT;
    Subsidy__ReckoningRow row = SUBSIDY__RECKONING_ROW__INIT;
    char day[DATE_TEXT], document[64];

    date_format(date_of_ms(stamp->time_ms), day);
    snprintf(document, sizeof(document), "补录 history told on %s", day);
    begun.cause = SUBSIDY__CAUSE__HISTORY_CAME_LATE;
    begun.document = document;
    begun.reason = (char *)(uintptr_t) "结算后补录了以往补贴 earlier benefits were told after it was settled";
    row.begun = &begun;
    reckoning_keep(t, SUBSIDY__RECKONED__LATE_HISTORY, person, &row, stamp->time_ms);
}

/* ---- A step ---- */

static void
reassess_training(struct jn_decision *d, uint64_t claim, const Subsidy__ReckoningBegun *begun)
{
    struct reassessment_order order = reckoning_order(begun);
    uint64_t settlement = settlement_of(d->view, claim);
    const Subsidy__Settled *settled = settlement ? jn_get(d->view, TABLE_SETTLEMENT, JN_KEY(settlement)) : NULL;

    if (!settled)
        return; /* the tables have gone quiet */
    order.seats = &settled->claims[claim - settled->claims[0]->claim]->seat;
    order.seats_count = 1;
    reckoning_step(d, settled->class_, &order);
}

void
late_step(struct jn_decision *d, const Subsidy__ReckoningRow *row, Subsidy__ReckoningMoved *event)
{
    const Subsidy__PaidBefore *next = next_training(d->view, event->number, row->next_settlement);

    event->done = true;
    if (!next)
        return;
    event->next_settlement = settlement_of_line(d->view, next) + 1;
    reassess_training(d, next->claim, row->begun);
    event->done = !next_training(d->view, event->number, event->next_settlement);
}
