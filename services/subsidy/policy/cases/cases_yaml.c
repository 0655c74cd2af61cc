/* Case files: their keys, some of which the pack brings. */
#include "subsidy/policy/cases/cases_yaml.h"

#include <stdio.h>
#include <string.h>

#define OPTIONAL                 (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define TEXT_MAX                 400
#define TEXT(key, type, member)  CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 0, TEXT_MAX)
#define MAYBE(key, type, member) CYAML_FIELD_STRING_PTR(key, OPTIONAL, type, member, 0, TEXT_MAX)

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, PACK_NAME_MAX)};

static const cyaml_schema_field_t paid_keys[] = {
    TEXT("item", struct yaml_paid, item),
    TEXT("date", struct yaml_paid, date),
    MAYBE("occupation", struct yaml_paid, occupation),
    MAYBE("level", struct yaml_paid, level),
    MAYBE("months", struct yaml_paid, months),
    MAYBE("amount", struct yaml_paid, amount),
    MAYBE("certificate", struct yaml_paid, certificate),
    MAYBE("advance", struct yaml_paid, advance),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t paid = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_paid, paid_keys)};

static const cyaml_schema_field_t told_keys[] = {
    TEXT("through", struct yaml_told, through),
    TEXT("months", struct yaml_told, months),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t told = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_told, told_keys)};

static const cyaml_schema_field_t person_keys[] = {
    CYAML_FIELD_SEQUENCE_COUNT("groups", OPTIONAL, struct yaml_person, groups, groups_count, &word, 0, PACK_LIST_MAX),
    MAYBE("household", struct yaml_person, household),
    MAYBE("living_allowance", struct yaml_person, living_allowance),
    MAYBE("insured_months", struct yaml_person, insured_months),
    MAYBE("employed_months", struct yaml_person, employed_months),
    MAYBE("age", struct yaml_person, age),
    MAYBE("sex", struct yaml_person, sex),
    MAYBE("contribution_months", struct yaml_person, contribution_months),
    CYAML_FIELD_SEQUENCE_COUNT("contributions", OPTIONAL, struct yaml_person, contributions, contributions_count, &told,
                               0, POLICY_TOLD_MAX),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t employer_keys[] = {
    TEXT("kind", struct yaml_employer, kind),
    MAYBE("insured", struct yaml_employer, insured),
    MAYBE("history_known", struct yaml_employer, history_known),
    CYAML_FIELD_SEQUENCE_COUNT("history", OPTIONAL, struct yaml_employer, history, history_count, &paid, 0,
                               POLICY_HISTORY_MAX),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t training_keys[] = {
    TEXT("kind", struct yaml_training, kind),
    MAYBE("occupation", struct yaml_training, occupation),
    MAYBE("level", struct yaml_training, level),
    MAYBE("cost", struct yaml_training, cost),
    MAYBE("days", struct yaml_training, days),
    MAYBE("months", struct yaml_training, months),
    MAYBE("years", struct yaml_training, years),
    MAYBE("project_based", struct yaml_training, project_based),
    MAYBE("enterprise_school", struct yaml_training, enterprise_school),
    MAYBE("hours", struct yaml_training, hours),
    CYAML_FIELD_SEQUENCE_COUNT("outcome", OPTIONAL, struct yaml_training, outcome, outcome_count, &word, 0,
                               PACK_LIST_MAX),
    CYAML_FIELD_SEQUENCE_COUNT("outcome_dates", OPTIONAL, struct yaml_training, outcome_dates, outcome_dates_count,
                               &word, 0, PACK_LIST_MAX),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t certificate_keys[] = {
    TEXT("kind", struct yaml_certificate, kind),
    MAYBE("level", struct yaml_certificate, level),
    TEXT("date", struct yaml_certificate, date),
    MAYBE("number", struct yaml_certificate, number),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t facts_keys[] = {
    TEXT("date", struct yaml_facts, date),
    TEXT("division", struct yaml_facts, division),
    CYAML_FIELD_MAPPING_PTR("person", OPTIONAL, struct yaml_facts, person, person_keys),
    CYAML_FIELD_MAPPING_PTR("employer", OPTIONAL, struct yaml_facts, employer, employer_keys),
    CYAML_FIELD_MAPPING_PTR("training", CYAML_FLAG_POINTER, struct yaml_facts, training, training_keys),
    CYAML_FIELD_MAPPING_PTR("certificate", OPTIONAL, struct yaml_facts, certificate, certificate_keys),
    CYAML_FIELD_SEQUENCE_COUNT("history", OPTIONAL, struct yaml_facts, history, history_count, &paid, 0,
                               POLICY_HISTORY_MAX),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t level_keys[] = {
    MAYBE("1", struct yaml_levels, level[1]), MAYBE("2", struct yaml_levels, level[2]),
    MAYBE("3", struct yaml_levels, level[3]), MAYBE("4", struct yaml_levels, level[4]),
    MAYBE("5", struct yaml_levels, level[5]), CYAML_FIELD_END,
};

static const cyaml_schema_field_t head_keys[] = {TEXT("pack", struct yaml_cases, pack), CYAML_FIELD_END};
static const cyaml_schema_value_t head = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct yaml_cases, head_keys)};

/* Key `name`, its text at `offset`; libcyaml's macros want a member's name where we have a place in an array. */
static cyaml_schema_field_t
text_key(const char *name, size_t offset)
{
    return (cyaml_schema_field_t){
        .key = name, .data_offset = (uint32_t)offset, .value = {CYAML_VALUE_STRING(OPTIONAL, char, 0, TEXT_MAX)}};
}

static void
item_keys(struct case_schema *schema, const Policy__Pack *pack)
{
    for (size_t i = 0; i < words_items.count + pack->n_items; i++) {
        bool own = i >= words_items.count;
        const Policy__OwnItem *item = own ? pack->items[i - words_items.count] : NULL;
        size_t place = own ? item->number : (size_t)words_items.words[i].number;
        const char *name = own ? item->name : words_items.words[i].name;
        const Policy__Rule *rule = pack_rule(pack, (int)place);

        schema->items[i] = text_key(name, offsetof(struct yaml_items, text) + place * sizeof(char *));
        schema->standards[i] = text_key(name, offsetof(struct yaml_standards, text) + place * sizeof(char *));
        if (rule && rule->standard && rule->standard->level_of)
            schema->standards[i] =
                (cyaml_schema_field_t){.key = name,
                                       .data_offset = (uint32_t)(offsetof(struct yaml_standards, levels) +
                                                                 place * sizeof(struct yaml_levels *)),
                                       .value = {CYAML_VALUE_MAPPING(OPTIONAL, struct yaml_levels, level_keys)}};
    }
}

/* An entry without a key ends a list of keys; the struct was zeroed. */
static void
schema_make(struct case_schema *schema, const Policy__Pack *pack)
{
    const cyaml_schema_field_t keys[] = {
        TEXT("name", struct yaml_case, name),
        CYAML_FIELD_SEQUENCE_COUNT("clauses", OPTIONAL, struct yaml_case, clauses, clauses_count, &word, 0,
                                   PACK_LIST_MAX),
        CYAML_FIELD_MAPPING_PTR("facts", CYAML_FLAG_POINTER, struct yaml_case, facts, facts_keys),
        CYAML_FIELD_MAPPING_PTR("standards", OPTIONAL, struct yaml_case, standards, schema->standards),
        CYAML_FIELD_MAPPING_PTR("reference", OPTIONAL, struct yaml_case, reference, schema->references),
        CYAML_FIELD_MAPPING_PTR("due", OPTIONAL, struct yaml_case, due, schema->items),
        CYAML_FIELD_MAPPING_PTR("refused", OPTIONAL, struct yaml_case, refused, schema->items),
        CYAML_FIELD_MAPPING_PTR("recovered", OPTIONAL, struct yaml_case, recovered, schema->items),
        CYAML_FIELD_MAPPING_PTR("advance", OPTIONAL, struct yaml_case, advance, schema->items),
        MAYBE("invalid", struct yaml_case, invalid),
        CYAML_FIELD_END,
    };
    const cyaml_schema_field_t file[] = {
        TEXT("pack", struct yaml_cases, pack),
        CYAML_FIELD_SEQUENCE_COUNT("cases", CYAML_FLAG_POINTER, struct yaml_cases, cases, count, &schema->one, 0,
                                   CASES_MAX),
        CYAML_FIELD_END,
    };

    item_keys(schema, pack);
    for (size_t i = 0; i < pack->n_references; i++)
        schema->references[i] = text_key(pack->references[i]->name, i * sizeof(char *));
    memcpy(schema->keys, keys, sizeof(keys));
    memcpy(schema->file, file, sizeof(file));
    schema->one = (cyaml_schema_value_t){CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_case, schema->keys)};
    schema->whole = (cyaml_schema_value_t){CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct yaml_cases, schema->file)};
}

static Policy__Pack *
pack_named(struct case_file *file, const char *packs)
{
    struct yaml_cases *first = source_load(&file->source, &head, CYAML_CFG_IGNORE_UNKNOWN_KEYS);
    char path[4096], fault[CASE_FAULT_MAX];
    Policy__Pack *pack = NULL;

    if (!first)
        return NULL;
    snprintf(path, sizeof(path), "%s/%s.yaml", packs, first->pack);
    if (!*first->pack || strspn(first->pack, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(first->pack))
        source_fault(&file->source, "pack", "\"%s\" is no pack's id; write one like shijiazhuang-2019", first->pack);
    else if (!(pack = pack_load(path, fault, sizeof(fault))))
        source_fault(&file->source, "pack",
                     "its pack cannot be used: %s; packs are looked for in %s: --packs FOLDER "
                     "names another",
                     fault, packs);
    source_free(&head, first);
    return pack;
}

bool
case_file_open(struct case_file *file, const char *packs, const char *path)
{
    memset(file, 0, sizeof(*file));
    if (!source_open(&file->source, path, file->fault, sizeof(file->fault)))
        return false;
    file->pack = pack_named(file, packs);
    if (!file->pack)
        return false;
    schema_make(&file->schema, file->pack);
    file->yaml = source_load(&file->source, &file->schema.whole, CYAML_CFG_DEFAULT);
    return file->yaml;
}

void
case_file_close(struct case_file *file)
{
    if (file->yaml)
        source_free(&file->schema.whole, file->yaml);
    pack_free(file->pack);
    source_close(&file->source);
}
