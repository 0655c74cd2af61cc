/* The keys of a pack file, and the way from file to checked pack. */
#include <stdio.h>

#include "subsidy/policy/pack.h"
#include "subsidy/policy/pack_yaml.h"

#define OPTIONAL                 (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define TEXT(key, type, member)  CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 0, PACK_TEXT_MAX)
#define MAYBE(key, type, member) CYAML_FIELD_STRING_PTR(key, OPTIONAL, type, member, 0, PACK_TEXT_MAX)
#define WORDS(key, type, member)                                                                                       \
    CYAML_FIELD_SEQUENCE_COUNT(key, OPTIONAL, type, member.words, member.count, &word, 0, PACK_LIST_MAX)
#define LIST(key, type, member, counter, entry)                                                                        \
    CYAML_FIELD_SEQUENCE_COUNT(key, OPTIONAL, type, member, counter, entry, 0, PACK_LIST_MAX)

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, PACK_NAME_MAX)};

static const cyaml_schema_field_t condition_keys[] = {
    TEXT("fact", struct yaml_condition, fact),
    WORDS("any_of", struct yaml_condition, any_of),
    MAYBE("at_least", struct yaml_condition, at_least),
    MAYBE("at_most", struct yaml_condition, at_most),
    MAYBE("is", struct yaml_condition, is),
    MAYBE("else", struct yaml_condition, otherwise),
    MAYBE("clause", struct yaml_condition, clause),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t condition = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_condition, condition_keys)};

static const cyaml_schema_field_t alternative_keys[] = {
    LIST("all", struct yaml_conditions, all, count, &condition),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t alternative = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_conditions, alternative_keys)};

static const cyaml_schema_field_t step_keys[] = {
    MAYBE("take", struct yaml_step, take),
    MAYBE("at_most", struct yaml_step, at_most),
    MAYBE("at_least", struct yaml_step, at_least),
    MAYBE("times", struct yaml_step, times),
    MAYBE("rate", struct yaml_step, rate),
    MAYBE("plus", struct yaml_step, plus),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t step = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_step, step_keys)};

static const cyaml_schema_field_t row_keys[] = {
    WORDS("any_of", struct yaml_row, any_of),
    TEXT("amount", struct yaml_row, amount),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t row = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_row, row_keys)};

static const cyaml_schema_field_t table_keys[] = {
    TEXT("by", struct yaml_table, by),
    LIST("rows", struct yaml_table, rows, count, &row),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t constraint_keys[] = {
    TEXT("level", struct yaml_constraint, level),
    MAYBE("cap", struct yaml_constraint, cap),
    MAYBE("floor", struct yaml_constraint, floor),
    MAYBE("default", struct yaml_constraint, initial),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t constraint = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_constraint, constraint_keys)};

static const cyaml_schema_field_t standard_keys[] = {
    TEXT("unit", struct yaml_standard, unit),
    MAYBE("level_of", struct yaml_standard, level_of),
    MAYBE("cap", struct yaml_standard, cap),
    MAYBE("floor", struct yaml_standard, floor),
    MAYBE("default", struct yaml_standard, initial),
    MAYBE("clause", struct yaml_standard, clause),
    MAYBE("reading", struct yaml_standard, reading),
    LIST("levels", struct yaml_standard, levels, count, &constraint),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t quota_keys[] = {
    TEXT("item", struct yaml_quota, item),
    TEXT("months", struct yaml_quota, months),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t rule_keys[] = {
    TEXT("rule", struct yaml_rule, number),
    TEXT("item", struct yaml_rule, item),
    MAYBE("clause", struct yaml_rule, clause),
    MAYBE("payee", struct yaml_rule, payee),
    MAYBE("fund", struct yaml_rule, fund),
    MAYBE("purpose", struct yaml_rule, purpose),
    MAYBE("reading", struct yaml_rule, reading),
    WORDS("groups", struct yaml_rule, groups),
    WORDS("classes", struct yaml_rule, classes),
    LIST("when", struct yaml_rule, when.all, when.count, &condition),
    LIST("one_of", struct yaml_rule, one_of, one_of_count, &alternative),
    LIST("requires", struct yaml_rule, requires.all, requires.count, &condition),
    LIST("amount", struct yaml_rule, amount, amount_count, &step),
    CYAML_FIELD_MAPPING_PTR("table", OPTIONAL, struct yaml_rule, table, table_keys),
    CYAML_FIELD_MAPPING_PTR("standard", OPTIONAL, struct yaml_rule, standard, standard_keys),
    CYAML_FIELD_MAPPING_PTR("quota", OPTIONAL, struct yaml_rule, quota, quota_keys),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t rule = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_rule, rule_keys)};

static const cyaml_schema_field_t limit_keys[] = {
    TEXT("rule", struct yaml_limit, number),
    TEXT("kind", struct yaml_limit, kind),
    MAYBE("clause", struct yaml_limit, clause),
    MAYBE("most", struct yaml_limit, most),
    MAYBE("reason", struct yaml_limit, reason),
    MAYBE("reading", struct yaml_limit, reading),
    WORDS("items", struct yaml_limit, items),
    WORDS("against", struct yaml_limit, against),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t limit = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_limit, limit_keys)};

static const cyaml_schema_field_t implication_keys[] = {
    TEXT("group", struct yaml_pair, first),
    TEXT("implies", struct yaml_pair, second),
    MAYBE("clause", struct yaml_pair, clause),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t implication = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_pair, implication_keys)};

static const cyaml_schema_field_t reference_keys[] = {
    TEXT("name", struct yaml_pair, first),
    TEXT("zh", struct yaml_pair, second),
    MAYBE("clause", struct yaml_pair, clause),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t reference = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_pair, reference_keys)};

static const cyaml_schema_field_t reading_keys[] = {
    TEXT("about", struct yaml_pair, first),
    TEXT("text", struct yaml_pair, second),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t reading = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_pair, reading_keys)};

static const cyaml_schema_field_t grant_keys[] = {
    TEXT("purpose", struct yaml_grant, purpose),
    MAYBE("clause", struct yaml_grant, clause),
    MAYBE("reading", struct yaml_grant, reading),
    WORDS("funds", struct yaml_grant, funds),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t grant = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_grant, grant_keys)};

static const cyaml_schema_field_t pack_keys[] = {
    TEXT("pack", struct yaml_pack, id),
    MAYBE("title", struct yaml_pack, title),
    MAYBE("title_zh", struct yaml_pack, title_zh),
    TEXT("from", struct yaml_pack, from),
    TEXT("until", struct yaml_pack, until),
    TEXT("division", struct yaml_pack, division),
    TEXT("notice_working_days", struct yaml_pack, notice),
    TEXT("advance_percent", struct yaml_pack, advance),
    MAYBE("write_off_most", struct yaml_pack, write_off),
    WORDS("counted", struct yaml_pack, counted),
    LIST("readings", struct yaml_pack, readings, readings_count, &reading),
    LIST("implications", struct yaml_pack, implications, implications_count, &implication),
    LIST("references", struct yaml_pack, references, references_count, &reference),
    LIST("rules", struct yaml_pack, rules, rules_count, &rule),
    LIST("limits", struct yaml_pack, limits, limits_count, &limit),
    LIST("grants", struct yaml_pack, grants, grants_count, &grant),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t pack_schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct yaml_pack, pack_keys)};

static Policy__Pack *
checked(struct source *source, Policy__Pack *pack)
{
    struct pack_fault fault;

    if (!pack || pack_check(pack, &fault))
        return pack;
    source_fault(source, fault.path, "%s", fault.text);
    pack_free(pack);
    return NULL;
}

Policy__Pack *
pack_load(const char *path, char *fault, size_t size)
{
    struct source source;
    struct yaml_pack *yaml;
    Policy__Pack *pack = NULL;

    if (!source_open(&source, path, fault, size))
        return NULL;
    yaml = source_load(&source, &pack_schema, CYAML_CFG_DEFAULT);
    if (yaml)
        pack = checked(&source, pack_compile(&source, yaml));
    source_free(&pack_schema, yaml);
    source_close(&source);
    return pack;
}

void
pack_free(Policy__Pack *pack)
{
    if (pack)
        policy__pack__free_unpacked(pack, NULL);
}
