/* Classes: filed with all that 3.4-a asks for, opened on the first day, stopped when a check fails. */
#include "enrollment_story.h"

#define FEW(array) (sizeof(array) / sizeof((array)[0]))

static void
refused_class(struct story *s, const Enrollment__FileClass *class, enum jn_code code, const char *says)
{
    assert_int_equal(file_class(s, class), code);
    reason_says(s, says);
    assert_int_equal(events(s, ENROLLMENT__EVENT__BODY_CLASS_FILED), 0);
}

static void
a_class_must_be_readable(void **state)
{
    struct story s;
    Enrollment__FileClass class;

    (void)state;
    story_open(&s);
    class = class_like("");
    refused_class(&s, &class, JN_MALFORMED, "class number");
    class = class_like("1234567890123456789012345678901234567890123456789");
    refused_class(&s, &class, JN_MALFORMED, "class number");
    class = class_like("班级\x01");
    refused_class(&s, &class, JN_MALFORMED, "class number");
    class = class_like("C1");
    class.kind = (Common__ClassKind)12;
    refused_class(&s, &class, JN_MALFORMED, "kind of class");
    class = class_like("C1");
    class.for_group = (Common__Group)14;
    refused_class(&s, &class, JN_MALFORMED, "group");
    class = class_like("C1");
    class.programme = "春\x08潮";
    refused_class(&s, &class, JN_MALFORMED, "programme");
    class = class_like("C1");
    class.start_day = 0;
    refused_class(&s, &class, JN_MALFORMED, "first day");
    class = class_like("C1");
    class.end_day = 2147483647;
    refused_class(&s, &class, JN_MALFORMED, "last day");
    story_close(&s);
}

static void
a_class_needs_plan_and_safeguards(void **state)
{
    struct story s;
    Enrollment__FileClass class;

    (void)state;
    story_open(&s);
    class = class_like("C1");
    class.plan = "";
    refused_class(&s, &class, JN_MALFORMED, "3.4-a");
    class = class_like("C1");
    class.safeguards = "";
    refused_class(&s, &class, JN_MALFORMED, "3.4-a");
    story_close(&s);
}

static void
a_class_keeps_within_its_limits(void **state)
{
    struct story s;
    Enrollment__FileClass class;

    (void)state;
    story_open(&s);
    class = class_like("C1");
    class.end_day = class.start_day - 1;
    refused_class(&s, &class, JN_OUT_OF_LIMITS, "before the first");
    class = class_like("C1");
    class.end_day = class.start_day + CLASS_DAYS_MAX;
    refused_class(&s, &class, JN_OUT_OF_LIMITS, "days");
    class = class_like("C1");
    class.capacity = 1000001;
    refused_class(&s, &class, JN_OUT_OF_LIMITS, "capacity");
    class = class_like("C1");
    class.cost_fen = 0;
    refused_class(&s, &class, JN_OUT_OF_LIMITS, "cost");
    class.cost_fen = INT64_C(100000001);
    refused_class(&s, &class, JN_OUT_OF_LIMITS, "cost");
    story_close(&s);
}

static void
a_class_names_what_is_known(void **state)
{
    struct story s;
    Enrollment__FileClass class;

    (void)state;
    story_open(&s);
    class = class_like("C1");
    class.provider = (char *)(uintptr_t)unknown_body();
    refused_class(&s, &class, JN_NOT_FOUND, "provider");
    class = class_like("C1");
    class.provider = "";
    refused_class(&s, &class, JN_NOT_FOUND, "provider");
    class = class_like("C1");
    class.project = "P9";
    refused_class(&s, &class, JN_NOT_FOUND, "project");
    class.project = "";
    refused_class(&s, &class, JN_NOT_FOUND, "project");
    class = class_like("C1");
    class.division = 130198;
    refused_class(&s, &class, JN_NOT_FOUND, "division");
    class = class_like("C1");
    class.employer = (char *)(uintptr_t)unknown_body();
    refused_class(&s, &class, JN_NOT_FOUND, "employer");
    class.employer = (char *)(uintptr_t)school();
    refused_class(&s, &class, JN_REFUSED, "employer");
    class.employer = (char *)(uintptr_t)evaluator();
    refused_class(&s, &class, JN_REFUSED, "employer");
    class.employer = (char *)(uintptr_t)cooperative();
    assert_int_equal(file_class(&s, &class), JN_OK);
    story_close(&s);
}

static void
the_provider_is_designated_on_the_first_day(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");

    (void)state;
    story_open(&s);
    class.start_day = day_of("2019-10-26");
    refused_class(&s, &class, JN_REFUSED, "2.13-a");
    class.start_day = day_of("2022-01-01");
    class.end_day = day_of("2022-01-05");
    refused_class(&s, &class, JN_REFUSED, "2022-01-01");
    class.start_day = day_of("2021-12-31"); /* the first day decides, not the last */
    assert_int_equal(file_class(&s, &class), JN_OK);
    story_close(&s);
}

static void
a_class_is_filed_once_by_whoever_may(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");
    const Enrollment__ClassFiled *event;

    (void)state;
    story_open(&s);
    assert_int_equal(when_by(&s, &s.administration, "FileClass", &class), JN_DENIED);
    class.employer = (char *)(uintptr_t)enterprise();
    assert_int_equal(file_class(&s, &class), JN_OK);
    assert_int_equal(((const Enrollment__ClassReply *)s.reply)->class_, 1);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_FILED);
    assert_string_equal(event->occupation, "4-10-01-06");
    assert_int_equal(event->level, 4);
    assert_int_equal(event->provider, 1);
    assert_int_equal(event->employer, 2);
    assert_int_equal(file_class(&s, &class), JN_ALREADY_EXISTS);
    class.class_no = "长安区二〇二〇年一班";
    s.employment.divisions[0] = 130104;
    s.employment.divisions_count = 1;
    assert_int_equal(file_class(&s, &class), JN_DENIED);
    class.division = 130199; /* is not known: no word of that either */
    assert_int_equal(file_class(&s, &class), JN_DENIED);
    class.division = 130102;
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_CLASS_FILED), 1);
    s.employment.divisions_count = 0;
    assert_int_equal(file_class(&s, &class), JN_OK);
    story_close(&s);
}

/* ---- Opening and stopping ---- */

static void
a_class_opens_on_its_first_day_with_people_on_it(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");
    Enrollment__Enrolment person = person_like(2, COMMON__GROUP__RURAL_MIGRANT);
    const Enrollment__ClassOpened *event;

    (void)state;
    story_open(&s);
    assert_int_equal(open_class(&s, "C1"), JN_NOT_FOUND);
    class.start_day = day_of("2020-03-03");
    assert_int_equal(file_class(&s, &class), JN_OK);
    assert_int_equal(open_class(&s, "C1"), JN_NOT_YET);
    reason_says(&s, "2020-03-03");
    the_day_is(&s, "2020-03-03");
    assert_int_equal(open_class(&s, "C1"), JN_REFUSED);
    reason_says(&s, "roster");
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    assert_int_equal(open_class(&s, "C1"), JN_OK);
    assert_int_equal(((const Enrollment__ClassReply *)s.reply)->enrolled, 1);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_OPENED);
    assert_int_equal(event->enrolled, 1);
    assert_int_equal(event->division, 130102);
    assert_int_equal(event->women, 1);
    assert_int_equal(event->groups, GROUP_BIT(COMMON__GROUP__RURAL_MIGRANT));
    assert_int_equal(event->first_request, 1);
    assert_int_equal(event->requests, 1);
    assert_int_equal(open_class(&s, "C1"), JN_WRONG_STATE);
    reason_says(&s, "opened");
    story_close(&s);
}

static void
a_class_does_not_open_at_a_school_struck_off(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");
    Enrollment__Enrolment person = person_like(1, 0);
    Enrollment__Institution facts = ENROLLMENT__INSTITUTION__INIT;
    Enrollment__Institution *rows[] = {&facts};
    Enrollment__DesignateInstitutions cmd = ENROLLMENT__DESIGNATE_INSTITUTIONS__INIT;

    (void)state;
    story_open(&s);
    assert_int_equal(file_class(&s, &class), JN_OK);
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    facts.uscc = (char *)(uintptr_t)school();
    facts.name = "长安区第1职业培训学校";
    facts.kind = COMMON__INSTITUTION_KIND__TRAINING;
    facts.division = 130102;
    facts.designated_from_day = day_of("2019-10-27");
    facts.designated_to_day = day_of("2020-02-29");
    cmd.rows = rows;
    cmd.n_rows = 1;
    assert_int_equal(when(&s, "DesignateInstitutions", &cmd), JN_OK);
    assert_int_equal(open_class(&s, "C1"), JN_REFUSED);
    reason_says(&s, "2.13-a");
    story_close(&s);
}

static void
a_class_that_fails_a_check_is_stopped(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");
    Enrollment__Enrolment person = person_like(1, COMMON__GROUP__VETERAN);
    Enrollment__StopClass silent = ENROLLMENT__STOP_CLASS__INIT;
    Enrollment__RequestsRequest requests = ENROLLMENT__REQUESTS_REQUEST__INIT;

    (void)state;
    story_open(&s);
    assert_int_equal(stop_class(&s, "C1"), JN_NOT_FOUND);
    assert_int_equal(file_class(&s, &class), JN_OK);
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    assert_int_equal(open_class(&s, "C1"), JN_OK);
    silent.class_no = "C1";
    assert_int_equal(when(&s, "StopClass", &silent), JN_MALFORMED);
    assert_int_equal(stop_class(&s, "C1"), JN_OK);
    assert_int_equal(
        ((const Enrollment__ClassStopped *)last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_STOPPED))->division, 130102);
    assert_int_equal(stop_class(&s, "C1"), JN_WRONG_STATE);
    assert_int_equal(finish_class(&s, "C1"), JN_WRONG_STATE);
    assert_int_equal(sheet(&s, "C1", "2020-03-02", 0), JN_WRONG_STATE);
    assert_int_equal(enrol(&s, "C1", &person), JN_WRONG_STATE);
    assert_int_equal(attest(&s, &s.veterans, 1, 1, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__HOLDS), JN_WRONG_STATE);
    assert_int_equal(asked(&s, &s.veterans, "Requests", &requests), JN_OK);
    assert_int_equal(((const Enrollment__RequestsView *)s.reply)->n_rows, 0);
    /* One that was only filed can be stopped too. */
    class.class_no = "C2";
    assert_int_equal(file_class(&s, &class), JN_OK);
    assert_int_equal(stop_class(&s, "C2"), JN_OK);
    story_close(&s);
}

static enum jn_code
inspect(struct story *s, const char *date, Enrollment__Inspection outcome, const char *findings)
{
    Enrollment__InspectClass cmd = ENROLLMENT__INSPECT_CLASS__INIT;

    cmd.class_no = "C1";
    cmd.day = day_of(date);
    cmd.outcome = outcome;
    cmd.document = "J-1";
    cmd.findings = (char *)(uintptr_t)findings;
    return when(s, "InspectClass", &cmd);
}

/* It runs from 2 March on. */
static void
a_class_is_inspected_and_stopped_where_it_is_unsound(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");
    Enrollment__ClassRequest request = ENROLLMENT__CLASS_REQUEST__INIT;
    Enrollment__Enrolment person = person_like(1, COMMON__GROUP__FARMER);
    Enrollment__InspectClass silent = ENROLLMENT__INSPECT_CLASS__INIT;
    const Enrollment__ClassInspected *event;

    (void)state;
    story_open(&s);
    assert_int_equal(inspect(&s, "2020-03-02", ENROLLMENT__INSPECTION__SOUND, ""), JN_NOT_FOUND);
    assert_int_equal(file_class(&s, &class), JN_OK);
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    assert_int_equal(inspect(&s, "2020-03-02", ENROLLMENT__INSPECTION__SOUND, ""), JN_WRONG_STATE);
    assert_int_equal(open_class(&s, "C1"), JN_OK);
    assert_int_equal(inspect(&s, "2020-03-01", ENROLLMENT__INSPECTION__SOUND, ""), JN_OUT_OF_LIMITS);
    assert_int_equal(inspect(&s, "2020-12-31", ENROLLMENT__INSPECTION__SOUND, ""), JN_OUT_OF_LIMITS);
    assert_int_equal(inspect(&s, "2020-03-02", ENROLLMENT__INSPECTION__INSPECTION_UNSPECIFIED, ""), JN_MALFORMED);
    assert_int_equal(inspect(&s, "2020-03-02", ENROLLMENT__INSPECTION__UNSOUND, ""), JN_MALFORMED);
    silent.class_no = "C1";
    silent.day = day_of("2020-03-02");
    silent.outcome = ENROLLMENT__INSPECTION__SOUND;
    assert_int_equal(when(&s, "InspectClass", &silent), JN_MALFORMED); /* without a record */
    assert_int_equal(inspect(&s, "2020-03-02", ENROLLMENT__INSPECTION__SOUND, ""), JN_OK);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_INSPECTED);
    assert_int_equal(event->inspection, 1);
    assert_int_equal(event->division, 130102);
    assert_string_equal(event->document, "J-1");
    assert_string_equal(event->by, s.employment.name);
    request.class_no = "C1";
    assert_int_equal(asked(&s, &s.employment, "Class", &request), JN_OK);
    assert_int_equal(((const Enrollment__ClassView *)s.reply)->inspections, 1);
    assert_int_equal(((const Enrollment__ClassView *)s.reply)->inspected, ENROLLMENT__INSPECTION__SOUND);
    assert_int_equal(inspect(&s, "2020-03-02", ENROLLMENT__INSPECTION__UNSOUND, "nobody was there"), JN_OK);
    assert_string_equal(
        ((const Enrollment__ClassStopped *)last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_STOPPED))->reason,
        "nobody was there");
    assert_int_equal(asked(&s, &s.employment, "Class", &request), JN_OK);
    assert_string_equal(((const Enrollment__ClassView *)s.reply)->state, "stopped");
    assert_int_equal(inspect(&s, "2020-03-02", ENROLLMENT__INSPECTION__SOUND, ""), JN_WRONG_STATE);
    story_close(&s);
}

static void
a_class_shows_what_was_filed_and_what_it_waits_for(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");
    Enrollment__ClassRequest request = ENROLLMENT__CLASS_REQUEST__INIT;
    Enrollment__Enrolment person = person_like(1, COMMON__GROUP__FARMER);
    const Enrollment__ClassView *view;

    (void)state;
    story_open(&s);
    request.class_no = "C1";
    assert_int_equal(asked(&s, &s.employment, "Class", &request), JN_NOT_FOUND);
    class.programme = "spring_tide";
    class.employer = (char *)(uintptr_t)enterprise();
    assert_int_equal(file_class(&s, &class), JN_OK);
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    assert_int_equal(asked(&s, &s.agriculture, "Class", &request), JN_OK);
    view = s.reply;
    assert_string_equal(view->state, "filed");
    assert_string_equal(view->filed->provider, school());
    assert_string_equal(view->filed->employer, enterprise());
    assert_string_equal(view->filed->project, "P1");
    assert_string_equal(view->filed->programme, "spring_tide");
    assert_int_equal(view->n_waiting_for, 0);
    assert_int_equal(open_class(&s, "C1"), JN_OK);
    assert_int_equal(sheet(&s, "C1", "2020-03-02", 1), JN_OK);
    assert_int_equal(asked(&s, &s.employment, "Class", &request), JN_OK);
    view = s.reply;
    assert_string_equal(view->state, "opened");
    assert_int_equal(view->enrolled, 1);
    assert_int_equal(view->sheets, 1);
    assert_int_equal(view->n_waiting_for, 1);
    assert_string_equal(view->waiting_for[0], "agriculture");
    s.employment.divisions[0] = 130104;
    s.employment.divisions_count = 1;
    assert_int_equal(asked(&s, &s.employment, "Class", &request), JN_NOT_FOUND); /* as if it were not there */
    story_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_must_be_readable),
        cmocka_unit_test(a_class_needs_plan_and_safeguards),
        cmocka_unit_test(a_class_keeps_within_its_limits),
        cmocka_unit_test(a_class_names_what_is_known),
        cmocka_unit_test(the_provider_is_designated_on_the_first_day),
        cmocka_unit_test(a_class_is_filed_once_by_whoever_may),
        cmocka_unit_test(a_class_opens_on_its_first_day_with_people_on_it),
        cmocka_unit_test(a_class_does_not_open_at_a_school_struck_off),
        cmocka_unit_test(a_class_that_fails_a_check_is_stopped),
        cmocka_unit_test(a_class_is_inspected_and_stopped_where_it_is_unsound),
        cmocka_unit_test(a_class_shows_what_was_filed_and_what_it_waits_for),
    };

    return cmocka_run_group_tests_name("enrollment: classes", tests, NULL, NULL);
}
