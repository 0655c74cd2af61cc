/* A client's requests between sending and answer: a ring of slots in order of their ids. A slot keeps the packed
 * request until its answer has come, and its memory for the next. */
#ifndef RUNTIME_CLIENT_QUEUE_H
#define RUNTIME_CLIENT_QUEUE_H

#include "jineng/v1/envelope.pb-c.h"
#include "runtime/client_link.h"

struct client_slot {
    uint64_t id; /* 0: free */
    const ProtobufCMethodDescriptor *method;
    void *tag;
    uint8_t *bytes;
    size_t length, room;
    int64_t sent_ms;
    unsigned times_sent;
};

struct client_queue {
    struct client_slot *slots;
    unsigned window;
    size_t waiting;                         /* slots in use */
    uint64_t oldest_id, unsent_id, next_id; /* oldest_id <= unsent_id <= next_id */
    int64_t heard_ms;                       /* when the last answer came */
    int64_t answered_ms;                    /* when the latest of the answered requests was sent */
};

bool client_queue_open(struct client_queue *queue, unsigned window);
void client_queue_close(struct client_queue *queue);

size_t client_queue_room(const struct client_queue *queue);

/* head without id and body: they are set here. The caller has seen that there is room. */
enum jn_code client_queue_add(struct client_queue *queue, Envelope__Request *head,
                              const ProtobufCMethodDescriptor *method, const ProtobufCMessage *body, void *tag);

/* NULL where nobody waits for the id. */
struct client_slot *client_queue_find(struct client_queue *queue, uint64_t id);

/* On the wire each copy of a request has a number of its own. An answer of OK holds whichever copy it is to; a refusal
 * holds where it is to the last, which the service looks at after all the others: one of those may have been done. */
struct client_slot *client_queue_of_reply(struct client_queue *queue, uint64_t wire_id, bool *to_the_last);
void client_queue_free(struct client_queue *queue, struct client_slot *slot);
void client_queue_answered(struct client_queue *queue, struct client_slot *slot, int64_t now_ms);

/* Sends everything that has not been sent on this connection, in order. */
void client_queue_pump(struct client_queue *queue, struct client_link *link, int64_t now_ms);
/* Sends once more what should have been answered by now. */
void client_queue_ask_again(struct client_queue *queue, struct client_link *link, int64_t now_ms);

#endif
