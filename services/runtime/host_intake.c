/* What has come and was not looked at yet: a tray for each key; the key that has cost least is next.
 *
 * The socket is emptied in every turn, whoever fills it. So nobody waits behind all that another has sent, over however
 * many connections, and a key that sends faster than it is served loses what its tray has no room for, not the others.
 * Nor may the socket's own queue ever be full: libzmq 4.3 aborts the process where a peer leaves, or pings, while its
 * input is stopped (zeromq/libzmq#4364). */
#include "runtime/host.h"

#include <string.h>

/* Received in one go at most: far more than the network brings while it lasts. */
#define RECEIVE_MAX (4 * JN_TURN_MESSAGES)

/* A key finds the tray again that it had, with what it has cost; else a fresh one, or, where none is left, the empty one
 * that has cost least is forgotten. Looked for among those that were ever used: a handful, as a rule. */
static struct jn_tray *
tray_of(struct jn_intake *intake, const uint8_t key[JN_KEY_BYTES])
{
    struct jn_tray *empty = NULL;

    for (size_t i = 0; i < intake->trays_used; i++) {
        struct jn_tray *tray = &intake->trays[i];

        if (memcmp(tray->key, key, JN_KEY_BYTES) == 0)
            return tray;
        if (tray->count == 0 && (!empty || tray->cost_us < empty->cost_us))
            empty = tray;
    }
    if (intake->trays_used < JN_TRAYS_MAX)
        empty = &intake->trays[intake->trays_used++];
    if (empty) {
        memcpy(empty->key, key, JN_KEY_BYTES);
        empty->cost_us = 0;
    }
    return empty;
}

static void
letter_close(struct jn_letter *letter)
{
    zmq_msg_close(&letter->route);
    zmq_msg_close(&letter->frame);
}

/* Into its key's tray, behind what lies there. */
static void
put(struct jn_intake *intake, struct jn_tray *tray, const struct jn_letter *letter)
{
    uint32_t place = intake->free ? intake->free : ++intake->used; /* 0 is none */

    if (intake->free)
        intake->free = intake->letters[place].next;
    intake->letters[place] = *letter;
    intake->letters[place].next = 0;
    if (tray->count > 0) {
        intake->letters[tray->last].next = place;
    } else {
        tray->first = place;
        /* Who had nothing waiting has saved nothing up. */
        tray->cost_us = tray->cost_us > intake->cost_us ? tray->cost_us : intake->cost_us;
    }
    tray->last = place;
    tray->count++;
    tray->bytes += zmq_msg_size(&letter->frame);
    intake->count++;
    intake->bytes += zmq_msg_size(&letter->frame);
}

static void
take(struct jn_intake *intake, struct jn_tray *tray, struct jn_letter *out)
{
    uint32_t place = tray->first;

    *out = intake->letters[place];
    tray->first = out->next;
    tray->count--;
    tray->bytes -= zmq_msg_size(&out->frame);
    intake->count--;
    intake->bytes -= zmq_msg_size(&out->frame);
    intake->letters[place].next = intake->free;
    intake->free = place;
}

static bool
has_room(const struct jn_intake *intake, const struct jn_tray *tray, const struct jn_letter *letter)
{
    return tray && tray->count < JN_SHARE(JN_INTAKE_MAX, intake->count - tray->count) &&
           tray->bytes + zmq_msg_size(&letter->frame) <= JN_SHARE(JN_INTAKE_BYTES, intake->bytes - tray->bytes);
}

void
jn_intake_receive(struct jn_host *host)
{
    struct jn_intake *intake = &host->intake;

    for (size_t i = 0; i < RECEIVE_MAX; i++) {
        struct jn_letter letter;
        struct jn_tray *tray;
        uint8_t key[JN_KEY_BYTES];

        if (!host->net->receive(host, &letter.route, &letter.frame, key)) {
            letter_close(&letter);
            return;
        }
        letter.arrived_us = host->net->monotonic_us(host);
        tray = tray_of(intake, key);
        if (has_room(intake, tray, &letter)) {
            put(intake, tray, &letter);
            continue;
        }
        /* He is asked to repeat what is not answered, and to have no more than so many under way. */
        host->counters[COUNTER_OVER_SHARE]++;
        letter_close(&letter);
    }
}

bool
jn_intake_next(struct jn_host *host, struct jn_parcel *parcel, zmq_msg_t *frame, uint8_t key[JN_KEY_BYTES])
{
    struct jn_intake *intake = &host->intake;
    struct jn_tray *next = NULL;
    struct jn_letter letter;

    for (size_t i = 0; i < intake->trays_used && intake->count > 0; i++) {
        struct jn_tray *tray = &intake->trays[i];

        if (tray->count > 0 && (!next || tray->cost_us < next->cost_us))
            next = tray;
    }
    if (!next)
        return false;
    intake->cost_us = next->cost_us;
    take(intake, next, &letter);
    memset(parcel, 0, sizeof(*parcel));
    parcel->route = letter.route;
    parcel->arrived_us = letter.arrived_us;
    *frame = letter.frame;
    memcpy(key, next->key, JN_KEY_BYTES);
    return true;
}

bool
jn_intake_alone(struct jn_host *host, const uint8_t key[JN_KEY_BYTES])
{
    const struct jn_tray *tray = tray_of(&host->intake, key);

    return !tray || tray->count == host->intake.count;
}

void
jn_intake_charge(struct jn_host *host, const uint8_t key[JN_KEY_BYTES], uint64_t us)
{
    struct jn_tray *tray = tray_of(&host->intake, key);

    if (tray)
        tray->cost_us += us;
}

void
jn_intake_drop(struct jn_host *host)
{
    struct jn_parcel parcel;
    zmq_msg_t frame;
    uint8_t key[JN_KEY_BYTES];

    while (jn_intake_next(host, &parcel, &frame, key)) {
        zmq_msg_close(&parcel.route);
        zmq_msg_close(&frame);
    }
}
