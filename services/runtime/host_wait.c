/* Those who wait: for a feed that has nothing new yet, for cursors that do not stand there yet. */
#include "runtime/host.h"

#include <string.h>

#include "runtime/feed.h"

static bool
same_connection(const struct jn_waiter *waiter, zmq_msg_t *route)
{
    return waiter->route_length == zmq_msg_size(route) &&
           memcmp(waiter->route, zmq_msg_data(route), waiter->route_length) == 0;
}

/* A place, where the key's share of them is not used up; else NULL. One feed a connection: a newer question replaces
 * the older. */
static struct jn_waiter *
waiter_place(struct jn_host *host, struct jn_parcel *parcel, const struct jn_waiter *waiter)
{
    const size_t places = waiter->of_suite ? JN_WAITERS_MAX : JN_WAITERS_MAX - JN_WAITERS_OF_SUITE;
    struct jn_waiter *place = NULL;
    size_t own = 0, others = 0;

    for (size_t i = 0; i < JN_WAITERS_MAX; i++) {
        struct jn_waiter *old = &host->waiters[i];

        if (!old->used && !place)
            place = old;
        if (!old->used)
            continue;
        if (old->is_feed && waiter->is_feed && same_connection(old, &parcel->route))
            return old;
        if (memcmp(old->key, waiter->key, JN_KEY_BYTES) == 0)
            own++;
        else
            others++;
    }
    return others < places && own < JN_SHARE(places, others) ? place : NULL;
}

bool
jn_waiter_add(struct jn_host *host, struct jn_parcel *parcel, const struct jn_waiter *waiter)
{
    struct jn_waiter *place = waiter_place(host, parcel, waiter);
    size_t length = zmq_msg_size(&parcel->route);

    if (!place || length > sizeof(place->route))
        return false;
    *place = *waiter;
    if ((size_t)(place - host->waiters) >= host->waiters_top)
        host->waiters_top = (size_t)(place - host->waiters) + 1;
    memcpy(place->route, zmq_msg_data(&parcel->route), length);
    place->route_length = length;
    return true;
}

static void
send_reply(struct jn_host *host, const struct jn_waiter *waiter, enum jn_code code, const char *reason,
           struct jn_slice body)
{
    Envelope__Reply reply = ENVELOPE__REPLY__INIT;
    zmq_msg_t route, frame;

    reply.id = waiter->id;
    reply.code = (Envelope__Code)code;
    reply.reason = (char *)(uintptr_t)reason;
    reply.body = (ProtobufCBinaryData){body.length, (uint8_t *)(uintptr_t)body.bytes};
    reply.block = host->store.log->head.block;
    reply.time_ms = host->store.fold->time_ms;
    JN_ASSERT(zmq_msg_init_size(&frame, envelope__reply__get_packed_size(&reply)) == 0);
    envelope__reply__pack(&reply, zmq_msg_data(&frame));
    JN_ASSERT(zmq_msg_init_size(&route, waiter->route_length) == 0);
    memcpy(zmq_msg_data(&route), waiter->route, waiter->route_length);
    host->counters[COUNTER_DROPPED] += !host->net->reply(host, &route, &frame);
}

/* An answer costs as much as many commands do: while others are heard, those who follow from outside the suite share so
 * many a second. */
#define FEED_EVERY_MS 10

static bool
must_wait_for_its_turn(struct jn_host *host, const struct jn_waiter *waiter)
{
    if (waiter->of_suite || host->closing || !jn_others_heard(host))
        return false;
    if (host->now_us - host->fed_us < FEED_EVERY_MS * 1000) {
        host->net->wake(host, FEED_EVERY_MS);
        return true;
    }
    host->fed_us = host->now_us;
    return false;
}

/* He was let in when he asked; meanwhile his key may have been revoked, or its last day may have ended. */
static bool
who_waits(const struct jn_host *host, const struct jn_waiter *waiter, uint32_t roles, const struct jn_agency **who)
{
    *who = jn_agency_usable(host, jn_config_agency(host->config, waiter->key));
    return *who && jn_may(*who, roles);
}

static void
deny(struct jn_host *host, struct jn_waiter *waiter)
{
    host->counters[COUNTER_DENIED]++;
    send_reply(host, waiter, JN_DENIED, "this key may not do that", (struct jn_slice){NULL, 0});
    waiter->used = false;
}

static void
serve_feed(struct jn_host *host, struct jn_waiter *waiter)
{
    Runtime__FeedRequest request = RUNTIME__FEED_REQUEST__INIT;
    const struct jn_agency *who;
    struct jn_log *log = host->store.log;
    char error[JN_ERROR_TEXT];
    struct jn_slice body, head = {NULL, 0};

    if (log->head.block == waiter->after && host->steady_ms < waiter->until_ms && !host->closing)
        return;
    if (!who_waits(host, waiter, ROLE_ANYONE, &who)) {
        deny(host, waiter);
        return;
    }
    if (log->head.block != waiter->after && must_wait_for_its_turn(host, waiter))
        return;
    request.after = waiter->after;
    if (waiter->log_known)
        request.log = (ProtobufCBinaryData){JN_LOG_BYTES, waiter->log};
    if (host->head_block > waiter->head)
        head = (struct jn_slice){host->head, host->head_length};
    if (jn_feed_answer(log, &request, jn_event_set_both(jn_feed_readable(host->service, who), waiter->types), head,
                       &host->scratch, &body, error)) {
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
    const struct jn_agency *who;
    bool there = true;

    for (size_t u = 0; u < host->service->upstreams_count; u++)
        there = there && host->store.fold->upstreams[u].block >= waiter->await[u];
    if (!there && host->steady_ms < waiter->until_ms && !host->closing)
        return;
    if (!who_waits(host, waiter, ROLE_OPERATOR, &who)) {
        deny(host, waiter);
        return;
    }
    send_reply(host, waiter, there ? JN_OK : JN_NOT_YET,
               there ? "" : "the feeds have not been read that far; ask again", jn_standing_pack(host));
    waiter->used = false;
}

void
jn_waiters_serve(struct jn_host *host)
{
    const size_t top = host->waiters_top;

    host->feed_rotation++;
    for (size_t i = 0; i < top; i++) {
        struct jn_waiter *waiter = &host->waiters[(host->feed_rotation + i) % top];

        if (!waiter->used)
            continue;
        if (waiter->is_feed)
            serve_feed(host, waiter);
        else
            serve_await(host, waiter);
        jn_arena_reset(&host->scratch);
    }
    while (host->waiters_top > 0 && !host->waiters[host->waiters_top - 1].used)
        host->waiters_top--;
}
