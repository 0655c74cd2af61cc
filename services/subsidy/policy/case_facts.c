/* A case's facts and figures, from text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "domain/identifiers.h"
#include "domain/money.h"
#include "subsidy/policy/cases_yaml.h"

/* Which case is being read: faults name its values' lines. */
struct reader {
    struct case_file *file;
    uint32_t number;
};

static void
unreadable(struct reader *r, const char *key, const char *value, const char *wanted)
{
    char place[120];

    snprintf(place, sizeof(place), "cases.%u.%s", r->number, key);
    source_fault(&r->file->source, place, "%s: \"%s\" is not %s", key, value, wanted);
}

static int
number_of(struct reader *r, const char *key, const struct vocabulary *words, const char *value)
{
    const struct word *found = value ? word_find(words, value) : NULL;
    char known[SOURCE_WORDS_MAX];

    if (!found && value)
        unreadable(r, key, value, source_words(words, known));
    return found ? found->number : 0;
}

/* Signs are read so that the evaluation, not the reader, calls the facts invalid. */
static int32_t
whole(struct reader *r, const char *key, const char *value)
{
    const char *digits = value && *value == '-' ? value + 1 : value;

    if (!value)
        return 0;
    if (!*digits || strspn(digits, "0123456789") != strlen(digits) || strlen(digits) > 9) {
        unreadable(r, key, value, "a whole number");
        return 0;
    }
    return (int32_t)strtol(value, NULL, 10);
}

/* 200 stands for every level that there is not, within what facts can hold. */
static uint8_t
level(struct reader *r, const char *key, const char *value)
{
    int32_t read = whole(r, key, value);

    if (value && read == 0)
        return 200;
    return read >= 0 && read <= 5 ? (uint8_t)read : 200;
}

static int64_t
yuan(struct reader *r, const char *key, const char *value)
{
    bool minus = value && *value == '-';
    int64_t fen = 0;

    if (value && !money_parse(value + minus, &fen))
        unreadable(r, key, value, "an amount, with up to two decimals");
    return minus ? -fen : fen;
}

static bool
truth(struct reader *r, const char *key, const char *value)
{
    if (value && strcmp(value, "true") && strcmp(value, "false"))
        unreadable(r, key, value, "true or false");
    return value && !strcmp(value, "true");
}

static int32_t
date(struct reader *r, const char *key, const char *value)
{
    int32_t day = 0;

    if (!date_parse(value, &day))
        unreadable(r, key, value, "a date, YYYY-MM-DD");
    return day;
}

static void
read_person(struct reader *r, const struct yaml_person *yaml, struct facts *facts)
{
    if (!yaml)
        return;
    for (uint32_t i = 0; i < yaml->groups_count; i++)
        facts->groups |= POLICY_BIT(number_of(r, "facts.person.groups", &words_groups, yaml->groups[i]));
    facts->groups &= ~UINT64_C(1);
    facts->household = (uint8_t)number_of(r, "facts.person.household", &words_households, yaml->household);
    facts->living_allowance = truth(r, "facts.person.living_allowance", yaml->living_allowance);
    facts->insured_months = whole(r, "facts.person.insured_months", yaml->insured_months);
    facts->employed_months = whole(r, "facts.person.employed_months", yaml->employed_months);
}

static void
read_training(struct reader *r, const struct yaml_training *yaml, struct facts *facts)
{
    facts->class_kind = (uint8_t)number_of(r, "facts.training.kind", &words_class_kinds, yaml->kind);
    facts->level = level(r, "facts.training.level", yaml->level);
    facts->cost_fen = yuan(r, "facts.training.cost", yaml->cost);
    facts->days = whole(r, "facts.training.days", yaml->days);
    facts->months = whole(r, "facts.training.months", yaml->months);
    facts->years = whole(r, "facts.training.years", yaml->years);
    facts->project_based = truth(r, "facts.training.project_based", yaml->project_based);
    facts->enterprise_school = truth(r, "facts.training.enterprise_school", yaml->enterprise_school);
}

static void
read_papers(struct reader *r, const struct yaml_facts *yaml, struct facts *facts)
{
    if (yaml->employer) {
        facts->employer = (uint8_t)number_of(r, "facts.employer.kind", &words_institution_kinds, yaml->employer->kind);
        facts->employer_insured = truth(r, "facts.employer.insured", yaml->employer->insured);
    }
    if (!yaml->certificate)
        return;
    facts->certificate =
        (uint8_t)number_of(r, "facts.certificate.kind", &words_certificate_kinds, yaml->certificate->kind);
    facts->certificate_level = level(r, "facts.certificate.level", yaml->certificate->level);
    facts->certificate_day = date(r, "facts.certificate.date", yaml->certificate->date);
}

/* Occupations are numbers inside: 1 is the training's, the others the place of the first row that has the text. */
static uint32_t
occupation(const struct yaml_facts *yaml, uint32_t row)
{
    const char *own = yaml->training->occupation;
    const char *text = yaml->history[row].occupation;

    if (!text || !*text)
        return 0;
    if (own && !strcmp(own, text))
        return 1;
    for (uint32_t i = 0; i < row; i++)
        if (yaml->history[i].occupation && !strcmp(yaml->history[i].occupation, text))
            return i + 2;
    return row + 2;
}

static void
read_history(struct reader *r, const struct yaml_facts *yaml, struct case_facts *out)
{
    for (uint32_t i = 0; i < yaml->history_count; i++) {
        const struct yaml_paid *row = &yaml->history[i];
        int32_t months = whole(r, "facts.history", row->months);

        out->history[i] = (struct paid_before){
            .day = date(r, "facts.history", row->date),
            .occupation = occupation(yaml, i),
            .months = (int16_t)(months >= 0 && months <= POLICY_MONTHS_MAX ? months : -1),
            .item = (uint8_t)number_of(r, "facts.history", &words_items, row->item),
            .level = level(r, "facts.history", row->level),
        };
    }
    out->facts.history = out->history;
    out->facts.history_count = yaml->history_count;
}

static bool
case_standard(const void *context, int item, uint32_t level_asked, uint32_t division, int32_t day, int64_t *amount)
{
    const struct case_facts *facts = context;

    (void)day;
    if (division != facts->facts.division || level_asked > 5 || !facts->standards[item][level_asked])
        return false;
    *amount = facts->standards[item][level_asked];
    return true;
}

static bool
case_reference(const void *context, const char *name, uint32_t division, int32_t day, int64_t *amount)
{
    const struct case_facts *facts = context;
    const Policy__Pack *pack = facts->view.pack;

    (void)day;
    for (size_t i = 0; i < pack->n_references; i++)
        if (division == facts->facts.division && facts->references[i] && !strcmp(pack->references[i]->name, name)) {
            *amount = facts->references[i];
            return true;
        }
    return false;
}

bool
case_facts_read(struct case_file *file, uint32_t i, struct case_facts *out)
{
    struct reader r = {.file = file, .number = i};
    const struct yaml_facts *yaml = file->yaml->cases[i].facts;

    memset(out, 0, sizeof(*out));
    out->view = (struct policy_view){
        .pack = file->pack, .standard = case_standard, .reference = case_reference, .context = out};
    out->facts.day = date(&r, "facts.date", yaml->date);
    if (!division_code(yaml->division, &out->facts.division))
        unreadable(&r, "facts.division", yaml->division, "six digits");
    read_person(&r, yaml->person, &out->facts);
    read_training(&r, yaml->training, &out->facts);
    read_papers(&r, yaml, &out->facts);
    out->facts.occupation = yaml->training->occupation && *yaml->training->occupation ? 1 : 0;
    read_history(&r, yaml, out);
    return !file->source.failed;
}

static void
read_standard(struct reader *r, int item, uint32_t level_set, const char *text, struct case_facts *out)
{
    char place[80], fault[CASE_FAULT_MAX];
    int64_t amount;

    if (!text)
        return;
    snprintf(place, sizeof(place), "standards.%s", word_name(&words_items, item));
    amount = yuan(r, place, text);
    if (pack_standard_fault(r->file->pack, item, level_set, amount, fault, sizeof(fault)))
        unreadable(r, place, text, fault);
    out->standards[item][level_set] = amount;
}

bool
case_figures_read(struct case_file *file, uint32_t i, struct case_facts *out)
{
    struct reader r = {.file = file, .number = i};
    const struct yaml_case *yaml = &file->yaml->cases[i];

    for (int item = 1; yaml->standards && item < EVALUATION_ITEMS; item++) {
        read_standard(&r, item, 0, yaml->standards->text[item], out);
        for (uint32_t one = 1; yaml->standards->levels[item] && one <= 5; one++)
            read_standard(&r, item, one, yaml->standards->levels[item]->level[one], out);
    }
    for (size_t place = 0; yaml->reference && place < file->pack->n_references; place++) {
        out->references[place] = yuan(&r, "reference", yaml->reference->text[place]);
        if (yaml->reference->text[place] && out->references[place] <= 0)
            unreadable(&r, "reference", yaml->reference->text[place], "more than zero");
    }
    return !file->source.failed;
}
