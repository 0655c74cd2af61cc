/* Paying (支付): maker and checker, limits, frozen payees, and what the bank leaves open or
 * contradicts; 2.12-c, 2.12-e. What these nouns ask of one another, and the others of them. */
#ifndef LEDGER_PAYING_H
#define LEDGER_PAYING_H

#include "ledger/paying/disbursement.h"
#include "ledger/ledger.h"

/* ---- Batches: maker and checker ---- */

const char *batch_state_name(Ledger__BatchState state);
/* A key that an agency has twice, an agency that has two keys: neither makes two people of one. */
bool same_hand(const struct jn_agency *who, const char *name, const ProtobufCBinaryData *key);
/* Is it the bank's? */
bool batch_released(const Ledger__BatchFile *file);
/* What a draft or submitted batch cannot be released with: the first row of it that is frozen, held or contradicted.
 * False where there is none. */
enum obstacle {
    NO_OBSTACLE,
    PAYEE_FROZEN,
    CLAIM_HELD,
    PAYMENTS_STOPPED,
    CLAIM_CONTRADICTED,
    CLAIM_REDUCED,
    CLAIM_INVESTIGATED,
};
enum obstacle claim_obstacle(const struct jn_decision *d, const struct claim *claim);
enum obstacle advance_obstacle(const struct jn_view *view, const Ledger__BatchFile *file);
const char *obstacle_text(enum obstacle obstacle);
/* The same with the case that is open about the claim, or the class's advance where claim is 0. */
const char *obstacle_say(const struct jn_decision *d, enum obstacle obstacle, uint64_t claim, uint64_t class);
struct bilingual obstacle_bilingual(const struct jn_decision *d, enum obstacle obstacle, uint64_t claim,
                                    uint64_t class);

/* ---- Limits ---- */

enum limit_verdict { LIMIT_KEPT, LIMIT_WANTS_ANOTHER, LIMIT_SPENT };
struct day_limit {
    uint32_t division;
    int64_t left_fen; /* what may still be released today */
};
/* What the limits of the batch's division and of its city say to its release today; *day where that is LIMIT_SPENT. */
enum limit_verdict limit_judge(struct jn_decision *d, const Ledger__BatchFile *file, struct day_limit *day);
/* A batch is the bank's from that day on. */
void released_count(struct jn_tables *t, int32_t day, uint32_t division, int64_t fen);

/* ---- Frozen payees ---- */

bool payee_frozen(const struct jn_view *view, struct payee payee);
/* Is its payee? */
bool claim_frozen(const struct jn_view *view, const struct claim *claim);
/* Apply's: after each change of a claim that is or was committed: does a freeze keep it back? */
void kept_note(struct jn_tables *t, const struct claim *claim);

/* ---- What the bank leaves open, and where it contradicts ---- */

const Ledger__UndecidedClaim *undecided_of(const struct jn_view *view, uint64_t batch, uint64_t number);
/* Is something about it contradicted and not settled? */
bool claim_contradicted(const struct jn_view *view, uint64_t number);
bool advance_contradicted(const struct jn_view *view, const Ledger__BatchFile *file);
/* The row, claim 0 of an advance's batch, as the books have it beside what the bank says; NULL where both agree. */
Ledger__Disagreement *disagreement_of(struct jn_decision *d, const Ledger__BatchFile *file, const struct claim *claim,
                                      const Ledger__BankResult *result);
/* The same of new bookings: more or fewer debits than the row accounts for. */
Ledger__Disagreement *disagreement_booked(struct jn_decision *d, const Ledger__BatchFile *file,
                                          const struct claim *claim, const Ledger__BankResult *result,
                                          const Ledger__BookedRow *news);
/* The row's, which nobody has settled yet; NULL for none. */
Ledger__Disagreement *disagreement_standing(const struct jn_view *view, uint64_t batch, uint64_t number);
/* Has it been told before, whatever became of it since? */
bool disagreement_told(const struct jn_view *view, const Ledger__Disagreement *disagreement);
/* Refuses the row, naming the class. */
enum jn_code disagreement_refuse(struct jn_decision *d, const Ledger__Disagreement *disagreement);

/* ---- What each noun does, for the tables in service.c ---- */

enum jn_code decide_submit_batches(struct jn_decision *d, const Ledger__SubmitBatches *cmd);
enum jn_code decide_release_batches(struct jn_decision *d, const Ledger__ReleaseBatches *cmd);
enum jn_code decide_send_back_batches(struct jn_decision *d, const Ledger__SendBackBatches *cmd);
enum jn_code decide_withdraw_claims(struct jn_decision *d, const Ledger__WithdrawClaims *cmd);
enum jn_code decide_set_payment_limits(struct jn_decision *d, const Ledger__SetPaymentLimits *cmd);
enum jn_code decide_freeze_payees(struct jn_decision *d, const Ledger__FreezePayees *cmd);
enum jn_code decide_thaw_payees(struct jn_decision *d, const Ledger__ThawPayees *cmd);
enum jn_code decide_confirm_payment_limits(struct jn_decision *d, const Ledger__ConfirmPaymentLimits *cmd);
enum jn_code decide_confirm_thaws(struct jn_decision *d, const Ledger__ConfirmThaws *cmd);
enum jn_code decide_settle_disagreement(struct jn_decision *d, const Ledger__SettleDisagreement *cmd);
enum jn_code fire_thaw(struct jn_decision *d, uint64_t id);
void apply_batch_moved(struct jn_tables *t, const Ledger__BatchMoved *event, const struct jn_stamp *stamp);
void apply_claims_withdrawn(struct jn_tables *t, const Ledger__ClaimsWithdrawn *event, const struct jn_stamp *stamp);
void apply_payee_frozen(struct jn_tables *t, const Ledger__PayeeFrozen *event, const struct jn_stamp *stamp);
void apply_payment_limit_set(struct jn_tables *t, const Ledger__PaymentLimitSet *event, const struct jn_stamp *stamp);
void apply_payment_limit_asked(struct jn_tables *t, const Ledger__PaymentLimitAsked *event,
                               const struct jn_stamp *stamp);
void apply_thaw_asked(struct jn_tables *t, const Ledger__ThawAsked *event, const struct jn_stamp *stamp);
void apply_bank_undecided(struct jn_tables *t, const Ledger__BankUndecided *event, const struct jn_stamp *stamp);
void apply_bank_disagreed(struct jn_tables *t, const Ledger__BankDisagreed *event, const struct jn_stamp *stamp);
void apply_disagreement_settled(struct jn_tables *t, const Ledger__DisagreementSettled *event,
                                const struct jn_stamp *stamp);
enum jn_code answer_payment_limits(struct jn_decision *d, const Ledger__PaymentLimitsRequest *request);
enum jn_code answer_frozen_payees(struct jn_decision *d, const Ledger__FrozenPayeesRequest *request);
enum jn_code answer_unknowns(struct jn_decision *d, const Ledger__UnknownsRequest *request);
enum jn_code answer_disagreements(struct jn_decision *d, const Ledger__DisagreementsRequest *request);

/* ---- investigation.c, suspension.c ---- */

/* The open case that keeps the claim, or the class's advance, from the bank; 0 for none. */
uint64_t claim_investigated(const struct jn_view *view, const struct claim *claim);
uint64_t class_investigated(const struct jn_view *view, uint64_t class);
uint64_t case_within(const struct jn_view *view, const struct claim *claim, uint64_t class); /* the class is known */
/* Is it kept for one, or will be let go soon? */
bool claim_suspended(const struct jn_view *view, const struct claim *claim);
/* What of the places no case keeps from the bank stays in `places`; the others are noted. Returns how many. */
size_t suspension_pass(struct jn_decision *d, const Ledger__Claims *claims, size_t *places, size_t count);
/* A case is over: what it kept goes on, from the claim behind `through`. */
void suspended_resume(struct jn_decision *d, uint64_t case_, uint64_t through);
/* Apply's: the claim will not be paid. */
void suspended_forget(struct jn_tables *t, uint64_t claim);
enum jn_code fire_resume(struct jn_decision *d, uint64_t case_);
void apply_investigation_noted(struct jn_tables *t, const Ledger__InvestigationNoted *event,
                               const struct jn_stamp *stamp);
void apply_claims_suspended(struct jn_tables *t, const Ledger__ClaimsSuspended *event, const struct jn_stamp *stamp);
void apply_claims_resumed(struct jn_tables *t, const Ledger__ClaimsResumed *event, const struct jn_stamp *stamp);

/* ---- freeze.c, investigation.c ---- */

/* One block sends so much of what a thaw lets go; as a sweep does. */
#define THAW_CLAIMS      1000
#define PAYEE_KIND_BITS  2
#define PAYEE_NUMBER_MAX (UINT64_MAX >> PAYEE_KIND_BITS)
/* NULL where the payee is not frozen; by: the key that did it, empty where an investigation has. */
const Ledger__FrozenPayee *frozen_get(const struct jn_view *view, struct payee payee);
enum jn_code freeze_tell(struct jn_decision *d, struct payee payee, const Ledger__FreezePayee *row, bool thawed,
                         bool more);
/* Thaws it, and sends what waited, as much as `limit` lets. */
void thaw_begin(struct jn_decision *d, struct payee payee, const Ledger__FreezePayee *row, size_t *limit);

#endif
