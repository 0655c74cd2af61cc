/* Certificates (证书): found by number, revoked (撤销), lapsed (失效). Their rows lie with the results that were
 * recorded together. */
#include "certification/certification.h"

#include <string.h>

#include "domain/date.h"
#include "domain/identifiers.h"

#define NUMBER_BYTES_MAX 64
#define REASON_BYTES_MAX 400

uint64_t
certificate_number_of(const struct jn_view *view, const char *certificate_no)
{
    const Certification__NumberRow *row =
        jn_get(view, TABLE_CERTIFICATE_NUMBER, jn_key_bytes(certificate_no, strlen(certificate_no)));

    return row ? row->number : 0;
}

bool
certificate_find(const struct jn_view *view, uint64_t number, struct certificate *out)
{
    struct jn_key found;
    const Certification__ResultsRow *row;

    if (number == 0 || number > jn_counter(view, COUNTER_CERTIFICATES))
        return false;
    row = jn_first(view, TABLE_RESULTS, JN_KEY(number), 0, &found);
    if (!row)
        return false;
    out->number = number;
    out->through = jn_key_number(&found, 0);
    out->together = row;
    JN_ASSERT(out->through - number < row->n_rows);
    out->result = row->rows[row->n_rows - 1 - (out->through - number)];
    return true;
}

const char *
certificate_no(const struct jn_view *view, const struct certificate *certificate)
{
    const Certification__NumbersRow *row = jn_get(view, TABLE_NUMBERS, JN_KEY(certificate->through));

    if (!row)
        return "";
    JN_ASSERT(row->n_numbers == certificate->together->n_rows);
    return row->numbers[row->n_numbers - 1 - (certificate->through - certificate->number)];
}

int32_t
certificate_valid_to(const RecordedResult *result)
{
    struct date date = date_of(result->day);
    int32_t anniversary;

    if (result->kind != COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION)
        return INT32_MAX;
    if (date_make(date.year + SPECIAL_OPERATION_YEARS, date.month, date.day, &anniversary))
        return anniversary - 1;
    /* 29 February, six years on there is none. */
    if (date_make(date.year + SPECIAL_OPERATION_YEARS, date.month + 1, 1, &anniversary))
        return anniversary - 1;
    return INT32_MAX;
}

bool
certificate_listed(const uint64_t *numbers, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

enum certificate_state
certificate_state(const struct certificate *certificate, int32_t today)
{
    const Certification__ResultsRow *row = certificate->together;

    if (certificate_listed(row->revoked, row->n_revoked, certificate->number))
        return CERTIFICATE_REVOKED;
    if (today > certificate_valid_to(certificate->result))
        return CERTIFICATE_LAPSED;
    return today < certificate->result->day ? CERTIFICATE_NOT_YET_VALID : CERTIFICATE_VALID;
}

static enum jn_code
certificate_unknown(struct jn_decision *d)
{
    return jn_refuse(d, JN_NOT_FOUND, "no such certificate was recorded here; check its number");
}

/* By its number or its dense number, exactly one of which must be given. */
static enum jn_code
certificate_named(struct jn_decision *d, const char *text, uint64_t number, struct certificate *out)
{
    size_t length = strlen(text);

    if ((length == 0) == (number == 0) || length > NUMBER_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "name one certificate: its number (证书编号), or its dense number");
    if (!certificate_find(d->view, length > 0 ? certificate_number_of(d->view, text) : number, out))
        return certificate_unknown(d);
    return JN_OK;
}

enum jn_code
certificate_to_change(struct jn_decision *d, const char *text, uint64_t number, struct certificate *out,
                      const Certification__ClassRow **class)
{
    enum jn_code code = certificate_named(d, text, number, out);

    if (code != JN_OK)
        return code;
    *class = class_of(d->view, out->together->class_);
    /* Anybody who may ask can have a certificate checked; a division's own are its own to change. */
    return jn_in_scope_division(d->who, (*class)->division) ? JN_OK : certificate_unknown(d);
}

/* ---- Revocation ---- */

enum jn_code
decide_revoke_certificate(struct jn_decision *d, const Certification__RevokeCertificate *cmd)
{
    Certification__CertificateRevoked revoked = CERTIFICATION__CERTIFICATE_REVOKED__INIT;
    Certification__Closed reply = CERTIFICATION__CLOSED__INIT;
    const Certification__ClassRow *class = NULL;
    struct certificate certificate;
    size_t length = strlen(cmd->reason);
    enum jn_code code;

    if (length == 0 || length > REASON_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "give the reason of the revocation (撤销原因), at most 400 bytes");
    code = certificate_to_change(d, cmd->certificate_no, cmd->certificate, &certificate, &class);
    if (code != JN_OK)
        return code;
    if (certificate_state(&certificate, d->today) == CERTIFICATE_REVOKED)
        return jn_refuse(d, JN_WRONG_STATE, "this certificate is revoked already");

    /* Decided. */
    revoked.certificate = certificate.number;
    revoked.class_ = certificate.together->class_;
    revoked.person = certificate.result->person;
    revoked.seat = certificate.result->seat;
    revoked.reason = cmd->reason;
    revoked.occupation = class->occupation;
    revoked.division = class->division;
    revoked.kind = certificate.result->kind;
    reply.class_ = revoked.class_;
    reply.count = 1;
    jn_reply(d, &reply.base);
    return jn_emit(d, CERTIFICATION__EVENT__BODY_CERTIFICATE_REVOKED, &revoked);
}

static uint64_t *
with_one_more(const struct jn_view *view, const uint64_t *numbers, size_t count, uint64_t number)
{
    uint64_t *all = jn_take(view, (count + 1) * sizeof(*all));

    if (count > 0)
        memcpy(all, numbers, count * sizeof(*all));
    all[count] = number;
    return all;
}

void
apply_certificate_revoked(struct jn_tables *t, const Certification__CertificateRevoked *event,
                          const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Certification__ResultsRow row;
    struct certificate certificate;

    (void)stamp;
    if (!certificate_find(view, event->certificate, &certificate))
        return;
    row = *certificate.together;
    row.revoked = with_one_more(view, row.revoked, row.n_revoked, event->certificate);
    row.n_revoked++;
    jn_put(t, TABLE_RESULTS, JN_KEY(certificate.through), &row);
    jn_counter_set(t, COUNTER_REVOKED, jn_counter(view, COUNTER_REVOKED) + 1);
    if (!certificate_listed(row.lapsed, row.n_lapsed, event->certificate))
        holdings_drop(t, event->person, event->certificate);
}

/* ---- Lapse ---- */

static void
collect_lapsed(const struct jn_view *view, const Certification__ResultsRow *row, int32_t day,
               Certification__CertificatesLapsed *out)
{
    out->rows = jn_take(view, row->n_rows * sizeof(*out->rows));
    for (size_t i = 0; i < row->n_rows; i++) {
        Certification__LapsedCertificate *lapsed;

        if (certificate_valid_to(row->rows[i]) != day - 1 ||
            certificate_listed(row->revoked, row->n_revoked, row->rows[i]->certificate) ||
            certificate_listed(row->lapsed, row->n_lapsed, row->rows[i]->certificate))
            continue;
        lapsed = jn_take(view, sizeof(*lapsed));
        certification__lapsed_certificate__init(lapsed);
        lapsed->certificate = row->rows[i]->certificate;
        lapsed->person = row->rows[i]->person;
        out->rows[out->n_rows++] = lapsed;
    }
}

/* All days of the sheet that are due: a certificate may have been recorded long after it ran out. */
enum jn_code
fire_lapse(struct jn_decision *d, uint64_t through)
{
    const Certification__ResultsRow *row = jn_get(d->view, TABLE_RESULTS, JN_KEY(through));
    const Certification__ClassRow *class;

    if (!row)
        return JN_OK;
    class = class_of(d->view, row->class_);
    for (size_t i = 0; i < row->n_lapse_days; i++) {
        Certification__CertificatesLapsed lapsed = CERTIFICATION__CERTIFICATES_LAPSED__INIT;

        if (row->lapse_days[i] > d->today)
            continue;
        lapsed.class_ = row->class_;
        lapsed.day = row->lapse_days[i];
        lapsed.division = class->division;
        lapsed.occupation = class->occupation;
        lapsed.through = through;
        collect_lapsed(d->view, row, row->lapse_days[i], &lapsed);
        jn_emit(d, CERTIFICATION__EVENT__BODY_CERTIFICATES_LAPSED, &lapsed);
    }
    return JN_OK;
}

static void
forget_day(const struct jn_view *view, Certification__ResultsRow *row, int32_t day)
{
    int32_t *left = jn_take(view, row->n_lapse_days * sizeof(*left));
    size_t count = 0;

    for (size_t i = 0; i < row->n_lapse_days; i++)
        if (row->lapse_days[i] != day)
            left[count++] = row->lapse_days[i];
    row->lapse_days = left;
    row->n_lapse_days = count;
}

static bool
day_in(const int32_t *days, size_t count, int32_t day)
{
    for (size_t i = 0; i < count; i++)
        if (days[i] == day)
            return true;
    return false;
}

void
lapses_move(struct jn_tables *t, Certification__ResultsRow *row, uint64_t through)
{
    const struct jn_view *view = jn_view_of(t);
    int32_t *wanted = jn_take(view, row->n_rows * sizeof(*wanted));
    size_t count = 0;

    for (size_t i = 0; i < row->n_rows; i++) {
        int32_t valid_to = certificate_valid_to(row->rows[i]);

        if (valid_to == INT32_MAX || day_in(wanted, count, valid_to + 1) ||
            certificate_listed(row->revoked, row->n_revoked, row->rows[i]->certificate) ||
            certificate_listed(row->lapsed, row->n_lapsed, row->rows[i]->certificate))
            continue;
        wanted[count++] = valid_to + 1;
    }
    for (size_t i = 0; i < row->n_lapse_days; i++)
        if (!day_in(wanted, count, row->lapse_days[i]))
            jn_timer_clear(t, date_to_ms(row->lapse_days[i]), TIMER_LAPSE, through);
    for (size_t i = 0; i < count; i++)
        if (!day_in(row->lapse_days, row->n_lapse_days, wanted[i]))
            jn_timer_set(t, date_to_ms(wanted[i]), TIMER_LAPSE, through);
    row->lapse_days = wanted;
    row->n_lapse_days = count;
}

void
apply_certificates_lapsed(struct jn_tables *t, const Certification__CertificatesLapsed *event,
                          const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    const Certification__ResultsRow *old = jn_get(view, TABLE_RESULTS, JN_KEY(event->through));
    Certification__ResultsRow row;

    (void)stamp;
    if (!old)
        return;
    row = *old;
    for (size_t i = 0; i < event->n_rows; i++) {
        row.lapsed = with_one_more(view, row.lapsed, row.n_lapsed, event->rows[i]->certificate);
        row.n_lapsed++;
        holdings_drop(t, event->rows[i]->person, event->rows[i]->certificate);
    }
    forget_day(view, &row, event->day);
    jn_put(t, TABLE_RESULTS, JN_KEY(event->through), &row);
    jn_timer_clear(t, date_to_ms(event->day), TIMER_LAPSE, event->through);
    jn_counter_set(t, COUNTER_LAPSED, jn_counter(view, COUNTER_LAPSED) + event->n_rows);
}

/* ---- Query ---- */

enum jn_code
answer_certificate(struct jn_decision *d, const Certification__CertificateRequest *request)
{
    static const char *const states[] = {
        [CERTIFICATE_VALID] = "valid",
        [CERTIFICATE_NOT_YET_VALID] = "not_yet_valid",
        [CERTIFICATE_LAPSED] = "lapsed",
        [CERTIFICATE_REVOKED] = "revoked",
    };
    Certification__CertificateView view = CERTIFICATION__CERTIFICATE_VIEW__INIT;
    const Certification__ClassRow *class;
    struct certificate certificate;
    char masked[MASK_TEXT];
    enum jn_code code = certificate_named(d, request->certificate_no, request->certificate, &certificate);

    if (code != JN_OK)
        return code;
    class = class_of(d->view, certificate.together->class_);
    view.certificate_no = (char *)(uintptr_t)certificate_no(d->view, &certificate);
    view.kind = certificate.result->kind;
    view.level = certificate.result->level;
    view.occupation = class->occupation;
    view.day = certificate.result->day;
    view.state = (char *)(uintptr_t)states[certificate_state(&certificate, d->today)];
    view.masked_name = mask_name(person_name(d->view, certificate.result->person), masked);
    view.evaluator = body_of(d->view, certificate.result->evaluator)->uscc;
    view.certificate = certificate.number;
    view.class_no = class->class_no;
    if (certificate_valid_to(certificate.result) != INT32_MAX)
        view.valid_to_day = certificate_valid_to(certificate.result);
    jn_reply(d, &view.base);
    return JN_OK;
}
