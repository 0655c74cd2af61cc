/* Rules in the pack's order: does it fit, are its requirements met, what is the amount. Then the limits. */
#include "subsidy/policy/evaluate.h"

#include <string.h>

#include "subsidy/policy/run.h"

void
run_note(struct run *run, uint32_t rule, int item, Policy__Event event, size_t index, int64_t value)
{
    struct evaluation *out = run->out;

    /* Cannot happen with a checked pack; one that was not is cut short, not out of bounds. */
    if (run->view->untraced || out->trace_count >= EVALUATION_TRACE_MAX)
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

void
run_not_known(struct run *run, const Policy__Rule *rule, Policy__Fact fact)
{
    run_note(run, rule->number, (int)rule->item, POLICY__EVENT__NOT_KNOWN, (size_t)fact, 0);
    run_refuse(run, (int)rule->item, COMMON__REASON__FACT_NOT_KNOWN, "");
    if (run_awaits(run, fact))
        run->out->benefits[rule->item].await_day = run->last_day;
}

/* What is not known neither holds nor fails. */
static inline enum truth
holds(const struct run *run, const Policy__Condition *condition)
{
    int64_t value = run->values[condition->fact];

    if (!(run->known & POLICY_BIT(condition->fact)))
        return UNKNOWN;
    if (condition->any_of)
        return (uint64_t)value & condition->any_of ? TRUE : FALSE;
    if (condition->none_of)
        return (uint64_t)value & condition->none_of ? FALSE : TRUE;
    return (condition->at_least ? value >= condition->at_least : value <= condition->at_most) ? TRUE : FALSE;
}

/* One that fails decides, whatever is not known beside it. */
enum truth
run_all(const struct run *run, Policy__Condition *const *conditions, size_t count, Policy__Fact *fact)
{
    enum truth all = TRUE;

    for (size_t i = 0; i < count; i++) {
        enum truth one = holds(run, conditions[i]);

        if (one == FALSE)
            return FALSE;
        if (one == UNKNOWN && all == TRUE) {
            all = UNKNOWN;
            *fact = conditions[i]->fact;
        }
    }
    return all;
}

static enum truth
fits(const struct run *run, const Policy__Rule *rule, Policy__Fact *fact)
{
    enum truth when = run_all(run, rule->when, rule->n_when, fact), best = FALSE;
    Policy__Fact missing = POLICY__FACT__FACT_UNSPECIFIED;

    if (when == FALSE || rule->n_one_of == 0)
        return when;
    for (size_t i = 0; i < rule->n_one_of; i++) {
        enum truth one = run_all(run, rule->one_of[i]->all, rule->one_of[i]->n_all, &missing);

        if (one == TRUE)
            return when;
        if (one == UNKNOWN)
            best = UNKNOWN;
    }
    if (best == UNKNOWN && when == TRUE)
        *fact = missing;
    return best;
}

/* It does not fit; would it, had all outcomes come in time? */
static bool
fits_but_late(struct run *run, const Policy__Rule *rule)
{
    Policy__Fact missing;
    int64_t counts;
    bool fit;

    if (!run->late)
        return false;
    counts = run_in_time(run);
    fit = fits(run, rule, &missing) == TRUE;
    run->values[POLICY__FACT__OUTCOME] = counts;
    return fit;
}

static bool
met_but_late(struct run *run, const Policy__Condition *condition)
{
    int64_t counts;
    bool met;

    if (!run->late)
        return false;
    counts = run_in_time(run);
    met = holds(run, condition) == TRUE;
    run->values[POLICY__FACT__OUTCOME] = counts;
    return met;
}

static int64_t
months_left(const struct facts *facts, const Policy__Quota *quota)
{
    int64_t left = quota->months;

    for (uint32_t i = 0; i < facts->history_count; i++)
        if (facts->history[i].item == quota->item && !facts->history[i].advance)
            left -= facts->history[i].months;
    return left > 0 ? left : 0;
}

/* ---- What fails whatever the unknown would be ---- */

/* The first requirement that surely fails; n_requires where none does. */
static size_t
surely_unmet(const struct run *run, const Policy__Rule *rule)
{
    size_t place = 0;

    for (; place < rule->n_requires; place++) {
        const Policy__Requirement *one = rule->requires[place];

        if (holds(run, one->condition) == FALSE && (!one->where || holds(run, one->where) == TRUE))
            break;
    }
    return place;
}

/* A rule's requirements with one unknown fact given in turn what it may be. */
struct supposing {
    struct run *run;
    const Policy__Rule *rule;
    Policy__Fact fact;
    size_t first; /* that failed for the first value */
    bool tried;
};

static bool
fails_with(struct supposing *supposing, int64_t value)
{
    size_t place;

    supposing->run->values[supposing->fact] = value;
    place = surely_unmet(supposing->run, supposing->rule);
    if (!supposing->tried)
        supposing->first = place;
    supposing->tried = true;
    return place < supposing->rule->n_requires;
}

/* A number: it matters alone on which side of each bound it lies, so that each bound and its neighbours stand for all.
 */
static bool
fails_around(struct supposing *supposing, const Policy__Condition *condition)
{
    int64_t bound = condition ? condition->at_least ? condition->at_least : condition->at_most : 0;

    if (!condition || condition->fact != supposing->fact || condition->any_of || condition->none_of)
        return true;
    return (bound < 1 || fails_with(supposing, bound - 1)) && fails_with(supposing, bound) &&
           fails_with(supposing, bound + 1);
}

static bool
fails_always(struct supposing *supposing)
{
    const Policy__Rule *rule = supposing->rule;
    uint64_t words = fact_mask(supposing->run->view->pack, supposing->fact);

    for (uint64_t left = words; left; left &= left - 1)
        if (!fails_with(supposing, (int64_t)(left & -left)))
            return false;
    for (size_t i = 0; !words && i < rule->n_requires; i++)
        if (!fails_around(supposing, rule->requires[i] -> condition) ||
            !fails_around(supposing, rule->requires[i] -> where))
            return false;
    return supposing->tried;
}

/* One that holds several words at a time is not gone through. */
static bool
supposed_unmet(struct run *run, const Policy__Rule *rule, Policy__Fact fact, size_t *place)
{
    struct supposing supposing = {.run = run, .rule = rule, .fact = fact};
    bool always;

    if ((run->known & POLICY_BIT(fact)) || fact_many(fact))
        return false;
    run->known |= POLICY_BIT(fact);
    always = fails_always(&supposing);
    run->known &= ~POLICY_BIT(fact);
    run->values[fact] = 0;
    *place = supposing.first;
    return always;
}

/* A requirement's answer is not known: refused all the same, where another one fails, or each value of one unknown fact
 * fails somewhere. */
static bool
unmet_anyway(struct run *run, const Policy__Rule *rule)
{
    size_t place = run->facts->first_reading ? rule->n_requires : surely_unmet(run, rule);
    bool unmet = place < rule->n_requires;

    for (size_t i = 0; !run->facts->first_reading && !unmet && i < rule->n_requires; i++) {
        const Policy__Requirement *one = rule->requires[i];

        unmet = supposed_unmet(run, rule, one->condition->fact, &place) ||
                (one->where && supposed_unmet(run, rule, one->where->fact, &place));
    }
    if (!unmet)
        return false;
    run_note(run, rule->number, (int)rule->item, POLICY__EVENT__UNMET, place,
             run->values[rule->requires[place] -> condition -> fact]);
    run_refuse(run, (int)rule->item, rule->requires[place] -> reason, rule -> requires[place] -> clause);
    return true;
}

/* False where the item was refused. Where the requirement is asked of some people alone and it is not known whether of
 * this one, it may still hold for everybody. */
static bool
requirement_met(struct run *run, const Policy__Rule *rule, size_t place)
{
    const Policy__Requirement *one = rule->requires[place];
    enum truth met = holds(run, one->condition), where = one->where ? holds(run, one->where) : TRUE;
    int item = (int)rule->item;

    if (where == FALSE) {
        run_note(run, rule->number, item, POLICY__EVENT__NOT_ASKED, place, run->values[one->where->fact]);
        return true;
    }
    if (met == UNKNOWN || (where == UNKNOWN && met == FALSE)) {
        if (unmet_anyway(run, rule))
            return false;
        run_not_known(run, rule, met == UNKNOWN ? one->condition->fact : one->where->fact);
        return false;
    }
    run_note(run, rule->number, item, met == TRUE ? POLICY__EVENT__MET : POLICY__EVENT__UNMET, place,
             run->values[one->condition->fact]);
    if (met == FALSE)
        run_refuse(run, item, met_but_late(run, one->condition) ? COMMON__REASON__OUTCOME_TOO_LATE : one->reason,
                   one->clause);
    return met == TRUE;
}

static bool
requirements_met(struct run *run, const Policy__Rule *rule)
{
    if (rule->quota)
        run->values[POLICY__FACT__MONTHS_LEFT] = months_left(run->facts, rule->quota);
    for (size_t i = 0; i < rule->n_requires; i++)
        if (!requirement_met(run, rule, i))
            return false;
    return true;
}

static bool
in_force(const struct run *run, const Policy__Rule *rule)
{
    const Policy__Pack *pack = run->view->pack;
    int32_t day = run->facts->day;

    return day >= pack->from_day && day <= pack->until_day && run_in_force(rule->from_day, rule->until_day, day);
}

/* A rule that is not in force says nothing where another of its item is, or has said as much already. */
static bool
speaks(const struct run *run, const Policy__Rule *rule)
{
    const Policy__Pack *pack = run->view->pack;

    if (in_force(run, rule))
        return true;
    for (size_t i = 0; i < pack->n_rules; i++)
        if (pack->rules[i]->item == rule->item && in_force(run, pack->rules[i]))
            return false;
    return !(run->out->mentioned & POLICY_BIT(rule->item));
}

/* False where the amount cannot be held: the facts are out of this world. Where it does not fit, it would in time. */
static bool
settle(struct run *run, const Policy__Rule *rule, enum truth fit, Policy__Fact missing)
{
    int item = (int)rule->item;

    run->out->mentioned |= POLICY_BIT(item);
    run->out->benefits[item] = (struct benefit){.state = BENEFIT_DUE,
                                                .payee = (uint8_t)rule->payee,
                                                .fund = (uint8_t)rule->fund,
                                                .rule = (uint16_t)rule->number,
                                                .clause = rule->clause};
    if (fit == UNKNOWN) {
        run_not_known(run, rule, missing);
        return true;
    }
    if (fit == FALSE) {
        run_note_late(run, rule);
        run_refuse(run, item, COMMON__REASON__OUTCOME_TOO_LATE, "");
        return true;
    }
    run_note(run, rule->number, item, POLICY__EVENT__FITS, 0, run->values[POLICY__FACT__GROUPS]);
    run_note_late(run, rule);
    if (!in_force(run, rule)) {
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
    out->mentioned = 0;
    out->trace_count = 0;
    out->fault = facts_fault(facts);
    if (out->fault)
        return false;

    run.known = facts_values(facts, view->pack, run.values);
    for (size_t i = 0; i < view->pack->n_rules; i++) {
        const Policy__Rule *rule = view->pack->rules[i];

        Policy__Fact missing = POLICY__FACT__FACT_UNSPECIFIED;
        enum truth fit;

        run_window(&run, rule);
        fit = fits(&run, rule, &missing);
        if ((fit != FALSE || fits_but_late(&run, rule)) && speaks(&run, rule) && !settle(&run, rule, fit, missing)) {
            out->fault = "the amount is larger than anything may hold; look at cost, days and months "
                         "金额超出范围，请核对成本、天数和月数";
            return false;
        }
    }
    run_limits(&run);
    if (facts->history_count)
        run_recoveries(&run);
    return true;
}
