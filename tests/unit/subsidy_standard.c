/* Packs, standards, reference figures: what may be set by whom, and from when it holds. */
#include "subsidy_given.h"

static void
a_pack_is_adopted_once(void **state)
{
    const Subsidy__PackAdopted *event;

    (void)state;
    assert_int_equal(adopt(NULL), JN_MALFORMED);
    assert_int_equal(adopt(plan()), JN_OK);
    event = jn_world_last(w, EVENT_PACK_ADOPTED);
    assert_int_equal(event->n_funds, event->pack->n_rules);
    assert_int_equal(event->funds[0]->item, COMMON__ITEM__PRE_JOB_TRAINING);
    assert_int_equal(event->funds[0]->fund, COMMON__FUND__SKILLS_ACCOUNT);
    assert_string_equal(event->funds[0]->clause, "2.1-a");
    assert_int_equal(adopt(plan()), JN_ALREADY_EXISTS);
}

static void
a_pack_with_a_fault_is_named(void **state)
{
    Policy__Pack *pack = plan();

    (void)state;
    pack->notice_working_days = 0;
    assert_int_equal(adopt(pack), JN_MALFORMED);
    assert_non_null(strstr(sentence(), "notice"));
    assert_int_equal(jn_world_count(w, EVENT_PACK_ADOPTED), 0);
}

static void
packs_do_not_pile_up_for_ever(void **state)
{
    static char id[32];
    Policy__Pack *pack = plan();
    char *before = pack->id;

    (void)state;
    pack->id = id;
    for (int i = 0; i < 64; i++) {
        snprintf(id, sizeof(id), "plan-%d", i);
        assert_int_equal(adopt(pack), JN_OK);
    }
    snprintf(id, sizeof(id), "one-too-many");
    assert_int_equal(adopt(pack), JN_OUT_OF_LIMITS);
    pack->id = before;
}

static void
only_the_administration_adopts_and_sets(void **state)
{
    (void)state;
    administration = jn_world_agency("somebody", ROLE_OPERATOR);
    assert_int_equal(adopt(plan()), JN_DENIED);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 100, "2020-01-01")), JN_DENIED);
}

static void
a_countys_administration_sets_nothing_for_others(void **state)
{
    (void)state;
    administration = jn_world_agency("xinji", ROLE_ADMINISTRATION);
    administration.divisions[0] = XINJI;
    administration.divisions_count = 1;
    assert_int_equal(adopt(plan()), JN_DENIED);
    administration.divisions_count = 0;
    assert_int_equal(adopt(plan()), JN_OK);
    administration.divisions_count = 1;
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 100, "2020-01-01")), JN_DENIED);
    assert_int_equal(set_standard(standard(130199, COMMON__ITEM__FREE_TRAINING, 100, "2020-01-01")), JN_DENIED);
}

static void
nothing_can_be_set_before_there_is_a_pack(void **state)
{
    (void)state;
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 100, "2020-01-01")), JN_WRONG_STATE);
    assert_int_equal(set_reference("secondary_grant_monthly", CITY, 100, "2020-01-01"), JN_WRONG_STATE);
}

static void
the_city_and_province_administered_counties_set_standards(void **state)
{
    (void)state;
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__GRADUATE_TRAINING, 150000, "2020-01-01")), JN_OK);
    assert_int_equal(set_standard(standard(XINJI, COMMON__ITEM__GRADUATE_TRAINING, 120000, "2020-01-01")), JN_OK);
    assert_int_equal(set_standard(standard(CHANG, COMMON__ITEM__GRADUATE_TRAINING, 120000, "2020-01-01")), JN_REFUSED);
    assert_non_null(strstr(sentence(), "2.10-d"));
    assert_int_equal(set_standard(standard(130199, COMMON__ITEM__GRADUATE_TRAINING, 120000, "2020-01-01")),
                     JN_NOT_FOUND);
}

static void
caps_and_floors_are_kept(void **state)
{
    Subsidy__Standard row = standard(CITY, COMMON__ITEM__TECHNICIAN_TRAINING, 300000, "2020-01-01");

    (void)state;
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__CERTIFIED_TRAINING, 220000, "2020-01-01")), JN_OK);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__CERTIFIED_TRAINING, 220001, "2020-02-01")),
                     JN_OUT_OF_LIMITS);
    assert_non_null(strstr(sentence(), "2.1-b"));
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__SKILL_UPGRADE, 100000, "2020-01-01")), JN_OUT_OF_LIMITS);
    row.level = 2;
    assert_int_equal(set_standard(row), JN_OK);
    row.level = 1;
    assert_int_equal(set_standard(row), JN_OUT_OF_LIMITS);
    row.level = 0;
    assert_int_equal(set_standard(row), JN_OUT_OF_LIMITS);
    row.level = 6;
    assert_int_equal(set_standard(row), JN_MALFORMED);
}

static void
a_rate_is_a_rate_and_an_amount_an_amount(void **state)
{
    Subsidy__Standard row = standard(CITY, COMMON__ITEM__PRE_JOB_TRAINING, 0, "2020-01-01");

    (void)state;
    assert_int_equal(set_standard(row), JN_MALFORMED);
    row.rate_bp = 4000;
    row.amount_fen = 1;
    assert_int_equal(set_standard(row), JN_MALFORMED);
    row.amount_fen = 0;
    assert_int_equal(set_standard(row), JN_OK);
    row.rate_bp = 5001;
    row.from_day++;
    assert_int_equal(set_standard(row), JN_OUT_OF_LIMITS);
    row.item = COMMON__ITEM__FREE_TRAINING;
    assert_int_equal(set_standard(row), JN_MALFORMED);
}

static void
a_standard_is_set_once_for_its_day(void **state)
{
    Subsidy__Standard row = standard(CITY, COMMON__ITEM__FREE_TRAINING, 170000, "2019-11-01");

    (void)state;
    assert_int_equal(set_standard(row), JN_ALREADY_EXISTS);
    row.from_day++;
    assert_int_equal(set_standard(row), JN_OK);
}

static void
rows_that_cannot_be_read_are_malformed(void **state)
{
    Subsidy__Standard row = standard(CITY, COMMON__ITEM__FREE_TRAINING, 170000, "2020-11-01");
    static char document[300];

    (void)state;
    row.item = (Common__Item)99;
    assert_int_equal(set_standard(row), JN_MALFORMED);
    row = standard(CITY, COMMON__ITEM__FREE_TRAINING, -1, "2020-11-01");
    assert_int_equal(set_standard(row), JN_MALFORMED);
    row = standard(CITY, COMMON__ITEM__FREE_TRAINING, 170000, "2020-11-01");
    row.from_day = -1;
    assert_int_equal(set_standard(row), JN_MALFORMED);
    row = standard(CITY, COMMON__ITEM__FREE_TRAINING, 170000, "2020-11-01");
    memset(document, 'x', sizeof(document) - 1);
    row.document = document;
    assert_int_equal(set_standard(row), JN_MALFORMED);
}

static void
a_bulk_of_rows_keeps_the_good_ones(void **state)
{
    Subsidy__SetStandards request = SUBSIDY__SET_STANDARDS__INIT;
    Subsidy__Standard row = standard(CITY, COMMON__ITEM__TUITION_WAIVER, 100000, "2020-01-01"), twin = row, bad = row;
    Subsidy__Standard *three[] = {&row, &twin, &bad}, *many[JN_ROWS_MAX + 1];
    const void *reply = NULL;
    const Subsidy__Outcomes *outcomes;

    (void)state;
    bad.item = COMMON__ITEM__SKILL_UPGRADE;
    assert_int_equal(jn_world_command(w, &administration, "SetStandards", &request, NULL), JN_MALFORMED);
    request.n_rows = 3;
    request.rows = three;
    assert_int_equal(jn_world_command(w, &administration, "SetStandards", &request, &reply), JN_OK);
    outcomes = reply;
    assert_int_equal(outcomes->done, 1);
    assert_int_equal(outcomes->n_refused, 2);
    assert_int_equal(outcomes->refused[0]->row, 1);
    assert_int_equal(outcomes->refused[0]->code, JN_ALREADY_EXISTS);
    assert_int_equal(outcomes->refused[1]->row, 2);
    assert_int_equal(outcomes->refused[1]->code, JN_OUT_OF_LIMITS);
    for (size_t i = 0; i <= JN_ROWS_MAX; i++)
        many[i] = &row;
    request.n_rows = JN_ROWS_MAX + 1;
    request.rows = many;
    assert_int_equal(jn_world_command(w, &administration, "SetStandards", &request, NULL), JN_TOO_LARGE);
}

static void
reference_figures_are_named_by_a_pack(void **state)
{
    Subsidy__SetReferences none = SUBSIDY__SET_REFERENCES__INIT;

    (void)state;
    assert_int_equal(jn_world_command(w, &administration, "SetReferences", &none, NULL), JN_MALFORMED);
    assert_int_equal(set_reference("secondary_grant_monthly", CITY, 20000, "2019-01-01"), JN_OK);
    assert_int_equal(set_reference("secondary_grant_monthly", CITY, 21000, "2019-01-01"), JN_ALREADY_EXISTS);
    assert_int_equal(set_reference("secondary_grant_monthly", CITY, 21000, "2019-01-02"), JN_OK);
    assert_int_equal(set_reference("secondary_grant_monthly", CHANG, 20000, "2019-01-01"), JN_OK);
    assert_int_equal(set_reference("secondary_grant_monthly", 130199, 20000, "2019-01-01"), JN_NOT_FOUND);
    assert_int_equal(set_reference("price_of_tea", CITY, 20000, "2019-01-01"), JN_NOT_FOUND);
    assert_int_equal(set_reference("", CITY, 20000, "2019-01-01"), JN_MALFORMED);
    assert_int_equal(set_reference("secondary_grant_monthly", CITY, 0, "2019-01-01"), JN_MALFORMED);
    assert_int_equal(set_reference("secondary_grant_monthly", CITY, 20000, ""), JN_MALFORMED);
}

/* ---- What is in force ---- */

static void
the_divisions_own_standard_replaces_the_citys_from_its_day_on(void **state)
{
    (void)state;
    assert_int_equal(set_standard(standard(XINJI, COMMON__ITEM__FREE_TRAINING, 150000, "2020-06-01")), JN_OK);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 190000, "2020-06-02")), JN_OK);
    course.division = XINJI;
    held_for_veteran(1, "A-1", "2020-05-31", 1);
    held_for_veteran(2, "A-2", "2020-06-01", 2);
    held_for_veteran(3, "A-3", "2020-06-03", 3);
    course.division = CHANG;
    held_for_veteran(4, "A-4", "2020-06-03", 4);
    assert_int_equal(settle("2020-05-31"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), 180000);
    assert_int_equal(settle("2020-06-01"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), 150000);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__FREE_TRAINING), 190000);
    assert_int_equal(totals()->due[0]->amount_fen, 180000 + 150000 + 150000 + 190000);
}

/* hardship_living has no cap of its own: a rate above the reference figure is kept, and clipped when it is paid. */
static void
a_rate_above_the_reference_figure_is_kept_and_clipped(void **state)
{
    struct trainee trainee = {.person = 1, .groups = GROUPS(COMMON__GROUP__HARD_TO_EMPLOY)};

    (void)state;
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__HARDSHIP_LIVING, 200000, "2020-01-01")), JN_OK);
    assert_int_equal(set_reference("unemployment_benefit_min_monthly", CITY, 120000, "2019-01-01"), JN_OK);
    course.start_day = day_of("2020-04-01");
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__HARDSHIP_LIVING), 2 * 120000);
}

static void
without_a_reference_figure_nothing_is_guessed(void **state)
{
    struct trainee trainee = {
        .person = 1, .groups = GROUPS(COMMON__GROUP__SCHOOL_LEAVER), .household = COMMON__HOUSEHOLD__RURAL};

    (void)state;
    course.start_day = day_of("2020-04-01");
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(refused(1, COMMON__ITEM__STUDENT_LIVING), COMMON__REASON__NO_REFERENCE_FIGURE);
    assert_int_equal(set_reference("secondary_grant_monthly", CHANG, 20000, "2019-01-01"), JN_OK);
    trainee.person = 2;
    filed(2, "A-2");
    held_for(2, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__STUDENT_LIVING), 40000);
}

static void
outside_the_plans_years_no_policy_is_in_force(void **state)
{
    (void)state;
    course.start_day = day_of("2019-10-01");
    held_for_veteran(1, "A-1", "2019-10-26", 1);
    held_for_veteran(2, "A-2", "2019-10-27", 2);
    assert_int_equal(settle("2019-10-26"), JN_OK);
    assert_int_equal(refused(1, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__NO_POLICY_IN_FORCE);
    assert_int_equal(settle("2019-10-27"), JN_OK);
    assert_int_equal(refused(1, COMMON__ITEM__FREE_TRAINING), COMMON__REASON__NO_LOCAL_STANDARD);
}

static void
of_two_packs_for_a_day_the_one_adopted_last_decides(void **state)
{
    static char id[] = "shijiazhuang-2020b";
    Policy__Pack *pack = plan();
    char *before = pack->id;

    (void)state;
    pack->id = id;
    pack->from_day = day_of("2020-06-01");
    pack->notice_working_days = 7;
    assert_int_equal(adopt(pack), JN_OK);
    pack->id = before;
    held_for_veteran(1, "A-1", "2020-05-31", 1);
    held_for_veteran(2, "A-2", "2020-06-01", 2);
    assert_int_equal(settle("2020-05-31"), JN_OK);
    assert_string_equal(last_settled()->pack, "shijiazhuang-2019");
    assert_int_equal(settle("2020-06-01"), JN_OK);
    assert_string_equal(last_settled()->pack, "shijiazhuang-2020b");
}

/* A later pack may lower a cap: what stands over it then does not hold under that pack. */
static void
a_standard_over_a_later_packs_cap_does_not_hold(void **state)
{
    static char id[] = "shijiazhuang-2020c";
    struct trainee trainee = {.person = 1, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};
    Policy__Pack *pack = plan();
    char *before = pack->id;

    (void)state;
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__CERTIFIED_TRAINING, 210000, "2020-01-01")), JN_OK);
    pack->id = id;
    pack->rules[1]->standard->levels[0]->cap = 100000;
    pack->rules[1]->standard->levels[0]->initial = 90000;
    assert_int_equal(adopt(pack), JN_OK);
    pack->id = before;
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.cost_fen = 500000;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__CERTIFIED_TRAINING), 90000);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        EMPTY_STORY(a_pack_is_adopted_once),
        EMPTY_STORY(a_pack_with_a_fault_is_named),
        EMPTY_STORY(packs_do_not_pile_up_for_ever),
        EMPTY_STORY(only_the_administration_adopts_and_sets),
        EMPTY_STORY(a_countys_administration_sets_nothing_for_others),
        EMPTY_STORY(nothing_can_be_set_before_there_is_a_pack),
        STORY(the_city_and_province_administered_counties_set_standards),
        STORY(caps_and_floors_are_kept),
        STORY(a_rate_is_a_rate_and_an_amount_an_amount),
        STORY(a_standard_is_set_once_for_its_day),
        STORY(rows_that_cannot_be_read_are_malformed),
        STORY(a_bulk_of_rows_keeps_the_good_ones),
        STORY(reference_figures_are_named_by_a_pack),
        STORY(the_divisions_own_standard_replaces_the_citys_from_its_day_on),
        STORY(a_rate_above_the_reference_figure_is_kept_and_clipped),
        STORY(without_a_reference_figure_nothing_is_guessed),
        STORY(outside_the_plans_years_no_policy_is_in_force),
        STORY(of_two_packs_for_a_day_the_one_adopted_last_decides),
        STORY(a_standard_over_a_later_packs_cap_does_not_hold),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
