/* What an enterprise was paid before the suite (用人单位已享受补贴): it lies beside what fell due here, and counts
 * before all of it, 2.10-b. */
#include "subsidy/nouns.h"

static bool
usable(const Enrollment__ImportedEnterpriseHistory *row)
{
    return row->enterprise && row->item > COMMON__ITEM__ITEM_UNSPECIFIED && row->item < ITEMS && day_known(row->day) &&
           row->amount_fen > 0 && row->people > 0 && row->people <= INT32_MAX;
}

void
enterprise_history_react(struct jn_decision *d, const Enrollment__HistoryImported *event)
{
    Subsidy__EnterpriseHistoryNoted noted = SUBSIDY__ENTERPRISE_HISTORY_NOTED__INIT;

    noted.rows = jn_take(d->view, event->n_enterprises * sizeof(*noted.rows));
    for (size_t i = 0; i < event->n_enterprises; i++) {
        const Enrollment__ImportedEnterpriseHistory *row = event->enterprises[i];
        Subsidy__NotedEnterpriseHistory *line;

        if (!usable(row))
            continue;
        line = noted.rows[noted.n_rows++] = jn_take(d->view, sizeof(*line));
        subsidy__noted_enterprise_history__init(line);
        line->enterprise = row->enterprise;
        line->item = row->item;
        line->day = row->day;
        line->amount_fen = row->amount_fen;
        line->people = row->people;
    }
    if (noted.n_rows)
        jn_emit(d, SUBSIDY__EVENT__BODY_ENTERPRISE_HISTORY_NOTED, &noted);
}

/* ---- What then happens ---- */

/* With those rows behind it that are of the same enterprise. */
static void
change_note(struct jn_tables *t, const Subsidy__EnterpriseHistoryNoted *event, size_t first,
            const struct jn_stamp *stamp)
{
    Subsidy__EnterpriseChange change = SUBSIDY__ENTERPRISE_CHANGE__INIT;

    change.enterprise = event->rows[first]->enterprise;
    change.first_day = INT32_MAX;
    change.last_day = INT32_MIN;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__NotedEnterpriseHistory *row = event->rows[i];

        if (row->enterprise != change.enterprise)
            continue;
        if (i < first)
            return; /* with that one */
        change.items |= POLICY_BIT(row->item);
        change.first_day = row->day < change.first_day ? row->day : change.first_day;
        change.last_day = row->day > change.last_day ? row->day : change.last_day;
    }
    later_class_change(t, &change, stamp);
}

/* Told behind a settlement, it is not reckoned with by itself: who reassesses sees which classes it is about. */
void
apply_enterprise_history_noted(struct jn_tables *t, const Subsidy__EnterpriseHistoryNoted *event,
                               const struct jn_stamp *stamp)
{
    struct totals totals;

    totals_load(jn_view_of(t), &totals);
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__NotedEnterpriseHistory *row = event->rows[i];

        enterprise_move(t, (struct enterprise_at){row->enterprise, 0, row->day, (int)row->item}, row->amount_fen,
                        (int)row->people);
        totals.row.enterprise_people += row->people;
        totals.row.enterprise_fen += row->amount_fen;
        change_note(t, event, i, stamp);
    }
    totals_keep(t, &totals);
}
