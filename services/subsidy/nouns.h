/* Every decision, event, reaction and answer of the service, so that service.c can list them. */
#ifndef SUBSIDY_NOUNS_H
#define SUBSIDY_NOUNS_H

#include "subsidy/subsidy.h"
#include "subsidy/way/way.h"

#include "subsidy/facts/outstanding.h"
#include "subsidy/settlement/ahead.h"

#define DECISION(name, request) enum jn_code decide_##name(struct jn_decision *d, const request *command)
#define ANSWER(name, request)   enum jn_code answer_##name(struct jn_decision *d, const request *query)
#define APPLY(name, event_type)                                                                                        \
    void apply_##name(struct jn_tables *t, const event_type *event, const struct jn_stamp *stamp)
#define REACTION(name, event_type)                                                                                     \
    enum jn_code react_##name(struct jn_decision *d, const event_type *event, const struct jn_source *source)

/* pack.c */
DECISION(adopt_pack, Subsidy__AdoptPack);
APPLY(pack_adopted, Subsidy__PackAdopted);

ANSWER(packs, Subsidy__PacksRequest);

/* draft.c */
DECISION(propose_pack, Subsidy__ProposePack);
APPLY(pack_proposed, Subsidy__PackProposed);
DECISION(record_cases, Subsidy__RecordCases);
APPLY(cases_recorded, Subsidy__CasesRecorded);
DECISION(approve_pack, Subsidy__ApprovePack);
APPLY(pack_approved, Subsidy__PackApproved);
DECISION(withdraw_pack, Subsidy__WithdrawPack);
APPLY(pack_withdrawn, Subsidy__PackWithdrawn);
ANSWER(drafts, Subsidy__DraftsRequest);
ANSWER(draft, Subsidy__DraftRequest);

/* standard.c, reference.c, division.c */
DECISION(set_standards, Subsidy__SetStandards);
APPLY(standards_set, Subsidy__StandardsSet);
DECISION(set_references, Subsidy__SetReferences);
APPLY(references_set, Subsidy__ReferencesSet);
REACTION(divisions_set, Enrollment__DivisionsSet);
APPLY(divisions_noted, Subsidy__DivisionsNoted);

/* institution.c, occupation.c, history.c */
REACTION(institutions_designated, Enrollment__InstitutionsDesignated);
APPLY(institutions_noted, Subsidy__InstitutionsNoted);
APPLY(occupation_noted, Subsidy__OccupationNoted);
REACTION(history_imported, Enrollment__HistoryImported);
APPLY(history_noted, Subsidy__HistoryNoted);

/* class.c */
REACTION(class_filed, Enrollment__ClassFiled);
APPLY(class_noted, Subsidy__ClassNoted);
REACTION(class_stopped, Enrollment__ClassStopped);
APPLY(stop_noted, Subsidy__StopNoted);
REACTION(class_inspected, Enrollment__ClassInspected);
APPLY(inspection_noted, Subsidy__InspectionNoted);

/* person.c */
REACTION(people_checked, Enrollment__PeopleChecked);
REACTION(accounts_given, Enrollment__AccountsGiven);
APPLY(people_noted, Subsidy__PeopleNoted);

/* roster.c */
REACTION(enrolled, Enrollment__Enrolled);
APPLY(seats_noted, Subsidy__SeatsNoted);
REACTION(class_finished, Enrollment__ClassFinished);
APPLY(roster_noted, Subsidy__RosterNoted);

/* result.c */
REACTION(results_recorded, Certification__ResultsRecorded);
APPLY(results_noted, Subsidy__ResultsNoted);
REACTION(results_closed, Certification__ResultsClosed);
APPLY(results_closed_noted, Subsidy__ResultsClosedNoted);
REACTION(certificate_revoked, Certification__CertificateRevoked);
APPLY(revocation_noted, Subsidy__RevocationNoted);

/* correction.c, reckoning.c */
REACTION(attendance_corrected, Enrollment__AttendanceCorrected);
REACTION(attestation_withdrawn, Enrollment__AttestationWithdrawn);
REACTION(certificate_corrected, Certification__CertificateCorrected);
APPLY(correction_noted, Subsidy__CorrectionNoted);
APPLY(reckoning_begun, Subsidy__ReckoningBegun);
enum jn_code fire_reckoning(struct jn_decision *d, uint64_t timer);
APPLY(reckoning_moved, Subsidy__ReckoningMoved);
APPLY(review_moved, Subsidy__ReviewMoved);
APPLY(late_moved, Subsidy__LateMoved);
ANSWER(to_reassess, Subsidy__ToReassessRequest);

/* settlement.c */
DECISION(settle_day, Subsidy__SettleDay);
APPLY(settled, Subsidy__Settled);
APPLY(class_settled, Subsidy__ClassSettled);

/* notice.c */
APPLY(published, Subsidy__Published);
enum jn_code fire_notice(struct jn_decision *d, uint64_t settlement);
APPLY(approved, Subsidy__Approved);

/* hold.c */
DECISION(hold_claim, Subsidy__HoldClaim);
APPLY(held, Subsidy__Held);
DECISION(release_claim, Subsidy__ReleaseClaim);
APPLY(released, Subsidy__Released);

/* advance.c */
REACTION(class_opened, Enrollment__ClassOpened);
APPLY(advance_granted, Subsidy__AdvanceGranted);

/* payment.c */
REACTION(committed, Ledger__Committed);
REACTION(queued, Ledger__Queued);
REACTION(instructed, Ledger__Instructed);
REACTION(paid, Ledger__Paid);
REACTION(failed, Ledger__Failed);
REACTION(commitment_released, Ledger__CommitmentReleased);
REACTION(claims_withdrawn, Ledger__ClaimsWithdrawn);
APPLY(payment_noted, Subsidy__PaymentNoted);

/* reassessment.c, reassessed.c, recovery.c */
DECISION(reassess, Subsidy__Reassess);
APPLY(reassessed, Subsidy__Reassessed);
ANSWER(reassessments, Subsidy__ReassessmentsRequest);
DECISION(apply_pack_backwards, Subsidy__ApplyPackBackwards);
APPLY(backwards_begun, Subsidy__BackwardsBegun);
APPLY(backwards_moved, Subsidy__BackwardsMoved);
REACTION(class_cancelled, Enrollment__ClassCancelled);
APPLY(cancellation_noted, Subsidy__CancellationNoted);
REACTION(reversed, Ledger__Reversed);
APPLY(recovery_noted, Subsidy__RecoveryNoted);

/* claim.c, totals.c */
ANSWER(claim, Subsidy__ClaimRequest);
ANSWER(class_claims, Subsidy__ClassClaimsRequest);
ANSWER(totals, Subsidy__TotalsRequest);

/* funnel.c, funnel_line.c */
enum jn_code note_opening(struct jn_decision *d, uint64_t class);
APPLY(opening_noted, Subsidy__OpeningNoted);
ANSWER(funnel, Subsidy__FunnelRequest);

/* attestation.c, explanation.c, receipt.c */
REACTION(attested, Enrollment__Attested);
APPLY(attestation_noted, Subsidy__AttestationNoted);
ANSWER(explain, Subsidy__ExplainRequest);
DECISION(issue_receipt, Subsidy__IssueReceipt);
APPLY(receipted, Subsidy__Receipted);

/* reservation.c, warning.c */
APPLY(warned, Subsidy__Warned);
ANSWER(warnings, Subsidy__WarningsRequest);

/* register.c, awaited.c */
ANSWER(awaited, Subsidy__AwaitedRequest);
DECISION(record_outcomes, Subsidy__RecordOutcomes);
DECISION(record_contributions, Subsidy__RecordContributions);
APPLY(registers_recorded, Subsidy__RegistersRecorded);

/* doubt.c */
APPLY(seats_unjudged, Subsidy__SeatsUnjudged);

/* enterprise_history.c */
APPLY(enterprise_history_noted, Subsidy__EnterpriseHistoryNoted);

/* later_class.c */
enum jn_code fire_enterprise_change(struct jn_decision *d, uint64_t number);
APPLY(enterprise_change_moved, Subsidy__EnterpriseChangeMoved);

/* ahead.c */
APPLY(advance_reckoned, Subsidy__AdvanceReckoned);

/* What came of each row of a bulk command. */
static inline enum jn_code
bulk_reply(const struct jn_bulk *bulk)
{
    Subsidy__Outcomes reply = SUBSIDY__OUTCOMES__INIT;

    reply.refused = bulk->refused;
    reply.n_refused = bulk->refused_count;
    reply.done = bulk->done;
    jn_reply(bulk->d, &reply.base);
    return JN_OK;
}

#endif
