/* Files that name people and accounts: read whole, written whole. */
#include "cli/bank/bank_command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/files.h"

static int
refused(const char *path, const char *why)
{
    suite_say("%s: %s", path, why);
    return CLI_REFUSED;
}

int
bank_file_read(const char *path, struct jn_arena *arena, struct bank_bytes *out)
{
    FILE *file = fopen(path, "rb");
    char *bytes;
    bool good;

    if (!file)
        return refused(path, strerror(errno));
    bytes = jn_arena_take(arena, BANK_FILE_BYTES_MAX + 2);
    out->length = fread(bytes, 1, BANK_FILE_BYTES_MAX + 1, file);
    out->bytes = bytes;
    good = !ferror(file);
    fclose(file);
    return good ? CLI_OK : refused(path, "it cannot be read to its end");
}

static bool
write_all(int fd, const struct bank_bytes *bytes)
{
    for (size_t at = 0; at < bytes->length;) {
        ssize_t written = write(fd, bytes->bytes + at, bytes->length - at);

        if (written < 0 && errno != EINTR)
            return false;
        at += written > 0 ? (size_t)written : 0;
    }
    return fsync(fd) == 0;
}

static bool
sync_folder(const char *path)
{
    char folder[JN_PATH_MAX];
    const char *slash = strrchr(path, '/');

    if (!slash)
        return jn_files_sync_dir(".");
    snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 : (int)(slash - path), path);
    return jn_files_sync_dir(folder);
}

int
bank_file_write(const char *path, const struct bank_bytes *bytes)
{
    char beside[JN_PATH_MAX];
    bool good;
    int fd;

    if ((size_t)snprintf(beside, sizeof(beside), "%s.%ld.new", path, (long)getpid()) >= sizeof(beside))
        return refused(path, "the path is too long");
    fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return refused(beside, strerror(errno));
    good = write_all(fd, bytes);
    good = close(fd) == 0 && good && rename(beside, path) == 0 && sync_folder(path);
    if (good)
        return CLI_OK;
    refused(path, strerror(errno));
    unlink(beside);
    return CLI_REFUSED;
}
