/* The ledger service (资金账), as one could hang it on the wall: what it keeps, what may be asked of it and by whom,
 * what then happens and who may read it, what it follows, what fires, and what must always hold. */
#include "ledger/accounts/books.h"
#include "ledger/paying/paying.h"

/* Who may look at money without names. */
#define ROLE_LOOKING (ROLE_FINANCE | ROLE_AUDITOR | ROLE_OPERATOR)
/* Who keeps the pilot enterprises' statements, 2.4-b. */
#define ROLE_EDUCATION (ROLE_FINANCE | ROLE_ADMINISTRATION)
#define ROLE_ASKING    (ROLE_LOOKING | ROLE_ADMINISTRATION | ROLE_REVIEWER | ROLE_SERVICE)

static const struct jn_table tables[] = {
    [TABLE_ACCOUNT] = {"account", &ledger__balances__descriptor},
    [TABLE_CURRENT] = {"current", &ledger__current_year__descriptor},
    [TABLE_BOOKS] = {"books", &ledger__books__descriptor},
    [TABLE_DIVISION] = {"division", &ledger__division_total__descriptor},
    [TABLE_QUARTER] = {"quarter", &ledger__count_amount__descriptor},
    [TABLE_QUARTER_SUM] = {"quarter_sum", &ledger__quarter_sum__descriptor},
    [TABLE_FUNDS] = {"funds", &ledger__funds_listed__descriptor},
    [TABLE_CLAIMS] = {"claims", &ledger__claims__descriptor},
    [TABLE_FAILURE] = {"failure", &ledger__failure__descriptor},
    [TABLE_WAITING] = {"waiting", &ledger__waiting__descriptor},
    [TABLE_WAITING_CHUNK] = {"waiting_chunk", &ledger__waiting_chunk__descriptor},
    [TABLE_SWEEP] = {"sweep", &ledger__sweep_due__descriptor},
    [TABLE_BATCH_OPEN] = {"batch_open", &ledger__batch_file__descriptor},
    [TABLE_BATCH_DONE] = {"batch_done", &ledger__batch_file__descriptor},
    [TABLE_ADVANCE] = {"advance", &ledger__advance__descriptor},
    [TABLE_DEBT] = {"debt", &ledger__debt__descriptor},
    [TABLE_PERSON] = {"person", &ledger__noted_payee__descriptor},
    [TABLE_INSTITUTION] = {"institution", &ledger__noted_payee__descriptor},
    /* Grants, release, forecast, staff education. */
    [TABLE_GRANT] = {"grant", &ledger__grant_row__descriptor},
    [TABLE_GRANT_ID] = {"grant_id", &ledger__number_row__descriptor},
    [TABLE_GRANT_USE] = {"grant_use", &ledger__count_amount__descriptor},
    [TABLE_POOL] = {"pool", &ledger__pool_row__descriptor},
    [TABLE_EXPIRY] = {"expiry", &ledger__expiry__descriptor},
    [TABLE_TERMS] = {"terms", &ledger__terms_view__descriptor},
    [TABLE_RATE] = {"rate", &ledger__rate__descriptor},
    [TABLE_SHORTFALL] = {"shortfall", &ledger__shortfall_row__descriptor},
    [TABLE_EDUCATION] = {"education", &ledger__staff_education_entry__descriptor},
    [TABLE_EDUCATION_PAST] = {"education_past", &ledger__staff_education_entry__descriptor},
    /* Paying. */
    [TABLE_RELEASED] = {"released", &ledger__count_amount__descriptor},
    [TABLE_LIMIT] = {"limit", &ledger__payment_limit__descriptor},
    [TABLE_FROZEN] = {"frozen", &ledger__frozen_payee__descriptor},
    [TABLE_KEPT] = {"kept", &ledger__kept_claim__descriptor},
    [TABLE_UNDECIDED] = {"undecided", &ledger__undecided_claim__descriptor},
    [TABLE_DISAGREEMENT] = {"disagreement", &ledger__disagreement__descriptor},
    [TABLE_CONTRADICTED] = {"contradicted", &ledger__count_amount__descriptor},

    /* Recovery */
    [TABLE_RECEIVABLE] = {"receivable", &ledger__receivable__descriptor},
    [TABLE_OWED] = {"owed", &ledger__owed__descriptor},
    [TABLE_SETOFF] = {"setoff", &ledger__setoff__descriptor},
    [TABLE_REVERSAL] = {"reversal", &ledger__reversal__descriptor},
    [TABLE_STOP] = {"stop", &ledger__stop__descriptor},
    [TABLE_STOPPED] = {"stopped", &ledger__stopped__descriptor},

    /* Periods and statements. */
    [TABLE_TURNOVER] = {"turnover", &ledger__turnover__descriptor},
    [TABLE_MONTH] = {"month", &ledger__turnover__descriptor},
    [TABLE_PERIOD] = {"period", &ledger__period_file__descriptor},
    [TABLE_USE] = {"use", &ledger__use__descriptor},

    /* Reassessment */
    [TABLE_REDUCTION] = {"reduction", &ledger__reduction__descriptor},
    [TABLE_WAITING_ITEM] = {"waiting_item", &ledger__waiting_item__descriptor},

    /* Grants at the bank, bookings. */
    [TABLE_DISBURSEMENT] = {"disbursement", &ledger__disbursement_row__descriptor},
    [TABLE_BOOKING] = {"booking", &ledger__booking_row__descriptor},

    /* What a second key confirms. */
    [TABLE_LIMIT_ASKED] = {"limit_asked", &ledger__payment_limit_asked__descriptor},

    /* Investigations. */
    [TABLE_INVESTIGATION] = {"investigation", &ledger__investigation__descriptor},
    [TABLE_INVESTIGATED] = {"investigated", &ledger__investigated__descriptor},
    [TABLE_SUSPENDED] = {"suspended", &ledger__suspended__descriptor},
};

static const struct jn_method methods[] = {
    {.name = "Appropriate", .decide = JN_FN(decide_appropriate), .roles = ROLE_FINANCE},
    {.name = "AppropriateAll", .decide = JN_FN(decide_appropriate_all), .roles = ROLE_FINANCE},
    {.name = "RecordBankResults", .decide = JN_FN(decide_record_bank_results), .roles = ROLE_FINANCE},
    {.name = "Resend", .decide = JN_FN(decide_resend), .roles = ROLE_FINANCE},
    {.name = "RecordRecovery", .decide = JN_FN(decide_record_recovery), .roles = ROLE_FINANCE},
    {.name = "Account", .answer = JN_FN(answer_account), .roles = ROLE_ASKING},
    {.name = "Accounts", .answer = JN_FN(answer_accounts), .roles = ROLE_ASKING},
    {.name = "Debts", .answer = JN_FN(answer_debts), .roles = ROLE_LOOKING},
    {.name = "Batches", .answer = JN_FN(answer_batches), .roles = ROLE_LOOKING},
    {.name = "Batch", .answer = JN_FN(answer_batch), .roles = ROLE_FINANCE},
    {.name = "Claim", .answer = JN_FN(answer_claim), .roles = ROLE_ASKING},
    {.name = "Queue", .answer = JN_FN(answer_queue), .roles = ROLE_ASKING},
    {.name = "Totals", .answer = JN_FN(answer_totals), .roles = ROLE_ASKING},
    {.name = "Quarter", .answer = JN_FN(answer_quarter), .roles = ROLE_ASKING},
    /* Grants, release, forecast, staff education. */
    {.name = "Grant", .decide = JN_FN(decide_grant), .roles = ROLE_FINANCE},
    {.name = "RecordGrantPaid", .decide = JN_FN(decide_record_grant_paid), .roles = ROLE_FINANCE},
    {.name = "ReleaseGrant", .decide = JN_FN(decide_release_grant), .roles = ROLE_FINANCE},
    {.name = "ReleaseCommitment", .decide = JN_FN(decide_release_commitment), .roles = ROLE_FINANCE},
    {.name = "SetTerms", .decide = JN_FN(decide_set_terms), .roles = ROLE_FINANCE},
    {.name = "Pool", .decide = JN_FN(decide_pool), .roles = ROLE_FINANCE},
    {.name = "DissolvePool", .decide = JN_FN(decide_dissolve_pool), .roles = ROLE_FINANCE},
    {.name = "Pools", .answer = JN_FN(answer_pools), .roles = ROLE_ASKING},
    {.name = "FileStaffEducation", .decide = JN_FN(decide_file_staff_education), .roles = ROLE_EDUCATION},
    {.name = "CheckStaffEducation", .answer = JN_FN(answer_check_staff_education), .roles = ROLE_ASKING},
    {.name = "Grants", .answer = JN_FN(answer_grants), .roles = ROLE_ASKING},
    {.name = "GrantUse", .answer = JN_FN(answer_grant_use), .roles = ROLE_ASKING},
    {.name = "Forecast", .answer = JN_FN(answer_forecast), .roles = ROLE_LOOKING},
    {.name = "Terms", .answer = JN_FN(answer_terms), .roles = ROLE_ASKING},
    {.name = "StaffEducationStatements",
     .answer = JN_FN(answer_staff_education),
     .roles = ROLE_EDUCATION | ROLE_AUDITOR},
    /* Paying. */
    {.name = "SubmitBatches", .decide = JN_FN(decide_submit_batches), .roles = ROLE_FINANCE},
    {.name = "ReleaseBatches", .decide = JN_FN(decide_release_batches), .roles = ROLE_FINANCE},
    {.name = "SendBackBatches", .decide = JN_FN(decide_send_back_batches), .roles = ROLE_FINANCE},
    {.name = "WithdrawClaims", .decide = JN_FN(decide_withdraw_claims), .roles = ROLE_FINANCE},
    {.name = "SetPaymentLimits", .decide = JN_FN(decide_set_payment_limits), .roles = ROLE_FINANCE},
    {.name = "FreezePayees", .decide = JN_FN(decide_freeze_payees), .roles = ROLE_FINANCE},
    {.name = "ThawPayees", .decide = JN_FN(decide_thaw_payees), .roles = ROLE_FINANCE},
    {.name = "SettleDisagreement", .decide = JN_FN(decide_settle_disagreement), .roles = ROLE_FINANCE},
    {.name = "PaymentLimits", .answer = JN_FN(answer_payment_limits), .roles = ROLE_LOOKING},
    {.name = "FrozenPayees", .answer = JN_FN(answer_frozen_payees), .roles = ROLE_LOOKING},
    {.name = "Unknowns", .answer = JN_FN(answer_unknowns), .roles = ROLE_LOOKING},
    {.name = "Disagreements", .answer = JN_FN(answer_disagreements), .roles = ROLE_LOOKING},

    /* Recovery */
    {.name = "OpenRecovery", .decide = JN_FN(decide_open_recovery), .roles = ROLE_FINANCE},
    {.name = "ArrangeRecovery", .decide = JN_FN(decide_arrange_recovery), .roles = ROLE_FINANCE},
    {.name = "RecordRepayment", .decide = JN_FN(decide_record_repayment), .roles = ROLE_FINANCE},
    {.name = "WriteOff", .decide = JN_FN(decide_write_off), .roles = ROLE_FINANCE},
    {.name = "Receivables", .answer = JN_FN(answer_receivables), .roles = ROLE_LOOKING},

    /* Periods and statements. */
    {.name = "ClosePeriod", .decide = JN_FN(decide_close_period), .roles = ROLE_FINANCE},
    {.name = "Periods", .answer = JN_FN(answer_periods), .roles = ROLE_ASKING},
    {.name = "Trial", .answer = JN_FN(answer_trial), .roles = ROLE_LOOKING},
    {.name = "Statement", .answer = JN_FN(answer_statement), .roles = ROLE_ASKING},

    /* Grants at the bank. */
    {.name = "DisburseGrants", .decide = JN_FN(decide_disburse_grants), .roles = ROLE_FINANCE},

    /* What a second key confirms. */
    {.name = "ConfirmPaymentLimits", .decide = JN_FN(decide_confirm_payment_limits), .roles = ROLE_FINANCE},
    {.name = "ConfirmThaws", .decide = JN_FN(decide_confirm_thaws), .roles = ROLE_FINANCE},
};

/* The auditor reads all of them but the personal one. */
#define TOLD (ROLE_SERVICE | ROLE_FINANCE | ROLE_OPERATOR | ROLE_ADMINISTRATION | ROLE_REVIEWER)
#define OURS (ROLE_FINANCE | ROLE_OPERATOR)

static const struct jn_event events[] = {
    {LEDGER__EVENT__BODY_APPROPRIATED, JN_FN(apply_appropriated), TOLD, false},
    {LEDGER__EVENT__BODY_COMMITTED, JN_FN(apply_committed), TOLD, false},
    {LEDGER__EVENT__BODY_QUEUED, JN_FN(apply_queued), TOLD, false},
    {LEDGER__EVENT__BODY_INSTRUCTED, JN_FN(apply_instructed), TOLD, false},
    {LEDGER__EVENT__BODY_PAID, JN_FN(apply_paid), TOLD, false},
    {LEDGER__EVENT__BODY_FAILED, JN_FN(apply_failed), TOLD, false},
    {LEDGER__EVENT__BODY_ADVANCE_PAID, JN_FN(apply_advance_paid), TOLD, false},
    {LEDGER__EVENT__BODY_ADVANCE_SETTLED, JN_FN(apply_advance_settled), TOLD, false},
    {LEDGER__EVENT__BODY_RECOVERED, JN_FN(apply_recovered), TOLD, false},
    {LEDGER__EVENT__BODY_CARRIED_OVER, JN_FN(apply_carried_over), TOLD, false},
    {LEDGER__EVENT__BODY_FUNDS_LISTED, JN_FN(apply_funds_listed), OURS, false},
    {LEDGER__EVENT__BODY_PAYEES_NOTED, JN_FN(apply_payees_noted), ROLE_NONE, true},
    {LEDGER__EVENT__BODY_APPROVAL_NOTED, JN_FN(apply_approval_noted), OURS, false},
    {LEDGER__EVENT__BODY_HOLD_NOTED, JN_FN(apply_hold_noted), OURS, false},
    {LEDGER__EVENT__BODY_MISDIRECTED, JN_FN(apply_misdirected), TOLD, false},
    {LEDGER__EVENT__BODY_IGNORED, JN_FN(apply_ignored), OURS, false},
    {LEDGER__EVENT__BODY_ADVANCE_SENT, JN_FN(apply_advance_sent), TOLD, false},
    {LEDGER__EVENT__BODY_ADVANCE_ANSWERED, JN_FN(apply_advance_answered), TOLD, false},
    {LEDGER__EVENT__BODY_QUEUE_MOVED, JN_FN(apply_queue_moved), OURS, false},
    {LEDGER__EVENT__BODY_YEAR_TURNED, JN_FN(apply_year_turned), OURS, false},
    /* Grants, release, forecast, staff education. */
    {LEDGER__EVENT__BODY_GRANT_COMMITTED, JN_FN(apply_grant_committed), TOLD, false},
    {LEDGER__EVENT__BODY_GRANT_PAID, JN_FN(apply_grant_paid), TOLD, false},
    {LEDGER__EVENT__BODY_GRANT_RELEASED, JN_FN(apply_grant_released), TOLD, false},
    {LEDGER__EVENT__BODY_COMMITMENT_RELEASED, JN_FN(apply_commitment_released), TOLD, false},
    {LEDGER__EVENT__BODY_SHORTFALL_FORESEEN, JN_FN(apply_shortfall_foreseen), TOLD, false},
    {LEDGER__EVENT__BODY_TERMS_SET, JN_FN(apply_terms_set), OURS, false},
    {LEDGER__EVENT__BODY_POOL_CONTRIBUTED, JN_FN(apply_pool_contributed), TOLD, false},
    {LEDGER__EVENT__BODY_POOL_DISSOLVED, JN_FN(apply_pool_dissolved), TOLD, false},
    {LEDGER__EVENT__BODY_STAFF_EDUCATION_FILED, JN_FN(apply_staff_education_filed), OURS, false},
    /* Paying. */
    {LEDGER__EVENT__BODY_BATCH_MOVED, JN_FN(apply_batch_moved), OURS, false},
    {LEDGER__EVENT__BODY_CLAIMS_WITHDRAWN, JN_FN(apply_claims_withdrawn), TOLD, false},
    {LEDGER__EVENT__BODY_PAYEE_FROZEN, JN_FN(apply_payee_frozen), OURS, false},
    {LEDGER__EVENT__BODY_PAYMENT_LIMIT_SET, JN_FN(apply_payment_limit_set), OURS, false},
    {LEDGER__EVENT__BODY_BANK_UNDECIDED, JN_FN(apply_bank_undecided), OURS, false},
    {LEDGER__EVENT__BODY_BANK_DISAGREED, JN_FN(apply_bank_disagreed), OURS, false},
    {LEDGER__EVENT__BODY_DISAGREEMENT_SETTLED, JN_FN(apply_disagreement_settled), OURS, false},

    /* Recovery */
    {LEDGER__EVENT__BODY_SETOFF_TAKEN, JN_FN(apply_setoff_taken), TOLD, false},
    {LEDGER__EVENT__BODY_RETURNED, JN_FN(apply_returned), TOLD, false},
    {LEDGER__EVENT__BODY_REVERSED, JN_FN(apply_reversed), TOLD, false},
    {LEDGER__EVENT__BODY_RECOVERY_ARRANGED, JN_FN(apply_recovery_arranged), TOLD, false},
    {LEDGER__EVENT__BODY_INSTALMENT_OVERDUE, JN_FN(apply_instalment_overdue), TOLD, false},
    {LEDGER__EVENT__BODY_WRITTEN_OFF, JN_FN(apply_written_off), TOLD, false},
    {LEDGER__EVENT__BODY_PAYMENTS_STOPPED, JN_FN(apply_payments_stopped), TOLD, false},

    /* Periods. */
    {LEDGER__EVENT__BODY_PERIOD_CLOSED, JN_FN(apply_period_closed), TOLD, false},

    /* Reassessment */
    {LEDGER__EVENT__BODY_CLAIMS_REDUCED, JN_FN(apply_claims_reduced), TOLD, false},
    /* Grants at the bank, bookings. */
    {LEDGER__EVENT__BODY_GRANT_INSTRUCTED, JN_FN(apply_grant_instructed), TOLD, false},
    {LEDGER__EVENT__BODY_GRANTS_WITHDRAWN, JN_FN(apply_grants_withdrawn), TOLD, false},
    {LEDGER__EVENT__BODY_GRANTS_FAILED, JN_FN(apply_grants_failed), TOLD, false},
    {LEDGER__EVENT__BODY_BOOKED, JN_FN(apply_booked), OURS, false},

    /* What a second key confirms. */
    {LEDGER__EVENT__BODY_PAYMENT_LIMIT_ASKED, JN_FN(apply_payment_limit_asked), OURS, false},
    {LEDGER__EVENT__BODY_THAW_ASKED, JN_FN(apply_thaw_asked), OURS, false},

    /* Investigations. */
    {LEDGER__EVENT__BODY_INVESTIGATION_NOTED, JN_FN(apply_investigation_noted), OURS, false},
    {LEDGER__EVENT__BODY_CLAIMS_SUSPENDED, JN_FN(apply_claims_suspended), TOLD, false},
    {LEDGER__EVENT__BODY_CLAIMS_RESUMED, JN_FN(apply_claims_resumed), TOLD, false},
};

static const struct jn_upstream upstreams[] = {
    {"subsidy", &subsidy__event__descriptor},
    {"enrollment", &enrollment__event__descriptor},
};

static const struct jn_reaction reactions[] = {
    {"subsidy", SUBSIDY__EVENT__BODY_PACK_ADOPTED, JN_FN(react_pack_adopted)},
    {"subsidy", SUBSIDY__EVENT__BODY_SETTLED, JN_FN(react_settled)},
    {"subsidy", SUBSIDY__EVENT__BODY_APPROVED, JN_FN(react_approved)},
    {"subsidy", SUBSIDY__EVENT__BODY_HELD, JN_FN(react_held)},
    {"subsidy", SUBSIDY__EVENT__BODY_RELEASED, JN_FN(react_released)},
    {"subsidy", SUBSIDY__EVENT__BODY_ADVANCE_GRANTED, JN_FN(react_advance_granted)},
    {"subsidy", SUBSIDY__EVENT__BODY_ADVANCE_RECKONED, JN_FN(react_advance_reckoned)},
    /* Cases, and what will not be paid */
    {"subsidy", SUBSIDY__EVENT__BODY_CASE_OPENED, JN_FN(react_case_opened)},
    {"subsidy", SUBSIDY__EVENT__BODY_CASE_DECIDED, JN_FN(react_case_decided)},
    {"subsidy", SUBSIDY__EVENT__BODY_CLAIMS_ENDED, JN_FN(react_claims_ended)},
    {"enrollment", ENROLLMENT__EVENT__BODY_INSTITUTIONS_DESIGNATED, JN_FN(react_institutions_designated)},
    {"enrollment", ENROLLMENT__EVENT__BODY_PAYEES_REGISTERED, JN_FN(react_payees_registered)},

    /* Reassessment */
    {"subsidy", SUBSIDY__EVENT__BODY_REASSESSED, JN_FN(react_reassessed)},
};

static const struct jn_timer timers[] = {
    [TIMER_SWEEP] = {JN_FN(fire_sweep)},
    [TIMER_YEAR] = {JN_FN(fire_year)},
    [TIMER_EXPIRY] = {JN_FN(fire_expiry)},
    [TIMER_THAW] = {JN_FN(fire_thaw)},

    /* Recovery */
    [TIMER_INSTALMENT] = {JN_FN(fire_instalment)},
    [TIMER_LIFT] = {JN_FN(fire_lift)},

    /* Investigations */
    [TIMER_RESUME] = {JN_FN(fire_resume)},
};

const struct jn_service ledger_service = {
    .name = "ledger",
    .version = 10,
    .contract = &ledger__ledger__descriptor,
    .event = &ledger__event__descriptor,
    JN_LIST(tables),
    JN_LIST(methods),
    JN_LIST(events),
    JN_LIST(upstreams),
    JN_LIST(reactions),
    JN_LIST(timers),
    .audit = ledger_audit,
    .check = books_check,
};
