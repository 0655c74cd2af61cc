/* People (人员), as far as gates ask: that one was checked, that one has an account; never which. 2.8-a, 2.12-d. */
#include "subsidy/nouns.h"

enum jn_code
react_people_checked(struct jn_decision *d, const Enrollment__PeopleChecked *event, const struct jn_source *source)
{
    Subsidy__PeopleNoted noted = SUBSIDY__PEOPLE_NOTED__INIT;

    (void)source;
    noted.checked = event->person;
    noted.n_checked = event->n_person;
    noted.with_account = event->with_account;
    noted.n_with_account = event->n_with_account;
    return jn_emit(d, EVENT_PEOPLE_NOTED, &noted);
}

enum jn_code
react_accounts_given(struct jn_decision *d, const Enrollment__AccountsGiven *event, const struct jn_source *source)
{
    Subsidy__PeopleNoted noted = SUBSIDY__PEOPLE_NOTED__INIT;

    (void)source;
    noted.with_account = event->person;
    noted.n_with_account = event->n_person;
    return jn_emit(d, EVENT_PEOPLE_NOTED, &noted);
}

static void
note(struct jn_tables *t, uint64_t person, bool checked, bool account)
{
    const Subsidy__PersonRow *old = jn_get(jn_view_of(t), TABLE_PERSON, JN_KEY(person));
    Subsidy__PersonRow row = SUBSIDY__PERSON_ROW__INIT;

    if (old)
        row = *old;
    row.checked = row.checked || checked;
    row.account = row.account || account;
    jn_put(t, TABLE_PERSON, JN_KEY(person), &row);
}

void
apply_people_noted(struct jn_tables *t, const Subsidy__PeopleNoted *event, const struct jn_stamp *stamp)
{
    for (size_t i = 0; i < event->n_checked; i++)
        note(t, event->checked[i], true, false);
    for (size_t i = 0; i < event->n_with_account; i++)
        note(t, event->with_account[i], false, true);
    gates_look_again(t, stamp);
}
