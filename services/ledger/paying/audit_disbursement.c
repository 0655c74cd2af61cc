/* The audit of disbursements: what is ordered of a grant is what its instalments at the bank come to, each is paid
 * once, and what was reversed of it was paid. */
#include "ledger/audit.h"
#include "ledger/paying/paying.h"

struct ordered {
    int64_t fen, shares_fen[FUNDS];
    uint32_t count;
};

static void
add_ordered(struct ordered *sum, const Ledger__DisbursementRow *row)
{
    sum->fen += row->amount_fen;
    sum->count++;
    for (size_t i = 0; i < row->n_shares; i++)
        sum->shares_fen[row->shares[i]->fund] += row->shares[i]->amount_fen;
}

/* What it is of its grant, and where it lies. */
static void
audit_row(struct auditing *a, uint64_t grant, uint64_t number, const Ledger__DisbursementRow *row,
          const Ledger__GrantRow *of)
{
    struct claim claim = disbursement_claim(a->view, number, row);
    uint32_t payment = grant_payment_of(of, row->document);

    audit_recovery_claim(a, &claim);
    if (row->grant != grant || claim.state == CLAIM_NONE)
        jn_finding(a->audit, "disbursement %llu is of no grant, or in no state", (unsigned long long)number);
    if (claim.state == CLAIM_INSTRUCTED && !jn_has(a->view, TABLE_BATCH_OPEN, JN_KEY(row->batch)))
        jn_finding(a->audit, "disbursement %llu is instructed in no open batch", (unsigned long long)number);
    if (claim.state == CLAIM_PAID && (!payment || of->payments[payment - 1]->amount_fen != row->amount_fen))
        jn_finding(a->audit, "disbursement %llu is paid, and no instalment of its grant", (unsigned long long)number);
    if (claim.state == CLAIM_INSTRUCTED && payment)
        jn_finding(a->audit, "disbursement %llu is at the bank, and its document was paid", (unsigned long long)number);
}

void
audit_grant_disbursements(struct auditing *a, uint64_t number, const Ledger__GrantRow *grant)
{
    struct ordered sum = {0};
    int64_t reversed_fen = 0;
    bool right;

    for (size_t i = 0; i < grant->n_disbursements; i++) {
        const Ledger__DisbursementRow *row = disbursement_get(a->view, grant->disbursements[i]);

        if (!row) {
            jn_finding(a->audit, "grant %llu names a disbursement that is not there", (unsigned long long)number);
            continue;
        }
        audit_row(a, number, grant->disbursements[i], row, grant);
        if (row->state == LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_INSTRUCTED)
            add_ordered(&sum, row);
    }
    right = sum.fen == grant->ordered_fen && sum.count == grant->ordered;
    for (size_t i = 0; i < grant->n_shares; i++) {
        right = right && sum.shares_fen[grant->shares[i]->fund] == grant->shares[i]->ordered_fen;
        reversed_fen += grant->shares[i]->reversed_fen;
    }
    if (!right)
        jn_finding(a->audit, "grant %llu: what is ordered is not what its batches hold", (unsigned long long)number);
    if (grant->reversed_fen < 0 || grant->reversed_fen > grant->paid_fen ||
        (grant->n_shares && reversed_fen != grant->reversed_fen))
        jn_finding(a->audit, "grant %llu: more is reversed than was paid", (unsigned long long)number);
    a->disbursements += grant->n_disbursements;
    a->grants_reversed_fen += grant->reversed_fen;
}

void
audit_disbursements(struct auditing *a)
{
    if (a->disbursements != jn_counter(a->view, COUNTER_DISBURSEMENTS) ||
        a->disbursements != rows_of(a->view, TABLE_DISBURSEMENT))
        jn_finding(a->audit, "%llu disbursements are named by grants, and others are kept",
                   (unsigned long long)a->disbursements);
}
