/* Clients against a service of paper, which loses, repeats, mixes up, restarts or refuses as it is told. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zmq.h>

#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/envelope.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/runtime.pb-c.h"
#include "runtime/client.h"

#define WINDOW 256

/* ---- The service of paper: answers the sequence as Posted.number ---- */

static struct {
    void *context;
    pthread_t thread, gate;
    struct jn_keypair key;
    char endpoint[64];
    atomic_bool stop, silent, garbage, refuse, refuse_first, admits_nobody;
    atomic_uint lose_every;         /* answers */
    atomic_ullong seen, last_first; /* requests; the highest sequence seen so far */
    atomic_uint disorder;           /* a first-seen sequence that was not the next one */
    uint64_t first_id;
    uint8_t session[JN_SESSION_BYTES];
    char method[32];
} paper;

static void
answer(void *socket, zmq_msg_t *route, const Envelope__Request *request)
{
    Envelope__Reply reply = ENVELOPE__REPLY__INIT;
    Ledger__Posted posted = LEDGER__POSTED__INIT;
    uint8_t body[32], bytes[512];

    posted.number = request->sequence;
    reply.id = request->id;
    reply.code = paper.refuse ? ENVELOPE__CODE__SHORT_OF_FUNDS : ENVELOPE__CODE__OK;
    reply.reason = paper.refuse ? "0.00 left: appropriate more" : "";
    reply.body = (ProtobufCBinaryData){ledger__posted__pack(&posted, body), body};
    zmq_msg_send(route, socket, ZMQ_SNDMORE);
    if (paper.garbage)
        zmq_send(socket, "no reply at all", 15, 0);
    else
        zmq_send(socket, bytes, envelope__reply__pack(&reply, bytes), 0);
}

static void
note(const Envelope__Request *request)
{
    unsigned long long last = paper.last_first;

    if (request->sequence == last + 1)
        paper.last_first = request->sequence;
    else if (request->sequence > last)
        paper.disorder++;
    snprintf(paper.method, sizeof(paper.method), "%s", request->method);
    if (request->session.len == sizeof(paper.session))
        memcpy(paper.session, request->session.data, sizeof(paper.session));
}

static void
serve_one(void *socket, zmq_msg_t *route)
{
    Envelope__Request *request;
    zmq_msg_t message;

    zmq_msg_init(&message);
    if (zmq_msg_recv(&message, socket, 0) < 0)
        return;
    request = envelope__request__unpack(NULL, zmq_msg_size(&message), zmq_msg_data(&message));
    note(request);
    paper.seen++;
    /* The first copy is refused, late; the second is done, and its answer comes later still. */
    if (paper.refuse_first && paper.seen == 1) {
        paper.first_id = request->id;
    } else if (paper.refuse_first && paper.seen == 2) {
        Envelope__Request first = *request;
        zmq_msg_t again;

        zmq_msg_init(&again);
        zmq_msg_copy(&again, route);
        first.id = paper.first_id;
        paper.refuse = true;
        answer(socket, &again, &first);
        zmq_msg_close(&again);
        usleep(300000);
        paper.refuse = false;
        answer(socket, route, request);
    } else if (!paper.silent && !(paper.lose_every && paper.seen % paper.lose_every == 0))
        answer(socket, route, request);
    envelope__request__free_unpacked(request, NULL);
    zmq_msg_close(&message);
}

static void *
serve(void *unused)
{
    const int yes = 1, none = 0, wait_ms = 20;
    void *socket = zmq_socket(paper.context, ZMQ_ROUTER);
    size_t length = sizeof(paper.endpoint);

    zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &yes, sizeof(yes));
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, paper.key.secret_key, JN_KEY_BYTES);
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof(none));
    zmq_setsockopt(socket, ZMQ_SNDHWM, &none, sizeof(none));
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
    zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, "paper", 5);
    while (zmq_bind(socket, paper.endpoint) != 0 && !paper.stop)
        usleep(10000);
    zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, paper.endpoint, &length);
    *(atomic_bool *)unused = true;
    while (!paper.stop) {
        zmq_msg_t route;

        zmq_msg_init(&route);
        if (zmq_msg_recv(&route, socket, 0) >= 0)
            serve_one(socket, &route);
        zmq_msg_close(&route);
    }
    zmq_close(socket);
    return NULL;
}

/* The door (RFC 27): admits everybody or nobody. */
static void *
admit(void *socket)
{
    char frame[6][256];

    while (!paper.stop) {
        int count = 0, more = 1;
        size_t size = sizeof(more);

        if (zmq_recv(socket, frame[0], 256, 0) < 0)
            continue;
        while (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0 && more) {
            count++;
            zmq_recv(socket, frame[count < 6 ? count : 5], 256, 0);
        }
        zmq_send(socket, "1.0", 3, ZMQ_SNDMORE);
        zmq_send(socket, frame[1], 1, ZMQ_SNDMORE);
        zmq_send(socket, paper.admits_nobody ? "400" : "200", 3, ZMQ_SNDMORE);
        zmq_send(socket, "", 0, ZMQ_SNDMORE);
        zmq_send(socket, "somebody", 8, ZMQ_SNDMORE);
        zmq_send(socket, "", 0, 0);
    }
    zmq_close(socket);
    return NULL;
}

static void
open_service(void)
{
    const int wait_ms = 20, none = 0;
    static atomic_bool ready;
    void *door;

    ready = false;
    paper.stop = false;
    paper.context = zmq_ctx_new();
    door = zmq_socket(paper.context, ZMQ_REP);
    zmq_setsockopt(door, ZMQ_RCVTIMEO, &wait_ms, sizeof(wait_ms));
    zmq_setsockopt(door, ZMQ_LINGER, &none, sizeof(none));
    assert_int_equal(zmq_bind(door, "inproc://zeromq.zap.01"), 0);
    assert_int_equal(pthread_create(&paper.gate, NULL, admit, door), 0);
    assert_int_equal(pthread_create(&paper.thread, NULL, serve, &ready), 0);
    while (!ready)
        usleep(1000);
}

static void
close_service(void)
{
    paper.stop = true;
    pthread_join(paper.thread, NULL);
    pthread_join(paper.gate, NULL);
    zmq_ctx_term(paper.context);
}

/* ---- What tests are made of ---- */

static struct jn_clients *clients;
static struct jn_client *client;
static struct jn_answer last;

static void
make_key(struct jn_keypair *key)
{
    char public_text[41], secret_text[41];

    assert_int_equal(zmq_curve_keypair(public_text, secret_text), 0);
    zmq_z85_decode(key->public_key, public_text);
    zmq_z85_decode(key->secret_key, secret_text);
}

static struct jn_client *
connect_to(const char *endpoint, const uint8_t server[JN_KEY_BYTES])
{
    struct jn_peer peer = {.name = "ledger"};
    struct jn_keypair key;

    make_key(&key);
    snprintf(peer.endpoint, sizeof(peer.endpoint), "%s", endpoint);
    memcpy(peer.key, server, JN_KEY_BYTES);
    return jn_client_open(clients, &peer, &ledger__ledger__descriptor, &key, WINDOW);
}

static int
begin(void **state)
{
    (void)state;
    paper.silent = paper.garbage = paper.refuse = paper.refuse_first = paper.admits_nobody = false;
    paper.lose_every = paper.disorder = 0;
    paper.seen = paper.last_first = 0;
    snprintf(paper.endpoint, sizeof(paper.endpoint), "tcp://127.0.0.1:*");
    make_key(&paper.key);
    open_service();
    clients = jn_clients_open();
    client = connect_to(paper.endpoint, paper.key.public_key);
    return client ? 0 : -1;
}

static int
end(void **state)
{
    (void)state;
    jn_clients_close(clients);
    if (!paper.stop)
        close_service();
    return 0;
}

static const Ledger__Appropriate *
appropriation(void)
{
    static Ledger__Appropriate request;

    ledger__appropriate__init(&request);
    request.fund = COMMON__FUND__SKILLS_ACCOUNT;
    request.division = 130100;
    request.amount_fen = 100;
    request.document = "document";
    return &request;
}

static enum jn_code
send_one(size_t tag)
{
    return jn_client_send(
        client, &(struct jn_request){.method = "Appropriate", .request = appropriation(), .tag = (void *)tag}, NULL);
}

/* Sends and receives until all of `count` are answered, each once, or seconds have passed without an answer. */
static void
exchange(size_t count, bool restart_halfway)
{
    static uint8_t answered[100000];
    size_t sent = 0, received = 0;

    memset(answered, 0, sizeof(answered));
    while (received < count) {
        while (sent < count && jn_client_room(client) > 0)
            assert_int_equal(send_one(sent++), JN_OK);
        if (restart_halfway && received >= count / 2) {
            close_service();
            open_service();
            restart_halfway = false;
        }
        assert_true(jn_clients_receive(clients, 10000, &last));
        assert_int_equal(last.code, JN_OK);
        assert_int_equal(((const Ledger__Posted *)last.reply)->number, (size_t)last.tag + 1);
        assert_int_equal(answered[(size_t)last.tag]++, 0);
        received++;
    }
    assert_int_equal(jn_clients_waiting(clients), 0);
}

/* ---- Stories ---- */

static void
one_question_has_one_answer(void **state)
{
    (void)state;
    assert_true(jn_client_call(client, "Appropriate", appropriation(), 5000, &last));
    assert_int_equal(last.code, JN_OK);
    assert_int_equal(((const Ledger__Posted *)last.reply)->number, 1);
    assert_int_equal(jn_client_state(client), JN_CLIENT_CONNECTED);
    assert_false(jn_clients_receive(clients, -1, &last));
}

static void
a_refusal_brings_its_reason(void **state)
{
    (void)state;
    paper.refuse = true;
    assert_true(jn_client_call(client, "Appropriate", appropriation(), 5000, &last));
    assert_int_equal(last.code, JN_SHORT_OF_FUNDS);
    assert_string_equal(last.reason, "0.00 left: appropriate more");
    assert_null(last.reply);
}

static void
many_in_flight_are_answered_once_each(void **state)
{
    (void)state;
    exchange(50000, false);
    assert_int_equal(paper.disorder, 0);
    assert_int_equal(paper.seen, 50000);
}

static void
a_restart_loses_nothing_and_keeps_the_order(void **state)
{
    (void)state;
    exchange(20000, true);
    assert_int_equal(paper.disorder, 0);
    assert_int_equal(paper.last_first, 20000);
}

static void
lost_answers_are_asked_for_again(void **state)
{
    (void)state;
    paper.lose_every = 200;
    exchange(500, false);
    assert_true(paper.seen > 500);
}

static void
garbage_is_no_answer(void **state)
{
    (void)state;
    paper.garbage = true;
    assert_false(jn_client_call(client, "Appropriate", appropriation(), 300, &last));
    assert_int_equal(last.code, JN_UNAVAILABLE);
    assert_non_null(strstr(last.reason, "has not answered in time"));
    paper.garbage = false;
    assert_true(jn_client_call(client, "Appropriate", appropriation(), 5000, &last));
    assert_int_equal(((const Ledger__Posted *)last.reply)->number, 2);
}

static void
who_is_not_there_is_said_not_to_be(void **state)
{
    (void)state;
    close_service();
    assert_false(jn_client_call(client, "Appropriate", appropriation(), 300, &last));
    assert_int_equal(last.code, JN_UNAVAILABLE);
    assert_non_null(strstr(last.reason, "cannot be reached"));
}

static void
a_service_with_another_key_is_not_believed(void **state)
{
    struct jn_keypair other;

    (void)state;
    make_key(&other);
    client = connect_to(paper.endpoint, other.public_key);
    assert_false(jn_client_call(client, "Appropriate", appropriation(), 500, &last));
    assert_int_equal(paper.seen, 0);
}

static void
a_key_that_is_not_admitted_hears_so(void **state)
{
    (void)state;
    paper.admits_nobody = true;
    client = connect_to(paper.endpoint, paper.key.public_key);
    assert_true(jn_client_call(client, "Appropriate", appropriation(), 5000, &last));
    assert_int_equal(last.code, JN_DENIED);
    assert_non_null(strstr(last.reason, "does not admit this key"));
}

/* Of two copies the service may refuse one and do the other, when what was missing has come between them. */
static void
a_refusal_of_one_copy_is_not_the_last_word(void **state)
{
    const Ledger__Posted *posted;

    (void)state;
    paper.refuse_first = true;
    assert_true(jn_client_call(client, "Appropriate", appropriation(), 20000, &last));
    assert_int_equal(paper.seen, 2);
    assert_int_equal(last.code, JN_OK);
    posted = last.reply;
    assert_int_equal(posted->number, 1);
}

static void
what_cannot_be_sent_is_refused_here(void **state)
{
    static char text[300 * 1024];
    Ledger__Appropriate large = LEDGER__APPROPRIATE__INIT;
    Enrollment__FileClass other = ENROLLMENT__FILE_CLASS__INIT;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    large.document = text;
    assert_int_equal(jn_client_send(client, &(struct jn_request){.method = "Appropriate", .request = &large}, NULL),
                     JN_TOO_LARGE);
    assert_int_equal(jn_client_send(client, &(struct jn_request){.method = "Steal", .request = &large}, NULL),
                     JN_UNKNOWN_METHOD);
    assert_int_equal(jn_client_send(client, &(struct jn_request){.method = "Appropriate", .request = &other}, NULL),
                     JN_MALFORMED);
    paper.silent = true;
    for (size_t i = 0; i < WINDOW; i++)
        assert_int_equal(send_one(i), JN_OK);
    assert_int_equal(send_one(WINDOW), JN_UNAVAILABLE);
    assert_int_equal(jn_client_room(client), 0);
    assert_false(jn_clients_receive(clients, 50, &last));
}

static void
a_session_of_ones_own_goes_on(void **state)
{
    static const uint8_t session[JN_SESSION_BYTES] = "sixteen bytes...";
    const struct jn_request again = {.method = "Appropriate", .request = appropriation(), .sequence = 7};

    (void)state;
    jn_client_session(client, session, 1000);
    assert_true(jn_client_call(client, "Appropriate", appropriation(), 5000, &last));
    assert_int_equal(((const Ledger__Posted *)last.reply)->number, 1000);
    assert_memory_equal(paper.session, session, sizeof(session));
    assert_true(jn_client_call_as(client, &again, 5000, &last));
    assert_int_equal(((const Ledger__Posted *)last.reply)->number, 7);
    assert_true(jn_client_call(client, "Appropriate", appropriation(), 5000, &last));
    assert_int_equal(((const Ledger__Posted *)last.reply)->number, 1001);
}

static void
every_service_knows_the_runtimes_methods(void **state)
{
    Runtime__StandRequest request = RUNTIME__STAND_REQUEST__INIT;

    (void)state;
    assert_true(jn_client_call(client, "Stand", &request, 5000, &last));
    assert_string_equal(paper.method, "Stand");
}

static void
several_clients_are_waited_for_together(void **state)
{
    struct jn_client *each[8];
    unsigned heard[8] = {0};

    (void)state;
    for (size_t i = 0; i < 8; i++)
        each[i] = connect_to(paper.endpoint, paper.key.public_key);
    for (size_t i = 0; i < 80; i++)
        assert_int_equal(
            jn_client_send(
                each[i % 8],
                &(struct jn_request){.method = "Appropriate", .request = appropriation(), .tag = each[i % 8]}, NULL),
            JN_OK);
    while (jn_clients_waiting(clients) > 0) {
        assert_true(jn_clients_receive(clients, 5000, &last));
        assert_ptr_equal(last.tag, last.client);
        for (size_t i = 0; i < 8; i++)
            heard[i] += each[i] == last.client;
    }
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(heard[i], 10);
    jn_client_close(each[3]);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(one_question_has_one_answer),
        STORY(a_refusal_brings_its_reason),
        STORY(many_in_flight_are_answered_once_each),
        STORY(a_restart_loses_nothing_and_keeps_the_order),
        STORY(lost_answers_are_asked_for_again),
        STORY(garbage_is_no_answer),
        STORY(who_is_not_there_is_said_not_to_be),
        STORY(a_service_with_another_key_is_not_believed),
        STORY(a_key_that_is_not_admitted_hears_so),
        STORY(a_refusal_of_one_copy_is_not_the_last_word),
        STORY(what_cannot_be_sent_is_refused_here),
        STORY(a_session_of_ones_own_goes_on),
        STORY(every_service_knows_the_runtimes_methods),
        STORY(several_clients_are_waited_for_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
