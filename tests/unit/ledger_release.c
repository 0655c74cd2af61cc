/* Releases: what will not be paid gives its money back, by a decision or because its term is over. */
#include "ledger_owing.h"
#include "ledger_story.h"

#include <string.h>

static enum jn_code
set_terms(struct story *s, uint32_t commitment_days, uint32_t notice_days)
{
    Ledger__SetTerms cmd = LEDGER__SET_TERMS__INIT;

    cmd.commitment_days = commitment_days;
    cmd.notice_days = notice_days;
    cmd.document = (char *)(uintptr_t) "T-1";
    return jn_world_command(s->w, &s->finance, "SetTerms", &cmd, NULL);
}

static void
an_upheld_objection_releases_the_claim(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600), LIVING(400), TRAINING(500));
    is(s, 3, "waiting");
    assert_int_equal(release_commitment(s, 1, 0), JN_WRONG_STATE); /* nobody holds it */
    hold(s, 1);
    assert_int_equal(release_commitment(s, 1, 0), JN_OK);
    is(s, 1, "released");
    is(s, 3, "committed"); /* freed by what came back */
    has(s, EMPLOYMENT, CHANGAN, 100);
    assert_int_equal(claim(s, 1)->released_fen, 60000);
    /* It is over: approval, release of the hold and a repeat change nothing. */
    approve(s, 1, 1, 3);
    release(s, 1, true);
    is(s, 1, "released");
    assert_int_equal(release_commitment(s, 1, 0), JN_WRONG_STATE);
    assert_int_equal(resend(s, 0, 1), JN_WRONG_STATE);
    bank_pays(s, 1);
    counts(totals(s)->paid, 2, 900);
    counts(totals(s)->committed, 0, 0);
    /* Only a new settlement commits again. */
    settle(s, CHANGAN, TRAINING(100));
    is(s, 4, "committed");
}

/* ---- What subsidy decides: an objection that was upheld, a case; 2.12-e ---- */

static void
ended(struct story *s, uint64_t first, size_t count)
{
    Subsidy__ClaimsEnded event = SUBSIDY__CLAIMS_ENDED__INIT;
    uint64_t claims[] = {first, first + 1, first + 2};

    event.claims = claims;
    event.n_claims = count;
    event.settlement = 1;
    event.document = (char *)"石人社决1号";
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_CLAIMS_ENDED, &event);
}

static void
what_subsidy_ends_gives_its_money_back_by_itself(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600), LIVING(400), TRAINING(500), TRAINING(700));
    is(s, 3, "waiting");
    is(s, 4, "waiting");
    ended(s, 1, 1);
    is(s, 1, "released");
    is(s, 3, "committed"); /* freed by what came back */
    has(s, EMPLOYMENT, CHANGAN, 100);
    assert_string_equal(
        ((const Ledger__CommitmentReleased *)jn_world_last(s->w, LEDGER__EVENT__BODY_COMMITMENT_RELEASED))->document,
        "石人社决1号");
    ended(s, 4, 1); /* it still waits: it leaves its queue */
    is(s, 4, "released");
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->length, 0);
    approve(s, 1, 1, 4);
    is(s, 2, "instructed");
    is(s, 3, "instructed");
    ended(s, 2, 1);
    is(s, 2, "instructed"); /* what the bank is to have a person withdraws, and it is not released before */
    assert_int_equal(submit_as(s, &s->finance, 1, 2, 90000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_REFUSED);
    assert_int_equal(send_back(s, &s->checker, 1), JN_OK);
    assert_int_equal(withdraw(s, 1, 2), JN_OK);
    is(s, 2, "released");
    has(s, EMPLOYMENT, CHANGAN, 500);
    bank_pays(s, 1);
    is(s, 3, "paid");
    ended(s, 77, 1);
}

static void
investigated(struct story *s, uint64_t person, uint64_t institution, uint64_t number)
{
    Subsidy__CaseOpened event = SUBSIDY__CASE_OPENED__INIT;

    event.case_ = number;
    event.person = person;
    event.institution = institution;
    event.document = (char *)"石人社稽1号";
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_CASE_OPENED, &event);
}

static void
case_ends(struct story *s, uint64_t person, uint64_t institution, bool last)
{
    Subsidy__CaseDecided event = SUBSIDY__CASE_DECIDED__INIT;

    event.person = person;
    event.institution = institution;
    event.document = (char *)"石人社结1号";
    event.last = last;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_CASE_DECIDED, &event);
}

static void
an_institution_under_investigation_is_frozen(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600), LIVING(300));
    investigated(s, 0, PROVIDER, 1);
    investigated(s, 0, PROVIDER, 2);
    investigated(s, 0, 0, 3); /* of a claim or a class: nobody is frozen */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_PAYEE_FROZEN), 1);
    approve(s, 1, 1, 2);
    is(s, 1, "committed");
    is(s, 2, "instructed"); /* a person is paid that */
    case_ends(s, 0, PROVIDER, false);
    is(s, 1, "committed");
    case_ends(s, 0, PROVIDER, true);
    is(s, 1, "instructed");
    assert_int_equal(thaw(s, 0, PROVIDER, 0), JN_WRONG_STATE);
}

static void
what_finance_has_frozen_a_case_does_not_thaw(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600));
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_OK);
    investigated(s, 0, PROVIDER, 1);
    approve(s, 1, 1, 1);
    case_ends(s, 0, PROVIDER, true);
    is(s, 1, "committed");
    assert_int_equal(thaw(s, 0, PROVIDER, 0), JN_OK);
    is(s, 1, "instructed");
    case_ends(s, 0, PROVIDER, true); /* nothing is left to thaw */
}

static void
a_part_is_released_and_the_rest_is_paid(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(600));
    hold(s, 1);
    assert_int_equal(release_commitment(s, 1, 200), JN_OK);
    is(s, 1, "committed");
    has(s, EMPLOYMENT, CHANGAN, 600);
    assert_int_equal(claim(s, 1)->amount_fen, 40000);
    assert_int_equal(claim(s, 1)->released_fen, 20000);
    release(s, 1, true);
    is(s, 1, "instructed");
    assert_int_equal(batch(s, 1)->rows[0]->amount_fen, 40000);
    bank_says(s, 1, 1, false, "closed");
    assert_int_equal(release_commitment(s, 1, 100), JN_OK); /* what the bank sent back needs no hold */
    counts(totals(s)->failed, 1, 300);
    assert_int_equal(resend(s, 0, 1), JN_OK);
    bank_pays(s, 2);
    counts(totals(s)->paid, 1, 300);
    has(s, EMPLOYMENT, CHANGAN, 700);
}

/* What was earned of an advance is not earned after all: it is owed again. */
static void
an_advance_is_owed_again(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 300);
    bank_pays(s, 1);
    s->last = true;
    settle(s, CHANGAN, TRAINING(500));
    has(s, EMPLOYMENT, CHANGAN, 500); /* 300 advanced, 200 more committed */
    hold(s, 1);
    assert_int_equal(release_commitment(s, 1, 201), JN_OUT_OF_LIMITS);
    assert_int_equal(release_commitment(s, 1, 200), JN_OK); /* the rest of it the payee has already */
    has(s, EMPLOYMENT, CHANGAN, 700);
    is(s, 1, "committed");
    assert_int_equal(release_commitment(s, 1, 0), JN_OK);
    is(s, 1, "released");
    has(s, EMPLOYMENT, CHANGAN, 700);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 30000); /* its class is settled: it is owed */
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->advanced_fen, 0);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 301), JN_OUT_OF_LIMITS);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 300), JN_OK);
    has(s, EMPLOYMENT, CHANGAN, 1000);
}

/* All of the advance was earned, so that nothing was owed; then the claim is released, and all of it is. */
static void
a_debt_opens_when_nothing_was_earned_after_all(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 300);
    bank_pays(s, 1);
    s->last = true;
    settle(s, CHANGAN, TRAINING(200), TRAINING(400));
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 0);
    hold(s, 1);
    hold(s, 2);
    assert_int_equal(release_commitment(s, 2, 0), JN_OK); /* 100 of it was earned of the advance */
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 10000);
    assert_int_equal(release_commitment(s, 1, 0), JN_OK); /* and the other 200 */
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 30000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->advanced_fen, 0);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 300), JN_OK);
    has(s, EMPLOYMENT, CHANGAN, 1000);
}

/* 100 owed by a plan, of which 50 came back in time; then 200 more are owed: what came back no longer covers the first
 * instalment, which is told to be overdue all the same. */
static void
an_instalment_that_was_paid_is_owed_again(void **state)
{
    struct story *s = *state;
    const Ledger__InstalmentOverdue *late;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 300);
    bank_pays(s, 1);
    s->last = true;
    settle(s, CHANGAN, TRAINING(200), TRAINING(400));
    hold(s, 1);
    hold(s, 2);
    assert_int_equal(release_commitment(s, 2, 0), JN_OK);
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 5000}, {"2020-01-01", 5000}), false), JN_OK);
    assert_int_equal(repay(s, 1, 5000), JN_OK);
    on(s, "2019-12-05");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE), 0);
    assert_int_equal(release_commitment(s, 1, 0), JN_OK);
    on(s, "2019-12-06");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE), 1);
    late = jn_world_last(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE);
    assert_int_equal(late->instalment, 1);
    assert_int_equal(late->missing_fen, 5000);
    on(s, "2020-01-02");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE), 2);
    late = jn_world_last(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE);
    assert_int_equal(late->instalment, 2);
    on(s, "2020-03-01");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE), 2);
}

static void
released_money_returns_to_this_years_account(void **state)
{
    struct story *s = *state;

    earmark(s, EMPLOYMENT, CHANGAN, COMMON__ITEM__FREE_TRAINING, 0, 500);
    settle(s, CHANGAN, TRAINING(500));
    hold(s, 1);
    on(s, "2020-03-01");
    assert_int_equal(release_commitment(s, 1, 100), JN_OK);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, COMMON__ITEM__FREE_TRAINING, 0)->year, 2020);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, COMMON__ITEM__FREE_TRAINING, 0)->carried_in_fen, 10000);
    assert_int_equal(release_commitment(s, 1, 0), JN_OK);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, COMMON__ITEM__FREE_TRAINING, 0)->available_fen, 50000);
}

static void
commitments_lapse_when_their_term_is_over(void **state)
{
    struct story *s = *state;
    const Ledger__CommitmentReleased *event;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100)); /* before there was a term: for ever */
    assert_int_equal(set_terms(s, 60, 0), JN_OK);
    settle(s, CHANGAN, TRAINING(200), TRAINING(300), LIVING(400), LIVING(50));
    is(s, 5, "waiting");
    approve(s, 2, 2, 1);
    bank_pays(s, 1); /* 2 is paid, 3 and 4 wait for approval */
    on(s, "2019-12-30");
    is(s, 3, "committed");
    on(s, "2020-01-01");
    is(s, 1, "committed");
    is(s, 2, "paid");
    is(s, 3, "released");
    is(s, 4, "released");
    event = jn_world_last(s->w, LEDGER__EVENT__BODY_COMMITMENT_RELEASED);
    assert_true(event->lapsed);
    assert_int_equal(event->n_rows, 2);
    is(s, 5, "committed"); /* freed by it, with a term of its own */
    has(s, EMPLOYMENT, CHANGAN, 650);
    on(s, "2020-03-10");
    is(s, 5, "released");
    has(s, EMPLOYMENT, CHANGAN, 700);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_COMMITMENT_RELEASED), 2);
}

static void
only_what_is_committed_is_released(void **state)
{
    struct story *s = *state;
    Ledger__ReleaseCommitment bare = LEDGER__RELEASE_COMMITMENT__INIT;

    appropriate(s, EMPLOYMENT, CHANGAN, 300);
    settle(s, CHANGAN, TRAINING(100), LIVING(100), TRAINING(500), {COMMON__ITEM__FREE_TRAINING, 5000, INSURANCE, 0});
    approve(s, 1, 1, 2);
    to_bank(s, 1);
    assert_int_equal(release_commitment(s, 3, 0), JN_WRONG_STATE); /* waits, and nobody holds it */
    hold(s, 1);
    hold(s, 4);
    assert_int_equal(release_commitment(s, 1, 0), JN_WRONG_STATE); /* the bank has it */
    assert_int_equal(release_commitment(s, 4, 0), JN_WRONG_STATE); /* misdirected */
    assert_int_equal(release_commitment(s, 9, 0), JN_NOT_FOUND);
    assert_int_equal(release_commitment(s, 0, 0), JN_MALFORMED);
    assert_int_equal(release_commitment(s, 1, -1), JN_MALFORMED);
    bank_pays(s, 1);
    assert_int_equal(release_commitment(s, 1, 0), JN_WRONG_STATE);
    assert_non_null(strstr(jn_world_reason(s->w), "2.12-e"));
    bare.claim = 1;
    assert_int_equal(jn_world_command(s->w, &s->finance, "ReleaseCommitment", &bare, NULL), JN_MALFORMED);
    bare.document = (char *)(uintptr_t) "D";
    assert_int_equal(jn_world_command(s->w, &s->county, "ReleaseCommitment", &bare, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_COMMITMENT_RELEASED), 0);
}

/* 300, 200 and 100 wait. A part of the second is released, then all of it: who stands elsewhere keeps his place but for
 * that. */
static void
a_waiting_claim_leaves_its_queue(void **state)
{
    struct story *s = *state;
    const Ledger__CommitmentReleased *event;

    settle(s, CHANGAN, TRAINING(300), TRAINING(200));
    settle(s, CHANGAN, LIVING(100));
    assert_int_equal(release_commitment(s, 2, 0), JN_WRONG_STATE); /* nobody holds it */
    hold(s, 2);
    assert_int_equal(release_commitment(s, 2, 201), JN_OUT_OF_LIMITS);
    assert_int_equal(release_commitment(s, 2, 50), JN_OK);
    is(s, 2, "waiting");
    assert_int_equal(claim(s, 2)->place, 2);
    assert_int_equal(claim(s, 2)->amount_fen, 15000);
    assert_int_equal(claim(s, 2)->released_fen, 5000);
    assert_int_equal(claim(s, 3)->place, 3);
    assert_int_equal(claim(s, 3)->frees_fen, 55000);
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->amount_fen, 55000);
    counts(totals(s)->waiting, 3, 550);
    assert_int_equal(release_commitment(s, 2, 0), JN_OK);
    is(s, 2, "released");
    event = jn_world_last(s->w, LEDGER__EVENT__BODY_COMMITMENT_RELEASED);
    assert_true(event->rows[0]->waiting && event->rows[0]->whole);
    assert_int_equal(event->rows[0]->amount_fen, 15000);
    assert_int_equal(claim(s, 3)->place, 2);
    assert_int_equal(claim(s, 3)->frees_fen, 40000);
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->length, 2);
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->entries[1]->place, 2);
    counts(totals(s)->waiting, 2, 400);
    assert_int_equal(release_commitment(s, 2, 0), JN_WRONG_STATE);
    release(s, 2, true);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    is(s, 2, "released"); /* over: money frees the others alone */
    has(s, EMPLOYMENT, CHANGAN, 600);
}

/* The head that is released, or needs less, makes room for who stands behind it. */
static void
a_released_head_frees_who_stands_behind_it(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    settle(s, CHANGAN, TRAINING(300));
    settle(s, CHANGAN, LIVING(60));
    settle(s, CHANGAN, TRAINING(500), LIVING(10));
    hold(s, 1);
    hold(s, 3);
    assert_int_equal(release_commitment(s, 1, 0), JN_OK);
    is(s, 2, "committed");
    has(s, EMPLOYMENT, CHANGAN, 40);
    assert_int_equal(release_commitment(s, 3, 470), JN_OK);
    is(s, 3, "committed"); /* held, and 30 of the 40 are kept for it */
    is(s, 4, "committed");
    has(s, EMPLOYMENT, CHANGAN, 0);
    counts(totals(s)->waiting, 0, 0);
    assert_int_equal(queue(s, EMPLOYMENT, CHANGAN, 0)->length, 0);
}

/* 300 of the claim's 500 are advanced already: with the claim they are owed. */
static void
a_waiting_claim_gives_back_what_it_earned_of_an_advance(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 300);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 300);
    bank_pays(s, 1);
    s->last = true;
    settle(s, CHANGAN, TRAINING(500));
    is(s, 1, "waiting");
    assert_int_equal(claim(s, 1)->frees_fen, 20000);
    hold(s, 1);
    assert_int_equal(release_commitment(s, 1, 201), JN_OUT_OF_LIMITS);
    assert_int_equal(release_commitment(s, 1, 0), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 30000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->advanced_fen, 0);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 300), JN_OK);
    has(s, EMPLOYMENT, CHANGAN, 300);
}

static void
terms_must_make_sense(void **state)
{
    struct story *s = *state;
    Ledger__SetTerms cmd = LEDGER__SET_TERMS__INIT;
    Ledger__TermsRequest request = LEDGER__TERMS_REQUEST__INIT;
    const Ledger__TermsView *terms;
    const void *reply;
    char text[TEXT_BYTES_MAX + 2];

    memset(text, 'x', sizeof(text));
    text[TEXT_BYTES_MAX + 1] = '\0';
    assert_int_equal(set_terms(s, 3661, 0), JN_OUT_OF_LIMITS);
    assert_int_equal(set_terms(s, 0, UINT32_MAX), JN_OUT_OF_LIMITS);
    cmd.no_expiry = true;
    cmd.commitment_days = 5;
    assert_int_equal(jn_world_command(s->w, &s->finance, "SetTerms", &cmd, NULL), JN_MALFORMED);
    cmd.commitment_days = 0;
    cmd.document = text;
    assert_int_equal(jn_world_command(s->w, &s->finance, "SetTerms", &cmd, NULL), JN_MALFORMED);
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Terms", &request, &reply), JN_OK);
    terms = reply;
    assert_int_equal(terms->commitment_days, 0);
    assert_int_equal(terms->notice_days, 30);
    cmd.document = (char *)(uintptr_t) "";
    assert_int_equal(jn_world_command(s->w, &s->county, "SetTerms", &cmd, NULL), JN_DENIED);
    assert_int_equal(set_terms(s, 365, 45), JN_OK);
    assert_int_equal(set_terms(s, 0, 60), JN_OK); /* 0 leaves it as it was */
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Terms", &request, &reply), JN_OK);
    terms = reply;
    assert_int_equal(terms->commitment_days, 365);
    assert_int_equal(terms->notice_days, 60);
    assert_int_equal(jn_world_command(s->w, &s->finance, "SetTerms", &cmd, NULL), JN_OK);
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Terms", &request, &reply), JN_OK);
    assert_int_equal(((const Ledger__TermsView *)reply)->commitment_days, 0);
}

const struct CMUnitTest ledger_releases[] = {
    STORY(an_upheld_objection_releases_the_claim),
    STORY(what_subsidy_ends_gives_its_money_back_by_itself),
    STORY(an_institution_under_investigation_is_frozen),
    STORY(what_finance_has_frozen_a_case_does_not_thaw),
    STORY(a_part_is_released_and_the_rest_is_paid),
    STORY(an_advance_is_owed_again),
    STORY(an_instalment_that_was_paid_is_owed_again),
    STORY(a_debt_opens_when_nothing_was_earned_after_all),
    STORY(released_money_returns_to_this_years_account),
    STORY(commitments_lapse_when_their_term_is_over),
    STORY(only_what_is_committed_is_released),
    STORY(a_waiting_claim_leaves_its_queue),
    STORY(a_released_head_frees_who_stands_behind_it),
    STORY(a_waiting_claim_gives_back_what_it_earned_of_an_advance),
    STORY(terms_must_make_sense),
};
const size_t ledger_releases_count = sizeof(ledger_releases) / sizeof(ledger_releases[0]);
