/* Disbursements (拨款): instalments of grants on their way to the payee's bank, as rows of payment batches; and the
 * rows of batches, whatever they are. Included by paying.h. */
#ifndef LEDGER_DISBURSEMENT_H
#define LEDGER_DISBURSEMENT_H

#include "ledger/accounts/books.h"

/* ---- Rows of batches ---- */

/* A row's number: a claim's own, a disbursement's behind all of them, 0 for the batch's one advance. */
uint64_t row_number(uint64_t claim, uint64_t disbursement);
/* 0 where it is none. */
uint64_t row_claim(uint64_t number);
uint64_t row_disbursement(uint64_t number);

/* Without an advance's, which has no row of its own. */
size_t batch_rows(const Ledger__BatchFile *file);
uint64_t batch_number(const Ledger__BatchFile *file, size_t i);
/* The row as a claim; `claims` is what batch_claims gave, NULL for grants and advances. */
const Ledger__Claims *batch_claims(const struct jn_view *view, const Ledger__BatchFile *file);
struct claim batch_claim(const struct jn_view *view, const Ledger__BatchFile *file, const Ledger__Claims *claims,
                         size_t i);

/* ---- Disbursements ---- */

/* So many of one grant, those that failed or were withdrawn among them. */
#define DISBURSEMENTS_MAX 60

/* NULL where there is none. */
const Ledger__DisbursementRow *disbursement_get(const struct jn_view *view, uint64_t disbursement);
/* As a claim of its institution, with the row's number: for what keeps a payment back, or is taken off it. */
struct claim disbursement_claim(const struct jn_view *view, uint64_t disbursement, const Ledger__DisbursementRow *row);
/* The grant's last one by that document that was not withdrawn; 0 for none. */
uint64_t disbursement_by(const struct jn_view *view, const Ledger__GrantRow *grant, const char *document);
void disbursements_told(struct jn_decision *d, const Ledger__GrantRow *grant, Ledger__GrantView *view);

/* What failed of the batch of grants, or the one that is named, in a new batch: *batch. */
enum jn_code disbursement_resend(struct jn_decision *d, const Ledger__BatchFile *file, uint64_t disbursement,
                                 uint64_t *batch);
/* The bank's word of rows of a batch of grants. */
void disbursement_paid(struct jn_decision *d, uint64_t disbursement);
void disbursements_failed(struct jn_decision *d, const Ledger__BatchFile *file, const Ledger__Failed *failed);
/* Apply's: the bank has paid it. */
void disbursement_settle(struct jn_tables *t, Ledger__Books *books, Ledger__GrantRow *grant,
                         const Ledger__GrantPaid *event);
/* Rows that are named leave the draft. */
enum jn_code disbursements_withdraw(struct jn_decision *d, const Ledger__WithdrawClaims *cmd,
                                    const Ledger__BatchFile *file);

/* ---- Bookings: booking.c ---- */

/* The bank's references of a row's debits and credits; NULL where none are known. */
const Ledger__BookingRow *booking_get(const struct jn_view *view, uint64_t batch, uint64_t number);
/* NULL, or what is wrong with those that a result names. */
const char *booking_fault(const Ledger__BankResult *result);
/* *out: of those that the result names, the ones that are not known; NULL where all are. */
enum jn_code booking_news(struct jn_decision *d, uint64_t batch, const Ledger__BankResult *result,
                          const Ledger__BookedRow **out);
/* How many debits and credits, what is known and the news. */
struct bookings {
    size_t booked, returned;
};
struct bookings bookings_of(const struct jn_view *view, uint64_t batch, uint64_t number, const Ledger__BookedRow *news);

/* ---- What each noun does, for the tables in service.c ---- */

enum jn_code decide_disburse_grants(struct jn_decision *d, const Ledger__DisburseGrants *cmd);
void apply_grant_instructed(struct jn_tables *t, const Ledger__GrantInstructed *event, const struct jn_stamp *stamp);
void apply_grants_withdrawn(struct jn_tables *t, const Ledger__GrantsWithdrawn *event, const struct jn_stamp *stamp);
void apply_grants_failed(struct jn_tables *t, const Ledger__GrantsFailed *event, const struct jn_stamp *stamp);
void apply_booked(struct jn_tables *t, const Ledger__Booked *event, const struct jn_stamp *stamp);

#endif
