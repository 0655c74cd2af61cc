/* What finance asks of the ledger, and the bank: it keeps its own account of whom it paid, and pays nobody twice
 * knowingly. */
#include "simulation/books.h"
#include "simulation/paying.h"

#include <string.h>

#include "domain/date.h"
#include "jineng/v1/ledger.pb-c.h"

extern const struct jn_service ledger_service;

static void
fill_appropriation(struct sim *sim, Ledger__Appropriate *row)
{
    row->fund = (Common__Fund)(1 + rng_below(&sim->work, 3));
    if (rng_chance(&sim->work, 2500))
        row->fund = COMMON__FUND__LOCAL_TALENT;
    row->division = city_divisions[rng_below(&sim->work, CITY_DIVISIONS)];
    row->amount_fen = rng_between(&sim->work, 1, 1500000);
    row->day = city_today(sim) - (int32_t)rng_below(&sim->work, 3);
    row->document = text_of("石财社");
    /* Some is earmarked; for what the pack does not list it is refused. */
    if (rng_chance(&sim->work, 2000))
        row->item = (Common__Item)(1 + rng_below(&sim->work, 17));
    else if (rng_chance(&sim->work, 600))
        row->purpose = (Common__Purpose)(COMMON__PURPOSE__TRAINING_BASE + rng_below(&sim->work, 11));
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

    if (sim->city.disbursements_told > 0 && rng_chance(&sim->work, 2500))
        message->disbursement = 1 + rng_below(&sim->work, sim->city.disbursements_told);
    else if (rng_chance(&sim->work, 5000))
        message->claim = 1 + rng_below(&sim->work, sim->city.claims_told);
    else
        message->batch = 1 + rng_below(&sim->work, 60);
    draft->agency = A_FINANCE;
    draft->message = message;
    return sim->city.claims_told > 0;
}

/* ---- Queries ---- */

static uint32_t
this_year(const struct sim *sim)
{
    return (uint32_t)date_of(city_today(sim)).year;
}

static uint32_t
a_quarter(struct sim *sim)
{
    return (uint32_t)rng_between(&sim->work, 1, 4);
}

static uint32_t
a_division(struct sim *sim)
{
    return city_divisions[rng_below(&sim->work, CITY_DIVISIONS)];
}

QUERY(make_claim, A_AUDITOR, Ledger__ClaimRequest, ledger__claim_request__init,
      { message->claim = 1 + rng_below(&sim->work, 1 + sim->city.claims_told); })

QUERY(make_totals, A_AUDITOR, Ledger__TotalsRequest, ledger__totals_request__init, {})

/* An account of the books, and what stands beside it: of whatever division and fund. */
QUERY(make_account, A_FINANCE, Ledger__AccountRequest, ledger__account_request__init, {
    message->fund = (Common__Fund)rng_between(&sim->work, 1, 5);
    message->division = a_division(sim);
    message->year = this_year(sim);
})

QUERY(make_accounts, A_AUDITOR, Ledger__AccountsRequest, ledger__accounts_request__init,
      { message->year = this_year(sim); })

QUERY(make_queue, A_FINANCE, Ledger__QueueRequest, ledger__queue_request__init, {
    message->fund = (Common__Fund)rng_between(&sim->work, 1, 5);
    message->division = a_division(sim);
})

QUERY(make_quarter, A_AUDITOR, Ledger__QuarterRequest, ledger__quarter_request__init, {
    message->year = this_year(sim);
    message->quarter = a_quarter(sim);
})

QUERY(make_grant_use, A_AUDITOR, Ledger__GrantUseRequest, ledger__grant_use_request__init, {
    message->year = this_year(sim);
    message->quarter = a_quarter(sim);
})

QUERY(make_terms_query, A_FINANCE, Ledger__TermsRequest, ledger__terms_request__init, {})

QUERY(make_pools, A_FINANCE, Ledger__PoolsRequest, ledger__pools_request__init, { message->year = this_year(sim); })

QUERY(make_education_query, A_FINANCE, Ledger__StaffEducationRequest, ledger__staff_education_request__init,
      { message->year = this_year(sim) - (uint32_t)rng_below(&sim->work, 2); })

QUERY(make_periods, A_AUDITOR, Ledger__PeriodsRequest, ledger__periods_request__init,
      { message->kind = (Ledger__PeriodKind)rng_between(&sim->work, 1, 3); })

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
    sim->city.grants_reversed_fen = view->grants_reversed ? view->grants_reversed->amount_fen : 0;
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
    {"ConfirmPaymentLimits", 3, make_confirm_limits, NULL},
    {"ConfirmThaws", 4, make_confirm_thaw, NULL},
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

    /* Grants, pools, releases, staff education: books.c */
    {"Grant", 12, books_grant, NULL},
    {"RecordGrantPaid", 4, books_grant_paid, NULL},
    {"DisburseGrants", 12, books_disburse, NULL},
    {"ReleaseGrant", 5, books_grant_release, NULL},
    {"Grants", 4, books_grants, books_grants_heard},
    {"Pool", 10, books_pool, NULL},
    {"DissolvePool", 1, books_dissolve, NULL},
    {"ReleaseCommitment", 10, books_release, NULL},
    {"SetTerms", 1, books_terms, NULL},
    {"FileStaffEducation", 2, books_education, NULL},
    {"CheckStaffEducation", 1, books_check, NULL},
    {"Forecast", 2, books_forecast, NULL},

    /* Periods and statements. */
    {"ClosePeriod", 5, make_close_period, NULL},
    {"Trial", 3, make_trial, trial_heard},
    {"Statement", 3, make_statement, NULL},

    /* What the books answer. */
    {"Account", 2, make_account, NULL},
    {"Accounts", 2, make_accounts, NULL},
    {"Queue", 2, make_queue, NULL},
    {"Quarter", 2, make_quarter, NULL},
    {"GrantUse", 2, make_grant_use, NULL},
    {"Terms", 2, make_terms_query, NULL},
    {"Pools", 2, make_pools, NULL},
    {"StaffEducationStatements", 2, make_education_query, NULL},
    {"Periods", 2, make_periods, NULL},
};
const struct sim_part sim_ledger = {&ledger_service, generators, sizeof(generators) / sizeof(generators[0])};
