/* One class before the policy (核算): its facts and each seat's, put to the pack in force. */
#include <string.h>

#include "subsidy/facts/doubt.h"
#include "subsidy/nouns.h"

/* What does not fit a fact's own type, or is beyond all sense, becomes a value that the facts' check refuses. */
static int32_t
at_most(int64_t value, int32_t most)
{
    return value > most ? most + 1 : (int32_t)value;
}

/* An enterprise that runs a school counts as an enterprise; other institutions are no employers, 2.9-b. */
static uint8_t
employer_kind(Common__InstitutionKind kind)
{
    switch (kind) {
    case COMMON__INSTITUTION_KIND__ENTERPRISE:
    case COMMON__INSTITUTION_KIND__ENTERPRISE_SCHOOL:
        return COMMON__INSTITUTION_KIND__ENTERPRISE;
    case COMMON__INSTITUTION_KIND__COOPERATIVE:
    case COMMON__INSTITUTION_KIND__POVERTY_WORKSHOP:
        return (uint8_t)kind;
    case COMMON__INSTITUTION_KIND__INSTITUTION_KIND_UNSPECIFIED:
    case COMMON__INSTITUTION_KIND__TRAINING:
    case COMMON__INSTITUTION_KIND__VOCATIONAL_SCHOOL:
    case COMMON__INSTITUTION_KIND__EVALUATION:
    case _COMMON__INSTITUTION_KIND_IS_INT_SIZE:
        break;
    }
    return 0;
}

static void
facts_of_institutions(struct facts *facts, const struct jn_view *view, const Subsidy__ClassNoted *class)
{
    const Subsidy__InstitutionRow *provider = jn_get(view, TABLE_INSTITUTION, JN_KEY(class->provider));
    const Subsidy__InstitutionRow *employer =
        class->employer ? jn_get(view, TABLE_INSTITUTION, JN_KEY(class->employer)) : NULL;

    facts->enterprise_school = provider && provider->kind == COMMON__INSTITUTION_KIND__ENTERPRISE_SCHOOL;
    facts->employer = employer ? employer_kind(employer->kind) : 0;
    facts->employer_insured = facts->employer && employer->insured;
}

static uint8_t
octet(uint32_t value)
{
    return value > UINT8_MAX ? UINT8_MAX : (uint8_t)value;
}

void
judgement_open(struct judgement *judgement, const struct jn_view *view, const Subsidy__ClassNoted *class,
               const Policy__Pack *pack)
{
    int months = date_months(class->start_day, class->end_day);
    struct facts *facts = &judgement->facts;

    judgement->view = view;
    judgement->class = class;
    judgement->moment = MOMENT_NOW;
    judgement->policy = figures_open(&judgement->figures, view, pack);
    *facts = (struct facts){.day = class->end_day,
                            .division = class->division,
                            .class_kind = octet((uint32_t) class->kind),
                            .occupation = class->occupation,
                            .level = octet(class->level),
                            .cost_fen = class->cost_fen,
                            .months = at_most(months < 0 ? 0 : months, POLICY_MONTHS_MAX),
                            .project_based = class->project_based,
                            .hours = at_most(class->hours, POLICY_HOURS_MAX)};
    facts->years = facts->months / 12;
    facts_of_institutions(facts, view, class);
    enterprise_open(judgement, UINT64_MAX);
}

void
judgement_class_facts(const struct judgement *judgement, Subsidy__ClassFacts *out)
{
    *out = (Subsidy__ClassFacts)SUBSIDY__CLASS_FACTS__INIT;
    out->employer = judgement->facts.employer;
    out->employer_insured = judgement->facts.employer_insured;
    out->enterprise_school = judgement->facts.enterprise_school;
    out->reading = 1;
}

static void
put_seat(struct judgement *judgement, const Subsidy__Seat *seat, const Subsidy__NotedResult *result,
         const struct paid_before *history, uint32_t history_count)
{
    struct facts *facts = &judgement->facts;

    facts->groups = seat->groups;
    facts->household = octet((uint32_t)seat->household);
    facts->living_allowance = seat->living_allowance;
    facts->insured_months = at_most(seat->insured_months, POLICY_MONTHS_MAX);
    facts->employed_months = at_most(seat->employed_months, POLICY_MONTHS_MAX);
    facts->days = at_most(seat->days, POLICY_DAYS_MAX);
    facts->certificate = result ? octet((uint32_t)result->kind) : 0;
    facts->certificate_level = result ? octet(result->level) : 0;
    facts->certificate_day = result ? result->day : 0;
    facts->certificate_number = result ? result->certificate : 0;
    facts->age = octet(seat->age);
    facts->sex = octet(seat->sex);
    register_facts(judgement, seat->seat, facts);
    facts->history = history;
    facts->history_count = history_count;
    if (facts->certificate && history_count && chunk_by_certificate(judgement->policy.pack))
        facts->history = history_dated(judgement->view, facts, history, history_count);
    judgement->lines += facts->history_count;
}

void
judgement_seat(struct judgement *judgement, const Subsidy__Seat *seat, const Subsidy__NotedResult *result)
{
    uint32_t count;
    const struct paid_before *history = history_of(judgement->view, seat->person, &count, &judgement->history_lines);

    put_seat(judgement, seat, result, history, count);
}

static bool
put_to_pack(struct judgement *judgement, const Subsidy__Seat *seat, const Subsidy__NotedResult *result)
{
    const char *doubt = doubt_of(judgement->class, seat, result);

    if (!doubt && judgement->facts.history_count > HISTORY_LINES_MAX)
        doubt = "the person's history holds too many payments 以往补贴笔数过多";
    judgement->evaluation.fault = doubt;
    return !doubt && evaluate(&judgement->policy, &judgement->facts, &judgement->evaluation);
}

bool
judge(struct judgement *judgement, const Subsidy__Seat *seat, const Subsidy__NotedResult *result)
{
    judgement_seat(judgement, seat, result);
    if (!put_to_pack(judgement, seat, result))
        return false;
    enterprise_note_due(judgement);
    return true;
}

bool
judge_with(struct judgement *judgement, const Subsidy__Seat *seat, const Subsidy__NotedResult *result,
           const struct paid_before *history, uint32_t history_count)
{
    put_seat(judgement, seat, result, history, history_count);
    return put_to_pack(judgement, seat, result);
}
