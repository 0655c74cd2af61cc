/* A service's fold without sockets: what tests and the simulation drive. After each step the harness can rebuild the
 * tables from the log beside it and compare both dumps. */
#ifndef RUNTIME_WORLD_H
#define RUNTIME_WORLD_H

#include "runtime/fold.h"

struct jn_world;

/* A fresh service in a temporary folder, with a driven clock at start_ms. */
struct jn_world *jn_world_open(const struct jn_service *service, int64_t start_ms);
void jn_world_close(struct jn_world *world);

/* One command in a block of its own, with the next sequence number. The reply (or NULL) is unpacked into the world's
 * arena, good until the next call. */
enum jn_code jn_world_command(struct jn_world *world, const struct jn_agency *who, const char *method,
                              const void *request, const void **reply);
/* The last command once more, under the same number. */
enum jn_code jn_world_again(struct jn_world *world, const void **reply);
enum jn_code jn_world_query(struct jn_world *world, const struct jn_agency *who, const char *method,
                            const void *request, const void **reply);
/* An upstream's event arrives (message: the inner message of that type). */
void jn_world_event(struct jn_world *world, const char *upstream, uint32_t type, const void *message);
void jn_world_advance(struct jn_world *world, int64_t to_ms);

const char *jn_world_reason(const struct jn_world *world);
/* Events emitted since the world was opened, by type, and the last one of a type (NULL where none). */
size_t jn_world_count(const struct jn_world *world, uint32_t type);
const void *jn_world_last(const struct jn_world *world, uint32_t type);
/* The audit's findings as text, "" where all is well, after a rebuild and a comparison of the dumps. Called by every
 * step too. */
const char *jn_world_audit(struct jn_world *world);

/* An agency with these roles and everything in scope. */
struct jn_agency jn_world_agency(const char *name, uint32_t roles);

#endif
