/* Rows kept (留存): what a block has put so far, as messages, until the block is written: a row that every event of the
 * block changes is packed and put once, and is changed where it lies. What was only read may be kept, too, and that
 * there is no such row; and all of it is there for the next block, while it is not too much. The service's own tables
 * only; the runtime's are written at once.
 *
 * A kept row is what the table has, whatever LMDB still says. LMDB hears of it when the block is closed, before a scan
 * of its table, and when what is kept has grown large. */
#ifndef RUNTIME_KEPT_H
#define RUNTIME_KEPT_H

#include "runtime/fold.h"

struct jn_kept_row {
    struct jn_key key;
    unsigned table;
    bool known;  /* else it is as LMDB has it */
    bool dirty;  /* LMDB has not heard of it */
    bool listed; /* among those of its table that LMDB may not have heard of */
    uint32_t hash, next, behind;
    ProtobufCMessage *row; /* NULL: there is none */
    size_t bytes;          /* of the row with all it points to, where that lies in one piece; else 0 */
    uint64_t noted;        /* the savepoint to which it can go back already; 0: none */
};

#define JN_KEPT_TABLES_MAX 64
#define JN_KEPT_HEADS      32768

struct jn_kept {
    struct jn_kept_row *rows; /* from 1; 0 is none */
    size_t count, size;
    uint32_t heads[JN_KEPT_HEADS];
    size_t dirty[JN_KEPT_TABLES_MAX];                             /* by table */
    uint32_t first[JN_KEPT_TABLES_MAX], last[JN_KEPT_TABLES_MAX]; /* of those listed, in the order of their changes */
    bool ahead;                                                   /* of what LMDB has committed */
    struct jn_arena arena; /* every version since the block began, so that one can go back */
};

/* What a row was before it was put or deleted: enough to go back. */
struct jn_kept_before {
    uint64_t place;
    ProtobufCMessage *row;
    size_t bytes;
    uint64_t known;
};

void jn_kept_open(struct jn_kept *kept);
void jn_kept_close(struct jn_kept *kept);

/* NULL where nothing is known of it here. */
struct jn_kept_row *jn_kept_find(struct jn_kept *kept, unsigned table, const struct jn_key *key);
/* The place of what is not known yet: LMDB has this row, which lies in the arena, or none. */
struct jn_kept_row *jn_kept_read(struct jn_kept *kept, unsigned table, const struct jn_key *key, ProtobufCMessage *row);
/* row: copied; NULL deletes. Says what was before. */
struct jn_kept_before jn_kept_set(struct jn_kept *kept, unsigned table, const struct jn_key *key,
                                  const ProtobufCMessage *row);
void jn_kept_back(struct jn_kept *kept, const struct jn_kept_before *before);
void jn_kept_mark(struct jn_kept *kept, struct jn_kept_row *row, bool dirty);
/* The first of those that LMDB has not heard of, taken off the list; NULL where there is none. */
struct jn_kept_row *jn_kept_take_dirty(struct jn_kept *kept, unsigned table);
void jn_kept_drop(struct jn_kept *kept);

/* All of it, with what it points to, in the arena. Fields of no known number are left out. */
void *jn_message_copy(struct jn_arena *arena, const ProtobufCMessage *message);
size_t jn_message_bytes(const ProtobufCMessage *message);               /* what that takes */
void *jn_row_copy(struct jn_arena *arena, const ProtobufCMessage *row); /* NULL where rows have no memory left for it */

#endif
