/* Resending (重新拨付): what the bank sent back goes to it once more, in a new draft: the same money once. What a hold,
 * a freeze or a contradiction keeps back stays. */
#include "ledger/paying/paying.h"

/* ---- Decisions ---- */

static enum jn_code
resend_claims(struct jn_decision *d, const Ledger__Claims *claims, const size_t *places, size_t count, uint64_t *batch)
{
    size_t *ready = jn_take(d->view, count * sizeof(*ready)), ready_count = 0;
    enum obstacle kept = NO_OBSTACLE;
    uint64_t kept_claim = 0;

    for (size_t i = 0; i < count; i++) {
        struct claim claim = claim_at(claims, places[i]);
        enum obstacle obstacle;

        if (claim.state != CLAIM_FAILED || (*batch && claim.batch != *batch))
            continue;
        obstacle = claim_obstacle(d, &claim);
        if (obstacle == NO_OBSTACLE) {
            ready[ready_count++] = places[i];
            continue;
        }
        kept = obstacle;
        kept_claim = claim.number;
    }
    if (ready_count == 0 && kept != NO_OBSTACLE)
        return jn_refuse(d, JN_REFUSED, "what failed is kept back: %s",
                         obstacle_say(d, kept, kept_claim, claims->class_));
    if (ready_count == 0)
        return jn_refuse(d, JN_WRONG_STATE, "nothing of it has failed and waits to be sent again");

    /* Decided. */
    *batch = payment_instruct(d, claims, ready, ready_count);
    return JN_OK;
}

static enum jn_code
resend_batch(struct jn_decision *d, uint64_t *batch)
{
    bool open;
    const Ledger__BatchFile *file;
    enum jn_code code = batch_of_caller(d, *batch, &file, &open);
    size_t *places;

    if (code != JN_OK)
        return code;
    if (file->head->advance)
        return advance_resend(d, file, batch);
    if (file->head->grants)
        return disbursement_resend(d, file, 0, batch);
    places = jn_take(d->view, file->n_place * sizeof(*places));
    for (size_t i = 0; i < file->n_place; i++)
        places[i] = file->place[i];
    return resend_claims(d, claims_of(d->view, file->first_claim), places, file->n_place, batch);
}

static enum jn_code
resend_claim(struct jn_decision *d, uint64_t number, uint64_t *batch)
{
    const Ledger__Claims *claims = claims_of(d->view, number);
    size_t place;

    if (!claims || !jn_in_scope_division(d->who, claims->division))
        return jn_refuse(d, JN_NOT_FOUND, "claim %llu has not been settled", (unsigned long long)number);
    place = number - claims->first_claim;
    return resend_claims(d, claims, &place, 1, batch);
}

enum jn_code
decide_resend(struct jn_decision *d, const Ledger__Resend *cmd)
{
    Ledger__Posted reply = LEDGER__POSTED__INIT;
    uint64_t batch = cmd->batch;
    enum jn_code code;

    if ((cmd->batch != 0) + (cmd->claim != 0) + (cmd->disbursement != 0) != 1)
        return jn_refuse(d, JN_MALFORMED, "name a batch, a claim or a disbursement, one of the three");
    if (cmd->disbursement)
        code = disbursement_resend(d, NULL, cmd->disbursement, &batch);
    else
        code = cmd->batch ? resend_batch(d, &batch) : resend_claim(d, cmd->claim, &batch);
    if (code != JN_OK)
        return code;
    reply.number = batch;
    jn_reply(d, &reply.base);
    return JN_OK;
}
