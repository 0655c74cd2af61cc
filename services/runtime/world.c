/* A service's fold without sockets, with a replica that replays every block: both dumps must agree after each step. */
#include "runtime/world_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORLD_MAP_GIB 4

struct jn_agency
jn_world_agency(const char *name, uint32_t roles)
{
    struct jn_agency agency = {.roles = roles};

    snprintf(agency.name, sizeof(agency.name), "%s", name);
    for (size_t i = 0; i < sizeof(agency.key); i++)
        agency.key[i] = (uint8_t)(name[i % strlen(name)] + (int)i);
    return agency;
}

/* PATH of a part, in the world's folder. */
static const char *
path_of(const struct jn_world *world, const char *part, char out[200])
{
    snprintf(out, 200, "%s/%s", world->dir, part);
    return out;
}

static struct jn_tables *
open_tables(struct jn_world *world, const char *name)
{
    char path[200], error[JN_ERROR_TEXT];
    struct jn_tables *tables = jn_tables_open(path_of(world, name, path), world->service, WORLD_MAP_GIB, false, error);

    JN_ASSERT(tables);
    return tables;
}

static void
open_parts(struct jn_world *world)
{
    char path[200], error[JN_ERROR_TEXT];

    world->log = jn_log_open(path_of(world, "log", path), world->service->name, WORLD_MAP_GIB, JN_LOG_UNSYNCED, error);
    JN_ASSERT(world->log);
    memcpy(&world->replica_head, &world->log->head, sizeof(world->replica_head));
    world->tables = open_tables(world, "tables");
    world->replica_tables = open_tables(world, "replica");
    world->fold = jn_fold_open(world->service, world->log, world->tables, true);
    world->replica = jn_fold_open(world->service, world->log, world->replica_tables, true);
    jn_arena_open(&world->arena, (size_t)64 << 20);
    jn_arena_open(&world->last_arena, (size_t)512 << 20);
    memset(world->fold->pseudonym_key, 7, sizeof(world->fold->pseudonym_key));
}

static struct jn_world *
world_new(const struct jn_service *service)
{
    struct jn_world *world = calloc(1, sizeof(*world));
    const char *root = getenv("TMPDIR");

    JN_ASSERT(world);
    world->service = service;
    snprintf(world->dir, sizeof(world->dir), "%.100s/jineng-world-XXXXXX", root && *root ? root : "/tmp");
    JN_ASSERT(mkdtemp(world->dir));
    return world;
}

struct jn_world *
jn_world_open(const struct jn_service *service, int64_t start_ms)
{
    struct jn_world *world = world_new(service);

    open_parts(world);
    jn_world_advance(world, start_ms);
    return world;
}

static void
copy_environment(MDB_env *env, const struct jn_world *to, const char *part)
{
    char path[200];

    JN_ASSERT(mkdir(path_of(to, part, path), 0700) == 0);
    JN_ASSERT(mdb_env_copy(env, path) == 0);
}

struct jn_world *
jn_world_like(const struct jn_world *other)
{
    struct jn_world *world = world_new(other->service);
    char path[200];

    JN_ASSERT(!other->open);
    JN_ASSERT(mkdir(path_of(world, "log", path), 0700) == 0 && !other->log->copy(other->log, path));
    copy_environment(other->tables->env, world, "tables");
    copy_environment(other->replica_tables->env, world, "replica");
    open_parts(world);
    /* Cursors that moved without anything coming of it are in no block yet. */
    memcpy(world->fold->upstreams, other->fold->upstreams, sizeof(world->fold->upstreams));
    world->fold->cursors_moved = other->fold->cursors_moved;
    world->fold->events = other->fold->events;
    world->replica->events = other->replica->events;
    world->sequence = other->sequence;
    return world;
}

void
jn_world_close(struct jn_world *world)
{
    static const char *const parts[] = {"log", "tables", "replica"};
    char path[200];

    jn_world_gather(world, false);
    jn_fold_close(world->fold);
    jn_fold_close(world->replica);
    jn_tables_close(world->tables);
    jn_tables_close(world->replica_tables);
    world->log->close(world->log);
    jn_arena_close(&world->arena);
    jn_arena_close(&world->last_arena);
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s/%s/data.mdb", world->dir, parts[i]);
        unlink(path);
        snprintf(path, sizeof(path), "%s/%s/lock.mdb", world->dir, parts[i]);
        unlink(path);
        snprintf(path, sizeof(path), "%s/%s", world->dir, parts[i]);
        rmdir(path);
    }
    rmdir(world->dir);
    free(world->findings);
    free(world);
}

static void
note_events(struct jn_world *world, const Envelope__Block *block)
{
    const ProtobufCMessageDescriptor *descriptor = world->service->event;

    for (size_t i = 0; i < block->n_records; i++) {
        Envelope__Record *record =
            envelope__record__unpack(&world->last_arena.allocator, block->records[i].len, block->records[i].data);
        const void *unpacked =
            protobuf_c_message_unpack(descriptor, &world->last_arena.allocator, record->event.len, record->event.data);
        const uint8_t *event = unpacked;
        uint32_t type;

        memcpy(&type, event + descriptor->fields[0].quantifier_offset, sizeof(type));
        world->counts[type]++;
        memcpy(&world->last[type], event + protobuf_c_message_descriptor_get_field(descriptor, type)->offset,
               sizeof(void *));
    }
}

static void
replay_block(struct jn_world *world, uint64_t number)
{
    const void *bytes;
    size_t length;
    Envelope__Block *block;
    const char *fault;

    JN_ASSERT(world->log->read(world->log, number, &bytes, &length));
    block = envelope__block__unpack(&world->last_arena.allocator, length, bytes);
    JN_ASSERT(block);
    note_events(world, block);
    jn_tables_begin(world->replica_tables);
    fault = jn_fold_replay(world->replica, bytes, length, &world->replica_head);
    if (fault)
        fprintf(stderr, "the replica cannot replay block %llu: %s\n", (unsigned long long)number, fault);
    JN_ASSERT(!fault);
    world->log->end_read(world->log);
    JN_ASSERT(jn_tables_commit(world->replica_tables));
}

/* Whatever the blocks were, the replica must come to the same tables by the log alone. */
static void
replay(struct jn_world *world)
{
    while (world->replica_head.block < world->log->head.block)
        replay_block(world, world->replica_head.block + 1);
}

const char *
jn_world_audit(struct jn_world *world)
{
    struct jn_audit audit = {0};
    char differ[JN_ERROR_TEXT];

    free(world->findings);
    jn_tables_begin(world->tables);
    jn_tables_begin(world->replica_tables);
    world->tables->arena = &world->fold->message;
    if (jn_tables_differ(world->tables, world->replica_tables, differ)) {
        fprintf(stderr, "the tables and their replica differ: %s\n", differ);
        abort();
    }
    audit.view = jn_view_of(world->tables);
    if (world->service->audit)
        world->service->audit(&audit);
    jn_tables_abort(world->tables);
    jn_tables_abort(world->replica_tables);
    jn_arena_reset(&world->fold->message);
    world->findings = audit.text ? audit.text : strdup("");
    return world->findings;
}

void
jn_world_begin(struct jn_world *world)
{
    if (!world->open)
        jn_fold_begin(world->fold, 0);
    world->open = true;
}

void
jn_world_commit(struct jn_world *world)
{
    enum jn_committed committed;
    const char *findings;

    if (world->gathering && jn_fold_roomy(world->fold)) {
        jn_arena_reset(&world->fold->message);
        return;
    }
    committed = jn_fold_commit(world->fold, false);
    world->open = false;
    JN_ASSERT(committed == JN_COMMITTED || committed == JN_NOTHING);
    replay(world);
    findings = jn_world_audit(world);
    if (*findings)
        fprintf(stderr, "audit:\n%s", findings);
    JN_ASSERT(!*findings);
}

void
jn_world_gather(struct jn_world *world, bool gather)
{
    world->gathering = gather;
    if (!gather && world->open)
        jn_world_commit(world);
}

enum jn_code
jn_world_run(struct jn_world *world, const void **reply)
{
    static const uint8_t session[16] = "world session 1";
    const ProtobufCMethodDescriptor *descriptor = NULL;
    const struct jn_method *method = jn_fold_method(world->fold, world->method, &descriptor);
    struct jn_call call = {&world->who, {session, 16}, world->sequence, method, NULL, world->body};
    struct jn_result result;

    JN_ASSERT(method);
    call.input = descriptor->input;
    jn_arena_reset(&world->arena);
    jn_world_begin(world);
    if (!jn_may(&world->who, method->roles))
        result = (struct jn_result){.code = JN_DENIED, .reason = ""};
    else if (method->answer)
        jn_fold_query(world->fold, &call, &result);
    else
        jn_fold_command(world->fold, &call, &result);
    snprintf(world->reason, sizeof(world->reason), "%s", result.reason);
    world->told.length = result.body.length;
    world->told.bytes = jn_arena_copy(&world->arena, result.body.bytes, result.body.length);
    if (reply)
        *reply = result.code != JN_OK ? NULL
                                      : protobuf_c_message_unpack(descriptor->output, &world->arena.allocator,
                                                                  result.body.length, result.body.bytes);
    jn_world_commit(world);
    return result.code;
}

static enum jn_code
call(struct jn_world *world, const struct jn_agency *who, const char *method, const void *request, const void **reply)
{
    size_t length = protobuf_c_message_get_packed_size(request);
    uint8_t *bytes = jn_arena_take(&world->last_arena, length);

    protobuf_c_message_pack(request, bytes);
    world->who = *who;
    world->body = (struct jn_slice){bytes, length};
    snprintf(world->method, sizeof(world->method), "%s", method);
    return jn_world_run(world, reply);
}

enum jn_code
jn_world_command(struct jn_world *world, const struct jn_agency *who, const char *method, const void *request,
                 const void **reply)
{
    world->sequence++;
    return call(world, who, method, request, reply);
}

enum jn_code
jn_world_again(struct jn_world *world, const void **reply)
{
    return jn_world_run(world, reply);
}

enum jn_code
jn_world_query(struct jn_world *world, const struct jn_agency *who, const char *method, const void *request,
               const void **reply)
{
    return call(world, who, method, request, reply);
}

const void *
jn_world_report(struct jn_world *world, const void *request)
{
    struct jn_arena scratch, *before = world->tables->arena;
    struct jn_report report = {.view = jn_view_of(world->tables), .kept = &world->arena, .scratch = &scratch};
    const void *said;

    jn_arena_reset(&world->arena);
    jn_arena_open(&scratch, (size_t)1 << 30);
    world->tables->arena = &scratch;
    jn_tables_begin(world->tables);
    said = world->service->report(&report, request);
    jn_tables_abort(world->tables);
    world->tables->arena = before;
    jn_arena_close(&scratch);
    JN_ASSERT(!world->arena.spent);
    return said;
}

void
jn_world_event(struct jn_world *world, const char *upstream, uint32_t type, const void *message)
{
    struct jn_source source = {upstream, 0, 0, world->fold->time_ms};
    bool known = false;

    for (size_t i = 0; i < world->service->upstreams_count; i++) {
        if (strcmp(world->service->upstreams[i].name, upstream) != 0)
            continue;
        source.block = ++world->fold->upstreams[i].block;
        world->fold->upstreams[i].known = true;
        world->fold->cursors_moved = true;
    }
    jn_world_begin(world);
    for (size_t i = 0; i < world->service->reactions_count; i++) {
        const struct jn_reaction *reaction = &world->service->reactions[i];

        if (reaction->type != type || strcmp(reaction->upstream, upstream) != 0)
            continue;
        known = true;
        JN_ASSERT(jn_fold_react(
            world->fold, (enum jn_code(*)(struct jn_decision *, const void *, const struct jn_source *))reaction->react,
            message, &source));
    }
    JN_ASSERT(known);
    jn_world_commit(world);
}

void
jn_world_advance(struct jn_world *world, int64_t to_ms)
{
    bool more = true;

    while (more) {
        jn_world_begin(world);
        more = jn_fold_advance(world->fold, to_ms);
        jn_world_commit(world);
    }
}

const char *
jn_world_reason(const struct jn_world *world)
{
    return world->reason;
}

size_t
jn_world_count(const struct jn_world *world, uint32_t type)
{
    return world->counts[type];
}

const void *
jn_world_last(const struct jn_world *world, uint32_t type)
{
    return world->last[type];
}
