/* What registers tell once a class was held: outcomes of trainings, months of contribution. */
#include "simulation/make.h"

#include "jineng/v1/subsidy.pb-c.h"

/* What registers tell of some seats of a class, now and then of one that is not there, or of a day to come. */
static uint32_t
told_seat(struct sim *sim, const struct city_class *class, int32_t *day)
{
    *day = city_today(sim) - (int32_t)rng_below(&sim->work, 20) + (rng_chance(&sim->work, 500) ? 30 : 0);
    return 1 + (uint32_t)rng_below(&sim->work, class->seats_count + rng_chance(&sim->work, 500));
}

bool
registers_outcomes(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, city_was_held);
    MAKE(sim, message, Subsidy__RecordOutcomes, subsidy__record_outcomes__init);

    if (!class || !class->seats_count)
        return false;
    message->class_no = class->number;
    message->document = text_of("石就服函号");
    message->rows = city_take(sim, 3 * sizeof(*message->rows));
    for (uint64_t i = 1 + rng_below(&sim->work, 3); i > 0; i--) {
        MAKE(sim, row, Subsidy__OutcomeRow, subsidy__outcome_row__init);

        row->seat = told_seat(sim, class, &row->day);
        row->outcomes = city_take(sim, sizeof(*row->outcomes));
        row->outcomes[row->n_outcomes++] =
            rng_chance(&sim->work, 6000) ? POLICY__OUTCOME__EMPLOYED : (Policy__Outcome)rng_between(&sim->work, 1, 6);
        message->rows[message->n_rows++] = row;
    }
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    return true;
}

bool
registers_contributions(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, city_was_held);
    MAKE(sim, message, Subsidy__RecordContributions, subsidy__record_contributions__init);

    if (!class || !class->seats_count)
        return false;
    message->class_no = class->number;
    message->document = text_of("石社保函号");
    message->rows = city_take(sim, 3 * sizeof(*message->rows));
    for (uint64_t i = 1 + rng_below(&sim->work, 3); i > 0; i--) {
        MAKE(sim, row, Subsidy__ContributionRow, subsidy__contribution_row__init);

        row->seat = told_seat(sim, class, &row->through_day);
        row->months = (uint32_t)rng_below(&sim->work, 12);
        message->rows[message->n_rows++] = row;
    }
    draft->agency = A_EMPLOYMENT;
    draft->message = message;
    return true;
}

bool
registers_awaited(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, city_was_held);
    MAKE(sim, message, Subsidy__AwaitedRequest, subsidy__awaited_request__init);

    if (!class)
        return false;
    message->class_no = class->number;
    message->after_seat = (uint32_t)rng_below(&sim->work, 3);
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}
