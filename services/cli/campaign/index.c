/* Bytes to numbers: libcrypto's linear hash (OPENSSL_LHASH), which grows by itself and is everywhere that we are. */
#include "cli/campaign/reader.h"

#include <openssl/lhash.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    const void *key;
    uint32_t length;
    uint32_t value;
};

struct index {
    OPENSSL_LHASH *table;
    struct arena *arena;
};

/* FNV-1a, finished so that the low bits, which the table goes by, depend on all. */
static unsigned long
hash(const void *data)
{
    const struct entry *entry = data;
    const unsigned char *bytes = entry->key;
    uint64_t state = UINT64_C(0xcbf29ce484222325);

    for (uint32_t i = 0; i < entry->length; i++)
        state = (state ^ bytes[i]) * UINT64_C(0x100000001b3);
    return (unsigned long)(state ^ state >> 29);
}

static int
compare(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;

    return left->length != right->length || memcmp(left->key, right->key, left->length) != 0;
}

struct index *
index_new(struct arena *arena)
{
    struct index *index = arena_take(arena, sizeof(*index));

    *index = (struct index){.table = OPENSSL_LH_new(hash, compare), .arena = arena};
    if (!index->table)
        abort();
    return index;
}

void
index_free(struct index *index)
{
    if (index)
        OPENSSL_LH_free(index->table);
}

uint32_t
index_get(const struct index *index, const void *key, size_t length)
{
    struct entry probe = {.key = key, .length = (uint32_t)length};
    const struct entry *found = OPENSSL_LH_retrieve(index->table, &probe);

    return found ? found->value : CAMPAIGN_NONE;
}

bool
index_put(struct index *index, const void *key, size_t length, uint32_t value)
{
    struct entry *entry;

    if (index_get(index, key, length) != CAMPAIGN_NONE)
        return false;
    entry = arena_take(index->arena, sizeof(*entry));
    *entry = (struct entry){
        .key = memcpy(arena_take(index->arena, length), key, length), .length = (uint32_t)length, .value = value};
    OPENSSL_LH_insert(index->table, entry);
    if (OPENSSL_LH_error(index->table))
        abort();
    return true;
}

bool
index_put_text(struct index *index, const char *key, uint32_t value)
{
    return index_put(index, key, strlen(key), value);
}

uint32_t
index_get_text(const struct index *index, const char *key)
{
    return index_get(index, key, strlen(key));
}
