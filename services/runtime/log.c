/* The log in LMDB: blocks under their number, and a meta table with the log's identity. */
#include "runtime/log.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <lmdb.h>

#include "runtime/code.h"

struct lmdb_log {
    struct jn_log log;
    MDB_env *env;
    MDB_dbi blocks, meta;
    MDB_txn *reading;
};

/* The form of what is kept here; another one is not opened. */
static const char FORMAT[] = "jineng log 1";

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
    if (mdb_txn_begin(log->env, NULL, 0, &txn) != 0)
        return JN_FAILED;
    result = mdb_put(txn, log->blocks, &key, &data, MDB_APPEND);
    if (result != 0) {
        mdb_txn_abort(txn);
        return result == MDB_KEYEXIST ? JN_STALE : result == MDB_MAP_FULL || result == ENOSPC ? JN_FULL : JN_FAILED;
    }
    if (mdb_txn_commit(txn) != 0)
        return JN_FAILED;
    base->head.block++;
    base->head.hash = *hash;
    base->head.time_ms = time_ms;
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

static bool
begin_life(struct lmdb_log *log, MDB_txn *txn, const char *service)
{
    struct jn_log_head *head = &log->log.head;

    if (getrandom(head->log, sizeof(head->log), 0) != sizeof(head->log) ||
        getrandom(head->secret, sizeof(head->secret), 0) != sizeof(head->secret))
        return false;
    return meta_put(log, txn, "format", FORMAT, sizeof(FORMAT)) &&
           meta_put(log, txn, "service", service, strlen(service)) &&
           meta_put(log, txn, "log", head->log, sizeof(head->log)) &&
           meta_put(log, txn, "secret", head->secret, sizeof(head->secret));
}

/* The last block's header gives the head. */
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
    return header != NULL;
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
    else if (memcmp(format, FORMAT, sizeof(format)) ||
             !meta_get(log, txn, "log", log->log.head.log, sizeof(log->log.head.log)) ||
             !meta_get(log, txn, "secret", log->log.head.secret, sizeof(log->log.head.secret)))
        fault = "its identity cannot be read; restore it from a backup";
    if (!fault && !find_head(log, txn))
        fault = "its last block cannot be read; restore it from a backup";
    if (fault) {
        mdb_txn_abort(txn);
        return fault;
    }
    return mdb_txn_commit(txn) == 0 ? NULL : "it cannot be written; is the disk full?";
}

struct jn_log *
jn_log_open(const char *dir, const char *service, uint32_t map_gib, unsigned flags, char error[JN_ERROR_TEXT])
{
    struct lmdb_log *log = calloc(1, sizeof(*log));
    unsigned mode = MDB_NOTLS | (flags & JN_LOG_READ_ONLY ? MDB_RDONLY : 0) | (flags & JN_LOG_UNSYNCED ? MDB_NOSYNC : 0);
    const char *fault;
    int result;

    JN_ASSERT(log);
    log->log.append = lmdb_append;
    log->log.read = lmdb_read;
    log->log.end_read = lmdb_end_read;
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
    fault = result == 0 ? open_tables(log, service, flags) : mdb_strerror(result);
    if (fault) {
        snprintf(error, JN_ERROR_TEXT, "the log in %s cannot be opened: %s", dir, fault);
        mdb_env_close(log->env);
        free(log);
        return NULL;
    }
    return &log->log;
}
