#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int64_t
bench_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static double
cpu_of(pid_t pid)
{
    clockid_t clock;
    struct timespec spent;

    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &spent) != 0)
        return 0;
    return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

double
bench_cpu_s(pid_t pid)
{
    double sum = cpu_of(pid);
    char path[64];
    FILE *file;
    int child;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
    file = fopen(path, "r");
    while (file && fscanf(file, "%d", &child) == 1)
        sum += cpu_of(child);
    if (file)
        fclose(file);
    return sum;
}

void
bench_begin(struct bench_run *run, const char *name, double seconds, pid_t service)
{
    *run = (struct bench_run){0};
    if (sscanf(name, "%u:%u:%u", &run->accounts, &run->batch, &run->in_flight) != 3 || run->accounts < 1 ||
        run->accounts > BENCH_ACCOUNTS_MAX || run->batch < 1 || run->batch > BENCH_BATCH_MAX || run->in_flight < 1 ||
        run->in_flight > BENCH_IN_FLIGHT_MAX) {
        fprintf(stderr, "%s: a run is ACCOUNTS:BATCH:IN_FLIGHT\n", name);
        exit(2);
    }
    run->service_cpu_s = bench_cpu_s(service);
    run->client_cpu_s = cpu_of(getpid());
    run->began_us = bench_now_us();
    run->until_us = run->began_us + (int64_t)(seconds * 1e6);
}

bool
bench_goes_on(const struct bench_run *run)
{
    return bench_now_us() < run->until_us;
}

void
bench_answered(struct bench_run *run, int64_t sent_us, unsigned postings)
{
    if (run->count == run->size) {
        run->size = run->size ? run->size * 2 : 65536;
        run->latencies_us = realloc(run->latencies_us, run->size * sizeof(*run->latencies_us));
        if (!run->latencies_us)
            abort();
    }
    run->latencies_us[run->count++] = (uint32_t)(bench_now_us() - sent_us);
    run->postings += postings;
}

static int
by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

void
bench_end(struct bench_run *run, const char *name, pid_t service)
{
    double seconds = (double)(bench_now_us() - run->began_us) / 1e6, postings = (double)run->postings;
    double service_us = (bench_cpu_s(service) - run->service_cpu_s) * 1e6;
    double client_us = (cpu_of(getpid()) - run->client_cpu_s) * 1e6;

    if (run->count == 0) {
        fprintf(stderr, "%s: nothing was answered\n", name);
        exit(1);
    }
    qsort(run->latencies_us, run->count, sizeof(*run->latencies_us), by_size);
    printf("%s %.1f %.3f %.3f %.3f %.3f %.2f\n", name, postings / seconds, run->latencies_us[run->count / 2] / 1000.0,
           run->latencies_us[run->count * 99 / 100] / 1000.0, service_us / postings, client_us / postings, seconds);
    fflush(stdout);
    free(run->latencies_us);
}
