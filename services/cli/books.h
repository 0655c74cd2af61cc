/* The ledger's books kept a second time, from its events alone: what each event moves, by the table at the head of
 * services/ledger/accounts/account.c read as documentation. A second opinion: it shares no code with the ledger's
 * postings.
 *
 * A posting takes money out of one balance of an account and puts it into another of the same account: a credit and a
 * debit. What an event counts for in the statements (paid for an item, an institution, ...) is a use. */
#ifndef CLI_BOOKS_H
#define CLI_BOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jineng/v1/envelope.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/runtime.pb-c.h"
#include "runtime/arena.h"

/* Money of one source, for one division and year; where it is earmarked, for an item or a purpose. */
struct books_account {
    Common__Fund fund;
    uint32_t division, year;
    Common__Item item;
    Common__Purpose purpose;
};

/* The kinds of balance: the third level of the chart of accounts (会计科目). */
enum books_kind {
    BOOKS_APPROPRIATED,
    BOOKS_CARRIED_IN,
    BOOKS_AVAILABLE,
    BOOKS_COMMITTED,
    BOOKS_INSTRUCTED,
    BOOKS_PAID,
    BOOKS_ADVANCED,
    BOOKS_CARRIED_OUT,
    BOOKS_RECEIVABLE,
    BOOKS_WRITTEN_OFF,
    BOOKS_GRANTED,
    BOOKS_GRANT_PAID,
    BOOKS_POOLED,
    BOOKS_KINDS,
};
extern const struct books_word {
    const char *name, *zh;
} books_kinds[BOOKS_KINDS];

struct books_posting {
    struct books_account account;
    enum books_kind from, to;
    int64_t fen;
    uint64_t claim; /* 0: none */
    Common__Item item;
};

enum books_measure {
    BOOKS_USE_APPROPRIATED,
    BOOKS_USE_COMMITTED, /* claims, whole */
    BOOKS_USE_PAID,      /* claims, whole */
    BOOKS_USE_ADVANCED,
    BOOKS_USE_RECOVERED,
    BOOKS_USE_REVERSED, /* of what was paid */
    BOOKS_USE_RELEASED, /* of what was committed */
    BOOKS_USE_GRANT_PAID,
    BOOKS_USE_GRANT_REVERSED, /* of what was paid of grants */
    BOOKS_MEASURES,
};
extern const struct books_word books_measures[BOOKS_MEASURES];

struct books_use {
    enum books_measure measure;
    Common__Fund fund;
    uint32_t division;    /* the class's; that of the account where there is no class */
    Common__Item item;    /* 0 where it is for none */
    uint64_t institution; /* who is paid; 0: a person */
    int64_t fen;
    uint64_t claim;
    bool part; /* money of a claim that goes on: not counted as one */
};

/* What one event did. */
struct books_entry {
    uint64_t block;
    uint32_t index;
    int64_t time_ms;
    const char *kind; /* "committed" */
    int32_t day;      /* its true date */
    int32_t booked;   /* the day under which it stands in the books: in an open period */
    uint64_t class, settlement, batch;
    const char *document;
    struct books_posting *postings;
    struct books_use *uses;
    size_t postings_count, uses_count;
};

struct books;
/* Called for every event that moves or counts anything. False to stop. */
typedef bool (*books_each)(void *context, const struct books *books, const struct books_entry *entry);

struct books *books_open(books_each each, void *context);
void books_close(struct books *books);

/* The follower's callback: context is the books. False with a sentence where an event cannot be booked. */
bool books_event(void *context, const Envelope__BlockHeader *header, const Runtime__FeedEvent *sent);
uint64_t books_events(const struct books *books);

/* Which clause of the plan the item is paid under, as the pack says; "" where it was not listed. */
const char *books_clause(const struct books *books, Common__Item item);

/* Every account that was ever touched, in order of year, fund, division, earmark. */
struct books_balances {
    struct books_account account;
    int64_t fen[BOOKS_KINDS]; /* debits less credits */
};
size_t books_accounts(const struct books *books, const struct books_balances **out);

/* A month as one number: year x 12 + month - 1. */
int32_t books_month(int32_t day);
int32_t books_month_first(int32_t month);

/* "employment_subsidy:130102:2020:available" into text; what it is earmarked for behind it: ":training_base". */
#define BOOKS_NAME 128
const char *books_name(struct books_account account, enum books_kind kind, char text[BOOKS_NAME]);
const char *books_name_of(struct books_account account, const char *kind, char text[BOOKS_NAME]);

#endif
