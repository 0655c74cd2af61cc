/* Where the blocks go: append if the log still ends where I think it does; read from. The log is the truth, the tables
 * a view.
 *
 * The embedded implementation is an LMDB environment of its own, only ever appended to in key order and synced at every
 * block; that commit is the moment at which things have happened. Others (a segment file, a replicated log) may take
 * its place. */
#ifndef RUNTIME_LOG_H
#define RUNTIME_LOG_H

#include <stdbool.h>

#include "runtime/chain.h"

#define JN_ERROR_TEXT 512

struct jn_log_head {
    uint8_t log[JN_LOG_BYTES]; /* this log's identity */
    uint8_t secret[32];        /* of its salts; never leaves the service */
    uint64_t block;            /* 0: none yet */
    struct jn_hash hash;       /* zeros where none */
    int64_t time_ms;
};

enum jn_appended {
    JN_APPENDED,
    JN_STALE,  /* the log does not end there any more: somebody else leads */
    JN_FULL,   /* no room: nothing was written */
    JN_FAILED, /* nobody knows what is on the disk: exit */
};

struct jn_log {
    struct jn_log_head head;
    /* `after` is the hash of the block before; `hash` the new block's. Durable when it returns JN_APPENDED. */
    enum jn_appended (*append)(struct jn_log *log, const struct jn_hash *after, const void *block, size_t length,
                               const struct jn_hash *hash, int64_t time_ms);
    /* Up to the next end_read or append the bytes stay. False where there is none of that number. */
    bool (*read)(struct jn_log *log, uint64_t number, const void **block, size_t *length);
    void (*end_read)(struct jn_log *log);
    /* Now and then: what readers that have died still hold is let go, else the log grows by what they pin. */
    void (*tidy)(struct jn_log *log);
    /* Is it time to refuse new work, so that what is begun can be ended? */
    bool (*nearly_full)(const struct jn_log *log);
    /* What is wrong with it beside its blocks: rows too many, an identity that was changed. NULL or a sentence. */
    const char *(*fault)(struct jn_log *log);
    /* A copy as of one block into the folder, which is empty; works while others write. Not synced. NULL or a sentence.
     */
    const char *(*copy)(struct jn_log *log, const char *dir);
    void (*close)(struct jn_log *log);
};

enum {
    JN_LOG_READ_ONLY = 1,
    JN_LOG_UNSYNCED = 2 /* tests alone */,
    JN_LOG_ALONE = 4 /* a copy that nobody else has open */
};

/* Opens DIR (made where missing, 0700) for the service of that name; NULL with a sentence. */
struct jn_log *jn_log_open(const char *dir, const char *service, uint32_t map_gib, unsigned flags,
                           char error[JN_ERROR_TEXT]);

#endif
