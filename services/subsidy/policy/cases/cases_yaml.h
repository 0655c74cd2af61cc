/* A case file as it is written, and the facts of one of its cases. Between cases.c and cases_yaml.c. */
#ifndef POLICY_CASES_YAML_H
#define POLICY_CASES_YAML_H

#include "subsidy/policy/evaluate.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/file/source.h"

#define CASES_MAX      100000
#define CASE_FAULT_MAX PACK_FAULT_MAX

struct yaml_paid {
    char *item, *date, *occupation, *level, *months, *amount, *certificate, *advance;
};

struct yaml_told {
    char *through, *months;
};

struct yaml_person {
    char **groups;
    uint32_t groups_count;
    char *household, *living_allowance, *insured_months, *employed_months, *age, *sex, *contribution_months;
    struct yaml_told *contributions;
    uint32_t contributions_count;
};

struct yaml_employer {
    char *kind, *insured;
    struct yaml_paid *history;
    uint32_t history_count;
    char *history_known;
};

struct yaml_training {
    char *kind, *occupation, *level, *cost, *days, *months, *years, *project_based, *enterprise_school, *hours;
    char **outcome;
    uint32_t outcome_count;
    char **outcome_dates;
    uint32_t outcome_dates_count;
};

struct yaml_certificate {
    char *kind, *level, *date, *number;
};

struct yaml_facts {
    char *date, *division;
    struct yaml_person *person;
    struct yaml_employer *employer;
    struct yaml_training *training;
    struct yaml_certificate *certificate;
    struct yaml_paid *history;
    uint32_t history_count;
};

struct yaml_levels {
    char *level[6];
};

/* By common.Item. */
struct yaml_items {
    char *text[EVALUATION_ITEMS];
};

/* By common.Item: a figure, or one for each level where the pack's standard goes by level. */
struct yaml_standards {
    char *text[EVALUATION_ITEMS];
    struct yaml_levels *levels[EVALUATION_ITEMS];
};

/* By place in the pack's references. */
struct yaml_references {
    char *text[PACK_LIST_MAX];
};

struct yaml_case {
    char *name, *invalid;
    char **clauses;
    uint32_t clauses_count;
    struct yaml_facts *facts;
    struct yaml_standards *standards;
    struct yaml_references *reference;
    struct yaml_items *due, *refused, *recovered, *advance;
};

struct yaml_cases {
    char *pack;
    struct yaml_case *cases;
    uint32_t count;
};

/* The keys that depend on the pack: items, levels, references. */
struct case_schema {
    cyaml_schema_field_t items[EVALUATION_ITEMS + 1];
    cyaml_schema_field_t standards[EVALUATION_ITEMS + 1];
    cyaml_schema_field_t references[PACK_LIST_MAX + 1];
    cyaml_schema_field_t keys[11];
    cyaml_schema_value_t one;
    cyaml_schema_field_t file[3];
    cyaml_schema_value_t whole;
};

struct case_file {
    struct source source;
    char fault[CASE_FAULT_MAX];
    Policy__Pack *pack;
    struct case_schema schema;
    struct yaml_cases *yaml;
};

/* One case, ready to be evaluated. */
struct case_facts {
    struct facts facts;
    struct policy_view view; /* its context is this struct */
    struct paid_before history[POLICY_HISTORY_MAX];
    struct paid_before enterprise_history[POLICY_HISTORY_MAX];
    int64_t standards[EVALUATION_ITEMS][6]; /* by item and level; 0 where the case sets none */
    int64_t references[PACK_LIST_MAX];      /* likewise, by place */
};

/* Opens a case file and the pack it names; false with file->fault written. Closed either way with case_file_close. */
bool case_file_open(struct case_file *file, const char *packs, const char *path);
void case_file_close(struct case_file *file);

/* The facts of case i; false with file->fault written where a value cannot be read. */
bool case_facts_read(struct case_file *file, uint32_t i, struct case_facts *out);

/* The figures of case i; false with file->fault written where the pack allows none such. */
bool case_figures_read(struct case_file *file, uint32_t i, struct case_facts *out);

#endif
