/* The history of a log. */
#include "runtime/history.h"

#include <errno.h>
#include <string.h>

/* Nodes are named by their height and their last leaf, a block's number that can be halved so often. */
static unsigned
heights(uint64_t block)
{
    return (unsigned)__builtin_ctzll(block);
}

static const Runtime__HistoryRow *
row_get(const struct jn_tables *tables, uint64_t block)
{
    struct jn_key key = JN_KEY(block);
    const Runtime__HistoryRow *row = jn_own_get(tables, TABLE_LOG_HISTORY, &key);

    return row && row->nodes.len == heights(block) * sizeof(struct jn_hash) ? row : NULL;
}

void
jn_history_put(struct jn_tables *tables, uint64_t block, const struct jn_hash *previous, const struct jn_hash *hash)
{
    Runtime__HistoryRow row = RUNTIME__HISTORY_ROW__INIT;
    struct jn_hash nodes[JN_PATH_MAX_HASHES], left = *previous;
    struct jn_key key = JN_KEY(block);
    unsigned top = heights(block);

    for (unsigned height = 0; height < top; height++) {
        /* To the left lies the subtree of this height that ends where this one begins: the last node of its row. */
        if (height > 0) {
            const Runtime__HistoryRow *beside = row_get(tables, block - (UINT64_C(1) << height));

            /* A transaction that has failed reads nothing more, and is not kept; else they are damaged. */
            if (!beside && !tables->error)
                jn_tables_fault(tables, tables->arena->spent ? ENOMEM : MDB_CORRUPTED);
            if (!beside)
                return;
            memcpy(&left, beside->nodes.data + beside->nodes.len - sizeof(left), sizeof(left));
        }
        jn_hash_node(JN_NODE_HISTORY, &left, height > 0 ? &nodes[height - 1] : hash, &nodes[height]);
    }
    if (top == 0)
        return;
    row.nodes = (ProtobufCBinaryData){top * sizeof(struct jn_hash), nodes[0].bytes};
    jn_own_put(tables, TABLE_LOG_HISTORY, &key, &row);
}

/* ---- Reading ---- */

/* A Block's first field is its header: tag, length, bytes. */
bool
jn_block_header(const void *block, size_t length, const uint8_t **header, size_t *header_length)
{
    const uint8_t *at = block, *end = at + length;
    size_t size = 0;

    if (length == 0 || *at++ != 0x0a)
        return false;
    for (unsigned shift = 0; at < end && shift < 28; shift += 7) {
        size |= (size_t)(*at & 0x7f) << shift;
        if (!(*at++ & 0x80))
            break;
    }
    *header = at;
    *header_length = size;
    return size > 0 && size <= (size_t)(end - at);
}

static bool
block_hash(struct jn_log *log, uint64_t block, struct jn_hash *out)
{
    const uint8_t *header;
    const void *bytes;
    size_t length, header_length;
    bool found;

    if (block == log->head.block) {
        *out = log->head.hash;
        return true;
    }
    found = log->read(log, block, &bytes, &length) && jn_block_header(bytes, length, &header, &header_length);
    if (found)
        jn_hash_header(header, header_length, out);
    log->end_read(log);
    return found;
}

/* The whole subtree over blocks first + 1 to first + 2^height. */
static bool
node(const struct jn_history *history, uint64_t first, unsigned height, struct jn_hash *out)
{
    uint64_t last = first + (UINT64_C(1) << height);
    const Runtime__HistoryRow *row;

    if (height == 0)
        return block_hash(history->log, last, out);
    row = row_get(history->tables, last);
    if (row)
        memcpy(out, row->nodes.data + (height - 1) * sizeof(*out), sizeof(*out));
    return row != NULL;
}

/* The largest power of two that is below n, as an exponent; n is 2 or more. */
static unsigned
split(uint64_t n)
{
    return 63 - (unsigned)__builtin_clzll(n - 1);
}

/* Over blocks first + 1 to first + count. As all of a tree's subtrees, `first` is a multiple of the whole ones in it:
 * from the right one whole subtree after the other. */
static bool
range(const struct jn_history *history, uint64_t first, uint64_t count, struct jn_hash *out)
{
    struct jn_hash left;
    bool begun = false;

    for (uint64_t rest = count; rest > 0; rest &= rest - 1) {
        unsigned height = heights(rest);

        if (!node(history, first + (rest & (rest - 1)), height, &left))
            return false;
        if (begun)
            jn_hash_node(JN_NODE_HISTORY, &left, out, out);
        else
            *out = left;
        begun = true;
    }
    return begun;
}

bool
jn_history_root(const struct jn_history *history, uint64_t size, struct jn_hash *out)
{
    return range(history, 0, size, out);
}

bool
jn_history_agrees(const struct jn_history *history, const struct jn_merkle *blocks)
{
    struct jn_hash root, expected;

    jn_merkle_root(JN_NODE_HISTORY, blocks, &expected);
    return blocks->count == 0 ||
           (jn_history_root(history, blocks->count, &root) && memcmp(&root, &expected, sizeof(root)) == 0);
}

static void
turn_round(struct jn_hash *path, size_t length)
{
    for (size_t i = 0; i < length / 2; i++) {
        struct jn_hash other = path[length - 1 - i];

        path[length - 1 - i] = path[i];
        path[i] = other;
    }
}

/* From the root down: of each two subtrees one is gone into, the other one is the sibling. */
bool
jn_history_path(const struct jn_history *history, uint64_t block, uint64_t size,
                struct jn_hash path[JN_PATH_MAX_HASHES], size_t *length)
{
    uint64_t first = 0;

    *length = 0;
    while (size > 1) {
        uint64_t left = UINT64_C(1) << split(size);
        bool in_left = block - first <= left;

        if (!range(history, in_left ? first + left : first, in_left ? size - left : left, &path[(*length)++]))
            return false;
        first += in_left ? 0 : left;
        size = in_left ? left : size - left;
    }
    turn_round(path, *length);
    return true;
}

/* Likewise, down to the subtree that ends where the old tree does. */
bool
jn_history_extension(const struct jn_history *history, uint64_t from, uint64_t to,
                     struct jn_hash path[JN_PATH_MAX_HASHES], size_t *length)
{
    uint64_t first = 0, size = to;

    *length = 0;
    while (from - first < size) {
        uint64_t left = UINT64_C(1) << split(size);
        bool in_left = from - first <= left;

        if (!range(history, in_left ? first + left : first, in_left ? size - left : left, &path[(*length)++]))
            return false;
        first += in_left ? 0 : left;
        size = in_left ? left : size - left;
    }
    /* Where that is the old tree itself, its root is known. */
    if (first > 0 && !range(history, first, size, &path[(*length)++]))
        return false;
    turn_round(path, *length);
    return true;
}
