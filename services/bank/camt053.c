/* camt.053.001.08 (账户对账单): what was booked on the account; our payments among it, and what came back of them. */
#include "bank/camt053.h"

#include <string.h>

#include "bank/parts.h"
#include "bank/xml.h"
#include "domain/money.h"

static const char *
keep(struct camt053 *in, const char *text)
{
    return jn_arena_print(in->arena, "%s", text);
}

static bool
wrong(struct camt053 *in, const char *what)
{
    return bank_malformed(in->fault, in->entry.line, what);
}

static bool
take_money(struct camt053 *in, const char *text, int64_t *out, const char *what)
{
    return bank_amount_read(text, out) || wrong(in, what);
}

/* The sign on the account: money goes (-1) or comes (1). */
static bool
take_direction(struct camt053 *in, const char *text, int *out)
{
    *out = !strcmp(text, "DBIT") ? -1 : !strcmp(text, "CRDT") ? 1 : 0;
    return *out != 0 || wrong(in, "CdtDbtInd");
}

/* A text that is kept as it stands. */
#define KEEP(name, field)                                                                                              \
    static bool name(void *context, const char *text)                                                                  \
    {                                                                                                                  \
        struct camt053 *in = context;                                                                                  \
                                                                                                                       \
        in->field = keep(in, text);                                                                                    \
        return true;                                                                                                   \
    }
KEEP(take_balance_code, balance.code)
KEEP(take_entry_status, entry.status)
KEEP(take_entry_servicer, entry.servicer)
KEEP(take_entry_own, entry.own)
KEEP(take_entry_day, entry.day)
KEEP(take_detail_reference, detail.reference)
KEEP(take_detail_servicer, detail.servicer)
KEEP(take_detail_code, detail.code)

/* ---- The statement ---- */

static bool
take_own_message(void *context, const char *text)
{
    struct camt053 *in = context;

    in->answer->simulated = !strncmp(text, SIMULATED_MESSAGE, strlen(SIMULATED_MESSAGE));
    return true;
}

static bool
begin_statement(void *context, size_t line)
{
    struct camt053 *in = context;

    in->statement = (struct camt053_statement){.line = line};
    for (size_t i = 0; i < CAMT053_SUMS; i++)
        in->statement.said[i] = (struct camt053_said){-1, -1};
    return true;
}

static bool
take_account_currency(void *context, const char *text)
{
    struct camt053 *in = context;

    if (!strcmp(text, "CNY"))
        return true;
    *in->fault = (struct bank_fault){.class = BANK_WRONG_CURRENCY, .what = "Acct/Ccy", .expected = "CNY"};
    bank_fault_show(in->fault->found, text);
    return false;
}

static bool
begin_balance(void *context, size_t line)
{
    struct camt053 *in = context;

    (void)line;
    in->balance = (struct camt053_balance){.code = "", .direction = 0};
    return true;
}

static bool
take_balance(void *context, const char *text)
{
    struct camt053 *in = context;

    return take_money(in, text, &in->balance.amount_fen, "Bal/Amt");
}

static bool
take_balance_direction(void *context, const char *text)
{
    struct camt053 *in = context;

    return take_direction(in, text, &in->balance.direction);
}

/* Opening and closing booked; of several of a kind neither is used. */
static bool
end_balance(void *context)
{
    struct camt053 *in = context;
    struct camt053_statement *statement = &in->statement;
    int64_t amount_fen = in->balance.direction * in->balance.amount_fen;

    if (!strcmp(in->balance.code, "OPBD")) {
        statement->opening_fen = amount_fen;
        statement->openings++;
    } else if (!strcmp(in->balance.code, "CLBD")) {
        statement->closing_fen = amount_fen;
        statement->closings++;
    }
    return true;
}

static bool
take_said_count(struct camt053 *in, enum camt053_sum sum, const char *text)
{
    uint64_t count;

    if (!bank_count_read(text, &count))
        return wrong(in, "NbOfNtries");
    in->statement.said[sum].count = (int64_t)count;
    return true;
}

#define SAID(name, sum)                                                                                                \
    static bool take_##name##_count(void *context, const char *text)                                                   \
    {                                                                                                                  \
        return take_said_count(context, sum, text);                                                                    \
    }                                                                                                                  \
    static bool take_##name##_sum(void *context, const char *text)                                                     \
    {                                                                                                                  \
        struct camt053 *in = context;                                                                                  \
                                                                                                                       \
        return take_money(in, text, &in->statement.said[sum].sum_fen, "TxsSummry/Sum");                                \
    }
SAID(all, CAMT053_ALL)
SAID(credit, CAMT053_CREDIT)
SAID(debit, CAMT053_DEBIT)

/* ---- An entry ---- */

static bool
begin_entry(void *context, size_t line)
{
    struct camt053 *in = context;

    in->entry = (struct camt053_entry){
        .line = line, .status = "", .servicer = "", .own = "", .day = "", .first = in->answer->rows_count};
    return true;
}

static bool
take_entry_amount(void *context, const char *text)
{
    struct camt053 *in = context;

    in->entry.amount = true;
    return take_money(in, text, &in->entry.amount_fen, "Ntry/Amt");
}

static bool
take_entry_currency(void *context, const char *text)
{
    struct camt053 *in = context;

    in->entry.foreign = strcmp(text, "CNY") != 0;
    bank_fault_show(in->entry.currency, text);
    return true;
}

static bool
take_entry_direction(void *context, const char *text)
{
    struct camt053 *in = context;

    return take_direction(in, text, &in->entry.direction);
}

static bool
take_entry_reversal(void *context, const char *text)
{
    struct camt053 *in = context;

    in->entry.reversal = !strcmp(text, "true") || !strcmp(text, "1");
    return true;
}

static bool
end_entry(void *context)
{
    struct camt053 *in = context;

    return (in->entry.amount && in->entry.direction != 0 && *in->entry.status) ? camt053_entry_done(in)
                                                                               : wrong(in, "Ntry");
}

/* ---- A payment in it ---- */

static bool
begin_detail(void *context, size_t line)
{
    struct camt053 *in = context;

    in->detail = (struct camt053_detail){
        .line = line, .amount_fen = -1, .code = "", .words = "", .reference = "", .servicer = ""};
    in->detail.direction = in->entry.direction;
    in->detail.foreign = in->entry.foreign;
    memcpy(in->detail.currency, in->entry.currency, sizeof(in->detail.currency));
    return true;
}

static bool
take_detail_amount(void *context, const char *text)
{
    struct camt053 *in = context;

    return take_money(in, text, &in->detail.amount_fen, "TxDtls/Amt");
}

/* As the transaction has it, where the entry says no more. */
static bool
take_detail_amount_details(void *context, const char *text)
{
    struct camt053 *in = context;

    return in->detail.amount_fen >= 0 || take_money(in, text, &in->detail.amount_fen, "TxDtls/AmtDtls");
}

static bool
take_detail_currency(void *context, const char *text)
{
    struct camt053 *in = context;

    in->detail.foreign = in->detail.foreign || strcmp(text, "CNY") != 0;
    if (strcmp(text, "CNY"))
        bank_fault_show(in->detail.currency, text);
    return true;
}

static bool
take_detail_direction(void *context, const char *text)
{
    struct camt053 *in = context;

    return take_direction(in, text, &in->detail.direction);
}

static bool
take_detail_words(void *context, const char *text)
{
    struct camt053 *in = context;
    const char *words = in->detail.words;

    if (strlen(words) + 1 + strlen(text) <= BANK_FIELD_MAX)
        in->detail.words = jn_arena_print(in->arena, "%s%s%s", words, *words ? " " : "", text);
    return true;
}

static bool
end_detail(void *context)
{
    struct camt053 *in = context;

    return camt053_detail_done(in);
}

static bool
end_statement(void *context)
{
    struct camt053 *in = context;

    in->statements++;
    return camt053_statement_done(in);
}

#define STATEMENT "Document/BkToCstmrStmt/Stmt"
#define BALANCE   STATEMENT "/Bal"
#define SUMMARY   STATEMENT "/TxsSummry"
#define ENTRY     STATEMENT "/Ntry"
#define DETAIL    ENTRY "/NtryDtls/TxDtls"
static const struct xml_step steps[] = {
    {"Document/BkToCstmrStmt/GrpHdr/MsgId", .take = take_own_message},
    {STATEMENT, .many = true, .begin = begin_statement, .end = end_statement},
    {STATEMENT "/Acct/Ccy", .take = take_account_currency},
    {BALANCE, .many = true, .begin = begin_balance, .end = end_balance},
    {BALANCE "/Tp/CdOrPrtry/Cd", .take = take_balance_code},
    {BALANCE "/Amt", .take = take_balance},
    {BALANCE "/CdtDbtInd", .take = take_balance_direction},
    {SUMMARY, .end = NULL},
    {SUMMARY "/TtlNtries/NbOfNtries", .take = take_all_count},
    {SUMMARY "/TtlNtries/Sum", .take = take_all_sum},
    {SUMMARY "/TtlCdtNtries/NbOfNtries", .take = take_credit_count},
    {SUMMARY "/TtlCdtNtries/Sum", .take = take_credit_sum},
    {SUMMARY "/TtlDbtNtries/NbOfNtries", .take = take_debit_count},
    {SUMMARY "/TtlDbtNtries/Sum", .take = take_debit_sum},
    {ENTRY, .many = true, .begin = begin_entry, .end = end_entry},
    {ENTRY "/Amt", .take = take_entry_amount},
    {ENTRY "/Amt/@Ccy", .take = take_entry_currency},
    {ENTRY "/CdtDbtInd", .take = take_entry_direction},
    {ENTRY "/RvslInd", .take = take_entry_reversal},
    {ENTRY "/Sts/Cd", .take = take_entry_status},
    {ENTRY "/Sts/Prtry", .take = take_entry_status},
    {ENTRY "/NtryRef", .take = take_entry_own},
    {ENTRY "/AcctSvcrRef", .take = take_entry_servicer},
    {ENTRY "/BookgDt/Dt", .take = take_entry_day},
    {ENTRY "/BookgDt/DtTm", .take = take_entry_day},
    {DETAIL, .many = true, .begin = begin_detail, .end = end_detail},
    {DETAIL "/Refs/EndToEndId", .take = take_detail_reference},
    {DETAIL "/Refs/AcctSvcrRef", .take = take_detail_servicer},
    {DETAIL "/Amt", .take = take_detail_amount},
    {DETAIL "/Amt/@Ccy", .take = take_detail_currency},
    {DETAIL "/CdtDbtInd", .take = take_detail_direction},
    {DETAIL "/AmtDtls/TxAmt/Amt", .take = take_detail_amount_details},
    {DETAIL "/RtrInf/Rsn/Cd", .take = take_detail_code},
    {DETAIL "/RtrInf/Rsn/Prtry", .take = take_detail_code},
    {DETAIL "/RtrInf/AddtlInf", .many = true, .take = take_detail_words},
    {DETAIL "/AddtlTxInf", .take = take_detail_words},
};

bool
camt053_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_answer *answer,
             struct bank_fault *fault)
{
    struct camt053 *in = jn_arena_take(arena, sizeof(*in));

    in->arena = arena;
    in->answer = answer;
    in->fault = fault;
    if (!bank_xml_read(text, CAMT053_SPACE, steps, sizeof(steps) / sizeof(steps[0]), in, fault))
        return false;
    return in->statements > 0 || bank_malformed(fault, 0, "Stmt");
}
