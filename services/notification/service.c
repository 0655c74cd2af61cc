/* Notification (部门通知), as one could print it and hang it on the wall. */
#include "notification/notification.h"

static const struct jn_table tables[] = {
    [TABLE_AGENCY] = {"agency", &notification__number_row__descriptor},
    [TABLE_INBOX] = {"inbox", &notification__open_inbox__descriptor},
    [TABLE_WANTED] = {"wanted", &notification__wanted_row__descriptor},
    [TABLE_HEADS] = {"heads", &notification__heads_row__descriptor},
    [TABLE_ITEM] = {"item", &notification__item__descriptor},
    [TABLE_AWAITED] = {"awaited", &notification__awaited__descriptor},
    [TABLE_CLASS] = {"class", &notification__class_row__descriptor},
    [TABLE_PARKED] = {"parked", &notification__parked__descriptor},
};

static const struct jn_method methods[] = {
    {"OpenInbox", JN_FN(decide_open_inbox), NULL, ROLE_OPERATOR | ROLE_ADMINISTRATION},
    {"Acknowledge", JN_FN(decide_acknowledge), NULL, ROLE_INBOX},
    {"Inbox", NULL, JN_FN(answer_inbox), ROLE_INBOX},
    {"Inboxes", NULL, JN_FN(answer_inboxes), ROLE_OPERATOR | ROLE_AUDITOR | ROLE_ADMINISTRATION},
};

static const struct jn_event events[] = {
    {NOTIFICATION__EVENT__BODY_INBOX_OPENED, JN_FN(apply_inbox_opened), ROLE_OPERATOR, false},
    {NOTIFICATION__EVENT__BODY_DELIVERED, JN_FN(apply_delivered), ROLE_OPERATOR, false},
    {NOTIFICATION__EVENT__BODY_ACKNOWLEDGED, JN_FN(apply_acknowledged), ROLE_OPERATOR, false},
    {NOTIFICATION__EVENT__BODY_OVERDUE, JN_FN(apply_overdue), ROLE_OPERATOR, false},
    {NOTIFICATION__EVENT__BODY_ANSWERED, JN_FN(apply_answered), ROLE_OPERATOR, false},
    {NOTIFICATION__EVENT__BODY_AWAITED, JN_FN(apply_awaited), ROLE_NONE, false},
    {NOTIFICATION__EVENT__BODY_PARTLY_ANSWERED, JN_FN(apply_partly_answered), ROLE_NONE, false},
    {NOTIFICATION__EVENT__BODY_CLASS_NOTED, JN_FN(apply_class_noted), ROLE_NONE, false},
    {NOTIFICATION__EVENT__BODY_PARKED, JN_FN(apply_parked), ROLE_NONE, false},
    {NOTIFICATION__EVENT__BODY_UNPARKED, JN_FN(apply_unparked), ROLE_NONE, false},
};

static const struct jn_upstream upstreams[] = {
    {"enrollment", &enrollment__event__descriptor},
    {"certification", &certification__event__descriptor},
    {"subsidy", &subsidy__event__descriptor},
    {"ledger", &ledger__event__descriptor},
};

/* Which event makes which kind of item: the one that its reaction is named after. */
static const struct jn_reaction reactions[] = {
    {"enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, JN_FN(tell_institutions_designated)},
    {"enrollment", ENROLLMENT__EVENT__BODY_CLASS_FILED, JN_FN(tell_class_filed)},
    {"enrollment", ENROLLMENT__EVENT__BODY_CLASS_OPENED, JN_FN(tell_class_opened)},
    {"enrollment", ENROLLMENT__EVENT__BODY_ATTESTATION_REQUESTED, JN_FN(tell_attestation_requested)},
    {"enrollment", ENROLLMENT__EVENT__BODY_ATTESTED, JN_FN(hear_attested)},
    {"enrollment", ENROLLMENT__EVENT__BODY_CLASS_FINISHED, JN_FN(tell_class_finished)},
    {"enrollment", ENROLLMENT__EVENT__BODY_CLASS_STOPPED, JN_FN(tell_class_stopped)},
    /* And special_operations_passed. */
    {"certification", CERTIFICATION__EVENT__BODY_RESULTS_CLOSED, JN_FN(tell_results_closed)},
    {"certification", CERTIFICATION__EVENT__BODY_CERTIFICATE_REVOKED, JN_FN(tell_certificate_revoked)},
    {"certification", CERTIFICATION__EVENT__BODY_CERTIFICATES_LAPSED, JN_FN(tell_certificates_lapsed)},
    {"subsidy", SUBSIDY__EVENT__BODY_STANDARDS_SET, JN_FN(tell_standards_set)},
    {"subsidy", SUBSIDY__EVENT__BODY_PUBLISHED, JN_FN(tell_claims_published)},
    {"subsidy", SUBSIDY__EVENT__BODY_APPROVED, JN_FN(tell_claims_approved)},
    {"subsidy", SUBSIDY__EVENT__BODY_HELD, JN_FN(tell_claim_held)},
    {"subsidy", SUBSIDY__EVENT__BODY_RELEASED, JN_FN(tell_claim_released)},
    {"subsidy", SUBSIDY__EVENT__BODY_ADVANCE_GRANTED, JN_FN(tell_advance_granted)},
    {"subsidy", SUBSIDY__EVENT__BODY_WARNED, JN_FN(tell_limits_warned)},
    /* The way of a claim */
    {"subsidy", SUBSIDY__EVENT__BODY_STEPPED, JN_FN(tell_claims_stepped)},
    {"subsidy", SUBSIDY__EVENT__BODY_CLAIM_RETURNED, JN_FN(tell_claim_returned)},
    {"subsidy", SUBSIDY__EVENT__BODY_TERM_OVER, JN_FN(tell_term_over)},
    {"subsidy", SUBSIDY__EVENT__BODY_OBJECTED, JN_FN(tell_objection_raised)},
    {"subsidy", SUBSIDY__EVENT__BODY_OBJECTION_DECIDED, JN_FN(tell_objection_decided)},
    {"subsidy", SUBSIDY__EVENT__BODY_GATE_OVERRIDDEN, JN_FN(tell_gate_overridden)},
    {"subsidy", SUBSIDY__EVENT__BODY_CASE_OPENED, JN_FN(tell_case_opened)},
    {"subsidy", SUBSIDY__EVENT__BODY_CASE_DECIDED, JN_FN(tell_case_decided)},
    /* Reassessment */
    {"subsidy", SUBSIDY__EVENT__BODY_REASSESSED, JN_FN(tell_claims_reassessed)},
    {"enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, JN_FN(tell_class_cancelled)},
    {"subsidy", SUBSIDY__EVENT__BODY_SEATS_UNJUDGED, JN_FN(tell_seats_unjudged)},
    {"ledger", LEDGER__EVENT__BODY_APPROPRIATED, JN_FN(tell_appropriated)},
    {"ledger", LEDGER__EVENT__BODY_QUEUED, JN_FN(tell_queued_for_funds)},
    {"ledger", LEDGER__EVENT__BODY_INSTRUCTED, JN_FN(tell_payment_instructed)},
    {"ledger", LEDGER__EVENT__BODY_PAID, JN_FN(tell_paid)},
    {"ledger", LEDGER__EVENT__BODY_FAILED, JN_FN(tell_payment_failed)},
    {"ledger", LEDGER__EVENT__BODY_ADVANCE_SETTLED, JN_FN(tell_recovery_due)},
    {"ledger", LEDGER__EVENT__BODY_SHORTFALL_FORESEEN, JN_FN(tell_shortfall_foreseen)},
};

static const struct jn_timer timers[] = {
    [TIMER_DEADLINE] = {JN_FN(fire_deadline)},
};

const struct jn_service notification_service = {
    .name = "notification",
    .version = 1,
    .contract = &notification__notification__descriptor,
    .event = &notification__event__descriptor,
    JN_LIST(tables),
    JN_LIST(methods),
    JN_LIST(events),
    JN_LIST(upstreams),
    JN_LIST(reactions),
    JN_LIST(timers),
    .audit = notification_audit,
};
