/* What a pool (资金池) bears of grants, source by source, and what is told of it; 2.10-e. */
#include "ledger/accounts/books.h"

#define POOLS_PAGE 100

/* ---- What happens to shares ---- */

static struct account
source_account(const Ledger__GrantRow *grant, Common__Fund fund)
{
    return (struct account){fund, grant->division, grant->year, 0};
}

static Ledger__PoolRow *
pool_of(struct jn_tables *t, const Ledger__GrantRow *grant)
{
    const Ledger__PoolRow *pool = jn_get(jn_view_of(t), TABLE_POOL, JN_KEY(grant->year, grant->division));

    JN_ASSERT(pool);
    return (Ledger__PoolRow *)(uintptr_t)pool;
}

static void
pool_put(struct jn_tables *t, const Ledger__GrantRow *grant, const Ledger__PoolRow *pool)
{
    jn_put(t, TABLE_POOL, JN_KEY(grant->year, grant->division), pool);
}

/* A share is always some source's. */
static Ledger__PoolSource *
source_in(const Ledger__PoolRow *pool, Common__Fund fund)
{
    size_t i = 0;

    while (i < pool->n_sources && pool->sources[i]->fund != fund)
        i++;
    JN_ASSERT(i < pool->n_sources);
    return pool->sources[i];
}

Ledger__GrantShare *
pool_share_in(const Ledger__GrantRow *grant, Common__Fund fund)
{
    size_t i = 0;

    while (i < grant->n_shares && grant->shares[i]->fund != fund)
        i++;
    JN_ASSERT(i < grant->n_shares);
    return grant->shares[i];
}

void
pool_promised(struct jn_tables *t, Ledger__Books *books, const Ledger__GrantRow *grant)
{
    Ledger__PoolRow *pool = pool_of(t, grant);

    for (size_t i = 0; i < grant->n_shares; i++) {
        Ledger__PoolSource *source = source_in(pool, grant->shares[i]->fund);

        source->left_fen -= grant->shares[i]->amount_fen;
        source->open_fen += grant->shares[i]->amount_fen;
        JN_ASSERT(source->left_fen >= 0);
        account_post(t, books, source_account(grant, source->fund), POOLED, GRANTED, grant->shares[i]->amount_fen);
    }
    pool_put(t, grant, pool);
}

void
pool_paid(struct jn_tables *t, Ledger__Books *books, const Ledger__GrantRow *grant, size_t count,
          Ledger__PoolShare *const *shares)
{
    Ledger__PoolRow *pool = pool_of(t, grant);

    for (size_t i = 0; i < count; i++) {
        Ledger__PoolSource *source = source_in(pool, shares[i]->fund);

        pool_share_in(grant, shares[i]->fund)->paid_fen += shares[i]->amount_fen;
        source->open_fen -= shares[i]->amount_fen;
        source->paid_fen += shares[i]->amount_fen;
        account_post(t, books, source_account(grant, source->fund), GRANTED, GRANT_PAID, shares[i]->amount_fen);
    }
    pool_put(t, grant, pool);
}

/* Within its year it returns to the pool; later to the source itself. */
void
pool_released(struct jn_tables *t, Ledger__Books *books, const Ledger__GrantRow *grant, size_t count,
              Ledger__PoolShare *const *shares, uint32_t to_year)
{
    Ledger__PoolRow *pool = pool_of(t, grant);

    for (size_t i = 0; i < count; i++) {
        Ledger__PoolSource *source = source_in(pool, shares[i]->fund);
        int64_t fen = shares[i]->amount_fen;

        pool_share_in(grant, shares[i]->fund)->released_fen += fen;
        source->open_fen -= fen;
        *(to_year == grant->year ? &source->left_fen : &source->dissolved_fen) += fen;
        if (to_year == grant->year)
            account_post(t, books, source_account(grant, source->fund), GRANTED, POOLED, fen);
        else
            account_give_back(t, books, source_account(grant, source->fund), GRANTED, to_year, fen);
    }
    pool_put(t, grant, pool);
}

/* ---- What is told ---- */

struct page {
    const struct jn_decision *d;
    Ledger__PoolsView *reply;
};

static bool
list_pool(void *context, const struct jn_key *key, const void *row)
{
    struct page *page = context;
    const Ledger__PoolRow *pool = row;
    Ledger__PoolView *view;

    if (!jn_in_scope_division(page->d->who, (uint32_t)jn_key_number(key, 1)))
        return true;
    if (page->reply->n_rows == POOLS_PAGE) {
        page->reply->more = true;
        return false;
    }
    view = jn_take(page->d->view, sizeof(*view));
    ledger__pool_view__init(view);
    view->year = (uint32_t)jn_key_number(key, 0);
    view->division = (uint32_t)jn_key_number(key, 1);
    view->n_sources = pool->n_sources;
    view->sources = pool->sources;
    page->reply->rows[page->reply->n_rows++] = view;
    return true;
}

enum jn_code
answer_pools(struct jn_decision *d, const Ledger__PoolsRequest *request)
{
    Ledger__PoolsView reply = LEDGER__POOLS_VIEW__INIT;
    struct page page = {d, &reply};
    uint64_t year = request->year ? request->year : year_now(d);

    reply.rows = jn_take(d->view, POOLS_PAGE * sizeof(*reply.rows));
    if (!jn_scan(d->view, TABLE_POOL, JN_KEY(year, (uint64_t)request->after_division + 1), sizeof(uint64_t),
                 SCOPE_SCAN_MAX, list_pool, &page))
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    jn_reply(d, &reply.base);
    return JN_OK;
}
