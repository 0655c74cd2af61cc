/* What is due reckoned again (重新核定): answers that stand, differences, what becomes of claims. The end of subsidy.h,
 * which includes it. */
#ifndef SUBSIDY_REASSESSMENT_H
#define SUBSIDY_REASSESSMENT_H

#include "subsidy/subsidy.h"

/* ---- What it asks of others ---- */

uint64_t pack_number(const struct jn_view *view, const char *id); /* in order of adoption; 0 where there is none */
/* An item's name, of a pack's own too. */
struct item_words {
    const char *name, *zh;
};
struct item_words packs_item_words(const struct jn_view *view, Common__Item item);
/* Of the first so many lines what counted for that settlement; where it is a reassessment's, of a training that the
 * settlement `before` judged first, else UINT64_MAX. */
const struct paid_before *history_then(const struct jn_view *view, uint64_t person, uint32_t lines, uint64_t settlement,
                                       uint64_t before, uint32_t *count);
bool line_counts(const Subsidy__PaidBefore *line, uint64_t settlement, uint64_t before);
uint32_t history_lines(const struct jn_view *view, uint64_t person);
/* The class's own facts, as they were put to the pack. */
void judgement_class_facts(const struct judgement *judgement, Subsidy__ClassFacts *out);
/* As it stood before that settlement, by what counts now: what was imported, and what fell due by trainings that were
 * settled earlier. */
const struct paid_before *history_before(const struct jn_view *view, uint64_t person, uint64_t settlement,
                                         uint32_t *count);
/* The line of a claim counts no longer; another stands behind the others (NULL: none does). */
void history_replace(struct jn_tables *t, uint64_t person, uint64_t claim, Subsidy__PaidBefore *line);
struct paid_before line_read(const Subsidy__PaidBefore *line);
/* The same with another history than the person has now. */
bool judge_with(struct judgement *judgement, const Subsidy__Seat *seat, const Subsidy__NotedResult *result,
                const struct paid_before *history, uint32_t history_count);
/* The steps of one item. */
Subsidy__Trace *trace_of(const struct jn_view *view, const struct evaluation *evaluation, int item);
/* Apply's: what the ledger says of a claim's money. */
void claim_note_money(uint8_t *state, Subsidy__Money what, struct totals *totals);
/* May the caller see what was settled for the class? */
bool class_visible(const struct jn_decision *d, uint64_t class, const Subsidy__ProgressRow *progress);

/* ---- What stands (entitlement.c) ---- */

/* Of one claim, what stays due. */
struct stake {
    uint64_t claim;
    uint8_t fund, payee;
    int64_t amount_fen, rest_fen;
};
/* Claims of a seat and item of which something stays due: each reassessment may add one. Whose answer has more cannot
 * be reckoned again. */
#define STAKES_MAX 32

struct entitlement {
    uint8_t state, reason, fund, payee; /* state: enum benefit_state; fund and payee: as it was settled */
    uint32_t rule, level, months;
    int32_t await_day;     /* as in struct answer */
    uint64_t origin;       /* the first claim; 0: never due */
    uint64_t reassessment; /* the last that changed it */
    size_t stakes_count;
    struct stake *stakes;
};
int64_t entitlement_fen(const struct entitlement *entitlement);

/* Where the next seat's claims and refusals begin in a Settled. */
struct settled_at {
    size_t claim, refusal;
    bool plain; /* nothing of its class was ever reassessed */
};
struct settled_at settled_begin(const struct jn_view *view, uint64_t class);
/* By item, for a seat of the settlement; to be asked in the order of ranks. */
void entitlements_of(const struct jn_view *view, const Subsidy__Settled *settled, struct settled_at *at, uint32_t seat,
                     struct entitlement out[ITEMS]);

/* ---- The settlements that judged a class's seats (entitlement.c) ---- */

void part_keep(struct jn_tables *t, const Subsidy__Settled *event, uint32_t first_rank);
/* NULL where the settlement judged none. */
const Subsidy__PartRow *part_of(const struct jn_view *view, uint64_t settlement);
/* One after the other; NULL where there are no more. */
struct parts {
    uint64_t settlement;
    uint32_t seen;
};
const Subsidy__PartRow *part_next(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress,
                                  struct parts *at);
const Subsidy__Settled *settlement_next(const struct jn_view *view, uint64_t class,
                                        const Subsidy__ProgressRow *progress, struct parts *at);

/* ---- What differs (difference.c) ---- */

/* What is due now for an item. */
struct answer {
    uint8_t state, reason, fund, payee;
    uint32_t rule, level, months;
    int32_t await_day; /* the last day on which what it waits for counts; else 0 */
    int64_t amount_fen;
    const char *clause;
};
struct taken {
    uint64_t claim;
    int64_t amount_fen, rest_fen;
};
struct difference {
    int64_t more_fen;
    bool topped; /* there is a new claim, over more_fen */
    size_t taken_count, stakes_count;
    struct taken taken[STAKES_MAX];
    struct stake stakes[STAKES_MAX]; /* those of before, with what of each stays due */
};
struct differences {
    struct answer now[ITEMS];
    bool differs[ITEMS];
    struct difference of[ITEMS]; /* where it differs */
};
/* A seat as its facts stand now, and its person's history before it. */
struct seat_facts {
    const Subsidy__Seat *seat;
    const Subsidy__NotedResult *result;
    const struct paid_before *history;
    uint32_t history_count;
    bool cancelled; /* its class is: nothing of it is due */
};
/* False where the facts cannot be judged, or there are too many claims to hold the answer against. */
bool differences_of(struct judgement *judgement, const struct seat_facts *facts, const struct entitlement before[ITEMS],
                    struct differences *out);

/* ---- Reassessments (reassessment.c, reassessed.c, recovery.c) ---- */

struct reassessment_order {
    Subsidy__Cause cause;
    const char *document, *reason;
    bool fraud, cancelled;
    bool told;                /* there is an event though nothing changes */
    const Policy__Pack *pack; /* that decides; NULL: the one that did */
    const uint32_t *seats;    /* none: all */
    size_t seats_count;
    uint32_t from_rank, until_rank; /* until: 0 is all */
};
struct reassessed {
    uint64_t number;
    uint32_t seats, changed, unjudged, next_rank;
    int64_t more_fen, less_fen;
    bool done;
};
/* As much as one message may do: not done, it goes on at next_rank. */
struct reassessed reassess(struct jn_decision *d, uint64_t class, const struct reassessment_order *order);

/* The same, and the rest of it later where it is more; of a cancelled class nothing is due (reckoning.c). What was done
 * at once. */
struct reassessed reckon(struct jn_decision *d, uint64_t class, const struct reassessment_order *order);
/* One step of it; what is asked for, in an order. */
struct reassessed reckoning_step(struct jn_decision *d, uint64_t class, const struct reassessment_order *order);
struct reassessment_order reckoning_order(const Subsidy__ReckoningBegun *begun);
/* Apply's: what is kept of it, NULL: it is done; the next step is due then, 0: when it is kept again. number: of seats
 * one of its own, of a cancelled class the class, of late history the person. */
#define RECKONING_KINDS 3 /* in a timer's id, with the number */
void reckoning_keep(struct jn_tables *t, Subsidy__Reckoned kind, uint64_t number, const Subsidy__ReckoningRow *next,
                    int64_t due_ms);
void reckonings_audit(struct jn_audit *audit);

/* ---- Later trainings (later.c) ---- */

/* So many of one person are told; more than a working life brings in six years. The first of them, reckoned again,
 * tells those behind it. */
#define LATER_MAX 20
/* Where rows of the event from first_row on change what the person's history holds for that settlement: names the seats
 * that he was judged on behind it, in their order, where something was due or refused. How many. */
size_t later_note(const struct jn_view *view, Subsidy__Reassessed *event, size_t first_row, uint64_t person,
                  uint64_t settlement);
bool later_waits(const struct jn_view *view, uint64_t class, uint32_t seat);
/* Apply's. */
void later_keep(struct jn_tables *t, const Subsidy__Reassessed *event);
void later_audit(struct jn_audit *audit);

/* ---- Later classes of an enterprise (later_class.c) ---- */

/* Apply's: the settlement judged seats; the class was reckoned again; what the enterprise was paid is another sum. */
void later_class_part(struct jn_tables *t, const Subsidy__Settled *event);
void later_class_reassessed(struct jn_tables *t, const Subsidy__Reassessed *event, const Subsidy__ClassNoted *class,
                            struct enterprise_moved moved, const struct jn_stamp *stamp);
void later_class_change(struct jn_tables *t, Subsidy__EnterpriseChange *change, const struct jn_stamp *stamp);
bool later_class_waits(const struct jn_view *view, uint64_t class);
/* later_class_audit.c: is there cause for the row? */
void later_class_prove_row(struct jn_audit *audit, uint64_t class, const Subsidy__ToReassessRow *row);
void later_class_audit(struct jn_audit *audit);
/* The first of the settlement's ranks that was not looked at since the change, by the first so many reassessments
 * behind it; the one behind the last where all were. */
uint32_t later_class_unseen(const struct jn_view *view, const Subsidy__EnterpriseChange *change, uint64_t settlement,
                            const Subsidy__PartRow *part, size_t reassessments);

/* The pack that decides what the settlement judged: the last that was applied backwards to it, or its own. */
const char *pack_decided(const struct jn_view *view, uint64_t settlement, const Subsidy__Settled *settled);
/* The same of one whose class ended on that day, and whose own pack that is. */
const char *pack_decided_on(const struct jn_view *view, uint64_t settlement, int32_t day, const char *own);

/* A copy; all zero where nothing became of the claim. */
Subsidy__ChangeRow change_of(const struct jn_view *view, uint64_t claim);
const Subsidy__Reassessed *reassessment_of(const struct jn_view *view, uint64_t class, uint64_t number);
/* NULL where it changed nothing of it. */
const Subsidy__ReassessedRow *reassessed_row(const Subsidy__Reassessed *event, uint32_t seat, Common__Item item);
/* Why, as a pair of words for people. */
struct cause_word {
    const char *en, *zh;
};
struct cause_word cause_words_of(Subsidy__Cause cause);
/* The last reassessment that changed the answer after it was settled; NULL where it stands. */
struct reassessed_since {
    const Subsidy__Reassessed *event;
    const Subsidy__EntitlementRow *row; /* what stands */
    int64_t now_fen;                    /* due in all since */
};
struct reassessed_since reassessed_since(const struct jn_view *view, const struct sought *found);
/* What became of the claim since it was settled, and why. */
void reassessment_tell(const struct jn_decision *d, uint64_t class, const Subsidy__SettledClaim *claim,
                       Subsidy__ClaimView *reply);
/* The answer to an ImpactRequest; impact.c. */
const ProtobufCMessage *report_impact(struct jn_report *report, const void *request);
/* Apply's: a class that was cancelled meanwhile is settled to its end. */
void cancellation_settled(struct jn_tables *t, uint64_t class, int64_t now_ms);
/* The ledger gave a part of the claim back. */
enum jn_code recovery_released(struct jn_decision *d, uint64_t claim, int64_t amount_fen);

#endif
