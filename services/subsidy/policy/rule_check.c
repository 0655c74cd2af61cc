/* Is a rule one that can be evaluated: its conditions, its amount, its standard? */
#include <inttypes.h>
#include <string.h>

#include "domain/money.h"
#include "subsidy/policy/check.h"
#include "subsidy/policy/facts.h"

static bool
condition_good(struct check *check, const char *key, const Policy__Condition *condition)
{
    int given = (condition->any_of != 0) + (condition->at_least != 0) + (condition->at_most != 0);
    uint64_t mask;

    if (condition->fact < 1 || condition->fact >= POLICY_FACT_COUNT)
        return check_bad(check, key, "a condition asks for an unknown fact");
    if (given != 1 || condition->at_least < 0 || condition->at_most < 0)
        return check_bad(check, key,
                         "a condition on %s needs one of any_of, at_least (1 or more), at_most (1 or more), is: true",
                         fact_words[condition->fact].name);
    mask = fact_mask(condition->fact);
    if (condition->any_of & ~mask)
        return check_bad(check, key, "%s does not have all of the words that any_of names",
                         fact_words[condition->fact].name);
    if (mask && !condition->any_of && condition->at_least != 1)
        return check_bad(check, key, "%s is a word: ask any_of, or is: true", fact_words[condition->fact].name);
    if (condition->fact == POLICY__FACT__MONTHS_LEFT && !check->rule->quota)
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
        if (!condition_good(check, "when", rule->when[i]))
            return false;
    for (size_t i = 0; i < rule->n_one_of; i++) {
        const Policy__Alternative *one = rule->one_of[i];

        if (one->n_all < 1 || one->n_all > PACK_CONDITIONS_MAX)
            return check_bad(check, "one_of", "an alternative needs 1 to %d conditions", PACK_CONDITIONS_MAX);
        for (size_t j = 0; j < one->n_all; j++)
            if (!condition_good(check, "one_of", one->all[j]))
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
        if (!condition_good(check, "requires", one->condition) || !check_clause(check, one->clause, true))
            return false;
        if (one->reason < 1 || one->reason > COMMON__REASON__ANOTHER_LIVING_ALLOWANCE)
            return check_bad(check, "requires",
                             "a requirement needs the reason it refuses with: else: no_certificate, for one");
    }
    return true;
}

static bool
table_good(struct check *check)
{
    const Policy__Table *table = check->rule->table;
    uint64_t seen = 0;

    if (!table)
        return true;
    if (table->by < 1 || table->by >= POLICY_FACT_COUNT || !fact_mask(table->by))
        return check_bad(check, "table", "a table goes by a fact of words: level, certificate_level, groups");
    if (table->n_rows < 1 || table->n_rows > PACK_CONDITIONS_MAX)
        return check_bad(check, "table", "a table needs 1 to %d rows", PACK_CONDITIONS_MAX);
    for (size_t i = 0; i < table->n_rows; i++) {
        const Policy__Row *row = table->rows[i];

        if (!row->any_of || (row->any_of & ~fact_mask(table->by)) || (row->any_of & seen))
            return check_bad(check, "table", "row %zu of the table names no word of %s, or one that an earlier row has",
                             i + 1, fact_words[table->by].name);
        if (row->amount_fen <= 0 || row->amount_fen > MONEY_FEN_MAX)
            return check_bad(check, "table", "row %zu of the table needs an amount of more than zero", i + 1);
        seen |= row->any_of;
    }
    return true;
}

/* Steps keep their unit straight: money times money, or a refund in days, is a mistake of the pack's. */
enum step_unit { STEP_NOTHING, STEP_MONEY, STEP_COUNT, STEP_RATE, STEP_BAD };

static enum step_unit
fact_unit(const struct check *check, Policy__Fact fact)
{
    if (fact < 1 || fact >= POLICY_FACT_COUNT)
        return STEP_BAD;
    if (fact == POLICY__FACT__MONTHS_LEFT && !check->rule->quota)
        return STEP_BAD;
    if (fact_words[fact].form == FACT_MONEY)
        return STEP_MONEY;
    return fact_words[fact].form == FACT_NUMBER ? STEP_COUNT : STEP_BAD;
}

static enum step_unit
figure_unit(const struct check *check, const Policy__Step *step)
{
    const Policy__Standard *standard = check->rule->standard;

    switch (step->source) {
    case POLICY__SOURCE__FIXED:
        if (step->fixed <= 0 || step->fixed > MONEY_FEN_MAX)
            return STEP_BAD;
        return step->verb == POLICY__VERB__RATE ? STEP_RATE : STEP_MONEY;
    case POLICY__SOURCE__FACT_VALUE:
        return fact_unit(check, step->fact);
    case POLICY__SOURCE__STANDARD:
        if (!standard)
            return STEP_BAD;
        return standard->unit == POLICY__UNIT__PERCENT ? STEP_RATE : STEP_MONEY;
    case POLICY__SOURCE__REFERENCE:
        return step->reference >= 1 && step->reference <= check->pack->n_references ? STEP_MONEY : STEP_BAD;
    case POLICY__SOURCE__TABLE:
        return check->rule->table ? STEP_MONEY : STEP_BAD;
    case POLICY__SOURCE__SOURCE_UNSPECIFIED:
    case _POLICY__SOURCE_IS_INT_SIZE:
        break;
    }
    return STEP_BAD;
}

static enum step_unit
unit_after(enum step_unit before, Policy__Verb verb, enum step_unit operand)
{
    if (operand == STEP_BAD || (operand == STEP_RATE) != (verb == POLICY__VERB__RATE))
        return STEP_BAD;
    switch (verb) {
    case POLICY__VERB__TAKE:
        return before == STEP_NOTHING ? operand : STEP_BAD;
    case POLICY__VERB__AT_MOST:
    case POLICY__VERB__AT_LEAST:
    case POLICY__VERB__PLUS:
        return before == operand ? before : STEP_BAD;
    case POLICY__VERB__TIMES:
        return before != STEP_NOTHING && before != operand ? STEP_MONEY : STEP_BAD;
    case POLICY__VERB__RATE:
        return before == STEP_MONEY ? STEP_MONEY : STEP_BAD;
    case POLICY__VERB__VERB_UNSPECIFIED:
    case _POLICY__VERB_IS_INT_SIZE:
        break;
    }
    return STEP_BAD;
}

static bool
amount_good(struct check *check)
{
    const Policy__Rule *rule = check->rule;
    enum step_unit unit = STEP_NOTHING;

    if (rule->n_amount < 1 || rule->n_amount > PACK_CONDITIONS_MAX)
        return check_bad(check, "amount", "an amount needs 1 to %d steps", PACK_CONDITIONS_MAX);
    for (size_t i = 0; i < rule->n_amount; i++) {
        unit = unit_after(unit, rule->amount[i]->verb, figure_unit(check, rule->amount[i]));
        if (unit == STEP_BAD)
            return check_bad(
                check, "amount",
                "step %zu of the amount cannot be taken: begin with take, keep money, counts and rates apart, and "
                "let standard, table and months_left stand only where the rule has them",
                i + 1);
    }
    if (unit != STEP_MONEY)
        return check_bad(check, "amount", "the amount ends as a count, not as money");
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
        pack_standard_fault(check->pack, (int)check->rule->item, one->level, one->initial, text, sizeof(text)))
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

bool
check_rule(struct check *check)
{
    const Policy__Rule *rule = check->rule;

    if (rule->item < 1 || rule->item > COMMON__ITEM__WORK_AS_TRAINING_SUBSIDY)
        return check_bad(check, "item", "is for no item that this suite settles");
    if (pack_rule(check->pack, (int)rule->item) != rule)
        return check_bad(check, "item", "is the second rule of its item; a pack has one rule an item");
    if (!*rule->clause)
        return check_bad(check, "clause", "needs the clause it stands on");
    if (!check_clause(check, rule->clause, false) || !check_number(check, rule->number, rule))
        return false;
    if (rule->payee < 1 || rule->payee > COMMON__PAYEE__PAYEE_INSTITUTION)
        return check_bad(check, "payee", "needs its payee: person, enterprise or institution");
    if (rule->fund < 1 || rule->fund > COMMON__FUND__INDUSTRY)
        return check_bad(check, "fund", "needs its fund");
    if (rule->quota && (rule->quota->item < 1 || rule->quota->item > COMMON__ITEM__ABSORPTION_BONUS ||
                        rule->quota->months < 1 || rule->quota->months > 1200))
        return check_bad(check, "quota", "a quota names an item and 1 to 1200 months");
    if (!check_text(check, "reading", rule->reading) || !check_text(check, "purpose", rule->purpose))
        return false;
    return occasion_good(check) && requirements_good(check) && table_good(check) && standard_good(check) &&
           amount_good(check);
}
