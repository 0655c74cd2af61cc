/* What is reckoned again, reckoned a second time: an answer moves by what is added and taken off, and the ledger acts
 * on that, no more and no less. */
#include "simulation/money.h"

#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"

/* An entitlement is settled once; what a reassessment found missing of it has claims of its own, which say so. */
void
money_once(const struct reckoning *r, uint64_t number, bool missing)
{
    const struct claim *claim = &r->claims[number];

    for (uint64_t other = 1; other < number; other++) {
        const struct claim *o = &r->claims[other];

        if (o->class == claim->class && o->seat == claim->seat && o->item == claim->item &&
            (!missing || claim->tops == 0))
            sim_broken(r->sim, "claims %llu and %llu are the same entitlement", (unsigned long long)other,
                       (unsigned long long)number);
    }
}

/* What is no longer due of a claim is of what was; the answer moves by what is taken and added. */
void
money_reassess(struct reckoning *r, const Subsidy__Reassessed *event)
{
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__ReassessedRow *row = event->rows[i];
        int64_t fen = row->before_fen + row->topup_fen, stood = 0;

        r->sim->stats->reassessed++;
        for (uint64_t number = 1; number <= r->claims_count; number++) {
            const struct claim *claim = &r->claims[number];

            if (claim->class == event->class_ && claim->seat == row->seat && claim->item == (uint32_t)row->item)
                stood += claim->amount_fen - claim->taken_fen;
        }
        if (stood != row->before_fen)
            sim_broken(r->sim, "reassessment %llu says that %lld fen were due, and %lld were",
                       (unsigned long long)event->reassessment, (long long)row->before_fen, (long long)stood);
        for (size_t n = 0; n < row->n_taken; n++) {
            struct claim *claim = claim_of(r, row->taken[n]->claim, "reassessed");

            claim->taken_fen += row->taken[n]->amount_fen;
            fen -= row->taken[n]->amount_fen;
            r->sim->stats->taken_fen += row->taken[n]->amount_fen;
            if (claim->class != event->class_ || claim->seat != row->seat || claim->item != (uint32_t)row->item ||
                row->taken[n]->amount_fen <= 0 || claim->taken_fen > claim->amount_fen ||
                claim->amount_fen - claim->taken_fen != row->taken[n]->rest_fen)
                sim_broken(r->sim, "claim %llu has more taken off than is due of it, or is another's",
                           (unsigned long long)row->taken[n]->claim);
        }
        if (fen != row->now_fen || (row->now_fen > 0 && !row->due))
            sim_broken(r->sim, "reassessment %llu does not move seat %u by the difference",
                       (unsigned long long)event->reassessment, row->seat);
    }
}

int64_t
money_due_of(const struct claim *claim)
{
    return claim->ended ? 0 : claim->amount_fen - claim->taken_fen;
}

/* The ledger acts on what subsidy took off, at once or when nothing keeps the claim any more: then no more and no less
 * than to what stays due is released or reversed. */
void
money_reduce(struct reckoning *r, const Ledger__ClaimsReduced *event)
{
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__ReducedRow *row = event->rows[i];
        struct claim *claim = claim_of(r, row->claim, "reduced");
        int64_t net_fen = claim->standing == RELEASED ? 0 : claim->held_fen - claim->reversed_fen;
        bool waits = claim->standing == INSTRUCTED || claim->contradicted;

        if ((claim->taken_fen == 0 && !claim->ended) || row->rest_fen < money_due_of(claim))
            sim_broken(r->sim, "claim %llu is reduced to less than is due", (unsigned long long)row->claim);
        if (row->pending && !waits)
            sim_broken(r->sim, "claim %llu is %s, and its reduction waits", (unsigned long long)row->claim,
                       standings[claim->standing]);
        claim->reduced = claim->reduced || !row->pending;
        claim->to_fen = !row->pending && net_fen > row->rest_fen ? row->rest_fen : -1;
    }
}

void
money_lessened(struct reckoning *r, struct claim *claim, uint64_t number)
{
    int64_t net_fen = claim->standing == RELEASED ? 0 : claim->held_fen - claim->reversed_fen;

    if (claim->to_fen >= 0 && net_fen != claim->to_fen)
        sim_broken(r->sim, "claim %llu is left at %lld fen, and %lld are due of it", (unsigned long long)number,
                   (long long)net_fen, (long long)claim->to_fen);
    claim->to_fen = -1;
}

/* Of what subsidy took off nothing is kept but what the bank has, or contradicts. */
void
money_prove_reduced(const struct reckoning *r, uint64_t number)
{
    const struct claim *claim = &r->claims[number];
    bool keeps = claim->standing == COMMITTED || claim->standing == FAILED || claim->standing == PAID ||
                 claim->standing == WAITING;

    if (claim->to_fen >= 0)
        sim_broken(r->sim, "claim %llu was to be reduced, and was not", (unsigned long long)number);
    if (keeps && !claim->contradicted && claim->held_fen - claim->reversed_fen > money_due_of(claim))
        sim_broken(r->sim, "claim %llu: %lld fen are kept or paid, %lld are due", (unsigned long long)number,
                   (long long)(claim->held_fen - claim->reversed_fen), (long long)money_due_of(claim));
}
