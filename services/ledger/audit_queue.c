/* The audit of queues and of the batches that wait for the bank. */
#include "ledger/audit.h"

/* ---- Queues ---- */

struct queue_audit {
    struct auditing *a;
    Common__Fund fund;
    uint64_t next, head;
    int64_t fen, head_net_fen;
};

static bool
audit_chunk(void *context, const struct jn_key *key, const void *row)
{
    struct queue_audit *q = context;
    const Ledger__WaitingChunk *chunk = row;
    uint64_t first_claim = jn_key_number(key, 2);
    const Ledger__Claims *claims = claims_of(q->a->view, first_claim);
    uint64_t count = 0;

    for (size_t i = 0; claims && i < claims_count(claims); i++) {
        struct claim claim = claim_at(claims, i);

        if (claim.state != CLAIM_WAITING || claim.fund != q->fund)
            continue;
        if (q->head == 0)
            q->head_net_fen = claim_net(&claim);
        if (q->head == 0)
            q->head = first_claim;
        q->fen += claim.amount_fen;
        count++;
    }
    if (count != chunk->count || chunk->first != q->next)
        jn_finding(q->a->audit, "claims from %llu on: the queue and what waits differ",
                   (unsigned long long)first_claim);
    q->next += count;
    return true;
}

static int64_t
available(const struct jn_view *view, Common__Fund fund, uint32_t division)
{
    const Ledger__CurrentYear *current = jn_get(view, TABLE_CURRENT, JN_KEY(fund, division));
    const Ledger__Balances *balances =
        current ? jn_get(view, TABLE_ACCOUNT, JN_KEY(current->year, fund, division)) : NULL;

    return balances ? balances->available_fen : 0;
}

/* The head must be one that no account can pay: else money lies idle while somebody waits. */
bool
audit_queue(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__Waiting *queue = row;
    uint32_t division = (uint32_t)jn_key_number(key, 1);
    struct queue_audit q = {.a = a, .fund = (Common__Fund)jn_key_number(key, 0), .next = queue->first};

    jn_scan(a->view, TABLE_WAITING_CHUNK, JN_KEY(q.fund, division, 0), 2 * sizeof(uint64_t), ROWS_MAX, audit_chunk, &q);
    if (q.next != queue->next || q.fen != queue->amount_fen || q.head != queue->head || q.next == queue->first)
        jn_finding(a->audit, "queue %u/%u is not what stands in it", q.fund, division);
    if (!jn_has(a->view, TABLE_SWEEP, JN_KEY(q.fund, city_of(division))) &&
        (available(a->view, q.fund, division) >= q.head_net_fen ||
         available(a->view, q.fund, city_of(division)) >= q.head_net_fen))
        jn_finding(a->audit, "queue %u/%u waits although there is money", q.fund, division);
    a->queued += queue->next - queue->first;
    a->queued_fen += queue->amount_fen;
    return true;
}

/* ---- Batches ---- */

bool
audit_batch(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__BatchFile *file = row;
    const Ledger__Claims *claims = file->head->advance ? NULL : claims_of(a->view, file->first_claim);
    uint64_t batch = jn_key_number(key, 0);
    uint32_t open = file->head->advance ? 1 : 0;

    for (size_t i = 0; claims && i < file->n_place; i++) {
        struct claim claim = claim_at(claims, file->place[i]);

        open += claim.state == CLAIM_INSTRUCTED && claim.batch == batch;
    }
    if (open != file->open || open == 0)
        jn_finding(a->audit, "batch %llu: its open rows are miscounted", (unsigned long long)batch);
    audit_paying_batch(a, file, true);
    a->batches++;
    return true;
}
