/* The audit of paying: who submitted and released each batch and what was declared, what was released a day, that a
 * freeze keeps back exactly what it should, and what the bank left open or contradicts; 2.12-c. */
#include "ledger/audit.h"
#include "ledger/paying/paying.h"

#include <string.h>

/* ---- Released a day ---- */

static bool
load_released(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;

    (void)row;
    a->released[a->released_count++] =
        (struct audit_released){(int32_t)jn_key_number(key, 0), (uint32_t)jn_key_number(key, 1), 0, 0};
    return true;
}

static bool
released_before(const struct audit_released *a, int32_t day, uint32_t division)
{
    return a->day != day ? a->day < day : a->division < division;
}

/* They were loaded in key order. */
static void
expect_released(struct auditing *a, int32_t day, uint32_t division, int64_t fen)
{
    size_t low = 0, high = a->released_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (released_before(&a->released[middle], day, division))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == a->released_count || a->released[low].day != day || a->released[low].division != division) {
        jn_finding(a->audit, "day %d, division %u: a batch was released and no sum is kept", day, division);
        return;
    }
    a->released[low].count++;
    a->released[low].fen += fen;
}

static void
compare_released(struct auditing *a)
{
    for (size_t i = 0; i < a->released_count; i++) {
        const struct audit_released *released = &a->released[i];
        const Ledger__CountAmount *kept =
            jn_get(a->view, TABLE_RELEASED, JN_KEY((uint64_t)released->day, released->division));

        if (kept->count != released->count || kept->amount_fen != released->fen)
            jn_finding(a->audit, "day %d, division %u: what was released is kept wrongly", released->day,
                       released->division);
    }
}

/* ---- Batches ---- */

static bool
hands_differ(const Ledger__BatchFile *file)
{
    const Ledger__BatchShort *head = file->head;
    bool third = *head->authorizer != '\0';

    if (!*head->maker || !*head->checker || strcmp(head->maker, head->checker) == 0)
        return false;
    if (third && (strcmp(head->authorizer, head->maker) == 0 || strcmp(head->authorizer, head->checker) == 0))
        return false;
    return file->maker_key.len == JN_KEY_BYTES && file->checker_key.len == JN_KEY_BYTES &&
           memcmp(file->maker_key.data, file->checker_key.data, JN_KEY_BYTES) != 0;
}

/* NULL, or what is wrong with how far it has come. */
static const char *
step_fault(const Ledger__BatchFile *file, bool open)
{
    const Ledger__BatchShort *head = file->head;
    bool declared = file->declared_rows == head->rows && file->declared_fen == head->amount_fen;

    switch (head->state) {
    case LEDGER__BATCH_STATE__DRAFT:
        return *head->maker || file->declared_rows ? "it is a draft and somebody has declared it" : NULL;
    case LEDGER__BATCH_STATE__SUBMITTED:
        return !*head->maker || *head->checker || !declared ? "what was declared is not what it holds" : NULL;
    case LEDGER__BATCH_STATE__CHECKED:
        return !hands_differ(file) || !declared ? "one hand made and checked it, or it is not what was declared" : NULL;
    case LEDGER__BATCH_STATE__RELEASED:
        if (file->released_day == 0) /* it went at once: nothing for the bank, or before there were two hands */
            return *head->maker ? "it is released on no day" : NULL;
        return !hands_differ(file) || !declared ? "one hand made and released it, or it is not what was declared"
                                                : NULL;
    case LEDGER__BATCH_STATE__VOID:
        return open || head->rows || head->amount_fen ? "it is void and holds rows" : NULL;
    case LEDGER__BATCH_STATE__BATCH_STATE_UNSPECIFIED:
    case _LEDGER__BATCH_STATE_IS_INT_SIZE:
        break;
    }
    return "it is in no state";
}

static int64_t
rows_fen(const struct jn_view *view, const Ledger__BatchFile *file)
{
    const Ledger__Claims *claims = batch_claims(view, file);
    int64_t fen = 0;

    for (size_t i = 0; i < batch_rows(file); i++) {
        struct claim claim = batch_claim(view, file, claims, i);

        fen += claim_sent(&claim);
    }
    return fen;
}

void
audit_paying_batch(struct auditing *a, const Ledger__BatchFile *file, bool open)
{
    const Ledger__BatchShort *head = file->head;
    const char *fault = step_fault(file, open);
    uint32_t city = city_of(head->division);

    if (fault)
        jn_finding(a->audit, "batch %llu: %s", (unsigned long long)head->batch, fault);
    /* What the bank sent back is owed its debts again: the total is the rows' until the bank has it. */
    if (!head->advance &&
        (head->rows != batch_rows(file) || (!batch_released(file) && head->amount_fen != rows_fen(a->view, file))))
        jn_finding(a->audit, "batch %llu: its count or total is not what its rows come to",
                   (unsigned long long)head->batch);
    if (head->state != LEDGER__BATCH_STATE__RELEASED && open && file->open != head->rows)
        jn_finding(a->audit, "batch %llu: the bank has answered before it was released",
                   (unsigned long long)head->batch);
    a->undecided += head->unknown;
    if (file->released_day == 0)
        return;
    expect_released(a, file->released_day, city, head->amount_fen);
    if (city != head->division)
        expect_released(a, file->released_day, head->division, head->amount_fen);
}

static bool
audit_done(void *context, const struct jn_key *key, const void *row)
{
    const Ledger__BatchFile *file = row;
    struct auditing *a = context;

    (void)key;
    if (file->open != 0 || file->head->unknown != 0)
        jn_finding(a->audit, "batch %llu is done and has open rows", (unsigned long long)file->head->batch);
    audit_paying_batch(a, file, false);
    return true;
}

/* ---- Frozen payees ---- */

static bool
audit_frozen(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__FrozenPayee *frozen = row;

    (void)key;
    a->frozen++;
    a->kept -= frozen->kept->count; /* those were counted claim by claim */
    if (frozen->thawing && frozen->kept->count == 0)
        jn_finding(a->audit, "a payee is being thawed and nothing waits for it");
    if (frozen->thawing && frozen->asked)
        jn_finding(a->audit, "a thaw is under way and still asked for");
    return true;
}

void
audit_paying_claim(struct auditing *a, const struct claim *claim)
{
    struct payee payee = claim_payee(claim);
    bool ready = claim->state == CLAIM_COMMITTED && claim->approved && !claim->held && !claim_stopped(a->view, claim) &&
                 !claim_suspended(a->view, claim);
    bool kept = a->kept_rows && jn_has(a->view, TABLE_KEPT, payee_key_of(payee, claim->number));

    if (ready != kept && !claim_reduced(a->view, claim->number))
        jn_finding(a->audit, "claim %llu: %s", (unsigned long long)claim->number,
                   ready ? "it is due, approved, covered, not held, and was not sent" : "it is kept back for nothing");
    if (kept && !jn_has(a->view, TABLE_FROZEN, payee_key(payee)))
        jn_finding(a->audit, "claim %llu: it is kept back and its payee is not frozen",
                   (unsigned long long)claim->number);
    a->kept += kept;
}

/* ---- What the bank left open or contradicts ---- */

/* One that is not there is in no state. */
static struct claim
row_as_claim(const struct jn_view *view, uint64_t number)
{
    const Ledger__DisbursementRow *row =
        row_disbursement(number) ? disbursement_get(view, row_disbursement(number)) : NULL;
    const Ledger__Claims *claims = row_claim(number) ? claims_of(view, number) : NULL;

    if (row)
        return disbursement_claim(view, row_disbursement(number), row);
    return claims ? claim_at(claims, number - claims->first_claim) : (struct claim){.state = CLAIM_NONE};
}

/* The bank's references are of rows that it has answered for. */
static bool
audit_booking(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    uint64_t batch = jn_key_number(key, 0), number = jn_key_number(key, 1);
    struct claim claim = row_as_claim(a->view, number);
    const Ledger__BookingRow *booking = row;
    bool open;
    const Ledger__BatchFile *file = batch_find(a->view, batch, &open);

    if (!file || !batch_released(file) || (number == 0) != file->head->advance ||
        (number && (claim.state == CLAIM_NONE || (claim.state == CLAIM_INSTRUCTED && claim.batch == batch))))
        jn_finding(a->audit, "batch %llu: the bank has booked a row that it has not answered for",
                   (unsigned long long)batch);
    if (booking->n_booked + booking->n_returned == 0)
        jn_finding(a->audit, "batch %llu: a booking without a reference is kept", (unsigned long long)batch);
    return true;
}

/* A row that the bank has debited more often than it was paid is a person's: it stands among the disagreements. */
static bool
audit_double(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    uint64_t batch = jn_key_number(key, 0), number = jn_key_number(key, 1);
    struct claim claim = row_as_claim(a->view, number);
    const Ledger__BookingRow *booking = row;
    size_t due = booking->n_returned + (claim.state == CLAIM_PAID && claim.batch == batch);

    if (number && booking->n_booked > due &&
        !jn_has(a->view, TABLE_DISAGREEMENT, JN_KEY(batch, number, LEDGER__CONTRADICTION__DOUBLE_DEBIT)) &&
        !jn_has(a->view, TABLE_DISAGREEMENT, JN_KEY(batch, number, LEDGER__CONTRADICTION__PAID_AFTER_FAILED)))
        jn_finding(a->audit, "batch %llu, row %llu: the bank has debited it twice and nobody is told; 2.12-c",
                   (unsigned long long)batch, (unsigned long long)number);
    return true;
}

static bool
audit_undecided(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    uint64_t batch = jn_key_number(key, 0), number = jn_key_number(key, 1);
    const Ledger__BatchFile *file = jn_get(a->view, TABLE_BATCH_OPEN, JN_KEY(batch));
    struct claim claim = row_as_claim(a->view, number);

    (void)row;
    a->undecided--;
    if (!file || !batch_released(file) || (number && (claim.state != CLAIM_INSTRUCTED || claim.batch != batch)))
        jn_finding(a->audit, "batch %llu, claim %llu: it is undecided and not at the bank", (unsigned long long)batch,
                   (unsigned long long)number);
    return true;
}

static bool
audit_disagreement(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__Disagreement *disagreement = row;
    uint64_t number = row_number(disagreement->claim, disagreement->disbursement);
    bool settled = disagreement->settled_day != 0;

    (void)key;
    a->contradicted += !settled;
    if (!settled && number && !jn_has(a->view, TABLE_CONTRADICTED, JN_KEY(number)))
        jn_finding(a->audit, "row %llu: it is contradicted and would be sent", (unsigned long long)number);
    return true;
}

static bool
audit_contradicted(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    ((struct auditing *)context)->contradicted -= ((const Ledger__CountAmount *)row)->count;
    return true;
}

/* ---- All of it ---- */

void
audit_paying_begin(struct auditing *a)
{
    a->kept_rows = rows_of(a->view, TABLE_KEPT);
    a->released = jn_take(a->view, rows_of(a->view, TABLE_RELEASED) * sizeof(*a->released));
    jn_scan(a->view, TABLE_RELEASED, JN_KEY(0), 0, ROWS_MAX, load_released, a);
}

void
audit_paying_end(struct auditing *a)
{
    uint64_t kept = a->kept, open;

    jn_scan(a->view, TABLE_BATCH_DONE, JN_KEY(0), 0, ROWS_MAX, audit_done, a);
    compare_released(a);
    jn_scan(a->view, TABLE_FROZEN, JN_KEY(0), 0, ROWS_MAX, audit_frozen, a);
    jn_scan(a->view, TABLE_UNDECIDED, JN_KEY(0), 0, ROWS_MAX, audit_undecided, a);
    jn_scan(a->view, TABLE_DISAGREEMENT, JN_KEY(0), 0, ROWS_MAX, audit_disagreement, a);
    jn_scan(a->view, TABLE_BOOKING, JN_KEY(0), 0, ROWS_MAX, audit_booking, a);
    jn_scan(a->view, TABLE_BOOKING, JN_KEY(0), 0, ROWS_MAX, audit_double, a);
    open = a->contradicted;
    jn_scan(a->view, TABLE_CONTRADICTED, JN_KEY(0), 0, ROWS_MAX, audit_contradicted, a);
    if (kept != a->kept_rows || a->kept != 0)
        jn_finding(a->audit, "what is kept back for frozen payees is miscounted");
    if (a->frozen != jn_counter(a->view, COUNTER_FROZEN))
        jn_finding(a->audit, "frozen payees are miscounted");
    if (a->undecided != 0)
        jn_finding(a->audit, "rows that the bank left open are miscounted");
    if (a->contradicted != 0 || open != jn_counter(a->view, COUNTER_CONTRADICTED))
        jn_finding(a->audit, "what the bank contradicts is miscounted");
}
