/* Public notice (公示): working days between settlement and approval, 3.4-c. */
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
apply_published(struct jn_tables *t, const Subsidy__Published *event, const struct jn_stamp *stamp)
{
    Subsidy__StandingRow standing;
    struct totals totals;

    (void)stamp;
    if (!standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    standing.notice_to_day = event->to_day;
    standing_keep(t, event->settlement, &standing);
    jn_timer_set(t, notice_over_ms(event->to_day), TIMER_NOTICE, event->settlement);
    totals_load(jn_view_of(t), &totals);
    totals.row.published += event->claims;
    totals_keep(t, &totals);
}

enum jn_code
fire_notice(struct jn_decision *d, uint64_t settlement)
{
    const Subsidy__StandingRow *standing = standing_of(d->view, settlement);
    Subsidy__Approved event = SUBSIDY__APPROVED__INIT;

    if (!standing)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    event.settlement = settlement;
    event.class_ = standing->class_;
    event.division = standing->division;
    event.first_claim = standing->first_claim;
    event.claims = standing->claims;
    event.held = jn_take(d->view, standing->claims * sizeof(*event.held));
    for (uint32_t i = 0; i < standing->claims; i++)
        if (standing->states.data[i] & CLAIM_HELD)
            event.held[event.n_held++] = standing->first_claim + i;
    return jn_emit(d, EVENT_APPROVED, &event);
}

void
apply_approved(struct jn_tables *t, const Subsidy__Approved *event, const struct jn_stamp *stamp)
{
    Subsidy__StandingRow standing;
    struct totals totals;

    (void)stamp;
    if (!standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    totals_load(jn_view_of(t), &totals);
    for (uint32_t i = 0; i < standing.claims; i++) {
        if (standing.states.data[i] & CLAIM_HELD)
            continue;
        standing.states.data[i] |= CLAIM_APPROVED;
        totals.row.approved++;
    }
    totals.row.published -= standing.claims;
    totals_keep(t, &totals);
    standing.approved = true;
    standing_keep(t, event->settlement, &standing);
    jn_timer_clear(t, notice_over_ms(standing.notice_to_day), TIMER_NOTICE, event->settlement);
}
