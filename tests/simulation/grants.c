/* Grants and pools, reckoned a second time from the events alone: no more is paid and released than was promised, none
 * of it from ring-fenced money, and of a pool's each source bears exactly its share. */
#include "simulation/money.h"

#include <stdlib.h>

#include "jineng/v1/ledger.pb-c.h"

#define GRANTS_MAX 4000

struct grant {
    uint32_t fund, division, year, purpose;
    int64_t amount, paid, released;
    int64_t shares[6]; /* of a pool: what is open, by fund */
};
struct grants {
    struct sim *sim;
    struct grant grants[GRANTS_MAX];
    uint64_t count;
};

struct grants *
grants_new(struct sim *sim)
{
    struct grants *g = calloc(1, sizeof(*g));

    JN_ASSERT(g);
    g->sim = sim;
    return g;
}

/* A pool's share moves in its own source's account; it must be exact, and no source's share be overdrawn. */
static void
move_shares(struct reckoning *r, struct grants *g, struct grant *grant, size_t count, Ledger__PoolShare *const *shares,
            uint32_t type, uint32_t to_year, int64_t amount)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t fund = (uint32_t)shares[i]->fund;
        int64_t fen = shares[i]->amount_fen;
        struct account *account = account_of(r, fund, grant->division, grant->year);

        amount -= fen;
        grant->shares[fund] += type == LEDGER__EVENT__BODY_GRANT_COMMITTED ? fen : -fen;
        if (fund == COMMON__FUND__SKILLS_ACCOUNT || grant->shares[fund] < 0 || fen <= 0)
            sim_broken(g->sim, "a pooled grant takes from fund %u what is not its share", fund);
        if (type == LEDGER__EVENT__BODY_GRANT_COMMITTED) {
            account->pooled -= fen;
            account->granted += fen;
        } else if (type == LEDGER__EVENT__BODY_GRANT_PAID) {
            account->granted -= fen;
            account->grant_paid += fen;
        } else if (to_year == grant->year) {
            account->granted -= fen;
            account->pooled += fen;
        } else {
            return_to(r, account, &account->granted, to_year, fen);
        }
        balanced(r, account);
    }
    if (amount != 0)
        sim_broken(g->sim, "a pooled grant's shares are not its amount: %lld fen", (long long)amount);
}

static void
promise(struct reckoning *r, struct grants *g, const Ledger__GrantCommitted *event)
{
    struct grant *grant;
    struct account *account;

    if (event->number != g->count + 1 || event->number >= GRANTS_MAX)
        sim_broken(g->sim, "grant %llu is out of turn", (unsigned long long)event->number);
    if (event->fund == COMMON__FUND__SKILLS_ACCOUNT || event->fund == COMMON__FUND__UNEMPLOYMENT_INSURANCE)
        sim_broken(g->sim, "grant %llu is paid from ring-fenced money", (unsigned long long)event->number);
    g->count = event->number;
    g->sim->stats->grants++;
    g->sim->stats->pooled += event->n_shares > 0;
    g->sim->stats->earmarked += event->earmarked ? 1 : 0;
    grant = &g->grants[event->number];
    *grant = (struct grant){.fund = (uint32_t)event->fund,
                            .division = event->account_division,
                            .year = event->year,
                            .purpose = event->earmarked ? (uint32_t)event->purpose : 0,
                            .amount = event->amount_fen};
    if (event->n_shares) {
        move_shares(r, g, grant, event->n_shares, event->shares, LEDGER__EVENT__BODY_GRANT_COMMITTED, 0, grant->amount);
        return;
    }
    account = earmarked_of(r, grant->fund, grant->division, grant->year, grant->purpose);
    account->available -= grant->amount;
    account->granted += grant->amount;
    balanced(r, account);
}

static struct grant *
grant_of(struct grants *g, uint64_t number, int64_t paid, int64_t released)
{
    struct grant *grant = &g->grants[number <= g->count ? number : 0];

    grant->paid += paid;
    grant->released += released;
    if (grant->paid + grant->released > grant->amount)
        sim_broken(g->sim, "grant %llu: more is paid and released than was promised", (unsigned long long)number);
    return grant;
}

static void
hear_grant(struct reckoning *r, struct grants *g, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_GRANT_COMMITTED)
        promise(r, g, message);
    if (type == LEDGER__EVENT__BODY_GRANT_PAID) {
        const Ledger__GrantPaid *event = message;
        struct grant *grant = grant_of(g, event->grant, event->amount_fen, 0);
        struct account *account;

        if (event->n_shares) {
            move_shares(r, g, grant, event->n_shares, event->shares, type, 0, event->amount_fen);
            return;
        }
        account = earmarked_of(r, grant->fund, grant->division, grant->year, grant->purpose);
        account->granted -= event->amount_fen;
        account->grant_paid += event->amount_fen;
        balanced(r, account);
    }
    if (type == LEDGER__EVENT__BODY_GRANT_RELEASED) {
        const Ledger__GrantReleased *event = message;
        struct grant *grant = grant_of(g, event->grant, 0, event->amount_fen);
        struct account *account;

        if (event->n_shares) {
            move_shares(r, g, grant, event->n_shares, event->shares, type, event->to_year, event->amount_fen);
            return;
        }
        account = earmarked_of(r, grant->fund, grant->division, grant->year, grant->purpose);
        return_to(r, account, &account->granted, event->to_year, event->amount_fen);
    }
}

/* ---- Claims that pools bear ---- */

/* A pool's sources bear all of what the claim takes: none is the special account, and each is one that the division
 * pooled. */
void
shares_taken(struct reckoning *r, struct claim *claim, const Ledger__CommittedRow *row)
{
    int64_t sum = 0;

    claim->pooled = row->n_shares > 0;
    r->sim->stats->shared += claim->pooled;
    for (size_t i = 0; i < row->n_shares; i++) {
        uint32_t fund = (uint32_t)row->shares[i]->fund;

        if (fund == 0 || fund >= 6 || fund == COMMON__FUND__SKILLS_ACCOUNT || row->shares[i]->amount_fen <= 0 ||
            claim->shares[fund] != 0)
            sim_broken(r->sim, "claim %llu takes from fund %u of a pool", (unsigned long long)row->claim, fund);
        claim->shares[fund] = row->shares[i]->amount_fen;
        sum += claim->shares[fund];
        for (uint64_t other = 1; fund != claim->fund && other <= r->claims_count; other++) {
            if (r->claims[other].standing == WAITING && r->claims[other].fund == fund &&
                r->claims[other].division == claim->division)
                sim_broken(r->sim, "claim %llu takes money of fund %u that claim %llu waits for",
                           (unsigned long long)row->claim, fund, (unsigned long long)other);
        }
    }
    if (claim->pooled && (sum != row->amount_fen - row->offset_fen || row->account_division != claim->division))
        sim_broken(r->sim, "claim %llu: the pool's shares are not what it takes", (unsigned long long)row->claim);
}

/* To the pool within its year, else to each source itself. */
void
shares_returned(struct reckoning *r, struct claim *claim, const Ledger__ReleasedRow *row, uint32_t to_year)
{
    int64_t sum = 0;

    for (size_t i = 0; i < row->n_shares; i++) {
        uint32_t fund = (uint32_t)row->shares[i]->fund % 6;
        int64_t fen = row->shares[i]->amount_fen;
        struct account *account = account_of(r, fund, claim->account_division, claim->year);

        claim->shares[fund] -= fen;
        sum += fen;
        if (fen <= 0 || claim->shares[fund] < 0)
            sim_broken(r->sim, "claim %llu returns more to fund %u than is its share", (unsigned long long)row->claim,
                       fund);
        if (to_year == claim->year) {
            account->committed -= fen;
            account->pooled += fen;
            balanced(r, account);
        } else {
            return_to(r, account, &account->committed, to_year, fen);
        }
    }
    if (sum != row->amount_fen - row->offset_fen)
        sim_broken(r->sim, "claim %llu: what returns to the pool is not what is released",
                   (unsigned long long)row->claim);
}

/* ---- All of it ---- */

static void
hear_pool(struct reckoning *r, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_POOL_CONTRIBUTED) {
        const Ledger__PoolContributed *event = message;

        for (size_t i = 0; i < event->n_sources; i++) {
            struct account *account = account_of(r, (uint32_t)event->sources[i]->fund, event->division, event->year);

            account->available -= event->sources[i]->amount_fen;
            account->pooled += event->sources[i]->amount_fen;
            balanced(r, account);
        }
    }
    if (type == LEDGER__EVENT__BODY_POOL_DISSOLVED) {
        const Ledger__PoolDissolved *event = message;

        for (size_t i = 0; i < event->n_sources; i++) {
            struct account *account =
                account_of(r, (uint32_t)event->sources[i]->fund, event->division, event->from_year);

            return_to(r, account, &account->pooled, event->to_year, event->sources[i]->amount_fen);
        }
    }
}

void
grants_hear(struct reckoning *r, struct grants *g, uint32_t type, const void *message)
{
    hear_grant(r, g, type, message);
    hear_pool(r, type, message);
}
