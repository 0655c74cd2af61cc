/* The accounts as reckoned a second time (money.c), and what of them grants and pools move (grants.c). */
#ifndef SIMULATION_MONEY_H
#define SIMULATION_MONEY_H

#include "simulation/sim.h"

#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "subsidy/policy/pack.h"

#define ACCOUNTS_MAX 4000
#define ROSTER_MAX   60000
#define ADVANCES_MAX 800
#define TOLD_MAX     4000

struct grants;
enum standing { NOT_HEARD, WAITING, COMMITTED, INSTRUCTED, PAID, FAILED, MISDIRECTED, RELEASED };
extern const char *const standings[];

struct account {
    uint32_t fund, division, year, purpose;
    int64_t appropriated, carried_in, available, committed, instructed, paid, advanced, carried_out, granted,
        grant_paid, pooled, receivable, written_off;
};

struct claim {
    uint64_t settlement, class, person;
    uint32_t purpose; /* of the account that bears it */
    uint32_t seat, item, fund, payee, rule, division, account_division, year;
    uint64_t institution;
    int64_t amount_fen, offset_fen, setoff_fen;
    enum standing standing;
    int32_t notice_to_day;
    uint64_t batch; /* the last that it was in */
    bool settled, approved, held, ledger_held;
    bool kept_back;                 /* its notice is over and a gate is shut, or it will not be paid */
    uint32_t contradicted;          /* so often, and not settled */
    bool kept;                      /* its payee's fraud is not settled */
    bool ended;                     /* by a case or an objection: nothing of it stays due */
    int64_t shares[6], reversed[6]; /* where a pool bears it: what each fund bears, and what of that must come back */
    bool pooled;

    /* Reassessment */
    uint64_t tops;                   /* the first claim for that seat and item */
    int64_t taken_fen, reversed_fen; /* no longer due, as subsidy says; to come back, as the ledger says */
    int64_t held_fen;                /* what the ledger holds of it */
    int64_t to_fen;                  /* what of it is to be left by the next release or reversal; -1: none is due */
    bool reduced;                    /* the ledger has acted on what was taken */
};
struct advance {
    uint64_t class, institution;
    uint32_t fund, division, year;
    bool settled; /* what is not earned is owed */
};
struct seat {
    uint64_t class, person;
    uint32_t seat;
    uint64_t followed; /* the settlement by whose claims the funnel does; 0: nothing was ever due */
};
struct reckoning {
    struct sim *sim;
    struct claim claims[CITY_CLAIMS];
    uint64_t claims_count;
    struct account accounts[ACCOUNTS_MAX];
    size_t accounts_count;
    struct advance advances[ADVANCES_MAX];
    size_t advances_count;
    struct grants *grants;
    int64_t owed_advances;
    struct seat seats[ROSTER_MAX];
    size_t seats_count;
    uint64_t enrolled; /* of all classes */
    bool classes[CITY_CLASSES + 1];
    struct batch {
        char maker[JN_AGENCY_NAME], checker[JN_AGENCY_NAME];
        bool draft, released;
        uint32_t rows; /* as they are in it */
        int64_t fen;
    } batches[CITY_BATCHES];
    struct told { /* a contradiction: another booking tells it again */
        uint64_t batch, claim, disbursement;
        uint32_t what;
        bool open;
    } told[TOLD_MAX];
    size_t told_count;
    struct freeze {
        bool frozen, by_case;         /* frozen, and by whom: an investigation ends what it began */
        char thaw_by[JN_AGENCY_NAME]; /* who asked for a thaw that nobody has confirmed */
    } frozen_person[CITY_PEOPLE + 1], frozen_institution[CITY_INSTITUTIONS + 1];
    struct investigated { /* by case */
        uint64_t claim, person, class;
        bool open, told; /* in the ledger; as subsidy says */
    } cases[CITY_CASES];
    uint64_t cases_count;
    Policy__Pack *pack;
};

/* Opened by whoever names it first. */
struct account *account_of(struct reckoning *r, uint32_t fund, uint32_t division, uint32_t year);
struct account *earmarked_of(struct reckoning *r, uint32_t fund, uint32_t division, uint32_t year, uint32_t purpose);
/* In balance, and nowhere below zero; else the run ends. */
void balanced(const struct reckoning *r, const struct account *a);
/* Back to what is available: this year's, over a year's end. */
void return_to(struct reckoning *r, struct account *from, int64_t *balance, uint32_t to_year, int64_t fen);

/* Of a claim that a pool bears: each source's share, taken and returned. grants.c */
void shares_taken(struct reckoning *r, struct claim *claim, const Ledger__CommittedRow *row);
void shares_returned(struct reckoning *r, struct claim *claim, const Ledger__ReleasedRow *row, uint32_t to_year);
/* The bank speaks of what it was given, and of nothing else. */
void at_bank(struct reckoning *r, uint64_t batch);
struct batch *batch_of(struct reckoning *r, uint64_t batch);
bool institution_frozen(struct reckoning *r, uint64_t institution);

struct grants *grants_new(struct sim *sim);
/* What of the batch is of grants may go to the bank; else the run ends. */
void grants_released(struct reckoning *r, struct grants *g, uint64_t batch);
void grants_contradicted(struct grants *g, uint64_t disbursement, int by);
/* At the end: what is paid the bank has paid. */
void grants_prove(const struct grants *g);
void grants_hear(struct reckoning *r, struct grants *g, uint32_t type, const void *message);

/* Is its payee frozen? hands.c */
bool frozen(struct reckoning *r, const struct claim *claim);
void hands_ask_thaw(struct reckoning *r, const Ledger__ThawAsked *event);
void hands_freeze_or_thaw(struct reckoning *r, const Ledger__PayeeFrozen *event);
void hands_move_batch(struct reckoning *r, const Ledger__BatchMoved *event);

/* One that was settled; else the run ends. */
struct claim *claim_of(struct reckoning *r, uint64_t number, const char *what);

/* reassessments.c. lessened: after a release or a reversal. */
void money_once(const struct reckoning *r, uint64_t number, bool missing);
void money_reassess(struct reckoning *r, const Subsidy__Reassessed *event);
void money_reduce(struct reckoning *r, const Ledger__ClaimsReduced *event);
/* What of the claim is due, as subsidy says. */
int64_t money_due_of(const struct claim *claim);
void money_lessened(struct reckoning *r, struct claim *claim, uint64_t number);
void money_prove_reduced(const struct reckoning *r, uint64_t number);
/* Something is contradicted (1), or that is settled (-1): told anew where it was settled; another booking of what
 * stands changes nothing. */
void money_contradict(struct reckoning *r, struct told what, int by);

/* Cases: as subsidy opens and decides them, and what the ledger does of it. cases.c */
void cases_hear_subsidy(struct reckoning *r, uint32_t type, const void *message);
void cases_hear_ledger(struct reckoning *r, uint32_t type, const void *message);
/* Is one that the ledger knows of open about the claim? */
bool under_case(const struct reckoning *r, uint64_t number);
void cases_prove(struct reckoning *r);

/* seats.c */
void seats_hear(struct reckoning *r, uint32_t type, const void *message);
void seats_prove(const struct reckoning *r);

/* At the end: claims and totals. */
void money_prove_claims(struct reckoning *r);
void money_prove_totals(struct reckoning *r);

/* money_due.c */
void money_hear_subsidy(void *context, uint64_t block, uint32_t type, const void *message);

#endif
