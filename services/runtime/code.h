/* The codes of envelope.proto in short, and our own faults. */
#ifndef RUNTIME_CODE_H
#define RUNTIME_CODE_H

#include <stdio.h>
#include <stdlib.h>

#include "jineng/v1/envelope.pb-c.h"

enum jn_code {
    JN_OK = ENVELOPE__CODE__OK,
    JN_MALFORMED = ENVELOPE__CODE__MALFORMED,
    JN_UNKNOWN_METHOD = ENVELOPE__CODE__UNKNOWN_METHOD,
    JN_DENIED = ENVELOPE__CODE__DENIED,
    JN_NOT_FOUND = ENVELOPE__CODE__NOT_FOUND,
    JN_ALREADY_EXISTS = ENVELOPE__CODE__ALREADY_EXISTS,
    JN_CONFLICT = ENVELOPE__CODE__CONFLICT,
    JN_TOO_OLD = ENVELOPE__CODE__TOO_OLD,
    JN_WRONG_STATE = ENVELOPE__CODE__WRONG_STATE,
    JN_OUT_OF_LIMITS = ENVELOPE__CODE__OUT_OF_LIMITS,
    JN_NOT_YET = ENVELOPE__CODE__NOT_YET,
    JN_UNAVAILABLE = ENVELOPE__CODE__UNAVAILABLE,
    JN_TOO_LATE = ENVELOPE__CODE__TOO_LATE,
    JN_TOO_LARGE = ENVELOPE__CODE__TOO_LARGE,
    JN_RING_FENCED = ENVELOPE__CODE__RING_FENCED,
    JN_SHORT_OF_FUNDS = ENVELOPE__CODE__SHORT_OF_FUNDS,
    JN_REFUSED = ENVELOPE__CODE__REFUSED,
};

/* A fault of ours: always compiled in, ends the process. Nothing that comes from outside may reach it. */
#define JN_ASSERT(condition)                                                                                           \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "jineng: assertion failed at %s:%d: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

#endif
