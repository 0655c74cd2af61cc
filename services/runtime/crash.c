/* Of what a signal handler may do: write, open, sync. */
#include "runtime/crash.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int signals[] = {SIGBUS, SIGSEGV, SIGABRT, SIGILL, SIGFPE};
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

static const char *service_name, *mark_path;
static struct sigaction before[SIGNALS];

static void
tell(const char *text)
{
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

    (void)ignored;
}

/* What handled the signal before goes on with it: the fault, or abort, comes again when this returns. */
static void
on_crash(int number)
{
    char digits[3] = {(char)('0' + number / 10), (char)('0' + number % 10), '\0'};
    int mark = open(mark_path, O_WRONLY | O_TRUNC | O_CLOEXEC);

    if (mark >= 0) {
        fsync(mark);
        close(mark);
    }
    tell("jineng: ");
    tell(service_name);
    tell(" is ended by signal ");
    tell(digits);
    tell(": a file of its may be damaged. Its tables are made again at the next start; run jineng verify\n");
    for (size_t i = 0; i < SIGNALS; i++) {
        if (signals[i] == number)
            sigaction(number, &before[i], NULL);
    }
}

void
jn_crash_watch(const char *service, const char *mark)
{
    struct sigaction action = {.sa_handler = on_crash};

    service_name = service;
    mark_path = mark;
    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &action, &before[i]);
}
