/* The amount of a rule, from text to its compiled form: tables, steps, what is asked back. */
#include <stdio.h>
#include <string.h>

#include "domain/money.h"
#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/facts.h"

/* "6 months", "40 hours": a count says what it counts, so that it is never taken for money. */
static bool
count_of(const char *value, int64_t *out)
{
    static const char *const units[] = {" hours", " days", " months", " years", " hour", " day", " month", " year"};
    size_t digits = strspn(value, "0123456789");
    int64_t count = 0;

    for (size_t i = 0; i < digits && i < 9; i++)
        count = count * 10 + (value[i] - '0');
    for (size_t i = 0; digits && digits < 9 && i < sizeof(units) / sizeof(units[0]); i++)
        if (!strcmp(value + digits, units[i])) {
            *out = count;
            return true;
        }
    return false;
}

static uint32_t
table_named(const Policy__Rule *rule, const char *name)
{
    for (size_t i = 0; i < rule->n_tables; i++)
        if (!strcmp(rule->tables[i]->name, name))
            return (uint32_t)i + 1;
    return 0;
}

static uint32_t
catalogue_named(const Policy__Pack *pack, const char *name)
{
    for (size_t i = 0; i < pack->n_catalogues; i++)
        if (!strcmp(pack->catalogues[i]->name, name))
            return (uint32_t)i + 1;
    return 0;
}

/* What is named: a place in one of the lists of the rule and the pack. */
static bool
named(struct compiler *c, const Policy__Rule *rule, const char *value, Policy__Step *out)
{
    static const Policy__Source sources[] = {POLICY__SOURCE__REFERENCE, POLICY__SOURCE__NAMED_TABLE,
                                             POLICY__SOURCE__CATALOGUE};
    const uint32_t places[] = {compile_reference(c, value), table_named(rule, value), catalogue_named(c->pack, value)};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (places[i]) {
            out->source = sources[i];
            out->reference = places[i];
            return true;
        }
    return false;
}

static void
operand(struct compiler *c, const Policy__Rule *rule, const char *value, Policy__Step *out)
{
    out->fact = fact_find(value);
    if (named(c, rule, value, out))
        out->fact = POLICY__FACT__FACT_UNSPECIFIED;
    else if (out->fact)
        out->source = POLICY__SOURCE__FACT_VALUE;
    else if (!strcmp(value, "standard"))
        out->source = POLICY__SOURCE__STANDARD;
    else if (!strcmp(value, "table"))
        out->source = POLICY__SOURCE__TABLE;
    else if (count_of(value, &out->fixed))
        out->source = POLICY__SOURCE__COUNT;
    else if (money_parse(value, &out->fixed))
        out->source = POLICY__SOURCE__FIXED;
    else if (strspn(value, "-+.0123456789") > 0)
        compile_fault(c, "amount", value,
                      "a figure: write yuan or percent with up to two decimals (2200.00, 33.33), or a count with its "
                      "unit (6 months)");
    else
        compile_fault(
            c, "amount", value,
            "a fact, a reference figure of this pack, a catalogue, standard, table, a table of this rule by its "
            "name, an amount in yuan or a count (6 months)");
}

static void
conditions(struct compiler *c, const char *key, const struct yaml_conditions *yaml, Policy__Condition ***list,
           size_t *count)
{
    for (uint32_t i = 0; i < yaml->count; i++)
        compile_condition(c, key, &yaml->all[i], ADD(*list, *count, Policy__Condition, policy__condition__init));
}

static void
step(struct compiler *c, const Policy__Rule *rule, const struct yaml_step *yaml, Policy__Step *out)
{
    const char *const given[] = {NULL, yaml->take, yaml->at_most, yaml->at_least, yaml->times, yaml->rate, yaml->plus};
    int verbs = 0;

    for (int verb = 1; verb <= POLICY__VERB__PLUS; verb++)
        if (given[verb]) {
            verbs++;
            out->verb = (Policy__Verb)verb;
            operand(c, rule, given[verb], out);
        }
    if (verbs != 1)
        compile_fault(c, "amount", "a step", "exactly one of take, at_most, at_least, times, rate, plus");
    conditions(c, "amount", &yaml->when, &out->when, &out->n_when);
}

static void
table(struct compiler *c, const struct yaml_table *yaml, Policy__Table *out)
{
    compile_text(&out->name, yaml->name);
    out->by = compile_fact(c, "table", yaml->by);
    out->unit = (Policy__Unit)compile_word(c, "table", &words_units, yaml->unit);
    out->graduated = compile_truth(c, "table", yaml->graduated);
    out->reason = (Common__Reason)compile_word(c, "table", &words_reasons, yaml->otherwise);
    MAKE(out->rows, out->n_rows, (size_t)yaml->count, Policy__Row, policy__row__init);
    for (uint32_t i = 0; i < yaml->count; i++) {
        out->rows[i]->any_of = compile_mask(c, "table", out->by, &yaml->rows[i].any_of);
        out->rows[i]->at_least = compile_number(c, "table", yaml->rows[i].at_least);
        out->rows[i]->amount_fen = compile_figure(c, "table", yaml->rows[i].amount);
    }
}

static void
recovery(struct compiler *c, const struct yaml_recovery *yaml, Policy__Rule *out)
{
    if (!yaml)
        return;
    out->recovery = compile_fresh(1, sizeof(Policy__Recovery));
    policy__recovery__init(out->recovery);
    conditions(c, "recovery", &yaml->when, &out->recovery->when, &out->recovery->n_when);
    out->recovery->share_bp = (uint32_t)compile_figure(c, "recovery", yaml->percent);
    compile_text(&out->recovery->clause, yaml->clause);
}

void
compile_amount(struct compiler *c, const struct yaml_rule *yaml, Policy__Rule *out)
{
    if (yaml->table) {
        out->table = compile_fresh(1, sizeof(Policy__Table));
        policy__table__init(out->table);
        table(c, yaml->table, out->table);
    }
    for (uint32_t i = 0; i < yaml->tables_count; i++)
        table(c, &yaml->tables[i], ADD(out->tables, out->n_tables, Policy__Table, policy__table__init));
    MAKE(out->amount, out->n_amount, (size_t)yaml->amount_count, Policy__Step, policy__step__init);
    for (uint32_t i = 0; i < yaml->amount_count; i++)
        step(c, out, &yaml->amount[i], out->amount[i]);
    recovery(c, yaml->recovery, out);
}
