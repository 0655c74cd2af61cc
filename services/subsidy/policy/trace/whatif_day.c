/* Days that would have to be other ones: of the certificate, of the class's end, of what came of the training. */
#include <string.h>

#include "domain/date.h"
#include "subsidy/policy/trace/whatif_search.h"

#define YEARS_AHEAD 3

void
whatif_year(struct whatif_search *search)
{
    struct facts facts = *search->facts;
    int32_t *day = facts.certificate ? &facts.certificate_day : &facts.day;
    int year = date_of(*day).year;

    for (int ahead = 1; ahead <= YEARS_AHEAD; ahead++)
        if (date_make(year + ahead, 1, 1, day) && whatif_try(search, &facts) && whatif_due(search)) {
            whatif_keep(search, (struct whatif){.kind = WHATIF_DAY, .to = *day});
            return;
        }
}

void
whatif_force(struct whatif_search *search)
{
    const Policy__Pack *pack = search->view->pack;
    struct facts facts = *search->facts;

    facts.day = facts.day < pack->from_day ? pack->from_day : pack->until_day;
    if (whatif_try(search, &facts))
        whatif_keep(search, (struct whatif){.kind = WHATIF_FORCE, .from = pack->from_day, .to = pack->until_day});
}

/* The same outcomes, within the rule's window. */
void
whatif_in_time(struct whatif_search *search)
{
    struct facts facts = *search->facts;

    memset(facts.outcome_days, 0, sizeof(facts.outcome_days));
    for (uint32_t i = 0; i < search->base.trace_count; i++) {
        const struct trace_step *step = &search->base.trace[i];

        if (step->item != search->item || step->event != POLICY__EVENT__OUT_OF_WINDOW ||
            step->index != POLICY__FACT__OUTCOME || !whatif_try(search, &facts))
            continue;
        whatif_keep(search, (struct whatif){.kind = WHATIF_WINDOW, .to = step->value});
        return;
    }
}
