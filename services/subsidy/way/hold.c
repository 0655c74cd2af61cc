/* Holds (暂缓): a department that watches its money stops a claim, and lets it go again; 2.12-e, A-vet, A-wf, A-df,
 * A-em. */
#include <inttypes.h>

#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

static enum jn_code
find(struct jn_decision *d, uint64_t claim, const char *reason, struct place *out)
{
    if (!text_given(reason, REASON_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the reason, in %d bytes at most", REASON_BYTES_MAX);
    /* A claim that is not the caller's to suspend is none to him. */
    if (!place_find(d->view, claim, out) || !claim_in_scope(d, out))
        return jn_refuse(d, JN_NOT_FOUND, "there is no claim %" PRIu64, claim);
    return JN_OK;
}

static uint32_t
term_days(const Subsidy__WayPlan *way)
{
    return way && way->terms ? way->terms->hold_days : 0;
}

enum jn_code
decide_hold_claim(struct jn_decision *d, const Subsidy__HoldClaim *command)
{
    Subsidy__Held event = SUBSIDY__HELD__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;
    struct place found;
    enum jn_code code = find(d, command->claim, command->reason, &found);

    if (code != JN_OK)
        return code;
    if (found.state & CLAIM_HELD)
        return jn_refuse(d, JN_WRONG_STATE, "the claim is held already");
    if (found.stage == SUBSIDY__STAGE__ENDED)
        return jn_refuse(d, JN_WRONG_STATE, "the claim will not be paid");
    switch ((Subsidy__Money)(found.state & CLAIM_MONEY)) {
    case SUBSIDY__MONEY__INSTRUCTED:
    case SUBSIDY__MONEY__PAID:
        return jn_refuse(d, JN_WRONG_STATE, "the bank has been told to pay the claim: recover the money instead");
    case SUBSIDY__MONEY__RELEASED:
        return jn_refuse(d, JN_WRONG_STATE, "the claim will not be paid: its money was given back");
    case SUBSIDY__MONEY__REVERSED:
        return jn_refuse(d, JN_WRONG_STATE, "the claim was paid and is to be paid back");
    case SUBSIDY__MONEY__MONEY_UNSPECIFIED:
    case SUBSIDY__MONEY__COMMITTED:
    case SUBSIDY__MONEY__WAITING:
    case SUBSIDY__MONEY__FAILED:
    case _SUBSIDY__MONEY_IS_INT_SIZE:
        break;
    }

    /* Decided. */
    event.claim = reply.number = command->claim;
    event.settlement = found.settlement;
    event.reason = command->reason;
    event.division = found.standing->division;
    event.groups = found.standing->groups;
    event.due_day = way_due(d, 0, term_days(found.way));
    event.by = (char *)(uintptr_t)d->who->name;
    jn_emit(d, EVENT_HELD, &event);
    jn_reply(d, &reply.base);
    return JN_OK;
}

void
apply_held(struct jn_tables *t, const Subsidy__Held *event, const struct jn_stamp *stamp)
{
    Subsidy__StandingRow standing;
    struct totals totals;
    Subsidy__TermRow term = SUBSIDY__TERM_ROW__INIT;

    (void)stamp;
    if (!standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    standing.states.data[event->claim - standing.first_claim] |= CLAIM_HELD;
    standing_keep(t, event->settlement, &standing);
    term.due_day = term.remind_day = event->due_day;
    term.term_days = term_days(way_of(jn_view_of(t), &standing));
    term.class_ = standing.class_;
    term.division = standing.division;
    term.groups = standing.groups;
    term.women = standing.women;
    term_set(t, SUBSIDY__DUE__DUE_HOLD, event->claim, &term);
    totals_load(jn_view_of(t), &totals);
    totals.row.held++;
    totals_keep(t, &totals);
}

/* May it be paid once this hold has ended? It may be approved already, or wait at the gates with nothing else shut. */
static bool
goes_through(const struct jn_decision *d, const struct place *place)
{
    struct gating gating = gating_open(d->view, d->today, place->settlement, place->standing);

    if (place->stage != SUBSIDY__STAGE__AT_GATES)
        return place->stage == SUBSIDY__STAGE__THROUGH;
    gating.released = place->claim;
    return gates_failed(&gating, place->index) == 0;
}

enum jn_code
decide_release_claim(struct jn_decision *d, const Subsidy__ReleaseClaim *command)
{
    Subsidy__Released event = SUBSIDY__RELEASED__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;
    struct place found;
    enum jn_code code = find(d, command->claim, command->reason, &found);

    if (code != JN_OK)
        return code;
    if (!(found.state & CLAIM_HELD))
        return jn_refuse(d, JN_WRONG_STATE, "the claim is not held");

    /* Decided. */
    event.claim = reply.number = command->claim;
    event.settlement = found.settlement;
    event.reason = command->reason;
    event.division = found.standing->division;
    event.approved = goes_through(d, &found);
    jn_emit(d, EVENT_RELEASED, &event);
    jn_reply(d, &reply.base);
    return JN_OK;
}

void
apply_released(struct jn_tables *t, const Subsidy__Released *event, const struct jn_stamp *stamp)
{
    Subsidy__StandingRow standing;
    struct totals totals;
    uint8_t *state;

    (void)stamp;
    if (!standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    state = &standing.states.data[event->claim - standing.first_claim];
    totals_load(jn_view_of(t), &totals);
    totals.row.held -= (*state & CLAIM_HELD) != 0;
    if (event->approved && !(*state & CLAIM_APPROVED))
        totals_move(&totals, SUBSIDY__STAGE__AT_GATES, SUBSIDY__STAGE__THROUGH, 1);
    totals_keep(t, &totals);
    *state &= (uint8_t)~CLAIM_HELD;
    term_drop(t, SUBSIDY__DUE__DUE_HOLD, event->claim);
    if (event->approved) {
        *state |= CLAIM_APPROVED;
        jn_delete(t, TABLE_GATED, JN_KEY(event->claim));
    }
    standing_keep(t, event->settlement, &standing);
}
