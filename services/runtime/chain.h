/* The hash chain over a log: SM3 (GB/T 32905), a Merkle tree over the salted leaves of a block's records, a header a
 * block.
 *
 *   leaf  = SM3(0x00 || salt || record)      node = SM3(0x01 || left || right); an odd node is carried up as it is
 *   block = SM3(0x02 || header)              salt = first 16 bytes of SM3(0x04 || SM3(0x03 || secret || block) ||
 * index)
 *   history = SM3(0x05 || left || right) over the blocks' hashes: history.h
 *
 * The salts keep a follower who is sent some of the events from guessing the others by their leaves. One thread. */
#ifndef RUNTIME_CHAIN_H
#define RUNTIME_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#define JN_HASH_BYTES 32
#define JN_SALT_BYTES 16
#define JN_LOG_BYTES  16

struct jn_hash {
    uint8_t bytes[JN_HASH_BYTES];
};

void jn_sm3(const void *bytes, size_t length, struct jn_hash *out);
void jn_hash_leaf(const uint8_t salt[JN_SALT_BYTES], const void *record, size_t length, struct jn_hash *out);
void jn_hash_header(const void *header, size_t length, struct jn_hash *out);
/* A node over two: SM3(prefix || left || right). 0x01 between leaves and a block's root, 0x05 in the history. */
#define JN_NODE_RECORDS 0x01
#define JN_NODE_HISTORY 0x05
void jn_hash_node(uint8_t prefix, const struct jn_hash *left, const struct jn_hash *right, struct jn_hash *out);
/* The root over count leaves, which it uses up; zeros for none. */
void jn_hash_root(struct jn_hash *leaves, size_t count, struct jn_hash *out);

void jn_salt_of_block(const uint8_t secret[32], uint64_t block, struct jn_hash *out);
void jn_salt(const struct jn_hash *of_block, uint32_t index, uint8_t out[JN_SALT_BYTES]);
/* All leaves of a block's records, salts and all, at a fraction of what they cost one by one. */
void jn_hash_leaves(const uint8_t secret[32], uint64_t block, const ProtobufCBinaryData *records, size_t count,
                    struct jn_hash *leaves);

/* HMAC-SM3 of a text, its first 16 bytes. */
void jn_hmac16(const uint8_t key[32], const char *text, uint8_t out[16]);

#endif
