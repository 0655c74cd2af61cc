/* Packing in one pass: byte for byte what protobuf-c writes, whatever the message, and never past the room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jineng/v1/envelope.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/runtime.pb-c.h"
#include "runtime/arena.h"
#include "runtime/pack.h"
#include "runtime/wire.h"

#define ROOM 60000

static uint64_t dice;
static struct jn_arena arena;

static unsigned
roll(unsigned below)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(dice >> 33) % below;
}

/* Of every length that a number may have, and of both signs. */
static uint64_t
number(void)
{
    uint64_t value = ((uint64_t)roll(1u << 31) << 33 ^ (uint64_t)roll(1u << 31) << 11 ^ roll(2048)) >> roll(64);

    return roll(4) == 0 ? ~value : roll(8) == 0 ? 0 : value;
}

static void fill(ProtobufCMessage *message, unsigned depth);

static void
fill_value(const ProtobufCFieldDescriptor *field, void *value, unsigned depth)
{
    uint64_t any = number();
    uint32_t narrow = (uint32_t)any;
    protobuf_c_boolean yes = roll(2) != 0;

    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        ProtobufCMessage *inner = jn_arena_take(&arena, 4096);

        protobuf_c_message_init(field->descriptor, inner);
        fill(inner, depth + 1);
        memcpy(value, &inner, sizeof(inner));
    } else if (field->type == PROTOBUF_C_TYPE_STRING) {
        char *text = jn_arena_take(&arena, 400);

        memset(text, 'a', roll(3) == 0 ? roll(300) : roll(12));
        memcpy(value, &text, sizeof(text));
    } else if (field->type == PROTOBUF_C_TYPE_BYTES) {
        ProtobufCBinaryData bytes = {roll(3) == 0 ? roll(300) : roll(20), jn_arena_take(&arena, 300)};

        memset(bytes.data, 0xa5, bytes.len);
        memcpy(value, &bytes, sizeof(bytes));
    } else if (field->type == PROTOBUF_C_TYPE_BOOL) {
        memcpy(value, &yes, sizeof(yes));
    } else if (jn_value_size(field) == sizeof(narrow)) {
        memcpy(value, &narrow, sizeof(narrow));
    } else {
        memcpy(value, &any, sizeof(any));
    }
}

static void
fill_field(const ProtobufCFieldDescriptor *field, char *message, unsigned depth)
{
    size_t size = jn_value_size(field), count = roll(5);
    char *list;

    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        uint32_t id = field->id;

        memcpy(message + field->quantifier_offset, &id, sizeof(id));
    }
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        fill_value(field, message + field->offset, depth);
        return;
    }
    list = jn_arena_take(&arena, (count + 1) * size);
    for (size_t i = 0; i < count; i++)
        fill_value(field, list + i * size, depth);
    memcpy(message + field->quantifier_offset, &count, sizeof(count));
    memcpy(message + field->offset, &list, sizeof(list));
}

static uint8_t one_number[] = {0x81, 1}, two_bytes[] = {2, 7, 7};

static void
fill(ProtobufCMessage *message, unsigned depth)
{
    static ProtobufCMessageUnknownField unknown[2] = {
        {.tag = 4000, .wire_type = PROTOBUF_C_WIRE_TYPE_VARINT, .len = 2, .data = one_number},
        {.tag = 4001, .wire_type = PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED, .len = 3, .data = two_bytes}};

    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];

        if (roll(3) == 0 || (field->type == PROTOBUF_C_TYPE_MESSAGE && depth > 3))
            continue;
        fill_field(field, (char *)message, depth);
    }
    message->n_unknown_fields = roll(10) == 0 ? 2 : 0;
    message->unknown_fields = unknown;
}

static void
assert_packed_alike(const ProtobufCMessage *message)
{
    static uint8_t wanted[ROOM], room[ROOM];
    size_t length = protobuf_c_message_get_packed_size(message), packed;
    const uint8_t *bytes;

    if (length > ROOM)
        return;
    protobuf_c_message_pack(message, wanted);
    bytes = jn_pack(message, room, ROOM, &packed);
    assert_non_null(bytes);
    assert_int_equal(packed, length);
    assert_memory_equal(bytes, wanted, length);
    /* As much room as it needs is enough, and a byte less is too little. */
    assert_ptr_equal(jn_pack(message, room, length, &packed), room);
    assert_null(jn_pack(message, NULL, 0, &packed));
    if (length > 0)
        assert_null(jn_pack(message, room, length - 1, &packed));
}

static const ProtobufCMessageDescriptor *const kinds[] = {
    &ledger__event__descriptor,    &ledger__books__descriptor,    &ledger__use__descriptor,
    &ledger__claims__descriptor,   &ledger__turnover__descriptor, &ledger__appropriate_all__descriptor,
    &envelope__record__descriptor, &envelope__reply__descriptor,  &envelope__block_private__descriptor,
    &envelope__block__descriptor,  &runtime__mark__descriptor,    &runtime__command_row__descriptor,
};

static void
whatever_the_message(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
            ProtobufCMessage *message = jn_arena_take(&arena, 4096);

            dice = (uint64_t)round * 31 + kind + 1;
            assert_true(kinds[kind]->sizeof_message <= 4096);
            protobuf_c_message_init(kinds[kind], message);
            if (round > 0)
                fill(message, 0);
            assert_packed_alike(message);
            jn_arena_reset(&arena);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whatever_the_message)};
    int failed;

    jn_arena_open(&arena, (size_t)64 << 20);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    jn_arena_close(&arena);
    return failed;
}
