/* Seats that are counted anew (改计). The funnel follows each seat by its claims of one settlement: of the one that
 * judged it, as a rule. Where something is due to a seat that was lost, or where nothing stays due of the claims that
 * it was followed by and something does of others, a reassessment says by which claims it is followed from then on. */
#include "subsidy/facts/doubt.h"
#include "subsidy/funnel/funnel.h"
#include "subsidy/nouns.h"

/* ---- As it was judged at first ---- */

uint64_t
counted_first_claim(const Subsidy__Settled *part, uint32_t seat)
{
    for (size_t i = 0; i < part->n_claims; i++)
        if (part->claims[i]->seat == seat)
            return part->claims[i]->claim;
    return 0;
}

struct counted_facts
counted_facts_of(const struct jn_view *view, uint64_t class)
{
    Subsidy__ProgressRow progress = progress_of(view, class);
    struct counted_facts facts = {.roster = roster_of(view, class, &progress, false)};

    facts.results = results_of(view, class, &progress, facts.roster.seat_max, false);
    return facts;
}

/* Refusals stand in the order of items. */
static bool
first_refusal(const Subsidy__Settled *part, uint32_t seat, unsigned *reason)
{
    bool refused = false;

    *reason = 0;
    for (size_t i = 0; i < part->n_refused && *reason == 0; i++)
        if (part->refused[i]->seat == seat) {
            refused = true;
            *reason = part->refused[i]->reason < REASONS ? part->refused[i]->reason : 0;
        }
    return refused;
}

struct lost
counted_lost(const struct jn_view *view, const Subsidy__Settled *part, const struct counted_facts *facts,
             uint32_t number)
{
    const Subsidy__Seat *seat = roster_seat(&facts->roster, number);
    struct lost lost = {SUBSIDY__LOSS__LOSS_NOTHING_FITS, 0};
    unsigned reason;
    bool refused = first_refusal(part, number, &reason);

    if (unjudged_in(part, number) || !seat)
        return (struct lost){SUBSIDY__LOSS__LOSS_NOT_JUDGED, 0};
    if (part->tally) {
        lost = funnel_lost(seat, reason, facts->results[number] != NULL);
        if (lost.loss == SUBSIDY__LOSS__LOSS_NO_CERTIFICATE && result_revoked(view, part->class_, number))
            lost.loss = SUBSIDY__LOSS__LOSS_REVOKED;
        return lost;
    }
    if (refused) /* as funnel_of_lists has counted it */
        lost = (struct lost){SUBSIDY__LOSS__LOSS_REFUSED, reason};
    if (reason == COMMON__REASON__NO_CERTIFICATE)
        lost = (struct lost){SUBSIDY__LOSS__LOSS_NO_CERTIFICATE, 0};
    return lost;
}

/* ---- What a reassessment tells ---- */

static const Subsidy__CountedRow *
counted_of(const struct jn_view *view, uint64_t class, uint32_t seat)
{
    return jn_get(view, TABLE_COUNTED, JN_KEY(class, seat));
}

/* The claims of the settlement that a seat is followed by; none where it was lost. */
struct followed {
    uint64_t claim, first, last;
};

static struct followed
followed_of(const struct jn_view *view, const Subsidy__Settled *part, uint32_t seat)
{
    const Subsidy__CountedRow *row = counted_of(view, part->class_, seat);
    struct followed followed = {.claim = row ? row->claim : counted_first_claim(part, seat)};
    const Subsidy__StandingRow *standing =
        followed.claim ? standing_of(view, settlement_of(view, followed.claim)) : NULL;

    if (standing) {
        followed.first = standing->first_claim;
        followed.last = standing->first_claim + standing->claims - 1;
    }
    return followed;
}

/* The earliest claim of which something is due, and whether there is one among those that the seat is followed by. */
struct sighted {
    uint64_t earliest;
    bool among;
};

static void
sight(struct sighted *sighted, const struct followed *followed, uint64_t claim, int64_t rest_fen)
{
    if (rest_fen <= 0)
        return;
    if (!sighted->earliest || claim < sighted->earliest)
        sighted->earliest = claim;
    sighted->among |= followed->claim && claim >= followed->first && claim <= followed->last;
}

/* What the rows say, and of other items what stood before; a claim over nothing is one where there was none. */
static struct sighted
sight_all(const Subsidy__Reassessed *event, size_t first_row, const struct followed *followed,
          const struct entitlement before[ITEMS])
{
    struct sighted sighted = {0};
    bool told[ITEMS] = {false};
    uint64_t topup = 0;

    for (size_t i = first_row; i < event->n_rows; i++) {
        const Subsidy__ReassessedRow *row = event->rows[i];

        told[row->item < ITEMS ? row->item : 0] = true;
        for (size_t n = 0; n < row->n_stakes; n++)
            sight(&sighted, followed, row->stakes[n]->claim, row->stakes[n]->rest_fen);
        if (!topup)
            topup = row->topup;
    }
    for (int item = 1; item < ITEMS; item++)
        for (size_t n = 0; !told[item] && n < before[item].stakes_count; n++)
            sight(&sighted, followed, before[item].stakes[n].claim, before[item].stakes[n].rest_fen);
    if (!sighted.earliest && !followed->claim)
        sighted.earliest = topup;
    return sighted;
}

bool
counted_note(struct counting *counting, const struct jn_view *view, const Subsidy__Settled *part,
             Subsidy__Reassessed *event, size_t first_row, const struct entitlement before[ITEMS])
{
    uint32_t seat = first_row < event->n_rows ? event->rows[first_row]->seat : 0;
    struct followed followed;
    struct sighted sighted;
    struct lost lost = {SUBSIDY__LOSS__LOSS_UNSPECIFIED, 0};
    Subsidy__CountedSeat *counted;

    if (!seat)
        return false;
    followed = followed_of(view, part, seat);
    sighted = sight_all(event, first_row, &followed, before);
    if (sighted.among || !sighted.earliest)
        return false;
    if (!followed.claim && !counting->read) {
        counting->facts = counted_facts_of(view, part->class_);
        counting->read = true;
    }
    if (!followed.claim)
        lost = counted_lost(view, part, &counting->facts, seat);
    counted = event->counted[event->n_counted++] = jn_take(view, sizeof(*counted));
    *counted = (Subsidy__CountedSeat)SUBSIDY__COUNTED_SEAT__INIT;
    counted->seat = seat;
    counted->claim = sighted.earliest;
    counted->instead_of = followed.claim;
    counted->loss = lost.loss;
    counted->reason = (Common__Reason)lost.reason;
    return true;
}

/* ---- What then happens ---- */

/* Seats of one settlement come one after the other: its row is read and written once for them. */
struct standing_edited {
    struct jn_tables *t;
    uint64_t settlement;
    Subsidy__StandingRow row;
};

static void
edited_keep(struct standing_edited *edited)
{
    if (edited->settlement)
        standing_keep(edited->t, edited->settlement, &edited->row);
    edited->settlement = 0;
}

/* False where the claim is not settled yet. */
static bool
edited_open(struct standing_edited *edited, uint64_t claim)
{
    uint64_t settlement = settlement_of(jn_view_of(edited->t), claim);

    if (settlement == edited->settlement)
        return settlement != 0;
    edited_keep(edited);
    if (!settlement || !standing_edit(jn_view_of(edited->t), settlement, &edited->row))
        return false;
    edited->settlement = settlement;
    return true;
}

/* What is settled next is marked then. */
static void
mark(struct standing_edited *edited, uint64_t claim, uint8_t how)
{
    size_t at;

    if (!edited_open(edited, claim))
        return;
    at = (size_t)(claim - edited->row.first_claim);
    while (at > 0 && !edited->row.begins.data[at])
        at--;
    edited->row.begins.data[at] = how;
}

/* Why nothing of the claim is due any more. */
static void
note_cause(struct standing_edited *edited, uint64_t claim, Subsidy__Cause cause)
{
    if (!edited_open(edited, claim))
        return;
    if (edited->row.causes.len == 0) {
        edited->row.causes.len = edited->row.claims;
        edited->row.causes.data = jn_take(jn_view_of(edited->t), edited->row.claims);
    }
    edited->row.causes.data[claim - edited->row.first_claim] = (uint8_t)cause;
}

static void
note_causes(struct jn_tables *t, const Subsidy__Reassessed *event)
{
    struct standing_edited edited = {.t = t};

    for (size_t i = 0; i < event->n_rows; i++)
        for (size_t n = 0; n < event->rows[i]->n_taken; n++)
            if (event->rows[i]->taken[n]->rest_fen == 0)
                note_cause(&edited, event->rows[i]->taken[n]->claim, event->cause);
    edited_keep(&edited);
}

/* One standing behind the other, so that each is open once. */
static void
mark_all(struct jn_tables *t, const Subsidy__Reassessed *event)
{
    struct standing_edited edited = {.t = t};

    for (size_t i = 0; i < event->n_counted; i++)
        if (event->counted[i]->instead_of)
            mark(&edited, event->counted[i]->instead_of, FOLLOWED_ELSEWHERE);
    for (size_t i = 0; i < event->n_counted; i++)
        mark(&edited, event->counted[i]->claim, FOLLOWED_HERE);
    edited_keep(&edited);
}

void
counted_keep(struct jn_tables *t, const Subsidy__Reassessed *event)
{
    const Subsidy__ClassNoted *class = event->n_counted ? class_find(jn_view_of(t), event->class_) : NULL;
    struct funnel change = {0};

    note_causes(t, event);
    if (!class)
        return;
    for (size_t i = 0; i < event->n_counted; i++) {
        const Subsidy__CountedSeat *seat = event->counted[i];
        const Subsidy__CountedRow *old = counted_of(jn_view_of(t), event->class_, seat->seat);
        Subsidy__CountedRow row = SUBSIDY__COUNTED_ROW__INIT;

        if (seat->instead_of && old)
            row = *old;
        row.claim = seat->claim;
        if (!seat->instead_of) {
            row.loss = seat->loss;
            row.reason = seat->reason;
            funnel_gain(&change, (struct lost){seat->loss, seat->reason});
        }
        jn_put(t, TABLE_COUNTED, JN_KEY(event->class_, seat->seat), &row);
    }
    funnel_count(t, class, &change);
    mark_all(t, event);
}

uint8_t
counted_mark(const struct jn_view *view, const Subsidy__Settled *settled, uint32_t seat)
{
    const Subsidy__CountedRow *row = counted_of(view, settled->class_, seat);
    uint64_t first = settled->claims[0]->claim;

    if (!row)
        return settled->reassessment ? FOLLOWED_ELSEWHERE : FOLLOWED_HERE;
    return row->claim >= first && row->claim - first < settled->n_claims ? FOLLOWED_HERE : FOLLOWED_ELSEWHERE;
}
