/* What the books remember, and how an event's function posts: for books.c and books_events.c alone. */
#ifndef CLI_BOOKS_PARTS_H
#define CLI_BOOKS_PARTS_H

#include "cli/books.h"

#define BOOKS_ITEMS 64
#define BOOKS_FUNDS 8

/* What a claim was committed as. */
struct books_claim {
    struct books_account account;
    Common__Item item;
    uint32_t division; /* its class's */
    uint64_t class, institution;
    int64_t amount_fen, offset_fen;
    bool known;
    int64_t shares_fen[BOOKS_FUNDS]; /* where a pool bears it, by fund; in place of the account */
    bool pooled;
};

/* What was advanced, by whose account. */
struct books_advance {
    uint64_t class, institution;
    uint32_t division;  /* the class's */
    bool settled, owed; /* the class's last settlement has come; something was not earned then */
    struct books_account account;
};

/* What a grant was promised as. */
struct books_grant {
    struct books_account account; /* its fund is 0 where a pool bears it, source by source */
    uint32_t division;
    uint64_t institution;
    bool known;
};

struct books {
    books_each each;
    void *context;
    struct jn_arena arena;
    struct books_claim *claims; /* by number */
    size_t claims_size;
    struct books_grant *grants; /* by number */
    size_t grants_size;
    void *advances; /* tsearch */
    struct books_balances *accounts;
    size_t accounts_count, accounts_size;
    char clauses[BOOKS_ITEMS][32];
    int32_t closed; /* the last month that was closed; 0: none */
    uint64_t events;
    const char *fault;
    struct books_entry entry;
    size_t postings_size, uses_size;
};

/* The claim's place, known or not. */
struct books_claim *books_claim(struct books *books, uint64_t number);
/* A claim that was committed; what is not so is a fault. */
const struct books_claim *books_claim_known(struct books *books, uint64_t number);
/* The grant's place, known or not; one that was promised. */
struct books_grant *books_grant(struct books *books, uint64_t number);
const struct books_grant *books_grant_known(struct books *books, uint64_t number);
/* False where the class has it already. */
bool books_advance_note(struct books *books, struct books_advance advance);
/* An advance that was paid; what is not so is a fault. */
struct books_advance *books_advance(struct books *books, uint64_t class, Common__Fund fund, uint64_t institution);

/* Out of one balance of the account into another; nothing posts nothing. */
void books_post(struct books *books, struct books_posting posting);
/* Into what the account of that year has to give. */
void books_give_back(struct books *books, struct books_account from, enum books_kind kind, uint32_t year, int64_t fen);
/* General money: earmarked for nothing. */
struct books_account books_general(Common__Fund fund, uint32_t division, uint32_t year);
void books_use(struct books *books, struct books_use use);
/* The entry's date is earlier than its block: it stands under that date where the period is open, else at the first day
 * that is; never before the year of its account. */
void books_date_back(struct books *books, int32_t day, uint32_t year);

/* Earmarked for the item; none: general. */
struct books_account books_for_item(Common__Fund fund, uint32_t division, uint32_t year, Common__Item item);
/* The source's account of a claim that a pool bears. */
struct books_account books_source(const struct books_claim *claim, Common__Fund fund);

/* What of a use other funds bear, as sources of a pool: each its part, and the rest of it with its own fund, where it
 * is counted. */
struct books_split {
    const struct books_use *use;
    struct books *books;
    int64_t own_fen;
};
void books_part_of(struct books_split *split, Common__Fund fund, int64_t fen);
void books_rest_of(struct books_split *split);

/* What comes back. */
void books_on_recovered(struct books *books, const void *message);
void books_on_reversed(struct books *books, const void *message);
void books_on_returned(struct books *books, const void *message);
void books_on_written_off(struct books *books, const void *message);
void books_on_commitment_released(struct books *books, const void *message);

/* Grants and pools. */
void books_on_grant_committed(struct books *books, const void *message);
void books_on_grant_paid(struct books *books, const void *message);
void books_on_grant_released(struct books *books, const void *message);
void books_on_pool_contributed(struct books *books, const void *message);
void books_on_pool_dissolved(struct books *books, const void *message);

/* Does what the event does. */
void books_dispatch(struct books *books, const Ledger__Event *event);

#endif
