/* The generators of paying.c, for the ledger's list of them. */
#ifndef SIMULATION_PAYING_H
#define SIMULATION_PAYING_H

#include "simulation/make.h"

/* Does finance, and the bank, what it ought to do, and all of it? */
bool orderly(const struct sim *sim);

bool make_batches(struct sim *sim, struct sim_draft *draft);
bool make_submit(struct sim *sim, struct sim_draft *draft);
bool make_release(struct sim *sim, struct sim_draft *draft);
bool make_send_back(struct sim *sim, struct sim_draft *draft);
bool make_withdraw(struct sim *sim, struct sim_draft *draft);
bool make_batch(struct sim *sim, struct sim_draft *draft);
bool make_bank_results(struct sim *sim, struct sim_draft *draft);
bool make_disagreements(struct sim *sim, struct sim_draft *draft);
bool make_settle_disagreement(struct sim *sim, struct sim_draft *draft);
bool make_unknowns(struct sim *sim, struct sim_draft *draft);
bool make_freeze(struct sim *sim, struct sim_draft *draft);
bool make_frozen(struct sim *sim, struct sim_draft *draft);
bool make_thaw(struct sim *sim, struct sim_draft *draft);
bool make_limits(struct sim *sim, struct sim_draft *draft);
bool make_confirm_thaw(struct sim *sim, struct sim_draft *draft);
bool make_confirm_limits(struct sim *sim, struct sim_draft *draft);
bool make_limits_query(struct sim *sim, struct sim_draft *draft);
void batches_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
void batch_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
void results_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
void disagreements_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
void frozen_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);

#endif
