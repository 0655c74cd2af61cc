/* Making messages in a run's arena. */
#ifndef SIMULATION_MAKE_H
#define SIMULATION_MAKE_H

#include "simulation/sim.h"

/* A message of the type, initialised: MAKE(sim, message, Enrollment__Enrol, enrollment__enrol__init). */
#define MAKE(sim, name, Type, init)                                                                                    \
    Type *name = city_take((sim), sizeof(*name));                                                                      \
    init(name)
/* A list of `count` messages, each initialised. */
#define MAKE_LIST(sim, list, counter, count, Type, init)                                                               \
    do {                                                                                                               \
        size_t wanted_ = (size_t)(count);                                                                              \
                                                                                                                       \
        (list) = city_take((sim), wanted_ * sizeof(*(list)));                                                          \
        (counter) = wanted_;                                                                                           \
        for (size_t made_ = 0; made_ < wanted_; made_++) {                                                             \
            (list)[made_] = city_take((sim), sizeof(Type));                                                            \
            init((list)[made_]);                                                                                       \
        }                                                                                                              \
    } while (0)

/* A generator of a query: what it asks for is filled in by the last argument, a block; {} where nothing is. */
#define QUERY(name, who, Type, init, ...)                                                                              \
    static bool name(struct sim *sim, struct sim_draft *draft)                                                         \
    {                                                                                                                  \
        MAKE(sim, message, Type, init);                                                                                \
                                                                                                                       \
        __VA_ARGS__                                                                                                    \
        draft->agency = (who);                                                                                         \
        draft->message = message;                                                                                      \
        return true;                                                                                                   \
    }

static inline char *
text_of(const char *text)
{
    return (char *)(uintptr_t)text;
}

static const uint32_t city_divisions[] = {130100, 130102, 130104, 130105, 130181};
#define CITY_DIVISIONS (sizeof(city_divisions) / sizeof(city_divisions[0]))

/* recovery.c: the ledger's generators of what is owed. */
bool recovery_debts(struct sim *sim, struct sim_draft *draft);
void recovery_debts_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
bool recovery_of_advance(struct sim *sim, struct sim_draft *draft);
bool recovery_open(struct sim *sim, struct sim_draft *draft);
bool recovery_receivables(struct sim *sim, struct sim_draft *draft);
void recovery_receivables_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
bool recovery_repay(struct sim *sim, struct sim_draft *draft);
bool recovery_arrange(struct sim *sim, struct sim_draft *draft);
bool recovery_write_off(struct sim *sim, struct sim_draft *draft);

/* registers.c: subsidy's generators of what registers tell. */
bool registers_outcomes(struct sim *sim, struct sim_draft *draft);
bool registers_contributions(struct sim *sim, struct sim_draft *draft);
bool registers_awaited(struct sim *sim, struct sim_draft *draft);

/* seats.c: the funnel. */
bool seats_funnel(struct sim *sim, struct sim_draft *draft);
void seats_funnel_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);

/* packs.c: packs, standards, reference figures. */
struct Policy__Pack *packs_plan(void);
bool packs_adopt(struct sim *sim, struct sim_draft *draft);
void packs_adopted_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
bool packs_propose(struct sim *sim, struct sim_draft *draft);
void packs_proposed_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
bool packs_record_cases(struct sim *sim, struct sim_draft *draft);
bool packs_approve(struct sim *sim, struct sim_draft *draft);
void packs_approved_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
bool packs_withdraw(struct sim *sim, struct sim_draft *draft);
bool packs_drafts(struct sim *sim, struct sim_draft *draft);
bool packs_draft(struct sim *sim, struct sim_draft *draft);
bool packs_list(struct sim *sim, struct sim_draft *draft);
bool packs_standards(struct sim *sim, struct sim_draft *draft);
bool packs_references(struct sim *sim, struct sim_draft *draft);

/* way.c: the way of a claim. */
bool way_hold(struct sim *sim, struct sim_draft *draft);
bool way_release(struct sim *sim, struct sim_draft *draft);
bool way_confirm(struct sim *sim, struct sim_draft *draft);
bool way_review(struct sim *sim, struct sim_draft *draft);
bool way_object(struct sim *sim, struct sim_draft *draft);
void way_object_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
bool way_decide_objection(struct sim *sim, struct sim_draft *draft);
bool way_override(struct sim *sim, struct sim_draft *draft);
bool way_open_case(struct sim *sim, struct sim_draft *draft);
void way_case_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
bool way_evidence(struct sim *sim, struct sim_draft *draft);
bool way_decide_case(struct sim *sim, struct sim_draft *draft);
bool way_overdue(struct sim *sim, struct sim_draft *draft);
bool way_cases(struct sim *sim, struct sim_draft *draft);

/* orders.c: what is reckoned again by order. */
bool orders_reassess(struct sim *sim, struct sim_draft *draft);
bool orders_backwards(struct sim *sim, struct sim_draft *draft);
void orders_backwards_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
bool orders_reassessments(struct sim *sim, struct sim_draft *draft);
bool orders_to_reassess(struct sim *sim, struct sim_draft *draft);

#endif
