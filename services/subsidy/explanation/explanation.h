/* What the files of an explanation share. */
#ifndef SUBSIDY_EXPLANATION_H
#define SUBSIDY_EXPLANATION_H

#include "subsidy/explanation/past.h"

#define FACT_LINES_MAX (2 * POLICY_FACT_COUNT + 2 * GROUPS_COUNT)

/* The facts that the item's rule asks for, each with whose word it is; fills reply->facts (fact_line.c). */
void explain_facts(const struct jn_decision *d, const struct past *past, Subsidy__ExplainView *reply);

#endif
