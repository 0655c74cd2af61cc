/* From the pack's text to its compiled form: words to numbers and masks, yuan to fen, percent to hundredths of one. */
#include "subsidy/policy/pack_yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "domain/money.h"
#include "domain/words.h"
#include "subsidy/policy/facts.h"

/* Where the compiler stands: the source for faults, and the place that the next fault is about. */
struct compiler {
    struct source *source;
    const struct yaml_pack *yaml;
    Policy__Pack *pack;
    char place[60];
};

__attribute__((format(printf, 2, 3))) static void
at(struct compiler *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(c->place, sizeof(c->place), format, args);
    va_end(args);
}

static void
fault(struct compiler *c, const char *key, const char *value, const char *wanted)
{
    char place[120];

    snprintf(place, sizeof(place), "%s%s%s", c->place, *c->place ? "." : "", key);
    source_fault(c->source, place, "%s: \"%s\" is not %s", key, value, wanted);
}

/* A tool that is out of memory while it reads a page of text has nothing better to do. */
static void *
fresh(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);

    if (!memory)
        abort();
    return memory;
}

/* Every list of messages is made the same way: an array of pointers, each message initialised. */
#define MAKE(list, counter, number, Type, init)                                                                        \
    do {                                                                                                               \
        (list) = fresh((number), sizeof(*(list)));                                                                     \
        (counter) = (number);                                                                                          \
        for (size_t made_ = 0; made_ < (number); made_++) {                                                            \
            (list)[made_] = fresh(1, sizeof(Type));                                                                    \
            init((list)[made_]);                                                                                       \
        }                                                                                                              \
    } while (0)

/* Left out stays protobuf-c's own empty string, which is not ours to free. */
static void
text(char **out, const char *value)
{
    if (value && *value) {
        *out = strdup(value);
        if (!*out)
            abort();
    }
}

static int
word(struct compiler *c, const char *key, const struct vocabulary *words, const char *value)
{
    const struct word *found = value ? word_find(words, value) : NULL;

    if (!found && value)
        fault(c, key, value, "a word that is known there");
    return found ? found->number : 0;
}

static int64_t
number(struct compiler *c, const char *key, const char *value)
{
    char *end;
    long parsed;

    if (!value)
        return 0;
    parsed = strtol(value, &end, 10);
    if (end == value || *end || strspn(value, "0123456789") != strlen(value) || strlen(value) > 9) {
        fault(c, key, value, "a whole number");
        return 0;
    }
    return parsed;
}

/* Yuan to fen and percent to hundredths of one are the same reading: two decimals. */
static int64_t
figure(struct compiler *c, const char *key, const char *value)
{
    int64_t fen = 0;

    if (value && !money_parse(value, &fen))
        fault(c, key, value, "an amount in yuan or percent, with up to two decimals");
    return fen;
}

static int32_t
day(struct compiler *c, const char *key, const char *value)
{
    int32_t parsed = 0;

    if (!date_parse(value, &parsed))
        fault(c, key, value, "a date, YYYY-MM-DD");
    return parsed;
}

static uint64_t
mask(struct compiler *c, const char *key, Policy__Fact fact, const struct yaml_list *list)
{
    uint64_t out = 0;

    for (uint32_t i = 0; i < list->count; i++) {
        const char *value = list->words[i];
        const struct word *found = fact_words[fact].words ? word_find(fact_words[fact].words, value) : NULL;

        if (found)
            out |= POLICY_BIT(found->number);
        else if (fact_words[fact].form == FACT_LEVELS && *value >= '1' && *value <= '5' && !value[1])
            out |= POLICY_BIT(*value - '0');
        else
            fault(c, key, value, "a word of that fact");
    }
    return out;
}

static uint64_t
items(struct compiler *c, const char *key, const struct yaml_list *list)
{
    uint64_t out = 0;

    for (uint32_t i = 0; i < list->count; i++)
        if (list != &c->yaml->counted && !strcmp(list->words[i], "counted"))
            out |= items(c, key, &c->yaml->counted);
        else
            out |= POLICY_BIT(word(c, key, &words_items, list->words[i]));
    return out & ~UINT64_C(1);
}

static Policy__Fact
fact(struct compiler *c, const char *key, const char *name)
{
    Policy__Fact found = name ? fact_find(name) : POLICY__FACT__FACT_UNSPECIFIED;

    if (name && !found)
        fault(c, key, name, "a fact; see the list in deploy/policy/README.md");
    return found;
}

static void
condition(struct compiler *c, const char *key, const struct yaml_condition *yaml, Policy__Condition *out)
{
    out->fact = fact(c, key, yaml->fact);
    out->any_of = mask(c, key, out->fact, &yaml->any_of);
    if (fact_words[out->fact].form == FACT_MONEY)
        out->at_least = figure(c, key, yaml->at_least), out->at_most = figure(c, key, yaml->at_most);
    else
        out->at_least = number(c, key, yaml->at_least), out->at_most = number(c, key, yaml->at_most);
    if (yaml->is && strcmp(yaml->is, "true"))
        fault(c, key, yaml->is, "true; a rule asks for what is, not for what is not");
    if (yaml->is && (yaml->any_of.count || yaml->at_least || yaml->at_most))
        fault(c, key, "is", "to stand beside any_of, at_least or at_most");
    if (yaml->is)
        out->at_least = 1;
    if (yaml->otherwise && strcmp(key, "requires"))
        fault(c, key, "else", "known outside of requires");
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

        out->requires[i] -> condition = fresh(1, sizeof(Policy__Condition));
        policy__condition__init(out->requires[i] -> condition);
        condition(c, "requires", one, out->requires[i] -> condition);
        out->requires[i] -> reason = (Common__Reason)word(c, "requires", &words_reasons, one->otherwise);
        text(&out->requires[i] -> clause, one -> clause);
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
        fault(c, "amount", value, "a fact, a reference figure of this pack, standard, table or an amount");
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
        fault(c, "amount", "a step", "exactly one of take, at_most, at_least, times, rate, plus");
}

static void
table(struct compiler *c, const struct yaml_table *yaml, Policy__Rule *out)
{
    if (!yaml)
        return;
    out->table = fresh(1, sizeof(Policy__Table));
    policy__table__init(out->table);
    out->table->by = fact(c, "table", yaml->by);
    MAKE(out->table->rows, out->table->n_rows, (size_t)yaml->count, Policy__Row, policy__row__init);
    for (uint32_t i = 0; i < yaml->count; i++) {
        out->table->rows[i]->any_of = mask(c, "table", out->table->by, &yaml->rows[i].any_of);
        out->table->rows[i]->amount_fen = figure(c, "table", yaml->rows[i].amount);
    }
}

static void
constraint(struct compiler *c, const struct yaml_constraint *yaml, Policy__Constraint *out)
{
    out->level = (uint32_t)number(c, "standard", yaml->level);
    out->cap = figure(c, "standard", yaml->cap);
    out->floor = figure(c, "standard", yaml->floor);
    out->initial_reference = yaml->initial ? reference(c, yaml->initial) : 0;
    if (!out->initial_reference)
        out->initial = figure(c, "standard", yaml->initial);
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
    out->standard = fresh(1, sizeof(Policy__Standard));
    policy__standard__init(out->standard);
    out->standard->unit = (Policy__Unit)word(c, "standard", &vocabulary, yaml->unit);
    out->standard->level_of = fact(c, "standard", yaml->level_of);
    text(&out->standard->clause, yaml->clause);
    text(&out->standard->reading, yaml->reading);
    if (yaml->count && (yaml->cap || yaml->floor || yaml->initial))
        fault(c, "standard", "cap, floor or default", "to stand beside levels, but in each of them");
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
    out->quota = fresh(1, sizeof(Policy__Quota));
    policy__quota__init(out->quota);
    out->quota->item = (Common__Item)word(c, "quota", &words_items, yaml->item);
    out->quota->months = (uint32_t)number(c, "quota", yaml->months);
}

static void
rule(struct compiler *c, const struct yaml_rule *yaml, Policy__Rule *out)
{
    out->number = (uint32_t)number(c, "rule", yaml->number);
    out->item = (Common__Item)word(c, "item", &words_items, yaml->item);
    out->payee = (Common__Payee)word(c, "payee", &words_payees, yaml->payee);
    out->fund = (Common__Fund)word(c, "fund", &words_funds, yaml->fund);
    text(&out->clause, yaml->clause);
    text(&out->purpose, yaml->purpose);
    text(&out->reading, yaml->reading);
    occasion(c, yaml, out);
    requirements(c, yaml, out);
    table(c, yaml->table, out);
    standard(c, yaml->standard, out);
    quota(c, yaml->quota, out);
    MAKE(out->amount, out->n_amount, (size_t)yaml->amount_count, Policy__Step, policy__step__init);
    for (uint32_t i = 0; i < yaml->amount_count; i++)
        step(c, &yaml->amount[i], out->amount[i]);
}

static void
limit(struct compiler *c, const struct yaml_limit *yaml, Policy__Limit *out)
{
    static const struct word kinds[] = {
        {POLICY__LIMIT_KIND__SAME_OCCUPATION_LEVEL_PAID, "same_occupation_level", "同一职业同一等级"},
        {POLICY__LIMIT_KIND__EVER_PAID, "ever_paid", "曾经享受"},
        {POLICY__LIMIT_KIND__TIMES_A_YEAR, "times_a_year", "年度次数"},
        {POLICY__LIMIT_KIND__LARGEST_ONLY, "largest_only", "取最高一项"}};
    static const struct vocabulary vocabulary = {"kind", kinds, sizeof(kinds) / sizeof(kinds[0])};

    out->number = (uint32_t)number(c, "rule", yaml->number);
    out->kind = (Policy__LimitKind)word(c, "kind", &vocabulary, yaml->kind);
    out->items = items(c, "items", &yaml->items);
    out->against = items(c, "against", &yaml->against);
    out->most = (uint32_t)number(c, "most", yaml->most);
    out->reason = (Common__Reason)word(c, "reason", &words_reasons, yaml->reason);
    text(&out->clause, yaml->clause);
    text(&out->reading, yaml->reading);
}

static void
head(struct compiler *c, Policy__Pack *out)
{
    const struct yaml_pack *yaml = c->yaml;

    text(&out->id, yaml->id);
    text(&out->title, yaml->title);
    text(&out->title_zh, yaml->title_zh);
    out->from_day = day(c, "from", yaml->from);
    out->until_day = day(c, "until", yaml->until);
    out->division = (uint32_t)number(c, "division", yaml->division);
    out->notice_working_days = (uint32_t)number(c, "notice_working_days", yaml->notice);
    out->advance_bp = (uint32_t)figure(c, "advance_percent", yaml->advance);
}

static void
lists(struct compiler *c, Policy__Pack *out)
{
    const struct yaml_pack *yaml = c->yaml;

    MAKE(out->implications, out->n_implications, (size_t)yaml->implications_count, Policy__Implication,
         policy__implication__init);
    for (uint32_t i = 0; i < yaml->implications_count; i++) {
        out->implications[i]->group =
            (Common__Group)word(c, "implications", &words_groups, yaml->implications[i].first);
        out->implications[i]->implies =
            (Common__Group)word(c, "implications", &words_groups, yaml->implications[i].second);
        text(&out->implications[i]->clause, yaml->implications[i].clause);
    }
    MAKE(out->references, out->n_references, (size_t)yaml->references_count, Policy__Reference,
         policy__reference__init);
    for (uint32_t i = 0; i < yaml->references_count; i++) {
        text(&out->references[i]->name, yaml->references[i].first);
        text(&out->references[i]->zh, yaml->references[i].second);
        text(&out->references[i]->clause, yaml->references[i].clause);
    }
    MAKE(out->readings, out->n_readings, (size_t)yaml->readings_count, Policy__Reading, policy__reading__init);
    for (uint32_t i = 0; i < yaml->readings_count; i++) {
        text(&out->readings[i]->about, yaml->readings[i].first);
        text(&out->readings[i]->text, yaml->readings[i].second);
    }
}

Policy__Pack *
pack_compile(struct source *source, const struct yaml_pack *yaml)
{
    struct compiler c = {.source = source, .yaml = yaml};
    Policy__Pack *out = fresh(1, sizeof(Policy__Pack));

    policy__pack__init(out);
    head(&c, out);
    lists(&c, out);
    MAKE(out->rules, out->n_rules, (size_t)yaml->rules_count, Policy__Rule, policy__rule__init);
    for (uint32_t i = 0; i < yaml->rules_count; i++) {
        at(&c, "rules.%u", i);
        rule(&c, &yaml->rules[i], out->rules[i]);
    }
    MAKE(out->limits, out->n_limits, (size_t)yaml->limits_count, Policy__Limit, policy__limit__init);
    for (uint32_t i = 0; i < yaml->limits_count; i++) {
        at(&c, "limits.%u", i);
        limit(&c, &yaml->limits[i], out->limits[i]);
    }
    if (!source->failed)
        return out;
    policy__pack__free_unpacked(out, NULL);
    return NULL;
}
