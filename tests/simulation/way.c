/* The way of a claim: what people confirm, review, hold, object to, override, and open cases about. */
#include "simulation/make.h"

#include "jineng/v1/subsidy.pb-c.h"

static uint32_t
reviewer(struct sim *sim)
{
    return A_HUMAN_RESOURCES + (uint32_t)rng_below(&sim->work, 6);
}

bool
way_hold(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__HoldClaim, subsidy__hold_claim__init);

    message->claim = 1 + rng_below(&sim->work, sim->city.claims_told);
    message->reason = text_of("有人举报");
    draft->agency = reviewer(sim);
    draft->message = message;
    return sim->city.claims_told > 0;
}

bool
way_release(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ReleaseClaim, subsidy__release_claim__init);

    message->claim = 1 + rng_below(&sim->work, sim->city.claims_told);
    message->reason = text_of("查无实据");
    draft->agency = reviewer(sim);
    draft->message = message;
    return sim->city.claims_told > 0;
}

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

bool
way_confirm(struct sim *sim, struct sim_draft *draft)
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

bool
way_review(struct sim *sim, struct sim_draft *draft)
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

bool
way_object(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__Object, subsidy__object__init);

    message->claim = 1 + rng_below(&sim->work, sim->city.claims_told + 1);
    message->reference = text_of("来信");
    message->reason = text_of("未参加培训");
    draft->agency = rng_chance(&sim->work, 5000) ? A_EMPLOYMENT : reviewer(sim);
    draft->message = message;
    return sim->city.claims_told > 0;
}

void
way_object_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
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

bool
way_decide_objection(struct sim *sim, struct sim_draft *draft)
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

bool
way_override(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__OverrideGate, subsidy__override_gate__init);

    MAKE_LIST(sim, message->rows, message->n_rows, 3, Subsidy__OverrideRow, subsidy__override_row__init);
    for (size_t i = 0; i < 3; i++) {
        message->rows[i]->claim = 1 + rng_below(&sim->work, sim->city.claims_told + 1);
        message->rows[i]->gate = (Policy__GateKind)(rng_chance(&sim->work, 7000) ? POLICY__GATE_KIND__CERTIFICATE_LIVE
                                                                                 : rng_below(&sim->work, 11));
    }
    message->reason = text_of("已核实");
    message->document = text_of("特批");
    message->until_day = city_today(sim) + (int32_t)rng_below(&sim->work, 30);
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return sim->city.claims_told > 0;
}

bool
way_open_case(struct sim *sim, struct sim_draft *draft)
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

void
way_case_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    uint64_t number = code == JN_OK ? ((const Subsidy__Done *)reply)->number : 0;

    if (number > sim->city.cases_told)
        sim->city.cases_told = number;
    if (number && number < CITY_CASES)
        sim->city.case_claim[number] = task->about[0];
}

bool
way_evidence(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__AddEvidence, subsidy__add_evidence__init);

    message->case_ = 1 + rng_below(&sim->work, sim->city.cases_told + 1);
    message->document = text_of("卷宗");
    message->about = text_of("同一照片用于三日");
    draft->agency = rng_chance(&sim->work, 5000) ? A_EMPLOYMENT : reviewer(sim);
    draft->message = message;
    return sim->city.cases_told > 0;
}

bool
way_decide_case(struct sim *sim, struct sim_draft *draft)
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

bool
way_overdue(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__OverdueRequest, subsidy__overdue_request__init);

    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

bool
way_cases(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__CasesRequest, subsidy__cases_request__init);

    message->open = rng_chance(&sim->work, 5000);
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}
