/* Steps (办理环节): what was computed is confirmed by who is due, reviewed, published; 2.13-c, 3.4-c, A-hr, A-fin. */
#include "domain/calendar.h"
#include "subsidy/nouns.h"

/* ---- From one step to the next ---- */

static void
publish(const struct moving *m)
{
    Subsidy__Published event = SUBSIDY__PUBLISHED__INIT;
    const Subsidy__StandingRow *standing = standing_of(m->d->view, m->settlement); /* as the step has left it */

    if (!standing)
        return; /* the tables have gone quiet */
    event.settlement = m->settlement;
    event.class_ = standing->class_;
    event.division = standing->division;
    event.from_day = m->d->today > standing->settled_day ? m->d->today : standing->settled_day;
    event.to_day = calendar_add_working_days(event.from_day, (int)m->way->notice_working_days);
    event.groups = standing->groups;
    event.women = standing->women;
    event.alone = m->claim != 0;
    event.first_claim = m->claim ? m->claim : standing->first_claim;
    event.claims = m->claim ? 1 : standing->claims;
    event.apart = jn_take(m->d->view, standing->claims * sizeof(*event.apart));
    for (uint32_t i = 0; !m->claim && i < standing->claims; i++)
        if (standing->states.data[i] & CLAIM_APART)
            event.apart[event.n_apart++] = standing->first_claim + i;
    jn_emit(m->d, EVENT_PUBLISHED, &event);
}

void
step_on(const struct moving *m)
{
    Subsidy__Stepped event = SUBSIDY__STEPPED__INIT;
    const Policy__WayStep *next = way_step(m->way, m->from + 1);

    event.settlement = m->settlement;
    event.class_ = m->standing->class_;
    event.division = m->standing->division;
    event.from = m->from;
    event.to = m->from + 1;
    event.due_day = way_due(m->d, m->standing->settled_day, next ? next->term_days : 0);
    event.claim = m->claim;
    event.left = m->left;
    event.n_left = m->left_count;
    event.by = (char *)(uintptr_t)(m->by ? m->by : "");
    event.reference = (char *)(uintptr_t)(m->reference ? m->reference : "");
    event.lapsed = m->lapsed;
    jn_emit(m->d, EVENT_STEPPED, &event);
    if (next && next->kind == POLICY__WAY_KIND__NOTICE)
        publish(m);
}

enum jn_code
hand_in_again(const struct moving *m)
{
    Subsidy__Stepped event = SUBSIDY__STEPPED__INIT;

    event.settlement = m->settlement;
    event.class_ = m->standing->class_;
    event.division = m->standing->division;
    event.from = event.to = m->from;
    event.due_day = way_due(m->d, m->standing->settled_day, way_step(m->way, m->from)->term_days);
    event.claim = m->claim;
    event.by = (char *)(uintptr_t)m->by;
    event.reference = (char *)(uintptr_t)m->reference;
    return jn_emit(m->d, EVENT_STEPPED, &event);
}

enum jn_code
way_begin(struct jn_decision *d, const Subsidy__Settled *settled, const Policy__Pack *pack)
{
    struct moving moving = {.d = d, .settlement = settled->settlement};

    if (pack->n_way == 0)
        return notice_publish(d, settled, pack->notice_working_days);
    moving.standing = standing_of(d->view, settled->settlement);
    moving.way = moving.standing ? way_of(d->view, moving.standing) : NULL;
    if (moving.way)
        step_on(&moving);
    return JN_OK;
}

static bool
listed(const uint64_t *list, size_t count, uint64_t claim)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == claim)
            return true;
    return false;
}

bool
step_left(struct moving *m, const uint64_t *except, size_t except_count)
{
    const Subsidy__StandingRow *standing = m->standing;
    uint32_t together = 0;

    m->left = jn_take(m->d->view, standing->claims * sizeof(*m->left));
    for (uint32_t i = 0; i < standing->claims; i++) {
        uint64_t claim = standing->first_claim + i;

        if (standing->states.data[i] & CLAIM_APART)
            continue;
        together++;
        if ((standing->states.data[i] & CLAIM_HELD) || objection_open(m->d->view, claim) ||
            listed(except, except_count, claim))
            m->left[m->left_count++] = claim;
    }
    return together > m->left_count;
}

/* ---- A term is over ---- */

static bool
settlement_lapses(struct jn_decision *d, uint64_t settlement)
{
    struct moving moving = {
        .d = d, .settlement = settlement, .standing = standing_of(d->view, settlement), .lapsed = true};
    const Policy__WayStep *step;

    moving.way = moving.standing ? way_of(d->view, moving.standing) : NULL;
    step = moving.way ? way_step(moving.way, moving.standing->step) : NULL;
    if (!step || !step->pass || !step_left(&moving, NULL, 0))
        return false;
    moving.from = moving.standing->step;
    step_on(&moving);
    return true;
}

static bool
claim_lapses(struct jn_decision *d, uint64_t claim)
{
    struct place place;
    struct moving moving = {.d = d, .claim = claim, .lapsed = true};
    const Policy__WayStep *step;

    if (!place_find(d->view, claim, &place) || !place.way || place_suspended(d->view, &place))
        return false;
    step = way_step(place.way, place.step);
    if (!step || !step->pass)
        return false;
    moving.settlement = place.settlement;
    moving.standing = place.standing;
    moving.way = place.way;
    moving.from = place.step;
    step_on(&moving);
    return true;
}

/* Who does not confirm within the term has agreed where the pack says so; whatever else is late stays where it is. */
bool
step_lapses(struct jn_decision *d, Subsidy__Due what, uint64_t number)
{
    return (what == SUBSIDY__DUE__DUE_STEP && settlement_lapses(d, number)) ||
           (what == SUBSIDY__DUE__DUE_ALONE && claim_lapses(d, number));
}

/* ---- What then happens ---- */

/* One name more: whose hand the step was. */
static void
add_hand(struct jn_tables *t, size_t *count, char ***hands, char *by)
{
    char **list = jn_take(jn_view_of(t), (*count + 1) * sizeof(*list));

    for (size_t i = 0; i < *count; i++)
        list[i] = (*hands)[i];
    list[(*count)++] = by;
    *hands = list;
}

static void
begin_term(struct jn_tables *t, Subsidy__Due what, uint64_t number, const Subsidy__StandingRow *standing,
           const Policy__WayStep *to, const Subsidy__Stepped *event)
{
    Subsidy__TermRow term = term_of_step(standing, to, event->to, event->due_day);

    term_set(t, what, number, &term);
}

static void
leave_behind(struct jn_tables *t, Subsidy__StandingRow *standing, const Subsidy__Stepped *event)
{
    const struct jn_view *view = jn_view_of(t);
    const Subsidy__TermRow *term = term_of(view, SUBSIDY__DUE__DUE_STEP, event->settlement);

    for (size_t i = 0; i < event->n_left; i++) {
        Subsidy__ApartRow row = apart_edit(view, standing, event->settlement, event->left[i]);

        apart_keep(t, standing, event->left[i], &row);
        if (term)
            term_set(t, SUBSIDY__DUE__DUE_ALONE, event->left[i], term);
    }
}

static void
step_together(struct jn_tables *t, const Subsidy__Stepped *event, Subsidy__StandingRow *standing,
              const Subsidy__WayPlan *way)
{
    Subsidy__Stage before =
        event->from ? stage_of(standing, way, NULL, 0) : SUBSIDY__STAGE__STAGE_UNSPECIFIED; /* computed just now */
    struct totals totals;

    leave_behind(t, standing, event);
    if (event->from)
        add_hand(t, &standing->n_passed_by, &standing->passed_by, event->by);
    standing->step = event->to;
    standing->due_day = event->due_day;
    begin_term(t, SUBSIDY__DUE__DUE_STEP, event->settlement, standing, way_step(way, event->to), event);
    standing_keep(t, event->settlement, standing);
    totals_load(jn_view_of(t), &totals);
    totals_move(&totals, before, stage_of(standing, way, NULL, 0), standing_together(standing));
    totals_keep(t, &totals);
}

/* The same step again: what was returned is handed in anew. */
static void
step_alone(struct jn_tables *t, const Subsidy__Stepped *event, const Subsidy__StandingRow *standing,
           const Subsidy__WayPlan *way)
{
    Subsidy__ApartRow row = apart_edit(jn_view_of(t), standing, event->settlement, event->claim);
    Subsidy__Stage before = stage_of(standing, way, &row, 0);
    struct totals totals;

    if (event->to != event->from)
        add_hand(t, &row.n_passed_by, &row.passed_by, event->by);
    row.returned = SUBSIDY__RETURN_TO__RETURN_TO_UNSPECIFIED;
    row.reason = (char *)(uintptr_t) "";
    row.step = event->to;
    row.due_day = event->due_day;
    jn_put(t, TABLE_APART, JN_KEY(event->claim), &row);
    begin_term(t, SUBSIDY__DUE__DUE_ALONE, event->claim, standing, way_step(way, event->to), event);
    totals_load(jn_view_of(t), &totals);
    totals_move(&totals, before, stage_of(standing, way, &row, 0), 1);
    totals_keep(t, &totals);
}

void
apply_stepped(struct jn_tables *t, const Subsidy__Stepped *event, const struct jn_stamp *stamp)
{
    Subsidy__StandingRow standing;
    const Subsidy__WayPlan *way;

    (void)stamp;
    if (!standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    way = way_of(jn_view_of(t), &standing);
    if (!way || !way_step(way, event->to))
        return;
    if (event->claim)
        step_alone(t, event, &standing, way);
    else
        step_together(t, event, &standing, way);
}
