/* What the audit remembers while it looks at every row: an entry an account and an advance, and sums. No callback keeps
 * a row. */
#ifndef LEDGER_AUDIT_H
#define LEDGER_AUDIT_H

#include "ledger/ledger.h"

#define ROWS_MAX SIZE_MAX /* an audit looks at all of them */

struct audit_account {
    struct account account;
    Ledger__Balances balances;
    int64_t fen[BALANCES]; /* as recomputed */
};

struct audit_advance {
    uint64_t class, institution;
    Common__Fund fund;
    int64_t drawn_fen, paid_out_fen, earned_fen, earned_paid_fen;
};

struct audit_released {
    int32_t day;
    uint32_t division;
    uint64_t count; /* as recomputed */
    int64_t fen;
};

struct audit_receivable {
    int64_t setoff_fen[PARTS_MAX]; /* with claims that the bank has */
};

struct auditing {
    struct jn_audit *audit;
    const struct jn_view *view;
    struct audit_account *accounts;
    struct audit_advance *advances;
    size_t accounts_count, advances_count;
    uint64_t counts[CLAIM_STATES];
    int64_t sums[CLAIM_STATES];
    int64_t offset_fen, fund_fen[FUNDS];
    uint64_t queued, batches, waiting_items;
    int64_t queued_fen, appropriated_fen;
    int64_t use_fen, division_fen, quarter_paid_fen, quarter_appropriated_fen;
    uint64_t use_count, division_count;
    /* Grants, rates. */
    uint64_t grants, grant_ids, grant_payments, grant_use_count, negative_rates;
    int64_t grants_paid_fen, grant_use_fen, released_fen;
    struct audit_pool {
        uint32_t year, division;
        int64_t open_fen[FUNDS], paid_fen[FUNDS]; /* as recomputed, by source */
    } * pools;
    size_t pools_count;
    struct audit_released *released;
    size_t released_count;
    uint64_t kept, kept_rows, frozen, undecided, contradicted;

    /* Recovery */
    struct audit_receivable *receivables; /* by number - 1 */
    uint64_t receivables_count, owed_count, open_count, reversals_count, setoffs_count, claims_setoff_count;
    int64_t owed_advances_fen, reversed_fen, reversals_fen, claims_reversed_fen, setoffs_fen, claims_setoff_fen;

    int64_t advances_fen, recovered_fen;

    /* Grants at the bank, and reversed */
    uint64_t disbursements;
    int64_t grants_reversed_fen, grants_owed_fen;
};

/* What the account should hold in that balance, by one more claim, advance or receivable. */
void audit_expect(struct auditing *a, struct account account, enum balance which, int64_t fen);
void audit_same(struct auditing *a, const char *what, int64_t kept, int64_t recomputed);
/* Receivables, what is taken off for them, stops; after accounts and advances, before claims. */
void audit_recovery(struct auditing *a);
/* The claim's part in it. */
void audit_recovery_claim(struct auditing *a, const struct claim *claim);
/* After the claims. */
void audit_recovery_sums(struct auditing *a, const Ledger__Books *books);

/* Pools are counted: before the claims. A claim's shares of one: its net, in that balance. */
void audit_pools_begin(struct auditing *a);
void audit_pooled_claim(struct auditing *a, const struct claim *claim, enum balance which);
/* Grants, pools, releases, forecasts, staff education; after the accounts and claims. */
void audit_books(struct auditing *a);

/* What of the grant is at the bank or has been. */
void audit_grant_disbursements(struct auditing *a, uint64_t number, const Ledger__GrantRow *grant);
void audit_disbursements(struct auditing *a);

/* For jn_scan; the context is a struct auditing. */
bool audit_queue(void *context, const struct jn_key *key, const void *row);
bool audit_batch(void *context, const struct jn_key *key, const void *row);
/* Paying: batches that are done, the days' sums, limits, frozen payees, what is undecided or contradicted. Begun before
 * the claims are looked at, ended after them. */
void audit_paying_begin(struct auditing *a);
void audit_paying_claim(struct auditing *a, const struct claim *claim);
void audit_paying_batch(struct auditing *a, const Ledger__BatchFile *file, bool open);
void audit_paying_end(struct auditing *a);
size_t rows_of(const struct jn_view *view, enum ledger_table table);

void audit_periods(struct auditing *a, const Ledger__Books *books);

/* What is due less of than it holds waits for a reason; reassessment.c. */
void audit_reductions(struct auditing *a);
void audit_investigations(struct auditing *a);
void audit_suspended_claims(struct auditing *a, bool resuming);

#endif
