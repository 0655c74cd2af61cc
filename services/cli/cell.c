/* Which entries make a cell. */
#include "cli/cell.h"

#include <stdlib.h>
#include <string.h>

#include "domain/words.h"

/* ---- Its name ---- */

static bool
trial_column(struct cell *cell, const char *column)
{
    bool closing = !strcmp(column, "closing");

    cell->opening = closing || !strcmp(column, "opening");
    cell->debits = closing || !strcmp(column, "debits");
    cell->credits = closing || !strcmp(column, "credits");
    return cell->opening || cell->debits || cell->credits;
}

/* "paid", or "paid_count" where claims are counted. */
static bool
use_column(struct cell *cell, const char *column)
{
    for (enum books_measure measure = 0; measure < BOOKS_MEASURES; measure++) {
        size_t length = strlen(books_measures[measure].name);

        if (strncmp(column, books_measures[measure].name, length) != 0)
            continue;
        cell->measure = measure;
        cell->count = !strcmp(column + length, "_count");
        return cell->count || column[length] == '\0';
    }
    return false;
}

static bool
word_row(const struct vocabulary *words, const char *row, uint64_t *id)
{
    const struct word *word = word_find(words, row);

    *id = word ? (uint64_t)word->number : 0;
    return word || !strcmp(row, "none");
}

static bool
item_row(const char *row, uint64_t *id)
{
    *id = (uint64_t)item_find(row);
    return *id || !strcmp(row, "none");
}

/* "employment_subsidy:130102:free_training", "employment_subsidy:130102:item 21" */
static bool
disclosure_row(struct cell *cell, const char *row)
{
    char fund[64], item[64];
    unsigned division;
    const struct word *word;

    if (sscanf(row, "%63[^:]:%6u:%63[^\n]", fund, &division, item) != 3 || !(word = word_find(&words_funds, fund)))
        return false;
    cell->fund = (Common__Fund)word->number;
    cell->division = division;
    cell->item = (Common__Item)item_find(item);
    return cell->item != 0;
}

static bool
row_taken(struct cell *cell, const char *row)
{
    switch (cell->statement) {
    case STATEMENT_TRIAL:
        snprintf(cell->name, sizeof(cell->name), "%s", row);
        return strchr(row, ':') != NULL;
    case STATEMENT_FUND:
        return word_row(&words_funds, row, &cell->id);
    case STATEMENT_ITEM:
        return item_row(row, &cell->id);
    case STATEMENT_DIVISION:
    case STATEMENT_INSTITUTION:
        return suite_number(row, 0, INT64_MAX, &cell->id);
    case STATEMENT_DISCLOSURE:
        return disclosure_row(cell, row);
    case STATEMENT_KINDS:
        break;
    }
    return false;
}

bool
cell_parse(const char *text, enum statement_kind statement, const struct ledger_period *period, struct cell *out,
           const char **wrong)
{
    const char *slash = strrchr(text, '/');
    char row[128];

    *out = (struct cell){.statement = statement, .period = *period};
    *wrong = "a cell is named ROW/COLUMN, as in employment_subsidy/paid";
    if (!slash || slash == text || (size_t)(slash - text) >= sizeof(row))
        return false;
    snprintf(row, sizeof(row), "%.*s", (int)(slash - text), text);
    *wrong = "the statement has no such column: --format csv shows their names";
    if (!(statement == STATEMENT_TRIAL ? trial_column(out, slash + 1) : use_column(out, slash + 1)))
        return false;
    *wrong = "the statement can have no such row: --format csv shows their names";
    out->total = !strcmp(row, "total");
    return out->total || row_taken(out, row);
}

/* ---- What it counts ---- */

int64_t
cell_of_posting(const struct cell *cell, const struct books_entry *entry, const struct books_posting *posting, bool in)
{
    int32_t month = books_month(entry->booked);
    int64_t fen = in ? posting->fen : -posting->fen;
    bool before = month < cell->period.first;
    char name[BOOKS_NAME];

    if (cell->statement != STATEMENT_TRIAL || month > cell->period.last)
        return 0;
    if (before ? !cell->opening : !(in ? cell->debits : cell->credits))
        return 0;
    if (!cell->total && strcmp(books_name(posting->account, in ? posting->to : posting->from, name), cell->name) != 0)
        return 0;
    return cell->credits && !cell->debits ? -fen : fen;
}

bool
cell_of_use(const struct cell *cell, const struct books_entry *entry, const struct books_use *use)
{
    const uint64_t ids[STATEMENT_KINDS] = {
        [STATEMENT_FUND] = (uint64_t)use->fund,
        [STATEMENT_DIVISION] = use->division,
        [STATEMENT_ITEM] = (uint64_t)use->item,
        [STATEMENT_INSTITUTION] = use->institution,
    };
    int32_t month = books_month(entry->booked);

    if (cell->statement == STATEMENT_TRIAL || use->measure != cell->measure || month < cell->period.first ||
        month > cell->period.last || (cell->count && use->part))
        return false;
    if (cell->total)
        return true;
    if (cell->statement == STATEMENT_DISCLOSURE)
        return use->fund == cell->fund && use->division == cell->division && use->item == cell->item;
    return ids[cell->statement] == cell->id;
}
