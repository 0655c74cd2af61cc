/* Frozen payees, listed for who looks at money without names; 2.12-e. */
#include "ledger/paying/paying.h"

#define FROZEN_PAGE 200

struct frozen_page {
    struct jn_decision *d;
    Ledger__FrozenPayeesView *view;
};

static bool
list_frozen(void *context, const struct jn_key *key, const void *row)
{
    struct frozen_page *page = context;
    const Ledger__FrozenPayee *frozen = row;
    Ledger__FrozenPayeeRow *out;

    if (page->view->n_rows == FROZEN_PAGE) {
        page->view->more = true;
        return false;
    }
    out = jn_take(page->d->view, sizeof(*out));
    ledger__frozen_payee_row__init(out);
    out->person = jn_key_number(key, 0) == PAYEE_IS_PERSON ? jn_key_number(key, 1) : 0;
    out->institution = jn_key_number(key, 0) == PAYEE_IS_INSTITUTION ? jn_key_number(key, 1) : 0;
    out->document = frozen->document;
    out->reason = frozen->reason;
    out->day = frozen->day;
    out->by = frozen->by;
    out->kept = frozen->kept;
    if (frozen->asked) {
        out->thaw_by = frozen->asked->by;
        out->thaw_document = frozen->asked->document;
    }
    page->view->rows[page->view->n_rows++] = out;
    return true;
}

enum jn_code
answer_frozen_payees(struct jn_decision *d, const Ledger__FrozenPayeesRequest *request)
{
    Ledger__FrozenPayeesView view = LEDGER__FROZEN_PAYEES_VIEW__INIT;
    struct frozen_page page = {d, &view};
    uint64_t kind = request->institutions ? PAYEE_IS_INSTITUTION : PAYEE_IS_PERSON;

    if (!jn_in_scope_all(d->who))
        return jn_refuse(d, JN_DENIED, "a payee has claims in many divisions: ask the city's finance");
    view.rows = jn_take(d->view, FROZEN_PAGE * sizeof(*view.rows));
    if (request->after < UINT64_MAX)
        jn_scan(d->view, TABLE_FROZEN, JN_KEY(kind, request->after + 1), sizeof(uint64_t), FROZEN_PAGE + 1, list_frozen,
                &page);
    jn_reply(d, &view.base);
    return JN_OK;
}
