/* What each noun does, for the tables in service.c. */
#ifndef LEDGER_SERVICE_H
#define LEDGER_SERVICE_H

#include "ledger/ledger.h"

enum jn_code decide_appropriate(struct jn_decision *d, const Ledger__Appropriate *cmd);
enum jn_code decide_appropriate_all(struct jn_decision *d, const Ledger__AppropriateAll *cmd);
enum jn_code decide_record_bank_results(struct jn_decision *d, const Ledger__RecordBankResults *cmd);
enum jn_code decide_resend(struct jn_decision *d, const Ledger__Resend *cmd);
enum jn_code decide_record_recovery(struct jn_decision *d, const Ledger__RecordRecovery *cmd);

enum jn_code react_pack_adopted(struct jn_decision *d, const Subsidy__PackAdopted *event, const struct jn_source *from);
enum jn_code react_settled(struct jn_decision *d, const Subsidy__Settled *event, const struct jn_source *from);
enum jn_code react_approved(struct jn_decision *d, const Subsidy__Approved *event, const struct jn_source *from);
enum jn_code react_held(struct jn_decision *d, const Subsidy__Held *event, const struct jn_source *from);
enum jn_code react_case_opened(struct jn_decision *d, const Subsidy__CaseOpened *event, const struct jn_source *from);
enum jn_code react_case_decided(struct jn_decision *d, const Subsidy__CaseDecided *event, const struct jn_source *from);
enum jn_code react_claims_ended(struct jn_decision *d, const Subsidy__ClaimsEnded *event, const struct jn_source *from);
enum jn_code react_released(struct jn_decision *d, const Subsidy__Released *event, const struct jn_source *from);
enum jn_code react_advance_reckoned(struct jn_decision *d, const Subsidy__AdvanceReckoned *event,
                                    const struct jn_source *from);
enum jn_code react_advance_granted(struct jn_decision *d, const Subsidy__AdvanceGranted *event,
                                   const struct jn_source *from);
enum jn_code react_institutions_designated(struct jn_decision *d, const Enrollment__InstitutionsDesignated *event,
                                           const struct jn_source *from);
enum jn_code react_payees_registered(struct jn_decision *d, const Enrollment__PayeesRegistered *event,
                                     const struct jn_source *from);

enum jn_code fire_sweep(struct jn_decision *d, uint64_t id);
enum jn_code fire_year(struct jn_decision *d, uint64_t id);

void apply_appropriated(struct jn_tables *t, const Ledger__Appropriated *event, const struct jn_stamp *stamp);
void apply_carried_over(struct jn_tables *t, const Ledger__CarriedOver *event, const struct jn_stamp *stamp);
void apply_year_turned(struct jn_tables *t, const Ledger__YearTurned *event, const struct jn_stamp *stamp);
void apply_committed(struct jn_tables *t, const Ledger__Committed *event, const struct jn_stamp *stamp);
void apply_queued(struct jn_tables *t, const Ledger__Queued *event, const struct jn_stamp *stamp);
void apply_misdirected(struct jn_tables *t, const Ledger__Misdirected *event, const struct jn_stamp *stamp);
void apply_ignored(struct jn_tables *t, const Ledger__Ignored *event, const struct jn_stamp *stamp);
void apply_queue_moved(struct jn_tables *t, const Ledger__QueueMoved *event, const struct jn_stamp *stamp);
void apply_approval_noted(struct jn_tables *t, const Ledger__ApprovalNoted *event, const struct jn_stamp *stamp);
void apply_hold_noted(struct jn_tables *t, const Ledger__HoldNoted *event, const struct jn_stamp *stamp);
void apply_instructed(struct jn_tables *t, const Ledger__Instructed *event, const struct jn_stamp *stamp);
void apply_paid(struct jn_tables *t, const Ledger__Paid *event, const struct jn_stamp *stamp);
void apply_failed(struct jn_tables *t, const Ledger__Failed *event, const struct jn_stamp *stamp);
void apply_advance_paid(struct jn_tables *t, const Ledger__AdvancePaid *event, const struct jn_stamp *stamp);
enum jn_code answer_debts(struct jn_decision *d, const Ledger__DebtsRequest *request);
void apply_advance_settled(struct jn_tables *t, const Ledger__AdvanceSettled *event, const struct jn_stamp *stamp);
void apply_advance_sent(struct jn_tables *t, const Ledger__AdvanceSent *event, const struct jn_stamp *stamp);
void apply_advance_answered(struct jn_tables *t, const Ledger__AdvanceAnswered *event, const struct jn_stamp *stamp);
void apply_recovered(struct jn_tables *t, const Ledger__Recovered *event, const struct jn_stamp *stamp);
void apply_funds_listed(struct jn_tables *t, const Ledger__FundsListed *event, const struct jn_stamp *stamp);
void apply_payees_noted(struct jn_tables *t, const Ledger__PayeesNoted *event, const struct jn_stamp *stamp);

enum jn_code answer_account(struct jn_decision *d, const Ledger__AccountRequest *request);
enum jn_code answer_accounts(struct jn_decision *d, const Ledger__AccountsRequest *request);
enum jn_code answer_batches(struct jn_decision *d, const Ledger__BatchesRequest *request);
enum jn_code answer_batch(struct jn_decision *d, const Ledger__BatchRequest *request);
enum jn_code answer_claim(struct jn_decision *d, const Ledger__ClaimRequest *request);
enum jn_code answer_queue(struct jn_decision *d, const Ledger__QueueRequest *request);
enum jn_code answer_totals(struct jn_decision *d, const Ledger__TotalsRequest *request);
enum jn_code answer_quarter(struct jn_decision *d, const Ledger__QuarterRequest *request);

/* Periods and statements. */
enum jn_code decide_close_period(struct jn_decision *d, const Ledger__ClosePeriod *cmd);
void apply_period_closed(struct jn_tables *t, const Ledger__PeriodClosed *event, const struct jn_stamp *stamp);
enum jn_code answer_periods(struct jn_decision *d, const Ledger__PeriodsRequest *request);
enum jn_code answer_trial(struct jn_decision *d, const Ledger__TrialRequest *request);
enum jn_code answer_statement(struct jn_decision *d, const Ledger__StatementRequest *request);

void ledger_audit(struct jn_audit *audit);

#endif
