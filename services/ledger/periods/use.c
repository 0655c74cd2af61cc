/* The use of funds (资金使用情况): what happened in each month for a fund, division, item and institution; the
 * statements by each of them are its sums. 2.12-b. */
#include "ledger/ledger.h"

/* ---- Table ---- */

/* A row that was just made has its sub-messages, too. */
static Ledger__Use *
use_new(const struct jn_view *view)
{
    Ledger__Use *use = jn_take(view, sizeof(*use));

    ledger__use__init(use);
    use->committed = jn_take(view, sizeof(*use->committed));
    use->paid = jn_take(view, sizeof(*use->paid));
    ledger__count_amount__init(use->committed);
    ledger__count_amount__init(use->paid);
    use->reversed = jn_take(view, sizeof(*use->reversed));
    ledger__count_amount__init(use->reversed);
    use->released = jn_take(view, sizeof(*use->released));
    ledger__count_amount__init(use->released);
    use->grant_paid = jn_take(view, sizeof(*use->grant_paid));
    ledger__count_amount__init(use->grant_paid);
    use->grant_reversed = jn_take(view, sizeof(*use->grant_reversed));
    ledger__count_amount__init(use->grant_reversed);
    return use;
}

static void
use_move(Ledger__Use *use, enum measure measure, uint64_t count, int64_t fen)
{
    switch (measure) {
    case MEASURE_APPROPRIATED:
        use->appropriated_fen += fen;
        return;
    case MEASURE_COMMITTED:
        use->committed->count += count;
        use->committed->amount_fen += fen;
        return;
    case MEASURE_PAID:
        use->paid->count += count;
        use->paid->amount_fen += fen;
        return;
    case MEASURE_ADVANCED:
        use->advanced_fen += fen;
        return;
    case MEASURE_RECOVERED:
        use->recovered_fen += fen;
        return;
    case MEASURE_REVERSED:
        use->reversed->count += count;
        use->reversed->amount_fen += fen;
        return;
    case MEASURE_RELEASED:
        use->released->count += count;
        use->released->amount_fen += fen;
        return;
    case MEASURE_GRANT_PAID:
        use->grant_paid->count += count;
        use->grant_paid->amount_fen += fen;
        return;
    case MEASURE_GRANT_REVERSED:
        use->grant_reversed->count += count;
        use->grant_reversed->amount_fen += fen;
        return;
    }
}

void
use_add(struct jn_tables *t, const Ledger__Books *books, struct use of, enum measure measure, uint64_t count,
        int64_t fen)
{
    struct jn_key key = JN_KEY(books->month, of.division, of.fund, of.item, of.institution);
    Ledger__Use *kept = jn_change(t, TABLE_USE, key), *use = kept ? kept : use_new(jn_view_of(t));

    use_move(use, measure, count, fen);
    if (!kept)
        jn_put(t, TABLE_USE, key, use);
}

void
use_add_parts(struct jn_tables *t, const Ledger__Books *books, struct use of, enum measure measure, uint64_t count,
              int64_t fen, size_t n_parts, const struct use_part *parts)
{
    Common__Fund own = of.fund;

    for (size_t i = 0; i < n_parts; i++) {
        if (!parts[i].fund || parts[i].fund == own)
            continue;
        of.fund = parts[i].fund;
        use_add(t, books, of, measure, 0, parts[i].fen);
        fen -= parts[i].fen;
    }
    of.fund = own;
    use_add(t, books, of, measure, count, fen);
}

void
uses_add(struct jn_tables *t, const Ledger__Books *books, uint32_t division, const struct tally *tally,
         enum measure measure)
{
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];
        struct use of = {(Common__Fund)row->key[0], division, (Common__Item)row->key[1], row->key[2]};

        use_add(t, books, of, measure, row->count, row->fen);
    }
}

/* ---- What is told ---- */

/* So many ids a page, and so many rows of the period are looked through. A month has a few a class. */
#define STATEMENT_PAGE 500

struct statement {
    const struct jn_decision *d;
    const Ledger__StatementRequest *request;
    struct span span;
    Ledger__StatementRow *rows[STATEMENT_PAGE + 1]; /* by id; one more than fits a page tells that there are more */
    size_t count;
};

static uint64_t
id_of(Ledger__StatementKind kind, const struct jn_key *key)
{
    static const size_t places[] = {
        [LEDGER__STATEMENT_KIND__STATEMENT_DIVISION] = 1,
        [LEDGER__STATEMENT_KIND__STATEMENT_FUND] = 2,
        [LEDGER__STATEMENT_KIND__STATEMENT_ITEM] = 3,
        [LEDGER__STATEMENT_KIND__STATEMENT_INSTITUTION] = 4,
    };

    return jn_key_number(key, places[kind]);
}

/* Keeps the first ids in order; NULL for one beyond the page. */
static Ledger__Use *
sum_of(struct statement *s, uint64_t id)
{
    size_t low = 0, high = s->count;
    Ledger__StatementRow *row;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (s->rows[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < s->count && s->rows[low]->id == id)
        return s->rows[low]->use;
    if (low > STATEMENT_PAGE)
        return NULL;
    row = s->count > STATEMENT_PAGE ? s->rows[--s->count] : jn_take(s->d->view, sizeof(*row));
    for (size_t i = s->count++; i > low; i--)
        s->rows[i] = s->rows[i - 1];
    ledger__statement_row__init(row);
    row->id = id;
    row->use = use_new(s->d->view);
    return (s->rows[low] = row)->use;
}

static bool
sum_use(void *context, const struct jn_key *key, const void *row)
{
    struct statement *s = context;
    const Ledger__Use *use = row;
    uint32_t division = (uint32_t)jn_key_number(key, 1);
    uint64_t id = id_of(s->request->kind, key);
    Ledger__Use *sum;

    if (jn_key_number(key, 0) > s->span.last)
        return false;
    if (!jn_in_scope_division(s->d->who, division) || id < s->request->from_id ||
        (s->request->division && s->request->division != division))
        return true;
    sum = sum_of(s, id);
    if (!sum)
        return true;
    use_move(sum, MEASURE_APPROPRIATED, 0, use->appropriated_fen);
    use_move(sum, MEASURE_COMMITTED, use->committed->count, use->committed->amount_fen);
    use_move(sum, MEASURE_PAID, use->paid->count, use->paid->amount_fen);
    use_move(sum, MEASURE_ADVANCED, 0, use->advanced_fen);
    use_move(sum, MEASURE_RECOVERED, 0, use->recovered_fen);
    use_move(sum, MEASURE_REVERSED, use->reversed->count, use->reversed->amount_fen);
    use_move(sum, MEASURE_RELEASED, use->released->count, use->released->amount_fen);
    use_move(sum, MEASURE_GRANT_PAID, use->grant_paid->count, use->grant_paid->amount_fen);
    use_move(sum, MEASURE_GRANT_REVERSED, use->grant_reversed->count, use->grant_reversed->amount_fen);
    return true;
}

enum jn_code
answer_statement(struct jn_decision *d, const Ledger__StatementRequest *request)
{
    struct statement *s = jn_take(d->view, sizeof(*s));
    Ledger__StatementView reply = LEDGER__STATEMENT_VIEW__INIT;

    s->d = d;
    s->request = request;
    if (!period_span(request->period, &s->span))
        return jn_refuse(d, JN_MALFORMED, "name the period: a year, and its month (1 to 12) or quarter (1 to 4)");
    if (request->kind < LEDGER__STATEMENT_KIND__STATEMENT_FUND ||
        request->kind > LEDGER__STATEMENT_KIND__STATEMENT_INSTITUTION)
        return jn_refuse(d, JN_MALFORMED, "say by what: 1 fund, 2 division, 3 item, 4 institution");
    if (request->division && !jn_in_scope_division(d->who, request->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    if (!jn_scan(d->view, TABLE_USE, JN_KEY(s->span.first), 0, SCOPE_SCAN_MAX, sum_use, s))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "the period has too many rows for one answer; ask month by month");
    reply.more = s->count > STATEMENT_PAGE;
    reply.n_rows = reply.more ? STATEMENT_PAGE : s->count;
    reply.rows = s->rows;
    for (size_t i = 0; request->kind == LEDGER__STATEMENT_KIND__STATEMENT_INSTITUTION && i < reply.n_rows; i++)
        s->rows[i]->name = (char *)(uintptr_t)institution_name(d->view, s->rows[i]->id);
    reply.closed = period_closed(d->view, request->period);
    jn_reply(d, &reply.base);
    return JN_OK;
}
