/* The audit of receivables: each fen that was owed is left, came back, was earned or written off; who owes is listed,
 * what is taken off claims is what debts say, and who obtained something by fraud is paid nothing. */
#include "ledger/audit.h"

/* ---- Receivables ---- */

static bool
load_setoff(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__Setoff *setoff = row;

    a->setoffs_count++;
    a->setoffs_fen += setoff->amount_fen;
    if (setoff->receivable == 0 || setoff->receivable > a->receivables_count || setoff->part >= PARTS_MAX) {
        jn_finding(a->audit, "claim %llu: what is taken off it is for no receivable",
                   (unsigned long long)jn_key_number(key, 0));
        return true;
    }
    if (!setoff->returned)
        a->receivables[setoff->receivable - 1].setoff_fen[setoff->part] += setoff->amount_fen;
    return true;
}

/* By rules of the pack; of an advance nothing else is written off. */
static int64_t
given_up_of(const Ledger__Receivable *row)
{
    int64_t fen = 0;

    for (size_t i = 0; i < row->n_given_up; i++)
        fen += row->given_up[i]->amount_fen;
    return fen;
}

/* What it says must agree with the advance or the claim that it comes from. */
static void
audit_origin(struct auditing *a, const Ledger__Receivable *row, int64_t amount_fen)
{
    const Ledger__Advance *advance;
    const Ledger__Reversal *reversal;

    if (row->kind == LEDGER__DEBT_KIND__DEBT_ADVANCE) {
        advance = advance_get(a->view, row->class_, row->fund, row->institution);
        a->owed_advances_fen += receivable_left(row);
        if (!advance || !advance->settled || advance->receivable != row->number ||
            advance_left(advance) != receivable_left(row) || advance->given_up_fen != given_up_of(row) ||
            row->parts[0]->written_off_fen != given_up_of(row))
            jn_finding(a->audit, "receivable %llu is not what is left of its advance", (unsigned long long)row->number);
        return;
    }
    reversal = jn_get(a->view, TABLE_REVERSAL, JN_KEY(row->claim, row->number));
    *(row->grant ? &a->grants_owed_fen : &a->reversed_fen) += amount_fen;
    if (!reversal || reversal->amount_fen != amount_fen)
        jn_finding(a->audit, "receivable %llu is not what was reversed of its claim", (unsigned long long)row->number);
}

static int64_t
audit_part(struct auditing *a, const Ledger__Receivable *row, size_t i)
{
    const Ledger__ReceivablePart *part = row->parts[i];

    if (part->amount_fen != part->left_fen + part->returned_fen + part->earned_fen + part->written_off_fen ||
        part->left_fen < 0 || part->returned_fen < 0 || part->earned_fen < 0 || part->written_off_fen < 0)
        jn_finding(a->audit, "receivable %llu: what was owed is not what came back and is left",
                   (unsigned long long)row->number);
    if (part->setoff_fen != a->receivables[row->number - 1].setoff_fen[i] || part->setoff_fen > part->left_fen)
        jn_finding(a->audit, "receivable %llu: what is on its way is not what is taken off claims",
                   (unsigned long long)row->number);
    if (row->kind != LEDGER__DEBT_KIND__DEBT_ADVANCE)
        a->recovered_fen += part->returned_fen;
    audit_expect(a, receivable_account(row, i), RECEIVABLE, part->left_fen);
    audit_expect(a, receivable_account(row, i), WRITTEN_OFF, part->written_off_fen);
    if (row->kind != LEDGER__DEBT_KIND__DEBT_ADVANCE)
        audit_expect(a, receivable_account(row, i), row->grant ? GRANT_PAID : PAID, -part->amount_fen);
    return part->amount_fen;
}

static bool
audit_receivable(void *context, const struct jn_key *key, const void *value)
{
    struct auditing *a = context;
    const Ledger__Receivable *row = value;
    const Ledger__Owed *owed;
    struct payee payee = receivable_payee(row);
    bool open = receivable_left(row) > 0, fraud = row->kind == LEDGER__DEBT_KIND__DEBT_FRAUD;
    bool pooled = false;
    int64_t amount_fen = 0;
    uint32_t next = instalment_watched(row);

    if (row->number != jn_key_number(key, 0) || row->number > a->receivables_count || row->n_parts > PARTS_MAX) {
        jn_finding(a->audit, "receivable %llu lies under the wrong number", (unsigned long long)row->number);
        return true;
    }
    for (size_t i = 0; i < row->n_parts; i++)
        amount_fen += audit_part(a, row, i);
    audit_origin(a, row, amount_fen);
    a->open_count += open;
    owed = jn_get(a->view, TABLE_OWED, payee_key_of(payee, row->number));
    for (size_t i = 0; i < row->n_parts; i++)
        pooled = pooled || receivable_account(row, i).fund != row->fund;
    if (open != (owed && owed->kind == row->kind && owed->fund == row->fund && owed->pooled == pooled))
        jn_finding(a->audit, "receivable %llu: who owes is not listed", (unsigned long long)row->number);
    if (row->watch_day != (next < row->n_plan ? row->plan[next]->day : 0))
        jn_finding(a->audit, "receivable %llu: nobody watches its next instalment", (unsigned long long)row->number);
    if (fraud && (row->n_plan > 0 || (open && !stop_stands(a->view, payee))))
        jn_finding(a->audit, "receivable %llu is of fraud and treated as an error", (unsigned long long)row->number);
    return true;
}

/* ---- Stops ---- */

static bool
note_open_fraud(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    *(bool *)context = *(bool *)context || ((const Ledger__Owed *)row)->kind == LEDGER__DEBT_KIND__DEBT_FRAUD;
    return true;
}

static bool
audit_stop(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    bool fraud = false;

    jn_scan(a->view, TABLE_OWED, *key, key->length, ROWS_MAX, note_open_fraud, &fraud);
    if (fraud == ((const Ledger__Stop *)row)->lifting)
        jn_finding(a->audit, "payments to a payee are stopped for no fraud, or go on in spite of it");
    return true;
}

static bool
audit_stopped(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    uint64_t number = jn_key_number(key, 2);
    const Ledger__Claims *claims = claims_of(a->view, number);
    struct claim claim = {.state = CLAIM_NONE};
    struct payee payee;

    (void)row;
    if (claims)
        claim = claim_at(claims, number - claims->first_claim);
    payee = claim_payee(&claim);
    if (claim.state != CLAIM_COMMITTED || !claim.approved || !jn_has(a->view, TABLE_STOP, payee_key(payee)) ||
        payee.number != jn_key_number(key, 1))
        jn_finding(a->audit, "claim %llu is kept from the bank for no reason", (unsigned long long)number);
    return true;
}

static bool
count_owed(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    (void)row;
    ((struct auditing *)context)->owed_count++;
    return true;
}

static bool
load_reversal(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    ((struct auditing *)context)->reversals_count++;
    ((struct auditing *)context)->reversals_fen += ((const Ledger__Reversal *)row)->amount_fen;
    return true;
}

void
audit_recovery(struct auditing *a)
{
    a->receivables_count = jn_counter(a->view, COUNTER_RECEIVABLES);
    a->receivables = jn_take(a->view, a->receivables_count * sizeof(*a->receivables));
    jn_scan(a->view, TABLE_SETOFF, JN_KEY(0), 0, ROWS_MAX, load_setoff, a);
    jn_scan(a->view, TABLE_REVERSAL, JN_KEY(0), 0, ROWS_MAX, load_reversal, a);
    jn_scan(a->view, TABLE_RECEIVABLE, JN_KEY(0), 0, ROWS_MAX, audit_receivable, a);
    jn_scan(a->view, TABLE_OWED, JN_KEY(0), 0, ROWS_MAX, count_owed, a);
    jn_scan(a->view, TABLE_STOP, JN_KEY(0), 0, ROWS_MAX, audit_stop, a);
    jn_scan(a->view, TABLE_STOPPED, JN_KEY(0), 0, ROWS_MAX, audit_stopped, a);
}

/* ---- Claims, and sums ---- */

static void
audit_setoffs(struct auditing *a, const struct claim *claim)
{
    Ledger__Setoff **rows;
    size_t count;
    int64_t fen = 0;
    bool right = claim->state == CLAIM_INSTRUCTED || claim->state == CLAIM_PAID;

    setoffs_of(a->view, claim->number, &rows, &count);
    for (size_t i = 0; i < count; i++) {
        fen += rows[i]->amount_fen;
        right = right && rows[i]->returned == (claim->state == CLAIM_PAID);
    }
    a->claims_setoff_count += count;
    if (!right || fen != claim->setoff_fen || claim_sent(claim) < 0)
        jn_finding(a->audit, "claim %llu: what is taken off it is not what its payee owes",
                   (unsigned long long)claim->number);
}

void
audit_recovery_claim(struct auditing *a, const struct claim *claim)
{
    a->claims_setoff_fen += claim->setoff_fen;
    a->claims_reversed_fen += claim->reversed_fen;
    if (claim->setoff_fen != 0)
        audit_setoffs(a, claim);
    if (claim->reversed_fen < 0 || claim->reversed_fen > (claim->state == CLAIM_PAID ? claim->amount_fen : 0))
        jn_finding(a->audit, "claim %llu: more is reversed than was paid", (unsigned long long)claim->number);
}

void
audit_recovery_sums(struct auditing *a, const Ledger__Books *books)
{
    audit_same(a, "reversed, as claims say", books->reversed->amount_fen, a->claims_reversed_fen);
    audit_same(a, "reversed, as receivables say", books->reversed->amount_fen, a->reversed_fen);
    audit_same(a, "reversed of grants, as grants say", books->grants_reversed->amount_fen, a->grants_reversed_fen);
    audit_same(a, "reversed of grants, as receivables say", books->grants_reversed->amount_fen, a->grants_owed_fen);
    audit_same(a, "reversed, as listed", books->reversed->amount_fen + books->grants_reversed->amount_fen,
               a->reversals_fen);
    audit_same(a, "cases", (int64_t)(books->reversed->count + books->grants_reversed->count),
               (int64_t)a->reversals_count);
    audit_same(a, "owed of advances", books->owed_advances_fen, a->owed_advances_fen);
    audit_same(a, "who owes", (int64_t)a->owed_count, (int64_t)a->open_count);
    audit_same(a, "taken off claims", a->claims_setoff_fen, a->setoffs_fen);
    audit_same(a, "rows of what is taken off", (int64_t)a->claims_setoff_count, (int64_t)a->setoffs_count);
}
