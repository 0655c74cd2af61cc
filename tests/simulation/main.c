/* simulate: runs the simulation over seeds.
 *
 *   simulate [--seed N] [--runs N | --seconds S] [--least N] [--jobs J] [--talk]
 *            [--KNOB VALUE ...] [--only METHODS] [--without COMMANDS] [--tally] [--complete]
 *
 * With --seconds, no run is begun after them, but --least are made. Each run is a process of its own. A run that fails
 * is shrunk, shown with the command that repeats it, and ends the rest: exit code 1. With --seed alone, that one run.
 * --tally shows how often each method was accepted and each event said. With --complete each method must be accepted:
 * as long as one was not, more runs are made, so many at most.
 */
#include "simulation/sim.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUN_SECONDS    300
#define SHRINK_SECONDS 120
#define COMPLETE_RUNS  80

struct plan {
    struct sim_knobs knobs;
    uint64_t runs, least;
    unsigned seconds, jobs, shrink;
    bool tally, complete;
};

/* What the jobs have come to together. */
struct board {
    uint64_t next;
    int failed;
    struct sim_stats sum;
};

static double
seconds_now(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void
add_up(struct sim_stats *sum, const struct sim_stats *more)
{
    uint64_t *to = (uint64_t *)sum;
    const uint64_t *from = (const uint64_t *)more;

    for (size_t i = 0; i < offsetof(struct sim_stats, failure) / sizeof(uint64_t); i++)
        __atomic_fetch_add(&to[i], from[i], __ATOMIC_RELAXED);
}

static void
show(const struct sim_stats *s, double seconds)
{
#define U(value) (unsigned long long)(value)
    printf(
        "%llu runs, %.1f simulated days, %llu messages (%.0f a second), %llu of them lost, %llu repeated, %llu late\n",
        U(s->runs), (double)s->simulated_us / 1e6 / 86400, U(s->messages), (double)s->messages / seconds, U(s->dropped),
        U(s->repeated), U(s->late));
    printf("%llu commands: %llu acknowledged, %llu refused; %llu sent again, %llu with other content\n", U(s->commands),
           U(s->acknowledged), U(s->refused), U(s->again), U(s->conflicts));
    printf("%llu blocks, %llu events; %llu audits, %llu comparisons with a replica, %llu rows mirrored\n", U(s->blocks),
           U(s->events), U(s->audits), U(s->comparisons), U(s->mirrored));
    printf(
        "%llu deaths, %llu armed inside a commit, %llu power cuts, %llu stops, %llu full disks, %llu turns with little "
        "memory, %llu agencies cut off, %llu clocks moved\n",
        U(s->crashes), U(s->commit_crashes), U(s->power_cuts), U(s->stops), U(s->full_disks), U(s->tight), U(s->cuts),
        U(s->skews));
    printf("%llu claims: %llu paid (%.2f yuan), %llu waiting, %llu held\n", U(s->claims), U(s->paid),
           (double)s->paid_fen / 100, U(s->waiting), U(s->held));
    printf("%llu grants, %llu of them of a pool; %llu claims and grants from earmarked money, %llu claims released, "
           "%llu of them from queues, %llu claims borne by pools, %llu shortfalls foreseen, %llu instalments of grants "
           "sent "
           "to the bank, %llu of them paid, %llu grants reversed, %llu rows debited twice\n",
           U(s->grants), U(s->pooled), U(s->earmarked), U(s->released), U(s->unqueued), U(s->shared), U(s->shortfalls),
           U(s->disbursed), U(s->disbursed_paid), U(s->grants_reversed), U(s->debited_twice));
    printf("%llu answers reassessed, %lld fen no longer due; %llu seats granted something that were lost, %llu "
           "followed by other claims; %llu times a rule gave up of an advance\n",
           U(s->reassessed), (long long)s->taken_fen, U(s->granted_later), U(s->followed_anew), U(s->given_up));
    printf("%llu cases, %llu claims kept for them, %llu to come back\n", U(s->cases), U(s->suspended),
           U(s->recovered_by_case));
#undef U
}

static void
report_failure(const struct plan *plan, struct sim_knobs knobs, struct sim_outcome outcome)
{
    static char command[20000];
    unsigned long long messages = outcome.stats.messages;

    sim_command_of(&knobs, command, sizeof(command));
    printf("\nFAILED after %llu messages: %s\nrepeat: %s\n", messages, outcome.text, command);
    fflush(stdout);
    if (plan->shrink == 0)
        return;
    knobs = sim_shrink(&knobs, &outcome, plan->shrink);
    sim_command_of(&knobs, command, sizeof(command));
    printf("shrunk to %llu messages: %s\nrepeat: %s\n", (unsigned long long)outcome.stats.messages, outcome.text,
           command);
    fflush(stdout);
}

static bool
wants_more(const struct plan *plan, const struct board *board)
{
    return plan->complete && board->next < COMPLETE_RUNS && sim_tally_missing(&board->sum) > 0;
}

static void
work(const struct plan *plan, struct board *board, double until)
{
    while (!board->failed && (seconds_now() < until || board->next < plan->least || wants_more(plan, board))) {
        struct sim_knobs knobs = plan->knobs;
        uint64_t turn = __atomic_fetch_add(&board->next, 1, __ATOMIC_RELAXED);
        struct sim_outcome outcome;

        if (plan->runs && turn >= plan->runs)
            return;
        knobs.seed += turn;
        outcome = sim_try(&knobs, RUN_SECONDS);
        add_up(&board->sum, &outcome.stats);
        if (outcome.failed && !__atomic_exchange_n(&board->failed, 1, __ATOMIC_RELAXED))
            report_failure(plan, knobs, outcome);
    }
}

static struct plan
parse(int argc, char **argv)
{
    struct plan plan = {.jobs = 1, .shrink = SHRINK_SECONDS};
    bool bounded = false;

    memset(&plan.knobs, 0xff, sizeof(plan.knobs));
    plan.knobs.seed = 1;
    plan.knobs.most_messages = 0;
    plan.knobs.only = plan.knobs.without = NULL;
    plan.knobs.talk = false;
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i] + 2, *value = i + 1 < argc ? argv[i + 1] : NULL;
        unsigned long long number = value ? strtoull(value, NULL, 10) : 0;

        if (strcmp(argv[i], "--talk") == 0) {
            plan.knobs.talk = true;
            continue;
        }
        if (strcmp(argv[i], "--tally") == 0 || strcmp(argv[i], "--complete") == 0) {
            plan.tally = plan.tally || argv[i][2] == 't';
            plan.complete = plan.complete || argv[i][2] == 'c';
            continue;
        }
        if (strncmp(argv[i], "--", 2) != 0 || !value)
            exit((fprintf(stderr, "simulate: %s is no option; see the head of tests/simulation/main.c\n", argv[i]), 2));
        i++;
        bounded = bounded || strcmp(name, "runs") == 0 || strcmp(name, "seconds") == 0;
        if (strcmp(name, "seed") == 0)
            plan.knobs.seed = number;
        else if (strcmp(name, "runs") == 0)
            plan.runs = number;
        else if (strcmp(name, "seconds") == 0)
            plan.seconds = (unsigned)number;
        else if (strcmp(name, "least") == 0)
            plan.least = number;
        else if (strcmp(name, "jobs") == 0)
            plan.jobs = (unsigned)number;
        else if (strcmp(name, "shrink") == 0)
            plan.shrink = (unsigned)number;
        else if (strcmp(name, "only") == 0)
            plan.knobs.only = value;
        else if (strcmp(name, "without") == 0)
            plan.knobs.without = value;
        else if (!sim_knob_named(&plan.knobs, name, (uint32_t)number))
            exit((fprintf(stderr, "simulate: --%s is no option; see the head of tests/simulation/main.c\n", name), 2));
    }
    if (!bounded)
        plan.runs = 1;
    return plan;
}

int
main(int argc, char **argv)
{
    struct plan plan = parse(argc, argv);
    struct board *board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double began = seconds_now(), until = plan.seconds ? began + plan.seconds : 1e18;
    int failed;

    JN_ASSERT(board != MAP_FAILED);
    /* Machines come and go, and LMDB wants three MiB of zeros for each: pages that nobody touches cost nothing, if the
     * heap does not begin to keep them. */
    mallopt(M_MMAP_THRESHOLD, 256 << 10);
    printf("simulation from seed %llu, %u jobs\n", (unsigned long long)plan.knobs.seed, plan.jobs);
    fflush(stdout);
    for (unsigned job = 1; job < plan.jobs; job++) {
        pid_t pid = fork();

        JN_ASSERT(pid >= 0);
        if (pid == 0) {
            work(&plan, board, until);
            exit(0);
        }
    }
    work(&plan, board, until);
    while (wait(NULL) > 0)
        ;
    show(&board->sum, seconds_now() - began);
    failed = board->failed;
    if (plan.tally || plan.complete)
        sim_tally_show(&board->sum, plan.tally);
    failed = failed || (plan.complete && sim_tally_missing(&board->sum) > 0);
    printf("simulation: %s\n", failed ? "FAILED" : "everything that was promised held");
    return failed;
}
