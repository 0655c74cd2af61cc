/* Cases of error and fraud: opened, evidence, decision, consequence; nothing that hangs on an open one is approved. */
#include "subsidy_going.h"

#define NOTICE_OVER "2020-06-23"

static struct jn_agency supervision;

static enum jn_code
open_case(const struct jn_agency *who, Subsidy__OpenCase request)
{
    supervision = jn_world_agency("human_resources.supervision", ROLE_ADMINISTRATION);
    request.kind = request.kind ? request.kind : SUBSIDY__CASE_KIND__CASE_FRAUD;
    request.document = (char *)"石人社稽1号";
    request.reason = (char *)"考勤与签到照片不符";
    return told(who, "OpenCase", &request, NULL);
}

static enum jn_code
against_institution(uint64_t institution)
{
    Subsidy__OpenCase request = SUBSIDY__OPEN_CASE__INIT;

    request.institution = institution;
    return open_case(&hr, request);
}

static enum jn_code
against_person(uint64_t person)
{
    Subsidy__OpenCase request = SUBSIDY__OPEN_CASE__INIT;

    request.person = person;
    return open_case(&hr, request);
}

static enum jn_code
against_class(const struct jn_agency *who, const char *class_no)
{
    Subsidy__OpenCase request = SUBSIDY__OPEN_CASE__INIT;

    request.class_no = (char *)(uintptr_t)class_no;
    return open_case(who, request);
}

static enum jn_code
add_evidence(const struct jn_agency *who, uint64_t number)
{
    Subsidy__AddEvidence request = SUBSIDY__ADD_EVIDENCE__INIT;

    request.case_ = number;
    request.document = (char *)"卷宗1";
    request.about = (char *)"同一照片用于三日";
    return told(who, "AddEvidence", &request, NULL);
}

static enum jn_code
decide(const struct jn_agency *who, uint64_t number, int outcome, uint64_t refused, uint64_t recover)
{
    Subsidy__DecideCase request = SUBSIDY__DECIDE_CASE__INIT;

    request.case_ = number;
    request.outcome = (Subsidy__CaseOutcome)outcome;
    request.document = (char *)"石人社罚1号";
    request.clause = (char *)(outcome == SUBSIDY__CASE_OUTCOME__UNFOUNDED ? "" : "2.12-e");
    request.n_refused = refused ? 1 : 0;
    request.refused = &refused;
    request.n_recover = recover ? 1 : 0;
    request.recover = &recover;
    return told(who, "DecideCase", &request, NULL);
}

static const Subsidy__CaseView *
case_view(uint64_t number)
{
    Subsidy__CasesRequest request = SUBSIDY__CASES_REQUEST__INIT;
    const void *reply = NULL;

    request.case_ = number;
    assert_int_equal(jn_world_query(w, &auditor, "Cases", &request, &reply), JN_OK);
    return ((const Subsidy__CasesView *)reply)->rows[0];
}

/* ---- While it is open ---- */

/* Claim 1, for training, is paid to the school; claim 2, for living, to the person. */
static void
an_institution_under_investigation_is_approved_nothing(void **state)
{
    (void)state;
    on_notice(1);
    assert_int_equal(against_institution(SCHOOL), JN_OK);
    assert_int_equal(totals()->cases, 1);
    advance_to(NOTICE_OVER);
    assert_string_equal(claim(1)->state, "gated");
    assert_string_equal(claim(2)->state, "approved");
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__UNFOUNDED, 0, 0), JN_OK);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_string_equal(claim(1)->state, "approved");
    assert_int_equal(staged(SUBSIDY__STAGE__AT_GATES), 0);
    assert_int_equal(totals()->cases, 0);
}

static void
two_cases_keep_it_until_both_are_decided(void **state)
{
    (void)state;
    on_notice(1);
    assert_int_equal(against_institution(SCHOOL), JN_OK);
    assert_int_equal(against_institution(SCHOOL), JN_OK);
    assert_int_equal(against_class(&hr, "A-1"), JN_OK);
    advance_to(NOTICE_OVER);
    assert_int_equal(staged(SUBSIDY__STAGE__AT_GATES), 2);
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__UNFOUNDED, 0, 0), JN_OK);
    assert_false(((const Subsidy__CaseDecided *)jn_world_last(w, EVENT_CASE_DECIDED))->last);
    assert_int_equal(decide(&supervision, 3, SUBSIDY__CASE_OUTCOME__UNFOUNDED, 0, 0), JN_OK);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_string_equal(claim(1)->state, "gated");
    assert_string_equal(claim(2)->state, "approved");
    assert_int_equal(decide(&supervision, 2, SUBSIDY__CASE_OUTCOME__UNFOUNDED, 0, 0), JN_OK);
    assert_true(((const Subsidy__CaseDecided *)jn_world_last(w, EVENT_CASE_DECIDED))->last);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_string_equal(claim(1)->state, "approved");
}

/* More than one block looks at: nobody is forgotten. */
static void
many_that_waited_are_let_through_in_several_steps(void **state)
{
    static struct trainee trainees[150];

    (void)state;
    for (uint32_t i = 0; i < 150; i++)
        trainees[i] = (struct trainee){.person = 100 + i, .groups = GROUPS(COMMON__GROUP__VETERAN)};
    filed(2, "A-2");
    held_for(2, trainees, 150);
    do
        assert_int_equal(settle("2020-06-15"), JN_OK);
    while (!settled->done);
    on_notice(1);
    on_notice(2);
    assert_int_equal(against_institution(SCHOOL), JN_OK);
    advance_to(NOTICE_OVER);
    assert_int_equal(staged(SUBSIDY__STAGE__AT_GATES), 151);
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__UNFOUNDED, 0, 0), JN_OK);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_int_equal(staged(SUBSIDY__STAGE__THROUGH), 152);
    assert_int_equal(jn_world_count(w, EVENT_CASE_SWEPT), 3); /* 64, 64, 23 */
}

/* ---- Decided ---- */

static void
a_founded_case_needs_evidence_and_another_hand(void **state)
{
    (void)state;
    assert_int_equal(against_person(7), JN_OK);
    assert_int_equal(decide(&hr, 1, SUBSIDY__CASE_OUTCOME__FOUND_FRAUD, 0, 0), JN_REFUSED);
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__FOUND_FRAUD, 1, 0), JN_REFUSED);
    assert_int_equal(add_evidence(&reviewer, 1), JN_OK);
    assert_int_equal(add_evidence(&reviewer, 9), JN_NOT_FOUND);
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__FOUND_FRAUD, 9, 0), JN_NOT_FOUND);
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__FOUND_FRAUD, 0, 1), JN_WRONG_STATE); /* not paid */
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__UNFOUNDED, 1, 0), JN_MALFORMED);
    assert_int_equal(decide(&supervision, 1, 0, 0, 0), JN_MALFORMED);
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__FOUND_FRAUD, 1, 0), JN_OK);
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__FOUND_FRAUD, 0, 0), JN_WRONG_STATE);
    assert_int_equal(add_evidence(&reviewer, 1), JN_WRONG_STATE);
    assert_string_equal(claim(1)->state, "ended");
    assert_string_equal(claim(2)->state, "confirming");
    assert_int_equal(case_view(1)->outcome, SUBSIDY__CASE_OUTCOME__FOUND_FRAUD);
    assert_int_equal(case_view(1)->n_evidence, 1);
    assert_string_equal(case_view(1)->evidence[0]->by, "veterans");
    assert_string_equal(case_view(1)->decided_by, "human_resources.supervision");
    on_notice(1);
    advance_to(NOTICE_OVER);
    assert_int_equal(staged(SUBSIDY__STAGE__THROUGH), 1);
    assert_int_equal(staged(SUBSIDY__STAGE__ENDED), 1);
}

static void
what_was_paid_is_named_for_recovery(void **state)
{
    Ledger__Paid paid = LEDGER__PAID__INIT;
    Ledger__PaidRow row = LEDGER__PAID_ROW__INIT, *rows[] = {&row};
    const Subsidy__CaseDecided *decided;

    (void)state;
    on_notice(1);
    advance_to(NOTICE_OVER);
    row.claim = 1;
    paid.n_rows = 1;
    paid.rows = rows;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_PAID, &paid);
    assert_int_equal(against_class(&hr, "A-1"), JN_OK);
    assert_int_equal(add_evidence(&hr, 1), JN_OK);
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__FOUND_ERROR, 1, 0), JN_WRONG_STATE);
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__FOUND_ERROR, 2, 1), JN_OK);
    decided = jn_world_last(w, EVENT_CASE_DECIDED);
    assert_int_equal(decided->n_recover, 1);
    assert_int_equal(decided->recover[0], 1);
    assert_string_equal(claim(2)->state, "ended"); /* approved, and not paid yet */
    assert_int_equal(staged(SUBSIDY__STAGE__ENDED), 1);
    assert_int_equal(staged(SUBSIDY__STAGE__THROUGH), 1);
}

static void
a_case_is_opened_by_whose_it_is(void **state)
{
    struct jn_agency county = jn_world_agency("hr.xinji", ROLE_ADMINISTRATION);
    Subsidy__OpenCase request = SUBSIDY__OPEN_CASE__INIT;

    (void)state;
    county.divisions[0] = XINJI;
    county.divisions_count = 1;
    request.institution = SCHOOL;
    assert_int_equal(open_case(&county, request), JN_DENIED); /* the whole city's */
    request.person = 7;
    assert_int_equal(open_case(&hr, request), JN_MALFORMED); /* one of them */
    assert_int_equal(against_institution(99), JN_NOT_FOUND);
    assert_int_equal(against_class(&county, "A-1"), JN_NOT_FOUND);
    assert_int_equal(against_class(&hr, "A-9"), JN_NOT_FOUND);
    request = (Subsidy__OpenCase)SUBSIDY__OPEN_CASE__INIT;
    request.claim = 9;
    assert_int_equal(open_case(&hr, request), JN_NOT_FOUND);
    request.claim = 1;
    assert_int_equal(open_case(&county, request), JN_NOT_FOUND);
    assert_int_equal(open_case(&hr, request), JN_OK);
    assert_int_equal(add_evidence(&county, 1), JN_NOT_FOUND);
    request.kind = (Subsidy__CaseKind)7;
    assert_int_equal(open_case(&hr, request), JN_MALFORMED);
}

static void
a_late_case_is_told(void **state)
{
    const Subsidy__TermOver *over;

    (void)state;
    assert_int_equal(against_person(7), JN_OK);
    assert_int_equal(case_view(1)->due_day, day_of("2020-07-14")); /* 16-19, 22-24, 28-30, 1-3, 6-10, 13 14: twenty */
    advance_to("2020-07-15");
    over = jn_world_last(w, EVENT_TERM_OVER);
    assert_int_equal(over->what == SUBSIDY__DUE__DUE_CASE || jn_world_count(w, EVENT_TERM_OVER) > 1, 1);
    assert_true(totals()->overdue >= 1);
    assert_int_equal(decide(&supervision, 1, SUBSIDY__CASE_OUTCOME__UNFOUNDED, 0, 0), JN_OK);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        GOING(an_institution_under_investigation_is_approved_nothing),
        GOING(two_cases_keep_it_until_both_are_decided),
        GOING(many_that_waited_are_let_through_in_several_steps),
        GOING(a_founded_case_needs_evidence_and_another_hand),
        GOING(what_was_paid_is_named_for_recovery),
        GOING(a_case_is_opened_by_whose_it_is),
        GOING(a_late_case_is_told),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
