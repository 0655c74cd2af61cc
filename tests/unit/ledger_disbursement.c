/* Instalments of grants through the bank: maker and checker, limits, freezes, offsets, what the bank says of them; and
 * what was misused comes back to where it came from. 2.12-c, 2.12-e */
#include "ledger_owing.h"

#include <string.h>

#define TALENT COMMON__FUND__LOCAL_TALENT
#define BASE   COMMON__PURPOSE__TRAINING_BASE

/* ---- Given and when ---- */

static uint64_t last_batch;

/* The row's own code; the batch that it went into. */
static enum jn_code
disburse(struct story *s, uint64_t grant, int64_t yuan, const char *document)
{
    Ledger__DisburseGrants cmd = LEDGER__DISBURSE_GRANTS__INIT;
    Ledger__Disburse row = LEDGER__DISBURSE__INIT, *rows[] = {&row};
    const void *reply;
    enum jn_code code;

    row.grant = grant;
    row.amount_fen = yuan * 100;
    row.document = (char *)(uintptr_t)document;
    cmd.n_rows = 1;
    cmd.rows = rows;
    code = jn_world_command(s->w, &s->finance, "DisburseGrants", &cmd, &reply);
    if (code != JN_OK)
        return code;
    if (((const Ledger__Disbursed *)reply)->n_refused)
        return (enum jn_code)((const Ledger__Disbursed *)reply)->refused[0]->code;
    last_batch = ((const Ledger__Disbursed *)reply)->n_batches ? ((const Ledger__Disbursed *)reply)->batches[0] : 0;
    return JN_OK;
}

static enum jn_code
bank_says_of(struct story *s, uint64_t number, uint64_t disbursement, bool paid, const char *reason)
{
    Ledger__RecordBankResults cmd = LEDGER__RECORD_BANK_RESULTS__INIT;
    Ledger__BankResult row = LEDGER__BANK_RESULT__INIT, *rows[] = {&row};
    const void *reply;
    enum jn_code code;

    to_bank(s, number);
    row.disbursement = disbursement;
    row.paid = paid;
    row.reason = (char *)(uintptr_t)reason;
    row.unknown = !paid && strcmp(reason, "in process") == 0;
    cmd.batch = number;
    cmd.n_rows = 1;
    cmd.rows = rows;
    code = jn_world_command(s->w, &s->finance, "RecordBankResults", &cmd, &reply);
    if (code == JN_OK && ((const Ledger__Outcomes *)reply)->n_refused)
        code = (enum jn_code)((const Ledger__Outcomes *)reply)->refused[0]->code;
    return code;
}

static enum jn_code
resend_one(struct story *s, uint64_t disbursement)
{
    Ledger__Resend cmd = LEDGER__RESEND__INIT;
    const void *reply;
    enum jn_code code;

    cmd.disbursement = disbursement;
    code = jn_world_command(s->w, &s->finance, "Resend", &cmd, &reply);
    last_batch = code == JN_OK ? ((const Ledger__Posted *)reply)->number : 0;
    return code;
}

static enum jn_code
take_out(struct story *s, uint64_t number, uint64_t disbursement)
{
    Ledger__WithdrawClaims cmd = LEDGER__WITHDRAW_CLAIMS__INIT;
    const void *reply;
    enum jn_code code;

    cmd.batch = number;
    cmd.n_disbursements = 1;
    cmd.disbursements = &disbursement;
    code = jn_world_command(s->w, &s->finance, "WithdrawClaims", &cmd, &reply);
    if (code == JN_OK && ((const Ledger__Outcomes *)reply)->n_refused)
        code = (enum jn_code)((const Ledger__Outcomes *)reply)->refused[0]->code;
    return code;
}

static const Ledger__GrantView *
grant(struct story *s, uint64_t number)
{
    Ledger__GrantsRequest request = LEDGER__GRANTS_REQUEST__INIT;
    const void *reply;

    request.grant = number;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Grants", &request, &reply), JN_OK);
    assert_int_equal(((const Ledger__GrantsView *)reply)->n_rows, 1);
    return ((const Ledger__GrantsView *)reply)->rows[0];
}

static uint64_t numbers[8];
static size_t numbers_count;

static enum jn_code
misused(struct story *s, uint64_t number, int64_t yuan, Ledger__DebtKind kind)
{
    Ledger__OpenRecovery cmd = LEDGER__OPEN_RECOVERY__INIT;
    const void *reply;
    enum jn_code code;

    cmd.grant = number;
    cmd.amount_fen = yuan * 100;
    cmd.kind = kind;
    cmd.document = (char *)(uintptr_t) "石审〔2020〕4号";
    cmd.clause = (char *)(uintptr_t) "2.4-c";
    code = jn_world_command(s->w, &s->finance, "OpenRecovery", &cmd, &reply);
    if (code != JN_OK)
        return code;
    numbers_count = ((const Ledger__Posted *)reply)->n_numbers;
    for (size_t i = 0; i < numbers_count; i++)
        numbers[i] = ((const Ledger__Posted *)reply)->numbers[i];
    last_number = ((const Ledger__Posted *)reply)->number;
    return JN_OK;
}

/* A grant of so much, from Chang'an's own account, which has a thousand yuan. */
static void
granted(struct story *s, int64_t yuan)
{
    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    assert_int_equal(ask_grant(s, (struct asked){"base-1", EMPLOYMENT, CHANGAN, BASE, yuan}), JN_OK);
}

/* ---- To the bank and back ---- */

static void
an_instalment_goes_through_two_hands_and_the_bank(void **state)
{
    struct story *s = *state;

    granted(s, 300);
    assert_int_equal(disburse(s, 1, 120, "P-1"), JN_OK);
    assert_int_equal(last_batch, 1);
    assert_true(batch_head(s, 1)->grants);
    assert_int_equal(batch_head(s, 1)->amount_fen, 12000);
    assert_int_equal(batch(s, 1)->rows[0]->disbursement, 1);
    assert_int_equal(batch(s, 1)->rows[0]->grant, 1);
    assert_string_equal(batch(s, 1)->rows[0]->state, "instructed");
    assert_true(*batch(s, 1)->rows[0]->purpose); /* what it is for stands in the bank's file */
    assert_int_equal(grant(s, 1)->ordered_fen, 12000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->granted_fen, 30000); /* not paid before the bank says so */
    assert_int_equal(bank_says_of(s, 1, 2, true, ""), JN_NOT_FOUND);
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 11999), JN_WRONG_STATE); /* bank_says_of has released it */
    assert_int_equal(bank_says_of(s, 1, 1, true, ""), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->granted_fen, 18000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->grant_paid_fen, 12000);
    assert_int_equal(grant(s, 1)->paid_fen, 12000);
    assert_int_equal(grant(s, 1)->ordered_fen, 0);
    assert_string_equal(grant(s, 1)->disbursements[0]->state, "paid");
    assert_int_equal(bank_says_of(s, 1, 1, true, ""), JN_WRONG_STATE);
    counts(totals(s)->paid, 0, 0); /* claims' totals know nothing of it */
    assert_int_equal(totals(s)->open_batches, 0);
}

static void
who_made_it_may_not_release_it_and_what_is_declared_holds(void **state)
{
    struct story *s = *state;

    granted(s, 300);
    disburse(s, 1, 120, "P-1");
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 11999), JN_REFUSED);
    assert_int_equal(submit_as(s, &s->finance, 1, 2, 12000), JN_REFUSED);
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 12000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->finance, 1), JN_REFUSED);
    assert_string_equal(batch(s, 1)->rows[0]->account, "");
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_OK);
    assert_int_equal(bank_says_of(s, 1, 1, false, "no such account"), JN_OK);
}

static void
rows_of_a_division_share_a_batch(void **state)
{
    struct story *s = *state;
    Ledger__DisburseGrants cmd = LEDGER__DISBURSE_GRANTS__INIT;
    Ledger__Disburse rows[4], *pointers[4];
    const void *reply;

    granted(s, 300);
    appropriate(s, EMPLOYMENT, QIAOXI, 1000);
    ask_grant(s, (struct asked){"base-2", EMPLOYMENT, CHANGAN, BASE, 200});
    ask_grant(s, (struct asked){"base-3", EMPLOYMENT, QIAOXI, BASE, 100});
    for (size_t i = 0; i < 4; i++) {
        pointers[i] = &rows[i];
        ledger__disburse__init(&rows[i]);
        rows[i].grant = i < 3 ? i + 1 : 1;
        rows[i].amount_fen = i < 3 ? 5000 : 25001; /* 50 of 300 are ordered: a fen too much */
        rows[i].document = (char *)(uintptr_t)(i < 3 ? "P-1" : "P-2");
    }
    cmd.n_rows = 4;
    cmd.rows = pointers;
    assert_int_equal(jn_world_command(s->w, &s->finance, "DisburseGrants", &cmd, &reply), JN_OK);
    assert_int_equal(((const Ledger__Disbursed *)reply)->done, 3);
    assert_int_equal(((const Ledger__Disbursed *)reply)->n_refused, 1);
    assert_int_equal(((const Ledger__Disbursed *)reply)->refused[0]->row, 3);
    assert_int_equal(((const Ledger__Disbursed *)reply)->refused[0]->code, JN_OUT_OF_LIMITS);
    assert_int_equal(((const Ledger__Disbursed *)reply)->n_batches, 2);
    assert_int_equal(batch_head(s, 1)->rows, 2);
    assert_int_equal(batch_head(s, 1)->amount_fen, 10000);
    assert_int_equal(batch_head(s, 2)->division, QIAOXI);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    assert_int_equal(grant(s, 1)->paid_fen, 5000);
    assert_int_equal(grant(s, 2)->paid_fen, 5000);
    assert_int_equal(grant(s, 3)->paid_fen, 0);
}

static void
a_document_is_one_instalment_however_it_is_paid(void **state)
{
    struct story *s = *state;

    granted(s, 300);
    assert_int_equal(disburse(s, 1, 100, "P-1"), JN_OK);
    assert_int_equal(disburse(s, 1, 100, "P-1"), JN_OK); /* the same: nothing new */
    assert_int_equal(disburse(s, 1, 99, "P-1"), JN_CONFLICT);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_GRANT_INSTRUCTED), 1);
    assert_int_equal(pay_grant(s, 1, 100, "P-1"), JN_WRONG_STATE);   /* it is in a batch */
    assert_int_equal(pay_grant(s, 1, 201, "P-2"), JN_OUT_OF_LIMITS); /* 100 are ordered */
    assert_int_equal(release_grant(s, 1, 201), JN_OUT_OF_LIMITS);
    assert_int_equal(pay_grant(s, 1, 50, "P-2"), JN_OK);
    assert_int_equal(disburse(s, 1, 50, "P-2"), JN_CONFLICT); /* paid outside the bank's files */
    assert_int_equal(bank_says_of(s, 1, 1, true, ""), JN_OK);
    assert_int_equal(disburse(s, 1, 100, "P-1"), JN_OK);  /* paid already: nothing new */
    assert_int_equal(pay_grant(s, 1, 100, "P-1"), JN_OK); /* the same instalment, known */
    assert_int_equal(grant(s, 1)->paid_fen, 15000);
    assert_int_equal(release_grant(s, 1, 0), JN_OK);
    assert_int_equal(grant(s, 1)->released_fen, 15000);
    has(s, EMPLOYMENT, CHANGAN, 850);
}

static void
what_failed_is_open_again_and_resent(void **state)
{
    struct story *s = *state;

    granted(s, 300);
    disburse(s, 1, 200, "P-1");
    assert_int_equal(resend_one(s, 1), JN_WRONG_STATE);
    assert_int_equal(bank_says_of(s, 1, 1, false, "account closed"), JN_OK);
    assert_int_equal(grant(s, 1)->ordered_fen, 0);
    assert_string_equal(grant(s, 1)->disbursements[0]->state, "failed");
    assert_string_equal(grant(s, 1)->disbursements[0]->reason, "account closed");
    assert_int_equal(disburse(s, 1, 200, "P-1"), JN_WRONG_STATE);
    assert_int_equal(resend(s, 1, 0), JN_OK);
    assert_int_equal(batch_head(s, 2)->amount_fen, 20000);
    assert_string_equal(batch(s, 1)->rows[0]->state, "failed");
    assert_int_equal(bank_says_of(s, 2, 1, false, "account closed"), JN_OK);
    assert_int_equal(disburse(s, 1, 150, "P-2"), JN_OK);
    assert_int_equal(resend_one(s, 1), JN_OUT_OF_LIMITS); /* 150 of 300 are open */
    assert_int_equal(resend(s, 2, 0), JN_OUT_OF_LIMITS);
    assert_int_equal(bank_says_of(s, 3, 2, false, "account closed"), JN_OK);
    assert_int_equal(pay_grant(s, 1, 200, "P-1"), JN_OK); /* by cheque, as it were */
    assert_int_equal(resend_one(s, 1), JN_WRONG_STATE);
    assert_int_equal(resend_one(s, 9), JN_NOT_FOUND);
    assert_int_equal(grant(s, 1)->paid_fen, 20000);
}

static void
undecided_and_contradicted_as_claims_are(void **state)
{
    struct story *s = *state;

    granted(s, 300);
    disburse(s, 1, 200, "P-1");
    assert_int_equal(bank_says_of(s, 1, 1, false, "in process"), JN_OK);
    assert_string_equal(batch(s, 1)->rows[0]->state, "unknown");
    assert_int_equal(bank_says_of(s, 1, 1, false, "account closed"), JN_OK);
    assert_int_equal(bank_says_of(s, 1, 1, true, ""), JN_REFUSED); /* paid_after_failed */
    assert_int_equal(resend_one(s, 1), JN_REFUSED);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_BANK_DISAGREED), 1);
    assert_int_equal(bank_says_of(s, 1, 1, true, ""), JN_REFUSED);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_BANK_DISAGREED), 1);
}

/* ---- What keeps it back ---- */

static void
a_frozen_institution_is_paid_nothing(void **state)
{
    struct story *s = *state;

    granted(s, 300);
    disburse(s, 1, 100, "P-1");
    assert_int_equal(freeze(s, 0, PROVIDER, 0), JN_OK);
    assert_int_equal(disburse(s, 1, 100, "P-2"), JN_REFUSED);
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 10000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_REFUSED);
    assert_int_equal(take_out(s, 1, 1), JN_WRONG_STATE); /* what was declared cannot change */
    assert_int_equal(send_back(s, &s->checker, 1), JN_OK);
    assert_int_equal(withdraw(s, 1, 1), JN_MALFORMED);
    assert_int_equal(take_out(s, 1, 2), JN_NOT_FOUND);
    assert_int_equal(take_out(s, 1, 1), JN_OK);
    assert_string_equal(grant(s, 1)->disbursements[0]->state, "withdrawn");
    assert_int_equal(grant(s, 1)->ordered_fen, 0);
    assert_int_equal(batch_head(s, 1)->state, LEDGER__BATCH_STATE__VOID);
    assert_int_equal(thaw(s, 0, PROVIDER, 0), JN_OK);
    assert_int_equal(disburse(s, 1, 100, "P-1"), JN_OK);          /* anew */
    assert_int_equal(take_out(s, last_batch, 2), JN_WRONG_STATE); /* nothing keeps it back */
    assert_int_equal(bank_pays(s, last_batch), JN_OK);
    assert_int_equal(grant(s, 1)->paid_fen, 10000);
}

static void
what_the_payee_owes_is_taken_off(void **state)
{
    struct story *s = *state;

    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 2000);
    appropriate(s, TALENT, CHANGAN, 2000);
    owes(s, 1, CHANGAN, 600, 400); /* 200 are owed by the provider, to employment_subsidy; its advance was batch 1 */
    ask_grant(s, (struct asked){"other-fund", TALENT, CHANGAN, BASE, 300});
    ask_grant(s, (struct asked){"same-fund", EMPLOYMENT, CHANGAN, BASE, 500});
    assert_int_equal(disburse(s, 1, 300, "P-1"), JN_OK);
    assert_int_equal(batch_head(s, last_batch)->amount_fen, 30000); /* another fund's money pays no debt of this one */
    assert_int_equal(disburse(s, 2, 150, "P-1"), JN_OK);
    assert_int_equal(batch_head(s, last_batch)->amount_fen, 0); /* all of it is owed: nothing for the bank to do */
    assert_int_equal(grant(s, 2)->paid_fen, 15000);
    assert_int_equal(receivable(s, 1)->left_fen, 5000);
    assert_int_equal(disburse(s, 2, 300, "P-2"), JN_OK);
    assert_int_equal(batch_head(s, last_batch)->amount_fen, 25000);
    assert_int_equal(batch(s, last_batch)->rows[0]->setoff_fen, 5000);
    assert_int_equal(batch(s, last_batch)->rows[0]->receivables[0], 1);
    assert_int_equal(repay(s, 1, 1), JN_WRONG_STATE); /* on its way */
    assert_int_equal(bank_says_of(s, last_batch, 3, false, "account closed"), JN_OK);
    assert_int_equal(receivable(s, 1)->offset_fen, 0); /* owed as before */
    assert_int_equal(resend_one(s, 3), JN_OK);
    assert_int_equal(bank_says_of(s, last_batch, 3, true, ""), JN_OK);
    assert_int_equal(receivable(s, 1)->returned_fen, 20000);
    assert_int_equal(grant(s, 2)->paid_fen, 45000); /* whole */
    has(s, EMPLOYMENT, CHANGAN, 1100);              /* 2000 - 600 - 500 + 200 */
}

static void
over_a_limit_a_third_key_is_wanted(void **state)
{
    struct story *s = *state;
    Ledger__SetPaymentLimits cmd = LEDGER__SET_PAYMENT_LIMITS__INIT;
    Ledger__PaymentLimit row = LEDGER__PAYMENT_LIMIT__INIT, *rows[] = {&row};
    struct jn_agency director = jn_world_agency("finance.director", ROLE_FINANCE);

    granted(s, 300);
    row.division = CHANGAN;
    row.row_fen = 9999;
    row.document = (char *)(uintptr_t) "L-1";
    assert_true(date_parse("2019-11-02", &row.from_day));
    cmd.n_rows = 1;
    cmd.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->finance, "SetPaymentLimits", &cmd, NULL), JN_OK);
    on(s, "2019-11-03");
    disburse(s, 1, 100, "P-1");
    assert_int_equal(submit_as(s, &s->finance, 1, 1, 10000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_OK);
    assert_int_equal(batch_head(s, 1)->state, LEDGER__BATCH_STATE__CHECKED);
    assert_int_equal(release_batch_as(s, &director, 1), JN_OK);
    assert_int_equal(bank_says_of(s, 1, 1, true, ""), JN_OK);
}

/* ---- What was misused comes back ---- */

static void
a_misused_grant_is_reversed_to_its_account(void **state)
{
    struct story *s = *state;

    granted(s, 300);
    assert_int_equal(misused(s, 1, 0, ERROR), JN_WRONG_STATE);
    disburse(s, 1, 200, "P-1");
    bank_pays(s, last_batch);
    assert_int_equal(misused(s, 1, 201, ERROR), JN_OUT_OF_LIMITS);
    assert_int_equal(misused(s, 2, 1, ERROR), JN_NOT_FOUND);
    assert_int_equal(misused(s, 1, 80, ERROR), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->grant_paid_fen, 12000);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 0)->receivable_fen, 8000);
    assert_int_equal(grant(s, 1)->reversed_fen, 8000);
    assert_int_equal(receivable(s, 1)->row->grant, 1);
    counts(totals(s)->grants_reversed, 1, 80);
    counts(totals(s)->reversed, 0, 0);
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 3000}, {"2020-01-10", 5000}), false), JN_OK);
    assert_int_equal(repay(s, 1, 3000), JN_OK);
    on(s, "2020-01-11");
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE), 1);
    assert_int_equal(repay(s, 1, 5000), JN_OK);
    assert_int_equal(account(s, EMPLOYMENT, CHANGAN, 2019)->receivable_fen, 0);
    has(s, EMPLOYMENT, CHANGAN, 780);                 /* 1000 - 300 + 80 */
    assert_int_equal(misused(s, 1, 0, ERROR), JN_OK); /* the rest: 120 */
    assert_int_equal(receivable(s, 2)->left_fen, 12000);
    assert_int_equal(misused(s, 1, 0, ERROR), JN_WRONG_STATE);
}

static void
earmarked_money_comes_back_to_what_it_is_earmarked_for(void **state)
{
    struct story *s = *state;

    designate(s);
    earmark(s, EMPLOYMENT, CHANGAN, 0, BASE, 500);
    ask_grant(s, (struct asked){"a", EMPLOYMENT, CHANGAN, BASE, 400});
    pay_grant(s, 1, 400, "P-1"); /* outside the bank's files: recovered all the same */
    assert_int_equal(misused(s, 1, 100, ERROR), JN_OK);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, 0, BASE)->receivable_fen, 10000);
    assert_int_equal(repay(s, 1, 6000), JN_OK);
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, 0, BASE)->available_fen, 16000);
    assert_int_equal(write_off(s, 1, "W-1"), JN_OK); /* 40 */
    assert_int_equal(earmarked(s, EMPLOYMENT, CHANGAN, 0, BASE)->written_off_fen, 4000);
}

static void
fraud_with_a_grant_stops_all_payments_to_its_payee(void **state)
{
    struct story *s = *state;

    granted(s, 300);
    pay_grant(s, 1, 100, "P-1");
    disburse(s, 1, 50, "P-2");
    assert_int_equal(misused(s, 1, 100, FRAUD), JN_OK);
    assert_int_equal(disburse(s, 1, 20, "P-3"), JN_REFUSED);
    submit_as(s, &s->finance, 1, 1, 5000);
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_REFUSED);
    settle(s, CHANGAN, TRAINING(100)); /* a claim of the same institution is kept, too */
    approve(s, 1, 1, 1);
    is(s, 1, "committed");
    assert_int_equal(arrange(s, 1, PLAN({"2019-12-01", 10000}), false), JN_REFUSED);
    assert_int_equal(repay(s, 1, 10000), JN_OK);
    on(s, "2019-11-02"); /* what was kept goes on by a timer */
    is(s, 1, "instructed");
    assert_int_equal(release_batch_as(s, &s->checker, 1), JN_OK);
    assert_int_equal(bank_says_of(s, 1, 1, true, ""), JN_OK);
}

static enum jn_code
pool_of_two(struct story *s)
{
    Ledger__Pool cmd = LEDGER__POOL__INIT;
    Ledger__PoolShare one = LEDGER__POOL_SHARE__INIT, other = one, *shares[] = {&one, &other};

    one.fund = EMPLOYMENT;
    one.amount_fen = 30000;
    other.fund = TALENT;
    other.amount_fen = 10000;
    cmd.division = CHANGAN;
    cmd.n_sources = 2;
    cmd.sources = shares;
    cmd.document = (char *)(uintptr_t) "统筹 1号";
    return jn_world_command(s->w, &s->finance, "Pool", &cmd, NULL);
}

static enum jn_code
ask_pooled(struct story *s, int64_t yuan)
{
    Ledger__Grant cmd = LEDGER__GRANT__INIT;
    Ledger__GrantAsked row = LEDGER__GRANT_ASKED__INIT, *rows[] = {&row};
    const void *reply;

    row.id = (char *)(uintptr_t) "pooled";
    row.division = CHANGAN;
    row.purpose = BASE;
    row.institution = PROVIDER;
    row.amount_fen = yuan * 100;
    row.document = (char *)(uintptr_t) "D";
    row.pooled = true;
    cmd.n_rows = 1;
    cmd.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->finance, "Grant", &cmd, &reply), JN_OK);
    return ((const Ledger__Outcomes *)reply)->n_refused
               ? (enum jn_code)((const Ledger__Outcomes *)reply)->refused[0]->code
               : JN_OK;
}

/* Of 400 employment_subsidy bears three quarters, local_talent one. */
static void
a_pools_sources_pay_and_get_back_in_proportion(void **state)
{
    struct story *s = *state;

    designate(s);
    appropriate(s, EMPLOYMENT, CHANGAN, 300);
    appropriate(s, TALENT, CHANGAN, 100);
    assert_int_equal(pool_of_two(s), JN_OK);
    assert_int_equal(ask_pooled(s, 400), JN_OK);
    assert_int_equal(disburse(s, 1, 200, "P-1"), JN_OK);
    assert_int_equal(grant(s, 1)->shares[0]->ordered_fen, 15000);
    assert_int_equal(bank_says_of(s, last_batch, 1, false, "account closed"), JN_OK);
    assert_int_equal(grant(s, 1)->shares[0]->ordered_fen, 0);
    assert_int_equal(resend_one(s, 1), JN_OK);
    assert_int_equal(bank_pays(s, last_batch), JN_OK);
    assert_int_equal(grant(s, 1)->shares[0]->paid_fen, 15000);
    assert_int_equal(grant(s, 1)->shares[1]->paid_fen, 5000);
    assert_int_equal(misused(s, 1, 40, ERROR), JN_OK);
    assert_int_equal(numbers_count, 2);
    assert_int_equal(receivable(s, numbers[0])->row->fund, EMPLOYMENT);
    assert_int_equal(receivable(s, numbers[0])->left_fen, 3000);
    assert_int_equal(receivable(s, numbers[1])->row->fund, TALENT);
    assert_int_equal(receivable(s, numbers[1])->left_fen, 1000);
    assert_int_equal(account(s, TALENT, CHANGAN, 0)->receivable_fen, 1000);
    /* The next instalment of the same grant brings it back: each source's from its own share. */
    assert_int_equal(disburse(s, 1, 100, "P-2"), JN_OK);
    assert_int_equal(batch_head(s, last_batch)->amount_fen, 6000);
    assert_int_equal(bank_pays(s, last_batch), JN_OK);
    assert_int_equal(receivable(s, numbers[0])->left_fen, 0);
    assert_int_equal(receivable(s, numbers[1])->left_fen, 0);
    has(s, EMPLOYMENT, CHANGAN, 30); /* to the source itself */
    has(s, TALENT, CHANGAN, 10);
    assert_int_equal(grant(s, 1)->paid_fen, 30000);
    counts(totals(s)->grants_reversed, 2, 40);
}

static void
a_disbursement_must_make_sense(void **state)
{
    struct story *s = *state;
    Ledger__DisburseGrants none = LEDGER__DISBURSE_GRANTS__INIT;
    char text[TEXT_BYTES_MAX + 2];

    memset(text, 'x', sizeof(text));
    text[TEXT_BYTES_MAX + 1] = '\0';
    granted(s, 300);
    assert_int_equal(jn_world_command(s->w, &s->finance, "DisburseGrants", &none, NULL), JN_MALFORMED);
    assert_int_equal(disburse(s, 1, 0, "P"), JN_MALFORMED);
    assert_int_equal(disburse(s, 1, -1, "P"), JN_MALFORMED);
    assert_int_equal(disburse(s, 1, 1, ""), JN_MALFORMED);
    assert_int_equal(disburse(s, 1, 1, text), JN_MALFORMED);
    assert_int_equal(disburse(s, 0, 1, "P"), JN_NOT_FOUND);
    assert_int_equal(disburse(s, 2, 1, "P"), JN_NOT_FOUND);
    assert_int_equal(disburse(s, 1, 301, "P"), JN_OUT_OF_LIMITS);
    s->finance = s->county; /* what lies beyond a key's scope sounds like what is not there */
    assert_int_equal(disburse(s, 1, 1, "P"), JN_NOT_FOUND);
    s->finance = jn_world_agency("finance", ROLE_FINANCE);
    for (int i = 0; i < 24; i++) {
        char document[8] = {'P', (char)('a' + i), 0};

        assert_int_equal(disburse(s, 1, 1, document), JN_OK);
    }
    assert_int_equal(disburse(s, 1, 1, "one too many"), JN_OUT_OF_LIMITS);
    assert_int_equal(pay_grant(s, 1, 1, "one too many"), JN_OUT_OF_LIMITS);
}

const struct CMUnitTest ledger_disbursements[] = {
    STORY(an_instalment_goes_through_two_hands_and_the_bank),
    STORY(who_made_it_may_not_release_it_and_what_is_declared_holds),
    STORY(rows_of_a_division_share_a_batch),
    STORY(a_document_is_one_instalment_however_it_is_paid),
    STORY(what_failed_is_open_again_and_resent),
    STORY(undecided_and_contradicted_as_claims_are),
    STORY(a_frozen_institution_is_paid_nothing),
    STORY(what_the_payee_owes_is_taken_off),
    STORY(over_a_limit_a_third_key_is_wanted),
    STORY(a_misused_grant_is_reversed_to_its_account),
    STORY(earmarked_money_comes_back_to_what_it_is_earmarked_for),
    STORY(fraud_with_a_grant_stops_all_payments_to_its_payee),
    STORY(a_pools_sources_pay_and_get_back_in_proportion),
    STORY(a_disbursement_must_make_sense),
};
const size_t ledger_disbursements_count = sizeof(ledger_disbursements) / sizeof(ledger_disbursements[0]);
