/* Packing backwards. */
#include "runtime/pack.h"

#include <stdbool.h>
#include <string.h>

#include "runtime/code.h"
#include "runtime/wire.h"

/* A number has ten bytes at most. */
#define NUMBER_MAX 10

struct packing {
    uint8_t *start, *at; /* what is written lies from `at` on */
    bool full;
};

static void pack_message(struct packing *p, const ProtobufCMessage *message);

static void
put_bytes(struct packing *p, const void *bytes, size_t length)
{
    if (p->full || (size_t)(p->at - p->start) < length) {
        p->full = true;
        return;
    }
    p->at -= length;
    if (length > 0)
        memcpy(p->at, bytes, length);
}

static void
put_number(struct packing *p, uint64_t value)
{
    uint8_t bytes[NUMBER_MAX];
    size_t length = 0;

    if (value < 0x80 && p->at > p->start) {
        *--p->at = (uint8_t)value;
        return;
    }
    for (; value >= 0x80; value >>= 7)
        bytes[length++] = (uint8_t)(value | 0x80);
    bytes[length++] = (uint8_t)value;
    put_bytes(p, bytes, length);
}

static void
put_tag(struct packing *p, uint32_t id, ProtobufCWireType type)
{
    put_number(p, (uint64_t)id << 3 | (uint64_t)type);
}

/* Positive and negative in turns. */
static uint64_t
zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

static uint64_t
number_of(const ProtobufCFieldDescriptor *field, const void *value)
{
    uint64_t wide;
    uint32_t narrow;

    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_ENUM:
        memcpy(&narrow, value, sizeof(narrow));
        return (uint64_t)(int64_t)(int32_t)narrow;
    case PROTOBUF_C_TYPE_SINT32:
        memcpy(&narrow, value, sizeof(narrow));
        return zigzag((int32_t)narrow);
    case PROTOBUF_C_TYPE_UINT32:
        memcpy(&narrow, value, sizeof(narrow));
        return narrow;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        memcpy(&wide, value, sizeof(wide));
        return wide;
    case PROTOBUF_C_TYPE_SINT64:
        memcpy(&wide, value, sizeof(wide));
        return zigzag((int64_t)wide);
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)value != 0;
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        break;
    }
    JN_ASSERT(false); /* our contracts have no fixed and no floating numbers */
    return 0;
}

/* The value without its tag; *type is the tag's. */
static void
put_value(struct packing *p, const ProtobufCFieldDescriptor *field, const void *value, ProtobufCWireType *type)
{
    const uint8_t *end = p->at;

    *type = PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessage *message = *(ProtobufCMessage *const *)value;

        if (message)
            pack_message(p, message);
    } else if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(char *const *)value;

        if (text)
            put_bytes(p, text, strlen(text));
    } else if (field->type == PROTOBUF_C_TYPE_BYTES) {
        const ProtobufCBinaryData *bytes = value;

        put_bytes(p, bytes->data, bytes->len);
    } else {
        *type = PROTOBUF_C_WIRE_TYPE_VARINT;
        put_number(p, number_of(field, value));
    }
    if (*type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
        put_number(p, (uint64_t)(end - p->at));
}

static void
put_field(struct packing *p, const ProtobufCFieldDescriptor *field, const void *value)
{
    ProtobufCWireType type;

    put_value(p, field, value, &type);
    put_tag(p, field->id, type);
}

static void
put_list(struct packing *p, const ProtobufCFieldDescriptor *field, size_t count, const uint8_t *list)
{
    const uint8_t *end = p->at;
    size_t size = jn_value_size(field);
    ProtobufCWireType type;

    if (count == 0)
        return;
    if (!(field->flags & PROTOBUF_C_FIELD_FLAG_PACKED)) {
        while (count-- > 0)
            put_field(p, field, list + count * size);
        return;
    }
    while (count-- > 0)
        put_value(p, field, list + count * size, &type);
    put_number(p, (uint64_t)(end - p->at));
    put_tag(p, field->id, PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED);
}

static bool
points(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE;
}

/* What need not be said: nothing, or what is taken for granted. */
static bool
is_default(const ProtobufCFieldDescriptor *field, const void *value)
{
    static const uint8_t zeros[sizeof(uint64_t)];
    const void *pointer;

    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return ((const ProtobufCBinaryData *)value)->len == 0;
    if (!points(field))
        return memcmp(value, zeros, jn_value_size(field)) == 0;
    memcpy(&pointer, value, sizeof(pointer));
    return !pointer || (field->type == PROTOBUF_C_TYPE_STRING && *(const char *)pointer == '\0');
}

/* A pointer that stands for something. */
static bool
is_set(const ProtobufCFieldDescriptor *field, const void *value)
{
    const void *pointer;

    if (!points(field))
        return true;
    memcpy(&pointer, value, sizeof(pointer));
    return pointer && pointer != field->default_value;
}

/* Is it said which, or that it is there at all? */
static bool
is_there(const ProtobufCFieldDescriptor *field, const char *message)
{
    const char *value = message + field->offset;
    uint32_t choice;
    protobuf_c_boolean has;

    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        memcpy(&choice, message + field->quantifier_offset, sizeof(choice));
        return choice == field->id && is_set(field, value);
    }
    if (field->label == PROTOBUF_C_LABEL_NONE)
        return !is_default(field, value);
    if (field->label == PROTOBUF_C_LABEL_REQUIRED)
        return true;
    if (points(field))
        return is_set(field, value);
    memcpy(&has, message + field->quantifier_offset, sizeof(has));
    return has != 0;
}

static void
pack_message(struct packing *p, const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    const char *bytes = (const char *)message;

    for (unsigned i = message->n_unknown_fields; i-- > 0;) {
        put_bytes(p, message->unknown_fields[i].data, message->unknown_fields[i].len);
        put_tag(p, message->unknown_fields[i].tag, message->unknown_fields[i].wire_type);
    }
    for (unsigned i = descriptor->n_fields; i-- > 0 && !p->full;) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];

        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count;

            memcpy(&count, bytes + field->quantifier_offset, sizeof(count));
            put_list(p, field, count, *(const uint8_t *const *)(const void *)(bytes + field->offset));
        } else if (is_there(field, bytes)) {
            put_field(p, field, bytes + field->offset);
        }
    }
}

const uint8_t *
jn_pack(const ProtobufCMessage *message, uint8_t *room, size_t size, size_t *length)
{
    struct packing p = {room, room, false};

    *length = 0;
    if (!room)
        return NULL;
    p.at += size;
    pack_message(&p, message);
    *length = (size_t)(room + size - p.at);
    return p.full ? NULL : p.at;
}
