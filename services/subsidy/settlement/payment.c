/* What the ledger says of the money of claims (支付状态): committed, waiting, instructed, paid, failed. */
#include "subsidy/nouns.h"

/* A claim's event names it first in every row; the rows' types differ. */
struct news {
    struct jn_decision *d;
    Subsidy__PaymentNoted noted;
    uint64_t last_claim; /* of the settlement at hand */
};

static void
news_tell(struct news *news)
{
    Subsidy__PaymentNoted *noted = &news->noted;
    size_t count = noted->n_claims;

    if (count == 0)
        return;
    if (noted->claims[count - 1] - noted->claims[0] == count - 1) {
        noted->first_claim = noted->claims[0];
        noted->count = (uint32_t)count;
        noted->n_claims = 0;
    }
    jn_emit(news->d, EVENT_PAYMENT_NOTED, noted);
    noted->claims += count;
    noted->n_claims = 0;
    noted->first_claim = 0;
    noted->count = 0;
}

static struct news
news_open(struct jn_decision *d, Subsidy__Money what, size_t rows)
{
    struct news news = {.d = d, .noted = SUBSIDY__PAYMENT_NOTED__INIT};

    news.noted.what = what;
    news.noted.claims = jn_take(d->view, (rows + 1) * sizeof(*news.noted.claims));
    return news;
}

/* Claims of one settlement are told together; one that is not known is the ledger's own business. */
static void
news_add(struct news *news, uint64_t claim)
{
    Subsidy__PaymentNoted *noted = &news->noted;
    const Subsidy__StandingRow *standing;

    if (noted->n_claims && claim > noted->claims[noted->n_claims - 1] && claim <= news->last_claim) {
        noted->claims[noted->n_claims++] = claim;
        return;
    }
    news_tell(news);
    noted->settlement = settlement_of(news->d->view, claim);
    if (!noted->settlement)
        return;
    standing = standing_of(news->d->view, noted->settlement);
    if (!standing)
        return;
    news->last_claim = standing->first_claim + standing->claims - 1;
    noted->claims[noted->n_claims++] = claim;
}

#define REACT(name, event_type, what)                                                                                  \
    enum jn_code react_##name(struct jn_decision *d, const event_type *event, const struct jn_source *source)          \
    {                                                                                                                  \
        struct news news = news_open(d, what, event->n_rows);                                                          \
                                                                                                                       \
        (void)source;                                                                                                  \
        for (size_t i = 0; i < event->n_rows; i++)                                                                     \
            news_add(&news, event->rows[i]->claim);                                                                    \
        news_tell(&news);                                                                                              \
        return JN_OK;                                                                                                  \
    }

REACT(queued, Ledger__Queued, SUBSIDY__MONEY__WAITING)
REACT(instructed, Ledger__Instructed, SUBSIDY__MONEY__INSTRUCTED)
REACT(paid, Ledger__Paid, SUBSIDY__MONEY__PAID)
REACT(failed, Ledger__Failed, SUBSIDY__MONEY__FAILED)

/* What waited at the gates for its money is let through. */
enum jn_code
react_committed(struct jn_decision *d, const Ledger__Committed *event, const struct jn_source *source)
{
    struct news news = news_open(d, SUBSIDY__MONEY__COMMITTED, event->n_rows);
    struct jn_key found;

    (void)source;
    for (size_t i = 0; i < event->n_rows; i++)
        news_add(&news, event->rows[i]->claim);
    news_tell(&news);
    if (!jn_first(d->view, TABLE_GATED, JN_KEY(0), 0, &found))
        return JN_OK;
    for (size_t i = 0; i < event->n_rows; i++)
        if (jn_has(d->view, TABLE_GATED, JN_KEY(event->rows[i]->claim)))
            gates_retry(d, event->rows[i]->claim, "its money is set aside");
    return JN_OK;
}

/* A part that was released leaves the claim where it is, and is kept beside it. */
enum jn_code
react_commitment_released(struct jn_decision *d, const Ledger__CommitmentReleased *event,
                          const struct jn_source *source)
{
    struct news news = news_open(d, SUBSIDY__MONEY__RELEASED, event->n_rows);

    (void)source;
    for (size_t i = 0; i < event->n_rows; i++) {
        if (event->rows[i]->whole)
            news_add(&news, event->rows[i]->claim);
    }
    news_tell(&news);
    for (size_t i = 0; i < event->n_rows; i++)
        if (!event->rows[i]->whole)
            recovery_released(d, event->rows[i]->claim, event->rows[i]->amount_fen);
    return JN_OK;
}

/* Out of a draft, never sent: committed again, or as the bank had sent it back before. */
enum jn_code
react_claims_withdrawn(struct jn_decision *d, const Ledger__ClaimsWithdrawn *event, const struct jn_source *source)
{
    struct news committed = news_open(d, SUBSIDY__MONEY__COMMITTED, event->n_rows);
    struct news failed = news_open(d, SUBSIDY__MONEY__FAILED, event->n_rows);

    (void)source;
    for (size_t i = 0; i < event->n_rows; i++)
        news_add(event->rows[i]->failed ? &failed : &committed, event->rows[i]->claim);
    news_tell(&committed);
    news_tell(&failed);
    return JN_OK;
}

void
claim_note_money(uint8_t *state, Subsidy__Money what, struct totals *totals)
{
    bool was_paid = (*state & CLAIM_MONEY) == SUBSIDY__MONEY__PAID;
    bool is_paid = what == SUBSIDY__MONEY__PAID;

    totals->row.paid += (uint64_t)is_paid - (uint64_t)was_paid;
    *state = (uint8_t)((*state & ~(unsigned)CLAIM_MONEY) | ((unsigned)what & CLAIM_MONEY));
}

void
apply_payment_noted(struct jn_tables *t, const Subsidy__PaymentNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__StandingRow standing;
    struct totals totals;

    (void)stamp;
    if (!standing_edit(jn_view_of(t), event->settlement, &standing))
        return;
    totals_load(jn_view_of(t), &totals);
    for (uint32_t i = 0; i < event->count; i++)
        claim_note_money(&standing.states.data[event->first_claim - standing.first_claim + i], event->what, &totals);
    for (size_t i = 0; i < event->n_claims; i++)
        claim_note_money(&standing.states.data[event->claims[i] - standing.first_claim], event->what, &totals);
    totals_keep(t, &totals);
    standing_keep(t, event->settlement, &standing);
}
