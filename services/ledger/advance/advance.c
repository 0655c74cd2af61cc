/* Advances (预拨), 2.10-f: at most 60 % of what a class should earn, paid when it opens, one a class, fund and
 * institution.
 *
 * An advance moves available -> advanced at once and goes to the bank in a batch of its own. As the class is settled
 * its claims earn it, in their order: a claim's offset is what of its amount the payee has already. The offset needs no
 * new money, so the class costs the budget the larger of the two, due and advance, until the rest is recovered.
 *
 *   of the advance   where the money stands                  when
 *   left             advanced                                neither earned nor recovered, its class not settled
 *                    receivable                              its class is settled: it is owed (receivable.c)
 *   drawn            advanced, then paid (paid_out)          earned by claims that are settled; paid with them
 *   recovered        available again, this year's account    repaid, or taken off other payments
 *   given up         written_off                             the pack's rule asks back a share alone (given_up.c)
 *
 *   the claim        its offset        the rest (net)        both together
 *   waiting          advanced          nowhere               claims behind it wait, however small their rest
 *   committed        advanced          committed
 *   instructed       advanced          instructed            the bank is told the rest alone, if there is any
 *   paid             paid              paid                  `paid` counts the whole: an advance changes no total
 *
 * An advance that the bank sends back stays advanced until it is sent again or, being no longer wanted, recovered. An
 * advance does not wait for money: where neither account has it, or something of that fund and division waits, it is
 * refused; so it is while payments to its payee are stopped (stop.c) or its payee is frozen (freeze.c). */
#include "ledger/accounts/books.h"
#include "ledger/paying/paying.h"

#include "domain/date.h"

/* 2.10-f: at most 60 %. The pack may say less; the subsidy service reckons by it. */
#define ADVANCE_BP_MAX 6000

/* ---- Table ---- */

struct jn_key
advance_key(uint64_t class, Common__Fund fund, uint64_t institution)
{
    return JN_KEY(class, fund, institution);
}

const Ledger__Advance *
advance_get(const struct jn_view *view, uint64_t class, Common__Fund fund, uint64_t institution)
{
    return jn_get(view, TABLE_ADVANCE, advance_key(class, fund, institution));
}

int64_t
advance_left(const Ledger__Advance *advance)
{
    return advance->amount_fen - advance->drawn_fen - advance->recovered_fen - advance->given_up_fen;
}

struct account
advance_account(Common__Fund fund, const Ledger__Advance *advance)
{
    return (struct account){fund, advance->account_division, advance->year, 0};
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

/* What is on its way back by an offset is not to be earned any more. */
void
advances_of(const struct jn_view *view, uint64_t class, struct advances *out)
{
    out->count = 0;
    jn_scan(view, TABLE_ADVANCE, JN_KEY(class), sizeof(uint64_t), ADVANCES_MAX, note_advance, out);
    for (size_t i = 0; i < out->count; i++) {
        const Ledger__Receivable *owed = receivable_get(view, out->at[i].row->receivable);

        if (owed)
            out->at[i].left_fen -= receivable_on_its_way(owed);
    }
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

    ignored.what = (char *)(uintptr_t) "advance_granted";
    ignored.class_ = class;
    ignored.why = (char *)(uintptr_t)why;
    return jn_emit(d, LEDGER__EVENT__BODY_IGNORED, &ignored);
}

static const char *
part_fault(struct jn_decision *d, const Subsidy__AdvanceGranted *event, const Subsidy__AdvancePart *part)
{
    struct advances others;
    int64_t most;

    if (!division_valid(event->division) || !fund_valid(part->fund) || part->institution == 0)
        return "its division, fund or institution does not exist";
    if (part->amount_fen < 1 || part->amount_fen > AMOUNT_FEN_MAX)
        return "its amount is nothing, or more than a hundred billion yuan";
    if (part->expected_fen < 0 || !money_rate(part->expected_fen, ADVANCE_BP_MAX, &most) || part->amount_fen > most)
        return "2.10-f: it is more than 60 % of what the class is expected to earn its payee";
    if (advance_get(d->view, event->class_, part->fund, part->institution))
        return "the class has an advance from that fund already";
    advances_of(d->view, event->class_, &others);
    return others.count < ADVANCES_MAX ? NULL : "the class has as many advances as it may have";
}

static enum jn_code
grant(struct jn_decision *d, const Subsidy__AdvanceGranted *event, const Subsidy__AdvancePart *part)
{
    struct till till = {.open = false};
    struct account account = {part->fund, event->division, year_now(d), 0};
    Ledger__AdvancePaid paid = LEDGER__ADVANCE_PAID__INIT;
    const char *fault = part_fault(d, event, part);

    if (fault)
        return ignore(d, event->class_, fault);
    till_open(d, &till, part->fund, event->division);
    paid.refused = till.blocked || stop_stands(d->view, institution_payee(part->institution)) ||
                   payee_frozen(d->view, institution_payee(part->institution)) ||
                   !till_take(&till, part->amount_fen, &account);
    paid.draft = !paid.refused;
    paid.class_ = event->class_;
    paid.division = event->division;
    paid.fund = part->fund;
    paid.account_division = account.division;
    paid.year = account.year;
    paid.institution = part->institution;
    paid.amount_fen = part->amount_fen;
    paid.batch = paid.refused ? 0 : jn_counter(d->view, COUNTER_BATCHES) + 1;
    paid.day = d->today;
    jn_emit(d, LEDGER__EVENT__BODY_ADVANCE_PAID, &paid);
    if (!paid.refused)
        shortfall_look(d, account);
    return JN_OK;
}

/* An enterprise that trains its own people is provider and employer at once: what one fund advances to it is one
 * advance. False where an earlier part has said it already. */
static bool
gather_part(const Subsidy__AdvanceGranted *event, size_t i, Subsidy__AdvancePart *out)
{
    *out = *event->parts[i];
    for (size_t j = 0; j < event->n_parts; j++) {
        const Subsidy__AdvancePart *other = event->parts[j];

        if (j == i || other->fund != out->fund || other->institution != out->institution)
            continue;
        if (j < i)
            return false;
        if (!money_add(out->amount_fen, other->amount_fen, &out->amount_fen) ||
            !money_add(out->expected_fen, other->expected_fen, &out->expected_fen))
            out->amount_fen = 0; /* refused below */
    }
    return true;
}

enum jn_code
react_advance_granted(struct jn_decision *d, const Subsidy__AdvanceGranted *event, const struct jn_source *from)
{
    (void)from;
    /* Five funds and two kinds of institution; what is beyond that is not looked at. */
    for (size_t i = 0; i < event->n_parts && i < ADVANCES_MAX; i++) {
        Subsidy__AdvancePart part;

        if (gather_part(event, i, &part))
            grant(d, event, &part);
    }
    return JN_OK;
}

/* After the class's last settlement. What is not earned is owed from now on. */
void
advance_settle(struct jn_decision *d, uint64_t class, const struct advances *advances)
{
    for (size_t i = 0; i < advances->count; i++) {
        Ledger__AdvanceSettled event = LEDGER__ADVANCE_SETTLED__INIT;

        event.class_ = class;
        event.fund = advances->at[i].fund;
        event.institution = advances->at[i].institution;
        event.earned_fen = advances->at[i].row->drawn_fen;
        event.debt_fen = advance_left(advances->at[i].row);
        event.division = advances->at[i].row->division;
        event.receivable = advances->at[i].row->receivable;
        if (!advances->at[i].row->settled && event.debt_fen > 0)
            event.receivable = jn_counter(d->view, COUNTER_RECEIVABLES) + 1;
        jn_emit(d, LEDGER__EVENT__BODY_ADVANCE_SETTLED, &event);
    }
}

/* ---- What then happens ---- */

void
apply_advance_paid(struct jn_tables *t, const Ledger__AdvancePaid *event, const struct jn_stamp *stamp)
{
    struct account account = {event->fund, event->account_division, event->year, 0};
    struct transfer transfer = {event->batch,    event->class_, event->institution, event->fund,
                                event->division, event->day,    event->amount_fen,  event->draft};
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
    use_add(t, books, (struct use){event->fund, event->division, 0, event->institution}, MEASURE_ADVANCED, 1,
            event->amount_fen);
    advance_to_bank(t, books, &transfer);
    rate_add(t, account, event->day, event->amount_fen);
    books_close(t, books);
}

/* Apply's copy, to be changed and put back. */
Ledger__Advance *
advance_take(struct jn_tables *t, uint64_t class, Common__Fund fund, uint64_t institution)
{
    const Ledger__Advance *advance = advance_get(jn_view_of(t), class, fund, institution);

    JN_ASSERT(advance);
    return (Ledger__Advance *)(uintptr_t)advance;
}

void
advance_put(struct jn_tables *t, uint64_t class, Common__Fund fund, uint64_t institution,
            const Ledger__Advance *advance)
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
    debt.receivable = advance->receivable;
    if (debt.amount_fen > 0)
        jn_put(t, TABLE_DEBT, advance_key(class, fund, institution), &debt);
    else
        jn_delete(t, TABLE_DEBT, advance_key(class, fund, institution));
}

/* What is owed can still be earned, by a claim that comes late. */
static void
earned_late(struct jn_tables *t, Ledger__Books *books, const Ledger__Advance *advance, int64_t fen)
{
    Ledger__Receivable *owed;

    if (!advance->receivable)
        return;
    owed = receivable_take(t, advance->receivable);
    receivable_post(t, books, owed, 0, ADVANCED, advance->year, fen);
    receivable_put(t, owed);
}

void
advances_drawn(struct jn_tables *t, Ledger__Books *books, const struct tally *tally)
{
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];
        Ledger__Advance *advance = advance_take(t, row->key[0], (Common__Fund)row->key[1], row->key[2]);

        advance->drawn_fen += row->fen;
        earned_late(t, books, advance, row->fen);
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

/* Logs from before there were receivables do not number it: they come in the same order. */
static void
owe(struct jn_tables *t, Ledger__Books *books, const Ledger__AdvanceSettled *event, Ledger__Advance *advance,
    int32_t day)
{
    Ledger__Receivable row = LEDGER__RECEIVABLE__INIT;
    Ledger__ReceivablePart part = LEDGER__RECEIVABLE_PART__INIT, *parts[] = {&part};

    row.number = advance->receivable = jn_counter(jn_view_of(t), COUNTER_RECEIVABLES) + 1;
    row.kind = LEDGER__DEBT_KIND__DEBT_ADVANCE;
    row.fund = event->fund;
    row.division = advance->division;
    row.class_ = event->class_;
    row.institution = event->institution;
    row.due_day = day;
    row.clause = (char *)(uintptr_t) "2.10-f";
    row.n_parts = 1;
    row.parts = parts;
    part.account_division = advance->account_division;
    part.year = advance->year;
    part.amount_fen = advance_left(advance);
    receivable_open(t, books, &row, ADVANCED);
}

/* A claim that will not be paid after all has earned nothing: once its class is settled that is owed. */
void
advance_unearn(struct jn_tables *t, Ledger__Books *books, uint64_t class, Common__Fund fund, uint64_t institution,
               int64_t fen, int32_t day)
{
    Ledger__AdvanceSettled late = LEDGER__ADVANCE_SETTLED__INIT;
    Ledger__Advance *advance;

    if (fen == 0)
        return;
    advance = advance_take(t, class, fund, institution);
    advance->drawn_fen -= fen;
    late.class_ = class;
    late.fund = fund;
    late.institution = institution;
    if (advance->settled && advance->receivable)
        receivable_grow(t, books, receivable_take(t, advance->receivable), fen);
    else if (advance->settled)
        owe(t, books, &late, advance, day);
    advance_put(t, class, fund, institution, advance);
}

void
apply_advance_settled(struct jn_tables *t, const Ledger__AdvanceSettled *event, const struct jn_stamp *stamp)
{
    Ledger__Advance *advance = advance_take(t, event->class_, event->fund, event->institution);
    Ledger__Books *books = books_open(t);

    if (!advance->settled && advance_left(advance) > 0)
        owe(t, books, event, advance, date_of_ms(stamp->time_ms));
    advance->settled = true;
    advance_put(t, event->class_, event->fund, event->institution, advance);
    books_close(t, books);
}
