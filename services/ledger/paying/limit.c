/* Payment limits (支付限额): what one batch, one row and one day may come to before more than two keys are wanted, or
 * nothing more is released; 2.12-c.
 *
 * As treasuries do it: a large payment is not forbidden but needs an authority of its own, a third key; the day's
 * ceiling is one, and what is over it goes another day. A division's limits and its city's hold both.
 *
 * Who lowers a limit protects the money: one key does it, at once. Who raises one, or takes it away, is a maker, and
 * another key confirms it, as with a batch. */
#include "ledger/paying/paying.h"

/* How far ahead a limit may be set. */
#define DAYS_AHEAD_MAX 3660
#define LIMITS_PAGE    200

/* ---- Tables ---- */

static struct jn_key
limit_key(uint32_t division, int32_t day)
{
    return JN_KEY(division, UINT64_MAX - (uint64_t)day);
}

/* The one in force on the day; NULL for none. */
static const Ledger__PaymentLimit *
limit_of(const struct jn_view *view, uint32_t division, int32_t day)
{
    struct jn_key found;

    return jn_first(view, TABLE_LIMIT, limit_key(division, day), sizeof(uint64_t), &found);
}

static const Ledger__PaymentLimitAsked *
asked_of(const struct jn_view *view, uint32_t division, int32_t day)
{
    return jn_get(view, TABLE_LIMIT_ASKED, limit_key(division, day));
}

static void
released_add(struct jn_tables *t, int32_t day, uint32_t division, int64_t fen)
{
    struct jn_key key = JN_KEY((uint64_t)day, division);
    const Ledger__CountAmount *old = jn_get(jn_view_of(t), TABLE_RELEASED, key);
    Ledger__CountAmount sum = LEDGER__COUNT_AMOUNT__INIT;

    if (old)
        sum = *old;
    count_in(&sum, fen);
    jn_put(t, TABLE_RELEASED, key, &sum);
}

void
released_count(struct jn_tables *t, int32_t day, uint32_t division, int64_t fen)
{
    released_add(t, day, city_of(division), fen);
    if (division != city_of(division))
        released_add(t, day, division, fen);
}

static const Ledger__CountAmount *
released_on(const struct jn_view *view, int32_t day, uint32_t division)
{
    return jn_get(view, TABLE_RELEASED, JN_KEY((uint64_t)day, division));
}

/* ---- Judgement ---- */

static int64_t
largest_row(const struct jn_view *view, const Ledger__BatchFile *file)
{
    const Ledger__Claims *claims = batch_claims(view, file);
    int64_t largest = file->head->advance ? file->head->amount_fen : 0;

    for (size_t i = 0; i < batch_rows(file); i++) {
        struct claim claim = batch_claim(view, file, claims, i);

        if (claim_sent(&claim) > largest)
            largest = claim_sent(&claim);
    }
    return largest;
}

static enum limit_verdict
judge(struct jn_decision *d, const Ledger__BatchFile *file, uint32_t division, struct day_limit *day)
{
    const Ledger__PaymentLimit *limit = limit_of(d->view, division, d->today);
    const Ledger__CountAmount *released;
    int64_t left;

    if (!limit)
        return LIMIT_KEPT;
    released = released_on(d->view, d->today, division);
    left = limit->day_fen - (released ? released->amount_fen : 0);
    if (limit->day_fen && file->head->amount_fen > left) {
        *day = (struct day_limit){division, left > 0 ? left : 0};
        return LIMIT_SPENT;
    }
    if (limit->batch_fen && file->head->amount_fen > limit->batch_fen)
        return LIMIT_WANTS_ANOTHER;
    return limit->row_fen && largest_row(d->view, file) > limit->row_fen ? LIMIT_WANTS_ANOTHER : LIMIT_KEPT;
}

enum limit_verdict
limit_judge(struct jn_decision *d, const Ledger__BatchFile *file, struct day_limit *day)
{
    uint32_t division = file->head->division, city = city_of(division);
    enum limit_verdict own = judge(d, file, division, day);
    enum limit_verdict all = city == division || own == LIMIT_SPENT ? own : judge(d, file, city, day);

    return own > all ? own : all;
}

/* ---- Decisions ---- */

static bool
amount_valid(int64_t fen)
{
    return fen >= 0 && fen <= MONEY_FEN_MAX;
}

/* 0 is no limit. */
static bool
higher(int64_t fen, int64_t than)
{
    return than != 0 && (fen == 0 || fen > than);
}

/* Does the row let go what would be kept on its day? */
static bool
raises(const struct jn_view *view, const Ledger__PaymentLimit *row)
{
    const Ledger__PaymentLimit *old = limit_of(view, row->division, row->from_day);

    return old && (higher(row->batch_fen, old->batch_fen) || higher(row->row_fen, old->row_fen) ||
                   higher(row->day_fen, old->day_fen));
}

static enum jn_code
ask_limit(struct jn_decision *d, Ledger__PaymentLimit *limit)
{
    Ledger__PaymentLimitAsked event = LEDGER__PAYMENT_LIMIT_ASKED__INIT;

    event.limit = limit;
    event.key = (ProtobufCBinaryData){JN_KEY_BYTES, (uint8_t *)(uintptr_t)d->who->key};
    event.day = d->today;
    return jn_emit(d, LEDGER__EVENT__BODY_PAYMENT_LIMIT_ASKED, &event);
}

static enum jn_code
limit_division(struct jn_decision *d, const Ledger__PaymentLimit *row)
{
    if (!division_valid(row->division))
        return jn_refuse(d, JN_MALFORMED, "name the division by six digits, 130100 for the whole city");
    if (!jn_in_scope_division(d->who, row->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    return JN_OK;
}

static enum jn_code
set_limit(struct jn_decision *d, const Ledger__PaymentLimit *row)
{
    Ledger__PaymentLimitSet event = LEDGER__PAYMENT_LIMIT_SET__INIT;
    Ledger__PaymentLimit limit = *row;
    enum jn_code code = limit_division(d, row);

    if (code != JN_OK)
        return code;
    if (!amount_valid(row->batch_fen) || !amount_valid(row->row_fen) || !amount_valid(row->day_fen))
        return jn_refuse(d, JN_MALFORMED, "a limit is 0 (none) or more, ten trillion yuan at most");
    if (!text_fits(row->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "name the document (文号) in 1 to %d bytes", TEXT_BYTES_MAX);
    if (row->from_day <= d->today || row->from_day > d->today + DAYS_AHEAD_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "2.12-c: a limit holds from tomorrow at the earliest, and is set ten years ahead at most");

    /* Decided. */
    limit.by = (char *)(uintptr_t)d->who->name;
    limit.confirmed_by = (char *)(uintptr_t) "";
    if (raises(d->view, row))
        return ask_limit(d, &limit);
    event.limit = &limit;
    return jn_emit(d, LEDGER__EVENT__BODY_PAYMENT_LIMIT_SET, &event);
}

enum jn_code
decide_set_payment_limits(struct jn_decision *d, const Ledger__SetPaymentLimits *cmd)
{
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, "name the limits to be set");

    if (code != JN_OK)
        return code;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, set_limit(d, cmd->rows[i]));
    }
    return bulk_reply(&bulk);
}

static bool
same_figures(const Ledger__PaymentLimit *a, const Ledger__PaymentLimit *b)
{
    return a->batch_fen == b->batch_fen && a->row_fen == b->row_fen && a->day_fen == b->day_fen;
}

static enum jn_code
confirm_limit(struct jn_decision *d, const Ledger__PaymentLimit *row)
{
    Ledger__PaymentLimitSet event = LEDGER__PAYMENT_LIMIT_SET__INIT;
    const Ledger__PaymentLimitAsked *asked;
    Ledger__PaymentLimit limit;
    enum jn_code code = limit_division(d, row);

    if (code != JN_OK)
        return code;
    asked = row->from_day > 0 ? asked_of(d->view, row->division, row->from_day) : NULL;
    if (!asked)
        return jn_refuse(d, JN_NOT_FOUND, "no limit of division %u from that day waits to be confirmed", row->division);
    if (same_hand(d->who, asked->limit->by, &asked->key))
        return jn_refuse(d, JN_REFUSED,
                         "2.12-c: who asked for a higher limit may not confirm it; another key of finance must");
    if (!same_figures(asked->limit, row))
        return jn_refuse(d, JN_REFUSED, "2.12-c: other figures were asked for than you confirm; look at them");
    if (row->from_day <= d->today)
        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "2.12-c: a limit holds from tomorrow at the earliest; have it asked for from a later day");

    /* Decided. */
    limit = *asked->limit;
    limit.confirmed_by = (char *)(uintptr_t)d->who->name;
    event.limit = &limit;
    return jn_emit(d, LEDGER__EVENT__BODY_PAYMENT_LIMIT_SET, &event);
}

enum jn_code
decide_confirm_payment_limits(struct jn_decision *d, const Ledger__ConfirmPaymentLimits *cmd)
{
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, "name the limits to be confirmed");

    if (code != JN_OK)
        return code;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, confirm_limit(d, cmd->rows[i]));
    }
    return bulk_reply(&bulk);
}

/* ---- What then happens ---- */

void
apply_payment_limit_set(struct jn_tables *t, const Ledger__PaymentLimitSet *event, const struct jn_stamp *stamp)
{
    struct jn_key key = limit_key(event->limit->division, event->limit->from_day);

    (void)stamp;
    jn_put(t, TABLE_LIMIT, key, event->limit);
    if (jn_has(jn_view_of(t), TABLE_LIMIT_ASKED, key))
        jn_delete(t, TABLE_LIMIT_ASKED, key);
}

void
apply_payment_limit_asked(struct jn_tables *t, const Ledger__PaymentLimitAsked *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    jn_put(t, TABLE_LIMIT_ASKED, limit_key(event->limit->division, event->limit->from_day), event);
}

/* ---- What is told ---- */

static bool
list_limit(void *context, const struct jn_key *key, const void *row)
{
    Ledger__PaymentLimitsView *view = context;

    (void)key;
    view->rows[view->n_rows++] = (Ledger__PaymentLimit *)(uintptr_t)row;
    return true;
}

static bool
list_asked(void *context, const struct jn_key *key, const void *row)
{
    Ledger__PaymentLimitsView *view = context;

    (void)key;
    view->asked[view->n_asked++] = ((const Ledger__PaymentLimitAsked *)row)->limit;
    return true;
}

enum jn_code
answer_payment_limits(struct jn_decision *d, const Ledger__PaymentLimitsRequest *request)
{
    Ledger__PaymentLimitsView view = LEDGER__PAYMENT_LIMITS_VIEW__INIT;
    Ledger__CountAmount none = LEDGER__COUNT_AMOUNT__INIT;
    const Ledger__CountAmount *released;

    if (!division_valid(request->division))
        return jn_refuse(d, JN_MALFORMED, "name the division by six digits, 130100 for the whole city");
    if (!jn_in_scope_division(d->who, request->division))
        return jn_refuse(d, JN_DENIED, "the division is not in your scope");
    view.rows = jn_take(d->view, LIMITS_PAGE * sizeof(*view.rows));
    jn_scan(d->view, TABLE_LIMIT, JN_KEY(request->division, 0), sizeof(uint64_t), LIMITS_PAGE, list_limit, &view);
    view.asked = jn_take(d->view, LIMITS_PAGE * sizeof(*view.asked));
    jn_scan(d->view, TABLE_LIMIT_ASKED, JN_KEY(request->division, 0), sizeof(uint64_t), LIMITS_PAGE, list_asked, &view);
    released = released_on(d->view, d->today, request->division);
    view.released_today = released ? (Ledger__CountAmount *)(uintptr_t)released : &none;
    jn_reply(d, &view.base);
    return JN_OK;
}
