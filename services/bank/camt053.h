/* A statement as it is read: what the elements say (camt053.c), and what it comes to (camt053_sums.c). */
#ifndef BANK_CAMT053_H
#define BANK_CAMT053_H

#include "bank/bank.h"

enum camt053_sum { CAMT053_ALL, CAMT053_CREDIT, CAMT053_DEBIT, CAMT053_SUMS };

struct camt053_said {
    int64_t count, sum_fen; /* -1: not said */
};

struct camt053_statement {
    size_t line;
    int64_t opening_fen, closing_fen; /* booked; below zero where overdrawn */
    unsigned openings, closings;
    struct camt053_said said[CAMT053_SUMS], is[CAMT053_SUMS];
    int64_t booked_fen; /* the entries that are booked, with their sign */
};

struct camt053_balance {
    const char *code;
    int64_t amount_fen;
    int direction;
};

struct camt053_entry {
    size_t line;
    int64_t amount_fen;
    bool amount, foreign, reversal;
    char currency[48];
    int direction; /* -1: debit, 1: credit */
    const char *status;
    const char *servicer, *own, *day; /* AcctSvcrRef, NtryRef, BookgDt; "" */
    size_t first;                     /* row of the answer */
    size_t details, silent;           /* how many, and of them without an amount */
    int64_t details_fen;              /* with the sign of the entry */
    bool details_foreign;
    bool other_silent; /* the last of them is not ours, and without an amount */
};

struct camt053_detail {
    size_t line;
    int64_t amount_fen; /* -1: not said */
    bool foreign;
    char currency[48];
    int direction;
    const char *reference, *servicer, *code, *words;
};

struct camt053 {
    struct jn_arena *arena;
    struct bank_answer *answer;
    struct bank_fault *fault;
    size_t statements;
    struct camt053_statement statement;
    struct camt053_balance balance;
    struct camt053_entry entry;
    struct camt053_detail detail;
    struct bank_row held; /* the entry's only payment so far: its amount may be the entry's */
    bool holds;
};

bool camt053_detail_done(struct camt053 *in);
bool camt053_entry_done(struct camt053 *in);
bool camt053_statement_done(struct camt053 *in);

#endif
