/* What the benchmarks of postings share: a run's figures and the line that tells them.
 *
 * A run is named ACCOUNTS:BATCH:IN_FLIGHT - over so many accounts, so many postings in a request, so many requests on
 * their way. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define BENCH_ACCOUNTS_MAX  5000
#define BENCH_BATCH_MAX     1000
#define BENCH_IN_FLIGHT_MAX 4096

struct bench_run {
    unsigned accounts, batch, in_flight;
    int64_t began_us, until_us;
    uint64_t postings;
    double service_cpu_s, client_cpu_s; /* at the beginning */
    uint32_t *latencies_us;             /* of each request */
    size_t count, size;
};

int64_t bench_now_us(void);
/* Seconds of processor that the process and its children that live have had. */
double bench_cpu_s(pid_t pid);

/* Ends the program with a sentence where the name is none. */
void bench_begin(struct bench_run *run, const char *name, double seconds, pid_t service);
bool bench_goes_on(const struct bench_run *run);
void bench_answered(struct bench_run *run, int64_t sent_us, unsigned postings);
/* Prints name, postings a second, p50 and p99 in milliseconds, microseconds of processor a posting (service, client),
 * and how long the run was. */
void bench_end(struct bench_run *run, const char *name, pid_t service);

#endif
