/* Reversals (冲销): of a paid claim so much must come back, by a new entry in the accounts that bore it, each its
 * share; 2.12-e. Its payee owes it from then on. */
#include "ledger/accounts/books.h"

/* An account is a part once. */
static void
add_part(Ledger__ReversedPart *parts, size_t *count, struct account account, Common__Fund source, int64_t fen)
{
    Ledger__ReversedPart *part = &parts[*count];

    if (fen == 0)
        return;
    for (size_t i = 0; !source && i < *count; i++) {
        if (!parts[i].fund && parts[i].account_division == account.division && parts[i].year == account.year &&
            (uint32_t)parts[i].item == account.purpose) {
            parts[i].amount_fen += fen;
            return;
        }
    }
    ledger__reversed_part__init(part);
    part->account_division = account.division;
    part->year = account.year;
    part->item = account_item(account.purpose);
    part->amount_fen = fen;
    part->fund = source;
    (*count)++;
}

/* From each source of its pool, by what is not reversed yet of each share. */
static void
shares_reversed(const struct claim *claim, int64_t fen, Ledger__ReversedPart *parts, size_t *count)
{
    int64_t left[FUNDS] = {0}, from[FUNDS];

    for (size_t i = 0; i < claim->n_shares; i++)
        left[i] = claim->shares[i]->amount_fen - (claim->shares_reversed_fen ? claim->shares_reversed_fen[i] : 0);
    pool_divide(fen, left, claim->n_shares, from);
    for (size_t i = 0; i < claim->n_shares; i++)
        add_part(parts, count, claim->account, claim->shares[i]->fund, from[i]);
}

/* A claim that its class's advance paid in part is taken back from both accounts, so that all cases of a claim together
 * take from each its share, cut down to the fen from the advance's. */
static size_t
reversed_parts(const struct jn_view *view, const Ledger__Claims *claims, const struct claim *claim, int64_t fen,
               Ledger__ReversedPart *parts)
{
    int64_t advanced = money_share(claim->reversed_fen + fen, claim->offset_fen, claim->amount_fen) -
                       money_share(claim->reversed_fen, claim->offset_fen, claim->amount_fen);
    size_t count = 0;

    if (claim->n_shares)
        shares_reversed(claim, fen - advanced, parts, &count);
    else
        add_part(parts, &count, claim->account, 0, fen - advanced);
    if (advanced > 0)
        add_part(parts, &count,
                 advance_account(claim->fund, advance_get(view, claims->class_, claim->fund, claim->institution)), 0,
                 advanced);
    return count;
}

uint64_t
case_open(struct jn_decision *d, const struct case_wanted *wanted)
{
    Ledger__Reversed event = LEDGER__REVERSED__INIT;
    Ledger__ReversedPart parts[PARTS_MAX], *pointers[PARTS_MAX];
    const Ledger__Claims *claims = claims_of(d->view, wanted->claim);
    struct claim claim = claim_at(claims, wanted->claim - claims->first_claim);
    struct payee payee = claim_payee(&claim);

    event.receivable = jn_counter(d->view, COUNTER_RECEIVABLES) + 1;
    event.kind = wanted->kind;
    event.claim = claim.number;
    event.settlement = claims->settlement;
    event.class_ = claims->class_;
    event.division = claims->division;
    event.fund = claim.fund;
    event.item = claim.item;
    event.payee = claim.payee;
    event.person = payee_person(payee);
    event.institution = payee_institution(payee);
    event.amount_fen = wanted->amount_fen;
    event.n_parts = reversed_parts(d->view, claims, &claim, wanted->amount_fen, parts);
    for (size_t i = 0; i < event.n_parts; i++)
        pointers[i] = &parts[i];
    event.parts = pointers;
    event.document = (char *)(uintptr_t)wanted->document;
    event.clause = (char *)(uintptr_t)wanted->clause;
    event.day = d->today;
    event.case_ = wanted->case_;
    jn_emit(d, LEDGER__EVENT__BODY_REVERSED, &event);
    if (wanted->kind == LEDGER__DEBT_KIND__DEBT_FRAUD)
        stop_begin(d, receivable_get(d->view, event.receivable));
    return event.receivable;
}
