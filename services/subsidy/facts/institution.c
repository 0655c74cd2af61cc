/* Institutions (机构), as far as facts go: what kind they are, and whether they pay social insurance. */
#include "subsidy/nouns.h"

enum jn_code
react_institutions_designated(struct jn_decision *d, const Enrollment__InstitutionsDesignated *event,
                              const struct jn_source *source)
{
    Subsidy__InstitutionsNoted noted = SUBSIDY__INSTITUTIONS_NOTED__INIT;

    (void)source;
    noted.rows = jn_take(d->view, event->n_rows * sizeof(Subsidy__NotedInstitution *));
    for (size_t i = 0; i < event->n_rows; i++) {
        Subsidy__NotedInstitution *row;

        if (!event->rows[i]->facts)
            continue;
        row = jn_take(d->view, sizeof(*row));
        *row = (Subsidy__NotedInstitution)SUBSIDY__NOTED_INSTITUTION__INIT;
        row->institution = event->rows[i]->institution;
        row->kind = event->rows[i]->facts->kind;
        row->insured = event->rows[i]->facts->insured;
        row->account = *event->rows[i]->facts->account != '\0';
        noted.rows[noted.n_rows++] = row;
    }
    return jn_emit(d, EVENT_INSTITUTIONS_NOTED, &noted);
}

void
apply_institutions_noted(struct jn_tables *t, const Subsidy__InstitutionsNoted *event, const struct jn_stamp *stamp)
{
    for (size_t i = 0; i < event->n_rows; i++) {
        struct jn_key key = JN_KEY(event->rows[i]->institution);
        const Subsidy__InstitutionRow *old = jn_get(jn_view_of(t), TABLE_INSTITUTION, key);
        Subsidy__InstitutionRow row = SUBSIDY__INSTITUTION_ROW__INIT;

        row.kind = event->rows[i]->kind;
        row.insured = event->rows[i]->insured;
        row.account = event->rows[i]->account;
        row.account_once = row.account || (old && old->account_once);
        jn_put(t, TABLE_INSTITUTION, key, &row);
    }
    gates_look_again(t, stamp);
}
