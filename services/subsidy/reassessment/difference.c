/* Differences (补差与追回): what stands for a seat, held against what is due now; what is missing becomes a claim, what
 * is too much is taken off the claims it was due by, the latest first; 2.12-e. */
#include <string.h>

#include "subsidy/nouns.h"

/* Whoever pays or is paid otherwise now is another's money: it comes back whole, and the new claim is whole. */
static bool
same_money(const struct stake *stake, const struct answer *now)
{
    return now->state == BENEFIT_DUE && stake->fund == now->fund && stake->payee == now->payee;
}

static int64_t
standing_with(const struct entitlement *before, const struct answer *now)
{
    int64_t fen = 0;

    for (size_t i = 0; i < before->stakes_count; i++)
        if (same_money(&before->stakes[i], now))
            fen += before->stakes[i].rest_fen;
    return fen;
}

static void
take_off(struct difference *out, struct stake *stake, int64_t fen)
{
    struct taken *taken = &out->taken[out->taken_count++];

    stake->rest_fen -= fen;
    *taken = (struct taken){.claim = stake->claim, .amount_fen = fen, .rest_fen = stake->rest_fen};
}

static void
lessen(const struct entitlement *before, const struct answer *now, struct difference *out)
{
    int64_t excess = standing_with(before, now) - (now->state == BENEFIT_DUE ? now->amount_fen : 0);

    for (size_t i = before->stakes_count; i-- > 0;) {
        struct stake *stake = &out->stakes[i];
        int64_t fen = before->stakes[i].rest_fen;

        *stake = before->stakes[i];
        if (same_money(stake, now)) {
            fen = excess < 0 ? 0 : fen < excess ? fen : excess;
            excess -= fen;
        }
        if (fen > 0)
            take_off(out, stake, fen);
    }
    out->stakes_count = before->stakes_count;
}

static bool
answer_differs(const struct entitlement *before, const struct answer *now)
{
    if (before->state != now->state)
        return true;
    if (now->state == BENEFIT_REFUSED)
        return before->reason != now->reason || before->await_day != now->await_day;
    if (now->state != BENEFIT_DUE)
        return false;
    return before->level != now->level || before->months != now->months || entitlement_fen(before) != now->amount_fen ||
           standing_with(before, now) != now->amount_fen;
}

static bool
difference_of(const struct entitlement *before, const struct answer *now, struct difference *out)
{
    out->taken_count = out->stakes_count = 0;
    out->more_fen = 0;
    out->topped = false;
    if (before->stakes_count > STAKES_MAX)
        return false;
    lessen(before, now, out);
    if (now->state == BENEFIT_DUE) {
        out->more_fen = now->amount_fen - standing_with(before, now);
        if (out->more_fen < 0)
            out->more_fen = 0;
        /* Due for the first time: there is a claim for it, be it over nothing. */
        out->topped = out->more_fen > 0 || before->origin == 0;
    }
    return true;
}

static struct answer
answer_of(const struct judgement *judgement, int item)
{
    const struct benefit *benefit = &judgement->evaluation.benefits[item];

    return (struct answer){.state = benefit->state,
                           .reason = benefit->state == BENEFIT_REFUSED ? benefit->reason : 0,
                           .fund = benefit->fund,
                           .payee = benefit->payee,
                           .rule = benefit->rule,
                           .level = judgement->facts.certificate_level,
                           .months = (uint32_t)benefit->months,
                           .await_day = benefit->await_day,
                           .amount_fen = benefit->amount_fen,
                           .clause = benefit->clause ? benefit->clause : ""};
}

/* All or nothing: what one item takes another may need. */
bool
differences_of(struct judgement *judgement, const struct seat_facts *facts, const struct entitlement before[ITEMS],
               struct differences *out)
{
    if (facts->cancelled)
        memset(&judgement->evaluation, 0, sizeof(judgement->evaluation));
    else if (!judge_with(judgement, facts->seat, facts->result, facts->history, facts->history_count))
        return false;
    for (int item = 1; item < ITEMS; item++) {
        out->now[item] = answer_of(judgement, item);
        out->differs[item] = answer_differs(&before[item], &out->now[item]);
        if (out->differs[item] && !difference_of(&before[item], &out->now[item], &out->of[item]))
            return false;
    }
    return true;
}
