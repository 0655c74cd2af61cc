/* The audit sees what was tampered with; and text is looked at before it is believed. */
#include <stdlib.h>

#include "enrollment_story.h"

#include "enrollment/text.h"

/* ---- A service whose StopClass spoils a row, and whose audit is only listened to ---- */

static void (*spoil)(struct jn_tables *t);
static size_t findings;
static char heard[2048];

static void
apply_spoiled(struct jn_tables *t, const Enrollment__ClassStopped *event, const struct jn_stamp *stamp)
{
    (void)event;
    (void)stamp;
    spoil(t);
}

static void
listen(struct jn_audit *audit)
{
    struct jn_audit own = {.view = audit->view};

    enrollment_service.audit(&own);
    findings = own.findings;
    heard[0] = '\0';
    if (own.text)
        strncpy(heard, own.text, sizeof(heard) - 1);
    free(own.text);
}

static const struct jn_service *
spoiled_service(void)
{
    static struct jn_event events_spoiled[32];
    static struct jn_service service;

    service = enrollment_service;
    assert_true(service.events_count <= 32);
    memcpy(events_spoiled, service.events, service.events_count * sizeof(events_spoiled[0]));
    for (size_t i = 0; i < service.events_count; i++)
        if (events_spoiled[i].type == ENROLLMENT__EVENT__BODY_CLASS_STOPPED)
            events_spoiled[i].apply = JN_FN(apply_spoiled);
    service.events = events_spoiled;
    service.audit = listen;
    return &service;
}

/* ---- What is spoiled: class 1 is open, with persons 1 and 2; 2 has history, 1 an account and a question ---- */

static void
division_moved(struct jn_tables *t)
{
    Enrollment__Division row = ENROLLMENT__DIVISION__INIT;

    row.code = 130104;
    jn_put(t, TABLE_DIVISION, JN_KEY(130102), &row);
}

static void
division_uncounted(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_DIVISIONS, 7);
}

static void
trained_invented(struct jn_tables *t)
{
    division_count_trained(t, 130102, 18300, 5);
}

static void
finished_miscounted(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_FINISHED, 1);
}

static void
institution_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_INSTITUTION, JN_KEY(1));
}

static void
institution_nowhere(struct jn_tables *t)
{
    Enrollment__Institution row = *institution_get(jn_view_of(t), 1);

    row.division = 110101;
    jn_put(t, TABLE_INSTITUTION, JN_KEY(1), &row);
}

static void
credit_code_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_INSTITUTION_BY_USCC, jn_key_bytes(school(), 18));
}

static void
project_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_PROJECT, JN_KEY(1));
}

static void
project_code_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_PROJECT_BY_CODE, jn_key_bytes("P1", 2));
}

static void
person_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_PERSON, JN_KEY(1));
}

static void
person_renumbered(struct jn_tables *t)
{
    jn_put(t, TABLE_PERSON, JN_KEY(1), person_get(jn_view_of(t), 2));
}

static void
pseudonym_lost(struct jn_tables *t)
{
    Enrollment__KnownPerson row = *person_get(jn_view_of(t), 1);

    row.pseudonym.len = 0;
    row.id_number = "13019919850101001";
    jn_put(t, TABLE_PERSON, JN_KEY(1), &row);
}

static void
history_of_nobody(struct jn_tables *t)
{
    Enrollment__ImportedHistory row = ENROLLMENT__IMPORTED_HISTORY__INIT;

    row.person = 9;
    jn_put(t, TABLE_HISTORY, JN_KEY(9, 1), &row);
}

static void
enterprise_line_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_ENTERPRISE_HISTORY, JN_KEY(2, 1));
}

static void
enterprise_line_grown(struct jn_tables *t)
{
    Enrollment__ImportedEnterpriseHistory row =
        *(const Enrollment__ImportedEnterpriseHistory *)jn_get(jn_view_of(t), TABLE_ENTERPRISE_HISTORY, JN_KEY(2, 1));

    row.amount_fen++;
    jn_put(t, TABLE_ENTERPRISE_HISTORY, JN_KEY(2, 1), &row);
}

static void
enterprise_line_strayed(struct jn_tables *t)
{
    jn_put(t, TABLE_ENTERPRISE_HISTORY, JN_KEY(3, 1), jn_get(jn_view_of(t), TABLE_ENTERPRISE_HISTORY, JN_KEY(2, 1)));
}

static void
class_number_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_CLASS_BY_NO, jn_key_bytes("C1", 2));
}

static void
class_state_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_CLASS_STATE, JN_KEY(1));
}

static void
class_at_no_stage(struct jn_tables *t)
{
    Enrollment__ClassState row = ENROLLMENT__CLASS_STATE__INIT;

    jn_put(t, TABLE_CLASS_STATE, JN_KEY(1), &row);
}

static void
class_overfull(struct jn_tables *t)
{
    Enrollment__ClassState row = ENROLLMENT__CLASS_STATE__INIT;

    row.stage = ENROLLMENT__STAGE__FILED;
    row.enrolled = 11;
    jn_put(t, TABLE_CLASS_STATE, JN_KEY(1), &row);
}

static void
class_finished_unanswered(struct jn_tables *t)
{
    struct class class;
    Enrollment__ClassState row;

    assert_true(class_get(jn_view_of(t), 1, &class));
    row = *class.state;
    row.stage = ENROLLMENT__STAGE__FINISHED;
    jn_put(t, TABLE_CLASS_STATE, JN_KEY(1), &row);
}

static void
class_opened_empty(struct jn_tables *t)
{
    Enrollment__ClassState row = ENROLLMENT__CLASS_STATE__INIT;

    row.stage = ENROLLMENT__STAGE__OPENED;
    jn_put(t, TABLE_CLASS_STATE, JN_KEY(1), &row);
}

static void
seat_swapped(struct jn_tables *t)
{
    Enrollment__SeatTaken row = ENROLLMENT__SEAT_TAKEN__INIT;

    row.seat = 2;
    jn_put(t, TABLE_SEAT, JN_KEY(1, 1), &row);
}

static void
seat_given_away(struct jn_tables *t)
{
    jn_delete(t, TABLE_SEAT, JN_KEY(2, 1));
}

static void
roster_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_ROSTER, JN_KEY(1, 1));
}

static void
days_miscounted(struct jn_tables *t)
{
    Enrollment__Attendance row = *attendance_of(jn_view_of(t), 1);

    row.sheets = 0;
    jn_put(t, TABLE_ATTENDANCE, JN_KEY(1), &row);
}

static void
absent_beyond_the_roster(struct jn_tables *t)
{
    Enrollment__Attendance row = *attendance_of(jn_view_of(t), 1);
    uint32_t absent[] = {0, 0, 1};

    row.absent = absent;
    row.n_absent = 3;
    jn_put(t, TABLE_ATTENDANCE, JN_KEY(1), &row);
}

static void
sheet_behind_the_end(struct jn_tables *t)
{
    Enrollment__Attendance row = *attendance_of(jn_view_of(t), 1);
    uint8_t days[] = {0, 0, 0, 1};

    row.days.data = days;
    row.days.len = 4;
    jn_put(t, TABLE_ATTENDANCE, JN_KEY(1), &row);
}

static void
question_forgotten(struct jn_tables *t)
{
    jn_delete(t, TABLE_PENDING, JN_KEY(COMMON__DEPARTMENT__VETERANS, 1));
}

static void
question_listed_twice(struct jn_tables *t)
{
    Enrollment__Pending row = ENROLLMENT__PENDING__INIT;

    jn_put(t, TABLE_PENDING, JN_KEY(COMMON__DEPARTMENT__EDUCATION, 1), &row);
}

static void
two_answers_to_one_question(struct jn_tables *t)
{
    Enrollment__AskedRow asked = ENROLLMENT__ASKED_ROW__INIT;
    Enrollment__AskedRow *rows[] = {&asked};
    Enrollment__Asked row = ENROLLMENT__ASKED__INIT;

    asked.seat = 7;
    asked.person = 1;
    asked.groups = asked.holds = asked.denied = GROUP_BIT(COMMON__GROUP__FARMER);
    row.class_ = 1;
    row.department = COMMON__DEPARTMENT__VETERANS;
    row.rows = rows;
    row.n_rows = 1;
    row.open = 1;
    jn_put(t, TABLE_ASKED, JN_KEY(1), &row);
}

static void
question_about_no_class(struct jn_tables *t)
{
    Enrollment__Asked row = ENROLLMENT__ASKED__INIT;

    row.class_ = 99;
    jn_put(t, TABLE_ASKED, JN_KEY(3), &row);
}

static void
days_corrected(struct jn_tables *t, uint32_t days)
{
    Enrollment__Attended row = ENROLLMENT__ATTENDED__INIT;

    row.days = days;
    jn_put(t, TABLE_ATTENDED, JN_KEY(1, 2), &row);
}

static void
days_corrected_of_a_running_class(struct jn_tables *t)
{
    days_corrected(t, 1);
}

/* It goes from 2 to 13 March: 12 days. */
static void
days_corrected_beyond_the_class(struct jn_tables *t)
{
    Enrollment__ClassState row = ENROLLMENT__CLASS_STATE__INIT;

    row.stage = ENROLLMENT__STAGE__FINISHED;
    row.enrolled = 2;
    jn_put(t, TABLE_CLASS_STATE, JN_KEY(1), &row);
    days_corrected(t, 13);
}

static const struct {
    void (*how)(struct jn_tables *t);
    const char *says;
} spoils[] = {
    {division_moved, "another code"},
    {division_uncounted, "divisions, but"},
    {trained_invented, "count against targets"},
    {finished_miscounted, "finished classes, but"},
    {institution_lost, "institution 2 is not numbered in order"},
    {institution_nowhere, "no division"},
    {credit_code_lost, "credit code"},
    {project_lost, "names a provider, project or employer"},
    {project_code_lost, "found by its code"},
    {person_lost, "an account belongs to nobody"},
    {person_renumbered, "is not found by the id number"},
    {pseudonym_lost, "no pseudonym"},
    {history_of_nobody, "belongs to nobody"},
    {enterprise_line_lost, "enterprise 2: history is kept of it that has no lines"},
    {enterprise_line_grown, "enterprise 2: its history adds up to something else"},
    {enterprise_line_strayed, "enterprise 3: a line of its history is not its own"},
    {class_number_lost, "found by its number"},
    {class_state_lost, "has no state"},
    {class_at_no_stage, "at no stage"},
    {class_overfull, "more people than seats"},
    {class_finished_unanswered, "before request 1 was answered"},
    {class_opened_empty, "nobody on it"},
    {seat_swapped, "seat 1 is not in order"},
    {seat_given_away, "seats that people take"},
    {roster_lost, "not those of its roster"},
    {days_miscounted, "0 sheets for 1 days"},
    {absent_beyond_the_roster, "not on it"},
    {sheet_behind_the_end, "behind its end"},
    {question_forgotten, "listed wrongly"},
    {question_listed_twice, "listed as open"},
    {two_answers_to_one_question, "two answers"},
    {question_about_no_class, "about no class"},
    {days_corrected_of_a_running_class, "none of a finished class"},
    {days_corrected_beyond_the_class, "attended more days than there were"},
};

static void
given_a_class_under_way(struct story *s)
{
    Enrollment__FileClass class = class_like("C1");
    Enrollment__Enrolment person = person_like(1, COMMON__GROUP__VETERAN);
    Enrollment__HistoryRow paid = ENROLLMENT__HISTORY_ROW__INIT;
    Enrollment__HistoryRow *rows[] = {&paid};
    Enrollment__ImportHistory history = ENROLLMENT__IMPORT_HISTORY__INIT;
    Enrollment__EnterpriseHistoryRow paid_to = ENROLLMENT__ENTERPRISE_HISTORY_ROW__INIT;
    Enrollment__EnterpriseHistoryRow *paid_rows[] = {&paid_to};
    Enrollment__ImportEnterpriseHistory enterprises = ENROLLMENT__IMPORT_ENTERPRISE_HISTORY__INIT;

    assert_int_equal(file_class(s, &class), JN_OK);
    person.account = "6217000000100000656";
    assert_int_equal(enrol(s, "C1", &person), JN_OK);
    person = person_like(2, 0);
    assert_int_equal(enrol(s, "C1", &person), JN_OK);
    assert_int_equal(open_class(s, "C1"), JN_OK);
    assert_int_equal(sheet(s, "C1", "2020-03-02", 1), JN_OK);
    paid.id_number = (char *)(uintptr_t)citizen(2);
    paid.item = COMMON__ITEM__FREE_TRAINING;
    paid.day = day_of("2019-02-01");
    history.rows = rows;
    history.n_rows = 1;
    assert_int_equal(when(s, "ImportHistory", &history), JN_OK);
    paid_to.uscc = (char *)(uintptr_t)enterprise();
    paid_to.item = COMMON__ITEM__PRE_JOB_TRAINING;
    paid_to.day = day_of("2019-02-01");
    paid_to.amount_fen = 100;
    paid_to.people = 1;
    enterprises.rows = paid_rows;
    enterprises.n_rows = 1;
    assert_int_equal(when(s, "ImportEnterpriseHistory", &enterprises), JN_OK);
    assert_int_equal(findings, 0);
}

static void
the_audit_sees_what_was_spoiled(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
        struct story s;

        spoil = spoils[i].how;
        story_open_with(&s, spoiled_service());
        given_a_class_under_way(&s);
        assert_int_equal(stop_class(&s, "C1"), JN_OK);
        if (findings == 0 || !strstr(heard, spoils[i].says))
            fail_msg("spoil %zu: \"%s\" does not say \"%s\"", i, heard, spoils[i].says);
        /* What the audit prints goes to operators: nobody is named in it. */
        assert_null(strstr(heard, "130199"));
        story_close(&s);
    }
}

/* ---- Text ---- */

static void
text_is_utf8_without_controls(void **state)
{
    static const char *const good[] = {
        "a", "é", "陈磊华", "\xf0\xa0\x80\x80", " ", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf", "\xe0\xa0\x80"};
    static const char *const bad[] = {"",
                                      "\x1f",
                                      "\x7f",
                                      "\xc2\x85",
                                      "\x80",
                                      "\xc0\xaf",
                                      "\xc3",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "ab\xe9\x99",
                                      "123456789"};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(text_fits(good[i], 1, 9));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(text_fits(bad[i], 1, 8));
    assert_true(text_fits("", 0, 8));
    assert_true(text_code("C-1 a~", 6));
    assert_false(text_code("C-1 a~", 5));
    assert_false(text_code("", 5));
    assert_false(text_code("\t", 5));
    assert_false(text_code("班", 5));
}

static void
an_account_is_letters_and_digits(void **state)
{
    (void)state;
    assert_true(text_account(""));
    assert_true(text_account("12345678"));
    assert_true(text_account("DE89370400440532013000aaaaaaaaaaaa"));
    assert_false(text_account("DE89370400440532013000aaaaaaaaaaaab"));
    assert_false(text_account("1234567"));
    assert_false(text_account("1234-5678"));
    assert_false(text_account("１２３４５６７８"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_audit_sees_what_was_spoiled),
        cmocka_unit_test(text_is_utf8_without_controls),
        cmocka_unit_test(an_account_is_letters_and_digits),
    };

    return cmocka_run_group_tests_name("enrollment: audit and text", tests, NULL, NULL);
}
