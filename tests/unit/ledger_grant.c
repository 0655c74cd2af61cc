/* Grants: promised, paid in instalments, released; the ring fence, the queue before them, ids that come twice. */
#include "ledger_story.h"

#include <string.h>

#define TALENT  COMMON__FUND__LOCAL_TALENT
#define BASE    COMMON__PURPOSE__TRAINING_BASE
#define CONTEST COMMON__PURPOSE__COMPETITION

static const Ledger__GrantsView *
grants(struct story *s, const struct jn_agency *who)
{
    Ledger__GrantsRequest request = LEDGER__GRANTS_REQUEST__INIT;
    const void *reply;

    assert_int_equal(jn_world_query(s->w, who, "Grants", &request, &reply), JN_OK);
    return reply;
}

static void
a_grant_reserves_its_money_and_is_paid_in_instalments(void **state)
{
    struct story *s = *state;
    Ledger__GrantUseRequest use = LEDGER__GRANT_USE_REQUEST__INIT;
    const Ledger__GrantUseView *used;
    const void *reply;

    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    assert_int_equal(ask_grant(s, (struct asked){"base-1", EMPLOYMENT, CHANGAN, BASE, 300}), JN_OK);
    has(s, EMPLOYMENT, CHANGAN, 700);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->granted_fen, 30000);
    assert_int_equal(pay_grant(s, 1, 100, "P-1"), JN_OK);
    assert_int_equal(pay_grant(s, 1, 120, "P-2"), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->granted_fen, 8000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->grant_paid_fen, 22000);
    assert_int_equal(pay_grant(s, 1, 81, "P-3"), JN_OUT_OF_LIMITS);
    assert_non_null(strstr(jn_world_reason(s->w), "80.00"));
    assert_int_equal(release_grant(s, 1, 0), JN_OK);
    has(s, EMPLOYMENT, CHANGAN, 780);
    assert_int_equal(pay_grant(s, 1, 1, "P-3"), JN_OUT_OF_LIMITS);
    assert_int_equal(release_grant(s, 1, 0), JN_WRONG_STATE);
    assert_int_equal(grants(s, &s->auditor)->rows[0]->released_fen, 8000);
    assert_string_equal(grants(s, &s->auditor)->rows[0]->clause, "2.4-c");
    use.year = 2019;
    use.quarter = 4;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "GrantUse", &use, &reply), JN_OK);
    used = reply;
    assert_int_equal(used->n_rows, 1);
    assert_int_equal(used->rows[0]->count, 2);
    assert_int_equal(used->paid_fen, 22000);
    /* Claims' totals know nothing of it. */
    counts(totals(s)->paid, 0, 0);
}

static void
what_is_released_frees_who_waits(void **state)
{
    struct story *s = *state;

    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    assert_int_equal(ask_grant(s, (struct asked){"base-1", EMPLOYMENT, CHANGAN, BASE, 900}), JN_OK);
    settle(s, CHANGAN, TRAINING(400), TRAINING(150));
    is(s, 1, "waiting");
    assert_int_equal(release_grant(s, 1, 299), JN_OK);
    is(s, 1, "waiting");
    assert_int_equal(release_grant(s, 1, 1), JN_OK);
    is(s, 1, "committed");
    is(s, 2, "waiting");
    has(s, EMPLOYMENT, CHANGAN, 0);
}

static void
nobody_overtakes_those_who_wait(void **state)
{
    struct story *s = *state;

    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 500);
    settle(s, CHANGAN, TRAINING(600));
    assert_int_equal(ask_grant(s, (struct asked){"base-1", EMPLOYMENT, CHANGAN, BASE, 100}), JN_SHORT_OF_FUNDS);
    has(s, EMPLOYMENT, CHANGAN, 500);
    /* What is earmarked for bases nobody who waits could have. */
    assert_int_equal(earmark(s, EMPLOYMENT, CHANGAN, 0, BASE, 100), JN_OK);
    is(s, 1, "waiting");
    assert_int_equal(ask_grant(s, (struct asked){"base-1", EMPLOYMENT, CHANGAN, BASE, 100}), JN_OK);
    assert_true(grants(s, &s->auditor)->rows[0]->earmarked);
    has(s, EMPLOYMENT, CHANGAN, 500);
}

/* 2.11-b: the special account and the insurance fund pay what the pack lists, and nothing else. */
static void
ring_fenced_money_pays_no_grant(void **state)
{
    struct story *s = *state;

    designate(s);
    appropriate(s, SKILLS, CITY, 1000);
    appropriate(s, INSURANCE, CITY, 1000);
    appropriate(s, EMPLOYMENT, CITY, 1000);
    assert_int_equal(ask_grant(s, (struct asked){"a", SKILLS, CITY, BASE, 1}), JN_RING_FENCED);
    assert_int_equal(ask_grant(s, (struct asked){"a", INSURANCE, CITY, BASE, 1}), JN_RING_FENCED);
    /* The pack lists bases for this fund, competitions it does not. */
    assert_int_equal(ask_grant(s, (struct asked){"a", EMPLOYMENT, CITY, CONTEST, 1}), JN_RING_FENCED);
    assert_int_equal(ask_grant(s, (struct asked){"a", EMPLOYMENT, CITY, BASE, 1}), JN_OK);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_GRANT_COMMITTED), 1);
    has(s, SKILLS, CITY, 1000);
}

static void
without_a_pack_nothing_is_granted(void **state)
{
    struct story *s = story_open_bare();

    (void)state;
    designate(s);
    appropriate(s, EMPLOYMENT, CITY, 1000);
    assert_int_equal(ask_grant(s, (struct asked){"a", EMPLOYMENT, CITY, BASE, 1}), JN_RING_FENCED);
    story_close(s);
}

static void
an_id_is_a_grant_once(void **state)
{
    struct story *s = *state;

    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 300);
    assert_int_equal(ask_grant(s, (struct asked){"base-1", EMPLOYMENT, CHANGAN, BASE, 300}), JN_OK);
    /* The same once more is not judged against the money that it has taken. */
    assert_int_equal(ask_grant(s, (struct asked){"base-1", EMPLOYMENT, CHANGAN, BASE, 300}), JN_OK);
    assert_int_equal(ask_grant(s, (struct asked){"base-1", EMPLOYMENT, CHANGAN, BASE, 299}), JN_CONFLICT);
    assert_int_equal(ask_grant(s, (struct asked){"base-1", TALENT, CHANGAN, BASE, 300}), JN_CONFLICT);
    assert_int_equal(ask_grant(s, (struct asked){"base-1", EMPLOYMENT, CHANGAN, CONTEST, 300}), JN_CONFLICT);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_GRANT_COMMITTED), 1);
    /* An id is its division's own. */
    assert_int_equal(ask_grant(s, (struct asked){"base-1", EMPLOYMENT, QIAOXI, BASE, 300}), JN_SHORT_OF_FUNDS);
    assert_int_equal(pay_grant(s, 1, 100, "P-1"), JN_OK);
    assert_int_equal(pay_grant(s, 1, 100, "P-1"), JN_OK);
    assert_int_equal(pay_grant(s, 1, 101, "P-1"), JN_CONFLICT);
    on(s, "2019-12-01");
    assert_int_equal(pay_grant(s, 1, 100, "P-1"), JN_CONFLICT);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->grant_paid_fen, 10000);
}

static void
a_year_without_a_budget_grants_nothing(void **state)
{
    struct story *s = *state;

    designate(s);
    assert_int_equal(ask_grant(s, (struct asked){"a", EMPLOYMENT, CHANGAN, BASE, 1}), JN_SHORT_OF_FUNDS);
    assert_int_equal(earmark(s, EMPLOYMENT, QIAOXI, 0, BASE, 5), JN_OK); /* another division's is not ours */
    assert_int_equal(ask_grant(s, (struct asked){"a", EMPLOYMENT, CHANGAN, BASE, 1}), JN_SHORT_OF_FUNDS);
    appropriate(s, EMPLOYMENT, CITY, 5);
    assert_int_equal(ask_grant(s, (struct asked){"a", EMPLOYMENT, CHANGAN, BASE, 6}), JN_SHORT_OF_FUNDS);
    assert_int_equal(ask_grant(s, (struct asked){"a", EMPLOYMENT, CHANGAN, BASE, 5}), JN_OK);
    has(s, EMPLOYMENT, CITY, 0);
}

/* A grant stays with its year; what comes back over the year's end comes back to this one. */
static void
released_money_returns_over_the_years_end(void **state)
{
    struct story *s = *state;
    const Ledger__AccountView *old;

    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    ask_grant(s, (struct asked){"a", EMPLOYMENT, CHANGAN, BASE, 400});
    on(s, "2020-02-03");
    assert_int_equal(pay_grant(s, 1, 150, "P-1"), JN_OK);
    assert_int_equal(release_grant(s, 1, 0), JN_OK);
    old = account(s, EMPLOYMENT, CHANGAN, 2019);
    assert_int_equal(old->grant_paid_fen, 15000);
    assert_int_equal(old->granted_fen, 0);
    assert_int_equal(old->carried_out_fen, 85000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2020)->carried_in_fen, 85000);
    has(s, EMPLOYMENT, CHANGAN, 850);
}

static enum jn_code
grant_row(struct story *s, Ledger__GrantAsked *row)
{
    Ledger__Grant cmd = LEDGER__GRANT__INIT;
    Ledger__GrantAsked *rows[] = {row};
    const void *reply;

    cmd.n_rows = 1;
    cmd.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->county, "Grant", &cmd, &reply), JN_OK);
    if (((const Ledger__Outcomes *)reply)->n_refused == 0)
        return JN_OK;
    return (enum jn_code)((const Ledger__Outcomes *)reply)->refused[0]->code;
}

#define SPOILED(field, value, code)                                                                                    \
    do {                                                                                                               \
        Ledger__GrantAsked spoiled_ = good;                                                                            \
                                                                                                                       \
        spoiled_.field = value;                                                                                        \
        assert_int_equal(grant_row(s, &spoiled_), code);                                                               \
    } while (0)

static void
a_grant_must_make_sense(void **state)
{
    struct story *s = *state;
    Ledger__GrantAsked good = LEDGER__GRANT_ASKED__INIT;
    Ledger__Grant none = LEDGER__GRANT__INIT;
    char text[TEXT_BYTES_MAX + 2];

    memset(text, 'x', sizeof(text));
    text[TEXT_BYTES_MAX + 1] = '\0';
    designate(s);
    appropriate(s, EMPLOYMENT, QIAOXI, 10);
    good.id = (char *)(uintptr_t) "a";
    good.fund = EMPLOYMENT;
    good.division = QIAOXI;
    good.purpose = BASE;
    good.institution = PROVIDER;
    good.amount_fen = 100;
    good.document = (char *)(uintptr_t) "D";
    assert_int_equal(jn_world_command(s->w, &s->finance, "Grant", &none, NULL), JN_MALFORMED);
    SPOILED(id, (char *)(uintptr_t) "", JN_MALFORMED);
    SPOILED(id, text, JN_MALFORMED);
    SPOILED(fund, 0, JN_MALFORMED);
    SPOILED(fund, (Common__Fund)77, JN_MALFORMED);
    SPOILED(division, 0, JN_MALFORMED);
    SPOILED(division, CHANGAN, JN_DENIED);
    SPOILED(purpose, 0, JN_MALFORMED);
    SPOILED(purpose, (Common__Purpose)COMMON__ITEM__FREE_TRAINING, JN_MALFORMED);
    SPOILED(purpose, (Common__Purpose)(COMMON__PURPOSE__ORGANISER_REWARD + 1), JN_MALFORMED);
    SPOILED(institution, 0, JN_MALFORMED);
    SPOILED(institution, 99, JN_NOT_FOUND);
    SPOILED(amount_fen, 0, JN_MALFORMED);
    SPOILED(amount_fen, -1, JN_MALFORMED);
    SPOILED(amount_fen, INT64_MIN, JN_MALFORMED);
    SPOILED(amount_fen, INT64_MAX, JN_OUT_OF_LIMITS);
    SPOILED(amount_fen, AMOUNT_FEN_MAX, JN_SHORT_OF_FUNDS);
    SPOILED(document, (char *)(uintptr_t) "", JN_MALFORMED);
    SPOILED(document, text, JN_MALFORMED);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_GRANT_COMMITTED), 0);
    assert_int_equal(grant_row(s, &good), JN_OK);
    has(s, EMPLOYMENT, QIAOXI, 9);
}

static void
paying_and_releasing_must_make_sense(void **state)
{
    struct story *s = *state;
    Ledger__RecordGrantPaid pay = LEDGER__RECORD_GRANT_PAID__INIT;
    Ledger__ReleaseGrant release_it = LEDGER__RELEASE_GRANT__INIT;

    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 10);
    ask_grant(s, (struct asked){"a", EMPLOYMENT, CHANGAN, BASE, 10});
    assert_int_equal(pay_grant(s, 1, 0, "P"), JN_MALFORMED);
    assert_int_equal(pay_grant(s, 1, -1, "P"), JN_MALFORMED);
    assert_int_equal(pay_grant(s, 1, 1, ""), JN_MALFORMED);
    assert_int_equal(pay_grant(s, 2, 1, "P"), JN_NOT_FOUND);
    assert_int_equal(pay_grant(s, 0, 1, "P"), JN_NOT_FOUND);
    pay.grant = 1;
    pay.amount_fen = 1;
    pay.document = (char *)(uintptr_t) "P";
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordGrantPaid", &pay, NULL), JN_MALFORMED);
    pay.day = date_of_ms(jn_world_now(s->w)) + 1;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordGrantPaid", &pay, NULL), JN_NOT_YET);
    pay.day -= 2;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordGrantPaid", &pay, NULL), JN_OUT_OF_LIMITS);
    pay.day += 1;
    /* What lies beyond a key's scope sounds like what is not there. */
    assert_int_equal(jn_world_command(s->w, &s->county, "RecordGrantPaid", &pay, NULL), JN_NOT_FOUND);
    assert_int_equal(grants(s, &s->county)->n_rows, 0);
    assert_int_equal(release_grant(s, 1, -1), JN_MALFORMED);
    assert_int_equal(release_grant(s, 1, 11), JN_OUT_OF_LIMITS);
    assert_int_equal(release_grant(s, 2, 1), JN_NOT_FOUND);
    release_it.grant = 1;
    assert_int_equal(jn_world_command(s->w, &s->finance, "ReleaseGrant", &release_it, NULL), JN_MALFORMED);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->granted_fen, 1000);
    for (int i = 0; i < 24; i++) {
        char document[8] = {'P', (char)('a' + i), 0};

        pay.amount_fen = 1;
        pay.document = document;
        assert_int_equal(jn_world_command(s->w, &s->finance, "RecordGrantPaid", &pay, NULL), JN_OK);
    }
    assert_int_equal(pay_grant(s, 1, 1, "one too many"), JN_OUT_OF_LIMITS);
}

const struct CMUnitTest ledger_grants[] = {
    STORY(a_grant_reserves_its_money_and_is_paid_in_instalments),
    STORY(what_is_released_frees_who_waits),
    STORY(nobody_overtakes_those_who_wait),
    STORY(ring_fenced_money_pays_no_grant),
    cmocka_unit_test(without_a_pack_nothing_is_granted),
    STORY(an_id_is_a_grant_once),
    STORY(a_year_without_a_budget_grants_nothing),
    STORY(released_money_returns_over_the_years_end),
    STORY(a_grant_must_make_sense),
    STORY(paying_and_releasing_must_make_sense),
};
const size_t ledger_grants_count = sizeof(ledger_grants) / sizeof(ledger_grants[0]);
