/* What was paid ahead for a seat (席位预拨): what of it was earned, and what its rule does not ask back. */
#ifndef SUBSIDY_AHEAD_H
#define SUBSIDY_AHEAD_H

#include "subsidy/subsidy.h"

#define AHEADS_MAX 3000 /* of a class: 2,000 seats, few of which earn their payee more than one item */

struct ahead {
    uint32_t seat;
    int item;
    Subsidy__AheadRow row;
    bool changed;
};
/* Of one class, by seat and item. */
struct aheads {
    size_t count;
    struct ahead *at;
};
/* NULL where the rules of the class's advance have no recovery of their own. */
struct aheads *aheads_of(const struct jn_view *view, uint64_t class);
/* The seat was judged; aheads may be NULL. */
void aheads_judge(struct aheads *aheads, const struct judgement *judgement, uint32_t seat);
/* What changed, and how the class stands now; nothing where nothing did. last: the class is settled with it, and what
 * is given up of it is told whether it changed or not: the ledger gives up nothing before. */
void aheads_emit(struct jn_decision *d, const struct judgement *judgement, const struct aheads *aheads, bool last);

void aheads_audit(struct jn_audit *audit);

#endif
