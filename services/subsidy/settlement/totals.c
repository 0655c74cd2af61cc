/* Totals (汇总), kept as they change: asking for them costs one row. */
#include <string.h>

#include "subsidy/nouns.h"

static void
copy_counts(uint64_t *to, size_t to_count, const uint64_t *from, size_t from_count)
{
    if (from_count)
        memcpy(to, from, (from_count < to_count ? from_count : to_count) * sizeof(*to));
}

void
totals_load(const struct jn_view *view, struct totals *totals)
{
    const Subsidy__TotalsRow *row = jn_get(view, TABLE_TOTALS, JN_KEY(0));

    *totals = (struct totals){.row = SUBSIDY__TOTALS_ROW__INIT};
    if (row) {
        totals->row = *row;
        copy_counts(totals->due, ITEMS, row->due, row->n_due);
        copy_counts(totals->refused, REASONS, row->refused, row->n_refused);
        for (size_t i = 0; i < row->n_due_fen && i < ITEMS; i++)
            totals->due_fen[i] = row->due_fen[i];
        for (size_t i = 0; i < row->n_taken_fen && i < ITEMS; i++)
            totals->taken_fen[i] = row->taken_fen[i];
    }
    totals->row.n_due = totals->row.n_due_fen = totals->row.n_taken_fen = ITEMS;
    if (row)
        copy_counts(totals->stages, STAGES, row->stages, row->n_stages);
    totals->row.n_stages = STAGES;
    totals->row.n_refused = REASONS;
}

void
totals_keep(struct jn_tables *t, struct totals *totals)
{
    totals->row.due = totals->due;
    totals->row.due_fen = totals->due_fen;
    totals->row.refused = totals->refused;
    totals->row.taken_fen = totals->taken_fen;
    totals->row.stages = totals->stages;
    totals->row.published = totals->stages[SUBSIDY__STAGE__ON_NOTICE];
    totals->row.approved = totals->stages[SUBSIDY__STAGE__THROUGH];
    jn_put(t, TABLE_TOTALS, JN_KEY(0), &totals->row);
}

void
totals_move(struct totals *totals, Subsidy__Stage from, Subsidy__Stage to, uint64_t claims)
{
    if (from != SUBSIDY__STAGE__STAGE_UNSPECIFIED)
        totals->stages[from] -= claims;
    totals->stages[to] += claims;
}

/* Beyond what a number can hold the sum stays at the most: no city has so much. */
void
totals_add_settled(struct totals *totals, const Subsidy__Settled *settled)
{
    for (size_t i = 0; i < settled->n_claims; i++) {
        unsigned item = settled->claims[i]->item < ITEMS ? settled->claims[i]->item : 0;

        totals->due[item]++;
        if (__builtin_add_overflow(totals->due_fen[item], settled->claims[i]->amount_fen, &totals->due_fen[item]))
            totals->due_fen[item] = INT64_MAX;
    }
    for (size_t i = 0; i < settled->n_refused; i++)
        totals->refused[settled->refused[i]->reason < REASONS ? settled->refused[i]->reason : 0]++;
}

static void
list_due(const struct jn_view *view, const struct totals *totals, Subsidy__TotalsView *reply)
{
    reply->due = jn_take(view, ITEMS * sizeof(*reply->due));
    for (int item = 0; item < ITEMS; item++) {
        Subsidy__ItemTotal *row;

        if (!totals->due[item])
            continue;
        row = reply->due[reply->n_due++] = jn_take(view, sizeof(*row));
        *row = (Subsidy__ItemTotal)SUBSIDY__ITEM_TOTAL__INIT;
        row->item = (Common__Item)item;
        row->count = totals->due[item];
        row->amount_fen = totals->due_fen[item];
        row->taken_fen = totals->taken_fen[item];
    }
}

static void
list_refused(const struct jn_view *view, const struct totals *totals, Subsidy__TotalsView *reply)
{
    reply->refused = jn_take(view, REASONS * sizeof(*reply->refused));
    for (int reason = 0; reason < REASONS; reason++) {
        Subsidy__ReasonTotal *row;

        if (!totals->refused[reason])
            continue;
        row = reply->refused[reply->n_refused++] = jn_take(view, sizeof(*row));
        *row = (Subsidy__ReasonTotal)SUBSIDY__REASON_TOTAL__INIT;
        row->reason = (Common__Reason)reason;
        row->count = totals->refused[reason];
    }
}

static void
list_stages(const struct jn_view *view, const struct totals *totals, Subsidy__TotalsView *reply)
{
    reply->stages = jn_take(view, STAGES * sizeof(*reply->stages));
    for (int stage = 1; stage < STAGES; stage++) {
        Subsidy__StageTotal *row;

        if (!totals->stages[stage])
            continue;
        row = reply->stages[reply->n_stages++] = jn_take(view, sizeof(*row));
        *row = (Subsidy__StageTotal)SUBSIDY__STAGE_TOTAL__INIT;
        row->stage = (Subsidy__Stage)stage;
        row->claims = totals->stages[stage];
    }
}

enum jn_code
answer_totals(struct jn_decision *d, const Subsidy__TotalsRequest *query)
{
    Subsidy__TotalsView reply = SUBSIDY__TOTALS_VIEW__INIT;
    struct totals totals;

    (void)query;
    totals_load(d->view, &totals);
    list_due(d->view, &totals, &reply);
    list_refused(d->view, &totals, &reply);
    reply.classes_settled = totals.row.classes_settled;
    reply.classes_waiting = totals.row.classes_waiting;
    reply.published = totals.row.published;
    reply.held = totals.row.held;
    reply.approved = totals.row.approved;
    reply.paid = totals.row.paid;
    reply.reassessments = jn_counter(d->view, COUNTER_REASSESSMENT);
    list_stages(d->view, &totals, &reply);
    reply.objections = jn_counter(d->view, COUNTER_OBJECTIONS_OPEN);
    reply.cases = jn_counter(d->view, COUNTER_CASES_OPEN);
    reply.overdue = jn_counter(d->view, COUNTER_OVERDUE);
    jn_reply(d, &reply.base);
    return JN_OK;
}
