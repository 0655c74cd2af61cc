/* The host of a fold: one libuv loop, a ROUTER for commands, queries and feeds, a DEALER for each upstream, CURVE on
 * all of them. */
#ifndef RUNTIME_HOST_H
#define RUNTIME_HOST_H

#include <uv.h>
#include <zmq.h>

#include "runtime/config.h"
#include "runtime/feed.h"
#include "runtime/metrics.h"
#include "runtime/sign.h"
#include "runtime/store.h"

/* Messages taken in one turn of the loop: what they do is one block, one sync. */
#define JN_TURN_MESSAGES 2048
#define JN_WAITERS_MAX   256
#define JN_HELD_MAX      1024
/* Of the places to wait for a feed, those that only the suite's own services get: they follow whatever others do. */
#define JN_WAITERS_OF_SUITE 16
/* A key may have this much of what waits, given what others have: half of what they leave. However many one takes, the
 * next finds room. */
#define JN_SHARE(places, of_others) (((places) - (of_others)) / 2)
#define JN_HOUSEKEEPING_MS          250

enum { SOCKET_ZAP, SOCKET_ROUTER, SOCKET_UPSTREAM, SOCKETS_MAX = SOCKET_UPSTREAM + JN_UPSTREAMS_MAX };

struct jn_socket {
    void *zmq;
    uv_poll_t poll; /* wakes the loop, no more: ZMQ_EVENTS is the socket's state */
    bool polling;
};

/* A reply that waits for the sync of what it tells. */
struct jn_parcel {
    zmq_msg_t route, frame;
    bool sendable;  /* frame is set */
    bool let_in;    /* its sender may do what it asks for */
    uint64_t block; /* the one that made it so; 0: the log's head */
    uint64_t id;
    int64_t arrived_us;
    struct jn_method_metrics *metrics;
};

/* A feed request or an Await that has nothing to be told yet. */
struct jn_waiter {
    bool used, is_feed;
    bool of_suite; /* one of its services asks */
    uint8_t route[16];
    size_t route_length;
    uint64_t id;
    uint8_t key[JN_KEY_BYTES]; /* whose; judged again when he is answered */
    int64_t until_ms;
    struct jn_event_set types; /* wanted */
    uint8_t log[JN_LOG_BYTES];
    bool log_known;
    uint64_t after, head;
    uint64_t await[JN_UPSTREAMS_MAX]; /* by upstream index; 0: does not matter */
};

/* A request that is to be looked at when its upstreams have been read so far. */
struct jn_held {
    bool used;
    zmq_msg_t route;
    uint8_t *frame; /* its own copy */
    size_t length;
    uint8_t key[JN_KEY_BYTES];
    int64_t until_ms, arrived_us;
    uint64_t id;
    uint64_t ticket; /* they are looked at in the order in which they came */
    uint64_t await[JN_UPSTREAMS_MAX];
    int64_t not_before_ms;
};

struct jn_host;

struct jn_follower {
    struct jn_peer dialled; /* where its socket is connected to, and which key must be there */
    int64_t first_ms;       /* when the question that is out was asked first; 0: none is out */
    int64_t asked_ms;       /* and last; 0: none is out */
    int64_t patience_ms;    /* it is asked again after this long */
    int64_t heard_ms;       /* when it last answered, or was dialled */
    int64_t redial_ms;      /* it is dialled again when silent for this long */
    int64_t taken_us;       /* when the last answer was taken in */
    uint64_t request;
    bool broken; /* the upstream's history does not continue: an operator must look */
    bool complained;
    struct jn_heard_head {
        uint64_t block; /* 0: none */
        uint8_t log[JN_LOG_BYTES];
        struct jn_hash hash;
        struct jn_kept_head signed_head;
    } heard;             /* newer than what was read so far: it is kept when that block is reached */
    uint64_t head_block; /* of the newest that was heard since the start; 0: none */
};

/* The network and the clock as a turn of the loop sees them: sockets (host_net.c), or what a simulation puts there. */
struct jn_net {
    void (*begin)(struct jn_host *host); /* a turn begins: sets now_ms, steady_ms and now_us, lets in who knocks */
    int64_t (*monotonic_us)(const struct jn_host *host);
    uint64_t (*spent_us)(struct jn_host *host);            /* what this thread has had of the processor */
    void (*wake)(struct jn_host *host, unsigned after_ms); /* a turn is wanted then, if none comes before */
    /* The next request; false where none waits. Route and frame are the caller's to close, in either case; a message of
     * other frames than these has an empty one. `key` is what the connection showed; zeros where it showed none. */
    bool (*receive)(struct jn_host *host, zmq_msg_t *route, zmq_msg_t *frame, uint8_t key[JN_KEY_BYTES]);
    /* Takes route and frame. False where nobody is there or he does not read: he will ask again and be told the same.
     */
    bool (*reply)(struct jn_host *host, zmq_msg_t *route, zmq_msg_t *frame);
    /* To an upstream, and its next answer: false where it cannot be sent now, where none waits. */
    bool (*ask)(struct jn_host *host, unsigned upstream, const void *frame, size_t length);
    bool (*hear)(struct jn_host *host, unsigned upstream, zmq_msg_t *frame);
    /* Connects an upstream anew, to where the configuration has it now. libzmq gives a connection up for good where
     * what it is sent cannot be read, and where its key is not admitted: be it that a byte was altered on the way, or
     * that the upstream learns of a new key a moment later. */
    void (*redial)(struct jn_host *host, unsigned upstream);
};
extern const struct jn_net jn_net_sockets;

/* What came and was not looked at yet. A key may have half of what the others leave: where three have filled their
 * shares, as much as a client may have under way, 4,096. */
#define JN_INTAKE_MAX   (1 << 16)
#define JN_INTAKE_BYTES ((size_t)256 << 20)
#define JN_TRAYS_MAX    (JN_AGENCIES_MAX + 1) /* and one for keys that are known no more */

struct jn_letter {
    zmq_msg_t route, frame;
    int64_t arrived_us;
    uint32_t next; /* in its tray, or among the free; 0: none */
};

struct jn_tray {
    uint8_t key[JN_KEY_BYTES];
    uint32_t first, last;
    size_t count, bytes;
    uint64_t cost_us; /* of its messages so far; who had none waiting begins where the others are */
};

struct jn_intake {
    struct jn_letter letters[JN_INTAKE_MAX + 1];
    struct jn_tray trays[JN_TRAYS_MAX];
    size_t trays_used; /* ever */
    uint32_t free, used;
    size_t count, bytes;
    uint64_t cost_us; /* of the tray that was served last, before that */
};

/* The messages of one key that are looked at one behind the other in a turn. */
struct jn_row {
    uint8_t key[JN_KEY_BYTES];
    size_t length;
    bool others;       /* in this turn another key was heard */
    int64_t others_ms; /* when one was heard last */
    int64_t began_us;  /* the turn's messages were */
};

/* Which state of the configuration's file. */
struct jn_config_stamp {
    int64_t changed_ns, bytes;
    uint64_t inode;
};

struct jn_host {
    const struct jn_service *service;
    const struct jn_net *net;
    struct jn_config *config;
    struct jn_keypair keys;
    struct jn_store store;
    void *context;
    uv_loop_t loop;
    uv_prepare_t prepare;
    uv_check_t check;
    uv_idle_t idle;
    uv_timer_t housekeeping, gather;
    uv_signal_t on_term, on_int;
    uv_work_t checkpoint_work;
    bool checkpointing, closing, disk_full;
    uint64_t checkpoint_block;
    struct jn_config_stamp config_taken, config_refused;
    int64_t reader_check_ms;
    int64_t no_room_us; /* when a block last found none; 0: never */
    struct jn_socket sockets[SOCKETS_MAX];
    size_t sockets_count;
    struct jn_follower followers[JN_UPSTREAMS_MAX];
    int64_t hold_until_ms;
    struct jn_parcel parcels[JN_TURN_MESSAGES];
    size_t parcels_count;
    bool open; /* a block is under construction */
    uint64_t turns;
    struct jn_row row;
    int64_t fed_us; /* when somebody who is none of the suite's services was sent of the log */
    size_t feed_rotation;
    struct jn_intake intake;
    struct jn_waiter waiters[JN_WAITERS_MAX];
    size_t waiters_top; /* all that are used stand below it */
    struct jn_held held[JN_HELD_MAX];
    size_t held_count;
    uint64_t held_tickets;
    struct jn_arena scratch;
    uint64_t counters[COUNTERS_COUNT];
    struct jn_method_metrics *methods; /* as service.methods, then the runtime's */
    int64_t now_ms; /* the wall clock, taken once a turn: what is written down, and when keys expire */
    int64_t now_us, steady_ms, started_ms; /* one that never steps, in both units: how long somebody has waited */
    struct jn_signer *signer;              /* NULL until a head was asked for */
    uint64_t head_block;                   /* which was signed last; 0: none */
    uint8_t head[JN_HEAD_BYTES_MAX];       /* proof.SignedHead */
    size_t head_length;
    int64_t head_due_ms; /* not before is another signed for followers */
};

/* Runs until SIGTERM or SIGINT; returns the exit code. */
int jn_host_run(const struct jn_service *service, struct jn_config *config);

/* host_net.c: sockets and who stands behind them. */
bool jn_net_open(struct jn_host *host, char error[JN_ERROR_TEXT]);
void jn_net_close(struct jn_host *host);
bool jn_net_readable(const struct jn_socket *socket);

/* host_intake.c: what has come, in trays by key. */
void jn_intake_receive(struct jn_host *host); /* all that waits in the socket */
/* The next, of the key that has cost least: its parcel is filled, *frame is the caller's. False where there is none. */
bool jn_intake_next(struct jn_host *host, struct jn_parcel *parcel, zmq_msg_t *frame, uint8_t key[JN_KEY_BYTES]);
bool jn_intake_alone(struct jn_host *host, const uint8_t key[JN_KEY_BYTES]); /* nobody else has anything waiting */
/* What a message of the key has cost. */
void jn_intake_charge(struct jn_host *host, const uint8_t key[JN_KEY_BYTES], uint64_t us);
void jn_intake_drop(struct jn_host *host);

/* A block found no room, a moment ago: whatever the disk's figures say, new work is refused until that has passed. */
bool jn_no_room_lately(const struct jn_host *host);

/* host_turn.c: a turn of the loop. */
void jn_turn(struct jn_host *host);
/* Were several keys heard a moment ago? Then none of them may take what it likes. */
#define JN_A_MOMENT_MS 1000
bool jn_others_heard(const struct jn_host *host);
void jn_turn_close(struct jn_host *host); /* commits what is open, cursors included */
/* Writes the block under construction, which is full, and begins the next. False where there was no room: who was to be
 * answered OK is told so instead. */
bool jn_turn_split(struct jn_host *host);

/* host_method.c: one message. */

/* The agency, where its key may be used now; else NULL. */
const struct jn_agency *jn_agency_usable(const struct jn_host *host, const struct jn_agency *agency);
void jn_method_handle(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *bytes,
                      size_t length);
void jn_parcel_reply(struct jn_host *host, struct jn_parcel *parcel, enum jn_code code, const char *reason,
                     struct jn_slice body);
void jn_parcel_refuse(struct jn_host *host, struct jn_parcel *parcel, enum jn_code code, const char *reason);

/* host_own.c: what every service answers. */
struct jn_own_method {
    const char *name; /* as in runtime.proto */
    void (*handle)(struct jn_host *, struct jn_parcel *, const struct jn_agency *, const void *message);
    uint32_t roles; /* who may call it */
    const ProtobufCMessageDescriptor *input;
};
extern const struct jn_own_method jn_own_methods[];
extern const size_t jn_own_methods_count;
struct jn_slice jn_standing_pack(struct jn_host *host);

/* host_proof.c: heads, proofs and extensions. */
/* Signs the head anew where followers are to have another. A block must be open. */
bool jn_head_due(const struct jn_host *host);
void jn_head_renew(struct jn_host *host);
void jn_handle_head(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message);
void jn_handle_prove(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message);
void jn_handle_extend(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message);

/* access_print.c: `method SERVICE.METHOD ROLE...` and `event SERVICE.EVENT [personal] ROLE...`, to standard output.
 * What is anyone's is of those who may read something of the feed. */
void jn_access_print(const struct jn_service *service);

/* host_hold.c: requests that name what must have been read before. */

/* JN_OK: nothing stands in the way. JN_NOT_YET: it is held, there is nothing to reply now. Else a refusal with its
 * sentence. */
enum jn_code jn_hold(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who,
                     const Envelope__Request *request, const void *frame, size_t length, const char **reason);
/* The next held request that may be looked at or has waited long enough: its parcel is filled, *frame is the caller's
 * to free. False where there is none. *who is NULL where its key may no longer be used, *expired where it waited in
 * vain. */
bool jn_held_next(struct jn_host *host, struct jn_parcel *parcel, uint8_t **frame, size_t *length,
                  const struct jn_agency **who, bool *expired);
void jn_held_drop(struct jn_host *host);

/* host_follow.c: feeds from upstreams. */
void jn_follow_open(struct jn_host *host); /* before the sockets are */
/* Upstreams that the configuration has elsewhere than before, or under another key, are dialled there. */
void jn_follow_moved(struct jn_host *host);
void jn_follow_ask(struct jn_host *host);
/* One answer from upstream i. False where it could not be taken in: the block under construction was abandoned. */
bool jn_follow_take(struct jn_host *host, unsigned i, const void *bytes, size_t length);

/* host_wait.c: those who wait for a feed, or for cursors. */
void jn_waiters_serve(struct jn_host *host);
bool jn_waiter_add(struct jn_host *host, struct jn_parcel *parcel, const struct jn_waiter *waiter);

#endif
