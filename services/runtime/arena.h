/* Memory of a message: taken piece by piece, given back at once. Capped, and a protobuf-c allocator. */
#ifndef RUNTIME_ARENA_H
#define RUNTIME_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

struct jn_arena_chunk;

struct jn_arena {
    struct jn_arena_chunk *first, *current;
    size_t used_bytes; /* since the last reset */
    size_t cap_bytes;
    size_t hard_bytes; /* who takes more than this is broken */
    size_t rows_bytes; /* up to here rows are handed out, cap_bytes or not; SIZE_MAX: several times cap_bytes */
    bool spent;        /* somebody asked for more than the cap: everything taken since the reset is to be thrown away */
    /* Not zeroed: protobuf-c fills what it takes. */
    ProtobufCAllocator allocator; /* for what came from outside: nothing past the cap */
    ProtobufCAllocator rows;      /* for what is our own, which must not look as if it were not there */
};

void jn_arena_open(struct jn_arena *arena, size_t cap_bytes);
void jn_arena_close(struct jn_arena *arena);

/* Everything taken before is gone. Keeps a few chunks of 64 KiB: what one message needed the next one needs, too. */
void jn_arena_reset(struct jn_arena *arena);

/* Zeroed and aligned to 16. Over the cap `spent` is set and what took it is undone; of protobuf-c's allocators the one
 * for what came from outside answers NULL there. */
void *jn_arena_take(struct jn_arena *arena, size_t bytes);
/* May another of our own rows be handed out, of that size or, with 0, of one that is not known? Where not, `spent` is
 * set. */
bool jn_arena_row_fits(struct jn_arena *arena, size_t bytes);
char *jn_arena_print(struct jn_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void *jn_arena_copy(struct jn_arena *arena, const void *bytes, size_t length);
/* How many bytes were taken from `first` on, which was one of them; 0 where they do not lie in one piece. */
size_t jn_arena_span(const struct jn_arena *arena, const void *first);

#endif
