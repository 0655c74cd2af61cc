/* What was settled for a class (班级补贴明细), seat by seat: claims and refusals. */
#include "subsidy/nouns.h"

#define ROWS_MAX 200 /* a page; its last seat is whole, so that it may have ITEMS - 2 more */

/* One row to come, in the list of its seat. */
struct entry {
    const Subsidy__SettledClaim *claim; /* one of the two */
    const Subsidy__SettledRefusal *refusal;
    const Subsidy__StandingRow *standing; /* of the claim */
    struct entry *next;
};

struct listing {
    const struct jn_decision *d;
    struct entry *first[SEATS_MAX + 1];
};

static Common__Item
item_of(const struct entry *entry)
{
    return entry->claim ? entry->claim->item : entry->refusal->item;
}

static void
list(struct listing *listing, uint32_t seat, struct entry entry)
{
    struct entry *kept = jn_take(listing->d->view, sizeof(*kept));
    struct entry **at;

    if (seat > SEATS_MAX)
        return;
    *kept = entry;
    for (at = &listing->first[seat]; *at && item_of(*at) < item_of(kept);)
        at = &(*at)->next;
    kept->next = *at;
    *at = kept;
}

static void
list_settlement(struct listing *listing, uint64_t number)
{
    const Subsidy__Settled *settled = jn_get(listing->d->view, TABLE_SETTLEMENT, JN_KEY(number));
    const Subsidy__StandingRow *standing = standing_of(listing->d->view, number);

    if (!settled)
        return; /* the tables have gone quiet */
    for (size_t i = 0; standing && i < settled->n_claims; i++)
        list(listing, settled->claims[i]->seat, (struct entry){.claim = settled->claims[i], .standing = standing});
    for (size_t i = 0; i < settled->n_refused; i++)
        list(listing, settled->refused[i]->seat, (struct entry){.refusal = settled->refused[i]});
}

static Subsidy__ClaimShort *
row_of(const struct jn_decision *d, const struct entry *entry)
{
    Subsidy__ClaimShort *row = jn_take(d->view, sizeof(*row));

    *row = (Subsidy__ClaimShort)SUBSIDY__CLAIM_SHORT__INIT;
    row->item = item_of(entry);
    if (entry->refusal) {
        row->seat = entry->refusal->seat;
        row->refused = entry->refusal->reason;
        row->state = (char *)"refused";
        return row;
    }
    row->claim = entry->claim->claim;
    row->seat = entry->claim->seat;
    row->amount_fen = entry->claim->amount_fen;
    row->state = (char *)(uintptr_t)claim_state(d, entry->standing, row->claim).name;
    return row;
}

/* A class of divisions and groups that are not the caller's is none to him; whose groups are on it is known once
 * something was settled. */
static bool
may_see(const struct jn_decision *d, uint64_t class, const Subsidy__ProgressRow *progress)
{
    const Subsidy__ClassNoted *facts = class_find(d->view, class);
    const Subsidy__Settled *settled =
        progress->settlements > 0 ? jn_get(d->view, TABLE_SETTLEMENT, JN_KEY(progress->first_settlement)) : NULL;

    if (settled)
        return review_in_scope(d->who, settled->division, settled->groups, settled->women);
    return facts && jn_in_scope_division(d->who, facts->division) && d->who->groups == 0;
}

enum jn_code
answer_class_claims(struct jn_decision *d, const Subsidy__ClassClaimsRequest *query)
{
    Subsidy__ClassClaimsView reply = SUBSIDY__CLASS_CLAIMS_VIEW__INIT;
    struct listing *listing = jn_take(d->view, sizeof(*listing));
    uint64_t class = class_numbered(d->view, query->class_no);
    Subsidy__ProgressRow progress = progress_of(d->view, class);

    if (!class || !may_see(d, class, &progress))
        return jn_refuse(d, JN_NOT_FOUND, "there is no class of that number (班级编号)");
    listing->d = d;
    for (uint32_t i = 0; i < progress.settlements; i++)
        list_settlement(listing, progress.first_settlement + i);
    reply.rows = jn_take(d->view, (ROWS_MAX + ITEMS) * sizeof(*reply.rows));
    for (uint64_t seat = (uint64_t)query->after_seat + 1; seat <= SEATS_MAX; seat++) {
        if (listing->first[seat] && reply.n_rows >= ROWS_MAX) {
            reply.more = true;
            break;
        }
        for (const struct entry *entry = listing->first[seat]; entry; entry = entry->next)
            reply.rows[reply.n_rows++] = row_of(d, entry);
    }
    jn_reply(d, &reply.base);
    return JN_OK;
}
