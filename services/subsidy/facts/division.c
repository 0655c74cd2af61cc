/* Divisions (行政区划), as far as standards go: who may set one of its own, 2.10-d. */
#include "subsidy/nouns.h"

enum jn_code
react_divisions_set(struct jn_decision *d, const Enrollment__DivisionsSet *event, const struct jn_source *source)
{
    Subsidy__DivisionsNoted noted = SUBSIDY__DIVISIONS_NOTED__INIT;

    (void)source;
    noted.rows = jn_take(d->view, event->n_rows * sizeof(Subsidy__NotedDivision *));
    for (size_t i = 0; i < event->n_rows; i++) {
        Subsidy__NotedDivision *row = jn_take(d->view, sizeof(*row));

        *row = (Subsidy__NotedDivision)SUBSIDY__NOTED_DIVISION__INIT;
        row->code = event->rows[i]->code;
        row->own_standards = event->rows[i]->province_administered;
        noted.rows[noted.n_rows++] = row;
    }
    return jn_emit(d, EVENT_DIVISIONS_NOTED, &noted);
}

void
apply_divisions_noted(struct jn_tables *t, const Subsidy__DivisionsNoted *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        Subsidy__DivisionRow row = SUBSIDY__DIVISION_ROW__INIT;

        row.own_standards = event->rows[i]->own_standards;
        jn_put(t, TABLE_DIVISION, JN_KEY(event->rows[i]->code), &row);
    }
}

/* The city is known from its pack: the departments' sheets need not list it. */
enum division_standing
division_standing(const struct jn_view *view, const Policy__Pack *pack, uint32_t code)
{
    const Subsidy__DivisionRow *row;

    if (code == pack->division)
        return DIVISION_SETS_STANDARDS;
    row = jn_get(view, TABLE_DIVISION, JN_KEY(code));
    if (!row)
        return DIVISION_UNKNOWN;
    return row->own_standards ? DIVISION_SETS_STANDARDS : DIVISION_KNOWN;
}
