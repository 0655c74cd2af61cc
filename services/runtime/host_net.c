/* Sockets and who stands behind them. */
#include "runtime/host.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "runtime/feed.h"
#include "runtime/say.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
#define ZAP_DOMAIN   "jineng"
/* ZMQ_ZAP_ENFORCE_DOMAIN, which libzmq 4.3 honours and declares among its drafts only. */
#define ZAP_ENFORCE_DOMAIN 93
/* A peer that sends more than this is cut off before memory is taken for it; up to JN_FRAME_BYTES_MAX it is answered.
 */
#define FRAME_BYTES_HARD ((int64_t)1 << 20)
/* What may lie between the service and a peer that does not read: as many answers as a client may have under way. The
 * rest it loses, and asks again. */
#define SEND_QUEUE_MAX JN_WINDOW
/* Who has not shown his key by then is cut off. */
#define HANDSHAKE_MS         10000
#define HEARTBEAT_MS         5000
#define HEARTBEAT_TIMEOUT_MS 20000
/* A block under way delays the answer to a heartbeat, over a slow link by a minute. Until then silence has an upstream
 * dialled again (host_follow.c), if nothing comes. */
#define HEARTBEAT_TIMEOUT_UPSTREAM_MS 120000

static void
set_int(void *socket, int option, int value)
{
    JN_ASSERT(zmq_setsockopt(socket, option, &value, sizeof(value)) == 0);
}

static void
common_options(void *socket)
{
    int64_t frame = FRAME_BYTES_HARD;

    set_int(socket, ZMQ_LINGER, 200);
    set_int(socket, ZMQ_SNDHWM, SEND_QUEUE_MAX);
    set_int(socket, ZMQ_RCVHWM, 0); /* emptied in every turn, host_intake.c */
    set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
    set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
    set_int(socket, ZMQ_HEARTBEAT_TTL, HEARTBEAT_TIMEOUT_MS);
    JN_ASSERT(zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame, sizeof(frame)) == 0);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
    (void)poll;
    (void)status;
    (void)events;
}

static void
watch(struct jn_host *host, struct jn_socket *socket)
{
    int fd;
    size_t size = sizeof(fd);

    JN_ASSERT(zmq_getsockopt(socket->zmq, ZMQ_FD, &fd, &size) == 0);
    JN_ASSERT(uv_poll_init(&host->loop, &socket->poll, fd) == 0);
    JN_ASSERT(uv_poll_start(&socket->poll, UV_READABLE, on_poll) == 0);
    socket->polling = true;
}

static void *
add_socket(struct jn_host *host, size_t index, int type)
{
    struct jn_socket *socket = &host->sockets[index];

    socket->zmq = zmq_socket(host->context, type);
    JN_ASSERT(socket->zmq);
    common_options(socket->zmq);
    if (index >= host->sockets_count)
        host->sockets_count = index + 1;
    return socket->zmq;
}

static bool
open_router(struct jn_host *host, char error[JN_ERROR_TEXT])
{
    const struct jn_peer *own = jn_config_peer(host->config, host->service->name);
    void *router = add_socket(host, SOCKET_ROUTER, ZMQ_ROUTER);

    JN_ASSERT(own);
    set_int(router, ZMQ_ROUTER_MANDATORY, 1);
    set_int(router, ZMQ_CURVE_SERVER, 1);
    set_int(router, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    set_int(router, ZAP_ENFORCE_DOMAIN, 1);
    JN_ASSERT(zmq_setsockopt(router, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, strlen(ZAP_DOMAIN)) == 0);
    JN_ASSERT(zmq_setsockopt(router, ZMQ_CURVE_SECRETKEY, host->keys.secret_key, JN_KEY_BYTES) == 0);
    for (int tries = 0; zmq_bind(router, own->endpoint) != 0; tries++) {
        /* A predecessor that was killed may hold the address for a moment. */
        if (errno != EADDRINUSE || tries == 20) {
            snprintf(error, JN_ERROR_TEXT,
                     "%s cannot be bound: %s; is another suite running there? see `services` in %s", own->endpoint,
                     zmq_strerror(errno), host->config->path);
            return false;
        }
        uv_sleep(100);
    }
    watch(host, &host->sockets[SOCKET_ROUTER]);
    return true;
}

static bool
dial(struct jn_host *host, size_t i, const struct jn_peer *peer)
{
    void *dealer = host->sockets[SOCKET_UPSTREAM + i].zmq;

    host->followers[i].dialled = *peer;
    host->followers[i].heard_ms = host->steady_ms;
    return zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY, peer->key, JN_KEY_BYTES) == 0 &&
           zmq_connect(dealer, peer->endpoint) == 0;
}

static bool
open_upstream(struct jn_host *host, size_t i, char error[JN_ERROR_TEXT])
{
    const struct jn_peer *peer = jn_config_peer(host->config, host->service->upstreams[i].name);
    const int64_t answer = JN_FEED_FRAME_BYTES_MAX;
    void *dealer;

    if (!peer) {
        snprintf(error, JN_ERROR_TEXT, "%s follows %s, which is not among the services of %s: add it",
                 host->service->name, host->service->upstreams[i].name, host->config->path);
        return false;
    }
    dealer = add_socket(host, SOCKET_UPSTREAM + i, ZMQ_DEALER);
    /* What an upstream answers is larger than what anybody may ask; it is known by its key. */
    JN_ASSERT(zmq_setsockopt(dealer, ZMQ_MAXMSGSIZE, &answer, sizeof(answer)) == 0);
    set_int(dealer, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_UPSTREAM_MS);
    set_int(dealer, ZMQ_IMMEDIATE, 1);
    set_int(dealer, ZMQ_RECONNECT_IVL, 50);
    set_int(dealer, ZMQ_RECONNECT_IVL_MAX, 1000);
    set_int(dealer, ZMQ_CONNECT_TIMEOUT, 5000);
    set_int(dealer, ZMQ_HANDSHAKE_IVL, 10000); /* a peer that accepts and says nothing */
    JN_ASSERT(zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY, host->keys.public_key, JN_KEY_BYTES) == 0);
    JN_ASSERT(zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, host->keys.secret_key, JN_KEY_BYTES) == 0);
    if (!dial(host, i, peer)) {
        snprintf(error, JN_ERROR_TEXT, "%s is no address to connect to: %s", peer->endpoint, zmq_strerror(errno));
        return false;
    }
    watch(host, &host->sockets[SOCKET_UPSTREAM + i]);
    return true;
}

bool
jn_net_open(struct jn_host *host, char error[JN_ERROR_TEXT])
{
    host->context = zmq_ctx_new();
    JN_ASSERT(host->context);
    /* Before the ROUTER: without a handler libzmq lets every key in. */
    JN_ASSERT(zmq_bind(add_socket(host, SOCKET_ZAP, ZMQ_REP), ZAP_ENDPOINT) == 0);
    watch(host, &host->sockets[SOCKET_ZAP]);
    if (!open_router(host, error))
        return false;
    for (size_t i = 0; i < host->service->upstreams_count; i++) {
        if (!open_upstream(host, i, error))
            return false;
    }
    return true;
}

void
jn_net_close(struct jn_host *host)
{
    for (size_t i = 0; i < host->sockets_count; i++) {
        if (host->sockets[i].zmq)
            zmq_close(host->sockets[i].zmq);
    }
    if (host->context)
        zmq_ctx_term(host->context);
}

bool
jn_net_readable(const struct jn_socket *socket)
{
    int events = 0;
    size_t size = sizeof(events);

    return socket->zmq && zmq_getsockopt(socket->zmq, ZMQ_EVENTS, &events, &size) == 0 && (events & ZMQ_POLLIN) != 0;
}

/* ---- ZAP (ZeroMQ RFC 27) ---- */

/* The frames of a request; those beyond the seventh are read and dropped. */
#define ZAP_FRAMES 7
struct zap {
    uint8_t bytes[ZAP_FRAMES][256];
    size_t lengths[ZAP_FRAMES];
    size_t count;
};

static bool
zap_receive(void *socket, struct zap *zap)
{
    int more = 1;
    size_t size = sizeof(more);

    memset(zap, 0, sizeof(*zap));
    while (more) {
        uint8_t frame[256];
        int length = zmq_recv(socket, frame, sizeof(frame), ZMQ_DONTWAIT);

        if (length < 0)
            return false;
        if (zap->count < ZAP_FRAMES && length <= (int)sizeof(frame)) {
            memcpy(zap->bytes[zap->count], frame, (size_t)length);
            zap->lengths[zap->count] = (size_t)length;
        }
        zap->count++;
        JN_ASSERT(zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0);
    }
    return true;
}

/* Answers one handshake. */
static void
zap_answer(struct jn_host *host)
{
    void *socket = host->sockets[SOCKET_ZAP].zmq;
    const struct jn_agency *agency = NULL;
    char user[41] = "";
    struct zap zap;
    bool in;

    if (!zap_receive(socket, &zap))
        return;
    if (zap.count == ZAP_FRAMES && zap.lengths[5] == 5 && memcmp(zap.bytes[5], "CURVE", 5) == 0 &&
        zap.lengths[6] == JN_KEY_BYTES)
        agency = jn_config_agency(host->config, zap.bytes[6]);
    in = jn_agency_usable(host, agency) != NULL;
    host->counters[in ? COUNTER_HANDSHAKES : COUNTER_TURNED_AWAY]++;
    if (in)
        zmq_z85_encode(user, zap.bytes[6], JN_KEY_BYTES);
    zmq_send(socket, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(socket, zap.bytes[1], zap.lengths[1], ZMQ_SNDMORE);
    zmq_send(socket, in ? "200" : "400", 3, ZMQ_SNDMORE);
    zmq_send(socket, in ? "OK" : "no", 2, ZMQ_SNDMORE);
    zmq_send(socket, user, strlen(user), ZMQ_SNDMORE);
    zmq_send(socket, "", 0, 0);
}

/* ---- A turn's network ---- */

static int64_t
monotonic_us(const struct jn_host *host)
{
    (void)host;
    return (int64_t)(uv_hrtime() / 1000);
}

static void
begin(struct jn_host *host)
{
    uv_timeval64_t wall;

    uv_gettimeofday(&wall);
    host->now_ms = wall.tv_sec * 1000 + wall.tv_usec / 1000;
    host->now_us = monotonic_us(host);
    host->steady_ms = host->now_us / 1000;
    for (size_t i = 0; i < JN_TURN_MESSAGES && jn_net_readable(&host->sockets[SOCKET_ZAP]); i++)
        zap_answer(host);
}

/* What others took of the machine meanwhile is not the sender's. */
static uint64_t
spent_us(struct jn_host *host)
{
    struct timespec spent;

    (void)host;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (uint64_t)spent.tv_sec * 1000000 + (uint64_t)spent.tv_nsec / 1000;
}

static void
on_wake(uv_timer_t *timer)
{
    (void)timer; /* the turn that follows is all */
}

static void
wake(struct jn_host *host, unsigned after_ms)
{
    if (!uv_is_active((uv_handle_t *)&host->gather))
        uv_timer_start(&host->gather, on_wake, after_ms, 0);
}

/* The key that the connection showed; zeros where it showed none. */
static void
sender(zmq_msg_t *frame, uint8_t key[JN_KEY_BYTES])
{
    const char *user = zmq_msg_gets(frame, "User-Id");

    if (!user || strlen(user) != 40 || !zmq_z85_decode(key, user))
        memset(key, 0, JN_KEY_BYTES);
}

/* Surplus frames are read to the end, else the next receive would start inside. */
static bool
receive(struct jn_host *host, zmq_msg_t *route, zmq_msg_t *frame, uint8_t key[JN_KEY_BYTES])
{
    void *router = host->sockets[SOCKET_ROUTER].zmq;
    int more;

    zmq_msg_init(route);
    zmq_msg_init(frame);
    if (zmq_msg_recv(route, router, ZMQ_DONTWAIT) < 0)
        return false;
    if (zmq_msg_more(route))
        zmq_msg_recv(frame, router, 0);
    sender(frame, key);
    for (more = zmq_msg_more(frame); more;) {
        zmq_msg_t surplus;

        zmq_msg_init(&surplus);
        zmq_msg_recv(&surplus, router, 0);
        more = zmq_msg_more(&surplus);
        zmq_msg_close(&surplus);
        zmq_msg_close(frame);
        zmq_msg_init(frame); /* answered as malformed */
    }
    return true;
}

static bool
reply(struct jn_host *host, zmq_msg_t *route, zmq_msg_t *frame)
{
    void *router = host->sockets[SOCKET_ROUTER].zmq;

    if (zmq_msg_send(route, router, ZMQ_DONTWAIT | ZMQ_SNDMORE) >= 0 && zmq_msg_send(frame, router, ZMQ_DONTWAIT) >= 0)
        return true;
    zmq_msg_close(route);
    zmq_msg_close(frame);
    return false;
}

static bool
ask(struct jn_host *host, unsigned upstream, const void *frame, size_t length)
{
    return zmq_send(host->sockets[SOCKET_UPSTREAM + upstream].zmq, frame, length, ZMQ_DONTWAIT) >= 0;
}

static bool
hear(struct jn_host *host, unsigned upstream, zmq_msg_t *frame)
{
    return zmq_msg_recv(frame, host->sockets[SOCKET_UPSTREAM + upstream].zmq, ZMQ_DONTWAIT) >= 0;
}

/* Where the configuration does not name it any more, it stays where it was. */
static void
redial(struct jn_host *host, unsigned i)
{
    struct jn_follower *follower = &host->followers[i];
    const struct jn_peer *named = jn_config_peer(host->config, host->service->upstreams[i].name);
    struct jn_peer peer = named ? *named : follower->dialled;

    zmq_disconnect(host->sockets[SOCKET_UPSTREAM + i].zmq, follower->dialled.endpoint);
    if (!dial(host, i, &peer))
        jn_say(JN_ERROR, host->service->name, "upstream=%s endpoint=%s dialled=no reason=\"%s\"", peer.name,
               peer.endpoint, zmq_strerror(errno));
}

const struct jn_net jn_net_sockets = {begin, monotonic_us, spent_us, wake, receive, reply, ask, hear, redial};
