/* Other places' rules in the service: which of their facts it has, and what it refuses while it has not. */
#include "subsidy_given.h"
#include "subsidy_places.h"

#define SKILL     COMMON__CERTIFICATE_KIND__SKILL_LEVEL
#define BY_HOURS  19 /* lanting-2021 */
#define BY_DAYS   21
#define JOB_BONUS 24 /* qinghe-2022 */

static void
a_number_means_one_item_in_all_packs(void **state)
{
    Policy__Pack *pack = place("lanting-2021");

    (void)state;
    assert_int_equal(adopt(pack), JN_OK);
    pack = place("lanting-2021");
    pack->id[0] = 'm';
    assert_int_equal(adopt(pack), JN_OK); /* the same meanings */
    pack->id[0] = 'n';
    pack->items[0]->name[0] = 'k';
    assert_int_equal(adopt(pack), JN_REFUSED);
    assert_non_null(strstr(sentence(), "item 19 is course_by_hours in a pack that was adopted before"));
    pack->items[0]->name[0] = 'c';
    pack->items[0]->number = 30;
    pack->rules[1]->item = 30;
    assert_int_equal(adopt(pack), JN_REFUSED);
    assert_non_null(strstr(sentence(), "with another number"));
}

/* Each once, whichever packs have it: who prints items asks for them. */
static void
packs_say_what_their_own_items_are_called(void **state)
{
    Subsidy__PacksRequest request = SUBSIDY__PACKS_REQUEST__INIT;
    struct jn_agency finance = {.name = "finance", .roles = ROLE_FINANCE};
    const Subsidy__PacksView *view;
    const void *reply;
    Policy__Pack *pack = place("lanting-2021");

    (void)state;
    assert_int_equal(adopt(pack), JN_OK);
    pack = place("lanting-2021");
    pack->id[0] = 'm';
    assert_int_equal(adopt(pack), JN_OK);
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    assert_int_equal(jn_world_query(w, &finance, "Packs", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 4); /* and the plan's, which has none of its own */
    assert_int_equal(view->n_items, 6);
    assert_int_equal(view->items[2]->number, 21);
    assert_string_equal(view->items[2]->name, "attendance_allowance");
    assert_string_equal(view->items[2]->zh, "培训期间生活补贴");
    assert_string_equal(view->items[5]->name, "job_start_bonus");
}

static void
an_explanation_names_the_packs_own_item(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__RURAL_MIGRANT), .rank = 0};
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const Subsidy__ExplainView *view;
    const void *reply;

    (void)state;
    assert_int_equal(adopt(place("lanting-2021")), JN_OK);
    course.hours = 80;
    course.level = 5;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    request.class_no = (char *)(uintptr_t) "A-1";
    request.seat = 1;
    request.item = (Common__Item)BY_HOURS;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_OK);
    view = reply;
    assert_ptr_equal(strstr(view->summary_en, "course_by_hours is due: 1000.00 yuan"), view->summary_en);
    assert_ptr_equal(strstr(view->summary_zh, "应发分档培训补贴1000.00元"), view->summary_zh);
}

static void
held_with(uint64_t class, const char *class_no, struct trainee trainee, uint32_t level)
{
    course.level = level;
    filed(class, class_no);
    held_for(class, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
}

static void
hours_come_from_the_project(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__RURAL_MIGRANT)};

    (void)state;
    assert_int_equal(adopt(place("lanting-2021")), JN_OK);
    course.hours = 79;
    held_with(1, "A-1", trainee, 5);
    assert_int_equal(due(1, BY_HOURS), 60000);
    course.hours = 80;
    held_with(2, "A-2", trainee, 5);
    assert_int_equal(due(1, BY_HOURS), 100000);
    assert_int_equal(total_due(BY_HOURS), 2);
    course.hours = 39;
    held_with(3, "A-3", trainee, 5);
    assert_int_equal(refused(1, BY_HOURS), COMMON__REASON__TOO_FEW_HOURS);
    course.hours = 0; /* a class filed before hours were told */
    held_with(4, "A-4", trainee, 5);
    assert_int_equal(refused(1, BY_HOURS), COMMON__REASON__FACT_NOT_KNOWN);
}

static bool
explained_again(const char *class_no, uint32_t seat, int item)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t)class_no;
    request.seat = seat;
    request.item = (Common__Item)item;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_OK);
    return ((const Subsidy__ExplainView *)reply)->reproduced;
}

/* qinghe-2022 pays for a certificate once. Imported lines name none: one from before this certificate was issued was
 * paid for another; what fell due here was for that of its own class. */
static void
a_certificate_is_paid_for_once(void **state)
{
    struct trainee trainees[] = {
        {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)},
        {.person = 8, .groups = GROUPS(COMMON__GROUP__VETERAN)},
        {.person = 9, .groups = GROUPS(COMMON__GROUP__VETERAN)},
    };

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    paid_before(7, COMMON__ITEM__CERTIFIED_TRAINING, "2020-05-30", COOK, 5, 0);
    paid_before(8, COMMON__ITEM__CERTIFIED_TRAINING, "2020-05-31", COOK, 5, 0);
    filed(1, "A-1");
    held_for(1, trainees, 3); /* certificates of 2020-05-31 */
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__SKILL_UPGRADE), 100000);
    assert_int_equal(refused(2, COMMON__ITEM__SKILL_UPGRADE), COMMON__REASON__FACT_NOT_KNOWN);
    assert_int_equal(due(3, COMMON__ITEM__SKILL_UPGRADE), 100000);
    for (uint32_t seat = 1; seat <= 3; seat++)
        assert_true(explained_again("A-1", seat, COMMON__ITEM__SKILL_UPGRADE));
    filed(2, "A-2");
    held_for(2, &trainees[2], 1); /* of the same day: his second one */
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__SKILL_UPGRADE), 100000);
    assert_true(explained_again("A-2", 1, COMMON__ITEM__SKILL_UPGRADE));
}

/* qinghe-2022: men until 59, women until 54; then it asks for contributions, which nobody has told. */
static int
certified(uint64_t class, const char *class_no, uint32_t age, uint32_t sex)
{
    struct trainee trainee = {
        .person = class, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .age = age, .sex = sex};

    course.kind = COMMON__CLASS_KIND__ON_JOB;
    held_with(class, class_no, trainee, 4);
    return refused(1, COMMON__ITEM__CERTIFIED_TRAINING);
}

static void
age_and_sex_come_from_the_roster(void **state)
{
    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    assert_int_equal(certified(1, "A-1", 60, POLICY__SEX__MALE), COMMON__REASON__AGE_OUT_OF_RANGE);
    assert_int_equal(certified(2, "A-2", 59, POLICY__SEX__MALE), COMMON__REASON__FACT_NOT_KNOWN);
    assert_int_equal(certified(3, "A-3", 55, POLICY__SEX__FEMALE), COMMON__REASON__AGE_OUT_OF_RANGE);
    assert_int_equal(certified(4, "A-4", 15, 0), COMMON__REASON__AGE_OUT_OF_RANGE);
    assert_int_equal(certified(5, "A-5", 0, 0), COMMON__REASON__FACT_NOT_KNOWN);
}

/* A cap of 3,000.00 a year: 2,000.00 were paid before the suite, 1,000.00 of 1,500.00 fall due here, then nothing. */
static void
what_was_paid_is_added_up(void **state)
{
    struct trainee veteran = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    amount_paid = 200000;
    paid_before(7, JOB_BONUS, "2020-01-10", "", 0, 0);
    amount_paid = 0;
    held_with(1, "A-1", veteran, 4);
    assert_int_equal(due(1, COMMON__ITEM__SKILL_UPGRADE), 100000);
    held_with(2, "A-2", veteran, 3);
    assert_int_equal(refused(1, COMMON__ITEM__SKILL_UPGRADE), COMMON__REASON__YEARLY_CAP);
}

static void
an_amount_that_was_not_told_is_not_guessed(void **state)
{
    struct trainee veteran = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN)};

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    amount_paid = 0;
    paid_before(7, JOB_BONUS, "2020-01-10", "", 0, 0);
    held_with(1, "A-1", veteran, 4);
    assert_int_equal(refused(1, COMMON__ITEM__SKILL_UPGRADE), COMMON__REASON__FACT_NOT_KNOWN);
}

void
must_tell_what_if(const char *class_no, int item, const char *sentence)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const Subsidy__ExplainView *view;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t)class_no;
    request.seat = 1;
    request.item = (Common__Item)item;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_OK);
    view = reply;
    for (size_t i = 0; i < view->n_what_if; i++)
        if (!strcmp(view->what_if[i]->en, sentence))
            return;
    for (size_t i = 0; i < view->n_what_if; i++)
        print_message("what if: %s\n", view->what_if[i]->en);
    fail_msg("not said: %s", sentence);
}

/* The first row begins at 40 hours, with 600.00; at the first day, with 50.00. */
static void
a_row_that_was_not_reached_is_named(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__UNEMPLOYED)};

    (void)state;
    assert_int_equal(adopt(place("lanting-2021")), JN_OK);
    course.hours = 39;
    held_with(1, "A-1", trainee, 5);
    must_tell_what_if("A-1", BY_HOURS,
                      "If class-hours of the course were 40 (1 more than the 39 on record), 600.00 yuan would be due.");
    must_tell_what_if("A-1", BY_DAYS,
                      "If attended days were 1 (1 more than the 0 on record), 50.00 yuan would be due.");
    course.hours = 79;
    trainee.person = 8;
    trainee.days = 10;
    held_with(2, "A-2", trainee, 5);
    must_tell_what_if("A-2", BY_HOURS,
                      "If class-hours of the course were 80 (1 more than the 79 on record), 1000.00 yuan would be due, "
                      "400.00 yuan more.");
    must_tell_what_if("A-2", BY_DAYS,
                      "If attended days were 11 (1 more than the 10 on record), 530.00 yuan would be due, 30.00 yuan "
                      "more.");
}

/* 50 % of one rule's 2,000.00, in a plan that pays 60 % ahead. */
static void
a_rule_may_have_less_paid_ahead(void **state)
{
    struct trainee employee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};
    const Subsidy__AdvanceGranted *granted;
    Policy__Pack *pack = plan();

    (void)state;
    pack->id[0] = 't';
    pack->rules[1]->own_advance = true;
    pack->rules[1]->advance_bp = 5000;
    assert_int_equal(adopt(pack), JN_OK);
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    course.employer = FACTORY;
    course.advance = true;
    filed(1, "A-1");
    enrolled(1, &employee, 1);
    opened(1);
    granted = jn_world_last(w, EVENT_ADVANCE_GRANTED);
    assert_int_equal(granted->parts[0]->expected_fen, 200000);
    assert_int_equal(granted->parts[0]->amount_fen, 100000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_certificate_is_paid_for_once),
        STORY(a_number_means_one_item_in_all_packs),
        STORY(packs_say_what_their_own_items_are_called),
        STORY(an_explanation_names_the_packs_own_item),
        STORY(hours_come_from_the_project),
        STORY(age_and_sex_come_from_the_roster),
        STORY(what_was_paid_is_added_up),
        STORY(an_amount_that_was_not_told_is_not_guessed),
        STORY(a_row_that_was_not_reached_is_named),
        STORY(a_rule_may_have_less_paid_ahead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) + enterprise_stories();
}
