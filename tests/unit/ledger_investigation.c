/* Cases of subsidy's: what they keep from the bank while they are open, and what a founded one brings back; 2.12-e. */
#include "ledger_audit.h"
#include "ledger_owing.h"

#include <string.h>

/* ---- Given ---- */

struct about {
    uint64_t claim, person, institution, class;
};

static void
opened(struct story *s, uint64_t number, struct about about)
{
    Subsidy__CaseOpened event = SUBSIDY__CASE_OPENED__INIT;

    event.case_ = number;
    event.claim = about.claim;
    event.person = about.person;
    event.institution = about.institution;
    event.class_ = about.class;
    event.document = (char *)"石人社稽1号";
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_CASE_OPENED, &event);
}

struct verdict {
    Subsidy__CaseOutcome outcome;
    uint64_t recover[2]; /* rising; 0: no more */
    struct about about;
};

static void
decided(struct story *s, uint64_t number, struct verdict verdict)
{
    Subsidy__CaseDecided event = SUBSIDY__CASE_DECIDED__INIT;

    event.case_ = number;
    event.outcome = verdict.outcome;
    event.document = (char *)"石人社结1号";
    event.clause = (char *)(verdict.outcome == SUBSIDY__CASE_OUTCOME__UNFOUNDED ? "" : "2.12-e");
    event.recover = verdict.recover;
    event.n_recover = verdict.recover[1] ? 2 : verdict.recover[0] ? 1 : 0;
    event.person = verdict.about.person;
    event.institution = verdict.about.institution;
    event.last = true;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_CASE_DECIDED, &event);
}

#define UNFOUNDED ((struct verdict){SUBSIDY__CASE_OUTCOME__UNFOUNDED, {0}, {0}})

static void
ended(struct story *s, uint64_t number, uint64_t case_, Subsidy__CaseOutcome outcome)
{
    Subsidy__ClaimsEnded event = SUBSIDY__CLAIMS_ENDED__INIT;

    event.claims = &number;
    event.n_claims = 1;
    event.document = (char *)"石人社结1号";
    event.case_ = case_;
    event.objection = !case_;
    event.outcome = outcome;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_CLAIMS_ENDED, &event);
}

static bool
says(const char *text, const char *what)
{
    return strstr(text, what) != NULL;
}

/* ---- What an open case keeps ---- */

static void
what_a_case_is_about_is_kept_from_the_bank(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(200), TRAINING(300), LIVING(100));
    opened(s, 4, (struct about){.claim = 2});
    approve(s, 1, 1, 3);
    is(s, 1, "instructed");
    is(s, 2, "committed");
    is(s, 3, "instructed");
    assert_true(claim(s, 2)->approved);
    assert_true(says(claim(s, 2)->why, "case 4 is open about it"));
    assert_int_equal(batch(s, 1)->n_rows, 2);
    decided(s, 4, UNFOUNDED);
    is(s, 2, "instructed"); /* by itself */
    assert_int_equal(batch(s, 2)->rows[0]->amount_fen, 30000);
    bank_pays(s, 1);
    bank_pays(s, 2);
    counts(totals(s)->paid, 3, 600);
    decided(s, 4, UNFOUNDED); /* told twice */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INVESTIGATION_NOTED), 2);
}

static void
what_was_approved_before_is_not_released(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(200), TRAINING(300));
    approve(s, 1, 1, 2);
    assert_int_equal(submit_as(s, &s->finance, 1, 2, 50000), JN_OK);
    opened(s, 7, (struct about){.claim = 2});
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_REFUSED);
    assert_int_equal(send_back(s, &s->checker, 1), JN_OK);
    assert_int_equal(withdraw(s, 1, 1), JN_WRONG_STATE);
    assert_int_equal(withdraw(s, 1, 2), JN_OK);
    assert_true(
        says(((const Ledger__ClaimsWithdrawn *)jn_world_last(s->w, LEDGER__EVENT__BODY_CLAIMS_WITHDRAWN))->rows[0]->why,
             "case 7 is open about it, 2.12-e"));
    is(s, 2, "committed");
    bank_pays(s, 1); /* the others need not wait */
    is(s, 1, "paid");
    decided(s, 7, UNFOUNDED);
    is(s, 2, "instructed");
}

/* The bank has the first of the class's; the second waits for money; the third failed. */
static void
a_class_is_looked_into_wherever_its_claims_stand(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 500);
    s->class = 1;
    settle(s, CHANGAN, TRAINING(200), LIVING(300), TRAINING(400));
    approve(s, 1, 1, 2);
    to_bank(s, 1);
    bank_says(s, 1, 2, false, "closed");
    s->class = 2;
    settle(s, CHANGAN, TRAINING(100));
    approve(s, 1, 3, 1);
    approve(s, 2, 4, 1);
    opened(s, 1, (struct about){.class = 1});
    assert_int_equal(bank_says(s, 1, 1, true, ""), JN_OK); /* it was the bank's already */
    assert_int_equal(resend(s, 0, 2), JN_REFUSED);
    assert_true(says(jn_world_reason(s->w), "case 1 is open about it"));
    appropriate(s, EMPLOYMENT, CHANGAN, 500);
    is(s, 3, "committed");
    is(s, 4, "instructed"); /* of another class */
    decided(s, 1, UNFOUNDED);
    is(s, 3, "instructed");
    assert_int_equal(resend(s, 0, 2), JN_OK);
}

/* He is paid claim 2 himself; claim 1 is the institution's, for him. */
static void
a_person_is_looked_into_whoever_is_paid(void **state)
{
    struct story *s = *state;
    struct about him = {.person = 100};

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(200));
    settle(s, CHANGAN, LIVING(300));
    opened(s, 1, him);
    opened(s, 2, him);
    approve(s, 1, 1, 1);
    approve(s, 2, 2, 1);
    is(s, 1, "committed");
    is(s, 2, "committed");
    assert_true(says(claim(s, 2)->why, "frozen"));
    decided(s, 2, UNFOUNDED); /* the other one is open still */
    is(s, 1, "committed");
    decided(s, 1, (struct verdict){SUBSIDY__CASE_OUTCOME__UNFOUNDED, {0}, him});
    is(s, 1, "instructed");
    is(s, 2, "instructed");
}

static void
an_advance_of_the_class_stays_a_draft(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 300);
    opened(s, 5, (struct about){.class = 1});
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 30000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_REFUSED);
    decided(s, 5, UNFOUNDED);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_OK);
}

static void
holds_freezes_and_cases_do_not_undo_one_another(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(200), TRAINING(300));
    opened(s, 1, (struct about){.class = 1});
    approve(s, 1, 1, 2);
    hold(s, 1);
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_OK);
    decided(s, 1, UNFOUNDED);
    is(s, 1, "committed");
    is(s, 2, "committed");
    opened(s, 2, (struct about){.class = 1});
    assert_int_equal(thaw(s, 0, PROVIDER, 0), JN_OK);
    release(s, 1, true);
    is(s, 1, "committed");
    is(s, 2, "committed");
    decided(s, 2, UNFOUNDED);
    is(s, 1, "instructed");
    is(s, 2, "instructed");
}

/* The case keeps it before and after: it is kept once. */
static void
a_hold_comes_and_goes_while_a_case_is_open(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(200));
    opened(s, 1, (struct about){.class = 1});
    approve(s, 1, 1, 1);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_CLAIMS_SUSPENDED), 1);
    hold(s, 1);
    release(s, 1, true);
    is(s, 1, "committed");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_CLAIMS_SUSPENDED), 1);
    decided(s, 1, UNFOUNDED);
    is(s, 1, "instructed");
}

static void
many_are_let_go_in_several_steps(void **state)
{
    struct story *s = *state;
    struct due rows[205];

    for (size_t i = 0; i < 205; i++)
        rows[i] = (struct due)LIVING(1);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    opened(s, 1, (struct about){.class = 1});
    settle_rows(s, CHANGAN, rows, 205);
    approve(s, 1, 1, 205);
    is(s, 205, "committed");
    decided(s, 1, UNFOUNDED);
    jn_world_advance(s->w, jn_world_now(s->w) + 1000);
    is(s, 1, "instructed");
    is(s, 205, "instructed");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_CLAIMS_RESUMED), 2);
}

/* ---- What a founded one ends ---- */

static void
what_a_case_ends_is_not_kept_by_it(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(200), TRAINING(300));
    opened(s, 1, (struct about){.class = 1});
    approve(s, 1, 1, 2);
    ended(s, 1, 1, SUBSIDY__CASE_OUTCOME__FOUND_ERROR);
    is(s, 1, "released");
    has(s, EMPLOYMENT, CHANGAN, 700);
    decided(s, 1, (struct verdict){SUBSIDY__CASE_OUTCOME__FOUND_ERROR, {0}, {0}});
    is(s, 1, "released");
    is(s, 2, "instructed");
}

/* It ends what the ledger has sent meanwhile: as the bank answers. */
static void
what_was_sent_meanwhile_comes_back(void **state)
{
    struct story *s = *state;
    const Ledger__Reversed *event;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(200));
    settle(s, CHANGAN, TRAINING(300));
    approve(s, 1, 1, 1);
    approve(s, 2, 2, 1);
    to_bank(s, 1);
    to_bank(s, 2);
    ended(s, 1, 9, SUBSIDY__CASE_OUTCOME__FOUND_FRAUD);
    ended(s, 2, 9, SUBSIDY__CASE_OUTCOME__FOUND_FRAUD);
    is(s, 1, "instructed");
    bank_says(s, 1, 1, true, "");
    event = jn_world_last(s->w, LEDGER__EVENT__BODY_REVERSED);
    assert_int_equal(event->amount_fen, 20000);
    assert_int_equal(event->kind, FRAUD);
    assert_int_equal(event->case_, 9);
    bank_says(s, 2, 2, false, "closed");
    is(s, 2, "released");
    has(s, EMPLOYMENT, CHANGAN, 800);
}

/* ---- What is paid comes back ---- */

/* Of 1,000: 200 and 300 paid for errors. 200 come back whole, of 300 finance has taken 100 back before: 200 more. */
static void
an_error_that_was_paid_is_a_debt_that_may_be_paid_by_a_plan(void **state)
{
    struct story *s = *state;
    const Ledger__Reversed *event;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, LIVING(200), LIVING(300));
    approve(s, 1, 1, 2);
    bank_pays(s, 1);
    assert_int_equal(open_case(s, 2, 10000, ERROR), JN_OK);
    opened(s, 3, (struct about){.class = 1});
    decided(s, 3, (struct verdict){SUBSIDY__CASE_OUTCOME__FOUND_ERROR, {1, 2}, {0}});
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_REVERSED), 3);
    assert_int_equal(receivable(s, 2)->left_fen, 20000);
    assert_int_equal(receivable(s, 2)->row->person, 100);
    assert_int_equal(receivable(s, 3)->left_fen, 20000);
    assert_int_equal(receivable(s, 3)->row->person, 101);
    event = jn_world_last(s->w, LEDGER__EVENT__BODY_REVERSED);
    assert_int_equal(event->kind, ERROR);
    assert_int_equal(event->case_, 3);
    assert_string_equal(event->document, "石人社结1号");
    assert_string_equal(event->clause, "2.12-e");
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 50000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 0);
    assert_int_equal(arrange(s, 2, PLAN({"2019-12-01", 10000}, {"2020-01-01", 10000}), false), JN_OK);
    assert_int_equal(repay(s, 3, 20000), JN_OK);
    has(s, EMPLOYMENT, CHANGAN, 700);                                                 /* to the account that paid */
    decided(s, 3, (struct verdict){SUBSIDY__CASE_OUTCOME__FOUND_ERROR, {1, 2}, {0}}); /* nothing is left to take back */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_REVERSED), 3);
}

/* The same as fraud: nothing else is paid to him, and no plan is made, until it is back. */
static void
fraud_that_was_paid_stops_all_that_is_due_to_him(void **state)
{
    struct story *s = *state;
    struct about him = {.person = 100};

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, LIVING(200));
    settle(s, CHANGAN, LIVING(300));
    approve(s, 1, 1, 1);
    bank_pays(s, 1);
    opened(s, 3, him);
    approve(s, 2, 2, 1);
    decided(s, 3, (struct verdict){SUBSIDY__CASE_OUTCOME__FOUND_FRAUD, {1}, him});
    is(s, 2, "committed"); /* thawed, and stopped */
    assert_true(says(claim(s, 2)->why, "obtained by fraud"));
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 20000}), false), JN_REFUSED);
    assert_int_equal(write_off(s, 1, "W-1"), JN_REFUSED);
    assert_int_equal(repay(s, 1, 20000), JN_OK);
    jn_world_advance(s->w, jn_world_now(s->w) + 1000);
    is(s, 2, "instructed");
    has(s, EMPLOYMENT, CHANGAN, 700);
}

/* What is not paid after all is released: the bank had sent it back. And what nobody has settled is left alone. */
static void
what_is_not_paid_is_released_instead(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, LIVING(200));
    approve(s, 1, 1, 1);
    bank_says(s, 1, 1, false, "closed");
    decided(s, 3, (struct verdict){SUBSIDY__CASE_OUTCOME__FOUND_ERROR, {1, 99}, {0}});
    is(s, 1, "released");
    has(s, EMPLOYMENT, CHANGAN, 1000);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_REVERSED), 0);
}

/* A reassessment says later that 100 of it stay due: a case took all of it. */
static void
a_reassessment_does_not_bring_back_what_a_case_took(void **state)
{
    struct story *s = *state;
    Subsidy__Reassessed event = SUBSIDY__REASSESSED__INIT;
    Subsidy__ReassessedRow row = SUBSIDY__REASSESSED_ROW__INIT, *rows[] = {&row};
    Subsidy__TakenBack taken = SUBSIDY__TAKEN_BACK__INIT, *list[] = {&taken};

    taken.claim = 1;
    taken.rest_fen = 10000;
    row.n_taken = 1;
    row.taken = list;
    event.reassessment = 1;
    event.document = (char *)"R-1";
    event.n_rows = 1;
    event.rows = rows;
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, LIVING(200));
    approve(s, 1, 1, 1);
    to_bank(s, 1);
    ended(s, 1, 0, SUBSIDY__CASE_OUTCOME__CASE_OUTCOME_UNSPECIFIED); /* an objection was upheld */
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_REASSESSED, &event);
    bank_says(s, 1, 1, true, "");
    assert_int_equal(receivable(s, 1)->left_fen, 20000);
    assert_int_equal(receivable(s, 1)->row->kind, ERROR);
}

/* ---- What the audit finds ---- */

void
a_case_was_hushed_up(struct jn_tables *t)
{
    jn_delete(t, TABLE_INVESTIGATED, JN_KEY(3, 30, 40));
}

void
a_claim_was_kept_for_no_case(struct jn_tables *t)
{
    Ledger__Suspended row = LEDGER__SUSPENDED__INIT;

    jn_put(t, TABLE_SUSPENDED, JN_KEY(5), &row);
}

void
a_kept_claim_was_forgotten(struct jn_tables *t)
{
    jn_delete(t, TABLE_SUSPENDED, JN_KEY(13));
}

void
look_into_a_class(struct story *s)
{
    opened(s, 40, (struct about){.class = 30});
    s->class = 30;
    settle(s, QIAOXI, LIVING(5));
    approve(s, s->settlement, s->claim, 1);
}

const struct CMUnitTest ledger_investigations[] = {
    STORY(what_a_case_is_about_is_kept_from_the_bank),
    STORY(what_was_approved_before_is_not_released),
    STORY(a_class_is_looked_into_wherever_its_claims_stand),
    STORY(a_person_is_looked_into_whoever_is_paid),
    STORY(an_advance_of_the_class_stays_a_draft),
    STORY(holds_freezes_and_cases_do_not_undo_one_another),
    STORY(a_hold_comes_and_goes_while_a_case_is_open),
    STORY(many_are_let_go_in_several_steps),
    STORY(what_a_case_ends_is_not_kept_by_it),
    STORY(what_was_sent_meanwhile_comes_back),
    STORY(an_error_that_was_paid_is_a_debt_that_may_be_paid_by_a_plan),
    STORY(fraud_that_was_paid_stops_all_that_is_due_to_him),
    STORY(what_is_not_paid_is_released_instead),
    STORY(a_reassessment_does_not_bring_back_what_a_case_took),
};
const size_t ledger_investigations_count = sizeof(ledger_investigations) / sizeof(ledger_investigations[0]);
