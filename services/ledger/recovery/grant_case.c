/* Recovery of grants (支持性支出追回): what was paid of a grant that was misused, or paid by mistake, is reversed by
 * new entries, whole or in part, to the account that bore it; of a pool's, source by source, in proportion to what each
 * has paid and not had back: a receivable each, since money goes back to its fund; 2.12-e, 2.10-e, 2.11-b. From there
 * on it is a receivable like any other: plan, offset, stop for fraud. */
#include "ledger/accounts/books.h"

/* ---- Decisions ---- */

static int64_t
reversible(const Ledger__GrantRow *grant)
{
    return grant->paid_fen - grant->reversed_fen;
}

/* Of one account: the grant's own, or a source's of the pool. */
static uint64_t
reverse(struct jn_decision *d, const Ledger__OpenRecovery *cmd, const Ledger__GrantRow *grant, struct account account,
        int64_t fen)
{
    Ledger__Reversed event = LEDGER__REVERSED__INIT;
    Ledger__ReversedPart part = LEDGER__REVERSED_PART__INIT, *parts[] = {&part};

    part.account_division = account.division;
    part.year = account.year;
    part.amount_fen = fen;
    part.purpose = account_purpose(account.purpose);
    event.receivable = jn_counter(d->view, COUNTER_RECEIVABLES) + 1;
    event.kind = cmd->kind;
    event.grant = cmd->grant;
    event.purpose = grant->purpose;
    event.division = grant->division;
    event.fund = account.fund;
    event.payee = COMMON__PAYEE__PAYEE_INSTITUTION;
    event.institution = grant->institution;
    event.amount_fen = fen;
    event.n_parts = 1;
    event.parts = parts;
    event.document = cmd->document;
    event.clause = cmd->clause;
    event.day = d->today;
    jn_emit(d, LEDGER__EVENT__BODY_REVERSED, &event);
    if (cmd->kind == LEDGER__DEBT_KIND__DEBT_FRAUD)
        stop_begin(d, receivable_get(d->view, event.receivable));
    return event.receivable;
}

static void
reverse_all(struct jn_decision *d, const Ledger__OpenRecovery *cmd, const Ledger__GrantRow *grant, int64_t fen,
            Ledger__Posted *reply)
{
    int64_t weights[FUNDS] = {0}, shares[FUNDS] = {0};

    reply->numbers = jn_take(d->view, FUNDS * sizeof(*reply->numbers));
    if (grant->n_shares == 0) {
        reply->number = reverse(d, cmd, grant, grant_account(grant), fen);
        return;
    }
    for (size_t i = 0; i < grant->n_shares; i++)
        weights[i] = grant->shares[i]->paid_fen - grant->shares[i]->reversed_fen;
    pool_divide(fen, weights, grant->n_shares, shares);
    for (size_t i = 0; i < grant->n_shares; i++) {
        struct account source = {grant->shares[i]->fund, grant->division, grant->year, 0};

        if (shares[i] > 0)
            reply->numbers[reply->n_numbers++] = reverse(d, cmd, grant, source, shares[i]);
    }
    reply->number = reply->numbers[0];
}

enum jn_code
grant_recover(struct jn_decision *d, const Ledger__OpenRecovery *cmd)
{
    const Ledger__GrantRow *grant = grant_get(d, cmd->grant);
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    char text[MONEY_TEXT];

    if (!grant)
        return jn_refuse(d, JN_NOT_FOUND, "no grant has the number %llu", (unsigned long long)cmd->grant);
    if (grant->paid_fen == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing of the grant is paid: release it instead");
    if (reversible(grant) == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing of the grant is left to reverse");
    if (cmd->amount_fen > reversible(grant))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "2.12-e: %s yuan of the grant are paid and not reversed yet, not more",
                         money_format(reversible(grant), text));

    /* Decided. */
    reverse_all(d, cmd, grant, cmd->amount_fen ? cmd->amount_fen : reversible(grant), &reply);
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* ---- What then happens ---- */

void
grant_reversed(struct jn_tables *t, Ledger__Books *books, const Ledger__Reversed *event)
{
    Ledger__GrantRow *grant = grant_take(t, event->grant);
    Ledger__Reversal reversal = LEDGER__REVERSAL__INIT;

    grant->reversed_fen += event->amount_fen;
    if (grant->n_shares)
        pool_share_in(grant, event->fund)->reversed_fen += event->amount_fen;
    JN_ASSERT(reversible(grant) >= 0);
    jn_put(t, TABLE_GRANT, JN_KEY(event->grant), grant);
    reversal.amount_fen = event->amount_fen;
    jn_put(t, TABLE_REVERSAL, JN_KEY(0, event->receivable), &reversal);
    count_in(books->grants_reversed, event->amount_fen);
    use_add(t, books, (struct use){event->fund, event->division, 0, event->institution}, MEASURE_GRANT_REVERSED, 1,
            event->amount_fen);
}
