/* Scope (权限范围): which seats are the caller's to see and to suspend. */
#ifndef SUBSIDY_SETTLEMENT_SCOPE_H
#define SUBSIDY_SETTLEMENT_SCOPE_H

#include "subsidy/subsidy.h"
#include "subsidy/way/way.h"

/* Of a finished class of that division: is the seat the caller's? */
bool seat_in_scope(const struct jn_decision *d, uint32_t division, uint64_t class, uint32_t seat);
bool claim_in_scope(const struct jn_decision *d, const struct place *place);
/* All of it: a settlement is nobody's to move on who does not see each of its claims. */
bool settlement_in_scope(const struct jn_decision *d, uint64_t settlement, const Subsidy__StandingRow *standing);

#endif
