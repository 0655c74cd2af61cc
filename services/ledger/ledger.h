/* The ledger service (资金账): its tables, its counters, its limits, and what its nouns ask of one another.
 *
 * Money moves within one account only, out of one balance and into another (account.c lists every posting), so that no
 * sentence here can carry money from one fund to another; 2.11-b. */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "domain/date.h"
#include "domain/money.h"
#include "domain/words.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "ledger/tally.h"
#include "runtime/bulk.h"
#include "runtime/fold.h"

extern const struct jn_service ledger_service;

/* Key -> row. */
enum ledger_table {
    TABLE_ACCOUNT,     /* (year, fund, division) -> Balances; never deleted */
    TABLE_CURRENT,     /* (fund, division) -> CurrentYear: the year in use; none where nothing was ever appropriated */
    TABLE_BOOKS,       /* (0) -> Books; none before the first event */
    TABLE_DIVISION,    /* (division) -> DivisionTotal: paid for its classes */
    TABLE_QUARTER,     /* (year x 4 + quarter - 1, fund, division, item) -> CountAmount: paid */
    TABLE_QUARTER_SUM, /* (year x 4 + quarter - 1) -> QuarterSum */
    TABLE_FUNDS,       /* a pack's id -> FundsListed; under "*" the last one listed */
    TABLE_CLAIMS,      /* (last claim of a settlement) -> Claims: a claim's row is the first at or after its number */
    TABLE_FAILURE,     /* (claim) -> Failure; only while it is failed */
    TABLE_WAITING,     /* (fund, division) -> Waiting; none where nothing waits */
    TABLE_WAITING_CHUNK, /* (fund, division, first claim of the settlement) -> WaitingChunk */
    TABLE_SWEEP,         /* (fund, city) -> SweepDue: its queues are being freed and not through; else none */
    TABLE_BATCH_OPEN,    /* (batch) -> BatchFile: some row has no answer from the bank */
    TABLE_BATCH_DONE,    /* (batch) -> BatchFile */
    TABLE_ADVANCE,       /* (class, fund, institution) -> Advance */
    TABLE_DEBT,          /* (class, fund, institution) -> Debt; only while the class is settled and something is owed */
    TABLE_PERSON,        /* (person) -> NotedPayee; none where no account was ever given */
    TABLE_INSTITUTION,   /* (institution) -> NotedPayee */
    /* Paying. */
    TABLE_RELEASED, /* (day, division) -> CountAmount: batches released; the city's row counts all of its divisions' */
    TABLE_LIMIT,  /* (division, 2^64 - 1 - from_day) -> PaymentLimit: the first from today's on holds; never deleted */
    TABLE_FROZEN, /* (enum payee_kind, number) -> FrozenPayee; none where nothing is frozen */
    TABLE_KEPT,   /* (enum payee_kind, number, claim) -> KeptClaim: committed, approved, not held, payee frozen */
    TABLE_UNDECIDED,    /* (batch, claim) -> UndecidedClaim: instructed, the bank has neither paid nor refused */
    TABLE_DISAGREEMENT, /* (batch, claim, what) -> Disagreement; never deleted */
    TABLE_CONTRADICTED, /* (claim) -> CountAmount: its disagreements that nobody has settled; else none */

    /* Recovery */
    TABLE_RECEIVABLE, /* (receivable) -> Receivable; never deleted */
    TABLE_OWED,       /* (payee's kind, payee, receivable) -> Owed; only while something is left of it */
    TABLE_SETOFF,     /* (claim, receivable, part) -> Setoff; none once the claim has failed */
    TABLE_REVERSAL,   /* (claim, receivable) -> Reversal; claim 0: of a grant */
    TABLE_STOP,       /* (payee's kind, payee) -> Stop; none where payments go on */
    TABLE_STOPPED,    /* (payee's kind, payee, claim) -> Stopped; only while its payee's stop keeps it from the bank */

    /* Grants, release, forecast, staff education. */
    TABLE_GRANT,          /* (grant) -> GrantRow; never deleted */
    TABLE_GRANT_ID,       /* finance's id -> NumberRow: its grant */
    TABLE_GRANT_USE,      /* (year x 4 + quarter - 1, fund, division, purpose) -> CountAmount: instalments paid */
    TABLE_POOL,           /* (year, division) -> PoolRow; never deleted */
    TABLE_EXPIRY,         /* (first claim of a settlement, due) -> Expiry; only where commitments lapse */
    TABLE_TERMS,          /* (0) -> TermsView; none before they were set: commitments do not lapse, 30 days of notice */
    TABLE_RATE,           /* (fund, division, purpose) -> Rate: what the last 90 days committed; none before any did */
    TABLE_SHORTFALL,      /* (fund, division, purpose) -> ShortfallRow; while it was told and no money came */
    TABLE_EDUCATION,      /* (year, enterprise) -> StaffEducationEntry: the latest version */
    TABLE_EDUCATION_PAST, /* (enterprise, year, version) -> StaffEducationEntry */

    /* Periods and statements. Months: year x 12 + month - 1. */
    TABLE_TURNOVER, /* (year, fund, division, purpose, month) -> Turnover; none where nothing was posted */
    TABLE_MONTH,    /* (month) -> Turnover, of all accounts; that of books.month is in the books, and behind here */
    TABLE_PERIOD,   /* (kind, year, number) -> PeriodFile; none where open */
    TABLE_USE,      /* (month, division, fund, item, institution) -> Use */

    /* Reassessment */
    TABLE_REDUCTION, /* (claim) -> Reduction; only while the bank has it, or contradicts it */
    /* Queues. */
    TABLE_WAITING_ITEM, /* (fund, division, item, first claim of the settlement) -> WaitingItem */

    /* Grants at the bank, bookings. Rows by row_number(), disbursement.h. */
    TABLE_DISBURSEMENT, /* (disbursement) -> DisbursementRow; never deleted */
    TABLE_BOOKING,      /* (batch, row) -> BookingRow: the bank's references of it; none where no statement had any */

    /* What a second key confirms. */
    TABLE_LIMIT_ASKED, /* (division, 2^64 - 1 - from_day) -> PaymentLimitAsked; none once it is set */

    /* Investigations. */
    TABLE_INVESTIGATION, /* (case) -> Investigation; none once it has ended and all that it kept is let go */
    TABLE_INVESTIGATED,  /* (enum investigated, number, case) -> Investigated: the open ones by what they are about */
    TABLE_SUSPENDED,     /* (claim) -> Suspended: committed, approved, kept for a case */
};

enum ledger_counter {
    COUNTER_APPROPRIATIONS,
    COUNTER_RECOVERIES,
    COUNTER_SETTLEMENT, /* the last one handled */
    COUNTER_CLAIM,      /* the last one handled */
    COUNTER_BATCHES,
    COUNTER_YEAR, /* whose beginning the timer waits for; 0 before the first appropriation */
    /* Paying. */
    COUNTER_FROZEN,       /* payees that are frozen now */
    COUNTER_CONTRADICTED, /* disagreements that nobody has settled */

    /* Recovery */
    COUNTER_RECEIVABLES,
    COUNTER_RETURNS,

    /* Earmarks, grants, releases, pools */
    COUNTER_EARMARKS, /* earmarked accounts that were ever opened: none, and nobody looks for one */
    COUNTER_GRANTS,
    COUNTER_RELEASES,
    COUNTER_POOLS, /* contributions */

    /* Periods */
    COUNTER_MONTH_CLOSED,                      /* the last one; 0: none */
    COUNTER_PERIODS = JN_COUNTER_SESSIONS + 1, /* the one between is the runtime's */

    /* Grants at the bank */
    COUNTER_DISBURSEMENTS,

    /* Investigations */
    COUNTER_INVESTIGATIONS, /* open */
    COUNTER_SUSPENDED,      /* claims */
};

enum ledger_timer {
    TIMER_SWEEP, /* id: fund x 2^32 + city */
    TIMER_YEAR,  /* id: the year */
    /* Paying. */
    TIMER_THAW, /* id: payee number x 4 + enum payee_kind */

    /* Recovery */
    TIMER_INSTALMENT, /* id: the receivable */
    TIMER_LIFT,       /* id: the receivable whose end ended the stop */

    /* Release */
    TIMER_EXPIRY, /* id: the settlement's first claim */

    /* Investigations */
    TIMER_RESUME, /* id: the case */
};

#define FUNDS 6  /* numbers 0 to 5, 0 being none */
#define ITEMS 32 /* common.Item, and from 19 on the packs' own; purposes of grants begin where they end */
/* One appropriation, one claim: a hundred billion yuan. All appropriations together stay within MONEY_FEN_MAX. */
#define AMOUNT_FEN_MAX INT64_C(10000000000000)
#define TEXT_BYTES_MAX 120
/* 1 to so many bytes. */
bool text_fits(const char *text, size_t most);

/* ---- Divisions ---- */

/* The city stands in for its counties: 1301xx -> 130100. The one place that knows how. */
#define CITY_DIVISIONS 100
uint32_t city_of(uint32_t division);
/* Six digits below a province, GB/T 2260: a county's or a city's. */
bool division_valid(uint32_t division);

/* A list leaves out what lies beyond the caller's scope: so many rows are looked through for a page. */
#define SCOPE_SCAN_MAX   20000
#define SCOPE_SCAN_SPENT "too much of other divisions lies before the next of yours; ask from a later one on"
bool fund_valid(uint32_t fund);
bool purpose_valid(Common__Purpose purpose); /* of a grant */

/* ---- Accounts ---- */

/* Earmarked (专项) for an item or a support purpose, whose numbers do not meet; 0: general money. */
#define PURPOSES (COMMON__PURPOSE__ORGANISER_REWARD + 1)

struct account {
    Common__Fund fund;
    uint32_t division;
    uint32_t year;
    uint32_t purpose;
};

enum balance {
    APPROPRIATED, /* a source */
    CARRIED_IN,   /* a source */
    AVAILABLE,
    COMMITTED,
    INSTRUCTED,
    PAID,
    ADVANCED,
    CARRIED_OUT,

    /* Recovery */
    RECEIVABLE,
    WRITTEN_OFF,

    /* Grants and pools */
    GRANTED,
    GRANT_PAID,
    POOLED,

    BALANCES,
};
int64_t balance_of(const Ledger__Balances *balances, enum balance which);
/* "available" */
const char *balance_name(const struct jn_view *view, enum balance which);

uint32_t year_now(const struct jn_decision *d);

struct jn_key account_key(struct account account);
struct account account_of_key(const struct jn_key *key);
/* What it is earmarked for, by the words of the contract; both 0 where it is general. */
Common__Item account_item(uint32_t purpose);
Common__Purpose account_purpose(uint32_t purpose);
/* An item or a purpose, one of the two: its number. False where both are named, or one that does not exist. */
bool earmark_of(Common__Item item, Common__Purpose purpose, uint32_t *out);
/* "employment_subsidy", with what it is earmarked for. */
#define EARMARK_WANTED                                                                                                 \
    "name an item of subsidy (补贴项目) or a support purpose (支持性支出用途), one of the two, or neither"
const char *account_name(struct jn_arena *arena, struct account account);
/* Whether the caller may look at the account that he names; its purpose is filled in. */
enum jn_code account_asked(struct jn_decision *d, struct account *account, Common__Item item, Common__Purpose purpose);
/* NULL where there is none. */
const Ledger__Balances *account_get(const struct jn_view *view, struct account account);
/* The year in use; 0 where nothing was ever appropriated. */
uint32_t account_year(const struct jn_view *view, Common__Fund fund, uint32_t division);
uint32_t account_year_in_use(const struct jn_view *view, struct account account);
/* The year in use of what the account's fund, division and purpose have; 0 where nothing was ever appropriated. */
struct jn_key account_current(struct account account);

/* What this year's account of the fund has to give; an earlier year's is carried over first. Zero where there is none.
 */
int64_t account_open(struct jn_decision *d, struct account account);
/* The account is the one in use from now on. */
void account_use(struct jn_tables *t, struct account account);
/* Out of one balance of the account, into another. Zero posts nothing. */
void account_post(struct jn_tables *t, Ledger__Books *books, struct account account, enum balance from, enum balance to,
                  int64_t fen);
/* One posting for each account of the tally, whose keys are fund, division and tally_year(). */
void accounts_post(struct jn_tables *t, Ledger__Books *books, const struct tally *tally, enum balance from,
                   enum balance to);

/* A tally's third key: the account's year and what it is earmarked for. */
uint64_t tally_year(struct account account);
struct account tally_account(const struct tally_row *row);

/* ---- The books: what it all comes to ---- */

/* Apply's copy, to be changed and put back. What is posted stands in the month of the event. */
Ledger__Books *books_open(struct jn_tables *t);
void books_close(struct jn_tables *t, Ledger__Books *books);
/* What cannot be wrong between two blocks; JN_ASSERT. */
void books_check(const struct jn_view *view);
void count_in(Ledger__CountAmount *sum, int64_t fen);
void count_out(Ledger__CountAmount *sum, int64_t fen);

/* Paid for the division's classes; the tally's keys are fund, item, institution. */
void statement_paid(struct jn_tables *t, Ledger__Books *books, uint32_t division, const struct tally *tally);
void statement_appropriated(struct jn_tables *t, const Ledger__Books *books, int64_t fen);

#include "ledger/periods/period.h"

/* ---- Funds ---- */

/* Which items each fund may pay by the pack: bit n of [fund] is common.Item n. False where no pack was ever listed. */
struct fence {
    uint32_t items[FUNDS];
};
bool fence_of(const struct jn_view *view, const char *pack, struct fence *out);
/* Why the fund may pay a grant for the purpose, by the last pack that was listed: the clause; NULL where it may not. */
const char *grant_clause(const struct jn_view *view, Common__Fund fund, Common__Purpose purpose);
/* May the fund be spent on what the account is earmarked for, by the last pack? */
bool fund_may(const struct jn_view *view, struct account account);
/* Has any pack been listed? */
bool funds_listed(const struct jn_view *view);
/* So much of a debt by honest mistake may be given up, by the last pack; 2.12-e. */
int64_t fund_write_off_most(const struct jn_view *view);
/* What alone a payment for the item may be used for; "" where not restricted. */
const char *fund_purpose(const struct jn_view *view, Common__Item item);

/* ---- Queues ---- */

struct claim;

/* How much one block may free. */
struct sweep {
    struct jn_decision *d;
    size_t chunks_left, claims_left;
};
struct sweep sweep_open(struct jn_decision *d);
/* Frees what fits of the fund's queues in the city, in the order of settlement. What one block cannot do a timer
 * continues. */
void sweep_fund(struct sweep *sweep, Common__Fund fund, uint32_t city);

/* Does something of the fund and division wait, or is it being freed? */
bool queue_blocks(const struct jn_view *view, Common__Fund fund, uint32_t division);
/* Does a claim of the item wait among it? Then it comes first for what is earmarked for the item. */
bool queue_blocks_item(const struct jn_view *view, Common__Fund fund, uint32_t division, uint32_t item);
/* Claims of one settlement, as they join a queue or leave it. */
struct queue_part {
    uint32_t count, items[ITEMS]; /* items: of the count */
    int64_t fen, net_fen;
};
void queue_part_add(struct queue_part *part, const struct claim *claim);
/* Those of the settlement that begins with that claim go to the end of the queue. */
void queue_join(struct jn_tables *t, Common__Fund fund, uint32_t division, uint64_t first_claim,
                const struct queue_part *part);
/* They leave it, wherever they stand; a part that counts nobody lessens what its settlement waits for. */
void queue_leave(struct jn_tables *t, Common__Fund fund, uint32_t division, uint64_t first_claim,
                 const struct queue_part *part);
/* So much, appropriated to the division's general money, surely frees the claim and all before it. */
int64_t queue_frees(struct jn_decision *d, const Ledger__Claims *claims, size_t place);
/* Money came back from elsewhere than a command: whoever waits for it is looked at in a block of its own. */
void sweep_soon(struct jn_decision *d, Common__Fund fund, uint32_t city);
/* From 1. */
uint64_t queue_place(const struct jn_view *view, const Ledger__Claims *claims, size_t place);

/* ---- Commitments ---- */

struct claim;
Ledger__CommittedRow *committed_row(const struct jn_view *view, const struct claim *claim);

/* ---- Payments ---- */

/* Sends the settlement's claims at those places to the bank, up to 200 a batch. Returns the last batch's number. */
uint64_t payment_instruct(struct jn_decision *d, const Ledger__Claims *claims, const size_t *places, size_t count);
/* Those of the places that are committed, approved and not held. */
/* Held, or not any more, as the subsidy service says; the claim's settlement, NULL where it is not known. */
const Ledger__Claims *hold_note(struct jn_decision *d, uint64_t number, bool held);
void payment_instruct_ready(struct jn_decision *d, uint64_t claim, const size_t *places, size_t count);

/* The bank has paid them, or there was nothing for it to do; what was taken off for debts comes back with it. */
void payment_paid(struct jn_decision *d, const Ledger__Paid *event);

const Ledger__BatchFile *batch_find(const struct jn_view *view, uint64_t batch, bool *open);
void batch_put(struct jn_tables *t, Ledger__Books *books, const Ledger__BatchFile *file);
/* The bank has answered for these claims of it (0: its advance); an answered batch is filed away. */
void batch_answered(struct jn_tables *t, Ledger__Books *books, uint64_t batch, const uint64_t *claims, size_t count);
/* A changed file in the place of the old one; filed away where no row of it is open any more. */
void batch_replace(struct jn_tables *t, Ledger__Books *books, Ledger__BatchFile *file);
/* As finance sees it: NOT_FOUND where it is not there or not in the caller's scope. */
enum jn_code batch_of_caller(struct jn_decision *d, uint64_t batch, const Ledger__BatchFile **file, bool *open);

/* ---- Payees ---- */

enum payee_kind { PAYEE_IS_PERSON = 1, PAYEE_IS_INSTITUTION = 2 };
struct payee {
    enum payee_kind kind;
    uint64_t number;
};
struct payee claim_payee(const struct claim *claim);
struct payee institution_payee(uint64_t institution);
/* An institution, else the person. */
struct payee payee_named(uint64_t person, uint64_t institution);
/* 0 where it is none. */
uint64_t payee_person(struct payee payee);
uint64_t payee_institution(struct payee payee);
bool payee_same(struct payee a, struct payee b);
/* (kind, payee), people first; or with a third number behind it. */
struct jn_key payee_key(struct payee payee);
struct jn_key payee_key_of(struct payee payee, uint64_t number);
#define PAYEE_KEY_BYTES (2 * sizeof(uint64_t))

/* Never NULL: an empty one where none was registered. */
const Ledger__NotedPayee *payee_of(const struct jn_view *view, Common__Payee payee, uint64_t person,
                                   uint64_t institution);
/* Public, 2.13-b; "" for none. */
const char *institution_name(const struct jn_view *view, uint64_t institution);

/* What came of each row of a bulk command. */
static inline enum jn_code
bulk_reply(const struct jn_bulk *bulk)
{
    Ledger__Outcomes reply = LEDGER__OUTCOMES__INIT;

    reply.refused = bulk->refused;
    reply.n_refused = bulk->refused_count;
    reply.done = bulk->done;
    jn_reply(bulk->d, &reply.base);
    return JN_OK;
}

#include "ledger/recovery/recovery.h"

/* What has outgrown this page. */
#include "ledger/advance/advance.h"
#include "ledger/claims/claim.h"
#include "ledger/service.h"

#endif
