/* What the stories about subsidy begin with. */
#include "subsidy_given.h"

#include <stdlib.h>
#include <unistd.h>

struct jn_world *w;
struct jn_agency administration, operations, reviewer, auditor;
Enrollment__ClassFiled course;
const Subsidy__SettleReply *settled;

static Policy__Pack *pack;
static char said[600];

static void
empty_of(const struct jn_service *service)
{
    administration = jn_world_agency("human_resources.administration", ROLE_ADMINISTRATION);
    operations = jn_world_agency("operator", ROLE_OPERATOR);
    reviewer = jn_world_agency("veterans", ROLE_REVIEWER);
    auditor = jn_world_agency("auditor", ROLE_AUDITOR);
    w = jn_world_open(service, date_to_ms(day_of("2020-06-15")));
    course = (Enrollment__ClassFiled)ENROLLMENT__CLASS_FILED__INIT;
    course.provider = SCHOOL;
    course.occupation = (char *)COOK;
    course.level = 5;
    course.division = CHANG;
    course.kind = COMMON__CLASS_KIND__EMPLOYMENT;
    course.start_day = day_of("2020-05-06");
    course.end_day = day_of("2020-05-31");
    course.cost_fen = 200000;
    course.capacity = 2000;
    settled = NULL;
}

int
empty(void **state)
{
    (void)state;
    empty_of(&subsidy_service);
    return 0;
}

static void
designated(uint64_t institution, int kind, bool insured)
{
    Enrollment__InstitutionsDesignated event = ENROLLMENT__INSTITUTIONS_DESIGNATED__INIT;
    Enrollment__DesignatedInstitution row = ENROLLMENT__DESIGNATED_INSTITUTION__INIT, *rows[] = {&row};
    Enrollment__Institution facts = ENROLLMENT__INSTITUTION__INIT;

    facts.kind = (Common__InstitutionKind)kind;
    facts.insured = insured;
    row.institution = institution;
    row.facts = &facts;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, &event);
}

static void
division(uint32_t code, bool own)
{
    Enrollment__DivisionsSet event = ENROLLMENT__DIVISIONS_SET__INIT;
    Enrollment__Division row = ENROLLMENT__DIVISION__INIT, *rows[] = {&row};

    row.code = code;
    row.province_administered = own;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_DIVISIONS_SET, &event);
}

void
fresh_of(const struct jn_service *service)
{
    empty_of(service);
    division(CHANG, false);
    division(XINJI, true);
    designated(SCHOOL, COMMON__INSTITUTION_KIND__TRAINING, true);
    designated(FACTORY, COMMON__INSTITUTION_KIND__ENTERPRISE, true);
    designated(FACTORY_SCHOOL, COMMON__INSTITUTION_KIND__ENTERPRISE_SCHOOL, true);
    designated(FARM, COMMON__INSTITUTION_KIND__COOPERATIVE, false);
    designated(ASSESSOR, COMMON__INSTITUTION_KIND__EVALUATION, true);
    designated(UNINSURED, COMMON__INSTITUTION_KIND__ENTERPRISE, false);
    assert_int_equal(adopt(plan()), JN_OK);
    assert_int_equal(set_standard(standard(CITY, COMMON__ITEM__FREE_TRAINING, 180000, "2019-11-01")), JN_OK);
}

int
fresh(void **state)
{
    (void)state;
    fresh_of(&subsidy_service);
    return 0;
}

int
gone(void **state)
{
    (void)state;
    jn_world_close(w);
    pack_free(pack);
    pack = NULL;
    return 0;
}

int32_t
day_of(const char *text)
{
    int32_t day = 0;

    assert_true(date_parse(text, &day));
    return day;
}

void
advance_to(const char *day)
{
    jn_world_advance(w, date_to_ms(day_of(day)));
}

uint32_t
groups(int first, ...)
{
    uint32_t mask = 0;
    va_list more;

    va_start(more, first);
    for (int group = first; group; group = va_arg(more, int))
        mask |= 1u << group;
    va_end(more);
    return mask;
}

/* ---- Pack, standards, figures ---- */

static Policy__Pack *
loaded(const char *path)
{
    char fault[512];

    pack_free(pack);
    pack = pack_load(path, fault, sizeof(fault));
    if (!pack)
        fail_msg("%s", fault);
    return pack;
}

Policy__Pack *
plan(void)
{
    return plan_going("shijiazhuang-2019", "");
}

/* What the city's own file says of the way stands at its end, from `way:` on. */
Policy__Pack *
plan_going(const char *id, const char *way)
{
    char path[] = "/tmp/pack-XXXXXX", line[4096];
    FILE *from = fopen(JN_SOURCE_DIR "/deploy/policy/shijiazhuang-2019.yaml", "r"), *to = fdopen(mkstemp(path), "w");

    assert_true(from && to);
    while (fgets(line, sizeof(line), from) && strncmp(line, "way:", 4) != 0) {
        if (strncmp(line, "pack:", 5) == 0)
            snprintf(line, sizeof(line), "pack: %s\n", id);
        fputs(line, to);
    }
    fputs(way, to);
    fclose(from);
    assert_int_equal(fclose(to), 0);
    loaded(path);
    remove(path);
    return pack;
}

Policy__Pack *
place(const char *id)
{
    char path[400];

    snprintf(path, sizeof(path), "%s/tests/policy/packs/%s.yaml", JN_SOURCE_DIR, id);
    loaded(path)->from_day = day_of("2020-01-01");
    return pack;
}

static enum jn_code
command(const struct jn_agency *who, const char *method, const void *request, const void **reply)
{
    enum jn_code code = jn_world_command(w, who, method, request, reply);

    snprintf(said, sizeof(said), "%s", jn_world_reason(w));
    return code;
}

enum jn_code
adopt(Policy__Pack *adopted)
{
    Subsidy__AdoptPack request = SUBSIDY__ADOPT_PACK__INIT;

    request.pack = adopted;
    return command(&administration, "AdoptPack", &request, NULL);
}

/* The one row's own outcome. */
static enum jn_code
outcome_of_row(enum jn_code code, const Subsidy__Outcomes *outcomes)
{
    if (code != JN_OK || outcomes->done == 1)
        return code;
    assert_int_equal(outcomes->n_refused, 1);
    snprintf(said, sizeof(said), "%s", outcomes->refused[0]->reason);
    return (enum jn_code)outcomes->refused[0]->code;
}

Subsidy__Standard
standard(uint32_t of, int item, int64_t amount_fen, const char *from)
{
    Subsidy__Standard row = SUBSIDY__STANDARD__INIT;

    row.division = of;
    row.item = (Common__Item)item;
    row.amount_fen = amount_fen;
    row.from_day = day_of(from);
    return row;
}

enum jn_code
set_standard(Subsidy__Standard row)
{
    Subsidy__SetStandards request = SUBSIDY__SET_STANDARDS__INIT;
    Subsidy__Standard *rows[] = {&row};
    const void *reply = NULL;
    enum jn_code code;

    request.n_rows = 1;
    request.rows = rows;
    code = command(&administration, "SetStandards", &request, &reply);
    return outcome_of_row(code, reply);
}

enum jn_code
set_reference(const char *name, uint32_t of, int64_t amount_fen, const char *from)
{
    Subsidy__SetReferences request = SUBSIDY__SET_REFERENCES__INIT;
    Subsidy__Reference row = SUBSIDY__REFERENCE__INIT, *rows[] = {&row};
    const void *reply = NULL;
    enum jn_code code;

    row.name = (char *)(uintptr_t)name;
    row.division = of;
    row.amount_fen = amount_fen;
    row.from_day = *from ? day_of(from) : -1;
    request.n_rows = 1;
    request.rows = rows;
    code = command(&administration, "SetReferences", &request, &reply);
    return outcome_of_row(code, reply);
}

const char *
sentence(void)
{
    return said;
}

/* ---- Classes ---- */

void
filed(uint64_t class, const char *class_no)
{
    course.class_ = class;
    course.class_no = (char *)(uintptr_t)class_no;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_FILED, &course);
}

void
filed_until(uint64_t class, const char *class_no, const char *end)
{
    course.end_day = day_of(end);
    if (course.start_day > course.end_day - 25) /* people attend more days than a shorter one has */
        course.start_day = course.end_day - 25;
    filed(class, class_no);
}

void
enrolled(uint64_t class, const struct trainee *trainees, size_t count)
{
    for (size_t at = 0; at < count; at += JN_ROWS_MAX) {
        Enrollment__Enrolled event = ENROLLMENT__ENROLLED__INIT;
        Enrollment__EnrolledRow rows[JN_ROWS_MAX], *pointers[JN_ROWS_MAX];

        for (size_t i = at; i < count && i < at + JN_ROWS_MAX; i++) {
            Enrollment__EnrolledRow *row = pointers[i - at] = &rows[i - at];

            *row = (Enrollment__EnrolledRow)ENROLLMENT__ENROLLED_ROW__INIT;
            row->seat = (uint32_t)i + 1;
            row->person = trainees[i].person;
            row->groups = trainees[i].groups;
            row->household = (Common__Household)trainees[i].household;
            row->insured_months = trainees[i].insured_months;
            row->employed_months = trainees[i].employed_months;
            event.n_rows++;
        }
        event.class_ = class;
        event.rows = pointers;
        jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ENROLLED, &event);
    }
}

void
opened(uint64_t class)
{
    Enrollment__ClassOpened event = ENROLLMENT__CLASS_OPENED__INIT;

    event.class_ = class;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_OPENED, &event);
}

uint32_t women;

void
finished_part(uint64_t class, uint32_t first_seat, const struct trainee *trainees, size_t count, uint32_t whole)
{
    Enrollment__ClassFinished event = ENROLLMENT__CLASS_FINISHED__INIT;
    Enrollment__FinishedRow rows[JN_ROWS_MAX], *pointers[JN_ROWS_MAX];

    assert_true(count <= JN_ROWS_MAX);
    for (size_t i = 0; i < count; i++) {
        pointers[i] = &rows[i];
        rows[i] = (Enrollment__FinishedRow)ENROLLMENT__FINISHED_ROW__INIT;
        rows[i].seat = first_seat + (uint32_t)i;
        rows[i].person = trainees[i].person;
        rows[i].rank = trainees[i].rank;
        rows[i].days = trainees[i].days;
        rows[i].groups = trainees[i].groups;
        rows[i].denied = trainees[i].denied;
        rows[i].account = trainees[i].account;
        rows[i].household = (Common__Household)trainees[i].household;
        rows[i].insured_months = trainees[i].insured_months;
        rows[i].employed_months = trainees[i].employed_months;
        rows[i].age = trainees[i].age;
        rows[i].sex = trainees[i].sex;
        event.groups |= trainees[i].groups;
    }
    event.class_ = class;
    event.count = whole;
    event.women = women;
    event.n_rows = count;
    event.rows = pointers;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_FINISHED, &event);
}

void
finished(uint64_t class, const struct trainee *trainees, size_t count)
{
    struct trainee ranked[JN_ROWS_MAX];
    bool given = false;

    assert_true(count <= JN_ROWS_MAX);
    for (size_t i = 0; i < count; i++)
        given = given || trainees[i].rank;
    for (size_t i = 0; i < count; i++) {
        ranked[i] = trainees[i];
        if (!given)
            ranked[i].rank = (uint32_t)i;
    }
    finished_part(class, 1, ranked, count, (uint32_t)count);
}

void
stopped(uint64_t class)
{
    Enrollment__ClassStopped event = ENROLLMENT__CLASS_STOPPED__INIT;

    event.class_ = class;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_STOPPED, &event);
}

/* A seat's certificate has the class's number times 10,000 and the seat. */
static void
recorded(uint64_t class, uint32_t seat, int kind, uint32_t level, int32_t day)
{
    Certification__ResultsRecorded event = CERTIFICATION__RESULTS_RECORDED__INIT;
    Certification__RecordedResult row = CERTIFICATION__RECORDED_RESULT__INIT, *rows[] = {&row};

    row.seat = seat;
    row.kind = (Common__CertificateKind)kind;
    row.level = level;
    row.day = day;
    row.certificate = class * 10000 + seat;
    event.class_ = class;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_RESULTS_RECORDED, &event);
}

void
passed(uint64_t class, uint32_t seat, int kind, uint32_t level)
{
    recorded(class, seat, kind, level, day_of("2020-06-01"));
}

void
passed_on(uint64_t class, uint32_t seat, int kind, uint32_t level, const char *day)
{
    recorded(class, seat, kind, level, day_of(day));
}

void
closed(uint64_t class, uint32_t results)
{
    Certification__ResultsClosed event = CERTIFICATION__RESULTS_CLOSED__INIT;

    event.class_ = class;
    event.count = results;
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_RESULTS_CLOSED, &event);
}

void
revoked(uint64_t class, uint32_t seat)
{
    Certification__CertificateRevoked event = CERTIFICATION__CERTIFICATE_REVOKED__INIT;

    event.class_ = class;
    event.seat = seat;
    event.certificate = class * 10000 + seat;
    jn_world_event(w, "certification", CERTIFICATION__EVENT__BODY_CERTIFICATE_REVOKED, &event);
}

void
enterprise_paid(uint64_t enterprise, const char *day, int64_t fen, uint32_t people)
{
    Enrollment__ImportedEnterpriseHistory row = ENROLLMENT__IMPORTED_ENTERPRISE_HISTORY__INIT, *rows[] = {&row};
    Enrollment__HistoryImported imported = ENROLLMENT__HISTORY_IMPORTED__INIT;

    row.enterprise = enterprise;
    row.item = COMMON__ITEM__PRE_JOB_TRAINING;
    row.day = day_of(day);
    row.amount_fen = fen;
    row.people = people;
    imported.enterprises = rows;
    imported.n_enterprises = 1;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED, &imported);
}

int64_t amount_paid;

void
paid_before(uint64_t person, int item, const char *day, const char *occupation, uint32_t level, uint32_t months)
{
    Enrollment__HistoryImported event = ENROLLMENT__HISTORY_IMPORTED__INIT;
    Enrollment__ImportedHistory row = ENROLLMENT__IMPORTED_HISTORY__INIT, *rows[] = {&row};

    row.person = person;
    row.item = (Common__Item)item;
    row.day = day_of(day);
    row.occupation = (char *)(uintptr_t)occupation;
    row.level = level;
    row.months = months;
    row.amount_fen = amount_paid;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED, &event);
}

void
held_for(uint64_t class, const struct trainee *trainees, size_t count)
{
    enrolled(class, trainees, count);
    finished(class, trainees, count);
    for (uint32_t seat = 1; seat <= count; seat++)
        recorded(class, seat, COMMON__CERTIFICATE_KIND__SKILL_LEVEL, course.level, course.end_day);
    closed(class, (uint32_t)count);
}

void
held_for_veteran(uint64_t class, const char *class_no, const char *end, uint64_t person)
{
    struct trainee trainee = {.person = person, .groups = GROUPS(COMMON__GROUP__VETERAN), .days = 20};

    filed_until(class, class_no, end);
    held_for(class, &trainee, 1);
}

/* ---- Settling and looking ---- */

enum jn_code
settle(const char *day)
{
    Subsidy__SettleDay request = SUBSIDY__SETTLE_DAY__INIT;
    static Subsidy__SettleReply kept;
    const void *reply = NULL;
    enum jn_code code;

    request.day = day_of(day);
    code = command(&operations, "SettleDay", &request, &reply);
    settled = NULL;
    if (reply) {
        kept = *(const Subsidy__SettleReply *)reply;
        settled = &kept;
    }
    return code;
}

const Subsidy__Settled *
last_settled(void)
{
    return jn_world_last(w, EVENT_SETTLED);
}

int64_t
due(uint32_t seat, int item)
{
    const Subsidy__Settled *event = last_settled();

    for (size_t i = 0; event && i < event->n_claims; i++)
        if (event->claims[i]->seat == seat && (int)event->claims[i]->item == item)
            return event->claims[i]->amount_fen;
    return -1;
}

int
refused(uint32_t seat, int item)
{
    const Subsidy__Settled *event = last_settled();

    for (size_t i = 0; event && i < event->n_refused; i++)
        if (event->refused[i]->seat == seat && (int)event->refused[i]->item == item)
            return (int)event->refused[i]->reason;
    return 0;
}

const Subsidy__TotalsView *
totals(void)
{
    Subsidy__TotalsRequest request = SUBSIDY__TOTALS_REQUEST__INIT;
    const void *reply = NULL;

    assert_int_equal(jn_world_query(w, &auditor, "Totals", &request, &reply), JN_OK);
    return reply;
}

uint64_t
total_due(int item)
{
    const Subsidy__TotalsView *view = totals();

    for (size_t i = 0; i < view->n_due; i++)
        if ((int)view->due[i]->item == item)
            return view->due[i]->count;
    return 0;
}

uint64_t
total_refused(int reason)
{
    const Subsidy__TotalsView *view = totals();

    for (size_t i = 0; i < view->n_refused; i++)
        if ((int)view->refused[i]->reason == reason)
            return view->refused[i]->count;
    return 0;
}

const Subsidy__ClaimView *
claim(uint64_t number)
{
    Subsidy__ClaimRequest request = SUBSIDY__CLAIM_REQUEST__INIT;
    const void *reply = NULL;

    request.claim = number;
    jn_world_query(w, &auditor, "Claim", &request, &reply);
    return reply;
}

enum jn_code
hold(const struct jn_agency *who, uint64_t number, const char *reason)
{
    Subsidy__HoldClaim request = SUBSIDY__HOLD_CLAIM__INIT;

    request.claim = number;
    request.reason = (char *)(uintptr_t)reason;
    return command(who, "HoldClaim", &request, NULL);
}

enum jn_code
release(const struct jn_agency *who, uint64_t number, const char *reason)
{
    Subsidy__ReleaseClaim request = SUBSIDY__RELEASE_CLAIM__INIT;

    request.claim = number;
    request.reason = (char *)(uintptr_t)reason;
    return command(who, "ReleaseClaim", &request, NULL);
}
