/* Entries listed: a cell opened down to what makes it. */
#ifndef CLI_ENTRIES_H
#define CLI_ENTRIES_H

#include "cli/cell.h"

int ledger_open_cell(struct ledger_run *run, const struct cell *cell);

#endif
