/* The fold: what a service is, as the runtime sees it, and what its decisions, events, reactions and answers may use.
 *
 *   command -> decide(tables, now, who, command) -> events | refusal
 *   upstream event -> react(tables, now, event)  -> events
 *   due timer -> fire(tables, now, id)           -> events
 *   event -> apply(tables, event)                   the only writer
 *   query -> answer(tables, query)               -> reply
 *
 * All of them are deterministic: no clock, socket, file, randomness, environment, thread or allocation of their own. */
#ifndef RUNTIME_FOLD_H
#define RUNTIME_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "jineng/v1/common.pb-c.h"
#include "runtime/access.h"
#include "runtime/arena.h"
#include "runtime/code.h"

/* A command holds at most this many rows, a frame at most this many bytes. */
#define JN_ROWS_MAX        200
#define JN_FRAME_BYTES_MAX (256 * 1024)

/* ---- Tables ---- */

struct jn_view;   /* the tables, to read */
struct jn_tables; /* the tables, to write: apply alone is given them */

/* A table: key -> row (a message of the service's proto). Tables are named by their index in jn_service.tables. */
struct jn_table {
    const char *name;
    const ProtobufCMessageDescriptor *row;
};

/* Keys sort as bytes. JN_KEY(a, b, c) makes one of up to eight whole numbers, 8 bytes big-endian each. */
#define JN_TABLE_KEY_BYTES_MAX 64
struct jn_key {
    size_t length;
    uint8_t bytes[JN_TABLE_KEY_BYTES_MAX];
};
struct jn_key jn_key_numbers(size_t count, const uint64_t *numbers);
struct jn_key jn_key_bytes(const void *bytes, size_t length);   /* 1 to 64 */
uint64_t jn_key_number(const struct jn_key *key, size_t index); /* the index-th number of a JN_KEY */
#define JN_KEY(...)                                                                                                    \
    jn_key_numbers(sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), (const uint64_t[]){__VA_ARGS__})

/* A const copy of the row in the message's arena; NULL where there is none. */
const void *jn_get(const struct jn_view *view, unsigned table, struct jn_key key);
bool jn_has(const struct jn_view *view, unsigned table, struct jn_key key);
/* The row itself, for what is looked at again and again in a block: it shows what later events make of it. Until the
 * message ends. */
const void *jn_look(const struct jn_view *view, unsigned table, struct jn_key key);

/* Rows in key order from `from` on (or the first after it), while their keys begin with the first prefix_bytes of
 * `from`. The callback returns false to stop. At most `limit` rows; true where there were no more. */
typedef bool (*jn_scan_fn)(void *context, const struct jn_key *key, const void *row);
bool jn_scan(const struct jn_view *view, unsigned table, struct jn_key from, size_t prefix_bytes, size_t limit,
             jn_scan_fn each, void *context);
/* The first row at or after `from` within its prefix; NULL where there is none. *found is its key. */
const void *jn_first(const struct jn_view *view, unsigned table, struct jn_key from, size_t prefix_bytes,
                     struct jn_key *found);

void jn_put(struct jn_tables *tables, unsigned table, struct jn_key key, const void *row);
void jn_delete(struct jn_tables *tables, unsigned table, struct jn_key key);
/* The row where it lies, to be changed in place while its event is applied; NULL where there is none. Its numbers alone
 * and those of the messages and lists that it has: whatever points elsewhere is put. */
void *jn_change(struct jn_tables *tables, unsigned table, struct jn_key key);
const struct jn_view *jn_view_of(const struct jn_tables *tables);

/* Counters: dense numbers. Named by index, 0 to 31 without the runtime's own; start at 0. A decision numbers a thing
 * jn_counter()+1 and says so in its event; apply sets the counter. */
#define JN_COUNTERS         32
#define JN_COUNTER_SESSIONS 15 /* the runtime's own, where its tables have always had it */
uint64_t jn_counter(const struct jn_view *view, unsigned counter);
void jn_counter_set(struct jn_tables *tables, unsigned counter, uint64_t value);

/* Timers, set and cleared by apply alone. (kind, id) at due_ms; setting it twice at the same moment is once. */
void jn_timer_set(struct jn_tables *tables, int64_t due_ms, unsigned kind, uint64_t id);
void jn_timer_clear(struct jn_tables *tables, int64_t due_ms, unsigned kind, uint64_t id);

/* What a row or a list needs while it is built in apply or decide: zeroed memory of the message. NULL where the arena
 * is spent: the command is then undone by the runtime; jn_take never returns NULL to a fold, it hands out a sink
 * instead. */
void *jn_take(const struct jn_view *view, size_t bytes);

/* ---- Decisions ---- */

struct jn_decision {
    const struct jn_view *view;
    int64_t now_ms;
    int32_t today;               /* the day of now, UTC+8 */
    const struct jn_agency *who; /* NULL in reactions and timers */
    struct jn_arena *arena;
    struct jn_fold *fold; /* the runtime's */
};

/* Appends the event to the block and applies it at once. type: the field number in the service's Event; message: that
 * field's message. Returns JN_OK. */
enum jn_code jn_emit(struct jn_decision *d, uint32_t type, const void *message);

/* The reply message of the method; without it the reply's body is empty. Copied. */
void jn_reply(struct jn_decision *d, const ProtobufCMessage *reply);

/* Sets the sentence that goes with a refusal (what is wrong, what to do) and returns code. No personal data in it. */
enum jn_code jn_refuse(struct jn_decision *d, enum jn_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Several rows, each with an outcome of its own: a savepoint for each row of a bulk command. */
void jn_row_begin(struct jn_decision *d);
/* JN_OK keeps what the row emitted; anything else undoes it. Returns code. */
enum jn_code jn_row_end(struct jn_decision *d, enum jn_code code);
/* The sentence of the refusal since jn_row_begin, in the arena; "" where none. */
const char *jn_row_reason(const struct jn_decision *d);
/* What came of a row, for the reply: its place from 0, the code, the sentence. */
Common__Outcome *jn_outcome(const struct jn_decision *d, size_t row, enum jn_code code, const char *reason);

/* 16 bytes: HMAC-SM3 of the text under the service's own key: deterministic for the fold, since the event carries it
 * on. */
void jn_pseudonym(struct jn_decision *d, const char *text, uint8_t out[16]);

/* SM3 of the message as protobuf packs it. */
#define JN_DIGEST_BYTES 32
void jn_digest(const struct jn_view *view, const ProtobufCMessage *message, uint8_t out[JN_DIGEST_BYTES]);

/* How far this service has read an upstream's log: the last block whose events have taken effect. */
uint64_t jn_read_through(const struct jn_decision *d, const char *upstream);

/* True where the clock is driven: a rehearsal. */
bool jn_rehearsal(const struct jn_decision *d);

/* ---- A report ---- */

/* What is reckoned over a copy of the tables, beside the service: too long for a query. It reads alone. */
struct jn_report {
    const struct jn_view *view;
    struct jn_arena *kept;    /* the runtime's */
    struct jn_arena *scratch; /* likewise: what accessors and jn_take give */
};
/* Zeroed memory that stays until the report is over. */
void *jn_report_keep(struct jn_report *report, size_t bytes);
/* All that accessors and jn_take gave is gone. */
void jn_report_forget(struct jn_report *report);

/* ---- A service ---- */

typedef void (*jn_any_fn)(void);
#define JN_FN(function) ((jn_any_fn)(function))

/* decide: enum jn_code (struct jn_decision *d, const Request *request), Request being the rpc's input message.
 * answer: enum jn_code (struct jn_decision *d, const Request *request): reads only, replies with jn_reply. */
struct jn_method {
    const char *name; /* as in the proto's rpc */
    jn_any_fn decide; /* one of the two */
    jn_any_fn answer;
    uint32_t roles; /* who may call it */
};

/* apply: void (struct jn_tables *t, const Event *event, const struct jn_stamp *stamp). Cannot fail. */
struct jn_stamp {
    int64_t time_ms;
    uint64_t block; /* the block it lies in; 0 while a block is open is never seen: it is the coming number */
    uint32_t index; /* in the block */
};
/* Of the event that is being applied. */
const struct jn_stamp *jn_stamp_of(const struct jn_tables *tables);
#define JN_EVENT_TYPES 128
struct jn_event {
    uint32_t type; /* field number in the Event message, below JN_EVENT_TYPES */
    jn_any_fn apply;
    uint32_t readers; /* roles that may read it in the feed, besides the auditor; with the whole city as their scope */
    bool personal;    /* true: names people; the auditor may not read it either */
};

/* react: enum jn_code (struct jn_decision *d, const Event *event, const struct jn_source *source). Must return JN_OK:
 * an event that has happened elsewhere cannot be refused; what is odd about it is an event of one's own. */
struct jn_source {
    const char *upstream;
    uint64_t block;
    uint32_t index;
    int64_t time_ms;
};
struct jn_reaction {
    const char *upstream; /* "enrollment" */
    uint32_t type;        /* field number in the upstream's Event */
    jn_any_fn react;
};
struct jn_upstream {
    const char *name;
    const ProtobufCMessageDescriptor *event; /* its Event message */
};

/* fire: enum jn_code (struct jn_decision *d, uint64_t id). Its events must clear or move the timer. */
struct jn_timer {
    jn_any_fn fire; /* by kind: the index in jn_service.timers */
};

/* What an audit finds wrong; a printf. Returns with the audit going on. */
struct jn_audit {
    const struct jn_view *view;
    size_t findings;
    char *text; /* sentences, a line each; the runtime's */
};
void jn_finding(struct jn_audit *audit, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct jn_service {
    const char *name; /* "ledger" */
    uint32_t version; /* of the tables: another one is rebuilt from the log */
    const ProtobufCServiceDescriptor *contract;
    const ProtobufCMessageDescriptor *event; /* the message with one oneof of all events */
    const struct jn_table *tables;
    const struct jn_method *methods;
    const struct jn_event *events;
    const struct jn_upstream *upstreams;
    const struct jn_reaction *reactions;
    const struct jn_timer *timers;
    size_t tables_count, methods_count, events_count, upstreams_count, reactions_count, timers_count;
    void (*audit)(struct jn_audit *audit);     /* every invariant, over all tables; jineng verify */
    void (*check)(const struct jn_view *view); /* cheap invariants after every block, JN_ASSERT; may be NULL */
    /* A report on what is asked; jineng-NAME --report. Both may be NULL. */
    const ProtobufCMessageDescriptor *report_request;
    const ProtobufCMessage *(*report)(struct jn_report *report, const void *request);
};
#define JN_LIST(array) .array = array, .array##_count = sizeof(array) / sizeof((array)[0])

/* A service's main: reads its arguments (--data DIR, verify, rebuild, dump), opens, serves until SIGTERM. */
int jn_main(const struct jn_service *service, int argc, char **argv);

#endif
