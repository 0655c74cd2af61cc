/* Signed heads, proofs, extensions and receipts as strangers hand them in. Input: such a file, whatever it is.
 * given/proof holds the public key, the heads and all that was ever proven under them: nothing else may hold, whatever
 * comes, nor as a part of a receipt; and what is read is what would be written, to the byte. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "mutate.h"
#include "runtime/proof.h"

#define FILES_MAX 64
#define ARENA     ((size_t)32 << 20)

struct file {
    uint8_t *bytes;
    size_t size;
    enum jn_evidence kind;
};

static struct file files[FILES_MAX];
static size_t files_count;
static struct jn_sign_public key;
static const Proof__Head *heads[FILES_MAX];
static size_t heads_count;
static struct jn_arena arena, kept;

static const ProtobufCMessageDescriptor *const messages[] = {
    [JN_EVIDENCE_HEAD] = &proof__signed_head__descriptor,
    [JN_EVIDENCE_PROOF] = &proof__proof__descriptor,
    [JN_EVIDENCE_EXTENSION] = &proof__extension__descriptor,
    [JN_EVIDENCE_RECEIPT] = &proof__receipt__descriptor,
};
static const size_t lines[] = {
    [JN_EVIDENCE_HEAD] = sizeof("jineng head 1\n") - 1,
    [JN_EVIDENCE_PROOF] = sizeof("jineng proof 1\n") - 1,
    [JN_EVIDENCE_EXTENSION] = sizeof("jineng extension 1\n") - 1,
    [JN_EVIDENCE_RECEIPT] = sizeof("jineng receipt 1\n") - 1,
};

static void
leave(void)
{
    for (size_t i = 0; i < files_count; i++)
        free(files[i].bytes);
    jn_arena_close(&arena);
    jn_arena_close(&kept);
}

static void
take(const char *name)
{
    struct file *file = &files[files_count];
    char path[FILE_PATH_MAX];
    const Proof__SignedHead *signed_head;

    snprintf(path, sizeof(path), "%s/%s", FUZZ_GIVEN, name);
    file->bytes = file_read(path, &file->size);
    file->kind = jn_evidence_kind(file->bytes, file->size);
    if (file->kind == JN_EVIDENCE_NONE) {
        JN_ASSERT(jn_sign_public_read(file->bytes, file->size, &key));
        free(file->bytes);
        return;
    }
    files_count++;
    mutate_learn(messages[file->kind], file->bytes + lines[file->kind], file->size - lines[file->kind]);
    if (file->kind != JN_EVIDENCE_HEAD)
        return;
    signed_head = jn_evidence_read(JN_EVIDENCE_HEAD, file->bytes, file->size, &kept);
    JN_ASSERT(signed_head);
    heads[heads_count] = jn_head_read(signed_head, &kept);
    JN_ASSERT(heads[heads_count++]);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static char names[FILES_MAX][FILE_NAME_MAX];
    size_t count = folder_list(FUZZ_GIVEN, names, FILES_MAX);

    (void)argc;
    (void)argv;
    jn_arena_open(&arena, ARENA);
    jn_arena_open(&kept, ARENA);
    for (size_t i = 0; i < count; i++)
        take(names[i]);
    JN_ASSERT(heads_count >= 2);
    atexit(leave);
    return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    enum jn_evidence kind = jn_evidence_kind(data, size);
    const uint8_t *bytes;
    size_t length, line = lines[kind];

    mutate_seed(seed);
    if (kind == JN_EVIDENCE_NONE || max_size < line + 8 || mutate_below(8) == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    bytes = mutate_message(messages[kind], data + line, size - line, max_size - line, &length);
    memcpy(data + line, bytes, length);
    return line + length;
}

static bool
was_given(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < files_count; i++) {
        if (files[i].size == size && memcmp(files[i].bytes, data, size) == 0)
            return true;
    }
    return false;
}

static bool
holds(enum jn_evidence kind, const void *message)
{
    struct jn_proven proven;
    const Proof__Head *head;

    if (kind == JN_EVIDENCE_HEAD)
        return !jn_head_check(message, &key, &arena, &head);
    for (size_t i = 0; i < heads_count; i++) {
        if (kind == JN_EVIDENCE_PROOF && !jn_proof_check(message, heads[i], &arena, &proven))
            return proven.header && proven.record;
        for (size_t j = 0; kind == JN_EVIDENCE_EXTENSION && j < heads_count; j++) {
            if (!jn_extension_check(message, heads[i], heads[j]))
                return true;
        }
    }
    return false;
}

static void
try_message(enum jn_evidence kind, const void *message, const uint8_t *data, size_t size)
{
    struct jn_slice again = jn_evidence_write(kind, message, &arena);

    JN_ASSERT(!data || (again.length == size && memcmp(again.bytes, data, size) == 0));
    JN_ASSERT(kind == JN_EVIDENCE_RECEIPT || holds(kind, message) == was_given(again.bytes, again.length));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum jn_evidence kind = jn_evidence_kind(data, size);
    const void *message = kind ? jn_evidence_read(kind, data, size, &arena) : NULL;
    struct jn_sign_public text;

    jn_sign_public_read(data, size, &text);
    JN_ASSERT(message || !was_given(data, size));
    if (message)
        try_message(kind, message, data, size);
    if (message && kind == JN_EVIDENCE_RECEIPT) {
        const Proof__Receipt *receipt = message;

        if (receipt->head)
            try_message(JN_EVIDENCE_HEAD, receipt->head, NULL, 0);
        if (receipt->proof)
            try_message(JN_EVIDENCE_PROOF, receipt->proof, NULL, 0);
    }
    jn_arena_reset(&arena);
    return 0;
}
