/* Merkle trees as in RFC 6962, 2.1, over leaves that are hashes already: paths from a leaf to the root, and from one
 * root to the root over the same leaves and more. `prefix` is the nodes' (chain.h). Nothing here is kept or read. */
#ifndef RUNTIME_MERKLE_H
#define RUNTIME_MERKLE_H

#include <stdbool.h>

#include "runtime/chain.h"

/* Of a tree of up to 2^63 leaves. */
#define JN_PATH_MAX_HASHES 64

/* What a path leads to. False where it has not the length that such a leaf's has: of a tree of `count` leaves each
 * place has one way to the root. */
bool jn_merkle_root_of_path(uint8_t prefix, const struct jn_hash *leaf, uint64_t place, uint64_t count,
                            const struct jn_hash *path, size_t length, struct jn_hash *root);

/* Does the tree of `to` leaves begin with that of `from`? As in RFC 9162, 2.1.4.2; from is 1 or more. */
bool jn_merkle_extends(uint8_t prefix, uint64_t from, const struct jn_hash *from_root, uint64_t to,
                       const struct jn_hash *to_root, const struct jn_hash *path, size_t length);

/* The path of a leaf among those in memory, which it uses up. */
size_t jn_merkle_path(uint8_t prefix, struct jn_hash *leaves, size_t count, size_t place,
                      struct jn_hash path[JN_PATH_MAX_HASHES]);

/* A root over leaves that come one by one and are not kept. */
struct jn_merkle {
    uint64_t count;
    struct jn_hash peaks[JN_PATH_MAX_HASHES]; /* by height; there where the count has that bit */
};
void jn_merkle_add(uint8_t prefix, struct jn_merkle *tree, const struct jn_hash *leaf);
/* Zeros where nothing came. */
void jn_merkle_root(uint8_t prefix, const struct jn_merkle *tree, struct jn_hash *out);

#endif
