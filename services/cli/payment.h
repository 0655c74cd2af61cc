/* Where a claim's payment lies in the ledger's log. */
#ifndef CLI_PAYMENT_H
#define CLI_PAYMENT_H

#include "cli/suite.h"

struct payment {
    uint64_t block;
    uint32_t index;
};

/* CLI_OK, or what to exit with, having said why. */
int payment_find(struct jn_client *ledger, uint64_t claim, struct payment *out);

#endif
