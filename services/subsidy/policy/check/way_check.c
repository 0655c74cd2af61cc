/* Can claims go the way that a pack says (补贴申领流程)? */
#include <stdio.h>

#include "subsidy/policy/check/check.h"
#include "subsidy/policy/facts.h"

#define STEPS_MAX 8
#define DAYS_MAX  250 /* as the calendar adds them */

static bool
step_good(struct check *check, const Policy__WayStep *step, bool last)
{
    uint64_t hands = POLICY_BIT(POLICY__WAY_BY__BY_FINANCE + 1) - POLICY_BIT(POLICY__WAY_BY__BY_PAYEE);
    bool notice = step->kind == POLICY__WAY_KIND__NOTICE;

    if (step->kind < POLICY__WAY_KIND__CONFIRM || step->kind > POLICY__WAY_KIND__NOTICE)
        return check_bad(check, "step", "a step is confirm, review or notice");
    if (notice != last)
        return check_bad(check, "step",
                         "clause 3.4-c: the last step of a way, and no other, is the public notice (公示)");
    if (notice && (step->by || step->term_days || step->pass))
        return check_bad(check, "step", "the notice is nobody's to do and lasts notice_working_days");
    if (!notice && (!step->by || (step->by & ~hands)))
        return check_bad(check, "by", "a step needs who does it: payee, employment_service, administration, finance");
    if ((step->kind == POLICY__WAY_KIND__CONFIRM) != (step->by == POLICY_BIT(POLICY__WAY_BY__BY_PAYEE)))
        return check_bad(check, "by", "who is due confirms, and nobody else; an authority reviews");
    if (!notice && (step->term_days < 1 || step->term_days > DAYS_MAX))
        return check_bad(check, "term_days", "a step's term is 1 to %d working days", DAYS_MAX);
    if (step->pass && step->kind != POLICY__WAY_KIND__CONFIRM)
        return check_bad(check, "overdue", "only who does not confirm can be taken to agree; a review is reminded of");
    return check_clause(check, step->clause, false) && check_text(check, "reading", step->reading);
}

static bool
gate_good(struct check *check, const Policy__Gate *gate, size_t place)
{
    if (gate->gate < POLICY__GATE_KIND__NO_HOLD || gate->gate > POLICY__GATE_KIND__IDENTITY)
        return check_bad(check, "gate", "a gate is one of those in the README");
    for (size_t i = 0; i < place; i++)
        if (check->pack->gates[i]->gate == gate->gate)
            return check_bad(check, "gate", "the gate is there twice");
    if (gate->may_override && gate->gate <= POLICY__GATE_KIND__NO_CASE)
        return check_bad(check, "override",
                         "clause 2.12-e: a hold, an objection or a case is ended by its own decision");
    return check_clause(check, gate->clause, false) && check_text(check, "reading", gate->reading);
}

static bool
terms_good(struct check *check, const Policy__WayTerms *terms)
{
    if (terms->hold_days > DAYS_MAX || terms->objection_days > DAYS_MAX || terms->case_days > DAYS_MAX)
        return check_bad(check, "", "a term is at most %d working days; 0 is none", DAYS_MAX);
    return check_clause(check, terms->clause, true) && check_text(check, "reading", terms->reading);
}

bool
check_way(struct check *check)
{
    const Policy__Pack *pack = check->pack;

    check->rule = NULL;
    snprintf(check->path, sizeof(check->path), "way");
    if (pack->n_way > STEPS_MAX)
        return check_bad(check, "", "a way has at most %d steps", STEPS_MAX);
    if (pack->n_way == 0 && (pack->n_gates > 0 || pack->terms))
        return check_bad(check, "", "gates and terms belong to a way: say its steps too");
    for (size_t i = 0; i < pack->n_way; i++) {
        snprintf(check->path, sizeof(check->path), "way.%zu", i);
        if (!step_good(check, pack->way[i], i + 1 == pack->n_way))
            return false;
    }
    for (size_t i = 0; i < pack->n_gates; i++) {
        snprintf(check->path, sizeof(check->path), "gates.%zu", i);
        if (pack->n_gates > PACK_LIST_MAX || !gate_good(check, pack->gates[i], i))
            return false;
    }
    snprintf(check->path, sizeof(check->path), "terms");
    if (pack->terms && !terms_good(check, pack->terms))
        return false;
    check->path[0] = '\0';
    return true;
}
