/* Cases as data: the messages' numbers into facts, within their bounds; figures from a list. */
#include "subsidy/policy/case.h"

#include <string.h>

/* What is too large for the fact's type would be cut to another number: such a case is none. */
static bool
sizes_fit(const Policy__Case *one)
{
    return (uint32_t)one->household <= UINT8_MAX && (uint32_t)one->employer <= UINT8_MAX &&
           (uint32_t)one->class_ <= UINT8_MAX && (uint32_t)one->certificate <= UINT8_MAX && one->level <= UINT8_MAX &&
           one->certificate_level <= UINT8_MAX && one->insured_months <= INT32_MAX &&
           one->employed_months <= INT32_MAX && one->days <= INT32_MAX && one->months <= INT32_MAX &&
           one->years <= INT32_MAX && one->age <= UINT8_MAX && (uint32_t)one->sex <= UINT8_MAX &&
           one->n_outcome_days <= (size_t)__builtin_popcountll(one->outcomes) &&
           one->n_contributions <= POLICY_TOLD_MAX && one->hours <= INT32_MAX &&
           one->contribution_months <= INT32_MAX && one->n_history <= POLICY_HISTORY_MAX &&
           one->n_enterprise_history <= POLICY_HISTORY_MAX;
}

static bool
take_history(Policy__PastBenefit *const *lines, size_t count, struct paid_before *history)
{
    for (size_t i = 0; i < count; i++) {
        const Policy__PastBenefit *line = lines[i];

        if (line->months > INT16_MAX || (uint32_t)line->item > UINT8_MAX || line->level > UINT8_MAX ||
            line->times > UINT16_MAX)
            return false;
        history[i] = (struct paid_before){.day = line->day,
                                          .occupation = line->occupation,
                                          .months = (int16_t)line->months,
                                          .item = (uint8_t)line->item,
                                          .level = (uint8_t)line->level,
                                          .advance = line->advance,
                                          .amount_fen = line->amount_fen,
                                          .certificate = line->certificate,
                                          .times = (uint16_t)line->times};
    }
    return true;
}

/* Days stand in the order of the outcomes' numbers. */
static bool
take_told(const Policy__Case *one, struct facts *facts)
{
    size_t at = 0;

    for (int outcome = 1; outcome <= POLICY__OUTCOME__RETAINED; outcome++)
        if ((one->outcomes & POLICY_BIT(outcome)) && at < one->n_outcome_days)
            facts->outcome_days[outcome] = one->outcome_days[at++];
    for (size_t i = 0; i < one->n_contributions; i++) {
        if (one->contributions[i]->months > INT32_MAX)
            return false;
        facts->contributions[facts->contributions_count++] =
            (struct told_months){one->contributions[i]->day, (int32_t)one->contributions[i]->months};
    }
    return true;
}

bool
case_facts(const Policy__Case *one, struct facts *facts, struct paid_before *history, struct paid_before *enterprise)
{
    if (!sizes_fit(one) || !take_history(one->history, one->n_history, history) ||
        !take_history(one->enterprise_history, one->n_enterprise_history, enterprise))
        return false;
    *facts = (struct facts){.day = one->day,
                            .division = one->division,
                            .groups = one->groups,
                            .household = (uint8_t)one->household,
                            .living_allowance = one->living_allowance,
                            .insured_months = (int32_t)one->insured_months,
                            .employed_months = (int32_t)one->employed_months,
                            .employer = (uint8_t)one->employer,
                            .employer_insured = one->employer_insured,
                            .class_kind = (uint8_t)one->class_,
                            .occupation = one->occupation,
                            .level = (uint8_t)one->level,
                            .cost_fen = one->cost_fen,
                            .days = (int32_t)one->days,
                            .months = (int32_t)one->months,
                            .years = (int32_t)one->years,
                            .project_based = one->project_based,
                            .enterprise_school = one->enterprise_school,
                            .certificate = (uint8_t)one->certificate,
                            .certificate_level = (uint8_t)one->certificate_level,
                            .certificate_day = one->certificate_day,
                            .certificate_number = one->certificate_number,
                            .age = (uint8_t)one->age,
                            .sex = (uint8_t)one->sex,
                            .hours = (int32_t)one->hours,
                            .contribution_known = one->contribution_known,
                            .contribution_months = (int32_t)one->contribution_months,
                            .outcomes = one->outcomes,
                            .enterprise_known = one->enterprise_known,
                            .first_reading = one->reading == 0,
                            .enterprise_history = enterprise,
                            .enterprise_count = (uint32_t)one->n_enterprise_history,
                            .history = history,
                            .history_count = (uint32_t)one->n_history};
    return take_told(one, facts);
}

/* ---- Figures ---- */

static bool
figure(const struct case_figures *figures, Policy__Figure sought, int32_t day, int64_t *amount)
{
    const Policy__Case *one = figures->one;

    for (size_t i = 0; i < one->n_figures; i++) {
        const Policy__Figure *known = one->figures[i];

        if ((known->day ? known->day : one->day) != day || known->item != sought.item || known->level != sought.level ||
            known->reference != sought.reference || !known->city != !sought.city)
            continue;
        *amount = known->amount;
        return !known->none;
    }
    return false;
}

static bool
standard(const void *context, int item, uint32_t level, uint32_t division, int32_t day, int64_t *amount)
{
    const struct case_figures *figures = context;
    Policy__Figure sought = POLICY__FIGURE__INIT;

    sought.item = (Common__Item)item;
    sought.level = level;
    sought.city = division != figures->one->division;
    return figure(figures, sought, day, amount);
}

static bool
reference(const void *context, const char *name, uint32_t division, int32_t day, int64_t *amount_fen)
{
    const struct case_figures *figures = context;
    Policy__Figure sought = POLICY__FIGURE__INIT;

    for (size_t i = 0; i < figures->pack->n_references; i++)
        if (!strcmp(figures->pack->references[i]->name, name))
            sought.reference = (uint32_t)i + 1;
    sought.city = division != figures->one->division;
    return sought.reference && figure(figures, sought, day, amount_fen);
}

struct policy_view
case_view(const Policy__Case *one, const Policy__Pack *pack, struct case_figures *figures)
{
    *figures = (struct case_figures){.one = one, .pack = pack};
    return (struct policy_view){.pack = pack, .standard = standard, .reference = reference, .context = figures};
}
