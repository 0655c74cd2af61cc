/* What stories do to their worlds, written down as steps: linked into a program of stories with --wrap. A file for each
 * world in the folder JN_RECORD. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "domain/date.h"
#include "jineng/v1/runtime.pb-c.h"
#include "steps.h"

#define RECORDING_BYTES ((size_t)4 << 20)

extern char *program_invocation_short_name;

struct jn_world *__real_jn_world_open(const struct jn_service *service, int64_t start_ms);
struct jn_world *__wrap_jn_world_open(const struct jn_service *service, int64_t start_ms);
void __real_jn_world_close(struct jn_world *world);
void __wrap_jn_world_close(struct jn_world *world);
enum jn_code __real_jn_world_command(struct jn_world *world, const struct jn_agency *who, const char *method,
                                     const void *request, const void **reply);
enum jn_code __wrap_jn_world_command(struct jn_world *world, const struct jn_agency *who, const char *method,
                                     const void *request, const void **reply);
enum jn_code __real_jn_world_query(struct jn_world *world, const struct jn_agency *who, const char *method,
                                   const void *request, const void **reply);
enum jn_code __wrap_jn_world_query(struct jn_world *world, const struct jn_agency *who, const char *method,
                                   const void *request, const void **reply);
void __real_jn_world_event(struct jn_world *world, const char *upstream, uint32_t type, const void *message);
void __wrap_jn_world_event(struct jn_world *world, const char *upstream, uint32_t type, const void *message);
void __real_jn_world_advance(struct jn_world *world, int64_t to_ms);
void __wrap_jn_world_advance(struct jn_world *world, int64_t to_ms);

static struct {
    const struct jn_service *service;
    uint8_t bytes[RECORDING_BYTES];
    size_t used;
    char day[DATE_TEXT];
    unsigned worlds;
    uint8_t frames[RECORDING_BYTES]; /* the same as frame.c takes it */
    size_t frames_used;
} recording;

/* As frame.c has them. */
enum { FRAME_REQUEST, FRAME_REPLY, FRAME_SEALED, FRAME_TURN };

static void
note(struct step *step)
{
    recording.used += step_write(step, recording.bytes + recording.used, sizeof(recording.bytes) - recording.used);
}

static void
note_message(struct step *step, const ProtobufCMessage *message)
{
    static uint8_t packed[JN_FRAME_BYTES_MAX];

    if (protobuf_c_message_get_packed_size(message) > sizeof(packed))
        return;
    step->length = protobuf_c_message_pack(message, packed);
    step->bytes = packed;
    note(step);
}

static void
note_frame(struct step *step)
{
    recording.frames_used +=
        step_write(step, recording.frames + recording.frames_used, sizeof(recording.frames) - recording.frames_used);
}

static void
note_request(const char *method, const ProtobufCMessage *message)
{
    static uint8_t body[JN_FRAME_BYTES_MAX / 2], packed[JN_FRAME_BYTES_MAX];
    static uint64_t number;
    Envelope__Request request = ENVELOPE__REQUEST__INIT;
    struct step step = {.head = {FRAME_REQUEST, 12}, .bytes = packed};

    if (protobuf_c_message_get_packed_size(message) > sizeof(body))
        return;
    request.id = request.sequence = ++number;
    request.session = (ProtobufCBinaryData){16, (uint8_t *)(uintptr_t) "session of a man"};
    request.service = (char *)(uintptr_t)recording.service->name;
    request.method = (char *)(uintptr_t)method;
    request.body = (ProtobufCBinaryData){protobuf_c_message_pack(message, body), body};
    step.length = envelope__request__pack(&request, packed);
    note_frame(&step);
    note_frame(&(struct step){.head = {FRAME_TURN}});
}

/* A block with the one event. */
static void
note_block(const ProtobufCMessage *event)
{
    static uint8_t inner[JN_FRAME_BYTES_MAX / 4], record_bytes[JN_FRAME_BYTES_MAX / 2], packed[JN_FRAME_BYTES_MAX];
    Envelope__Record record = ENVELOPE__RECORD__INIT;
    Runtime__FeedEvent sent = RUNTIME__FEED_EVENT__INIT, *events[] = {&sent};
    Runtime__FeedBlock block = RUNTIME__FEED_BLOCK__INIT;
    struct step step = {.head = {FRAME_SEALED}, .bytes = packed};

    if (protobuf_c_message_get_packed_size(event) > sizeof(inner))
        return;
    record.time_ms = date_to_ms(18428);
    record.event = (ProtobufCBinaryData){protobuf_c_message_pack(event, inner), inner};
    sent.record = (ProtobufCBinaryData){envelope__record__pack(&record, record_bytes), record_bytes};
    sent.salt = (ProtobufCBinaryData){16, (uint8_t *)(uintptr_t) "salt of an event"};
    block.n_events = 1;
    block.events = events;
    step.length = runtime__feed_block__pack(&block, packed);
    note_frame(&step);
}

static void
note_clock(int64_t by_ms)
{
    while (by_ms > 0) {
        int64_t part = by_ms < INT64_C(300) * 86400000 ? by_ms : INT64_C(300) * 86400000;
        struct step step = {.head = {ADVANCE}, .bytes = (const uint8_t *)&part, .length = sizeof(part)};

        note(&step);
        by_ms -= part;
    }
}

struct jn_world *
__wrap_jn_world_open(const struct jn_service *service, int64_t start_ms)
{
    recording.service = service;
    recording.used = recording.frames_used = 0;
    date_format(date_of_ms(start_ms), recording.day);
    note_clock(start_ms - date_to_ms(date_of_ms(start_ms)));
    return __real_jn_world_open(service, start_ms);
}

static void
write_down(const char *folder, const char *kind, const uint8_t *bytes, size_t size)
{
    char path[600];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, kind);
    mkdir(path, 0755);
    snprintf(path, sizeof(path), "%s/%s/%s.%s-%02u", folder, kind, recording.day, program_invocation_short_name,
             recording.worlds);
    file = fopen(path, "wb");
    if (file) {
        fwrite(bytes, 1, size, file);
        fclose(file);
    }
}

void
__wrap_jn_world_close(struct jn_world *world)
{
    const char *folder = getenv("JN_RECORD");

    if (folder) {
        recording.worlds++;
        write_down(folder, recording.service->name, recording.bytes, recording.used);
        if (strcmp(recording.service->name, "certification") == 0)
            write_down(folder, "frame", recording.frames, recording.frames_used);
    }
    __real_jn_world_close(world);
}

static void
note_call(const struct jn_agency *who, const char *method, const void *request)
{
    struct step step = {.head = {CALL}};

    step_agency_set(&step, who);
    while (strcmp(recording.service->methods[step.head[5]].name, method) != 0)
        step.head[5]++;
    note_message(&step, request);
    note_request(method, request);
}

enum jn_code
__wrap_jn_world_command(struct jn_world *world, const struct jn_agency *who, const char *method, const void *request,
                        const void **reply)
{
    note_call(who, method, request);
    return __real_jn_world_command(world, who, method, request, reply);
}

enum jn_code
__wrap_jn_world_query(struct jn_world *world, const struct jn_agency *who, const char *method, const void *request,
                      const void **reply)
{
    note_call(who, method, request);
    return __real_jn_world_query(world, who, method, request, reply);
}

/* The upstream's Event around the message. */
static void
note_event(uint8_t upstream, uint32_t type, const void *message)
{
    const ProtobufCMessageDescriptor *event = recording.service->upstreams[upstream].event;
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(event, type);
    struct step step = {.head = {EVENT, [4] = upstream}};
    uint8_t *wrapper = calloc(1, event->sizeof_message);

    protobuf_c_message_init(event, wrapper);
    memcpy(wrapper + field->quantifier_offset, &type, sizeof(type));
    memcpy(wrapper + field->offset, &message, sizeof(message));
    note_message(&step, (const ProtobufCMessage *)(const void *)wrapper);
    note_block((const ProtobufCMessage *)(const void *)wrapper);
    free(wrapper);
}

void
__wrap_jn_world_event(struct jn_world *world, const char *upstream, uint32_t type, const void *message)
{
    for (uint8_t i = 0; i < recording.service->upstreams_count; i++) {
        if (strcmp(recording.service->upstreams[i].name, upstream) == 0)
            note_event(i, type, message);
    }
    __real_jn_world_event(world, upstream, type, message);
}

void
__wrap_jn_world_advance(struct jn_world *world, int64_t to_ms)
{
    note_clock(to_ms - jn_world_now(world));
    __real_jn_world_advance(world, to_ms);
}
