/* Closing a block: header, private part, log, tables, in this order. */
#include "runtime/engine_parts.h"

#include <string.h>

#include "runtime/history.h"

void
jn_cursor_put(struct jn_tables *tables, const Envelope__Cursor *cursor)
{
    struct jn_key key = jn_key_bytes(cursor->upstream, strlen(cursor->upstream));

    jn_own_put(tables, TABLE_CURSOR, &key, cursor);
}

void
jn_mark_put(struct jn_fold *fold, const struct jn_log_head *head, uint64_t events)
{
    struct jn_key key = JN_KEY(0);
    Runtime__Mark mark = RUNTIME__MARK__INIT;

    mark.log = (ProtobufCBinaryData){JN_LOG_BYTES, (uint8_t *)(uintptr_t)head->log};
    mark.block = head->block;
    mark.hash = (ProtobufCBinaryData){JN_HASH_BYTES, (uint8_t *)(uintptr_t)head->hash.bytes};
    mark.version = fold->service->version;
    mark.own = TABLES_OWN_VERSION;
    mark.time_ms = head->time_ms;
    mark.events = events;
    mark.n_counters = JN_COUNTERS;
    mark.counters = fold->tables->counters;
    jn_own_put(fold->tables, TABLE_MARK, &key, &mark);
}

static struct jn_slice
pack_private(struct jn_fold *fold, size_t cursors_count, Envelope__Cursor *cursors)
{
    Envelope__BlockPrivate private = ENVELOPE__BLOCK_PRIVATE__INIT;
    Envelope__Cursor *pointers[JN_UPSTREAMS_MAX];
    ProtobufCBinaryData heads[JN_UPSTREAMS_MAX];

    for (size_t i = 0; i < cursors_count; i++)
        pointers[i] = &cursors[i];
    for (size_t i = 0; i < fold->service->upstreams_count; i++) {
        if (fold->heads[i].length > 0)
            heads[private.n_heads++] = (ProtobufCBinaryData){fold->heads[i].length, fold->heads[i].bytes};
    }
    private.heads = heads;
    private.n_answers = fold->answers_count;
    private.answers = fold->answers;
    private.n_cursors = cursors_count;
    private.cursors = pointers;
    return jn_message_pack(&fold->block, &private.base);
}

static size_t
current_cursors(struct jn_fold *fold, Envelope__Cursor *out)
{
    size_t count = 0;

    for (size_t i = 0; fold->cursors_moved && i < fold->service->upstreams_count; i++) {
        struct jn_standing *standing = &fold->upstreams[i];

        if (!standing->known)
            continue;
        envelope__cursor__init(&out[count]);
        out[count].upstream = (char *)(uintptr_t)fold->service->upstreams[i].name;
        out[count].log = (ProtobufCBinaryData){JN_LOG_BYTES, standing->log};
        out[count].block = standing->block;
        out[count].taken = standing->taken;
        out[count].hash = (ProtobufCBinaryData){JN_HASH_BYTES, standing->hash.bytes};
        count++;
    }
    return count;
}

static struct jn_hash
root_of(struct jn_fold *fold, uint64_t block, const ProtobufCBinaryData *records)
{
    struct jn_hash *leaves = jn_arena_take(&fold->block, (fold->records_count + 1) * sizeof(*leaves));
    struct jn_hash root;

    jn_hash_leaves(fold->log->head.secret, block, records, fold->records_count, leaves);
    jn_hash_root(leaves, fold->records_count, &root);
    return root;
}

static void
block_reset(struct jn_fold *fold)
{
    jn_answers_forget(fold);
    fold->records_count = fold->touched_count = 0;
    fold->block_bytes = 0;
    fold->time_moved = false;
    jn_arena_reset(&fold->block);
    jn_arena_reset(&fold->message);
}

static struct jn_slice
pack_header(struct jn_fold *fold, const ProtobufCBinaryData *records, const struct jn_slice *private)
{
    const struct jn_log_head *head = &fold->log->head;
    Envelope__BlockHeader header = ENVELOPE__BLOCK_HEADER__INIT;
    struct jn_hash root = root_of(fold, head->block + 1, records), private_hash;

    jn_sm3(private->bytes, private->length, &private_hash);
    header.number = head->block + 1;
    header.log = (ProtobufCBinaryData){JN_LOG_BYTES, (uint8_t *)(uintptr_t)head->log};
    header.previous = (ProtobufCBinaryData){JN_HASH_BYTES, (uint8_t *)(uintptr_t)head->hash.bytes};
    header.time_ms = fold->time_ms;
    header.events = (uint32_t)fold->records_count;
    header.events_root = (ProtobufCBinaryData){JN_HASH_BYTES, root.bytes};
    header.private_hash = (ProtobufCBinaryData){JN_HASH_BYTES, private_hash.bytes};
    return jn_message_pack(&fold->block, &header.base);
}

/* The block as it is stored; *after is the log's head once it is. */
static struct jn_slice
pack_block(struct jn_fold *fold, const struct jn_slice *private, struct jn_log_head *after)
{
    Envelope__Block block = ENVELOPE__BLOCK__INIT;
    ProtobufCBinaryData *records = jn_arena_take(&fold->block, (fold->records_count + 1) * sizeof(*records));
    struct jn_slice header;

    for (size_t i = 0; i < fold->records_count; i++)
        records[i] = (ProtobufCBinaryData){fold->records[i].length, (uint8_t *)(uintptr_t)fold->records[i].bytes};
    header = pack_header(fold, records, private);
    block.header = (ProtobufCBinaryData){header.length, (uint8_t *)(uintptr_t)header.bytes};
    block.n_records = fold->records_count;
    block.records = records;
    block.private_ = (ProtobufCBinaryData){private->length, (uint8_t *)(uintptr_t) private->bytes};
    *after = fold->log->head;
    after->block++;
    after->time_ms = fold->time_ms;
    jn_hash_header(header.bytes, header.length, &after->hash);
    return jn_message_pack(&fold->block, &block.base);
}

/* Everything that the tables will hold of the block is in them before the log has it: what they have no room for can
 * still be taken back. */
static struct jn_slice
prepare(struct jn_fold *fold, struct jn_log_head *after)
{
    Envelope__Cursor cursors[JN_UPSTREAMS_MAX];
    size_t cursors_count = current_cursors(fold, cursors);
    struct jn_slice private, bytes;

    jn_contents_make(fold);
    private = pack_private(fold, cursors_count, cursors);
    jn_release(fold->tables);
    jn_tables_write(fold->tables);
    jn_answers_put(fold);
    for (size_t i = 0; i < cursors_count; i++)
        jn_cursor_put(fold->tables, &cursors[i]);
    bytes = pack_block(fold, &private, after);
    jn_history_put(fold->tables, after->block, &fold->log->head.hash, &after->hash);
    jn_mark_put(fold, after, fold->events + fold->records_count);
    return bytes;
}

enum jn_committed
jn_fold_commit(struct jn_fold *fold, bool flush)
{
    enum jn_appended appended = JN_FULL;
    struct jn_log_head after;
    struct jn_slice block;

    if (fold->records_count == 0 && fold->answers_count == 0 && !fold->time_moved && !(flush && fold->cursors_moved)) {
        jn_tables_abort(fold->tables);
        block_reset(fold);
        return JN_NOTHING;
    }
    if (fold->service->check && !fold->tables->error)
        fold->service->check(jn_view_of(fold->tables));
    block = prepare(fold, &after);
    if (!fold->tables->error && !jn_tables_full(fold->tables) && jn_tables_room(fold->tables))
        appended =
            fold->log->append(fold->log, &fold->log->head.hash, block.bytes, block.length, &after.hash, fold->time_ms);
    if (appended != JN_APPENDED) {
        jn_fold_abandon(fold);
        return appended == JN_FULL ? JN_NO_ROOM : JN_BROKEN;
    }
    fold->events += fold->records_count;
    fold->cursors_moved = false;
    for (size_t i = 0; i < fold->service->upstreams_count; i++)
        fold->heads[i].length = 0;
    block_reset(fold);
    return jn_tables_commit(fold->tables) ? JN_COMMITTED : JN_BROKEN;
}

void
jn_fold_abandon(struct jn_fold *fold)
{
    jn_tables_abort(fold->tables);
    block_reset(fold);
    fold->time_ms = fold->began_ms;
    jn_cursors_load(fold);
}
