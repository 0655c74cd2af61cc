/* Text and CSV; what XLSX needs lies in sheet_xlsx.c. */
#include "cli/sheet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "domain/money.h"

struct sheet {
    enum sheet_form form;
    FILE *out;
    const struct sheet_column *columns;
    size_t count, at; /* the next cell's column */
    uint32_t row;
    struct sheet_book *book;
};

/* A Chinese character takes two columns. */
static int
columns_of(const char *text)
{
    int columns = 0;

    for (const char *c = text; *c; c++) {
        if (((unsigned char)*c & 0xc0) != 0x80)
            columns += (unsigned char)*c >= 0xe0 ? 2 : 1;
    }
    return columns;
}

static void
print_padded(struct sheet *sheet, const char *text)
{
    const struct sheet_column *column = &sheet->columns[sheet->at];
    int blanks = column->width - columns_of(text);
    bool last = sheet->at + 1 == sheet->count;

    if (column->right)
        fprintf(sheet->out, "%*s", blanks > 0 ? blanks : 0, "");
    for (const char *c = text; *c; c++)
        fputc((unsigned char)*c < ' ' || *c == 0x7f ? ' ' : *c, sheet->out);
    if (!column->right && !last)
        fprintf(sheet->out, "%*s", blanks > 0 ? blanks : 0, "");
    fputs(last ? "\n" : "  ", sheet->out);
}

static void
print_quoted(struct sheet *sheet, const char *text)
{
    if (*text && strchr("=+-@ \t\r\n", *text))
        fputs("\"'", sheet->out);
    else
        fputc('"', sheet->out);
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            fputc('"', sheet->out);
        fputc(*c, sheet->out);
    }
    fputc('"', sheet->out);
}

static void
next_cell(struct sheet *sheet)
{
    if (sheet->form == SHEET_CSV)
        fputs(sheet->at + 1 == sheet->count ? "\r\n" : ",", sheet->out);
    if (++sheet->at < sheet->count)
        return;
    sheet->at = 0;
    sheet->row++;
}

static void
print_title(struct sheet *sheet, const char *title)
{
    if (sheet->form == SHEET_TEXT)
        fprintf(sheet->out, "%s\n\n", title);
    if (sheet->form == SHEET_CSV)
        fputs("\xef\xbb\xbf", sheet->out);
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet->form == SHEET_TEXT)
            print_padded(sheet, sheet->columns[i].title);
        if (sheet->form == SHEET_CSV)
            print_quoted(sheet, sheet->columns[i].name);
        if (sheet->form == SHEET_XLSX)
            sheet_book_title(sheet->book, i, sheet->columns[i].title, sheet->columns[i].width);
        next_cell(sheet);
    }
}

struct sheet *
sheet_open(enum sheet_form form, FILE *out, const char *path, const char *title, const struct sheet_column *columns,
           size_t count)
{
    struct sheet *sheet = calloc(1, sizeof(*sheet));

    if (!sheet)
        abort();
    *sheet = (struct sheet){.form = form, .out = out, .columns = columns, .count = count};
    if (form == SHEET_XLSX)
        sheet->book = sheet_book_open(path, title);
    print_title(sheet, title);
    return sheet;
}

void
sheet_text(struct sheet *sheet, const char *text)
{
    if (sheet->form == SHEET_TEXT)
        print_padded(sheet, text);
    if (sheet->form == SHEET_CSV)
        print_quoted(sheet, text);
    if (sheet->form == SHEET_XLSX)
        sheet_book_text(sheet->book, sheet->row, sheet->at, text);
    next_cell(sheet);
}

static void
print_figure(struct sheet *sheet, const char *figure)
{
    if (sheet->form == SHEET_TEXT)
        print_padded(sheet, figure);
    if (sheet->form == SHEET_CSV)
        fputs(figure, sheet->out);
}

void
sheet_count(struct sheet *sheet, uint64_t number)
{
    char figure[24];

    snprintf(figure, sizeof(figure), "%" PRIu64, number);
    print_figure(sheet, figure);
    if (sheet->form == SHEET_XLSX)
        sheet_book_count(sheet->book, sheet->row, sheet->at, number);
    next_cell(sheet);
}

void
sheet_money(struct sheet *sheet, int64_t fen)
{
    char figure[MONEY_TEXT];

    print_figure(sheet, money_format(fen, figure));
    if (sheet->form == SHEET_XLSX)
        sheet_book_money(sheet->book, sheet->row, sheet->at, fen);
    next_cell(sheet);
}

bool
sheet_close(struct sheet *sheet)
{
    bool good = sheet->form == SHEET_XLSX ? sheet_book_close(sheet->book) : !ferror(sheet->out);

    free(sheet);
    return good;
}
