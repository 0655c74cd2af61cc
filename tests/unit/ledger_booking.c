/* The bank's bookings: a statement read twice changes nothing, another debit of a row is a double debit, whatever file
 * it comes in. 2.12-c */
#include "ledger_story.h"

#include <string.h>

static size_t last_disagreed;

/* Up to two debits, up to two credits; NULL for none. */
static enum jn_code
statement_says(struct story *s, uint64_t number, uint64_t claim_number, bool paid, const char *const *booked,
               const char *const *returned)
{
    Ledger__RecordBankResults cmd = LEDGER__RECORD_BANK_RESULTS__INIT;
    Ledger__BankResult row = LEDGER__BANK_RESULT__INIT, *rows[] = {&row};
    const void *reply;
    enum jn_code code;

    to_bank(s, number);
    row.claim = claim_number;
    row.paid = paid;
    row.reason = (char *)(uintptr_t)(paid ? "" : "returned: AC04");
    row.booked = (char **)(uintptr_t)booked;
    row.returned = (char **)(uintptr_t)returned;
    for (; booked && booked[row.n_booked]; row.n_booked++)
        ;
    for (; returned && returned[row.n_returned]; row.n_returned++)
        ;
    cmd.batch = number;
    cmd.n_rows = 1;
    cmd.rows = rows;
    code = jn_world_command(s->w, &s->finance, "RecordBankResults", &cmd, &reply);
    if (code != JN_OK)
        return code;
    last_disagreed = ((const Ledger__Outcomes *)reply)->n_disagreed;
    return ((const Ledger__Outcomes *)reply)->n_refused
               ? (enum jn_code)((const Ledger__Outcomes *)reply)->refused[0]->code
               : JN_OK;
}
#define BOOKED(...) ((const char *const[]){__VA_ARGS__, NULL})

static const Ledger__DisagreementsView *
disagreements(struct story *s)
{
    Ledger__DisagreementsRequest request = LEDGER__DISAGREEMENTS_REQUEST__INIT;
    const void *reply;

    assert_int_equal(jn_world_query(s->w, &s->auditor, "Disagreements", &request, &reply), JN_OK);
    return reply;
}

static enum jn_code
clear_up(struct story *s, uint64_t number, uint64_t claim_number, Ledger__Contradiction what)
{
    Ledger__SettleDisagreement cmd = LEDGER__SETTLE_DISAGREEMENT__INIT;

    cmd.batch = number;
    cmd.claim = claim_number;
    cmd.what = what;
    cmd.document = (char *)(uintptr_t) "对账 7号";
    return jn_world_command(s->w, &s->finance, "SettleDisagreement", &cmd, NULL);
}

static void
given_a_batch(struct story *s)
{
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100), LIVING(50));
    approve(s, 1, 1, 2);
}

static void
the_same_booking_read_twice_changes_nothing(void **state)
{
    struct story *s = *state;

    given_a_batch(s);
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-1"), NULL), JN_OK);
    assert_string_equal(claim(s, 1)->booked[0], "B-1");
    assert_string_equal(batch(s, 1)->rows[0]->booked[0], "B-1");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-1"), NULL), JN_WRONG_STATE);
        assert_int_equal(last_disagreed, 0);
    }
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_BOOKED), 1);
    assert_int_equal(disagreements(s)->n_rows, 0);
    counts(totals(s)->paid, 1, 100);
}

static void
another_booking_in_a_later_file_is_a_double_debit(void **state)
{
    struct story *s = *state;

    given_a_batch(s);
    statement_says(s, 1, 1, true, BOOKED("B-1"), NULL);
    on(s, "2019-11-20");
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-9"), NULL), JN_REFUSED);
    assert_int_equal(last_disagreed, 1);
    assert_int_equal(disagreements(s)->rows[0]->what, LEDGER__CONTRADICTION__DOUBLE_DEBIT);
    assert_string_equal(disagreements(s)->rows[0]->bookings[0], "B-9");
    counts(totals(s)->paid, 1, 100); /* it counts as paid once */
    /* That file again: told once. A third debit is told again, in the same place. */
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-9"), NULL), JN_REFUSED);
    assert_int_equal(last_disagreed, 0);
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-10"), NULL), JN_REFUSED);
    assert_int_equal(last_disagreed, 1);
    assert_int_equal(disagreements(s)->n_rows, 1);
    assert_int_equal(disagreements(s)->rows[0]->n_bookings, 2);
    /* The bank gives both back. */
    assert_int_equal(statement_says(s, 1, 1, false, NULL, BOOKED("R-1")), JN_REFUSED); /* still one too many */
    assert_int_equal(clear_up(s, 1, 1, LEDGER__CONTRADICTION__DOUBLE_DEBIT), JN_OK);
    assert_int_equal(statement_says(s, 1, 1, false, NULL, BOOKED("R-2")), JN_OK);
    assert_int_equal(disagreements(s)->n_rows, 0);
    is(s, 1, "paid");
    /* Settled, and once more: it is open again. */
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-11"), NULL), JN_REFUSED);
    assert_int_equal(disagreements(s)->n_rows, 1);
}

static void
two_bookings_at_once_pay_once_and_are_told(void **state)
{
    struct story *s = *state;

    given_a_batch(s);
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-1", "B-2"), NULL), JN_OK);
    assert_int_equal(last_disagreed, 1);
    is(s, 1, "paid");
    assert_int_equal(disagreements(s)->rows[0]->what, LEDGER__CONTRADICTION__DOUBLE_DEBIT);
    assert_int_equal(disagreements(s)->rows[0]->n_bookings, 2);
}

/* pain.002 said it first: the statement's debit is the payment's own. */
static void
the_first_booking_is_the_payments_own(void **state)
{
    struct story *s = *state;

    given_a_batch(s);
    assert_int_equal(bank_says(s, 1, 1, true, ""), JN_OK);
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-1"), NULL), JN_OK);
    assert_int_equal(disagreements(s)->n_rows, 0);
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-2"), NULL), JN_REFUSED);
}

static void
what_came_back_and_is_read_in_parts_is_known(void **state)
{
    struct story *s = *state;

    given_a_batch(s);
    assert_int_equal(statement_says(s, 1, 1, false, BOOKED("B-1"), BOOKED("R-1")), JN_OK);
    is(s, 1, "failed");
    /* The first day's statement alone shows the debit: the books know it. */
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-1"), NULL), JN_WRONG_STATE);
    assert_int_equal(disagreements(s)->n_rows, 0);
    assert_int_equal(resend(s, 0, 1), JN_OK);
    assert_int_equal(statement_says(s, 2, 1, true, BOOKED("B-2"), NULL), JN_OK);
    /* The first batch's row is debited once more: it may have gone out twice. */
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-3"), NULL), JN_REFUSED);
    assert_int_equal(disagreements(s)->rows[0]->what, LEDGER__CONTRADICTION__DOUBLE_DEBIT);
    assert_int_equal(disagreements(s)->rows[0]->now_in, 2);
}

static void
a_later_return_is_a_reversal(void **state)
{
    struct story *s = *state;

    given_a_batch(s);
    statement_says(s, 1, 2, true, BOOKED("B-1"), NULL);
    assert_int_equal(statement_says(s, 1, 2, false, NULL, BOOKED("R-1")), JN_REFUSED);
    assert_int_equal(disagreements(s)->rows[0]->what, LEDGER__CONTRADICTION__PAYMENT_REVERSED);
    assert_string_equal(disagreements(s)->rows[0]->bookings[0], "R-1");
    assert_string_equal(claim(s, 2)->returned[0], "R-1");
    is(s, 2, "paid"); /* nothing moves before a person has looked */
}

static void
an_advance_is_booked_once_too(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    assert_int_equal(statement_says(s, 1, 0, true, BOOKED("B-1"), NULL), JN_OK);
    assert_int_equal(statement_says(s, 1, 0, true, BOOKED("B-1"), NULL), JN_WRONG_STATE);
    assert_int_equal(statement_says(s, 1, 0, true, BOOKED("B-2"), NULL), JN_REFUSED);
    assert_int_equal(disagreements(s)->rows[0]->what, LEDGER__CONTRADICTION__DOUBLE_DEBIT);
}

static void
bookings_must_make_sense(void **state)
{
    struct story *s = *state;
    Ledger__RecordBankResults cmd = LEDGER__RECORD_BANK_RESULTS__INIT;
    Ledger__BankResult row = LEDGER__BANK_RESULT__INIT, *rows[] = {&row};
    char text[TEXT_BYTES_MAX + 2], *one[] = {text};
    const void *reply;

    memset(text, 'x', sizeof(text));
    text[TEXT_BYTES_MAX + 1] = '\0';
    given_a_batch(s);
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED(text), NULL), JN_MALFORMED);
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED(""), NULL), JN_MALFORMED);
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("B-1", "B-1"), NULL), JN_MALFORMED);
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("1", "2", "3", "4", "5", "6", "7", "8", "9"), NULL),
                     JN_MALFORMED);
    text[3] = '\0';
    row.claim = 1;
    row.unknown = true;
    row.booked = one;
    row.n_booked = 1;
    cmd.batch = 1;
    cmd.n_rows = 1;
    cmd.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordBankResults", &cmd, &reply), JN_OK);
    assert_int_equal(((const Ledger__Outcomes *)reply)->refused[0]->code, JN_MALFORMED);
    is(s, 1, "instructed");
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("1", "2", "3", "4", "5", "6", "7", "8"), NULL), JN_OK);
    assert_int_equal(statement_says(s, 1, 1, true, BOOKED("9"), NULL), JN_OUT_OF_LIMITS);
}

const struct CMUnitTest ledger_bookings[] = {
    STORY(the_same_booking_read_twice_changes_nothing),
    STORY(another_booking_in_a_later_file_is_a_double_debit),
    STORY(two_bookings_at_once_pay_once_and_are_told),
    STORY(the_first_booking_is_the_payments_own),
    STORY(what_came_back_and_is_read_in_parts_is_known),
    STORY(a_later_return_is_a_reversal),
    STORY(an_advance_is_booked_once_too),
    STORY(bookings_must_make_sense),
};
const size_t ledger_bookings_count = sizeof(ledger_bookings) / sizeof(ledger_bookings[0]);
