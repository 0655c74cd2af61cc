/* A layer between a service and its files that remembers what a power cut would leave: preloaded (LD_PRELOAD), it
 * writes down each thing that the service does to its folder, and each reply at the moment it is handed to the network,
 * in the order in which they happen. From the beginning of that journal, up to any record, powercut.py makes what a
 * disk may hold then: what was synced, and of the rest whatever chance kept. Several processes share one journal, as
 * they share the machine that loses its power.
 *
 *   JN_JOURNAL   the journal, appended to; what is not set is not written down
 *   JN_ROOT      the folder that is watched
 *   JN_KILL_AT   the process is killed when it has written so many records: a kill at each moment that could matter
 *   JN_BOOT_ID   a file that is read in place of /proc/sys/kernel/random/boot_id */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <dlfcn.h>
#include <zmq.h>

#define FDS_MAX 4096

/* As powercut.py reads it. Behind it comes a path or what was written. */
struct record {
    uint32_t length; /* of what follows the record */
    uint8_t kind;    /* the letters below */
    uint8_t durable; /* a write that returns when it has reached the disk (O_DSYNC) */
    uint8_t zeros;   /* a write of zeros alone: they are not repeated here */
    uint8_t pad;
    uint64_t inode, offset, size;
};

enum {
    CREATE = 'C',
    TRUNCATE = 'T',
    STRETCH = 'G',
    WRITE = 'W',
    SYNC = 'S',
    SYNC_FOLDER = 'D',
    RENAME = 'R',
    LINK = 'L',
    UNLINK = 'U',
    MKDIR = 'M',
    REPLY = 'A'
};

static int journal = -1;
static long kill_at, records;
static const char *root, *boot_id;
static size_t root_length;
static struct {
    uint64_t inode;
    bool watched, durable, folder;
} files[FDS_MAX];

static void __attribute__((constructor)) begin(void)
{
    const char *path = getenv("JN_JOURNAL");

    root = getenv("JN_ROOT");
    if (getenv("JN_KILL_AT"))
        kill_at = strtol(getenv("JN_KILL_AT"), NULL, 10);
    boot_id = getenv("JN_BOOT_ID");
    root_length = root ? strlen(root) : 0;
    if (path && root)
        journal = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static void
fail(const char *what)
{
    dprintf(2, "powercut: %s: %s\n", what, strerror(errno));
    _exit(99);
}

/* One writev, so that processes do not write into one another's records. */
static void
note(struct record record, const struct iovec *parts, int count)
{
    struct iovec all[64] = {{&record, sizeof(record)}};
    size_t whole = sizeof(record);
    int saved = errno;

    record.length = 0;
    for (int i = 0; i < count; i++) {
        all[i + 1] = parts[i];
        record.length += (uint32_t)parts[i].iov_len;
    }
    whole += record.length;
    if (syscall(SYS_writev, journal, all, count + 1) != (long)whole)
        fail("the journal cannot be written");
    if (__atomic_add_fetch(&records, 1, __ATOMIC_RELAXED) == kill_at)
        syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    errno = saved;
}

static bool
watched_path(const char *path)
{
    return journal >= 0 && strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || !path[root_length]);
}

static void
note_paths(uint8_t kind, uint64_t inode, const char *from, const char *to)
{
    struct iovec parts[2] = {{(void *)(uintptr_t)(from + root_length + 1), strlen(from + root_length + 1) + 1},
                             {NULL, 0}};

    if (to)
        parts[1] = (struct iovec){(void *)(uintptr_t)(to + root_length + 1), strlen(to + root_length + 1) + 1};
    note((struct record){.kind = kind, .inode = inode}, parts, to ? 2 : 1);
}

/* ---- Opening ---- */

static void
watch(int fd, const char *path, int flags, bool existed)
{
    struct stat st;

    if (fd >= FDS_MAX || fstat(fd, &st) != 0)
        fail(path);
    files[fd].watched = true;
    files[fd].inode = st.st_ino;
    files[fd].durable = (flags & O_DSYNC) != 0;
    files[fd].folder = S_ISDIR(st.st_mode);
    if (flags & O_CREAT && !existed)
        note_paths(CREATE, st.st_ino, path, NULL);
    else if (flags & O_TRUNC)
        note((struct record){.kind = TRUNCATE, .inode = st.st_ino}, NULL, 0);
}

static int
open_at(int dir, const char *path, int flags, mode_t mode)
{
    bool existed = true;
    int fd;

    if (boot_id && strcmp(path, "/proc/sys/kernel/random/boot_id") == 0)
        path = boot_id;
    if (watched_path(path))
        existed = syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
    fd = (int)syscall(SYS_openat, dir, path, flags, mode);
    if (fd >= 0 && fd < FDS_MAX)
        files[fd].watched = false;
    if (fd >= 0 && watched_path(path))
        watch(fd, path, flags, existed);
    return fd;
}

#define MODE_OF(flags)                                                                                                 \
    mode_t mode = 0;                                                                                                   \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {                                                                           \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode = va_arg(arguments, mode_t);                                                                              \
        va_end(arguments);                                                                                             \
    }

#define EXPORT __attribute__((visibility("default")))

EXPORT int
open(const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

EXPORT int
open64(const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

EXPORT int
openat(int dir, const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_at(dir, path, flags, mode);
}

EXPORT int
openat64(int dir, const char *path, int flags, ...)
{
    MODE_OF(flags)
    return open_at(dir, path, flags, mode);
}

EXPORT int __open_2(const char *path, int flags);
EXPORT int __open64_2(const char *path, int flags);

EXPORT int
__open_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

EXPORT int
__open64_2(const char *path, int flags)
{
    return open_at(AT_FDCWD, path, flags, 0);
}

EXPORT int
close(int fd)
{
    if (fd >= 0 && fd < FDS_MAX)
        files[fd].watched = false;
    return (int)syscall(SYS_close, fd);
}

/* ---- Writing ---- */

static bool
watched_file(int fd)
{
    return journal >= 0 && fd >= 0 && fd < FDS_MAX && files[fd].watched;
}

static bool
all_zero(const struct iovec *parts, int count)
{
    for (int i = 0; i < count; i++) {
        const char *bytes = parts[i].iov_base;

        if (parts[i].iov_len > 0 && (bytes[0] || memcmp(bytes, bytes + 1, parts[i].iov_len - 1)))
            return false;
    }
    return true;
}

/* Written down after it was done, and before anything that comes of it. */
static ssize_t
note_write(int fd, const struct iovec *parts, int count, off_t offset, ssize_t wrote)
{
    struct record record = {.kind = WRITE, .durable = files[fd].durable, .inode = files[fd].inode};
    struct iovec written[62];
    ssize_t left = wrote;
    int used = 0;

    if (wrote <= 0)
        return wrote;
    for (; used < count && used < 62 && left > 0; used++) {
        written[used] = parts[used];
        if ((ssize_t)written[used].iov_len > left)
            written[used].iov_len = (size_t)left;
        left -= (ssize_t)written[used].iov_len;
    }
    if (left > 0) {
        errno = EOVERFLOW;
        fail("a write of too many parts");
    }
    record.offset = (uint64_t)offset;
    record.size = (uint64_t)wrote;
    record.zeros = all_zero(written, used);
    note(record, written, record.zeros ? 0 : used);
    return wrote;
}

EXPORT ssize_t
pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    struct iovec part = {(void *)(uintptr_t)bytes, length};
    ssize_t wrote = syscall(SYS_pwrite64, fd, bytes, length, offset);

    return watched_file(fd) ? note_write(fd, &part, 1, offset, wrote) : wrote;
}

EXPORT ssize_t
pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    return pwrite(fd, bytes, length, offset);
}

EXPORT ssize_t
pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    ssize_t wrote = syscall(SYS_pwritev, fd, parts, count, offset, 0);

    return watched_file(fd) ? note_write(fd, parts, count, offset, wrote) : wrote;
}

EXPORT ssize_t
pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
    return pwritev(fd, parts, count, offset);
}

EXPORT ssize_t
write(int fd, const void *bytes, size_t length)
{
    struct iovec part = {(void *)(uintptr_t)bytes, length};
    off_t offset = watched_file(fd) ? (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR) : 0;
    ssize_t wrote = syscall(SYS_write, fd, bytes, length);

    return watched_file(fd) ? note_write(fd, &part, 1, offset, wrote) : wrote;
}

EXPORT ssize_t
writev(int fd, const struct iovec *parts, int count)
{
    off_t offset = watched_file(fd) ? (off_t)syscall(SYS_lseek, fd, 0, SEEK_CUR) : 0;
    ssize_t wrote = syscall(SYS_writev, fd, parts, count);

    return watched_file(fd) ? note_write(fd, parts, count, offset, wrote) : wrote;
}

EXPORT int
ftruncate(int fd, off_t size)
{
    int result = (int)syscall(SYS_ftruncate, fd, size);

    if (result == 0 && watched_file(fd))
        note((struct record){.kind = TRUNCATE, .inode = files[fd].inode, .size = (uint64_t)size}, NULL, 0);
    return result;
}

EXPORT int
ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}

/* Room that is taken without being written reads as zeros and makes the file longer. */
EXPORT int
fallocate(int fd, int mode, off_t offset, off_t length)
{
    int result = (int)syscall(SYS_fallocate, fd, mode, offset, length);
    struct stat st;

    if (result == 0 && watched_file(fd) && fstat(fd, &st) == 0)
        note((struct record){.kind = STRETCH, .inode = files[fd].inode, .size = (uint64_t)st.st_size}, NULL, 0);
    return result;
}

EXPORT int
fallocate64(int fd, int mode, off64_t offset, off64_t length)
{
    return fallocate(fd, mode, offset, length);
}

/* ---- Syncing ---- */

static int
note_sync(int fd, int result)
{
    char link[64], path[PATH_MAX];
    ssize_t length;

    if (result != 0 || !watched_file(fd))
        return result;
    if (!files[fd].folder) {
        note((struct record){.kind = SYNC, .inode = files[fd].inode}, NULL, 0);
        return result;
    }
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof(path) - 2);
    if (length < (ssize_t)root_length)
        fail("a folder that was synced has no name");
    path[length] = path[length + 1] = '\0'; /* the watched folder itself goes by the empty one */
    note_paths(SYNC_FOLDER, files[fd].inode, path, NULL);
    return result;
}

EXPORT int
fsync(int fd)
{
    return note_sync(fd, (int)syscall(SYS_fsync, fd));
}

EXPORT int
fdatasync(int fd)
{
    return note_sync(fd, (int)syscall(SYS_fdatasync, fd));
}

/* ---- Names ---- */

EXPORT int
mkdir(const char *path, mode_t mode)
{
    int result = (int)syscall(SYS_mkdir, path, mode);

    if (result == 0 && watched_path(path))
        note_paths(MKDIR, 0, path, NULL);
    return result;
}

EXPORT int
unlink(const char *path)
{
    int result = (int)syscall(SYS_unlink, path);

    if (result == 0 && watched_path(path))
        note_paths(UNLINK, 0, path, NULL);
    return result;
}

EXPORT int
rename(const char *from, const char *to)
{
    int result = (int)syscall(SYS_rename, from, to);

    if (result == 0 && watched_path(from) && watched_path(to))
        note_paths(RENAME, 0, from, to);
    return result;
}

EXPORT int
link(const char *from, const char *to)
{
    int result = (int)syscall(SYS_link, from, to);

    if (result == 0 && watched_path(from) && watched_path(to))
        note_paths(LINK, 0, from, to);
    return result;
}

EXPORT int
mkostemp(char *path, int flags)
{
    static int (*real)(char *, int);
    int fd;

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "mkostemp");
    fd = real(path, flags);
    if (fd >= 0 && watched_path(path))
        watch(fd, path, O_CREAT, false);
    return fd;
}

/* ---- Replies ---- */

/* Before it is sent: from here on somebody may have it. */
EXPORT int
zmq_msg_send(zmq_msg_t *message, void *socket, int flags)
{
    static int (*real)(zmq_msg_t *, void *, int);
    struct iovec part = {zmq_msg_data(message), zmq_msg_size(message)};

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "zmq_msg_send");
    if (journal >= 0 && !(flags & ZMQ_SNDMORE))
        note((struct record){.kind = REPLY}, &part, 1);
    return real(message, socket, flags);
}
