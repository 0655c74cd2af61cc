/* The loop: who wakes it, what it does now and then, how it stops. */
#include "runtime/host.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "runtime/crash.h"
#include "runtime/say.h"

/* A checkpoint of the tables every so many blocks: a rebuild replays at most as many. Tests of it will not wait so
 * long. */
#ifndef JN_CHECKPOINT_BLOCKS
#define JN_CHECKPOINT_BLOCKS 100000
#endif
#define OWN_METHODS_MAX 16
#define FILES_LEAST     64 /* those of its own, its upstreams' and its clients' first connections */

static void
nothing(uv_idle_t *idle)
{
    (void)idle;
}

/* ZMQ_FD is edge-triggered and other calls eat its edge: before the loop sleeps, the sockets' own state decides whether
 * it may. */
static void
on_prepare(uv_prepare_t *prepare)
{
    struct jn_host *host = prepare->data;

    if (host->intake.count > 0) {
        uv_idle_start(&host->idle, nothing);
        return;
    }
    for (size_t i = 0; i < host->sockets_count; i++) {
        if (jn_net_readable(&host->sockets[i])) {
            uv_idle_start(&host->idle, nothing);
            return;
        }
    }
}

static void
on_check(uv_check_t *check)
{
    struct jn_host *host = check->data;

    uv_idle_stop(&host->idle);
    jn_turn(host);
}

static void
on_signal(uv_signal_t *signal, int number)
{
    struct jn_host *host = signal->data;

    jn_say(JN_INFO, host->service->name, "stopping signal=%d", number);
    uv_stop(&host->loop);
}

/* ---- Now and then ---- */

/* Two writes may carry the same time, which goes by the kernel's ticks: the first, read half-way, must not hide the
 * second. */
static bool
config_stamp(const struct jn_host *host, struct jn_config_stamp *out)
{
    struct stat st;

    if (stat(host->config->path, &st) != 0)
        return false;
    *out =
        (struct jn_config_stamp){(int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec, st.st_size, st.st_ino};
    return true;
}

static bool
same_stamp(const struct jn_config_stamp *a, const struct jn_config_stamp *b)
{
    return a->changed_ns == b->changed_ns && a->bytes == b->bytes && a->inode == b->inode;
}

/* A key is revoked, an agency added, a service moved by a change of the file: it is seen within a moment. What cannot
 * be read is not taken, said once, and tried again: there may have been no file descriptor for it. */
static void
reload_agencies(struct jn_host *host)
{
    char error[JN_CONFIG_ERROR];
    struct jn_config *fresh;
    struct jn_config_stamp stamp;

    if (!config_stamp(host, &stamp) || same_stamp(&stamp, &host->config_taken))
        return;
    fresh = calloc(1, sizeof(*fresh));
    JN_ASSERT(fresh);
    if (jn_config_load(host->config->path, fresh, error)) {
        memcpy(host->config->agencies, fresh->agencies, sizeof(fresh->agencies));
        host->config->agencies_count = fresh->agencies_count;
        memcpy(host->config->peers, fresh->peers, sizeof(fresh->peers));
        host->config->peers_count = fresh->peers_count;
        host->config_taken = stamp;
        jn_follow_moved(host);
        jn_say(JN_INFO, host->service->name, "agencies=%zu reloaded=yes", fresh->agencies_count);
    } else if (!same_stamp(&stamp, &host->config_refused)) {
        host->config_refused = stamp;
        jn_say(JN_ERROR, host->service->name, "reloaded=no reason=\"%s\"", error);
    }
    free(fresh);
}

/* A disk or a map that fills up undoes whole blocks: new work is refused long before, what is begun goes on. */
static void
look_at_disk(struct jn_host *host)
{
    struct statvfs fs;
    bool full;

    if (statvfs(host->store.dir, &fs) != 0)
        return;
    full = (uint64_t)fs.f_bavail * fs.f_frsize < (uint64_t)host->config->disk_reserve_mb << 20 ||
           jn_tables_nearly_full(host->store.tables) || host->store.log->nearly_full(host->store.log) ||
           jn_no_room_lately(host);
    if (full != host->disk_full)
        jn_say(full ? JN_ERROR : JN_INFO, host->service->name, "disk=%s reserve_mb=%u", full ? "nearly-full" : "roomy",
               host->config->disk_reserve_mb);
    host->disk_full = full;
}

static void
make_checkpoint(uv_work_t *work)
{
    struct jn_host *host = work->data;
    char error[JN_ERROR_TEXT];

    if (!jn_store_checkpoint(&host->store, error))
        jn_say(JN_WARNING, host->service->name, "checkpoint=failed reason=\"%s\"", error);
}

static void
checkpoint_made(uv_work_t *work, int status)
{
    struct jn_host *host = work->data;

    (void)status;
    host->checkpointing = false;
}

static void
on_housekeeping(uv_timer_t *timer)
{
    struct jn_host *host = timer->data;
    uint64_t head = host->store.log->head.block;

    reload_agencies(host);
    look_at_disk(host);
    if (host->steady_ms - host->reader_check_ms > 60000) {
        int dead;

        host->reader_check_ms = host->steady_ms;
        mdb_reader_check(host->store.tables->env, &dead);
        host->store.log->tidy(host->store.log);
    }
    if (!host->checkpointing && head - host->checkpoint_block >= JN_CHECKPOINT_BLOCKS) {
        host->checkpointing = true;
        host->checkpoint_block = head;
        host->checkpoint_work.data = host;
        uv_queue_work(&host->loop, &host->checkpoint_work, make_checkpoint, checkpoint_made);
    }
}

/* ---- Birth and death ---- */

static void
start_handles(struct jn_host *host)
{
    uv_prepare_init(&host->loop, &host->prepare);
    uv_check_init(&host->loop, &host->check);
    uv_idle_init(&host->loop, &host->idle);
    uv_timer_init(&host->loop, &host->housekeeping);
    uv_timer_init(&host->loop, &host->gather);
    uv_signal_init(&host->loop, &host->on_term);
    uv_signal_init(&host->loop, &host->on_int);
    host->prepare.data = host->check.data = host->idle.data = host->housekeeping.data = host;
    host->on_term.data = host->on_int.data = host;
    uv_prepare_start(&host->prepare, on_prepare);
    uv_check_start(&host->check, on_check);
    uv_timer_start(&host->housekeeping, on_housekeeping, 0, JN_HOUSEKEEPING_MS);
    uv_signal_start(&host->on_term, on_signal, SIGTERM);
    uv_signal_start(&host->on_int, on_signal, SIGINT);
}

static void
close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* Who is told to stop by the terminal is told by its supervisor, too: without a handler the second would end the process
 * before its tables are synced. */
static void
hear_no_more_signals(void)
{
    sigset_t both;

    sigemptyset(&both);
    sigaddset(&both, SIGTERM);
    sigaddset(&both, SIGINT);
    pthread_sigmask(SIG_BLOCK, &both, NULL);
}

/* Handles first, then the sockets they look at, then the context, then the loop. */
static void
stop(struct jn_host *host)
{
    while (host->checkpointing)
        uv_run(&host->loop, UV_RUN_ONCE);
    hear_no_more_signals();
    uv_walk(&host->loop, close_handle, NULL);
    uv_run(&host->loop, UV_RUN_DEFAULT);
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    jn_held_drop(host);
    jn_intake_drop(host);
    jn_net_close(host);
    JN_ASSERT(uv_loop_close(&host->loop) == 0);
    jn_store_close(&host->store);
    jn_arena_close(&host->scratch);
    jn_signer_close(host->signer);
}

static bool
open_all(struct jn_host *host, char error[JN_ERROR_TEXT])
{
    static char mark[JN_PATH_MAX + JN_AGENCY_NAME + 16];
    char dir[JN_PATH_MAX + JN_AGENCY_NAME];

    if (!jn_config_peer(host->config, host->service->name)) {
        snprintf(error, JN_ERROR_TEXT, "%s is not among the services of %s: add it with its endpoint and key",
                 host->service->name, host->config->path);
        return false;
    }
    if (!jn_keypair_load(host->config->data, host->service->name, &host->keys, error))
        return false;
    if (memcmp(host->keys.public_key, jn_config_peer(host->config, host->service->name)->key, JN_KEY_BYTES)) {
        snprintf(error, JN_ERROR_TEXT,
                 "keys/%s.key is not the key that %.300s names for it, by which alone others would find it: write its "
                 "first line there",
                 host->service->name, host->config->path);
        return false;
    }
    snprintf(dir, sizeof(dir), "%s/%s", host->config->data, host->service->name);
    snprintf(mark, sizeof(mark), "%s/in-use", dir);
    jn_crash_watch(host->service->name, mark);
    if (!jn_store_open(&host->store, host->service, dir, host->config->map_gib, host->config->driven_clock, error))
        return false;
    if (host->config->driven_clock && host->store.fold->time_ms < host->config->start_ms)
        host->store.fold->time_ms = host->config->start_ms;
    host->checkpoint_block = jn_store_checkpointed(&host->store);
    host->counters[COUNTER_REPLAYED] = host->store.replayed;
    jn_follow_open(host);
    return jn_net_open(host, error);
}

static void
serve(struct jn_host *host)
{
    const char *name = host->service->name;

    start_handles(host);
    jn_say(JN_INFO, name, "ready endpoint=%s block=%llu replayed=%llu", jn_config_peer(host->config, name)->endpoint,
           (unsigned long long)host->store.log->head.block, (unsigned long long)host->store.replayed);
    uv_run(&host->loop, UV_RUN_DEFAULT);
    jn_turn_close(host);
}

/* Libraries end the process without a word where they get none. Each connection takes one: as many as may be. */
static bool
enough_files(const struct jn_service *service)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return true;
    limit.rlim_cur = limit.rlim_max;
    if (limit.rlim_max >= FILES_LEAST && setrlimit(RLIMIT_NOFILE, &limit) == 0)
        return true;
    jn_say(
        JN_ERROR, service->name,
        "start=failed reason=\"only %llu file descriptors may be open, a service needs %d: raise its limit (ulimit -n, "
        "LimitNOFILE)\"",
        (unsigned long long)limit.rlim_max, FILES_LEAST);
    return false;
}

int
jn_host_run(const struct jn_service *service, struct jn_config *config)
{
    struct jn_host *host;
    char error[JN_ERROR_TEXT] = "";
    uv_timeval64_t wall;
    bool opened;

    if (!enough_files(service))
        return 78;
    host = calloc(1, sizeof(*host));
    JN_ASSERT(host);
    host->service = service;
    host->config = config;
    host->net = &jn_net_sockets;
    host->store.lock = -1;
    host->methods = calloc(service->methods_count + OWN_METHODS_MAX, sizeof(*host->methods));
    JN_ASSERT(host->methods && uv_loop_init(&host->loop) == 0);
    signal(SIGPIPE, SIG_IGN);
    jn_arena_open(&host->scratch, (size_t)32 << 20);
    uv_gettimeofday(&wall);
    host->started_ms = host->steady_ms = (int64_t)(uv_hrtime() / 1000000);
    host->now_ms = wall.tv_sec * 1000 + wall.tv_usec / 1000;
    opened = open_all(host, error);
    if (opened)
        serve(host);
    else
        jn_say(JN_ERROR, service->name, "start=failed reason=\"%s\"", error);
    stop(host);
    if (opened)
        jn_say(JN_INFO, service->name, "stopped");
    free(host->methods);
    free(host);
    return opened ? 0 : 78;
}
