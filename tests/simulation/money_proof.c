/* At the end: each claim is paid once, or waits, or is held, and the ledger's own totals are ours. */
#include "simulation/money.h"

#include "jineng/v1/ledger.pb-c.h"

/* Told anew where it was settled; another booking of what stands changes nothing. */
void
money_contradict(struct reckoning *r, struct told what, int by)
{
    struct told *told = r->told;

    while (told < r->told + r->told_count && (told->batch != what.batch || told->claim != what.claim ||
                                              told->disbursement != what.disbursement || told->what != what.what))
        told++;
    if (told == r->told + r->told_count) {
        JN_ASSERT(r->told_count < TOLD_MAX);
        r->told[r->told_count++] = what;
    }
    if (by > 0 && told->open)
        return;
    told->open = by > 0;
    if (what.claim)
        r->claims[what.claim < CITY_CLAIMS ? what.claim : 0].contradicted += (uint32_t)by;
    if (what.disbursement)
        grants_contradicted(r->grants, what.disbursement, by);
}

void
money_prove_claims(struct reckoning *r)
{
    struct sim *sim = r->sim;

    for (uint64_t number = 1; number <= r->claims_count; number++) {
        const struct claim *claim = &r->claims[number];
        bool by_bank = sim->city.bank[number] > 0;

        sim->stats->claims++;
        sim->stats->waiting += claim->standing == WAITING;
        sim->stats->held += claim->held && claim->standing != PAID;
        if (claim->standing == NOT_HEARD)
            sim_broken(sim, "claim %llu is due and the ledger does not know it", (unsigned long long)number);
        /* What is approved, covered and not held is paid, unless the bank sent it back. */
        if (claim->standing == COMMITTED && claim->approved && !claim->held && !claim->kept && !frozen(r, claim) &&
            !under_case(r, number))
            sim_broken(sim, "claim %llu is due, approved, covered, not held, and was never sent to the bank",
                       (unsigned long long)number);
        if (!claim->approved && claim->notice_to_day && claim->notice_to_day < city_today(sim) && !claim->kept_back &&
            claim->standing != MISDIRECTED)
            sim_broken(sim, "claim %llu was never approved: its notice ended on day %d, it is day %d",
                       (unsigned long long)number, claim->notice_to_day, city_today(sim));
        /* Of what was earned of an advance, or is owed, nothing is sent. */
        if (by_bank != (claim->standing == PAID) && claim->offset_fen + claim->setoff_fen < claim->held_fen)
            sim_broken(sim, "claim %llu: the bank says it was %s, the ledger that it is %s", (unsigned long long)number,
                       by_bank ? "paid" : "not paid", standings[claim->standing]);
        money_prove_reduced(r, number);
        if (claim->held != claim->ledger_held && claim->standing != PAID && claim->standing != MISDIRECTED)
            sim_broken(sim, "claim %llu: subsidy %s it, the ledger does not", (unsigned long long)number,
                       claim->held ? "holds" : "released");
    }
}

/* The ledger's own totals against ours. */
void
money_prove_totals(struct reckoning *r)
{
    const struct city *city = &r->sim->city;
    uint64_t paid = 0, waiting = 0;
    int64_t paid_fen = 0, waiting_fen = 0, advanced_fen = 0;

    for (uint64_t number = 1; number <= r->claims_count; number++) {
        paid += r->claims[number].standing == PAID;
        paid_fen += r->claims[number].standing == PAID ? r->claims[number].held_fen : 0;
        waiting += r->claims[number].standing == WAITING;
        waiting_fen += r->claims[number].standing == WAITING ? r->claims[number].held_fen : 0;
    }
    for (size_t i = 0; i < r->accounts_count; i++)
        advanced_fen += r->accounts[i].advanced;
    if (city->paid != paid || city->paid_fen != paid_fen || city->waiting != waiting ||
        city->waiting_fen != waiting_fen)
        sim_broken(r->sim, "the ledger says that %llu claims and %lld fen are paid; its events say %llu and %lld",
                   (unsigned long long)city->paid, (long long)city->paid_fen, (unsigned long long)paid,
                   (long long)paid_fen);
    advanced_fen += r->owed_advances; /* outstanding, owed or not */
    if (city->open_batches == 0 && city->advanced_fen > advanced_fen)
        sim_broken(r->sim, "the ledger says that %lld fen are advanced; its events say %lld",
                   (long long)city->advanced_fen, (long long)advanced_fen);
}
