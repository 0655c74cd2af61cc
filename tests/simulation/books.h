/* The ledger's generators beside those of claims; ledger.c lists them. */
#ifndef SIMULATION_BOOKS_H
#define SIMULATION_BOOKS_H

#include "simulation/sim.h"

bool books_grant(struct sim *sim, struct sim_draft *draft);
bool books_pool(struct sim *sim, struct sim_draft *draft);
bool books_dissolve(struct sim *sim, struct sim_draft *draft);
bool books_disburse(struct sim *sim, struct sim_draft *draft);
bool books_grant_paid(struct sim *sim, struct sim_draft *draft);
bool books_grant_release(struct sim *sim, struct sim_draft *draft);
bool books_grants(struct sim *sim, struct sim_draft *draft);
void books_grants_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
bool books_release(struct sim *sim, struct sim_draft *draft);
bool books_terms(struct sim *sim, struct sim_draft *draft);
bool books_education(struct sim *sim, struct sim_draft *draft);
bool books_forecast(struct sim *sim, struct sim_draft *draft);
bool books_check(struct sim *sim, struct sim_draft *draft);

#endif
