/* What came over the wire, looked at before any memory is taken for it: form, nesting, counts, text. */
#ifndef RUNTIME_WIRE_H
#define RUNTIME_WIRE_H

#include <stdbool.h>

#include "runtime/arena.h"

/* NULL where the bytes are a message of that descriptor: at most 20,000 fields in all and 8 levels; text is UTF-8
 * without NUL. With `strict` an unknown field is a fault, as in commands: a sender must not believe that we honoured
 * what we ignored. Else a sentence. */
const char *jn_wire_fault(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t length, bool strict);

/* Checked and unpacked into the arena; NULL with *fault. */
void *jn_wire_unpack(const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t length, bool strict,
                     struct jn_arena *arena, const char **fault);

/* How many bytes one value of the field takes, in a list or a message that is unpacked. */
size_t jn_value_size(const ProtobufCFieldDescriptor *field);

#endif
