/* What was registered of a seat (登记记录): what registered.c offers register.c. */
#ifndef SUBSIDY_REGISTERED_H
#define SUBSIDY_REGISTERED_H

#include "subsidy/subsidy.h"

/* A copy; all zero where registers have told nothing. */
Subsidy__RegisterRow registered_of(const struct jn_view *view, uint64_t class, uint32_t seat);
/* May months through a day before the last one still be told? Of a day of its own, no fewer than before it, no more
 * than after it. */
bool registered_fits(const Subsidy__RegisterRow *row, int32_t day, uint32_t months);

#endif
