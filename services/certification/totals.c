/* Totals, and the two ratios of 1.2-b over the base figures that human resources enters once a year.
 *
 * TABLE_BASE: year -> SetBase. */
#include "certification/certification.h"

#define YEAR_MIN 2000
#define YEAR_MAX 2199
/* More than a city's people by far; times a thousand it stays in 64 bits. */
#define PEOPLE_MAX UINT64_C(1000000000000)

enum jn_code
decide_set_base(struct jn_decision *d, const Certification__SetBase *cmd)
{
    Certification__BaseSet set = CERTIFICATION__BASE_SET__INIT;
    Certification__Closed reply = CERTIFICATION__CLOSED__INIT;

    if (cmd->year < YEAR_MIN || cmd->year > YEAR_MAX)
        return jn_refuse(d, JN_MALFORMED, "give the year, 2000 to 2199");
    if (cmd->employed == 0 || cmd->employed > PEOPLE_MAX)
        return jn_refuse(d, JN_MALFORMED, "give the number of employed people (就业人员总量)");
    if (cmd->skilled > cmd->employed || cmd->highly_skilled > cmd->skilled)
        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "the skilled are among the employed, the highly skilled among the skilled; 1.2-b");

    /* Decided. */
    set.facts = (Certification__SetBase *)(uintptr_t)cmd;
    reply.count = 1;
    jn_reply(d, &reply.base);
    return jn_emit(d, CERTIFICATION__EVENT__BODY_BASE_SET, &set);
}

void
apply_base_set(struct jn_tables *t, const Certification__BaseSet *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    jn_put(t, TABLE_BASE, JN_KEY(event->facts->year), event->facts);
    if (event->facts->year > jn_counter(jn_view_of(t), COUNTER_BASE_YEAR))
        jn_counter_set(t, COUNTER_BASE_YEAR, event->facts->year);
}

static uint32_t
permille(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : (uint32_t)(part * 1000 / whole);
}

/* Whoever was certified here counts on top of the base figures. */
static void
ratios(const struct jn_view *view, Certification__TotalsView *totals)
{
    const Certification__SetBase *base = jn_get(view, TABLE_BASE, JN_KEY(totals->base_year));
    uint64_t skilled, highly_skilled;

    if (!base)
        return;
    skilled = base->skilled + totals->skilled;
    highly_skilled = base->highly_skilled + totals->highly_skilled;
    totals->skilled_permille = permille(skilled, base->employed);
    totals->highly_skilled_permille = permille(highly_skilled, skilled);
}

enum jn_code
answer_totals(struct jn_decision *d, const Certification__TotalsRequest *request)
{
    Certification__TotalsView totals = CERTIFICATION__TOTALS_VIEW__INIT;

    (void)request;
    totals.certified = jn_counter(d->view, COUNTER_CERTIFICATES);
    totals.skilled = jn_counter(d->view, COUNTER_SKILLED);
    totals.highly_skilled = jn_counter(d->view, COUNTER_HIGHLY_SKILLED);
    totals.revoked = jn_counter(d->view, COUNTER_REVOKED);
    totals.lapsed = jn_counter(d->view, COUNTER_LAPSED);
    totals.base_year = (uint32_t)jn_counter(d->view, COUNTER_BASE_YEAR);
    ratios(d->view, &totals);
    jn_reply(d, &totals.base);
    return JN_OK;
}
