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
    is(s, 2, "committed"); /* the head is training: it cannot use the money */
    earmark(s, EMPLOYMENT, CITY, FREE, 0, 400);
    is(s, 1, "committed");
    is(s, 3, "committed");
    assert_int_equal(earmarked(s, EMPLOYMENT, CITY, FREE, 0)->available_fen, 0);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, STUDENT, 0)->available_fen, 3000);
    assert_int_equal(claim(s, 1)->account_division, CITY);
}

/* 80 are for living allowances: the head, which is training, cannot use them. Among the allowances the one settled
 * first comes first, also where a later one would fit. */
static void
earmarked_money_is_not_the_heads_to_wait_for(void **state)
{
    struct story *s = *state;

    settle(s, CHANGAN, TRAINING(300));
    earmark(s, EMPLOYMENT, CHANGAN, STUDENT, 0, 80);
    settle(s, CHANGAN, LIVING(50));
    is(s, 2, "committed"); /* 30 are left */
    settle(s, CHANGAN, LIVING(40), TRAINING(10), LIVING(20));
    is(s, 3, "waiting");
    is(s, 5, "waiting"); /* would fit, and comes behind 3 for the same money */
    settle(s, CHANGAN, LIVING(20));
    is(s, 6, "waiting");
    assert_int_equal(claim(s, 3)->place, 2);
    assert_int_equal(claim(s, 6)->place, 5);
    assert_int_equal(claim(s, 3)->frees_fen, 34000);
    assert_int_equal(claim(s, 6)->frees_fen, 39000); /* 300 + 40 + 10 + 20 + 20 */
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->amount_fen, 39000);
    earmark(s, EMPLOYMENT, CHANGAN, STUDENT, 0, 35);
    is(s, 3, "committed"); /* 25 of the 65 are left */
    is(s, 5, "committed"); /* 5 are left */
    is(s, 6, "waiting");
    assert_int_equal(claim(s, 4)->place, 2);
    assert_int_equal(claim(s, 6)->place, 3);
    assert_int_equal(claim(s, 6)->frees_fen, 33000);
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->length, 3);
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 3)->entries[0]->place, 2);
    appropriate(s, EMPLOYMENT, CHANGAN, 329); /* one short of what frees the last */
    is(s, 4, "committed");
    is(s, 6, "waiting");
    appropriate(s, EMPLOYMENT, CHANGAN, 1);
    is(s, 6, "committed");
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, STUDENT, 0)->available_fen, 500);
}

/* Of one settlement: the first allowance fits, the second does not, and the third comes behind it. */
static void
claims_of_one_settlement_keep_their_order(void **state)
{
    struct story *s = *state;

    earmark(s, EMPLOYMENT, CHANGAN, STUDENT, 0, 50);
    settle(s, CHANGAN, TRAINING(300), LIVING(30), LIVING(25), LIVING(10));
    is(s, 1, "waiting");
    is(s, 2, "committed");
    is(s, 3, "waiting");
    is(s, 4, "waiting");
    assert_int_equal(claim(s, 4)->place, 3);
}

/* The city's 80 go to the one settled first of those that they are for. */
static void
the_citys_earmark_goes_to_who_was_settled_first(void **state)
{
    struct story *s = *state;

    settle(s, CHANGAN, TRAINING(300), LIVING(60));
    settle(s, QIAOXI, LIVING(30));
    settle(s, XINHUA, TRAINING(1), LIVING(15));
    earmark(s, EMPLOYMENT, CITY, STUDENT, 0, 80);
    is(s, 2, "committed");
    is(s, 3, "waiting"); /* 20 are left */
    is(s, 5, "committed");
    assert_int_equal(claim(s, 2)->account_division, CITY);
    assert_int_equal(earmarked(s, EMPLOYMENT, CITY, STUDENT, 0)->available_fen, 500);
}

/* 50 do not pay the first allowance of 100; general money does, and then they pay the second. */
static void
who_stood_before_it_leaves_and_the_next_is_paid(void **state)
{
    struct story *s = *state;

    earmark(s, EMPLOYMENT, CHANGAN, STUDENT, 0, 50);
    settle(s, CHANGAN, LIVING(100), TRAINING(1000));
    settle(s, CHANGAN, LIVING(40));
    is(s, 3, "waiting");
    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    is(s, 1, "committed");
    is(s, 2, "waiting");
    is(s, 3, "committed");
    has(s, EMPLOYMENT, CHANGAN, 0);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, STUDENT, 0)->available_fen, 1000);
}

/* A hundred settlements a block: what is earmarked waits for its turn, and nobody slips in between. */
static void
many_behind_a_head_are_freed_in_steps(void **state)
{
    struct story *s = *state;

    settle(s, CHANGAN, TRAINING(300));
    for (int i = 0; i < 130; i++)
        settle(s, CHANGAN, LIVING(1));
    earmark(s, EMPLOYMENT, CHANGAN, STUDENT, 0, 200);
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->length, 31);
    assert_int_equal(claim(s, 131)->place, 31);
    settle(s, CHANGAN, LIVING(1));
    is(s, 132, "waiting");
    on(s, "2019-11-01");
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->length, 1);
    is(s, 1, "waiting");
    is(s, 132, "committed");
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
    STORY(earmarked_money_is_not_the_heads_to_wait_for),
    STORY(claims_of_one_settlement_keep_their_order),
    STORY(the_citys_earmark_goes_to_who_was_settled_first),
    STORY(who_stood_before_it_leaves_and_the_next_is_paid),
    STORY(many_behind_a_head_are_freed_in_steps),
    STORY(earmarked_money_stays_so_over_the_year),
    STORY(recovered_money_is_earmarked_again),
    STORY(earmarks_must_make_sense),
};
const size_t ledger_earmarks_count = sizeof(ledger_earmarks) / sizeof(ledger_earmarks[0]);
