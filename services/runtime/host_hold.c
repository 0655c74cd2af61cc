/* Requests that name what must have been read before: held until it has been. */
#include "runtime/host.h"

#include <stdlib.h>
#include <string.h>

#define HOLD_MS 5000

/* Fills await; a sentence where an upstream is none. */
static const char *
wanted_of(const struct jn_host *host, const Envelope__Request *request, uint64_t await[JN_UPSTREAMS_MAX])
{
    if (request->n_after > JN_UPSTREAMS_MAX)
        return "`after` names at most 8 upstreams";
    for (size_t i = 0; i < request->n_after; i++) {
        size_t u = 0;

        while (u < host->service->upstreams_count &&
               strcmp(host->service->upstreams[u].name, request->after[i]->upstream) != 0)
            u++;
        if (u == host->service->upstreams_count)
            return "`after` names a service that this one does not follow";
        await[u] = request->after[i]->block;
    }
    return NULL;
}

static bool
satisfied(const struct jn_host *host, const struct jn_held *held)
{
    if (host->store.fold->time_ms < held->not_before_ms)
        return false;
    for (size_t u = 0; u < host->service->upstreams_count; u++) {
        if (host->store.fold->upstreams[u].block < held->await[u])
            return false;
    }
    return true;
}

enum jn_code
jn_hold(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const Envelope__Request *request,
        const void *frame, size_t length, const char **reason)
{
    struct jn_held held = {.used = true, .length = length, .id = request->id, .arrived_us = parcel->arrived_us};
    size_t place = 0;

    held.not_before_ms = request->not_before_ms;
    *reason = wanted_of(host, request, held.await);
    if (*reason)
        return JN_MALFORMED;
    if (satisfied(host, &held))
        return JN_OK;
    while (place < JN_HELD_MAX && host->held[place].used)
        place++;
    *reason = "too many wait for what others say; ask again in a second";
    if (place == JN_HELD_MAX)
        return JN_UNAVAILABLE;
    held.frame = malloc(length);
    JN_ASSERT(held.frame);
    memcpy(held.frame, frame, length);
    memcpy(held.key, who->key, JN_KEY_BYTES);
    held.ticket = host->held_tickets++;
    held.until_ms =
        host->steady_ms + (request->budget_ms > 0 && request->budget_ms < HOLD_MS ? request->budget_ms : HOLD_MS);
    zmq_msg_init(&held.route);
    zmq_msg_copy(&held.route, &parcel->route);
    host->held[place] = held;
    host->held_count++;
    return JN_NOT_YET;
}

/* The one that came first among those that may be looked at or have waited long enough. */
static struct jn_held *
first_ready(struct jn_host *host)
{
    struct jn_held *first = NULL;

    for (size_t i = 0; i < JN_HELD_MAX && host->held_count > 0; i++) {
        struct jn_held *held = &host->held[i];

        if (held->used && (host->steady_ms >= held->until_ms || satisfied(host, held)) &&
            (!first || held->ticket < first->ticket))
            first = held;
    }
    return first;
}

bool
jn_held_next(struct jn_host *host, struct jn_parcel *parcel, uint8_t **frame, size_t *length,
             const struct jn_agency **who, bool *expired)
{
    struct jn_held *held = first_ready(host);

    if (!held)
        return false;
    *expired = !satisfied(host, held);
    memset(parcel, 0, sizeof(*parcel));
    zmq_msg_init(&parcel->route);
    zmq_msg_move(&parcel->route, &held->route);
    parcel->id = held->id;
    parcel->arrived_us = held->arrived_us;
    *frame = held->frame;
    *length = held->length;
    *who = jn_net_usable(host, jn_config_agency(host->config, held->key));
    held->used = false;
    host->held_count--;
    return true;
}

void
jn_held_drop(struct jn_host *host)
{
    for (size_t i = 0; i < JN_HELD_MAX; i++) {
        if (!host->held[i].used)
            continue;
        zmq_msg_close(&host->held[i].route);
        free(host->held[i].frame);
        host->held[i].used = false;
    }
    host->held_count = 0;
}
