/* What every service answers, whatever its trade (runtime.proto): its feed, its clock, where it stands, its counters.
 */
#include "runtime/host.h"

#include <string.h>

#include "runtime/feed.h"

static void
handle_feed(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    const Runtime__FeedRequest *request = message;
    struct jn_waiter waiter = {
        .used = true, .is_feed = true, .after = request->after, .head = request->head, .id = parcel->id};

    if (request->log.len != 0 && request->log.len != JN_LOG_BYTES) {
        jn_parcel_refuse(host, parcel, JN_MALFORMED, "`log` is 16 bytes or empty");
        return;
    }
    if (request->n_types > JN_EVENT_TYPES || request->wait_ms > 5000) {
        jn_parcel_refuse(host, parcel, JN_MALFORMED, "at most 128 types and 5,000 ms");
        return;
    }
    waiter.log_known = request->log.len != 0;
    if (waiter.log_known)
        memcpy(waiter.log, request->log.data, JN_LOG_BYTES);
    waiter.types = jn_feed_wanted(request->types, request->n_types);
    memcpy(waiter.key, who->key, JN_KEY_BYTES);
    waiter.of_suite = jn_may(who, ROLE_SERVICE);
    waiter.until_ms = host->steady_ms + request->wait_ms;
    if (!jn_waiter_add(host, parcel, &waiter))
        jn_parcel_refuse(host, parcel, JN_UNAVAILABLE, "too many wait for the feed; ask again in a second");
}

static void
handle_advance(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    const Runtime__AdvanceTo *to = message;

    (void)who;
    if (!host->config->driven_clock) {
        jn_parcel_refuse(host, parcel, JN_WRONG_STATE,
                         "the clock of this suite is real and moves by itself; rehearse with clock: driven");
        return;
    }
    if (to->time_ms <= 0 || to->time_ms > JN_TIME_MAX_MS) {
        jn_parcel_refuse(host, parcel, JN_MALFORMED, "time_ms lies outside what a campaign can need");
        return;
    }
    while (jn_fold_advance(host->store.fold, to->time_ms)) {
        if (!jn_turn_split(host)) {
            jn_parcel_refuse(host, parcel, JN_UNAVAILABLE, "the disk is full; make room, then repeat it as it is");
            return;
        }
    }
    parcel->block =
        host->store.log->head.block + (host->store.fold->time_moved || host->store.fold->records_count ? 1 : 0);
    jn_parcel_reply(host, parcel, JN_OK, "", jn_standing_pack(host));
}

static void
handle_await(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    const Runtime__AwaitCursors *request = message;
    struct jn_waiter waiter = {.used = true, .id = parcel->id};

    memcpy(waiter.key, who->key, JN_KEY_BYTES);
    if (request->n_cursors > JN_UPSTREAMS_MAX || request->wait_ms > 5000) {
        jn_parcel_refuse(host, parcel, JN_MALFORMED, "at most 8 cursors and 5,000 ms");
        return;
    }
    for (size_t i = 0; i < request->n_cursors; i++) {
        for (size_t u = 0; u < host->service->upstreams_count; u++) {
            if (strcmp(host->service->upstreams[u].name, request->cursors[i]->upstream) == 0)
                waiter.await[u] = request->cursors[i]->block;
        }
    }
    waiter.until_ms = host->steady_ms + request->wait_ms;
    if (!jn_waiter_add(host, parcel, &waiter))
        jn_parcel_refuse(host, parcel, JN_UNAVAILABLE, "too many wait; ask again in a second");
}

struct jn_slice
jn_standing_pack(struct jn_host *host)
{
    struct jn_fold *fold = host->store.fold;
    Runtime__Standing standing = RUNTIME__STANDING__INIT;
    Envelope__Cursor cursors[JN_UPSTREAMS_MAX], *pointers[JN_UPSTREAMS_MAX];
    unsigned kind;
    uint64_t id;

    standing.service = (char *)(uintptr_t)host->service->name;
    standing.log = (ProtobufCBinaryData){JN_LOG_BYTES, host->store.log->head.log};
    standing.block =
        host->store.log->head.block + (fold->records_count || fold->answers_count || fold->time_moved ? 1 : 0);
    standing.time_ms = fold->time_ms;
    standing.events = fold->events + fold->records_count;
    if (fold->tables->txn && !jn_first_timer(fold->tables, &standing.next_timer_ms, &kind, &id))
        standing.next_timer_ms = 0;
    for (size_t i = 0; i < host->service->upstreams_count; i++) {
        struct jn_standing *upstream = &fold->upstreams[i];

        envelope__cursor__init(&cursors[i]);
        cursors[i].upstream = (char *)(uintptr_t)host->service->upstreams[i].name;
        cursors[i].block = upstream->block;
        if (upstream->known) {
            cursors[i].log = (ProtobufCBinaryData){JN_LOG_BYTES, upstream->log};
            cursors[i].hash = (ProtobufCBinaryData){JN_HASH_BYTES, upstream->hash.bytes};
        }
        pointers[standing.n_cursors++] = &cursors[i];
    }
    standing.cursors = pointers;
    return jn_message_pack(&host->scratch, &standing.base);
}

static void
handle_stand(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    (void)who;
    (void)message;
    jn_parcel_reply(host, parcel, JN_OK, "", jn_standing_pack(host));
}

static Runtime__MethodStats *
method_stats(struct jn_host *host, const char *name, const struct jn_method_metrics *metrics)
{
    Runtime__MethodStats *out = jn_arena_take(&host->scratch, sizeof(*out));

    runtime__method_stats__init(out);
    out->method = (char *)(uintptr_t)name;
    out->accepted = metrics->accepted;
    out->refused = metrics->refused;
    out->p50_us = jn_quantile(&metrics->latency, 500);
    out->p99_us = jn_quantile(&metrics->latency, 990);
    out->max_us = metrics->latency.max_us;
    return out;
}

static void
handle_stats(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    Runtime__StatsReport report = RUNTIME__STATS_REPORT__INIT;
    Runtime__Counter counters[COUNTERS_COUNT], *counter_pointers[COUNTERS_COUNT];
    Runtime__MethodStats *methods[64];
    size_t count = host->service->methods_count;

    (void)who;
    (void)message;
    report.service = (char *)(uintptr_t)host->service->name;
    report.uptime_ms = (uint64_t)(host->steady_ms - host->started_ms);
    for (size_t i = 0; i < COUNTERS_COUNT; i++) {
        runtime__counter__init(&counters[i]);
        counters[i].name = (char *)(uintptr_t)jn_counter_names[i];
        counters[i].value = host->counters[i];
        counter_pointers[i] = &counters[i];
    }
    report.n_counters = COUNTERS_COUNT;
    report.counters = counter_pointers;
    for (size_t i = 0; i < count + jn_own_methods_count && report.n_methods < 64; i++) {
        if (host->methods[i].accepted + host->methods[i].refused > 0)
            methods[report.n_methods++] = method_stats(
                host, i < count ? host->service->methods[i].name : jn_own_methods[i - count].name, &host->methods[i]);
    }
    report.methods = methods;
    jn_parcel_reply(host, parcel, JN_OK, "", jn_message_pack(&host->scratch, &report.base));
}

static void
handle_hold(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    const Runtime__HoldFollowers *hold = message;

    (void)who;
    if (hold->hold_ms > 30000) {
        jn_parcel_refuse(host, parcel, JN_MALFORMED, "30,000 ms at most");
        return;
    }
    host->hold_until_ms = hold->hold_ms ? host->steady_ms + hold->hold_ms : 0;
    jn_parcel_reply(host, parcel, JN_OK, "", jn_standing_pack(host));
}

/* A feed, and what proves it, is open to whoever may read anything of it: what exactly is asked event by event. */
const struct jn_own_method jn_own_methods[] = {
    {"Feed", handle_feed, ROLE_ANYONE, &runtime__feed_request__descriptor},
    {"Advance", handle_advance, ROLE_OPERATOR, &runtime__advance_to__descriptor},
    {"Await", handle_await, ROLE_OPERATOR, &runtime__await_cursors__descriptor},
    {"Stand", handle_stand, ROLE_OPERATOR | ROLE_AUDITOR, &runtime__stand_request__descriptor},
    {"Stats", handle_stats, ROLE_OPERATOR | ROLE_AUDITOR, &runtime__stats_request__descriptor},
    {"Hold", handle_hold, ROLE_OPERATOR, &runtime__hold_followers__descriptor},
    {"Head", jn_handle_head, ROLE_ANYONE, &runtime__head_request__descriptor},
    {"Prove", jn_handle_prove, ROLE_ANYONE, &runtime__prove_request__descriptor},
    {"Extend", jn_handle_extend, ROLE_ANYONE, &runtime__extend_request__descriptor},
};
const size_t jn_own_methods_count = sizeof(jn_own_methods) / sizeof(jn_own_methods[0]);
