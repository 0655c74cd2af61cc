/* Seats that are counted anew, against what judged them at first and against what is due to them now. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/funnel/funnel.h"
#include "subsidy/nouns.h"

#define ALL SIZE_MAX

struct counted_audit {
    struct jn_audit *audit;
    struct funnel_proof *proof;
    /* The class at hand: rows come class by class. */
    uint64_t class;
    struct counted_facts facts;
    uint64_t judged[SEATS_MAX + 1]; /* by seat: the settlement; 0: none */
    const Subsidy__Settled *part;   /* of it, the one read last */
    uint64_t causes;                /* claims of which a reassessment took off all */
};

static void
open_class(struct counted_audit *a, uint64_t class)
{
    const struct roster *roster = &a->facts.roster;
    Subsidy__ProgressRow progress;
    const Subsidy__PartRow *part;
    struct parts at = {0};

    if (a->class == class)
        return;
    progress = progress_of(a->audit->view, class);
    a->class = class;
    a->facts = counted_facts_of(a->audit->view, class);
    a->part = NULL;
    memset(a->judged, 0, sizeof(a->judged));
    while ((part = part_next(a->audit->view, class, &progress, &at)) != NULL)
        for (uint32_t rank = part->first_rank; rank < roster->count && rank - part->first_rank < part->rows; rank++)
            if (roster->seats[rank] && roster->seats[rank]->seat <= SEATS_MAX)
                a->judged[roster->seats[rank]->seat] = at.settlement;
}

/* The settlement that judged the seat; NULL where none did. */
static const Subsidy__Settled *
part_that_judged(struct counted_audit *a, uint32_t seat)
{
    uint64_t settlement = seat <= SEATS_MAX ? a->judged[seat] : 0;

    if (!settlement)
        return NULL;
    if (!a->part || a->part->settlement != settlement)
        a->part = jn_get(a->audit->view, TABLE_SETTLEMENT, JN_KEY(settlement));
    return a->part;
}

/* ---- Where it was lost at first ---- */

static bool
is_of_seat(const struct jn_view *view, uint64_t claim, uint64_t class, uint32_t seat)
{
    uint64_t settlement = settlement_of(view, claim);
    const Subsidy__Settled *settled = settlement ? jn_get(view, TABLE_SETTLEMENT, JN_KEY(settlement)) : NULL;

    return settled && settled->class_ == class && settled->claims[claim - settled->claims[0]->claim]->seat == seat;
}

static bool
check_counted(void *context, const struct jn_key *key, const void *value)
{
    struct counted_audit *a = context;
    const Subsidy__CountedRow *row = value;
    uint64_t number = jn_key_number(key, 0);
    uint32_t seat = (uint32_t)jn_key_number(key, 1);
    const Subsidy__ClassNoted *class = class_find(a->audit->view, number);
    struct lost lost = {row->loss, row->reason}, judged = {SUBSIDY__LOSS__LOSS_UNSPECIFIED, 0};
    struct funnel change = {0};
    const Subsidy__Settled *part;

    open_class(a, number);
    part = class ? part_that_judged(a, seat) : NULL;
    if (!part) {
        jn_finding(a->audit, "class %" PRIu64 ", seat %" PRIu32 " is counted anew and was never judged", number, seat);
        return true;
    }
    if (!counted_first_claim(part, seat))
        judged = counted_lost(a->audit->view, part, &a->facts, seat);
    if (judged.loss != lost.loss || judged.reason != lost.reason)
        jn_finding(a->audit, "class %" PRIu64 ", seat %" PRIu32 " was not lost where it is counted no longer", number,
                   seat);
    if (!is_of_seat(a->audit->view, row->claim, number, seat))
        jn_finding(a->audit, "class %" PRIu64 ", seat %" PRIu32 " is followed by another's claim", number, seat);
    if (lost.loss > SUBSIDY__LOSS__LOSS_UNSPECIFIED && (int)lost.loss < LOSSES) {
        funnel_gain(&change, lost);
        funnel_told(a->proof, class, &change);
    }
    return true;
}

/* ---- Is each seat followed by what is due to it? ---- */

/* The answers of one seat that stand since they were reassessed, which come item by item. */
struct reassessed_seat {
    struct counted_audit *a;
    uint64_t class, last; /* the last reassessment that changed one of them */
    uint32_t seat;
    uint64_t followed; /* the settlement; 0: lost */
    bool items[ITEMS]; /* that there are answers for */
    bool due, due_by_followed;
};

/* Answers that nothing has changed stand as they were settled. */
static void
look_at_settled(struct reassessed_seat *seat, const Subsidy__Settled *part)
{
    for (size_t i = 0; i < part->n_claims; i++) {
        const Subsidy__SettledClaim *claim = part->claims[i];

        if (claim->seat != seat->seat || claim->item >= ITEMS || seat->items[claim->item] || claim->amount_fen == 0)
            continue;
        seat->due = true;
        seat->due_by_followed |= part->settlement == seat->followed;
    }
}

static void
close_seat(struct reassessed_seat *seat)
{
    const Subsidy__Reassessed *event;
    const Subsidy__Settled *part;

    if (!seat->seat)
        return;
    if (!seat->due_by_followed) {
        open_class(seat->a, seat->class);
        part = part_that_judged(seat->a, seat->seat);
        if (part)
            look_at_settled(seat, part);
    }
    event = seat->due && !seat->due_by_followed ? reassessment_of(seat->a->audit->view, seat->class, seat->last) : NULL;
    if (event && event->counts)
        jn_finding(seat->a->audit,
                   "class %" PRIu64 ", seat %" PRIu32 ": something is due to it, and the funnel does not follow that",
                   seat->class, seat->seat);
}

static uint64_t
settlement_followed(struct counted_audit *a, uint64_t class, uint32_t seat)
{
    const Subsidy__CountedRow *row = jn_get(a->audit->view, TABLE_COUNTED, JN_KEY(class, seat));
    const Subsidy__Settled *part;

    if (row)
        return settlement_of(a->audit->view, row->claim);
    open_class(a, class);
    part = part_that_judged(a, seat);
    return part && counted_first_claim(part, seat) ? part->settlement : 0;
}

static bool
check_answer(void *context, const struct jn_key *key, const void *value)
{
    struct reassessed_seat *seat = context;
    const Subsidy__EntitlementRow *row = value;
    uint64_t class = jn_key_number(key, 0), item = jn_key_number(key, 2);
    uint32_t number = (uint32_t)jn_key_number(key, 1);

    if (seat->class != class || seat->seat != number) {
        struct counted_audit *a = seat->a;

        close_seat(seat);
        *seat = (struct reassessed_seat){.a = a, .class = class, .seat = number};
        seat->followed = settlement_followed(a, class, number);
    }
    if (item < ITEMS)
        seat->items[item] = true;
    if (row->reassessment > seat->last)
        seat->last = row->reassessment;
    for (size_t i = 0; i < row->n_stakes; i++) {
        if (row->stakes[i]->rest_fen == 0)
            continue;
        seat->due = true;
        seat->due_by_followed |= settlement_of(seat->a->audit->view, row->stakes[i]->claim) == seat->followed;
    }
    return true;
}

/* ---- Why nothing is due any more ---- */

static void
check_taken(struct counted_audit *a, const Subsidy__Reassessed *event, uint64_t claim)
{
    const Subsidy__StandingRow *standing = standing_of(a->audit->view, settlement_of(a->audit->view, claim));
    uint64_t at = standing ? claim - standing->first_claim : 0;

    a->causes++;
    if (!standing || at >= standing->causes.len || standing->causes.data[at] != (uint8_t)event->cause)
        jn_finding(a->audit, "claim %" PRIu64 ": reassessment %" PRIu64 " took off all of it, for another cause", claim,
                   event->reassessment);
}

static bool
check_causes(void *context, const struct jn_key *key, const void *value)
{
    const Subsidy__Reassessed *event = value;

    (void)key;
    for (size_t i = 0; i < event->n_rows; i++)
        for (size_t n = 0; n < event->rows[i]->n_taken; n++)
            if (event->rows[i]->taken[n]->rest_fen == 0)
                check_taken(context, event, event->rows[i]->taken[n]->claim);
    return true;
}

void
counted_prove(struct jn_audit *audit, struct funnel_proof *proof)
{
    struct counted_audit a = {.audit = audit, .proof = proof};
    struct reassessed_seat seat = {.a = &a};

    jn_scan(audit->view, TABLE_COUNTED, JN_KEY(0), 0, ALL, check_counted, &a);
    jn_scan(audit->view, TABLE_ENTITLEMENT, JN_KEY(0), 0, ALL, check_answer, &seat);
    close_seat(&seat);
    jn_scan(audit->view, TABLE_REASSESSMENT, JN_KEY(0), 0, ALL, check_causes, &a);
    if (a.causes != proof->causes)
        jn_finding(audit, "of %" PRIu64 " claims it is kept why nothing is due any more, it is so of %" PRIu64,
                   proof->causes, a.causes);
}
