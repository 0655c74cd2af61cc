/* Signed heads, proofs and extensions (proto/jineng/v1/proof.proto) as files, and whether they hold: with nothing but
 * them and a public key. Nothing here opens a file, a socket or a configuration. */
#ifndef RUNTIME_PROOF_H
#define RUNTIME_PROOF_H

#include "jineng/v1/envelope.pb-c.h"
#include "jineng/v1/proof.pb-c.h"
#include "runtime/arena.h"
#include "runtime/engine.h"
#include "runtime/sign.h"

/* A record is at most a block's bytes; what goes with it is some 3 KiB. */
#define JN_EVIDENCE_BYTES_MAX (JN_BLOCK_BYTES_MAX + JN_FRAME_BYTES_MAX)
#define JN_HEAD_LINE          "jineng head 1\n"

/* Why it does not hold, in both languages. */
struct jn_misfit {
    const char *en, *zh;
};

/* What a file is, by its first line. */
enum jn_evidence { JN_EVIDENCE_NONE, JN_EVIDENCE_HEAD, JN_EVIDENCE_PROOF, JN_EVIDENCE_EXTENSION, JN_EVIDENCE_RECEIPT };
enum jn_evidence jn_evidence_kind(const void *file, size_t length);
/* The message of a file of that kind, which may be a forgery; NULL where it cannot be read, or is not as protobuf packs
 * it. */
const void *jn_evidence_read(enum jn_evidence kind, const void *file, size_t length, struct jn_arena *arena);
/* As a file, in the arena. */
struct jn_slice jn_evidence_write(enum jn_evidence kind, const void *message, struct jn_arena *arena);

/* What a service signs of its log. */
bool jn_head_sign(struct jn_signer *signer, const Proof__Head *head, struct jn_arena *arena, Proof__SignedHead *out);
/* The head in a signed one, where it is well-formed, whoever signed it; else NULL. */
const Proof__Head *jn_head_read(const Proof__SignedHead *signed_head, struct jn_arena *arena);

/* Each is NULL where it holds. *out points into the arena. */
const struct jn_misfit *jn_head_check(const Proof__SignedHead *signed_head, const struct jn_sign_public *key,
                                      struct jn_arena *arena, const Proof__Head **out);

struct jn_proven {
    const Envelope__BlockHeader *header;
    const Envelope__Record *record;
};
/* The head is one that was checked. */
const struct jn_misfit *jn_proof_check(const Proof__Proof *proof, const Proof__Head *head, struct jn_arena *arena,
                                       struct jn_proven *out);
/* Can the second be a later head of the first one's log? The extension tells whether it is. */
const struct jn_misfit *jn_heads_check(const Proof__Head *from, const Proof__Head *to);
const struct jn_misfit *jn_extension_check(const Proof__Extension *extension, const Proof__Head *from,
                                           const Proof__Head *to);

#endif
