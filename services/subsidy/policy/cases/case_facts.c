/* A case's facts and figures, from text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "domain/identifiers.h"
#include "domain/money.h"
#include "subsidy/policy/cases/cases_yaml.h"

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

/* One that may be unknown: a zero that is written is no more than one that is left out. */
static int32_t
known(struct reader *r, const char *key, const char *value)
{
    int32_t read = whole(r, key, value);

    if (value && read == 0)
        unreadable(r, key, value, "more than zero; leave it out where it is not known");
    return read;
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
        unreadable(r, key, value, "a date, YYYY-MM-DD, from 1900 to 2199");
    return day;
}

static uint8_t
octet(int32_t value)
{
    return value >= 0 && value < UINT8_MAX ? (uint8_t)value : UINT8_MAX;
}

/* Months through one day after the other: what is known in all is the last of them. */
static void
read_contributions(struct reader *r, const struct yaml_person *yaml, struct facts *facts)
{
    facts->contribution_known = yaml->contribution_months != NULL || yaml->contributions_count;
    facts->contribution_months = whole(r, "facts.person.contribution_months", yaml->contribution_months);
    if (yaml->contribution_months && yaml->contributions_count)
        unreadable(r, "facts.person.contributions", "beside contribution_months", "needed: give one of the two");
    for (uint32_t i = 0; i < yaml->contributions_count; i++) {
        facts->contributions[i].day = date(r, "facts.person.contributions", yaml->contributions[i].through);
        facts->contributions[i].months = whole(r, "facts.person.contributions", yaml->contributions[i].months);
        facts->contribution_months = facts->contributions[i].months;
        facts->contributions_count++;
    }
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
    facts->age = octet(known(r, "facts.person.age", yaml->age));
    facts->sex = (uint8_t)number_of(r, "facts.person.sex", &words_sexes, yaml->sex);
    read_contributions(r, yaml, facts);
}

static void
read_outcomes(struct reader *r, const struct yaml_training *yaml, struct facts *facts)
{
    if (yaml->outcome_dates_count && yaml->outcome_dates_count != yaml->outcome_count)
        unreadable(r, "facts.training.outcome_dates", "a list", "one with a date for each outcome, in the same order");
    for (uint32_t i = 0; i < yaml->outcome_count; i++) {
        int outcome = number_of(r, "facts.training.outcome", &words_outcomes, yaml->outcome[i]);

        facts->outcomes |= POLICY_BIT(outcome);
        if (i < yaml->outcome_dates_count)
            facts->outcome_days[outcome] = date(r, "facts.training.outcome_dates", yaml->outcome_dates[i]);
    }
    facts->outcomes &= ~UINT64_C(1);
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
    facts->hours = known(r, "facts.training.hours", yaml->hours);
    read_outcomes(r, yaml, facts);
    facts->project_based = truth(r, "facts.training.project_based", yaml->project_based);
    facts->enterprise_school = truth(r, "facts.training.enterprise_school", yaml->enterprise_school);
}

/* A certificate's number as a number: its text, counted up (FNV-1a). 0 where there is none. */
static uint64_t
paper_number(const char *text)
{
    uint64_t number = UINT64_C(14695981039346656037);

    if (!text || !*text)
        return 0;
    for (; *text; text++)
        number = (number ^ (uint8_t)*text) * UINT64_C(1099511628211);
    return number ? number : 1;
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
    facts->certificate_number = paper_number(yaml->certificate->number);
}

/* A code is its own number, as in catalogues. */
static uint32_t
code_number(const char *code)
{
    uint32_t number = 0;

    for (; *code; code++)
        if (*code != '-')
            number = number * 10 + (uint32_t)(*code - '0');
    return POLICY_OCCUPATION_BASE + number;
}

/* Occupations of another form: 1 is the training's, the others the place of the first row that has the text. */
static uint32_t
occupation(const struct yaml_facts *yaml, uint32_t row)
{
    const char *own = yaml->training->occupation;
    const char *text = yaml->history[row].occupation;

    if (!text || !*text)
        return 0;
    if (occupation_code(text))
        return code_number(text);
    if (own && !strcmp(own, text))
        return 1;
    for (uint32_t i = 0; i < row; i++)
        if (yaml->history[i].occupation && !strcmp(yaml->history[i].occupation, text))
            return i + 2;
    return row + 2;
}

static uint8_t
item(struct reader *r, const char *key, const char *name)
{
    int found = pack_item_find(r->file->pack, name);

    return (uint8_t)(found ? found : number_of(r, key, &words_items, name));
}

static struct paid_before
paid(struct reader *r, const char *key, const struct yaml_paid *row)
{
    int32_t months = whole(r, key, row->months);

    return (struct paid_before){
        .day = date(r, key, row->date),
        .months = (int16_t)(months >= 0 && months <= POLICY_MONTHS_MAX ? months : -1),
        .item = item(r, key, row->item),
        .level = level(r, key, row->level),
        .advance = truth(r, key, row->advance),
        .amount_fen = yuan(r, key, row->amount),
        .certificate = paper_number(row->certificate),
    };
}

/* An employer whose history is given has no other payments than those; one that was never paid says that it is known.
 */
static void
read_history(struct reader *r, const struct yaml_facts *yaml, struct case_facts *out)
{
    const struct yaml_employer *employer = yaml->employer;

    for (uint32_t i = 0; i < yaml->history_count; i++) {
        out->history[i] = paid(r, "facts.history", &yaml->history[i]);
        out->history[i].occupation = occupation(yaml, i);
    }
    out->facts.history = out->history;
    out->facts.history_count = yaml->history_count;
    for (uint32_t i = 0; employer && i < employer->history_count; i++)
        out->enterprise_history[i] = paid(r, "facts.employer.history", &employer->history[i]);
    out->facts.enterprise_known =
        employer && (employer->history_count || truth(r, "facts.employer.history_known", employer->history_known));
    out->facts.enterprise_history = out->enterprise_history;
    out->facts.enterprise_count = employer ? employer->history_count : 0;
}

static bool
case_standard(const void *context, int asked, uint32_t level_asked, uint32_t division, int32_t day, int64_t *amount)
{
    const struct case_facts *facts = context;

    (void)day;
    if (division != facts->facts.division || level_asked > 5 || !facts->standards[asked][level_asked])
        return false;
    *amount = facts->standards[asked][level_asked];
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
    if (out->facts.occupation && occupation_code(yaml->training->occupation))
        out->facts.occupation = code_number(yaml->training->occupation);
    read_history(&r, yaml, out);
    return !file->source.failed;
}

static void
read_standard(struct reader *r, int set, uint32_t level_set, const char *text, struct case_facts *out)
{
    char place[80], fault[CASE_FAULT_MAX];
    int64_t amount;

    if (!text)
        return;
    snprintf(place, sizeof(place), "standards.%s", pack_item_name(r->file->pack, set));
    amount = yuan(r, place, text);
    if (pack_standard_fault_on(r->file->pack, out->facts.day, set, level_set, amount, fault, sizeof(fault)))
        unreadable(r, place, text, fault);
    out->standards[set][level_set] = amount;
}

bool
case_figures_read(struct case_file *file, uint32_t i, struct case_facts *out)
{
    struct reader r = {.file = file, .number = i};
    const struct yaml_case *yaml = &file->yaml->cases[i];

    for (int one = 1; yaml->standards && one < EVALUATION_ITEMS; one++) {
        read_standard(&r, one, 0, yaml->standards->text[one], out);
        for (uint32_t i_level = 1; yaml->standards->levels[one] && i_level <= 5; i_level++)
            read_standard(&r, one, i_level, yaml->standards->levels[one]->level[i_level], out);
    }
    for (size_t place = 0; yaml->reference && place < file->pack->n_references; place++) {
        out->references[place] = yuan(&r, "reference", yaml->reference->text[place]);
        if (yaml->reference->text[place] && out->references[place] <= 0)
            unreadable(&r, "reference", yaml->reference->text[place], "more than zero");
    }
    return !file->source.failed;
}
