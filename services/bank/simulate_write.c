/* The simulated bank's answers in each form. */
#include <stdio.h>
#include <string.h>

#include "bank/csv.h"
#include "bank/parts.h"
#include "bank/xml.h"
#include "domain/money.h"

/* ---- pain.002 ---- */

static const char *
status_of(const struct bank_reply *reply, size_t i)
{
    if (reply->unclear && i == reply->marked)
        return "ZZZZ";
    return reply->rows[i].standing == BANK_PAID ? "ACSC" : reply->rows[i].standing == BANK_FAILED ? "RJCT" : "PDNG";
}

static void
write_counts(struct xml_out *out, const struct bank_reply *reply)
{
    static const char *const statuses[] = {"ACSC", "RJCT", "PDNG", "ZZZZ"};

    for (size_t k = 0; k < sizeof(statuses) / sizeof(statuses[0]); k++) {
        uint64_t count = 0;
        int64_t sum_fen = 0;

        for (size_t i = 0; i < reply->rows_count; i++) {
            if (strcmp(status_of(reply, i), statuses[k]))
                continue;
            count++;
            money_add(sum_fen, reply->rows[i].amount_fen, &sum_fen);
        }
        if (count == 0)
            continue;
        xml_begin(out, "NbOfTxsPerSts");
        xml_count(out, "DtldNbOfTxs", count);
        xml_text(out, "DtldSts", statuses[k]);
        xml_amount(out, "DtldCtrlSum", sum_fen, NULL);
        xml_end(out, 1);
    }
}

static const char *
currency_of(const struct bank_reply *reply, size_t i)
{
    return reply->foreign && i == reply->marked ? "USD" : "CNY";
}

static void
write_status(struct xml_out *out, const struct bank_reply *reply, size_t i)
{
    const struct reply_row *row = &reply->rows[i];

    xml_begin(out, "TxInfAndSts");
    xml_text(out, "OrgnlInstrId", row->reference);
    xml_text(out, "OrgnlEndToEndId", row->reference);
    xml_text(out, "TxSts", status_of(reply, i));
    if (*row->code) {
        xml_begin(out, "StsRsnInf");
        xml_begin(out, "Rsn");
        xml_text(out, "Cd", row->code);
        xml_end(out, 1);
        if (*row->words)
            xml_text(out, "AddtlInf", row->words);
        xml_end(out, 1);
    }
    xml_begin(out, "OrgnlTxRef");
    xml_begin(out, "Amt");
    xml_amount(out, "InstdAmt", row->amount_fen, currency_of(reply, i));
    xml_end(out, 3);
}

const struct bank_bytes *
pain002_write(struct jn_arena *arena, const struct bank_reply *reply)
{
    char message[BANK_REFERENCE], own[BANK_REFERENCE + 8];
    struct xml_out out;

    bank_reference_message(reply->order->batch, message);
    snprintf(own, sizeof(own), SIMULATED_MESSAGE "%s", message);
    xml_open(&out, PAIN002_SPACE, reply->encoding);
    xml_begin(&out, "CstmrPmtStsRpt");
    xml_begin(&out, "GrpHdr");
    xml_text(&out, "MsgId", own);
    xml_moment(&out, "CreDtTm", reply->order->day);
    xml_end(&out, 1);
    xml_begin(&out, "OrgnlGrpInfAndSts");
    xml_text(&out, "OrgnlMsgId", message);
    xml_text(&out, "OrgnlMsgNmId", "pain.001.001.09");
    xml_count(&out, "OrgnlNbOfTxs", reply->ordered);
    xml_amount(&out, "OrgnlCtrlSum", reply->ordered_fen, NULL);
    xml_text(&out, "GrpSts", "PART");
    write_counts(&out, reply);
    xml_end(&out, 1);
    xml_begin(&out, "OrgnlPmtInfAndSts");
    xml_text(&out, "OrgnlPmtInfId", message);
    for (size_t i = 0; i < reply->rows_count; i++)
        write_status(&out, reply, i);
    xml_end(&out, 3);
    return xml_close(&out, arena);
}

/* ---- camt.053 ---- */

/* What a statement would open with: what is ordered, and a million yuan. */
#define OPENING_MORE_FEN INT64_C(100000000)

static void
write_balance(struct xml_out *out, const char *code, int64_t amount_fen, int32_t day)
{
    xml_begin(out, "Bal");
    xml_begin(out, "Tp");
    xml_begin(out, "CdOrPrtry");
    xml_text(out, "Cd", code);
    xml_end(out, 2);
    xml_amount(out, "Amt", amount_fen < 0 ? -amount_fen : amount_fen, "CNY");
    xml_text(out, "CdtDbtInd", amount_fen < 0 ? "DBIT" : "CRDT");
    xml_day(out, "Dt", day);
    xml_end(out, 1);
}

static void
write_entry(struct xml_out *out, const struct bank_reply *reply, size_t i, bool back)
{
    const struct reply_row *row = &reply->rows[i];
    const char *currency = currency_of(reply, i);
    char booking[BANK_REFERENCE];

    /* Without the "JN-", so that 35 characters are enough. */
    snprintf(booking, sizeof(booking), "%.30s-%u%s", row->reference + 3, row->booking, back ? "R" : "");
    xml_begin(out, "Ntry");
    xml_amount(out, "Amt", row->amount_fen, currency);
    xml_text(out, "CdtDbtInd", back ? "CRDT" : "DBIT");
    if (back)
        xml_text(out, "RvslInd", "true");
    xml_begin(out, "Sts");
    if (reply->unclear && i == reply->marked)
        xml_text(out, "Prtry", "ZZZZ");
    else
        xml_text(out, "Cd", row->standing == BANK_PENDING ? "PDNG" : "BOOK");
    xml_end(out, 1);
    xml_day(out, "BookgDt", reply->order->day);
    xml_text(out, "AcctSvcrRef", booking);
    xml_begin(out, "BkTxCd");
    xml_begin(out, "Prtry");
    xml_text(out, "Cd", back ? "RETURN" : "BATCH PAY");
    xml_end(out, 2);
    xml_begin(out, "NtryDtls");
    xml_begin(out, "TxDtls");
    xml_begin(out, "Refs");
    xml_text(out, "EndToEndId", row->reference);
    xml_end(out, 1);
    xml_amount(out, "Amt", row->amount_fen, currency);
    xml_text(out, "CdtDbtInd", back ? "CRDT" : "DBIT");
    if (back) {
        xml_begin(out, "RtrInf");
        xml_begin(out, "Rsn");
        xml_text(out, "Cd", row->code);
        xml_end(out, 1);
        xml_text(out, "AddtlInf", row->words);
        xml_end(out, 1);
    }
    xml_end(out, 3);
}

static bool
comes_back(const struct reply_row *row)
{
    return row->standing == BANK_FAILED || row->standing == BANK_SENT_BACK;
}

struct sums {
    uint64_t debits, credits, pending;
    int64_t debit_fen, credit_fen, pending_fen;
};

static struct sums
sums_of(const struct bank_reply *reply)
{
    struct sums sums = {.debits = 0};

    for (size_t i = 0; i < reply->rows_count; i++) {
        const struct reply_row *row = &reply->rows[i];
        bool pending = row->standing == BANK_PENDING || (reply->unclear && i == reply->marked);

        if (!reply->credit_alone) {
            sums.debits++;
            money_add(sums.debit_fen, row->amount_fen, &sums.debit_fen);
            sums.pending_fen += pending ? row->amount_fen : 0;
        }
        if (!comes_back(row))
            continue;
        sums.credits++;
        money_add(sums.credit_fen, row->amount_fen, &sums.credit_fen);
    }
    return sums;
}

static void
write_sum(struct xml_out *out, const char *name, uint64_t count, int64_t sum_fen)
{
    xml_begin(out, name);
    xml_count(out, "NbOfNtries", count);
    xml_amount(out, "Sum", sum_fen, NULL);
    xml_end(out, 1);
}

const struct bank_bytes *
camt053_write(struct jn_arena *arena, const struct bank_reply *reply)
{
    const struct bank_order *order = reply->order;
    struct sums sums = sums_of(reply);
    int64_t opening_fen = order->total_fen + OPENING_MORE_FEN;
    char message[BANK_REFERENCE], own[BANK_REFERENCE + 8];
    struct xml_out out;

    bank_reference_message(order->batch, message);
    snprintf(own, sizeof(own), SIMULATED_MESSAGE "%s", message);
    xml_open(&out, CAMT053_SPACE, reply->encoding);
    xml_begin(&out, "BkToCstmrStmt");
    xml_begin(&out, "GrpHdr");
    xml_text(&out, "MsgId", own);
    xml_moment(&out, "CreDtTm", order->day);
    xml_end(&out, 1);
    xml_begin(&out, "Stmt");
    xml_text(&out, "Id", own);
    xml_begin(&out, "Acct");
    xml_begin(&out, "Id");
    xml_begin(&out, "Othr");
    xml_text(&out, "Id", *order->payer.account ? order->payer.account : "0");
    xml_end(&out, 2);
    xml_text(&out, "Ccy", "CNY");
    xml_end(&out, 1);
    write_balance(&out, "OPBD", opening_fen, order->day);
    write_balance(&out, "CLBD", opening_fen - (sums.debit_fen - sums.pending_fen) + sums.credit_fen, order->day);
    xml_begin(&out, "TxsSummry");
    write_sum(&out, "TtlNtries", sums.debits + sums.credits + (reply->listed - reply->rows_count),
              sums.debit_fen + sums.credit_fen);
    write_sum(&out, "TtlCdtNtries", sums.credits, sums.credit_fen);
    write_sum(&out, "TtlDbtNtries", sums.debits, sums.debit_fen);
    xml_end(&out, 1);
    for (size_t i = 0; i < reply->rows_count; i++) {
        if (!reply->credit_alone)
            write_entry(&out, reply, i, false);
        if (comes_back(&reply->rows[i]))
            write_entry(&out, reply, i, true);
    }
    xml_end(&out, 3);
    return xml_close(&out, arena);
}

/* ---- CSV ---- */

const struct bank_bytes *
result_csv_write(struct jn_arena *arena, const struct bank_reply *reply)
{
    static const char *const results[] = {
        [BANK_PENDING] = "处理中", [BANK_PAID] = "成功", [BANK_FAILED] = "失败", [BANK_SENT_BACK] = "退汇"};
    struct bank_bytes *bytes = jn_arena_take(arena, sizeof(*bytes));
    struct csv_out out = {.arena = arena};
    char message[BANK_REFERENCE], amount[MONEY_TEXT], serial[24];
    struct csv_head head = {
        reply->order, reply->foreign ? "USD" : "CNY", reply->listed, reply_sum(reply), message, true, SIMULATED_NOTE};

    bank_reference_message(reply->order->batch, message);
    csv_begin(&out, &head);
    for (size_t i = 0; i < reply->rows_count; i++) {
        const struct reply_row *row = &reply->rows[i];

        snprintf(serial, sizeof(serial), "%zu", i + 1);
        csv_cell(&out, serial);
        csv_cell(&out, row->payment->payee.name);
        csv_cell(&out, row->payment->payee.account);
        csv_cell(&out, row->payment->payee.bank);
        csv_cell(&out, money_format(row->amount_fen, amount));
        csv_cell(&out, bank_purpose(row->payment));
        csv_cell(&out, row->reference);
        csv_cell(&out, reply->unclear && i == reply->marked ? "转人工" : results[row->standing]);
        csv_cell(&out, row->code);
        csv_cell(&out, row->words);
        csv_end(&out);
    }
    *bytes = csv_close(&out);
    return bytes;
}
