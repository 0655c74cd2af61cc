/* Staff-education funds: 60 % to front-line workers, 8 % of the wage bill deductible, statements kept with their
 * versions; 2.4-b, 2.11-c. */
#include "ledger_story.h"

#include <string.h>

static Ledger__StaffEducation
statement(int64_t wages_yuan, int64_t spent_yuan, int64_t front_line_yuan)
{
    Ledger__StaffEducation s = LEDGER__STAFF_EDUCATION__INIT;

    s.enterprise = EMPLOYER;
    s.year = 2019;
    s.wages_fen = wages_yuan * 100;
    s.drawn_fen = spent_yuan * 100;
    s.spent_fen = spent_yuan * 100;
    s.front_line_fen = front_line_yuan * 100;
    s.document = (char *)(uintptr_t) "E-1";
    s.division = CHANGAN;
    return s;
}

static const Ledger__StaffEducationFindings *
checked(struct story *s, const Ledger__StaffEducation *of)
{
    Ledger__CheckStaffEducationRequest request = LEDGER__CHECK_STAFF_EDUCATION_REQUEST__INIT;
    const void *reply;

    assert_int_equal(jn_world_query(s->w, &s->auditor, "CheckStaffEducation", &request, NULL), JN_MALFORMED);
    request.statement = (Ledger__StaffEducation *)(uintptr_t)of;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "CheckStaffEducation", &request, &reply), JN_OK);
    return reply;
}

/* 1,000,000 yuan of wages: 80,000 are deductible. 90,000 spent: 54,000 must go to front-line workers. */
static void
the_limits_are_those_of_the_clause(void **state)
{
    struct story *s = *state;
    Ledger__StaffEducation of = statement(1000000, 90000, 54000);
    const Ledger__StaffEducationFindings *found = checked(s, &of);

    assert_true(found->front_line_met);
    assert_int_equal(found->front_line_permille, 600);
    assert_int_equal(found->limit_fen, 8000000);
    assert_int_equal(found->deductible_fen, 8000000);
    assert_int_equal(found->carried_forward_fen, 1000000);
    assert_int_equal(found->n_findings, 1);
    assert_non_null(strstr(found->findings[0], "2.11-c"));
    of.front_line_fen--; /* a fen less */
    found = checked(s, &of);
    assert_false(found->front_line_met);
    assert_int_equal(found->front_line_permille, 599);
    assert_int_equal(found->front_line_missing_fen, 1);
    assert_non_null(strstr(found->findings[0], "60 %"));
    /* What earlier years could not deduct is deducted as far as there is room. */
    of = statement(1000000, 30000, 30000);
    of.carried_in_fen = 6000000;
    of.apprentice_fen = 100;
    of.drawn_fen = 0;
    found = checked(s, &of);
    assert_int_equal(found->deductible_fen, 8000000);
    assert_int_equal(found->carried_forward_fen, 1000000);
    assert_int_equal(found->n_findings, 3);
    /* Cut down: 8 % of 12.37 yuan are 98.96 fen. */
    of = statement(1, 0, 0);
    of.wages_fen = 1237;
    found = checked(s, &of);
    assert_int_equal(found->limit_fen, 98);
    assert_true(found->front_line_met); /* of nothing */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_STAFF_EDUCATION_FILED), 0);
}

static void
statements_are_kept_with_their_versions(void **state)
{
    struct story *s = *state;
    Ledger__StaffEducation of = statement(1000000, 50000, 20000);
    Ledger__StaffEducationRequest request = LEDGER__STAFF_EDUCATION_REQUEST__INIT;
    const Ledger__StaffEducationView *view;
    const void *reply;

    designate(s);
    assert_int_equal(jn_world_command(s->w, &s->finance, "FileStaffEducation", &of, &reply), JN_OK);
    assert_int_equal(((const Ledger__StaffEducationFindings *)reply)->version, 1);
    assert_int_equal(((const Ledger__StaffEducationFindings *)reply)->front_line_missing_fen, 1000000);
    assert_int_equal(jn_world_command(s->w, &s->finance, "FileStaffEducation", &of, &reply), JN_OK);
    assert_int_equal(((const Ledger__StaffEducationFindings *)reply)->version, 1); /* the same again */
    of.front_line_fen = 3000000;
    assert_int_equal(jn_world_command(s->w, &s->finance, "FileStaffEducation", &of, &reply), JN_OK);
    assert_int_equal(((const Ledger__StaffEducationFindings *)reply)->version, 2);
    request.year = 2019;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "StaffEducationStatements", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 1);
    assert_int_equal(view->rows[0]->version, 2);
    assert_true(view->rows[0]->findings->front_line_met);
    request.enterprise = EMPLOYER;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "StaffEducationStatements", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 2);
    assert_false(view->rows[0]->findings->front_line_met);
    assert_int_equal(jn_world_query(s->w, &s->county, "StaffEducationStatements", &request, &reply), JN_OK);
    assert_int_equal(((const Ledger__StaffEducationView *)reply)->n_rows, 0);
}

#define SPOILED(field, value, code)                                                                                    \
    do {                                                                                                               \
        Ledger__StaffEducation spoiled_ = good;                                                                        \
                                                                                                                       \
        spoiled_.field = value;                                                                                        \
        assert_int_equal(jn_world_command(s->w, &s->finance, "FileStaffEducation", &spoiled_, NULL), code);            \
    } while (0)

static void
a_statement_must_make_sense(void **state)
{
    struct story *s = *state;
    Ledger__StaffEducation good = statement(1000, 50, 30), other = good;
    Ledger__StaffEducationRequest nothing = LEDGER__STAFF_EDUCATION_REQUEST__INIT;

    designate(s);
    SPOILED(enterprise, 0, JN_MALFORMED);
    SPOILED(enterprise, 99, JN_NOT_FOUND);
    SPOILED(year, 2020, JN_MALFORMED);
    SPOILED(year, 0, JN_MALFORMED);
    SPOILED(wages_fen, 0, JN_MALFORMED);
    SPOILED(wages_fen, INT64_MAX, JN_MALFORMED);
    SPOILED(drawn_fen, -1, JN_MALFORMED);
    SPOILED(spent_fen, INT64_MIN, JN_MALFORMED);
    SPOILED(spent_fen, AMOUNT_FEN_MAX + 1, JN_MALFORMED);
    SPOILED(front_line_fen, 5001, JN_MALFORMED);
    SPOILED(apprentice_fen, 5001, JN_MALFORMED);
    SPOILED(carried_in_fen, -1, JN_MALFORMED);
    SPOILED(document, (char *)(uintptr_t) "", JN_MALFORMED);
    SPOILED(division, 1, JN_MALFORMED);
    assert_int_equal(jn_world_command(s->w, &s->county, "FileStaffEducation", &good, NULL), JN_DENIED);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_STAFF_EDUCATION_FILED), 0);
    SPOILED(spent_fen, AMOUNT_FEN_MAX, JN_OK); /* the largest there is, and its sums fit */
    other.division = QIAOXI;                   /* another division's enterprise is not corrected from here */
    assert_int_equal(jn_world_command(s->w, &s->county, "FileStaffEducation", &other, NULL), JN_DENIED);
    assert_int_equal(jn_world_query(s->w, &s->auditor, "StaffEducationStatements", &nothing, NULL), JN_MALFORMED);
    for (int i = 0; i < 99; i++) {
        good.drawn_fen = i;
        assert_int_equal(jn_world_command(s->w, &s->finance, "FileStaffEducation", &good, NULL), JN_OK);
    }
    good.drawn_fen = 777;
    assert_int_equal(jn_world_command(s->w, &s->finance, "FileStaffEducation", &good, NULL), JN_OUT_OF_LIMITS);
}

const struct CMUnitTest ledger_education[] = {
    STORY(the_limits_are_those_of_the_clause),
    STORY(statements_are_kept_with_their_versions),
    STORY(a_statement_must_make_sense),
};
const size_t ledger_education_count = sizeof(ledger_education) / sizeof(ledger_education[0]);
