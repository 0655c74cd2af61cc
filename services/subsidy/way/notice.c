/* Public notice (公示): working days between settlement and approval, 3.4-c; a settlement's, and that of a claim which
 * goes on alone. What has not passed the gates when it is over waits there. */
#include "domain/calendar.h"
#include "subsidy/nouns.h"

/* The notice counts from the day of publication; a class settled before its end is published with its end. */
enum jn_code
notice_publish(struct jn_decision *d, const Subsidy__Settled *settled, uint32_t working_days)
{
    Subsidy__Published event = SUBSIDY__PUBLISHED__INIT;

    event.settlement = settled->settlement;
    event.class_ = settled->class_;
    event.division = settled->division;
    event.from_day = d->today > settled->day ? d->today : settled->day;
    event.to_day = calendar_add_working_days(event.from_day, (int)working_days);
    event.first_claim = settled->claims[0]->claim;
    event.claims = (uint32_t)settled->n_claims;
    event.groups = settled->groups;
    event.women = settled->women;
    return jn_emit(d, EVENT_PUBLISHED, &event);
}

/* The notice is over when its last day is. */
static int64_t
notice_over_ms(int32_t to_day)
{
    return date_to_ms(to_day + 1);
}

void
notice_drop_alone(struct jn_tables *t, uint64_t claim, Subsidy__Stage stage, const Subsidy__ApartRow *apart)
{
    if (apart && stage == SUBSIDY__STAGE__ON_NOTICE)
        jn_timer_clear(t, notice_over_ms(apart->notice_to_day), TIMER_NOTICE_ALONE, claim);
}

static void
published_alone(struct jn_tables *t, const Subsidy__Published *event, const Subsidy__StandingRow *standing)
{
    Subsidy__ApartRow row = apart_edit(jn_view_of(t), standing, event->settlement, event->first_claim);

    row.notice_to_day = event->to_day;
    jn_put(t, TABLE_APART, JN_KEY(event->first_claim), &row);
    jn_timer_set(t, notice_over_ms(event->to_day), TIMER_NOTICE_ALONE, event->first_claim);
}

void
apply_published(struct jn_tables *t, const Subsidy__Published *event, const struct jn_stamp *stamp)
{
    Subsidy__StandingRow standing;
    struct totals totals;

    (void)stamp;
    if (!standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    if (event->alone) {
        published_alone(t, event, &standing);
        return;
    }
    standing.notice_to_day = event->to_day;
    standing_keep(t, event->settlement, &standing);
    jn_timer_set(t, notice_over_ms(event->to_day), TIMER_NOTICE, event->settlement);
    if (standing.pack)
        return; /* the step that led here has counted them */
    totals_load(jn_view_of(t), &totals);
    totals_move(&totals, SUBSIDY__STAGE__STAGE_UNSPECIFIED, SUBSIDY__STAGE__ON_NOTICE, event->claims);
    totals_keep(t, &totals);
}

/* ---- It is over ---- */

static Subsidy__Approved
approval_of(const struct jn_decision *d, uint64_t settlement, const Subsidy__StandingRow *standing)
{
    Subsidy__Approved event = SUBSIDY__APPROVED__INIT;

    event.settlement = settlement;
    event.class_ = standing->class_;
    event.division = standing->division;
    event.first_claim = standing->first_claim;
    event.claims = standing->claims;
    event.held = jn_take(d->view, standing->claims * sizeof(*event.held));
    event.failed = jn_take(d->view, standing->claims * sizeof(*event.failed));
    return event;
}

static void
hold_back(Subsidy__Approved *event, uint64_t claim, uint32_t failed)
{
    event->held[event->n_held++] = claim;
    event->failed[event->n_failed++] = failed;
}

enum jn_code
fire_notice(struct jn_decision *d, uint64_t settlement)
{
    const Subsidy__StandingRow *standing = standing_of(d->view, settlement);
    Subsidy__Approved event;
    struct gating gating;

    if (!standing)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    event = approval_of(d, settlement, standing);
    gating = gating_open(d->view, d->today, settlement, standing);
    event.gates = gates_named(gating.way);
    for (uint32_t i = 0; i < standing->claims; i++) {
        bool apart = standing->states.data[i] & CLAIM_APART;
        uint32_t failed = apart ? 0 : gates_failed(&gating, i);

        if (apart || failed)
            hold_back(&event, standing->first_claim + i, failed);
    }
    return jn_emit(d, EVENT_APPROVED, &event);
}

enum jn_code
fire_notice_alone(struct jn_decision *d, uint64_t claim)
{
    struct place place;
    Subsidy__Approved event;
    struct gating gating;
    uint32_t failed;

    if (!place_find(d->view, claim, &place))
        return JN_UNAVAILABLE;
    event = approval_of(d, place.settlement, place.standing);
    gating = gating_open(d->view, d->today, place.settlement, place.standing);
    event.gates = gates_named(gating.way);
    event.alone = true;
    event.first_claim = claim;
    event.claims = 1;
    failed = gates_failed(&gating, place.index);
    if (failed)
        hold_back(&event, claim, failed);
    return jn_emit(d, EVENT_APPROVED, &event);
}

/* ---- What then happens ---- */

/* Behind the last step: it waits until nothing keeps it any more. */
static void
wait_at_gates(struct jn_tables *t, Subsidy__StandingRow *standing, uint64_t settlement, uint64_t claim, uint32_t step,
              uint32_t failed)
{
    Subsidy__ApartRow row = apart_edit(jn_view_of(t), standing, settlement, claim);
    Subsidy__NumberRow number = SUBSIDY__NUMBER_ROW__INIT;

    row.step = step;
    row.failed = failed;
    row.due_day = 0;
    apart_keep(t, standing, claim, &row);
    number.number = settlement;
    jn_put(t, TABLE_GATED, JN_KEY(claim), &number);
}

/* By place: 0 where it is approved, else what it has not passed. A reviewer's hold was all there was before gates. */
static uint32_t *
failed_by_place(struct jn_tables *t, const Subsidy__Approved *event, const Subsidy__StandingRow *standing)
{
    uint32_t *failed = jn_take(jn_view_of(t), standing->claims * sizeof(*failed));

    for (size_t i = 0; i < event->n_held; i++) {
        uint64_t place = event->held[i] - standing->first_claim;

        if (place < standing->claims)
            failed[place] =
                i < event->n_failed && event->failed[i] ? event->failed[i] : 1u << POLICY__GATE_KIND__NO_HOLD;
    }
    return failed;
}

static void
approved_together(struct jn_tables *t, const Subsidy__Approved *event, Subsidy__StandingRow *standing,
                  const Subsidy__WayPlan *way, struct totals *totals)
{
    const uint32_t *failed = failed_by_place(t, event, standing);
    uint32_t behind = way ? (uint32_t)way->n_steps + 1 : 0, together = standing_together(standing), approved = 0;

    for (uint32_t i = 0; i < standing->claims; i++) {
        if (standing->states.data[i] & CLAIM_APART)
            continue;
        if (!failed[i]) {
            standing->states.data[i] |= CLAIM_APPROVED;
            approved++;
        } else if (way) {
            wait_at_gates(t, standing, event->settlement, standing->first_claim + i, behind, failed[i]);
        }
    }
    totals_move(totals, SUBSIDY__STAGE__ON_NOTICE, SUBSIDY__STAGE__THROUGH, approved);
    totals_move(totals, SUBSIDY__STAGE__ON_NOTICE, SUBSIDY__STAGE__AT_GATES, together - approved);
    standing->approved = true;
    standing->step = behind;
    jn_timer_clear(t, notice_over_ms(standing->notice_to_day), TIMER_NOTICE, event->settlement);
}

static void
approved_alone(struct jn_tables *t, const Subsidy__Approved *event, Subsidy__StandingRow *standing,
               const Subsidy__WayPlan *way, struct totals *totals)
{
    uint64_t claim = event->first_claim;
    Subsidy__ApartRow row = apart_edit(jn_view_of(t), standing, event->settlement, claim);
    uint32_t behind = way ? (uint32_t)way->n_steps + 1 : 0;

    jn_timer_clear(t, notice_over_ms(row.notice_to_day), TIMER_NOTICE_ALONE, claim);
    if (event->n_held) {
        wait_at_gates(t, standing, event->settlement, claim, behind, event->failed[0]);
        totals_move(totals, SUBSIDY__STAGE__ON_NOTICE, SUBSIDY__STAGE__AT_GATES, 1);
        return;
    }
    row.step = behind;
    apart_keep(t, standing, claim, &row);
    standing->states.data[claim - standing->first_claim] |= CLAIM_APPROVED;
    totals_move(totals, SUBSIDY__STAGE__ON_NOTICE, SUBSIDY__STAGE__THROUGH, 1);
}

void
apply_approved(struct jn_tables *t, const Subsidy__Approved *event, const struct jn_stamp *stamp)
{
    Subsidy__StandingRow standing;
    const Subsidy__WayPlan *way;
    struct totals totals;

    (void)stamp;
    if (!standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    way = way_of(jn_view_of(t), &standing);
    totals_load(jn_view_of(t), &totals);
    if (event->alone)
        approved_alone(t, event, &standing, way, &totals);
    else
        approved_together(t, event, &standing, way, &totals);
    totals_keep(t, &totals);
    standing_keep(t, event->settlement, &standing);
}
