/* Corrections (更正证书): a certificate that says something wrong is put right where it lies; what it said stands in the
 * log. 2.14-a, 2.12-e.
 *
 * Its number changes where the paper was issued anew. The former ones lead to it, so that nobody shows the old paper
 * for another certificate. */
#include "certification/certification.h"

#include <string.h>

#define DOCUMENT_BYTES_MAX 100
#define REASON_BYTES_MAX   400

static enum jn_code
check_papers(struct jn_decision *d, const Certification__CorrectCertificate *cmd)
{
    size_t document = strlen(cmd->document), reason = strlen(cmd->reason);

    if (document == 0 || document > DOCUMENT_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "2.12-e: name the decision's document (文号) in 1 to %d bytes",
                         DOCUMENT_BYTES_MAX);
    if (reason == 0 || reason > REASON_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "give the reason of the correction (更正原因), in 1 to %d bytes",
                         REASON_BYTES_MAX);
    return JN_OK;
}

static enum jn_code
check_state(struct jn_decision *d, const struct certificate *certificate)
{
    const Certification__ResultsRow *row = certificate->together;
    enum certificate_state state = certificate_state(certificate, d->today);

    if (state == CERTIFICATE_REVOKED)
        return jn_refuse(d, JN_WRONG_STATE, "this certificate is revoked: nothing of it counts any more");
    if (state == CERTIFICATE_LAPSED || certificate_listed(row->lapsed, row->n_lapsed, certificate->number))
        return jn_refuse(d, JN_WRONG_STATE, "this certificate has lapsed (已失效): nothing of it counts any more");
    return JN_OK;
}

static bool
says_the_same(const RecordedResult *was, const RecordedResult *now, bool renumbered)
{
    return !renumbered && was->kind == now->kind && was->level == now->level && was->day == now->day &&
           was->evaluator == now->evaluator;
}

/* Issued before, and to another. */
static bool
number_taken(const struct jn_view *view, const char *text, uint64_t certificate)
{
    uint64_t first = certificate_number_of(view, text);

    return first != 0 && first != certificate;
}

static enum jn_code
emit_corrected(struct jn_decision *d, const Certification__CorrectCertificate *cmd, const struct certificate *old,
               const Certification__ClassRow *class, RecordedResult *now)
{
    Certification__CertificateCorrected event = CERTIFICATION__CERTIFICATE_CORRECTED__INIT;
    Certification__Closed reply = CERTIFICATION__CLOSED__INIT;

    event.certificate = old->number;
    event.class_ = old->together->class_;
    event.person = now->person;
    event.seat = now->seat;
    event.division = class->division;
    event.occupation = class->occupation;
    event.document = cmd->document;
    event.reason = cmd->reason;
    event.was = (RecordedResult *)(uintptr_t)old->result;
    event.now = now;
    reply.class_ = event.class_;
    reply.count = 1;
    jn_reply(d, &reply.base);
    return jn_emit(d, CERTIFICATION__EVENT__BODY_CERTIFICATE_CORRECTED, &event);
}

enum jn_code
decide_correct_certificate(struct jn_decision *d, const Certification__CorrectCertificate *cmd)
{
    Certification__CertificateRenumbered number = CERTIFICATION__CERTIFICATE_RENUMBERED__INIT;
    Certification__Result paper = CERTIFICATION__RESULT__INIT;
    struct result_sheet sheet = {.d = d};
    struct certificate certificate;
    RecordedResult now;
    bool renumbered;
    enum jn_code code = check_papers(d, cmd);

    if (code == JN_OK)
        code = certificate_to_change(d, cmd->certificate_no, cmd->certificate, &certificate, &sheet.class);
    if (code == JN_OK)
        code = check_state(d, &certificate);
    if (code != JN_OK)
        return code;
    number.certificate_no = (char *)(uintptr_t)certificate_no(d->view, &certificate);
    renumbered = *cmd->new_certificate_no && strcmp(number.certificate_no, cmd->new_certificate_no) != 0;
    if (renumbered)
        number.certificate_no = cmd->new_certificate_no;
    paper.kind = cmd->kind;
    paper.level = cmd->level;
    paper.day = cmd->day;
    paper.evaluator = cmd->evaluator;
    paper.certificate_no = number.certificate_no;
    now = *certificate.result;
    code = result_judge_paper(&sheet, &paper, certificate.result->evaluator, &now);
    if (code != JN_OK)
        return code;
    if (says_the_same(certificate.result, &now, renumbered))
        return jn_refuse(d, JN_WRONG_STATE, "that is what this certificate says: there is nothing to correct");

    /* Decided. */
    number.certificate = certificate.number;
    number.repeated = number_taken(d->view, number.certificate_no, certificate.number);
    if (renumbered)
        now.number_repeated = number.repeated;
    code = emit_corrected(d, cmd, &certificate, sheet.class, &now);
    return renumbered ? jn_emit(d, CERTIFICATION__EVENT__BODY_CERTIFICATE_RENUMBERED, &number) : code;
}

/* ---- What then happens ---- */

/* Emergency management is told how many of a class's passes are special operations, 2.1-f. */
static void
count_special(struct jn_tables *t, const Certification__CertificateCorrected *event)
{
    Certification__ClassRow class = *class_of(jn_view_of(t), event->class_);
    bool was = event->was->kind == COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION,
         now = event->now->kind == COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION;

    if (was == now)
        return;
    class.special_operations += now ? 1 : UINT32_MAX;
    jn_put(t, TABLE_CLASS, JN_KEY(event->class_), &class);
}

void
apply_certificate_corrected(struct jn_tables *t, const Certification__CertificateCorrected *event,
                            const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Certification__ResultsRow row;
    struct certificate certificate;

    (void)stamp;
    if (!certificate_find(view, event->certificate, &certificate))
        return;
    row = *certificate.together;
    row.rows = jn_take(view, row.n_rows * sizeof(*row.rows));
    for (size_t i = 0; i < row.n_rows; i++)
        row.rows[i] = certificate.together->rows[i]->certificate == event->certificate ? event->now
                                                                                       : certificate.together->rows[i];
    lapses_move(t, &row, certificate.through);
    jn_put(t, TABLE_RESULTS, JN_KEY(certificate.through), &row);
    holdings_change(t, event->person, event->certificate, event->now->level);
    count_special(t, event);
}

static Certification__FormerNumber *
former_number(const struct jn_view *view, uint64_t certificate, char *text)
{
    Certification__FormerNumber *former = jn_take(view, sizeof(*former));

    certification__former_number__init(former);
    former->certificate = certificate;
    former->certificate_no = text;
    return former;
}

/* The number that it has now is no former one, though it had it before. */
static void
change_number(const struct jn_view *view, Certification__NumbersRow *row, size_t at,
              const Certification__CertificateRenumbered *event)
{
    const Certification__NumbersRow old = *row;

    row->numbers = jn_take(view, old.n_numbers * sizeof(*row->numbers));
    memcpy(row->numbers, old.numbers, old.n_numbers * sizeof(*row->numbers));
    row->numbers[at] = event->certificate_no;
    row->former = jn_take(view, (old.n_former + 1) * sizeof(*row->former));
    row->n_former = 0;
    for (size_t i = 0; i < old.n_former; i++)
        if (old.former[i]->certificate != event->certificate ||
            strcmp(old.former[i]->certificate_no, event->certificate_no) != 0)
            row->former[row->n_former++] = old.former[i];
    row->former[row->n_former++] = former_number(view, event->certificate, old.numbers[at]);
}

void
apply_certificate_renumbered(struct jn_tables *t, const Certification__CertificateRenumbered *event,
                             const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Certification__NumberRow number = CERTIFICATION__NUMBER_ROW__INIT;
    const Certification__NumbersRow *old;
    Certification__NumbersRow row;
    struct certificate certificate;

    (void)stamp;
    if (!certificate_find(view, event->certificate, &certificate))
        return;
    old = jn_get(view, TABLE_NUMBERS, JN_KEY(certificate.through));
    if (!old)
        return;
    row = *old;
    change_number(view, &row, row.n_numbers - 1 - (certificate.through - certificate.number), event);
    jn_put(t, TABLE_NUMBERS, JN_KEY(certificate.through), &row);
    number.number = event->certificate;
    if (!event->repeated)
        jn_put(t, TABLE_CERTIFICATE_NUMBER, jn_key_bytes(event->certificate_no, strlen(event->certificate_no)), &number);
}
