/* The bank (开户银行): what it says of the payment batches. What it sent back is sent again: resend.c. */
#include "ledger/accounts/books.h"
#include "ledger/paying/paying.h"

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
    Ledger__Booked booked;
    uint32_t noted; /* rows of which nothing but this is new: it is undecided still, or has a booking reference */
    Ledger__Outcomes reply;
};

static void
answering_open(struct answering *a, struct jn_decision *d, const Ledger__BatchFile *file, size_t rows)
{
    *a = (struct answering){.d = d, .file = file};
    a->claims = batch_claims(d->view, file);
    a->seen = jn_take(d->view, batch_rows(file) * sizeof(*a->seen));
    ledger__paid__init(&a->paid);
    ledger__failed__init(&a->failed);
    ledger__bank_undecided__init(&a->undecided);
    ledger__booked__init(&a->booked);
    ledger__outcomes__init(&a->reply);
    a->paid.batch = a->failed.batch = a->undecided.batch = a->booked.batch = file->head->batch;
    a->paid.settlement = a->failed.settlement = file->settlement;
    a->paid.class_ = a->failed.class_ = file->head->class_;
    a->paid.division = a->failed.division = a->undecided.division = a->booked.division = file->head->division;
    a->paid.day = a->undecided.day = a->booked.day = d->today;
    a->paid.rows = jn_take(d->view, batch_rows(file) * sizeof(*a->paid.rows));
    a->failed.rows = jn_take(d->view, batch_rows(file) * sizeof(*a->failed.rows));
    a->undecided.rows = jn_take(d->view, (batch_rows(file) + 1) * sizeof(*a->undecided.rows));
    a->booked.rows = jn_take(d->view, rows * sizeof(*a->booked.rows));
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
note_undecided(struct answering *a, uint64_t number, const char *reason)
{
    const Ledger__UndecidedClaim *before = undecided_of(a->d->view, a->file->head->batch, number);
    Ledger__UndecidedRow *row = jn_take(a->d->view, sizeof(*row));

    if (before && strcmp(before->reason, reason) == 0) {
        a->noted++;
        return;
    }
    ledger__undecided_row__init(row);
    row->claim = row_claim(number);
    row->disbursement = row_disbursement(number);
    row->reason = (char *)(uintptr_t)reason;
    a->undecided.rows[a->undecided.n_rows++] = row;
}

/* A contradiction moves no money; what is new of it is told to the auditor: another booking always is. */
static enum jn_code
note_disagreement(struct answering *a, Ledger__Disagreement *disagreement)
{
    if (disagreement->n_bookings > 0 || !disagreement_told(a->d->view, disagreement))
        a->reply.disagreed[a->reply.n_disagreed++] = disagreement;
    return disagreement_refuse(a->d, disagreement);
}

static void
note_booked(struct answering *a, const Ledger__BookedRow *news)
{
    a->booked.rows[a->booked.n_rows++] = (Ledger__BookedRow *)(uintptr_t)news;
}

static enum jn_code
result_readable(struct jn_decision *d, const Ledger__BankResult *result)
{
    if (result->paid && result->unknown)
        return jn_refuse(d, JN_MALFORMED, "say either paid or unknown");
    if (booking_fault(result))
        return jn_refuse(d, JN_MALFORMED, "%s", booking_fault(result));
    if (result->unknown && *result->reason && !text_fits(result->reason, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "shorten the bank's words to %d bytes", TEXT_BYTES_MAX);
    if (!result->paid && !result->unknown && !text_fits(result->reason, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "say in 1 to %d bytes why it was not paid", TEXT_BYTES_MAX);
    return JN_OK;
}

/* It was answered for before: what is new of it is a booking, or a contradiction. */
static enum jn_code
answer_again(struct answering *a, const struct claim *claim, const Ledger__BankResult *result,
             const Ledger__BookedRow *news)
{
    Ledger__Disagreement *disagreement;

    if (news) {
        note_booked(a, news);
        disagreement = disagreement_booked(a->d, a->file, claim, result, news);
        a->noted += disagreement ? 0 : 1;
        return disagreement ? note_disagreement(a, disagreement) : JN_OK;
    }
    /* Bookings that are all known say nothing that was not judged when they came. */
    disagreement = result->n_booked + result->n_returned > 0
                       ? disagreement_standing(a->d->view, a->file->head->batch, claim->number)
                       : disagreement_of(a->d, a->file, claim, result);
    if (disagreement)
        return note_disagreement(a, disagreement);
    return jn_refuse(a->d, JN_WRONG_STATE, "the bank has answered for it already: it is %s",
                     claim_state_name(claim->state));
}

/* What it is from now on; the bank may have booked it twice at once. */
static void
answer_first(struct answering *a, struct claim claim, const Ledger__BankResult *result, const Ledger__BookedRow *news)
{
    Ledger__Disagreement *disagreement;

    if (!news)
        return;
    note_booked(a, news);
    claim.state = result->paid ? CLAIM_PAID : CLAIM_FAILED;
    disagreement = disagreement_booked(a->d, a->file, &claim, result, news);
    if (disagreement)
        a->reply.disagreed[a->reply.n_disagreed++] = disagreement;
}

static enum jn_code
answer_row(struct answering *a, const Ledger__BankResult *result)
{
    const Ledger__BatchFile *file = a->file;
    uint64_t number = row_number(result->claim, result->disbursement);
    const Ledger__BookedRow *news;
    enum jn_code code;
    struct claim claim;
    size_t i = 0;

    while (i < batch_rows(file) && batch_number(file, i) != number)
        i++;
    if (i == batch_rows(file))
        return jn_refuse(a->d, JN_NOT_FOUND, "the %s is not in this batch",
                         result->disbursement ? "disbursement" : "claim");
    if (a->seen[i])
        return jn_refuse(a->d, JN_MALFORMED, "the %s is named twice; name it once",
                         result->disbursement ? "disbursement" : "claim");
    code = result_readable(a->d, result);
    if (code == JN_OK)
        code = booking_news(a->d, file->head->batch, result, &news);
    if (code != JN_OK)
        return code;
    a->seen[i] = true;
    claim = batch_claim(a->d->view, file, a->claims, i);
    if (claim.state != CLAIM_INSTRUCTED || claim.batch != file->head->batch)
        return answer_again(a, &claim, result, news);

    /* Decided. */
    if (result->paid)
        note_paid(a, &claim);
    else if (result->unknown)
        note_undecided(a, number, result->reason);
    else
        note_failed(a, &claim, result->reason);
    answer_first(a, claim, result, news);
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
    for (size_t i = 0; i < batch_rows(a->file); i++) {
        struct claim claim = batch_claim(a->d->view, a->file, a->claims, i);

        if (claim.state == CLAIM_INSTRUCTED && claim.batch == a->file->head->batch)
            note_paid(a, &claim);
    }
}

static void
money_emit(struct answering *a)
{
    for (size_t i = 0; a->file->head->grants && i < a->paid.n_rows; i++)
        disbursement_paid(a->d, row_disbursement(a->paid.rows[i]->claim));
    if (a->paid.n_rows && !a->file->head->grants)
        payment_paid(a->d, &a->paid);
    if (a->failed.n_rows && a->file->head->grants)
        disbursements_failed(a->d, a->file, &a->failed);
    if (a->failed.n_rows && !a->file->head->grants)
        jn_emit(a->d, LEDGER__EVENT__BODY_FAILED, &a->failed);
    for (size_t i = 0; !a->file->head->grants && i < a->failed.n_rows; i++)
        reductions_meet(a->d, &a->failed.rows[i]->claim, 1);
}

static void
answering_emit(struct answering *a)
{
    money_emit(a);
    if (a->undecided.n_rows)
        jn_emit(a->d, LEDGER__EVENT__BODY_BANK_UNDECIDED, &a->undecided);
    if (a->booked.n_rows)
        jn_emit(a->d, LEDGER__EVENT__BODY_BOOKED, &a->booked);
    for (size_t i = 0; i < a->reply.n_disagreed; i++) {
        Ledger__BankDisagreed event = LEDGER__BANK_DISAGREED__INIT;

        event.what = a->reply.disagreed[i];
        jn_emit(a->d, LEDGER__EVENT__BODY_BANK_DISAGREED, &event);
    }
    a->reply.done += (uint32_t)(a->paid.n_rows + a->failed.n_rows + a->undecided.n_rows) + a->noted;
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
    const Ledger__BookedRow *news;
    enum jn_code code;

    all.paid = true;
    if (!cmd->all && (cmd->n_rows != 1 || row_number(cmd->rows[0]->claim, cmd->rows[0]->disbursement) != 0))
        return jn_refuse(d, JN_MALFORMED,
                         "the batch is an advance (预拨): answer with all, or with one row whose claim is 0");
    code = result_readable(d, result);
    if (code == JN_OK)
        code = booking_news(d, file->head->batch, result, &news);
    if (code != JN_OK)
        return code;
    answering_open(&a, d, file, 1);
    if (!open)
        code = answer_again(&a, &row, result, news);
    if (code == JN_WRONG_STATE)
        return jn_refuse(d, JN_WRONG_STATE, "the bank has answered for every row of this batch already");

    /* Decided. */
    if (code != JN_OK)
        refuse_row(&a, 0, code);
    if (open && result->unknown)
        note_undecided(&a, 0, result->reason);
    if (open && !result->unknown) {
        a.reply.done = 1;
        advance_answer(d, file, result->paid, result->paid ? "" : result->reason);
        answer_first(&a, row, result, news);
    }
    answering_emit(&a);
    return JN_OK;
}

static enum jn_code
answer_all_rows(struct jn_decision *d, const Ledger__RecordBankResults *cmd, const Ledger__BatchFile *file)
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
    return file->head->advance ? answer_advance(d, cmd, file, open) : answer_all_rows(d, cmd, file);
}
