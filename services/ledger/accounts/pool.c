/* Pools (资金池): a county pools departments' training funds for a year, 2.10-e.
 *
 * What a fund contributes stays in its own account, set aside: available -> pooled. A grant or a claim that the pool
 * bears is divided over its sources by what is left of each, so that every fen of it, promised, paid or released, is
 * some source's; 2.11-b holds for each of them: a source bears only what the pack lists for it, and the special account
 * and the unemployment insurance fund are not pooled at all. What claims wait for, no grant takes. contributed = left +
 * open + paid + dissolved, for each source, always. */
#include "ledger/accounts/books.h"

#include <string.h>

#define CONTRIBUTIONS_MAX 60

/* ---- Tables ---- */

static const Ledger__PoolRow *
pool_get(const struct jn_view *view, uint32_t year, uint32_t division)
{
    return jn_get(view, TABLE_POOL, JN_KEY(year, division));
}

static Ledger__PoolRow *
pool_edit(struct jn_tables *t, uint32_t year, uint32_t division)
{
    const Ledger__PoolRow *old = pool_get(jn_view_of(t), year, division);
    Ledger__PoolRow *row = (Ledger__PoolRow *)(uintptr_t)old;

    if (row)
        return row;
    row = jn_take(jn_view_of(t), sizeof(*row));
    ledger__pool_row__init(row);
    return row;
}

static Ledger__PoolSource *
source_of(const Ledger__PoolRow *pool, Common__Fund fund)
{
    for (size_t i = 0; pool && i < pool->n_sources; i++) {
        if (pool->sources[i]->fund == fund)
            return pool->sources[i];
    }
    return NULL;
}

/* In the order of funds: who contributes later lies where it would have lain. */
static Ledger__PoolSource *
source_add(const struct jn_view *view, Ledger__PoolRow *pool, Common__Fund fund)
{
    Ledger__PoolSource *source = source_of(pool, fund), **sources;
    size_t place = 0;

    if (source)
        return source;
    source = jn_take(view, sizeof(*source));
    ledger__pool_source__init(source);
    source->fund = fund;
    sources = jn_take(view, (pool->n_sources + 1) * sizeof(*sources));
    while (place < pool->n_sources && pool->sources[place]->fund < fund)
        place++;
    for (size_t i = 0; i < pool->n_sources; i++)
        sources[i < place ? i : i + 1] = pool->sources[i];
    sources[place] = source;
    pool->sources = sources;
    pool->n_sources++;
    return source;
}

Ledger__PoolShare *
pool_share(const struct jn_view *view, Common__Fund fund, int64_t fen)
{
    Ledger__PoolShare *share = jn_take(view, sizeof(*share));

    ledger__pool_share__init(share);
    share->fund = fund;
    share->amount_fen = fen;
    return share;
}

/* ---- Division ---- */

/* 10^13 x 10^15 needs more than 64 bits. */
__extension__ typedef __int128 wide;

void
pool_divide(int64_t amount_fen, const int64_t *weights, size_t count, int64_t *out)
{
    wide total = 0;
    int64_t left = amount_fen;

    for (size_t i = 0; i < count; i++)
        total += weights[i];
    JN_ASSERT(amount_fen >= 0 && amount_fen <= total);
    for (size_t i = 0; i < count; i++) {
        out[i] = total ? (int64_t)((wide)amount_fen * weights[i] / total) : 0;
        left -= out[i];
    }
    /* Fewer are left than there are remainders. */
    for (; left > 0; left--) {
        size_t largest = count;
        wide most = 0;

        for (size_t i = 0; i < count; i++) {
            wide rest = (wide)amount_fen * weights[i] - (wide)out[i] * total;

            if (rest > most) {
                most = rest;
                largest = i;
            }
        }
        JN_ASSERT(largest < count);
        out[largest]++;
    }
}

/* ---- Decisions ---- */

static enum jn_code
pool_shape(struct jn_decision *d, const Ledger__Pool *cmd)
{
    bool named[FUNDS] = {false};

    if (!division_valid(cmd->division))
        return jn_refuse(d, JN_MALFORMED, "name the division (行政区划) whose funds are pooled, six digits");
    if (cmd->n_sources < 1 || cmd->n_sources >= FUNDS)
        return jn_refuse(d, JN_MALFORMED, "2.10-e: name the funds that are pooled, each once, %d at most", FUNDS - 1);
    if (!text_fits(cmd->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the document (文号) that pools them, 1 to %d bytes", TEXT_BYTES_MAX);
    for (size_t i = 0; i < cmd->n_sources; i++) {
        const Ledger__PoolShare *source = cmd->sources[i];

        if (!fund_valid(source->fund))
            return jn_refuse(d, JN_MALFORMED, "name the fund (资金来源), 1 to %d", FUNDS - 1);
        if (named[source->fund])
            return jn_refuse(d, JN_MALFORMED, "2.12-a: %s is named twice; name each account once",
                             word_name(&words_funds, (int)source->fund));
        named[source->fund] = true;
        if (source->amount_fen <= 0)
            return jn_refuse(d, JN_MALFORMED, "the amount must be more than nothing");
        if (source->amount_fen > AMOUNT_FEN_MAX)
            return jn_refuse(d, JN_OUT_OF_LIMITS, "one contribution is at most a hundred billion yuan");
    }
    return JN_OK;
}

static const Ledger__PoolContribution *
contribution_of(const Ledger__PoolRow *pool, const char *document)
{
    for (size_t i = 0; pool && i < pool->n_contributions; i++) {
        if (strcmp(pool->contributions[i]->document, document) == 0)
            return pool->contributions[i];
    }
    return NULL;
}

static bool
same_contribution(const Ledger__PoolContribution *known, const Ledger__Pool *cmd)
{
    if (known->n_sources != cmd->n_sources)
        return false;
    for (size_t i = 0; i < cmd->n_sources; i++) {
        if (known->sources[i]->fund != cmd->sources[i]->fund ||
            known->sources[i]->amount_fen != cmd->sources[i]->amount_fen)
            return false;
    }
    return true;
}

/* All of the sources or none. */
static enum jn_code
contribute(struct jn_decision *d, const Ledger__Pool *cmd)
{
    char left[MONEY_TEXT];

    for (size_t i = 0; i < cmd->n_sources; i++) {
        Common__Fund fund = cmd->sources[i]->fund;
        struct account own = {fund, cmd->division, year_now(d), 0};
        int64_t own_fen;

        if (fund == COMMON__FUND__SKILLS_ACCOUNT || fund == COMMON__FUND__UNEMPLOYMENT_INSURANCE)
            return jn_refuse(d, JN_RING_FENCED,
                             "2.11-b: the special account (职业技能提升行动专账) and the unemployment insurance fund "
                             "(失业保险基金) are accounted apart; they are not pooled");
        own_fen = account_open(d, own);
        if (!account_get(d->view, own))
            return jn_refuse(d, JN_SHORT_OF_FUNDS,
                             "2.11-a: %s has no budget for %u in this division; appropriate first",
                             word_name(&words_funds, (int)fund), own.year);
        if (queue_blocks(d->view, fund, cmd->division))
            return jn_refuse(d, JN_SHORT_OF_FUNDS, "2.11-a: claims wait for %s and nobody overtakes them",
                             word_name(&words_funds, (int)fund));
        if (own_fen < cmd->sources[i]->amount_fen)
            return jn_refuse(d, JN_SHORT_OF_FUNDS, "2.11-a: the division has %s yuan left of %s",
                             money_format(own_fen, left), word_name(&words_funds, (int)fund));
    }
    return JN_OK;
}

static void
pool_funds(struct jn_decision *d, const Ledger__Pool *cmd)
{
    Ledger__PoolContributed event = LEDGER__POOL_CONTRIBUTED__INIT;

    event.division = cmd->division;
    event.year = year_now(d);
    event.n_sources = cmd->n_sources;
    event.sources = cmd->sources;
    event.document = cmd->document;
    event.number = jn_counter(d->view, COUNTER_POOLS) + 1;
    jn_emit(d, LEDGER__EVENT__BODY_POOL_CONTRIBUTED, &event);
    for (size_t i = 0; i < cmd->n_sources; i++)
        shortfall_look(d, (struct account){cmd->sources[i]->fund, cmd->division, event.year, 0});
    pool_came(d, cmd->division);
}

enum jn_code
decide_pool(struct jn_decision *d, const Ledger__Pool *cmd)
{
    const Ledger__PoolRow *pool;
    const Ledger__PoolContribution *known;
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    enum jn_code code = pool_shape(d, cmd);

    if (code != JN_OK)
        return code;
    if (!jn_in_scope_division(d->who, cmd->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    pool = pool_get(d->view, year_now(d), cmd->division);
    known = contribution_of(pool, cmd->document);
    if (known && !same_contribution(known, cmd))
        return jn_refuse(d, JN_CONFLICT,
                         "2.12-a: this document has pooled other amounts; give another contribution its own");
    if (!known && pool && pool->n_contributions == CONTRIBUTIONS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "a year's pool has at most %d contributions", CONTRIBUTIONS_MAX);
    code = known ? JN_OK : contribute(d, cmd);
    if (code != JN_OK)
        return code;

    /* Decided. */
    if (!known)
        pool_funds(d, cmd);
    reply.number = known ? known->number : jn_counter(d->view, COUNTER_POOLS);
    jn_reply(d, &reply.base);
    return JN_OK;
}

static void
dissolve(struct jn_decision *d, const Ledger__DissolvePool *cmd, uint32_t year, const Ledger__PoolRow *pool)
{
    Ledger__PoolDissolved event = LEDGER__POOL_DISSOLVED__INIT;

    event.division = cmd->division;
    event.from_year = year;
    event.to_year = year_now(d);
    event.document = cmd->document;
    event.sources = jn_take(d->view, pool->n_sources * sizeof(*event.sources));
    for (size_t i = 0; i < pool->n_sources; i++) {
        const Ledger__PoolSource *source = pool->sources[i];

        if (source->left_fen == 0)
            continue;
        account_open(d, (struct account){source->fund, cmd->division, event.to_year, 0});
        event.sources[event.n_sources++] = pool_share(d->view, source->fund, source->left_fen);
    }
    jn_emit(d, LEDGER__EVENT__BODY_POOL_DISSOLVED, &event);
    for (size_t i = 0; i < event.n_sources; i++)
        money_came(d, event.sources[i]->fund, cmd->division);
}

enum jn_code
decide_dissolve_pool(struct jn_decision *d, const Ledger__DissolvePool *cmd)
{
    uint32_t year = cmd->year ? cmd->year : year_now(d);
    const Ledger__PoolRow *pool;
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    int64_t left_fen = 0;

    if (!division_valid(cmd->division))
        return jn_refuse(d, JN_MALFORMED, "name the division (行政区划) of the pool, six digits");
    if (!text_fits(cmd->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the document that dissolves it, 1 to %d bytes", TEXT_BYTES_MAX);
    if (!jn_in_scope_division(d->who, cmd->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    pool = pool_get(d->view, year, cmd->division);
    if (!pool)
        return jn_refuse(d, JN_NOT_FOUND, "2.10-e: the division has no pool of %u", year);
    for (size_t i = 0; i < pool->n_sources; i++)
        left_fen += pool->sources[i]->left_fen;
    if (left_fen == 0)
        return jn_refuse(d, JN_WRONG_STATE, "2.10-e: nothing is left of the pool");

    /* Decided. */
    dissolve(d, cmd, year, pool);
    jn_reply(d, &reply.base);
    return JN_OK;
}

enum jn_code
pool_take(struct jn_decision *d, uint32_t division, Common__Purpose purpose, int64_t amount_fen, size_t *count,
          Ledger__PoolShare ***shares)
{
    const Ledger__PoolRow *pool = pool_get(d->view, year_now(d), division);
    int64_t weights[FUNDS] = {0}, parts[FUNDS] = {0}, left_fen = 0;
    bool listed = false;
    char left[MONEY_TEXT];

    if (!pool)
        return jn_refuse(d, JN_NOT_FOUND, "2.10-e: the division has no pool for %u; pool funds first", year_now(d));
    for (size_t i = 0; i < pool->n_sources; i++) {
        if (!grant_clause(d->view, pool->sources[i]->fund, purpose))
            continue;
        listed = true;
        if (queue_blocks(d->view, pool->sources[i]->fund, division))
            return jn_refuse(d, JN_SHORT_OF_FUNDS, "2.11-a: claims wait for %s and nobody overtakes them",
                             word_name(&words_funds, (int)pool->sources[i]->fund));
        weights[i] = pool->sources[i]->left_fen;
        left_fen += weights[i];
    }
    if (!listed)
        return jn_refuse(d, JN_RING_FENCED, "2.11-b: no source of the pool may pay for %s",
                         word_name(&words_purposes, (int)purpose));
    if (left_fen < amount_fen)
        return jn_refuse(d, JN_SHORT_OF_FUNDS, "2.10-e: %s yuan are left of what the pool may pay for it",
                         money_format(left_fen, left));
    pool_divide(amount_fen, weights, pool->n_sources, parts);
    *count = 0;
    *shares = jn_take(d->view, pool->n_sources * sizeof(**shares));
    for (size_t i = 0; i < pool->n_sources; i++) {
        if (parts[i] > 0)
            (*shares)[(*count)++] = pool_share(d->view, pool->sources[i]->fund, parts[i]);
    }
    return JN_OK;
}

/* ---- What then happens ---- */

void
apply_pool_contributed(struct jn_tables *t, const Ledger__PoolContributed *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Ledger__PoolRow *pool = pool_edit(t, event->year, event->division);
    Ledger__PoolContribution known = LEDGER__POOL_CONTRIBUTION__INIT,
                             **all = jn_take(view, (pool->n_contributions + 1) * sizeof(*all));
    Ledger__Books *books = books_open(t);

    for (size_t i = 0; i < event->n_sources; i++) {
        const Ledger__PoolShare *share = event->sources[i];
        struct account account = {share->fund, event->division, event->year, 0};
        Ledger__PoolSource *source = source_add(view, pool, share->fund);

        source->contributed_fen += share->amount_fen;
        source->left_fen += share->amount_fen;
        account_post(t, books, account, AVAILABLE, POOLED, share->amount_fen);
        rate_add(t, account, date_of_ms(stamp->time_ms), share->amount_fen);
    }
    for (size_t i = 0; i < pool->n_contributions; i++)
        all[i] = pool->contributions[i];
    known.document = event->document;
    known.n_sources = event->n_sources;
    known.sources = event->sources;
    known.number = event->number;
    all[pool->n_contributions++] = &known;
    pool->contributions = all;
    jn_put(t, TABLE_POOL, JN_KEY(event->year, event->division), pool);
    jn_counter_set(t, COUNTER_POOLS, event->number);
    books_close(t, books);
}

void
apply_pool_dissolved(struct jn_tables *t, const Ledger__PoolDissolved *event, const struct jn_stamp *stamp)
{
    Ledger__PoolRow *pool = pool_edit(t, event->from_year, event->division);
    Ledger__Books *books = books_open(t);

    (void)stamp;
    for (size_t i = 0; i < event->n_sources; i++) {
        const Ledger__PoolShare *share = event->sources[i];
        Ledger__PoolSource *source = source_of(pool, share->fund);

        source->left_fen -= share->amount_fen;
        source->dissolved_fen += share->amount_fen;
        account_give_back(t, books, (struct account){share->fund, event->division, event->from_year, 0}, POOLED,
                          event->to_year, share->amount_fen);
    }
    jn_put(t, TABLE_POOL, JN_KEY(event->from_year, event->division), pool);
    books_close(t, books);
}
