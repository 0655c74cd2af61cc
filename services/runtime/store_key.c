/* The key of a service's pseudonyms: 32 random bytes, and 16 that tie them to their log. */
#include "runtime/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "runtime/files.h"

#define TIE_BYTES  16
#define FILE_BYTES (JN_PSEUDONYM_KEY_BYTES + TIE_BYTES)

/* Another log's key, or one that was changed, would make two people of everybody. */
static void
tie(const struct jn_log *log, uint8_t text[FILE_BYTES])
{
    char name[2 * JN_LOG_BYTES + 1];

    for (size_t i = 0; i < JN_LOG_BYTES; i++)
        snprintf(name + 2 * i, 3, "%02x", log->head.log[i]);
    jn_hmac16(text, name, text + JN_PSEUDONYM_KEY_BYTES);
}

/* Written beside its place, so that it is there whole or not at all. */
static bool
make(const char *dir, const char *path, const struct jn_log *log, uint8_t text[FILE_BYTES], char error[JN_ERROR_TEXT])
{
    char beside[JN_PATH_MAX + 40];
    bool done;
    int fd;

    snprintf(beside, sizeof(beside), "%s.new", path);
    fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    done = fd >= 0 && getrandom(text, JN_PSEUDONYM_KEY_BYTES, 0) == JN_PSEUDONYM_KEY_BYTES;
    if (done)
        tie(log, text);
    done = done && write(fd, text, FILE_BYTES) == FILE_BYTES && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    if (done && rename(beside, path) == 0 && jn_files_sync_dir(dir))
        return true;
    snprintf(error, JN_ERROR_TEXT, "%s cannot be written: %s", path, strerror(errno));
    return false;
}

static bool
load(const char *dir, const struct jn_log *log, bool may_make, uint8_t out[JN_PSEUDONYM_KEY_BYTES],
     char error[JN_ERROR_TEXT])
{
    uint8_t text[FILE_BYTES + 1] = {0}, right[FILE_BYTES];
    char path[JN_PATH_MAX + 32];
    ssize_t got;
    int fd;

    snprintf(path, sizeof(path), "%s/pseudonym.key", dir);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && (errno != ENOENT || log->head.block > 0)) {
        snprintf(error, JN_ERROR_TEXT, "%s cannot be read (%s); restore it from a backup: pseudonyms hang on it", path,
                 strerror(errno));
        return false;
    }
    if (fd < 0 && !may_make)
        return true;
    if (fd < 0 && !make(dir, path, log, text, error))
        return false;
    got = fd < 0 ? FILE_BYTES : read(fd, text, sizeof(text));
    if (fd >= 0)
        close(fd);
    memcpy(right, text, JN_PSEUDONYM_KEY_BYTES);
    tie(log, right);
    if (got != FILE_BYTES || memcmp(text, right, FILE_BYTES) != 0) {
        snprintf(error, JN_ERROR_TEXT, "%s is not this log's key, or was changed; restore it from a backup", path);
        return false;
    }
    memcpy(out, text, JN_PSEUDONYM_KEY_BYTES);
    return true;
}

bool
jn_store_key_load(const char *dir, const struct jn_log *log, uint8_t out[JN_PSEUDONYM_KEY_BYTES],
                  char error[JN_ERROR_TEXT])
{
    return load(dir, log, true, out, error);
}

bool
jn_store_key_check(const char *dir, const struct jn_log *log, char error[JN_ERROR_TEXT])
{
    uint8_t ignored[JN_PSEUDONYM_KEY_BYTES];

    return load(dir, log, false, ignored, error);
}
