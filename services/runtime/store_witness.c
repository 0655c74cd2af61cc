/* Followers as witnesses: what they read of a log must still be in it, and what its service has signed. */
#include "runtime/store.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/proof.h"

/* One forked history gives a finding for every block behind the fork: the first few tell enough. */
#define FINDINGS_MAX 5

struct witness {
    const struct jn_service *service;
    const char *follower;
    struct jn_log *log;
    const struct jn_sign_public *key;
    struct jn_witnessed *out;
    jn_finding_fn each;
    void *context;
    size_t findings;
};

/* ---- Testimony: `log block hash own_block` of a cursor, `head bytes own_block` of what was signed ---- */

struct testimony {
    uint8_t log[JN_LOG_BYTES];
    struct jn_hash hash;
    unsigned long long block, own_block;
    bool is_head, is_signed; /* by the service's key */
};
#define LINE_BYTES (2 * JN_HEAD_BYTES_MAX + 64)

static void
write_hex(FILE *out, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        fprintf(out, "%02x", bytes[i]);
}

void
jn_testify_cursor(FILE *out, const Envelope__Cursor *cursor, uint64_t block)
{
    write_hex(out, cursor->log.data, JN_LOG_BYTES);
    fprintf(out, " %llu ", (unsigned long long)cursor->block);
    write_hex(out, cursor->hash.data, JN_HASH_BYTES);
    fprintf(out, " %llu\n", (unsigned long long)block);
}

void
jn_testify_head(FILE *out, const ProtobufCBinaryData *signed_head, uint64_t block)
{
    fprintf(out, "head ");
    write_hex(out, signed_head->data, signed_head->len);
    fprintf(out, " %llu\n", (unsigned long long)block);
}

static bool
read_hex(const char *text, uint8_t *out, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned byte;

        if (sscanf(text + 2 * i, "%2x", &byte) != 1)
            return false;
        out[i] = (uint8_t)byte;
    }
    return strlen(text) == 2 * length;
}

static bool
read_cursor(const char *line, struct testimony *out)
{
    char log[2 * JN_LOG_BYTES + 1], hash[2 * JN_HASH_BYTES + 1];

    return sscanf(line, "%32s %llu %64s %llu", log, &out->block, hash, &out->own_block) == 4 &&
           read_hex(log, out->log, JN_LOG_BYTES) && read_hex(hash, out->hash.bytes, JN_HASH_BYTES);
}

static bool
read_head(const struct witness *w, const char *line, struct testimony *out)
{
    char text[LINE_BYTES];
    uint8_t bytes[JN_HEAD_BYTES_MAX];
    const Proof__SignedHead *signed_head = NULL;
    const Proof__Head *head;
    struct jn_arena arena;

    if (sscanf(line, "head %1087s %llu", text, &out->own_block) != 2 || strlen(text) > 2 * sizeof(bytes) ||
        !read_hex(text, bytes, strlen(text) / 2))
        return false;
    jn_arena_open(&arena, JN_FRAME_BYTES_MAX);
    signed_head = (const void *)proof__signed_head__unpack(&arena.allocator, strlen(text) / 2, bytes);
    head = signed_head ? jn_head_read(signed_head, &arena) : NULL;
    if (head) {
        memcpy(out->log, head->log.data, JN_LOG_BYTES);
        memcpy(out->hash.bytes, head->hash.data, JN_HASH_BYTES);
        out->block = head->block;
        out->is_head = true;
        out->is_signed = w->key && !jn_head_check(signed_head, w->key, &arena, &head);
    }
    jn_arena_close(&arena);
    return out->is_head;
}

/* False at the end, and where a line cannot be read. */
static bool
read_testimony(const struct witness *w, FILE *file, struct testimony *out, bool *readable)
{
    char line[LINE_BYTES];

    memset(out, 0, sizeof(*out));
    if (!fgets(line, sizeof(line), file))
        return false;
    *readable =
        strchr(line, '\n') && (strncmp(line, "head ", 5) == 0 ? read_head(w, line, out) : read_cursor(line, out));
    return *readable;
}

/* ---- Held against the log ---- */

static void found(struct witness *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
found(struct witness *w, const char *format, ...)
{
    char sentence[1024];
    va_list arguments;

    w->findings++;
    if (w->findings > FINDINGS_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof(sentence), format, arguments);
    va_end(arguments);
    w->each(w->context, sentence);
}

static bool
hash_of_block(struct jn_log *log, uint64_t number, struct jn_hash *out)
{
    const void *bytes;
    size_t length;
    Envelope__Block *block;

    memset(out, 0, sizeof(*out));
    if (number == 0)
        return true;
    if (!log->read(log, number, &bytes, &length))
        return false;
    block = envelope__block__unpack(NULL, length, bytes);
    log->end_read(log);
    if (!block)
        return false;
    jn_hash_header(block->header.data, block->header.len, out);
    envelope__block__free_unpacked(block, NULL);
    return true;
}

/* What the follower saw is its word; what the service has signed is its own. */
static const char *
whose_word(const struct testimony *said)
{
    if (!said->is_head)
        return "";
    return said->is_signed ? ", signed by it: with its own signature" : ", in a head that is not signed with its key";
}

static void
examine(struct witness *w, const struct testimony *said)
{
    const char *name = w->service->name, *word = whose_word(said);
    struct jn_hash own;

    if (memcmp(said->log, w->log->head.log, JN_LOG_BYTES) != 0)
        found(w, "%s's block %llu tells of another log than the one that stands here%s", w->follower, said->own_block,
              word);
    else if (said->block > w->log->head.block)
        found(w,
              "%s has read this log through block %llu%s, but it ends at %llu: blocks are missing, or it was restored "
              "from an older copy",
              w->follower, said->block, word, (unsigned long long)w->log->head.block);
    else if (!hash_of_block(w->log, said->block, &own) || memcmp(&own, &said->hash, sizeof(own)) != 0)
        found(w,
              "%s's block %llu is witness that block %llu of %s was another one than now%s: the log's history was "
              "changed",
              w->follower, said->own_block, said->block, name, word);
}

static void
count(struct witness *w, const struct testimony *said)
{
    w->out->cursors += !said->is_head;
    w->out->heads += said->is_head;
    w->out->unsigned_heads += said->is_head && w->key && !said->is_signed;
}

size_t
jn_store_witness(const struct jn_service *service, const char *dir, uint32_t map_gib, const char *follower,
                 const char *cursors, const struct jn_sign_public *key, struct jn_witnessed *out, jn_finding_fn each,
                 void *context)
{
    struct witness w = {
        .service = service, .follower = follower, .key = key, .out = out, .each = each, .context = context};
    char path[JN_PATH_MAX + 32], error[JN_ERROR_TEXT] = "";
    FILE *file = fopen(cursors, "r");
    struct testimony said;
    bool readable = true;

    memset(out, 0, sizeof(*out));
    snprintf(path, sizeof(path), "%s/log", dir);
    w.log = file ? jn_log_open(path, service->name, map_gib, JN_LOG_READ_ONLY, error) : NULL;
    if (!file)
        found(&w, "%s cannot be read: %s", cursors, strerror(errno));
    else if (!w.log)
        found(&w, "%s has read this log, but %s", follower, error);
    while (w.log && read_testimony(&w, file, &said, &readable)) {
        examine(&w, &said);
        count(&w, &said);
    }
    if (!readable)
        found(&w, "%s is cut short", cursors);
    if (w.findings > FINDINGS_MAX) {
        snprintf(error, sizeof(error), "and %zu more of the kind", w.findings - FINDINGS_MAX);
        each(context, error);
    }
    if (w.log)
        w.log->close(w.log);
    if (file)
        fclose(file);
    return w.findings;
}
