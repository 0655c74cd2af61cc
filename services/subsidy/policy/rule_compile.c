/* A rule of the pack, from text to its compiled form. */
#include <string.h>

#include "domain/money.h"
#include "subsidy/policy/compile.h"
#include "subsidy/policy/facts.h"

static uint64_t
mask(struct compiler *c, const char *key, Policy__Fact fact, const struct yaml_list *list)
{
    char known[SOURCE_WORDS_MAX];
    uint64_t out = 0;

    for (uint32_t i = 0; i < list->count; i++) {
        const char *value = list->words[i];
        const struct word *found = fact_words[fact].words ? word_find(fact_words[fact].words, value) : NULL;

        if (found)
            out |= POLICY_BIT(found->number);
        else if (fact_words[fact].form == FACT_LEVELS && *value >= '1' && *value <= '5' && !value[1])
            out |= POLICY_BIT(*value - '0');
        else
            compile_fault(c, key, value,
                          fact_words[fact].words ? source_words(fact_words[fact].words, known) : "a level, 5 to 1");
    }
    return out;
}

static Policy__Fact
fact(struct compiler *c, const char *key, const char *name)
{
    Policy__Fact found = name ? fact_find(name) : POLICY__FACT__FACT_UNSPECIFIED;

    if (name && !found)
        compile_fault(c, key, name, "a fact; see the list in deploy/policy/README.md");
    return found;
}

static void
condition(struct compiler *c, const char *key, const struct yaml_condition *yaml, Policy__Condition *out)
{
    out->fact = fact(c, key, yaml->fact);
    out->any_of = mask(c, key, out->fact, &yaml->any_of);
    if (fact_words[out->fact].form == FACT_MONEY)
        out->at_least = compile_figure(c, key, yaml->at_least), out->at_most = compile_figure(c, key, yaml->at_most);
    else
        out->at_least = compile_number(c, key, yaml->at_least), out->at_most = compile_number(c, key, yaml->at_most);
    if (yaml->is && strcmp(yaml->is, "true"))
        compile_fault(c, key, yaml->is, "true; a rule asks for what is, not for what is not");
    if (yaml->is && (yaml->any_of.count || yaml->at_least || yaml->at_most))
        compile_fault(c, key, "is", "to stand beside any_of, at_least or at_most");
    if (yaml->is)
        out->at_least = 1;
    if (yaml->otherwise && strcmp(key, "requires"))
        compile_fault(c, key, "else", "known outside of requires");
}

/* groups and classes are conditions like others, written short, and asked first: they exclude the most. */
static void
occasion(struct compiler *c, const struct yaml_rule *yaml, Policy__Rule *out)
{
    size_t short_forms = (yaml->groups.count ? 1u : 0u) + (yaml->classes.count ? 1u : 0u);
    size_t i = 0;

    MAKE(out->when, out->n_when, short_forms + yaml->when.count, Policy__Condition, policy__condition__init);
    if (yaml->groups.count) {
        out->when[i]->fact = POLICY__FACT__GROUPS;
        out->when[i++]->any_of = mask(c, "groups", POLICY__FACT__GROUPS, &yaml->groups);
    }
    if (yaml->classes.count) {
        out->when[i]->fact = POLICY__FACT__CLASS;
        out->when[i++]->any_of = mask(c, "classes", POLICY__FACT__CLASS, &yaml->classes);
    }
    for (uint32_t j = 0; j < yaml->when.count; j++)
        condition(c, "when", &yaml->when.all[j], out->when[i++]);
    MAKE(out->one_of, out->n_one_of, (size_t)yaml->one_of_count, Policy__Alternative, policy__alternative__init);
    for (uint32_t j = 0; j < yaml->one_of_count; j++) {
        const struct yaml_conditions *one = &yaml->one_of[j];

        MAKE(out->one_of[j]->all, out->one_of[j]->n_all, (size_t)one->count, Policy__Condition,
             policy__condition__init);
        for (uint32_t k = 0; k < one->count; k++)
            condition(c, "one_of", &one->all[k], out->one_of[j]->all[k]);
    }
}

static void
requirements(struct compiler *c, const struct yaml_rule *yaml, Policy__Rule *out)
{
    MAKE(out->requires, out->n_requires, (size_t)yaml->requires.count, Policy__Requirement, policy__requirement__init);
    for (uint32_t i = 0; i < yaml->requires.count; i++) {
        const struct yaml_condition *one = &yaml->requires.all[i];

        out->requires[i] -> condition = compile_fresh(1, sizeof(Policy__Condition));
        policy__condition__init(out->requires[i] -> condition);
        condition(c, "requires", one, out->requires[i] -> condition);
        out->requires[i] -> reason = (Common__Reason)compile_word(c, "requires", &words_reasons, one->otherwise);
        compile_text(&out->requires[i] -> clause, one -> clause);
    }
}

/* The place of a reference figure in the pack's list, from 1; 0 where it is not one. */
static uint32_t
reference(const struct compiler *c, const char *name)
{
    for (uint32_t i = 0; i < c->yaml->references_count; i++)
        if (!strcmp(c->yaml->references[i].first, name))
            return i + 1;
    return 0;
}

static void
operand(struct compiler *c, const char *value, Policy__Step *out)
{
    out->reference = reference(c, value);
    out->fact = fact_find(value);
    if (out->reference)
        out->source = POLICY__SOURCE__REFERENCE;
    else if (out->fact)
        out->source = POLICY__SOURCE__FACT_VALUE;
    else if (!strcmp(value, "standard"))
        out->source = POLICY__SOURCE__STANDARD;
    else if (!strcmp(value, "table"))
        out->source = POLICY__SOURCE__TABLE;
    else if (money_parse(value, &out->fixed))
        out->source = POLICY__SOURCE__FIXED;
    else
        compile_fault(c, "amount", value, "a fact, a reference figure of this pack, standard, table or an amount");
}

static void
step(struct compiler *c, const struct yaml_step *yaml, Policy__Step *out)
{
    const char *const given[] = {NULL, yaml->take, yaml->at_most, yaml->at_least, yaml->times, yaml->rate, yaml->plus};
    int verbs = 0;

    for (int verb = 1; verb <= POLICY__VERB__PLUS; verb++)
        if (given[verb]) {
            verbs++;
            out->verb = (Policy__Verb)verb;
            operand(c, given[verb], out);
        }
    if (verbs != 1)
        compile_fault(c, "amount", "a step", "exactly one of take, at_most, at_least, times, rate, plus");
}

static void
table(struct compiler *c, const struct yaml_table *yaml, Policy__Rule *out)
{
    if (!yaml)
        return;
    out->table = compile_fresh(1, sizeof(Policy__Table));
    policy__table__init(out->table);
    out->table->by = fact(c, "table", yaml->by);
    MAKE(out->table->rows, out->table->n_rows, (size_t)yaml->count, Policy__Row, policy__row__init);
    for (uint32_t i = 0; i < yaml->count; i++) {
        out->table->rows[i]->any_of = mask(c, "table", out->table->by, &yaml->rows[i].any_of);
        out->table->rows[i]->amount_fen = compile_figure(c, "table", yaml->rows[i].amount);
    }
}

static void
constraint(struct compiler *c, const struct yaml_constraint *yaml, Policy__Constraint *out)
{
    out->level = (uint32_t)compile_number(c, "standard", yaml->level);
    out->cap = compile_figure(c, "standard", yaml->cap);
    out->floor = compile_figure(c, "standard", yaml->floor);
    out->initial_reference = yaml->initial ? reference(c, yaml->initial) : 0;
    if (!out->initial_reference)
        out->initial = compile_figure(c, "standard", yaml->initial);
}

static void
standard(struct compiler *c, const struct yaml_standard *yaml, Policy__Rule *out)
{
    static const struct word units[] = {{POLICY__UNIT__YUAN, "yuan", "元"},
                                        {POLICY__UNIT__YUAN_A_MONTH, "yuan_a_month", "元/月"},
                                        {POLICY__UNIT__YUAN_A_DAY, "yuan_a_day", "元/天"},
                                        {POLICY__UNIT__PERCENT, "percent", "%"}};
    static const struct vocabulary vocabulary = {"unit", units, sizeof(units) / sizeof(units[0])};

    if (!yaml)
        return;
    out->standard = compile_fresh(1, sizeof(Policy__Standard));
    policy__standard__init(out->standard);
    out->standard->unit = (Policy__Unit)compile_word(c, "standard", &vocabulary, yaml->unit);
    out->standard->level_of = fact(c, "standard", yaml->level_of);
    compile_text(&out->standard->clause, yaml->clause);
    compile_text(&out->standard->reading, yaml->reading);
    if (yaml->count && (yaml->cap || yaml->floor || yaml->initial))
        compile_fault(c, "standard", "cap, floor or default", "to stand beside levels, but in each of them");
    MAKE(out->standard->levels, out->standard->n_levels, yaml->count ? (size_t)yaml->count : 1, Policy__Constraint,
         policy__constraint__init);
    for (uint32_t i = 0; i < yaml->count; i++)
        constraint(c, &yaml->levels[i], out->standard->levels[i]);
    if (!yaml->count)
        constraint(c, &(struct yaml_constraint){.cap = yaml->cap, .floor = yaml->floor, .initial = yaml->initial},
                   out->standard->levels[0]);
}

static void
quota(struct compiler *c, const struct yaml_quota *yaml, Policy__Rule *out)
{
    if (!yaml)
        return;
    out->quota = compile_fresh(1, sizeof(Policy__Quota));
    policy__quota__init(out->quota);
    out->quota->item = (Common__Item)compile_word(c, "quota", &words_items, yaml->item);
    out->quota->months = (uint32_t)compile_number(c, "quota", yaml->months);
}

void
compile_rule(struct compiler *c, const struct yaml_rule *yaml, Policy__Rule *out)
{
    out->number = (uint32_t)compile_number(c, "rule", yaml->number);
    out->item = (Common__Item)compile_word(c, "item", &words_items, yaml->item);
    out->payee = (Common__Payee)compile_word(c, "payee", &words_payees, yaml->payee);
    out->fund = (Common__Fund)compile_word(c, "fund", &words_funds, yaml->fund);
    compile_text(&out->clause, yaml->clause);
    compile_text(&out->purpose, yaml->purpose);
    compile_text(&out->reading, yaml->reading);
    occasion(c, yaml, out);
    requirements(c, yaml, out);
    table(c, yaml->table, out);
    standard(c, yaml->standard, out);
    quota(c, yaml->quota, out);
    MAKE(out->amount, out->n_amount, (size_t)yaml->amount_count, Policy__Step, policy__step__init);
    for (uint32_t i = 0; i < yaml->amount_count; i++)
        step(c, &yaml->amount[i], out->amount[i]);
}
