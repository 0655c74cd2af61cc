/* Statements (公示与报表): what it all comes to, and the quarter's disclosure, 2.12-b. Kept as it happens, never added
 * up. */
#include "ledger/ledger.h"

#include "domain/date.h"

/* ---- Tables ---- */

/* Sub-messages are always there: a row that was just made, too. */
static Ledger__CountAmount *
nothing(const struct jn_view *view)
{
    Ledger__CountAmount *sum = jn_take(view, sizeof(*sum));

    ledger__count_amount__init(sum);
    return sum;
}

static Ledger__Books *
books_new(const struct jn_view *view)
{
    Ledger__Books *books = jn_take(view, sizeof(*books));

    ledger__books__init(books);
    books->all = jn_take(view, sizeof(*books->all));
    ledger__balances__init(books->all);
    books->paid = nothing(view);
    books->waiting = nothing(view);
    books->committed = nothing(view);
    books->failed = nothing(view);
    books->misdirected = nothing(view);
    books->reversed = nothing(view);
    books->grants_reversed = nothing(view);
    books->turnover = turnover_new(view);
    books->n_by_fund = FUNDS - 1;
    books->by_fund = jn_take(view, books->n_by_fund * sizeof(*books->by_fund));
    for (size_t i = 0; i < books->n_by_fund; i++) {
        books->by_fund[i] = jn_take(view, sizeof(*books->by_fund[i]));
        ledger__fund_total__init(books->by_fund[i]);
        books->by_fund[i]->fund = (Common__Fund)(i + 1);
        books->by_fund[i]->paid = nothing(view);
    }
    return books;
}

Ledger__Books *
books_open(struct jn_tables *t)
{
    Ledger__Books *books = jn_change(t, TABLE_BOOKS, JN_KEY(0));

    if (!books)
        books = books_new(jn_view_of(t));
    books_turn(t, books, month_of(date_of_ms(jn_stamp_of(t)->time_ms)));
    return books;
}

void
books_close(struct jn_tables *t, Ledger__Books *books)
{
    /* Those that were there were changed where they lie. */
    if (!jn_has(jn_view_of(t), TABLE_BOOKS, JN_KEY(0)))
        jn_put(t, TABLE_BOOKS, JN_KEY(0), books);
}

void
count_in(Ledger__CountAmount *sum, int64_t fen)
{
    sum->count++;
    JN_ASSERT(!__builtin_add_overflow(sum->amount_fen, fen, &sum->amount_fen));
}

void
count_out(Ledger__CountAmount *sum, int64_t fen)
{
    JN_ASSERT(sum->count > 0 && sum->amount_fen >= fen);
    sum->count--;
    sum->amount_fen -= fen;
}

/* Accounts and claims are kept apart, event by event; what they must agree on is cheap to look at. */
void
books_check(const struct jn_view *view)
{
    const Ledger__Books *books = jn_get(view, TABLE_BOOKS, JN_KEY(0));
    int64_t sum = 0, by_fund = 0;

    if (!books)
        return;
    for (enum balance which = APPROPRIATED; which < BALANCES; which++) {
        int64_t fen = balance_of(books->all, which);

        JN_ASSERT(which <= CARRIED_IN ? fen <= 0 : fen >= 0);
        sum += fen;
    }
    JN_ASSERT(sum == 0);
    for (size_t i = 0; i < books->n_by_fund; i++)
        by_fund += books->by_fund[i]->paid->amount_fen;
    JN_ASSERT(by_fund == books->paid->amount_fen);
    JN_ASSERT(books->all->paid_fen == books->paid->amount_fen - books->reversed->amount_fen);
    JN_ASSERT(books->owed_advances_fen >= 0 && books->owed_advances_fen <= books->all->receivable_fen);
    JN_ASSERT(books->all->committed_fen + books->all->instructed_fen ==
              books->committed->amount_fen - books->offset_fen);
    JN_ASSERT(books->offset_fen >= 0 && books->offset_fen <= books->all->advanced_fen);
}

/* In which the month lies: that of the entry's date, unless it was closed; a closed quarter's figures stay. */
static uint64_t
quarter_of(const Ledger__Books *books)
{
    return books->month / 3;
}

static void
quarter_add(struct jn_tables *t, uint64_t quarter, int64_t appropriated_fen, int64_t paid_fen)
{
    Ledger__QuarterSum fresh = LEDGER__QUARTER_SUM__INIT;
    Ledger__QuarterSum *kept = jn_change(t, TABLE_QUARTER_SUM, JN_KEY(quarter)), *sum = kept ? kept : &fresh;

    sum->appropriated_fen += appropriated_fen;
    sum->paid_fen += paid_fen;
    if (!kept)
        jn_put(t, TABLE_QUARTER_SUM, JN_KEY(quarter), &fresh);
}

void
statement_appropriated(struct jn_tables *t, const Ledger__Books *books, int64_t fen)
{
    quarter_add(t, quarter_of(books), fen, 0);
}

static void
quarter_use_add(struct jn_tables *t, struct jn_key key, const struct tally_row *use)
{
    const Ledger__CountAmount *old = jn_get(jn_view_of(t), TABLE_QUARTER, key);
    Ledger__CountAmount sum = LEDGER__COUNT_AMOUNT__INIT;

    if (old)
        sum = *old;
    sum.count += use->count;
    sum.amount_fen += use->fen;
    jn_put(t, TABLE_QUARTER, key, &sum);
}

static void
division_add(struct jn_tables *t, uint32_t division, uint64_t count, int64_t fen)
{
    const Ledger__DivisionTotal *old = jn_get(jn_view_of(t), TABLE_DIVISION, JN_KEY(division));
    Ledger__DivisionTotal total = LEDGER__DIVISION_TOTAL__INIT;
    Ledger__CountAmount paid = LEDGER__COUNT_AMOUNT__INIT;

    if (old)
        paid = *old->paid;
    paid.count += count;
    paid.amount_fen += fen;
    total.division = division;
    total.paid = &paid;
    jn_put(t, TABLE_DIVISION, JN_KEY(division), &total);
}

void
statement_paid(struct jn_tables *t, Ledger__Books *books, uint32_t division, const struct tally *tally)
{
    uint64_t quarter = quarter_of(books), count = 0;
    int64_t fen = 0;

    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *use = &tally->rows[i];
        Ledger__CountAmount *by_fund = books->by_fund[use->key[0] - 1]->paid;

        quarter_use_add(t, JN_KEY(quarter, use->key[0], division, use->key[1]), use);
        by_fund->count += use->count;
        by_fund->amount_fen += use->fen;
        count += use->count;
        fen += use->fen;
    }
    books->paid->count += count;
    books->paid->amount_fen += fen;
    division_add(t, division, count, fen);
    quarter_add(t, quarter, 0, fen);
    uses_add(t, books, division, tally, MEASURE_PAID);
}

/* ---- What is told ---- */

#define DIVISIONS_MAX 1000 /* in the answer; a city has a hundred at most */

static bool
list_division(void *context, const struct jn_key *key, const void *row)
{
    Ledger__TotalsView *reply = context;

    (void)key;
    reply->by_division[reply->n_by_division++] = (Ledger__DivisionTotal *)(uintptr_t)row;
    return true;
}

enum jn_code
answer_totals(struct jn_decision *d, const Ledger__TotalsRequest *request)
{
    Ledger__TotalsView reply = LEDGER__TOTALS_VIEW__INIT;
    const Ledger__Books *books = jn_get(d->view, TABLE_BOOKS, JN_KEY(0));

    (void)request;
    if (!books)
        books = books_new(d->view);
    reply.paid = books->paid;
    reply.waiting = books->waiting;
    reply.committed = books->committed;
    reply.failed = books->failed;
    reply.misdirected = books->misdirected;
    reply.advanced_fen = books->all->advanced_fen + books->owed_advances_fen;
    reply.receivable_fen = books->all->receivable_fen;
    reply.written_off_fen = books->all->written_off_fen;
    reply.reversed = books->reversed;
    reply.grants_reversed = books->grants_reversed;
    reply.open_batches = books->open_batches;
    reply.by_fund = jn_take(d->view, FUNDS * sizeof(*reply.by_fund));
    for (size_t i = 0; i < books->n_by_fund; i++) {
        if (books->by_fund[i]->paid->count || books->by_fund[i]->paid->amount_fen)
            reply.by_fund[reply.n_by_fund++] = books->by_fund[i];
    }
    reply.by_division = jn_take(d->view, DIVISIONS_MAX * sizeof(*reply.by_division));
    jn_scan(d->view, TABLE_DIVISION, JN_KEY(0), 0, DIVISIONS_MAX, list_division, &reply);
    jn_reply(d, &reply.base);
    return JN_OK;
}

#define QUARTER_PAGE 1000

struct quarter_page {
    const struct jn_view *view;
    Ledger__QuarterView *reply;
};

static bool
list_use(void *context, const struct jn_key *key, const void *row)
{
    struct quarter_page *page = context;
    const Ledger__CountAmount *sum = row;
    Ledger__QuarterRow *use = jn_take(page->view, sizeof(*use));

    ledger__quarter_row__init(use);
    use->fund = (Common__Fund)jn_key_number(key, 1);
    use->division = (uint32_t)jn_key_number(key, 2);
    use->item = (Common__Item)jn_key_number(key, 3);
    use->count = sum->count;
    use->paid_fen = sum->amount_fen;
    page->reply->rows[page->reply->n_rows++] = use;
    return true;
}

enum jn_code
answer_quarter(struct jn_decision *d, const Ledger__QuarterRequest *request)
{
    Ledger__QuarterView reply = LEDGER__QUARTER_VIEW__INIT;
    struct quarter_page page = {d->view, &reply};
    uint64_t quarter, after = (uint64_t)request->after_item + (request->after_fund ? 1 : 0);
    const Ledger__QuarterSum *sum;

    if (request->quarter < 1 || request->quarter > 4 || request->year < 1900 || request->year > 2199)
        return jn_refuse(d, JN_MALFORMED, "name the year and the quarter, 1 to 4");
    quarter = (uint64_t)request->year * 4 + request->quarter - 1;
    sum = jn_get(d->view, TABLE_QUARTER_SUM, JN_KEY(quarter));
    reply.appropriated_fen = sum ? sum->appropriated_fen : 0;
    reply.paid_fen = sum ? sum->paid_fen : 0;
    reply.rows = jn_take(d->view, QUARTER_PAGE * sizeof(*reply.rows));
    reply.more = !jn_scan(d->view, TABLE_QUARTER, JN_KEY(quarter, request->after_fund, request->after_division, after),
                          sizeof(uint64_t), QUARTER_PAGE, list_use, &page);
    jn_reply(d, &reply.base);
    return JN_OK;
}
