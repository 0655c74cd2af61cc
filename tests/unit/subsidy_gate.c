/* Gates, overrides and objections: what keeps a claim from being paid when its notice is over, and how that ends. */
#include "subsidy_going.h"

#define BIT(gate) (1u << POLICY__GATE_KIND__##gate)

static const Subsidy__Approved *
approved(void)
{
    return jn_world_last(w, EVENT_APPROVED);
}

static const Subsidy__Released *
released(void)
{
    return jn_world_last(w, EVENT_RELEASED);
}

static int
gate_state(uint64_t number, int gate)
{
    const Subsidy__ClaimView *view = claim(number);

    for (size_t i = 0; i < view->n_gates; i++)
        if ((int)view->gates[i]->gate == gate)
            return (int)view->gates[i]->state;
    return -1;
}

/* The notice from Monday 15 June is over on Monday 22. */
#define NOTICE_OVER "2020-06-23"

static void
a_revoked_certificate_keeps_what_hangs_on_it(void **state)
{
    (void)state;
    on_notice(1);
    assert_int_equal(gate_state(1, POLICY__GATE_KIND__CERTIFICATE_LIVE), SUBSIDY__GATE_STATE__PASSED);
    revoked(1, 1);
    assert_int_equal(gate_state(1, POLICY__GATE_KIND__CERTIFICATE_LIVE), SUBSIDY__GATE_STATE__NOT_PASSED);
    advance_to(NOTICE_OVER);
    assert_int_equal(approved()->n_held, 1);
    assert_int_equal(approved()->held[0], 1);
    assert_int_equal(approved()->failed[0], BIT(CERTIFICATE_LIVE));
    assert_string_equal(claim(1)->state, "gated");
    assert_string_equal(claim(2)->state, "approved"); /* the days were attended all the same */
    assert_int_equal(staged(SUBSIDY__STAGE__AT_GATES), 1);
    assert_int_equal(override_one(&hr, 1, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2020-06-30"), JN_OK);
    assert_int_equal(released()->claim, 1);
    assert_true(released()->approved);
    assert_string_equal(claim(1)->state, "approved");
    assert_int_equal(gate_state(1, POLICY__GATE_KIND__CERTIFICATE_LIVE), SUBSIDY__GATE_STATE__OVERRIDDEN);
    assert_int_equal(staged(SUBSIDY__STAGE__AT_GATES), 0);
    assert_int_equal(staged(SUBSIDY__STAGE__THROUGH), 2);
}

static void
an_override_names_its_gate_reason_hand_and_end(void **state)
{
    const Subsidy__GateOverridden *event;
    struct jn_agency elsewhere = jn_world_agency("hr.xinji", ROLE_ADMINISTRATION);

    (void)state;
    elsewhere.divisions[0] = XINJI;
    elsewhere.divisions_count = 1;
    on_notice(1);
    revoked(1, 1);
    assert_int_equal(override_one(&hr, 1, POLICY__GATE_KIND__NO_HOLD, "2020-06-30"), JN_REFUSED);
    assert_int_equal(override_one(&hr, 1, POLICY__GATE_KIND__BUDGET_THERE, "2020-06-30"), JN_NOT_FOUND);
    assert_int_equal(override_one(&hr, 9, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2020-06-30"), JN_NOT_FOUND);
    assert_int_equal(override_one(&elsewhere, 1, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2020-06-30"), JN_NOT_FOUND);
    assert_int_equal(override_one(&hr, 1, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2020-06-14"), JN_MALFORMED);
    assert_int_equal(override_one(&hr, 1, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2021-07-01"), JN_MALFORMED);
    assert_int_equal(override_one(&finance, 1, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2020-06-30"), JN_DENIED);
    assert_int_equal(override_one(&hr, 1, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2020-06-22"), JN_OK);
    event = jn_world_last(w, EVENT_GATE_OVERRIDDEN);
    assert_string_equal(event->by, "human_resources.administration");
    assert_int_equal(event->until_day, day_of("2020-06-22"));
    advance_to(NOTICE_OVER); /* the override has run out the day before */
    assert_int_equal(approved()->failed[0], BIT(CERTIFICATE_LIVE));
    assert_int_equal(override_one(&hr, 1, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2020-06-23"), JN_OK);
    assert_string_equal(claim(1)->state, "approved");
    assert_int_equal(override_one(&hr, 1, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2020-06-23"), JN_WRONG_STATE);
}

static void
a_hold_at_the_gates_ends_by_its_release_alone(void **state)
{
    (void)state;
    on_notice(1);
    assert_int_equal(hold(&reviewer, 1, "doubt"), JN_OK);
    revoked(1, 1);
    advance_to(NOTICE_OVER);
    assert_int_equal(approved()->failed[0], BIT(NO_HOLD) | BIT(CERTIFICATE_LIVE));
    assert_int_equal(release(&reviewer, 1, "none left"), JN_OK);
    assert_false(released()->approved); /* the certificate keeps it */
    assert_string_equal(claim(1)->state, "gated");
    assert_int_equal(override_one(&hr, 1, POLICY__GATE_KIND__CERTIFICATE_LIVE, "2020-06-30"), JN_OK);
    assert_true(released()->approved);
}

/* ---- Objections ---- */

static void
an_objection_suspends_that_claim_alone(void **state)
{
    const Subsidy__Objected *objected;

    (void)state;
    on_notice(1);
    assert_int_equal(object_to(&employment, 2), JN_OK);
    objected = jn_world_last(w, EVENT_OBJECTED);
    assert_int_equal(objected->objection, 1);
    assert_int_equal(objected->due_day, day_of("2020-06-22"));
    assert_string_equal(claim(2)->state, "objected");
    assert_int_equal(totals()->objections, 1);
    advance_to(NOTICE_OVER);
    assert_int_equal(approved()->n_held, 1);
    assert_int_equal(approved()->failed[0], BIT(NO_OBJECTION));
    assert_int_equal(totals()->overdue, 1); /* since the 22nd */
    assert_int_equal(decide_on(&hr, 1, SUBSIDY__OBJECTION_OUTCOME__DISMISSED), JN_OK);
    assert_true(released()->approved);
    assert_int_equal(released()->claim, 2);
    assert_string_equal(claim(2)->state, "approved");
    assert_int_equal(totals()->objections, 0);
    assert_int_equal(totals()->overdue, 0);
    assert_int_equal(decide_on(&hr, 1, SUBSIDY__OBJECTION_OUTCOME__UPHELD), JN_WRONG_STATE);
    assert_int_equal(object_to(&employment, 2), JN_WRONG_STATE);
}

static void
what_is_rightly_objected_to_is_not_paid(void **state)
{
    const Subsidy__ClaimsEnded *ended;

    (void)state;
    on_notice(1);
    assert_int_equal(object_to(&employment, 1), JN_OK);
    assert_int_equal(object_to(&finance, 1), JN_OK);
    assert_int_equal(decide_on(&hr, 1, SUBSIDY__OBJECTION_OUTCOME__UPHELD), JN_OK);
    ended = jn_world_last(w, EVENT_CLAIMS_ENDED);
    assert_int_equal(ended->n_claims, 1);
    assert_int_equal(ended->claims[0], 1);
    assert_int_equal(staged(SUBSIDY__STAGE__ENDED), 1);
    assert_int_equal(object_to(&employment, 1), JN_WRONG_STATE);
    assert_int_equal(hold(&reviewer, 1, "too late"), JN_WRONG_STATE);
    assert_int_equal(decide_on(&hr, 2, SUBSIDY__OBJECTION_OUTCOME__UPHELD), JN_OK);
    assert_int_equal(jn_world_count(w, EVENT_CLAIMS_ENDED), 1);
    assert_string_equal(claim(1)->state, "ended");
    advance_to(NOTICE_OVER);
    assert_int_equal(approved()->n_held, 1);
    assert_int_equal(approved()->held[0], 1);
    assert_int_equal(staged(SUBSIDY__STAGE__THROUGH), 1);
    assert_int_equal(staged(SUBSIDY__STAGE__ENDED), 1);
}

static void
another_decides_than_the_one_who_objected(void **state)
{
    struct jn_agency elsewhere = jn_world_agency("hr.xinji", ROLE_ADMINISTRATION);

    (void)state;
    elsewhere.divisions[0] = XINJI;
    elsewhere.divisions_count = 1;
    assert_int_equal(object_to(&elsewhere, 1), JN_NOT_FOUND);
    assert_int_equal(object_to(&hr, 9), JN_NOT_FOUND);
    assert_int_equal(object_to(&hr, 1), JN_OK);
    assert_int_equal(decide_on(&hr, 1, SUBSIDY__OBJECTION_OUTCOME__DISMISSED), JN_REFUSED);
    assert_int_equal(decide_on(&hr, 1, 0), JN_MALFORMED);
    assert_int_equal(decide_on(&hr, 7, SUBSIDY__OBJECTION_OUTCOME__DISMISSED), JN_NOT_FOUND);
    assert_int_equal(decide_on(&elsewhere, 1, SUBSIDY__OBJECTION_OUTCOME__DISMISSED), JN_NOT_FOUND);
    assert_int_equal(decide_on(&finance, 1, SUBSIDY__OBJECTION_OUTCOME__DISMISSED), JN_DENIED);
    hr = jn_world_agency("human_resources.other", ROLE_ADMINISTRATION);
    assert_int_equal(decide_on(&hr, 1, SUBSIDY__OBJECTION_OUTCOME__DISMISSED), JN_OK);
}

static void
an_objection_leaves_its_claim_behind(void **state)
{
    (void)state;
    assert_int_equal(object_to(&employment, 1), JN_OK);
    assert_int_equal(confirm_all(1), JN_OK);
    assert_int_equal(claim(1)->step, 1);
    assert_true(claim(1)->alone);
    assert_int_equal(confirm_one(1), JN_WRONG_STATE);
    assert_int_equal(decide_on(&hr, 1, SUBSIDY__OBJECTION_OUTCOME__DISMISSED), JN_OK);
    assert_int_equal(confirm_one(1), JN_OK);
    assert_int_equal(claim(1)->step, 2);
}

/* Where a pack says no way, what is due is published at once, as before; an objection suspends it all the same. */
static void
without_a_way_an_objection_keeps_a_claim_too(void **state)
{
    (void)state;
    going_by("at-once", "");
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    held_for_veteran(3, "A-3", "2020-05-31", 9);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_string_equal(claim(3)->state, "published");
    assert_int_equal(object_to(&employment, 3), JN_OK);
    assert_int_equal(object_to(&employment, 4), JN_OK);
    assert_int_equal(decide_on(&hr, 2, SUBSIDY__OBJECTION_OUTCOME__UPHELD), JN_OK);
    advance_to(NOTICE_OVER);
    assert_string_equal(claim(3)->state, "objected");
    assert_int_equal(staged(SUBSIDY__STAGE__AT_GATES), 1);
    assert_int_equal(decide_on(&hr, 1, SUBSIDY__OBJECTION_OUTCOME__DISMISSED), JN_OK);
    assert_true(released()->approved);
    assert_string_equal(claim(3)->state, "approved");
    assert_string_equal(claim(4)->state, "ended");
}

/* ---- Money ---- */

static void
committed(uint64_t number)
{
    Ledger__Committed event = LEDGER__COMMITTED__INIT;
    Ledger__CommittedRow row = LEDGER__COMMITTED_ROW__INIT, *rows[] = {&row};

    row.claim = number;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "ledger", LEDGER__EVENT__BODY_COMMITTED, &event);
}

static void
what_no_budget_covers_waits_at_the_gates(void **state)
{
    (void)state;
    going_by("budgeted", "way:\n- {step: notice, clause: 3.4-c}\n"
                         "gates:\n- {gate: budget_there, clause: 2.11-a, override: administration}\n");
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    held_for_veteran(3, "A-3", "2020-05-31", 9);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_string_equal(claim(3)->state, "published");
    committed(3);
    advance_to(NOTICE_OVER);
    assert_string_equal(claim(3)->state, "committed");
    assert_string_equal(claim(4)->state, "gated");
    committed(4);
    assert_int_equal(released()->claim, 4);
    assert_true(released()->approved);
    assert_string_equal(claim(4)->state, "committed");
}

/* Of class 2 the inspection has found that it is sound; of class 3 nothing, then that it is not, then that it is. */
static void
what_was_not_inspected_waits_for_its_inspection(void **state)
{
    (void)state;
    going_by("inspected", "way:\n- {step: notice, clause: 3.4-c}\n"
                          "gates:\n- {gate: inspected, clause: 3.4-b, override: administration}\n");
    held_for_veteran(2, "A-2", "2020-05-31", 8);
    held_for_veteran(3, "A-3", "2020-05-31", 9);
    held_for_veteran(4, "A-4", "2020-05-31", 10);
    inspected(2, true);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    assert_int_equal(gate_state(3, POLICY__GATE_KIND__INSPECTED), SUBSIDY__GATE_STATE__PASSED);
    assert_int_equal(gate_state(4, POLICY__GATE_KIND__INSPECTED), SUBSIDY__GATE_STATE__NOT_PASSED);
    advance_to(NOTICE_OVER);
    assert_string_equal(claim(3)->state, "approved");
    assert_string_equal(claim(4)->state, "gated");
    inspected(3, false);
    assert_string_equal(claim(4)->state, "gated");
    assert_int_equal(jn_world_count(w, SUBSIDY__EVENT__BODY_GATES_SWEPT), 0);
    inspected(3, true);
    assert_string_equal(claim(4)->state, "approved");
    assert_int_equal(released()->claim, 4);
    assert_int_equal(jn_world_count(w, SUBSIDY__EVENT__BODY_GATES_SWEPT), 1);
    assert_string_equal(claim(5)->state, "gated"); /* another class's */
    assert_int_equal(override_one(&hr, 5, POLICY__GATE_KIND__INSPECTED, "2020-06-30"), JN_OK);
    assert_string_equal(claim(5)->state, "approved");
    inspected(2, false); /* it was sound when its claim passed: nothing is wrong about that */
    inspected(4, true);  /* nobody waits any more */
    assert_int_equal(jn_world_count(w, SUBSIDY__EVENT__BODY_GATES_SWEPT), 1);
}

/* Of each class two claims: the school's, and an allowance of the person's own. 8 is checked and has an account, 9 is
 * checked late and gives one later, of 10 one was known when the class finished. The school has none. */
static void
who_was_not_checked_or_has_no_account_waits(void **state)
{
    struct trainee trainee = {.groups = GROUPS(COMMON__GROUP__REGISTERED_POOR), .days = 10};
    Enrollment__AccountsGiven given = ENROLLMENT__ACCOUNTS_GIVEN__INIT;
    uint64_t person = 9;

    (void)state;
    going_by("checked", "way:\n- {step: notice, clause: 3.4-c}\n"
                        "gates:\n- {gate: payee_account, clause: 2.12-a}\n- {gate: identity, clause: 2.8-a}\n");
    for (uint64_t class = 2; class <= 4; class ++) {
        filed(class, class == 2 ? "A-2" : class == 3 ? "A-3" : "A-4");
        trainee.person = class + 6;
        trainee.account = class == 4;
        held_for(class, &trainee, 1);
    }
    people_told(8, 8);
    assert_int_equal(settle("2020-06-15"), JN_OK);
    advance_to(NOTICE_OVER);
    assert_string_equal(claim(3)->state, "gated");
    assert_int_equal(gate_state(3, POLICY__GATE_KIND__IDENTITY), SUBSIDY__GATE_STATE__PASSED);
    assert_int_equal(gate_state(3, POLICY__GATE_KIND__PAYEE_ACCOUNT), SUBSIDY__GATE_STATE__NOT_PASSED);
    assert_string_equal(claim(4)->state, "approved");
    assert_int_equal(gate_state(6, POLICY__GATE_KIND__IDENTITY), SUBSIDY__GATE_STATE__NOT_PASSED);
    assert_int_equal(gate_state(6, POLICY__GATE_KIND__PAYEE_ACCOUNT), SUBSIDY__GATE_STATE__NOT_PASSED);
    people_told(9, 0);
    assert_string_equal(claim(6)->state, "gated");
    given.person = &person;
    given.n_person = 1;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ACCOUNTS_GIVEN, &given);
    jn_world_advance(w, jn_world_now(w) + 1);
    assert_string_equal(claim(6)->state, "approved");
    assert_int_equal(gate_state(8, POLICY__GATE_KIND__PAYEE_ACCOUNT), SUBSIDY__GATE_STATE__PASSED);
    people_told(10, 0);
    assert_string_equal(claim(8)->state, "approved");
    assert_string_equal(claim(5)->state, "gated");
    school_has_account(true);
    assert_string_equal(claim(3)->state, "approved");
    assert_string_equal(claim(5)->state, "approved");
    assert_string_equal(claim(7)->state, "approved");
    assert_int_equal(staged(SUBSIDY__STAGE__AT_GATES), 0);
    school_has_account(false); /* it had one when they passed */
}

int
main(void)
{
    const struct CMUnitTest stories[] = {
        GOING(a_revoked_certificate_keeps_what_hangs_on_it),  GOING(an_override_names_its_gate_reason_hand_and_end),
        GOING(a_hold_at_the_gates_ends_by_its_release_alone), GOING(an_objection_suspends_that_claim_alone),
        GOING(what_is_rightly_objected_to_is_not_paid),       GOING(another_decides_than_the_one_who_objected),
        GOING(an_objection_leaves_its_claim_behind),          GOING(without_a_way_an_objection_keeps_a_claim_too),
        GOING(what_no_budget_covers_waits_at_the_gates),      GOING(what_was_not_inspected_waits_for_its_inspection),
        GOING(who_was_not_checked_or_has_no_account_waits),
    };

    return cmocka_run_group_tests(stories, NULL, NULL);
}
