/* Windows (结果认定期限): until when what came of the training counts for a rule. What comes later does not, and is
 * said; what is not known yet is awaited until then. */
#include "domain/date.h"
#include "subsidy/policy/run.h"

#define OUTCOME      POLICY_BIT(POLICY__FACT__OUTCOME)
#define CONTRIBUTION POLICY_BIT(POLICY__FACT__CONTRIBUTION_MONTHS)
#define REACHED_LAST POLICY__OUTCOME__RETAINED
#define DAY_LAST     INT32_C(84005) /* what date.h can hold: 2199-12-31 */

/* The same day of another month, or that one's last; false where it is beyond what dates hold. */
static bool
day_of_month(int32_t day, int months, int32_t *out)
{
    struct date date = date_of(day);
    int month = date.year * 12 + date.month - 1 + months;

    for (int number = date.day; number > 27; number--)
        if (date_make(month / 12, month % 12 + 1, number, out))
            return true;
    return date_make(month / 12, month % 12 + 1, date.day, out);
}

int32_t
facts_months_back(int32_t day, uint32_t months)
{
    int32_t out;

    return day_of_month(day, -(int)months, &out) ? out + 1 : INT32_MIN;
}

int32_t
facts_months_on(int32_t day, uint32_t months)
{
    int32_t out;

    return day_of_month(day, (int)months, &out) ? out : DAY_LAST;
}

const char *
told_fault(const struct facts *facts)
{
    int32_t before = INT32_MIN;

    for (int outcome = 0; outcome <= REACHED_LAST; outcome++)
        if (facts->outcome_days[outcome] && !facts_day_known(facts->outcome_days[outcome]))
            return "the day of an outcome is out of range 培训结果的日期超出范围";
    if (facts->contributions_count > POLICY_TOLD_MAX)
        return "months of contribution are told through 36 days at most 社会保险缴费月数最多分36次登记";
    for (uint32_t i = 0; i < facts->contributions_count; i++) {
        const struct told_months *told = &facts->contributions[i];

        if (!facts_day_known(told->day) || told->day <= before || told->months < 0 || told->months > POLICY_MONTHS_MAX)
            return "months of contribution are 0 to 1200, through days that rise "
                   "社会保险缴费月数须为0至1200，日期须递增";
        before = told->day;
    }
    return NULL;
}

/* Who dropped out did so whenever it was told. */
static uint64_t
outcomes_through(const struct facts *facts, int32_t last)
{
    uint64_t outcomes = facts->outcomes;

    for (int outcome = POLICY__OUTCOME__COMPLETED; outcomes && outcome <= REACHED_LAST; outcome++)
        if (facts->outcome_days[outcome] > last)
            outcomes &= ~POLICY_BIT(outcome);
    return outcomes;
}

/* Months told through a later day may have been paid after the window: they say nothing of it. */
static bool
months_through(const struct facts *facts, int32_t last, int32_t *months)
{
    bool known = facts->contribution_known && facts->contributions_count == 0;

    *months = facts->contribution_months;
    for (uint32_t i = 0; i < facts->contributions_count && facts->contributions[i].day <= last; i++) {
        *months = facts->contributions[i].months;
        known = true;
    }
    return known;
}

uint64_t
facts_told(const struct facts *facts, int32_t last, int64_t values[POLICY_FACT_COUNT])
{
    int32_t months;
    bool known = months_through(facts, last, &months);

    values[POLICY__FACT__OUTCOME] = (int64_t)outcomes_through(facts, last);
    values[POLICY__FACT__CONTRIBUTION_MONTHS] = known ? months : 0;
    return (facts->outcomes ? OUTCOME : 0) | (known ? CONTRIBUTION : 0);
}

void
run_window_move(struct run *run, const Policy__Rule *rule)
{
    run->windowed = rule->outcome_within_months > 0;
    run->last_day = run->windowed ? facts_months_on(run->facts->day, rule->outcome_within_months) : INT32_MAX;
    run->known = (run->known & ~(OUTCOME | CONTRIBUTION)) | facts_told(run->facts, run->last_day, run->values);
    run->late = run->facts->outcomes & ~(uint64_t)run->values[POLICY__FACT__OUTCOME];
}

void
run_note_late(struct run *run, const Policy__Rule *rule)
{
    const struct facts *facts = run->facts;
    uint32_t told = facts->contributions_count;
    int item = (int)rule->item;

    if (!run->windowed)
        return;
    if (run->late)
        run_note(run, rule->number, item, POLICY__EVENT__OUT_OF_WINDOW, POLICY__FACT__OUTCOME, run->last_day);
    if (told && facts->contributions[told - 1].day > run->last_day)
        run_note(run, rule->number, item, POLICY__EVENT__OUT_OF_WINDOW, POLICY__FACT__CONTRIBUTION_MONTHS,
                 run->last_day);
}

int64_t
run_in_time(struct run *run)
{
    int64_t counts = run->values[POLICY__FACT__OUTCOME];

    run->values[POLICY__FACT__OUTCOME] = (int64_t)run->facts->outcomes;
    return counts;
}

bool
run_awaits(const struct run *run, Policy__Fact fact)
{
    return run->windowed && ((OUTCOME | CONTRIBUTION) & POLICY_BIT(fact));
}
