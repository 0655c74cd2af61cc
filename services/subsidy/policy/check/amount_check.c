/* Is a rule's amount one that can be reckoned: its tables, its steps, what is asked back? */
#include <inttypes.h>
#include <string.h>

#include "domain/money.h"
#include "subsidy/policy/check/check.h"
#include "subsidy/policy/facts.h"

static bool
row_good(struct check *check, const Policy__Table *table, size_t i, uint64_t *seen)
{
    const Policy__Row *row = table->rows[i];
    uint64_t mask = fact_mask(check->pack, table->by);
    const char *name = fact_words[table->by].name;

    if (mask && (!row->any_of || row->at_least || (row->any_of & ~mask) || (row->any_of & *seen)))
        return check_bad(check, "table", "row %zu of the table names no word of %s, or one that an earlier row has",
                         i + 1, name);
    if (!mask && (row->any_of || row->at_least < 1 || (i && row->at_least <= table->rows[i - 1]->at_least)))
        return check_bad(check, "table",
                         "row %zu of the table needs at_least, 1 or more and more than the row before it has: from so "
                         "much of %s on",
                         i + 1, name);
    if (row->amount_fen <= 0 || row->amount_fen > (table->unit == POLICY__UNIT__PERCENT ? 1000000 : MONEY_FEN_MAX))
        return check_bad(check, "table", "row %zu of the table needs an amount of more than zero", i + 1);
    *seen |= row->any_of;
    return true;
}

static bool
table_good(struct check *check, const Policy__Table *table)
{
    uint64_t seen = 0;
    bool number;

    if (table->by < 1 || table->by >= POLICY_FACT_COUNT)
        return check_bad(check, "table", "a table goes by a fact");
    number = fact_words[table->by].form == FACT_NUMBER;
    if (!number && !fact_mask(check->pack, table->by))
        return check_bad(check, "table",
                         "a table goes by a fact of words (level, certificate_level, groups, shortage) or by a number "
                         "(hours, days, months)");
    if (table->by == POLICY__FACT__MONTHS_LEFT && !check->rule->quota)
        return check_bad(check, "table", "months_left needs a quota in the rule");
    if (table->n_rows < 1 || table->n_rows > PACK_CONDITIONS_MAX)
        return check_bad(check, "table", "a table needs 1 to %d rows", PACK_CONDITIONS_MAX);
    if (table->unit != POLICY__UNIT__UNIT_UNSPECIFIED && table->unit != POLICY__UNIT__YUAN &&
        table->unit != POLICY__UNIT__PERCENT)
        return check_bad(check, "table", "a table's unit is yuan or percent");
    if (table->reason > PACK_REASON_LAST || (number && !table->reason))
        return check_bad(check, "table",
                         "a table by a number needs the reason with which it refuses below its first row: else: "
                         "too_few_hours, for one");
    for (size_t i = 0; i < table->n_rows; i++)
        if (!row_good(check, table, i, &seen))
            return false;
    if (table->graduated && (!number || table->unit == POLICY__UNIT__PERCENT || table->rows[0]->at_least != 1))
        return check_bad(check, "table",
                         "a graduated table goes by a number, in yuan, and its first row begins at_least: 1");
    return true;
}

static bool
tables_good(struct check *check)
{
    const Policy__Rule *rule = check->rule;

    if (rule->table && !table_good(check, rule->table))
        return false;
    if (rule->table && *rule->table->name)
        return check_bad(check, "table", "the rule's own table has no name; name those under tables");
    if (rule->n_tables > PACK_CONDITIONS_MAX)
        return check_bad(check, "tables", "more than %d tables", PACK_CONDITIONS_MAX);
    for (size_t i = 0; i < rule->n_tables; i++) {
        const char *name = rule->tables[i]->name;

        if (!check_name(name) || fact_find(name) || !strcmp(name, "table") || !strcmp(name, "standard"))
            return check_bad(check, "tables",
                             "a table needs a name of 1 to %d bytes that is no fact's, nor table or standard",
                             PACK_NAME_MAX);
        for (size_t j = 0; j < i; j++)
            if (!strcmp(rule->tables[j]->name, name))
                return check_bad(check, "tables", "table %s is there twice", name);
        if (!table_good(check, rule->tables[i]))
            return false;
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
table_unit(const Policy__Table *table)
{
    return table->unit == POLICY__UNIT__PERCENT ? STEP_RATE : STEP_MONEY;
}

static enum step_unit
figure_unit(const struct check *check, const Policy__Step *step)
{
    const Policy__Standard *standard = check->rule->standard;

    switch (step->source) {
    case POLICY__SOURCE__COUNT:
        return step->fixed >= 1 && step->fixed <= 100000000 ? STEP_COUNT : STEP_BAD;
    case POLICY__SOURCE__NAMED_TABLE:
        return step->reference >= 1 && step->reference <= check->rule->n_tables
                   ? table_unit(check->rule->tables[step->reference - 1])
                   : STEP_BAD;
    case POLICY__SOURCE__CATALOGUE:
        return step->reference >= 1 && step->reference <= check->pack->n_catalogues ? STEP_MONEY : STEP_BAD;
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
        return check->rule->table ? table_unit(check->rule->table) : STEP_BAD;
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
steps_good(struct check *check)
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

/* A step that may be left out must leave the figure what it was: neither begin it nor change its unit. */
static bool
conditions_good(struct check *check)
{
    const Policy__Rule *rule = check->rule;

    for (size_t i = 0; i < rule->n_amount; i++) {
        const Policy__Step *step = rule->amount[i];

        if (step->n_when > PACK_CONDITIONS_MAX)
            return check_bad(check, "amount", "step %zu has more than %d conditions", i + 1, PACK_CONDITIONS_MAX);
        if (step->n_when && (step->verb == POLICY__VERB__TAKE || step->verb == POLICY__VERB__TIMES))
            return check_bad(check, "amount",
                             "step %zu: only plus, rate, at_most and at_least may be left out by a condition", i + 1);
        for (size_t j = 0; j < step->n_when; j++)
            if (!check_condition(check, "amount", step->when[j]))
                return false;
    }
    return true;
}

static bool
recovery_good(struct check *check)
{
    const Policy__Recovery *recovery = check->rule->recovery;

    if (!recovery)
        return true;
    if (recovery->n_when < 1 || recovery->n_when > PACK_CONDITIONS_MAX)
        return check_bad(check, "recovery", "a recovery says on what it is asked back: when, 1 to %d conditions",
                         PACK_CONDITIONS_MAX);
    for (size_t i = 0; i < recovery->n_when; i++)
        if (!check_condition(check, "recovery", recovery->when[i]))
            return false;
    if (recovery->share_bp < 1 || recovery->share_bp > 10000)
        return check_bad(check, "recovery", "a recovery is more than 0 and at most 100 percent of what was not earned");
    return check_clause(check, recovery->clause, true);
}

bool
check_amount(struct check *check)
{
    return tables_good(check) && steps_good(check) && conditions_good(check) && recovery_good(check);
}
