/* The bank's booking references in statements: read, told apart, held against those that the ledger knows; statements
 * written by hand and by the simulated bank. 2.12-c */
#include "bank_given.h"

#define STATEMENT(id, rest)                                                                                            \
    "<Document "                                                                                                       \
    "xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>" id                       \
    "</MsgId><CreDtTm>2020-03-05T00:00:00</CreDtTm></GrpHdr><Stmt><Id>" id                                             \
    "</Id><Acct><Id><Othr><Id>1</Id></Othr></Id><Ccy>CNY</Ccy></Acct>" rest "</Stmt></BkToCstmrStmt></Document>"
#define BALANCES                                                                                                       \
    "<Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"         \
    "<Dt><Dt>2020-03-05</Dt></Dt></Bal>"
#define CODE "<BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd>"
/* number and reference of the entry: whole elements, or nothing */
#define ENTRY(own, sign, amount, day, servicer, details)                                                               \
    "<Ntry>" own "<Amt Ccy=\"CNY\">" amount "</Amt><CdtDbtInd>" sign                                                   \
    "</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>" day "</Dt></BookgDt>" servicer CODE "<NtryDtls>" details       \
    "</NtryDtls></Ntry>"
#define SERVICER(text) "<AcctSvcrRef>" text "</AcctSvcrRef>"
#define DETAIL(refs, row, amount, sign)                                                                                \
    "<TxDtls><Refs>" refs "<EndToEndId>" row "</EndToEndId></Refs><Amt Ccy=\"CNY\">" amount "</Amt><CdtDbtInd>" sign   \
    "</CdtDbtInd></TxDtls>"
#define DEBIT(servicer)  ENTRY("", "DBIT", "600.00", "2020-03-02", servicer, DETAIL("", "JN-12-101", "600.00", "DBIT"))
#define CREDIT(servicer) ENTRY("", "CRDT", "600.00", "2020-03-04", servicer, DETAIL("", "JN-12-101", "600.00", "CRDT"))

static const struct bank_answer *
reconciled(struct given *g, const char *text)
{
    struct bank_bytes file = given_text(text);

    given_valid(&file, "camt.053.001.08");
    return given_reconciled(g, file);
}

static void
knows(struct given *g, size_t row, enum bank_state state, const char *booked, const char *returned)
{
    g->known[row].state = state;
    g->known[row].booked = (struct bank_bookings){{booked}, booked ? 1 : 0};
    g->known[row].returned = (struct bank_bookings){{returned}, returned ? 1 : 0};
}

static void
a_debit_comes_with_the_banks_reference(void **state)
{
    struct given *g = *state;

    reconciled(g, STATEMENT("S1", BALANCES DEBIT(SERVICER("20200302-77"))));
    assert_int_equal(given_offer(g, 101), 1);
    assert_int_equal(g->what.offers[0].booked.count, 1);
    assert_string_equal(g->what.offers[0].booked.list[0], "20200302-77");
    /* The transaction's own goes before the entry's; the entry's number is its day's alone. */
    reconciled(g,
               STATEMENT("S1", BALANCES ENTRY("<NtryRef>9</NtryRef>", "DBIT", "600.00", "2020-03-02", SERVICER("E-1"),
                                              DETAIL(SERVICER("T-1"), "JN-12-101", "600.00", "DBIT"))));
    assert_string_equal(g->what.offers[0].booked.list[0], "T-1");
    reconciled(g, STATEMENT("S1", BALANCES ENTRY("<NtryRef>9</NtryRef>", "DBIT", "600.00", "2020-03-02", "",
                                                 DETAIL("", "JN-12-101", "600.00", "DBIT"))));
    assert_string_equal(g->what.offers[0].booked.list[0], "9@2020-03-02");
    reconciled(g, STATEMENT("S1", BALANCES DEBIT("")));
    assert_int_equal(g->what.offers[0].booked.count, 0);
    reconciled(g, STATEMENT("S1", BALANCES DEBIT(SERVICER("号 1"))));
    assert_string_equal(g->what.offers[0].booked.list[0], "????1"); /* nothing that could name anybody */
}

static void
the_same_booking_changes_nothing(void **state)
{
    struct given *g = *state;
    const struct bank_answer *answer;

    knows(g, 0, BANK_WAS_PAID, "B-1", NULL);
    answer = reconciled(g, STATEMENT("S1", BALANCES DEBIT(SERVICER("B-1"))));
    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
    assert_int_equal(g->what.known, 1);
    assert_int_equal(g->what.told_count + g->what.offers_count, 0);
    /* In one file twice, as overlapping statements have it. */
    knows(g, 0, BANK_OPEN, NULL, NULL);
    answer = reconciled(g, STATEMENT("S1", BALANCES DEBIT(SERVICER("B-1")) DEBIT(SERVICER("B-1"))));
    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
    assert_int_equal(given_offer(g, 101), 1);
}

static void
another_booking_in_a_later_statement_is_a_double_debit(void **state)
{
    struct given *g = *state;
    const struct bank_answer *answer;

    knows(g, 0, BANK_WAS_PAID, "B-1", NULL);
    answer = reconciled(g, STATEMENT("S2", BALANCES DEBIT(SERVICER("B-2"))));
    assert_int_equal(given_only_fault(g, answer), BANK_DOUBLE_DEBIT);
    assert_string_equal(g->what.faults.list[0].found, "2");
    assert_non_null(strstr(g->what.faults.list[0].what, "B-1 B-2")); /* the bank is asked with both */
    assert_int_equal(g->what.offers_count, 0);
    assert_true(g->what.told_count == 1 && g->what.told[0].paid);
    assert_string_equal(g->what.told[0].booked.list[0], "B-2");
    /* The ledger has both by now: read again it tells nothing new, and says so as long as it stands. */
    g->known[0].booked = (struct bank_bookings){{"B-1", "B-2"}, 2};
    answer = reconciled(g, STATEMENT("S2", BALANCES DEBIT(SERVICER("B-2"))));
    assert_int_equal(given_only_fault(g, answer), BANK_DOUBLE_DEBIT);
    assert_int_equal(g->what.told_count + g->what.offers_count, 0);
    /* The bank gives one back. */
    answer = reconciled(g, STATEMENT("S3", BALANCES CREDIT(SERVICER("R-1"))));
    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
    assert_true(g->what.told_count == 1 && g->what.told[0].paid && g->what.told[0].returned.count == 1);
}

static void
two_in_one_file_are_told_with_the_payment(void **state)
{
    struct given *g = *state;
    const struct bank_answer *answer =
        reconciled(g, STATEMENT("S1", BALANCES DEBIT(SERVICER("B-1")) DEBIT(SERVICER("B-2"))));

    assert_int_equal(given_only_fault(g, answer), BANK_DOUBLE_DEBIT);
    assert_int_equal(given_offer(g, 101), 1);
    assert_int_equal(g->what.offers[0].booked.count, 2);
    /* One entry for a whole batch, and the row stands in it twice. */
    answer = reconciled(g, STATEMENT("S1", BALANCES ENTRY("", "DBIT", "1200.00", "2020-03-02", SERVICER("E-1"),
                                                          DETAIL("", "JN-12-101", "600.00", "DBIT")
                                                              DETAIL("", "JN-12-101", "600.00", "DBIT"))));
    assert_int_equal(given_only_fault(g, answer), BANK_DOUBLE_DEBIT);
    assert_string_equal(g->what.offers[0].booked.list[0], "E-1");
    assert_string_equal(g->what.offers[0].booked.list[1], "E-1/2");
    /* A list of results without references, of what a statement has shown: two are one too many. */
    knows(g, 0, BANK_WAS_PAID, "B-1", NULL);
    answer = given_reconciled(g, given_text("批次号,JN-12,总笔数,2,总金额,1200.00\n金额,附言,结果\n"
                                            "600.00,JN-12-101,成功\n600.00,JN-12-101,成功\n"));
    assert_int_equal(given_only_fault(g, answer), BANK_DOUBLE_DEBIT);
    assert_int_equal(g->what.told_count, 0);
    answer =
        given_reconciled(g, given_text("批次号,JN-12,总笔数,1,总金额,600.00\n金额,附言,结果\n600.00,JN-12-101,成功\n"));
    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
    knows(g, 0, BANK_OPEN, NULL, NULL);
    /* Without references two are two all the same. */
    answer = reconciled(g, STATEMENT("S1", BALANCES DEBIT("") DEBIT("")));
    assert_int_equal(given_only_fault(g, answer), BANK_DOUBLE_DEBIT);
}

static void
a_batch_entry_is_no_double_debit(void **state)
{
    struct given *g = *state;
    const struct bank_answer *answer =
        reconciled(g, STATEMENT("S1", BALANCES ENTRY("", "DBIT", "600.01", "2020-03-02", SERVICER("E-1"),
                                                     DETAIL("", "JN-12-101", "600.00", "DBIT")
                                                         DETAIL("", "JN-12-102", "0.01", "DBIT"))));

    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
    assert_int_equal(g->what.offers_count, 2);
    assert_string_equal(g->what.offers[1].booked.list[0], "E-1");
}

static void
what_was_paid_without_a_reference_gets_one(void **state)
{
    struct given *g = *state;
    const struct bank_answer *answer;

    knows(g, 0, BANK_WAS_PAID, NULL, NULL); /* pain.002 said so */
    answer = reconciled(g, STATEMENT("S1", BALANCES DEBIT(SERVICER("B-1"))));
    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
    assert_true(g->what.known == 1 && g->what.told_count == 1 && g->what.told[0].paid);
    assert_string_equal(g->what.told[0].booked.list[0], "B-1");
    answer = reconciled(g, STATEMENT("S1", BALANCES DEBIT(SERVICER("B-1")) DEBIT(SERVICER("B-2"))));
    assert_int_equal(given_only_fault(g, answer), BANK_DOUBLE_DEBIT);
    answer = reconciled(g, STATEMENT("S2", BALANCES CREDIT(SERVICER("R-1"))));
    assert_int_equal(given_only_fault(g, answer), BANK_RETURNED);
    assert_true(g->what.told_count == 1 && !g->what.told[0].paid);
}

static void
what_failed_and_was_returned_is_read_in_parts(void **state)
{
    struct given *g = *state;
    const struct bank_answer *answer =
        reconciled(g, STATEMENT("S1", BALANCES DEBIT(SERVICER("B-1")) CREDIT(SERVICER("R-1"))));

    assert_int_equal(given_only_fault(g, answer), BANK_RETURNED);
    assert_true(g->what.offers_count == 1 && !g->what.offers[0].paid);
    assert_string_equal(g->what.offers[0].booked.list[0], "B-1");
    assert_string_equal(g->what.offers[0].returned.list[0], "R-1");
    knows(g, 0, BANK_WAS_FAILED, "B-1", "R-1");
    answer = reconciled(g, STATEMENT("S1", BALANCES DEBIT(SERVICER("B-1"))));
    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
    assert_int_equal(g->what.known, 1);
    answer = reconciled(g, STATEMENT("S2", BALANCES DEBIT(SERVICER("B-2"))));
    assert_int_equal(given_only_fault(g, answer), BANK_CONTRADICTS); /* it went out after all */
    assert_true(g->what.told_count == 1 && g->what.told[0].paid);
}

/* ---- The simulated bank ---- */

static struct bank_bytes
simulated(struct given *g, enum bank_class fault, bool later)
{
    const struct bank_simulation simulation = {
        .format = BANK_CAMT053, .encoding = BANK_UTF8, .fault = fault, .later = later};
    const char *unfit = NULL;
    const struct bank_bytes *file = bank_simulate(&g->arena, &g->order, &simulation, &unfit);

    assert_non_null(file);
    given_valid(file, "camt.053.001.08");
    return *file;
}

static void
the_simulated_bank_debits_again_the_next_day(void **state)
{
    struct given *g = *state;
    const struct bank_simulation csv = {
        .format = BANK_CSV, .encoding = BANK_UTF8, .fault = BANK_DOUBLE_DEBIT, .later = true};
    const char *unfit = NULL;
    const struct bank_answer *answer;

    given_reconciled(g, simulated(g, BANK_CLASS_NONE, false));
    assert_int_equal(g->what.offers_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(g->what.offers[i].booked.count, 1);
        knows(g, i, BANK_WAS_PAID, g->what.offers[i].booked.list[0], NULL);
    }
    given_reconciled(g, simulated(g, BANK_CLASS_NONE, false));
    assert_true(g->what.known == 3 && g->what.told_count == 0);
    answer = given_reconciled(g, simulated(g, BANK_DOUBLE_DEBIT, true));
    assert_int_equal(answer->rows_count, 1);
    assert_int_equal(given_only_fault(g, answer), BANK_DOUBLE_DEBIT);
    assert_true(g->what.told_count == 1 && g->what.told[0].claim == 102);
    answer = given_reconciled(g, simulated(g, BANK_RETURNED, true));
    assert_int_equal(given_only_fault(g, answer), BANK_RETURNED);
    assert_null(bank_simulate(&g->arena, &g->order, &csv, &unfit));
    assert_non_null(unfit);
}

/* ---- Instalments of grants ---- */

static void
a_grants_row_has_a_reference_of_its_own(void **state)
{
    struct given *g = *state;
    char text[BANK_REFERENCE];
    uint64_t batch, claim;

    bank_reference_row(BANK_NUMBER_MAX, BANK_GRANT | BANK_NUMBER_MAX, text);
    assert_string_equal(text, "JN-999999999999999-G999999999999999");
    assert_true(bank_reference_row_read(text, &batch, &claim));
    assert_true(batch == BANK_NUMBER_MAX && claim == (BANK_GRANT | BANK_NUMBER_MAX));
    assert_true(bank_reference_row_read("JN-12-7", &batch, &claim) && claim == 7);
    assert_true(bank_reference_row_read("JN-12-G7", &batch, &claim) && claim == (BANK_GRANT | 7));
    assert_false(bank_reference_row_read("JN-12-G0", &batch, &claim));
    assert_false(bank_reference_row_read("JN-12-G", &batch, &claim));
    assert_false(bank_reference_row_read("JN-12-g7", &batch, &claim));
    assert_false(bank_reference_row_read("JN-12-GG7", &batch, &claim));
    assert_false(bank_reference_row_read("JN-12-G07", &batch, &claim));
    /* A claim's row pays no instalment of the same number. */
    reconciled(g, STATEMENT("S1", BALANCES ENTRY("", "DBIT", "600.00", "2020-03-02", "",
                                                 DETAIL("", "JN-12-G101", "600.00", "DBIT"))));
    assert_int_equal(given_offer(g, 101), -1);
    assert_int_equal(g->what.faults.list[0].class, BANK_UNKNOWN_ROW);
}

static void
an_order_of_grants_goes_out_and_comes_back(void **state)
{
    struct given *g = *state;
    struct bank_faults faults = {.count = 0};
    enum bank_format formats[] = {BANK_PAIN001, BANK_CSV}, read;
    struct bank_payment rows[2] = {{BANK_GRANT | 7, 60000, {"某某实训基地", "13050161000000001", ""}, "实训基地"},
                                   {BANK_GRANT | 8, 100, {"某某工作室", "13050161000000002", ""}, "实训基地"}};
    struct bank_known known[2] = {{.claim = BANK_GRANT | 7, .amount_fen = 60000},
                                  {.claim = BANK_GRANT | 8, .amount_fen = 100}};

    g->order.rows = rows;
    g->order.rows_count = 2;
    g->batch = (struct bank_batch){12, known, 2};
    assert_true(bank_order_check(&g->arena, &g->order, &faults));
    for (size_t i = 0; i < 2; i++) {
        const struct bank_bytes *file = bank_order_write(&g->arena, &g->order, formats[i], BANK_UTF8, &g->fault);
        struct bank_order *order;

        assert_true(given_has(file, "JN-12-G7"));
        if (formats[i] == BANK_PAIN001)
            given_valid(file, "pain.001.001.09");
        order = bank_order_read(&g->arena, *file, &read, &g->fault);
        assert_non_null(order);
        assert_true(order->rows_count == 2 && order->rows[1].claim == (BANK_GRANT | 8));
    }
    for (enum bank_format format = BANK_PAIN002; format <= BANK_CSV; format++) {
        given_reconciled(g, given_answer(g, format, BANK_UTF8, BANK_CLASS_NONE));
        assert_int_equal(g->what.offers_count, 2);
        assert_int_equal(given_offer(g, BANK_GRANT | 7), 1);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, given_open, given_close)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_debit_comes_with_the_banks_reference),
        TEST(the_same_booking_changes_nothing),
        TEST(another_booking_in_a_later_statement_is_a_double_debit),
        TEST(two_in_one_file_are_told_with_the_payment),
        TEST(a_batch_entry_is_no_double_debit),
        TEST(what_was_paid_without_a_reference_gets_one),
        TEST(what_failed_and_was_returned_is_read_in_parts),
        TEST(the_simulated_bank_debits_again_the_next_day),
        TEST(a_grants_row_has_a_reference_of_its_own),
        TEST(an_order_of_grants_goes_out_and_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
