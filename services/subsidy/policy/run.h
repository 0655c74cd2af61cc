/* One evaluation on its way: shared by the files that make it, nobody else's. */
#ifndef POLICY_RUN_H
#define POLICY_RUN_H

#include "subsidy/policy/evaluate.h"

struct run {
    const struct policy_view *view;
    const struct facts *facts;
    struct evaluation *out;
    uint64_t due;   /* mask of the items still due */
    uint64_t known; /* mask of the facts that are */
    int64_t values[POLICY_FACT_COUNT];
    bool windowed;    /* the rule at hand has a window: values and known are as it sees them */
    int32_t last_day; /* that it counts */
    uint64_t late;    /* mask of the outcomes that came after it */
};

/* Appends a line to the trace. */
void run_note(struct run *run, uint32_t rule, int item, Policy__Event event, size_t index, int64_t value);

/* The item is not due, for this reason; clause "" leaves the rule's. */
void run_refuse(struct run *run, int item, Common__Reason reason, const char *clause);

/* The rule's amount into its benefit; false where it was refused for want of a figure, or is too large to hold. */
bool run_amount(struct run *run, const Policy__Rule *rule);

enum truth { FALSE, UNKNOWN, TRUE };

/* Do all of the conditions hold? Where that is not known, *fact is the first that is not. */
enum truth run_all(const struct run *run, Policy__Condition *const *conditions, size_t count, Policy__Fact *fact);

/* The item is refused since the fact is not known. */
void run_not_known(struct run *run, const Policy__Rule *rule, Policy__Fact fact);

/* What registers tell as the rule sees it, by its window (window.c); before anything else of the rule. */
void run_window_move(struct run *run, const Policy__Rule *rule);
static inline void
run_window(struct run *run, const Policy__Rule *rule)
{
    if (run->windowed || rule->outcome_within_months)
        run_window_move(run, rule);
}
/* Says what was told beyond the window. */
void run_note_late(struct run *run, const Policy__Rule *rule);
/* Puts outcomes as if all had come in time; returns what counts, to be put back. */
int64_t run_in_time(struct run *run);
/* Is the fact one that is awaited until the window's last day? */
bool run_awaits(const struct run *run, Policy__Fact fact);

/* The figure of one of the rule's tables: false where it was refused. index: 0 the rule's own, else from 1. */
bool run_table(struct run *run, const Policy__Rule *rule, const Policy__Table *table, size_t index, int64_t *figure);
bool run_catalogue(struct run *run, const Policy__Rule *rule, size_t index, int64_t *figure);

/* What was paid ahead and is asked back, once all is decided. */
void run_recoveries(struct run *run);

/* The cap over items that are due. */
void run_cap(struct run *run, const Policy__Limit *limit);

/* The days that a limit looks at, both inclusive. */
struct span {
    int32_t first, last;
};
struct span run_span(const struct run *run, Policy__Within within, uint32_t months);

/* The limit needs what is not known: its items are refused. */
void run_limit_not_known(struct run *run, const Policy__Limit *limit);

/* In force on the day: by dates of its own, where it has any. */
static inline bool
run_in_force(int32_t from_day, int32_t until_day, int32_t day)
{
    return (!from_day || day >= from_day) && (!until_day || day <= until_day);
}

/* The pack's limits, in order, over what is due. */
void run_limits(struct run *run);

#endif
