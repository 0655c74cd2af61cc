/* Orders for the bank: references, exact amounts, both forms, both encodings, the schema. */
#include "bank_given.h"

#include <stdio.h>

#include "domain/money.h"

/* ---- References and amounts ---- */

static void
references_name_batch_and_claim(void **state)
{
    char text[BANK_REFERENCE];
    uint64_t batch, claim;

    (void)state;
    bank_reference_row(12, 345, text);
    assert_string_equal(text, "JN-12-345");
    assert_true(bank_reference_row_read(text, &batch, &claim));
    assert_true(batch == 12 && claim == 345);
    bank_reference_row(BANK_NUMBER_MAX, BANK_NUMBER_MAX, text);
    assert_int_equal(strlen(text), 34);
    assert_true(bank_reference_row_read(text, &batch, &claim) && claim == BANK_NUMBER_MAX);
    bank_reference_row(7, 0, text); /* an advance */
    assert_true(bank_reference_row_read(text, &batch, &claim) && claim == 0);
    bank_reference_message(12, text);
    assert_string_equal(text, "JN-12");
    assert_true(bank_reference_message_read(text, &batch) && batch == 12);
}

static void
what_is_no_reference_is_none(void **state)
{
    static const char *const wrong[] = {"",
                                        "JN-",
                                        "JN-12",
                                        "JN-12-",
                                        "JN-12-3-4",
                                        "JN-012-3",
                                        "JN-12-03",
                                        "jn-12-3",
                                        "JN-0-3",
                                        "JN--1-3",
                                        "JN-12- 3",
                                        "JN-12-3 ",
                                        "JN-12-3.0",
                                        "NOTPROVIDED",
                                        "XX-12-3",
                                        "JN-+1-3",
                                        "JN-1e3-3",
                                        "JN-12-٣",
                                        "JN-1234567890123456-1",
                                        "JN-1-1234567890123456"};
    uint64_t batch, claim;

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (bank_reference_row_read(wrong[i], &batch, &claim))
            fail_msg("%s was taken", wrong[i]);
    assert_false(bank_reference_message_read("JN-12-3", &batch));
    assert_false(bank_reference_message_read("JN-0", &batch));
}

static void
amounts_are_exact_or_refused(void **state)
{
    static const struct {
        const char *text;
        int64_t fen;
    } good[] = {{"0", 0},
                {"0.01", 1},
                {"600", 60000},
                {"600.5", 60050},
                {"600.50", 60050},
                {"600.50000", 60050},
                {"600.00", 60000},
                {"007.10", 710},
                {"90071992547409.93", INT64_C(9007199254740993)},
                {"9999999999999.99", INT64_C(999999999999999)},
                {"10000000000000.00", MONEY_FEN_MAX}};
    static const char *const wrong[] = {"",
                                        "-1",
                                        "+1",
                                        "1e2",
                                        "1,000.00",
                                        ".5",
                                        "5.",
                                        "1.001",
                                        "1.00001",
                                        " 1",
                                        "1 ",
                                        "0x10",
                                        "NaN",
                                        "1.2.3",
                                        "１",
                                        "1.0000000000000000000000000000000000000001",
                                        "10000000000000.01",
                                        "99999999999999999999999",
                                        "18446744073709551617"};
    int64_t fen;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        if (good[i].fen > MONEY_FEN_MAX) {
            assert_false(bank_amount_read(good[i].text, &fen));
            continue;
        }
        assert_true(bank_amount_read(good[i].text, &fen));
        assert_true(fen == good[i].fen);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        if (bank_amount_read(wrong[i], &fen))
            fail_msg("%s was taken", wrong[i]);
}

/* ---- Written ---- */

static const struct bank_bytes *
written(struct given *g, enum bank_format format, enum bank_encoding encoding)
{
    const struct bank_bytes *file = bank_order_write(&g->arena, &g->order, format, encoding, &g->fault);

    assert_non_null(file);
    return file;
}

static void
an_order_in_xml_is_as_the_schema_has_it(void **state)
{
    struct given *g = *state;
    const struct bank_bytes *file = written(g, BANK_PAIN001, BANK_UTF8);

    given_valid(file, "pain.001.001.09");
    assert_true(given_has(file, "<MsgId>JN-12</MsgId>"));
    assert_true(given_has(file, "<EndToEndId>JN-12-103</EndToEndId>"));
    assert_true(given_has(file, "<InstdAmt Ccy=\"CNY\">0.01</InstdAmt>"));
    assert_true(given_has(file, "<CtrlSum>1834.57</CtrlSum>")); /* 600.00 + 0.01 + 1,234.56 */
    assert_true(given_has(file, "<NbOfTxs>3</NbOfTxs>"));
    assert_true(given_has(file, "<CreDtTm>2020-03-02T00:00:00+08:00</CreDtTm>"));
    assert_true(given_has(file, "<MmbId>313121006888</MmbId>"));
    assert_true(given_has(file, "A&amp;B") && given_has(file, "&lt;Skills&gt;"));
    given_valid(written(g, BANK_PAIN001, BANK_GBK), "pain.001.001.09");
}

static void
an_order_in_csv_has_head_and_columns(void **state)
{
    struct given *g = *state;
    const struct bank_bytes *file = written(g, BANK_CSV, BANK_UTF8);
    static const char wanted[] =
        "批次号,JN-12,日期,2020-03-02,币种,CNY,总笔数,3,总金额,1834.57,付款户名,石家庄市人力资源和社会保障局,付款账号,"
        "13001615108050001234,付款行,105121000012\r\n"
        "序号,收款户名,收款账号,开户行行号,金额,用途,附言\r\n"
        "1,某某培训学校,13050161000000001,313121006888,600.00,培训费,JN-12-101\r\n"
        "2,陈小明,6222020402001234567,,0.01,职业技能培训补贴,JN-12-102\r\n"
        "3,\"\"\"A&B\"\" <Skills>, Ltd\",6217000000100000656,河北银行,1234.56,\"生活费, 交通费\",JN-12-103\r\n";

    assert_int_equal(file->length, strlen(wanted));
    assert_memory_equal(file->bytes, wanted, file->length);
}

static void
the_same_order_makes_the_same_file(void **state)
{
    struct given *g = *state;

    for (int format = BANK_PAIN001; format <= BANK_CSV; format += BANK_CSV - BANK_PAIN001)
        for (int encoding = BANK_UTF8; encoding <= BANK_GBK; encoding++) {
            const struct bank_bytes *one = written(g, (enum bank_format)format, (enum bank_encoding)encoding);
            const struct bank_bytes *other = written(g, (enum bank_format)format, (enum bank_encoding)encoding);

            assert_int_equal(one->length, other->length);
            assert_memory_equal(one->bytes, other->bytes, one->length);
        }
}

static void
what_was_written_is_read_as_it_was(void **state)
{
    struct given *g = *state;

    for (int format = BANK_PAIN001; format <= BANK_CSV; format += BANK_CSV - BANK_PAIN001)
        for (int encoding = BANK_UTF8; encoding <= BANK_GBK; encoding++) {
            const struct bank_bytes *file = written(g, (enum bank_format)format, (enum bank_encoding)encoding);
            enum bank_format found;
            const struct bank_order *order = bank_order_read(&g->arena, *file, &found, &g->fault);

            assert_non_null(order);
            assert_int_equal(found, format);
            assert_true(order->batch == 12 && order->day == g->order.day && order->total_fen == 183457);
            assert_int_equal(order->rows_count, 3);
            assert_string_equal(order->payer.name, g->order.payer.name);
            assert_string_equal(order->payer.account, g->order.payer.account);
            assert_string_equal(order->payer.bank, g->order.payer.bank);
            for (size_t i = 0; i < 3; i++) {
                assert_true(order->rows[i].claim == g->order.rows[i].claim);
                assert_true(order->rows[i].amount_fen == g->order.rows[i].amount_fen);
                assert_string_equal(order->rows[i].payee.name, g->order.rows[i].payee.name);
                assert_string_equal(order->rows[i].payee.account, g->order.rows[i].payee.account);
                assert_string_equal(order->rows[i].payee.bank, g->order.rows[i].payee.bank);
            }
        }
}

static void
gbk_is_gbk(void **state)
{
    struct given *g = *state;
    const struct bank_bytes *file = written(g, BANK_CSV, BANK_GBK);

    /* 陈小明 as the banks' machines have it: B3 C2, D0 A1, C3 F7. */
    assert_true(given_has(file, "\xB3\xC2\xD0\xA1\xC3\xF7"));
    assert_false(given_has(file, "陈"));
    assert_true(given_has(written(g, BANK_PAIN001, BANK_GBK), "encoding=\"GBK\""));
}

static void
a_name_that_gbk_does_not_have_is_refused(void **state)
{
    struct given *g = *state;
    struct bank_payment rows[1] = {{101, 100, {"李𠮷", "6222020402001234567", ""}, ""}};
    struct bank_faults faults = {.count = 0};

    g->order.rows = rows;
    g->order.rows_count = 1;
    assert_true(bank_order_check(&g->arena, &g->order, &faults));
    for (int format = BANK_PAIN001; format <= BANK_CSV; format += BANK_CSV - BANK_PAIN001) {
        assert_non_null(bank_order_write(&g->arena, &g->order, (enum bank_format)format, BANK_UTF8, &g->fault));
        assert_null(bank_order_write(&g->arena, &g->order, (enum bank_format)format, BANK_GBK, &g->fault));
        assert_int_equal(g->fault.class, BANK_NOT_IN_GBK);
        assert_string_equal(g->fault.found, "U+20BB7");
        assert_true(g->fault.line > 0);
    }
}

/* ---- Refused before it is written ---- */

static void
unpayable(struct given *g, const struct bank_payment *row, const char *why)
{
    struct bank_payment rows[2] = {g->order.rows[0], *row};
    struct bank_order order = g->order;
    struct bank_faults faults = {.count = 0};

    order.rows = rows;
    order.rows_count = 2;
    if (bank_order_check(&g->arena, &order, &faults))
        fail_msg("%s was taken", why);
    assert_int_equal(faults.count, 1);
    assert_int_equal(faults.list[0].class, BANK_UNPAYABLE);
    assert_true(faults.list[0].row && faults.list[0].claim == row->claim);
    assert_false(strstr(faults.list[0].what, row->payee.account) && *row->payee.account);
}

static void
rows_that_no_bank_could_pay_are_refused(void **state)
{
    struct given *g = *state;
    char long_name[500];
    struct bank_payment row = {7, 100, {"张三", "6222020402001234567", ""}, ""}, wrong = row;

    unpayable(g, (wrong = row, wrong.payee.name = "", &wrong), "no name");
    unpayable(g, (wrong = row, wrong.payee.account = "", &wrong), "no account");
    unpayable(g, (wrong = row, wrong.payee.account = "6222<020>", &wrong), "an account with brackets");
    unpayable(g, (wrong = row, wrong.payee.account = "12345678901234567890123456789012345", &wrong), "35 digits");
    unpayable(g, (wrong = row, wrong.payee.account = " 62", &wrong), "a blank in front");
    unpayable(g, (wrong = row, wrong.payee.name = "张\n三", &wrong), "a line end");
    unpayable(g, (wrong = row, wrong.payee.name = "张\x01", &wrong), "a control character");
    unpayable(g, (wrong = row, wrong.payee.name = "\xD5\xC5", &wrong), "no UTF-8");
    unpayable(g, (wrong = row, wrong.payee.name = "张\xEF\xBF\xBF", &wrong), "U+FFFF");
    unpayable(g, (wrong = row, wrong.purpose = "a\tb", &wrong), "a tab");
    unpayable(g, (wrong = row, wrong.amount_fen = 0, &wrong), "nothing");
    unpayable(g, (wrong = row, wrong.amount_fen = -1, &wrong), "less than nothing");
    unpayable(g, (wrong = row, wrong.amount_fen = MONEY_FEN_MAX + 1, &wrong), "too much");
    unpayable(g, (wrong = row, wrong.amount_fen = MONEY_FEN_MAX, &wrong), "too much in all");
    unpayable(g, (wrong = row, wrong.claim = 101, &wrong), "a claim twice");
    unpayable(g, (wrong = row, wrong.claim = BANK_NUMBER_MAX + 1, &wrong), "a claim of 16 digits");
    memset(long_name, 'x', 141);
    long_name[141] = '\0';
    unpayable(g, (wrong = row, wrong.payee.name = long_name, &wrong), "141 characters");
    for (size_t i = 0; i < 141; i++)
        memcpy(long_name + 3 * i, "张", 4);
    unpayable(g, (wrong = row, wrong.payee.name = long_name, &wrong), "141 characters of three bytes");
    long_name[3 * 140] = '\0';
    wrong = row;
    wrong.payee.name = long_name;
    g->order.rows = &wrong;
    g->order.rows_count = 1;
    assert_true(bank_order_check(&g->arena, &g->order, &(struct bank_faults){.count = 0}));
    given_valid(written(g, BANK_PAIN001, BANK_UTF8), "pain.001.001.09");
}

static void
an_order_without_rows_or_payer_is_refused(void **state)
{
    struct given *g = *state;
    struct bank_faults faults = {.count = 0};

    g->order.payer.account = "";
    assert_false(bank_order_check(&g->arena, &g->order, &faults));
    assert_false(faults.list[0].row);
    g->order.payer.account = "1";
    g->order.rows_count = 0;
    assert_false(bank_order_check(&g->arena, &g->order, &faults));
}

static void
orders_that_were_altered_are_refused(void **state)
{
    struct given *g = *state;
    struct bank_bytes xml = *written(g, BANK_PAIN001, BANK_UTF8), csv = *written(g, BANK_CSV, BANK_UTF8);
    struct {
        struct bank_bytes file;
        enum bank_class class;
    } altered[] = {{given_with(g, xml, "<CtrlSum>1834.57", "<CtrlSum>1834.58"), BANK_WRONG_TOTAL},
                   {given_with(g, xml, "<NbOfTxs>3", "<NbOfTxs>2"), BANK_WRONG_TOTAL},
                   {given_with(g, xml, ">600.00<", ">600.01<"), BANK_WRONG_TOTAL},
                   {given_with(g, xml, "Ccy=\"CNY\"", "Ccy=\"USD\""), BANK_WRONG_CURRENCY},
                   {given_with(g, xml, "<EndToEndId>JN-12-", "<EndToEndId>JN-13-"), BANK_WRONG_BATCH},
                   {given_with(g, xml, "pain.001.001.09", "pain.001.001.03"), BANK_MALFORMED},
                   {given_with(g, csv, "1834.57", "1834.58"), BANK_WRONG_TOTAL},
                   {given_with(g, csv, "总笔数,3", "总笔数,4"), BANK_WRONG_TOTAL},
                   {given_with(g, csv, "CNY", "USD"), BANK_WRONG_CURRENCY},
                   {given_with(g, csv, "JN-12-101", "JN-13-101"), BANK_WRONG_BATCH},
                   {given_with(g, csv, "600.00", "600.0000x"), BANK_MALFORMED}};
    enum bank_format format;

    for (size_t i = 0; i < sizeof(altered) / sizeof(altered[0]); i++) {
        assert_null(bank_order_read(&g->arena, altered[i].file, &format, &g->fault));
        if (g->fault.class != altered[i].class)
            fail_msg("%zu: %s", i, bank_classes[g->fault.class].name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_name_batch_and_claim),
        cmocka_unit_test(what_is_no_reference_is_none),
        cmocka_unit_test(amounts_are_exact_or_refused),
        cmocka_unit_test_setup_teardown(an_order_in_xml_is_as_the_schema_has_it, given_open, given_close),
        cmocka_unit_test_setup_teardown(an_order_in_csv_has_head_and_columns, given_open, given_close),
        cmocka_unit_test_setup_teardown(the_same_order_makes_the_same_file, given_open, given_close),
        cmocka_unit_test_setup_teardown(what_was_written_is_read_as_it_was, given_open, given_close),
        cmocka_unit_test_setup_teardown(gbk_is_gbk, given_open, given_close),
        cmocka_unit_test_setup_teardown(a_name_that_gbk_does_not_have_is_refused, given_open, given_close),
        cmocka_unit_test_setup_teardown(rows_that_no_bank_could_pay_are_refused, given_open, given_close),
        cmocka_unit_test_setup_teardown(an_order_without_rows_or_payer_is_refused, given_open, given_close),
        cmocka_unit_test_setup_teardown(orders_that_were_altered_are_refused, given_open, given_close),
    };

    return cmocka_run_group_tests_name("bank: orders", tests, NULL, NULL);
}
