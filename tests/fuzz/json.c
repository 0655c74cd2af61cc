/* Messages from JSON and to JSON. Input: which message (2 bytes: its number, and whether JSON comes, the message
 * itself, or a reply as a client takes it: unchecked), then the text or the wire's bytes. What can be read means the
 * same after any number of turns; what a service said is shown, whatever it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/notification.pb-c.h"
#include "jineng/v1/runtime.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "mutate.h"
#include "runtime/engine.h"
#include "runtime/json.h"
#include "runtime/wire.h"

#define MESSAGES_MAX 400
#define ARENA        ((size_t)32 << 20)

static const ProtobufCMessageDescriptor *messages[MESSAGES_MAX];
static size_t messages_count;
static struct jn_arena arena;

static void
list(const ProtobufCMessageDescriptor *message)
{
    JN_ASSERT(messages_count < MESSAGES_MAX);
    messages[messages_count++] = message;
}

static void
list_service(const ProtobufCServiceDescriptor *service)
{
    for (unsigned i = 0; i < service->n_methods; i++) {
        list(service->methods[i].input);
        list(service->methods[i].output);
    }
}

static void
leave(void)
{
    jn_arena_close(&arena);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    list_service(&enrollment__enrollment__descriptor);
    list_service(&certification__certification__descriptor);
    list_service(&subsidy__subsidy__descriptor);
    list_service(&ledger__ledger__descriptor);
    list_service(&notification__notification__descriptor);
    list_service(&runtime__runtime__descriptor);
    list(&enrollment__event__descriptor);
    list(&certification__event__descriptor);
    list(&subsidy__event__descriptor);
    list(&ledger__event__descriptor);
    list(&notification__event__descriptor);
    jn_arena_open(&arena, ARENA);
    atexit(leave);
    return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    const uint8_t *bytes;
    size_t length;

    mutate_seed(seed);
    if (size < 2 || max_size < 8 || mutate_below(12) == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    if (!(data[1] & 0xc0))
        return 2 + LLVMFuzzerMutate(data + 2, size - 2, max_size - 2);
    bytes = mutate_message(messages[(data[0] | (data[1] & 1u) << 8) % messages_count], data + 2, size - 2, max_size - 2,
                           &length);
    memcpy(data + 2, bytes, length);
    return 2 + length;
}

static struct jn_slice
packed(const void *message)
{
    size_t length = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = jn_arena_take(&arena, length);

    protobuf_c_message_pack(message, bytes);
    return (struct jn_slice){bytes, length};
}

/* Through JSON, as text, and back. */
static void
there_and_back(const void *message)
{
    const ProtobufCMessageDescriptor *descriptor = ((const ProtobufCMessage *)message)->descriptor;
    struct jn_slice before = packed(message), after;
    char error[JN_JSON_ERROR] = "", *text;
    json_t *json = jn_json_of(message);
    const void *again;

    JN_ASSERT(json);
    text = json_dumps(json, 0);
    JN_ASSERT(text);
    json_decref(json);
    again = jn_json_parse(descriptor, text, strlen(text), &arena, error);
    if (!again)
        fprintf(stderr, "%s\n%s\n", error, text);
    JN_ASSERT(again);
    after = packed(again);
    JN_ASSERT(before.length == after.length);
    JN_ASSERT(before.length == 0 || memcmp(before.bytes, after.bytes, before.length) == 0);
    free(text);
}

/* As client.c and `jineng call` do it. */
static void
show_reply(const ProtobufCMessageDescriptor *descriptor, const uint8_t *data, size_t size)
{
    const void *message = protobuf_c_message_unpack(descriptor, &arena.allocator, size, data);
    json_t *json = message ? jn_json_of(message) : NULL;
    char *text = json ? json_dumps(json, 0) : NULL;

    JN_ASSERT(!message || text);
    free(text);
    json_decref(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const ProtobufCMessageDescriptor *descriptor;
    char error[JN_JSON_ERROR] = "";
    const char *fault = NULL;
    const void *message;

    if (size < 2 || size > JN_FRAME_BYTES_MAX)
        return -1;
    descriptor = messages[(data[0] | (data[1] & 1u) << 8) % messages_count];
    if (data[1] & 0x40) {
        show_reply(descriptor, data + 2, size - 2);
        jn_arena_reset(&arena);
        return 0;
    }
    if (data[1] & 0x80)
        message = jn_wire_unpack(descriptor, data + 2, size - 2, true, &arena, &fault);
    else
        message = jn_json_parse(descriptor, (const char *)data + 2, size - 2, &arena, error);
    JN_ASSERT(message || *error || fault);
    if (message)
        there_and_back(message);
    jn_arena_reset(&arena);
    return 0;
}
