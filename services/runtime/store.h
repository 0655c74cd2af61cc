/* A service's folder: its log, its tables, the mark that tells whether these can be trusted, checkpoints; proof and
 * copies of it. */
#ifndef RUNTIME_STORE_H
#define RUNTIME_STORE_H

#include <stdio.h>

#include "runtime/config.h"
#include "runtime/engine.h"
#include "runtime/sign.h"

struct jn_store {
    char dir[JN_PATH_MAX];
    struct jn_log *log;
    struct jn_tables *tables;
    struct jn_fold *fold;
    int lock;          /* file descriptor of the lock, -1 where not held */
    uint64_t replayed; /* blocks that the start replayed */
};

/* Opens DIR for the service, alone: locks it, opens the log, trusts or rebuilds the tables, catches up. */
bool jn_store_open(struct jn_store *store, const struct jn_service *service, const char *dir, uint32_t map_gib,
                   bool driven, char error[JN_ERROR_TEXT]);
/* The part of it behind the log, which is open already (store->log, store->dir; store->lock is -1 where not held): for
 * a log that lies elsewhere. */
bool jn_store_attach(struct jn_store *store, const struct jn_service *service, uint32_t map_gib, bool driven,
                     char error[JN_ERROR_TEXT]);
/* Syncs the tables and takes the mark away: the next start trusts them. */
void jn_store_close(struct jn_store *store);

/* A copy of the tables, synced and renamed into place, from which a rebuild starts. */
bool jn_store_checkpoint(struct jn_store *store, char error[JN_ERROR_TEXT]);
/* The block that the copy stands at; 0 where there is none of this log. */
uint64_t jn_store_checkpointed(const struct jn_store *store);

/* DIR/pseudonym.key, made where the log is still empty. It is tied to its log: another one is refused. check makes
 * none. */
#define JN_PSEUDONYM_KEY_BYTES 32
bool jn_store_key_load(const char *dir, const struct jn_log *log, uint8_t out[JN_PSEUDONYM_KEY_BYTES],
                       char error[JN_ERROR_TEXT]);
bool jn_store_key_check(const char *dir, const struct jn_log *log, char error[JN_ERROR_TEXT]);

/* ---- Proof ---- */

typedef void (*jn_finding_fn)(void *context, const char *sentence);

struct jn_verified {
    bool started;            /* there is a log */
    bool compared;           /* there were tables; a folder that was just restored has none yet */
    uint64_t blocks, events; /* of the log */
    uint64_t rows, stood_at; /* compared, and the block that the tables stood at */
    uint64_t cursors, heads; /* written to SCRATCH */
    int64_t time_ms;         /* of the last block */
    struct jn_hash hash;
};

/* Reads everything again beside what stands: chain, tables rebuilt in the scratch folder and compared, invariants.
 * Findings go to the visitor, a sentence each; returns their number. Works while the service runs. Every cursor of the
 * log is written to SCRATCH/cursors.UPSTREAM, for jn_store_witness. */
size_t jn_store_verify(const struct jn_service *service, const char *dir, uint32_t map_gib, const char *scratch,
                       struct jn_verified *out, jn_finding_fn each, void *context);

/* A line each of SCRATCH/cursors.UPSTREAM. */
void jn_testify_cursor(FILE *out, const Envelope__Cursor *cursor, uint64_t block);
void jn_testify_head(FILE *out, const ProtobufCBinaryData *signed_head, uint64_t block);

/* What a follower saw of this log (its cursors.THIS), and what this service has signed of it for the follower to keep:
 * each block that is named must be here, with that hash. key: the service's, NULL where it is not at hand: a head that
 * it has signed convicts it before others. To be asked after the follower was verified: the log may have grown since,
 * but must not be shorter. */
struct jn_witnessed {
    uint64_t cursors, heads;
    uint64_t unsigned_heads; /* of these: not signed by the key: by one that it has replaced, or by nobody */
};
size_t jn_store_witness(const struct jn_service *service, const char *dir, uint32_t map_gib, const char *follower,
                        const char *cursors, const struct jn_sign_public *key, struct jn_witnessed *out,
                        jn_finding_fn each, void *context);

/* ---- Reports ---- */

/* The service's report (fold.h) on a request's bytes, over the tables as they stand at this moment: a snapshot that a
 * service at work neither waits for nor sees. The reply's bytes are the caller's to free. False with a sentence. */
bool jn_store_report(const struct jn_service *service, const char *dir, uint32_t map_gib, const uint8_t *request,
                     size_t length, uint8_t **reply, size_t *reply_length, char error[JN_ERROR_TEXT]);

/* ---- Copies ---- */

/* Copies log and key, synced, into TO, which it makes; works while the service runs. The tables are not copied: a view
 * can be made again. *head is the copy's. */
bool jn_store_copy(const struct jn_service *service, const char *dir, uint32_t map_gib, const char *to,
                   struct jn_log_head *head, char error[JN_ERROR_TEXT]);

#endif
