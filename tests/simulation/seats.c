/* The funnel reckoned a second time, from what enrollment, subsidy and the ledger say: who was filed, to whom something
 * was ever due, and of how many the claims by which they are followed are paid. */
#include "simulation/make.h"

#include <string.h>

#include "domain/date.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "simulation/money.h"

/* ---- What is asked ---- */

bool
seats_funnel(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__FunnelRequest, subsidy__funnel_request__init);

    message->by = (Subsidy__FunnelBy)rng_between(&sim->work, 1, 4);
    if (sim->city.funnel_asked)
        message->by = SUBSIDY__FUNNEL_BY__BY_QUARTER;
    message->year = (uint32_t)date_of(city_today(sim)).year;
    message->quarter = (uint32_t)rng_between(&sim->work, 1, 4);
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

/* Filed is paid, lost and under way: on every line, at any moment. */
void
seats_funnel_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Subsidy__FunnelView *view = reply;
    uint64_t sums[4] = {0};

    (void)task;
    for (size_t i = 0; code == JN_OK && i < view->n_lines; i++) {
        const Subsidy__FunnelLine *line = view->lines[i];
        uint64_t sum = line->steps[line->n_steps - 1]->count;

        for (size_t step = 0; step < line->n_steps; step++)
            sum += line->steps[step]->under_way;
        for (size_t loss = 0; loss < line->n_losses; loss++)
            sum += line->losses[loss]->count;
        if (sum != line->steps[0]->count)
            sim_broken(sim, "the funnel of %llu has %llu filed, and %llu paid, lost or under way",
                       (unsigned long long)line->number, (unsigned long long)line->steps[0]->count,
                       (unsigned long long)sum);
        sums[0] += line->steps[SUBSIDY__STEP__STEP_FILED - 1]->count;
        sums[1] += line->steps[SUBSIDY__STEP__STEP_DUE - 1]->count;
        sums[2] += line->steps[SUBSIDY__STEP__STEP_PAID - 1]->count;
        sums[3] += line->owed_back;
    }
    if (sim->city.funnel_asked)
        memcpy(sim->city.funnel, sums, sizeof(sums));
}

/* ---- Whom the funnel follows by which claims ---- */

/* By those of one settlement, for as long as something is due by them; then by the earliest by which something is. */
static void
follow(struct reckoning *r, uint64_t class, uint32_t number)
{
    struct seat *seat = NULL;
    uint64_t earliest = 0;

    for (size_t i = 0; i < r->seats_count && !seat; i++)
        if (r->seats[i].class == class && r->seats[i].seat == number)
            seat = &r->seats[i];
    if (!seat)
        sim_broken(r->sim, "class %llu has no seat %u, and something is due to it", (unsigned long long)class, number);
    for (uint64_t at = 1; at <= r->claims_count; at++) {
        const struct claim *claim = &r->claims[at];

        if (claim->class != class || claim->seat != number || claim->amount_fen == claim->taken_fen)
            continue;
        if (claim->settlement == seat->followed)
            return;
        if (!earliest)
            earliest = claim->settlement;
    }
    if (seat->followed && earliest)
        r->sim->stats->followed_anew++;
    if (earliest)
        seat->followed = earliest;
}

void
seats_hear(struct reckoning *r, uint32_t type, const void *message)
{
    if (type == SUBSIDY__EVENT__BODY_SETTLED) {
        const Subsidy__Settled *event = message;

        for (size_t i = 0; i < event->n_claims; i++)
            follow(r, event->class_, event->claims[i]->seat);
    }
    if (type == SUBSIDY__EVENT__BODY_REASSESSED) {
        const Subsidy__Reassessed *event = message;

        for (size_t i = 0; i < event->n_rows; i++)
            follow(r, event->class_, event->rows[i]->seat);
        for (size_t i = 0; i < event->n_counted; i++)
            r->sim->stats->granted_later += event->counted[i]->instead_of == 0;
    }
}

/* ---- At the end ---- */

/* What was given back does not count; nothing else is left unpaid. *owed: all of it must come back. */
static bool
paid(const struct reckoning *r, const struct seat *seat, bool *owed)
{
    bool some = false;

    *owed = true;

    for (uint64_t at = 1; at <= r->claims_count; at++) {
        const struct claim *claim = &r->claims[at];

        if (claim->class != seat->class || claim->seat != seat->seat || claim->settlement != seat->followed ||
            claim->standing == RELEASED)
            continue;
        if (claim->standing != PAID)
            return false;
        some = true;
        *owed = *owed && claim->reversed_fen >= claim->held_fen;
    }
    return some;
}

void
seats_prove(const struct reckoning *r)
{
    const uint64_t *told = r->sim->city.funnel;
    uint64_t due = 0, done = 0, back = 0;
    bool owed;

    for (size_t i = 0; i < r->seats_count; i++) {
        if (!r->seats[i].followed)
            continue;
        due++;
        if (!paid(r, &r->seats[i], &owed))
            continue;
        done++;
        back += owed;
    }
    if (told[0] != r->enrolled || told[1] != due || told[2] != done || told[3] != back)
        sim_broken(r->sim,
                   "the funnel has %llu filed, %llu due, %llu paid, %llu owed back; events say %llu, %llu, %llu, %llu",
                   (unsigned long long)told[0], (unsigned long long)told[1], (unsigned long long)told[2],
                   (unsigned long long)told[3], (unsigned long long)r->enrolled, (unsigned long long)due,
                   (unsigned long long)done, (unsigned long long)back);
}
