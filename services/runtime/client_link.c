/* Every option that could surprise is set: libzmq's defaults wait for ever, take any size and never notice a dead peer.
 */
#include "runtime/client_link.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "runtime/feed.h"

/* A lost connection is tried again after RECONNECT_MS, later after up to RECONNECT_MAX_MS. */
#define RECONNECT_MS         50
#define RECONNECT_MAX_MS     1000
#define CONNECT_TIMEOUT_MS   3000
#define HANDSHAKE_TIMEOUT_MS 5000
#define REDIAL_MS            6000 /* more than a handshake may take */
#define HEARTBEAT_MS         2000
#define HEARTBEAT_TIMEOUT_MS 6000
#define HEARTBEAT_TTL_MS     10000
#define REPLY_BYTES_MAX      JN_FEED_FRAME_BYTES_MAX

static bool
set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof(value)) == 0;
}

static bool
set_options(void *socket)
{
    static const struct {
        int option, value;
    } options[] = {
        {ZMQ_LINGER, 0},
        {ZMQ_IMMEDIATE, 1},
        {ZMQ_SNDHWM, 0}, /* the window bounds both queues */
        {ZMQ_RCVHWM, 0},
        {ZMQ_RECONNECT_IVL, RECONNECT_MS},
        {ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS},
        {ZMQ_CONNECT_TIMEOUT, CONNECT_TIMEOUT_MS},
        {ZMQ_HANDSHAKE_IVL, HANDSHAKE_TIMEOUT_MS},
        {ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS},
        {ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS},
        {ZMQ_HEARTBEAT_TTL, HEARTBEAT_TTL_MS},
    };
    const int64_t most = REPLY_BYTES_MAX;

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (!set_int(socket, options[i].option, options[i].value))
            return false;
    return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof(most)) == 0;
}

static bool
set_keys(void *socket, const struct jn_peer *peer, const struct jn_keypair *key)
{
    return zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, peer->key, JN_KEY_BYTES) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, key->public_key, JN_KEY_BYTES) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, key->secret_key, JN_KEY_BYTES) == 0;
}

static bool
watch(struct client_link *link, void *context)
{
    static _Atomic unsigned monitors; /* names within a process, whatever the thread */
    const int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
    char endpoint[64];

    snprintf(endpoint, sizeof(endpoint), "inproc://client-%u", atomic_fetch_add(&monitors, 1));
    if (zmq_socket_monitor(link->socket, endpoint, events) != 0)
        return false;
    link->monitor = zmq_socket(context, ZMQ_PAIR);
    return link->monitor && set_int(link->monitor, ZMQ_LINGER, 0) && zmq_connect(link->monitor, endpoint) == 0;
}

bool
client_link_open(struct client_link *link, void *context, const struct jn_peer *peer, const struct jn_keypair *key)
{
    *link = (struct client_link){.state = JN_CLIENT_CONNECTING};
    snprintf(link->endpoint, sizeof(link->endpoint), "%s", peer->endpoint);
    link->socket = zmq_socket(context, ZMQ_DEALER);
    if (link->socket && set_options(link->socket) && set_keys(link->socket, peer, key) && watch(link, context) &&
        zmq_connect(link->socket, peer->endpoint) == 0)
        return true;
    client_link_close(link);
    return false;
}

void
client_link_close(struct client_link *link)
{
    if (link->socket)
        zmq_close(link->socket);
    if (link->monitor)
        zmq_close(link->monitor);
    *link = (struct client_link){.state = JN_CLIENT_CONNECTING};
}

/* An event is two frames: 16 bits of event and 32 of value, then the endpoint. 0 where there is none. */
static unsigned
next_event(void *monitor)
{
    zmq_msg_t message;
    uint16_t event = 0;

    zmq_msg_init(&message);
    if (zmq_msg_recv(&message, monitor, ZMQ_DONTWAIT) >= (int)sizeof(event))
        memcpy(&event, zmq_msg_data(&message), sizeof(event));
    while (zmq_msg_more(&message) && zmq_msg_recv(&message, monitor, 0) >= 0)
        continue;
    zmq_msg_close(&message);
    return event;
}

static void
redial_where_down(struct client_link *link, int64_t now_ms)
{
    if (link->state == JN_CLIENT_CONNECTED || link->dialled_ms == 0)
        link->dialled_ms = now_ms;
    if (now_ms - link->dialled_ms < REDIAL_MS)
        return;
    link->dialled_ms = now_ms;
    link->state = JN_CLIENT_CONNECTING;
    zmq_disconnect(link->socket, link->endpoint);
    zmq_connect(link->socket, link->endpoint);
}

bool
client_link_lost(struct client_link *link, int64_t now_ms)
{
    bool lost = false;
    unsigned event;

    /* To ask costs two system calls, as much as sending a message: once a millisecond is enough. */
    if (now_ms == link->looked_ms)
        return false;
    link->looked_ms = now_ms;
    while ((event = next_event(link->monitor)) != 0) {
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
            link->state = JN_CLIENT_CONNECTED;
            continue;
        }
        lost = lost || link->state == JN_CLIENT_CONNECTED;
        if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
            link->state = JN_CLIENT_REFUSED;
        else if (link->state == JN_CLIENT_CONNECTED)
            link->state = JN_CLIENT_CONNECTING;
    }
    redial_where_down(link, now_ms);
    return lost;
}

bool
client_link_send(struct client_link *link, const void *bytes, size_t length)
{
    return zmq_send(link->socket, bytes, length, ZMQ_DONTWAIT) >= 0;
}

bool
client_link_receive(struct client_link *link, zmq_msg_t *message)
{
    for (;;) {
        bool several = false;

        zmq_msg_init(message);
        if (zmq_msg_recv(message, link->socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(message);
            return false;
        }
        while (zmq_msg_more(message) && zmq_msg_recv(message, link->socket, 0) >= 0)
            several = true;
        if (!several)
            return true;
        zmq_msg_close(message);
    }
}
