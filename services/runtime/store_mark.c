/* The mark "in use since boot B, at device and inode". */
#include "runtime/store_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/files.h"

#define MARK_BYTES 160

static bool
fail(char error[JN_ERROR_TEXT], const char *format, const char *what)
{
    snprintf(error, JN_ERROR_TEXT, format, what, strerror(errno));
    return false;
}

static void
path_in(char out[JN_PATH_MAX + 32], const char *dir, const char *name)
{
    snprintf(out, JN_PATH_MAX + 32, "%s/%s", dir, name);
}

static bool
mark_text(const struct jn_store *store, char out[MARK_BYTES])
{
    char path[JN_PATH_MAX + 32], boot[64] = "";
    struct stat st;
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, boot, sizeof(boot) - 1) : -1;

    if (fd >= 0)
        close(fd);
    path_in(path, store->dir, "tables/data.mdb");
    if (got <= 0 || stat(path, &st) != 0)
        return false;
    boot[strcspn(boot, "\n")] = '\0';
    snprintf(out, MARK_BYTES, "boot %s device %llu inode %llu\n", boot, (unsigned long long)st.st_dev,
             (unsigned long long)st.st_ino);
    return true;
}

static bool
mark_write(const struct jn_store *store, const char *text, char error[JN_ERROR_TEXT])
{
    char path[JN_PATH_MAX + 32];
    int fd;

    path_in(path, store->dir, "in-use");
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || fsync(fd) != 0) {
        if (fd >= 0)
            close(fd);
        return fail(error, "%s cannot be written: %s", path);
    }
    close(fd);
    return jn_files_sync_dir(store->dir) || fail(error, "%s cannot be synced: %s", store->dir);
}

/* The mark as it stands; empty where there is none. */
static bool
mark_read(const struct jn_store *store, char out[MARK_BYTES])
{
    char path[JN_PATH_MAX + 32];
    ssize_t got;
    int fd;

    memset(out, 0, MARK_BYTES);
    path_in(path, store->dir, "in-use");
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT;
    got = read(fd, out, MARK_BYTES - 1);
    close(fd);
    return got > 0;
}

/* One that is right already is not written again, so that who was killed can start again on a disk that is full; but
 * synced it is: he may have been killed before he came to that. */
bool
jn_mark_set(const struct jn_store *store, char error[JN_ERROR_TEXT])
{
    char path[JN_PATH_MAX + 32], now[MARK_BYTES], then[MARK_BYTES];

    if (!mark_text(store, now))
        return fail(error, "the mark for %s cannot be made: %s", store->dir);
    path_in(path, store->dir, "in-use");
    if (!mark_read(store, then) || strcmp(now, then) != 0)
        return mark_write(store, now, error);
    return (jn_files_sync(path) && jn_files_sync_dir(store->dir)) || fail(error, "%s cannot be synced: %s", path);
}

/* Tables that were in use when the machine went down, or that are a copy, may be half-written: LMDB opens them without
 * complaint. */
bool
jn_tables_trusted(const struct jn_store *store)
{
    char now[MARK_BYTES], then[MARK_BYTES];

    if (!mark_read(store, then))
        return false;
    return then[0] == '\0' || (mark_text(store, now) && strcmp(now, then) == 0);
}

bool
jn_mark_doubt(const struct jn_store *store, char error[JN_ERROR_TEXT])
{
    return mark_write(store, "the tables are being made\n", error);
}
