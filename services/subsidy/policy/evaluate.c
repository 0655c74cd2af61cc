/* Rules in the pack's order: does it fit, are its requirements met, what is the amount. Then the limits. */
#include "subsidy/policy/evaluate.h"

#include <string.h>

#include "subsidy/policy/run.h"

void
run_note(struct run *run, uint32_t rule, int item, Policy__Event event, size_t index, int64_t value)
{
    struct evaluation *out = run->out;

    /* Cannot happen with a checked pack; one that was not is cut short, not out of bounds. */
    if (out->trace_count >= EVALUATION_TRACE_MAX)
        return;
    out->trace[out->trace_count++] = (struct trace_step){.rule = (uint16_t)rule,
                                                         .item = (uint8_t)item,
                                                         .event = (uint8_t)event,
                                                         .index = (uint8_t)index,
                                                         .value = value};
}

void
run_refuse(struct run *run, int item, Common__Reason reason, const char *clause)
{
    struct benefit *benefit = &run->out->benefits[item];

    benefit->state = BENEFIT_REFUSED;
    benefit->reason = (uint8_t)reason;
    benefit->amount_fen = 0;
    benefit->months = 0;
    if (*clause)
        benefit->clause = clause;
    run->due &= ~POLICY_BIT(item);
}

static inline bool
holds(const struct run *run, const Policy__Condition *condition)
{
    int64_t value = run->values[condition->fact];

    if (condition->any_of)
        return (uint64_t)value & condition->any_of;
    return condition->at_least ? value >= condition->at_least : value <= condition->at_most;
}

static bool
all_hold(const struct run *run, Policy__Condition *const *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!holds(run, conditions[i]))
            return false;
    return true;
}

static bool
fits(const struct run *run, const Policy__Rule *rule)
{
    if (!all_hold(run, rule->when, rule->n_when))
        return false;
    if (rule->n_one_of == 0)
        return true;
    for (size_t i = 0; i < rule->n_one_of; i++)
        if (all_hold(run, rule->one_of[i]->all, rule->one_of[i]->n_all))
            return true;
    return false;
}

static int64_t
months_left(const struct facts *facts, const Policy__Quota *quota)
{
    int64_t left = quota->months;

    for (uint32_t i = 0; i < facts->history_count; i++)
        if (facts->history[i].item == quota->item)
            left -= facts->history[i].months;
    return left > 0 ? left : 0;
}

static bool
requirements_met(struct run *run, const Policy__Rule *rule)
{
    if (rule->quota)
        run->values[POLICY__FACT__MONTHS_LEFT] = months_left(run->facts, rule->quota);
    for (size_t i = 0; i < rule->n_requires; i++) {
        const Policy__Requirement *one = rule->requires[i];
        bool met = holds(run, one->condition);

        run_note(run, rule->number, (int)rule->item, met ? POLICY__EVENT__MET : POLICY__EVENT__UNMET, i,
                 run->values[one->condition->fact]);
        if (!met) {
            run_refuse(run, (int)rule->item, one->reason, one->clause);
            return false;
        }
    }
    return true;
}

static bool
in_force(const Policy__Pack *pack, int32_t day)
{
    return day >= pack->from_day && day <= pack->until_day;
}

/* False where the amount cannot be held: the facts are out of this world. */
static bool
settle(struct run *run, const Policy__Rule *rule)
{
    int item = (int)rule->item;

    run->out->benefits[item] = (struct benefit){.state = BENEFIT_DUE,
                                                .payee = (uint8_t)rule->payee,
                                                .fund = (uint8_t)rule->fund,
                                                .rule = (uint16_t)rule->number,
                                                .clause = rule->clause};
    run_note(run, rule->number, item, POLICY__EVENT__FITS, 0, run->values[POLICY__FACT__GROUPS]);
    if (!in_force(run->view->pack, run->facts->day)) {
        run_note(run, rule->number, item, POLICY__EVENT__OUT_OF_FORCE, 0, run->facts->day);
        run_refuse(run, item, COMMON__REASON__NO_POLICY_IN_FORCE, "");
        return true;
    }
    if (!requirements_met(run, rule))
        return true;
    run->due |= POLICY_BIT(item);
    return run_amount(run, rule);
}

bool
evaluate(const struct policy_view *view, const struct facts *facts, struct evaluation *out)
{
    struct run run = {.view = view, .facts = facts, .out = out};

    memset(out->benefits, 0, sizeof(out->benefits));
    out->trace_count = 0;
    out->fault = facts_fault(facts);
    if (out->fault)
        return false;

    facts_values(facts, view->pack, run.values);
    for (size_t i = 0; i < view->pack->n_rules; i++) {
        const Policy__Rule *rule = view->pack->rules[i];

        if (fits(&run, rule) && !settle(&run, rule)) {
            out->fault = "the amount is larger than anything may hold; look at cost, days and months";
            return false;
        }
    }
    run_limits(&run);
    return true;
}
