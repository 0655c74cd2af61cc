/* A pack that applies backwards: what it would change, said before, and what it then moves: the same to the fen. */
#include "subsidy_given.h"

#define FREE    COMMON__ITEM__FREE_TRAINING
#define LIVING  COMMON__ITEM__POVERTY_LIVING
#define UPGRADE COMMON__ITEM__SKILL_UPGRADE

/* ---- Given ---- */

static char draft_id[] = "plan-2";

static Policy__Rule *
rule_of(Policy__Pack *pack, int item)
{
    for (size_t i = 0; i < pack->n_rules; i++)
        if ((int)pack->rules[i]->item == item)
            return pack->rules[i];
    fail_msg("the plan has no rule for item %d", item);
    return NULL;
}

static Policy__Limit *
yearly(Policy__Pack *pack)
{
    for (size_t i = 0; i < pack->n_limits; i++)
        if (pack->limits[i]->reason == COMMON__REASON__YEARLY_LIMIT)
            return pack->limits[i];
    fail_msg("the plan has no yearly limit");
    return NULL;
}

/* Its id is the loader's own memory: given back before the pack is freed. */
static void
give_back(Policy__Pack *pack, char *id)
{
    pack->id = id;
}

static const Subsidy__ImpactView *
impact(Policy__Pack *pack, const char *from, const char *until)
{
    Subsidy__ImpactRequest request = SUBSIDY__IMPACT_REQUEST__INIT;

    request.pack = pack;
    request.from_day = day_of(from);
    request.until_day = day_of(until);
    request.largest = 10;
    return jn_world_report(w, &request);
}

static Subsidy__ApplyPackBackwards order;
static const Subsidy__BackwardsReply *told;

static enum jn_code
apply_as(const struct jn_agency *who)
{
    static Subsidy__BackwardsReply kept;
    const void *reply = NULL;
    enum jn_code code = jn_world_command(w, who, "ApplyPackBackwards", &order, &reply);

    told = NULL;
    if (reply) {
        kept = *(const Subsidy__BackwardsReply *)reply;
        told = &kept;
    }
    return code;
}

static void
order_it(const char *id, const char *from, const char *until)
{
    subsidy__apply_pack_backwards__init(&order);
    order.pack = (char *)(uintptr_t)id;
    order.from_day = day_of(from);
    order.until_day = day_of(until);
    order.document = (char *)(uintptr_t) "石人社规〔2020〕2号";
    order.reason = (char *)(uintptr_t) "the rule was changed for the whole year";
}

static uint32_t
apply_all(const char *from, const char *until)
{
    uint32_t steps = 0;

    order_it(draft_id, from, until);
    do
        assert_int_equal(apply_as(&administration), JN_OK);
    while (!told->done && ++steps < 1000);
    assert_true(told->done);
    return steps;
}

/* What was said before it was done, kept; then it is done, and moves as much. */
static void
said_and_done(Policy__Pack *pack, const char *from, const char *until, int64_t more_fen, int64_t less_fen)
{
    const Subsidy__ImpactView *view = impact(pack, from, until);

    assert_int_equal(view->more_fen, more_fen);
    assert_int_equal(view->less_fen, less_fen);
    assert_int_equal(adopt(pack), JN_OK);
    apply_all(from, until);
    assert_int_equal(told->more_fen, more_fen);
    assert_int_equal(told->less_fen, less_fen);
}

static void
course_is_settled(uint64_t class, const char *class_no, const char *end, struct trainee trainee)
{
    if (!trainee.days)
        trainee.days = 10;
    filed_until(class, class_no, end);
    held_for(class, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
}

#define VETERAN(number)                                                                                                \
    (struct trainee)                                                                                                   \
    {                                                                                                                  \
        .person = number, .groups = GROUPS(COMMON__GROUP__VETERAN)                                                     \
    }

static const Subsidy__ImpactRow *
sum(const Subsidy__ImpactView *view, int fund, int item)
{
    for (size_t i = 0; i < view->n_rows; i++)
        if ((int)view->rows[i]->fund == fund && (int)view->rows[i]->item == item)
            return view->rows[i];
    fail_msg("nothing is said of fund %d and item %d", fund, item);
    return NULL;
}

/* ---- Then ---- */

/* By hand, with two a year in place of three, 80 yuan a day in place of 100, 1,200 for level 5 in place of 1,000:
 * the veteran's third training of 1,800; 10 days x 20; 200 more. */
static void
who_gains_and_who_loses_is_said_before(void **state)
{
    Policy__Pack *pack;
    const Subsidy__ImpactView *view;
    char *id;

    (void)state;
    course_is_settled(1, "A-1", "2020-05-31", VETERAN(7));
    course.level = 4;
    course_is_settled(2, "A-2", "2020-06-05", VETERAN(7));
    course.level = 3;
    course_is_settled(3, "A-3", "2020-06-10", VETERAN(7));
    assert_int_equal(due(1, FREE), 180000);
    course.level = 5;
    course_is_settled(4, "B-1", "2020-06-10",
                      (struct trainee){.person = 8, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR)});
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.employer = FACTORY;
    course_is_settled(
        5, "C-1", "2020-06-10",
        (struct trainee){.person = 9, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .insured_months = 14});
    assert_int_equal(due(1, UPGRADE), 100000);
    pack = plan();
    id = pack->id;
    pack->id = draft_id;
    yearly(pack)->most = 2;
    rule_of(pack, LIVING)->standard->levels[0]->cap = 8000;
    rule_of(pack, LIVING)->standard->levels[0]->initial = 8000;
    rule_of(pack, UPGRADE)->table->rows[0]->amount_fen = 120000;
    view = impact(pack, "2020-01-01", "2020-12-31");
    assert_int_equal(view->classes, 5);
    assert_int_equal(view->seats, 5);
    assert_int_equal(view->claims, 7);
    assert_int_equal(view->gains, 1);
    assert_int_equal(view->losses, 2);
    assert_int_equal(view->people_gaining, 1);
    assert_int_equal(view->people_losing, 2);
    assert_int_equal(view->payees_losing, 1); /* the school */
    assert_int_equal(view->payees_gaining, 0);
    assert_int_equal(view->n_rows, 3);
    assert_int_equal(sum(view, COMMON__FUND__EMPLOYMENT_SUBSIDY, FREE)->less_fen, 180000);
    assert_int_equal(sum(view, COMMON__FUND__EMPLOYMENT_SUBSIDY, FREE)->division, CHANG);
    assert_string_equal(sum(view, COMMON__FUND__EMPLOYMENT_SUBSIDY, FREE)->pack, id);
    assert_int_equal(sum(view, COMMON__FUND__EMPLOYMENT_SUBSIDY, LIVING)->less_fen, 20000);
    assert_int_equal(sum(view, COMMON__FUND__UNEMPLOYMENT_INSURANCE, UPGRADE)->more_fen, 20000);
    assert_int_equal(view->n_largest, 3);
    assert_string_equal(view->largest[0]->class_no, "A-3");
    assert_int_equal(view->largest[0]->claim, 3);
    assert_int_equal(view->largest[0]->before_fen, 180000);
    assert_int_equal(view->largest[0]->refused, COMMON__REASON__YEARLY_LIMIT);
    said_and_done(pack, "2020-01-01", "2020-12-31", 20000, 200000);
    give_back(pack, id);
}

/* Four a year: the fourth is due now, and stands in the way of the fifth. */
static void
each_training_sees_what_those_before_it_come_to(void **state)
{
    Policy__Pack *pack;
    char *id;

    (void)state;
    paid_before(7, FREE, "2020-02-01", ELECTRICIAN, 5, 0);
    paid_before(7, FREE, "2020-03-01", ELECTRICIAN, 4, 0);
    paid_before(7, FREE, "2020-04-01", ELECTRICIAN, 3, 0);
    course_is_settled(1, "A-1", "2020-05-31", VETERAN(7));
    assert_int_equal(refused(1, FREE), COMMON__REASON__YEARLY_LIMIT);
    course.level = 4;
    course_is_settled(2, "A-2", "2020-06-10", VETERAN(7));
    assert_int_equal(refused(1, FREE), COMMON__REASON__YEARLY_LIMIT);
    pack = plan();
    id = pack->id;
    pack->id = draft_id;
    yearly(pack)->most = 4;
    said_and_done(pack, "2020-01-01", "2020-12-31", 180000, 0);
    give_back(pack, id);
}

/* What another fund is to pay comes back to the first whole, and is due whole from the other. */
static void
another_fund_pays_whole_and_the_first_is_paid_back(void **state)
{
    Policy__Pack *pack;
    const Subsidy__ImpactView *view;
    char *id;

    (void)state;
    course_is_settled(1, "A-1", "2020-05-31", VETERAN(7));
    pack = plan();
    id = pack->id;
    pack->id = draft_id;
    rule_of(pack, FREE)->fund = COMMON__FUND__SKILLS_ACCOUNT;
    view = impact(pack, "2020-01-01", "2020-12-31");
    assert_int_equal(sum(view, COMMON__FUND__EMPLOYMENT_SUBSIDY, FREE)->less_fen, 180000);
    assert_int_equal(sum(view, COMMON__FUND__SKILLS_ACCOUNT, FREE)->more_fen, 180000);
    assert_int_equal(view->people_gaining + view->people_losing + view->payees_gaining + view->payees_losing, 0);
    said_and_done(pack, "2020-01-01", "2020-12-31", 180000, 180000);
    assert_int_equal(last_settled()->claims[0]->fund, COMMON__FUND__SKILLS_ACCOUNT);
    assert_int_equal(last_settled()->claims[0]->tops, 1);
    give_back(pack, id);
}

static void
employees(uint64_t class, const char *class_no)
{
    struct trainee trainees[3];

    for (uint32_t i = 0; i < 3; i++)
        trainees[i] =
            (struct trainee){.person = class * 10 + i, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .rank = i};
    filed(class, class_no);
    held_for(class, trainees, 3);
    assert_int_equal(settle("2020-06-15"), JN_OK);
}

/* Qinghe: an enterprise gets half of 4,500.00 for each, 10,000.00 at most: 3 x 2,250.00, then 2,250.00, 1,000.00,
 * nothing. With 40 % and 12,000.00 it is 3 x 1,800.00, which leaves 6,600.00: 3 x 1,800.00 again. So 4 x 450.00 less;
 * 800.00 and 1,800.00 more. */
static void
what_an_enterprise_gets_sees_what_it_got_before(void **state)
{
    Policy__Pack *pack = place("qinghe-2022");
    char *id;

    (void)state;
    assert_int_equal(adopt(pack), JN_OK);
    course.kind = COMMON__CLASS_KIND__PRE_JOB;
    course.employer = FACTORY;
    course.cost_fen = 450000;
    employees(1, "A-1");
    employees(2, "A-2");
    pack = place("qinghe-2022");
    id = pack->id;
    pack->id = draft_id;
    rule_of(pack, COMMON__ITEM__PRE_JOB_TRAINING)->amount[1]->fixed = 4000;
    pack->limits[pack->n_limits - 1]->cap_fen = 1200000;
    said_and_done(pack, "2020-05-01", "2020-06-30", 260000, 180000);
    give_back(pack, id);
}

static void
what_ended_on_other_days_is_left_alone(void **state)
{
    Policy__Pack *pack;
    char *id;

    (void)state;
    course_is_settled(1, "A-1", "2020-05-31",
                      (struct trainee){.person = 8, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR)});
    course_is_settled(2, "A-2", "2020-06-10",
                      (struct trainee){.person = 9, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR)});
    pack = plan();
    id = pack->id;
    pack->id = draft_id;
    rule_of(pack, LIVING)->standard->levels[0]->cap = 8000;
    rule_of(pack, LIVING)->standard->levels[0]->initial = 8000;
    said_and_done(pack, "2020-06-01", "2020-12-31", 0, 20000);
    apply_all("2020-06-01", "2020-12-31"); /* once more: nothing is left to move */
    assert_int_equal(told->number, 2);
    assert_int_equal(told->changed, 0);
    /* Who orders a single class to be reckoned again gets the pack that decides by now. */
    {
        Subsidy__Reassess again = SUBSIDY__REASSESS__INIT;
        const void *reply = NULL;

        again.class_no = (char *)(uintptr_t) "A-2";
        again.document = again.reason = (char *)(uintptr_t) "D";
        assert_int_equal(jn_world_command(w, &administration, "Reassess", &again, &reply), JN_OK);
        assert_int_equal(((const Subsidy__ReassessReply *)reply)->changed, 0);
    }
    assert_int_equal(apply_all("2020-05-01", "2020-12-31"), 0);
    assert_int_equal(told->less_fen, 20000); /* A-1 */
    give_back(pack, id);
}

static void
it_goes_on_where_it_stopped(void **state)
{
    static struct trainee trainees[200];
    Policy__Pack *pack;
    const Subsidy__ImpactView *view;
    char *id;

    (void)state;
    for (uint32_t class = 1; class <= 5; class ++) {
        char number[8];

        for (uint32_t i = 0; i < 200; i++)
            trainees[i] = (struct trainee){.person = class * 1000 + i,
                                           .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR),
                                           .days = 1 + i % 10,
                                           .rank = i};
        snprintf(number, sizeof(number), "A-%u", class);
        filed_until(class, number, "2020-06-10");
        held_for(class, trainees, 200);
        do
            assert_int_equal(settle("2020-06-15"), JN_OK);
        while (!settled->done);
    }
    pack = plan();
    id = pack->id;
    pack->id = draft_id;
    rule_of(pack, LIVING)->standard->levels[0]->cap = 8000;
    rule_of(pack, LIVING)->standard->levels[0]->initial = 8000;
    view = impact(pack, "2020-01-01", "2020-12-31");
    assert_int_equal(view->losses, 1000);
    assert_int_equal(view->less_fen, 5 * 20 * 55 * 2000); /* 20 times 1 to 10 days a class, 20 yuan a day */
    assert_int_equal(adopt(pack), JN_OK);
    order_it(draft_id, "2020-01-01", "2020-12-31");
    assert_int_equal(apply_as(&administration), JN_OK);
    assert_false(told->done);
    assert_true(told->seats <= 600);
    order.until_day--;
    assert_int_equal(apply_as(&administration), JN_WRONG_STATE); /* another one meanwhile */
    assert_true(apply_all("2020-01-01", "2020-12-31") >= 1);
    assert_int_equal(told->number, 1);
    assert_int_equal(told->seats, 1000);
    assert_int_equal(told->changed, 1000);
    assert_int_equal(told->less_fen, 5 * 20 * 55 * 2000);
    give_back(pack, id);
}

static void
what_cannot_be_applied_is_refused(void **state)
{
    static char long_text[500];
    Policy__Pack *pack;
    struct jn_agency county = administration;
    char *id;

    (void)state;
    pack = plan();
    id = pack->id;
    pack->id = draft_id;
    order_it(draft_id, "2020-01-01", "2020-12-31");
    assert_int_equal(apply_as(&administration), JN_NOT_FOUND);
    assert_int_equal(adopt(pack), JN_OK);
    assert_int_equal(apply_as(&reviewer), JN_DENIED);
    county.divisions[0] = XINJI;
    county.divisions_count = 1;
    assert_int_equal(apply_as(&county), JN_NOT_FOUND);
    order_it(draft_id, "2019-01-01", "2020-12-31");
    assert_int_equal(apply_as(&administration), JN_OUT_OF_LIMITS);
    order_it(id, "2020-01-01", "2020-12-31"); /* plan-2 was adopted later */
    assert_int_equal(apply_as(&administration), JN_WRONG_STATE);
    order_it(draft_id, "2020-12-31", "2020-01-01");
    assert_int_equal(apply_as(&administration), JN_MALFORMED);
    memset(long_text, 'x', sizeof(long_text) - 1);
    order_it(draft_id, "2020-01-01", "2020-12-31");
    order.document = long_text;
    assert_int_equal(apply_as(&administration), JN_MALFORMED);
    order.document = (char *)(uintptr_t) "D";
    order.reason = (char *)(uintptr_t) "";
    assert_int_equal(apply_as(&administration), JN_MALFORMED);
    order.reason = (char *)(uintptr_t) "R";
    order.pack = long_text;
    assert_int_equal(apply_as(&administration), JN_NOT_FOUND);
    order.pack = draft_id;
    assert_int_equal(apply_as(&administration), JN_OK); /* nothing was settled: nothing to do */
    assert_true(told->done);
    give_back(pack, id);
}

/* No pack covered the day: none is named as the one that decided. The draft would pay 1,800.00. */
static void
what_no_pack_decided_is_of_no_pack(void **state)
{
    Policy__Pack *pack = plan();
    char *id = pack->id;
    const Subsidy__ImpactView *view;

    (void)state;
    held_for_veteran(1, "A-1", "2022-01-10", 7);
    assert_int_equal(settle("2022-02-01"), JN_OK);
    assert_int_equal(refused(1, FREE), COMMON__REASON__NO_POLICY_IN_FORCE);
    pack->id = draft_id;
    pack->from_day = day_of("2022-01-01");
    pack->until_day = day_of("2022-12-31");
    view = impact(pack, "2022-01-01", "2022-12-31");
    assert_int_equal(view->more_fen, 180000);
    assert_int_equal(view->n_rows, 1);
    assert_string_equal(view->rows[0]->pack, "");
    give_back(pack, id);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(who_gains_and_who_loses_is_said_before),
        STORY(each_training_sees_what_those_before_it_come_to),
        STORY(another_fund_pays_whole_and_the_first_is_paid_back),
        STORY(what_an_enterprise_gets_sees_what_it_got_before),
        STORY(what_ended_on_other_days_is_left_alone),
        STORY(it_goes_on_where_it_stopped),
        STORY(what_cannot_be_applied_is_refused),
        STORY(what_no_pack_decided_is_of_no_pack),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
