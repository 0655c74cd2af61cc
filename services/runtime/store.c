/* A service's folder. */
#include "runtime/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "runtime/files.h"
#include "runtime/store_mark.h"

#define NFS_MAGIC 0x6969
/* Blocks replayed in one transaction of the tables. */
#define REPLAY_BATCH 512
#define GROWTHS_MAX  4 /* each doubles the map */
#define LOCK_TRIES   20
#define LOCK_WAIT_US 50000

static bool
fail(char error[JN_ERROR_TEXT], const char *format, const char *what)
{
    snprintf(error, JN_ERROR_TEXT, format, what, strerror(errno));
    return false;
}

static void
path_in(char out[JN_PATH_MAX + 32], const char *dir, const char *name)
{
    snprintf(out, JN_PATH_MAX + 32, "%s/%s", dir, name);
}

static bool
lock_folder(struct jn_store *store, char error[JN_ERROR_TEXT])
{
    char path[JN_PATH_MAX + 32];
    struct statfs fs;
    bool locked = false;

    if (mkdir(store->dir, 0700) != 0 && errno != EEXIST)
        return fail(error, "%s cannot be made: %s", store->dir);
    if (statfs(store->dir, &fs) == 0 && fs.f_type == NFS_MAGIC) {
        snprintf(error, JN_ERROR_TEXT,
                 "%s lies on NFS, where neither locks nor syncs can be relied on; use a local disk", store->dir);
        return false;
    }
    path_in(path, store->dir, "lock");
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock < 0)
        return fail(error, "%s cannot be opened: %s", path);
    /* A predecessor may be on its way out, and who asks whether a service runs holds the lock for a moment. */
    for (unsigned tries = 0; tries < LOCK_TRIES; tries++) {
        locked = flock(store->lock, LOCK_EX | LOCK_NB) == 0;
        if (locked)
            break;
        usleep(LOCK_WAIT_US);
    }
    if (!locked) {
        snprintf(error, JN_ERROR_TEXT, "%s is in use by another process", store->dir);
        return false;
    }
    return true;
}

static void
remove_tables(const struct jn_store *store)
{
    char path[JN_PATH_MAX + 32];

    path_in(path, store->dir, "tables/data.mdb");
    unlink(path);
    path_in(path, store->dir, "tables/lock.mdb");
    unlink(path);
}

/* ---- Catching up ---- */

static struct jn_log_head
origin(const struct jn_log *log)
{
    struct jn_log_head head = {0};

    memcpy(head.log, log->head.log, sizeof(head.log));
    memcpy(head.secret, log->head.secret, sizeof(head.secret));
    return head;
}

/* Does the log have that block with that hash? */
static bool
log_has(struct jn_log *log, uint64_t number, const struct jn_hash *hash)
{
    const void *bytes;
    size_t length;
    struct jn_hash found = {{0}};
    Envelope__Block *block;

    if (number == 0)
        return memcmp(&found, hash, sizeof(found)) == 0;
    if (!log->read(log, number, &bytes, &length))
        return false;
    block = envelope__block__unpack(NULL, length, bytes);
    log->end_read(log);
    if (!block)
        return false;
    jn_hash_header(block->header.data, block->header.len, &found);
    envelope__block__free_unpacked(block, NULL);
    return memcmp(&found, hash, sizeof(found)) == 0;
}

static bool
not_empty(void *context, const char *table, const MDB_val *key, const MDB_val *value)
{
    (void)table;
    (void)key;
    (void)value;
    *(bool *)context = false;
    return false;
}

/* Where the tables stand in this log; false where they are no view of it. */
static bool
tables_fit(struct jn_store *store, const struct jn_service *service, struct jn_log_head *head, uint64_t *events)
{
    uint32_t version;
    bool marked, empty = true;

    *head = origin(store->log);
    *events = 0;
    jn_tables_begin(store->tables);
    marked = jn_tables_mark(store->tables, head, &version, events);
    jn_tables_dump(store->tables, not_empty, &empty);
    jn_tables_abort(store->tables);
    if (!marked)
        return empty; /* fresh */
    return version == service->version && memcmp(head->log, store->log->head.log, JN_LOG_BYTES) == 0 &&
           head->block <= store->log->head.block && log_has(store->log, head->block, &head->hash);
}

static bool
replay_batch(struct jn_fold *fold, struct jn_log *log, struct jn_log_head *head, uint64_t through,
             char error[JN_ERROR_TEXT])
{
    jn_tables_begin(fold->tables);
    for (unsigned i = 0; i < REPLAY_BATCH && head->block < through; i++) {
        const void *bytes;
        const char *fault;
        size_t length;

        fault = log->read(log, head->block + 1, &bytes, &length) ? jn_fold_replay(fold, bytes, length, head)
                                                                 : "it is missing";
        if (fault) {
            snprintf(error, JN_ERROR_TEXT, "block %llu of the log of %s: %s", (unsigned long long)head->block + 1,
                     fold->service->name, fault);
            log->end_read(log);
            jn_tables_abort(fold->tables);
            return false;
        }
    }
    log->end_read(log);
    return jn_tables_commit(fold->tables) || fail(error, "the tables of %s cannot be written: %s", fold->service->name);
}

/* What the log has, the tables must take: a map that is too small for it grows. */
static bool
replay_from(struct jn_fold *fold, struct jn_log *log, struct jn_log_head *head, uint64_t through,
            char error[JN_ERROR_TEXT])
{
    unsigned grown = 0;

    while (head->block < through) {
        struct jn_log_head before = *head;
        uint64_t events = fold->events;

        if (replay_batch(fold, log, head, through, error))
            continue;
        if (fold->tables->error != MDB_MAP_FULL || grown++ == GROWTHS_MAX || !jn_tables_grow(fold->tables))
            return false;
        *head = before;
        fold->events = events;
    }
    return true;
}

static bool
copy_checkpoint(const struct jn_store *store)
{
    char from[JN_PATH_MAX + 32], to[JN_PATH_MAX + 32], bytes[65536];
    int in, out;
    ssize_t got = 0;

    path_in(from, store->dir, "checkpoint/data.mdb");
    path_in(to, store->dir, "tables/data.mdb");
    in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return false;
    out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    while (out >= 0 && (got = read(in, bytes, sizeof(bytes))) > 0 && write(out, bytes, (size_t)got) == got)
        ;
    close(in);
    if (out >= 0)
        close(out);
    return out >= 0 && got == 0;
}

static bool
tables_open(struct jn_store *store, const struct jn_service *service, uint32_t map_gib, char error[JN_ERROR_TEXT])
{
    char path[JN_PATH_MAX + 32];

    path_in(path, store->dir, "tables");
    store->tables = jn_tables_open(path, service, map_gib, false, error);
    return store->tables != NULL;
}

static bool
tables_there(const struct jn_store *store)
{
    char path[JN_PATH_MAX + 32];

    path_in(path, store->dir, "tables/data.mdb");
    return access(path, F_OK) == 0;
}

/* Tables that fit the log: the ones that stand, else those of the checkpoint, else none. */
static bool
find_tables(struct jn_store *store, const struct jn_service *service, uint32_t map_gib, struct jn_log_head *head,
            uint64_t *events, char error[JN_ERROR_TEXT])
{
    static const char *const tries[] = {"as they stand", "from the checkpoint", "from nothing"};
    bool trusted = jn_tables_trusted(store);

    for (unsigned i = 0; i < 3; i++) {
        if (i == 0 && !trusted)
            continue;
        /* Before a byte of them is written, the mark says that they are in use; not even the beginnings of new ones are
         * to be believed before it says whose they are. */
        if (i == 0 && tables_there(store) ? !jn_mark_set(store, error) : !jn_mark_doubt(store, error))
            return false;
        if (i > 0) {
            fprintf(stderr, "jineng: %s: rebuilding the tables %s\n", service->name, tries[i]);
            remove_tables(store);
        }
        if (i == 1 && !copy_checkpoint(store))
            continue;
        if (!tables_open(store, service, map_gib, error)) {
            if (errno != 0)
                return false; /* good ones are not taken away because nothing can be opened here */
            continue;
        }
        store->tables->arena = NULL;
        store->fold = jn_fold_open(service, store->log, store->tables, false);
        if (tables_fit(store, service, head, events))
            return true;
        jn_fold_close(store->fold);
        jn_tables_close(store->tables);
        store->fold = NULL;
        store->tables = NULL;
    }
    snprintf(error, JN_ERROR_TEXT, "the tables in %s cannot be made", store->dir);
    return false;
}

/* The log's own folder is synced by it; the names above it are, before the key is made and anything acknowledged. */
static bool
sync_names(const struct jn_store *store, char error[JN_ERROR_TEXT])
{
    char above[JN_PATH_MAX + 32];

    path_in(above, store->dir, "..");
    return (jn_files_sync_dir(store->dir) && jn_files_sync_dir(above)) || fail(error, "%s cannot be synced: %s", above);
}

bool
jn_store_open(struct jn_store *store, const struct jn_service *service, const char *dir, uint32_t map_gib, bool driven,
              char error[JN_ERROR_TEXT])
{
    char path[JN_PATH_MAX + 32];

    memset(store, 0, sizeof(*store));
    store->lock = -1;
    snprintf(store->dir, sizeof(store->dir), "%s", dir);
    if (!lock_folder(store, error))
        return false;
    path_in(path, dir, "log");
    store->log = jn_log_open(path, service->name, map_gib, 0, error);
    return store->log && sync_names(store, error) && jn_store_attach(store, service, map_gib, driven, error);
}

/* Finds tables and replays what they lack. */
static bool
come_up(struct jn_store *store, const struct jn_service *service, uint32_t map_gib, uint8_t key[JN_PSEUDONYM_KEY_BYTES],
        char error[JN_ERROR_TEXT])
{
    struct jn_log_head head;
    uint64_t events;

    if (!find_tables(store, service, map_gib, &head, &events, error))
        return false;
    store->fold->events = events;
    store->fold->time_ms = head.time_ms;
    if (!jn_store_key_load(store->dir, store->log, key, error) || !jn_mark_set(store, error))
        return false;
    memcpy(store->fold->pseudonym_key, key, JN_PSEUDONYM_KEY_BYTES);
    store->replayed = store->log->head.block - head.block;
    return replay_from(store->fold, store->log, &head, store->log->head.block, error);
}

/* LMDB could not go on with them, and not for want of room: what it reads there makes no sense. */
static bool
tables_damaged(const struct jn_store *store)
{
    int fault = store->tables ? store->tables->error : 0;

    return fault != 0 && fault != MDB_MAP_FULL && fault != ENOMEM && fault != ENOSPC;
}

bool
jn_store_attach(struct jn_store *store, const struct jn_service *service, uint32_t map_gib, bool driven,
                char error[JN_ERROR_TEXT])
{
    uint8_t key[JN_PSEUDONYM_KEY_BYTES];
    bool up = come_up(store, service, map_gib, key, error);
    uint64_t events;

    if (!up && tables_damaged(store)) {
        jn_fold_close(store->fold);
        jn_tables_close(store->tables);
        store->fold = NULL;
        store->tables = NULL;
        up = jn_mark_doubt(store, error) && come_up(store, service, map_gib, key, error);
    }
    if (!up)
        return false;
    store->tables->serving = true;
    events = store->fold->events;
    jn_fold_close(store->fold);
    store->fold = jn_fold_open(service, store->log, store->tables, driven);
    store->fold->events = events;
    memcpy(store->fold->pseudonym_key, key, sizeof(key));
    return true;
}

void
jn_store_close(struct jn_store *store)
{
    char path[JN_PATH_MAX + 32];
    bool synced = store->tables && mdb_env_sync(store->tables->env, 1) == 0;

    if (store->fold)
        jn_fold_close(store->fold);
    if (store->tables)
        jn_tables_close(store->tables);
    if (store->log)
        store->log->close(store->log);
    path_in(path, store->dir, "in-use");
    if (synced && unlink(path) == 0)
        jn_files_sync_dir(store->dir);
    if (store->lock >= 0)
        close(store->lock);
}
