/* A sheet for people or for their spreadsheet: as columns of text, CSV (RFC 4180, UTF-8 with its mark) or XLSX.
 *
 * What people wrote is never taken for a formula: in CSV a text that begins with = + - @ or a blank gets a ' before it,
 * in XLSX texts are texts. Money is yuan with two decimals, a number in both. */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum sheet_form { SHEET_TEXT, SHEET_CSV, SHEET_XLSX };

struct sheet_column {
    const char *name; /* as in --open */
    const char *title;
    int width;  /* of text */
    bool right; /* numbers */
};

struct sheet;

/* Rows go to `out`; XLSX to the file of that path, when the sheet is closed. */
struct sheet *sheet_open(enum sheet_form form, FILE *out, const char *path, const char *title,
                         const struct sheet_column *columns, size_t count);
/* Cell by cell, row by row; the row ends by itself with its last cell. */
void sheet_text(struct sheet *sheet, const char *text);
void sheet_count(struct sheet *sheet, uint64_t number);
void sheet_money(struct sheet *sheet, int64_t fen);
/* False where it could not be written. */
bool sheet_close(struct sheet *sheet);

/* For sheet.c: the XLSX side. */
struct sheet_book;
struct sheet_book *sheet_book_open(const char *path, const char *title);
void sheet_book_title(struct sheet_book *book, size_t column, const char *title, int width);
void sheet_book_text(struct sheet_book *book, uint32_t row, size_t column, const char *text);
void sheet_book_count(struct sheet_book *book, uint32_t row, size_t column, uint64_t number);
void sheet_book_money(struct sheet_book *book, uint32_t row, size_t column, int64_t fen);
bool sheet_book_close(struct sheet_book *book);

#endif
