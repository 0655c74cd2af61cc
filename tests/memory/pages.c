/* Where an LMDB file's pages went: every one of them belongs to a table, is free, or is lost. For tests alone; works
 * while the service runs.
 *
 *   lmdb-pages ENV             PAGES of the file, of them FREE; then a line a table: ROWS and PAGES
 *   lmdb-pages ENV content     beside them the BYTES of keys and values; of a log also what its blocks are made of
 *
 * Everything is "name value" on a line of its own. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lmdb.h>

#include "jineng/v1/envelope.pb-c.h"

#define TABLES_MAX   64
#define TRIES_MAX    2000
#define TRY_AGAIN_US 1000
/* Two pages tell where everything begins. */
#define META_PAGES 2
#define FREE_TABLE 0

static void
must(int result, const char *what)
{
    if (result == 0)
        return;
    fprintf(stderr, "lmdb-pages: %s: %s\n", what, mdb_strerror(result));
    exit(1);
}

/* A reader whose last page is known: the environment tells that of its latest commit alone. */
static MDB_txn *
begin(MDB_env *env, uint64_t *pages)
{
    for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
        MDB_envinfo info;
        MDB_txn *txn;

        must(mdb_env_info(env, &info), "info");
        must(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), "begin");
        if (mdb_txn_id(txn) == info.me_last_txnid) {
            *pages = info.me_last_pgno + 1;
            return txn;
        }
        mdb_txn_abort(txn);
        usleep(TRY_AGAIN_US); /* a commit whose sync is under way */
    }
    fprintf(stderr, "lmdb-pages: it is written to all the time\n");
    exit(1);
}

/* A row of the free list: a transaction's number, and the pages that it let go, their count first. */
static uint64_t
free_pages(MDB_txn *txn)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    uint64_t sum = 0;

    must(mdb_cursor_open(txn, FREE_TABLE, &cursor), "free list");
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        size_t count;

        memcpy(&count, value.mv_data, sizeof(count));
        sum += count;
    }
    mdb_cursor_close(cursor);
    return sum;
}

static uint64_t
pages_of(MDB_txn *txn, MDB_dbi table, uint64_t *rows)
{
    MDB_stat stat;

    must(mdb_stat(txn, table, &stat), "stat");
    *rows = stat.ms_entries;
    return stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
}

/* ---- What is in it ---- */

struct content {
    uint64_t bytes, records, records_bytes, answers, private_bytes, header_bytes;
};

static void
add_block(struct content *content, const MDB_val *value)
{
    Envelope__Block *block = envelope__block__unpack(NULL, value->mv_size, value->mv_data);
    Envelope__BlockPrivate *private;

    must(block ? 0 : EINVAL, "block");
    private = envelope__block_private__unpack(NULL, block->private_.len, block->private_.data);
    must(private ? 0 : EINVAL, "private part");
    content->records += block->n_records;
    for (size_t i = 0; i < block->n_records; i++)
        content->records_bytes += block->records[i].len;
    content->answers += private->n_answers;
    content->private_bytes += block->private_.len;
    content->header_bytes += block->header.len;
    envelope__block_private__free_unpacked(private, NULL);
    envelope__block__free_unpacked(block, NULL);
}

static void
read_content(MDB_txn *txn, MDB_dbi table, const char *name)
{
    struct content content = {0};
    MDB_cursor *cursor;
    MDB_val key, value;

    must(mdb_cursor_open(txn, table, &cursor), name);
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        content.bytes += key.mv_size + value.mv_size;
        if (strcmp(name, "blocks") == 0)
            add_block(&content, &value);
    }
    mdb_cursor_close(cursor);
    printf("bytes.%s %" PRIu64 "\n", name, content.bytes);
    if (strcmp(name, "blocks") != 0)
        return;
    printf("records %" PRIu64 "\nrecords_bytes %" PRIu64 "\nanswers %" PRIu64 "\n", content.records,
           content.records_bytes, content.answers);
    printf("private_bytes %" PRIu64 "\nheader_bytes %" PRIu64 "\n", content.private_bytes, content.header_bytes);
}

/* ---- All of it ---- */

static uint64_t
each_table(MDB_txn *txn, bool content)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    MDB_dbi names, table;
    uint64_t rows, sum, pages;

    must(mdb_dbi_open(txn, NULL, 0, &names), "names");
    sum = pages_of(txn, names, &rows);
    must(mdb_cursor_open(txn, names, &cursor), "names");
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        char name[64];

        snprintf(name, sizeof(name), "%.*s", (int)key.mv_size, (const char *)key.mv_data);
        must(mdb_dbi_open(txn, name, 0, &table), name);
        pages = pages_of(txn, table, &rows);
        sum += pages;
        printf("rows.%s %" PRIu64 "\npages.%s %" PRIu64 "\n", name, rows, name, pages);
        if (content)
            read_content(txn, table, name);
    }
    mdb_cursor_close(cursor);
    return sum;
}

int
main(int argc, char **argv)
{
    uint64_t pages, used, listed, rows;
    MDB_env *env;
    MDB_txn *txn;

    if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[2], "content") != 0)) {
        fprintf(stderr, "usage: lmdb-pages ENV [content]\n");
        return 2;
    }
    must(mdb_env_create(&env), "create");
    must(mdb_env_set_maxdbs(env, TABLES_MAX), "create");
    must(mdb_env_open(env, argv[1], MDB_RDONLY | MDB_NOTLS, 0600), argv[1]);
    txn = begin(env, &pages);
    listed = free_pages(txn);
    used = META_PAGES + pages_of(txn, FREE_TABLE, &rows) + each_table(txn, argc == 3);
    printf("pages %" PRIu64 "\nfree %" PRIu64 "\nused %" PRIu64 "\nlost %" PRId64 "\n", pages, listed, used,
           (int64_t)(pages - listed - used));
    mdb_txn_abort(txn);
    mdb_env_close(env);
    return 0;
}
