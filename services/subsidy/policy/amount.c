/* The amount of a rule (金额计算): its steps, one after the other, over figures of the division, the city and the pack.
 */
#include "domain/money.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/run.h"

/* REFUSED: the item is, for want of a figure; nothing is guessed. TOO_LARGE: no amount may hold the result. */
enum found { FOUND, REFUSED, TOO_LARGE };

static enum found
reference(struct run *run, const Policy__Rule *rule, uint32_t place, int64_t *figure)
{
    const struct policy_view *view = run->view;
    const char *name = view->pack->references[place - 1]->name;
    const struct facts *facts = run->facts;
    uint32_t city = view->pack->division;
    int item = (int)rule->item;

    if (view->reference(view->context, name, facts->division, facts->day, figure)) {
        run_note(run, rule->number, item, POLICY__EVENT__OWN_REFERENCE, place, *figure);
        return FOUND;
    }
    if (facts->division != city && view->reference(view->context, name, city, facts->day, figure)) {
        run_note(run, rule->number, item, POLICY__EVENT__CITY_REFERENCE, place, *figure);
        return FOUND;
    }
    run_note(run, rule->number, item, POLICY__EVENT__NO_REFERENCE, place, 0);
    run_refuse(run, item, COMMON__REASON__NO_REFERENCE_FIGURE, "");
    return REFUSED;
}

/* The level that the standard goes by; 0 where it goes by none, or where the fact has none. */
static uint32_t
level_of(const struct run *run, const Policy__Standard *standard)
{
    int64_t mask = run->values[standard->level_of];

    return mask ? (uint32_t)__builtin_ctzll((uint64_t)mask) : 0;
}

static enum found
standard_default(struct run *run, const Policy__Rule *rule, uint32_t level, int64_t *figure)
{
    const Policy__Constraint *constraint = pack_constraint(rule, level);

    if (constraint && constraint->initial_reference)
        return reference(run, rule, constraint->initial_reference, figure);
    if (constraint && constraint->initial) {
        *figure = constraint->initial;
        run_note(run, rule->number, (int)rule->item, POLICY__EVENT__DEFAULT_STANDARD, level, *figure);
        return FOUND;
    }
    run_note(run, rule->number, (int)rule->item, POLICY__EVENT__NO_STANDARD, level, 0);
    run_refuse(run, (int)rule->item, COMMON__REASON__NO_LOCAL_STANDARD, "");
    return REFUSED;
}

static enum found
standard(struct run *run, const Policy__Rule *rule, int64_t *figure)
{
    const struct policy_view *view = run->view;
    const struct facts *facts = run->facts;
    uint32_t level = level_of(run, rule->standard);
    uint32_t city = view->pack->division;
    int item = (int)rule->item;

    if (view->standard(view->context, item, level, facts->division, facts->day, figure)) {
        run_note(run, rule->number, item, POLICY__EVENT__OWN_STANDARD, level, *figure);
        return FOUND;
    }
    if (facts->division != city && view->standard(view->context, item, level, city, facts->day, figure)) {
        run_note(run, rule->number, item, POLICY__EVENT__CITY_STANDARD, level, *figure);
        return FOUND;
    }
    return standard_default(run, rule, level, figure);
}

static enum found
figure_of(struct run *run, const Policy__Rule *rule, const Policy__Step *step, int64_t *figure)
{
    switch (step->source) {
    case POLICY__SOURCE__FIXED:
    case POLICY__SOURCE__COUNT:
        *figure = step->fixed;
        return FOUND;
    case POLICY__SOURCE__FACT_VALUE:
        *figure = run->values[step->fact];
        if (run->known & POLICY_BIT(step->fact))
            return FOUND;
        run_not_known(run, rule, step->fact);
        return REFUSED;
    case POLICY__SOURCE__STANDARD:
        return standard(run, rule, figure);
    case POLICY__SOURCE__REFERENCE:
        return reference(run, rule, step->reference, figure);
    case POLICY__SOURCE__TABLE:
        return run_table(run, rule, rule->table, 0, figure) ? FOUND : REFUSED;
    case POLICY__SOURCE__NAMED_TABLE:
        return run_table(run, rule, rule->tables[step->reference - 1], step->reference, figure) ? FOUND : REFUSED;
    case POLICY__SOURCE__CATALOGUE:
        return run_catalogue(run, rule, step->reference, figure) ? FOUND : REFUSED;
    case POLICY__SOURCE__SOURCE_UNSPECIFIED:
    case _POLICY__SOURCE_IS_INT_SIZE:
        break;
    }
    return TOO_LARGE;
}

static bool
apply(Policy__Verb verb, int64_t figure, int64_t *sofar)
{
    switch (verb) {
    case POLICY__VERB__TAKE:
        *sofar = figure;
        return true;
    case POLICY__VERB__AT_MOST:
        *sofar = figure < *sofar ? figure : *sofar;
        return true;
    case POLICY__VERB__AT_LEAST:
        *sofar = figure > *sofar ? figure : *sofar;
        return true;
    case POLICY__VERB__TIMES:
        return money_mul(*sofar, figure, sofar);
    case POLICY__VERB__RATE:
        return money_rate(*sofar, figure, sofar);
    case POLICY__VERB__PLUS:
        return money_add(*sofar, figure, sofar);
    case POLICY__VERB__VERB_UNSPECIFIED:
    case _POLICY__VERB_IS_INT_SIZE:
        break;
    }
    return false;
}

/* A quota's months are what stands where the amount was held to what is left of them. */
static bool
spends_quota(const Policy__Step *step)
{
    return step->verb == POLICY__VERB__AT_MOST && step->source == POLICY__SOURCE__FACT_VALUE &&
           step->fact == POLICY__FACT__MONTHS_LEFT;
}

/* Is the step taken? UNKNOWN: the item was refused, since its condition is not known. */
static enum truth
taken(struct run *run, const Policy__Rule *rule, size_t place, int64_t sofar)
{
    Policy__Fact missing = POLICY__FACT__FACT_UNSPECIFIED;
    enum truth when = run_all(run, rule->amount[place]->when, rule->amount[place]->n_when, &missing);

    if (when == UNKNOWN)
        run_not_known(run, rule, missing);
    if (when == FALSE)
        run_note(run, rule->number, (int)rule->item, POLICY__EVENT__LEFT_OUT, place, sofar);
    return when;
}

bool
run_amount(struct run *run, const Policy__Rule *rule)
{
    struct benefit *benefit = &run->out->benefits[rule->item];
    int64_t sofar = 0;

    for (size_t i = 0; i < rule->n_amount; i++) {
        const Policy__Step *step = rule->amount[i];
        enum truth when = step->n_when ? taken(run, rule, i, sofar) : TRUE;
        int64_t figure = 0;
        enum found found;

        if (when == FALSE)
            continue;
        if (when == UNKNOWN)
            return true;
        found = figure_of(run, rule, step, &figure);
        if (found == REFUSED)
            return true;
        if (found == TOO_LARGE || !apply(step->verb, figure, &sofar))
            return false;
        run_note(run, rule->number, (int)rule->item, POLICY__EVENT__FIGURE, i, sofar);
        if (spends_quota(step))
            benefit->months = (int16_t)sofar;
    }
    benefit->amount_fen = sofar;
    return true;
}
