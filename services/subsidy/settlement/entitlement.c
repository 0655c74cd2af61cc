/* Entitlements (应享补贴): the answer that stands for a seat and an item, with the claims it is made of: as it was
 * settled, or as it was reassessed since. */
#include <string.h>

#include "subsidy/nouns.h"

static void
stand_claim(const struct jn_view *view, const Subsidy__SettledClaim *claim, struct entitlement *out)
{
    *out = (struct entitlement){.state = BENEFIT_DUE,
                                .fund = (uint8_t)claim->fund,
                                .payee = (uint8_t)claim->payee,
                                .rule = claim->rule,
                                .level = claim->level,
                                .months = claim->months,
                                .origin = claim->claim,
                                .stakes_count = 1};
    out->stakes = jn_take(view, sizeof(*out->stakes));
    out->stakes[0] = (struct stake){.claim = claim->claim,
                                    .fund = (uint8_t)claim->fund,
                                    .payee = (uint8_t)claim->payee,
                                    .amount_fen = claim->amount_fen,
                                    .rest_fen = claim->amount_fen};
}

static void
stand_refusal(const Subsidy__SettledRefusal *refusal, struct entitlement *out)
{
    *out = (struct entitlement){.state = BENEFIT_REFUSED,
                                .reason = (uint8_t)refusal->reason,
                                .rule = refusal->rule,
                                .await_day = refusal->awaited_until_day};
}

/* A settlement's claims and refusals stand in the order of its seats' ranks: each seat is found where the last one
 * ended. */
static void
settled_answers(const struct jn_view *view, const Subsidy__Settled *settled, struct settled_at *at, uint32_t seat,
                struct entitlement out[ITEMS])
{
    memset(out, 0, ITEMS * sizeof(*out));
    for (; at->claim < settled->n_claims && settled->claims[at->claim]->seat == seat; at->claim++)
        if (settled->claims[at->claim]->item < ITEMS)
            stand_claim(view, settled->claims[at->claim], &out[settled->claims[at->claim]->item]);
    for (; at->refusal < settled->n_refused && settled->refused[at->refusal]->seat == seat; at->refusal++)
        if (settled->refused[at->refusal]->item < ITEMS)
            stand_refusal(settled->refused[at->refusal], &out[settled->refused[at->refusal]->item]);
}

struct settled_at
settled_begin(const struct jn_view *view, uint64_t class)
{
    struct jn_key found;

    return (struct settled_at){.plain = !jn_first(view, TABLE_ENTITLEMENT, JN_KEY(class), sizeof(uint64_t), &found)};
}

struct standing_answers {
    const struct jn_view *view;
    struct entitlement *out;
};

static bool
take_answer(void *context, const struct jn_key *key, const void *value)
{
    struct standing_answers *answers = context;
    const Subsidy__EntitlementRow *row = value;
    uint64_t item = jn_key_number(key, 2);
    struct entitlement *out;

    if (item >= ITEMS)
        return true;
    out = &answers->out[item];
    *out = (struct entitlement){.state = row->due      ? BENEFIT_DUE
                                         : row->reason ? BENEFIT_REFUSED
                                                       : BENEFIT_NONE,
                                .reason = (uint8_t)row->reason,
                                .rule = row->rule,
                                .level = row->level,
                                .months = row->months,
                                .await_day = row->awaited_until_day,
                                .origin = row->origin,
                                .reassessment = row->reassessment};
    out->stakes = jn_take(answers->view, row->n_stakes * sizeof(*out->stakes));
    for (size_t i = 0; i < row->n_stakes; i++)
        out->stakes[out->stakes_count++] = (struct stake){.claim = row->stakes[i]->claim,
                                                          .fund = (uint8_t)row->stakes[i]->fund,
                                                          .payee = (uint8_t)row->stakes[i]->payee,
                                                          .amount_fen = row->stakes[i]->amount_fen,
                                                          .rest_fen = row->stakes[i]->rest_fen};
    return true;
}

void
entitlements_of(const struct jn_view *view, const Subsidy__Settled *settled, struct settled_at *at, uint32_t seat,
                struct entitlement out[ITEMS])
{
    struct standing_answers answers = {view, out};

    settled_answers(view, settled, at, seat, out);
    if (at->plain)
        return;
    jn_scan(view, TABLE_ENTITLEMENT, JN_KEY(settled->class_, seat, 0), 2 * sizeof(uint64_t), ITEMS, take_answer,
            &answers);
}

int64_t
entitlement_fen(const struct entitlement *entitlement)
{
    int64_t fen = 0;

    for (size_t i = 0; i < entitlement->stakes_count; i++)
        fen += entitlement->stakes[i].rest_fen;
    return fen;
}

/* ---- A class's settlements ---- */

void
part_keep(struct jn_tables *t, const Subsidy__Settled *event, uint32_t first_rank)
{
    Subsidy__PartRow row = SUBSIDY__PART_ROW__INIT;

    row.class_ = event->class_;
    row.day = event->day;
    row.first_rank = first_rank;
    row.rows = event->rows;
    jn_put(t, TABLE_PART, JN_KEY(event->settlement), &row);
}

const Subsidy__PartRow *
part_of(const struct jn_view *view, uint64_t settlement)
{
    return jn_get(view, TABLE_PART, JN_KEY(settlement));
}

/* A reassessment elsewhere may have settled something while the class was settled in several sittings: its numbers lie
 * between, and are of no part. */
const Subsidy__PartRow *
part_next(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress, struct parts *at)
{
    uint64_t last = jn_counter(view, COUNTER_SETTLEMENT);

    if (at->settlement == 0)
        at->settlement = progress->first_settlement - 1;
    while (at->seen < progress->settlements && at->settlement < last) {
        const Subsidy__PartRow *part = part_of(view, ++at->settlement);

        if (!part || part->class_ != class)
            continue;
        at->seen++;
        return part;
    }
    return NULL;
}

const Subsidy__Settled *
settlement_next(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress, struct parts *at)
{
    return part_next(view, class, progress, at) ? jn_get(view, TABLE_SETTLEMENT, JN_KEY(at->settlement)) : NULL;
}
