/* Holds (暂缓): a department that watches its money stops a claim, and lets it go again; 2.12-e, A-vet, A-wf, A-df,
 * A-em. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/nouns.h"

#define REASON_BYTES_MAX 400

/* A claim, found for a reviewer. */
struct found {
    uint64_t settlement;
    const Subsidy__StandingRow *standing;
    uint8_t state;
};

bool
review_in_scope(const struct jn_agency *who, uint32_t division, uint32_t groups, uint32_t women)
{
    bool concerned = who->groups == 0 || (who->groups & groups);

    /* A-wf: women are no group that a register keeps; what concerns them is a class on which they are. */
    if (who->department == COMMON__DEPARTMENT__WOMENS_FEDERATION)
        concerned = women > 0;
    return concerned && jn_in_scope_division(who, division);
}

static bool
may_review(const struct jn_agency *who, const Subsidy__StandingRow *standing)
{
    return standing && review_in_scope(who, standing->division, standing->groups, standing->women);
}

static enum jn_code
find(struct jn_decision *d, uint64_t claim, const char *reason, struct found *out)
{
    if (!*reason || strlen(reason) > REASON_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "give the reason, in %d bytes at most", REASON_BYTES_MAX);
    out->settlement = settlement_of(d->view, claim);
    out->standing = out->settlement ? standing_of(d->view, out->settlement) : NULL;
    /* A claim of divisions or groups that are not the caller's to review is none to him. */
    if (!may_review(d->who, out->standing))
        return jn_refuse(d, JN_NOT_FOUND, "there is no claim %" PRIu64, claim);
    out->state = out->standing->states.data[claim - out->standing->first_claim];
    return JN_OK;
}

enum jn_code
decide_hold_claim(struct jn_decision *d, const Subsidy__HoldClaim *command)
{
    Subsidy__Held event = SUBSIDY__HELD__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;
    struct found found;
    enum jn_code code = find(d, command->claim, command->reason, &found);

    if (code != JN_OK)
        return code;
    if (found.state & CLAIM_HELD)
        return jn_refuse(d, JN_WRONG_STATE, "the claim is held already");
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
    jn_emit(d, EVENT_HELD, &event);
    jn_reply(d, &reply.base);
    return JN_OK;
}

void
apply_held(struct jn_tables *t, const Subsidy__Held *event, const struct jn_stamp *stamp)
{
    Subsidy__StandingRow standing;
    struct totals totals;

    (void)stamp;
    if (!standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    standing.states.data[event->claim - standing.first_claim] |= CLAIM_HELD;
    standing_keep(t, event->settlement, &standing);
    totals_load(jn_view_of(t), &totals);
    totals.row.held++;
    totals_keep(t, &totals);
}

enum jn_code
decide_release_claim(struct jn_decision *d, const Subsidy__ReleaseClaim *command)
{
    Subsidy__Released event = SUBSIDY__RELEASED__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;
    struct found found;
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
    event.approved = found.standing->approved;
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
    totals.row.held--;
    if (event->approved && !(*state & CLAIM_APPROVED))
        totals.row.approved++;
    totals_keep(t, &totals);
    *state &= (uint8_t)~CLAIM_HELD;
    if (event->approved)
        *state |= CLAIM_APPROVED;
    standing_keep(t, event->settlement, &standing);
}
