/* Settlements (核算结果): what the subsidy service settled is promised money at once, or waits for it; in the order of
 * settlement.
 *
 * A claim takes its whole amount from one account: the division's own, or the city's where that has run out. What the
 * payee has already, as an advance for the class, takes nothing (the offset, advance.c). What no account has, waits;
 * and behind it everything later of the same fund and division, but for what is earmarked for its item (queue.c). What
 * a fund may not pay, 2.11-b, is told to the auditor and never committed. */
#include "ledger/accounts/books.h"

/* A settlement under way: its claims go three ways. */
struct settling {
    struct jn_decision *d;
    const Subsidy__Settled *event;
    uint64_t first_claim;
    struct fence fence;
    bool fenced;
    struct advances advances;
    struct till tills[FUNDS];
    struct purse purse;
    int64_t waiting_fen;
    Ledger__Committed committed;
    Ledger__Queued queued;
    Ledger__Misdirected misdirected;
};

/* ---- How the subsidy service moves it ---- */

static enum jn_code
ignore(struct jn_decision *d, const Subsidy__Settled *event, const char *why)
{
    Ledger__Ignored ignored = LEDGER__IGNORED__INIT;

    ignored.what = (char *)(uintptr_t) "settled";
    ignored.settlement = event->settlement;
    ignored.class_ = event->class_;
    ignored.why = (char *)(uintptr_t)why;
    return jn_emit(d, LEDGER__EVENT__BODY_IGNORED, &ignored);
}

/* NULL, or why nothing at all can be made of it. */
static const char *
settled_fault(const struct jn_decision *d, const Subsidy__Settled *event)
{
    if (event->settlement <= jn_counter(d->view, COUNTER_SETTLEMENT))
        return "this settlement was handled before";
    if (event->n_claims > 0 && event->claims[0]->claim <= jn_counter(d->view, COUNTER_CLAIM))
        return "its claims were settled before";
    if (event->n_claims > 0 && event->claims[0]->claim > UINT64_MAX - event->n_claims)
        return "its claims' numbers are out of range";
    for (size_t i = 1; i < event->n_claims; i++) {
        if (event->claims[i]->claim != event->claims[0]->claim + i)
            return "its claims are not numbered one after the other";
    }
    return NULL;
}

/* Half of a fen is cut to nothing: a claim of 0 is due, committed and paid like any other. */
static bool
amount_valid(int64_t amount_fen)
{
    return amount_fen >= 0 && amount_fen <= AMOUNT_FEN_MAX;
}

static struct claim
claim_settled(const struct settling *s, const Subsidy__SettledClaim *row)
{
    struct claim claim = {
        .number = row->claim,
        .person = row->person,
        .amount_fen = amount_valid(row->amount_fen) ? row->amount_fen : 0,
        .item = row->item > 0 && row->item < ITEMS ? row->item : COMMON__ITEM__ITEM_UNSPECIFIED,
        .fund = fund_valid(row->fund) ? row->fund : COMMON__FUND__FUND_UNSPECIFIED,
        .payee = row->payee > 0 && row->payee <= COMMON__PAYEE__PAYEE_INSTITUTION ? row->payee
                                                                                  : COMMON__PAYEE__PAYEE_UNSPECIFIED,
    };

    if (claim.payee == COMMON__PAYEE__PAYEE_INSTITUTION)
        claim.institution = s->event->provider;
    if (claim.payee == COMMON__PAYEE__PAYEE_ENTERPRISE)
        claim.institution = s->event->employer;
    return claim;
}

/* NULL, or why no money may be committed to it; 2.11-b. */
static const char *
claim_fault(const struct settling *s, const struct claim *claim, int64_t amount_fen)
{
    if (!division_valid(s->event->division))
        return "its division does not exist";
    if (!amount_valid(amount_fen))
        return "its amount is less than nothing, or more than a hundred billion yuan";
    if (!claim->item || !claim->fund || !claim->payee)
        return "its item, fund or payee does not exist";
    if (!s->fenced)
        return "no policy pack has listed yet what funds may be used for";
    if (!(s->fence.items[claim->fund] & 1u << (unsigned)claim->item))
        return "2.11-b: the fund may not pay this item";
    if (claim->institution == 0 && (claim->payee != COMMON__PAYEE__PAYEE_PERSON || claim->person == 0))
        return "nobody is named to be paid";
    return NULL;
}

static void
to_queue(struct settling *s, const struct claim *claim)
{
    Ledger__QueuedRow *row = jn_take(s->d->view, sizeof(*row));

    ledger__queued_row__init(row);
    row->claim = claim->number;
    row->amount_fen = claim->amount_fen;
    row->fund = claim->fund;
    row->item = claim->item;
    row->payee = claim->payee;
    row->person = claim->person;
    row->institution = claim->institution;
    row->offset_fen = claim->offset_fen;
    s->queued.rows[s->queued.n_rows++] = row;
    s->queued.missing_fen += claim_net(claim);
}

static void
to_auditor(struct settling *s, const struct claim *claim, const char *why)
{
    Ledger__MisdirectedRow *row = jn_take(s->d->view, sizeof(*row));

    ledger__misdirected_row__init(row);
    row->claim = claim->number;
    row->amount_fen = claim->amount_fen;
    row->fund = claim->fund;
    row->item = claim->item;
    row->payee = claim->payee;
    row->person = claim->person;
    row->institution = claim->institution;
    row->why = (char *)(uintptr_t)why;
    s->misdirected.rows[s->misdirected.n_rows++] = row;
}

static void
settle(struct settling *s, const Subsidy__SettledClaim *row)
{
    struct claim claim = claim_settled(s, row);
    const char *fault = claim_fault(s, &claim, row->amount_fen);
    struct till *till = &s->tills[claim.fund];

    if (fault) {
        to_auditor(s, &claim, fault);
        return;
    }
    if (!money_add(s->waiting_fen, claim.amount_fen, &s->waiting_fen)) {
        to_auditor(s, &claim, "more would be waiting than ten trillion yuan");
        return;
    }
    till_open(s->d, till, claim.fund, s->event->division);
    till->purse = &s->purse;
    claim.offset_fen = advance_earn(&s->advances, claim.fund, claim.institution, claim.amount_fen);
    if (!till_take_claim(s->d, till, &claim)) {
        to_queue(s, &claim);
        return;
    }
    s->committed.rows[s->committed.n_rows++] = committed_row(s->d->view, &claim);
}

static void
settling_open(struct settling *s)
{
    const Ledger__Books *books = jn_look(s->d->view, TABLE_BOOKS, JN_KEY(0));
    size_t bytes = s->event->n_claims * sizeof(void *);

    ledger__committed__init(&s->committed);
    ledger__queued__init(&s->queued);
    ledger__misdirected__init(&s->misdirected);
    s->committed.rows = jn_take(s->d->view, bytes);
    s->queued.rows = jn_take(s->d->view, bytes);
    s->misdirected.rows = jn_take(s->d->view, bytes);
    s->waiting_fen = books ? books->waiting->amount_fen : 0;
    s->fenced = fence_of(s->d->view, s->event->pack, &s->fence);
    advances_of(s->d->view, s->event->class_, &s->advances);
}

/* The three events say the same of their settlement. */
#define HEAD(s, out)                                                                                                   \
    ((out).settlement = (s)->event->settlement, (out).class_ = (s)->event->class_,                                     \
     (out).division = (s)->event->division, (out).first_claim = (s)->first_claim,                                      \
     (out).claims = (uint32_t)(s)->event->n_claims)

static void
settling_emit(struct settling *s)
{
    HEAD(s, s->committed);
    HEAD(s, s->queued);
    HEAD(s, s->misdirected);
    s->queued.year = s->misdirected.year = year_now(s->d);
    if (s->committed.n_rows)
        jn_emit(s->d, LEDGER__EVENT__BODY_COMMITTED, &s->committed);
    if (s->queued.n_rows)
        jn_emit(s->d, LEDGER__EVENT__BODY_QUEUED, &s->queued);
    if (s->misdirected.n_rows)
        jn_emit(s->d, LEDGER__EVENT__BODY_MISDIRECTED, &s->misdirected);
    shortfall_look_at(s->d, &s->committed);
}

enum jn_code
react_settled(struct jn_decision *d, const Subsidy__Settled *event, const struct jn_source *from)
{
    struct settling *s = jn_take(d->view, sizeof(*s));
    const char *fault = settled_fault(d, event);

    (void)from;
    if (fault)
        return ignore(d, event, fault);
    s->d = d;
    s->event = event;
    s->first_claim = event->n_claims ? event->claims[0]->claim : 0;
    settling_open(s);
    for (size_t i = 0; i < event->n_claims; i++)
        settle(s, event->claims[i]);
    settling_emit(s);
    if (event->last) {
        advances_of(d->view, event->class_, &s->advances);
        advance_settle(d, event->class_, &s->advances);
    }
    return JN_OK;
}
