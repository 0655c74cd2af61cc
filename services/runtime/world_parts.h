/* What the world's files share: world.c (what stories say) and world_raw.c (bytes as they come). */
#ifndef RUNTIME_WORLD_PARTS_H
#define RUNTIME_WORLD_PARTS_H

#include "runtime/engine.h"
#include "runtime/feed.h"
#include "runtime/world.h"

struct jn_world {
    const struct jn_service *service;
    char dir[160];
    struct jn_log *log;
    struct jn_tables *tables, *replica_tables;
    struct jn_fold *fold, *replica;
    struct jn_log_head replica_head;
    struct jn_arena arena, last_arena;
    uint64_t sequence;
    struct jn_agency who;
    char method[64];
    struct jn_slice body;
    char reason[512];
    struct jn_slice told; /* the last reply's body, in the arena */
    size_t counts[JN_EVENT_TYPES];
    const void *last[JN_EVENT_TYPES];
    bool gathering, open;
    char *findings;
};

/* A block is under construction. */
void jn_world_begin(struct jn_world *world);
/* Closes it, unless the world gathers and there is room: then all that must hold after a block is looked at. */
void jn_world_commit(struct jn_world *world);
/* What who, method, body and sequence say. */
enum jn_code jn_world_run(struct jn_world *world, const void **reply);

#endif
