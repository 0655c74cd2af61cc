/* The way of a claim (补贴申领流程) in a pack: its keys, and from their text to the compiled form. */
#include <stdio.h>
#include <stdlib.h>

#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/pack.h"

#define MAYBE(key, type, member)                                                                                       \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 0, PACK_TEXT_MAX)

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, PACK_NAME_MAX)};

static const cyaml_schema_field_t way_step_keys[] = {
    CYAML_FIELD_STRING_PTR("step", CYAML_FLAG_POINTER, struct yaml_way_step, step, 0, PACK_NAME_MAX),
    CYAML_FIELD_SEQUENCE_COUNT("by", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct yaml_way_step, by, by_count,
                               &word, 0, PACK_LIST_MAX),
    MAYBE("term_days", struct yaml_way_step, term_days),
    MAYBE("overdue", struct yaml_way_step, overdue),
    MAYBE("clause", struct yaml_way_step, clause),
    MAYBE("reading", struct yaml_way_step, reading),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t way_step_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_way_step, way_step_keys)};

static const cyaml_schema_field_t gate_keys[] = {
    CYAML_FIELD_STRING_PTR("gate", CYAML_FLAG_POINTER, struct yaml_gate, gate, 0, PACK_NAME_MAX),
    MAYBE("override", struct yaml_gate, override),
    MAYBE("clause", struct yaml_gate, clause),
    MAYBE("reading", struct yaml_gate, reading),
    CYAML_FIELD_END,
};
const cyaml_schema_value_t gate_schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_gate, gate_keys)};

const cyaml_schema_field_t terms_keys[] = {
    MAYBE("hold_days", struct yaml_terms, hold_days), MAYBE("objection_days", struct yaml_terms, objection_days),
    MAYBE("case_days", struct yaml_terms, case_days), MAYBE("clause", struct yaml_terms, clause),
    MAYBE("reading", struct yaml_terms, reading),     CYAML_FIELD_END,
};

/* ---- Words ---- */

#define WORDS(list)                                                                                                    \
    {                                                                                                                  \
#list, list, sizeof(list) / sizeof((list)[0])                                                                  \
    }

static const struct word steps[] = {{POLICY__WAY_KIND__CONFIRM, "confirm", "确认"},
                                    {POLICY__WAY_KIND__REVIEW, "review", "审核"},
                                    {POLICY__WAY_KIND__NOTICE, "notice", "公示"}};
static const struct word hands[] = {{POLICY__WAY_BY__BY_PAYEE, "payee", "申领对象"},
                                    {POLICY__WAY_BY__BY_EMPLOYMENT_SERVICE, "employment_service", "就业服务机构"},
                                    {POLICY__WAY_BY__BY_ADMINISTRATION, "administration", "人社行政部门"},
                                    {POLICY__WAY_BY__BY_FINANCE, "finance", "财政部门"}};
static const struct word gates[] = {{POLICY__GATE_KIND__NO_HOLD, "no_hold", "无暂缓"},
                                    {POLICY__GATE_KIND__NO_OBJECTION, "no_objection", "无未决异议"},
                                    {POLICY__GATE_KIND__NO_CASE, "no_case", "无未结案件"},
                                    {POLICY__GATE_KIND__CLASS_SOUND, "class_sound", "班级结业合规"},
                                    {POLICY__GATE_KIND__CERTIFICATE_LIVE, "certificate_live", "证书有效"},
                                    {POLICY__GATE_KIND__BUDGET_THERE, "budget_there", "资金已落实"},
                                    {POLICY__GATE_KIND__INSPECTED, "inspected", "班级检查合格"},
                                    {POLICY__GATE_KIND__PAYEE_ACCOUNT, "payee_account", "收款账户已登记"},
                                    {POLICY__GATE_KIND__IDENTITY, "identity", "身份已核验"}};
static const struct word passing[] = {{1, "remind", "催办"}, {2, "pass", "视为同意"}};
static const struct word overriding[] = {{1, "no", "否"}, {2, "administration", "人社行政部门"}};

const struct vocabulary words_way_steps = WORDS(steps), words_way_hands = WORDS(hands), words_gates = WORDS(gates);
static const struct vocabulary words_passing = WORDS(passing), words_overriding = WORDS(overriding);

/* ---- Compiling ---- */

static void
compile_step(struct compiler *c, const struct yaml_way_step *yaml, Policy__WayStep *out)
{
    out->kind = (Policy__WayKind)compile_word(c, "step", &words_way_steps, yaml->step);
    for (uint32_t i = 0; i < yaml->by_count; i++)
        out->by |= (uint32_t)POLICY_BIT(compile_word(c, "by", &words_way_hands, yaml->by[i]));
    out->by &= ~UINT32_C(1);
    out->term_days = (uint32_t)compile_number(c, "term_days", yaml->term_days);
    out->pass = compile_word(c, "overdue", &words_passing, yaml->overdue) == 2;
    compile_text(&out->clause, yaml->clause);
    compile_text(&out->reading, yaml->reading);
}

static void
compile_gate(struct compiler *c, const struct yaml_gate *yaml, Policy__Gate *out)
{
    out->gate = (Policy__GateKind)compile_word(c, "gate", &words_gates, yaml->gate);
    out->may_override = compile_word(c, "override", &words_overriding, yaml->override) == 2;
    compile_text(&out->clause, yaml->clause);
    compile_text(&out->reading, yaml->reading);
}

static void
compile_terms(struct compiler *c, const struct yaml_terms *yaml, Policy__Pack *out)
{
    if (!yaml)
        return;
    out->terms = compile_fresh(1, sizeof(*out->terms));
    policy__way_terms__init(out->terms);
    out->terms->hold_days = (uint32_t)compile_number(c, "hold_days", yaml->hold_days);
    out->terms->objection_days = (uint32_t)compile_number(c, "objection_days", yaml->objection_days);
    out->terms->case_days = (uint32_t)compile_number(c, "case_days", yaml->case_days);
    compile_text(&out->terms->clause, yaml->clause);
    compile_text(&out->terms->reading, yaml->reading);
}

void
compile_way(struct compiler *c, const struct yaml_way *yaml, Policy__Pack *out)
{
    if (yaml->steps_count)
        MAKE(out->way, out->n_way, (size_t)yaml->steps_count, Policy__WayStep, policy__way_step__init);
    for (uint32_t i = 0; i < yaml->steps_count; i++) {
        snprintf(c->place, sizeof(c->place), "way.%u", i);
        compile_step(c, &yaml->steps[i], out->way[i]);
    }
    if (yaml->gates_count)
        MAKE(out->gates, out->n_gates, (size_t)yaml->gates_count, Policy__Gate, policy__gate__init);
    for (uint32_t i = 0; i < yaml->gates_count; i++) {
        snprintf(c->place, sizeof(c->place), "gates.%u", i);
        compile_gate(c, &yaml->gates[i], out->gates[i]);
    }
    snprintf(c->place, sizeof(c->place), "terms");
    compile_terms(c, yaml->terms, out);
}
