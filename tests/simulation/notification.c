/* What the departments ask of notification. */
#include "simulation/make.h"

#include "jineng/v1/notification.pb-c.h"

extern const struct jn_service notification_service;

#define KINDS NOTIFICATION__KIND__SEATS_UNJUDGED

/* Finance is told of everything, so that nothing that is to be told may be lost unseen; departments of what is asked of
 * them. */
static bool
make_open(struct sim *sim, struct sim_draft *draft)
{
    static const uint32_t agencies[] = {A_FINANCE,     A_HUMAN_RESOURCES, A_EDUCATION,  A_VETERANS, A_DISABLED,
                                        A_AGRICULTURE, A_CIVIL_AFFAIRS,   A_EMPLOYMENT, A_APPRAISAL};
    MAKE(sim, message, Notification__OpenInbox, notification__open_inbox__init);
    uint64_t turn = sim->sequence[A_OPERATOR][NOTIFICATION];
    uint32_t agency = agencies[turn < 9 ? turn : rng_below(&sim->work, 9)];

    message->agency = sim->config.agencies[agency].name;
    message->department = agency >= A_HUMAN_RESOURCES ? (Common__Department)sim->config.agencies[agency].department : 0;
    message->kinds = city_take(sim, KINDS * sizeof(*message->kinds));
    for (uint32_t kind = 1; kind <= KINDS; kind++) {
        if (agency == A_FINANCE || rng_chance(&sim->work, 5000) || kind == 1)
            message->kinds[message->n_kinds++] = (Notification__Kind)kind;
    }
    if ((agency == A_EMPLOYMENT || agency == A_APPRAISAL) && rng_chance(&sim->work, 5000)) {
        message->n_divisions = 1;
        message->divisions = city_take(sim, sizeof(*message->divisions));
        message->divisions[0] = city_divisions[rng_below(&sim->work, CITY_DIVISIONS)];
    }
    draft->agency = A_OPERATOR;
    draft->message = message;
    return true;
}

static uint32_t
reader(struct sim *sim)
{
    return rng_chance(&sim->work, 3000) ? A_FINANCE : A_HUMAN_RESOURCES + (uint32_t)rng_below(&sim->work, 6);
}

static bool
make_inbox(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Notification__InboxRequest, notification__inbox_request__init);

    draft->agency = reader(sim);
    draft->message = message;
    message->after = sim->city.read[draft->agency];
    message->limit = 1 + (uint32_t)rng_below(&sim->work, 30);
    return true;
}

static void
inbox_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Notification__InboxView *view = reply;

    for (size_t i = 0; code == JN_OK && i < view->n_items; i++) {
        if (view->items[i]->number > sim->city.read[task->agency])
            sim->city.read[task->agency] = view->items[i]->number;
    }
}

static bool
make_acknowledge(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Notification__Acknowledge, notification__acknowledge__init);

    draft->agency = reader(sim);
    draft->message = message;
    message->through = sim->city.read[draft->agency];
    return message->through > 0;
}

static bool
make_inboxes(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Notification__InboxesRequest, notification__inboxes_request__init);

    draft->agency = A_OPERATOR;
    draft->message = message;
    return true;
}

static const struct sim_generator generators[] = {
    {"OpenInbox", 1, make_open, NULL},           {"Inbox", 24, make_inbox, inbox_heard},
    {"Acknowledge", 10, make_acknowledge, NULL}, {"Inboxes", 3, make_inboxes, NULL},
    {"Advance", 0, city_advance, NULL},
};
const struct sim_part sim_notification = {&notification_service, generators,
                                          sizeof(generators) / sizeof(generators[0])};
