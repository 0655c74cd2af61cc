/* Loaded before a program's own libraries: its wall clock stands so many seconds off, as a file says that may change
 * while it runs. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t
seconds_off(void)
{
    static const volatile int64_t *file;

    if (!file) {
        const char *path = getenv("JINENG_CLOCK_FILE");
        int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        void *map = fd >= 0 ? mmap(NULL, sizeof(*file), PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;

        if (map == MAP_FAILED)
            abort();
        close(fd);
        file = map;
    }
    return *file;
}

int
gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec real;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &real);
    now->tv_sec = real.tv_sec;
    now->tv_usec = real.tv_nsec / 1000;
    return 0;
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
    static int (*real)(clockid_t, struct timespec *);
    int code;

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    code = real(clock, now);
    if (code == 0 && clock == CLOCK_REALTIME)
        now->tv_sec += seconds_off();
    return code;
}
