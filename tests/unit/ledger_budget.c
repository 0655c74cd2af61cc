/* Budgets: who pays, who waits, who is freed first, and what the year's end does to it. */
#include "ledger_story.h"

#include <string.h>

static void
what_the_own_account_covers_is_committed(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600), LIVING(400));
    is(s, 1, "committed");
    is(s, 2, "committed");
    has(s, EMPLOYMENT, CHANGAN, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->committed_fen, 100000);
    counts(totals(s)->committed, 2, 1000);
    assert_string_equal(claim(s, 1)->why, "its public notice is not over");
}

static void
the_city_stands_in_with_the_whole_or_not_at_all(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 500);
    appropriate(s, EMPLOYMENT, CITY, 700);
    settle(s, CHANGAN, TRAINING(600), TRAINING(500), TRAINING(101));
    assert_int_equal(claim(s, 1)->account_division, CITY); /* 600: neither 500 + 100, but the city's */
    assert_int_equal(claim(s, 2)->account_division, CHANGAN);
    is(s, 3, "waiting");
    has(s, EMPLOYMENT, CITY, 100);
    has(s, EMPLOYMENT, CHANGAN, 0);
}

static void
the_citys_own_classes_have_one_account(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CITY, 700);
    settle(s, CITY, TRAINING(600), TRAINING(600));
    is(s, 1, "committed");
    is(s, 2, "waiting");
    has(s, EMPLOYMENT, CITY, 100);
}

static void
nobody_overtakes(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 500);
    settle(s, CHANGAN, TRAINING(600), TRAINING(100), UPGRADE(1000));
    is(s, 1, "waiting");
    is(s, 2, "waiting"); /* would fit */
    is(s, 3, "waiting"); /* another fund: a queue of its own */
    assert_int_equal(claim(s, 1)->place, 1);
    assert_int_equal(claim(s, 2)->place, 2);
    assert_int_equal(claim(s, 3)->place, 1);
    settle(s, CHANGAN, TRAINING(50));
    assert_int_equal(claim(s, 4)->place, 3);
    settle(s, QIAOXI, TRAINING(50));
    assert_int_equal(claim(s, 5)->place, 1);
    counts(totals(s)->waiting, 5, 1800);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->waiting, 3);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->waiting_fen, 75000);
    assert_non_null(strstr(claim(s, 4)->why, "2 before it"));
}

static void
new_money_frees_the_queue_from_its_head(void **state)
{
    struct story *s = *state;

    settle(s, CHANGAN, TRAINING(600), TRAINING(100), TRAINING(300));
    appropriate(s, EMPLOYMENT, CHANGAN, 599);
    is(s, 1, "waiting");
    appropriate(s, EMPLOYMENT, CHANGAN, 200);
    is(s, 1, "committed");
    is(s, 2, "committed");
    is(s, 3, "waiting");
    has(s, EMPLOYMENT, CHANGAN, 99);
    assert_int_equal(claim(s, 3)->place, 1);
    appropriate(s, EMPLOYMENT, CHANGAN, 201);
    is(s, 3, "committed");
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->length, 0);
    counts(totals(s)->waiting, 0, 0);
}

/* A queue may be freed in the middle of a settlement, and the next one begins at its head then. */
static void
queues_span_settlements(void **state)
{
    struct story *s = *state;
    const Ledger__QueueView *view;

    settle(s, CHANGAN, TRAINING(10), UPGRADE(5), TRAINING(20));
    settle(s, CHANGAN, TRAINING(30), TRAINING(40));
    view = queue(s, EMPLOYMENT, CHANGAN, 0);
    assert_int_equal(view->n_claims, 4);
    assert_int_equal(view->claims[1], 3);
    assert_int_equal(view->amount_fen, 10000);
    view = queue(s, EMPLOYMENT, CHANGAN, 3);
    assert_int_equal(view->n_claims, 2);
    assert_int_equal(view->claims[0], 4);
    appropriate(s, EMPLOYMENT, CHANGAN, 61);
    assert_int_equal(claim(s, 5)->place, 1);
    is(s, 2, "waiting");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_COMMITTED), 2);
}

static void
the_citys_money_goes_by_settlement_over_all_divisions(void **state)
{
    struct story *s = *state;

    settle(s, QIAOXI, TRAINING(300));
    settle(s, CHANGAN, TRAINING(900));
    settle(s, QIAOXI, TRAINING(200));
    settle(s, XINHUA, TRAINING(100));
    settle(s, CHANGAN, TRAINING(50));
    appropriate(s, EMPLOYMENT, CITY, 650);
    is(s, 1, "committed");
    is(s, 2, "waiting"); /* does not fit: blocks its own queue */
    is(s, 3, "committed");
    is(s, 4, "committed");
    is(s, 5, "waiting"); /* would fit, stands behind 2 */
    has(s, EMPLOYMENT, CITY, 50);
    assert_int_equal(claim(s, 3)->account_division, CITY);
}

/* The rows of one document: whatever their order, each queue takes its own account first. */
static void
all_of_a_day_is_booked_before_queues_move(void **state)
{
    struct story *s = *state;
    Ledger__AppropriateAll cmd = LEDGER__APPROPRIATE_ALL__INIT;
    Ledger__Appropriate city = LEDGER__APPROPRIATE__INIT, own = LEDGER__APPROPRIATE__INIT,
                        bad = LEDGER__APPROPRIATE__INIT;
    Ledger__Appropriate *rows[] = {&city, &bad, &own};
    const void *reply;
    const Ledger__Outcomes *outcomes;

    settle(s, CHANGAN, TRAINING(300));
    settle(s, QIAOXI, TRAINING(300));
    city.fund = own.fund = EMPLOYMENT;
    city.division = CITY;
    own.division = CHANGAN;
    city.amount_fen = own.amount_fen = 30000;
    city.day = own.day = 18000;
    cmd.n_rows = 3;
    cmd.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->finance, "AppropriateAll", &cmd, &reply), JN_OK);
    outcomes = reply;
    assert_int_equal(outcomes->done, 2);
    assert_int_equal(outcomes->n_refused, 1);
    assert_int_equal(outcomes->refused[0]->row, 1);
    assert_int_equal(outcomes->refused[0]->code, JN_MALFORMED);
    assert_int_equal(claim(s, 1)->account_division, CHANGAN);
    assert_int_equal(claim(s, 2)->account_division, CITY);
    cmd.n_rows = 0;
    assert_int_equal(jn_world_command(s->w, &s->finance, "AppropriateAll", &cmd, NULL), JN_MALFORMED);
}

static void
what_is_unspent_carries_over_the_years_end(void **state)
{
    struct story *s = *state;
    const Ledger__AccountView *old, *new;
    Ledger__AccountsRequest request = LEDGER__ACCOUNTS_REQUEST__INIT;
    const void *reply;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    appropriate(s, EMPLOYMENT, CITY, 10);
    appropriate(s, SKILLS, QIAOXI, 5);
    settle(s, CHANGAN, TRAINING(300));
    on(s, "2020-01-02");
    old = account(s, EMPLOYMENT, CHANGAN, 2019);
    assert_int_equal(old->available_fen, 0);
    assert_int_equal(old->carried_out_fen, 70000);
    assert_int_equal(old->committed_fen, 30000);
    new = account(s, EMPLOYMENT, CHANGAN, 0);
    assert_int_equal(new->year, 2020);
    assert_int_equal(new->carried_in_fen, 70000);
    assert_int_equal(new->available_fen, 70000);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_CARRIED_OVER), 3);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_YEAR_TURNED), 1);
    request.year = 2020;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Accounts", &request, &reply), JN_OK);
    assert_int_equal(((const Ledger__AccountsView *)reply)->n_rows, 3);
    request.after_fund = EMPLOYMENT;
    request.after_division = CHANGAN;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Accounts", &request, &reply), JN_OK);
    assert_int_equal(((const Ledger__AccountsView *)reply)->n_rows, 1);
    settle(s, CHANGAN, TRAINING(700));
    is(s, 2, "committed");
    approve(s, 1, 1, 1);
    approve(s, 2, 2, 1);
    bank_pays(s, 1);
    bank_pays(s, 2);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->paid_fen, 30000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2020)->paid_fen, 70000);
    on(s, "2023-05-01");
    has(s, EMPLOYMENT, CITY, 10);
    assert_int_equal(account(s, EMPLOYMENT, CITY, 0)->year, 2023);
}

static void
queues_outlive_the_year(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    settle(s, CHANGAN, TRAINING(300));
    on(s, "2020-03-01");
    is(s, 1, "waiting");
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->waiting, 1);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->waiting, 0);
    appropriate(s, EMPLOYMENT, CHANGAN, 200);
    is(s, 1, "committed");
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2020)->committed_fen, 30000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2020)->appropriated_fen, 20000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2020)->carried_in_fen, 10000);
}

/* A hundred settlements a block: the rest follows at the same moment, and in the meantime nobody slips in between. */
static void
a_long_queue_is_freed_in_steps(void **state)
{
    struct story *s = *state;

    for (int i = 0; i < 130; i++)
        settle(s, i % 2 ? CHANGAN : QIAOXI, TRAINING(1), TRAINING(1));
    appropriate(s, EMPLOYMENT, CITY, 1000);
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->length, 30);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_QUEUE_MOVED), 1);
    settle(s, XINHUA, TRAINING(1)); /* the city has money: but others stand before it */
    is(s, 261, "waiting");
    grant_advance(s, 5, XINHUA, EMPLOYMENT, PROVIDER, 1);
    assert_true(((const Ledger__AdvancePaid *)jn_world_last(s->w, LEDGER__EVENT__BODY_ADVANCE_PAID))->refused);
    on(s, "2019-11-01");
    is(s, 261, "committed");
    is(s, 260, "committed");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_QUEUE_MOVED), 2);
    has(s, EMPLOYMENT, CITY, 739);
    counts(totals(s)->committed, 261, 261);
}

static void
a_sweep_that_was_left_ends_when_money_is_gone(void **state)
{
    struct story *s = *state;

    for (int i = 0; i < 120; i++)
        settle(s, CHANGAN, TRAINING(1));
    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    on(s, "2019-11-01");
    is(s, 100, "committed");
    is(s, 101, "waiting");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_QUEUE_MOVED), 2);
    /* More money while a sweep is pending joins it. */
    for (int i = 0; i < 120; i++)
        settle(s, CHANGAN, TRAINING(1));
    appropriate(s, EMPLOYMENT, CHANGAN, 110);
    appropriate(s, EMPLOYMENT, CHANGAN, 10);
    is(s, 220, "committed");
    on(s, "2019-11-02");
    is(s, 221, "waiting");
    has(s, EMPLOYMENT, CHANGAN, 0);
}

static void
the_fence_keeps_money_to_its_purpose(void **state)
{
    struct story *s = *state;
    const Ledger__Misdirected *event;

    appropriate(s, INSURANCE, CHANGAN, 10000);
    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    settle(s, CHANGAN, {COMMON__ITEM__FREE_TRAINING, 5000, INSURANCE, 0}, TRAINING(50));
    is(s, 1, "misdirected");
    is(s, 2, "committed");
    has(s, INSURANCE, CHANGAN, 10000);
    event = jn_world_last(s->w, LEDGER__EVENT__BODY_MISDIRECTED);
    assert_non_null(strstr(event->rows[0]->why, "2.11-b"));
    counts(totals(s)->misdirected, 1, 50);
    approve(s, 1, 1, 2);
    is(s, 1, "misdirected");
    is(s, 2, "instructed");
    assert_non_null(strstr(claim(s, 1)->why, "2.11-b"));
    assert_int_equal(claim(s, 1)->account_division, 0);
}

static void
without_a_pack_nothing_may_be_paid(void **state)
{
    struct story *s = story_open_bare();

    (void)state;
    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    settle(s, CHANGAN, TRAINING(50));
    is(s, 1, "misdirected");
    list_pack(s);
    s->pack = "another-2022"; /* never listed: the last one that was judges */
    settle(s, CHANGAN, TRAINING(50));
    is(s, 2, "committed");
    s->pack = "";
    settle(s, CHANGAN, TRAINING(50));
    is(s, 3, "committed");
    story_close(s);
}

const struct CMUnitTest ledger_budget[] = {
    STORY(what_the_own_account_covers_is_committed),
    STORY(the_city_stands_in_with_the_whole_or_not_at_all),
    STORY(the_citys_own_classes_have_one_account),
    STORY(nobody_overtakes),
    STORY(new_money_frees_the_queue_from_its_head),
    STORY(queues_span_settlements),
    STORY(the_citys_money_goes_by_settlement_over_all_divisions),
    STORY(all_of_a_day_is_booked_before_queues_move),
    STORY(what_is_unspent_carries_over_the_years_end),
    STORY(queues_outlive_the_year),
    STORY(a_long_queue_is_freed_in_steps),
    STORY(a_sweep_that_was_left_ends_when_money_is_gone),
    STORY(the_fence_keeps_money_to_its_purpose),
    cmocka_unit_test(without_a_pack_nothing_may_be_paid),
};
const size_t ledger_budget_count = sizeof(ledger_budget) / sizeof(ledger_budget[0]);
