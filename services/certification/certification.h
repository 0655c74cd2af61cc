/* What the nouns of certification (鉴定发证) know of one another: tables, finders, and what service.c lists.
 *
 * Certification knows institutions, classes, people and rosters from enrollment's feed alone; what it heard is kept by
 * bookkeeping events of its own. People, classes, institutions are enrollment's dense numbers; certificates are
 * numbered here. */
#ifndef CERTIFICATION_CERTIFICATION_H
#define CERTIFICATION_CERTIFICATION_H

#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "runtime/fold.h"

enum {
    TABLE_BODY_NUMBER, /* uscc -> number of the institution */
    TABLE_BODY,        /* institution -> BodyRow; those alone that certify or did */
    TABLE_CLASS_NUMBER,
    TABLE_CLASS,
    TABLE_PERSON_NUMBER,
    TABLE_NAMES,
    TABLE_ROSTER,
    TABLE_RESULTS,
    TABLE_NUMBERS,
    TABLE_CERTIFICATE_NUMBER,
    TABLE_HOLDINGS,
    TABLE_BASE,
    TABLES,
};

enum {
    COUNTER_CERTIFICATES, /* the last certificate's number: as many results were recorded */
    COUNTER_SKILLED,      /* people with a live certificate of a level */
    COUNTER_HIGHLY_SKILLED,
    COUNTER_REVOKED,
    COUNTER_LAPSED,
    COUNTER_BASE_YEAR,
};

enum { TIMER_LAPSE };

/* A class holds at most 2,000 people (enrollment's capacity); seats start at 1. */
#define SEATS_MAX 2000

typedef Certification__RecordedResult RecordedResult;

/* Where a row must be there and is not, the tables have gone quiet (no room on the disk): what is done then is undone
 * as a whole. The finders named *_of answer with an empty row in that case, so that applies need not ask. */

/* ---- body ---- */

/* The institution's number by its credit code; 0 where it certifies nothing. */
uint64_t body_number(const struct jn_view *view, const char *uscc);
const Certification__BodyRow *body_of(const struct jn_view *view, uint64_t institution);
bool body_may_certify(const Certification__BodyRow *body, const char *occupation);

enum jn_code react_institutions_designated(struct jn_decision *d, const Enrollment__InstitutionsDesignated *event,
                                           const struct jn_source *source);
void apply_bodies_noted(struct jn_tables *t, const Certification__BodiesNoted *event, const struct jn_stamp *stamp);

/* ---- class ---- */

uint64_t class_number(const struct jn_view *view, const char *class_no);
const Certification__ClassRow *class_find(const struct jn_view *view, uint64_t class);
const Certification__ClassRow *class_of(const struct jn_view *view, uint64_t class);
bool class_passed(const Certification__ClassRow *class, uint32_t seat);
/* The class that results may be recorded for by this caller; else the refusal. */
enum jn_code class_taking_results(struct jn_decision *d, const char *class_no, uint64_t *number,
                                  const Certification__ClassRow **class);

enum jn_code decide_close_results(struct jn_decision *d, const Certification__CloseResults *cmd);
enum jn_code react_class_filed(struct jn_decision *d, const Enrollment__ClassFiled *event,
                               const struct jn_source *source);
enum jn_code react_class_opened(struct jn_decision *d, const Enrollment__ClassOpened *event,
                                const struct jn_source *source);
enum jn_code react_class_stopped(struct jn_decision *d, const Enrollment__ClassStopped *event,
                                 const struct jn_source *source);
void apply_class_noted(struct jn_tables *t, const Certification__ClassNoted *event, const struct jn_stamp *stamp);
void apply_results_closed(struct jn_tables *t, const Certification__ResultsClosed *event, const struct jn_stamp *stamp);

/* ---- person ---- */

/* By an id number that was checked and put right; 0 where unknown. */
uint64_t person_number(const struct jn_view *view, const char *id_number);
/* "" where enrollment gave none. */
const char *person_name(const struct jn_view *view, uint64_t person);

enum jn_code react_people_registered(struct jn_decision *d, const Enrollment__PeopleRegistered *event,
                                     const struct jn_source *source);
void apply_people_noted(struct jn_tables *t, const Certification__PeopleNoted *event, const struct jn_stamp *stamp);

/* ---- roster ---- */

/* A class's roster in memory, by person. */
struct roster;
const struct roster *roster_load(const struct jn_view *view, uint64_t class);
uint32_t roster_seat(const struct roster *roster, uint64_t person); /* 0 where not on it */

enum jn_code react_enrolled(struct jn_decision *d, const Enrollment__Enrolled *event, const struct jn_source *source);
void apply_roster_noted(struct jn_tables *t, const Certification__RosterNoted *event, const struct jn_stamp *stamp);

/* ---- holding ---- */

/* What a person holds: visits the live certificates of one person, in order of recording. */
void holdings_of(const struct jn_view *view, uint64_t person, void (*each)(void *, uint64_t certificate),
                 void *context);
/* All keep the counts of skilled and highly skilled people. */
void holdings_add(struct jn_tables *t, RecordedResult *const *rows, size_t count);
void holdings_drop(struct jn_tables *t, uint64_t person, uint64_t certificate);
/* The certificate is of that level now. */
void holdings_change(struct jn_tables *t, uint64_t person, uint64_t certificate, uint32_t level);
/* Of all rows: how many certificates and people there are; for the audit. */
struct holdings_sum {
    uint64_t live, skilled, highly_skilled;
    uint64_t fingerprint; /* sum of holding_fingerprint: equal where the same people hold the same, in whatever order */
};
uint64_t holding_fingerprint(uint64_t person, uint64_t certificate, uint32_t level);
void holdings_recount(const struct jn_view *view, struct holdings_sum *sum);

/* ---- result: one row judged; results: the commands and their events ---- */

struct result_sheet {
    struct jn_decision *d;
    const Certification__ClassRow *class;
    const struct roster *roster;
    uint8_t *passed; /* as in ClassRow; rows judged good are entered */
    /* Most rows of a sheet name the same evaluator: looked up once. */
    const char *evaluator;
    uint64_t evaluator_number;
    enum jn_code evaluator_code;
};
#define PASSED_BYTES (SEATS_MAX / 8 + 1)

/* Fills `out` but for the certificate's number and its flags, or refuses with a sentence. */
enum jn_code result_judge(struct result_sheet *sheet, const Certification__Result *row, RecordedResult *out);

/* The certificate alone: kind, level, day, number, and its evaluator where that is another than `known` (0: none is).
 */
enum jn_code result_judge_paper(struct result_sheet *sheet, const Certification__Result *row, uint64_t known,
                                RecordedResult *out);

enum jn_code decide_record_results(struct jn_decision *d, const Certification__RecordResults *cmd);
void apply_results_recorded(struct jn_tables *t, const Certification__ResultsRecorded *event,
                            const struct jn_stamp *stamp);
void apply_results_numbered(struct jn_tables *t, const Certification__ResultsNumbered *event,
                            const struct jn_stamp *stamp);

/* ---- certificate ---- */

enum certificate_state { CERTIFICATE_VALID, CERTIFICATE_NOT_YET_VALID, CERTIFICATE_LAPSED, CERTIFICATE_REVOKED };

struct certificate {
    uint64_t number;
    uint64_t through; /* the key of its ResultsRow */
    const Certification__ResultsRow *together;
    const RecordedResult *result;
};

/* The first certificate with that number; 0 where there is none. */
uint64_t certificate_number_of(const struct jn_view *view, const char *certificate_no);
bool certificate_find(const struct jn_view *view, uint64_t number, struct certificate *out);
/* Is it in such a list of revoked or lapsed ones? */
bool certificate_listed(const uint64_t *numbers, size_t count, uint64_t number);
/* By its number or its dense number, exactly one of which must be given, as one of the caller's divisions; else the
 * refusal. */
enum jn_code certificate_to_change(struct jn_decision *d, const char *text, uint64_t number, struct certificate *out,
                                   const Certification__ClassRow **class);
enum certificate_state certificate_state(const struct certificate *certificate, int32_t today);
const char *certificate_no(const struct jn_view *view, const struct certificate *certificate);

/* Special operations (特种作业) alone lapse: six years after they were issued. The last valid day, INT32_MAX where it
 * does not lapse. */
#define SPECIAL_OPERATION_YEARS 6
int32_t certificate_valid_to(const RecordedResult *result);

/* The lapses of a sheet whose rows are others now: days that none of them needs any more, and days that one does. */
void lapses_move(struct jn_tables *t, Certification__ResultsRow *row, uint64_t through);

enum jn_code decide_revoke_certificate(struct jn_decision *d, const Certification__RevokeCertificate *cmd);
void apply_certificate_revoked(struct jn_tables *t, const Certification__CertificateRevoked *event,
                               const struct jn_stamp *stamp);
enum jn_code fire_lapse(struct jn_decision *d, uint64_t through);
void apply_certificates_lapsed(struct jn_tables *t, const Certification__CertificatesLapsed *event,
                               const struct jn_stamp *stamp);
enum jn_code answer_certificate(struct jn_decision *d, const Certification__CertificateRequest *request);

/* ---- correction ---- */

enum jn_code decide_correct_certificate(struct jn_decision *d, const Certification__CorrectCertificate *cmd);
void apply_certificate_corrected(struct jn_tables *t, const Certification__CertificateCorrected *event,
                                 const struct jn_stamp *stamp);
void apply_certificate_renumbered(struct jn_tables *t, const Certification__CertificateRenumbered *event,
                                  const struct jn_stamp *stamp);

/* ---- permission, totals, audit ---- */

enum jn_code answer_may_work(struct jn_decision *d, const Certification__MayWorkRequest *request);

enum jn_code decide_set_base(struct jn_decision *d, const Certification__SetBase *cmd);
void apply_base_set(struct jn_tables *t, const Certification__BaseSet *event, const struct jn_stamp *stamp);
enum jn_code answer_totals(struct jn_decision *d, const Certification__TotalsRequest *request);

void certification_audit(struct jn_audit *audit);

extern const struct jn_service certification_service;

#endif
