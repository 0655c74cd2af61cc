/* Receivables: what is owed, taken off, repaid, planned, written off; errors and fraud apart. 2.10-f, 2.12-e */
#include "ledger_owing.h"

#include <string.h>

/* ---- What is owed is taken off ---- */

static void
a_debt_is_taken_off_the_next_payment(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 2000);
    owes(s, 1, CHANGAN, 600, 400); /* 200 are owed */
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->advanced_fen, 40000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 20000);
    assert_int_equal(totals(s)->advanced_fen, 60000); /* outstanding, as ever */
    assert_int_equal(totals(s)->receivable_fen, 20000);
    settle(s, CHANGAN, TRAINING(500));
    approve(s, 2, 2, 1);
    assert_int_equal(batch(s, 2)->head->amount_fen, 30000);
    assert_int_equal(batch(s, 2)->rows[0]->amount_fen, 50000);
    assert_int_equal(batch(s, 2)->rows[0]->setoff_fen, 20000);
    assert_int_equal(batch(s, 2)->rows[0]->receivables[0], 1);
    assert_int_equal(claim(s, 2)->setoffs[0]->receivable, 1);
    assert_false(claim(s, 2)->setoffs[0]->returned);
    assert_int_equal(receivable(s, 1)->offset_fen, 20000);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 1), JN_WRONG_STATE); /* it is on its way */
    assert_int_equal(repay(s, 1, 1), JN_WRONG_STATE);
    has(s, EMPLOYMENT, CHANGAN, 900);
    assert_int_equal(bank_pays(s, 2), JN_OK);
    counts(totals(s)->paid, 1, 500); /* whole */
    assert_int_equal(claim(s, 2)->setoff_fen, 20000);
    assert_true(claim(s, 2)->setoffs[0]->returned);
    assert_int_equal(receivable(s, 1)->left_fen, 0);
    assert_int_equal(receivable(s, 1)->returned_fen, 20000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 50000);
    has(s, EMPLOYMENT, CHANGAN, 1100); /* 2000 - 600 - 500 + 200 */
    assert_int_equal(totals(s)->advanced_fen, 40000);
    approve(s, 1, 1, 1); /* and what was earned is paid as ever */
    counts(totals(s)->paid, 2, 900);
    assert_int_equal(totals(s)->advanced_fen, 0);
}

static void
over_a_years_end_it_comes_back_to_the_new_year(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 2000);
    owes(s, 1, CHANGAN, 600, 400);
    on(s, "2020-02-01");
    settle(s, CHANGAN, TRAINING(500));
    approve(s, 2, 2, 1);
    assert_int_equal(batch(s, 2)->head->amount_fen, 30000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->receivable_fen, 20000);
    on(s, "2021-01-05"); /* the bank takes its time: two years' ends */
    assert_int_equal(bank_pays(s, 2), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->receivable_fen, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->advanced_fen, 40000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->carried_out_fen, 160000); /* 1400, and the 200 */
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2020)->paid_fen, 50000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2020)->carried_out_fen, 90000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2021)->carried_in_fen, 110000);
    has(s, EMPLOYMENT, CHANGAN, 1100);
}

static void
the_oldest_of_two_debts_goes_first(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 5000);
    owes(s, 1, CHANGAN, 200, 0);
    owes(s, 2, CHANGAN, 300, 0);
    settle(s, CHANGAN, TRAINING(400));
    approve(s, s->settlement, 1, 1); /* nothing is left for the bank: paid at once */
    is(s, 1, "paid");
    assert_int_equal(batch(s, 3)->head->amount_fen, 0);
    assert_int_equal(batch(s, 3)->rows[0]->n_receivables, 2);
    assert_int_equal(receivable(s, 1)->left_fen, 0);
    assert_int_equal(receivable(s, 2)->left_fen, 10000);
    settle(s, CHANGAN, TRAINING(30), TRAINING(40), TRAINING(50)); /* one batch: 30, 40, and 30 of 50 */
    approve(s, s->settlement, 2, 3);
    assert_int_equal(batch(s, 4)->head->amount_fen, 2000);
    assert_int_equal(claim(s, 4)->setoff_fen, 3000);
    assert_int_equal(bank_pays(s, 4), JN_OK);
    assert_int_equal(totals(s)->receivable_fen, 0);
    has(s, EMPLOYMENT, CHANGAN, 4480); /* 5000 - 520 */
}

/* 2.11-b: money may not leave a fund; and one division's account does not pay another's. */
static void
no_other_fund_division_or_payee_pays_it(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    appropriate(s, EMPLOYMENT, QIAOXI, 1000);
    appropriate(s, INSURANCE, CHANGAN, 1000);
    owes(s, 1, CHANGAN, 200, 0);
    settle(s, QIAOXI, TRAINING(100)); /* another division's account */
    approve(s, s->settlement, s->claim, 1);
    assert_int_equal(batch(s, 2)->head->amount_fen, 10000);
    settle(s, CHANGAN, {COMMON__ITEM__SKILL_UPGRADE, 10000, 0, COMMON__PAYEE__PAYEE_INSTITUTION}); /* another fund */
    approve(s, s->settlement, s->claim, 1);
    assert_int_equal(batch(s, 3)->head->amount_fen, 10000);
    settle(s, CHANGAN, LIVING(100)); /* a person */
    approve(s, s->settlement, s->claim, 1);
    assert_int_equal(batch(s, 4)->head->amount_fen, 10000);
    s->provider = 77;
    settle(s, CHANGAN, TRAINING(100));
    approve(s, s->settlement, s->claim, 1);
    assert_int_equal(batch(s, 5)->head->amount_fen, 10000);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_SETOFF_TAKEN), 0);
    assert_int_equal(receivable(s, 1)->left_fen, 20000);
}

static void
what_the_bank_sends_back_is_owed_as_before(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 2000);
    owes(s, 1, CHANGAN, 200, 0);
    settle(s, CHANGAN, TRAINING(500));
    approve(s, s->settlement, 1, 1);
    assert_int_equal(batch(s, 2)->head->amount_fen, 30000);
    assert_int_equal(bank_says(s, 2, 1, false, "closed"), JN_OK);
    assert_int_equal(claim(s, 1)->setoff_fen, 0);
    assert_int_equal(receivable(s, 1)->offset_fen, 0);
    assert_int_equal(batch(s, 2)->rows[0]->setoff_fen, 20000); /* as the bank was told then */
    assert_int_equal(batch(s, 2)->rows[0]->n_receivables, 0);
    assert_int_equal(repay(s, 1, 15000), JN_OK); /* meanwhile, most of it comes by itself */
    assert_int_equal(resend(s, 0, 1), JN_OK);
    assert_int_equal(batch(s, 3)->head->amount_fen, 45000);
    assert_int_equal(batch(s, 3)->rows[0]->setoff_fen, 5000);
    assert_int_equal(batch(s, 2)->rows[0]->setoff_fen, 20000);
    assert_int_equal(bank_pays(s, 3), JN_OK);
    assert_int_equal(totals(s)->receivable_fen, 0);
    has(s, EMPLOYMENT, CHANGAN, 1500);
}

/* Who has not got the advance owes it on paper alone. */
static void
an_advance_that_is_not_received_is_not_taken_off(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 2000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 200);
    assert_int_equal(bank_says(s, 1, 0, false, "closed"), JN_OK);
    s->last = true;
    settle_rows(s, CHANGAN, NULL, 0);
    s->class = 2;
    settle(s, CHANGAN, TRAINING(500));
    approve(s, s->settlement, 1, 1);
    assert_int_equal(batch(s, 2)->head->amount_fen, 50000);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 200), JN_OK); /* no longer wanted */
    assert_int_equal(totals(s)->receivable_fen, 0);
}

static void
what_is_owed_can_still_be_earned(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 2000);
    owes(s, 1, CHANGAN, 600, 100); /* 500 */
    settle(s, CHANGAN, TRAINING(200), LIVING(10));
    approve(s, s->settlement, 2, 2); /* 200 are on their way back, the bank has the 10 */
    s->class = 1;
    settle(s, CHANGAN, TRAINING(400)); /* the class has more to say after all: 300 are left to earn */
    assert_int_equal(claim(s, 4)->offset_fen, 30000);
    assert_int_equal(receivable(s, 1)->left_fen, 20000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->advanced_fen, 40000);
    assert_int_equal(receivable(s, 1)->row->parts[0]->earned_fen, 30000);
    approve(s, s->settlement, 4, 1);
    approve(s, 1, 1, 1);
    assert_int_equal(bank_pays(s, 2), JN_OK);
    assert_int_equal(bank_pays(s, 3), JN_OK);
    counts(totals(s)->paid, 4, 710);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 71000);
    assert_int_equal(totals(s)->advanced_fen, 0);
    has(s, EMPLOYMENT, CHANGAN, 1290); /* 2000 - 600 - 210 - 100 + 200 */
}

static void
what_comes_back_frees_who_waits(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    owes(s, 1, CHANGAN, 600, 0);
    settle(s, CHANGAN, TRAINING(400)); /* all there is */
    settle(s, CHANGAN, LIVING(300), LIVING(50), LIVING(60));
    is(s, 2, "waiting");
    approve(s, s->settlement - 1, 1, 1); /* taken off whole: 400 are back at once */
    is(s, 1, "paid");
    on(s, "2019-11-02");
    is(s, 2, "committed");
    is(s, 3, "committed");
    is(s, 4, "waiting");
    has(s, EMPLOYMENT, CHANGAN, 50);
}

/* A queue that is freed pays somebody who owes: what that brings back frees the next. */
static void
a_sweep_goes_on_with_what_it_brings_back(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 600);
    owes(s, 1, CHANGAN, 600, 0);
    settle(s, CHANGAN, TRAINING(250));
    approve(s, s->settlement, s->claim, 1);
    settle(s, CHANGAN, TRAINING(240));
    approve(s, s->settlement, s->claim, 1);
    settle(s, CHANGAN, LIVING(5));
    approve(s, s->settlement, s->claim, 1);
    is(s, 1, "waiting");
    appropriate(s, EMPLOYMENT, CHANGAN, 250);
    is(s, 1, "paid");
    is(s, 2, "paid");
    is(s, 3, "instructed");
    assert_int_equal(receivable(s, 1)->left_fen, 11000);
    has(s, EMPLOYMENT, CHANGAN, 245); /* 250 + 250 + 240 - 250 - 240 - 5 */
}

/* ---- Cases ---- */

static void
a_claim_is_reversed_in_part_and_whole(void **state)
{
    struct story *s = *state;
    uint64_t number;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    number = paid(s, CHANGAN, DUE(LIVING(400)));
    assert_int_equal(open_case(s, number, 15000, ERROR), JN_OK);
    assert_int_equal(last_number, 1);
    is(s, number, "paid"); /* by new entries: what was paid was paid */
    assert_int_equal(claim(s, number)->reversed_fen, 15000);
    assert_int_equal(claim(s, number)->recoveries[0], 1);
    counts(totals(s)->paid, 1, 400);
    counts(totals(s)->reversed, 1, 150);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 25000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 15000);
    assert_int_equal(receivable(s, 1)->row->person, 100);
    assert_int_equal(receivable(s, 1)->row->claim, number);
    assert_string_equal(receivable(s, 1)->row->clause, "2.10-b");
    assert_int_equal(open_case(s, number, 25001, ERROR), JN_OUT_OF_LIMITS);
    assert_int_equal(open_case(s, number, 0, ERROR), JN_OK); /* the rest */
    assert_int_equal(receivable(s, 2)->left_fen, 25000);
    assert_int_equal(open_case(s, number, 0, ERROR), JN_WRONG_STATE);
    assert_int_equal(repay(s, 1, 15001), JN_OUT_OF_LIMITS); /* no debt is overpaid */
    assert_int_equal(repay(s, 1, 15000), JN_OK);
    assert_int_equal(repay(s, 1, 1), JN_WRONG_STATE);
    on(s, "2020-03-01");
    assert_int_equal(repay(s, 2, 25000), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->paid_fen, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->carried_out_fen, 100000); /* 750, then the 250 */
    has(s, EMPLOYMENT, CHANGAN, 1000);
}

/* The city advanced 600 of 900, Chang'an paid 300: a third of what must come back is Chang'an's. */
static void
each_account_that_paid_has_its_share_back(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CITY, 600);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    bank_pays(s, 1);
    appropriate(s, EMPLOYMENT, CHANGAN, 400);
    paid(s, CHANGAN, DUE(TRAINING(900)));
    assert_int_equal(open_case(s, 1, 45000, ERROR), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CITY, 0)->receivable_fen, 30000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 15000);
    assert_int_equal(repay(s, 1, 10000), JN_OK); /* 33.33 and 66.67 */
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->available_fen, 10000 + 3333);
    assert_int_equal(account(s, EMPLOYMENT, CITY, 0)->available_fen, 6667);
    assert_int_equal(repay(s, 1, 1), JN_OK); /* of 116.67 and 233.33: the fen is the city's */
    assert_int_equal(account(s, EMPLOYMENT, CITY, 0)->available_fen, 6668);
    assert_int_equal(open_case(s, 1, 1, ERROR), JN_OK); /* two thirds of 450.01 are 300.00: Chang'an's fen */
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 14999);
    assert_int_equal(open_case(s, 1, 1, ERROR), JN_OK); /* of 450.02 they are 300.01: the city's */
    assert_int_equal(account(s, EMPLOYMENT, CITY, 0)->paid_fen, 29999);
    assert_int_equal(open_case(s, 1, 0, ERROR), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CITY, 0)->paid_fen, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 0);
    counts(totals(s)->reversed, 4, 900);
    assert_int_equal(repay(s, 1, 34999), JN_OK);
    assert_int_equal(repay(s, 2, 1), JN_OK);
    assert_int_equal(repay(s, 3, 1), JN_OK);
    assert_int_equal(repay(s, 4, 44998), JN_OK);
    has(s, EMPLOYMENT, CITY, 600);
    has(s, EMPLOYMENT, CHANGAN, 400);
}

/* An error is taken off what else is due to its payee, only to the account that it is owed to. */
static void
an_errors_part_is_taken_off_for_its_own_account(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CITY, 600);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    bank_pays(s, 1);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    paid(s, CHANGAN, DUE(TRAINING(900)));
    open_case(s, 1, 0, ERROR);            /* 600 the city's, 300 Chang'an's */
    paid(s, CHANGAN, DUE(TRAINING(500))); /* paid by Chang'an: 300 are taken off */
    assert_int_equal(claim(s, 2)->setoff_fen, 30000);
    assert_int_equal(receivable(s, 1)->row->parts[0]->left_fen, 0);
    assert_int_equal(receivable(s, 1)->row->parts[1]->left_fen, 60000);
    has(s, EMPLOYMENT, CHANGAN, 500); /* 1000 - 300 - 500 + 300 */
    assert_int_equal(repay(s, 1, 60000), JN_OK);
    has(s, EMPLOYMENT, CITY, 600);
}

static void
what_cannot_be_reversed_is_refused(void **state)
{
    struct story *s = *state;
    Ledger__OpenRecovery cmd = LEDGER__OPEN_RECOVERY__INIT;
    const void *reply;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, LIVING(100), LIVING(5000));
    assert_int_equal(open_case(s, 1, 0, ERROR), JN_WRONG_STATE); /* committed */
    assert_int_equal(open_case(s, 2, 0, ERROR), JN_WRONG_STATE); /* waiting */
    approve(s, 1, 1, 1);
    assert_int_equal(open_case(s, 1, 0, ERROR), JN_WRONG_STATE); /* with the bank */
    bank_pays(s, 1);
    assert_int_equal(open_case(s, 9, 0, ERROR), JN_NOT_FOUND);
    assert_int_equal(open_case(s, 0, 0, ERROR), JN_MALFORMED);
    assert_int_equal(open_case(s, 1, -1, ERROR), JN_MALFORMED);
    assert_int_equal(open_case(s, 1, 10001, ERROR), JN_OUT_OF_LIMITS);
    assert_int_equal(open_case(s, 1, 0, LEDGER__DEBT_KIND__DEBT_ADVANCE), JN_MALFORMED);
    assert_int_equal(open_case(s, 1, 0, (Ledger__DebtKind)9), JN_MALFORMED);
    cmd.claim = 1;
    cmd.kind = ERROR;
    assert_int_equal(jn_world_command(s->w, &s->finance, "OpenRecovery", &cmd, NULL), JN_MALFORMED); /* no document */
    cmd.document = (char *)(uintptr_t) "D";
    assert_int_equal(jn_world_command(s->w, &s->finance, "OpenRecovery", &cmd, NULL), JN_MALFORMED); /* no clause */
    cmd.clause = (char *)(uintptr_t) "2.12-e";
    assert_int_equal(jn_world_command(s->w, &s->county, "OpenRecovery", &cmd, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_command(s->w, &s->auditor, "OpenRecovery", &cmd, NULL), JN_DENIED);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_REVERSED), 0);
    assert_int_equal(jn_world_command(s->w, &s->finance, "OpenRecovery", &cmd, NULL), JN_OK);
    assert_int_equal(jn_world_again(s->w, &reply), JN_OK); /* once more: the same case */
    assert_int_equal(((const Ledger__Posted *)reply)->number, 1);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_REVERSED), 1);
    assert_int_equal(repay(s, 2, 1), JN_NOT_FOUND);
    assert_int_equal(repay(s, 0, 1), JN_MALFORMED);
    assert_int_equal(repay(s, 1, 0), JN_MALFORMED);
    assert_int_equal(repay(s, 1, INT64_MAX), JN_OUT_OF_LIMITS);
    assert_int_equal(repay(s, 1, 100), JN_OK);
    assert_int_equal(jn_world_again(s->w, &reply), JN_OK);
    assert_int_equal(receivable(s, 1)->left_fen, 9900);
}

/* Names of another division's debts are told to nobody beyond it. */
static void
another_divisions_debts_are_not_there(void **state)
{
    struct story *s = *state;
    Ledger__RecordRepayment back = LEDGER__RECORD_REPAYMENT__INIT;
    Ledger__WriteOff give_up = LEDGER__WRITE_OFF__INIT;
    Ledger__ArrangeRecovery plan = LEDGER__ARRANGE_RECOVERY__INIT;
    Ledger__ReceivablesRequest one = LEDGER__RECEIVABLES_REQUEST__INIT;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    open_case(s, paid(s, CHANGAN, DUE(LIVING(90))), 0, FRAUD);
    back.receivable = give_up.receivable = plan.receivable = one.number = 1;
    back.amount_fen = 1;
    plan.document = give_up.document = (char *)(uintptr_t) "D";
    plan.offset = true;
    assert_int_equal(jn_world_command(s->w, &s->county, "RecordRepayment", &back, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_command(s->w, &s->county, "WriteOff", &give_up, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_command(s->w, &s->county, "ArrangeRecovery", &plan, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(s->w, &s->county, "Receivables", &one, NULL), JN_NOT_FOUND);
    assert_int_equal(owed_to(s, &s->county, 0, 0, 0)->n_rows, 0);
    assert_int_equal(owed_to(s, &s->county, 0, 0, 0)->left_fen, 0);
    assert_int_equal(owed_to(s, &s->auditor, 0, 0, 0)->left_fen, 9000);
}

/* ---- Errors ---- */

static void
an_error_is_paid_back_by_instalments(void **state)
{
    struct story *s = *state;
    const Ledger__InstalmentOverdue *late;

    appropriate(s, EMPLOYMENT, CHANGAN, 5000);
    paid(s, CHANGAN, DUE(TRAINING(900)));
    open_case(s, 1, 0, ERROR);
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 30000}, {"2020-01-01", 30000}), false), JN_MALFORMED); /* 600 */
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 45000}, {"2019-12-01", 45000}), false), JN_MALFORMED);
    assert_int_equal(arrange(s, 1, PLAN({"2019-10-31", 90000}), false), JN_MALFORMED); /* gone by */
    assert_int_equal(arrange(s, 1, PLAN({"2024-11-06", 90000}), false), JN_MALFORMED); /* too late */
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 90001}, {"2020-01-01", -1}), false), JN_MALFORMED);
    assert_int_equal(arrange(s, 1, NULL, 0, false), JN_MALFORMED);
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 90000}), true), JN_MALFORMED);
    assert_int_equal(arrange(s, 1, NULL, 0, true), JN_REFUSED); /* an error needs no decision */
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 30000}, {"2020-01-01", 30000}, {"2020-02-01", 30000}), false),
                     JN_OK);
    is_aged(receivable(s, 1)->aging, 90000, 0, 0, 0, 0, 0);
    paid(s, CHANGAN, DUE(TRAINING(100))); /* nothing is due yet: nothing is taken off */
    assert_int_equal(claim(s, 2)->setoff_fen, 0);
    assert_int_equal(repay(s, 1, 30000), JN_OK);
    on(s, "2019-12-05");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE), 0);
    on(s, "2020-01-01");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE), 0); /* the day itself counts */
    on(s, "2020-01-02");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE), 1);
    late = jn_world_last(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE);
    assert_int_equal(late->instalment, 2);
    assert_int_equal(late->missing_fen, 30000);
    assert_int_equal(late->claim, 1);
    assert_int_equal(late->institution, PROVIDER);
    is_aged(receivable(s, 1)->aging, 30000, 30000, 0, 0, 0, 0);
    assert_int_equal(receivable(s, 1)->days, 1);
    assert_int_equal(repay(s, 1, 10000), JN_OK);
    paid(s, CHANGAN, DUE(TRAINING(50))); /* 200 are overdue: taken off */
    assert_int_equal(claim(s, 3)->setoff_fen, 5000);
    on(s, "2020-02-15");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE), 2);
    late = jn_world_last(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE);
    assert_int_equal(late->instalment, 3);
    is_aged(receivable(s, 1)->aging, 0, 30000, 15000, 0, 0, 0);                 /* 14 days; 45 days */
    assert_int_equal(arrange(s, 1, PLAN({"2020-03-01", 45000}), false), JN_OK); /* a new plan */
    is_aged(receivable(s, 1)->aging, 45000, 0, 0, 0, 0, 0);
    assert_int_equal(repay(s, 1, 45000), JN_OK);
    assert_int_equal(arrange(s, 1, PLAN({"2020-04-01", 1}), false), JN_WRONG_STATE);
    on(s, "2020-04-01");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE), 2);
    has(s, EMPLOYMENT, CHANGAN, 4850); /* 5000 - 900 - 100 - 50 + 900 */
}

/* 100 yuan may be given up, a fen more may not. */
static void
a_small_rest_of_an_error_is_given_up(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    paid(s, CHANGAN, DUE(LIVING(500)));
    open_case(s, 1, 0, ERROR);
    assert_int_equal(write_off(s, 1, ""), JN_MALFORMED);
    assert_int_equal(write_off(s, 2, "W-1"), JN_NOT_FOUND);
    assert_int_equal(repay(s, 1, 39999), JN_OK);
    assert_int_equal(write_off(s, 1, "W-1"), JN_OUT_OF_LIMITS); /* 100.01 */
    assert_int_equal(repay(s, 1, 1), JN_OK);
    assert_int_equal(write_off(s, 1, "W-1"), JN_OK);
    assert_int_equal(jn_world_again(s->w, NULL), JN_OK);
    assert_int_equal(write_off(s, 1, "W-1"), JN_WRONG_STATE);
    assert_int_equal(repay(s, 1, 1), JN_WRONG_STATE);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->written_off_fen, 10000);
    assert_int_equal(totals(s)->written_off_fen, 10000);
    assert_int_equal(receivable(s, 1)->written_off_fen, 10000);
    has(s, EMPLOYMENT, CHANGAN, 900);
    owes(s, 1, CHANGAN, 50, 0);
    assert_int_equal(write_off(s, 2, "W-2"), JN_REFUSED); /* 2.10-f */
}

/* The last pack's figure holds, nothing at all too; one that names none leaves a hundred yuan. */
static void
how_much_is_given_up_the_pack_says(void **state)
{
    struct story *s = *state;
    int64_t twenty = 2000, nothing = 0;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    paid(s, CHANGAN, DUE(LIVING(50)));
    open_case(s, 1, 0, ERROR);
    s->write_off_fen = &twenty;
    list_pack(s);
    assert_int_equal(write_off(s, 1, "W-1"), JN_OUT_OF_LIMITS);
    assert_non_null(strstr(jn_world_reason(s->w), "20.00"));
    s->write_off_fen = &nothing;
    list_pack(s);
    assert_int_equal(repay(s, 1, 4999), JN_OK);
    assert_int_equal(write_off(s, 1, "W-1"), JN_OUT_OF_LIMITS);
    s->write_off_fen = &twenty;
    list_pack(s);
    assert_int_equal(write_off(s, 1, "W-1"), JN_OK);
    assert_int_equal(totals(s)->written_off_fen, 1);
    s->write_off_fen = NULL;
    list_pack(s);
    paid(s, CHANGAN, DUE(LIVING(100)));
    open_case(s, 2, 0, ERROR);
    assert_int_equal(write_off(s, 2, "W-2"), JN_OK);
}

static void
what_is_on_its_way_is_not_given_up(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    paid(s, CHANGAN, DUE(LIVING(50)));
    open_case(s, 1, 0, ERROR);
    settle(s, CHANGAN, LIVING(80));
    approve(s, s->settlement, 2, 1);
    assert_int_equal(batch(s, 2)->head->amount_fen, 3000); /* a person's, too */
    assert_int_equal(write_off(s, 1, "W-1"), JN_WRONG_STATE);
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 5000}), false), JN_WRONG_STATE);
    bank_pays(s, 2);
    assert_int_equal(write_off(s, 1, "W-1"), JN_WRONG_STATE);
    has(s, EMPLOYMENT, CHANGAN, 920);
}

/* ---- Fraud ---- */

static void
fraud_stops_all_payments_until_it_is_settled(void **state)
{
    struct story *s = *state;
    const Ledger__PaymentsStopped *stop;

    appropriate(s, EMPLOYMENT, CHANGAN, 5000);
    appropriate(s, EMPLOYMENT, QIAOXI, 5000);
    paid(s, CHANGAN, DUE(TRAINING(300)));
    settle(s, CHANGAN, TRAINING(70));
    approve(s, s->settlement, 2, 1);
    assert_int_equal(bank_says(s, 2, 2, false, "closed"), JN_OK);
    assert_int_equal(open_case(s, 1, 0, FRAUD), JN_OK);
    stop = jn_world_last(s->w, LEDGER__EVENT__BODY_PAYMENTS_STOPPED);
    assert_int_equal(stop->change, LEDGER__STOP_CHANGE__STOP_BEGUN);
    assert_int_equal(stop->institution, PROVIDER);
    settle(s, QIAOXI, TRAINING(100), LIVING(40), TRAINING(10)); /* another division's is stopped, too */
    approve(s, s->settlement, 3, 3);
    is(s, 3, "committed");
    assert_string_equal(claim(s, 3)->why,
                        "2.12-e: payments to its payee are stopped until what was obtained by fraud is paid back");
    is(s, 4, "instructed"); /* the trainee's own goes */
    is(s, 5, "committed");
    assert_int_equal(batch(s, 3)->head->rows, 1);
    assert_int_equal(resend(s, 0, 2), JN_REFUSED);
    grant_advance(s, 5, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    assert_true(((const Ledger__AdvancePaid *)jn_world_last(s->w, LEDGER__EVENT__BODY_ADVANCE_PAID))->refused);
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 30000}), false), JN_REFUSED);
    assert_int_equal(repay(s, 1, 25000), JN_OK);
    assert_int_equal(write_off(s, 1, "W-1"), JN_REFUSED); /* 50 yuan: but of fraud */
    is(s, 3, "committed");
    hold(s, 5);
    assert_int_equal(repay(s, 1, 5000), JN_OK);
    on(s, "2019-11-02");
    is(s, 3, "instructed");
    is(s, 5, "committed"); /* held since */
    release(s, 5, false);
    is(s, 5, "instructed");
    assert_int_equal(resend(s, 0, 2), JN_OK);
    assert_string_equal(jn_world_audit(s->w), "");
    has(s, EMPLOYMENT, CHANGAN, 4930); /* 5000 - 300 + 300 - 70 */
}

static void
two_frauds_stop_until_both_are_settled(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 5000);
    paid(s, CHANGAN, DUE(TRAINING(300)));
    open_case(s, 1, 10000, FRAUD);
    open_case(s, 1, 10000, FRAUD);
    open_case(s, 1, 10000, ERROR);
    settle(s, CHANGAN, TRAINING(500));
    approve(s, s->settlement, 2, 1);
    is(s, 2, "committed");
    assert_int_equal(repay(s, 1, 10000), JN_OK);
    on(s, "2019-11-02");
    is(s, 2, "committed");
    assert_int_equal(repay(s, 2, 10000), JN_OK);
    assert_int_equal(open_case(s, 1, 0, ERROR), JN_WRONG_STATE);
    on(s, "2019-11-03");
    is(s, 2, "instructed"); /* and of the error as much as is owed is taken off */
    assert_int_equal(claim(s, 2)->setoff_fen, 10000);
}

/* More than one block lets go. */
static void
many_kept_claims_go_on_in_steps(void **state)
{
    struct story *s = *state;
    struct due rows[150];

    for (size_t i = 0; i < 150; i++)
        rows[i] = DUE(TRAINING(1));
    appropriate(s, EMPLOYMENT, CHANGAN, 5000);
    paid(s, CHANGAN, DUE(TRAINING(300)));
    open_case(s, 1, 0, FRAUD);
    for (int i = 0; i < 3; i++) {
        settle_rows(s, CHANGAN, rows, 150);
        approve(s, s->settlement, s->claim - 149, 150);
    }
    is(s, 451, "committed");
    assert_int_equal(repay(s, 1, 30000), JN_OK);
    on(s, "2019-11-02");
    for (uint64_t i = 2; i <= 451; i++)
        is(s, i, "instructed");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_PAYMENTS_STOPPED), 1 + 3 + 1 + 3);
}

/* A new fraud, while what an earlier one kept is let go: it stands at once. */
static void
a_stop_can_begin_again_before_it_is_lifted(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 5000);
    paid(s, CHANGAN, DUE(TRAINING(300)));
    open_case(s, 1, 10000, FRAUD);
    settle(s, CHANGAN, TRAINING(500));
    approve(s, s->settlement, 2, 1);
    jn_world_gather(s->w, true);
    assert_int_equal(repay(s, 1, 10000), JN_OK);
    assert_int_equal(open_case(s, 1, 10000, FRAUD), JN_OK);
    jn_world_gather(s->w, false);
    on(s, "2019-11-05");
    is(s, 2, "committed");
    assert_int_equal(repay(s, 2, 10000), JN_OK);
    on(s, "2019-11-06");
    is(s, 2, "instructed");
}

/* By decision fraud's debt is taken off what else is due; what that does not reach stays stopped. */
static void
fraud_is_taken_off_only_by_decision(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 5000);
    appropriate(s, EMPLOYMENT, QIAOXI, 5000);
    paid(s, CHANGAN, DUE(TRAINING(300)));
    open_case(s, 1, 0, FRAUD);
    settle(s, QIAOXI, TRAINING(80));
    approve(s, s->settlement, 2, 1);
    settle(s, CHANGAN, TRAINING(100), TRAINING(500), TRAINING(20));
    approve(s, s->settlement, 3, 3);
    is(s, 3, "committed");
    assert_int_equal(arrange(s, 1, NULL, 0, true), JN_OK);
    assert_int_equal(arrange(s, 1, NULL, 0, true), JN_WRONG_STATE);
    is(s, 2, "committed"); /* another division's account: not taken off, so stopped */
    is(s, 3, "instructed");
    is(s, 4, "instructed");
    assert_int_equal(claim(s, 3)->setoff_fen, 10000);
    assert_int_equal(claim(s, 4)->setoff_fen, 20000);
    assert_int_equal(claim(s, 5)->setoff_fen, 0); /* nothing is left to take off: it may go */
    is(s, 5, "instructed");
    assert_int_equal(batch(s, claim(s, 4)->batch)->head->amount_fen, 32000);
    assert_int_equal(bank_pays(s, claim(s, 4)->batch), JN_OK);
    on(s, "2019-11-02");
    is(s, 2, "instructed");
    has(s, EMPLOYMENT, CHANGAN, 4380); /* 5000 - 300 - 620 + 300 */
}

/* ---- Who owes ---- */

static void
receivables_age_by_their_days(void **state)
{
    struct story *s = *state;
    static const struct {
        const char *day;
        int bucket;
    } days[] = {{"2019-11-01", 1}, {"2019-12-01", 1}, {"2019-12-02", 2}, {"2020-01-30", 2}, {"2020-01-31", 3},
                {"2020-04-29", 3}, {"2020-04-30", 4}, {"2020-10-31", 4}, {"2020-11-01", 5}};

    appropriate(s, EMPLOYMENT, CHANGAN, 5000);
    paid(s, CHANGAN, DUE(LIVING(300)));
    open_case(s, 1, 0, ERROR);
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        int64_t in[6] = {0};

        in[days[i].bucket] = 30000;
        on(s, days[i].day);
        is_aged(receivable(s, 1)->aging, in[0], in[1], in[2], in[3], in[4], in[5]);
        is_aged(owed_to(s, &s->auditor, 100, 0, 0)->all, in[0], in[1], in[2], in[3], in[4], in[5]);
    }
    assert_int_equal(receivable(s, 1)->days, 366);
}

static void
receivables_are_listed_by_payee_in_pages(void **state)
{
    struct story *s = *state;
    size_t seen = 0;
    uint64_t after = 0, last = 0;
    bool more = true;
    Ledger__ReceivablesRequest both = LEDGER__RECEIVABLES_REQUEST__INIT;

    appropriate(s, EMPLOYMENT, CHANGAN, 5000);
    paid(s, CHANGAN, DUE(TRAINING(300)));
    paid(s, CHANGAN, DUE(LIVING(3)));
    for (int i = 0; i < 250; i++)
        assert_int_equal(open_case(s, i < 240 ? 1 : 2, 1, ERROR), JN_OK);
    while (more) {
        const Ledger__ReceivablesView *page = owed_to(s, &s->auditor, 0, 0, after);

        assert_int_equal(page->left_fen, 250);
        assert_int_equal(page->all->days_30_fen, 250);
        if (seen == 0)
            assert_int_equal(page->rows[0]->row->person, 100); /* people first */
        seen += page->n_rows;
        last = after;
        after = page->rows[page->n_rows - 1]->row->number;
        more = page->more;
    }
    assert_int_equal(seen, 250);
    assert_int_equal(last, 190);
    assert_int_equal(owed_to(s, &s->auditor, 100, 0, 0)->n_rows, 10);
    assert_int_equal(owed_to(s, &s->auditor, 0, PROVIDER, 0)->left_fen, 240);
    assert_int_equal(owed_to(s, &s->auditor, 0, PROVIDER, 200)->n_rows, 40);
    assert_int_equal(owed_to(s, &s->auditor, 0, 99, 0)->n_rows, 0);
    assert_int_equal(owed_to(s, &s->auditor, 0, 0, UINT64_MAX)->n_rows, 200);
    both.person = both.institution = 1;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Receivables", &both, NULL), JN_MALFORMED);
}

const struct CMUnitTest ledger_recovery[] = {
    STORY(a_debt_is_taken_off_the_next_payment),
    STORY(over_a_years_end_it_comes_back_to_the_new_year),
    STORY(the_oldest_of_two_debts_goes_first),
    STORY(no_other_fund_division_or_payee_pays_it),
    STORY(what_the_bank_sends_back_is_owed_as_before),
    STORY(an_advance_that_is_not_received_is_not_taken_off),
    STORY(what_is_owed_can_still_be_earned),
    STORY(what_comes_back_frees_who_waits),
    STORY(a_sweep_goes_on_with_what_it_brings_back),
    STORY(a_claim_is_reversed_in_part_and_whole),
    STORY(each_account_that_paid_has_its_share_back),
    STORY(an_errors_part_is_taken_off_for_its_own_account),
    STORY(what_cannot_be_reversed_is_refused),
    STORY(another_divisions_debts_are_not_there),
    STORY(an_error_is_paid_back_by_instalments),
    STORY(a_small_rest_of_an_error_is_given_up),
    STORY(how_much_is_given_up_the_pack_says),
    STORY(what_is_on_its_way_is_not_given_up),
    STORY(fraud_stops_all_payments_until_it_is_settled),
    STORY(two_frauds_stop_until_both_are_settled),
    STORY(many_kept_claims_go_on_in_steps),
    STORY(a_stop_can_begin_again_before_it_is_lifted),
    STORY(fraud_is_taken_off_only_by_decision),
    STORY(receivables_age_by_their_days),
    STORY(receivables_are_listed_by_payee_in_pages),
};
const size_t ledger_recovery_count = sizeof(ledger_recovery) / sizeof(ledger_recovery[0]);
