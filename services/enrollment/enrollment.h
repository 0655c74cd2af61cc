/* The enrollment service (报名登记): its tables, its counters, its limits, and what its nouns ask of one another.
 *
 * It alone keeps people's names and numbers. No sentence that it refuses with carries any of them. */
#ifndef ENROLLMENT_ENROLLMENT_H
#define ENROLLMENT_ENROLLMENT_H

#include "domain/identifiers.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "runtime/bulk.h"
#include "runtime/fold.h"

extern const struct jn_service enrollment_service;

/* Key -> row. Outside identifiers have a table each, where they become a dense number; all else is kept by numbers. */
enum enrollment_table {
    TABLE_DIVISION,            /* (code) -> Division */
    TABLE_TRAINED,             /* (division, year) -> Trained; none where no class of the year has finished */
    TABLE_INSTITUTION,         /* (institution) -> Institution */
    TABLE_INSTITUTION_BY_USCC, /* 18 characters -> Interned */
    TABLE_PROJECT,             /* (project) -> Project */
    TABLE_PROJECT_BY_CODE,     /* the code -> Interned */
    TABLE_PERSON,              /* (person) -> KnownPerson */
    TABLE_PERSON_BY_ID,        /* (first 17 digits of the id number) -> Interned: the one random put of a new person */
    TABLE_PAYEE,               /* (person) -> KnownPayee; none where no account was ever given */
    TABLE_HISTORY,             /* (person, history) -> ImportedHistory */
    TABLE_CLASS,               /* (class) -> ClassFiled */
    TABLE_CLASS_STATE,         /* (class) -> ClassState */
    TABLE_CLASS_BY_NO,         /* the class number as the campaign writes it -> Interned */
    TABLE_ROSTER,              /* (class, first seat) -> RosterChunk */
    TABLE_SEAT,                /* (person, class) -> SeatTaken; none where the person is not on the class */
    TABLE_ATTENDANCE,          /* (class) -> Attendance; none before the first sheet */
    TABLE_ASKED,               /* (request) -> Asked */
    TABLE_PENDING,             /* (department, request) -> Pending; none once it is answered or no longer asked */
    TABLE_ATTENDED,            /* (class, seat) -> Attended; none where the sheets stand */
    /* enterprise_history.c */
    TABLE_ENTERPRISE_TOLD,    /* (institution) -> EnterpriseTold; none where nothing was imported */
    TABLE_ENTERPRISE_HISTORY, /* (institution, line from 1) -> ImportedEnterpriseHistory */
};

enum enrollment_counter {
    COUNTER_DIVISIONS,
    COUNTER_INSTITUTIONS,
    COUNTER_PROJECTS,
    COUNTER_PEOPLE, /* known by number: with those that only history knows */
    COUNTER_NAMED,  /* of them, those that are or were on a roster */
    COUNTER_HISTORY,
    COUNTER_CLASSES,
    COUNTER_SEATS, /* roster rows */
    COUNTER_REQUESTS,
    COUNTER_FINISHED, /* classes */
};

/* A class's seats, its days from first to last, and the characters of its number. */
#define CLASS_SEATS_MAX 2000
/* What a sheet may say all the same: the figure bounds the roster, and no roster passes the seats. */
#define CLASS_CAPACITY_MAX 1000000
#define CLASS_DAYS_MAX     3660
#define CLASS_NO_MAX       48
#define CODE_MAX           64

/* The days that a command may name: 1900-01-01 to 2199-12-31, those that domain/date.h knows. 1970-01-01 is 0: not
 * given. */
#define DAY_FIRST (-25567)
#define DAY_LAST  84005
bool day_plausible(int32_t day);

/* Bit n is common.Group n. */
#define GROUP_BIT(group) (1u << (unsigned)(group))
#define GROUPS_COUNT     14 /* the numbers 0 to 13, 0 being none */

/* The finders named _get hand out an empty row where there is none: after a full disk the tables are silent for the
 * rest of the command, and what it did is undone. */

/* ---- Divisions ---- */

/* Set by SetDivisions; a city's code (ending in 00) is known with the first of its counties. */
bool division_known(const struct jn_view *view, uint32_t code);
/* Seats of a class that has finished count for its division and the year of its end. */
void division_count_trained(struct jn_tables *t, uint32_t division, int32_t end_day, uint32_t seats);

/* ---- Institutions and projects ---- */

const Enrollment__Institution *institution_get(const struct jn_view *view, uint64_t institution);
/* By credit code; 0 where unknown. */
uint64_t institution_find(const struct jn_view *view, const char *uscc);
/* Is its designation (定点) in force on that day? Without a first day it never was, without a last it has no end. */
bool institution_designated(const Enrollment__Institution *institution, int32_t day);
/* May it employ the trainees of a class (用人单位)? 2.9-b. */
bool institution_employs(const Enrollment__Institution *institution);

const Enrollment__Project *project_get(const struct jn_view *view, uint64_t project);
uint64_t project_find(const struct jn_view *view, const char *code);

/* Apply's: what enterprises were paid before the suite (enterprise_history.c). */
void enterprise_history_keep(struct jn_tables *t, const Enrollment__HistoryImported *event);

/* ---- People ---- */

/* The first 17 digits as a number. The 18th follows from them, so numbers sort as the whole texts do. */
uint64_t person_id17(const char *id_number);
/* From the 17th digit. */
bool person_woman(const char *id_number);
/* Completed years on the day, from the date of birth in the first 17 digits; 0 where they hold none before it. */
uint32_t person_age(uint64_t id17, int32_t day);
const Enrollment__KnownPerson *person_get(const struct jn_view *view, uint64_t person);
/* By the first 17 digits; 0 where unknown. */
uint64_t person_find(const struct jn_view *view, uint64_t id17);

/* People met by one command: known ones by their number, new ones by the next numbers, in order. Each must be called
 * for with rows that are otherwise usable; persons_emit comes before the event that uses the numbers. */
struct persons {
    struct jn_decision *d;
    uint64_t next;
    Enrollment__RegisteredPerson *new_people[JN_ROWS_MAX];
    uint64_t new_id17[JN_ROWS_MAX];
    size_t new_count;
    Enrollment__RegisteredPayee *payees[JN_ROWS_MAX];
    size_t payees_count;
    uint64_t first[JN_ROWS_MAX]; /* of them, who is known and had none */
    size_t first_count;
};
void persons_open(struct persons *p, struct jn_decision *d);
/* name "" where only history is known. */
uint64_t persons_meet(struct persons *p, const char id_number[CITIZEN_TEXT], const char *name, const char *phone);
void persons_pay_to(struct persons *p, uint64_t person, const char *name, const char *account);
void persons_emit(struct persons *p);

/* ---- Classes ---- */

struct class
{
    uint64_t number;
    const Enrollment__ClassFiled *filed;
    const Enrollment__ClassState *state;
};
/* By its number as the campaign writes it. NOT_FOUND, or DENIED where its division is not the caller's. */
enum jn_code class_find(struct jn_decision *d, const char *class_no, struct class *out);
/* The same for a command that needs the class at that stage: else WRONG_STATE. */
enum jn_code class_at(struct jn_decision *d, const char *class_no, Enrollment__Stage stage, struct class *out);
bool class_get(const struct jn_view *view, uint64_t number, struct class *out);
/* Apply's: its state, to be changed where it lies; NULL where there is no such class. */
Enrollment__ClassState *class_state(struct jn_tables *t, uint64_t number);
const char *stage_name(Enrollment__Stage stage);
/* Only an institution that is designated on the first day may open a subsidised class, 2.13-a. 0 is an unknown one. */
enum jn_code class_check_provider(struct jn_decision *d, uint64_t provider, int32_t start_day);
enum jn_code class_reply(struct jn_decision *d, const struct class *class);

/* ---- Rosters and attendance ---- */

/* The class's seats in their order, in the arena. */
struct roster {
    size_t count;
    const Enrollment__RosterSeat **seats; /* [0] is seat 1 */
};
struct roster roster_of(const struct jn_view *view, uint64_t class);
/* 0 where the person is not on the class. */
uint32_t roster_seat(const struct jn_view *view, uint64_t class, uint64_t person);

/* NULL where no day was recorded. */
const Enrollment__Attendance *attendance_of(const struct jn_view *view, uint64_t class);
/* Days on which the seat was not listed absent. */
uint32_t attendance_days(const Enrollment__Attendance *attendance, uint32_t seat);
/* Days attended: as they were corrected, or as the sheets say. */
uint32_t attendance_total(const struct jn_view *view, uint64_t class, uint32_t seat);

/* ---- Attestation ---- */

#define DEPARTMENTS_COUNT 10 /* the numbers 0 to 9, 0 being none */

/* How many requests the class's claims make: one a department and 200 seats. */
uint32_t attestation_count(const struct roster *roster);
/* Emits them, numbered from first_request on. */
void attestation_request(struct jn_decision *d, const struct class *class, const struct roster *roster,
                         uint64_t first_request);
/* What was attested, by seat - 1, bits; and how many answers each department still owes. */
struct attestation {
    uint32_t groups[CLASS_SEATS_MAX];
    uint32_t open[DEPARTMENTS_COUNT];
};
const struct attestation *attestation_of(const struct jn_view *view, const struct class *class);
/* The departments that still owe answers, by name; how many. */
size_t attestation_waiting(const struct jn_view *view, const struct class *class, char *names[DEPARTMENTS_COUNT]);
/* Nobody is asked any more about a class that was stopped. */
void attestation_drop(struct jn_tables *t, const struct class *class);

/* ---- What each noun does, for the tables in service.c ---- */

enum jn_code decide_set_divisions(struct jn_decision *d, const Enrollment__SetDivisions *cmd);
enum jn_code decide_designate_institutions(struct jn_decision *d, const Enrollment__DesignateInstitutions *cmd);
enum jn_code decide_list_projects(struct jn_decision *d, const Enrollment__ListProjects *cmd);
enum jn_code decide_import_history(struct jn_decision *d, const Enrollment__ImportHistory *cmd);
enum jn_code decide_import_enterprise_history(struct jn_decision *d, const Enrollment__ImportEnterpriseHistory *cmd);
enum jn_code answer_enterprise_history(struct jn_decision *d, const Enrollment__EnterpriseHistoryRequest *query);
enum jn_code decide_file_class(struct jn_decision *d, const Enrollment__FileClass *cmd);
enum jn_code decide_enrol(struct jn_decision *d, const Enrollment__Enrol *cmd);
enum jn_code decide_open_class(struct jn_decision *d, const Enrollment__OpenClass *cmd);
enum jn_code decide_stop_class(struct jn_decision *d, const Enrollment__StopClass *cmd);
enum jn_code decide_attest(struct jn_decision *d, const Enrollment__Attest *cmd);
enum jn_code decide_record_attendance(struct jn_decision *d, const Enrollment__RecordAttendance *cmd);
enum jn_code decide_finish_class(struct jn_decision *d, const Enrollment__FinishClass *cmd);

void apply_divisions_set(struct jn_tables *t, const Enrollment__DivisionsSet *event, const struct jn_stamp *stamp);
void apply_institutions_designated(struct jn_tables *t, const Enrollment__InstitutionsDesignated *event,
                                   const struct jn_stamp *stamp);
void apply_projects_listed(struct jn_tables *t, const Enrollment__ProjectsListed *event, const struct jn_stamp *stamp);
void apply_people_registered(struct jn_tables *t, const Enrollment__PeopleRegistered *event,
                             const struct jn_stamp *stamp);
void apply_payees_registered(struct jn_tables *t, const Enrollment__PayeesRegistered *event,
                             const struct jn_stamp *stamp);
void apply_history_imported(struct jn_tables *t, const Enrollment__HistoryImported *event,
                            const struct jn_stamp *stamp);
void apply_class_filed(struct jn_tables *t, const Enrollment__ClassFiled *event, const struct jn_stamp *stamp);
void apply_enrolled(struct jn_tables *t, const Enrollment__Enrolled *event, const struct jn_stamp *stamp);
void apply_class_opened(struct jn_tables *t, const Enrollment__ClassOpened *event, const struct jn_stamp *stamp);
void apply_class_stopped(struct jn_tables *t, const Enrollment__ClassStopped *event, const struct jn_stamp *stamp);
void apply_attestation_requested(struct jn_tables *t, const Enrollment__AttestationRequested *event,
                                 const struct jn_stamp *stamp);
void apply_attested(struct jn_tables *t, const Enrollment__Attested *event, const struct jn_stamp *stamp);
void apply_attendance_recorded(struct jn_tables *t, const Enrollment__AttendanceRecorded *event,
                               const struct jn_stamp *stamp);
void apply_class_finished(struct jn_tables *t, const Enrollment__ClassFinished *event, const struct jn_stamp *stamp);

/* Corrections */
enum jn_code decide_cancel_class(struct jn_decision *d, const Enrollment__CancelClass *cmd);
void apply_class_cancelled(struct jn_tables *t, const Enrollment__ClassCancelled *event, const struct jn_stamp *stamp);
enum jn_code decide_correct_attendance(struct jn_decision *d, const Enrollment__CorrectAttendance *cmd);
void apply_attendance_corrected(struct jn_tables *t, const Enrollment__AttendanceCorrected *event,
                                const struct jn_stamp *stamp);
enum jn_code decide_withdraw_attestation(struct jn_decision *d, const Enrollment__WithdrawAttestation *cmd);
void apply_attestation_withdrawn(struct jn_tables *t, const Enrollment__AttestationWithdrawn *event,
                                 const struct jn_stamp *stamp);

/* Checks */
enum jn_code decide_verify_people(struct jn_decision *d, const Enrollment__VerifyPeople *cmd);
void apply_people_checked(struct jn_tables *t, const Enrollment__PeopleChecked *event, const struct jn_stamp *stamp);
void apply_accounts_given(struct jn_tables *t, const Enrollment__AccountsGiven *event, const struct jn_stamp *stamp);
enum jn_code decide_inspect_class(struct jn_decision *d, const Enrollment__InspectClass *cmd);
void apply_class_inspected(struct jn_tables *t, const Enrollment__ClassInspected *event, const struct jn_stamp *stamp);

enum jn_code answer_requests(struct jn_decision *d, const Enrollment__RequestsRequest *request);
enum jn_code answer_people(struct jn_decision *d, const Enrollment__PeopleRequest *request);
enum jn_code answer_class(struct jn_decision *d, const Enrollment__ClassRequest *request);
enum jn_code answer_record(struct jn_decision *d, const Enrollment__RecordRequest *request);
enum jn_code answer_progress(struct jn_decision *d, const Enrollment__ProgressRequest *request);
enum jn_code answer_totals(struct jn_decision *d, const Enrollment__TotalsRequest *request);

/* A finding where what was found is not what the counter says. */
void audit_count(struct jn_audit *audit, const char *what, uint64_t found, unsigned counter);
void audit_divisions(struct jn_audit *audit);
void audit_institutions(struct jn_audit *audit);
void audit_projects(struct jn_audit *audit);
void audit_people(struct jn_audit *audit);
void audit_history(struct jn_audit *audit);
void audit_enterprise_history(struct jn_audit *audit);
void audit_classes(struct jn_audit *audit);
void audit_rosters(struct jn_audit *audit);
void audit_attestations(struct jn_audit *audit);
void audit_attendance(struct jn_audit *audit);
void audit_corrections(struct jn_audit *audit);

/* What came of each row of a bulk command, as the reply has it. */
static inline Enrollment__Outcomes
bulk_outcomes(const struct jn_bulk *bulk)
{
    Enrollment__Outcomes reply = ENROLLMENT__OUTCOMES__INIT;

    reply.refused = bulk->refused;
    reply.n_refused = bulk->refused_count;
    reply.notes = bulk->notes;
    reply.n_notes = bulk->notes_count;
    reply.done = bulk->done;
    return reply;
}

static inline enum jn_code
bulk_reply(const struct jn_bulk *bulk)
{
    Enrollment__Outcomes reply = bulk_outcomes(bulk);

    jn_reply(bulk->d, &reply.base);
    return JN_OK;
}

#endif
