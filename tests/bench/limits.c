/* What this disk and LMDB could do at most, were there nothing else: bench-limits FOLDER. A block is a command's worth,
 * or as large as one becomes. */
#include <endian.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmdb.h>

#include "measure.h"
#include "runtime/chain.h"
#include "runtime/code.h"

#define SECONDS 1.5

static const size_t sizes[] = {4096, 65536, 524288};
static uint8_t bytes[524288];

/* Into room that was made ahead, as the log makes it. */
static void
disk(const char *dir, size_t size)
{
    char path[512];
    int64_t began = bench_now_us(), until = began + (int64_t)(SECONDS * 1e6);
    off_t at = 0, room = 0;
    unsigned count = 0;
    int file;

    snprintf(path, sizeof(path), "%s/disk", dir);
    file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    JN_ASSERT(file >= 0);
    for (; bench_now_us() < until; count++, at += (off_t)size) {
        for (; at + (off_t)size > room; room += (off_t)sizeof(bytes))
            JN_ASSERT(pwrite(file, bytes, sizeof(bytes), room) == (ssize_t)sizeof(bytes));
        JN_ASSERT(pwrite(file, bytes, size, at) == (ssize_t)size && fdatasync(file) == 0);
    }
    printf("disk %zu %.0f\n", size, count * 1e6 / (double)(bench_now_us() - began));
    close(file);
    unlink(path);
}

static MDB_env *
open_env(const char *dir, unsigned flags, MDB_dbi *dbi)
{
    MDB_env *env;
    MDB_txn *txn;
    char path[512];

    snprintf(path, sizeof(path), "%s/lmdb", dir);
    JN_ASSERT(mkdir(path, 0700) == 0);
    JN_ASSERT(mdb_env_create(&env) == 0 && mdb_env_set_mapsize(env, (size_t)8 << 30) == 0);
    JN_ASSERT(mdb_env_open(env, path, flags, 0600) == 0);
    JN_ASSERT(mdb_txn_begin(env, NULL, 0, &txn) == 0 && mdb_dbi_open(txn, NULL, 0, dbi) == 0);
    JN_ASSERT(mdb_txn_commit(txn) == 0);
    return env;
}

static void
close_env(MDB_env *env, const char *dir)
{
    static const char *const files[] = {"data.mdb", "lock.mdb", ""};
    char path[512];

    mdb_env_close(env);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        snprintf(path, sizeof(path), "%s/lmdb/%s", dir, files[i]);
        JN_ASSERT(remove(path) == 0);
    }
}

static void
put(MDB_txn *txn, MDB_dbi dbi, uint64_t number, size_t size, unsigned flags)
{
    uint64_t key = htobe64(number);
    MDB_val k = {sizeof(key), &key}, v = {size, bytes};

    JN_ASSERT(mdb_put(txn, dbi, &k, &v, flags) == 0);
}

/* The log: blocks one behind the other, each a synced transaction. */
static void
log_of_blocks(const char *dir, size_t size)
{
    MDB_dbi dbi;
    MDB_env *env = open_env(dir, 0, &dbi);
    int64_t began = bench_now_us(), until = began + (int64_t)(SECONDS * 1e6);
    unsigned count = 0;

    for (; bench_now_us() < until; count++) {
        MDB_txn *txn;

        JN_ASSERT(mdb_txn_begin(env, NULL, 0, &txn) == 0);
        put(txn, dbi, count + 1, size, MDB_APPEND);
        JN_ASSERT(mdb_txn_commit(txn) == 0);
    }
    printf("log %zu %.0f\n", size, count * 1e6 / (double)(bench_now_us() - began));
    close_env(env, dir);
}

/* The tables: rows of 64 bytes changed in unsynced transactions of 1,000, all over the table or the same one. */
static void
tables_of_rows(const char *dir, const char *name, uint64_t rows)
{
    MDB_dbi dbi;
    MDB_env *env = open_env(dir, MDB_NOSYNC, &dbi);
    int64_t began = bench_now_us(), until = began + (int64_t)(SECONDS * 1e6);
    uint64_t count = 0;

    while (bench_now_us() < until) {
        MDB_txn *txn;

        JN_ASSERT(mdb_txn_begin(env, NULL, 0, &txn) == 0);
        for (unsigned i = 0; i < 1000; i++, count++)
            put(txn, dbi, count * UINT64_C(2654435761) % rows, 64, 0);
        JN_ASSERT(mdb_txn_commit(txn) == 0);
    }
    printf("%s %.0f\n", name, (double)count * 1e6 / (double)(bench_now_us() - began));
    close_env(env, dir);
}

/* What an event's leaf takes in a full block: its salt, itself, its share of the tree. */
static void
leaves(void)
{
    enum { RECORDS = 4000, RECORD = 40 };
    int64_t began = bench_now_us(), until = began + (int64_t)(SECONDS * 1e6 / 2);
    static struct jn_hash hashes[RECORDS];
    static ProtobufCBinaryData records[RECORDS];
    const uint8_t secret[32] = {0};
    struct jn_hash root;
    uint64_t block = 0;

    for (size_t i = 0; i < RECORDS; i++)
        records[i] = (ProtobufCBinaryData){RECORD, bytes + i};
    while (bench_now_us() < until) {
        jn_hash_leaves(secret, ++block, records, RECORDS, hashes);
        jn_hash_root(hashes, RECORDS, &root);
    }
    printf("leaves %.0f\n", (double)(block * RECORDS) * 1e6 / (double)(bench_now_us() - began));
}

int
main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: bench-limits FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 31);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        disk(argv[1], sizes[i]);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        log_of_blocks(argv[1], sizes[i]);
    tables_of_rows(argv[1], "one-row", 1);
    tables_of_rows(argv[1], "rows", 1000000);
    leaves();
    return 0;
}
