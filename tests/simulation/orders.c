/* What is reckoned again because somebody orders it, and what answers say of that. */
#include "simulation/make.h"

#include "jineng/v1/policy.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"

bool
orders_reassess(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, city_was_held);
    MAKE(sim, message, Subsidy__Reassess, subsidy__reassess__init);

    if (!class)
        return false;
    message->class_no = class->number;
    message->document = text_of("石人社核号");
    message->reason = text_of("复核");
    message->fraud = rng_chance(&sim->work, 1000);
    if (rng_chance(&sim->work, 4000)) {
        message->n_seats = 1 + rng_below(&sim->work, 3);
        message->seats = city_take(sim, message->n_seats * sizeof(*message->seats));
        for (size_t i = 0; i < message->n_seats; i++)
            message->seats[i] = 1 + (uint32_t)rng_below(&sim->work, class->seats_count + 1);
    }
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

/* A pack that was adopted; the same once more until it is done. */
bool
orders_backwards(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ApplyPackBackwards, subsidy__apply_pack_backwards__init);
    struct city *city = &sim->city;

    if (!city->backwards_open) {
        city->backwards_pack = (uint32_t)rng_below(&sim->work, 1 + city->packs_proposed);
        city->backwards_from = city_today(sim) - (int32_t)rng_below(&sim->work, 200);
        city->backwards_until = city->backwards_from + (int32_t)rng_below(&sim->work, 200);
    }
    message->pack = city->backwards_pack ? city_print(sim, "plan-%u", city->backwards_pack) : packs_plan()->id;
    message->from_day = city->backwards_from;
    message->until_day = city->backwards_until;
    message->document = text_of("石人社规号");
    message->reason = text_of("政策调整");
    draft->agency = A_ADMINISTRATION;
    draft->message = message;
    return true;
}

void
orders_backwards_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    (void)task;
    if (code == JN_OK)
        sim->city.backwards_open = !((const Subsidy__BackwardsReply *)reply)->done;
}

bool
orders_reassessments(struct sim *sim, struct sim_draft *draft)
{
    struct city_class *class = city_pick(sim, city_was_held);
    MAKE(sim, message, Subsidy__ReassessmentsRequest, subsidy__reassessments_request__init);

    if (!class)
        return false;
    message->class_no = class->number;
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

bool
orders_to_reassess(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Subsidy__ToReassessRequest, subsidy__to_reassess_request__init);

    message->after_class = rng_below(&sim->work, 4);
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}
