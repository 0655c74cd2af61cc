/* Pools: funds set aside together, and each source's share of what they pay, to the last fen; 2.10-e. */
#include "ledger_story.h"

#include <string.h>

#define TALENT   COMMON__FUND__LOCAL_TALENT
#define INDUSTRY COMMON__FUND__INDUSTRY
#define BASE     COMMON__PURPOSE__TRAINING_BASE
#define CONTEST  COMMON__PURPOSE__COMPETITION

struct part {
    Common__Fund fund;
    int64_t fen;
};

static enum jn_code
pool_parts(struct story *s, uint32_t division, const char *document, const struct part *parts, size_t count)
{
    Ledger__Pool cmd = LEDGER__POOL__INIT;
    Ledger__PoolShare shares[8], *sources[8];

    for (size_t i = 0; i < count; i++) {
        ledger__pool_share__init(&shares[i]);
        shares[i].fund = parts[i].fund;
        shares[i].amount_fen = parts[i].fen;
        sources[i] = &shares[i];
    }
    cmd.division = division;
    cmd.document = (char *)(uintptr_t)document;
    cmd.n_sources = count;
    cmd.sources = sources;
    return jn_world_command(s->w, &s->finance, "Pool", &cmd, NULL);
}
#define pool(s, division, document, ...)                                                                               \
    pool_parts(s, division, document, (const struct part[]){__VA_ARGS__},                                              \
               sizeof((const struct part[]){__VA_ARGS__}) / sizeof(struct part))

static enum jn_code
dissolve(struct story *s, uint32_t division, uint32_t year)
{
    Ledger__DissolvePool cmd = LEDGER__DISSOLVE_POOL__INIT;

    cmd.division = division;
    cmd.year = year;
    cmd.document = (char *)(uintptr_t) "D-1";
    return jn_world_command(s->w, &s->finance, "DissolvePool", &cmd, NULL);
}

static enum jn_code
ask_pooled(struct story *s, const char *id, Common__Purpose purpose, int64_t fen)
{
    Ledger__Grant cmd = LEDGER__GRANT__INIT;
    Ledger__GrantAsked row = LEDGER__GRANT_ASKED__INIT, *rows[] = {&row};
    const void *reply;

    row.id = (char *)(uintptr_t)id;
    row.division = CHANGAN;
    row.purpose = purpose;
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

static enum jn_code
pay_fen(struct story *s, uint64_t grant, int64_t fen, const char *document)
{
    Ledger__RecordGrantPaid cmd = LEDGER__RECORD_GRANT_PAID__INIT;

    cmd.grant = grant;
    cmd.amount_fen = fen;
    cmd.day = date_of_ms(jn_world_now(s->w));
    cmd.document = (char *)(uintptr_t)document;
    return jn_world_command(s->w, &s->finance, "RecordGrantPaid", &cmd, NULL);
}

static const Ledger__PoolSource *
source(struct story *s, uint32_t year, Common__Fund fund)
{
    Ledger__PoolsRequest request = LEDGER__POOLS_REQUEST__INIT;
    const Ledger__PoolsView *view;
    const void *reply;

    request.year = year;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Pools", &request, &reply), JN_OK);
    view = reply;
    assert_int_equal(view->n_rows, 1);
    for (size_t i = 0; i < view->rows[0]->n_sources; i++) {
        if (view->rows[0]->sources[i]->fund == fund)
            return view->rows[0]->sources[i];
    }
    fail_msg("no such source");
    return NULL;
}

static void
given_money(struct story *s)
{
    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    appropriate(s, TALENT, CHANGAN, 1000);
}

/* 300 : 700 fen; 101 fen are 30.3 and 70.7: the larger remainder is rounded up. Left are 270 and 629. */
static void
each_sources_share_is_traced_to_the_last_payment(void **state)
{
    struct story *s = *state;

    given_money(s);
    assert_int_equal(pool(s, CHANGAN, "P-1", {TALENT, 700}, {EMPLOYMENT, 300}), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->pooled_fen, 300);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->available_fen, 99700);
    assert_int_equal(ask_pooled(s, "a", BASE, 101), JN_OK);
    assert_int_equal(source(s, 2019, EMPLOYMENT)->open_fen, 30);
    assert_int_equal(source(s, 2019, TALENT)->open_fen, 71);
    /* 50 of it: 30 x 50 / 101 = 14.85, 71 x 50 / 101 = 35.15. */
    assert_int_equal(pay_fen(s, 1, 50, "Z-1"), JN_OK);
    assert_int_equal(source(s, 2019, EMPLOYMENT)->paid_fen, 15);
    assert_int_equal(source(s, 2019, TALENT)->paid_fen, 35);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->grant_paid_fen, 35);
    /* One fen of what is open, 15 : 36, is the talent fund's. */
    assert_int_equal(pay_fen(s, 1, 1, "Z-2"), JN_OK);
    assert_int_equal(source(s, 2019, TALENT)->paid_fen, 36);
    /* What is released, 50 of 15 : 35, returns to the pool, all of it. */
    assert_int_equal(release_grant(s, 1, 0), JN_OK);
    assert_int_equal(source(s, 2019, EMPLOYMENT)->left_fen, 285);
    assert_int_equal(source(s, 2019, TALENT)->left_fen, 664);
    assert_int_equal(source(s, 2019, EMPLOYMENT)->open_fen, 0);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->available_fen, 99700);
    assert_int_equal(dissolve(s, CHANGAN, 0), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->available_fen, 99985);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->available_fen, 99964);
    assert_int_equal(source(s, 2019, TALENT)->dissolved_fen, 664);
    assert_int_equal(dissolve(s, CHANGAN, 0), JN_WRONG_STATE);
}

/* A pool may be spent to its last fen, whatever the shares are. */
static void
a_pool_is_spent_to_the_last_fen(void **state)
{
    struct story *s = *state;
    int64_t left = 10;

    given_money(s);
    appropriate(s, INDUSTRY, CHANGAN, 10);
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, 3}, {TALENT, 7}), JN_OK);
    for (char id[2] = "a"; left > 0; id[0]++, left -= left < 3 ? left : 3)
        assert_int_equal(ask_pooled(s, id, BASE, left < 3 ? left : 3), JN_OK);
    assert_int_equal(ask_pooled(s, "z", BASE, 1), JN_SHORT_OF_FUNDS);
    assert_int_equal(source(s, 2019, EMPLOYMENT)->open_fen, 3);
    assert_int_equal(source(s, 2019, TALENT)->open_fen, 7);
    /* More comes later, and counts by what is left. */
    assert_int_equal(pool(s, CHANGAN, "P-2", {INDUSTRY, 5}, {TALENT, 5}), JN_OK);
    assert_int_equal(ask_pooled(s, "z", BASE, 5), JN_OK);
    assert_int_equal(source(s, 2019, TALENT)->open_fen, 12); /* the industry fund may not pay for bases */
    assert_int_equal(source(s, 2019, INDUSTRY)->open_fen, 0);
}

/* 2.11-b in the pool too: the special account stays out, and each source bears only what is listed for it. */
static void
the_fence_holds_in_the_pool(void **state)
{
    struct story *s = *state;

    given_money(s);
    appropriate(s, SKILLS, CHANGAN, 1000);
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, 100}, {SKILLS, 100}), JN_RING_FENCED);
    assert_non_null(strstr(jn_world_reason(s->w), "2.11-b"));
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->pooled_fen, 0); /* all or nothing */
    appropriate(s, INSURANCE, CHANGAN, 1000);
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, 100}, {INSURANCE, 100}), JN_RING_FENCED);
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, 100}), JN_OK);
    assert_int_equal(ask_pooled(s, "a", CONTEST, 10), JN_RING_FENCED);
    assert_int_equal(pool(s, CHANGAN, "P-2", {TALENT, 50}), JN_OK);
    assert_int_equal(ask_pooled(s, "a", CONTEST, 51), JN_SHORT_OF_FUNDS);
    assert_int_equal(ask_pooled(s, "a", CONTEST, 50), JN_OK);
    assert_int_equal(source(s, 2019, TALENT)->open_fen, 50);
    assert_int_equal(source(s, 2019, EMPLOYMENT)->open_fen, 0);
}

static void
a_pool_is_its_years(void **state)
{
    struct story *s = *state;

    given_money(s);
    pool(s, CHANGAN, "P-1", {EMPLOYMENT, 100}, {TALENT, 100});
    ask_pooled(s, "a", BASE, 100);
    on(s, "2020-02-01");
    assert_int_equal(ask_pooled(s, "b", BASE, 1), JN_NOT_FOUND);
    assert_int_equal(pay_fen(s, 1, 40, "Z-1"), JN_OK);
    assert_int_equal(source(s, 2019, TALENT)->paid_fen, 20);
    assert_int_equal(release_grant(s, 1, 0), JN_OK); /* to the sources, not to a pool that is over */
    assert_int_equal(source(s, 2019, TALENT)->left_fen, 50);
    assert_int_equal(source(s, 2019, TALENT)->dissolved_fen, 30);
    assert_int_equal(account(s, TALENT, CHANGAN, 2020)->available_fen, 99930);
    assert_int_equal(dissolve(s, CHANGAN, 2019), JN_OK);
    assert_int_equal(account(s, TALENT, CHANGAN, 2020)->available_fen, 99980);
    assert_int_equal(account(s, TALENT, CHANGAN, 2019)->pooled_fen, 0);
}

static void
a_contribution_must_make_sense(void **state)
{
    struct story *s = *state;
    char text[TEXT_BYTES_MAX + 2];
    Ledger__Pool bare = LEDGER__POOL__INIT;

    memset(text, 'x', sizeof(text));
    text[TEXT_BYTES_MAX + 1] = '\0';
    given_money(s);
    bare.division = CHANGAN;
    bare.document = text + TEXT_BYTES_MAX;
    assert_int_equal(jn_world_command(s->w, &s->finance, "Pool", &bare, NULL), JN_MALFORMED);
    assert_int_equal(pool(s, 1, "P-1", {EMPLOYMENT, 1}), JN_MALFORMED);
    assert_int_equal(pool(s, CHANGAN, "", {EMPLOYMENT, 1}), JN_MALFORMED);
    assert_int_equal(pool(s, CHANGAN, text, {EMPLOYMENT, 1}), JN_MALFORMED);
    assert_int_equal(pool(s, CHANGAN, "P-1", {0, 1}), JN_MALFORMED);
    assert_int_equal(pool(s, CHANGAN, "P-1", {(Common__Fund)9, 1}), JN_MALFORMED);
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, 0}), JN_MALFORMED);
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, -1}), JN_MALFORMED);
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, INT64_MIN}), JN_MALFORMED);
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, INT64_MAX}), JN_OUT_OF_LIMITS);
    /* The same account twice. */
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, 1}, {EMPLOYMENT, 1}), JN_MALFORMED);
    assert_non_null(strstr(jn_world_reason(s->w), "twice"));
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, 1}, {INDUSTRY, 1}), JN_SHORT_OF_FUNDS); /* no budget */
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, 100001}), JN_SHORT_OF_FUNDS);
    assert_int_equal(dissolve(s, CHANGAN, 0), JN_NOT_FOUND);
    assert_int_equal(dissolve(s, 5, 0), JN_MALFORMED);
    settle(s, CHANGAN, TRAINING(2000));
    assert_int_equal(pool(s, CHANGAN, "P-1", {EMPLOYMENT, 1}), JN_SHORT_OF_FUNDS); /* claims wait for it */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_POOL_CONTRIBUTED), 0);
    assert_int_equal(pool(s, CHANGAN, "P-1", {TALENT, 100}), JN_OK);
    assert_int_equal(pool(s, CHANGAN, "P-1", {TALENT, 100}), JN_OK); /* the same document: the same contribution */
    assert_int_equal(pool(s, CHANGAN, "P-1", {TALENT, 101}), JN_CONFLICT);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_POOL_CONTRIBUTED), 1);
    bare.document = text + TEXT_BYTES_MAX - 2;
    assert_int_equal(jn_world_command(s->w, &s->county, "Pool", &bare, NULL), JN_MALFORMED);
}

const struct CMUnitTest ledger_pools[] = {
    STORY(each_sources_share_is_traced_to_the_last_payment),
    STORY(a_pool_is_spent_to_the_last_fen),
    STORY(the_fence_holds_in_the_pool),
    STORY(a_pool_is_its_years),
    STORY(a_contribution_must_make_sense),
};
const size_t ledger_pools_count = sizeof(ledger_pools) / sizeof(ledger_pools[0]);
