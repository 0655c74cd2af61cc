/* Random play, seeded, against a model that knows no accounts, tables or years: a pot a fund and division, and a list
 * of claims. */
#include "ledger_story.h"

#include <stdio.h>

#define DIVISIONS 4
#define CLAIMS    4000
#define CLASSES   400
#define PAYEES    200

static const uint32_t divisions[DIVISIONS] = {CITY, CHANGAN, QIAOXI, XINHUA};

struct model_claim {
    int fund, division, class;
    int64_t fen, offset;
    const char *state;
    bool approved, held;
    uint64_t settlement, batch, payee; /* payee: PROVIDER, or the person */
};

struct model {
    uint64_t seed;
    int64_t pot[3][DIVISIONS];
    struct model_claim claims[CLAIMS]; /* from 1 */
    uint64_t count;
    struct {
        int64_t left;
        int64_t given;
        int64_t paid_out;
    } advances[CLASSES]; /* of employment_subsidy, to the provider */
    uint64_t batches;    /* numbers given */
    bool frozen[PAYEES]; /* by their numbers */
    int class;
    int32_t day;
};

static uint64_t
dice(struct model *m, uint64_t sides)
{
    m->seed = m->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (m->seed >> 33) % sides;
}

static bool
same(const char *a, const char *b)
{
    return a == b; /* states are named by the literals below alone */
}

static const char WAITING[] = "waiting", COMMITTED_[] = "committed", INSTRUCTED_[] = "instructed", PAID_[] = "paid",
                  FAILED[] = "failed";

static bool
take(struct model *m, struct model_claim *c)
{
    int64_t need = c->fen - c->offset;
    int from[] = {c->division, 0};

    for (int i = 0; i < 2; i++) {
        if (m->pot[c->fund][from[i]] >= need) {
            m->pot[c->fund][from[i]] -= need;
            c->state = COMMITTED_;
            return true;
        }
    }
    return false;
}

/* A batch for each settlement; the rest of the ledger's ways with batches is its own. */
static void
send(struct model *m, uint64_t first, uint64_t last)
{
    int64_t net = 0;
    bool any = false;

    for (uint64_t i = first; i <= last; i++) {
        struct model_claim *c = &m->claims[i];

        if (!same(c->state, COMMITTED_) || !c->approved || c->held || m->frozen[c->payee])
            continue;
        if (!any)
            m->batches++;
        any = true;
        c->state = INSTRUCTED_;
        c->batch = m->batches;
        net += c->fen - c->offset;
    }
    for (uint64_t i = first; any && net == 0 && i <= last; i++) {
        struct model_claim *c = &m->claims[i];

        if (same(c->state, INSTRUCTED_) && c->batch == m->batches) {
            c->state = PAID_;
            m->advances[c->class].paid_out += c->offset;
        }
    }
}

static void
send_settlement(struct model *m, uint64_t settlement)
{
    uint64_t first = 0, last = 0;

    for (uint64_t i = 1; i <= m->count; i++) {
        if (m->claims[i].settlement != settlement)
            continue;
        first = first ? first : i;
        last = i;
    }
    if (first)
        send(m, first, last);
}

static void
free_queues(struct model *m, int fund)
{
    bool blocked[DIVISIONS] = {false};

    for (uint64_t i = 1; i <= m->count; i++) {
        struct model_claim *c = &m->claims[i];

        if (c->fund != fund || !same(c->state, WAITING) || blocked[c->division])
            continue;
        blocked[c->division] = !take(m, c);
    }
    for (uint64_t i = 1; i <= m->count; i++)
        if (i == 1 || m->claims[i].settlement != m->claims[i - 1].settlement)
            send_settlement(m, m->claims[i].settlement);
}

static bool
somebody_waits(struct model *m, int fund, int division)
{
    for (uint64_t i = 1; i <= m->count; i++)
        if (m->claims[i].fund == fund && m->claims[i].division == division && same(m->claims[i].state, WAITING))
            return true;
    return false;
}

/* ---- What may happen ---- */

static void
money_comes(struct story *s, struct model *m)
{
    int fund = 1 + (int)dice(m, 2), division = (int)dice(m, DIVISIONS);
    int64_t yuan = 1 + (int64_t)dice(m, 400);

    assert_int_equal(appropriate(s, (Common__Fund)fund, divisions[division], yuan), JN_OK);
    m->pot[fund][division] += yuan * 100;
    free_queues(m, fund);
}

static void
a_class_is_settled(struct story *s, struct model *m)
{
    struct due rows[8];
    size_t n = 1 + dice(m, 8);
    int division = (int)dice(m, DIVISIONS);

    m->class = (int)dice(m, 3) == 0 ? m->class + 1 : m->class;
    m->class = m->class >= CLASSES ? 1 : m->class;
    s->class = (uint64_t)m->class;
    if (m->count + n >= CLAIMS)
        return;
    for (size_t i = 0; i < n; i++) {
        struct model_claim *c = &m->claims[++m->count];
        int64_t yuan = 1 + (int64_t)dice(m, 60);
        uint64_t kind = dice(m, 3);
        int64_t *left = &m->advances[m->class].left;
        bool behind;

        rows[i] = kind == 0   ? (struct due)TRAINING(yuan)
                  : kind == 1 ? (struct due)LIVING(yuan)
                              : (struct due)UPGRADE(yuan);
        *c = (struct model_claim){.fund = kind == 2 ? 2 : 1,
                                  .division = division,
                                  .class = m->class,
                                  .fen = yuan * 100,
                                  .payee = kind == 0 ? PROVIDER : 100 + i,
                                  .settlement = s->settlement + 1};
        if (kind == 0) {
            c->offset = *left < c->fen ? *left : c->fen;
            *left -= c->offset;
        }
        behind = somebody_waits(m, c->fund, division);
        c->state = WAITING;
        if (!behind)
            take(m, c);
    }
    settle_rows(s, divisions[division], rows, n);
}

static void
an_advance_is_given(struct story *s, struct model *m)
{
    int division = (int)dice(m, DIVISIONS), class = m->class + 1;
    int64_t fen = (1 + (int64_t)dice(m, 100)) * 100;
    int from[] = {division, 0};

    if (class >= CLASSES || m->advances[class].given)
        return;
    grant_advance(s, (uint64_t) class, divisions[division], EMPLOYMENT, PROVIDER, fen / 100);
    for (int i = 0; i < 2 && !somebody_waits(m, 1, division) && !m->frozen[PROVIDER]; i++) {
        if (m->pot[1][from[i]] < fen)
            continue;
        m->pot[1][from[i]] -= fen;
        m->advances[class].left = m->advances[class].given = fen;
        m->batches++;
        return;
    }
}

static void
a_notice_ends(struct story *s, struct model *m)
{
    uint64_t settlement = s->settlement ? 1 + dice(m, s->settlement) : 0, first = 0;
    uint32_t n = 0;

    for (uint64_t i = 1; i <= m->count; i++) {
        if (m->claims[i].settlement != settlement)
            continue;
        first = first ? first : i;
        n++;
    }
    if (!first)
        return;
    approve(s, settlement, first, n);
    for (uint64_t i = first; i < first + n; i++)
        m->claims[i].approved = true;
    send(m, first, first + n - 1);
}

static void
a_reviewer_acts(struct story *s, struct model *m)
{
    uint64_t i = m->count ? 1 + dice(m, m->count) : 0;

    if (!i)
        return;
    if (dice(m, 3) == 0) {
        hold(s, i);
        m->claims[i].held = true;
        return;
    }
    release(s, i, dice(m, 2));
    m->claims[i].held = false;
    m->claims[i].approved = claim(s, i)->approved; /* the release may have said so: not the model's business */
    send(m, i, i);
}

/* The school, or one of two people. */
static void
somebody_is_looked_into(struct story *s, struct model *m)
{
    static const uint64_t payees[] = {PROVIDER, 100, 101};
    uint64_t payee = payees[dice(m, 3)];

    if (!m->frozen[payee]) {
        assert_int_equal(freeze(s, payee == PROVIDER ? 0 : payee, payee == PROVIDER ? payee : 0, 0), JN_OK);
        m->frozen[payee] = true;
        return;
    }
    assert_int_equal(thaw(s, payee == PROVIDER ? 0 : payee, payee == PROVIDER ? payee : 0, 0), JN_OK);
    m->frozen[payee] = false;
    for (uint64_t i = 1; i <= m->count; i++)
        if (i == 1 || m->claims[i].settlement != m->claims[i - 1].settlement)
            send_settlement(m, m->claims[i].settlement);
}

/* What is kept back leaves the draft, the rest goes to the bank. */
static void
finance_looks_at(struct story *s, struct model *m, uint64_t number)
{
    bool kept = false;

    if (batch(s, number)->head->state != LEDGER__BATCH_STATE__DRAFT)
        return;
    for (uint64_t i = 1; i <= m->count; i++) {
        struct model_claim *c = &m->claims[i];

        if (!same(c->state, INSTRUCTED_) || c->batch != number || (!c->held && !m->frozen[c->payee]))
            continue;
        if (!kept) {
            const Ledger__BatchShort *head = batch(s, number)->head;

            assert_int_equal(submit_as(s, &s->finance, number, head->rows, head->amount_fen), JN_OK);
            assert_int_equal(release_batch_as(s, &s->checker, number), JN_REFUSED);
            assert_int_equal(withdraw(s, number, i), JN_WRONG_STATE);
            assert_int_equal(send_back(s, &s->checker, number), JN_OK);
        }
        kept = true;
        assert_int_equal(withdraw(s, number, i), JN_OK);
        c->state = COMMITTED_;
        c->batch = 0;
    }
}

static void
the_bank_answers(struct story *s, struct model *m)
{
    uint64_t i = m->count ? 1 + dice(m, m->count) : 0, number;
    struct model_claim *c = &m->claims[i];

    if (!i || !same(c->state, INSTRUCTED_))
        return;
    number = c->batch;
    finance_looks_at(s, m, number);
    if (!same(c->state, INSTRUCTED_))
        return;
    if (dice(m, 4) == 0) {
        assert_int_equal(bank_says(s, number, i, false, "closed"), JN_OK);
        c->state = FAILED;
        return;
    }
    assert_int_equal(bank_pays(s, number), JN_OK);
    for (uint64_t j = 1; j <= m->count; j++) {
        if (!same(m->claims[j].state, INSTRUCTED_) || m->claims[j].batch != number)
            continue;
        m->claims[j].state = PAID_;
        m->advances[m->claims[j].class].paid_out += m->claims[j].offset;
    }
}

static void
finance_sends_again(struct story *s, struct model *m)
{
    uint64_t i = m->count ? 1 + dice(m, m->count) : 0;
    struct model_claim *c = &m->claims[i];

    if (!i || !same(c->state, FAILED))
        return;
    if (c->held || m->frozen[c->payee]) {
        assert_int_equal(resend(s, 0, i), JN_REFUSED);
        return;
    }
    assert_int_equal(resend(s, 0, i), JN_OK);
    c->state = COMMITTED_;
    c->approved = true;
    send(m, i, i);
}

static void
time_passes(struct story *s, struct model *m)
{
    m->day += (int32_t)dice(m, 40);
    jn_world_advance(s->w, date_to_ms(m->day));
}

static void (*const happenings[])(struct story *, struct model *) = {
    money_comes,         money_comes,         a_class_is_settled, a_class_is_settled,      a_class_is_settled,
    an_advance_is_given, a_notice_ends,       a_notice_ends,      a_reviewer_acts,         the_bank_answers,
    the_bank_answers,    finance_sends_again, time_passes,        somebody_is_looked_into,
};

/* ---- And whether it came out the same ---- */

struct sums {
    int64_t waiting, committed, paid, failed, advanced;
    uint64_t waiting_count, committed_count, paid_count, failed_count;
};

static void
add_up(struct model *m, struct sums *sums)
{
    for (uint64_t i = 1; i <= m->count; i++) {
        const struct model_claim *c = &m->claims[i];
        bool committed = !same(c->state, WAITING) && !same(c->state, PAID_);

        sums->waiting += same(c->state, WAITING) ? c->fen : 0;
        sums->waiting_count += same(c->state, WAITING);
        sums->paid += same(c->state, PAID_) ? c->fen : 0;
        sums->paid_count += same(c->state, PAID_);
        sums->failed += same(c->state, FAILED) ? c->fen : 0;
        sums->failed_count += same(c->state, FAILED);
        sums->committed += committed ? c->fen : 0;
        sums->committed_count += committed;
    }
    for (int i = 0; i < CLASSES; i++)
        sums->advanced += m->advances[i].given - m->advances[i].paid_out;
}

static void
compare(struct story *s, struct model *m)
{
    struct sums sums = {0};
    const Ledger__TotalsView *all = totals(s);
    uint64_t i;

    add_up(m, &sums);
    assert_int_equal(all->waiting->count, sums.waiting_count);
    assert_int_equal(all->waiting->amount_fen, sums.waiting);
    assert_int_equal(all->committed->count, sums.committed_count);
    assert_int_equal(all->committed->amount_fen, sums.committed);
    assert_int_equal(all->paid->count, sums.paid_count);
    assert_int_equal(all->paid->amount_fen, sums.paid);
    assert_int_equal(all->failed->count, sums.failed_count);
    assert_int_equal(all->advanced_fen, sums.advanced);
    if (m->count == 0)
        return;
    i = 1 + dice(m, m->count);
    assert_string_equal(claim(s, i)->state, m->claims[i].state);
    assert_int_equal(claim(s, i)->offset_fen, m->claims[i].offset);
}

static void
compare_pots(struct story *s, struct model *m)
{
    for (int fund = 1; fund <= 2; fund++) {
        for (int division = 0; division < DIVISIONS; division++) {
            Ledger__AccountRequest request = LEDGER__ACCOUNT_REQUEST__INIT;
            const void *reply;

            request.fund = (Common__Fund)fund;
            request.division = divisions[division];
            if (jn_world_query(s->w, &s->auditor, "Account", &request, &reply) == JN_OK)
                assert_int_equal(((const Ledger__AccountView *)reply)->available_fen, m->pot[fund][division]);
            else
                assert_int_equal(m->pot[fund][division], 0);
        }
    }
}

static void
play(uint64_t seed, int steps)
{
    struct story *s = story_open();
    struct model *m = calloc(1, sizeof(*m));

    assert_non_null(m);
    m->seed = seed;
    m->class = 1;
    m->day = 18201; /* 2019-11-01 */
    for (int i = 0; i < steps; i++) {
        happenings[dice(m, sizeof(happenings) / sizeof(happenings[0]))](s, m);
        compare(s, m);
    }
    compare_pots(s, m);
    for (uint64_t i = 1; i <= m->count; i++)
        is(s, i, m->claims[i].state);
    free(m);
    story_close(s);
}

static void
random_play_agrees_with_the_model(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++)
        play(seed, 250);
}

const struct CMUnitTest ledger_model[] = {
    cmocka_unit_test(random_play_agrees_with_the_model),
};
const size_t ledger_model_count = sizeof(ledger_model) / sizeof(ledger_model[0]);
