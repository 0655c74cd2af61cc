/* Is a rule one that can be evaluated: its conditions, its amount, its standard? */
#include <inttypes.h>
#include <string.h>

#include "domain/money.h"
#include "subsidy/policy/check/check.h"
#include "subsidy/policy/facts.h"

bool
check_condition(struct check *check, const char *key, const Policy__Condition *condition)
{
    int given =
        (condition->any_of != 0) + (condition->none_of != 0) + (condition->at_least != 0) + (condition->at_most != 0);
    uint64_t mask;

    if (condition->fact < 1 || condition->fact >= POLICY_FACT_COUNT)
        return check_bad(check, key, "a condition asks for an unknown fact");
    if (given != 1 || condition->at_least < 0 || condition->at_most < 0)
        return check_bad(check, key,
                         "a condition on %s needs one of any_of, none_of, at_least (1 or more), at_most (1 or more), "
                         "is: true",
                         fact_words[condition->fact].name);
    mask = fact_mask(check->pack, condition->fact);
    if ((condition->any_of | condition->none_of) & ~mask)
        return check_bad(check, key, "%s does not have all of the words that any_of or none_of names",
                         fact_words[condition->fact].name);
    if (mask && !condition->any_of && !condition->none_of && condition->at_least != 1)
        return check_bad(check, key, "%s is a word: ask any_of, none_of, or is: true",
                         fact_words[condition->fact].name);
    if (condition->fact == POLICY__FACT__MONTHS_LEFT && (!check->rule || !check->rule->quota))
        return check_bad(check, key, "months_left needs a quota in the rule");
    return true;
}

static bool
occasion_good(struct check *check)
{
    const Policy__Rule *rule = check->rule;

    if (rule->n_when < 1 || rule->n_when > PACK_CONDITIONS_MAX || rule->n_one_of > PACK_CONDITIONS_MAX)
        return check_bad(check, "", "needs a group or an occasion: 1 to %d conditions", PACK_CONDITIONS_MAX);
    for (size_t i = 0; i < rule->n_when; i++)
        if (!check_condition(check, "when", rule->when[i]))
            return false;
    for (size_t i = 0; i < rule->n_one_of; i++) {
        const Policy__Alternative *one = rule->one_of[i];

        if (one->n_all < 1 || one->n_all > PACK_CONDITIONS_MAX)
            return check_bad(check, "one_of", "an alternative needs 1 to %d conditions", PACK_CONDITIONS_MAX);
        for (size_t j = 0; j < one->n_all; j++)
            if (!check_condition(check, "one_of", one->all[j]))
                return false;
    }
    return true;
}

static bool
requirements_good(struct check *check)
{
    const Policy__Rule *rule = check->rule;

    if (rule->n_requires > PACK_CONDITIONS_MAX)
        return check_bad(check, "requires", "more than %d requirements", PACK_CONDITIONS_MAX);
    for (size_t i = 0; i < rule->n_requires; i++) {
        const Policy__Requirement *one = rule->requires[i];

        if (!one->condition)
            return check_bad(check, "requires", "a requirement needs a condition");
        if (!check_condition(check, "requires", one->condition) || !check_clause(check, one->clause, true))
            return false;
        if (one->reason < 1 || one->reason > PACK_REASON_LAST)
            return check_bad(check, "requires",
                             "a requirement needs the reason it refuses with: else: no_certificate, for one");
        if (one->where && !check_condition(check, "requires", one->where))
            return false;
    }
    return true;
}

static bool
constraint_good(struct check *check, const Policy__Constraint *one)
{
    const Policy__Standard *standard = check->rule->standard;
    char text[300];

    if (one->cap < 0 || one->floor < 0 || one->initial < 0 || one->cap > MONEY_FEN_MAX || one->floor > MONEY_FEN_MAX)
        return check_bad(check, "standard", "a cap, a floor or a default is out of range");
    if (one->cap && one->floor > one->cap)
        return check_bad(check, "standard", "the floor lies over the cap");
    if (standard->unit == POLICY__UNIT__PERCENT && (one->cap < 1 || one->cap > 1000000))
        return check_bad(check, "standard", "a standard in percent needs a cap");
    if (one->initial && one->initial_reference)
        return check_bad(check, "standard", "the default is either an amount or a reference figure");
    if (one->initial_reference && standard->unit == POLICY__UNIT__PERCENT)
        return check_bad(check, "standard", "a reference figure is an amount, not a default for a percentage");
    if (one->initial_reference > check->pack->n_references)
        return check_bad(check, "standard", "the default is an unknown reference figure");
    if (one->initial &&
        pack_standard_fault_on(check->pack, check->rule->from_day ? check->rule->from_day : check->pack->from_day,
                               (int)check->rule->item, one->level, one->initial, text, sizeof(text)))
        return check_bad(check, "standard", "the default breaks the pack's own bounds: %s", text);
    return true;
}

static bool
standard_good(struct check *check)
{
    const Policy__Standard *standard = check->rule->standard;
    bool by_level;

    if (!standard)
        return true;
    by_level = standard->level_of != POLICY__FACT__FACT_UNSPECIFIED;
    if (standard->unit < POLICY__UNIT__YUAN || standard->unit > POLICY__UNIT__PERCENT)
        return check_bad(check, "standard", "a standard needs its unit: yuan, yuan_a_month, yuan_a_day or percent");
    if (by_level && standard->level_of != POLICY__FACT__LEVEL && standard->level_of != POLICY__FACT__CERTIFICATE_LEVEL)
        return check_bad(check, "standard", "level_of is level or certificate_level");
    if (standard->n_levels < 1 || standard->n_levels > (by_level ? 5u : 1u))
        return check_bad(check, "standard", "a standard by level needs 1 to 5 levels, any other none");
    for (size_t i = 0; i < standard->n_levels; i++) {
        if (by_level ? standard->levels[i]->level < 1 || standard->levels[i]->level > 5
                     : standard->levels[i]->level != 0)
            return check_bad(check, "standard", "a level is 5, 4, 3, 2 or 1");
        if (pack_constraint(check->rule, standard->levels[i]->level) != standard->levels[i])
            return check_bad(check, "standard", "level %" PRIu32 " is there twice", standard->levels[i]->level);
        if (!constraint_good(check, standard->levels[i]))
            return false;
    }
    return check_clause(check, standard->clause, true) && check_text(check, "reading", standard->reading);
}

/* Several rules of one item are several times: no day may have two of them. What divisions set for it is one figure. */
static bool
item_good(struct check *check)
{
    const Policy__Rule *rule = check->rule;
    uint64_t settled = check_items(check->pack) & ~POLICY_BIT(COMMON__ITEM__ABSORPTION_BONUS);

    if (rule->item < 1 || rule->item >= POLICY_ITEMS || !(settled & POLICY_BIT(rule->item)))
        return check_bad(check, "item", "is for no item that this suite settles");
    if (!check_dates(check, rule->from_day, rule->until_day))
        return false;
    for (size_t i = 0; check->pack->rules[i] != rule; i++) {
        const Policy__Rule *other = check->pack->rules[i];

        if (other->item != rule->item)
            continue;
        if ((!other->until_day || !rule->from_day || other->until_day >= rule->from_day) &&
            (!rule->until_day || !other->from_day || rule->until_day >= other->from_day))
            return check_bad(
                check, "item",
                "is the second rule of its item; a pack has one rule an item, or several whose dates (from, "
                "until) do not overlap: rule %" PRIu32,
                other->number);
        if (!rule->standard != !other->standard ||
            (rule->standard &&
             (rule->standard->unit != other->standard->unit || rule->standard->level_of != other->standard->level_of)))
            return check_bad(check, "standard",
                             "rules of one item take a standard of one unit and level_of, as rule %" PRIu32 " does, "
                             "or none of them does",
                             other->number);
    }
    return true;
}

static bool
payment_good(struct check *check)
{
    const Policy__Rule *rule = check->rule;

    if (rule->payee < 1 || rule->payee > COMMON__PAYEE__PAYEE_INSTITUTION)
        return check_bad(check, "payee", "needs its payee: person, enterprise or institution");
    if (rule->fund < 1 || rule->fund > COMMON__FUND__INDUSTRY)
        return check_bad(check, "fund", "needs its fund");
    if (rule->quota && (rule->quota->item < 1 || rule->quota->item >= POLICY_ITEMS ||
                        !(check_items(check->pack) & POLICY_BIT(rule->quota->item)) || rule->quota->months < 1 ||
                        rule->quota->months > 1200))
        return check_bad(check, "quota", "a quota names an item and 1 to 1200 months");
    if (rule->advance_bp > 10000 || (rule->advance_bp && !rule->own_advance))
        return check_bad(check, "advance_percent", "an advance is 0 to 100 percent");
    if (rule->advance_bp > check->pack->advance_bp)
        return check_bad(check, "advance_percent", "pays more ahead than the pack's own advance_percent allows");
    return check_text(check, "reading", rule->reading) && check_text(check, "purpose", rule->purpose);
}

static bool
window_good(struct check *check)
{
    uint64_t told = POLICY_BIT(POLICY__FACT__OUTCOME) | POLICY_BIT(POLICY__FACT__CONTRIBUTION_MONTHS);
    uint32_t months = check->rule->outcome_within_months;

    if (months > POLICY_WINDOW_MAX)
        return check_bad(check, "outcome_within", "a window is 1 to %d months", POLICY_WINDOW_MAX);
    if (months && !(pack_rule_asks(check->rule) & told))
        return check_bad(check, "outcome_within",
                         "nothing waits for it: the rule asks for neither outcome nor contribution_months");
    return true;
}

bool
check_rule(struct check *check)
{
    const Policy__Rule *rule = check->rule;

    if (!item_good(check))
        return false;
    if (!*rule->clause)
        return check_bad(check, "clause", "needs the clause it stands on");
    if (!check_clause(check, rule->clause, false) || !check_number(check, rule->number, rule) || !payment_good(check))
        return false;
    return occasion_good(check) && requirements_good(check) && standard_good(check) && check_amount(check) &&
           window_good(check);
}
