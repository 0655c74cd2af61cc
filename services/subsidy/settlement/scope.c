/* Scope (权限范围): a department that watches over some groups, or over women, sees and suspends what their seats are
 * due or refused, and no other seat's of the same class; 2.12-e, A-vet, A-wf, A-df, A-em. */
#include "subsidy/settlement/scope.h"

#include "subsidy/nouns.h"

/* A-wf: women are no group that a register keeps; a seat's sex comes from the id number. */
static bool
of_women(const struct jn_agency *who)
{
    return who->department == COMMON__DEPARTMENT__WOMENS_FEDERATION;
}

bool
review_in_scope(const struct jn_agency *who, uint32_t division, uint32_t groups, uint32_t women)
{
    bool concerned = of_women(who) ? women > 0 : who->groups == 0 || (who->groups & groups);

    return concerned && jn_in_scope_division(who, division);
}

static const Subsidy__Seat *
seat_finished(const struct jn_view *view, uint64_t class, uint32_t seat)
{
    Subsidy__ProgressRow progress = progress_of(view, class);

    for (uint32_t chunk = 0; chunk < progress.rosters; chunk++) {
        const Subsidy__RosterNoted *row = jn_look(view, TABLE_ROSTER, JN_KEY(class, chunk));

        for (size_t i = 0; row && i < row->n_rows; i++)
            if (row->rows[i]->seat == seat)
                return row->rows[i];
    }
    return NULL;
}

/* A group that a department denied gives it no sight: nothing is due by it. One that it attested, and withdrew when the
 * seat was settled, does: money went out on its word, and comes back. */
static uint32_t
groups_concerned(const struct jn_view *view, uint64_t class, const Subsidy__Seat *seat)
{
    const Subsidy__CorrectionRow *row = correction_of(view, class, seat->seat);
    uint32_t groups = row && row->before && row->before->attested ? row->before->groups : seat->groups;

    return row && row->after && row->after->attested ? groups | row->after->groups : groups;
}

bool
seat_in_scope(const struct jn_decision *d, uint32_t division, uint64_t class, uint32_t seat)
{
    const Subsidy__Seat *found;

    if (!jn_in_scope_division(d->who, division))
        return false;
    if (!of_women(d->who) && d->who->groups == 0)
        return true;
    found = seat_finished(d->view, class, seat);
    if (!found)
        return false;
    if (of_women(d->who))
        return found->sex == POLICY__SEX__FEMALE;
    return (groups_concerned(d->view, class, found) & d->who->groups) != 0;
}

static bool
claim_of(const struct jn_decision *d, uint64_t settlement, const Subsidy__StandingRow *standing, uint32_t index)
{
    const Subsidy__Settled *settled;

    if (!of_women(d->who) && d->who->groups == 0)
        return jn_in_scope_division(d->who, standing->division);
    settled = jn_look(d->view, TABLE_SETTLEMENT, JN_KEY(settlement));
    return settled && index < settled->n_claims &&
           seat_in_scope(d, standing->division, standing->class_, settled->claims[index]->seat);
}

bool
claim_in_scope(const struct jn_decision *d, const struct place *place)
{
    return claim_of(d, place->settlement, place->standing, place->index);
}

bool
settlement_in_scope(const struct jn_decision *d, uint64_t settlement, const Subsidy__StandingRow *standing)
{
    for (uint32_t i = 0; i < standing->claims; i++)
        if (!claim_of(d, settlement, standing, i))
            return false;
    return jn_in_scope_division(d->who, standing->division);
}
