/* Claims that pools bear: each source its share, from the commitment to what comes back, to the last fen; 2.10-e. */
#include "ledger_story.h"

#include <string.h>

#define TALENT  COMMON__FUND__LOCAL_TALENT
#define FREE    COMMON__ITEM__FREE_TRAINING
#define STUDENT COMMON__ITEM__STUDENT_LIVING
#define BASE    COMMON__PURPOSE__TRAINING_BASE
#define FEN(fen)                                                                                                       \
    {                                                                                                                  \
        FREE, (fen), EMPLOYMENT, COMMON__PAYEE__PAYEE_INSTITUTION                                                      \
    }
#define LIVING_FEN(fen)                                                                                                \
    {                                                                                                                  \
        STUDENT, (fen), EMPLOYMENT, COMMON__PAYEE__PAYEE_PERSON                                                        \
    }

/* ---- Given ---- */

/* A pack by which free training may be paid from the talent fund, too. */
static void
list_both(struct story *s)
{
    static const Common__Item items[] = {FREE, FREE, STUDENT};
    static const Common__Fund funds[] = {EMPLOYMENT, TALENT, EMPLOYMENT};
    Subsidy__PackAdopted event = SUBSIDY__PACK_ADOPTED__INIT;
    Policy__Pack pack = POLICY__PACK__INIT;
    Policy__GrantUse bases = POLICY__GRANT_USE__INIT, *grants[] = {&bases};
    Subsidy__FundOfItem rows[3], *pointers[3];

    bases.purpose = BASE;
    bases.funds = 1u << EMPLOYMENT | 1u << TALENT;
    bases.clause = (char *)(uintptr_t) "2.4-c";
    pack.id = (char *)(uintptr_t)s->pack;
    pack.n_grants = 1;
    pack.grants = grants;
    for (size_t i = 0; i < 3; i++) {
        subsidy__fund_of_item__init(&rows[i]);
        rows[i].item = items[i];
        rows[i].fund = funds[i];
        rows[i].clause = (char *)(uintptr_t) "2.2-a";
        pointers[i] = &rows[i];
    }
    event.pack = &pack;
    event.n_funds = 3;
    event.funds = pointers;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_PACK_ADOPTED, &event);
}

/* 0 of a fund: it contributes nothing. */
static enum jn_code
pool_of(struct story *s, const char *document, int64_t employment_fen, int64_t talent_fen)
{
    Ledger__Pool cmd = LEDGER__POOL__INIT;
    Ledger__PoolShare one = LEDGER__POOL_SHARE__INIT, other = one, *sources[2];

    cmd.division = CHANGAN;
    cmd.document = (char *)(uintptr_t)document;
    cmd.sources = sources;
    one.fund = EMPLOYMENT;
    one.amount_fen = employment_fen;
    other.fund = TALENT;
    other.amount_fen = talent_fen;
    if (employment_fen)
        sources[cmd.n_sources++] = &one;
    if (talent_fen)
        sources[cmd.n_sources++] = &other;
    return jn_world_command(s->w, &s->finance, "Pool", &cmd, NULL);
}

/* 300 and 700 fen are pooled; 997 and 993 yuan are not. */
static void
given_a_pool(struct story *s)
{
    designate(s);
    list_both(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    appropriate(s, TALENT, CHANGAN, 1000);
    assert_int_equal(pool_of(s, "P-1", 300, 700), JN_OK);
}

/* Nothing is left but what is pooled: 300 and 700 fen. */
static void
given_a_pool_alone(struct story *s)
{
    designate(s);
    list_both(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 3);
    appropriate(s, TALENT, CHANGAN, 7);
    assert_int_equal(pool_of(s, "P-1", 300, 700), JN_OK);
}

static enum jn_code
release_fen(struct story *s, uint64_t claim_number, int64_t fen)
{
    Ledger__ReleaseCommitment cmd = LEDGER__RELEASE_COMMITMENT__INIT;

    cmd.claim = claim_number;
    cmd.amount_fen = fen;
    cmd.document = (char *)(uintptr_t) "R-1";
    return jn_world_command(s->w, &s->finance, "ReleaseCommitment", &cmd, NULL);
}

static enum jn_code
reverse_fen(struct story *s, uint64_t claim_number, int64_t fen)
{
    Ledger__OpenRecovery cmd = LEDGER__OPEN_RECOVERY__INIT;

    cmd.claim = claim_number;
    cmd.amount_fen = fen;
    cmd.kind = LEDGER__DEBT_KIND__DEBT_ERROR;
    cmd.document = cmd.clause = (char *)(uintptr_t) "2.12-e";
    return jn_world_command(s->w, &s->finance, "OpenRecovery", &cmd, NULL);
}

static enum jn_code
repay_fen(struct story *s, uint64_t receivable, int64_t fen)
{
    Ledger__RecordRepayment cmd = LEDGER__RECORD_REPAYMENT__INIT;

    cmd.receivable = receivable;
    cmd.amount_fen = fen;
    cmd.document = (char *)(uintptr_t) "B-1";
    return jn_world_command(s->w, &s->finance, "RecordRepayment", &cmd, NULL);
}

static enum jn_code
dissolve(struct story *s)
{
    Ledger__DissolvePool cmd = LEDGER__DISSOLVE_POOL__INIT;

    cmd.division = CHANGAN;
    cmd.document = (char *)(uintptr_t) "D-1";
    return jn_world_command(s->w, &s->finance, "DissolvePool", &cmd, NULL);
}

static enum jn_code
grant_of_pool(struct story *s, const char *id, int64_t fen)
{
    Ledger__Grant cmd = LEDGER__GRANT__INIT;
    Ledger__GrantAsked row = LEDGER__GRANT_ASKED__INIT, *rows[] = {&row};
    const void *reply;

    row.id = (char *)(uintptr_t)id;
    row.division = CHANGAN;
    row.purpose = BASE;
    row.institution = PROVIDER;
    row.amount_fen = fen;
    row.document = (char *)(uintptr_t) "G-1";
    row.pooled = true;
    cmd.n_rows = 1;
    cmd.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->finance, "Grant", &cmd, &reply), JN_OK);
    if (((const Ledger__Outcomes *)reply)->n_refused)
        return (enum jn_code)((const Ledger__Outcomes *)reply)->refused[0]->code;
    return JN_OK;
}

/* ---- Then ---- */

static void
source_is(struct story *s, Common__Fund fund, int64_t left, int64_t open, int64_t paid, int64_t dissolved)
{
    Ledger__PoolsRequest request = LEDGER__POOLS_REQUEST__INIT;
    const Ledger__PoolSource *source;
    const void *reply;

    request.year = 2019;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Pools", &request, &reply), JN_OK);
    source = ((const Ledger__PoolsView *)reply)->rows[0]->sources[fund == TALENT];
    assert_int_equal(source->fund, fund);
    assert_int_equal(source->left_fen, left);
    assert_int_equal(source->open_fen, open);
    assert_int_equal(source->paid_fen, paid);
    assert_int_equal(source->dissolved_fen, dissolved);
}

static void
shares_are(struct story *s, uint64_t number, int64_t employment_fen, int64_t talent_fen)
{
    const Ledger__ClaimView *view = claim(s, number);

    assert_int_equal(view->n_shares, (employment_fen > 0) + (talent_fen > 0));
    for (size_t i = 0; i < view->n_shares; i++)
        assert_int_equal(view->shares[i]->amount_fen, view->shares[i]->fund == TALENT ? talent_fen : employment_fen);
}

static int64_t
paid_by(struct story *s, Common__Fund fund)
{
    const Ledger__TotalsView *all = totals(s);

    for (size_t i = 0; i < all->n_by_fund; i++) {
        if (all->by_fund[i]->fund == fund)
            return all->by_fund[i]->paid->amount_fen;
    }
    return 0;
}

/* ---- Stories ---- */

/* 300 : 700; 101 are 30.3 and 70.7: the larger remainder is rounded up. */
static void
each_source_bears_its_share_of_a_claim(void **state)
{
    struct story *s = *state;

    given_a_pool(s);
    settle(s, CHANGAN, FEN(101));
    is(s, 1, "committed");
    shares_are(s, 1, 30, 71);
    source_is(s, EMPLOYMENT, 270, 30, 0, 0);
    source_is(s, TALENT, 629, 71, 0, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->committed_fen, 30);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->pooled_fen, 270);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->available_fen, 99700);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->committed_fen, 71);
    approve(s, 1, 1, 1);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->instructed_fen, 71);
    bank_pays(s, 1);
    is(s, 1, "paid");
    source_is(s, EMPLOYMENT, 270, 0, 30, 0);
    source_is(s, TALENT, 629, 0, 71, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 30);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->paid_fen, 71);
    assert_int_equal(totals(s)->paid->count, 1);
    assert_int_equal(totals(s)->paid->amount_fen, 101);
    assert_int_equal(paid_by(s, EMPLOYMENT), 30);
    assert_int_equal(paid_by(s, TALENT), 71);
}

/* It is sent back, and 50 of it are released: 30 x 50 / 101 = 14.85 and 71 x 50 / 101 = 35.15. The rest is 15 : 36. */
static void
what_is_sent_back_and_released_keeps_its_shares(void **state)
{
    struct story *s = *state;

    given_a_pool(s);
    settle(s, CHANGAN, FEN(101));
    approve(s, 1, 1, 1);
    assert_int_equal(bank_says(s, 1, 1, false, "closed"), JN_OK);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->committed_fen, 71);
    assert_int_equal(release_fen(s, 1, 50), JN_OK);
    shares_are(s, 1, 15, 36);
    source_is(s, EMPLOYMENT, 285, 15, 0, 0);
    source_is(s, TALENT, 664, 36, 0, 0);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->pooled_fen, 664);
    assert_int_equal(resend(s, 0, 1), JN_OK);
    bank_pays(s, 2);
    source_is(s, EMPLOYMENT, 285, 0, 15, 0);
    source_is(s, TALENT, 664, 0, 36, 0);
    assert_int_equal(totals(s)->paid->amount_fen, 51);
    /* Out of a draft, too: one is frozen. */
    settle(s, CHANGAN, FEN(10));
    approve(s, 2, 2, 1);
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_OK);
    assert_int_equal(withdraw(s, 3, 2), JN_OK);
    is(s, 2, "committed");
    shares_are(s, 2, 3, 7); /* 285 : 664, 3.003 and 6.997 */
}

/* Earmarked money, the pool, general money; a claim is whole from one of them. */
static void
the_pool_stands_before_general_money(void **state)
{
    struct story *s = *state;

    given_a_pool(s);
    earmark(s, EMPLOYMENT, CHANGAN, FREE, 0, 1);
    settle(s, CHANGAN, FEN(100), FEN(400), FEN(601), FEN(600), FEN(50));
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, FREE, 0)->committed_fen, 100);
    shares_are(s, 1, 0, 0);
    shares_are(s, 2, 120, 280);
    shares_are(s, 3, 0, 0); /* 600 are left in the pool */
    shares_are(s, 4, 180, 420);
    shares_are(s, 5, 0, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->available_fen, 99700 - 601 - 50);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->pooled_fen, 0);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->committed_fen, 700);
}

/* 2.11-b: a source bears only what the pack lists for it, and a fund that pooled nothing has no part in it. */
static void
the_fence_holds_for_claims_of_the_pool(void **state)
{
    struct story *s = *state;

    given_a_pool_alone(s);
    settle(s, CHANGAN, LIVING_FEN(200));
    shares_are(s, 1, 200, 0);
    settle(s, CHANGAN, LIVING_FEN(101)); /* 100 are left that may pay it */
    is(s, 2, "waiting");
    settle(s, CHANGAN, FEN(1));
    is(s, 3, "waiting"); /* the pool has 800 for it: but nobody overtakes */
    source_is(s, TALENT, 700, 0, 0, 0);
    settle(s, CHANGAN, {FREE, 10, TALENT, COMMON__PAYEE__PAYEE_INSTITUTION}); /* a queue of its own */
    shares_are(s, 4, 0, 10); /* alone: for the employment fund's money others wait */
    settle(s, QIAOXI, FEN(1));
    is(s, 5, "waiting"); /* another division's */
}

/* A pool that gets money frees who waits; what claims wait for no grant takes. */
static void
a_pool_frees_who_waits(void **state)
{
    struct story *s = *state;

    given_a_pool_alone(s);
    assert_int_equal(grant_of_pool(s, "a", 500), JN_OK); /* 150 and 350 */
    settle(s, CHANGAN, FEN(600));
    is(s, 1, "waiting");
    assert_int_equal(claim(s, 1)->place, 1);
    assert_int_equal(claim(s, 1)->frees_fen, 600);
    assert_int_equal(grant_of_pool(s, "b", 1), JN_SHORT_OF_FUNDS);
    assert_int_equal(release_grant(s, 1, 0), JN_OK);
    is(s, 1, "committed");
    shares_are(s, 1, 180, 420);
    settle(s, CHANGAN, FEN(401));
    is(s, 2, "waiting");
    appropriate(s, TALENT, CHANGAN, 1);
    is(s, 2, "waiting");
    assert_int_equal(pool_of(s, "P-2", 0, 1), JN_OK);
    shares_are(s, 2, 120, 281);
    /* A claim that is released frees the next. */
    settle(s, CHANGAN, FEN(600));
    is(s, 3, "waiting");
    hold(s, 1);
    assert_int_equal(release_fen(s, 1, 0), JN_OK);
    is(s, 1, "released");
    shares_are(s, 3, 180, 420);
}

/* Today's pack lists one fund for the item; the next one both, and then the pool has enough. */
static void
a_pack_frees_who_waits(void **state)
{
    struct story *s = *state;

    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 3);
    appropriate(s, TALENT, CHANGAN, 7);
    assert_int_equal(pool_of(s, "P-1", 300, 700), JN_OK);
    settle(s, CHANGAN, FEN(301));
    is(s, 1, "waiting");
    list_both(s);
    on(s, "2019-11-01");
    shares_are(s, 1, 90, 211); /* 90.3 and 210.7 */
}

/* A pool is its year's: what is released later goes to the sources themselves. */
static void
a_share_returns_to_its_source_after_the_year(void **state)
{
    struct story *s = *state;

    given_a_pool(s);
    settle(s, CHANGAN, FEN(100));
    hold(s, 1);
    on(s, "2020-02-01");
    assert_int_equal(release_fen(s, 1, 0), JN_OK);
    source_is(s, EMPLOYMENT, 270, 0, 0, 30);
    source_is(s, TALENT, 630, 0, 0, 70);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2020)->available_fen, 99730);
    assert_int_equal(account(s, TALENT, CHANGAN, 2020)->available_fen, 99370);
    settle(s, CHANGAN, FEN(100)); /* no pool of 2020 */
    shares_are(s, 2, 0, 0);
}

/* Of 101, 50 and then the rest: 14.85 : 35.15, and what is left of the shares. 49 of the 50 come back, 14.7 cut down.
 */
static void
what_is_reversed_comes_back_to_each_source(void **state)
{
    struct story *s = *state;

    given_a_pool(s);
    settle(s, CHANGAN, FEN(101));
    approve(s, 1, 1, 1);
    bank_pays(s, 1);
    assert_int_equal(reverse_fen(s, 1, 50), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 15);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->receivable_fen, 35);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->paid_fen, 36);
    assert_int_equal(repay_fen(s, 1, 49), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 1);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->available_fen, 99714);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->available_fen, 99335);
    assert_int_equal(reverse_fen(s, 1, 0), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 16);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->receivable_fen, 36);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 0);
    source_is(s, TALENT, 629, 0, 71, 0); /* the pool has paid it: what comes back is the source's own */
    assert_int_equal(reverse_fen(s, 1, 1), JN_WRONG_STATE);
    on(s, "2020-01-03");
    assert_int_equal(repay_fen(s, 2, 51), JN_OK);
    assert_int_equal(account(s, TALENT, CHANGAN, 2020)->carried_in_fen, 99335 + 36);
}

/* A payee owes 15 and 35. Of its next claim, 3 : 7 of 20, each source may keep its share at most: 6 and 14. */
static void
a_debt_is_taken_off_each_sources_share(void **state)
{
    struct story *s = *state;

    given_a_pool(s);
    settle(s, CHANGAN, FEN(101));
    approve(s, 1, 1, 1);
    bank_pays(s, 1);
    assert_int_equal(reverse_fen(s, 1, 50), JN_OK);
    settle(s, CHANGAN, FEN(20)); /* 270 : 629, 6.007 and 13.993 */
    shares_are(s, 2, 6, 14);
    approve(s, 2, 2, 1); /* nothing is left to send: paid */
    is(s, 2, "paid");
    assert_int_equal(claim(s, 2)->setoff_fen, 20);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 9);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->receivable_fen, 21);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->available_fen, 99314);
    /* Out of general money the fund's own debt alone. */
    assert_int_equal(dissolve(s), JN_OK);
    settle(s, CHANGAN, FEN(100));
    approve(s, 3, 3, 1);
    assert_int_equal(claim(s, 3)->setoff_fen, 9);
    to_bank(s, 3);
    bank_says(s, 3, 3, false, "closed");
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 9); /* owed as before */
    assert_int_equal(claim(s, 3)->setoff_fen, 0);
    assert_int_equal(resend(s, 0, 3), JN_OK);
    bank_pays(s, 4);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 0);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->receivable_fen, 21);
}

/* 100 of the claim's 201 were advanced from general money: the pool bears the 101 that are left. */
static void
the_pool_bears_what_an_advance_leaves(void **state)
{
    struct story *s = *state;
    int64_t employment, talent;

    given_a_pool(s);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 1);
    bank_pays(s, 1);
    settle(s, CHANGAN, FEN(201)); /* 100 of it were advanced */
    shares_are(s, 1, 30, 71);
    approve(s, 1, 1, 1);
    bank_pays(s, 2);
    assert_int_equal(paid_by(s, EMPLOYMENT), 130);
    assert_int_equal(paid_by(s, TALENT), 71);
    /* Half of it: 100 of 201, of which 49 (49.75 cut down) are the advance's; 51 are 15.15 and 35.85. */
    assert_int_equal(reverse_fen(s, 1, 100), JN_OK);
    employment = account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen;
    talent = account(s, TALENT, CHANGAN, 0)->receivable_fen;
    assert_int_equal(talent, 36);
    assert_int_equal(employment, 49 + 15);
    assert_int_equal(reverse_fen(s, 1, 0), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->paid_fen, 0);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->paid_fen, 0);
}

/* Two funds' claims of one settlement take from one pool, and not twice. */
static void
one_settlement_does_not_spend_the_pool_twice(void **state)
{
    struct story *s = *state;

    given_a_pool_alone(s);
    settle(s, CHANGAN, FEN(600), {FREE, 600, TALENT, COMMON__PAYEE__PAYEE_INSTITUTION}, FEN(100), FEN(21));
    shares_are(s, 1, 180, 420);
    is(s, 2, "waiting");      /* 400 are left */
    shares_are(s, 3, 100, 0); /* the talent fund's 280 are waited for */
    is(s, 4, "waiting");
    source_is(s, EMPLOYMENT, 20, 280, 0, 0);
    source_is(s, TALENT, 280, 420, 0, 0);
}

/* 1,100 of the talent fund wait for more than the pool has. Its 700 are theirs until nobody of them waits. */
static void
a_sources_own_claims_come_first_for_its_money(void **state)
{
    struct story *s = *state;

    given_a_pool_alone(s);
    settle(s, CHANGAN, {FREE, 1100, TALENT, COMMON__PAYEE__PAYEE_INSTITUTION});
    settle(s, CHANGAN, FEN(400));
    is(s, 1, "waiting");
    is(s, 2, "waiting");
    appropriate(s, TALENT, CHANGAN, 11);
    shares_are(s, 1, 0, 0);
    is(s, 1, "committed");
    on(s, "2019-11-01"); /* in a block of its own */
    shares_are(s, 2, 120, 280);
    settle(s, CHANGAN, {FREE, 700, TALENT, COMMON__PAYEE__PAYEE_INSTITUTION});
    settle(s, CHANGAN, FEN(500));
    is(s, 3, "waiting");
    is(s, 4, "waiting");
    hold(s, 3);
    assert_int_equal(release_fen(s, 3, 0), JN_OK);
    on(s, "2019-11-01");
    shares_are(s, 4, 150, 350); /* of 180 and 420 */
}

const struct CMUnitTest ledger_pool_claims[] = {
    STORY(a_sources_own_claims_come_first_for_its_money),
    STORY(each_source_bears_its_share_of_a_claim),
    STORY(what_is_sent_back_and_released_keeps_its_shares),
    STORY(the_pool_stands_before_general_money),
    STORY(the_fence_holds_for_claims_of_the_pool),
    STORY(a_pool_frees_who_waits),
    STORY(a_pack_frees_who_waits),
    STORY(a_share_returns_to_its_source_after_the_year),
    STORY(what_is_reversed_comes_back_to_each_source),
    STORY(a_debt_is_taken_off_each_sources_share),
    STORY(the_pool_bears_what_an_advance_leaves),
    STORY(one_settlement_does_not_spend_the_pool_twice),
};
const size_t ledger_pool_claims_count = sizeof(ledger_pool_claims) / sizeof(ledger_pool_claims[0]);
