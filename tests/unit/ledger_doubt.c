/* Where the bank leaves something open, or contradicts what it said. */
#include "ledger_story.h"

#include <string.h>

/* ---- Unknown ---- */

static enum jn_code
bank_does_not_say(struct story *s, uint64_t number, uint64_t claim_number, const char *reason)
{
    Ledger__RecordBankResults cmd = LEDGER__RECORD_BANK_RESULTS__INIT;
    Ledger__BankResult row = LEDGER__BANK_RESULT__INIT, *rows[] = {&row};
    const void *reply;
    enum jn_code code;

    to_bank(s, number);
    row.claim = claim_number;
    row.unknown = true;
    row.reason = (char *)(uintptr_t)reason;
    cmd.batch = number;
    cmd.n_rows = 1;
    cmd.rows = rows;
    code = jn_world_command(s->w, &s->finance, "RecordBankResults", &cmd, &reply);
    return code == JN_OK && ((const Ledger__Outcomes *)reply)->n_refused
               ? (enum jn_code)((const Ledger__Outcomes *)reply)->refused[0]->code
               : code;
}

static const Ledger__UnknownsView *
unknowns(struct story *s, const struct jn_agency *who, uint64_t after_batch, uint64_t after_claim)
{
    Ledger__UnknownsRequest request = LEDGER__UNKNOWNS_REQUEST__INIT;
    const void *reply;

    request.after_batch = after_batch;
    request.after_claim = after_claim;
    assert_int_equal(jn_world_query(s->w, who, "Unknowns", &request, &reply), JN_OK);
    return reply;
}

static void
what_the_bank_has_not_decided_is_never_sent_again(void **state)
{
    struct story *s = *state;
    int32_t first;

    assert_true(date_parse("2019-11-01", &first));
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), LIVING(50), LIVING(30));
    approve(s, 1, 1, 3);
    assert_int_equal(bank_does_not_say(s, 1, 2, "in process"), JN_OK);
    assert_int_equal(bank_does_not_say(s, 1, 3, ""), JN_OK);
    on(s, "2019-11-05");
    assert_int_equal(bank_does_not_say(s, 1, 2, "in process"), JN_OK); /* the same again: nothing new */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_BANK_UNDECIDED), 2);
    assert_int_equal(bank_does_not_say(s, 1, 2, "looked into"), JN_OK);
    is(s, 2, "instructed");
    assert_non_null(strstr(claim(s, 2)->why, "2019-11-01"));
    assert_string_equal(batch(s, 1)->rows[1]->state, "unknown");
    assert_int_equal(batch_head(s, 1)->unknown, 2);
    assert_int_equal(unknowns(s, &s->auditor, 0, 0)->n_rows, 2);
    assert_int_equal(unknowns(s, &s->auditor, 0, 0)->rows[0]->since_day, first);
    assert_string_equal(unknowns(s, &s->auditor, 0, 0)->rows[0]->reason, "looked into");
    assert_int_equal(unknowns(s, &s->auditor, 1, 2)->n_rows, 1);
    assert_int_equal(unknowns(s, &s->county, 0, 0)->n_rows, 0);
    assert_int_equal(resend(s, 0, 2), JN_WRONG_STATE);
    assert_int_equal(resend(s, 1, 0), JN_WRONG_STATE);
    assert_int_equal(bank_says(s, 1, 2, false, "no such account"), JN_OK);
    assert_int_equal(unknowns(s, &s->auditor, 0, 0)->n_rows, 1);
    assert_int_equal(bank_does_not_say(s, 1, 2, ""), JN_WRONG_STATE); /* it has answered */
    assert_int_equal(bank_pays(s, 1), JN_OK);
    assert_int_equal(unknowns(s, &s->auditor, 0, 0)->n_rows, 0);
    counts(totals(s)->paid, 2, 130);
}

static void
an_advance_may_be_undecided(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    assert_int_equal(bank_does_not_say(s, 1, 0, "in process"), JN_OK);
    assert_int_equal(unknowns(s, &s->auditor, 0, 0)->n_rows, 1);
    assert_string_equal(batch(s, 1)->rows[0]->state, "unknown");
    assert_int_equal(resend(s, 1, 0), JN_WRONG_STATE);
    assert_int_equal(bank_says(s, 1, 0, true, ""), JN_OK);
    assert_int_equal(unknowns(s, &s->auditor, 0, 0)->n_rows, 0);
}

/* ---- Contradictions ---- */

static const Ledger__DisagreementsView *
disagreements(struct story *s, bool settled)
{
    Ledger__DisagreementsRequest request = LEDGER__DISAGREEMENTS_REQUEST__INIT;
    const void *reply;

    request.settled = settled;
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Disagreements", &request, &reply), JN_OK);
    return reply;
}

static enum jn_code
settle_with(struct story *s, uint64_t number, uint64_t claim_number, Ledger__Contradiction what, const char *document)
{
    Ledger__SettleDisagreement cmd = LEDGER__SETTLE_DISAGREEMENT__INIT;

    cmd.batch = number;
    cmd.claim = claim_number;
    cmd.what = what;
    cmd.document = (char *)(uintptr_t)document;
    return jn_world_command(s->w, &s->finance, "SettleDisagreement", &cmd, NULL);
}

static void
a_reversal_moves_no_money_and_is_listed(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), LIVING(50));
    approve(s, 1, 1, 2);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    assert_int_equal(bank_says(s, 1, 2, true, ""), JN_WRONG_STATE); /* the file a second time */
    assert_int_equal(disagreements(s, false)->n_rows, 0);
    assert_int_equal(bank_says(s, 1, 2, false, "returned"), JN_REFUSED);
    assert_int_equal(bank_says(s, 1, 2, false, "returned"), JN_REFUSED); /* once more: told once */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_BANK_DISAGREED), 1);
    is(s, 2, "paid");
    counts(totals(s)->paid, 2, 150);
    assert_int_equal(disagreements(s, false)->n_rows, 1);
    assert_int_equal(disagreements(s, false)->rows[0]->what, LEDGER__CONTRADICTION__PAYMENT_REVERSED);
    assert_string_equal(disagreements(s, false)->rows[0]->recorded, "paid");
    assert_string_equal(disagreements(s, false)->rows[0]->bank_says, "failed");
    assert_string_equal(disagreements(s, false)->rows[0]->reason, "returned");
    assert_int_equal(settle_with(s, 1, 2, LEDGER__CONTRADICTION__PAYMENT_REVERSED, ""), JN_MALFORMED);
    assert_int_equal(settle_with(s, 1, 1, LEDGER__CONTRADICTION__PAYMENT_REVERSED, "D-1"), JN_NOT_FOUND);
    assert_int_equal(settle_with(s, 1, 2, LEDGER__CONTRADICTION__DOUBLE_DEBIT, "D-1"), JN_NOT_FOUND);
    assert_int_equal(settle_with(s, 1, 2, LEDGER__CONTRADICTION__PAYMENT_REVERSED, "D-1"), JN_OK);
    assert_int_equal(settle_with(s, 1, 2, LEDGER__CONTRADICTION__PAYMENT_REVERSED, "D-1"), JN_WRONG_STATE);
    assert_int_equal(disagreements(s, false)->n_rows, 0);
    assert_int_equal(disagreements(s, true)->n_rows, 1);
    assert_string_equal(disagreements(s, true)->rows[0]->document, "D-1");
    assert_int_equal(bank_says(s, 1, 2, false, "returned"), JN_REFUSED); /* the old file again: still settled */
    assert_int_equal(disagreements(s, false)->n_rows, 0);
}

static void
what_may_have_been_paid_is_not_sent_again(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), LIVING(50));
    approve(s, 1, 1, 2);
    assert_int_equal(bank_says(s, 1, 2, false, "closed"), JN_OK);
    assert_int_equal(bank_says(s, 1, 2, true, ""), JN_REFUSED);
    assert_int_equal(disagreements(s, false)->rows[0]->what, LEDGER__CONTRADICTION__PAID_AFTER_FAILED);
    assert_int_equal(resend(s, 0, 2), JN_REFUSED);
    assert_int_equal(settle_with(s, 1, 2, LEDGER__CONTRADICTION__PAID_AFTER_FAILED, "the bank was wrong"), JN_OK);
    assert_int_equal(resend(s, 0, 2), JN_OK);
    is(s, 2, "instructed");
}

static void
a_double_debit_stops_the_second_before_it_is_released(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), LIVING(50));
    approve(s, 1, 1, 2);
    assert_int_equal(bank_says(s, 1, 2, false, "closed"), JN_OK);
    assert_int_equal(resend(s, 0, 2), JN_OK);
    assert_int_equal(bank_says(s, 1, 2, true, ""), JN_REFUSED); /* of the first batch */
    assert_int_equal(disagreements(s, false)->rows[0]->what, LEDGER__CONTRADICTION__DOUBLE_DEBIT);
    assert_int_equal(disagreements(s, false)->rows[0]->now_in, 2);
    assert_int_equal(submit_as(s, &s->finance, 2, 1, 5000), JN_OK);
    assert_int_equal(release_batch_as(s, &s->checker, 2), JN_REFUSED);
    assert_int_equal(send_back(s, &s->checker, 2), JN_OK);
    assert_int_equal(withdraw(s, 2, 2), JN_OK);
    is(s, 2, "failed"); /* as the bank had left it */
    assert_int_equal(batch_head(s, 2)->state, LEDGER__BATCH_STATE__VOID);
    assert_int_equal(resend(s, 0, 2), JN_REFUSED);
    assert_int_equal(settle_with(s, 1, 2, LEDGER__CONTRADICTION__DOUBLE_DEBIT, "D-2"), JN_OK);
    assert_int_equal(resend(s, 0, 2), JN_OK);
    assert_int_equal(bank_pays(s, 3), JN_OK);
    assert_int_equal(bank_says(s, 1, 2, true, ""), JN_REFUSED); /* told and settled: not listed again */
    assert_int_equal(disagreements(s, false)->n_rows, 0);
    assert_int_equal(bank_pays(s, 1), JN_OK);
    counts(totals(s)->paid, 2, 150);
}

static void
an_advance_may_be_contradicted(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    assert_int_equal(bank_says(s, 1, 0, false, "closed"), JN_OK);
    assert_int_equal(bank_says(s, 1, 0, false, "closed"), JN_WRONG_STATE);
    assert_int_equal(bank_says(s, 1, 0, true, ""), JN_REFUSED);
    assert_int_equal(disagreements(s, false)->rows[0]->what, LEDGER__CONTRADICTION__PAID_AFTER_FAILED);
    assert_int_equal(resend(s, 1, 0), JN_REFUSED);
    assert_int_equal(settle_with(s, 1, 0, LEDGER__CONTRADICTION__PAID_AFTER_FAILED, "D-3"), JN_OK);
    assert_int_equal(resend(s, 1, 0), JN_OK);
    assert_int_equal(bank_pays(s, 2), JN_OK);
    assert_int_equal(bank_says(s, 2, 0, false, "returned"), JN_REFUSED);
    assert_int_equal(disagreements(s, false)->rows[0]->what, LEDGER__CONTRADICTION__PAYMENT_REVERSED);
}

static void
the_bank_says_one_thing_of_a_row(void **state)
{
    struct story *s = *state;
    Ledger__RecordBankResults cmd = LEDGER__RECORD_BANK_RESULTS__INIT;
    Ledger__BankResult row = LEDGER__BANK_RESULT__INIT, *rows[] = {&row};
    char words[TEXT_BYTES_MAX + 2];
    const void *reply;

    memset(words, 'x', sizeof(words));
    words[TEXT_BYTES_MAX + 1] = '\0';
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    one_draft(s, CHANGAN, 100);
    to_bank(s, 1);
    row.claim = 1;
    row.paid = row.unknown = true;
    cmd.batch = 1;
    cmd.n_rows = 1;
    cmd.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordBankResults", &cmd, &reply), JN_OK);
    assert_int_equal(((const Ledger__Outcomes *)reply)->refused[0]->code, JN_MALFORMED);
    assert_int_equal(bank_does_not_say(s, 1, 1, words), JN_MALFORMED);
    is(s, 1, "instructed");
}

const struct CMUnitTest ledger_doubt[] = {
    STORY(what_the_bank_has_not_decided_is_never_sent_again),
    STORY(an_advance_may_be_undecided),
    STORY(a_reversal_moves_no_money_and_is_listed),
    STORY(what_may_have_been_paid_is_not_sent_again),
    STORY(a_double_debit_stops_the_second_before_it_is_released),
    STORY(an_advance_may_be_contradicted),
    STORY(the_bank_says_one_thing_of_a_row),
};
const size_t ledger_doubt_count = sizeof(ledger_doubt) / sizeof(ledger_doubt[0]);
