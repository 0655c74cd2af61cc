/* The bank's CSV with its results (批量代发回盘文件). */
#include <string.h>

#include "bank/csv.h"
#include "bank/parts.h"

static bool
result_read(const char *text, enum bank_standing *out)
{
    static const struct {
        const char *text;
        enum bank_standing standing;
    } results[] = {{"成功", BANK_PAID},      {"支付成功", BANK_PAID},     {"已支付", BANK_PAID},
                   {"SUCCESS", BANK_PAID},   {"失败", BANK_FAILED},       {"支付失败", BANK_FAILED},
                   {"已退回", BANK_FAILED},  {"FAILED", BANK_FAILED},     {"处理中", BANK_PENDING},
                   {"待处理", BANK_PENDING}, {"未处理", BANK_PENDING},    {"PENDING", BANK_PENDING},
                   {"退汇", BANK_SENT_BACK}, {"RETURNED", BANK_SENT_BACK}};

    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        if (strcmp(results[i].text, text))
            continue;
        *out = results[i].standing;
        return true;
    }
    return false;
}

static bool
use_line(struct jn_arena *arena, struct bank_answer *answer, const struct csv_line *line, struct bank_fault *fault)
{
    struct bank_row row = {.line = line->line,
                           .amount_fen = line->amount_fen,
                           .code = line->cells[CSV_CODE],
                           .words = line->cells[CSV_REASON],
                           .booking = ""};
    const char *reference = line->cells[CSV_REFERENCE], *result = line->cells[CSV_RESULT];

    if (!bank_reference_row_read(reference, &row.batch, &row.claim))
        bank_answer_fault(arena, answer, BANK_UNKNOWN_ROW, line->line, reference);
    else if (!result_read(result, &row.standing))
        bank_fault_show(bank_answer_fault(arena, answer, BANK_UNCLEAR, line->line, reference)->found, result);
    else
        return bank_answer_add(arena, answer, &row, fault);
    return true;
}

bool
result_csv_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_answer *answer,
                struct bank_fault *fault)
{
    const struct csv_file *file = csv_file_read(arena, text, fault);

    if (!file)
        return false;
    if (!file->result)
        return bank_malformed(fault, 2, "there is no column of results: this is an order 没有结果列：这是支付指令");
    if (!bank_reference_message_read(file->head[CSV_BATCH], &answer->batch)) {
        *fault = (struct bank_fault){.class = BANK_WRONG_BATCH, .line = 1, .what = csv_labels[CSV_BATCH]};
        bank_fault_show(fault->found, file->head[CSV_BATCH]);
        return false;
    }
    answer->simulated = !strcmp(file->head[CSV_NOTE], SIMULATED_NOTE);
    for (size_t i = 0; i < file->count; i++)
        if (!use_line(arena, answer, &file->lines[i], fault))
            return false;
    return true;
}
