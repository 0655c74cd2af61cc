/* A service's folder. */
#include "runtime/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define NFS_MAGIC 0x6969
/* Blocks replayed in one transaction of the tables. */
#define REPLAY_BATCH 512

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
sync_dir(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return done;
}

static bool
lock_folder(struct jn_store *store, char error[JN_ERROR_TEXT])
{
    char path[JN_PATH_MAX + 32];
    struct statfs fs;

    if (mkdir(store->dir, 0700) != 0 && errno != EEXIST)
        return fail(error, "%s cannot be made: %s", store->dir);
    if (statfs(store->dir, &fs) == 0 && fs.f_type == NFS_MAGIC) {
        snprintf(error, JN_ERROR_TEXT, "%s lies on NFS, where neither locks nor syncs can be relied on; use a local disk",
                 store->dir);
        return false;
    }
    path_in(path, store->dir, "lock");
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock < 0)
        return fail(error, "%s cannot be opened: %s", path);
    if (flock(store->lock, LOCK_EX | LOCK_NB) != 0) {
        snprintf(error, JN_ERROR_TEXT, "%s is in use by another process", store->dir);
        return false;
    }
    return true;
}

/* ---- The mark "in use since boot B, at device and inode" ---- */

static bool
mark_text(const struct jn_store *store, char out[160])
{
    char path[JN_PATH_MAX + 32], boot[64] = "";
    struct stat st;
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, boot, sizeof(boot) - 1) : -1;

    if (fd >= 0)
        close(fd);
    path_in(path, store->dir, "tables/data.mdb");
    if (got <= 0 || stat(path, &st) != 0)
        return false;
    boot[strcspn(boot, "\n")] = '\0';
    snprintf(out, 160, "boot %s device %llu inode %llu\n", boot, (unsigned long long)st.st_dev,
             (unsigned long long)st.st_ino);
    return true;
}

static bool
mark_set(const struct jn_store *store, char error[JN_ERROR_TEXT])
{
    char path[JN_PATH_MAX + 32], text[160];
    int fd;

    path_in(path, store->dir, "in-use");
    if (!mark_text(store, text))
        return fail(error, "the mark for %s cannot be made: %s", store->dir);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || fsync(fd) != 0) {
        if (fd >= 0)
            close(fd);
        return fail(error, "%s cannot be written: %s", path);
    }
    close(fd);
    return sync_dir(store->dir) || fail(error, "%s cannot be synced: %s", store->dir);
}

/* Tables that were in use when the machine went down, or that are a copy, may be half-written: LMDB opens them without complaint. */
static bool
tables_trusted(const struct jn_store *store)
{
    char path[JN_PATH_MAX + 32], now[160], then[160] = "";
    int fd;
    ssize_t got;

    path_in(path, store->dir, "in-use");
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT;
    got = read(fd, then, sizeof(then) - 1);
    close(fd);
    return got > 0 && mark_text(store, now) && strcmp(now, then) == 0;
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
replay_from(struct jn_fold *fold, struct jn_log *log, struct jn_log_head *head, uint64_t through, char error[JN_ERROR_TEXT])
{
    while (head->block < through) {
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
        if (!jn_tables_commit(fold->tables))
            return fail(error, "the tables of %s cannot be written: %s", fold->service->name);
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

/* Tables that fit the log: the ones that stand, else those of the checkpoint, else none. */
static bool
find_tables(struct jn_store *store, const struct jn_service *service, uint32_t map_gib, struct jn_log_head *head,
            uint64_t *events, char error[JN_ERROR_TEXT])
{
    static const char *const tries[] = {"as they stand", "from the checkpoint", "from nothing"};
    bool trusted = tables_trusted(store);

    for (unsigned i = 0; i < 3; i++) {
        if (i == 0 && !trusted)
            continue;
        if (i > 0) {
            fprintf(stderr, "jineng: %s: rebuilding the tables %s\n", service->name, tries[i]);
            remove_tables(store);
        }
        if (i == 1 && !copy_checkpoint(store))
            continue;
        if (!tables_open(store, service, map_gib, error))
            continue;
        store->tables->arena = NULL;
        store->fold = jn_fold_open(service, store->log, store->tables, false);
        if (tables_fit(store, service, head, events))
            return true;
        jn_fold_close(store->fold);
        jn_tables_close(store->tables);
    }
    snprintf(error, JN_ERROR_TEXT, "the tables in %s cannot be made", store->dir);
    return false;
}

static bool
load_pseudonym_key(struct jn_store *store, char error[JN_ERROR_TEXT])
{
    char path[JN_PATH_MAX + 32];
    uint8_t *key = store->fold->pseudonym_key;
    int fd;
    bool done;

    path_in(path, store->dir, "pseudonym.key");
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        done = read(fd, key, 32) == 32;
        close(fd);
        return done || fail(error, "%s is cut short; restore it from a backup%.0s", path);
    }
    if (store->log->head.block > 0)
        return fail(error, "%s is missing; restore it from a backup: pseudonyms hang on it (%s)", path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    done = fd >= 0 && getrandom(key, 32, 0) == 32 && write(fd, key, 32) == 32 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return (done && sync_dir(store->dir)) || fail(error, "%s cannot be written: %s", path);
}

bool
jn_store_open(struct jn_store *store, const struct jn_service *service, const char *dir, uint32_t map_gib, bool driven,
              char error[JN_ERROR_TEXT])
{
    char path[JN_PATH_MAX + 32];
    struct jn_log_head head;
    uint64_t events;

    memset(store, 0, sizeof(*store));
    store->lock = -1;
    snprintf(store->dir, sizeof(store->dir), "%s", dir);
    if (!lock_folder(store, error))
        return false;
    path_in(path, dir, "log");
    store->log = jn_log_open(path, service->name, map_gib, 0, error);
    if (!store->log || !find_tables(store, service, map_gib, &head, &events, error))
        return false;
    store->fold->events = events;
    store->fold->time_ms = head.time_ms;
    if (!load_pseudonym_key(store, error) || !mark_set(store, error))
        return false;
    store->replayed = store->log->head.block - head.block;
    if (!replay_from(store->fold, store->log, &head, store->log->head.block, error))
        return false;
    events = store->fold->events;
    memcpy(path, store->fold->pseudonym_key, 32);
    jn_fold_close(store->fold);
    store->fold = jn_fold_open(service, store->log, store->tables, driven);
    store->fold->events = events;
    memcpy(store->fold->pseudonym_key, path, 32);
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
        sync_dir(store->dir);
    if (store->lock >= 0)
        close(store->lock);
}

bool
jn_store_checkpoint(struct jn_store *store, char error[JN_ERROR_TEXT])
{
    char made[JN_PATH_MAX + 32], file[JN_PATH_MAX + 64], place[JN_PATH_MAX + 32], target[JN_PATH_MAX + 64];
    int fd, result;
    bool synced;

    path_in(made, store->dir, "checkpoint.new");
    path_in(place, store->dir, "checkpoint");
    snprintf(file, sizeof(file), "%s/data.mdb", made);
    snprintf(target, sizeof(target), "%s/data.mdb", place);
    mkdir(made, 0700);
    mkdir(place, 0700);
    unlink(file);
    result = mdb_env_copy2(store->tables->env, made, 0);
    if (result != 0) {
        snprintf(error, JN_ERROR_TEXT, "the checkpoint cannot be written: %s", mdb_strerror(result));
        return false;
    }
    fd = open(file, O_RDWR | O_CLOEXEC);
    synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return (synced && rename(file, target) == 0 && sync_dir(place)) || fail(error, "%s cannot be put in place: %s", target);
}

/* ---- Verifying ---- */

struct verifier {
    jn_finding_fn each;
    void *context;
    size_t findings;
};

static void
found(struct verifier *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
found(struct verifier *v, const char *format, ...)
{
    char sentence[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(sentence, sizeof(sentence), format, arguments);
    va_end(arguments);
    v->findings++;
    v->each(v->context, sentence);
}

void
jn_finding(struct jn_audit *audit, const char *format, ...)
{
    size_t length = audit->text ? strlen(audit->text) : 0;
    char sentence[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(sentence, sizeof(sentence), format, arguments);
    va_end(arguments);
    audit->findings++;
    if (length > 100000)
        return;
    audit->text = realloc(audit->text, length + strlen(sentence) + 2);
    JN_ASSERT(audit->text);
    snprintf(audit->text + length, strlen(sentence) + 2, "%s\n", sentence);
}

static void
run_audit(struct verifier *v, const struct jn_service *service, struct jn_tables *tables)
{
    struct jn_audit audit = {.view = jn_view_of(tables)};
    char *line, *rest;

    if (!service->audit)
        return;
    service->audit(&audit);
    rest = audit.text;
    while (rest && (line = strsep(&rest, "\n")) && *line)
        found(v, "%s: %s", service->name, line);
    free(audit.text);
}

static void
verify_rebuilt(struct verifier *v, const struct jn_service *service, struct jn_store *store, struct jn_tables *scratch)
{
    struct jn_fold *fold = jn_fold_open(service, store->log, scratch, false);
    struct jn_log_head head = origin(store->log), stands = origin(store->log);
    char error[JN_ERROR_TEXT] = "";
    uint64_t events = 0, through;
    uint32_t version = service->version;
    struct jn_arena arena;
    bool marked;

    jn_arena_open(&arena, (size_t)256 << 20);
    store->tables->arena = &arena;
    jn_tables_begin(store->tables);
    marked = jn_tables_mark(store->tables, &stands, &version, &events);
    if (marked && (version != service->version || memcmp(stands.log, store->log->head.log, JN_LOG_BYTES) != 0))
        found(v, "%s: the tables are no view of this log, or of another version", service->name);
    through = marked && stands.block <= store->log->head.block ? stands.block : store->log->head.block;
    if (marked && stands.block > store->log->head.block)
        found(v, "%s: the tables are ahead of the log", service->name);
    if (!replay_from(fold, store->log, &head, through, error)) {
        found(v, "%s: %s", service->name, error);
    } else {
        jn_tables_begin(scratch);
        scratch->arena = &arena;
        if (jn_tables_differ(store->tables, scratch, error))
            found(v, "%s: the tables differ from what the log says: %s", service->name, error);
        run_audit(v, service, scratch);
        jn_tables_abort(scratch);
        /* What was written to the log since the tables' snapshot was taken is checked as well. */
        if (!replay_from(fold, store->log, &head, store->log->head.block, error))
            found(v, "%s: %s", service->name, error);
    }
    jn_tables_abort(store->tables);
    jn_arena_close(&arena);
    jn_fold_close(fold);
}

size_t
jn_store_verify(const struct jn_service *service, const char *dir, uint32_t map_gib, const char *scratch,
                jn_finding_fn each, void *context)
{
    struct verifier v = {each, context, 0};
    struct jn_store store = {.lock = -1};
    char path[JN_PATH_MAX + 32], error[JN_ERROR_TEXT];
    struct jn_tables *rebuilt;

    path_in(path, dir, "tables");
    store.tables = jn_tables_open(path, service, map_gib, true, error);
    if (!store.tables)
        found(&v, "%s: %s", service->name, error);
    path_in(path, dir, "log");
    store.log = store.tables ? jn_log_open(path, service->name, map_gib, JN_LOG_READ_ONLY, error) : NULL;
    if (store.tables && !store.log)
        found(&v, "%s: %s", service->name, error);
    rebuilt = store.log ? jn_tables_open(scratch, service, map_gib, false, error) : NULL;
    if (store.log && !rebuilt)
        found(&v, "%s: %s", service->name, error);
    if (rebuilt) {
        verify_rebuilt(&v, service, &store, rebuilt);
        jn_tables_close(rebuilt);
    }
    if (store.log)
        store.log->close(store.log);
    if (store.tables)
        jn_tables_close(store.tables);
    return v.findings;
}
