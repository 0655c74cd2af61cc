/* Advances (预拨): what a class has had before it is settled, 2.10-f. */
#ifndef LEDGER_ADVANCE_H
#define LEDGER_ADVANCE_H

#include "ledger/ledger.h"

/* A class has a few: a fund and an institution each. */
#define ADVANCES_MAX 16
struct advances {
    size_t count;
    struct {
        Common__Fund fund;
        uint64_t institution;
        int64_t left_fen;
        const Ledger__Advance *row;
    } at[ADVANCES_MAX];
};
struct jn_key advance_key(uint64_t class, Common__Fund fund, uint64_t institution);
/* NULL where there is none. */
const Ledger__Advance *advance_get(const struct jn_view *view, uint64_t class, Common__Fund fund, uint64_t institution);
/* Neither earned nor recovered: once the class is settled, what is owed. */
int64_t advance_left(const Ledger__Advance *advance);
/* Which account advanced it. */
struct account advance_account(Common__Fund fund, const Ledger__Advance *advance);
/* Apply's copy, to be changed and put back; it must exist. Keeps what is owed, too. */
Ledger__Advance *advance_take(struct jn_tables *t, uint64_t class, Common__Fund fund, uint64_t institution);
void advance_put(struct jn_tables *t, uint64_t class, Common__Fund fund, uint64_t institution,
                 const Ledger__Advance *advance);
void advances_of(const struct jn_view *view, uint64_t class, struct advances *out);
/* What the claim earns of its payee's advance; taken off what is left. */
int64_t advance_earn(struct advances *advances, Common__Fund fund, uint64_t institution, int64_t amount_fen);
void advance_settle(struct jn_decision *d, uint64_t class, const struct advances *advances);
/* The tally's keys are class, fund, institution. */
void advances_drawn(struct jn_tables *t, Ledger__Books *books, const struct tally *tally);
void advances_paid_out(struct jn_tables *t, Ledger__Books *books, const struct tally *tally);
/* What is sent to the bank of an advance. */
struct transfer {
    uint64_t batch, class, institution;
    Common__Fund fund;
    uint32_t division;
    int32_t day;
    int64_t amount_fen;
    bool draft;
};

void advance_to_bank(struct jn_tables *t, Ledger__Books *books, const struct transfer *transfer);
/* Apply's: a rule gives up of what is owed of it. */
void advance_given_up(struct jn_tables *t, Ledger__Receivable *row, const Ledger__WrittenOff *event);
enum jn_code advance_answer(struct jn_decision *d, const Ledger__BatchFile *file, bool paid, const char *reason);
enum jn_code advance_resend(struct jn_decision *d, const Ledger__BatchFile *file, uint64_t *batch);

#endif
