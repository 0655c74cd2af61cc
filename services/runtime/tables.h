/* The tables: an LMDB environment that is a view of the log, with an undo list as savepoint. The runtime's own side of
 * fold.h. */
#ifndef RUNTIME_TABLES_H
#define RUNTIME_TABLES_H

#include <lmdb.h>

#include "jineng/v1/runtime.pb-c.h"
#include "runtime/fold.h"
#include "runtime/kept.h"
#include "runtime/log.h"

/* The runtime's own tables come first; the service's follow. */
enum { TABLE_MARK, TABLE_CURSOR, TABLE_SESSION, TABLE_COMMAND, TABLE_TIMER, TABLE_LOG_HISTORY, TABLES_OWN };
/* Raised when these change: tables of another version are rebuilt, as with a service's own. */
#define TABLES_OWN_VERSION 2
#define TABLES_MAX         JN_KEPT_TABLES_MAX

struct jn_undo {
    uint8_t *bytes; /* entries one behind the other, each with its length at its end */
    size_t used, size;
    uint64_t
        savepoint; /* counts the places that were gone back to, or may be: what was noted since the last is enough */
};

struct jn_tables {
    const struct jn_service *service;
    MDB_env *env;
    MDB_txn *txn; /* NULL between batches */
    MDB_dbi dbis[TABLES_MAX];
    const ProtobufCMessageDescriptor *rows[TABLES_MAX];
    const char *names[TABLES_MAX];
    size_t count;
    struct jn_arena *arena; /* of the message under way */
    struct jn_undo undo;
    struct jn_kept kept; /* what LMDB has not heard of yet */
    int error;           /* sticks: the first LMDB error since the transaction began; accessors go quiet */
    bool applying;
    struct jn_stamp stamp; /* of what is applied */
    bool serving; /* a service stands on them: what shows that they are damaged ends it, and they are made again */
    uint64_t counters[JN_COUNTERS];
    uint8_t *scratch;
    size_t scratch_size;
};

/* NULL with a sentence; errno is 0 then where the file itself is at fault, and not what surrounds it. */
struct jn_tables *jn_tables_open(const char *dir, const struct jn_service *service, uint32_t map_gib, bool read_only,
                                 char error[JN_ERROR_TEXT]);
void jn_tables_close(struct jn_tables *tables);

/* Of the map the last ninth is kept for what the log has already: no block is begun once the rest is used, so that none
 * that was written to the log can fail for want of it. */
bool jn_tables_nearly_full(const struct jn_tables *tables);
bool jn_tables_full(const struct jn_tables *tables);
/* Room on the disk for another block, made ahead; false where there is none. */
bool jn_tables_room(const struct jn_tables *tables);
/* For a replay alone, between transactions: the log must find room. */
bool jn_tables_grow(struct jn_tables *tables);

/* A transaction a batch. Commit returns false where the disk said no: the caller exits. */
void jn_tables_begin(struct jn_tables *tables);
bool jn_tables_commit(struct jn_tables *tables);
void jn_tables_abort(struct jn_tables *tables);

/* Savepoints: a position in the undo list. */
size_t jn_savepoint(struct jn_tables *tables);
void jn_rollback(struct jn_tables *tables, size_t savepoint);
void jn_release(struct jn_tables *tables); /* the command is accepted: forget how to undo it */

/* LMDB hears of all that is kept; not while a command may still be undone. */
void jn_tables_write(struct jn_tables *tables);

/* Notes what was there before a change: old is NULL where nothing was. UNDO_COUNTER: the key is (number, value);
 * UNDO_KEPT: it is a struct jn_kept_before. UNDO_BYTES: it is the place of a kept row, old what lay there. */
#define UNDO_COUNTER TABLES_MAX
#define UNDO_KEPT    (TABLES_MAX + 1)
#define UNDO_BYTES   (TABLES_MAX + 2)
void jn_undo_note(struct jn_tables *tables, uint32_t table, const void *key, size_t key_length, const MDB_val *old);

/* Keeps the first error of the transaction. One that tells of damage ends a service that stands on these tables. */
void jn_tables_fault(struct jn_tables *tables, int error);

/* The runtime's own rows. */
const void *jn_own_get(const struct jn_tables *tables, unsigned table, const struct jn_key *key);
void jn_own_put(struct jn_tables *tables, unsigned table, const struct jn_key *key, const void *row);
void jn_own_delete(struct jn_tables *tables, unsigned table, const struct jn_key *key);
/* The first timer; false where none is set. */
bool jn_first_timer(const struct jn_tables *tables, int64_t *due_ms, unsigned *kind, uint64_t *id);

/* The canonical dump: every key and value of every table in order, to a visitor; the first argument says which table.
 */
typedef bool (*jn_dump_fn)(void *context, const char *table, const MDB_val *key, const MDB_val *value);
bool jn_tables_dump(struct jn_tables *tables, jn_dump_fn each, void *context);
uint64_t jn_tables_rows(const struct jn_tables *tables); /* in all of them */
/* Where two sets of tables differ, as a sentence; false where they are equal. */
bool jn_tables_differ(struct jn_tables *a, struct jn_tables *b, char text[JN_ERROR_TEXT]);

#endif
