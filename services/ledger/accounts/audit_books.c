/* The audit of grants, releases, forecasts and statements: what is kept as a sum is added up anew. */
#include "ledger/audit.h"
#include "ledger/accounts/books.h"

/* ---- Pools and grants ---- */

static bool
load_pool(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;

    (void)row;
    a->pools[a->pools_count++] =
        (struct audit_pool){.year = (uint32_t)jn_key_number(key, 0), .division = (uint32_t)jn_key_number(key, 1)};
    return true;
}

static bool
count_pool(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    (void)row;
    ++*(size_t *)context;
    return true;
}

static struct audit_pool *
pool_of(struct auditing *a, uint32_t year, uint32_t division)
{
    for (size_t i = 0; i < a->pools_count; i++) {
        if (a->pools[i].year == year && a->pools[i].division == division)
            return &a->pools[i];
    }
    return NULL;
}

void
audit_pools_begin(struct auditing *a)
{
    size_t pools = 0;

    jn_scan(a->view, TABLE_POOL, JN_KEY(0), 0, ROWS_MAX, count_pool, &pools);
    a->pools = jn_take(a->view, pools * sizeof(*a->pools));
    jn_scan(a->view, TABLE_POOL, JN_KEY(0), 0, ROWS_MAX, load_pool, a);
}

void
audit_pooled_claim(struct auditing *a, const struct claim *claim, enum balance which)
{
    struct audit_pool *pool = pool_of(a, claim->account.year, claim->account.division);
    struct account account = claim->account;
    int64_t sum = 0;
    bool right = pool != NULL;

    for (size_t i = 0; i < claim->n_shares; i++) {
        const Ledger__PoolShare *share = claim->shares[i];
        int64_t reversed_fen = claim->shares_reversed_fen ? claim->shares_reversed_fen[i] : 0;

        sum += share->amount_fen;
        right = right && fund_valid(share->fund) && share->amount_fen >= 0 && reversed_fen >= 0 &&
                reversed_fen <= (which == PAID ? share->amount_fen : 0);
        if (!right)
            break;
        account.fund = share->fund;
        audit_expect(a, account, which, share->amount_fen);
        (which == PAID ? pool->paid_fen : pool->open_fen)[share->fund] += share->amount_fen;
    }
    if (!right || sum != claim_net(claim))
        jn_finding(a->audit, "claim %llu: the pool's shares are not it", (unsigned long long)claim->number);
}

/* Each source's share, to the last payment. */
static void
audit_shares(struct auditing *a, const struct jn_key *key, const Ledger__GrantRow *grant)
{
    struct audit_pool *pool = pool_of(a, grant->year, grant->division);
    int64_t amount_fen = 0, paid_fen = 0, released_fen = 0;

    for (size_t i = 0; i < grant->n_shares; i++) {
        const Ledger__GrantShare *share = grant->shares[i];
        int64_t open_fen = share->amount_fen - share->paid_fen - share->released_fen;
        struct account account = {share->fund, grant->division, grant->year, 0};

        amount_fen += share->amount_fen;
        paid_fen += share->paid_fen;
        released_fen += share->released_fen;
        audit_expect(a, account, GRANTED, open_fen);
        audit_expect(a, account, GRANT_PAID, share->paid_fen);
        if (open_fen < share->ordered_fen || share->ordered_fen < 0 || share->reversed_fen < 0 ||
            share->reversed_fen > share->paid_fen)
            jn_finding(a->audit, "grant %llu: a source has paid more than its share",
                       (unsigned long long)jn_key_number(key, 0));
        if (pool && fund_valid(share->fund)) {
            pool->open_fen[share->fund] += open_fen;
            pool->paid_fen[share->fund] += share->paid_fen;
        }
    }
    if (!pool || amount_fen != grant->amount_fen || paid_fen != grant->paid_fen || released_fen != grant->released_fen)
        jn_finding(a->audit, "grant %llu: the pool's shares are not it", (unsigned long long)jn_key_number(key, 0));
}

/* contributed = left + open + paid + dissolved, source by source, and what is left lies in the source's account. */
static bool
audit_pool(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__PoolRow *pool = row;
    struct account account = {0, (uint32_t)jn_key_number(key, 1), (uint32_t)jn_key_number(key, 0), 0};
    const struct audit_pool *found = pool_of(a, account.year, account.division);
    int64_t contributed_fen[FUNDS] = {0};

    for (size_t i = 0; i < pool->n_contributions; i++) {
        for (size_t j = 0; j < pool->contributions[i]->n_sources; j++)
            contributed_fen[pool->contributions[i]->sources[j]->fund] += pool->contributions[i]->sources[j]->amount_fen;
    }
    for (size_t i = 0; i < pool->n_sources; i++) {
        const Ledger__PoolSource *source = pool->sources[i];

        account.fund = source->fund;
        audit_expect(a, account, POOLED, source->left_fen);
        if (source->contributed_fen != contributed_fen[source->fund] ||
            source->contributed_fen != source->left_fen + source->open_fen + source->paid_fen + source->dissolved_fen ||
            source->open_fen != found->open_fen[source->fund] || source->paid_fen != found->paid_fen[source->fund] ||
            source->left_fen < 0 || source->dissolved_fen < 0)
            jn_finding(a->audit, "pool %u/%u: fund %d's contributions are not what is left, open, paid and dissolved",
                       account.division, account.year, (int)source->fund);
    }
    return true;
}

static bool
audit_grant(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__GrantRow *grant = row;
    int64_t paid_fen = 0;

    for (size_t i = 0; i < grant->n_payments; i++)
        paid_fen += grant->payments[i]->amount_fen;
    if (paid_fen != grant->paid_fen || grant->paid_fen < 0 || grant->released_fen < 0 || grant_open(grant) < 0)
        jn_finding(a->audit, "grant %llu: its instalments and what is open do not add up to it",
                   (unsigned long long)jn_key_number(key, 0));
    a->grants++;
    audit_grant_disbursements(a, jn_key_number(key, 0), grant);
    for (size_t i = 0; i < grant->n_payments; i++)
        a->grant_payments += grant->payments[i]->shares ? grant->payments[i]->shares : 1;
    a->grants_paid_fen += grant->paid_fen;
    if (grant->n_shares) {
        audit_shares(a, key, grant);
        return true;
    }
    audit_expect(a, grant_account(grant), GRANTED, grant_open(grant) + grant->ordered_fen);
    audit_expect(a, grant_account(grant), GRANT_PAID, grant->paid_fen);
    return true;
}

static bool
audit_grant_id(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;

    (void)key;
    a->grant_ids++;
    if (!jn_has(a->view, TABLE_GRANT, JN_KEY(((const Ledger__NumberRow *)row)->number)))
        jn_finding(a->audit, "an id names grant %llu, which is not there",
                   (unsigned long long)((const Ledger__NumberRow *)row)->number);
    return true;
}

static bool
audit_grant_use(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;

    (void)key;
    a->grant_use_count += ((const Ledger__CountAmount *)row)->count;
    a->grant_use_fen += ((const Ledger__CountAmount *)row)->amount_fen;
    return true;
}

/* The timer's row names claims that were committed. */
static bool
audit_expiry(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__Expiry *expiry = row;
    const Ledger__Claims *claims = claims_of(a->view, jn_key_number(key, 0));

    for (size_t i = 0; i < expiry->n_place; i++) {
        struct claim claim = {.state = CLAIM_NONE};

        if (claims && expiry->place[i] < claims_count(claims))
            claim = claim_at(claims, expiry->place[i]);
        if (claim.state == CLAIM_NONE || claim.state == CLAIM_WAITING || claim.state == CLAIM_MISDIRECTED)
            jn_finding(a->audit, "claims from %llu on: a term runs for what was never committed",
                       (unsigned long long)jn_key_number(key, 0));
    }
    return true;
}

static bool
audit_rate(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__Rate *rate = row;

    for (size_t i = 0; i < rate->n_fen; i++)
        a->negative_rates += rate->fen[i] < 0;
    if (rate->n_fen == 0 || rate->n_fen > 90)
        jn_finding(a->audit, "account %u/%u: its rate has %zu days", (unsigned)jn_key_number(key, 0),
                   (unsigned)jn_key_number(key, 1), rate->n_fen);
    return true;
}

static bool
audit_education(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__StaffEducationEntry *entry = row;

    for (uint32_t version = 1; version <= entry->version; version++) {
        if (!jn_has(a->view, TABLE_EDUCATION_PAST, JN_KEY(jn_key_number(key, 1), jn_key_number(key, 0), version)))
            jn_finding(a->audit, "enterprise %llu: version %u of its statement is gone",
                       (unsigned long long)jn_key_number(key, 1), version);
    }
    if (entry->findings->deductible_fen + entry->findings->carried_forward_fen !=
            entry->statement->spent_fen + entry->statement->carried_in_fen ||
        entry->findings->deductible_fen > entry->findings->limit_fen)
        jn_finding(a->audit, "enterprise %llu: what is deductible and carried forward is not what was spent",
                   (unsigned long long)jn_key_number(key, 1));
    return true;
}

void
audit_books(struct auditing *a)
{
    jn_scan(a->view, TABLE_GRANT, JN_KEY(0), 0, ROWS_MAX, audit_grant, a);
    audit_disbursements(a);
    jn_scan(a->view, TABLE_POOL, JN_KEY(0), 0, ROWS_MAX, audit_pool, a);
    jn_scan(a->view, TABLE_GRANT_ID, JN_KEY(0), 0, ROWS_MAX, audit_grant_id, a);
    jn_scan(a->view, TABLE_GRANT_USE, JN_KEY(0), 0, ROWS_MAX, audit_grant_use, a);
    jn_scan(a->view, TABLE_EXPIRY, JN_KEY(0), 0, ROWS_MAX, audit_expiry, a);
    jn_scan(a->view, TABLE_RATE, JN_KEY(0), 0, ROWS_MAX, audit_rate, a);
    jn_scan(a->view, TABLE_EDUCATION, JN_KEY(0), 0, ROWS_MAX, audit_education, a);
    if (a->grants != jn_counter(a->view, COUNTER_GRANTS) || a->grant_ids != a->grants)
        jn_finding(a->audit, "%llu grants were promised, %llu are kept under %llu ids",
                   (unsigned long long)jn_counter(a->view, COUNTER_GRANTS), (unsigned long long)a->grants,
                   (unsigned long long)a->grant_ids);
    if (a->grant_use_count != a->grant_payments || a->grant_use_fen != a->grants_paid_fen)
        jn_finding(a->audit, "the quarters' grants are not what was paid of them");
    if (a->negative_rates)
        jn_finding(a->audit, "less than nothing was committed on some day");
}
