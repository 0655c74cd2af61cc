/* The hash chain over a log. */
#include "runtime/chain.h"

#include <endian.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "runtime/code.h"
#include "runtime/sm3.h"

/* One context for all: fetching an algorithm costs more than hashing a header. */
static EVP_MD *sm3;
static EVP_MD_CTX *sm3_context;

static void
sm3_parts(size_t count, const void *const *parts, const size_t *lengths, struct jn_hash *out)
{
    unsigned size = 0;

    if (!sm3) {
        sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
        sm3_context = EVP_MD_CTX_new();
        JN_ASSERT(sm3 && sm3_context);
    }
    JN_ASSERT(EVP_DigestInit_ex2(sm3_context, sm3, NULL) == 1);
    for (size_t i = 0; i < count; i++)
        JN_ASSERT(EVP_DigestUpdate(sm3_context, parts[i], lengths[i]) == 1);
    JN_ASSERT(EVP_DigestFinal_ex(sm3_context, out->bytes, &size) == 1 && size == JN_HASH_BYTES);
}

void
jn_sm3(const void *bytes, size_t length, struct jn_hash *out)
{
    sm3_parts(1, (const void *[]){bytes}, (const size_t[]){length}, out);
}

void
jn_hash_leaf(const uint8_t salt[JN_SALT_BYTES], const void *record, size_t length, struct jn_hash *out)
{
    sm3_parts(3, (const void *[]){"\0", salt, record}, (const size_t[]){1, JN_SALT_BYTES, length}, out);
}

void
jn_hash_node(uint8_t prefix, const struct jn_hash *left, const struct jn_hash *right, struct jn_hash *out)
{
    sm3_parts(3, (const void *[]){&prefix, left->bytes, right->bytes},
              (const size_t[]){1, JN_HASH_BYTES, JN_HASH_BYTES}, out);
}

void
jn_hash_header(const void *header, size_t length, struct jn_hash *out)
{
    sm3_parts(2, (const void *[]){"\2", header}, (const size_t[]){1, length}, out);
}

/* What each text of a group begins with; the group is hashed when it is full. */
static struct jn_sm3_text
begin(uint8_t prefix, const void *bytes, size_t length)
{
    struct jn_sm3_text text = {.head = {prefix}, .head_length = 1 + length};

    JN_ASSERT(text.head_length <= JN_SM3_HEAD);
    memcpy(text.head + 1, bytes, length);
    return text;
}

/* Nodes take the places of the leaves: a group has read what lies there before it writes. */
static void
hash_level(struct jn_hash *leaves, size_t nodes)
{
    struct jn_sm3_text texts[JN_SM3_LANES];

    for (size_t done = 0; done < nodes;) {
        size_t count = nodes - done < JN_SM3_LANES ? nodes - done : JN_SM3_LANES;

        for (size_t i = 0; i < count; i++) {
            texts[i] = begin(JN_NODE_RECORDS, leaves[2 * (done + i)].bytes, JN_HASH_BYTES);
            texts[i].body = leaves[2 * (done + i) + 1].bytes;
            texts[i].body_length = JN_HASH_BYTES;
        }
        jn_sm3_texts(texts, count, leaves + done);
        done += count;
    }
}

void
jn_hash_root(struct jn_hash *leaves, size_t count, struct jn_hash *out)
{
    memset(out, 0, sizeof(*out));
    if (count == 0)
        return;
    while (count > 1) {
        hash_level(leaves, count / 2);
        if (count % 2)
            leaves[count / 2] = leaves[count - 1];
        count = (count + 1) / 2;
    }
    *out = leaves[0];
}

void
jn_salt_of_block(const uint8_t secret[32], uint64_t block, struct jn_hash *out)
{
    uint64_t number = htobe64(block);

    sm3_parts(3, (const void *[]){"\3", secret, &number}, (const size_t[]){1, 32, sizeof(number)}, out);
}

void
jn_salt(const struct jn_hash *of_block, uint32_t index, uint8_t out[JN_SALT_BYTES])
{
    uint32_t number = htobe32(index);
    struct jn_hash whole;

    sm3_parts(3, (const void *[]){"\4", of_block->bytes, &number}, (const size_t[]){1, JN_HASH_BYTES, sizeof(number)},
              &whole);
    memcpy(out, whole.bytes, JN_SALT_BYTES);
}

/* The first leaf's index in the block, so many leaves. */
static void
hash_leaves(const struct jn_hash *of_block, size_t first, const ProtobufCBinaryData *records, size_t count,
            struct jn_hash *leaves)
{
    struct jn_sm3_text texts[JN_SM3_LANES];
    struct jn_hash salts[JN_SM3_LANES];

    JN_ASSERT(count > 0 && count <= JN_SM3_LANES);
    for (size_t i = 0; i < count; i++) {
        uint32_t number = htobe32((uint32_t)(first + i));

        texts[i] = begin(4, of_block->bytes, JN_HASH_BYTES);
        memcpy(texts[i].head + texts[i].head_length, &number, sizeof(number));
        texts[i].head_length += sizeof(number);
    }
    jn_sm3_texts(texts, count, salts);
    for (size_t i = 0; i < count; i++) {
        texts[i] = begin(0, salts[i].bytes, JN_SALT_BYTES);
        texts[i].body = records[first + i].data;
        texts[i].body_length = records[first + i].len;
    }
    jn_sm3_texts(texts, count, leaves + first);
}

void
jn_hash_leaves(const uint8_t secret[32], uint64_t block, const ProtobufCBinaryData *records, size_t count,
               struct jn_hash *leaves)
{
    struct jn_hash of_block;

    jn_salt_of_block(secret, block, &of_block);
    for (size_t i = 0; i < count; i += JN_SM3_LANES)
        hash_leaves(&of_block, i, records, count - i < JN_SM3_LANES ? count - i : JN_SM3_LANES, leaves);
}

void
jn_hmac16(const uint8_t key[32], const char *text, uint8_t out[16])
{
    static EVP_MAC *mac;
    static EVP_MAC_CTX *context;
    uint8_t whole[JN_HASH_BYTES];
    size_t size = 0;

    if (!mac) {
        OSSL_PARAM digest[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SM3"}, 0),
                               OSSL_PARAM_construct_end()};

        mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
        context = EVP_MAC_CTX_new(mac);
        JN_ASSERT(mac && context && EVP_MAC_CTX_set_params(context, digest) == 1);
    }
    JN_ASSERT(EVP_MAC_init(context, key, 32, NULL) == 1);
    JN_ASSERT(EVP_MAC_update(context, (const uint8_t *)text, strlen(text)) == 1);
    JN_ASSERT(EVP_MAC_final(context, whole, &size, sizeof(whole)) == 1 && size == JN_HASH_BYTES);
    memcpy(out, whole, 16);
}
