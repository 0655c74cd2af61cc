/* What comes back, and what of it each fund bore, into postings and uses: listed in books_events.c. */
#include "cli/books_parts.h"

/* ---- Whose money it is ---- */

struct books_account
books_for_item(Common__Fund fund, uint32_t division, uint32_t year, Common__Item item)
{
    return (struct books_account){.fund = fund, .division = division, .year = year, .item = item};
}

struct books_account
books_source(const struct books_claim *claim, Common__Fund fund)
{
    return books_general(fund, claim->account.division, claim->account.year);
}

void
books_part_of(struct books_split *parts, Common__Fund fund, int64_t fen)
{
    struct books_use use = *parts->use;

    if (!fund || fund == use.fund || fen == 0)
        return;
    parts->own_fen -= fen;
    use.fund = fund;
    use.fen = fen;
    use.part = true;
    books_use(parts->books, use);
}

void
books_rest_of(struct books_split *parts)
{
    struct books_use use = *parts->use;

    use.fen = parts->own_fen;
    books_use(parts->books, use);
}

/* ---- One function an event ---- */

void
books_on_recovered(struct books *books, const void *message)
{
    const Ledger__Recovered *event = message;
    const struct books_advance *advance = books_advance(books, event->class_, event->fund, event->institution);
    struct books_account from = books_general(event->fund, event->account_division, event->from_year);

    books->entry.class = event->class_;
    books->entry.document = event->document;
    books_give_back(books, from, advance->owed ? BOOKS_RECEIVABLE : BOOKS_ADVANCED, event->to_year, event->amount_fen);
    books_use(books, (struct books_use){BOOKS_USE_RECOVERED, event->fund, advance->division, 0, event->institution,
                                        event->amount_fen, 0, false});
}

/* A part's fund is the pool's source's; 0: the debt's own. */
static Common__Fund
of_part(Common__Fund own, Common__Fund part)
{
    return part ? part : own;
}

void
books_on_reversed(struct books *books, const void *message)
{
    const Ledger__Reversed *event = message;
    enum books_kind from = event->grant ? BOOKS_GRANT_PAID : BOOKS_PAID;
    enum books_measure measure = event->grant ? BOOKS_USE_GRANT_REVERSED : BOOKS_USE_REVERSED;
    struct books_use use = {
        measure, event->fund, event->division, event->item, event->institution, event->amount_fen, event->claim, false};
    struct books_split parts = {&use, books, use.fen};

    books->entry.class = event->class_;
    books->entry.settlement = event->settlement;
    books->entry.document = event->document;
    for (size_t i = 0; i < event->n_parts; i++) {
        struct books_account account =
            books_for_item(of_part(event->fund, event->parts[i]->fund), event->parts[i]->account_division,
                           event->parts[i]->year, event->parts[i]->item);

        books_part_of(&parts, event->parts[i]->fund, event->parts[i]->amount_fen);
        account.purpose = event->parts[i]->purpose;
        books_post(books, (struct books_posting){account, from, BOOKS_RECEIVABLE, event->parts[i]->amount_fen,
                                                 event->claim, event->item});
    }
    books_rest_of(&parts);
}

void
books_on_returned(struct books *books, const void *message)
{
    const Ledger__Returned *event = message;
    struct books_use use = {BOOKS_USE_RECOVERED, event->fund,       event->division, 0,
                            event->institution,  event->amount_fen, event->by_claim, false};
    struct books_split parts = {&use, books, use.fen};

    books->entry.class = event->class_;
    books->entry.document = event->document;
    for (size_t i = 0; i < event->n_parts; i++) {
        const Ledger__ReturnedPart *part = event->parts[i];
        struct books_account from =
            books_for_item(of_part(event->fund, part->fund), part->account_division, part->from_year, part->item);

        books_part_of(&parts, part->fund, part->amount_fen);
        from.purpose = part->purpose;
        books_give_back(books, from, BOOKS_RECEIVABLE, part->to_year, part->amount_fen);
    }
    books_rest_of(&parts);
}

void
books_on_written_off(struct books *books, const void *message)
{
    const Ledger__WrittenOff *event = message;

    books->entry.document = event->document;
    for (size_t i = 0; i < event->n_parts; i++) {
        struct books_account account =
            books_for_item(of_part(event->fund, event->parts[i]->fund), event->parts[i]->account_division,
                           event->parts[i]->year, event->parts[i]->item);

        account.purpose = event->parts[i]->purpose;
        books_post(books, (struct books_posting){account, BOOKS_RECEIVABLE, BOOKS_WRITTEN_OFF,
                                                 event->parts[i]->amount_fen, 0, 0});
    }
}

/* A claim that will not be paid has earned nothing of its class's advance: once the class was settled that is owed. */
static void
unearn(struct books *books, const struct books_claim *claim, int64_t offset_fen, uint64_t number)
{
    struct books_advance *advance;

    if (offset_fen == 0)
        return;
    advance = books_advance(books, claim->class, claim->account.fund, claim->institution);
    if (!advance->settled)
        return;
    advance->owed = true;
    books_post(books,
               (struct books_posting){advance->account, BOOKS_ADVANCED, BOOKS_RECEIVABLE, offset_fen, number, 0});
}

/* One that stood in its queue: no money was committed to it. */
static void
release_waiting(struct books *books, uint64_t class, const Ledger__ReleasedRow *row)
{
    struct books_claim claim = {
        .account = books_for_item(row->fund, 0, 0, 0), .class = class, .institution = row->institution};

    unearn(books, &claim, row->offset_fen, row->claim);
}

/* Within its year a pool's share returns to the pool. */
static void
give_back(struct books *books, struct books_claim *claim, const Ledger__ReleasedRow *row, uint32_t to_year)
{
    struct books_use use = {BOOKS_USE_RELEASED, claim->account.fund, claim->division, claim->item,
                            claim->institution, row->amount_fen,     row->claim,      !row->whole};
    struct books_split parts = {&use, books, use.fen};

    if (!claim->pooled)
        books_give_back(books, claim->account, BOOKS_COMMITTED, to_year, row->amount_fen - row->offset_fen);
    for (size_t i = 0; i < row->n_shares; i++) {
        struct books_account account = books_source(claim, row->shares[i]->fund);
        int64_t fen = row->shares[i]->amount_fen;

        books_part_of(&parts, account.fund, fen);
        claim->shares_fen[account.fund % BOOKS_FUNDS] -= fen;
        if (to_year == account.year)
            books_post(books,
                       (struct books_posting){account, BOOKS_COMMITTED, BOOKS_POOLED, fen, row->claim, claim->item});
        else
            books_give_back(books, account, BOOKS_COMMITTED, to_year, fen);
    }
    books_rest_of(&parts);
}

void
books_on_commitment_released(struct books *books, const void *message)
{
    const Ledger__CommitmentReleased *event = message;

    books->entry.class = event->class_;
    books->entry.settlement = event->settlement;
    books->entry.document = event->document;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__ReleasedRow *row = event->rows[i];
        const struct books_claim *claim;
        struct books_claim *kept;

        if (row->waiting) {
            release_waiting(books, event->class_, row);
            continue;
        }
        claim = books_claim_known(books, row->claim);
        kept = books_claim(books, row->claim);
        give_back(books, kept, row, event->to_year);
        unearn(books, claim, row->offset_fen, row->claim);
        kept->amount_fen -= row->amount_fen;
        kept->offset_fen -= row->offset_fen;
    }
}
