/* One message: who sends it, what it asks for, what it is told. */
#include "runtime/host.h"

#include <string.h>

#include "runtime/feed.h"
#include "runtime/pack.h"
#include "runtime/wire.h"

static void
into_frame(zmq_msg_t *frame, const Envelope__Reply *reply)
{
    uint8_t room[JN_PACK_ROOM];
    size_t length;
    const uint8_t *bytes = jn_pack(&reply->base, room, sizeof(room), &length);

    JN_ASSERT(zmq_msg_init_size(frame, bytes ? length : envelope__reply__get_packed_size(reply)) == 0);
    if (bytes)
        memcpy(zmq_msg_data(frame), bytes, length);
    else
        envelope__reply__pack(reply, zmq_msg_data(frame));
}

void
jn_parcel_reply(struct jn_host *host, struct jn_parcel *parcel, enum jn_code code, const char *reason,
                struct jn_slice body)
{
    Envelope__Reply reply = ENVELOPE__REPLY__INIT;

    reply.id = parcel->id;
    reply.code = (Envelope__Code)code;
    reply.reason = (char *)(uintptr_t)reason;
    reply.body = (ProtobufCBinaryData){body.length, (uint8_t *)(uintptr_t)body.bytes};
    /* How far the log goes tells how much happens here: who may not ask is not told. */
    if (parcel->let_in) {
        reply.block = parcel->block ? parcel->block : host->store.log->head.block;
        reply.time_ms = host->store.fold->time_ms;
    }
    if (parcel->sendable)
        zmq_msg_close(&parcel->frame);
    into_frame(&parcel->frame, &reply);
    parcel->sendable = true;
    if (!parcel->metrics)
        return;
    if (code == JN_OK)
        parcel->metrics->accepted++;
    else
        parcel->metrics->refused++;
}

void
jn_parcel_refuse(struct jn_host *host, struct jn_parcel *parcel, enum jn_code code, const char *reason)
{
    if (code == JN_DENIED)
        host->counters[COUNTER_DENIED]++;
    if (code == JN_MALFORMED)
        host->counters[COUNTER_MALFORMED]++;
    jn_parcel_reply(host, parcel, code, reason, (struct jn_slice){NULL, 0});
}

/* ---- Who may ---- */

/* What a request names: a method of the service's trade or one of the runtime's own. */
struct target {
    const struct jn_method *method; /* one of the two */
    const struct jn_own_method *own;
    const ProtobufCMessageDescriptor *input;
    uint32_t roles;
};

static bool
find_target(const struct jn_host *host, const char *name, struct target *out, struct jn_method_metrics **metrics)
{
    const ProtobufCMethodDescriptor *descriptor = NULL;

    *out = (struct target){.method = jn_fold_method(host->store.fold, name, &descriptor)};
    if (out->method) {
        out->input = descriptor->input;
        out->roles = out->method->roles;
        *metrics = &host->methods[out->method - host->service->methods];
        return true;
    }
    for (size_t i = 0; i < jn_own_methods_count; i++) {
        if (strcmp(jn_own_methods[i].name, name) != 0)
            continue;
        out->own = &jn_own_methods[i];
        out->input = out->own->input;
        out->roles = out->own->roles;
        *metrics = &host->methods[host->service->methods_count + i];
        return true;
    }
    return false;
}

/* ZeroMQ gives every connection an address of five bytes, the first of them zero. One that a client chooses would be
 * free for another when its owner has left, and with it what the service still has to say to him. */
static bool
chose_its_address(zmq_msg_t *route)
{
    return zmq_msg_size(route) != 5 || *(const uint8_t *)zmq_msg_data(route) != 0;
}

/* Is the sender let in to what he asks for? Everything that hangs on the request's content or on the service's state
 * comes after: who is refused here hears the same sentence whatever he sent and whatever there is. */
static bool
let_in(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const Envelope__Request *request,
       struct target *target)
{
    if (strcmp(request->service, host->service->name) != 0) {
        jn_parcel_refuse(host, parcel, JN_UNKNOWN_METHOD,
                         "this is another service; see `services` in the configuration");
        return false;
    }
    if (!find_target(host, request->method, target, &parcel->metrics)) {
        jn_parcel_refuse(host, parcel, JN_UNKNOWN_METHOD, "there is no such method here; see proto/");
        return false;
    }
    if (!jn_may(who, target->roles) ||
        (target->own && target->roles == ROLE_ANYONE && !jn_feed_readable_any(host->service, who))) {
        jn_parcel_refuse(host, parcel, JN_DENIED, "this key may not do that");
        return false;
    }
    parcel->let_in = true;
    return true;
}

/* ---- Dispatch ---- */

const struct jn_agency *
jn_agency_usable(const struct jn_host *host, const struct jn_agency *agency)
{
    return agency && !agency->revoked && (agency->expires_ms == 0 || host->now_ms < agency->expires_ms) ? agency : NULL;
}

static void
handle_own(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who,
           const Envelope__Request *request, const struct jn_own_method *method)
{
    const char *fault;
    const void *message =
        jn_wire_unpack(method->input, request->body.data, request->body.len, true, &host->scratch, &fault);

    if (message)
        method->handle(host, parcel, who, message);
    else
        jn_parcel_refuse(host, parcel, JN_MALFORMED, fault);
}

static void
handle_call(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who,
            const Envelope__Request *request, const struct target *target)
{
    struct jn_call call = {
        who,           {request->session.data, request->session.len}, request->sequence, target->method,
        target->input, {request->body.data, request->body.len}};
    struct jn_result result;

    if (!target->method->decide) {
        jn_fold_query(host->store.fold, &call, &result);
        jn_parcel_reply(host, parcel, result.code, result.reason, result.body);
        return;
    }
    if (request->session.len != 16 || request->sequence == 0) {
        jn_parcel_refuse(host, parcel, JN_MALFORMED,
                         "a command needs a session of 16 bytes and a sequence number from 1 on");
        return;
    }
    if (host->disk_full) {
        jn_parcel_refuse(host, parcel, JN_UNAVAILABLE, "the disk is nearly full; make room, then repeat it as it is");
        return;
    }
    jn_fold_command(host->store.fold, &call, &result);
    parcel->block = result.block;
    jn_parcel_reply(host, parcel, result.code, result.reason, result.body);
}

static bool
too_late(const struct jn_host *host, const struct jn_parcel *parcel, const Envelope__Request *request)
{
    return request->budget_ms > 0 &&
           host->net->monotonic_us(host) - parcel->arrived_us > (int64_t)request->budget_ms * 1000;
}

/* The request in the frame, where there is one and its sender is known; else the reply is made. */
static const Envelope__Request *
read_request(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *bytes,
             size_t length)
{
    const Envelope__Request *request = NULL;
    const char *fault = "an empty frame";

    if (length > 0 && length <= JN_FRAME_BYTES_MAX)
        request = jn_wire_unpack(&envelope__request__descriptor, bytes, length, true, &host->scratch, &fault);
    if (request)
        parcel->id = request->id;
    if (!who)
        jn_parcel_refuse(host, parcel, JN_DENIED, "this key may not do that");
    else if (length > JN_FRAME_BYTES_MAX)
        jn_parcel_refuse(host, parcel, JN_TOO_LARGE, "a frame holds at most 256 KiB; split it");
    else if (!request)
        jn_parcel_refuse(host, parcel, JN_MALFORMED, fault);
    else if (chose_its_address(&parcel->route))
        jn_parcel_refuse(host, parcel, JN_MALFORMED, "connect without a routing id of your own");
    else
        return request;
    return NULL;
}

void
jn_method_handle(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *bytes,
                 size_t length)
{
    const Envelope__Request *request;
    struct target target;

    host->counters[COUNTER_MESSAGES]++;
    parcel->let_in = false;
    request = read_request(host, parcel, who, bytes, length);
    if (!request || !let_in(host, parcel, who, request, &target))
        return;
    if (too_late(host, parcel, request)) {
        jn_parcel_refuse(host, parcel, JN_TOO_LATE, "its budget ran out before it was decided; it was not executed");
        return;
    }
    if (request->n_after > 0 || request->not_before_ms > 0) {
        const char *reason;
        enum jn_code code = jn_hold(host, parcel, who, request, bytes, length, &reason);

        if (code == JN_NOT_YET)
            return; /* held: nothing to reply now */
        if (code != JN_OK) {
            jn_parcel_refuse(host, parcel, code, reason);
            return;
        }
    }
    if (target.method)
        handle_call(host, parcel, who, request, &target);
    else
        handle_own(host, parcel, who, request, target.own);
}
