/* Queues (待拨队列): what no budget covers waits, in the order of settlement, a queue for each fund and division.
 *
 * When money comes, whatever the reason, the fund's queues in that city are swept: of all the heads the one settled
 * first is tried, its own account before the city's; one that does not fit blocks its own queue alone, and the others
 * go on. A sweep needs no memory: what did not fit before cannot fit later in the same sweep, since money only gets
 * less while it lasts (what a payment brings back, because its payee owed it, was taken from the same account). So a
 * block that has done enough leaves the rest to a timer; meanwhile everything newly settled from that fund joins its
 * queue. */
#include "ledger/books.h"

/* One block frees so much, so that nobody waits behind it for long: about 300 events. */
#define SWEEP_CHUNKS 100
#define SWEEP_CLAIMS 1000

/* ---- Tables ---- */

const Ledger__Waiting *
waiting_get(const struct jn_view *view, Common__Fund fund, uint32_t division)
{
    return jn_get(view, TABLE_WAITING, JN_KEY(fund, division));
}

bool
queue_blocks(const struct jn_view *view, Common__Fund fund, uint32_t division)
{
    return jn_has(view, TABLE_WAITING, JN_KEY(fund, division)) ||
           jn_has(view, TABLE_SWEEP, JN_KEY(fund, city_of(division)));
}

void
queue_join(struct jn_tables *t, Common__Fund fund, uint32_t division, uint64_t first_claim, uint64_t count, int64_t fen,
           int64_t net_fen)
{
    const Ledger__Waiting *old = waiting_get(jn_view_of(t), fund, division);
    Ledger__Waiting queue = LEDGER__WAITING__INIT;
    Ledger__WaitingChunk chunk = LEDGER__WAITING_CHUNK__INIT;

    if (old)
        queue = *old;
    else
        queue.head = first_claim;
    chunk.first = queue.next;
    chunk.count = (uint32_t)count;
    chunk.net_fen = net_fen;
    queue.next += count;
    queue.amount_fen += fen;
    jn_put(t, TABLE_WAITING_CHUNK, JN_KEY(fund, division, first_claim), &chunk);
    jn_put(t, TABLE_WAITING, JN_KEY(fund, division), &queue);
}

void
queue_leave(struct jn_tables *t, Common__Fund fund, uint32_t division, uint64_t first_claim, uint64_t count,
            int64_t fen, int64_t net_fen)
{
    const struct jn_view *view = jn_view_of(t);
    struct jn_key key = JN_KEY(fund, division, first_claim), found;
    const Ledger__Waiting *old = waiting_get(view, fund, division);
    const Ledger__WaitingChunk *head = jn_get(view, TABLE_WAITING_CHUNK, key);
    Ledger__Waiting queue;
    Ledger__WaitingChunk chunk;

    JN_ASSERT(old && head && old->head == first_claim && head->first == old->first && count <= head->count);
    queue = *old;
    chunk = *head;
    queue.first = chunk.first += count;
    queue.amount_fen -= fen;
    chunk.count -= (uint32_t)count;
    chunk.net_fen -= net_fen;
    JN_ASSERT(queue.amount_fen >= 0 && chunk.net_fen >= 0);
    if (chunk.count > 0)
        jn_put(t, TABLE_WAITING_CHUNK, key, &chunk);
    else
        jn_delete(t, TABLE_WAITING_CHUNK, key);
    if (queue.first == queue.next) {
        jn_delete(t, TABLE_WAITING, JN_KEY(fund, division));
        return;
    }
    if (chunk.count == 0) {
        JN_ASSERT(jn_first(view, TABLE_WAITING_CHUNK, JN_KEY(fund, division, 0), 2 * sizeof(uint64_t), &found));
        queue.head = jn_key_number(&found, 2);
    }
    jn_put(t, TABLE_WAITING, JN_KEY(fund, division), &queue);
}

bool
waits_for(const struct claim *claim, Common__Fund fund)
{
    return claim->state == CLAIM_WAITING && claim->fund == fund;
}

uint64_t
queue_place(const struct jn_view *view, const Ledger__Claims *claims, size_t place)
{
    Common__Fund fund = claim_at(claims, place).fund;
    const Ledger__Waiting *queue = waiting_get(view, fund, claims->division);
    const Ledger__WaitingChunk *chunk =
        jn_get(view, TABLE_WAITING_CHUNK, JN_KEY(fund, claims->division, claims->first_claim));
    uint64_t rank = 1;

    JN_ASSERT(queue && chunk);
    for (size_t i = 0; i < place; i++) {
        struct claim before = claim_at(claims, i);

        rank += waits_for(&before, fund);
    }
    return chunk->first - queue->first + rank;
}

/* ---- Sweeps ---- */

struct line {
    uint32_t division;
    const Ledger__Waiting *queue; /* NULL: empty, or its head does not fit */
};

struct lines {
    uint32_t city;
    size_t count;
    struct line at[CITY_DIVISIONS];
};

static bool
note_line(void *context, const struct jn_key *key, const void *row)
{
    struct lines *lines = context;
    uint32_t division = (uint32_t)jn_key_number(key, 1);

    if (city_of(division) != lines->city)
        return false;
    lines->at[lines->count++] = (struct line){division, row};
    return true;
}

static struct line *
first_settled(struct lines *lines)
{
    struct line *first = NULL;

    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->at[i];

        if (line->queue && (!first || line->queue->head < first->queue->head))
            first = line;
    }
    return first;
}

/* Frees what fits of the settlement at the queue's head. */
static void
free_head(struct sweep *sweep, Common__Fund fund, struct line *line)
{
    struct jn_decision *d = sweep->d;
    const Ledger__Claims *claims = claims_of(d->view, line->queue->head);
    size_t count = claims_count(claims), *places = jn_take(d->view, count * sizeof(*places));
    struct till till = {.open = false};
    Ledger__Committed event = LEDGER__COMMITTED__INIT;
    bool fits = true;

    till_open(d, &till, fund, line->division);
    event.rows = jn_take(d->view, count * sizeof(*event.rows));
    for (size_t i = 0; i < count && fits; i++) {
        struct claim claim = claim_at(claims, i);

        if (!waits_for(&claim, fund))
            continue;
        fits = till_take_for(d, &till, (uint32_t)claim.item, claim_net(&claim), &claim.account);
        if (!fits)
            break;
        places[event.n_rows] = i;
        event.rows[event.n_rows++] = committed_row(d->view, &claim);
    }
    if (event.n_rows > 0) {
        event.settlement = claims->settlement;
        event.class_ = claims->class_;
        event.division = claims->division;
        event.from_queue = true;
        event.first_claim = claims->first_claim;
        event.claims = (uint32_t)count;
        jn_emit(d, LEDGER__EVENT__BODY_COMMITTED, &event);
        shortfall_look_at(d, &event);
        payment_instruct_ready(d, claims->first_claim, places, event.n_rows);
    }
    /* A head that does not fit costs nothing of what may be freed; there is one a division at most. */
    sweep->chunks_left -= event.n_rows > 0;
    sweep->claims_left -= event.n_rows < sweep->claims_left ? event.n_rows : sweep->claims_left;
    line->queue = fits ? waiting_get(d->view, fund, line->division) : NULL;
}

struct sweep
sweep_open(struct jn_decision *d)
{
    return (struct sweep){d, SWEEP_CHUNKS, SWEEP_CLAIMS};
}

static void
move(struct jn_decision *d, Common__Fund fund, uint32_t city, bool more)
{
    Ledger__QueueMoved event = LEDGER__QUEUE_MOVED__INIT;

    event.fund = fund;
    event.city = city;
    event.more = more;
    jn_emit(d, LEDGER__EVENT__BODY_QUEUE_MOVED, &event);
}

void
sweep_fund(struct sweep *sweep, Common__Fund fund, uint32_t city)
{
    struct jn_decision *d = sweep->d;
    const Ledger__Books *books = jn_look(d->view, TABLE_BOOKS, JN_KEY(0));
    bool waits = books && books->waiting->count > 0;
    struct lines *lines = jn_take(d->view, waits ? sizeof(*lines) : offsetof(struct lines, at));
    struct line *line;

    lines->city = city;
    if (waits)
        jn_scan(d->view, TABLE_WAITING, JN_KEY(fund, city), sizeof(uint64_t), CITY_DIVISIONS, note_line, lines);
    while ((line = first_settled(lines))) {
        if (sweep->chunks_left == 0 || sweep->claims_left == 0) {
            move(d, fund, city, true);
            return;
        }
        free_head(sweep, fund, line);
    }
    if (jn_has(d->view, TABLE_SWEEP, JN_KEY(fund, city)))
        move(d, fund, city, false);
}

void
money_came(struct jn_decision *d, Common__Fund fund, uint32_t division)
{
    struct sweep sweep = sweep_open(d);

    sweep_fund(&sweep, fund, city_of(division));
}

void
sweep_soon(struct jn_decision *d, Common__Fund fund, uint32_t city)
{
    struct jn_key found;

    if (jn_has(d->view, TABLE_SWEEP, JN_KEY(fund, city)) ||
        !jn_first(d->view, TABLE_WAITING, JN_KEY(fund, city), sizeof(uint64_t), &found) ||
        city_of((uint32_t)jn_key_number(&found, 1)) != city)
        return;
    move(d, fund, city, true);
}

/* The timer goes on at the moment at which the last block stopped. */
enum jn_code
fire_sweep(struct jn_decision *d, uint64_t id)
{
    struct sweep sweep = sweep_open(d);

    sweep_fund(&sweep, (Common__Fund)(id >> 32), (uint32_t)id);
    return JN_OK;
}

void
apply_queue_moved(struct jn_tables *t, const Ledger__QueueMoved *event, const struct jn_stamp *stamp)
{
    struct jn_key key = JN_KEY(event->fund, event->city);
    uint64_t id = (uint64_t)event->fund << 32 | event->city;
    const Ledger__SweepDue *old = jn_get(jn_view_of(t), TABLE_SWEEP, key);
    Ledger__SweepDue due = LEDGER__SWEEP_DUE__INIT;

    if (old)
        jn_timer_clear(t, old->due_ms, TIMER_SWEEP, id);
    if (!event->more) {
        jn_delete(t, TABLE_SWEEP, key);
        return;
    }
    due.due_ms = stamp->time_ms;
    jn_timer_set(t, due.due_ms, TIMER_SWEEP, id);
    jn_put(t, TABLE_SWEEP, key, &due);
}
