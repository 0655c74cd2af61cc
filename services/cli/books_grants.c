/* Grants and pools into postings and uses: one small function an event, listed in books_events.c. */
#include "cli/books_parts.h"

/* Whose account a source's share of a pooled grant lies in: the division's own. */
static struct books_account
source_of(const struct books_grant *grant, Common__Fund fund)
{
    return books_general(fund, grant->division, grant->account.year);
}

void
books_on_grant_committed(struct books *books, const void *message)
{
    const Ledger__GrantCommitted *event = message;
    struct books_grant *grant = books_grant(books, event->number);

    *grant = (struct books_grant){
        {event->fund, event->account_division, event->year, 0, event->earmarked ? event->purpose : 0},
        event->division,
        event->institution,
        true};
    books->entry.document = event->document;
    if (event->n_shares == 0)
        books_post(books,
                   (struct books_posting){grant->account, BOOKS_AVAILABLE, BOOKS_GRANTED, event->amount_fen, 0, 0});
    for (size_t i = 0; i < event->n_shares; i++)
        books_post(books, (struct books_posting){source_of(grant, event->shares[i]->fund), BOOKS_POOLED, BOOKS_GRANTED,
                                                 event->shares[i]->amount_fen, 0, 0});
}

static void
pay_grant(struct books *books, const struct books_grant *grant, struct books_account account, int64_t fen)
{
    books_post(books, (struct books_posting){account, BOOKS_GRANTED, BOOKS_GRANT_PAID, fen, 0, 0});
    books_use(books, (struct books_use){BOOKS_USE_GRANT_PAID, account.fund, grant->division, 0, grant->institution, fen,
                                        0, false});
}

void
books_on_grant_paid(struct books *books, const void *message)
{
    const Ledger__GrantPaid *event = message;
    const struct books_grant *grant = books_grant_known(books, event->grant);

    if (event->disbursement == 0) /* what the bank says is of the day on which it is recorded */
        books_date_back(books, event->day, grant->account.year);
    books->entry.batch = event->batch;
    books->entry.document = event->document;
    if (event->n_shares == 0)
        pay_grant(books, grant, grant->account, event->amount_fen);
    for (size_t i = 0; i < event->n_shares; i++)
        pay_grant(books, grant, source_of(grant, event->shares[i]->fund), event->shares[i]->amount_fen);
}

/* Within its year a share returns to the pool. */
void
books_on_grant_released(struct books *books, const void *message)
{
    const Ledger__GrantReleased *event = message;
    const struct books_grant *grant = books_grant_known(books, event->grant);

    books->entry.document = event->document;
    if (event->n_shares == 0)
        books_give_back(books, grant->account, BOOKS_GRANTED, event->to_year, event->amount_fen);
    for (size_t i = 0; i < event->n_shares; i++) {
        struct books_account account = source_of(grant, event->shares[i]->fund);

        if (event->to_year == account.year)
            books_post(books, (struct books_posting){account, BOOKS_GRANTED, BOOKS_POOLED, event->shares[i]->amount_fen,
                                                     0, 0});
        else
            books_give_back(books, account, BOOKS_GRANTED, event->to_year, event->shares[i]->amount_fen);
    }
}

void
books_on_pool_contributed(struct books *books, const void *message)
{
    const Ledger__PoolContributed *event = message;

    books->entry.document = event->document;
    for (size_t i = 0; i < event->n_sources; i++)
        books_post(books, (struct books_posting){books_general(event->sources[i]->fund, event->division, event->year),
                                                 BOOKS_AVAILABLE, BOOKS_POOLED, event->sources[i]->amount_fen, 0, 0});
}

void
books_on_pool_dissolved(struct books *books, const void *message)
{
    const Ledger__PoolDissolved *event = message;

    books->entry.document = event->document;
    for (size_t i = 0; i < event->n_sources; i++)
        books_give_back(books, books_general(event->sources[i]->fund, event->division, event->from_year), BOOKS_POOLED,
                        event->to_year, event->sources[i]->amount_fen);
}
