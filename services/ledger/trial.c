/* The trial balance (试算平衡表): what each account opened with in a period, its debits and credits, what it closed
 * with; 2.12-a. */
#include "ledger/ledger.h"

/* An account has a row a month in which anything was posted: some twenty in its life. */
#define ACCOUNTS_A_PAGE 100
#define MONTHS_MAX      4000

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
        row->sum = sums[i];
        trial->reply.rows[trial->reply.n_rows++] = row;
    }
}

static bool
list_account(void *context, const struct jn_key *key, const void *row)
{
    struct trial *trial = context;
    struct account account = {(Common__Fund)jn_key_number(key, 1), (uint32_t)jn_key_number(key, 2),
                              (uint32_t)jn_key_number(key, 0)};

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
    trial->sums = (struct trial_sums){0};
    jn_scan(trial->d->view, TABLE_TURNOVER, *key, key->length, MONTHS_MAX, sum_month, trial);
    list_sums(trial, account);
    return true;
}

enum jn_code
answer_trial(struct jn_decision *d, const Ledger__TrialRequest *request)
{
    struct trial trial = {.d = d, .reply = LEDGER__TRIAL_VIEW__INIT};
    uint64_t after = (uint64_t)request->after_division + (request->after_fund ? 1 : 0);

    if (!period_span(request->period, &trial.span))
        return jn_refuse(d, JN_MALFORMED, "name the period: a year, and its month (1 to 12) or quarter (1 to 4)");
    trial.reply.rows = jn_take(d->view, (size_t)ACCOUNTS_A_PAGE * BALANCES * sizeof(*trial.reply.rows));
    trial.reply.closed = period_closed(d->view, request->period);
    if (!jn_scan(d->view, TABLE_ACCOUNT, JN_KEY(request->after_year, request->after_fund, after), 0, SCOPE_SCAN_MAX,
                 list_account, &trial) &&
        !trial.reply.more)
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    if (!trial.reply.more)
        trial.reply.after_year = trial.reply.after_fund = trial.reply.after_division = 0;
    jn_reply(d, &trial.reply.base);
    return JN_OK;
}
