/* The file of a log: room is made in it ahead. */
#include "runtime/log_parts.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/pages.h"

/* Space is filled ahead with zeros: a sync into blocks that a file has already touches its data alone, one that must
 * find new ones waits for the file system's journal and for whatever else is in it. */
#define ROOM_STEP ((off_t)8 << 20)

static void
fill(struct lmdb_log *log, off_t end)
{
    static const uint8_t zeros[1 << 16];

    while (log->room_bytes < end) {
        ssize_t wrote = pwrite(log->file, zeros, sizeof(zeros), log->room_bytes);

        if (wrote <= 0)
            break;
        log->room_bytes += wrote;
    }
    fdatasync(log->file);
}

/* A disk that is full is found here, before anything hangs on it: in the midst of a block nobody could tell what LMDB
 * had written of it. */
bool
jn_log_room(struct lmdb_log *log, size_t bytes)
{
    off_t used, needed;

    if (log->file < 0)
        return true;
    used = (off_t)jn_pages_used(log->env);
    needed = used + (off_t)bytes;
    if (log->room_bytes < used)
        log->room_bytes = used;
    if (needed > log->room_bytes)
        fill(log, (needed / ROOM_STEP + 2) * ROOM_STEP);
    return needed <= log->room_bytes;
}

/* What lies behind the last page is ours alone: LMDB takes pages in order and never looks past the last one it has
 * taken. What the file has beyond it was filled before, since LMDB itself leaves no holes. */
void
jn_log_open_room(struct lmdb_log *log, const char *dir)
{
    char path[JN_LOG_PATH];
    struct stat st;

    snprintf(path, sizeof(path), "%s/data.mdb", dir);
    log->file = open(path, O_WRONLY | O_CLOEXEC);
    if (log->file < 0 || fstat(log->file, &st) != 0)
        return;
    log->room_bytes = st.st_size;
    jn_log_room(log, JN_LOG_ROOM_LEAST);
}

void
jn_log_remove(const char *dir)
{
    static const char *const names[] = {"data.mdb", "lock.mdb"};
    char path[JN_LOG_PATH];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
}
