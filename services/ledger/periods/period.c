/* Periods (会计期间): months, quarters and years, what was posted in each, and their closing (结账). 2.12-a.
 *
 * An entry stands in the month of its own date while that is open, else in the first one that is: a closed period takes
 * nothing any more, and the entry's event keeps the true date. No entry stands before the year of its account. A period
 * is closed for good: what was wrong is put right by a new entry, as auditors want it. */
#include "ledger/ledger.h"

#include "domain/date.h"

#define MONTHS    12
#define YEAR_MIN  1900
#define YEAR_MAX  2199
#define MONTH_MAX ((uint64_t)YEAR_MAX * MONTHS + MONTHS - 1)

/* ---- Months: year x 12 + month - 1 ---- */

uint32_t
month_of(int32_t day)
{
    struct date date = date_of(day);

    return (uint32_t)(date.year * MONTHS + date.month - 1);
}

/* The day on which it is over; false past the calendar's end. */
static bool
month_over(uint32_t month, int32_t *day)
{
    return date_make((int)((month + 1) / MONTHS), (int)((month + 1) % MONTHS) + 1, 1, day);
}

uint32_t
month_open(const struct jn_view *view, int32_t day, uint32_t year)
{
    uint32_t month = month_of(day), first = (uint32_t)jn_counter(view, COUNTER_MONTH_CLOSED) + 1;

    if (month < year * MONTHS)
        month = year * MONTHS;
    return month > first ? month : first;
}

/* ---- Tables ---- */

Ledger__Turnover *
turnover_new(const struct jn_view *view)
{
    Ledger__Turnover *out = jn_take(view, sizeof(*out));

    ledger__turnover__init(out);
    out->n_debit_fen = out->n_credit_fen = BALANCES;
    out->debit_fen = jn_take(view, BALANCES * sizeof(*out->debit_fen));
    out->credit_fen = jn_take(view, BALANCES * sizeof(*out->credit_fen));
    return out;
}

/* The same numbers; nothing where there is no row. */
static void
turnover_fill(Ledger__Turnover *out, const Ledger__Turnover *from)
{
    JN_ASSERT(!from || (from->n_debit_fen == BALANCES && from->n_credit_fen == BALANCES));
    for (size_t i = 0; i < BALANCES; i++) {
        out->debit_fen[i] = from ? from->debit_fen[i] : 0;
        out->credit_fen[i] = from ? from->credit_fen[i] : 0;
    }
}

static void
turnover_move(Ledger__Turnover *turnover, enum balance from, enum balance to, int64_t fen)
{
    /* A balance more is another version of the tables. */
    JN_ASSERT(turnover->n_debit_fen == BALANCES && turnover->n_credit_fen == BALANCES);
    JN_ASSERT(!__builtin_add_overflow(turnover->credit_fen[from], fen, &turnover->credit_fen[from]));
    JN_ASSERT(!__builtin_add_overflow(turnover->debit_fen[to], fen, &turnover->debit_fen[to]));
}

/* Not the account's own key with the month behind it: the general account's is the beginning of the earmarked ones'. */
static struct jn_key
turnover_key(struct account account, uint32_t month)
{
    return JN_KEY(account.year, account.fund, account.division, account.purpose, month);
}

bool
turnovers_scan(const struct jn_view *view, struct account account, jn_scan_fn each, void *context)
{
    return jn_scan(view, TABLE_TURNOVER, turnover_key(account, 0), 4 * sizeof(uint64_t), MONTH_MAX, each, context);
}

uint32_t
turnover_month(const struct jn_key *key)
{
    return (uint32_t)jn_key_number(key, key->length / sizeof(uint64_t) - 1);
}

void
turnover_post(struct jn_tables *t, Ledger__Books *books, struct account account, enum balance from, enum balance to,
              int64_t fen)
{
    struct jn_key key = turnover_key(account, books->month);
    Ledger__Turnover *kept = jn_change(t, TABLE_TURNOVER, key);
    Ledger__Turnover *turnover = kept ? kept : turnover_new(jn_view_of(t));

    turnover_move(turnover, from, to, fen);
    if (!kept)
        jn_put(t, TABLE_TURNOVER, key, turnover);
    turnover_move(books->turnover, from, to, fen);
}

/* The month under way is kept in the books themselves, so that it costs no row of its own an entry. */
void
books_turn(struct jn_tables *t, Ledger__Books *books, uint32_t month)
{
    if (books->month == month)
        return;
    if (books->month)
        jn_put(t, TABLE_MONTH, JN_KEY(books->month), books->turnover);
    turnover_fill(books->turnover, jn_look(jn_view_of(t), TABLE_MONTH, JN_KEY(month)));
    books->month = month;
}

void
books_date_back(struct jn_tables *t, Ledger__Books *books, int32_t day, uint32_t year)
{
    books_turn(t, books, month_open(jn_view_of(t), day, year));
}

static struct jn_key
period_key(Ledger__PeriodKind kind, uint32_t year, uint32_t number)
{
    return JN_KEY(kind, year, number);
}

bool
period_closed(const struct jn_view *view, const Ledger__Period *period)
{
    return jn_has(view, TABLE_PERIOD, period_key(period->kind, period->year, period->number));
}

/* ---- A period's sums ---- */

bool
period_span(const Ledger__Period *period, struct span *out)
{
    uint32_t first, count;

    if (!period || period->year < YEAR_MIN || period->year > YEAR_MAX)
        return false;
    first = period->year * MONTHS;
    switch (period->kind) {
    case LEDGER__PERIOD_KIND__PERIOD_MONTH:
        count = 1;
        break;
    case LEDGER__PERIOD_KIND__PERIOD_QUARTER:
        count = 3;
        break;
    case LEDGER__PERIOD_KIND__PERIOD_YEAR:
        *out = (struct span){first, first + MONTHS - 1};
        return period->number == 0;
    case LEDGER__PERIOD_KIND__PERIOD_KIND_UNSPECIFIED:
    case _LEDGER__PERIOD_KIND_IS_INT_SIZE:
    default:
        return false;
    }
    if (period->number < 1 || period->number > MONTHS / count)
        return false;
    first += (period->number - 1) * count;
    *out = (struct span){first, first + count - 1};
    return true;
}

void
sums_add(struct trial_sums *sums, const Ledger__Turnover *turnover, uint32_t month, struct span span)
{
    if (month > span.last)
        return;
    for (size_t i = 0; i < turnover->n_debit_fen && i < BALANCES; i++) {
        if (month < span.first) {
            sums->opening[i] += turnover->debit_fen[i] - turnover->credit_fen[i];
            continue;
        }
        sums->debit[i] += turnover->debit_fen[i];
        sums->credit[i] += turnover->credit_fen[i];
    }
}

struct summing {
    struct trial_sums *sums;
    struct span span;
    uint32_t kept; /* the month that the books keep: its row may be behind */
};

static bool
sum_row(void *context, const struct jn_key *key, const void *row)
{
    struct summing *summing = context;

    if (turnover_month(key) != summing->kept)
        sums_add(summing->sums, row, turnover_month(key), summing->span);
    return turnover_month(key) < summing->span.last;
}

void
period_sums(const struct jn_view *view, struct span span, struct trial_sums *out)
{
    const Ledger__Books *books = jn_get(view, TABLE_BOOKS, JN_KEY(0));
    struct summing summing = {out, span, books ? books->month : 0};

    *out = (struct trial_sums){0};
    jn_scan(view, TABLE_MONTH, JN_KEY(0), 0, MONTH_MAX, sum_row, &summing);
    if (books && books->turnover)
        sums_add(out, books->turnover, books->month, span);
}

size_t
sums_list(const struct jn_view *view, const struct trial_sums *sums, Ledger__TrialSum **out)
{
    size_t count = 0;

    for (enum balance which = APPROPRIATED; which < BALANCES; which++) {
        Ledger__TrialSum *sum;

        if (!sums->opening[which] && !sums->debit[which] && !sums->credit[which])
            continue;
        sum = out[count++] = jn_take(view, sizeof(*sum));
        ledger__trial_sum__init(sum);
        sum->balance = (char *)(uintptr_t)balance_name(view, which);
        sum->opening_fen = sums->opening[which];
        sum->debit_fen = sums->debit[which];
        sum->credit_fen = sums->credit[which];
        sum->closing_fen = sum->opening_fen + sum->debit_fen - sum->credit_fen;
    }
    return count;
}

/* ---- Decisions ---- */

static uint32_t
first_month(const struct jn_view *view)
{
    const Ledger__Books *books = jn_get(view, TABLE_BOOKS, JN_KEY(0));
    uint32_t month = books ? books->month : 0;
    struct jn_key found;

    if (jn_first(view, TABLE_MONTH, JN_KEY(0), 0, &found) && turnover_month(&found) < month)
        month = turnover_month(&found);
    return month;
}

static enum jn_code
wrong_turn(struct jn_decision *d, uint32_t month)
{
    return jn_refuse(d, JN_WRONG_STATE, "2.12-a: periods close in their order; close the month %u-%02u first",
                     month / MONTHS, month % MONTHS + 1);
}

static enum jn_code
month_closable(struct jn_decision *d, uint32_t month)
{
    uint32_t closed = (uint32_t)jn_counter(d->view, COUNTER_MONTH_CLOSED);
    uint32_t next = closed ? closed + 1 : first_month(d->view);

    if (next == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing is booked yet, so nothing can be closed; appropriate first");
    return month == next ? JN_OK : wrong_turn(d, next);
}

/* A quarter or year whose last month is closed; the one before it is, unless the books begin with this one. */
static enum jn_code
whole_closable(struct jn_decision *d, const Ledger__Period *period, struct span span)
{
    uint32_t closed = (uint32_t)jn_counter(d->view, COUNTER_MONTH_CLOSED);
    Ledger__Period before = *period;

    if (closed < span.last)
        return wrong_turn(d, closed ? closed + 1 : span.first);
    if (period->kind == LEDGER__PERIOD_KIND__PERIOD_YEAR) {
        before.kind = LEDGER__PERIOD_KIND__PERIOD_QUARTER;
        before.number = 4;
        if (!period_closed(d->view, &before))
            return jn_refuse(d, JN_WRONG_STATE, "2.12-a: close the year's quarters first");
        before = *period;
        before.year--;
    } else if (before.number-- == 1) {
        before.year--;
        before.number = 4;
    }
    if (first_month(d->view) < span.first && !period_closed(d->view, &before))
        return jn_refuse(d, JN_WRONG_STATE, "2.12-a: periods close in their order; close the one before it first");
    return JN_OK;
}

enum jn_code
decide_close_period(struct jn_decision *d, const Ledger__ClosePeriod *cmd)
{
    Ledger__PeriodClosed event = LEDGER__PERIOD_CLOSED__INIT;
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    struct span span;
    struct trial_sums sums;
    int32_t over;
    enum jn_code code;

    if (!period_span(cmd->period, &span))
        return jn_refuse(d, JN_MALFORMED, "name the period: a year, and its month (1 to 12) or quarter (1 to 4)");
    if (!jn_in_scope_all(d->who))
        return jn_refuse(d, JN_DENIED, "the books are the whole city's: its finance closes them");
    if (period_closed(d->view, cmd->period))
        return jn_refuse(d, JN_WRONG_STATE, "2.12-a: it is closed already, for good; correct it by a new entry");
    if (!month_over(span.last, &over) || d->today < over)
        return jn_refuse(d, JN_NOT_YET, "the period is not over; close it when it is");
    code = span.first == span.last ? month_closable(d, span.first) : whole_closable(d, cmd->period, span);
    if (code != JN_OK)
        return code;

    /* Decided. */
    period_sums(d->view, span, &sums);
    event.period = cmd->period;
    event.sums = jn_take(d->view, BALANCES * sizeof(*event.sums));
    event.n_sums = sums_list(d->view, &sums, event.sums);
    event.number = reply.number = jn_counter(d->view, COUNTER_PERIODS) + 1;
    jn_emit(d, LEDGER__EVENT__BODY_PERIOD_CLOSED, &event);
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* ---- What then happens ---- */

void
apply_period_closed(struct jn_tables *t, const Ledger__PeriodClosed *event, const struct jn_stamp *stamp)
{
    Ledger__PeriodFile file = LEDGER__PERIOD_FILE__INIT;
    struct span span;

    JN_ASSERT(period_span(event->period, &span));
    file.period = event->period;
    file.n_sums = event->n_sums;
    file.sums = event->sums;
    file.closed_ms = stamp->time_ms;
    jn_put(t, TABLE_PERIOD, period_key(event->period->kind, event->period->year, event->period->number), &file);
    jn_counter_set(t, COUNTER_PERIODS, event->number);
    if (event->period->kind == LEDGER__PERIOD_KIND__PERIOD_MONTH)
        jn_counter_set(t, COUNTER_MONTH_CLOSED, span.last);
}

/* ---- What is told ---- */

#define PERIODS_PAGE 100

static bool
list_period(void *context, const struct jn_key *key, const void *row)
{
    Ledger__PeriodsView *reply = context;

    (void)key;
    if (reply->n_rows == PERIODS_PAGE) {
        reply->more = true;
        return false;
    }
    reply->rows[reply->n_rows++] = (Ledger__PeriodFile *)(uintptr_t)row;
    return true;
}

enum jn_code
answer_periods(struct jn_decision *d, const Ledger__PeriodsRequest *request)
{
    Ledger__PeriodsView reply = LEDGER__PERIODS_VIEW__INIT;
    uint64_t number = request->after_year ? (uint64_t)request->after_number + 1 : 0;

    if (request->kind < LEDGER__PERIOD_KIND__PERIOD_MONTH || request->kind > LEDGER__PERIOD_KIND__PERIOD_YEAR)
        return jn_refuse(d, JN_MALFORMED, "say which kind of period: 1 month, 2 quarter, 3 year");
    reply.rows = jn_take(d->view, PERIODS_PAGE * sizeof(*reply.rows));
    jn_scan(d->view, TABLE_PERIOD, JN_KEY(request->kind, request->after_year, number), sizeof(uint64_t),
            PERIODS_PAGE + 1, list_period, &reply);
    jn_reply(d, &reply.base);
    return JN_OK;
}
