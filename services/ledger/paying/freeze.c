/* Frozen payees (冻结收款人), 2.12-e: while somebody is looked into nothing is sent to him. What is committed to him
 * stays committed, and is kept in mind: when he is thawed it is sent, without anybody asking for it. Others' rows are
 * not touched.
 *
 * To freeze protects the money: one key does it, at once. A thaw lets money go: one key asks for it, another confirms.
 *
 * Kept back is exactly what is committed, approved, not held, his, and not kept by a stop (stop.c) or a case
 * (investigation.c): the audit holds it to that. A thaw that has much
 * to send goes on by a timer; meanwhile he counts as thawed, and new claims go as everybody's. */
#include "ledger/paying/paying.h"

/* ---- Tables ---- */

static uint64_t
thaw_id(struct payee payee)
{
    return payee.number << PAYEE_KIND_BITS | (uint64_t)payee.kind;
}

const Ledger__FrozenPayee *
frozen_get(const struct jn_view *view, struct payee payee)
{
    return jn_counter(view, COUNTER_FROZEN) ? jn_get(view, TABLE_FROZEN, payee_key(payee)) : NULL;
}

bool
payee_frozen(const struct jn_view *view, struct payee payee)
{
    const Ledger__FrozenPayee *frozen = frozen_get(view, payee);

    return frozen && !frozen->thawing;
}

bool
claim_frozen(const struct jn_view *view, const struct claim *claim)
{
    return payee_frozen(view, claim_payee(claim));
}

void
kept_note(struct jn_tables *t, const struct claim *claim)
{
    const struct jn_view *view = jn_view_of(t);
    struct payee payee = claim_payee(claim);
    const Ledger__FrozenPayee *old = frozen_get(view, payee);
    struct jn_key key = payee_key_of(payee, claim->number);
    const Ledger__KeptClaim *before = jn_get(view, TABLE_KEPT, key);
    bool kept = claim->state == CLAIM_COMMITTED && claim->approved && !claim->held && !claim_stopped(view, claim) &&
                !claim_suspended(view, claim);
    Ledger__FrozenPayee frozen;
    Ledger__CountAmount sum;
    Ledger__KeptClaim row = LEDGER__KEPT_CLAIM__INIT;

    if (!old || (kept ? before && before->amount_fen == claim->amount_fen : !before))
        return;
    frozen = *old;
    sum = *old->kept;
    frozen.kept = &sum;
    row.amount_fen = claim->amount_fen;
    if (before)
        count_out(&sum, before->amount_fen);
    if (kept) {
        count_in(&sum, claim->amount_fen);
        jn_put(t, TABLE_KEPT, key, &row);
    } else {
        jn_delete(t, TABLE_KEPT, key);
    }
    jn_put(t, TABLE_FROZEN, payee_key(payee), &frozen);
}

/* ---- Decisions ---- */

static enum jn_code
payee_meant(struct jn_decision *d, const Ledger__FreezePayee *row, struct payee *payee)
{
    const Ledger__Claims *claims;
    struct claim claim;

    if ((row->person != 0) + (row->institution != 0) + (row->claim != 0) != 1)
        return jn_refuse(d, JN_MALFORMED, "name a person, an institution or a claim, one of the three");
    *payee = payee_named(row->person, row->institution);
    if (payee->number > PAYEE_NUMBER_MAX)
        return jn_refuse(d, JN_NOT_FOUND, "nobody has that number");
    if (!row->claim)
        return JN_OK;
    claims = claims_of(d->view, row->claim);
    if (!claims)
        return jn_refuse(d, JN_NOT_FOUND, "claim %llu has not been settled", (unsigned long long)row->claim);
    claim = claim_at(claims, row->claim - claims->first_claim);
    *payee = claim_payee(&claim);
    return payee->number ? JN_OK : jn_refuse(d, JN_NOT_FOUND, "the claim is due to nobody; 2.11-b");
}

enum jn_code
freeze_tell(struct jn_decision *d, struct payee payee, const Ledger__FreezePayee *row, bool thawed, bool more)
{
    Ledger__PayeeFrozen event = LEDGER__PAYEE_FROZEN__INIT;

    event.person = payee_person(payee);
    event.institution = payee_institution(payee);
    event.thawed = thawed;
    event.document = row ? row->document : (char *)(uintptr_t) "";
    event.reason = row ? row->reason : (char *)(uintptr_t) "";
    event.day = d->today;
    event.by = (char *)(uintptr_t)(d->who ? d->who->name : "");
    event.more = more;
    return jn_emit(d, LEDGER__EVENT__BODY_PAYEE_FROZEN, &event);
}

static enum jn_code
freeze(struct jn_decision *d, const Ledger__FreezePayee *row, size_t *limit)
{
    struct payee payee;
    enum jn_code code = payee_meant(d, row, &payee);

    (void)limit;
    if (code != JN_OK)
        return code;
    if (!text_fits(row->document, TEXT_BYTES_MAX) || !text_fits(row->reason, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "name the document (文号) and the reason, each in 1 to %d bytes",
                         TEXT_BYTES_MAX);
    if (payee_frozen(d->view, payee) && !frozen_get(d->view, payee)->asked)
        return jn_refuse(d, JN_WRONG_STATE, "the payee is frozen already");

    /* Decided. */
    return freeze_tell(d, payee, row, false, false);
}

/* ---- Thawing ---- */

struct thaw {
    struct jn_decision *d;
    struct payee payee;
    uint64_t claims[THAW_CLAIMS];
    size_t count, limit;
};

static bool
note_kept(void *context, const struct jn_key *key, const void *row)
{
    struct thaw *thaw = context;

    (void)row;
    thaw->claims[thaw->count++] = jn_key_number(key, 2);
    return thaw->count < thaw->limit;
}

/* Those of one settlement go together. */
static size_t
send_settlement(struct thaw *thaw, size_t from)
{
    const Ledger__Claims *claims = claims_of(thaw->d->view, thaw->claims[from]);
    size_t *places = jn_take(thaw->d->view, thaw->count * sizeof(*places)), count = 0;

    while (from + count < thaw->count && thaw->claims[from + count] - claims->first_claim < claims_count(claims)) {
        places[count] = thaw->claims[from + count] - claims->first_claim;
        count++;
    }
    payment_instruct(thaw->d, claims, places, count);
    return from + count;
}

/* Sends what fits into the block; says whether it was all. */
static void
thaw_go_on(struct jn_decision *d, struct payee payee, size_t *limit)
{
    struct thaw *thaw = jn_take(d->view, sizeof(*thaw));

    thaw->d = d;
    thaw->payee = payee;
    thaw->limit = *limit;
    if (thaw->limit > 0)
        jn_scan(d->view, TABLE_KEPT, payee_key_of(payee, 0), PAYEE_KEY_BYTES, thaw->limit, note_kept, thaw);
    for (size_t i = 0; i < thaw->count;)
        i = send_settlement(thaw, i);
    *limit -= thaw->count;
    freeze_tell(d, payee, NULL, true, frozen_get(d->view, payee)->kept->count > 0);
}

void
thaw_begin(struct jn_decision *d, struct payee payee, const Ledger__FreezePayee *row, size_t *limit)
{
    bool waits = frozen_get(d->view, payee)->kept->count > 0;

    freeze_tell(d, payee, row, true, waits);
    if (waits)
        thaw_go_on(d, payee, limit);
}

static enum jn_code
ask_thaw(struct jn_decision *d, const Ledger__FreezePayee *row, size_t *limit)
{
    Ledger__ThawAsked event = LEDGER__THAW_ASKED__INIT;
    struct payee payee;
    enum jn_code code = payee_meant(d, row, &payee);

    (void)limit;
    if (code != JN_OK)
        return code;
    if (!text_fits(row->document, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "name the document (文号) in 1 to %d bytes", TEXT_BYTES_MAX);
    if (!payee_frozen(d->view, payee))
        return jn_refuse(d, JN_WRONG_STATE, "the payee is not frozen");

    /* Decided. */
    event.person = payee.kind == PAYEE_IS_PERSON ? payee.number : 0;
    event.institution = payee.kind == PAYEE_IS_INSTITUTION ? payee.number : 0;
    event.document = row->document;
    event.day = d->today;
    event.by = (char *)(uintptr_t)d->who->name;
    event.key = (ProtobufCBinaryData){JN_KEY_BYTES, (uint8_t *)(uintptr_t)d->who->key};
    return jn_emit(d, LEDGER__EVENT__BODY_THAW_ASKED, &event);
}

static enum jn_code
confirm_thaw(struct jn_decision *d, const Ledger__FreezePayee *row, size_t *limit)
{
    Ledger__FreezePayee thawed = LEDGER__FREEZE_PAYEE__INIT;
    const Ledger__FrozenPayee *frozen;
    struct payee payee;
    enum jn_code code = payee_meant(d, row, &payee);

    if (code != JN_OK)
        return code;
    frozen = payee_frozen(d->view, payee) ? frozen_get(d->view, payee) : NULL;
    if (!frozen || !frozen->asked)
        return jn_refuse(d, JN_WRONG_STATE, "nobody has asked for a thaw of this payee: ThawPayees does");
    if (same_hand(d->who, frozen->asked->by, &frozen->asked->key))
        return jn_refuse(d, JN_REFUSED, "2.12-c: who asked for a thaw may not confirm it; another key of finance must");

    /* Decided. */
    thawed.document = frozen->asked->document;
    thaw_begin(d, payee, &thawed, limit);
    return JN_OK;
}

enum jn_code
fire_thaw(struct jn_decision *d, uint64_t id)
{
    size_t limit = THAW_CLAIMS;

    thaw_go_on(d, (struct payee){(enum payee_kind)(id & ((1u << PAYEE_KIND_BITS) - 1)), id >> PAYEE_KIND_BITS}, &limit);
    return JN_OK;
}

/* ---- The three commands ---- */

static enum jn_code
payees(struct jn_decision *d, size_t count, Ledger__FreezePayee *const *rows,
       enum jn_code (*deed)(struct jn_decision *, const Ledger__FreezePayee *, size_t *))
{
    size_t limit = THAW_CLAIMS;
    struct jn_bulk bulk;
    enum jn_code code;

    if (!jn_in_scope_all(d->who))
        return jn_refuse(d, JN_DENIED, "a payee has claims in many divisions: the city's finance freezes and thaws");
    code = jn_bulk_open(&bulk, d, count, "name the payees");
    if (code != JN_OK)
        return code;
    for (size_t i = 0; i < count; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, deed(d, rows[i], &limit));
    }
    return bulk_reply(&bulk);
}

enum jn_code
decide_freeze_payees(struct jn_decision *d, const Ledger__FreezePayees *cmd)
{
    return payees(d, cmd->n_rows, cmd->rows, freeze);
}

enum jn_code
decide_thaw_payees(struct jn_decision *d, const Ledger__ThawPayees *cmd)
{
    return payees(d, cmd->n_rows, cmd->rows, ask_thaw);
}

enum jn_code
decide_confirm_thaws(struct jn_decision *d, const Ledger__ConfirmThaws *cmd)
{
    return payees(d, cmd->n_rows, cmd->rows, confirm_thaw);
}

/* ---- What then happens ---- */

void
apply_payee_frozen(struct jn_tables *t, const Ledger__PayeeFrozen *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    struct payee payee = payee_named(event->person, event->institution);
    const Ledger__FrozenPayee *old = frozen_get(view, payee);
    Ledger__FrozenPayee frozen = LEDGER__FROZEN_PAYEE__INIT;
    Ledger__CountAmount none = LEDGER__COUNT_AMOUNT__INIT;

    if (old)
        frozen = *old;
    else
        frozen.kept = &none;
    if (frozen.thawing)
        jn_timer_clear(t, frozen.due_ms, TIMER_THAW, thaw_id(payee));
    if (event->thawed && !event->more) {
        JN_ASSERT(old && old->kept->count == 0);
        jn_delete(t, TABLE_FROZEN, payee_key(payee));
        jn_counter_set(t, COUNTER_FROZEN, jn_counter(view, COUNTER_FROZEN) - 1);
        return;
    }
    frozen.asked = NULL;
    frozen.thawing = event->thawed;
    frozen.due_ms = event->thawed ? stamp->time_ms : 0;
    if (!event->thawed) {
        frozen.document = event->document;
        frozen.reason = event->reason;
        frozen.day = event->day;
        frozen.by = event->by;
    }
    if (frozen.thawing)
        jn_timer_set(t, frozen.due_ms, TIMER_THAW, thaw_id(payee));
    if (!old)
        jn_counter_set(t, COUNTER_FROZEN, jn_counter(view, COUNTER_FROZEN) + 1);
    jn_put(t, TABLE_FROZEN, payee_key(payee), &frozen);
}

void
apply_thaw_asked(struct jn_tables *t, const Ledger__ThawAsked *event, const struct jn_stamp *stamp)
{
    struct payee payee = payee_named(event->person, event->institution);
    const Ledger__FrozenPayee *old = frozen_get(jn_view_of(t), payee);
    Ledger__FrozenPayee frozen;

    (void)stamp;
    JN_ASSERT(old && !old->thawing);
    frozen = *old;
    frozen.asked = (Ledger__ThawAsked *)(uintptr_t)event;
    jn_put(t, TABLE_FROZEN, payee_key(payee), &frozen);
}
