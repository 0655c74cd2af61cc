/* Feeds: what a service hands to those who follow it, and how one who follows reads it. */
#ifndef RUNTIME_FEED_H
#define RUNTIME_FEED_H

#include "runtime/engine.h"

/* At most this many blocks and bytes in an answer. */
#define JN_FEED_BLOCKS 256
#define JN_FEED_BYTES  (192 * 1024)
/* The largest answer: JN_FEED_BYTES, and one block more: JN_BLOCK_BYTES_MAX, one event beyond it, and some 60 bytes of
 * salts, leaves and tags for each of its records. */
#define JN_FEED_FRAME_BYTES_MAX (JN_FEED_BYTES + JN_BLOCK_BYTES_MAX + ((size_t)3 << 20))

struct jn_event_set {
    uint64_t words[JN_EVENT_TYPES / 64];
};

/* Which events a reader may have. A log is the whole city's: a key whose scope is a part of it reads none of it, and is
 * told what lies in its scope by its inbox. */
struct jn_event_set jn_feed_readable(const struct jn_service *service, const struct jn_agency *who);

/* Answers a request out of the log: blocks after request->after, with the events of the wanted types that are readable.
 * head, which may be empty, goes along. The batch is packed into the arena. False with a sentence where the request
 * names another log or a block that is not there. */
bool jn_feed_answer(struct jn_log *log, const Runtime__FeedRequest *request, struct jn_event_set readable,
                    struct jn_slice head, struct jn_arena *arena, struct jn_slice *out, char error[JN_ERROR_TEXT]);

bool jn_feed_readable_any(const struct jn_service *service, const struct jn_agency *who);

/* The types that a request names; all where it names none. */
struct jn_event_set jn_feed_wanted(const uint32_t *types, size_t count);
struct jn_event_set jn_event_set_both(struct jn_event_set a, struct jn_event_set b);
bool jn_event_set_has(const struct jn_event_set *set, uint32_t type);

/* A stored record's event type: the number of its Event's first and only field, as the tag at its beginning has it; 0
 * where there is none. */
uint32_t jn_feed_type(const ProtobufCBinaryData *record);

/* Checks one block of a batch against what was read before: log, number, chain, and the root over leaves and events.
 * NULL or what is wrong. *standing moves to the block. */
const char *jn_feed_check(const Runtime__FeedBlock *block, struct jn_standing *standing);

#endif
