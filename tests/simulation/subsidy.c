/* What the departments ask of subsidy. */
#include "simulation/make.h"

#include <stdio.h>
#include <string.h>

#include "domain/date.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "subsidy/policy/pack.h"

extern const struct jn_service subsidy_service;

#define PACK JN_SOURCE_DIR "/deploy/policy/shijiazhuang-2019.yaml"

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

static Policy__Pack *
plan(void)
{
    static Policy__Pack *pack; /* read once a process */
    char fault[512];

    if (!pack)
        pack = pack_load(PACK, fault, sizeof(fault));
    JN_ASSERT(pack);
    give_way(pack);
    return pack;
}

/* In one step, in a rehearsal; where the clock is real that is refused, and the plan goes the longer way. */
static bool
make_pack(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__AdoptPack, subsidy__adopt_pack__init);
    MAKE(sim, pack, Policy__Pack, policy__pack__init);

    *pack = *plan();
    pack_ask_more(sim, pack);
    message->pack = pack;
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

static void
pack_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
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
static bool
make_propose(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ProposePack, subsidy__propose_pack__init);
    MAKE(sim, pack, Policy__Pack, policy__pack__init);

    *pack = *plan();
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

static void
propose_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    if (code == JN_OK)
        sim->city.pack_draft = ((const Subsidy__Done *)reply)->number;
}

static bool
make_record_cases(struct sim *sim, struct sim_draft *draft)
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
static bool
make_approve(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ApprovePack, subsidy__approve_pack__init);
    bool orderly = !sim->city.pack_adopted;

    message->draft = sim->city.pack_draft - (!orderly && rng_chance(&sim->work, 1000) ? 1 : 0);
    message->document = text_of("石人社批〔2020〕8号");
    draft->agency = !orderly && rng_chance(&sim->work, 2000) ? A_ADMINISTRATION : A_APPROVER;
    draft->message = message;
    return sim->city.pack_draft > 0;
}

static void
approve_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    (void)reply;
    if (code != JN_OK)
        return;
    sim->city.pack_adopted = true;
    sim->city.pack_draft = 0;
}

static bool
make_withdraw(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__WithdrawPack, subsidy__withdraw_pack__init);

    message->draft = sim->city.pack_draft;
    message->reason = text_of("另行制定");
    draft->agency = rng_chance(&sim->work, 5000) ? A_ADMINISTRATION : A_APPROVER;
    draft->message = message;
    return sim->city.pack_adopted && sim->city.pack_draft > 0;
}

static bool
make_drafts(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__DraftsRequest, subsidy__drafts_request__init);

    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static bool
make_draft(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__DraftRequest, subsidy__draft_request__init);

    message->draft = sim->city.pack_draft;
    draft->agency = A_APPROVER;
    draft->message = message;
    return sim->city.pack_draft > 0;
}

static bool
make_packs(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__PacksRequest, subsidy__packs_request__init);

    draft->agency = A_AUDITOR;
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

/* ---- The way of a claim ---- */

#define WINDOW 40 /* settlements, and claims that go on alone, in one message */

/* At the end everything in its turn, but while people contend: city_close. */
static bool
orderly(const struct sim *sim)
{
    return sim->calm && !sim->city.contending;
}

/* At the end, one window after the other; before, one at random. */
static uint64_t
window(struct sim *sim, uint64_t *at, bool *more)
{
    uint64_t first = 1 + rng_below(&sim->work, sim->city.claims_told + 1);

    if (!orderly(sim)) {
        *more = sim->city.claims_told > 0;
        return first;
    }
    first = *at + 1;
    *more = first <= sim->city.claims_told;
    *at = *more ? *at + WINDOW : 0;
    return first;
}

static void
way_rows(struct sim *sim, uint64_t first, Subsidy__WayRow ***rows, size_t *count)
{
    uint64_t settlements = orderly(sim) ? WINDOW : 1 + rng_below(&sim->work, 8);

    MAKE_LIST(sim, *rows, *count, 2 * settlements, Subsidy__WayRow, subsidy__way_row__init);
    for (uint64_t i = 0; i < settlements; i++) {
        (*rows)[2 * i]->settlement = first + i;
        (*rows)[2 * i + 1]->claim = first + i;
    }
    if (!orderly(sim) && rng_chance(&sim->work, 2000))
        (*rows)[0]->claim = 1; /* two of the three: malformed */
}

static bool
make_confirm(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ConfirmClaims, subsidy__confirm_claims__init);
    bool more;
    uint64_t first = window(sim, &sim->city.way_at, &more);

    way_rows(sim, first, &message->rows, &message->n_rows);
    message->reference = text_of("确认书");
    if (!orderly(sim) && rng_chance(&sim->work, 3000)) {
        message->except = city_take(sim, sizeof(*message->except));
        message->except[message->n_except++] = 1 + rng_below(&sim->work, sim->city.claims_told + 1);
    }
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    return more;
}

static bool
make_review(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ReviewClaims, subsidy__review_claims__init);
    bool more;
    uint64_t first = window(sim, &sim->city.way_at, &more);

    way_rows(sim, first, &message->rows, &message->n_rows);
    message->reference = text_of("审核表");
    if (!orderly(sim) && rng_chance(&sim->work, 4000)) {
        MAKE_LIST(sim, message->returned, message->n_returned, 1, Subsidy__ReturnRow, subsidy__return_row__init);
        message->returned[0]->claim = 1 + rng_below(&sim->work, sim->city.claims_told + 1);
        message->returned[0]->to = (Subsidy__ReturnTo)rng_below(&sim->work, 6);
        message->returned[0]->reason = text_of("考勤表缺页");
    }
    draft->agency = orderly(sim)                   ? (sim->city.finance_reviews ? A_FINANCE : A_ADMINISTRATION)
                    : rng_chance(&sim->work, 5000) ? A_FINANCE
                    : rng_chance(&sim->work, 5000) ? A_ADMINISTRATION
                                                   : A_EMPLOYMENT;
    draft->message = message;
    return more;
}

static bool
make_object(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__Object, subsidy__object__init);

    message->claim = 1 + rng_below(&sim->work, sim->city.claims_told + 1);
    message->reference = text_of("来信");
    message->reason = text_of("未参加培训");
    draft->agency = rng_chance(&sim->work, 5000) ? A_EMPLOYMENT : reviewer(sim);
    draft->message = message;
    return sim->city.claims_told > 0;
}

static void
object_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    if (code == JN_OK && ((const Subsidy__Done *)reply)->number > sim->city.objections_told)
        sim->city.objections_told = ((const Subsidy__Done *)reply)->number;
}

/* The next one at the end, else any. */
static uint64_t
number_of(struct sim *sim, uint64_t *at, uint64_t told, bool *more)
{
    uint64_t number = orderly(sim) ? *at + 1 : 1 + rng_below(&sim->work, told + 1);

    *more = orderly(sim) ? number <= told : told > 0;
    if (orderly(sim))
        *at = *more ? number : 0;
    return number;
}

static bool
make_decide_objection(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__DecideObjection, subsidy__decide_objection__init);
    bool more;

    message->objection = number_of(sim, &sim->city.way_at, sim->city.objections_told, &more);
    message->outcome =
        rng_chance(&sim->work, 7000) ? SUBSIDY__OBJECTION_OUTCOME__DISMISSED : SUBSIDY__OBJECTION_OUTCOME__UPHELD;
    message->document = text_of("决定书");
    message->reason = text_of("经核查");
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return more;
}

static bool
make_override(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__OverrideGate, subsidy__override_gate__init);

    MAKE_LIST(sim, message->rows, message->n_rows, 3, Subsidy__OverrideRow, subsidy__override_row__init);
    for (size_t i = 0; i < 3; i++) {
        message->rows[i]->claim = 1 + rng_below(&sim->work, sim->city.claims_told + 1);
        message->rows[i]->gate = (Policy__GateKind)(rng_chance(&sim->work, 7000) ? POLICY__GATE_KIND__CERTIFICATE_LIVE
                                                                                 : rng_below(&sim->work, 8));
    }
    message->reason = text_of("已核实");
    message->document = text_of("特批");
    message->until_day = city_today(sim) + (int32_t)rng_below(&sim->work, 30);
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return sim->city.claims_told > 0;
}

static bool
make_open_case(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__OpenCase, subsidy__open_case__init);
    uint64_t about = rng_below(&sim->work, 10);

    message->kind = (Subsidy__CaseKind)(1 + rng_below(&sim->work, 2));
    if (about < 6)
        message->claim = 1 + rng_below(&sim->work, sim->city.claims_told + 1);
    for (int tries = 0; about < 3 && tries < 8 && !sim->city.bank[message->claim]; tries++)
        message->claim = 1 + rng_below(&sim->work, sim->city.claims_told + 1); /* one that is paid */
    if (about < 2 && !sim->city.draft_grants && sim->city.draft_claims_count)  /* approved, and not sent yet */
        message->claim = sim->city.draft_claims[rng_below(&sim->work, sim->city.draft_claims_count)];
    if (about == 6)
        message->person = 1 + rng_below(&sim->work, sim->city.people_count);
    if (about == 7)
        message->institution = 1 + rng_below(&sim->work, CITY_INSTITUTIONS);
    if (about > 7 && sim->city.classes_count)
        message->class_no = text_of(sim->city.classes[rng_below(&sim->work, sim->city.classes_count)].number);
    message->document = text_of("立案");
    message->reason = text_of("签到照片重复");
    draft->agency = rng_chance(&sim->work, 5000) ? A_EMPLOYMENT : A_FINANCE;
    draft->about[0] = message->claim;
    draft->message = message;
    return true;
}

static void
case_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    uint64_t number = code == JN_OK ? ((const Subsidy__Done *)reply)->number : 0;

    if (number > sim->city.cases_told)
        sim->city.cases_told = number;
    if (number && number < CITY_CASES)
        sim->city.case_claim[number] = task->about[0];
}

static bool
make_evidence(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__AddEvidence, subsidy__add_evidence__init);

    message->case_ = 1 + rng_below(&sim->work, sim->city.cases_told + 1);
    message->document = text_of("卷宗");
    message->about = text_of("同一照片用于三日");
    draft->agency = rng_chance(&sim->work, 5000) ? A_EMPLOYMENT : reviewer(sim);
    draft->message = message;
    return sim->city.cases_told > 0;
}

static bool
make_decide_case(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__DecideCase, subsidy__decide_case__init);
    bool more, founded = (!orderly(sim) || sim->city.troubled) && rng_chance(&sim->work, 5000);

    message->case_ = number_of(sim, &sim->city.way_at, sim->city.cases_told, &more);
    message->outcome = founded ? SUBSIDY__CASE_OUTCOME__FOUND_ERROR : SUBSIDY__CASE_OUTCOME__UNFOUNDED;
    if (founded && rng_chance(&sim->work, 3000))
        message->outcome = SUBSIDY__CASE_OUTCOME__FOUND_FRAUD;
    message->document = text_of("认定书");
    message->clause = text_of(founded ? "2.12-e" : "");
    if (founded && rng_chance(&sim->work, 8000)) {
        uint64_t claim = message->case_ < CITY_CASES ? sim->city.case_claim[message->case_] : 0;
        uint64_t *list = city_take(sim, sizeof(*list));

        *list = claim ? claim : 1 + rng_below(&sim->work, sim->city.claims_told + 1);
        if (rng_chance(&sim->work, sim->city.bank[*list] ? 1000 : 8000)) {
            message->refused = list;
            message->n_refused = 1;
        } else {
            message->recover = list;
            message->n_recover = 1;
        }
    }
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return more;
}

static bool
make_overdue(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__OverdueRequest, subsidy__overdue_request__init);

    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static bool
make_cases(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__CasesRequest, subsidy__cases_request__init);

    message->open = rng_chance(&sim->work, 5000);
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
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
    return true;
}

/* A pack that was adopted; the same once more until it is done. */
static bool
make_backwards(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ApplyPackBackwards, subsidy__apply_pack_backwards__init);
    struct city *city = &sim->city;

    if (!city->backwards_open) {
        city->backwards_pack = (uint32_t)rng_below(&sim->work, 1 + city->packs_proposed);
        city->backwards_from = city_today(sim) - (int32_t)rng_below(&sim->work, 200);
        city->backwards_until = city->backwards_from + (int32_t)rng_below(&sim->work, 200);
    }
    message->pack = city->backwards_pack ? city_print(sim, "plan-%u", city->backwards_pack) : plan()->id;
    message->from_day = city->backwards_from;
    message->until_day = city->backwards_until;
    message->document = text_of("石人社规号");
    message->reason = text_of("政策调整");
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
make_to_reassess(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ToReassessRequest, subsidy__to_reassess_request__init);

    message->after_class = rng_below(&sim->work, 4);
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
    struct city_class *class = city_pick(sim, was_held);
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
    {"Warnings", 3, make_warnings, NULL},
    {"ClassClaims", 3, make_class_claims, NULL},
    {"Explain", 4, make_explain, NULL},
    {"IssueReceipt", 5, make_receipt, receipt_heard},
    /* A pack's way into force */
    {"ProposePack", 2, make_propose, propose_heard},
    {"RecordCases", 3, make_record_cases, NULL},
    {"ApprovePack", 2, make_approve, approve_heard},
    {"WithdrawPack", 2, make_withdraw, NULL},
    {"Drafts", 1, make_drafts, NULL},
    {"Draft", 4, make_draft, NULL},
    {"Packs", 1, make_packs, NULL},
    {"Advance", 0, city_advance, NULL},
    /* The way of a claim */
    {"ConfirmClaims", 16, make_confirm, NULL},
    {"ReviewClaims", 40, make_review, NULL},
    {"Object", 4, make_object, object_heard},
    {"DecideObjection", 5, make_decide_objection, NULL},
    {"OverrideGate", 3, make_override, NULL},
    {"OpenCase", 6, make_open_case, case_heard},
    {"AddEvidence", 6, make_evidence, NULL},
    {"DecideCase", 5, make_decide_case, NULL},
    {"Overdue", 2, make_overdue, NULL},
    {"Cases", 1, make_cases, NULL},
    /* Corrections */
    {"ToReassess", 2, make_to_reassess, NULL},
    /* What registers tell */
    {"RecordOutcomes", 10, registers_outcomes, NULL},
    {"RecordContributions", 5, registers_contributions, NULL},
    {"Awaited", 2, registers_awaited, NULL},
};
const struct sim_part sim_subsidy = {&subsidy_service, generators, sizeof(generators) / sizeof(generators[0])};
