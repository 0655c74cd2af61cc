/* Bytes as they come over the wire, to a world: well-formed or not. */
#include "runtime/world_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A block that is taken in parts is offered again; what follows from one event is a block at most. */
#define OFFERS_MAX (2 * JN_BLOCK_RECORDS_MAX)

static bool
told_the_same(struct jn_world *world, enum jn_code code)
{
    struct jn_slice first = {malloc(world->told.length + 1), world->told.length};
    bool same;

    JN_ASSERT(first.bytes);
    if (first.length > 0)
        memcpy((uint8_t *)(uintptr_t)first.bytes, world->told.bytes, first.length);
    same = jn_world_run(world, NULL) == code && world->told.length == first.length &&
           memcmp(world->told.bytes, first.bytes, first.length) == 0;
    free((uint8_t *)(uintptr_t)first.bytes);
    return same;
}

enum jn_code
jn_world_send(struct jn_world *world, const struct jn_agency *who, const char *method, const void *body, size_t length,
              bool *again_same)
{
    enum jn_code code;

    world->sequence++;
    world->who = *who;
    world->body = (struct jn_slice){body, length};
    snprintf(world->method, sizeof(world->method), "%s", method);
    code = jn_world_run(world, NULL);
    if (again_same)
        *again_same = code != JN_OK || told_the_same(world, code);
    return code;
}

/* ---- Feeds ---- */

struct upstream_block {
    Runtime__FeedBlock block;
    struct jn_slice header;
    uint8_t salt[JN_SALT_BYTES];
};

static void
add_event(struct jn_world *world, struct upstream_block *out, const ProtobufCBinaryData *record, struct jn_hash *leaf)
{
    Runtime__FeedEvent *event = jn_arena_take(&world->arena, sizeof(*event));

    runtime__feed_event__init(event);
    event->index = (uint32_t)out->block.n_events;
    event->record = *record;
    event->salt = (ProtobufCBinaryData){JN_SALT_BYTES, out->salt};
    jn_hash_leaf(out->salt, record->data, record->len, leaf);
    out->block.events[out->block.n_events++] = event;
}

/* Such as its hashes are right, whatever the records say: an upstream can seal what it likes. */
static void
seal(struct jn_world *world, const struct jn_standing *standing, const ProtobufCBinaryData *records, size_t count,
     struct upstream_block *out)
{
    Envelope__BlockHeader header = ENVELOPE__BLOCK_HEADER__INIT;
    struct jn_hash *leaves = jn_arena_take(&world->arena, (count + 1) * sizeof(*leaves));
    struct jn_hash root, nothing = {{0}};
    uint8_t *bytes;

    runtime__feed_block__init(&out->block);
    out->block.events = jn_arena_take(&world->arena, (count + 1) * sizeof(*out->block.events));
    memset(out->salt, 5, sizeof(out->salt));
    for (size_t i = 0; i < count; i++)
        add_event(world, out, &records[i], &leaves[i]);
    jn_hash_root(leaves, count, &root);
    header.number = standing->block + 1;
    header.log = (ProtobufCBinaryData){JN_LOG_BYTES, (uint8_t *)(uintptr_t)standing->log};
    header.previous = (ProtobufCBinaryData){JN_HASH_BYTES, (uint8_t *)(uintptr_t)standing->hash.bytes};
    header.time_ms = world->fold->time_ms;
    header.events = (uint32_t)count;
    header.events_root = (ProtobufCBinaryData){JN_HASH_BYTES, root.bytes};
    header.private_hash = (ProtobufCBinaryData){JN_HASH_BYTES, nothing.bytes};
    out->block.header.len = envelope__block_header__get_packed_size(&header);
    bytes = jn_arena_take(&world->arena, out->block.header.len);
    envelope__block_header__pack(&header, bytes);
    out->block.header.data = bytes;
}

bool
jn_world_feed(struct jn_world *world, size_t upstream, const ProtobufCBinaryData *records, size_t count)
{
    struct jn_standing before = world->fold->upstreams[upstream];
    struct upstream_block sealed;
    char error[JN_ERROR_TEXT];
    unsigned offers = 0;

    jn_arena_reset(&world->arena);
    seal(world, &before, records, count, &sealed);
    while (world->fold->upstreams[upstream].block == before.block) {
        JN_ASSERT(offers++ < OFFERS_MAX);
        jn_world_begin(world);
        if (!jn_fold_feed(world->fold, (unsigned)upstream, &sealed.block, error)) {
            jn_fold_abandon(world->fold);
            world->open = false;
            return false;
        }
        jn_world_commit(world);
    }
    return true;
}

int64_t
jn_world_now(const struct jn_world *world)
{
    return world->fold->time_ms;
}
