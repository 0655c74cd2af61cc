/* What the departments ask of subsidy: a day's settlement, and what became of claims. */
#include "simulation/make.h"

#include "domain/date.h"
#include "jineng/v1/subsidy.pb-c.h"

extern const struct jn_service subsidy_service;

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

static bool
make_warnings(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__WarningsRequest, subsidy__warnings_request__init);

    if (sim->city.classes_count > 0)
        message->class_no = sim->city.classes[rng_below(&sim->work, sim->city.classes_count)].number;
    draft->agency = A_AUDITOR;
    draft->message = message;
    return message->class_no[0] != '\0';
}

static bool
make_class_claims(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, city_was_held);
    MAKE(sim, message, Subsidy__ClassClaimsRequest, subsidy__class_claims_request__init);

    if (!class)
        return false;
    message->class_no = class->number;
    message->after_seat = (uint32_t)rng_below(&sim->work, 4);
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

/* Whatever came later, the sum comes out. */
static void
receipt_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    (void)reply;
    if (code == JN_WRONG_STATE)
        sim_broken(sim, "a receipt was refused: the facts of a claim cannot be put together again");
}

static const struct sim_generator generators[] = {
    {"AdoptPack", 1, packs_adopt, packs_adopted_heard},
    {"SetStandards", 4, packs_standards, NULL},
    {"SetReferences", 2, packs_references, NULL},
    {"SettleDay", 50, make_settle, settle_heard},
    {"HoldClaim", 14, way_hold, NULL},
    {"ReleaseClaim", 12, way_release, NULL},
    {"Claim", 6, make_claim, NULL},
    {"Totals", 3, make_totals, NULL},
    {"Reassess", 14, orders_reassess, NULL},
    {"ApplyPackBackwards", 3, orders_backwards, orders_backwards_heard},
    {"Reassessments", 3, orders_reassessments, NULL},
    {"Funnel", 3, seats_funnel, seats_funnel_heard},
    {"Warnings", 3, make_warnings, NULL},
    {"ClassClaims", 3, make_class_claims, NULL},
    {"Explain", 4, make_explain, NULL},
    {"IssueReceipt", 5, make_receipt, receipt_heard},
    /* A pack's way into force */
    {"ProposePack", 2, packs_propose, packs_proposed_heard},
    {"RecordCases", 3, packs_record_cases, NULL},
    {"ApprovePack", 2, packs_approve, packs_approved_heard},
    {"WithdrawPack", 2, packs_withdraw, NULL},
    {"Drafts", 1, packs_drafts, NULL},
    {"Draft", 4, packs_draft, NULL},
    {"Packs", 1, packs_list, NULL},
    {"Advance", 0, city_advance, NULL},
    /* The way of a claim */
    {"ConfirmClaims", 16, way_confirm, NULL},
    {"ReviewClaims", 40, way_review, NULL},
    {"Object", 4, way_object, way_object_heard},
    {"DecideObjection", 5, way_decide_objection, NULL},
    {"OverrideGate", 3, way_override, NULL},
    {"OpenCase", 6, way_open_case, way_case_heard},
    {"AddEvidence", 6, way_evidence, NULL},
    {"DecideCase", 5, way_decide_case, NULL},
    {"Overdue", 2, way_overdue, NULL},
    {"Cases", 1, way_cases, NULL},
    /* Corrections */
    {"ToReassess", 2, orders_to_reassess, NULL},
    /* What registers tell */
    {"RecordOutcomes", 10, registers_outcomes, NULL},
    {"RecordContributions", 5, registers_contributions, NULL},
    {"Awaited", 2, registers_awaited, NULL},
};
const struct sim_part sim_subsidy = {&subsidy_service, generators, sizeof(generators) / sizeof(generators[0])};
