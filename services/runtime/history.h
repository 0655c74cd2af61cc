/* The history (区块历史): a Merkle tree over the hashes of a log's blocks, as in RFC 6962, so that any block of ten
 * million is a path of two dozen hashes away from the head, and any earlier head likewise
 * (proto/jineng/v1/proof.proto).
 *
 * A view of the log, in the tables: each even block has a row with the nodes that it completes, so that blocks are
 * written once, in key order, and every root, path and extension of any length is there afterwards. Half a row, one
 * node and less than one read a block. The log itself knows nothing of it: old logs have a history as well as new ones.
 */
#ifndef RUNTIME_HISTORY_H
#define RUNTIME_HISTORY_H

#include "runtime/merkle.h"
#include "runtime/tables.h"

/* The block goes into the tables: its number, the hash of the one before, its own. */
void jn_history_put(struct jn_tables *tables, uint64_t block, const struct jn_hash *previous,
                    const struct jn_hash *hash);

/* Read from tables in a transaction, and from the log where a block's own hash is wanted: both have these blocks. Each
 * is false where a row or a block cannot be read. */
struct jn_history {
    struct jn_tables *tables;
    struct jn_log *log;
};
/* Over blocks 1 to `size`, 1 or more. */
bool jn_history_root(const struct jn_history *history, uint64_t size, struct jn_hash *out);
/* From the block to the root over `size` blocks; the block is 1 to size. */
bool jn_history_path(const struct jn_history *history, uint64_t block, uint64_t size,
                     struct jn_hash path[JN_PATH_MAX_HASHES], size_t *length);
/* From the root over `from` blocks to that over `to`; from is 1 to `to`. */
bool jn_history_extension(const struct jn_history *history, uint64_t from, uint64_t to,
                          struct jn_hash path[JN_PATH_MAX_HASHES], size_t *length);

/* Two ways to the same root: the tables' nodes, and the blocks' hashes one behind the other. */
bool jn_history_agrees(const struct jn_history *history, const struct jn_merkle *blocks);

/* The header of a stored block, which comes first in it; false where there is none. */
bool jn_block_header(const void *block, size_t length, const uint8_t **header, size_t *header_length);

#endif
