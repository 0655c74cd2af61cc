/* The audit of periods and statements: what was posted month by month comes to what the accounts hold, what is closed
 * is as it was closed, and the statements come to what was paid. 2.12-a. */
#include "ledger/audit.h"

/* A month's debits and credits over all accounts, as recomputed. */
struct month_sums {
    uint32_t month;
    struct trial_sums sums;
};

struct period_audit {
    struct auditing *a;
    struct month_sums *months; /* by month */
    size_t months_count, months_size;
    struct trial_sums lost; /* of a month that is not kept */
    struct account account;
    struct trial_sums sums; /* of the account under way */
    Ledger__Use use;
    Ledger__CountAmount committed, paid, reversed, released, grant_paid, grant_reversed;
    uint64_t quarter;
    int64_t quarter_paid_fen, quarter_appropriated_fen;
};

static const struct span all_time = {0, UINT32_MAX};

/* ---- Turnovers ---- */

static struct trial_sums *
sums_of(struct period_audit *p, uint32_t month)
{
    size_t at = p->months_count;

    while (at > 0 && p->months[at - 1].month > month)
        at--;
    if (at > 0 && p->months[at - 1].month == month)
        return &p->months[at - 1].sums;
    if (p->months_count == p->months_size) {
        jn_finding(p->a->audit, "month %u-%02u is not kept, and has entries", month / 12, month % 12 + 1);
        return &p->lost;
    }
    for (size_t i = p->months_count++; i > at; i--)
        p->months[i] = p->months[i - 1];
    p->months[at] = (struct month_sums){.month = month};
    return &p->months[at].sums;
}

static bool
audit_turnover(void *context, const struct jn_key *key, const void *row)
{
    struct period_audit *p = context;
    uint32_t month = turnover_month(key);

    if (month / 12 < p->account.year)
        jn_finding(p->a->audit, "account %u/%u/%u has entries before its year", p->account.fund, p->account.division,
                   p->account.year);
    sums_add(&p->sums, row, month, all_time);
    sums_add(sums_of(p, month), row, month, all_time);
    return true;
}

static bool
audit_account(void *context, const struct jn_key *key, const void *row)
{
    struct period_audit *p = context;

    p->account = account_of_key(key);
    p->sums = (struct trial_sums){0};
    turnovers_scan(p->a->view, p->account, audit_turnover, p);
    for (enum balance which = APPROPRIATED; which < BALANCES; which++) {
        if (p->sums.debit[which] - p->sums.credit[which] != balance_of(row, which))
            jn_finding(p->a->audit, "account %u/%u/%u: its %s is not what was posted to it", p->account.fund,
                       p->account.division, p->account.year, balance_name(p->a->view, which));
    }
    return true;
}

static void
same_sums(struct period_audit *p, uint32_t month, const struct trial_sums *kept, const struct trial_sums *right)
{
    int64_t debits = 0, credits = 0;
    bool same = true;

    for (enum balance which = APPROPRIATED; which < BALANCES; which++) {
        same = same && kept->debit[which] == right->debit[which] && kept->credit[which] == right->credit[which] &&
               kept->opening[which] == right->opening[which];
        debits += kept->debit[which];
        credits += kept->credit[which];
    }
    if (!same)
        jn_finding(p->a->audit, "month %u-%02u: its sums are not what was posted in it", month / 12, month % 12 + 1);
    if (debits != credits)
        jn_finding(p->a->audit, "month %u-%02u: its debits are not its credits", month / 12, month % 12 + 1);
}

/* What is kept for each month against the rows of its accounts; and no month is kept that has none. */
static void
audit_months(struct period_audit *p)
{
    struct trial_sums all = {0}, kept;

    for (size_t i = 0; i < p->months_count; i++) {
        uint32_t month = p->months[i].month;

        period_sums(p->a->view, (struct span){month, month}, &kept);
        for (enum balance which = APPROPRIATED; which < BALANCES; which++) {
            p->months[i].sums.opening[which] = all.opening[which];
            all.opening[which] += p->months[i].sums.debit[which] - p->months[i].sums.credit[which];
        }
        same_sums(p, month, &kept, &p->months[i].sums);
    }
    period_sums(p->a->view, (struct span){UINT32_MAX, UINT32_MAX}, &kept);
    same_sums(p, 0, &kept, &all);
}

/* ---- Closed periods ---- */

static bool
audit_closed(void *context, const struct jn_key *key, const void *row)
{
    struct period_audit *p = context;
    const Ledger__PeriodFile *file = row;
    Ledger__TrialSum *right[BALANCES];
    struct span span;
    struct trial_sums sums;
    size_t count;
    bool same;

    if (!period_span(file->period, &span) || jn_key_number(key, 0) != (uint64_t)file->period->kind ||
        jn_key_number(key, 1) != file->period->year || jn_key_number(key, 2) != file->period->number) {
        jn_finding(p->a->audit, "a closed period lies under the wrong name");
        return true;
    }
    period_sums(p->a->view, span, &sums);
    count = sums_list(p->a->view, &sums, right);
    same = count == file->n_sums && span.last <= jn_counter(p->a->view, COUNTER_MONTH_CLOSED);
    for (size_t i = 0; same && i < count; i++)
        same = protobuf_c_message_get_packed_size(&right[i]->base) ==
                   protobuf_c_message_get_packed_size(&file->sums[i]->base) &&
               right[i]->opening_fen == file->sums[i]->opening_fen && right[i]->debit_fen == file->sums[i]->debit_fen &&
               right[i]->credit_fen == file->sums[i]->credit_fen && right[i]->closing_fen == file->sums[i]->closing_fen;
    if (!same)
        jn_finding(p->a->audit, "the period %u-%u (%d) is not any more as it was closed; 2.12-a", file->period->year,
                   file->period->number, (int)file->period->kind);
    return true;
}

/* ---- Statements ---- */

/* Rows come month by month, so a quarter's come together. */
static void
end_quarter(struct period_audit *p)
{
    const Ledger__QuarterSum *sum = jn_get(p->a->view, TABLE_QUARTER_SUM, JN_KEY(p->quarter));

    if (p->quarter && (p->quarter_paid_fen != (sum ? sum->paid_fen : 0) ||
                       p->quarter_appropriated_fen != (sum ? sum->appropriated_fen : 0)))
        jn_finding(p->a->audit, "quarter %llu/%llu: the disclosure and the statements differ; 2.12-b",
                   (unsigned long long)p->quarter / 4, (unsigned long long)p->quarter % 4 + 1);
    p->quarter_paid_fen = p->quarter_appropriated_fen = 0;
}

static bool
audit_statement(void *context, const struct jn_key *key, const void *row)
{
    struct period_audit *p = context;
    const Ledger__Use *use = row;

    if (jn_key_number(key, 0) / 3 != p->quarter)
        end_quarter(p);
    p->quarter = jn_key_number(key, 0) / 3;
    p->quarter_paid_fen += use->paid->amount_fen;
    p->quarter_appropriated_fen += use->appropriated_fen;
    p->use.appropriated_fen += use->appropriated_fen;
    p->committed.count += use->committed->count;
    p->committed.amount_fen += use->committed->amount_fen;
    p->paid.count += use->paid->count;
    p->paid.amount_fen += use->paid->amount_fen;
    p->use.advanced_fen += use->advanced_fen;
    p->use.recovered_fen += use->recovered_fen;
    p->reversed.count += use->reversed->count;
    p->reversed.amount_fen += use->reversed->amount_fen;
    p->released.count += use->released->count;
    p->released.amount_fen += use->released->amount_fen;
    p->grant_paid.count += use->grant_paid->count;
    p->grant_paid.amount_fen += use->grant_paid->amount_fen;
    p->grant_reversed.count += use->grant_reversed->count;
    p->grant_reversed.amount_fen += use->grant_reversed->amount_fen;
    return true;
}

static void
same(struct period_audit *p, const char *what, int64_t in_statements, int64_t right)
{
    if (in_statements != right)
        jn_finding(p->a->audit, "%s: the statements come to %lld, the books to %lld; 2.12-b", what,
                   (long long)in_statements, (long long)right);
}

static void
audit_statements(struct period_audit *p, const Ledger__Books *books)
{
    struct auditing *a = p->a;

    jn_scan(a->view, TABLE_USE, JN_KEY(0), 0, ROWS_MAX, audit_statement, p);
    end_quarter(p);
    same(p, "appropriated", p->use.appropriated_fen, -books->all->appropriated_fen);
    same(p, "claims paid", (int64_t)p->paid.count, (int64_t)books->paid->count);
    same(p, "paid", p->paid.amount_fen, books->paid->amount_fen);
    same(p, "claims committed", (int64_t)(p->committed.count - p->released.count),
         (int64_t)(books->paid->count + books->committed->count));
    same(p, "committed", p->committed.amount_fen - p->released.amount_fen,
         books->paid->amount_fen + books->committed->amount_fen);
    same(p, "released", p->released.amount_fen, a->released_fen);
    same(p, "instalments of grants", (int64_t)p->grant_paid.count, (int64_t)a->grant_payments);
    same(p, "paid of grants", p->grant_paid.amount_fen, a->grants_paid_fen);
    same(p, "advanced", p->use.advanced_fen, a->advances_fen);
    same(p, "recovered", p->use.recovered_fen, a->recovered_fen);
    same(p, "cases", (int64_t)p->reversed.count, (int64_t)books->reversed->count);
    same(p, "reversed", p->reversed.amount_fen, books->reversed->amount_fen);
    same(p, "cases of grants", (int64_t)p->grant_reversed.count, (int64_t)books->grants_reversed->count);
    same(p, "reversed of grants", p->grant_reversed.amount_fen, books->grants_reversed->amount_fen);
}

static bool
count_month(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    (void)row;
    ((struct period_audit *)context)->months_size++;
    return true;
}

void
audit_periods(struct auditing *a, const Ledger__Books *books)
{
    struct period_audit *p = jn_take(a->view, sizeof(*p));

    p->a = a;
    p->months_size = 1; /* the one that the books keep */
    jn_scan(a->view, TABLE_MONTH, JN_KEY(0), 0, ROWS_MAX, count_month, p);
    p->months = jn_take(a->view, p->months_size * sizeof(*p->months));
    jn_scan(a->view, TABLE_ACCOUNT, JN_KEY(0), 0, ROWS_MAX, audit_account, p);
    audit_months(p);
    jn_scan(a->view, TABLE_PERIOD, JN_KEY(0), 0, ROWS_MAX, audit_closed, p);
    audit_statements(p, books);
}
