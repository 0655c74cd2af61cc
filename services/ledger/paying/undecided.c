/* Undecided rows (处理中): the bank has neither paid nor refused them. They stay instructed, are listed with the day of
 * the bank's first word, and are never sent again before it has answered: that would be the way to pay twice. */
#include "ledger/paying/paying.h"

#define UNKNOWNS_PAGE 200

/* ---- Table ---- */

const Ledger__UndecidedClaim *
undecided_of(const struct jn_view *view, uint64_t batch, uint64_t number)
{
    return jn_get(view, TABLE_UNDECIDED, JN_KEY(batch, number));
}

/* ---- What then happens ---- */

/* The bank's first word of a row counts; what it says later changes the reason alone. */
void
apply_bank_undecided(struct jn_tables *t, const Ledger__BankUndecided *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    const Ledger__BatchFile *old = jn_get(view, TABLE_BATCH_OPEN, JN_KEY(event->batch));
    Ledger__BatchFile file;
    Ledger__BatchShort head;

    (void)stamp;
    JN_ASSERT(old);
    file = *old;
    head = *old->head;
    file.head = &head;
    for (size_t i = 0; i < event->n_rows; i++) {
        uint64_t number = row_number(event->rows[i]->claim, event->rows[i]->disbursement);
        const Ledger__UndecidedClaim *before = undecided_of(view, event->batch, number);
        Ledger__UndecidedClaim row = LEDGER__UNDECIDED_CLAIM__INIT;

        row.since_day = before ? before->since_day : event->day;
        row.reason = event->rows[i]->reason;
        row.division = event->division;
        head.unknown += before ? 0 : 1;
        jn_put(t, TABLE_UNDECIDED, JN_KEY(event->batch, number), &row);
    }
    jn_put(t, TABLE_BATCH_OPEN, JN_KEY(event->batch), &file);
}

/* ---- What is told ---- */

struct unknowns_page {
    struct jn_decision *d;
    Ledger__UnknownsView *view;
};

static bool
list_unknown(void *context, const struct jn_key *key, const void *row)
{
    struct unknowns_page *page = context;
    const Ledger__UndecidedClaim *undecided = row;
    Ledger__UnknownRow *out;

    if (!jn_in_scope_division(page->d->who, undecided->division))
        return true;
    if (page->view->n_rows == UNKNOWNS_PAGE) {
        page->view->more = true;
        return false;
    }
    out = jn_take(page->d->view, sizeof(*out));
    ledger__unknown_row__init(out);
    out->batch = jn_key_number(key, 0);
    out->claim = row_claim(jn_key_number(key, 1));
    out->disbursement = row_disbursement(jn_key_number(key, 1));
    out->since_day = undecided->since_day;
    out->reason = undecided->reason;
    out->division = undecided->division;
    page->view->rows[page->view->n_rows++] = out;
    return true;
}

enum jn_code
answer_unknowns(struct jn_decision *d, const Ledger__UnknownsRequest *request)
{
    Ledger__UnknownsView view = LEDGER__UNKNOWNS_VIEW__INIT;
    struct unknowns_page page = {d, &view};
    uint64_t after = request->after_batch ? row_number(request->after_claim, request->after_disbursement) + 1 : 0;

    view.rows = jn_take(d->view, UNKNOWNS_PAGE * sizeof(*view.rows));
    if (!jn_scan(d->view, TABLE_UNDECIDED, JN_KEY(request->after_batch, after), 0, SCOPE_SCAN_MAX, list_unknown,
                 &page) &&
        !view.more)
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    jn_reply(d, &view.base);
    return JN_OK;
}
