/* What the stories about certification begin with. */
#include "certification_given.h"

struct jn_world *w;
struct jn_agency appraisal, auditor, operations;
const Certification__Outcomes *outcomes;
const struct jn_service *service = &certification_service;

int
fresh(void **state)
{
    (void)state;
    appraisal = jn_world_agency("human_resources.appraisal", ROLE_APPRAISAL);
    auditor = jn_world_agency("auditor", ROLE_AUDITOR);
    operations = jn_world_agency("operator", ROLE_OPERATOR);
    w = jn_world_open(service, date_to_ms(day_of("2020-06-15")));
    designated(1, ASSESSOR, COMMON__INSTITUTION_KIND__EVALUATION, COOK);
    return 0;
}

int
gone(void **state)
{
    (void)state;
    jn_world_close(w);
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

/* A few are in use at once: a ring of buffers. */
static char *
text_buffer(void)
{
    static char texts[512][48];
    static unsigned next;

    return texts[next++ % 512];
}

char *
citizen(unsigned n)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    char *text = text_buffer();
    int sum = 0;

    snprintf(text, 48, "13019919%02u0101%03u", 60 + n / 1000, n % 1000);
    for (int i = 0; i < 17; i++)
        sum += weights[i] * (text[i] - '0');
    text[17] = "10X98765432"[sum % 11];
    text[18] = '\0';
    return text;
}

char *
skill_no(unsigned level, unsigned serial)
{
    char *text = text_buffer();

    snprintf(text, 48, "S00001313010020%u%06u", level, serial);
    return text;
}

void
designated(uint64_t institution, const char *uscc, Common__InstitutionKind kind, const char *occupation)
{
    Enrollment__InstitutionsDesignated event = ENROLLMENT__INSTITUTIONS_DESIGNATED__INIT;
    Enrollment__DesignatedInstitution row = ENROLLMENT__DESIGNATED_INSTITUTION__INIT, *rows[1] = {&row};
    Enrollment__Institution facts = ENROLLMENT__INSTITUTION__INIT;
    char *certifies[1] = {(char *)(uintptr_t)occupation};

    facts.uscc = (char *)(uintptr_t)uscc;
    facts.kind = kind;
    facts.n_certifies = occupation ? 1 : 0;
    facts.certifies = certifies;
    row.institution = institution;
    row.facts = &facts;
    event.n_rows = 1;
    event.rows = rows;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, &event);
}

void
registered(uint64_t first_person, unsigned count)
{
    Enrollment__PeopleRegistered event = ENROLLMENT__PEOPLE_REGISTERED__INIT;
    Enrollment__RegisteredPerson rows[JN_ROWS_MAX], *pointers[JN_ROWS_MAX];

    for (unsigned i = 0; i < count; i++) {
        enrollment__registered_person__init(&rows[i]);
        rows[i].person = first_person + i;
        rows[i].id_number = citizen((unsigned)first_person + i);
        rows[i].name = (char *)(uintptr_t) "陈大华";
        pointers[i] = &rows[i];
    }
    event.n_rows = count;
    event.rows = pointers;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_PEOPLE_REGISTERED, &event);
}

void
filed(uint64_t class, const char *class_no, const char *occupation, const char *end_day)
{
    Enrollment__ClassFiled event = ENROLLMENT__CLASS_FILED__INIT;

    event.class_ = class;
    event.class_no = (char *)(uintptr_t)class_no;
    event.occupation = (char *)(uintptr_t)occupation;
    event.division = 130102;
    event.end_day = day_of(end_day);
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_FILED, &event);
}

void
enrolled(uint64_t class, uint32_t first_seat, uint64_t first_person, unsigned count)
{
    Enrollment__Enrolled event = ENROLLMENT__ENROLLED__INIT;
    Enrollment__EnrolledRow rows[JN_ROWS_MAX], *pointers[JN_ROWS_MAX];

    for (unsigned i = 0; i < count; i++) {
        enrollment__enrolled_row__init(&rows[i]);
        rows[i].seat = first_seat + i;
        rows[i].person = first_person + i;
        pointers[i] = &rows[i];
    }
    event.class_ = class;
    event.n_rows = count;
    event.rows = pointers;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_ENROLLED, &event);
}

void
opened(uint64_t class)
{
    Enrollment__ClassOpened event = ENROLLMENT__CLASS_OPENED__INIT;

    event.class_ = class;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_OPENED, &event);
}

void
stopped(uint64_t class)
{
    Enrollment__ClassStopped event = ENROLLMENT__CLASS_STOPPED__INIT;

    event.class_ = class;
    jn_world_event(w, "enrollment", ENROLLMENT__EVENT__BODY_CLASS_STOPPED, &event);
}

void
a_class_of(unsigned count)
{
    filed(1, "C-1", COOK, "2020-05-31");
    for (unsigned done = 0; done < count; done += JN_ROWS_MAX) {
        unsigned some = count - done < JN_ROWS_MAX ? count - done : JN_ROWS_MAX;

        registered(1 + done, some);
        enrolled(1, 1 + done, 1 + done, some);
    }
    opened(1);
}

Certification__Result
cook(unsigned person, unsigned level, unsigned serial)
{
    Certification__Result row = CERTIFICATION__RESULT__INIT;

    row.id_number = citizen(person);
    row.kind = COMMON__CERTIFICATE_KIND__SKILL_LEVEL;
    row.level = level;
    row.certificate_no = skill_no(level, serial);
    row.day = day_of("2020-06-10");
    row.evaluator = (char *)(uintptr_t)ASSESSOR;
    return row;
}

enum jn_code
record_as(const struct jn_agency *who, const char *class_no, Certification__Result *rows, size_t count)
{
    Certification__RecordResults cmd = CERTIFICATION__RECORD_RESULTS__INIT;
    Certification__Result *pointers[JN_ROWS_MAX + 1];

    for (size_t i = 0; i < count; i++)
        pointers[i] = &rows[i];
    cmd.class_no = (char *)(uintptr_t)class_no;
    cmd.n_rows = count;
    cmd.rows = pointers;
    return jn_world_command(w, who, "RecordResults", &cmd, (const void **)&outcomes);
}

enum jn_code
record(const char *class_no, Certification__Result *rows, size_t count)
{
    return record_as(&appraisal, class_no, rows, count);
}

enum jn_code
record_one(const char *class_no, Certification__Result row)
{
    enum jn_code code = record(class_no, &row, 1);

    return code == JN_OK ? outcome_of(0) : code;
}

static const Common__Outcome *
refusal_of(size_t row)
{
    for (size_t i = 0; i < outcomes->n_refused; i++)
        if (outcomes->refused[i]->row == row)
            return outcomes->refused[i];
    return NULL;
}

enum jn_code
outcome_of(size_t row)
{
    return refusal_of(row) ? (enum jn_code)refusal_of(row)->code : JN_OK;
}

const char *
sentence_of(size_t row)
{
    return refusal_of(row) ? refusal_of(row)->reason : "";
}

enum jn_code
close_results(const char *class_no)
{
    Certification__CloseResults cmd = CERTIFICATION__CLOSE_RESULTS__INIT;

    cmd.class_no = (char *)(uintptr_t)class_no;
    return jn_world_command(w, &appraisal, "CloseResults", &cmd, NULL);
}

enum jn_code
revoke(const char *certificate_no)
{
    Certification__RevokeCertificate cmd = CERTIFICATION__REVOKE_CERTIFICATE__INIT;

    cmd.certificate_no = (char *)(uintptr_t)certificate_no;
    cmd.reason = (char *)(uintptr_t) "examined by its own trainer";
    return jn_world_command(w, &appraisal, "RevokeCertificate", &cmd, NULL);
}

const Certification__TotalsView *
totals(void)
{
    Certification__TotalsRequest request = CERTIFICATION__TOTALS_REQUEST__INIT;
    const void *reply;

    assert_int_equal(jn_world_query(w, &operations, "Totals", &request, &reply), JN_OK);
    return reply;
}

const Certification__CertificateView *
certificate(const char *certificate_no)
{
    Certification__CertificateRequest request = CERTIFICATION__CERTIFICATE_REQUEST__INIT;
    const void *reply;

    request.certificate_no = (char *)(uintptr_t)certificate_no;
    assert_int_equal(jn_world_query(w, &auditor, "Certificate", &request, &reply), JN_OK);
    return reply;
}

const Certification__MayWorkReply *
may_work(unsigned person, const char *occupation)
{
    Certification__MayWorkRequest request = CERTIFICATION__MAY_WORK_REQUEST__INIT;
    const void *reply;

    request.id_number = citizen(person);
    request.occupation = (char *)(uintptr_t)occupation;
    assert_int_equal(jn_world_query(w, &appraisal, "MayWork", &request, &reply), JN_OK);
    return reply;
}
