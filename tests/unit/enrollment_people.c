/* People: on rosters under real names, in the history, under one number everywhere. */
#include "enrollment_story.h"

#define FEW(array) (sizeof(array) / sizeof((array)[0]))

static void
given_class(struct story *s, const char *class_no)
{
    Enrollment__FileClass class = class_like(class_no);

    assert_int_equal(file_class(s, &class), JN_OK);
}

static void
refused_person(struct story *s, const Enrollment__Enrolment *person, enum jn_code code)
{
    assert_int_equal(enrol(s, "C1", person), JN_OK);
    one_row_refused(s, code);
}

static void
whoever_cannot_be_read_takes_no_seat(void **state)
{
    struct story s;
    Enrollment__Enrolment person;
    Common__Group strange = (Common__Group)14;
    Common__Group many[33];

    (void)state;
    story_open(&s);
    given_class(&s, "C1");
    person = person_like(1, 0);
    person.id_number = "130199198501010010"; /* ends in 000 or not: the check is wrong */
    refused_person(&s, &person, JN_MALFORMED);
    person.id_number = "13019919850101001";
    refused_person(&s, &person, JN_MALFORMED);
    person.id_number = "";
    refused_person(&s, &person, JN_MALFORMED);
    person = person_like(1, 0);
    person.name = "";
    refused_person(&s, &person, JN_MALFORMED);
    person.name = "陈\002";
    refused_person(&s, &person, JN_MALFORMED);
    person = person_like(1, 0);
    person.phone = "184\x1b";
    refused_person(&s, &person, JN_MALFORMED);
    person = person_like(1, 0);
    person.groups = &strange;
    person.n_groups = 1;
    refused_person(&s, &person, JN_MALFORMED);
    memset(many, 0, sizeof(many));
    person.groups = many;
    person.n_groups = FEW(many);
    refused_person(&s, &person, JN_MALFORMED);
    person = person_like(1, 0);
    person.household = (Common__Household)3;
    refused_person(&s, &person, JN_MALFORMED);
    person = person_like(1, 0);
    person.employed_months = 1201;
    refused_person(&s, &person, JN_OUT_OF_LIMITS);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ENROLLED), 0);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED), 0);
    story_close(&s);
}

static void
names_and_numbers_are_put_right(void **state)
{
    struct story s;
    Enrollment__Enrolment person;
    const Enrollment__PeopleRegistered *event;
    unsigned n = 0;

    (void)state;
    story_open(&s);
    given_class(&s, "C1");
    while (citizen(n)[17] != 'X')
        n++;
    person = person_like(n, 0);
    person.id_number[17] = 'x';
    person.name = "张三,\r\n曾用名 ";
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    no_row_refused(&s, 1);
    assert_int_equal(((const Enrollment__EnrolReply *)s.reply)->n_notes, 1);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED);
    assert_string_equal(event->rows[0]->id_number, citizen(n));
    assert_string_equal(event->rows[0]->name, "张三, 曾用名 ");
    assert_int_equal(event->rows[0]->pseudonym.len, 16);
    story_close(&s);
}

static void
an_account_that_cannot_be_paid_keeps_nobody_out(void **state)
{
    struct story s;
    Enrollment__Enrolment person = person_like(1, 0);

    (void)state;
    story_open(&s);
    given_class(&s, "C1");
    person.account = "无";
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    no_row_refused(&s, 1);
    assert_int_equal(((const Enrollment__EnrolReply *)s.reply)->n_notes, 1);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_PAYEES_REGISTERED), 0);
    story_close(&s);
}

static void
a_seat_a_person_and_no_more_than_there_are(void **state)
{
    struct story s;
    Enrollment__FileClass class = class_like("C1");
    Enrollment__Enrolment people[5];
    Enrollment__Enrolment *rows[5];
    Enrollment__Enrol cmd = ENROLLMENT__ENROL__INIT;
    const Enrollment__EnrolReply *reply;
    const Enrollment__Enrolled *event;

    (void)state;
    story_open(&s);
    class.capacity = 3;
    assert_int_equal(file_class(&s, &class), JN_OK);
    for (size_t i = 0; i < FEW(rows); i++)
        rows[i] = &people[i];
    people[0] = person_like(1, 0);
    people[1] = person_like(2, 0);
    people[1].name = ""; /* unusable: takes neither seat nor place */
    people[2] = person_like(2, COMMON__GROUP__VETERAN);
    people[3] = person_like(1, 0);
    people[4] = person_like(3, 0);
    cmd.class_no = "C1";
    cmd.rows = rows;
    cmd.n_rows = FEW(rows);
    assert_int_equal(when(&s, "Enrol", &cmd), JN_OK);
    reply = s.reply;
    assert_int_equal(reply->done, 3);
    assert_int_equal(reply->first_seat, 1);
    assert_int_equal(reply->n_refused, 2);
    assert_int_equal(reply->refused[0]->row, 1);
    assert_int_equal(reply->refused[0]->code, JN_MALFORMED);
    assert_int_equal(reply->refused[1]->row, 3);
    assert_int_equal(reply->refused[1]->code, JN_ALREADY_EXISTS);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_ENROLLED);
    assert_int_equal(event->n_rows, 3);
    assert_int_equal(event->rows[1]->groups, GROUP_BIT(COMMON__GROUP__VETERAN));
    assert_false(event->rows[0]->woman);
    assert_true(event->rows[1]->woman);
    refused_person(&s, &people[0], JN_ALREADY_EXISTS);
    people[0] = person_like(4, 0);
    refused_person(&s, &people[0], JN_OUT_OF_LIMITS);
    story_close(&s);
}

/* Certification must know the people before it hears where they sit; only what is new goes out. */
static void
a_person_keeps_one_number_over_classes(void **state)
{
    struct story s;
    Enrollment__Enrolment person = person_like(1, 0);
    const Enrollment__Enrolled *event;
    const Enrollment__PeopleRegistered *people;
    uint64_t number;

    (void)state;
    story_open(&s);
    given_class(&s, "C1");
    given_class(&s, "C2");
    given_class(&s, "C3");
    person.account = "6217000000100000656";
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_ENROLLED);
    number = event->rows[0]->person;
    assert_int_equal(enrol(&s, "C2", &person), JN_OK);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_ENROLLED);
    assert_int_equal(event->rows[0]->person, number);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED), 1);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_PAYEES_REGISTERED), 1);
    person.name = "陈磊";
    person.phone = ""; /* not given: the one before stays */
    person.account = "6217000000100009999";
    assert_int_equal(enrol(&s, "C3", &person), JN_OK);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED), 2);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_PAYEES_REGISTERED), 2);
    people = last_event(&s, ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED);
    assert_int_equal(people->rows[0]->person, number);
    assert_string_equal(people->rows[0]->name, "陈磊");
    assert_string_equal(people->rows[0]->phone, "18460070319");
    story_close(&s);
}

static const Enrollment__Outcomes *
check(struct story *s, uint32_t seat, const char *account, enum jn_code code)
{
    Enrollment__VerifyPeople cmd = ENROLLMENT__VERIFY_PEOPLE__INIT;
    Enrollment__PersonCheck row = ENROLLMENT__PERSON_CHECK__INIT, *rows[] = {&row, &row};

    cmd.class_no = "C1";
    cmd.document = "H-1";
    cmd.rows = rows;
    cmd.n_rows = 2; /* the seat comes twice */
    row.seat = seat;
    row.account = (char *)(uintptr_t)account;
    assert_int_equal(when(s, "VerifyPeople", &cmd), code);
    return s->reply;
}

/* He is known without an account, gives one at the check, and another on a roster. */
static void
a_person_is_checked_and_gives_an_account(void **state)
{
    struct story s;
    Enrollment__Enrolment person = person_like(1, 0);
    Enrollment__VerifyPeople silent = ENROLLMENT__VERIFY_PEOPLE__INIT;
    Enrollment__PersonCheck row = ENROLLMENT__PERSON_CHECK__INIT, *rows[] = {&row};
    const Enrollment__PeopleChecked *event;

    (void)state;
    story_open(&s);
    silent.class_no = "C1";
    silent.rows = rows;
    silent.n_rows = 1;
    check(&s, 1, "", JN_NOT_FOUND);
    given_class(&s, "C1");
    given_class(&s, "C2");
    person.account = "";
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    assert_int_equal(when(&s, "VerifyPeople", &silent), JN_MALFORMED); /* without a record */
    assert_int_equal(check(&s, 2, "", JN_OK)->refused[0]->code, JN_NOT_FOUND);
    assert_int_equal(check(&s, 1, "none", JN_OK)->refused[0]->code, JN_MALFORMED);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_PEOPLE_CHECKED), 0);
    assert_int_equal(check(&s, 1, "", JN_OK)->refused[0]->code, JN_ALREADY_EXISTS);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_PEOPLE_CHECKED);
    assert_int_equal(event->n_person, 1);
    assert_int_equal(event->n_with_account, 0);
    assert_string_equal(event->document, "H-1");
    assert_int_equal(check(&s, 1, "6217000000100000656", JN_OK)->done, 1);
    event = last_event(&s, ENROLLMENT__EVENT__BODY_PEOPLE_CHECKED);
    assert_int_equal(event->n_with_account, 1);
    assert_int_equal(event->with_account[0], event->person[0]);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_PAYEES_REGISTERED), 1);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ACCOUNTS_GIVEN), 1);
    person.account = "6217000000100009999"; /* another: that there is one is known */
    assert_int_equal(enrol(&s, "C2", &person), JN_OK);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_PAYEES_REGISTERED), 2);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_ACCOUNTS_GIVEN), 1);
    story_close(&s);
}

static void
enrol_needs_a_class_that_is_filed(void **state)
{
    struct story s;
    Enrollment__Enrolment person = person_like(1, 0);
    Enrollment__Enrol empty = ENROLLMENT__ENROL__INIT;

    (void)state;
    story_open(&s);
    assert_int_equal(enrol(&s, "C1", &person), JN_NOT_FOUND);
    assert_int_equal(enrol(&s, "", &person), JN_NOT_FOUND);
    given_class(&s, "C1");
    empty.class_no = "C1";
    assert_int_equal(when(&s, "Enrol", &empty), JN_MALFORMED);
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    assert_int_equal(open_class(&s, "C1"), JN_OK);
    person = person_like(2, 0);
    assert_int_equal(enrol(&s, "C1", &person), JN_WRONG_STATE);
    reason_says(&s, "opened");
    s.employment.divisions[0] = 130104;
    s.employment.divisions_count = 1;
    assert_int_equal(enrol(&s, "C1", &person), JN_NOT_FOUND);
    assert_int_equal(when_by(&s, &s.administration, "Enrol", &empty), JN_DENIED);
    story_close(&s);
}

/* ---- History ---- */

static Enrollment__HistoryRow
paid_like(unsigned n)
{
    Enrollment__HistoryRow row = ENROLLMENT__HISTORY_ROW__INIT;

    row.id_number = (char *)(uintptr_t)citizen(n);
    row.item = COMMON__ITEM__FREE_TRAINING;
    row.day = day_of("2019-02-01");
    row.occupation = "4-10-01-06";
    row.level = 5;
    return row;
}

static void
import(struct story *s, const Enrollment__HistoryRow *row)
{
    Enrollment__HistoryRow *rows[] = {(Enrollment__HistoryRow *)(uintptr_t)row};
    Enrollment__ImportHistory cmd = ENROLLMENT__IMPORT_HISTORY__INIT;

    cmd.rows = rows;
    cmd.n_rows = 1;
    assert_int_equal(when(s, "ImportHistory", &cmd), JN_OK);
}

static void
history_must_be_readable(void **state)
{
    struct story s;
    Enrollment__HistoryRow row;
    Enrollment__ImportHistory empty = ENROLLMENT__IMPORT_HISTORY__INIT;

    (void)state;
    story_open(&s);
    row = paid_like(1);
    row.id_number = "130199200102290018";
    import(&s, &row);
    one_row_refused(&s, JN_MALFORMED);
    row = paid_like(1);
    row.item = COMMON__ITEM__ITEM_UNSPECIFIED;
    import(&s, &row);
    one_row_refused(&s, JN_MALFORMED);
    row = paid_like(1);
    row.day = 0;
    import(&s, &row);
    one_row_refused(&s, JN_MALFORMED);
    row = paid_like(1);
    row.occupation = "\x05";
    import(&s, &row);
    one_row_refused(&s, JN_MALFORMED);
    row = paid_like(1);
    row.level = 9;
    import(&s, &row);
    one_row_refused(&s, JN_MALFORMED);
    row = paid_like(1);
    row.months = 1201;
    import(&s, &row);
    one_row_refused(&s, JN_OUT_OF_LIMITS);
    assert_int_equal(when(&s, "ImportHistory", &empty), JN_MALFORMED);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED), 0);
    story_close(&s);
}

static void
history_knows_people_before_rosters_do(void **state)
{
    struct story s;
    Enrollment__HistoryRow first = paid_like(1);
    Enrollment__HistoryRow *rows[] = {&first, &first};
    Enrollment__ImportHistory cmd = ENROLLMENT__IMPORT_HISTORY__INIT;
    Enrollment__Enrolment person = person_like(1, 0);
    Enrollment__TotalsRequest request = ENROLLMENT__TOTALS_REQUEST__INIT;
    const Enrollment__PeopleRegistered *people;
    const Enrollment__HistoryImported *imported;

    (void)state;
    story_open(&s);
    cmd.rows = rows;
    cmd.n_rows = 2;
    assert_int_equal(when(&s, "ImportHistory", &cmd), JN_OK);
    no_row_refused(&s, 2); /* the same row twice is two payments */
    people = last_event(&s, ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED);
    assert_int_equal(people->n_rows, 1);
    assert_string_equal(people->rows[0]->name, "");
    imported = last_event(&s, ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED);
    assert_int_equal(imported->n_rows, 2);
    assert_int_equal(imported->rows[1]->person, people->rows[0]->person);
    assert_int_equal(asked(&s, &s.administration, "Totals", &request), JN_OK);
    assert_int_equal(((const Enrollment__TotalsView *)s.reply)->people, 0);

    given_class(&s, "C1");
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    people = last_event(&s, ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED);
    assert_int_equal(people->rows[0]->person, imported->rows[0]->person);
    assert_string_equal(people->rows[0]->name, "陈磊华");
    assert_int_equal(asked(&s, &s.administration, "Totals", &request), JN_OK);
    assert_int_equal(((const Enrollment__TotalsView *)s.reply)->people, 1);
    story_close(&s);
}

static void
the_record_shows_a_masked_name(void **state)
{
    struct story s;
    Enrollment__HistoryRow paid = paid_like(1);
    Enrollment__Enrolment person = person_like(1, 0);
    Enrollment__RecordRequest request = ENROLLMENT__RECORD_REQUEST__INIT;
    const Enrollment__RecordView *view;

    (void)state;
    story_open(&s);
    import(&s, &paid);
    given_class(&s, "C1");
    given_class(&s, "C2");
    assert_int_equal(enrol(&s, "C1", &person), JN_OK);
    assert_int_equal(enrol(&s, "C2", &person), JN_OK);
    assert_int_equal(open_class(&s, "C2"), JN_OK);
    assert_int_equal(sheet(&s, "C2", "2020-03-02", 0), JN_OK);
    request.id_number = (char *)(uintptr_t)citizen(1);
    assert_int_equal(asked(&s, &s.employment, "Record", &request), JN_OK);
    view = s.reply;
    assert_string_equal(view->masked_name, "陈**");
    assert_int_equal(view->pseudonym.len, 16);
    assert_int_equal(view->n_entries, 2);
    assert_string_equal(view->entries[0]->class_no, "C1");
    assert_string_equal(view->entries[1]->state, "opened");
    assert_int_equal(view->entries[1]->days, 1);
    assert_int_equal(view->n_history, 1);
    assert_string_equal(view->history[0]->id_number, "");
    assert_int_equal(asked(&s, &s.administration, "Record", &request), JN_DENIED);
    request.id_number = (char *)(uintptr_t)citizen(2);
    assert_int_equal(asked(&s, &s.employment, "Record", &request), JN_NOT_FOUND);
    request.id_number = "1";
    assert_int_equal(asked(&s, &s.employment, "Record", &request), JN_MALFORMED);
    s.employment.divisions[0] = 130104;
    s.employment.divisions_count = 1;
    request.id_number = (char *)(uintptr_t)citizen(1);
    assert_int_equal(asked(&s, &s.employment, "Record", &request), JN_NOT_FOUND); /* was never enrolled there */
    story_close(&s);
}

/* ---- What enterprises were paid ---- */

static Enrollment__EnterpriseHistoryRow
paid_to(const char *uscc)
{
    Enrollment__EnterpriseHistoryRow row = ENROLLMENT__ENTERPRISE_HISTORY_ROW__INIT;

    row.uscc = (char *)(uintptr_t)uscc;
    row.item = COMMON__ITEM__PRE_JOB_TRAINING;
    row.day = day_of("2199-12-31");
    row.amount_fen = 1;
    row.people = 1;
    return row;
}

static void
tell(struct story *s, const Enrollment__EnterpriseHistoryRow *row, size_t times)
{
    Enrollment__EnterpriseHistoryRow *rows[JN_ROWS_MAX];
    Enrollment__ImportEnterpriseHistory cmd = ENROLLMENT__IMPORT_ENTERPRISE_HISTORY__INIT;

    for (size_t i = 0; i < times; i++)
        rows[i] = (Enrollment__EnterpriseHistoryRow *)(uintptr_t)row;
    cmd.rows = rows;
    cmd.n_rows = times;
    assert_int_equal(when(s, "ImportEnterpriseHistory", &cmd), JN_OK);
}

static void
must_refuse(struct story *s, Enrollment__EnterpriseHistoryRow row, enum jn_code code, const char *part)
{
    tell(s, &row, 1);
    one_row_refused(s, code);
    assert_non_null(strstr(((const Enrollment__Outcomes *)s->reply)->refused[0]->reason, part));
}

static void
what_an_enterprise_was_paid_must_be_readable(void **state)
{
    Enrollment__ImportEnterpriseHistory empty = ENROLLMENT__IMPORT_ENTERPRISE_HISTORY__INIT;
    Enrollment__EnterpriseHistoryRow row;
    struct story s;

    (void)state;
    story_open(&s);
    must_refuse(&s, paid_to("91130100MA00105206"), JN_MALFORMED, "统一社会信用代码");
    must_refuse(&s, paid_to(""), JN_MALFORMED, "统一社会信用代码");
    must_refuse(&s, paid_to(unknown_body()), JN_NOT_FOUND, "DesignateInstitutions");
    row = paid_to(enterprise());
    row.item = 32;
    must_refuse(&s, row, JN_MALFORMED, "补贴项目");
    row.item = COMMON__ITEM__ITEM_UNSPECIFIED;
    must_refuse(&s, row, JN_MALFORMED, "补贴项目");
    row = paid_to(enterprise());
    row.day = 0;
    must_refuse(&s, row, JN_MALFORMED, "日期");
    row.day = -1;
    must_refuse(&s, row, JN_MALFORMED, "日期");
    row.day = INT32_MAX;
    must_refuse(&s, row, JN_MALFORMED, "1970 to 2199");
    row = paid_to(enterprise());
    row.amount_fen = 0;
    must_refuse(&s, row, JN_OUT_OF_LIMITS, "2.10-b");
    row.amount_fen = INT64_MIN;
    must_refuse(&s, row, JN_OUT_OF_LIMITS, "2.10-b");
    row.amount_fen = INT64_C(10000000000001);
    must_refuse(&s, row, JN_OUT_OF_LIMITS, "2.10-b");
    row = paid_to(enterprise());
    row.people = 0;
    must_refuse(&s, row, JN_OUT_OF_LIMITS, "人数");
    row.people = 10001;
    must_refuse(&s, row, JN_OUT_OF_LIMITS, "人数");
    assert_int_equal(when(&s, "ImportEnterpriseHistory", &empty), JN_MALFORMED);
    assert_int_equal(when_by(&s, &s.administration, "ImportEnterpriseHistory", &empty), JN_DENIED);
    assert_int_equal(events(&s, ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED), 0);
    story_close(&s);
}

/* The enterprise lies in 130102. */
static void
an_enterprise_is_told_of_by_its_own_division(void **state)
{
    Enrollment__EnterpriseHistoryRow row = paid_to(enterprise());
    const Enrollment__HistoryImported *imported;
    struct story s;

    (void)state;
    story_open(&s);
    s.employment.divisions[0] = 130104;
    s.employment.divisions_count = 1;
    must_refuse(&s, row, JN_DENIED, "scope");
    s.employment.divisions[0] = 130102;
    tell(&s, &row, 2);
    no_row_refused(&s, 2); /* the same row twice is two payments */
    imported = last_event(&s, ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED);
    assert_int_equal(imported->n_rows, 0);
    assert_int_equal(imported->n_enterprises, 2);
    assert_int_equal(imported->enterprises[1]->enterprise, 2);
    assert_int_equal(imported->enterprises[1]->people, 1);
    story_close(&s);
}

/* 2,000 rows of one enterprise, and a hundred billion yuan: the next one is too many, within one command too. */
static void
of_one_enterprise_there_is_so_much(void **state)
{
    Enrollment__EnterpriseHistoryRequest request = ENROLLMENT__ENTERPRISE_HISTORY_REQUEST__INIT;
    Enrollment__EnterpriseHistoryRow row = paid_to(enterprise());
    struct story s;

    (void)state;
    story_open(&s);
    row.amount_fen = INT64_C(6000000000000);
    tell(&s, &row, 2);
    one_row_refused(&s, JN_OUT_OF_LIMITS); /* 12 of 10 million million fen */
    row.amount_fen = INT64_C(4000000000000) - 1999;
    tell(&s, &row, 1);
    no_row_refused(&s, 1);
    row.amount_fen = 1;
    for (size_t i = 0; i < 9; i++)
        tell(&s, &row, 200);
    tell(&s, &row, 199);
    one_row_refused(&s, JN_OUT_OF_LIMITS); /* 2 and 1,998 are 2,000 */
    assert_non_null(strstr(((const Enrollment__Outcomes *)s.reply)->refused[0]->reason, "2000 rows"));

    /* They are told 200 at a time, to whose division it is. */
    request.uscc = (char *)(uintptr_t)enterprise();
    for (uint32_t page = 1; page <= 10; page++) {
        const Enrollment__EnterpriseHistoryView *view;

        assert_int_equal(asked(&s, &s.employment, "EnterpriseHistory", &request), JN_OK);
        view = s.reply;
        assert_int_equal(view->n_rows, 200);
        assert_int_equal(view->rows[1]->amount_fen, page == 1 ? INT64_C(4000000000000) - 1999 : 1);
        assert_int_equal(view->more, page < 10);
        request.after = view->through;
        assert_int_equal(request.after, 200 * page);
    }
    s.employment.divisions[0] = 130104;
    s.employment.divisions_count = 1;
    assert_int_equal(asked(&s, &s.employment, "EnterpriseHistory", &request), JN_NOT_FOUND);
    request.uscc = "1";
    assert_int_equal(asked(&s, &s.administration, "EnterpriseHistory", &request), JN_NOT_FOUND);
    story_close(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_cannot_be_read_takes_no_seat),
        cmocka_unit_test(names_and_numbers_are_put_right),
        cmocka_unit_test(an_account_that_cannot_be_paid_keeps_nobody_out),
        cmocka_unit_test(a_person_is_checked_and_gives_an_account),
        cmocka_unit_test(a_seat_a_person_and_no_more_than_there_are),
        cmocka_unit_test(a_person_keeps_one_number_over_classes),
        cmocka_unit_test(enrol_needs_a_class_that_is_filed),
        cmocka_unit_test(history_must_be_readable),
        cmocka_unit_test(history_knows_people_before_rosters_do),
        cmocka_unit_test(the_record_shows_a_masked_name),
        cmocka_unit_test(what_an_enterprise_was_paid_must_be_readable),
        cmocka_unit_test(an_enterprise_is_told_of_by_its_own_division),
        cmocka_unit_test(of_one_enterprise_there_is_so_much),
    };

    return cmocka_run_group_tests_name("enrollment: people", tests, NULL, NULL);
}
