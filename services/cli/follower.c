/* Feeds are asked for in absolute terms, so a lost answer is simply asked for again. */
#include "cli/follower.h"

#include <inttypes.h>
#include <string.h>

static int
ask(struct follower *follower, uint64_t after, uint32_t wait_ms, const Runtime__FeedBatch **batch)
{
    Runtime__FeedRequest request = RUNTIME__FEED_REQUEST__INIT;
    struct jn_answer answer;
    int code;

    if (follower->standing.known)
        request.log = (ProtobufCBinaryData){JN_LOG_BYTES, follower->standing.log};
    request.after = after;
    request.types = (uint32_t *)(uintptr_t)follower->types;
    request.n_types = follower->types_count;
    request.wait_ms = wait_ms;
    code = suite_ask(follower->client, "Feed", &request, &answer);
    if (code == CLI_OK)
        *batch = answer.reply;
    return code;
}

/* The hash of a block that is not itself shown. */
static int
stand_on(struct follower *follower, const Runtime__FeedBlock *block)
{
    Envelope__BlockHeader *header = envelope__block_header__unpack(NULL, block->header.len, block->header.data);

    if (!header || header->log.len != JN_LOG_BYTES) {
        suite_say("the service's block cannot be read");
        if (header)
            envelope__block_header__free_unpacked(header, NULL);
        return CLI_REFUSED;
    }
    follower->standing.block = header->number;
    follower->standing.known = true;
    memcpy(follower->standing.log, header->log.data, JN_LOG_BYTES);
    jn_hash_header(block->header.data, block->header.len, &follower->standing.hash);
    envelope__block_header__free_unpacked(header, NULL);
    return CLI_OK;
}

int
follower_begin(struct follower *follower, uint64_t from)
{
    const Runtime__FeedBatch *batch = NULL;
    int code;

    if (from <= 1)
        return CLI_OK;
    code = ask(follower, from - 2, 0, &batch);
    if (code != CLI_OK)
        return code;
    follower->head = batch->head;
    if (batch->n_blocks > 0)
        return stand_on(follower, batch->blocks[0]);
    suite_say("there is no block %" PRIu64 ": the last is %" PRIu64, from, batch->head);
    return CLI_REFUSED;
}

/* False where the reader has had enough. */
static bool
show(struct follower *follower, const Runtime__FeedBlock *block)
{
    Envelope__BlockHeader *header = envelope__block_header__unpack(NULL, block->header.len, block->header.data);
    bool more = true;

    for (size_t i = 0; header && more && i < block->n_events; i++) {
        more = follower->each(follower->context, header, block->events[i]);
        follower->events++;
    }
    if (header)
        envelope__block_header__free_unpacked(header, NULL);
    return more;
}

int
follower_step(struct follower *follower)
{
    const Runtime__FeedBatch *batch = NULL;
    int code = ask(follower, follower->standing.block, follower->wait_ms, &batch);

    if (code != CLI_OK)
        return code;
    follower->head = batch->head;
    for (size_t i = 0; i < batch->n_blocks; i++) {
        const uint64_t number = follower->standing.block + 1;
        const char *fault = jn_feed_check(batch->blocks[i], &follower->standing);

        if (fault) {
            suite_say("block %" PRIu64 ": %s: keep this log and call the auditor", number, fault);
            return CLI_REFUSED;
        }
        if (!show(follower, batch->blocks[i]))
            return CLI_REFUSED;
    }
    return CLI_OK;
}
