/* Offsets (抵扣): what a payee owes is taken off what it is to be paid, the oldest debt first.
 *
 * Of the same fund only, since no money may leave a fund (2.11-b), of a pool's claim at most what the fund's share of
 * it is, and of the same division's account, since one division's money is not another's; years do not matter, money
 * that comes back goes to this year's account. What a plan has not made due yet is not taken, nor an advance that its
 * payee has not got, nor what was obtained by fraud, unless that was decided (ArrangeRecovery).
 *
 *   the claim       what is taken off it                           the debt
 *   instructed      is not sent to the bank; with the claim        still owed, but on its way: nobody else takes it
 *   paid            the claim counts as paid whole                 has come back (Returned): receivable -> available
 *   failed          is forgotten                                   owed as before; taken anew when it is sent again
 */
#include "ledger/paying/disbursement.h"

/* ---- Table ---- */

struct setoffs {
    const struct jn_view *view;
    Ledger__Setoff **rows;
    size_t count;
};

static bool
note_setoff(void *context, const struct jn_key *key, const void *row)
{
    struct setoffs *setoffs = context;

    (void)key;
    setoffs->rows[setoffs->count++] = (Ledger__Setoff *)(uintptr_t)row;
    return true;
}

void
setoffs_of(const struct jn_view *view, uint64_t claim, Ledger__Setoff ***rows, size_t *count)
{
    struct setoffs setoffs = {view, jn_take(view, SETOFFS_MAX * sizeof(*setoffs.rows)), 0};

    jn_scan(view, TABLE_SETOFF, JN_KEY(claim), sizeof(uint64_t), SETOFFS_MAX, note_setoff, &setoffs);
    *rows = setoffs.rows;
    *count = setoffs.count;
}

/* ---- What may be taken off a claim ---- */

struct taking {
    const struct jn_view *view;
    const struct claim *claim;
    int32_t today;
    int64_t left_fen;                 /* of the claim, */
    int64_t fund_fen[FUNDS];          /* of what each fund bears of it */
    int64_t fraud_fen, fraud_off_fen; /* fraud that is not settled, and what of it the claim brings */
    Ledger__SetoffRow rows[SETOFFS_MAX];
    size_t count;
    bool more; /* debts than are looked at */
};

/* Of the debt, what may be taken off other payments. */
static int64_t
takeable(const struct taking *taking, const Ledger__Receivable *row)
{
    const Ledger__Advance *advance;

    if (row->kind == LEDGER__DEBT_KIND__DEBT_FRAUD && !row->offset_ordered)
        return 0;
    if (row->kind == LEDGER__DEBT_KIND__DEBT_ADVANCE) {
        advance = advance_get(taking->view, row->class_, row->fund, row->institution);
        if (advance->state != LEDGER__ADVANCE_STATE__RECEIVED)
            return 0;
    }
    return receivable_due(row, taking->today) - receivable_on_its_way(row);
}

static void
take_part(struct taking *taking, const Ledger__Receivable *row, size_t part, int64_t *room)
{
    int64_t fen = row->parts[part]->left_fen - row->parts[part]->setoff_fen;
    Ledger__SetoffRow *out = &taking->rows[taking->count];
    int64_t *fund_fen = &taking->fund_fen[receivable_account(row, part).fund];

    fen = fen < *room ? fen : *room;
    fen = fen < *fund_fen ? fen : *fund_fen;
    if (fen <= 0 || taking->count == SETOFFS_MAX ||
        row->parts[part]->account_division != taking->claim->account.division)
        return;
    ledger__setoff_row__init(out);
    out->receivable = row->number;
    out->part = (uint32_t)part;
    out->amount_fen = fen;
    taking->count++;
    taking->left_fen -= fen;
    *fund_fen -= fen;
    *room -= fen;
    if (row->kind == LEDGER__DEBT_KIND__DEBT_FRAUD)
        taking->fraud_off_fen += fen;
}

static bool
take_debt(void *context, const struct jn_key *key, const void *value)
{
    struct taking *taking = context;
    const Ledger__Owed *owed = value;
    const Ledger__Receivable *row;
    int64_t room;

    if (owed->fund != taking->claim->fund && !owed->pooled && taking->claim->n_shares == 0 &&
        owed->kind != LEDGER__DEBT_KIND__DEBT_FRAUD)
        return true;
    row = receivable_get(taking->view, jn_key_number(key, 2));
    room = takeable(taking, row);
    if (row->kind == LEDGER__DEBT_KIND__DEBT_FRAUD)
        taking->fraud_fen += receivable_left(row) - receivable_on_its_way(row);
    for (size_t i = 0; i < row->n_parts; i++)
        take_part(taking, row, i, &room);
    return true;
}

static void
take(struct taking *taking, const struct jn_view *view, const struct claim *claim, int32_t today)
{
    taking->view = view;
    taking->claim = claim;
    taking->today = today;
    taking->left_fen = claim_net(claim);
    for (uint32_t fund = 0; fund < FUNDS; fund++)
        taking->fund_fen[fund] = claim->n_shares == 0 && fund == (uint32_t)claim->fund ? taking->left_fen : 0;
    for (size_t i = 0; i < claim->n_shares; i++)
        taking->fund_fen[claim->shares[i]->fund] = claim->shares[i]->amount_fen;
    taking->fraud_fen = taking->fraud_off_fen = 0;
    taking->count = 0;
    taking->more = !jn_scan(view, TABLE_OWED, payee_key_of(claim_payee(claim), 0), PAYEE_KEY_BYTES, DEBTS_LOOKED_AT,
                            take_debt, taking);
}

/* Money would go to somebody who keeps what was obtained by fraud. Where it was decided to take that off, the claim may
 * go on as far as it is taken off. */
static bool
stops(const struct taking *taking)
{
    return taking->left_fen > 0 && stop_stands(taking->view, claim_payee(taking->claim)) &&
           (taking->more || taking->fraud_fen > taking->fraud_off_fen);
}

bool
recovery_stops(const struct jn_view *view, const struct claim *claim, int32_t today)
{
    struct taking *taking;

    if (!stop_stands(view, claim_payee(claim)))
        return false;
    taking = jn_take(view, sizeof(*taking));
    take(taking, view, claim, today);
    return stops(taking);
}

bool
setoff_find(struct jn_decision *d, const struct claim *claim, Ledger__SetoffRow **rows, size_t *count, int64_t *fen)
{
    struct taking *taking = jn_take(d->view, sizeof(*taking));

    take(taking, d->view, claim, d->today);
    for (size_t i = 0; i < taking->count && *count < SETOFFS_MAX; i++) {
        rows[(*count)++] = &taking->rows[i];
        *fen += taking->rows[i].amount_fen;
    }
    return !stops(taking);
}

/* ---- Decisions: on the way to the bank ---- */

static void
take_off(struct jn_decision *d, const Ledger__Claims *claims, struct taking *taking)
{
    Ledger__SetoffTaken event = LEDGER__SETOFF_TAKEN__INIT;
    Ledger__SetoffRow *rows[SETOFFS_MAX];

    event.claim = taking->claim->number;
    event.settlement = claims->settlement;
    event.class_ = claims->class_;
    event.division = claims->division;
    event.n_rows = taking->count;
    event.rows = rows;
    for (size_t i = 0; i < taking->count; i++)
        rows[i] = &taking->rows[i];
    jn_emit(d, LEDGER__EVENT__BODY_SETOFF_TAKEN, &event);
}

/* Claims of one payee are kept back together, as far as they lie together. */
struct keeping {
    struct payee payee;
    uint64_t *claims;
    size_t count;
};

static void
keep(struct jn_decision *d, struct keeping *keeping, const struct claim *claim)
{
    struct payee payee = claim ? claim_payee(claim) : (struct payee){.number = 0};

    if (keeping->count > 0 && !payee_same(payee, keeping->payee)) {
        stop_keep(d, keeping->payee, keeping->claims, keeping->count);
        keeping->count = 0;
    }
    keeping->payee = payee;
    if (claim && claim->state == CLAIM_COMMITTED)
        keeping->claims[keeping->count++] = claim->number;
}

static bool
owes_alike(const struct claim *a, const struct claim *b)
{
    return a->number && payee_same(claim_payee(a), claim_payee(b)) && a->fund == b->fund &&
           a->account.division == b->account.division && claim_net(a) > 0 && a->n_shares + b->n_shares == 0;
}

size_t
recovery_pass(struct jn_decision *d, const Ledger__Claims *claims, const size_t *places, size_t count, size_t *pass)
{
    const Ledger__Books *books = jn_look(d->view, TABLE_BOOKS, JN_KEY(0));
    struct taking *taking = jn_take(d->view, sizeof(*taking));
    struct keeping keeping = {.claims = jn_take(d->view, count * sizeof(*keeping.claims))};
    bool nobody_owes = !books || books->all->receivable_fen == 0;
    struct claim nothing = {.number = 0}; /* the last one off which nothing was to be taken */
    size_t passed = 0;

    for (size_t i = 0; i < count; i++) {
        struct claim claim = claim_at(claims, places[i]);

        if (!nobody_owes && !owes_alike(&nothing, &claim)) {
            take(taking, d->view, &claim, d->today);
            if (stops(taking)) {
                keep(d, &keeping, &claim);
                continue;
            }
            if (taking->count > 0)
                take_off(d, claims, taking);
            else if (!stop_stands(d->view, claim_payee(&claim)))
                nothing = claim;
        }
        pass[passed++] = places[i];
    }
    keep(d, &keeping, NULL);
    return passed;
}

/* ---- Decisions: the claim is paid ---- */

void
returned_fill(struct jn_decision *d, const Ledger__Receivable *row, Ledger__Returned *event)
{
    event->number = jn_counter(d->view, COUNTER_RETURNS) + 1;
    event->receivable = row->number;
    event->kind = row->kind;
    event->fund = row->fund;
    event->division = row->division;
    event->class_ = row->class_;
    event->person = row->person;
    event->institution = row->institution;
    event->day = d->today;
}

Ledger__ReturnedPart
returned_part(struct jn_decision *d, const Ledger__Receivable *row, size_t part, int64_t fen)
{
    Ledger__ReturnedPart out = LEDGER__RETURNED_PART__INIT;
    struct account now = receivable_account(row, part);

    now.year = year_now(d);
    account_open(d, now);
    out.part = (uint32_t)part;
    out.account_division = now.division;
    out.item = row->parts[part]->item;
    out.fund = row->parts[part]->fund;
    out.purpose = row->parts[part]->purpose;
    out.from_year = row->parts[part]->year;
    out.to_year = now.year;
    out.amount_fen = fen;
    return out;
}

void
setoff_return(struct jn_decision *d, const struct claim *claim)
{
    Ledger__Setoff **rows;
    size_t count;

    setoffs_of(d->view, claim->number, &rows, &count);
    for (size_t i = 0; i < count; i++) {
        const Ledger__Receivable *row = receivable_get(d->view, rows[i]->receivable);
        Ledger__ReturnedPart part = returned_part(d, row, rows[i]->part, rows[i]->amount_fen), *parts[] = {&part};
        Ledger__Returned event = LEDGER__RETURNED__INIT;

        returned_fill(d, row, &event);
        event.amount_fen = part.amount_fen;
        event.n_parts = 1;
        event.parts = parts;
        event.by_claim = row_claim(claim->number);
        event.by_disbursement = row_disbursement(claim->number);
        jn_emit(d, LEDGER__EVENT__BODY_RETURNED, &event);
        sweep_soon(d, receivable_account(row, rows[i]->part).fund, city_of(part.account_division));
        stop_review(d, row);
    }
}

/* ---- What then happens ---- */

void
setoff_note(struct jn_tables *t, uint64_t number, const Ledger__SetoffRow *row)
{
    Ledger__Receivable *debt = receivable_take(t, row->receivable);
    Ledger__Setoff setoff = LEDGER__SETOFF__INIT;

    debt->parts[row->part]->setoff_fen += row->amount_fen;
    receivable_put(t, debt);
    setoff.receivable = row->receivable;
    setoff.part = row->part;
    setoff.amount_fen = row->amount_fen;
    jn_put(t, TABLE_SETOFF, JN_KEY(number, row->receivable, row->part), &setoff);
}

void
apply_setoff_taken(struct jn_tables *t, const Ledger__SetoffTaken *event, const struct jn_stamp *stamp)
{
    Ledger__Claims *claims = claims_take(t, event->claim);
    int64_t sum = 0;

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        setoff_note(t, event->claim, event->rows[i]);
        sum += event->rows[i]->amount_fen;
    }
    claim_set_setoff(jn_view_of(t), claims, event->claim - claims->first_claim, sum);
    claims_put(t, claims);
}

void
setoff_returned(struct jn_tables *t, Ledger__Receivable *row, uint64_t claim, const Ledger__ReturnedPart *part)
{
    Ledger__Setoff setoff = LEDGER__SETOFF__INIT;

    row->parts[part->part]->setoff_fen -= part->amount_fen;
    setoff.receivable = row->number;
    setoff.part = part->part;
    setoff.amount_fen = part->amount_fen;
    setoff.returned = true;
    jn_put(t, TABLE_SETOFF, JN_KEY(claim, row->number, part->part), &setoff);
}

void
setoffs_forget(struct jn_tables *t, uint64_t claim)
{
    Ledger__Setoff **rows;
    size_t count;

    setoffs_of(jn_view_of(t), claim, &rows, &count);
    for (size_t i = 0; i < count; i++) {
        Ledger__Receivable *debt = receivable_take(t, rows[i]->receivable);

        debt->parts[rows[i]->part]->setoff_fen -= rows[i]->amount_fen;
        receivable_put(t, debt);
        jn_delete(t, TABLE_SETOFF, JN_KEY(claim, rows[i]->receivable, rows[i]->part));
    }
}

void
setoff_drop(struct jn_tables *t, Ledger__Claims *claims, size_t place)
{
    setoffs_forget(t, claims->first_claim + place);
    claim_set_setoff(jn_view_of(t), claims, place, 0);
}
