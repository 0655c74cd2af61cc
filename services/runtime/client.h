/* Clients of services: commands and queries of one key to one service, many in flight, each answered or asked again.
 *
 *   struct jn_clients *clients = jn_clients_open();
 *   struct jn_client *ledger = jn_client_open(clients, jn_config_peer(config, "ledger"), &ledger__ledger__descriptor,
 * &key, 256);
 *
 *   if (!jn_client_call(ledger, "Account", &request, 5000, &answer)) ...        one at a time
 *
 *   while (work or jn_clients_waiting(clients))                                  many at a time
 *       while (work && jn_client_room(ledger))
 *           jn_client_send(ledger, &(struct jn_request){.method = "Enrol", .request = &rows, .tag = row}, NULL);
 *       if (jn_clients_receive(clients, 100, &answer)) ... answer.tag ...
 *
 * Requests of one client reach the service in the order in which they were sent, also when the service restarts
 * meanwhile: what it had not answered is sent again, first. A command takes effect once however often it is sent, by
 * its session and sequence. What is not answered within about a second is asked again, later ever more seldom. A set of
 * clients belongs to one thread. */
#ifndef RUNTIME_CLIENT_H
#define RUNTIME_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "runtime/code.h"
#include "runtime/config.h"

#define JN_CLIENTS_MAX   128
#define JN_IN_FLIGHT_MAX 4096 /* a service remembers as many of a session's commands */
#define JN_SESSION_BYTES 16
#define JN_TRACE_BYTES   32

struct jn_clients; /* waited for together */
struct jn_client;  /* one service, one key */

/* NULL where memory or descriptors have run out. */
struct jn_clients *jn_clients_open(void);
/* Closes its clients too; what is unanswered is given up. NULL is allowed. */
void jn_clients_close(struct jn_clients *clients);

/* window: at most so many requests unanswered, 1 to JN_IN_FLIGHT_MAX. Connects in the background. Commands are numbered
 * from 1 in a fresh random session. The method is looked for in the contract, then among those of runtime.proto. NULL
 * where memory or descriptors have run out, or the endpoint is none. */
struct jn_client *jn_client_open(struct jn_clients *clients, const struct jn_peer *peer,
                                 const ProtobufCServiceDescriptor *contract, const struct jn_keypair *key,
                                 unsigned window);
void jn_client_close(struct jn_client *client);

/* Goes on in a session of one's own choice, so that a program that starts again repeats its commands and does nothing
 * twice. */
void jn_client_session(struct jn_client *client, const uint8_t session[JN_SESSION_BYTES], uint64_t next_sequence);

struct jn_request {
    const char *method;             /* "Enrol" */
    const void *request;            /* the method's request message; copied */
    uint64_t sequence;              /* 0: the session's next number */
    uint32_t budget_ms;             /* how long the service may take; 0 is no limit */
    Envelope__Cursor *const *after; /* not before the service has read so far; upstream and block matter */
    size_t after_count;
    int64_t not_before_ms; /* nor before its clock stands there; 0 is no matter */
    size_t trace_length;   /* 0 to JN_TRACE_BYTES */
    uint8_t trace[JN_TRACE_BYTES];
    void *tag; /* comes back with the answer */
};

/* JN_OK: it is on its way (*id names it; id may be NULL). JN_UNAVAILABLE: the window is full, receive first.
 * JN_UNKNOWN_METHOD: none of the contract's. JN_TOO_LARGE: over 256 KiB, split it. JN_MALFORMED: the request is no
 * message of the method's type. */
enum jn_code jn_client_send(struct jn_client *client, const struct jn_request *call, uint64_t *id);

struct jn_answer {
    struct jn_client *client;
    uint64_t id;
    void *tag;
    enum jn_code code;
    const char *reason; /* "" where OK */
    const void *reply;  /* the method's reply message where OK; NULL otherwise */
    uint64_t block;
    int64_t time_ms;
};

/* One answer, of whichever client; what it points to is good until the next call. False after timeout_ms (-1 waits for
 * ever), a signal, or where nothing is in flight. */
bool jn_clients_receive(struct jn_clients *clients, int timeout_ms, struct jn_answer *answer);

/* Sends one request and waits for its answer; nothing else of this client may be in flight, other clients' answers stay
 * where they are. False where none came within timeout_ms: answer->reason then says what may be wrong. A key that the
 * service does not admit is answered JN_DENIED. */
bool jn_client_call(struct jn_client *client, const char *method, const void *request, int timeout_ms,
                    struct jn_answer *answer);
bool jn_client_call_as(struct jn_client *client, const struct jn_request *call, int timeout_ms,
                       struct jn_answer *answer);

/* Gives a request up: its answer is dropped when it comes. */
void jn_client_forget(struct jn_client *client, uint64_t id);

size_t jn_client_room(const struct jn_client *client);
size_t jn_client_waiting(const struct jn_client *client);
size_t jn_clients_waiting(const struct jn_clients *clients);

/* Connected: the handshake is done. Refused: the service does not admit this key. */
enum jn_client_state { JN_CLIENT_CONNECTING, JN_CLIENT_CONNECTED, JN_CLIENT_REFUSED };
enum jn_client_state jn_client_state(struct jn_client *client);
const struct jn_peer *jn_client_peer(const struct jn_client *client);

#endif
