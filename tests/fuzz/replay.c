/* A stored block that was altered: refused with a sentence, or what it says of events and answers is what it said
 * before.
 *
 * Input: which of the ledger's states (its last block is altered), then edits of 4 bytes: place (2), what is done,
 * with which byte. Flag 0x80 of the first byte: the private part's hash is put right, as whoever owns the file could.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "fuzz.h"
#include "ledger/ledger.h"
#include "runtime/world_parts.h"
#include "steps.h"

#define BLOCK_MAX  (64 * 1024)
#define EDIT_BYTES 4
#define RESEAL     0x80

/* The block before the last, and the last. */
static struct state {
    struct jn_world *world, *behind;
    uint8_t bytes[BLOCK_MAX];
    size_t length;
    struct jn_log_head head;
} states[GIVEN_MAX];
static size_t states_count;

static void
leave(void)
{
    for (size_t i = 0; i < states_count; i++) {
        jn_world_close(states[i].world);
        jn_world_close(states[i].behind);
    }
}

static void
replay_until(struct state *state, uint64_t last)
{
    struct jn_fold *fold = state->behind->fold;
    const void *bytes;
    size_t length;

    while (state->head.block < last) {
        JN_ASSERT(state->world->log->read(state->world->log, state->head.block + 1, &bytes, &length));
        jn_tables_begin(fold->tables);
        JN_ASSERT(!jn_fold_replay(fold, bytes, length, &state->head));
        JN_ASSERT(jn_tables_commit(fold->tables));
    }
}

static void
open_state(const char *name)
{
    struct state *state = &states[states_count];
    char path[FILE_PATH_MAX];
    const uint8_t *at;
    struct step step;
    uint8_t *bytes;
    const void *last;
    size_t size;

    snprintf(path, sizeof(path), "%s/%s", FUZZ_GIVEN, name);
    at = bytes = file_read(path, &size);
    if (size == 0) {
        free(bytes);
        return;
    }
    state->world = jn_world_open(&ledger_service, date_to_ms(18201)); /* 2019-11-01 */
    state->behind = jn_world_open(&ledger_service, 0);
    while (step_next(&at, bytes + size, &step))
        step_do(state->world, &ledger_service, &step);
    jn_world_gather(state->world, false);
    free(bytes);
    memcpy(state->head.log, state->world->log->head.log, sizeof(state->head.log));
    memcpy(state->head.secret, state->world->log->head.secret, sizeof(state->head.secret));
    replay_until(state, state->world->log->head.block - 1);
    JN_ASSERT(state->world->log->read(state->world->log, state->head.block + 1, &last, &state->length));
    JN_ASSERT(state->length <= BLOCK_MAX);
    memcpy(state->bytes, last, state->length);
    state->world->log->end_read(state->world->log);
    states_count++;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char names[GIVEN_MAX][FILE_NAME_MAX];
    size_t count = folder_list(FUZZ_GIVEN, names, GIVEN_MAX);

    (void)argc;
    (void)argv;
    fuzz_use_memory();
    for (size_t i = 0; i < count; i++)
        open_state(names[i]);
    JN_ASSERT(states_count > 0);
    atexit(leave);
    return 0;
}

/* One edit of the block in place. */
static size_t
edit(uint8_t *bytes, size_t length, const uint8_t what[EDIT_BYTES])
{
    size_t at = length ? (what[0] | (size_t)what[1] << 8) % length : 0;

    switch (what[2] % 5) {
    case 0:
        if (length > 0)
            bytes[at] = what[3];
        return length;
    case 1:
        if (length > 0)
            bytes[at] ^= what[3];
        return length;
    case 2: /* taken out */
        if (length > 0)
            memmove(bytes + at, bytes + at + 1, length - at - 1);
        return length > 0 ? length - 1 : 0;
    case 3: /* put in */
        if (length == 2 * BLOCK_MAX)
            return length;
        memmove(bytes + at + 1, bytes + at, length - at);
        bytes[at] = what[3];
        return length + 1;
    default: /* cut off */
        return what[3] == 0xff ? at : length;
    }
}

/* The header with the private part's hash put right; the bytes as they are where they are no block. */
static size_t
reseal(uint8_t *bytes, size_t length)
{
    Envelope__Block *block = envelope__block__unpack(NULL, length, bytes);
    Envelope__BlockHeader *header =
        block ? envelope__block_header__unpack(NULL, block->header.len, block->header.data) : NULL;
    uint8_t packed[4096];
    struct jn_hash hash;

    if (header && header->private_hash.len == JN_HASH_BYTES &&
        envelope__block_header__get_packed_size(header) <= sizeof(packed)) {
        ProtobufCBinaryData kept = block->header;

        jn_sm3(block->private_.data, block->private_.len, &hash);
        memcpy(header->private_hash.data, &hash, JN_HASH_BYTES);
        block->header = (ProtobufCBinaryData){envelope__block_header__pack(header, packed), packed};
        if (envelope__block__get_packed_size(block) <= 2 * BLOCK_MAX)
            length = envelope__block__pack(block, bytes);
        block->header = kept;
    }
    if (header)
        envelope__block_header__free_unpacked(header, NULL);
    if (block)
        envelope__block__free_unpacked(block, NULL);
    return length;
}

static bool
same_records(const struct state *state, const uint8_t *bytes, size_t length, bool resealed)
{
    Envelope__Block *one = envelope__block__unpack(NULL, state->length, state->bytes);
    Envelope__Block *other = envelope__block__unpack(NULL, length, bytes);
    bool same = one && other && one->n_records == other->n_records;

    for (size_t i = 0; same && i < one->n_records; i++)
        same = one->records[i].len == other->records[i].len &&
               memcmp(one->records[i].data, other->records[i].data, one->records[i].len) == 0;
    same = same && (resealed || (one->private_.len == other->private_.len &&
                                 (one->private_.len == 0 ||
                                  memcmp(one->private_.data, other->private_.data, one->private_.len) == 0)));
    envelope__block__free_unpacked(one, NULL);
    envelope__block__free_unpacked(other, NULL);
    return same;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[2 * BLOCK_MAX + 8];
    const struct state *state;
    struct jn_log_head head;
    struct jn_fold *fold;
    const char *fault;
    size_t length;

    if (size < 1 || size > 4096)
        return -1;
    state = &states[(data[0] & 0x7f) % states_count];
    fold = state->behind->fold;
    head = state->head;
    memcpy(bytes, state->bytes, state->length);
    length = state->length;
    for (size_t i = 1; i + EDIT_BYTES <= size; i += EDIT_BYTES)
        length = edit(bytes, length, data + i);
    if (data[0] & RESEAL)
        length = reseal(bytes, length);
    jn_tables_begin(fold->tables);
    fault = jn_fold_replay(fold, bytes, length, &head);
    JN_ASSERT(fault || same_records(state, bytes, length, data[0] & RESEAL));
    JN_ASSERT(size > 1 || !fault); /* the block as it was is none that is refused */
    jn_tables_abort(fold->tables);
    jn_arena_reset(&fold->message);
    fold->time_ms = state->head.time_ms;
    return 0;
}
