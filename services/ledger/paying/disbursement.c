/* Disbursements (拨款): an instalment of a grant goes to the payee's bank as a claim does: in a payment batch, by maker
 * and checker, within limits, to nobody who is frozen or keeps what was obtained by fraud; 2.12-c, 2.12-e.
 *
 *   the disbursement   its money                                      then
 *   instructed         granted, and ordered: not open any more        withdrawn out of a draft, paid, failed
 *   paid               grant_paid, an instalment like any other
 *   failed             open again                                     resent, as far as it still is
 *   withdrawn          open again                                     over: the document may order it anew
 *
 * A document is one instalment of a grant, whichever way it is paid: that, and what is ordered, keeps it from being
 * paid twice. */
#include "ledger/paying/paying.h"

/* ---- Decisions: what goes to the bank ---- */

/* One that is new, or goes once more. */
struct order {
    uint64_t grant, disbursement;
    const Ledger__GrantRow *row;
    int64_t amount_fen;
    const char *document;
    Ledger__PoolShare **shares;
    size_t shares_count;
    Ledger__SetoffRow **setoffs;
    size_t setoffs_count;
    int64_t setoff_fen;
};

/* What its payee owes is taken off as it is off claims: for the same fund and division's account, of a pool source by
 * source. False where fraud stops it. */
static bool
take_off(struct jn_decision *d, struct order *order, struct claim claim)
{
    struct account own = {0, order->row->division, order->row->year, 0};

    order->setoffs = jn_take(d->view, SETOFFS_MAX * sizeof(*order->setoffs));
    if (order->shares_count == 0)
        return setoff_find(d, &claim, order->setoffs, &order->setoffs_count, &order->setoff_fen);
    for (size_t i = 0; i < order->shares_count; i++) {
        claim.fund = own.fund = order->shares[i]->fund;
        claim.account = own;
        claim.amount_fen = order->shares[i]->amount_fen;
        if (!setoff_find(d, &claim, order->setoffs, &order->setoffs_count, &order->setoff_fen))
            return false;
    }
    return true;
}

static struct claim
claim_of(const struct order *order)
{
    return (struct claim){.number = order->disbursement ? row_number(0, order->disbursement) : 0,
                          .institution = order->row->institution,
                          .amount_fen = order->amount_fen,
                          .payee = COMMON__PAYEE__PAYEE_INSTITUTION,
                          .fund = order->row->fund,
                          .account = grant_account(order->row)};
}

static enum jn_code
sendable(struct jn_decision *d, struct order *order)
{
    struct claim claim = claim_of(order);

    if (order->amount_fen > grant_open(order->row))
        return grant_too_much(d, order->row);
    if (order->row->n_payments + order->row->ordered >= GRANT_PAYMENTS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "a grant is paid in at most %d instalments", GRANT_PAYMENTS_MAX);
    if (!order->disbursement && order->row->n_disbursements == DISBURSEMENTS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "the grant was sent to the bank %d times; resend what failed",
                         DISBURSEMENTS_MAX);
    if (order->disbursement && claim_contradicted(d->view, claim.number))
        return jn_refuse(d, JN_REFUSED, "%s", obstacle_text(CLAIM_CONTRADICTED));
    if (claim_frozen(d->view, &claim))
        return jn_refuse(d, JN_REFUSED, "%s", obstacle_text(PAYEE_FROZEN));
    order->shares_count = grant_divide(d->view, order->row, order->amount_fen, &order->shares);
    if (!take_off(d, order, claim))
        return jn_refuse(d, JN_REFUSED, "%s", obstacle_text(PAYMENTS_STOPPED));
    return JN_OK;
}

/* Where debts take it all there is nothing for the bank to do: it has a batch of its own and is paid. */
static void
instruct(struct jn_decision *d, const struct order *order, uint64_t batch)
{
    Ledger__GrantInstructed event = LEDGER__GRANT_INSTRUCTED__INIT;

    event.disbursement = order->disbursement ? order->disbursement : jn_counter(d->view, COUNTER_DISBURSEMENTS) + 1;
    event.grant = order->grant;
    event.batch = batch;
    event.division = order->row->division;
    event.day = d->today;
    event.amount_fen = order->amount_fen;
    event.document = (char *)(uintptr_t)order->document;
    event.institution = order->row->institution;
    event.fund = order->row->fund;
    event.shares = order->shares;
    event.n_shares = order->shares_count;
    event.setoffs = order->setoffs;
    event.n_setoffs = order->setoffs_count;
    event.draft = order->setoff_fen < order->amount_fen;
    event.again = order->disbursement != 0;
    jn_emit(d, LEDGER__EVENT__BODY_GRANT_INSTRUCTED, &event);
    if (!event.draft)
        disbursement_paid(d, event.disbursement);
}

/* The batches that a command has begun, by division. */
struct sending {
    struct jn_decision *d;
    struct {
        uint32_t division;
        uint64_t batch;
    } begun[JN_ROWS_MAX];
    size_t count;
    uint64_t batches[JN_ROWS_MAX]; /* all of them, for the answer */
    size_t batches_count;
};

static uint64_t
batch_for(struct sending *s, const struct order *order, bool *begins)
{
    *begins = true;
    for (size_t i = 0; i < s->count && order->setoff_fen < order->amount_fen; i++) {
        if (s->begun[i].division != order->row->division)
            continue;
        *begins = false;
        return s->begun[i].batch;
    }
    return jn_counter(s->d->view, COUNTER_BATCHES) + 1;
}

static enum jn_code
to_bank(struct sending *s, struct order *order)
{
    enum jn_code code = sendable(s->d, order);
    uint64_t batch;
    bool begins;

    if (code != JN_OK)
        return code;

    /* Decided. */
    batch = batch_for(s, order, &begins);
    instruct(s->d, order, batch);
    if (!begins)
        return JN_OK;
    s->batches[s->batches_count++] = batch;
    if (order->setoff_fen < order->amount_fen) {
        s->begun[s->count].division = order->row->division;
        s->begun[s->count++].batch = batch;
    }
    return JN_OK;
}

/* The document has gone to the bank before. */
static enum jn_code
repeated(struct jn_decision *d, uint64_t disbursement, const Ledger__Disburse *row)
{
    const Ledger__DisbursementRow *known = disbursement_get(d->view, disbursement);

    if (known->amount_fen != row->amount_fen)
        return jn_refuse(d, JN_CONFLICT, "2.12-a: this document orders another amount of the grant; correct it");
    if (known->state == LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_FAILED)
        return jn_refuse(d, JN_WRONG_STATE, "the bank sent it back: %s; correct the payee, then resend it",
                         known->reason);
    return JN_OK;
}

static enum jn_code
disburse(struct sending *s, const Ledger__Disburse *row)
{
    struct jn_decision *d = s->d;
    struct order order = {.grant = row->grant, .amount_fen = row->amount_fen, .document = row->document};
    uint64_t known;

    if (row->amount_fen <= 0)
        return jn_refuse(d, JN_MALFORMED, "the amount must be more than nothing");
    if (!text_fits(row->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the payment's document, 1 to %d bytes", TEXT_BYTES_MAX);
    order.row = grant_get(d, row->grant);
    if (!order.row)
        return jn_refuse(d, JN_NOT_FOUND, "no grant has the number %llu", (unsigned long long)row->grant);
    known = disbursement_by(d->view, order.row, row->document);
    if (known)
        return repeated(d, known, row);
    if (grant_payment_of(order.row, row->document))
        return jn_refuse(d, JN_CONFLICT,
                         "2.12-a: this document was paid outside the bank's files; it is not paid twice");
    return to_bank(s, &order);
}

enum jn_code
decide_disburse_grants(struct jn_decision *d, const Ledger__DisburseGrants *cmd)
{
    Ledger__Disbursed reply = LEDGER__DISBURSED__INIT;
    struct sending *s = jn_take(d->view, sizeof(*s));
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, "name the grants and what is to be paid of each");

    if (code != JN_OK)
        return code;
    s->d = d;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, disburse(s, cmd->rows[i]));
    }
    reply.n_refused = bulk.refused_count;
    reply.refused = bulk.refused;
    reply.done = bulk.done;
    reply.n_batches = s->batches_count;
    reply.batches = s->batches;
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* ---- Decisions: once more ---- */

static enum jn_code
resend(struct sending *s, uint64_t disbursement)
{
    struct jn_decision *d = s->d;
    const Ledger__DisbursementRow *row = disbursement_get(d->view, disbursement);
    struct order order = {.disbursement = disbursement};

    if (row)
        order.row = grant_get(d, row->grant);
    if (!order.row)
        return jn_refuse(d, JN_NOT_FOUND, "no disbursement has the number %llu", (unsigned long long)disbursement);
    if (row->state != LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_FAILED)
        return jn_refuse(d, JN_WRONG_STATE, "nothing of it has failed and waits to be sent again");
    if (grant_payment_of(order.row, row->document))
        return jn_refuse(d, JN_WRONG_STATE, "2.12-a: its document was paid since, outside the bank's files");
    order.grant = row->grant;
    order.amount_fen = row->amount_fen;
    order.document = row->document;
    return to_bank(s, &order);
}

enum jn_code
disbursement_resend(struct jn_decision *d, const Ledger__BatchFile *file, uint64_t disbursement, uint64_t *batch)
{
    struct sending *s = jn_take(d->view, sizeof(*s));
    size_t rows = disbursement ? 1 : file->n_disbursement;
    enum jn_code code = JN_OK, first = JN_OK;

    s->d = d;
    if (disbursement) {
        code = resend(s, disbursement);
        *batch = code == JN_OK ? s->batches[0] : 0;
        return code;
    }
    for (size_t i = 0; i < rows; i++) {
        const Ledger__DisbursementRow *row = disbursement_get(d->view, file->disbursement[i]);

        if (row->state != LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_FAILED || row->batch != file->head->batch)
            continue;
        jn_row_begin(d);
        code = jn_row_end(d, resend(s, file->disbursement[i]));
        first = code == JN_OK ? first : code;
    }
    if (s->batches_count == 0 && first != JN_OK)
        return jn_refuse(d, first, "what failed of it cannot be sent: %s", jn_row_reason(d));
    if (s->batches_count == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing of it has failed and waits to be sent again");
    *batch = s->batches[s->batches_count - 1];
    return JN_OK;
}

/* ---- What then happens ---- */

static void
note_new(struct jn_tables *t, Ledger__GrantRow *grant, uint64_t disbursement)
{
    uint64_t *all = jn_take(jn_view_of(t), (grant->n_disbursements + 1) * sizeof(*all));

    for (size_t i = 0; i < grant->n_disbursements; i++)
        all[i] = grant->disbursements[i];
    all[grant->n_disbursements++] = disbursement;
    grant->disbursements = all;
    jn_counter_set(t, COUNTER_DISBURSEMENTS, disbursement);
}

/* Behind the others of its batch, or the first of a new one. */
static void
join_batch(struct jn_tables *t, Ledger__Books *books, const Ledger__GrantInstructed *event, int64_t sent_fen)
{
    const struct jn_view *view = jn_view_of(t);
    const Ledger__BatchFile *old = jn_get(view, TABLE_BATCH_OPEN, JN_KEY(event->batch));
    Ledger__BatchFile file = LEDGER__BATCH_FILE__INIT;
    Ledger__BatchShort head = LEDGER__BATCH_SHORT__INIT;
    uint64_t *rows;

    if (old) {
        file = *old;
        head = *old->head;
    } else {
        head.batch = event->batch;
        head.division = event->division;
        head.day = event->day;
        head.grants = true;
        head.state = event->draft ? LEDGER__BATCH_STATE__DRAFT : LEDGER__BATCH_STATE__RELEASED;
    }
    rows = jn_take(view, (file.n_disbursement + 1) * sizeof(*rows));
    for (size_t i = 0; i < file.n_disbursement; i++)
        rows[i] = file.disbursement[i];
    rows[file.n_disbursement++] = event->disbursement;
    file.disbursement = rows;
    file.head = &head;
    file.open++;
    head.rows++;
    head.amount_fen += sent_fen;
    if (old)
        batch_replace(t, books, &file);
    else
        batch_put(t, books, &file);
}

void
apply_grant_instructed(struct jn_tables *t, const Ledger__GrantInstructed *event, const struct jn_stamp *stamp)
{
    Ledger__GrantRow *grant = grant_take(t, event->grant);
    Ledger__DisbursementRow row = LEDGER__DISBURSEMENT_ROW__INIT;
    Ledger__Books *books = books_open(t);

    (void)stamp;
    if (!event->again)
        note_new(t, grant, event->disbursement);
    grant_order(grant, event->amount_fen, event->n_shares, event->shares, 1);
    row.grant = event->grant;
    row.amount_fen = event->amount_fen;
    row.document = event->document;
    row.day = event->day;
    row.state = LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_INSTRUCTED;
    row.batch = event->batch;
    row.n_shares = event->n_shares;
    row.shares = event->shares;
    for (size_t i = 0; i < event->n_setoffs; i++) {
        setoff_note(t, row_number(0, event->disbursement), event->setoffs[i]);
        row.setoff_fen += event->setoffs[i]->amount_fen;
    }
    jn_put(t, TABLE_DISBURSEMENT, JN_KEY(event->disbursement), &row);
    jn_put(t, TABLE_GRANT, JN_KEY(event->grant), grant);
    join_batch(t, books, event, event->amount_fen - row.setoff_fen);
    books_close(t, books);
}
