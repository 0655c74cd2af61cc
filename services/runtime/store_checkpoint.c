/* Checkpoints: copies of the tables, from which a rebuild starts. */
#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/files.h"
#include "runtime/pages.h"
#include "runtime/store.h"

bool
jn_store_checkpoint(struct jn_store *store, char error[JN_ERROR_TEXT])
{
    char made[JN_PATH_MAX + 32], file[JN_PATH_MAX + 64], place[JN_PATH_MAX + 32], target[JN_PATH_MAX + 64];
    int result;

    snprintf(made, sizeof(made), "%s/checkpoint.new", store->dir);
    snprintf(place, sizeof(place), "%s/checkpoint", store->dir);
    snprintf(file, sizeof(file), "%s/data.mdb", made);
    snprintf(target, sizeof(target), "%s/data.mdb", place);
    mkdir(made, 0700);
    mkdir(place, 0700);
    unlink(file);
    result = mdb_env_copy2(store->tables->env, made, 0);
    if (result != 0)
        snprintf(error, JN_ERROR_TEXT, "the checkpoint cannot be written: %s", mdb_strerror(result));
    else if (jn_files_sync(file) && rename(file, target) == 0 && jn_files_sync_dir(place))
        return true;
    else
        snprintf(error, JN_ERROR_TEXT, "%s cannot be put in place: %s", target, strerror(errno));
    unlink(file); /* part of a copy is of no use, and the disk may be full */
    return false;
}

/* The block that the mark in the open copy names, where it is one of that log. */
static uint64_t
block_in(MDB_env *env, const struct jn_log *log)
{
    uint64_t first = 0, block = 0;
    MDB_val key = {sizeof(first), &first}, value;
    Runtime__Mark *mark = NULL;
    MDB_txn *txn;
    MDB_dbi marks;

    if (mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) != 0)
        return 0;
    if (mdb_dbi_open(txn, "_mark", 0, &marks) == 0 && mdb_get(txn, marks, &key, &value) == 0)
        mark = runtime__mark__unpack(NULL, value.mv_size, value.mv_data);
    mdb_txn_abort(txn);
    if (mark && mark->log.len == JN_LOG_BYTES && memcmp(mark->log.data, log->head.log, JN_LOG_BYTES) == 0)
        block = mark->block;
    if (mark)
        runtime__mark__free_unpacked(mark, NULL);
    return block;
}

uint64_t
jn_store_checkpointed(const struct jn_store *store)
{
    char path[JN_PATH_MAX + 32];
    uint64_t block = 0;
    MDB_env *env;

    snprintf(path, sizeof(path), "%s/checkpoint", store->dir);
    if (mdb_env_create(&env) != 0)
        return 0;
    mdb_env_set_maxdbs(env, TABLES_MAX);
    if (mdb_env_open(env, path, MDB_RDONLY | MDB_NOLOCK, 0600) == 0 && !jn_pages_fault(env))
        block = block_in(env, store->log);
    mdb_env_close(env);
    return block <= store->log->head.block ? block : 0;
}
