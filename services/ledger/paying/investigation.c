/* Investigations (立案调查), 2.12-e: while a case is open nothing that hangs on it is sent, also of what was approved
 * before. Whom it is about as a payee is frozen (freeze.c). What hangs on a claim, a class, or a person for whom
 * another is paid is kept claim by claim (suspension.c). A draft that holds such a claim is not released: the row is
 * withdrawn first. When a case is founded, what was paid wrongly comes back. */
#include "ledger/paying/paying.h"

#include "ledger/audit.h"

enum investigated { INVESTIGATED_CLAIM = 1, INVESTIGATED_PERSON, INVESTIGATED_CLASS };

#define SUBJECT_KEY_BYTES (2 * sizeof(uint64_t))

/* ---- Tables ---- */

static uint64_t
case_about(const struct jn_view *view, enum investigated what, uint64_t number)
{
    struct jn_key found;

    if (number == 0 || !jn_first(view, TABLE_INVESTIGATED, JN_KEY((uint64_t)what, number), SUBJECT_KEY_BYTES, &found))
        return 0;
    return jn_key_number(&found, 2);
}

uint64_t
class_investigated(const struct jn_view *view, uint64_t class)
{
    return jn_counter(view, COUNTER_INVESTIGATIONS) ? case_about(view, INVESTIGATED_CLASS, class) : 0;
}

/* A row of a grant is nobody's claim. */
uint64_t
case_within(const struct jn_view *view, const struct claim *claim, uint64_t class)
{
    uint64_t number;

    if (!jn_counter(view, COUNTER_INVESTIGATIONS) || !row_claim(claim->number))
        return 0;
    number = case_about(view, INVESTIGATED_CLAIM, claim->number);
    number = number ? number : case_about(view, INVESTIGATED_PERSON, claim->person);
    return number ? number : case_about(view, INVESTIGATED_CLASS, class);
}

uint64_t
claim_investigated(const struct jn_view *view, const struct claim *claim)
{
    const Ledger__Claims *claims =
        jn_counter(view, COUNTER_INVESTIGATIONS) && row_claim(claim->number) ? claims_of(view, claim->number) : NULL;

    return claims ? case_within(view, claim, claims->class_) : 0;
}

/* ---- How the subsidy service moves it ---- */

static bool
frozen_here(const struct jn_view *view, struct payee payee)
{
    return payee.number > 0 && payee.number <= PAYEE_NUMBER_MAX && payee_frozen(view, payee);
}

/* An institution is looked into as a payee alone, which a freeze sees to. */
static void
note(struct jn_decision *d, const Subsidy__CaseOpened *event)
{
    Ledger__InvestigationNoted noted = LEDGER__INVESTIGATION_NOTED__INIT;

    if (!(event->claim || event->person || event->class_) || jn_has(d->view, TABLE_INVESTIGATION, JN_KEY(event->case_)))
        return;
    noted.case_ = event->case_;
    noted.claim = event->claim;
    noted.person = event->claim ? 0 : event->person;
    noted.class_ = event->claim || event->person ? 0 : event->class_;
    noted.document = event->document;
    noted.day = event->day;
    jn_emit(d, LEDGER__EVENT__BODY_INVESTIGATION_NOTED, &noted);
}

enum jn_code
react_case_opened(struct jn_decision *d, const Subsidy__CaseOpened *event, const struct jn_source *from)
{
    Ledger__FreezePayee row = LEDGER__FREEZE_PAYEE__INIT;
    struct payee payee = payee_named(event->person, event->institution);

    (void)from;
    note(d, event);
    if (payee.number == 0 || payee.number > PAYEE_NUMBER_MAX || frozen_here(d->view, payee))
        return JN_OK;
    row.document = event->document;
    row.reason = jn_arena_print(d->arena, "under investigation: case %llu, 2.12-e", (unsigned long long)event->case_);
    return freeze_tell(d, payee, &row, false, false);
}

static void
note_end(struct jn_decision *d, const Subsidy__CaseDecided *event)
{
    const Ledger__Investigation *row = jn_get(d->view, TABLE_INVESTIGATION, JN_KEY(event->case_));
    Ledger__InvestigationNoted noted = LEDGER__INVESTIGATION_NOTED__INIT;

    if (!row || row->ended)
        return;
    noted.case_ = event->case_;
    noted.claim = row->claim;
    noted.person = row->person;
    noted.class_ = row->class_;
    noted.ended = true;
    noted.document = event->document;
    noted.day = event->day;
    jn_emit(d, LEDGER__EVENT__BODY_INVESTIGATION_NOTED, &noted);
}

/* Only what was frozen for a case is thawed by its end: what finance has frozen itself, finance thaws. */
static void
thaw_whom(struct jn_decision *d, const Subsidy__CaseDecided *event)
{
    Ledger__FreezePayee row = LEDGER__FREEZE_PAYEE__INIT;
    struct payee payee = payee_named(event->person, event->institution);
    size_t limit = THAW_CLAIMS;

    if (!event->last || !frozen_here(d->view, payee) || *frozen_get(d->view, payee)->by)
        return;
    row.document = event->document;
    thaw_begin(d, payee, &row, &limit);
}

/* What comes back comes back first: by fraud it stops the payee's other payments before a thaw would send them. */
enum jn_code
react_case_decided(struct jn_decision *d, const Subsidy__CaseDecided *event, const struct jn_source *from)
{
    struct undoing why = {.case_ = event->case_,
                          .fraud = event->outcome == SUBSIDY__CASE_OUTCOME__FOUND_FRAUD,
                          .document = event->document,
                          .clause = event->clause};

    (void)from;
    claims_undo(d, event->recover, event->n_recover, &why);
    note_end(d, event);
    thaw_whom(d, event);
    if (jn_has(d->view, TABLE_INVESTIGATION, JN_KEY(event->case_)))
        suspended_resume(d, event->case_, 0);
    return JN_OK;
}

/* ---- What then happens ---- */

static void
investigated_set(struct jn_tables *t, enum investigated what, uint64_t number, uint64_t case_, bool open)
{
    Ledger__Investigated row = LEDGER__INVESTIGATED__INIT;

    row.case_ = case_;
    if (number && open)
        jn_put(t, TABLE_INVESTIGATED, JN_KEY((uint64_t)what, number, case_), &row);
    else if (number)
        jn_delete(t, TABLE_INVESTIGATED, JN_KEY((uint64_t)what, number, case_));
}

/* An ended one stays as long as something is kept that may be its own. */
void
apply_investigation_noted(struct jn_tables *t, const Ledger__InvestigationNoted *event, const struct jn_stamp *stamp)
{
    Ledger__Investigation row = LEDGER__INVESTIGATION__INIT;

    investigated_set(t, INVESTIGATED_CLAIM, event->claim, event->case_, !event->ended);
    investigated_set(t, INVESTIGATED_PERSON, event->person, event->case_, !event->ended);
    investigated_set(t, INVESTIGATED_CLASS, event->class_, event->case_, !event->ended);
    jn_counter_set(t, COUNTER_INVESTIGATIONS,
                   jn_counter(jn_view_of(t), COUNTER_INVESTIGATIONS) + (event->ended ? UINT64_MAX : 1));
    if (event->ended && !jn_counter(jn_view_of(t), COUNTER_SUSPENDED)) {
        jn_delete(t, TABLE_INVESTIGATION, JN_KEY(event->case_));
        return;
    }
    row.claim = event->claim;
    row.person = event->person;
    row.class_ = event->class_;
    row.document = event->document;
    row.day = event->day;
    row.ended = event->ended;
    row.due_ms = event->ended ? stamp->time_ms : 0;
    if (row.ended)
        jn_timer_set(t, row.due_ms, TIMER_RESUME, event->case_);
    jn_put(t, TABLE_INVESTIGATION, JN_KEY(event->case_), &row);
}

/* ---- The audit ---- */

struct investigations {
    struct auditing *a;
    uint64_t open, ended, about;
};

static bool
audit_investigation(void *context, const struct jn_key *key, const void *value)
{
    struct investigations *seen = context;
    const Ledger__Investigation *row = value;
    uint64_t number = jn_key_number(key, 0);
    bool listed =
        (row->claim && jn_has(seen->a->view, TABLE_INVESTIGATED, JN_KEY(INVESTIGATED_CLAIM, row->claim, number))) ||
        (row->person && jn_has(seen->a->view, TABLE_INVESTIGATED, JN_KEY(INVESTIGATED_PERSON, row->person, number))) ||
        (row->class_ && jn_has(seen->a->view, TABLE_INVESTIGATED, JN_KEY(INVESTIGATED_CLASS, row->class_, number)));

    ++*(row->ended ? &seen->ended : &seen->open);
    if (listed == row->ended)
        jn_finding(seen->a->audit, "case %llu keeps what it should not, or does not keep what it should; 2.12-e",
                   (unsigned long long)number);
    return true;
}

static bool
count_about(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    (void)row;
    ((struct investigations *)context)->about++;
    return true;
}

void
audit_investigations(struct auditing *a)
{
    struct investigations seen = {.a = a};

    jn_scan(a->view, TABLE_INVESTIGATION, JN_KEY(0), 0, ROWS_MAX, audit_investigation, &seen);
    jn_scan(a->view, TABLE_INVESTIGATED, JN_KEY(0), 0, ROWS_MAX, count_about, &seen);
    audit_suspended_claims(a, seen.ended > 0);
    audit_same(a, "open cases", (int64_t)jn_counter(a->view, COUNTER_INVESTIGATIONS), (int64_t)seen.open);
    audit_same(a, "what open cases are about", (int64_t)seen.about, (int64_t)seen.open);
}
