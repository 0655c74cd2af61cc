/* Queues (待拨队列): what no budget covers waits, in the order of settlement, a queue for each fund and division.
 *
 * Nobody overtakes for the same money. General money may go to any claim of a queue, so it goes to the head alone; what
 * is earmarked (专项) for an item may go to no other, so it goes to the first that waits for the item, wherever it
 * stands. Without earmarks this says that once something of a fund and division waits, all that comes later waits
 * behind it. Money that several queues share, the city's, goes to the one settled first of those that can use it; in a
 * pool each fund's money is its own claims' first (pool_claim.c).
 *
 * When money comes, whatever the reason, the fund's queues in that city are swept: of all that are first for some money
 * the one settled first is tried, its own account before the city's; one that does not fit blocks those behind it for
 * that money alone, and the others go on. A sweep needs no memory: what did not fit before cannot fit later in the same
 * sweep, since money only gets less while it lasts (what a payment brings back, because its payee owed it, was taken
 * from the same account). So a block that has done enough leaves the rest to a timer; meanwhile everything newly
 * settled from that fund joins its queue. A claim that will not be paid leaves from where it stands (decommitment.c),
 * and nobody else's place changes but by it. */
#include "ledger/accounts/books.h"

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

/* The first settlement in which a claim of the item waits; 0: none does. */
static uint64_t
first_of_item(const struct jn_view *view, Common__Fund fund, uint32_t division, uint32_t item)
{
    struct jn_key found;

    return jn_first(view, TABLE_WAITING_ITEM, JN_KEY(fund, division, item, 0), 3 * sizeof(uint64_t), &found)
               ? jn_key_number(&found, 3)
               : 0;
}

bool
queue_blocks_item(const struct jn_view *view, Common__Fund fund, uint32_t division, uint32_t item)
{
    return first_of_item(view, fund, division, item) != 0 || jn_has(view, TABLE_SWEEP, JN_KEY(fund, city_of(division)));
}

void
queue_part_add(struct queue_part *part, const struct claim *claim)
{
    part->count++;
    part->items[claim->item]++;
    part->fen += claim->amount_fen;
    part->net_fen += claim_net(claim);
}

void
queue_join(struct jn_tables *t, Common__Fund fund, uint32_t division, uint64_t first_claim,
           const struct queue_part *part)
{
    const Ledger__Waiting *old = waiting_get(jn_view_of(t), fund, division);
    Ledger__Waiting queue = LEDGER__WAITING__INIT;
    Ledger__WaitingChunk chunk = LEDGER__WAITING_CHUNK__INIT;

    if (old)
        queue = *old;
    else
        queue.head = first_claim;
    chunk.count = part->count;
    chunk.net_fen = part->net_fen;
    queue.count += part->count;
    queue.amount_fen += part->fen;
    jn_put(t, TABLE_WAITING_CHUNK, JN_KEY(fund, division, first_claim), &chunk);
    jn_put(t, TABLE_WAITING, JN_KEY(fund, division), &queue);
    for (uint32_t i = 0; i < ITEMS; i++) {
        Ledger__WaitingItem item = LEDGER__WAITING_ITEM__INIT;

        item.count = part->items[i];
        if (item.count > 0)
            jn_put(t, TABLE_WAITING_ITEM, JN_KEY(fund, division, i, first_claim), &item);
    }
}

static void
items_leave(struct jn_tables *t, Common__Fund fund, uint32_t division, uint64_t first_claim,
            const struct queue_part *part)
{
    for (uint32_t i = 0; i < ITEMS; i++) {
        struct jn_key key = JN_KEY(fund, division, i, first_claim);
        const Ledger__WaitingItem *old = part->items[i] ? jn_get(jn_view_of(t), TABLE_WAITING_ITEM, key) : NULL;
        Ledger__WaitingItem item;

        if (part->items[i] == 0)
            continue;
        JN_ASSERT(old && old->count >= part->items[i]);
        item = *old;
        item.count -= part->items[i];
        if (item.count > 0)
            jn_put(t, TABLE_WAITING_ITEM, key, &item);
        else
            jn_delete(t, TABLE_WAITING_ITEM, key);
    }
}

void
queue_leave(struct jn_tables *t, Common__Fund fund, uint32_t division, uint64_t first_claim,
            const struct queue_part *part)
{
    const struct jn_view *view = jn_view_of(t);
    struct jn_key key = JN_KEY(fund, division, first_claim), found;
    const Ledger__Waiting *old = waiting_get(view, fund, division);
    const Ledger__WaitingChunk *stands = jn_get(view, TABLE_WAITING_CHUNK, key);
    Ledger__Waiting queue;
    Ledger__WaitingChunk chunk;

    JN_ASSERT(old && stands && part->count <= stands->count);
    queue = *old;
    chunk = *stands;
    queue.count -= part->count;
    queue.amount_fen -= part->fen;
    chunk.count -= part->count;
    chunk.net_fen -= part->net_fen;
    JN_ASSERT(queue.amount_fen >= 0 && chunk.net_fen >= 0);
    items_leave(t, fund, division, first_claim, part);
    if (chunk.count > 0)
        jn_put(t, TABLE_WAITING_CHUNK, key, &chunk);
    else
        jn_delete(t, TABLE_WAITING_CHUNK, key);
    if (queue.count == 0) {
        jn_delete(t, TABLE_WAITING, JN_KEY(fund, division));
        return;
    }
    if (chunk.count == 0 && queue.head == first_claim) {
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

/* ---- Sweeps ---- */

/* Who is first for some money. */
struct line {
    uint32_t division;
    uint32_t item;  /* for what is earmarked for it; 0: the head, for all that its queue may have */
    uint64_t first; /* the settlement where he stands; 0: nobody, or he does not fit */
};

struct lines {
    Common__Fund fund;
    uint32_t city;
    size_t count;
    struct line *at;
};

static bool
note_line(void *context, const struct jn_key *key, const void *row)
{
    struct lines *lines = context;
    uint32_t division = (uint32_t)jn_key_number(key, 1);

    if (city_of(division) != lines->city)
        return false;
    lines->at[lines->count++] = (struct line){division, 0, ((const Ledger__Waiting *)row)->head};
    return true;
}

static bool
is_earmarked(struct jn_decision *d, struct account account)
{
    struct account city = account;

    city.division = city_of(account.division);
    return account_open(d, account) > 0 || (city.division != account.division && account_open(d, city) > 0);
}

/* One a queue, and one more for each item that waits in it and has money of its own. */
static void
lines_gather(struct jn_decision *d, struct lines *lines)
{
    bool earmarks = jn_counter(d->view, COUNTER_EARMARKS) > 0;
    size_t heads;

    lines->at = jn_take(d->view, (size_t)CITY_DIVISIONS * (earmarks ? ITEMS : 1) * sizeof(*lines->at));
    jn_scan(d->view, TABLE_WAITING, JN_KEY(lines->fund, lines->city), sizeof(uint64_t), CITY_DIVISIONS, note_line,
            lines);
    heads = lines->count;
    for (size_t i = 0; earmarks && i < heads; i++) {
        struct account account = {lines->fund, lines->at[i].division, year_now(d), 0};

        for (account.purpose = 1; account.purpose < ITEMS; account.purpose++) {
            uint64_t first = first_of_item(d->view, lines->fund, account.division, account.purpose);

            if (first && is_earmarked(d, account))
                lines->at[lines->count++] = (struct line){account.division, account.purpose, first};
        }
    }
}

static struct line *
first_settled(struct lines *lines)
{
    struct line *first = NULL;

    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->at[i];

        if (line->first && (!first || line->first < first->first))
            first = line;
    }
    return first;
}

/* What fits of those who are first, in the settlement where they stand; *fits: all of them. */
static void
gather_freed(struct jn_decision *d, const struct lines *lines, const struct line *line, const Ledger__Claims *claims,
             Ledger__Committed *event, size_t *places, bool *fits)
{
    struct purse purse = {.open = false};
    struct till till = {.purse = &purse};

    till_open(d, &till, lines->fund, line->division);
    *fits = true;
    for (size_t i = 0; i < claims_count(claims); i++) {
        struct claim claim = claim_at(claims, i);
        uint32_t item = (uint32_t)claim.item;

        if (!waits_for(&claim, lines->fund) || (line->item && line->item != item))
            continue;
        *fits = line->item ? till_take_earmarked(d, &till, item, claim_net(&claim), &claim.account)
                           : till_take_for(d, &till, &claim);
        if (!*fits)
            return;
        places[event->n_rows] = i;
        event->rows[event->n_rows++] = committed_row(d->view, &claim);
    }
}

/* Who left was first for other money, too: others are, now. One who did not fit is tried again only where another may
 * have come in his place: the head's money takes from any item's line, an item's from no head that did not fit. */
static void
lines_renew(const struct jn_view *view, struct lines *lines, const struct line *freed)
{
    const Ledger__Waiting *queue = waiting_get(view, lines->fund, freed->division);

    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->at[i];

        if (line->division != freed->division || line == freed)
            continue;
        if (line->item && (line->first || !freed->item))
            line->first = first_of_item(view, lines->fund, line->division, line->item);
        if (!line->item && line->first)
            line->first = queue ? queue->head : 0;
    }
}

static void
serve(struct sweep *sweep, struct lines *lines, struct line *line)
{
    struct jn_decision *d = sweep->d;
    const Ledger__Claims *claims = claims_of(d->view, line->first);
    const Ledger__Waiting *queue;
    size_t count = claims_count(claims), *places = jn_take(d->view, count * sizeof(*places));
    Ledger__Committed event = LEDGER__COMMITTED__INIT;
    bool fits;

    event.rows = jn_take(d->view, count * sizeof(*event.rows));
    gather_freed(d, lines, line, claims, &event, places, &fits);
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
        lines_renew(d->view, lines, line);
    }
    /* Who does not fit costs nothing of what may be freed; there is one a line at most. */
    sweep->chunks_left -= event.n_rows > 0;
    sweep->claims_left -= event.n_rows < sweep->claims_left ? event.n_rows : sweep->claims_left;
    queue = waiting_get(d->view, lines->fund, line->division);
    if (!queue)
        pool_unblocked(d, lines->fund, line->division);
    line->first = !fits        ? 0
                  : line->item ? first_of_item(d->view, lines->fund, line->division, line->item)
                  : queue      ? queue->head
                               : 0;
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

/* Who is served may be paid at once by what he owes, and money comes back by that to where another did not fit: all
 * are looked at again until nobody is served. */
void
sweep_fund(struct sweep *sweep, Common__Fund fund, uint32_t city)
{
    struct jn_decision *d = sweep->d;
    struct lines lines = {.fund = fund, .city = city};
    struct line *line;

    for (size_t before = SIZE_MAX; sweep->chunks_left < before;) {
        const Ledger__Books *books = jn_look(d->view, TABLE_BOOKS, JN_KEY(0));

        before = sweep->chunks_left;
        lines.count = 0;
        if (books && books->waiting->count > 0)
            lines_gather(d, &lines);
        while ((line = first_settled(&lines))) {
            if (sweep->chunks_left == 0 || sweep->claims_left == 0) {
                move(d, fund, city, true);
                return;
            }
            serve(sweep, &lines, line);
        }
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
