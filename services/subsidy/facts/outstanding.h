/* What registers are to tell until a day (待补信息期限): of items that a rule with a window refused since it is not
 * known.
 */
#ifndef SUBSIDY_OUTSTANDING_H
#define SUBSIDY_OUTSTANDING_H

#include "subsidy/subsidy.h"

/* Apply's: what waits, and the class's term with it. */
void outstanding_settled(struct jn_tables *t, const Subsidy__Settled *event, const struct jn_stamp *stamp);
void outstanding_reassessed(struct jn_tables *t, const Subsidy__Reassessed *event, const struct jn_stamp *stamp);

/* The last day on which what the seat's item waits for counts; 0 where it waits for nothing, or for ever. */
int32_t outstanding_until(const struct jn_view *view, uint64_t class, uint32_t seat, Common__Item item);
/* The earliest such day of a class; false where nothing of it waits. */
bool outstanding_first(const struct jn_view *view, uint64_t class, int32_t *day);

/* Each settlement, then the rest. */
struct outstanding_proof {
    struct jn_audit *audit;
    uint64_t found, kept;
};
void outstanding_prove_settled(struct outstanding_proof *proof, const Subsidy__Settled *settled);
void outstanding_prove(struct outstanding_proof *proof);

#endif
