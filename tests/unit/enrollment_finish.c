/* Attendance, the end of a class, and what it adds up to. */
#include "enrollment_story.h"

static void
given_open_class(struct story *s, const char *class_no, unsigned first, unsigned people, Common__Group group)
{
    Enrollment__FileClass class = class_like(class_no);

    class.capacity = people;
    assert_int_equal(file_class(s, &class), JN_OK);
    enrol_many(s, class_no, first, people, group);
    assert_int_equal(open_class(s, class_no), JN_OK);
}

static void
a_sheet_lies_within_the_class_and_the_past(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");
    Enrollment__RecordAttendance empty = ENROLLMENT__RECORD_ATTENDANCE__INIT;

    (void)state;
    story_open(&s);
    empty.class_no = "C1";
    assert_int_equal(when(&s, "RecordAttendance", &empty), JN_MALFORMED);
    assert_int_equal(sheet(&s, "C1", "2020-03-02", 0), JN_NOT_FOUND);
    assert_int_equal(file_class(&s, &class), JN_OK);
    assert_int_equal(sheet(&s, "C1", "2020-03-02", 0), JN_WRONG_STATE);
    enrol_many(&s, "C1", 1, 2, 0);
    assert_int_equal(open_class(&s, "C1"), JN_OK);
    assert_int_equal(sheet(&s, "C1", "2020-03-01", 0), JN_OK);
    one_row_refused(&s, JN_OUT_OF_LIMITS);
    assert_int_equal(sheet(&s, "C1", "2020-03-14", 0), JN_OK);
    one_row_refused(&s, JN_OUT_OF_LIMITS);
    assert_int_equal(sheet(&s, "C1", "2020-03-03", 0), JN_OK);
    one_row_refused(&s, JN_NOT_YET);
    assert_int_equal(sheet(&s, "C1", "2020-03-02", 0), JN_OK);
    no_row_refused(&s, 1);
    assert_int_equal(sheet(&s, "C1", "2020-03-02", 1), JN_OK);
    one_row_refused(&s, JN_ALREADY_EXISTS);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ATTENDANCE_RECORDED), 1);
    s.employment.divisions[0] = 130104;
    s.employment.divisions_count = 1;
    assert_int_equal(sheet(&s, "C1", "2020-03-02", 1), JN_NOT_FOUND);
    story_close(&s);
}

static void
the_absent_are_named_once_and_strangers_ignored(void **state)
{
    struct story s;
    char *names[] = {(char *)(uintptr_t)citizen(2), "nonsense", (char *)(uintptr_t)citizen(2),
                     (char *)(uintptr_t)citizen(77)};
    Enrollment__Sheet first = ENROLLMENT__SHEET__INIT, again;
    Enrollment__Sheet *rows[] = {&first, &again};
    Enrollment__RecordAttendance cmd = ENROLLMENT__RECORD_ATTENDANCE__INIT;
    const Enrollment__AttendanceRecorded *event;
    const Enrollment__Outcomes *reply;

    (void)state;
    story_open(&s);
    given_open_class(&s, "C1", 1, 3, 0);
    first.day = day_of("2020-03-02");
    first.absent = names;
    first.n_absent = 4;
    again = first;
    cmd.class_no = "C1";
    cmd.sheets = rows;
    cmd.n_sheets = 2;
    assert_int_equal(when(&s, "RecordAttendance", &cmd), JN_OK);
    one_row_refused(&s, JN_ALREADY_EXISTS); /* the day came twice in one command */
    reply = s.reply;
    assert_int_equal(reply->done, 1);
    assert_int_equal(reply->ignored, 2);
    assert_int_equal(reply->n_notes, 1);
    assert_non_null(strstr(reply->notes[0]->reason, "2 of the absent"));
    event = last_event(&s, ENROLLMENT__EVENT__BODY_ATTENDANCE_RECORDED);
    assert_int_equal(event->n_absent, 1);
    assert_int_equal(event->absent[0], 2);
    story_close(&s);
}

static void
two_thousand_names_are_a_command(void **state)
{
    struct story s;
    static char *names[2001];
    Enrollment__Sheet row = ENROLLMENT__SHEET__INIT;
    Enrollment__Sheet *rows[] = {&row};
    Enrollment__RecordAttendance cmd = ENROLLMENT__RECORD_ATTENDANCE__INIT;

    (void)state;
    story_open(&s);
    given_open_class(&s, "C1", 1, 1, 0);
    for (size_t i = 0; i < 2001; i++)
        names[i] = "nobody";
    row.day = day_of("2020-03-02");
    row.absent = names;
    row.n_absent = 2001;
    cmd.class_no = "C1";
    cmd.sheets = rows;
    cmd.n_sheets = 1;
    assert_int_equal(when(&s, "RecordAttendance", &cmd), JN_TOO_LARGE);
    row.n_absent = 2000;
    assert_int_equal(when(&s, "RecordAttendance", &cmd), JN_OK);
    assert_int_equal(((const Enrollment__Outcomes *)s.reply)->ignored, 2000);
    story_close(&s);
}

/* All born in January 1985; one of three is a woman. */
static void
ages_and_sexes(const Enrollment__ClassFinished *event)
{
    int women = 0, men = 0;

    for (int i = 0; i < 3; i++) {
        assert_int_equal(event->rows[i]->age, 35);
        women += event->rows[i]->sex == 2;
        men += event->rows[i]->sex == 1;
    }
    assert_int_equal(women, 1);
    assert_int_equal(men, 2);
}

static void
a_class_finishes_after_its_last_day_and_all_answers(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");
    Enrollment__Enrolment person;
    const Enrollment__ClassFinished *event;
    Common__Group both[] = {COMMON__GROUP__VETERAN, COMMON__GROUP__REGISTERED_POOR};

    (void)state;
    story_open(&s);
    assert_int_equal(finish_class(&s, "C1"), JN_NOT_FOUND);
    assert_int_equal(file_class(&s, &class), JN_OK);
    /* The seats are not in the order of the id numbers. */
    person = person_like(5, 0);
    person.groups = both;
    person.n_groups = 2;
    person.living_allowance = true;
    person.employed_months = 12;
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    person = person_like(2, COMMON__GROUP__VETERAN);
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    person = person_like(3, 0);
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    assert_int_equal(finish_class(&s, "C1"), JN_WRONG_STATE);
    assert_int_equal(open_class(&s, "C1"), JN_OK);
    assert_int_equal(sheet(&s, "C1", "2020-03-02", 2), JN_OK);
    the_day_is(&s, "2020-03-12");
    assert_int_equal(sheet(&s, "C1", "2020-03-12", 5), JN_OK);
    assert_int_equal(sheet(&s, "C1", "2020-03-11", 2), JN_OK);
    assert_int_equal(finish_class(&s, "C1"), JN_NOT_YET);
    reason_says(&s, "2020-03-13");
    the_day_is(&s, "2020-03-13");
    assert_int_equal(finish_class(&s, "C1"), JN_NOT_YET);
    reason_says(&s, "veterans 退役军人事务 (2), agriculture 农业农村 (1)");
    assert_int_equal(attest(&s, &s.veterans, 1, 1, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__HOLDS), JN_OK);
    assert_int_equal(attest(&s, &s.veterans, 1, 2, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__NO_ROW), JN_OK);
    assert_int_equal(attest(&s, &s.agriculture, 2, 1, COMMON__GROUP__REGISTERED_POOR, ENROLLMENT__ANSWER__DENIED),
                     JN_OK);
    assert_int_equal(finish_class(&s, "C1"), JN_OK);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_FINISHED);
    assert_int_equal(event->count, 3);
    assert_int_equal(event->n_rows, 3);
    assert_int_equal(event->end_day, day_of("2020-03-13"));
    assert_int_equal(event->women, 1);
    assert_int_equal(event->groups, GROUP_BIT(COMMON__GROUP__VETERAN));
    assert_int_equal(event->rows[0]->seat, 1);
    assert_int_equal(event->rows[0]->rank, 2);
    assert_int_equal(event->rows[0]->days, 2);
    assert_int_equal(event->rows[0]->groups, GROUP_BIT(COMMON__GROUP__VETERAN));
    assert_int_equal(event->rows[0]->denied, GROUP_BIT(COMMON__GROUP__REGISTERED_POOR));
    assert_true(event->rows[0]->living_allowance);
    assert_int_equal(event->rows[0]->employed_months, 12);
    assert_int_equal(event->rows[1]->rank, 0);
    assert_int_equal(event->rows[1]->days, 1);
    assert_int_equal(event->rows[1]->groups, 0);
    assert_int_equal(event->rows[1]->denied, GROUP_BIT(COMMON__GROUP__VETERAN));
    assert_int_equal(event->rows[2]->rank, 1);
    assert_int_equal(event->rows[2]->days, 3);
    assert_int_equal(event->rows[2]->denied, 0);
    ages_and_sexes(event);
    assert_int_equal(finish_class(&s, "C1"), JN_WRONG_STATE);
    assert_int_equal(stop_class(&s, "C1"), JN_WRONG_STATE);
    assert_int_equal(sheet(&s, "C1", "2020-03-13", 0), JN_WRONG_STATE);
    story_close(&s);
}

static void
attest_all(struct story *s, const struct jn_agency *who, uint64_t request, uint32_t first, uint32_t count,
           Common__Group group)
{
    Enrollment__AttestRow answers[200];
    Enrollment__AttestRow *rows[200];
    Enrollment__Attest cmd = ENROLLMENT__ATTEST__INIT;

    for (uint32_t i = 0; i < count; i++) {
        enrollment__attest_row__init(&answers[i]);
        answers[i].seat = first + i;
        answers[i].group = group;
        answers[i].answer = ENROLLMENT__ANSWER__HOLDS;
        rows[i] = &answers[i];
    }
    cmd.request = request;
    cmd.rows = rows;
    cmd.n_rows = count;
    assert_int_equal(when_by(s, who, "Attest", &cmd), JN_OK);
    no_row_refused(s, count);
}

static void
the_largest_class_comes_in_chunks(void **state)
{
    struct story s;
    const Enrollment__ClassFinished *event;
    const Enrollment__ClassOpened *opened;

    (void)state;
    story_open(&s);
    given_open_class(&s, "C1", 100, 2000, COMMON__GROUP__RURAL_MIGRANT);
    opened = last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_OPENED);
    assert_int_equal(opened->requests, 10);
    assert_int_equal(opened->women, 1000);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ATTESTATION_REQUESTED), 10);
    for (uint32_t chunk = 0; chunk < 10; chunk++)
        attest_all(&s, &s.human_resources, 1 + chunk, 1 + 200 * chunk, 200, COMMON__GROUP__RURAL_MIGRANT);
    assert_int_equal(sheet(&s, "C1", "2020-03-02", 2099), JN_OK);
    the_day_is(&s, "2020-03-13");
    assert_int_equal(finish_class(&s, "C1"), JN_OK);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_CLASS_FINISHED), 10);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_FINISHED);
    assert_int_equal(event->count, 2000);
    assert_int_equal(event->n_rows, 200);
    assert_int_equal(event->rows[199]->seat, 2000);
    assert_int_equal(event->rows[199]->rank, 1999);
    assert_int_equal(event->rows[199]->days, 0);
    assert_int_equal(event->rows[198]->days, 1);
    story_close(&s);
}

static void
finished_classes_count_against_the_target(void **state)
{
    struct story s;
    Enrollment__FileClass city = class_like("C2");
    Enrollment__ProgressRequest request = ENROLLMENT__PROGRESS_REQUEST__INIT;
    Enrollment__TotalsRequest totals_request = ENROLLMENT__TOTALS_REQUEST__INIT;
    const Enrollment__ProgressView *view;
    const Enrollment__TotalsView *totals;

    (void)state;
    story_open(&s);
    given_open_class(&s, "C1", 1, 3, 0);
    city.division = 130100; /* the city itself, which has no row among the divisions */
    assert_int_equal(file_class(&s, &city), JN_OK);
    enrol_many(&s, "C2", 3, 2, 0);
    assert_int_equal(open_class(&s, "C2"), JN_OK);
    the_day_is(&s, "2020-03-13");
    assert_int_equal(finish_class(&s, "C1"), JN_OK);
    assert_int_equal(finish_class(&s, "C2"), JN_OK);
    assert_int_equal(asked(&s, &s.employment, "Progress", &request), JN_OK);
    view = s.reply;
    assert_int_equal(view->n_rows, 7); /* two divisions by three years, and the city */
    assert_int_equal(view->rows[1]->division, 130102);
    assert_int_equal(view->rows[1]->year, 2020);
    assert_int_equal(view->rows[1]->target, 100);
    assert_int_equal(view->rows[1]->trained, 3);
    assert_int_equal(view->rows[6]->division, 130100);
    assert_int_equal(view->rows[6]->trained, 2);
    assert_int_equal(asked(&s, &s.employment, "Totals", &totals_request), JN_OK);
    totals = s.reply;
    assert_int_equal(totals->people, 4);
    assert_int_equal(totals->classes, 2);
    assert_int_equal(totals->trained, 5);
    assert_int_equal(totals->finished, 2);
    assert_int_equal(asked(&s, &s.veterans, "Totals", &totals_request), JN_DENIED);
    story_close(&s);
}

/* ---- What turns out afterwards ---- */

static enum jn_code
cancel(struct story *s, const char *document, const char *reason)
{
    Enrollment__CancelClass cmd = ENROLLMENT__CANCEL_CLASS__INIT;

    cmd.class_no = (char *)(uintptr_t) "C1";
    cmd.document = (char *)(uintptr_t)document;
    cmd.reason = (char *)(uintptr_t)reason;
    return when(s, "CancelClass", &cmd);
}

static void
a_class_that_was_none_is_cancelled_once(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");
    Enrollment__Enrolment person = person_like(5, 0);
    Enrollment__ClassRequest request = ENROLLMENT__CLASS_REQUEST__INIT;
    const Enrollment__ClassCancelled *event;

    (void)state;
    story_open(&s);
    assert_int_equal(cancel(&s, "X-1", "it was never held"), JN_NOT_FOUND);
    assert_int_equal(file_class(&s, &class), JN_OK);
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    assert_int_equal(open_class(&s, "C1"), JN_OK);
    assert_int_equal(cancel(&s, "X-1", "it was never held"), JN_WRONG_STATE); /* stop it instead */
    the_day_is(&s, "2020-03-13");
    assert_int_equal(finish_class(&s, "C1"), JN_OK);
    assert_int_equal(cancel(&s, "", "it was never held"), JN_MALFORMED);
    assert_int_equal(cancel(&s, "X-1", ""), JN_MALFORMED);
    assert_int_equal(cancel(&s, "X-1", "it was never held"), JN_OK);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_CLASS_CANCELLED);
    assert_int_equal(event->class_, 1);
    assert_int_equal(event->division, 130102);
    assert_string_equal(event->document, "X-1");
    assert_int_equal(cancel(&s, "X-2", "again"), JN_WRONG_STATE);
    request.class_no = (char *)(uintptr_t) "C1";
    assert_int_equal(asked(&s, &s.employment, "Class", &request), JN_OK);
    assert_string_equal(((const Enrollment__ClassView *)s.reply)->state, "cancelled");
    story_close(&s);
}

/* Three people at a class of 12 days with one sheet, on which the second is absent; the first two claim to be veterans,
 * and the register knows the first. */
static void
given_a_finished_class(struct story *s)
{
    Enrollment__FileClass class = class_like("C1");

    assert_int_equal(file_class(s, &class), JN_OK);
    for (unsigned n = 5; n < 8; n++) {
        Enrollment__Enrolment person = person_like(n, n < 7 ? COMMON__GROUP__VETERAN : 0);

        assert_int_equal(enrol(s, "C1", &person), JN_OK);
    }
    assert_int_equal(open_class(s, "C1"), JN_OK);
    assert_int_equal(attest(s, &s->veterans, 1, 1, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__HOLDS), JN_OK);
    assert_int_equal(attest(s, &s->veterans, 1, 2, COMMON__GROUP__VETERAN, ENROLLMENT__ANSWER__DENIED), JN_OK);
    assert_int_equal(sheet(s, "C1", "2020-03-02", 6), JN_OK);
    the_day_is(s, "2020-03-13");
}

static enum jn_code
correct(struct story *s, uint32_t seat, uint32_t days)
{
    Enrollment__CorrectedDays row = ENROLLMENT__CORRECTED_DAYS__INIT;
    Enrollment__CorrectedDays *rows[] = {&row};
    Enrollment__CorrectAttendance cmd = ENROLLMENT__CORRECT_ATTENDANCE__INIT;

    row.seat = seat;
    row.days = days;
    cmd.class_no = (char *)(uintptr_t) "C1";
    cmd.rows = rows;
    cmd.n_rows = 1;
    cmd.document = (char *)(uintptr_t) "K-1";
    cmd.reason = (char *)(uintptr_t) "the sheet of 3 March was mislaid";
    return when_by(s, &s->administration, "CorrectAttendance", &cmd);
}

static uint32_t
days_on_record(struct story *s, unsigned person)
{
    Enrollment__RecordRequest request = ENROLLMENT__RECORD_REQUEST__INIT;

    request.id_number = (char *)(uintptr_t)citizen(person);
    assert_int_equal(asked(s, &s->employment, "Record", &request), JN_OK);
    return ((const Enrollment__RecordView *)s->reply)->entries[0]->days;
}

static void
attendance_is_corrected_once_it_has_gone_out(void **state)
{
    struct story s;
    Enrollment__CorrectAttendance empty = ENROLLMENT__CORRECT_ATTENDANCE__INIT;
    const Enrollment__AttendanceCorrected *event;

    (void)state;
    story_open(&s);
    assert_int_equal(when_by(&s, &s.administration, "CorrectAttendance", &empty), JN_MALFORMED);
    assert_int_equal(correct(&s, 2, 3), JN_NOT_FOUND);
    given_a_finished_class(&s);
    assert_int_equal(correct(&s, 2, 3), JN_WRONG_STATE);
    reason_says(&s, "RecordAttendance");
    assert_int_equal(finish_class(&s, "C1"), JN_OK);
    assert_int_equal(days_on_record(&s, 6), 0);
    assert_int_equal(correct(&s, 2, 2), JN_OK);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_ATTENDANCE_CORRECTED);
    assert_int_equal(event->class_, 1);
    assert_int_equal(event->division, 130102);
    assert_string_equal(event->document, "K-1");
    assert_int_equal(event->n_rows, 1);
    assert_int_equal(event->rows[0]->seat, 2);
    assert_int_equal(event->rows[0]->person, 2);
    assert_int_equal(event->rows[0]->days, 2);
    assert_int_equal(event->rows[0]->was_days, 0);
    assert_int_equal(days_on_record(&s, 6), 2);
    assert_int_equal(days_on_record(&s, 5), 1); /* the others as the sheet says */
    assert_int_equal(correct(&s, 2, 0), JN_OK); /* and back */
    assert_int_equal(days_on_record(&s, 6), 0);
    story_close(&s);
}

static void
a_correction_of_attendance_must_be_possible_and_change_something(void **state)
{
    struct story s;
    Enrollment__CorrectedDays row = ENROLLMENT__CORRECTED_DAYS__INIT;
    Enrollment__CorrectedDays *twice[] = {&row, &row};
    Enrollment__CorrectAttendance cmd = ENROLLMENT__CORRECT_ATTENDANCE__INIT;

    (void)state;
    story_open(&s);
    given_a_finished_class(&s);
    assert_int_equal(finish_class(&s, "C1"), JN_OK);
    assert_int_equal(correct(&s, 0, 3), JN_OK);
    one_row_refused(&s, JN_NOT_FOUND);
    assert_int_equal(correct(&s, 4, 3), JN_OK);
    one_row_refused(&s, JN_NOT_FOUND);
    assert_int_equal(correct(&s, 2, 13), JN_OK); /* 2 to 13 March are 12 days */
    one_row_refused(&s, JN_OUT_OF_LIMITS);
    assert_int_equal(correct(&s, 1, 1), JN_OK);
    one_row_refused(&s, JN_ALREADY_EXISTS);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ATTENDANCE_CORRECTED), 0);
    row.seat = 1;
    row.days = 12;
    cmd.class_no = (char *)(uintptr_t) "C1";
    cmd.rows = twice;
    cmd.n_rows = 2;
    cmd.reason = (char *)(uintptr_t) "sheets were mislaid";
    assert_int_equal(when_by(&s, &s.administration, "CorrectAttendance", &cmd), JN_MALFORMED);
    reason_says(&s, "document");
    cmd.document = (char *)(uintptr_t) "K-2";
    assert_int_equal(when_by(&s, &s.employment, "CorrectAttendance", &cmd), JN_DENIED);
    assert_int_equal(when_by(&s, &s.administration, "CorrectAttendance", &cmd), JN_OK);
    one_row_refused(&s, JN_ALREADY_EXISTS);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ATTENDANCE_CORRECTED), 1);
    assert_int_equal(cancel(&s, "X-1", "it was never held"), JN_OK);
    assert_int_equal(correct(&s, 1, 3), JN_WRONG_STATE);
    story_close(&s);
}

static enum jn_code
withdraw(struct story *s, const struct jn_agency *who, uint32_t seat, Enrollment__Answer answer)
{
    Enrollment__AttestRow row = ENROLLMENT__ATTEST_ROW__INIT;
    Enrollment__AttestRow *rows[] = {&row};
    Enrollment__WithdrawAttestation cmd = ENROLLMENT__WITHDRAW_ATTESTATION__INIT;

    row.seat = seat;
    row.group = COMMON__GROUP__VETERAN;
    row.answer = answer;
    cmd.request = 1;
    cmd.rows = rows;
    cmd.n_rows = 1;
    cmd.document = (char *)(uintptr_t) "V-1";
    cmd.reason = (char *)(uintptr_t) "the register was read wrongly";
    return when_by(s, who, "WithdrawAttestation", &cmd);
}

static const Enrollment__WithdrawnAttestation *
last_withdrawn(struct story *s)
{
    const Enrollment__AttestationWithdrawn *event = last_event(s, ENROLLMENT__EVENT__BODY_ATTESTATION_WITHDRAWN);

    assert_int_equal(event->request, 1);
    assert_int_equal(event->class_, 1);
    assert_int_equal(event->division, 130102);
    assert_int_equal(event->department, COMMON__DEPARTMENT__VETERANS);
    assert_string_equal(event->document, "V-1");
    assert_int_equal(event->n_rows, 1);
    return event->rows[0];
}

static void
a_department_takes_its_answer_back(void **state)
{
    struct story s;
    const Enrollment__WithdrawnAttestation *row;

    (void)state;
    story_open(&s);
    given_a_finished_class(&s);
    assert_int_equal(withdraw(&s, &s.veterans, 1, ENROLLMENT__ANSWER__DENIED), JN_WRONG_STATE);
    reason_says(&s, "Attest");
    assert_int_equal(finish_class(&s, "C1"), JN_OK);
    assert_int_equal(withdraw(&s, &s.disabled, 1, ENROLLMENT__ANSWER__DENIED), JN_NOT_FOUND);
    assert_int_equal(withdraw(&s, &s.employment, 1, ENROLLMENT__ANSWER__DENIED), JN_DENIED);
    assert_int_equal(withdraw(&s, &s.veterans, 1, ENROLLMENT__ANSWER__HOLDS), JN_OK);
    one_row_refused(&s, JN_ALREADY_EXISTS);
    assert_int_equal(withdraw(&s, &s.veterans, 3, ENROLLMENT__ANSWER__HOLDS), JN_OK); /* who never claimed it */
    one_row_refused(&s, JN_NOT_FOUND);
    assert_int_equal(withdraw(&s, &s.veterans, 1, 4), JN_OK);
    one_row_refused(&s, JN_MALFORMED);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ATTESTATION_WITHDRAWN), 0);
    assert_int_equal(withdraw(&s, &s.veterans, 1, ENROLLMENT__ANSWER__NO_ROW), JN_OK);
    row = last_withdrawn(&s);
    assert_int_equal(row->seat, 1);
    assert_int_equal(row->person, 1);
    assert_int_equal(row->group, COMMON__GROUP__VETERAN);
    assert_int_equal(row->answer, ENROLLMENT__ANSWER__NO_ROW);
    assert_int_equal(row->groups, 0);
    assert_int_equal(row->denied, GROUP_BIT(COMMON__GROUP__VETERAN));
    assert_int_equal(withdraw(&s, &s.veterans, 2, ENROLLMENT__ANSWER__HOLDS), JN_OK);
    row = last_withdrawn(&s);
    assert_int_equal(row->seat, 2);
    assert_int_equal(row->groups, GROUP_BIT(COMMON__GROUP__VETERAN));
    assert_int_equal(row->denied, 0);
    assert_int_equal(withdraw(&s, &s.veterans, 2, ENROLLMENT__ANSWER__HOLDS), JN_OK);
    one_row_refused(&s, JN_ALREADY_EXISTS);
    assert_int_equal(cancel(&s, "X-1", "it was never held"), JN_OK);
    assert_int_equal(withdraw(&s, &s.veterans, 2, ENROLLMENT__ANSWER__DENIED), JN_WRONG_STATE);
    story_close(&s);
}

static void
an_age_is_complete_on_the_birthday(void **state)
{
    (void)state;
    assert_int_equal(person_age(13010219850315001, day_of("2020-03-14")), 34);
    assert_int_equal(person_age(13010219850315001, day_of("2020-03-15")), 35);
    assert_int_equal(person_age(13010219850315001, day_of("2021-03-14")), 35);
    assert_int_equal(person_age(13010220000229001, day_of("2021-02-28")), 20);
    assert_int_equal(person_age(13010220000229001, day_of("2021-03-01")), 21);
    assert_int_equal(person_age(13010219850315001, day_of("1985-03-14")), 0);
    assert_int_equal(person_age(0, day_of("2020-03-14")), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_that_was_none_is_cancelled_once),
        cmocka_unit_test(attendance_is_corrected_once_it_has_gone_out),
        cmocka_unit_test(a_correction_of_attendance_must_be_possible_and_change_something),
        cmocka_unit_test(a_department_takes_its_answer_back),
        cmocka_unit_test(an_age_is_complete_on_the_birthday),
        cmocka_unit_test(a_sheet_lies_within_the_class_and_the_past),
        cmocka_unit_test(the_absent_are_named_once_and_strangers_ignored),
        cmocka_unit_test(two_thousand_names_are_a_command),
        cmocka_unit_test(a_class_finishes_after_its_last_day_and_all_answers),
        cmocka_unit_test(the_largest_class_comes_in_chunks),
        cmocka_unit_test(finished_classes_count_against_the_target),
    };

    return cmocka_run_group_tests_name("enrollment: the end of a class", tests, NULL, NULL);
}
