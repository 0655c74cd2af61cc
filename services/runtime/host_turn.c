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

/* Who sends without end must not fill the turns of those who do not: they would wait for all of it. While others are
 * heard, a turn ends when one key goes on alone, nobody else having anything waiting: soon after it has heard somebody
 * else, who waits for his answer now; and in any case when it has taken so long. */
#define TURN_US_MAX 10000
static const size_t in_a_row_max[] = {[false] = 32, [true] = 8}; /* by whether others were heard in this turn */

static bool
row_too_long(struct jn_host *host, const struct jn_agency *who, const uint8_t key[JN_KEY_BYTES])
{
    struct jn_row *row = &host->row;

    /* The suite's own services follow without end, and do not count. */
    if (jn_may(who, ROLE_SERVICE))
        return false;
    if (memcmp(row->key, key, JN_KEY_BYTES) != 0) {
        memcpy(row->key, key, JN_KEY_BYTES);
        row->others = row->others || row->length > 0;
        row->others_ms = host->steady_ms;
        row->length = 0;
    }
    row->length++;
    return jn_others_heard(host) && ((row->length >= in_a_row_max[row->others] && jn_intake_alone(host, key)) ||
                                     host->net->monotonic_us(host) - row->began_us >= TURN_US_MAX);
}

bool
jn_others_heard(const struct jn_host *host)
{
    return host->steady_ms - host->row.others_ms < JN_A_MOMENT_MS;
}

static void
take_request(struct jn_host *host, struct jn_parcel *parcel, zmq_msg_t *frame, const struct jn_agency *who)
{
    open_block(host);
    jn_method_handle(host, parcel, who, zmq_msg_data(frame), zmq_msg_size(frame));
    zmq_msg_close(frame);
    jn_arena_reset(&host->scratch);
    jn_arena_reset(&host->store.fold->message);
    if (parcel->sendable)
        host->parcels_count++;
    else
        zmq_msg_close(&parcel->route); /* it waits for something */
}

/* What one key's messages have cost and it was not charged with yet. To ask for it costs as much as a small message:
 * while nobody else waits, all of one key's are asked for at once. What is received in between counts with them. */
struct bill {
    uint8_t key[JN_KEY_BYTES];
    uint64_t since_us, messages;
};

static void
settle(struct jn_host *host, struct bill *bill)
{
    uint64_t now_us;

    if (bill->messages == 0)
        return;
    now_us = host->net->spent_us(host);
    jn_intake_charge(host, bill->key, now_us - bill->since_us + bill->messages);
    bill->since_us = now_us;
    bill->messages = 0;
}

static void
note(struct jn_host *host, struct bill *bill, const uint8_t key[JN_KEY_BYTES])
{
    memcpy(bill->key, key, JN_KEY_BYTES);
    bill->messages++;
    if (!jn_intake_alone(host, key))
        settle(host, bill);
}

/* What is held or waits for a feed makes no parcel: all that are looked at count. Whether the key may still be used is
 * asked for every message, ZAP sees handshakes only. */
static void
take_each(struct jn_host *host, struct bill *bill)
{
    for (size_t taken = 0; taken < JN_TURN_MESSAGES; taken++) {
        struct jn_parcel *parcel = &host->parcels[host->parcels_count];
        const struct jn_agency *who;
        uint8_t key[JN_KEY_BYTES];
        zmq_msg_t frame;

        if (host->parcels_count == JN_TURN_MESSAGES || !jn_fold_roomy(host->store.fold))
            return;
        if (host->intake.count == 0) {
            settle(host, bill);
            jn_intake_receive(host);
        }
        if (!jn_intake_next(host, parcel, &frame, key))
            return;
        who = jn_agency_usable(host, jn_config_agency(host->config, key));
        take_request(host, parcel, &frame, who);
        note(host, bill, key);
        if (row_too_long(host, who, key))
            return;
    }
}

static void
take_requests(struct jn_host *host)
{
    struct bill bill = {.messages = 0};

    host->row.length = 0;
    host->row.others = false;
    /* What a flood makes the service receive and throw away is not taken from the time for all. */
    jn_intake_receive(host);
    host->row.began_us = host->net->monotonic_us(host);
    if (host->intake.count == 0)
        return;
    bill.since_us = host->net->spent_us(host);
    take_each(host, &bill);
    settle(host, &bill);
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
        while (jn_fold_roomy(host->store.fold) && host->net->hear(host, i, &frame)) {
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
    for (size_t i = 0; i < host->parcels_count; i++) {
        struct jn_parcel *parcel = &host->parcels[i];

        if (parcel->metrics)
            jn_observe(&parcel->metrics->latency, (uint64_t)(now_us - parcel->arrived_us));
        host->counters[COUNTER_DROPPED] += !host->net->reply(host, &parcel->route, &parcel->frame);
    }
    host->parcels_count = 0;
}

/* After a block found no room, whatever the figures say: asking the disk each turn would find the same. */
#define NO_ROOM_REST_US 2000000

bool
jn_no_room_lately(const struct jn_host *host)
{
    return host->no_room_us != 0 && host->now_us - host->no_room_us < NO_ROOM_REST_US;
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

/* A block has room for so much: what came in vain in one turn, behind requests or behind feeds, is first in the next,
 * and what has been held comes before both. */
static void
take_into_block(struct jn_host *host)
{
    take_held(host);
    if (host->turns++ % 2 == 0) {
        take_requests(host);
        take_feeds(host);
    } else {
        take_feeds(host);
        take_requests(host);
    }
    take_held(host);
}

void
jn_turn(struct jn_host *host)
{
    host->net->begin(host);
    take_into_block(host);
    if (!host->config->driven_clock) {
        int64_t due;
        unsigned kind;
        uint64_t id;

        open_block(host);
        if (jn_first_timer(host->store.tables, &due, &kind, &id) && due <= host->now_ms)
            jn_fold_advance(host->store.fold, host->now_ms);
    }
    if (jn_head_due(host)) {
        open_block(host);
        jn_head_renew(host);
    }
    commit(host, false);
    send_parcels(host, host->net->monotonic_us(host));
    jn_waiters_serve(host);
    jn_follow_ask(host);
}

void
jn_turn_close(struct jn_host *host)
{
    open_block(host);
    commit(host, true);
    send_parcels(host, host->net->monotonic_us(host));
    host->closing = true;
    jn_waiters_serve(host);
}
