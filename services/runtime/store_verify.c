/* Proof of a service's folder: everything is read again beside what stands, and compared. */
#include "runtime/store.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/history.h"
#include "runtime/proof.h"

/* Blocks replayed in one transaction of the scratch tables. */
#define BATCH     512
#define PATH_SIZE (JN_PATH_MAX + 96)
/* What an audit may read at once: some 1 KiB a person; a million of them fit. */
#define AUDIT_CAP ((size_t)4 << 30)

struct verifier {
    const struct jn_service *service;
    const char *dir, *scratch;
    uint32_t map_gib;
    jn_finding_fn each;
    void *context;
    size_t findings;
    struct jn_log *log;
    struct jn_tables *rebuilt;
    struct jn_fold *fold;
    struct jn_log_head head; /* replayed so far */
    struct jn_merkle blocks; /* over their hashes: what the history must come to */
    struct jn_standing cursors[JN_UPSTREAMS_MAX];
    FILE *cursor_files[JN_UPSTREAMS_MAX];
    uint8_t *again; /* a block packed once more */
    size_t again_size;
    struct jn_verified *out;
};

static void found(struct verifier *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

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

/* ---- Invariants ---- */

static void
run_audit(struct verifier *v)
{
    struct jn_audit audit = {.view = jn_view_of(v->rebuilt)};
    char *line, *rest;

    if (!v->service->audit)
        return;
    v->service->audit(&audit);
    if (v->rebuilt->arena && v->rebuilt->arena->spent)
        found(v, "the invariants could not be checked to the end: there are more rows than an audit can hold");
    rest = audit.text;
    while (rest && (line = strsep(&rest, "\n")) && *line)
        found(v, "%s", line);
    free(audit.text);
}

/* ---- Cursors ---- */

/* Their count where none has that name. */
static size_t
upstream_named(const struct verifier *v, const char *name)
{
    size_t u = 0;

    while (u < v->service->upstreams_count && strcmp(v->service->upstreams[u].name, name) != 0)
        u++;
    return u;
}

static FILE *
cursor_file(struct verifier *v, size_t upstream)
{
    char path[PATH_SIZE];

    if (!v->cursor_files[upstream]) {
        snprintf(path, sizeof(path), "%s/cursors.%s", v->scratch, v->service->upstreams[upstream].name);
        v->cursor_files[upstream] = fopen(path, "w");
        if (!v->cursor_files[upstream])
            found(v, "%s cannot be written: %s", path, strerror(errno));
    }
    return v->cursor_files[upstream];
}

static void
note_cursor(struct verifier *v, const Envelope__Cursor *cursor, uint64_t block)
{
    struct jn_standing *last;
    FILE *file;
    size_t u = upstream_named(v, cursor->upstream);

    if (u == v->service->upstreams_count || cursor->log.len != JN_LOG_BYTES || cursor->hash.len != JN_HASH_BYTES) {
        found(v, "block %llu: a cursor that cannot be read", (unsigned long long)block);
        return;
    }
    last = &v->cursors[u];
    if (last->known && last->block == cursor->block && memcmp(last->hash.bytes, cursor->hash.data, JN_HASH_BYTES) == 0)
        return;
    if (last->known && (cursor->block < last->block || memcmp(last->log, cursor->log.data, JN_LOG_BYTES) != 0))
        found(v, "block %llu: the cursor in %s went back, or to another log", (unsigned long long)block,
              cursor->upstream);
    last->known = true;
    last->block = cursor->block;
    memcpy(last->log, cursor->log.data, JN_LOG_BYTES);
    memcpy(last->hash.bytes, cursor->hash.data, JN_HASH_BYTES);
    file = cursor->block > 0 ? cursor_file(v, u) : NULL;
    if (!file)
        return;
    jn_testify_cursor(file, cursor, block);
    v->out->cursors++;
}

/* Beside the cursors: a line of another form. */
static void
note_head(struct verifier *v, const ProtobufCBinaryData *bytes, uint64_t block)
{
    struct jn_arena arena;
    const Proof__SignedHead *signed_head;
    const Proof__Head *head;
    FILE *file = NULL;
    size_t u = v->service->upstreams_count;

    jn_arena_open(&arena, JN_FRAME_BYTES_MAX);
    signed_head = (const void *)proof__signed_head__unpack(&arena.allocator, bytes->len, bytes->data);
    head = signed_head && bytes->len <= JN_HEAD_BYTES_MAX ? jn_head_read(signed_head, &arena) : NULL;
    if (head)
        u = upstream_named(v, head->service);
    if (u == v->service->upstreams_count)
        found(v, "block %llu: a signed head that cannot be read", (unsigned long long)block);
    else
        file = cursor_file(v, u);
    if (file) {
        jn_testify_head(file, bytes, block);
        v->out->heads++;
    }
    jn_arena_close(&arena);
}

static void
close_cursors(struct verifier *v)
{
    for (size_t i = 0; i < JN_UPSTREAMS_MAX; i++) {
        if (v->cursor_files[i] && (ferror(v->cursor_files[i]) || fclose(v->cursor_files[i]) != 0))
            found(v, "%s cannot be written: is the disk full?", v->scratch);
        v->cursor_files[i] = NULL;
    }
}

/* ---- The log ---- */

/* The header is hashed, and what is in it tells of the rest; that nothing else lies between is seen by packing it
 * again. */
static bool
packs_alike(struct verifier *v, const Envelope__Block *block, const void *bytes, size_t length)
{
    if (envelope__block__get_packed_size(block) != length)
        return false;
    if (length > v->again_size) {
        v->again_size = length * 2;
        v->again = realloc(v->again, v->again_size);
        JN_ASSERT(v->again);
    }
    envelope__block__pack(block, v->again);
    return memcmp(v->again, bytes, length) == 0;
}

static void
look_into(struct verifier *v, const void *bytes, size_t length)
{
    unsigned long long number = v->head.block;
    Envelope__Block *block = envelope__block__unpack(NULL, length, bytes);
    Envelope__BlockPrivate *private =
        block ? envelope__block_private__unpack(NULL, block->private_.len, block->private_.data) : NULL;

    if (!private || !packs_alike(v, block, bytes, length))
        found(v, "block %llu holds something beside its header, events and private part", number);
    for (size_t i = 0; private && i < private->n_cursors; i++)
        note_cursor(v, private->cursors[i], number);
    for (size_t i = 0; private && i < private->n_heads; i++)
        note_head(v, &private->heads[i], number);
    if (private)
        envelope__block_private__free_unpacked(private, NULL);
    if (block)
        envelope__block__free_unpacked(block, NULL);
}

/* Replays into the rebuilt tables. False where the log cannot be followed further. */
static bool
replay(struct verifier *v, uint64_t through)
{
    const char *fault = NULL;
    bool stored = true;

    while (!fault && stored && v->head.block < through) {
        jn_tables_begin(v->rebuilt);
        for (unsigned i = 0; !fault && i < BATCH && v->head.block < through; i++) {
            const void *bytes;
            size_t length;

            fault = v->log->read(v->log, v->head.block + 1, &bytes, &length)
                        ? jn_fold_replay(v->fold, bytes, length, &v->head)
                        : "it is missing";
            if (fault)
                break;
            look_into(v, bytes, length);
            jn_merkle_add(JN_NODE_HISTORY, &v->blocks, &v->head.hash);
        }
        v->log->end_read(v->log);
        stored = jn_tables_commit(v->rebuilt);
    }
    if (fault)
        found(v, "block %llu of the log: %s", (unsigned long long)v->head.block + 1, fault);
    if (!stored)
        found(v, "the tables cannot be rebuilt in %s: is the disk full?", v->scratch);
    return !fault && stored;
}

/* ---- The tables ---- */

/* Where the standing tables are a view of the log up to; the log's head where that cannot be said. */
static uint64_t
stands_at(struct verifier *v, struct jn_tables *tables)
{
    struct jn_log_head mark = {0};
    uint32_t version = 0;
    uint64_t events;

    if (!tables || !jn_tables_mark(tables, &mark, &version, &events))
        return tables && jn_tables_rows(tables) == 0 ? 0 : v->log->head.block;
    if (version != v->service->version || memcmp(mark.log, v->log->head.log, JN_LOG_BYTES) != 0)
        found(v, "the tables are no view of this log, or of another version; they are rebuilt when the service starts");
    if (mark.block > v->log->head.block)
        found(v, "the tables stand at block %llu and the log ends at %llu: blocks of the log are missing",
              (unsigned long long)mark.block, (unsigned long long)v->log->head.block);
    return mark.block <= v->log->head.block ? mark.block : v->log->head.block;
}

static void
compare(struct verifier *v, struct jn_tables *tables, struct jn_arena *arena)
{
    const struct jn_history history = {v->rebuilt, v->log};
    char differ[JN_ERROR_TEXT];

    jn_tables_begin(v->rebuilt);
    v->rebuilt->arena = arena;
    if (tables && jn_tables_differ(tables, v->rebuilt, differ))
        found(v, "the tables differ from what the log says: %s; what stands in the log is right", differ);
    v->out->compared = tables != NULL;
    v->out->stood_at = v->head.block;
    v->out->rows = jn_tables_rows(v->rebuilt);
    if (!jn_history_agrees(&history, &v->blocks))
        found(v, "the history is not that of the blocks");
    run_audit(v);
    jn_tables_abort(v->rebuilt);
    v->rebuilt->arena = &v->fold->message;
}

static void
verify_all(struct verifier *v, struct jn_tables *tables, struct jn_arena *arena)
{
    char error[JN_ERROR_TEXT];
    const char *fault;

    fault = v->log->fault(v->log);
    if (fault)
        found(v, "the log: %s", fault);
    if (!jn_store_key_check(v->dir, v->log, error))
        found(v, "%s", error);
    if (replay(v, stands_at(v, tables))) {
        compare(v, tables, arena);
        /* What was written to the log since the tables' snapshot was taken is checked as well. */
        replay(v, v->log->head.block);
    }
    v->out->started = true;
    v->out->blocks = v->head.block;
    v->out->events = v->fold->events;
    v->out->time_ms = v->head.time_ms;
    v->out->hash = v->head.hash;
}

/* ---- Opening ---- */

/* The tables' snapshot is taken before the log's head is read: they are never ahead of it then. */
static struct jn_tables *
open_standing(struct verifier *v, struct jn_arena *arena)
{
    char path[PATH_SIZE], error[JN_ERROR_TEXT];
    struct jn_tables *tables;

    snprintf(path, sizeof(path), "%s/tables/data.mdb", v->dir);
    if (access(path, F_OK) != 0)
        return NULL;
    snprintf(path, sizeof(path), "%s/tables", v->dir);
    tables = jn_tables_open(path, v->service, v->map_gib, true, error);
    if (!tables) {
        found(v, "%s", error);
        return NULL;
    }
    tables->arena = arena;
    jn_tables_begin(tables);
    return tables;
}

static bool
open_scratch(struct verifier *v)
{
    char path[PATH_SIZE], error[JN_ERROR_TEXT];

    snprintf(path, sizeof(path), "%s/data.mdb", v->scratch);
    unlink(path);
    v->rebuilt = jn_tables_open(v->scratch, v->service, v->map_gib, false, error);
    if (!v->rebuilt) {
        found(v, "%s", error);
        return false;
    }
    v->fold = jn_fold_open(v->service, v->log, v->rebuilt, false);
    memcpy(v->head.log, v->log->head.log, sizeof(v->head.log));
    memcpy(v->head.secret, v->log->head.secret, sizeof(v->head.secret));
    return true;
}

static bool
open_log(struct verifier *v)
{
    char path[PATH_SIZE], error[JN_ERROR_TEXT];

    snprintf(path, sizeof(path), "%s/log", v->dir);
    v->log = jn_log_open(path, v->service->name, v->map_gib, JN_LOG_READ_ONLY, error);
    if (!v->log)
        found(v, "%s", error);
    return v->log != NULL;
}

/* A folder without a trace of a service: it has not been started yet. */
static bool
untouched(const struct verifier *v)
{
    static const char *const traces[] = {"log/data.mdb", "tables/data.mdb", "pseudonym.key"};
    char path[PATH_SIZE];

    for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", v->dir, traces[i]);
        if (access(path, F_OK) == 0)
            return false;
    }
    return true;
}

size_t
jn_store_verify(const struct jn_service *service, const char *dir, uint32_t map_gib, const char *scratch,
                struct jn_verified *out, jn_finding_fn each, void *context)
{
    struct verifier v = {.service = service,
                         .dir = dir,
                         .scratch = scratch,
                         .map_gib = map_gib,
                         .each = each,
                         .context = context,
                         .out = out};
    struct jn_tables *standing;
    struct jn_arena arena;

    memset(out, 0, sizeof(*out));
    if (untouched(&v))
        return 0;
    jn_arena_open(&arena, AUDIT_CAP);
    arena.rows_bytes = AUDIT_CAP;
    standing = open_standing(&v, &arena);
    if (open_log(&v) && open_scratch(&v))
        verify_all(&v, standing, &arena);
    close_cursors(&v);
    if (v.fold)
        jn_fold_close(v.fold);
    if (v.rebuilt)
        jn_tables_close(v.rebuilt);
    if (v.log)
        v.log->close(v.log);
    if (standing)
        jn_tables_close(standing);
    jn_arena_close(&arena);
    free(v.again);
    return v.findings;
}
