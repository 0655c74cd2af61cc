/* Signed heads, proofs and extensions. */
#include "runtime/proof.h"

#include <string.h>

#include "runtime/merkle.h"
#include "runtime/wire.h"

/* ---- Files ---- */

static const struct {
    const char *line;
    const ProtobufCMessageDescriptor *message;
} kinds[] = {
    [JN_EVIDENCE_NONE] = {"", NULL},
    [JN_EVIDENCE_HEAD] = {JN_HEAD_LINE, &proof__signed_head__descriptor},
    [JN_EVIDENCE_PROOF] = {"jineng proof 1\n", &proof__proof__descriptor},
    [JN_EVIDENCE_EXTENSION] = {"jineng extension 1\n", &proof__extension__descriptor},
    [JN_EVIDENCE_RECEIPT] = {"jineng receipt 1\n", &proof__receipt__descriptor},
};

enum jn_evidence
jn_evidence_kind(const void *file, size_t length)
{
    for (unsigned kind = JN_EVIDENCE_HEAD; kind <= JN_EVIDENCE_RECEIPT; kind++) {
        size_t line = strlen(kinds[kind].line);

        if (length >= line && memcmp(file, kinds[kind].line, line) == 0)
            return (enum jn_evidence)kind;
    }
    return JN_EVIDENCE_NONE;
}

/* What could be written in two ways could be changed without notice. */
static const void *
unpack_canonical(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t length,
                 struct jn_arena *arena)
{
    const char *fault;
    const void *message = jn_wire_unpack(descriptor, bytes, length, true, arena, &fault);
    uint8_t *again;

    if (!message || protobuf_c_message_get_packed_size(message) != length)
        return NULL;
    again = jn_arena_take(arena, length + 1);
    protobuf_c_message_pack(message, again);
    return !arena->spent && (length == 0 || memcmp(again, bytes, length) == 0) ? message : NULL;
}

const void *
jn_evidence_read(enum jn_evidence kind, const void *file, size_t length, struct jn_arena *arena)
{
    size_t line = strlen(kinds[kind].line);

    if (kind == JN_EVIDENCE_NONE || length > JN_EVIDENCE_BYTES_MAX || jn_evidence_kind(file, length) != kind)
        return NULL;
    return unpack_canonical(kinds[kind].message, (const uint8_t *)file + line, length - line, arena);
}

struct jn_slice
jn_evidence_write(enum jn_evidence kind, const void *message, struct jn_arena *arena)
{
    size_t line = strlen(kinds[kind].line), length = line + protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = jn_arena_take(arena, length);

    JN_ASSERT(((const ProtobufCMessage *)message)->descriptor == kinds[kind].message);
    memcpy(bytes, kinds[kind].line, line);
    protobuf_c_message_pack(message, bytes + line);
    return (struct jn_slice){bytes, length};
}

/* ---- Heads ---- */

/* "jineng head 1\n" || head: a signature over anything else that the suite may come to sign is none over a head. */
static struct jn_slice
signed_bytes(const ProtobufCBinaryData *head, struct jn_arena *arena)
{
    size_t line = strlen(JN_HEAD_LINE);
    uint8_t *bytes = jn_arena_take(arena, line + head->len);

    memcpy(bytes, JN_HEAD_LINE, line);
    if (head->len > 0)
        memcpy(bytes + line, head->data, head->len);
    return (struct jn_slice){bytes, line + head->len};
}

bool
jn_head_sign(struct jn_signer *signer, const Proof__Head *head, struct jn_arena *arena, Proof__SignedHead *out)
{
    struct jn_slice bytes;

    proof__signed_head__init(out);
    out->head.len = proof__head__get_packed_size(head);
    out->head.data = jn_arena_take(arena, out->head.len);
    proof__head__pack(head, out->head.data);
    bytes = signed_bytes(&out->head, arena);
    out->signature = (ProtobufCBinaryData){JN_SIGNATURE_BYTES, jn_arena_take(arena, JN_SIGNATURE_BYTES)};
    return jn_sign(signer, bytes.bytes, bytes.length, out->signature.data);
}

const Proof__Head *
jn_head_read(const Proof__SignedHead *signed_head, struct jn_arena *arena)
{
    const Proof__Head *head =
        unpack_canonical(&proof__head__descriptor, signed_head->head.data, signed_head->head.len, arena);

    return head && head->log.len == JN_LOG_BYTES && head->hash.len == JN_HASH_BYTES &&
                   head->history.len == JN_HASH_BYTES && head->block > 0 && head->block <= INT64_MAX
               ? head
               : NULL;
}

const struct jn_misfit *
jn_head_check(const Proof__SignedHead *signed_head, const struct jn_sign_public *key, struct jn_arena *arena,
              const Proof__Head **out)
{
    static const struct jn_misfit
        form = {"the head is not well-formed", "签名头格式不符"},
        forged = {"the signature is not this key's over this head: another service's key, or it was changed",
                  "签名与公钥不符：不是该服务的公钥，或签名头被改动"};
    struct jn_slice bytes = signed_bytes(&signed_head->head, arena);

    *out = jn_head_read(signed_head, arena);
    if (!*out || signed_head->signature.len != JN_SIGNATURE_BYTES)
        return &form;
    return jn_signed(key, bytes.bytes, bytes.length, signed_head->signature.data) ? NULL : &forged;
}

/* ---- Proofs ---- */

/* The hashes as they lie in a message; NULL where one has not the length of a hash, or they are too many. */
static const struct jn_hash *
hashes_of(const ProtobufCBinaryData *items, size_t count, struct jn_hash out[JN_PATH_MAX_HASHES])
{
    if (count > JN_PATH_MAX_HASHES)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (items[i].len != JN_HASH_BYTES)
            return NULL;
        memcpy(out[i].bytes, items[i].data, JN_HASH_BYTES);
    }
    return out;
}

static bool
equal(const ProtobufCBinaryData *bytes, const void *other, size_t length)
{
    return bytes->len == length && memcmp(bytes->data, other, length) == 0;
}

/* The record is under its block's root. */
static const struct jn_misfit *
record_misfit(const Proof__Proof *proof, const Envelope__BlockHeader *header)
{
    static const struct jn_misfit
        form = {"its salt or a hash of its path has not the right length", "盐值或路径长度不符"},
        outside = {"the record is not under the root of its block: record, salt, place or path was changed",
                   "记录不在该区块之内：记录、盐值、序号或路径被改动"};
    struct jn_hash path[JN_PATH_MAX_HASHES], leaf, root;

    if (proof->salt.len != JN_SALT_BYTES || !hashes_of(proof->path, proof->n_path, path))
        return &form;
    jn_hash_leaf(proof->salt.data, proof->record.data, proof->record.len, &leaf);
    if (!jn_merkle_root_of_path(JN_NODE_RECORDS, &leaf, proof->index, header->events, path, proof->n_path, &root) ||
        !equal(&header->events_root, root.bytes, sizeof(root)))
        return &outside;
    return NULL;
}

/* The block is under the head's history. */
static const struct jn_misfit *
block_misfit(const Proof__Proof *proof, const Envelope__BlockHeader *header, const Proof__Head *head)
{
    static const struct jn_misfit
        form = {"a hash of its history has not the right length", "历史路径长度不符"},
        outside = {"the block is not in the log that the head stands for: header or history was changed",
                   "区块不在签名头所代表的日志之内：区块头或历史路径被改动"};
    struct jn_hash path[JN_PATH_MAX_HASHES], block, root;

    if (!hashes_of(proof->history, proof->n_history, path))
        return &form;
    jn_hash_header(proof->header.data, proof->header.len, &block);
    if (!jn_merkle_root_of_path(JN_NODE_HISTORY, &block, header->number - 1, head->block, path, proof->n_history,
                                &root) ||
        !equal(&head->history, root.bytes, sizeof(root)) ||
        (header->number == head->block && !equal(&head->hash, block.bytes, sizeof(block))))
        return &outside;
    return NULL;
}

const struct jn_misfit *
jn_proof_check(const Proof__Proof *proof, const Proof__Head *head, struct jn_arena *arena, struct jn_proven *out)
{
    static const struct jn_misfit
        service = {"the head is another service's", "签名头属于另一服务"},
        other = {"the proof leads to another head of this service: take the head that it was made for, or have "
                 "it made for this one",
                 "证明对应该服务的另一签名头：请取用对应的签名头，或就此签名头重新出具证明"},
        unreadable = {"its block's header or its record cannot be read", "区块头或记录无法读取"},
        log = {"its block is of another log than the head", "区块与签名头不属于同一日志"};
    const struct jn_misfit *misfit;
    const char *fault;

    out->header = jn_wire_unpack(&envelope__block_header__descriptor, proof->header.data, proof->header.len, false,
                                 arena, &fault);
    out->record =
        jn_wire_unpack(&envelope__record__descriptor, proof->record.data, proof->record.len, false, arena, &fault);
    if (strcmp(proof->service, head->service) != 0)
        return &service;
    if (proof->head != head->block)
        return &other;
    if (!out->header || !out->record)
        return &unreadable;
    if (!equal(&out->header->log, head->log.data, head->log.len) || out->header->number == 0)
        return &log;
    misfit = record_misfit(proof, out->header);
    return misfit ? misfit : block_misfit(proof, out->header, head);
}

const struct jn_misfit *
jn_heads_check(const Proof__Head *from, const Proof__Head *to)
{
    static const struct jn_misfit log = {"the heads are of two logs: of two services, or of one that was begun anew",
                                         "两个签名头不属于同一日志"},
                                  back = {"the later head stands before the earlier one", "较新的签名头反而在前"};

    if (strcmp(from->service, to->service) != 0 || !equal(&from->log, to->log.data, to->log.len))
        return &log;
    return from->block > to->block || from->time_ms > to->time_ms ? &back : NULL;
}

const struct jn_misfit *
jn_extension_check(const Proof__Extension *extension, const Proof__Head *from, const Proof__Head *to)
{
    static const struct jn_misfit heads = {"it is not between these two heads", "扩展证明不对应这两个签名头"},
                                  changed = {"the later log does not begin with the earlier one: history was changed",
                                             "较新的日志并非较旧日志的延续：历史被改动"};
    const struct jn_misfit *misfit = jn_heads_check(from, to);
    struct jn_hash path[JN_PATH_MAX_HASHES], before, after;

    if (misfit)
        return misfit;
    if (strcmp(extension->service, to->service) != 0 || extension->from != from->block || extension->to != to->block ||
        !hashes_of(extension->path, extension->n_path, path))
        return &heads;
    memcpy(before.bytes, from->history.data, sizeof(before));
    memcpy(after.bytes, to->history.data, sizeof(after));
    if (!jn_merkle_extends(JN_NODE_HISTORY, from->block, &before, to->block, &after, path, extension->n_path) ||
        (from->block == to->block && !equal(&from->hash, to->hash.data, to->hash.len)))
        return &changed;
    return NULL;
}
