/* From the pack's text to its compiled form: words to numbers and masks, yuan to fen, percent to hundredths of one. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "domain/money.h"
#include "subsidy/policy/compile.h"
#include "subsidy/policy/facts.h"

void
compile_fault(struct compiler *c, const char *key, const char *value, const char *wanted)
{
    char place[120];

    snprintf(place, sizeof(place), "%s%s%s", c->place, *c->place ? "." : "", key);
    source_fault(c->source, place, "%s: \"%s\" is not %s", key, value, wanted);
}

/* A tool that is out of memory while it reads a page of text has nothing better to do. */
void *
compile_fresh(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);

    if (!memory)
        abort();
    return memory;
}

/* Left out stays protobuf-c's own empty string, which is not ours to free. */
void
compile_text(char **out, const char *value)
{
    if (value && *value) {
        *out = strdup(value);
        if (!*out)
            abort();
    }
}

int
compile_word(struct compiler *c, const char *key, const struct vocabulary *words, const char *value)
{
    const struct word *found = value ? word_find(words, value) : NULL;
    char known[SOURCE_WORDS_MAX];

    if (!found && value)
        compile_fault(c, key, value, source_words(words, known));
    return found ? found->number : 0;
}

int64_t
compile_number(struct compiler *c, const char *key, const char *value)
{
    char *end;
    long parsed;

    if (!value)
        return 0;
    parsed = strtol(value, &end, 10);
    if (end == value || *end || strspn(value, "0123456789") != strlen(value) || strlen(value) > 9) {
        compile_fault(c, key, value, "a whole number");
        return 0;
    }
    return parsed;
}

/* Yuan to fen and percent to hundredths of one are the same reading: two decimals. */
int64_t
compile_figure(struct compiler *c, const char *key, const char *value)
{
    int64_t fen = 0;

    if (value && !money_parse(value, &fen))
        compile_fault(c, key, value, "an amount in yuan or percent, with up to two decimals");
    return fen;
}

__attribute__((format(printf, 2, 3))) static void
at(struct compiler *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(c->place, sizeof(c->place), format, args);
    va_end(args);
}

static int32_t
day(struct compiler *c, const char *key, const char *value)
{
    int32_t parsed = 0;

    if (!date_parse(value, &parsed))
        compile_fault(c, key, value, "a date, YYYY-MM-DD");
    return parsed;
}

static uint64_t
items(struct compiler *c, const char *key, const struct yaml_list *list)
{
    uint64_t out = 0;

    for (uint32_t i = 0; i < list->count; i++)
        if (list != &c->yaml->counted && !strcmp(list->words[i], "counted"))
            out |= items(c, key, &c->yaml->counted);
        else
            out |= POLICY_BIT(compile_word(c, key, &words_items, list->words[i]));
    return out & ~UINT64_C(1);
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

    out->number = (uint32_t)compile_number(c, "rule", yaml->number);
    out->kind = (Policy__LimitKind)compile_word(c, "kind", &vocabulary, yaml->kind);
    out->items = items(c, "items", &yaml->items);
    out->against = items(c, "against", &yaml->against);
    out->most = (uint32_t)compile_number(c, "most", yaml->most);
    out->reason = (Common__Reason)compile_word(c, "reason", &words_reasons, yaml->reason);
    compile_text(&out->clause, yaml->clause);
    compile_text(&out->reading, yaml->reading);
}

static void
grant(struct compiler *c, const struct yaml_grant *yaml, Policy__GrantUse *out)
{
    out->purpose = (Common__Purpose)compile_word(c, "purpose", &words_purposes, yaml->purpose);
    for (uint32_t i = 0; i < yaml->funds.count; i++)
        out->funds |= POLICY_BIT(compile_word(c, "funds", &words_funds, yaml->funds.words[i]));
    out->funds &= ~UINT64_C(1);
    compile_text(&out->clause, yaml->clause);
    compile_text(&out->reading, yaml->reading);
}

static void
write_off(struct compiler *c, const char *most, Policy__Pack *out)
{
    if (!most)
        return;
    out->write_off = compile_fresh(1, sizeof(*out->write_off));
    policy__write_off__init(out->write_off);
    out->write_off->most_fen = compile_figure(c, "write_off_most", most);
}

static void
head(struct compiler *c, Policy__Pack *out)
{
    const struct yaml_pack *yaml = c->yaml;

    compile_text(&out->id, yaml->id);
    compile_text(&out->title, yaml->title);
    compile_text(&out->title_zh, yaml->title_zh);
    out->from_day = day(c, "from", yaml->from);
    out->until_day = day(c, "until", yaml->until);
    out->division = (uint32_t)compile_number(c, "division", yaml->division);
    out->notice_working_days = (uint32_t)compile_number(c, "notice_working_days", yaml->notice);
    out->advance_bp = (uint32_t)compile_figure(c, "advance_percent", yaml->advance);
    write_off(c, yaml->write_off, out);
}

static void
lists(struct compiler *c, Policy__Pack *out)
{
    const struct yaml_pack *yaml = c->yaml;

    MAKE(out->implications, out->n_implications, (size_t)yaml->implications_count, Policy__Implication,
         policy__implication__init);
    for (uint32_t i = 0; i < yaml->implications_count; i++) {
        out->implications[i]->group =
            (Common__Group)compile_word(c, "implications", &words_groups, yaml->implications[i].first);
        out->implications[i]->implies =
            (Common__Group)compile_word(c, "implications", &words_groups, yaml->implications[i].second);
        compile_text(&out->implications[i]->clause, yaml->implications[i].clause);
    }
    MAKE(out->references, out->n_references, (size_t)yaml->references_count, Policy__Reference,
         policy__reference__init);
    for (uint32_t i = 0; i < yaml->references_count; i++) {
        compile_text(&out->references[i]->name, yaml->references[i].first);
        compile_text(&out->references[i]->zh, yaml->references[i].second);
        compile_text(&out->references[i]->clause, yaml->references[i].clause);
    }
    MAKE(out->readings, out->n_readings, (size_t)yaml->readings_count, Policy__Reading, policy__reading__init);
    for (uint32_t i = 0; i < yaml->readings_count; i++) {
        compile_text(&out->readings[i]->about, yaml->readings[i].first);
        compile_text(&out->readings[i]->text, yaml->readings[i].second);
    }
}

Policy__Pack *
pack_compile(struct source *source, const struct yaml_pack *yaml)
{
    struct compiler c = {.source = source, .yaml = yaml};
    Policy__Pack *out = compile_fresh(1, sizeof(Policy__Pack));

    policy__pack__init(out);
    head(&c, out);
    lists(&c, out);
    MAKE(out->rules, out->n_rules, (size_t)yaml->rules_count, Policy__Rule, policy__rule__init);
    for (uint32_t i = 0; i < yaml->rules_count; i++) {
        at(&c, "rules.%u", i);
        compile_rule(&c, &yaml->rules[i], out->rules[i]);
    }
    MAKE(out->limits, out->n_limits, (size_t)yaml->limits_count, Policy__Limit, policy__limit__init);
    for (uint32_t i = 0; i < yaml->limits_count; i++) {
        at(&c, "limits.%u", i);
        limit(&c, &yaml->limits[i], out->limits[i]);
    }
    MAKE(out->grants, out->n_grants, (size_t)yaml->grants_count, Policy__GrantUse, policy__grant_use__init);
    for (uint32_t i = 0; i < yaml->grants_count; i++) {
        at(&c, "grants.%u", i);
        grant(&c, &yaml->grants[i], out->grants[i]);
    }
    if (!source->failed)
        return out;
    policy__pack__free_unpacked(out, NULL);
    return NULL;
}
