/* JSON to messages. No message can reach itself, so the contract bounds the depth; the limit here is for those to come.
 */
#include "runtime/json_value.h"

#include <stdio.h>
#include <string.h>

#include "runtime/wire.h"

static bool read_message(struct json_reading *reading, const struct json_place *place, unsigned depth,
                         ProtobufCMessage *out, const json_t *json);

static bool
read_one(struct json_reading *reading, const struct json_place *place, unsigned depth,
         const ProtobufCFieldDescriptor *field, const json_t *json, void *out)
{
    const ProtobufCMessageDescriptor *descriptor = field->descriptor;
    ProtobufCMessage *inner;

    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        return json_value_read(reading, place, field, json, out);
    inner = json_take(reading, place, descriptor->sizeof_message);
    if (!inner)
        return false;
    protobuf_c_message_init(descriptor, inner);
    *(ProtobufCMessage **)out = inner;
    return read_message(reading, place, depth + 1, inner, json);
}

static bool
read_list(struct json_reading *reading, const struct json_place *place, unsigned depth,
          const ProtobufCFieldDescriptor *field, const json_t *json, char *base)
{
    const size_t size = jn_value_size(field);
    char *list;

    if (!json_is_array(json))
        return json_fault(reading, place, "a list in [ ] is wanted here");
    if (json_array_size(json) == 0)
        return true;
    list = json_take(reading, place, json_array_size(json) * size);
    if (!list)
        return false;
    for (size_t i = 0; i < json_array_size(json); i++) {
        const struct json_place inner = {.outer = place, .index = i};

        if (!read_one(reading, &inner, depth, field, json_array_get(json, i), list + i * size))
            return false;
    }
    memcpy(base + field->offset, &list, sizeof(list));
    *(size_t *)(base + field->quantifier_offset) = json_array_size(json);
    return true;
}

static bool
read_field(struct json_reading *reading, const struct json_place *place, unsigned depth,
           const ProtobufCFieldDescriptor *field, const json_t *json, char *base)
{
    uint32_t *arm = (uint32_t *)(base + field->quantifier_offset);

    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return read_list(reading, place, depth, field, json, base);
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        if (*arm != 0)
            return json_fault(reading, place, "only one of its kind may be given: remove this or the other");
        *arm = field->id;
    }
    return read_one(reading, place, depth, field, json, base + field->offset);
}

static bool
unknown_key(struct json_reading *reading, const struct json_place *place, const ProtobufCMessageDescriptor *descriptor)
{
    char known[160] = "";
    const size_t full = sizeof(known) - 40;

    for (unsigned i = 0; i < descriptor->n_fields && strlen(known) < full; i++)
        snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", i ? ", " : "",
                 descriptor->fields[i].name);
    if (descriptor->n_fields == 0)
        return json_fault(reading, place, "%s has no fields: remove it", descriptor->name);
    return json_fault(reading, place, "%s has no such field: use %s%s", descriptor->name, known,
                      strlen(known) >= full ? ", ..." : "");
}

static bool
read_message(struct json_reading *reading, const struct json_place *place, unsigned depth, ProtobufCMessage *out,
             const json_t *json)
{
    const char *key;
    json_t *value;

    if (depth >= JN_JSON_DEPTH_MAX)
        return json_fault(reading, place, "nested too deep: no message of the contract goes so far");
    if (!json_is_object(json))
        return json_fault(reading, place, "an object in { } is wanted here: %s", out->descriptor->name);
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        const struct json_place inner = {.outer = place, .key = key};
        const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(out->descriptor, key);

        if (!field)
            return unknown_key(reading, &inner, out->descriptor);
        if (!read_field(reading, &inner, depth, field, value, (char *)out))
            return false;
    }
    return true;
}

void *
jn_json_read(const ProtobufCMessageDescriptor *descriptor, const json_t *json, struct jn_arena *arena,
             char error[JN_JSON_ERROR])
{
    struct json_reading reading = {.arena = arena, .error = error};
    const struct json_place whole = {.outer = NULL};
    ProtobufCMessage *out = json_take(&reading, &whole, descriptor->sizeof_message);

    if (!out)
        return NULL;
    protobuf_c_message_init(descriptor, out);
    return read_message(&reading, &whole, 0, out, json) ? out : NULL;
}

void *
jn_json_parse(const ProtobufCMessageDescriptor *descriptor, const char *text, size_t length, struct jn_arena *arena,
              char error[JN_JSON_ERROR])
{
    json_error_t wrong;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &wrong);
    void *out;

    if (!json) {
        snprintf(error, JN_JSON_ERROR, "line %d, column %d of the JSON: %s", wrong.line, wrong.column, wrong.text);
        return NULL;
    }
    out = jn_json_read(descriptor, json, arena, error);
    json_decref(json);
    return out;
}
