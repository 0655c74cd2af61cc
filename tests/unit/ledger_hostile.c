/* Hostile input: amounts, divisions, funds, dates, repeats, strangers. Nothing of it may move money or end the process.
 */
#include "ledger_story.h"

#include <string.h>

static enum jn_code
appropriate_fen(struct story *s, Common__Fund fund, uint32_t division, int64_t fen, int32_t day, const char *document)
{
    Ledger__Appropriate cmd = LEDGER__APPROPRIATE__INIT;

    cmd.fund = fund;
    cmd.division = division;
    cmd.amount_fen = fen;
    cmd.day = day;
    cmd.document = (char *)(uintptr_t)document;
    return jn_world_command(s->w, &s->finance, "Appropriate", &cmd, NULL);
}

static void
an_appropriation_must_make_sense(void **state)
{
    struct story *s = *state;
    int32_t today;
    char document[TEXT_BYTES_MAX + 2];

    memset(document, 'x', sizeof(document));
    document[TEXT_BYTES_MAX + 1] = '\0';
    assert_true(date_parse("2019-11-01", &today));
    assert_int_equal(appropriate_fen(s, 0, CHANGAN, 1, today, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, (Common__Fund)6, CHANGAN, 1, today, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, (Common__Fund)-1, CHANGAN, 1, today, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, 0, 1, today, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, 130000, 1, today, ""), JN_MALFORMED); /* a province */
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, 1301022, 1, today, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, UINT32_MAX, 1, today, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, 0, today, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, -1, today, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, INT64_MIN, today, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, 1, 0, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, 1, -5, ""), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, 1, today, document), JN_MALFORMED);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, 1, today + 1, ""), JN_NOT_YET);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, 1, INT32_MAX, ""), JN_NOT_YET);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, AMOUNT_FEN_MAX + 1, today, ""), JN_OUT_OF_LIMITS);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, INT64_MAX, today, ""), JN_OUT_OF_LIMITS);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_APPROPRIATED), 0);
    assert_int_equal(appropriate_fen(s, EMPLOYMENT, CHANGAN, 1, today, ""), JN_OK);
    assert_int_equal(jn_world_again(s->w, NULL), JN_OK);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_APPROPRIATED), 1);
}

static void
all_the_money_there_is_stays_countable(void **state)
{
    struct story *s = *state;
    int done = 0;

    while (done < 200 && appropriate_fen(s, EMPLOYMENT, CHANGAN, AMOUNT_FEN_MAX, 18000, "") == JN_OK)
        done++;
    assert_int_equal(done, 100); /* 10^15 fen */
    assert_int_equal(appropriate_fen(s, SKILLS, CITY, 1, 18000, ""), JN_OUT_OF_LIMITS);
    settle(s, CHANGAN, {COMMON__ITEM__FREE_TRAINING, AMOUNT_FEN_MAX, 0, 0});
    is(s, 1, "committed");
}

static void
claims_that_cannot_be_are_told_to_the_auditor(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, {COMMON__ITEM__FREE_TRAINING, -1, 0, 0}, {COMMON__ITEM__FREE_TRAINING, -100, 0, 0},
           {COMMON__ITEM__FREE_TRAINING, AMOUNT_FEN_MAX + 1, 0, 0}, {COMMON__ITEM__FREE_TRAINING, INT64_MAX, 0, 0},
           {COMMON__ITEM__FREE_TRAINING, INT64_MIN, 0, 0}, {(Common__Item)99, 100, EMPLOYMENT, 1},
           {COMMON__ITEM__FREE_TRAINING, 100, (Common__Fund)77, 0},
           {COMMON__ITEM__FREE_TRAINING, 100, 0, (Common__Payee)9},
           {(Common__Item)-1, 100, (Common__Fund)-1, (Common__Payee)-1}, TRAINING(1));
    for (uint64_t i = 1; i <= 9; i++)
        is(s, i, "misdirected");
    is(s, 10, "committed");
    assert_int_equal(totals(s)->misdirected->count, 9);
    settle(s, 42, TRAINING(1));
    is(s, 11, "misdirected");
    s->provider = 0;
    settle(s, CHANGAN, TRAINING(1), LIVING(1));
    is(s, 12, "misdirected"); /* nobody to pay */
    is(s, 13, "committed");
    has(s, EMPLOYMENT, CHANGAN, 998);
    /* Half a fen is cut to nothing, and nothing is due, committed and paid like any other amount. */
    s->provider = 1;
    settle(s, CHANGAN, {COMMON__ITEM__FREE_TRAINING, 0, 0, 0});
    is(s, 14, "committed");
    has(s, EMPLOYMENT, CHANGAN, 998);
}

static void
what_waits_stays_countable_too(void **state)
{
    struct story *s = *state;
    struct due rows[150];

    for (size_t i = 0; i < 150; i++)
        rows[i] = (struct due){COMMON__ITEM__FREE_TRAINING, AMOUNT_FEN_MAX, 0, 0};
    settle_rows(s, CHANGAN, rows, 150);
    is(s, 100, "waiting");
    is(s, 101, "misdirected");
}

static void
a_settlement_is_handled_once(void **state)
{
    struct story *s = *state;
    const Ledger__Ignored *note;

    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    settle(s, CHANGAN, TRAINING(100));
    s->settlement--;
    s->claim--;
    settle(s, CHANGAN, TRAINING(100));
    note = jn_world_last(s->w, LEDGER__EVENT__BODY_IGNORED);
    assert_non_null(strstr(note->why, "before"));
    s->claim--;
    settle(s, CHANGAN, TRAINING(100)); /* another settlement of the same claim */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_IGNORED), 2);
    has(s, EMPLOYMENT, CHANGAN, 900);
    s->settlement += 5; /* gaps are others' settlements without claims */
    s->claim += 5;
    settle(s, CHANGAN, TRAINING(100));
    is(s, 7, "committed");
}

static void
scrambled_claims_are_ignored(void **state)
{
    struct story *s = *state;
    Subsidy__Settled event = SUBSIDY__SETTLED__INIT;
    Subsidy__SettledClaim a = SUBSIDY__SETTLED_CLAIM__INIT, b = a, *claims[] = {&a, &b};

    a.claim = 1;
    b.claim = 3;
    event.settlement = 1;
    event.n_claims = 2;
    event.claims = claims;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_SETTLED, &event);
    a.claim = 0;
    b.claim = 1;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_SETTLED, &event);
    a.claim = UINT64_MAX;
    b.claim = 0;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_SETTLED, &event);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_IGNORED), 3);
}

static void
events_about_nothing_do_nothing(void **state)
{
    struct story *s = *state;
    Subsidy__PackAdopted pack = SUBSIDY__PACK_ADOPTED__INIT;
    Enrollment__PayeesRegistered payees = ENROLLMENT__PAYEES_REGISTERED__INIT;
    Subsidy__FundOfItem odd = SUBSIDY__FUND_OF_ITEM__INIT, *odds[] = {&odd};

    approve(s, 5, 5, 200);
    approve(s, 0, 0, UINT32_MAX);
    hold(s, 9);
    release(s, 9, true);
    jn_world_event(s->w, "enrollment", ENROLLMENT__EVENT__BODY_PAYEES_REGISTERED, &payees);
    odd.item = (Common__Item)500;
    odd.fund = (Common__Fund)500;
    pack.n_funds = 1;
    pack.funds = odds;
    jn_world_event(s->w, "subsidy", SUBSIDY__EVENT__BODY_PACK_ADOPTED, &pack);
    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    settle(s, CHANGAN, TRAINING(1), TRAINING(1), TRAINING(1));
    approve(s, 1, 2, UINT32_MAX); /* more than the settlement has */
    is(s, 1, "committed");
    is(s, 3, "instructed");
    approve_but(s, 1, 1, 3, 77); /* a hold on what is not there */
    is(s, 1, "instructed");
    hold(s, 3);
    is(s, 3, "instructed"); /* the bank has it */
    assert_true(claim(s, 3)->held);
}

static void
questions_may_be_nonsense(void **state)
{
    struct story *s = *state;
    Ledger__ClaimRequest a_claim = LEDGER__CLAIM_REQUEST__INIT;
    Ledger__AccountRequest an_account = LEDGER__ACCOUNT_REQUEST__INIT;
    Ledger__BatchRequest a_batch = LEDGER__BATCH_REQUEST__INIT;
    Ledger__QueueRequest a_queue = LEDGER__QUEUE_REQUEST__INIT;
    Ledger__QuarterRequest a_quarter = LEDGER__QUARTER_REQUEST__INIT;
    Ledger__AccountsRequest accounts = LEDGER__ACCOUNTS_REQUEST__INIT;

    assert_int_equal(jn_world_query(s->w, &s->finance, "Claim", &a_claim, NULL), JN_MALFORMED);
    a_claim.claim = 1;
    assert_int_equal(jn_world_query(s->w, &s->finance, "Claim", &a_claim, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(s->w, &s->finance, "Account", &an_account, NULL), JN_MALFORMED);
    an_account.fund = EMPLOYMENT;
    an_account.division = CHANGAN;
    assert_int_equal(jn_world_query(s->w, &s->finance, "Account", &an_account, NULL), JN_NOT_FOUND);
    an_account.year = UINT32_MAX;
    assert_int_equal(jn_world_query(s->w, &s->finance, "Account", &an_account, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(s->w, &s->finance, "Batch", &a_batch, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(s->w, &s->finance, "Queue", &a_queue, NULL), JN_MALFORMED);
    a_queue.fund = EMPLOYMENT;
    a_queue.division = CHANGAN;
    a_queue.after = UINT64_MAX;
    assert_int_equal(jn_world_query(s->w, &s->finance, "Queue", &a_queue, NULL), JN_OK);
    assert_int_equal(jn_world_query(s->w, &s->finance, "Quarter", &a_quarter, NULL), JN_MALFORMED);
    a_quarter.year = 2019;
    a_quarter.quarter = 5;
    assert_int_equal(jn_world_query(s->w, &s->finance, "Quarter", &a_quarter, NULL), JN_MALFORMED);
    accounts.after_fund = (Common__Fund)-1;
    accounts.after_division = UINT32_MAX;
    assert_int_equal(jn_world_query(s->w, &s->finance, "Accounts", &accounts, NULL), JN_OK);
    assert_int_equal(resend(s, 0, 0), JN_MALFORMED);
    assert_int_equal(resend(s, 1, 1), JN_MALFORMED);
    assert_int_equal(resend(s, 1, 0), JN_NOT_FOUND);
    assert_int_equal(resend(s, 0, 1), JN_NOT_FOUND);
    assert_int_equal(recover(s, 0, EMPLOYMENT, 1), JN_MALFORMED);
    assert_int_equal(recover(s, 1, (Common__Fund)9, 1), JN_MALFORMED);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 0), JN_MALFORMED);
    assert_int_equal(recover(s, 1, EMPLOYMENT, -1), JN_MALFORMED);
    assert_int_equal(recover(s, 1, EMPLOYMENT, 1), JN_NOT_FOUND);
    counts(totals(s)->paid, 0, 0);
}

static void
too_many_rows_are_to_be_split(void **state)
{
    struct story *s = *state;
    Ledger__RecordBankResults results = LEDGER__RECORD_BANK_RESULTS__INIT;
    Ledger__BankResult result = LEDGER__BANK_RESULT__INIT, *result_rows[JN_ROWS_MAX + 1];
    Ledger__AppropriateAll all = LEDGER__APPROPRIATE_ALL__INIT;
    Ledger__Appropriate one = LEDGER__APPROPRIATE__INIT, *rows[JN_ROWS_MAX + 1];

    for (size_t i = 0; i <= JN_ROWS_MAX; i++) {
        result_rows[i] = &result;
        rows[i] = &one;
    }
    results.n_rows = all.n_rows = JN_ROWS_MAX + 1;
    results.rows = result_rows;
    all.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->finance, "RecordBankResults", &results, NULL), JN_TOO_LARGE);
    assert_int_equal(jn_world_command(s->w, &s->finance, "AppropriateAll", &all, NULL), JN_TOO_LARGE);
}

/* Two hundred cities at once: as much as one command can touch. */
static void
the_widest_command_fits_a_block(void **state)
{
    struct story *s = *state;
    Ledger__AppropriateAll all = LEDGER__APPROPRIATE_ALL__INIT;
    Ledger__Appropriate one[JN_ROWS_MAX], *rows[JN_ROWS_MAX];

    for (uint32_t i = 0; i < JN_ROWS_MAX; i++) {
        settle(s, 110100 + i / 80 * 10000 + i % 80 * 100, TRAINING(1));
        approve(s, s->settlement, s->claim, 1);
    }
    for (uint32_t i = 0; i < JN_ROWS_MAX; i++) {
        rows[i] = &one[i];
        ledger__appropriate__init(&one[i]);
        one[i].fund = EMPLOYMENT;
        one[i].division = 110100 + i / 80 * 10000 + i % 80 * 100;
        one[i].amount_fen = 100;
        one[i].day = 18000;
    }
    all.n_rows = JN_ROWS_MAX;
    all.rows = rows;
    assert_int_equal(jn_world_command(s->w, &s->finance, "AppropriateAll", &all, NULL), JN_OK);
    on(s, "2019-11-01");
    counts(totals(s)->committed, JN_ROWS_MAX, JN_ROWS_MAX);
    assert_int_equal(totals(s)->open_batches, JN_ROWS_MAX);
    on(s, "2020-01-01"); /* and two hundred accounts turn the year */
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_CARRIED_OVER), JN_ROWS_MAX);
    assert_int_equal(jn_world_count(s->w, LEDGER__EVENT__BODY_YEAR_TURNED), 1);
}

static void
a_clock_beyond_the_calendar_stops_nothing(void **state)
{
    struct story *s = *state;

    appropriate(s, EMPLOYMENT, CHANGAN, 100);
    jn_world_advance(s->w, INT64_C(9000000000000)); /* 2255 */
    assert_int_equal(appropriate(s, EMPLOYMENT, CHANGAN, 100), JN_OK);
    has(s, EMPLOYMENT, CHANGAN, 200);
}

static void
strangers_are_turned_away(void **state)
{
    struct story *s = *state;
    struct jn_agency veterans = jn_world_agency("veterans", ROLE_ATTESTOR | ROLE_INBOX);
    Ledger__Appropriate money = LEDGER__APPROPRIATE__INIT;
    Ledger__RecordBankResults results = LEDGER__RECORD_BANK_RESULTS__INIT;
    Ledger__RecordRecovery back = LEDGER__RECORD_RECOVERY__INIT;
    Ledger__BatchesRequest open = LEDGER__BATCHES_REQUEST__INIT;
    const void *listed;
    Ledger__Resend again = LEDGER__RESEND__INIT;
    Ledger__BatchRequest a_batch = LEDGER__BATCH_REQUEST__INIT;
    Ledger__TotalsRequest all = LEDGER__TOTALS_REQUEST__INIT;
    Ledger__ClaimRequest a_claim = LEDGER__CLAIM_REQUEST__INIT;
    Ledger__AccountRequest an_account = LEDGER__ACCOUNT_REQUEST__INIT;
    Ledger__QueueRequest a_queue = LEDGER__QUEUE_REQUEST__INIT;

    assert_int_equal(jn_world_query(s->w, &veterans, "Totals", &all, NULL), JN_DENIED);
    assert_int_equal(jn_world_query(s->w, &s->auditor, "Batch", &a_batch, NULL), JN_DENIED); /* it names people */
    assert_int_equal(jn_world_command(s->w, &s->auditor, "Appropriate", &money, NULL), JN_DENIED);
    assert_int_equal(jn_world_command(s->w, &s->reviewer, "RecordBankResults", &results, NULL), JN_DENIED);

    /* A county's finance keeps to its own division. */
    appropriate(s, EMPLOYMENT, CHANGAN, 1000);
    grant_advance(s, 1, CHANGAN, EMPLOYMENT, PROVIDER, 100);
    settle(s, CHANGAN, TRAINING(200));
    approve(s, 1, 1, 1);
    money.fund = an_account.fund = a_queue.fund = back.fund = EMPLOYMENT;
    money.division = an_account.division = a_queue.division = CHANGAN;
    money.amount_fen = back.amount_fen = 1;
    back.class_ = a_claim.claim = again.claim = 1;
    money.day = 18000;
    results.batch = a_batch.batch = 2;
    results.all = true;
    assert_int_equal(jn_world_command(s->w, &s->county, "Appropriate", &money, NULL), JN_DENIED);
    assert_int_equal(jn_world_command(s->w, &s->county, "RecordBankResults", &results, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_command(s->w, &s->county, "RecordRecovery", &back, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_command(s->w, &s->county, "Resend", &again, NULL), JN_NOT_FOUND);
    again.claim = 0;
    again.batch = 2;
    assert_int_equal(jn_world_command(s->w, &s->county, "Resend", &again, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(s->w, &s->county, "Batch", &a_batch, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(s->w, &s->county, "Claim", &a_claim, NULL), JN_NOT_FOUND);
    assert_int_equal(jn_world_query(s->w, &s->county, "Account", &an_account, NULL), JN_DENIED);
    assert_int_equal(jn_world_query(s->w, &s->county, "Queue", &a_queue, NULL), JN_DENIED);
    assert_int_equal(jn_world_query(s->w, &s->finance, "Batches", &open, &listed), JN_OK);
    assert_true(((const Ledger__BatchesView *)listed)->n_rows > 0);
    assert_int_equal(jn_world_query(s->w, &s->county, "Batches", &open, &listed), JN_OK);
    assert_int_equal(((const Ledger__BatchesView *)listed)->n_rows, 0);
    money.division = QIAOXI;
    assert_int_equal(jn_world_command(s->w, &s->county, "Appropriate", &money, NULL), JN_OK);
}

const struct CMUnitTest ledger_hostile[] = {
    STORY(an_appropriation_must_make_sense),
    STORY(all_the_money_there_is_stays_countable),
    STORY(claims_that_cannot_be_are_told_to_the_auditor),
    STORY(what_waits_stays_countable_too),
    STORY(a_settlement_is_handled_once),
    STORY(scrambled_claims_are_ignored),
    STORY(events_about_nothing_do_nothing),
    STORY(questions_may_be_nonsense),
    STORY(too_many_rows_are_to_be_split),
    STORY(the_widest_command_fits_a_block),
    STORY(a_clock_beyond_the_calendar_stops_nothing),
    STORY(strangers_are_turned_away),
};
const size_t ledger_hostile_count = sizeof(ledger_hostile) / sizeof(ledger_hostile[0]);
