/* Traces printed: for people at a terminal. */
#ifndef POLICY_TRACE_PRINT_H
#define POLICY_TRACE_PRINT_H

#include <stdio.h>

#include "subsidy/policy/trace/trace.h"

/* How an item was decided over the facts, a sentence a line, closed by what came of it; item 0 prints every item. */
void trace_print(const Policy__Pack *pack, const struct facts *facts, const struct evaluation *evaluation, int item,
                 enum trace_language language, FILE *out);

#endif
