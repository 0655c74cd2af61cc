/* What the nouns of notification (部门通知) know of one another: tables, finders, and what service.c lists.
 *
 * An item tells a department that something happened, with references alone: who is meant, the department asks
 * enrollment with its own key. One upstream event becomes at most one Delivered a kind, with all inboxes that it goes
 * to. */
#ifndef NOTIFICATION_NOTIFICATION_H
#define NOTIFICATION_NOTIFICATION_H

#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/notification.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/fold.h"

enum {
    TABLE_AGENCY,  /* agency -> NumberRow, its inbox */
    TABLE_INBOX,   /* inbox -> OpenInbox */
    TABLE_WANTED,  /* kind -> WantedRow; without a row nobody wants it */
    TABLE_HEADS,   /* 0 -> HeadsRow */
    TABLE_ITEM,    /* (inbox, number) -> Item; rows are never deleted */
    TABLE_AWAITED, /* request -> Awaited; deleted when answered */
    TABLE_CLASS,
    TABLE_PARKED, /* (class, number) -> Parked */
    TABLES,
};

enum {
    COUNTER_INBOXES,
    COUNTER_PARKED, /* the last one's number */
};

enum { TIMER_DEADLINE };

/* As many inboxes as a configuration may have agencies. */
#define INBOXES_MAX 256
#define KIND_FIRST  NOTIFICATION__KIND__ATTESTATION_REQUESTED
#define KIND_LAST   NOTIFICATION__KIND__SEATS_UNJUDGED

/* Of somebody, nobody knows whom: rather told once too often. */
#define EVERY_GROUP UINT32_MAX
#define SOME_WOMEN  1u

/* Where a row must be there and is not, the tables have gone quiet (no room on the disk): what is done then is undone
 * as a whole, and an apply that finds nothing does nothing. */

/* ---- inbox ---- */

uint64_t inbox_number(const struct jn_view *view, const char *agency); /* 0 where it has none */
const Notification__OpenInbox *inbox_find(const struct jn_view *view, uint64_t inbox);
/* Columns with room for the inboxes there are and one more. */
Notification__HeadsRow inbox_heads(const struct jn_view *view);
void inbox_heads_put(struct jn_tables *t, Notification__HeadsRow *heads);

/* The caller's; NOT_FOUND where it has none. */
enum jn_code inbox_own(struct jn_decision *d, uint64_t *inbox);

enum jn_code decide_open_inbox(struct jn_decision *d, const Notification__OpenInbox *cmd);
void apply_inbox_opened(struct jn_tables *t, const Notification__InboxOpened *event, const struct jn_stamp *stamp);
enum jn_code decide_acknowledge(struct jn_decision *d, const Notification__Acknowledge *cmd);
void apply_acknowledged(struct jn_tables *t, const Notification__Acknowledged *event, const struct jn_stamp *stamp);

/* ---- reading ---- */

enum jn_code answer_inbox(struct jn_decision *d, const Notification__InboxRequest *request);
enum jn_code answer_inboxes(struct jn_decision *d, const Notification__InboxesRequest *request);

/* ---- scope ---- */

/* What an event is about, as far as scopes ask. */
struct concern {
    uint32_t division; /* 0: all */
    uint32_t groups;   /* bits */
    uint32_t women;
    Common__Department department; /* whose answer is expected; then nothing but it and the division counts */
};

bool scope_holds(const Notification__Subscriber *subscriber, const struct concern *concern);
/* NULL where nobody wants that kind. */
const Notification__WantedRow *scope_wanted(const struct jn_view *view, Notification__Kind kind);
/* Enters the inbox under the kinds it wants, and takes it from under the others. */
void scope_enter(struct jn_tables *t, uint64_t inbox, const Notification__OpenInbox *facts);
bool scope_wants(const Notification__OpenInbox *facts, Notification__Kind kind);

/* ---- delivery ---- */

/* An item as its source tells it: who and what it is about is filled in from the class where `needs` says that it must
 * have got so far. Sources other than enrollment may be read before enrollment is: the item is parked then. */
struct notice {
    Notification__Item item;
    struct concern concern;
    Notification__ClassStage needs;
};
struct notice notice_of(Notification__Kind kind, const struct jn_source *source);

/* What was delivered, where answers are expected; may be NULL. */
enum jn_code notice_deliver(struct jn_decision *d, struct notice *notice, const Notification__Delivered **delivered);
/* What waited for the class to get so far. */
enum jn_code notice_release(struct jn_decision *d, uint64_t class);

void apply_delivered(struct jn_tables *t, const Notification__Delivered *event, const struct jn_stamp *stamp);
void apply_parked(struct jn_tables *t, const Notification__Parked *event, const struct jn_stamp *stamp);
void apply_unparked(struct jn_tables *t, const Notification__Unparked *event, const struct jn_stamp *stamp);

/* ---- deadline ---- */

/* The day until which that inbox's department is expected to answer what comes today. */
int32_t deadline_day(int32_t today, const Notification__Subscriber *subscriber);
const Notification__Awaited *deadline_awaited(const struct jn_view *view, uint64_t request);
/* The request was delivered: answers are expected. */
enum jn_code deadline_expect(struct jn_decision *d, const Enrollment__AttestationRequested *event,
                             const Notification__Delivered *delivered);
/* No answer is expected any more. */
enum jn_code deadline_drop(struct jn_decision *d, uint64_t request);
enum jn_code fire_deadline(struct jn_decision *d, uint64_t request);
enum jn_code hear_attested(struct jn_decision *d, const Enrollment__Attested *event, const struct jn_source *source);

void apply_awaited(struct jn_tables *t, const Notification__Awaited *event, const struct jn_stamp *stamp);
void apply_partly_answered(struct jn_tables *t, const Notification__PartlyAnswered *event,
                           const struct jn_stamp *stamp);
void apply_answered(struct jn_tables *t, const Notification__Answered *event, const struct jn_stamp *stamp);
void apply_overdue(struct jn_tables *t, const Notification__Overdue *event, const struct jn_stamp *stamp);

/* ---- class ---- */

const Notification__ClassRow *class_find(const struct jn_view *view, uint64_t class);
/* Notes how far the class got, then delivers what waited for it. */
enum jn_code class_note(struct jn_decision *d, const Notification__ClassNoted *event);
void apply_class_noted(struct jn_tables *t, const Notification__ClassNoted *event, const struct jn_stamp *stamp);

/* ---- what each upstream tells: one kind an event, see service.c ---- */

#define TOLD(name, type)                                                                                               \
    enum jn_code tell_##name(struct jn_decision *d, const type *event, const struct jn_source *source)
TOLD(institutions_designated, Enrollment__InstitutionsDesignated);
TOLD(class_filed, Enrollment__ClassFiled);
TOLD(class_opened, Enrollment__ClassOpened);
TOLD(attestation_requested, Enrollment__AttestationRequested);
TOLD(class_finished, Enrollment__ClassFinished);
TOLD(class_stopped, Enrollment__ClassStopped);
TOLD(results_closed, Certification__ResultsClosed);
TOLD(certificate_revoked, Certification__CertificateRevoked);
TOLD(certificates_lapsed, Certification__CertificatesLapsed);
TOLD(standards_set, Subsidy__StandardsSet);
TOLD(claims_published, Subsidy__Published);
TOLD(claims_approved, Subsidy__Approved);
TOLD(claim_held, Subsidy__Held);
TOLD(claim_released, Subsidy__Released);
TOLD(advance_granted, Subsidy__AdvanceGranted);
/* The way of a claim */
TOLD(claims_stepped, Subsidy__Stepped);
TOLD(claim_returned, Subsidy__ClaimReturned);
TOLD(term_over, Subsidy__TermOver);
TOLD(objection_raised, Subsidy__Objected);
TOLD(objection_decided, Subsidy__ObjectionDecided);
TOLD(gate_overridden, Subsidy__GateOverridden);
TOLD(case_opened, Subsidy__CaseOpened);
TOLD(case_decided, Subsidy__CaseDecided);
/* Reassessment */
TOLD(claims_reassessed, Subsidy__Reassessed);
TOLD(class_cancelled, Enrollment__ClassCancelled);
TOLD(seats_unjudged, Subsidy__SeatsUnjudged);
TOLD(appropriated, Ledger__Appropriated);
TOLD(queued_for_funds, Ledger__Queued);
TOLD(payment_instructed, Ledger__Instructed);
TOLD(paid, Ledger__Paid);
TOLD(payment_failed, Ledger__Failed);
TOLD(shortfall_foreseen, Ledger__ShortfallForeseen);
TOLD(limits_warned, Subsidy__Warned);
TOLD(recovery_due, Ledger__AdvanceSettled);

void notification_audit(struct jn_audit *audit);

extern const struct jn_service notification_service;

#endif
