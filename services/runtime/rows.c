/* Rows: what folds read and apply writes. */
#include "runtime/pack.h"
#include "runtime/tables.h"

#include <stdlib.h>
#include <string.h>

#define VIEW(view) ((struct jn_tables *)(uintptr_t)(view))

static MDB_val
key_value(const struct jn_key *key)
{
    return (MDB_val){.mv_size = key->length, .mv_data = (void *)(uintptr_t)key->bytes};
}

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

static const uint8_t *
row_pack(struct jn_tables *t, const ProtobufCMessage *row, size_t *length)
{
    const uint8_t *bytes = jn_pack(row, t->scratch, t->scratch_size, length);

    if (bytes)
        return bytes;
    *length = protobuf_c_message_get_packed_size(row);
    if (*length > t->scratch_size) {
        t->scratch_size = *length * 2 > JN_PACK_ROOM ? *length * 2 : JN_PACK_ROOM;
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
    v.mv_data = (void *)(uintptr_t)row_pack(t, row, &v.mv_size);
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

void
jn_own_delete(struct jn_tables *t, unsigned table, const struct jn_key *key)
{
    table_delete(t, table, key);
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

/* A copy of one's own, as of a row that was just read: whoever changes it has not changed the table. */
static const void *
kept_copy(const struct jn_tables *t, const struct jn_kept_row *kept)
{
    return kept->row ? jn_row_copy(t->arena, kept->row) : NULL;
}

const void *
jn_get(const struct jn_view *view, unsigned table, struct jn_key key)
{
    struct jn_tables *t = VIEW(view);
    struct jn_kept_row *kept = jn_kept_find(&t->kept, table + TABLES_OWN, &key);

    return kept && !t->error ? kept_copy(t, kept) : table_get(t, table + TABLES_OWN, &key);
}

bool
jn_has(const struct jn_view *view, unsigned table, struct jn_key key)
{
    struct jn_tables *t = VIEW(view);
    MDB_val k = key_value(&key), v;
    struct jn_kept_row *kept;
    int result;

    JN_ASSERT(table + TABLES_OWN < t->count);
    if (t->error)
        return false;
    kept = jn_kept_find(&t->kept, table + TABLES_OWN, &key);
    if (kept)
        return kept->row != NULL;
    result = mdb_get(t->txn, t->dbis[table + TABLES_OWN], &k, &v);
    if (result == MDB_NOTFOUND && t->applying)
        jn_kept_read(&t->kept, table + TABLES_OWN, &key, NULL);
    if (result != 0 && result != MDB_NOTFOUND)
        jn_tables_fault(t, result);
    return result == 0;
}

/* As LMDB has it, from now on kept. NULL where that cannot be told. */
static struct jn_kept_row *
read_kept(struct jn_tables *t, unsigned table, const struct jn_key *key)
{
    MDB_val k = key_value(key), v;
    ProtobufCMessage *row;
    int result = mdb_get(t->txn, t->dbis[table], &k, &v);

    if (result == MDB_NOTFOUND)
        return jn_kept_read(&t->kept, table, key, NULL);
    if (result != 0) {
        jn_tables_fault(t, result);
        return NULL;
    }
    row = protobuf_c_message_unpack(t->rows[table], &t->kept.arena.rows, v.mv_size, v.mv_data);
    if (t->kept.arena.spent)
        t->arena->spent = true;
    if (!row && !t->kept.arena.spent) {
        jn_tables_fault(t, MDB_CORRUPTED);
        JN_ASSERT(false);
    }
    return row ? jn_kept_read(&t->kept, table, key, row) : NULL;
}

static struct jn_kept_row *
find_or_read(struct jn_tables *t, unsigned table, const struct jn_key *key)
{
    struct jn_kept_row *kept;

    JN_ASSERT(table < t->count);
    kept = t->error ? NULL : jn_kept_find(&t->kept, table, key);
    return kept || t->error ? kept : read_kept(t, table, key);
}

/* Beyond so much that was looked at, as by an audit of everything, each look is one of its own. */
#define LOOKED_AT_MAX 60000

const void *
jn_look(const struct jn_view *view, unsigned table, struct jn_key key)
{
    struct jn_tables *t = VIEW(view);
    const struct jn_kept_row *kept;

    if (t->kept.count > LOOKED_AT_MAX && !jn_kept_find(&t->kept, table + TABLES_OWN, &key))
        return table_get(t, table + TABLES_OWN, &key);
    kept = find_or_read(t, table + TABLES_OWN, &key);
    return kept ? kept->row : NULL;
}

static void
keep(struct jn_tables *t, unsigned table, const struct jn_key *key, const ProtobufCMessage *row)
{
    struct jn_kept_before before;

    JN_ASSERT(t->applying && table < t->count && (!row || row->descriptor == t->rows[table]));
    if (t->error)
        return;
    before = jn_kept_set(&t->kept, table, key, row);
    t->kept.rows[before.place].noted = t->undo.savepoint;
    jn_undo_note(t, UNDO_KEPT, &before, sizeof(before), NULL);
    if (t->kept.arena.spent)
        t->arena->spent = true;
}

/* Once a savepoint: what it was there lies in the undo list, byte for byte. What lies in several pieces gets a copy. */
static void
note_change(struct jn_tables *t, struct jn_kept_row *kept)
{
    const MDB_val old = {.mv_size = kept->bytes, .mv_data = kept->row};
    uint64_t place = (uint64_t)(kept - t->kept.rows);

    /* A scan may have written it since. */
    jn_kept_mark(&t->kept, kept, true);
    if (kept->noted == t->undo.savepoint)
        return;
    if (kept->bytes == 0) {
        struct jn_key key = kept->key;

        keep(t, kept->table, &key, kept->row);
        return;
    }
    jn_undo_note(t, UNDO_BYTES, &place, sizeof(place), &old);
    kept->noted = t->undo.savepoint;
}

void *
jn_change(struct jn_tables *t, unsigned table, struct jn_key key)
{
    struct jn_kept_row *kept = find_or_read(t, table + TABLES_OWN, &key);

    JN_ASSERT(t->applying);
    if (!kept || !kept->row)
        return NULL;
    note_change(t, kept);
    return kept->row;
}

void
jn_put(struct jn_tables *t, unsigned table, struct jn_key key, const void *row)
{
    JN_ASSERT(row);
    keep(t, table + TABLES_OWN, &key, row);
}

void
jn_delete(struct jn_tables *t, unsigned table, struct jn_key key)
{
    keep(t, table + TABLES_OWN, &key, NULL);
}

/* What it is told first of a table is what was put first. */
static void
write_kept(struct jn_tables *t, struct jn_kept_row *kept, bool undoable)
{
    MDB_val k = key_value(&kept->key), old, v;
    int result;

    if (undoable) {
        result = mdb_get(t->txn, t->dbis[kept->table], &k, &old);
        jn_undo_note(t, kept->table, kept->key.bytes, kept->key.length, result == 0 ? &old : NULL);
    }
    if (kept->row) {
        v.mv_data = (void *)(uintptr_t)row_pack(t, kept->row, &v.mv_size);
        result = mdb_put(t->txn, t->dbis[kept->table], &k, &v, 0);
    } else {
        result = mdb_del(t->txn, t->dbis[kept->table], &k, NULL);
    }
    if (result != 0 && (kept->row || result != MDB_NOTFOUND))
        jn_tables_fault(t, result);
    jn_kept_mark(&t->kept, kept, false);
}

/* What a scan will see; it may be taken back like any change. */
static void
write_table(struct jn_tables *t, unsigned table)
{
    struct jn_kept_row *kept;

    while (!t->error && (kept = jn_kept_take_dirty(&t->kept, table)))
        write_kept(t, kept, true);
}

void
jn_tables_write(struct jn_tables *t)
{
    struct jn_kept_row *kept;

    JN_ASSERT(t->undo.used == 0 || t->error);
    for (unsigned table = TABLES_OWN; table < t->count; table++) {
        while (!t->error && (kept = jn_kept_take_dirty(&t->kept, table)))
            write_kept(t, kept, false);
    }
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
    write_table(t, index);
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
