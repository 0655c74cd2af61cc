/* The trial balance (试算平衡表): what each account opened with in a period, its debits and credits, what it closed
 * with; 2.12-a. */
#include "ledger/ledger.h"

#define ACCOUNTS_A_PAGE 100

struct trial {
    const struct jn_decision *d;
    struct span span;
    size_t accounts;
    Ledger__TrialView reply;
    /* Of the account under way. */
    struct trial_sums sums;
};

static bool
sum_month(void *context, const struct jn_key *key, const void *row)
{
    struct trial *trial = context;

    sums_add(&trial->sums, row, turnover_month(key), trial->span);
    return turnover_month(key) < trial->span.last;
}

static void
list_sums(struct trial *trial, struct account account)
{
    Ledger__TrialSum *sums[BALANCES];
    size_t count = sums_list(trial->d->view, &trial->sums, sums);

    for (size_t i = 0; i < count; i++) {
        Ledger__TrialRow *row = jn_take(trial->d->view, sizeof(*row));

        ledger__trial_row__init(row);
        row->fund = account.fund;
        row->division = account.division;
        row->year = account.year;
        row->item = account_item(account.purpose);
        row->purpose = account_purpose(account.purpose);
        row->sum = sums[i];
        trial->reply.rows[trial->reply.n_rows++] = row;
    }
}

static bool
list_account(void *context, const struct jn_key *key, const void *row)
{
    struct trial *trial = context;
    struct account account = account_of_key(key);

    (void)row;
    if (!jn_in_scope_division(trial->d->who, account.division))
        return true;
    if (trial->accounts == ACCOUNTS_A_PAGE) {
        trial->reply.more = true;
        return false;
    }
    trial->accounts++;
    trial->reply.after_year = account.year;
    trial->reply.after_fund = account.fund;
    trial->reply.after_division = account.division;
    trial->reply.after_item = account_item(account.purpose);
    trial->reply.after_purpose = account_purpose(account.purpose);
    trial->sums = (struct trial_sums){0};
    turnovers_scan(trial->d->view, account, sum_month, trial);
    list_sums(trial, account);
    return true;
}

enum jn_code
answer_trial(struct jn_decision *d, const Ledger__TrialRequest *request)
{
    struct trial trial = {.d = d, .reply = LEDGER__TRIAL_VIEW__INIT};
    struct jn_key from = JN_KEY(request->after_year);
    uint32_t purpose;

    if (!period_span(request->period, &trial.span))
        return jn_refuse(d, JN_MALFORMED, "name the period: a year, and its month (1 to 12) or quarter (1 to 4)");
    if (!earmark_of(request->after_item, request->after_purpose, &purpose))
        return jn_refuse(d, JN_MALFORMED, EARMARK_WANTED);
    /* The first one after the last account seen: keys with a purpose lie behind the one without. */
    if (request->after_fund)
        from = JN_KEY(request->after_year, request->after_fund, request->after_division, purpose + 1);
    trial.reply.rows = jn_take(d->view, (size_t)ACCOUNTS_A_PAGE * BALANCES * sizeof(*trial.reply.rows));
    trial.reply.closed = period_closed(d->view, request->period);
    if (!jn_scan(d->view, TABLE_ACCOUNT, from, 0, SCOPE_SCAN_MAX, list_account, &trial) && !trial.reply.more)
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    if (!trial.reply.more) {
        trial.reply.after_year = trial.reply.after_fund = trial.reply.after_division = 0;
        trial.reply.after_item = COMMON__ITEM__ITEM_UNSPECIFIED;
        trial.reply.after_purpose = COMMON__PURPOSE__PURPOSE_UNSPECIFIED;
    }
    jn_reply(d, &trial.reply.base);
    return JN_OK;
}
