/* Advances (预拨), 2.10-f: at most 60 % of what a class should earn, paid when it opens, one a class, fund and institution.
 *
 * An advance moves available -> advanced at once and goes to the bank in a batch of its own. As the class is settled its claims earn
 * it, in their order: a claim's offset is what of its amount the payee has already. The offset needs no new money, so the
 * class costs the budget the larger of the two, due and advance, until the rest is recovered.
 *
 *   of the advance   where the money stands                  when
 *   left             advanced                                neither earned nor recovered; the debt once the class is settled
 *   drawn            advanced, then paid                     earned by claims that are settled; paid with them (paid_out)
 *   recovered        available again, this year's account    RecordRecovery, up to what is left
 *
 *   the claim        its offset        the rest (net)        both together
 *   waiting          advanced          nowhere               claims behind it wait, however small their rest: nobody overtakes
 *   committed        advanced          committed
 *   instructed       advanced          instructed            the bank is told the rest alone; nothing, where there is no rest
 *   paid             paid              paid                  `paid` counts the whole: an advance changes no total
 *
 * An advance that the bank sends back stays advanced until it is sent again or, being no longer wanted, recovered. An advance does not
 * wait for money: where neither account has it, or something of that fund and division waits, it is refused. */
#include "ledger/ledger.h"

#include <string.h>

/* ---- Table ---- */

static struct jn_key
advance_key(uint64_t class, Common__Fund fund, uint64_t institution)
{
    return JN_KEY(class, fund, institution);
}

static const Ledger__Advance *
advance_get(const struct jn_view *view, uint64_t class, Common__Fund fund, uint64_t institution)
{
    return jn_get(view, TABLE_ADVANCE, advance_key(class, fund, institution));
}

static int64_t
advance_left(const Ledger__Advance *advance)
{
    return advance->amount_fen - advance->drawn_fen - advance->recovered_fen;
}

static struct account
advance_account(Common__Fund fund, const Ledger__Advance *advance)
{
    return (struct account){fund, advance->account_division, advance->year};
}

static bool
note_advance(void *context, const struct jn_key *key, const void *row)
{
    struct advances *out = context;
    size_t i = out->count++;

    out->at[i].fund = (Common__Fund)jn_key_number(key, 1);
    out->at[i].institution = jn_key_number(key, 2);
    out->at[i].row = row;
    out->at[i].left_fen = advance_left(row);
    return true;
}

void
advances_of(const struct jn_view *view, uint64_t class, struct advances *out)
{
    out->count = 0;
    jn_scan(view, TABLE_ADVANCE, JN_KEY(class), sizeof(uint64_t), ADVANCES_MAX, note_advance, out);
}

int64_t
advance_earn(struct advances *advances, Common__Fund fund, uint64_t institution, int64_t amount_fen)
{
    for (size_t i = 0; i < advances->count; i++) {
        int64_t *left = &advances->at[i].left_fen, earned = *left < amount_fen ? *left : amount_fen;

        if (advances->at[i].fund != fund || advances->at[i].institution != institution || institution == 0)
            continue;
        *left -= earned;
        return earned;
    }
    return 0;
}

/* ---- How the subsidy service moves it ---- */

static enum jn_code
ignore(struct jn_decision *d, uint64_t class, const char *why)
{
    Ledger__Ignored ignored = LEDGER__IGNORED__INIT;

    ignored.what = (char *)(uintptr_t)"advance_granted";
    ignored.class_ = class;
    ignored.why = (char *)(uintptr_t)why;
    return jn_emit(d, LEDGER__EVENT__BODY_IGNORED, &ignored);
}

static const char *
part_fault(struct jn_decision *d, const Subsidy__AdvanceGranted *event, const Subsidy__AdvancePart *part)
{
    struct advances others;

    if (!division_valid(event->division) || !fund_valid(part->fund) || part->institution == 0)
        return "its division, fund or institution does not exist";
    if (part->amount_fen < 1 || part->amount_fen > AMOUNT_FEN_MAX)
        return "its amount is nothing, or more than a hundred billion yuan";
    if (advance_get(d->view, event->class_, part->fund, part->institution))
        return "the class has an advance from that fund already";
    advances_of(d->view, event->class_, &others);
    return others.count < ADVANCES_MAX ? NULL : "the class has as many advances as it may have";
}

static enum jn_code
grant(struct jn_decision *d, const Subsidy__AdvanceGranted *event, const Subsidy__AdvancePart *part)
{
    struct till till = {.open = false};
    struct account account = {part->fund, event->division, year_now(d)};
    Ledger__AdvancePaid paid = LEDGER__ADVANCE_PAID__INIT;
    const char *fault = part_fault(d, event, part);

    if (fault)
        return ignore(d, event->class_, fault);
    till_open(d, &till, part->fund, event->division);
    paid.refused = till.blocked || !till_take(&till, part->amount_fen, &account);
    paid.class_ = event->class_;
    paid.division = event->division;
    paid.fund = part->fund;
    paid.account_division = account.division;
    paid.year = account.year;
    paid.institution = part->institution;
    paid.amount_fen = part->amount_fen;
    paid.batch = paid.refused ? 0 : jn_counter(d->view, COUNTER_BATCHES) + 1;
    paid.day = d->today;
    return jn_emit(d, LEDGER__EVENT__BODY_ADVANCE_PAID, &paid);
}

enum jn_code
react_advance_granted(struct jn_decision *d, const Subsidy__AdvanceGranted *event, const struct jn_source *from)
{
    (void)from;
    for (size_t i = 0; i < event->n_parts; i++)
        grant(d, event, event->parts[i]);
    return JN_OK;
}

/* After the class's last settlement. A debt is somebody's to recover. */
void
advance_settle(struct jn_decision *d, uint64_t class, const struct advances *advances)
{
    for (size_t i = 0; i < advances->count; i++) {
        Ledger__AdvanceSettled event = LEDGER__ADVANCE_SETTLED__INIT;

        event.class_ = class;
        event.fund = advances->at[i].fund;
        event.institution = advances->at[i].institution;
        event.earned_fen = advances->at[i].row->drawn_fen;
        event.debt_fen = advances->at[i].left_fen;
        event.division = advances->at[i].row->division;
        jn_emit(d, LEDGER__EVENT__BODY_ADVANCE_SETTLED, &event);
    }
}

/* ---- Decisions ---- */

/* The advance that the command means: the class's one from that fund, or the named institution's. */
static enum jn_code
advance_meant(struct jn_decision *d, const Ledger__RecordRecovery *cmd, uint64_t *institution)
{
    struct advances all;
    size_t found = 0;

    advances_of(d->view, cmd->class_, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (all.at[i].fund != cmd->fund || (cmd->institution && all.at[i].institution != cmd->institution))
            continue;
        *institution = all.at[i].institution;
        found++;
    }
    if (found == 0)
        return jn_refuse(d, JN_NOT_FOUND, "the class had no advance (预拨) from that fund");
    if (found > 1)
        return jn_refuse(d, JN_MALFORMED, "several institutions had an advance for the class; name the one that pays back");
    return JN_OK;
}

static enum jn_code
recover(struct jn_decision *d, const Ledger__RecordRecovery *cmd, uint64_t institution, const Ledger__Advance *advance)
{
    struct account now = {cmd->fund, advance->account_division, year_now(d)};
    Ledger__Recovered event = LEDGER__RECOVERED__INIT;
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    struct sweep sweep = sweep_open(d);

    account_open(d, now);
    event.class_ = cmd->class_;
    event.fund = cmd->fund;
    event.amount_fen = cmd->amount_fen;
    event.document = cmd->document;
    event.institution = institution;
    event.account_division = advance->account_division;
    event.from_year = advance->year;
    event.to_year = now.year;
    event.number = reply.number = jn_counter(d->view, COUNTER_RECOVERIES) + 1;
    jn_emit(d, LEDGER__EVENT__BODY_RECOVERED, &event);
    sweep_fund(&sweep, cmd->fund, city_of(advance->account_division));
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* May come before the class is settled, too: a class that was stopped is never settled. */
enum jn_code
decide_record_recovery(struct jn_decision *d, const Ledger__RecordRecovery *cmd)
{
    const Ledger__Advance *advance;
    uint64_t institution = 0;
    char left[MONEY_TEXT];
    enum jn_code code;

    if (cmd->class_ == 0 || !fund_valid(cmd->fund))
        return jn_refuse(d, JN_MALFORMED, "name the class and the fund (资金来源) of the advance");
    if (cmd->amount_fen <= 0)
        return jn_refuse(d, JN_MALFORMED, "the amount must be more than nothing");
    if (strnlen(cmd->document, TEXT_BYTES_MAX + 1) > TEXT_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "shorten the document's number to %d bytes", TEXT_BYTES_MAX);
    code = advance_meant(d, cmd, &institution);
    if (code != JN_OK)
        return code;
    advance = advance_get(d->view, cmd->class_, cmd->fund, institution);
    if (!jn_in_scope_division(d->who, advance->division))
        return jn_refuse(d, JN_DENIED, "the class's division is not in your scope");
    if (advance_left(advance) == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing is left to recover: the advance is earned or recovered");
    if (cmd->amount_fen > advance_left(advance))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "2.10-f: %s yuan are left to recover, not more",
                         money_format(advance_left(advance), left));

    /* Decided. */
    return recover(d, cmd, institution, advance);
}

enum jn_code
advance_answer(struct jn_decision *d, const Ledger__BatchFile *file, bool paid, const char *reason)
{
    Ledger__AdvanceAnswered event = LEDGER__ADVANCE_ANSWERED__INIT;

    event.class_ = file->head->class_;
    event.fund = file->fund;
    event.institution = file->institution;
    event.batch = file->head->batch;
    event.division = file->head->division;
    event.paid = paid;
    event.reason = (char *)(uintptr_t)reason;
    return jn_emit(d, LEDGER__EVENT__BODY_ADVANCE_ANSWERED, &event);
}

enum jn_code
advance_resend(struct jn_decision *d, const Ledger__BatchFile *file, uint64_t *batch)
{
    const Ledger__Advance *advance = advance_get(d->view, file->head->class_, file->fund, file->institution);
    Ledger__AdvanceSent event = LEDGER__ADVANCE_SENT__INIT;

    if (advance->state != LEDGER__ADVANCE_STATE__SENT_BACK || advance->batch != *batch)
        return jn_refuse(d, JN_WRONG_STATE, "the advance (预拨) of this batch was not sent back");
    event.amount_fen = advance->amount_fen - advance->recovered_fen;
    if (event.amount_fen == 0)
        return jn_refuse(d, JN_WRONG_STATE, "the advance (预拨) was recovered whole; nothing is left to send");

    /* Decided. */
    event.class_ = file->head->class_;
    event.fund = file->fund;
    event.institution = file->institution;
    event.division = file->head->division;
    event.day = d->today;
    event.batch = *batch = jn_counter(d->view, COUNTER_BATCHES) + 1;
    return jn_emit(d, LEDGER__EVENT__BODY_ADVANCE_SENT, &event);
}

/* ---- What then happens ---- */

struct transfer {
    uint64_t batch, class, institution;
    Common__Fund fund;
    uint32_t division;
    int32_t day;
    int64_t amount_fen;
};

static void
advance_to_bank(struct jn_tables *t, Ledger__Books *books, const struct transfer *transfer)
{
    Ledger__BatchShort head = LEDGER__BATCH_SHORT__INIT;
    Ledger__BatchFile file = LEDGER__BATCH_FILE__INIT;

    head.batch = transfer->batch;
    head.rows = file.open = 1;
    head.amount_fen = transfer->amount_fen;
    head.division = transfer->division;
    head.day = transfer->day;
    head.class_ = transfer->class;
    head.advance = true;
    file.head = &head;
    file.fund = transfer->fund;
    file.institution = transfer->institution;
    batch_put(t, books, &file);
}

void
apply_advance_paid(struct jn_tables *t, const Ledger__AdvancePaid *event, const struct jn_stamp *stamp)
{
    struct account account = {event->fund, event->account_division, event->year};
    struct transfer transfer = {event->batch,    event->class_, event->institution, event->fund,
                                event->division, event->day,    event->amount_fen};
    Ledger__Advance advance = LEDGER__ADVANCE__INIT;
    Ledger__Books *books;

    (void)stamp;
    if (event->refused)
        return;
    books = books_open(t);
    advance.division = event->division;
    advance.account_division = event->account_division;
    advance.year = event->year;
    advance.amount_fen = event->amount_fen;
    advance.state = LEDGER__ADVANCE_STATE__SENT;
    advance.batch = event->batch;
    jn_put(t, TABLE_ADVANCE, advance_key(event->class_, event->fund, event->institution), &advance);
    account_post(t, books, account, AVAILABLE, ADVANCED, event->amount_fen);
    advance_to_bank(t, books, &transfer);
    books_close(t, books);
}

/* Apply's copy, to be changed and put back. */
static Ledger__Advance *
advance_take(struct jn_tables *t, uint64_t class, Common__Fund fund, uint64_t institution)
{
    const Ledger__Advance *advance = advance_get(jn_view_of(t), class, fund, institution);

    JN_ASSERT(advance);
    return (Ledger__Advance *)(uintptr_t)advance;
}

static void
advance_put(struct jn_tables *t, uint64_t class, Common__Fund fund, uint64_t institution, const Ledger__Advance *advance)
{
    Ledger__Debt debt = LEDGER__DEBT__INIT;

    JN_ASSERT(advance_left(advance) >= 0 && advance->paid_out_fen <= advance->drawn_fen);
    jn_put(t, TABLE_ADVANCE, advance_key(class, fund, institution), advance);
    if (!advance->settled)
        return;
    debt.class_ = class;
    debt.fund = fund;
    debt.institution = institution;
    debt.amount_fen = advance_left(advance);
    debt.division = advance->division;
    if (debt.amount_fen > 0)
        jn_put(t, TABLE_DEBT, advance_key(class, fund, institution), &debt);
    else
        jn_delete(t, TABLE_DEBT, advance_key(class, fund, institution));
}

void
advances_drawn(struct jn_tables *t, const struct tally *tally)
{
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];
        Ledger__Advance *advance = advance_take(t, row->key[0], (Common__Fund)row->key[1], row->key[2]);

        advance->drawn_fen += row->fen;
        advance_put(t, row->key[0], (Common__Fund)row->key[1], row->key[2], advance);
    }
}

void
advances_paid_out(struct jn_tables *t, Ledger__Books *books, const struct tally *tally)
{
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];
        Common__Fund fund = (Common__Fund)row->key[1];
        Ledger__Advance *advance = advance_take(t, row->key[0], fund, row->key[2]);

        advance->paid_out_fen += row->fen;
        advance_put(t, row->key[0], fund, row->key[2], advance);
        account_post(t, books, advance_account(fund, advance), ADVANCED, PAID, row->fen);
    }
}

void
apply_advance_settled(struct jn_tables *t, const Ledger__AdvanceSettled *event, const struct jn_stamp *stamp)
{
    Ledger__Advance *advance = advance_take(t, event->class_, event->fund, event->institution);

    (void)stamp;
    advance->settled = true;
    advance_put(t, event->class_, event->fund, event->institution, advance);
}

void
apply_advance_sent(struct jn_tables *t, const Ledger__AdvanceSent *event, const struct jn_stamp *stamp)
{
    Ledger__Advance *advance = advance_take(t, event->class_, event->fund, event->institution);
    struct transfer transfer = {event->batch,    event->class_, event->institution, event->fund,
                                event->division, event->day,    event->amount_fen};
    Ledger__Books *books = books_open(t);

    (void)stamp;
    advance->state = LEDGER__ADVANCE_STATE__SENT;
    advance->batch = event->batch;
    advance->reason = (char *)(uintptr_t)"";
    advance_put(t, event->class_, event->fund, event->institution, advance);
    advance_to_bank(t, books, &transfer);
    books_close(t, books);
}

void
apply_advance_answered(struct jn_tables *t, const Ledger__AdvanceAnswered *event, const struct jn_stamp *stamp)
{
    Ledger__Advance *advance = advance_take(t, event->class_, event->fund, event->institution);
    Ledger__Books *books = books_open(t);

    (void)stamp;
    advance->state = event->paid ? LEDGER__ADVANCE_STATE__RECEIVED : LEDGER__ADVANCE_STATE__SENT_BACK;
    advance->reason = event->reason;
    advance_put(t, event->class_, event->fund, event->institution, advance);
    batch_answered(t, books, event->batch, 1);
    books_close(t, books);
}

void
apply_recovered(struct jn_tables *t, const Ledger__Recovered *event, const struct jn_stamp *stamp)
{
    Ledger__Advance *advance = advance_take(t, event->class_, event->fund, event->institution);
    struct account from = advance_account(event->fund, advance);
    struct account to = {event->fund, event->account_division, event->to_year};
    Ledger__Books *books = books_open(t);

    (void)stamp;
    advance->recovered_fen += event->amount_fen;
    advance_put(t, event->class_, event->fund, event->institution, advance);
    if (from.year == to.year) {
        account_post(t, books, from, ADVANCED, AVAILABLE, event->amount_fen);
    } else {
        account_post(t, books, from, ADVANCED, CARRIED_OUT, event->amount_fen);
        account_post(t, books, to, CARRIED_IN, AVAILABLE, event->amount_fen);
    }
    jn_counter_set(t, COUNTER_RECOVERIES, event->number);
    books_close(t, books);
}

/* ---- Answers ---- */

#define DEBTS_MAX 200

static bool
list_debt(void *context, const struct jn_key *key, const void *row)
{
    Ledger__DebtsView *view = context;

    (void)key;
    view->rows[view->n_rows++] = (Ledger__Debt *)(uintptr_t)row;
    return true;
}

enum jn_code
answer_debts(struct jn_decision *d, const Ledger__DebtsRequest *request)
{
    Ledger__DebtsView view = LEDGER__DEBTS_VIEW__INIT;

    view.rows = jn_take(d->view, DEBTS_MAX * sizeof(*view.rows));
    view.more = !jn_scan(d->view, TABLE_DEBT, JN_KEY(request->after_class + 1), 0, DEBTS_MAX, list_debt, &view);
    jn_reply(d, &view.base);
    return JN_OK;
}
