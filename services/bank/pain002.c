/* pain.002.001.10 (付款状态报告): a status for the whole order, and for each row that it names. */
#include <string.h>

#include "bank/parts.h"
#include "bank/xml.h"
#include "domain/money.h"

#define STATUSES_MAX 32
#define WORDS_BYTES  (BANK_FIELD_MAX + 1)

/* What is said of one status: by its own rows, and by NbOfTxsPerSts. */
struct tally {
    char code[8];
    uint64_t rows;
    int64_t rows_fen;
    bool unsaid; /* a row of it has no amount */
};

struct reading {
    struct jn_arena *arena;
    struct bank_answer *answer;
    struct bank_fault *fault;
    bool named; /* by the message id, which must be there */
    struct tally tallies[STATUSES_MAX];
    size_t tallies_count;
    /* Declared by NbOfTxsPerSts, in the group and in the payment: held against the rows at the end. */
    struct declared {
        char code[8];
        uint64_t count;
        int64_t sum_fen;
    } declared[2 * STATUSES_MAX];
    size_t declared_count;
    /* What is being read: of a row, of the payment, of the group. */
    struct bank_row row;
    char reference[BANK_FIELD_MAX + 1], status[8], currency[8];
    char code[BANK_FIELD_MAX + 1], words[WORDS_BYTES];
};

/* ---- Of any part ---- */

static bool
take_status(void *context, const char *text)
{
    struct reading *in = context;

    in->status[0] = '\0';
    strncat(in->status, text, sizeof(in->status) - 1);
    return true;
}

static bool
take_code(void *context, const char *text)
{
    struct reading *in = context;

    /* The first of several reasons stands. */
    if (!*in->code)
        strcpy(in->code, text);
    return true;
}

static bool
take_words(void *context, const char *text)
{
    struct reading *in = context;

    if (strlen(in->words) + 1 + strlen(text) < sizeof(in->words)) {
        if (*in->words)
            strcat(in->words, " ");
        strcat(in->words, text);
    }
    return true;
}

static void
part_reset(struct reading *in)
{
    *in->status = *in->code = *in->words = '\0';
}

/* What the group or the payment says of all its rows; the payment's word is the nearer one. */
static bool
end_part(void *context)
{
    struct reading *in = context;
    struct bank_answer *answer = in->answer;

    if (*in->status && !bank_status_read(in->status, &answer->rest)) {
        answer->rest = BANK_PENDING;
        bank_fault_show(bank_answer_fault(in->arena, answer, BANK_UNCLEAR, 0, "")->found, in->status);
    }
    if (*in->status) {
        answer->rest_code = jn_arena_print(in->arena, "%s", in->code);
        answer->rest_words = jn_arena_print(in->arena, "%s", in->words);
    }
    part_reset(in);
    return true;
}

/* ---- The group ---- */

static bool
take_batch(struct reading *in, const char *text, const char *what)
{
    uint64_t batch;

    if (bank_reference_message_read(text, &batch) && (in->answer->batch == 0 || in->answer->batch == batch)) {
        in->answer->batch = batch;
        return true;
    }
    *in->fault = (struct bank_fault){.class = BANK_WRONG_BATCH, .what = what};
    bank_fault_show(in->fault->found, text);
    return false;
}

static bool
take_own_message(void *context, const char *text)
{
    struct reading *in = context;

    in->answer->simulated = !strncmp(text, SIMULATED_MESSAGE, strlen(SIMULATED_MESSAGE));
    return true;
}

static bool
take_message(void *context, const char *text)
{
    struct reading *in = context;

    in->named = true;
    return take_batch(in, text, "OrgnlMsgId");
}

static bool
take_payment(void *context, const char *text)
{
    return take_batch(context, text, "OrgnlPmtInfId");
}

static bool
take_count(void *context, const char *text)
{
    struct reading *in = context;
    uint64_t count;

    if (!bank_count_read(text, &count))
        return bank_malformed(in->fault, 0, "OrgnlNbOfTxs");
    if (in->answer->count >= 0 && in->answer->count != (int64_t)count) {
        *in->fault = (struct bank_fault){.class = BANK_WRONG_TOTAL, .what = "OrgnlNbOfTxs"};
        bank_fault_counts(in->fault, count, (uint64_t)in->answer->count);
        return false;
    }
    in->answer->count = (int64_t)count;
    return true;
}

static bool
take_total(void *context, const char *text)
{
    struct reading *in = context;
    int64_t total_fen;

    if (!bank_amount_read(text, &total_fen))
        return bank_malformed(in->fault, 0, "OrgnlCtrlSum");
    if (in->answer->total_fen >= 0 && in->answer->total_fen != total_fen) {
        *in->fault = (struct bank_fault){.class = BANK_WRONG_TOTAL, .what = "OrgnlCtrlSum"};
        bank_fault_amounts(in->fault, total_fen, in->answer->total_fen);
        return false;
    }
    in->answer->total_fen = total_fen;
    return true;
}

static bool
begin_declared(void *context, size_t line)
{
    struct reading *in = context;

    if (in->declared_count == 2 * STATUSES_MAX)
        return bank_malformed(in->fault, line, "NbOfTxsPerSts");
    in->declared[in->declared_count++] = (struct declared){.sum_fen = -1};
    return true;
}

static bool
take_declared_count(void *context, const char *text)
{
    struct reading *in = context;

    return bank_count_read(text, &in->declared[in->declared_count - 1].count) ||
           bank_malformed(in->fault, 0, "DtldNbOfTxs");
}

static bool
take_declared_status(void *context, const char *text)
{
    struct reading *in = context;

    strncat(in->declared[in->declared_count - 1].code, text, 7);
    return true;
}

static bool
take_declared_sum(void *context, const char *text)
{
    struct reading *in = context;

    return bank_amount_read(text, &in->declared[in->declared_count - 1].sum_fen) ||
           bank_malformed(in->fault, 0, "DtldCtrlSum");
}

/* ---- A row ---- */

static bool
begin_row(void *context, size_t line)
{
    struct reading *in = context;

    end_part(in); /* of the payment, before its first row */
    in->row = (struct bank_row){.line = line, .amount_fen = -1, .code = "", .words = "", .booking = ""};
    *in->reference = *in->currency = '\0';
    return true;
}

static bool
take_reference(void *context, const char *text)
{
    struct reading *in = context;

    strcpy(in->reference, text);
    return true;
}

static bool
take_instruction(void *context, const char *text)
{
    struct reading *in = context;

    if (!*in->reference)
        strcpy(in->reference, text);
    return true;
}

static bool
take_amount(void *context, const char *text)
{
    struct reading *in = context;

    return bank_amount_read(text, &in->row.amount_fen) || bank_malformed(in->fault, in->row.line, "InstdAmt");
}

static bool
take_currency(void *context, const char *text)
{
    struct reading *in = context;

    strncat(in->currency, text, sizeof(in->currency) - 1);
    return true;
}

static bool
count_row(struct reading *in)
{
    size_t i = 0;
    struct tally *tally;

    while (i < in->tallies_count && strcmp(in->tallies[i].code, in->status))
        i++;
    if (i == STATUSES_MAX)
        return bank_malformed(in->fault, in->row.line, "TxSts");
    tally = &in->tallies[i];
    if (i == in->tallies_count) {
        strcpy(tally->code, in->status);
        in->tallies_count++;
    }
    tally->rows++;
    if (in->row.amount_fen < 0)
        tally->unsaid = true;
    else if (!money_add(tally->rows_fen, in->row.amount_fen, &tally->rows_fen))
        return bank_malformed(in->fault, in->row.line, "InstdAmt");
    return true;
}

static bool
end_row(void *context)
{
    struct reading *in = context;
    struct bank_row *row = &in->row;
    enum bank_class class = BANK_CLASS_NONE;
    const char *found = in->status;

    if (!bank_reference_row_read(in->reference, &row->batch, &row->claim))
        class = BANK_UNKNOWN_ROW;
    else if (*in->currency && strcmp(in->currency, "CNY"))
        class = BANK_WRONG_CURRENCY;
    else if (!bank_status_read(in->status, &row->standing))
        class = BANK_UNCLEAR;
    if (class == BANK_WRONG_CURRENCY)
        found = in->currency;
    if (!count_row(in))
        return false;
    if (class != BANK_CLASS_NONE) {
        struct bank_fault *fault = bank_answer_fault(in->arena, in->answer, class, row->line, in->reference);

        bank_fault_show(fault->found, class == BANK_UNKNOWN_ROW ? "" : found);
        part_reset(in);
        return true;
    }
    row->code = jn_arena_print(in->arena, "%s", in->code);
    row->words = jn_arena_print(in->arena, "%s", in->words);
    part_reset(in);
    return bank_answer_add(in->arena, in->answer, row, in->fault);
}

/* ---- The whole ---- */

/* Where rows of a status are named, all that are counted of it must be: else one has been lost on the way. */
static bool
adds_up(const struct reading *in)
{
    for (size_t i = 0; i < in->declared_count; i++) {
        const struct declared *said = &in->declared[i];

        for (size_t k = 0; k < in->tallies_count; k++) {
            const struct tally *tally = &in->tallies[k];

            if (strcmp(tally->code, said->code) || (tally->rows == said->count && (said->sum_fen < 0 || tally->unsaid ||
                                                                                   tally->rows_fen == said->sum_fen)))
                continue;
            *in->fault = (struct bank_fault){.class = BANK_WRONG_TOTAL, .what = "NbOfTxsPerSts"};
            if (tally->rows != said->count)
                bank_fault_counts(in->fault, said->count, tally->rows);
            else
                bank_fault_amounts(in->fault, said->sum_fen, tally->rows_fen);
            return false;
        }
    }
    return true;
}

#define REPORT  "Document/CstmrPmtStsRpt"
#define GROUP   REPORT "/OrgnlGrpInfAndSts"
#define PAYMENT REPORT "/OrgnlPmtInfAndSts"
#define ROW     PAYMENT "/TxInfAndSts"
static const struct xml_step steps[] = {
    {REPORT, .begin = NULL},
    {REPORT "/GrpHdr/MsgId", .take = take_own_message},
    {GROUP, .end = end_part},
    {GROUP "/OrgnlMsgId", .take = take_message},
    {GROUP "/OrgnlNbOfTxs", .take = take_count},
    {GROUP "/OrgnlCtrlSum", .take = take_total},
    {GROUP "/GrpSts", .take = take_status},
    {GROUP "/StsRsnInf/Rsn/Cd", .take = take_code},
    {GROUP "/StsRsnInf/Rsn/Prtry", .take = take_code},
    {GROUP "/StsRsnInf/AddtlInf", .many = true, .take = take_words},
    {GROUP "/NbOfTxsPerSts", .many = true, .begin = begin_declared},
    {GROUP "/NbOfTxsPerSts/DtldNbOfTxs", .take = take_declared_count},
    {GROUP "/NbOfTxsPerSts/DtldSts", .take = take_declared_status},
    {GROUP "/NbOfTxsPerSts/DtldCtrlSum", .take = take_declared_sum},
    /* Our orders have one payment information; two answers to it would contradict one another. */
    {PAYMENT, .end = end_part},
    {PAYMENT "/OrgnlPmtInfId", .take = take_payment},
    {PAYMENT "/OrgnlNbOfTxs", .take = take_count},
    {PAYMENT "/OrgnlCtrlSum", .take = take_total},
    {PAYMENT "/PmtInfSts", .take = take_status},
    {PAYMENT "/StsRsnInf/Rsn/Cd", .take = take_code},
    {PAYMENT "/StsRsnInf/Rsn/Prtry", .take = take_code},
    {PAYMENT "/StsRsnInf/AddtlInf", .many = true, .take = take_words},
    {PAYMENT "/NbOfTxsPerSts", .many = true, .begin = begin_declared},
    {PAYMENT "/NbOfTxsPerSts/DtldNbOfTxs", .take = take_declared_count},
    {PAYMENT "/NbOfTxsPerSts/DtldSts", .take = take_declared_status},
    {PAYMENT "/NbOfTxsPerSts/DtldCtrlSum", .take = take_declared_sum},
    {ROW, .many = true, .begin = begin_row, .end = end_row},
    {ROW "/OrgnlInstrId", .take = take_instruction},
    {ROW "/OrgnlEndToEndId", .take = take_reference},
    {ROW "/TxSts", .take = take_status},
    {ROW "/StsRsnInf/Rsn/Cd", .take = take_code},
    {ROW "/StsRsnInf/Rsn/Prtry", .take = take_code},
    {ROW "/StsRsnInf/AddtlInf", .many = true, .take = take_words},
    {ROW "/OrgnlTxRef/Amt/InstdAmt", .take = take_amount},
    {ROW "/OrgnlTxRef/Amt/InstdAmt/@Ccy", .take = take_currency},
};

bool
pain002_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_answer *answer,
             struct bank_fault *fault)
{
    struct reading *in = jn_arena_take(arena, sizeof(*in));

    in->arena = arena;
    in->answer = answer;
    in->fault = fault;
    if (!bank_xml_read(text, PAIN002_SPACE, steps, sizeof(steps) / sizeof(steps[0]), in, fault))
        return false;
    if (!in->named)
        return bank_malformed(fault, 0, "OrgnlMsgId");
    return adds_up(in);
}
