/* The engine under fold.h: blocks built from commands, reactions and timers; replay. Sockets and simulations drive it
 * alike. */
#ifndef RUNTIME_ENGINE_H
#define RUNTIME_ENGINE_H

#include "jineng/v1/runtime.pb-c.h"
#include "runtime/fold.h"
#include "runtime/log.h"
#include "runtime/tables.h"

/* A block is closed at the first command that finds it this full; one command may add at most JN_EMITS_MAX, and no more
 * once the block holds JN_BLOCK_BYTES_MAX. A block is sent whole to those who follow: with what its hashes add it must
 * fit their frames. */
#define JN_BLOCK_RECORDS     4000
#define JN_EMITS_MAX         2000
#define JN_BLOCK_RECORDS_MAX (JN_BLOCK_RECORDS + JN_EMITS_MAX)
#define JN_BLOCK_BYTES       ((size_t)512 << 10)
#define JN_BLOCK_BYTES_MAX   ((size_t)4 << 20)
#define JN_BLOCK_ANSWERS_MAX 2048
#define JN_WINDOW            4096
#define JN_UPSTREAMS_MAX     8

/* The last moment that a clock may come to: the beginning of 2150, well before dates end with 2199. */
#define JN_TIME_MAX_MS INT64_C(5680252800000)
/* An upstream's clock may go ahead of a real one by so much; what it says beyond that is not taken for the time. */
#define JN_AHEAD_MS INT64_C(86400000)

struct jn_standing {
    uint8_t log[JN_LOG_BYTES];
    bool known; /* the log's identity is */
    uint64_t block;
    struct jn_hash hash;
    uint32_t taken; /* records of the next block that have had their effect */
};

struct jn_slice {
    const uint8_t *bytes;
    size_t length;
};

/* What an upstream has signed of its log (proof.SignedHead), kept with the next block: by its own hand it is held to
 * that. */
#define JN_HEAD_BYTES_MAX 512
struct jn_kept_head {
    size_t length; /* 0: none is to be kept */
    uint8_t bytes[JN_HEAD_BYTES_MAX];
};
/* Packed, in the arena. */
struct jn_slice jn_message_pack(struct jn_arena *arena, const ProtobufCMessage *message);

struct jn_result {
    enum jn_code code;
    const char *reason; /* never NULL */
    struct jn_slice body;
    uint64_t
        block; /* where it was done, for a command that is OK: the coming one, or for a repeat an earlier one; else 0 */
};

struct jn_call {
    const struct jn_agency *who;
    struct jn_slice session;
    uint64_t sequence;
    const struct jn_method *method;
    const ProtobufCMessageDescriptor *input;
    struct jn_slice body;
};

struct jn_fold {
    const struct jn_service *service;
    struct jn_log *log;
    struct jn_tables *tables;
    bool driven;
    uint8_t pseudonym_key[32];

    struct jn_arena message; /* reset after every message */
    struct jn_arena block;   /* reset after every block */
    struct jn_slice records[JN_BLOCK_RECORDS_MAX];
    size_t records_count, block_bytes;
    Envelope__Answer *answers[JN_BLOCK_ANSWERS_MAX];
    struct jn_slice contents[JN_BLOCK_ANSWERS_MAX]; /* what an answer's content is to be made of; none: it has it */
    uint64_t numbers[JN_BLOCK_ANSWERS_MAX];         /* of their sessions */
    uint16_t places[2 * JN_BLOCK_ANSWERS_MAX];      /* of answers, by session and place in the window; 0: none */
    size_t answers_count;
    uint64_t touched[JN_BLOCK_ANSWERS_MAX],
        touched_last[JN_BLOCK_ANSWERS_MAX]; /* sessions of this block, by their number */
    struct jn_key touched_key[JN_BLOCK_ANSWERS_MAX];
    size_t touched_count;
    int64_t time_ms;    /* of the block under construction; never falls */
    int64_t latest_ms;  /* what an upstream's event may raise it to */
    int64_t began_ms;   /* before the block: what abandoning it goes back to */
    bool time_moved;    /* the clock was driven: worth a block of its own */
    bool cursors_moved; /* since the last block */
    uint64_t events;    /* in the log and the block */

    struct jn_standing
        upstreams[JN_UPSTREAMS_MAX]; /* how far each has been read; ahead of the tables while nothing came of it */
    struct jn_kept_head heads[JN_UPSTREAMS_MAX]; /* alone they are worth no block */

    /* Of the message under way. */
    char reason[512];
    struct jn_slice reply;
    size_t emits, row_savepoint, row_records;
    bool spent; /* the message asked for more than a message may have */
    const struct jn_event *event_of[JN_EVENT_TYPES];
    const ProtobufCMessageDescriptor *message_of[JN_EVENT_TYPES];
};

/* service stays the caller's. The tables must match the log (jn_fold_catch_up). */
struct jn_fold *jn_fold_open(const struct jn_service *service, struct jn_log *log, struct jn_tables *tables,
                             bool driven);
void jn_fold_close(struct jn_fold *fold); /* neither log nor tables */

const struct jn_method *jn_fold_method(const struct jn_fold *fold, const char *name,
                                       const ProtobufCMethodDescriptor **descriptor);

/* A batch: begin, any of the four, commit. begin raises the time to now_ms where the clock is real. */
void jn_fold_begin(struct jn_fold *fold, int64_t now_ms);
void jn_fold_command(struct jn_fold *fold, const struct jn_call *call, struct jn_result *out);
void jn_fold_query(struct jn_fold *fold, const struct jn_call *call, struct jn_result *out);
/* One block that a feed brought, or as much of it as there is room for (`taken` tells; the rest is taken when it comes
 * again). False with a sentence where it does not continue what was read before or there was no room: the caller then
 * undoes the whole block under construction (jn_fold_abandon). */
bool jn_fold_feed(struct jn_fold *fold, unsigned upstream, const Runtime__FeedBlock *block, char error[JN_ERROR_TEXT]);
/* One upstream event; what it says of its time is taken within what this service's own clock allows. react: enum
 * jn_code (struct jn_decision *, const void *, const struct jn_source *). */
bool jn_fold_react(struct jn_fold *fold,
                   enum jn_code (*react)(struct jn_decision *, const void *, const struct jn_source *),
                   const void *event, const struct jn_source *source);
void jn_fold_abandon(struct jn_fold *fold);
/* Fires timers due by to_ms, in due order, until the block is full: true while more are due. */
bool jn_fold_advance(struct jn_fold *fold, int64_t to_ms);
/* Room for another message in this block? */
bool jn_fold_roomy(const struct jn_fold *fold);

enum jn_committed {
    JN_NOTHING,   /* to do */
    JN_COMMITTED, /* log synced, tables committed */
    JN_NO_ROOM,   /* log or tables are full: everything of the block was undone, nobody may be told OK */
    JN_BROKEN,    /* say why and exit */
};
/* `flush`: cursors that moved alone are worth a block too (a clean stop). */
enum jn_committed jn_fold_commit(struct jn_fold *fold, bool flush);

/* Applies one stored block to the tables (open transaction), checking the chain. NULL or what is wrong with it. */
const char *jn_fold_replay(struct jn_fold *fold, const void *block, size_t length, struct jn_log_head *head);

/* Where the tables stand; false where they have no mark. */
bool jn_tables_mark(struct jn_tables *tables, struct jn_log_head *out, uint32_t *version, uint64_t *events);

#endif
