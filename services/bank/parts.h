/* What the files of this folder share among themselves: a reader and a writer a format. */
#ifndef BANK_PARTS_H
#define BANK_PARTS_H

#include "bank/bank.h"

/* The list with room for one more. */
void *bank_room(struct jn_arena *arena, void *list, size_t count, size_t *room, size_t size);

/* Puts malformed there; false. */
bool bank_malformed(struct bank_fault *fault, size_t line, const char *what);

/* ---- Orders ---- */

#define PAIN001_SPACE "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
#define PAIN002_SPACE "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
#define CAMT053_SPACE "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"

const struct bank_bytes *pain001_write(struct jn_arena *arena, const struct bank_order *order,
                                       enum bank_encoding encoding);
const struct bank_bytes *order_csv_write(struct jn_arena *arena, const struct bank_order *order);
bool pain001_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_order *order,
                  struct bank_fault *fault);
bool order_csv_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_order *order,
                    struct bank_fault *fault);
/* "": the general one. */
const char *bank_purpose(const struct bank_payment *payment);
struct bank_payment *bank_order_add(struct jn_arena *arena, struct bank_order *order, size_t *room);
/* Batch and claim of a row's reference. False with malformed, or with wrong-batch where the order has one already. */
bool bank_order_reference(struct bank_order *order, struct bank_payment *payment, const char *reference, size_t line,
                          struct bank_fault *fault);

/* ---- Answers ---- */

/* Each fills an answer that is empty but for its encoding. */
bool pain002_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_answer *answer,
                  struct bank_fault *fault);
bool camt053_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_answer *answer,
                  struct bank_fault *fault);
bool result_csv_read(struct jn_arena *arena, const struct bank_bytes *text, struct bank_answer *answer,
                     struct bank_fault *fault);
/* False with malformed where there are too many. */
bool bank_answer_add(struct jn_arena *arena, struct bank_answer *answer, const struct bank_row *row,
                     struct bank_fault *fault);
/* A row that cannot be used, by its reference. */
struct bank_fault *bank_answer_fault(struct jn_arena *arena, struct bank_answer *answer, enum bank_class class,
                                     size_t line, const char *reference);

/* ---- The simulated bank's answers ---- */

/* In front of its message ids, and in the head of its CSV. */
#define SIMULATED_MESSAGE "SIM-"
#define SIMULATED_NOTE    "模拟银行"

struct reply_row {
    char reference[BANK_REFERENCE];
    const struct bank_payment *payment;
    int64_t amount_fen;
    enum bank_standing standing; /* SENT_BACK: a debit, and the credit that takes it back */
    unsigned booking;            /* which of the row, from 1: its reference in a statement */
    const char *code, *words;
};

struct bank_reply {
    const struct bank_order *order;
    struct reply_row *rows;
    size_t rows_count;
    uint64_t ordered, listed; /* as it declares: rows of the order, rows of its own */
    int64_t ordered_fen;
    enum bank_encoding encoding;
    size_t marked; /* the row whose currency or result is to be wrong */
    bool foreign, unclear;
    bool credit_alone; /* the debit stood in an earlier statement */
};
const struct bank_bytes *pain002_write(struct jn_arena *arena, const struct bank_reply *reply);
const struct bank_bytes *camt053_write(struct jn_arena *arena, const struct bank_reply *reply);
const struct bank_bytes *result_csv_write(struct jn_arena *arena, const struct bank_reply *reply);
int64_t reply_sum(const struct bank_reply *reply);

#endif
