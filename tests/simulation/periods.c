/* Finance closes periods, and auditors ask for trial balances and statements, at any moment. */
#include "simulation/make.h"

#include "domain/date.h"
#include "jineng/v1/ledger.pb-c.h"

/* One that ended lately, or has not yet. */
static Ledger__Period *
some_period(struct sim *sim)
{
    MAKE(sim, period, Ledger__Period, ledger__period__init);
    struct date today = date_of(city_today(sim));
    uint32_t month = (uint32_t)(today.year * 12 + today.month - 1) - (uint32_t)rng_below(&sim->work, 4);

    period->kind = LEDGER__PERIOD_KIND__PERIOD_MONTH;
    period->year = month / 12;
    period->number = month % 12 + 1;
    if (rng_chance(&sim->work, 7000))
        return period;
    period->kind = LEDGER__PERIOD_KIND__PERIOD_QUARTER;
    period->number = month % 12 / 3 + 1;
    if (rng_chance(&sim->work, 3000)) {
        period->kind = LEDGER__PERIOD_KIND__PERIOD_YEAR;
        period->number = 0;
    }
    return period;
}

bool
make_close_period(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ClosePeriod, ledger__close_period__init);

    message->period = some_period(sim);
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

bool
make_trial(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__TrialRequest, ledger__trial_request__init);

    message->period = some_period(sim);
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

/* Debits are credits, and what opened closes: at any moment, whatever the period. */
void
trial_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Ledger__TrialView *view = reply;
    int64_t opening = 0, debits = 0, credits = 0;

    (void)task;
    for (size_t i = 0; code == JN_OK && i < view->n_rows; i++) {
        const Ledger__TrialSum *sum = view->rows[i]->sum;

        opening += sum->opening_fen;
        debits += sum->debit_fen;
        credits += sum->credit_fen;
        if (sum->opening_fen + sum->debit_fen - sum->credit_fen != sum->closing_fen)
            sim_broken(sim, "the trial balance's %s does not close with what it opened and was posted", sum->balance);
    }
    if (opening != 0 || debits != credits)
        sim_broken(sim, "the trial balance opens with %lld; %lld debits, %lld credits", (long long)opening,
                   (long long)debits, (long long)credits);
}

bool
make_statement(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__StatementRequest, ledger__statement_request__init);

    message->period = some_period(sim);
    message->kind = (Ledger__StatementKind)(1 + rng_below(&sim->work, 4));
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}
