/* A result (考核结果): one row of a sheet, judged by itself. A refused row costs only that row. */
#include "certification/certification.h"

#include <string.h>

#include "domain/date.h"
#include "domain/identifiers.h"

#define LEVEL_MAX 5
#define YEAR_MAX  2199

static bool
carries_level(Common__CertificateKind kind)
{
    return kind == COMMON__CERTIFICATE_KIND__QUALIFICATION || kind == COMMON__CERTIFICATE_KIND__SKILL_LEVEL;
}

static bool
kind_known(Common__CertificateKind kind)
{
    return kind >= COMMON__CERTIFICATE_KIND__QUALIFICATION && kind <= COMMON__CERTIFICATE_KIND__COMPLETION;
}

/* Any number may come as a day: it is compared before it is taken apart. */
static bool
day_exists(int32_t day)
{
    int32_t last;

    return day > 0 && date_make(YEAR_MAX, 12, 31, &last) && day <= last;
}

static enum jn_code
judge_certificate(struct result_sheet *sheet, const Certification__Result *row)
{
    struct jn_decision *d = sheet->d;
    enum identifier_fault fault;

    if (!kind_known(row->kind))
        return jn_refuse(d, JN_MALFORMED, "give the kind of certificate (证书类型)");
    if (carries_level(row->kind) && (row->level < 1 || row->level > LEVEL_MAX))
        return jn_refuse(d, JN_MALFORMED, "such a certificate has a level (等级), 5 to 1; give it");
    if (!carries_level(row->kind) && row->level != 0)
        return jn_refuse(d, JN_MALFORMED, "such a certificate has no level (等级); leave it out");
    if (!day_exists(row->day))
        return jn_refuse(d, JN_MALFORMED, "give the day of the certificate (发证日期)");
    fault = certificate_number(row->certificate_no, (int)row->kind, (int)row->level, date_of(row->day).year);
    if (fault != IDENTIFIER_OK)
        return jn_refuse(d, JN_MALFORMED, "certificate number (证书编号): %s", identifier_fault_text(fault));
    if (row->day < sheet->class->end_day)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "dated before the class's end: the examination comes after it, 3.4-c");
    return JN_OK;
}

static enum jn_code
judge_person(struct result_sheet *sheet, const Certification__Result *row, RecordedResult *out)
{
    struct jn_decision *d = sheet->d;
    char id_number[CITIZEN_TEXT];
    bool mended;
    enum identifier_fault fault = citizen_number(row->id_number, id_number, &mended);

    if (fault != IDENTIFIER_OK)
        return jn_refuse(d, JN_MALFORMED, "id number (身份证号): %s", identifier_fault_text(fault));
    out->person = person_number(d->view, id_number);
    out->seat = out->person ? roster_seat(sheet->roster, out->person) : 0;
    if (out->seat == 0)
        return jn_refuse(d, JN_NOT_FOUND, "not on the roster (花名册) of this class");
    if (sheet->passed[out->seat / 8] >> out->seat % 8 & 1)
        return jn_refuse(d, JN_ALREADY_EXISTS, "a result of this person in this class is recorded already");
    return JN_OK;
}

/* Whatever its kind and term, an institution may evaluate what enrollment lists it for: an enterprise its own staff
 * too, 2.14-b. */
static enum jn_code
look_up_evaluator(struct result_sheet *sheet, const char *text)
{
    char uscc[CREDIT_TEXT];
    bool inner_wrong;

    if (credit_code(text, uscc, &inner_wrong) != IDENTIFIER_OK)
        return JN_MALFORMED;
    sheet->evaluator_number = body_number(sheet->d->view, uscc);
    if (sheet->evaluator_number == 0)
        return JN_NOT_FOUND;
    return body_may_certify(body_of(sheet->d->view, sheet->evaluator_number), sheet->class->occupation) ? JN_OK
                                                                                                        : JN_REFUSED;
}

static enum jn_code
judge_evaluator(struct result_sheet *sheet, const Certification__Result *row, RecordedResult *out)
{
    struct jn_decision *d = sheet->d;

    if (!sheet->evaluator || strcmp(sheet->evaluator, row->evaluator) != 0) {
        sheet->evaluator_code = look_up_evaluator(sheet, row->evaluator);
        sheet->evaluator = row->evaluator;
    }
    out->evaluator = sheet->evaluator_number;
    if (sheet->evaluator_code == JN_MALFORMED)
        return jn_refuse(d, JN_MALFORMED, "evaluator (评价机构): not a unified social credit code");
    if (sheet->evaluator_code == JN_NOT_FOUND)
        return jn_refuse(d, JN_NOT_FOUND, "evaluator (评价机构): none that may certify is designated under this code");
    if (sheet->evaluator_code == JN_REFUSED)
        return jn_refuse(d, JN_REFUSED, "evaluator (评价机构): may not certify the occupation of this class, 2.14-a");
    return JN_OK;
}

static void
take_paper(const struct result_sheet *sheet, const Certification__Result *row, RecordedResult *out)
{
    out->kind = row->kind;
    out->level = row->level;
    out->day = row->day;
    out->post_dated = row->day > sheet->d->today;
}

/* One that it has already stays its evaluator, though it may certify the occupation no longer. */
static bool
is_body(const struct jn_view *view, const char *text, uint64_t body)
{
    char uscc[CREDIT_TEXT];
    bool inner_wrong;

    return body && credit_code(text, uscc, &inner_wrong) == IDENTIFIER_OK && body_number(view, uscc) == body;
}

enum jn_code
result_judge_paper(struct result_sheet *sheet, const Certification__Result *row, uint64_t known, RecordedResult *out)
{
    enum jn_code code = judge_certificate(sheet, row);

    out->evaluator = known;
    if (code == JN_OK && !is_body(sheet->d->view, row->evaluator, known))
        code = judge_evaluator(sheet, row, out);
    if (code == JN_OK)
        take_paper(sheet, row, out);
    return code;
}

enum jn_code
result_judge(struct result_sheet *sheet, const Certification__Result *row, RecordedResult *out)
{
    enum jn_code code = judge_certificate(sheet, row);

    if (code == JN_OK)
        code = judge_person(sheet, row, out);
    if (code == JN_OK)
        code = judge_evaluator(sheet, row, out);
    if (code != JN_OK)
        return code;
    sheet->passed[out->seat / 8] |= (uint8_t)(1u << out->seat % 8);
    take_paper(sheet, row, out);
    return JN_OK;
}
