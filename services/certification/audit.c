/* What must hold over all tables; `jineng verify` asks. Findings name numbers, never people. */
#include "certification/certification.h"

#include <string.h>

struct books {
    struct jn_audit *audit;
    uint64_t certificates, revoked, lapsed, live; /* in the rows of results */
    uint64_t fingerprint;                         /* of the live ones */
    uint64_t in_classes;                          /* results that classes say they have */
    uint64_t evaluator;                           /* the last one that was found */
    uint64_t numbered, repeated, former;
    uint64_t special, special_in_classes; /* special operations */
};

/* Most results of a class have one evaluator: looked up once in a row. */
static bool
evaluator_known(struct books *books, uint64_t evaluator)
{
    if (evaluator != books->evaluator && body_of(books->audit->view, evaluator)->uscc[0] != '\0')
        books->evaluator = evaluator;
    return evaluator == books->evaluator;
}

static bool
lapse_listed(const Certification__ResultsRow *row, int32_t valid_to)
{
    for (size_t i = 0; i < row->n_lapse_days; i++)
        if (row->lapse_days[i] - 1 == valid_to)
            return true;
    return valid_to == INT32_MAX;
}

static void
audit_result(struct books *books, const Certification__ResultsRow *row, const Certification__ClassRow *class,
             const RecordedResult *result)
{
    bool dead = certificate_listed(row->revoked, row->n_revoked, result->certificate) ||
                certificate_listed(row->lapsed, row->n_lapsed, result->certificate);

    if (!dead) {
        books->live++;
        books->fingerprint += holding_fingerprint(result->person, result->certificate, result->level);
    }
    if (!dead && !lapse_listed(row, certificate_valid_to(result)))
        jn_finding(books->audit, "certificate %lu: nothing ends it when it has run out",
                   (unsigned long)result->certificate);
    books->special += result->kind == COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION;
    if (!class_passed(class, result->seat))
        jn_finding(books->audit, "certificate %lu: its class does not know that seat %u passed",
                   (unsigned long)result->certificate, result->seat);
    if (!evaluator_known(books, result->evaluator))
        jn_finding(books->audit, "certificate %lu: its evaluator is unknown", (unsigned long)result->certificate);
}

static bool
audit_results(void *context, const struct jn_key *key, const void *value)
{
    struct books *books = context;
    const Certification__ResultsRow *row = value;
    const Certification__ClassRow *class = class_find(books->audit->view, row->class_);
    uint64_t through = jn_key_number(key, 0);

    if (!class || row->n_rows == 0 || through != books->certificates + row->n_rows) {
        jn_finding(books->audit, "results through certificate %lu: no class, or numbers are missing before them",
                   (unsigned long)through);
        return true;
    }
    for (size_t i = 0; i < row->n_rows; i++) {
        if (row->rows[i]->certificate != books->certificates + 1 + i)
            jn_finding(books->audit, "results through certificate %lu: out of order", (unsigned long)through);
        audit_result(books, row, class, row->rows[i]);
    }
    books->certificates = through;
    books->revoked += row->n_revoked;
    books->lapsed += row->n_lapsed;
    return true;
}

/* It is its number, or was before the certificate was corrected. */
static bool
has_number(const struct jn_view *view, uint64_t number, const char *text)
{
    struct certificate certificate;
    const Certification__NumbersRow *row;

    if (!certificate_find(view, number, &certificate))
        return false;
    row = jn_get(view, TABLE_NUMBERS, JN_KEY(certificate.through));
    for (size_t i = 0; row && i < row->n_former; i++)
        if (row->former[i]->certificate == number && !strcmp(row->former[i]->certificate_no, text))
            return true;
    return !strcmp(certificate_no(view, &certificate), text);
}

/* The first that was issued under a number has it; who was given it by a correction may be an earlier one. */
static bool
leads_right(const struct jn_view *view, const Certification__NumbersRow *row, uint64_t certificate, uint64_t first,
            const char *text)
{
    bool corrected = false;

    if (first == certificate)
        return true;
    for (size_t i = 0; i < row->n_former; i++)
        corrected = corrected || row->former[i]->certificate == certificate;
    return (first < certificate || corrected) && has_number(view, first, text);
}

static bool
audit_numbers(void *context, const struct jn_key *key, const void *value)
{
    struct books *books = context;
    const struct jn_view *view = books->audit->view;
    const Certification__NumbersRow *row = value;
    uint64_t certificate = jn_key_number(key, 0) - row->n_numbers;

    for (size_t i = 0; i < row->n_numbers; i++) {
        uint64_t first = certificate_number_of(view, row->numbers[i]);

        if (!leads_right(view, row, ++certificate, first, row->numbers[i]))
            jn_finding(books->audit, "certificate %lu: its number leads elsewhere", (unsigned long)certificate);
        books->repeated += first != certificate;
    }
    for (size_t i = 0; i < row->n_former; i++) {
        const Certification__FormerNumber *former = row->former[i];
        uint64_t first = certificate_number_of(view, former->certificate_no);

        if (!leads_right(view, row, former->certificate, first, former->certificate_no))
            jn_finding(books->audit, "certificate %lu: a number that it had leads elsewhere",
                       (unsigned long)former->certificate);
        books->former += first == former->certificate;
    }
    books->numbered += row->n_numbers;
    return true;
}

static bool
audit_class(void *context, const struct jn_key *key, const void *value)
{
    struct books *books = context;
    const Certification__ClassRow *row = value;
    uint32_t passed = 0;

    for (size_t i = 0; i < row->passed.len; i++)
        passed += (uint32_t)__builtin_popcount(row->passed.data[i]);
    if (passed != row->results)
        jn_finding(books->audit, "class %s: %u results, %u seats that passed", row->class_no, row->results, passed);
    if (class_number(books->audit->view, row->class_no) != jn_key_number(key, 0))
        jn_finding(books->audit, "class %s: its number leads elsewhere", row->class_no);
    books->in_classes += row->results;
    books->special_in_classes += row->special_operations;
    return true;
}

static bool
audit_body(void *context, const struct jn_key *key, const void *value)
{
    struct books *books = context;
    const Certification__BodyRow *row = value;

    if (body_number(books->audit->view, row->uscc) != jn_key_number(key, 0))
        jn_finding(books->audit, "evaluation body %lu: its code leads elsewhere", (unsigned long)jn_key_number(key, 0));
    return true;
}

static bool
audit_roster(void *context, const struct jn_key *key, const void *value)
{
    struct books *books = context;
    const Certification__RosterRow *row = value;

    if (row->n_seats != row->n_people || !class_find(books->audit->view, jn_key_number(key, 0)))
        jn_finding(books->audit, "class %lu: a roster with a column cut short, or of no class",
                   (unsigned long)jn_key_number(key, 0));
    return true;
}

static bool
count_key(void *context, const struct jn_key *key, const void *value)
{
    (void)key;
    (void)value;
    ++*(uint64_t *)context;
    return true;
}

static void
equal(struct jn_audit *audit, const char *what, uint64_t counted, uint64_t kept)
{
    if (counted != kept)
        jn_finding(audit, "%s: %lu counted, %lu kept", what, (unsigned long)counted, (unsigned long)kept);
}

void
certification_audit(struct jn_audit *audit)
{
    const struct jn_view *view = audit->view;
    struct books books = {.audit = audit};
    struct holdings_sum held;
    uint64_t keys = 0;

    jn_scan(view, TABLE_RESULTS, JN_KEY(0), 0, SIZE_MAX, audit_results, &books);
    jn_scan(view, TABLE_NUMBERS, JN_KEY(0), 0, SIZE_MAX, audit_numbers, &books);
    jn_scan(view, TABLE_CLASS, JN_KEY(0), 0, SIZE_MAX, audit_class, &books);
    jn_scan(view, TABLE_BODY, JN_KEY(0), 0, SIZE_MAX, audit_body, &books);
    jn_scan(view, TABLE_ROSTER, JN_KEY(0), 0, SIZE_MAX, audit_roster, &books);
    jn_scan(view, TABLE_CERTIFICATE_NUMBER, JN_KEY(0), 0, SIZE_MAX, count_key, &keys);
    holdings_recount(view, &held);
    equal(audit, "certificates", books.certificates, jn_counter(view, COUNTER_CERTIFICATES));
    equal(audit, "certificates with numbers", books.numbered, books.certificates);
    equal(audit, "distinct certificate numbers", keys, books.numbered - books.repeated + books.former);
    equal(audit, "results of classes", books.in_classes, books.certificates);
    equal(audit, "special operations of classes", books.special_in_classes, books.special);
    equal(audit, "revoked", books.revoked, jn_counter(view, COUNTER_REVOKED));
    equal(audit, "lapsed", books.lapsed, jn_counter(view, COUNTER_LAPSED));
    equal(audit, "live certificates", books.live, held.live);
    if (books.live == held.live && books.fingerprint != held.fingerprint)
        jn_finding(audit, "what people hold is not what was recorded and neither revoked nor lapsed");
    equal(audit, "skilled people", held.skilled, jn_counter(view, COUNTER_SKILLED));
    equal(audit, "highly skilled people", held.highly_skilled, jn_counter(view, COUNTER_HIGHLY_SKILLED));
}
