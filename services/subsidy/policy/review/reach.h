/* What can come of a rule at all (可达性): the facts that its conditions leave, and the amounts between which it lies.
 * For the review of packs. */
#ifndef POLICY_REACH_H
#define POLICY_REACH_H

#include <stdbool.h>
#include <stdint.h>

#include "jineng/v1/policy.pb-c.h"
#include "subsidy/policy/facts.h"

/* What conditions leave of each fact: of one that has a single word the words, of a number its bounds. */
struct reach {
    const Policy__Pack *pack;
    uint64_t words[POLICY_FACT_COUNT]; /* that may be there */
    uint64_t none[POLICY_FACT_COUNT];  /* that may not */
    int64_t least[POLICY_FACT_COUNT], most[POLICY_FACT_COUNT];
    bool narrowed[POLICY_FACT_COUNT]; /* by a condition */
    Policy__Fact contradiction;       /* the fact of which nothing is left; 0 while something is */
};

void reach_open(struct reach *reach, const Policy__Pack *pack);
/* Adds a condition; false where nothing is left of its fact, or of one that hangs on it. */
bool reach_add(struct reach *reach, const Policy__Condition *condition);
bool reach_add_all(struct reach *reach, Policy__Condition *const *conditions, size_t count);
/* The rule's own conditions, with one of its alternatives where it has any. */
bool reach_rule(struct reach *reach, const Policy__Pack *pack, const Policy__Rule *rule, size_t alternative);
/* How many of them there are, 1 where it has none. */
size_t reach_ways(const Policy__Rule *rule);

/* Does whoever fits the one rule fit the other, and meet its requirements? */
bool reach_implies(const Policy__Rule *one, const Policy__Rule *other);
/* Can somebody fit both? */
bool reach_together(const Policy__Pack *pack, const Policy__Rule *one, const Policy__Rule *other);

/* Between which amounts the rule's lies. `sure` where it cannot be refused on the way. */
struct amounts {
    int64_t least_fen, most_fen;
    bool sure;
};
struct amounts reach_amounts(const Policy__Pack *pack, const Policy__Rule *rule);
/* After so many of its steps; and what a step's own figure lies between. */
struct amounts reach_amounts_after(const Policy__Pack *pack, const Policy__Rule *rule, size_t count);
struct amounts reach_figure(const Policy__Pack *pack, const Policy__Rule *rule, const Policy__Step *step);

#endif
