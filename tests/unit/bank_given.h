/* What tests of the bank's files begin with: an order of three rows, an arena, schemas. */
#ifndef TESTS_UNIT_BANK_GIVEN_H
#define TESTS_UNIT_BANK_GIVEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bank/bank.h"

struct given {
    struct jn_arena arena;
    struct bank_order order; /* batch 12 of 2020-03-02: claims 101, 102, 103 over 600.00, 0.01 and 1,234.56 */
    struct bank_known known[3];
    struct bank_batch batch; /* the same, as the ledger has it: open */
    struct bank_fault fault;
    struct bank_reconciled what;
};

int given_open(void **state);
int given_close(void **state);

/* As bytes of a text. */
struct bank_bytes given_text(const char *text);
/* Fails with libxml2's complaint where the file is not as the schema has it. */
void given_valid(const struct bank_bytes *file, const char *schema);
bool given_has(const struct bank_bytes *file, const char *text);
/* The text with the first (or each) occurrence of one text made another; it must be there. */
struct bank_bytes given_with(struct given *g, struct bank_bytes file, const char *from, const char *to);
struct bank_bytes given_with_all(struct given *g, struct bank_bytes file, const char *from, const char *to);

/* The simulated bank's answer to the order. */
struct bank_bytes given_answer(struct given *g, enum bank_format format, enum bank_encoding encoding,
                               enum bank_class fault);
/* Read; NULL where the whole of it is refused, with g->fault. */
const struct bank_answer *given_read(struct given *g, struct bank_bytes file);
/* Read, and held against the batch: in g->what. */
const struct bank_answer *given_reconciled(struct given *g, struct bank_bytes file);
/* The class of the only fault, of the file or of the comparison; NONE where there is none. */
enum bank_class given_only_fault(const struct given *g, const struct bank_answer *answer);
/* What is offered for a claim: 1 paid, 0 failed, -1 nothing. */
int given_offer(const struct given *g, uint64_t claim);

#endif
