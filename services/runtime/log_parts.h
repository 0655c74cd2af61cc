/* What the log's files share: log.c (blocks), log_room.c (the file they lie in). */
#ifndef RUNTIME_LOG_PARTS_H
#define RUNTIME_LOG_PARTS_H

#include <sys/types.h>

#include <lmdb.h>

#include "runtime/log.h"

struct lmdb_log {
    struct jn_log log;
    MDB_env *env;
    MDB_dbi blocks, meta;
    MDB_txn *reading;
    int file;         /* data.mdb, to make room ahead; -1 where nothing is written */
    off_t room_bytes; /* up to here the file is filled */
};

#define JN_LOG_PATH 1100

/* What lies behind the last page for the blocks to come. */
#define JN_LOG_ROOM_LEAST ((size_t)1 << 20)
/* What a block may need beside its own bytes: the way down to it in each tree, copied. */
#define JN_LOG_ROOM_TREES ((size_t)64 << 12)

void jn_log_open_room(struct lmdb_log *log, const char *dir);
/* False where the disk has no room for so many bytes more: nothing may be begun that needs them. */
bool jn_log_room(struct lmdb_log *log, size_t bytes);
/* What an earlier attempt to make a log has left. */
void jn_log_remove(const char *dir);

#endif
