/* Release (制单、复核、授权): a batch is a draft until one key of finance has declared what it holds and another has
 * released it; 2.12-c. Until then it is not the bank's: no account is told, no result is taken.
 *
 *   draft -> submitted -> released       maker and checker are different keys, and different agencies
 *            submitted -> checked -> released   over a limit: a third one
 *            submitted, checked -> draft        sent back
 *   draft -> draft, void                 rows that something keeps back are taken out; void when none is left */
#include "ledger/paying/paying.h"

#include <string.h>

/* ---- What a batch may do ---- */

static const char *const state_names[] = {
    [LEDGER__BATCH_STATE__BATCH_STATE_UNSPECIFIED] = "unknown",
    [LEDGER__BATCH_STATE__DRAFT] = "a draft",
    [LEDGER__BATCH_STATE__SUBMITTED] = "submitted",
    [LEDGER__BATCH_STATE__CHECKED] = "released once and over a limit",
    [LEDGER__BATCH_STATE__RELEASED] = "released",
    [LEDGER__BATCH_STATE__VOID] = "void",
};
#define STATES (sizeof(state_names) / sizeof(state_names[0]))

static const bool moves[STATES][STATES] = {
    [LEDGER__BATCH_STATE__DRAFT] = {[LEDGER__BATCH_STATE__SUBMITTED] = true},
    [LEDGER__BATCH_STATE__SUBMITTED] = {[LEDGER__BATCH_STATE__DRAFT] = true,
                                        [LEDGER__BATCH_STATE__CHECKED] = true,
                                        [LEDGER__BATCH_STATE__RELEASED] = true},
    [LEDGER__BATCH_STATE__CHECKED] = {[LEDGER__BATCH_STATE__DRAFT] = true, [LEDGER__BATCH_STATE__RELEASED] = true},
};

const char *
batch_state_name(Ledger__BatchState state)
{
    return state_names[state];
}

bool
batch_released(const Ledger__BatchFile *file)
{
    return file->head->state == LEDGER__BATCH_STATE__RELEASED;
}

/* ---- What keeps it back ---- */

/* NO_OBSTACLE, or what keeps the batch's first such row back; *claim is 0 for an advance. */
static enum obstacle
batch_obstacle(const struct jn_decision *d, const Ledger__BatchFile *file, uint64_t *number)
{
    const Ledger__Claims *claims = batch_claims(d->view, file);

    *number = 0;
    if (file->head->advance)
        return advance_obstacle(d->view, file);
    for (size_t i = 0; i < batch_rows(file); i++) {
        struct claim claim = batch_claim(d->view, file, claims, i);
        enum obstacle obstacle = claim_obstacle(d, &claim);

        *number = claim.number;
        if (obstacle != NO_OBSTACLE)
            return obstacle;
    }
    return NO_OBSTACLE;
}

/* ---- Decisions ---- */

#define NONE_NAMED "name at least one"

static void
move(struct jn_decision *d, const Ledger__BatchFile *file, Ledger__BatchState to, const char *reason)
{
    Ledger__BatchMoved event = LEDGER__BATCH_MOVED__INIT;

    event.batch = file->head->batch;
    event.to = to;
    event.rows = file->head->rows;
    event.amount_fen = file->head->amount_fen;
    event.by = (char *)(uintptr_t)d->who->name;
    event.key.data = (uint8_t *)(uintptr_t)d->who->key;
    event.key.len = JN_KEY_BYTES;
    event.day = d->today;
    event.reason = (char *)(uintptr_t)reason;
    event.division = file->head->division;
    jn_emit(d, LEDGER__EVENT__BODY_BATCH_MOVED, &event);
}

/* The batch, which may go on to that state. */
static enum jn_code
movable(struct jn_decision *d, uint64_t batch, Ledger__BatchState to, const Ledger__BatchFile **file)
{
    bool open;
    enum jn_code code = batch_of_caller(d, batch, file, &open);

    if (code != JN_OK)
        return code;
    if (!open || !moves[(*file)->head->state][to])
        return jn_refuse(d, JN_WRONG_STATE, "batch %llu is %s", (unsigned long long)batch,
                         open ? batch_state_name((*file)->head->state) : "done");
    return JN_OK;
}

static enum jn_code
submit(struct jn_decision *d, const Ledger__Declaration *row)
{
    const Ledger__BatchFile *file;
    enum jn_code code = movable(d, row->batch, LEDGER__BATCH_STATE__SUBMITTED, &file);
    char held[MONEY_TEXT];

    if (code != JN_OK)
        return code;
    if (row->rows != file->head->rows || row->amount_fen != file->head->amount_fen)
        return jn_refuse(d, JN_REFUSED,
                         "2.12-c: the batch holds %u rows and %s yuan, that was not declared; look at it",
                         file->head->rows, money_format(file->head->amount_fen, held));

    /* Decided. */
    move(d, file, LEDGER__BATCH_STATE__SUBMITTED, "");
    return JN_OK;
}

enum jn_code
decide_submit_batches(struct jn_decision *d, const Ledger__SubmitBatches *cmd)
{
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NONE_NAMED);

    if (code != JN_OK)
        return code;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, submit(d, cmd->rows[i]));
    }
    return bulk_reply(&bulk);
}

bool
same_hand(const struct jn_agency *who, const char *name, const ProtobufCBinaryData *key)
{
    return strcmp(who->name, name) == 0 || (key->len == JN_KEY_BYTES && memcmp(who->key, key->data, JN_KEY_BYTES) == 0);
}

static enum jn_code
keys_differ(struct jn_decision *d, const Ledger__BatchFile *file)
{
    if (same_hand(d->who, file->head->maker, &file->maker_key))
        return jn_refuse(d, JN_REFUSED,
                         "2.12-c: who submitted batch %llu may not release it; another key of finance must",
                         (unsigned long long)file->head->batch);
    if (file->head->state == LEDGER__BATCH_STATE__CHECKED && same_hand(d->who, file->head->checker, &file->checker_key))
        return jn_refuse(d, JN_REFUSED,
                         "2.12-c: you have released batch %llu already; over a limit a third key of finance must, too",
                         (unsigned long long)file->head->batch);
    return JN_OK;
}

static enum jn_code
release(struct jn_decision *d, uint64_t batch, bool *checked)
{
    const Ledger__BatchFile *file;
    enum jn_code code = movable(d, batch, LEDGER__BATCH_STATE__RELEASED, &file);
    enum obstacle obstacle;
    enum limit_verdict verdict;
    uint64_t claim;
    struct day_limit day;

    if (code == JN_OK)
        code = keys_differ(d, file);
    if (code != JN_OK)
        return code;
    obstacle = batch_obstacle(d, file, &claim);
    if (obstacle != NO_OBSTACLE)
        return jn_refuse(d, JN_REFUSED, "batch %llu, %s %llu: %s; send the batch back and withdraw that from it",
                         (unsigned long long)batch, file->head->grants ? "disbursement" : "claim",
                         (unsigned long long)(row_claim(claim) + row_disbursement(claim)),
                         obstacle_say(d, obstacle, claim, file->head->class_));
    verdict = limit_judge(d, file, &day);
    *checked = verdict == LIMIT_WANTS_ANOTHER && file->head->state == LEDGER__BATCH_STATE__SUBMITTED;
    if (verdict == LIMIT_SPENT) {
        char left[MONEY_TEXT];

        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "2.12-c: of the day's limit of division %u %s yuan are left; release it another day, or raise "
                         "the limit",
                         day.division, money_format(day.left_fen, left));
    }

    /* Decided. */
    move(d, file, *checked ? LEDGER__BATCH_STATE__CHECKED : LEDGER__BATCH_STATE__RELEASED, "");
    return JN_OK;
}

enum jn_code
decide_release_batches(struct jn_decision *d, const Ledger__ReleaseBatches *cmd)
{
    Ledger__Releases reply = LEDGER__RELEASES__INIT;
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_batches, NONE_NAMED);

    if (code != JN_OK)
        return code;
    reply.checked = jn_take(d->view, cmd->n_batches * sizeof(*reply.checked));
    for (size_t i = 0; i < cmd->n_batches; i++) {
        bool checked = false;

        jn_bulk_begin(&bulk);
        if (jn_bulk_end(&bulk, i, release(d, cmd->batches[i], &checked)) && checked)
            reply.checked[reply.n_checked++] = cmd->batches[i];
    }
    reply.n_refused = bulk.refused_count;
    reply.refused = bulk.refused;
    reply.done = bulk.done - (uint32_t)reply.n_checked;
    jn_reply(d, &reply.base);
    return JN_OK;
}

static enum jn_code
send_back(struct jn_decision *d, uint64_t batch, const char *reason)
{
    const Ledger__BatchFile *file;
    enum jn_code code = movable(d, batch, LEDGER__BATCH_STATE__DRAFT, &file);

    if (code != JN_OK)
        return code;

    /* Decided. */
    move(d, file, LEDGER__BATCH_STATE__DRAFT, reason);
    return JN_OK;
}

enum jn_code
decide_send_back_batches(struct jn_decision *d, const Ledger__SendBackBatches *cmd)
{
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_batches, NONE_NAMED);

    if (code != JN_OK)
        return code;
    if (!text_fits(cmd->reason, TEXT_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "say in 1 to %d bytes why, so that the maker can mend it", TEXT_BYTES_MAX);
    for (size_t i = 0; i < cmd->n_batches; i++) {
        jn_bulk_begin(&bulk);
        jn_bulk_end(&bulk, i, send_back(d, cmd->batches[i], cmd->reason));
    }
    return bulk_reply(&bulk);
}

/* ---- What then happens ---- */

static void
put_hand(char **name, ProtobufCBinaryData *key, const Ledger__BatchMoved *event)
{
    *name = event ? event->by : (char *)(uintptr_t) "";
    if (!key)
        return;
    *key = event ? event->key : (ProtobufCBinaryData){0, NULL};
}

static void
put_step(Ledger__BatchFile *file, const Ledger__BatchMoved *event)
{
    Ledger__BatchShort *head = file->head;

    switch (event->to) {
    case LEDGER__BATCH_STATE__SUBMITTED:
        put_hand(&head->maker, &file->maker_key, event);
        file->declared_rows = event->rows;
        file->declared_fen = event->amount_fen;
        break;
    case LEDGER__BATCH_STATE__CHECKED:
        put_hand(&head->checker, &file->checker_key, event);
        break;
    case LEDGER__BATCH_STATE__RELEASED:
        if (head->state == LEDGER__BATCH_STATE__CHECKED)
            put_hand(&head->authorizer, NULL, event);
        else
            put_hand(&head->checker, &file->checker_key, event);
        file->released_day = event->day;
        break;
    case LEDGER__BATCH_STATE__DRAFT:
        put_hand(&head->maker, &file->maker_key, NULL);
        put_hand(&head->checker, &file->checker_key, NULL);
        file->declared_rows = 0;
        file->declared_fen = 0;
        head->sent_back = event->reason;
        break;
    case LEDGER__BATCH_STATE__BATCH_STATE_UNSPECIFIED:
    case LEDGER__BATCH_STATE__VOID:
    case _LEDGER__BATCH_STATE_IS_INT_SIZE:
        JN_ASSERT(false);
    }
    head->state = event->to;
}

void
apply_batch_moved(struct jn_tables *t, const Ledger__BatchMoved *event, const struct jn_stamp *stamp)
{
    bool open;
    const Ledger__BatchFile *old = batch_find(jn_view_of(t), event->batch, &open);
    Ledger__BatchFile file;
    Ledger__BatchShort head;

    (void)stamp;
    JN_ASSERT(open && moves[old->head->state][event->to]);
    file = *old;
    head = *old->head;
    file.head = &head;
    put_step(&file, event);
    jn_put(t, TABLE_BATCH_OPEN, JN_KEY(event->batch), &file);
    if (event->to == LEDGER__BATCH_STATE__RELEASED)
        released_count(t, event->day, head.division, head.amount_fen);
}
