/* The audit of queues and of the batches that wait for the bank. */
#include "ledger/audit.h"
#include "ledger/paying/paying.h"
#include "ledger/accounts/books.h"

/* ---- Queues ---- */

struct queue_audit {
    struct auditing *a;
    Common__Fund fund;
    uint32_t division;
    uint64_t count, head;
    int64_t fen, head_net_fen;
    Common__Item head_item;
    bool first[ITEMS]; /* who waits first for the item is known, */
    int64_t first_net_fen[ITEMS];
};

static void
audit_waiting(struct queue_audit *q, uint64_t first_claim, const struct claim *claim)
{
    if (q->head == 0) {
        q->head_net_fen = claim_net(claim);
        q->head_item = claim->item;
        q->head = first_claim;
    }
    if (!q->first[claim->item])
        q->first_net_fen[claim->item] = claim_net(claim);
    q->first[claim->item] = true;
    q->fen += claim->amount_fen;
    q->count++;
}

static bool
audit_chunk(void *context, const struct jn_key *key, const void *row)
{
    struct queue_audit *q = context;
    const Ledger__WaitingChunk *chunk = row;
    uint64_t first_claim = jn_key_number(key, 2), before = q->count;
    const Ledger__Claims *claims = claims_of(q->a->view, first_claim);
    int64_t net_fen = 0;
    uint32_t items[ITEMS] = {0};

    for (size_t i = 0; claims && i < claims_count(claims); i++) {
        struct claim claim = claim_at(claims, i);

        if (!waits_for(&claim, q->fund) || claim.item >= ITEMS)
            continue;
        audit_waiting(q, first_claim, &claim);
        net_fen += claim_net(&claim);
        items[claim.item]++;
    }
    if (q->count - before != chunk->count || net_fen != chunk->net_fen || chunk->count == 0)
        jn_finding(q->a->audit, "claims from %llu on: the queue and what waits differ",
                   (unsigned long long)first_claim);
    for (uint32_t item = 0; item < ITEMS; item++) {
        const Ledger__WaitingItem *waiting =
            jn_get(q->a->view, TABLE_WAITING_ITEM, JN_KEY(q->fund, q->division, item, first_claim));

        q->a->waiting_items += waiting != NULL;
        if ((waiting ? waiting->count : 0) != items[item])
            jn_finding(q->a->audit, "claims from %llu on: who waits for item %u is not who is listed",
                       (unsigned long long)first_claim, item);
    }
    return true;
}

/* Has the account what the claim needs? Nothing bears a claim of nothing but the division's own general account. */
static bool
payable(const struct queue_audit *q, uint32_t division, uint32_t purpose, int64_t net_fen)
{
    struct account account = {q->fund, division, 0, purpose};
    const Ledger__Balances *balances;

    account.year = account_year_in_use(q->a->view, account);
    balances = account.year ? account_get(q->a->view, account) : NULL;
    if (!balances || (purpose && balances->available_fen == 0))
        return net_fen == 0 && !purpose;
    return balances->available_fen >= net_fen;
}

/* What the pool of the year has for the head. */
static int64_t
pooled(const struct queue_audit *q)
{
    uint32_t next = (uint32_t)jn_counter(q->a->view, COUNTER_YEAR);

    return next == 0 ? 0 : pool_has(q->a->view, next - 1, q->division, q->fund, (uint32_t)q->head_item);
}

/* The head must be one that no account can pay, and who is first for an item one that nothing earmarked for it can:
 * else money lies idle while somebody waits. */
static void
audit_idle(const struct queue_audit *q)
{
    uint32_t city = city_of(q->division);

    if (jn_has(q->a->view, TABLE_SWEEP, JN_KEY(q->fund, city)))
        return;
    if (q->head_net_fen > 0 && pooled(q) >= q->head_net_fen)
        jn_finding(q->a->audit, "queue %u/%u waits although its pool has money", q->fund, q->division);
    if (payable(q, q->division, 0, q->head_net_fen) || payable(q, city, 0, q->head_net_fen))
        jn_finding(q->a->audit, "queue %u/%u waits although there is money", q->fund, q->division);
    for (uint32_t item = 1; item < ITEMS; item++) {
        if (q->first[item] &&
            (payable(q, q->division, item, q->first_net_fen[item]) || payable(q, city, item, q->first_net_fen[item])))
            jn_finding(q->a->audit, "queue %u/%u: a claim waits although there is money for its item %u", q->fund,
                       q->division, item);
    }
}

bool
audit_queue(void *context, const struct jn_key *key, const void *row)
{
    struct auditing *a = context;
    const Ledger__Waiting *queue = row;
    struct queue_audit q = {
        .a = a, .fund = (Common__Fund)jn_key_number(key, 0), .division = (uint32_t)jn_key_number(key, 1)};

    jn_scan(a->view, TABLE_WAITING_CHUNK, JN_KEY(q.fund, q.division, 0), 2 * sizeof(uint64_t), ROWS_MAX, audit_chunk,
            &q);
    if (q.count != queue->count || q.fen != queue->amount_fen || q.head != queue->head || q.count == 0)
        jn_finding(a->audit, "queue %u/%u is not what stands in it", q.fund, q.division);
    audit_idle(&q);
    a->queued += queue->count;
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
