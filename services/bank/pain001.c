/* pain.001.001.09 (付款指令报文): written for the bank, read by the simulated one. */
#include <stdio.h>
#include <string.h>

#include "bank/parts.h"
#include "bank/xml.h"
#include "domain/date.h"
#include "domain/money.h"

/* ---- Written ---- */

static void
write_party(struct xml_out *out, const char *name, const char *text)
{
    xml_begin(out, name);
    xml_text(out, "Nm", text);
    xml_end(out, 1);
}

static void
write_payment(struct xml_out *out, const struct bank_order *order, const struct bank_payment *payment)
{
    char reference[BANK_REFERENCE];

    bank_reference_row(order->batch, payment->claim, reference);
    xml_begin(out, "CdtTrfTxInf");
    xml_begin(out, "PmtId");
    xml_text(out, "InstrId", reference);
    xml_text(out, "EndToEndId", reference);
    xml_end(out, 1);
    xml_begin(out, "Amt");
    xml_amount(out, "InstdAmt", payment->amount_fen, "CNY");
    xml_end(out, 1);
    if (*payment->payee.bank)
        xml_agent(out, "CdtrAgt", payment->payee.bank);
    write_party(out, "Cdtr", payment->payee.name);
    xml_account(out, "CdtrAcct", payment->payee.account);
    xml_begin(out, "RmtInf");
    xml_text(out, "Ustrd", bank_purpose(payment));
    xml_end(out, 2);
}

const struct bank_bytes *
pain001_write(struct jn_arena *arena, const struct bank_order *order, enum bank_encoding encoding)
{
    char message[BANK_REFERENCE];
    struct xml_out out;

    bank_reference_message(order->batch, message);
    xml_open(&out, PAIN001_SPACE, encoding);
    xml_begin(&out, "CstmrCdtTrfInitn");
    xml_begin(&out, "GrpHdr");
    xml_text(&out, "MsgId", message);
    xml_moment(&out, "CreDtTm", order->day);
    xml_count(&out, "NbOfTxs", order->rows_count);
    xml_amount(&out, "CtrlSum", order->total_fen, NULL);
    write_party(&out, "InitgPty", order->payer.name);
    xml_end(&out, 1);
    xml_begin(&out, "PmtInf");
    xml_text(&out, "PmtInfId", message);
    xml_text(&out, "PmtMtd", "TRF");
    xml_text(&out, "BtchBookg", "false"); /* each row is booked by itself, so that a statement tells of each */
    xml_count(&out, "NbOfTxs", order->rows_count);
    xml_amount(&out, "CtrlSum", order->total_fen, NULL);
    xml_day(&out, "ReqdExctnDt", order->day);
    write_party(&out, "Dbtr", order->payer.name);
    xml_account(&out, "DbtrAcct", order->payer.account);
    xml_agent(&out, "DbtrAgt", order->payer.bank);
    for (size_t i = 0; i < order->rows_count; i++)
        write_payment(&out, order, &order->rows[i]);
    xml_end(&out, 3);
    return xml_close(&out, arena);
}

/* ---- Read ---- */

struct reading {
    struct jn_arena *arena;
    struct bank_order *order;
    struct bank_fault *fault;
    struct bank_payment *payment;
    size_t room, line;
    uint64_t count;
    int64_t control_fen;
    bool referred, amount;
};

static const char *
keep(struct reading *in, const char *text)
{
    return jn_arena_print(in->arena, "%s", text);
}

static bool
take_message(void *context, const char *text)
{
    struct reading *in = context;

    return bank_reference_message_read(text, &in->order->batch) ||
           bank_malformed(in->fault, 0, "the message id is none of ours 报文标识不是本系统的");
}

static bool
take_day(void *context, const char *text)
{
    struct reading *in = context;

    return date_parse(text, &in->order->day) || bank_malformed(in->fault, 0, "ReqdExctnDt");
}

static bool
take_count(void *context, const char *text)
{
    struct reading *in = context;

    return bank_count_read(text, &in->count) || bank_malformed(in->fault, 0, "NbOfTxs");
}

static bool
take_control(void *context, const char *text)
{
    struct reading *in = context;

    return bank_amount_read(text, &in->control_fen) || bank_malformed(in->fault, 0, "CtrlSum");
}

static bool
take_payer_name(void *context, const char *text)
{
    struct reading *in = context;

    in->order->payer.name = keep(in, text);
    return true;
}

static bool
take_payer_account(void *context, const char *text)
{
    struct reading *in = context;

    in->order->payer.account = keep(in, text);
    return true;
}

static bool
take_payer_bank(void *context, const char *text)
{
    struct reading *in = context;

    in->order->payer.bank = keep(in, text);
    return true;
}

static bool
begin_payment(void *context, size_t line)
{
    struct reading *in = context;

    in->payment = bank_order_add(in->arena, in->order, &in->room);
    in->line = line;
    in->referred = in->amount = false;
    return in->payment || bank_malformed(in->fault, line, "too many rows 行数过多");
}

static bool
take_reference(void *context, const char *text)
{
    struct reading *in = context;

    in->referred = true;
    return bank_order_reference(in->order, in->payment, text, in->line, in->fault);
}

static bool
take_currency(void *context, const char *text)
{
    struct reading *in = context;

    if (!strcmp(text, "CNY"))
        return true;
    *in->fault =
        (struct bank_fault){.class = BANK_WRONG_CURRENCY, .line = in->line, .what = "InstdAmt", .expected = "CNY"};
    bank_fault_show(in->fault->found, text);
    return false;
}

static bool
take_amount(void *context, const char *text)
{
    struct reading *in = context;
    struct bank_order *order = in->order;

    in->amount = bank_amount_read(text, &in->payment->amount_fen) &&
                 money_add(order->total_fen, in->payment->amount_fen, &order->total_fen);
    return in->amount || bank_malformed(in->fault, in->line, "InstdAmt");
}

static bool
take_payee_name(void *context, const char *text)
{
    struct reading *in = context;

    in->payment->payee.name = keep(in, text);
    return true;
}

static bool
take_payee_account(void *context, const char *text)
{
    struct reading *in = context;

    in->payment->payee.account = keep(in, text);
    return true;
}

static bool
take_payee_bank(void *context, const char *text)
{
    struct reading *in = context;

    in->payment->payee.bank = keep(in, text);
    return true;
}

static bool
take_purpose(void *context, const char *text)
{
    struct reading *in = context;

    in->payment->purpose = keep(in, text);
    return true;
}

static bool
end_payment(void *context)
{
    struct reading *in = context;

    return (in->referred && in->amount) || bank_malformed(in->fault, in->line, "CdtTrfTxInf");
}

#define GROUP   "Document/CstmrCdtTrfInitn/GrpHdr"
#define PAYMENT "Document/CstmrCdtTrfInitn/PmtInf"
#define ROW     PAYMENT "/CdtTrfTxInf"
static const struct xml_step steps[] = {
    {GROUP, .begin = NULL},
    {GROUP "/MsgId", .take = take_message},
    {GROUP "/NbOfTxs", .take = take_count},
    {GROUP "/CtrlSum", .take = take_control},
    {PAYMENT, .begin = NULL},
    {PAYMENT "/ReqdExctnDt/Dt", .take = take_day},
    {PAYMENT "/Dbtr/Nm", .take = take_payer_name},
    {PAYMENT "/DbtrAcct/Id/Othr/Id", .take = take_payer_account},
    {PAYMENT "/DbtrAgt/FinInstnId/ClrSysMmbId/MmbId", .take = take_payer_bank},
    {PAYMENT "/DbtrAgt/FinInstnId/Nm", .take = take_payer_bank},
    {ROW, .many = true, .begin = begin_payment, .end = end_payment},
    {ROW "/PmtId/EndToEndId", .take = take_reference},
    {ROW "/Amt/InstdAmt", .take = take_amount},
    {ROW "/Amt/InstdAmt/@Ccy", .take = take_currency},
    {ROW "/Cdtr/Nm", .take = take_payee_name},
    {ROW "/CdtrAcct/Id/Othr/Id", .take = take_payee_account},
    {ROW "/CdtrAgt/FinInstnId/ClrSysMmbId/MmbId", .take = take_payee_bank},
    {ROW "/CdtrAgt/FinInstnId/Nm", .take = take_payee_bank},
    {ROW "/RmtInf/Ustrd", .take = take_purpose},
};

bool
pain001_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_order *order, struct bank_fault *fault)
{
    struct reading in = {.arena = arena, .order = order, .fault = fault, .control_fen = -1};

    if (!bank_xml_read(text, PAIN001_SPACE, steps, sizeof(steps) / sizeof(steps[0]), &in, fault))
        return false;
    if (in.count == order->rows_count && in.control_fen == order->total_fen && order->batch > 0 && in.count > 0)
        return true;
    *fault =
        (struct bank_fault){.class = BANK_WRONG_TOTAL, .what = in.count == order->rows_count ? "CtrlSum" : "NbOfTxs"};
    if (in.count == order->rows_count)
        bank_fault_amounts(fault, in.control_fen, order->total_fen);
    else
        bank_fault_counts(fault, in.count, order->rows_count);
    return false;
}
