/* bench-history BLOCKS: what the history costs a block, and what a proof costs under so many: bytes, hashes,
 * time of the processor, which others on the machine do not lengthen. Block hashes are made up, the tables are real. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "probe/probe.h"
#include "runtime/history.h"

#define BATCH  512 /* blocks a transaction, as a replay has it */
#define PROOFS 1000
#define CAP    ((size_t)16 << 20)

static int64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
header_of(uint64_t block, uint8_t header[8])
{
    memcpy(header, &block, 8);
}

static void
hash_of(uint64_t block, struct jn_hash *out)
{
    uint8_t header[8];

    header_of(block, header);
    jn_hash_header(header, sizeof(header), out);
}

static bool
made_up(struct jn_log *log, uint64_t number, const void **block, size_t *length)
{
    static uint8_t bytes[10] = {0x0a, 8};

    (void)log;
    header_of(number, bytes + 2);
    *block = bytes;
    *length = sizeof(bytes);
    return true;
}

static void
nothing(struct jn_log *log)
{
    (void)log;
}

static int64_t
fill(struct jn_tables *tables, uint64_t blocks)
{
    struct jn_hash previous = {{0}}, hash;
    int64_t spent = 0;

    for (uint64_t block = 0; block < blocks;) {
        int64_t began = now_ns();

        jn_tables_begin(tables);
        for (unsigned i = 0; i < BATCH && block < blocks; i++) {
            hash_of(++block, &hash);
            jn_history_put(tables, block, &previous, &hash);
            previous = hash;
            jn_release(tables);
        }
        JN_ASSERT(jn_tables_commit(tables));
        spent += now_ns() - began;
        jn_arena_reset(tables->arena);
    }
    return spent;
}

static void
prove(const struct jn_history *history, uint64_t blocks)
{
    struct jn_hash path[JN_PATH_MAX_HASHES], root, of, leaf;
    size_t length, most = 0;
    uint64_t random = 1;
    int64_t began = now_ns(), spent;

    JN_ASSERT(jn_history_root(history, blocks, &root));
    for (unsigned i = 0; i < PROOFS; i++) {
        uint64_t block = (random = random * 6364136223846793005u + 1442695040888963407u) % blocks + 1;

        JN_ASSERT(jn_history_path(history, block, blocks, path, &length));
        hash_of(block, &leaf);
        JN_ASSERT(jn_merkle_root_of_path(JN_NODE_HISTORY, &leaf, block - 1, blocks, path, length, &of));
        JN_ASSERT(memcmp(&root, &of, sizeof(of)) == 0);
        most = length > most ? length : most;
        jn_arena_reset(history->tables->arena);
    }
    spent = (now_ns() - began) / PROOFS;
    printf("a proof: %zu hashes, %zu bytes of them; made and checked in %" PRId64 " us\n", most, most * JN_HASH_BYTES,
           spent / 1000);
}

int
main(int argc, char **argv)
{
    uint64_t blocks = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;
    char dir[] = "/var/tmp/jineng-history-XXXXXX", file[64], error[JN_ERROR_TEXT] = "";
    struct jn_log log = {.read = made_up, .end_read = nothing};
    struct jn_history history = {.log = &log};
    struct jn_arena arena;
    struct stat st;

    if (blocks == 0 || !mkdtemp(dir))
        return 2;
    history.tables = jn_tables_open(dir, &probe, 16, false, error);
    JN_ASSERT(history.tables);
    jn_arena_open(&arena, CAP);
    history.tables->arena = &arena;
    printf("%" PRIu64 " blocks: %" PRId64 " ns each, with the hash of the block and the commits\n", blocks,
           fill(history.tables, blocks) / (int64_t)blocks);
    snprintf(file, sizeof(file), "%s/data.mdb", dir);
    JN_ASSERT(stat(file, &st) == 0);
    printf("%" PRId64 " bytes of the file a block\n", (int64_t)st.st_size / (int64_t)blocks);
    log.head.block = blocks + 1;
    jn_tables_begin(history.tables);
    prove(&history, blocks);
    jn_tables_abort(history.tables);
    jn_tables_close(history.tables);
    jn_arena_close(&arena);
    unlink(file);
    snprintf(file, sizeof(file), "%s/lock.mdb", dir);
    unlink(file);
    rmdir(dir);
    return 0;
}
