/* What was settled for a class (班级补贴明细), seat by seat: claims and refusals. */
#include "subsidy/facts/doubt.h"
#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

#define TOPUPS_LOOKED_AT 100 /* reassessments of one class */
#define SEAT_ROWS_MAX    (ITEMS * (TOPUPS_LOOKED_AT + 1))
#define ROWS_MAX         200 /* a page; its last seat is whole */

/* One row to come, in the list of its seat. */
struct entry {
    const Subsidy__SettledClaim *claim; /* one of the two, or neither: it cannot be judged */
    const Subsidy__SettledRefusal *refusal;
    const Subsidy__StandingRow *standing; /* of the claim */
    const Subsidy__Settled *settled;      /* likewise */
    struct entry *next;
};

struct listing {
    const struct jn_decision *d;
    struct entry *first[SEATS_MAX + 1];
};

static Common__Item
item_of(const struct entry *entry)
{
    if (entry->claim)
        return entry->claim->item;
    return entry->refusal ? entry->refusal->item : COMMON__ITEM__ITEM_UNSPECIFIED;
}

static void
list(struct listing *listing, uint32_t seat, struct entry entry)
{
    struct entry *kept = jn_take(listing->d->view, sizeof(*kept));
    struct entry **at;

    if (seat > SEATS_MAX)
        return;
    *kept = entry;
    for (at = &listing->first[seat]; *at && item_of(*at) <= item_of(kept);)
        at = &(*at)->next;
    kept->next = *at;
    *at = kept;
}

static void
list_settlement(struct listing *listing, const Subsidy__Settled *settled)
{
    const Subsidy__StandingRow *standing = standing_of(listing->d->view, settled->settlement);

    for (size_t i = 0; standing && i < settled->n_claims; i++)
        list(listing, settled->claims[i]->seat,
             (struct entry){.claim = settled->claims[i], .standing = standing, .settled = settled});
    for (size_t i = 0; i < settled->n_refused; i++)
        list(listing, settled->refused[i]->seat, (struct entry){.refusal = settled->refused[i]});
    for (size_t i = 0; i < settled->n_unjudged; i++)
        list(listing, settled->unjudged[i], (struct entry){.claim = NULL});
}

/* Claims over what a reassessment found missing stand behind the first one of their item. */
static bool
list_topup(void *context, const struct jn_key *key, const void *value)
{
    struct listing *listing = context;
    const Subsidy__Reassessed *event = value;

    (void)key;
    for (size_t i = 0; i < event->n_rows; i++) {
        uint64_t settlement = settlement_of(listing->d->view, event->rows[i]->topup);
        const Subsidy__StandingRow *standing = settlement ? standing_of(listing->d->view, settlement) : NULL;
        Subsidy__SettledClaim *claim = jn_take(listing->d->view, sizeof(*claim));

        if (!standing)
            continue;
        subsidy__settled_claim__init(claim);
        claim->claim = event->rows[i]->topup;
        claim->seat = event->rows[i]->seat;
        claim->item = event->rows[i]->item;
        claim->amount_fen = event->rows[i]->topup_fen;
        list(listing, claim->seat, (struct entry){.claim = claim, .standing = standing});
    }
    return true;
}

static void
list_topups(struct listing *listing, uint64_t class)
{
    jn_scan(listing->d->view, TABLE_REASSESSMENT, JN_KEY(class, 0), sizeof(uint64_t), TOPUPS_LOOKED_AT, list_topup,
            listing);
}

static char *
text_or_none(const char *text)
{
    return (char *)(uintptr_t)(text ? text : "");
}

static Subsidy__ClaimShort *
row_of(const struct jn_decision *d, uint64_t class, uint32_t seat, const struct entry *entry)
{
    Subsidy__ClaimShort *row = jn_take(d->view, sizeof(*row));

    *row = (Subsidy__ClaimShort)SUBSIDY__CLAIM_SHORT__INIT;
    row->item = item_of(entry);
    row->seat = seat;
    if (!entry->claim && !entry->refusal) {
        row->state = (char *)"unjudged";
        row->why = text_or_none(doubt_unjudged(d, class, seat));
        return row;
    }
    if (entry->refusal) {
        row->refused = entry->refusal->reason;
        row->state = (char *)"refused";
        return row;
    }
    row->claim = entry->claim->claim;
    row->why = text_or_none(entry->settled ? doubt_of_claim(d, entry->settled, entry->claim) : NULL);
    row->amount_fen = entry->claim->amount_fen;
    row->state = (char *)(uintptr_t)claim_state(d, entry->standing, row->claim).name;
    return row;
}

/* A class of divisions and groups that are not the caller's is none to him; whose groups are on it is known once
 * something was settled. */
bool
class_visible(const struct jn_decision *d, uint64_t class, const Subsidy__ProgressRow *progress)
{
    const Subsidy__ClassNoted *facts = class_find(d->view, class);
    const Subsidy__Settled *settled =
        progress->settlements > 0 ? jn_get(d->view, TABLE_SETTLEMENT, JN_KEY(progress->first_settlement)) : NULL;

    if (settled)
        return review_in_scope(d->who, settled->division, progress->groups, progress->women);
    return facts && jn_in_scope_division(d->who, facts->division) && d->who->groups == 0;
}

enum jn_code
answer_class_claims(struct jn_decision *d, const Subsidy__ClassClaimsRequest *query)
{
    Subsidy__ClassClaimsView reply = SUBSIDY__CLASS_CLAIMS_VIEW__INIT;
    struct listing *listing = jn_take(d->view, sizeof(*listing));
    uint64_t class = class_numbered(d->view, query->class_no);
    Subsidy__ProgressRow progress = progress_of(d->view, class);
    const Subsidy__ClassNoted *facts = class ? class_find(d->view, class) : NULL;
    struct parts at = {0};
    const Subsidy__Settled *settled;

    if (!facts || !class_visible(d, class, &progress))
        return jn_refuse(d, JN_NOT_FOUND, "there is no class of that number (班级编号)");
    listing->d = d;
    while ((settled = settlement_next(d->view, class, &progress, &at)) != NULL)
        list_settlement(listing, settled);
    list_topups(listing, class);
    reply.rows = jn_take(d->view, (ROWS_MAX + SEAT_ROWS_MAX) * sizeof(*reply.rows));
    for (uint64_t seat = (uint64_t)query->after_seat + 1; seat <= SEATS_MAX; seat++) {
        if (!listing->first[seat] || !seat_in_scope(d, facts->division, class, (uint32_t)seat))
            continue;
        if (reply.n_rows >= ROWS_MAX) {
            reply.more = true;
            break;
        }
        for (const struct entry *entry = listing->first[seat]; entry; entry = entry->next)
            reply.rows[reply.n_rows++] = row_of(d, class, (uint32_t)seat, entry);
    }
    jn_reply(d, &reply.base);
    return JN_OK;
}
