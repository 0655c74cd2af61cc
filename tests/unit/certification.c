/* Certification: results as they come in. Given what enrollment said, when a sheet arrives, then what stands. */
#include "certification_given.h"

static const Certification__ResultsRecorded *
recorded(void)
{
    return jn_world_last(w, CERTIFICATION__EVENT__BODY_RESULTS_RECORDED);
}

static void
a_sheet_becomes_results_and_numbers(void **state)
{
    Certification__Result rows[3] = {cook(1, 4, 1), cook(3, 3, 2), cook(2, 2, 3)};
    const Certification__ResultsNumbered *numbered;

    (void)state;
    a_class_of(3);
    assert_int_equal(record("C-1", rows, 3), JN_OK);
    assert_int_equal(outcomes->done, 3);
    assert_int_equal(outcomes->n_refused + outcomes->n_notes, 0);

    assert_int_equal(recorded()->class_, 1);
    assert_int_equal(recorded()->n_rows, 3);
    assert_int_equal(recorded()->rows[1]->seat, 3);
    assert_int_equal(recorded()->rows[1]->person, 3);
    assert_int_equal(recorded()->rows[1]->level, 3);
    assert_int_equal(recorded()->rows[1]->certificate, 2);
    assert_int_equal(recorded()->rows[1]->evaluator, 1);
    assert_false(recorded()->rows[1]->post_dated);
    numbered = jn_world_last(w, CERTIFICATION__EVENT__BODY_RESULTS_NUMBERED);
    assert_int_equal(numbered->rows[1]->certificate, 2);
    assert_string_equal(numbered->rows[1]->certificate_no, skill_no(3, 2));
    assert_int_equal(totals()->certified, 3);

    /* The same command again does nothing, and answers the same. */
    assert_int_equal(record("C-1", rows, 3), JN_OK);
    assert_int_equal(outcomes->n_refused, 3);
    assert_int_equal(jn_world_again(w, (const void **)&outcomes), JN_OK);
    assert_int_equal(outcomes->n_refused, 3);
    assert_int_equal(totals()->certified, 3);
}

static void
results_that_come_before_their_class_come_again_later(void **state)
{
    (void)state;
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_NOT_YET);
    assert_int_equal(close_results("C-1"), JN_NOT_YET);
    filed(1, "C-1", COOK, "2020-05-31");
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_NOT_YET);
    registered(1, 1);
    enrolled(1, 1, 1, 1);
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_NOT_YET);
    assert_int_equal(close_results("C-1"), JN_NOT_YET);
    opened(1);
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_OK);
}

static void
a_refused_row_costs_only_that_row(void **state)
{
    Certification__Result rows[8];

    (void)state;
    designated(2, SCHOOL, COMMON__INSTITUTION_KIND__TRAINING, NULL);
    a_class_of(8);
    for (unsigned i = 0; i < 8; i++)
        rows[i] = cook(i + 1, 4, i + 1);
    rows[1].id_number = (char *)(uintptr_t) "130199196001010011";
    rows[2].id_number = citizen(77);
    rows[3].evaluator = (char *)(uintptr_t)SCHOOL;
    rows[4].day = day_of("2020-05-30");
    rows[5].level = 0;
    rows[6].id_number = citizen(1);
    assert_int_equal(record("C-1", rows, 8), JN_OK);
    assert_int_equal(outcomes->done, 2);
    assert_int_equal(outcomes->n_refused, 6);
    assert_int_equal(outcome_of(0), JN_OK);
    assert_int_equal(outcome_of(1), JN_MALFORMED);
    assert_int_equal(outcome_of(2), JN_NOT_FOUND);
    assert_int_equal(outcome_of(3), JN_NOT_FOUND);
    assert_int_equal(outcome_of(4), JN_OUT_OF_LIMITS);
    assert_int_equal(outcome_of(5), JN_MALFORMED);
    assert_int_equal(outcome_of(6), JN_ALREADY_EXISTS);
    assert_int_equal(outcome_of(7), JN_OK);
    assert_int_equal(recorded()->rows[1]->seat, 8);
    assert_int_equal(recorded()->rows[1]->certificate, 2);
    assert_int_equal(totals()->certified, 2);
}

static void
a_refusal_says_why_and_names_nobody(void **state)
{
    Certification__Result rows[2] = {cook(1, 4, 1), cook(1, 4, 2)};

    (void)state;
    a_class_of(1);
    assert_int_equal(record("C-1", rows, 2), JN_OK);
    assert_non_null(strstr(sentence_of(1), "recorded already"));
    assert_null(strstr(sentence_of(1), citizen(1)));
    rows[0].id_number = (char *)(uintptr_t) "13019919600101001X";
    assert_int_equal(record_one("C-1", rows[0]), JN_MALFORMED);
    assert_null(strstr(sentence_of(0), "130199"));
}

static void
where_every_row_is_refused_nothing_happens(void **state)
{
    size_t before;

    (void)state;
    a_class_of(1);
    before = jn_world_count(w, CERTIFICATION__EVENT__BODY_RESULTS_RECORDED);
    assert_int_equal(record_one("C-1", cook(2, 4, 1)), JN_NOT_FOUND);
    assert_int_equal(jn_world_count(w, CERTIFICATION__EVENT__BODY_RESULTS_RECORDED), before);
    assert_int_equal(outcomes->done, 0);
}

static void
kind_and_level_belong_together(void **state)
{
    static const struct {
        Common__CertificateKind kind;
        unsigned level;
        const char *number;
        enum jn_code code;
    } rows[] = {
        {COMMON__CERTIFICATE_KIND__QUALIFICATION, 4, "2013011001400001", JN_OK},
        {COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 1, "S000013130100201000009", JN_OK},
        {COMMON__CERTIFICATE_KIND__SPECIAL_ABILITY, 0, "SPEC1", JN_OK},
        {COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION, 0, "T1301", JN_OK},
        {COMMON__CERTIFICATE_KIND__COMPLETION, 0, "冀培字2020第1号", JN_OK},
        {COMMON__CERTIFICATE_KIND__QUALIFICATION, 0, "2013011001400002", JN_MALFORMED},
        {COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 6, "S000013130100206000009", JN_MALFORMED},
        {COMMON__CERTIFICATE_KIND__SPECIAL_ABILITY, 3, "SPEC2", JN_MALFORMED},
        {COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION, 1, "T1302", JN_MALFORMED},
        {COMMON__CERTIFICATE_KIND__COMPLETION, 5, "C2", JN_MALFORMED},
        {COMMON__CERTIFICATE_KIND__CERTIFICATE_KIND_UNSPECIFIED, 0, "C3", JN_MALFORMED},
        {(Common__CertificateKind)99, 0, "C4", JN_MALFORMED},
        /* The number has no form, another level, another year, no characters, too many. */
        {COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 4, "S0000131301002040000", JN_MALFORMED},
        {COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 4, "S000013130100203000009", JN_MALFORMED},
        {COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 4, "S000013130100194000009", JN_MALFORMED},
        {COMMON__CERTIFICATE_KIND__COMPLETION, 0, "", JN_MALFORMED},
        {COMMON__CERTIFICATE_KIND__COMPLETION, 0, "012345678901234567890123456789012345678901234567890123456789012X5",
         JN_MALFORMED},
    };

    (void)state;
    a_class_of(sizeof(rows) / sizeof(rows[0]));
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        Certification__Result row = cook(i + 1, 4, 1);

        row.kind = rows[i].kind;
        row.level = rows[i].level;
        row.certificate_no = (char *)(uintptr_t)rows[i].number;
        assert_int_equal(record_one("C-1", row), rows[i].code);
    }
    assert_int_equal(totals()->certified, 5);
    assert_int_equal(totals()->skilled, 2);
}

static void
id_numbers_are_put_right_before_they_are_looked_up(void **state)
{
    char *number;
    unsigned person = 1;
    Certification__Result row;

    (void)state;
    while (citizen(person)[17] != 'X')
        person++;
    a_class_of(person);
    number = citizen(person);
    number[17] = 'x';
    row = cook(person, 4, 1);
    row.id_number = number;
    assert_int_equal(record_one("C-1", row), JN_OK);
    assert_int_equal(recorded()->rows[0]->person, person);
}

static void
days_are_from_the_end_on_and_exist(void **state)
{
    static const struct {
        int32_t day;
        enum jn_code code;
    } days[] = {{0, JN_MALFORMED},     {-1, JN_MALFORMED},   {INT32_MIN, JN_MALFORMED}, {INT32_MAX, JN_MALFORMED},
                {84006, JN_MALFORMED}, {1, JN_OUT_OF_LIMITS}}; /* 84006 is the first day of 2200 */
    Certification__Result row;

    (void)state;
    a_class_of(2);
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        row = cook(1, 0, 1);
        row.kind = COMMON__CERTIFICATE_KIND__COMPLETION;
        row.day = days[i].day;
        assert_int_equal(record_one("C-1", row), days[i].code);
    }
    row.day = day_of("2020-05-31");
    assert_int_equal(record_one("C-1", row), JN_OK);
    row = cook(2, 0, 2);
    row.kind = COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION;
    row.day = day_of("2199-12-31");
    assert_int_equal(record_one("C-1", row), JN_OK);
    assert_int_equal(certificate(row.certificate_no)->valid_to_day, 0);
}

static void
a_certificate_of_tomorrow_is_taken_with_a_note(void **state)
{
    Certification__Result row = cook(1, 4, 1);

    (void)state;
    a_class_of(1);
    row.day = day_of("2020-06-16");
    assert_int_equal(record_one("C-1", row), JN_OK);
    assert_int_equal(outcomes->n_notes, 1);
    assert_int_equal(outcomes->notes[0]->code, JN_OK);
    assert_non_null(strstr(outcomes->notes[0]->reason, "later than today"));
    assert_true(recorded()->rows[0]->post_dated);
    assert_string_equal(certificate(row.certificate_no)->state, "not_yet_valid");
    advance_to("2020-06-16");
    assert_string_equal(certificate(row.certificate_no)->state, "valid");
}

static void
a_number_issued_twice_is_kept_and_flagged(void **state)
{
    Certification__Result rows[2] = {cook(1, 4, 1), cook(2, 4, 1)};
    Certification__RevokeCertificate cmd = CERTIFICATION__REVOKE_CERTIFICATE__INIT;

    (void)state;
    a_class_of(3);
    assert_int_equal(record("C-1", rows, 2), JN_OK);
    assert_int_equal(outcomes->done, 2);
    assert_int_equal(outcomes->n_notes, 1);
    assert_int_equal(outcomes->notes[0]->row, 1);
    assert_true(recorded()->rows[1]->number_repeated);
    rows[0] = cook(3, 4, 1);
    rows[0].day = day_of("2020-07-01");
    assert_int_equal(record_one("C-1", rows[0]), JN_OK);
    assert_non_null(strstr(outcomes->notes[0]->reason, "issued before"));
    assert_true(recorded()->rows[0]->number_repeated && recorded()->rows[0]->post_dated);

    /* The number leads to the first; the others are named by their dense number. */
    assert_int_equal(certificate(skill_no(4, 1))->certificate, 1);
    cmd.certificate = 2;
    cmd.reason = (char *)(uintptr_t) "number issued twice";
    assert_int_equal(jn_world_command(w, &appraisal, "RevokeCertificate", &cmd, NULL), JN_OK);
    assert_string_equal(certificate(skill_no(4, 1))->state, "valid");
    assert_int_equal(totals()->revoked, 1);
}

static void
only_a_body_listed_for_the_occupation_certifies_it(void **state)
{
    Certification__Result row = cook(1, 4, 1);

    (void)state;
    a_class_of(2);
    row.evaluator = (char *)(uintptr_t) "52130100MA0010133S";
    assert_int_equal(record_one("C-1", row), JN_MALFORMED);
    row.evaluator = (char *)(uintptr_t)SCHOOL;
    assert_int_equal(record_one("C-1", row), JN_NOT_FOUND);
    designated(2, SCHOOL, COMMON__INSTITUTION_KIND__ENTERPRISE, ELECTRICIAN);
    assert_int_equal(record_one("C-1", row), JN_REFUSED);

    /* 2.14-b: an enterprise evaluates its own staff. */
    designated(2, SCHOOL, COMMON__INSTITUTION_KIND__ENTERPRISE, COOK);
    assert_int_equal(record_one("C-1", row), JN_OK);
    assert_int_equal(recorded()->rows[0]->evaluator, 2);

    /* Taken off the list again. */
    designated(2, SCHOOL, COMMON__INSTITUTION_KIND__ENTERPRISE, NULL);
    row = cook(2, 4, 2);
    row.evaluator = (char *)(uintptr_t)SCHOOL;
    assert_int_equal(record_one("C-1", row), JN_REFUSED);
}

static void
an_evaluator_with_a_wrong_code_is_not_kept(void **state)
{
    size_t before = jn_world_count(w, CERTIFICATION__EVENT__BODY_BODIES_NOTED);

    (void)state;
    designated(3, "52130100MA0010133S", COMMON__INSTITUTION_KIND__EVALUATION, COOK);
    designated(4, SCHOOL, COMMON__INSTITUTION_KIND__TRAINING, NULL);
    assert_int_equal(jn_world_count(w, CERTIFICATION__EVENT__BODY_BODIES_NOTED), before);
}

static void
closed_results_stay_closed(void **state)
{
    const Certification__ResultsClosed *closed;
    Certification__Result row = cook(2, 0, 1);

    (void)state;
    a_class_of(3);
    row.kind = COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION;
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_OK);
    assert_int_equal(record_one("C-1", row), JN_OK);
    assert_int_equal(close_results("C-1"), JN_OK);
    closed = jn_world_last(w, CERTIFICATION__EVENT__BODY_RESULTS_CLOSED);
    assert_int_equal(closed->class_, 1);
    assert_int_equal(closed->count, 2);
    assert_int_equal(closed->division, 130102);
    assert_string_equal(closed->occupation, COOK);
    assert_int_equal(closed->special_operations, 1);
    assert_int_equal(record_one("C-1", cook(3, 4, 2)), JN_WRONG_STATE);
    assert_int_equal(close_results("C-1"), JN_WRONG_STATE);
    assert_non_null(strstr(jn_world_reason(w), "closed"));
}

static void
a_class_where_nobody_passed_is_closed_with_none(void **state)
{
    (void)state;
    a_class_of(1);
    assert_int_equal(close_results("C-1"), JN_OK);
    assert_int_equal(
        ((const Certification__ResultsClosed *)jn_world_last(w, CERTIFICATION__EVENT__BODY_RESULTS_CLOSED))->count, 0);
}

static void
a_stopped_class_certifies_nobody(void **state)
{
    (void)state;
    a_class_of(1);
    stopped(1);
    assert_int_equal(record_one("C-1", cook(1, 4, 1)), JN_WRONG_STATE);
    assert_int_equal(close_results("C-1"), JN_WRONG_STATE);
}

static void
a_key_records_for_its_own_divisions(void **state)
{
    struct jn_agency elsewhere = jn_world_agency("zhengding.appraisal", ROLE_APPRAISAL);
    Certification__Result row = cook(1, 4, 1);

    (void)state;
    a_class_of(1);
    elsewhere.divisions[0] = 130123;
    elsewhere.divisions_count = 1;
    assert_int_equal(record_as(&elsewhere, "C-1", &row, 1), JN_NOT_YET); /* never arrives for this key */
    assert_int_equal(record_as(&operations, "C-1", &row, 1), JN_DENIED);
    elsewhere.divisions[0] = 130100;
    assert_int_equal(record_as(&elsewhere, "C-1", &row, 1), JN_OK);
}

static void
a_sheet_has_rows_and_not_too_many(void **state)
{
    static Certification__Result rows[JN_ROWS_MAX + 1];

    (void)state;
    a_class_of(JN_ROWS_MAX);
    for (unsigned i = 0; i <= JN_ROWS_MAX; i++)
        rows[i] = cook(i + 1, 4, i + 1);
    assert_int_equal(record("C-1", rows, 0), JN_MALFORMED);
    assert_int_equal(record("C-1", rows, JN_ROWS_MAX + 1), JN_TOO_LARGE);
    assert_int_equal(record("", rows, 1), JN_MALFORMED);
    assert_int_equal(record("a class number of forty-nine bytes, one over 1234", rows, 1), JN_MALFORMED);
    assert_int_equal(record("C-1", rows, JN_ROWS_MAX), JN_OK);
    assert_int_equal(outcomes->done, JN_ROWS_MAX);
}

static void
the_largest_class_passes_to_its_last_seat(void **state)
{
    static Certification__Result rows[JN_ROWS_MAX];

    (void)state;
    a_class_of(SEATS_MAX);
    for (unsigned from = 0; from < SEATS_MAX; from += JN_ROWS_MAX) {
        for (unsigned i = 0; i < JN_ROWS_MAX; i++)
            rows[i] = cook(SEATS_MAX - from - i, 3, from + i + 1);
        assert_int_equal(record("C-1", rows, JN_ROWS_MAX), JN_OK);
        assert_int_equal(outcomes->done, JN_ROWS_MAX);
    }
    assert_int_equal(recorded()->rows[JN_ROWS_MAX - 1]->seat, 1);
    assert_int_equal(totals()->certified, SEATS_MAX);
    assert_int_equal(totals()->highly_skilled, SEATS_MAX);
    assert_int_equal(record_one("C-1", cook(SEATS_MAX, 3, 9999)), JN_ALREADY_EXISTS);
}

static void
people_far_apart_sit_in_one_class(void **state)
{
    Certification__Result rows[3] = {cook(1, 4, 1), cook(17, 4, 2), cook(33, 4, 3)};

    (void)state;
    filed(1, "C-1", COOK, "2020-05-31");
    registered(1, 40);
    for (uint32_t i = 0; i < 3; i++)
        enrolled(1, 1 + i, 1 + 16 * i, 1);
    opened(1);
    assert_int_equal(record_one("C-1", cook(2, 4, 1)), JN_NOT_FOUND);
    assert_int_equal(record_one("C-1", cook(18, 4, 1)), JN_NOT_FOUND);
    assert_int_equal(record("C-1", rows, 3), JN_OK);
    assert_int_equal(outcomes->done, 3);
    assert_int_equal(recorded()->rows[2]->seat, 3);
}

static void
what_cannot_be_from_enrollment_is_left_alone(void **state)
{
    size_t before;

    (void)state;
    filed(0, "C-0", COOK, "2020-05-31");
    filed(2, "", COOK, "2020-05-31");
    before = jn_world_count(w, CERTIFICATION__EVENT__BODY_ROSTER_NOTED);
    enrolled(9, 1, 1, 1);
    filed(3, "C-3", COOK, "2020-05-31");
    enrolled(3, SEATS_MAX + 1, 1, 5);
    enrolled(3, 0, 1, 1);
    enrolled(3, 1, 0, 1);
    opened(9);
    stopped(9);
    assert_int_equal(jn_world_count(w, CERTIFICATION__EVENT__BODY_ROSTER_NOTED), before);
    assert_int_equal(jn_world_count(w, CERTIFICATION__EVENT__BODY_CLASS_NOTED), 1);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(a_sheet_becomes_results_and_numbers),
        STORY(results_that_come_before_their_class_come_again_later),
        STORY(a_refused_row_costs_only_that_row),
        STORY(a_refusal_says_why_and_names_nobody),
        STORY(where_every_row_is_refused_nothing_happens),
        STORY(kind_and_level_belong_together),
        STORY(id_numbers_are_put_right_before_they_are_looked_up),
        STORY(days_are_from_the_end_on_and_exist),
        STORY(a_certificate_of_tomorrow_is_taken_with_a_note),
        STORY(a_number_issued_twice_is_kept_and_flagged),
        STORY(only_a_body_listed_for_the_occupation_certifies_it),
        STORY(an_evaluator_with_a_wrong_code_is_not_kept),
        STORY(closed_results_stay_closed),
        STORY(a_class_where_nobody_passed_is_closed_with_none),
        STORY(a_stopped_class_certifies_nobody),
        STORY(a_key_records_for_its_own_divisions),
        STORY(a_sheet_has_rows_and_not_too_many),
        STORY(the_largest_class_passes_to_its_last_seat),
        STORY(people_far_apart_sit_in_one_class),
        STORY(what_cannot_be_from_enrollment_is_left_alone),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
