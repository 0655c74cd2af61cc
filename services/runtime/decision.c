/* What decisions, reactions and timers may do: emit, reply, refuse, take rows back, ask for pseudonyms. */
#include "runtime/engine_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "runtime/pack.h"

typedef void (*apply_fn)(struct jn_tables *, const void *, const struct jn_stamp *);

struct jn_decision
jn_decision_make(struct jn_fold *fold, const struct jn_agency *who)
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

struct jn_slice
jn_message_pack(struct jn_arena *arena, const ProtobufCMessage *message)
{
    uint8_t room[JN_PACK_ROOM], *large;
    size_t length;
    const uint8_t *bytes = jn_pack(message, room, sizeof(room), &length);

    if (bytes)
        return (struct jn_slice){jn_arena_copy(arena, bytes, length), length};
    length = protobuf_c_message_get_packed_size(message);
    large = jn_arena_take(arena, length);
    protobuf_c_message_pack(message, large);
    return (struct jn_slice){large, length};
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
    return jn_message_pack(&fold->message, (const ProtobufCMessage *)(const void *)wrapper);
}

void
jn_event_apply(struct jn_fold *fold, uint32_t type, const void *message, const struct jn_stamp *stamp)
{
    fold->tables->applying = true;
    fold->tables->stamp = *stamp;
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

    JN_ASSERT(type < JN_EVENT_TYPES && fold->event_of[type] && fold->records_count < JN_BLOCK_RECORDS_MAX);
    JN_ASSERT(((const ProtobufCMessage *)message)->descriptor == fold->message_of[type]);
    if (++fold->emits > JN_EMITS_MAX || fold->block_bytes > JN_BLOCK_BYTES_MAX) {
        fold->spent = true;
        return JN_UNAVAILABLE;
    }
    event = pack_event(fold, type, message);
    record.time_ms = d->now_ms;
    record.event = (ProtobufCBinaryData){event.length, (uint8_t *)(uintptr_t)event.bytes};
    fold->records[fold->records_count] = jn_message_pack(&fold->block, &record.base);
    fold->block_bytes += fold->records[fold->records_count++].length;
    jn_event_apply(fold, type, message, &stamp);
    return JN_OK;
}

void
jn_reply(struct jn_decision *d, const ProtobufCMessage *reply)
{
    d->fold->reply = jn_message_pack(&d->fold->message, reply);
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

Common__Outcome *
jn_outcome(const struct jn_decision *d, size_t row, enum jn_code code, const char *reason)
{
    Common__Outcome *outcome = jn_take(d->view, sizeof(*outcome));

    common__outcome__init(outcome);
    outcome->row = (uint32_t)row;
    outcome->code = (uint32_t)code;
    outcome->reason = (char *)(uintptr_t)reason;
    return outcome;
}

void
jn_pseudonym(struct jn_decision *d, const char *text, uint8_t out[16])
{
    jn_hmac16(d->fold->pseudonym_key, text, out);
}

void
jn_digest(const struct jn_view *view, const ProtobufCMessage *message, uint8_t out[JN_DIGEST_BYTES])
{
    size_t length = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = jn_take(view, length + 1);
    struct jn_hash hash;

    protobuf_c_message_pack(message, bytes);
    jn_sm3(bytes, length, &hash);
    memcpy(out, hash.bytes, JN_DIGEST_BYTES);
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
