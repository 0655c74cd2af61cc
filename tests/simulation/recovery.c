/* What finance does about what is owed: advances that were not earned, claims that should not have been paid. */
#include "simulation/make.h"

#include "jineng/v1/ledger.pb-c.h"

#define SMALL_REST 10000 /* fen: so much of one debt may be written off, by the city's pack */

/* ---- Debts ---- */

bool
recovery_debts(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__DebtsRequest, ledger__debts_request__init);

    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

void
recovery_debts_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
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

bool
recovery_of_advance(struct sim *sim, struct sim_draft *draft)
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
bool
recovery_open(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__OpenRecovery, ledger__open_recovery__init);

    for (int tries = 0; tries < 8 && sim->city.claims_told > 0 && message->claim == 0; tries++) {
        uint64_t claim = 1 + rng_below(&sim->work, sim->city.claims_told);

        if (claim < CITY_CLAIMS && (sim->city.bank[claim] > 0 || rng_chance(&sim->work, 100)))
            message->claim = claim;
    }
    if (sim->city.grants_told > 0 && rng_chance(&sim->work, 3000)) {
        message->claim = 0;
        message->grant = 1 + rng_below(&sim->work, sim->city.grants_told);
    }
    message->amount_fen = rng_chance(&sim->work, 5000) ? 0 : rng_between(&sim->work, 1, 60000);
    message->kind = rng_chance(&sim->work, 3000) ? LEDGER__DEBT_KIND__DEBT_FRAUD : LEDGER__DEBT_KIND__DEBT_ERROR;
    message->document = text_of("石审");
    message->clause = text_of("2.12-e");
    draft->agency = A_FINANCE;
    draft->message = message;
    return message->claim != 0 || message->grant != 0;
}

bool
recovery_receivables(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ReceivablesRequest, ledger__receivables_request__init);

    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

void
recovery_receivables_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
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
bool
recovery_repay(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__RecordRepayment, ledger__record_repayment__init);
    struct city *city = &sim->city;
    uint32_t at;

    if (city->owed_count == 0)
        return false;
    at = (uint32_t)rng_below(&sim->work, city->owed_count);
    message->receivable = city->owed[at].number;
    message->amount_fen = rng_chance(&sim->work, 5000) ? city->owed[at].fen : 1 + city->owed[at].fen / 3;
    if (city->owed[at].fen > SMALL_REST && rng_chance(&sim->work, 3000))
        message->amount_fen = city->owed[at].fen - SMALL_REST; /* what may be written off is left */
    message->document = text_of("退款");
    city->owed[at] = city->owed[--city->owed_count];
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

/* Instalments of what is owed, or, of fraud, the decision to take it off; now and then the other way round. */
bool
recovery_arrange(struct sim *sim, struct sim_draft *draft)
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

bool
recovery_write_off(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__WriteOff, ledger__write_off__init);
    struct city *city = &sim->city;
    uint32_t at;

    if (city->owed_count == 0)
        return false;
    at = (uint32_t)rng_below(&sim->work, city->owed_count);
    for (uint32_t i = 0; i < city->owed_count && city->owed[at].fen > SMALL_REST; i++)
        at = (at + 1) % city->owed_count;
    message->receivable = city->owed[at].number;
    message->document = text_of("核销");
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}
