/* Payments (拨付): what is approved and committed is put into a batch for the bank, a batch for each settlement; holds
 * and frozen payees keep it back. Finance submits and releases the batch: release.c. */
#include "ledger/accounts/books.h"
#include "ledger/paying/paying.h"

/* ---- Instruction ---- */

/* What is left of it after advances and debts; where that is nothing, there is nothing for the bank to do and the rows
 * are paid.
 */
static int64_t
instruct_row(const struct jn_view *view, const struct claim *claim, Ledger__Instructed *event, Ledger__Paid *paid)
{
    Ledger__InstructedRow *row = jn_take(view, sizeof(*row));
    Ledger__PaidRow *paid_row = jn_take(view, sizeof(*paid_row));

    ledger__instructed_row__init(row);
    row->claim = claim->number;
    row->amount_fen = claim->amount_fen;
    row->offset_fen = claim->offset_fen;
    row->setoff_fen = claim->setoff_fen;
    event->rows[event->n_rows++] = row;
    ledger__paid_row__init(paid_row);
    paid_row->claim = claim->number;
    paid_row->amount_fen = claim->amount_fen;
    paid_row->fund = claim->fund;
    paid_row->item = claim->item;
    paid->rows[paid->n_rows++] = paid_row;
    return claim_sent(claim);
}

static uint64_t
instruct_batch(struct jn_decision *d, const Ledger__Claims *claims, const size_t *places, size_t count)
{
    Ledger__Instructed event = LEDGER__INSTRUCTED__INIT;
    Ledger__Paid paid = LEDGER__PAID__INIT;
    int64_t sent_fen = 0;

    event.batch = paid.batch = jn_counter(d->view, COUNTER_BATCHES) + 1;
    event.settlement = paid.settlement = claims->settlement;
    event.class_ = paid.class_ = claims->class_;
    event.division = paid.division = claims->division;
    event.day = paid.day = d->today;
    event.rows = jn_take(d->view, count * sizeof(*event.rows));
    paid.rows = jn_take(d->view, count * sizeof(*paid.rows));
    for (size_t i = 0; i < count; i++) {
        struct claim claim = claim_at(claims, places[i]);

        sent_fen += instruct_row(d->view, &claim, &event, &paid);
    }
    event.draft = sent_fen != 0;
    jn_emit(d, LEDGER__EVENT__BODY_INSTRUCTED, &event);
    if (sent_fen == 0)
        payment_paid(d, &paid);
    return event.batch;
}

void
payment_paid(struct jn_decision *d, const Ledger__Paid *event)
{
    const Ledger__Claims *claims = claims_of(d->view, event->rows[0]->claim);

    jn_emit(d, LEDGER__EVENT__BODY_PAID, event);
    for (size_t i = 0; i < event->n_rows; i++) {
        struct claim claim = claim_at(claims, event->rows[i]->claim - claims->first_claim);

        if (claim.setoff_fen > 0)
            setoff_return(d, &claim);
    }
    for (size_t i = 0; i < event->n_rows; i++)
        reductions_meet(d, &event->rows[i]->claim, 1);
}

uint64_t
payment_instruct(struct jn_decision *d, const Ledger__Claims *claims, const size_t *places, size_t count)
{
    uint64_t batch = 0;
    size_t *pass = jn_take(d->view, count * sizeof(*pass)), *due = jn_take(d->view, count * sizeof(*due)), n = 0;

    for (size_t i = 0; i < count; i++)
        if (!claim_reduced(d->view, claims->first_claim + places[i]))
            due[n++] = places[i];
    n = suspension_pass(d, claims, due, n);
    count = recovery_pass(d, claims, due, n, pass);
    claims = claims_of(d->view, claims->first_claim); /* what debts took off */
    for (size_t i = 0; i < count; i += JN_ROWS_MAX)
        batch = instruct_batch(d, claims, pass + i, count - i < JN_ROWS_MAX ? count - i : JN_ROWS_MAX);
    return batch;
}

void
payment_instruct_ready(struct jn_decision *d, uint64_t claim, const size_t *places, size_t count)
{
    const Ledger__Claims *claims = claims_of(d->view, claim);
    size_t *ready = jn_take(d->view, count * sizeof(*ready)), ready_count = 0;

    for (size_t i = 0; i < count; i++) {
        struct claim c = claim_at(claims, places[i]);

        if (c.state == CLAIM_COMMITTED && c.approved && !c.held && !claim_frozen(d->view, &c))
            ready[ready_count++] = places[i];
    }
    payment_instruct(d, claims, ready, ready_count);
}

void
apply_instructed(struct jn_tables *t, const Ledger__Instructed *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = claims_take(t, event->rows[0]->claim);
    struct tally accounts = tally_open(view, claims_room(claims, event->n_rows));
    Ledger__BatchFile file = LEDGER__BATCH_FILE__INIT;
    Ledger__BatchShort head = LEDGER__BATCH_SHORT__INIT;

    (void)stamp;
    file.place = jn_take(view, event->n_rows * sizeof(*file.place));
    for (size_t i = 0; i < event->n_rows; i++) {
        size_t place = event->rows[i]->claim - claims->first_claim;
        struct claim claim = claim_at(claims, place);

        if (claim.state == CLAIM_FAILED) {
            count_out(books->failed, claim.amount_fen);
            jn_delete(t, TABLE_FAILURE, JN_KEY(claim.number));
        }
        stop_forget(t, &claim);
        claim.state = CLAIM_INSTRUCTED;
        claim.approved = true;
        claim.batch = event->batch;
        claim_set(view, claims, place, &claim);
        kept_note(t, &claim);
        claim_bear(&accounts, &claim);
        head.amount_fen += claim_sent(&claim);
        if (claim.setoff_fen > 0 && file.n_setoff_fen == 0) {
            file.setoff_fen = jn_take(view, event->n_rows * sizeof(*file.setoff_fen));
            file.n_setoff_fen = event->n_rows;
        }
        if (file.n_setoff_fen > 0)
            file.setoff_fen[i] = claim.setoff_fen;
        file.place[file.n_place++] = (uint32_t)place;
    }
    claims_put(t, claims);
    accounts_post(t, books, &accounts, COMMITTED, INSTRUCTED);
    head.batch = event->batch;
    head.rows = file.open = (uint32_t)event->n_rows;
    head.division = event->division;
    head.day = event->day;
    head.class_ = event->class_;
    head.state = event->draft ? LEDGER__BATCH_STATE__DRAFT : LEDGER__BATCH_STATE__RELEASED;
    file.head = &head;
    file.settlement = event->settlement;
    file.first_claim = claims->first_claim;
    batch_put(t, books, &file);
    books_close(t, books);
}

/* ---- What then happens: the bank has answered ---- */

void
apply_paid(struct jn_tables *t, const Ledger__Paid *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = claims_take(t, event->rows[0]->claim);
    size_t room = claims_room(claims, event->n_rows);
    struct tally accounts = tally_open(view, room), advances = tally_open(view, event->n_rows),
                 uses = tally_open(view, room), pooled = tally_open(view, room - event->n_rows);
    uint64_t *answered = jn_take(view, event->n_rows * sizeof(*answered));

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        size_t place = event->rows[i]->claim - claims->first_claim;
        struct claim claim = claim_at(claims, place);

        answered[i] = claim.number;
        claim.state = CLAIM_PAID;
        claim_set(view, claims, place, &claim);
        claim_bear(&accounts, &claim);
        claim_use(&uses, &claim);
        if (claim.n_shares)
            claim_bear(&pooled, &claim);
        if (claim.offset_fen)
            tally_add(&advances, claims->class_, claim.fund, claim.institution, claim.offset_fen);
        count_out(books->committed, claim.amount_fen);
        books->offset_fen -= claim.offset_fen;
    }
    claims_put(t, claims);
    accounts_post(t, books, &accounts, INSTRUCTED, PAID);
    pool_claims_paid(t, &pooled);
    advances_paid_out(t, books, &advances);
    statement_paid(t, books, event->division, &uses);
    batch_answered(t, books, event->batch, answered, event->n_rows);
    books_close(t, books);
}

void
apply_failed(struct jn_tables *t, const Ledger__Failed *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = claims_take(t, event->rows[0]->claim);
    struct tally accounts = tally_open(view, claims_room(claims, event->n_rows));
    uint64_t *answered = jn_take(view, event->n_rows * sizeof(*answered));

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        size_t place = event->rows[i]->claim - claims->first_claim;
        struct claim claim = claim_at(claims, place);
        Ledger__Failure failure = LEDGER__FAILURE__INIT;

        answered[i] = claim.number;
        if (claim.setoff_fen > 0)
            setoff_drop(t, claims, place);
        claim.state = CLAIM_FAILED;
        claim_set(view, claims, place, &claim);
        claim_bear(&accounts, &claim);
        count_in(books->failed, claim.amount_fen);
        failure.reason = event->rows[i]->reason;
        jn_put(t, TABLE_FAILURE, JN_KEY(claim.number), &failure);
    }
    claims_put(t, claims);
    accounts_post(t, books, &accounts, INSTRUCTED, COMMITTED);
    batch_answered(t, books, event->batch, answered, event->n_rows);
    books_close(t, books);
}

/* ---- Approval, hold and release, as the subsidy service says ---- */

/* Which places of the settlement an approval names: those of the range that are not held. */
static size_t
approved_places(struct jn_decision *d, const Subsidy__Approved *event, const Ledger__Claims *claims, size_t *places)
{
    size_t count = claims_count(claims), from = event->first_claim - claims->first_claim, found = 0;
    bool *held = jn_take(d->view, count * sizeof(*held));

    for (size_t i = 0; i < event->n_held; i++) {
        if (event->held[i] >= claims->first_claim && event->held[i] - claims->first_claim < count)
            held[event->held[i] - claims->first_claim] = true;
    }
    for (size_t i = from; i < count && i - from < event->claims; i++) {
        if (!held[i])
            places[found++] = i;
    }
    return found;
}

static void
note_approval(struct jn_decision *d, const Ledger__Claims *claims, uint64_t first_claim, uint32_t count, size_t n_held,
              uint64_t *held)
{
    Ledger__ApprovalNoted event = LEDGER__APPROVAL_NOTED__INIT;

    event.settlement = claims->settlement;
    event.first_claim = first_claim;
    event.claims = count;
    event.n_held = n_held;
    event.held = held;
    jn_emit(d, LEDGER__EVENT__BODY_APPROVAL_NOTED, &event);
}

/* Where all are committed the instruction itself says that they are approved; what still waits, is held or has a frozen
 * payee needs a note. */
enum jn_code
react_approved(struct jn_decision *d, const Subsidy__Approved *event, const struct jn_source *from)
{
    const Ledger__Claims *claims = claims_of(d->view, event->first_claim);
    size_t *places, *ready, count, ready_count = 0;
    bool to_note = false;

    (void)from;
    if (!claims)
        return JN_OK;
    places = jn_take(d->view, claims_count(claims) * sizeof(*places));
    ready = jn_take(d->view, claims_count(claims) * sizeof(*ready));
    count = approved_places(d, event, claims, places);
    for (size_t i = 0; i < count; i++) {
        struct claim claim = claim_at(claims, places[i]);

        if (claim.state == CLAIM_COMMITTED && !claim.held && !claim_frozen(d->view, &claim))
            ready[ready_count++] = places[i];
        else if (!claim.approved && claim.state != CLAIM_MISDIRECTED)
            to_note = true;
    }
    if (to_note)
        note_approval(d, claims, event->first_claim, event->claims, event->n_held, event->held);
    payment_instruct(d, claims, ready, ready_count);
    return JN_OK;
}

void
apply_approval_noted(struct jn_tables *t, const Ledger__ApprovalNoted *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Ledger__Claims *claims = claims_take(t, event->first_claim);
    size_t count = claims_count(claims), from = event->first_claim - claims->first_claim;

    (void)stamp;
    for (size_t i = from; i < count && i - from < event->claims; i++) {
        struct claim claim = claim_at(claims, i);
        bool held = false;

        for (size_t h = 0; h < event->n_held; h++)
            held = held || event->held[h] == claim.number;
        if (held || claim.state == CLAIM_MISDIRECTED)
            continue;
        claim.approved = true;
        claim_set(view, claims, i, &claim);
        kept_note(t, &claim);
    }
    claims_put(t, claims);
}

const Ledger__Claims *
hold_note(struct jn_decision *d, uint64_t number, bool held)
{
    const Ledger__Claims *claims = claims_of(d->view, number);
    Ledger__HoldNoted event = LEDGER__HOLD_NOTED__INIT;

    if (!claims || claim_at(claims, number - claims->first_claim).held == held)
        return claims;
    event.claim = number;
    event.held = held;
    jn_emit(d, LEDGER__EVENT__BODY_HOLD_NOTED, &event);
    return claims;
}

/* What the bank has already, it keeps; sent back, it is not sent again while the hold lasts. A batch that finance has
 * not released yet cannot be released with it. */
enum jn_code
react_held(struct jn_decision *d, const Subsidy__Held *event, const struct jn_source *from)
{
    (void)from;
    hold_note(d, event->claim, true);
    return JN_OK;
}

enum jn_code
react_released(struct jn_decision *d, const Subsidy__Released *event, const struct jn_source *from)
{
    const Ledger__Claims *claims = hold_note(d, event->claim, false);
    size_t place;
    struct claim claim;

    (void)from;
    if (!claims)
        return JN_OK;
    place = event->claim - claims->first_claim;
    claim = claim_at(claims, place);
    if (event->approved && !claim.approved && claim.state != CLAIM_MISDIRECTED)
        note_approval(d, claims, event->claim, 1, 0, NULL);
    payment_instruct_ready(d, event->claim, &place, 1);
    return JN_OK;
}

void
apply_hold_noted(struct jn_tables *t, const Ledger__HoldNoted *event, const struct jn_stamp *stamp)
{
    Ledger__Claims *claims = claims_take(t, event->claim);
    size_t place = event->claim - claims->first_claim;
    struct claim claim = claim_at(claims, place);

    (void)stamp;
    claim.held = event->held;
    claim_set(jn_view_of(t), claims, place, &claim);
    kept_note(t, &claim);
    claims_put(t, claims);
}
