/* Packs, standards and reference figures: the plan's, and packs that ask for more than it does (what an enterprise was
 * paid, what registers tell). */
#include "simulation/make.h"

#include <string.h>

#include "jineng/v1/policy.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/pack.h"

#define PACK JN_SOURCE_DIR "/deploy/policy/shijiazhuang-2019.yaml"

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

/* Gates for what enrollment tells, in one pack of four: an inspection, an account, an identity, or two of them. */
static void
ask_facts(struct sim *sim, Policy__Pack *pack)
{
    Policy__Gate **gates = city_take(sim, (pack->n_gates + 3) * sizeof(*gates));
    bool facts = pack->n_way > 0 && rng_chance(&sim->work, 2500);

    for (size_t i = 0; i < pack->n_gates; i++)
        gates[i] = pack->gates[i];
    for (int kind = POLICY__GATE_KIND__INSPECTED; facts && kind <= POLICY__GATE_KIND__IDENTITY; kind++) {
        MAKE(sim, gate, Policy__Gate, policy__gate__init);

        if (rng_chance(&sim->work, 5000))
            continue;
        gate->gate = (Policy__GateKind)kind;
        gate->clause = text_of("2.12-a");
        gate->may_override = rng_chance(&sim->work, 5000);
        gates[pack->n_gates++] = gate;
    }
    pack->gates = gates;
}

/* Some packs ask for more than the plan does; its lists become copies. */
static void
pack_ask_more(struct sim *sim, Policy__Pack *pack)
{
    limit_enterprises(sim, pack);
    ask_registers(sim, pack);
    ask_facts(sim, pack);
    give_up_shares(sim, pack);
}

/* ---- A pack's way into force ---- */

/* Where the city's file says no way, what is due goes ours: short terms, so that some run out. */
static void
give_way(Policy__Pack *pack)
{
    static Policy__WayStep steps[4], *way[4];
    static Policy__Gate gates[6], *gate[6];
    static Policy__WayTerms terms;

    if (pack->n_way > 0)
        return;
    for (size_t i = 0; i < 4; i++) {
        policy__way_step__init(way[i] = &steps[i]);
        steps[i].clause = text_of("3.4-c");
        steps[i].kind = i == 0  ? POLICY__WAY_KIND__CONFIRM
                        : i < 3 ? POLICY__WAY_KIND__REVIEW
                                : POLICY__WAY_KIND__NOTICE;
        steps[i].term_days = i < 3 ? (uint32_t)(2 + 2 * i) : 0;
    }
    steps[0].by = 1u << POLICY__WAY_BY__BY_PAYEE;
    steps[0].pass = true;
    steps[1].by = 1u << POLICY__WAY_BY__BY_EMPLOYMENT_SERVICE | 1u << POLICY__WAY_BY__BY_ADMINISTRATION;
    steps[2].by = 1u << POLICY__WAY_BY__BY_FINANCE;
    for (int i = 0; i < 6; i++) {
        policy__gate__init(gate[i] = &gates[i]);
        gates[i].gate = (Policy__GateKind)(i + 1);
        gates[i].clause = text_of("2.12-c");
        gates[i].may_override = i >= POLICY__GATE_KIND__NO_CASE;
    }
    policy__way_terms__init(&terms);
    terms.hold_days = terms.objection_days = 4;
    terms.case_days = 6;
    pack->way = way;
    pack->n_way = 4;
    pack->gates = gate;
    pack->n_gates = 6;
    pack->terms = &terms;
}

/* The city's plan, read once a process. */
Policy__Pack *
packs_plan(void)
{
    static Policy__Pack *pack;
    char fault[512];

    if (!pack)
        pack = pack_load(PACK, fault, sizeof(fault));
    JN_ASSERT(pack);
    give_way(pack);
    return pack;
}

/* In one step, in a rehearsal; where the clock is real that is refused, and the plan goes the longer way. */
bool
packs_adopt(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__AdoptPack, subsidy__adopt_pack__init);
    MAKE(sim, pack, Policy__Pack, policy__pack__init);

    *pack = *packs_plan();
    pack_ask_more(sim, pack);
    message->pack = pack;
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

void
packs_adopted_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    (void)reply;
    if (code == JN_OK)
        sim->city.pack_adopted = true;
}

/* More or fewer trainings a year than the plan grants. */
static void
vary(struct sim *sim, Policy__Pack *pack)
{
    Policy__Limit **limits = city_take(sim, pack->n_limits * sizeof(*limits));

    for (size_t i = 0; i < pack->n_limits; i++) {
        limits[i] = pack->limits[i];
        if (limits[i]->reason != COMMON__REASON__YEARLY_LIMIT)
            continue;
        limits[i] = city_take(sim, sizeof(*limits[i]));
        *limits[i] = *pack->limits[i];
        limits[i]->most = 1 + (uint32_t)rng_below(&sim->work, 4);
    }
    pack->limits = limits;
}

/* Later versions grant much the same, under other ids, from some day on; now and then a draft is replaced. */
bool
packs_propose(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ProposePack, subsidy__propose_pack__init);
    MAKE(sim, pack, Policy__Pack, policy__pack__init);

    *pack = *packs_plan();
    pack_ask_more(sim, pack);
    if (sim->city.pack_adopted) {
        if (!sim->city.pack_draft || rng_chance(&sim->work, 6000))
            sim->city.packs_proposed++;
        pack->id = city_print(sim, "plan-%u", sim->city.packs_proposed);
        vary(sim, pack);
        pack->from_day = city_today(sim) - 10 + (int32_t)rng_below(&sim->work, 40);
        if (rng_chance(&sim->work, 500))
            pack->notice_working_days = 0; /* no pack that can be used */
    }
    message->pack = pack;
    message->document = text_of("石人社字〔2020〕7号");
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

void
packs_proposed_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    if (code == JN_OK)
        sim->city.pack_draft = ((const Subsidy__Done *)reply)->number;
}

bool
packs_record_cases(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__RecordCases, subsidy__record_cases__init);
    MAKE(sim, cases, Subsidy__Cases, subsidy__cases__init);

    cases->digest = (ProtobufCBinaryData){32, city_take(sim, 32)};
    cases->passed = 100;
    cases->failed = sim->city.pack_adopted && rng_chance(&sim->work, 3000) ? 1 : 0;
    message->draft = sim->city.pack_draft;
    message->cases = cases;
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return sim->city.pack_draft > 0;
}

/* Now and then by the key that proposed it, or of a version that another has replaced: refused. */
bool
packs_approve(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ApprovePack, subsidy__approve_pack__init);
    bool orderly = !sim->city.pack_adopted;

    message->draft = sim->city.pack_draft - (!orderly && rng_chance(&sim->work, 1000) ? 1 : 0);
    message->document = text_of("石人社批〔2020〕8号");
    draft->agency = !orderly && rng_chance(&sim->work, 2000) ? A_ADMINISTRATION : A_APPROVER;
    draft->message = message;
    return sim->city.pack_draft > 0;
}

void
packs_approved_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    (void)reply;
    if (code != JN_OK)
        return;
    sim->city.pack_adopted = true;
    sim->city.pack_draft = 0;
}

bool
packs_withdraw(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__WithdrawPack, subsidy__withdraw_pack__init);

    message->draft = sim->city.pack_draft;
    message->reason = text_of("另行制定");
    draft->agency = rng_chance(&sim->work, 5000) ? A_ADMINISTRATION : A_APPROVER;
    draft->message = message;
    return sim->city.pack_adopted && sim->city.pack_draft > 0;
}

bool
packs_drafts(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__DraftsRequest, subsidy__drafts_request__init);

    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

bool
packs_draft(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__DraftRequest, subsidy__draft_request__init);

    message->draft = sim->city.pack_draft;
    draft->agency = A_APPROVER;
    draft->message = message;
    return sim->city.pack_draft > 0;
}

bool
packs_list(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__PacksRequest, subsidy__packs_request__init);

    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

bool
packs_standards(struct sim *sim, struct sim_draft *draft)
{
    static const Common__Item items[] = {COMMON__ITEM__FREE_TRAINING, COMMON__ITEM__POVERTY_TRAINING,
                                         COMMON__ITEM__GRADUATE_TRAINING, COMMON__ITEM__TUITION_WAIVER,
                                         COMMON__ITEM__HOUSEHOLD_EDUCATION};
    MAKE(sim, message, Subsidy__SetStandards, subsidy__set_standards__init);
    uint32_t first = sim->city.standards++ == 0;

    MAKE_LIST(sim, message->rows, message->n_rows, 5, Subsidy__Standard, subsidy__standard__init);
    for (size_t i = 0; i < 5; i++) {
        Subsidy__Standard *row = message->rows[i];

        row->division = first ? 130100 : city_divisions[rng_below(&sim->work, CITY_DIVISIONS)];
        row->item = items[i];
        row->amount_fen = rng_between(&sim->work, 60000, 200000);
        /* Now and then one comes late: what was settled meanwhile is reckoned again by order alone. */
        row->from_day =
            first ? 18196
                  : city_today(sim) + (int32_t)rng_below(&sim->work, 10) - (rng_chance(&sim->work, 3000) ? 60 : 0);
        row->document = city_print(sim, "石人社%zu号", i);
    }
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

bool
packs_references(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__SetReferences, subsidy__set_references__init);

    MAKE_LIST(sim, message->rows, message->n_rows, 2, Subsidy__Reference, subsidy__reference__init);
    for (size_t i = 0; i < 2; i++) {
        message->rows[i]->name = text_of(i ? "unemployment_benefit_min_monthly" : "secondary_grant_monthly");
        message->rows[i]->division = 130100;
        message->rows[i]->amount_fen = rng_between(&sim->work, 20000, 140000);
        message->rows[i]->from_day = 18196 + (int32_t)rng_below(&sim->work, 300);
    }
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}
