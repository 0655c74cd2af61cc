/* The tables and their savepoints. */
#include "runtime/tables.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

/* ---- Opening ---- */

static const char *
open_databases(struct jn_tables *t, bool read_only)
{
    MDB_txn *txn;

    if (mdb_txn_begin(t->env, NULL, read_only ? MDB_RDONLY : 0, &txn) != 0)
        return "no transaction can be begun; is the disk full?";
    for (size_t i = 0; i < t->count; i++) {
        if (mdb_dbi_open(txn, t->names[i], read_only ? 0 : MDB_CREATE, &t->dbis[i]) != 0) {
            mdb_txn_abort(txn);
            return "a table is missing; it is rebuilt from the log when the service starts";
        }
    }
    return mdb_txn_commit(txn) == 0 ? NULL : "they cannot be written; is the disk full?";
}

static void
name_tables(struct jn_tables *t, const struct jn_service *service)
{
    static const struct jn_table own[TABLES_OWN] = {
        [TABLE_MARK] = {"_mark", &runtime__mark__descriptor},
        [TABLE_CURSOR] = {"_cursor", &envelope__cursor__descriptor},
        [TABLE_SESSION] = {"_session", &runtime__session_row__descriptor},
        [TABLE_COMMAND] = {"_command", &runtime__command_row__descriptor},
        [TABLE_TIMER] = {"_timer", &runtime__timer_row__descriptor},
    };

    t->service = service;
    t->count = TABLES_OWN + service->tables_count;
    JN_ASSERT(t->count <= TABLES_MAX);
    for (size_t i = 0; i < t->count; i++) {
        const struct jn_table *table = i < TABLES_OWN ? &own[i] : &service->tables[i - TABLES_OWN];

        t->names[i] = table->name;
        t->rows[i] = table->row;
    }
}

struct jn_tables *
jn_tables_open(const char *dir, const struct jn_service *service, uint32_t map_gib, bool read_only,
               char error[JN_ERROR_TEXT])
{
    struct jn_tables *t = calloc(1, sizeof(*t));
    const char *fault;
    int result, dead;

    JN_ASSERT(t);
    name_tables(t, service);
    if (!read_only && mkdir(dir, 0700) != 0 && errno != EEXIST) {
        snprintf(error, JN_ERROR_TEXT, "%s cannot be made: %s", dir, strerror(errno));
        free(t);
        return NULL;
    }
    JN_ASSERT(mdb_env_create(&t->env) == 0);
    mdb_env_set_maxdbs(t->env, TABLES_MAX);
    mdb_env_set_mapsize(t->env, (size_t)map_gib << 30);
    /* Unsynced: what was acknowledged is in the log, and the mark "in use" tells when these cannot be trusted. */
    result = mdb_env_open(t->env, dir, MDB_NOTLS | (read_only ? MDB_RDONLY : MDB_NOSYNC), 0600);
    fault = result == 0 ? open_databases(t, read_only) : mdb_strerror(result);
    if (fault) {
        snprintf(error, JN_ERROR_TEXT, "the tables in %s cannot be opened: %s", dir, fault);
        mdb_env_close(t->env);
        free(t);
        return NULL;
    }
    mdb_reader_check(t->env, &dead);
    return t;
}

void
jn_tables_close(struct jn_tables *t)
{
    if (t->txn)
        jn_tables_abort(t);
    mdb_env_close(t->env);
    free(t->undo.bytes);
    free(t->scratch);
    free(t);
}

/* ---- Transactions and savepoints ---- */

static void
load_counters(struct jn_tables *t)
{
    struct jn_key key = JN_KEY(0);
    MDB_val k = key_value(&key), v;
    Runtime__Mark *mark;

    memset(t->counters, 0, sizeof(t->counters));
    if (mdb_get(t->txn, t->dbis[TABLE_MARK], &k, &v) != 0)
        return;
    mark = runtime__mark__unpack(NULL, v.mv_size, v.mv_data);
    if (!mark)
        return;
    for (size_t i = 0; i < mark->n_counters && i < JN_COUNTERS; i++)
        t->counters[i] = mark->counters[i];
    runtime__mark__free_unpacked(mark, NULL);
}

void
jn_tables_begin(struct jn_tables *t)
{
    unsigned flags = 0;
    int result;

    mdb_env_get_flags(t->env, &flags);
    JN_ASSERT(!t->txn);
    result = mdb_txn_begin(t->env, NULL, flags & MDB_RDONLY, &t->txn);
    if (result != 0) {
        fprintf(stderr, "jineng: the tables' transaction cannot be begun: %s\n", mdb_strerror(result));
        exit(1);
    }
    t->error = 0;
    t->undo.used = 0;
    load_counters(t);
}

bool
jn_tables_commit(struct jn_tables *t)
{
    int result = t->error ? t->error : mdb_txn_commit(t->txn);

    if (t->error)
        mdb_txn_abort(t->txn);
    t->txn = NULL;
    t->undo.used = 0;
    return result == 0;
}

void
jn_tables_abort(struct jn_tables *t)
{
    mdb_txn_abort(t->txn);
    t->txn = NULL;
    t->undo.used = 0;
}

size_t
jn_savepoint(const struct jn_tables *t)
{
    return t->undo.used;
}

void
jn_release(struct jn_tables *t)
{
    t->undo.used = 0;
}

/* An entry: kind, table, key, old value, then its own head again, so that the list is read from its end. */
struct undo_head {
    uint32_t table; /* TABLES_MAX: a counter, whose number is `key` */
    uint32_t key;
    uint32_t value; /* UINT32_MAX: there was none */
    uint32_t pad;
};

static void
undo_note(struct jn_tables *t, uint32_t table, const void *key, size_t key_length, const MDB_val *old)
{
    struct undo_head head = {table, (uint32_t)key_length, old ? (uint32_t)old->mv_size : UINT32_MAX, 0};
    size_t needed = key_length + (old ? old->mv_size : 0) + sizeof(head);
    struct jn_undo *undo = &t->undo;

    if (undo->used + needed > undo->size) {
        undo->size = (undo->used + needed) * 2;
        undo->bytes = realloc(undo->bytes, undo->size);
        JN_ASSERT(undo->bytes);
    }
    memcpy(undo->bytes + undo->used, key, key_length);
    undo->used += key_length;
    if (old && old->mv_size > 0) {
        memcpy(undo->bytes + undo->used, old->mv_data, old->mv_size);
        undo->used += old->mv_size;
    }
    memcpy(undo->bytes + undo->used, &head, sizeof(head));
    undo->used += sizeof(head);
}

static void
undo_one(struct jn_tables *t)
{
    struct jn_undo *undo = &t->undo;
    struct undo_head head;
    MDB_val key, value;
    int result;

    undo->used -= sizeof(head);
    memcpy(&head, undo->bytes + undo->used, sizeof(head));
    if (head.value != UINT32_MAX)
        undo->used -= head.value;
    value = (MDB_val){.mv_size = head.value, .mv_data = undo->bytes + undo->used};
    undo->used -= head.key;
    key = (MDB_val){.mv_size = head.key, .mv_data = undo->bytes + undo->used};
    if (head.table == TABLES_MAX) {
        uint64_t pair[2];

        memcpy(pair, key.mv_data, sizeof(pair));
        t->counters[pair[0]] = pair[1];
        return;
    }
    if (t->error)
        return;
    result = head.value == UINT32_MAX ? mdb_del(t->txn, t->dbis[head.table], &key, NULL)
                                      : mdb_put(t->txn, t->dbis[head.table], &key, &value, 0);
    if (result != 0)
        t->error = result;
}

void
jn_rollback(struct jn_tables *t, size_t savepoint)
{
    JN_ASSERT(savepoint <= t->undo.used);
    while (t->undo.used > savepoint)
        undo_one(t);
}

/* ---- Rows ---- */

static const void *
row_unpack(const struct jn_tables *t, unsigned table, const MDB_val *value)
{
    void *row = protobuf_c_message_unpack(t->rows[table], &t->arena->allocator, value->mv_size, value->mv_data);

    if (!row && (t->arena->spent || table < TABLES_OWN))
        return NULL; /* a mark that cannot be read is as good as none: the tables are rebuilt */
    JN_ASSERT(row);
    return row;
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
        VIEW(t)->error = result;
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
    undo_note(t, table, key->bytes, key->length, result == 0 ? &old : NULL);
    v.mv_data = row_pack(t, row, &v.mv_size);
    result = mdb_put(t->txn, t->dbis[table], &k, &v, 0);
    if (result != 0)
        t->error = result;
}

static void
table_delete(struct jn_tables *t, unsigned table, const struct jn_key *key)
{
    MDB_val k = key_value(key), old;
    int result;

    JN_ASSERT(table < t->count);
    if (t->error || mdb_get(t->txn, t->dbis[table], &k, &old) != 0)
        return;
    undo_note(t, table, key->bytes, key->length, &old);
    result = mdb_del(t->txn, t->dbis[table], &k, NULL);
    if (result != 0)
        t->error = result;
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

    JN_ASSERT(table + TABLES_OWN < t->count);
    return !t->error && mdb_get(t->txn, t->dbis[table + TABLES_OWN], &k, &v) == 0;
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
    if (t->error || mdb_cursor_open(t->txn, t->dbis[index], &cursor) != 0)
        return true;
    for (result = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE); result == 0;
         result = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) {
        struct jn_key key;
        const void *row;

        if (k.mv_size < prefix_bytes || k.mv_size > sizeof(key.bytes) || memcmp(k.mv_data, from.bytes, prefix_bytes) != 0)
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
    undo_note(t, TABLES_MAX, pair, sizeof(pair), NULL);
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

/* ---- Dumps ---- */

bool
jn_tables_dump(struct jn_tables *t, jn_dump_fn each, void *context)
{
    for (size_t i = 0; i < t->count; i++) {
        MDB_cursor *cursor;
        MDB_val k, v;
        int result;

        if (mdb_cursor_open(t->txn, t->dbis[i], &cursor) != 0)
            return false;
        while ((result = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) == 0 && each(context, t->names[i], &k, &v))
            ;
        mdb_cursor_close(cursor);
        if (result == 0)
            return false;
    }
    return true;
}

static bool
same(const MDB_val *a, const MDB_val *b)
{
    return a->mv_size == b->mv_size && memcmp(a->mv_data, b->mv_data, a->mv_size) == 0;
}

static bool
rows_differ(struct jn_tables *a, struct jn_tables *b, size_t i)
{
    MDB_stat x, y;

    return mdb_stat(a->txn, a->dbis[i], &x) != 0 || mdb_stat(b->txn, b->dbis[i], &y) != 0 || x.ms_entries != y.ms_entries;
}

static bool
table_differs(struct jn_tables *a, struct jn_tables *b, size_t i, char text[JN_ERROR_TEXT])
{
    MDB_cursor *x, *y;
    MDB_val kx, vx, ky, vy;
    uint64_t row = 0;
    int rx, ry;
    const char *what = NULL;

    JN_ASSERT(mdb_cursor_open(a->txn, a->dbis[i], &x) == 0 && mdb_cursor_open(b->txn, b->dbis[i], &y) == 0);
    for (;;) {
        rx = mdb_cursor_get(x, &kx, &vx, MDB_NEXT);
        ry = mdb_cursor_get(y, &ky, &vy, MDB_NEXT);
        row++;
        if (rx != 0 || ry != 0)
            break;
        if (!same(&kx, &ky)) {
            what = "key";
            break;
        }
        if (!same(&vx, &vy)) {
            what = "value";
            break;
        }
    }
    if (!what && rx == MDB_NOTFOUND && ry == MDB_NOTFOUND && rows_differ(a, b, i))
        what = "count of rows that is wrong";
    if (!what && rx != ry)
        what = rx == MDB_NOTFOUND ? "row that is missing" : ry == MDB_NOTFOUND ? "row too many" : "page that cannot be read";
    mdb_cursor_close(x);
    mdb_cursor_close(y);
    if (what)
        snprintf(text, JN_ERROR_TEXT, "table %s, row %llu: a %s", a->names[i], (unsigned long long)row, what);
    return what != NULL;
}

uint64_t
jn_tables_rows(const struct jn_tables *t)
{
    uint64_t rows = 0;

    for (size_t i = 0; i < t->count; i++) {
        MDB_stat stat;

        if (mdb_stat(t->txn, t->dbis[i], &stat) == 0)
            rows += stat.ms_entries;
    }
    return rows;
}

bool
jn_tables_differ(struct jn_tables *a, struct jn_tables *b, char text[JN_ERROR_TEXT])
{
    for (size_t i = 0; i < a->count; i++) {
        if (table_differs(a, b, i, text))
            return true;
    }
    return false;
}
