/* The bank (开户银行): what it says of the payment batches, and what is sent to it once more. */
#include "ledger/ledger.h"

#include <string.h>

/* ---- Decisions: what the bank says ---- */

struct answering {
    struct jn_decision *d;
    const Ledger__BatchFile *file;
    const Ledger__Claims *claims;
    bool *seen; /* by the row's place in the batch */
    Ledger__Paid paid;
    Ledger__Failed failed;
    Ledger__Outcomes reply;
};

static void
answering_open(struct answering *a, struct jn_decision *d, const Ledger__BatchFile *file, size_t rows)
{
    a->d = d;
    a->file = file;
    a->claims = claims_of(d->view, file->first_claim);
    a->seen = jn_take(d->view, file->n_place * sizeof(*a->seen));
    ledger__paid__init(&a->paid);
    ledger__failed__init(&a->failed);
    ledger__outcomes__init(&a->reply);
    a->paid.batch = a->failed.batch = file->head->batch;
    a->paid.settlement = a->failed.settlement = file->settlement;
    a->paid.class_ = a->failed.class_ = file->head->class_;
    a->paid.division = a->failed.division = file->head->division;
    a->paid.day = d->today;
    a->paid.rows = jn_take(d->view, file->n_place * sizeof(*a->paid.rows));
    a->failed.rows = jn_take(d->view, file->n_place * sizeof(*a->failed.rows));
    a->reply.refused = jn_take(d->view, rows * sizeof(*a->reply.refused));
}

static void
note_paid(struct answering *a, const struct claim *claim)
{
    Ledger__PaidRow *row = jn_take(a->d->view, sizeof(*row));

    ledger__paid_row__init(row);
    row->claim = claim->number;
    row->amount_fen = claim->amount_fen;
    row->fund = claim->fund;
    row->item = claim->item;
    a->paid.rows[a->paid.n_rows++] = row;
}

static void
note_failed(struct answering *a, const struct claim *claim, const char *reason)
{
    Ledger__FailedRow *row = jn_take(a->d->view, sizeof(*row));

    ledger__failed_row__init(row);
    row->claim = claim->number;
    row->reason = (char *)(uintptr_t)reason;
    a->failed.rows[a->failed.n_rows++] = row;
}

static bool
reason_fits(const char *reason)
{
    size_t length = strnlen(reason, TEXT_BYTES_MAX + 1);

    return length >= 1 && length <= TEXT_BYTES_MAX;
}

static enum jn_code
answer_row(struct answering *a, const Ledger__BankResult *result)
{
    const Ledger__BatchFile *file = a->file;
    struct claim claim;
    size_t i = 0;

    while (i < file->n_place && a->claims->first_claim + file->place[i] != result->claim)
        i++;
    if (i == file->n_place)
        return jn_refuse(a->d, JN_NOT_FOUND, "the claim is not in this batch");
    if (a->seen[i])
        return jn_refuse(a->d, JN_MALFORMED, "the claim is named twice; name it once");
    if (!result->paid && !reason_fits(result->reason))
        return jn_refuse(a->d, JN_MALFORMED, "say in 1 to %d bytes why it was not paid", TEXT_BYTES_MAX);
    claim = claim_at(a->claims, file->place[i]);
    if (claim.state != CLAIM_INSTRUCTED || claim.batch != file->head->batch)
        return jn_refuse(a->d, JN_WRONG_STATE, "the bank has answered for it already: it is %s",
                         claim_state_name(claim.state));

    /* Decided. */
    a->seen[i] = true;
    if (result->paid)
        note_paid(a, &claim);
    else
        note_failed(a, &claim, result->reason);
    return JN_OK;
}

static void
answer_rows(struct answering *a, const Ledger__RecordBankResults *cmd)
{
    for (size_t i = 0; i < cmd->n_rows; i++) {
        Common__Outcome *refused;
        enum jn_code code;

        jn_row_begin(a->d);
        code = jn_row_end(a->d, answer_row(a, cmd->rows[i]));
        if (code == JN_OK)
            continue;
        refused = jn_take(a->d->view, sizeof(*refused));
        common__outcome__init(refused);
        refused->row = (uint32_t)i;
        refused->code = (uint32_t)code;
        refused->reason = (char *)(uintptr_t)jn_row_reason(a->d);
        a->reply.refused[a->reply.n_refused++] = refused;
    }
}

static void
answer_all(struct answering *a)
{
    for (size_t i = 0; i < a->file->n_place; i++) {
        struct claim claim = claim_at(a->claims, a->file->place[i]);

        if (claim.state == CLAIM_INSTRUCTED && claim.batch == a->file->head->batch)
            note_paid(a, &claim);
    }
}

/* An advance's batch has one row, and no claim. */
static enum jn_code
answer_advance(struct jn_decision *d, const Ledger__RecordBankResults *cmd, const Ledger__BatchFile *file)
{
    Ledger__Outcomes reply = LEDGER__OUTCOMES__INIT;
    bool paid = cmd->all || cmd->rows[0]->paid;

    if (!cmd->all && (cmd->n_rows != 1 || cmd->rows[0]->claim != 0))
        return jn_refuse(d, JN_MALFORMED,
                         "the batch is an advance (预拨): answer with all, or with one row whose claim is 0");
    if (!paid && !reason_fits(cmd->rows[0]->reason))
        return jn_refuse(d, JN_MALFORMED, "say in 1 to %d bytes why it was not paid", TEXT_BYTES_MAX);

    /* Decided. */
    reply.done = 1;
    jn_reply(d, &reply.base);
    return advance_answer(d, file, paid, paid ? "" : cmd->rows[0]->reason);
}

static enum jn_code
answer_claims(struct jn_decision *d, const Ledger__RecordBankResults *cmd, const Ledger__BatchFile *file)
{
    struct answering a;

    answering_open(&a, d, file, cmd->n_rows);
    if (cmd->all)
        answer_all(&a);
    else
        answer_rows(&a, cmd);

    /* Decided. */
    if (a.paid.n_rows)
        payment_paid(d, &a.paid);
    if (a.failed.n_rows)
        jn_emit(d, LEDGER__EVENT__BODY_FAILED, &a.failed);
    a.reply.done = (uint32_t)(a.paid.n_rows + a.failed.n_rows);
    jn_reply(d, &a.reply.base);
    return JN_OK;
}

enum jn_code
decide_record_bank_results(struct jn_decision *d, const Ledger__RecordBankResults *cmd)
{
    const Ledger__BatchFile *file;
    bool open;

    if (cmd->all == (cmd->n_rows > 0))
        return jn_refuse(d, JN_MALFORMED, "say either that all was paid, or what came of each row");
    if (cmd->n_rows > JN_ROWS_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "at most %d rows in one command; split it", JN_ROWS_MAX);
    file = batch_find(d->view, cmd->batch, &open);
    if (!file || !jn_in_scope_division(d->who, file->head->division))
        return jn_refuse(d, JN_NOT_FOUND, "no batch has the number %llu", (unsigned long long)cmd->batch);
    if (!open)
        return jn_refuse(d, JN_WRONG_STATE, "the bank has answered for every row of this batch already");
    return file->head->advance ? answer_advance(d, cmd, file) : answer_claims(d, cmd, file);
}

/* ---- Decisions: once more ---- */

static enum jn_code
resend_claims(struct jn_decision *d, const Ledger__Claims *claims, const size_t *places, size_t count, uint64_t *batch)
{
    size_t *ready = jn_take(d->view, count * sizeof(*ready)), ready_count = 0, held = 0, stopped = 0;

    for (size_t i = 0; i < count; i++) {
        struct claim claim = claim_at(claims, places[i]);

        if (claim.state != CLAIM_FAILED || (*batch && claim.batch != *batch))
            continue;
        if (claim.held)
            held++;
        else if (recovery_stops(d->view, &claim, d->today))
            stopped++;
        else
            ready[ready_count++] = places[i];
    }
    if (ready_count == 0 && held > 0)
        return jn_refuse(d, JN_REFUSED, "a reviewer holds what failed; 2.12-e");
    if (ready_count == 0 && stopped > 0)
        return jn_refuse(d, JN_REFUSED,
                         "2.12-e: payments to the payee are stopped until what was obtained by fraud is paid back");
    if (ready_count == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing of it has failed and waits to be sent again");

    /* Decided. */
    *batch = payment_instruct(d, claims, ready, ready_count);
    return JN_OK;
}

static enum jn_code
resend_batch(struct jn_decision *d, uint64_t *batch)
{
    bool open;
    const Ledger__BatchFile *file = batch_find(d->view, *batch, &open);
    size_t *places;

    if (!file || !jn_in_scope_division(d->who, file->head->division))
        return jn_refuse(d, JN_NOT_FOUND, "no batch has the number %llu", (unsigned long long)*batch);
    if (file->head->advance)
        return advance_resend(d, file, batch);
    places = jn_take(d->view, file->n_place * sizeof(*places));
    for (size_t i = 0; i < file->n_place; i++)
        places[i] = file->place[i];
    return resend_claims(d, claims_of(d->view, file->first_claim), places, file->n_place, batch);
}

static enum jn_code
resend_claim(struct jn_decision *d, uint64_t number, uint64_t *batch)
{
    const Ledger__Claims *claims = claims_of(d->view, number);
    size_t place;

    if (!claims || !jn_in_scope_division(d->who, claims->division))
        return jn_refuse(d, JN_NOT_FOUND, "claim %llu has not been settled", (unsigned long long)number);
    place = number - claims->first_claim;
    return resend_claims(d, claims, &place, 1, batch);
}

enum jn_code
decide_resend(struct jn_decision *d, const Ledger__Resend *cmd)
{
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    uint64_t batch = cmd->batch;
    enum jn_code code;

    if ((cmd->batch == 0) == (cmd->claim == 0))
        return jn_refuse(d, JN_MALFORMED, "name a batch or a claim, one of the two");
    code = cmd->batch ? resend_batch(d, &batch) : resend_claim(d, cmd->claim, &batch);
    if (code != JN_OK)
        return code;
    reply.number = batch;
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* ---- What then happens ---- */

void
apply_paid(struct jn_tables *t, const Ledger__Paid *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = claims_take(t, event->rows[0]->claim);
    struct tally accounts = tally_open(view, event->n_rows), advances = tally_open(view, event->n_rows),
                 uses = tally_open(view, event->n_rows);

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        size_t place = event->rows[i]->claim - claims->first_claim;
        struct claim claim = claim_at(claims, place);

        claim.state = CLAIM_PAID;
        claim_set(view, claims, place, &claim);
        tally_add(&accounts, claim.fund, claim.account.division, claim.account.year, claim_net(&claim));
        tally_add(&uses, claim.fund, claim.item, claim.institution, claim.amount_fen);
        if (claim.offset_fen)
            tally_add(&advances, claims->class_, claim.fund, claim.institution, claim.offset_fen);
        count_out(books->committed, claim.amount_fen);
        books->offset_fen -= claim.offset_fen;
    }
    claims_put(t, claims);
    accounts_post(t, books, &accounts, INSTRUCTED, PAID);
    advances_paid_out(t, books, &advances);
    statement_paid(t, books, event->division, &uses);
    batch_answered(t, books, event->batch, event->n_rows);
    books_close(t, books);
}

void
apply_failed(struct jn_tables *t, const Ledger__Failed *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = claims_take(t, event->rows[0]->claim);
    struct tally accounts = tally_open(view, event->n_rows);

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        size_t place = event->rows[i]->claim - claims->first_claim;
        struct claim claim = claim_at(claims, place);
        Ledger__Failure failure = LEDGER__FAILURE__INIT;

        if (claim.setoff_fen > 0)
            setoff_drop(t, claims, place);
        claim.state = CLAIM_FAILED;
        claim_set(view, claims, place, &claim);
        tally_add(&accounts, claim.fund, claim.account.division, claim.account.year, claim_net(&claim));
        count_in(books->failed, claim.amount_fen);
        failure.reason = event->rows[i]->reason;
        jn_put(t, TABLE_FAILURE, JN_KEY(claim.number), &failure);
    }
    claims_put(t, claims);
    accounts_post(t, books, &accounts, INSTRUCTED, COMMITTED);
    batch_answered(t, books, event->batch, event->n_rows);
    books_close(t, books);
}
