/* New facts for the gates (补正后放行): a class is inspected, somebody makes up for what was missing: who waits at the
 * gates is looked at again, so many a block, and let through where nothing keeps him any more; 2.13-c, 3.4-b. */
#include "subsidy/nouns.h"

/* A settlement is some 100 KiB to read. */
#define SWEPT_MAX 64

bool
gates_ask_others(const Subsidy__WayPlan *way)
{
    return (gates_named(way) & GATES_OF_FACTS) != 0;
}

static bool
anybody_gated(const struct jn_view *view, uint64_t after)
{
    struct jn_key found;

    return jn_first(view, TABLE_GATED, JN_KEY(after + 1), 0, &found) != NULL;
}

static void
begin(struct jn_tables *t, uint64_t through, bool again, const struct jn_stamp *stamp)
{
    Subsidy__GateSweepRow row = SUBSIDY__GATE_SWEEP_ROW__INIT;

    row.due_ms = stamp->time_ms;
    row.through = through;
    row.again = again;
    jn_timer_set(t, row.due_ms, TIMER_GATES, 0);
    jn_put(t, TABLE_GATE_SWEEP, JN_KEY(0), &row);
}

/* Facts that come while it is under way are looked at when it is through: none makes it begin anew for ever. */
void
gates_look_again(struct jn_tables *t, const struct jn_stamp *stamp)
{
    const Subsidy__GateSweepRow *old = jn_get(jn_view_of(t), TABLE_GATE_SWEEP, JN_KEY(0));
    Subsidy__GateSweepRow row;

    if (!jn_counter(jn_view_of(t), COUNTER_FACT_GATES) || !anybody_gated(jn_view_of(t), 0))
        return;
    if (!old) {
        begin(t, 0, false, stamp);
        return;
    }
    row = *old;
    row.again = true;
    jn_put(t, TABLE_GATE_SWEEP, JN_KEY(0), &row);
}

struct sweep {
    uint64_t claims[SWEPT_MAX];
    size_t count;
};

static bool
note_gated(void *context, const struct jn_key *key, const void *row)
{
    struct sweep *sweep = context;

    (void)row;
    sweep->claims[sweep->count++] = jn_key_number(key, 0);
    return true;
}

enum jn_code
fire_gates(struct jn_decision *d, uint64_t id)
{
    const Subsidy__GateSweepRow *row = jn_get(d->view, TABLE_GATE_SWEEP, JN_KEY(id));
    Subsidy__GatesSwept event = SUBSIDY__GATES_SWEPT__INIT;
    struct sweep sweep = {.count = 0};

    if (!row)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    event.more = !jn_scan(d->view, TABLE_GATED, JN_KEY(row->through + 1), 0, SWEPT_MAX, note_gated, &sweep);
    for (size_t i = 0; i < sweep.count; i++)
        gates_retry(d, sweep.claims[i], "what was missing has come");
    event.through = sweep.count ? sweep.claims[sweep.count - 1] : row->through;
    return jn_emit(d, EVENT_GATES_SWEPT, &event);
}

void
apply_gates_swept(struct jn_tables *t, const Subsidy__GatesSwept *event, const struct jn_stamp *stamp)
{
    const Subsidy__GateSweepRow *old = jn_get(jn_view_of(t), TABLE_GATE_SWEEP, JN_KEY(0));
    bool again;

    if (!old)
        return;
    again = old->again;
    jn_timer_clear(t, old->due_ms, TIMER_GATES, 0);
    jn_delete(t, TABLE_GATE_SWEEP, JN_KEY(0));
    if (event->more)
        begin(t, event->through, again, stamp);
    else if (again)
        begin(t, 0, false, stamp);
}
