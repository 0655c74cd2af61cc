/* The bank (开户银行): what it says of the payment batches. What it sent back is sent again: resend.c. */
#include "ledger/paying.h"

#include <string.h>

/* ---- Decisions ---- */

struct answering {
    struct jn_decision *d;
    const Ledger__BatchFile *file;
    const Ledger__Claims *claims;
    bool *seen; /* by the row's place in the batch */
    Ledger__Paid paid;
    Ledger__Failed failed;
    Ledger__BankUndecided undecided;
    uint32_t undecided_before; /* said again, and nothing new */
    Ledger__Outcomes reply;
};

static void
answering_open(struct answering *a, struct jn_decision *d, const Ledger__BatchFile *file, size_t rows)
{
    *a = (struct answering){.d = d, .file = file};
    a->claims = claims_of(d->view, file->first_claim);
    a->seen = jn_take(d->view, file->n_place * sizeof(*a->seen));
    ledger__paid__init(&a->paid);
    ledger__failed__init(&a->failed);
    ledger__bank_undecided__init(&a->undecided);
    ledger__outcomes__init(&a->reply);
    a->paid.batch = a->failed.batch = a->undecided.batch = file->head->batch;
    a->paid.settlement = a->failed.settlement = file->settlement;
    a->paid.class_ = a->failed.class_ = file->head->class_;
    a->paid.division = a->failed.division = a->undecided.division = file->head->division;
    a->paid.day = a->undecided.day = d->today;
    a->paid.rows = jn_take(d->view, file->n_place * sizeof(*a->paid.rows));
    a->failed.rows = jn_take(d->view, file->n_place * sizeof(*a->failed.rows));
    a->undecided.rows = jn_take(d->view, file->n_place * sizeof(*a->undecided.rows));
    a->reply.refused = jn_take(d->view, rows * sizeof(*a->reply.refused));
    a->reply.disagreed = jn_take(d->view, rows * sizeof(*a->reply.disagreed));
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

static void
note_undecided(struct answering *a, uint64_t claim, const char *reason)
{
    const Ledger__UndecidedClaim *before = undecided_of(a->d->view, a->file->head->batch, claim);
    Ledger__UndecidedRow *row = jn_take(a->d->view, sizeof(*row));

    if (before && strcmp(before->reason, reason) == 0) {
        a->undecided_before++;
        return;
    }
    ledger__undecided_row__init(row);
    row->claim = claim;
    row->reason = (char *)(uintptr_t)reason;
    a->undecided.rows[a->undecided.n_rows++] = row;
}

/* A contradiction moves no money; what is new of it is told to the auditor. */
static enum jn_code
note_disagreement(struct answering *a, Ledger__Disagreement *disagreement)
{
    if (!disagreement_told(a->d->view, disagreement))
        a->reply.disagreed[a->reply.n_disagreed++] = disagreement;
    return disagreement_refuse(a->d, disagreement);
}

static enum jn_code
result_readable(struct jn_decision *d, const Ledger__BankResult *result)
{
    if (result->paid && result->unknown)
        return jn_refuse(d, JN_MALFORMED, "say either paid or unknown");
    if (result->unknown && *result->reason && !text_fits(result->reason, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "shorten the bank's words to %d bytes", TEXT_BYTES_MAX);
    if (!result->paid && !result->unknown && !text_fits(result->reason, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "say in 1 to %d bytes why it was not paid", TEXT_BYTES_MAX);
    return JN_OK;
}

static enum jn_code
answer_row(struct answering *a, const Ledger__BankResult *result)
{
    const Ledger__BatchFile *file = a->file;
    Ledger__Disagreement *disagreement;
    enum jn_code code;
    struct claim claim;
    size_t i = 0;

    while (i < file->n_place && a->claims->first_claim + file->place[i] != result->claim)
        i++;
    if (i == file->n_place)
        return jn_refuse(a->d, JN_NOT_FOUND, "the claim is not in this batch");
    if (a->seen[i])
        return jn_refuse(a->d, JN_MALFORMED, "the claim is named twice; name it once");
    code = result_readable(a->d, result);
    if (code != JN_OK)
        return code;
    claim = claim_at(a->claims, file->place[i]);
    if (claim.state != CLAIM_INSTRUCTED || claim.batch != file->head->batch) {
        a->seen[i] = true;
        disagreement = disagreement_of(a->d, file, &claim, result);
        if (disagreement)
            return note_disagreement(a, disagreement);
        return jn_refuse(a->d, JN_WRONG_STATE, "the bank has answered for it already: it is %s",
                         claim_state_name(claim.state));
    }

    /* Decided. */
    a->seen[i] = true;
    if (result->paid)
        note_paid(a, &claim);
    else if (result->unknown)
        note_undecided(a, claim.number, result->reason);
    else
        note_failed(a, &claim, result->reason);
    return JN_OK;
}

static void
refuse_row(struct answering *a, size_t row, enum jn_code code)
{
    a->reply.refused[a->reply.n_refused++] = jn_outcome(a->d, row, code, jn_row_reason(a->d));
}

static void
answer_rows(struct answering *a, const Ledger__RecordBankResults *cmd)
{
    for (size_t i = 0; i < cmd->n_rows; i++) {
        enum jn_code code;

        jn_row_begin(a->d);
        code = jn_row_end(a->d, answer_row(a, cmd->rows[i]));
        if (code != JN_OK)
            refuse_row(a, i, code);
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

static void
answering_emit(struct answering *a)
{
    if (a->paid.n_rows)
        payment_paid(a->d, &a->paid);
    if (a->failed.n_rows)
        jn_emit(a->d, LEDGER__EVENT__BODY_FAILED, &a->failed);
    for (size_t i = 0; i < a->failed.n_rows; i++)
        reductions_meet(a->d, &a->failed.rows[i]->claim, 1);
    if (a->undecided.n_rows)
        jn_emit(a->d, LEDGER__EVENT__BODY_BANK_UNDECIDED, &a->undecided);
    for (size_t i = 0; i < a->reply.n_disagreed; i++) {
        Ledger__BankDisagreed event = LEDGER__BANK_DISAGREED__INIT;

        event.what = a->reply.disagreed[i];
        jn_emit(a->d, LEDGER__EVENT__BODY_BANK_DISAGREED, &event);
    }
    a->reply.done += (uint32_t)(a->paid.n_rows + a->failed.n_rows + a->undecided.n_rows) + a->undecided_before;
    jn_reply(a->d, &a->reply.base);
}

/* An advance as a row of its batch, for the bank to contradict. */
static struct claim
advance_as_row(struct jn_decision *d, const Ledger__BatchFile *file)
{
    const Ledger__Advance *advance = advance_get(d->view, file->head->class_, file->fund, file->institution);
    struct claim row = {.institution = file->institution, .batch = advance->batch, .state = CLAIM_INSTRUCTED};

    if (advance->state != LEDGER__ADVANCE_STATE__SENT)
        row.state = advance->state == LEDGER__ADVANCE_STATE__RECEIVED ? CLAIM_PAID : CLAIM_FAILED;
    return row;
}

/* An advance's batch has one row, and no claim. */
static enum jn_code
answer_advance(struct jn_decision *d, const Ledger__RecordBankResults *cmd, const Ledger__BatchFile *file, bool open)
{
    struct answering a;
    Ledger__BankResult all = LEDGER__BANK_RESULT__INIT;
    const Ledger__BankResult *result = cmd->all ? &all : cmd->rows[0];
    struct claim row = advance_as_row(d, file);
    Ledger__Disagreement *disagreement;
    enum jn_code code;

    all.paid = true;
    if (!cmd->all && (cmd->n_rows != 1 || cmd->rows[0]->claim != 0))
        return jn_refuse(d, JN_MALFORMED,
                         "the batch is an advance (预拨): answer with all, or with one row whose claim is 0");
    code = result_readable(d, result);
    if (code != JN_OK)
        return code;
    answering_open(&a, d, file, 1);
    disagreement = open ? NULL : disagreement_of(d, file, &row, result);
    if (!open && !disagreement)
        return jn_refuse(d, JN_WRONG_STATE, "the bank has answered for every row of this batch already");

    /* Decided. */
    if (disagreement)
        refuse_row(&a, 0, note_disagreement(&a, disagreement));
    if (open && result->unknown)
        note_undecided(&a, 0, result->reason);
    if (open && !result->unknown) {
        a.reply.done = 1;
        advance_answer(d, file, result->paid, result->paid ? "" : result->reason);
    }
    answering_emit(&a);
    return JN_OK;
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

    answering_emit(&a);
    return JN_OK;
}

enum jn_code
decide_record_bank_results(struct jn_decision *d, const Ledger__RecordBankResults *cmd)
{
    const Ledger__BatchFile *file;
    enum jn_code code;
    bool open;

    if (cmd->all == (cmd->n_rows > 0))
        return jn_refuse(d, JN_MALFORMED, "say either that all was paid, or what came of each row");
    if (cmd->n_rows > JN_ROWS_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "at most %d rows in one command; split it", JN_ROWS_MAX);
    code = batch_of_caller(d, cmd->batch, &file, &open);
    if (code != JN_OK)
        return code;
    if (!batch_released(file))
        return jn_refuse(d, JN_WRONG_STATE, "2.12-c: batch %llu is %s: it is not the bank's before finance releases it",
                         (unsigned long long)cmd->batch, batch_state_name(file->head->state));
    if (!open && (cmd->all || file->head->amount_fen == 0))
        return jn_refuse(d, JN_WRONG_STATE, "the bank has answered for every row of this batch already");
    return file->head->advance ? answer_advance(d, cmd, file, open) : answer_claims(d, cmd, file);
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
    uint64_t *answered = jn_take(view, event->n_rows * sizeof(*answered));

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        size_t place = event->rows[i]->claim - claims->first_claim;
        struct claim claim = claim_at(claims, place);

        answered[i] = claim.number;
        claim.state = CLAIM_PAID;
        claim_set(view, claims, place, &claim);
        tally_add(&accounts, claim.fund, claim.account.division, tally_year(claim.account), claim_net(&claim));
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
    batch_answered(t, books, event->batch, answered, event->n_rows);
    books_close(t, books);
}

void
apply_failed(struct jn_tables *t, const Ledger__Failed *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = claims_take(t, event->rows[0]->claim);
    struct tally accounts = tally_open(view, event->n_rows);
    uint64_t *answered = jn_take(view, event->n_rows * sizeof(*answered));

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        size_t place = event->rows[i]->claim - claims->first_claim;
        struct claim claim = claim_at(claims, place);
        Ledger__Failure failure = LEDGER__FAILURE__INIT;

        answered[i] = claim.number;
        if (claim.setoff_fen > 0)
            setoff_drop(t, claims, place);
        claim.state = CLAIM_FAILED;
        claim_set(view, claims, place, &claim);
        tally_add(&accounts, claim.fund, claim.account.division, tally_year(claim.account), claim_net(&claim));
        count_in(books->failed, claim.amount_fen);
        failure.reason = event->rows[i]->reason;
        jn_put(t, TABLE_FAILURE, JN_KEY(claim.number), &failure);
    }
    claims_put(t, claims);
    accounts_post(t, books, &accounts, INSTRUCTED, COMMITTED);
    batch_answered(t, books, event->batch, answered, event->n_rows);
    books_close(t, books);
}
