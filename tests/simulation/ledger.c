/* What finance asks of the ledger, and the bank: it keeps its own account of whom it paid, and pays nobody twice
 * knowingly. */
#include "simulation/paying.h"

#include <string.h>

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

/* ---- Debts ---- */

static bool
make_debts(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__DebtsRequest, ledger__debts_request__init);

    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

static void
debts_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Ledger__DebtsView *view = reply;
    struct city *city = &sim->city;

    (void)task;
    city->debts_count = 0;
    for (size_t i = 0; code == JN_OK && i < view->n_rows && city->debts_count < 64; i++) {
        city->debt_class[city->debts_count] = view->rows[i]->class_;
        city->debt_institution[city->debts_count] = view->rows[i]->institution;
        city->debt_fund[city->debts_count] = (uint32_t)view->rows[i]->fund;
        city->debt_fen[city->debts_count++] = view->rows[i]->amount_fen;
    }
}

static bool
make_recovery(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__RecordRecovery, ledger__record_recovery__init);
    struct city *city = &sim->city;
    uint32_t at;

    if (city->debts_count == 0)
        return false;
    at = (uint32_t)rng_below(&sim->work, city->debts_count);
    message->class_ = city->debt_class[at];
    message->institution = city->debt_institution[at];
    message->fund = (Common__Fund)city->debt_fund[at];
    message->amount_fen = rng_chance(&sim->work, 5000) ? city->debt_fen[at] : 1 + city->debt_fen[at] / 3;
    message->document = text_of("退款");
    city->debts_count--;
    city->debt_class[at] = city->debt_class[city->debts_count];
    city->debt_institution[at] = city->debt_institution[city->debts_count];
    city->debt_fund[at] = city->debt_fund[city->debts_count];
    city->debt_fen[at] = city->debt_fen[city->debts_count];
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

/* ---- Recovery ---- */

/* Of what the bank has paid, as far as it knows. */
static bool
make_open_recovery(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__OpenRecovery, ledger__open_recovery__init);

    if (sim->city.claims_told == 0)
        return false;
    for (int tries = 0; tries < 8; tries++) {
        message->claim = 1 + rng_below(&sim->work, sim->city.claims_told);
        if (message->claim < CITY_CLAIMS && sim->city.bank[message->claim] > 0)
            break;
    }
    message->amount_fen = rng_chance(&sim->work, 5000) ? 0 : rng_between(&sim->work, 1, 60000);
    message->kind = rng_chance(&sim->work, 3000) ? LEDGER__DEBT_KIND__DEBT_FRAUD : LEDGER__DEBT_KIND__DEBT_ERROR;
    message->document = text_of("石审");
    message->clause = text_of("2.12-e");
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

static bool
make_receivables(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ReceivablesRequest, ledger__receivables_request__init);

    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

static void
receivables_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Ledger__ReceivablesView *view = reply;
    struct city *city = &sim->city;

    (void)task;
    city->owed_count = 0;
    for (size_t i = 0; code == JN_OK && i < view->n_rows && city->owed_count < 64; i++) {
        const Ledger__ReceivableView *row = view->rows[i];

        city->owed[city->owed_count].number = row->row->number;
        city->owed[city->owed_count].kind = (uint32_t)row->row->kind;
        city->owed[city->owed_count++].fen = row->left_fen - row->offset_fen;
    }
}

/* Of what was heard to be owed; meanwhile it may have come back by itself. */
static bool
make_repayment(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__RecordRepayment, ledger__record_repayment__init);
    struct city *city = &sim->city;
    uint32_t at;

    if (city->owed_count == 0)
        return false;
    at = (uint32_t)rng_below(&sim->work, city->owed_count);
    message->receivable = city->owed[at].number;
    message->amount_fen = rng_chance(&sim->work, 6000) ? city->owed[at].fen : 1 + city->owed[at].fen / 3;
    message->document = text_of("退款");
    city->owed[at] = city->owed[--city->owed_count];
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

/* Instalments of what is owed, or, of fraud, the decision to take it off; now and then the other way round. */
static bool
make_arrangement(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ArrangeRecovery, ledger__arrange_recovery__init);
    struct city *city = &sim->city;
    uint32_t at, count;
    int64_t fen;

    if (city->owed_count == 0)
        return false;
    at = (uint32_t)rng_below(&sim->work, city->owed_count);
    message->receivable = city->owed[at].number;
    message->document = text_of("分期");
    message->offset = (city->owed[at].kind == LEDGER__DEBT_KIND__DEBT_FRAUD) != rng_chance(&sim->work, 1000);
    count = message->offset ? 0 : 1 + (uint32_t)rng_below(&sim->work, 3);
    fen = city->owed[at].fen;
    MAKE_LIST(sim, message->plan, message->n_plan, count, Ledger__Instalment, ledger__instalment__init);
    for (uint32_t i = 0; i < count; i++) {
        message->plan[i]->day = city_today(sim) + (int32_t)(i * 9 + rng_below(&sim->work, 8));
        message->plan[i]->amount_fen = i + 1 == count ? fen : fen / 3;
        fen -= message->plan[i]->amount_fen;
    }
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

static bool
make_write_off(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__WriteOff, ledger__write_off__init);
    struct city *city = &sim->city;

    if (city->owed_count == 0)
        return false;
    message->receivable = city->owed[rng_below(&sim->work, city->owed_count)].number;
    message->document = text_of("核销");
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
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
    {"Debts", 8, make_debts, debts_heard},
    {"RecordRecovery", 8, make_recovery, NULL},
    {"Claim", 6, make_claim, NULL},
    {"Totals", 3, make_totals, totals_heard},
    {"Advance", 0, city_advance, NULL},
    /* Recovery */
    {"OpenRecovery", 4, make_open_recovery, NULL},
    {"Receivables", 8, make_receivables, receivables_heard},
    {"RecordRepayment", 6, make_repayment, NULL},
    {"ArrangeRecovery", 4, make_arrangement, NULL},
    {"WriteOff", 3, make_write_off, NULL},

    /* Periods and statements. */
    {"ClosePeriod", 5, make_close_period, NULL},
    {"Trial", 3, make_trial, trial_heard},
    {"Statement", 3, make_statement, NULL},
};
const struct sim_part sim_ledger = {&ledger_service, generators, sizeof(generators) / sizeof(generators[0])};
