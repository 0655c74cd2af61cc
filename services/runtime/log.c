/* The log in LMDB: blocks under their number, and a meta table with the log's identity. */
#include "runtime/log_parts.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/code.h"
#include "runtime/files.h"
#include "runtime/pages.h"

/* The form of what is kept here; another one is not opened. */
static const char FORMAT[] = "jineng log 1";
#define MAP_SHARE_PERCENT 80
#define META_ROWS         5 /* format, service, log, secret, sum */

static MDB_val
value(const void *bytes, size_t length)
{
    return (MDB_val){.mv_size = length, .mv_data = (void *)(uintptr_t)bytes};
}

static enum jn_appended
lmdb_append(struct jn_log *base, const struct jn_hash *after, const void *block, size_t length,
            const struct jn_hash *hash, int64_t time_ms)
{
    struct lmdb_log *log = (struct lmdb_log *)base;
    uint64_t number = htobe64(base->head.block + 1);
    MDB_val key = value(&number, sizeof(number)), data = value(block, length);
    MDB_txn *txn;
    int result;

    base->end_read(base);
    if (memcmp(after, &base->head.hash, sizeof(*after)) != 0)
        return JN_STALE;
    if (!jn_log_room(log, length + JN_LOG_ROOM_TREES))
        return JN_FULL;
    if (mdb_txn_begin(log->env, NULL, 0, &txn) != 0)
        return JN_FAILED;
    result = mdb_put(txn, log->blocks, &key, &data, MDB_APPEND);
    if (result != 0) {
        mdb_txn_abort(txn);
        return result == MDB_KEYEXIST ? JN_STALE : result == MDB_MAP_FULL || result == ENOSPC ? JN_FULL : JN_FAILED;
    }
    result = mdb_txn_commit(txn);
    if (result != 0) /* a map that is full is found before anything is written */
        return result == MDB_MAP_FULL ? JN_FULL : JN_FAILED;
    base->head.block++;
    base->head.hash = *hash;
    base->head.time_ms = time_ms;
    jn_log_room(log, JN_LOG_ROOM_LEAST);
    return JN_APPENDED;
}

static bool
lmdb_read(struct jn_log *base, uint64_t number, const void **block, size_t *length)
{
    struct lmdb_log *log = (struct lmdb_log *)base;
    uint64_t wanted = htobe64(number);
    MDB_val key = value(&wanted, sizeof(wanted)), data;

    if (!log->reading && mdb_txn_begin(log->env, NULL, MDB_RDONLY, &log->reading) != 0) {
        log->reading = NULL;
        return false;
    }
    if (mdb_get(log->reading, log->blocks, &key, &data) != 0)
        return false;
    *block = data.mv_data;
    *length = data.mv_size;
    return true;
}

static void
lmdb_end_read(struct jn_log *base)
{
    struct lmdb_log *log = (struct lmdb_log *)base;

    if (log->reading)
        mdb_txn_abort(log->reading);
    log->reading = NULL;
}

static void
lmdb_close(struct jn_log *base)
{
    struct lmdb_log *log = (struct lmdb_log *)base;

    lmdb_end_read(base);
    mdb_env_close(log->env);
    if (log->file >= 0)
        close(log->file);
    free(log);
}

static bool
meta_get(struct lmdb_log *log, MDB_txn *txn, const char *name, void *out, size_t length)
{
    MDB_val key = value(name, strlen(name)), data;

    if (mdb_get(txn, log->meta, &key, &data) != 0 || data.mv_size != length)
        return false;
    memcpy(out, data.mv_data, length);
    return true;
}

static bool
meta_put(struct lmdb_log *log, MDB_txn *txn, const char *name, const void *bytes, size_t length)
{
    MDB_val key = value(name, strlen(name)), data = value(bytes, length);

    return mdb_put(txn, log->meta, &key, &data, 0) == 0;
}

/* Over what else nothing would tell of a change: the salts' secret matters only where there are events. */
static void
identity_sum(const struct jn_log_head *head, struct jn_hash *out)
{
    uint8_t bytes[sizeof(head->log) + sizeof(head->secret)];

    memcpy(bytes, head->log, sizeof(head->log));
    memcpy(bytes + sizeof(head->log), head->secret, sizeof(head->secret));
    jn_sm3(bytes, sizeof(bytes), out);
}

static bool
begin_life(struct lmdb_log *log, MDB_txn *txn, const char *service)
{
    struct jn_log_head *head = &log->log.head;
    struct jn_hash sum;

    if (getrandom(head->log, sizeof(head->log), 0) != sizeof(head->log) ||
        getrandom(head->secret, sizeof(head->secret), 0) != sizeof(head->secret))
        return false;
    identity_sum(head, &sum);
    return meta_put(log, txn, "format", FORMAT, sizeof(FORMAT)) && meta_put(log, txn, "sum", &sum, sizeof(sum)) &&
           meta_put(log, txn, "service", service, strlen(service)) &&
           meta_put(log, txn, "log", head->log, sizeof(head->log)) &&
           meta_put(log, txn, "secret", head->secret, sizeof(head->secret));
}

static bool
identity_holds(struct lmdb_log *log, MDB_txn *txn)
{
    struct jn_log_head *head = &log->log.head;
    struct jn_hash sum, kept;

    if (!meta_get(log, txn, "log", head->log, sizeof(head->log)) ||
        !meta_get(log, txn, "secret", head->secret, sizeof(head->secret)) ||
        !meta_get(log, txn, "sum", &kept, sizeof(kept)))
        return false;
    identity_sum(head, &sum);
    return memcmp(&sum, &kept, sizeof(sum)) == 0;
}

static void
lmdb_tidy(struct jn_log *base)
{
    int dead;

    mdb_reader_check(((struct lmdb_log *)base)->env, &dead);
}

static bool
lmdb_nearly_full(const struct jn_log *base)
{
    return jn_pages_over(((const struct lmdb_log *)base)->env, MAP_SHARE_PERCENT);
}

static size_t
rows_of(MDB_txn *txn, MDB_dbi dbi)
{
    MDB_stat stat;

    return mdb_stat(txn, dbi, &stat) == 0 ? stat.ms_entries : SIZE_MAX;
}

/* Blocks 1 to the head are all read by who verifies, one by one: here from the first to the last as they lie, that
 * nothing lies between or behind them. */
static bool
blocks_in_order(MDB_txn *txn, MDB_dbi blocks, uint64_t least)
{
    uint64_t count = 0, number;
    MDB_cursor *cursor;
    MDB_val key, data;
    bool in_order = true;
    int result;

    if (mdb_cursor_open(txn, blocks, &cursor) != 0)
        return false;
    result = mdb_cursor_get(cursor, &key, &data, MDB_FIRST);
    while (result == 0 && in_order) {
        in_order = key.mv_size == sizeof(number);
        memcpy(&number, key.mv_data, in_order ? sizeof(number) : 0);
        in_order = in_order && be64toh(number) == ++count;
        result = mdb_cursor_get(cursor, &key, &data, MDB_NEXT);
    }
    mdb_cursor_close(cursor);
    return in_order && result == MDB_NOTFOUND && count >= least && rows_of(txn, blocks) == count;
}

static const char *
lmdb_fault(struct jn_log *base)
{
    struct lmdb_log *log = (struct lmdb_log *)base;
    const char *fault = NULL;
    MDB_txn *txn;
    MDB_dbi names;

    if (mdb_txn_begin(log->env, NULL, MDB_RDONLY, &txn) != 0)
        return "it cannot be read";
    if (!blocks_in_order(txn, log->blocks, base->head.block))
        fault = "it has more or fewer blocks than their numbers say";
    else if (rows_of(txn, log->meta) != META_ROWS || mdb_dbi_open(txn, NULL, 0, &names) != 0 ||
             rows_of(txn, names) != 2)
        fault = "it holds something that is not the log's";
    mdb_txn_abort(txn);
    return fault;
}

static const char *
lmdb_copy(struct jn_log *base, const char *dir)
{
    int result = mdb_env_copy2(((struct lmdb_log *)base)->env, dir, 0);

    return result == 0 ? NULL : mdb_strerror(result);
}

/* The last block's header gives the head. Where there are not as many blocks as it says, some were lost with a page. */
static bool
find_head(struct lmdb_log *log, MDB_txn *txn)
{
    struct jn_log_head *head = &log->log.head;
    MDB_cursor *cursor;
    MDB_val key, data;
    Envelope__Block *block;
    Envelope__BlockHeader *header = NULL;
    int result;

    if (mdb_cursor_open(txn, log->blocks, &cursor) != 0)
        return false;
    result = mdb_cursor_get(cursor, &key, &data, MDB_LAST);
    mdb_cursor_close(cursor);
    if (result == MDB_NOTFOUND)
        return true;
    block = result == 0 ? envelope__block__unpack(NULL, data.mv_size, data.mv_data) : NULL;
    if (block)
        header = envelope__block_header__unpack(NULL, block->header.len, block->header.data);
    if (header) {
        head->block = header->number;
        head->time_ms = header->time_ms;
        jn_hash_header(block->header.data, block->header.len, &head->hash);
        envelope__block_header__free_unpacked(header, NULL);
    }
    if (block)
        envelope__block__free_unpacked(block, NULL);
    return header != NULL && rows_of(txn, log->blocks) == head->block;
}

static const char *
open_tables(struct lmdb_log *log, const char *service, unsigned flags)
{
    unsigned create = flags & JN_LOG_READ_ONLY ? 0 : MDB_CREATE;
    char format[sizeof(FORMAT)] = "";
    char name[64] = "";
    const char *fault = NULL;
    MDB_txn *txn;
    size_t length = strlen(service);

    if (mdb_txn_begin(log->env, NULL, flags & JN_LOG_READ_ONLY ? MDB_RDONLY : 0, &txn) != 0)
        return "no transaction can be begun; is the disk full or the folder read-only?";
    if (mdb_dbi_open(txn, "blocks", create, &log->blocks) != 0 || mdb_dbi_open(txn, "meta", create, &log->meta) != 0)
        fault = "it is not a log of this suite";
    else if (!meta_get(log, txn, "format", format, sizeof(format)))
        fault = create && begin_life(log, txn, service) ? NULL : "it is not a log that this version can read";
    else if (length >= sizeof(name) || !meta_get(log, txn, "service", name, length) || memcmp(name, service, length))
        fault = "it belongs to another service; check the data folder";
    else if (memcmp(format, FORMAT, sizeof(format)) || !identity_holds(log, txn))
        fault = "its identity cannot be read; restore it from a backup";
    if (!fault && !find_head(log, txn))
        fault = "its last block cannot be read; restore it from a backup";
    if (fault) {
        mdb_txn_abort(txn);
        return fault;
    }
    return mdb_txn_commit(txn) == 0 ? NULL : "it cannot be written; is the disk full?";
}

static struct jn_log *
open_there(const char *dir, const char *service, uint32_t map_gib, unsigned flags, char error[JN_ERROR_TEXT])
{
    struct lmdb_log *log = calloc(1, sizeof(*log));
    unsigned mode = MDB_NOTLS | (flags & JN_LOG_READ_ONLY ? MDB_RDONLY : 0) |
                    (flags & JN_LOG_UNSYNCED ? MDB_NOSYNC : 0) | (flags & JN_LOG_ALONE ? MDB_NOLOCK : 0);
    const char *fault;
    int result;

    JN_ASSERT(log);
    log->file = -1;
    log->log.append = lmdb_append;
    log->log.read = lmdb_read;
    log->log.end_read = lmdb_end_read;
    log->log.tidy = lmdb_tidy;
    log->log.nearly_full = lmdb_nearly_full;
    log->log.fault = lmdb_fault;
    log->log.copy = lmdb_copy;
    log->log.close = lmdb_close;
    if (!(flags & JN_LOG_READ_ONLY) && mkdir(dir, 0700) != 0 && errno != EEXIST) {
        snprintf(error, JN_ERROR_TEXT, "%s cannot be made: %s", dir, strerror(errno));
        free(log);
        return NULL;
    }
    JN_ASSERT(mdb_env_create(&log->env) == 0);
    mdb_env_set_maxdbs(log->env, 4);
    mdb_env_set_mapsize(log->env, (size_t)map_gib << 30);
    result = mdb_env_open(log->env, dir, mode, 0600);
    fault = result == 0 ? jn_pages_fault(log->env) : mdb_strerror(result);
    if (!fault)
        fault = open_tables(log, service, flags);
    if (fault) {
        snprintf(error, JN_ERROR_TEXT, "the log in %s cannot be opened: %s", dir, fault);
        mdb_env_close(log->env);
        free(log);
        return NULL;
    }
    lmdb_tidy(&log->log);
    if (!(flags & (JN_LOG_READ_ONLY | JN_LOG_UNSYNCED)))
        jn_log_open_room(log, dir);
    return &log->log;
}

/* Made beside its place and synced, then renamed into it: a power cut leaves a whole log or none. A folder that has
 * lost its log is not given a new one: the rename finds that it is not empty. */
static bool
make(const char *dir, const char *service, uint32_t map_gib, unsigned flags, char error[JN_ERROR_TEXT])
{
    char beside[JN_LOG_PATH];
    struct jn_log *log;
    bool synced;

    snprintf(beside, sizeof(beside), "%s.new", dir);
    jn_log_remove(beside);
    log = open_there(beside, service, map_gib, flags, error);
    if (!log)
        return false;
    log->close(log);
    synced = flags & JN_LOG_UNSYNCED || jn_files_sync_dir(beside);
    if (synced && rename(beside, dir) == 0)
        return true;
    snprintf(error, JN_ERROR_TEXT, "the log in %s cannot be opened: %s", dir,
             synced && errno == ENOTEMPTY ? "its data.mdb is gone; restore it from a backup" : strerror(errno));
    return false;
}

struct jn_log *
jn_log_open(const char *dir, const char *service, uint32_t map_gib, unsigned flags, char error[JN_ERROR_TEXT])
{
    char file[JN_LOG_PATH];
    struct stat st = {0};
    bool missing;

    snprintf(file, sizeof(file), "%s/data.mdb", dir);
    missing = stat(file, &st) != 0 && errno == ENOENT;
    if (missing && !(flags & JN_LOG_READ_ONLY) && !make(dir, service, map_gib, flags, error))
        return NULL;
    /* LMDB would begin anew in an empty file. */
    if (!missing && st.st_size == 0) {
        snprintf(error, JN_ERROR_TEXT,
                 "the log in %s cannot be opened: its data.mdb is empty; restore it from a backup", dir);
        return NULL;
    }
    return open_there(dir, service, map_gib, flags, error);
}
