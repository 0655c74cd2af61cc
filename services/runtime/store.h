/* A service's folder: its log, its tables, the mark that tells whether these can be trusted, checkpoints. */
#ifndef RUNTIME_STORE_H
#define RUNTIME_STORE_H

#include "runtime/config.h"
#include "runtime/engine.h"

struct jn_store {
    char dir[JN_PATH_MAX];
    struct jn_log *log;
    struct jn_tables *tables;
    struct jn_fold *fold;
    int lock; /* file descriptor of the lock, -1 where not held */
    uint64_t replayed; /* blocks that the start replayed */
};

/* Opens DIR for the service, alone: locks it, opens the log, trusts or rebuilds the tables, catches up. */
bool jn_store_open(struct jn_store *store, const struct jn_service *service, const char *dir, uint32_t map_gib, bool driven,
                   char error[JN_ERROR_TEXT]);
/* Syncs the tables and takes the mark away: the next start trusts them. */
void jn_store_close(struct jn_store *store);

/* A copy of the tables, synced and renamed into place, from which a rebuild starts. */
bool jn_store_checkpoint(struct jn_store *store, char error[JN_ERROR_TEXT]);

/* Reads everything again beside what stands: chain, tables rebuilt in a scratch folder and compared, invariants. Findings go to the
 * visitor, a sentence each; returns their number. Works while the service runs. */
typedef void (*jn_finding_fn)(void *context, const char *sentence);
size_t jn_store_verify(const struct jn_service *service, const char *dir, uint32_t map_gib, const char *scratch,
                       jn_finding_fn each, void *context);

#endif
