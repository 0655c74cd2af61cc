/* The audit sees what was tampered with of reassessments, and of the way of a claim: each thing that must hold is
 * spoiled once. */
#include "subsidy_audit.h"
#include "subsidy_going.h"

#define FREE COMMON__ITEM__FREE_TRAINING

/* ---- Reassessments ---- */

#define REASSESSED(row) EDIT(Subsidy__Reassessed, jn_get(jn_view_of(t), TABLE_REASSESSMENT, JN_KEY(1, 1)))
#define ANSWER(row)     EDIT(Subsidy__EntitlementRow, jn_get(jn_view_of(t), TABLE_ENTITLEMENT, JN_KEY(1, 1, FREE)))

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
    ANSWER(row);
    row.stakes[0]->rest_fen--;
    put_answer(t, &row);
}

static void
answer_turned(struct jn_tables *t)
{
    ANSWER(row);
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
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        given_reassessments();
        must_hear(cases[i].spoil, cases[i].sentence);
        gone(NULL);
    }
}

/* ---- The way ---- */

static void
returned_is_approved(struct jn_tables *t)
{
    STANDING(row);
    row.states.data[1] |= CLAIM_APPROVED;
    jn_put(t, TABLE_STANDING, JN_KEY(1), &row);
}

static void
returned_from_the_notice(struct jn_tables *t)
{
    EDIT(Subsidy__ApartRow, apart_of(jn_view_of(t), 2));

    row.step = 4;
    jn_put(t, TABLE_APART, JN_KEY(2), &row);
}

static void
returned_without_a_term(struct jn_tables *t)
{
    term_drop(t, SUBSIDY__DUE__DUE_ALONE, 2);
}

static void
all_at_the_gates(struct jn_tables *t)
{
    STANDING(row);
    row.step = 5;
    jn_put(t, TABLE_STANDING, JN_KEY(1), &row);
}

static void
reminded_in_secret(struct jn_tables *t)
{
    EDIT(Subsidy__TermRow, term_of(jn_view_of(t), SUBSIDY__DUE__DUE_STEP, 1));

    row.reminders = 1;
    jn_put(t, TABLE_TERM, JN_KEY(SUBSIDY__DUE__DUE_STEP, 1), &row);
}

static void
settlement_without_a_term(struct jn_tables *t)
{
    term_drop(t, SUBSIDY__DUE__DUE_STEP, 1);
}

static void
objections_miscounted(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_OBJECTIONS_OPEN, 1);
}

static void
overdue_miscounted(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_OVERDUE, 1);
}

static void
cases_miscounted(struct jn_tables *t)
{
    jn_counter_set(t, COUNTER_CASES_OPEN, 1);
}

/* Claim 1 waits for finance with its settlement; claim 2 was returned to whom it is due. */
static void
given_a_way(void)
{
    struct trainee trainee = {.person = 7, .groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10};

    fresh_of(changed_service(true));
    employment = jn_world_agency("human_resources.employment_service", ROLE_EMPLOYMENT_SERVICE);
    hr = jn_world_agency("human_resources.administration", ROLE_ADMINISTRATION);
    finance = jn_world_agency("finance", ROLE_FINANCE);
    going_by("going", the_way);
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(confirm_all(1), JN_OK);
    assert_int_equal(review_but(&hr, 1, 2), JN_OK);
    assert_string_equal(claim(2)->state, "returned");
}

void
the_audit_finds_what_was_spoiled_of_the_way(void **state)
{
    static const struct {
        void (*spoil)(struct jn_tables *t);
        const char *sentence;
    } cases[] = {
        {returned_is_approved, "claim 2 is approved before its notice is over"},
        {returned_from_the_notice, "claim 2 is returned from no review"},
        {returned_without_a_term, "claim 2 has a term that is not its own, or none"},
        {all_at_the_gates, "claim 1 waits at the gates with its settlement"},
        {reminded_in_secret, "a term of kind 1, 1, is in the wrong list"},
        {settlement_without_a_term, "settlement 1 waits without a term"},
        {objections_miscounted, "0 objections are listed as open, 0 are"},
        {overdue_miscounted, "0 terms are listed as overdue, 0 are"},
        {cases_miscounted, "0 cases are listed as open, 0 are"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        given_a_way();
        must_hear(cases[i].spoil, cases[i].sentence);
        gone(NULL);
    }
}

/* ---- What registers tell, what was paid ahead ---- */

#define JOB_BONUS 24 /* qinghe-2022 */

static void
awaited_a_day_longer(struct jn_tables *t)
{
    EDIT(Subsidy__OutstandingRow, jn_get(jn_view_of(t), TABLE_OUTSTANDING, JN_KEY(1, 1, JOB_BONUS)));

    row.until_day++;
    jn_put(t, TABLE_OUTSTANDING, JN_KEY(1, 1, JOB_BONUS), &row);
}

static void
awaited_and_not_listed(struct jn_tables *t)
{
    jn_delete(t, TABLE_OUTSTANDING, JN_KEY(1, 1, JOB_BONUS));
}

static void
awaited_uncounted(struct jn_tables *t)
{
    jn_delete(t, TABLE_OUTSTANDING_DAY, JN_KEY(1, day_up(day_of("2020-11-30"))));
}

static void
awaited_without_a_term(struct jn_tables *t)
{
    term_drop(t, SUBSIDY__DUE__DUE_AWAITED, 1);
}

static void
awaited_by_another_term(struct jn_tables *t)
{
    EDIT(Subsidy__TermRow, term_of(jn_view_of(t), SUBSIDY__DUE__DUE_AWAITED, 1));

    row.due_day++;
    jn_put(t, TABLE_TERM, JN_KEY(SUBSIDY__DUE__DUE_AWAITED, 1), &row);
}

static void
told_without_a_day(struct jn_tables *t)
{
    Subsidy__RegisterRow row = SUBSIDY__REGISTER_ROW__INIT;

    row.outcomes = POLICY_BIT(POLICY__OUTCOME__EMPLOYED);
    row.outcome_day = day_of("2020-06-10");
    jn_put(t, TABLE_REGISTER, JN_KEY(1, 1), &row);
}

static void
more_given_up_than_unearned(struct jn_tables *t)
{
    Subsidy__AheadRow row = SUBSIDY__AHEAD_ROW__INIT;

    row.ahead_fen = row.unearned_fen = 100;
    row.given_up_fen = 101;
    row.rule = 206;
    jn_put(t, TABLE_AHEAD, JN_KEY(1, 1, JOB_BONUS), &row);
}

/* Six months after 2020-05-31. */
static void
given_a_window(void)
{
    struct trainee trainee = {
        .person = 7, .groups = GROUPS(COMMON__GROUP__UNEMPLOYED), .days = 20, .household = COMMON__HOUSEHOLD__RURAL};
    Policy__Pack *pack;

    fresh_of(changed_service(true));
    pack = place("qinghe-2022");
    for (size_t i = 0; i < pack->n_rules; i++)
        if (pack->rules[i]->item == (Common__Item)JOB_BONUS)
            pack->rules[i]->outcome_within_months = 6;
    assert_int_equal(adopt(pack), JN_OK);
    filed(1, "A-1");
    held_for(1, &trainee, 1);
    assert_int_equal(settle("2020-06-15"), JN_OK);
}

void
the_audit_finds_what_was_spoiled_of_windows(void **state)
{
    static const struct {
        void (*spoil)(struct jn_tables *t);
        const char *sentence;
    } cases[] = {
        {awaited_a_day_longer, "class 1, seat 1: what it waits for is listed otherwise"},
        {awaited_and_not_listed, "0 items are listed as waiting for registers, 1 wait"},
        {awaited_uncounted, "class 1: a day until which it waits is not counted"},
        {awaited_without_a_term, "class 1 waits for registers without a term"},
        {awaited_by_another_term, "a term of kind 6 runs for 1, which is done with"},
        {told_without_a_day, "class 1, seat 1: what registers told of it cannot be so"},
        {more_given_up_than_unearned, "class 1, seat 1: what was paid ahead for it cannot be so"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        given_a_window();
        must_hear(cases[i].spoil, cases[i].sentence);
        gone(NULL);
    }
}
