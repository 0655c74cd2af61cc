/* The audit of queues and of the batches that wait for the bank. */
#include "ledger/audit.h"
#include "ledger/paying.h"

/* ---- Queues ---- */

struct queue_audit {
    struct auditing *a;
    Common__Fund fund;
    uint64_t next, head;
    int64_t fen, head_net_fen;
    uint32_t head_item;
};

static bool
audit_chunk(void *context, const struct jn_key *key, const void *row)
{
    struct queue_audit *q = context;
    const Ledger__WaitingChunk *chunk = row;
    uint64_t first_claim = jn_key_number(key, 2);
    const Ledger__Claims *claims = claims_of(q->a->view, first_claim);
    uint64_t count = 0;
    int64_t net_fen = 0;

    for (size_t i = 0; claims && i < claims_count(claims); i++) {
        struct claim claim = claim_at(claims, i);

        if (claim.state != CLAIM_WAITING || claim.fund != q->fund)
            continue;
        if (q->head == 0) {
            q->head_net_fen = claim_net(&claim);
            q->head_item = (uint32_t)claim.item;
            q->head = first_claim;
        }
        net_fen += claim_net(&claim);
        q->fen += claim.amount_fen;
        count++;
    }
    if (count != chunk->count || net_fen != chunk->net_fen || chunk->first != q->next)
        jn_finding(q->a->audit, "claims from %llu on: the queue and what waits differ",
                   (unsigned long long)first_claim);
    q->next += count;
    return true;
}

/* Has the head's item an account, general or earmarked, that could pay it? Nothing bears a claim of nothing but the
 * division's own general account. */
static bool
payable(const struct queue_audit *q, uint32_t division, uint32_t purpose)
{
    struct account account = {q->fund, division, 0, purpose};
    const Ledger__Balances *balances;

    account.year = account_year_in_use(q->a->view, account);
    balances = account.year ? account_get(q->a->view, account) : NULL;
    if (!balances || (purpose && balances->available_fen == 0))
        return q->head_net_fen == 0 && !purpose;
    return balances->available_fen >= q->head_net_fen;
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
        (payable(&q, division, 0) || payable(&q, city_of(division), 0) || payable(&q, division, q.head_item) ||
         payable(&q, city_of(division), q.head_item)))
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
    const Ledger__Claims *claims = batch_claims(a->view, file);
    uint64_t batch = jn_key_number(key, 0);
    uint32_t open = file->head->advance ? 1 : 0;

    for (size_t i = 0; i < batch_rows(file); i++) {
        struct claim claim = batch_claim(a->view, file, claims, i);

        open += claim.state == CLAIM_INSTRUCTED && claim.batch == batch;
    }
    if (open != file->open || open == 0)
        jn_finding(a->audit, "batch %llu: its open rows are miscounted", (unsigned long long)batch);
    audit_paying_batch(a, file, true);
    a->batches++;
    return true;
}
