/* What subsidy (补贴核算) tells. */
#include "notification/notification.h"

#include "domain/money.h"

/* A standard of the city's is every county's until it sets its own, 2.10-d: the scopes know that. */
enum jn_code
tell_standards_set(struct jn_decision *d, const Subsidy__StandardsSet *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__STANDARDS_SET, source);

    for (size_t i = 0; i < event->n_rows; i++) {
        uint32_t division = event->rows[i]->division;

        notice.item.division = i == 0 || notice.item.division == division ? division : 0;
        if (notice.item.division == 0)
            break;
    }
    notice.item.count = (uint32_t)event->n_rows;
    return notice_deliver(d, &notice, NULL);
}

static struct notice
of_settlement(Notification__Kind kind, const struct jn_source *source, uint64_t settlement, uint64_t class,
              uint32_t division)
{
    struct notice notice = notice_of(kind, source);

    notice.needs = NOTIFICATION__CLASS_STAGE__STAGE_FINISHED;
    notice.item.reference = settlement;
    notice.item.class_ = class;
    notice.item.division = division;
    return notice;
}

/* Rosters are the employment service's: whoever may see the class may be told. */
enum jn_code
tell_limits_warned(struct jn_decision *d, const Subsidy__Warned *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__LIMITS_WARNED, source);

    notice.item.reference = notice.item.class_ = event->class_;
    notice.item.class_no = event->class_no;
    notice.item.division = event->division;
    notice.item.count = (uint32_t)event->n_rows;
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_claims_published(struct jn_decision *d, const Subsidy__Published *event, const struct jn_source *source)
{
    struct notice notice =
        of_settlement(NOTIFICATION__KIND__CLAIMS_PUBLISHED, source, event->settlement, event->class_, event->division);

    notice.item.count = event->claims;
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_claims_approved(struct jn_decision *d, const Subsidy__Approved *event, const struct jn_source *source)
{
    struct notice notice =
        of_settlement(NOTIFICATION__KIND__CLAIMS_APPROVED, source, event->settlement, event->class_, event->division);

    notice.item.count = event->claims > event->n_held ? event->claims - (uint32_t)event->n_held : 0;
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_claim_held(struct jn_decision *d, const Subsidy__Held *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__CLAIM_HELD, source);

    if (event->groups != 0)
        notice.concern.groups = event->groups;
    notice.item.reference = event->claim;
    notice.item.division = event->division;
    notice.item.count = 1;
    return notice_deliver(d, &notice, NULL);
}

/* Something by its number, in no class: a claim that is let go, a case. */
static enum jn_code
tell_one(struct jn_decision *d, Notification__Kind kind, const struct jn_source *source, uint64_t number,
         uint32_t division)
{
    struct notice notice = notice_of(kind, source);

    notice.item.reference = number;
    notice.item.division = division;
    notice.item.count = 1;
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_claim_released(struct jn_decision *d, const Subsidy__Released *event, const struct jn_source *source)
{
    return tell_one(d, NOTIFICATION__KIND__CLAIM_RELEASED, source, event->claim, event->division);
}

enum jn_code
tell_advance_granted(struct jn_decision *d, const Subsidy__AdvanceGranted *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__ADVANCE_GRANTED, source);

    notice.needs = NOTIFICATION__CLASS_STAGE__STAGE_OPENED;
    notice.item.reference = notice.item.class_ = event->class_;
    notice.item.class_no = event->class_no;
    notice.item.division = event->division;
    notice.item.count = (uint32_t)event->n_parts;
    for (size_t i = 0; i < event->n_parts; i++)
        money_add(notice.item.amount_fen, event->parts[i]->amount_fen, &notice.item.amount_fen);
    return notice_deliver(d, &notice, NULL);
}

/* ---- The way of a claim ---- */

/* Who confirms or reviews next. */
enum jn_code
tell_claims_stepped(struct jn_decision *d, const Subsidy__Stepped *event, const struct jn_source *source)
{
    struct notice notice =
        of_settlement(NOTIFICATION__KIND__CLAIMS_STEPPED, source, event->settlement, event->class_, event->division);

    notice.item.count = event->claim ? 1 : 0; /* 0: all that are together */
    return notice_deliver(d, &notice, NULL);
}

/* Something about one claim of a class that has finished. */
static enum jn_code
tell_of_claim(struct jn_decision *d, Notification__Kind kind, const struct jn_source *source, uint64_t claim,
              uint64_t class, uint32_t division)
{
    struct notice notice = of_settlement(kind, source, claim, class, division);

    notice.item.count = 1;
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_claim_returned(struct jn_decision *d, const Subsidy__ClaimReturned *event, const struct jn_source *source)
{
    return tell_of_claim(d, NOTIFICATION__KIND__CLAIM_RETURNED, source, event->claim, event->class_, event->division);
}

/* A case about a person or an institution lies in no class and no division: it concerns whoever wants the kind. */
enum jn_code
tell_term_over(struct jn_decision *d, const Subsidy__TermOver *event, const struct jn_source *source)
{
    struct notice notice = notice_of(NOTIFICATION__KIND__TERM_OVER, source);

    if (event->class_)
        notice.needs = NOTIFICATION__CLASS_STAGE__STAGE_FINISHED;
    notice.item.reference = event->number;
    notice.item.class_ = event->class_;
    notice.item.division = event->division;
    notice.item.count = event->reminders;
    return notice_deliver(d, &notice, NULL);
}

enum jn_code
tell_objection_raised(struct jn_decision *d, const Subsidy__Objected *event, const struct jn_source *source)
{
    return tell_of_claim(d, NOTIFICATION__KIND__OBJECTION_RAISED, source, event->claim, event->class_, event->division);
}

enum jn_code
tell_objection_decided(struct jn_decision *d, const Subsidy__ObjectionDecided *event, const struct jn_source *source)
{
    return tell_of_claim(d, NOTIFICATION__KIND__OBJECTION_DECIDED, source, event->claim, event->class_,
                         event->division);
}

enum jn_code
tell_gate_overridden(struct jn_decision *d, const Subsidy__GateOverridden *event, const struct jn_source *source)
{
    return tell_of_claim(d, NOTIFICATION__KIND__GATE_OVERRIDDEN, source, event->claim, event->class_, event->division);
}

enum jn_code
tell_case_opened(struct jn_decision *d, const Subsidy__CaseOpened *event, const struct jn_source *source)
{
    return tell_one(d, NOTIFICATION__KIND__CASE_OPENED, source, event->case_, event->division);
}

enum jn_code
tell_case_decided(struct jn_decision *d, const Subsidy__CaseDecided *event, const struct jn_source *source)
{
    return tell_one(d, NOTIFICATION__KIND__CASE_DECIDED, source, event->case_, event->division);
}

enum jn_code
tell_seats_unjudged(struct jn_decision *d, const Subsidy__SeatsUnjudged *event, const struct jn_source *source)
{
    struct notice notice =
        of_settlement(NOTIFICATION__KIND__SEATS_UNJUDGED, source, event->settlement, event->class_, event->division);

    notice.item.class_no = event->class_no;
    notice.item.count = event->seats;
    return notice_deliver(d, &notice, NULL);
}

/* ---- Reassessment ---- */

#define CLAIMS_TOLD_MAX 50

static const struct cause {
    const char *en, *zh;
} causes[] = {
    [SUBSIDY__CAUSE__CAUSE_UNSPECIFIED] = {"reassessed", "重新核定"},
    [SUBSIDY__CAUSE__REVIEWED] = {"a decision orders it", "依决定复核"},
    [SUBSIDY__CAUSE__CERTIFICATE_REVOKED] = {"a certificate was revoked", "证书被撤销"},
    [SUBSIDY__CAUSE__CERTIFICATE_CORRECTED] = {"a certificate was corrected", "证书信息更正"},
    [SUBSIDY__CAUSE__ATTESTATION_WITHDRAWN] = {"an attestation was withdrawn", "身份认定撤回"},
    [SUBSIDY__CAUSE__ATTENDANCE_CORRECTED] = {"attendance was corrected", "考勤更正"},
    [SUBSIDY__CAUSE__CLASS_CANCELLED] = {"the class was cancelled", "班级取消"},
    [SUBSIDY__CAUSE__RULE_CHANGED] = {"another rule applies backwards", "政策追溯适用"},
    [SUBSIDY__CAUSE__HISTORY_CAME_LATE] = {"earlier benefits were told late", "补录以往补贴"},
};

static void
note_claim(Notification__Item *item, uint64_t claim)
{
    if (claim && item->n_claims < CLAIMS_TOLD_MAX)
        item->claims[item->n_claims++] = claim;
}

/* What each answer moved: what is due in addition, what no longer is, and which claims are touched. */
static void
sum_rows(const Subsidy__Reassessed *event, Notification__Item *item)
{
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__ReassessedRow *row = event->rows[i];

        money_add(item->amount_fen, row->topup_fen, &item->amount_fen);
        for (size_t n = 0; n < row->n_taken; n++) {
            money_add(item->less_fen, row->taken[n]->amount_fen, &item->less_fen);
            note_claim(item, row->taken[n]->claim);
        }
        note_claim(item, row->topup);
    }
}

/* Whoever may see the class's claims is told why they are others now, and by whose word. */
enum jn_code
tell_claims_reassessed(struct jn_decision *d, const Subsidy__Reassessed *event, const struct jn_source *source)
{
    struct notice notice = of_settlement(NOTIFICATION__KIND__CLAIMS_REASSESSED, source, event->reassessment,
                                         event->class_, event->division);
    Notification__Item *item = &notice.item;
    const struct cause *cause = &causes[event->cause < sizeof(causes) / sizeof(causes[0]) ? event->cause : 0];
    char more[MONEY_TEXT], less[MONEY_TEXT];

    item->claims = jn_take(d->view, CLAIMS_TOLD_MAX * sizeof(*item->claims));
    item->count = (uint32_t)event->n_rows;
    item->document = event->document;
    sum_rows(event, item);
    money_format(item->amount_fen, more);
    money_format(item->less_fen, less);
    item->en = jn_arena_print(d->arena, "Class %s: %u answers are others now, %s (%s): %s yuan more, %s yuan less.",
                              event->class_no, item->count, cause->en, event->document, more, less);
    item->zh = jn_arena_print(d->arena, "班级%s：%u项补贴重新核定，原因：%s（%s）；补发%s元，核减%s元。",
                              event->class_no, item->count, cause->zh, event->document, more, less);
    return notice_deliver(d, &notice, NULL);
}
