/* Receipts (凭据) of claims and refusals as files: made with the service's help, checked with nothing but the file and
 * the service's public key (proof.proto). */
#ifndef CLI_RECEIPT_H
#define CLI_RECEIPT_H

#include "cli/claim_name.h"
#include "cli/evidence.h"

/* Has the subsidy service issue one and writes it with its proof, the signed head and the pack. */
int receipt_make(struct suite *suite, const char *as, const struct claim_name *name, const char *path);

/* Signature, membership in the log, the pack's digest, and the sum once more; prints what holds. packs: a folder of
 * pack files, whose pack of that id must be the same one; NULL: the pack in the receipt is used. */
int receipt_check(const Proof__Receipt *receipt, const char *path, const struct jn_sign_public *key, const char *packs,
                  struct jn_arena *arena);
/* Whatever it says, believed or not. */
int receipt_show(const Proof__Receipt *receipt, struct jn_arena *arena);

#endif
