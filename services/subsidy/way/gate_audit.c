/* What must hold of gates (支付条件稽核): nothing waits at them that nothing keeps, and nothing is through whose fact
 * was never there; 2.12-c, 3.4-b. */
#include <inttypes.h>

#include "subsidy/nouns.h"

#define BIT(gate) (UINT32_C(1) << (gate))

/* One settlement's. */
struct gates_audit {
    struct jn_audit *audit;
    struct gating gating;
    const Subsidy__StandingRow *standing;
};

static bool
note_sweep(void *context, const struct jn_key *key, const void *row)
{
    bool *sweeping = context;

    (void)key;
    *sweeping = ((const Subsidy__CaseView *)row)->sweep_ms != 0;
    return !*sweeping;
}

/* Who waits is looked at again, so many a block, when a fact has come or a case was decided. */
static bool
looked_at_again(const struct jn_view *view)
{
    bool sweeping = jn_has(view, TABLE_GATE_SWEEP, JN_KEY(0));

    if (!sweeping)
        jn_scan(view, TABLE_CASE, JN_KEY(0), 0, SIZE_MAX, note_sweep, &sweeping);
    return sweeping;
}

/* What is shut but for an override counts as shut: a claim that is let through by one is let through at once. */
static void
check_waiting(struct gates_audit *a, uint32_t index)
{
    if (gates_shut(&a->gating, index, gates_asked(a->gating.way)) == 0 && !looked_at_again(a->audit->view))
        jn_finding(a->audit, "claim %" PRIu64 " waits at the gates, and all that they ask for is there",
                   a->standing->first_claim + index);
}

/* It passed when its notice was over or later: an override that ended before has let nothing through. */
static bool
was_overridden(const struct gates_audit *a, uint32_t index, const Policy__Gate *gate)
{
    uint64_t claim = a->standing->first_claim + index;
    bool apart = a->standing->states.data[index] & CLAIM_APART;
    const Subsidy__ApartRow *alone = apart ? apart_of(a->audit->view, claim) : NULL;
    const Subsidy__OverrideKept *kept = gate->may_override ? override_of(a->audit->view, claim, gate->gate) : NULL;

    return kept && kept->until_day > (alone ? alone->notice_to_day : a->standing->notice_to_day);
}

static void
check_passed(struct gates_audit *a, uint32_t index)
{
    static const char *const names[] = {[POLICY__GATE_KIND__INSPECTED] = "inspected",
                                        [POLICY__GATE_KIND__PAYEE_ACCOUNT] = "payee_account",
                                        [POLICY__GATE_KIND__IDENTITY] = "identity"};
    const Subsidy__WayPlan *way = a->gating.way;
    uint32_t never;

    a->gating.ever = true;
    never = gates_shut(&a->gating, index, gates_named(way) & GATES_OF_FACTS);
    a->gating.ever = false;
    for (size_t i = 0; never && i < way->n_gates; i++)
        if ((never & BIT(way->gates[i]->gate)) && !was_overridden(a, index, way->gates[i]))
            jn_finding(a->audit, "claim %" PRIu64 " is through gate %s, and what that asks for was never there",
                       a->standing->first_claim + index, names[way->gates[i]->gate]);
}

void
gates_audit(struct jn_audit *audit, const Subsidy__Settled *settled, const Subsidy__StandingRow *standing)
{
    struct gates_audit a = {audit, gating_open(audit->view, 0, settled->settlement, standing), standing};

    if (!a.gating.way)
        return;
    a.gating.settled = settled;
    for (uint32_t i = 0; i < standing->claims; i++) {
        uint8_t state = standing->states.data[i];
        const Subsidy__ApartRow *apart = state & CLAIM_APART ? apart_of(audit->view, standing->first_claim + i) : NULL;

        if (state & CLAIM_APPROVED)
            check_passed(&a, i);
        else if (stage_of(standing, a.gating.way, apart, state) == SUBSIDY__STAGE__AT_GATES)
            check_waiting(&a, i);
    }
}

static bool
count_plan(void *context, const struct jn_key *key, const void *row)
{
    uint64_t *asking = context;

    (void)key;
    *asking += gates_ask_others(row);
    return true;
}

void
gate_plans_audit(struct jn_audit *audit)
{
    uint64_t asking = 0;

    jn_scan(audit->view, TABLE_WAY, JN_KEY(0), 0, SIZE_MAX, count_plan, &asking);
    if (asking != jn_counter(audit->view, COUNTER_FACT_GATES))
        jn_finding(audit, "packs that ask for what others tell are miscounted");
}
