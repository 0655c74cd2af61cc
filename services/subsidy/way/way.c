/* The way of a claim (补贴申领流程): the plan that its pack says, and where a claim stands on it; 2.13-c, 3.4-c. */
#include "subsidy/way/way.h"

#include <string.h>

#include "domain/calendar.h"

bool
text_given(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);

    return length > 0 && length <= most;
}

/* ---- The plan: kept when the pack is adopted, so that a step need not read the pack ---- */

const Subsidy__WayPlan *
way_of(const struct jn_view *view, const Subsidy__StandingRow *standing)
{
    return standing->pack ? jn_get(view, TABLE_WAY, JN_KEY(standing->pack)) : NULL;
}

void
way_keep(struct jn_tables *t, uint64_t pack, const Policy__Pack *adopted)
{
    Subsidy__WayPlan plan = SUBSIDY__WAY_PLAN__INIT;

    if (adopted->n_way == 0)
        return;
    plan.n_steps = adopted->n_way;
    plan.steps = adopted->way;
    plan.n_gates = adopted->n_gates;
    plan.gates = adopted->gates;
    plan.terms = adopted->terms;
    plan.notice_working_days = adopted->notice_working_days;
    if (gates_ask_others(&plan))
        jn_counter_set(t, COUNTER_FACT_GATES, jn_counter(jn_view_of(t), COUNTER_FACT_GATES) + 1);
    jn_put(t, TABLE_WAY, JN_KEY(pack), &plan);
}

uint64_t
way_pack(const struct jn_view *view, const char *id)
{
    const Subsidy__NumberRow *row = *id ? jn_get(view, TABLE_PACK_NUMBER, jn_key_bytes(id, strlen(id))) : NULL;

    return row && jn_has(view, TABLE_WAY, JN_KEY(row->number)) ? row->number : 0;
}

const Policy__WayStep *
way_step(const Subsidy__WayPlan *way, uint32_t step)
{
    return step >= 1 && step <= way->n_steps ? way->steps[step - 1] : NULL;
}

bool
way_mine(const struct jn_agency *who, const Policy__WayStep *step)
{
    static const uint32_t roles[] = {
        [POLICY__WAY_BY__WAY_BY_UNSPECIFIED] = ROLE_NONE,
        [POLICY__WAY_BY__BY_PAYEE] = ROLE_EMPLOYMENT_SERVICE, /* who is due has no key: what he signed is kept there */
        [POLICY__WAY_BY__BY_EMPLOYMENT_SERVICE] = ROLE_EMPLOYMENT_SERVICE,
        [POLICY__WAY_BY__BY_ADMINISTRATION] = ROLE_ADMINISTRATION,
        [POLICY__WAY_BY__BY_FINANCE] = ROLE_FINANCE,
    };

    for (unsigned by = 0; by < sizeof(roles) / sizeof(roles[0]); by++)
        if ((step->by >> by & 1) && (who->roles & roles[by]))
            return true;
    return false;
}

int32_t
way_due(const struct jn_decision *d, int32_t not_before, uint32_t days)
{
    return days ? calendar_add_working_days(d->today > not_before ? d->today : not_before, (int)days) : 0;
}

/* ---- Where a claim stands ---- */

Subsidy__Stage
stage_of(const Subsidy__StandingRow *standing, const Subsidy__WayPlan *way, const Subsidy__ApartRow *apart,
         uint8_t state)
{
    static const Subsidy__Stage stages[] = {
        [POLICY__WAY_KIND__WAY_KIND_UNSPECIFIED] = SUBSIDY__STAGE__AT_GATES,
        [POLICY__WAY_KIND__CONFIRM] = SUBSIDY__STAGE__CONFIRMING,
        [POLICY__WAY_KIND__REVIEW] = SUBSIDY__STAGE__REVIEWING,
        [POLICY__WAY_KIND__NOTICE] = SUBSIDY__STAGE__ON_NOTICE,
    };
    const Policy__WayStep *step;

    if (apart && apart->ended)
        return SUBSIDY__STAGE__ENDED;
    if (state & CLAIM_APPROVED)
        return SUBSIDY__STAGE__THROUGH;
    if (!way)
        return standing->approved ? SUBSIDY__STAGE__AT_GATES : SUBSIDY__STAGE__ON_NOTICE;
    step = way_step(way, apart ? apart->step : standing->step);
    return step && (unsigned)step->kind < sizeof(stages) / sizeof(stages[0]) ? stages[step->kind]
                                                                             : SUBSIDY__STAGE__AT_GATES;
}

bool
place_find(const struct jn_view *view, uint64_t claim, struct place *out)
{
    *out = (struct place){.claim = claim, .settlement = settlement_of(view, claim)};
    out->standing = out->settlement ? standing_of(view, out->settlement) : NULL;
    if (!out->standing)
        return false;
    out->index = (uint32_t)(claim - out->standing->first_claim);
    out->state = out->standing->states.data[out->index];
    out->way = way_of(view, out->standing);
    out->apart = out->state & CLAIM_APART ? apart_of(view, claim) : NULL;
    out->step = out->apart ? out->apart->step : out->standing->step;
    out->stage = stage_of(out->standing, out->way, out->apart, out->state);
    return true;
}

bool
place_suspended(const struct jn_view *view, const struct place *place)
{
    return (place->state & CLAIM_HELD) || (place->apart && place->apart->returned) ||
           objection_open(view, place->claim);
}

uint32_t
standing_together(const Subsidy__StandingRow *standing)
{
    uint32_t together = 0;

    for (size_t i = 0; i < standing->states.len; i++)
        together += !(standing->states.data[i] & CLAIM_APART);
    return together;
}
