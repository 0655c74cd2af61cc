/* Accounts by purpose: earmarked money goes first, to what it is for, and to nothing else. */
#include "ledger_story.h"

#include <string.h>

#define TALENT  COMMON__FUND__LOCAL_TALENT
#define FREE    COMMON__ITEM__FREE_TRAINING
#define STUDENT COMMON__ITEM__STUDENT_LIVING
#define BASE    COMMON__PURPOSE__TRAINING_BASE

static void
earmarked_money_goes_first_and_to_nothing_else(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    assert_int_equal(earmark(s, EMPLOYMENT, CHANGAN, FREE, 0, 500), JN_OK);
    settle(s, CHANGAN, TRAINING(300), LIVING(300), TRAINING(300));
    /* 300 of the 500; living from general money; the last does not fit into 200, whole, so from general money. */
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, FREE, 0)->committed_fen, 30000);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, FREE, 0)->available_fen, 20000);
    has(s, EMPLOYMENT, CHANGAN, 400);
    settle(s, CHANGAN, LIVING(500));
    is(s, 4, "waiting"); /* 400 + 200, and the 200 are for training */
    approve(s, 1, 1, 3);
    bank_pays(s, 1);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, FREE, 0)->paid_fen, 30000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 60000);
    counts(totals(s)->paid, 3, 900);
}

/* Division's earmark, city's earmark, division's general money, city's. */
static void
the_order_of_accounts_is_as_stated(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    appropriate(s, EMPLOYMENT, CITY, 100);
    earmark(s, EMPLOYMENT, CHANGAN, FREE, 0, 100);
    earmark(s, EMPLOYMENT, CITY, FREE, 0, 100);
    settle(s, CHANGAN, TRAINING(100));
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, FREE, 0)->available_fen, 0);
    settle(s, CHANGAN, TRAINING(100));
    assert_int_equal(earmarked(s, EMPLOYMENT, CITY, FREE, 0)->available_fen, 0);
    has(s, EMPLOYMENT, CHANGAN, 100);
    settle(s, CHANGAN, TRAINING(100));
    has(s, EMPLOYMENT, CHANGAN, 0);
    has(s, EMPLOYMENT, CITY, 100);
    settle(s, CHANGAN, TRAINING(100), TRAINING(1));
    has(s, EMPLOYMENT, CITY, 0);
    is(s, 5, "waiting");
}

static void
earmarked_money_frees_the_head_it_is_for(void **state)
{
    struct story *s = *state;

    settle(s, CHANGAN, TRAINING(300), LIVING(50), TRAINING(100));
    earmark(s, EMPLOYMENT, CHANGAN, STUDENT, 0, 80);
    is(s, 2, "waiting"); /* nobody overtakes the head, which is training */
    earmark(s, EMPLOYMENT, CITY, FREE, 0, 400);
    is(s, 1, "committed");
    is(s, 2, "committed");
    is(s, 3, "committed");
    assert_int_equal(earmarked(s, EMPLOYMENT, CITY, FREE, 0)->available_fen, 0);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, STUDENT, 0)->available_fen, 3000);
    assert_int_equal(claim(s, 1)->account_division, CITY);
}

static void
earmarked_money_stays_so_over_the_year(void **state)
{
    struct story *s = *state;
    Ledger__AccountsRequest request = LEDGER__ACCOUNTS_REQUEST__INIT;
    const Ledger__AccountsView *rows;
    const void *reply;

    appropriate(s, EMPLOYMENT, CHANGAN, 10);
    earmark(s, EMPLOYMENT, CHANGAN, FREE, 0, 20);
    earmark(s, EMPLOYMENT, CHANGAN, 0, BASE, 30);
    earmark(s, TALENT, CHANGAN, 0, BASE, 40);
    on(s, "2020-01-02");
    request.year = 2020;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Accounts", &request, &reply), JN_OK);
    rows = reply;
    assert_int_equal(rows->n_rows, 4);
    assert_int_equal(rows->rows[0]->carried_in_fen, 1000);
    assert_int_equal(rows->rows[1]->item, FREE);
    assert_int_equal(rows->rows[1]->carried_in_fen, 2000);
    assert_int_equal(rows->rows[2]->purpose, BASE);
    assert_int_equal(rows->rows[2]->available_fen, 3000);
    assert_int_equal(rows->rows[3]->fund, TALENT);
    request.after_fund = EMPLOYMENT;
    request.after_division = CHANGAN;
    request.after_item = FREE;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Accounts", &request, &reply), JN_OK);
    assert_int_equal(((const Ledger__AccountsView *)reply)->n_rows, 2);
    settle(s, CHANGAN, TRAINING(20));
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, FREE, 0)->committed_fen, 2000);
    /* The bank sends it back: it stays with the account that is earmarked, and with its year. */
    approve(s, 1, 1, 1);
    on(s, "2021-01-02");
    bank_says(s, 1, 1, false, "closed");
    assert_int_equal(resend(s, 0, 1), JN_OK);
    bank_pays(s, 2);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, FREE, 0)->paid_fen, 0);
    counts(totals(s)->paid, 1, 20);
}

/* What was paid wrongly comes back to the earmarked account that paid it, and stays earmarked. */
static void
recovered_money_is_earmarked_again(void **state)
{
    struct story *s = *state;
    Ledger__OpenRecovery open = LEDGER__OPEN_RECOVERY__INIT;
    Ledger__RecordRepayment repay = LEDGER__RECORD_REPAYMENT__INIT;

    earmark(s, EMPLOYMENT, CHANGAN, FREE, 0, 500);
    appropriate(s, EMPLOYMENT, CHANGAN, 10);
    settle(s, CHANGAN, TRAINING(500));
    approve(s, 1, 1, 1);
    bank_pays(s, 1);
    open.claim = 1;
    open.amount_fen = 20000;
    open.kind = LEDGER__DEBT_KIND__DEBT_ERROR;
    open.document = open.clause = (char *)(uintptr_t) "2.10-b";
    assert_int_equal(jn_world_command(s->w, &s->finance, "OpenRecovery", &open, NULL), JN_OK);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, FREE, 0)->receivable_fen, 20000);
    on(s, "2020-01-05");
    repay.receivable = 1;
    repay.amount_fen = 15000;
    repay.document = (char *)(uintptr_t) "R-1";
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordRepayment", &repay, NULL), JN_OK);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, FREE, 0)->available_fen, 15000);
    has(s, EMPLOYMENT, CHANGAN, 10);
}

/* 2.11-b: nothing is set aside for what the fund may not pay. */
static void
earmarks_must_make_sense(void **state)
{
    struct story *s = *state;
    Ledger__AccountRequest request = LEDGER__ACCOUNT_REQUEST__INIT;
    Ledger__AccountsRequest all = LEDGER__ACCOUNTS_REQUEST__INIT;
    Ledger__ForecastRequest forecast = LEDGER__FORECAST_REQUEST__INIT;

    assert_int_equal(earmark(s, EMPLOYMENT, CHANGAN, FREE, BASE, 1), JN_MALFORMED);
    assert_int_equal(earmark(s, EMPLOYMENT, CHANGAN, (Common__Item)32, 0, 1), JN_MALFORMED);
    assert_int_equal(earmark(s, EMPLOYMENT, CHANGAN, (Common__Item)-1, 0, 1), JN_MALFORMED);
    assert_int_equal(earmark(s, EMPLOYMENT, CHANGAN, 0, (Common__Purpose)31, 1), JN_MALFORMED);
    assert_int_equal(earmark(s, EMPLOYMENT, CHANGAN, 0, (Common__Purpose)500, 1), JN_MALFORMED);
    assert_int_equal(earmark(s, SKILLS, CHANGAN, FREE, 0, 1), JN_RING_FENCED);
    assert_int_equal(earmark(s, INSURANCE, CHANGAN, 0, BASE, 1), JN_RING_FENCED);
    assert_non_null(strstr(jn_world_reason(s->w), "2.11-b"));
    assert_int_equal(earmark(s, EMPLOYMENT, CHANGAN, 0, COMMON__PURPOSE__COMPETITION, 1), JN_RING_FENCED);
    assert_int_equal(earmark(s, EMPLOYMENT, CHANGAN, FREE, 0, 0), JN_MALFORMED);
    assert_int_equal(earmark(s, EMPLOYMENT, CHANGAN, FREE, 0, -1), JN_MALFORMED);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_APPROPRIATED), 0);
    request.fund = all.after_fund = forecast.fund = EMPLOYMENT;
    request.division = all.after_division = forecast.division = CHANGAN;
    request.item = all.after_item = forecast.item = FREE;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Account", &request, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Forecast", &forecast, NULL), JN_NOT_FOUND);
    request.purpose = all.after_purpose = forecast.purpose = BASE;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Account", &request, NULL), JN_MALFORMED);
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Accounts", &all, NULL), JN_MALFORMED);
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Forecast", &forecast, NULL), JN_MALFORMED);
}

const struct CMUnitTest ledger_earmarks[] = {
    STORY(earmarked_money_goes_first_and_to_nothing_else),
    STORY(the_order_of_accounts_is_as_stated),
    STORY(earmarked_money_frees_the_head_it_is_for),
    STORY(earmarked_money_stays_so_over_the_year),
    STORY(recovered_money_is_earmarked_again),
    STORY(earmarks_must_make_sense),
};
const size_t ledger_earmarks_count = sizeof(ledger_earmarks) / sizeof(ledger_earmarks[0]);
