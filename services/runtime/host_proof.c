/* What a service says of its log to those who would prove something by it (runtime.proto: Head, Prove, Extend). */
#include "runtime/host.h"

#include <string.h>

#include "runtime/feed.h"
#include "runtime/history.h"
#include "runtime/proof.h"

#define NOTHING_YET "there is nothing in the log yet"
#define UNREADABLE  "this part of the log cannot be read any more; have its operator run jineng verify"

static struct jn_history
history_of(struct jn_host *host)
{
    return (struct jn_history){host->store.tables, host->store.log};
}

static ProtobufCBinaryData *
hashes(struct jn_host *host, const struct jn_hash *path, size_t length)
{
    ProtobufCBinaryData *out = jn_arena_take(&host->scratch, (length + 1) * sizeof(*out));
    struct jn_hash *copy = jn_arena_take(&host->scratch, (length + 1) * sizeof(*copy));

    for (size_t i = 0; i < length; i++) {
        copy[i] = path[i];
        out[i] = (ProtobufCBinaryData){JN_HASH_BYTES, copy[i].bytes};
    }
    return out;
}

/* ---- Head ---- */

/* Looked for until it is there: it may be made while the service runs. */
static bool
signer_there(struct jn_host *host)
{
    char error[JN_CONFIG_ERROR];

    if (!host->signer)
        host->signer = jn_signer_open(host->config->data, host->service->name, error);
    return host->signer != NULL;
}

/* Of the last block that is on the disk; what is under construction is none yet. A block is signed once, however many
 * ask. */
static bool
sign_head(struct jn_host *host)
{
    const struct jn_log_head *last = &host->store.log->head;
    const struct jn_history history = history_of(host);
    Proof__Head head = PROOF__HEAD__INIT;
    Proof__SignedHead signed_head;
    struct jn_hash root;
    size_t length;

    if (!jn_history_root(&history, last->block, &root))
        return false;
    head.service = (char *)(uintptr_t)host->service->name;
    head.log = (ProtobufCBinaryData){JN_LOG_BYTES, (uint8_t *)(uintptr_t)last->log};
    head.block = last->block;
    head.hash = (ProtobufCBinaryData){JN_HASH_BYTES, (uint8_t *)(uintptr_t)last->hash.bytes};
    head.time_ms = last->time_ms;
    head.history = (ProtobufCBinaryData){JN_HASH_BYTES, root.bytes};
    if (!jn_head_sign(host->signer, &head, &host->scratch, &signed_head))
        return false;
    length = proof__signed_head__get_packed_size(&signed_head);
    JN_ASSERT(length <= sizeof(host->head));
    host->head_length = proof__signed_head__pack(&signed_head, host->head);
    host->head_block = last->block;
    return true;
}

/* Followers keep what they are given in their logs: so much is enough to hold a service to its history. */
#define HEAD_EVERY_MS 10000

bool
jn_head_due(const struct jn_host *host)
{
    return host->head_block != host->store.log->head.block && host->steady_ms >= host->head_due_ms &&
           host->waiters_top > 0;
}

void
jn_head_renew(struct jn_host *host)
{
    host->head_due_ms = host->steady_ms + HEAD_EVERY_MS;
    if (signer_there(host))
        sign_head(host);
    jn_arena_reset(&host->scratch);
}

void
jn_handle_head(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    (void)who;
    (void)message;
    if (host->store.log->head.block == 0)
        jn_parcel_refuse(host, parcel, JN_NOT_YET, NOTHING_YET);
    else if (!signer_there(host))
        jn_parcel_refuse(host, parcel, JN_WRONG_STATE,
                         "this service has no signing key that it can use: its operator makes one with jineng keys "
                         "sign, and sees with jineng keys public what is wrong with one that is there");
    else if (host->head_block != host->store.log->head.block && !sign_head(host))
        jn_parcel_refuse(host, parcel, JN_WRONG_STATE, UNREADABLE);
    else
        jn_parcel_reply(host, parcel, JN_OK, "", (struct jn_slice){host->head, host->head_length});
}

/* ---- Prove ---- */

static const Envelope__Block *
read_block(struct jn_host *host, uint64_t number)
{
    struct jn_log *log = host->store.log;
    const Envelope__Block *block = NULL;
    const void *bytes;
    size_t length;

    if (log->read(log, number, &bytes, &length))
        block = envelope__block__unpack(&host->scratch.allocator, length, bytes);
    log->end_read(log);
    return block;
}

static bool
may_read(const struct jn_host *host, const struct jn_agency *who, const ProtobufCBinaryData *record)
{
    struct jn_event_set readable = jn_feed_readable(host->service, who);

    return jn_event_set_has(&readable, jn_feed_type(record));
}

/* From the record's leaf to the block's root. */
static void
path_to_root(struct jn_host *host, const Envelope__Block *block, uint64_t number, Proof__Proof *out)
{
    struct jn_hash *leaves = jn_arena_take(&host->scratch, block->n_records * sizeof(*leaves)), of_block;
    struct jn_hash path[JN_PATH_MAX_HASHES];

    jn_hash_leaves(host->store.log->head.secret, number, block->records, block->n_records, leaves);
    jn_salt_of_block(host->store.log->head.secret, number, &of_block);
    out->salt = (ProtobufCBinaryData){JN_SALT_BYTES, jn_arena_take(&host->scratch, JN_SALT_BYTES)};
    jn_salt(&of_block, out->index, out->salt.data);
    out->n_path = jn_merkle_path(JN_NODE_RECORDS, leaves, block->n_records, out->index, path);
    out->path = hashes(host, path, out->n_path);
}

/* False where the tables or the log cannot be read there. */
static bool
prove(struct jn_host *host, const Envelope__Block *block, const Runtime__ProveRequest *request, Proof__Proof *out)
{
    const struct jn_history history = history_of(host);
    struct jn_hash path[JN_PATH_MAX_HASHES];

    out->service = (char *)(uintptr_t)host->service->name;
    out->head = request->head ? request->head : host->store.log->head.block;
    out->header = block->header;
    out->index = request->index;
    out->record = block->records[request->index];
    path_to_root(host, block, request->block, out);
    if (!jn_history_path(&history, request->block, out->head, path, &out->n_history))
        return false;
    out->history = hashes(host, path, out->n_history);
    return true;
}

void
jn_handle_prove(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    const Runtime__ProveRequest *request = message;
    const uint64_t last = host->store.log->head.block;
    const Envelope__Block *block = NULL;
    Proof__Proof proof = PROOF__PROOF__INIT;

    if (request->block == 0 || request->head > last || (request->head && request->head < request->block)) {
        jn_parcel_refuse(host, parcel, JN_MALFORMED,
                         "blocks count from 1, and a proof leads to a head of its block or a later one that there is");
        return;
    }
    if (request->block <= last)
        block = read_block(host, request->block);
    if (!block || request->index >= block->n_records || !may_read(host, who, &block->records[request->index])) {
        jn_parcel_refuse(host, parcel, JN_NOT_FOUND, "there is no such record, or it is none that this key may read");
        return;
    }
    if (prove(host, block, request, &proof))
        jn_parcel_reply(host, parcel, JN_OK, "", jn_message_pack(&host->scratch, &proof.base));
    else
        jn_parcel_refuse(host, parcel, JN_WRONG_STATE, UNREADABLE);
}

/* ---- Extend ---- */

void
jn_handle_extend(struct jn_host *host, struct jn_parcel *parcel, const struct jn_agency *who, const void *message)
{
    const Runtime__ExtendRequest *request = message;
    const struct jn_history history = history_of(host);
    const uint64_t last = host->store.log->head.block;
    Proof__Extension extension = PROOF__EXTENSION__INIT;
    struct jn_hash path[JN_PATH_MAX_HASHES];

    (void)who;
    extension.service = (char *)(uintptr_t)host->service->name;
    extension.from = request->from;
    extension.to = request->to ? request->to : last;
    if (extension.from == 0 || extension.from > extension.to || extension.to > last) {
        jn_parcel_refuse(host, parcel, JN_MALFORMED,
                         "name two heads that this log has had, the earlier one first; has it been restored?");
        return;
    }
    if (!jn_history_extension(&history, extension.from, extension.to, path, &extension.n_path)) {
        jn_parcel_refuse(host, parcel, JN_WRONG_STATE, UNREADABLE);
        return;
    }
    extension.path = hashes(host, path, extension.n_path);
    jn_parcel_reply(host, parcel, JN_OK, "", jn_message_pack(&host->scratch, &extension.base));
}
