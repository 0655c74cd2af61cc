/* What stories of recovery are told with: cases, repayments, plans, who owes. */
#ifndef TESTS_LEDGER_OWING_H
#define TESTS_LEDGER_OWING_H

#include "ledger_story.h"

#define ERROR LEDGER__DEBT_KIND__DEBT_ERROR
#define FRAUD LEDGER__DEBT_KIND__DEBT_FRAUD

struct instalment {
    const char *day;
    int64_t fen;
};
#define PLAN(...)                                                                                                      \
    (const struct instalment[]){__VA_ARGS__},                                                                          \
        sizeof((const struct instalment[]){__VA_ARGS__}) / sizeof(struct instalment)
#define DUE(...) ((struct due)__VA_ARGS__)

extern uint64_t last_number; /* of the last case or repayment */
enum jn_code open_case(struct story *s, uint64_t claim_number, int64_t fen, Ledger__DebtKind kind);
enum jn_code repay(struct story *s, uint64_t receivable, int64_t fen);
enum jn_code write_off(struct story *s, uint64_t receivable, const char *document);
enum jn_code arrange(struct story *s, uint64_t receivable, const struct instalment *plan, size_t count, bool offset);
const Ledger__ReceivablesView *owed_to(struct story *s, const struct jn_agency *who, uint64_t person,
                                       uint64_t institution, uint64_t after);
const Ledger__ReceivableView *receivable(struct story *s, uint64_t number);
void is_aged(const Ledger__Aging *aging, int64_t not_due, int64_t d30, int64_t d90, int64_t d180, int64_t d365,
             int64_t over);
void owes(struct story *s, uint64_t class, uint32_t division, int64_t advance, int64_t earned);
uint64_t paid(struct story *s, uint32_t division, struct due due);

#endif
