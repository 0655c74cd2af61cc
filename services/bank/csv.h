/* The bank's CSV: a first row of labels and values (the head), a row of columns, then a row a payment. */
#ifndef BANK_CSV_H
#define BANK_CSV_H

#include "bank/bank.h"

#define CSV_CELLS_MAX 32

struct csv_row {
    size_t line;
    size_t count;
    const char *cells[CSV_CELLS_MAX]; /* without blanks around */
};

/* Each row that is not blank. False with malformed, or where `use` says so. */
bool csv_read(struct jn_arena *arena, const struct bank_bytes *text, bool (*use)(void *context, const struct csv_row *),
              void *context, struct bank_fault *fault);

/* Columns; the last three are an answer's alone. */
enum csv_column {
    CSV_SERIAL,
    CSV_NAME,
    CSV_ACCOUNT,
    CSV_BANK,
    CSV_AMOUNT,
    CSV_PURPOSE,
    CSV_REFERENCE,
    CSV_ORDER_COLUMNS,
    CSV_RESULT = CSV_ORDER_COLUMNS,
    CSV_CODE,
    CSV_REASON,
    CSV_COLUMNS
};
enum csv_label {
    CSV_BATCH,
    CSV_DAY,
    CSV_CURRENCY,
    CSV_COUNT,
    CSV_SUM,
    CSV_PAYER,
    CSV_PAYER_ACCOUNT,
    CSV_PAYER_BANK,
    CSV_NOTE,
    CSV_LABELS
};
extern const char *const csv_columns[CSV_COLUMNS], *const csv_labels[CSV_LABELS];

/* A file as far as both kinds have it in common. */
struct csv_file {
    const char *head[CSV_LABELS]; /* "" where it is not said */
    int column[CSV_CELLS_MAX];    /* of the file's cells: ours, or -1 */
    size_t width;
    bool result; /* it has the column of results */
    struct csv_line {
        size_t line;
        const char *cells[CSV_COLUMNS]; /* "" where there is no such column */
        int64_t amount_fen;
    } * lines;
    size_t count, room;
    int64_t total_fen;
};

/* Reads it whole: head, columns, amounts. Refused where count or sum of the head are not those of the rows, where it is
 * not in CNY. */
struct csv_file *csv_file_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_fault *fault);

/* ---- Written ---- */

struct csv_out {
    struct jn_arena *arena;
    char *text;
    size_t length, room;
    bool begun; /* a row has a cell */
};
void csv_cell(struct csv_out *out, const char *text);
void csv_end(struct csv_out *out);
struct csv_head {
    const struct bank_order *order;
    const char *currency;
    uint64_t count;
    int64_t total_fen;
    const char *message; /* the message id */
    bool result;
    const char *note; /* "": none */
};
/* Head and columns. */
void csv_begin(struct csv_out *out, const struct csv_head *head);
struct bank_bytes csv_close(const struct csv_out *out);

#endif
