/* What came over the wire, looked at before any memory is taken for it. */
#include "runtime/wire.h"

#include <string.h>

#include <unistr.h>

#include "runtime/code.h"

/* A frame of 256 KiB holds at most some 130,000 empty fields, each of which protobuf-c would turn into tens of bytes;
 * the largest honest message, 200 rows of 60 fields, has 12,000. */
#define FIELDS_MAX 20000
#define DEPTH_MAX  8

struct wire {
    const uint8_t *at, *end;
    size_t *fields_left;
    bool strict;
};

static bool
varint(struct wire *wire, uint64_t *out)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64 && wire->at < wire->end; shift += 7) {
        uint8_t byte = *wire->at++;

        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *out = value;
            return true;
        }
    }
    return false;
}

static bool
skip(struct wire *wire, uint64_t length)
{
    if (length > (uint64_t)(wire->end - wire->at))
        return false;
    wire->at += length;
    return true;
}

static const char *message_fault(struct wire *wire, const ProtobufCMessageDescriptor *descriptor, unsigned depth);

static const char *
text_fault(const uint8_t *text, size_t length)
{
    if (length > 0 && memchr(text, 0, length))
        return "a text holds a NUL byte";
    if (length > 0 && u8_check(text, length))
        return "a text is not UTF-8";
    return NULL;
}

static const char *
packed_fault(const struct wire *outer, const uint8_t *bytes, size_t length, const ProtobufCFieldDescriptor *field)
{
    struct wire wire = {bytes, bytes + length, outer->fields_left, outer->strict};
    uint64_t ignored;

    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return "a number is sent as bytes";
    while (wire.at < wire.end) {
        if ((*wire.fields_left)-- == 0)
            return "it has too many fields; split it";
        if (!varint(&wire, &ignored))
            return "a list of numbers is cut short";
    }
    return NULL;
}

static const char *
bytes_fault(struct wire *wire, const ProtobufCFieldDescriptor *field, unsigned depth)
{
    const uint8_t *start;
    uint64_t length;

    if (!varint(wire, &length))
        return "a length is cut short";
    start = wire->at;
    if (!skip(wire, length))
        return "a field is longer than the message";
    if (!field || field->type == PROTOBUF_C_TYPE_BYTES)
        return NULL;
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return text_fault(start, length);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        struct wire inner = {start, start + length, wire->fields_left, wire->strict};

        return message_fault(&inner, field->descriptor, depth + 1);
    }
    return packed_fault(wire, start, length, field);
}

static const char *
field_fault(struct wire *wire, const ProtobufCFieldDescriptor *field, unsigned type, unsigned depth)
{
    uint64_t ignored;
    bool counted = field && (field->type == PROTOBUF_C_TYPE_BYTES || field->type == PROTOBUF_C_TYPE_STRING ||
                             field->type == PROTOBUF_C_TYPE_MESSAGE);

    if (type == 2)
        return bytes_fault(wire, field, depth);
    if (counted)
        return "a field has the wrong wire type";
    if (type == 0)
        return varint(wire, &ignored) ? NULL : "a number is cut short";
    if (type == 1 || type == 5)
        return skip(wire, type == 1 ? 8 : 4) ? NULL : "a number is cut short";
    return "a field has an unknown wire type";
}

static const char *
message_fault(struct wire *wire, const ProtobufCMessageDescriptor *descriptor, unsigned depth)
{
    if (depth > DEPTH_MAX)
        return "it is nested too deep";
    while (wire->at < wire->end) {
        const ProtobufCFieldDescriptor *field;
        const char *fault;
        uint64_t tag;

        if (!varint(wire, &tag) || tag >> 3 == 0 || tag >> 3 > UINT32_MAX >> 3)
            return "a field's number cannot be read";
        if ((*wire->fields_left)-- == 0)
            return "it has too many fields; split it";
        field = protobuf_c_message_descriptor_get_field(descriptor, (unsigned)(tag >> 3));
        if (!field && wire->strict)
            return "it has a field that is not known here";
        fault = field_fault(wire, field, (unsigned)(tag & 7), depth);
        if (fault)
            return fault;
    }
    return NULL;
}

const char *
jn_wire_fault(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t length, bool strict)
{
    size_t fields_left = FIELDS_MAX;
    struct wire wire = {.at = bytes, .fields_left = &fields_left, .strict = strict};

    if (length == 0)
        return NULL; /* a message of defaults; bytes may be NULL then */
    wire.end = wire.at + length;
    return message_fault(&wire, descriptor, 0);
}

void *
jn_wire_unpack(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t length, bool strict,
               struct jn_arena *arena, const char **fault)
{
    void *message;

    *fault = jn_wire_fault(descriptor, bytes, length, strict);
    if (*fault)
        return NULL;
    message = protobuf_c_message_unpack(descriptor, &arena->allocator, length, bytes);
    if (!message)
        *fault = "it cannot be read as this message";
    return message;
}

size_t
jn_value_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_ENUM:
        return 4;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    }
    JN_ASSERT(false);
    return 0;
}
