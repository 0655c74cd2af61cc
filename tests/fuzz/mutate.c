/* Messages changed by structure. */
#include "mutate.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "runtime/wire.h"

#define KNOWN_MAX   4096
#define LIST_MOST   210 /* just over what a command may hold */
#define FIELDS_MOST 4   /* changed at once */
#define TEXT_MOST   1200
#define ARENA_BYTES ((size_t)32 << 20)

/* A value that a field of that name had. */
struct known {
    const char *name; /* the descriptor's own */
    uint64_t number;
    char *text;
    size_t length;
};

static struct known known[KNOWN_MAX];
static size_t known_count;
static struct jn_arena arena;
static uint64_t state;

void
mutate_seed(unsigned seed)
{
    state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

uint32_t
mutate_below(uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return limit ? (uint32_t)(state >> 20) % limit : 0;
}

static void *
take(size_t bytes)
{
    if (!arena.first)
        jn_arena_open(&arena, ARENA_BYTES);
    return jn_arena_take(&arena, bytes);
}

static bool
is_list(const ProtobufCFieldDescriptor *field)
{
    return field->label == PROTOBUF_C_LABEL_REPEATED;
}

static bool
is_arm(const ProtobufCFieldDescriptor *field)
{
    return field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
}

/* ---- What is known ---- */

static void
know(const char *name, uint64_t number, const void *text, size_t length)
{
    struct known *one;

    for (size_t i = 0; i < known_count; i++) {
        one = &known[i];
        if (strcmp(one->name, name) == 0 && one->number == number && one->length == length &&
            (length == 0 || memcmp(one->text, text, length) == 0))
            return;
    }
    if (known_count == KNOWN_MAX || length > TEXT_MOST)
        return;
    one = &known[known_count++];
    *one = (struct known){.name = name, .number = number, .length = length};
    if (length > 0) {
        one->text = malloc(length);
        JN_ASSERT(one->text);
        memcpy(one->text, text, length);
    }
}

static void learn(const ProtobufCMessage *message);

static void
learn_value(const ProtobufCFieldDescriptor *field, const char *at)
{
    const ProtobufCBinaryData *bytes = (const ProtobufCBinaryData *)(const void *)at;
    const char *text;
    uint64_t number = 0;

    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        if (*(ProtobufCMessage *const *)(const void *)at)
            learn(*(ProtobufCMessage *const *)(const void *)at);
        return;
    }
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        text = *(char *const *)(const void *)at;
        if (text)
            know(field->name, 0, text, strlen(text));
        return;
    }
    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        know(field->name, 0, bytes->data, bytes->len);
        return;
    }
    memcpy(&number, at, jn_value_size(field));
    know(field->name, number, NULL, 0);
}

static void
learn(const ProtobufCMessage *message)
{
    const char *base = (const char *)message;

    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *at = base + field->offset;

        if (is_arm(field) && *(const uint32_t *)(const void *)(base + field->quantifier_offset) != field->id)
            continue;
        if (!is_list(field)) {
            learn_value(field, at);
            continue;
        }
        for (size_t k = 0; k < *(const size_t *)(const void *)(base + field->quantifier_offset); k++)
            learn_value(field, *(char *const *)(const void *)at + k * jn_value_size(field));
    }
}

static ProtobufCMessage *
unpack(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t length)
{
    take(1); /* it is open then */
    return protobuf_c_message_unpack(descriptor, &arena.allocator, length, bytes);
}

void
mutate_learn(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t length)
{
    const ProtobufCMessage *message = descriptor ? unpack(descriptor, bytes, length) : NULL;

    if (message)
        learn(message);
    if (arena.first)
        jn_arena_reset(&arena);
}

/* One that a field of that name had; NULL where there is none. */
static const struct known *
known_of(const char *name)
{
    uint32_t start = mutate_below((uint32_t)known_count);

    for (size_t i = 0; i < known_count; i++) {
        const struct known *one = &known[(start + i) % known_count];

        if (strcmp(one->name, name) == 0)
            return one;
    }
    return NULL;
}

/* ---- New values ---- */

static uint64_t
number_at_a_limit(uint64_t old)
{
    static const int64_t limits[] = {
        0,
        1,
        2,
        3,
        4,
        5,
        7,
        12,
        15,
        31,
        32,
        60,
        63,
        64,
        100,
        199,
        200,
        201,
        365,
        366,
        999,
        1000,
        2019,
        2020,
        2021,
        9999,
        10000,
        18262,
        18321,
        18352,
        18628,
        65535,
        65536,
        130100,
        130102,
        130104,
        180000,
        1000000,
        INT32_MAX,
        INT32_MIN,
        UINT32_MAX,
        INT64_MAX,
        INT64_MIN,
        -1,
        -2,
        -1000,
        INT64_MAX - 1,
        INT64_C(1) << 62,
        INT64_C(1) << 32,
        INT64_C(100000000000),
    };

    switch (mutate_below(6)) {
    case 0:
        return old + 1;
    case 1:
        return old - 1;
    case 2:
        return mutate_below(24);
    case 3:
        return old ^ UINT64_C(1) << mutate_below(64);
    default:
        return (uint64_t)limits[mutate_below(sizeof(limits) / sizeof(limits[0]))];
    }
}

static void
new_number(const ProtobufCFieldDescriptor *field, char *at)
{
    const ProtobufCEnumDescriptor *words = field->type == PROTOBUF_C_TYPE_ENUM ? field->descriptor : NULL;
    const struct known *one = mutate_below(2) ? known_of(field->name) : NULL;
    uint64_t number = 0;

    memcpy(&number, at, jn_value_size(field));
    if (one)
        number = one->number;
    else if (words && mutate_below(8))
        number = (uint64_t)words->values[mutate_below(words->n_values)].value;
    else
        number = number_at_a_limit(number);
    if (field->type == PROTOBUF_C_TYPE_BOOL)
        number &= 1;
    memcpy(at, &number, jn_value_size(field));
}

/* Length and bytes of a text or of bytes; a text has no NUL inside, its end is set by the caller. */
static char *
new_text(const char *name, const char *old, size_t *length)
{
    const struct known *one = mutate_below(2) ? known_of(name) : NULL;
    char *out = take(2 * TEXT_MOST + 2);
    size_t keep = *length < TEXT_MOST ? *length : TEXT_MOST;

    if (one) {
        old = one->text;
        keep = one->length;
    }
    if (keep > 0)
        memcpy(out, old, keep);
    switch (one && mutate_below(3) ? 9 : mutate_below(8)) {
    case 0:
        keep = 0;
        break;
    case 1:
        keep = keep ? mutate_below((uint32_t)keep) : 0;
        break;
    case 2: /* too long */
        memset(out + keep, 'x', TEXT_MOST);
        keep += mutate_below(TEXT_MOST);
        break;
    case 3:
        memcpy(out + keep, "\xe6\x9d\x8e\xff\xc0", 5); /* 李, then no UTF-8 */
        keep += mutate_below(2) ? 3 : 5;
        break;
    case 4:
    case 5:
        if (keep > 0)
            out[mutate_below((uint32_t)keep)] = "0129AXxZ-_ \x7f\x01\xb7/:"[mutate_below(16)];
        break;
    case 6:
        keep = LLVMFuzzerMutate((uint8_t *)out, keep, TEXT_MOST);
        break;
    default:
        break;
    }
    *length = keep;
    return out;
}

static ProtobufCMessage *made_up(const ProtobufCMessageDescriptor *descriptor, unsigned depth);

static void
new_value(const ProtobufCFieldDescriptor *field, char *at, unsigned depth)
{
    ProtobufCBinaryData *bytes = (ProtobufCBinaryData *)(void *)at;
    ProtobufCMessage *message;
    size_t length;
    char *text;

    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        message = made_up(field->descriptor, depth);
        memcpy(at, &message, sizeof(message));
    } else if (field->type == PROTOBUF_C_TYPE_STRING) {
        memcpy(&text, at, sizeof(text));
        length = text ? strlen(text) : 0;
        text = new_text(field->name, text, &length);
        text[length] = '\0';
        memcpy(at, &text, sizeof(text));
    } else if (field->type == PROTOBUF_C_TYPE_BYTES) {
        length = bytes->len;
        bytes->data = (uint8_t *)new_text(field->name, (const char *)bytes->data, &length);
        bytes->len = length;
    } else {
        new_number(field, at);
    }
}

/* A list anew, with a value more or less, or many times the same. */
static void
new_list(const ProtobufCFieldDescriptor *field, char *base, unsigned depth)
{
    char *old = *(char **)(void *)(base + field->offset), *list;
    size_t *count = (size_t *)(void *)(base + field->quantifier_offset), size = jn_value_size(field);
    size_t had = *count < LIST_MOST ? *count : LIST_MOST, at = had ? mutate_below((uint32_t)had) : 0;

    list = take((LIST_MOST + 1) * size);
    if (had > 0)
        memcpy(list, old, had * size);
    *(char **)(void *)(base + field->offset) = list;
    *count = had;
    switch (had ? mutate_below(8) : 7) {
    case 0: /* one less */
        memmove(list + at * size, list + (at + 1) * size, (had - at - 1) * size);
        *count = had - 1;
        return;
    case 1: /* the same twice */
        if (had < LIST_MOST)
            memcpy(list + (*count)++ * size, list + at * size, size);
        return;
    case 2: /* a full command, or one row too many */
        if (mutate_below(6) == 0)
            for (size_t most = 198 + mutate_below(4); *count < most; (*count)++)
                memcpy(list + *count * size, list + at * size, size);
        return;
    case 3: /* in another order */
        for (size_t i = 0; i < size; i++) {
            char swapped = list[i];

            list[i] = list[at * size + i];
            list[at * size + i] = swapped;
        }
        return;
    case 4:
        *count = mutate_below(4) ? had : 0;
        return;
    default:
        if (had < LIST_MOST && (had == 0 || mutate_below(2)))
            (*count)++;
        else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            return; /* what is inside is a place of its own */
        new_value(field, list + (*count - 1) * size, depth + 1);
        return;
    }
}

static void
new_field(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, unsigned depth)
{
    char *base = (char *)message;
    uint32_t *arm = (uint32_t *)(void *)(base + field->quantifier_offset);

    if (is_list(field)) {
        new_list(field, base, depth);
        return;
    }
    if (is_arm(field)) {
        if (*arm != field->id)
            memset(base + field->offset, 0, jn_value_size(field));
        *arm = field->id;
    } else if (field->type == PROTOBUF_C_TYPE_MESSAGE && mutate_below(3) == 0) {
        memset(base + field->offset, 0, jn_value_size(field)); /* not there */
        return;
    }
    new_value(field, base + field->offset, depth + 1);
}

static ProtobufCMessage *
made_up(const ProtobufCMessageDescriptor *descriptor, unsigned depth)
{
    ProtobufCMessage *message = take(descriptor->sizeof_message);

    protobuf_c_message_init(descriptor, message);
    for (unsigned i = 0; i < descriptor->n_fields && depth < 5; i++) {
        if (is_arm(&descriptor->fields[i]) ? mutate_below(descriptor->n_fields) == 0 : mutate_below(6) != 0)
            new_field(message, &descriptor->fields[i], depth + 1);
    }
    return message;
}

/* ---- A place in a message ---- */

struct place {
    ProtobufCMessage *message;
    const ProtobufCFieldDescriptor *field;
    uint32_t seen;
};

/* Every field of every message inside is as likely as any other. */
static void
choose(ProtobufCMessage *message, struct place *place)
{
    char *base = (char *)message;

    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        bool there = !is_arm(field) || *(uint32_t *)(void *)(base + field->quantifier_offset) == field->id;
        void **inner = (void **)(void *)(base + field->offset);

        if (mutate_below(++place->seen) == 0 && (there || mutate_below(12) == 0)) {
            place->message = message;
            place->field = field;
        }
        if (field->type != PROTOBUF_C_TYPE_MESSAGE || !there)
            continue;
        if (!is_list(field) && *inner)
            choose(*inner, place);
        for (size_t k = 0; is_list(field) && k < *(size_t *)(void *)(base + field->quantifier_offset); k++)
            choose(((ProtobufCMessage **)*inner)[k], place);
    }
}

static void
change(ProtobufCMessage *message)
{
    for (uint32_t times = 1 + mutate_below(mutate_below(3) ? 1 : FIELDS_MOST); times > 0; times--) {
        struct place place = {0};

        choose(message, &place);
        if (place.message)
            new_field(place.message, place.field, 0);
    }
}

const uint8_t *
mutate_message(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t length, size_t most, size_t *out)
{
    static uint8_t packed[256 * 1024];
    ProtobufCMessage *message;

    if (arena.first)
        jn_arena_reset(&arena);
    message = unpack(descriptor, bytes, length);
    if (message)
        change(message);
    else
        message = made_up(descriptor, 0);
    *out = protobuf_c_message_get_packed_size(message);
    if (*out > most || *out > sizeof(packed) || mutate_below(40) == 0) {
        *out = length < sizeof(packed) ? length : sizeof(packed);
        if (*out > 0)
            memcpy(packed, bytes, *out);
        *out = LLVMFuzzerMutate(packed, *out, most < sizeof(packed) ? most : sizeof(packed));
        return packed;
    }
    protobuf_c_message_pack(message, packed);
    return packed;
}
