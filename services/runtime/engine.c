/* Messages: commands, queries, reactions and timers, and what they may do to the block under construction. */
#include "runtime/engine_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/wire.h"

#define MESSAGE_CAP ((size_t)16 << 20)
#define BLOCK_CAP   ((size_t)64 << 20)

typedef enum jn_code (*decide_fn)(struct jn_decision *, const void *);
typedef enum jn_code (*fire_fn)(struct jn_decision *, uint64_t);

/* ---- Birth and death ---- */

static void
index_events(struct jn_fold *fold)
{
    const ProtobufCMessageDescriptor *event = fold->service->event;

    for (unsigned i = 0; i < event->n_fields; i++) {
        JN_ASSERT(event->fields[i].id < JN_EVENT_TYPES && event->fields[i].type == PROTOBUF_C_TYPE_MESSAGE);
        fold->message_of[event->fields[i].id] = event->fields[i].descriptor;
    }
    for (size_t i = 0; i < fold->service->events_count; i++) {
        const struct jn_event *known = &fold->service->events[i];

        JN_ASSERT(known->type < JN_EVENT_TYPES && fold->message_of[known->type] && known->apply);
        fold->event_of[known->type] = known;
    }
}

void
jn_cursors_load(struct jn_fold *fold)
{
    jn_tables_begin(fold->tables);
    fold->tables->arena = &fold->message;
    for (size_t i = 0; i < fold->service->upstreams_count; i++) {
        const char *name = fold->service->upstreams[i].name;
        struct jn_key key = jn_key_bytes(name, strlen(name));
        const Envelope__Cursor *cursor = jn_own_get(fold->tables, TABLE_CURSOR, &key);
        struct jn_standing *standing = &fold->upstreams[i];

        memset(standing, 0, sizeof(*standing));
        if (!cursor)
            continue;
        if (cursor->log.len != JN_LOG_BYTES || cursor->hash.len != JN_HASH_BYTES) {
            jn_tables_fault(fold->tables, MDB_CORRUPTED);
            continue;
        }
        memcpy(standing->log, cursor->log.data, JN_LOG_BYTES);
        memcpy(standing->hash.bytes, cursor->hash.data, JN_HASH_BYTES);
        standing->block = cursor->block;
        standing->taken = cursor->taken;
        standing->known = true;
    }
    jn_tables_abort(fold->tables);
    jn_arena_reset(&fold->message);
}

struct jn_fold *
jn_fold_open(const struct jn_service *service, struct jn_log *log, struct jn_tables *tables, bool driven)
{
    struct jn_fold *fold = calloc(1, sizeof(*fold));

    JN_ASSERT(fold && service->upstreams_count <= JN_UPSTREAMS_MAX);
    fold->service = service;
    fold->log = log;
    fold->tables = tables;
    fold->driven = driven;
    fold->time_ms = log ? log->head.time_ms : 0;
    jn_arena_open(&fold->message, MESSAGE_CAP);
    jn_arena_open(&fold->block, BLOCK_CAP);
    tables->arena = &fold->message;
    index_events(fold);
    jn_cursors_load(fold);
    return fold;
}

void
jn_fold_close(struct jn_fold *fold)
{
    jn_arena_close(&fold->block);
    jn_arena_close(&fold->message);
    free(fold);
}

const struct jn_method *
jn_fold_method(const struct jn_fold *fold, const char *name, const ProtobufCMethodDescriptor **descriptor)
{
    const struct jn_service *service = fold->service;

    for (size_t i = 0; i < service->methods_count; i++) {
        if (strcmp(service->methods[i].name, name) != 0)
            continue;
        *descriptor = protobuf_c_service_descriptor_get_method_by_name(service->contract, name);
        JN_ASSERT(*descriptor);
        return &service->methods[i];
    }
    return NULL;
}

/* ---- A batch ---- */

void
jn_fold_begin(struct jn_fold *fold, int64_t now_ms)
{
    jn_tables_begin(fold->tables);
    fold->began_ms = fold->time_ms;
    fold->latest_ms = fold->driven ? JN_TIME_MAX_MS : now_ms + JN_AHEAD_MS;
    if (!fold->driven && now_ms > fold->time_ms)
        fold->time_ms = now_ms;
}

bool
jn_fold_roomy(const struct jn_fold *fold)
{
    return fold->records_count < JN_BLOCK_RECORDS && fold->answers_count < JN_BLOCK_ANSWERS_MAX &&
           fold->block_bytes < JN_BLOCK_BYTES;
}

static void
message_begin(struct jn_fold *fold)
{
    jn_release(fold->tables);
    fold->reason[0] = '\0';
    fold->reply = (struct jn_slice){NULL, 0};
    fold->emits = 0;
    fold->spent = false;
}

/* A full map kills the transaction itself: begin again and apply what the block had accepted. */
static void
start_over(struct jn_fold *fold)
{
    jn_tables_abort(fold->tables);
    jn_tables_begin(fold->tables);
    jn_block_apply_again(fold);
}

/* Keeps what the message did, or undoes it. Returns the code to answer with. */
static enum jn_code
message_end(struct jn_fold *fold, enum jn_code code, size_t records)
{
    bool failed = fold->tables->error || fold->spent || fold->message.spent;

    if (code == JN_OK && !failed) {
        jn_release(fold->tables);
        return JN_OK;
    }
    fold->records_count = records;
    if (fold->tables->error)
        start_over(fold);
    else
        jn_rollback(fold->tables, 0);
    if (!failed)
        return code;
    snprintf(fold->reason, sizeof(fold->reason), "%s",
             fold->spent || fold->message.spent
                 ? "it asks for more than one command may do; split it"
                 : "the tables are full; make room on the disk, then repeat it as it is");
    return fold->spent || fold->message.spent ? JN_TOO_LARGE : JN_UNAVAILABLE;
}

void
jn_fold_command(struct jn_fold *fold, const struct jn_call *call, struct jn_result *out)
{
    size_t records = fold->records_count;
    struct jn_decision d = jn_decision_make(fold, call->who);
    struct jn_session session;
    const char *fault;
    const void *command;

    *out = (struct jn_result){.code = JN_OK, .reason = ""};
    message_begin(fold);
    if (jn_session_find(fold, call, &session) && jn_answered_before(fold, call, &session, out))
        return;
    command = jn_wire_unpack(call->input, call->body.bytes, call->body.length, true, &fold->message, &fault);
    if (!command) {
        *out = (struct jn_result){.code = JN_MALFORMED, .reason = fault};
        return;
    }
    out->code = message_end(fold, ((decide_fn)call->method->decide)(&d, command), records);
    out->reason = fold->reason;
    if (out->code != JN_OK)
        return;
    out->reason = "";
    out->body = fold->reply;
    out->block = fold->log->head.block + 1;
    jn_answer_remember(fold, call, &session);
    jn_release(fold->tables);
}

void
jn_fold_query(struct jn_fold *fold, const struct jn_call *call, struct jn_result *out)
{
    struct jn_decision d = jn_decision_make(fold, call->who);
    size_t records = fold->records_count;
    const char *fault;
    const void *query;

    *out = (struct jn_result){.code = JN_OK, .reason = ""};
    message_begin(fold);
    query = jn_wire_unpack(call->input, call->body.bytes, call->body.length, true, &fold->message, &fault);
    if (!query) {
        *out = (struct jn_result){.code = JN_MALFORMED, .reason = fault};
        return;
    }
    out->code = ((decide_fn)call->method->answer)(&d, query);
    JN_ASSERT(fold->records_count == records);
    out->reason = out->code == JN_OK ? "" : fold->reason;
    out->body = fold->reply;
    /* A transaction that has failed reads nothing more: what was not found may be there. */
    if (fold->tables->error)
        *out = (struct jn_result){.code = JN_UNAVAILABLE,
                                  .reason = "the tables are full; make room on the disk, then repeat it as it is"};
    if (fold->message.spent)
        *out = (struct jn_result){.code = JN_TOO_LARGE, .reason = "the answer is too large; ask for less"};
}

/* ---- Reactions ---- */

bool
jn_fold_react(struct jn_fold *fold, enum jn_code (*react)(struct jn_decision *, const void *, const struct jn_source *),
              const void *event, const struct jn_source *source)
{
    size_t records = fold->records_count;
    struct jn_source heard = *source;
    struct jn_decision d;

    /* Our clock decides on deadlines and notices, and never runs back: another's may not put it where it likes. */
    if (heard.time_ms < 0 || heard.time_ms > fold->latest_ms)
        heard.time_ms = fold->time_ms;
    if (heard.time_ms > fold->time_ms)
        fold->time_ms = heard.time_ms;
    d = jn_decision_make(fold, NULL);
    message_begin(fold);
    return message_end(fold, react(&d, event, &heard), records) == JN_OK;
}

/* ---- Timers ---- */

bool
jn_fold_advance(struct jn_fold *fold, int64_t to_ms)
{
    int64_t due_ms;
    uint64_t id;
    unsigned kind;

    while (jn_first_timer(fold->tables, &due_ms, &kind, &id) && due_ms <= to_ms) {
        struct jn_decision d;
        size_t records = fold->records_count;
        int64_t after_ms;
        unsigned after_kind;
        uint64_t after_id;

        if (!jn_fold_roomy(fold))
            return true;
        if (due_ms > fold->time_ms)
            fold->time_ms = due_ms;
        d = jn_decision_make(fold, NULL);
        message_begin(fold);
        if (message_end(fold, ((fire_fn)fold->service->timers[kind].fire)(&d, id), records) != JN_OK)
            return false; /* no room: it stays due */
        jn_arena_reset(&fold->message);
        JN_ASSERT(!jn_first_timer(fold->tables, &after_ms, &after_kind, &after_id) || after_ms != due_ms ||
                  after_kind != kind || after_id != id || fold->records_count > records);
    }
    if (fold->driven && to_ms > fold->time_ms) {
        fold->time_ms = to_ms;
        fold->time_moved = true;
    }
    return false;
}
