/* A cell of a statement (单元格), as --open names it: ROW/COLUMN; and which entries make it. */
#ifndef CLI_CELL_H
#define CLI_CELL_H

#include "cli/ledger.h"

enum statement_kind {
    STATEMENT_TRIAL,
    STATEMENT_FUND,
    STATEMENT_DIVISION,
    STATEMENT_ITEM,
    STATEMENT_INSTITUTION,
    STATEMENT_DISCLOSURE,
    STATEMENT_KINDS,
};

struct cell {
    enum statement_kind statement;
    struct ledger_period period;
    bool total; /* the last row */
    /* Of a trial balance: account and balance; the row's name, as books_name writes it. */
    char name[BOOKS_NAME];
    bool opening, debits, credits; /* which parts it counts: closing is all three */
    /* Of the others. */
    enum books_measure measure;
    bool count; /* of claims, not money */
    uint64_t id;
    Common__Fund fund;
    uint32_t division;
    Common__Item item;
};

/* False with a sentence where the text names no cell of that statement. */
bool cell_parse(const char *text, enum statement_kind statement, const struct ledger_period *period, struct cell *out,
                const char **wrong);

/* What the posting's side (in: what it puts into, else what it takes out of) adds to the cell; 0 where it is none of
 * it. */
int64_t cell_of_posting(const struct cell *cell, const struct books_entry *entry, const struct books_posting *posting,
                        bool in);
/* Does the use count in the cell? */
bool cell_of_use(const struct cell *cell, const struct books_entry *entry, const struct books_use *use);

#endif
