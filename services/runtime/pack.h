/* Messages packed in one pass, from their end to their beginning: a length is known by the time it is written, where
 * protobuf-c goes through every message twice, and through one in another once more for each it lies in. */
#ifndef RUNTIME_PACK_H
#define RUNTIME_PACK_H

#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

/* Room for most messages on their way; what is larger is left to protobuf-c. */
#define JN_PACK_ROOM 4096

/* What protobuf_c_message_pack would write, byte for byte, at the end of `room`: NULL where there is no room for it,
 * as where there is no room at all. */
const uint8_t *jn_pack(const ProtobufCMessage *message, uint8_t *room, size_t size, size_t *length);

#endif
