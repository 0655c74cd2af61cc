/* Recovery cases (追缴): a claim that should not have been paid is reversed by new entries, never by change; 2.12-e.
 *
 * An honest mistake and fraud are told apart: a mistake may be paid back by a plan, is taken off other payments, and a
 * small rest of it may be given up, with a document; fraud is paid back at once, nothing of it is given up, it is taken
 * off other payments only by decision, and until it is settled its payee is paid nothing (stop.c). */
#include "ledger/accounts/books.h"

#include "domain/date.h"

#define INSTALMENTS_MAX 60
#define PLAN_DAYS_MAX   (5 * 366)

/* ---- Decisions: a case is opened ---- */

static enum jn_code
well_said(struct jn_decision *d, const Ledger__OpenRecovery *cmd)
{
    if (cmd->kind != LEDGER__DEBT_KIND__DEBT_ERROR && cmd->kind != LEDGER__DEBT_KIND__DEBT_FRAUD)
        return jn_refuse(d, JN_MALFORMED,
                         "2.12-e: say whether it is an error (差错) or fraud (骗取); they end differently");
    if (cmd->amount_fen < 0 || (cmd->claim == 0) == (cmd->grant == 0))
        return jn_refuse(d, JN_MALFORMED,
                         "name the claim or the grant, and how much of it must come back; 0 is all of it");
    if (!text_fits(cmd->document, TEXT_BYTES_MAX) || !text_fits(cmd->clause, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "name the decision's document and the clause, 1 to %d bytes each",
                         TEXT_BYTES_MAX);
    return JN_OK;
}

enum jn_code
decide_open_recovery(struct jn_decision *d, const Ledger__OpenRecovery *cmd)
{
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    const Ledger__Claims *claims;
    struct claim claim;
    int64_t left;
    char text[MONEY_TEXT];
    enum jn_code code = well_said(d, cmd);

    if (code != JN_OK)
        return code;
    if (cmd->grant)
        return grant_recover(d, cmd);
    claims = claims_of(d->view, cmd->claim);
    if (!claims || !jn_in_scope_division(d->who, claims->division))
        return jn_refuse(d, JN_NOT_FOUND, "claim %llu has not been settled", (unsigned long long)cmd->claim);
    claim = claim_at(claims, cmd->claim - claims->first_claim);
    if (claim.state != CLAIM_PAID)
        return jn_refuse(d, JN_WRONG_STATE, "the claim is %s: only what was paid can be recovered; hold it instead",
                         claim_state_name(claim.state));
    left = claim.amount_fen - claim.reversed_fen;
    if (left == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing of the claim is left to reverse");
    if (cmd->amount_fen > left)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "2.12-e: %s yuan of the claim are not reversed yet, not more",
                         money_format(left, text));

    /* Decided. */
    reply.number = case_open(d, &(struct case_wanted){.claim = cmd->claim,
                                                      .amount_fen = cmd->amount_fen ? cmd->amount_fen : left,
                                                      .kind = cmd->kind,
                                                      .document = cmd->document,
                                                      .clause = cmd->clause});
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* ---- Decisions: how it comes back ---- */

/* NULL, or what is wrong with the plan. */
static const char *
plan_fault(const struct jn_decision *d, const Ledger__ArrangeRecovery *cmd, int64_t owed)
{
    int64_t sum = 0;

    if (cmd->n_plan > INSTALMENTS_MAX)
        return "a plan has at most 60 instalments";
    for (size_t i = 0; i < cmd->n_plan; i++) {
        if (cmd->plan[i]->amount_fen < 1 || !money_add(sum, cmd->plan[i]->amount_fen, &sum))
            return "each instalment must be more than nothing";
        if (cmd->plan[i]->day < d->today || cmd->plan[i]->day > d->today + PLAN_DAYS_MAX)
            return "an instalment's day is today or later, and within five years";
        if (i > 0 && cmd->plan[i]->day <= cmd->plan[i - 1]->day)
            return "the instalments' days must rise";
    }
    return sum == owed ? NULL : "the instalments together must be what is owed and not taken off a payment";
}

static enum jn_code
arrange(struct jn_decision *d, const Ledger__ArrangeRecovery *cmd, const Ledger__Receivable *row)
{
    Ledger__RecoveryArranged event = LEDGER__RECOVERY_ARRANGED__INIT;
    Ledger__Posted reply = LEDGER__POSTED__INIT;

    event.receivable = reply.number = row->number;
    event.n_plan = cmd->n_plan;
    event.plan = cmd->plan;
    event.document = cmd->document;
    event.day = d->today;
    event.fund = row->fund;
    event.division = row->division;
    jn_emit(d, LEDGER__EVENT__BODY_RECOVERY_ARRANGED, &event);
    if (cmd->offset)
        stop_retry(d, receivable_payee(row));
    jn_reply(d, &reply.base);
    return JN_OK;
}

enum jn_code
decide_arrange_recovery(struct jn_decision *d, const Ledger__ArrangeRecovery *cmd)
{
    const Ledger__Receivable *row;
    enum jn_code code;
    const char *fault;
    int64_t owed;

    if (cmd->offset == (cmd->n_plan > 0))
        return jn_refuse(d, JN_MALFORMED, "give either a plan of instalments, or offset");
    if (!text_fits(cmd->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "name the decision's document in 1 to %d bytes", TEXT_BYTES_MAX);
    row = receivable_meant(d, cmd->receivable, &code);
    if (!row)
        return code;
    owed = receivable_left(row) - receivable_on_its_way(row);
    if (owed == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing is owed any more, or all of it is taken off a payment");
    if (cmd->n_plan > 0 && row->kind == LEDGER__DEBT_KIND__DEBT_FRAUD)
        return jn_refuse(d, JN_REFUSED, "2.12-e: fraud is paid back at once, not by instalments");
    if (cmd->offset && row->kind != LEDGER__DEBT_KIND__DEBT_FRAUD)
        return jn_refuse(d, JN_REFUSED, "2.12-e: only fraud's debt needs a decision to be taken off other payments");
    if (cmd->offset && row->offset_ordered)
        return jn_refuse(d, JN_WRONG_STATE, "that was decided already");
    fault = cmd->offset ? NULL : plan_fault(d, cmd, owed);
    if (fault)
        return jn_refuse(d, JN_MALFORMED, "%s", fault);

    /* Decided. */
    return arrange(d, cmd, row);
}

/* ---- Decisions: it is given up ---- */

static enum jn_code
write_off(struct jn_decision *d, const Ledger__WriteOff *cmd, const Ledger__Receivable *row)
{
    Ledger__WrittenOff event = LEDGER__WRITTEN_OFF__INIT;
    Ledger__WrittenOffPart parts[PARTS_MAX], *pointers[PARTS_MAX];
    Ledger__Posted reply = LEDGER__POSTED__INIT;

    event.receivable = reply.number = row->number;
    event.fund = row->fund;
    event.division = row->division;
    event.amount_fen = receivable_left(row);
    event.document = cmd->document;
    event.day = d->today;
    event.parts = pointers;
    for (size_t i = 0; i < row->n_parts; i++) {
        if (row->parts[i]->left_fen == 0)
            continue;
        pointers[event.n_parts] = &parts[event.n_parts];
        ledger__written_off_part__init(&parts[event.n_parts]);
        parts[event.n_parts].part = (uint32_t)i;
        parts[event.n_parts].account_division = row->parts[i]->account_division;
        parts[event.n_parts].year = row->parts[i]->year;
        parts[event.n_parts].item = row->parts[i]->item;
        parts[event.n_parts].fund = row->parts[i]->fund;
        parts[event.n_parts].purpose = row->parts[i]->purpose;
        parts[event.n_parts++].amount_fen = row->parts[i]->left_fen;
    }
    jn_reply(d, &reply.base);
    return jn_emit(d, LEDGER__EVENT__BODY_WRITTEN_OFF, &event);
}

enum jn_code
decide_write_off(struct jn_decision *d, const Ledger__WriteOff *cmd)
{
    const Ledger__Receivable *row;
    char text[MONEY_TEXT];
    enum jn_code code;

    if (!text_fits(cmd->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "name the decision's document in 1 to %d bytes", TEXT_BYTES_MAX);
    row = receivable_meant(d, cmd->receivable, &code);
    if (!row)
        return code;
    if (row->kind == LEDGER__DEBT_KIND__DEBT_FRAUD)
        return jn_refuse(d, JN_REFUSED, "2.12-e: what was obtained by fraud is not given up");
    if (row->kind == LEDGER__DEBT_KIND__DEBT_ADVANCE)
        return jn_refuse(d, JN_REFUSED, "2.10-f: an advance that was not earned is recovered, not given up");
    if (receivable_left(row) == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing is owed any more");
    if (receivable_on_its_way(row) > 0)
        return jn_refuse(d, JN_WRONG_STATE, "a part of it is taken off a payment; wait for the bank's answer");
    if (receivable_left(row) > fund_write_off_most(d->view))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "2.12-e: at most %s yuan are given up; recover the rest first",
                         money_format(fund_write_off_most(d->view), text));

    /* Decided. */
    return write_off(d, cmd, row);
}

/* ---- An instalment's day has passed ---- */

enum jn_code
fire_instalment(struct jn_decision *d, uint64_t id)
{
    const Ledger__Receivable *row = receivable_get(d->view, id);
    Ledger__InstalmentOverdue event = LEDGER__INSTALMENT_OVERDUE__INIT;
    uint32_t next = instalment_watched(row);

    event.receivable = id;
    event.instalment = next + 1;
    event.due_day = row->plan[next]->day;
    event.missing_fen = instalment_left(row, next);
    event.fund = row->fund;
    event.division = row->division;
    event.class_ = row->class_;
    event.claim = row->claim;
    event.person = row->person;
    event.institution = row->institution;
    event.grant = row->grant;
    return jn_emit(d, LEDGER__EVENT__BODY_INSTALMENT_OVERDUE, &event);
}

/* ---- What then happens ---- */

static void
note_reversal(struct jn_tables *t, Ledger__Books *books, const Ledger__Reversed *event)
{
    Ledger__Claims *claims = claims_take(t, event->claim);
    size_t place = event->claim - claims->first_claim;
    Ledger__Reversal reversal = LEDGER__REVERSAL__INIT;
    struct use_part uses[PARTS_MAX];

    claim_set_reversed(jn_view_of(t), claims, place, claim_at(claims, place).reversed_fen + event->amount_fen);
    for (size_t i = 0; i < event->n_parts; i++) {
        uses[i] = (struct use_part){event->parts[i]->fund, event->parts[i]->amount_fen};
        if (event->parts[i]->fund)
            claim_reverse_share(jn_view_of(t), claims, place, event->parts[i]->fund, event->parts[i]->amount_fen);
    }
    claims_put(t, claims);
    reversal.amount_fen = event->amount_fen;
    jn_put(t, TABLE_REVERSAL, JN_KEY(event->claim, event->receivable), &reversal);
    count_in(books->reversed, event->amount_fen);
    use_add_parts(t, books, (struct use){event->fund, event->division, event->item, event->institution},
                  MEASURE_REVERSED, 1, event->amount_fen, event->n_parts, uses);
}

void
apply_reversed(struct jn_tables *t, const Ledger__Reversed *event, const struct jn_stamp *stamp)
{
    Ledger__Receivable row = LEDGER__RECEIVABLE__INIT;
    Ledger__ReceivablePart parts[PARTS_MAX], *pointers[PARTS_MAX];
    Ledger__Books *books = books_open(t);

    (void)stamp;
    row.number = event->receivable;
    row.kind = event->kind;
    row.fund = event->fund;
    row.division = event->division;
    row.class_ = event->class_;
    row.claim = event->claim;
    row.grant = event->grant;
    row.person = event->person;
    row.institution = event->institution;
    row.due_day = event->day;
    row.document = event->document;
    row.clause = event->clause;
    row.n_parts = event->n_parts;
    row.parts = pointers;
    for (size_t i = 0; i < event->n_parts; i++) {
        pointers[i] = &parts[i];
        ledger__receivable_part__init(&parts[i]);
        parts[i].account_division = event->parts[i]->account_division;
        parts[i].year = event->parts[i]->year;
        parts[i].item = event->parts[i]->item;
        parts[i].purpose = event->parts[i]->purpose;
        parts[i].amount_fen = event->parts[i]->amount_fen;
        parts[i].fund = event->parts[i]->fund;
    }
    if (event->grant)
        grant_reversed(t, books, event);
    else
        note_reversal(t, books, event);
    receivable_open(t, books, &row, event->grant ? GRANT_PAID : PAID);
    books_close(t, books);
}

void
apply_recovery_arranged(struct jn_tables *t, const Ledger__RecoveryArranged *event, const struct jn_stamp *stamp)
{
    Ledger__Receivable *row = receivable_take(t, event->receivable);

    (void)stamp;
    if (event->n_plan == 0) {
        row->offset_ordered = true;
    } else {
        row->n_plan = event->n_plan;
        row->plan = event->plan;
        row->overdue = 0;
    }
    receivable_put(t, row);
}

void
apply_instalment_overdue(struct jn_tables *t, const Ledger__InstalmentOverdue *event, const struct jn_stamp *stamp)
{
    Ledger__Receivable *row = receivable_take(t, event->receivable);

    (void)stamp;
    row->overdue = event->instalment;
    receivable_put(t, row);
}

void
apply_written_off(struct jn_tables *t, const Ledger__WrittenOff *event, const struct jn_stamp *stamp)
{
    Ledger__Receivable *row = receivable_take(t, event->receivable);
    Ledger__Books *books = books_open(t);

    (void)stamp;
    for (size_t i = 0; i < event->n_parts; i++)
        receivable_post(t, books, row, event->parts[i]->part, WRITTEN_OFF, 0, event->parts[i]->amount_fen);
    if (event->rule)
        advance_given_up(t, row, event);
    receivable_put(t, row);
    books_close(t, books);
}
