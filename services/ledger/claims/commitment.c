/* Commitments (支出承诺): how the claims of a settlement are kept, committed, waiting or misdirected. */
#include "ledger/accounts/books.h"
#include "ledger/paying/paying.h"

Ledger__CommittedRow *
committed_row(const struct jn_view *view, const struct claim *claim)
{
    Ledger__CommittedRow *row = jn_take(view, sizeof(*row));

    ledger__committed_row__init(row);
    row->claim = claim->number;
    row->amount_fen = claim->amount_fen;
    row->fund = claim->fund;
    row->item = claim->item;
    row->account_division = claim->account.division;
    row->year = claim->account.year;
    row->payee = claim->payee;
    row->person = claim->person;
    row->institution = claim->institution;
    row->offset_fen = claim->offset_fen;
    row->earmarked = claim->account.purpose != 0;
    row->n_shares = claim->n_shares;
    row->shares = claim->shares;
    return row;
}

/* ---- What then happens ---- */

/* What the three events say of their settlement, for the row that the first of them makes. */
struct head {
    uint64_t settlement, class, first_claim;
    uint32_t division, claims, year;
};

static Ledger__Claims *
claims_new(struct jn_tables *t, const struct head *head)
{
    const struct jn_view *view = jn_view_of(t);
    Ledger__Claims *claims = jn_take(view, sizeof(*claims));
    size_t n = head->claims;

    ledger__claims__init(claims);
    claims->settlement = head->settlement;
    claims->class_ = head->class;
    claims->division = head->division;
    claims->first_claim = head->first_claim;
    claims->year = head->year;
    claims->n_person = claims->n_amount_fen = claims->n_kind = claims->n_standing = claims->n_batch = n;
    claims->person = jn_take(view, n * sizeof(*claims->person));
    claims->amount_fen = jn_take(view, n * sizeof(*claims->amount_fen));
    claims->kind = jn_take(view, n * sizeof(*claims->kind));
    claims->standing = jn_take(view, n * sizeof(*claims->standing));
    claims->batch = jn_take(view, n * sizeof(*claims->batch));
    jn_counter_set(t, COUNTER_SETTLEMENT, head->settlement);
    jn_counter_set(t, COUNTER_CLAIM, head->first_claim + n - 1);
    return claims;
}

static Ledger__Claims *
claims_begin(struct jn_tables *t, const struct head *head)
{
    if (head->first_claim + head->claims - 1 == jn_counter(jn_view_of(t), COUNTER_CLAIM))
        return claims_take(t, head->first_claim);
    return claims_new(t, head);
}

static struct head
head_of_committed(const Ledger__Committed *event)
{
    return (struct head){event->settlement, event->class_, event->first_claim,
                         event->division,   event->claims, event->rows[0]->year};
}

static struct claim
claim_committed(const Ledger__CommittedRow *row)
{
    return (struct claim){
        .number = row->claim,
        .person = row->person,
        .institution = row->institution,
        .amount_fen = row->amount_fen,
        .offset_fen = row->offset_fen,
        .item = row->item,
        .fund = row->fund,
        .payee = row->payee,
        .state = CLAIM_COMMITTED,
        .account = {row->fund, row->account_division, row->year, row->earmarked ? (uint32_t)row->item : 0},
        .n_shares = row->n_shares,
        .shares = row->shares,
    };
}

static void
rates_add(struct jn_tables *t, const struct tally *accounts, int64_t now_ms)
{
    for (size_t i = 0; i < accounts->count; i++)
        rate_add(t, tally_account(&accounts->rows[i]), date_of_ms(now_ms), accounts->rows[i].fen);
}

static size_t
room_of(const Ledger__Committed *event)
{
    size_t room = event->n_rows;

    for (size_t i = 0; i < event->n_rows; i++)
        room += event->rows[i]->n_shares;
    return room;
}

/* Out of the queue, or straight from the settlement. */
void
apply_committed(struct jn_tables *t, const Ledger__Committed *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    struct head head = head_of_committed(event);
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = event->from_queue ? claims_take(t, event->first_claim) : claims_begin(t, &head);
    size_t room = room_of(event);
    struct tally accounts = tally_open(view, room), drawn = tally_open(view, event->n_rows),
                 uses = tally_open(view, room), pooled = tally_open(view, room - event->n_rows);
    struct queue_part freed = {.count = 0};

    for (size_t i = 0; i < event->n_rows; i++) {
        struct claim claim = claim_committed(event->rows[i]);
        size_t place = claim.number - claims->first_claim;

        if (event->from_queue) {
            struct claim waited = claim_at(claims, place);

            claim.approved = waited.approved;
            claim.held = waited.held;
            queue_part_add(&freed, &claim);
            count_out(books->waiting, claim.amount_fen);
        } else {
            claim_fill(view, claims, place, &claim);
            if (claim.offset_fen)
                tally_add(&drawn, event->class_, claim.fund, claim.institution, claim.offset_fen);
        }
        claim_set(view, claims, place, &claim);
        kept_note(t, &claim);
        if (claim.n_shares)
            claim_set_shares(view, claims, place, claim.n_shares, claim.shares);
        claim_bear(claim.n_shares ? &pooled : &accounts, &claim);
        claim_use(&uses, &claim);
        count_in(books->committed, claim.amount_fen);
        books->offset_fen += claim.offset_fen;
    }
    claims_put(t, claims);
    accounts_post(t, books, &accounts, AVAILABLE, COMMITTED);
    pool_claims_committed(t, books, &pooled);
    uses_add(t, books, event->division, &uses, MEASURE_COMMITTED);
    rates_add(t, &accounts, stamp->time_ms);
    expiry_begin(t, event, stamp->time_ms);
    advances_drawn(t, books, &drawn);
    if (event->from_queue)
        queue_leave(t, event->rows[0]->fund, event->division, event->first_claim, &freed);
    books_close(t, books);
}

void
apply_queued(struct jn_tables *t, const Ledger__Queued *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    struct head head = {event->settlement, event->class_, event->first_claim,
                        event->division,   event->claims, event->year};
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = claims_begin(t, &head);
    struct tally drawn = tally_open(view, event->n_rows);
    struct queue_part *parts = jn_take(view, FUNDS * sizeof(*parts));

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__QueuedRow *row = event->rows[i];
        struct claim claim = {.person = row->person,
                              .institution = row->institution,
                              .amount_fen = row->amount_fen,
                              .offset_fen = row->offset_fen,
                              .item = row->item,
                              .fund = row->fund,
                              .payee = row->payee,
                              .state = CLAIM_WAITING,
                              .account = {row->fund, event->division, event->year, 0}};

        claim_fill(view, claims, row->claim - claims->first_claim, &claim);
        claim_set(view, claims, row->claim - claims->first_claim, &claim);
        queue_part_add(&parts[claim.fund], &claim);
        if (claim.offset_fen)
            tally_add(&drawn, event->class_, claim.fund, claim.institution, claim.offset_fen);
        count_in(books->waiting, claim.amount_fen);
    }
    claims_put(t, claims);
    advances_drawn(t, books, &drawn);
    for (uint32_t fund = 1; fund < FUNDS; fund++) {
        if (parts[fund].count > 0)
            queue_join(t, (Common__Fund)fund, event->division, event->first_claim, &parts[fund]);
    }
    books_close(t, books);
}

void
apply_misdirected(struct jn_tables *t, const Ledger__Misdirected *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    struct head head = {event->settlement, event->class_, event->first_claim,
                        event->division,   event->claims, event->year};
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = claims_begin(t, &head);

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__MisdirectedRow *row = event->rows[i];
        struct claim claim = {.person = row->person,
                              .institution = row->institution,
                              .amount_fen = row->amount_fen,
                              .item = row->item,
                              .fund = row->fund,
                              .payee = row->payee,
                              .state = CLAIM_MISDIRECTED,
                              .account = {row->fund, event->division, event->year, 0}};

        claim_fill(view, claims, row->claim - claims->first_claim, &claim);
        claim_set(view, claims, row->claim - claims->first_claim, &claim);
        count_in(books->misdirected, claim.amount_fen);
    }
    claims_put(t, claims);
    books_close(t, books);
}

/* It stands in the log, where the auditor reads it; the tables have no use for it. */
void
apply_ignored(struct jn_tables *t, const Ledger__Ignored *event, const struct jn_stamp *stamp)
{
    (void)t;
    (void)event;
    (void)stamp;
}
