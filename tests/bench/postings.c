/* Postings of the ledger: the service as it is, over CURVE, every acknowledged command synced.
 *
 *   bench-postings FOLDER SECONDS RUN...        each run for so long
 *   bench-postings FOLDER --grow MILLIONS       so many, with what each stretch of them cost
 *
 * A posting is a row of AppropriateAll: from `appropriated` into `available` of one account, one amount; refused where
 * the account's or the city's sums would leave their limits; done once by its command's session and number. A request
 * of more than 200 is as many commands of 200 on their way together. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <zmq.h>

#include "domain/date.h"
#include "jineng/v1/ledger.pb-c.h"
#include "measure.h"
#include "runtime/client.h"
#include "runtime/fold.h"

#define MAP_GIB 64

static struct jn_clients *clients;
static struct jn_client *client;
static pid_t service;

/* ---- The service ---- */

static void
write_key(FILE *file, const char *dir, const char *name, struct jn_keypair *key)
{
    char error[JN_CONFIG_ERROR], text[41];

    JN_ASSERT(jn_keypair_make(dir, name, key, error));
    zmq_z85_encode(text, key->public_key, JN_KEY_BYTES);
    fprintf(file, "  key: '%s'\n", text);
}

static void
write_config(const char *dir, struct jn_keypair *user)
{
    char path[512];
    struct jn_keypair other;
    FILE *file;

    snprintf(path, sizeof(path), "%s/keys", dir);
    JN_ASSERT(mkdir(path, 0700) == 0);
    snprintf(path, sizeof(path), "%s/jineng.yaml", dir);
    file = fopen(path, "w");
    JN_ASSERT(file);
    fprintf(file, "mode: rehearsal\nclock: real\ncity: 130100\nmap_gib: %d\nservices:\n", MAP_GIB);
    for (const char *const *name = (const char *const[]){"ledger", "subsidy", "enrollment", NULL}; *name; name++) {
        fprintf(file, "- name: %s\n  endpoint: ipc://%s/%s.socket\n  roles: [service]\n", *name, dir, *name);
        write_key(file, dir, *name, &other);
    }
    fprintf(file, "agencies:\n- name: finance\n  roles: [finance]\n");
    write_key(file, dir, "finance", user);
    fclose(file);
}

static void
start(const char *dir)
{
    static struct jn_config config;
    char path[512], error[JN_CONFIG_ERROR];
    struct jn_keypair user;

    write_config(dir, &user);
    snprintf(path, sizeof(path), "%s/jineng.yaml", dir);
    if (!jn_config_load(path, &config, error)) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    service = fork();
    if (service == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        JN_ASSERT(freopen("/dev/null", "w", stdout));
        execl(LEDGER, LEDGER, "--config", path, NULL);
        perror(LEDGER);
        _exit(127);
    }
    clients = jn_clients_open();
    client = jn_client_open(clients, jn_config_peer(&config, "ledger"), &ledger__ledger__descriptor, &user,
                            JN_IN_FLIGHT_MAX);
    JN_ASSERT(client);
}

static void
stop(void)
{
    jn_clients_close(clients);
    kill(service, SIGTERM);
    waitpid(service, NULL, 0);
}

/* ---- Requests ---- */

/* One request of a run: as many commands as its rows need. */
struct request {
    int64_t sent_us;
    unsigned left; /* commands without an answer */
};

static struct request requests[BENCH_IN_FLIGHT_MAX];
static unsigned idle[BENCH_IN_FLIGHT_MAX];

static void
fill_rows(const struct bench_run *run, Ledger__Appropriate *rows, size_t count)
{
    static uint64_t number;
    static int32_t day;

    if (day == 0)
        day = date_of_ms((int64_t)time(NULL) * 1000);
    for (size_t i = 0; i < count; i++) {
        /* Not one account after another: a step that has no factor in common with 5,000. */
        uint64_t place = number++ * 2741 % run->accounts;

        rows[i].fund = (Common__Fund)(1 + place % 5);
        rows[i].division = (uint32_t)(130100 + place / 5);
        rows[i].amount_fen = (int64_t)(1 + number % 1000);
        rows[i].day = day;
    }
}

static unsigned
commands_of(const struct bench_run *run)
{
    return (run->batch + JN_ROWS_MAX - 1) / JN_ROWS_MAX;
}

static void
send_request(const struct bench_run *run, struct request *request)
{
    static Ledger__Appropriate rows[JN_ROWS_MAX];
    static Ledger__Appropriate *pointers[JN_ROWS_MAX];
    Ledger__AppropriateAll all = LEDGER__APPROPRIATE_ALL__INIT;

    for (size_t i = 0; i < JN_ROWS_MAX && !pointers[i]; i++) {
        ledger__appropriate__init(&rows[i]);
        pointers[i] = &rows[i];
    }
    request->sent_us = bench_now_us();
    request->left = commands_of(run);
    for (unsigned i = 0, left = run->batch; i < request->left; i++, left -= (unsigned)all.n_rows) {
        all.n_rows = left < JN_ROWS_MAX ? left : JN_ROWS_MAX;
        all.rows = pointers;
        fill_rows(run, rows, all.n_rows);
        JN_ASSERT(jn_client_send(client,
                                 &(struct jn_request){.method = "AppropriateAll", .request = &all, .tag = request},
                                 NULL) == JN_OK);
    }
}

/* The request whose last answer this was; NULL where it was not the last. */
static struct request *
receive(void)
{
    struct jn_answer answer;
    struct request *request;

    if (!jn_clients_receive(clients, 20000, &answer) || answer.code != JN_OK ||
        ((const Ledger__Outcomes *)answer.reply)->n_refused > 0) {
        fprintf(stderr, "not posted: %s\n", answer.reason ? answer.reason : "no answer");
        kill(service, SIGTERM);
        exit(1);
    }
    request = answer.tag;
    return --request->left == 0 ? request : NULL;
}

/* `limit`: so many postings, 0 for as many as the time allows. */
static void
run_one(struct bench_run *run, uint64_t limit)
{
    unsigned waiting = 0, most = JN_IN_FLIGHT_MAX / commands_of(run);
    uint64_t sent = 0;

    most = run->in_flight < most ? run->in_flight : most;
    for (unsigned i = 0; i < most; i++)
        idle[i] = i;
    for (;;) {
        struct request *request;

        /* What is asked again keeps its place in the window until the answer comes. */
        while (waiting < most && jn_client_room(client) >= commands_of(run) &&
               (limit ? sent < limit : bench_goes_on(run))) {
            send_request(run, &requests[idle[most - ++waiting]]);
            sent += run->batch;
        }
        if (waiting == 0)
            return;
        request = receive();
        if (!request)
            continue;
        bench_answered(run, request->sent_us, run->batch);
        idle[most - waiting--] = (unsigned)(request - requests);
    }
}

/* ---- Growth ---- */

static double
disk_bytes(const char *dir, const char *part)
{
    char path[512];
    struct stat st;

    snprintf(path, sizeof(path), "%s/ledger/%s/data.mdb", dir, part);
    return stat(path, &st) == 0 ? (double)st.st_blocks * 512 : 0;
}

/* Stretches of 100,000 at first, then ever longer ones: to compare what a posting costs after so many. */
static void
grow(const char *dir, double millions)
{
    static const char name[] = "5000:100:64";
    const uint64_t stretch = 100000, most = (uint64_t)(millions * 1e6);
    uint64_t next = stretch;
    struct bench_run run;

    for (uint64_t done = 0; done < most;) {
        bench_begin(&run, name, 0, service);
        run_one(&run, stretch);
        done += run.postings;
        if (done < next) {
            free(run.latencies_us);
            continue;
        }
        next = next < 1000000 ? next * 2 : next + most / 10;
        printf("%.0f %.1f %.1f ", (double)done, disk_bytes(dir, "log") / (double)done,
               disk_bytes(dir, "tables") / (double)done);
        bench_end(&run, name, service);
    }
}

int
main(int argc, char **argv)
{
    struct bench_run run;

    if (argc < 4) {
        fprintf(stderr, "usage: bench-postings FOLDER SECONDS RUN... | FOLDER --grow MILLIONS\n");
        return 2;
    }
    start(argv[1]);
    bench_begin(&run, "5000:1:64", 0.3, service);
    run_one(&run, 0);
    free(run.latencies_us);
    if (strcmp(argv[2], "--grow") == 0)
        grow(argv[1], atof(argv[3]));
    else
        for (int i = 3; i < argc; i++) {
            bench_begin(&run, argv[i], atof(argv[2]), service);
            run_one(&run, 0);
            bench_end(&run, argv[i], service);
        }
    stop();
    return 0;
}
