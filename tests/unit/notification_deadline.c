/* Notification: a department that must answer is told, reminded, and left alone once it has. */
#include "notification_given.h"

/* Three seats of class 1: two veterans, one of them disabled too as far as the veterans' office is asked. */
static void
requested(uint64_t request, Common__Department department, uint32_t division)
{
    Enrollment__AttestationRequested event = ENROLLMENT__ATTESTATION_REQUESTED__INIT;
    Enrollment__AttestationRow rows[2], *pointers[2] = {&rows[0], &rows[1]};

    for (uint32_t i = 0; i < 2; i++) {
        enrollment__attestation_row__init(&rows[i]);
        rows[i].seat = i + 1;
        rows[i].person = i + 1;
        rows[i].groups = BIT(VETERAN);
    }
    rows[1].groups |= BIT(DISABLED);
    event.request = request;
    event.class_ = 1;
    event.class_no = (char *)(uintptr_t) "C-1";
    event.department = department;
    event.division = division;
    event.n_rows = 2;
    event.rows = pointers;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTESTATION_REQUESTED, &event);
}

static void
attested(uint64_t request, uint32_t seat, Common__Group group)
{
    Enrollment__Attested event = ENROLLMENT__ATTESTED__INIT;
    Enrollment__AttestedRow row = ENROLLMENT__ATTESTED_ROW__INIT, *rows[1] = {&row};

    row.seat = seat;
    row.group = group;
    row.answer = ENROLLMENT__ANSWER__HOLDS;
    event.request = request;
    event.class_ = 1;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTESTED, &event);
}

static void
attested_all(uint64_t request)
{
    attested(request, 1, COMMON__GROUP__VETERAN);
    attested(request, 2, COMMON__GROUP__VETERAN);
    attested(request, 2, COMMON__GROUP__DISABLED);
}

static void
a_request_goes_to_the_department_that_must_answer(void **state)
{
    (void)state;
    inbox_of_department("veterans", COMMON__DEPARTMENT__VETERANS, 0, 0);
    inbox_of_department("disabled_federation", COMMON__DEPARTMENT__DISABLED_FEDERATION, 0, 0);
    inbox_for("finance", 0, 0, false); /* wants every kind, must answer nothing */
    inbox_of_department("zhengding.veterans", COMMON__DEPARTMENT__VETERANS, ZHENGDING, 0);
    requested(7, COMMON__DEPARTMENT__VETERANS, CHANGAN);
    assert_int_equal(items("veterans"), 1);
    assert_int_equal(items("disabled_federation"), 0);
    assert_int_equal(items("finance"), 0);
    assert_int_equal(items("zhengding.veterans"), 0);
    assert_int_equal(item("veterans", 1)->kind, KIND(ATTESTATION_REQUESTED));
    assert_int_equal(item("veterans", 1)->reference, 7);
    assert_int_equal(item("veterans", 1)->count, 2);
    assert_string_equal(item("veterans", 1)->class_no, "C-1");
    assert_int_equal(item("veterans", 1)->division, CHANGAN);
}

static void
five_working_days_step_over_the_weekend_and_the_festival(void **state)
{
    (void)state;
    inbox_of_department("veterans", COMMON__DEPARTMENT__VETERANS, 0, 0);
    requested(7, COMMON__DEPARTMENT__VETERANS, CHANGAN);
    assert_int_equal(item("veterans", 1)->due_day, day_of("2020-06-22")); /* Monday to Monday */
    advance_to("2020-06-22");
    requested(8, COMMON__DEPARTMENT__VETERANS, CHANGAN);
    /* 23 and 24, then the Dragon Boat Festival from 25 to 27, made up for on Sunday the 28th, 29 and 30. */
    assert_int_equal(item("veterans", 2)->due_day, day_of("2020-06-30"));
}

static void
what_is_not_answered_in_time_is_overdue(void **state)
{
    const Notification__Overdue *overdue;

    (void)state;
    inbox_of_department("veterans", COMMON__DEPARTMENT__VETERANS, 0, 2);
    requested(7, COMMON__DEPARTMENT__VETERANS, CHANGAN);
    advance_to("2020-06-17"); /* due today */
    assert_false(item("veterans", 1)->overdue);
    advance_to("2020-06-18");
    assert_true(item("veterans", 1)->overdue);
    assert_int_equal(shelf("veterans")->overdue, 1);
    overdue = jn_world_last(w, EVENT(OVERDUE));
    assert_int_equal(overdue->request, 7);
    assert_int_equal(overdue->number, 1);
    advance_to("2020-12-01");
    assert_int_equal(jn_world_count(w, EVENT(OVERDUE)), 1);

    /* Late, and then done with. */
    attested_all(7);
    assert_int_equal(shelf("veterans")->overdue, 0);
    assert_true(item("veterans", 1)->overdue);
    assert_true(item("veterans", 1)->answered);
}

static void
an_answer_in_time_ends_the_wait(void **state)
{
    (void)state;
    inbox_of_department("veterans", COMMON__DEPARTMENT__VETERANS, 0, 0);
    requested(7, COMMON__DEPARTMENT__VETERANS, CHANGAN);
    attested(7, 1, COMMON__GROUP__VETERAN);
    attested(7, 1, COMMON__GROUP__VETERAN); /* said twice */
    attested(7, 9, COMMON__GROUP__VETERAN); /* never asked */
    attested(7, 2, (Common__Group)-1);
    assert_int_equal(jn_world_count(w, EVENT(PARTLY_ANSWERED)), 1);
    attested(7, 2, COMMON__GROUP__VETERAN);
    assert_int_equal(jn_world_count(w, EVENT(PARTLY_ANSWERED)), 2);
    assert_int_equal(jn_world_count(w, EVENT(ANSWERED)), 0);
    assert_false(item("veterans", 1)->answered);
    attested(7, 2, COMMON__GROUP__DISABLED);
    assert_int_equal(jn_world_count(w, EVENT(ANSWERED)), 1);
    assert_true(item("veterans", 1)->answered);
    attested(7, 2, COMMON__GROUP__DISABLED); /* and changed later on: nothing waits for it */
    advance_to("2020-12-01");
    assert_int_equal(jn_world_count(w, EVENT(OVERDUE)), 0);
    assert_int_equal(jn_world_count(w, EVENT(ANSWERED)), 1);
}

static void
half_an_answer_does_not_stop_the_clock(void **state)
{
    (void)state;
    inbox_of_department("veterans", COMMON__DEPARTMENT__VETERANS, 0, 0);
    requested(7, COMMON__DEPARTMENT__VETERANS, CHANGAN);
    attested(7, 1, COMMON__GROUP__VETERAN);
    advance_to("2020-06-23");
    assert_int_equal(jn_world_count(w, EVENT(OVERDUE)), 1);
}

static void
each_inbox_has_its_own_deadline(void **state)
{
    (void)state;
    inbox_of_department("veterans", COMMON__DEPARTMENT__VETERANS, 0, 1);
    inbox_of_department("changan.veterans", COMMON__DEPARTMENT__VETERANS, CHANGAN, 3);
    inbox_of_department("city.veterans", COMMON__DEPARTMENT__VETERANS, SHIJIAZHUANG, 3);
    requested(7, COMMON__DEPARTMENT__VETERANS, CHANGAN);
    advance_to("2020-06-17");
    assert_int_equal(shelf("veterans")->overdue, 1);
    assert_int_equal(shelf("changan.veterans")->overdue, 0);
    advance_to("2020-06-19");
    assert_int_equal(shelf("veterans")->overdue, 1);
    assert_int_equal(shelf("changan.veterans")->overdue, 1);
    assert_int_equal(shelf("city.veterans")->overdue, 1);
    assert_int_equal(jn_world_count(w, EVENT(OVERDUE)), 3);
    attested_all(7);
    assert_int_equal(shelf("veterans")->overdue, 0);
    assert_int_equal(shelf("city.veterans")->overdue, 0);
}

static void
nobody_answers_for_a_class_that_was_stopped(void **state)
{
    (void)state;
    inbox_of_department("veterans", COMMON__DEPARTMENT__VETERANS, 0, 0);
    filed(1, CHANGAN);
    opened(1, BIT(VETERAN), 0); /* requests 10 and 11 */
    requested(10, COMMON__DEPARTMENT__VETERANS, CHANGAN);
    requested(11, COMMON__DEPARTMENT__EDUCATION, CHANGAN);
    requested(12, COMMON__DEPARTMENT__VETERANS, CHANGAN); /* another class's */
    stopped(1);
    assert_int_equal(jn_world_count(w, EVENT(ANSWERED)), 1);
    assert_true(item("veterans", 1)->answered);
    assert_false(item("veterans", 2)->answered);
    advance_to("2020-12-01");
    assert_int_equal(jn_world_count(w, EVENT(OVERDUE)), 1);
}

static void
a_request_that_reaches_no_inbox_is_not_waited_for(void **state)
{
    (void)state;
    requested(7, COMMON__DEPARTMENT__VETERANS, CHANGAN);
    inbox_of_department("veterans", COMMON__DEPARTMENT__VETERANS, 0, 0);
    requested(0, COMMON__DEPARTMENT__VETERANS, CHANGAN);
    requested(8, COMMON__DEPARTMENT__DEPARTMENT_UNSPECIFIED, CHANGAN);
    attested_all(7);
    assert_int_equal(jn_world_count(w, EVENT(AWAITED)), 0);
    assert_int_equal(jn_world_count(w, EVENT(ANSWERED)), 0);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(a_request_goes_to_the_department_that_must_answer),
        STORY(five_working_days_step_over_the_weekend_and_the_festival),
        STORY(what_is_not_answered_in_time_is_overdue),
        STORY(an_answer_in_time_ends_the_wait),
        STORY(half_an_answer_does_not_stop_the_clock),
        STORY(each_inbox_has_its_own_deadline),
        STORY(nobody_answers_for_a_class_that_was_stopped),
        STORY(a_request_that_reaches_no_inbox_is_not_waited_for),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
