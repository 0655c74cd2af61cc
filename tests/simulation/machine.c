/* A service on its machine: started, stopped, killed, cut off from power, started again; what its network and clock
 * are. */
#include "simulation/sim.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/pages.h"

#define MAP_GIB       1
#define TICK_MS       250
#define METHODS_MAX   16
#define MESSAGE_BYTES ((size_t)16 << 20) /* as the engine has it */

/* ---- Network and clock ---- */

/* A host knows its machine by what stands where sockets would have their context. */
static struct sim_machine *
of(const struct jn_host *host)
{
    return host->context;
}

static void
begin(struct jn_host *host)
{
    struct sim_machine *machine = of(host);

    host->now_us = machine->sim->now_us;
    host->steady_ms = machine->sim->now_us / 1000;
    host->now_ms = machine->sim->now_us / 1000 + machine->skew_ms;
}

static int64_t
monotonic_us(const struct jn_host *host)
{
    return of(host)->sim->now_us;
}

static uint64_t
spent_us(struct jn_host *host)
{
    struct sim_machine *machine = of(host);

    return machine->spent_us += rng_below(&machine->sim->network, 60);
}

static void
wake(struct jn_host *host, unsigned after_ms)
{
    struct sim_machine *machine = of(host);
    struct sim *sim = machine->sim;

    if (machine->turn_us != 0)
        return;
    machine->turn_us = sim->now_us + (int64_t)after_ms * 1000;
    sim_plan(sim, (struct sim_event){.at_us = machine->turn_us,
                                     .what = SIM_TURN,
                                     .machine = machine->index,
                                     .incarnation = machine->incarnation});
}

static void
msg_of(zmq_msg_t *msg, const void *bytes, size_t length)
{
    JN_ASSERT(zmq_msg_init_size(msg, length) == 0);
    memcpy(zmq_msg_data(msg), bytes, length);
}

/* A connection's number and the incarnation of the follower that it belongs to, in the form of an address that ZeroMQ
 * gives: five bytes, the first of them zero. */
#define ROUTE_BYTES 5

static void
route_write(uint8_t out[ROUTE_BYTES], uint32_t connection, uint32_t incarnation)
{
    out[0] = 0;
    out[1] = (uint8_t)(connection >> 8);
    out[2] = (uint8_t)connection;
    out[3] = (uint8_t)(incarnation >> 8);
    out[4] = (uint8_t)incarnation;
}

static bool
receive(struct jn_host *host, zmq_msg_t *route, zmq_msg_t *frame, uint8_t key[JN_KEY_BYTES])
{
    struct sim_machine *machine = of(host);
    struct sim_frame *next = sim_pop(&machine->requests);
    uint8_t from[ROUTE_BYTES];

    if (!next) {
        zmq_msg_init(route);
        zmq_msg_init(frame);
        return false;
    }
    route_write(from, next->from, next->from < SIM_CLIENT ? machine->sim->machines[next->from / 16].incarnation : 0);
    msg_of(route, from, sizeof(from));
    msg_of(frame, next->bytes, next->length);
    memcpy(key, machine->sim->config.agencies[next->agency].key, JN_KEY_BYTES);
    free(next);
    return true;
}

static bool
reply(struct jn_host *host, zmq_msg_t *route, zmq_msg_t *frame)
{
    struct sim_machine *machine = of(host);
    struct sim *sim = machine->sim;
    const uint8_t *to = zmq_msg_data(route);
    uint32_t connection = (uint32_t)to[1] << 8 | to[2];
    uint32_t agency = connection < SIM_CLIENT ? sim->machines[connection / 16].agency : connection - SIM_CLIENT;

    sim_send(sim,
             (struct sim_event){.what = SIM_REPLY,
                                .machine = machine->index,
                                .connection = connection,
                                .incarnation = (uint32_t)to[3] << 8 | to[4]},
             machine->agency, agency, zmq_msg_data(frame), zmq_msg_size(frame));
    zmq_msg_close(route);
    zmq_msg_close(frame);
    if (machine->replies_left > 0 && --machine->replies_left == 0)
        longjmp(machine->dying, 1);
    return true;
}

static bool
ask(struct jn_host *host, unsigned upstream, const void *frame, size_t length)
{
    struct sim_machine *machine = of(host);
    struct sim *sim = machine->sim;

    for (uint32_t i = 0; i < SIM_SERVICES; i++) {
        if (strcmp(sim->machines[i].service->name, machine->service->upstreams[upstream].name) == 0)
            sim_send(
                sim,
                (struct sim_event){.what = SIM_REQUEST, .machine = i, .connection = machine->index * 16 + upstream},
                machine->agency, sim->machines[i].agency, frame, length);
    }
    return true;
}

static bool
hear(struct jn_host *host, unsigned upstream, zmq_msg_t *frame)
{
    struct sim_frame *next = sim_pop(&of(host)->answers[upstream]);

    if (!next)
        return false;
    zmq_msg_close(frame);
    msg_of(frame, next->bytes, next->length);
    free(next);
    return true;
}

static void
redial(struct jn_host *host, unsigned upstream)
{
    host->followers[upstream].heard_ms = host->steady_ms;
}

const struct jn_net sim_net = {begin, monotonic_us, spent_us, wake, receive, reply, ask, hear, redial};

/* ---- Birth ---- */

/* The key of a service's pseudonyms, where the store looks for it: made from the log's name alone, so that a run can be
 * repeated. */
static void
place_key(const struct sim_machine *machine)
{
    uint8_t key[JN_PSEUDONYM_KEY_BYTES + 16];
    char name[2 * JN_LOG_BYTES + 1], path[128];
    int fd;

    memset(key, 7, JN_PSEUDONYM_KEY_BYTES);
    for (size_t i = 0; i < JN_LOG_BYTES; i++)
        snprintf(name + 2 * i, 3, "%02x", machine->disk->log.head.log[i]);
    jn_hmac16(key, name, key + JN_PSEUDONYM_KEY_BYTES);
    snprintf(path, sizeof(path), "%s/pseudonym.key", machine->dir);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    JN_ASSERT(write(fd, key, sizeof(key)) == (ssize_t)sizeof(key));
    close(fd);
}

static struct jn_host *
host_new(struct sim_machine *machine)
{
    struct jn_host *host = calloc(1, sizeof(*host));

    JN_ASSERT(host);
    host->service = machine->service;
    host->net = &sim_net;
    host->config = &machine->sim->config;
    host->context = machine;
    host->methods = calloc(machine->service->methods_count + METHODS_MAX, sizeof(*host->methods));
    JN_ASSERT(host->methods);
    jn_arena_open(&host->scratch, (size_t)32 << 20);
    host->store.lock = -1;
    host->store.log = &machine->disk->log;
    snprintf(host->store.dir, sizeof(host->store.dir), "%s", machine->dir);
    begin(host);
    host->started_ms = host->now_ms;
    jn_follow_open(host);
    for (unsigned i = 0; i < machine->service->upstreams_count; i++)
        redial(host, i);
    return host;
}

void
sim_machine_start(struct sim_machine *machine)
{
    char error[JN_ERROR_TEXT] = "";
    struct sim *sim = machine->sim;

    JN_ASSERT(!machine->host);
    if (mkdir(machine->dir, 0700) == 0)
        place_key(machine);
    machine->incarnation++;
    machine->turn_us = 0;
    machine->host = host_new(machine);
    machine->disk->death = SIM_LIVES;
    machine->disk->dying = &machine->dying;
    if (!jn_store_attach(&machine->host->store, machine->service, MAP_GIB, sim->config.driven_clock, error))
        sim_broken(sim, "%s cannot start again: %s", machine->service->name, error);
    if (sim->config.driven_clock && machine->host->store.fold->time_ms < sim->config.start_ms)
        machine->host->store.fold->time_ms = sim->config.start_ms;
    sim_tell(sim, "%s starts at block %llu, %llu replayed", machine->service->name,
             (unsigned long long)machine->disk->log.head.block, (unsigned long long)machine->host->store.replayed);
    machine->audited = 0;
    wake(machine->host, 0);
}

/* ---- Death ---- */

static void
bury(struct sim_machine *machine)
{
    struct jn_host *host = machine->host;

    for (size_t i = 0; i < host->parcels_count; i++) {
        zmq_msg_close(&host->parcels[i].route);
        zmq_msg_close(&host->parcels[i].frame);
    }
    jn_held_drop(host);
    jn_intake_drop(host);
    jn_arena_close(&host->scratch);
    free(host->methods);
    free(host);
    machine->host = NULL;
    sim_queue_clear(&machine->requests);
    for (size_t i = 0; i < JN_UPSTREAMS_MAX; i++)
        sim_queue_clear(&machine->answers[i]);
}

/* What was not synced when the power went: pages of the tables are lost here and there, and the machine comes up under
 * another boot id. */
static void
lose_power(struct sim_machine *machine, size_t used)
{
    static const uint8_t zeros[4096];
    struct rng *fate = &machine->sim->fate;
    char path[160];
    int fd;

    snprintf(path, sizeof(path), "%s/tables/data.mdb", machine->dir);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    JN_ASSERT(fd >= 0);
    for (size_t page = 2; page < used / 4096; page++) {
        if (rng_chance(fate, 3000))
            JN_ASSERT(pwrite(fd, zeros, sizeof(zeros), (off_t)page * 4096) == (ssize_t)sizeof(zeros));
    }
    close(fd);
    snprintf(path, sizeof(path), "%s/in-use", machine->dir);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    JN_ASSERT(fd >= 0 && write(fd, "boot before device 0 inode 0\n", 29) == 29);
    close(fd);
    machine->sim->stats->power_cuts++;
}

static void
come_back(struct sim_machine *machine)
{
    struct sim *sim = machine->sim;
    bool long_away = rng_chance(&sim->fate, 200) && sim->founded;
    int64_t away_us = long_away ? 3600 * SIM_SECOND_US : 8 * SIM_SECOND_US;

    sim_plan(sim, (struct sim_event){.at_us = sim->now_us + (int64_t)rng_below(&sim->fate, (uint64_t)away_us),
                                     .what = SIM_START,
                                     .machine = machine->index});
}

void
sim_machine_die(struct sim_machine *machine, bool power)
{
    struct jn_host *host = machine->host;
    size_t used = jn_pages_used(host->store.tables->env);

    sim_tell(machine->sim, "%s dies%s", machine->service->name, power ? ", without power" : "");
    machine->sim->stats->crashes++;
    machine->replies_left = 0;
    machine->disk->death = SIM_LIVES;
    jn_fold_close(host->store.fold);
    jn_tables_close(host->store.tables);
    bury(machine);
    if (power)
        lose_power(machine, used);
    come_back(machine);
}

void
sim_machine_stop(struct sim_machine *machine)
{
    struct jn_host *host = machine->host;

    sim_tell(machine->sim, "%s stops", machine->service->name);
    machine->sim->stats->stops++;
    begin(host);
    jn_turn_close(host);
    sim_machine_audit(machine);
    jn_store_close(&host->store);
    bury(machine);
    come_back(machine);
}

/* ---- A turn, and what must hold after it ---- */

static void
arm(struct sim_machine *machine)
{
    struct sim *sim = machine->sim;

    if (sim->calm || !rng_chance(&sim->fate, sim->knobs.commit))
        return;
    sim->stats->commit_crashes++;
    switch (rng_below(&sim->fate, 3)) {
    case 0:
        machine->disk->death = SIM_DIES_BEFORE;
        break;
    case 1:
        machine->disk->death = SIM_DIES_AFTER;
        break;
    default:
        machine->replies_left = 1 + (uint32_t)rng_below(&sim->fate, 4);
    }
}

static void
fate_of(struct sim_machine *machine)
{
    struct sim *sim = machine->sim;
    char error[JN_ERROR_TEXT];

    if (sim->calm)
        return;
    if (rng_chance(&sim->fate, sim->knobs.crash)) {
        sim_machine_die(machine, rng_chance(&sim->fate, sim->knobs.power));
    } else if (rng_chance(&sim->fate, sim->knobs.crash)) {
        sim_machine_stop(machine);
    } else if (rng_chance(&sim->fate, sim->knobs.crash / 2)) {
        if (!jn_store_checkpoint(&machine->host->store, error))
            sim_broken(sim, "%s makes no checkpoint: %s", machine->service->name, error);
        sim->stats->checkpoints++;
    } else if (rng_chance(&sim->fate, sim->knobs.crash / 2)) {
        sim_machine_compare(machine);
    }
}

/* A turn in which messages may have little memory: what they began with is taken back. */
static void
tighten(struct sim_machine *machine)
{
    struct sim *sim = machine->sim;

    if (sim->calm || !sim->founded || !rng_chance(&sim->fate, sim->knobs.tight))
        return;
    sim->stats->tight++;
    machine->host->store.fold->message.cap_bytes = (size_t)rng_between(&sim->fate, 16000, 64000);
}

void
sim_machine_turn(struct sim_machine *machine)
{
    struct sim *sim = machine->sim;
    struct jn_host *host = machine->host;
    uint64_t before = machine->disk->log.head.block;

    sim->stats->turns++;
    machine->disk->full = machine->full_until_us > sim->now_us && !sim->calm;
    host->disk_full = host->disk_full && machine->disk->full;
    arm(machine);
    if (setjmp(machine->dying) != 0) {
        sim_machine_die(machine, rng_chance(&sim->fate, sim->knobs.power));
        return;
    }
    tighten(machine);
    jn_turn(host);
    host->store.fold->message.cap_bytes = MESSAGE_BYTES;
    host->hold_until_ms = 0;
    sim->stats->blocks += machine->disk->log.head.block - before;
    if (machine->disk->log.head.block >= machine->audited + sim->knobs.audit)
        sim_machine_audit(machine);
    if (machine->turn_us == 0)
        wake(host, TICK_MS);
    fate_of(machine);
}

void
sim_machine_audit(struct sim_machine *machine)
{
    struct jn_fold *fold = machine->host->store.fold;
    struct jn_tables *tables = machine->host->store.tables;
    struct jn_audit audit = {0};
    struct sim *sim = machine->sim;
    uint64_t head = machine->disk->log.head.block;

    if (head == machine->audited)
        return;
    machine->audited = head;
    sim->stats->audits++;
    jn_tables_begin(tables);
    tables->arena = &fold->message;
    audit.view = jn_view_of(tables);
    machine->service->audit(&audit);
    jn_tables_abort(tables);
    jn_arena_reset(&fold->message);
    if (audit.findings)
        sim_broken(sim, "the audit of %s at block %llu: %s", machine->service->name, (unsigned long long)head,
                   audit.text);
}

/* ---- A replica that has the log alone ---- */

static void
replica_open(struct sim_machine *machine)
{
    char path[128], error[JN_ERROR_TEXT];

    if (machine->replica)
        return;
    snprintf(path, sizeof(path), "%s-replica", machine->dir);
    machine->replica_tables = jn_tables_open(path, machine->service, MAP_GIB, false, error);
    JN_ASSERT(machine->replica_tables);
    machine->replica = jn_fold_open(machine->service, &machine->disk->log, machine->replica_tables, true);
    memcpy(machine->replica_head.log, machine->disk->log.head.log, JN_LOG_BYTES);
    memcpy(machine->replica_head.secret, machine->disk->log.head.secret, 32);
}

void
sim_machine_compare(struct sim_machine *machine)
{
    struct jn_log *log = &machine->disk->log;
    struct jn_tables *tables = machine->host->store.tables;
    const char *fault = NULL;
    char differ[JN_ERROR_TEXT];

    if (machine->compared == log->head.block)
        return;
    replica_open(machine);
    jn_tables_begin(machine->replica_tables);
    while (!fault && machine->replica_head.block < log->head.block) {
        const void *bytes = NULL;
        size_t length = 0;

        JN_ASSERT(log->read(log, machine->replica_head.block + 1, &bytes, &length));
        fault = jn_fold_replay(machine->replica, bytes, length, &machine->replica_head);
    }
    if (fault)
        sim_broken(machine->sim, "block %llu of %s cannot be replayed: %s",
                   (unsigned long long)machine->replica_head.block + 1, machine->service->name, fault);
    JN_ASSERT(jn_tables_commit(machine->replica_tables));
    jn_tables_begin(machine->replica_tables);
    jn_tables_begin(tables);
    if (jn_tables_differ(tables, machine->replica_tables, differ))
        sim_broken(machine->sim, "the tables of %s are not what its log says: %s", machine->service->name, differ);
    jn_tables_abort(tables);
    jn_tables_abort(machine->replica_tables);
    machine->compared = log->head.block;
    machine->sim->stats->comparisons++;
}

void
sim_machine_free(struct sim_machine *machine)
{
    if (machine->host) {
        jn_fold_close(machine->host->store.fold);
        jn_tables_close(machine->host->store.tables);
        bury(machine);
    }
    if (machine->replica) {
        jn_fold_close(machine->replica);
        jn_tables_close(machine->replica_tables);
    }
    sim_log_free(machine->disk);
}
