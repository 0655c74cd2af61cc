/* Recovery (追回): what was advanced and not earned is owed, and comes back; 2.10-f. Money that is back frees who
 * waits. */
#include "ledger/ledger.h"

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

static enum jn_code
recover(struct jn_decision *d, const Ledger__RecordRecovery *cmd, uint64_t institution, const Ledger__Advance *advance)
{
    struct account now = {cmd->fund, advance->account_division, year_now(d)};
    Ledger__Recovered event = LEDGER__RECOVERED__INIT;
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    struct sweep sweep = sweep_open(d);

    account_open(d, now);
    event.class_ = cmd->class_;
    event.fund = cmd->fund;
    event.amount_fen = cmd->amount_fen;
    event.document = cmd->document;
    event.institution = institution;
    event.account_division = advance->account_division;
    event.from_year = advance->year;
    event.to_year = now.year;
    event.number = reply.number = jn_counter(d->view, COUNTER_RECOVERIES) + 1;
    jn_emit(d, LEDGER__EVENT__BODY_RECOVERED, &event);
    sweep_fund(&sweep, cmd->fund, city_of(advance->account_division));
    jn_reply(d, &reply.base);
    return JN_OK;
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
    if (advance_left(advance) == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing is left to recover: the advance is earned or recovered");
    if (cmd->amount_fen > advance_left(advance))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "2.10-f: %s yuan are left to recover, not more",
                         money_format(advance_left(advance), left));

    /* Decided. */
    return recover(d, cmd, institution, advance);
}

/* ---- What then happens ---- */

void
apply_recovered(struct jn_tables *t, const Ledger__Recovered *event, const struct jn_stamp *stamp)
{
    Ledger__Advance *advance = advance_take(t, event->class_, event->fund, event->institution);
    struct account from = advance_account(event->fund, advance);
    struct account to = {event->fund, event->account_division, event->to_year};
    Ledger__Books *books = books_open(t);

    (void)stamp;
    advance->recovered_fen += event->amount_fen;
    advance_put(t, event->class_, event->fund, event->institution, advance);
    if (from.year == to.year) {
        account_post(t, books, from, ADVANCED, AVAILABLE, event->amount_fen);
    } else {
        account_post(t, books, from, ADVANCED, CARRIED_OUT, event->amount_fen);
        account_post(t, books, to, CARRIED_IN, AVAILABLE, event->amount_fen);
    }
    use_add(t, books, (struct use){event->fund, advance->division, 0, event->institution}, MEASURE_RECOVERED, 1,
            event->amount_fen);
    jn_counter_set(t, COUNTER_RECOVERIES, event->number);
    books_close(t, books);
}

/* ---- What is told ---- */

#define DEBTS_PAGE 200 /* more than a class may have by far: a page ends with a whole class */

struct debts_page {
    const struct jn_agency *who;
    Ledger__DebtsView *view;
};

static bool
list_debt(void *context, const struct jn_key *key, const void *row)
{
    struct debts_page *page = context;
    Ledger__DebtsView *view = page->view;

    (void)key;
    if (!jn_in_scope_division(page->who, ((const Ledger__Debt *)row)->division))
        return true;
    if (view->n_rows == DEBTS_PAGE) {
        view->more = true;
        return false;
    }
    view->rows[view->n_rows++] = (Ledger__Debt *)(uintptr_t)row;
    return true;
}

enum jn_code
answer_debts(struct jn_decision *d, const Ledger__DebtsRequest *request)
{
    Ledger__DebtsView view = LEDGER__DEBTS_VIEW__INIT;
    struct debts_page page = {d->who, &view};
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
