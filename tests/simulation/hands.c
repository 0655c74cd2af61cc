/* Two hands, and who is frozen: no key alone sends a batch or thaws a payee. */
#include "simulation/money.h"

#include <stdio.h>
#include <string.h>

#include "jineng/v1/ledger.pb-c.h"

/* ---- Who is frozen ---- */

static struct freeze *
frozen_at(struct reckoning *r, uint64_t person, uint64_t institution)
{
    if (person > CITY_PEOPLE || institution > CITY_INSTITUTIONS)
        sim_broken(r->sim, "somebody is paid or frozen who does not exist");
    return person ? &r->frozen_person[person] : &r->frozen_institution[institution];
}

bool
frozen(struct reckoning *r, const struct claim *claim)
{
    bool person = claim->payee == COMMON__PAYEE__PAYEE_PERSON;

    return frozen_at(r, person ? claim->person : 0, person ? 0 : claim->institution)->frozen;
}

bool
institution_frozen(struct reckoning *r, uint64_t institution)
{
    return frozen_at(r, 0, institution)->frozen;
}

void
hands_ask_thaw(struct reckoning *r, const Ledger__ThawAsked *event)
{
    snprintf(frozen_at(r, event->person, event->institution)->thaw_by, JN_AGENCY_NAME, "%s", event->by);
}

/* What is thawed goes on being sent by itself, in nobody's name; so is what an investigation had frozen. */
void
hands_freeze_or_thaw(struct reckoning *r, const Ledger__PayeeFrozen *event)
{
    struct freeze *freeze = frozen_at(r, event->person, event->institution);
    bool ends = freeze->by_case && !*event->by;

    if (event->thawed && freeze->frozen && !ends && (!*freeze->thaw_by || !strcmp(freeze->thaw_by, event->by)))
        sim_broken(r->sim, "one key alone has thawed a payee");
    freeze->frozen = !event->thawed;
    freeze->by_case = !event->thawed && !*event->by;
    *freeze->thaw_by = '\0';
}

/* ---- Batches ---- */

struct batch *
batch_of(struct reckoning *r, uint64_t number)
{
    if (number == 0 || number >= CITY_BATCHES)
        sim_broken(r->sim, "batch %llu was never heard of", (unsigned long long)number);
    return &r->batches[number];
}

static void
release_batch(struct reckoning *r, const Ledger__BatchMoved *event)
{
    struct batch *batch = batch_of(r, event->batch);

    if (!batch->draft || strcmp(batch->maker, event->by) == 0 || strcmp(batch->checker, event->by) == 0 ||
        !*batch->maker)
        sim_broken(r->sim, "batch %llu is released by %s, who has had a hand in it, or was never submitted",
                   (unsigned long long)event->batch, event->by);
    if (batch->rows != event->rows || batch->fen != event->amount_fen)
        sim_broken(r->sim, "batch %llu is released with another count or total than it holds",
                   (unsigned long long)event->batch);
    for (uint64_t number = 1; number <= r->claims_count; number++) {
        const struct claim *claim = &r->claims[number];

        if (claim->batch == event->batch && claim->standing == INSTRUCTED &&
            (frozen(r, claim) || claim->ledger_held || claim->contradicted))
            sim_broken(r->sim, "batch %llu is released with claim %llu, which is frozen, held or contradicted",
                       (unsigned long long)event->batch, (unsigned long long)number);
    }
    grants_released(r, r->grants, event->batch);
    batch->released = true;
}

void
hands_move_batch(struct reckoning *r, const Ledger__BatchMoved *event)
{
    struct batch *batch = batch_of(r, event->batch);

    if (batch->released)
        sim_broken(r->sim, "batch %llu is the bank's, and moves", (unsigned long long)event->batch);
    if (event->to == LEDGER__BATCH_STATE__SUBMITTED)
        snprintf(batch->maker, sizeof(batch->maker), "%s", event->by);
    if (event->to == LEDGER__BATCH_STATE__RELEASED)
        release_batch(r, event);
    if (event->to == LEDGER__BATCH_STATE__CHECKED) {
        if (strcmp(batch->maker, event->by) == 0)
            sim_broken(r->sim, "batch %llu is checked by its maker", (unsigned long long)event->batch);
        snprintf(batch->checker, sizeof(batch->checker), "%s", event->by);
    }
    if (event->to == LEDGER__BATCH_STATE__DRAFT)
        batch->maker[0] = batch->checker[0] = '\0';
}

void
at_bank(struct reckoning *r, uint64_t number)
{
    const struct batch *batch = batch_of(r, number);

    if (batch->draft && !batch->released)
        sim_broken(r->sim, "batch %llu is answered and was never released", (unsigned long long)number);
}
