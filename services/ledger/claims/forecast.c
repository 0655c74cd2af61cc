/* Forecasts (资金预警): by the rate at which an account's money was committed in the last 30 and 90 days, the day on
 * which nothing is left of it; finance is told ahead of it, A-fin. All in whole numbers, cut down: available x 30 /
 * sum. */
#include "ledger/accounts/books.h"

#define RATE_DAYS    90
#define MONTH_DAYS   30
#define FORECAST_MAX 100000 /* days: nobody plans further */

/* ---- Tables ---- */

static struct jn_key
rate_key(struct account account)
{
    return JN_KEY(account.fund, account.division, account.purpose);
}

/* The row's first figure is its day's; a new day pushes the others back. */
void
rate_add(struct jn_tables *t, struct account account, int32_t day, int64_t fen)
{
    const struct jn_view *view = jn_view_of(t);
    const Ledger__Rate *old = jn_look(view, TABLE_RATE, rate_key(account));
    size_t passed = old && day > old->day ? (size_t)(day - old->day) : 0;
    Ledger__Rate rate = LEDGER__RATE__INIT;

    if (old && passed == 0) {
        Ledger__Rate *kept = jn_change(t, TABLE_RATE, rate_key(account));

        if (kept)
            kept->fen[0] += fen;
        return;
    }
    rate.fen = jn_take(view, RATE_DAYS * sizeof(*rate.fen));
    rate.day = old && old->day > day ? old->day : day;
    rate.n_fen = 1;
    for (size_t i = 0; old && i < old->n_fen && i + passed < RATE_DAYS; i++) {
        rate.fen[i + passed] = old->fen[i];
        rate.n_fen = i + passed + 1;
    }
    rate.fen[0] += fen;
    jn_put(t, TABLE_RATE, rate_key(account), &rate);
}

static void
rate_sums(const struct jn_view *view, struct account account, int32_t today, Ledger__ForecastView *out)
{
    const Ledger__Rate *rate = jn_look(view, TABLE_RATE, rate_key(account));

    for (size_t i = 0; rate && i < rate->n_fen; i++) {
        int32_t age = today - rate->day + (int32_t)i;

        if (age < MONTH_DAYS)
            out->committed_30_fen += rate->fen[i];
        if (age < RATE_DAYS)
            out->committed_90_fen += rate->fen[i];
    }
}

/* At most 10^15 x 90: it fits. */
static uint32_t
days_left(int64_t available_fen, int64_t sum_fen, int64_t days)
{
    int64_t left = sum_fen > 0 ? available_fen * days / sum_fen : FORECAST_MAX;

    return left < FORECAST_MAX ? (uint32_t)left : FORECAST_MAX;
}

static void
foresee(const struct jn_view *view, struct account account, int64_t available_fen, int32_t today,
        Ledger__ForecastView *out)
{
    uint32_t by_month, by_quarter;

    ledger__forecast_view__init(out);
    out->fund = account.fund;
    out->division = account.division;
    out->available_fen = available_fen;
    rate_sums(view, account, today, out);
    by_month = days_left(available_fen, out->committed_30_fen, MONTH_DAYS);
    by_quarter = days_left(available_fen, out->committed_90_fen, RATE_DAYS);
    out->foreseen = out->committed_90_fen > 0;
    out->days = by_month < by_quarter ? by_month : by_quarter;
    out->empty_day = out->foreseen ? today + (int32_t)out->days : 0;
}

/* ---- What finance is told ---- */

void
shortfall_look(struct jn_decision *d, struct account account)
{
    const Ledger__Balances *balances = account_get(d->view, account);
    Ledger__ShortfallForeseen event = LEDGER__SHORTFALL_FORESEEN__INIT;
    Ledger__ForecastView view;

    if (!balances || jn_has(d->view, TABLE_SHORTFALL, rate_key(account)))
        return;
    foresee(d->view, account, balances->available_fen, d->today, &view);
    if (!view.foreseen || view.days >= terms_notice_days(d->view))
        return;
    event.fund = account.fund;
    event.division = account.division;
    event.year = account.year;
    event.item = account_item(account.purpose);
    event.purpose = account_purpose(account.purpose);
    event.available_fen = view.available_fen;
    event.committed_30_fen = view.committed_30_fen;
    event.committed_90_fen = view.committed_90_fen;
    event.days = view.days;
    event.day = d->today;
    jn_emit(d, LEDGER__EVENT__BODY_SHORTFALL_FORESEEN, &event);
}

void
shortfall_look_at(struct jn_decision *d, const Ledger__Committed *event)
{
    struct tally accounts = tally_open(d->view, event->n_rows);

    for (size_t i = 0; i < event->n_rows; i++) {
        const Ledger__CommittedRow *row = event->rows[i];
        struct account account = {row->fund, row->account_division, row->year,
                                  row->earmarked ? (uint32_t)row->item : 0};

        if (row->n_shares == 0)
            tally_add(&accounts, account.fund, account.division, tally_year(account), 0);
    }
    for (size_t i = 0; i < accounts.count; i++)
        shortfall_look(d, tally_account(&accounts.rows[i]));
}

void
apply_shortfall_foreseen(struct jn_tables *t, const Ledger__ShortfallForeseen *event, const struct jn_stamp *stamp)
{
    struct account account = {event->fund, event->division, event->year,
                              event->item ? (uint32_t)event->item : (uint32_t)event->purpose};
    Ledger__ShortfallRow row = LEDGER__SHORTFALL_ROW__INIT;

    (void)stamp;
    row.day = event->day;
    jn_put(t, TABLE_SHORTFALL, rate_key(account), &row);
}

void
shortfall_clear(struct jn_tables *t, struct account account)
{
    if (jn_has(jn_view_of(t), TABLE_SHORTFALL, rate_key(account)))
        jn_delete(t, TABLE_SHORTFALL, rate_key(account));
}

/* ---- What is told ---- */

enum jn_code
answer_forecast(struct jn_decision *d, const Ledger__ForecastRequest *request)
{
    struct account account = {request->fund, request->division, 0, 0};
    const Ledger__ShortfallRow *told;
    const Ledger__Balances *balances;
    Ledger__ForecastView reply;
    enum jn_code code = account_asked(d, &account, request->item, request->purpose);

    if (code != JN_OK)
        return code;
    account.year = account_year_in_use(d->view, account);
    balances = account.year ? account_get(d->view, account) : NULL;
    if (!balances)
        return jn_refuse(d, JN_NOT_FOUND, "%s has no account of its own there; appropriate to it first",
                         account_name(d->arena, account));
    foresee(d->view, account, balances->available_fen, d->today, &reply);
    told = jn_get(d->view, TABLE_SHORTFALL, rate_key(account));
    reply.told_day = told ? told->day : 0;
    jn_reply(d, &reply.base);
    return JN_OK;
}
