/* Reductions (核减): less is due of a claim than was settled, as the subsidy service says when it has reassessed it, or
 * nothing, when it has decided a case or an objection; 2.12-e. What is committed, or waits for money, is released, in
 * part or whole; what is paid is reversed, by an entry of its own, in the accounts that paid it. What the bank has is
 * pending: its answer decides which of the two it is. A draft that holds such a claim is not released: the row is
 * withdrawn first. */
#include "ledger/audit.h"
#include "ledger/accounts/books.h"
#include "ledger/paying/paying.h"

static const Ledger__Reduction *
reduction_get(const struct jn_view *view, uint64_t claim)
{
    return jn_get(view, TABLE_REDUCTION, JN_KEY(claim));
}

bool
claim_reduced(const struct jn_view *view, uint64_t claim)
{
    return jn_has(view, TABLE_REDUCTION, JN_KEY(claim));
}

/* ---- One settlement's ---- */

/* Reductions of claims of one settlement, for one reason. */
struct reducing {
    struct jn_decision *d;
    const Ledger__Claims *claims;
    Ledger__ClaimsReduced event;
    struct releasing releasing;
    struct case_wanted *cases;
    size_t cases_count;
};

static void
reducing_open(struct reducing *r, struct jn_decision *d, const Ledger__Claims *claims, size_t rows)
{
    *r = (struct reducing){.d = d, .claims = claims};
    ledger__claims_reduced__init(&r->event);
    r->event.settlement = claims->settlement;
    r->event.class_ = claims->class_;
    r->event.division = claims->division;
    r->event.rows = jn_take(d->view, rows * sizeof(*r->event.rows));
    r->cases = jn_take(d->view, rows * sizeof(*r->cases));
    releasing_open(&r->releasing, d, claims, rows);
}

/* Where there is nothing to be done nothing is said: finance may have taken as much back before. */
static void
reduce(struct reducing *r, uint64_t number, int64_t rest_fen, const char *clause)
{
    const Ledger__Reduction *before = reduction_get(r->d->view, number);
    struct claim claim = claim_at(r->claims, number - r->claims->first_claim);
    int64_t excess;
    bool released = claim.state == CLAIM_COMMITTED || claim.state == CLAIM_FAILED || claim.state == CLAIM_WAITING;
    bool pending = claim.state == CLAIM_INSTRUCTED || (released && claim_contradicted(r->d->view, number));
    bool nothing, over = claim.amount_fen == 0 && released && !pending && !r->event.reassessment;
    Ledger__ReducedRow *row;

    /* What a case took off whole a reassessment does not bring back. */
    if (before && before->rest_fen < rest_fen)
        rest_fen = before->rest_fen;
    excess = claim.amount_fen - claim.reversed_fen - rest_fen;
    nothing = (excess <= 0 && !over) || rest_fen < 0 || (!released && !pending && claim.state != CLAIM_PAID);
    /* What was pending is not any more. */
    if (nothing && !before)
        return;
    row = r->event.rows[r->event.n_rows++] = jn_take(r->d->view, sizeof(*row));
    ledger__reduced_row__init(row);
    row->claim = number;
    row->rest_fen = rest_fen;
    row->pending = pending && !nothing;
    row->clause = (char *)(uintptr_t)clause;
    if (nothing || pending)
        return;
    if (released)
        releasing_add(&r->releasing, &claim, excess);
    else
        r->cases[r->cases_count++] = (struct case_wanted){.claim = number,
                                                          .amount_fen = excess,
                                                          .kind = r->event.kind,
                                                          .document = r->event.document,
                                                          .clause = clause,
                                                          .case_ = r->event.case_};
}

static void
reducing_emit(struct reducing *r)
{
    if (r->event.n_rows == 0)
        return;
    jn_emit(r->d, LEDGER__EVENT__BODY_CLAIMS_REDUCED, &r->event);
    if (r->releasing.event.n_rows) {
        r->releasing.event.document = r->event.document;
        releasing_emit(&r->releasing);
    }
    for (size_t i = 0; i < r->cases_count; i++)
        case_open(r->d, &r->cases[i]);
}

/* ---- How the subsidy service moves it ---- */

enum jn_code
react_reassessed(struct jn_decision *d, const Subsidy__Reassessed *event, const struct jn_source *from)
{
    struct reducing r = {0};
    size_t count = 0;

    (void)from;
    for (size_t i = 0; i < event->n_rows; i++)
        count += event->rows[i]->n_taken;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__ReassessedRow *row = event->rows[i];

        for (size_t n = 0; n < row->n_taken; n++) {
            const Ledger__Claims *claims = claims_of(d->view, row->taken[n]->claim);

            if (!claims)
                continue; /* its settlement was of no use, and is told to the auditor */
            if (!r.claims || r.claims->first_claim != claims->first_claim) {
                if (r.claims)
                    reducing_emit(&r);
                reducing_open(&r, d, claims_of(d->view, row->taken[n]->claim), count);
                r.event.reassessment = event->reassessment;
                r.event.kind = event->fraud ? LEDGER__DEBT_KIND__DEBT_FRAUD : LEDGER__DEBT_KIND__DEBT_ERROR;
                r.event.document = event->document;
            }
            reduce(&r, row->taken[n]->claim, row->taken[n]->rest_fen, *row->clause ? row->clause : "2.12-e");
        }
    }
    if (r.claims)
        reducing_emit(&r);
    return JN_OK;
}

/* ---- A case was founded, or an objection upheld: nothing of the claims stays due ---- */

void
claims_undo(struct jn_decision *d, const uint64_t *claims, size_t count, const struct undoing *why)
{
    struct reducing r = {0};

    for (size_t i = 0; i < count; i++) {
        const Ledger__Claims *found = claims_of(d->view, claims[i]);

        if (!found)
            continue; /* its settlement was of no use, and is told to the auditor */
        if (!r.claims || r.claims->first_claim != found->first_claim) {
            if (r.claims)
                reducing_emit(&r);
            reducing_open(&r, d, claims_of(d->view, claims[i]), count - i);
            r.event.case_ = why->case_;
            r.event.objection = why->objection;
            r.event.kind = why->fraud ? LEDGER__DEBT_KIND__DEBT_FRAUD : LEDGER__DEBT_KIND__DEBT_ERROR;
            r.event.document = (char *)(uintptr_t)why->document;
        }
        reduce(&r, claims[i], 0, *why->clause ? why->clause : "2.12-e");
    }
    if (r.claims)
        reducing_emit(&r);
}

/* ---- What was pending ---- */

static void
meet(struct jn_decision *d, uint64_t claim)
{
    const Ledger__Reduction *reduction = reduction_get(d->view, claim);
    struct reducing r;

    if (!reduction)
        return;
    reducing_open(&r, d, claims_of(d->view, claim), 1);
    r.event.reassessment = reduction->reassessment;
    r.event.case_ = reduction->case_;
    r.event.objection = reduction->objection;
    r.event.kind = reduction->kind;
    r.event.document = reduction->document;
    reduce(&r, claim, reduction->rest_fen, reduction->clause);
    reducing_emit(&r);
}

void
reductions_meet(struct jn_decision *d, const uint64_t *claims, size_t count)
{
    for (size_t i = 0; i < count; i++)
        meet(d, claims[i]);
}

/* ---- What then happens ---- */

void
reduction_forget(struct jn_tables *t, uint64_t claim)
{
    if (claim_reduced(jn_view_of(t), claim))
        jn_delete(t, TABLE_REDUCTION, JN_KEY(claim));
}

void
apply_claims_reduced(struct jn_tables *t, const Ledger__ClaimsReduced *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__ReducedRow *from = event->rows[i];
        Ledger__Reduction row = LEDGER__REDUCTION__INIT;

        reduction_forget(t, from->claim);
        if (!from->pending)
            continue;
        row.rest_fen = from->rest_fen;
        row.kind = event->kind;
        row.document = event->document;
        row.clause = from->clause;
        row.reassessment = event->reassessment;
        row.case_ = event->case_;
        row.objection = event->objection;
        jn_put(t, TABLE_REDUCTION, JN_KEY(from->claim), &row);
    }
}

/* ---- The audit ---- */

static bool
audit_reduction(void *context, const struct jn_key *key, const void *value)
{
    struct auditing *a = context;
    const Ledger__Reduction *row = value;
    uint64_t number = jn_key_number(key, 0);
    const Ledger__Claims *claims = claims_of(a->view, number);
    struct claim claim = {.state = CLAIM_NONE};
    bool committed;

    if (claims)
        claim = claim_at(claims, number - claims->first_claim);
    committed = claim.state == CLAIM_COMMITTED || claim.state == CLAIM_FAILED;
    if (claim.state != CLAIM_INSTRUCTED && !(committed && claim_contradicted(a->view, number)))
        jn_finding(a->audit, "claim %llu waits to be reduced, and nothing keeps it", (unsigned long long)number);
    if (row->rest_fen < 0 || row->rest_fen >= claim.amount_fen)
        jn_finding(a->audit, "claim %llu is to be reduced to what it is, or more", (unsigned long long)number);
    return true;
}

void
audit_reductions(struct auditing *a)
{
    jn_scan(a->view, TABLE_REDUCTION, JN_KEY(0), 0, ROWS_MAX, audit_reduction, a);
}
