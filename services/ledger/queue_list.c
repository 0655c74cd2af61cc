/* What is told of queues (待拨队列): who waits, in which place, and the appropriation that would free each. */
#include "ledger/books.h"

#define QUEUE_PAGE 200

struct before {
    uint64_t chunk;
    int64_t net_fen;
};

static bool
note_before(void *context, const struct jn_key *key, const void *row)
{
    struct before *before = context;

    if (jn_key_number(key, 2) >= before->chunk)
        return false;
    before->net_fen += ((const Ledger__WaitingChunk *)row)->net_fen;
    return true;
}

/* What the claims of the queue's chunks before this one need. */
static int64_t
net_before(const struct jn_view *view, Common__Fund fund, uint32_t division, uint64_t chunk)
{
    struct before before = {.chunk = chunk};

    jn_scan(view, TABLE_WAITING_CHUNK, JN_KEY(fund, division, 0), 2 * sizeof(uint64_t), SCOPE_SCAN_MAX, note_before,
            &before);
    return before.net_fen;
}

static int64_t
own_available(const struct jn_view *view, Common__Fund fund, uint32_t division)
{
    struct account own = {fund, division, account_year(view, fund, division), 0};
    const Ledger__Balances *balances = own.year ? account_get(view, own) : NULL;

    return balances ? balances->available_fen : 0;
}

/* The division's general account would have enough for all of them, in their order. */
static int64_t
frees(int64_t net_through_fen, int64_t own_fen)
{
    return net_through_fen > own_fen ? net_through_fen - own_fen : 0;
}

int64_t
queue_frees(struct jn_decision *d, const Ledger__Claims *claims, size_t place)
{
    struct claim wanted = claim_at(claims, place);
    int64_t net_fen = net_before(d->view, wanted.fund, claims->division, claims->first_claim);

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
    uint64_t after, head;
    int64_t net_fen, own_fen; /* net: of all so far */
    Ledger__QueueView *reply;
};

static void
list_entry(struct page *page, const struct claim *claim, uint64_t place)
{
    Ledger__QueueEntry *entry = jn_take(page->view, sizeof(*entry));

    ledger__queue_entry__init(entry);
    entry->claim = claim->number;
    entry->place = place;
    entry->net_fen = claim_net(claim);
    entry->frees_fen = frees(page->net_fen, page->own_fen);
    page->reply->entries[page->reply->n_entries++] = entry;
    page->reply->claims[page->reply->n_claims++] = claim->number;
}

static bool
list_chunk(void *context, const struct jn_key *key, const void *row)
{
    struct page *page = context;
    const Ledger__Claims *claims = claims_of(page->view, jn_key_number(key, 2));
    uint64_t place = ((const Ledger__WaitingChunk *)row)->first - page->head;

    for (size_t i = 0; i < claims_count(claims); i++) {
        struct claim claim = claim_at(claims, i);

        if (!waits_for(&claim, page->fund))
            continue;
        place++;
        page->net_fen += claim_net(&claim);
        if (claim.number <= page->after)
            continue;
        if (page->reply->n_claims == QUEUE_PAGE) {
            page->reply->more = true;
            return false;
        }
        list_entry(page, &claim, place);
    }
    return true;
}

enum jn_code
answer_queue(struct jn_decision *d, const Ledger__QueueRequest *request)
{
    Ledger__QueueView reply = LEDGER__QUEUE_VIEW__INIT;
    struct page page = {.view = d->view, .fund = request->fund, .after = request->after, .reply = &reply};
    const Ledger__Claims *from = claims_of(d->view, request->after);
    uint64_t first = from ? from->first_claim : request->after;
    const Ledger__Waiting *queue;

    if (!fund_valid(request->fund) || !division_valid(request->division))
        return jn_refuse(d, JN_MALFORMED, "name the fund and the division (six digits) of the queue");
    if (!jn_in_scope_division(d->who, request->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    queue = waiting_get(d->view, request->fund, request->division);
    reply.length = queue ? queue->next - queue->first : 0;
    reply.amount_fen = queue ? queue->amount_fen : 0;
    reply.claims = jn_take(d->view, QUEUE_PAGE * sizeof(*reply.claims));
    reply.entries = jn_take(d->view, QUEUE_PAGE * sizeof(*reply.entries));
    page.head = queue ? queue->first : 0;
    page.net_fen = net_before(d->view, request->fund, request->division, first);
    page.own_fen = own_available(d->view, request->fund, request->division);
    /* Each chunk holds a claim at least: a page and the one beyond it lie in so many. */
    jn_scan(d->view, TABLE_WAITING_CHUNK, JN_KEY(request->fund, request->division, first), 2 * sizeof(uint64_t),
            QUEUE_PAGE + 2, list_chunk, &page);
    jn_reply(d, &reply.base);
    return JN_OK;
}
