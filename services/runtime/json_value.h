/* Single values of a message from JSON, and where in the text we are. */
#ifndef RUNTIME_JSON_VALUE_H
#define RUNTIME_JSON_VALUE_H

#include "runtime/json.h"

/* From the innermost place out. */
struct json_place {
    const struct json_place *outer; /* NULL for the whole */
    const char *key;                /* NULL in a list */
    size_t index;                   /* in a list */
};

struct json_reading {
    struct jn_arena *arena;
    char *error; /* JN_JSON_ERROR */
};

/* Writes "PLACE: sentence"; returns false. */
bool json_fault(struct json_reading *reading, const struct json_place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Zeroed; NULL and a fault where the arena is spent. */
void *json_take(struct json_reading *reading, const struct json_place *place, size_t bytes);

/* Anything but a message. */
bool json_value_read(struct json_reading *reading, const struct json_place *place,
                     const ProtobufCFieldDescriptor *field, const json_t *json, void *out);

#endif
