/* How finance's keys send the batches, and what the bank makes of them; payees that are frozen, limits. */
#include "simulation/paying.h"

#include <string.h>

#include "jineng/v1/ledger.pb-c.h"

bool
orderly(const struct sim *sim)
{
    return sim->calm && !sim->city.troubled;
}

/* ---- Batches: finance's three keys ---- */

bool
make_batches(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__BatchesRequest, ledger__batches_request__init);

    message->limit = 200;
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

static uint32_t
hand(const struct sim *sim, const char *name)
{
    for (uint32_t agency = A_FINANCE; agency <= A_DIRECTOR; agency++) {
        if (strcmp(sim->config.agencies[agency].name, name) == 0)
            return 1u << agency;
    }
    return 0;
}

void
batches_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Ledger__BatchesView *view = reply;
    struct city *city = &sim->city;

    (void)task;
    city->batches_count = 0;
    for (size_t i = 0; code == JN_OK && i < view->n_rows; i++) {
        const Ledger__BatchShort *row = view->rows[i];

        if (row->batch >= CITY_BATCHES)
            continue;
        city->batches[city->batches_count++] =
            (struct city_batch){.number = row->batch,
                                .rows = row->rows,
                                .fen = row->amount_fen,
                                .hands = hand(sim, row->maker) | hand(sim, row->checker),
                                .state = (unsigned)row->state - LEDGER__BATCH_STATE__DRAFT};
    }
}

/* One of finance's keys; mostly one that has not had its hands on the batch. */
static uint32_t
pick_hand(struct sim *sim, uint32_t hands)
{
    uint32_t agency = A_FINANCE + (orderly(sim) ? 0 : (uint32_t)rng_below(&sim->work, 3));

    for (uint32_t i = 0; i < 3 && (orderly(sim) || !rng_chance(&sim->work, 1500)); i++) {
        if (!(hands >> agency & 1))
            break;
        agency = agency == A_DIRECTOR ? A_FINANCE : agency + 1;
    }
    return agency;
}

bool
make_submit(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__SubmitBatches, ledger__submit_batches__init);
    struct city *city = &sim->city;

    draft->agency = pick_hand(sim, 0);
    message->rows = city_take(sim, city->batches_count * sizeof(*message->rows));
    for (uint32_t i = 0; i < city->batches_count && message->n_rows < JN_ROWS_MAX; i++) {
        struct city_batch *batch = &city->batches[i];
        MAKE(sim, row, Ledger__Declaration, ledger__declaration__init);

        if (batch->state != BATCH_DRAFT || (!orderly(sim) && rng_chance(&sim->work, 3000)))
            continue;
        row->batch = batch->number;
        row->rows = batch->rows;
        row->amount_fen = batch->fen + (!orderly(sim) && rng_chance(&sim->work, 300) ? 1 : 0);
        message->rows[message->n_rows++] = row;
        batch->state = BATCH_SUBMITTED;
        batch->hands = 1u << draft->agency;
    }
    draft->message = message;
    return message->n_rows > 0;
}

bool
make_release(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ReleaseBatches, ledger__release_batches__init);
    struct city *city = &sim->city;

    message->batches = city_take(sim, city->batches_count * sizeof(*message->batches));
    for (uint32_t i = 0; i < city->batches_count && message->n_batches < JN_ROWS_MAX; i++) {
        struct city_batch *batch = &city->batches[i];

        if (batch->state != BATCH_SUBMITTED && batch->state != BATCH_CHECKED)
            continue;
        if (message->n_batches == 0)
            draft->agency = pick_hand(sim, batch->hands);
        if (orderly(sim) && batch->hands >> draft->agency & 1)
            continue;
        message->batches[message->n_batches++] = batch->number;
        batch->state = BATCH_STUCK; /* until the list is looked at again */
    }
    draft->message = message;
    return message->n_batches > 0;
}

bool
make_send_back(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__SendBackBatches, ledger__send_back_batches__init);
    struct city *city = &sim->city;

    draft->agency = pick_hand(sim, 0);
    message->reason = text_of("金额再核");
    message->batches = city_take(sim, city->batches_count * sizeof(*message->batches));
    for (uint32_t i = 0; i < city->batches_count && message->n_batches < JN_ROWS_MAX; i++) {
        struct city_batch *batch = &city->batches[i];

        if ((batch->state != BATCH_SUBMITTED && batch->state != BATCH_CHECKED && batch->state != BATCH_STUCK) ||
            (!orderly(sim) && rng_chance(&sim->work, 6000)))
            continue;
        message->batches[message->n_batches++] = batch->number;
        batch->state = BATCH_RELEASED; /* nothing of it is done before the list is looked at again */
        batch->looked = true;
    }
    draft->message = message;
    return message->n_batches > 0;
}

/* All rows of the draft that was looked at last: those that nothing keeps back are refused. */
bool
make_withdraw(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__WithdrawClaims, ledger__withdraw_claims__init);
    struct city *city = &sim->city;
    size_t count;
    uint64_t *rows;

    if (city->draft == 0 || city->draft_claims_count == 0)
        return false;
    message->batch = city->draft;
    count = city->draft_claims_count;
    rows = city_take(sim, count * sizeof(*rows));
    memcpy(rows, city->draft_claims, count * sizeof(*rows));
    if (city->draft_grants) {
        message->n_disbursements = count;
        message->disbursements = rows;
    } else {
        message->n_claims = count;
        message->claims = rows;
    }
    city->draft = 0;
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

bool
make_batch(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__BatchRequest, ledger__batch_request__init);
    struct city *city = &sim->city;
    uint32_t from = (uint32_t)rng_below(&sim->work, city->batches_count);

    for (uint32_t i = 0; i < city->batches_count && message->batch == 0; i++) {
        struct city_batch *batch = &city->batches[(from + i) % city->batches_count];

        if (batch->looked || city->answer[batch->number])
            continue;
        batch->looked = orderly(sim);
        message->batch = batch->number;
    }
    draft->about[0] = message->batch;
    draft->agency = A_FINANCE;
    draft->message = message;
    return message->batch != 0;
}

static void
draft_heard(struct sim *sim, const Ledger__BatchView *view)
{
    struct city *city = &sim->city;

    city->draft = view->head->batch;
    city->draft_claims_count = 0;
    city->draft_grants = view->head->grants;
    for (size_t i = 0; i < view->n_rows && i < 200 && !view->head->advance; i++)
        city->draft_claims[city->draft_claims_count++] =
            city->draft_grants ? view->rows[i]->disbursement : view->rows[i]->claim;
    if (orderly(sim))
        sim_do(sim, LEDGER, sim_generator(LEDGER, "WithdrawClaims"));
}

/* ---- The bank ---- */

static void
bank_decides(struct sim *sim, struct city_bank_row *row, uint64_t batch)
{
    struct city *city = &sim->city;

    if (row->says != BANK_PENDING || (!orderly(sim) && rng_chance(&sim->work, 700)))
        return;
    row->says = rng_chance(&sim->work, sim->city.troubled ? 3500 : 1200) ? BANK_REFUSES : BANK_PAYS;
    if (row->says == BANK_PAYS && row->claim && city->bank[row->claim]++ > 0)
        sim_broken(sim, "the bank is told to pay claim %llu twice, the second time in batch %llu",
                   (unsigned long long)row->claim, (unsigned long long)batch);
    if (row->says == BANK_PAYS && row->disbursement && city->bank_grants[row->disbursement]++ > 0)
        sim_broken(sim, "the bank is told to pay disbursement %llu twice, the second time in batch %llu",
                   (unsigned long long)row->disbursement, (unsigned long long)batch);
}

/* The bank has the file in its hands once it is released: it pays, or does not, row by row, once; or says so later. */
void
batch_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Ledger__BatchView *view = reply;
    struct city *city = &sim->city;
    uint64_t batch = task->about[0];

    if (code != JN_OK || city->answer[batch] || city->rows_used + view->n_rows > CITY_CLAIMS)
        return;
    if (view->head->state != LEDGER__BATCH_STATE__RELEASED) {
        for (size_t i = 0; i < view->n_rows; i++) {
            if (*view->rows[i]->account || *view->rows[i]->bank)
                sim_broken(sim, "batch %llu is not released, and shows where to pay", (unsigned long long)batch);
        }
        if (view->head->state == LEDGER__BATCH_STATE__DRAFT)
            draft_heard(sim, view);
        return;
    }
    city->answer[batch] = 1;
    city->rows_first[batch] = city->rows_used;
    for (size_t i = 0; i < view->n_rows; i++) {
        const Ledger__BatchRow *row = view->rows[i];
        struct city_bank_row *own = &city->rows[city->rows_used];

        JN_ASSERT(row->disbursement < CITY_DISBURSEMENTS);
        if (row->disbursement > city->disbursements_told)
            city->disbursements_told = row->disbursement;
        if (row->claim >= CITY_CLAIMS || strcmp(row->state, "instructed") != 0)
            continue;
        *own = (struct city_bank_row){.claim = row->claim, .disbursement = row->disbursement};
        bank_decides(sim, own, batch);
        city->rows_used++;
    }
    city->rows_count[batch] = city->rows_used - city->rows_first[batch];
}

/* The bank's reference of the row's debit or credit in that batch: the same each time it is told. */
static void
put_booking(struct sim *sim, uint64_t batch, const struct city_bank_row *row, unsigned which, char ***list,
            size_t *count)
{
    *list = city_take(sim, sizeof(**list));
    (*list)[(*count)++] = city_print(sim, "%llu-%llu-%u", (unsigned long long)batch,
                                     (unsigned long long)(row->claim + row->disbursement), which);
}

static void
fill_result(struct sim *sim, Ledger__BankResult *result, uint64_t batch, const struct city_bank_row *row, bool contrary)
{
    result->claim = row->claim;
    result->disbursement = row->disbursement;
    result->unknown = row->says == BANK_PENDING;
    result->paid = !result->unknown && (row->says == BANK_PAYS) != contrary;
    result->reason = text_of(result->paid ? "" : result->unknown ? "处理中" : "户名不符");
    /* Its statements have a reference, its lists of results have none. */
    if (result->paid && rng_chance(&sim->work, 5000))
        put_booking(sim, batch, row, 1, &result->booked, &result->n_booked);
    if (!result->paid && contrary && rng_chance(&sim->work, 5000))
        put_booking(sim, batch, row, 9, &result->returned, &result->n_returned);
}

/* A batch that the bank has in its hands; NULL where there is none. */
static const struct city_batch *
batch_at_bank(struct sim *sim)
{
    const struct city *city = &sim->city;
    uint32_t from = (uint32_t)rng_below(&sim->work, city->batches_count);

    for (uint32_t i = 0; i < city->batches_count; i++) {
        const struct city_batch *batch = &city->batches[(from + i) % city->batches_count];

        if (city->answer[batch->number] && city->rows_count[batch->number])
            return batch;
    }
    return NULL;
}

/* One that finance has recorded; rather one that was refused, since that may be sent again. NULL where none was found.
 */
static const struct city_bank_row *
recorded_row(struct sim *sim, uint64_t *batch)
{
    const struct city *city = &sim->city;
    const struct city_bank_row *found = NULL;

    for (unsigned i = 0; i < 40; i++) {
        uint64_t number = 1 + rng_below(&sim->work, CITY_BATCHES / 40);
        const struct city_bank_row *row;

        if (city->rows_count[number] == 0)
            continue;
        row = &city->rows[city->rows_first[number] + rng_below(&sim->work, city->rows_count[number])];
        if (!row->recorded || (found && row->says == BANK_PAYS))
            continue;
        found = row;
        *batch = number;
        if (row->says == BANK_REFUSES)
            break;
    }
    return found;
}

/* The bank says the contrary of what it said, and finance has recorded; or it has debited once more. */
static bool
make_contradiction(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__RecordBankResults, ledger__record_bank_results__init);
    const struct city_bank_row *row = recorded_row(sim, &draft->about[0]);

    if (!row)
        return false;
    message->batch = draft->about[0];
    MAKE_LIST(sim, message->rows, message->n_rows, 1, Ledger__BankResult, ledger__bank_result__init);
    if (row->says == BANK_PAYS && rng_chance(&sim->work, 5000)) {
        fill_result(sim, message->rows[0], draft->about[0], row, false);
        message->rows[0]->n_booked = 0;
        put_booking(sim, draft->about[0], row, 2 + (unsigned)rng_below(&sim->work, 2), &message->rows[0]->booked,
                    &message->rows[0]->n_booked);
    } else {
        fill_result(sim, message->rows[0], draft->about[0], row, true);
    }
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

bool
make_bank_results(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__RecordBankResults, ledger__record_bank_results__init);
    struct city *city = &sim->city;
    const struct city_batch *batch = batch_at_bank(sim);
    uint32_t skip, count;

    if (!orderly(sim) && rng_chance(&sim->work, sim->city.troubled ? 3000 : 1000))
        return make_contradiction(sim, draft);
    if (!batch)
        return false;
    /* Parts of the file come by themselves, and come again. */
    skip = orderly(sim) ? 0 : (uint32_t)rng_below(&sim->work, 2 * city->rows_count[batch->number]);
    skip = skip >= city->rows_count[batch->number] ? 0 : skip;
    count = city->rows_count[batch->number] - skip;
    message->batch = batch->number;
    MAKE_LIST(sim, message->rows, message->n_rows, count < JN_ROWS_MAX ? count : JN_ROWS_MAX, Ledger__BankResult,
              ledger__bank_result__init);
    for (size_t i = 0; i < message->n_rows; i++) {
        struct city_bank_row *row = &city->rows[city->rows_first[batch->number] + skip + i];

        bank_decides(sim, row, batch->number);
        fill_result(sim, message->rows[i], batch->number, row, false);
    }
    draft->about[0] = batch->number;
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

/* What was acknowledged is in the ledger; what was left open is to be told again. */
static void
note_recorded(struct sim *sim, const struct sim_task *task)
{
    struct city *city = &sim->city;
    Ledger__RecordBankResults *told = ledger__record_bank_results__unpack(NULL, task->length, task->body);
    uint64_t batch = task->about[0];

    JN_ASSERT(told);
    for (size_t i = 0; i < told->n_rows; i++) {
        for (uint32_t j = 0; !told->rows[i]->unknown && j < city->rows_count[batch]; j++) {
            struct city_bank_row *row = &city->rows[city->rows_first[batch] + j];

            row->recorded |= row->claim == told->rows[i]->claim && row->disbursement == told->rows[i]->disbursement;
        }
    }
    ledger__record_bank_results__free_unpacked(told, NULL);
}

void
results_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    struct city *city = &sim->city;

    (void)reply;
    if (code == JN_OK)
        note_recorded(sim, task);
    if (!orderly(sim))
        return;
    for (uint32_t i = 0; i < city->batches_count; i++) {
        if (city->batches[i].number == task->about[0])
            city->batches[i] = city->batches[--city->batches_count];
    }
}

/* ---- What the bank contradicts ---- */

bool
make_disagreements(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__DisagreementsRequest, ledger__disagreements_request__init);

    draft->agency = orderly(sim) || rng_chance(&sim->work, 5000) ? A_FINANCE : A_AUDITOR;
    draft->message = message;
    return true;
}

void
disagreements_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Ledger__DisagreementsView *view = reply;
    struct city *city = &sim->city;

    (void)task;
    city->disagreements_count = 0;
    for (size_t i = 0; code == JN_OK && i < view->n_rows; i++) {
        uint32_t at = city->disagreements_count++;

        city->disagreements[at].batch = view->rows[i]->batch;
        city->disagreements[at].claim = view->rows[i]->claim;
        city->disagreements[at].disbursement = view->rows[i]->disbursement;
        city->disagreements[at].what = (uint32_t)view->rows[i]->what;
    }
}

bool
make_settle_disagreement(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__SettleDisagreement, ledger__settle_disagreement__init);
    struct city *city = &sim->city;
    uint32_t at;

    if (city->disagreements_count == 0)
        return false;
    at = --city->disagreements_count;
    message->batch = city->disagreements[at].batch;
    message->claim = city->disagreements[at].claim;
    message->disbursement = city->disagreements[at].disbursement;
    message->what = (Ledger__Contradiction)city->disagreements[at].what;
    message->document = text_of("对账单第3号");
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

bool
make_unknowns(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__UnknownsRequest, ledger__unknowns_request__init);

    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}

/* ---- Frozen payees ---- */

bool
make_freeze(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__FreezePayees, ledger__freeze_payees__init);
    Ledger__FreezePayee *row;

    MAKE_LIST(sim, message->rows, message->n_rows, 1, Ledger__FreezePayee, ledger__freeze_payee__init);
    row = message->rows[0];
    row->document = text_of("石人社监〔2020〕3号");
    row->reason = text_of("花名册核查");
    if (rng_chance(&sim->work, 3000))
        row->institution = 1 + rng_below(&sim->work, CITY_INSTITUTIONS);
    else if (rng_chance(&sim->work, 5000))
        row->claim = 1 + rng_below(&sim->work, 1 + sim->city.claims_told);
    else
        row->person = 1 + rng_below(&sim->work, sim->city.people_count);
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

/* Persons and institutions in turn. */
bool
make_frozen(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__FrozenPayeesRequest, ledger__frozen_payees_request__init);

    message->institutions = sim->city.frozen_asked++ % 2;
    draft->about[0] = message->institutions ? 1 : 0;
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

void
frozen_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply)
{
    const Ledger__FrozenPayeesView *view = reply;
    struct city *city = &sim->city;
    uint64_t kind = task->about[0];

    city->frozen_count[kind] = city->thaw_count[kind] = 0;
    for (size_t i = 0; code == JN_OK && i < view->n_rows; i++) {
        uint64_t number = kind ? view->rows[i]->institution : view->rows[i]->person;

        if (*view->rows[i]->thaw_by)
            city->thaws[kind][city->thaw_count[kind]++] = number;
        else
            city->frozen[kind][city->frozen_count[kind]++] = number;
    }
}

bool
make_thaw(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ThawPayees, ledger__thaw_payees__init);
    struct city *city = &sim->city;
    uint32_t kind = city->frozen_count[0] ? 0 : 1;
    Ledger__FreezePayee *row;

    if (city->frozen_count[kind] == 0)
        return false;
    MAKE_LIST(sim, message->rows, message->n_rows, 1, Ledger__FreezePayee, ledger__freeze_payee__init);
    row = message->rows[0];
    row->document = text_of("石人社监〔2020〕9号");
    *(kind ? &row->institution : &row->person) = city->frozen[kind][--city->frozen_count[kind]];
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

/* By the other key; now and then by the one that asked, which is refused. */
bool
make_confirm_thaw(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ConfirmThaws, ledger__confirm_thaws__init);
    struct city *city = &sim->city;
    uint32_t kind = city->thaw_count[0] ? 0 : 1;
    Ledger__FreezePayee *row;

    if (city->thaw_count[kind] == 0)
        return false;
    MAKE_LIST(sim, message->rows, message->n_rows, 1, Ledger__FreezePayee, ledger__freeze_payee__init);
    row = message->rows[0];
    *(kind ? &row->institution : &row->person) = city->thaws[kind][--city->thaw_count[kind]];
    draft->agency = !orderly(sim) && rng_chance(&sim->work, 1500) ? A_FINANCE : A_CHECKER;
    draft->message = message;
    return true;
}

/* ---- Limits ---- */

static uint32_t
place_of(uint32_t division)
{
    uint32_t place = 0;

    _Static_assert(CITY_DIVISIONS <= sizeof(((struct city *)0)->limits_asked) / sizeof(struct limit_figures), "room");
    while (city_divisions[place] != division)
        place++;
    return place;
}

/* At the end they are lifted, from a day on that lies behind all others. */
bool
make_limits(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__SetPaymentLimits, ledger__set_payment_limits__init);
    Ledger__PaymentLimit *row;

    if (orderly(sim) && sim->city.limits_lifted == CITY_DIVISIONS)
        return false;
    MAKE_LIST(sim, message->rows, message->n_rows, 1, Ledger__PaymentLimit, ledger__payment_limit__init);
    row = message->rows[0];
    row->document = text_of("石财库〔2020〕8号");
    if (orderly(sim)) {
        row->division = city_divisions[sim->city.limits_lifted++];
        row->from_day = city_today(sim) + 6;
    } else {
        row->division = city_divisions[rng_below(&sim->work, CITY_DIVISIONS)];
        row->from_day = city_today(sim) + (int32_t)rng_below(&sim->work, 4);
        row->batch_fen = rng_chance(&sim->work, 5000) ? rng_between(&sim->work, 0, 600000) : 0;
        row->row_fen = rng_chance(&sim->work, 3000) ? rng_between(&sim->work, 0, 200000) : 0;
        row->day_fen = rng_chance(&sim->work, 3000) ? rng_between(&sim->work, 0, 3000000) : 0;
    }
    sim->city.limits_asked[place_of(row->division)] =
        (struct limit_figures){row->from_day, row->batch_fen, row->row_fen, row->day_fen};
    draft->agency = A_FINANCE;
    draft->message = message;
    return true;
}

/* As it was asked for, whether it had to be or not; now and then by the wrong key, or with another figure. */
bool
make_confirm_limits(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__ConfirmPaymentLimits, ledger__confirm_payment_limits__init);
    struct city *city = &sim->city;
    const struct limit_figures *asked;
    Ledger__PaymentLimit *row;
    uint32_t place;

    if (orderly(sim) && city->limits_confirmed == CITY_DIVISIONS)
        return false;
    place = orderly(sim) ? city->limits_confirmed++ : (uint32_t)rng_below(&sim->work, CITY_DIVISIONS);
    asked = &city->limits_asked[place];
    MAKE_LIST(sim, message->rows, message->n_rows, 1, Ledger__PaymentLimit, ledger__payment_limit__init);
    row = message->rows[0];
    row->division = city_divisions[place];
    row->from_day = asked->from_day;
    row->batch_fen = asked->batch_fen;
    row->row_fen = asked->row_fen;
    row->day_fen = asked->day_fen;
    if (!orderly(sim) && rng_chance(&sim->work, 1000))
        row->day_fen += 100;
    draft->agency = !orderly(sim) && rng_chance(&sim->work, 1500) ? A_FINANCE : A_CHECKER;
    draft->message = message;
    return true;
}

bool
make_limits_query(struct sim *sim, struct sim_draft *draft)
{
    MAKE(sim, message, Ledger__PaymentLimitsRequest, ledger__payment_limits_request__init);

    message->division = city_divisions[rng_below(&sim->work, CITY_DIVISIONS)];
    draft->agency = A_AUDITOR;
    draft->message = message;
    return true;
}
