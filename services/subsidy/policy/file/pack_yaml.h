/* A pack as its file writes it: every scalar still text, NULL where it was left out. Between pack_load and
 * pack_compile. */
#ifndef POLICY_PACK_YAML_H
#define POLICY_PACK_YAML_H

#include "jineng/v1/policy.pb-c.h"
#include "subsidy/policy/file/source.h"
#include "subsidy/policy/file/way_yaml.h"

struct yaml_list {
    char **words;
    uint32_t count;
};

struct yaml_where {
    char *fact, *at_least, *at_most, *is;
    struct yaml_list any_of, none_of;
};

struct yaml_condition {
    char *fact, *at_least, *at_most, *is, *otherwise, *clause;
    struct yaml_list any_of, none_of;
    struct yaml_where *where;
};

struct yaml_conditions {
    struct yaml_condition *all;
    uint32_t count;
};

struct yaml_step {
    char *take, *at_most, *at_least, *times, *rate, *plus;
    struct yaml_conditions when;
};

struct yaml_row {
    struct yaml_list any_of;
    char *amount, *at_least;
};

struct yaml_table {
    char *by, *name, *unit, *graduated, *otherwise;
    struct yaml_row *rows;
    uint32_t count;
};

struct yaml_constraint {
    char *level, *cap, *floor, *initial;
};

struct yaml_standard {
    char *unit, *level_of, *cap, *floor, *initial, *clause, *reading;
    struct yaml_constraint *levels;
    uint32_t count;
};

struct yaml_quota {
    char *item, *months;
};

struct yaml_recovery {
    struct yaml_conditions when;
    char *percent, *clause;
};

struct yaml_rule {
    char *number, *item, *clause, *payee, *fund, *purpose, *reading;
    struct yaml_list groups, classes;
    struct yaml_conditions when, requires;
    struct yaml_conditions *one_of;
    uint32_t one_of_count;
    struct yaml_step *amount;
    uint32_t amount_count;
    struct yaml_table *table, *tables;
    uint32_t tables_count;
    char *from, *until, *advance, *outcome_within;
    struct yaml_recovery *recovery;
    struct yaml_standard *standard;
    struct yaml_quota *quota;
};

struct yaml_limit {
    char *number, *kind, *clause, *most, *reason, *reading;
    struct yaml_list items, against;
    char *within, *each, *cap, *whose, *from, *until;
};

struct yaml_pair {
    char *first, *second, *clause;
};

struct yaml_grant {
    char *purpose, *clause, *reading;
    struct yaml_list funds;
};

struct yaml_own_item {
    char *item, *number, *zh, *en, *clause;
};

struct yaml_occupations {
    char *name, *zh, *clause;
    struct yaml_list occupations;
};

struct yaml_catalogue_row {
    char *occupation, *amount, *shortage;
    char *levels[6];
};

struct yaml_catalogue {
    char *name, *zh, *clause, *level_of;
    struct yaml_catalogue_row *rows;
    uint32_t count;
};

struct yaml_pack {
    char *id, *title, *title_zh, *from, *until, *division, *notice, *advance, *write_off;
    struct yaml_list counted;
    struct yaml_pair *implications, *references, *readings;
    uint32_t implications_count, references_count, readings_count;
    struct yaml_rule *rules;
    struct yaml_limit *limits;
    uint32_t rules_count, limits_count;
    struct yaml_grant *grants;
    uint32_t grants_count;
    struct yaml_way way;
    char *amends;
    struct yaml_list repeals;
    struct yaml_own_item *items;
    struct yaml_pair *shortages;
    struct yaml_occupations *lists;
    struct yaml_catalogue *catalogues;
    uint32_t items_count, shortages_count, lists_count, catalogues_count;
};

/* The compiled pack, not yet checked, of a file's whole; NULL with the fault written where a word or a figure cannot be
 * read. */
struct pack_file;
Policy__Pack *pack_compile(struct pack_file *file);

#endif
