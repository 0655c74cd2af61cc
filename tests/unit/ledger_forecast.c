/* Forecasts: when an account will be empty, and what would free each who waits. */
#include "ledger_story.h"

static const Ledger__ForecastView *
forecast(struct story *s, Common__Fund fund, uint32_t division)
{
    Ledger__ForecastRequest request = LEDGER__FORECAST_REQUEST__INIT;
    const void *reply;

    request.fund = fund;
    request.division = division;
    assert_int_equal(jn_world_query(s->w, &s->finance, "Forecast", &request, &reply), JN_OK);
    return reply;
}

static void
rates_are_those_of_30_and_90_days(void **state)
{
    struct story *s = *state;
    int32_t today;

    appropriate(s, EMPLOYMENT, CHANGAN, 10000);
    assert_false(forecast(s, EMPLOYMENT, CHANGAN)->foreseen);
    settle(s, CHANGAN, TRAINING(300)); /* on 2019-11-01 */
    on(s, "2019-11-20");
    settle(s, CHANGAN, TRAINING(300));
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->committed_30_fen, 60000);
    on(s, "2019-12-01"); /* the first is 30 days old: out of the month, in the quarter */
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->committed_30_fen, 30000);
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->committed_90_fen, 60000);
    /* 9,400 left; 300 in 30 days: 940 days; 600 in 90 days: 1,410. */
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->days, 940);
    assert_true(date_parse("2019-12-01", &today));
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->empty_day, today + 940);
    on(s, "2020-01-30"); /* 90 days after the first */
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->committed_30_fen, 0);
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->committed_90_fen, 30000);
    on(s, "2020-06-01");
    assert_false(forecast(s, EMPLOYMENT, CHANGAN)->foreseen);
    settle(s, CHANGAN, TRAINING(94));
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->committed_90_fen, 9400);
}

static void
finance_is_told_once_until_money_comes(void **state)
{
    struct story *s = *state;
    const Ledger__ShortfallForeseen *event;
    Ledger__SetTerms terms = LEDGER__SET_TERMS__INIT;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(500)); /* 500 left at 500 in 30 days: 30 days, as much as the notice */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_SHORTFALL_FORESEEN), 0);
    settle(s, CHANGAN, TRAINING(10)); /* 490 x 30 / 510 = 28 */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_SHORTFALL_FORESEEN), 1);
    event = jn_world_last(s->w, LEDGER__EVENT__BODY_SHORTFALL_FORESEEN);
    assert_int_equal(event->days, 28);
    assert_int_equal(event->available_fen, 49000);
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->told_day, event->day);
    settle(s, CHANGAN, TRAINING(100));
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_SHORTFALL_FORESEEN), 1);
    appropriate(s, EMPLOYMENT, CHANGAN, 10);
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->told_day, 0);
    settle(s, CHANGAN, TRAINING(1));
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_SHORTFALL_FORESEEN), 2);
    /* The city's account, which stands in, is told of by itself. */
    appropriate(s, EMPLOYMENT, CITY, 1000);
    settle(s, CHANGAN, TRAINING(900));
    event = jn_world_last(s->w, LEDGER__EVENT__BODY_SHORTFALL_FORESEEN);
    assert_int_equal(event->division, CITY);
    /* Another notice. */
    terms.notice_days = 1;
    assert_int_equal(jn_world_command(s->w, &s->finance, "SetTerms", &terms, NULL), JN_OK);
    appropriate(s, EMPLOYMENT, XINHUA, 1000);
    settle(s, XINHUA, TRAINING(900)); /* 3 days */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_SHORTFALL_FORESEEN), 3);
    settle(s, XINHUA, TRAINING(100));
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_SHORTFALL_FORESEEN), 4);
}

static void
grants_and_advances_count(void **state)
{
    struct story *s = *state;

    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    assert_int_equal(ask_grant(s, (struct asked){"a", EMPLOYMENT, CHANGAN, COMMON__PURPOSE__TRAINING_BASE, 200}),
                     JN_OK);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 300);
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->committed_30_fen, 50000);
    assert_int_equal(forecast(s, EMPLOYMENT, CHANGAN)->days, 30);
}

/* Each who waits is told so much as, appropriated to the division, frees him and all before him. */
static void
the_appropriation_that_frees_is_told_and_does_it(void **state)
{
    struct story *s = *state;
    const Ledger__QueueView *view;

    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    settle(s, CHANGAN, TRAINING(300), UPGRADE(7), LIVING(50));
    settle(s, CHANGAN, TRAINING(200), TRAINING(40));
    view = queue(s, EMPLOYMENT, CHANGAN, 0);
    assert_int_equal(view->n_entries, 4);
    assert_int_equal(view->entries[0]->frees_fen, 20000);
    assert_int_equal(view->entries[1]->frees_fen, 25000);
    assert_int_equal(view->entries[2]->place, 3);
    assert_int_equal(view->entries[2]->claim, 4);
    assert_int_equal(view->entries[2]->frees_fen, 45000);
    assert_int_equal(view->entries[3]->net_fen, 4000);
    view = queue(s, EMPLOYMENT, CHANGAN, 3);
    assert_int_equal(view->entries[0]->frees_fen, 45000);
    assert_int_equal(view->entries[0]->place, 3);
    assert_int_equal(claim(s, 4)->frees_fen, 45000);
    assert_int_equal(claim(s, 2)->frees_fen, 700); /* another fund's queue */
    appropriate(s, EMPLOYMENT, CHANGAN, 250);
    is(s, 3, "committed");
    is(s, 4, "waiting");
    assert_int_equal(claim(s, 4)->frees_fen, 20000);
    appropriate(s, EMPLOYMENT, CHANGAN, 199);
    is(s, 4, "waiting");
    appropriate(s, EMPLOYMENT, CHANGAN, 1);
    is(s, 4, "committed");
    assert_int_equal(claim(s, 4)->frees_fen, 0);
    assert_int_equal(claim(s, 5)->frees_fen, 4000);
}

static void
questions_must_make_sense(void **state)
{
    struct story *s = *state;
    Ledger__ForecastRequest request = LEDGER__FORECAST_REQUEST__INIT;

    assert_int_equal(jn_world_query(s->w, &s->finance, "Forecast", &request, NULL), JN_MALFORMED);
    request.fund = EMPLOYMENT;
    request.division = CHANGAN;
    assert_int_equal(jn_world_query(s->w, &s->finance, "Forecast", &request, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(s->w, &s->county, "Forecast", &request, NULL), JN_DENIED);
}

const struct CMUnitTest ledger_forecasts[] = {
    STORY(rates_are_those_of_30_and_90_days), STORY(finance_is_told_once_until_money_comes),
    STORY(grants_and_advances_count),         STORY(the_appropriation_that_frees_is_told_and_does_it),
    STORY(questions_must_make_sense),
};
const size_t ledger_forecasts_count = sizeof(ledger_forecasts) / sizeof(ledger_forecasts[0]);
