/* Keys, rows, counters and timers: what folds read and apply writes. */
#include "runtime/tables.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define VIEW(view) ((struct jn_tables *)(uintptr_t)(view))

/* ---- Keys ---- */

struct jn_key
jn_key_numbers(size_t count, const uint64_t *numbers)
{
    struct jn_key key = {.length = count * sizeof(uint64_t)};

    JN_ASSERT(key.length <= sizeof(key.bytes));
    for (size_t i = 0; i < count; i++) {
        uint64_t number = htobe64(numbers[i]);

        memcpy(key.bytes + i * sizeof(number), &number, sizeof(number));
    }
    return key;
}

struct jn_key
jn_key_bytes(const void *bytes, size_t length)
{
    struct jn_key key = {.length = length};

    JN_ASSERT(length >= 1 && length <= sizeof(key.bytes));
    memcpy(key.bytes, bytes, length);
    return key;
}

uint64_t
jn_key_number(const struct jn_key *key, size_t index)
{
    uint64_t number;

    JN_ASSERT((index + 1) * sizeof(number) <= key->length);
    memcpy(&number, key->bytes + index * sizeof(number), sizeof(number));
    return be64toh(number);
}

static MDB_val
key_value(const struct jn_key *key)
{
    return (MDB_val){.mv_size = key->length, .mv_data = (void *)(uintptr_t)key->bytes};
}

/* ---- Rows ---- */

static const void *
row_unpack(const struct jn_tables *t, unsigned table, const MDB_val *value)
{
    void *row = protobuf_c_message_unpack(t->rows[table], &t->arena->rows, value->mv_size, value->mv_data);

    if (row || t->arena->spent)
        return row;
    /* At a start, a mark that cannot be read is as good as none: the tables are rebuilt. */
    jn_tables_fault(VIEW(t), MDB_CORRUPTED);
    JN_ASSERT(table < TABLES_OWN);
    return NULL;
}

static const void *
table_get(const struct jn_tables *t, unsigned table, const struct jn_key *key)
{
    MDB_val k = key_value(key), v;
    int result;

    JN_ASSERT(table < t->count);
    if (t->error)
        return NULL;
    result = mdb_get(t->txn, t->dbis[table], &k, &v);
    if (result == MDB_NOTFOUND)
        return NULL;
    if (result != 0) {
        jn_tables_fault(VIEW(t), result);
        return NULL;
    }
    return row_unpack(t, table, &v);
}

static uint8_t *
row_pack(struct jn_tables *t, const ProtobufCMessage *row, size_t *length)
{
    *length = protobuf_c_message_get_packed_size(row);
    if (*length > t->scratch_size) {
        t->scratch_size = *length * 2;
        t->scratch = realloc(t->scratch, t->scratch_size);
        JN_ASSERT(t->scratch);
    }
    protobuf_c_message_pack(row, t->scratch);
    return t->scratch;
}

static void
table_put(struct jn_tables *t, unsigned table, const struct jn_key *key, const ProtobufCMessage *row)
{
    MDB_val k = key_value(key), old, v;
    int result;

    JN_ASSERT(table < t->count && row->descriptor == t->rows[table]);
    if (t->error)
        return;
    result = mdb_get(t->txn, t->dbis[table], &k, &old);
    jn_undo_note(t, table, key->bytes, key->length, result == 0 ? &old : NULL);
    v.mv_data = row_pack(t, row, &v.mv_size);
    result = mdb_put(t->txn, t->dbis[table], &k, &v, 0);
    if (result != 0)
        jn_tables_fault(t, result);
}

static void
table_delete(struct jn_tables *t, unsigned table, const struct jn_key *key)
{
    MDB_val k = key_value(key), old;
    int result;

    JN_ASSERT(table < t->count);
    if (t->error)
        return;
    result = mdb_get(t->txn, t->dbis[table], &k, &old);
    if (result == MDB_NOTFOUND)
        return;
    if (result == 0) {
        jn_undo_note(t, table, key->bytes, key->length, &old);
        result = mdb_del(t->txn, t->dbis[table], &k, NULL);
    }
    if (result != 0)
        jn_tables_fault(t, result);
}

const void *
jn_own_get(const struct jn_tables *t, unsigned table, const struct jn_key *key)
{
    return table_get(t, table, key);
}

void
jn_own_put(struct jn_tables *t, unsigned table, const struct jn_key *key, const void *row)
{
    table_put(t, table, key, row);
}

const void *
jn_get(const struct jn_view *view, unsigned table, struct jn_key key)
{
    return table_get(VIEW(view), table + TABLES_OWN, &key);
}

bool
jn_has(const struct jn_view *view, unsigned table, struct jn_key key)
{
    struct jn_tables *t = VIEW(view);
    MDB_val k = key_value(&key), v;
    int result;

    JN_ASSERT(table + TABLES_OWN < t->count);
    if (t->error)
        return false;
    result = mdb_get(t->txn, t->dbis[table + TABLES_OWN], &k, &v);
    if (result != 0 && result != MDB_NOTFOUND)
        jn_tables_fault(t, result);
    return result == 0;
}

void
jn_put(struct jn_tables *t, unsigned table, struct jn_key key, const void *row)
{
    JN_ASSERT(t->applying);
    table_put(t, table + TABLES_OWN, &key, row);
}

void
jn_delete(struct jn_tables *t, unsigned table, struct jn_key key)
{
    JN_ASSERT(t->applying);
    table_delete(t, table + TABLES_OWN, &key);
}

const struct jn_view *
jn_view_of(const struct jn_tables *t)
{
    return (const struct jn_view *)t;
}

const struct jn_stamp *
jn_stamp_of(const struct jn_tables *t)
{
    return &t->stamp;
}

void *
jn_take(const struct jn_view *view, size_t bytes)
{
    return jn_arena_take(VIEW(view)->arena, bytes);
}

bool
jn_scan(const struct jn_view *view, unsigned table, struct jn_key from, size_t prefix_bytes, size_t limit,
        jn_scan_fn each, void *context)
{
    struct jn_tables *t = VIEW(view);
    unsigned index = table + TABLES_OWN;
    MDB_val k = key_value(&from), v;
    MDB_cursor *cursor;
    bool ended = true;
    int result;

    JN_ASSERT(index < t->count && prefix_bytes <= from.length);
    if (t->error)
        return true;
    result = mdb_cursor_open(t->txn, t->dbis[index], &cursor);
    if (result != 0) {
        jn_tables_fault(t, result);
        return true;
    }
    for (result = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE); result == 0;
         result = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) {
        struct jn_key key;
        const void *row;

        if (k.mv_size < prefix_bytes || k.mv_size > sizeof(key.bytes) ||
            memcmp(k.mv_data, from.bytes, prefix_bytes) != 0)
            break;
        if (limit-- == 0) {
            ended = false;
            break;
        }
        key = jn_key_bytes(k.mv_data, k.mv_size);
        row = row_unpack(t, index, &v);
        if (!row || !each(context, &key, row))
            break;
    }
    mdb_cursor_close(cursor);
    if (result != 0 && result != MDB_NOTFOUND)
        jn_tables_fault(t, result);
    return ended;
}

struct first {
    struct jn_key *key;
    const void *row;
};

static bool
take_first(void *context, const struct jn_key *key, const void *row)
{
    struct first *first = context;

    *first->key = *key;
    first->row = row;
    return false;
}

const void *
jn_first(const struct jn_view *view, unsigned table, struct jn_key from, size_t prefix_bytes, struct jn_key *found)
{
    struct first first = {found, NULL};

    jn_scan(view, table, from, prefix_bytes, 1, take_first, &first);
    return first.row;
}

/* ---- Counters and timers ---- */

uint64_t
jn_counter(const struct jn_view *view, unsigned counter)
{
    JN_ASSERT(counter < JN_COUNTERS);
    return VIEW(view)->counters[counter];
}

void
jn_counter_set(struct jn_tables *t, unsigned counter, uint64_t value)
{
    uint64_t pair[2] = {counter, t->counters[counter]};

    JN_ASSERT(counter < JN_COUNTERS && t->applying);
    jn_undo_note(t, TABLES_MAX, pair, sizeof(pair), NULL);
    t->counters[counter] = value;
}

static struct jn_key
timer_key(int64_t due_ms, unsigned kind, uint64_t id)
{
    JN_ASSERT(due_ms >= 0);
    return JN_KEY((uint64_t)due_ms, kind, id);
}

void
jn_timer_set(struct jn_tables *t, int64_t due_ms, unsigned kind, uint64_t id)
{
    struct jn_key key = timer_key(due_ms, kind, id);
    Runtime__TimerRow row = RUNTIME__TIMER_ROW__INIT;

    JN_ASSERT(t->applying && kind < t->service->timers_count);
    row.set = true;
    table_put(t, TABLE_TIMER, &key, &row.base);
}

void
jn_timer_clear(struct jn_tables *t, int64_t due_ms, unsigned kind, uint64_t id)
{
    struct jn_key key = timer_key(due_ms, kind, id);

    JN_ASSERT(t->applying);
    table_delete(t, TABLE_TIMER, &key);
}

bool
jn_first_timer(const struct jn_tables *t, int64_t *due_ms, unsigned *kind, uint64_t *id)
{
    MDB_cursor *cursor;
    MDB_val k, v;
    bool found;

    if (t->error || mdb_cursor_open(t->txn, t->dbis[TABLE_TIMER], &cursor) != 0)
        return false;
    found = mdb_cursor_get(cursor, &k, &v, MDB_FIRST) == 0;
    if (found) {
        struct jn_key key = jn_key_bytes(k.mv_data, k.mv_size);

        *due_ms = (int64_t)jn_key_number(&key, 0);
        *kind = (unsigned)jn_key_number(&key, 1);
        *id = jn_key_number(&key, 2);
    }
    mdb_cursor_close(cursor);
    return found;
}
