/* Cases, reckoned a second time: what subsidy opens keeps from the bank whatever hangs on it, and nothing else; what it
 * decides lets that go, or brings it back. */
#include "simulation/money.h"

#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"

static struct investigated *
case_at(struct reckoning *r, uint64_t number)
{
    if (number == 0 || number >= CITY_CASES)
        sim_broken(r->sim, "case %llu was never opened", (unsigned long long)number);
    return &r->cases[number];
}

static bool
about(const struct investigated *i, uint64_t number, const struct claim *claim)
{
    return (i->claim && i->claim == number) || (i->person && i->person == claim->person) ||
           (i->class && i->class == claim->class);
}

bool
under_case(const struct reckoning *r, uint64_t number)
{
    for (uint64_t i = 1; i <= r->cases_count; i++)
        if (r->cases[i].open && about(&r->cases[i], number, &r->claims[number]))
            return true;
    return false;
}

void
cases_hear_subsidy(struct reckoning *r, uint32_t type, const void *message)
{
    if (type == SUBSIDY__EVENT__BODY_CASE_OPENED) {
        const Subsidy__CaseOpened *event = message;

        *case_at(r, event->case_) = (struct investigated){event->claim, event->person, event->class_, false, true};
        r->cases_count = event->case_;
        r->sim->stats->cases++;
    }
    if (type == SUBSIDY__EVENT__BODY_CASE_DECIDED) {
        const Subsidy__CaseDecided *event = message;

        case_at(r, event->case_)->told = false;
        r->sim->stats->recovered_by_case += event->n_recover;
        for (size_t i = 0; i < event->n_recover; i++)
            claim_of(r, event->recover[i], "to come back")->ended = true;
    }
}

void
cases_hear_ledger(struct reckoning *r, uint32_t type, const void *message)
{
    if (type == LEDGER__EVENT__BODY_INVESTIGATION_NOTED)
        case_at(r, ((const Ledger__InvestigationNoted *)message)->case_)->open =
            !((const Ledger__InvestigationNoted *)message)->ended;
    if (type == LEDGER__EVENT__BODY_CLAIMS_SUSPENDED) {
        const Ledger__ClaimsSuspended *event = message;

        for (size_t i = 0; i < event->n_rows; i++) {
            uint64_t number = event->rows[i]->claim;
            const struct investigated *kept_for = case_at(r, event->rows[i]->case_);
            const struct claim *claim = claim_of(r, number, "kept for a case");

            r->sim->stats->suspended++;
            if (!kept_for->open || !about(kept_for, number, claim) || claim->standing != COMMITTED)
                sim_broken(r->sim, "claim %llu is kept for a case that is not about it", (unsigned long long)number);
        }
    }
    if (type == LEDGER__EVENT__BODY_INSTRUCTED) {
        const Ledger__Instructed *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            if (under_case(r, event->rows[i]->claim))
                sim_broken(r->sim, "claim %llu is put into a batch, and a case is open about it",
                           (unsigned long long)event->rows[i]->claim);
    }
}

/* An institution is frozen instead. */
void
cases_prove(struct reckoning *r)
{
    for (uint64_t i = 1; i <= r->cases_count; i++) {
        const struct investigated *c = &r->cases[i];

        if ((c->claim || c->person || c->class) && c->open != c->told)
            sim_broken(r->sim, "case %llu is %s, and not in the ledger", (unsigned long long)i,
                       c->told ? "open" : "decided");
    }
}
