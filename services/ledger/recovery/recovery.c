/* Recovery (追回): what is owed comes back, an advance that was not earned (2.10-f) or a claim that was reversed
 * (2.12-e), to the fund, division and year that it came from; over a year's end, to this year's account. Money that is
 * back frees who waits. */
#include "ledger/paying/disbursement.h"

#include <string.h>

/* ---- Decisions ---- */

/* The advance that the command means: the class's one from that fund, or the named institution's. One beyond the
 * caller's scope is none to him. */
static enum jn_code
advance_meant(struct jn_decision *d, const Ledger__RecordRecovery *cmd, uint64_t *institution)
{
    struct advances all;
    size_t found = 0;

    advances_of(d->view, cmd->class_, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (all.at[i].fund != cmd->fund || (cmd->institution && all.at[i].institution != cmd->institution) ||
            !jn_in_scope_division(d->who, all.at[i].row->division))
            continue;
        *institution = all.at[i].institution;
        found++;
    }
    if (found == 0)
        return jn_refuse(d, JN_NOT_FOUND, "the class had no advance (预拨) from that fund");
    if (found > 1)
        return jn_refuse(d, JN_MALFORMED,
                         "several institutions had an advance for the class; name the one that pays back");
    return JN_OK;
}

/* What was advanced comes back: the event says it of the class, as it always has. */
static enum jn_code
recover(struct jn_decision *d, uint64_t class, Common__Fund fund, uint64_t institution, int64_t fen,
        const char *document)
{
    const Ledger__Advance *advance = advance_get(d->view, class, fund, institution);
    struct account now = {fund, advance->account_division, year_now(d), 0};
    Ledger__Recovered event = LEDGER__RECOVERED__INIT;
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    struct sweep sweep = sweep_open(d);

    account_open(d, now);
    event.class_ = class;
    event.fund = fund;
    event.amount_fen = fen;
    event.document = (char *)(uintptr_t)document;
    event.institution = institution;
    event.account_division = advance->account_division;
    event.from_year = advance->year;
    event.to_year = now.year;
    event.number = reply.number = jn_counter(d->view, COUNTER_RECOVERIES) + 1;
    jn_emit(d, LEDGER__EVENT__BODY_RECOVERED, &event);
    sweep_fund(&sweep, fund, city_of(advance->account_division));
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* Left, and not on its way back by an offset. */
static int64_t
recoverable(const struct jn_view *view, const Ledger__Advance *advance)
{
    const Ledger__Receivable *owed = receivable_get(view, advance->receivable);

    return advance_left(advance) - (owed ? receivable_on_its_way(owed) : 0);
}

/* May come before the class is settled, too: a class that was stopped is never settled. */
enum jn_code
decide_record_recovery(struct jn_decision *d, const Ledger__RecordRecovery *cmd)
{
    const Ledger__Advance *advance;
    uint64_t institution = 0;
    char left[MONEY_TEXT];
    enum jn_code code;

    if (cmd->class_ == 0 || !fund_valid(cmd->fund))
        return jn_refuse(d, JN_MALFORMED, "name the class and the fund (资金来源) of the advance");
    if (cmd->amount_fen <= 0)
        return jn_refuse(d, JN_MALFORMED, "the amount must be more than nothing");
    if (strnlen(cmd->document, TEXT_BYTES_MAX + 1) > TEXT_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "shorten the document's number to %d bytes", TEXT_BYTES_MAX);
    code = advance_meant(d, cmd, &institution);
    if (code != JN_OK)
        return code;
    advance = advance_get(d->view, cmd->class_, cmd->fund, institution);
    if (recoverable(d->view, advance) == 0)
        return jn_refuse(d, JN_WRONG_STATE,
                         "nothing is left to recover: the advance is earned, recovered, or taken off a payment");
    if (cmd->amount_fen > recoverable(d->view, advance))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "2.10-f: %s yuan are left to recover, not more",
                         money_format(recoverable(d->view, advance), left));

    /* Decided. */
    return recover(d, cmd->class_, cmd->fund, institution, cmd->amount_fen, cmd->document);
}

/* ---- Decisions: what is owed comes back ---- */

static enum jn_code
repay(struct jn_decision *d, const Ledger__Receivable *row, const Ledger__RecordRepayment *cmd)
{
    Ledger__Returned event = LEDGER__RETURNED__INIT;
    Ledger__ReturnedPart parts[PARTS_MAX], *pointers[PARTS_MAX];
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    struct sweep sweep = sweep_open(d);
    int64_t shares[PARTS_MAX];

    receivable_split(row, cmd->amount_fen, shares);
    returned_fill(d, row, &event);
    event.amount_fen = cmd->amount_fen;
    event.document = cmd->document;
    event.parts = pointers;
    for (size_t i = 0; i < row->n_parts; i++) {
        if (shares[i] == 0)
            continue;
        parts[event.n_parts] = returned_part(d, row, i, shares[i]);
        pointers[event.n_parts] = &parts[event.n_parts];
        event.n_parts++;
    }
    reply.number = event.number;
    jn_emit(d, LEDGER__EVENT__BODY_RETURNED, &event);
    for (size_t i = 0; i < event.n_parts; i++)
        sweep_fund(&sweep, receivable_account(row, parts[i].part).fund, city_of(parts[i].account_division));
    stop_review(d, row);
    jn_reply(d, &reply.base);
    return JN_OK;
}

enum jn_code
decide_record_repayment(struct jn_decision *d, const Ledger__RecordRepayment *cmd)
{
    const Ledger__Receivable *row;
    char left[MONEY_TEXT];
    enum jn_code code;

    if (cmd->amount_fen <= 0)
        return jn_refuse(d, JN_MALFORMED, "the amount must be more than nothing");
    if (strnlen(cmd->document, TEXT_BYTES_MAX + 1) > TEXT_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "shorten the document's number to %d bytes", TEXT_BYTES_MAX);
    row = receivable_meant(d, cmd->receivable, &code);
    if (!row)
        return code;
    if (receivable_left(row) == receivable_on_its_way(row))
        return jn_refuse(d, JN_WRONG_STATE, "nothing is left to repay: it came back, or is taken off a payment");
    if (cmd->amount_fen > receivable_left(row) - receivable_on_its_way(row))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "2.12-e: %s yuan are owed, not more; nothing is taken over that",
                         money_format(receivable_left(row) - receivable_on_its_way(row), left));

    /* Decided. */
    if (row->kind == LEDGER__DEBT_KIND__DEBT_ADVANCE)
        return recover(d, row->class_, row->fund, row->institution, cmd->amount_fen, cmd->document);
    return repay(d, row, cmd);
}

/* ---- What then happens ---- */

void
account_give_back(struct jn_tables *t, Ledger__Books *books, struct account account, enum balance from, uint32_t year,
                  int64_t fen)
{
    struct account to = account;

    to.year = year;
    if (account.year == year) {
        account_post(t, books, account, from, AVAILABLE, fen);
        return;
    }
    account_post(t, books, account, from, CARRIED_OUT, fen);
    account_post(t, books, to, CARRIED_IN, AVAILABLE, fen);
}

void
apply_recovered(struct jn_tables *t, const Ledger__Recovered *event, const struct jn_stamp *stamp)
{
    Ledger__Advance *advance = advance_take(t, event->class_, event->fund, event->institution);
    Ledger__Books *books = books_open(t);

    (void)stamp;
    if (advance->receivable) {
        Ledger__Receivable *owed = receivable_take(t, advance->receivable);

        receivable_post(t, books, owed, 0, AVAILABLE, event->to_year, event->amount_fen);
        receivable_put(t, owed);
    } else {
        account_give_back(t, books, advance_account(event->fund, advance), ADVANCED, event->to_year, event->amount_fen);
    }
    advance->recovered_fen += event->amount_fen;
    advance_put(t, event->class_, event->fund, event->institution, advance);
    use_add(t, books, (struct use){event->fund, advance->division, 0, event->institution}, MEASURE_RECOVERED, 1,
            event->amount_fen);
    jn_counter_set(t, COUNTER_RECOVERIES, event->number);
    books_close(t, books);
}

void
apply_returned(struct jn_tables *t, const Ledger__Returned *event, const struct jn_stamp *stamp)
{
    Ledger__Receivable *row = receivable_take(t, event->receivable);
    struct use_part *uses = jn_take(jn_view_of(t), event->n_parts * sizeof(*uses));
    uint64_t by = row_number(event->by_claim, event->by_disbursement);
    Ledger__Books *books = books_open(t);

    (void)stamp;
    for (size_t i = 0; i < event->n_parts; i++) {
        const Ledger__ReturnedPart *part = event->parts[i];

        if (by)
            setoff_returned(t, row, by, part);
        receivable_post(t, books, row, part->part, AVAILABLE, part->to_year, part->amount_fen);
        uses[i] = (struct use_part){part->fund, part->amount_fen};
    }
    receivable_put(t, row);
    if (row->kind == LEDGER__DEBT_KIND__DEBT_ADVANCE) {
        Ledger__Advance *advance = advance_take(t, row->class_, row->fund, row->institution);

        advance->recovered_fen += event->amount_fen;
        advance_put(t, row->class_, row->fund, row->institution, advance);
    }
    use_add_parts(t, books, (struct use){event->fund, event->division, 0, event->institution}, MEASURE_RECOVERED, 1,
                  event->amount_fen, event->n_parts, uses);
    jn_counter_set(t, COUNTER_RETURNS, event->number);
    books_close(t, books);
}

/* ---- What is told ---- */

#define DEBTS_PAGE 200 /* more than a class may have by far: a page ends with a whole class */

struct debts_page {
    const struct jn_view *tables;
    const struct jn_agency *who;
    Ledger__DebtsView *view;
};

static bool
list_debt(void *context, const struct jn_key *key, const void *row)
{
    struct debts_page *page = context;
    Ledger__DebtsView *view = page->view;
    Ledger__Debt *debt = (Ledger__Debt *)(uintptr_t)row;

    (void)key;
    if (!jn_in_scope_division(page->who, debt->division))
        return true;
    debt->institution_name = (char *)(uintptr_t)institution_name(page->tables, debt->institution);
    debt->amount_fen -= receivable_on_its_way(receivable_get(page->tables, debt->receivable));
    if (debt->amount_fen == 0)
        return true;
    if (view->n_rows == DEBTS_PAGE) {
        view->more = true;
        return false;
    }
    view->rows[view->n_rows++] = debt;
    return true;
}

enum jn_code
answer_debts(struct jn_decision *d, const Ledger__DebtsRequest *request)
{
    Ledger__DebtsView view = LEDGER__DEBTS_VIEW__INIT;
    struct debts_page page = {d->view, d->who, &view};
    uint64_t last;

    view.rows = jn_take(d->view, DEBTS_PAGE * sizeof(*view.rows));
    if (request->after_class < UINT64_MAX &&
        !jn_scan(d->view, TABLE_DEBT, JN_KEY(request->after_class + 1), 0, SCOPE_SCAN_MAX, list_debt, &page))
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    last = view.more ? view.rows[view.n_rows - 1]->class_ : 0;
    while (view.more && view.rows[view.n_rows - 1]->class_ == last)
        view.n_rows--;
    jn_reply(d, &view.base);
    return JN_OK;
}
