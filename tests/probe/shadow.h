/* A service that follows the probe: what it saw of each inbox, so that tests can tell once from never and from twice.
 */
#ifndef PROBE_SHADOW_H
#define PROBE_SHADOW_H

#include "runtime/fold.h"

extern const struct jn_service shadow;

#endif
