/* A service of three methods, on which the runtime's promises are tried and its speed is measured. */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "runtime/fold.h"

extern const struct jn_service probe;

#endif
