/* SM3 in lanes: the standard's examples, and the same as one text at a time gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/sm3.h"

#define LENGTHS 300

static uint8_t bytes[4096];

static struct jn_sm3_text
text_of(size_t head, const uint8_t *body, size_t length)
{
    struct jn_sm3_text text = {.head_length = head, .body = body + head, .body_length = length - head};

    memcpy(text.head, body, head);
    return text;
}

/* GB/T 32905-2016, annex A. */
static void
the_standards_examples(void **state)
{
    static const uint8_t abc[JN_HASH_BYTES] = {0x66, 0xc7, 0xf0, 0xf4, 0x62, 0xee, 0xed, 0xd9, 0xd1, 0xf2, 0xd4,
                                               0x6b, 0xdc, 0x10, 0xe4, 0xe2, 0x41, 0x67, 0xc4, 0x87, 0x5c, 0xf2,
                                               0xf7, 0xa2, 0x29, 0x7d, 0xa0, 0x2b, 0x8f, 0x4b, 0xa8, 0xe0};
    static const uint8_t abcd[JN_HASH_BYTES] = {0xde, 0xbe, 0x9f, 0xf9, 0x22, 0x75, 0xb8, 0xa1, 0x38, 0x60, 0x48,
                                                0x89, 0xc1, 0x8e, 0x5a, 0x4d, 0x6f, 0xdb, 0x70, 0xe5, 0x38, 0x7e,
                                                0x57, 0x65, 0x29, 0x3d, 0xcb, 0xa3, 0x9c, 0x0c, 0x57, 0x32};
    uint8_t sixteen[64];

    (void)state;
    for (size_t i = 0; i < sizeof(sixteen); i++)
        sixteen[i] = (uint8_t) "abcd"[i % 4];
    for (int wide = 0; wide <= jn_sm3_wide(); wide++) {
        const struct jn_sm3_text texts[] = {text_of(0, (const uint8_t *)"abc", 3), text_of(3, sixteen, 64)};
        struct jn_hash out[2];

        jn_sm3_texts_with(wide, texts, 2, out);
        assert_memory_equal(out[0].bytes, abc, sizeof(abc));
        assert_memory_equal(out[1].bytes, abcd, sizeof(abcd));
    }
}

/* Every length next to others, in groups that are whole and not; every way to divide it into head and body. */
static void
many_at_once_are_as_one_by_one(void **state)
{
    static struct jn_sm3_text texts[LENGTHS];
    static struct jn_hash out[LENGTHS + 1];

    (void)state;
    for (size_t step = 1; step < 12; step++) {
        size_t count = LENGTHS - step;

        for (size_t i = 0; i < count; i++) {
            size_t length = i * step * 7 % LENGTHS, head = i % (JN_SM3_HEAD + 1);

            texts[i] = text_of(head < length ? head : length, bytes + i, length);
        }
        for (int wide = 0; wide <= jn_sm3_wide(); wide++) {
            memset(out, 0xee, sizeof(out));
            jn_sm3_texts_with(wide, texts, count, out);
            for (size_t i = 0; i < count; i++) {
                struct jn_hash wanted;

                jn_sm3(bytes + i, i * step * 7 % LENGTHS, &wanted);
                assert_memory_equal(out[i].bytes, wanted.bytes, JN_HASH_BYTES);
            }
            assert_int_equal(out[count].bytes[0], 0xee);
        }
    }
}

static void
a_blocks_leaves_are_as_one_by_one(void **state)
{
    static const uint8_t secret[32] = {7, 1, 1};
    static ProtobufCBinaryData records[100];
    static struct jn_hash leaves[100];
    struct jn_hash of_block;

    (void)state;
    jn_salt_of_block(secret, 12, &of_block);
    for (size_t count = 0; count <= 100; count += count < 20 ? 1 : 16) {
        for (size_t i = 0; i < count; i++)
            records[i] = (ProtobufCBinaryData){i * i % 1000, bytes + i};
        jn_hash_leaves(secret, 12, records, count, leaves);
        for (size_t i = 0; i < count; i++) {
            uint8_t salt[JN_SALT_BYTES];
            struct jn_hash wanted;

            jn_salt(&of_block, (uint32_t)i, salt);
            jn_hash_leaf(salt, records[i].data, records[i].len, &wanted);
            assert_memory_equal(leaves[i].bytes, wanted.bytes, JN_HASH_BYTES);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_standards_examples),
        cmocka_unit_test(many_at_once_are_as_one_by_one),
        cmocka_unit_test(a_blocks_leaves_are_as_one_by_one),
    };

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 167 + i / 13);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
