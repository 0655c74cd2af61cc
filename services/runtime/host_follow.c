/* Feeds from upstreams: asked for, taken in, asked for again. */
#include "runtime/host.h"

#include <stdio.h>
#include <string.h>

#include "runtime/feed.h"
#include "runtime/proof.h"
#include "runtime/say.h"
#include "runtime/wire.h"

/* A request is repeated when no answer came for this long: whatever was lost, the question stands. Over a slow link an
 * answer takes its time: who would only ask again would have all of them sent and take in none. So he waits half as
 * long again as the last answer took, within these limits, and longer each time that he asks in vain. */
#define ASK_AGAIN_MS      1500
#define ASK_AGAIN_VAIN_MS 6000
#define ASK_AGAIN_SLOW_MS 15000
#define ASK_WAIT_MS       1000
/* An upstream that is silent for so long is dialled again; later after up to so long. */
#define REDIAL_MS     10000
#define REDIAL_MAX_MS 80000
/* Between two answers of an upstream, so that its small blocks become one of ours and share a sync; nothing is held
 * back while somebody awaits what it says. */
#define GATHER_MS 10

static int64_t
min_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t
max_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void
ask(struct jn_host *host, unsigned i)
{
    const struct jn_standing *standing = &host->store.fold->upstreams[i];
    struct jn_follower *follower = &host->followers[i];
    Runtime__FeedRequest feed = RUNTIME__FEED_REQUEST__INIT;
    Envelope__Request request = ENVELOPE__REQUEST__INIT;
    uint8_t body[512], frame[1024];
    uint32_t types[JN_EVENT_TYPES];

    feed.after = standing->block;
    feed.wait_ms = ASK_WAIT_MS;
    feed.head = follower->head_block;
    if (standing->known)
        feed.log = (ProtobufCBinaryData){JN_LOG_BYTES, (uint8_t *)(uintptr_t)standing->log};
    feed.types = types;
    for (size_t r = 0; r < host->service->reactions_count && feed.n_types < JN_EVENT_TYPES; r++) {
        if (strcmp(host->service->reactions[r].upstream, host->service->upstreams[i].name) == 0)
            types[feed.n_types++] = host->service->reactions[r].type;
    }
    request.id = ++follower->request;
    request.service = (char *)(uintptr_t)host->service->upstreams[i].name;
    request.method = (char *)(uintptr_t) "Feed";
    request.body.data = body;
    request.body.len = runtime__feed_request__pack(&feed, body);
    if (!host->net->ask(host, i, frame, envelope__request__pack(&request, frame)))
        return;
    follower->asked_ms = host->steady_ms;
    if (follower->first_ms == 0)
        follower->first_ms = host->steady_ms;
    else if (follower->patience_ms < ASK_AGAIN_VAIN_MS)
        follower->patience_ms = min_of(2 * follower->patience_ms, ASK_AGAIN_VAIN_MS);
}

/* It answered, whatever it said. */
static void
heard(struct jn_host *host, struct jn_follower *follower, bool to_the_last)
{
    int64_t since = to_the_last ? follower->asked_ms : follower->first_ms;
    int64_t took = since ? host->steady_ms - since : 0;

    follower->heard_ms = host->steady_ms;
    follower->redial_ms = min_of(max_of(2 * took, REDIAL_MS), REDIAL_MAX_MS);
    follower->patience_ms = min_of(max_of(took + took / 2, ASK_AGAIN_MS), ASK_AGAIN_SLOW_MS);
    follower->first_ms = follower->asked_ms = 0;
    follower->taken_us = host->now_us;
}

void
jn_follow_open(struct jn_host *host)
{
    for (unsigned i = 0; i < host->service->upstreams_count; i++) {
        host->followers[i].patience_ms = ASK_AGAIN_MS;
        host->followers[i].redial_ms = REDIAL_MS;
    }
}

/* What was asked is lost with the connection. */
static void
redial(struct jn_host *host, unsigned i)
{
    host->net->redial(host, i);
    host->followers[i].first_ms = host->followers[i].asked_ms = 0;
}

void
jn_follow_moved(struct jn_host *host)
{
    for (unsigned i = 0; i < host->service->upstreams_count; i++) {
        const struct jn_peer *now = jn_config_peer(host->config, host->service->upstreams[i].name);
        const struct jn_peer *dialled = &host->followers[i].dialled;

        if (!now || (!memcmp(now->key, dialled->key, JN_KEY_BYTES) && !strcmp(now->endpoint, dialled->endpoint)))
            continue;
        jn_say(JN_INFO, host->service->name, "upstream=%s endpoint=%s moved=yes", now->name, now->endpoint);
        redial(host, i);
    }
}

static void
redial_where_silent(struct jn_host *host, unsigned i)
{
    struct jn_follower *follower = &host->followers[i];

    if (host->steady_ms - follower->heard_ms < follower->redial_ms)
        return;
    jn_say(JN_INFO, host->service->name, "upstream=%s silent_ms=%lld dialled=again", host->service->upstreams[i].name,
           (long long)(host->steady_ms - follower->heard_ms));
    redial(host, i);
    follower->redial_ms = min_of(2 * follower->redial_ms, REDIAL_MAX_MS);
}

static bool
somebody_awaits(const struct jn_host *host, unsigned upstream)
{
    for (size_t i = 0; i < host->waiters_top; i++) {
        const struct jn_waiter *waiter = &host->waiters[i];

        if (waiter->used && !waiter->is_feed && waiter->await[upstream] > host->store.fold->upstreams[upstream].block)
            return true;
    }
    for (size_t i = 0; i < JN_HELD_MAX && host->held_count > 0; i++) {
        if (host->held[i].used && host->held[i].await[upstream] > host->store.fold->upstreams[upstream].block)
            return true;
    }
    return false;
}

void
jn_follow_ask(struct jn_host *host)
{
    for (unsigned i = 0; i < host->service->upstreams_count; i++) {
        struct jn_follower *follower = &host->followers[i];

        if (follower->broken || host->hold_until_ms > host->steady_ms) {
            follower->heard_ms = host->steady_ms;
            continue;
        }
        redial_where_silent(host, i);
        if (follower->asked_ms != 0 && host->steady_ms - follower->asked_ms < follower->patience_ms)
            continue;
        if (host->now_us - follower->taken_us < GATHER_MS * 1000 && !somebody_awaits(host, i)) {
            host->net->wake(host, GATHER_MS); /* the turn that follows asks */
            continue;
        }
        ask(host, i);
    }
}

static void
complain(struct jn_host *host, unsigned i, const char *reason)
{
    if (!host->followers[i].complained)
        jn_say(JN_WARNING, host->service->name, "upstream=%s feed=refused reason=\"%s\"",
               host->service->upstreams[i].name, reason);
    host->followers[i].complained = true;
}

/* ---- Signed heads ---- */

/* What an upstream says that it has signed; whose signature it is, is looked at by who has its public key. */
static void
hear_head(struct jn_host *host, unsigned i, const ProtobufCBinaryData *bytes)
{
    struct jn_follower *follower = &host->followers[i];
    const Proof__SignedHead *signed_head;
    const Proof__Head *head;

    if (bytes->len == 0 || bytes->len > JN_HEAD_BYTES_MAX)
        return;
    signed_head = (const void *)proof__signed_head__unpack(&host->scratch.allocator, bytes->len, bytes->data);
    head = signed_head ? jn_head_read(signed_head, &host->scratch) : NULL;
    if (!head || strcmp(head->service, host->service->upstreams[i].name) != 0 || head->block <= follower->head_block)
        return;
    follower->head_block = follower->heard.block = head->block;
    memcpy(follower->heard.log, head->log.data, JN_LOG_BYTES);
    memcpy(follower->heard.hash.bytes, head->hash.data, JN_HASH_BYTES);
    memcpy(follower->heard.signed_head.bytes, bytes->data, bytes->len);
    follower->heard.signed_head.length = bytes->len;
}

/* When its block is reached it must be the one that was read: who signs another history than he hands out is told
 * apart here. */
static bool
reach_head(struct jn_host *host, unsigned i)
{
    const struct jn_standing *standing = &host->store.fold->upstreams[i];
    struct jn_follower *follower = &host->followers[i];
    const struct jn_heard_head *heard = &follower->heard;

    if (heard->block == 0 || standing->block < heard->block)
        return true;
    if (standing->block > heard->block) {
        follower->heard.block = 0;
        return true;
    }
    follower->heard.block = 0;
    if (memcmp(heard->log, standing->log, JN_LOG_BYTES) != 0 ||
        memcmp(&heard->hash, &standing->hash, sizeof(heard->hash)) != 0) {
        jn_say(JN_ERROR, host->service->name,
               "upstream=%s feed=broken reason=\"block %llu is another one than it signed\"",
               host->service->upstreams[i].name, (unsigned long long)standing->block);
        follower->broken = true;
        jn_fold_abandon(host->store.fold);
        return false;
    }
    host->store.fold->heads[i] = heard->signed_head;
    return true;
}

/* ---- Blocks ---- */

static bool
take_blocks(struct jn_host *host, unsigned i, const Runtime__FeedBatch *batch)
{
    struct jn_fold *fold = host->store.fold;

    for (size_t b = 0; b < batch->n_blocks; b++) {
        char error[JN_ERROR_TEXT];

        if (!jn_fold_roomy(fold))
            return true; /* the rest is asked for again */
        if (!jn_fold_feed(fold, i, batch->blocks[b], error)) {
            jn_say(JN_ERROR, host->service->name, "upstream=%s feed=broken reason=\"%s\"",
                   host->service->upstreams[i].name, error);
            host->followers[i].broken = strstr(error, "no room") == NULL;
            host->followers[i].asked_ms = host->steady_ms; /* not at once again */
            jn_fold_abandon(fold);
            return false;
        }
        host->counters[COUNTER_UPSTREAM]++;
        if (!reach_head(host, i))
            return false;
    }
    return true;
}

static bool
goes_on(const struct jn_host *host, unsigned i, const Runtime__FeedBatch *batch)
{
    ProtobufCAllocator *memory = (ProtobufCAllocator *)(uintptr_t)&host->scratch.allocator;
    const Envelope__BlockHeader *first;

    if (!batch || batch->n_blocks == 0)
        return false;
    first = envelope__block_header__unpack(memory, batch->blocks[0]->header.len, batch->blocks[0]->header.data);
    return first && first->number == host->store.fold->upstreams[i].block + 1;
}

bool
jn_follow_take(struct jn_host *host, unsigned i, const void *bytes, size_t length)
{
    struct jn_follower *follower = &host->followers[i];
    const char *fault;
    const Envelope__Reply *reply =
        jn_wire_unpack(&envelope__reply__descriptor, bytes, length, false, &host->scratch, &fault);
    const Runtime__FeedBatch *batch;
    bool last;

    if (!reply || host->hold_until_ms > host->steady_ms)
        return true;
    last = reply->id == follower->request;
    if (!last && reply->code != ENVELOPE__CODE__OK)
        return true; /* to an earlier question; this one is answered too */
    /* From a service of the suite, over its authenticated connection: bounded by the frame, its counts are its own
     * affair. */
    batch =
        reply->code != ENVELOPE__CODE__OK
            ? NULL
            : (const void *)runtime__feed_batch__unpack(&host->scratch.allocator, reply->body.len, reply->body.data);
    /* What goes on from here is as good an answer to an earlier question as to the last. */
    if (!last && !goes_on(host, i, batch))
        return true;
    heard(host, follower, last);
    if (reply->code != ENVELOPE__CODE__OK) {
        complain(host, i, reply->reason);
        follower->asked_ms = host->steady_ms; /* not at once again */
        return true;
    }
    follower->complained = false;
    if (batch)
        hear_head(host, i, &batch->signed_head);
    return reach_head(host, i) && (!goes_on(host, i, batch) || take_blocks(host, i, batch));
}
