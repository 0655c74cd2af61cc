/* The audit of reassessments (重新核定稽核): the answer that stands is what the last reassessment of it said, its
 * claims add up to it, and each fen that was taken off or added has its reassessment. */
#include <inttypes.h>

#include "subsidy/audit.h"

/* Rows of one settlement, and of one reassessment, come one after the other: each is read once for them. */
static const Subsidy__Settled *
settled_with(struct reassessments_audit *a, uint64_t claim)
{
    uint64_t settlement = settlement_of(a->audit->view, claim);

    if (!settlement)
        return NULL;
    if (!a->settled || a->settled->settlement != settlement)
        a->settled = jn_get(a->audit->view, TABLE_SETTLEMENT, JN_KEY(settlement));
    return a->settled;
}

static const Subsidy__Reassessed *
event_of(struct reassessments_audit *a, uint64_t class, uint64_t number)
{
    if (!a->event || a->event->reassessment != number || a->event->class_ != class)
        a->event = reassessment_of(a->audit->view, class, number);
    return a->event;
}

/* The claim as it was settled; NULL where there is none. */
static const Subsidy__SettledClaim *
claim_settled(struct reassessments_audit *a, uint64_t claim, uint64_t *class)
{
    const Subsidy__Settled *settled = settled_with(a, claim);

    if (!settled || claim < settled->claims[0]->claim || claim - settled->claims[0]->claim >= settled->n_claims)
        return NULL;
    *class = settled->class_;
    return settled->claims[claim - settled->claims[0]->claim];
}

static const Subsidy__ReassessedRow *
row_of(const Subsidy__Reassessed *event, uint64_t seat, uint64_t item)
{
    for (size_t i = 0; event && i < event->n_rows; i++)
        if (event->rows[i]->seat == seat && (uint64_t)event->rows[i]->item == item)
            return event->rows[i];
    return NULL;
}

/* ---- Each reassessment ---- */

static void
check_topup(struct reassessments_audit *a, const Subsidy__Reassessed *event, const Subsidy__ReassessedRow *row)
{
    uint64_t class = 0;
    const Subsidy__Settled *settled = settled_with(a, row->topup);
    const Subsidy__SettledClaim *claim = settled ? claim_settled(a, row->topup, &class) : NULL;

    a->topups++;
    if (!claim || settled->reassessment != event->reassessment || class != event->class_ || claim->seat != row->seat ||
        claim->item != row->item || claim->person != row->person || claim->amount_fen != row->topup_fen ||
        claim->tops != (row->origin == row->topup ? 0 : row->origin))
        jn_finding(a->audit, "reassessment %" PRIu64 ": claim %" PRIu64 " is not over what it found missing",
                   event->reassessment, row->topup);
}

static bool
check_reassessment(void *context, const struct jn_key *key, const void *value)
{
    struct reassessments_audit *a = context;
    const Subsidy__Reassessed *event = value;

    a->count++;
    if (event->class_ != jn_key_number(key, 0) || event->reassessment != jn_key_number(key, 1))
        jn_finding(a->audit, "reassessment %" PRIu64 " lies under another number", event->reassessment);
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__ReassessedRow *row = event->rows[i];
        int64_t fen = row->before_fen + row->topup_fen;

        for (size_t n = 0; n < row->n_taken; n++)
            fen -= row->taken[n]->amount_fen;
        if (fen != (row->due ? row->now_fen : 0))
            jn_finding(a->audit, "reassessment %" PRIu64 ": seat %" PRIu32 " is not moved by the difference",
                       event->reassessment, row->seat);
        if (row->topup)
            check_topup(a, event, row);
        if (event->cause == SUBSIDY__CAUSE__RULE_CHANGED)
            a->backwards_fen += fen - row->before_fen;
    }
    a->backwards_rows += event->cause == SUBSIDY__CAUSE__RULE_CHANGED ? event->n_rows : 0;
    return true;
}

/* ---- Packs applied backwards ---- */

static bool
check_backwards(void *context, const struct jn_key *key, const void *value)
{
    struct reassessments_audit *a = context;
    const Subsidy__BackwardsRow *row = value;
    uint64_t number = jn_key_number(key, 0);

    a->backwards_fen -= row->more_fen - row->less_fen;
    a->backwards_rows -= row->changed;
    if (row->begun->number != number || row->done != (row->next_settlement > row->begun->through) ||
        (!row->done && number != jn_counter(a->audit->view, COUNTER_BACKWARDS)))
        jn_finding(a->audit, "pack %s was applied backwards in part", row->begun->pack);
    return true;
}

/* ---- Each answer that stands ---- */

/* What caps on amounts count is what is due now. */
static void
check_line(struct reassessments_audit *a, const Subsidy__ReassessedRow *row, int64_t fen)
{
    const Subsidy__HistoryRow *history = jn_get(a->audit->view, TABLE_HISTORY, JN_KEY(row->person));

    for (size_t i = 0; history && i < history->n_paid; i++) {
        const Subsidy__PaidBefore *line = history->paid[i];

        if (line->claim == row->origin && line->over_from == 0 && line->amount_fen != fen)
            jn_finding(a->audit, "claim %" PRIu64 ": its person's history has another amount than is due", row->origin);
    }
}

static bool
check_answer(void *context, const struct jn_key *key, const void *value)
{
    struct reassessments_audit *a = context;
    const Subsidy__EntitlementRow *answer = value;
    const struct jn_view *view = a->audit->view;
    uint64_t class = jn_key_number(key, 0), seat = jn_key_number(key, 1), item = jn_key_number(key, 2), of = 0;
    const Subsidy__Reassessed *event = event_of(a, class, answer->reassessment);
    const Subsidy__ReassessedRow *row = row_of(event, seat, item);
    int64_t fen = 0;

    for (size_t i = 0; i < answer->n_stakes; i++) {
        const Subsidy__Stake *stake = answer->stakes[i];
        const Subsidy__SettledClaim *claim = claim_settled(a, stake->claim, &of);
        Subsidy__ChangeRow change = change_of(view, stake->claim);

        fen += stake->rest_fen;
        if (!claim || of != class || claim->seat != seat || (uint64_t)claim->item != item ||
            claim->amount_fen != stake->amount_fen || claim->amount_fen - change.taken_fen != stake->rest_fen)
            jn_finding(a->audit, "claim %" PRIu64 ": what stays due of it is not what was settled less what was taken",
                       stake->claim);
    }
    if (!row || row->due != answer->due || row->origin != answer->origin || fen != (row->due ? row->now_fen : 0))
        jn_finding(a->audit, "class %" PRIu64 ", seat %" PRIu64 ": what stands is not what was reassessed last", class,
                   seat);
    if (row && answer->due)
        check_line(a, row, fen);
    if (answer->origin && change_of(view, answer->origin).over == answer->due)
        jn_finding(a->audit, "claim %" PRIu64 " counts for limits and is not due, or the other way round",
                   answer->origin);
    return true;
}

/* ---- What became of each claim ---- */

static bool
check_change(void *context, const struct jn_key *key, const void *value)
{
    struct reassessments_audit *a = context;
    const Subsidy__ChangeRow *change = value;
    const struct jn_view *view = a->audit->view;
    uint64_t number = jn_key_number(key, 0), class = 0;
    const Subsidy__SettledClaim *claim = claim_settled(a, number, &class);

    if (!claim || change->taken_fen < 0 || change->taken_fen > claim->amount_fen || change->reversed_fen < 0 ||
        change->released_fen < 0 || change->reversed_fen + change->released_fen > claim->amount_fen) {
        jn_finding(a->audit, "claim %" PRIu64 ": more was taken off or came back than was due", number);
        return true;
    }
    a->taken_fen[claim->item < ITEMS ? claim->item : 0] += change->taken_fen;
    if (change->tops != claim->tops)
        jn_finding(a->audit, "claim %" PRIu64 " tops another than it was settled for", number);
    if (change->reassessment && !jn_has(view, TABLE_ENTITLEMENT, JN_KEY(class, claim->seat, (uint64_t)claim->item)))
        jn_finding(a->audit, "claim %" PRIu64 " was reassessed, and no answer stands for it", number);
    return true;
}

void
audit_reassessments(struct reassessments_audit *a)
{
    const struct jn_view *view = a->audit->view;

    jn_scan(view, TABLE_REASSESSMENT, JN_KEY(0), 0, SIZE_MAX, check_reassessment, a);
    jn_scan(view, TABLE_ENTITLEMENT, JN_KEY(0), 0, SIZE_MAX, check_answer, a);
    jn_scan(view, TABLE_CHANGE, JN_KEY(0), 0, SIZE_MAX, check_change, a);
    jn_scan(view, TABLE_BACKWARDS, JN_KEY(0), 0, SIZE_MAX, check_backwards, a);
    if (a->backwards_fen != 0 || a->backwards_rows != 0)
        jn_finding(a->audit, "packs applied backwards moved something else than they say");
    if (a->count != jn_counter(view, COUNTER_REASSESSMENT))
        jn_finding(a->audit, "there are %" PRIu64 " reassessments, %" PRIu64 " were numbered", a->count,
                   jn_counter(view, COUNTER_REASSESSMENT));
    if (a->topups != a->topups_settled)
        jn_finding(a->audit, "%" PRIu64 " claims were found missing, %" PRIu64 " were settled for it", a->topups,
                   a->topups_settled);
}
