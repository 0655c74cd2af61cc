/* One message: who sends it, what it asks for, what it is told. */
#include "runtime/host.h"

#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "runtime/feed.h"
#include "runtime/wire.h"

typedef void (*own_fn)(struct jn_host *, struct jn_parcel *, const struct jn_agency *, const void *message);

static void handle_feed(struct jn_host *, struct jn_parcel *, const struct jn_agency *, const void *);
static void handle_advance(struct jn_host *, struct jn_parcel *, const struct jn_agency *, const void *);
static void handle_await(struct jn_host *, struct jn_parcel *, const struct jn_agency *, const void *);
static void handle_stand(struct jn_host *, struct jn_parcel *, const struct jn_agency *, const void *);
static void handle_stats(struct jn_host *, struct jn_parcel *, const struct jn_agency *, const void *);
static void handle_hold(struct jn_host *, struct jn_parcel *, const struct jn_agency *, const void *);

/* What every service answers (runtime.proto). A feed is open to every known key: what it may read is asked event by
 * event. */
static const struct own_method {
    const char *name;
    own_fn handle;
    uint32_t roles;
    const ProtobufCMessageDescriptor *input;
} own_methods[] = {
    {"Feed", handle_feed, ROLE_ANYONE, &runtime__feed_request__descriptor},
    {"Advance", handle_advance, ROLE_OPERATOR, &runtime__advance_to__descriptor},
    {"Await", handle_await, ROLE_OPERATOR, &runtime__await_cursors__descriptor},
    {"Stand", handle_stand, ROLE_OPERATOR | ROLE_AUDITOR, &runtime__stand_request__descriptor},
    {"Stats", handle_stats, ROLE_OPERATOR | ROLE_AUDITOR, &runtime__stats_request__descriptor},
    {"Hold", handle_hold, ROLE_OPERATOR, &runtime__hold_followers__descriptor},
};
#define OWN_METHODS (sizeof(own_methods) / sizeof(own_methods[0]))

void
jn_parcel_reply(struct jn_host *host, struct jn_parcel *parcel, enum jn_code code, const char *reason,
                struct jn_slice body)
{
    Envelope__Reply reply = ENVELOPE__REPLY__INIT;

    reply.id = parcel->id;
    reply.code = (Envelope__Code)code;
    reply.reason = (char *)(uintptr_t)reason;
    reply.body = (ProtobufCBinaryData){body.length, (uint8_t *)(uintptr_t)body.bytes};
    reply.block = parcel->block ? parcel->block : host->store.log->head.block;
    reply.time_ms = host->store.fold->time_ms;
    if (parcel->sendable)
        zmq_msg_close(&parcel->frame);
    JN_ASSERT(zmq_msg_init_size(&parcel->frame, envelope__reply__get_packed_size(&reply)) == 0);
    envelope__reply__pack(&reply, zmq_msg_data(&parcel->frame));
    parcel->sendable = true;
    if (!parcel->metrics)
        return;
    if (code == JN_OK)
        parcel->metrics->accepted++;
    else
        parcel->metrics->refused++;
}

static void
refuse(struct jn_host *host, struct jn_parcel *parcel, enum jn_code code, const char *reason)
{
    if (code == JN_DENIED)
        host->counters[COUNTER_DENIED]++;
    if (code == JN_MALFORMED)
        host->counters[COUNTER_MALFORMED]++;
    jn_parcel_reply(host, parcel, code, reason, (struct jn_slice){NULL, 0});
}

static struct jn_slice
pack(struct jn_host *host, const ProtobufCMessage *message)
{
    size_t length = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = jn_arena_take(&host->scratch, length);

    protobuf_c_message_pack(message, bytes);
    return (struct jn_slice){bytes, length};
}

/* ---- The runtime's own methods ---- */

static void
handle_feed(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    const Runtime__FeedRequest *request = message;
    struct jn_waiter waiter = {.used = true, .is_feed = true, .after = request->after, .id = parcel->id};

    if (request->log.len != 0 && request->log.len != JN_LOG_BYTES) {
        refuse(host, parcel, JN_MALFORMED, "`log` is 16 bytes or empty");
        return;
    }
    if (request->n_types > 64 || request->wait_ms > 5000) {
        refuse(host, parcel, JN_MALFORMED, "at most 64 types and 5,000 ms");
        return;
    }
    waiter.log_known = request->log.len != 0;
    if (waiter.log_known)
        memcpy(waiter.log, request->log.data, JN_LOG_BYTES);
    for (size_t i = 0; i < request->n_types; i++) {
        if (request->types[i] < 64)
            waiter.types |= UINT64_C(1) << request->types[i];
    }
    if (request->n_types == 0)
        waiter.types = UINT64_MAX;
    waiter.readable = jn_feed_readable(host->service, who);
    waiter.until_ms = host->steady_ms + request->wait_ms;
    if (!jn_waiter_add(host, parcel, &waiter))
        refuse(host, parcel, JN_UNAVAILABLE, "too many wait for the feed; ask again in a second");
}

static void
handle_advance(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    const Runtime__AdvanceTo *to = message;

    (void)who;
    if (!host->config->driven_clock) {
        refuse(host, parcel, JN_WRONG_STATE,
               "the clock of this suite is real and moves by itself; rehearse with clock: driven");
        return;
    }
    if (to->time_ms <= 0 || to->time_ms > date_to_ms(200000)) {
        refuse(host, parcel, JN_MALFORMED, "time_ms lies outside what a campaign can need");
        return;
    }
    while (jn_fold_advance(host->store.fold, to->time_ms)) {
        if (!jn_turn_split(host)) {
            refuse(host, parcel, JN_UNAVAILABLE, "the disk is full; make room, then repeat it as it is");
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

    (void)who;
    if (request->n_cursors > JN_UPSTREAMS_MAX || request->wait_ms > 5000) {
        refuse(host, parcel, JN_MALFORMED, "at most 8 cursors and 5,000 ms");
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
        refuse(host, parcel, JN_UNAVAILABLE, "too many wait; ask again in a second");
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
    return pack(host, &standing.base);
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
    for (size_t i = 0; i < count + OWN_METHODS && report.n_methods < 64; i++) {
        if (host->methods[i].accepted + host->methods[i].refused > 0)
            methods[report.n_methods++] = method_stats(
                host, i < count ? host->service->methods[i].name : own_methods[i - count].name, &host->methods[i]);
    }
    report.methods = methods;
    jn_parcel_reply(host, parcel, JN_OK, "", pack(host, &report.base));
}

static void
handle_hold(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    const Runtime__HoldFollowers *hold = message;

    (void)who;
    if (hold->hold_ms > 30000) {
        refuse(host, parcel, JN_MALFORMED, "30,000 ms at most");
        return;
    }
    host->hold_until_ms = hold->hold_ms ? host->steady_ms + hold->hold_ms : 0;
    jn_parcel_reply(host, parcel, JN_OK, "", jn_standing_pack(host));
}

/* ---- Dispatch ---- */

static void
handle_own(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who,
           const Envelope__Request *request)
{
    for (size_t i = 0; i < OWN_METHODS; i++) {
        const struct own_method *method = &own_methods[i];
        const char *fault;
        const void *message;

        if (strcmp(method->name, request->method) != 0)
            continue;
        parcel->metrics = &host->methods[host->service->methods_count + i];
        if (!jn_may(who, method->roles)) {
            refuse(host, parcel, JN_DENIED, "this key may not do that");
            return;
        }
        message = jn_wire_unpack(method->input, request->body.data, request->body.len, true, &host->scratch, &fault);
        if (!message) {
            refuse(host, parcel, JN_MALFORMED, fault);
            return;
        }
        method->handle(host, parcel, who, message);
        return;
    }
    refuse(host, parcel, JN_UNKNOWN_METHOD, "there is no such method here; see proto/");
}

static void
handle_call(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who,
            const Envelope__Request *request, const struct jn_method *method,
            const ProtobufCMethodDescriptor *descriptor)
{
    struct jn_call call = {who,
                           {request->session.data, request->session.len},
                           request->sequence,
                           method,
                           descriptor->input,
                           {request->body.data, request->body.len}};
    struct jn_result result;

    parcel->metrics = &host->methods[method - host->service->methods];
    if (!jn_may(who, method->roles)) {
        refuse(host, parcel, JN_DENIED, "this key may not do that");
        return;
    }
    if (!method->decide) {
        jn_fold_query(host->store.fold, &call, &result);
        jn_parcel_reply(host, parcel, result.code, result.reason, result.body);
        return;
    }
    if (request->session.len != 16 || request->sequence == 0) {
        refuse(host, parcel, JN_MALFORMED, "a command needs a session of 16 bytes and a sequence number from 1 on");
        return;
    }
    if (host->disk_full) {
        refuse(host, parcel, JN_UNAVAILABLE, "the disk is nearly full; make room, then repeat it as it is");
        return;
    }
    jn_fold_command(host->store.fold, &call, &result);
    parcel->block = result.block;
    jn_parcel_reply(host, parcel, result.code, result.reason, result.body);
}

static bool
too_late(const struct jn_parcel *parcel, const Envelope__Request *request)
{
    return request->budget_ms > 0 &&
           (int64_t)(uv_hrtime() / 1000) - parcel->arrived_us > (int64_t)request->budget_ms * 1000;
}

void
jn_method_handle(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *bytes,
                 size_t length)
{
    const ProtobufCMethodDescriptor *descriptor = NULL;
    const struct jn_method *method;
    const Envelope__Request *request;
    const char *fault;

    host->counters[COUNTER_MESSAGES]++;
    if (length > JN_FRAME_BYTES_MAX) {
        refuse(host, parcel, JN_TOO_LARGE, "a frame holds at most 256 KiB; split it");
        return;
    }
    request = length == 0 ? NULL
                          : jn_wire_unpack(&envelope__request__descriptor, bytes, length, true, &host->scratch, &fault);
    if (!request) {
        refuse(host, parcel, JN_MALFORMED, length == 0 ? "an empty frame" : fault);
        return;
    }
    parcel->id = request->id;
    if (!who) {
        refuse(host, parcel, JN_DENIED, "this key may not do that");
        return;
    }
    if (strcmp(request->service, host->service->name) != 0) {
        refuse(host, parcel, JN_UNKNOWN_METHOD, "this is another service; see `services` in the configuration");
        return;
    }
    if (too_late(parcel, request)) {
        refuse(host, parcel, JN_TOO_LATE, "its budget ran out before it was decided; it was not executed");
        return;
    }
    if (request->n_after > 0 || request->not_before_ms > 0) {
        const char *reason;
        enum jn_code code = jn_hold(host, parcel, who, request, bytes, length, &reason);

        if (code == JN_NOT_YET)
            return; /* held: nothing to reply now */
        if (code != JN_OK) {
            refuse(host, parcel, code, reason);
            return;
        }
    }
    method = jn_fold_method(host->store.fold, request->method, &descriptor);
    if (method)
        handle_call(host, parcel, who, request, method, descriptor);
    else
        handle_own(host, parcel, who, request);
}
