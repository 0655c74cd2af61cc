/* Limits that look at an enterprise, in the service: what it was paid here and before, and which classes may come out
 * otherwise when that changes. With the other places' stories. */
#include "subsidy_given.h"
#include "subsidy/policy/case.h"
#include "subsidy_places.h"

/* ---- What the enterprise was paid: 10,000.00 within 36 months; each gets half of a cost of 4,500.00 ---- */

static void
employees_of(uint64_t employer, uint64_t class, const char *class_no, uint32_t count)
{
    struct trainee trainees[6];

    for (uint32_t i = 0; i < count; i++)
        trainees[i] =
            (struct trainee){.person = class * 10 + i, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .rank = i};
    course.kind = COMMON__CLASS_KIND__PRE_JOB;
    course.employer = employer;
    course.cost_fen = 450000;
    filed(class, class_no);
    held_for(class, trainees, count);
}

static void
must_be(const int64_t amounts[], uint32_t count)
{
    for (uint32_t seat = 1; seat <= count; seat++) {
        assert_int_equal(due(seat, COMMON__ITEM__PRE_JOB_TRAINING), amounts[seat - 1]);
        if (amounts[seat - 1] < 0)
            assert_int_equal(refused(seat, COMMON__ITEM__PRE_JOB_TRAINING), COMMON__REASON__ENTERPRISE_CAP);
    }
}

/* 4 x 2,250.00 are 9,000.00: the fifth gets what is left, the sixth and the next class nothing. */
static const int64_t capped[] = {225000, 225000, 225000, 225000, 100000, -1}, whole[] = {225000}, nothing[] = {-1};

static void
an_enterprise_is_paid_no_more_than_its_cap(void **state)
{
    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(capped, 6);
    employees_of(FACTORY, 2, "A-2", 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(nothing, 1);
    must_tell_what_if(
        "A-2", COMMON__ITEM__PRE_JOB_TRAINING,
        "The limit of the enterprise is 10000.00 yuan within 36 months, and 10000.00 yuan of it were used "
        "before; the first of it counts no longer for a training that ends from 2023-05-31 on. Nothing "
        "that the person can change would help.");
    employees_of(UNINSURED, 3, "A-3", 1); /* another enterprise */
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(whole, 1);
}

static void
employees_until(uint64_t class, const char *class_no, const char *end)
{
    struct trainee trainee = {.person = class * 10, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE)};

    filed_until(class, class_no, end);
    held_for(class, &trainee, 1);
    assert_int_equal(settle(end), JN_OK);
}

/* Classes that end on 2020-05-31: three years later to the day they count, one day later they do not. */
static void
what_lies_longer_ago_does_not_count(void **state)
{
    Policy__Pack *pack = place("qinghe-2022");

    (void)state;
    assert_int_equal(adopt(pack), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    advance_to("2023-06-10");
    employees_until(2, "A-2", "2023-05-30");
    must_be(nothing, 1);
    employees_until(3, "A-3", "2023-05-31");
    must_be(whole, 1);
}

/* The most of it in numbers: a limit of two people a year. */
static void
people_are_counted_as_well_as_money(void **state)
{
    static const int64_t two[] = {225000, 225000, -1};
    Policy__Pack *pack = place("qinghe-2022");
    Policy__Limit *limit = pack->limits[pack->n_limits - 1];

    (void)state;
    limit->kind = POLICY__LIMIT_KIND__TIMES_PAID;
    limit->cap_fen = 0;
    limit->most = 2;
    limit->within = POLICY__WITHIN__YEAR;
    limit->months = 0;
    assert_int_equal(adopt(pack), JN_OK);
    employees_of(FACTORY, 1, "A-1", 3);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(two, 3);
}

static const Subsidy__ReassessReply *
reassessed(const char *class_no)
{
    Subsidy__Reassess order = SUBSIDY__REASSESS__INIT;
    const void *reply = NULL;

    order.class_no = (char *)(uintptr_t)class_no;
    order.document = order.reason = (char *)(uintptr_t) "X-2";
    assert_int_equal(jn_world_command(w, &administration, "Reassess", &order, &reply), JN_OK);
    return reply;
}

static bool
reproduced(const char *class_no, uint32_t seat)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const void *reply = NULL;

    request.class_no = (char *)(uintptr_t)class_no;
    request.seat = seat;
    request.item = COMMON__ITEM__PRE_JOB_TRAINING;
    assert_int_equal(jn_world_query(w, &auditor, "Explain", &request, &reply), JN_OK);
    return ((const Subsidy__ExplainView *)reply)->reproduced;
}

/* Nothing has changed: nothing moves. The first class is cancelled: its 10,000.00 are free, and the second, reckoned
 * again, gets its 2,250.00; then 10,000.00 - 2,250.00 = 7,750.00 are left: three times 2,250.00, and 1,000.00. What was
 * settled before stays explained as it stood then. */
static void
what_is_taken_back_is_free_again(void **state)
{
    static const int64_t rest[] = {225000, 225000, 225000, 100000, -1};
    Enrollment__ClassCancelled cancelled = ENROLLMENT__CLASS_CANCELLED__INIT;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    employees_of(FACTORY, 2, "A-2", 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(reassessed("A-1")->changed, 0);
    assert_int_equal(reassessed("A-2")->changed, 0);
    cancelled.class_ = 1;
    cancelled.document = cancelled.reason = (char *)(uintptr_t) "X-1";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &cancelled);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_int_equal(reassessed("A-2")->more_fen, 225000);
    employees_of(FACTORY, 3, "A-3", 5);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(rest, 5);
    for (uint32_t seat = 1; seat <= 6; seat++)
        assert_true(reproduced("A-1", seat));
    assert_true(reproduced("A-2", 1));
    assert_true(reproduced("A-3", 4));
}

/* A receipt's sum comes out with nothing but the receipt: it tells what the enterprise was paid. */
static void
a_receipt_tells_what_the_enterprise_was_paid(void **state)
{
    Subsidy__IssueReceipt command = SUBSIDY__ISSUE_RECEIPT__INIT;
    const Subsidy__Receipted *said;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    command.claim = 5;
    assert_int_equal(jn_world_command(w, &administration, "IssueReceipt", &command, NULL), JN_OK);
    said = jn_world_last(w, EVENT_RECEIPTED);
    assert_true(said->facts->enterprise_known);
    assert_int_equal(said->facts->n_enterprise_history, 1);
    assert_int_equal(said->facts->enterprise_history[0]->amount_fen, 900000);
    assert_int_equal(said->facts->enterprise_history[0]->times, 4);
}

static const Subsidy__Receipted *
receipted(uint64_t claim)
{
    Subsidy__IssueReceipt command = SUBSIDY__ISSUE_RECEIPT__INIT;

    command.claim = claim;
    assert_int_equal(jn_world_command(w, &administration, "IssueReceipt", &command, NULL), JN_OK);
    return jn_world_last(w, EVENT_RECEIPTED);
}

/* Does the paper's sum come out with nothing but itself and the pack, as `jineng proof check` reckons it? */
static bool
comes_out(const Subsidy__Receipted *receipt)
{
    static struct paid_before history[POLICY_HISTORY_MAX], enterprise[POLICY_HISTORY_MAX];
    static struct evaluation evaluation;
    struct case_figures figures;
    struct policy_view view = case_view(receipt->facts, place("qinghe-2022"), &figures);
    struct facts facts;

    return case_facts(receipt->facts, &facts, history, enterprise) && evaluate(&view, &facts, &evaluation) &&
           evaluation.benefits[receipt->item].amount_fen == receipt->amount_fen;
}

/* ---- What it was paid before the suite ---- */

/* Of 10,000.00 within 36 months 8,000.00 were paid: 7,000.00 and 1,000.00 on two days. What lies a day further back
 * than 2017-06-01, what another enterprise was paid, and what cannot have been paid, do not count: 2,000.00 are left
 * for the first, nothing for the others. */
static void
what_was_paid_before_the_suite_counts(void **state)
{
    static const int64_t cut[] = {200000, -1, -1};
    const Subsidy__Settled *told;
    const Subsidy__Receipted *said;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    enterprise_paid(FACTORY, "2017-05-31", 500000, 1);
    enterprise_paid(FACTORY, "2017-06-01", 100000, 1);
    enterprise_paid(FACTORY, "2019-11-20", 500000, 2);
    enterprise_paid(FACTORY, "2019-11-20", 200000, 1);
    enterprise_paid(UNINSURED, "2019-11-20", 900000, 1);
    enterprise_paid(FACTORY, "2019-11-20", -900000, 1);
    enterprise_paid(FACTORY, "2019-11-20", 900000, 0);
    assert_int_equal(jn_world_count(w, SUBSIDY__EVENT__BODY_ENTERPRISE_HISTORY_NOTED), 5);
    employees_of(FACTORY, 1, "A-1", 3);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(cut, 3);
    told = jn_world_last(w, EVENT_SETTLED);
    assert_true(told->facts->enterprise_known);
    assert_int_equal(told->facts->n_enterprise, 2); /* a line a year */
    assert_int_equal(told->facts->enterprise[0]->amount_fen, 100000);
    assert_int_equal(told->facts->enterprise[1]->amount_fen, 700000);
    assert_int_equal(told->facts->enterprise[1]->times, 3);
    assert_true(comes_out(receipted(1)));
    said = receipted(1);
    assert_int_equal(said->facts->n_enterprise_history, 2);
    said->facts->enterprise_history[1]->amount_fen--;
    assert_false(comes_out(said)); /* 2,000.01 would be left */
    for (uint32_t seat = 1; seat <= 3; seat++)
        assert_true(reproduced("A-1", seat));
}

/* Two people a year, and one was paid for in January: one is left. */
static void
people_who_were_paid_for_before_are_counted(void **state)
{
    static const int64_t one[] = {225000, -1};
    Policy__Pack *pack = place("qinghe-2022");
    Policy__Limit *limit = pack->limits[pack->n_limits - 1];

    (void)state;
    limit->kind = POLICY__LIMIT_KIND__TIMES_PAID;
    limit->cap_fen = 0;
    limit->most = 2;
    limit->within = POLICY__WITHIN__YEAR;
    limit->months = 0;
    assert_int_equal(adopt(pack), JN_OK);
    enterprise_paid(FACTORY, "2020-01-02", 100, 1);
    enterprise_paid(FACTORY, "2019-12-31", 100, 9);
    employees_of(FACTORY, 1, "A-1", 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(one, 2);
}

/* ---- What may come out otherwise ---- */

static const Subsidy__ToReassessView *
to_reassess(size_t classes)
{
    Subsidy__ToReassessRequest request = SUBSIDY__TO_REASSESS_REQUEST__INIT;
    const Subsidy__ToReassessView *view;
    const void *reply = NULL;

    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_int_equal(jn_world_query(w, &auditor, "ToReassess", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, classes);
    for (size_t i = 0; i < view->n_rows; i++) {
        assert_true(view->rows[i]->enterprise);
        assert_int_equal(view->rows[i]->seat, 0);
    }
    return view;
}

static void
withdrawn(uint64_t class, uint32_t seat)
{
    Enrollment__AttestationWithdrawn event = ENROLLMENT__ATTESTATION_WITHDRAWN__INIT;
    Enrollment__WithdrawnAttestation one = ENROLLMENT__WITHDRAWN_ATTESTATION__INIT, *rows[] = {&one};

    event.class_ = class;
    event.department = COMMON__DEPARTMENT__HUMAN_RESOURCES;
    event.document = event.reason = (char *)(uintptr_t) "X-3";
    event.rows = rows;
    event.n_rows = 1;
    one.seat = seat;
    one.group = COMMON__GROUP__ENTERPRISE_EMPLOYEE;
    one.answer = ENROLLMENT__ANSWER__DENIED;
    one.denied = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE);
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ATTESTATION_WITHDRAWN, &event);
}

static void
cancelled(uint64_t class)
{
    Enrollment__ClassCancelled event = ENROLLMENT__CLASS_CANCELLED__INIT;

    event.class_ = class;
    event.document = event.reason = (char *)(uintptr_t) "X-1";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &event);
}

/* The first class is cancelled: the second, which found nothing left, may get something, and so may the fourth, once
 * the second was reckoned again; another enterprise's may not. */
static void
later_classes_of_the_enterprise_are_listed(void **state)
{
    const Subsidy__ToReassessView *view;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    employees_of(FACTORY, 2, "A-2", 5);
    employees_of(UNINSURED, 3, "A-3", 1);
    employees_of(FACTORY, 4, "A-4", 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    to_reassess(0);
    cancelled(1);
    view = to_reassess(2);
    assert_string_equal(view->rows[0]->class_no, "A-2");
    assert_string_equal(view->rows[0]->because_class_no, "A-1");
    assert_int_equal(view->rows[0]->reassessment, 1);
    assert_int_equal(view->rows[0]->from_rank, 0);
    assert_string_equal(view->rows[1]->class_no, "A-4");
    employees_of(FACTORY, 5, "A-5", 1); /* sees it as it is */
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(due(1, COMMON__ITEM__PRE_JOB_TRAINING), 225000);
    to_reassess(2);
    assert_int_equal(reassessed("A-2")->more_fen, 1000000); /* nothing of A-5 stands before it */
    view = to_reassess(2);
    assert_string_equal(view->rows[0]->class_no, "A-4");
    assert_string_equal(view->rows[0]->because_class_no, "A-2");
    assert_string_equal(view->rows[1]->class_no, "A-5");
    assert_int_equal(reassessed("A-4")->changed, 0);
    view = to_reassess(1);
    assert_int_equal(reassessed("A-5")->less_fen, 225000);
    to_reassess(0);
}

/* One seat of six is not due any more: of the freed 2,250.00 the fifth may get 1,250.00 and the sixth 1,000.00. */
static void
the_seats_behind_in_the_same_class_are_listed(void **state)
{
    const Subsidy__ToReassessView *view;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(capped, 6);
    withdrawn(1, 1);
    view = to_reassess(1);
    assert_string_equal(view->rows[0]->class_no, "A-1");
    assert_string_equal(view->rows[0]->because_class_no, "A-1");
    assert_int_equal(view->rows[0]->from_rank, 1);
    assert_int_equal(reassessed("A-1")->more_fen, 225000);
    to_reassess(0);
    withdrawn(1, 6); /* the last: nobody is behind */
    to_reassess(0);
}

/* By whom nothing may come out otherwise nothing is listed: another item, another enterprise, another time, a plan
 * without such a limit. A named seat is not the class. */
static void
history_told_late_lists_whom_it_is_about(void **state)
{
    Subsidy__Reassess order = SUBSIDY__REASSESS__INIT;
    const Subsidy__ToReassessView *view;
    uint32_t seat = 1;

    (void)state;
    employees_of(FACTORY, 1, "A-1", 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    enterprise_paid(FACTORY, "2019-11-20", 100, 1);
    to_reassess(0);
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 2, "A-2", 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    enterprise_paid(UNINSURED, "2019-11-20", 900000, 1);
    enterprise_paid(FACTORY, "2017-05-31", 900000, 1); /* 36 months before the class ends it had gone by */
    enterprise_paid(FACTORY, "2020-06-01", 900000, 1); /* it came behind */
    to_reassess(0);
    enterprise_paid(FACTORY, "2017-06-01", 900000, 1);
    view = to_reassess(1);
    assert_string_equal(view->rows[0]->class_no, "A-2");
    assert_string_equal(view->rows[0]->because_class_no, "");
    order.class_no = (char *)(uintptr_t) "A-2";
    order.document = order.reason = (char *)(uintptr_t) "X-2";
    order.seats = &seat;
    order.n_seats = 1;
    assert_int_equal(jn_world_command(w, &administration, "Reassess", &order, NULL), JN_OK);
    to_reassess(1);
    assert_int_equal(reassessed("A-2")->changed, 0);
    to_reassess(0);
}

/* A step passes 200 settlements at most, a page of the list has as many lines. */
static void
many_classes_are_listed_in_steps(void **state)
{
    Subsidy__ToReassessRequest request = SUBSIDY__TO_REASSESS_REQUEST__INIT;
    const Subsidy__ToReassessView *view;
    const void *reply = NULL;
    char class_no[16];

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    jn_world_gather(w, true);
    for (uint32_t class = 1; class <= 201; class ++) {
        snprintf(class_no, sizeof(class_no), "A-%03u", class);
        employees_of(FACTORY, class, class_no, 1);
    }
    jn_world_gather(w, false);
    do
        assert_int_equal(settle("2020-06-15"), JN_OK);
    while (!settled->done);
    enterprise_paid(FACTORY, "2019-11-20", 100, 1);
    view = to_reassess(200);
    assert_int_equal(jn_world_count(w, SUBSIDY__EVENT__BODY_ENTERPRISE_CHANGE_MOVED), 2);
    assert_true(view->more);
    request.after_class = view->through_class;
    request.after_seat = view->through_seat;
    assert_int_equal(jn_world_query(w, &auditor, "ToReassess", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 1);
    assert_string_equal(view->rows[0]->class_no, "A-201");
    assert_false(view->more);
}

/* Ten classes, each settled by a pack of its own: a step reads eight of them. */
static void
many_packs_are_read_in_steps(void **state)
{
    char class_no[16];

    (void)state;
    for (uint32_t class = 1; class <= 10; class ++) {
        Policy__Pack *pack = place("qinghe-2022");

        pack->id[0] = (char)('a' + class);
        assert_int_equal(adopt(pack), JN_OK);
        snprintf(class_no, sizeof(class_no), "A-%03u", class);
        employees_of(FACTORY, class, class_no, 1);
        assert_int_equal(settle("2020-06-15"), JN_OK);
    }
    enterprise_paid(FACTORY, "2019-11-20", 100, 1);
    to_reassess(10);
    assert_int_equal(jn_world_count(w, SUBSIDY__EVENT__BODY_ENTERPRISE_CHANGE_MOVED), 2);
}

/* Told late: nothing moves by itself; reckoned again, the class is held against it. 10,000.00 - 6,000.00 = 4,000.00:
 * 2,250.00 and 1,750.00 of the 4 x 2,250.00 + 1,000.00 stay. */
static void
what_is_told_late_counts_when_it_is_reckoned_again(void **state)
{
    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(capped, 6);
    enterprise_paid(FACTORY, "2019-11-20", 600000, 2);
    to_reassess(1);
    assert_int_equal(reassessed("A-1")->less_fen, 600000);
    to_reassess(0);
    for (uint32_t seat = 1; seat <= 6; seat++)
        assert_true(reproduced("A-1", seat));
}

/* Five find nothing left; the class that took all is cancelled, and they are reckoned again: four times 2,250.00, and
 * 1,000.00 to the fifth. Each one's receipt counts those before him, and still does when others have come. */
static void
what_a_reassessment_finds_has_its_receipt_under_a_cap(void **state)
{
    Enrollment__ClassCancelled cancelled = ENROLLMENT__CLASS_CANCELLED__INIT;
    const Subsidy__Receipted *said;

    (void)state;
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    employees_of(FACTORY, 1, "A-1", 6); /* claims 1 to 5 */
    employees_of(FACTORY, 2, "A-2", 5);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    cancelled.class_ = 1;
    cancelled.document = cancelled.reason = (char *)(uintptr_t) "X-1";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &cancelled);
    jn_world_advance(w, jn_world_now(w) + 1000);
    assert_int_equal(reassessed("A-2")->more_fen, 1000000); /* claims 6 to 10 */
    employees_of(FACTORY, 3, "A-3", 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    must_be(nothing, 1);

    said = receipted(6);
    assert_int_equal(said->amount_fen, 225000);
    assert_true(said->facts->enterprise_known);
    assert_int_equal(said->facts->n_enterprise_history, 0);
    said = receipted(8);
    assert_int_equal(said->facts->n_enterprise_history, 1);
    assert_int_equal(said->facts->enterprise_history[0]->amount_fen, 450000);
    assert_int_equal(said->facts->enterprise_history[0]->times, 2);
    said = receipted(10);
    assert_int_equal(said->amount_fen, 100000);
    assert_int_equal(said->facts->enterprise_history[0]->amount_fen, 900000);
    assert_int_equal(said->facts->enterprise_history[0]->times, 4);
    assert_int_equal(said->reassessment, 2); /* the first took all of A-1 back */
}

/* ---- All of them ---- */

int
enterprise_stories(void)
{
    const struct CMUnitTest stories[] = {
        STORY(an_enterprise_is_paid_no_more_than_its_cap),
        STORY(what_lies_longer_ago_does_not_count),
        STORY(people_are_counted_as_well_as_money),
        STORY(what_is_taken_back_is_free_again),
        STORY(a_receipt_tells_what_the_enterprise_was_paid),
        STORY(what_was_paid_before_the_suite_counts),
        STORY(people_who_were_paid_for_before_are_counted),
        STORY(later_classes_of_the_enterprise_are_listed),
        STORY(the_seats_behind_in_the_same_class_are_listed),
        STORY(history_told_late_lists_whom_it_is_about),
        STORY(many_classes_are_listed_in_steps),
        STORY(many_packs_are_read_in_steps),
        STORY(what_is_told_late_counts_when_it_is_reckoned_again),
        STORY(what_a_reassessment_finds_has_its_receipt_under_a_cap),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
