/* Files that mean harm, or are broken: each refused with its class, none of them believed in part. */
#include "bank_given.h"

#include <stdio.h>
#include <stdlib.h>

#define SPACE "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"

static void
refused(struct given *g, struct bank_bytes file, enum bank_class class, const char *what)
{
    const struct bank_answer *answer = given_read(g, file);

    if (answer || g->fault.class != class)
        fail_msg("%s: %s", what, answer ? "taken" : bank_classes[g->fault.class].name);
}

static void
malformed(struct given *g, const char *text)
{
    refused(g, given_text(text), BANK_MALFORMED, text);
}

static struct bank_bytes
good(struct given *g)
{
    return given_answer(g, BANK_PAIN002, BANK_UTF8, BANK_CLASS_NONE);
}

static void
entities_and_doctypes_are_not_taken(void **state)
{
    struct given *g = *state;
    static const char *const doctypes[] = {
        "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
        "\"&b;&b;&b;&b;&b;&b;&b;&b;\">"
        "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\">]>",
        "<!DOCTYPE a [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>", "<!DOCTYPE a SYSTEM \"http://127.0.0.1:9/x.dtd\">",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM \"file:///etc/passwd\">%p;]>", "<!DOCTYPE Document>"};

    for (size_t i = 0; i < sizeof(doctypes) / sizeof(doctypes[0]); i++) {
        struct bank_bytes file = given_with(g, good(g), "<Document", doctypes[i]);

        file = given_with(g, file, doctypes[i], jn_arena_print(&g->arena, "%s<Document", doctypes[i]));
        refused(g, file, BANK_MALFORMED, doctypes[i]);
        assert_non_null(strstr(g->fault.what, "DOCTYPE"));
    }
    refused(g, given_with(g, good(g), "pain.001.001.09<", "&e;<"), BANK_MALFORMED, "an entity of nobody");
    refused(g, given_with(g, good(g), "JN-12</OrgnlMsgId>", "JN&#45;12</OrgnlMsgId><OrgnlMsgId>JN-12</OrgnlMsgId>"),
            BANK_MALFORMED, "a message id twice");
    /* Characters by number are what XML has anyway. */
    assert_non_null(given_read(g, given_with(g, good(g), "JN-12</OrgnlMsgId>", "JN&#45;12</OrgnlMsgId>")));
}

static void
what_is_cut_off_is_not_believed(void **state)
{
    struct given *g = *state;
    struct bank_bytes file = good(g), csv = given_answer(g, BANK_CSV, BANK_UTF8, BANK_CLASS_NONE);
    struct bank_bytes statement = given_answer(g, BANK_CAMT053, BANK_UTF8, BANK_CLASS_NONE);

    for (size_t length = 0; length + 1 < file.length; length += 7)
        assert_null(given_read(g, (struct bank_bytes){file.bytes, length}));
    for (size_t length = 0; length + 1 < statement.length; length += 41)
        assert_null(given_read(g, (struct bank_bytes){statement.bytes, length}));
    for (size_t length = 0; length + 2 < csv.length; length++)
        if (given_read(g, (struct bank_bytes){csv.bytes, length}) && memcmp(csv.bytes + length, ",", 1))
            fail_msg("%zu of %zu bytes were taken", length, csv.length);
}

static char *
nested(struct given *g, size_t depth)
{
    char *text = jn_arena_take(&g->arena, 8 * depth + 400), *at = text;

    at += sprintf(at, "<Document xmlns=\"" SPACE "\">");
    for (size_t i = 0; i < depth; i++)
        at += sprintf(at, "<a>");
    for (size_t i = 0; i < depth; i++)
        at += sprintf(at, "</a>");
    sprintf(at, "</Document>");
    return text;
}

static void
deep_large_and_wide_files_are_refused_in_time(void **state)
{
    struct given *g = *state;
    size_t large = BANK_FILE_BYTES_MAX + 1;
    char *text = malloc(large + 1), *at;

    malformed(g, nested(g, 40));
    assert_non_null(strstr(g->fault.what, "deep"));
    malformed(g, nested(g, 300000));
    assert_non_null(text);
    memset(text, ' ', large);
    refused(g, (struct bank_bytes){text, large}, BANK_MALFORMED, "over 8 MiB");
    /* A tag of a million attributes: comparing each with each would take hours. */
    at = text + sprintf(text, "<Document xmlns=\"" SPACE "\"><x");
    for (int i = 0; i < 500000; i++)
        at += sprintf(at, " a%d=''", i);
    sprintf(at, "/></Document>");
    malformed(g, text);
    assert_non_null(strstr(g->fault.what, "too long"));
    at = text + sprintf(text, "<Document xmlns=\"" SPACE "\"><x a='>");
    memset(at, '>', 100000);
    strcpy(at + 100000, "'/></Document>");
    malformed(g, text);
    /* Rows without end. */
    at = text + sprintf(text, "批次号,JN-12,总笔数,20001,总金额,200.01\n金额,附言,结果\n");
    for (int i = 0; i < 20001; i++)
        at += sprintf(at, "0.01,JN-12-%d,成功\n", i);
    malformed(g, text);
    assert_non_null(strstr(g->fault.what, "too many rows"));
    free(text);
}

static void
another_namespace_is_another_message(void **state)
{
    struct given *g = *state;
    struct bank_bytes file = good(g);

    refused(g, given_with(g, file, SPACE, "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"), BANK_MALFORMED,
            "an old version");
    refused(g, given_with(g, file, " xmlns=\"" SPACE "\"", ""), BANK_MALFORMED, "no namespace");
    /* Elements of somebody else's are nobody's: the message id is not there. */
    refused(g, given_with(g, file, "<OrgnlGrpInfAndSts>", "<OrgnlGrpInfAndSts xmlns=\"urn:x\">"), BANK_MALFORMED,
            "urn:x");
    file = given_with(g, file, "<TxSts>ACSC", "<TxSts xmlns=\"urn:x\">RJCT</TxSts><TxSts>ACSC");
    given_reconciled(g, file);
    assert_int_equal(given_offer(g, 101), 1);
    /* A prefix is as good as none. */
    malformed(g, "<p:Document xmlns:p=\"" SPACE "\"/>");
    assert_string_equal(g->fault.what, "OrgnlMsgId");
    malformed(g, "<p:Document/>");
    malformed(g, "");
    malformed(g, "<");
    malformed(g, "<?xml version=\"1.0\"?>");
    malformed(g, "<a/><b/>");
}

static void
what_is_there_twice_or_not_at_all_is_malformed(void **state)
{
    struct given *g = *state;
    struct bank_bytes file = good(g), statement = given_answer(g, BANK_CAMT053, BANK_UTF8, BANK_CLASS_NONE);

    refused(g, given_with(g, file, "<TxSts>ACSC</TxSts>", "<TxSts>ACSC</TxSts><TxSts>RJCT</TxSts>"), BANK_MALFORMED,
            "two statuses");
    refused(g, given_with(g, file, "600.00</InstdAmt>", "600.00</InstdAmt><InstdAmt Ccy=\"CNY\">1.00</InstdAmt>"),
            BANK_MALFORMED, "two amounts");
    refused(g,
            given_with(g, file, "<OrgnlEndToEndId>JN-12-101</OrgnlEndToEndId>",
                       "<OrgnlEndToEndId>JN-12-101</OrgnlEndToEndId>"
                       "<OrgnlEndToEndId>JN-12-102</OrgnlEndToEndId>"),
            BANK_MALFORMED, "two references");
    refused(g, given_with(g, statement, "<CdtDbtInd>DBIT</CdtDbtInd>", ""), BANK_MALFORMED, "no direction");
    refused(g, given_with(g, statement, "<CdtDbtInd>DBIT</CdtDbtInd>", "<CdtDbtInd>dbit</CdtDbtInd>"), BANK_MALFORMED,
            "dbit");
    refused(g, given_with(g, statement, "<Ccy>CNY</Ccy>", "<Ccy>USD</Ccy>"), BANK_WRONG_CURRENCY,
            "an account in dollars");
    refused(g, given_with_all(g, file, ">600.00<", ">6e2<"), BANK_MALFORMED, "an exponent");
    refused(g, given_with_all(g, file, ">600.00<", ">-600.00<"), BANK_MALFORMED, "below nothing");
    refused(g, given_with_all(g, file, ">600.00<", ">600.001<"), BANK_MALFORMED, "a tenth of a fen");
    refused(g, given_with_all(g, file, ">600.00<", ">92233720368547758.08<"), BANK_MALFORMED, "2^63 fen");
    refused(g, given_with(g, file, "<OrgnlMsgId>JN-12", "<OrgnlMsgId>PAY-12"), BANK_WRONG_BATCH, "another's message");
    refused(g, given_with(g, file, "<OrgnlPmtInfId>JN-12", "<OrgnlPmtInfId>JN-13"), BANK_WRONG_BATCH, "two batches");
    refused(g, given_with(g, file, "<DtldNbOfTxs>3", "<DtldNbOfTxs>4"), BANK_WRONG_TOTAL, "a row was lost");
    refused(g, given_with(g, file, "<DtldCtrlSum>1834.57", "<DtldCtrlSum>1834.56"), BANK_WRONG_TOTAL, "a fen was lost");
}

static void
a_statement_s_entries_must_say_their_amounts(void **state)
{
    struct given *g = *state;
    struct bank_bytes file = given_answer(g, BANK_CAMT053, BANK_UTF8, BANK_CLASS_NONE);

    /* Two payments in one entry, the first without an amount: neither may take the entry's. */
    file = given_with(
        g, file, "</Refs>\n      <Amt Ccy=\"CNY\">600.00</Amt>",
        "</Refs></TxDtls><TxDtls><Refs><EndToEndId>JN-12-102</EndToEndId></Refs><Amt Ccy=\"CNY\">600.00</Amt>");
    given_reconciled(g, file);
    assert_int_equal(given_offer(g, 101), -1);
}

static void
encodings_are_what_they_say(void **state)
{
    struct given *g = *state;
    struct bank_bytes file = good(g), gbk = given_answer(g, BANK_PAIN002, BANK_GBK, BANK_CLASS_NONE);
    static const char wide[] = "\xFF\xFE<\0?\0x\0m\0l\0";

    refused(g, given_with(g, file, "UTF-8", "UTF-16"), BANK_WRONG_ENCODING, "UTF-16 by its name");
    refused(g, given_with(g, file, "UTF-8", "UTF-7"), BANK_WRONG_ENCODING, "UTF-7");
    refused(g, given_with(g, file, "UTF-8", "IBM037"), BANK_WRONG_ENCODING, "EBCDIC");
    refused(g, (struct bank_bytes){wide, sizeof(wide) - 1}, BANK_WRONG_ENCODING, "UTF-16");
    refused(g, given_with(g, file, "<GrpHdr>", "<GrpHdr>\x80"), BANK_WRONG_ENCODING, "half a character");
    refused(g, given_with(g, file, "<GrpHdr>", "<GrpHdr>\xC0\xAF"), BANK_WRONG_ENCODING, "a long form");
    refused(g, given_with(g, file, "<GrpHdr>", "<GrpHdr>\xED\xA0\x80"), BANK_WRONG_ENCODING, "a surrogate");
    refused(g, given_with(g, file, "<GrpHdr>", "<GrpHdr>\x01"), BANK_WRONG_ENCODING, "a control character");
    refused(g, given_with(g, given_answer(g, BANK_CSV, BANK_UTF8, BANK_CLASS_NONE), "成功", "\xB3\xC9\xB9"),
            BANK_WRONG_ENCODING, "both in one file");
    assert_non_null(given_read(g, gbk));
    file = given_with(g, given_answer(g, BANK_CSV, BANK_UTF8, BANK_CLASS_NONE), "批次号", "\xEF\xBB\xBF批次号");
    assert_non_null(given_read(g, file)); /* the mark that spreadsheets put in front */
    file = given_answer(g, BANK_CSV, BANK_GBK, BANK_CLASS_NONE);
    assert_non_null(
        given_read(g, given_with(g, file, "\xB3\xC2\xD0\xA1\xC3\xF7", "\x95\x34\xB2\x35"))); /* GB 18030 has more */
    assert_null(bank_answer_read(&g->arena, file, BANK_UTF8, &g->fault)); /* where somebody insists */
    assert_int_equal(g->fault.class, BANK_WRONG_ENCODING);
}

static void
broken_csv_is_refused(void **state)
{
    struct given *g = *state;
    static const char *const wrong[] = {
        "批次号,JN-12,总笔数,1,总金额,1.00\n",
        "批次号,JN-12,总金额,1.00\n金额,附言,结果\n1.00,JN-12-101,成功\n",
        "批次号,JN-12,批次号,JN-13,总笔数,1,总金额,1.00\n金额,附言,结果\n1.00,JN-12-101,成功\n",
        "批次号,JN-12,总笔数,1,总金额,1.00\n金额,附言\n1.00,JN-12-101\n",
        "批次号,JN-12,总笔数,1,总金额,1.00\n金额,附言,结果,金额\n1.00,JN-12-101,成功,2.00\n",
        "批次号,JN-12,总笔数,1,总金额,1.00\n金额,附言,结果\n1.00,JN-12-101,成功,\n",
        "批次号,JN-12,总笔数,1,总金额,1.00\n金额,附言,结果\n1.00,\"JN-12-101,成功\n",
        "批次号,JN-12,总笔数,1,总金额,1.00\n金额,附言,结果\n1.00,\"JN\"-12-101,成功\n",
        "批次号,JN-12,总笔数,1,总金额,1.00\n金额,附言,结果\n1.00,JN-12\"-101,成功\n",
        "批次号,JN-12,总笔数,1,总金额,1.00\n金额,附言,结果\n\"1,000.00\",JN-12-101,成功\n",
        "批次号,JN-12,总笔数,-1,总金额,1.00\n金额,附言,结果\n1.00,JN-12-101,成功\n",
        ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n",
        "hello\nworld\n"};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        malformed(g, wrong[i]);
    refused(g, given_text("批次号,X-12,总笔数,1,总金额,1.00\n金额,附言,结果\n1.00,JN-12-101,成功\n"), BANK_WRONG_BATCH,
            "X-12");
    refused(g, given_text("批次号,JN-12,总笔数,2,总金额,1.00\n金额,附言,结果\n1.00,JN-12-101,成功\n"), BANK_WRONG_TOTAL,
            "count");
}

static void
faults_show_nobody(void **state)
{
    char shown[48];

    (void)state;
    bank_fault_show(shown, "陈小明 PAY<1>");
    assert_string_equal(shown, "????????? PAY?1?");
    bank_fault_show(shown, "123456789012345678901234567890123456789012345678901234567890");
    assert_int_equal(strlen(shown), 47);
}

int
main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, given_open, given_close)
    const struct CMUnitTest tests[] = {
        STORY(entities_and_doctypes_are_not_taken),
        STORY(what_is_cut_off_is_not_believed),
        STORY(deep_large_and_wide_files_are_refused_in_time),
        STORY(another_namespace_is_another_message),
        STORY(what_is_there_twice_or_not_at_all_is_malformed),
        STORY(a_statement_s_entries_must_say_their_amounts),
        STORY(encodings_are_what_they_say),
        STORY(broken_csv_is_refused),
        cmocka_unit_test(faults_show_nobody),
    };

    return cmocka_run_group_tests_name("bank: hostile files", tests, NULL, NULL);
}
