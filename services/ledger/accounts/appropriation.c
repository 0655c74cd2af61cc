/* Appropriations (预算拨入): money is put into a fund's account, 2.11-a. New money frees what waits. */
#include "ledger/accounts/books.h"

#include <string.h>

#include "domain/date.h"

/* ---- Decisions ---- */

/* All that was ever appropriated. */
static int64_t
appropriated(const struct jn_view *view)
{
    const Ledger__Books *books = jn_look(view, TABLE_BOOKS, JN_KEY(0));

    return books ? -books->all->appropriated_fen : 0;
}

/* before_fen: what was appropriated before, which it adds to. */
static enum jn_code
appropriate(struct jn_decision *d, const Ledger__Appropriate *cmd, int64_t *before_fen)
{
    struct account account = {cmd->fund, cmd->division, year_now(d), 0};
    Ledger__Appropriated event = LEDGER__APPROPRIATED__INIT;
    int64_t total;

    if (!fund_valid(cmd->fund))
        return jn_refuse(d, JN_MALFORMED, "name the fund (资金来源), 1 to %d", FUNDS - 1);
    if (!division_valid(cmd->division))
        return jn_refuse(d, JN_MALFORMED, "name the division (行政区划) that is given the money, six digits");
    if (cmd->amount_fen <= 0)
        return jn_refuse(d, JN_MALFORMED, "the amount must be more than nothing");
    if (cmd->day <= 0)
        return jn_refuse(d, JN_MALFORMED, "name the day from which the money counts");
    if (!earmark_of(cmd->item, cmd->purpose, &account.purpose))
        return jn_refuse(d, JN_MALFORMED, EARMARK_WANTED);
    if (account.purpose && !fund_may(d->view, account))
        return jn_refuse(d, JN_RING_FENCED, "2.11-b: %s may not be spent: the pack does not list it for the fund",
                         account_name(d->arena, account));
    if (strnlen(cmd->document, TEXT_BYTES_MAX + 1) > TEXT_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "shorten the document's number to %d bytes", TEXT_BYTES_MAX);
    if (!jn_in_scope_division(d->who, cmd->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    if (cmd->day > d->today)
        return jn_refuse(d, JN_NOT_YET, "money counts from its date on; send it again that day");
    if (cmd->amount_fen > AMOUNT_FEN_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "one appropriation is at most a hundred billion yuan; split it");
    if (!money_add(*before_fen, cmd->amount_fen, &total))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "all appropriations together would pass ten trillion yuan");

    /* Decided. */
    *before_fen = total;
    account_open(d, account);
    event.number = jn_counter(d->view, COUNTER_APPROPRIATIONS) + 1;
    event.fund = cmd->fund;
    event.division = cmd->division;
    event.year = account.year;
    event.amount_fen = cmd->amount_fen;
    event.day = cmd->day;
    event.document = cmd->document;
    event.item = cmd->item;
    event.purpose = cmd->purpose;
    return jn_emit(d, LEDGER__EVENT__BODY_APPROPRIATED, &event);
}

enum jn_code
decide_appropriate(struct jn_decision *d, const Ledger__Appropriate *cmd)
{
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    int64_t before_fen = appropriated(d->view);
    enum jn_code code = appropriate(d, cmd, &before_fen);
    struct sweep sweep = sweep_open(d);

    if (code != JN_OK)
        return code;
    sweep_fund(&sweep, cmd->fund, city_of(cmd->division));
    reply.number = jn_counter(d->view, COUNTER_APPROPRIATIONS);
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* All is booked before any queue moves: else the city's money would free what a division's own, a row further down, was
 * meant for. */
enum jn_code
decide_appropriate_all(struct jn_decision *d, const Ledger__AppropriateAll *cmd)
{
    struct sweep sweep = sweep_open(d);
    int64_t before_fen = appropriated(d->view);
    struct tally cities;
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, "give at least one appropriation");

    if (code != JN_OK)
        return code;

    /* Decided, row by row. */
    cities = tally_open(d->view, cmd->n_rows);
    for (size_t i = 0; i < cmd->n_rows; i++) {
        jn_bulk_begin(&bulk);
        if (jn_bulk_end(&bulk, i, appropriate(d, cmd->rows[i], &before_fen)))
            tally_add(&cities, cmd->rows[i]->fund, city_of(cmd->rows[i]->division), 0, 0);
    }
    for (size_t i = 0; i < cities.count; i++)
        sweep_fund(&sweep, (Common__Fund)cities.rows[i].key[0], (uint32_t)cities.rows[i].key[1]);
    return bulk_reply(&bulk);
}

/* ---- What then happens ---- */

void
apply_appropriated(struct jn_tables *t, const Ledger__Appropriated *event, const struct jn_stamp *stamp)
{
    struct account account = {event->fund, event->division, event->year,
                              event->item ? (uint32_t)event->item : (uint32_t)event->purpose};
    Ledger__Books *books = books_open(t);

    (void)stamp;
    account_use(t, account);
    books_date_back(t, books, event->day, event->year);
    account_post(t, books, account, APPROPRIATED, AVAILABLE, event->amount_fen);
    shortfall_clear(t, account);
    statement_appropriated(t, books, event->amount_fen);
    use_add(t, books, (struct use){event->fund, event->division, event->item, 0}, MEASURE_APPROPRIATED, 1,
            event->amount_fen);
    jn_counter_set(t, COUNTER_APPROPRIATIONS, event->number);
    books_close(t, books);
}
