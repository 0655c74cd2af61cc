/* What decided: the clause that a step goes by, and the step that refused an item. */
#include "subsidy/policy/pack.h"
#include "subsidy/policy/trace/trace.h"

const char *
trace_clause(const Policy__Pack *pack, const struct trace_step *step)
{
    const Policy__Rule *rule = pack_rule_numbered(pack, step->rule);
    const Policy__Limit *limit = rule ? NULL : pack_limit_numbered(pack, step->rule);
    bool required = step->event == POLICY__EVENT__MET || step->event == POLICY__EVENT__UNMET;

    if (limit)
        return limit->clause;
    if (rule && required && step->index < rule->n_requires && *rule->requires[step->index] -> clause)
    return rule->requires[step->index] -> clause;
    return rule ? rule->clause : "";
}

static bool
refuses(unsigned event)
{
    static const uint64_t refusing = POLICY_BIT(POLICY__EVENT__OUT_OF_FORCE) | POLICY_BIT(POLICY__EVENT__UNMET) |
                                     POLICY_BIT(POLICY__EVENT__NO_STANDARD) | POLICY_BIT(POLICY__EVENT__NO_REFERENCE) |
                                     POLICY_BIT(POLICY__EVENT__BITES) | POLICY_BIT(POLICY__EVENT__NOT_KNOWN) |
                                     POLICY_BIT(POLICY__EVENT__NO_ROW) |
                                     POLICY_BIT(POLICY__EVENT__NO_CATALOGUE_FIGURE) |
                                     POLICY_BIT(POLICY__EVENT__CAP_SPENT) | POLICY_BIT(POLICY__EVENT__PAID_NOT_KNOWN);

    return event < 64 && (refusing & POLICY_BIT(event));
}

/* A later rule of the item decides in place of an earlier one; what a recovery could not reckon refuses nothing. */
const struct trace_step *
trace_refusing(const Policy__Pack *pack, const struct trace_step *steps, size_t count, int item)
{
    const struct trace_step *found = NULL;
    uint32_t rule = 0;

    for (size_t i = 0; i < count; i++) {
        if (steps[i].item != item)
            continue;
        if (steps[i].rule != rule && pack_rule_numbered(pack, steps[i].rule)) {
            rule = steps[i].rule;
            found = NULL;
        }
        if (!found && refuses(steps[i].event))
            found = &steps[i];
    }
    return found;
}
