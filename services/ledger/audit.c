/* The audit: everything that is kept as a sum is added up anew from the claims and advances, and compared. 2.12-c.
 */
#include "ledger/audit.h"

static bool
count_row(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    (void)row;
    ++*(size_t *)context;
    return true;
}

size_t
rows_of(const struct jn_view *view, enum ledger_table table)
{
    size_t count = 0;

    jn_scan(view, table, JN_KEY(0), 0, ROWS_MAX, count_row, &count);
    return count;
}

/* ---- Accounts and advances: what is to be recomputed ---- */

static bool
load_account(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    struct audit_account *account = &a->accounts[a->accounts_count++];
    int64_t sum = 0;

    account->account = account_of_key(key);
    account->balances = *(const Ledger__Balances *)row;
    for (enum balance which = APPROPRIATED; which < BALANCES; which++) {
        int64_t fen = balance_of(&account->balances, which);

        sum += fen;
        if (which <= CARRIED_IN ? fen > 0 : fen < 0)
            jn_finding(a->audit, "account %u/%u/%u: balance %d has the wrong sign", account->account.fund,
                       account->account.division, account->account.year, (int)which);
    }
    if (sum != 0)
        jn_finding(a->audit, "account %u/%u/%u: its balances do not add up to nothing", account->account.fund,
                   account->account.division, account->account.year);
    a->appropriated_fen -= account->balances.appropriated_fen;
    return true;
}

static bool
account_before(const struct account *a, const struct account *b)
{
    if (a->year != b->year)
        return a->year < b->year;
    if (a->fund != b->fund || a->division != b->division)
        return a->fund != b->fund ? a->fund < b->fund : a->division < b->division;
    return a->purpose < b->purpose;
}

/* They were loaded in key order. */
void
audit_expect(struct auditing *a, struct account account, enum balance which, int64_t fen)
{
    size_t low = 0, high = a->accounts_count;

    if (fen == 0)
        return;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (account_before(&a->accounts[middle].account, &account))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == a->accounts_count || account_before(&account, &a->accounts[low].account)) {
        jn_finding(a->audit, "account %u/%u/%u bears claims or advances and is not there", account.fund,
                   account.division, account.year);
        return;
    }
    a->accounts[low].fen[which] += fen;
}

static bool
load_advance(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    struct audit_advance *out = &a->advances[a->advances_count++];
    const Ledger__Advance *advance = row;

    int64_t owed = advance->settled ? advance_left(advance) : 0;
    const Ledger__Debt *debt = jn_get(a->view, TABLE_DEBT, *key);

    out->class = jn_key_number(key, 0);
    out->fund = (Common__Fund)jn_key_number(key, 1);
    out->institution = jn_key_number(key, 2);
    out->drawn_fen = advance->drawn_fen;
    out->paid_out_fen = advance->paid_out_fen;
    a->advances_fen += advance->amount_fen;
    a->recovered_fen += advance->recovered_fen;
    if (advance->paid_out_fen > advance->drawn_fen || advance_left(advance) < 0 || advance->given_up_fen < 0)
        jn_finding(a->audit, "advance of class %llu: more is earned or recovered than was advanced",
                   (unsigned long long)out->class);
    if (owed != (debt ? debt->amount_fen : 0))
        jn_finding(a->audit, "advance of class %llu: what is owed is not what is kept", (unsigned long long)out->class);
    audit_expect(a, (struct account){out->fund, advance->account_division, advance->year, 0}, ADVANCED,
                 advance->amount_fen - advance->paid_out_fen - advance->recovered_fen - advance->given_up_fen - owed);
    audit_expect(a, (struct account){out->fund, advance->account_division, advance->year, 0}, PAID,
                 advance->paid_out_fen);
    return true;
}

static bool
advance_before(const struct audit_advance *a, const struct audit_advance *b)
{
    if (a->class != b->class)
        return a->class < b->class;
    return a->fund != b->fund ? a->fund < b->fund : a->institution < b->institution;
}

static void
expect_earned(struct auditing *a, uint64_t class, const struct claim *claim)
{
    struct audit_advance wanted = {.class = class, .institution = claim->institution, .fund = claim->fund};
    size_t low = 0, high = a->advances_count;

    if (claim->offset_fen == 0)
        return;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (advance_before(&a->advances[middle], &wanted))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == a->advances_count || advance_before(&wanted, &a->advances[low])) {
        jn_finding(a->audit, "claim %llu has earned an advance that is not there", (unsigned long long)claim->number);
        return;
    }
    a->advances[low].earned_fen += claim->offset_fen;
    if (claim->state == CLAIM_PAID)
        a->advances[low].earned_paid_fen += claim->offset_fen;
}

/* ---- Claims ---- */

/* Each fund what it bore of the claim, its own the rest. */
static void
audit_paid_by(struct auditing *a, const struct claim *claim)
{
    a->fund_fen[claim->fund] += claim->amount_fen;
    for (size_t i = 0; i < claim->n_shares; i++) {
        a->fund_fen[claim->fund] -= claim->shares[i]->amount_fen;
        a->fund_fen[claim->shares[i]->fund] += claim->shares[i]->amount_fen;
    }
}

static void
audit_claim(struct auditing *a, const Ledger__Claims *claims, const struct claim *claim)
{
    static const enum balance bears[] = {
        [CLAIM_COMMITTED] = COMMITTED,
        [CLAIM_FAILED] = COMMITTED,
        [CLAIM_INSTRUCTED] = INSTRUCTED,
        [CLAIM_PAID] = PAID,
    };
    bool committed =
        claim->state == CLAIM_COMMITTED || claim->state == CLAIM_FAILED || claim->state == CLAIM_INSTRUCTED;

    if (claim->state == CLAIM_NONE || claim->state >= CLAIM_STATES) {
        jn_finding(a->audit, "claim %llu is in no state", (unsigned long long)claim->number);
        return;
    }
    a->counts[claim->state]++;
    a->sums[claim->state] += claim->amount_fen;
    if (committed)
        a->offset_fen += claim->offset_fen;
    if ((committed || claim->state == CLAIM_PAID) && claim->n_shares)
        audit_pooled_claim(a, claim, bears[claim->state]);
    else if (committed || claim->state == CLAIM_PAID)
        audit_expect(a, claim->account, bears[claim->state], claim_net(claim));
    if (claim->state == CLAIM_PAID)
        audit_paid_by(a, claim);
    if (claim->offset_fen < 0 || claim->offset_fen > claim->amount_fen)
        jn_finding(a->audit, "claim %llu has more of the advance than it is due", (unsigned long long)claim->number);
    if (claim->state == CLAIM_INSTRUCTED && !jn_has(a->view, TABLE_BATCH_OPEN, JN_KEY(claim->batch)))
        jn_finding(a->audit, "claim %llu is instructed in no open batch", (unsigned long long)claim->number);
    if ((claim->state == CLAIM_FAILED) != jn_has(a->view, TABLE_FAILURE, JN_KEY(claim->number)))
        jn_finding(a->audit, "claim %llu: its failure and its state differ", (unsigned long long)claim->number);
    a->released_fen += claim->released_fen - claim->unqueued_fen;
    if (claim->unqueued_fen < 0 || claim->unqueued_fen > claim->released_fen ||
        (claim->state == CLAIM_RELEASED && claim->released_fen < claim->amount_fen))
        jn_finding(a->audit, "claim %llu: it is over, and what was released is not it",
                   (unsigned long long)claim->number);
    if (claim->state != CLAIM_MISDIRECTED && claim->state != CLAIM_RELEASED)
        expect_earned(a, claims->class_, claim);
    audit_paying_claim(a, claim);
    audit_recovery_claim(a, claim);
}

static bool
audit_settlement(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__Claims *claims = row;

    if (claims_count(claims) == 0 || claims->first_claim + claims_count(claims) - 1 != jn_key_number(key, 0)) {
        jn_finding(a->audit, "settlement %llu lies under the wrong claim", (unsigned long long)claims->settlement);
        return true;
    }
    for (size_t i = 0; i < claims_count(claims); i++) {
        struct claim claim = claim_at(claims, i);

        audit_claim(a, claims, &claim);
    }
    return true;
}

/* ---- Statements and books ---- */

static bool
audit_use(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    ((struct auditing *)context)->use_count += ((const Ledger__CountAmount *)row)->count;
    ((struct auditing *)context)->use_fen += ((const Ledger__CountAmount *)row)->amount_fen;
    return true;
}

static bool
audit_division(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    ((struct auditing *)context)->division_count += ((const Ledger__DivisionTotal *)row)->paid->count;
    ((struct auditing *)context)->division_fen += ((const Ledger__DivisionTotal *)row)->paid->amount_fen;
    return true;
}

static bool
audit_quarter(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    ((struct auditing *)context)->quarter_paid_fen += ((const Ledger__QuarterSum *)row)->paid_fen;
    ((struct auditing *)context)->quarter_appropriated_fen += ((const Ledger__QuarterSum *)row)->appropriated_fen;
    return true;
}

void
audit_same(struct auditing *a, const char *what, int64_t kept, int64_t recomputed)
{
    if (kept != recomputed)
        jn_finding(a->audit, "%s: %lld is kept, %lld is right", what, (long long)kept, (long long)recomputed);
}

static void
same_count(struct auditing *a, const char *what, const Ledger__CountAmount *kept, uint64_t count, int64_t fen)
{
    audit_same(a, what, (int64_t)kept->count, (int64_t)count);
    audit_same(a, what, kept->amount_fen, fen);
}

static void
audit_accounts(struct auditing *a, const Ledger__Books *books)
{
    static const enum balance recomputed[] = {COMMITTED,   INSTRUCTED, PAID,       ADVANCED, RECEIVABLE,
                                              WRITTEN_OFF, GRANTED,    GRANT_PAID, POOLED};
    int64_t all[BALANCES] = {0};

    for (size_t i = 0; i < a->accounts_count; i++) {
        const struct audit_account *account = &a->accounts[i];

        for (size_t j = 0; j < sizeof(recomputed) / sizeof(recomputed[0]); j++)
            audit_same(a, "an account's balance", balance_of(&account->balances, recomputed[j]),
                       account->fen[recomputed[j]]);
        for (enum balance which = APPROPRIATED; which < BALANCES; which++)
            all[which] += balance_of(&account->balances, which);
    }
    for (enum balance which = APPROPRIATED; which < BALANCES; which++)
        audit_same(a, "the sum over all accounts", balance_of(books->all, which), all[which]);
}

static void
audit_sums(struct auditing *a, const Ledger__Books *books)
{
    uint64_t committed = a->counts[CLAIM_COMMITTED] + a->counts[CLAIM_INSTRUCTED] + a->counts[CLAIM_FAILED];
    int64_t committed_fen = a->sums[CLAIM_COMMITTED] + a->sums[CLAIM_INSTRUCTED] + a->sums[CLAIM_FAILED];

    same_count(a, "paid", books->paid, a->counts[CLAIM_PAID], a->sums[CLAIM_PAID]);
    same_count(a, "paid by quarter", books->paid, a->use_count, a->use_fen);
    same_count(a, "paid by division", books->paid, a->division_count, a->division_fen);
    same_count(a, "waiting", books->waiting, a->counts[CLAIM_WAITING], a->sums[CLAIM_WAITING]);
    same_count(a, "in queues", books->waiting, a->queued, a->queued_fen);
    audit_same(a, "items that wait", (int64_t)rows_of(a->view, TABLE_WAITING_ITEM), (int64_t)a->waiting_items);
    same_count(a, "committed", books->committed, committed, committed_fen);
    same_count(a, "failed", books->failed, a->counts[CLAIM_FAILED], a->sums[CLAIM_FAILED]);
    same_count(a, "misdirected", books->misdirected, a->counts[CLAIM_MISDIRECTED], a->sums[CLAIM_MISDIRECTED]);
    audit_same(a, "advances earned and not paid out", books->offset_fen, a->offset_fen);
    audit_same(a, "open batches", (int64_t)books->open_batches, (int64_t)a->batches);
    audit_same(a, "the quarters' payments", a->quarter_paid_fen, a->sums[CLAIM_PAID]);
    audit_same(a, "the quarters' appropriations", a->quarter_appropriated_fen, a->appropriated_fen);
    for (size_t i = 0; i < books->n_by_fund; i++)
        audit_same(a, "paid by fund", books->by_fund[i]->paid->amount_fen, a->fund_fen[books->by_fund[i]->fund]);
    for (size_t i = 0; i < a->advances_count; i++) {
        audit_same(a, "earned of an advance", a->advances[i].drawn_fen, a->advances[i].earned_fen);
        audit_same(a, "paid out of an advance", a->advances[i].paid_out_fen, a->advances[i].earned_paid_fen);
    }
}

static void
gather(struct auditing *a)
{
    a->accounts = jn_take(a->view, rows_of(a->view, TABLE_ACCOUNT) * sizeof(*a->accounts));
    a->advances = jn_take(a->view, rows_of(a->view, TABLE_ADVANCE) * sizeof(*a->advances));
    jn_scan(a->view, TABLE_ACCOUNT, JN_KEY(0), 0, ROWS_MAX, load_account, a);
    jn_scan(a->view, TABLE_ADVANCE, JN_KEY(0), 0, ROWS_MAX, load_advance, a);
    audit_paying_begin(a);
    audit_recovery(a);
    audit_pools_begin(a);
    jn_scan(a->view, TABLE_CLAIMS, JN_KEY(0), 0, ROWS_MAX, audit_settlement, a);
    jn_scan(a->view, TABLE_WAITING, JN_KEY(0), 0, ROWS_MAX, audit_queue, a);
    jn_scan(a->view, TABLE_BATCH_OPEN, JN_KEY(0), 0, ROWS_MAX, audit_batch, a);
    jn_scan(a->view, TABLE_QUARTER, JN_KEY(0), 0, ROWS_MAX, audit_use, a);
    jn_scan(a->view, TABLE_DIVISION, JN_KEY(0), 0, ROWS_MAX, audit_division, a);
    jn_scan(a->view, TABLE_QUARTER_SUM, JN_KEY(0), 0, ROWS_MAX, audit_quarter, a);
    audit_books(a);
    audit_paying_end(a);
    audit_reductions(a);
    audit_investigations(a);
}

void
ledger_audit(struct jn_audit *audit)
{
    struct auditing *a = jn_take(audit->view, sizeof(*a));
    const Ledger__Books *books = jn_get(audit->view, TABLE_BOOKS, JN_KEY(0));

    a->audit = audit;
    a->view = audit->view;
    gather(a);
    if (books) {
        audit_accounts(a, books);
        audit_sums(a, books);
        audit_recovery_sums(a, books);
        audit_periods(a, books);
        return;
    }
    if (a->accounts_count || a->counts[CLAIM_COMMITTED] || a->counts[CLAIM_WAITING])
        jn_finding(audit, "there are accounts or claims, and no books");
}
