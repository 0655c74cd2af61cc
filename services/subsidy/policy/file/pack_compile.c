/* From the pack's text to its compiled form: words to numbers and masks, yuan to fen, percent to hundredths of one. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "domain/money.h"
#include "subsidy/policy/check/check.h"
#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/pack.h"

void
compile_fault(struct compiler *c, const char *key, const char *value, const char *wanted)
{
    char place[120], text[PACK_FAULT_MAX];

    snprintf(place, sizeof(place), "%s%s%s", c->place, *c->place ? "." : "", key);
    snprintf(text, sizeof(text), "%s%s: \"%.300s\" is not %s", c->about, key, value, wanted);
    pack_file_fault(c->file, place, text);
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

char *
compile_copy(const char *text)
{
    char *copy = strdup(text);

    if (!copy)
        abort();
    return copy;
}

void *
compile_grown(void *list, size_t count)
{
    void *grown = realloc(list, (count + 1) * sizeof(void *));

    if (!grown)
        abort();
    return grown;
}

/* Left out stays as it was, which begins as protobuf-c's own empty string: that is not ours to free. */
void
compile_text(char **out, const char *value)
{
    if (value && *value) {
        if (*out != protobuf_c_empty_string)
            free(*out);
        *out = compile_copy(value);
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

bool
compile_truth(struct compiler *c, const char *key, const char *value)
{
    if (value && strcmp(value, "true") && strcmp(value, "false"))
        compile_fault(c, key, value, "true or false");
    return value && !strcmp(value, "true");
}

int
compile_item(struct compiler *c, const char *key, const char *value)
{
    const struct word *shared = value ? word_find(&words_items, value) : NULL;
    char known[SOURCE_WORDS_MAX];
    size_t used;

    for (size_t i = 0; value && i < c->pack->n_items; i++)
        if (!strcmp(c->pack->items[i]->name, value))
            return (int)c->pack->items[i]->number;
    if (!value || shared)
        return shared ? shared->number : 0;
    used = strlen(source_words(&words_items, known));
    for (size_t i = 0; i < c->pack->n_items && used < sizeof(known); i++)
        used += (size_t)snprintf(known + used, sizeof(known) - used, ", %.60s", c->pack->items[i]->name);
    compile_fault(c, key, value, known);
    return 0;
}

void
compile_at(struct compiler *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(c->place, sizeof(c->place), format, args);
    va_end(args);
    c->about[0] = '\0';
}

void
compile_at_rule(struct compiler *c, uint32_t place)
{
    const struct yaml_rule *rule = &c->yaml->rules[place];

    compile_at(c, "rules.%u", place);
    snprintf(c->about, sizeof(c->about), "rule %.10s (%.60s)%s%.20s: ", rule->number, rule->item,
             rule->clause ? ", clause " : "", rule->clause ? rule->clause : "");
}

void
compile_at_limit(struct compiler *c, uint32_t place)
{
    const struct yaml_limit *limit = &c->yaml->limits[place];

    compile_at(c, "limits.%u", place);
    snprintf(c->about, sizeof(c->about), "limit %.10s%s%.20s: ", limit->number,
             limit->clause    ? ", clause "
             : limit->reading ? ", our reading"
                              : "",
             limit->clause ? limit->clause : "");
}

int32_t
compile_day(struct compiler *c, const char *key, const char *value)
{
    int32_t parsed = 0;

    if (value && !date_parse(value, &parsed))
        compile_fault(c, key, value, "a date, YYYY-MM-DD");
    return parsed;
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

    if (!yaml->division)
        compile_fault(c, "division", "", "left out: say the city's six digits");
    if (!yaml->notice)
        compile_fault(c, "notice_working_days", "", "left out: say how many working days of public notice there are");
    if (!yaml->advance)
        compile_fault(c, "advance_percent", "", "left out: say 0 where nothing is paid ahead");
    compile_text(&out->id, yaml->id);
    compile_text(&out->title, yaml->title);
    compile_text(&out->title_zh, yaml->title_zh);
    compile_text(&out->amends, yaml->amends);
    out->from_day = compile_day(c, "from", yaml->from);
    out->until_day = compile_day(c, "until", yaml->until);
    out->division = (uint32_t)compile_number(c, "division", yaml->division);
    out->notice_working_days = (uint32_t)compile_number(c, "notice_working_days", yaml->notice);
    out->advance_bp = (uint32_t)compile_figure(c, "advance_percent", yaml->advance);
    write_off(c, yaml->write_off, out);
}

uint32_t
compile_reference(const struct compiler *c, const char *name)
{
    for (size_t i = 0; i < c->pack->n_references; i++)
        if (!strcmp(c->pack->references[i]->name, name))
            return (uint32_t)i + 1;
    return 0;
}

static void
references(struct compiler *c, Policy__Pack *out)
{
    for (uint32_t i = 0; i < c->yaml->references_count; i++) {
        const struct yaml_pair *yaml = &c->yaml->references[i];
        Policy__Reference *one = ADD(out->references, out->n_references, Policy__Reference, policy__reference__init);

        compile_text(&one->name, yaml->first);
        compile_text(&one->zh, yaml->second);
        compile_text(&one->clause, yaml->clause);
    }
}

static void
lists(struct compiler *c, Policy__Pack *out)
{
    const struct yaml_pack *yaml = c->yaml;

    for (uint32_t i = 0; i < yaml->implications_count; i++) {
        Policy__Implication *one =
            ADD(out->implications, out->n_implications, Policy__Implication, policy__implication__init);

        one->group = (Common__Group)compile_word(c, "implications", &words_groups, yaml->implications[i].first);
        one->implies = (Common__Group)compile_word(c, "implications", &words_groups, yaml->implications[i].second);
        compile_text(&one->clause, yaml->implications[i].clause);
    }
    for (uint32_t i = 0; i < yaml->readings_count; i++) {
        Policy__Reading *one = ADD(out->readings, out->n_readings, Policy__Reading, policy__reading__init);

        compile_text(&one->about, yaml->readings[i].first);
        compile_text(&one->text, yaml->readings[i].second);
    }
}

static void
rules_and_limits(struct compiler *c)
{
    const struct yaml_pack *yaml = c->yaml;
    Policy__Pack *out = c->pack;

    for (uint32_t i = 0; i < yaml->rules_count; i++) {
        compile_at_rule(c, i);
        compile_rule(c, &yaml->rules[i], ADD(out->rules, out->n_rules, Policy__Rule, policy__rule__init));
    }
    for (uint32_t i = 0; i < yaml->limits_count; i++) {
        compile_at_limit(c, i);
        compile_limit(c, &yaml->limits[i], ADD(out->limits, out->n_limits, Policy__Limit, policy__limit__init));
    }
    for (uint32_t i = 0; i < yaml->grants_count; i++) {
        compile_at(c, "grants.%u", i);
        grant(c, &yaml->grants[i], ADD(out->grants, out->n_grants, Policy__GrantUse, policy__grant_use__init));
    }
    compile_at(c, "%s", "");
}

/* Its own words first: a name that cannot be used is better heard of where it is declared than where it is missed. */
static void
vocabulary_good(struct compiler *c)
{
    struct pack_fault fault;
    struct check check = {.pack = c->pack, .fault = &fault};

    if (!c->file->source.failed && !check_vocabulary(&check))
        pack_file_fault(c->file, fault.path, fault.text);
}

Policy__Pack *
pack_compile(struct pack_file *file)
{
    Policy__Pack *out = compile_fresh(1, sizeof(Policy__Pack));
    struct compiler c = {.file = file, .yaml = &file->whole, .pack = out};

    policy__pack__init(out);
    head(&c, out);
    lists(&c, out);
    references(&c, out);
    compile_vocabulary(&c);
    vocabulary_good(&c);
    rules_and_limits(&c);
    out->asks = pack_asks(out);
    compile_way(&c, &c.yaml->way, out);
    if (!file->source.failed)
        return out;
    policy__pack__free_unpacked(out, NULL);
    return NULL;
}
