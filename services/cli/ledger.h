/* What the verbs of jineng ledger share: their options, the ledger that is asked, its log read into books. */
#ifndef CLI_LEDGER_H
#define CLI_LEDGER_H

#include <stdio.h>

#include "cli/books.h"
#include "cli/follower.h"
#include "cli/items.h"
#include "cli/sheet.h"
#include "cli/suite.h"

struct ledger_options {
    const char *data, *as, *out, *period, *format, *open, *account;
    int32_t from, to; /* days; INT32_MIN and INT32_MAX where not given */
    bool hledger, chinese;
};

struct ledger_run {
    struct ledger_options options;
    struct suite *suite;
    struct jn_client *client;
    struct follower follower;
};

/* The months of a period, as books_month counts them; text: "2020-03", "2020-Q1", "2020". False where it is none. */
struct ledger_period {
    Ledger__Period period;
    int32_t first, last;
};
bool ledger_period(const char *text, struct ledger_period *out);

/* Reads the log from its beginning to its head, with the chain proven. CLI_OK, or what to exit with. */
int ledger_read(struct ledger_run *run, struct books *books);
/* Has anything happened since? False too where nobody answers. */
bool ledger_stands(struct ledger_run *run);

/* The file that --out names, beside which it is written first; standard output without. NULL with a sentence. */
FILE *ledger_out_open(const struct ledger_run *run, char path[JN_PATH_MAX]);
/* The same for a sheet in the form that --format names: XLSX needs --out, and makes its file itself. */
int ledger_sheet_out(const struct ledger_run *run, enum sheet_form *form, FILE **out, char path[JN_PATH_MAX]);
int ledger_out_close(const struct ledger_run *run, FILE *out, const char *path, int code);

/* Every account and balance of the period as the ledger answers it. each: false to stop. */
int ledger_trial(struct ledger_run *run, const struct ledger_period *period,
                 bool (*each)(void *context, const Ledger__TrialRow *row), void *context);

const char *ledger_say(const struct ledger_run *run, const char *en, const char *zh);

/* The verbs. */
int ledger_export(struct ledger_run *run);
int ledger_statement(struct ledger_run *run, const char *kind);
int ledger_entries(struct ledger_run *run);
int ledger_close(struct ledger_run *run);

#endif
