/* Messages to JSON: what is zero, empty or not there is left out, an arm of a oneof never. */
#include "runtime/json_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/wire.h"

static json_t *
unsigned_json(uint64_t value)
{
    char digits[24];

    if (value <= INT64_MAX)
        return json_integer((json_int_t)value);
    snprintf(digits, sizeof(digits), "%" PRIu64, value);
    return json_string(digits);
}

static json_t *
text_json(const char *text)
{
    json_t *json = json_string(text ? text : "");
    char readable[512];
    size_t length;

    if (json)
        return json;
    length = strnlen(text, sizeof(readable));
    for (size_t i = 0; i < length; i++)
        readable[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
    return json_stringn(readable, length);
}

static json_t *
bytes_json(const ProtobufCBinaryData *bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = malloc(bytes->len * 2 + 1);
    json_t *json;

    if (!text)
        return NULL;
    for (size_t i = 0; i < bytes->len; i++) {
        text[2 * i] = digits[bytes->data[i] >> 4];
        text[2 * i + 1] = digits[bytes->data[i] & 15];
    }
    json = json_stringn(text, bytes->len * 2);
    free(text);
    return json;
}

static json_t *
enum_json(const ProtobufCEnumDescriptor *descriptor, int value)
{
    const ProtobufCEnumValue *word = protobuf_c_enum_descriptor_get_value(descriptor, value);

    return word ? json_string(word->name) : json_integer(value);
}

static json_t *
value_json(const ProtobufCFieldDescriptor *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_integer(*(const int32_t *)at);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return json_integer(*(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return unsigned_json(*(const uint64_t *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM:
        return enum_json(field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_STRING:
        return text_json(*(char *const *)at);
    case PROTOBUF_C_TYPE_BYTES:
        return bytes_json(at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return jn_json_of(*(ProtobufCMessage *const *)at);
    case PROTOBUF_C_TYPE_FLOAT: /* there are none in the contract */
    case PROTOBUF_C_TYPE_DOUBLE:
        break;
    }
    return NULL;
}

static json_t *
list_json(const ProtobufCFieldDescriptor *field, const char *base, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < count; i++) {
        json_t *value = value_json(field, base + i * jn_value_size(field));

        if (!value || json_array_append_new(list, value) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static bool
is_zero(const ProtobufCFieldDescriptor *field, const void *at)
{
    static const char zeros[sizeof(ProtobufCBinaryData)];

    if (field->type == PROTOBUF_C_TYPE_STRING)
        return !*(char *const *)at || !**(char *const *)at;
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return ((const ProtobufCBinaryData *)at)->len == 0;
    return memcmp(at, zeros, jn_value_size(field)) == 0;
}

/* False where memory has run out. */
static bool
add_field(json_t *object, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    const char *at = base + field->offset;
    json_t *value;

    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count = *(const size_t *)(base + field->quantifier_offset);

        if (count == 0)
            return true;
        value = list_json(field, *(char *const *)at, count);
    } else if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        if (*(const uint32_t *)(base + field->quantifier_offset) != field->id)
            return true;
        value = value_json(field, at);
    } else {
        if (is_zero(field, at))
            return true;
        value = value_json(field, at);
    }
    return value && json_object_set_new(object, field->name, value) == 0;
}

json_t *
jn_json_of(const void *message)
{
    const ProtobufCMessageDescriptor *descriptor = ((const ProtobufCMessage *)message)->descriptor;
    json_t *object = json_object();

    for (unsigned i = 0; object && i < descriptor->n_fields; i++)
        if (!add_field(object, message, &descriptor->fields[i])) {
            json_decref(object);
            return NULL;
        }
    return object;
}
