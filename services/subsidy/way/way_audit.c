/* What must hold of the way of a claim (稽核): each claim is in one stage; terms, gates, objections and cases are
 * listed where they are open, and nowhere else. */
#include <inttypes.h>

#include "subsidy/facts/outstanding.h"
#include "subsidy/way/way.h"

#define ALL SIZE_MAX

void
way_audit_claim(struct jn_audit *audit, uint64_t settlement, const Subsidy__StandingRow *standing, uint32_t index,
                uint64_t *stages)
{
    const struct jn_view *view = audit->view;
    uint64_t claim = standing->first_claim + index;
    uint8_t state = standing->states.data[index];
    const Subsidy__ApartRow *apart = apart_of(view, claim);
    const Subsidy__WayPlan *way = way_of(view, standing);
    Subsidy__Stage stage = stage_of(standing, way, apart, state);
    const Policy__WayStep *step = way && apart ? way_step(way, apart->step) : NULL;

    stages[stage]++;
    if (!apart != !(state & CLAIM_APART) || (apart && apart->settlement != settlement))
        jn_finding(audit, "claim %" PRIu64 " goes on alone, and with its settlement", claim);
    if (apart && (state & CLAIM_APPROVED) && way && apart->step <= way->n_steps)
        jn_finding(audit, "claim %" PRIu64 " is approved before its notice is over", claim);
    if (apart && apart->returned && stage != SUBSIDY__STAGE__REVIEWING && stage != SUBSIDY__STAGE__ENDED)
        jn_finding(audit, "claim %" PRIu64 " is returned from no review", claim);
    if ((way && stage == SUBSIDY__STAGE__AT_GATES) != jn_has(view, TABLE_GATED, JN_KEY(claim)))
        jn_finding(audit, "claim %" PRIu64 " is in the wrong list of gates", claim);
    if ((step && step->term_days && !apart->ended) != (term_of(view, SUBSIDY__DUE__DUE_ALONE, claim) != NULL))
        jn_finding(audit, "claim %" PRIu64 " has a term that is not its own, or none", claim);
    if (way && !apart && stage == SUBSIDY__STAGE__AT_GATES)
        jn_finding(audit, "claim %" PRIu64 " waits at the gates with its settlement", claim);
}

/* ---- Terms ---- */

struct tally {
    struct jn_audit *audit;
    uint64_t overdue, objections, cases;
};

static bool
settlement_waits(const struct jn_view *view, uint64_t number, const Subsidy__TermRow *term)
{
    const Subsidy__StandingRow *standing = standing_of(view, number);

    return standing && standing->due_day == term->due_day && standing->step == term->step &&
           standing_together(standing) > 0;
}

static bool
claim_waits(const struct jn_view *view, uint64_t number, const Subsidy__TermRow *term)
{
    const Subsidy__ApartRow *apart = apart_of(view, number);

    return apart && !apart->ended && apart->due_day == term->due_day && apart->step == term->step;
}

static bool
claim_held(const struct jn_view *view, uint64_t number)
{
    struct place place;

    return place_find(view, number, &place) && (place.state & CLAIM_HELD);
}

static bool
still_open(const struct jn_view *view, Subsidy__Due what, uint64_t number, const Subsidy__TermRow *term)
{
    const Subsidy__ObjectionRow *objection;
    const Subsidy__CaseView *row;
    int32_t day;

    switch (what) {
    case SUBSIDY__DUE__DUE_STEP:
        return settlement_waits(view, number, term);
    case SUBSIDY__DUE__DUE_ALONE:
        return claim_waits(view, number, term);
    case SUBSIDY__DUE__DUE_HOLD:
        return claim_held(view, number);
    case SUBSIDY__DUE__DUE_OBJECTION:
        objection = jn_get(view, TABLE_OBJECTION, JN_KEY(number));
        return objection && !objection->decided;
    case SUBSIDY__DUE__DUE_CASE:
        row = jn_get(view, TABLE_CASE, JN_KEY(number));
        return row && !row->outcome;
    case SUBSIDY__DUE__DUE_AWAITED:
        return outstanding_first(view, number, &day) && day == term->due_day;
    case SUBSIDY__DUE__DUE_UNSPECIFIED:
    case _SUBSIDY__DUE_IS_INT_SIZE:
        break;
    }
    return false;
}

static bool
check_term(void *context, const struct jn_key *key, const void *row)
{
    struct tally *tally = context;
    const Subsidy__TermRow *term = row;
    Subsidy__Due what = (Subsidy__Due)jn_key_number(key, 0);
    uint64_t number = jn_key_number(key, 1);
    bool listed = jn_has(tally->audit->view, TABLE_OVERDUE, JN_KEY(day_up(term->due_day), (uint64_t)what, number));

    if (!still_open(tally->audit->view, what, number, term))
        jn_finding(tally->audit, "a term of kind %d runs for %" PRIu64 ", which is done with", (int)what, number);
    if (listed != (term->reminders > 0))
        jn_finding(tally->audit, "a term of kind %d, %" PRIu64 ", is in the wrong list", (int)what, number);
    tally->overdue += listed;
    return true;
}

/* Every settlement at a step with a term has one. */
static bool
check_standing_term(void *context, const struct jn_key *key, const void *row)
{
    struct tally *tally = context;
    const Subsidy__StandingRow *standing = row;
    const Subsidy__WayPlan *way = way_of(tally->audit->view, standing);
    const Policy__WayStep *step = way ? way_step(way, standing->step) : NULL;

    if (step && step->term_days && standing_together(standing) > 0 &&
        !term_of(tally->audit->view, SUBSIDY__DUE__DUE_STEP, jn_key_number(key, 0)))
        jn_finding(tally->audit, "settlement %" PRIu64 " waits without a term", jn_key_number(key, 0));
    return true;
}

static bool
count_rows(void *context, const struct jn_key *key, const void *row)
{
    uint64_t *count = context;

    (void)key;
    (void)row;
    (*count)++;
    return true;
}

/* ---- Objections, cases ---- */

static bool
check_objection(void *context, const struct jn_key *key, const void *row)
{
    struct tally *tally = context;
    const Subsidy__ObjectionRow *objection = row;
    uint64_t number = jn_key_number(key, 0);

    tally->objections += !objection->decided;
    if (jn_has(tally->audit->view, TABLE_OBJECTED, JN_KEY(objection->raised->claim, number)) == !!objection->decided)
        jn_finding(tally->audit, "objection %" PRIu64 " is open and decided", number);
    return true;
}

static bool
check_case(void *context, const struct jn_key *key, const void *row)
{
    struct tally *tally = context;

    (void)key;
    tally->cases += !((const Subsidy__CaseView *)row)->outcome;
    return true;
}

static bool
count_suspects(void *context, const struct jn_key *key, const void *row)
{
    uint64_t *count = context;

    (void)key;
    *count += ((const Subsidy__SuspectRow *)row)->open;
    return true;
}

void
way_audit(struct jn_audit *audit)
{
    const struct jn_view *view = audit->view;
    struct tally tally = {.audit = audit};
    uint64_t late = 0, objected = 0, suspects = 0;

    jn_scan(view, TABLE_TERM, JN_KEY(0), 0, ALL, check_term, &tally);
    jn_scan(view, TABLE_STANDING, JN_KEY(0), 0, ALL, check_standing_term, &tally);
    jn_scan(view, TABLE_OVERDUE, JN_KEY(0), 0, ALL, count_rows, &late);
    jn_scan(view, TABLE_OBJECTION, JN_KEY(0), 0, ALL, check_objection, &tally);
    jn_scan(view, TABLE_OBJECTED, JN_KEY(0), 0, ALL, count_rows, &objected);
    jn_scan(view, TABLE_CASE, JN_KEY(0), 0, ALL, check_case, &tally);
    jn_scan(view, TABLE_SUSPECT, JN_KEY(0), 0, ALL, count_suspects, &suspects);
    if (late != tally.overdue || late != jn_counter(view, COUNTER_OVERDUE))
        jn_finding(audit, "%" PRIu64 " terms are listed as overdue, %" PRIu64 " are", late, tally.overdue);
    if (objected != tally.objections || objected != jn_counter(view, COUNTER_OBJECTIONS_OPEN))
        jn_finding(audit, "%" PRIu64 " objections are listed as open, %" PRIu64 " are", objected, tally.objections);
    if (suspects != tally.cases || suspects != jn_counter(view, COUNTER_CASES_OPEN))
        jn_finding(audit, "%" PRIu64 " cases are listed as open, %" PRIu64 " are", suspects, tally.cases);
    gate_plans_audit(audit);
}
