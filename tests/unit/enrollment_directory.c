/* Divisions, institutions and projects: what must be known before a class can be filed. */
#include "enrollment_story.h"

#include <stdio.h>

#define FEW(array) (sizeof(array) / sizeof((array)[0]))

static void
set(struct story *s, const Enrollment__Division *row)
{
    Enrollment__Division *rows[] = {(Enrollment__Division *)(uintptr_t)row};
    Enrollment__SetDivisions cmd = ENROLLMENT__SET_DIVISIONS__INIT;

    cmd.rows = rows;
    cmd.n_rows = 1;
    assert_int_equal(when(s, "SetDivisions", &cmd), JN_OK);
}

static void
a_division_that_cannot_be_read_costs_only_its_row(void **state)
{
    struct story s;
    Enrollment__Division rows[6];
    Enrollment__Division *pointers[6];
    Enrollment__SetDivisions cmd = ENROLLMENT__SET_DIVISIONS__INIT;
    const Enrollment__Outcomes *reply;
    static const enum jn_code expected[] = {JN_MALFORMED, JN_MALFORMED,      JN_OUT_OF_LIMITS,
                                            JN_OK,        JN_ALREADY_EXISTS, JN_OK};

    (void)state;
    story_open(&s);
    for (size_t i = 0; i < FEW(rows); i++) {
        enrollment__division__init(&rows[i]);
        rows[i].code = 130121 + (uint32_t)i;
        rows[i].name = "井陉县";
        pointers[i] = &rows[i];
    }
    rows[0].code = 1301;
    rows[1].name = "井\001陉";
    rows[2].target_2020 = 10000001;
    rows[4].code = rows[3].code;
    cmd.rows = pointers;
    cmd.n_rows = FEW(rows);
    assert_int_equal(when(&s, "SetDivisions", &cmd), JN_OK);
    reply = s.reply;
    assert_int_equal(reply->done, 2);
    assert_int_equal(reply->n_refused, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(reply->refused[i]->code, expected[reply->refused[i]->row]);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_DIVISIONS_SET), 2);
    /* The same command again does nothing again. */
    assert_int_equal(jn_world_again(s.world, &s.reply), JN_OK);
    assert_int_equal(((const Enrollment__Outcomes *)s.reply)->done, 2);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_DIVISIONS_SET), 2);
    story_close(&s);
}

static void
a_division_is_set_anew_and_counted_once(void **state)
{
    struct story s;
    Enrollment__Division row = ENROLLMENT__DIVISION__INIT;
    Enrollment__ProgressRequest progress = ENROLLMENT__PROGRESS_REQUEST__INIT;
    const Enrollment__ProgressView *view;

    (void)state;
    story_open(&s);
    row.code = 130102;
    row.name = "长安区\n(新)";
    row.target_2019 = 7;
    set(&s, &row);
    no_row_refused(&s, 1);
    progress.division = 130102;
    assert_int_equal(asked(&s, &s.administration, "Progress", &progress), JN_OK);
    view = s.reply;
    assert_int_equal(view->n_rows, 3);
    assert_string_equal(view->rows[0]->name, "长安区 (新)"); /* a line break within a cell becomes a blank */
    assert_int_equal(view->rows[0]->target, 7);
    assert_int_equal(view->rows[1]->target, 0);
    progress.division = 130199;
    assert_int_equal(asked(&s, &s.administration, "Progress", &progress), JN_NOT_FOUND);
    story_close(&s);
}

static void
a_key_sets_only_its_own_divisions(void **state)
{
    struct story s;
    Enrollment__Division row = ENROLLMENT__DIVISION__INIT;
    Enrollment__ProgressRequest progress = ENROLLMENT__PROGRESS_REQUEST__INIT;

    (void)state;
    story_open(&s);
    s.administration.divisions[0] = 130104;
    s.administration.divisions_count = 1;
    row.code = 130102;
    set(&s, &row);
    one_row_refused(&s, JN_DENIED);
    row.code = 130104;
    set(&s, &row);
    no_row_refused(&s, 1);
    progress.division = 130102;
    assert_int_equal(asked(&s, &s.administration, "Progress", &progress), JN_DENIED);
    progress.division = 130199; /* is not known: no word of that either */
    assert_int_equal(asked(&s, &s.administration, "Progress", &progress), JN_DENIED);
    progress.division = 0;
    assert_int_equal(asked(&s, &s.administration, "Progress", &progress), JN_OK);
    assert_int_equal(((const Enrollment__ProgressView *)s.reply)->n_rows, 3);
    story_close(&s);
}

static void
there_is_an_end_to_divisions_and_to_rows(void **state)
{
    struct story s;
    Enrollment__Division rows[201];
    Enrollment__Division *pointers[201];
    Enrollment__SetDivisions cmd = ENROLLMENT__SET_DIVISIONS__INIT;

    (void)state;
    story_open(&s);
    assert_int_equal(when(&s, "SetDivisions", &cmd), JN_MALFORMED);
    cmd.rows = pointers;
    cmd.n_rows = 201;
    for (size_t i = 0; i < FEW(rows); i++) {
        enrollment__division__init(&rows[i]);
        rows[i].code = 200000 + (uint32_t)i;
        pointers[i] = &rows[i];
    }
    assert_int_equal(when(&s, "SetDivisions", &cmd), JN_TOO_LARGE);
    reason_says(&s, "split");
    cmd.n_rows = 200;
    for (uint32_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < FEW(rows); i++)
            rows[i].code = 200000 + 1000 * round + (uint32_t)i;
        assert_int_equal(when(&s, "SetDivisions", &cmd), JN_OK);
    }
    assert_int_equal(((const Enrollment__Outcomes *)s.reply)->done, 98); /* 500 less the two of the stage and 400 */
    assert_int_equal(((const Enrollment__Outcomes *)s.reply)->refused[0]->code, JN_OUT_OF_LIMITS);
    story_close(&s);
}

/* ---- Institutions ---- */

static Enrollment__Institution
body_like(const char *uscc)
{
    Enrollment__Institution row = ENROLLMENT__INSTITUTION__INIT;

    row.uscc = (char *)(uintptr_t)uscc;
    row.name = "石家庄市第一职业技能评价中心";
    row.kind = COMMON__INSTITUTION_KIND__EVALUATION;
    row.division = 130102;
    row.designated_from_day = day_of("2019-10-27");
    return row;
}

static void
designate(struct story *s, const Enrollment__Institution *row)
{
    Enrollment__Institution *rows[] = {(Enrollment__Institution *)(uintptr_t)row};
    Enrollment__DesignateInstitutions cmd = ENROLLMENT__DESIGNATE_INSTITUTIONS__INIT;

    cmd.rows = rows;
    cmd.n_rows = 1;
    assert_int_equal(when(s, "DesignateInstitutions", &cmd), JN_OK);
}

static void
refused_body(struct story *s, const Enrollment__Institution *row, enum jn_code code)
{
    designate(s, row);
    one_row_refused(s, code);
}

static void
an_institution_must_be_readable(void **state)
{
    struct story s;
    Enrollment__Institution row;
    char *too_many[65];
    char *wrong[] = {"4-10\t01"};

    (void)state;
    story_open(&s);
    row = body_like("52130100MA0010133Q"); /* its last character is R */
    refused_body(&s, &row, JN_MALFORMED);
    row = body_like("52130100MA00101");
    refused_body(&s, &row, JN_MALFORMED);
    row = body_like(evaluator());
    row.kind = (Common__InstitutionKind)8;
    refused_body(&s, &row, JN_MALFORMED);
    row = body_like(evaluator());
    row.division = 130198;
    refused_body(&s, &row, JN_NOT_FOUND);
    row = body_like(evaluator());
    row.name = "";
    refused_body(&s, &row, JN_MALFORMED);
    row = body_like(evaluator());
    row.bank = "河北\x7f银行";
    refused_body(&s, &row, JN_MALFORMED);
    row = body_like(evaluator());
    row.account = "62170000 0000";
    refused_body(&s, &row, JN_MALFORMED);
    row = body_like(evaluator());
    row.designated_from_day = -25568;
    refused_body(&s, &row, JN_MALFORMED);
    row = body_like(evaluator());
    row.designated_to_day = 84006;
    refused_body(&s, &row, JN_MALFORMED);
    row = body_like(evaluator());
    for (size_t i = 0; i < FEW(too_many); i++)
        too_many[i] = "4-10-01-06";
    row.certifies = too_many;
    row.n_certifies = FEW(too_many);
    refused_body(&s, &row, JN_OUT_OF_LIMITS);
    row.certifies = wrong;
    row.n_certifies = 1;
    refused_body(&s, &row, JN_MALFORMED);
    s.administration.divisions[0] = 130104;
    s.administration.divisions_count = 1;
    row = body_like(evaluator());
    refused_body(&s, &row, JN_DENIED);
    story_close(&s);
}

static void
a_later_designation_keeps_the_number(void **state)
{
    struct story s;
    Enrollment__Institution row = body_like(evaluator());
    Enrollment__Institution *rows[] = {&row, &row};
    Enrollment__DesignateInstitutions cmd = ENROLLMENT__DESIGNATE_INSTITUTIONS__INIT;
    const Enrollment__InstitutionsDesignated *event;
    uint64_t before;

    (void)state;
    story_open(&s);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED);
    before = event->rows[0]->institution;
    assert_string_equal(event->rows[0]->facts->uscc, evaluator());
    cmd.rows = rows;
    cmd.n_rows = 2;
    assert_int_equal(when(&s, "DesignateInstitutions", &cmd), JN_OK);
    one_row_refused(&s, JN_ALREADY_EXISTS);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED);
    assert_int_equal(event->n_rows, 1);
    assert_int_equal(event->rows[0]->institution, before);
    story_close(&s);
}

static void
what_is_odd_about_an_institution_is_noted(void **state)
{
    struct story s;
    Enrollment__Institution row = body_like(school());
    const Enrollment__Outcomes *reply;

    (void)state;
    story_open(&s);
    row.designated_from_day = 0;
    designate(&s, &row);
    reply = s.reply;
    assert_int_equal(reply->n_notes, 1);
    assert_int_equal(reply->notes[0]->code, JN_OK);
    assert_non_null(strstr(reply->notes[0]->reason, "designated"));
    row = body_like(unknown_body()); /* right as a whole, wrong inside */
    designate(&s, &row);
    reply = s.reply;
    no_row_refused(&s, 1);
    assert_int_equal(reply->n_notes, 1);
    assert_non_null(strstr(reply->notes[0]->reason, "GB 11714"));
    story_close(&s);
}

/* The city has no row of its own, but its code is known with the first of its counties. */
static void
the_city_is_a_division(void **state)
{
    struct story s;
    Enrollment__Institution row = body_like(evaluator());

    (void)state;
    story_open(&s);
    row.division = 130100;
    designate(&s, &row);
    no_row_refused(&s, 1);
    row.division = 130200;
    refused_body(&s, &row, JN_NOT_FOUND);
    row.division = 0;
    refused_body(&s, &row, JN_NOT_FOUND);
    story_close(&s);
}

/* ---- Projects ---- */

static void
list(struct story *s, const Enrollment__Project *row)
{
    Enrollment__Project *rows[] = {(Enrollment__Project *)(uintptr_t)row};
    Enrollment__ListProjects cmd = ENROLLMENT__LIST_PROJECTS__INIT;

    cmd.rows = rows;
    cmd.n_rows = 1;
    assert_int_equal(when(s, "ListProjects", &cmd), JN_OK);
}

static Enrollment__Project
project_like(const char *code)
{
    Enrollment__Project row = ENROLLMENT__PROJECT__INIT;

    row.code = (char *)(uintptr_t)code;
    row.name = "养老护理员";
    row.occupation = "4-10-01-05";
    row.level = 5;
    row.hours = 60;
    return row;
}

static void
a_project_must_be_readable(void **state)
{
    struct story s;
    Enrollment__Project row;

    (void)state;
    story_open(&s);
    row = project_like("");
    list(&s, &row);
    one_row_refused(&s, JN_MALFORMED);
    row = project_like("P2");
    row.name = "";
    list(&s, &row);
    one_row_refused(&s, JN_MALFORMED);
    row = project_like("P2");
    row.occupation = "";
    list(&s, &row);
    one_row_refused(&s, JN_MALFORMED);
    row = project_like("P2");
    row.level = 6;
    list(&s, &row);
    one_row_refused(&s, JN_MALFORMED);
    row = project_like("P2");
    row.hours = 10001;
    list(&s, &row);
    one_row_refused(&s, JN_OUT_OF_LIMITS);
    row = project_like("P2");
    row.occupation = "X4-10";
    list(&s, &row);
    no_row_refused(&s, 1);
    assert_int_equal(((const Enrollment__Outcomes *)s.reply)->n_notes, 1);
    story_close(&s);
}

static void
a_project_listed_again_keeps_its_number(void **state)
{
    struct story s;
    Enrollment__Project row = project_like("P1");
    Enrollment__Project *rows[] = {&row, &row};
    Enrollment__ListProjects cmd = ENROLLMENT__LIST_PROJECTS__INIT;
    const Enrollment__ProjectsListed *event;

    (void)state;
    story_open(&s);
    cmd.rows = rows;
    cmd.n_rows = 2;
    assert_int_equal(when(&s, "ListProjects", &cmd), JN_OK);
    one_row_refused(&s, JN_ALREADY_EXISTS);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_PROJECTS_LISTED);
    assert_int_equal(event->rows[0]->number, 1);
    assert_string_equal(event->rows[0]->facts->occupation, "4-10-01-05");
    story_close(&s);
}

static void
only_the_administration_keeps_the_directories(void **state)
{
    struct story s;
    Enrollment__Project row = project_like("P2");
    Enrollment__Project *rows[] = {&row};
    Enrollment__ListProjects cmd = ENROLLMENT__LIST_PROJECTS__INIT;
    Enrollment__SetDivisions divisions = ENROLLMENT__SET_DIVISIONS__INIT;
    Enrollment__DesignateInstitutions institutions = ENROLLMENT__DESIGNATE_INSTITUTIONS__INIT;

    (void)state;
    story_open(&s);
    cmd.rows = rows;
    cmd.n_rows = 1;
    assert_int_equal(when_by(&s, &s.employment, "ListProjects", &cmd), JN_DENIED);
    assert_int_equal(when_by(&s, &s.employment, "SetDivisions", &divisions), JN_DENIED);
    assert_int_equal(when_by(&s, &s.veterans, "DesignateInstitutions", &institutions), JN_DENIED);
    assert_int_equal(when(&s, "DesignateInstitutions", &institutions), JN_MALFORMED);
    cmd.n_rows = 0;
    assert_int_equal(when(&s, "ListProjects", &cmd), JN_MALFORMED);
    story_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_division_that_cannot_be_read_costs_only_its_row),
        cmocka_unit_test(a_division_is_set_anew_and_counted_once),
        cmocka_unit_test(a_key_sets_only_its_own_divisions),
        cmocka_unit_test(there_is_an_end_to_divisions_and_to_rows),
        cmocka_unit_test(an_institution_must_be_readable),
        cmocka_unit_test(a_later_designation_keeps_the_number),
        cmocka_unit_test(what_is_odd_about_an_institution_is_noted),
        cmocka_unit_test(the_city_is_a_division),
        cmocka_unit_test(a_project_must_be_readable),
        cmocka_unit_test(a_project_listed_again_keeps_its_number),
        cmocka_unit_test(only_the_administration_keeps_the_directories),
    };

    return cmocka_run_group_tests_name("enrollment: directories", tests, NULL, NULL);
}
