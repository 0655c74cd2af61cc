/* Decommitment (承诺释放): what was committed to a claim and will not be paid returns to the account that reserved it,
 * and frees who waits. Finance releases what a reviewer holds (an objection that was upheld, 2.12-e) or what the bank
 * sent back; a commitment whose term is over lapses by itself. A claim that is held and still waits for money leaves
 * its queue, or needs so much less. What was released is committed again by a new settlement alone. */
#include "ledger/accounts/books.h"
#include "ledger/paying/paying.h"

#include <string.h>

#define DAYS_MAX    3660
#define NOTICE_DAYS 30 /* until finance sets another */
#define DAY_MS      INT64_C(86400000)

/* ---- Terms ---- */

static const Ledger__TermsView *
terms_get(const struct jn_view *view)
{
    return jn_look(view, TABLE_TERMS, JN_KEY(0));
}

uint32_t
terms_notice_days(const struct jn_view *view)
{
    const Ledger__TermsView *terms = terms_get(view);

    return terms ? terms->notice_days : NOTICE_DAYS;
}

uint32_t
terms_commitment_days(const struct jn_view *view)
{
    const Ledger__TermsView *terms = terms_get(view);

    return terms ? terms->commitment_days : 0;
}

enum jn_code
decide_set_terms(struct jn_decision *d, const Ledger__SetTerms *cmd)
{
    Ledger__TermsSet event = LEDGER__TERMS_SET__INIT;
    Ledger__Posted reply = LEDGER__POSTED__INIT;

    if (cmd->commitment_days > DAYS_MAX || cmd->notice_days > DAYS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "a term is at most %d days", DAYS_MAX);
    if (cmd->no_expiry && cmd->commitment_days)
        return jn_refuse(d, JN_MALFORMED, "say either after how many days commitments lapse, or that they do not");
    if (strnlen(cmd->document, TEXT_BYTES_MAX + 1) > TEXT_BYTES_MAX)
        return jn_refuse(d, JN_MALFORMED, "shorten the document's number to %d bytes", TEXT_BYTES_MAX);
    if (!jn_in_scope_all(d->who))
        return jn_refuse(d, JN_DENIED, "terms are the whole city's, and your scope is not");

    /* Decided. */
    event.commitment_days = cmd->commitment_days ? cmd->commitment_days : terms_commitment_days(d->view);
    if (cmd->no_expiry)
        event.commitment_days = 0;
    event.notice_days = cmd->notice_days ? cmd->notice_days : terms_notice_days(d->view);
    event.document = cmd->document;
    jn_emit(d, LEDGER__EVENT__BODY_TERMS_SET, &event);
    jn_reply(d, &reply.base);
    return JN_OK;
}

void
apply_terms_set(struct jn_tables *t, const Ledger__TermsSet *event, const struct jn_stamp *stamp)
{
    Ledger__TermsView terms = LEDGER__TERMS_VIEW__INIT;

    (void)stamp;
    terms.commitment_days = event->commitment_days;
    terms.notice_days = event->notice_days;
    terms.document = event->document;
    jn_put(t, TABLE_TERMS, JN_KEY(0), &terms);
}

enum jn_code
answer_terms(struct jn_decision *d, const Ledger__TermsRequest *request)
{
    Ledger__TermsView reply = LEDGER__TERMS_VIEW__INIT;
    const Ledger__TermsView *terms = terms_get(d->view);

    (void)request;
    reply.notice_days = NOTICE_DAYS;
    if (terms)
        reply = *terms;
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* ---- Decisions ---- */

void
releasing_open(struct releasing *r, struct jn_decision *d, const Ledger__Claims *claims, size_t rows)
{
    r->d = d;
    r->claims = claims;
    ledger__commitment_released__init(&r->event);
    r->event.settlement = claims->settlement;
    r->event.class_ = claims->class_;
    r->event.division = claims->division;
    r->event.rows = jn_take(d->view, rows * sizeof(*r->event.rows));
    r->event.to_year = year_now(d);
    r->event.number = jn_counter(d->view, COUNTER_RELEASES) + 1;
}

/* The year's account opens first, so that it has where to return to. What the payee has already, as an advance, is
 * given up last: it becomes owed, 2.10-f. */
void
releasing_add(struct releasing *r, const struct claim *claim, int64_t amount_fen)
{
    Ledger__ReleasedRow *row = jn_take(r->d->view, sizeof(*row));
    struct account now = claim->account;
    bool waiting = claim->state == CLAIM_WAITING;

    now.year = r->event.to_year;
    if (!waiting)
        account_open(r->d, now);
    ledger__released_row__init(row);
    row->claim = claim->number;
    row->whole = amount_fen == 0 || amount_fen == claim->amount_fen;
    row->amount_fen = row->whole ? claim->amount_fen : amount_fen;
    row->offset_fen = row->whole                           ? claim->offset_fen
                      : row->amount_fen > claim_net(claim) ? row->amount_fen - claim_net(claim)
                                                           : 0;
    row->fund = claim->fund;
    row->item = claim->item;
    row->account_division = claim->account.division;
    row->year = claim->account.year;
    row->earmarked = claim->account.purpose != 0;
    row->n_shares = pool_claim_shares(r->d->view, claim, row->amount_fen - row->offset_fen, &row->shares);
    for (size_t i = 0; i < row->n_shares; i++)
        account_open(r->d, (struct account){row->shares[i]->fund, now.division, now.year, 0});
    row->waiting = waiting;
    row->institution = waiting ? claim->institution : 0;
    r->event.rows[r->event.n_rows++] = row;
}

void
releasing_emit(struct releasing *r)
{
    bool came[FUNDS] = {false}, pooled = false;

    jn_emit(r->d, LEDGER__EVENT__BODY_COMMITMENT_RELEASED, &r->event);
    for (size_t i = 0; i < r->event.n_rows; i++) {
        const Ledger__ReleasedRow *row = r->event.rows[i];

        came[row->fund] = true;
        for (size_t k = 0; k < row->n_shares; k++)
            came[row->shares[k]->fund] = true;
        pooled = pooled || (row->n_shares > 0 && row->year == r->event.to_year);
        if (row->waiting && !waiting_get(r->d->view, row->fund, r->event.division))
            pool_unblocked(r->d, row->fund, r->event.division);
    }
    if (pooled)
        pool_came(r->d, r->event.division);
    for (uint32_t fund = 1; fund < FUNDS; fund++) {
        if (came[fund])
            money_came(r->d, (Common__Fund)fund, r->event.division);
    }
}

#define NOT_HELD "no reviewer holds it: an objection is upheld by a hold, and then it is released"

static enum jn_code
refuse_state(struct jn_decision *d, const struct claim *claim)
{
    static const char *const whys[CLAIM_STATES] = {
        [CLAIM_NONE] = "it was never settled",
        [CLAIM_WAITING] = NOT_HELD,
        [CLAIM_COMMITTED] = NOT_HELD,
        [CLAIM_INSTRUCTED] = "it is on its way to the bank: wait for the answer, or withdraw it",
        [CLAIM_PAID] = "it is paid: what was paid wrongly is recovered",
        [CLAIM_FAILED] = "",
        [CLAIM_MISDIRECTED] = "nothing was ever committed to it",
        [CLAIM_RELEASED] = "it was released before: only a new settlement commits it again",
    };

    return jn_refuse(d, JN_WRONG_STATE, "2.12-e: claim %llu: %s", (unsigned long long)claim->number,
                     whys[claim->state]);
}

enum jn_code
decide_release_commitment(struct jn_decision *d, const Ledger__ReleaseCommitment *cmd)
{
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    struct releasing r;
    const Ledger__Claims *claims;
    struct claim claim;
    char left[MONEY_TEXT];

    if (cmd->claim == 0)
        return jn_refuse(d, JN_MALFORMED, "name the claim by its number");
    if (cmd->amount_fen < 0)
        return jn_refuse(d, JN_MALFORMED, "release an amount, or 0 for the rest of the claim");
    if (!text_fits(cmd->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the document that releases it, 1 to %d bytes", TEXT_BYTES_MAX);
    claims = claims_of(d->view, cmd->claim);
    if (!claims || !jn_in_scope_division(d->who, claims->division))
        return jn_refuse(d, JN_NOT_FOUND, "claim %llu has not been settled", (unsigned long long)cmd->claim);
    claim = claim_at(claims, cmd->claim - claims->first_claim);
    if (claim.state != CLAIM_FAILED &&
        ((claim.state != CLAIM_COMMITTED && claim.state != CLAIM_WAITING) || !claim.held))
        return refuse_state(d, &claim);
    if (claim_contradicted(d->view, claim.number))
        return jn_refuse(d, JN_WRONG_STATE, "2.12-c: the bank contradicts what is recorded of it; settle that first");
    if (cmd->amount_fen > claim_net(&claim))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "2.12-a: the claim takes %s yuan, not more",
                         money_format(claim_net(&claim), left));

    /* Decided. */
    releasing_open(&r, d, claims, 1);
    r.event.document = cmd->document;
    releasing_add(&r, &claim, cmd->amount_fen);
    reply.number = r.event.number;
    releasing_emit(&r);
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* ---- How the subsidy service moves it: an objection was upheld, a case founded; 2.12-e ---- */

/* Held, so that nothing sends it whatever becomes of it at the bank; then as little is kept of it as can be. */
enum jn_code
react_claims_ended(struct jn_decision *d, const Subsidy__ClaimsEnded *event, const struct jn_source *from)
{
    struct undoing why = {.case_ = event->case_,
                          .objection = event->objection,
                          .fraud = event->outcome == SUBSIDY__CASE_OUTCOME__FOUND_FRAUD,
                          .document = event->document,
                          .clause = event->clause};

    (void)from;
    for (size_t i = 0; i < event->n_claims; i++)
        hold_note(d, event->claims[i], true);
    claims_undo(d, event->claims, event->n_claims, &why);
    return JN_OK;
}

/* ---- Lapse: the term is over ---- */

void
expiry_begin(struct jn_tables *t, const Ledger__Committed *event, int64_t now_ms)
{
    const struct jn_view *view = jn_view_of(t);
    uint32_t days = terms_commitment_days(view);
    int64_t due_ms = now_ms + days * DAY_MS;
    struct jn_key key = JN_KEY(event->first_claim, (uint64_t)due_ms);
    const Ledger__Expiry *old = days ? jn_get(view, TABLE_EXPIRY, key) : NULL;
    Ledger__Expiry expiry = LEDGER__EXPIRY__INIT;

    if (days == 0)
        return;
    expiry.place = jn_take(view, (event->n_rows + (old ? old->n_place : 0)) * sizeof(*expiry.place));
    for (size_t i = 0; old && i < old->n_place; i++)
        expiry.place[expiry.n_place++] = old->place[i];
    for (size_t i = 0; i < event->n_rows; i++)
        expiry.place[expiry.n_place++] = (uint32_t)(event->rows[i]->claim - event->first_claim);
    jn_put(t, TABLE_EXPIRY, key, &expiry);
    jn_timer_set(t, due_ms, TIMER_EXPIRY, event->first_claim);
}

/* What is paid, on its way to the bank, contradicted or released is left alone; an empty event ends the wait of what is
 * all paid. */
enum jn_code
fire_expiry(struct jn_decision *d, uint64_t id)
{
    struct jn_key found;
    const Ledger__Expiry *expiry = jn_first(d->view, TABLE_EXPIRY, JN_KEY(id, 0), sizeof(uint64_t), &found);
    const Ledger__Claims *claims = claims_of(d->view, id);
    struct releasing r;

    JN_ASSERT(expiry && claims && claims->first_claim == id);
    releasing_open(&r, d, claims, expiry->n_place);
    r.event.lapsed = true;
    r.event.due_ms = (int64_t)jn_key_number(&found, 1);
    for (size_t i = 0; i < expiry->n_place; i++) {
        struct claim claim = claim_at(claims, expiry->place[i]);

        if ((claim.state == CLAIM_COMMITTED || claim.state == CLAIM_FAILED) &&
            !claim_contradicted(d->view, claim.number))
            releasing_add(&r, &claim, 0);
    }
    r.event.first_claim = id;
    releasing_emit(&r);
    return JN_OK;
}

/* ---- What then happens ---- */

/* Nothing was committed to it: it leaves its queue, or needs so much less and stays where it is. */
static void
release_waiting(struct jn_tables *t, Ledger__Books *books, Ledger__Claims *claims,
                const Ledger__CommitmentReleased *event, const Ledger__ReleasedRow *row, int32_t day)
{
    size_t place = row->claim - claims->first_claim;
    struct claim claim = claim_at(claims, place);
    struct queue_part part = {.fen = row->amount_fen, .net_fen = row->amount_fen - row->offset_fen};

    if (row->whole) {
        part.count = part.items[claim.item] = 1;
        count_out(books->waiting, row->amount_fen);
        claim.state = CLAIM_RELEASED;
        claim_set(jn_view_of(t), claims, place, &claim);
    } else {
        books->waiting->amount_fen -= row->amount_fen;
    }
    queue_leave(t, claim.fund, event->division, claims->first_claim, &part);
    claim_unqueue(jn_view_of(t), claims, place, row->amount_fen, row->whole);
    if (!row->whole)
        claim_set_offset(jn_view_of(t), claims, place, claim.offset_fen - row->offset_fen);
    advance_unearn(t, books, event->class_, claim.fund, claim.institution, row->offset_fen, day);
}

static void
release_row(struct jn_tables *t, Ledger__Books *books, Ledger__Claims *claims, const Ledger__CommitmentReleased *event,
            const Ledger__ReleasedRow *row, int32_t day)
{
    size_t place = row->claim - claims->first_claim;
    struct claim claim = claim_at(claims, place);
    struct claim rest;
    bool failed = claim.state == CLAIM_FAILED;
    struct use_part uses[FUNDS];

    if (row->whole) {
        count_out(books->committed, row->amount_fen);
        if (failed)
            count_out(books->failed, row->amount_fen);
        if (failed)
            jn_delete(t, TABLE_FAILURE, JN_KEY(claim.number));
        stop_forget(t, &claim);
        reduction_forget(t, claim.number);
        suspended_forget(t, claim.number);
        claim.state = CLAIM_RELEASED;
        claim_set(jn_view_of(t), claims, place, &claim);
        kept_note(t, &claim);
    } else {
        books->committed->amount_fen -= row->amount_fen;
        books->failed->amount_fen -= failed ? row->amount_fen : 0;
    }
    claim_release(jn_view_of(t), claims, place, row->amount_fen, row->whole);
    if (!row->whole) {
        claim_set_offset(jn_view_of(t), claims, place, claim.offset_fen - row->offset_fen);
        rest = claim_at(claims, place);
        kept_note(t, &rest);
    }
    books->offset_fen -= row->offset_fen;
    for (size_t i = 0; i < row->n_shares; i++)
        uses[i] = (struct use_part){row->shares[i]->fund, row->shares[i]->amount_fen};
    use_add_parts(t, books, (struct use){claim.fund, event->division, claim.item, claim.institution}, MEASURE_RELEASED,
                  row->whole ? 1 : 0, row->amount_fen, row->n_shares, uses);
    if (row->n_shares)
        pool_claim_released(t, books, claims, &claim, row, event->to_year);
    else
        account_give_back(t, books, claim.account, COMMITTED, event->to_year, row->amount_fen - row->offset_fen);
    advance_unearn(t, books, event->class_, claim.fund, claim.institution, row->offset_fen, day);
}

void
apply_commitment_released(struct jn_tables *t, const Ledger__CommitmentReleased *event, const struct jn_stamp *stamp)
{
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = event->n_rows ? claims_take(t, event->rows[0]->claim) : NULL;

    for (size_t i = 0; i < event->n_rows; i++)
        (event->rows[i]->waiting ? release_waiting : release_row)(t, books, claims, event, event->rows[i],
                                                                  date_of_ms(stamp->time_ms));
    if (claims)
        claims_put(t, claims);
    if (event->lapsed) {
        jn_timer_clear(t, event->due_ms, TIMER_EXPIRY, event->first_claim);
        jn_delete(t, TABLE_EXPIRY, JN_KEY(event->first_claim, (uint64_t)event->due_ms));
    }
    jn_counter_set(t, COUNTER_RELEASES, event->number);
    books_close(t, books);
}
