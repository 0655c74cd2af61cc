/* Receipts (凭据) of claims and refusals as files: made with the service's help, checked with nothing but the file and
 * the service's public key (proof.proto). */
#ifndef CLI_RECEIPT_H
#define CLI_RECEIPT_H

#include "cli/claim_name.h"
#include "cli/evidence.h"

/* Has the subsidy service issue one and writes it with its proof, the signed head and the pack. */
int receipt_make(struct suite *suite, const char *as, const struct claim_name *name, const char *path);

/* What it is held against beside its own sum. */
struct receipt_wanted {
    const char *packs; /* a folder of pack files, whose pack of that id must be the same one; NULL: the receipt's own */
    uint64_t claim;    /* it must be this one's; 0: whosever it is */
};

/* Signature, membership in the log, the pack's digest, and the sum once more; prints what holds. */
int receipt_check(const Proof__Receipt *receipt, const char *path, const struct jn_sign_public *key,
                  const struct receipt_wanted *wanted, struct jn_arena *arena);
/* Whatever it says, believed or not; refused where it is not the claim's (0: any). */
int receipt_show(const Proof__Receipt *receipt, uint64_t claim, struct jn_arena *arena);

#endif
