/* A rule of the pack, from text to its compiled form. */
#include <string.h>

#include "domain/money.h"
#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/pack.h"

static uint32_t
own_word(const Policy__Pack *pack, Policy__Fact fact, const char *value)
{
    bool shortage = fact == POLICY__FACT__SHORTAGE;
    size_t count = shortage ? pack->n_shortages : pack->n_lists;

    for (size_t i = 0; i < count; i++)
        if (!strcmp(shortage ? pack->shortages[i]->name : pack->lists[i]->name, value))
            return (uint32_t)i + 1;
    return 0;
}

/* The bit of one word; 0, with the fault, where the fact has none such. */
static uint64_t
bit_of(struct compiler *c, const char *key, Policy__Fact fact, const char *value)
{
    const struct fact_word *word = &fact_words[fact];
    const struct word *found = word->words ? word_find(word->words, value) : NULL;
    uint32_t own = word->form == FACT_PACK_WORDS ? own_word(c->pack, fact, value) : 0;
    char known[SOURCE_WORDS_MAX];

    if (found)
        return POLICY_BIT(found->number);
    if (own && own < 63)
        return POLICY_BIT(own);
    if (word->form == FACT_LEVELS && *value >= '1' && *value <= '5' && !value[1])
        return POLICY_BIT(*value - '0');
    if (word->form == FACT_PACK_WORDS)
        compile_fault(c, key, value,
                      fact == POLICY__FACT__SHORTAGE ? "a shortage class of this pack" : "a list of this pack");
    else
        compile_fault(c, key, value, word->words ? source_words(word->words, known) : "a level, 5 to 1");
    return 0;
}

uint64_t
compile_mask(struct compiler *c, const char *key, Policy__Fact fact, const struct yaml_list *list)
{
    uint64_t out = 0;

    for (uint32_t i = 0; i < list->count; i++)
        out |= bit_of(c, key, fact, list->words[i]);
    return out;
}

Policy__Fact
compile_fact(struct compiler *c, const char *key, const char *name)
{
    Policy__Fact found = name ? fact_find(name) : POLICY__FACT__FACT_UNSPECIFIED;

    if (name && !found)
        compile_fault(c, key, name, "a fact: jineng policy words fact lists them");
    return found;
}

static void
condition(struct compiler *c, const char *key, const struct yaml_where *yaml, Policy__Condition *out)
{
    bool words = yaml->any_of.count || yaml->none_of.count;

    out->fact = compile_fact(c, key, yaml->fact);
    out->any_of = compile_mask(c, key, out->fact, &yaml->any_of);
    out->none_of = compile_mask(c, key, out->fact, &yaml->none_of);
    if (fact_words[out->fact].form == FACT_MONEY)
        out->at_least = compile_figure(c, key, yaml->at_least), out->at_most = compile_figure(c, key, yaml->at_most);
    else
        out->at_least = compile_number(c, key, yaml->at_least), out->at_most = compile_number(c, key, yaml->at_most);
    if (yaml->is && strcmp(yaml->is, "true"))
        compile_fault(c, key, yaml->is, "true; a rule asks for what is, not for what is not");
    if (yaml->is && (words || yaml->at_least || yaml->at_most))
        compile_fault(c, key, "is", "to stand beside any_of, none_of, at_least or at_most");
    if (yaml->is)
        out->at_least = 1;
}

void
compile_condition(struct compiler *c, const char *key, const struct yaml_condition *yaml, Policy__Condition *out)
{
    const struct yaml_where plain = {.fact = yaml->fact,
                                     .at_least = yaml->at_least,
                                     .at_most = yaml->at_most,
                                     .is = yaml->is,
                                     .any_of = yaml->any_of,
                                     .none_of = yaml->none_of};

    condition(c, key, &plain, out);
    if (yaml->otherwise && strcmp(key, "requires"))
        compile_fault(c, key, "else", "known outside of requires");
    if (yaml->where && strcmp(key, "requires"))
        compile_fault(c, key, "where", "known outside of requires");
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
        out->when[i++]->any_of = compile_mask(c, "groups", POLICY__FACT__GROUPS, &yaml->groups);
    }
    if (yaml->classes.count) {
        out->when[i]->fact = POLICY__FACT__CLASS;
        out->when[i++]->any_of = compile_mask(c, "classes", POLICY__FACT__CLASS, &yaml->classes);
    }
    for (uint32_t j = 0; j < yaml->when.count; j++)
        compile_condition(c, "when", &yaml->when.all[j], out->when[i++]);
    MAKE(out->one_of, out->n_one_of, (size_t)yaml->one_of_count, Policy__Alternative, policy__alternative__init);
    for (uint32_t j = 0; j < yaml->one_of_count; j++) {
        const struct yaml_conditions *one = &yaml->one_of[j];

        MAKE(out->one_of[j]->all, out->one_of[j]->n_all, (size_t)one->count, Policy__Condition,
             policy__condition__init);
        for (uint32_t k = 0; k < one->count; k++)
            compile_condition(c, "one_of", &one->all[k], out->one_of[j]->all[k]);
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
        compile_condition(c, "requires", one, out->requires[i] -> condition);
        out->requires[i] -> reason = (Common__Reason)compile_word(c, "requires", &words_reasons, one->otherwise);
        compile_text(&out->requires[i] -> clause, one -> clause);
        if (one->where) {
            out->requires[i] -> where = compile_fresh(1, sizeof(Policy__Condition));
            policy__condition__init(out->requires[i] -> where);
            condition(c, "requires", one->where, out->requires[i] -> where);
        }
    }
}

static void
constraint(struct compiler *c, const struct yaml_constraint *yaml, Policy__Constraint *out)
{
    out->level = (uint32_t)compile_number(c, "standard", yaml->level);
    out->cap = compile_figure(c, "standard", yaml->cap);
    out->floor = compile_figure(c, "standard", yaml->floor);
    out->initial_reference = yaml->initial ? compile_reference(c, yaml->initial) : 0;
    if (!out->initial_reference)
        out->initial = compile_figure(c, "standard", yaml->initial);
}

static const struct word units[] = {{POLICY__UNIT__YUAN, "yuan", "元"},
                                    {POLICY__UNIT__YUAN_A_MONTH, "yuan_a_month", "元/月"},
                                    {POLICY__UNIT__YUAN_A_DAY, "yuan_a_day", "元/天"},
                                    {POLICY__UNIT__PERCENT, "percent", "%"}};
const struct vocabulary words_units = {"unit", units, sizeof(units) / sizeof(units[0])};

static void
standard(struct compiler *c, const struct yaml_standard *yaml, Policy__Rule *out)
{
    if (!yaml)
        return;
    out->standard = compile_fresh(1, sizeof(Policy__Standard));
    policy__standard__init(out->standard);
    out->standard->unit = (Policy__Unit)compile_word(c, "standard", &words_units, yaml->unit);
    out->standard->level_of = compile_fact(c, "standard", yaml->level_of);
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
    out->quota->item = (Common__Item)compile_item(c, "quota", yaml->item);
    out->quota->months = (uint32_t)compile_number(c, "quota", yaml->months);
}

/* A rule that gives way to a new one of its number: the number goes on meaning the same item. */
static void
item(struct compiler *c, const struct yaml_rule *yaml, Policy__Rule *out)
{
    const Policy__Pack *base = c->file->base ? c->file->base->pack : NULL;
    const Policy__Rule *before = base ? pack_rule_numbered(base, out->number) : NULL;

    out->item = (Common__Item)compile_item(c, "item", yaml->item);
    if (before && out->item != before->item)
        compile_fault(c, "item", yaml->item,
                      "the item that this number means in the pack that is amended; give a new rule a new number");
}

void
compile_rule(struct compiler *c, const struct yaml_rule *yaml, Policy__Rule *out)
{
    out->number = (uint32_t)compile_number(c, "rule", yaml->number);
    item(c, yaml, out);
    out->payee = (Common__Payee)compile_word(c, "payee", &words_payees, yaml->payee);
    out->fund = (Common__Fund)compile_word(c, "fund", &words_funds, yaml->fund);
    out->from_day = compile_day(c, "from", yaml->from);
    out->until_day = compile_day(c, "until", yaml->until);
    out->own_advance = yaml->advance != NULL;
    out->advance_bp = (uint32_t)compile_figure(c, "advance_percent", yaml->advance);
    if (yaml->outcome_within && !compile_months(c, yaml->outcome_within, &out->outcome_within_months))
        compile_fault(c, "outcome_within", yaml->outcome_within, "a number of months: 6 months");
    compile_text(&out->clause, yaml->clause);
    compile_text(&out->purpose, yaml->purpose);
    compile_text(&out->reading, yaml->reading);
    occasion(c, yaml, out);
    requirements(c, yaml, out);
    standard(c, yaml->standard, out);
    quota(c, yaml->quota, out);
    compile_amount(c, yaml, out);
}
