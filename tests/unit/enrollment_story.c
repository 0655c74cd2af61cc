/* Words in which enrollment's stories are told. */
#include "enrollment_story.h"

#include <stdio.h>

#include "domain/date.h"

int32_t
day_of(const char *text)
{
    int32_t day = 0;

    assert_true(date_parse(text, &day));
    return day;
}

void
the_day_is(struct story *s, const char *text)
{
    jn_world_advance(s->world, date_to_ms(day_of(text)) + 1000);
}

const char *
citizen(unsigned n)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static char ring[4096][20];
    static unsigned next;
    char *text = ring[next++ % 4096];
    int sum = 0;

    snprintf(text, 20, "130199198501%02u%03u", 1 + n / 1000 % 28, n % 1000);
    for (int i = 0; i < 17; i++)
        sum += weights[i] * (text[i] - '0');
    text[17] = "10X98765432"[sum % 11];
    text[18] = '\0';
    return text;
}

/* With check digits for both the whole and, as far as anybody looks, not for the organisation code inside. */
static const char *
credit(char out[20], const char *first17)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int sum = 0;
    int weight = 1;

    for (int i = 0; i < 17; i++) {
        sum += weight * (int)(strchr(alphabet, first17[i]) - alphabet);
        weight = weight * 3 % 31;
    }
    snprintf(out, 20, "%.17s%c", first17, alphabet[(31 - sum % 31) % 31]);
    return out;
}

#define BODY(name, first17)                                                                                            \
    const char *name(void)                                                                                             \
    {                                                                                                                  \
        static char text[20];                                                                                          \
                                                                                                                       \
        return credit(text, first17);                                                                                  \
    }
BODY(school, "52130100MA0010264")
BODY(enterprise, "91130100MA0010520")
BODY(cooperative, "93130100MA0010918")
BODY(evaluator, "52130100MA0010133")
BODY(unknown_body, "52130100MA0099999")

/* ---- The stage ---- */

static struct jn_agency
attestor(const char *name, Common__Department department)
{
    struct jn_agency agency = jn_world_agency(name, ROLE_ATTESTOR);

    agency.department = department;
    return agency;
}

static void
set_divisions(struct story *s)
{
    Enrollment__Division first = ENROLLMENT__DIVISION__INIT;
    Enrollment__Division second = ENROLLMENT__DIVISION__INIT;
    Enrollment__Division *rows[] = {&first, &second};
    Enrollment__SetDivisions cmd = ENROLLMENT__SET_DIVISIONS__INIT;

    first.code = 130102;
    first.name = "长安区";
    first.target_2020 = 100;
    second.code = 130104;
    second.name = "桥西区";
    cmd.rows = rows;
    cmd.n_rows = 2;
    assert_int_equal(when(s, "SetDivisions", &cmd), JN_OK);
    no_row_refused(s, 2);
}

static void
designate(struct story *s, const char *uscc, Common__InstitutionKind kind)
{
    Enrollment__Institution row = ENROLLMENT__INSTITUTION__INIT;
    Enrollment__Institution *rows[] = {&row};
    Enrollment__DesignateInstitutions cmd = ENROLLMENT__DESIGNATE_INSTITUTIONS__INIT;

    row.uscc = (char *)(uintptr_t)uscc;
    row.name = "长安区第1职业培训学校";
    row.kind = kind;
    row.division = 130102;
    row.designated_from_day = day_of("2019-10-27");
    row.designated_to_day = day_of("2021-12-31");
    row.account = "6217000000009000021";
    row.bank = "河北银行";
    cmd.rows = rows;
    cmd.n_rows = 1;
    assert_int_equal(when(s, "DesignateInstitutions", &cmd), JN_OK);
    no_row_refused(s, 1);
}

static void
list_project(struct story *s)
{
    Enrollment__Project row = ENROLLMENT__PROJECT__INIT;
    Enrollment__Project *rows[] = {&row};
    Enrollment__ListProjects cmd = ENROLLMENT__LIST_PROJECTS__INIT;

    row.code = "P1";
    row.name = "家政服务员";
    row.occupation = "4-10-01-06";
    row.level = 4;
    row.hours = 90;
    cmd.rows = rows;
    cmd.n_rows = 1;
    assert_int_equal(when(s, "ListProjects", &cmd), JN_OK);
    no_row_refused(s, 1);
}

void
story_open(struct story *s)
{
    story_open_with(s, &enrollment_service);
}

void
story_open_with(struct story *s, const struct jn_service *service)
{
    memset(s, 0, sizeof(*s));
    s->world = jn_world_open(service, date_to_ms(day_of("2020-03-02")) + 1000);
    s->administration = jn_world_agency("human_resources.administration", ROLE_ADMINISTRATION);
    s->employment = jn_world_agency("human_resources.employment", ROLE_EMPLOYMENT_SERVICE);
    s->education = attestor("education", COMMON__DEPARTMENT__EDUCATION);
    s->veterans = attestor("veterans", COMMON__DEPARTMENT__VETERANS);
    s->disabled = attestor("disabled_federation", COMMON__DEPARTMENT__DISABLED_FEDERATION);
    s->agriculture = attestor("agriculture", COMMON__DEPARTMENT__AGRICULTURE);
    s->civil_affairs = attestor("civil_affairs", COMMON__DEPARTMENT__CIVIL_AFFAIRS);
    s->human_resources = attestor("human_resources", COMMON__DEPARTMENT__HUMAN_RESOURCES);
    set_divisions(s);
    designate(s, school(), COMMON__INSTITUTION_KIND__TRAINING);
    designate(s, enterprise(), COMMON__INSTITUTION_KIND__ENTERPRISE);
    designate(s, cooperative(), COMMON__INSTITUTION_KIND__COOPERATIVE);
    designate(s, evaluator(), COMMON__INSTITUTION_KIND__EVALUATION);
    list_project(s);
}

void
story_close(struct story *s)
{
    jn_world_close(s->world);
}

/* ---- What is done, and what came of it ---- */

enum jn_code
when_by(struct story *s, const struct jn_agency *who, const char *method, const void *request)
{
    return jn_world_command(s->world, who, method, request, &s->reply);
}

enum jn_code
when(struct story *s, const char *method, const void *request)
{
    static const char *const administrations[] = {"SetDivisions", "DesignateInstitutions", "ListProjects"};

    for (size_t i = 0; i < sizeof(administrations) / sizeof(administrations[0]); i++)
        if (strcmp(method, administrations[i]) == 0)
            return when_by(s, &s->administration, method, request);
    return when_by(s, &s->employment, method, request);
}

enum jn_code
asked(struct story *s, const struct jn_agency *who, const char *method, const void *request)
{
    return jn_world_query(s->world, who, method, request, &s->reply);
}

/* Outcomes and EnrolReply begin alike. */
static void
outcome_of(const struct story *s, size_t *refused, Common__Outcome **first, uint32_t *done)
{
    const ProtobufCMessage *base = s->reply;

    assert_non_null(base);
    if (base->descriptor == &enrollment__enrol_reply__descriptor) {
        const Enrollment__EnrolReply *reply = s->reply;

        *refused = reply->n_refused;
        *first = reply->n_refused ? reply->refused[0] : NULL;
        *done = reply->done;
        return;
    }
    assert_ptr_equal(base->descriptor, &enrollment__outcomes__descriptor);
    *refused = ((const Enrollment__Outcomes *)s->reply)->n_refused;
    *first = *refused ? ((const Enrollment__Outcomes *)s->reply)->refused[0] : NULL;
    *done = ((const Enrollment__Outcomes *)s->reply)->done;
}

void
one_row_refused(const struct story *s, enum jn_code code)
{
    Common__Outcome *first;
    size_t refused;
    uint32_t done;

    outcome_of(s, &refused, &first, &done);
    assert_int_equal(refused, 1);
    assert_int_equal(first->code, code);
    assert_true(strlen(first->reason) > 10);
    /* No sentence may carry what identifies somebody. */
    assert_null(strstr(first->reason, "130199"));
    assert_null(strstr(first->reason, "6217"));
}

void
no_row_refused(const struct story *s, uint32_t expected)
{
    Common__Outcome *first;
    size_t refused;
    uint32_t done;

    outcome_of(s, &refused, &first, &done);
    if (refused)
        print_error("row %u: %s\n", first->row, first->reason);
    assert_int_equal(refused, 0);
    assert_int_equal(done, expected);
}

void
reason_says(const struct story *s, const char *part)
{
    if (!strstr(jn_world_reason(s->world), part))
        fail_msg("\"%s\" does not say \"%s\"", jn_world_reason(s->world), part);
}

size_t
events(const struct story *s, Enrollment__Event__BodyCase type)
{
    return jn_world_count(s->world, (uint32_t)type);
}

const void *
last_event(const struct story *s, Enrollment__Event__BodyCase type)
{
    return jn_world_last(s->world, (uint32_t)type);
}

/* ---- Classes and people ---- */

Enrollment__FileClass
class_like(const char *class_no)
{
    Enrollment__FileClass class = ENROLLMENT__FILE_CLASS__INIT;

    class.class_no = (char *)(uintptr_t)class_no;
    class.provider = (char *)(uintptr_t)school();
    class.project = "P1";
    class.division = 130102;
    class.kind = COMMON__CLASS_KIND__EMPLOYMENT;
    class.start_day = day_of("2020-03-02");
    class.end_day = day_of("2020-03-13");
    class.capacity = 10;
    class.cost_fen = 150000;
    class.plan = "方案1号";
    class.safeguards = "保障1号";
    return class;
}

enum jn_code
file_class(struct story *s, const Enrollment__FileClass *class)
{
    return when(s, "FileClass", class);
}

Enrollment__Enrolment
person_like(unsigned n, Common__Group group)
{
    static Common__Group groups[COMMON__GROUP__FARMER + 1];
    Enrollment__Enrolment person = ENROLLMENT__ENROLMENT__INIT;

    groups[group] = group;
    person.name = "陈磊华";
    person.id_number = (char *)(uintptr_t)citizen(n);
    person.phone = "18460070319";
    person.groups = &groups[group];
    person.n_groups = group ? 1 : 0;
    person.household = COMMON__HOUSEHOLD__RURAL;
    person.insured_months = 24;
    return person;
}

enum jn_code
enrol(struct story *s, const char *class_no, const Enrollment__Enrolment *person)
{
    Enrollment__Enrolment *rows[] = {(Enrollment__Enrolment *)(uintptr_t)person};
    Enrollment__Enrol cmd = ENROLLMENT__ENROL__INIT;

    cmd.class_no = (char *)(uintptr_t)class_no;
    cmd.rows = rows;
    cmd.n_rows = 1;
    return when(s, "Enrol", &cmd);
}

void
enrol_many(struct story *s, const char *class_no, unsigned first, unsigned count, Common__Group group)
{
    for (unsigned done = 0; done < count;) {
        Enrollment__Enrolment people[200];
        Enrollment__Enrolment *rows[200];
        Enrollment__Enrol cmd = ENROLLMENT__ENROL__INIT;

        cmd.class_no = (char *)(uintptr_t)class_no;
        cmd.rows = rows;
        for (; cmd.n_rows < 200 && done < count; done++) {
            people[cmd.n_rows] = person_like(first + done, group);
            rows[cmd.n_rows] = &people[cmd.n_rows];
            cmd.n_rows++;
        }
        assert_int_equal(when(s, "Enrol", &cmd), JN_OK);
        no_row_refused(s, (uint32_t)cmd.n_rows);
    }
}

enum jn_code
open_class(struct story *s, const char *class_no)
{
    Enrollment__OpenClass cmd = ENROLLMENT__OPEN_CLASS__INIT;

    cmd.class_no = (char *)(uintptr_t)class_no;
    return when(s, "OpenClass", &cmd);
}

enum jn_code
stop_class(struct story *s, const char *class_no)
{
    Enrollment__StopClass cmd = ENROLLMENT__STOP_CLASS__INIT;

    cmd.class_no = (char *)(uintptr_t)class_no;
    cmd.reason = "现场检查不合格";
    return when(s, "StopClass", &cmd);
}

enum jn_code
finish_class(struct story *s, const char *class_no)
{
    Enrollment__FinishClass cmd = ENROLLMENT__FINISH_CLASS__INIT;

    cmd.class_no = (char *)(uintptr_t)class_no;
    return when(s, "FinishClass", &cmd);
}

enum jn_code
attest(struct story *s, const struct jn_agency *who, uint64_t request, uint32_t seat, Common__Group group,
       Enrollment__Answer answer)
{
    Enrollment__AttestRow row = ENROLLMENT__ATTEST_ROW__INIT;
    Enrollment__AttestRow *rows[] = {&row};
    Enrollment__Attest cmd = ENROLLMENT__ATTEST__INIT;

    row.seat = seat;
    row.group = group;
    row.answer = answer;
    cmd.request = request;
    cmd.rows = rows;
    cmd.n_rows = 1;
    return when_by(s, who, "Attest", &cmd);
}

enum jn_code
sheet(struct story *s, const char *class_no, const char *day, unsigned absent)
{
    char *names[1];
    Enrollment__Sheet row = ENROLLMENT__SHEET__INIT;
    Enrollment__Sheet *rows[] = {&row};
    Enrollment__RecordAttendance cmd = ENROLLMENT__RECORD_ATTENDANCE__INIT;

    row.day = day_of(day);
    names[0] = (char *)(uintptr_t)citizen(absent);
    row.absent = names;
    row.n_absent = absent ? 1 : 0;
    cmd.class_no = (char *)(uintptr_t)class_no;
    cmd.sheets = rows;
    cmd.n_sheets = 1;
    return when(s, "RecordAttendance", &cmd);
}
