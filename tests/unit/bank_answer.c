/* The bank's answers: what is offered to be recorded, each error class, the same file twice. */
#include "bank_given.h"

#include <stdio.h>

static const enum bank_format kinds[] = {BANK_PAIN002, BANK_CAMT053, BANK_CSV};
static const enum bank_encoding encodings[] = {BANK_UTF8, BANK_GBK};

#define EACH_KIND for (size_t k = 0; k < 3; k++)

static void
what_was_paid_is_offered_as_paid(void **state)
{
    struct given *g = *state;

    EACH_KIND for (size_t e = 0; e < 2; e++)
    {
        struct bank_bytes file = given_answer(g, kinds[k], encodings[e], BANK_CLASS_NONE);
        const struct bank_answer *answer = given_reconciled(g, file);

        assert_int_equal(answer->format, kinds[k]);
        assert_true(answer->simulated);
        assert_int_equal(answer->encoding, encodings[e]);
        assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
        assert_int_equal(g->what.offers_count, 3);
        assert_true(g->what.paid_fen == 183457 && g->what.failed_fen == 0);
        assert_int_equal(g->what.pending + g->what.known, 0);
        if (kinds[k] == BANK_CAMT053)
            given_valid(&file, "camt.053.001.08");
    }
}

static void
a_file_read_twice_changes_nothing(void **state)
{
    struct given *g = *state;

    for (size_t i = 0; i < 3; i++)
        g->known[i].state = BANK_WAS_PAID;
    EACH_KIND
    {
        const struct bank_answer *answer = given_reconciled(g, given_answer(g, kinds[k], BANK_UTF8, BANK_CLASS_NONE));

        assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
        assert_int_equal(g->what.offers_count, 0);
        assert_int_equal(g->what.known, 3);
    }
}

/* ---- Failed ---- */

static void
a_failed_row_has_the_bank_s_reason(void **state)
{
    struct given *g = *state;
    struct bank_bytes file = given_answer(g, BANK_PAIN002, BANK_UTF8, BANK_CLASS_NONE);
    const struct bank_answer *answer;

    file = given_with(g, file, "<DtldNbOfTxs>3</DtldNbOfTxs>", "<DtldNbOfTxs>2</DtldNbOfTxs>");
    file = given_with(g, file, "<DtldCtrlSum>1834.57", "<DtldCtrlSum>1834.56");
    file =
        given_with(g, file, "<OrgnlEndToEndId>JN-12-102</OrgnlEndToEndId>\n    <TxSts>ACSC</TxSts>",
                   "<OrgnlEndToEndId>JN-12-102</OrgnlEndToEndId>\n    <TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd>"
                   "</Rsn><AddtlInf>陈小明 的账户 6222020402001234567 已注销</AddtlInf></StsRsnInf>");
    answer = given_reconciled(g, file);
    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
    assert_int_equal(given_offer(g, 101), 1);
    assert_int_equal(given_offer(g, 102), 0);
    assert_string_equal(g->what.offers[1].reason, "AC04 收款账户已销户 (the account is closed): *** 的账户 *** 已注销");
    g->known[1].state = BANK_WAS_FAILED;
    given_reconciled(g, file);
    assert_int_equal(g->what.known, 1);
    assert_int_equal(given_offer(g, 102), -1);
}

static void
reasons_name_nobody_and_fit(void **state)
{
    static const struct bank_party payee = {"陈小明", "6222020402001234567", ""};
    static const struct {
        const char *code, *words, *wanted;
    } cases[] = {
        {"AC01", "", "AC01 收款账号错误 (the account number is wrong)"},
        {"", "户名不符", "户名不符"},
        {"X9", "  户名\r\n\t不符  ", "X9: 户名 不符"},
        {"", "", "银行未说明原因 (the bank gives no reason)"},
        {"", "卡号6222 0204 0200 1234 567无效", "卡号***无效"},
        {"", "电话１３８００１３８０００", "电话***"},
        {"", "第123行", "第123行"},
        {"", "陈小明陈小明", "******"},
        {"<b>", "", "?b?"},
    };
    char reason[BANK_REASON_BYTES], words[BANK_FIELD_MAX + 1] = "";

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bank_reason_text(reason, cases[i].code, cases[i].words, &payee);
        assert_string_equal(reason, cases[i].wanted);
    }
    while (strlen(words) + 3 <= BANK_FIELD_MAX)
        strcat(words, "户");
    bank_reason_text(reason, "AC04", words, &payee);
    assert_in_range(strlen(reason), 117, 120);
    assert_int_not_equal(bank_text_characters(reason), SIZE_MAX);
    for (size_t i = 0; i < bank_reasons_count; i++) {
        assert_true(strlen(bank_reasons[i].code) == 4 && *bank_reasons[i].en &&
                    (unsigned char)*bank_reasons[i].zh > 127);
        bank_reason_text(reason, bank_reasons[i].code, "", &payee);
        assert_true(strlen(reason) < 120 && !strncmp(reason, bank_reasons[i].code, 4) && strchr(reason, ')'));
    }
}

/* ---- Open ---- */

static void
what_is_pending_or_not_named_stays_open(void **state)
{
    struct given *g = *state;
    static const char *const pending[] = {"PDNG", "ACSP", "ACTC", "ACCP", "ACWC", "RCVD", "PART", "BLCK"};

    for (size_t i = 0; i < sizeof(pending) / sizeof(pending[0]); i++) {
        char to[64];
        struct bank_bytes file = given_answer(g, BANK_PAIN002, BANK_UTF8, BANK_CLASS_NONE);

        snprintf(to, sizeof(to), "<TxSts>%s</TxSts>", pending[i]);
        file = given_with_all(g, file, "<TxSts>ACSC</TxSts>", to);
        assert_int_equal(given_only_fault(g, given_reconciled(g, file)), BANK_CLASS_NONE);
        assert_int_equal(g->what.offers_count, 0);
        assert_int_equal(g->what.pending, 3);
        assert_int_equal(g->what.told_count, 3); /* named, and not decided */
        assert_true(g->what.told[0].undecided && !g->what.told[0].paid && !*g->what.told[0].reason);
    }
    given_reconciled(g, given_text("批次号,JN-12,总笔数,1,总金额,600.00\n金额,附言,结果\n600.00,JN-12-101,成功\n"));
    assert_int_equal(given_offer(g, 101), 1);
    assert_int_equal(g->what.pending, 2);
    assert_int_equal(g->what.told_count, 0); /* not named */
    given_reconciled(
        g, given_text(
               "批次号,JN-12,总笔数,1,总金额,600.00\n金额,附言,结果,失败原因\n600.00,JN-12-101,处理中,待收款行确认\n"));
    assert_string_equal(g->what.told[0].reason, "待收款行确认");
}

#define REPORT(group, rest)                                                                                            \
    "<Document "                                                                                                       \
    "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt><GrpHdr><MsgId>1</MsgId></GrpHdr>"       \
    "<OrgnlGrpInfAndSts><OrgnlMsgId>JN-12</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>" group              \
    "</OrgnlGrpInfAndSts>" rest "</CstmrPmtStsRpt></Document>"
#define ROW(claim, status)                                                                                             \
    "<TxInfAndSts><OrgnlEndToEndId>JN-12-" claim "</OrgnlEndToEndId><TxSts>" status "</TxSts></TxInfAndSts>"
#define PAYMENT(rest) "<OrgnlPmtInfAndSts><OrgnlPmtInfId>JN-12</OrgnlPmtInfId>" rest "</OrgnlPmtInfAndSts>"

static void
a_status_of_all_holds_for_each(void **state)
{
    struct given *g = *state;

    given_reconciled(g, given_text(REPORT("<OrgnlNbOfTxs>3</OrgnlNbOfTxs><GrpSts>ACSC</GrpSts>", "")));
    assert_true(g->what.offers_count == 3 && g->what.paid_fen == 183457);
    given_reconciled(g, given_text(REPORT("<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>", "")));
    assert_true(g->what.offers_count == 3 && g->what.failed_fen == 183457);
    assert_string_equal(g->what.offers[2].reason, "AM04 付款账户余额不足 (the paying account has not enough money)");
    /* The nearer word counts: the row's before the payment's, the payment's before the group's. */
    given_reconciled(
        g, given_text(REPORT("<GrpSts>ACTC</GrpSts>", PAYMENT("<PmtInfSts>ACSC</PmtInfSts>" ROW("102", "RJCT")))));
    assert_int_equal(given_offer(g, 101), 1);
    assert_int_equal(given_offer(g, 102), 0);
    assert_int_equal(given_offer(g, 103), 1);
    /* What is said of all does not hold for a row whose own word is not understood. */
    given_reconciled(g, given_text(REPORT("<GrpSts>ACSC</GrpSts>", PAYMENT(ROW("102", "ZZZZ")))));
    assert_int_equal(given_offer(g, 101), 1);
    assert_int_equal(given_offer(g, 102), -1);
    assert_int_equal(g->what.pending, 1);
    given_reconciled(g, given_text(REPORT("<GrpSts>PART</GrpSts>", PAYMENT(ROW("102", "RJCT")))));
    assert_int_equal(g->what.offers_count, 1);
    assert_int_equal(g->what.pending, 2);
}

static void
an_order_of_what_was_left_is_answered_as_such(void **state)
{
    struct given *g = *state;

    g->known[0].state = BANK_WAS_FAILED; /* before the file was made */
    given_reconciled(g, given_text(REPORT("<OrgnlNbOfTxs>2</OrgnlNbOfTxs><OrgnlCtrlSum>1234.57</OrgnlCtrlSum>"
                                          "<GrpSts>ACSC</GrpSts>",
                                          "")));
    assert_int_equal(g->what.faults.count, 0);
    assert_int_equal(g->what.offers_count, 2);
    assert_int_equal(given_offer(g, 101), -1);
}

static void
what_the_payee_had_as_an_advance_is_paid_with_the_rest(void **state)
{
    struct given *g = *state;

    g->known[1].amount_fen = 0;
    given_reconciled(g, given_text("批次号,JN-12,总笔数,1,总金额,600.00\n金额,附言,结果\n600.00,JN-12-101,成功\n"));
    assert_int_equal(given_offer(g, 102), 1);
    assert_true(g->what.paid_fen == 60000);
}

/* ---- Error classes ---- */

/* Each kind of file with each fault: the class, where it is told, and what of the good rows is offered. */
static void
each_error_class_is_named(void **state)
{
    struct given *g = *state;
    static const struct {
        enum bank_class class;
        int whole;  /* refused when read (2), when held against the batch (1) */
        int middle; /* what comes of the row in question: paid (1), failed (0), nothing (-1) */
    } cases[] = {{BANK_MALFORMED, 2, -1},      {BANK_WRONG_ENCODING, 2, -1}, {BANK_WRONG_TOTAL, 1, -1},
                 {BANK_WRONG_CURRENCY, 0, -1}, {BANK_WRONG_BATCH, 0, -1},    {BANK_UNKNOWN_ROW, 0, 1},
                 {BANK_AMOUNT_DIFFERS, 0, -1}, {BANK_DOUBLE_DEBIT, 0, 1},    {BANK_RETURNED, 0, 0},
                 {BANK_CONTRADICTS, 0, -1},    {BANK_UNCLEAR, 0, -1}};

    EACH_KIND for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
    {
        enum bank_class class = cases[i].class;
        bool csv = kinds[k] == BANK_CSV, statement = kinds[k] == BANK_CAMT053;
        bool whole = cases[i].whole == 2 || (class == BANK_WRONG_TOTAL && (csv || statement)) ||
                     (class == BANK_WRONG_CURRENCY && csv);
        struct bank_bytes file;
        const struct bank_answer *answer;

        if ((class == BANK_RETURNED && kinds[k] == BANK_PAIN002) || (class == BANK_CONTRADICTS && statement))
            continue;
        file = given_answer(g, kinds[k], encodings[i % 2], class);
        if (statement && !whole)
            given_valid(&file, "camt.053.001.08");
        answer = given_read(g, file);
        if (whole) {
            if (answer || g->fault.class != class)
                fail_msg("%zu %s: %s", k, bank_classes[class].name,
                         answer ? "taken" : bank_classes[g->fault.class].name);
            continue;
        }
        answer = given_reconciled(g, file);
        assert_int_equal(g->what.refused, cases[i].whole == 1);
        if (class == BANK_WRONG_BATCH && statement) {
            uint64_t *batches; /* a batch of its own, which the ledger does not know */

            assert_int_equal(bank_answer_batches(&g->arena, answer, &batches), 2);
            assert_true(batches[1] == BANK_NUMBER_MAX);
        } else if (given_only_fault(g, answer) != class) {
            fail_msg("%zu %s: %s", k, bank_classes[class].name, bank_classes[given_only_fault(g, answer)].name);
        }
        assert_int_equal(given_offer(g, 102), cases[i].middle);
        assert_int_equal(given_offer(g, 101), g->what.refused ? -1 : 1);
        assert_int_equal(given_offer(g, 103), g->what.refused ? -1 : 1);
    }
}

static void
a_fault_says_what_and_how_much(void **state)
{
    struct given *g = *state;

    given_reconciled(g, given_answer(g, BANK_CAMT053, BANK_UTF8, BANK_AMOUNT_DIFFERS));
    assert_string_equal(g->what.faults.list[0].found, "0.02");
    assert_string_equal(g->what.faults.list[0].expected, "0.01");
    assert_true(g->what.faults.list[0].row && g->what.faults.list[0].claim == 102 && g->what.faults.list[0].line > 20);
    given_reconciled(g, given_answer(g, BANK_PAIN002, BANK_UTF8, BANK_WRONG_TOTAL));
    assert_string_equal(g->what.faults.list[0].found, "4");
    assert_string_equal(g->what.faults.list[0].expected, "3");
    for (size_t i = BANK_UNPAYABLE; i < BANK_CLASSES; i++) {
        const struct bank_class_words *words = &bank_classes[i];

        assert_true(*words->name && *words->en && (unsigned char)*words->zh && *words->next_en && *words->next_zh);
    }
}

static void
what_contradicts_the_books_moves_nothing(void **state)
{
    struct given *g = *state;
    const struct bank_answer *answer;

    g->known[0].state = BANK_WAS_FAILED; /* and now the bank says paid */
    answer = given_reconciled(g, given_answer(g, BANK_CSV, BANK_GBK, BANK_CLASS_NONE));
    assert_int_equal(given_only_fault(g, answer), BANK_CONTRADICTS);
    assert_string_equal(g->what.faults.list[0].found, "paid");
    assert_string_equal(g->what.faults.list[0].expected, "failed");
    assert_int_equal(g->what.offers_count, 2);
    assert_true(g->what.told_count == 1 && g->what.told[0].claim == 101 && g->what.told[0].paid);
    g->known[0].state = BANK_WAS_PAID;
    answer =
        given_reconciled(g, given_text("批次号,JN-12,总笔数,1,总金额,600.00\n金额,附言,结果\n600.00,JN-12-101,失败\n"));
    assert_int_equal(given_only_fault(g, answer), BANK_CONTRADICTS);
    assert_int_equal(g->what.offers_count, 0);
    assert_true(g->what.told_count == 1 && !g->what.told[0].paid && *g->what.told[0].reason);
    /* What contradicts itself says nothing. */
    given_reconciled(g, given_answer(g, BANK_CSV, BANK_UTF8, BANK_CONTRADICTS));
    assert_int_equal(g->what.told_count, 0);
}

static void
what_came_back_later_is_told(void **state)
{
    struct given *g = *state;
    struct bank_bytes file = given_answer(g, BANK_CAMT053, BANK_UTF8, BANK_RETURNED);
    const struct bank_answer *answer;

    answer = given_reconciled(g, file);
    assert_string_equal(g->what.offers[1].reason,
                        "退汇 returned: AC04 收款账户已销户 (the account is closed): 收款账户已销户");
    assert_string_equal(g->what.faults.list[0].found, "AC04");
    g->known[1].state = BANK_WAS_PAID;
    answer = given_reconciled(g, file);
    assert_int_equal(given_only_fault(g, answer), BANK_RETURNED);
    assert_int_equal(given_offer(g, 102), -1);
    assert_true(g->what.told_count == 1 && g->what.told[0].claim == 102 && !g->what.told[0].paid);
    assert_non_null(strstr(g->what.told[0].reason, "退汇 returned: AC04"));
    g->known[1].state = BANK_WAS_FAILED; /* known, and the same */
    answer = given_reconciled(g, file);
    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
    assert_int_equal(g->what.known, 1);
}

/* ---- Statements ---- */

#define STATEMENT(rest)                                                                                                \
    "<Document "                                                                                                       \
    "xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>"        \
    "<Stmt><Id>1</Id><Acct><Id><Othr><Id>1</Id></Othr></Id><Ccy>CNY</Ccy></Acct>" rest                                 \
    "</Stmt></BkToCstmrStmt></Document>"
#define BALANCE(code, amount)                                                                                          \
    "<Bal><Tp><CdOrPrtry><Cd>" code "</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">" amount                                   \
    "</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>"
#define ENTRY(amount, way, more, rest)                                                                                 \
    "<Ntry><Amt Ccy=\"CNY\">" amount "</Amt><CdtDbtInd>" way "</CdtDbtInd>" more "<Sts><Cd>BOOK</Cd></Sts>" rest       \
    "</Ntry>"
#define DETAIL(reference, amount)                                                                                      \
    "<TxDtls><Refs><EndToEndId>" reference "</EndToEndId></Refs><Amt Ccy=\"CNY\">" amount "</Amt></TxDtls>"

static void
a_statement_tells_of_several_batches_and_of_others(void **state)
{
    struct given *g = *state;
    uint64_t *batches;
    const struct bank_answer *answer = given_reconciled(
        g, given_text(STATEMENT(
               BALANCE("OPBD", "10000.00") BALANCE("CLBD", "10359.99")
                   ENTRY("600.01", "DBIT", "",
                         "<NtryDtls>" DETAIL("JN-12-101", "600.00") DETAIL("JN-12-102", "0.01") "</NtryDtls>")
                       ENTRY("35.00", "DBIT", "",
                             "<NtryDtls><TxDtls><Refs><EndToEndId>JN-9-7</EndToEndId></Refs></TxDtls></NtryDtls>")
                           ENTRY("1000.00", "CRDT", "", "")
                               ENTRY("4.00", "DBIT", "", "<NtryDtls>" DETAIL("NOTPROVIDED", "4.00") "</NtryDtls>")
                                   ENTRY("1.00", "DBIT", "", "<NtryDtls><TxDtls></TxDtls></NtryDtls>"))));

    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE);
    assert_int_equal(bank_answer_batches(&g->arena, answer, &batches), 2);
    assert_true(batches[0] == 9 && batches[1] == 12);
    assert_int_equal(given_offer(g, 101), 1);
    assert_int_equal(given_offer(g, 102), 1);
    assert_int_equal(g->what.pending, 1);
    assert_int_equal(answer->others_count, 3);
    assert_true(answer->others_in_fen == 100000 && answer->others_out_fen == 500);
    for (size_t i = 0; i < answer->rows_count; i++)
        assert_true(answer->rows[i].batch == 12 || answer->rows[i].amount_fen == 3500); /* the entry's, where alone */
}

static void
a_statement_that_does_not_add_up_is_refused(void **state)
{
    struct given *g = *state;
    static const char *const wrong[] = {
        STATEMENT(BALANCE("OPBD", "1000.00") BALANCE("CLBD", "400.01") ENTRY("600.00", "DBIT", "", "")),
        STATEMENT(
            "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>" ENTRY("600.00", "DBIT", "", "")),
        STATEMENT(
            "<TxsSummry><TtlDbtNtries><Sum>600.01</Sum></TtlDbtNtries></TxsSummry>" ENTRY("600.00", "DBIT", "", "")),
        STATEMENT("<TxsSummry><TtlCdtNtries><NbOfNtries>1</NbOfNtries></TtlCdtNtries></TxsSummry>" ENTRY(
            "600.00", "DBIT", "", "")),
        STATEMENT(ENTRY("600.00", "DBIT", "",
                        "<NtryDtls>" DETAIL("JN-12-101", "600.00") DETAIL("JN-12-102", "0.01") "</NtryDtls>"))};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_null(given_read(g, given_text(wrong[i])));
        assert_int_equal(g->fault.class, BANK_WRONG_TOTAL);
    }
    assert_non_null(
        given_read(g, given_text(STATEMENT(BALANCE("OPBD", "1000.00") BALANCE(
                          "CLBD", "400.00") "<TxsSummry><TtlNtries><NbOfNtries>1</NbOfNtries><Sum>600.000</Sum></"
                                            "TtlNtries></TxsSummry>" ENTRY("600.00", "DBIT", "", "")))));
}

static void
debits_and_what_takes_them_back_are_counted(void **state)
{
    struct given *g = *state;
    const struct bank_answer *answer;

#define BOOKED(way, more) ENTRY("600.00", way, more, "<NtryDtls>" DETAIL("JN-12-101", "600.00") "</NtryDtls>")
    answer = given_reconciled(
        g, given_text(STATEMENT(BOOKED("DBIT", "") BOOKED("DBIT", "") BOOKED("CRDT", "<RvslInd>true</RvslInd>"))));
    assert_int_equal(given_only_fault(g, answer), BANK_CLASS_NONE); /* the bank has corrected itself */
    assert_int_equal(given_offer(g, 101), 1);
    answer = given_reconciled(g, given_text(STATEMENT(BOOKED("DBIT", "") BOOKED("DBIT", "") BOOKED("DBIT", ""))));
    assert_int_equal(given_only_fault(g, answer), BANK_DOUBLE_DEBIT);
    assert_string_equal(g->what.faults.list[0].found, "3");
    answer = given_reconciled(g, given_text(STATEMENT(BOOKED("DBIT", "") BOOKED("CRDT", ""))));
    assert_int_equal(given_only_fault(g, answer), BANK_RETURNED);
    assert_int_equal(given_offer(g, 101), 0);
    answer = given_reconciled(g, given_text(STATEMENT(BOOKED("DBIT", "<RvslInd>true</RvslInd>"))));
    assert_int_equal(given_only_fault(g, answer), BANK_UNCLEAR);
    assert_int_equal(given_offer(g, 101), -1);
    g->known[0].state = BANK_WAS_PAID; /* the second debit came on the same statement as the first, read again */
    answer = given_reconciled(g, given_text(STATEMENT(BOOKED("DBIT", "") BOOKED("DBIT", ""))));
    assert_int_equal(given_only_fault(g, answer), BANK_DOUBLE_DEBIT);
    assert_int_equal(g->what.offers_count, 0);
}

/* ---- The simulated bank ---- */

static void
with_a_seed_rows_fail_for_each_reason_and_some_wait(void **state)
{
    struct given *g = *state;
    enum { ROWS = 600 };
    static struct bank_payment rows[ROWS];
    static struct bank_known known[ROWS];
    struct bank_order order = g->order;
    struct bank_batch batch = {12, known, ROWS};
    struct bank_simulation simulation = {.format = BANK_CSV, .encoding = BANK_GBK, .seed = 7};
    size_t failed, pending, reasons = 0;
    const char *unfit;

    for (size_t i = 0; i < ROWS; i++) {
        rows[i] = (struct bank_payment){i + 1, 100, {"张三", "6222020402001234567", ""}, ""};
        known[i] = (struct bank_known){.claim = i + 1, .amount_fen = 100, .state = BANK_OPEN, .payee = rows[i].payee};
    }
    order.rows = rows;
    order.rows_count = ROWS;
    assert_true(bank_order_check(&g->arena, &order, &(struct bank_faults){.count = 0}));
    g->batch = batch;
    given_reconciled(g, *bank_simulate(&g->arena, &order, &simulation, &unfit));
    failed = (size_t)g->what.failed_fen / 100;
    pending = g->what.pending;
    assert_in_range(failed, 38, 90);
    assert_in_range(pending, 30, 90);
    assert_int_equal(g->what.paid_fen / 100 + (int64_t)failed + (int64_t)pending, ROWS);
    for (size_t r = 0; r < bank_reasons_count; r++)
        for (size_t i = 0; i < g->what.offers_count; i++)
            if (!g->what.offers[i].paid && !strncmp(g->what.offers[i].reason, bank_reasons[r].code, 4)) {
                reasons++;
                break;
            }
    assert_int_equal(reasons, bank_reasons_count);
    for (size_t i = 0; i < g->what.offers_count; i++)
        known[g->what.offers[i].claim - 1].state = g->what.offers[i].paid ? BANK_WAS_PAID : BANK_WAS_FAILED;
    simulation.settled = true;
    given_reconciled(g, *bank_simulate(&g->arena, &order, &simulation, &unfit));
    assert_int_equal(g->what.faults.count, 0);
    assert_int_equal(g->what.offers_count, pending);
    assert_int_equal(g->what.known, ROWS - pending);
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, given_open, given_close)
    const struct CMUnitTest tests[] = {
        STORY(what_was_paid_is_offered_as_paid),
        STORY(a_file_read_twice_changes_nothing),
        STORY(a_failed_row_has_the_bank_s_reason),
        cmocka_unit_test(reasons_name_nobody_and_fit),
        STORY(what_is_pending_or_not_named_stays_open),
        STORY(a_status_of_all_holds_for_each),
        STORY(an_order_of_what_was_left_is_answered_as_such),
        STORY(what_the_payee_had_as_an_advance_is_paid_with_the_rest),
        STORY(each_error_class_is_named),
        STORY(a_fault_says_what_and_how_much),
        STORY(what_contradicts_the_books_moves_nothing),
        STORY(what_came_back_later_is_told),
        STORY(a_statement_tells_of_several_batches_and_of_others),
        STORY(a_statement_that_does_not_add_up_is_refused),
        STORY(debits_and_what_takes_them_back_are_counted),
        STORY(with_a_seed_rows_fail_for_each_reason_and_some_wait),
    };

    return cmocka_run_group_tests_name("bank: answers", tests, NULL, NULL);
}
