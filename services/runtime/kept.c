/* Rows kept until the block is written, and copies of messages. */
#include "runtime/kept.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/wire.h"

/* A message's own cap is 16 MiB, and what is kept is written once it is half of that: a block's last message finds so
 * much and its own. */
#define ARENA_CAP ((size_t)64 << 20)

void
jn_kept_open(struct jn_kept *kept)
{
    jn_arena_open(&kept->arena, ARENA_CAP);
}

void
jn_kept_close(struct jn_kept *kept)
{
    jn_arena_close(&kept->arena);
    free(kept->rows);
}

/* Keys are whole numbers, mostly small and close to each other: their low bits must tell on all of it. */
static uint32_t
hash_of(unsigned table, const struct jn_key *key)
{
    uint64_t hash = table + 1, word;
    size_t at = 0;

    for (; at + sizeof(word) <= key->length; at += sizeof(word)) {
        memcpy(&word, key->bytes + at, sizeof(word));
        hash = (hash ^ be64toh(word)) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    for (; at < key->length; at++)
        hash = (hash ^ key->bytes[at]) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash >> 32 ^ hash);
}

/* Its place; 0 where it has none. */
static uint32_t
place_of(const struct jn_kept *kept, unsigned table, const struct jn_key *key, uint32_t hash)
{
    for (uint32_t place = kept->heads[hash % JN_KEPT_HEADS]; place != 0; place = kept->rows[place].next) {
        const struct jn_kept_row *row = &kept->rows[place];

        if (row->hash == hash && row->table == table && row->key.length == key->length &&
            memcmp(row->key.bytes, key->bytes, key->length) == 0)
            return place;
    }
    return 0;
}

struct jn_kept_row *
jn_kept_find(struct jn_kept *kept, unsigned table, const struct jn_key *key)
{
    uint32_t place = kept->count ? place_of(kept, table, key, hash_of(table, key)) : 0;

    return place && kept->rows[place].known ? &kept->rows[place] : NULL;
}

static struct jn_kept_row *
find_or_add(struct jn_kept *kept, unsigned table, const struct jn_key *key)
{
    uint32_t hash = hash_of(table, key), *head = &kept->heads[hash % JN_KEPT_HEADS];
    uint32_t place = place_of(kept, table, key, hash);

    if (place)
        return &kept->rows[place];
    if (kept->count + 1 >= kept->size) {
        kept->size = kept->size ? kept->size * 2 : 256;
        kept->rows = realloc(kept->rows, kept->size * sizeof(*kept->rows));
        JN_ASSERT(kept->rows);
    }
    place = (uint32_t)++kept->count;
    kept->rows[place] = (struct jn_kept_row){.key = *key, .table = table, .hash = hash, .next = *head};
    *head = place;
    return &kept->rows[place];
}

void
jn_kept_mark(struct jn_kept *kept, struct jn_kept_row *row, bool dirty)
{
    kept->dirty[row->table] += (size_t)dirty - (size_t)row->dirty;
    row->dirty = dirty;
    if (!dirty)
        return;
    kept->ahead = true;
    if (row->listed)
        return;
    row->listed = true;
    row->behind = 0;
    if (kept->first[row->table])
        kept->rows[kept->last[row->table]].behind = (uint32_t)(row - kept->rows);
    else
        kept->first[row->table] = (uint32_t)(row - kept->rows);
    kept->last[row->table] = (uint32_t)(row - kept->rows);
}

struct jn_kept_row *
jn_kept_take_dirty(struct jn_kept *kept, unsigned table)
{
    while (kept->first[table]) {
        struct jn_kept_row *row = &kept->rows[kept->first[table]];

        kept->first[table] = row->behind;
        row->listed = false;
        if (row->dirty)
            return row;
    }
    return NULL;
}

struct jn_kept_row *
jn_kept_read(struct jn_kept *kept, unsigned table, const struct jn_key *key, ProtobufCMessage *message)
{
    struct jn_kept_row *row = find_or_add(kept, table, key);

    row->row = message;
    row->bytes = message ? jn_arena_span(&kept->arena, message) : 0;
    row->known = true;
    return row;
}

/* Once more where it came to lie in two chunks; what is larger than a chunk stays so. */
static void
take_copy(struct jn_kept *kept, struct jn_kept_row *row, const ProtobufCMessage *message)
{
    row->row = jn_message_copy(&kept->arena, message);
    row->bytes = jn_arena_span(&kept->arena, row->row);
    if (row->bytes > 0)
        return;
    row->row = jn_message_copy(&kept->arena, message);
    row->bytes = jn_arena_span(&kept->arena, row->row);
}

struct jn_kept_before
jn_kept_set(struct jn_kept *kept, unsigned table, const struct jn_key *key, const ProtobufCMessage *message)
{
    struct jn_kept_row *row = find_or_add(kept, table, key);
    struct jn_kept_before before = {(uint64_t)(row - kept->rows), row->row, row->bytes, row->known};

    row->row = NULL;
    row->bytes = 0;
    if (message)
        take_copy(kept, row, message);
    row->known = true;
    jn_kept_mark(kept, row, true);
    return before;
}

/* Whether LMDB has heard meanwhile of what is taken back, nobody asks: it is told again. */
void
jn_kept_back(struct jn_kept *kept, const struct jn_kept_before *before)
{
    struct jn_kept_row *row = &kept->rows[before->place];

    row->row = before->row;
    row->bytes = before->bytes;
    row->known = before->known != 0;
    jn_kept_mark(kept, row, row->known);
}

void
jn_kept_drop(struct jn_kept *kept)
{
    if (kept->count == 0)
        return;
    for (size_t place = 1; place <= kept->count; place++) {
        kept->heads[kept->rows[place].hash % JN_KEPT_HEADS] = 0;
        kept->dirty[kept->rows[place].table] = kept->first[kept->rows[place].table] = 0;
    }
    kept->count = 0;
    kept->ahead = false;
    jn_arena_reset(&kept->arena);
}

/* ---- Copies ---- */

/* What the value points to becomes the copy's own. */
static void
own(struct jn_arena *arena, const ProtobufCFieldDescriptor *field, void *value)
{
    void **pointer = value;

    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        ProtobufCBinaryData *bytes = value;

        bytes->data = bytes->len > 0 ? jn_arena_copy(arena, bytes->data, bytes->len) : NULL;
        return;
    }
    if (*pointer == NULL || *pointer == field->default_value)
        return;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        *pointer = jn_message_copy(arena, *pointer);
    else
        *pointer = jn_arena_copy(arena, *pointer, strlen(*pointer) + 1);
}

static bool
points(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BYTES ||
           field->type == PROTOBUF_C_TYPE_MESSAGE;
}

static void
own_list(struct jn_arena *arena, const ProtobufCFieldDescriptor *field, size_t count, void **list)
{
    size_t size = jn_value_size(field);
    char *copy;

    if (count == 0) {
        *list = NULL;
        return;
    }
    copy = jn_arena_copy(arena, *list, count * size);
    for (size_t i = 0; points(field) && i < count; i++)
        own(arena, field, copy + i * size);
    *list = copy;
}

static bool
chosen(const ProtobufCFieldDescriptor *field, const char *message)
{
    uint32_t choice;

    if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
        return true;
    memcpy(&choice, message + field->quantifier_offset, sizeof(choice));
    return choice == field->id;
}

static size_t
taken(size_t bytes)
{
    return (bytes + 15) & ~(size_t)15;
}

/* What a copy of what the value points to takes. */
static size_t
own_bytes(const ProtobufCFieldDescriptor *field, const void *value)
{
    const void *pointer = *(void *const *)value;

    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return taken(((const ProtobufCBinaryData *)value)->len);
    if (pointer == NULL || pointer == field->default_value)
        return 0;
    return field->type == PROTOBUF_C_TYPE_MESSAGE ? jn_message_bytes(pointer) : taken(strlen(pointer) + 1);
}

size_t
jn_message_bytes(const ProtobufCMessage *message)
{
    const char *bytes = (const char *)message;
    size_t sum = taken(message->descriptor->sizeof_message);

    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const void *value = bytes + field->offset;
        size_t count = 1, size = 0;

        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            memcpy(&count, bytes + field->quantifier_offset, sizeof(count));
            memcpy(&value, bytes + field->offset, sizeof(value));
            size = jn_value_size(field);
            sum += taken(count * size);
        }
        for (size_t k = 0; points(field) && k < count && (size > 0 || chosen(field, bytes)); k++)
            sum += own_bytes(field, (const char *)value + k * size);
    }
    return sum;
}

void *
jn_message_copy(struct jn_arena *arena, const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    char *copy = jn_arena_copy(arena, message, descriptor->sizeof_message);

    ((ProtobufCMessage *)(void *)copy)->n_unknown_fields = 0;
    ((ProtobufCMessage *)(void *)copy)->unknown_fields = NULL;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        size_t count;

        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            memcpy(&count, copy + field->quantifier_offset, sizeof(count));
            own_list(arena, field, count, (void **)(void *)(copy + field->offset));
        } else if (points(field) && chosen(field, copy)) {
            own(arena, field, copy + field->offset);
        }
    }
    return copy;
}

/* Where memory is short already, a copy for which there is none left is not begun: a pack is a large row. */
void *
jn_row_copy(struct jn_arena *arena, const ProtobufCMessage *row)
{
    size_t bytes = arena->used_bytes > arena->cap_bytes ? jn_message_bytes(row) : 0;

    return jn_arena_row_fits(arena, bytes) ? jn_message_copy(arena, row) : NULL;
}
