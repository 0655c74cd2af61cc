/* Stopped payments (停止拨付): who has obtained something by fraud is paid nothing until it is settled, 2.12-e.
 *
 * Claims that would go to the bank but for it are kept, and go on in their order when it ends, so many a block. */
#include "ledger/paying/paying.h"

#define LIFTED_A_BLOCK 200

/* ---- Tables ---- */

static const Ledger__Stop *
stop_get(const struct jn_view *view, struct payee payee)
{
    return jn_get(view, TABLE_STOP, payee_key(payee));
}

bool
stop_stands(const struct jn_view *view, struct payee payee)
{
    const Ledger__Stop *stop = stop_get(view, payee);

    return stop && !stop->lifting;
}

bool
claim_stopped(const struct jn_view *view, const struct claim *claim)
{
    return jn_has(view, TABLE_STOPPED, payee_key_of(claim_payee(claim), claim->number));
}

/* ---- Decisions ---- */

static Ledger__PaymentsStopped
change(Ledger__StopChange what, struct payee payee)
{
    Ledger__PaymentsStopped event = LEDGER__PAYMENTS_STOPPED__INIT;

    event.change = what;
    event.person = payee_person(payee);
    event.institution = payee_institution(payee);
    return event;
}

void
stop_begin(struct jn_decision *d, const Ledger__Receivable *row)
{
    Ledger__PaymentsStopped event = change(LEDGER__STOP_CHANGE__STOP_BEGUN, receivable_payee(row));

    if (stop_stands(d->view, receivable_payee(row)))
        return;
    event.receivable = row->number;
    jn_emit(d, LEDGER__EVENT__BODY_PAYMENTS_STOPPED, &event);
}

void
stop_keep(struct jn_decision *d, struct payee payee, uint64_t *claims, size_t count)
{
    Ledger__PaymentsStopped event = change(LEDGER__STOP_CHANGE__STOP_KEPT, payee);

    event.claims = claims;
    event.n_claims = count;
    jn_emit(d, LEDGER__EVENT__BODY_PAYMENTS_STOPPED, &event);
}

static bool
note_fraud(void *context, const struct jn_key *key, const void *row)
{
    bool *fraud = context;

    (void)key;
    *fraud = ((const Ledger__Owed *)row)->kind == LEDGER__DEBT_KIND__DEBT_FRAUD;
    return !*fraud;
}

void
stop_review(struct jn_decision *d, const Ledger__Receivable *row)
{
    struct payee payee = receivable_payee(row);
    Ledger__PaymentsStopped event = change(LEDGER__STOP_CHANGE__STOP_ENDED, payee);
    bool fraud = false;

    if (row->kind != LEDGER__DEBT_KIND__DEBT_FRAUD || !stop_stands(d->view, payee))
        return;
    jn_scan(d->view, TABLE_OWED, payee_key_of(payee, 0), PAYEE_KEY_BYTES, SIZE_MAX, note_fraud, &fraud);
    if (fraud)
        return;
    event.receivable = row->number;
    jn_emit(d, LEDGER__EVENT__BODY_PAYMENTS_STOPPED, &event);
}

/* ---- Decisions: what was kept goes on ---- */

struct lifting {
    uint64_t claims[LIFTED_A_BLOCK];
    size_t count;
};

static bool
note_stopped(void *context, const struct jn_key *key, const void *row)
{
    struct lifting *lifting = context;

    (void)row;
    lifting->claims[lifting->count++] = jn_key_number(key, 2);
    return true;
}

/* Those of a settlement go to the bank together. */
static void
instruct_lifted(struct jn_decision *d, const struct lifting *lifting)
{
    size_t *places = jn_take(d->view, LIFTED_A_BLOCK * sizeof(*places));

    for (size_t i = 0; i < lifting->count;) {
        const Ledger__Claims *claims = claims_of(d->view, lifting->claims[i]);
        size_t count = 0;

        while (i < lifting->count && lifting->claims[i] - claims->first_claim < claims_count(claims))
            places[count++] = lifting->claims[i++] - claims->first_claim;
        payment_instruct_ready(d, claims->first_claim, places, count);
    }
}

void
stop_retry(struct jn_decision *d, struct payee payee)
{
    struct lifting *lifting = jn_take(d->view, sizeof(*lifting));
    Ledger__PaymentsStopped event = change(LEDGER__STOP_CHANGE__STOP_LIFTED, payee);

    event.more = !jn_scan(d->view, TABLE_STOPPED, payee_key_of(payee, 0), PAYEE_KEY_BYTES, LIFTED_A_BLOCK, note_stopped,
                          lifting);
    event.claims = lifting->claims;
    event.n_claims = lifting->count;
    jn_emit(d, LEDGER__EVENT__BODY_PAYMENTS_STOPPED, &event);
    instruct_lifted(d, lifting);
}

enum jn_code
fire_lift(struct jn_decision *d, uint64_t id)
{
    stop_retry(d, receivable_payee(receivable_get(d->view, id)));
    return JN_OK;
}

/* ---- What then happens ---- */

/* The claims of an event lie in one settlement. They are approved: they would go to the bank. */
static void
keep(struct jn_tables *t, const Ledger__PaymentsStopped *event, struct payee payee)
{
    Ledger__Claims *claims = claims_take(t, event->claims[0]);

    for (size_t i = 0; i < event->n_claims; i++) {
        size_t place = event->claims[i] - claims->first_claim;
        struct claim claim = claim_at(claims, place);
        Ledger__Stopped row = LEDGER__STOPPED__INIT;

        claim.approved = true;
        claim_set(jn_view_of(t), claims, place, &claim);
        row.claim = claim.number;
        jn_put(t, TABLE_STOPPED, payee_key_of(payee, claim.number), &row);
        kept_note(t, &claim);
    }
    claims_put(t, claims);
}

/* A timer, which goes on at the moment at which the last block stopped, lets them go. */
static void
lift_from(struct jn_tables *t, struct payee payee, uint64_t receivable, int64_t time_ms)
{
    struct jn_key found;
    Ledger__Stop stop = LEDGER__STOP__INIT;

    if (!jn_first(jn_view_of(t), TABLE_STOPPED, payee_key_of(payee, 0), PAYEE_KEY_BYTES, &found)) {
        jn_delete(t, TABLE_STOP, payee_key(payee));
        return;
    }
    stop.lifting = true;
    stop.due_ms = time_ms;
    stop.receivable = receivable;
    jn_timer_set(t, stop.due_ms, TIMER_LIFT, receivable);
    jn_put(t, TABLE_STOP, payee_key(payee), &stop);
}

/* Nearly always there are none at all. */
void
stop_forget(struct jn_tables *t, const struct claim *claim)
{
    struct jn_key found;

    if (jn_first(jn_view_of(t), TABLE_STOPPED, JN_KEY(0), 0, &found))
        jn_delete(t, TABLE_STOPPED, payee_key_of(claim_payee(claim), claim->number));
}

void
apply_payments_stopped(struct jn_tables *t, const Ledger__PaymentsStopped *event, const struct jn_stamp *stamp)
{
    struct payee payee = payee_named(event->person, event->institution);
    const Ledger__Stop *old = stop_get(jn_view_of(t), payee);
    Ledger__Stop standing = LEDGER__STOP__INIT;
    bool lifting = old && old->lifting;

    if (lifting && event->change != LEDGER__STOP_CHANGE__STOP_KEPT)
        jn_timer_clear(t, old->due_ms, TIMER_LIFT, old->receivable);
    if (event->change == LEDGER__STOP_CHANGE__STOP_BEGUN)
        jn_put(t, TABLE_STOP, payee_key(payee), &standing);
    if (event->change == LEDGER__STOP_CHANGE__STOP_KEPT)
        keep(t, event, payee);
    if (event->change == LEDGER__STOP_CHANGE__STOP_ENDED)
        lift_from(t, payee, event->receivable, stamp->time_ms);
    if (event->change != LEDGER__STOP_CHANGE__STOP_LIFTED)
        return;
    for (size_t i = 0; i < event->n_claims; i++) {
        const Ledger__Claims *claims = claims_of(jn_view_of(t), event->claims[i]);
        struct claim claim = claim_at(claims, event->claims[i] - claims->first_claim);

        jn_delete(t, TABLE_STOPPED, payee_key_of(payee, event->claims[i]));
        kept_note(t, &claim);
    }
    if (lifting)
        lift_from(t, payee, old->receivable, stamp->time_ms);
}
