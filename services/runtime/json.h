/* Messages as JSON and back, by their descriptors alone.
 *
 *   fields        under their names in the proto; those that are zero, empty or not there are left out
 *   whole numbers as numbers; beyond 2^63 - 1 as a text of digits, which is read for any of them
 *   enumerations  by name ("EMPLOYMENT_SUBSIDY"); a value without a name as its number
 *   bytes         as hexadecimal digits
 *   days          as numbers; fields named day or *_day also read "YYYY-MM-DD" */
#ifndef RUNTIME_JSON_H
#define RUNTIME_JSON_H

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>

#include "runtime/arena.h"

#define JN_JSON_ERROR 320
/* Messages inside messages; the contract's deepest has four. */
#define JN_JSON_DEPTH_MAX 16

/* A new reference; NULL where memory has run out. Text that is not UTF-8 comes with ? in place of what is wrong. */
json_t *jn_json_of(const void *message);

/* A message in the arena; NULL with a sentence that names the place ("rows[3].fund: ...") and says what to do: unknown
 * keys, wrong types, numbers out of range, two arms of a oneof, nesting too deep, more than the arena may hold. */
void *jn_json_read(const ProtobufCMessageDescriptor *descriptor, const json_t *json, struct jn_arena *arena,
                   char error[JN_JSON_ERROR]);

/* The same from text, which must be one JSON object; keys may not come twice. */
void *jn_json_parse(const ProtobufCMessageDescriptor *descriptor, const char *text, size_t length,
                    struct jn_arena *arena, char error[JN_JSON_ERROR]);

#endif
