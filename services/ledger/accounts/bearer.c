/* Bearers (承担方): who bears a claim, its own account or each source of a pool its share (pool_claim.c). */
#include "ledger/claims/claim.h"

/* ---- Sums ---- */

size_t
claims_room(const Ledger__Claims *claims, size_t rows)
{
    return rows + claims->n_pooled * FUNDS;
}

void
claim_bear(struct tally *accounts, const struct claim *claim)
{
    struct account account = claim->account;

    if (claim->n_shares == 0)
        tally_add(accounts, account.fund, account.division, tally_year(account), claim_net(claim));
    for (size_t i = 0; i < claim->n_shares; i++)
        tally_add(accounts, claim->shares[i]->fund, account.division, tally_year(account),
                  claim->shares[i]->amount_fen);
}

void
claim_use(struct tally *uses, const struct claim *claim)
{
    int64_t fen = claim->amount_fen;

    for (size_t i = 0; i < claim->n_shares; i++) {
        if (claim->shares[i]->fund == claim->fund)
            continue;
        fen -= claim->shares[i]->amount_fen;
        tally_part(uses, claim->shares[i]->fund, claim->item, claim->institution, claim->shares[i]->amount_fen);
    }
    tally_add(uses, claim->fund, claim->item, claim->institution, fen);
}

/* ---- Shares ---- */

void
claim_set_shares(const struct jn_view *view, Ledger__Claims *claims, size_t place, size_t count,
                 Ledger__PoolShare **shares)
{
    Ledger__PooledClaim *claim, **all;
    size_t i = 0;

    while (i < claims->n_pooled && claims->pooled[i]->place != place)
        i++;
    if (i == claims->n_pooled) {
        claim = jn_take(view, sizeof(*claim));
        ledger__pooled_claim__init(claim);
        claim->place = (uint32_t)place;
        all = jn_take(view, (i + 1) * sizeof(*all));
        for (size_t k = 0; k < i; k++)
            all[k] = claims->pooled[k];
        all[claims->n_pooled++] = claim;
        claims->pooled = all;
    }
    claims->pooled[i]->n_shares = count;
    claims->pooled[i]->shares = shares;
}

void
claim_reverse_share(const struct jn_view *view, Ledger__Claims *claims, size_t place, Common__Fund fund, int64_t fen)
{
    Ledger__PooledClaim *claim;
    size_t i = 0, k = 0;

    while (i < claims->n_pooled && claims->pooled[i]->place != place)
        i++;
    JN_ASSERT(i < claims->n_pooled);
    claim = claims->pooled[i];
    while (k < claim->n_shares && claim->shares[k]->fund != fund)
        k++;
    JN_ASSERT(k < claim->n_shares);
    if (claim->n_reversed_fen == 0) {
        claim->reversed_fen = jn_take(view, claim->n_shares * sizeof(*claim->reversed_fen));
        claim->n_reversed_fen = claim->n_shares;
    }
    claim->reversed_fen[k] += fen;
}
