/* Followers as witnesses: what they read of a log must still be in it. */
#include "runtime/store.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* One forked history gives a finding for every block behind the fork: the first few tell enough. */
#define FINDINGS_MAX 5

struct witness {
    const struct jn_service *service;
    const char *follower;
    struct jn_log *log;
    jn_finding_fn each;
    void *context;
    size_t findings;
};

/* As jn_store_verify wrote it. */
struct testimony {
    uint8_t log[JN_LOG_BYTES];
    struct jn_hash hash;
    unsigned long long block, own_block;
};

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
read_testimony(FILE *file, struct testimony *out, bool *readable)
{
    char log[2 * JN_LOG_BYTES + 1], hash[2 * JN_HASH_BYTES + 1];
    int fields = fscanf(file, "%32s %llu %64s %llu", log, &out->block, hash, &out->own_block);

    *readable = fields == EOF || (fields == 4 && read_hex(log, out->log, JN_LOG_BYTES) &&
                                  read_hex(hash, out->hash.bytes, JN_HASH_BYTES));
    return fields != EOF && *readable;
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

static void
examine(struct witness *w, const struct testimony *said)
{
    const char *name = w->service->name;
    struct jn_hash own;

    if (memcmp(said->log, w->log->head.log, JN_LOG_BYTES) != 0)
        found(w, "%s's block %llu tells of another log than the one that stands here", w->follower, said->own_block);
    else if (said->block > w->log->head.block)
        found(w,
              "%s has read this log through block %llu, but it ends at %llu: blocks are missing, or it was restored "
              "from an older copy",
              w->follower, said->block, (unsigned long long)w->log->head.block);
    else if (!hash_of_block(w->log, said->block, &own) || memcmp(&own, &said->hash, sizeof(own)) != 0)
        found(
            w,
            "%s's block %llu is witness that block %llu of %s was another one than now: the log's history was changed",
            w->follower, said->own_block, said->block, name);
}

size_t
jn_store_witness(const struct jn_service *service, const char *dir, uint32_t map_gib, const char *follower,
                 const char *cursors, uint64_t *checked, jn_finding_fn each, void *context)
{
    struct witness w = {.service = service, .follower = follower, .each = each, .context = context};
    char path[JN_PATH_MAX + 32], error[JN_ERROR_TEXT] = "";
    FILE *file = fopen(cursors, "r");
    struct testimony said;
    bool readable = true;

    *checked = 0;
    snprintf(path, sizeof(path), "%s/log", dir);
    w.log = file ? jn_log_open(path, service->name, map_gib, JN_LOG_READ_ONLY, error) : NULL;
    if (!file)
        found(&w, "%s cannot be read: %s", cursors, strerror(errno));
    else if (!w.log)
        found(&w, "%s has read this log, but %s", follower, error);
    while (w.log && read_testimony(file, &said, &readable)) {
        examine(&w, &said);
        (*checked)++;
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
