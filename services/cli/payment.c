/* A claim's payment is found in the log itself, no table is kept for it. The index is the batch: the ledger says in
 * which a claim went to the bank, batches are numbered without gaps in the order of the log, and what the bank answers
 * comes behind. So the instruction is found by halving the log, some two dozen questions in ten million blocks, and the
 * payment by reading on from there: the days that the bank took. */
#include "cli/payment.h"

#include <inttypes.h>
#include <string.h>

#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/runtime.pb-c.h"
#include "runtime/arena.h"
#include "runtime/feed.h"

#define ARENA_BYTES ((size_t)16 << 20)

struct search {
    struct jn_client *ledger;
    struct jn_arena arena;
    uint64_t head; /* the log's last block */
    uint64_t claim, batch;
    struct payment payment; /* block 0: not found yet */
};

static int
read_on(struct search *search, uint64_t after, uint32_t type, const Runtime__FeedBatch **out)
{
    Runtime__FeedRequest request = RUNTIME__FEED_REQUEST__INIT;
    struct jn_answer answer;
    int code;

    request.after = after;
    request.types = &type;
    request.n_types = 1;
    code = suite_ask(search->ledger, "Feed", &request, &answer);
    if (code != CLI_OK)
        return code;
    *out = answer.reply;
    search->head = (*out)->head;
    return CLI_OK;
}

static const Ledger__Event *
event_of(struct search *search, const Runtime__FeedEvent *sent)
{
    const Envelope__Record *record;

    jn_arena_reset(&search->arena);
    record = envelope__record__unpack(&search->arena.allocator, sent->record.len, sent->record.data);
    return record ? ledger__event__unpack(&search->arena.allocator, record->event.len, record->event.data) : NULL;
}

/* The first instruction behind the block, up to `last`: its block and batch; block 0 where there is none. */
static int
next_batch(struct search *search, uint64_t after, uint64_t last, uint64_t *block, uint64_t *batch)
{
    *block = *batch = 0;
    while (after < last) {
        const Runtime__FeedBatch *sent = NULL;
        int code = read_on(search, after, LEDGER__EVENT__BODY_INSTRUCTED, &sent);

        if (code != CLI_OK || sent->n_blocks == 0)
            return code;
        for (size_t i = 0; i < sent->n_blocks; i++) {
            const Ledger__Event *event =
                sent->blocks[i]->n_events ? event_of(search, sent->blocks[i]->events[0]) : NULL;

            if (event && event->body_case == LEDGER__EVENT__BODY_INSTRUCTED) {
                *block = after + i + 1;
                *batch = event->instructed->batch;
                return CLI_OK;
            }
        }
        after += sent->n_blocks;
    }
    return CLI_OK;
}

/* A block up to which every batch is an earlier one. */
static int
halve(struct search *search, uint64_t *before)
{
    uint64_t low = 0, high = search->head, block, batch;
    int code = CLI_OK;

    while (code == CLI_OK && high - low > JN_FEED_BLOCKS) {
        uint64_t middle = low + (high - low) / 2;

        code = next_batch(search, middle, high, &block, &batch);
        if (block != 0 && batch < search->batch)
            low = block > middle + 1 ? block - 1 : middle;
        else
            high = middle;
    }
    *before = low;
    return code;
}

static void
look_into(struct search *search, uint64_t block, const Runtime__FeedEvent *sent)
{
    const Ledger__Event *event = event_of(search, sent);

    if (!event || event->body_case != LEDGER__EVENT__BODY_PAID)
        return;
    for (size_t i = 0; i < event->paid->n_rows; i++) {
        if (event->paid->rows[i]->claim == search->claim)
            search->payment = (struct payment){block, sent->index};
    }
}

static int
scan(struct search *search, uint64_t after, uint64_t last)
{
    while (after < last && search->payment.block == 0) {
        const Runtime__FeedBatch *sent = NULL;
        int code = read_on(search, after, LEDGER__EVENT__BODY_PAID, &sent);

        if (code != CLI_OK || sent->n_blocks == 0)
            return code;
        for (size_t i = 0; i < sent->n_blocks && search->payment.block == 0; i++) {
            for (size_t e = 0; e < sent->blocks[i]->n_events; e++)
                look_into(search, after + i + 1, sent->blocks[i]->events[e]);
        }
        after += sent->n_blocks;
    }
    return CLI_OK;
}

/* In which batch it was paid; 0 where it was in none. */
static int
ask_claim(struct search *search)
{
    Ledger__ClaimRequest request = LEDGER__CLAIM_REQUEST__INIT;
    const Ledger__ClaimView *view;
    struct jn_answer answer;
    int code;

    request.claim = search->claim;
    code = suite_ask(search->ledger, "Claim", &request, &answer);
    if (code != CLI_OK)
        return code;
    view = answer.reply;
    search->batch = view->batch;
    search->head = answer.block;
    if (strcmp(view->state, "paid") == 0)
        return CLI_OK;
    suite_say("claim %" PRIu64 " is %s, not paid: there is no payment to prove%s%s", search->claim, view->state,
              *view->why ? "; " : "", view->why);
    return CLI_REFUSED;
}

int
payment_find(struct jn_client *ledger, uint64_t claim, struct payment *out)
{
    struct search search = {.ledger = ledger, .claim = claim};
    uint64_t before = 0;
    int code;

    jn_arena_open(&search.arena, ARENA_BYTES);
    code = ask_claim(&search);
    if (code == CLI_OK && search.batch != 0)
        code = halve(&search, &before);
    if (code == CLI_OK)
        code = scan(&search, before, search.head);
    /* Where it was paid in an earlier batch than the one it stands in now. */
    if (code == CLI_OK && search.payment.block == 0)
        code = scan(&search, 0, before);
    jn_arena_close(&search.arena);
    *out = search.payment;
    if (code == CLI_OK && out->block == 0) {
        suite_say("the payment of claim %" PRIu64 " is not among those that this key may read", claim);
        return CLI_REFUSED;
    }
    return code;
}
