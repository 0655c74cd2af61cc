/* What was registered of a seat (登记记录): outcomes, each with the day since when it is so, and months of contribution
 * through one day after the other; as they are known now, and as they were when the class was settled. */
#include "subsidy/facts/registered.h"

#include <inttypes.h>
#include <string.h>

#include "subsidy/nouns.h"
#include "subsidy/policy/pack.h"

#define OUTCOMES  (POLICY__OUTCOME__RETAINED + 1)
#define CERTIFIED POLICY_BIT(POLICY__OUTCOME__CERTIFIED)
#define DROPPED   POLICY_BIT(POLICY__OUTCOME__DROPPED_OUT)

Subsidy__RegisterRow
registered_of(const struct jn_view *view, uint64_t class, uint32_t seat)
{
    const Subsidy__RegisterRow *row = jn_get(view, TABLE_REGISTER, JN_KEY(class, seat));

    return row ? *row : (Subsidy__RegisterRow)SUBSIDY__REGISTER_ROW__INIT;
}

bool
registered_fits(const Subsidy__RegisterRow *row, int32_t day, uint32_t months)
{
    for (size_t i = 0; i < row->n_contributions; i++) {
        const Policy__ToldMonths *told = row->contributions[i];

        if (told->day == day || (told->day < day ? told->months > months : told->months < months))
            return false;
    }
    return row->n_contributions < POLICY_TOLD_MAX;
}

/* ---- What then happens ---- */

/* What stays true is so since it was first told; what is not told again is so no longer. Of a day before the last what
 * is still so is told: it was so earlier than was known. */
static void
keep_outcomes(const struct jn_view *view, Subsidy__RegisterRow *row, const Subsidy__RegisterTold *told)
{
    int32_t *days = jn_take(view, OUTCOMES * sizeof(*days));
    bool earlier = told->day < row->outcome_day;

    for (size_t outcome = 0; outcome < OUTCOMES; outcome++) {
        int32_t since = row->outcomes & POLICY_BIT(outcome) && outcome < row->n_outcome_days
                            ? row->outcome_days[outcome]
                            : told->day;

        if (told->outcomes & POLICY_BIT(outcome))
            days[outcome] = since < told->day ? since : told->day;
        else if (earlier && row->outcomes & POLICY_BIT(outcome))
            days[outcome] = since;
    }
    if (!earlier) {
        row->outcomes = told->outcomes;
        row->outcome_day = told->day;
    }
    row->outcome_days = days;
    row->n_outcome_days = OUTCOMES;
}

/* By rising day. A day that was told is told anew; where no more are kept, the last gives way: those before it are what
 * windows look at. */
static void
keep_months(const struct jn_view *view, Subsidy__RegisterRow *row, const Subsidy__RegisterTold *told)
{
    Policy__ToldMonths **lines = jn_take(view, (row->n_contributions + 1) * sizeof(*lines));
    Policy__ToldMonths *line = jn_take(view, sizeof(*line));
    size_t count = 0, before = 0;

    *line = (Policy__ToldMonths)POLICY__TOLD_MONTHS__INIT;
    line->day = told->day;
    line->months = told->months;
    while (before < row->n_contributions && row->contributions[before]->day < told->day)
        lines[count++] = row->contributions[before++];
    if (count == POLICY_TOLD_MAX)
        count--;
    lines[count++] = line;
    for (; before < row->n_contributions; before++)
        if (row->contributions[before]->day != told->day)
            lines[count++] = row->contributions[before];
    row->contributions = lines;
    row->n_contributions = count;
    row->contribution_known = true;
    row->contribution_months = lines[count - 1]->months;
    row->contribution_day = lines[count - 1]->day;
}

/* What was told before the class was settled is what it was settled by. */
static void
keep_settled(Subsidy__RegisterRow *row)
{
    row->settled_outcomes = row->outcomes;
    row->settled_outcome_days = row->outcome_days;
    row->n_settled_outcome_days = row->n_outcome_days;
    row->settled_contribution_known = row->contribution_known;
    row->settled_contribution_months = row->contribution_months;
    row->settled_contributions = row->contributions;
    row->n_settled_contributions = row->n_contributions;
}

void
apply_registers_recorded(struct jn_tables *t, const Subsidy__RegistersRecorded *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    bool settled = progress_of(view, event->class_).settled;

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__RegisterTold *told = event->rows[i];
        Subsidy__RegisterRow row = registered_of(view, event->class_, told->seat);

        if (told->contribution)
            keep_months(view, &row, told);
        else
            keep_outcomes(view, &row, told);
        if (!settled)
            keep_settled(&row);
        jn_put(t, TABLE_REGISTER, JN_KEY(event->class_, told->seat), &row);
    }
}

/* ---- What the policy is told ---- */

#define ASKED (POLICY_BIT(POLICY__FACT__OUTCOME) | POLICY_BIT(POLICY__FACT__CONTRIBUTION_MONTHS))

/* Days are told to packs that have a window, and to no other. */
static void
tell_days(const Subsidy__RegisterRow *row, bool then, struct facts *facts)
{
    const int32_t *days = then ? row->settled_outcome_days : row->outcome_days;
    size_t days_count = then ? row->n_settled_outcome_days : row->n_outcome_days;
    Policy__ToldMonths *const *lines = then ? row->settled_contributions : row->contributions;
    size_t lines_count = then ? row->n_settled_contributions : row->n_contributions;

    for (size_t outcome = 0; outcome < days_count && outcome < OUTCOMES; outcome++)
        facts->outcome_days[outcome] = days[outcome];
    for (size_t i = 0; i < lines_count && i < POLICY_TOLD_MAX; i++)
        facts->contributions[facts->contributions_count++] =
            (struct told_months){lines[i]->day, (int32_t)lines[i]->months};
}

void
register_facts(const struct judgement *judgement, uint32_t seat, struct facts *facts)
{
    bool then = judgement->moment == MOMENT_SETTLED;
    Subsidy__RegisterRow row;

    facts->outcomes = 0;
    facts->contribution_known = false;
    facts->contribution_months = 0;
    facts->contributions_count = 0;
    memset(facts->outcome_days, 0, sizeof(facts->outcome_days));
    if (!(judgement->policy.pack->asks & ASKED))
        return;
    row = registered_of(judgement->view, judgement->class->class_, seat);
    facts->outcomes = then ? row.settled_outcomes : row.outcomes;
    if (pack_windowed(judgement->policy.pack))
        tell_days(&row, then, facts);
    if (judgement->moment == MOMENT_HOPED && !facts->outcomes)
        facts->outcomes = POLICY_BIT(POLICY__OUTCOME__COMPLETED);
    if (facts->outcomes && facts->certificate) {
        facts->outcomes = (facts->outcomes & ~DROPPED) | CERTIFIED;
        if (pack_windowed(judgement->policy.pack))
            facts->outcome_days[POLICY__OUTCOME__CERTIFIED] = facts->certificate_day;
    }
    facts->contribution_known = then ? row.settled_contribution_known : row.contribution_known;
    facts->contribution_months = (int32_t)(then ? row.settled_contribution_months : row.contribution_months);
}

/* ---- Audit ---- */

static bool
lines_good(const Subsidy__RegisterRow *row)
{
    const Policy__ToldMonths *last = row->n_contributions ? row->contributions[row->n_contributions - 1] : NULL;

    for (size_t i = 1; i < row->n_contributions; i++)
        if (row->contributions[i]->day <= row->contributions[i - 1]->day)
            return false;
    return row->contribution_known ? last && last->months == row->contribution_months &&
                                         last->day == row->contribution_day && row->n_contributions <= POLICY_TOLD_MAX
                                   : !last;
}

static bool
days_good(const Subsidy__RegisterRow *row)
{
    for (size_t outcome = 0; outcome < row->n_outcome_days; outcome++)
        if (row->outcome_days[outcome] > row->outcome_day ||
            (row->outcome_days[outcome] && !(row->outcomes & POLICY_BIT(outcome))))
            return false;
    return row->n_outcome_days == (row->outcomes ? OUTCOMES : 0);
}

static bool
check_register(void *context, const struct jn_key *key, const void *value)
{
    struct jn_audit *audit = context;
    const Subsidy__RegisterRow *row = value;
    Subsidy__ProgressRow progress = progress_of(audit->view, jn_key_number(key, 0));
    bool as_settled = row->settled_outcomes == row->outcomes &&
                      row->settled_contribution_known == row->contribution_known &&
                      row->settled_contribution_months == row->contribution_months;

    if (!progress.finished || (!row->outcomes && !row->contribution_known) || (row->outcomes & CERTIFIED) ||
        row->contribution_months > (uint32_t)POLICY_MONTHS_MAX || (!progress.settled && !as_settled) ||
        !lines_good(row) || !days_good(row))
        jn_finding(audit, "class %" PRIu64 ", seat %" PRIu64 ": what registers told of it cannot be so",
                   jn_key_number(key, 0), jn_key_number(key, 1));
    return true;
}

void
registers_audit(struct jn_audit *audit)
{
    jn_scan(audit->view, TABLE_REGISTER, JN_KEY(0), 0, SIZE_MAX, check_register, audit);
}
