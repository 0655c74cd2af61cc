/* Clients: each a connection and a queue of requests; a set of them is waited for in one poll. */
#include "runtime/client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "jineng/v1/runtime.pb-c.h"
#include "runtime/arena.h"
#include "runtime/client_queue.h"

/* protobuf-c's messages may be up to 53 times their wire size; 16 times a frame is far more than an honest reply needs.
 */
#define REPLY_ARENA_BYTES (16 * 1024 * 1024)
#define LOOK_MS           100

struct jn_client {
    struct jn_clients *clients;
    struct jn_peer peer;
    const ProtobufCServiceDescriptor *contract;
    struct client_link link;
    struct client_queue queue;
    uint8_t session[JN_SESSION_BYTES];
    uint64_t next_sequence;
};

struct jn_clients {
    void *context;
    struct jn_arena arena;
    struct jn_client *each[JN_CLIENTS_MAX];
    size_t count, turn;
    int64_t looked_ms;
};

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- Opening and closing ---- */

struct jn_clients *
jn_clients_open(void)
{
    struct jn_clients *clients = calloc(1, sizeof(*clients));

    if (!clients)
        return NULL;
    clients->context = zmq_ctx_new();
    if (!clients->context) {
        free(clients);
        return NULL;
    }
    jn_arena_open(&clients->arena, REPLY_ARENA_BYTES);
    return clients;
}

void
jn_clients_close(struct jn_clients *clients)
{
    if (!clients)
        return;
    while (clients->count > 0)
        jn_client_close(clients->each[clients->count - 1]);
    zmq_ctx_term(clients->context);
    jn_arena_close(&clients->arena);
    free(clients);
}

struct jn_client *
jn_client_open(struct jn_clients *clients, const struct jn_peer *peer, const ProtobufCServiceDescriptor *contract,
               const struct jn_keypair *key, unsigned window)
{
    struct jn_client *client;

    JN_ASSERT(window >= 1 && window <= JN_IN_FLIGHT_MAX);
    if (clients->count == JN_CLIENTS_MAX)
        return NULL;
    client = calloc(1, sizeof(*client));
    if (!client)
        return NULL;
    *client = (struct jn_client){.clients = clients, .peer = *peer, .contract = contract, .next_sequence = 1};
    if (!client_queue_open(&client->queue, window) ||
        getrandom(client->session, sizeof(client->session), 0) != sizeof(client->session) ||
        !client_link_open(&client->link, clients->context, peer, key)) {
        client_queue_close(&client->queue);
        free(client);
        return NULL;
    }
    clients->each[clients->count++] = client;
    return client;
}

void
jn_client_close(struct jn_client *client)
{
    struct jn_clients *clients = client->clients;
    size_t at = 0;

    while (clients->each[at] != client)
        at++;
    clients->each[at] = clients->each[--clients->count];
    client_link_close(&client->link);
    client_queue_close(&client->queue);
    free(client);
}

void
jn_client_session(struct jn_client *client, const uint8_t session[JN_SESSION_BYTES], uint64_t next_sequence)
{
    memcpy(client->session, session, JN_SESSION_BYTES);
    client->next_sequence = next_sequence;
}

/* ---- Sending ---- */

static const ProtobufCMethodDescriptor *
method_of(const struct jn_client *client, const char *name)
{
    const ProtobufCMethodDescriptor *method = protobuf_c_service_descriptor_get_method_by_name(client->contract, name);

    return method ? method : protobuf_c_service_descriptor_get_method_by_name(&runtime__runtime__descriptor, name);
}

static void
pump(struct jn_client *client, int64_t now)
{
    client_queue_pump(&client->queue, &client->link, now);
}

enum jn_code
jn_client_send(struct jn_client *client, const struct jn_request *call, uint64_t *id)
{
    const ProtobufCMethodDescriptor *method = method_of(client, call->method);
    const ProtobufCMessage *request = call->request;
    Envelope__Request head = ENVELOPE__REQUEST__INIT;
    enum jn_code code;

    if (client_queue_room(&client->queue) == 0)
        return JN_UNAVAILABLE;
    if (!method)
        return JN_UNKNOWN_METHOD;
    if (request->descriptor != method->input || call->trace_length > JN_TRACE_BYTES)
        return JN_MALFORMED;
    head.session = (ProtobufCBinaryData){JN_SESSION_BYTES, client->session};
    head.sequence = call->sequence ? call->sequence : client->next_sequence;
    head.service = client->peer.name;
    head.method = (char *)(uintptr_t)method->name;
    head.budget_ms = call->budget_ms;
    head.after = (Envelope__Cursor **)(uintptr_t)call->after;
    head.n_after = call->after_count;
    head.not_before_ms = call->not_before_ms;
    head.trace = (ProtobufCBinaryData){call->trace_length, (uint8_t *)(uintptr_t)call->trace};
    code = client_queue_add(&client->queue, &head, method, request, call->tag);
    if (code != JN_OK)
        return code;
    if (!call->sequence)
        client->next_sequence++;
    if (id)
        *id = client->queue.next_id - 1;
    pump(client, now_ms());
    return JN_OK;
}

static void
look_after(struct jn_clients *clients, int64_t now)
{
    for (size_t i = 0; i < clients->count; i++)
        pump(clients->each[i], now);
    if (now - clients->looked_ms < LOOK_MS)
        return;
    clients->looked_ms = now;
    for (size_t i = 0; i < clients->count; i++)
        client_queue_ask_again(&clients->each[i]->queue, &clients->each[i]->link, now);
}

/* ---- Receiving ---- */

/* False where it answers nothing that was asked: a second answer to what was asked twice, mostly. */
static bool
read_answer(struct jn_client *client, zmq_msg_t *message, struct jn_answer *answer)
{
    ProtobufCAllocator *memory = &client->clients->arena.allocator;
    Envelope__Reply *reply;
    struct client_slot *slot = NULL;
    bool to_the_last;

    jn_arena_reset(&client->clients->arena);
    reply = envelope__reply__unpack(memory, zmq_msg_size(message), zmq_msg_data(message));
    if (reply)
        slot = client_queue_of_reply(&client->queue, reply->id, &to_the_last);
    if (!slot || (reply->code != ENVELOPE__CODE__OK && !to_the_last))
        return false;
    *answer = (struct jn_answer){.client = client, .id = slot->id, .tag = slot->tag, .code = (enum jn_code)reply->code};
    answer->reason = reply->reason;
    answer->block = reply->block;
    answer->time_ms = reply->time_ms;
    if (answer->code == JN_OK)
        answer->reply = protobuf_c_message_unpack(slot->method->output, memory, reply->body.len, reply->body.data);
    if (answer->code == JN_OK && !answer->reply) {
        answer->code = JN_MALFORMED;
        answer->reason = "the service's answer cannot be read: is it of another version than this program?";
    }
    client_queue_answered(&client->queue, slot, now_ms());
    return true;
}

static bool
receive_of(struct jn_client *client, struct jn_answer *answer)
{
    zmq_msg_t message;

    while (client_link_receive(&client->link, &message)) {
        bool good = read_answer(client, &message, answer);

        zmq_msg_close(&message);
        if (good)
            return true;
    }
    return false;
}

/* The one behind the last that was served comes first. */
static bool
receive_any(struct jn_clients *clients, struct jn_answer *answer)
{
    for (size_t i = 0; i < clients->count; i++) {
        clients->turn = (clients->turn + 1) % clients->count;
        if (jn_client_waiting(clients->each[clients->turn]) > 0 && receive_of(clients->each[clients->turn], answer))
            return true;
    }
    return false;
}

/* False after a signal. Who waits for nothing is left out: what may still come to him is late and of no use. */
static bool
wait_for(struct jn_client *const *each, size_t count, int64_t patience_ms)
{
    zmq_pollitem_t items[2 * JN_CLIENTS_MAX];
    int used = 0;

    for (size_t i = 0; i < count; i++) {
        bool unsent = each[i]->queue.unsent_id < each[i]->queue.next_id;

        if (jn_client_waiting(each[i]) == 0)
            continue;
        items[used++] = (zmq_pollitem_t){.socket = each[i]->link.socket,
                                         .events = (short)(unsent ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN)};
        items[used++] = (zmq_pollitem_t){.socket = each[i]->link.monitor, .events = ZMQ_POLLIN};
    }
    return zmq_poll(items, used, patience_ms < LOOK_MS ? (long)patience_ms : LOOK_MS) >= 0;
}

bool
jn_clients_receive(struct jn_clients *clients, int timeout_ms, struct jn_answer *answer)
{
    const int64_t until = timeout_ms < 0 ? INT64_MAX : now_ms() + timeout_ms;

    while (jn_clients_waiting(clients) > 0) {
        int64_t now = now_ms();

        look_after(clients, now);
        if (receive_any(clients, answer))
            return true;
        if (now >= until || !wait_for(clients->each, clients->count, until - now))
            return false;
    }
    return false;
}

/* ---- One at a time ---- */

static bool
give_up(struct jn_client *client, enum jn_code code, const char *sentence, struct jn_answer *answer)
{
    jn_arena_reset(&client->clients->arena);
    *answer = (struct jn_answer){.client = client, .code = code};
    answer->reason =
        jn_arena_print(&client->clients->arena, "%s at %s %s", client->peer.name, client->peer.endpoint, sentence);
    return code != JN_UNAVAILABLE;
}

static bool
await(struct jn_client *client, int64_t until, struct jn_answer *answer)
{
    for (;;) {
        int64_t now = now_ms();

        pump(client, now);
        client_queue_ask_again(&client->queue, &client->link, now);
        if (receive_of(client, answer))
            return true;
        if (client->link.state == JN_CLIENT_REFUSED || now >= until || !wait_for(&client, 1, until - now))
            return false;
    }
}

bool
jn_client_call_as(struct jn_client *client, const struct jn_request *call, int timeout_ms, struct jn_answer *answer)
{
    enum jn_code code;
    uint64_t id;

    JN_ASSERT(client->queue.waiting == 0);
    code = jn_client_send(client, call, &id);
    if (code != JN_OK)
        return give_up(client, code == JN_UNAVAILABLE ? JN_TOO_LARGE : code,
                       "was not asked: the request is too large, of another type, or for a method that is not there",
                       answer);
    if (await(client, timeout_ms < 0 ? INT64_MAX : now_ms() + timeout_ms, answer))
        return true;
    jn_client_forget(client, id);
    if (client->link.state == JN_CLIENT_REFUSED)
        return give_up(
            client, JN_DENIED,
            "does not admit this key: see whether its jineng.yaml lists it, neither revoked nor past its last day",
            answer);
    if (client->link.state == JN_CLIENT_CONNECTED)
        return give_up(client, JN_UNAVAILABLE, "is there but has not answered in time: see jineng stats and its log",
                       answer);
    return give_up(client, JN_UNAVAILABLE,
                   "cannot be reached: see whether it runs (jineng up) and has that address and key", answer);
}

bool
jn_client_call(struct jn_client *client, const char *method, const void *request, int timeout_ms,
               struct jn_answer *answer)
{
    return jn_client_call_as(client, &(struct jn_request){.method = method, .request = request}, timeout_ms, answer);
}

void
jn_client_forget(struct jn_client *client, uint64_t id)
{
    struct client_slot *slot = client_queue_find(&client->queue, id);

    if (slot)
        client_queue_free(&client->queue, slot);
}

/* ---- Asking after ---- */

size_t
jn_client_room(const struct jn_client *client)
{
    return client_queue_room(&client->queue);
}

size_t
jn_client_waiting(const struct jn_client *client)
{
    return client->queue.waiting;
}

size_t
jn_clients_waiting(const struct jn_clients *clients)
{
    size_t waiting = 0;

    for (size_t i = 0; i < clients->count; i++)
        waiting += clients->each[i]->queue.waiting;
    return waiting;
}

enum jn_client_state
jn_client_state(struct jn_client *client)
{
    pump(client, now_ms());
    return client->link.state;
}

const struct jn_peer *
jn_client_peer(const struct jn_client *client)
{
    return &client->peer;
}
