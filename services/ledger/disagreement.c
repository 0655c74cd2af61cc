/* Disagreements (对账差异): what the bank says now of a row contradicts what it said before. No money moves; the books
 * and the bank are shown side by side until a person settles it with a document, and meanwhile nothing of the claim is
 * sent or released; 2.12-c.
 *
 *   the books have           the bank says   class
 *   failed, not sent again   paid            paid_after_failed: to send it again would pay twice
 *   failed, sent again       paid            double_debit: it may have gone out twice
 *   paid                     failed          payment_reversed (冲正, 退汇): the payee does not have it
 *
 * What was told once is not told again, settled or not: a file read twice changes nothing. */
#include "ledger/paying.h"

#define DISAGREEMENTS_PAGE 200

static const char *const class_names[] = {
    [LEDGER__CONTRADICTION__CONTRADICTION_UNSPECIFIED] = "unknown",
    [LEDGER__CONTRADICTION__PAID_AFTER_FAILED] = "paid_after_failed",
    [LEDGER__CONTRADICTION__DOUBLE_DEBIT] = "double_debit",
    [LEDGER__CONTRADICTION__PAYMENT_REVERSED] = "payment_reversed",
};

/* ---- Tables ---- */

static struct jn_key
disagreement_key(uint64_t batch, uint64_t claim, Ledger__Contradiction what)
{
    return JN_KEY(batch, claim, (uint64_t)what);
}

/* Claims are counted from 1; advances lie before them. */
static struct jn_key
contradicted_key(uint64_t claim, const Ledger__BatchFile *file)
{
    return claim ? JN_KEY(claim) : JN_KEY(0, file->head->class_, file->fund, file->institution);
}

bool
claim_contradicted(const struct jn_view *view, uint64_t claim)
{
    return jn_counter(view, COUNTER_CONTRADICTED) > 0 && jn_has(view, TABLE_CONTRADICTED, JN_KEY(claim));
}

bool
advance_contradicted(const struct jn_view *view, const Ledger__BatchFile *file)
{
    return jn_counter(view, COUNTER_CONTRADICTED) > 0 && jn_has(view, TABLE_CONTRADICTED, contradicted_key(0, file));
}

static const Ledger__Disagreement *
disagreement_get(const struct jn_view *view, uint64_t batch, uint64_t claim, Ledger__Contradiction what)
{
    return jn_get(view, TABLE_DISAGREEMENT, disagreement_key(batch, claim, what));
}

bool
disagreement_told(const struct jn_view *view, const Ledger__Disagreement *disagreement)
{
    return disagreement_get(view, disagreement->batch, disagreement->claim, disagreement->what) != NULL;
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

Ledger__Disagreement *
disagreement_of(struct jn_decision *d, const Ledger__BatchFile *file, const struct claim *claim,
                const Ledger__BankResult *result)
{
    Ledger__Contradiction what =
        result->unknown ? LEDGER__CONTRADICTION__CONTRADICTION_UNSPECIFIED : contradiction(file, claim, result->paid);
    Ledger__Disagreement *out;

    if (!what)
        return NULL;
    out = jn_take(d->view, sizeof(*out));
    ledger__disagreement__init(out);
    out->batch = file->head->batch;
    out->claim = claim->number;
    out->what = what;
    out->recorded = (char *)(uintptr_t)claim_state_name(claim->state);
    out->now_in = claim->batch == file->head->batch ? 0 : claim->batch;
    out->bank_says = (char *)(uintptr_t)claim_state_name(result->paid ? CLAIM_PAID : CLAIM_FAILED);
    out->reason = result->paid ? (char *)(uintptr_t) "" : result->reason;
    out->day = d->today;
    out->division = file->head->division;
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
    const Ledger__Disagreement *row = disagreement_get(d->view, cmd->batch, cmd->claim, cmd->what);
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
contradicted_count(struct jn_tables *t, uint64_t batch, uint64_t claim, int64_t by)
{
    const struct jn_view *view = jn_view_of(t);
    bool open;
    struct jn_key key = contradicted_key(claim, batch_find(view, batch, &open));
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
    const Ledger__Disagreement *row = event->what;

    (void)stamp;
    jn_put(t, TABLE_DISAGREEMENT, disagreement_key(row->batch, row->claim, row->what), row);
    contradicted_count(t, row->batch, row->claim, 1);
}

void
apply_disagreement_settled(struct jn_tables *t, const Ledger__DisagreementSettled *event, const struct jn_stamp *stamp)
{
    const Ledger__Disagreement *old = disagreement_get(jn_view_of(t), event->batch, event->claim, event->what);
    Ledger__Disagreement row;

    (void)stamp;
    JN_ASSERT(old && !old->settled_day);
    row = *old;
    row.document = event->document;
    row.settled_day = event->day;
    row.by = event->by;
    jn_put(t, TABLE_DISAGREEMENT, disagreement_key(event->batch, event->claim, event->what), &row);
    contradicted_count(t, event->batch, event->claim, -1);
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
    uint64_t after = request->after_batch ? request->after_claim + 1 : 0;

    view.rows = jn_take(d->view, DISAGREEMENTS_PAGE * sizeof(*view.rows));
    if (!jn_scan(d->view, TABLE_DISAGREEMENT, JN_KEY(request->after_batch, after), 0, SCOPE_SCAN_MAX, list_disagreement,
                 &page) &&
        !view.more)
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    jn_reply(d, &view.base);
    return JN_OK;
}
