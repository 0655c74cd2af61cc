/* The tables and their savepoints. */
#include "runtime/tables.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/pages.h"

#define MAP_SHARE_PERCENT 80
/* A block adds at most JN_BLOCK_BYTES_MAX of rows, and the pages on the way to them. */
#define ROOM_LEAST ((off_t)16 << 20)
#define ROOM_STEP  ((off_t)16 << 20)

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
        [TABLE_LOG_HISTORY] = {"_history", &runtime__history_row__descriptor},
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

/* Others tell of the file as well: what a damaged head asks for may be more than there is memory. */
static bool
of_surroundings(int error)
{
    return error == EROFS || error == EACCES || error == EPERM || error == EMFILE || error == ENFILE ||
           error == ENOSPC || error == EDQUOT;
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
    jn_kept_open(&t->kept);
    if (!read_only && mkdir(dir, 0700) != 0 && errno != EEXIST) {
        snprintf(error, JN_ERROR_TEXT, "%s cannot be made: %s", dir, strerror(errno));
        jn_kept_close(&t->kept);
        free(t);
        return NULL;
    }
    JN_ASSERT(mdb_env_create(&t->env) == 0);
    mdb_env_set_maxdbs(t->env, TABLES_MAX);
    mdb_env_set_mapsize(t->env, ((size_t)map_gib << 30) / 8 * 9);
    /* Unsynced: what was acknowledged is in the log, and the mark "in use" tells when these cannot be trusted. */
    result = mdb_env_open(t->env, dir, MDB_NOTLS | (read_only ? MDB_RDONLY : MDB_NOSYNC), 0600);
    fault = result == 0 ? jn_pages_fault(t->env) : mdb_strerror(result);
    if (!fault)
        fault = open_databases(t, read_only);
    if (fault) {
        snprintf(error, JN_ERROR_TEXT, "the tables in %s cannot be opened: %s", dir, fault);
        mdb_env_close(t->env);
        jn_kept_close(&t->kept);
        free(t);
        errno = of_surroundings(result) ? result : 0;
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
    jn_kept_close(&t->kept);
    free(t->undo.bytes);
    free(t->scratch);
    free(t);
}

/* ---- Room ---- */

static size_t
usable_bytes(const struct jn_tables *t)
{
    MDB_envinfo info;

    return mdb_env_info(t->env, &info) == 0 ? info.me_mapsize / 9 * 8 : 0;
}

bool
jn_tables_nearly_full(const struct jn_tables *t)
{
    return jn_pages_used(t->env) > usable_bytes(t) / 100 * MAP_SHARE_PERCENT;
}

bool
jn_tables_full(const struct jn_tables *t)
{
    return jn_pages_used(t->env) > usable_bytes(t);
}

/* Where the file system cannot set room aside, the disk's reserve must do. */
bool
jn_tables_room(const struct jn_tables *t)
{
    off_t needed = (off_t)jn_pages_used(t->env) + ROOM_LEAST;
    struct stat st;
    int file;

    if (mdb_env_get_fd(t->env, &file) != 0 || fstat(file, &st) != 0)
        return false;
    if (needed <= st.st_size && needed <= (off_t)st.st_blocks * 512)
        return true;
    return fallocate(file, 0, 0, (needed / ROOM_STEP + 1) * ROOM_STEP) == 0 || fallocate(file, 0, 0, needed) == 0 ||
           errno == EOPNOTSUPP;
}

bool
jn_tables_grow(struct jn_tables *t)
{
    MDB_envinfo info;

    return mdb_env_info(t->env, &info) == 0 && mdb_env_set_mapsize(t->env, info.me_mapsize * 2) == 0;
}

/* ---- Damage ---- */

static bool
of_room(int error)
{
    return error == MDB_MAP_FULL || error == MDB_TXN_FULL || error == MDB_BAD_TXN || error == ENOMEM;
}

/* Whatever was read from them until now may be wrong: nothing more is answered. */
void
jn_tables_fault(struct jn_tables *t, int error)
{
    if (!t->error)
        t->error = error;
    if (!t->serving || of_room(error))
        return;
    fprintf(stderr, "jineng: the tables of %s are damaged (%s): they are made again from the log at the next start\n",
            t->service->name, mdb_strerror(error));
    abort();
}

/* ---- Transactions and savepoints ---- */

/* So much may be kept beyond a message, and so many rows beyond a block: what was changed in one is changed in the
 * next, as a rule, and is not looked for again. */
#define KEPT_BYTES_MAX   ((size_t)8 << 20)
#define KEPT_ROWS_MAX    ((size_t)100000)
#define KEPT_ROWS_BEYOND ((size_t)32768)

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

/* Somebody else writes them, then: what was read in one transaction is old in the next. */
static bool
read_only(const struct jn_tables *t)
{
    unsigned flags = 0;

    mdb_env_get_flags(t->env, &flags);
    return (flags & MDB_RDONLY) != 0;
}

void
jn_tables_begin(struct jn_tables *t)
{
    int result;

    JN_ASSERT(!t->txn);
    result = mdb_txn_begin(t->env, NULL, read_only(t) ? MDB_RDONLY : 0, &t->txn);
    if (result != 0) {
        fprintf(stderr, "jineng: the tables' transaction cannot be begun: %s\n", mdb_strerror(result));
        exit(1);
    }
    t->error = 0;
    t->undo.used = 0;
    t->undo.savepoint++;
    load_counters(t);
}

bool
jn_tables_commit(struct jn_tables *t)
{
    t->undo.used = 0;
    jn_tables_write(t);
    if (t->error)
        mdb_txn_abort(t->txn);
    else
        t->error = mdb_txn_commit(t->txn);
    t->txn = NULL;
    t->kept.ahead = t->kept.ahead && t->error != 0;
    if (t->kept.arena.used_bytes > KEPT_BYTES_MAX || t->kept.count > KEPT_ROWS_BEYOND || t->error)
        jn_kept_drop(&t->kept);
    return t->error == 0;
}

void
jn_tables_abort(struct jn_tables *t)
{
    mdb_txn_abort(t->txn);
    t->txn = NULL;
    t->undo.used = 0;
    if (t->kept.ahead || read_only(t))
        jn_kept_drop(&t->kept);
}

size_t
jn_savepoint(struct jn_tables *t)
{
    t->undo.savepoint++;
    return t->undo.used;
}

static void
drop_kept(struct jn_tables *t)
{
    jn_tables_write(t);
    jn_kept_drop(&t->kept);
    t->kept.ahead = true;
}

void
jn_release(struct jn_tables *t)
{
    t->undo.used = 0;
    t->undo.savepoint++;
    if (t->kept.arena.used_bytes > KEPT_BYTES_MAX || t->kept.count > KEPT_ROWS_MAX)
        drop_kept(t);
}

/* An entry: kind, table, key, old value, then its own head again, so that the list is read from its end. */
struct undo_head {
    uint32_t table;
    uint32_t key;
    uint32_t value; /* UINT32_MAX: there was none */
    uint32_t pad;
};

void
jn_undo_note(struct jn_tables *t, uint32_t table, const void *key, size_t key_length, const MDB_val *old)
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

static struct jn_kept_row *
find_kept(struct jn_tables *t, unsigned table, const MDB_val *bytes)
{
    struct jn_key key = jn_key_bytes(bytes->mv_data, bytes->mv_size);

    return jn_kept_find(&t->kept, table, &key);
}

/* LMDB forgets what it was told for a scan: what is kept of that row it hears again. */
static void
undo_one(struct jn_tables *t)
{
    struct jn_undo *undo = &t->undo;
    struct jn_kept_row *kept;
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
    if (head.table == UNDO_COUNTER) {
        uint64_t pair[2];

        memcpy(pair, key.mv_data, sizeof(pair));
        t->counters[pair[0]] = pair[1];
        return;
    }
    if (head.table == UNDO_KEPT) {
        struct jn_kept_before before;

        memcpy(&before, key.mv_data, sizeof(before));
        jn_kept_back(&t->kept, &before);
        return;
    }
    if (head.table == UNDO_BYTES) {
        uint64_t place;

        memcpy(&place, key.mv_data, sizeof(place));
        kept = &t->kept.rows[place];
        memcpy(kept->row, value.mv_data, value.mv_size);
        jn_kept_mark(&t->kept, kept, true);
        return;
    }
    if (t->error)
        return;
    result = head.value == UINT32_MAX ? mdb_del(t->txn, t->dbis[head.table], &key, NULL)
                                      : mdb_put(t->txn, t->dbis[head.table], &key, &value, 0);
    if (result != 0 && (result != MDB_NOTFOUND || head.table < TABLES_OWN))
        t->error = result;
    kept = head.table < TABLES_OWN ? NULL : find_kept(t, head.table, &key);
    if (kept)
        jn_kept_mark(&t->kept, kept, true);
}

void
jn_rollback(struct jn_tables *t, size_t savepoint)
{
    JN_ASSERT(savepoint <= t->undo.used);
    t->undo.savepoint++;
    while (t->undo.used > savepoint)
        undo_one(t);
}
