/* Memory of a message. */
#include "runtime/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/code.h"

#define CHUNK_BYTES ((size_t)64 * 1024)
#define CHUNKS_KEPT 8
/* Past the soft cap memory is still handed out, so that a fold needs no error path, up to this multiple of it. What
 * took it is undone by the runtime. */
#define HARD_CAPS 8

struct jn_arena_chunk {
    struct jn_arena_chunk *next;
    size_t size, used;
    size_t pad;
    uint8_t bytes[];
};

static struct jn_arena_chunk *
chunk_new(size_t size)
{
    struct jn_arena_chunk *chunk = malloc(sizeof(*chunk) + size);

    JN_ASSERT(chunk);
    chunk->next = NULL;
    chunk->size = size;
    chunk->used = 0;
    return chunk;
}

/* The one that was kept, where it is large enough. */
static struct jn_arena_chunk *
chunk_behind(struct jn_arena_chunk *chunk, size_t size)
{
    struct jn_arena_chunk *next = chunk->next;

    if (next && size <= next->size) {
        next->used = 0;
        return next;
    }
    chunk->next = chunk_new(size > CHUNK_BYTES ? size : CHUNK_BYTES);
    chunk->next->next = next;
    return chunk->next;
}

/* As whoever had it before has left it: for what is filled at once. */
static void *
take(struct jn_arena *arena, size_t bytes)
{
    size_t size = (bytes + 15) & ~(size_t)15;
    struct jn_arena_chunk *chunk = arena->current;
    void *taken;

    JN_ASSERT(bytes < SIZE_MAX / 2);
    if (size == 0)
        size = 16;
    arena->used_bytes += size;
    if (arena->used_bytes > arena->cap_bytes)
        arena->spent = true;
    JN_ASSERT(arena->used_bytes <= arena->hard_bytes);
    if (chunk->used + size > chunk->size)
        chunk = arena->current = chunk_behind(chunk, size);
    taken = chunk->bytes + chunk->used;
    chunk->used += size;
    return taken;
}

static void *
arena_alloc(void *context, size_t bytes)
{
    struct jn_arena *arena = context;

    if (arena->used_bytes + bytes > arena->cap_bytes) {
        arena->spent = true;
        return NULL;
    }
    return take(arena, bytes);
}

static bool
rows_left(struct jn_arena *arena, size_t bytes)
{
    size_t most = arena->rows_bytes == SIZE_MAX ? arena->cap_bytes * (HARD_CAPS - 1) : arena->rows_bytes;

    if (arena->used_bytes + bytes <= most)
        return true;
    arena->spent = true;
    return false;
}

bool
jn_arena_row_fits(struct jn_arena *arena, size_t bytes)
{
    return rows_left(arena, bytes);
}

static void *
rows_alloc(void *context, size_t bytes)
{
    struct jn_arena *arena = context;

    return rows_left(arena, bytes) ? take(arena, bytes) : NULL;
}

static void
arena_free(void *context, void *pointer)
{
    (void)context;
    (void)pointer;
}

void
jn_arena_open(struct jn_arena *arena, size_t cap_bytes)
{
    memset(arena, 0, sizeof(*arena));
    arena->cap_bytes = cap_bytes;
    arena->hard_bytes = cap_bytes * HARD_CAPS;
    arena->rows_bytes = SIZE_MAX;
    arena->first = arena->current = chunk_new(CHUNK_BYTES);
    arena->allocator = (ProtobufCAllocator){.alloc = arena_alloc, .free = arena_free, .allocator_data = arena};
    arena->rows = (ProtobufCAllocator){.alloc = rows_alloc, .free = arena_free, .allocator_data = arena};
}

static void
chunks_free(struct jn_arena_chunk *chunk)
{
    while (chunk) {
        struct jn_arena_chunk *next = chunk->next;

        free(chunk);
        chunk = next;
    }
}

void
jn_arena_close(struct jn_arena *arena)
{
    chunks_free(arena->first);
    arena->first = arena->current = NULL;
}

void
jn_arena_reset(struct jn_arena *arena)
{
    struct jn_arena_chunk *last = arena->first;

    for (size_t kept = 1; kept < CHUNKS_KEPT && last->next && last->next->size == CHUNK_BYTES; kept++)
        last = last->next;
    chunks_free(last->next);
    last->next = NULL;
    arena->first->used = 0;
    arena->current = arena->first;
    arena->used_bytes = 0;
    arena->spent = false;
}

void *
jn_arena_take(struct jn_arena *arena, size_t bytes)
{
    return memset(take(arena, bytes), 0, bytes);
}

char *
jn_arena_print(struct jn_arena *arena, const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return jn_arena_copy(arena, text, strlen(text) + 1);
}

void *
jn_arena_copy(struct jn_arena *arena, const void *bytes, size_t length)
{
    void *copy = take(arena, length);

    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

size_t
jn_arena_span(const struct jn_arena *arena, const void *first)
{
    const struct jn_arena_chunk *chunk = arena->current;
    const uint8_t *from = first;

    return from >= chunk->bytes && from < chunk->bytes + chunk->used ? (size_t)(chunk->bytes + chunk->used - from) : 0;
}
