/* The way of a claim as a pack's file writes it: its steps, gates and terms, every scalar still text. */
#ifndef POLICY_WAY_YAML_H
#define POLICY_WAY_YAML_H

#include "subsidy/policy/file/source.h"

struct yaml_way_step {
    char *step, *term_days, *overdue, *clause, *reading;
    char **by;
    uint32_t by_count;
};

struct yaml_gate {
    char *gate, *override, *clause, *reading;
};

struct yaml_terms {
    char *hold_days, *objection_days, *case_days, *clause, *reading;
};

struct yaml_way {
    struct yaml_way_step *steps;
    uint32_t steps_count;
    struct yaml_gate *gates;
    uint32_t gates_count;
    struct yaml_terms *terms;
};

/* What pack_load.c takes as the schemas of `way`, `gates` and `terms`. */
extern const cyaml_schema_value_t way_step_schema, gate_schema;
extern const cyaml_schema_field_t terms_keys[];

#endif
