/* Feeds, both ends. */
#include "runtime/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
set_add(struct jn_event_set *set, uint32_t type)
{
    if (type < JN_EVENT_TYPES)
        set->words[type / 64] |= UINT64_C(1) << type % 64;
}

bool
jn_event_set_has(const struct jn_event_set *set, uint32_t type)
{
    return type < JN_EVENT_TYPES && (set->words[type / 64] >> type % 64 & 1);
}

struct jn_event_set
jn_event_set_both(struct jn_event_set a, struct jn_event_set b)
{
    for (size_t i = 0; i < JN_EVENT_TYPES / 64; i++)
        a.words[i] &= b.words[i];
    return a;
}

struct jn_event_set
jn_feed_readable(const struct jn_service *service, const struct jn_agency *who)
{
    struct jn_event_set readable = {{0}};

    for (size_t i = 0; i < service->events_count && jn_in_scope_all(who); i++) {
        const struct jn_event *event = &service->events[i];

        if (jn_may(who, event->readers) || (jn_may(who, ROLE_AUDITOR) && !event->personal))
            set_add(&readable, event->type);
    }
    return readable;
}

bool
jn_feed_readable_any(const struct jn_service *service, const struct jn_agency *who)
{
    static const struct jn_event_set none;
    struct jn_event_set readable = jn_feed_readable(service, who);

    return memcmp(&readable, &none, sizeof(none)) != 0;
}

struct jn_event_set
jn_feed_wanted(const uint32_t *types, size_t count)
{
    struct jn_event_set wanted;

    memset(&wanted, count == 0 ? 0xff : 0, sizeof(wanted));
    for (size_t i = 0; i < count; i++)
        set_add(&wanted, types[i]);
    return wanted;
}

uint32_t
jn_feed_type(const ProtobufCBinaryData *record)
{
    const uint8_t *at = record->data, *end = record->len ? record->data + record->len : at;
    uint32_t tag = 0;

    /* Record: time_ms (field 1, varint, may be absent), event (field 2, bytes). */
    if (at < end && *at == 0x08) {
        at++;
        while (at < end && *at++ & 0x80)
            ;
    }
    if (at >= end || *at++ != 0x12)
        return 0;
    while (at < end && *at++ & 0x80)
        ;
    for (unsigned shift = 0; at < end && shift < 28; shift += 7) {
        tag |= (uint32_t)(*at & 0x7f) << shift;
        if (!(*at++ & 0x80))
            break;
    }
    return tag >> 3;
}

/* One stored block as the reader may see it. */
static Runtime__FeedBlock *
feed_block(struct jn_log *log, const Envelope__Block *stored, uint64_t number, const struct jn_event_set *readable,
           struct jn_arena *arena)
{
    Runtime__FeedBlock *out = jn_arena_take(arena, sizeof(*out));
    struct jn_hash of_block, *leaves;
    size_t hidden = 0;

    runtime__feed_block__init(out);
    out->header = stored->header;
    out->events = jn_arena_take(arena, (stored->n_records + 1) * sizeof(*out->events));
    jn_salt_of_block(log->head.secret, number, &of_block);
    for (size_t i = 0; i < stored->n_records; i++) {
        Runtime__FeedEvent *event;
        uint32_t type = jn_feed_type(&stored->records[i]);

        if (!jn_event_set_has(readable, type)) {
            hidden++;
            continue;
        }
        event = jn_arena_take(arena, sizeof(*event));
        runtime__feed_event__init(event);
        event->index = (uint32_t)i;
        event->record = stored->records[i];
        event->salt = (ProtobufCBinaryData){JN_SALT_BYTES, jn_arena_take(arena, JN_SALT_BYTES)};
        jn_salt(&of_block, (uint32_t)i, event->salt.data);
        out->events[out->n_events++] = event;
    }
    /* Nothing for this reader: the header alone continues the chain. */
    if (hidden == 0 || out->n_events == 0)
        return out;
    out->n_leaves = stored->n_records;
    out->leaves = jn_arena_take(arena, stored->n_records * sizeof(*out->leaves));
    leaves = jn_arena_take(arena, stored->n_records * sizeof(*leaves));
    jn_hash_leaves(log->head.secret, number, stored->records, stored->n_records, leaves);
    for (size_t i = 0; i < stored->n_records; i++)
        out->leaves[i] = (ProtobufCBinaryData){JN_HASH_BYTES, leaves[i].bytes};
    return out;
}

bool
jn_feed_answer(struct jn_log *log, const Runtime__FeedRequest *request, struct jn_event_set readable,
               struct jn_slice head, struct jn_arena *arena, struct jn_slice *out, char error[JN_ERROR_TEXT])
{
    Runtime__FeedBatch batch = RUNTIME__FEED_BATCH__INIT;
    Runtime__FeedBlock *blocks[JN_FEED_BLOCKS];
    uint64_t number = request->after;
    size_t bytes = 0;

    readable = jn_event_set_both(readable, jn_feed_wanted(request->types, request->n_types));
    if (request->log.len != 0 &&
        (request->log.len != JN_LOG_BYTES || memcmp(request->log.data, log->head.log, JN_LOG_BYTES))) {
        snprintf(
            error, JN_ERROR_TEXT,
            "this is another log than the one you followed; was the service restored? begin anew or ask its operator");
        return false;
    }
    if (request->after > log->head.block) {
        snprintf(error, JN_ERROR_TEXT,
                 "you have read further than this log goes; was the service restored? ask its operator");
        return false;
    }
    batch.log = (ProtobufCBinaryData){JN_LOG_BYTES, log->head.log};
    batch.head = log->head.block;
    batch.signed_head = (ProtobufCBinaryData){head.length, (uint8_t *)(uintptr_t)head.bytes};
    batch.blocks = blocks;
    while (batch.n_blocks < JN_FEED_BLOCKS && bytes < JN_FEED_BYTES && number < log->head.block) {
        const void *stored_bytes;
        size_t length;
        Envelope__Block *stored;

        number++;
        if (!log->read(log, number, &stored_bytes, &length))
            break;
        stored = envelope__block__unpack(&arena->allocator, length, stored_bytes);
        if (!stored)
            break;
        blocks[batch.n_blocks] = feed_block(log, stored, number, &readable, arena);
        bytes += runtime__feed_block__get_packed_size(blocks[batch.n_blocks++]);
    }
    log->end_read(log);
    if (batch.n_blocks == 0 && request->after < log->head.block) {
        snprintf(error, JN_ERROR_TEXT,
                 "block %llu of this log cannot be read any more; have its operator run jineng verify",
                 (unsigned long long)number);
        return false;
    }
    out->length = runtime__feed_batch__get_packed_size(&batch);
    out->bytes = jn_arena_take(arena, out->length);
    runtime__feed_batch__pack(&batch, (uint8_t *)(uintptr_t)out->bytes);
    return true;
}

/* ---- Reading ---- */

/* Each event once, in order, and one that the header's root speaks of: what lies beyond would be taken in unproven,
 * what comes twice would take effect twice. */
static const char *
events_fault(const Runtime__FeedBlock *block, size_t count)
{
    for (size_t i = 0; i < block->n_events; i++) {
        const Runtime__FeedEvent *event = block->events[i];

        if (event->index >= count || (i > 0 && event->index <= block->events[i - 1]->index))
            return "its events are not in order, or are more than its header says";
        if (event->salt.len != JN_SALT_BYTES)
            return "an event comes without its salt";
    }
    for (size_t i = 0; i < block->n_leaves; i++) {
        if (block->leaves[i].len != JN_HASH_BYTES)
            return "a leaf has not the length of a hash";
    }
    return NULL;
}

static const char *
root_fault(const Runtime__FeedBlock *block, const Envelope__BlockHeader *header)
{
    struct jn_hash *leaves, root;
    size_t count = header->events;
    const char *fault;

    if (block->n_events == 0)
        return NULL;
    if (count > JN_BLOCK_RECORDS_MAX || (block->n_leaves != 0 && block->n_leaves != count) ||
        (block->n_leaves == 0 && block->n_events != count))
        return "it leaves out events without their leaves";
    fault = events_fault(block, count);
    if (fault)
        return fault;
    leaves = calloc(count + 1, sizeof(*leaves));
    JN_ASSERT(leaves);
    for (size_t i = 0; i < block->n_leaves; i++)
        memcpy(leaves[i].bytes, block->leaves[i].data, JN_HASH_BYTES);
    for (size_t i = 0; i < block->n_events; i++) {
        const Runtime__FeedEvent *event = block->events[i];

        jn_hash_leaf(event->salt.data, event->record.data, event->record.len, &leaves[event->index]);
    }
    jn_hash_root(leaves, count, &root);
    free(leaves);
    if (header->events_root.len != JN_HASH_BYTES || memcmp(root.bytes, header->events_root.data, JN_HASH_BYTES) != 0)
        return "its events are not those that its header was made over";
    return NULL;
}

const char *
jn_feed_check(const Runtime__FeedBlock *block, struct jn_standing *standing)
{
    Envelope__BlockHeader *header = envelope__block_header__unpack(NULL, block->header.len, block->header.data);
    const char *fault = NULL;

    if (!header)
        return "its header cannot be read";
    if (header->log.len != JN_LOG_BYTES ||
        (standing->known && memcmp(header->log.data, standing->log, JN_LOG_BYTES) != 0))
        fault = "it belongs to another log";
    else if (header->number != standing->block + 1)
        fault = "its number is not the next";
    else if (header->previous.len != JN_HASH_BYTES ||
             memcmp(header->previous.data, standing->hash.bytes, JN_HASH_BYTES))
        fault = "it does not follow what was read before: the upstream's history was changed";
    else
        fault = root_fault(block, header);
    if (!fault) {
        memcpy(standing->log, header->log.data, JN_LOG_BYTES);
        standing->known = true;
        standing->block = header->number;
        jn_hash_header(block->header.data, block->header.len, &standing->hash);
    }
    envelope__block_header__free_unpacked(header, NULL);
    return fault;
}

typedef enum jn_code (*react_fn)(struct jn_decision *, const void *, const struct jn_source *);

static react_fn
reaction_to(const struct jn_service *service, const char *upstream, uint32_t type)
{
    for (size_t i = 0; i < service->reactions_count; i++) {
        if (service->reactions[i].type == type && strcmp(service->reactions[i].upstream, upstream) == 0)
            return (react_fn)service->reactions[i].react;
    }
    return NULL;
}

static bool
react_to(struct jn_fold *fold, unsigned upstream, const Runtime__FeedEvent *event, uint64_t block)
{
    const struct jn_upstream *from = &fold->service->upstreams[upstream];
    Envelope__Record *record =
        envelope__record__unpack(&fold->message.allocator, event->record.len, event->record.data);
    struct jn_source source = {from->name, block, event->index, record ? record->time_ms : 0};
    const ProtobufCFieldDescriptor *field;
    const void *unpacked, *message;
    react_fn react;
    uint32_t type = jn_feed_type(&event->record), holds;

    react = reaction_to(fold->service, from->name, type);
    field = protobuf_c_message_descriptor_get_field(from->event, type);
    if (!record)
        return !fold->message.spent; /* for want of memory nothing is skipped: it would be lost */
    if (!react || !field)
        return true; /* a type that this version does not know is skipped */
    unpacked = protobuf_c_message_unpack(from->event, &fold->message.allocator, record->event.len, record->event.data);
    if (!unpacked)
        return !fold->message.spent;
    /* The tag at its beginning named it; an Event that goes on with another arm holds that one. */
    memcpy(&holds, (const uint8_t *)unpacked + field->quantifier_offset, sizeof(holds));
    if (holds != type)
        return true;
    memcpy(&message, (const uint8_t *)unpacked + field->offset, sizeof(message));
    return jn_fold_react(fold, react, message, &source);
}

static void
take_partly(struct jn_standing *standing, const struct jn_standing *after, uint32_t taken)
{
    memcpy(standing->log, after->log, JN_LOG_BYTES);
    standing->known = true;
    standing->taken = taken;
}

bool
jn_fold_feed(struct jn_fold *fold, unsigned upstream, const Runtime__FeedBlock *block, char error[JN_ERROR_TEXT])
{
    struct jn_standing after = fold->upstreams[upstream];
    struct jn_standing before = after;
    const char *fault = jn_feed_check(block, &after);

    if (fault) {
        snprintf(error, JN_ERROR_TEXT, "block %llu of %s: %s", (unsigned long long)before.block + 1,
                 fold->service->upstreams[upstream].name, fault);
        return false;
    }
    for (size_t i = 0; i < block->n_events; i++) {
        const Runtime__FeedEvent *event = block->events[i];

        if (event->index < before.taken)
            continue;
        /* What follows from one event may be a lot: the block is left where it stands, and gone on with in the next. */
        if (!jn_fold_roomy(fold)) {
            take_partly(&fold->upstreams[upstream], &after, event->index);
            fold->cursors_moved = true;
            return true;
        }
        if (!react_to(fold, upstream, event, after.block)) {
            snprintf(error, JN_ERROR_TEXT, "block %llu of %s: no room for what follows from it",
                     (unsigned long long)after.block, fold->service->upstreams[upstream].name);
            return false;
        }
        jn_arena_reset(&fold->message);
    }
    after.taken = 0;
    fold->upstreams[upstream] = after;
    fold->cursors_moved = true;
    return true;
}
