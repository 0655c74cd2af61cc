/* The same postings in PostgreSQL, through the functions of postgres.sql: prepared, binary, as many connections as
 * requests in flight, all waited for in one poll, so that the driver costs as little as it can.
 *
 *   bench-postgres CONNINFO POSTMASTER-PID SECONDS RUN... */
#include <endian.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libpq-fe.h>

#include "measure.h"

#define CLIENTS_MAX 64
/* Type numbers of pg_type.dat. */
#define INT4 23
#define INT8 20
#define DATE 1082
#define TEXT 25

struct connection {
    PGconn *link;
    int64_t sent_us;
    bool busy;
};

static struct connection connections[CLIENTS_MAX];
static const char *conninfo;

static void
give_up(PGconn *link)
{
    fprintf(stderr, "PostgreSQL: %s", PQerrorMessage(link));
    exit(1);
}

static void
connect_all(unsigned count)
{
    static const Oid one[] = {INT8, INT4, INT4, INT8, DATE, TEXT};

    for (unsigned i = 0; i < count; i++) {
        PGconn *link = PQconnectdb(conninfo);
        PGresult *result;

        if (PQstatus(link) != CONNECTION_OK)
            give_up(link);
        result = PQprepare(link, "post", "SELECT post($1, $2, $3, $4, $5, $6)", 6, one);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            give_up(link);
        PQclear(result);
        result =
            PQprepare(link, "post_all",
                      "SELECT post_all($1::int8[], $2::int4[], $3::int4[], $4::int8[], $5::date, $6::text)", 0, NULL);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            give_up(link);
        PQclear(result);
        connections[i] = (struct connection){.link = link};
    }
}

/* ---- What is sent ---- */

struct posting {
    int64_t id, fen;
    int32_t debit, credit;
};

static struct posting
next_posting(const struct bench_run *run)
{
    static uint64_t number;
    static int64_t base;
    uint64_t place = number++ * 2741 % run->accounts;

    /* Ids grow, as a client would number its own: the kindest order for an index. */
    if (base == 0)
        base = (int64_t)time(NULL) << 31;
    return (struct posting){base + (int64_t)number, (int64_t)(1 + number % 1000), (int32_t)(place * 2),
                            (int32_t)(place * 2 + 1)};
}

static char *
put4(char *at, int32_t value)
{
    uint32_t wire = htobe32((uint32_t)value);

    memcpy(at, &wire, sizeof(wire));
    return at + sizeof(wire);
}

static char *
put8(char *at, int64_t value)
{
    uint64_t wire = htobe64((uint64_t)value);

    memcpy(at, &wire, sizeof(wire));
    return at + sizeof(wire);
}

static char *
put_array_head(char *at, int32_t type, int32_t count)
{
    at = put4(put4(put4(at, 1), 0), type);
    return put4(put4(at, count), 1);
}

#define HEAD 20

static void
send_batch(const struct bench_run *run, struct connection *c, const char *day)
{
    static char id[HEAD + 12 * BENCH_BATCH_MAX], debit[HEAD + 8 * BENCH_BATCH_MAX], credit[HEAD + 8 * BENCH_BATCH_MAX],
        fen[HEAD + 12 * BENCH_BATCH_MAX];
    int32_t count = (int32_t)run->batch;
    char *at[] = {put_array_head(id, INT8, count), put_array_head(debit, INT4, count),
                  put_array_head(credit, INT4, count), put_array_head(fen, INT8, count)};

    for (unsigned i = 0; i < run->batch; i++) {
        struct posting posting = next_posting(run);

        at[0] = put8(put4(at[0], 8), posting.id);
        at[1] = put4(put4(at[1], 4), posting.debit);
        at[2] = put4(put4(at[2], 4), posting.credit);
        at[3] = put8(put4(at[3], 8), posting.fen);
    }
    if (!PQsendQueryPrepared(
            c->link, "post_all", 6, (const char *const[]){id, debit, credit, fen, day, ""},
            (int[]){(int)(at[0] - id), (int)(at[1] - debit), (int)(at[2] - credit), (int)(at[3] - fen), 4, 0},
            (int[]){1, 1, 1, 1, 1, 1}, 1))
        give_up(c->link);
}

static void
send_one(const struct bench_run *run, struct connection *c, const char *day)
{
    struct posting posting = next_posting(run);
    char id[8], debit[4], credit[4], fen[8];

    put8(id, posting.id);
    put4(debit, posting.debit);
    put4(credit, posting.credit);
    put8(fen, posting.fen);
    if (!PQsendQueryPrepared(c->link, "post", 6, (const char *const[]){id, debit, credit, fen, day, ""},
                             (int[]){8, 4, 4, 8, 4, 0}, (int[]){1, 1, 1, 1, 1, 1}, 1))
        give_up(c->link);
}

static void
send_request(const struct bench_run *run, struct connection *c)
{
    char day[4];

    put4(day, (int32_t)(time(NULL) / 86400 - 10957)); /* from 2000-01-01 */
    c->sent_us = bench_now_us();
    c->busy = true;
    if (run->batch == 1)
        send_one(run, c, day);
    else
        send_batch(run, c, day);
    if (PQflush(c->link) < 0)
        give_up(c->link);
}

/* ---- A run ---- */

static void
take_answer(struct bench_run *run, struct connection *c)
{
    PGresult *result;

    if (!PQconsumeInput(c->link))
        give_up(c->link);
    while (!PQisBusy(c->link) && (result = PQgetResult(c->link))) {
        if (PQresultStatus(result) != PGRES_TUPLES_OK)
            give_up(c->link);
        PQclear(result);
        c->busy = false;
    }
    if (!c->busy)
        bench_answered(run, c->sent_us, run->batch);
}

static void
run_one(struct bench_run *run)
{
    struct pollfd polled[CLIENTS_MAX];

    for (;;) {
        bool goes_on = bench_goes_on(run), any = false;

        for (unsigned i = 0; i < run->in_flight; i++) {
            struct connection *c = &connections[i];

            if (!c->busy && goes_on)
                send_request(run, c);
            any = any || c->busy;
            polled[i] = (struct pollfd){.fd = c->busy ? PQsocket(c->link) : -1,
                                        .events = (short)(PQflush(c->link) > 0 ? POLLIN | POLLOUT : POLLIN)};
        }
        if (!any)
            return;
        if (poll(polled, run->in_flight, -1) < 0)
            continue;
        for (unsigned i = 0; i < run->in_flight; i++) {
            if (polled[i].revents & (POLLIN | POLLERR | POLLHUP))
                take_answer(run, &connections[i]);
        }
    }
}

static int
next_of(FILE *children)
{
    int child;

    return fscanf(children, "%d", &child) == 1 ? child : 0;
}

/* Where this program runs before the machine's other work, so do the servers: each is a session of its own, and the
 * kernel shares the processor out by sessions. */
static void
take_along(pid_t postmaster)
{
    int nice = 0;
    char path[64];
    FILE *file = fopen("/proc/self/autogroup", "r"), *children;

    if (!file || fscanf(file, "/autogroup-%*d nice %d", &nice) != 1)
        nice = 0;
    if (file)
        fclose(file);
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)postmaster, (int)postmaster);
    children = nice == 0 ? NULL : fopen(path, "r");
    for (int child = (int)postmaster; children && child > 0; child = next_of(children)) {
        snprintf(path, sizeof(path), "/proc/%d/autogroup", child);
        file = fopen(path, "w");
        if (!file || fprintf(file, "%d", nice) < 0 || fclose(file) != 0)
            fprintf(stderr, "%s: cannot be set\n", path);
    }
    if (children)
        fclose(children);
}

int
main(int argc, char **argv)
{
    pid_t postmaster;
    double seconds;

    if (argc < 5) {
        fprintf(stderr, "usage: bench-postgres CONNINFO POSTMASTER-PID SECONDS RUN...\n");
        return 2;
    }
    conninfo = argv[1];
    postmaster = atoi(argv[2]);
    seconds = atof(argv[3]);
    connect_all(CLIENTS_MAX);
    take_along(postmaster);
    for (int i = 4; i < argc; i++) {
        struct bench_run run;

        bench_begin(&run, argv[i], seconds, postmaster);
        if (run.in_flight > CLIENTS_MAX) {
            fprintf(stderr, "%s: at most %d connections\n", argv[i], CLIENTS_MAX);
            return 2;
        }
        run_one(&run);
        bench_end(&run, argv[i], postmaster);
    }
    for (unsigned i = 0; i < CLIENTS_MAX; i++)
        PQfinish(connections[i].link);
    return 0;
}
