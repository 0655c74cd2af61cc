/* A few services kept running: started, restarted with growing patience, stopped together. */
#ifndef CLI_SUPERVISOR_H
#define CLI_SUPERVISOR_H

#include "cli/suite.h"

struct supervisor_plan {
    struct suite *suite;
    const char *bin;          /* folder of the programs jineng-NAME */
    const char *const *names; /* services */
    size_t count;
};

/* Until SIGTERM or SIGINT, or until a service cannot start for its configuration. Returns the exit code. */
int supervisor_run(const struct supervisor_plan *plan);

#endif
