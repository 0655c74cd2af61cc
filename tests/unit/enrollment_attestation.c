/* Attestation: the department that keeps a group is asked, and it alone sees whom it is asked about. 2.12-d. */
#include "enrollment_story.h"

/* C1 is open, and each of these people claims one group; the seats are in their order. */
static void
given_open_class(struct story *s, size_t count, const Common__Group *groups)
{
    Enrollment__FileClass class = class_like("C1");

    class.capacity = 50;
    assert_int_equal(file_class(s, &class), JN_OK);
    for (size_t i = 0; i < count; i++) {
        Enrollment__Enrolment person = person_like((unsigned)i + 1, groups[i]);

        assert_int_equal(enrol(s, "C1", &person), JN_OK);
    }
    assert_int_equal(open_class(s, "C1"), JN_OK);
}

static void
every_group_has_one_keeper(void **state)
{
    static const Common__Group groups[] = {
        COMMON__GROUP__ENTERPRISE_EMPLOYEE,
        COMMON__GROUP__RURAL_MIGRANT,
        COMMON__GROUP__SCHOOL_LEAVER,
        COMMON__GROUP__UNEMPLOYED,
        COMMON__GROUP__VETERAN,
        COMMON__GROUP__HARD_TO_EMPLOY,
        COMMON__GROUP__DISABLED,
        COMMON__GROUP__ZERO_EMPLOYMENT_FAMILY,
        COMMON__GROUP__REGISTERED_POOR,
        COMMON__GROUP__POOR_FAMILY,
        COMMON__GROUP__COLLEGE_GRADUATE,
        COMMON__GROUP__CAPACITY_CUT_WORKER,
        COMMON__GROUP__FARMER,
    };
    /* Requests 1 to 6, by department; the seat numbers are the groups'. */
    static const struct {
        Common__Department department;
        size_t rows;
    } expected[] = {
        {COMMON__DEPARTMENT__HUMAN_RESOURCES, 6}, {COMMON__DEPARTMENT__EDUCATION, 2},
        {COMMON__DEPARTMENT__VETERANS, 1},        {COMMON__DEPARTMENT__DISABLED_FEDERATION, 1},
        {COMMON__DEPARTMENT__AGRICULTURE, 2},     {COMMON__DEPARTMENT__CIVIL_AFFAIRS, 1},
    };
    struct story s;
    const Enrollment__AttestationRequested *event;
    const Enrollment__ClassOpened *opened;
    Enrollment__PeopleRequest request = ENROLLMENT__PEOPLE_REQUEST__INIT;
    const struct jn_agency *attestors[6];

    (void)state;
    story_open(&s);
    given_open_class(&s, 13, groups);
    opened = last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_OPENED);
    assert_int_equal(opened->first_request, 1);
    assert_int_equal(opened->requests, 6);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ATTESTATION_REQUESTED), 6);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_ATTESTATION_REQUESTED);
    assert_int_equal(event->department, COMMON__DEPARTMENT__CIVIL_AFFAIRS);
    assert_string_equal(event->class_no, "C1");
    attestors[0] = &s.human_resources;
    attestors[1] = &s.education;
    attestors[2] = &s.veterans;
    attestors[3] = &s.disabled;
    attestors[4] = &s.agriculture;
    attestors[5] = &s.civil_affairs;
    for (size_t i = 0; i < 6; i++) {
        request.request = i + 1;
        assert_int_equal(asked(&s, attestors[i], "People", &request), JN_OK);
        assert_int_equal(((const Enrollment__PeopleReply *)s.reply)->n_rows, expected[i].rows);
        assert_int_equal(attestors[i]->department, expected[i].department);
    }
    story_close(&s);
}

static void
only_the_keeper_sees_the_people(void **state)
{
    static const Common__Group groups[] = {COMMON__GROUP__VETERAN, COMMON__GROUP__FARMER};
    struct story s;
    Enrollment__PeopleRequest request = ENROLLMENT__PEOPLE_REQUEST__INIT;
    Enrollment__RequestsRequest requests = ENROLLMENT__REQUESTS_REQUEST__INIT;
    const Enrollment__PeopleReply *people;
    const Enrollment__RequestsView *waiting;

    (void)state;
    story_open(&s);
    given_open_class(&s, 2, groups);
    request.request = 1;
    assert_int_equal(asked(&s, &s.veterans, "People", &request), JN_OK);
    people = s.reply;
    assert_string_equal(people->class_no, "C1");
    assert_int_equal(people->n_rows, 1);
    assert_int_equal(people->rows[0]->seat, 1);
    assert_string_equal(people->rows[0]->name, "陈磊华");
    assert_string_equal(people->rows[0]->id_number, citizen(1));
    assert_int_equal(people->rows[0]->n_groups, 1);
    assert_int_equal(asked(&s, &s.agriculture, "People", &request), JN_NOT_FOUND); /* another department's is none */
    assert_int_equal(asked(&s, &s.employment, "People", &request), JN_DENIED);
    request.request = 3;
    assert_int_equal(asked(&s, &s.veterans, "People", &request), JN_NOT_FOUND);
    assert_int_equal(asked(&s, &s.agriculture, "Requests", &requests), JN_OK);
    waiting = s.reply;
    assert_int_equal(waiting->n_rows, 1);
    assert_int_equal(waiting->rows[0]->request, 2);
    assert_int_equal(waiting->rows[0]->rows, 1);
    assert_false(waiting->more);
    requests.after = waiting->through;
    assert_int_equal(asked(&s, &s.agriculture, "Requests", &requests), JN_OK);
    assert_int_equal(((const Enrollment__RequestsView *)s.reply)->n_rows, 0);
    requests.after = UINT64_MAX;
    assert_int_equal(asked(&s, &s.agriculture, "Requests", &requests), JN_OK);
    s.veterans.divisions[0] = 130104;
    s.veterans.divisions_count = 1;
    request.request = 1;
    assert_int_equal(asked(&s, &s.veterans, "People", &request), JN_NOT_FOUND);
    requests.after = 0;
    assert_int_equal(asked(&s, &s.veterans, "Requests", &requests), JN_OK);
    assert_int_equal(((const Enrollment__RequestsView *)s.reply)->n_rows, 0);
    story_close(&s);
}

static void
an_answer_belongs_to_a_question(void **state)
{
    static const Common__Group groups[] = {COMMON__GROUP__VETERAN, COMMON__GROUP__FARMER};
    struct story s;
    Enrollment__Attest empty = ENROLLMENT__ATTEST__INIT;

    (void)state;
    story_open(&s);
    given_open_class(&s, 2, groups);
    empty.request = 1;
    assert_int_equal(when_by(&s, &s.veterans, "Attest", &empty), JN_MALFORMED);
    assert_int_equal(attest(&s, &s.employment, 1, 1, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__HOLDS), JN_DENIED);
    assert_int_equal(attest(&s, &s.agriculture, 1, 1, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__HOLDS), JN_NOT_FOUND);
    assert_int_equal(attest(&s, &s.veterans, 9, 1, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__HOLDS), JN_NOT_FOUND);
    assert_int_equal(attest(&s, &s.veterans, 1, 2, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__HOLDS), JN_OK);
    one_row_refused(&s, JN_NOT_FOUND);
    assert_int_equal(attest(&s, &s.veterans, 1, 1, COMMON__GROUP__FARMER, ENROLLMENT__ANSWER__HOLDS), JN_OK);
    one_row_refused(&s, JN_NOT_FOUND);
    assert_int_equal(attest(&s, &s.veterans, 1, 1, (Common__Group)40, ENROLLMENT__ANSWER__HOLDS), JN_OK);
    one_row_refused(&s, JN_MALFORMED);
    assert_int_equal(attest(&s, &s.veterans, 1, 1, COMMON__GROUP__VETERAN, (Enrollment__Answer)0), JN_OK);
    one_row_refused(&s, JN_MALFORMED);
    assert_int_equal(attest(&s, &s.veterans, 1, 1, COMMON__GROUP__VETERAN, (Enrollment__Answer)4), JN_OK);
    one_row_refused(&s, JN_MALFORMED);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ATTESTED), 0);
    s.veterans.divisions[0] = 130104;
    s.veterans.divisions_count = 1;
    assert_int_equal(attest(&s, &s.veterans, 1, 1, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__HOLDS), JN_NOT_FOUND);
    story_close(&s);
}

/* Two offices of one department may share its register: each sees and answers its own groups. */
static void
a_key_for_some_groups_answers_for_those(void **state)
{
    static const Common__Group groups[] = {COMMON__GROUP__REGISTERED_POOR, COMMON__GROUP__FARMER};
    struct story s;
    Enrollment__PeopleRequest request = ENROLLMENT__PEOPLE_REQUEST__INIT;

    (void)state;
    story_open(&s);
    given_open_class(&s, 2, groups);
    s.agriculture.groups = GROUP_BIT(COMMON__GROUP__FARMER);
    request.request = 1;
    assert_int_equal(asked(&s, &s.agriculture, "People", &request), JN_OK);
    assert_int_equal(((const Enrollment__PeopleReply *)s.reply)->n_rows, 1);
    assert_int_equal(attest(&s, &s.agriculture, 1, 1, COMMON__GROUP__REGISTERED_POOR, ENROLLMENT__ANSWER__HOLDS),
                     JN_OK);
    one_row_refused(&s, JN_DENIED);
    assert_int_equal(attest(&s, &s.agriculture, 1, 9, COMMON__GROUP__REGISTERED_POOR, ENROLLMENT__ANSWER__HOLDS),
                     JN_OK);
    one_row_refused(&s, JN_DENIED); /* of a seat that is not asked about: the same */
    assert_int_equal(attest(&s, &s.agriculture, 1, 2, COMMON__GROUP__FARMER, ENROLLMENT__ANSWER__HOLDS), JN_OK);
    no_row_refused(&s, 1);
    story_close(&s);
}

/* What the request says of seat 1 after each answer, through the class's last day. */
static void
of_two_answers_the_no_holds(void **state)
{
    static const struct {
        Enrollment__Answer first, second;
        bool changes, attested;
    } cases[] = {
        {ENROLLMENT__ANSWER__HOLDS, ENROLLMENT__ANSWER__DENIED, true, false},
        {ENROLLMENT__ANSWER__DENIED, ENROLLMENT__ANSWER__HOLDS, false, false},
        {ENROLLMENT__ANSWER__NO_ROW, ENROLLMENT__ANSWER__HOLDS, true, true},
        {ENROLLMENT__ANSWER__HOLDS, ENROLLMENT__ANSWER__NO_ROW, false, true},
        {ENROLLMENT__ANSWER__HOLDS, ENROLLMENT__ANSWER__HOLDS, false, true},
        {ENROLLMENT__ANSWER__NO_ROW, ENROLLMENT__ANSWER__DENIED, true, false},
        {ENROLLMENT__ANSWER__NO_ROW, ENROLLMENT__ANSWER__NO_ROW, false, false},
    };
    static const Common__Group groups[] = {COMMON__GROUP__VETERAN};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct story s;
        const Enrollment__ClassFinished *event;

        story_open(&s);
        given_open_class(&s, 1, groups);
        assert_int_equal(attest(&s, &s.veterans, 1, 1, COMMON__GROUP__VETERAN, cases[i].first), JN_OK);
        assert_int_equal(attest(&s, &s.veterans, 1, 1, COMMON__GROUP__VETERAN, cases[i].second), JN_OK);
        no_row_refused(&s, 1);
        assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ATTESTED), cases[i].changes ? 2 : 1);
        the_day_is(&s, "2020-03-13");
        assert_int_equal(finish_class(&s, "C1"), JN_OK);
        event = last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_FINISHED);
        assert_int_equal(event->rows[0]->groups != 0, cases[i].attested);
        assert_int_equal(event->rows[0]->denied != 0, !cases[i].attested);
        story_close(&s);
    }
}

static void
two_answers_in_one_command_weigh_too(void **state)
{
    static const Common__Group groups[] = {COMMON__GROUP__VETERAN};
    struct story s;
    Enrollment__AttestRow first = ENROLLMENT__ATTEST_ROW__INIT, second;
    Enrollment__AttestRow *rows[] = {&first, &second};
    Enrollment__Attest cmd = ENROLLMENT__ATTEST__INIT;
    Enrollment__RequestsRequest requests = ENROLLMENT__REQUESTS_REQUEST__INIT;

    (void)state;
    story_open(&s);
    given_open_class(&s, 1, groups);
    first.seat = 1;
    first.group = COMMON__GROUP__VETERAN;
    first.answer = ENROLLMENT__ANSWER__DENIED;
    second = first;
    second.answer = ENROLLMENT__ANSWER__HOLDS;
    cmd.request = 1;
    cmd.rows = rows;
    cmd.n_rows = 2;
    assert_int_equal(when_by(&s, &s.veterans, "Attest", &cmd), JN_OK);
    no_row_refused(&s, 2);
    assert_int_equal(((const Enrollment__Attested *)last_event(&s, ENROLLMENT__EVENT__BODY_ATTESTED))->n_rows, 1);
    assert_int_equal(asked(&s, &s.veterans, "Requests", &requests), JN_OK);
    assert_int_equal(((const Enrollment__RequestsView *)s.reply)->n_rows, 0);
    story_close(&s);
}

static void
after_the_end_nothing_is_asked(void **state)
{
    static const Common__Group groups[] = {COMMON__GROUP__VETERAN};
    struct story s;
    Enrollment__PeopleRequest request = ENROLLMENT__PEOPLE_REQUEST__INIT;

    (void)state;
    story_open(&s);
    given_open_class(&s, 1, groups);
    assert_int_equal(attest(&s, &s.veterans, 1, 1, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__HOLDS), JN_OK);
    the_day_is(&s, "2020-03-13");
    assert_int_equal(finish_class(&s, "C1"), JN_OK);
    assert_int_equal(attest(&s, &s.veterans, 1, 1, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__DENIED), JN_WRONG_STATE);
    request.request = 1;
    assert_int_equal(asked(&s, &s.veterans, "People", &request), JN_WRONG_STATE);
    story_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_group_has_one_keeper),      cmocka_unit_test(only_the_keeper_sees_the_people),
        cmocka_unit_test(an_answer_belongs_to_a_question), cmocka_unit_test(a_key_for_some_groups_answers_for_those),
        cmocka_unit_test(of_two_answers_the_no_holds),     cmocka_unit_test(two_answers_in_one_command_weigh_too),
        cmocka_unit_test(after_the_end_nothing_is_asked),
    };

    return cmocka_run_group_tests_name("enrollment: attestation", tests, NULL, NULL);
}
