/* Investigations (立案调查), 2.12-e: while a case about a person or an institution is open, nothing is sent to it, also
 * of what was approved before. A case about a claim or a class keeps that from being approved; nobody is frozen for it.
 */
#include "ledger/paying/paying.h"

static bool
frozen_here(const struct jn_view *view, struct payee payee)
{
    return payee.number > 0 && payee.number <= PAYEE_NUMBER_MAX && payee_frozen(view, payee);
}

enum jn_code
react_case_opened(struct jn_decision *d, const Subsidy__CaseOpened *event, const struct jn_source *from)
{
    Ledger__FreezePayee row = LEDGER__FREEZE_PAYEE__INIT;
    struct payee payee = payee_named(event->person, event->institution);

    (void)from;
    if (payee.number == 0 || payee.number > PAYEE_NUMBER_MAX || frozen_here(d->view, payee))
        return JN_OK;
    row.document = event->document;
    row.reason = jn_arena_print(d->arena, "under investigation: case %llu, 2.12-e", (unsigned long long)event->case_);
    return freeze_tell(d, payee, &row, false, false);
}

/* Only what was frozen for a case is thawed by its end: what finance has frozen itself, finance thaws. */
enum jn_code
react_case_decided(struct jn_decision *d, const Subsidy__CaseDecided *event, const struct jn_source *from)
{
    Ledger__FreezePayee row = LEDGER__FREEZE_PAYEE__INIT;
    struct payee payee = payee_named(event->person, event->institution);
    size_t limit = THAW_CLAIMS;

    (void)from;
    if (!event->last || !frozen_here(d->view, payee) || *frozen_get(d->view, payee)->by)
        return JN_OK;
    row.document = event->document;
    thaw_begin(d, payee, &row, &limit);
    return JN_OK;
}
