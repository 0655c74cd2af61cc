/* What the departments ask of subsidy. */
#include "simulation/make.h"

#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "subsidy/policy/pack.h"

extern const struct jn_service subsidy_service;

#define PACK JN_SOURCE_DIR "/deploy/policy/shijiazhuang-2019.yaml"

static void
change_pack(struct sim *sim, Policy__Pack *pack)
{
    bool first = sim->city.packs_asked == 0;

    for (size_t i = 0; i < pack->n_limits; i++)
        if (pack->limits[i]->reason == COMMON__REASON__YEARLY_LIMIT)
            pack->limits[i]->most = first ? 3 : 1 + (uint32_t)rng_below(&sim->work, 4);
    for (size_t i = 0; i < pack->n_rules; i++)
        if (pack->rules[i]->item == COMMON__ITEM__SKILL_UPGRADE)
            pack->rules[i]->table->rows[0]->amount_fen = first ? 100000 : rng_between(&sim->work, 60000, 150000);
}

static void
pack_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)reply;
    if (code == JN_OK)
        sim->city.pack_adopted = (uint32_t)task->about[0];
}

static bool
make_pack(struct sim *sim, struct sim_draft *draft)
{
    static Policy__Pack *pack; /* read once a process */
    static char id[40];
    MAKE(sim, message, Subsidy__AdoptPack, subsidy__adopt_pack__init);
    char fault[512];

    if (!pack) {
        pack = pack_load(PACK, fault, sizeof(fault));
        JN_ASSERT(pack);
        snprintf(id, sizeof(id), "%s", pack->id);
    }
    /* The plan first; then others, with more or fewer trainings a year and other amounts. */
    change_pack(sim, pack);
    draft->about[0] = sim->city.packs_asked;
    pack->id = sim->city.packs_asked == 0 ? id : city_print(sim, "plan-%u", sim->city.packs_asked);
    snprintf(sim->city.pack_ids[sim->city.packs_asked], sizeof(sim->city.pack_ids[0]), "%s", pack->id);
    sim->city.packs_asked += sim->city.packs_asked + 1 < CITY_PACKS;
    message->pack = pack;
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

static bool
make_standards(struct sim *sim, struct sim_draft *draft)
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

static bool
make_references(struct sim *sim, struct sim_draft *draft)
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

/* In a rehearsal a day with a class that is not ready is not settled: far enough back nothing is open. */
static bool
make_settle(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__SettleDay, subsidy__settle_day__init);

    message->day = city_today(sim) - (sim->calm ? 0 : (int32_t)rng_below(&sim->work, 6));
    draft->agency = A_OPERATOR;
    draft->message = message;
    if (sim->calm) {
        message->enrollment_block = sim->machines[ENROLLMENT].disk->log.head.block;
        message->certification_block = sim->machines[CERTIFICATION].disk->log.head.block;
    }
    return true;
}

static void
settle_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Subsidy__SettleReply *settled = reply;

    (void)task;
    sim->city.settled_all = code != JN_OK || settled->done;
    if (code == JN_OK)
        sim->city.claims_told += settled->claims;
}

static uint32_t
reviewer(struct sim *sim)
{
    return A_HUMAN_RESOURCES + (uint32_t)rng_below(&sim->work, 6);
}

static bool
make_hold(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__HoldClaim, subsidy__hold_claim__init);

    message->claim = 1 + rng_below(&sim->work, sim->city.claims_told);
    message->reason = text_of("有人举报");
    draft->agency = reviewer(sim);
    draft->message = message;
    return sim->city.claims_told > 0;
}

static bool
make_release(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ReleaseClaim, subsidy__release_claim__init);

    message->claim = 1 + rng_below(&sim->work, sim->city.claims_told);
    message->reason = text_of("查无实据");
    draft->agency = reviewer(sim);
    draft->message = message;
    return sim->city.claims_told > 0;
}

static bool
make_claim(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ClaimRequest, subsidy__claim_request__init);

    message->claim = 1 + rng_below(&sim->work, 1 + sim->city.claims_told);
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static bool
make_totals(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__TotalsRequest, subsidy__totals_request__init);

    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

/* ---- Reassessment ---- */

static bool
was_held(const struct sim *sim, const struct city_class *class)
{
    return class->finished && class->closed && class->end_day < city_today(sim);
}

static bool
make_reassess(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, was_held);
    MAKE(sim, message, Subsidy__Reassess, subsidy__reassess__init);

    if (!class)
        return false;
    message->class_no = class->number;
    message->document = text_of("石人社核号");
    message->reason = text_of("复核");
    message->fraud = rng_chance(&sim->work, 1000);
    if (rng_chance(&sim->work, 4000)) {
        message->n_seats = 1 + rng_below(&sim->work, 3);
        message->seats = city_take(sim, message->n_seats * sizeof(*message->seats));
        for (size_t i = 0; i < message->n_seats; i++)
            message->seats[i] = 1 + (uint32_t)rng_below(&sim->work, class->seats_count + 1);
    }
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    sim->city.facts_changed = true;
    return true;
}

/* A pack that was adopted; the same once more until it is done. */
static bool
make_backwards(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ApplyPackBackwards, subsidy__apply_pack_backwards__init);
    struct city *city = &sim->city;

    if (!city->backwards_open) {
        city->backwards_pack = city->pack_adopted;
        city->backwards_from = city_today(sim) - (int32_t)rng_below(&sim->work, 200);
        city->backwards_until = city->backwards_from + (int32_t)rng_below(&sim->work, 200);
    }
    message->pack = city_print(sim, "%s", city->pack_ids[city->backwards_pack]);
    message->from_day = city->backwards_from;
    message->until_day = city->backwards_until;
    message->document = text_of("石人社规号");
    message->reason = text_of("政策调整");
    city->facts_changed = true;
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

static void
backwards_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    if (code == JN_OK)
        sim->city.backwards_open = !((const Subsidy__BackwardsReply *)reply)->done;
}

static bool
make_reassessments(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, was_held);
    MAKE(sim, message, Subsidy__ReassessmentsRequest, subsidy__reassessments_request__init);

    if (!class)
        return false;
    message->class_no = class->number;
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static bool
make_funnel(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__FunnelRequest, subsidy__funnel_request__init);

    message->by = (Subsidy__FunnelBy)rng_between(&sim->work, 1, 4);
    message->year = (uint32_t)date_of(city_today(sim)).year;
    message->quarter = (uint32_t)rng_between(&sim->work, 1, 4);
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static bool
make_explain(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ExplainRequest, subsidy__explain_request__init);

    message->claim = 1 + rng_below(&sim->work, 1 + sim->city.claims_told);
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static bool
make_receipt(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__IssueReceipt, subsidy__issue_receipt__init);

    message->claim = 1 + rng_below(&sim->work, 1 + sim->city.claims_told);
    draft->agency = A_OPERATOR;
    draft->message = message;
    return sim->city.claims_told > 0;
}

/* Nothing the city does may make a receipt impossible: whatever came later, the sum comes out. A claim over what a
 * reassessment found missing is not the sum: it has none. */
static void
receipt_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    (void)reply;
    if (code == JN_WRONG_STATE && !sim->city.facts_changed)
        sim_broken(sim, "a receipt was refused: the facts of a claim cannot be put together again");
}

static const struct sim_generator generators[] = {
    {"AdoptPack", 1, make_pack, pack_heard},
    {"SetStandards", 4, make_standards, NULL},
    {"SetReferences", 2, make_references, NULL},
    {"SettleDay", 50, make_settle, settle_heard},
    {"HoldClaim", 14, make_hold, NULL},
    {"ReleaseClaim", 12, make_release, NULL},
    {"Claim", 6, make_claim, NULL},
    {"Totals", 3, make_totals, NULL},
    {"Reassess", 14, make_reassess, NULL},
    {"ApplyPackBackwards", 3, make_backwards, backwards_heard},
    {"Reassessments", 3, make_reassessments, NULL},
    {"Funnel", 3, make_funnel, NULL},
    {"Explain", 4, make_explain, NULL},
    {"IssueReceipt", 5, make_receipt, receipt_heard},
    {"Advance", 0, city_advance, NULL},
};
const struct sim_part sim_subsidy = {&subsidy_service, generators, sizeof(generators) / sizeof(generators[0])};
