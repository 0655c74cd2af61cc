/* Objections (异议): somebody says that a claim should not be paid; it alone is suspended until another agency has
 * decided, 3.4-c. And what will not be paid (不予支付). */
#include <inttypes.h>
#include <string.h>

#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

bool
objection_open(const struct jn_view *view, uint64_t claim)
{
    struct jn_key found;

    return jn_counter(view, COUNTER_OBJECTIONS_OPEN) > 0 &&
           jn_first(view, TABLE_OBJECTED, JN_KEY(claim, 0), sizeof(uint64_t), &found) != NULL;
}

static uint32_t
term_days(const struct place *place)
{
    return place->way && place->way->terms ? place->way->terms->objection_days : 0;
}

enum jn_code
decide_object(struct jn_decision *d, const Subsidy__Object *command)
{
    Subsidy__Objected event = SUBSIDY__OBJECTED__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;
    struct place place;

    if (!text_given(command->reference, TEXT_BYTES_MAX) || !text_given(command->reason, REASON_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED,
                         "give the reference of what was received, in 1 to %d bytes, and the reason, in 1 to %d",
                         TEXT_BYTES_MAX, REASON_BYTES_MAX);
    if (!place_find(d->view, command->claim, &place) || !claim_in_scope(d, &place))
        return jn_refuse(d, JN_NOT_FOUND, "there is no claim %" PRIu64, command->claim);
    if (place.stage == SUBSIDY__STAGE__THROUGH)
        return jn_refuse(d, JN_WRONG_STATE, "the claim is approved: have it held, or open a case, 2.12-e");
    if (place.stage == SUBSIDY__STAGE__ENDED)
        return jn_refuse(d, JN_WRONG_STATE, "the claim will not be paid");

    /* Decided. */
    event.objection = reply.number = jn_counter(d->view, COUNTER_OBJECTION) + 1;
    event.claim = command->claim;
    event.settlement = place.settlement;
    event.class_ = place.standing->class_;
    event.division = place.standing->division;
    event.groups = place.standing->groups;
    event.reference = command->reference;
    event.reason = command->reason;
    event.day = d->today;
    event.due_day = way_due(d, 0, term_days(&place));
    event.by = (char *)(uintptr_t)d->who->name;
    jn_emit(d, EVENT_OBJECTED, &event);
    jn_reply(d, &reply.base);
    return JN_OK;
}

void
apply_objected(struct jn_tables *t, const Subsidy__Objected *event, const struct jn_stamp *stamp)
{
    Subsidy__ObjectionRow row = SUBSIDY__OBJECTION_ROW__INIT;
    Subsidy__NumberRow number = SUBSIDY__NUMBER_ROW__INIT;
    Subsidy__TermRow term = SUBSIDY__TERM_ROW__INIT;
    const struct jn_view *view = jn_view_of(t);
    struct place place;

    (void)stamp;
    row.raised = (Subsidy__Objected *)(uintptr_t)event;
    number.number = event->objection;
    jn_put(t, TABLE_OBJECTION, JN_KEY(event->objection), &row);
    jn_put(t, TABLE_OBJECTED, JN_KEY(event->claim, event->objection), &number);
    jn_counter_set(t, COUNTER_OBJECTION, event->objection);
    jn_counter_set(t, COUNTER_OBJECTIONS_OPEN, jn_counter(view, COUNTER_OBJECTIONS_OPEN) + 1);
    if (!event->due_day || !place_find(view, event->claim, &place))
        return;
    term.due_day = term.remind_day = event->due_day;
    term.term_days = term_days(&place);
    term.class_ = event->class_;
    term.division = event->division;
    term.groups = event->groups;
    term.women = place.standing->women;
    term_set(t, SUBSIDY__DUE__DUE_OBJECTION, event->objection, &term);
}

/* ---- It is decided ---- */

static enum jn_code
objection_meant(struct jn_decision *d, uint64_t number, const Subsidy__Objected **out, struct place *place)
{
    const Subsidy__ObjectionRow *row = jn_get(d->view, TABLE_OBJECTION, JN_KEY(number));

    if (!row || !place_find(d->view, row->raised->claim, place) || !claim_in_scope(d, place))
        return jn_refuse(d, JN_NOT_FOUND, "there is no objection %" PRIu64, number);
    if (row->decided)
        return jn_refuse(d, JN_WRONG_STATE, "the objection was decided before");
    *out = row->raised;
    return JN_OK;
}

static void
end_claim(struct jn_decision *d, const struct place *place, const Subsidy__DecideObjection *command)
{
    Subsidy__ClaimsEnded event = SUBSIDY__CLAIMS_ENDED__INIT;
    uint64_t claim = place->claim;

    if (place->stage == SUBSIDY__STAGE__ENDED)
        return; /* another objection, or a case, has ended it */
    event.claims = &claim;
    event.n_claims = 1;
    event.settlement = place->settlement;
    event.class_ = place->standing->class_;
    event.division = place->standing->division;
    event.document = command->document;
    event.objection = command->objection;
    jn_emit(d, EVENT_CLAIMS_ENDED, &event);
}

enum jn_code
decide_decide_objection(struct jn_decision *d, const Subsidy__DecideObjection *command)
{
    Subsidy__ObjectionDecided event = SUBSIDY__OBJECTION_DECIDED__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;
    const Subsidy__Objected *raised = NULL;
    struct place place;
    enum jn_code code;

    if (command->outcome < SUBSIDY__OBJECTION_OUTCOME__DISMISSED ||
        command->outcome > SUBSIDY__OBJECTION_OUTCOME__UPHELD)
        return jn_refuse(d, JN_MALFORMED, "say whether the objection is dismissed (不成立) or upheld (成立)");
    if (!text_given(command->document, TEXT_BYTES_MAX) || !text_given(command->reason, REASON_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the document (文号), in 1 to %d bytes, and the reason, in 1 to %d",
                         TEXT_BYTES_MAX, REASON_BYTES_MAX);
    code = objection_meant(d, command->objection, &raised, &place);
    if (code != JN_OK)
        return code;
    if (!strcmp(raised->by, d->who->name))
        return jn_refuse(d, JN_REFUSED, "clause 2.12-c: %s has raised it; another agency decides it", d->who->name);

    /* Decided. */
    event.objection = reply.number = command->objection;
    event.claim = raised->claim;
    event.settlement = raised->settlement;
    event.class_ = raised->class_;
    event.division = raised->division;
    event.outcome = command->outcome;
    event.document = command->document;
    event.reason = command->reason;
    event.day = d->today;
    event.by = (char *)(uintptr_t)d->who->name;
    jn_emit(d, EVENT_OBJECTION_DECIDED, &event);
    if (command->outcome == SUBSIDY__OBJECTION_OUTCOME__UPHELD)
        end_claim(d, &place, command);
    else
        gates_retry(d, raised->claim, "an objection was dismissed");
    jn_reply(d, &reply.base);
    return JN_OK;
}

void
apply_objection_decided(struct jn_tables *t, const Subsidy__ObjectionDecided *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    const Subsidy__ObjectionRow *old = jn_get(view, TABLE_OBJECTION, JN_KEY(event->objection));
    Subsidy__ObjectionRow row;

    (void)stamp;
    if (!old)
        return;
    row = *old;
    row.decided = (Subsidy__ObjectionDecided *)(uintptr_t)event;
    jn_put(t, TABLE_OBJECTION, JN_KEY(event->objection), &row);
    jn_delete(t, TABLE_OBJECTED, JN_KEY(event->claim, event->objection));
    jn_counter_set(t, COUNTER_OBJECTIONS_OPEN, jn_counter(view, COUNTER_OBJECTIONS_OPEN) - 1);
    term_drop(t, SUBSIDY__DUE__DUE_OBJECTION, event->objection);
}

/* ---- What will not be paid ---- */

static void
end_one(struct jn_tables *t, const Subsidy__ClaimsEnded *event, Subsidy__StandingRow *standing,
        const Subsidy__WayPlan *way, struct totals *totals, uint64_t claim)
{
    Subsidy__ApartRow row = apart_edit(jn_view_of(t), standing, event->settlement, claim);
    uint8_t *state = &standing->states.data[claim - standing->first_claim];
    Subsidy__Stage before = stage_of(standing, way, *state & CLAIM_APART ? &row : NULL, *state);

    if (row.ended)
        return;
    notice_drop_alone(t, claim, before, *state & CLAIM_APART ? &row : NULL);
    row.ended = true;
    totals->row.held -= (*state & CLAIM_HELD) != 0;
    *state &= (uint8_t)~CLAIM_HELD;
    term_drop(t, SUBSIDY__DUE__DUE_HOLD, claim);
    apart_keep(t, standing, claim, &row);
    jn_delete(t, TABLE_GATED, JN_KEY(claim));
    term_drop(t, SUBSIDY__DUE__DUE_ALONE, claim);
    totals_move(totals, before, SUBSIDY__STAGE__ENDED, 1);
}

void
apply_claims_ended(struct jn_tables *t, const Subsidy__ClaimsEnded *event, const struct jn_stamp *stamp)
{
    Subsidy__StandingRow standing;
    const Subsidy__WayPlan *way;
    struct totals totals;

    (void)stamp;
    if (!standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    way = way_of(jn_view_of(t), &standing);
    totals_load(jn_view_of(t), &totals);
    for (size_t i = 0; i < event->n_claims; i++)
        end_one(t, event, &standing, way, &totals, event->claims[i]);
    totals_keep(t, &totals);
    if (standing_together(&standing) == 0)
        term_drop(t, SUBSIDY__DUE__DUE_STEP, event->settlement);
    standing_keep(t, event->settlement, &standing);
}
