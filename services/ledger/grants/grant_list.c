/* What is told of grants (支持性支出), and the quarter's disclosure of them, 2.12-b. */
#include "ledger/paying/disbursement.h"

#define GRANTS_PAGE 200
#define USES_MAX    1000

struct grants_page {
    struct jn_decision *d;
    const Ledger__GrantsRequest *request;
    Ledger__GrantsView *reply;
};

static Ledger__GrantView *
grant_view(struct jn_decision *d, uint64_t number, const Ledger__GrantRow *row)
{
    Ledger__GrantView *view = jn_take(d->view, sizeof(*view));
    const char *clause = grant_clause(d->view, row->n_shares ? row->shares[0]->fund : row->fund, row->purpose);

    ledger__grant_view__init(view);
    view->grant = number;
    view->id = row->id;
    view->fund = row->fund;
    view->division = row->division;
    view->purpose = row->purpose;
    view->institution = row->institution;
    view->amount_fen = row->amount_fen;
    view->paid_fen = row->paid_fen;
    view->released_fen = row->released_fen;
    view->account_division = row->account_division;
    view->year = row->year;
    view->earmarked = row->earmarked;
    view->document = row->document;
    view->n_shares = row->n_shares;
    view->shares = row->shares;
    view->ordered_fen = row->ordered_fen;
    view->reversed_fen = row->reversed_fen;
    view->institution_name = (char *)(uintptr_t)institution_name(d->view, row->institution);
    view->clause = (char *)(uintptr_t)(clause ? clause : "");
    return view;
}

static bool
list_grant(void *context, const struct jn_key *key, const void *row)
{
    struct grants_page *page = context;
    const Ledger__GrantRow *grant = row;

    if (!jn_in_scope_division(page->d->who, grant->division) ||
        (page->request->fund && grant->fund != page->request->fund) ||
        (page->request->division && grant->division != page->request->division))
        return true;
    if (page->reply->n_rows == GRANTS_PAGE) {
        page->reply->more = true;
        return false;
    }
    page->reply->rows[page->reply->n_rows++] = grant_view(page->d, jn_key_number(key, 0), grant);
    return true;
}

/* With what went to the bank of it. */
static enum jn_code
answer_one(struct jn_decision *d, uint64_t number, Ledger__GrantsView *reply)
{
    const Ledger__GrantRow *grant = grant_get(d, number);

    if (!grant)
        return jn_refuse(d, JN_NOT_FOUND, "no grant has the number %llu", (unsigned long long)number);
    reply->rows[reply->n_rows++] = grant_view(d, number, grant);
    disbursements_told(d, grant, reply->rows[0]);
    jn_reply(d, &reply->base);
    return JN_OK;
}

enum jn_code
answer_grants(struct jn_decision *d, const Ledger__GrantsRequest *request)
{
    Ledger__GrantsView reply = LEDGER__GRANTS_VIEW__INIT;
    struct grants_page page = {d, request, &reply};

    reply.rows = jn_take(d->view, GRANTS_PAGE * sizeof(*reply.rows));
    if (request->grant)
        return answer_one(d, request->grant, &reply);
    if (request->after < UINT64_MAX &&
        !jn_scan(d->view, TABLE_GRANT, JN_KEY(request->after + 1), 0, SCOPE_SCAN_MAX, list_grant, &page))
        return jn_refuse(d, JN_OUT_OF_LIMITS, SCOPE_SCAN_SPENT);
    jn_reply(d, &reply.base);
    return JN_OK;
}

struct uses_page {
    const struct jn_view *view;
    Ledger__GrantUseView *reply;
};

static bool
list_use(void *context, const struct jn_key *key, const void *row)
{
    struct uses_page *page = context;
    const Ledger__CountAmount *sum = row;
    Ledger__GrantUseRow *use = jn_take(page->view, sizeof(*use));

    ledger__grant_use_row__init(use);
    use->fund = (Common__Fund)jn_key_number(key, 1);
    use->division = (uint32_t)jn_key_number(key, 2);
    use->purpose = (Common__Purpose)jn_key_number(key, 3);
    use->count = sum->count;
    use->paid_fen = sum->amount_fen;
    page->reply->rows[page->reply->n_rows++] = use;
    page->reply->paid_fen += sum->amount_fen;
    return true;
}

/* A city has five funds, a hundred divisions and eleven purposes; most of them never meet. */
enum jn_code
answer_grant_use(struct jn_decision *d, const Ledger__GrantUseRequest *request)
{
    Ledger__GrantUseView reply = LEDGER__GRANT_USE_VIEW__INIT;
    struct uses_page page = {d->view, &reply};

    if (request->quarter < 1 || request->quarter > 4 || request->year < 1900 || request->year > 2199)
        return jn_refuse(d, JN_MALFORMED, "name the year and the quarter, 1 to 4");
    reply.rows = jn_take(d->view, USES_MAX * sizeof(*reply.rows));
    reply.more = !jn_scan(d->view, TABLE_GRANT_USE, JN_KEY((uint64_t)request->year * 4 + request->quarter - 1),
                          sizeof(uint64_t), USES_MAX, list_use, &page);
    jn_reply(d, &reply.base);
    return JN_OK;
}
