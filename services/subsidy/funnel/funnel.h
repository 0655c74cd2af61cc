/* The funnel (漏斗): how many seats came how far, and where the others were lost; see subsidy.proto. Kept by class, and
 * for the classes of an institution, a division and a quarter, as things happen: asking costs the lines that are
 * shown. */
#ifndef SUBSIDY_FUNNEL_H
#define SUBSIDY_FUNNEL_H

#include "subsidy/subsidy.h"

#define STEPS       (SUBSIDY__STEP__STEP_PAID + 1)
#define LOSSES      (SUBSIDY__LOSS__LOSS_RELEASED + 1)
#define CAUSES      16 /* of reassessments; more than there are */
#define FUNNEL_KEYS 4  /* rows that a class is counted in: BY_CLASS to BY_QUARTER */

/* StandingRow.begins, where a seat's first claim of the settlement is. */
#define FOLLOWED_HERE      1
#define FOLLOWED_ELSEWHERE 2

/* Counts, or what is added to them. */
struct funnel {
    int64_t steps[STEPS], losses[LOSSES], refused[REASONS];
    int64_t withdrawn_by[CAUSES], released_by[CAUSES]; /* of losses: whose money was given back, by causes */
    int64_t owed_back;                                 /* of those paid */
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
struct funnel funnel_counted(const Subsidy__StandingRow *standing);     /* as it was counted last */

/* Where a seat is lost to which nothing is due, and with REFUSED why: its first item that is refused gives the reason
 * (0: none is). A certificate that was revoked is the caller's to know of. */
struct lost {
    Subsidy__Loss loss;
    unsigned reason;
};
struct lost funnel_lost(const Subsidy__Seat *seat, unsigned reason, bool certified);
/* The step that those of a loss came through last. */
Subsidy__Step funnel_lost_after(int loss);
/* Those who came through the step, and neither further nor were lost. */
int64_t funnel_under_way(const struct funnel *funnel, int step);

/* Counts what has changed; in apply alone. */
void funnel_note_progress(struct jn_tables *t, const Subsidy__ClassNoted *class, const Subsidy__ProgressRow *progress);
void funnel_note_settled(struct jn_tables *t, const Subsidy__Settled *settled);
void funnel_count(struct jn_tables *t, const Subsidy__ClassNoted *class, const struct funnel *change);
/* Something is due to one that was lost. */
void funnel_gain(struct funnel *change, struct lost lost);

/* ---- Seats that are counted anew (counted.c) ---- */

/* A class's seats and results as they were settled. */
struct counted_facts {
    struct roster roster;
    const Subsidy__NotedResult **results;
};
struct counted_facts counted_facts_of(const struct jn_view *view, uint64_t class);
/* Of a seat without claims in the settlement that judged it: how that has counted it. */
struct lost counted_lost(const struct jn_view *view, const Subsidy__Settled *part, const struct counted_facts *facts,
                         uint32_t seat);
uint64_t counted_first_claim(const Subsidy__Settled *part, uint32_t seat); /* 0: none */
/* One reassessment's; the facts are read once they are needed. */
struct counting {
    bool read;
    struct counted_facts facts;
    Subsidy__CountedSeat *seats[CHUNK_ROWS_MAX];
};
/* For the seat that the event's rows from first_row on are about: names it in the event where it is counted by other
 * claims from now on. `part` judged it; before: its answers so far. */
bool counted_note(struct counting *counting, const struct jn_view *view, const Subsidy__Settled *part,
                  Subsidy__Reassessed *event, size_t first_row, const struct entitlement before[ITEMS]);
/* In apply alone, before the settlement of what is missing. */
void counted_keep(struct jn_tables *t, const Subsidy__Reassessed *event);
/* Is the seat followed by that settlement, in which it has claims? */
uint8_t counted_mark(const struct jn_view *view, const Subsidy__Settled *settled, uint32_t seat);

/* What the audit finds, each as one number: the sum over rows, each weighed by what it is of. */
struct funnel_proof {
    uint64_t told;              /* by classes, settlements and standings */
    uint64_t kept[FUNNEL_KEYS]; /* in the rows of each kind */
    uint64_t due[FUNNEL_KEYS];  /* what those of each kind must be by the rows of classes */
    uint64_t causes;            /* claims of which it is kept why nothing is due any more */
};
void funnel_prove_settled(struct jn_audit *audit, struct funnel_proof *proof, const Subsidy__Settled *settled);
void funnel_prove_class(struct jn_audit *audit, struct funnel_proof *proof, const Subsidy__ClassNoted *class,
                        const Subsidy__ProgressRow *progress);
void funnel_prove(struct jn_audit *audit, struct funnel_proof *proof);
void funnel_told(struct funnel_proof *proof, const Subsidy__ClassNoted *class, const struct funnel *funnel);
void counted_prove(struct jn_audit *audit, struct funnel_proof *proof); /* counted_audit.c */

#endif
