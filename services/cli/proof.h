/* What jineng verify, backup and restore prove: each service's folder against its own log, and each follower's witness
 * against its upstream's. */
#ifndef CLI_PROOF_H
#define CLI_PROOF_H

#include "runtime/config.h"

struct proof_plan {
    const struct jn_config *config; /* of the folder that is proven */
    const char *bin;                /* folder of the programs jineng-NAME */
    const char *scratch;            /* where tables are rebuilt; NULL: $TMPDIR, else /var/tmp */
    const char *witness;            /* a folder that travels between the machines of a suite; NULL: none does */
    const char *heads;              /* where FOLLOWER.UPSTREAM.head are written; NULL: nowhere */
    const char *const *names;       /* services */
    size_t count;
};

struct proof_service {
    bool started;
    uint64_t blocks;
    int64_t time_ms;
    char hash[2 * 32 + 1];
};

struct proof {
    struct proof_service services[JN_PEERS_MAX]; /* in the order of the plan's names */
    size_t findings;
};

/* Prints a line a service and each finding to standard output. CLI_OK, CLI_REFUSED where something was found, or what
 * else to exit with, having said why. */
int proof_run(const struct proof_plan *plan, struct proof *out);

/* Neither the service's folder lies here nor its key: another machine of the suite runs it. */
bool proof_elsewhere(const struct jn_config *config, const char *service);

#endif
