/* Defects on demand, to be put before a program with LD_PRELOAD: what watches over memory must see them. For tests
 * alone.
 *
 *   JN_FAULT=PROGRAM:KIND[,PROGRAM:KIND...]    the program's name, and one of
 *
 *   memory       64 KiB for every message that is received, kept where a leak checker finds it
 *   leak         the same, and lost
 *   descriptors  one for every message that is received, never closed
 *   overflow     a read behind the end of what was allocated
 *   undefined    a signed overflow
 *   uninitialised  a jump that depends on what nobody wrote
 *   race         a thread that writes where the program reads, at the same time
 *   slow         no defect: a copy of an LMDB environment takes two seconds longer
 *
 * They begin with the tenth message: the program is well at work by then. A program named with a + (jineng-probe+:leak)
 * has its defect as it begins, for those that receive none. */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lmdb.h>
#include <zmq.h>

#define BEGINS_WITH 10
#define PIECE       65536

struct kept {
    struct kept *next;
    char rest[PIECE - sizeof(struct kept *)];
};

static struct kept *kept;
static volatile int sink;
/* The compiler must not see what is wrong here. */
static void *(*volatile take)(size_t) = malloc;

static void
memory(void)
{
    struct kept *piece = malloc(sizeof(*piece));

    if (!piece)
        return;
    memset(piece, 0x5a, sizeof(*piece));
    piece->next = kept;
    kept = piece;
}

/* Several, since a stale word on the stack may still point to one. */
static void
leak(void)
{
    for (unsigned i = 0; i < 4; i++) {
        memory();
        kept = NULL;
    }
}

static void
descriptors(void)
{
    sink = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
overflow(void)
{
    volatile char *bytes = take(16);

    sink = bytes[16 + (sink & 1)];
    free((void *)(size_t)bytes);
}

static void
undefined(void)
{
    volatile int most = 0x7fffffff;

    sink = most + 1;
}

static void
uninitialised(void)
{
    volatile int *unwritten = take(sizeof(*unwritten));

    if (*unwritten == 42)
        sink = 42;
    free((void *)(size_t)unwritten);
}

static int shared;

static void *
write_shared(void *unused)
{
    shared++;
    return unused;
}

static void
race(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, write_shared, NULL) != 0)
        return;
    sink = shared;
    pthread_join(thread, NULL);
}

static void
slow(void)
{
}

static const struct {
    const char *name;
    void (*commit)(void);
} kinds[] = {{"memory", memory},
             {"leak", leak},
             {"descriptors", descriptors},
             {"overflow", overflow},
             {"undefined", undefined},
             {"uninitialised", uninitialised},
             {"race", race},
             {"slow", slow}};

static void (*chosen)(void);

static bool
named(const char *word, const char *program)
{
    size_t length = strlen(program);

    return strncmp(word, program, length) == 0 && word[length] == ':';
}

static void
choose(const char *kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strncmp(kind, kinds[i].name, strcspn(kind, ",")) == 0)
            chosen = kinds[i].commit;
}

__attribute__((constructor)) static void
begin(void)
{
    char at_once[128];

    snprintf(at_once, sizeof(at_once), "%s+", program_invocation_short_name);
    for (const char *word = getenv("JN_FAULT"); word; word = strchr(word, ',') ? strchr(word, ',') + 1 : NULL) {
        if (named(word, program_invocation_short_name) || named(word, at_once))
            choose(strchr(word, ':') + 1);
        if (named(word, at_once) && chosen)
            chosen();
    }
}

int
zmq_msg_recv(zmq_msg_t *message, void *socket, int flags)
{
    static int (*real)(zmq_msg_t *, void *, int);
    static unsigned received;
    int result;

    if (!real)
        *(void **)(&real) = dlsym(RTLD_NEXT, "zmq_msg_recv");
    result = real(message, socket, flags);
    if (result >= 0 && chosen && ++received >= BEGINS_WITH)
        chosen();
    return result;
}

int
mdb_env_copy2(MDB_env *env, const char *path, unsigned flags)
{
    static int (*real)(MDB_env *, const char *, unsigned);
    int result;

    if (!real)
        *(void **)(&real) = dlsym(RTLD_NEXT, "mdb_env_copy2");
    if (chosen == slow)
        sleep(1);
    result = real(env, path, flags);
    if (chosen == slow)
        sleep(1);
    return result;
}
