/* Disbursements (拨款) as rows of their batches: what the bank says of them, what leaves a draft, and what is told of
 * them. How they get there: disbursement.c. */
#include "ledger/paying/paying.h"

#include <string.h>

/* ---- Rows of batches ---- */

/* Behind all claims. */
#define DISBURSEMENT_BIT (UINT64_C(1) << 62)

uint64_t
row_number(uint64_t claim, uint64_t disbursement)
{
    return disbursement ? DISBURSEMENT_BIT | disbursement : claim;
}

uint64_t
row_claim(uint64_t number)
{
    return number & DISBURSEMENT_BIT ? 0 : number;
}

uint64_t
row_disbursement(uint64_t number)
{
    return number & DISBURSEMENT_BIT ? number & ~DISBURSEMENT_BIT : 0;
}

/* ---- Tables ---- */

const Ledger__DisbursementRow *
disbursement_get(const struct jn_view *view, uint64_t disbursement)
{
    return jn_get(view, TABLE_DISBURSEMENT, JN_KEY(disbursement));
}

static enum claim_state
state_of(const Ledger__DisbursementRow *row)
{
    switch (row->state) {
    case LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_INSTRUCTED:
        return CLAIM_INSTRUCTED;
    case LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_PAID:
        return CLAIM_PAID;
    case LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_FAILED:
        return CLAIM_FAILED;
    case LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_WITHDRAWN:
        return CLAIM_RELEASED;
    case LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_STATE_UNSPECIFIED:
    case _LEDGER__DISBURSEMENT_STATE_IS_INT_SIZE:
        break;
    }
    return CLAIM_NONE;
}

struct claim
disbursement_claim(const struct jn_view *view, uint64_t disbursement, const Ledger__DisbursementRow *row)
{
    const Ledger__GrantRow *grant = jn_get(view, TABLE_GRANT, JN_KEY(row->grant));

    JN_ASSERT(grant);
    return (struct claim){.number = row_number(0, disbursement),
                          .institution = grant->institution,
                          .amount_fen = row->amount_fen,
                          .setoff_fen = row->setoff_fen,
                          .payee = COMMON__PAYEE__PAYEE_INSTITUTION,
                          .fund = grant->fund,
                          .account = grant_account(grant),
                          .state = state_of(row),
                          .approved = true,
                          .batch = row->batch};
}

uint64_t
disbursement_by(const struct jn_view *view, const Ledger__GrantRow *grant, const char *document)
{
    for (size_t i = grant->n_disbursements; i > 0; i--) {
        const Ledger__DisbursementRow *row = disbursement_get(view, grant->disbursements[i - 1]);

        if (row->state != LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_WITHDRAWN && strcmp(row->document, document) == 0)
            return grant->disbursements[i - 1];
    }
    return 0;
}

/* ---- Decisions: what the bank says ---- */

void
disbursement_paid(struct jn_decision *d, uint64_t disbursement)
{
    const Ledger__DisbursementRow *row = disbursement_get(d->view, disbursement);
    struct claim claim = disbursement_claim(d->view, disbursement, row);

    grant_paid(d, &(struct instalment){.grant = row->grant,
                                       .amount_fen = row->amount_fen,
                                       .day = d->today,
                                       .document = row->document,
                                       .disbursement = disbursement,
                                       .batch = row->batch,
                                       .shares = row->shares,
                                       .shares_count = row->n_shares});
    if (claim.setoff_fen > 0)
        setoff_return(d, &claim);
}

void
disbursements_failed(struct jn_decision *d, const Ledger__BatchFile *file, const Ledger__Failed *failed)
{
    Ledger__GrantsFailed event = LEDGER__GRANTS_FAILED__INIT;

    event.batch = file->head->batch;
    event.division = file->head->division;
    event.rows = jn_take(d->view, failed->n_rows * sizeof(*event.rows));
    for (size_t i = 0; i < failed->n_rows; i++) {
        Ledger__GrantFailedRow *row = jn_take(d->view, sizeof(*row));

        ledger__grant_failed_row__init(row);
        row->disbursement = row_disbursement(failed->rows[i]->claim);
        row->reason = failed->rows[i]->reason;
        event.rows[event.n_rows++] = row;
    }
    jn_emit(d, LEDGER__EVENT__BODY_GRANTS_FAILED, &event);
}

/* ---- Decisions: what leaves a draft ---- */

static enum jn_code
withdraw(struct jn_decision *d, const Ledger__BatchFile *file, uint64_t disbursement, bool *seen,
         Ledger__GrantsWithdrawn *event)
{
    Ledger__GrantWithdrawnRow *row;
    enum obstacle obstacle;
    struct claim claim;
    size_t i = 0;

    while (i < file->n_disbursement && file->disbursement[i] != disbursement)
        i++;
    if (i == file->n_disbursement)
        return jn_refuse(d, JN_NOT_FOUND, "the disbursement is not in this batch");
    if (seen[i])
        return jn_refuse(d, JN_MALFORMED, "the disbursement is named twice; name it once");
    claim = batch_claim(d->view, file, NULL, i);
    obstacle = claim_obstacle(d, &claim);
    if (obstacle == NO_OBSTACLE)
        return jn_refuse(d, JN_WRONG_STATE, "nothing keeps the disbursement back; it is paid with its batch");

    /* Decided. */
    seen[i] = true;
    row = jn_take(d->view, sizeof(*row));
    ledger__grant_withdrawn_row__init(row);
    row->disbursement = disbursement;
    row->why = (char *)(uintptr_t)obstacle_text(obstacle);
    row->failed = obstacle == CLAIM_CONTRADICTED;
    event->rows[event->n_rows++] = row;
    return JN_OK;
}

enum jn_code
disbursements_withdraw(struct jn_decision *d, const Ledger__WithdrawClaims *cmd, const Ledger__BatchFile *file)
{
    Ledger__GrantsWithdrawn event = LEDGER__GRANTS_WITHDRAWN__INIT;
    bool *seen = jn_take(d->view, file->n_disbursement * sizeof(*seen));
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_disbursements, "name the disbursements to be withdrawn");

    if (code != JN_OK)
        return code;
    event.rows = jn_take(d->view, cmd->n_disbursements * sizeof(*event.rows));
    for (size_t i = 0; i < cmd->n_disbursements; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, withdraw(d, file, cmd->disbursements[i], seen, &event));
    }

    /* Decided. */
    event.batch = cmd->batch;
    event.division = file->head->division;
    event.by = (char *)(uintptr_t)d->who->name;
    if (event.n_rows > 0)
        jn_emit(d, LEDGER__EVENT__BODY_GRANTS_WITHDRAWN, &event);
    return bulk_reply(&bulk);
}

/* ---- What then happens ---- */

static Ledger__DisbursementRow *
row_take(struct jn_tables *t, uint64_t disbursement)
{
    const Ledger__DisbursementRow *row = disbursement_get(jn_view_of(t), disbursement);

    JN_ASSERT(row && row->state == LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_INSTRUCTED);
    return (Ledger__DisbursementRow *)(uintptr_t)row;
}

void
disbursement_settle(struct jn_tables *t, Ledger__Books *books, Ledger__GrantRow *grant, const Ledger__GrantPaid *event)
{
    Ledger__DisbursementRow *row = row_take(t, event->disbursement);

    grant_order(grant, -row->amount_fen, row->n_shares, row->shares, -1);
    row->state = LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_PAID;
    jn_put(t, TABLE_DISBURSEMENT, JN_KEY(event->disbursement), row);
    batch_answered(t, books, event->batch, &(uint64_t){row_number(0, event->disbursement)}, 1);
}

/* What it was to pay is open again, what was taken off it is owed as before. */
static void
undo(struct jn_tables *t, uint64_t disbursement, Ledger__DisbursementRow *row)
{
    Ledger__GrantRow *grant = grant_take(t, row->grant);

    grant_order(grant, -row->amount_fen, row->n_shares, row->shares, -1);
    jn_put(t, TABLE_GRANT, JN_KEY(row->grant), grant);
    if (row->setoff_fen > 0)
        setoffs_forget(t, row_number(0, disbursement));
    row->setoff_fen = 0;
    jn_put(t, TABLE_DISBURSEMENT, JN_KEY(disbursement), row);
}

void
apply_grants_failed(struct jn_tables *t, const Ledger__GrantsFailed *event, const struct jn_stamp *stamp)
{
    Ledger__Books *books = books_open(t);
    uint64_t *answered = jn_take(jn_view_of(t), event->n_rows * sizeof(*answered));

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        uint64_t disbursement = event->rows[i]->disbursement;
        Ledger__DisbursementRow *row = row_take(t, disbursement);

        answered[i] = row_number(0, disbursement);
        row->state = LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_FAILED;
        row->reason = event->rows[i]->reason;
        undo(t, disbursement, row);
    }
    batch_answered(t, books, event->batch, answered, event->n_rows);
    books_close(t, books);
}

static void
take_out(Ledger__BatchFile *file, uint64_t disbursement, int64_t sent_fen)
{
    size_t kept = 0;

    for (size_t i = 0; i < file->n_disbursement; i++) {
        if (file->disbursement[i] != disbursement)
            file->disbursement[kept++] = file->disbursement[i];
    }
    JN_ASSERT(kept + 1 == file->n_disbursement);
    file->n_disbursement = kept;
    file->open--;
    file->head->rows--;
    file->head->amount_fen -= sent_fen;
}

void
apply_grants_withdrawn(struct jn_tables *t, const Ledger__GrantsWithdrawn *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    const Ledger__BatchFile *old = jn_get(view, TABLE_BATCH_OPEN, JN_KEY(event->batch));
    Ledger__Books *books = books_open(t);
    Ledger__BatchFile file;
    Ledger__BatchShort head;

    (void)stamp;
    JN_ASSERT(old && old->head->state == LEDGER__BATCH_STATE__DRAFT);
    file = *old;
    head = *old->head;
    file.head = &head;
    for (size_t i = 0; i < event->n_rows; i++) {
        uint64_t disbursement = event->rows[i]->disbursement;
        Ledger__DisbursementRow *row = row_take(t, disbursement);

        take_out(&file, disbursement, row->amount_fen - row->setoff_fen);
        row->state = event->rows[i]->failed ? LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_FAILED
                                            : LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_WITHDRAWN;
        row->reason = event->rows[i]->why;
        row->batch = 0;
        undo(t, disbursement, row);
    }
    if (file.open == 0)
        head.state = LEDGER__BATCH_STATE__VOID;
    batch_replace(t, books, &file);
    books_close(t, books);
}

/* ---- What is told ---- */

static const char *
state_name(const struct claim *claim)
{
    return claim->state == CLAIM_RELEASED ? "withdrawn" : claim_state_name(claim->state);
}

void
disbursements_told(struct jn_decision *d, const Ledger__GrantRow *grant, Ledger__GrantView *view)
{
    view->disbursements = jn_take(d->view, grant->n_disbursements * sizeof(*view->disbursements));
    for (size_t i = 0; i < grant->n_disbursements; i++) {
        const Ledger__DisbursementRow *row = disbursement_get(d->view, grant->disbursements[i]);
        struct claim claim = disbursement_claim(d->view, grant->disbursements[i], row);
        Ledger__DisbursementView *out = jn_take(d->view, sizeof(*out));

        ledger__disbursement_view__init(out);
        out->disbursement = grant->disbursements[i];
        out->amount_fen = row->amount_fen;
        out->setoff_fen = row->setoff_fen;
        out->document = row->document;
        out->state = (char *)(uintptr_t)state_name(&claim);
        out->batch = row->batch;
        out->reason = row->reason;
        out->day = row->day;
        view->disbursements[view->n_disbursements++] = out;
    }
}
