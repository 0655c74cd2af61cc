/* Explanations and receipts: facts and whose word they are, what would have to be different, and that a receipt's sum
 * comes out again with nothing but the receipt and the pack. Figures are reckoned by hand. */
#include "subsidy/policy/case.h"
#include "subsidy/policy/trace/whatif.h"
#include "subsidy_given.h"

static const Subsidy__ExplainView *
explained(uint64_t claim, const char *class_no, uint32_t seat, int item)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const void *reply = NULL;

    request.claim = claim;
    request.class_no = (char *)(uintptr_t)class_no;
    request.seat = seat;
    request.item = (Common__Item)item;
    jn_world_query(w, &auditor, "Explain", &request, &reply);
    return reply;
}

static void
attested(uint64_t class, uint32_t seat, int group, int department, int answer)
{
    Enrollment__Attested event = ENROLLMENT__ATTESTED__INIT;
    Enrollment__AttestedRow row = ENROLLMENT__ATTESTED_ROW__INIT, *rows[] = {&row};

    row.seat = seat;
    row.group = (Common__Group)group;
    row.answer = (Enrollment__Answer)answer;
    event.class_ = class;
    event.department = (Common__Department)department;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTESTED, &event);
}

static bool
says(const Subsidy__ExplainView *view, const char *sentence)
{
    for (size_t i = 0; i < view->n_facts; i++)
        if (!strcmp(view->facts[i]->en, sentence) || !strcmp(view->facts[i]->zh, sentence))
            return true;
    for (size_t i = 0; i < view->n_what_if; i++)
        if (!strcmp(view->what_if[i]->en, sentence) || !strcmp(view->what_if[i]->zh, sentence))
            return true;
    return false;
}

static void
must_say(const Subsidy__ExplainView *view, const char *sentence)
{
    if (says(view, sentence))
        return;
    for (size_t i = 0; i < view->n_facts; i++)
        print_message("fact: %s | %s\n", view->facts[i]->en, view->facts[i]->zh);
    for (size_t i = 0; i < view->n_what_if; i++)
        print_message("what if: %s | %s\n", view->what_if[i]->en, view->what_if[i]->zh);
    fail_msg("not said: %s", sentence);
}

static bool
steps_say(Subsidy__TraceLine *const *lines, size_t count, const char *words)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(lines[i]->en, words))
            return true;
    for (size_t i = 0; i < count; i++)
        print_message("step: %s | %s\n", lines[i]->en, lines[i]->zh);
    return false;
}

/* A veteran whose training cost 2,000 yuan where the city's standard is 1,800. */
static void
what_is_due_names_its_facts_and_what_capped_it(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20};
    const Subsidy__ExplainView *view;

    (void)state;
    filed(1, "A-1");
    enrolled(1, &trainee, 1);
    attested(1, 1, COMMON__GROUP__VETERAN, COMMON__DEPARTMENT__VETERANS, ENROLLMENT__ANSWER__HOLDS);
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    view = explained(1, "", 0, 0);
    assert_non_null(view);
    assert_true(view->reproduced);
    assert_string_equal(view->summary_en, "free_training is due: 1800.00 yuan to the institution from "
                                          "employment_subsidy (clause 2.2-a, pack shijiazhuang-2019).");
    assert_string_equal(view->summary_zh,
                        "应发免费技能培训补贴1800.00元，付给培训机构，资金来源就业补助资金（条款2.2-a，"
                        "政策包shijiazhuang-2019）。");
    must_say(view, "group: veteran (attested by veterans, 2020-06-15)");
    must_say(view, "人员类别：退役军人（退役军人事务部门认定，2020-06-15）");
    must_say(view, "the cost: 2000.00 yuan (as the class was filed, 2020-06-15)");
    must_say(view, "the certificate's level: 5 (junior) (by the evaluation body's results, 2020-06-15)");
    must_say(view, "Cut from 2000.00 to 1800.00 yuan by the standard (clause 2.10-d).");
    must_say(view, "由2000.00元减为1800.00元，受限于执行标准（条款2.10-d）。");
    assert_int_equal(view->pack_digest.len, JN_DIGEST_BYTES);
}

/* Cooks of level 5 were trained before: not twice, 2.10-c. Any other level, or another occupation, would do; a later
 * year would not. */
static void
a_limit_names_what_bit_and_what_would_not(void **state)
{
    const Subsidy__ExplainView *view;

    (void)state;
    paid_before(7, COMMON__ITEM__SKILL_UPGRADE, "2019-12-20", COOK, 5, 0);
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-02-01", COOK, 5, 0);
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    view = explained(0, "A-1", 1, COMMON__ITEM__FREE_TRAINING);
    assert_true(view->reproduced);
    assert_int_equal(view->reason, COMMON__REASON__SAME_OCCUPATION_LEVEL);
    assert_string_equal(view->claim->clause, "2.10-c"); /* the limit's, not the rule's */
    assert_string_equal(view->summary_en, "free_training is refused: same_occupation_level (clause 2.10-c, pack "
                                          "shijiazhuang-2019).");
    assert_int_equal(view->n_what_if, 3);
    must_say(view,
             "If the certificate were of level 4 (intermediate), 3 (senior), 2 (technician), 1 (senior technician), "
             "1800.00 yuan would be due.");
    must_say(view, "如证书等级为四级（中级工）、三级（高级工）、二级（技师）、一级（高级技师），应发1800.00元。");
    must_say(view,
             "If the training were for an occupation not yet subsidised at this level, 1800.00 yuan would be due.");
    must_say(view, "If the 1 earlier benefit(s) that count had not been granted, 1800.00 yuan would be due.");
    assert_int_equal(view->n_history, 2);
    assert_true(view->history[0]->counts);
    assert_int_equal(view->history[0]->paid->item, COMMON__ITEM__FREE_TRAINING);
    assert_string_equal(view->history[0]->en, "free_training, 2020-02-01, before the suite: counts");
    assert_false(view->history[1]->counts);
}

/* Three were paid in 2020: the fourth would be due with a certificate of 2021. */
static void
a_yearly_limit_names_the_next_year(void **state)
{
    const Subsidy__ExplainView *view;

    (void)state;
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-01-10", ELECTRICIAN, 5, 0);
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-02-10", ELECTRICIAN, 4, 0);
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2020-03-10", ELECTRICIAN, 3, 0);
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    view = explained(0, "A-1", 1, COMMON__ITEM__FREE_TRAINING);
    assert_int_equal(view->reason, COMMON__REASON__YEARLY_LIMIT);
    must_say(view, "If the certificate were of 2021, from 2021-01-01 on, 1800.00 yuan would be due.");
    must_say(view, "如证书取得于2021年（2021-01-01起），应发1800.00元。");
    must_say(view, "If the 3 earlier benefit(s) that count had not been granted, 1800.00 yuan would be due.");
}

/* An employee with 10 months of unemployment insurance; 12 are needed, and then a level 5 earns 1,000 yuan, 2.1-d. */
static void
a_requirement_names_what_is_missing(void **state)
{
    struct trainee trainee = {
        .person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .days = 20, .insured_months = 10};
    const Subsidy__ExplainView *view;

    (void)state;
    course.kind = COMMON__CLASS_KIND__ON_JOB;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    view = explained(0, "A-1", 1, COMMON__ITEM__SKILL_UPGRADE);
    assert_true(view->reproduced);
    must_say(view,
             "If months of unemployment insurance were 12 (2 more than the 10 on record), 1000.00 yuan would be due.");
    must_say(view, "如失业保险缴费月数为12（比现有记录多2，现为10），应发1000.00元。");
    must_say(view, "months of unemployment insurance: 10 (as the institution filed it on the roster, 2020-06-15)");
}

/* No certificate: any of the five kinds would do. The one who has one and no standard waits for the standard. */
static void
a_missing_certificate_and_a_missing_standard(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__COLLEGE_GRADUATE), .days = 20},
                   veteran = {.person = 8, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20};
    const Subsidy__ExplainView *view;

    (void)state;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    filed(2, "A-2");
    enrolled(2, &veteran, 1);
    finished(2, &veteran, 1);
    closed(2, 0);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    view = explained(0, "A-1", 1, COMMON__ITEM__GRADUATE_TRAINING);
    assert_int_equal(view->reason, COMMON__REASON__NO_LOCAL_STANDARD);
    must_say(view, "It can be decided when the division or the city has set a standard in force on that day.");
    view = explained(0, "A-2", 1, COMMON__ITEM__FREE_TRAINING);
    assert_int_equal(view->reason, COMMON__REASON__NO_CERTIFICATE);
    must_say(view,
             "If there were a certificate (one of: qualification, skill_level, special_ability, special_operation, "
             "completion), 1800.00 yuan would be due.");
    must_say(view, "the certificate: none (no result was recorded)");
}

/* 20 days at 100 yuan: each day more is 100 yuan more, 2.3-b. */
static void
what_is_due_says_what_more_would_bring(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 20};

    (void)state;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_say(explained(0, "A-1", 1, COMMON__ITEM__POVERTY_LIVING),
             "If attended days were 21 (1 more than the 20 on record), 2100.00 yuan would be due, 100.00 yuan more.");
}

/* Denied when the class was settled, confirmed on 1 July: the claim that came of it names that answer. */
static void
a_group_that_was_confirmed_later_is_told_with_its_day(void **state)
{
    struct trainee trainee = {.person = 7, .denied = GROUPS(COMMON__GROUP__VETERAN), .days = 20};
    Enrollment__AttestationWithdrawn event = ENROLLMENT__ATTESTATION_WITHDRAWN__INIT;
    Enrollment__WithdrawnAttestation one = ENROLLMENT__WITHDRAWN_ATTESTATION__INIT, *rows[] = {&one};

    (void)state;
    filed(1, "A-1");
    enrolled(1, &trainee, 1);
    attested(1, 1, COMMON__GROUP__VETERAN, COMMON__DEPARTMENT__VETERANS, ENROLLMENT__ANSWER__DENIED);
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    advance_to("2020-07-01");
    one.seat = 1;
    one.group = COMMON__GROUP__VETERAN;
    one.answer = ENROLLMENT__ANSWER__HOLDS;
    one.groups = GROUPS(COMMON__GROUP__VETERAN);
    event.class_ = 1;
    event.department = COMMON__DEPARTMENT__VETERANS;
    event.document = event.reason = (char *)(uintptr_t) "V-1";
    event.rows = rows;
    event.n_rows = 1;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTESTATION_WITHDRAWN, &event);
    must_say(explained(1, "", 0, 0), "group: veteran (attested by veterans, 2020-07-01)");
}

/* No pack covers 2022-01-10: the one that has a rule for the item is not said to have decided. */
static void
what_no_pack_decided_names_none(void **state)
{
    const Subsidy__ExplainView *view;

    (void)state;
    held_for_veteran(1, "A-1", "2022-01-10", 7);
    assert_int_equal(settle("2022-02-01"), JN_OK);
    view = explained(0, "A-1", 1, COMMON__ITEM__FREE_TRAINING);
    assert_string_equal(view->summary_en,
                        "free_training is refused: no_policy_in_force on 2022-01-10 (pack shijiazhuang-2019, from "
                        "2019-10-27 through 2021-12-31, has a rule for it and does not decide).");
}

/* 50 % of 4,400.00 and the standard of 2,200.00: of two that are as large the first stays. */
static void
of_equals_the_first_stays(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .days = 20};
    const Subsidy__ExplainView *view;

    (void)state;
    course.kind = COMMON__CLASS_KIND__PRE_JOB;
    course.employer = FACTORY;
    course.cost_fen = 440000;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__PRE_JOB_TRAINING), 220000);
    view = explained(0, "A-1", 1, COMMON__ITEM__CERTIFIED_TRAINING);
    must_say(view, "Nothing need be different: the same training is paid for by pre_job_training, which is as large, "
                   "and comes first: 2200.00 yuan.");
    must_say(view, "无需变更：本次培训已按岗前培训补贴给予补贴（金额相同，且排列在先），金额2200.00元。");
}

static void
attendance_corrected(uint64_t class, uint32_t seat, uint32_t days)
{
    Enrollment__AttendanceCorrected event = ENROLLMENT__ATTENDANCE_CORRECTED__INIT;
    Enrollment__CorrectedAttendance row = ENROLLMENT__CORRECTED_ATTENDANCE__INIT, *rows[] = {&row};

    row.seat = seat;
    row.days = days;
    event.class_ = class;
    event.document = (char *)(uintptr_t) "K-1";
    event.reason = (char *)(uintptr_t) "sheets were mislaid";
    event.rows = rows;
    event.n_rows = 1;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTENDANCE_CORRECTED, &event);
}

/* 10 days at 100.00 are 1,000.00 by claim 1; an eleventh is found on 1 July, 100.00 by claim 2; then, on 3 July, it was
 * nine after all: 900.00, the 100.00 of claim 2 and 100.00 of claim 1 come off. Each is told by what decided it. */
static void
a_claim_is_told_by_its_own_decision_and_what_stands_beside_it(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10};
    const Subsidy__ExplainView *view;
    const Subsidy__StandsNow *now;

    (void)state;
    filed(1, "A-1");
    enrolled(1, &trainee, 1);
    finished(1, &trainee, 1);
    closed(1, 0);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__POVERTY_LIVING), 100000);
    assert_null(explained(1, "", 0, 0)->claim->since);
    advance_to("2020-07-01");
    attendance_corrected(1, 1, 11);
    view = explained(1, "", 0, 0);
    now = view->claim->since;
    assert_true(view->reproduced);
    assert_string_equal(view->claim->pack, "shijiazhuang-2019");
    must_say(view, "attended days: 10 (by the attendance sheets, when the class was finished, 2020-06-15)");
    assert_true(steps_say(view->claim->decided, view->claim->n_decided, "times attended days (10): 1000.00 yuan"));
    must_say(
        view,
        "If attended days were 11 (1 more than the 10 then on record), 1100.00 yuan would be due, 100.00 yuan more.");
    must_say(view, "如出勤天数为11（比当时记录多1，当时为10），应发1100.00元，多100.00元。");
    assert_non_null(now);
    assert_string_equal(now->en, "It was reassessed since: attendance was corrected (K-1), on 2020-07-01, by pack "
                                 "shijiazhuang-2019; 1100.00 yuan are due in all now: 1000.00 by claim 1, 100.00 by "
                                 "claim 2.");
    assert_int_equal(now->due_fen, 110000);
    assert_true(steps_say(now->trace, now->n_trace, "times attended days (11): 1100.00 yuan"));

    view = explained(2, "", 0, 0);
    assert_string_equal(view->claim->in_all_en, "1100.00 yuan were due in all then: 1000.00 by claim 1; 100.00 were "
                                                "missing, which this claim is over.");
    assert_string_equal(view->claim->in_all_zh,
                        "当时合计应发1100.00元：其中补贴编号1为1000.00元；差额100.00元由本笔补发。");
    must_say(view, "attended days: 11 (as the attendance was corrected afterwards, 2020-07-01)");
    assert_null(view->claim->since);
    assert_true(steps_say(claim(2)->decided, claim(2)->n_decided, "times attended days (11): 1100.00 yuan"));

    advance_to("2020-07-03");
    attendance_corrected(1, 1, 9);
    view = explained(2, "", 0, 0);
    now = view->claim->since;
    assert_int_equal(now->due_fen, 90000);
    assert_int_equal(now->n_claims, 1);
    assert_int_equal(now->claims[0]->rest_fen, 90000);
    assert_true(steps_say(now->trace, now->n_trace, "times attended days (9): 900.00 yuan"));
    must_say(view, "attended days: 11 (as the attendance was corrected afterwards, 2020-07-01)");
    assert_true(steps_say(view->claim->decided, view->claim->n_decided, "1100.00 yuan"));
}

/* Nothing but the group would have made the training free: that is told, and whose word it was. */
static void
what_does_not_fit_names_the_group_that_was_denied(void **state)
{
    struct trainee trainees[] = {{.person = 7, .denied = GROUPS(COMMON__GROUP__VETERAN), .days = 20},
                                 {.person = 8, .rank = 1, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20}};
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const void *reply = NULL;

    (void)state;
    filed(1, "A-1");
    enrolled(1, trainees, 2);
    held_for(1, trainees, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    request.class_no = (char *)(uintptr_t) "A-1";
    request.seat = 1;
    request.item = COMMON__ITEM__FREE_TRAINING;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_NOT_FOUND);
    assert_non_null(strstr(jn_world_reason(w), "group veteran was claimed and not confirmed by veterans"));
    request.seat = 2;
    request.item = COMMON__ITEM__POVERTY_LIVING;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_NOT_FOUND);
    assert_non_null(strstr(jn_world_reason(w), "the item fits neither its groups nor its training"));
    request.seat = 3;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_NOT_FOUND);
    assert_non_null(strstr(jn_world_reason(w), "nothing has been settled"));
}

/* Whatever became known or was set later: what was settled is explained by what it was settled by. */
static void
an_explanation_stays_what_it_was(void **state)
{
    Enrollment__InstitutionsDesignated event = ENROLLMENT__INSTITUTIONS_DESIGNATED__INIT;
    Enrollment__DesignatedInstitution row = ENROLLMENT__DESIGNATED_INSTITUTION__INIT, *rows[] = {&row};
    Enrollment__Institution facts = ENROLLMENT__INSTITUTION__INIT;
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__HARD_TO_EMPLOY), .days = 20};

    (void)state;
    course.kind = COMMON__CLASS_KIND__WORK_AS_TRAINING;
    course.employer = FACTORY;
    course.start_day = day_of("2020-04-01");
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY), 60000); /* two months at 300 yuan */
    paid_before(7, COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY, "2019-12-01", "", 0, 6);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY, 20000, "2020-01-01")), JN_OK);
    facts.kind = COMMON__INSTITUTION_KIND__TRAINING;
    row.institution = FACTORY;
    row.facts = &facts;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, &event);
    assert_true(explained(1, "", 0, 0)->reproduced);
    assert_int_equal(explained(1, "", 0, 0)->n_history, 0);
}

/* ---- Receipts ---- */

static enum jn_code
issue(const struct jn_agency *who, uint64_t claim, const char *class_no, uint32_t seat, int item)
{
    Subsidy__IssueReceipt request = SUBSIDY__ISSUE_RECEIPT__INIT;
    const void *reply = NULL;

    request.claim = claim;
    request.class_no = (char *)(uintptr_t)class_no;
    request.seat = seat;
    request.item = (Common__Item)item;
    return jn_world_command(w, who, "IssueReceipt", &request, &reply);
}

/* Does the receipt's sum come out, with nothing but itself and the pack? Of a reassessment's claim what is due in all.
 */
static bool
comes_out(const Subsidy__Receipted *receipt, const Policy__Pack *pack)
{
    int64_t in_all = receipt->reassessment ? receipt->due_fen : receipt->amount_fen;
    static struct paid_before history[POLICY_HISTORY_MAX], enterprise[POLICY_HISTORY_MAX];
    static struct evaluation evaluation;
    struct case_figures figures;
    struct policy_view view = case_view(receipt->facts, pack, &figures);
    const struct benefit *benefit = &evaluation.benefits[receipt->item];
    struct facts facts;

    return case_facts(receipt->facts, &facts, history, enterprise) && evaluate(&view, &facts, &evaluation) &&
           (benefit->state == BENEFIT_DUE) == (receipt->claim != 0) && benefit->amount_fen == in_all &&
           benefit->reason == receipt->reason;
}

/* Does the paper, by itself, say what the service says would have to be different? */
static void
must_say_what_if(const Subsidy__Receipted *receipt, const Policy__Pack *pack, const Subsidy__ExplainView *view)
{
    static struct paid_before history[POLICY_HISTORY_MAX], enterprise[POLICY_HISTORY_MAX], room[POLICY_HISTORY_MAX];
    static struct whatif_search search;
    static bool counts[POLICY_HISTORY_MAX];
    struct case_figures figures;
    struct policy_view policy = case_view(receipt->facts, pack, &figures);
    char text[TRACE_SENTENCE_MAX];
    struct facts facts;

    assert_true(receipt->what_if);
    assert_true(case_facts(receipt->facts, &facts, history, enterprise));
    search = (struct whatif_search){
        .view = &policy, .facts = &facts, .item = (int)receipt->item, .history = room, .counts = counts};
    assert_true(whatif_find(&search));
    assert_int_equal(search.count, view->n_what_if);
    for (size_t i = 0; i < search.count; i++)
        assert_string_equal(whatif_sentence(&search, &search.list[i], TRACE_ENGLISH, text), view->what_if[i]->en);
}

static void
a_receipt_is_all_that_the_sum_needs(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 20};
    const Subsidy__Receipted *receipt;

    (void)state;
    paid_before(7, COMMON__ITEM__FREE_TRAINING, "2019-12-20", COOK, 5, 0);
    filed(1, "A-1");
    enrolled(1, &trainee, 1);
    attested(1, 1, COMMON__GROUP__REGISTERED_POOR, COMMON__DEPARTMENT__AGRICULTURE, ENROLLMENT__ANSWER__HOLDS);
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(issue(&operations, 1, "", 0, 0), JN_OK);
    receipt = jn_world_last(w, EVENT_RECEIPTED);
    assert_int_equal(receipt->receipt, 1);
    assert_int_equal(receipt->claim, 1);
    assert_int_equal(receipt->amount_fen, 200000); /* 20 days at 100 yuan */
    assert_int_equal(receipt->n_attestations, 1);
    assert_int_equal(receipt->attestations[0]->department, COMMON__DEPARTMENT__AGRICULTURE);
    assert_true(comes_out(receipt, plan()));
    receipt->facts->days = 19;
    assert_false(comes_out(receipt, plan()));

    assert_int_equal(issue(&administration, 0, "A-1", 1, COMMON__ITEM__FREE_TRAINING), JN_OK);
    receipt = jn_world_last(w, EVENT_RECEIPTED);
    assert_int_equal(receipt->receipt, 2);
    assert_int_equal(receipt->reason, COMMON__REASON__SAME_OCCUPATION_LEVEL);
    assert_true(comes_out(receipt, plan()));
    must_say_what_if(receipt, plan(), explained(0, "A-1", 1, COMMON__ITEM__FREE_TRAINING));
    receipt->facts->history[0]->level = 4;
    assert_false(comes_out(receipt, plan()));
}

static void
reassess_class(const char *class_no)
{
    Subsidy__Reassess order = SUBSIDY__REASSESS__INIT;
    const void *reply = NULL;

    order.class_no = (char *)(uintptr_t)class_no;
    order.document = (char *)(uintptr_t) "石人社核〔2020〕1号";
    order.reason = (char *)(uintptr_t) "a standard was set late";
    assert_int_equal(jn_world_command(w, &administration, "Reassess", &order, &reply), JN_OK);
}

/* Three trainings of one person at 1,800 yuan; a standard of 2,000 is set late and the second is reckoned again: 200
 * more. What was settled before it counts for it, and what was settled behind it does not, as it was then: the paper
 * says so still when the first is no longer due, and when 1,500 stand in place of 2,000. */
static void
a_reassessments_claim_has_its_receipt(void **state)
{
    const Subsidy__ExplainView *view;
    const Subsidy__Receipted *receipt;

    (void)state;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    course.occupation = (char *)(uintptr_t)ELECTRICIAN;
    held_for_veteran(2, "A-2", "2020-06-01", 7);
    course.level = 4;
    held_for_veteran(3, "A-3", "2020-06-02", 7);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 200000, "2020-02-01")), JN_OK);
    reassess_class("A-2");
    assert_int_equal(last_settled()->claims[0]->claim, 4);
    assert_int_equal(last_settled()->claims[0]->amount_fen, 20000);
    revoked(1, 1);
    assert_int_equal(issue(&operations, 4, "", 0, 0), JN_OK);
    receipt = jn_world_last(w, EVENT_RECEIPTED);
    assert_int_equal(receipt->amount_fen, 20000);
    assert_int_equal(receipt->due_fen, 200000);
    assert_int_equal(receipt->reassessment, 1);
    assert_int_equal(receipt->cause, SUBSIDY__CAUSE__REVIEWED);
    assert_string_equal(receipt->document, "石人社核〔2020〕1号");
    assert_int_equal(receipt->n_stood, 1);
    assert_int_equal(receipt->stood[0]->claim, 2);
    assert_int_equal(receipt->stood[0]->rest_fen, 180000);
    assert_int_equal(receipt->since, 0);
    assert_int_equal(receipt->facts->n_history, 1); /* the first training's, which counted then */
    assert_int_equal(receipt->facts->history[0]->day, day_of("2020-05-31"));
    assert_true(comes_out(receipt, plan()));
    view = explained(4, "", 0, 0);
    assert_true(view->reproduced);
    assert_string_equal(view->summary_en,
                        "free_training is due: 200.00 yuan to the institution from employment_subsidy (clause 2.2-a, "
                        "pack shijiazhuang-2019). A reassessment found it missing: reassessed by order "
                        "(石人社核〔2020〕1号); 2000.00 yuan were due in all then: 1800.00 by claim 2; 200.00 were "
                        "missing, which this claim is over.");
    must_say_what_if(receipt, plan(), view);

    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 150000, "2020-03-01")), JN_OK);
    reassess_class("A-2"); /* 200 come off claim 4, and 300 off claim 2 */
    revoked(2, 1);
    assert_int_equal(issue(&operations, 4, "", 0, 0), JN_OK);
    receipt = jn_world_last(w, EVENT_RECEIPTED);
    assert_true(comes_out(receipt, plan()));
    assert_int_equal(receipt->due_fen, 200000);
    assert_int_equal(receipt->facts->certificate, COMMON__CERTIFICATE_KIND__SKILL_LEVEL);
    assert_true(receipt->since > 1);
    assert_int_equal(receipt->cause, SUBSIDY__CAUSE__CERTIFICATE_REVOKED);
    assert_int_equal(receipt->now_fen, 0);
    assert_int_equal(issue(&operations, 2, "", 0, 0), JN_OK); /* and the first claim's own */
    receipt = jn_world_last(w, EVENT_RECEIPTED);
    assert_true(comes_out(receipt, plan()));
    assert_int_equal(receipt->reassessment, 0);
    assert_int_equal(receipt->amount_fen, 180000);
    assert_int_equal(receipt->n_stood, 0);
    view = explained(2, "", 0, 0);
    assert_true(strstr(view->summary_zh, "此后经重新核定：证书已撤销") != NULL);
    assert_true(strstr(view->summary_en, "nothing is due now: no_certificate (clause 2.2-a).") != NULL);
    assert_true(steps_say(view->claim->decided, view->claim->n_decided, "1800.00 yuan"));
    assert_true(steps_say(view->claim->since->trace, view->claim->since->n_trace, "not met"));
}

/* Of the two that would pay the larger one stayed, 2,000 against 50 % of 2,000; without the certificate the other is
 * due, whole. */
static void
a_claim_that_a_reassessment_made_first(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .days = 20};
    const Subsidy__ExplainView *view;
    const Subsidy__Receipted *receipt;

    (void)state;
    course.kind = COMMON__CLASS_KIND__PRE_JOB;
    course.employer = FACTORY;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__CERTIFIED_TRAINING), 200000);
    revoked(1, 1);
    assert_int_equal(issue(&operations, 2, "", 0, 0), JN_OK);
    receipt = jn_world_last(w, EVENT_RECEIPTED);
    assert_int_equal(receipt->item, COMMON__ITEM__PRE_JOB_TRAINING);
    assert_int_equal(receipt->amount_fen, 100000);
    assert_int_equal(receipt->due_fen, 100000);
    assert_int_equal(receipt->n_stood, 0);
    assert_int_equal(receipt->facts->certificate, 0);
    assert_true(comes_out(receipt, plan()));
    assert_int_equal(issue(&operations, 0, "A-1", 1, COMMON__ITEM__PRE_JOB_TRAINING), JN_OK);
    receipt =
        jn_world_last(w, EVENT_RECEIPTED); /* it was refused first: that is what the paper says, and what came then */
    assert_int_equal(receipt->claim, 0);
    view = explained(0, "A-1", 1, COMMON__ITEM__PRE_JOB_TRAINING);
    assert_int_equal(view->claim->since->n_claims, 1);
    assert_int_equal(view->claim->since->claims[0]->claim, 2);
    assert_int_equal(view->claim->since->claims[0]->rest_fen, 100000);
    assert_non_null(strstr(view->summary_en, "1000.00 yuan are due in all now: 1000.00 by claim 2."));
    assert_true(steps_say(view->claim->since->trace, view->claim->since->n_trace, "1000.00 yuan"));
    must_say(view, "Nothing need be different: the same training is paid for by certified_training, which is larger: "
                   "2000.00 yuan.");
    assert_int_equal(receipt->since, 1);
    assert_int_equal(receipt->now_fen, 100000);
    assert_true(comes_out(receipt, plan()));
}

/* Three living allowances of 2020 where three a year are allowed: the fourth, 20 days at the city's 90 yuan, would be
 * due of a training that ended in 2021, at the 95 that hold from then on. The paper knows both figures. */
static void
a_receipt_knows_the_figures_of_other_days(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 20};
    Policy__Pack *pack = plan();
    char *id = pack->id;
    const Subsidy__ExplainView *view;
    const Subsidy__Receipted *receipt;

    (void)state;
    for (size_t i = 0; i < pack->n_limits; i++)
        if (pack->limits[i]->reason == COMMON__REASON__YEARLY_LIMIT)
            pack->limits[i]->items = pack->limits[i]->against = POLICY_BIT(COMMON__ITEM__POVERTY_LIVING);
    pack->id = (char *)(uintptr_t) "plan-2";
    assert_int_equal(adopt(pack), JN_OK);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__POVERTY_LIVING, 9000, "2020-01-01")), JN_OK);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__POVERTY_LIVING, 9500, "2021-01-01")), JN_OK);
    for (int month = 0; month < 3; month++)
        paid_before(7, COMMON__ITEM__POVERTY_LIVING, "2020-02-01", COOK, 0, 0);
    filed(1, "A-1");
    enrolled(1, &trainee, 1);
    finished(1, &trainee, 1);
    closed(1, 0);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(refused(1, COMMON__ITEM__POVERTY_LIVING), COMMON__REASON__YEARLY_LIMIT);
    assert_int_equal(issue(&operations, 0, "A-1", 1, COMMON__ITEM__POVERTY_LIVING), JN_OK);
    receipt = jn_world_last(w, EVENT_RECEIPTED);
    assert_true(comes_out(receipt, pack));
    view = explained(0, "A-1", 1, COMMON__ITEM__POVERTY_LIVING);
    must_say(view, "If the training ended in 2021, from 2021-01-01 on, 1900.00 yuan would be due.");
    must_say_what_if(receipt, pack, view);
    pack->id = id;
}

static void
a_receipt_is_refused_by_what_is_not_there(void **state)
{
    struct jn_agency elsewhere = administration;

    (void)state;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(issue(&operations, 9, "", 0, 0), JN_NOT_FOUND);
    assert_int_equal(issue(&operations, 0, "A-1", 0, 0), JN_MALFORMED);
    assert_int_equal(issue(&auditor, 1, "", 0, 0), JN_DENIED);
    elsewhere.divisions[0] = XINJI;
    elsewhere.divisions_count = 1;
    assert_int_equal(issue(&elsewhere, 1, "", 0, 0), JN_NOT_FOUND);
    assert_int_equal(jn_world_count(w, EVENT_RECEIPTED), 0);
}

/* ---- What was settled otherwise than its facts say ---- */

static void
apply_changed(struct jn_tables *t, const Subsidy__StopNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__Settled row = *(const Subsidy__Settled *)jn_get(jn_view_of(t), TABLE_SETTLEMENT, JN_KEY(1));

    (void)event;
    (void)stamp;
    row.claims[0]->amount_fen--;
    jn_put(t, TABLE_SETTLEMENT, JN_KEY(1), &row);
}

static void
look_away(struct jn_audit *audit)
{
    (void)audit;
}

static void
no_receipt_is_given_of_a_sum_that_does_not_come_out(void **state)
{
    static struct jn_event events[JN_EVENT_TYPES];
    struct jn_service service = subsidy_service;

    (void)state;
    assert_true(service.events_count <= JN_EVENT_TYPES);
    memcpy(events, service.events, service.events_count * sizeof(events[0]));
    for (size_t i = 0; i < service.events_count; i++)
        if (events[i].type == EVENT_STOP_NOTED)
            events[i].apply = JN_FN(apply_changed);
    service.events = events;
    service.audit = look_away;
    fresh_of(&service);
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    stopped(9);
    assert_int_equal(issue(&operations, 1, "", 0, 0), JN_WRONG_STATE);
    assert_false(explained(1, "", 0, 0)->reproduced);
    assert_int_equal(explained(1, "", 0, 0)->n_what_if, 0);
    gone(NULL);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(what_is_due_names_its_facts_and_what_capped_it),
        STORY(a_limit_names_what_bit_and_what_would_not),
        STORY(a_yearly_limit_names_the_next_year),
        STORY(a_requirement_names_what_is_missing),
        STORY(a_missing_certificate_and_a_missing_standard),
        STORY(what_is_due_says_what_more_would_bring),
        STORY(a_claim_is_told_by_its_own_decision_and_what_stands_beside_it),
        STORY(what_does_not_fit_names_the_group_that_was_denied),
        STORY(a_group_that_was_confirmed_later_is_told_with_its_day),
        STORY(what_no_pack_decided_names_none),
        STORY(of_equals_the_first_stays),
        STORY(an_explanation_stays_what_it_was),
        STORY(a_receipt_is_all_that_the_sum_needs),
        STORY(a_reassessments_claim_has_its_receipt),
        STORY(a_claim_that_a_reassessment_made_first),
        STORY(a_receipt_knows_the_figures_of_other_days),
        STORY(a_receipt_is_refused_by_what_is_not_there),
        cmocka_unit_test(no_receipt_is_given_of_a_sum_that_does_not_come_out),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
