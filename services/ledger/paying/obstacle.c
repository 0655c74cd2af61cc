/* Obstacles (支付障碍): what keeps a claim from the bank: a contradiction, a hold, a stop, a freeze, a
 * case; 2.12-c, 2.12-e. And how commands of several rows say what they refused. */
#include "ledger/paying/paying.h"

static const struct bilingual texts[] = {
    [NO_OBSTACLE] = {"", ""},
    [PAYEE_FROZEN] = {"its payee is frozen, 2.12-e", "收款方已冻结，2.12-e"},
    [CLAIM_HELD] = {"a reviewer holds it, 2.12-e", "审核部门暂缓，2.12-e"},
    [PAYMENTS_STOPPED] = {"payments to its payee are stopped until what was obtained by fraud is paid back, 2.12-e",
                          "骗取资金退还之前，停止向其收款方支付，2.12-e"},
    [CLAIM_CONTRADICTED] = {"the bank contradicts what is recorded of it; settle that first, 2.12-c",
                            "银行回复与账面记录不符，请先处理，2.12-c"},
    [CLAIM_REDUCED] = {"less of it is due since it was reassessed: withdraw it, and the rest is sent, 2.12-e",
                       "重新核定后应发减少：请撤回，余额另行发送，2.12-e"},
    [CLAIM_INVESTIGATED] = {"a case is open about it, 2.12-e", "已立案核查，2.12-e"},
};

const char *
obstacle_text(enum obstacle obstacle)
{
    return texts[obstacle].en;
}

struct bilingual
obstacle_bilingual(const struct jn_decision *d, enum obstacle obstacle, uint64_t number, uint64_t class)
{
    const Ledger__Claims *claims = obstacle == CLAIM_INVESTIGATED && number ? claims_of(d->view, number) : NULL;
    unsigned long long about;
    struct claim claim;

    if (obstacle != CLAIM_INVESTIGATED)
        return texts[obstacle];
    if (claims)
        claim = claim_at(claims, number - claims->first_claim);
    about = claims ? claim_investigated(d->view, &claim) : class_investigated(d->view, class);
    return (struct bilingual){jn_arena_print(d->arena, "case %llu is open about it, 2.12-e", about),
                              jn_arena_print(d->arena, "案件%llu已立案核查，2.12-e", about)};
}

const char *
obstacle_say(const struct jn_decision *d, enum obstacle obstacle, uint64_t number, uint64_t class)
{
    return obstacle_bilingual(d, obstacle, number, class).en;
}

/* A contradiction comes first: what may have been paid must not be sent however the rest stands. */
enum obstacle
claim_obstacle(const struct jn_decision *d, const struct claim *claim)
{
    if (claim_contradicted(d->view, claim->number))
        return CLAIM_CONTRADICTED;
    if (claim->held)
        return CLAIM_HELD;
    if (recovery_stops(d->view, claim, d->today))
        return PAYMENTS_STOPPED;
    if (claim_frozen(d->view, claim))
        return PAYEE_FROZEN;
    if (claim_investigated(d->view, claim))
        return CLAIM_INVESTIGATED;
    return claim_reduced(d->view, claim->number) ? CLAIM_REDUCED : NO_OBSTACLE;
}

enum obstacle
advance_obstacle(const struct jn_view *view, const Ledger__BatchFile *file)
{
    if (advance_contradicted(view, file))
        return CLAIM_CONTRADICTED;
    if (stop_stands(view, institution_payee(file->institution)))
        return PAYMENTS_STOPPED;
    if (payee_frozen(view, institution_payee(file->institution)))
        return PAYEE_FROZEN;
    return class_investigated(view, file->head->class_) ? CLAIM_INVESTIGATED : NO_OBSTACLE;
}
