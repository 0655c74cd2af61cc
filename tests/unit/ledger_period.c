/* Periods and statements: what is closed stays, trial balances and statements by hand. Appropriations of the stories
 * are of 2019-10-27 and told on 2019-11-01 or later. */
#include "ledger_story.h"

#include <string.h>

#define MONTH   LEDGER__PERIOD_KIND__PERIOD_MONTH
#define QUARTER LEDGER__PERIOD_KIND__PERIOD_QUARTER
#define YEAR    LEDGER__PERIOD_KIND__PERIOD_YEAR

static Ledger__Period
period(Ledger__PeriodKind kind, uint32_t year, uint32_t number)
{
    Ledger__Period out = LEDGER__PERIOD__INIT;

    out.kind = kind;
    out.year = year;
    out.number = number;
    return out;
}

static enum jn_code
close_as(struct story *s, const struct jn_agency *who, Ledger__PeriodKind kind, uint32_t year, uint32_t number)
{
    Ledger__ClosePeriod cmd = LEDGER__CLOSE_PERIOD__INIT;
    Ledger__Period of = period(kind, year, number);

    cmd.period = &of;
    return jn_world_command(s->w, who, "ClosePeriod", &cmd, NULL);
}

static enum jn_code
close_period(struct story *s, Ledger__PeriodKind kind, uint32_t year, uint32_t number)
{
    return close_as(s, &s->finance, kind, year, number);
}

static void
closes(struct story *s, Ledger__PeriodKind kind, uint32_t year, uint32_t number)
{
    assert_int_equal(close_period(s, kind, year, number), JN_OK);
}

static const Ledger__TrialView *
trial_as(struct story *s, const struct jn_agency *who, Ledger__Period of)
{
    Ledger__TrialRequest request = LEDGER__TRIAL_REQUEST__INIT;
    const void *reply;

    request.period = &of;
    assert_int_equal(jn_world_query(s->w, who, "Trial", &request, &reply), JN_OK);
    return reply;
}

/* In yuan: what that balance of Changan's employment account of the year opened with, its debits, credits and end. */
static void
posted(struct story *s, Ledger__Period of, uint32_t year, const char *balance, int64_t opening, int64_t debit,
       int64_t credit, int64_t closing)
{
    const Ledger__TrialView *view = trial_as(s, &s->auditor, of);

    for (size_t i = 0; i < view->n_rows; i++) {
        const Ledger__TrialRow *row = view->rows[i];

        if (row->year != year || row->fund != EMPLOYMENT || row->division != CHANGAN ||
            strcmp(row->sum->balance, balance) != 0)
            continue;
        assert_int_equal(row->sum->opening_fen, opening * 100);
        assert_int_equal(row->sum->debit_fen, debit * 100);
        assert_int_equal(row->sum->credit_fen, credit * 100);
        assert_int_equal(row->sum->closing_fen, closing * 100);
        return;
    }
    if (opening || debit || credit || closing)
        fail_msg("no %s in the trial balance", balance);
}

static const Ledger__StatementView *
statement(struct story *s, const struct jn_agency *who, Ledger__StatementKind kind, Ledger__Period of,
          uint32_t division)
{
    Ledger__StatementRequest request = LEDGER__STATEMENT_REQUEST__INIT;
    const void *reply;

    request.kind = kind;
    request.period = &of;
    request.division = division;
    assert_int_equal(jn_world_query(s->w, who, "Statement", &request, &reply), JN_OK);
    return reply;
}

/* ---- Closing ---- */

static void
periods_close_in_their_order(void **state)
{
    struct story *s = *state;

    assert_int_equal(close_period(s, MONTH, 2019, 10), JN_WRONG_STATE); /* nothing is booked */
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    assert_int_equal(close_period(s, MONTH, 2019, 11), JN_NOT_YET);
    assert_int_equal(close_period(s, MONTH, 2019, 9), JN_WRONG_STATE); /* the books begin in October */
    closes(s, MONTH, 2019, 10);
    assert_int_equal(close_period(s, MONTH, 2019, 10), JN_WRONG_STATE);
    assert_non_null(strstr(jn_world_reason(s->w), "for good"));
    on(s, "2020-01-15");
    assert_int_equal(close_period(s, MONTH, 2019, 12), JN_WRONG_STATE);
    assert_non_null(strstr(jn_world_reason(s->w), "close the month 2019-11 first"));
    assert_int_equal(close_period(s, QUARTER, 2019, 4), JN_WRONG_STATE);
    closes(s, MONTH, 2019, 11);
    closes(s, MONTH, 2019, 12);
    assert_int_equal(close_period(s, YEAR, 2019, 0), JN_WRONG_STATE);
    assert_non_null(strstr(jn_world_reason(s->w), "quarters"));
    closes(s, QUARTER, 2019, 4); /* the books' first */
    closes(s, YEAR, 2019, 0);
    assert_int_equal(close_period(s, QUARTER, 2020, 1), JN_NOT_YET);
    on(s, "2020-08-01");
    for (uint32_t month = 1; month <= 7; month++)
        closes(s, MONTH, 2020, month);
    assert_int_equal(close_period(s, QUARTER, 2020, 2), JN_WRONG_STATE); /* the one before it first */
    closes(s, QUARTER, 2020, 1);
    closes(s, QUARTER, 2020, 2);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_PERIOD_CLOSED), 14);
}

static void
what_is_no_period_is_refused(void **state)
{
    struct story *s = *state;
    Ledger__ClosePeriod none = LEDGER__CLOSE_PERIOD__INIT;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    assert_int_equal(jn_world_command(s->w, &s->finance, "ClosePeriod", &none, NULL), JN_MALFORMED);
    assert_int_equal(close_period(s, MONTH, 2019, 0), JN_MALFORMED);
    assert_int_equal(close_period(s, MONTH, 2019, 13), JN_MALFORMED);
    assert_int_equal(close_period(s, QUARTER, 2019, 5), JN_MALFORMED);
    assert_int_equal(close_period(s, YEAR, 2019, 1), JN_MALFORMED);
    assert_int_equal(close_period(s, YEAR, 2200, 0), JN_MALFORMED);
    assert_int_equal(close_period(s, YEAR, 2199, 0), JN_NOT_YET);
    assert_int_equal(close_period(s, 0, 2019, 1), JN_MALFORMED);
    assert_int_equal(close_period(s, 9, 2019, 1), JN_MALFORMED);
    assert_int_equal(close_as(s, &s->county, MONTH, 2019, 10), JN_DENIED);
    assert_int_equal(close_as(s, &s->auditor, MONTH, 2019, 10), JN_DENIED);
    closes(s, MONTH, 2019, 10);
}

/* Told in January: October's money goes to January, the first open month, and October's figures stay. */
static void
late_entries_stand_in_the_open_month_with_their_date(void **state)
{
    struct story *s = *state;
    const Ledger__Appropriated *event;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    closes(s, MONTH, 2019, 10);
    appropriate(s, EMPLOYMENT, CHANGAN, 20);
    posted(s, period(MONTH, 2019, 10), 2019, "available", 0, 1000, 0, 1000);
    posted(s, period(MONTH, 2019, 11), 2019, "available", 1000, 20, 0, 1020);
    assert_int_equal(quarter(s, 2019, 4)->appropriated_fen, 102000);
    on(s, "2020-01-15");
    closes(s, MONTH, 2019, 11);
    closes(s, MONTH, 2019, 12);
    closes(s, QUARTER, 2019, 4);
    appropriate(s, EMPLOYMENT, CHANGAN, 7);
    event = jn_world_last(s->w, LEDGER__EVENT__BODY_APPROPRIATED);
    assert_int_equal(event->day, 18196); /* 2019-10-27 */
    assert_int_equal(quarter(s, 2019, 4)->appropriated_fen, 102000);
    assert_int_equal(quarter(s, 2020, 1)->appropriated_fen, 700);
    posted(s, period(MONTH, 2020, 1), 2020, "appropriated", 0, 0, 7, -7);
    posted(s, period(QUARTER, 2019, 4), 2019, "appropriated", 0, 0, 1020, -1020);
    assert_true(trial_as(s, &s->auditor, period(QUARTER, 2019, 4))->closed);
    assert_false(trial_as(s, &s->auditor, period(MONTH, 2020, 1))->closed);
}

/* An account has no entries before its own year, closed or not. */
static void
money_of_last_year_stands_in_the_new_years_account(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    on(s, "2020-03-15");
    appropriate(s, EMPLOYMENT, CHANGAN, 7);
    posted(s, period(YEAR, 2019, 0), 2019, "appropriated", 0, 0, 1000, -1000);
    posted(s, period(MONTH, 2020, 1), 2020, "appropriated", 0, 0, 7, -7);
    posted(s, period(MONTH, 2020, 1), 2020, "available", 0, 1007, 0, 1007);
    posted(s, period(MONTH, 2020, 3), 2020, "available", 1007, 0, 0, 1007);
}

static void
closing_records_the_trial_balance(void **state)
{
    struct story *s = *state;
    const Ledger__PeriodClosed *event;
    Ledger__PeriodsRequest request = LEDGER__PERIODS_REQUEST__INIT;
    const Ledger__PeriodsView *view;
    const void *reply;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    appropriate(s, SKILLS, QIAOXI, 500);
    settle(s, CHANGAN, TRAINING(300));
    on(s, "2019-12-01");
    closes(s, MONTH, 2019, 10);
    closes(s, MONTH, 2019, 11);
    event = jn_world_last(s->w, LEDGER__EVENT__BODY_PERIOD_CLOSED);
    assert_int_equal(event->number, 2);
    assert_int_equal(event->n_sums, 3);
    assert_string_equal(event->sums[0]->balance, "appropriated");
    assert_int_equal(event->sums[0]->opening_fen, -150000);
    assert_int_equal(event->sums[0]->closing_fen, -150000);
    assert_string_equal(event->sums[1]->balance, "available");
    assert_int_equal(event->sums[1]->opening_fen, 150000);
    assert_int_equal(event->sums[1]->credit_fen, 30000);
    assert_int_equal(event->sums[1]->closing_fen, 120000);
    assert_string_equal(event->sums[2]->balance, "committed");
    assert_int_equal(event->sums[2]->debit_fen, 30000);
    request.kind = MONTH;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Periods", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 2);
    assert_int_equal(view->rows[1]->period->number, 11);
    assert_int_equal(view->rows[1]->n_sums, 3);
    request.after_year = 2019;
    request.after_number = 10;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Periods", &request, &reply), JN_OK);
    assert_int_equal(((const Ledger__PeriodsView *)reply)->n_rows, 1);
    request.kind = 0;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Periods", &request, &reply), JN_MALFORMED);
}

/* ---- The trial balance ---- */

static void
a_year_by_hand(void **state)
{
    struct story *s = *state;
    Ledger__Period november = period(MONTH, 2019, 11), year = period(YEAR, 2019, 0), january = period(MONTH, 2020, 1);

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(300), TRAINING(40));
    approve(s, 1, 1, 2);
    bank_says(s, 1, 2, false, "closed");
    bank_says(s, 1, 1, true, "");
    on(s, "2019-12-05");
    settle(s, CHANGAN, TRAINING(200));
    on(s, "2020-01-03");
    resend(s, 0, 2);
    /* November: 340 committed and instructed, 300 paid, 40 back among the committed. */
    posted(s, november, 2019, "available", 1000, 0, 340, 660);
    posted(s, november, 2019, "committed", 0, 340 + 40, 340, 40);
    posted(s, november, 2019, "instructed", 0, 340, 340, 0);
    posted(s, november, 2019, "paid", 0, 300, 0, 300);
    posted(s, year, 2019, "appropriated", 0, 0, 1000, -1000);
    posted(s, year, 2019, "committed", 0, 580, 340, 240);
    posted(s, year, 2019, "available", 0, 1000, 540, 460);
    /* The year's turn, and the claim that was sent again. */
    posted(s, january, 2019, "available", 460, 0, 460, 0);
    posted(s, january, 2019, "carried_out", 0, 460, 0, 460);
    posted(s, january, 2019, "committed", 240, 0, 40, 200);
    posted(s, january, 2019, "instructed", 0, 40, 0, 40);
    posted(s, january, 2020, "carried_in", 0, 0, 460, -460);
    posted(s, january, 2020, "available", 0, 460, 0, 460);
    posted(s, period(YEAR, 2018, 0), 2019, "available", 0, 0, 0, 0);
    posted(s, period(YEAR, 2021, 0), 2019, "paid", 300, 0, 0, 300);
}

static void
a_trial_balance_has_pages_and_a_scope(void **state)
{
    struct story *s = *state;
    Ledger__TrialRequest request = LEDGER__TRIAL_REQUEST__INIT;
    Ledger__Period of = period(YEAR, 2019, 0);
    const Ledger__TrialView *view;
    const void *reply;
    size_t rows = 0, pages = 0;

    for (uint32_t i = 1; i <= 60; i++) {
        appropriate(s, EMPLOYMENT, 130100 + i, i);
        appropriate(s, SKILLS, 130100 + i, 2 * i);
    }
    request.period = &of;
    do {
        assert_int_equal(jn_world_query(s->w, &s->auditor, "Trial", &request, &reply), JN_OK);
        view = reply;
        rows += view->n_rows;
        pages++;
        request.after_year = view->after_year;
        request.after_fund = view->after_fund;
        request.after_division = view->after_division;
    } while (view->more);
    assert_int_equal(pages, 2);
    assert_int_equal(rows, 120 * 2);
    view = trial_as(s, &s->county, of); /* Qiaoxi's two accounts */
    assert_int_equal(view->n_rows, 4);
    assert_false(view->more);
    assert_int_equal(view->rows[3]->division, QIAOXI);
    assert_int_equal(view->rows[3]->sum->closing_fen, 2 * 4 * 100);
    of.number = 3;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Trial", &request, &reply), JN_MALFORMED);
}

/* ---- Statements ---- */

static void
statements_by_hand(void **state)
{
    struct story *s = *state;
    Ledger__Period november = period(MONTH, 2019, 11), quarter4 = period(QUARTER, 2019, 4);
    const Ledger__StatementView *view;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    appropriate(s, SKILLS, QIAOXI, 500);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 90);
    settle(s, CHANGAN, TRAINING(100), LIVING(30), TRAINING(50));
    approve(s, 1, 1, 2);
    bank_pays(s, 2);
    s->class = 2;
    settle(s, QIAOXI, CERTIFIED(70));
    approve(s, 2, 4, 1);
    on(s, "2019-12-03");
    bank_pays(s, 3);
    grant_advance(s, 5, CHANGAN, EMPLOYMENT, PROVIDER, 20);
    assert_int_equal(recover(s, 5, EMPLOYMENT, 15), JN_OK);

    view = statement(s, &s->auditor, LEDGER__STATEMENT_KIND__STATEMENT_FUND, quarter4, 0);
    assert_int_equal(view->n_rows, 2);
    assert_int_equal(view->rows[0]->id, EMPLOYMENT);
    assert_int_equal(view->rows[0]->use->appropriated_fen, 100000);
    counts(view->rows[0]->use->committed, 3, 180);
    counts(view->rows[0]->use->paid, 2, 130); /* whole, advance and all */
    assert_int_equal(view->rows[0]->use->advanced_fen, 11000);
    assert_int_equal(view->rows[0]->use->recovered_fen, 1500);
    assert_int_equal(view->rows[1]->id, SKILLS);
    counts(view->rows[1]->use->paid, 1, 70);

    view = statement(s, &s->auditor, LEDGER__STATEMENT_KIND__STATEMENT_ITEM, november, 0);
    assert_int_equal(view->n_rows, 4);
    assert_int_equal(view->rows[0]->id, 0); /* for no item: November's advance */
    assert_int_equal(view->rows[0]->use->advanced_fen, 9000);
    assert_int_equal(view->rows[0]->use->appropriated_fen, 0); /* October's */
    assert_int_equal(view->rows[1]->id, COMMON__ITEM__CERTIFIED_TRAINING);
    counts(view->rows[1]->use->committed, 1, 70);
    counts(view->rows[1]->use->paid, 0, 0); /* December's */
    assert_int_equal(view->rows[2]->id, COMMON__ITEM__FREE_TRAINING);
    counts(view->rows[2]->use->paid, 1, 100);
    assert_int_equal(view->rows[3]->id, COMMON__ITEM__STUDENT_LIVING);
    counts(view->rows[3]->use->paid, 1, 30);

    view = statement(s, &s->auditor, LEDGER__STATEMENT_KIND__STATEMENT_INSTITUTION, quarter4, 0);
    assert_int_equal(view->n_rows, 3);
    assert_int_equal(view->rows[0]->id, 0); /* persons */
    counts(view->rows[0]->use->paid, 1, 30);
    assert_int_equal(view->rows[1]->id, PROVIDER);
    counts(view->rows[1]->use->paid, 1, 100);
    counts(view->rows[1]->use->committed, 2, 150);
    assert_int_equal(view->rows[1]->use->recovered_fen, 1500);
    assert_int_equal(view->rows[2]->id, EMPLOYER);
    counts(view->rows[2]->use->paid, 1, 70);

    view = statement(s, &s->auditor, LEDGER__STATEMENT_KIND__STATEMENT_DIVISION, quarter4, 0);
    assert_int_equal(view->n_rows, 2);
    assert_int_equal(view->rows[1]->id, QIAOXI);
    counts(view->rows[1]->use->paid, 1, 70);
    view = statement(s, &s->auditor, LEDGER__STATEMENT_KIND__STATEMENT_FUND, quarter4, QIAOXI);
    assert_int_equal(view->n_rows, 1);
    assert_int_equal(view->rows[0]->id, SKILLS);
}

/* Of 130 paid in November 50 are reversed in December, by error, and 20 of them come back in January. */
static void
what_is_reversed_stands_in_its_own_month(void **state)
{
    struct story *s = *state;
    Ledger__OpenRecovery error = LEDGER__OPEN_RECOVERY__INIT;
    Ledger__RecordRepayment back = LEDGER__RECORD_REPAYMENT__INIT;
    const Ledger__StatementView *view;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), LIVING(30));
    approve(s, 1, 1, 2);
    bank_pays(s, 1);
    on(s, "2019-12-10");
    closes(s, MONTH, 2019, 10);
    closes(s, MONTH, 2019, 11);
    error.claim = 1;
    error.kind = LEDGER__DEBT_KIND__DEBT_ERROR;
    error.amount_fen = 5000;
    error.document = (char *)(uintptr_t) "E-1";
    error.clause = (char *)(uintptr_t) "2.10-b";
    assert_int_equal(jn_world_command(s->w, &s->finance, "OpenRecovery", &error, NULL), JN_OK);
    on(s, "2020-01-10");
    back.receivable = 1;
    back.amount_fen = 2000;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordRepayment", &back, NULL), JN_OK);

    posted(s, period(MONTH, 2019, 11), 2019, "paid", 0, 130, 0, 130);
    posted(s, period(MONTH, 2019, 12), 2019, "paid", 130, 0, 50, 80);
    posted(s, period(MONTH, 2019, 12), 2019, "receivable", 0, 50, 0, 50);
    posted(s, period(MONTH, 2020, 1), 2019, "receivable", 50, 0, 20, 30);
    posted(s, period(MONTH, 2020, 1), 2019, "carried_out", 0, 870 + 20, 0, 890);
    posted(s, period(MONTH, 2020, 1), 2020, "available", 0, 870 + 20, 0, 890);
    view = statement(s, &s->auditor, LEDGER__STATEMENT_KIND__STATEMENT_ITEM, period(MONTH, 2019, 12), 0);
    assert_int_equal(view->n_rows, 1);
    assert_int_equal(view->rows[0]->id, COMMON__ITEM__FREE_TRAINING);
    counts(view->rows[0]->use->reversed, 1, 50);
    counts(view->rows[0]->use->paid, 0, 0);
    view = statement(s, &s->auditor, LEDGER__STATEMENT_KIND__STATEMENT_INSTITUTION, period(QUARTER, 2020, 1), 0);
    assert_int_equal(view->n_rows, 1);
    assert_int_equal(view->rows[0]->id, PROVIDER);
    assert_int_equal(view->rows[0]->use->recovered_fen, 2000);
    assert_int_equal(quarter(s, 2019, 4)->paid_fen, 13000);
}

static void
a_statement_obeys_the_scope(void **state)
{
    struct story *s = *state;
    Ledger__StatementRequest request = LEDGER__STATEMENT_REQUEST__INIT;
    Ledger__Period of = period(YEAR, 2019, 0);
    const Ledger__StatementView *view;
    const void *reply;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    appropriate(s, EMPLOYMENT, QIAOXI, 10);
    view = statement(s, &s->county, LEDGER__STATEMENT_KIND__STATEMENT_FUND, of, 0);
    assert_int_equal(view->n_rows, 1);
    assert_int_equal(view->rows[0]->use->appropriated_fen, 1000);
    request.period = &of;
    request.kind = LEDGER__STATEMENT_KIND__STATEMENT_FUND;
    request.division = CHANGAN;
    assert_int_equal(jn_world_query(s->w, &s->county, "Statement", &request, &reply), JN_DENIED);
    request.kind = 0;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Statement", &request, &reply), JN_MALFORMED);
    request.kind = LEDGER__STATEMENT_KIND__STATEMENT_FUND;
    of.number = 1;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Statement", &request, &reply), JN_MALFORMED);
}

/* More institutions than a page holds; each paid once. */
static void
a_statement_has_pages(void **state)
{
    struct story *s = *state;
    Ledger__StatementRequest request = LEDGER__STATEMENT_REQUEST__INIT;
    Ledger__Period of = period(YEAR, 2019, 0);
    const Ledger__StatementView *view;
    const void *reply;

    appropriate(s, EMPLOYMENT, CHANGAN, 100000);
    for (uint64_t i = 0; i < 505; i++) {
        s->provider = 1000 - i;
        settle(s, CHANGAN, TRAINING(2));
    }
    request.period = &of;
    request.kind = LEDGER__STATEMENT_KIND__STATEMENT_INSTITUTION;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Statement", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 500);
    assert_true(view->more);
    assert_int_equal(view->rows[0]->id, 0);
    assert_int_equal(view->rows[1]->id, 496);
    assert_int_equal(view->rows[499]->id, 994);
    counts(view->rows[499]->use->committed, 1, 2);
    request.from_id = 995;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Statement", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 6);
    assert_false(view->more);
    assert_int_equal(view->rows[5]->id, 1000);
}

static void
pay_on(struct story *s, const char *document, int64_t yuan, int32_t day)
{
    Ledger__RecordGrantPaid cmd = LEDGER__RECORD_GRANT_PAID__INIT;

    cmd.grant = 1;
    cmd.amount_fen = yuan * 100;
    cmd.day = day;
    cmd.document = (char *)(uintptr_t)document;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordGrantPaid", &cmd, NULL), JN_OK);
}

/* In yuan: the debits of grant_paid of the account that is earmarked for a training base. */
static int64_t
earmark_paid(struct story *s, Ledger__Period of)
{
    const Ledger__TrialView *view = trial_as(s, &s->auditor, of);

    for (size_t i = 0; i < view->n_rows; i++) {
        if (view->rows[i]->purpose == COMMON__PURPOSE__TRAINING_BASE && view->rows[i]->year == 2019 &&
            strcmp(view->rows[i]->sum->balance, "grant_paid") == 0)
            return view->rows[i]->sum->debit_fen / 100;
    }
    return 0;
}

static uint64_t
instalments(struct story *s, uint32_t year, uint32_t quarter)
{
    Ledger__GrantUseRequest request = LEDGER__GRANT_USE_REQUEST__INIT;
    const void *reply;

    request.year = year;
    request.quarter = quarter;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "GrantUse", &request, &reply), JN_OK);
    return ((const Ledger__GrantUseView *)reply)->n_rows ? ((const Ledger__GrantUseView *)reply)->rows[0]->count : 0;
}

static void
a_grants_late_instalment_stands_in_the_open_month(void **state)
{
    struct story *s = *state;
    const Ledger__StatementView *view;

    list_pack(s);
    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    earmark(s, EMPLOYMENT, CHANGAN, 0, COMMON__PURPOSE__TRAINING_BASE, 50);
    assert_int_equal(ask_grant(s, (struct asked){"a", EMPLOYMENT, CHANGAN, COMMON__PURPOSE__TRAINING_BASE, 50}), JN_OK);
    on(s, "2020-01-15");
    closes(s, MONTH, 2019, 10);
    closes(s, MONTH, 2019, 11);
    pay_on(s, "P-1", 20, 18219); /* 2019-11-19, of a closed month */
    assert_int_equal(earmark_paid(s, period(MONTH, 2019, 11)), 0);
    assert_int_equal(earmark_paid(s, period(MONTH, 2019, 12)), 20);
    posted(s, period(MONTH, 2019, 12), 2019, "grant_paid", 0, 20, 0, 20);
    assert_int_equal(instalments(s, 2019, 4), 1);
    closes(s, MONTH, 2019, 12);
    closes(s, QUARTER, 2019, 4);
    pay_on(s, "P-2", 5, 18250); /* 2019-12-20 */
    assert_int_equal(earmark_paid(s, period(MONTH, 2020, 1)), 5);
    assert_int_equal(instalments(s, 2019, 4), 1);
    assert_int_equal(instalments(s, 2020, 1), 1);
    view = statement(s, &s->auditor, LEDGER__STATEMENT_KIND__STATEMENT_INSTITUTION, period(MONTH, 2019, 12), 0);
    assert_int_equal(view->rows[0]->id, PROVIDER);
    counts(view->rows[0]->use->grant_paid, 1, 20);
}

const struct CMUnitTest ledger_period[] = {
    STORY(periods_close_in_their_order),
    STORY(what_is_no_period_is_refused),
    STORY(late_entries_stand_in_the_open_month_with_their_date),
    STORY(money_of_last_year_stands_in_the_new_years_account),
    STORY(closing_records_the_trial_balance),
    STORY(a_year_by_hand),
    STORY(a_trial_balance_has_pages_and_a_scope),
    STORY(statements_by_hand),
    STORY(what_is_reversed_stands_in_its_own_month),
    STORY(a_statement_obeys_the_scope),
    STORY(a_statement_has_pages),
    STORY(a_grants_late_instalment_stands_in_the_open_month),
};
const size_t ledger_period_count = sizeof(ledger_period) / sizeof(ledger_period[0]);
