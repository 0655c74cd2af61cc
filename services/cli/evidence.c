/* Evidence as files. */
#include "cli/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {
    [JN_EVIDENCE_NONE] = "signed head, proof, extension or receipt",
    [JN_EVIDENCE_HEAD] = "signed head",
    [JN_EVIDENCE_PROOF] = "proof",
    [JN_EVIDENCE_EXTENSION] = "extension",
    [JN_EVIDENCE_RECEIPT] = "receipt",
};

/* At most `most` bytes, all that the file has; NULL, having said why. */
static uint8_t *
load(const char *path, size_t most, size_t *length, struct jn_arena *arena)
{
    uint8_t *bytes = jn_arena_take(arena, most + 1);
    FILE *file = fopen(path, "rb");
    bool good = file != NULL;

    if (good) {
        *length = fread(bytes, 1, most + 1, file);
        good = !ferror(file);
    }
    if (!good)
        suite_say("%s: %s", path, strerror(errno));
    else if (*length > most)
        suite_say("%s is larger than any such file can be", path);
    if (file)
        fclose(file);
    return good && *length <= most ? bytes : NULL;
}

const void *
evidence_load_any(const char *path, enum jn_evidence *kind, struct jn_arena *arena)
{
    size_t length;
    const uint8_t *bytes = load(path, JN_EVIDENCE_BYTES_MAX, &length, arena);
    const enum jn_evidence wanted = *kind;
    const void *message = NULL;

    if (!bytes)
        return NULL;
    *kind = jn_evidence_kind(bytes, length);
    if (wanted == JN_EVIDENCE_NONE || wanted == *kind)
        message = jn_evidence_read(*kind, bytes, length, arena);
    if (!message)
        suite_say("%s is no %s that can be read, or was changed  不是可读取的文件，或已被改动", path, names[wanted]);
    return message;
}

const void *
evidence_load(enum jn_evidence kind, const char *path, struct jn_arena *arena)
{
    return evidence_load_any(path, &kind, arena);
}

bool
evidence_key(const char *path, struct jn_sign_public *out)
{
    uint8_t text[JN_SIGN_PUBLIC_TEXT + 1];
    FILE *file = fopen(path, "rb");
    size_t length;

    if (!file) {
        suite_say("%s: %s", path, strerror(errno));
        return false;
    }
    length = fread(text, 1, sizeof(text), file);
    fclose(file);
    if (jn_sign_public_read(text, length, out))
        return true;
    suite_say(
        "%s is no public key: one line of 128 small hexadecimal digits, as jineng keys public prints it  不是公钥文件",
        path);
    return false;
}

bool
evidence_save(enum jn_evidence kind, const void *message, const char *path, struct jn_arena *arena)
{
    struct jn_slice bytes = jn_evidence_write(kind, message, arena);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    bool good = fd >= 0 && write(fd, bytes.bytes, bytes.length) == (ssize_t)bytes.length && fsync(fd) == 0;

    if (!good)
        suite_say("%s: %s", path, fd < 0 && errno == EEXIST ? "is there already: name another file" : strerror(errno));
    if (fd >= 0 && close(fd) != 0)
        good = false;
    return good;
}

int
evidence_misfit(const char *path, const struct jn_misfit *misfit)
{
    suite_say("%s: NOT PROVEN: %s\n        未证明：%s", path, misfit->en, misfit->zh);
    return CLI_REFUSED;
}

const Proof__Head *
evidence_head(const char *path, const struct jn_sign_public *key, struct jn_arena *arena)
{
    const Proof__SignedHead *signed_head = evidence_load(JN_EVIDENCE_HEAD, path, arena);
    const struct jn_misfit *misfit;
    const Proof__Head *head;

    if (!signed_head)
        return NULL;
    misfit = jn_head_check(signed_head, key, arena, &head);
    if (!misfit)
        return head;
    evidence_misfit(path, misfit);
    return NULL;
}
