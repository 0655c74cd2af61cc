/* Files that must last. */
#include "runtime/files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static bool
sync_opened(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return done;
}

bool
jn_files_sync(const char *path)
{
    return sync_opened(path, O_RDONLY);
}

bool
jn_files_sync_dir(const char *dir)
{
    return sync_opened(dir, O_RDONLY | O_DIRECTORY);
}

static bool
copy_bytes(int from, int to)
{
    char bytes[65536];
    ssize_t got;

    while ((got = read(from, bytes, sizeof(bytes))) > 0) {
        for (ssize_t done = 0, wrote; done < got; done += wrote) {
            wrote = write(to, bytes + done, (size_t)(got - done));
            if (wrote < 0)
                return false;
        }
    }
    return got == 0 && fsync(to) == 0;
}

bool
jn_files_copy(const char *from, const char *to, mode_t mode)
{
    int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
    bool done = false;

    if (in >= 0)
        out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (out >= 0) {
        done = copy_bytes(in, out);
        done = close(out) == 0 && done;
        if (!done)
            unlink(to);
    }
    if (in >= 0)
        close(in);
    return done;
}
