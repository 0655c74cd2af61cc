/* What the files of an explanation share. */
#ifndef SUBSIDY_EXPLANATION_H
#define SUBSIDY_EXPLANATION_H

#include "subsidy/explanation/past.h"

#define FACT_LINES_MAX (2 * POLICY_FACT_COUNT + 2 * GROUPS_COUNT)

/* A trace as sentences (steps.c). facts: that were judged; NULL: not known, and what they alone tell is left out. */
struct told {
    Subsidy__TraceLine **lines;
    size_t count;
};
struct told steps_tell(const struct jn_decision *d, const Policy__Pack *pack, int item, const Subsidy__Trace *trace,
                       const struct facts *facts);
/* The number of the rule or limit that refused it, and its clause. */
uint32_t steps_decider(const struct jn_view *view, const Policy__Pack *pack, const Subsidy__SettledRefusal *refusal,
                       const char **clause);

/* What a claim adds to, and what stands since the decision (since.c); seat and item of the reply are set. */
void since_tell(const struct jn_decision *d, const struct sought *found, Subsidy__ClaimView *reply);

/* The facts that the item's rule asks for, each with whose word it is; fills reply->facts (fact_line.c). */
void explain_facts(const struct jn_decision *d, const struct past *past, Subsidy__ExplainView *reply);

#endif
