/* Single values from JSON: hostile until read, every fault with its place. */
#include "runtime/json_value.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"

static size_t
print_place(const struct json_place *place, char *out, size_t size)
{
    size_t used;
    int more;

    if (!place || !place->outer)
        return 0;
    used = print_place(place->outer, out, size);
    more = place->key ? snprintf(out + used, size - used, "%s%.60s", used ? "." : "", place->key)
                      : snprintf(out + used, size - used, "[%zu]", place->index);
    return more >= 0 && used + (size_t)more < size ? used + (size_t)more : size - 1;
}

bool
json_fault(struct json_reading *reading, const struct json_place *place, const char *format, ...)
{
    size_t used = print_place(place, reading->error, JN_JSON_ERROR / 2);
    va_list args;

    if (used)
        used += (size_t)snprintf(reading->error + used, JN_JSON_ERROR - used, ": ");
    va_start(args, format);
    vsnprintf(reading->error + used, JN_JSON_ERROR - used, format, args);
    va_end(args);
    return false;
}

void *
json_take(struct json_reading *reading, const struct json_place *place, size_t bytes)
{
    void *taken = reading->arena->allocator.alloc(reading->arena->allocator.allocator_data, bytes ? bytes : 1);

    if (taken)
        return memset(taken, 0, bytes);
    json_fault(reading, place, "the message is too large: split it");
    return NULL;
}

/* ---- Single values ---- */

/* Digits in a text, as for numbers that JSON's readers round. */
static bool
digits_value(const char *text, bool negative_too, uint64_t *magnitude, bool *negative)
{
    char *end;

    *negative = text[0] == '-' && negative_too;
    text += *negative;
    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *magnitude = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0';
}

static bool
is_day(const char *name)
{
    size_t length = strlen(name);

    return !strcmp(name, "day") || (length > 4 && !strcmp(name + length - 4, "_day"));
}

/* least <= 0 <= most. */
static bool
read_whole(struct json_reading *reading, const struct json_place *place, const ProtobufCFieldDescriptor *field,
           const json_t *json, int64_t least, uint64_t most, uint64_t *out)
{
    const char *text = json_string_value(json);
    uint64_t magnitude;
    bool negative;
    int32_t day;

    if (text && field->type == PROTOBUF_C_TYPE_INT32 && is_day(field->name) && date_parse(text, &day)) {
        *out = (uint64_t)(int64_t)day;
        return true;
    }
    if (text && !digits_value(text, least < 0, &magnitude, &negative))
        return json_fault(reading, place, "\"%.40s\" is no whole number%s", text,
                          is_day(field->name) ? " and no date of the form YYYY-MM-DD" : ": write its digits");
    if (!text && !json_is_integer(json))
        return json_fault(reading, place, "a whole number is wanted here, without point or exponent");
    if (!text) {
        negative = json_integer_value(json) < 0;
        magnitude = negative ? -(uint64_t)json_integer_value(json) : (uint64_t)json_integer_value(json);
    }
    if (negative ? magnitude > -(uint64_t)least : magnitude > most)
        return json_fault(reading, place, "out of range: %lld to %llu is allowed", (long long)least,
                          (unsigned long long)most);
    *out = negative ? -magnitude : magnitude;
    return true;
}

static bool
read_enum(struct json_reading *reading, const struct json_place *place, const ProtobufCFieldDescriptor *field,
          const json_t *json, int *out)
{
    const ProtobufCEnumDescriptor *words = field->descriptor;
    const char *text = json_string_value(json);
    const ProtobufCEnumValue *word = text ? protobuf_c_enum_descriptor_get_value_by_name(words, text) : NULL;
    char known[160] = "";
    uint64_t number;

    if (word) {
        *out = word->value;
        return true;
    }
    if (!text) {
        if (!json_is_integer(json))
            return json_fault(reading, place, "a name in quotes is wanted here, of %s", words->name);
        if (!read_whole(reading, place, field, json, INT32_MIN, INT32_MAX, &number))
            return false;
        *out = (int)number;
        return true;
    }
    for (unsigned i = 0; i < words->n_values && strlen(known) < sizeof(known) - 40; i++)
        if (!strstr(words->values[i].name, "UNSPECIFIED"))
            snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", *known ? ", " : "",
                     words->values[i].name);
    return json_fault(reading, place, "\"%.40s\" is none of %s: use one of %s%s", text, words->name, known,
                      strlen(known) >= sizeof(known) - 40 ? ", ..." : "");
}

static bool
read_text(struct json_reading *reading, const struct json_place *place, const json_t *json, char **out)
{
    size_t length = json_string_length(json);

    if (!json_is_string(json))
        return json_fault(reading, place, "a text in quotes is wanted here");
    if (memchr(json_string_value(json), '\0', length))
        return json_fault(reading, place, "a text may not hold a NUL character: remove it");
    *out = json_take(reading, place, length + 1);
    if (!*out)
        return false;
    memcpy(*out, json_string_value(json), length + 1);
    return true;
}

static int
nibble(char digit)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = digit ? strchr(digits, digit) : NULL;

    return at ? (int)(at - digits) & 15 : -1;
}

static bool
read_bytes(struct json_reading *reading, const struct json_place *place, const json_t *json, ProtobufCBinaryData *out)
{
    const char *text = json_string_value(json);
    size_t length = json_string_length(json);

    if (!text || length % 2)
        return json_fault(reading, place, "bytes are written as hexadecimal digits in quotes, two a byte");
    out->data = json_take(reading, place, length / 2);
    out->len = length / 2;
    for (size_t i = 0; out->data && i < out->len; i++) {
        int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);

        if (high < 0 || low < 0)
            return json_fault(reading, place, "bytes are written as hexadecimal digits: 0-9 and a-f alone");
        out->data[i] = (uint8_t)(high << 4 | low);
    }
    return out->data != NULL;
}

static bool
read_bool(struct json_reading *reading, const struct json_place *place, const json_t *json, protobuf_c_boolean *out)
{
    *out = json_is_true(json);
    return json_is_boolean(json) || json_fault(reading, place, "true or false is wanted here, without quotes");
}

static bool
read_32(struct json_reading *reading, const struct json_place *place, const ProtobufCFieldDescriptor *field,
        const json_t *json, bool is_signed, uint32_t *out)
{
    uint64_t value = 0;
    bool good = is_signed ? read_whole(reading, place, field, json, INT32_MIN, INT32_MAX, &value)
                          : read_whole(reading, place, field, json, 0, UINT32_MAX, &value);

    *out = (uint32_t)value;
    return good;
}

bool
json_value_read(struct json_reading *reading, const struct json_place *place, const ProtobufCFieldDescriptor *field,
                const json_t *json, void *out)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return read_32(reading, place, field, json, true, out);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return read_32(reading, place, field, json, false, out);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return read_whole(reading, place, field, json, INT64_MIN, INT64_MAX, out);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return read_whole(reading, place, field, json, 0, UINT64_MAX, out);
    case PROTOBUF_C_TYPE_BOOL:
        return read_bool(reading, place, json, out);
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum(reading, place, field, json, out);
    case PROTOBUF_C_TYPE_STRING:
        return read_text(reading, place, json, out);
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes(reading, place, json, out);
    case PROTOBUF_C_TYPE_MESSAGE:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        break;
    }
    return json_fault(reading, place, "fractions are not used in the contract");
}
