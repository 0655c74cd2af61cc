/* The subsidy service as one could hang it on the wall. */
#include "subsidy/nouns.h"

#define TABLE(number, table_name, row_type) [number] = {.name = table_name, .row = &row_type##__descriptor}

static const struct jn_table tables[] = {
    TABLE(TABLE_PACK, "pack", policy__pack),
    TABLE(TABLE_PACK_HEAD, "pack_head", subsidy__pack_head),
    TABLE(TABLE_PACK_NUMBER, "pack_number", subsidy__number_row),
    TABLE(TABLE_STANDARD, "standard", subsidy__figure_row),
    TABLE(TABLE_REFERENCE_NAME, "reference_name", subsidy__number_row),
    TABLE(TABLE_REFERENCE, "reference", subsidy__figure_row),
    TABLE(TABLE_DIVISION, "division", subsidy__division_row),
    TABLE(TABLE_INSTITUTION, "institution", subsidy__institution_row),
    TABLE(TABLE_OCCUPATION, "occupation", subsidy__number_row),
    TABLE(TABLE_HISTORY, "history", subsidy__history_row),
    TABLE(TABLE_CLASS, "class", subsidy__class_noted),
    TABLE(TABLE_CLASS_NUMBER, "class_number", subsidy__number_row),
    TABLE(TABLE_PROGRESS, "progress", subsidy__progress_row),
    TABLE(TABLE_SEATS, "seats", subsidy__seats_noted),
    TABLE(TABLE_ROSTER, "roster", subsidy__roster_noted),
    TABLE(TABLE_RESULTS, "results", subsidy__results_noted),
    TABLE(TABLE_REVOCATION, "revocation", subsidy__revocation_noted),
    TABLE(TABLE_AWAITED, "awaited", subsidy__number_row),
    TABLE(TABLE_READY, "ready", subsidy__number_row),
    TABLE(TABLE_SETTLEMENT, "settlement", subsidy__settled),
    TABLE(TABLE_CLAIM, "claim", subsidy__number_row),
    TABLE(TABLE_STANDING, "standing", subsidy__standing_row),
    TABLE(TABLE_ADVANCE, "advance", subsidy__advance_granted),
    TABLE(TABLE_TOTALS, "totals", subsidy__totals_row),

    /* Reassessment */
    TABLE(TABLE_ENTITLEMENT, "entitlement", subsidy__entitlement_row),
    TABLE(TABLE_CHANGE, "change", subsidy__change_row),
    TABLE(TABLE_REASSESSMENT, "reassessment", subsidy__reassessed),
    TABLE(TABLE_PART, "part", subsidy__part_row),
    TABLE(TABLE_BACKWARDS, "backwards", subsidy__backwards_row),
    /* The way of a claim */
    TABLE(TABLE_WAY, "way", subsidy__way_plan),
    TABLE(TABLE_APART, "apart", subsidy__apart_row),
    TABLE(TABLE_TERM, "term", subsidy__term_row),
    TABLE(TABLE_OVERDUE, "overdue", subsidy__number_row),
    TABLE(TABLE_GATED, "gated", subsidy__number_row),
    TABLE(TABLE_OVERRIDE, "override", subsidy__override_kept),
    TABLE(TABLE_OBJECTION, "objection", subsidy__objection_row),
    TABLE(TABLE_OBJECTED, "objected", subsidy__number_row),
    TABLE(TABLE_CASE, "case", subsidy__case_view),
    TABLE(TABLE_SUSPECT, "suspect", subsidy__suspect_row),
    /* funnel.c */
    TABLE(TABLE_FUNNEL, "funnel", subsidy__funnel_row),
    /* attestation.c, receipt.c */
    TABLE(TABLE_ATTESTATION, "attestation", subsidy__attestation_noted),
    TABLE(TABLE_RECEIPT, "receipt", subsidy__receipted),
    /* reservation.c */
    TABLE(TABLE_WARNING, "warning", subsidy__warned),

    /* A pack's way into force. */
    TABLE(TABLE_DRAFT, "draft", subsidy__draft_row),
    TABLE(TABLE_DRAFT_ID, "draft_id", subsidy__number_row),

    /* Corrections */
    TABLE(TABLE_CORRECTION, "correction", subsidy__correction_row),
    TABLE(TABLE_RECKONING, "reckoning", subsidy__reckoning_row),
    TABLE(TABLE_TO_REASSESS, "to_reassess", subsidy__to_reassess_row),
    /* register.c */
    TABLE(TABLE_REGISTER, "register", subsidy__register_row),
    /* enterprise.c */
    TABLE(TABLE_ENTERPRISE, "enterprise", subsidy__enterprise_row),
    /* What gates ask for */
    TABLE(TABLE_PERSON, "person", subsidy__person_row),
    TABLE(TABLE_GATE_SWEEP, "gate_sweep", subsidy__gate_sweep_row),
    /* counted.c */
    TABLE(TABLE_COUNTED, "counted", subsidy__counted_row),
    /* later_class.c */
    TABLE(TABLE_ENTERPRISE_PART, "enterprise_part", subsidy__enterprise_part_row),
    TABLE(TABLE_ENTERPRISE_CHANGE, "enterprise_change", subsidy__enterprise_change),
    /* ahead.c */
    TABLE(TABLE_AHEAD, "ahead", subsidy__ahead_row),
    /* outstanding.c */
    TABLE(TABLE_OUTSTANDING, "outstanding", subsidy__outstanding_row),
    TABLE(TABLE_OUTSTANDING_DAY, "outstanding_day", subsidy__outstanding_count_row),
};

#define READERS                                                                                                        \
    (ROLE_OPERATOR | ROLE_AUDITOR | ROLE_ADMINISTRATION | ROLE_REVIEWER | ROLE_EMPLOYMENT_SERVICE | ROLE_SERVICE)

#define OFFICES (ROLE_EMPLOYMENT_SERVICE | ROLE_ADMINISTRATION | ROLE_FINANCE)

static const struct jn_method methods[] = {
    {.name = "AdoptPack", .decide = JN_FN(decide_adopt_pack), .roles = ROLE_ADMINISTRATION},
    {.name = "SetStandards", .decide = JN_FN(decide_set_standards), .roles = ROLE_ADMINISTRATION},
    {.name = "SetReferences", .decide = JN_FN(decide_set_references), .roles = ROLE_ADMINISTRATION},
    {.name = "SettleDay", .decide = JN_FN(decide_settle_day), .roles = ROLE_OPERATOR},
    {.name = "HoldClaim", .decide = JN_FN(decide_hold_claim), .roles = ROLE_REVIEWER},
    {.name = "ReleaseClaim", .decide = JN_FN(decide_release_claim), .roles = ROLE_REVIEWER},
    {.name = "Claim", .answer = JN_FN(answer_claim), .roles = READERS | ROLE_FINANCE},
    {.name = "ClassClaims", .answer = JN_FN(answer_class_claims), .roles = READERS | ROLE_FINANCE},
    {.name = "Totals", .answer = JN_FN(answer_totals), .roles = READERS},

    /* Reassessment */
    {.name = "Reassess", .decide = JN_FN(decide_reassess), .roles = ROLE_ADMINISTRATION},
    {.name = "ApplyPackBackwards", .decide = JN_FN(decide_apply_pack_backwards), .roles = ROLE_ADMINISTRATION},
    {.name = "Reassessments", .answer = JN_FN(answer_reassessments), .roles = READERS},
    /* The way of a claim */
    {.name = "ConfirmClaims", .decide = JN_FN(decide_confirm_claims), .roles = ROLE_EMPLOYMENT_SERVICE},
    {.name = "ReviewClaims", .decide = JN_FN(decide_review_claims), .roles = OFFICES},
    {.name = "Object", .decide = JN_FN(decide_object), .roles = OFFICES | ROLE_REVIEWER},
    {.name = "DecideObjection", .decide = JN_FN(decide_decide_objection), .roles = ROLE_ADMINISTRATION},
    {.name = "OverrideGate", .decide = JN_FN(decide_override_gate), .roles = ROLE_ADMINISTRATION},
    {.name = "OpenCase", .decide = JN_FN(decide_open_case), .roles = OFFICES | ROLE_REVIEWER},
    {.name = "AddEvidence", .decide = JN_FN(decide_add_evidence), .roles = OFFICES | ROLE_REVIEWER},
    {.name = "DecideCase", .decide = JN_FN(decide_decide_case), .roles = ROLE_ADMINISTRATION},
    {.name = "Overdue", .answer = JN_FN(answer_overdue), .roles = READERS | ROLE_FINANCE},
    {.name = "Cases", .answer = JN_FN(answer_cases), .roles = READERS | ROLE_FINANCE},
    /* funnel_line.c */
    {.name = "Funnel", .answer = JN_FN(answer_funnel), .roles = READERS},
    /* explanation.c, receipt.c */
    {.name = "Warnings",
     .answer = JN_FN(answer_warnings),
     .roles = ROLE_OPERATOR | ROLE_AUDITOR | ROLE_ADMINISTRATION | ROLE_EMPLOYMENT_SERVICE | ROLE_SERVICE},
    {.name = "Explain", .answer = JN_FN(answer_explain), .roles = READERS | ROLE_FINANCE},
    {.name = "IssueReceipt",
     .decide = JN_FN(decide_issue_receipt),
     .roles = ROLE_OPERATOR | ROLE_ADMINISTRATION | ROLE_EMPLOYMENT_SERVICE},

    /* A pack's way into force. */
    {.name = "ProposePack", .decide = JN_FN(decide_propose_pack), .roles = ROLE_ADMINISTRATION},
    {.name = "RecordCases", .decide = JN_FN(decide_record_cases), .roles = ROLE_ADMINISTRATION},
    {.name = "ApprovePack", .decide = JN_FN(decide_approve_pack), .roles = ROLE_ADMINISTRATION},
    {.name = "WithdrawPack", .decide = JN_FN(decide_withdraw_pack), .roles = ROLE_ADMINISTRATION},
    {.name = "Drafts", .answer = JN_FN(answer_drafts), .roles = READERS},
    {.name = "Draft", .answer = JN_FN(answer_draft), .roles = READERS},
    {.name = "Packs", .answer = JN_FN(answer_packs), .roles = READERS | ROLE_FINANCE},

    /* Corrections */
    {.name = "ToReassess", .answer = JN_FN(answer_to_reassess), .roles = READERS},
    /* register.c */
    {.name = "RecordOutcomes", .decide = JN_FN(decide_record_outcomes), .roles = ROLE_EMPLOYMENT_SERVICE},
    {.name = "Awaited", .answer = JN_FN(answer_awaited), .roles = READERS},
    {.name = "RecordContributions", .decide = JN_FN(decide_record_contributions), .roles = ROLE_EMPLOYMENT_SERVICE},
};

/* People are numbers here: nothing is personal. */
#define EVENT(number, name)                                                                                            \
    {                                                                                                                  \
        .type = number, .apply = JN_FN(apply_##name), .readers = ROLE_SERVICE | ROLE_OPERATOR                          \
    }

static const struct jn_event events[] = {
    EVENT(EVENT_PACK_ADOPTED, pack_adopted),
    EVENT(EVENT_STANDARDS_SET, standards_set),
    EVENT(EVENT_REFERENCES_SET, references_set),
    EVENT(EVENT_SETTLED, settled),
    EVENT(EVENT_PUBLISHED, published),
    EVENT(EVENT_APPROVED, approved),
    EVENT(EVENT_HELD, held),
    EVENT(EVENT_RELEASED, released),
    EVENT(EVENT_ADVANCE_GRANTED, advance_granted),
    EVENT(EVENT_CLASS_SETTLED, class_settled),
    EVENT(EVENT_PAYMENT_NOTED, payment_noted),
    EVENT(EVENT_DIVISIONS_NOTED, divisions_noted),
    EVENT(EVENT_INSTITUTIONS_NOTED, institutions_noted),
    EVENT(EVENT_HISTORY_NOTED, history_noted),
    EVENT(EVENT_CLASS_NOTED, class_noted),
    EVENT(EVENT_SEATS_NOTED, seats_noted),
    EVENT(EVENT_ROSTER_NOTED, roster_noted),
    EVENT(EVENT_STOP_NOTED, stop_noted),
    EVENT(EVENT_RESULTS_NOTED, results_noted),
    EVENT(EVENT_RESULTS_CLOSED_NOTED, results_closed_noted),
    EVENT(EVENT_REVOCATION_NOTED, revocation_noted),
    EVENT(EVENT_OCCUPATION_NOTED, occupation_noted),

    /* Reassessment */
    EVENT(EVENT_REASSESSED, reassessed),
    EVENT(EVENT_RECOVERY_NOTED, recovery_noted),
    EVENT(EVENT_BACKWARDS_BEGUN, backwards_begun),
    EVENT(EVENT_BACKWARDS_MOVED, backwards_moved),
    EVENT(EVENT_CANCELLATION_NOTED, cancellation_noted),
    EVENT(EVENT_REVIEW_MOVED, review_moved),
    /* The way of a claim */
    EVENT(EVENT_STEPPED, stepped),
    EVENT(EVENT_CLAIM_RETURNED, claim_returned),
    EVENT(EVENT_TERM_OVER, term_over),
    EVENT(EVENT_OBJECTED, objected),
    EVENT(EVENT_OBJECTION_DECIDED, objection_decided),
    EVENT(EVENT_GATE_OVERRIDDEN, gate_overridden),
    EVENT(EVENT_CASE_OPENED, case_opened),
    EVENT(EVENT_EVIDENCE_ADDED, evidence_added),
    EVENT(EVENT_CASE_DECIDED, case_decided),
    EVENT(EVENT_CLAIMS_ENDED, claims_ended),
    EVENT(EVENT_CASE_SWEPT, case_swept),
    /* funnel.c */
    EVENT(EVENT_OPENING_NOTED, opening_noted),
    /* attestation.c, receipt.c */
    EVENT(EVENT_RECEIPTED, receipted),
    EVENT(EVENT_ATTESTATION_NOTED, attestation_noted),
    /* reservation.c */
    EVENT(EVENT_WARNED, warned),

    /* A pack's way into force. */
    EVENT(EVENT_PACK_PROPOSED, pack_proposed),
    EVENT(EVENT_CASES_RECORDED, cases_recorded),
    EVENT(EVENT_PACK_APPROVED, pack_approved),
    EVENT(EVENT_PACK_WITHDRAWN, pack_withdrawn),

    /* Corrections */
    EVENT(EVENT_CORRECTION_NOTED, correction_noted),
    EVENT(EVENT_RECKONING_BEGUN, reckoning_begun),
    EVENT(EVENT_RECKONING_MOVED, reckoning_moved),
    /* register.c */
    EVENT(EVENT_REGISTERS_RECORDED, registers_recorded),
    /* What gates ask for */
    EVENT(EVENT_INSPECTION_NOTED, inspection_noted),
    EVENT(EVENT_PEOPLE_NOTED, people_noted),
    EVENT(EVENT_GATES_SWEPT, gates_swept),
    /* doubt.c, late.c */
    EVENT(EVENT_SEATS_UNJUDGED, seats_unjudged),
    EVENT(EVENT_LATE_MOVED, late_moved),
    /* enterprise_history.c */
    EVENT(SUBSIDY__EVENT__BODY_ENTERPRISE_HISTORY_NOTED, enterprise_history_noted),
    /* later_class.c */
    EVENT(SUBSIDY__EVENT__BODY_ENTERPRISE_CHANGE_MOVED, enterprise_change_moved),
    /* ahead.c */
    EVENT(SUBSIDY__EVENT__BODY_ADVANCE_RECKONED, advance_reckoned),
};

static const struct jn_upstream upstreams[] = {
    {.name = "enrollment", .event = &enrollment__event__descriptor},
    {.name = "certification", .event = &certification__event__descriptor},
    {.name = "ledger", .event = &ledger__event__descriptor},
};

/* By the field's number in the upstream's Event. */
#define REACTION_TO(service, number, name)                                                                             \
    {                                                                                                                  \
        .upstream = service, .type = number, .react = JN_FN(react_##name)                                              \
    }

static const struct jn_reaction reactions[] = {
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_DIVISIONS_SET, divisions_set),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, institutions_designated),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_HISTORY_IMPORTED, history_imported),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_CLASS_FILED, class_filed),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_ENROLLED, enrolled),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_CLASS_OPENED, class_opened),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_CLASS_FINISHED, class_finished),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_CLASS_STOPPED, class_stopped),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_ATTESTED, attested),
    REACTION_TO("certification", CERTIFICATION__EVENT__BODY_RESULTS_RECORDED, results_recorded),
    REACTION_TO("certification", CERTIFICATION__EVENT__BODY_RESULTS_CLOSED, results_closed),
    REACTION_TO("certification", CERTIFICATION__EVENT__BODY_CERTIFICATE_REVOKED, certificate_revoked),
    REACTION_TO("ledger", LEDGER__EVENT__BODY_COMMITTED, committed),
    REACTION_TO("ledger", LEDGER__EVENT__BODY_QUEUED, queued),
    REACTION_TO("ledger", LEDGER__EVENT__BODY_INSTRUCTED, instructed),
    REACTION_TO("ledger", LEDGER__EVENT__BODY_PAID, paid),
    REACTION_TO("ledger", LEDGER__EVENT__BODY_FAILED, failed),
    REACTION_TO("ledger", LEDGER__EVENT__BODY_COMMITMENT_RELEASED, commitment_released),
    REACTION_TO("ledger", LEDGER__EVENT__BODY_CLAIMS_WITHDRAWN, claims_withdrawn),

    /* Reassessment */
    REACTION_TO("ledger", LEDGER__EVENT__BODY_REVERSED, reversed),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, class_cancelled),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_ATTENDANCE_CORRECTED, attendance_corrected),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_ATTESTATION_WITHDRAWN, attestation_withdrawn),
    REACTION_TO("certification", CERTIFICATION__EVENT__BODY_CERTIFICATE_CORRECTED, certificate_corrected),

    /* What gates ask for */
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_CLASS_INSPECTED, class_inspected),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_PEOPLE_CHECKED, people_checked),
    REACTION_TO("enrollment", ENROLLMENT__EVENT__BODY_ACCOUNTS_GIVEN, accounts_given),
};

static const struct jn_timer timers[] = {
    [TIMER_NOTICE] = {.fire = JN_FN(fire_notice)},
    /* The way of a claim */
    [TIMER_TERM] = {.fire = JN_FN(fire_term)},
    [TIMER_NOTICE_ALONE] = {.fire = JN_FN(fire_notice_alone)},
    [TIMER_SWEEP] = {.fire = JN_FN(fire_sweep)},
    /* Corrections */
    [TIMER_RECKONING] = {.fire = JN_FN(fire_reckoning)},
    /* What gates ask for */
    [TIMER_GATES] = {.fire = JN_FN(fire_gates)},
    /* later_class.c */
    [TIMER_ENTERPRISE_CHANGE] = {.fire = JN_FN(fire_enterprise_change)},
};

const struct jn_service subsidy_service = {
    .name = "subsidy",
    .version = 12,
    .contract = &subsidy__subsidy__descriptor,
    .event = &subsidy__event__descriptor,
    JN_LIST(tables),
    JN_LIST(methods),
    JN_LIST(events),
    JN_LIST(upstreams),
    JN_LIST(reactions),
    JN_LIST(timers),
    .audit = subsidy_audit,
    .report_request = &subsidy__impact_request__descriptor,
    .report = report_impact,
};
