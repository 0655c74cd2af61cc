/* XLSX, through libxlsxwriter. A cell's number is a binary fraction by the standard (ECMA-376): the one place of the
 * tree that has any. Up to MONEY_FEN_MAX the 16 digits that are written name the fen exactly. */
#include "cli/sheet.h"

#include <stdlib.h>
#include <xlsxwriter.h>

struct sheet_book {
    lxw_workbook *book;
    lxw_worksheet *page;
    lxw_format *head, *money;
};

struct sheet_book *
sheet_book_open(const char *path, const char *title)
{
    struct sheet_book *out = calloc(1, sizeof(*out));
    lxw_doc_properties properties = {.title = (char *)(uintptr_t)title};

    if (!out)
        abort();
    out->book = workbook_new(path);
    workbook_set_properties(out->book, &properties);
    out->page = workbook_add_worksheet(out->book, NULL);
    out->head = workbook_add_format(out->book);
    out->money = workbook_add_format(out->book);
    format_set_bold(out->head);
    format_set_num_format(out->money, "#,##0.00");
    worksheet_freeze_panes(out->page, 1, 0);
    return out;
}

void
sheet_book_title(struct sheet_book *book, size_t column, const char *title, int width)
{
    worksheet_set_column(book->page, (lxw_col_t)column, (lxw_col_t)column, width + 2, NULL);
    worksheet_write_string(book->page, 0, (lxw_col_t)column, title, book->head);
}

void
sheet_book_text(struct sheet_book *book, uint32_t row, size_t column, const char *text)
{
    worksheet_write_string(book->page, row, (lxw_col_t)column, text, NULL);
}

void
sheet_book_count(struct sheet_book *book, uint32_t row, size_t column, uint64_t number)
{
    worksheet_write_number(book->page, row, (lxw_col_t)column, (double)number, NULL);
}

void
sheet_book_money(struct sheet_book *book, uint32_t row, size_t column, int64_t fen)
{
    worksheet_write_number(book->page, row, (lxw_col_t)column, (double)fen / 100, book->money);
}

bool
sheet_book_close(struct sheet_book *book)
{
    bool good = workbook_close(book->book) == LXW_NO_ERROR;

    free(book);
    return good;
}
