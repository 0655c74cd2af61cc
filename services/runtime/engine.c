/* Blocks built from commands, reactions and timers. */
#include "runtime/engine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "runtime/wire.h"

#define MESSAGE_CAP ((size_t)16 << 20)
#define BLOCK_CAP ((size_t)64 << 20)

typedef enum jn_code (*decide_fn)(struct jn_decision *, const void *);
typedef enum jn_code (*fire_fn)(struct jn_decision *, uint64_t);
typedef void (*apply_fn)(struct jn_tables *, const void *, const struct jn_stamp *);

/* ---- Birth and death ---- */

static void
index_events(struct jn_fold *fold)
{
    const ProtobufCMessageDescriptor *event = fold->service->event;

    for (unsigned i = 0; i < event->n_fields; i++) {
        JN_ASSERT(event->fields[i].id < 64 && event->fields[i].type == PROTOBUF_C_TYPE_MESSAGE);
        fold->message_of[event->fields[i].id] = event->fields[i].descriptor;
    }
    for (size_t i = 0; i < fold->service->events_count; i++) {
        const struct jn_event *known = &fold->service->events[i];

        JN_ASSERT(known->type < 64 && fold->message_of[known->type] && known->apply);
        fold->event_of[known->type] = known;
    }
}

static void
load_cursors(struct jn_fold *fold)
{
    jn_tables_begin(fold->tables);
    fold->tables->arena = &fold->message;
    for (size_t i = 0; i < fold->service->upstreams_count; i++) {
        const char *name = fold->service->upstreams[i].name;
        struct jn_key key = jn_key_bytes(name, strlen(name));
        const Envelope__Cursor *cursor = jn_own_get(fold->tables, TABLE_CURSOR, &key);
        struct jn_standing *standing = &fold->upstreams[i];

        memset(standing, 0, sizeof(*standing));
        if (!cursor || cursor->log.len != JN_LOG_BYTES || cursor->hash.len != JN_HASH_BYTES)
            continue;
        memcpy(standing->log, cursor->log.data, JN_LOG_BYTES);
        memcpy(standing->hash.bytes, cursor->hash.data, JN_HASH_BYTES);
        standing->block = cursor->block;
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
    load_cursors(fold);
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

/* ---- What a fold's functions may do ---- */

static struct jn_decision
decision(struct jn_fold *fold, const struct jn_agency *who)
{
    return (struct jn_decision){
        .view = jn_view_of(fold->tables),
        .now_ms = fold->time_ms,
        .today = date_of_ms(fold->time_ms),
        .who = who,
        .arena = &fold->message,
        .fold = fold,
    };
}

static struct jn_slice
pack(struct jn_arena *arena, const ProtobufCMessage *message)
{
    size_t length = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = jn_arena_take(arena, length);

    protobuf_c_message_pack(message, bytes);
    return (struct jn_slice){bytes, length};
}

/* The service's Event around the message: a struct that protobuf-c generated, filled in by its descriptor. */
static struct jn_slice
pack_event(struct jn_fold *fold, uint32_t type, const void *message)
{
    const ProtobufCMessageDescriptor *event = fold->service->event;
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(event, type);
    uint8_t *wrapper = jn_arena_take(&fold->message, event->sizeof_message);

    protobuf_c_message_init(event, wrapper);
    memcpy(wrapper + field->quantifier_offset, &type, sizeof(type));
    memcpy(wrapper + field->offset, &message, sizeof(message));
    return pack(&fold->message, (const ProtobufCMessage *)(const void *)wrapper);
}

static void
apply_event(struct jn_fold *fold, uint32_t type, const void *message, const struct jn_stamp *stamp)
{
    fold->tables->applying = true;
    ((apply_fn)fold->event_of[type]->apply)(fold->tables, message, stamp);
    fold->tables->applying = false;
}

enum jn_code
jn_emit(struct jn_decision *d, uint32_t type, const void *message)
{
    struct jn_fold *fold = d->fold;
    Envelope__Record record = ENVELOPE__RECORD__INIT;
    struct jn_stamp stamp = {d->now_ms, fold->log->head.block + 1, (uint32_t)fold->records_count};
    struct jn_slice event;

    JN_ASSERT(type < 64 && fold->event_of[type]);
    JN_ASSERT(((const ProtobufCMessage *)message)->descriptor == fold->message_of[type]);
    if (++fold->emits > JN_EMITS_MAX || fold->block_bytes > JN_BLOCK_BYTES_MAX) {
        fold->spent = true;
        return JN_UNAVAILABLE;
    }
    event = pack_event(fold, type, message);
    record.time_ms = d->now_ms;
    record.event = (ProtobufCBinaryData){event.length, (uint8_t *)(uintptr_t)event.bytes};
    fold->records[fold->records_count] = pack(&fold->block, &record.base);
    fold->block_bytes += fold->records[fold->records_count++].length;
    apply_event(fold, type, message, &stamp);
    return JN_OK;
}

void
jn_reply(struct jn_decision *d, const ProtobufCMessage *reply)
{
    d->fold->reply = pack(&d->fold->message, reply);
}

enum jn_code
jn_refuse(struct jn_decision *d, enum jn_code code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(d->fold->reason, sizeof(d->fold->reason), format, arguments);
    va_end(arguments);
    return code;
}

void
jn_row_begin(struct jn_decision *d)
{
    d->fold->reason[0] = '\0';
    d->fold->row_savepoint = jn_savepoint(d->fold->tables);
    d->fold->row_records = d->fold->records_count;
}

enum jn_code
jn_row_end(struct jn_decision *d, enum jn_code code)
{
    struct jn_fold *fold = d->fold;

    if (code != JN_OK) {
        jn_rollback(fold->tables, fold->row_savepoint);
        fold->records_count = fold->row_records;
    }
    return code;
}

const char *
jn_row_reason(const struct jn_decision *d)
{
    return jn_arena_copy(d->arena, d->fold->reason, strlen(d->fold->reason) + 1);
}

void
jn_pseudonym(struct jn_decision *d, const char *text, uint8_t out[16])
{
    jn_hmac16(d->fold->pseudonym_key, text, out);
}

uint64_t
jn_read_through(const struct jn_decision *d, const char *upstream)
{
    const struct jn_service *service = d->fold->service;

    for (size_t i = 0; i < service->upstreams_count; i++) {
        if (strcmp(service->upstreams[i].name, upstream) == 0)
            return d->fold->upstreams[i].block;
    }
    return 0;
}

bool
jn_rehearsal(const struct jn_decision *d)
{
    return d->fold->driven;
}

/* ---- Commands that were answered before ---- */

static struct jn_key
session_key(const struct jn_call *call)
{
    struct jn_key key = {.length = JN_KEY_BYTES + 16};

    memcpy(key.bytes, call->who->key, JN_KEY_BYTES);
    memcpy(key.bytes + JN_KEY_BYTES, call->session.bytes, 16);
    return key;
}

/* A session's number and the last command it was answered, in the tables or in the block under construction. */
struct session {
    struct jn_key key;
    uint64_t number, last;
    size_t touched; /* SIZE_MAX: not in this block */
};

static bool
find_session(struct jn_fold *fold, const struct jn_call *call, struct session *out)
{
    const Runtime__SessionRow *row;

    *out = (struct session){.key = session_key(call), .touched = SIZE_MAX};
    for (size_t i = fold->touched_count; i-- > 0;) {
        if (memcmp(fold->touched_key[i].bytes, out->key.bytes, out->key.length) != 0)
            continue;
        out->number = fold->touched[i];
        out->last = fold->touched_last[i];
        out->touched = i;
        return true;
    }
    row = jn_own_get(fold->tables, TABLE_SESSION, &out->key);
    if (!row)
        return false;
    out->number = row->number;
    out->last = row->last;
    return true;
}

static void
content_of(const struct jn_call *call, uint8_t out[16])
{
    struct jn_hash whole;
    size_t name = strlen(call->method->name) + 1;
    uint8_t stack[4096], *bytes = stack;

    if (name + call->body.length > sizeof(stack))
        bytes = malloc(name + call->body.length);
    JN_ASSERT(bytes);
    memcpy(bytes, call->method->name, name);
    if (call->body.length > 0)
        memcpy(bytes + name, call->body.bytes, call->body.length);
    jn_sm3(bytes, name + call->body.length, &whole);
    if (bytes != stack)
        free(bytes);
    memcpy(out, whole.bytes, 16);
}

static struct jn_slice
stored_reply(struct jn_fold *fold, uint64_t number, uint32_t answer)
{
    const void *bytes;
    size_t length;
    Envelope__Block *block;
    Envelope__BlockPrivate *private = NULL;

    if (number > fold->log->head.block) {
        JN_ASSERT(answer < fold->answers_count);
        return (struct jn_slice){fold->answers[answer]->reply.data, fold->answers[answer]->reply.len};
    }
    if (!fold->log->read(fold->log, number, &bytes, &length))
        return (struct jn_slice){NULL, 0};
    block = envelope__block__unpack(NULL, length, bytes);
    fold->log->end_read(fold->log);
    if (block)
        private = envelope__block_private__unpack(&fold->message.allocator, block->private_.len, block->private_.data);
    if (block)
        envelope__block__free_unpacked(block, NULL);
    if (!private || answer >= private->n_answers)
        return (struct jn_slice){NULL, 0};
    return (struct jn_slice){private->answers[answer]->reply.data, private->answers[answer]->reply.len};
}

/* True where the command needs no deciding: *out says what came of it then, or why it cannot be taken. */
static bool
answered_before(struct jn_fold *fold, const struct jn_call *call, const struct session *session,
                const uint8_t content[16], struct jn_result *out)
{
    struct jn_key key = JN_KEY(session->number, call->sequence % JN_WINDOW);
    const Runtime__CommandRow *row = jn_own_get(fold->tables, TABLE_COMMAND, &key);

    if (row && row->sequence == call->sequence) {
        if (row->content.len != 16 || memcmp(row->content.data, content, 16) != 0) {
            *out = (struct jn_result){.code = JN_CONFLICT, .reason = "this command number came with other content before; use a new number"};
            return true;
        }
        *out = (struct jn_result){
            .code = JN_OK, .reason = "", .body = stored_reply(fold, row->block, row->answer), .block = row->block};
        return true;
    }
    if (session->last >= JN_WINDOW && call->sequence <= session->last - JN_WINDOW) {
        *out = (struct jn_result){.code = JN_TOO_OLD, .reason = "the number lies before the window of 4,096; ask what came of it"};
        return true;
    }
    return false;
}

static void
remember(struct jn_fold *fold, const struct jn_call *call, struct session *session, const uint8_t content[16])
{
    Envelope__Answer *answer = jn_arena_take(&fold->block, sizeof(*answer));
    Runtime__CommandRow row = RUNTIME__COMMAND_ROW__INIT;
    struct jn_key key;

    if (session->number == 0)
        session->number = ++fold->tables->counters[JN_COUNTERS - 1];
    if (session->touched == SIZE_MAX) {
        session->touched = fold->touched_count++;
        fold->touched_key[session->touched] = session->key;
    }
    if (call->sequence > session->last)
        session->last = call->sequence;
    fold->touched[session->touched] = session->number;
    fold->touched_last[session->touched] = session->last;

    envelope__answer__init(answer);
    answer->key = (ProtobufCBinaryData){JN_KEY_BYTES, jn_arena_copy(&fold->block, call->who->key, JN_KEY_BYTES)};
    answer->session = (ProtobufCBinaryData){16, jn_arena_copy(&fold->block, call->session.bytes, 16)};
    answer->sequence = call->sequence;
    answer->content = (ProtobufCBinaryData){16, jn_arena_copy(&fold->block, content, 16)};
    answer->reply = (ProtobufCBinaryData){fold->reply.length,
                                          jn_arena_copy(&fold->block, fold->reply.bytes, fold->reply.length)};
    row.sequence = call->sequence;
    row.content = answer->content;
    row.block = fold->log->head.block + 1;
    row.answer = (uint32_t)fold->answers_count;
    fold->answers[fold->answers_count++] = answer;
    key = JN_KEY(session->number, call->sequence % JN_WINDOW);
    jn_own_put(fold->tables, TABLE_COMMAND, &key, &row);
}

/* ---- A batch ---- */

void
jn_fold_begin(struct jn_fold *fold, int64_t now_ms)
{
    jn_tables_begin(fold->tables);
    fold->began_ms = fold->time_ms;
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

static void apply_block_so_far(struct jn_fold *fold);

/* A full map kills the transaction itself: begin again and apply what the block had accepted. */
static void
start_over(struct jn_fold *fold)
{
    jn_tables_abort(fold->tables);
    jn_tables_begin(fold->tables);
    apply_block_so_far(fold);
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
             fold->spent || fold->message.spent ? "it asks for more than one command may do; split it"
                                                : "the tables are full; make room on the disk, then repeat it as it is");
    return fold->spent || fold->message.spent ? JN_TOO_LARGE : JN_UNAVAILABLE;
}

void
jn_fold_command(struct jn_fold *fold, const struct jn_call *call, struct jn_result *out)
{
    size_t records = fold->records_count;
    struct jn_decision d = decision(fold, call->who);
    struct session session;
    uint8_t content[16];
    const char *fault;
    const void *command;
    bool known;

    *out = (struct jn_result){.code = JN_OK, .reason = ""};
    message_begin(fold);
    content_of(call, content);
    known = find_session(fold, call, &session);
    if (known && answered_before(fold, call, &session, content, out))
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
    remember(fold, call, &session, content);
    jn_release(fold->tables);
}

void
jn_fold_query(struct jn_fold *fold, const struct jn_call *call, struct jn_result *out)
{
    struct jn_decision d = decision(fold, call->who);
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
    if (fold->message.spent)
        *out = (struct jn_result){.code = JN_TOO_LARGE, .reason = "the answer is too large; ask for less"};
}

/* ---- Reactions ---- */

bool
jn_fold_react(struct jn_fold *fold,
              enum jn_code (*react)(struct jn_decision *, const void *, const struct jn_source *), const void *event,
              const struct jn_source *source)
{
    size_t records = fold->records_count;
    struct jn_decision d;

    if (source->time_ms > fold->time_ms)
        fold->time_ms = source->time_ms;
    d = decision(fold, NULL);
    message_begin(fold);
    return message_end(fold, react(&d, event, source), records) == JN_OK;
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
        d = decision(fold, NULL);
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

/* ---- Closing the block ---- */

static void
put_sessions(struct jn_fold *fold)
{
    for (size_t i = 0; i < fold->touched_count; i++) {
        Runtime__SessionRow row = RUNTIME__SESSION_ROW__INIT;

        row.number = fold->touched[i];
        row.last = fold->touched_last[i];
        jn_own_put(fold->tables, TABLE_SESSION, &fold->touched_key[i], &row);
    }
}

static void
put_cursor(struct jn_tables *tables, const Envelope__Cursor *cursor)
{
    struct jn_key key = jn_key_bytes(cursor->upstream, strlen(cursor->upstream));

    jn_own_put(tables, TABLE_CURSOR, &key, cursor);
}

static void
put_mark(struct jn_fold *fold, const struct jn_log_head *head, uint64_t events)
{
    struct jn_key key = JN_KEY(0);
    Runtime__Mark mark = RUNTIME__MARK__INIT;

    mark.log = (ProtobufCBinaryData){JN_LOG_BYTES, (uint8_t *)(uintptr_t)head->log};
    mark.block = head->block;
    mark.hash = (ProtobufCBinaryData){JN_HASH_BYTES, (uint8_t *)(uintptr_t)head->hash.bytes};
    mark.version = fold->service->version;
    mark.time_ms = head->time_ms;
    mark.events = events;
    mark.n_counters = JN_COUNTERS;
    mark.counters = fold->tables->counters;
    jn_own_put(fold->tables, TABLE_MARK, &key, &mark);
}

static struct jn_slice
pack_private(struct jn_fold *fold, size_t cursors_count, Envelope__Cursor *cursors)
{
    Envelope__BlockPrivate private = ENVELOPE__BLOCK_PRIVATE__INIT;
    Envelope__Cursor *pointers[JN_UPSTREAMS_MAX];

    for (size_t i = 0; i < cursors_count; i++)
        pointers[i] = &cursors[i];
    private.n_answers = fold->answers_count;
    private.answers = fold->answers;
    private.n_cursors = cursors_count;
    private.cursors = pointers;
    return pack(&fold->block, &private.base);
}

static size_t
current_cursors(struct jn_fold *fold, Envelope__Cursor *out)
{
    size_t count = 0;

    for (size_t i = 0; fold->cursors_moved && i < fold->service->upstreams_count; i++) {
        struct jn_standing *standing = &fold->upstreams[i];

        if (!standing->known)
            continue;
        envelope__cursor__init(&out[count]);
        out[count].upstream = (char *)(uintptr_t)fold->service->upstreams[i].name;
        out[count].log = (ProtobufCBinaryData){JN_LOG_BYTES, standing->log};
        out[count].block = standing->block;
        out[count].hash = (ProtobufCBinaryData){JN_HASH_BYTES, standing->hash.bytes};
        count++;
    }
    return count;
}

static struct jn_hash
root_of(struct jn_fold *fold, uint64_t block)
{
    struct jn_hash *leaves = jn_arena_take(&fold->block, (fold->records_count + 1) * sizeof(*leaves));
    struct jn_hash of_block, root;

    jn_salt_of_block(fold->log->head.secret, block, &of_block);
    for (size_t i = 0; i < fold->records_count; i++) {
        uint8_t salt[JN_SALT_BYTES];

        jn_salt(&of_block, (uint32_t)i, salt);
        jn_hash_leaf(salt, fold->records[i].bytes, fold->records[i].length, &leaves[i]);
    }
    jn_hash_root(leaves, fold->records_count, &root);
    return root;
}

static void
block_reset(struct jn_fold *fold)
{
    fold->records_count = fold->answers_count = fold->touched_count = 0;
    fold->block_bytes = 0;
    fold->time_moved = false;
    jn_arena_reset(&fold->block);
    jn_arena_reset(&fold->message);
}

static struct jn_slice
pack_header(struct jn_fold *fold, const struct jn_slice *private)
{
    const struct jn_log_head *head = &fold->log->head;
    Envelope__BlockHeader header = ENVELOPE__BLOCK_HEADER__INIT;
    struct jn_hash root = root_of(fold, head->block + 1), private_hash;

    jn_sm3(private->bytes, private->length, &private_hash);
    header.number = head->block + 1;
    header.log = (ProtobufCBinaryData){JN_LOG_BYTES, (uint8_t *)(uintptr_t)head->log};
    header.previous = (ProtobufCBinaryData){JN_HASH_BYTES, (uint8_t *)(uintptr_t)head->hash.bytes};
    header.time_ms = fold->time_ms;
    header.events = (uint32_t)fold->records_count;
    header.events_root = (ProtobufCBinaryData){JN_HASH_BYTES, root.bytes};
    header.private_hash = (ProtobufCBinaryData){JN_HASH_BYTES, private_hash.bytes};
    return pack(&fold->block, &header.base);
}

static enum jn_appended
append_block(struct jn_fold *fold, const struct jn_slice *private, struct jn_log_head *after)
{
    Envelope__Block block = ENVELOPE__BLOCK__INIT;
    ProtobufCBinaryData *records = jn_arena_take(&fold->block, (fold->records_count + 1) * sizeof(*records));
    struct jn_slice header = pack_header(fold, private), bytes;

    for (size_t i = 0; i < fold->records_count; i++)
        records[i] = (ProtobufCBinaryData){fold->records[i].length, (uint8_t *)(uintptr_t)fold->records[i].bytes};
    block.header = (ProtobufCBinaryData){header.length, (uint8_t *)(uintptr_t)header.bytes};
    block.n_records = fold->records_count;
    block.records = records;
    block.private_ = (ProtobufCBinaryData){private->length, (uint8_t *)(uintptr_t)private->bytes};
    bytes = pack(&fold->block, &block.base);
    *after = fold->log->head;
    after->block++;
    after->time_ms = fold->time_ms;
    jn_hash_header(header.bytes, header.length, &after->hash);
    return fold->log->append(fold->log, &fold->log->head.hash, bytes.bytes, bytes.length, &after->hash, fold->time_ms);
}

enum jn_committed
jn_fold_commit(struct jn_fold *fold, bool flush)
{
    Envelope__Cursor cursors[JN_UPSTREAMS_MAX];
    struct jn_log_head after;
    struct jn_slice private;
    enum jn_appended appended;
    size_t cursors_count;

    if (fold->records_count == 0 && fold->answers_count == 0 && !fold->time_moved && !(flush && fold->cursors_moved)) {
        jn_tables_abort(fold->tables);
        block_reset(fold);
        return JN_NOTHING;
    }
    if (fold->service->check && !fold->tables->error)
        fold->service->check(jn_view_of(fold->tables));
    cursors_count = current_cursors(fold, cursors);
    private = pack_private(fold, cursors_count, cursors);
    put_sessions(fold);
    for (size_t i = 0; i < cursors_count; i++)
        put_cursor(fold->tables, &cursors[i]);
    appended = append_block(fold, &private, &after);
    if (appended != JN_APPENDED) {
        jn_fold_abandon(fold);
        return appended == JN_FULL ? JN_NO_ROOM : JN_BROKEN;
    }
    fold->events += fold->records_count;
    put_mark(fold, &after, fold->events);
    fold->cursors_moved = false;
    block_reset(fold);
    return jn_tables_commit(fold->tables) ? JN_COMMITTED : JN_BROKEN;
}

void
jn_fold_abandon(struct jn_fold *fold)
{
    jn_tables_abort(fold->tables);
    block_reset(fold);
    fold->time_ms = fold->began_ms;
    load_cursors(fold);
}

/* ---- Replay ---- */

static const void *
unpack_event(struct jn_fold *fold, const ProtobufCBinaryData *bytes, uint32_t *type)
{
    const ProtobufCMessageDescriptor *descriptor = fold->service->event;
    const ProtobufCFieldDescriptor *field;
    const void *unpacked = protobuf_c_message_unpack(descriptor, &fold->message.allocator, bytes->len, bytes->data);
    const uint8_t *event = unpacked;
    const void *message;

    if (!event)
        return NULL;
    memcpy(type, event + descriptor->fields[0].quantifier_offset, sizeof(*type));
    field = protobuf_c_message_descriptor_get_field(descriptor, *type);
    if (!field || *type >= 64 || !fold->event_of[*type])
        return NULL;
    memcpy(&message, event + field->offset, sizeof(message));
    return message;
}

static const char *
apply_record(struct jn_fold *fold, const ProtobufCBinaryData *bytes, uint64_t block, uint32_t index)
{
    Envelope__Record *record = envelope__record__unpack(&fold->message.allocator, bytes->len, bytes->data);
    struct jn_stamp stamp = {.block = block, .index = index};
    const void *message;
    uint32_t type;

    message = record ? unpack_event(fold, &record->event, &type) : NULL;
    if (!message)
        return "an event cannot be read by this version";
    stamp.time_ms = record->time_ms;
    apply_event(fold, type, message, &stamp);
    jn_release(fold->tables);
    jn_arena_reset(&fold->message);
    return NULL;
}

static void
apply_answer(struct jn_fold *fold, const Envelope__Answer *answer, uint64_t block, uint32_t index)
{
    struct jn_key session = {.length = JN_KEY_BYTES + 16}, key;
    Runtime__SessionRow row = RUNTIME__SESSION_ROW__INIT;
    Runtime__CommandRow command = RUNTIME__COMMAND_ROW__INIT;
    const Runtime__SessionRow *old;

    if (answer->key.len != JN_KEY_BYTES || answer->session.len != 16)
        return;
    memcpy(session.bytes, answer->key.data, JN_KEY_BYTES);
    memcpy(session.bytes + JN_KEY_BYTES, answer->session.data, 16);
    old = jn_own_get(fold->tables, TABLE_SESSION, &session);
    row.number = old ? old->number : ++fold->tables->counters[JN_COUNTERS - 1];
    row.last = old && old->last > answer->sequence ? old->last : answer->sequence;
    jn_own_put(fold->tables, TABLE_SESSION, &session, &row);
    command.sequence = answer->sequence;
    command.content = answer->content;
    command.block = block;
    command.answer = index;
    key = JN_KEY(row.number, answer->sequence % JN_WINDOW);
    jn_own_put(fold->tables, TABLE_COMMAND, &key, &command);
    jn_release(fold->tables);
}

/* After a full map: the accepted events and answers of the block under construction, once more. */
static void
apply_block_so_far(struct jn_fold *fold)
{
    uint64_t block = fold->log->head.block + 1;

    jn_arena_reset(&fold->message);
    for (size_t i = 0; i < fold->records_count; i++) {
        ProtobufCBinaryData bytes = {fold->records[i].length, (uint8_t *)(uintptr_t)fold->records[i].bytes};

        JN_ASSERT(!apply_record(fold, &bytes, block, (uint32_t)i));
    }
    for (size_t i = 0; i < fold->answers_count; i++)
        apply_answer(fold, fold->answers[i], block, (uint32_t)i);
}

static const char *
header_fault(const Envelope__BlockHeader *header, const Envelope__Block *block, const struct jn_log_head *head)
{
    struct jn_hash private_hash;

    if (header->number != head->block + 1)
        return "its number is not the next";
    if (header->log.len != JN_LOG_BYTES || memcmp(header->log.data, head->log, JN_LOG_BYTES) != 0)
        return "it belongs to another log";
    if (header->previous.len != JN_HASH_BYTES || memcmp(header->previous.data, head->hash.bytes, JN_HASH_BYTES) != 0)
        return "it does not follow the block before it";
    if (header->events != block->n_records || header->time_ms < head->time_ms)
        return "its header does not fit its contents";
    jn_sm3(block->private_.data, block->private_.len, &private_hash);
    if (header->private_hash.len != JN_HASH_BYTES ||
        memcmp(header->private_hash.data, private_hash.bytes, JN_HASH_BYTES) != 0)
        return "its private part was changed";
    return NULL;
}

static const char *
root_fault(const Envelope__BlockHeader *header, const Envelope__Block *block, const uint8_t secret[32])
{
    struct jn_hash *leaves = calloc(block->n_records + 1, sizeof(*leaves));
    struct jn_hash of_block, root;

    JN_ASSERT(leaves);
    jn_salt_of_block(secret, header->number, &of_block);
    for (size_t i = 0; i < block->n_records; i++) {
        uint8_t salt[JN_SALT_BYTES];

        jn_salt(&of_block, (uint32_t)i, salt);
        jn_hash_leaf(salt, block->records[i].data, block->records[i].len, &leaves[i]);
    }
    jn_hash_root(leaves, block->n_records, &root);
    free(leaves);
    if (header->events_root.len != JN_HASH_BYTES || memcmp(header->events_root.data, root.bytes, JN_HASH_BYTES) != 0)
        return "its events were changed";
    return NULL;
}

static const char *
replay_contents(struct jn_fold *fold, const Envelope__Block *block, const Envelope__BlockHeader *header)
{
    Envelope__BlockPrivate *private = envelope__block_private__unpack(NULL, block->private_.len, block->private_.data);
    const char *fault = private ? NULL : "its private part cannot be read";

    for (size_t i = 0; !fault && i < block->n_records; i++)
        fault = apply_record(fold, &block->records[i], header->number, (uint32_t)i);
    for (size_t i = 0; !fault && i < private->n_answers; i++) {
        apply_answer(fold, private->answers[i], header->number, (uint32_t)i);
        jn_arena_reset(&fold->message);
    }
    for (size_t i = 0; !fault && i < private->n_cursors; i++)
        put_cursor(fold->tables, private->cursors[i]);
    if (private)
        envelope__block_private__free_unpacked(private, NULL);
    return fault ? fault : fold->tables->error ? mdb_strerror(fold->tables->error) : NULL;
}

const char *
jn_fold_replay(struct jn_fold *fold, const void *bytes, size_t length, struct jn_log_head *head)
{
    Envelope__Block *block = envelope__block__unpack(NULL, length, bytes);
    Envelope__BlockHeader *header =
        block ? envelope__block_header__unpack(NULL, block->header.len, block->header.data) : NULL;
    const char *fault = header ? header_fault(header, block, head) : "it cannot be read";

    if (!fault)
        fault = root_fault(header, block, head->secret);
    if (!fault)
        fault = replay_contents(fold, block, header);
    if (!fault) {
        head->block = header->number;
        head->time_ms = fold->time_ms = header->time_ms;
        jn_hash_header(block->header.data, block->header.len, &head->hash);
        fold->events += block->n_records;
        put_mark(fold, head, fold->events);
        jn_release(fold->tables);
    }
    if (header)
        envelope__block_header__free_unpacked(header, NULL);
    if (block)
        envelope__block__free_unpacked(block, NULL);
    return fault;
}

bool
jn_tables_mark(struct jn_tables *tables, struct jn_log_head *out, uint32_t *version, uint64_t *events)
{
    struct jn_key key = JN_KEY(0);
    const Runtime__Mark *mark = jn_own_get(tables, TABLE_MARK, &key);

    if (!mark || mark->log.len != JN_LOG_BYTES || mark->hash.len != JN_HASH_BYTES)
        return false;
    memcpy(out->log, mark->log.data, JN_LOG_BYTES);
    memcpy(out->hash.bytes, mark->hash.data, JN_HASH_BYTES);
    out->block = mark->block;
    out->time_ms = mark->time_ms;
    *version = mark->version;
    *events = mark->events;
    return true;
}
