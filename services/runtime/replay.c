/* The log applied to the tables: chain checked, events, answers and cursors as they were. */
#include "runtime/engine_parts.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/history.h"

static const void *
unpack_event(struct jn_fold *fold, const ProtobufCBinaryData *bytes, uint32_t *type)
{
    const ProtobufCMessageDescriptor *descriptor = fold->service->event;
    const ProtobufCFieldDescriptor *field;
    const void *unpacked = protobuf_c_message_unpack(descriptor, &fold->message.allocator, bytes->len, bytes->data);
    const uint8_t *event = unpacked;
    const void *message;

    if (!event)
        return NULL;
    memcpy(type, event + descriptor->fields[0].quantifier_offset, sizeof(*type));
    field = protobuf_c_message_descriptor_get_field(descriptor, *type);
    if (!field || *type >= JN_EVENT_TYPES || !fold->event_of[*type])
        return NULL;
    memcpy(&message, event + field->offset, sizeof(message));
    return message;
}

static const char *
apply_record(struct jn_fold *fold, const ProtobufCBinaryData *bytes, uint64_t block, uint32_t index)
{
    Envelope__Record *record = envelope__record__unpack(&fold->message.allocator, bytes->len, bytes->data);
    struct jn_stamp stamp = {.block = block, .index = index};
    const void *message;
    uint32_t type;

    message = record ? unpack_event(fold, &record->event, &type) : NULL;
    if (!message)
        return "an event cannot be read by this version";
    stamp.time_ms = record->time_ms;
    jn_event_apply(fold, type, message, &stamp);
    jn_release(fold->tables);
    jn_arena_reset(&fold->message);
    return NULL;
}

static void
apply_answer(struct jn_fold *fold, const Envelope__Answer *answer, uint64_t block, uint32_t index)
{
    struct jn_key session = {.length = JN_KEY_BYTES + 16}, key;
    Runtime__SessionRow row = RUNTIME__SESSION_ROW__INIT;
    Runtime__CommandRow command = RUNTIME__COMMAND_ROW__INIT;
    const Runtime__SessionRow *old;

    if (answer->key.len != JN_KEY_BYTES || answer->session.len != 16)
        return;
    memcpy(session.bytes, answer->key.data, JN_KEY_BYTES);
    memcpy(session.bytes + JN_KEY_BYTES, answer->session.data, 16);
    old = jn_own_get(fold->tables, TABLE_SESSION, &session);
    row.number = old ? old->number : ++fold->tables->counters[JN_COUNTER_SESSIONS];
    row.last = old && old->last > answer->sequence ? old->last : answer->sequence;
    jn_own_put(fold->tables, TABLE_SESSION, &session, &row);
    command.sequence = answer->sequence;
    command.content = answer->content;
    command.block = block;
    command.answer = index;
    key = JN_KEY(row.number, answer->sequence % JN_WINDOW);
    jn_own_put(fold->tables, TABLE_COMMAND, &key, &command);
    jn_release(fold->tables);
}

void
jn_block_apply_again(struct jn_fold *fold)
{
    uint64_t block = fold->log->head.block + 1;

    jn_contents_make(fold);
    jn_arena_reset(&fold->message);
    for (size_t i = 0; i < fold->records_count; i++) {
        ProtobufCBinaryData bytes = {fold->records[i].length, (uint8_t *)(uintptr_t)fold->records[i].bytes};

        JN_ASSERT(!apply_record(fold, &bytes, block, (uint32_t)i));
    }
    for (size_t i = 0; i < fold->answers_count; i++)
        apply_answer(fold, fold->answers[i], block, (uint32_t)i);
}

static const char *
header_fault(const Envelope__BlockHeader *header, const Envelope__Block *block, const struct jn_log_head *head)
{
    struct jn_hash private_hash;

    if (header->number != head->block + 1)
        return "its number is not the next";
    if (header->log.len != JN_LOG_BYTES || memcmp(header->log.data, head->log, JN_LOG_BYTES) != 0)
        return "it belongs to another log";
    if (header->previous.len != JN_HASH_BYTES || memcmp(header->previous.data, head->hash.bytes, JN_HASH_BYTES) != 0)
        return "it does not follow the block before it";
    if (header->events != block->n_records || header->time_ms < head->time_ms)
        return "its header does not fit its contents";
    jn_sm3(block->private_.data, block->private_.len, &private_hash);
    if (header->private_hash.len != JN_HASH_BYTES ||
        memcmp(header->private_hash.data, private_hash.bytes, JN_HASH_BYTES) != 0)
        return "its private part was changed";
    return NULL;
}

static const char *
root_fault(const Envelope__BlockHeader *header, const Envelope__Block *block, const uint8_t secret[32])
{
    struct jn_hash *leaves = calloc(block->n_records + 1, sizeof(*leaves));
    struct jn_hash root;

    JN_ASSERT(leaves);
    jn_hash_leaves(secret, header->number, block->records, block->n_records, leaves);
    jn_hash_root(leaves, block->n_records, &root);
    free(leaves);
    if (header->events_root.len != JN_HASH_BYTES || memcmp(header->events_root.data, root.bytes, JN_HASH_BYTES) != 0)
        return "its events were changed";
    return NULL;
}

/* The hash over the private part is anybody's who owns the file; a name that is no key is none of ours. */
static const char *
cursors_fault(const Envelope__BlockPrivate *private)
{
    for (size_t i = 0; i < private->n_cursors; i++) {
        size_t length = strlen(private->cursors[i]->upstream);

        if (length == 0 || length > JN_TABLE_KEY_BYTES_MAX)
            return "its private part was changed";
    }
    return NULL;
}

static const char *
replay_contents(struct jn_fold *fold, const Envelope__Block *block, const Envelope__BlockHeader *header)
{
    Envelope__BlockPrivate *private = envelope__block_private__unpack(NULL, block->private_.len, block->private_.data);
    const char *fault = private ? cursors_fault(private) : "its private part cannot be read";

    for (size_t i = 0; !fault && i < block->n_records; i++)
        fault = apply_record(fold, &block->records[i], header->number, (uint32_t)i);
    for (size_t i = 0; !fault && i < private->n_answers; i++) {
        apply_answer(fold, private->answers[i], header->number, (uint32_t)i);
        jn_arena_reset(&fold->message);
    }
    for (size_t i = 0; !fault && i < private->n_cursors; i++)
        jn_cursor_put(fold->tables, private->cursors[i]);
    if (private)
        envelope__block_private__free_unpacked(private, NULL);
    jn_release(fold->tables);
    jn_tables_write(fold->tables);
    return fault ? fault : fold->tables->error ? mdb_strerror(fold->tables->error) : NULL;
}

const char *
jn_fold_replay(struct jn_fold *fold, const void *bytes, size_t length, struct jn_log_head *head)
{
    Envelope__Block *block = envelope__block__unpack(NULL, length, bytes);
    Envelope__BlockHeader *header =
        block ? envelope__block_header__unpack(NULL, block->header.len, block->header.data) : NULL;
    const char *fault = header ? header_fault(header, block, head) : "it cannot be read";

    if (!fault)
        fault = root_fault(header, block, head->secret);
    if (!fault)
        fault = replay_contents(fold, block, header);
    if (!fault) {
        const struct jn_hash previous = head->hash;

        head->block = header->number;
        head->time_ms = fold->time_ms = header->time_ms;
        jn_hash_header(block->header.data, block->header.len, &head->hash);
        jn_history_put(fold->tables, head->block, &previous, &head->hash);
        jn_arena_reset(&fold->message);
        fold->events += block->n_records;
        jn_mark_put(fold, head, fold->events);
        jn_release(fold->tables);
    }
    if (header)
        envelope__block_header__free_unpacked(header, NULL);
    if (block)
        envelope__block__free_unpacked(block, NULL);
    return fault;
}

bool
jn_tables_mark(struct jn_tables *tables, struct jn_log_head *out, uint32_t *version, uint64_t *events)
{
    struct jn_key key = JN_KEY(0);
    const Runtime__Mark *mark = jn_own_get(tables, TABLE_MARK, &key);

    if (!mark || mark->log.len != JN_LOG_BYTES || mark->hash.len != JN_HASH_BYTES)
        return false;
    memcpy(out->log, mark->log.data, JN_LOG_BYTES);
    memcpy(out->hash.bytes, mark->hash.data, JN_HASH_BYTES);
    out->block = mark->block;
    out->time_ms = mark->time_ms;
    /* No service has that one. */
    *version = mark->own == TABLES_OWN_VERSION ? mark->version : UINT32_MAX;
    *events = mark->events;
    return true;
}
