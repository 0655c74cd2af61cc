/* History that came late (补录): told after trainings of the person were settled without it. */
#ifndef SUBSIDY_LATE_H
#define SUBSIDY_LATE_H

#include "subsidy/subsidy.h"

/* Apply's, when a line of history was added to those of a person to whom something stays due: each such training is
 * reckoned again, in the order in which they were settled. */
void late_note(struct jn_tables *t, uint64_t person, const struct jn_stamp *stamp);
/* The next of them; says in the event whether it was the last. */
void late_step(struct jn_decision *d, const Subsidy__ReckoningRow *row, Subsidy__ReckoningMoved *event);

#endif
