/* Feeds from upstreams and to those who wait. */
#include "runtime/host.h"

#include <stdio.h>
#include <string.h>

#include "runtime/feed.h"
#include "runtime/say.h"
#include "runtime/wire.h"

/* A request is repeated when no answer came for this long: whatever was lost, the question stands. */
#define ASK_AGAIN_MS 1500
#define ASK_WAIT_MS  1000
/* Between two answers of an upstream, so that its small blocks become one of ours and share a sync; nothing is held
 * back while somebody awaits what it says. */
#define GATHER_MS 10

static void
ask(struct jn_host *host, unsigned i)
{
    const struct jn_standing *standing = &host->store.fold->upstreams[i];
    struct jn_follower *follower = &host->followers[i];
    Runtime__FeedRequest feed = RUNTIME__FEED_REQUEST__INIT;
    Envelope__Request request = ENVELOPE__REQUEST__INIT;
    uint8_t body[512], frame[1024];
    uint32_t types[64];

    feed.after = standing->block;
    feed.wait_ms = ASK_WAIT_MS;
    if (standing->known)
        feed.log = (ProtobufCBinaryData){JN_LOG_BYTES, (uint8_t *)(uintptr_t)standing->log};
    feed.types = types;
    for (size_t r = 0; r < host->service->reactions_count && feed.n_types < 64; r++) {
        if (strcmp(host->service->reactions[r].upstream, host->service->upstreams[i].name) == 0)
            types[feed.n_types++] = host->service->reactions[r].type;
    }
    request.id = ++follower->request;
    request.service = (char *)(uintptr_t)host->service->upstreams[i].name;
    request.method = (char *)(uintptr_t) "Feed";
    request.body.data = body;
    request.body.len = runtime__feed_request__pack(&feed, body);
    if (zmq_send(host->sockets[SOCKET_UPSTREAM + i].zmq, frame, envelope__request__pack(&request, frame),
                 ZMQ_DONTWAIT) >= 0)
        follower->asked_ms = host->steady_ms;
}

static bool
somebody_awaits(const struct jn_host *host, unsigned upstream)
{
    for (size_t i = 0; i < JN_WAITERS_MAX; i++) {
        const struct jn_waiter *waiter = &host->waiters[i];

        if (waiter->used && !waiter->is_feed && waiter->await[upstream] > host->store.fold->upstreams[upstream].block)
            return true;
    }
    for (size_t i = 0; i < JN_HELD_MAX && host->held_count > 0; i++) {
        if (host->held[i].used && host->held[i].await[upstream] > host->store.fold->upstreams[upstream].block)
            return true;
    }
    return false;
}

static void
on_gathered(uv_timer_t *timer)
{
    (void)timer; /* the turn that follows asks */
}

void
jn_follow_ask(struct jn_host *host)
{
    for (unsigned i = 0; i < host->service->upstreams_count; i++) {
        struct jn_follower *follower = &host->followers[i];

        if (follower->broken || host->hold_until_ms > host->steady_ms)
            continue;
        if (follower->asked_ms != 0 && host->steady_ms - follower->asked_ms < ASK_AGAIN_MS)
            continue;
        if (host->now_us - follower->taken_us < GATHER_MS * 1000 && !somebody_awaits(host, i)) {
            if (!uv_is_active((uv_handle_t *)&host->gather))
                uv_timer_start(&host->gather, on_gathered, GATHER_MS, 0);
            continue;
        }
        ask(host, i);
    }
}

static void
complain(struct jn_host *host, unsigned i, const char *reason)
{
    if (!host->followers[i].complained)
        jn_say(JN_WARNING, host->service->name, "upstream=%s feed=refused reason=\"%s\"",
               host->service->upstreams[i].name, reason);
    host->followers[i].complained = true;
}

static bool
take_blocks(struct jn_host *host, unsigned i, const Runtime__FeedBatch *batch)
{
    struct jn_fold *fold = host->store.fold;

    for (size_t b = 0; b < batch->n_blocks; b++) {
        char error[JN_ERROR_TEXT];

        if (!jn_fold_roomy(fold))
            return true; /* the rest is asked for again */
        if (!jn_fold_feed(fold, i, batch->blocks[b], error)) {
            jn_say(JN_ERROR, host->service->name, "upstream=%s feed=broken reason=\"%s\"",
                   host->service->upstreams[i].name, error);
            host->followers[i].broken = strstr(error, "no room") == NULL;
            host->followers[i].asked_ms = host->steady_ms; /* not at once again */
            jn_fold_abandon(fold);
            return false;
        }
        host->counters[COUNTER_UPSTREAM]++;
    }
    return true;
}

bool
jn_follow_take(struct jn_host *host, unsigned i, const void *bytes, size_t length)
{
    struct jn_follower *follower = &host->followers[i];
    const char *fault;
    const Envelope__Reply *reply =
        jn_wire_unpack(&envelope__reply__descriptor, bytes, length, false, &host->scratch, &fault);
    const Runtime__FeedBatch *batch;
    Envelope__BlockHeader *first;
    bool next;

    if (!reply || reply->id != follower->request || host->hold_until_ms > host->steady_ms)
        return true; /* an answer to an earlier question; this one is asked again */
    follower->asked_ms = 0;
    follower->taken_us = host->now_us;
    if (reply->code != ENVELOPE__CODE__OK) {
        complain(host, i, reply->reason);
        follower->asked_ms = host->steady_ms; /* not at once again */
        return true;
    }
    follower->complained = false;
    /* From a service of the suite, over its authenticated connection: bounded by the frame, its counts are its own
     * affair. */
    batch = (const void *)runtime__feed_batch__unpack(&host->scratch.allocator, reply->body.len, reply->body.data);
    if (!batch || batch->n_blocks == 0)
        return true;
    first = envelope__block_header__unpack(&host->scratch.allocator, batch->blocks[0]->header.len,
                                           batch->blocks[0]->header.data);
    next = first && first->number == host->store.fold->upstreams[i].block + 1;
    return !next || take_blocks(host, i, batch);
}

/* ---- Those who wait ---- */

bool
jn_waiter_add(struct jn_host *host, struct jn_parcel *parcel, const struct jn_waiter *waiter)
{
    struct jn_waiter *place = NULL;
    size_t length = zmq_msg_size(&parcel->route);

    for (size_t i = 0; i < JN_WAITERS_MAX; i++) {
        struct jn_waiter *old = &host->waiters[i];

        /* One feed a connection: a newer question replaces the older. */
        if (old->used && old->is_feed && waiter->is_feed && old->route_length == length &&
            memcmp(old->route, zmq_msg_data(&parcel->route), length) == 0) {
            place = old;
            break;
        }
        if (!old->used && !place)
            place = old;
    }
    if (!place || length > sizeof(place->route))
        return false;
    *place = *waiter;
    memcpy(place->route, zmq_msg_data(&parcel->route), length);
    place->route_length = length;
    return true;
}

static void
send_reply(struct jn_host *host, const struct jn_waiter *waiter, enum jn_code code, const char *reason,
           struct jn_slice body)
{
    Envelope__Reply reply = ENVELOPE__REPLY__INIT;
    void *router = host->sockets[SOCKET_ROUTER].zmq;
    size_t length;
    uint8_t *frame;

    reply.id = waiter->id;
    reply.code = (Envelope__Code)code;
    reply.reason = (char *)(uintptr_t)reason;
    reply.body = (ProtobufCBinaryData){body.length, (uint8_t *)(uintptr_t)body.bytes};
    reply.block = host->store.log->head.block;
    reply.time_ms = host->store.fold->time_ms;
    length = envelope__reply__get_packed_size(&reply);
    frame = jn_arena_take(&host->scratch, length);
    envelope__reply__pack(&reply, frame);
    if (zmq_send(router, waiter->route, waiter->route_length, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0 ||
        zmq_send(router, frame, length, ZMQ_DONTWAIT) < 0)
        host->counters[COUNTER_DROPPED]++;
}

static void
serve_feed(struct jn_host *host, struct jn_waiter *waiter)
{
    Runtime__FeedRequest request = RUNTIME__FEED_REQUEST__INIT;
    struct jn_log *log = host->store.log;
    char error[JN_ERROR_TEXT];
    struct jn_slice body;

    if (log->head.block == waiter->after && host->steady_ms < waiter->until_ms && !host->closing)
        return;
    request.after = waiter->after;
    if (waiter->log_known)
        request.log = (ProtobufCBinaryData){JN_LOG_BYTES, waiter->log};
    if (jn_feed_answer(log, &request, waiter->readable & waiter->types, &host->scratch, &body, error)) {
        host->counters[COUNTER_FEEDS]++;
        send_reply(host, waiter, JN_OK, "", body);
    } else {
        send_reply(host, waiter, JN_WRONG_STATE, error, (struct jn_slice){NULL, 0});
    }
    waiter->used = false;
}

static void
serve_await(struct jn_host *host, struct jn_waiter *waiter)
{
    bool there = true;

    for (size_t u = 0; u < host->service->upstreams_count; u++)
        there = there && host->store.fold->upstreams[u].block >= waiter->await[u];
    if (!there && host->steady_ms < waiter->until_ms && !host->closing)
        return;
    send_reply(host, waiter, there ? JN_OK : JN_NOT_YET,
               there ? "" : "the feeds have not been read that far; ask again", jn_standing_pack(host));
    waiter->used = false;
}

void
jn_waiters_serve(struct jn_host *host)
{
    for (size_t i = 0; i < JN_WAITERS_MAX; i++) {
        struct jn_waiter *waiter = &host->waiters[i];

        if (!waiter->used)
            continue;
        if (waiter->is_feed)
            serve_feed(host, waiter);
        else
            serve_await(host, waiter);
        jn_arena_reset(&host->scratch);
    }
}
