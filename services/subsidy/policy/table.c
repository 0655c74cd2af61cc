/* Tables (定额表) and catalogues (标准目录): an amount or a rate by a word, by thresholds, by bands, by occupation. */
#include "domain/money.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/run.h"

/* The row that a word earns. */
static const Policy__Row *
row_of_word(const Policy__Table *table, uint64_t mask)
{
    for (size_t i = 0; i < table->n_rows; i++)
        if (table->rows[i]->any_of & mask)
            return table->rows[i];
    return NULL;
}

/* The last row whose threshold was reached. */
static const Policy__Row *
row_reached(const Policy__Table *table, int64_t value)
{
    const Policy__Row *reached = NULL;

    for (size_t i = 0; i < table->n_rows && table->rows[i]->at_least <= value; i++)
        reached = table->rows[i];
    return reached;
}

const Policy__Row *
table_row(const Policy__Table *table, int64_t value)
{
    return table->n_rows && table->rows[0]->any_of ? row_of_word(table, (uint64_t)value) : row_reached(table, value);
}

/* Each unit at the row it falls under: of 12 days the first ten at the first row, the eleventh and twelfth at the one
 * from 11 on. A checked table begins at 1. What is too large to hold stays at the most. */
static int64_t
graduated(const Policy__Table *table, int64_t value)
{
    int64_t sum = 0, band;

    for (size_t i = 0; i < table->n_rows && table->rows[i]->at_least <= value; i++) {
        bool last = i + 1 == table->n_rows || table->rows[i + 1]->at_least > value;
        int64_t end = last ? value : table->rows[i + 1]->at_least - 1;

        if (!money_mul(table->rows[i]->amount_fen, end - table->rows[i]->at_least + 1, &band) ||
            !money_add(sum, band, &sum))
            return MONEY_FEN_MAX;
    }
    return sum;
}

/* Is there one for an outcome that came too late? */
static bool
row_but_late(const struct run *run, const Policy__Table *table)
{
    return table->by == POLICY__FACT__OUTCOME && run->late && row_of_word(table, run->facts->outcomes);
}

/* A table that has no row for the fact grants nothing: as with a standard that nobody set. */
static bool
no_row(struct run *run, const Policy__Rule *rule, const Policy__Table *table, size_t index)
{
    int item = (int)rule->item;
    bool late = row_but_late(run, table);

    if (table->reason || late)
        run_note(run, rule->number, item, POLICY__EVENT__NO_ROW, index, run->values[table->by]);
    else
        run_note(run, rule->number, item, POLICY__EVENT__NO_STANDARD, 0, 0);
    run_refuse(run, item,
               late            ? COMMON__REASON__OUTCOME_TOO_LATE
               : table->reason ? table->reason
                               : COMMON__REASON__NO_LOCAL_STANDARD,
               "");
    return false;
}

bool
run_table(struct run *run, const Policy__Rule *rule, const Policy__Table *table, size_t index, int64_t *figure)
{
    const Policy__Row *row;
    int64_t value = run->values[table->by];

    if (!(run->known & POLICY_BIT(table->by))) {
        run_not_known(run, rule, table->by);
        return false;
    }
    row = table_row(table, value);
    if (!row)
        return no_row(run, rule, table, index);
    *figure = table->graduated ? graduated(table, value) : row->amount_fen;
    return true;
}

bool
run_catalogue(struct run *run, const Policy__Rule *rule, size_t index, int64_t *figure)
{
    const Policy__Catalogue *catalogue = run->view->pack->catalogues[index - 1];
    const Policy__CatalogueRow *row = run->facts->occupation ? catalogue_row(catalogue, run->facts->occupation) : NULL;
    uint64_t mask = (uint64_t)run->values[catalogue->level_of];
    size_t level = catalogue->level_of && mask ? (size_t)__builtin_ctzll(mask) : 0;
    int item = (int)rule->item;

    if (row && level < row->n_amounts_fen && row->amounts_fen[level]) {
        *figure = row->amounts_fen[level];
        run_note(run, rule->number, item, POLICY__EVENT__CATALOGUE_FIGURE, index, *figure);
        return true;
    }
    run_note(run, rule->number, item, POLICY__EVENT__NO_CATALOGUE_FIGURE, index, 0);
    run_refuse(run, item, COMMON__REASON__OCCUPATION_NOT_LISTED, "");
    return false;
}
