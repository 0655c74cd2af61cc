/* Sums by a key of three numbers, gathered before they are written: a put for each key in place of one for each claim.
 */
#ifndef LEDGER_TALLY_H
#define LEDGER_TALLY_H

#include "runtime/fold.h"

struct tally_row {
    uint64_t key[3];
    uint64_t count;
    int64_t fen;
};

struct tally {
    struct tally_row *rows;
    size_t count, size;
};

/* Room for so many keys, in the message's arena. */
struct tally tally_open(const struct jn_view *view, size_t size);
/* Counts one. The caller has seen to it that the amounts stay within MONEY_FEN_MAX. */
void tally_add(struct tally *tally, uint64_t a, uint64_t b, uint64_t c, int64_t fen);
/* More of what is counted elsewhere. */
void tally_part(struct tally *tally, uint64_t a, uint64_t b, uint64_t c, int64_t fen);

#endif
