/* A case is decided (案件认定), 2.12-e: by another agency than the one that opened it, upon evidence; some claims are
 * not paid, some come back, the others go on. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/nouns.h"

/* A settlement is some 100 KiB to read: so many claims are named by one decision, and let through by one block. */
#define CLAIMS_MAX 64
#define SWEPT_MAX  64

/* Claims named by a decision, read settlement by settlement. */
struct named {
    struct jn_decision *d;
    struct subject subject;
    uint64_t settlement; /* that was read last */
    const Subsidy__Settled *settled;
};

static bool
belongs(const struct named *n, const Subsidy__SettledClaim *claim)
{
    switch (n->subject.kind) {
    case SUBJECT_CLAIM:
        return claim->claim == n->subject.number;
    case SUBJECT_PERSON:
        return claim->person == n->subject.number;
    case SUBJECT_INSTITUTION:
        return paid_institution(n->settled, claim) == n->subject.number;
    case SUBJECT_CLASS:
        return n->settled->class_ == n->subject.number;
    }
    return false;
}

/* Rising, so that each settlement is read once; of the case; not paid, or paid, as the list wants it. */
static enum jn_code
names_good(struct named *n, const uint64_t *claims, size_t count, bool paid)
{
    for (size_t i = 0; i < count; i++) {
        struct place place;
        unsigned money;

        if (i > 0 && claims[i] <= claims[i - 1])
            return jn_refuse(n->d, JN_MALFORMED, "name the claims in rising order, each once");
        if (!place_find(n->d->view, claims[i], &place))
            return jn_refuse(n->d, JN_NOT_FOUND, "there is no claim %" PRIu64, claims[i]);
        if (place.settlement != n->settlement)
            n->settled = jn_get(n->d->view, TABLE_SETTLEMENT, JN_KEY(place.settlement));
        n->settlement = place.settlement;
        if (!n->settled || !belongs(n, n->settled->claims[place.index]))
            return jn_refuse(n->d, JN_NOT_FOUND, "claim %" PRIu64 " is none of the case's", claims[i]);
        money = place.state & CLAIM_MONEY;
        if (paid != (money == SUBSIDY__MONEY__PAID) || (!paid && money == SUBSIDY__MONEY__INSTRUCTED) ||
            place.stage == SUBSIDY__STAGE__ENDED)
            return jn_refuse(n->d, JN_WRONG_STATE, "claim %" PRIu64 " %s", claims[i],
                             paid ? "is not paid: refuse it instead"
                                  : "is paid, on its way to the bank, or ended before");
    }
    return JN_OK;
}

static enum jn_code
decision_good(struct jn_decision *d, const Subsidy__DecideCase *command, const Subsidy__CaseView *row)
{
    bool founded = command->outcome != SUBSIDY__CASE_OUTCOME__UNFOUNDED;

    if (!strcmp(row->by, d->who->name))
        return jn_refuse(d, JN_REFUSED, "clause 2.12-c: %s has opened it; another agency decides it", d->who->name);
    if (founded && row->n_evidence == 0)
        return jn_refuse(d, JN_REFUSED, "clause 2.12-e: there is no evidence; add it first");
    if (founded != text_given(command->clause, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED,
                         "name the clause that was broken, in 1 to %d bytes, where the case is founded",
                         TEXT_BYTES_MAX);
    if (!founded && (command->n_refused || command->n_recover))
        return jn_refuse(d, JN_MALFORMED, "an unfounded case has no consequence");
    if (command->n_refused > CLAIMS_MAX || command->n_recover > CLAIMS_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "one decision names %d claims of each list at most", CLAIMS_MAX);
    return JN_OK;
}

static void
end_refused(struct jn_decision *d, const Subsidy__DecideCase *command)
{
    for (size_t i = 0; i < command->n_refused;) {
        Subsidy__ClaimsEnded event = SUBSIDY__CLAIMS_ENDED__INIT;
        struct place place;

        if (!place_find(d->view, command->refused[i], &place))
            return; /* the tables have gone quiet */
        event.claims = &command->refused[i];
        while (i < command->n_refused && command->refused[i] - place.standing->first_claim < place.standing->claims) {
            event.n_claims++;
            i++;
        }
        event.settlement = place.settlement;
        event.class_ = place.standing->class_;
        event.division = place.standing->division;
        event.document = command->document;
        event.case_ = command->case_;
        event.outcome = command->outcome;
        event.clause = command->clause;
        jn_emit(d, EVENT_CLAIMS_ENDED, &event);
    }
}

enum jn_code
decide_decide_case(struct jn_decision *d, const Subsidy__DecideCase *command)
{
    Subsidy__CaseDecided event = SUBSIDY__CASE_DECIDED__INIT;
    Subsidy__Done reply = SUBSIDY__DONE__INIT;
    const Subsidy__CaseView *row;
    struct named named = {.d = d};
    enum jn_code code;

    if (command->outcome < SUBSIDY__CASE_OUTCOME__UNFOUNDED || command->outcome > SUBSIDY__CASE_OUTCOME__FOUND_FRAUD ||
        !text_given(command->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "give the outcome (不成立, 差错, 骗取) and its document, in 1 to %d bytes",
                         TEXT_BYTES_MAX);
    code = case_meant(d, command->case_, &row);
    if (code == JN_OK)
        code = decision_good(d, command, row);
    if (code != JN_OK)
        return code;
    named.subject = case_subject(row);
    code = names_good(&named, command->refused, command->n_refused, false);
    if (code == JN_OK)
        code = names_good(&named, command->recover, command->n_recover, true);
    if (code != JN_OK)
        return code;

    /* Decided. */
    end_refused(d, command);
    event.case_ = reply.number = command->case_;
    event.outcome = command->outcome;
    event.document = command->document;
    event.clause = command->clause;
    event.recover = command->recover;
    event.n_recover = command->n_recover;
    event.day = d->today;
    event.by = (char *)(uintptr_t)d->who->name;
    event.kind = row->kind;
    event.person = row->person;
    event.institution = row->institution;
    event.division = row->division;
    event.claim = row->claim;
    event.class_ = row->class_;
    event.last = suspected(d->view, named.subject) == 1;
    jn_emit(d, EVENT_CASE_DECIDED, &event);
    jn_reply(d, &reply.base);
    return JN_OK;
}

static void
go_on_sweeping(struct jn_tables *t, uint64_t number, Subsidy__CaseView *row, bool more, const struct jn_stamp *stamp)
{
    if (row->sweep_ms)
        jn_timer_clear(t, row->sweep_ms, TIMER_SWEEP, number);
    row->sweep_ms = more ? stamp->time_ms : 0;
    if (more)
        jn_timer_set(t, row->sweep_ms, TIMER_SWEEP, number);
    jn_put(t, TABLE_CASE, JN_KEY(number), row);
}

static bool
anybody_gated(const struct jn_view *view, uint64_t after)
{
    struct jn_key found;

    return jn_first(view, TABLE_GATED, JN_KEY(after + 1), 0, &found) != NULL;
}

void
apply_case_decided(struct jn_tables *t, const Subsidy__CaseDecided *event, const struct jn_stamp *stamp)
{
    const Subsidy__CaseView *old = jn_get(jn_view_of(t), TABLE_CASE, JN_KEY(event->case_));
    Subsidy__CaseView row;

    if (!old)
        return;
    row = *old;
    row.outcome = event->outcome;
    row.decision = event->document;
    row.clause = event->clause;
    row.decided_day = event->day;
    row.decided_by = event->by;
    row.recover = event->recover;
    row.n_recover = event->n_recover;
    suspect(t, case_subject(&row), -1);
    term_drop(t, SUBSIDY__DUE__DUE_CASE, event->case_);
    go_on_sweeping(t, event->case_, &row, event->last && anybody_gated(jn_view_of(t), 0), stamp);
}

/* ---- What waited for it is looked at again ---- */

struct sweep {
    uint64_t claims[SWEPT_MAX];
    size_t count;
};

static bool
note_gated(void *context, const struct jn_key *key, const void *row)
{
    struct sweep *sweep = context;

    (void)row;
    sweep->claims[sweep->count++] = jn_key_number(key, 0);
    return sweep->count < SWEPT_MAX;
}

enum jn_code
fire_sweep(struct jn_decision *d, uint64_t number)
{
    const Subsidy__CaseView *row = jn_get(d->view, TABLE_CASE, JN_KEY(number));
    Subsidy__CaseSwept event = SUBSIDY__CASE_SWEPT__INIT;
    struct sweep sweep = {.count = 0};

    if (!row)
        return JN_UNAVAILABLE;
    jn_scan(d->view, TABLE_GATED, JN_KEY(row->swept_through + 1), 0, SWEPT_MAX, note_gated, &sweep);
    for (size_t i = 0; i < sweep.count; i++)
        gates_retry(d, sweep.claims[i], "a case was decided");
    event.case_ = number;
    event.through = sweep.count ? sweep.claims[sweep.count - 1] : row->swept_through;
    event.more = anybody_gated(d->view, event.through);
    return jn_emit(d, EVENT_CASE_SWEPT, &event);
}

void
apply_case_swept(struct jn_tables *t, const Subsidy__CaseSwept *event, const struct jn_stamp *stamp)
{
    const Subsidy__CaseView *old = jn_get(jn_view_of(t), TABLE_CASE, JN_KEY(event->case_));
    Subsidy__CaseView row;

    if (!old)
        return;
    row = *old;
    row.swept_through = event->through;
    go_on_sweeping(t, event->case_, &row, event->more, stamp);
}
