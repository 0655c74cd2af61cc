/* Doubts (存疑): facts that keep a seat from being judged, and facts that a reviewer should look at though they are. */
#ifndef SUBSIDY_DOUBT_H
#define SUBSIDY_DOUBT_H

#include "subsidy/subsidy.h"

/* Which facts of the class and the seat contradict each other, in a sentence, English and Chinese; NULL where none do.
 * What each of them may be for itself is facts_fault's. */
const char *doubt_of(const Subsidy__ClassNoted *class, const Subsidy__Seat *seat, const Subsidy__NotedResult *result);

/* Did the settlement look at the seat, and could not judge it? */
bool unjudged_in(const Subsidy__Settled *settled, uint32_t seat);
/* Why nothing was settled for a seat that was looked at, by the facts as they stand now; NULL where it was judged or
 * not looked at yet. */
const char *doubt_unjudged(const struct jn_decision *d, uint64_t class, uint32_t seat);

/* What a reviewer should look at in a claim that is due all the same; NULL where there is nothing. */
const char *doubt_of_claim(const struct jn_decision *d, const Subsidy__Settled *settled,
                           const Subsidy__SettledClaim *claim);

#endif
