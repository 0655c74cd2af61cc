/* One evaluation on its way: shared by the files that make it, nobody else's. */
#ifndef POLICY_RUN_H
#define POLICY_RUN_H

#include "subsidy/policy/evaluate.h"

struct run {
    const struct policy_view *view;
    const struct facts *facts;
    struct evaluation *out;
    uint64_t due; /* mask of the items still due */
    int64_t values[POLICY_FACT_COUNT];
};

/* Appends a line to the trace. */
void run_note(struct run *run, uint32_t rule, int item, Policy__Event event, size_t index, int64_t value);

/* The item is not due, for this reason; clause "" leaves the rule's. */
void run_refuse(struct run *run, int item, Common__Reason reason, const char *clause);

/* The rule's amount into its benefit; false where it was refused for want of a figure, or is too large to hold. */
bool run_amount(struct run *run, const Policy__Rule *rule);

/* The pack's limits, in order, over what is due. */
void run_limits(struct run *run);

#endif
