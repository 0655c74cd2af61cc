/* What the ledger says of money that must come back or will not be paid in part (追回与核减): kept beside the claim. */
#include "subsidy/nouns.h"

static enum jn_code
note(struct jn_decision *d, Subsidy__RecoveryNoted *noted)
{
    noted->settlement = settlement_of(d->view, noted->claim);
    return noted->settlement ? jn_emit(d, EVENT_RECOVERY_NOTED, noted) : JN_OK;
}

/* How much of the claim is neither released nor to come back. */
static int64_t
left_of(const struct jn_view *view, uint64_t claim)
{
    Subsidy__ChangeRow change = change_of(view, claim);
    uint64_t settlement = settlement_of(view, claim);
    const Subsidy__Settled *settled = settlement ? jn_get(view, TABLE_SETTLEMENT, JN_KEY(settlement)) : NULL;

    if (!settled)
        return 0;
    return settled->claims[claim - settled->claims[0]->claim]->amount_fen - change.reversed_fen - change.released_fen;
}

enum jn_code
react_reversed(struct jn_decision *d, const Ledger__Reversed *event, const struct jn_source *source)
{
    Subsidy__RecoveryNoted noted = SUBSIDY__RECOVERY_NOTED__INIT;

    (void)source;
    noted.claim = event->claim;
    noted.reversed_fen = event->amount_fen;
    noted.whole = event->amount_fen >= left_of(d->view, event->claim);
    return note(d, &noted);
}

enum jn_code
recovery_released(struct jn_decision *d, uint64_t claim, int64_t amount_fen)
{
    Subsidy__RecoveryNoted noted = SUBSIDY__RECOVERY_NOTED__INIT;

    noted.claim = claim;
    noted.released_fen = amount_fen;
    return note(d, &noted);
}

void
apply_recovery_noted(struct jn_tables *t, const Subsidy__RecoveryNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ChangeRow change = change_of(jn_view_of(t), event->claim);
    Subsidy__StandingRow standing;
    struct totals totals;

    (void)stamp;
    change.reversed_fen += event->reversed_fen;
    change.released_fen += event->released_fen;
    jn_put(t, TABLE_CHANGE, JN_KEY(event->claim), &change);
    if (!event->whole || !standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    totals_load(jn_view_of(t), &totals);
    claim_note_money(&standing.states.data[event->claim - standing.first_claim], SUBSIDY__MONEY__REVERSED, &totals);
    totals_keep(t, &totals);
    standing_keep(t, event->settlement, &standing);
}
