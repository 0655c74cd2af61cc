/* CSV read (RFC 4180): cells, rows, and what both kinds of file have in common. */
#include "bank/csv.h"
#include "bank/parts.h"

#include <string.h>

#include "domain/money.h"

const char *const csv_columns[CSV_COLUMNS] = {
    [CSV_SERIAL] = "序号",   [CSV_NAME] = "收款户名",  [CSV_ACCOUNT] = "收款账号", [CSV_BANK] = "开户行行号",
    [CSV_AMOUNT] = "金额",   [CSV_PURPOSE] = "用途",   [CSV_REFERENCE] = "附言",   [CSV_RESULT] = "结果",
    [CSV_CODE] = "原因代码", [CSV_REASON] = "失败原因"};
const char *const csv_labels[CSV_LABELS] = {
    [CSV_BATCH] = "批次号",           [CSV_DAY] = "日期",          [CSV_CURRENCY] = "币种",
    [CSV_COUNT] = "总笔数",           [CSV_SUM] = "总金额",        [CSV_PAYER] = "付款户名",
    [CSV_PAYER_ACCOUNT] = "付款账号", [CSV_PAYER_BANK] = "付款行", [CSV_NOTE] = "备注"};

/* ---- Cells ---- */

struct cells {
    struct jn_arena *arena;
    struct bank_fault *fault;
    const char *at, *end;
    size_t line; /* where `at` is */
};

static bool
line_ends(const struct cells *in)
{
    return in->at == in->end || *in->at == '\n' || *in->at == '\r';
}

static char *
kept(struct cells *in, const char *text, size_t length)
{
    while (length > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        length--;
    }
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if (length > BANK_FIELD_MAX) {
        bank_malformed(in->fault, in->line, "a cell is too long 单元格过长");
        return NULL;
    }
    return jn_arena_print(in->arena, "%.*s", (int)length, text);
}

/* A quoted cell: two marks are one; no line ends in it. */
static char *
quoted(struct cells *in)
{
    char text[BANK_FIELD_MAX + 1];
    size_t length = 0;

    for (in->at++; in->at < in->end && length < sizeof(text); in->at++) {
        if (*in->at == '\n' || *in->at == '\r')
            break;
        if (*in->at == '"' && (in->at + 1 == in->end || in->at[1] != '"')) {
            in->at++;
            return kept(in, text, length);
        }
        if (*in->at == '"')
            in->at++;
        text[length++] = *in->at;
    }
    bank_malformed(in->fault, in->line, "a quotation mark is not closed 引号未闭合");
    return NULL;
}

static char *
cell(struct cells *in)
{
    const char *begin = in->at;
    char *text;

    if (in->at < in->end && *in->at == '"') {
        text = quoted(in);
        if (text && !line_ends(in) && *in->at != ',') {
            bank_malformed(in->fault, in->line, "text behind a quotation mark 引号后有多余内容");
            return NULL;
        }
        return text;
    }
    while (!line_ends(in) && *in->at != ',' && *in->at != '"')
        in->at++;
    if (in->at < in->end && *in->at == '"') {
        bank_malformed(in->fault, in->line, "a stray quotation mark 引号使用有误");
        return NULL;
    }
    return kept(in, begin, (size_t)(in->at - begin));
}

static bool
row(struct cells *in, struct csv_row *out)
{
    *out = (struct csv_row){.line = in->line};
    for (;;) {
        if (out->count == CSV_CELLS_MAX)
            return bank_malformed(in->fault, in->line, "too many cells in a row 单元格过多");
        out->cells[out->count] = cell(in);
        if (!out->cells[out->count++])
            return false;
        if (in->at == in->end || *in->at != ',')
            break;
        in->at++;
    }
    if (in->at < in->end && *in->at == '\r')
        in->at++;
    if (in->at < in->end && *in->at == '\n')
        in->at++;
    in->line++;
    return true;
}

bool
csv_read(struct jn_arena *arena, const struct bank_bytes *text, bool (*use)(void *context, const struct csv_row *),
         void *context, struct bank_fault *fault)
{
    struct cells in = {arena, fault, text->bytes, text->bytes + text->length, 1};
    struct csv_row one;

    while (in.at < in.end) {
        if (!row(&in, &one))
            return false;
        if ((one.count > 1 || *one.cells[0]) && !use(context, &one))
            return false;
    }
    return true;
}

/* ---- The file ---- */

struct reading {
    struct jn_arena *arena;
    struct bank_fault *fault;
    struct csv_file *file;
    size_t rows;
};

static bool
use_head(struct reading *in, const struct csv_row *row)
{
    for (size_t i = 0; i + 1 < row->count; i += 2)
        for (size_t label = 0; label < CSV_LABELS; label++) {
            if (strcmp(csv_labels[label], row->cells[i]))
                continue;
            if (*in->file->head[label])
                return bank_malformed(in->fault, row->line, csv_labels[label]);
            in->file->head[label] = row->cells[i + 1];
        }
    if (!*in->file->head[CSV_BATCH] || !*in->file->head[CSV_COUNT] || !*in->file->head[CSV_SUM])
        return bank_malformed(in->fault, row->line,
                              "the first row does not say batch, count and sum 首行缺少批次号、总笔数或总金额");
    return true;
}

static bool
use_columns(struct reading *in, const struct csv_row *row)
{
    bool there[CSV_COLUMNS] = {false};

    in->file->width = row->count;
    for (size_t i = 0; i < row->count; i++) {
        in->file->column[i] = -1;
        for (int column = 0; column < CSV_COLUMNS; column++)
            if (!strcmp(csv_columns[column], row->cells[i]))
                in->file->column[i] = column;
        if (in->file->column[i] < 0)
            continue;
        if (there[in->file->column[i]])
            return bank_malformed(in->fault, row->line, csv_columns[in->file->column[i]]);
        there[in->file->column[i]] = true;
    }
    in->file->result = there[CSV_RESULT];
    if (!there[CSV_AMOUNT] || !there[CSV_REFERENCE])
        return bank_malformed(in->fault, row->line, "the columns of amount and reference are missing 缺少金额或附言列");
    return true;
}

static struct csv_line *
next_line(struct reading *in)
{
    struct csv_file *file = in->file;

    file->lines = bank_room(in->arena, file->lines, file->count, &file->room, sizeof(*file->lines));
    return &file->lines[file->count++];
}

static bool
use_line(struct reading *in, const struct csv_row *row)
{
    struct csv_line *line;

    if (row->count != in->file->width)
        return bank_malformed(in->fault, row->line,
                              "the row has more or fewer cells than there are columns 单元格数与列数不符");
    if (in->file->count == BANK_ROWS_MAX)
        return bank_malformed(in->fault, row->line, "too many rows 行数过多");
    line = next_line(in);
    line->line = row->line;
    for (size_t i = 0; i < CSV_COLUMNS; i++)
        line->cells[i] = "";
    for (size_t i = 0; i < row->count; i++)
        if (in->file->column[i] >= 0)
            line->cells[in->file->column[i]] = row->cells[i];
    if (!bank_amount_read(line->cells[CSV_AMOUNT], &line->amount_fen) ||
        !money_add(in->file->total_fen, line->amount_fen, &in->file->total_fen))
        return bank_malformed(in->fault, row->line, csv_columns[CSV_AMOUNT]);
    return true;
}

static bool
use_row(void *context, const struct csv_row *row)
{
    struct reading *in = context;

    in->rows++;
    if (in->rows == 1)
        return use_head(in, row);
    return in->rows == 2 ? use_columns(in, row) : use_line(in, row);
}

/* A file that does not add up is not to be trusted in any row. */
static bool
adds_up(const struct csv_file *file, struct bank_fault *fault)
{
    uint64_t count;
    int64_t total_fen;

    if (!bank_count_read(file->head[CSV_COUNT], &count) || !bank_amount_read(file->head[CSV_SUM], &total_fen))
        return bank_malformed(fault, 1, "count or sum is no number 总笔数或总金额不是数字");
    if (*file->head[CSV_CURRENCY] && strcmp(file->head[CSV_CURRENCY], "CNY") &&
        strcmp(file->head[CSV_CURRENCY], "人民币")) {
        *fault = (struct bank_fault){
            .class = BANK_WRONG_CURRENCY, .line = 1, .what = csv_labels[CSV_CURRENCY], .expected = "CNY"};
        bank_fault_show(fault->found, file->head[CSV_CURRENCY]);
        return false;
    }
    if (count == file->count && total_fen == file->total_fen)
        return true;
    *fault = (struct bank_fault){.class = BANK_WRONG_TOTAL, .line = 1};
    fault->what = csv_labels[count == file->count ? CSV_SUM : CSV_COUNT];
    if (count == file->count)
        bank_fault_amounts(fault, total_fen, file->total_fen);
    else
        bank_fault_counts(fault, count, file->count);
    return false;
}

struct csv_file *
csv_file_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_fault *fault)
{
    struct reading in = {arena, fault, jn_arena_take(arena, sizeof(*in.file)), 0};

    for (size_t i = 0; i < CSV_LABELS; i++)
        in.file->head[i] = "";
    if (!csv_read(arena, text, use_row, &in, fault))
        return NULL;
    if (in.rows < 2) {
        bank_malformed(fault, 1, "no rows: neither XML nor the bank's CSV 没有数据：既非XML也非银行CSV");
        return NULL;
    }
    return adds_up(in.file, fault) ? in.file : NULL;
}
