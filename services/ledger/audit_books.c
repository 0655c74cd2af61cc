/* The audit of grants, releases, forecasts and statements: what is kept as a sum is added up anew. */
#include "ledger/audit.h"
#include "ledger/grant.h"

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
    a->grant_payments += grant->n_payments;
    a->grants_paid_fen += grant->paid_fen;
    audit_expect(a, grant_account(grant), GRANTED, grant_open(grant));
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
