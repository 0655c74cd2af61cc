/* Approval, holds, batches, what the bank says, and what the statements say of it. */
#include "ledger_story.h"

#include <string.h>

static void
give_payees(struct story *s)
{
    Enrollment__PayeesRegistered people = ENROLLMENT__PAYEES_REGISTERED__INIT;
    Enrollment__RegisteredPayee one = ENROLLMENT__REGISTERED_PAYEE__INIT, nobody = ENROLLMENT__REGISTERED_PAYEE__INIT;
    Enrollment__RegisteredPayee *rows[] = {&one, &nobody};
    Enrollment__InstitutionsDesignated event = ENROLLMENT__INSTITUTIONS_DESIGNATED__INIT;
    Enrollment__DesignatedInstitution school = ENROLLMENT__DESIGNATED_INSTITUTION__INIT, empty = school;
    Enrollment__DesignatedInstitution *schools[] = {&school, &empty};
    Enrollment__Institution facts = ENROLLMENT__INSTITUTION__INIT;

    one.person = 101;
    one.name = (char *)(uintptr_t) "陈小明";
    one.account = (char *)(uintptr_t) "6222020402001234567";
    people.n_rows = 2;
    people.rows = rows;
    jn_world_event(s->w, "enrollment", ENROLLMENT__EVENT__BODY_PAYEES_REGISTERED, &people);
    facts.name = (char *)(uintptr_t) "某某培训学校";
    facts.account = (char *)(uintptr_t) "13050161000000001";
    facts.bank = (char *)(uintptr_t) "某某银行";
    school.institution = PROVIDER;
    school.facts = &facts;
    event.n_rows = 2;
    event.rows = schools;
    jn_world_event(s->w, "enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, &event);
}

static void
approved_claims_reach_the_bank_and_are_paid(void **state)
{
    struct story *s = *state;
    const Ledger__BatchView *view;

    give_payees(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600), LIVING(300));
    approve(s, 1, 1, 2);
    is(s, 1, "instructed");
    view = batch(s, 1);
    assert_int_equal(view->head->amount_fen, 90000);
    assert_int_equal(view->n_rows, 2);
    assert_string_equal(view->rows[0]->payee_name, "某某培训学校");
    assert_string_equal(view->rows[0]->bank, ""); /* a draft: whom, not yet where to */
    assert_string_equal(view->rows[1]->account, "");
    to_bank(s, 1);
    view = batch(s, 1);
    assert_string_equal(view->rows[0]->bank, "某某银行");
    assert_string_equal(view->rows[1]->account, "6222020402001234567");
    assert_string_equal(view->rows[1]->state, "instructed");
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->instructed_fen, 90000);
    assert_int_equal(totals(s)->open_batches, 1);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    is(s, 2, "paid");
    counts(totals(s)->paid, 2, 900);
    counts(totals(s)->committed, 0, 0);
    assert_int_equal(totals(s)->open_batches, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 90000);
    assert_string_equal(batch(s, 1)->rows[0]->state, "paid");
}

static void
what_is_approved_while_it_waits_is_sent_when_money_comes(void **state)
{
    struct story *s = *state;

    settle(s, CHANGAN, TRAINING(600), TRAINING(300));
    approve(s, 1, 1, 2);
    assert_int_equal(batches_so_far(s), 0);
    assert_true(claim(s, 1)->approved);
    appropriate(s, EMPLOYMENT, CHANGAN, 700);
    is(s, 1, "instructed");
    is(s, 2, "waiting");
    appropriate(s, EMPLOYMENT, CHANGAN, 700);
    is(s, 2, "instructed");
    assert_int_equal(batch(s, 2)->n_rows, 1);
    approve(s, 1, 1, 2); /* once more: nothing */
    assert_int_equal(batches_so_far(s), 2);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_APPROVAL_NOTED), 1);
}

static void
holds_keep_back_and_releases_let_go(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), TRAINING(100), TRAINING(100));
    hold(s, 2);
    hold(s, 2);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_HOLD_NOTED), 1);
    approve_but(s, 1, 1, 3, 2);
    is(s, 1, "instructed");
    is(s, 2, "committed");
    assert_string_equal(claim(s, 2)->why, "a reviewer holds it");
    release(s, 2, false);
    is(s, 2, "committed");
    hold(s, 2);
    release(s, 2, true);
    is(s, 2, "instructed");
    assert_int_equal(batch(s, 2)->n_rows, 1);
}

static void
a_held_claim_may_wait_and_be_released_before_money_comes(void **state)
{
    struct story *s = *state;

    settle(s, CHANGAN, TRAINING(100), TRAINING(100));
    hold(s, 1);
    approve_but(s, 1, 1, 2, 1);
    release(s, 1, true);
    assert_true(claim(s, 1)->approved);
    hold(s, 2); /* approved, then held while it waits */
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    is(s, 1, "instructed");
    is(s, 2, "committed");
    release(s, 2, false); /* its approval stands */
    is(s, 2, "instructed");
}

static void
an_approval_that_forgets_a_hold_does_not_pay_it(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100));
    hold(s, 1);
    approve(s, 1, 1, 1);
    is(s, 1, "committed");
    release(s, 1, false);
    is(s, 1, "instructed");
}

static void
the_bank_sends_one_back_and_pays_it_the_second_time(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), LIVING(200));
    approve(s, 1, 1, 2);
    assert_int_equal(bank_says(s, 1, 2, false, "account closed"), JN_OK);
    is(s, 2, "failed");
    is(s, 1, "instructed");
    counts(totals(s)->failed, 1, 200);
    counts(totals(s)->committed, 2, 300);
    assert_non_null(strstr(claim(s, 2)->why, "account closed"));
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->committed_fen, 20000);
    assert_int_equal(bank_says(s, 1, 2, false, "account closed"), JN_WRONG_STATE); /* known */
    assert_int_equal(bank_pays(s, 1), JN_OK);                                      /* the rest */
    is(s, 1, "paid");
    is(s, 2, "failed");
    assert_int_equal(bank_pays(s, 1), JN_WRONG_STATE);
    assert_int_equal(resend(s, 0, 2), JN_OK);
    is(s, 2, "instructed");
    counts(totals(s)->failed, 0, 0);
    assert_string_equal(batch(s, 1)->rows[1]->state, "failed");
    assert_int_equal(bank_pays(s, 2), JN_OK);
    is(s, 2, "paid");
    counts(totals(s)->paid, 2, 300);
    assert_int_equal(resend(s, 0, 2), JN_WRONG_STATE);
}

static void
a_batch_is_sent_again_without_those_held(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), TRAINING(100), TRAINING(100));
    approve(s, 1, 1, 3);
    for (uint64_t i = 1; i <= 3; i++)
        bank_says(s, 1, i, i == 3, "no such account");
    hold(s, 1);
    assert_int_equal(resend(s, 0, 1), JN_REFUSED);
    assert_int_equal(resend(s, 1, 0), JN_OK);
    is(s, 1, "failed");
    is(s, 2, "instructed");
    assert_int_equal(resend(s, 1, 0), JN_REFUSED); /* what is left of it is held */
    release(s, 1, true);
    is(s, 1, "failed"); /* a release sends nothing that the bank refused */
    assert_int_equal(resend(s, 1, 0), JN_OK);
    assert_int_equal(resend(s, 1, 0), JN_WRONG_STATE);
    assert_int_equal(bank_pays(s, 2), JN_OK);
    assert_int_equal(bank_says(s, 3, 1, false, "again"), JN_OK);
    assert_int_equal(resend(s, 3, 0), JN_OK);
    assert_int_equal(bank_pays(s, 4), JN_OK);
    counts(totals(s)->paid, 3, 300);
}

static void
an_answer_may_not_be_told_twice_or_of_others(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100));
    settle(s, CHANGAN, TRAINING(100));
    approve(s, 1, 1, 1);
    approve(s, 2, 2, 1);
    assert_int_equal(bank_says(s, 1, 2, true, ""), JN_NOT_FOUND);
    assert_int_equal(bank_says(s, 1, 99, true, ""), JN_NOT_FOUND);
    assert_int_equal(bank_says(s, 1, 1, false, ""), JN_MALFORMED);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    assert_int_equal(jn_world_again(s->w, NULL), JN_OK); /* the same command: the same answer */
    counts(totals(s)->paid, 1, 100);
    assert_int_equal(bank_pays(s, 1), JN_WRONG_STATE); /* another command */
    assert_int_equal(bank_pays(s, 9), JN_NOT_FOUND);
    counts(totals(s)->paid, 1, 100);
}

static void
rows_are_answered_one_by_one(void **state)
{
    struct story *s = *state;
    Ledger__RecordBankResults cmd = LEDGER__RECORD_BANK_RESULTS__INIT;
    Ledger__BankResult a = LEDGER__BANK_RESULT__INIT, b = a, *rows[] = {&a, &b, &a};
    const void *reply;
    const Ledger__Outcomes *outcomes;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), TRAINING(100));
    approve(s, 1, 1, 2);
    a.claim = 1;
    a.paid = true;
    b.claim = 2;
    b.reason = (char *)(uintptr_t) "name and account differ";
    cmd.batch = 1;
    to_bank(s, 1);
    cmd.n_rows = 3;
    cmd.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordBankResults", &cmd, &reply), JN_OK);
    outcomes = reply;
    assert_int_equal(outcomes->done, 2);
    assert_int_equal(outcomes->n_refused, 1);
    assert_int_equal(outcomes->refused[0]->row, 2);
    assert_int_equal(outcomes->refused[0]->code, JN_MALFORMED); /* named twice */
    is(s, 1, "paid");
    is(s, 2, "failed");
    cmd.all = true;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordBankResults", &cmd, NULL), JN_MALFORMED);
    cmd.all = false;
    cmd.n_rows = 0;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordBankResults", &cmd, NULL), JN_MALFORMED);
}

static void
open_batches_are_listed_in_order(void **state)
{
    struct story *s = *state;
    Ledger__BatchesRequest request = LEDGER__BATCHES_REQUEST__INIT;
    const void *reply;
    const Ledger__BatchesView *view;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    for (uint64_t i = 1; i <= 4; i++) {
        settle(s, CHANGAN, TRAINING(100));
        approve(s, i, i, 1);
    }
    bank_pays(s, 2);
    request.limit = 2;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Batches", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 2);
    assert_int_equal(view->rows[1]->batch, 3);
    assert_true(view->more);
    request.after = 3;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Batches", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 1);
    assert_false(view->more);
    request.after = UINT64_MAX;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Batches", &request, &reply), JN_OK);
    assert_int_equal(((const Ledger__BatchesView *)reply)->n_rows, 0);
}

/* More than a batch may hold: several of them. */
static void
a_large_settlement_goes_in_several_batches(void **state)
{
    struct story *s = *state;
    struct due rows[450];

    for (size_t i = 0; i < 450; i++)
        rows[i] = (struct due)TRAINING(1);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle_rows(s, CHANGAN, rows, 450);
    approve(s, 1, 1, 450);
    assert_int_equal(batches_so_far(s), 3);
    assert_int_equal(batch(s, 3)->n_rows, 50);
    for (uint64_t i = 1; i <= 3; i++)
        assert_int_equal(bank_pays(s, i), JN_OK);
    counts(totals(s)->paid, 450, 450);
}

static void
the_quarter_counts_by_the_day_of_payment(void **state)
{
    struct story *s = *state;
    const Ledger__QuarterView *view;
    const Ledger__TotalsView *all;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    appropriate(s, SKILLS, CITY, 1000);
    settle(s, CHANGAN, TRAINING(100), LIVING(50), CERTIFIED(70));
    settle(s, QIAOXI, CERTIFIED(30));
    approve(s, 1, 1, 3);
    approve(s, 2, 4, 1);
    bank_pays(s, 1);
    on(s, "2020-04-01");
    bank_pays(s, 2);
    view = quarter(s, 2019, 4);
    assert_int_equal(view->paid_fen, 22000);
    assert_int_equal(view->appropriated_fen, 200000);
    assert_int_equal(view->n_rows, 3);
    assert_int_equal(view->rows[0]->item, COMMON__ITEM__FREE_TRAINING);
    assert_int_equal(view->rows[2]->fund, SKILLS);
    assert_int_equal(view->rows[2]->division, CHANGAN);
    view = quarter(s, 2020, 2);
    assert_int_equal(view->paid_fen, 3000);
    assert_int_equal(view->rows[0]->division, QIAOXI); /* the class's, though the city's account stood in */
    assert_int_equal(quarter(s, 2020, 1)->n_rows, 0);
    all = totals(s);
    counts(all->paid, 4, 250);
    assert_int_equal(all->n_by_fund, 2);
    counts(all->by_fund[1]->paid, 2, 100);
    assert_int_equal(all->n_by_division, 2);
    counts(all->by_division[0]->paid, 3, 220);
    counts(all->by_division[1]->paid, 1, 30);
}

static void
a_payment_carries_its_purpose(void **state)
{
    struct story *s = *state;

    appropriate(s, SKILLS, CHANGAN, 10000);
    settle(s, CHANGAN, {COMMON__ITEM__APPRENTICESHIP_TRAINING, 400000, 0, 0}, CERTIFIED(10));
    approve(s, 1, 1, 2);
    assert_string_equal(batch(s, 1)->rows[0]->purpose, "apprentice training only");
    assert_string_equal(batch(s, 1)->rows[1]->purpose, "");
    assert_string_equal(batch(s, 1)->rows[1]->payee_name, ""); /* nobody registered: finance sees that */
}

const struct CMUnitTest ledger_bank[] = {
    STORY(approved_claims_reach_the_bank_and_are_paid),
    STORY(what_is_approved_while_it_waits_is_sent_when_money_comes),
    STORY(holds_keep_back_and_releases_let_go),
    STORY(a_held_claim_may_wait_and_be_released_before_money_comes),
    STORY(an_approval_that_forgets_a_hold_does_not_pay_it),
    STORY(the_bank_sends_one_back_and_pays_it_the_second_time),
    STORY(a_batch_is_sent_again_without_those_held),
    STORY(an_answer_may_not_be_told_twice_or_of_others),
    STORY(rows_are_answered_one_by_one),
    STORY(open_batches_are_listed_in_order),
    STORY(a_large_settlement_goes_in_several_batches),
    STORY(the_quarter_counts_by_the_day_of_payment),
    STORY(a_payment_carries_its_purpose),
};
const size_t ledger_bank_count = sizeof(ledger_bank) / sizeof(ledger_bank[0]);
