/* What is owed back to the ledger's accounts, and how it comes back: receivables, offsets, stops,
 * cases; 2.10-f, 2.12-e. The end of ledger.h, which includes it. */
#ifndef LEDGER_RECOVERY_H
#define LEDGER_RECOVERY_H

#include "ledger/ledger.h"

/* ---- Receivables ---- */

/* Who owes. */
struct payee receivable_payee(const Ledger__Receivable *row);

/* So many open debts of a payee are looked at for one payment. */
#define DEBTS_LOOKED_AT 200
#define PARTS_MAX       FUNDS /* a claim's own account or each source of its pool, and its advance's */

/* NULL where there is none. */
const Ledger__Receivable *receivable_get(const struct jn_view *view, uint64_t number);
int64_t receivable_left(const Ledger__Receivable *row);
/* Of what is left, with claims that the bank has. */
int64_t receivable_on_its_way(const Ledger__Receivable *row);
/* Of the plan's instalment, what is not paid: the earlier ones are paid first. */
int64_t instalment_left(const Ledger__Receivable *row, size_t instalment);
/* The first that is neither paid nor told to be overdue, from 0; as many as the plan has where there is none. */
uint32_t instalment_watched(const Ledger__Receivable *row);
/* What may be asked for on that day: all of it, or the instalments whose day has passed. */
int64_t receivable_due(const Ledger__Receivable *row, int32_t today);
struct account receivable_account(const Ledger__Receivable *row, size_t part);
/* Apply's copy, to be changed and put back; it must exist. */
Ledger__Receivable *receivable_take(struct jn_tables *t, uint64_t number);
/* Keeps who owes, and the timer of the next instalment, too. */
void receivable_put(struct jn_tables *t, const Ledger__Receivable *row);
/* More of an advance is owed than was thought. */
void receivable_grow(struct jn_tables *t, Ledger__Books *books, Ledger__Receivable *row, int64_t fen);
/* Opens it: balance `from` of each part's account -> receivable. */
void receivable_open(struct jn_tables *t, Ledger__Books *books, Ledger__Receivable *row, enum balance from);
/* Out of what is left of a part, into another balance; returned, it goes into the account of that year. */
void receivable_post(struct jn_tables *t, Ledger__Books *books, Ledger__Receivable *row, size_t part, enum balance to,
                     uint32_t year, int64_t fen);
/* Out of a balance of an account, into what the account of that year has to give. */
void account_give_back(struct jn_tables *t, Ledger__Books *books, struct account account, enum balance from,
                       uint32_t year, int64_t fen);
/* An amount over the parts, in proportion to what each has left and not on its way; at most that. */
void receivable_split(const Ledger__Receivable *row, int64_t fen, int64_t *shares);
/* The one that the caller names, within his scope; else NULL, refused. */
const Ledger__Receivable *receivable_meant(struct jn_decision *d, uint64_t number, enum jn_code *code);

/* ---- What is taken off other payments ---- */

/* What of the places may go to the bank: a payee's whose fraud is not settled is kept back, of what others owe as much
 * is taken off as may be. Returns how many are in `pass`. */
size_t recovery_pass(struct jn_decision *d, const Ledger__Claims *claims, const size_t *places, size_t count,
                     size_t *pass);
#define SETOFFS_MAX 16 /* of one row of a batch; what more there is, the next payment brings */
/* What may be taken off the payment, behind the rows that were found already, and its sum. False where it is stopped.
 */
bool setoff_find(struct jn_decision *d, const struct claim *claim, Ledger__SetoffRow **rows, size_t *count,
                 int64_t *fen);
/* Apply's: it is taken off that row of a batch; none of it is. */
void setoff_note(struct jn_tables *t, uint64_t number, const Ledger__SetoffRow *row);
void setoffs_forget(struct jn_tables *t, uint64_t number);
/* Does fraud that is not settled keep the claim from the bank? 2.12-e */
bool recovery_stops(const struct jn_view *view, const struct claim *claim, int32_t today);
/* The claim is paid: what was taken off it comes back to the account that it is owed to. */
void setoff_return(struct jn_decision *d, const struct claim *claim);
/* The claim failed: what was taken off it is owed as before. */
void setoff_drop(struct jn_tables *t, Ledger__Claims *claims, size_t place);
/* Apply's: what was taken off has come. */
void setoff_returned(struct jn_tables *t, Ledger__Receivable *row, uint64_t claim, const Ledger__ReturnedPart *part);
/* Who owed, and the number; this year's account that a part goes back to, opened. */
void returned_fill(struct jn_decision *d, const Ledger__Receivable *row, Ledger__Returned *event);
Ledger__ReturnedPart returned_part(struct jn_decision *d, const Ledger__Receivable *row, size_t part, int64_t fen);
void setoffs_of(const struct jn_view *view, uint64_t claim, Ledger__Setoff ***rows, size_t *count);

/* ---- Cases ---- */

/* A paid claim is reversed by so much, which its payee owes from now on. */
struct case_wanted {
    uint64_t claim;
    int64_t amount_fen; /* 1 to what of it is not reversed yet */
    Ledger__DebtKind kind;
    const char *document, *clause;
    uint64_t case_; /* of subsidy's; 0: of none */
};
/* The receivable's number. */
uint64_t case_open(struct jn_decision *d, const struct case_wanted *wanted);

/* ---- Reductions (reassessment.c) ---- */

/* Is less of it due than it holds, and not taken off yet? It does not go to the bank meanwhile. */
bool claim_reduced(const struct jn_view *view, uint64_t claim);
/* Nothing of these claims, rising, stays due: subsidy has decided it. What is not paid is released, what is paid comes
 * back, what the bank has waits for its answer; what came back before does not come back twice. */
struct undoing {
    uint64_t case_, objection; /* one of the two */
    bool fraud;
    const char *document, *clause;
};
void claims_undo(struct jn_decision *d, const uint64_t *claims, size_t count, const struct undoing *why);
/* What kept reductions of these has ended. */
void reductions_meet(struct jn_decision *d, const uint64_t *claims, size_t count);
/* Apply's: the claim is over. */
void reduction_forget(struct jn_tables *t, uint64_t claim);
enum jn_code react_reassessed(struct jn_decision *d, const Subsidy__Reassessed *event, const struct jn_source *from);
void apply_claims_reduced(struct jn_tables *t, const Ledger__ClaimsReduced *event, const struct jn_stamp *stamp);

/* ---- Stops ---- */

/* Nothing is left of it: does a stop end with it? */
void stop_review(struct jn_decision *d, const Ledger__Receivable *row);
/* Apply's: the claim goes to the bank. */
void stop_forget(struct jn_tables *t, const struct claim *claim);
/* What was kept is looked at again. */
void stop_retry(struct jn_decision *d, struct payee payee);
void stop_begin(struct jn_decision *d, const Ledger__Receivable *row);
bool stop_stands(const struct jn_view *view, struct payee payee);
/* Is the claim kept by one? */
bool claim_stopped(const struct jn_view *view, const struct claim *claim);
/* These claims would go to the bank but for it. */
void stop_keep(struct jn_decision *d, struct payee payee, uint64_t *claims, size_t count);

/* ---- What each noun does, for the tables in service.c ---- */

enum jn_code decide_open_recovery(struct jn_decision *d, const Ledger__OpenRecovery *cmd);
enum jn_code decide_arrange_recovery(struct jn_decision *d, const Ledger__ArrangeRecovery *cmd);
enum jn_code decide_record_repayment(struct jn_decision *d, const Ledger__RecordRepayment *cmd);
enum jn_code decide_write_off(struct jn_decision *d, const Ledger__WriteOff *cmd);
enum jn_code fire_instalment(struct jn_decision *d, uint64_t id);
enum jn_code fire_lift(struct jn_decision *d, uint64_t id);
void apply_setoff_taken(struct jn_tables *t, const Ledger__SetoffTaken *event, const struct jn_stamp *stamp);
void apply_returned(struct jn_tables *t, const Ledger__Returned *event, const struct jn_stamp *stamp);
void apply_reversed(struct jn_tables *t, const Ledger__Reversed *event, const struct jn_stamp *stamp);
void apply_recovery_arranged(struct jn_tables *t, const Ledger__RecoveryArranged *event, const struct jn_stamp *stamp);
void apply_instalment_overdue(struct jn_tables *t, const Ledger__InstalmentOverdue *event,
                              const struct jn_stamp *stamp);
void apply_written_off(struct jn_tables *t, const Ledger__WrittenOff *event, const struct jn_stamp *stamp);
void apply_payments_stopped(struct jn_tables *t, const Ledger__PaymentsStopped *event, const struct jn_stamp *stamp);
enum jn_code answer_receivables(struct jn_decision *d, const Ledger__ReceivablesRequest *request);

#endif
