/* The funnel (漏斗): how many seats came how far, and where the others were lost; see subsidy.proto. Kept by class, and
 * for the classes of an institution, a division and a quarter, as things happen: asking costs the lines that are
 * shown. */
#ifndef SUBSIDY_FUNNEL_H
#define SUBSIDY_FUNNEL_H

#include "subsidy/subsidy.h"

#define STEPS       (SUBSIDY__STEP__STEP_PAID + 1)
#define LOSSES      (SUBSIDY__LOSS__LOSS_RELEASED + 1)
#define FUNNEL_KEYS 4 /* rows that a class is counted in: BY_CLASS to BY_QUARTER */

/* Counts, or what is added to them. */
struct funnel {
    int64_t steps[STEPS], losses[LOSSES], refused[REASONS];
};

/* The quarter that a day lies in: year x 10 + quarter. */
uint64_t funnel_quarter(int32_t day);
/* The row of a class's own, its institution's, its division's or its quarter's. */
struct jn_key funnel_key(const Subsidy__ClassNoted *class, int by);
struct funnel funnel_of_row(const Subsidy__FunnelRow *row); /* NULL: nothing counted yet */

/* What each of them says of a class's seats. */
struct funnel funnel_of_progress(const Subsidy__ProgressRow *progress);
struct funnel funnel_of_settled(const Subsidy__Settled *settled);
struct funnel funnel_of_standing(const Subsidy__StandingRow *standing); /* from the states of its claims */

/* The step that those of a loss came through last. */
Subsidy__Step funnel_lost_after(int loss);
/* Those who came through the step, and neither further nor were lost. */
int64_t funnel_under_way(const struct funnel *funnel, int step);

/* Counts what has changed; in apply alone. */
void funnel_note_progress(struct jn_tables *t, const Subsidy__ClassNoted *class, const Subsidy__ProgressRow *progress);
void funnel_note_settled(struct jn_tables *t, const Subsidy__Settled *settled);

/* What the audit finds, each as one number: the sum over rows, each weighed by what it is of. */
struct funnel_proof {
    uint64_t told;              /* by classes, settlements and standings */
    uint64_t kept[FUNNEL_KEYS]; /* in the rows of each kind */
    uint64_t due[FUNNEL_KEYS];  /* what those of each kind must be by the rows of classes */
};
void funnel_prove_settled(struct jn_audit *audit, struct funnel_proof *proof, const Subsidy__Settled *settled);
void funnel_prove_class(struct jn_audit *audit, struct funnel_proof *proof, const Subsidy__ClassNoted *class,
                        const Subsidy__ProgressRow *progress);
void funnel_prove(struct jn_audit *audit, struct funnel_proof *proof);

#endif
