/* Packs that ask for more than the plan does: what an enterprise was paid, what registers tell. */
#include "simulation/make.h"

#include <string.h>

#include "jineng/v1/policy.pb-c.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/pack.h"

/* A cap over what an enterprise gets, or over its people. */
static Policy__Limit *
enterprise_limit(struct sim *sim)
{
    Policy__Limit *limit = city_take(sim, sizeof(*limit));
    bool people = rng_chance(&sim->work, 3000);

    policy__limit__init(limit);
    limit->number = 990;
    limit->kind = people ? POLICY__LIMIT_KIND__TIMES_PAID : POLICY__LIMIT_KIND__CAP;
    limit->items = limit->against =
        POLICY_BIT(COMMON__ITEM__PRE_JOB_TRAINING) | POLICY_BIT(COMMON__ITEM__CERTIFIED_TRAINING) |
        POLICY_BIT(COMMON__ITEM__APPRENTICESHIP_TRAINING) | POLICY_BIT(COMMON__ITEM__TECHNICIAN_TRAINING);
    limit->within = (Policy__Within)rng_below(&sim->work, 4);
    limit->months = limit->within == POLICY__WITHIN__MONTHS_BACK ? 1 + (uint32_t)rng_below(&sim->work, 24) : 0;
    limit->most = people ? 1 + (uint32_t)rng_below(&sim->work, 8) : 0;
    limit->cap_fen = people ? 0 : rng_between(&sim->work, 1000, 20000) * 100;
    limit->whose = POLICY__WHOSE__WHOSE_ENTERPRISE;
    limit->reason = COMMON__REASON__ENTERPRISE_CAP;
    limit->reading = city_print(sim, "a cap of the simulation's");
    return limit;
}

/* Every other pack has one more limit. */
static void
limit_enterprises(struct sim *sim, Policy__Pack *pack)
{
    Policy__Limit **limits = city_take(sim, (pack->n_limits + 1) * sizeof(*limits));

    if (rng_chance(&sim->work, 5000))
        return;
    for (size_t i = 0; i < pack->n_limits; i++)
        limits[i] = pack->limits[i];
    limits[pack->n_limits++] = enterprise_limit(sim);
    pack->limits = limits;
}

/* One rule in four packs waits for what registers tell. */
static void
ask_registers(struct sim *sim, Policy__Pack *pack)
{
    Policy__Rule **rules = city_take(sim, pack->n_rules * sizeof(*rules));
    size_t place = rng_below(&sim->work, pack->n_rules);
    Policy__Rule *rule = city_take(sim, sizeof(*rule));
    Policy__Requirement *asked = city_take(sim, sizeof(*asked));
    Policy__Requirement **first;
    bool outcome = rng_chance(&sim->work, 5000);

    if (!rng_chance(&sim->work, 2500))
        return;
    memcpy(rules, pack->rules, pack->n_rules * sizeof(*rules));
    pack->rules = rules;
    *rule = *rules[place];
    rules[place] = rule;
    policy__requirement__init(asked);
    asked->condition = city_take(sim, sizeof(*asked->condition));
    policy__condition__init(asked->condition);
    asked->condition->fact = outcome ? POLICY__FACT__OUTCOME : POLICY__FACT__CONTRIBUTION_MONTHS;
    asked->condition->any_of = outcome ? POLICY_BIT(POLICY__OUTCOME__EMPLOYED) : 0;
    asked->condition->at_least = outcome ? 0 : 6;
    asked->reason = outcome ? COMMON__REASON__OUTCOME_NOT_REACHED : COMMON__REASON__CONTRIBUTION_TOO_SHORT;
    first = rule->requires;
    rule->requires = city_take(sim, (rule->n_requires + 1) * sizeof(*rule->requires));
    for (size_t i = 0; i < rule->n_requires; i++)
    rule->requires[i] = first[i];
    rule->requires[rule->n_requires++] = asked;
    if (rng_chance(&sim->work, 6000))
        rule->outcome_within_months = 1 + (uint32_t)rng_below(&sim->work, 3);
    pack->asks = pack_asks(pack);
}

/* More than half of the packs have rules that ask back a share alone of what was paid ahead and not earned: of whoever
 * has found no work, as far as that is known, or of everybody. */
static void
give_up_shares(struct sim *sim, Policy__Pack *pack)
{
    Policy__Rule **rules = city_take(sim, pack->n_rules * sizeof(*rules));

    if (rng_chance(&sim->work, 4000))
        return;
    memcpy(rules, pack->rules, pack->n_rules * sizeof(*rules));
    pack->rules = rules;
    for (size_t i = 0; i < pack->n_rules; i++) {
        MAKE(sim, rule, Policy__Rule, policy__rule__init);
        MAKE(sim, when, Policy__Condition, policy__condition__init);
        MAKE(sim, recovery, Policy__Recovery, policy__recovery__init);

        if (rules[i]->payee == COMMON__PAYEE__PAYEE_PERSON || rng_chance(&sim->work, 1000))
            continue;
        when->fact = rng_chance(&sim->work, 5000) ? POLICY__FACT__OUTCOME : POLICY__FACT__COST;
        when->none_of = when->fact == POLICY__FACT__OUTCOME ? POLICY_BIT(POLICY__OUTCOME__EMPLOYED) : 0;
        when->at_least = when->fact == POLICY__FACT__COST ? 1 : 0;
        recovery->when = city_take(sim, sizeof(*recovery->when));
        recovery->when[recovery->n_when++] = when;
        recovery->share_bp = 1 + (uint32_t)rng_below(&sim->work, 10000);
        *rule = *rules[i];
        rule->recovery = recovery;
        rules[i] = rule;
    }
    pack->asks = pack_asks(pack);
}

void
pack_ask_more(struct sim *sim, Policy__Pack *pack)
{
    limit_enterprises(sim, pack);
    ask_registers(sim, pack);
    give_up_shares(sim, pack);
}
