/* Suspended claims (暂停拨付), 2.12-e: what would go to the bank and is kept while a case is open about it, about its
 * person or its class; investigation.c. It goes on when no case keeps it any more, in its order, so many a block. */
#include "ledger/paying/paying.h"

#include "ledger/audit.h"

#define RESUMED_A_BLOCK 200

bool
claim_suspended(const struct jn_view *view, const struct claim *claim)
{
    return jn_counter(view, COUNTER_SUSPENDED) && jn_has(view, TABLE_SUSPENDED, JN_KEY(claim->number));
}

/* ---- What would go to the bank ---- */

size_t
suspension_pass(struct jn_decision *d, const Ledger__Claims *claims, size_t *places, size_t count)
{
    Ledger__ClaimsSuspended event = LEDGER__CLAIMS_SUSPENDED__INIT;
    size_t passed = 0;

    if (!jn_counter(d->view, COUNTER_INVESTIGATIONS))
        return count;
    event.settlement = claims->settlement;
    event.class_ = claims->class_;
    event.division = claims->division;
    event.rows = jn_take(d->view, count * sizeof(*event.rows));
    for (size_t i = 0; i < count; i++) {
        struct claim claim = claim_at(claims, places[i]);
        uint64_t case_ = case_within(d->view, &claim, claims->class_);
        Ledger__SuspendedRow *row;

        if (!case_) {
            places[passed++] = places[i];
            continue;
        }
        if (claim_suspended(d->view, &claim))
            continue; /* a hold of it is over; the case keeps it as before */
        row = event.rows[event.n_rows++] = jn_take(d->view, sizeof(*row));
        ledger__suspended_row__init(row);
        row->claim = claim.number;
        row->case_ = case_;
    }
    if (event.n_rows)
        jn_emit(d, LEDGER__EVENT__BODY_CLAIMS_SUSPENDED, &event);
    return passed;
}

/* ---- A case is over: what it kept goes on ---- */

struct resuming {
    uint64_t claims[RESUMED_A_BLOCK];
    size_t count;
};

static bool
note_suspended(void *context, const struct jn_key *key, const void *row)
{
    struct resuming *resuming = context;

    (void)row;
    resuming->claims[resuming->count++] = jn_key_number(key, 0);
    return true;
}

/* Those of a settlement go to the bank together. */
static void
instruct_resumed(struct jn_decision *d, const uint64_t *list, size_t n)
{
    size_t *places = jn_take(d->view, RESUMED_A_BLOCK * sizeof(*places));

    for (size_t i = 0; i < n;) {
        const Ledger__Claims *claims = claims_of(d->view, list[i]);
        size_t count = 0;

        while (i < n && list[i] - claims->first_claim < claims_count(claims))
            places[count++] = list[i++] - claims->first_claim;
        payment_instruct_ready(d, claims->first_claim, places, count);
    }
}

/* All that is kept is looked through: it is little, and what is kept for a class lies scattered. */
void
suspended_resume(struct jn_decision *d, uint64_t number, uint64_t through)
{
    struct resuming *resuming = jn_take(d->view, sizeof(*resuming));
    Ledger__ClaimsResumed event = LEDGER__CLAIMS_RESUMED__INIT;

    event.case_ = number;
    event.more = !jn_scan(d->view, TABLE_SUSPENDED, JN_KEY(through + 1), 0, RESUMED_A_BLOCK, note_suspended, resuming);
    event.through = resuming->count ? resuming->claims[resuming->count - 1] : through;
    event.claims = resuming->claims;
    for (size_t i = 0; i < resuming->count; i++) {
        const Ledger__Claims *claims = claims_of(d->view, resuming->claims[i]);
        struct claim claim = claim_at(claims, resuming->claims[i] - claims->first_claim);

        if (!case_within(d->view, &claim, claims->class_))
            event.claims[event.n_claims++] = claim.number;
    }
    jn_emit(d, LEDGER__EVENT__BODY_CLAIMS_RESUMED, &event);
    instruct_resumed(d, event.claims, event.n_claims);
}

enum jn_code
fire_resume(struct jn_decision *d, uint64_t number)
{
    const Ledger__Investigation *row = jn_get(d->view, TABLE_INVESTIGATION, JN_KEY(number));

    if (!row)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    suspended_resume(d, number, row->through);
    return JN_OK;
}

/* ---- What then happens ---- */

/* They are approved: they would go to the bank. */
void
apply_claims_suspended(struct jn_tables *t, const Ledger__ClaimsSuspended *event, const struct jn_stamp *stamp)
{
    Ledger__Claims *claims = claims_take(t, event->rows[0]->claim);

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        size_t place = event->rows[i]->claim - claims->first_claim;
        struct claim claim = claim_at(claims, place);
        Ledger__Suspended row = LEDGER__SUSPENDED__INIT;

        claim.approved = true;
        claim_set(jn_view_of(t), claims, place, &claim);
        row.case_ = event->rows[i]->case_;
        jn_put(t, TABLE_SUSPENDED, JN_KEY(claim.number), &row);
        jn_counter_set(t, COUNTER_SUSPENDED, jn_counter(jn_view_of(t), COUNTER_SUSPENDED) + 1);
        kept_note(t, &claim);
    }
    claims_put(t, claims);
}

void
suspended_forget(struct jn_tables *t, uint64_t claim)
{
    uint64_t count = jn_counter(jn_view_of(t), COUNTER_SUSPENDED);

    if (!count || !jn_has(jn_view_of(t), TABLE_SUSPENDED, JN_KEY(claim)))
        return;
    jn_delete(t, TABLE_SUSPENDED, JN_KEY(claim));
    jn_counter_set(t, COUNTER_SUSPENDED, count - 1);
}

void
apply_claims_resumed(struct jn_tables *t, const Ledger__ClaimsResumed *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    const Ledger__Investigation *old = jn_get(view, TABLE_INVESTIGATION, JN_KEY(event->case_));
    Ledger__Investigation row = *old;

    for (size_t i = 0; i < event->n_claims; i++) {
        const Ledger__Claims *claims = claims_of(view, event->claims[i]);
        struct claim claim = claim_at(claims, event->claims[i] - claims->first_claim);

        suspended_forget(t, claim.number);
        kept_note(t, &claim);
    }
    jn_timer_clear(t, row.due_ms, TIMER_RESUME, event->case_);
    if (!event->more) {
        jn_delete(t, TABLE_INVESTIGATION, JN_KEY(event->case_));
        return;
    }
    row.through = event->through;
    row.due_ms = stamp->time_ms;
    jn_timer_set(t, row.due_ms, TIMER_RESUME, event->case_);
    jn_put(t, TABLE_INVESTIGATION, JN_KEY(event->case_), &row);
}

/* ---- The audit ---- */

struct suspended_seen {
    struct auditing *a;
    bool resuming; /* some case has ended, and what it kept is let go */
    uint64_t count;
};

static bool
audit_suspended(void *context, const struct jn_key *key, const void *row)
{
    struct suspended_seen *seen = context;
    uint64_t number = jn_key_number(key, 0);
    const Ledger__Claims *claims = claims_of(seen->a->view, number);
    struct claim claim = {.state = CLAIM_NONE};

    (void)row;
    seen->count++;
    if (claims)
        claim = claim_at(claims, number - claims->first_claim);
    if (claim.state != CLAIM_COMMITTED || !claim.approved ||
        (!case_within(seen->a->view, &claim, claims->class_) && !seen->resuming))
        jn_finding(seen->a->audit, "claim %llu is kept from the bank, and no case is open about it",
                   (unsigned long long)number);
    return true;
}

void
audit_suspended_claims(struct auditing *a, bool resuming)
{
    struct suspended_seen seen = {a, resuming, 0};

    jn_scan(a->view, TABLE_SUSPENDED, JN_KEY(0), 0, ROWS_MAX, audit_suspended, &seen);
    audit_same(a, "claims kept for cases", (int64_t)jn_counter(a->view, COUNTER_SUSPENDED), (int64_t)seen.count);
}
