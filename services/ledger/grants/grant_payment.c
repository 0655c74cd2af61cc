/* Instalments (拨付) and releases (释放) of grants: each instalment by its own document, once: as the bank answers for
 * it (disbursement.c), or recorded where it was paid outside the bank's files. */
#include "ledger/paying/disbursement.h"

#include <string.h>

/* ---- Decisions ---- */

enum jn_code
grant_too_much(struct jn_decision *d, const Ledger__GrantRow *grant)
{
    char left[MONEY_TEXT];

    return jn_refuse(d, JN_OUT_OF_LIMITS, "2.12-a: %s yuan of the grant are open, not more",
                     money_format(grant_open(grant), left));
}

uint32_t
grant_payment_of(const Ledger__GrantRow *grant, const char *document)
{
    for (size_t i = 0; i < grant->n_payments; i++) {
        if (strcmp(grant->payments[i]->document, document) == 0)
            return (uint32_t)i + 1;
    }
    return 0;
}

size_t
grant_divide(const struct jn_view *view, const Ledger__GrantRow *grant, int64_t amount_fen, Ledger__PoolShare ***out)
{
    int64_t open[FUNDS] = {0}, parts[FUNDS] = {0};
    size_t count = 0;

    *out = jn_take(view, FUNDS * sizeof(**out));
    if (grant->n_shares == 0)
        return 0;
    for (size_t i = 0; i < grant->n_shares; i++)
        open[i] = grant->shares[i]->amount_fen - grant->shares[i]->paid_fen - grant->shares[i]->released_fen -
                  grant->shares[i]->ordered_fen;
    pool_divide(amount_fen, open, grant->n_shares, parts);
    for (size_t i = 0; i < grant->n_shares; i++) {
        if (parts[i] > 0)
            (*out)[count++] = pool_share(view, grant->shares[i]->fund, parts[i]);
    }
    return count;
}

void
grant_paid(struct jn_decision *d, const struct instalment *instalment)
{
    const Ledger__GrantRow *grant = jn_get(d->view, TABLE_GRANT, JN_KEY(instalment->grant));
    Ledger__GrantPaid event = LEDGER__GRANT_PAID__INIT;

    event.grant = instalment->grant;
    event.payment = (uint32_t)grant->n_payments + 1;
    event.amount_fen = instalment->amount_fen;
    event.day = instalment->day;
    event.document = (char *)(uintptr_t)instalment->document;
    event.fund = grant->fund;
    event.division = grant->division;
    event.purpose = grant->purpose;
    event.account_division = grant->account_division;
    event.year = grant->year;
    event.earmarked = grant->earmarked;
    event.shares = instalment->shares;
    event.n_shares = instalment->shares_count;
    event.disbursement = instalment->disbursement;
    event.batch = instalment->batch;
    jn_emit(d, LEDGER__EVENT__BODY_GRANT_PAID, &event);
}

/* A document that the bank has paid, or is to pay, is not paid by hand, too; one that it sent back may be. */
static enum jn_code
at_bank(struct jn_decision *d, const Ledger__GrantRow *grant, const char *document)
{
    uint64_t disbursement = disbursement_by(d->view, grant, document);
    const Ledger__DisbursementRow *row = disbursement ? disbursement_get(d->view, disbursement) : NULL;

    if (row && row->state == LEDGER__DISBURSEMENT_STATE__DISBURSEMENT_INSTRUCTED)
        return jn_refuse(d, JN_WRONG_STATE,
                         "2.12-a: it is in batch %llu: the bank's answer books it; withdraw it or record that first",
                         (unsigned long long)row->batch);
    return JN_OK;
}

static enum jn_code
pay(struct jn_decision *d, const Ledger__RecordGrantPaid *cmd, const Ledger__GrantRow *grant, uint32_t *payment)
{
    struct instalment instalment = {
        .grant = cmd->grant, .amount_fen = cmd->amount_fen, .day = cmd->day, .document = cmd->document};
    enum jn_code code = at_bank(d, grant, cmd->document);

    if (code != JN_OK)
        return code;
    *payment = grant_payment_of(grant, cmd->document);
    if (*payment && grant->payments[*payment - 1]->amount_fen == cmd->amount_fen &&
        grant->payments[*payment - 1]->day == cmd->day)
        return JN_OK;
    if (*payment)
        return jn_refuse(d, JN_CONFLICT, "2.12-a: this document has paid another amount or on another day; correct it");
    if (cmd->day < grant->day)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "2.12-a: the grant was promised later than that day");
    if (cmd->amount_fen > grant_open(grant))
        return grant_too_much(d, grant);
    if (grant->n_payments + grant->ordered >= GRANT_PAYMENTS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "a grant is paid in at most %d instalments", GRANT_PAYMENTS_MAX);

    /* Decided. */
    *payment = (uint32_t)grant->n_payments + 1;
    instalment.shares_count = grant_divide(d->view, grant, cmd->amount_fen, &instalment.shares);
    grant_paid(d, &instalment);
    return JN_OK;
}

enum jn_code
decide_record_grant_paid(struct jn_decision *d, const Ledger__RecordGrantPaid *cmd)
{
    const Ledger__GrantRow *grant;
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    uint32_t payment = 0;
    enum jn_code code;

    if (cmd->amount_fen <= 0)
        return jn_refuse(d, JN_MALFORMED, "the amount must be more than nothing");
    if (cmd->day <= 0)
        return jn_refuse(d, JN_MALFORMED, "name the day of the payment");
    if (!text_fits(cmd->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the payment's document, 1 to %d bytes", TEXT_BYTES_MAX);
    if (cmd->day > d->today)
        return jn_refuse(d, JN_NOT_YET, "a payment counts on its day; send it again that day");
    grant = grant_get(d, cmd->grant);
    if (!grant)
        return jn_refuse(d, JN_NOT_FOUND, "no grant has the number %llu", (unsigned long long)cmd->grant);
    code = pay(d, cmd, grant, &payment);
    if (code != JN_OK)
        return code;
    reply.number = payment;
    jn_reply(d, &reply.base);
    return JN_OK;
}

static void
release_grant(struct jn_decision *d, const Ledger__ReleaseGrant *cmd, const Ledger__GrantRow *grant)
{
    struct account now = {grant->fund, grant->account_division, year_now(d),
                          grant->earmarked ? (uint32_t)grant->purpose : 0};
    Ledger__GrantReleased event = LEDGER__GRANT_RELEASED__INIT;

    if (grant->n_shares == 0)
        account_open(d, now);
    event.grant = cmd->grant;
    event.amount_fen = cmd->amount_fen ? cmd->amount_fen : grant_open(grant);
    event.document = cmd->document;
    event.lapsed = cmd->lapsed;
    event.fund = grant->fund;
    event.division = grant->division;
    event.purpose = grant->purpose;
    event.account_division = grant->account_division;
    event.from_year = grant->year;
    event.to_year = now.year;
    event.earmarked = grant->earmarked;
    event.n_shares = grant_divide(d->view, grant, event.amount_fen, &event.shares);
    for (size_t i = 0; i < event.n_shares; i++)
        account_open(d, (struct account){event.shares[i]->fund, grant->division, now.year, 0});
    jn_emit(d, LEDGER__EVENT__BODY_GRANT_RELEASED, &event);
    if (event.n_shares == 0)
        money_came(d, grant->fund, grant->account_division);
    if (event.n_shares && event.to_year == event.from_year)
        pool_came(d, grant->division);
    for (size_t i = 0; event.to_year != event.from_year && i < event.n_shares; i++)
        money_came(d, event.shares[i]->fund, grant->division);
}

enum jn_code
decide_release_grant(struct jn_decision *d, const Ledger__ReleaseGrant *cmd)
{
    const Ledger__GrantRow *grant;
    Ledger__Posted reply = LEDGER__POSTED__INIT;

    if (cmd->amount_fen < 0)
        return jn_refuse(d, JN_MALFORMED, "release an amount, or 0 for all that is open");
    if (!text_fits(cmd->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the document that releases it, 1 to %d bytes", TEXT_BYTES_MAX);
    grant = grant_get(d, cmd->grant);
    if (!grant)
        return jn_refuse(d, JN_NOT_FOUND, "no grant has the number %llu", (unsigned long long)cmd->grant);
    if (grant_open(grant) == 0)
        return jn_refuse(d, JN_WRONG_STATE, "2.12-a: nothing of the grant is open: it is paid or released");
    if (cmd->amount_fen > grant_open(grant))
        return grant_too_much(d, grant);

    /* Decided. */
    reply.number = cmd->grant;
    release_grant(d, cmd, grant);
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* ---- What then happens ---- */

Ledger__GrantRow *
grant_take(struct jn_tables *t, uint64_t number)
{
    const Ledger__GrantRow *grant = jn_get(jn_view_of(t), TABLE_GRANT, JN_KEY(number));

    JN_ASSERT(grant);
    return (Ledger__GrantRow *)(uintptr_t)grant;
}

void
grant_order(Ledger__GrantRow *grant, int64_t fen, size_t count, Ledger__PoolShare *const *shares, int instalments)
{
    grant->ordered_fen += fen;
    grant->ordered += (uint32_t)instalments;
    for (size_t i = 0; i < count; i++)
        pool_share_in(grant, shares[i]->fund)->ordered_fen += instalments * shares[i]->amount_fen;
    JN_ASSERT(grant->ordered_fen >= 0 && grant_open(grant) >= 0);
}

/* In the quarter in which it is booked: what is closed takes nothing more. */
static void
use_paid(struct jn_tables *t, const Ledger__Books *books, const Ledger__GrantPaid *event, uint64_t institution,
         const Ledger__PoolShare *share)
{
    struct use use = {share->fund, event->division, 0, institution};
    struct jn_key key = JN_KEY(books->month / 3, share->fund, event->division, (uint64_t)event->purpose);
    const Ledger__CountAmount *old = jn_get(jn_view_of(t), TABLE_GRANT_USE, key);
    Ledger__CountAmount sum = LEDGER__COUNT_AMOUNT__INIT;

    if (old)
        sum = *old;
    count_in(&sum, share->amount_fen);
    jn_put(t, TABLE_GRANT_USE, key, &sum);
    use_add(t, books, use, MEASURE_GRANT_PAID, 1, share->amount_fen);
}

void
apply_grant_paid(struct jn_tables *t, const Ledger__GrantPaid *event, const struct jn_stamp *stamp)
{
    Ledger__GrantRow *grant = grant_take(t, event->grant);
    Ledger__GrantPayment payment = LEDGER__GRANT_PAYMENT__INIT,
                         **payments = jn_take(jn_view_of(t), (grant->n_payments + 1) * sizeof(*payments));
    Ledger__Books *books = books_open(t);

    (void)stamp;
    if (event->disbursement)
        disbursement_settle(t, books, grant, event);
    else
        books_date_back(t, books, event->day, grant->year);
    for (size_t i = 0; i < grant->n_payments; i++)
        payments[i] = grant->payments[i];
    payment.document = event->document;
    payment.amount_fen = event->amount_fen;
    payment.day = event->day;
    payments[grant->n_payments++] = &payment;
    grant->payments = payments;
    grant->paid_fen += event->amount_fen;
    JN_ASSERT(grant_open(grant) >= 0);
    if (event->n_shares) {
        pool_paid(t, books, grant, event->n_shares, event->shares);
    } else {
        account_post(t, books, grant_account(grant), GRANTED, GRANT_PAID, event->amount_fen);
        use_paid(t, books, event, grant->institution, pool_share(jn_view_of(t), event->fund, event->amount_fen));
    }
    for (size_t i = 0; i < event->n_shares; i++)
        use_paid(t, books, event, grant->institution, event->shares[i]);
    payment.shares = (uint32_t)event->n_shares;
    jn_put(t, TABLE_GRANT, JN_KEY(event->grant), grant);
    books_close(t, books);
}

void
apply_grant_released(struct jn_tables *t, const Ledger__GrantReleased *event, const struct jn_stamp *stamp)
{
    Ledger__GrantRow *grant = grant_take(t, event->grant);
    Ledger__Books *books = books_open(t);

    (void)stamp;
    grant->released_fen += event->amount_fen;
    JN_ASSERT(grant_open(grant) >= 0);
    if (event->n_shares)
        pool_released(t, books, grant, event->n_shares, event->shares, event->to_year);
    else
        account_give_back(t, books, grant_account(grant), GRANTED, event->to_year, event->amount_fen);
    jn_put(t, TABLE_GRANT, JN_KEY(event->grant), grant);
    books_close(t, books);
}
