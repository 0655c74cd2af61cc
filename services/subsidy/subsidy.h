/* What the files of the subsidy service share: tables, counters, timers, and what a noun's file offers the others. */
#ifndef SUBSIDY_SUBSIDY_H
#define SUBSIDY_SUBSIDY_H

#include "domain/date.h"
#include "domain/words.h"
#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/bulk.h"
#include "runtime/fold.h"
#include "subsidy/facts/enterprise.h"
#include "subsidy/facts/register.h"
#include "subsidy/policy/evaluate.h"
#include "subsidy/policy/pack.h"

/* Keys are made of numbers unless it says otherwise; a day in a key is day_up or day_down. */
enum {
    TABLE_PACK,           /* pack -> policy.Pack, in order of adoption from 1 */
    TABLE_PACK_HEAD,      /* pack -> PackHead */
    TABLE_PACK_NUMBER,    /* id (text) -> NumberRow */
    TABLE_STANDARD,       /* division, item, level, day_down(from) -> FigureRow */
    TABLE_REFERENCE_NAME, /* name (text) -> NumberRow */
    TABLE_REFERENCE,      /* name's number, division, day_down(from) -> FigureRow */
    TABLE_DIVISION,       /* code -> DivisionRow */
    TABLE_INSTITUTION,    /* institution -> InstitutionRow */
    TABLE_OCCUPATION,     /* text of another form than d-dd-dd-dd -> NumberRow */
    TABLE_HISTORY,        /* person -> HistoryRow; absent: never paid */
    TABLE_CLASS,          /* class -> ClassNoted */
    TABLE_CLASS_NUMBER,   /* class_no (text) -> NumberRow */
    TABLE_PROGRESS,       /* class -> ProgressRow; may be there before the class is: certification can be ahead */
    TABLE_SEATS,          /* class, chunk from 0 -> SeatsNoted */
    TABLE_ROSTER,         /* class, chunk from 0 -> RosterNoted */
    TABLE_RESULTS,        /* class, chunk from 0 -> ResultsNoted */
    TABLE_REVOCATION,     /* class, certificate -> RevocationNoted */
    TABLE_AWAITED,        /* class_order -> NumberRow: classes with somebody enrolled that are not ready */
    TABLE_READY,          /* class_order -> NumberRow: classes to settle */
    TABLE_SETTLEMENT,     /* settlement -> Settled */
    TABLE_CLAIM,          /* last claim of a settlement -> NumberRow, its number */
    TABLE_STANDING,       /* settlement -> StandingRow; absent where it has no claims */
    TABLE_ADVANCE,        /* class -> AdvanceGranted */
    TABLE_TOTALS,         /* 0 -> TotalsRow */
    /* Reassessment */
    TABLE_ENTITLEMENT,  /* class, seat, item -> EntitlementRow; absent: as it was settled */
    TABLE_CHANGE,       /* claim -> ChangeRow; absent: nothing became of it but what its standing says */
    TABLE_REASSESSMENT, /* class, reassessment -> Reassessed */
    TABLE_PART, /* settlement -> PartRow; absent: it judged no seats, but is over what a reassessment found missing */
    TABLE_BACKWARDS, /* number -> BackwardsRow */
    /* The way of a claim (way.h) */
    TABLE_WAY,       /* pack -> WayPlan; absent where it says no way */
    TABLE_APART,     /* claim -> ApartRow; absent where it goes with its settlement */
    TABLE_TERM,      /* what (Due), number -> TermRow: open terms */
    TABLE_OVERDUE,   /* day_up(due), what, number -> NumberRow: of them those that are over */
    TABLE_GATED,     /* claim -> NumberRow, its settlement: at the gates of a way */
    TABLE_OVERRIDE,  /* claim, gate -> OverrideKept */
    TABLE_OBJECTION, /* objection -> ObjectionRow */
    TABLE_OBJECTED,  /* claim, objection -> NumberRow: the open ones */
    TABLE_CASE,      /* case -> CaseView */
    TABLE_SUSPECT,   /* kind, number -> SuspectRow: who or what open cases are about */
    /* funnel.c */
    TABLE_FUNNEL,      /* FunnelBy, quarter (0 BY_QUARTER), class, institution, division or quarter -> FunnelRow */
    TABLE_ATTESTATION, /* class, place from 0 -> AttestationNoted */
    TABLE_RECEIPT,     /* receipt -> Receipted */
    TABLE_WARNING,     /* class, place from 1 -> Warned */
    TABLE_DRAFT,       /* draft -> DraftRow; none once it is approved, withdrawn or replaced */
    TABLE_DRAFT_ID,    /* its pack's id (text) -> NumberRow */
    /* Corrections */
    TABLE_CORRECTION,  /* class, seat -> CorrectionRow; absent: its facts stand as they came */
    TABLE_RECKONING,   /* Reckoned, number -> ReckoningRow; absent once it is done */
    TABLE_TO_REASSESS, /* class, seat -> ToReassessRow; seat 0: the class, for its enterprise (later_class.c) */
    /* register.c */
    TABLE_REGISTER, /* class, seat -> RegisterRow; absent: registers have told nothing */
    /* enterprise.c */
    TABLE_ENTERPRISE, /* enterprise, day_up(end), settlement, item -> EnterpriseRow; absent: nothing is due to it.
                         Settlement 0: imported, of that day */
    /* What gates ask for */
    TABLE_PERSON,     /* person -> PersonRow; none where nothing came since their class finished */
    TABLE_GATE_SWEEP, /* 0 -> GateSweepRow; only while who waits at the gates is looked at again */
    /* counted.c */
    TABLE_COUNTED, /* class, seat -> CountedRow; absent: the funnel counts it as it was settled */
    /* later_class.c */
    TABLE_ENTERPRISE_PART,   /* enterprise, settlement -> EnterprisePartRow: those that judged seats */
    TABLE_ENTERPRISE_CHANGE, /* change -> EnterpriseChange */
    TABLE_AHEAD, /* class, seat, item -> AheadRow; absent: nothing of the class's advance is given up by a rule */
    /* outstanding.c */
    TABLE_OUTSTANDING,     /* class, seat, item -> OutstandingRow; absent: it waits for no register until a day */
    TABLE_OUTSTANDING_DAY, /* class, day_up(until) -> OutstandingCountRow; absent: none waits until then */
};
enum {
    COUNTER_PACK,
    COUNTER_REFERENCE_NAME,
    COUNTER_OCCUPATION,
    COUNTER_SETTLEMENT,
    COUNTER_CLAIM,
    COUNTER_UNDERWAY, /* the class that is settled in part; 0 where none is */
    /* Reassessment */
    COUNTER_REASSESSMENT,
    COUNTER_BACKWARDS,
    /* The way of a claim */
    COUNTER_OVERDUE,
    COUNTER_OBJECTION,
    COUNTER_OBJECTIONS_OPEN,
    COUNTER_CASE,
    COUNTER_CASES_OPEN,
    /* receipt.c */
    COUNTER_RECEIPT = 20,
    /* A pack's way into force. */
    COUNTER_DRAFT,       /* the last draft's number */
    COUNTER_DRAFTS_OPEN, /* drafts that wait */
    COUNTER_FACT_GATES,  /* packs with gates that ask for what others tell */
    COUNTER_RECKONING = 19,
    /* later_class.c */
    COUNTER_ENTERPRISE_CHANGE = 13,
    COUNTER_ENTERPRISE_PACKS = 14 /* packs with limits that look at the enterprise */
};
enum {
    TIMER_NOTICE,
    /* The way of a claim */
    TIMER_TERM,
    TIMER_NOTICE_ALONE,
    TIMER_SWEEP,
    /* Reassessment */
    TIMER_RECKONING, /* id: kind and number; reckoning.c */
    TIMER_GATES,     /* id: 0; gate_sweep.c */
    TIMER_ENTERPRISE_CHANGE,
};

/* By its field number in the Event message. */
enum {
    EVENT_PACK_ADOPTED = 1,
    EVENT_STANDARDS_SET,
    EVENT_REFERENCES_SET,
    EVENT_SETTLED,
    EVENT_PUBLISHED,
    EVENT_APPROVED,
    EVENT_HELD,
    EVENT_RELEASED,
    EVENT_ADVANCE_GRANTED,
    EVENT_CLASS_SETTLED = 11,
    EVENT_PAYMENT_NOTED,
    EVENT_DIVISIONS_NOTED,
    EVENT_INSTITUTIONS_NOTED,
    EVENT_HISTORY_NOTED,
    EVENT_CLASS_NOTED,
    EVENT_SEATS_NOTED,
    EVENT_ROSTER_NOTED,
    EVENT_STOP_NOTED,
    EVENT_RESULTS_NOTED,
    EVENT_RESULTS_CLOSED_NOTED,
    EVENT_REVOCATION_NOTED,
    EVENT_OCCUPATION_NOTED,
    /* Reassessment */
    EVENT_REASSESSED = 36,
    EVENT_RECOVERY_NOTED,
    EVENT_BACKWARDS_BEGUN,
    EVENT_BACKWARDS_MOVED,
    EVENT_CANCELLATION_NOTED,
    EVENT_REVIEW_MOVED,
    /* The way of a claim */
    EVENT_STEPPED = 24,
    EVENT_CLAIM_RETURNED,
    EVENT_TERM_OVER,
    EVENT_OBJECTED,
    EVENT_OBJECTION_DECIDED,
    EVENT_GATE_OVERRIDDEN,
    EVENT_CASE_OPENED,
    EVENT_EVIDENCE_ADDED,
    EVENT_CASE_DECIDED,
    EVENT_CLAIMS_ENDED,
    EVENT_CASE_SWEPT,
    /* funnel.c */
    EVENT_OPENING_NOTED = 44,
    /* receipt.c, attestation.c */
    EVENT_RECEIPTED,
    EVENT_ATTESTATION_NOTED,
    /* reservation.c */
    EVENT_WARNED,
    EVENT_PACK_PROPOSED = 56,
    EVENT_CASES_RECORDED,
    EVENT_PACK_APPROVED,
    EVENT_PACK_WITHDRAWN,
    /* Corrections */
    EVENT_CORRECTION_NOTED = 42,
    EVENT_RECKONING_BEGUN,
    EVENT_RECKONING_MOVED = 64,
    /* register.c */
    EVENT_REGISTERS_RECORDED = 76,
    /* What gates ask for */
    EVENT_INSPECTION_NOTED = 70,
    EVENT_PEOPLE_NOTED,
    EVENT_GATES_SWEPT,
    /* doubt.c, late.c */
    EVENT_SEATS_UNJUDGED = 85,
    EVENT_LATE_MOVED,
};

/* Lines of one person's history: a working life has some dozens. Who has more is nobody's to judge but a reviewer's,
 * and his row stays bounded: an import of 200 lines reads and writes 200 rows within one message's memory. */
#define HISTORY_LINES_MAX 500
/* Lines that one message reads at most: some 4 MB, for evaluation and again when what fell due joins them. */
#define HISTORY_READ_MAX 20000
#define SEATS_MAX        2000      /* a class's capacity, as enrollment bounds it */
#define CHUNKS_MAX       SEATS_MAX /* of facts about a class: each brings a row at least */
#define DAY_FIRST        INT32_C(0)
#define DAY_LAST         INT32_C(84005) /* 2199-12-31 */
#define ITEMS            EVALUATION_ITEMS
#define STAGES           (SUBSIDY__STAGE__ENDED + 1)
#define REASONS          (PACK_REASON_LAST + 1)

/* Days as parts of keys: up sorts the earliest first, down the latest. */
static inline uint64_t
day_up(int32_t day)
{
    return (uint64_t)((int64_t)day - INT32_MIN);
}

static inline uint64_t
day_down(int32_t day)
{
    return (uint64_t)((int64_t)INT32_MAX - day);
}

static inline bool
day_known(int32_t day)
{
    return day >= DAY_FIRST && day <= DAY_LAST;
}

/* ---- Policy packs, standards, reference figures (pack.c, standard.c, reference.c, division.c) ---- */

/* A pack and its number; what one command or reaction has read is not read again. */
struct pack_choice {
    uint64_t number; /* 0: none read yet, or none adopted */
    const Policy__Pack *pack;
    bool in_force; /* on the day that was asked for */
};
/* The pack in force on the day: of those that cover it the one that began last, and of those that began on the same day
 * the one adopted last (新法优于旧法). Where none covers it the last of all, not in force; false where there is none.
 */
bool pack_on(const struct jn_view *view, int32_t day, struct pack_choice *choice);
const Policy__Pack *pack_named(const struct jn_view *view, const char *id);
/* SM3 of it as protobuf packs it: how a receipt names it. */
ProtobufCBinaryData pack_digest(const struct jn_view *view, const Policy__Pack *pack);
/* That one, whatever day it is; false where there is none of that id. */
bool pack_choose(const struct jn_view *view, const char *id, struct pack_choice *choice);
bool packs_know_reference(const struct jn_view *view, const char *name);

/* What evaluate() asks about figures, for one division and day: each is read once. Open it again for another class. */
struct figure_memo {
    uint8_t state; /* 0: not asked yet, 1: found, 2: none */
    int64_t amount;
};
struct figures {
    const struct jn_view *view;
    const Policy__Pack *pack;
    struct figure_memo standards[2][ITEMS][6]; /* the division's own, the city's */
    struct figure_memo references[2][PACK_LIST_MAX];
};
struct policy_view figures_open(struct figures *figures, const struct jn_view *view, const Policy__Pack *pack);
bool standard_in_force(const void *figures, int item, uint32_t level, uint32_t division, int32_t day, int64_t *amount);
bool reference_in_force(const void *figures, const char *name, uint32_t division, int32_t day, int64_t *amount_fen);

enum division_standing { DIVISION_UNKNOWN, DIVISION_KNOWN, DIVISION_SETS_STANDARDS };
enum division_standing division_standing(const struct jn_view *view, const Policy__Pack *pack, uint32_t code);

/* ---- Facts (institution.c, occupation.c, history.c, class.c, roster.c, result.c) ---- */

/* The occupation's number; one of another form gets one, and an event, where it has none. */
uint32_t occupation_number(struct jn_decision *d, const char *text);

const Subsidy__ClassNoted *class_find(const struct jn_view *view, uint64_t number);
uint64_t class_numbered(const struct jn_view *view, const char *class_no); /* 0 where there is none */
/* A copy; all zero where nothing is known yet. */
Subsidy__ProgressRow progress_of(const struct jn_view *view, uint64_t number);
/* Keeps it, and moves the class in and out of the lists of awaited and ready ones. */
void progress_keep(struct jn_tables *t, uint64_t number, Subsidy__ProgressRow *progress);
bool progress_complete(const Subsidy__ProgressRow *progress);
/* The first class in the order of settling (end, class_no) that is awaited or ready and ends by the day; 0 where none.
 */
uint64_t class_first(const struct jn_view *view, unsigned table, int32_t day);
/* How many there are, up to `most`. */
uint64_t class_count(const struct jn_view *view, unsigned table, int32_t day, uint64_t most);
struct jn_key class_order(const Subsidy__ClassNoted *facts);
/* Who is paid what is due to the enterprise: the employer, or the provider where the class names none. */
uint64_t class_enterprise(const Subsidy__ClassNoted *facts);

/* ---- Entitlement (judgement.c, settlement.c, notice.c) ---- */

/* One class before the policy: opened once, asked for each seat. */
struct judgement {
    const struct jn_view *view;
    const Subsidy__ClassNoted *class;
    struct figures figures;
    struct policy_view policy;
    struct facts facts; /* of the class; the seat's are filled in each time */
    struct evaluation evaluation;
    uint32_t history_lines; /* of the seat's person */
    size_t lines;           /* of histories read so far: what its owner bounds */
    struct enterprise_paid enterprise;
    enum judgement_moment moment;
};
void judgement_open(struct judgement *judgement, const struct jn_view *view, const Subsidy__ClassNoted *class,
                    const Policy__Pack *pack);
/* Fills in the seat's facts. */
void judgement_seat(struct judgement *judgement, const Subsidy__Seat *seat, const Subsidy__NotedResult *result);
/* False where the facts cannot be judged. */
bool judge(struct judgement *judgement, const Subsidy__Seat *seat, const Subsidy__NotedResult *result);
/* Seats of one class are judged by the same figures: JN_OK where one that holds from that day may be set now. */
enum jn_code settlement_awaits(struct jn_decision *d, int32_t from_day);

/* ---- Claims (claim.c, payment.c, totals.c) ---- */

#define CLAIM_MONEY    0x0f /* of Money */
#define CLAIM_HELD     0x10
#define CLAIM_APPROVED 0x20
#define CLAIM_APART    0x40 /* goes on alone: a row in TABLE_APART */

/* The settlement that a claim lies in; 0 where there is no such claim. */
uint64_t settlement_of(const struct jn_view *view, uint64_t claim);
const Subsidy__StandingRow *standing_of(const struct jn_view *view, uint64_t settlement);
/* Is a class of that division, with those groups and women on it, the caller's to see and to review? */
bool review_in_scope(const struct jn_agency *who, uint32_t division, uint32_t groups, uint32_t women);
/* A copy with states that may be written; false where there is none: the tables have gone quiet, and all will be
 * undone. */
bool standing_edit(const struct jn_view *view, uint64_t settlement, Subsidy__StandingRow *out);

/* Puts the row, and counts what became of its seats; in apply alone. Nothing else puts it. */
void standing_keep(struct jn_tables *t, uint64_t settlement, Subsidy__StandingRow *standing);

/* Row and lists of the totals' one row. */
struct totals {
    Subsidy__TotalsRow row;
    uint64_t due[ITEMS], refused[REASONS];
    int64_t due_fen[ITEMS];
    int64_t taken_fen[ITEMS];
    uint64_t stages[STAGES];
};
void totals_load(const struct jn_view *view, struct totals *totals);
void totals_keep(struct jn_tables *t, struct totals *totals);
void totals_add_settled(struct totals *totals, const Subsidy__Settled *settled);
/* Claims go from one stage to another; from none when they are computed. */
void totals_move(struct totals *totals, Subsidy__Stage from, Subsidy__Stage to, uint64_t claims);

/* What a query asks for: a claim, or a refusal. */
struct sought {
    const Subsidy__Settled *settled;
    const Subsidy__SettledClaim *claim;
    const Subsidy__SettledRefusal *refusal;
};
/* Where it is there and the caller may see it; else the refusal. By its number, or by class number, seat and item. */
enum jn_code claim_seek(struct jn_decision *d, uint64_t claim, const char *class_no, uint32_t seat, Common__Item item,
                        struct sought *out);
/* facts: that it was decided by; NULL: they cannot be put together again, or are not asked for. */
Subsidy__ClaimView claim_view(const struct jn_decision *d, const struct sought *found, const Policy__Pack *pack,
                              const struct facts *facts);

/* How a claim stands, as a word and as a sentence. */
struct claim_state {
    const char *name;
    struct bilingual why;
};
struct claim_state claim_state(const struct jn_decision *d, const Subsidy__StandingRow *standing, uint64_t claim);

#include "subsidy/facts/roster.h"
#include "subsidy/settlement/chunk.h"
#include "subsidy/reassessment/reassessment.h"

/* ---- Invariants (audit.c) ---- */

void receipts_audit(struct jn_audit *audit);

void subsidy_audit(struct jn_audit *audit);

extern const struct jn_service subsidy_service;

#endif
