/* What finance asks of the ledger, and the bank: it keeps its own account of whom it paid, and pays nobody twice
 * knowingly. */
#include "simulation/paying.h"

#include <string.h>

#include "domain/date.h"
#include "jineng/v1/ledger.pb-c.h"

extern const struct jn_service ledger_service;

static void
fill_appropriation(struct sim *sim, Ledger__Appropriate *row)
{
    row->fund = (Common__Fund)(1 + rng_below(&sim->work, 3));
    row->division = city_divisions[rng_below(&sim->work, CITY_DIVISIONS)];
    row->amount_fen = rng_between(&sim->work, 1, 1500000);
    row->day = city_today(sim) - (int32_t)rng_below(&sim->work, 3);
    row->document = text_of("石财社");
}

static bool
make_appropriate(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__Appropriate, ledger__appropriate__init);

    fill_appropriation(sim, message);
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

static bool
make_appropriate_all(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__AppropriateAll, ledger__appropriate_all__init);

    MAKE_LIST(sim, message->rows, message->n_rows, 1 + rng_below(&sim->work, 8), Ledger__Appropriate,
              ledger__appropriate__init);
    for (size_t i = 0; i < message->n_rows; i++)
        fill_appropriation(sim, message->rows[i]);
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

/* ---- Once more ---- */

static bool
make_resend(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__Resend, ledger__resend__init);

    if (rng_chance(&sim->work, 5000))
        message->claim = 1 + rng_below(&sim->work, sim->city.claims_told);
    else
        message->batch = 1 + rng_below(&sim->work, 60);
    draft->agency = A_FINANCE;
    draft->message = message;
    return sim->city.claims_told > 0;
}

/* ---- Queries ---- */

static bool
make_claim(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ClaimRequest, ledger__claim_request__init);

    message->claim = 1 + rng_below(&sim->work, 1 + sim->city.claims_told);
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static bool
make_totals(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__TotalsRequest, ledger__totals_request__init);

    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static void
totals_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Ledger__TotalsView *view = reply;

    (void)task;
    if (code != JN_OK)
        return;
    sim->city.paid = view->paid ? view->paid->count : 0;
    sim->city.paid_fen = view->paid ? view->paid->amount_fen : 0;
    sim->city.waiting = view->waiting ? view->waiting->count : 0;
    sim->city.waiting_fen = view->waiting ? view->waiting->amount_fen : 0;
    sim->city.advanced_fen = view->advanced_fen;
    sim->city.open_batches = view->open_batches;
    sim->city.receivable_fen = view->receivable_fen;
    sim->city.written_off_fen = view->written_off_fen;
    sim->city.reversed_fen = view->reversed ? view->reversed->amount_fen : 0;
}

/* ---- Periods ---- */

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

static bool
make_close_period(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ClosePeriod, ledger__close_period__init);

    message->period = some_period(sim);
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

static bool
make_trial(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__TrialRequest, ledger__trial_request__init);

    message->period = some_period(sim);
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

/* Debits are credits, and what opened closes: at any moment, whatever the period. */
static void
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

static bool
make_statement(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__StatementRequest, ledger__statement_request__init);

    message->period = some_period(sim);
    message->kind = (Ledger__StatementKind)(1 + rng_below(&sim->work, 4));
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

static const struct sim_generator generators[] = {
    {"Appropriate", 16, make_appropriate, NULL},
    {"AppropriateAll", 6, make_appropriate_all, NULL},
    {"Batches", 24, make_batches, batches_heard},
    {"Batch", 24, make_batch, batch_heard},
    {"RecordBankResults", 30, make_bank_results, results_heard},
    {"SubmitBatches", 14, make_submit, NULL},
    {"ReleaseBatches", 18, make_release, NULL},
    {"SendBackBatches", 2, make_send_back, NULL},
    {"WithdrawClaims", 6, make_withdraw, NULL},
    {"SetPaymentLimits", 2, make_limits, NULL},
    {"PaymentLimits", 1, make_limits_query, NULL},
    {"FreezePayees", 3, make_freeze, NULL},
    {"FrozenPayees", 2, make_frozen, frozen_heard},
    {"ThawPayees", 3, make_thaw, NULL},
    {"Unknowns", 1, make_unknowns, NULL},
    {"Disagreements", 2, make_disagreements, disagreements_heard},
    {"SettleDisagreement", 2, make_settle_disagreement, NULL},
    {"Resend", 8, make_resend, NULL},
    {"Debts", 8, recovery_debts, recovery_debts_heard},
    {"RecordRecovery", 5, recovery_of_advance, NULL},
    {"Claim", 6, make_claim, NULL},
    {"Totals", 3, make_totals, totals_heard},
    {"Advance", 0, city_advance, NULL},
    /* Recovery */
    {"OpenRecovery", 14, recovery_open, NULL},
    {"Receivables", 14, recovery_receivables, recovery_receivables_heard},
    {"RecordRepayment", 5, recovery_repay, NULL},
    {"ArrangeRecovery", 6, recovery_arrange, NULL},
    {"WriteOff", 3, recovery_write_off, NULL},

    /* Periods and statements. */
    {"ClosePeriod", 5, make_close_period, NULL},
    {"Trial", 3, make_trial, trial_heard},
    {"Statement", 3, make_statement, NULL},
};
const struct sim_part sim_ledger = {&ledger_service, generators, sizeof(generators) / sizeof(generators[0])};
