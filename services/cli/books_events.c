/* Events into postings and uses: one small function an event, in a table. An event joins with its function and its
 * line.
 */
#include "cli/books_parts.h"

#include <stdio.h>
#include <string.h>

/* ---- One function an event ---- */

static void
use_of_claim(struct books *books, enum books_measure measure, const struct books_claim *claim, uint64_t number)
{
    struct books_use use = {
        measure, claim->account.fund, claim->division, claim->item, claim->institution, claim->amount_fen, number,
        false};
    struct books_split parts = {&use, books, use.fen};

    for (uint32_t fund = 0; fund < BOOKS_FUNDS; fund++)
        books_part_of(&parts, (Common__Fund)fund, claim->shares_fen[fund]);
    books_rest_of(&parts);
}

static void
on_appropriated(struct books *books, const void *message)
{
    const Ledger__Appropriated *event = message;
    struct books_account account = {event->fund, event->division, event->year, event->item, event->purpose};

    books_date_back(books, event->day, event->year);
    books->entry.document = event->document;
    books_post(books, (struct books_posting){account, BOOKS_APPROPRIATED, BOOKS_AVAILABLE, event->amount_fen, 0, 0});
    books_use(books, (struct books_use){BOOKS_USE_APPROPRIATED, event->fund, event->division, event->item, 0,
                                        event->amount_fen, 0, false});
}

static void
on_carried_over(struct books *books, const void *message)
{
    const Ledger__CarriedOver *event = message;
    struct books_account from = {event->fund, event->division, event->from_year, event->item, event->purpose},
                         to = {event->fund, event->division, event->to_year, event->item, event->purpose};

    books_post(books, (struct books_posting){from, BOOKS_AVAILABLE, BOOKS_CARRIED_OUT, event->amount_fen, 0, 0});
    books_post(books, (struct books_posting){to, BOOKS_CARRIED_IN, BOOKS_AVAILABLE, event->amount_fen, 0, 0});
}

/* The claim has earned a part of its class's advance. Once the class was settled that part was owed: not any more. */
static void
earn(struct books *books, uint64_t class, Common__Fund fund, uint64_t institution, int64_t offset_fen, uint64_t claim)
{
    const struct books_advance *advance;

    if (offset_fen == 0)
        return;
    advance = books_advance(books, class, fund, institution);
    if (advance->owed)
        books_post(books,
                   (struct books_posting){advance->account, BOOKS_RECEIVABLE, BOOKS_ADVANCED, offset_fen, claim, 0});
}

static void
on_queued(struct books *books, const void *message)
{
    const Ledger__Queued *event = message;

    books->entry.class = event->class_;
    books->entry.settlement = event->settlement;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__QueuedRow *row = event->rows[i];

        earn(books, event->class_, row->fund, row->institution, row->offset_fen, row->claim);
    }
}

static void
move_claim(struct books *books, uint64_t number, enum books_kind from, enum books_kind to)
{
    const struct books_claim *claim = books_claim_known(books, number);

    if (!claim->pooled)
        books_post(books, (struct books_posting){claim->account, from, to, claim->amount_fen - claim->offset_fen,
                                                 number, claim->item});
    for (uint32_t fund = 1; fund < BOOKS_FUNDS; fund++)
        books_post(books, (struct books_posting){books_source(claim, (Common__Fund)fund), from, to,
                                                 claim->shares_fen[fund], number, claim->item});
}

static void
on_committed(struct books *books, const void *message)
{
    const Ledger__Committed *event = message;

    books->entry.class = event->class_;
    books->entry.settlement = event->settlement;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__CommittedRow *row = event->rows[i];
        struct books_claim *claim = books_claim(books, row->claim);

        *claim = (struct books_claim){
            books_for_item(row->fund, row->account_division, row->year, row->earmarked ? row->item : 0),
            row->item,
            event->division,
            event->class_,
            row->institution,
            row->amount_fen,
            row->offset_fen,
            true,
            {0},
            row->n_shares > 0};
        for (size_t k = 0; k < row->n_shares; k++)
            claim->shares_fen[row->shares[k]->fund % BOOKS_FUNDS] = row->shares[k]->amount_fen;
        move_claim(books, row->claim, claim->pooled ? BOOKS_POOLED : BOOKS_AVAILABLE, BOOKS_COMMITTED);
        use_of_claim(books, BOOKS_USE_COMMITTED, claim, row->claim);
        if (!event->from_queue)
            earn(books, event->class_, row->fund, row->institution, row->offset_fen, row->claim);
    }
}

static void
about_batch(struct books *books, uint64_t batch, uint64_t settlement, uint64_t class)
{
    books->entry.batch = batch;
    books->entry.settlement = settlement;
    books->entry.class = class;
}

static void
on_instructed(struct books *books, const void *message)
{
    const Ledger__Instructed *event = message;

    about_batch(books, event->batch, event->settlement, event->class_);
    for (size_t i = 0; i < event->n_rows; i++)
        move_claim(books, event->rows[i]->claim, BOOKS_COMMITTED, BOOKS_INSTRUCTED);
}

static void
on_paid(struct books *books, const void *message)
{
    const Ledger__Paid *event = message;

    about_batch(books, event->batch, event->settlement, event->class_);
    for (size_t i = 0; i < event->n_rows; i++) {
        const struct books_claim *claim = books_claim_known(books, event->rows[i]->claim);
        uint64_t number = event->rows[i]->claim;

        move_claim(books, number, BOOKS_INSTRUCTED, BOOKS_PAID);
        if (claim->offset_fen)
            books_post(books, (struct books_posting){
                                  books_advance(books, claim->class, claim->account.fund, claim->institution)->account,
                                  BOOKS_ADVANCED, BOOKS_PAID, claim->offset_fen, number, claim->item});
        use_of_claim(books, BOOKS_USE_PAID, claim, number);
    }
}

static void
on_failed(struct books *books, const void *message)
{
    const Ledger__Failed *event = message;

    about_batch(books, event->batch, event->settlement, event->class_);
    for (size_t i = 0; i < event->n_rows; i++)
        move_claim(books, event->rows[i]->claim, BOOKS_INSTRUCTED, BOOKS_COMMITTED);
}

static void
on_claims_withdrawn(struct books *books, const void *message)
{
    const Ledger__ClaimsWithdrawn *event = message;

    about_batch(books, event->batch, event->settlement, event->class_);
    for (size_t i = 0; i < event->n_rows; i++)
        move_claim(books, event->rows[i]->claim, BOOKS_INSTRUCTED, BOOKS_COMMITTED);
}

static void
on_advance_paid(struct books *books, const void *message)
{
    const Ledger__AdvancePaid *event = message;
    struct books_account account = books_general(event->fund, event->account_division, event->year);

    if (event->refused)
        return;
    if (!books_advance_note(books, (struct books_advance){.class = event->class_,
                                                          .institution = event->institution,
                                                          .division = event->division,
                                                          .account = account}))
        books->fault = "an advance is paid twice";
    books->entry.class = event->class_;
    books->entry.batch = event->batch;
    books_post(books, (struct books_posting){account, BOOKS_AVAILABLE, BOOKS_ADVANCED, event->amount_fen, 0, 0});
    books_use(books, (struct books_use){BOOKS_USE_ADVANCED, event->fund, event->division, 0, event->institution,
                                        event->amount_fen, 0, false});
}

/* What the class did not earn is owed from now on. */
static void
on_advance_settled(struct books *books, const void *message)
{
    const Ledger__AdvanceSettled *event = message;
    struct books_advance *advance = books_advance(books, event->class_, event->fund, event->institution);

    books->entry.class = event->class_;
    if (!advance->settled && event->debt_fen > 0) {
        advance->owed = true;
        books_post(books,
                   (struct books_posting){advance->account, BOOKS_ADVANCED, BOOKS_RECEIVABLE, event->debt_fen, 0, 0});
    }
    advance->settled = true;
}

static void
on_funds_listed(struct books *books, const void *message)
{
    const Ledger__FundsListed *event = message;

    for (size_t i = 0; i < event->n_rows; i++) {
        if (event->rows[i]->item < BOOKS_ITEMS)
            snprintf(books->clauses[event->rows[i]->item], sizeof(books->clauses[0]), "%s", event->rows[i]->clause);
    }
}

/* From now on no entry stands in it or before it. */
static void
on_period_closed(struct books *books, const void *message)
{
    const Ledger__PeriodClosed *event = message;

    if (event->period->kind == LEDGER__PERIOD_KIND__PERIOD_MONTH)
        books->closed = (int32_t)(event->period->year * 12 + event->period->number - 1);
}

/* What is not here moves no money. */
static const struct {
    uint32_t type;
    void (*on)(struct books *books, const void *message);
} booked[] = {
    {LEDGER__EVENT__BODY_APPROPRIATED, on_appropriated},
    {LEDGER__EVENT__BODY_CARRIED_OVER, on_carried_over},
    {LEDGER__EVENT__BODY_COMMITTED, on_committed},
    {LEDGER__EVENT__BODY_INSTRUCTED, on_instructed},
    {LEDGER__EVENT__BODY_PAID, on_paid},
    {LEDGER__EVENT__BODY_FAILED, on_failed},
    {LEDGER__EVENT__BODY_ADVANCE_PAID, on_advance_paid},
    {LEDGER__EVENT__BODY_RECOVERED, books_on_recovered},
    {LEDGER__EVENT__BODY_FUNDS_LISTED, on_funds_listed},
    {LEDGER__EVENT__BODY_QUEUED, on_queued},
    {LEDGER__EVENT__BODY_ADVANCE_SETTLED, on_advance_settled},
    {LEDGER__EVENT__BODY_REVERSED, books_on_reversed},
    {LEDGER__EVENT__BODY_RETURNED, books_on_returned},
    {LEDGER__EVENT__BODY_WRITTEN_OFF, books_on_written_off},
    {LEDGER__EVENT__BODY_CLAIMS_WITHDRAWN, on_claims_withdrawn},
    {LEDGER__EVENT__BODY_COMMITMENT_RELEASED, books_on_commitment_released},
    {LEDGER__EVENT__BODY_GRANT_COMMITTED, books_on_grant_committed},
    {LEDGER__EVENT__BODY_GRANT_PAID, books_on_grant_paid},
    {LEDGER__EVENT__BODY_GRANT_RELEASED, books_on_grant_released},
    {LEDGER__EVENT__BODY_POOL_CONTRIBUTED, books_on_pool_contributed},
    {LEDGER__EVENT__BODY_POOL_DISSOLVED, books_on_pool_dissolved},
    {LEDGER__EVENT__BODY_PERIOD_CLOSED, on_period_closed},
};

void
books_dispatch(struct books *books, const Ledger__Event *event)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&ledger__event__descriptor, event->body_case);
    const void *message;

    for (size_t i = 0; field && i < sizeof(booked) / sizeof(booked[0]); i++) {
        if (booked[i].type != (uint32_t)event->body_case)
            continue;
        books->entry.kind = field->name;
        memcpy(&message, (const uint8_t *)event + field->offset, sizeof(message));
        booked[i].on(books, message);
    }
}
