/* Payment batches (支付批次): what goes to the bank in one piece, open until it has answered for every row. How one
 * becomes the bank's: release.c. */
#include "ledger/paying/paying.h"

#include <string.h>

/* ---- Tables ---- */

const Ledger__BatchFile *
batch_find(const struct jn_view *view, uint64_t batch, bool *open)
{
    const Ledger__BatchFile *file = jn_get(view, TABLE_BATCH_OPEN, JN_KEY(batch));

    *open = file != NULL;
    return file ? file : jn_get(view, TABLE_BATCH_DONE, JN_KEY(batch));
}

void
batch_put(struct jn_tables *t, Ledger__Books *books, const Ledger__BatchFile *file)
{
    JN_ASSERT(file->head->batch == jn_counter(jn_view_of(t), COUNTER_BATCHES) + 1);
    jn_counter_set(t, COUNTER_BATCHES, file->head->batch);
    jn_put(t, TABLE_BATCH_OPEN, JN_KEY(file->head->batch), file);
    books->open_batches++;
}

void
batch_replace(struct jn_tables *t, Ledger__Books *books, Ledger__BatchFile *file)
{
    struct jn_key key = JN_KEY(file->head->batch);

    if (file->open > 0) {
        jn_put(t, TABLE_BATCH_OPEN, key, file);
        return;
    }
    jn_delete(t, TABLE_BATCH_OPEN, key);
    jn_put(t, TABLE_BATCH_DONE, key, file);
    books->open_batches--;
}

void
batch_answered(struct jn_tables *t, Ledger__Books *books, uint64_t batch, const uint64_t *claims, size_t count)
{
    const Ledger__BatchFile *old = jn_get(jn_view_of(t), TABLE_BATCH_OPEN, JN_KEY(batch));
    Ledger__BatchShort head;
    Ledger__BatchFile file;

    JN_ASSERT(old && count <= old->open);
    file = *old;
    head = *old->head;
    file.head = &head;
    file.open -= (uint32_t)count;
    for (size_t i = 0; head.unknown > 0 && i < count; i++) {
        if (!undecided_of(jn_view_of(t), batch, claims[i]))
            continue;
        jn_delete(t, TABLE_UNDECIDED, JN_KEY(batch, claims[i]));
        head.unknown--;
    }
    batch_replace(t, books, &file);
}

enum jn_code
batch_of_caller(struct jn_decision *d, uint64_t batch, const Ledger__BatchFile **file, bool *open)
{
    *file = batch_find(d->view, batch, open);
    if (!*file || !jn_in_scope_division(d->who, (*file)->head->division))
        return jn_refuse(d, JN_NOT_FOUND, "no batch has the number %llu", (unsigned long long)batch);
    return JN_OK;
}

/* ---- Rows ---- */

size_t
batch_rows(const Ledger__BatchFile *file)
{
    return file->head->grants ? file->n_disbursement : file->n_place;
}

uint64_t
batch_number(const Ledger__BatchFile *file, size_t i)
{
    return file->head->grants ? row_number(0, file->disbursement[i]) : file->first_claim + file->place[i];
}

const Ledger__Claims *
batch_claims(const struct jn_view *view, const Ledger__BatchFile *file)
{
    return file->head->grants || file->head->advance ? NULL : claims_of(view, file->first_claim);
}

struct claim
batch_claim(const struct jn_view *view, const Ledger__BatchFile *file, const Ledger__Claims *claims, size_t i)
{
    const Ledger__DisbursementRow *row;

    if (!file->head->grants)
        return claim_at(claims, file->place[i]);
    row = disbursement_get(view, file->disbursement[i]);
    return row ? disbursement_claim(view, file->disbursement[i], row) : (struct claim){.state = CLAIM_NONE};
}

/* ---- What is told ---- */

struct open_page {
    const struct jn_agency *who;
    Ledger__BatchesView *reply;
    size_t limit;
    Ledger__BatchState state;
};

static bool
list_batch(void *context, const struct jn_key *key, const void *row)
{
    struct open_page *page = context;

    Ledger__BatchShort *head = ((const Ledger__BatchFile *)row)->head;

    (void)key;
    if (!jn_in_scope_division(page->who, head->division) || (page->state && page->state != head->state))
        return true;
    if (page->reply->n_rows == page->limit) {
        page->reply->more = true;
        return false;
    }
    page->reply->rows[page->reply->n_rows++] = head;
    return true;
}

enum jn_code
answer_batches(struct jn_decision *d, const Ledger__BatchesRequest *request)
{
    Ledger__BatchesView reply = LEDGER__BATCHES_VIEW__INIT;
    size_t limit = request->limit == 0 || request->limit > JN_ROWS_MAX ? JN_ROWS_MAX : request->limit;
    struct open_page page = {d->who, &reply, limit, request->state};

    reply.rows = jn_take(d->view, limit * sizeof(*reply.rows));
    if (request->after < UINT64_MAX &&
        !jn_scan(d->view, TABLE_BATCH_OPEN, JN_KEY(request->after + 1), 0, SCOPE_SCAN_MAX, list_batch, &page))
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* What was taken off it when it was sent with this batch, and for which debts, while that stands. */
static void
list_setoffs(const struct jn_view *view, const Ledger__BatchFile *file, size_t i, Ledger__BatchRow *row)
{
    Ledger__Setoff **setoffs;
    size_t count;

    if (row->disbursement)
        row->setoff_fen = disbursement_get(view, row->disbursement)->setoff_fen;
    else
        row->setoff_fen = i < file->n_setoff_fen ? file->setoff_fen[i] : 0;
    if (row->setoff_fen == 0 || strcmp(row->state, claim_state_name(CLAIM_FAILED)) == 0)
        return;
    setoffs_of(view, row_number(row->claim, row->disbursement), &setoffs, &count);
    row->receivables = jn_take(view, count * sizeof(*row->receivables));
    for (size_t k = 0; k < count; k++)
        row->receivables[row->n_receivables++] = setoffs[k]->receivable;
}

/* What the money is for stands in the bank's file. */
static void
grant_told(struct jn_decision *d, Ledger__BatchRow *row)
{
    const Ledger__GrantRow *grant;

    row->grant = disbursement_get(d->view, row->disbursement)->grant;
    grant = jn_get(d->view, TABLE_GRANT, JN_KEY(row->grant));
    row->purpose = (char *)(uintptr_t)word_zh(&words_purposes, (int)grant->purpose);
}

/* A checker must see whom he pays, and how much; where to is the bank's alone, once he has said yes. */
static Ledger__BatchRow *
batch_row(struct jn_decision *d, const Ledger__BatchFile *file, const struct claim *claim)
{
    uint64_t batch = file->head->batch;
    const Ledger__NotedPayee *payee = payee_of(d->view, claim->payee, claim->person, claim->institution);
    const Ledger__BookingRow *booking = booking_get(d->view, batch, claim->number);
    Ledger__BatchRow *row = jn_take(d->view, sizeof(*row));

    ledger__batch_row__init(row);
    row->claim = row_claim(claim->number);
    row->disbursement = row_disbursement(claim->number);
    row->amount_fen = claim->amount_fen;
    row->offset_fen = claim->offset_fen;
    row->payee = claim->payee;
    row->payee_name = payee->name;
    if (batch_released(file)) {
        row->account = payee->account;
        row->bank = payee->bank;
    }
    row->purpose = (char *)(uintptr_t)fund_purpose(d->view, claim->item);
    if (row->disbursement)
        grant_told(d, row);
    if (booking) {
        row->booked = booking->booked;
        row->n_booked = booking->n_booked;
        row->returned = booking->returned;
        row->n_returned = booking->n_returned;
    }
    /* What is not in this batch any more was sent back with it. */
    row->state = (char *)(uintptr_t)claim_state_name(claim->batch == batch ? claim->state : CLAIM_FAILED);
    if (claim->batch == batch && file->head->unknown > 0 && undecided_of(d->view, batch, claim->number))
        row->state = (char *)(uintptr_t) "unknown";
    return row;
}

static void
advance_row(struct jn_decision *d, const Ledger__BatchFile *file, bool open, Ledger__BatchView *reply)
{
    const Ledger__Advance *advance =
        jn_get(d->view, TABLE_ADVANCE, JN_KEY(file->head->class_, file->fund, file->institution));
    struct claim claim = {.institution = file->institution,
                          .amount_fen = file->head->amount_fen,
                          .payee = COMMON__PAYEE__PAYEE_INSTITUTION,
                          .batch = file->head->batch,
                          .state = open ? CLAIM_INSTRUCTED : CLAIM_PAID};

    if (advance->batch != file->head->batch || advance->state == LEDGER__ADVANCE_STATE__SENT_BACK)
        claim.state = CLAIM_FAILED;
    reply->rows[reply->n_rows++] = batch_row(d, file, &claim);
}

/* The one answer that names people: a page of theirs at most, for finance. */
enum jn_code
answer_batch(struct jn_decision *d, const Ledger__BatchRequest *request)
{
    Ledger__BatchView reply = LEDGER__BATCH_VIEW__INIT;
    bool open;
    const Ledger__BatchFile *file;
    const Ledger__Claims *claims;

    if (batch_of_caller(d, request->batch, &file, &open) != JN_OK)
        return JN_NOT_FOUND;
    reply.head = file->head;
    reply.rows = jn_take(d->view, (batch_rows(file) + 1) * sizeof(*reply.rows));
    if (file->head->advance)
        advance_row(d, file, open, &reply);
    claims = batch_claims(d->view, file);
    for (size_t i = 0; i < batch_rows(file); i++) {
        struct claim claim = batch_claim(d->view, file, claims, i);

        reply.rows[reply.n_rows] = batch_row(d, file, &claim);
        list_setoffs(d->view, file, i, reply.rows[reply.n_rows++]);
    }
    jn_reply(d, &reply.base);
    return JN_OK;
}
