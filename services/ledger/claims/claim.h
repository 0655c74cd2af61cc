/* Claims (申领): what is due to somebody, settlement by settlement. */
#ifndef LEDGER_CLAIM_H
#define LEDGER_CLAIM_H

#include "ledger/ledger.h"

enum claim_state {
    CLAIM_NONE,
    CLAIM_WAITING,
    CLAIM_COMMITTED,
    CLAIM_INSTRUCTED,
    CLAIM_PAID,
    CLAIM_FAILED, /* committed, sent back by the bank */
    CLAIM_MISDIRECTED,
    CLAIM_RELEASED, /* was committed or waited, will not be paid */
    CLAIM_STATES,
};

struct claim {
    uint64_t number;
    uint64_t person, institution; /* who is paid, by payee */
    int64_t amount_fen, offset_fen;
    int64_t setoff_fen;   /* of it, taken off for what the payee owes; setoff.c */
    int64_t reversed_fen; /* of it, reversed since it was paid; case.c */
    Common__Item item;
    Common__Fund fund;
    Common__Payee payee;
    enum claim_state state;
    bool approved, held;
    struct account account; /* who bears it; where committed */
    uint64_t batch;         /* the last that it was in; 0 for none */
    int64_t released_fen;   /* of what was settled, will not be paid; amount_fen is without it unless it is over */
    int64_t unqueued_fen;   /* of that, while it waited: it was never committed */
    size_t n_shares;        /* of a pool that bears its net, in place of the account: pool_claim.c; none else */
    Ledger__PoolShare **shares;
    const int64_t *shares_reversed_fen; /* of each; NULL: nothing */
};

/* What new money it takes: the rest of it the payee has already. */
int64_t claim_net(const struct claim *claim);
/* What the bank is told to send of it: without what the payee owes, too. */
int64_t claim_sent(const struct claim *claim);
/* Who bears its net, into a tally of accounts: its own, or each of its pool's sources. */
void claim_bear(struct tally *accounts, const struct claim *claim);
/* It counts once, with its own fund; its money with each that bears some. The keys are fund, item, institution. */
void claim_use(struct tally *uses, const struct claim *claim);
/* So many keys at most have the settlement's claims in either. */
size_t claims_room(const Ledger__Claims *claims, size_t rows);
const char *claim_state_name(enum claim_state state);

/* The settlement's row that holds the claim; NULL where it is unknown. */
const Ledger__Claims *claims_of(const struct jn_view *view, uint64_t claim);
size_t claims_count(const Ledger__Claims *claims);
/* The claim at that place, from 0. */
struct claim claim_at(const Ledger__Claims *claims, size_t place);

/* Apply's copy of a row, to be changed and put back; it must exist. */
Ledger__Claims *claims_take(struct jn_tables *t, uint64_t claim);
void claims_put(struct jn_tables *t, const Ledger__Claims *claims);
/* What stays as it was settled: item, fund, amount, offset and payee of *claim. */
void claim_fill(const struct jn_view *view, Ledger__Claims *claims, size_t place, const struct claim *claim);
/* So much of it will not be paid: the rest is what it is worth, unless nothing of it will be. */
void claim_release(const struct jn_view *view, Ledger__Claims *claims, size_t place, int64_t fen, bool whole);
/* The same of one that waits. */
void claim_unqueue(const struct jn_view *view, Ledger__Claims *claims, size_t place, int64_t fen, bool whole);
/* So much of it is taken off for a debt, or reversed: a column that comes with the first such claim. */
void claim_set_setoff(const struct jn_view *view, Ledger__Claims *claims, size_t place, int64_t fen);
void claim_set_offset(const struct jn_view *view, Ledger__Claims *claims, size_t place, int64_t fen);
/* Each source's share of a pool that bears it. */
void claim_set_shares(const struct jn_view *view, Ledger__Claims *claims, size_t place, size_t count,
                      Ledger__PoolShare **shares);
/* So much more of the fund's share is reversed. */
void claim_reverse_share(const struct jn_view *view, Ledger__Claims *claims, size_t place, Common__Fund fund,
                         int64_t fen);
void claim_set_reversed(const struct jn_view *view, Ledger__Claims *claims, size_t place, int64_t fen);
/* State, approval, hold, account and batch as in *claim. */
void claim_set(const struct jn_view *view, Ledger__Claims *claims, size_t place, const struct claim *claim);

#endif
