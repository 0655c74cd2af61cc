/* The year's end (结转): what is unspent carries over, and the account of the new year opens with it.
 *
 * Accounts open lazily, whoever needs them first: nothing can be posted to a year that did not begin with what the last
 * one left. At New Year the timer opens the rest, so that the lists of a year are whole. */
#include "ledger/ledger.h"

#include "domain/date.h"

/* The timer of the year's beginning; past the calendar's end (2199) accounts open lazily alone. */
static void
await_year(struct jn_tables *t, uint32_t year)
{
    int32_t day;

    if (!date_make((int)year, 1, 1, &day))
        return;
    jn_timer_set(t, date_to_ms(day), TIMER_YEAR, year);
    jn_counter_set(t, COUNTER_YEAR, year);
}

/* The account is the one in use from now on. */
void
account_use(struct jn_tables *t, struct account account)
{
    uint32_t year = account_year_in_use(jn_view_of(t), account);
    Ledger__CurrentYear row = LEDGER__CURRENT_YEAR__INIT;

    if (year != account.year) {
        row.year = account.year;
        jn_put(t, TABLE_CURRENT, account_current(account), &row);
    }
    if (year == 0 && account.purpose)
        jn_counter_set(t, COUNTER_EARMARKS, jn_counter(jn_view_of(t), COUNTER_EARMARKS) + 1);
    if (jn_counter(jn_view_of(t), COUNTER_YEAR) == 0)
        await_year(t, account.year + 1);
}

int64_t
account_open(struct jn_decision *d, struct account account)
{
    uint32_t year = account_year_in_use(d->view, account);
    struct account last = {account.fund, account.division, year, account.purpose};
    const Ledger__Balances *balances = year ? account_get(d->view, last) : NULL;
    Ledger__CarriedOver event = LEDGER__CARRIED_OVER__INIT;

    if (!balances)
        return 0;
    if (year >= account.year)
        return balances->available_fen;
    event.fund = account.fund;
    event.division = account.division;
    event.from_year = year;
    event.to_year = account.year;
    event.amount_fen = balances->available_fen;
    event.item = account_item(account.purpose);
    event.purpose = account_purpose(account.purpose);
    jn_emit(d, LEDGER__EVENT__BODY_CARRIED_OVER, &event);
    return event.amount_fen;
}

/* Even with nothing to carry the new year's account opens, so that the lists of a year are whole. */
void
apply_carried_over(struct jn_tables *t, const Ledger__CarriedOver *event, const struct jn_stamp *stamp)
{
    uint32_t purpose = event->item ? (uint32_t)event->item : (uint32_t)event->purpose;
    struct account from = {event->fund, event->division, event->from_year, purpose};
    struct account to = {event->fund, event->division, event->to_year, purpose};
    Ledger__Balances fresh = LEDGER__BALANCES__INIT;
    Ledger__Books *books = books_open(t);

    (void)stamp;
    jn_put(t, TABLE_ACCOUNT, account_key(to), &fresh);
    account_post(t, books, from, AVAILABLE, CARRIED_OUT, event->amount_fen);
    account_post(t, books, to, CARRIED_IN, AVAILABLE, event->amount_fen);
    account_use(t, to);
    books_close(t, books);
}

/* Accounts open lazily, whoever needs them first. At New Year the timer opens the rest, so many a block. */
#define CARRIED_A_BLOCK 200

struct turning {
    uint32_t year;
    size_t count;
    struct account accounts[CARRIED_A_BLOCK];
};

static bool
note_old(void *context, const struct jn_key *key, const void *row)
{
    struct turning *turning = context;

    if (((const Ledger__CurrentYear *)row)->year >= turning->year)
        return true;
    turning->accounts[turning->count++] =
        (struct account){(Common__Fund)jn_key_number(key, 0), (uint32_t)jn_key_number(key, 1), turning->year,
                         key->length > 2 * sizeof(uint64_t) ? (uint32_t)jn_key_number(key, 2) : 0};
    return turning->count < CARRIED_A_BLOCK;
}

/* A city has five funds in a hundred divisions at the most, so the scan from the beginning stays short. */
enum jn_code
fire_year(struct jn_decision *d, uint64_t id)
{
    struct turning *turning = jn_take(d->view, sizeof(*turning));
    Ledger__YearTurned event = LEDGER__YEAR_TURNED__INIT;

    (void)id;
    turning->year = year_now(d);
    jn_scan(d->view, TABLE_CURRENT, JN_KEY(0, 0), 0, 100000, note_old, turning);
    for (size_t i = 0; i < turning->count; i++)
        account_open(d, turning->accounts[i]);
    if (turning->count == CARRIED_A_BLOCK)
        return JN_OK;
    event.year = turning->year;
    return jn_emit(d, LEDGER__EVENT__BODY_YEAR_TURNED, &event);
}

void
apply_year_turned(struct jn_tables *t, const Ledger__YearTurned *event, const struct jn_stamp *stamp)
{
    uint64_t awaited = jn_counter(jn_view_of(t), COUNTER_YEAR);
    int32_t day;

    (void)stamp;
    JN_ASSERT(date_make((int)awaited, 1, 1, &day));
    jn_timer_clear(t, date_to_ms(day), TIMER_YEAR, awaited);
    jn_counter_set(t, COUNTER_YEAR, 0);
    await_year(t, event->year + 1);
}
