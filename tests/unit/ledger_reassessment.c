/* Reassessments: less is due than was settled. What is not paid is released, what is paid comes back; 2.12-e. */
#include "ledger_owing.h"

/* ---- Given ---- */

/* So much of the claim stays due, says the subsidy service. */
static void
reassessed(struct story *s, uint64_t claim_number, int64_t rest_yuan, bool fraud)
{
    Subsidy__Reassessed event = SUBSIDY__REASSESSED__INIT;
    Subsidy__ReassessedRow row = SUBSIDY__REASSESSED_ROW__INIT, *rows[] = {&row};
    Subsidy__TakenBack taken = SUBSIDY__TAKEN_BACK__INIT, *list[] = {&taken};

    taken.claim = claim_number;
    taken.rest_fen = rest_yuan * 100;
    row.n_taken = 1;
    row.taken = list;
    row.clause = (char *)(uintptr_t) "2.10-b";
    event.reassessment = 1;
    event.fraud = fraud;
    event.document = (char *)(uintptr_t) "R-1";
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_REASSESSED, &event);
}

static void
reversed_last(struct story *s, uint64_t claim_number, int64_t yuan, Ledger__DebtKind kind)
{
    const Ledger__Reversed *event = jn_world_last(s->w, LEDGER__EVENT__BODY_REVERSED);

    assert_non_null(event);
    assert_int_equal(event->claim, claim_number);
    assert_int_equal(event->amount_fen, yuan * 100);
    assert_int_equal(event->kind, kind);
    assert_string_equal(event->document, "R-1");
    assert_string_equal(event->clause, "2.10-b");
}

/* ---- Not paid yet ---- */

static void
what_is_committed_is_released_and_frees_who_waits(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600), TRAINING(500));
    is(s, 2, "waiting");
    reassessed(s, 1, 0, false);
    is(s, 1, "released");
    is(s, 2, "committed");
    has(s, EMPLOYMENT, CHANGAN, 500);
    approve(s, 1, 1, 2);
    bank_pays(s, 1);
    counts(totals(s)->paid, 1, 500);
    reassessed(s, 1, 0, false); /* it is over */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_COMMITMENT_RELEASED), 1);
}

static void
a_part_is_released_and_the_rest_goes_to_the_bank(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600));
    reassessed(s, 1, 400, false);
    is(s, 1, "committed");
    has(s, EMPLOYMENT, CHANGAN, 600);
    assert_int_equal(claim(s, 1)->amount_fen, 40000);
    assert_int_equal(claim(s, 1)->released_fen, 20000);
    reassessed(s, 1, 350, false); /* and again */
    has(s, EMPLOYMENT, CHANGAN, 650);
    approve(s, 1, 1, 1);
    assert_int_equal(batch(s, 1)->rows[0]->amount_fen, 35000);
    bank_pays(s, 1);
    counts(totals(s)->paid, 1, 350);
}

static void
what_a_reviewer_or_a_freeze_keeps_is_released_like_the_rest(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600));
    settle(s, CHANGAN, LIVING(300));
    hold(s, 1);
    assert_int_equal(freeze(s, 0, 0, 2), JN_OK);
    approve(s, 2, 2, 1); /* kept for the freeze: the audit knows how much */
    reassessed(s, 1, 100, false);
    reassessed(s, 2, 200, false);
    has(s, EMPLOYMENT, CHANGAN, 700);
    assert_int_equal(claim(s, 2)->amount_fen, 20000);
    reassessed(s, 2, 0, false);
    has(s, EMPLOYMENT, CHANGAN, 900);
    assert_int_equal(thaw(s, 0, 0, 2), JN_OK);
    is(s, 2, "released");
}

/* Of 500 the payee has 300 as an advance: 400 too much are the 200 that were to be sent, and 200 of the advance. */
static void
what_was_advanced_is_owed_last(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 300);
    bank_pays(s, 1);
    s->last = true;
    settle(s, CHANGAN, TRAINING(500));
    has(s, EMPLOYMENT, CHANGAN, 500);
    reassessed(s, 1, 100, false);
    has(s, EMPLOYMENT, CHANGAN, 700);
    assert_int_equal(claim(s, 1)->amount_fen, 10000);
    assert_int_equal(claim(s, 1)->offset_fen, 10000);
    assert_int_equal(receivable(s, 1)->left_fen, 20000);
    assert_int_equal(receivable(s, 1)->row->kind, LEDGER__DEBT_KIND__DEBT_ADVANCE);
    approve(s, 1, 1, 1); /* nothing is left to send */
    is(s, 1, "paid");
    counts(totals(s)->paid, 1, 100);
}

/* ---- On its way ---- */

static void
a_draft_is_not_released_with_it(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600));
    approve(s, 1, 1, 1);
    reassessed(s, 1, 100, false);
    is(s, 1, "instructed");
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 60000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_REFUSED);
    assert_int_equal(send_back(s, &s->checker, 1), JN_OK);
    assert_int_equal(withdraw(s, 1, 1), JN_OK);
    is(s, 1, "instructed"); /* the rest of it, in a draft of its own */
    assert_int_equal(batch(s, 2)->rows[0]->amount_fen, 10000);
    has(s, EMPLOYMENT, CHANGAN, 900);
    bank_pays(s, 2);
    counts(totals(s)->paid, 1, 100);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_REVERSED), 0);
}

static void
what_the_bank_has_waits_for_its_answer(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 2000);
    settle(s, CHANGAN, TRAINING(600));
    settle(s, CHANGAN, TRAINING(500));
    approve(s, 1, 1, 1);
    approve(s, 2, 2, 1);
    to_bank(s, 1);
    to_bank(s, 2);
    reassessed(s, 1, 100, false);
    reassessed(s, 2, 300, false);
    reassessed(s, 2, 200, false); /* the later word counts */
    is(s, 1, "instructed");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_REVERSED), 0);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    is(s, 1, "paid");
    reversed_last(s, 1, 500, ERROR);
    assert_int_equal(receivable(s, 1)->left_fen, 50000);
    assert_int_equal(bank_says(s, 2, 2, false, "closed"), JN_OK);
    is(s, 2, "failed");
    assert_int_equal(claim(s, 2)->amount_fen, 20000);
    has(s, EMPLOYMENT, CHANGAN, 1200);        /* 2000 - 600 - 200 */
    assert_int_equal(resend(s, 0, 2), JN_OK); /* 200 are owed less than the 500 */
    is(s, 2, "paid");
    assert_int_equal(receivable(s, 1)->left_fen, 30000);
}

/* Of 500: 600 wait and 700 behind them. Where 400 are due the money is there. */
static void
what_waits_for_money_needs_so_much_less(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 500);
    settle(s, CHANGAN, TRAINING(600));
    settle(s, CHANGAN, TRAINING(700));
    approve(s, 1, 1, 1);
    reassessed(s, 1, 550, false);
    is(s, 1, "waiting");
    assert_int_equal(totals(s)->waiting->amount_fen, 125000);
    reassessed(s, 2, 0, false);
    is(s, 2, "released");
    reassessed(s, 1, 400, false);
    is(s, 1, "instructed");
    assert_int_equal(batch(s, 1)->rows[0]->amount_fen, 40000);
    has(s, EMPLOYMENT, CHANGAN, 100);
}

/* ---- Paid ---- */

static void
what_is_paid_comes_back_to_the_account_that_paid_it(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600));
    approve(s, 1, 1, 1);
    bank_pays(s, 1);
    reassessed(s, 1, 450, false);
    is(s, 1, "paid");
    reversed_last(s, 1, 150, ERROR);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 15000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 45000);
    counts(totals(s)->paid, 1, 600);
    counts(totals(s)->reversed, 1, 150);
    settle(s, CHANGAN, TRAINING(200)); /* it is taken off what is due to its payee next */
    approve(s, 2, 2, 1);
    assert_int_equal(batch(s, 2)->head->amount_fen, 5000);
    bank_pays(s, 2);
    assert_int_equal(totals(s)->receivable_fen, 0);
    has(s, EMPLOYMENT, CHANGAN, 350); /* 1000 - 600 - 200 + 150 */
}

static void
of_an_advance_and_the_rest_each_bears_its_share(void **state)
{
    struct story *s = *state;
    const Ledger__Reversed *event;

    appropriate(s, EMPLOYMENT, CITY, 1000);
    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 300); /* the city's: the division has no more than 100 */
    bank_pays(s, 1);
    appropriate(s, EMPLOYMENT, CHANGAN, 900);
    s->last = true;
    settle(s, CHANGAN, TRAINING(500));
    approve(s, 1, 1, 1);
    bank_pays(s, 2);
    reassessed(s, 1, 250, false);
    event = jn_world_last(s->w, LEDGER__EVENT__BODY_REVERSED);
    assert_int_equal(event->n_parts, 2);
    assert_int_equal(event->parts[0]->account_division, CHANGAN);
    assert_int_equal(event->parts[0]->amount_fen, 10000); /* 250 x 200 / 500 */
    assert_int_equal(event->parts[1]->account_division, CITY);
    assert_int_equal(event->parts[1]->amount_fen, 15000);
}

static void
what_finance_took_back_already_is_not_taken_twice(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600));
    approve(s, 1, 1, 1);
    bank_pays(s, 1);
    assert_int_equal(open_case(s, 1, 20000, ERROR), JN_OK);
    reassessed(s, 1, 500, false);
    assert_int_equal(claim(s, 1)->reversed_fen, 20000);
    reassessed(s, 1, 300, false);
    assert_int_equal(claim(s, 1)->reversed_fen, 30000);
    reassessed(s, 1, 0, false);
    assert_int_equal(claim(s, 1)->reversed_fen, 60000);
    assert_int_equal(open_case(s, 1, 0, ERROR), JN_WRONG_STATE);
}

static void
of_fraud_nothing_more_is_paid_until_it_is_back(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600));
    approve(s, 1, 1, 1);
    bank_pays(s, 1);
    settle(s, CHANGAN, TRAINING(200));
    reassessed(s, 1, 0, true);
    reversed_last(s, 1, 600, FRAUD);
    approve(s, 2, 2, 1);
    is(s, 2, "committed");
    assert_int_equal(repay(s, 1, 60000), JN_OK);
    on(s, "2019-11-02");
    is(s, 2, "instructed");
}

static void
what_is_not_known_is_left_alone(void **state)
{
    struct story *s = *state;

    reassessed(s, 99, 0, false);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_CLAIMS_REDUCED), 0);
    settle(s, 999999, TRAINING(600)); /* misdirected: no such division */
    is(s, 1, "misdirected");
    reassessed(s, 1, 0, false);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_CLAIMS_REDUCED), 0);
}

const struct CMUnitTest ledger_reassessments[] = {
    STORY(what_is_committed_is_released_and_frees_who_waits),
    STORY(a_part_is_released_and_the_rest_goes_to_the_bank),
    STORY(what_a_reviewer_or_a_freeze_keeps_is_released_like_the_rest),
    STORY(what_was_advanced_is_owed_last),
    STORY(a_draft_is_not_released_with_it),
    STORY(what_the_bank_has_waits_for_its_answer),
    STORY(what_waits_for_money_needs_so_much_less),
    STORY(what_is_paid_comes_back_to_the_account_that_paid_it),
    STORY(of_an_advance_and_the_rest_each_bears_its_share),
    STORY(what_finance_took_back_already_is_not_taken_twice),
    STORY(of_fraud_nothing_more_is_paid_until_it_is_back),
    STORY(what_is_not_known_is_left_alone),
};
const size_t ledger_reassessments_count = sizeof(ledger_reassessments) / sizeof(ledger_reassessments[0]);
