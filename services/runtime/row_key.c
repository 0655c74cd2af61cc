/* Keys of rows. */
#include "runtime/fold.h"

#include <endian.h>
#include <string.h>

struct jn_key
jn_key_numbers(size_t count, const uint64_t *numbers)
{
    struct jn_key key = {.length = count * sizeof(uint64_t)};

    JN_ASSERT(key.length <= sizeof(key.bytes));
    for (size_t i = 0; i < count; i++) {
        uint64_t number = htobe64(numbers[i]);

        memcpy(key.bytes + i * sizeof(number), &number, sizeof(number));
    }
    return key;
}

struct jn_key
jn_key_bytes(const void *bytes, size_t length)
{
    struct jn_key key = {.length = length};

    JN_ASSERT(length >= 1 && length <= sizeof(key.bytes));
    memcpy(key.bytes, bytes, length);
    return key;
}

uint64_t
jn_key_number(const struct jn_key *key, size_t index)
{
    uint64_t number;

    JN_ASSERT((index + 1) * sizeof(number) <= key->length);
    memcpy(&number, key->bytes + index * sizeof(number), sizeof(number));
    return be64toh(number);
}
