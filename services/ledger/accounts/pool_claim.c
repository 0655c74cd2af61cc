/* What a pool (资金池) bears of claims, 2.10-e: a claim's net is divided over the sources, and each of its fen stays
 * some source's, promised, paid or released.
 *
 * A pool pays claims of a fund that is one of its sources: who has pooled nothing of a fund does not pay for it. The
 * claim's own fund and those that the pack lists for its item (2.11-b) bear it by what is left of each; where the pack
 * lists one fund for an item, that one bears all. Another fund bears nothing while claims of its own wait in the
 * division: nobody overtakes them for its money either. What is paid and comes back later, comes back to the source
 * itself: a pool is its year's. */
#include "ledger/accounts/books.h"

/* ---- Decisions ---- */

static const Ledger__PoolRow *
pool_at(const struct jn_view *view, uint32_t year, uint32_t division)
{
    return jn_get(view, TABLE_POOL, JN_KEY(year, division));
}

/* Most ledgers have none, and look for none. */
static void
purse_fill(const struct jn_view *view, struct purse *purse, uint32_t year, uint32_t division)
{
    const Ledger__PoolRow *pool = jn_counter(view, COUNTER_POOLS) ? pool_at(view, year, division) : NULL;

    purse->open = true;
    for (size_t i = 0; pool && i < pool->n_sources; i++) {
        purse->sources[pool->sources[i]->fund] = true;
        purse->left_fen[pool->sources[i]->fund] = pool->sources[i]->left_fen;
        purse->waits[pool->sources[i]->fund] =
            purse->waits[pool->sources[i]->fund] || waiting_get(view, pool->sources[i]->fund, division);
    }
    if (pool)
        fence_of(view, "", &purse->fence);
}

/* What each source may give to a claim of that fund and item; their sum. */
static int64_t
purse_weigh(const struct purse *purse, Common__Fund own, uint32_t item, int64_t *weights)
{
    int64_t sum = 0;

    for (uint32_t fund = 1; fund < FUNDS; fund++) {
        bool may = purse->sources[own] &&
                   (fund == (uint32_t)own || (!purse->waits[fund] && purse->fence.items[fund] & 1u << item));

        weights[fund] = may ? purse->left_fen[fund] : 0;
        sum += weights[fund];
    }
    return sum;
}

/* A claim that takes nothing takes nothing from a pool either. */
bool
purse_take(struct jn_decision *d, struct purse *purse, uint32_t division, struct claim *claim)
{
    int64_t weights[FUNDS] = {0}, parts[FUNDS], fen = claim_net(claim);

    if (!purse->open)
        purse_fill(d->view, purse, year_now(d), division);
    if (fen == 0 || purse_weigh(purse, claim->fund, (uint32_t)claim->item, weights) < fen)
        return false;
    pool_divide(fen, weights, FUNDS, parts);
    claim->account = (struct account){claim->fund, division, year_now(d), 0};
    claim->shares = jn_take(d->view, FUNDS * sizeof(*claim->shares));
    claim->n_shares = 0;
    for (uint32_t fund = 1; fund < FUNDS; fund++) {
        purse->left_fen[fund] -= parts[fund];
        if (parts[fund] > 0)
            claim->shares[claim->n_shares++] = pool_share(d->view, (Common__Fund)fund, parts[fund]);
    }
    return true;
}

int64_t
pool_has(const struct jn_view *view, uint32_t year, uint32_t division, Common__Fund fund, uint32_t item)
{
    struct purse purse = {.open = false};
    int64_t weights[FUNDS] = {0};

    purse_fill(view, &purse, year, division);
    return purse_weigh(&purse, fund, item, weights);
}

size_t
pool_claim_shares(const struct jn_view *view, const struct claim *claim, int64_t fen, Ledger__PoolShare ***out)
{
    int64_t weights[FUNDS] = {0}, parts[FUNDS];
    size_t count = 0;

    *out = jn_take(view, FUNDS * sizeof(**out));
    if (claim->n_shares == 0)
        return 0;
    for (size_t i = 0; i < claim->n_shares; i++)
        weights[i] = claim->shares[i]->amount_fen;
    pool_divide(fen, weights, claim->n_shares, parts);
    for (size_t i = 0; i < claim->n_shares; i++) {
        if (parts[i] > 0)
            (*out)[count++] = pool_share(view, claim->shares[i]->fund, parts[i]);
    }
    return count;
}

/* Its sources' queues are swept one after the other, as each one's money always is. */
void
pool_came(struct jn_decision *d, uint32_t division)
{
    const Ledger__PoolRow *pool = pool_at(d->view, year_now(d), division);

    for (size_t i = 0; pool && i < pool->n_sources; i++)
        money_came(d, pool->sources[i]->fund, division);
}

#define POOLS_MAX 1000 /* of a year: a province has two hundred divisions */

struct may_more {
    size_t count;
    struct {
        Common__Fund fund;
        uint32_t city;
    } at[POOLS_MAX * (FUNDS - 1)];
};

static bool
note_sources(void *context, const struct jn_key *key, const void *row)
{
    struct may_more *more = context;
    const Ledger__PoolRow *pool = row;

    for (size_t i = 0; i < pool->n_sources; i++) {
        more->at[more->count].fund = pool->sources[i]->fund;
        more->at[more->count++].city = city_of((uint32_t)jn_key_number(key, 1));
    }
    return true;
}

void
pools_may_more(struct jn_decision *d)
{
    struct may_more *more = jn_counter(d->view, COUNTER_POOLS) ? jn_take(d->view, sizeof(*more)) : NULL;

    if (!more)
        return;
    jn_scan(d->view, TABLE_POOL, JN_KEY(year_now(d), 0), sizeof(uint64_t), POOLS_MAX, note_sources, more);
    for (size_t i = 0; i < more->count; i++)
        sweep_soon(d, more->at[i].fund, more->at[i].city);
}

void
pool_unblocked(struct jn_decision *d, Common__Fund fund, uint32_t division)
{
    const Ledger__PoolRow *pool = jn_counter(d->view, COUNTER_POOLS) ? pool_at(d->view, year_now(d), division) : NULL;
    bool source = false;

    for (size_t i = 0; pool && i < pool->n_sources; i++)
        source = source || pool->sources[i]->fund == fund;
    for (size_t i = 0; source && i < pool->n_sources; i++) {
        if (pool->sources[i]->fund != fund && waiting_get(d->view, pool->sources[i]->fund, division))
            sweep_soon(d, pool->sources[i]->fund, city_of(division));
    }
}

/* ---- What then happens ---- */

static Ledger__PoolRow *
pool_of(struct jn_tables *t, struct account account, Ledger__PoolSource **source)
{
    Ledger__PoolRow *pool = (Ledger__PoolRow *)(uintptr_t)pool_at(jn_view_of(t), account.year, account.division);
    size_t i = 0;

    JN_ASSERT(pool);
    while (i < pool->n_sources && pool->sources[i]->fund != account.fund)
        i++;
    JN_ASSERT(i < pool->n_sources);
    *source = pool->sources[i];
    return pool;
}

void
pool_claims_committed(struct jn_tables *t, Ledger__Books *books, const struct tally *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        struct account account = tally_account(&sources->rows[i]);
        Ledger__PoolSource *source;
        Ledger__PoolRow *pool = pool_of(t, account, &source);

        source->left_fen -= sources->rows[i].fen;
        source->open_fen += sources->rows[i].fen;
        JN_ASSERT(source->left_fen >= 0);
        account_post(t, books, account, POOLED, COMMITTED, sources->rows[i].fen);
        jn_put(t, TABLE_POOL, JN_KEY(account.year, account.division), pool);
    }
}

/* instructed -> paid is posted with all the others. */
void
pool_claims_paid(struct jn_tables *t, const struct tally *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        struct account account = tally_account(&sources->rows[i]);
        Ledger__PoolSource *source;
        Ledger__PoolRow *pool = pool_of(t, account, &source);

        source->open_fen -= sources->rows[i].fen;
        source->paid_fen += sources->rows[i].fen;
        jn_put(t, TABLE_POOL, JN_KEY(account.year, account.division), pool);
    }
}

static Ledger__PoolShare *
share_in(const struct claim *claim, Common__Fund fund)
{
    size_t i = 0;

    while (i < claim->n_shares && claim->shares[i]->fund != fund)
        i++;
    JN_ASSERT(i < claim->n_shares);
    return claim->shares[i];
}

void
pool_claim_released(struct jn_tables *t, Ledger__Books *books, Ledger__Claims *claims, const struct claim *claim,
                    const Ledger__ReleasedRow *row, uint32_t to_year)
{
    for (size_t i = 0; i < row->n_shares; i++) {
        struct account account = {row->shares[i]->fund, claim->account.division, claim->account.year, 0};
        int64_t fen = row->shares[i]->amount_fen;
        Ledger__PoolSource *source;
        Ledger__PoolRow *pool = pool_of(t, account, &source);

        share_in(claim, account.fund)->amount_fen -= fen;
        source->open_fen -= fen;
        *(to_year == account.year ? &source->left_fen : &source->dissolved_fen) += fen;
        if (to_year == account.year)
            account_post(t, books, account, COMMITTED, POOLED, fen);
        else
            account_give_back(t, books, account, COMMITTED, to_year, fen);
        jn_put(t, TABLE_POOL, JN_KEY(account.year, account.division), pool);
    }
    claim_set_shares(jn_view_of(t), claims, claim->number - claims->first_claim, claim->n_shares, claim->shares);
}
