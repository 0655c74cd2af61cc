/* The order of requests outlives a connection: what was not answered goes out again before anything new. */
#include "runtime/client_queue.h"

#include <stdlib.h>

#include "runtime/fold.h"

#define RESEND_MS          1000
#define RESEND_DOUBLES_MAX 3    /* 1, 2, 4, then 8 s */
#define BODY_TAG           0x42 /* field 8, bytes: the last of a Request, so it may be packed behind the others */
#define BODY_HEAD_MAX      6    /* its tag, and its length in up to five bytes */

/* The first field of a packed Request is its id: nine bytes behind the tag, whatever the copy. */
#define ID_BITS  48
#define ID_MASK  ((UINT64_C(1) << ID_BITS) - 1)
#define ID_LONG  (UINT64_C(1) << 62)
#define ID_PLACE 1

static uint64_t
wire_id(uint64_t id, unsigned copy)
{
    return ID_LONG | (uint64_t)(copy & 0x3fff) << ID_BITS | (id & ID_MASK);
}

static struct client_slot *
slot_of(const struct client_queue *queue, uint64_t id)
{
    return &queue->slots[id % queue->window];
}

bool
client_queue_open(struct client_queue *queue, unsigned window)
{
    *queue = (struct client_queue){.window = window, .oldest_id = 1, .unsent_id = 1, .next_id = 1};
    queue->slots = calloc(window, sizeof(queue->slots[0]));
    return queue->slots != NULL;
}

void
client_queue_close(struct client_queue *queue)
{
    for (unsigned i = 0; queue->slots && i < queue->window; i++)
        free(queue->slots[i].bytes);
    free(queue->slots);
    queue->slots = NULL;
}

size_t
client_queue_room(const struct client_queue *queue)
{
    return queue->window - (size_t)(queue->next_id - queue->oldest_id);
}

static size_t
put_varint(uint8_t *out, uint64_t value)
{
    size_t length = 0;

    for (; value >= 0x80; value >>= 7)
        out[length++] = (uint8_t)(value | 0x80);
    out[length++] = (uint8_t)value;
    return length;
}

static bool
make_room(struct client_slot *slot, size_t bytes)
{
    uint8_t *grown;

    if (bytes <= slot->room)
        return true;
    grown = realloc(slot->bytes, bytes * 2);
    if (!grown)
        return false;
    slot->bytes = grown;
    slot->room = bytes * 2;
    return true;
}

/* The body is packed in place behind the other fields: no copy of it is made. */
static enum jn_code
pack(struct client_slot *slot, const Envelope__Request *head, const ProtobufCMessage *body)
{
    size_t length = protobuf_c_message_get_packed_size(body);
    size_t most = envelope__request__get_packed_size(head) + BODY_HEAD_MAX;

    if (length > JN_FRAME_BYTES_MAX || most + length > JN_FRAME_BYTES_MAX)
        return JN_TOO_LARGE;
    if (!make_room(slot, most + length))
        return JN_UNAVAILABLE;
    slot->length = envelope__request__pack(head, slot->bytes);
    if (length == 0)
        return JN_OK;
    slot->bytes[slot->length++] = BODY_TAG;
    slot->length += put_varint(slot->bytes + slot->length, length);
    slot->length += protobuf_c_message_pack(body, slot->bytes + slot->length);
    return JN_OK;
}

enum jn_code
client_queue_add(struct client_queue *queue, Envelope__Request *head, const ProtobufCMethodDescriptor *method,
                 const ProtobufCMessage *body, void *tag)
{
    struct client_slot *slot = slot_of(queue, queue->next_id);
    enum jn_code code;

    JN_ASSERT(slot->id == 0);
    head->id = wire_id(queue->next_id, 0);
    code = pack(slot, head, body);
    if (code != JN_OK)
        return code;
    slot->id = queue->next_id++;
    slot->method = method;
    slot->tag = tag;
    slot->times_sent = 0;
    queue->waiting++;
    return JN_OK;
}

struct client_slot *
client_queue_find(struct client_queue *queue, uint64_t id)
{
    struct client_slot *slot = slot_of(queue, id);

    return id != 0 && slot->id == id ? slot : NULL;
}

struct client_slot *
client_queue_of_reply(struct client_queue *queue, uint64_t reply_id, bool *to_the_last)
{
    struct client_slot *slot = client_queue_find(queue, reply_id & ID_MASK);

    *to_the_last = slot && slot->times_sent > 0 && reply_id == wire_id(slot->id, slot->times_sent - 1);
    return slot;
}

void
client_queue_free(struct client_queue *queue, struct client_slot *slot)
{
    slot->id = 0;
    queue->waiting--;
    while (queue->oldest_id < queue->next_id && slot_of(queue, queue->oldest_id)->id != queue->oldest_id)
        queue->oldest_id++;
    if (queue->unsent_id < queue->oldest_id)
        queue->unsent_id = queue->oldest_id;
}

void
client_queue_answered(struct client_queue *queue, struct client_slot *slot, int64_t now_ms)
{
    queue->heard_ms = now_ms;
    if (slot->sent_ms > queue->answered_ms)
        queue->answered_ms = slot->sent_ms;
    client_queue_free(queue, slot);
}

static bool
transmit(struct client_slot *slot, struct client_link *link, int64_t now_ms)
{
    put_varint(slot->bytes + ID_PLACE, wire_id(slot->id, slot->times_sent));
    if (!client_link_send(link, slot->bytes, slot->length))
        return false;
    slot->sent_ms = now_ms;
    slot->times_sent++;
    return true;
}

void
client_queue_pump(struct client_queue *queue, struct client_link *link, int64_t now_ms)
{
    if (client_link_lost(link, now_ms))
        queue->unsent_id = queue->oldest_id;
    for (; queue->unsent_id < queue->next_id; queue->unsent_id++) {
        struct client_slot *slot = client_queue_find(queue, queue->unsent_id);

        if (slot && !transmit(slot, link, now_ms))
            return;
    }
}

/* Answers keep the order of requests, but for what waits inside the service. So a request is taken for lost where one
 * that was sent a second after it has been answered, or where nothing at all has been heard for a second: a service
 * that is merely busy is not asked everything twice. */
static bool
overdue(const struct client_queue *queue, const struct client_slot *slot, int64_t now_ms)
{
    unsigned doubles = slot->times_sent > RESEND_DOUBLES_MAX ? RESEND_DOUBLES_MAX : slot->times_sent - 1;
    int64_t patience = (int64_t)RESEND_MS << doubles;
    int64_t silent_since = slot->sent_ms > queue->heard_ms ? slot->sent_ms : queue->heard_ms;

    return queue->answered_ms - slot->sent_ms >= patience || now_ms - silent_since >= patience;
}

void
client_queue_ask_again(struct client_queue *queue, struct client_link *link, int64_t now_ms)
{
    for (uint64_t id = queue->oldest_id; id < queue->unsent_id; id++) {
        struct client_slot *slot = client_queue_find(queue, id);

        if (slot && overdue(queue, slot, now_ms) && !transmit(slot, link, now_ms))
            return;
    }
}
