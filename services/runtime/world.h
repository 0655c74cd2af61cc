/* A service's fold without sockets: what tests and the simulation drive. After each step the harness can rebuild the
 * tables from the log beside it and compare both dumps. */
#ifndef RUNTIME_WORLD_H
#define RUNTIME_WORLD_H

#include "runtime/fold.h"

struct jn_world;

/* A fresh service in a temporary folder, with a driven clock at start_ms. */
struct jn_world *jn_world_open(const struct jn_service *service, int64_t start_ms);
/* A world of its own that stands where the other stands; only counts and last events begin anew. Both go on apart. */
struct jn_world *jn_world_like(const struct jn_world *other);
void jn_world_close(struct jn_world *world);

/* One command in a block of its own, with the next sequence number. The reply (or NULL) is unpacked into the world's
 * arena, good until the next call. */
enum jn_code jn_world_command(struct jn_world *world, const struct jn_agency *who, const char *method,
                              const void *request, const void **reply);
/* The last command once more, under the same number. */
enum jn_code jn_world_again(struct jn_world *world, const void **reply);
enum jn_code jn_world_query(struct jn_world *world, const struct jn_agency *who, const char *method,
                            const void *request, const void **reply);
/* The same of a command's or query's bytes as they came, whatever they are. True in *again_same where the command once
 * more, under its number, is told the same; NULL: it is not sent again. */
enum jn_code jn_world_send(struct jn_world *world, const struct jn_agency *who, const char *method, const void *body,
                           size_t length, bool *again_same);
/* While it gathers, what comes goes into one block, as in a turn of the loop; false closes that. */
void jn_world_gather(struct jn_world *world, bool gather);
/* An upstream's event arrives (message: the inner message of that type). */
void jn_world_event(struct jn_world *world, const char *upstream, uint32_t type, const void *message);
/* The upstream's next block arrives, with these records, whatever they are. False where it was refused. */
bool jn_world_feed(struct jn_world *world, size_t upstream, const ProtobufCBinaryData *records, size_t count);
int64_t jn_world_now(const struct jn_world *world);
void jn_world_advance(struct jn_world *world, int64_t to_ms);

/* The service's report on the request, over the tables as they stand; good until the next call. */
const void *jn_world_report(struct jn_world *world, const void *request);

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
