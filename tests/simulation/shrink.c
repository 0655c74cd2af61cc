/* A failing run made smaller before it is shown: fewer kinds of trouble, fewer days, fewer methods, fewer commands.
 * Each try is a process of its own, since a run may end in an assertion. */
#include "simulation/sim.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIST_BYTES   16384
#define COMMANDS_MAX 20000

static time_t
now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec;
}

/* The last line that the run said. */
static void
last_line(FILE *said, char out[1000])
{
    char line[1000];

    out[0] = '\0';
    rewind(said);
    while (fgets(line, sizeof(line), said)) {
        if (strncmp(line, "jineng: ", 8) != 0 || strstr(line, "assertion"))
            snprintf(out, 1000, "%.*s", (int)strcspn(line, "\n"), line);
    }
}

static void
remove_folder(pid_t pid)
{
    char command[200];

    snprintf(command, sizeof(command), "rm -rf /dev/shm/jineng-sim-%d-?????? /tmp/jineng-sim-%d-??????", (int)pid,
             (int)pid);
    if (system(command) != 0)
        fprintf(stderr, "what run %d left cannot be removed\n", (int)pid);
}

/* Runs it in a process of its own; a run that takes longer than `seconds` has failed too. */
struct sim_outcome
sim_try(const struct sim_knobs *knobs, unsigned seconds)
{
    struct sim_outcome outcome = {0};
    struct sim_stats *stats = mmap(NULL, sizeof(*stats), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    FILE *said = tmpfile();
    char line[1000];
    int status;
    pid_t pid;

    JN_ASSERT(stats != MAP_FAILED && said);
    fflush(NULL);
    pid = fork();
    JN_ASSERT(pid >= 0);
    if (pid == 0) {
        if (!knobs->talk)
            dup2(fileno(said), STDERR_FILENO);
        alarm(seconds);
        sim_run(knobs, stats);
        exit(0);
    }
    waitpid(pid, &status, 0);
    remove_folder(pid);
    last_line(said, line);
    outcome.failed = status != 0;
    if (stats->failure[0])
        snprintf(outcome.text, sizeof(outcome.text), "%s", stats->failure);
    else if (WIFSIGNALED(status))
        snprintf(outcome.text, sizeof(outcome.text), "signal %d; %s", WTERMSIG(status), line);
    else if (status != 0)
        snprintf(outcome.text, sizeof(outcome.text), "exit %d; %s", WEXITSTATUS(status), line);
    outcome.stats = *stats;
    munmap(stats, sizeof(*stats));
    fclose(said);
    return outcome;
}

static const struct {
    const char *name;
    size_t offset;
} numbers[] = {
#define KNOB(name)                                                                                                     \
    {                                                                                                                  \
#name, offsetof(struct sim_knobs, name)                                                                        \
    }
    KNOB(drop), KNOB(repeat), KNOB(late),   KNOB(crash), KNOB(power), KNOB(commit), KNOB(apart), KNOB(skew),
    KNOB(full), KNOB(tight),  KNOB(driven), KNOB(audit), KNOB(start), KNOB(people), KNOB(work),  KNOB(days),
#undef KNOB
};
#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static uint32_t
knob(const struct sim_knobs *knobs, size_t i)
{
    uint32_t value;

    memcpy(&value, (const uint8_t *)knobs + numbers[i].offset, sizeof(value));
    return value;
}

static void
knob_set(struct sim_knobs *knobs, size_t i, uint32_t value)
{
    memcpy((uint8_t *)knobs + numbers[i].offset, &value, sizeof(value));
}

bool
sim_knob_named(struct sim_knobs *knobs, const char *name, uint32_t value)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        if (strcmp(numbers[i].name, name) == 0) {
            knob_set(knobs, i, value);
            return true;
        }
    }
    return false;
}

void
sim_command_of(const struct sim_knobs *knobs, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "simulate --seed %llu", (unsigned long long)knobs->seed);

    for (size_t i = 0; i < NUMBERS && used < size; i++) {
        if (knob(knobs, i) != UINT32_MAX)
            used += (size_t)snprintf(out + used, size - used, " --%s %u", numbers[i].name, knob(knobs, i));
    }
    if (knobs->only && used < size)
        used += (size_t)snprintf(out + used, size - used, " --only %s", knobs->only);
    if (knobs->without && *knobs->without && used < size)
        snprintf(out + used, size - used, " --without %s", knobs->without);
}

struct shrinking {
    struct sim_knobs best;
    struct sim_outcome outcome;
    time_t until;
};

/* The same fault, whatever the numbers in it. */
static bool
alike(const char *a, const char *b)
{
    while (*a && *b) {
        bool digits = isdigit((unsigned char)*a) && isdigit((unsigned char)*b);

        if (!digits && *a != *b)
            return false;
        a += digits ? strspn(a, "0123456789") : 1;
        b += digits ? strspn(b, "0123456789") : 1;
    }
    return *a == *b;
}

/* Taken where it still fails, and in no other way. */
static bool
still(struct shrinking *s, const struct sim_knobs *knobs)
{
    struct sim_outcome outcome;

    if (now() >= s->until)
        return false;
    outcome = sim_try(knobs, 60);
    if (!outcome.failed || !alike(outcome.text, s->outcome.text) || outcome.stats.messages > s->outcome.stats.messages)
        return false;
    s->best = *knobs;
    s->outcome = outcome;
    return true;
}

static void
shrink_numbers(struct shrinking *s)
{
    static const uint32_t least[] = {[NUMBERS - 1] = 1, [NUMBERS - 2] = 2, [NUMBERS - 3] = 2, [NUMBERS - 5] = 1};

    for (size_t i = 0; i < NUMBERS; i++) {
        struct sim_knobs knobs = s->best;

        knob_set(&knobs, i, least[i]);
        if (still(s, &knobs))
            continue;
        for (uint32_t half = knob(&s->best, i); half != UINT32_MAX && half > least[i] + 1; half = half / 2) {
            knobs = s->best;
            knob_set(&knobs, i, half / 2);
            if (!still(s, &knobs))
                break;
        }
    }
}

/* The commands left out, as ranges. */
static void
list_of(const bool *out, char list[LIST_BYTES])
{
    size_t used = 0;

    list[0] = '\0';
    for (uint32_t from = 0; from < COMMANDS_MAX && used + 32 < LIST_BYTES; from++) {
        uint32_t to = from;

        if (!out[from])
            continue;
        while (to + 1 < COMMANDS_MAX && out[to + 1])
            to++;
        used += (size_t)snprintf(list + used, LIST_BYTES - used, "%s%u-%u", used ? "," : "", from, to);
        from = to;
    }
}

/* In ever smaller pieces. */
static void
shrink_commands(struct shrinking *s)
{
    static char lists[2][LIST_BYTES];
    static bool out[COMMANDS_MAX], tried[COMMANDS_MAX];
    uint32_t count = s->outcome.stats.tasks < COMMANDS_MAX ? (uint32_t)s->outcome.stats.tasks : COMMANDS_MAX;
    unsigned at = 0;

    for (uint32_t piece = count / 2; piece >= 1; piece /= 2) {
        for (uint32_t from = 0; from < count && now() < s->until; from += piece) {
            struct sim_knobs knobs = s->best;
            bool more = false;

            memcpy(tried, out, sizeof(tried));
            for (uint32_t i = from; i < from + piece && i < count; i++) {
                more = more || !out[i];
                tried[i] = true;
            }
            list_of(tried, lists[at]);
            knobs.without = lists[at];
            if (!more || !still(s, &knobs))
                continue;
            memcpy(out, tried, sizeof(out));
            at = 1 - at;
        }
    }
}

struct sim_knobs
sim_shrink(const struct sim_knobs *knobs, struct sim_outcome *outcome, unsigned seconds)
{
    struct shrinking s = {*knobs, *outcome, now() + (time_t)seconds};

    shrink_numbers(&s);
    shrink_commands(&s);
    shrink_numbers(&s);
    *outcome = s.outcome;
    return s.best;
}
