/* Withdrawal (撤出): a row that a freeze, a hold or the bank's contradiction keeps back leaves its draft, so that the
 * others need not wait for it; 2.12-e. */
#include "ledger/paying/paying.h"

/* ---- Decisions ---- */

/* Where it lies among the batch's rows; n_place where it does not. */
static size_t
place_of(const Ledger__BatchFile *file, uint64_t claim)
{
    size_t i = 0;

    while (i < file->n_place && file->first_claim + file->place[i] != claim)
        i++;
    return i;
}

static enum jn_code
withdraw(struct jn_decision *d, const Ledger__BatchFile *file, uint64_t number, bool *seen,
         Ledger__ClaimsWithdrawn *event)
{
    size_t i = place_of(file, number);
    Ledger__WithdrawnRow *row;
    enum obstacle obstacle;
    struct claim claim;

    if (i == file->n_place)
        return jn_refuse(d, JN_NOT_FOUND, "the claim is not in this batch");
    if (seen[i])
        return jn_refuse(d, JN_MALFORMED, "the claim is named twice; name it once");
    claim = claim_at(claims_of(d->view, file->first_claim), file->place[i]);
    obstacle = claim_obstacle(d, &claim);
    if (obstacle == NO_OBSTACLE)
        return jn_refuse(d, JN_WRONG_STATE, "nothing keeps the claim back; it is paid with its batch");

    /* Decided. */
    seen[i] = true;
    row = jn_take(d->view, sizeof(*row));
    ledger__withdrawn_row__init(row);
    row->claim = number;
    row->why = (char *)(uintptr_t)obstacle_say(d, obstacle, number, 0);
    row->failed = obstacle == CLAIM_CONTRADICTED;
    event->rows[event->n_rows++] = row;
    return JN_OK;
}

/* What is kept for a debt obtained by fraud is noted as such, stop.c; for that it is tried. */
static void
withdrawn(struct jn_decision *d, const Ledger__ClaimsWithdrawn *event)
{
    const Ledger__Claims *claims = claims_of(d->view, event->rows[0]->claim);
    size_t *places = jn_take(d->view, event->n_rows * sizeof(*places));

    for (size_t i = 0; i < event->n_rows; i++)
        places[i] = event->rows[i]->claim - claims->first_claim;
    jn_emit(d, LEDGER__EVENT__BODY_CLAIMS_WITHDRAWN, event);
    for (size_t i = 0; i < event->n_rows; i++)
        reductions_meet(d, &event->rows[i]->claim, 1);
    payment_instruct_ready(d, claims->first_claim, places, event->n_rows);
}

enum jn_code
decide_withdraw_claims(struct jn_decision *d, const Ledger__WithdrawClaims *cmd)
{
    Ledger__ClaimsWithdrawn event = LEDGER__CLAIMS_WITHDRAWN__INIT;
    const Ledger__BatchFile *file;
    struct jn_bulk bulk;
    enum jn_code code;
    bool open, *seen;

    code = batch_of_caller(d, cmd->batch, &file, &open);
    if (code != JN_OK)
        return code;
    if (!open || file->head->state != LEDGER__BATCH_STATE__DRAFT)
        return jn_refuse(d, JN_WRONG_STATE, "batch %llu is %s; what was declared cannot change, send it back first",
                         (unsigned long long)cmd->batch, open ? batch_state_name(file->head->state) : "done");
    if (file->head->advance)
        return jn_refuse(d, JN_REFUSED, "an advance (预拨) is not withdrawn: release it later, or recover it; 2.10-f");
    if (file->head->grants == (cmd->n_claims > 0) || file->head->grants != (cmd->n_disbursements > 0))
        return jn_refuse(d, JN_MALFORMED, "name the claims to be withdrawn; of a batch of grants its disbursements");
    if (file->head->grants)
        return disbursements_withdraw(d, cmd, file);
    code = jn_bulk_open(&bulk, d, cmd->n_claims, "name the claims to be withdrawn");
    if (code != JN_OK)
        return code;
    seen = jn_take(d->view, file->n_place * sizeof(*seen));
    event.rows = jn_take(d->view, cmd->n_claims * sizeof(*event.rows));
    for (size_t i = 0; i < cmd->n_claims; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, withdraw(d, file, cmd->claims[i], seen, &event));
    }

    /* Decided. */
    event.batch = cmd->batch;
    event.settlement = file->settlement;
    event.class_ = file->head->class_;
    event.division = file->head->division;
    event.by = (char *)(uintptr_t)d->who->name;
    if (event.n_rows > 0)
        withdrawn(d, &event);
    return bulk_reply(&bulk);
}

/* ---- What then happens ---- */

static void
leave(struct jn_tables *t, Ledger__Books *books, const Ledger__WithdrawnRow *row, struct claim *claim)
{
    Ledger__Failure failure = LEDGER__FAILURE__INIT;

    claim->state = row->failed ? CLAIM_FAILED : CLAIM_COMMITTED;
    claim->batch = 0;
    if (!row->failed)
        return;
    count_in(books->failed, claim->amount_fen);
    failure.reason = row->why;
    jn_put(t, TABLE_FAILURE, JN_KEY(claim->number), &failure);
}

static void
take_out(Ledger__BatchFile *file, size_t i, int64_t sent_fen)
{
    for (size_t next = i + 1; next < file->n_place; next++)
        file->place[next - 1] = file->place[next];
    for (size_t next = i + 1; next < file->n_setoff_fen; next++)
        file->setoff_fen[next - 1] = file->setoff_fen[next];
    file->n_setoff_fen -= file->n_setoff_fen > 0;
    file->n_place--;
    file->open--;
    file->head->rows--;
    file->head->amount_fen -= sent_fen;
}

void
apply_claims_withdrawn(struct jn_tables *t, const Ledger__ClaimsWithdrawn *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    bool open;
    const Ledger__BatchFile *old = batch_find(view, event->batch, &open);
    Ledger__Books *books = books_open(t);
    Ledger__Claims *claims = claims_take(t, event->rows[0]->claim);
    struct tally accounts = tally_open(view, claims_room(claims, event->n_rows));
    Ledger__BatchFile file;
    Ledger__BatchShort head;

    (void)stamp;
    JN_ASSERT(open && old->head->state == LEDGER__BATCH_STATE__DRAFT);
    file = *old;
    head = *old->head;
    file.head = &head;
    for (size_t i = 0; i < event->n_rows; i++) {
        size_t place = event->rows[i]->claim - claims->first_claim;
        struct claim claim = claim_at(claims, place);

        take_out(&file, place_of(&file, claim.number), claim_sent(&claim));
        if (claim.setoff_fen > 0)
            setoff_drop(t, claims, place);
        leave(t, books, event->rows[i], &claim);
        claim_set(view, claims, place, &claim);
        kept_note(t, &claim);
        claim_bear(&accounts, &claim);
    }
    claims_put(t, claims);
    accounts_post(t, books, &accounts, INSTRUCTED, COMMITTED);
    if (file.open == 0)
        head.state = LEDGER__BATCH_STATE__VOID;
    batch_replace(t, books, &file);
    books_close(t, books);
}
