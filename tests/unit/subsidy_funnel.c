/* The funnel: who was filed and how far they came, and where and why the others were lost. Figures are reckoned by
 * hand. */
#include "subsidy/nouns.h"
#include "subsidy_going.h"

static const Subsidy__FunnelView *
funnel_by(const struct jn_agency *who, int by, uint32_t year, uint32_t quarter)
{
    Subsidy__FunnelRequest request = SUBSIDY__FUNNEL_REQUEST__INIT;
    const void *reply = NULL;

    request.by = (Subsidy__FunnelBy)by;
    request.year = year;
    request.quarter = quarter;
    jn_world_query(w, who, "Funnel", &request, &reply);
    return reply;
}

static const Subsidy__FunnelLine *
funnel_of(const char *class_no)
{
    Subsidy__FunnelRequest request = SUBSIDY__FUNNEL_REQUEST__INIT;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t)class_no;
    if (jn_world_query(w, &auditor, "Funnel", &request, &reply) != JN_OK)
        return NULL;
    assert_int_equal(((const Subsidy__FunnelView *)reply)->n_lines, 1);
    return ((const Subsidy__FunnelView *)reply)->lines[0];
}

/* "8 8 6": filed, enrolled, attended, ..., as far as they are not zero behind it. */
static void
steps_are(const Subsidy__FunnelLine *line, const char *expected)
{
    char text[200] = "";

    assert_non_null(line);
    assert_int_equal(line->n_steps, 8);
    for (size_t i = 0; i < 8; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%u", i ? " " : "",
                 (unsigned)line->steps[i]->count);
    assert_string_equal(text, expected);
}

/* Filed is paid, lost and under way: on every line that anybody is shown. */
static void
fits(const Subsidy__FunnelLine *line)
{
    uint64_t sum = line->steps[7]->count;

    for (size_t i = 0; i < line->n_steps; i++)
        sum += line->steps[i]->under_way;
    for (size_t i = 0; i < line->n_losses; i++)
        sum += line->losses[i]->count;
    assert_int_equal(sum, line->steps[0]->count);
}

static uint64_t
lost_to(const Subsidy__FunnelLine *line, int loss, int reason)
{
    for (size_t i = 0; i < line->n_losses; i++)
        if ((int)line->losses[i]->loss == loss && (int)line->losses[i]->reason == reason)
            return line->losses[i]->count;
    return 0;
}

static void
money(uint32_t type, uint64_t first, uint64_t count)
{
    Ledger__Paid paid = LEDGER__PAID__INIT;
    Ledger__PaidRow rows[8], *pointers[8];
    Ledger__CommitmentReleased released = LEDGER__COMMITMENT_RELEASED__INIT;
    Ledger__ReleasedRow back[8], *back_pointers[8];

    assert_true(count <= 8);
    for (uint64_t i = 0; i < count; i++) {
        rows[i] = (Ledger__PaidRow)LEDGER__PAID_ROW__INIT;
        rows[i].claim = first + i;
        pointers[i] = &rows[i];
        back[i] = (Ledger__ReleasedRow)LEDGER__RELEASED_ROW__INIT;
        back[i].claim = first + i;
        back[i].whole = true;
        back_pointers[i] = &back[i];
    }
    paid.n_rows = released.n_rows = count;
    paid.rows = pointers;
    released.rows = back_pointers;
    jn_world_event(w, "ledger", type, type == LEDGER__EVENT__BODY_PAID ? (const void *)&paid : (const void *)&released);
}

#define VETERANS(n)                                                                                                    \
    {                                                                                                                  \
        .person = (n), .groups = 1u << COMMON__GROUP__VETERAN, .days = 20                                              \
    }

/* Eight on a roster. 1 and 2 pass and are due; 3 was paid for the same occupation and level before; 4 has no
 * certificate; 5 never came; 6 has a certificate that is taken back; 7 was no veteran after all; 8 is of no group. */
static void
eight_people(void)
{
    struct trainee roster[] = {VETERANS(11), VETERANS(12), VETERANS(13), VETERANS(14),
                               VETERANS(15), VETERANS(16), VETERANS(17), {.person = 18, .days = 20}};

    paid_before(13, COMMON__ITEM__FREE_TRAINING, "2020-02-01", COOK, 5, 0);
    filed(1, "A-1");
    enrolled(1, roster, 8);
    steps_are(funnel_of("A-1"), "8 0 0 0 0 0 0 0");
    opened(1);
    steps_are(funnel_of("A-1"), "8 8 0 0 0 0 0 0");
    assert_int_equal(funnel_of("A-1")->steps[1]->under_way, 8);
    roster[4].days = 0;
    roster[6].groups = 0;
    roster[6].denied = 1u << COMMON__GROUP__VETERAN;
    finished(1, roster, 8);
    for (uint32_t seat = 1; seat <= 8; seat++)
        if (seat != 4 && seat != 5)
            passed(1, seat, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5);
    revoked(1, 6);
    closed(1, 6);
}

static void
each_loss_has_its_step_and_its_reason(void **state)
{
    const Subsidy__FunnelLine *line;

    (void)state;
    eight_people();
    assert_int_equal(settle("2020-06-15"), JN_OK);
    line = funnel_of("A-1");
    steps_are(line, "8 8 7 5 3 2 0 0");
    fits(line);
    assert_int_equal(lost_to(line, SUBSIDY__LOSS__LOSS_NOT_ATTENDED, 0), 1);
    assert_int_equal(lost_to(line, SUBSIDY__LOSS__LOSS_NO_CERTIFICATE, 0), 1);
    assert_int_equal(lost_to(line, SUBSIDY__LOSS__LOSS_REVOKED, 0), 1);
    assert_int_equal(lost_to(line, SUBSIDY__LOSS__LOSS_NOT_ATTESTED, 0), 1);
    assert_int_equal(lost_to(line, SUBSIDY__LOSS__LOSS_NOTHING_FITS, 0), 1);
    assert_int_equal(lost_to(line, SUBSIDY__LOSS__LOSS_REFUSED, COMMON__REASON__SAME_OCCUPATION_LEVEL), 1);
    assert_int_equal(line->steps[5]->under_way, 2);
    assert_string_equal(
        line->remark_en,
        "Of 8 filed, 0 were paid; the other 8: 1 attended no day, 1 without a certificate where nothing fits that "
        "needs none, 1 with a "
        "certificate that was revoked, 1 not of the group that was claimed, 1 for whom no item provides, "
        "1 refused: same occupation level, 2 on public notice or under review.");
    assert_string_equal(
        line->remark_zh,
        "申报8人次，拨付0人次，相差8人次：未参加培训1人次，未取得证书且无其他适用项目1人次，证书被撤销1人次，"
        "人员类别未经认定1人次，不符合任何补贴项目1人次，同一职业同一等级已享受补贴1人次，"
        "公示或审核中2人次。");
}

static void
approved_and_paid_follow_the_claims(void **state)
{
    (void)state;
    eight_people();
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(hold(&reviewer, 2, "a doubt"), JN_OK);
    advance_to("2020-06-23");
    steps_are(funnel_of("A-1"), "8 8 7 5 3 2 1 0");
    money(LEDGER__EVENT__BODY_PAID, 1, 1);
    steps_are(funnel_of("A-1"), "8 8 7 5 3 2 1 1");
    money(LEDGER__EVENT__BODY_COMMITMENT_RELEASED, 2, 1);
    steps_are(funnel_of("A-1"), "8 8 7 5 3 2 1 1");
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_WITHDRAWN, 0), 1);
    fits(funnel_of("A-1"));
}

/* One of the registered poor earns the training and a living allowance: two claims, one seat. */
static void
a_seat_with_two_items_is_paid_when_both_are(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10};

    (void)state;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 2);
    steps_are(funnel_of("A-1"), "1 1 1 1 1 1 0 0");
    advance_to("2020-06-23");
    steps_are(funnel_of("A-1"), "1 1 1 1 1 1 1 0");
    money(LEDGER__EVENT__BODY_PAID, 1, 1);
    steps_are(funnel_of("A-1"), "1 1 1 1 1 1 1 0");
    money(LEDGER__EVENT__BODY_COMMITMENT_RELEASED, 2, 1);
    steps_are(funnel_of("A-1"), "1 1 1 1 1 1 1 1");
    assert_string_equal(funnel_of("A-1")->remark_en, "");
    money(LEDGER__EVENT__BODY_COMMITMENT_RELEASED, 1, 1);
    steps_are(funnel_of("A-1"), "1 1 1 1 1 1 1 0");
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_RELEASED, 0), 1);
    fits(funnel_of("A-1"));
}

static void
a_stopped_class_loses_its_seats_where_it_stood(void **state)
{
    struct trainee roster[] = {VETERANS(11), VETERANS(12)};

    (void)state;
    filed(1, "A-1");
    enrolled(1, roster, 2);
    stopped(1);
    steps_are(funnel_of("A-1"), "2 0 0 0 0 0 0 0");
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_NOT_OPENED, 0), 2);
    filed(2, "A-2");
    enrolled(2, roster, 2);
    opened(2);
    stopped(2);
    steps_are(funnel_of("A-2"), "2 2 0 0 0 0 0 0");
    assert_int_equal(lost_to(funnel_of("A-2"), SUBSIDY__LOSS__LOSS_STOPPED, 0), 2);
    fits(funnel_of("A-2"));
}

/* in CHANG, the one in the second quarter, the other in the third; A-2 in XINJI in the second. */
static void
lines_add_up_the_classes(void **state)
{
    struct jn_agency county = administration, veterans = reviewer;
    const Subsidy__FunnelView *view;

    (void)state;
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    course.division = XINJI;
    held_for_veteran(2, "A-2", "2020-06-10", 8);
    course.division = CHANG;
    held_for_veteran(3, "A-3", "2020-07-31", 9);
    assert_int_equal(settle("2020-06-15"), JN_OK);

    view = funnel_by(&auditor, SUBSIDY__FUNNEL_BY__BY_CLASS, 2020, 2);
    assert_int_equal(view->n_lines, 2);
    assert_string_equal(view->lines[0]->class_no, "A-1");
    assert_int_equal(view->lines[1]->division, XINJI);
    view = funnel_by(&auditor, SUBSIDY__FUNNEL_BY__BY_DIVISION, 2020, 2);
    assert_int_equal(view->n_lines, 2);
    assert_int_equal(view->lines[0]->number, CHANG);
    steps_are(view->lines[0], "1 1 1 1 1 1 0 0");
    view = funnel_by(&auditor, SUBSIDY__FUNNEL_BY__BY_INSTITUTION, 2020, 2);
    assert_int_equal(view->n_lines, 1);
    steps_are(view->lines[0], "2 2 2 2 2 2 0 0");
    view = funnel_by(&auditor, SUBSIDY__FUNNEL_BY__BY_QUARTER, 0, 0);
    assert_int_equal(view->n_lines, 2);
    assert_int_equal(view->lines[1]->year, 2020);
    assert_int_equal(view->lines[1]->quarter, 3);
    steps_are(view->lines[1], "1 1 0 0 0 0 0 0");

    county.divisions[0] = XINJI;
    county.divisions_count = 1;
    assert_int_equal(funnel_by(&county, SUBSIDY__FUNNEL_BY__BY_CLASS, 2020, 2)->n_lines, 1);
    assert_int_equal(funnel_by(&county, SUBSIDY__FUNNEL_BY__BY_DIVISION, 2020, 2)->n_lines, 1);
    assert_null(funnel_by(&county, SUBSIDY__FUNNEL_BY__BY_QUARTER, 0, 0));
    assert_non_null(strstr(jn_world_reason(w), "ask by division"));
    veterans.groups = GROUPS(COMMON__GROUP__VETERAN);
    assert_int_equal(funnel_by(&veterans, SUBSIDY__FUNNEL_BY__BY_CLASS, 2020, 2)->n_lines, 2);
    veterans.groups = GROUPS(COMMON__GROUP__DISABLED);
    assert_int_equal(funnel_by(&veterans, SUBSIDY__FUNNEL_BY__BY_CLASS, 2020, 2)->n_lines, 0);
}

static void
a_page_goes_on_where_the_last_one_ended(void **state)
{
    Subsidy__FunnelRequest request = SUBSIDY__FUNNEL_REQUEST__INIT;
    const Subsidy__FunnelView *view;
    const void *reply = NULL;
    char class_no[16];

    (void)state;
    for (uint64_t class = 1; class <= 101; class ++) {
        snprintf(class_no, sizeof(class_no), "P-%u", (unsigned)class);
        filed_until(class, class_no, "2020-05-31");
    }
    view = funnel_by(&auditor, SUBSIDY__FUNNEL_BY__BY_CLASS, 2020, 2);
    assert_int_equal(view->n_lines, 0); /* nobody was enrolled: there is nothing to count */
    for (uint64_t class = 1; class <= 101; class ++) {
        struct trainee trainee = VETERANS(class);

        enrolled(class, &trainee, 1);
    }
    view = funnel_by(&auditor, SUBSIDY__FUNNEL_BY__BY_CLASS, 2020, 2);
    assert_int_equal(view->n_lines, 100);
    assert_true(view->more);
    request.by = SUBSIDY__FUNNEL_BY__BY_CLASS;
    request.year = 2020;
    request.quarter = 2;
    request.after = view->through;
    assert_int_equal(jn_world_query(w, &auditor, "Funnel", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_lines, 1);
    assert_int_equal(view->lines[0]->number, 101);
    assert_false(view->more);
}

/* ---- What suspends a claim, and what is reckoned again ---- */

static void
cancelled(uint64_t class)
{
    Enrollment__ClassCancelled event = ENROLLMENT__CLASS_CANCELLED__INIT;

    event.class_ = class;
    event.division = CHANG;
    event.document = (char *)"石人社取消〔2020〕1号";
    event.reason = (char *)"it was never held";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &event);
}

static void
taken_back_fen(uint64_t number, int64_t fen)
{
    Ledger__Reversed event = LEDGER__REVERSED__INIT;

    event.claim = number;
    event.amount_fen = fen;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_REVERSED, &event);
}

static void
taken_back(uint64_t number)
{
    taken_back_fen(number, 180000);
}

static void
a_standard_comes_late(void)
{
    Subsidy__Reassess order = SUBSIDY__REASSESS__INIT;
    const void *reply = NULL;

    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 200000, "2020-02-01")), JN_OK);
    order.class_no = (char *)"A-1";
    order.document = (char *)"石人社核〔2020〕1号";
    order.reason = (char *)"a standard was set late";
    assert_int_equal(jn_world_command(w, &administration, "Reassess", &order, &reply), JN_OK);
    assert_int_equal(((const Subsidy__ReassessReply *)reply)->changed, 3);
}

/* Four veterans in A-1, two in A-2, 1,800 yuan each: claims 1 to 4, 5 and 6. 2 is returned; 4's certificate is revoked,
 * its gate overridden, and its money released since nothing of it is due; of 1 to 3 claims 7 to 9 over 200 are found
 * missing; 1 and 5 are paid, and A-2 is cancelled: 5 comes back, 6 is released. */
static void
the_sum_fits_whatever_became_of_the_claims(void **state)
{
    struct trainee four[] = {VETERANS(11), VETERANS(12), VETERANS(13), VETERANS(14)},
                   two[] = {VETERANS(15), VETERANS(16)};
    const Subsidy__FunnelView *view;

    (void)state;
    employment = jn_world_agency("human_resources.employment_service", ROLE_EMPLOYMENT_SERVICE);
    hr = jn_world_agency("human_resources.administration", ROLE_ADMINISTRATION);
    finance = jn_world_agency("finance", ROLE_FINANCE);
    going_by("going", the_way);
    filed(1, "A-1");
    enrolled(1, four, 4);
    held_for(1, four, 4);
    filed_until(2, "A-2", "2020-06-01");
    enrolled(2, two, 2);
    held_for(2, two, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(confirm_all(1), JN_OK);
    assert_int_equal(review_but(&hr, 1, 2), JN_OK);
    assert_int_equal(review_all(&finance, 1), JN_OK);
    on_notice(2);
    revoked(1, 4);
    a_standard_comes_late();
    steps_are(funnel_of("A-1"), "4 4 4 4 4 4 0 0");
    advance_to("2020-06-23");
    assert_int_equal(override_one(&hr, 4, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2020-06-30"), JN_OK);
    steps_are(funnel_of("A-1"), "4 4 4 4 4 4 3 0");
    money(LEDGER__EVENT__BODY_COMMITMENT_RELEASED, 4, 1);
    money(LEDGER__EVENT__BODY_PAID, 1, 1);
    money(LEDGER__EVENT__BODY_PAID, 7, 1); /* over what was missing of 1: no seat more */
    money(LEDGER__EVENT__BODY_PAID, 5, 1);
    cancelled(2);
    advance_to("2020-06-24");
    assert_int_equal(((const Subsidy__Reassessed *)jn_world_last(w, EVENT_REASSESSED))->n_rows, 2);
    taken_back(5);
    money(LEDGER__EVENT__BODY_COMMITMENT_RELEASED, 6, 1);

    steps_are(funnel_of("A-1"), "4 4 4 4 4 4 3 1");
    fits(funnel_of("A-1"));
    assert_string_equal(funnel_of("A-1")->remark_en,
                        "Of 4 filed, 1 were paid; the other 3: 1 on public notice or under review, 1 approved and then "
                        "not paid: the certificate was revoked, 1 approved and not yet paid.");
    assert_string_equal(funnel_of("A-1")->remark_zh, "申报4人次，拨付1人次，相差3人次：公示或审核中1人次，"
                                                     "核准后未予支付（证书已撤销）1人次，已核准待支付1人次。");
    steps_are(funnel_of("A-2"), "2 2 2 2 2 2 2 1"); /* what came back was paid */
    fits(funnel_of("A-2"));
    assert_string_equal(funnel_of("A-2")->remark_en,
                        "Of 2 filed, 1 were paid; the other 1: 1 approved and then not paid: the class was cancelled. "
                        "Of those paid, 1 must pay all of it back.");
    assert_int_equal(funnel_of("A-2")->owed_back, 1);
    assert_int_equal(funnel_of("A-2")->losses[0]->cause, SUBSIDY__CAUSE__CLASS_CANCELLED);
    view = funnel_by(&auditor, SUBSIDY__FUNNEL_BY__BY_QUARTER, 0, 0);
    assert_int_equal(view->n_lines, 1);
    steps_are(view->lines[0], "6 6 6 6 6 6 5 2");
    fits(view->lines[0]);
    assert_string_equal(view->lines[0]->remark_zh,
                        "申报6人次，拨付2人次，相差4人次：公示或审核中1人次，"
                        "核准后未予支付（证书已撤销）1人次，核准后未予支付（班级已取消）1人次，"
                        "已核准待支付1人次。已拨付人次中，1人次须全额退回。");
}

/* ---- What is granted later ---- */

static void
reassess_class(const char *class_no)
{
    Subsidy__Reassess order = SUBSIDY__REASSESS__INIT;
    const void *reply = NULL;

    order.class_no = (char *)(uintptr_t)class_no;
    order.document = (char *)"石人社核〔2020〕2号";
    order.reason = (char *)"facts have changed";
    assert_int_equal(jn_world_command(w, &administration, "Reassess", &order, &reply), JN_OK);
}

/* A department answers again: of that group, or of none. */
static void
answered(uint32_t seat, int group, bool holds)
{
    Enrollment__AttestationWithdrawn event = ENROLLMENT__ATTESTATION_WITHDRAWN__INIT;
    Enrollment__WithdrawnAttestation one = ENROLLMENT__WITHDRAWN_ATTESTATION__INIT, *rows[] = {&one};

    one.seat = seat;
    one.group = (Common__Group)group;
    one.answer = holds ? ENROLLMENT__ANSWER__HOLDS : ENROLLMENT__ANSWER__DENIED;
    one.groups = holds ? GROUPS(group) : 0;
    one.denied = holds ? 0 : GROUPS(group);
    event.class_ = 1;
    event.department = COMMON__DEPARTMENT__VETERANS;
    event.document = (char *)"V-1";
    event.reason = (char *)"the register was read wrongly";
    event.rows = rows;
    event.n_rows = 1;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTESTATION_WITHDRAWN, &event);
}

static void
attended_days(uint32_t seat, uint32_t days)
{
    Enrollment__AttendanceCorrected event = ENROLLMENT__ATTENDANCE_CORRECTED__INIT;
    Enrollment__CorrectedAttendance one = ENROLLMENT__CORRECTED_ATTENDANCE__INIT, *rows[] = {&one};

    one.seat = seat;
    one.days = days;
    event.class_ = 1;
    event.document = (char *)"K-1";
    event.reason = (char *)"sheets were mislaid";
    event.rows = rows;
    event.n_rows = 1;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTENDANCE_CORRECTED, &event);
}

/* Claim 1 is of class 2, where 13 had his first training. On A-1: 1 and 2 pass and are due, claims 2 and 3; 3 is 13; 4
 * has no certificate; 5 is of the registered poor and never came; 6 has a certificate that is taken back; 7 was no
 * veteran; 8 is of no group. */
static void
some_are_lost(void)
{
    struct trainee roster[] = {VETERANS(11),
                               VETERANS(12),
                               VETERANS(13),
                               VETERANS(14),
                               {.person = 15, .groups = 1u << COMMON__GROUP__REGISTERED_POOR},
                               VETERANS(16),
                               {.person = 17, .days = 20, .denied = 1u << COMMON__GROUP__VETERAN},
                               {.person = 18, .days = 20}};

    held_for_veteran(2, "A-0", "2020-05-30", 13);
    filed(1, "A-1");
    enrolled(1, roster, 8);
    finished(1, roster, 8);
    for (uint32_t seat = 1; seat <= 8; seat++)
        if (seat != 4 && seat != 5)
            passed(1, seat, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, 5);
    revoked(1, 6);
    closed(1, 6);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 3);
}

static void
six_are_lost(void)
{
    some_are_lost();
    steps_are(funnel_of("A-1"), "8 8 7 5 3 2 0 0");
}

static void
a_seat_that_is_granted_something_later_is_lost_no_longer(void **state)
{
    (void)state;
    six_are_lost();
    answered(8, COMMON__GROUP__VETERAN, true); /* claim 4 */
    steps_are(funnel_of("A-1"), "8 8 7 5 4 3 0 0");
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_NOTHING_FITS, 0), 0);
    answered(7, COMMON__GROUP__VETERAN, true); /* claim 5 */
    steps_are(funnel_of("A-1"), "8 8 7 5 5 4 0 0");
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_NOT_ATTESTED, 0), 0);
    attended_days(5, 10); /* claim 6: the living allowance asks for no certificate */
    steps_are(funnel_of("A-1"), "8 8 8 6 6 5 0 0");
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_NOT_ATTENDED, 0), 0);
    answered(6, COMMON__GROUP__REGISTERED_POOR, true); /* claim 7: likewise */
    steps_are(funnel_of("A-1"), "8 8 8 7 7 6 0 0");
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_REVOKED, 0), 0);
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_REFUSED, COMMON__REASON__SAME_OCCUPATION_LEVEL), 1);
    revoked(2, 1); /* the first training does not stand in the way of 13's second any more: claim 8 */
    reassess_class("A-1");
    steps_are(funnel_of("A-1"), "8 8 8 7 7 7 0 0");
    fits(funnel_of("A-1"));
    assert_string_equal(funnel_of("A-1")->remark_en, "Of 8 filed, 0 were paid; the other 8: 1 without a "
                                                     "certificate where nothing fits that needs none, 7 "
                                                     "on public notice or under review.");
    assert_string_equal(funnel_of("A-1")->remark_zh,
                        "申报8人次，拨付0人次，相差8人次：未取得证书且无其他适用项目1人次，公示或审核中7人次。");

    /* Claims 9 to 13 over 200 yuan for who is due 1,800 by one already: 1, 2, 3, 7 and 8 are no seats more. */
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 200000, "2020-02-01")), JN_OK);
    reassess_class("A-1");
    assert_int_equal(jn_world_count(w, EVENT_SETTLED), 8);
    assert_int_equal(last_settled()->n_claims, 5);
    steps_are(funnel_of("A-1"), "8 8 8 7 7 7 0 0");
    advance_to("2020-06-23");
    steps_are(funnel_of("A-1"), "8 8 8 7 7 7 7 0");
    money(LEDGER__EVENT__BODY_PAID, 2, 7);
    steps_are(funnel_of("A-1"), "8 8 8 7 7 7 7 7");
    money(LEDGER__EVENT__BODY_PAID, 9, 5);
    steps_are(funnel_of("A-1"), "8 8 8 7 7 7 7 7");
    assert_string_equal(funnel_of("A-1")->remark_zh,
                        "申报8人次，拨付7人次，相差1人次：未取得证书且无其他适用项目1人次。");
    steps_are(funnel_by(&auditor, SUBSIDY__FUNNEL_BY__BY_QUARTER, 0, 0)->lines[0], "9 9 9 8 8 8 8 7");
}

/* 8 is granted claim 4, which is taken off before it is approved, and then claim 5, which is taken off after. */
static void
what_was_granted_later_can_be_lost_again(void **state)
{
    (void)state;
    six_are_lost();
    answered(8, COMMON__GROUP__VETERAN, true);
    answered(8, COMMON__GROUP__VETERAN, false);
    steps_are(funnel_of("A-1"), "8 8 7 5 4 3 0 0"); /* the ledger has not said what becomes of the money */
    money(LEDGER__EVENT__BODY_COMMITMENT_RELEASED, 4, 1);
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_WITHDRAWN, 0), 1);
    assert_non_null(strstr(funnel_of("A-1")->remark_en, "1 withdrawn before approval: an attestation was withdrawn,"));
    assert_non_null(strstr(funnel_of("A-1")->remark_zh, "核准前撤销（身份认定已撤回）1人次，"));
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_NOTHING_FITS, 0), 0);
    assert_int_equal(funnel_of("A-1")->steps[5]->under_way, 2);
    answered(8, COMMON__GROUP__VETERAN, true);
    steps_are(funnel_of("A-1"), "8 8 7 5 4 3 0 0"); /* claim 5 in the place of claim 4: no seat more */
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_WITHDRAWN, 0), 0);
    assert_int_equal(funnel_of("A-1")->steps[5]->under_way, 3);
    advance_to("2020-06-23");
    steps_are(funnel_of("A-1"), "8 8 7 5 4 3 3 0");
    money(LEDGER__EVENT__BODY_PAID, 2, 2);
    answered(8, COMMON__GROUP__VETERAN, false);
    money(LEDGER__EVENT__BODY_COMMITMENT_RELEASED, 5, 1);
    steps_are(funnel_of("A-1"), "8 8 7 5 4 3 3 2");
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_RELEASED, 0), 1);
    assert_non_null(strstr(funnel_of("A-1")->remark_en, "1 approved and then not paid: an attestation was withdrawn."));
    fits(funnel_of("A-1"));

    /* 1 was paid claim 2: it is due to him no longer, and is owed back once the ledger has said so. */
    answered(1, COMMON__GROUP__VETERAN, false);
    assert_int_equal(funnel_of("A-1")->owed_back, 0);
    taken_back(2);
    steps_are(funnel_of("A-1"), "8 8 7 5 4 3 3 2");
    assert_int_equal(funnel_of("A-1")->owed_back, 1);
    assert_non_null(strstr(funnel_of("A-1")->remark_zh, "。已拨付人次中，1人次须全额退回。"));
    answered(1, COMMON__GROUP__VETERAN, true); /* claim 6: he is followed by what is due to him */
    steps_are(funnel_of("A-1"), "8 8 7 5 4 3 2 1");
    assert_int_equal(funnel_of("A-1")->owed_back, 0);
    fits(funnel_of("A-1"));
}

/* Of 1 claim 2 was due at first; it is granted again when its money was given back. */
static void
a_seat_that_is_granted_again_is_followed_by_what_is_due(void **state)
{
    (void)state;
    six_are_lost();
    answered(1, COMMON__GROUP__VETERAN, false);
    money(LEDGER__EVENT__BODY_COMMITMENT_RELEASED, 2, 1);
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_WITHDRAWN, 0), 1);
    answered(1, COMMON__GROUP__VETERAN, true); /* claim 4 */
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_WITHDRAWN, 0), 0);
    steps_are(funnel_of("A-1"), "8 8 7 5 3 2 0 0");
    advance_to("2020-06-23");
    money(LEDGER__EVENT__BODY_PAID, 3, 2);
    steps_are(funnel_of("A-1"), "8 8 7 5 3 2 2 2");
    fits(funnel_of("A-1"));
}

/* A group that is not known keeps 2 from being judged. */
static void
whoever_can_be_judged_at_last_is_lost_no_longer(void **state)
{
    struct trainee roster[] = {VETERANS(11), {.person = 12, .groups = 1u << 30, .days = 20}};

    (void)state;
    filed(1, "A-1");
    enrolled(1, roster, 2);
    held_for(1, roster, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    steps_are(funnel_of("A-1"), "2 2 2 2 1 1 0 0");
    assert_int_equal(lost_to(funnel_of("A-1"), SUBSIDY__LOSS__LOSS_NOT_JUDGED, 0), 1);
    answered(2, COMMON__GROUP__VETERAN, true);
    steps_are(funnel_of("A-1"), "2 2 2 2 2 2 0 0");
    fits(funnel_of("A-1"));
}

/* The enterprise is due 2,000 yuan for certified training, claim 1, and is paid; the certificate is revoked: it is due
 * 1,000 for pre-job training, claim 2, and the 2,000 come back. */
static void
a_seat_is_followed_by_what_is_due_instead(void **state)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .days = 20};

    (void)state;
    course.kind = COMMON__CLASS_KIND__PRE_JOB;
    course.employer = FACTORY;
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    advance_to("2020-06-23");
    money(LEDGER__EVENT__BODY_PAID, 1, 1);
    steps_are(funnel_of("A-1"), "1 1 1 1 1 1 1 1");
    revoked(1, 1);
    assert_int_equal(last_settled()->claims[0]->claim, 2);
    steps_are(funnel_of("A-1"), "1 1 1 1 1 1 0 0");
    taken_back_fen(1, 200000);
    steps_are(funnel_of("A-1"), "1 1 1 1 1 1 0 0");
    fits(funnel_of("A-1"));
    advance_to("2020-07-01");
    money(LEDGER__EVENT__BODY_PAID, 2, 1);
    steps_are(funnel_of("A-1"), "1 1 1 1 1 1 1 1");
    assert_string_equal(funnel_of("A-1")->remark_en, "");
}

/* ---- Logs from before this was told ---- */

/* The first reassessment of a log is one that did not say it yet. */
static void
apply_as_before(struct jn_tables *t, const Subsidy__Reassessed *event, const struct jn_stamp *stamp)
{
    Subsidy__Reassessed old = *event;

    if (event->reassessment == 1) {
        old.counts = false;
        old.n_counted = 0;
    }
    apply_reassessed(t, &old, stamp);
}

/* Settlements told no tally, once. */
static void
apply_untallied(struct jn_tables *t, const Subsidy__Settled *event, const struct jn_stamp *stamp)
{
    Subsidy__Settled old = *event;

    old.tally = NULL;
    apply_settled(t, &old, stamp);
}

static const struct jn_service *
service_as_before(uint32_t type, jn_any_fn apply)
{
    static struct jn_service service;
    static struct jn_event events[128];

    service = subsidy_service;
    assert_true(service.events_count <= 128);
    memcpy(events, service.events, service.events_count * sizeof(events[0]));
    for (size_t i = 0; i < service.events_count; i++)
        if (events[i].type == type)
            events[i].apply = apply;
    service.events = events;
    return &service;
}

/* 8 stays where it was counted until it is reassessed once more; then claim 4, which was granted first, is followed. */
static void
older_reassessments_count_as_they_did(void **state)
{
    (void)state;
    gone(NULL);
    fresh_of(service_as_before(EVENT_REASSESSED, JN_FN(apply_as_before)));
    six_are_lost();
    answered(8, COMMON__GROUP__VETERAN, true);
    steps_are(funnel_of("A-1"), "8 8 7 5 3 2 0 0");
    advance_to("2020-06-23");
    money(LEDGER__EVENT__BODY_PAID, 4, 1);
    steps_are(funnel_of("A-1"), "8 8 7 5 3 2 2 0");
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 200000, "2020-02-01")), JN_OK);
    reassess_class("A-1"); /* claims 5 to 7 over 200 yuan */
    steps_are(funnel_of("A-1"), "8 8 7 5 4 3 3 1");
    fits(funnel_of("A-1"));
}

/* All are counted as if they had attended: 4, 5 and 6 are refused for want of a certificate, 7 and 8 nothing fits. */
static void
who_is_granted_something_leaves_where_older_settlements_counted_him(void **state)
{
    (void)state;
    gone(NULL);
    fresh_of(service_as_before(EVENT_SETTLED, JN_FN(apply_untallied)));
    some_are_lost();
    steps_are(funnel_of("A-1"), "8 8 8 5 3 2 0 0");
    answered(8, COMMON__GROUP__VETERAN, true);
    steps_are(funnel_of("A-1"), "8 8 8 5 4 3 0 0");
    attended_days(5, 10);
    steps_are(funnel_of("A-1"), "8 8 8 6 5 4 0 0");
    revoked(2, 1);
    reassess_class("A-1");
    steps_are(funnel_of("A-1"), "8 8 8 6 5 5 0 0");
    fits(funnel_of("A-1"));
}

static void
a_question_must_say_what_it_wants(void **state)
{
    Subsidy__FunnelRequest request = SUBSIDY__FUNNEL_REQUEST__INIT;
    const void *reply = NULL;

    (void)state;
    assert_int_equal(jn_world_query(w, &auditor, "Funnel", &request, &reply), JN_MALFORMED);
    request.by = SUBSIDY__FUNNEL_BY__BY_CLASS;
    assert_int_equal(jn_world_query(w, &auditor, "Funnel", &request, &reply), JN_MALFORMED);
    request.class_no = (char *)"nowhere";
    assert_int_equal(jn_world_query(w, &auditor, "Funnel", &request, &reply), JN_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        STORY(each_loss_has_its_step_and_its_reason),
        STORY(approved_and_paid_follow_the_claims),
        STORY(a_seat_with_two_items_is_paid_when_both_are),
        STORY(a_stopped_class_loses_its_seats_where_it_stood),
        STORY(lines_add_up_the_classes),
        STORY(a_page_goes_on_where_the_last_one_ended),
        STORY(the_sum_fits_whatever_became_of_the_claims),
        STORY(a_seat_that_is_granted_something_later_is_lost_no_longer),
        STORY(what_was_granted_later_can_be_lost_again),
        STORY(a_seat_that_is_granted_again_is_followed_by_what_is_due),
        STORY(whoever_can_be_judged_at_last_is_lost_no_longer),
        STORY(a_seat_is_followed_by_what_is_due_instead),
        STORY(older_reassessments_count_as_they_did),
        STORY(who_is_granted_something_leaves_where_older_settlements_counted_him),
        STORY(a_question_must_say_what_it_wants),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
