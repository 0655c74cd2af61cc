/* Disagreements (对账差异): what the bank says now of a row contradicts what it said before. No money moves; the books
 * and the bank are shown side by side until a person settles it with a document, and meanwhile nothing of the claim is
 * sent or released; 2.12-c.
 *
 *   the books have           the bank says   class
 *   failed, not sent again   paid            paid_after_failed: to send it again would pay twice
 *   failed, sent again       paid            double_debit: it may have gone out twice
 *   paid                     failed          payment_reversed (冲正, 退汇): the payee does not have it
 *   paid                     booked again    double_debit: another booking reference, in whatever file
 *
 * What was told once is not told again, settled or not: a file read twice changes nothing. */
#include "ledger/paying/paying.h"

#define DISAGREEMENTS_PAGE 200

static const char *const class_names[] = {
    [LEDGER__CONTRADICTION__CONTRADICTION_UNSPECIFIED] = "unknown",
    [LEDGER__CONTRADICTION__PAID_AFTER_FAILED] = "paid_after_failed",
    [LEDGER__CONTRADICTION__DOUBLE_DEBIT] = "double_debit",
    [LEDGER__CONTRADICTION__PAYMENT_REVERSED] = "payment_reversed",
};

/* ---- Tables ---- */

static struct jn_key
disagreement_key(uint64_t batch, uint64_t number, Ledger__Contradiction what)
{
    return JN_KEY(batch, number, (uint64_t)what);
}

static uint64_t
number_of(const Ledger__Disagreement *row)
{
    return row_number(row->claim, row->disbursement);
}

/* Claims are counted from 1; advances lie before them, disbursements behind. */
static struct jn_key
contradicted_key(uint64_t number, const Ledger__BatchFile *file)
{
    return number ? JN_KEY(number) : JN_KEY(0, file->head->class_, file->fund, file->institution);
}

bool
claim_contradicted(const struct jn_view *view, uint64_t number)
{
    return jn_counter(view, COUNTER_CONTRADICTED) > 0 && jn_has(view, TABLE_CONTRADICTED, JN_KEY(number));
}

bool
advance_contradicted(const struct jn_view *view, const Ledger__BatchFile *file)
{
    return jn_counter(view, COUNTER_CONTRADICTED) > 0 && jn_has(view, TABLE_CONTRADICTED, contradicted_key(0, file));
}

static const Ledger__Disagreement *
disagreement_get(const struct jn_view *view, uint64_t batch, uint64_t number, Ledger__Contradiction what)
{
    return jn_get(view, TABLE_DISAGREEMENT, disagreement_key(batch, number, what));
}

bool
disagreement_told(const struct jn_view *view, const Ledger__Disagreement *disagreement)
{
    return disagreement_get(view, disagreement->batch, number_of(disagreement), disagreement->what) != NULL;
}

Ledger__Disagreement *
disagreement_standing(const struct jn_view *view, uint64_t batch, uint64_t number)
{
    for (Ledger__Contradiction what = LEDGER__CONTRADICTION__PAID_AFTER_FAILED;
         what <= LEDGER__CONTRADICTION__PAYMENT_REVERSED; what++) {
        const Ledger__Disagreement *row = disagreement_get(view, batch, number, what);

        if (row && !row->settled_day) {
            Ledger__Disagreement *again = jn_take(view, sizeof(*again));

            *again = *row;
            again->n_bookings = 0; /* nothing is new of it */
            return again;
        }
    }
    return NULL;
}

/* ---- Judgement ---- */

static Ledger__Contradiction
contradiction(const Ledger__BatchFile *file, const struct claim *claim, bool paid)
{
    if (claim->batch == file->head->batch && claim->state == CLAIM_PAID)
        return paid ? LEDGER__CONTRADICTION__CONTRADICTION_UNSPECIFIED : LEDGER__CONTRADICTION__PAYMENT_REVERSED;
    if (!paid)
        return LEDGER__CONTRADICTION__CONTRADICTION_UNSPECIFIED;
    if (claim->state == CLAIM_INSTRUCTED || claim->state == CLAIM_PAID)
        return LEDGER__CONTRADICTION__DOUBLE_DEBIT;
    return LEDGER__CONTRADICTION__PAID_AFTER_FAILED;
}

static Ledger__Disagreement *
describe(struct jn_decision *d, const Ledger__BatchFile *file, const struct claim *claim,
         const Ledger__BankResult *result, Ledger__Contradiction what)
{
    bool paid = what != LEDGER__CONTRADICTION__PAYMENT_REVERSED;
    Ledger__Disagreement *out;

    if (!what)
        return NULL;
    out = jn_take(d->view, sizeof(*out));
    ledger__disagreement__init(out);
    out->batch = file->head->batch;
    out->claim = row_claim(claim->number);
    out->disbursement = row_disbursement(claim->number);
    out->what = what;
    out->recorded = (char *)(uintptr_t)claim_state_name(claim->state);
    out->now_in = claim->batch == file->head->batch ? 0 : claim->batch;
    out->bank_says = (char *)(uintptr_t)claim_state_name(paid ? CLAIM_PAID : CLAIM_FAILED);
    out->reason = paid ? (char *)(uintptr_t) "" : result->reason;
    out->day = d->today;
    out->division = file->head->division;
    return out;
}

Ledger__Disagreement *
disagreement_of(struct jn_decision *d, const Ledger__BatchFile *file, const struct claim *claim,
                const Ledger__BankResult *result)
{
    return describe(d, file, claim, result,
                    result->unknown ? LEDGER__CONTRADICTION__CONTRADICTION_UNSPECIFIED
                                    : contradiction(file, claim, result->paid));
}

/* Debits less credits, against what the books have of the row in this batch: a payment accounts for one debit, the
 * first of them without a reference where none is known; what failed for none. */
static Ledger__Contradiction
contradiction_booked(const struct jn_view *view, const Ledger__BatchFile *file, const struct claim *claim,
                     const Ledger__BookedRow *news)
{
    struct bookings all = bookings_of(view, file->head->batch, claim->number, news);
    bool paid = claim->batch == file->head->batch && claim->state == CLAIM_PAID;

    if (paid && all.booked == 0)
        all.booked = 1;
    if (paid && all.booked < all.returned + 1)
        return LEDGER__CONTRADICTION__PAYMENT_REVERSED;
    if (all.booked <= all.returned + (paid ? 1 : 0))
        return LEDGER__CONTRADICTION__CONTRADICTION_UNSPECIFIED;
    if (paid)
        return LEDGER__CONTRADICTION__DOUBLE_DEBIT;
    return contradiction(file, claim, true);
}

Ledger__Disagreement *
disagreement_booked(struct jn_decision *d, const Ledger__BatchFile *file, const struct claim *claim,
                    const Ledger__BankResult *result, const Ledger__BookedRow *news)
{
    Ledger__Contradiction what = contradiction_booked(d->view, file, claim, news);
    Ledger__Disagreement *out = describe(d, file, claim, result, what);

    if (!out)
        return NULL;
    out->bookings = what == LEDGER__CONTRADICTION__PAYMENT_REVERSED ? news->returned : news->booked;
    out->n_bookings = what == LEDGER__CONTRADICTION__PAYMENT_REVERSED ? news->n_returned : news->n_booked;
    return out;
}

enum jn_code
disagreement_refuse(struct jn_decision *d, const Ledger__Disagreement *disagreement)
{
    return jn_refuse(d, JN_REFUSED, "2.12-c: %s: the books have it %s, the bank says %s; settle it with a document",
                     class_names[disagreement->what], disagreement->recorded, disagreement->bank_says);
}

/* ---- Decisions ---- */

enum jn_code
decide_settle_disagreement(struct jn_decision *d, const Ledger__SettleDisagreement *cmd)
{
    uint64_t number = row_number(cmd->claim, cmd->disbursement);
    const Ledger__Disagreement *row = disagreement_get(d->view, cmd->batch, number, cmd->what);
    Ledger__DisagreementSettled event = LEDGER__DISAGREEMENT_SETTLED__INIT;
    Ledger__Posted reply = LEDGER__POSTED__INIT;

    if (!text_fits(cmd->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "name the document (文号) in 1 to %d bytes", TEXT_BYTES_MAX);
    if (!row || !jn_in_scope_division(d->who, row->division))
        return jn_refuse(d, JN_NOT_FOUND, "nothing of that batch, claim and class is contradicted");
    if (row->settled_day)
        return jn_refuse(d, JN_WRONG_STATE, "it is settled already");

    /* Decided. */
    event.batch = cmd->batch;
    event.claim = cmd->claim;
    event.disbursement = cmd->disbursement;
    event.what = cmd->what;
    event.document = cmd->document;
    event.day = d->today;
    event.by = (char *)(uintptr_t)d->who->name;
    reply.number = cmd->batch;
    jn_reply(d, &reply.base);
    jn_emit(d, LEDGER__EVENT__BODY_DISAGREEMENT_SETTLED, &event);
    reductions_meet(d, &cmd->claim, 1);
    return JN_OK;
}

/* ---- What then happens ---- */

static void
contradicted_count(struct jn_tables *t, uint64_t batch, uint64_t number, int64_t by)
{
    const struct jn_view *view = jn_view_of(t);
    bool open;
    struct jn_key key = contradicted_key(number, batch_find(view, batch, &open));
    const Ledger__CountAmount *old = jn_get(view, TABLE_CONTRADICTED, key);
    Ledger__CountAmount sum = LEDGER__COUNT_AMOUNT__INIT;

    sum.count = (old ? old->count : 0) + (uint64_t)by;
    if (sum.count > 0)
        jn_put(t, TABLE_CONTRADICTED, key, &sum);
    else
        jn_delete(t, TABLE_CONTRADICTED, key);
    jn_counter_set(t, COUNTER_CONTRADICTED, jn_counter(view, COUNTER_CONTRADICTED) + (uint64_t)by);
}

void
apply_bank_disagreed(struct jn_tables *t, const Ledger__BankDisagreed *event, const struct jn_stamp *stamp)
{
    const Ledger__Disagreement *told = event->what;
    uint64_t number = number_of(told);
    const Ledger__Disagreement *old = disagreement_get(jn_view_of(t), told->batch, number, told->what);
    Ledger__Disagreement row = *told;

    (void)stamp;
    /* Another booking of what was told before, settled or not. */
    if (old) {
        row.bookings = jn_take(jn_view_of(t), (old->n_bookings + told->n_bookings) * sizeof(*row.bookings));
        row.n_bookings = 0;
        for (size_t i = 0; i < old->n_bookings; i++)
            row.bookings[row.n_bookings++] = old->bookings[i];
        for (size_t i = 0; i < told->n_bookings; i++)
            row.bookings[row.n_bookings++] = told->bookings[i];
    }
    jn_put(t, TABLE_DISAGREEMENT, disagreement_key(row.batch, number, row.what), &row);
    if (!old || old->settled_day)
        contradicted_count(t, row.batch, number, 1);
}

void
apply_disagreement_settled(struct jn_tables *t, const Ledger__DisagreementSettled *event, const struct jn_stamp *stamp)
{
    uint64_t number = row_number(event->claim, event->disbursement);
    const Ledger__Disagreement *old = disagreement_get(jn_view_of(t), event->batch, number, event->what);
    Ledger__Disagreement row;

    (void)stamp;
    JN_ASSERT(old && !old->settled_day);
    row = *old;
    row.document = event->document;
    row.settled_day = event->day;
    row.by = event->by;
    jn_put(t, TABLE_DISAGREEMENT, disagreement_key(event->batch, number, event->what), &row);
    contradicted_count(t, event->batch, number, -1);
}

/* ---- What is told ---- */

struct disagreements_page {
    const struct jn_agency *who;
    Ledger__DisagreementsView *view;
    bool settled;
};

static bool
list_disagreement(void *context, const struct jn_key *key, const void *row)
{
    struct disagreements_page *page = context;
    const Ledger__Disagreement *disagreement = row;

    (void)key;
    if (!jn_in_scope_division(page->who, disagreement->division) || (disagreement->settled_day != 0) != page->settled)
        return true;
    if (page->view->n_rows == DISAGREEMENTS_PAGE) {
        page->view->more = true;
        return false;
    }
    page->view->rows[page->view->n_rows++] = (Ledger__Disagreement *)(uintptr_t)disagreement;
    return true;
}

enum jn_code
answer_disagreements(struct jn_decision *d, const Ledger__DisagreementsRequest *request)
{
    Ledger__DisagreementsView view = LEDGER__DISAGREEMENTS_VIEW__INIT;
    struct disagreements_page page = {d->who, &view, request->settled};
    uint64_t after = request->after_batch ? row_number(request->after_claim, request->after_disbursement) + 1 : 0;

    view.rows = jn_take(d->view, DISAGREEMENTS_PAGE * sizeof(*view.rows));
    if (!jn_scan(d->view, TABLE_DISAGREEMENT, JN_KEY(request->after_batch, after), 0, SCOPE_SCAN_MAX, list_disagreement,
                 &page) &&
        !view.more)
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    jn_reply(d, &view.base);
    return JN_OK;
}
