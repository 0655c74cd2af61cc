/* jineng bank: orders for the bank as files, its answers read; shared by the files of this folder. */
#ifndef CLI_BANK_BANK_COMMAND_H
#define CLI_BANK_BANK_COMMAND_H

#include "bank/bank.h"
#include "cli/suite.h"
#include "jineng/v1/ledger.pb-c.h"

struct bank_arguments {
    const char *data, *as, *out, *what; /* what: the batch or the file */
    const char *payer_name, *payer_account, *payer_bank;
    bool format_given, dry_run, chinese;
    enum bank_format format;
    struct bank_simulation simulation; /* its encoding is that of the others too */
};

int bank_send(const struct bank_arguments *arguments);
int bank_read(const struct bank_arguments *arguments);
int bank_answer(const struct bank_arguments *arguments);

/* ---- print.c ---- */

const char *bank_say(const struct bank_arguments *arguments, const char *en, const char *zh);
/* "JN-12-345" */
const char *bank_say_row(uint64_t batch, uint64_t claim, char out[BANK_REFERENCE]);
/* A line with class, place and figures, and one with the next step. */
void bank_print_fault(const struct bank_arguments *arguments, const struct bank_fault *fault);
void bank_print_faults(const struct bank_arguments *arguments, const struct bank_faults *faults);

/* ---- files.c ---- */

/* Whole, from a file; CLI_OK or CLI_REFUSED, having said why. */
int bank_file_read(const char *path, struct jn_arena *arena, struct bank_bytes *out);
/* Whole under its name, or not at all: written beside it, synced, renamed. It names people and accounts: mode 0600. */
int bank_file_write(const char *path, const struct bank_bytes *bytes);

/* ---- ledger.c ---- */

/* The batch as the ledger has it, copied into the arena; NULL in *view where it has none that this key may see. */
int bank_ask_batch(struct jn_client *client, uint64_t batch, struct jn_arena *arena, const Ledger__BatchView **view);
/* As the bank's files name it. */
uint64_t bank_row_number(const Ledger__BatchRow *row);
/* What of it may be held against an answer. */
void bank_known_rows(struct jn_arena *arena, const Ledger__BatchView *view, struct bank_batch *out);

#endif
