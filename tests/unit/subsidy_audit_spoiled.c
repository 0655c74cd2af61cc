/* The audit sees what was tampered with of reassessments, of the funnel and of enterprises: each thing that must hold
 * is spoiled once. */
#include "subsidy_audit.h"
#include "subsidy/nouns.h"
#include "subsidy_going.h"

#define FREE COMMON__ITEM__FREE_TRAINING

/* ---- Reassessments ---- */

#define REASSESSED(row) EDIT(Subsidy__Reassessed, jn_get(jn_view_of(t), TABLE_REASSESSMENT, JN_KEY(1, 1)))
#define STOOD(row)      EDIT(Subsidy__EntitlementRow, jn_get(jn_view_of(t), TABLE_ENTITLEMENT, JN_KEY(1, 1, FREE)))

static void
put_reassessed(struct jn_tables *t, const Subsidy__Reassessed *row)
{
    jn_put(t, TABLE_REASSESSMENT, JN_KEY(1, 1), row);
}

static void
put_answer(struct jn_tables *t, const Subsidy__EntitlementRow *row)
{
    jn_put(t, TABLE_ENTITLEMENT, JN_KEY(1, 1, FREE), row);
}

static void
topup_of_another(struct jn_tables *t)
{
    REASSESSED(row);
    row.rows[0]->person = 99;
    put_reassessed(t, &row);
}

static void
reassessment_renumbered(struct jn_tables *t)
{
    REASSESSED(row);
    row.reassessment = 5;
    put_reassessed(t, &row);
}

static void
difference_changed(struct jn_tables *t)
{
    REASSESSED(row);
    row.rows[0]->before_fen++;
    put_reassessed(t, &row);
}

static void
reassessment_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_REASSESSMENT, JN_KEY(1, 1));
}

static void
reassessments_uncounted(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_REASSESSMENT, 9);
}

static void
rest_lessened(struct jn_tables *t)
{
    STOOD(row);
    row.stakes[0]->rest_fen--;
    put_answer(t, &row);
}

static void
answer_turned(struct jn_tables *t)
{
    STOOD(row);
    row.due = false;
    put_answer(t, &row);
}

static void
answer_lost(struct jn_tables *t)
{
    jn_delete(t, TABLE_ENTITLEMENT, JN_KEY(1, 1, FREE));
}

static void
counts_no_longer(struct jn_tables *t)
{
    Subsidy__ChangeRow row = change_of(jn_view_of(t), 1);

    row.over = true;
    jn_put(t, TABLE_CHANGE, JN_KEY(1), &row);
}

static void
more_taken_than_was_due(struct jn_tables *t)
{
    Subsidy__ChangeRow row = change_of(jn_view_of(t), 2);

    row.taken_fen = 180001;
    jn_put(t, TABLE_CHANGE, JN_KEY(2), &row);
}

static void
more_came_back_than_was_due(struct jn_tables *t)
{
    Subsidy__ChangeRow row = change_of(jn_view_of(t), 2);

    row.reversed_fen = 100000;
    row.released_fen = 80001;
    jn_put(t, TABLE_CHANGE, JN_KEY(2), &row);
}

static void
tops_another(struct jn_tables *t)
{
    Subsidy__ChangeRow row = change_of(jn_view_of(t), 3);

    row.tops = 2;
    jn_put(t, TABLE_CHANGE, JN_KEY(3), &row);
}

static void
taken_miscounted(struct jn_tables *t)
{
    struct totals totals;

    totals_load(jn_view_of(t), &totals);
    totals.taken_fen[FREE]++;
    totals_keep(t, &totals);
}

static void
backwards_spoiled(struct jn_tables *t, bool sum)
{
    EDIT(Subsidy__BackwardsRow, jn_get(jn_view_of(t), TABLE_BACKWARDS, JN_KEY(1)));

    if (sum)
        row.more_fen++;
    else
        row.next_settlement = 1;
    jn_put(t, TABLE_BACKWARDS, JN_KEY(1), &row);
}

static void
backwards_moved_more(struct jn_tables *t)
{
    backwards_spoiled(t, true);
}

static void
backwards_half_done(struct jn_tables *t)
{
    backwards_spoiled(t, false);
}

static void
ranks_moved(struct jn_tables *t)
{
    EDIT(Subsidy__PartRow, part_of(jn_view_of(t), 1));

    row.first_rank = 5;
    jn_put(t, TABLE_PART, JN_KEY(1), &row);
}

static void
receipt_sums_up_otherwise(struct jn_tables *t)
{
    EDIT(Subsidy__Receipted, jn_get(jn_view_of(t), TABLE_RECEIPT, JN_KEY(1)));

    row.stood[0]->rest_fen--;
    jn_put(t, TABLE_RECEIPT, JN_KEY(1), &row);
}

static void
receipt_of_another_reassessment(struct jn_tables *t)
{
    EDIT(Subsidy__Receipted, jn_get(jn_view_of(t), TABLE_RECEIPT, JN_KEY(1)));

    row.reassessment = 2;
    jn_put(t, TABLE_RECEIPT, JN_KEY(1), &row);
}

static void
reckoning_planted(struct jn_tables *t, Subsidy__Reckoned kind, uint64_t number)
{
    Subsidy__ReckoningBegun begun = SUBSIDY__RECKONING_BEGUN__INIT;
    Subsidy__ReckoningRow row = SUBSIDY__RECKONING_ROW__INIT;

    begun.number = number;
    begun.class_ = 1;
    row.begun = &begun;
    reckoning_keep(t, kind, number, &row, 1);
}

static void
reckoning_that_none_began(struct jn_tables *t)
{
    reckoning_planted(t, SUBSIDY__RECKONED__SEATS, 1);
}

static void
cancelled_by_nobody(struct jn_tables *t)
{
    reckoning_planted(t, SUBSIDY__RECKONED__CANCELLED_CLASS, 1);
}

static void
late_of_nobody(struct jn_tables *t)
{
    reckoning_planted(t, SUBSIDY__RECKONED__LATE_HISTORY, 99);
}

static void
ask(const char *method, const void *request)
{
    const void *reply = NULL;

    assert_int_equal(jn_world_command(w, &administration, method, request, &reply), JN_OK);
}

/* Claims 1 and 2 of 1,800 yuan; a standard of 2,000 comes late and claim 3 is made over 200, with a receipt; claim 2's
 * certificate is revoked; the same plan under another id is applied backwards and changes nothing. */
static void
given_reassessments(void)
{
    Subsidy__Reassess order = SUBSIDY__REASSESS__INIT;
    Subsidy__ApplyPackBackwards apply = SUBSIDY__APPLY_PACK_BACKWARDS__INIT;
    Subsidy__IssueReceipt receipt = SUBSIDY__ISSUE_RECEIPT__INIT;

    fresh_of(changed_service(true));
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(set_standard(standard(CITY, FREE, 200000, "2020-02-01")), JN_OK);
    order.class_no = (char *)(uintptr_t) "A-1";
    order.document = apply.document = (char *)(uintptr_t) "石人社核〔2020〕1号";
    order.reason = apply.reason = (char *)(uintptr_t) "a standard was set late";
    ask("Reassess", &order);
    receipt.claim = 3;
    ask("IssueReceipt", &receipt);
    revoked(2, 1);
    assert_int_equal(adopt(plan_going("plan-2", "")), JN_OK);
    apply.pack = (char *)(uintptr_t) "plan-2";
    apply.from_day = day_of("2020-05-31");
    apply.until_day = day_of("2020-05-31");
    ask("ApplyPackBackwards", &apply);
    assert_int_equal(jn_world_count(w, EVENT_REASSESSED), 2);
}

/* ---- The funnel ---- */

static void
counted_row_spoiled(struct jn_tables *t, Subsidy__Loss loss, uint64_t number)
{
    EDIT(Subsidy__CountedRow, jn_get(jn_view_of(t), TABLE_COUNTED, JN_KEY(1, 1)));

    row.loss = loss;
    row.claim = number;
    jn_put(t, TABLE_COUNTED, JN_KEY(1, 1), &row);
}

static void
lost_otherwise(struct jn_tables *t)
{
    counted_row_spoiled(t, SUBSIDY__LOSS__LOSS_NO_CERTIFICATE, 2);
}

static void
followed_by_a_strangers_claim(struct jn_tables *t)
{
    counted_row_spoiled(t, SUBSIDY__LOSS__LOSS_REFUSED, 1);
}

static void
followed_no_longer(struct jn_tables *t)
{
    jn_delete(t, TABLE_COUNTED, JN_KEY(1, 1));
}

static void
marked_elsewhere(struct jn_tables *t)
{
    Subsidy__StandingRow row;

    assert_true(standing_edit(jn_view_of(t), 3, &row));
    row.begins.data[0] = 2;
    jn_put(t, TABLE_STANDING, JN_KEY(3), &row);
}

static void
counted_and_never_judged(struct jn_tables *t)
{
    Subsidy__CountedRow row = SUBSIDY__COUNTED_ROW__INIT;

    row.claim = 2;
    jn_put(t, TABLE_COUNTED, JN_KEY(1, 9), &row);
}

static void
cause_changed(struct jn_tables *t)
{
    STANDING(row);

    row.causes.data[0] = SUBSIDY__CAUSE__RULE_CHANGED;
    jn_put(t, TABLE_STANDING, JN_KEY(1), &row);
}

static void
cause_invented(struct jn_tables *t)
{
    Subsidy__StandingRow row;

    assert_true(standing_edit(jn_view_of(t), 3, &row));
    row.causes.len = 1;
    row.causes.data = jn_take(jn_view_of(t), 1);
    row.causes.data[0] = SUBSIDY__CAUSE__RULE_CHANGED;
    jn_put(t, TABLE_STANDING, JN_KEY(3), &row);
}

/* Claim 1 is of class 2, 7's first training. Class 1 is his second, refused for that; he is granted claim 2 for it by
 * the third settlement. */
static void
given_one_granted_later(void)
{
    Subsidy__Reassess order = SUBSIDY__REASSESS__INIT;

    fresh_of(changed_service(true));
    held_for_veteran(2, "A-0", "2020-05-30", 7);
    held_for_veteran(1, "A-1", "2020-05-31", 7);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(refused(1, FREE), COMMON__REASON__SAME_OCCUPATION_LEVEL);
    revoked(2, 1);
    order.class_no = (char *)(uintptr_t) "A-1";
    order.document = (char *)(uintptr_t) "石人社核〔2020〕1号";
    order.reason = (char *)(uintptr_t) "nothing stands in its way";
    ask("Reassess", &order);
    assert_int_equal(last_settled()->settlement, 3);
    assert_int_equal(due(1, FREE), 180000);
}

static void
the_audit_finds_what_was_spoiled_of_seats_granted_later(void)
{
    static const struct {
        void (*spoil)(struct jn_tables *t);
        const char *sentence;
    } cases[] = {
        {lost_otherwise, "class 1, seat 1 was not lost where it is counted no longer"},
        {lost_otherwise, "the funnel of classes is not what their seats and claims add up to"},
        {followed_by_a_strangers_claim, "class 1, seat 1 is followed by another's claim"},
        {followed_no_longer, "class 1, seat 1: something is due to it, and the funnel does not follow that"},
        {followed_no_longer, "the funnel of classes is not what their seats and claims add up to"},
        {marked_elsewhere, "claim 2: its seat is followed where it should not be, or not where it should"},
        {counted_and_never_judged, "class 1, seat 9 is counted anew and was never judged"},
        {cause_changed, "claim 1: reassessment 1 took off all of it, for another cause"},
        {cause_invented, "of 2 claims it is kept why nothing is due any more, it is so of 1"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        given_one_granted_later();
        must_hear(cases[i].spoil, cases[i].sentence);
        gone(NULL);
    }
}

void
the_audit_finds_what_was_spoiled_of_reassessments(void **state)
{
    static const struct {
        void (*spoil)(struct jn_tables *t);
        const char *sentence;
    } cases[] = {
        {topup_of_another, "reassessment 1: claim 3 is not over what it found missing"},
        {reassessment_renumbered, "reassessment 5 lies under another number"},
        {difference_changed, "reassessment 1: seat 1 is not moved by the difference"},
        {reassessment_lost, "0 claims were found missing, 1 were settled for it"},
        {reassessments_uncounted, "there are 2 reassessments, 9 were numbered"},
        {rest_lessened, "claim 1: what stays due of it is not what was settled less what was taken"},
        {answer_turned, "class 1, seat 1: what stands is not what was reassessed last"},
        {answer_lost, "claim 1 was reassessed, and no answer stands for it"},
        {counts_no_longer, "claim 1 counts for limits and is not due, or the other way round"},
        {more_taken_than_was_due, "claim 2: more was taken off or came back than was due"},
        {more_came_back_than_was_due, "claim 2: more was taken off or came back than was due"},
        {tops_another, "claim 3 tops another than it was settled for"},
        {taken_miscounted, "the totals of what was taken off are not what became of the claims"},
        {backwards_moved_more, "packs applied backwards moved something else than they say"},
        {backwards_half_done, "pack plan-2 was applied backwards in part"},
        {ranks_moved, "settlement 1: its ranks are others' than are kept"},
        {receipt_sums_up_otherwise, "receipt 1 does not say what was settled"},
        {receipt_of_another_reassessment, "receipt 1 does not say what was settled"},
        {reckoning_that_none_began, "a reckoning of kind 0, 1, goes on about nothing, or not at all"},
        {cancelled_by_nobody, "a reckoning of kind 1, 1, goes on about nothing, or not at all"},
        {late_of_nobody, "a reckoning of kind 2, 99, goes on about nothing, or not at all"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        given_reassessments();
        must_hear(cases[i].spoil, cases[i].sentence);
        gone(NULL);
    }
    the_audit_finds_what_was_spoiled_of_seats_granted_later();
}

/* ---- What older logs say ---- */

static void
older_review(struct jn_tables *t)
{
    Subsidy__ReviewMoved moved = SUBSIDY__REVIEW_MOVED__INIT;
    struct jn_stamp stamp = {.time_ms = jn_world_now(w)};

    moved.class_ = 1;
    moved.next_rank = 1;
    apply_review_moved(t, &moved, &stamp);
}

static void
older_late(struct jn_tables *t)
{
    Subsidy__LateMoved moved = SUBSIDY__LATE_MOVED__INIT;
    struct jn_stamp stamp = {.time_ms = jn_world_now(w)};

    moved.person = 7;
    moved.next_settlement = 2;
    apply_late_moved(t, &moved, &stamp);
}

/* Two of 1,800.00 in a class that is cancelled: a log of before says that the first was reckoned again. The second is,
 * and the first is not once more. Then two trainings of a person; that both were paid elsewhere is told late; a log of
 * before says that the first was looked at: it is not taken back, though each of them is too many (2.10-c: once an
 * occupation and level). */
void
steps_that_older_logs_began_go_on(void **state)
{
    struct trainee both[2] = {{.person = 7, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20},
                              {.person = 8, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20, .rank = 1}};
    Enrollment__ClassCancelled cancelled = ENROLLMENT__CLASS_CANCELLED__INIT;

    (void)state;
    fresh_of(changed_service(true));
    filed(1, "A-1");
    held_for(1, both, 2);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    cancelled.class_ = 1;
    cancelled.document = (char *)(uintptr_t) "X-1";
    cancelled.reason = (char *)(uintptr_t) "it was never held";
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &cancelled);
    spoil = older_review;
    stopped(9);
    advance_to("2020-06-16");
    assert_int_equal(claim(1)->taken_fen, 0);
    assert_int_equal(claim(2)->taken_fen, 180000);
    assert_int_equal(jn_world_count(w, EVENT_RECKONING_MOVED), 1);
    gone(NULL);

    fresh_of(changed_service(true));
    held_for_veteran(1, "A-1", "2020-05-30", 7);
    course.level = 4;
    held_for_veteran(2, "A-2", "2020-05-31", 7);
    course.level = 5;
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(settled->claims, 2);
    paid_before(7, FREE, "2019-01-10", course.occupation, 5, 0);
    paid_before(7, FREE, "2019-02-10", course.occupation, 4, 0);
    spoil = older_late;
    stopped(9);
    advance_to("2020-06-16");
    assert_int_equal(claim(1)->taken_fen, 0);
    assert_int_equal(claim(2)->taken_fen, 180000);
    assert_int_equal(jn_world_count(w, EVENT_RECKONING_MOVED), 1);
    gone(NULL);
}

/* ---- Enterprises ---- */

#define LISTED(row)  EDIT(Subsidy__ToReassessRow, jn_get(jn_view_of(t), TABLE_TO_REASSESS, JN_KEY(1, 0)))
#define CHANGED(row) EDIT(Subsidy__EnterpriseChange, jn_get(jn_view_of(t), TABLE_ENTERPRISE_CHANGE, JN_KEY(1)))

static void
class_unlisted(struct jn_tables *t)
{
    jn_delete(t, TABLE_TO_REASSESS, JN_KEY(2, 0));
}

static void
class_looked_at_in_part(struct jn_tables *t)
{
    LISTED(row);
    row.from_rank = 3;
    jn_put(t, TABLE_TO_REASSESS, JN_KEY(1, 0), &row);
}

static void
class_looked_at_whole(struct jn_tables *t)
{
    LISTED(row);
    row.from_rank = 6;
    jn_put(t, TABLE_TO_REASSESS, JN_KEY(1, 0), &row);
}

static void
class_of_another_enterprise(struct jn_tables *t)
{
    LISTED(row);
    row.enterprise = SCHOOL;
    jn_put(t, TABLE_TO_REASSESS, JN_KEY(1, 0), &row);
}

static void
class_listed_by_no_reassessment(struct jn_tables *t)
{
    LISTED(row);
    row.because_class = 2;
    row.reassessment = 1;
    jn_put(t, TABLE_TO_REASSESS, JN_KEY(1, 0), &row);
}

static void
change_without_a_step(struct jn_tables *t)
{
    CHANGED(row);
    row.done = false;
    jn_put(t, TABLE_ENTERPRISE_CHANGE, JN_KEY(1), &row);
}

static void
change_forgotten(struct jn_tables *t)
{
    jn_delete(t, TABLE_ENTERPRISE_CHANGE, JN_KEY(1));
}

static void
settlement_forgotten(struct jn_tables *t)
{
    jn_delete(t, TABLE_ENTERPRISE_PART, JN_KEY(FACTORY, 1));
}

static void
settlement_of_another(struct jn_tables *t)
{
    jn_put(t, TABLE_ENTERPRISE_PART, JN_KEY(SCHOOL, 1),
           jn_get(jn_view_of(t), TABLE_ENTERPRISE_PART, JN_KEY(FACTORY, 1)));
}

static void
packs_miscounted(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_ENTERPRISE_PACKS, 2);
}

/* Six and one of the factory's; then it is told what it was paid before: both classes are listed. */
static void
given_enterprises(void)
{
    struct trainee trainees[6];

    fresh_of(changed_service(true));
    assert_int_equal(adopt(place("qinghe-2022")), JN_OK);
    course.kind = COMMON__CLASS_KIND__PRE_JOB;
    course.employer = FACTORY;
    for (uint32_t i = 0; i < 6; i++)
        trainees[i] =
            (struct trainee){.person = 10 + i, .groups = GROUPS(COMMON__GROUP__ENTERPRISE_EMPLOYEE), .rank = i};
    filed(1, "A-1");
    held_for(1, trainees, 6);
    trainees[0].person = 20;
    filed(2, "A-2");
    held_for(2, trainees, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    enterprise_paid(FACTORY, "2019-11-20", 100, 1);
    jn_world_advance(w, jn_world_now(w) + 1000);
}

void
the_audit_finds_what_was_spoiled_of_enterprises(void **state)
{
    static const struct {
        void (*spoil)(struct jn_tables *t);
        const char *sentence;
    } cases[] = {
        {class_unlisted, "class 2 was held against what its enterprise was paid before change 1, and is not listed"},
        {class_looked_at_in_part, "class 1 was held against what its enterprise was paid before change 1"},
        {class_looked_at_whole, "class 1 is to be reassessed for its enterprise, and nothing says so"},
        {class_of_another_enterprise, "class 1 is to be reassessed for its enterprise, and nothing says so"},
        {class_listed_by_no_reassessment, "class 1 is to be reassessed for its enterprise, and nothing says so"},
        {change_without_a_step, "change 1 of what an enterprise was paid: no step is set for it"},
        {change_forgotten, "settlements, changes or packs that look at enterprises are not as many as were counted"},
        {settlement_forgotten, "settlements, changes or packs that look at enterprises are not as many"},
        {settlement_of_another, "settlement 1 stands under an enterprise that it was not of"},
        {packs_miscounted, "settlements, changes or packs that look at enterprises are not as many"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        given_enterprises();
        must_hear(cases[i].spoil, cases[i].sentence);
        gone(NULL);
    }
}
