/* The keys of a pack file. What a list's entries are known by is the first of theirs. */
#include "subsidy/policy/pack.h"
#include "subsidy/policy/file/pack_file.h"

#define OPTIONAL                 (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define TEXT(key, type, member)  CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 0, PACK_TEXT_MAX)
#define MAYBE(key, type, member) CYAML_FIELD_STRING_PTR(key, OPTIONAL, type, member, 0, PACK_TEXT_MAX)
#define WORDS(key, type, member)                                                                                       \
    CYAML_FIELD_SEQUENCE_COUNT(key, OPTIONAL, type, member.words, member.count, &word, 0, PACK_LIST_MAX)
#define LIST(key, type, member, counter, entry)                                                                        \
    CYAML_FIELD_SEQUENCE_COUNT(key, OPTIONAL, type, member, counter, entry, 0, PACK_LIST_MAX)

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, PACK_NAME_MAX)};
static const cyaml_schema_value_t text = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, PACK_TEXT_MAX)};

static const cyaml_schema_field_t where_keys[] = {
    TEXT("fact", struct yaml_where, fact),
    WORDS("any_of", struct yaml_where, any_of),
    WORDS("none_of", struct yaml_where, none_of),
    MAYBE("at_least", struct yaml_where, at_least),
    MAYBE("at_most", struct yaml_where, at_most),
    MAYBE("is", struct yaml_where, is),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t condition_keys[] = {
    TEXT("fact", struct yaml_condition, fact),
    WORDS("any_of", struct yaml_condition, any_of),
    WORDS("none_of", struct yaml_condition, none_of),
    CYAML_FIELD_MAPPING_PTR("where", OPTIONAL, struct yaml_condition, where, where_keys),
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
    LIST("when", struct yaml_step, when.all, when.count, &condition),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t step = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_step, step_keys)};

static const cyaml_schema_field_t row_keys[] = {
    WORDS("any_of", struct yaml_row, any_of),
    MAYBE("at_least", struct yaml_row, at_least),
    TEXT("amount", struct yaml_row, amount),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t row = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_row, row_keys)};

static const cyaml_schema_field_t table_keys[] = {
    MAYBE("table", struct yaml_table, name),
    TEXT("by", struct yaml_table, by),
    MAYBE("unit", struct yaml_table, unit),
    MAYBE("graduated", struct yaml_table, graduated),
    MAYBE("else", struct yaml_table, otherwise),
    LIST("rows", struct yaml_table, rows, count, &row),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t table = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_table, table_keys)};

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

static const cyaml_schema_field_t recovery_keys[] = {
    LIST("when", struct yaml_recovery, when.all, when.count, &condition),
    TEXT("percent", struct yaml_recovery, percent),
    MAYBE("clause", struct yaml_recovery, clause),
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
    LIST("tables", struct yaml_rule, tables, tables_count, &table),
    CYAML_FIELD_MAPPING_PTR("standard", OPTIONAL, struct yaml_rule, standard, standard_keys),
    MAYBE("from", struct yaml_rule, from),
    MAYBE("until", struct yaml_rule, until),
    MAYBE("advance_percent", struct yaml_rule, advance),
    MAYBE("outcome_within", struct yaml_rule, outcome_within),
    CYAML_FIELD_MAPPING_PTR("recovery", OPTIONAL, struct yaml_rule, recovery, recovery_keys),
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
    MAYBE("within", struct yaml_limit, within),
    MAYBE("each", struct yaml_limit, each),
    MAYBE("cap", struct yaml_limit, cap),
    MAYBE("whose", struct yaml_limit, whose),
    MAYBE("from", struct yaml_limit, from),
    MAYBE("until", struct yaml_limit, until),
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

static const cyaml_schema_field_t own_item_keys[] = {
    TEXT("item", struct yaml_own_item, item),      TEXT("number", struct yaml_own_item, number),
    TEXT("zh", struct yaml_own_item, zh),          TEXT("en", struct yaml_own_item, en),
    MAYBE("clause", struct yaml_own_item, clause), CYAML_FIELD_END,
};
static const cyaml_schema_value_t own_item = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_own_item, own_item_keys)};

static const cyaml_schema_field_t shortage_keys[] = {
    TEXT("shortage", struct yaml_pair, first),
    TEXT("zh", struct yaml_pair, second),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t shortage = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_pair, shortage_keys)};

static const cyaml_schema_field_t occupations_keys[] = {
    TEXT("list", struct yaml_occupations, name),
    TEXT("zh", struct yaml_occupations, zh),
    MAYBE("clause", struct yaml_occupations, clause),
    CYAML_FIELD_SEQUENCE_COUNT("occupations", CYAML_FLAG_POINTER, struct yaml_occupations, occupations.words,
                               occupations.count, &word, 0, PACK_ROWS_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t occupations = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_occupations, occupations_keys)};

static const cyaml_schema_field_t catalogue_row_keys[] = {
    TEXT("occupation", struct yaml_catalogue_row, occupation),
    MAYBE("amount", struct yaml_catalogue_row, amount),
    MAYBE("shortage", struct yaml_catalogue_row, shortage),
    MAYBE("level_5", struct yaml_catalogue_row, levels[5]),
    MAYBE("level_4", struct yaml_catalogue_row, levels[4]),
    MAYBE("level_3", struct yaml_catalogue_row, levels[3]),
    MAYBE("level_2", struct yaml_catalogue_row, levels[2]),
    MAYBE("level_1", struct yaml_catalogue_row, levels[1]),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t catalogue_row = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_catalogue_row, catalogue_row_keys)};

static const cyaml_schema_field_t catalogue_keys[] = {
    TEXT("catalogue", struct yaml_catalogue, name),
    TEXT("zh", struct yaml_catalogue, zh),
    MAYBE("clause", struct yaml_catalogue, clause),
    MAYBE("level_of", struct yaml_catalogue, level_of),
    CYAML_FIELD_SEQUENCE_COUNT("rows", CYAML_FLAG_POINTER, struct yaml_catalogue, rows, count, &catalogue_row, 0,
                               PACK_ROWS_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t catalogue = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_catalogue, catalogue_keys)};

const cyaml_schema_field_t pack_keys[] = {
    TEXT("pack", struct yaml_pack, id),
    MAYBE("title", struct yaml_pack, title),
    MAYBE("title_zh", struct yaml_pack, title_zh),
    MAYBE("amends", struct yaml_pack, amends),
    CYAML_FIELD_SEQUENCE_COUNT("repeals", OPTIONAL, struct yaml_pack, repeals.words, repeals.count, &text, 0,
                               PACK_LIST_MAX),
    LIST("items", struct yaml_pack, items, items_count, &own_item),
    LIST("shortages", struct yaml_pack, shortages, shortages_count, &shortage),
    LIST("lists", struct yaml_pack, lists, lists_count, &occupations),
    LIST("catalogues", struct yaml_pack, catalogues, catalogues_count, &catalogue),
    TEXT("from", struct yaml_pack, from),
    TEXT("until", struct yaml_pack, until),
    MAYBE("division", struct yaml_pack, division),
    MAYBE("notice_working_days", struct yaml_pack, notice),
    MAYBE("advance_percent", struct yaml_pack, advance),
    MAYBE("write_off_most", struct yaml_pack, write_off),
    WORDS("counted", struct yaml_pack, counted),
    LIST("readings", struct yaml_pack, readings, readings_count, &reading),
    LIST("implications", struct yaml_pack, implications, implications_count, &implication),
    LIST("references", struct yaml_pack, references, references_count, &reference),
    LIST("rules", struct yaml_pack, rules, rules_count, &rule),
    LIST("limits", struct yaml_pack, limits, limits_count, &limit),
    LIST("grants", struct yaml_pack, grants, grants_count, &grant),
    LIST("way", struct yaml_pack, way.steps, way.steps_count, &way_step_schema),
    LIST("gates", struct yaml_pack, way.gates, way.gates_count, &gate_schema),
    CYAML_FIELD_MAPPING_PTR("terms", OPTIONAL, struct yaml_pack, way.terms, terms_keys),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t pack_schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct yaml_pack, pack_keys)};
