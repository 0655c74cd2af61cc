/* A client's connection: a DEALER over CURVE, and what its monitor says of it. */
#ifndef RUNTIME_CLIENT_LINK_H
#define RUNTIME_CLIENT_LINK_H

#include <zmq.h>

#include "runtime/client.h"

struct client_link {
    void *socket, *monitor;
    enum jn_client_state state;
    char endpoint[sizeof(((struct jn_peer *)NULL)->endpoint)];
    int64_t looked_ms;  /* for what has become of the connection */
    int64_t dialled_ms; /* or when the connection was lost */
};

bool client_link_open(struct client_link *link, void *context, const struct jn_peer *peer,
                      const struct jn_keypair *key);
void client_link_close(struct client_link *link);

/* Reads what the monitor has to say. True where the connection was lost since the last look: what was sent on it may
 * not have arrived. libzmq says so before it connects again (RECONNECT_MS later), so whoever looks before each send
 * keeps the order; a second look in the same millisecond says nothing new. A link that is down for long is dialled
 * again: libzmq gives a connection up for good where what came on it cannot be read, and where its key was not
 * admitted. */
bool client_link_lost(struct client_link *link, int64_t now_ms);

/* False where it cannot be taken now. */
bool client_link_send(struct client_link *link, const void *bytes, size_t length);

/* False where nothing is there; a message of several frames is no reply and is skipped. The caller closes the message.
 */
bool client_link_receive(struct client_link *link, zmq_msg_t *message);

#endif
