/* A layer between a service and its machine that fails it on demand, preloaded (LD_PRELOAD). What fails is read from a
 * file that the test changes while the service runs (common.py), JN_FAULTS: six numbers of eight bytes, in this order.
 *
 *   0  milliseconds by which the wall clock is off
 *   1  errno of every write to a file whose path ends with data.mdb; 0: they are done
 *   2  errno of every sync of such a file
 *   3  1: a write that fails has written half of it before
 *   4  the map of LMDB is divided by this when it is opened
 *   5  counts how often any of it took effect */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <dlfcn.h>
#include <lmdb.h>

enum { CLOCK_OFF, WRITE_ERROR, SYNC_ERROR, HALF, MAP_DIVISOR, EFFECTS, NUMBERS };

static volatile int64_t none[NUMBERS];
static volatile int64_t *faults = none;

#define EXPORT __attribute__((visibility("default")))

static void __attribute__((constructor)) begin(void)
{
    const char *path = getenv("JN_FAULTS");
    int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
    void *shared = fd >= 0 ? mmap(NULL, sizeof(none), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;

    if (shared != MAP_FAILED)
        faults = shared;
    if (fd >= 0)
        syscall(SYS_close, fd);
}

static bool
strikes(int fault)
{
    if (faults[fault] == 0)
        return false;
    __atomic_add_fetch((int64_t *)(uintptr_t)&faults[EFFECTS], 1, __ATOMIC_RELAXED);
    return true;
}

/* ---- The clock ---- */

EXPORT int
clock_gettime(clockid_t clock, struct timespec *out)
{
    int result = (int)syscall(SYS_clock_gettime, clock, out);

    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) && strikes(CLOCK_OFF))
        out->tv_sec += (time_t)(faults[CLOCK_OFF] / 1000);
    return result;
}

EXPORT int
gettimeofday(struct timeval *out, void *zone)
{
    struct timespec now;
    int result = clock_gettime(CLOCK_REALTIME, &now);

    (void)zone;
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return result;
}

/* ---- The disk ---- */

static bool
of_store(int fd)
{
    char link[64], path[512];
    ssize_t length;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof(path));
    return length > 8 && memcmp(path + length - 8, "data.mdb", 8) == 0;
}

EXPORT ssize_t
pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    if (faults[WRITE_ERROR] && of_store(fd) && strikes(WRITE_ERROR)) {
        if (faults[HALF])
            syscall(SYS_pwrite64, fd, bytes, length / 2, offset);
        errno = (int)faults[WRITE_ERROR];
        return -1;
    }
    return syscall(SYS_pwrite64, fd, bytes, length, offset);
}

EXPORT ssize_t
writev(int fd, const struct iovec *parts, int count)
{
    if (faults[WRITE_ERROR] && of_store(fd) && strikes(WRITE_ERROR)) {
        if (faults[HALF])
            syscall(SYS_writev, fd, parts, count / 2);
        errno = (int)faults[WRITE_ERROR];
        return -1;
    }
    return syscall(SYS_writev, fd, parts, count);
}

EXPORT int
fdatasync(int fd)
{
    if (faults[SYNC_ERROR] && of_store(fd) && strikes(SYNC_ERROR)) {
        errno = (int)faults[SYNC_ERROR];
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

/* ---- The map ---- */

EXPORT int
mdb_env_set_mapsize(MDB_env *env, size_t size)
{
    static int (*real)(MDB_env *, size_t);
    const char *path = NULL; /* none yet where it is not open: a map that grows later is left alone */

    mdb_env_get_path(env, &path);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "mdb_env_set_mapsize");
    return real(env, !path && strikes(MAP_DIVISOR) ? size / (size_t)faults[MAP_DIVISOR] : size);
}
