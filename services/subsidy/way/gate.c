/* Gates (支付条件): what must be in order when the notice is over, each by its name; and overrides (特批放行), with
 * their reason and end, under the name of the key; 2.12-c, 2.12-e, 3.4-b, 3.4-c. */
#include <inttypes.h>

#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

#define BIT(gate)         (UINT32_C(1) << (gate))
#define OVERRIDE_DAYS_MAX 366

/* ---- What each asks ---- */

struct gating
gating_open(const struct jn_view *view, int32_t today, uint64_t settlement, const Subsidy__StandingRow *standing)
{
    struct gating gating = {
        .view = view, .today = today, .settlement = settlement, .standing = standing, .way = way_of(view, standing)};
    Subsidy__ProgressRow progress = progress_of(view, standing->class_);

    gating.class_sound = progress.finished && !progress.stopped;
    gating.revoked = progress.revoked > 0;
    gating.inspected = progress.inspections > 0 && progress.sound;
    gating.inspected_once = progress.sound_once;
    return gating;
}

uint32_t
gates_named(const Subsidy__WayPlan *way)
{
    uint32_t named = 0;

    for (size_t i = 0; way && i < way->n_gates; i++)
        named |= BIT(way->gates[i]->gate);
    return named;
}

uint32_t
gates_asked(const Subsidy__WayPlan *way)
{
    return gates_named(way) | BIT(POLICY__GATE_KIND__NO_HOLD) | BIT(POLICY__GATE_KIND__NO_OBJECTION);
}

/* The largest row that a gate asks for: only where something is amiss in the city. */
static const Subsidy__SettledClaim *
settled_claim(struct gating *g, uint32_t index)
{
    if (!g->settled)
        g->settled = jn_get(g->view, TABLE_SETTLEMENT, JN_KEY(g->settlement));
    return g->settled && index < g->settled->n_claims ? g->settled->claims[index] : NULL;
}

struct revoked {
    uint32_t seat;
    bool found;
};

static bool
look_at_revocation(void *context, const struct jn_key *key, const void *row)
{
    struct revoked *revoked = context;

    (void)key;
    revoked->found = ((const Subsidy__RevocationNoted *)row)->seat == revoked->seat;
    return !revoked->found;
}

static bool
certificate_asked(Policy__Condition *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i]->fact == POLICY__FACT__CERTIFICATE || list[i]->fact == POLICY__FACT__CERTIFICATE_LEVEL)
            return true;
    return false;
}

/* Does the item hang on a certificate? An allowance for days that were attended does not. */
static bool
rule_asks_certificate(const Policy__Rule *rule)
{
    if (certificate_asked(rule->when, rule->n_when))
        return true;
    for (size_t i = 0; i < rule->n_one_of; i++)
        if (certificate_asked(rule->one_of[i]->all, rule->one_of[i]->n_all))
            return true;
    for (size_t i = 0; i < rule->n_requires; i++)
        if (certificate_asked(&rule->requires[i] -> condition, 1))
            return true;
    return false;
}

static bool
certificate_live(struct gating *g, uint32_t index)
{
    const Subsidy__SettledClaim *claim = g->revoked ? settled_claim(g, index) : NULL;
    const Policy__Rule *rule;
    struct revoked revoked = {0};

    if (!claim)
        return true;
    if (!g->pack)
        g->pack = pack_named(g->view, g->settled->pack);
    rule = g->pack ? pack_rule_numbered(g->pack, claim->rule) : NULL;
    if (rule && !rule_asks_certificate(rule))
        return true;
    revoked.seat = claim->seat;
    jn_scan(g->view, TABLE_REVOCATION, JN_KEY(g->standing->class_, 0), sizeof(uint64_t), SEATS_MAX, look_at_revocation,
            &revoked);
    return !revoked.found;
}

static bool
budget_there(uint8_t state)
{
    unsigned money = state & CLAIM_MONEY;

    return money != SUBSIDY__MONEY__MONEY_UNSPECIFIED && money != SUBSIDY__MONEY__WAITING &&
           money != SUBSIDY__MONEY__RELEASED;
}

static const Subsidy__Seat *
seat_numbered(struct gating *g, uint32_t seat)
{
    Subsidy__ProgressRow progress;
    struct roster roster;

    if (!g->seats) {
        progress = progress_of(g->view, g->standing->class_);
        roster = roster_of(g->view, g->standing->class_, &progress, false);
        g->seats = jn_take(g->view, (SEATS_MAX + 1) * sizeof(*g->seats));
        for (uint32_t i = 0; i < roster.count; i++)
            if (roster.seats[i])
                g->seats[roster.seats[i]->seat] = roster.seats[i];
    }
    return seat <= SEATS_MAX ? g->seats[seat] : NULL;
}

/* Known when the class finished, or given since. */
static bool
payee_account(struct gating *g, uint32_t index)
{
    const Subsidy__SettledClaim *claim = settled_claim(g, index);
    uint64_t institution = claim ? paid_institution(g->settled, claim) : 0;
    const Subsidy__InstitutionRow *paid = institution ? jn_get(g->view, TABLE_INSTITUTION, JN_KEY(institution)) : NULL;
    const Subsidy__PersonRow *person = claim ? jn_get(g->view, TABLE_PERSON, JN_KEY(claim->person)) : NULL;
    const Subsidy__Seat *seat;

    if (!claim || institution)
        return paid && (g->ever ? paid->account_once : paid->account);
    if (person && person->account)
        return true;
    seat = seat_numbered(g, claim->seat);
    return seat && seat->account;
}

static bool
identity(struct gating *g, uint32_t index)
{
    const Subsidy__SettledClaim *claim = settled_claim(g, index);
    const Subsidy__PersonRow *person = claim ? jn_get(g->view, TABLE_PERSON, JN_KEY(claim->person)) : NULL;

    return person && person->checked;
}

static bool
free_of_cases(struct gating *g, uint32_t index)
{
    const Subsidy__SettledClaim *claim = jn_counter(g->view, COUNTER_CASES_OPEN) ? settled_claim(g, index) : NULL;

    return !claim || !case_open(g->view, g->settled, claim);
}

/* ---- All of them ---- */

const Subsidy__OverrideKept *
override_of(const struct jn_view *view, uint64_t claim, Policy__GateKind gate)
{
    return jn_get(view, TABLE_OVERRIDE, JN_KEY(claim, (uint64_t)gate));
}

static bool
overridden(const struct gating *g, uint64_t claim, const Policy__Gate *gate)
{
    const Subsidy__OverrideKept *kept = gate->may_override ? override_of(g->view, claim, gate->gate) : NULL;

    return kept && kept->until_day >= g->today;
}

static bool
passes(struct gating *g, Policy__GateKind gate, uint32_t index)
{
    uint64_t claim = g->standing->first_claim + index;
    uint8_t state = g->standing->states.data[index];

    switch (gate) {
    case POLICY__GATE_KIND__NO_HOLD:
        return !(state & CLAIM_HELD) || claim == g->released;
    case POLICY__GATE_KIND__NO_OBJECTION:
        return !objection_open(g->view, claim);
    case POLICY__GATE_KIND__NO_CASE:
        return free_of_cases(g, index);
    case POLICY__GATE_KIND__CLASS_SOUND:
        return g->class_sound;
    case POLICY__GATE_KIND__CERTIFICATE_LIVE:
        return certificate_live(g, index);
    case POLICY__GATE_KIND__BUDGET_THERE:
        return budget_there(state);
    case POLICY__GATE_KIND__INSPECTED:
        return g->ever ? g->inspected_once : g->inspected;
    case POLICY__GATE_KIND__PAYEE_ACCOUNT:
        return payee_account(g, index);
    case POLICY__GATE_KIND__IDENTITY:
        return identity(g, index);
    case POLICY__GATE_KIND__GATE_KIND_UNSPECIFIED:
    case _POLICY__GATE_KIND_IS_INT_SIZE:
        break;
    }
    return true;
}

uint32_t
gates_shut(struct gating *g, uint32_t index, uint32_t among)
{
    uint32_t shut = 0;

    for (int gate = POLICY__GATE_KIND__NO_HOLD; gate <= POLICY__GATE_KIND__IDENTITY; gate++)
        if ((among & BIT(gate)) && !passes(g, (Policy__GateKind)gate, index))
            shut |= BIT(gate);
    return shut;
}

/* No override lets a claim through that is held or objected to. */
uint32_t
gates_failed(struct gating *g, uint32_t index)
{
    uint64_t claim = g->standing->first_claim + index;
    uint32_t failed = gates_shut(g, index, gates_asked(g->way));

    for (size_t i = 0; failed && g->way && i < g->way->n_gates; i++) {
        const Policy__Gate *gate = g->way->gates[i];

        if (gate->gate > POLICY__GATE_KIND__NO_OBJECTION && (failed & BIT(gate->gate)) && overridden(g, claim, gate))
            failed &= ~BIT(gate->gate);
    }
    return failed;
}

bool
gates_retry(struct jn_decision *d, uint64_t claim, const char *reason)
{
    Subsidy__Released event = SUBSIDY__RELEASED__INIT;
    struct place place;
    struct gating gating;

    if (!place_find(d->view, claim, &place) || place.stage != SUBSIDY__STAGE__AT_GATES)
        return false;
    gating = gating_open(d->view, d->today, place.settlement, place.standing);
    if (gates_failed(&gating, place.index))
        return false;
    event.claim = claim;
    event.settlement = place.settlement;
    event.reason = (char *)(uintptr_t)reason;
    event.division = place.standing->division;
    event.approved = true;
    jn_emit(d, EVENT_RELEASED, &event);
    return true;
}

/* ---- Overrides ---- */

static const Policy__Gate *
gate_of(const Subsidy__WayPlan *way, Policy__GateKind kind)
{
    for (size_t i = 0; way && i < way->n_gates; i++)
        if (way->gates[i]->gate == kind)
            return way->gates[i];
    return NULL;
}

static enum jn_code
override(struct jn_decision *d, const Subsidy__OverrideGate *command, const Subsidy__OverrideRow *row)
{
    Subsidy__GateOverridden event = SUBSIDY__GATE_OVERRIDDEN__INIT;
    const Policy__Gate *gate;
    struct place place;

    if (!place_find(d->view, row->claim, &place) || !claim_in_scope(d, &place))
        return jn_refuse(d, JN_NOT_FOUND, "there is no claim %" PRIu64, row->claim);
    gate = gate_of(place.way, row->gate);
    if (!gate)
        return jn_refuse(d, JN_NOT_FOUND, "the claim's pack names no such gate (支付条件)");
    if (!gate->may_override)
        return jn_refuse(d, JN_REFUSED, "clause %s: that gate is not overridden; clear up what keeps it shut",
                         gate->clause);
    if (place.stage == SUBSIDY__STAGE__THROUGH || place.stage == SUBSIDY__STAGE__ENDED)
        return jn_refuse(d, JN_WRONG_STATE, "the claim is approved, or will not be paid: nothing keeps it");

    /* Decided. */
    event.claim = row->claim;
    event.settlement = place.settlement;
    event.class_ = place.standing->class_;
    event.division = place.standing->division;
    event.gate = row->gate;
    event.reason = command->reason;
    event.document = command->document;
    event.until_day = command->until_day;
    event.day = d->today;
    event.by = (char *)(uintptr_t)d->who->name;
    jn_emit(d, EVENT_GATE_OVERRIDDEN, &event);
    gates_retry(d, row->claim, "a gate was overridden");
    return JN_OK;
}

enum jn_code
decide_override_gate(struct jn_decision *d, const Subsidy__OverrideGate *command)
{
    struct jn_bulk bulk;
    enum jn_code code;

    if (!text_given(command->reason, REASON_BYTES_MAX) || !text_given(command->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the reason, in 1 to %d bytes, and the document (文号), in 1 to %d",
                         REASON_BYTES_MAX, TEXT_BYTES_MAX);
    if (command->until_day < d->today || command->until_day > d->today + OVERRIDE_DAYS_MAX)
        return jn_refuse(d, JN_MALFORMED, "an override ends: give its last day, today or within a year");
    code = jn_bulk_open(&bulk, d, command->n_rows, NULL);
    if (code != JN_OK)
        return code;
    for (size_t i = 0; i < command->n_rows; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, override(d, command, command->rows[i]));
    }
    return bulk_reply(&bulk);
}

/* The last one given counts. */
void
apply_gate_overridden(struct jn_tables *t, const Subsidy__GateOverridden *event, const struct jn_stamp *stamp)
{
    Subsidy__OverrideKept row = SUBSIDY__OVERRIDE_KEPT__INIT;

    (void)stamp;
    row.by = event->by;
    row.reason = event->reason;
    row.document = event->document;
    row.until_day = event->until_day;
    row.day = event->day;
    jn_put(t, TABLE_OVERRIDE, JN_KEY(event->claim, (uint64_t)event->gate), &row);
}

/* ---- What a query shows ---- */

/* As they stand today; where it is through, an override that let it through has not run out for it. */
static void
view_gate(const struct jn_decision *d, struct gating *g, const struct place *place, const Policy__Gate *gate,
          Subsidy__GateView *row)
{
    const Subsidy__OverrideKept *kept = override_of(d->view, place->claim, gate->gate);
    bool through = place->stage == SUBSIDY__STAGE__THROUGH;

    *row = (Subsidy__GateView)SUBSIDY__GATE_VIEW__INIT;
    row->gate = gate->gate;
    row->clause = gate->clause;
    row->state =
        through || passes(g, gate->gate, place->index) ? SUBSIDY__GATE_STATE__PASSED : SUBSIDY__GATE_STATE__NOT_PASSED;
    if (!kept)
        return;
    row->by = kept->by;
    row->reason = kept->reason;
    row->document = kept->document;
    row->until_day = kept->until_day;
    if (through || overridden(g, place->claim, gate))
        row->state = SUBSIDY__GATE_STATE__OVERRIDDEN;
}

void
gates_view(const struct jn_decision *d, const struct place *place, Subsidy__ClaimView *reply)
{
    struct gating gating = gating_open(d->view, d->today, place->settlement, place->standing);

    if (!place->way)
        return;
    reply->gates = jn_take(d->view, place->way->n_gates * sizeof(*reply->gates));
    for (size_t i = 0; i < place->way->n_gates; i++) {
        reply->gates[i] = jn_take(d->view, sizeof(*reply->gates[i]));
        view_gate(d, &gating, place, place->way->gates[i], reply->gates[i]);
    }
    reply->n_gates = place->way->n_gates;
}
