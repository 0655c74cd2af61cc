/* Merkle trees. */
#include "runtime/merkle.h"

#include <string.h>

#include "runtime/code.h"

static bool
same(const struct jn_hash *a, const struct jn_hash *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* On the way up: which leaf's subtree one stands on, and which the last leaf's is. A subtree that is the last and has
 * no sibling is carried up as it is. */
struct climb {
    uint64_t at, last;
};

/* Is the next sibling on the left? Where it is, what was carried up without one is skipped. */
static bool
from_left(struct climb *climb)
{
    bool left = (climb->at & 1) != 0 || climb->at == climb->last;

    while (left && (climb->at & 1) == 0 && climb->at != 0) {
        climb->at >>= 1;
        climb->last >>= 1;
    }
    climb->at >>= 1;
    climb->last >>= 1;
    return left;
}

bool
jn_merkle_root_of_path(uint8_t prefix, const struct jn_hash *leaf, uint64_t place, uint64_t count,
                       const struct jn_hash *path, size_t length, struct jn_hash *root)
{
    struct climb climb = {place, count - 1};

    if (place >= count)
        return false;
    *root = *leaf;
    for (size_t i = 0; i < length; i++) {
        if (climb.last == 0)
            return false;
        if (from_left(&climb))
            jn_hash_node(prefix, &path[i], root, root);
        else
            jn_hash_node(prefix, root, &path[i], root);
    }
    return climb.last == 0;
}

bool
jn_merkle_extends(uint8_t prefix, uint64_t from, const struct jn_hash *from_root, uint64_t to,
                  const struct jn_hash *to_root, const struct jn_hash *path, size_t length)
{
    struct climb climb = {from - 1, to - 1};
    struct jn_hash old, new;
    size_t i = 0;

    if (from == 0 || from > to)
        return false;
    if (from == to)
        return length == 0 && same(from_root, to_root);
    /* The largest whole subtree that ends where the old tree does; where that is the old tree, it is not sent. */
    while (climb.at & 1) {
        climb.at >>= 1;
        climb.last >>= 1;
    }
    if (climb.at != 0 && length == 0)
        return false;
    old = climb.at == 0 ? *from_root : path[i++];
    new = old;
    for (; i < length; i++) {
        if (climb.last == 0)
            return false;
        if (from_left(&climb)) {
            jn_hash_node(prefix, &path[i], &old, &old);
            jn_hash_node(prefix, &path[i], &new, &new);
        } else {
            jn_hash_node(prefix, &new, &path[i], &new);
        }
    }
    return climb.last == 0 && same(&old, from_root) && same(&new, to_root);
}

size_t
jn_merkle_path(uint8_t prefix, struct jn_hash *leaves, size_t count, size_t place,
               struct jn_hash path[JN_PATH_MAX_HASHES])
{
    size_t length = 0;

    JN_ASSERT(place < count);
    for (; count > 1; count = (count + 1) / 2, place /= 2) {
        if ((place ^ 1) < count)
            path[length++] = leaves[place ^ 1];
        for (size_t i = 0; i < count / 2; i++)
            jn_hash_node(prefix, &leaves[2 * i], &leaves[2 * i + 1], &leaves[i]);
        if (count % 2)
            leaves[count / 2] = leaves[count - 1];
    }
    return length;
}

void
jn_merkle_add(uint8_t prefix, struct jn_merkle *tree, const struct jn_hash *leaf)
{
    struct jn_hash node = *leaf;
    unsigned height = 0;

    for (; tree->count >> height & 1; height++)
        jn_hash_node(prefix, &tree->peaks[height], &node, &node);
    tree->peaks[height] = node;
    tree->count++;
}

void
jn_merkle_root(uint8_t prefix, const struct jn_merkle *tree, struct jn_hash *out)
{
    bool begun = false;

    memset(out, 0, sizeof(*out));
    for (unsigned height = 0; height < JN_PATH_MAX_HASHES; height++) {
        if (!(tree->count >> height & 1))
            continue;
        if (begun)
            jn_hash_node(prefix, &tree->peaks[height], out, out);
        else
            *out = tree->peaks[height];
        begun = true;
    }
}
