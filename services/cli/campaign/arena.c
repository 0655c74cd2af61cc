/* Memory that lives as long as the campaign. */
#include "cli/campaign/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)1 << 20)

struct arena_chunk {
    struct arena_chunk *older;
    size_t used, size;
    max_align_t bytes[];
};

/* Nothing has been done yet when a folder is read, so there is nothing to save. */
static _Noreturn void
out_of_memory(void)
{
    fputs("out of memory while reading the campaign 内存不足\n", stderr);
    exit(1);
}

void *
arena_take(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = arena->newest;
    size_t rounded = (size + 7) & ~(size_t)7;

    if (!chunk || chunk->size - chunk->used < rounded) {
        size_t room = rounded > CHUNK_BYTES ? rounded : CHUNK_BYTES;

        chunk = malloc(sizeof(*chunk) + room);
        if (!chunk)
            out_of_memory();
        *chunk = (struct arena_chunk){.older = arena->newest, .size = room};
        arena->newest = chunk;
    }
    chunk->used += rounded;
    return (char *)chunk->bytes + chunk->used - rounded;
}

const char *
arena_copy(struct arena *arena, const char *text)
{
    size_t size = strlen(text) + 1;

    /* Most optional cells are empty; they share one. */
    return size == 1 ? "" : memcpy(arena_take(arena, size), text, size);
}

void
arena_free(struct arena *arena)
{
    while (arena->newest) {
        struct arena_chunk *older = arena->newest->older;

        free(arena->newest);
        arena->newest = older;
    }
}

/* Grows at 16, 32, 64...: the count alone tells the capacity. */
void *
array_room(void *array, uint32_t count, size_t size)
{
    void *larger;

    if (count & (count - 1) || (count && count < 16))
        return array;
    larger = realloc(array, (count ? (size_t)count * 2 : 16) * size);
    if (!larger)
        out_of_memory();
    return larger;
}

void *
array_copy(const void *array, uint32_t count, size_t size)
{
    void *copy;

    if (count == 0)
        return NULL;
    copy = malloc((size_t)count * size);
    if (!copy)
        out_of_memory();
    return memcpy(copy, array, (size_t)count * size);
}
