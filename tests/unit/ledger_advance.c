/* Advances, 2.10-f: earned, half earned, not earned; queues, banks and years in between. */
#include "ledger_story.h"

#include <string.h>

static const Ledger__AdvanceSettled *
settled(struct story *s)
{
    return jn_world_last(s->w, LEDGER__EVENT__BODY_ADVANCE_SETTLED);
}

static bool
refused(struct story *s)
{
    return ((const Ledger__AdvancePaid *)jn_world_last(s->w, LEDGER__EVENT__BODY_ADVANCE_PAID))->refused;
}

static void
an_advance_that_is_earned_changes_no_total(void **state)
{
    struct story *s = *state;
    const Ledger__BatchView *view;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    has(s, EMPLOYMENT, CHANGAN, 400);
    view = batch(s, 1);
    assert_true(view->head->advance);
    assert_int_equal(view->head->amount_fen, 60000);
    assert_string_equal(view->rows[0]->state, "instructed");
    assert_int_equal(bank_pays(s, 1), JN_OK);
    assert_string_equal(batch(s, 1)->rows[0]->state, "paid");
    counts(totals(s)->paid, 0, 0);
    assert_int_equal(totals(s)->advanced_fen, 60000);
    s->last = true;
    settle(s, CHANGAN, TRAINING(400), LIVING(50), TRAINING(300));
    has(s, EMPLOYMENT, CHANGAN, 250); /* the larger of due and advance, and the allowance */
    assert_int_equal(claim(s, 1)->offset_fen, 40000);
    assert_int_equal(claim(s, 3)->offset_fen, 20000);
    assert_int_equal(settled(s)->earned_fen, 60000);
    assert_int_equal(settled(s)->debt_fen, 0);
    approve(s, 1, 1, 3);
    assert_int_equal(batch(s, 2)->head->amount_fen, 15000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->advanced_fen, 60000);
    assert_int_equal(bank_pays(s, 2), JN_OK);
    counts(totals(s)->paid, 3, 750);
    assert_int_equal(totals(s)->advanced_fen, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 75000);
    has(s, EMPLOYMENT, CHANGAN, 250);
    assert_int_equal(quarter(s, 2019, 4)->paid_fen, 75000);
}

static void
what_is_not_earned_is_a_debt_until_it_is_recovered(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    bank_pays(s, 1);
    settle(s, CHANGAN, TRAINING(300));
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_ADVANCE_SETTLED), 0);
    s->last = true;
    settle(s, CHANGAN, TRAINING(100));
    assert_int_equal(settled(s)->earned_fen, 40000);
    assert_int_equal(settled(s)->debt_fen, 20000);
    has(s, EMPLOYMENT, CHANGAN, 400);
    approve(s, 1, 1, 1); /* nothing is left for the bank: paid at once */
    is(s, 1, "paid");
    assert_int_equal(bank_pays(s, 2), JN_WRONG_STATE);
    approve(s, 2, 2, 1);
    counts(totals(s)->paid, 2, 400);
    assert_int_equal(totals(s)->advanced_fen, 20000);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 201), JN_OUT_OF_LIMITS);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 150), JN_OK);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 50), JN_OK);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 1), JN_WRONG_STATE);
    has(s, EMPLOYMENT, CHANGAN, 600);
    assert_int_equal(totals(s)->advanced_fen, 0);
}

static void
a_class_that_earns_nothing_owes_it_all(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    bank_pays(s, 1);
    s->last = true;
    settle_rows(s, CHANGAN, NULL, 0);
    assert_int_equal(settled(s)->debt_fen, 60000);
    assert_int_equal(settled(s)->institution, PROVIDER);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 600), JN_OK);
    has(s, EMPLOYMENT, CHANGAN, 1000);
}

static void
a_person_and_another_class_earn_nothing_of_it(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    s->class = 2;
    settle(s, CHANGAN, TRAINING(100));
    s->class = 1;
    settle(s, CHANGAN, LIVING(100));
    s->provider = 77;
    settle(s, CHANGAN, TRAINING(100));
    for (uint64_t i = 1; i <= 3; i++)
        assert_int_equal(claim(s, i)->offset_fen, 0);
    has(s, EMPLOYMENT, CHANGAN, 100);
}

static void
claims_that_wait_keep_what_they_earned(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 600);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    bank_pays(s, 1);
    s->last = true;
    settle(s, CHANGAN, TRAINING(500), TRAINING(200), TRAINING(50));
    is(s, 1, "committed"); /* covered whole */
    is(s, 2, "waiting");   /* 100 of it are */
    is(s, 3, "waiting");
    assert_int_equal(claim(s, 2)->offset_fen, 10000);
    assert_int_equal(settled(s)->debt_fen, 0);
    counts(totals(s)->waiting, 2, 250);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 1), JN_WRONG_STATE);
    approve(s, 1, 1, 3);
    is(s, 1, "paid");
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->advanced_fen, 10000);
    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    is(s, 2, "instructed");
    is(s, 3, "waiting");
    assert_int_equal(batch(s, 3)->head->amount_fen, 10000);
    bank_pays(s, 3);
    counts(totals(s)->paid, 2, 700);
    assert_int_equal(totals(s)->advanced_fen, 0);
}

/* The rest of a claim may take another account than its advance did. */
static void
the_city_may_advance_and_the_own_account_pay_the_rest(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CITY, 600);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    has(s, EMPLOYMENT, CITY, 0);
    bank_pays(s, 1);
    appropriate(s, EMPLOYMENT, CHANGAN, 400);
    settle(s, CHANGAN, TRAINING(900));
    assert_int_equal(claim(s, 1)->account_division, CHANGAN);
    has(s, EMPLOYMENT, CHANGAN, 100);
    approve(s, 1, 1, 1);
    bank_pays(s, 2);
    assert_int_equal(account(s, EMPLOYMENT, CITY, 0)->paid_fen, 60000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 30000);
    counts(totals(s)->by_division[0]->paid, 1, 900);
}

static void
no_advance_waits_for_money(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 500);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    assert_true(refused(s));
    has(s, EMPLOYMENT, CHANGAN, 500);
    settle(s, CHANGAN, TRAINING(600));
    grant_advance(s, 2, CHANGAN, EMPLOYMENT, PROVIDER, 100); /* there is that much: but somebody waits for it */
    assert_true(refused(s));
    assert_int_equal(recover(s, 2, EMPLOYMENT, 1), JN_NOT_FOUND);
    assert_int_equal(batches_so_far(s), 2); /* refusals are events too, no batches: */
    assert_int_equal(bank_pays(s, 1), JN_NOT_FOUND);
}

static void
a_recovery_frees_who_waits(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 600);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    bank_pays(s, 1);
    s->class = 2;
    settle(s, CHANGAN, TRAINING(300));
    is(s, 1, "waiting");
    assert_int_equal(recover(s, 1, EMPLOYMENT, 250), JN_OK); /* before its class is settled: it was stopped */
    is(s, 1, "waiting");
    assert_int_equal(recover(s, 1, EMPLOYMENT, 50), JN_OK);
    is(s, 1, "committed");
    has(s, EMPLOYMENT, CHANGAN, 0);
}

static void
a_recovery_after_the_years_end_goes_to_the_new_year(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    on(s, "2020-02-01");
    assert_int_equal(recover(s, 1, EMPLOYMENT, 200), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->advanced_fen, 40000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->carried_out_fen, 60000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2020)->carried_in_fen, 60000);
    has(s, EMPLOYMENT, CHANGAN, 600);
    settle(s, CHANGAN, TRAINING(500));
    approve(s, 1, 1, 1);
    bank_pays(s, 2);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->paid_fen, 40000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2020)->paid_fen, 10000);
}

static void
an_advance_that_the_bank_sends_back_is_sent_again(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    assert_int_equal(resend(s, 1, 0), JN_WRONG_STATE);
    assert_int_equal(bank_says(s, 1, 5, false, "x"), JN_MALFORMED); /* there is no claim in it */
    assert_int_equal(bank_says(s, 1, 0, false, ""), JN_MALFORMED);
    assert_int_equal(bank_says(s, 1, 0, false, "account closed"), JN_OK);
    assert_string_equal(batch(s, 1)->rows[0]->state, "failed");
    assert_int_equal(totals(s)->open_batches, 0);
    assert_int_equal(bank_says(s, 1, 0, false, "account closed"), JN_WRONG_STATE);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 100), JN_OK); /* not all of it is wanted any more */
    assert_int_equal(resend(s, 1, 0), JN_OK);
    assert_int_equal(batch(s, 2)->head->amount_fen, 50000);
    assert_int_equal(resend(s, 1, 0), JN_WRONG_STATE);
    assert_int_equal(bank_says(s, 2, 0, false, "closed still"), JN_OK);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 500), JN_OK);
    assert_int_equal(resend(s, 2, 0), JN_WRONG_STATE); /* nothing is left of it */
    has(s, EMPLOYMENT, CHANGAN, 1000);
}

static void
two_institutions_may_have_one_each(void **state)
{
    struct story *s = *state;
    Ledger__RecordRecovery cmd = LEDGER__RECORD_RECOVERY__INIT;

    appropriate(s, SKILLS, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, SKILLS, EMPLOYER, 300);
    grant_advance(s, 1, CHANGAN, SKILLS, PROVIDER, 200);
    s->last = true;
    settle(s, CHANGAN, CERTIFIED(250));
    assert_int_equal(claim(s, 1)->offset_fen, 25000);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_ADVANCE_SETTLED), 2);
    assert_int_equal(recover(s, 1, SKILLS, 10), JN_MALFORMED); /* whose? */
    cmd.class_ = 1;
    cmd.fund = SKILLS;
    cmd.amount_fen = 20000;
    cmd.institution = PROVIDER;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordRecovery", &cmd, NULL), JN_OK);
    cmd.institution = 99;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordRecovery", &cmd, NULL), JN_NOT_FOUND);
    assert_int_equal(totals(s)->advanced_fen, 30000);
}

static void
an_odd_advance_is_ignored_with_a_note(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    grant_advance(s, 2, CHANGAN, EMPLOYMENT, 0, 100);
    grant_advance(s, 2, CHANGAN, (Common__Fund)99, PROVIDER, 100);
    grant_advance(s, 2, 42, EMPLOYMENT, PROVIDER, 100);
    grant_advance(s, 2, CHANGAN, EMPLOYMENT, PROVIDER, 0);
    grant_advance(s, 2, CHANGAN, EMPLOYMENT, PROVIDER, -5);
    grant_advance(s, 2, CHANGAN, EMPLOYMENT, PROVIDER, INT64_MAX / 100);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_IGNORED), 7);
    for (uint64_t i = 0; i < 20; i++)
        grant_advance(s, 3, CHANGAN, EMPLOYMENT, 1000 + i, 1);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_IGNORED), 11); /* sixteen a class */
    has(s, EMPLOYMENT, CHANGAN, 884);
}

static void
a_claim_that_failed_keeps_what_it_earned(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    settle(s, CHANGAN, TRAINING(100), TRAINING(150));
    approve(s, 1, 1, 2);
    assert_int_equal(batch(s, 2)->head->amount_fen, 15000);
    assert_int_equal(bank_says(s, 2, 2, false, "closed"), JN_OK);
    assert_int_equal(bank_says(s, 2, 1, false, "closed"), JN_OK); /* odd: it was not sent; it goes the same way */
    assert_int_equal(resend(s, 0, 1), JN_OK);
    is(s, 1, "paid");
    assert_int_equal(resend(s, 0, 2), JN_OK);
    assert_int_equal(bank_pays(s, 4), JN_OK);
    counts(totals(s)->paid, 2, 250);
}

/* 2.10-f: 60 % of 1,666.67 yuan are 1,000.002: a fen more is too much. */
static void
more_than_its_share_is_not_advanced(void **state)
{
    struct story *s = *state;
    Subsidy__AdvanceGranted event = SUBSIDY__ADVANCE_GRANTED__INIT;
    Subsidy__AdvancePart part = SUBSIDY__ADVANCE_PART__INIT, *parts[] = {&part};

    appropriate(s, EMPLOYMENT, CHANGAN, 5000);
    event.division = CHANGAN;
    event.n_parts = 1;
    event.parts = parts;
    part.fund = EMPLOYMENT;
    part.institution = PROVIDER;
    part.expected_fen = 166667;
    part.amount_fen = 100001;
    event.class_ = 1;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_ADVANCE_GRANTED, &event);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_ADVANCE_PAID), 0);
    part.amount_fen = 100000;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_ADVANCE_GRANTED, &event);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_ADVANCE_PAID), 1);
    event.class_ = 2;
    part.expected_fen = 0; /* nothing is expected */
    part.amount_fen = 1;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_ADVANCE_GRANTED, &event);
    part.expected_fen = -100;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_ADVANCE_GRANTED, &event);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_IGNORED), 3);
    has(s, EMPLOYMENT, CHANGAN, 4000);
}

/* An enterprise that trains its own people is provider and employer. */
static void
an_enterprise_that_trains_itself_has_one_advance(void **state)
{
    struct story *s = *state;
    Subsidy__AdvanceGranted event = SUBSIDY__ADVANCE_GRANTED__INIT;
    Subsidy__AdvancePart a = SUBSIDY__ADVANCE_PART__INIT, b = a, *parts[] = {&a, &b};

    appropriate(s, SKILLS, CHANGAN, 1000);
    event.class_ = 1;
    event.division = CHANGAN;
    event.n_parts = 2;
    event.parts = parts;
    a.fund = b.fund = SKILLS;
    a.institution = b.institution = PROVIDER;
    a.payee = COMMON__PAYEE__PAYEE_ENTERPRISE;
    b.payee = COMMON__PAYEE__PAYEE_INSTITUTION;
    a.amount_fen = 10000;
    b.amount_fen = 5000;
    a.expected_fen = 20000;
    b.expected_fen = 5000; /* together 25000: 60 % are 15000 */
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_ADVANCE_GRANTED, &event);
    assert_int_equal(totals(s)->advanced_fen, 15000);
    assert_int_equal(batches_so_far(s), 1);
    s->employer = PROVIDER;
    settle(s, CHANGAN, CERTIFIED(120));
    assert_int_equal(claim(s, 1)->offset_fen, 12000);
    event.class_ = 2;
    a.amount_fen = b.amount_fen = INT64_MAX;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_ADVANCE_GRANTED, &event);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_IGNORED), 1);
}

static const Ledger__DebtsView *
debts(struct story *s, uint64_t after)
{
    Ledger__DebtsRequest request = LEDGER__DEBTS_REQUEST__INIT;
    const void *reply;

    request.after_class = after;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Debts", &request, &reply), JN_OK);
    return reply;
}

static void
debts_are_listed_until_they_are_paid_back(void **state)
{
    struct story *s = *state;
    Ledger__DebtsRequest request = LEDGER__DEBTS_REQUEST__INIT;
    const void *reply;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 300);
    grant_advance(s, 2, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    assert_int_equal(debts(s, 0)->n_rows, 0); /* not settled: nobody knows yet */
    s->last = true;
    settle(s, CHANGAN, TRAINING(100));
    s->class = 2;
    settle(s, CHANGAN, TRAINING(100)); /* earned whole */
    assert_int_equal(debts(s, 0)->n_rows, 1);
    assert_int_equal(jn_world_query(s->w, &s->county, "Debts", &request, &reply), JN_OK);
    assert_int_equal(((const Ledger__DebtsView *)reply)->n_rows, 0); /* another division's */
    assert_int_equal(debts(s, 0)->rows[0]->amount_fen, 20000);
    assert_int_equal(debts(s, 0)->rows[0]->institution, PROVIDER);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 50), JN_OK);
    assert_int_equal(debts(s, 0)->rows[0]->amount_fen, 15000);
    assert_int_equal(debts(s, 1)->n_rows, 0);
    assert_int_equal(debts(s, UINT64_MAX)->n_rows, 0);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 150), JN_OK);
    assert_int_equal(debts(s, 0)->n_rows, 0);
}

/* A page of debts ends with a whole class, so that the next begins after it. */
static void
debts_come_in_pages(void **state)
{
    struct story *s = *state;
    size_t seen = 0;
    uint64_t after = 0;
    bool more = true;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    s->last = true;
    for (uint64_t class = 1; class <= 150; class ++) {
        grant_advance(s, class, CHANGAN, EMPLOYMENT, PROVIDER, 1);
        grant_advance(s, class, CHANGAN, EMPLOYMENT, EMPLOYER, 1);
        s->class = class;
        settle_rows(s, CHANGAN, NULL, 0);
    }
    while (more) {
        const Ledger__DebtsView *page = debts(s, after);

        seen += page->n_rows;
        after = page->rows[page->n_rows - 1]->class_;
        more = page->more;
    }
    assert_int_equal(seen, 300);
}

/* ---- What a rule gives up ---- */

static void
reckoned(struct story *s, uint32_t rule, int64_t unearned_yuan, int64_t given_up_yuan)
{
    Subsidy__AdvanceReckoned event = SUBSIDY__ADVANCE_RECKONED__INIT;
    Subsidy__AdvanceShare share = SUBSIDY__ADVANCE_SHARE__INIT, *shares[] = {&share};

    event.class_ = 1;
    event.division = CHANGAN;
    event.pack = (char *)(uintptr_t) "plan-2021";
    event.n_shares = 1;
    event.shares = shares;
    share.fund = EMPLOYMENT;
    share.institution = PROVIDER;
    share.unearned_fen = unearned_yuan * 100;
    share.given_up_fen = given_up_yuan * 100;
    share.rule = rule;
    share.clause = (char *)(uintptr_t) "6.2-b";
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_ADVANCE_RECKONED, &event);
}

static const Ledger__WrittenOff *
given_up(struct story *s)
{
    return jn_world_last(s->w, LEDGER__EVENT__BODY_WRITTEN_OFF);
}

/* Of 600.00 ahead 100.00 are earned, 500.00 are not. Seats have not earned 1,000.00, of which the rule gives up 400.00:
 * 200.00 of the 500.00. 300.00 are asked back. */
static void
of_what_is_not_earned_the_rule_asks_back_its_share(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 600);
    bank_pays(s, 1);
    reckoned(s, 7, 1000, 400);
    assert_null(given_up(s)); /* the class is not settled */
    s->last = true;
    settle(s, CHANGAN, TRAINING(100));
    assert_int_equal(settled(s)->debt_fen, 50000);
    reckoned(s, 7, 1000, 400);
    assert_int_equal(given_up(s)->amount_fen, 20000);
    assert_int_equal(given_up(s)->rule, 7);
    assert_string_equal(given_up(s)->clause, "6.2-b");
    assert_string_equal(given_up(s)->document, "plan-2021");
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->written_off_fen, 20000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 30000);
    assert_int_equal(totals(s)->advanced_fen, 40000); /* 100.00 are earned and not paid out yet */
    reckoned(s, 7, 1000, 400);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_WRITTEN_OFF), 1);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 301), JN_OUT_OF_LIMITS);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 250), JN_OK);
    has(s, EMPLOYMENT, CHANGAN, 650);
}

/* Twice as much is given up after 250.00 have come back: 400.00 less 200.00, of which 50.00 are there to be given up.
 * Less is given up then: what was given up is not asked for again. */
static void
what_has_come_back_stays_back(void **state)
{
    struct story *s = *state;

    of_what_is_not_earned_the_rule_asks_back_its_share(state);
    reckoned(s, 7, 1000, 800);
    assert_int_equal(given_up(s)->amount_fen, 5000);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 1), JN_WRONG_STATE);
    reckoned(s, 7, 1000, 100);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_WRITTEN_OFF), 2);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->written_off_fen, 25000);
    has(s, EMPLOYMENT, CHANGAN, 650);
}

/* A third of 500.00 by one rule, cut down to the fen, a tenth by another. What the bank sent back nobody has had. */
static void
each_rule_gives_up_its_own(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 500);
    s->last = true;
    settle_rows(s, CHANGAN, NULL, 0);
    assert_int_equal(bank_says(s, 1, 0, false, "account closed"), JN_OK);
    reckoned(s, 7, 900, 300);
    assert_null(given_up(s));
    assert_int_equal(resend(s, 1, 0), JN_OK);
    assert_int_equal(bank_pays(s, 2), JN_OK);
    reckoned(s, 7, 900, 300);
    assert_int_equal(given_up(s)->amount_fen, 16666);
    reckoned(s, 8, 900, 90);
    assert_int_equal(given_up(s)->amount_fen, 5000);
    reckoned(s, 8, 900, 901); /* odd: more than was not earned */
    reckoned(s, 0, 900, 90);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_WRITTEN_OFF), 2);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 28334);
}

const struct CMUnitTest ledger_advance[] = {
    STORY(an_advance_that_is_earned_changes_no_total),
    STORY(what_is_not_earned_is_a_debt_until_it_is_recovered),
    STORY(a_class_that_earns_nothing_owes_it_all),
    STORY(a_person_and_another_class_earn_nothing_of_it),
    STORY(claims_that_wait_keep_what_they_earned),
    STORY(the_city_may_advance_and_the_own_account_pay_the_rest),
    STORY(no_advance_waits_for_money),
    STORY(a_recovery_frees_who_waits),
    STORY(a_recovery_after_the_years_end_goes_to_the_new_year),
    STORY(an_advance_that_the_bank_sends_back_is_sent_again),
    STORY(two_institutions_may_have_one_each),
    STORY(an_odd_advance_is_ignored_with_a_note),
    STORY(a_claim_that_failed_keeps_what_it_earned),
    STORY(more_than_its_share_is_not_advanced),
    STORY(an_enterprise_that_trains_itself_has_one_advance),
    STORY(debts_are_listed_until_they_are_paid_back),
    STORY(debts_come_in_pages),
    STORY(of_what_is_not_earned_the_rule_asks_back_its_share),
    STORY(what_has_come_back_stays_back),
    STORY(each_rule_gives_up_its_own),
};
const size_t ledger_advance_count = sizeof(ledger_advance) / sizeof(ledger_advance[0]);
