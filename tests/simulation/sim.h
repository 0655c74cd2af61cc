/* The simulation: the services' folds and hosts in one process, a simulated network, clock and disk, all driven by one
 * seed.
 *
 * A run is a campaign in small: departments file, enrol, attest, record, settle, pay, hold, revoke and ask, at random
 * but well-formed; messages are lost, repeated, late and out of order; services stop, die and come back, at any step
 * and inside a commit; agencies are cut off; clocks jump. After every step the audits run; at the end, when all is
 * healed and quiet, everything that was promised is proven (proof.c, mirrors.c, money.c).
 *
 * A service joins with a struct sim_part: its descriptor, its generators. What must be said of its events beside
 * another service's is a line in mirrors.c. */
#ifndef SIMULATION_SIM_H
#define SIMULATION_SIM_H

#include <setjmp.h>

#include "runtime/host.h"
#include "simulation/rng.h"

#define SIM_SERVICES    5
#define SIM_SECOND_US   INT64_C(1000000)
#define SIM_DAY_US      (86400 * SIM_SECOND_US)
#define SIM_REPLY_BYTES 65536
#define SIM_METHODS_MAX 64
#define SIM_EVENT_TYPES 128

/* ---- What a run is like ---- */

/* Chances in ten thousand; UINT32_MAX where the seed decides. */
struct sim_knobs {
    uint64_t seed;
    uint32_t start, days, work, people; /* first day, from 2019-10-28 on; days; commands a day; people */
    uint32_t drop, repeat, late;        /* messages */
    uint32_t crash, power;              /* deaths a turn; of them those with a power cut */
    uint32_t commit;                    /* deaths inside a commit, a block */
    uint32_t apart;                     /* an agency is cut off, an hour */
    uint32_t skew;                      /* a machine's clock steps, an hour */
    uint32_t full;                      /* a disk fills, an hour */
    uint32_t tight;                     /* little memory, a turn */
    uint32_t driven;                    /* 1: a rehearsal, the clock is driven */
    uint32_t audit;                     /* every so many blocks; 1 is each */
    uint64_t most_messages;             /* a run is cut short there; 0 is never */
    const char *only;    /* methods, "Enrol,FileClass": no others are generated but what a campaign begins with */
    const char *without; /* commands left out, "12,40-80" */
    bool talk;           /* every step is told */
};

/* Shared with who watches the run, so that they are there when it dies. */
struct sim_stats {
    uint64_t runs, failures;
    uint64_t messages, dropped, repeated, late;
    uint64_t turns, blocks, events, audits, comparisons;
    uint64_t tasks, commands, acknowledged, refused, again, conflicts;
    uint64_t crashes, commit_crashes, power_cuts, stops, checkpoints, full_disks, tight, cuts, skews;
    uint64_t claims, paid, waiting, held, mirrored;
    uint64_t grants, pooled, earmarked, released, unqueued, shared, shortfalls;
    uint64_t disbursed, disbursed_paid, grants_reversed, debited_twice;
    uint64_t reassessed;                   /* answers that another one took the place of */
    uint64_t granted_later, followed_anew; /* seats that were lost at first; that go on by other claims than before */
    int64_t taken_fen;
    uint64_t cases, suspended, recovered_by_case;
    uint64_t given_up; /* of advances, by rules that ask back a share alone */
    int64_t paid_fen;
    int64_t simulated_us;
    uint64_t accepted[SIM_SERVICES][SIM_METHODS_MAX]; /* by the method's place in its contract; tally.c */
    uint64_t said[SIM_SERVICES][SIM_EVENT_TYPES];     /* events in the logs */
    char failure[1200];
};

/* ---- Disk: a log in memory ---- */

struct sim_log {
    struct jn_log log;
    struct sim *sim;
    struct sim_block {
        uint8_t *bytes;
        size_t length;
    } * blocks; /* number 1 is the first */
    size_t count, room;
    bool full;
    jmp_buf *dying;                                                      /* where a death inside append goes to */
    enum sim_death { SIM_LIVES, SIM_DIES_BEFORE, SIM_DIES_AFTER } death; /* the next append */
};
struct sim_log *sim_log_new(struct sim *sim, const char *service, struct rng *rng);
void sim_log_free(struct sim_log *log);

/* ---- Machines ---- */

struct sim_frame { /* what waits to be received */
    struct sim_frame *next;
    uint32_t from;   /* connection */
    uint32_t agency; /* index in the configuration */
    size_t length;
    uint8_t bytes[];
};
struct sim_queue {
    struct sim_frame *first, **last;
};

struct sim_machine {
    struct jn_host *host; /* NULL: down */
    struct sim *sim;
    const struct jn_service *service;
    struct sim_log *disk;
    char dir[80];
    uint32_t index, incarnation;
    uint32_t agency;
    struct sim_queue requests, answers[JN_UPSTREAMS_MAX];
    int64_t skew_ms, turn_us, full_until_us; /* turn_us: the next one planned; 0 where none is */
    uint64_t spent_us;                       /* of the processor */
    uint64_t audited, compared;              /* blocks */
    uint32_t replies_left;                   /* it dies when so many more were sent; 0 is never */
    jmp_buf dying;
    struct jn_tables *replica_tables;
    struct jn_fold *replica;
    struct jn_log_head replica_head;
};
extern const struct jn_net sim_net;

void sim_machine_start(struct sim_machine *machine);
void sim_machine_turn(struct sim_machine *machine);
void sim_machine_stop(struct sim_machine *machine);            /* in good order */
void sim_machine_die(struct sim_machine *machine, bool power); /* between two steps */
void sim_machine_compare(struct sim_machine *machine);         /* with a replica of its log */
void sim_machine_audit(struct sim_machine *machine);
void sim_machine_free(struct sim_machine *machine);

/* ---- The network ---- */

/* A connection: a machine's own to an upstream (machine * 16 + upstream), or a department's (1000 + task's agency). */
#define SIM_CLIENT 1000u
struct sim_event {
    int64_t at_us;
    uint64_t order;
    enum sim_what { SIM_REQUEST, SIM_REPLY, SIM_TURN, SIM_START, SIM_ASK } what;
    uint32_t machine;     /* that it is for; of a REPLY the one that it comes from */
    uint32_t connection;  /* REQUEST: where it comes from; REPLY: where it goes to */
    uint32_t incarnation; /* of the follower whose connection it is, of the machine whose turn it is */
    uint32_t task;        /* ASK: to be sent again */
    struct sim_frame *frame;
};

void sim_plan(struct sim *sim, struct sim_event event);
void sim_send(struct sim *sim, struct sim_event event, uint32_t agency_from, uint32_t agency_to, const void *bytes,
              size_t length);
void sim_push(struct sim_queue *queue, struct sim_frame *frame);
struct sim_frame *sim_pop(struct sim_queue *queue);
void sim_queue_clear(struct sim_queue *queue);
bool sim_apart(const struct sim *sim, uint32_t a, uint32_t b);

/* ---- Commands and queries of departments ---- */

struct sim_generator;
struct sim_task {
    const struct sim_generator *generator;
    uint32_t index, agency, machine;
    uint64_t session, sequence; /* sequence 0: a query */
    uint8_t *body;
    size_t length;
    uint64_t about[4]; /* the generator's own: a class, a batch */
    uint32_t sent, tries;
    bool answered, acknowledged, given_up, expects_conflict;
    enum jn_code code;
    uint64_t block;
    uint8_t *reply; /* of what was acknowledged */
    size_t reply_length;
};

/* What a generator makes: the method's request message, in the run's arena. */
struct sim_draft {
    uint32_t agency; /* enum agency */
    const void *message;
    uint64_t about[4];
};
struct sim_generator {
    const char *method;
    uint32_t weight;                                        /* beside the others; 0: not at random */
    bool (*make)(struct sim *sim, struct sim_draft *draft); /* false: there is nothing of the kind to do now */
    /* What came of it, once; reply is NULL where it was refused. May be NULL. */
    void (*heard)(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
};
struct sim_part {
    const struct jn_service *service;
    const struct sim_generator *generators;
    size_t generators_count;
};
extern const struct sim_part sim_enrollment, sim_certification, sim_subsidy, sim_ledger, sim_notification;
enum { ENROLLMENT, CERTIFICATION, SUBSIDY, LEDGER, NOTIFICATION };

void sim_tasks_free(struct sim *sim);
/* Makes one and sends it; NULL where the generator has nothing to do. */
struct sim_task *sim_do(struct sim *sim, uint32_t machine, const struct sim_generator *generator);
const struct sim_generator *sim_generator(uint32_t machine, const char *method);
void sim_random_work(struct sim *sim);
void sim_task_reply(struct sim *sim, const struct sim_frame *frame);
void sim_task_again(struct sim *sim, uint32_t task);

/* ---- The city as its departments believe it to be ---- */

#define CITY_CLASSES       400
#define CITY_PEOPLE        400
#define CITY_SEATS         64
#define CITY_ASKED         140
#define CITY_INSTITUTIONS  14
#define CITY_PROJECTS      8
#define CITY_BATCHES       4000
#define CITY_CLAIMS        20000
#define CITY_DISBURSEMENTS 4000
#define CITY_CASES         4000
enum agency {
    A_ADMINISTRATION,
    A_EMPLOYMENT,
    A_APPRAISAL,
    A_OPERATOR,
    A_AUDITOR,
    A_APPROVER, /* administration's second key */
    A_FINANCE,
    A_CHECKER,  /* finance's second key */
    A_DIRECTOR, /* and its third, for what is over a limit */
    A_HUMAN_RESOURCES,
    A_EDUCATION,
    A_VETERANS,
    A_DISABLED,
    A_AGRICULTURE,
    A_CIVIL_AFFAIRS,
    A_SERVICES /* the services' own keys come behind */
};

struct city_class {
    char number[24];
    uint32_t provider, project, employer; /* employer: CITY_INSTITUTIONS where none */
    uint32_t division;
    int32_t start_day, end_day, kind;
    uint32_t seats[CITY_SEATS], seats_count; /* people */
    bool filed, opened, finished, closed, stopped;
    uint32_t sheets, results;
};

struct city {
    char id[CITY_PEOPLE][20];
    uint32_t people_count;
    char uscc[CITY_INSTITUTIONS][20];
    struct city_class classes[CITY_CLASSES];
    uint32_t classes_count;
    struct city_request {
        uint32_t agency;
        uint64_t number;
        uint32_t seats[CITY_ASKED], rows_count; /* what it asks about */
        uint8_t groups[CITY_ASKED];
        bool answered;
    } requests[CITY_CLASSES * 8];
    uint32_t requests_count;
    struct city_batch { /* as finance last saw it in the list */
        uint64_t number;
        uint32_t rows, hands; /* hands: bit n is agency n, who submitted or released it */
        int64_t fen;
        enum { BATCH_DRAFT, BATCH_SUBMITTED, BATCH_CHECKED, BATCH_RELEASED, BATCH_STUCK } state;
        bool looked; /* at its rows */
    } batches[256];
    uint32_t batches_count;
    uint64_t draft, draft_claims[200]; /* the last draft that was looked into */
    uint32_t draft_claims_count;
    bool draft_grants;         /* these are disbursements */
    uint8_t bank[CITY_CLAIMS]; /* how often the bank paid a claim */
    uint8_t bank_grants[CITY_DISBURSEMENTS];
    uint64_t disbursements_told;  /* as heard */
    uint8_t answer[CITY_BATCHES]; /* 1: the bank has the batch in its hands */
    struct city_bank_row {
        uint64_t claim, disbursement;
        enum { BANK_PENDING, BANK_PAYS, BANK_REFUSES } says;
        bool recorded; /* finance has it in the ledger */
    } rows[CITY_CLAIMS];
    struct {
        uint64_t batch, claim, disbursement;
        uint32_t what;
    } disagreements[200];
    uint32_t disagreements_count;
    uint64_t pack_draft;     /* the last one that was proposed; 0: none waits */
    bool pack_adopted;       /* the plan is */
    uint32_t packs_proposed; /* behind the plan */
    uint64_t frozen[2][200]; /* persons, institutions */
    uint64_t thaws[2][200];  /* asked for and not confirmed */
    uint32_t frozen_count[2], thaw_count[2], frozen_asked;
    struct limit_figures {
        int32_t from_day;
        int64_t batch_fen, row_fen, day_fen;
    } limits_asked[8];         /* the last ones of each division */
    uint32_t limits_confirmed; /* at the end: of limits_lifted */
    uint32_t limits_lifted;    /* at the end: divisions whose limits are */
    bool troubled;             /* finance and the bank, though all is healed: see city_close */
    uint32_t rows_first[CITY_BATCHES], rows_count[CITY_BATCHES], rows_used;
    uint64_t claims_told; /* settled, as heard */
    uint64_t grants_told;
    uint64_t certificates_told;
    uint64_t debt_class[64], debt_institution[64];
    int64_t debt_fen[64];
    uint32_t debt_fund[64], debts_count;
    uint64_t read[A_SERVICES], last[A_SERVICES]; /* inboxes */
    int32_t settled_day;
    bool settled_all;
    uint32_t standards, asked;            /* at the end each department is asked in turn */
    uint64_t paid, waiting, open_batches; /* the ledger's totals, as heard */
    int64_t paid_fen, waiting_fen, advanced_fen;
    bool funnel_asked;  /* at the end: by quarters */
    uint64_t funnel[4]; /* filed, due, paid, owed back: as heard then */

    /* The way of a claim */
    uint64_t way_at, objections_told, cases_told, case_claim[CITY_CASES]; /* the claim that a case is about; or 0 */
    bool finance_reviews;                                                 /* at the end, human resources come first */
    bool contending;          /* at the end: people object, return, open cases as they do before */

    /* Recovery */
    struct {
        uint64_t number;
        uint32_t kind;
        int64_t fen; /* owed, and not on its way */
    } owed[64];
    uint32_t owed_count;
    int64_t receivable_fen, written_off_fen, reversed_fen, grants_reversed_fen;

    /* The pack that is applied backwards. */
    uint32_t backwards_pack;
    int32_t backwards_from, backwards_until;
    bool backwards_open;
};
void city_found(struct sim *sim);
int32_t city_today(const struct sim *sim);
void *city_take(struct sim *sim, size_t bytes);
char *city_print(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool city_advance(struct sim *sim, struct sim_draft *draft);
/* A class that a department would act on, by what has been heard of it; NULL where there is none. */
struct city_class *city_pick(struct sim *sim, bool (*wanted)(const struct sim *, const struct city_class *));
/* Its trainings may be settled, and what was may be reckoned again. */
bool city_was_held(const struct sim *sim, const struct city_class *class);
/* Ends what is begun: classes, answers, settling, payment; everything is heard. */
void city_close(struct sim *sim);

/* ---- A run ---- */

struct sim {
    struct sim_knobs knobs;
    struct sim_stats *stats;
    struct rng work, network, fate;
    char dir[64];
    int64_t now_us, began_us;
    struct sim_event *heap;
    size_t heap_count, heap_room;
    uint64_t order;
    bool tallied[SIM_SERVICES]; /* the events of its log are counted */
    bool founded;               /* the campaign's beginnings are made */
    bool calm;                  /* no more faults */
    struct jn_config config;
    struct sim_machine machines[SIM_SERVICES];
    struct {
        uint32_t agency;
        int64_t until_us;
    } apart[8];
    struct sim_task **tasks;
    uint32_t tasks_count, tasks_room, tasks_open;
    uint64_t sequence[A_SERVICES][SIM_SERVICES];
    struct jn_arena arena;
    struct city city;
};
extern const struct sim_part *const sim_parts[SIM_SERVICES];

/* Says what was promised and does not hold; ends the run. */
void sim_broken(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
void sim_tell(const struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One step: the next event. False where none is left. */
bool sim_step(struct sim *sim);
void sim_run_until(struct sim *sim, int64_t until_us);
void sim_jump(struct sim *sim, int64_t to_us);
/* Until every follower stands at its upstream's head and no command is under way. */
void sim_settle_down(struct sim *sim);
/* The whole run; fills the statistics, returns where all holds. */
void sim_run(const struct sim_knobs *knobs, struct sim_stats *stats);

/* proof.c, mirrors.c, money.c: everything promised, when all is quiet. */
void sim_prove(struct sim *sim);
void sim_prove_mirrors(struct sim *sim);
void sim_prove_limits(struct sim *sim);
void sim_prove_money(struct sim *sim);
void sim_prove_debts(struct sim *sim); /* debts.c */

/* The ledger's generators for periods; periods.c. */
bool make_close_period(struct sim *sim, struct sim_draft *draft);
bool make_trial(struct sim *sim, struct sim_draft *draft);
void trial_heard(struct sim *sim, const struct sim_task *task, enum jn_code code, const void *reply);
bool make_statement(struct sim *sim, struct sim_draft *draft);

/* tally.c: which methods were accepted, bulk commands where some row was done, and which events were said. */
void sim_tally_accepted(struct sim *sim, const struct sim_task *task, const Envelope__Reply *reply);
void sim_tally_said(struct sim *sim, uint32_t machine, uint32_t type);
/* Each with its count, or those alone that never were. */
void sim_tally_show(const struct sim_stats *stats, bool all);
/* How many methods never were and should have been. An event may need what few runs come to; a method that is never
 * accepted has no generator that fits. */
unsigned sim_tally_missing(const struct sim_stats *stats);

/* Every event of a log in order: type and message (the inner one). */
typedef void (*sim_event_fn)(void *context, uint64_t block, uint32_t type, const void *message);
void sim_events(struct sim *sim, uint32_t machine, sim_event_fn each, void *context);

/* shrink.c: a failing run made smaller; writes the command that repeats it. */
struct sim_outcome {
    bool failed;
    char text[1600];
    struct sim_stats stats;
};
bool sim_knob_named(struct sim_knobs *knobs, const char *name, uint32_t value);
struct sim_outcome sim_try(const struct sim_knobs *knobs, unsigned seconds);
void sim_command_of(const struct sim_knobs *knobs, char *out, size_t size);
struct sim_knobs sim_shrink(const struct sim_knobs *knobs, struct sim_outcome *outcome, unsigned seconds);

#endif
