/* A host under whatever comes over its sockets, but without them: requests by anybody, an upstream's replies, what is
 * held and who waits. Certification's fold stands behind it. Input: a byte that says which state, then steps as in
 * steps.h, whose first byte says what the bytes are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certification/certification.h"
#include "domain/date.h"
#include "fuzz.h"
#include "mutate.h"
#include "runtime/host.h"
#include "runtime/world_parts.h"
#include "steps.h"

enum { REQUEST, REPLY, SEALED, TURN, FRAMES };
#define AGENCIES   13
#define SCRATCH    ((size_t)16 << 20)
#define METHODS    64
#define NEVER_LATE (INT64_MAX / 4)

static struct jn_config config;
static struct jn_host host;
static struct jn_world *given;

static void
name_agencies(void)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"};

    config.driven_clock = true;
    for (uint32_t i = 0; i < AGENCIES; i++)
        config.agencies[config.agencies_count++] = jn_world_agency(names[i], i < 12 ? 1u << i : 0xfff);
}

/* ---- Other frames ---- */

static struct step
new_frame(void)
{
    struct step step = {.bytes = (const uint8_t *)""};

    step.head[0] = (uint8_t)mutate_below(FRAMES);
    step.head[1] = (uint8_t)mutate_below(AGENCIES);
    return step;
}

static void
change_head(struct step *step)
{
    step->head[mutate_below(3)] = (uint8_t)mutate_below(mutate_below(9) ? AGENCIES : 256);
}

/* What the request asks for, by its method. */
static void
change_body(Envelope__Request *request, size_t most)
{
    static const struct {
        const char *name;
        const ProtobufCMessageDescriptor *input;
    } own[] = {
        {"Feed", &runtime__feed_request__descriptor},   {"Advance", &runtime__advance_to__descriptor},
        {"Await", &runtime__await_cursors__descriptor}, {"Stand", &runtime__stand_request__descriptor},
        {"Stats", &runtime__stats_request__descriptor}, {"Hold", &runtime__hold_followers__descriptor},
    };
    const ProtobufCMethodDescriptor *method =
        protobuf_c_service_descriptor_get_method_by_name(certification_service.contract, request->method);
    const ProtobufCMessageDescriptor *input = method ? method->input : NULL;

    for (size_t i = 0; !input && i < sizeof(own) / sizeof(own[0]); i++) {
        if (strcmp(own[i].name, request->method) == 0)
            input = own[i].input;
    }
    if (input)
        request->body.data = (uint8_t *)(uintptr_t)mutate_message(input, request->body.data, request->body.len, most,
                                                                  &request->body.len);
}

static void
change_bytes(struct step *step, size_t most)
{
    static const ProtobufCMessageDescriptor *const messages[FRAMES] = {
        [REQUEST] = &envelope__request__descriptor,
        [REPLY] = &envelope__reply__descriptor,
        [SEALED] = &runtime__feed_block__descriptor,
    };
    static uint8_t packed[INPUT_BYTES];
    Envelope__Request *request;

    if (step->head[0] % FRAMES != REQUEST || mutate_below(2)) {
        mutate_step(step, messages[step->head[0] % FRAMES], most);
        return;
    }
    request = envelope__request__unpack(NULL, step->length, step->bytes);
    if (request) {
        ProtobufCBinaryData body = request->body;

        change_body(request, most);
        if (envelope__request__get_packed_size(request) <= (most < sizeof(packed) ? most : sizeof(packed))) {
            step->length = envelope__request__pack(request, packed);
            step->bytes = packed;
        }
        request->body = body;
        envelope__request__free_unpacked(request, NULL);
    }
}

static void
given_close(void)
{
    jn_world_close(given);
    free(host.methods);
    jn_arena_close(&host.scratch);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const struct mutate_steps how = {new_frame, change_head, change_bytes};
    char names[GIVEN_MAX][FILE_NAME_MAX], path[FILE_PATH_MAX];
    size_t count = folder_list(FUZZ_GIVEN, names, GIVEN_MAX), size;
    const uint8_t *at;
    struct step step;
    uint8_t *bytes;

    (void)argc;
    (void)argv;
    fuzz_use_memory();
    mutate_steps(&how);
    name_agencies();
    host.service = &certification_service;
    host.config = &config;
    host.methods = calloc(METHODS, sizeof(*host.methods));
    jn_arena_open(&host.scratch, SCRATCH);
    JN_ASSERT(count > 0);
    snprintf(path, sizeof(path), "%s/%s", FUZZ_GIVEN, names[0]);
    at = bytes = file_read(path, &size);
    given = jn_world_open(&certification_service, date_to_ms(18428)); /* 2020-06-15 */
    while (step_next(&at, bytes + size, &step)) {
        step_do(given, &certification_service, &step);
        mutate_learn(step_message(&certification_service, &step), step.bytes, step.length);
    }
    jn_world_gather(given, false);
    free(bytes);
    atexit(given_close);
    return 0;
}

/* ---- A host without sockets ---- */

static void
open_block(struct jn_world *world)
{
    jn_world_begin(world);
    host.open = true;
}

static struct jn_parcel
parcel_from(const struct step *step)
{
    struct jn_parcel parcel = {.arrived_us = NEVER_LATE};

    JN_ASSERT(zmq_msg_init_size(&parcel.route, 5) == 0);
    memset(zmq_msg_data(&parcel.route), step->head[1] % AGENCIES, 5);
    return parcel;
}

static void
parcel_close(struct jn_parcel *parcel)
{
    zmq_msg_close(&parcel->route);
    if (parcel->sendable)
        zmq_msg_close(&parcel->frame);
    jn_arena_reset(&host.scratch);
    jn_arena_reset(&host.store.fold->message);
}

static void
request(struct jn_world *world, const struct step *step)
{
    struct jn_parcel parcel = parcel_from(step);
    const struct jn_agency *who = step->head[1] == 0xff ? NULL : &config.agencies[step->head[1] % AGENCIES];

    open_block(world);
    jn_method_handle(&host, &parcel, who, step->bytes, step->length);
    parcel_close(&parcel);
}

static void
reply(struct jn_world *world, const void *bytes, size_t length)
{
    open_block(world);
    if (!jn_follow_take(&host, 0, bytes, length))
        host.open = world->open = false;
    jn_arena_reset(&host.scratch);
    jn_arena_reset(&host.store.fold->message);
}

/* The header is put right for the events and leaves that are there; the rest stays as odd as it is. */
static void
seal(Runtime__FeedBlock *block, uint32_t count, struct jn_arena *arena)
{
    struct jn_standing *standing = &host.store.fold->upstreams[0];
    struct jn_hash *leaves = jn_arena_take(arena, (count + 1) * sizeof(*leaves)), root;
    Envelope__BlockHeader header = ENVELOPE__BLOCK_HEADER__INIT;

    for (size_t i = 0; i < block->n_leaves && i < count; i++) {
        if (block->leaves[i].len == JN_HASH_BYTES)
            memcpy(leaves[i].bytes, block->leaves[i].data, JN_HASH_BYTES);
    }
    for (size_t i = 0; i < block->n_events; i++) {
        Runtime__FeedEvent *event = block->events[i];

        if (event->index < count && event->salt.len == JN_SALT_BYTES)
            jn_hash_leaf(event->salt.data, event->record.data, event->record.len, &leaves[event->index]);
    }
    jn_hash_root(leaves, count, &root);
    header.number = standing->block + 1;
    header.log = (ProtobufCBinaryData){JN_LOG_BYTES, standing->log};
    header.previous = (ProtobufCBinaryData){JN_HASH_BYTES, standing->hash.bytes};
    header.events = count;
    header.events_root = (ProtobufCBinaryData){JN_HASH_BYTES, root.bytes};
    block->header.len = envelope__block_header__get_packed_size(&header);
    block->header.data = jn_arena_take(arena, block->header.len);
    envelope__block_header__pack(&header, block->header.data);
}

/* A FeedBlock as it came, in a reply that continues what was read. */
static void
sealed(struct jn_world *world, const struct step *step)
{
    Envelope__Reply envelope = ENVELOPE__REPLY__INIT;
    Runtime__FeedBatch batch = RUNTIME__FEED_BATCH__INIT;
    Runtime__FeedBlock *block;
    struct jn_arena arena;
    uint8_t *bytes;

    jn_arena_open(&arena, SCRATCH);
    block = runtime__feed_block__unpack(&arena.allocator, step->length, step->bytes);
    if (block) {
        seal(block, step->head[2] ? step->head[2] - 1u : (uint32_t)block->n_events, &arena);
        batch.n_blocks = 1;
        batch.blocks = &block;
        envelope.body.len = runtime__feed_batch__get_packed_size(&batch);
        envelope.body.data = jn_arena_take(&arena, envelope.body.len);
        runtime__feed_batch__pack(&batch, envelope.body.data);
        envelope.id = host.followers[0].request;
        bytes = jn_arena_take(&arena, envelope__reply__get_packed_size(&envelope));
        reply(world, bytes, envelope__reply__pack(&envelope, bytes));
    }
    jn_arena_close(&arena);
}

static void
held(struct jn_world *world)
{
    const struct jn_agency *who;
    struct jn_parcel parcel;
    uint8_t *frame;
    size_t length;
    bool expired;

    while (jn_fold_roomy(host.store.fold) && jn_held_next(&host, &parcel, &frame, &length, &who, &expired)) {
        open_block(world);
        parcel.arrived_us = NEVER_LATE;
        if (!expired)
            jn_method_handle(&host, &parcel, who, frame, length);
        free(frame);
        parcel_close(&parcel);
    }
}

static void
turn(struct jn_world *world, int64_t by_ms)
{
    held(world);
    world->open = host.open;
    host.open = false;
    if (world->open)
        jn_world_commit(world);
    jn_waiters_serve(&host);
    host.now_ms += by_ms;
    host.now_us = host.now_ms * 1000;
}

static void
host_in(struct jn_world *world)
{
    host.store.log = world->log;
    host.store.tables = world->tables;
    host.store.fold = world->fold;
    host.now_ms = host.started_ms = date_to_ms(18428);
    memset(host.followers, 0, sizeof(host.followers));
    memset(host.waiters, 0, sizeof(host.waiters));
    host.hold_until_ms = 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *at = data + 1;
    struct jn_world *world;
    struct step step;

    if (size < 1 + HEAD_BYTES)
        return -1;
    world = jn_world_like(given);
    host_in(world);
    for (size_t i = 0; i < STEPS_MAX && step_next(&at, data + size, &step); i++) {
        if (!jn_fold_roomy(world->fold))
            turn(world, 0);
        if (step.head[0] % FRAMES == REQUEST)
            request(world, &step);
        else if (step.head[0] % FRAMES == REPLY)
            reply(world, step.bytes, step.length);
        else if (step.head[0] % FRAMES == SEALED)
            sealed(world, &step);
        else
            turn(world, step_ms(&step) % 10000);
    }
    turn(world, 0);
    jn_held_drop(&host);
    jn_world_close(world);
    return 0;
}
