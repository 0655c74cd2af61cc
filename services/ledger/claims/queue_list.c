/* What is told of queues (待拨队列): who waits, in which place, and the appropriation that would free each. */
#include "ledger/accounts/books.h"

#define QUEUE_PAGE 200

/* A division's queue has a row a settlement: more than a city of ten million has classes. */
#define QUEUE_SCAN_MAX 1000000

struct before {
    uint64_t chunk, count;
    int64_t net_fen;
};

static bool
note_before(void *context, const struct jn_key *key, const void *row)
{
    struct before *before = context;
    const Ledger__WaitingChunk *chunk = row;

    if (jn_key_number(key, 2) >= before->chunk)
        return false;
    before->count += chunk->count;
    before->net_fen += chunk->net_fen;
    return true;
}

/* What stands in the queue's chunks from one on and before another. */
static struct before
between(const struct jn_view *view, Common__Fund fund, uint32_t division, uint64_t from, uint64_t chunk)
{
    struct before before = {.chunk = chunk};

    jn_scan(view, TABLE_WAITING_CHUNK, JN_KEY(fund, division, from), 2 * sizeof(uint64_t), QUEUE_SCAN_MAX, note_before,
            &before);
    return before;
}

uint64_t
queue_place(const struct jn_view *view, const Ledger__Claims *claims, size_t place)
{
    Common__Fund fund = claim_at(claims, place).fund;
    uint64_t rank = between(view, fund, claims->division, 0, claims->first_claim).count;

    for (size_t i = 0; i <= place; i++) {
        struct claim claim = claim_at(claims, i);

        rank += waits_for(&claim, fund);
    }
    return rank;
}

/* ---- What frees them ---- */

/* The city's general money frees its counties' heads, too, where they were settled earlier. */
struct counties {
    const struct jn_view *view;
    Common__Fund fund;
    uint32_t city;
    uint64_t from, chunk;
    int64_t net_fen;
};

static bool
note_county(void *context, const struct jn_key *key, const void *row)
{
    struct counties *counties = context;
    uint32_t division = (uint32_t)jn_key_number(key, 1);

    (void)row;
    if (city_of(division) != counties->city)
        return false;
    if (division != counties->city)
        counties->net_fen += between(counties->view, counties->fund, division, counties->from, counties->chunk).net_fen;
    return true;
}

/* Of other queues, what was settled from one chunk on and before another and may take what the division has. */
static int64_t
net_of_others(const struct jn_view *view, Common__Fund fund, uint32_t division, uint64_t from, uint64_t chunk)
{
    struct counties counties = {view, fund, division, from, chunk, 0};

    if (division == city_of(division))
        jn_scan(view, TABLE_WAITING, JN_KEY(fund, division), sizeof(uint64_t), CITY_DIVISIONS, note_county, &counties);
    return counties.net_fen;
}

static int64_t
own_available(const struct jn_view *view, Common__Fund fund, uint32_t division)
{
    struct account own = {fund, division, account_year(view, fund, division), 0};
    const Ledger__Balances *balances = own.year ? account_get(view, own) : NULL;

    return balances ? balances->available_fen : 0;
}

/* The division's general account would have enough for all of them, in their order; what is earmarked for some of them
 * only makes it less. */
static int64_t
frees(int64_t net_through_fen, int64_t own_fen)
{
    return net_through_fen > own_fen ? net_through_fen - own_fen : 0;
}

int64_t
queue_frees(struct jn_decision *d, const Ledger__Claims *claims, size_t place)
{
    struct claim wanted = claim_at(claims, place);
    int64_t net_fen = between(d->view, wanted.fund, claims->division, 0, claims->first_claim).net_fen +
                      net_of_others(d->view, wanted.fund, claims->division, 0, claims->first_claim);

    for (size_t i = 0; i <= place; i++) {
        struct claim claim = claim_at(claims, i);

        if (waits_for(&claim, wanted.fund))
            net_fen += claim_net(&claim);
    }
    return frees(net_fen, own_available(d->view, wanted.fund, claims->division));
}

struct page {
    const struct jn_view *view;
    Common__Fund fund;
    uint32_t division;
    uint64_t after, chunk; /* chunk: of all before it others are counted */
    struct before so_far;  /* of the queue */
    int64_t others_fen, own_fen;
    Ledger__QueueView *reply;
};

static void
list_entry(struct page *page, const struct claim *claim)
{
    Ledger__QueueEntry *entry = jn_take(page->view, sizeof(*entry));

    ledger__queue_entry__init(entry);
    entry->claim = claim->number;
    entry->place = page->so_far.count;
    entry->net_fen = claim_net(claim);
    entry->frees_fen = frees(page->so_far.net_fen + page->others_fen, page->own_fen);
    page->reply->entries[page->reply->n_entries++] = entry;
    page->reply->claims[page->reply->n_claims++] = claim->number;
}

static bool
list_chunk(void *context, const struct jn_key *key, const void *row)
{
    struct page *page = context;
    uint64_t chunk = jn_key_number(key, 2);
    const Ledger__Claims *claims = claims_of(page->view, chunk);

    (void)row;
    page->others_fen += net_of_others(page->view, page->fund, page->division, page->chunk, chunk);
    page->chunk = chunk;
    for (size_t i = 0; i < claims_count(claims); i++) {
        struct claim claim = claim_at(claims, i);

        if (!waits_for(&claim, page->fund))
            continue;
        page->so_far.count++;
        page->so_far.net_fen += claim_net(&claim);
        if (claim.number <= page->after)
            continue;
        if (page->reply->n_claims == QUEUE_PAGE) {
            page->reply->more = true;
            return false;
        }
        list_entry(page, &claim);
    }
    return true;
}

enum jn_code
answer_queue(struct jn_decision *d, const Ledger__QueueRequest *request)
{
    Ledger__QueueView reply = LEDGER__QUEUE_VIEW__INIT;
    struct page page = {.view = d->view,
                        .fund = request->fund,
                        .division = request->division,
                        .after = request->after,
                        .reply = &reply};
    const Ledger__Claims *from = claims_of(d->view, request->after);
    uint64_t first = from ? from->first_claim : request->after;
    const Ledger__Waiting *queue;

    if (!fund_valid(request->fund) || !division_valid(request->division))
        return jn_refuse(d, JN_MALFORMED, "name the fund and the division (six digits) of the queue");
    if (!jn_in_scope_division(d->who, request->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    queue = waiting_get(d->view, request->fund, request->division);
    reply.length = queue ? queue->count : 0;
    reply.amount_fen = queue ? queue->amount_fen : 0;
    reply.claims = jn_take(d->view, QUEUE_PAGE * sizeof(*reply.claims));
    reply.entries = jn_take(d->view, QUEUE_PAGE * sizeof(*reply.entries));
    page.so_far = between(d->view, request->fund, request->division, 0, first);
    page.own_fen = own_available(d->view, request->fund, request->division);
    /* Each chunk holds a claim at least: a page and the one beyond it lie in so many. */
    jn_scan(d->view, TABLE_WAITING_CHUNK, JN_KEY(request->fund, request->division, first), 2 * sizeof(uint64_t),
            QUEUE_PAGE + 2, list_chunk, &page);
    jn_reply(d, &reply.base);
    return JN_OK;
}
