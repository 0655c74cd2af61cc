/* What goes on alone (单独办理): a claim that was suspended when the others of its settlement went on. */
#include "subsidy/way/way.h"

const Subsidy__ApartRow *
apart_of(const struct jn_view *view, uint64_t claim)
{
    return jn_get(view, TABLE_APART, JN_KEY(claim));
}

Subsidy__ApartRow
apart_edit(const struct jn_view *view, const Subsidy__StandingRow *standing, uint64_t settlement, uint64_t claim)
{
    bool apart = standing->states.data[claim - standing->first_claim] & CLAIM_APART;
    const Subsidy__ApartRow *kept = apart ? apart_of(view, claim) : NULL;
    Subsidy__ApartRow row = SUBSIDY__APART_ROW__INIT;

    if (kept)
        return *kept;
    row.settlement = settlement;
    row.step = standing->step;
    row.due_day = standing->due_day;
    row.notice_to_day = standing->notice_to_day;
    row.n_passed_by = standing->n_passed_by;
    row.passed_by = standing->passed_by;
    return row;
}

void
apart_keep(struct jn_tables *t, Subsidy__StandingRow *standing, uint64_t claim, const Subsidy__ApartRow *row)
{
    standing->states.data[claim - standing->first_claim] |= CLAIM_APART;
    jn_put(t, TABLE_APART, JN_KEY(claim), row);
}

/* ---- A claim is returned (退回) ---- */

void
apply_claim_returned(struct jn_tables *t, const Subsidy__ClaimReturned *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Subsidy__StandingRow standing;
    Subsidy__ApartRow row;
    Subsidy__TermRow term;
    const Subsidy__WayPlan *way;

    (void)stamp;
    if (!standing_edit(view, event->settlement, &standing))
        return;
    way = way_of(view, &standing);
    if (!way || !way_step(way, event->step))
        return;
    row = apart_edit(view, &standing, event->settlement, event->claim);
    row.returned = event->to;
    row.reason = event->reason;
    row.due_day = event->due_day;
    apart_keep(t, &standing, event->claim, &row);
    term = term_of_step(&standing, way_step(way, event->step), event->step, event->due_day);
    term.by = 0; /* whose turn it is the event says */
    term_set(t, SUBSIDY__DUE__DUE_ALONE, event->claim, &term);
    if (standing_together(&standing) == 0)
        term_drop(t, SUBSIDY__DUE__DUE_STEP, event->settlement);
    standing_keep(t, event->settlement, &standing);
}
