/* What was paid ahead for a seat (席位预拨), 2.10-f. A rule may ask back a share alone of what was not earned
 * (追回比例); seat by seat, as seats are judged, it is reckoned what the rule gives up. The ledger, which sets the
 * advance of a class off against all of its claims, gives up of what is owed then in that proportion. */
#include "subsidy/settlement/ahead.h"

#include <inttypes.h>

#include "domain/money.h"
#include "subsidy/nouns.h"

/* One a fund, institution and rule. */
#define SHARES_MAX 64

/* ---- What stands ---- */

static bool
load(void *context, const struct jn_key *key, const void *value)
{
    struct aheads *aheads = context;

    aheads->at[aheads->count++] = (struct ahead){.seat = (uint32_t)jn_key_number(key, 1),
                                                 .item = (int)jn_key_number(key, 2),
                                                 .row = *(const Subsidy__AheadRow *)value};
    return true;
}

struct aheads *
aheads_of(const struct jn_view *view, uint64_t class)
{
    const Subsidy__AdvanceGranted *granted = jn_get(view, TABLE_ADVANCE, JN_KEY(class));
    struct aheads *aheads;

    if (!granted || granted->n_ahead_seat == 0)
        return NULL;
    aheads = jn_take(view, sizeof(*aheads));
    aheads->at = jn_take(view, granted->n_ahead_seat * sizeof(*aheads->at));
    jn_scan(view, TABLE_AHEAD, JN_KEY(class), sizeof(uint64_t), granted->n_ahead_seat, load, aheads);
    return aheads;
}

/* ---- A seat ---- */

static size_t
first_of(const struct aheads *aheads, uint32_t seat)
{
    size_t low = 0, high = aheads->count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (aheads->at[middle].seat < seat)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void
judge_item(struct ahead *ahead, const struct judgement *judgement)
{
    const struct benefit *benefit = &judgement->evaluation.benefits[ahead->item];
    Subsidy__AheadRow *row = &ahead->row;
    bool earns =
        benefit->state == BENEFIT_DUE && benefit->fund == (uint8_t)row->fund && benefit->payee == (uint8_t)row->payee;
    int64_t earned = earns ? benefit->amount_fen : 0;
    int64_t unearned = row->ahead_fen > earned ? row->ahead_fen - earned : 0;
    int64_t given_up =
        recovery_given_up(&judgement->policy, &judgement->facts, &judgement->evaluation, ahead->item, unearned);
    uint32_t rule = given_up ? benefit->rule : 0;

    ahead->changed =
        ahead->changed || unearned != row->unearned_fen || given_up != row->given_up_fen || rule != row->rule;
    row->unearned_fen = unearned;
    row->given_up_fen = given_up;
    row->rule = rule;
}

void
aheads_judge(struct aheads *aheads, const struct judgement *judgement, uint32_t seat)
{
    if (!aheads)
        return;
    for (size_t i = first_of(aheads, seat); i < aheads->count && aheads->at[i].seat == seat; i++)
        judge_item(&aheads->at[i], judgement);
}

/* ---- The class ---- */

static uint64_t
institution_of(const Subsidy__ClassNoted *class, const Subsidy__AheadRow *row)
{
    return row->payee == COMMON__PAYEE__PAYEE_ENTERPRISE ? class_enterprise(class) : class->provider;
}

static Subsidy__AdvanceShare *
share_of(struct jn_decision *d, Subsidy__AdvanceReckoned *event, const struct judgement *judgement,
         const Subsidy__AheadRow *row)
{
    uint64_t institution = institution_of(judgement->class, row);
    const Policy__Rule *rule = pack_rule_numbered(judgement->policy.pack, row->rule);
    Subsidy__AdvanceShare *share;

    for (size_t i = 0; i < event->n_shares; i++)
        if (event->shares[i]->fund == row->fund && event->shares[i]->institution == institution &&
            event->shares[i]->rule == row->rule)
            return event->shares[i];
    if (event->n_shares == SHARES_MAX)
        return NULL; /* what more there is, is asked back */
    share = event->shares[event->n_shares++] = jn_take(d->view, sizeof(*share));
    *share = (Subsidy__AdvanceShare)SUBSIDY__ADVANCE_SHARE__INIT;
    share->fund = row->fund;
    share->institution = institution;
    share->rule = row->rule;
    share->clause = !rule                                       ? (char *)(uintptr_t) "2.10-f"
                    : rule->recovery && *rule->recovery->clause ? rule->recovery->clause
                                                                : rule->clause;
    return share;
}

static void
add(int64_t *sum, int64_t fen)
{
    money_add(*sum, fen, sum);
}

static void
sum_up(struct jn_decision *d, Subsidy__AdvanceReckoned *event, const struct judgement *judgement,
       const struct aheads *aheads)
{
    event->shares = jn_take(d->view, SHARES_MAX * sizeof(*event->shares));
    for (size_t i = 0; i < aheads->count; i++) {
        const Subsidy__AheadRow *row = &aheads->at[i].row;
        Subsidy__AdvanceShare *share = row->given_up_fen ? share_of(d, event, judgement, row) : NULL;

        if (share)
            add(&share->given_up_fen, row->given_up_fen);
    }
    for (size_t i = 0; i < aheads->count; i++)
        for (size_t j = 0; j < event->n_shares; j++)
            if (event->shares[j]->fund == aheads->at[i].row.fund &&
                event->shares[j]->institution == institution_of(judgement->class, &aheads->at[i].row))
                add(&event->shares[j]->unearned_fen, aheads->at[i].row.unearned_fen);
}

void
aheads_emit(struct jn_decision *d, const struct judgement *judgement, const struct aheads *aheads, bool last)
{
    const Subsidy__ClassNoted *class = judgement->class;
    Subsidy__AdvanceReckoned event = SUBSIDY__ADVANCE_RECKONED__INIT;

    if (!aheads)
        return;
    event.rows = jn_take(d->view, aheads->count * sizeof(*event.rows));
    for (size_t i = 0; i < aheads->count; i++) {
        const struct ahead *ahead = &aheads->at[i];
        Subsidy__AheadReckoned *row;

        if (!ahead->changed)
            continue;
        row = event.rows[event.n_rows++] = jn_take(d->view, sizeof(*row));
        *row = (Subsidy__AheadReckoned)SUBSIDY__AHEAD_RECKONED__INIT;
        row->seat = ahead->seat;
        row->item = (Common__Item)ahead->item;
        row->unearned_fen = ahead->row.unearned_fen;
        row->given_up_fen = ahead->row.given_up_fen;
        row->rule = ahead->row.rule;
    }
    if (event.n_rows == 0 && !last)
        return;
    event.class_ = class->class_;
    event.class_no = class->class_no;
    event.division = class->division;
    event.day = d->today;
    event.pack = judgement->policy.pack->id;
    sum_up(d, &event, judgement, aheads);
    if (event.n_rows || event.n_shares)
        jn_emit(d, SUBSIDY__EVENT__BODY_ADVANCE_RECKONED, &event);
}

/* ---- What then happens ---- */

void
apply_advance_reckoned(struct jn_tables *t, const Subsidy__AdvanceReckoned *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__AheadReckoned *reckoned = event->rows[i];
        struct jn_key key = JN_KEY(event->class_, reckoned->seat, (uint64_t)reckoned->item);
        const Subsidy__AheadRow *old = jn_get(jn_view_of(t), TABLE_AHEAD, key);
        Subsidy__AheadRow row;

        if (!old)
            continue; /* the tables have gone quiet */
        row = *old;
        row.unearned_fen = reckoned->unearned_fen;
        row.given_up_fen = reckoned->given_up_fen;
        row.rule = reckoned->rule;
        jn_put(t, TABLE_AHEAD, key, &row);
    }
}

/* ---- Audit ---- */

static bool
check_ahead(void *context, const struct jn_key *key, const void *value)
{
    struct jn_audit *audit = context;
    const Subsidy__AheadRow *row = value;

    if (row->given_up_fen < 0 || row->given_up_fen > row->unearned_fen || row->unearned_fen > row->ahead_fen ||
        (row->given_up_fen > 0) != (row->rule > 0) ||
        !jn_has(audit->view, TABLE_ADVANCE, JN_KEY(jn_key_number(key, 0))))
        jn_finding(audit, "class %" PRIu64 ", seat %" PRIu64 ": what was paid ahead for it cannot be so",
                   jn_key_number(key, 0), jn_key_number(key, 1));
    return true;
}

void
aheads_audit(struct jn_audit *audit)
{
    jn_scan(audit->view, TABLE_AHEAD, JN_KEY(0), 0, SIZE_MAX, check_ahead, audit);
}
