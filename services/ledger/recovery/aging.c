/* Aging (账龄): who owes what, and for how long it has been due. */
#include "ledger/ledger.h"

#define RECEIVABLES_PAGE 200

/* ---- How old it is ---- */

static void
age(Ledger__Aging *aging, int32_t due_day, int32_t today, int64_t fen)
{
    int32_t days = today - due_day;

    if (days < 0)
        aging->not_due_fen += fen;
    else if (days <= 30)
        aging->days_30_fen += fen;
    else if (days <= 90)
        aging->days_90_fen += fen;
    else if (days <= 180)
        aging->days_180_fen += fen;
    else if (days <= 365)
        aging->days_365_fen += fen;
    else
        aging->over_fen += fen;
}

/* A plan's instalments by their own days; what a failed payment gave back to it later, by the debt's. */
static void
age_of(const Ledger__Receivable *row, int32_t today, Ledger__Aging *aging)
{
    int64_t left = receivable_left(row);

    for (size_t i = 0; i < row->n_plan; i++) {
        age(aging, row->plan[i]->day, today, instalment_left(row, i));
        left -= instalment_left(row, i);
    }
    age(aging, row->due_day, today, left);
}

static int32_t
days_due(const Ledger__Receivable *row, int32_t today)
{
    int32_t oldest = row->n_plan ? today : row->due_day;

    for (size_t i = row->n_plan; i > 0; i--) {
        if (instalment_left(row, i - 1) > 0 && row->plan[i - 1]->day < oldest)
            oldest = row->plan[i - 1]->day;
    }
    return receivable_left(row) > 0 && oldest < today ? today - oldest : 0;
}

/* ---- What is told ---- */

struct owing {
    struct jn_decision *d;
    Ledger__ReceivablesView *reply;
    bool page; /* rows, else the sums */
};

static Ledger__ReceivableView *
receivable_view(struct jn_decision *d, const Ledger__Receivable *row)
{
    Ledger__ReceivableView *view = jn_take(d->view, sizeof(*view));

    ledger__receivable_view__init(view);
    view->row = (Ledger__Receivable *)(uintptr_t)row;
    view->institution_name = (char *)(uintptr_t)institution_name(d->view, row->institution);
    view->left_fen = receivable_left(row);
    view->offset_fen = receivable_on_its_way(row);
    for (size_t i = 0; i < row->n_parts; i++) {
        view->amount_fen += row->parts[i]->amount_fen;
        view->returned_fen += row->parts[i]->returned_fen;
        view->written_off_fen += row->parts[i]->written_off_fen;
    }
    view->days = days_due(row, d->today);
    view->aging = jn_take(d->view, sizeof(*view->aging));
    ledger__aging__init(view->aging);
    age_of(row, d->today, view->aging);
    return view;
}

static bool
list_owed(void *context, const struct jn_key *key, const void *value)
{
    struct owing *owing = context;
    Ledger__ReceivablesView *reply = owing->reply;
    const Ledger__Receivable *row = receivable_get(owing->d->view, jn_key_number(key, 2));

    (void)value;
    if (!jn_in_scope_division(owing->d->who, row->division))
        return true;
    if (!owing->page) {
        age_of(row, owing->d->today, reply->all);
        reply->left_fen += receivable_left(row);
        return true;
    }
    if (reply->n_rows == RECEIVABLES_PAGE) {
        reply->more = true;
        return false;
    }
    reply->rows[reply->n_rows++] = receivable_view(owing->d, row);
    return true;
}

/* Where a page begins: behind the row that the caller saw last. */
static struct jn_key
page_from(struct jn_decision *d, struct payee payee, bool all, uint64_t after)
{
    const Ledger__Receivable *last = receivable_get(d->view, after);

    if (last && (all || payee_same(receivable_payee(last), payee)))
        return payee_key_of(receivable_payee(last), after + 1);
    return all ? JN_KEY(0) : payee_key_of(payee, after);
}

static enum jn_code
answer_one(struct jn_decision *d, uint64_t number, Ledger__ReceivablesView *reply)
{
    enum jn_code code;
    const Ledger__Receivable *row = receivable_meant(d, number, &code);

    if (!row)
        return code;
    reply->rows[reply->n_rows++] = receivable_view(d, row);
    age_of(row, d->today, reply->all);
    reply->left_fen = receivable_left(row);
    jn_reply(d, &reply->base);
    return JN_OK;
}

enum jn_code
answer_receivables(struct jn_decision *d, const Ledger__ReceivablesRequest *request)
{
    Ledger__ReceivablesView reply = LEDGER__RECEIVABLES_VIEW__INIT;
    Ledger__Aging all = LEDGER__AGING__INIT;
    struct owing owing = {d, &reply, false};
    struct payee payee = payee_named(request->person, request->institution);
    bool everybody = request->person == 0 && request->institution == 0;
    size_t prefix = everybody ? 0 : PAYEE_KEY_BYTES;

    if (request->person && request->institution)
        return jn_refuse(d, JN_MALFORMED, "name a person or an institution, or neither");
    reply.all = &all;
    reply.rows = jn_take(d->view, RECEIVABLES_PAGE * sizeof(*reply.rows));
    if (request->number)
        return answer_one(d, request->number, &reply);
    if (!jn_scan(d->view, TABLE_OWED, page_from(d, payee, everybody, 0), prefix, SCOPE_SCAN_MAX, list_owed, &owing))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "more is owed than one answer can add up; ask payee by payee");
    owing.page = true;
    jn_scan(d->view, TABLE_OWED, page_from(d, payee, everybody, request->after), prefix, SCOPE_SCAN_MAX, list_owed,
            &owing);
    jn_reply(d, &reply.base);
    return JN_OK;
}
