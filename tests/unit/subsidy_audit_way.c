/* The audit sees what was tampered with of the way of a claim, of its gates, and of what is awaited: each thing that
 * must hold is spoiled once. */
#include "subsidy_audit.h"
#include "subsidy/nouns.h"
#include "subsidy_going.h"

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

/* ---- Gates ---- */

static void
never_checked(struct jn_tables *t)
{
    EDIT(Subsidy__PersonRow, jn_get(jn_view_of(t), TABLE_PERSON, JN_KEY(7)));

    row.checked = false;
    jn_put(t, TABLE_PERSON, JN_KEY(7), &row);
}

static void
never_had_an_account(struct jn_tables *t)
{
    EDIT(Subsidy__PersonRow, jn_get(jn_view_of(t), TABLE_PERSON, JN_KEY(7)));

    row.account = false;
    jn_put(t, TABLE_PERSON, JN_KEY(7), &row);
}

static void
school_never_had_one(struct jn_tables *t)
{
    EDIT(Subsidy__InstitutionRow, jn_get(jn_view_of(t), TABLE_INSTITUTION, JN_KEY(SCHOOL)));

    row.account_once = false;
    jn_put(t, TABLE_INSTITUTION, JN_KEY(SCHOOL), &row);
}

static void
never_sound(struct jn_tables *t)
{
    EDIT(Subsidy__ProgressRow, jn_get(jn_view_of(t), TABLE_PROGRESS, JN_KEY(1)));

    row.sound_once = false;
    jn_put(t, TABLE_PROGRESS, JN_KEY(1), &row);
}

static void
checked_in_secret(struct jn_tables *t)
{
    Subsidy__PersonRow row = SUBSIDY__PERSON_ROW__INIT;

    row.checked = row.account = true;
    jn_put(t, TABLE_PERSON, JN_KEY(8), &row);
}

static void
sound_in_secret(struct jn_tables *t)
{
    EDIT(Subsidy__ProgressRow, jn_get(jn_view_of(t), TABLE_PROGRESS, JN_KEY(2)));

    row.inspections = 1;
    row.sound = true;
    jn_put(t, TABLE_PROGRESS, JN_KEY(2), &row);
}

/* Behind that gate alone: of class 1 the school's claim 1 and the person's claim 2 are through; of class 2 nothing is
 * known, and claims 3 and 4 wait; but of its school the account. */
static void
given_a_gate(const char *gate)
{
    struct trainee trainee = {.groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10};
    char way[200];

    fresh_of(changed_service(true));
    snprintf(way, sizeof(way), "way:\n- {step: notice, clause: 3.4-c}\ngates:\n- {gate: %s, clause: 2.8-a}\n", gate);
    going_by("gated", way);
    for (uint64_t class = 1; class <= 2; class ++) {
        filed(class, class == 1 ? "A-1" : "A-2");
        trainee.person = class + 6;
        held_for(class, &trainee, 1);
    }
    inspected(1, true);
    people_told(7, 7);
    school_has_account(true);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    advance_to("2020-06-23");
    assert_string_equal(claim(1)->state, "approved");
    assert_string_equal(claim(2)->state, "approved");
    assert_string_equal(claim(4)->state, "gated");
}

void
the_audit_finds_what_was_spoiled_of_gates(void **state)
{
    static const struct {
        const char *gate;
        void (*spoil)(struct jn_tables *t);
        const char *sentence;
    } cases[] = {
        {"identity", never_checked, "claim 1 is through gate identity, and what that asks for was never there"},
        {"payee_account", never_had_an_account, "claim 2 is through gate payee_account"},
        {"payee_account", school_never_had_one, "claim 1 is through gate payee_account"},
        {"inspected", never_sound, "claim 1 is through gate inspected"},
        {"identity", checked_in_secret, "claim 3 waits at the gates, and all that they ask for is there"},
        {"payee_account", checked_in_secret, "claim 4 waits at the gates, and all that they ask for is there"},
        {"inspected", sound_in_secret, "claim 3 waits at the gates, and all that they ask for is there"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        given_a_gate(cases[i].gate);
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
