/* A reader of a service's feed that believes nothing: every header must continue the chain, every event must be under
 * its header. */
#ifndef CLI_FOLLOWER_H
#define CLI_FOLLOWER_H

#include "cli/suite.h"
#include "jineng/v1/runtime.pb-c.h"
#include "runtime/feed.h"

struct follower {
    struct jn_client *client;
    const uint32_t *types;
    size_t types_count;
    uint32_t wait_ms; /* how long a request waits for news */
    bool proven;      /* `standing` is where we stand; false before the first block */
    struct jn_standing standing;
    uint64_t head, events;
    void *context;
    /* False to stop. */
    bool (*each)(void *context, const Envelope__BlockHeader *header, const Runtime__FeedEvent *event);
};

/* One request and what it brings. CLI_OK, or what to exit with, having said why. */
int follower_step(struct follower *follower);

/* Starts with the block `from` (1 is the first): the one before it is read to know its hash. */
int follower_begin(struct follower *follower, uint64_t from);

#endif
