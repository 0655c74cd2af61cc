/* A turn of the loop: take what waits, decide it, write one block, then reply. */
#include "runtime/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/say.h"

static void
open_block(struct jn_host *host)
{
    if (host->open)
        return;
    jn_fold_begin(host->store.fold, host->now_ms);
    host->open = true;
}

/* The frames of one message: the routing id, the frame. Surplus ones are read to the end, else the next receive would
 * start inside. */
static bool
receive(struct jn_host *host, struct jn_parcel *parcel, zmq_msg_t *frame)
{
    void *router = host->sockets[SOCKET_ROUTER].zmq;
    int more;

    memset(parcel, 0, sizeof(*parcel));
    zmq_msg_init(&parcel->route);
    zmq_msg_init(frame);
    if (zmq_msg_recv(&parcel->route, router, ZMQ_DONTWAIT) < 0)
        return false;
    if (zmq_msg_more(&parcel->route))
        zmq_msg_recv(frame, router, 0);
    for (more = zmq_msg_more(frame); more;) {
        zmq_msg_t surplus;

        zmq_msg_init(&surplus);
        zmq_msg_recv(&surplus, router, 0);
        more = zmq_msg_more(&surplus);
        zmq_msg_close(&surplus);
        zmq_msg_close(frame);
        zmq_msg_init(frame); /* answered as malformed */
    }
    parcel->arrived_us = host->now_us;
    return true;
}

static void
take_requests(struct jn_host *host)
{
    while (host->parcels_count < JN_TURN_MESSAGES && jn_fold_roomy(host->store.fold)) {
        struct jn_parcel *parcel = &host->parcels[host->parcels_count];
        zmq_msg_t frame;

        if (!receive(host, parcel, &frame)) {
            zmq_msg_close(&parcel->route);
            return;
        }
        open_block(host);
        jn_method_handle(host, parcel, jn_net_sender(host, &frame), zmq_msg_data(&frame), zmq_msg_size(&frame));
        zmq_msg_close(&frame);
        jn_arena_reset(&host->scratch);
        jn_arena_reset(&host->store.fold->message);
        if (parcel->sendable)
            host->parcels_count++;
        else
            zmq_msg_close(&parcel->route); /* it waits for something */
    }
}

/* What was held until upstreams had been read so far joins the block in which they were. */
static void
take_held(struct jn_host *host)
{
    const struct jn_agency *who;
    size_t length;
    uint8_t *frame;
    bool expired;

    while (host->parcels_count < JN_TURN_MESSAGES && jn_fold_roomy(host->store.fold)) {
        struct jn_parcel *parcel = &host->parcels[host->parcels_count];

        if (!jn_held_next(host, parcel, &frame, &length, &who, &expired))
            return;
        open_block(host);
        if (expired)
            jn_parcel_reply(host, parcel, JN_NOT_YET, "what it waits for has not been read yet; repeat it as it is",
                            (struct jn_slice){NULL, 0});
        else
            jn_method_handle(host, parcel, who, frame, length);
        free(frame);
        jn_arena_reset(&host->scratch);
        jn_arena_reset(&host->store.fold->message);
        if (parcel->sendable)
            host->parcels_count++;
        else
            zmq_msg_close(&parcel->route);
    }
}

static void
forget_parcels(struct jn_host *host)
{
    for (size_t i = 0; i < host->parcels_count; i++) {
        zmq_msg_close(&host->parcels[i].route);
        zmq_msg_close(&host->parcels[i].frame);
    }
    host->counters[COUNTER_DROPPED] += host->parcels_count;
    host->parcels_count = 0;
}

/* What follows from upstreams joins the same block. */
static void
take_feeds(struct jn_host *host)
{
    for (unsigned i = 0; i < host->service->upstreams_count; i++) {
        zmq_msg_t frame;

        zmq_msg_init(&frame);
        while (jn_fold_roomy(host->store.fold) &&
               zmq_msg_recv(&frame, host->sockets[SOCKET_UPSTREAM + i].zmq, ZMQ_DONTWAIT) >= 0) {
            open_block(host);
            if (!jn_follow_take(host, i, zmq_msg_data(&frame), zmq_msg_size(&frame))) {
                /* Abandoned with all that was in it: nobody was told, everybody asks again. */
                host->open = false;
                forget_parcels(host);
            }
            jn_arena_reset(&host->scratch);
        }
        zmq_msg_close(&frame);
    }
}

static void
send_parcels(struct jn_host *host, int64_t now_us)
{
    void *router = host->sockets[SOCKET_ROUTER].zmq;

    for (size_t i = 0; i < host->parcels_count; i++) {
        struct jn_parcel *parcel = &host->parcels[i];

        if (parcel->metrics)
            jn_observe(&parcel->metrics->latency, (uint64_t)(now_us - parcel->arrived_us));
        /* Nobody there, or he does not read: he will ask again and be told the same. */
        if (zmq_msg_send(&parcel->route, router, ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0 ||
            zmq_msg_send(&parcel->frame, router, ZMQ_DONTWAIT) < 0) {
            host->counters[COUNTER_DROPPED]++;
            zmq_msg_close(&parcel->route);
            zmq_msg_close(&parcel->frame);
        }
    }
    host->parcels_count = 0;
}

/* The block was undone for want of room: nobody may be told OK. */
static void
tell_no_room(struct jn_host *host)
{
    if (!jn_no_room_lately(host))
        jn_say(JN_ERROR, host->service->name, "room=none action=\"make room on the disk, or raise map_gib\"");
    host->disk_full = true;
    host->no_room_us = host->now_us;
    for (size_t i = 0; i < host->service->upstreams_count; i++)
        host->followers[i].asked_ms = host->steady_ms; /* not at once again */
    for (size_t i = 0; i < host->parcels_count; i++)
        jn_parcel_reply(host, &host->parcels[i], JN_UNAVAILABLE, "the disk is full; make room, then repeat it as it is",
                        (struct jn_slice){NULL, 0});
}

/* False where there was no room. */
static bool
commit(struct jn_host *host, bool flush)
{
    size_t records = host->store.fold->records_count;
    enum jn_committed committed;

    if (!host->open)
        return true;
    host->open = false;
    committed = jn_fold_commit(host->store.fold, flush);
    if (committed == JN_COMMITTED) {
        host->counters[COUNTER_BLOCKS]++;
        host->counters[COUNTER_EVENTS] += records;
    }
    if (committed == JN_NO_ROOM)
        tell_no_room(host);
    if (committed == JN_BROKEN) {
        jn_say(JN_ERROR, host->service->name,
               "commit=failed errno=%d action=\"nothing was promised; exiting, the start replays\"", errno);
        _Exit(1);
    }
    return committed != JN_NO_ROOM;
}

bool
jn_turn_split(struct jn_host *host)
{
    bool written = commit(host, false);

    open_block(host);
    return written;
}

static int64_t
monotonic_us(void)
{
    return (int64_t)(uv_hrtime() / 1000);
}

void
jn_turn(struct jn_host *host)
{
    uv_timeval64_t wall;

    uv_gettimeofday(&wall);
    host->now_ms = wall.tv_sec * 1000 + wall.tv_usec / 1000;
    host->now_us = monotonic_us();
    host->steady_ms = host->now_us / 1000;
    while (jn_net_readable(&host->sockets[SOCKET_ZAP]))
        jn_net_zap(host);
    take_requests(host);
    take_feeds(host);
    take_held(host);
    if (!host->config->driven_clock) {
        int64_t due;
        unsigned kind;
        uint64_t id;

        open_block(host);
        if (jn_first_timer(host->store.tables, &due, &kind, &id) && due <= host->now_ms)
            jn_fold_advance(host->store.fold, host->now_ms);
    }
    commit(host, false);
    send_parcels(host, monotonic_us());
    jn_waiters_serve(host);
    jn_follow_ask(host);
}

void
jn_turn_close(struct jn_host *host)
{
    open_block(host);
    commit(host, true);
    send_parcels(host, monotonic_us());
    host->closing = true;
    jn_waiters_serve(host);
}
