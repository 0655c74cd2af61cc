/* What an enterprise was paid (用人单位已享受补贴): what stays due to it by each settlement, as limits that look at the
 * enterprise count it. Who judges a class reads it once, added up as far as those limits can tell its days apart. */
#include "subsidy/nouns.h"

/* Settlements that one look goes back on; who has more is not reckoned by guesses. */
#define ROWS_MAX 10000

/* ---- What then happens ---- */

static void
row_move(struct jn_tables *t, struct jn_key key, int64_t fen, int times)
{
    const Subsidy__EnterpriseRow *before = jn_get(jn_view_of(t), TABLE_ENTERPRISE, key);
    Subsidy__EnterpriseRow row = SUBSIDY__ENTERPRISE_ROW__INIT;

    if (before)
        row = *before;
    row.fen += fen;
    row.times += (uint32_t)times;
    if (row.fen || row.times)
        jn_put(t, TABLE_ENTERPRISE, key, &row);
    else if (before)
        jn_delete(t, TABLE_ENTERPRISE, key);
}

static struct jn_key
key_of(uint64_t enterprise, int32_t day, uint64_t settlement, int item)
{
    return JN_KEY(enterprise, day_up(day), settlement, (uint64_t)item);
}

void
enterprise_keep_settled(struct jn_tables *t, const Subsidy__Settled *event)
{
    int64_t fen[ITEMS] = {0};
    int times[ITEMS] = {0};

    for (size_t i = 0; i < event->n_claims; i++) {
        const Subsidy__SettledClaim *claim = event->claims[i];

        if (claim->payee == COMMON__PAYEE__PAYEE_ENTERPRISE && claim->amount_fen > 0 && claim->item < ITEMS) {
            fen[claim->item] += claim->amount_fen;
            times[claim->item]++;
        }
    }
    for (int item = 1; item < ITEMS; item++)
        if (times[item])
            row_move(t, key_of(event->employer, event->day, event->settlement, item), fen[item], times[item]);
}

static int64_t
stakes_fen(Subsidy__Stake *const *stakes, size_t count)
{
    int64_t fen = 0;

    for (size_t i = 0; i < count; i++)
        fen += stakes[i]->payee == COMMON__PAYEE__PAYEE_ENTERPRISE ? stakes[i]->rest_fen : 0;
    return fen;
}

/* Of a seat and item, to the enterprise, before this reassessment of it is kept. */
static int64_t
stood_fen(const struct jn_view *view, uint64_t class, const Subsidy__ReassessedRow *row, const Subsidy__Settled *part)
{
    const Subsidy__EntitlementRow *answer =
        jn_get(view, TABLE_ENTITLEMENT, JN_KEY(class, row->seat, (uint64_t)row->item));
    uint64_t first = part && part->n_claims ? part->claims[0]->claim : UINT64_MAX;
    const Subsidy__SettledClaim *claim;

    if (answer)
        return stakes_fen(answer->stakes, answer->n_stakes);
    if (row->origin < first || row->origin - first >= part->n_claims)
        return 0; /* it was not due */
    claim = part->claims[row->origin - first];
    return claim->payee == COMMON__PAYEE__PAYEE_ENTERPRISE ? claim->amount_fen : 0;
}

void
enterprise_keep_reassessed(struct jn_tables *t, const Subsidy__Reassessed *event, const Subsidy__ClassNoted *class)
{
    const struct jn_view *view = jn_view_of(t);
    const Subsidy__Settled *part = NULL;

    for (size_t i = 0; class && i < event->n_rows; i++) {
        const Subsidy__ReassessedRow *row = event->rows[i];
        int64_t before, now = stakes_fen(row->stakes, row->n_stakes);

        if (!part || part->settlement != row->settlement)
            part = jn_get(view, TABLE_SETTLEMENT, JN_KEY(row->settlement));
        before = stood_fen(view, event->class_, row, part);
        if (before != now)
            row_move(t, key_of(class_enterprise(class), class->end_day, row->settlement, (int)row->item), now - before,
                     (now > 0) - (before > 0));
    }
}

/* ---- What limits ask ---- */

static uint64_t
looked_for(const Policy__Limit *limit)
{
    if (limit->whose != POLICY__WHOSE__WHOSE_ENTERPRISE)
        return 0;
    return limit->each ? limit->items : limit->against;
}

static int32_t
first_day(const Policy__Limit *limit, const Policy__Pack *pack, int32_t day)
{
    switch (limit->within) {
    case POLICY__WITHIN__MONTHS_BACK:
        return facts_months_back(day, limit->months);
    case POLICY__WITHIN__SINCE_PACK:
        return pack->from_day;
    case POLICY__WITHIN__YEAR: /* of a certificate, which may be older than the class */
    case POLICY__WITHIN__EVER:
    case _POLICY__WITHIN_IS_INT_SIZE:
        break;
    }
    return INT32_MIN;
}

/* Days of one year between which no limit's span begins or ends are the same to all limits. */
static bool
same_to_all(const struct enterprise_paid *paid, int32_t a, int32_t b)
{
    if (date_of(a).year != date_of(b).year)
        return false;
    for (size_t i = 0; i < paid->cuts_count; i++)
        if ((a >= paid->cuts[i]) != (b >= paid->cuts[i]))
            return false;
    return true;
}

/* No limit counts further than POLICY_HISTORY_MAX. */
static uint16_t
times_with(int times, int more)
{
    return (uint16_t)(times + more > UINT16_MAX ? UINT16_MAX : times + more);
}

void
enterprise_add(struct judgement *judgement, int item, int32_t day, int64_t fen, int times)
{
    struct enterprise_paid *paid = &judgement->enterprise;
    struct paid_before *line = NULL;

    if (!(paid->items & POLICY_BIT(item)) || (!fen && !times))
        return;
    for (uint32_t i = 0; i < paid->count && !line; i++)
        if (paid->lines[i].item == item && same_to_all(paid, paid->lines[i].day, day))
            line = &paid->lines[i];
    if (!line && paid->count == ENTERPRISE_LINES_MAX) {
        judgement->facts.enterprise_known = false;
        return;
    }
    if (!line) {
        line = &paid->lines[paid->count++];
        *line = (struct paid_before){.item = (uint8_t)item, .day = day};
    }
    line->amount_fen += fen;
    line->times = times_with(line->times, times);
    /* Nothing is left of it: an amount of nothing would be one that is not known. */
    if (line->times == 0)
        *line = paid->lines[--paid->count];
    judgement->facts.enterprise_count = paid->count;
}

struct looking {
    struct judgement *judgement;
    uint64_t before;
};

static bool
look_at_row(void *context, const struct jn_key *key, const void *value)
{
    struct looking *looking = context;
    const Subsidy__EnterpriseRow *row = value;

    if (jn_key_number(key, 2) < looking->before)
        enterprise_add(looking->judgement, (int)jn_key_number(key, 3),
                       (int32_t)((int64_t)jn_key_number(key, 1) + INT32_MIN), row->fen, (int)row->times);
    looking->judgement->lines++;
    return true;
}

void
enterprise_open(struct judgement *judgement, uint64_t before)
{
    const Policy__Pack *pack = judgement->policy.pack;
    struct enterprise_paid *paid = &judgement->enterprise;
    struct facts *facts = &judgement->facts;
    uint64_t enterprise = class_enterprise(judgement->class);
    struct looking looking = {judgement, before};
    int32_t first = INT32_MAX;

    *paid = (struct enterprise_paid){.cuts = {facts->day + 1}, .cuts_count = 1};
    for (size_t i = 0; i < pack->n_limits; i++) {
        uint64_t items = looked_for(pack->limits[i]);
        int32_t day = items ? first_day(pack->limits[i], pack, facts->day) : INT32_MAX;

        paid->items |= items;
        first = day < first ? day : first;
        if (items && day > INT32_MIN && paid->cuts_count <= PACK_LIMITS_MAX)
            paid->cuts[paid->cuts_count++] = day;
    }
    facts->enterprise_known = paid->items != 0;
    facts->enterprise_count = 0;
    facts->enterprise_history = NULL;
    if (!paid->items)
        return;
    facts->enterprise_history = paid->lines = jn_take(judgement->view, ENTERPRISE_LINES_MAX * sizeof(*paid->lines));
    if (before && !jn_scan(judgement->view, TABLE_ENTERPRISE, JN_KEY(enterprise, day_up(first)), sizeof(uint64_t),
                           ROWS_MAX, look_at_row, &looking))
        facts->enterprise_known = false;
}

void
enterprise_note_due(struct judgement *judgement)
{
    const struct evaluation *evaluation = &judgement->evaluation;

    if (!judgement->enterprise.items)
        return;
    for (uint64_t items = evaluation->mentioned; items; items &= items - 1) {
        int item = __builtin_ctzll(items);
        const struct benefit *benefit = &evaluation->benefits[item];

        if (benefit->state == BENEFIT_DUE && benefit->payee == COMMON__PAYEE__PAYEE_ENTERPRISE)
            enterprise_add(judgement, item, judgement->facts.day, benefit->amount_fen, benefit->amount_fen > 0);
    }
}

int64_t
enterprise_fen(const struct entitlement *entitlement)
{
    int64_t fen = 0;

    for (size_t i = 0; i < entitlement->stakes_count; i++)
        if (entitlement->stakes[i].payee == COMMON__PAYEE__PAYEE_ENTERPRISE)
            fen += entitlement->stakes[i].rest_fen;
    return fen;
}

int64_t
enterprise_now(const struct answer *now)
{
    return now->state == BENEFIT_DUE && now->payee == COMMON__PAYEE__PAYEE_ENTERPRISE ? now->amount_fen : 0;
}

void
enterprise_note_standing(struct judgement *judgement, const struct entitlement *before, const struct differences *moved)
{
    for (int item = 1; judgement->enterprise.items && item < ITEMS; item++) {
        int64_t fen = enterprise_fen(&before[item]);

        if (moved && moved->differs[item])
            fen = enterprise_now(&moved->now[item]);
        enterprise_add(judgement, item, judgement->facts.day, fen, fen > 0);
    }
}

/* ---- What an event tells of it, and back ---- */

static size_t
tell_lines(const struct judgement *judgement, Policy__PastBenefit ***out)
{
    const struct enterprise_paid *paid = &judgement->enterprise;

    *out = jn_take(judgement->view, paid->count * sizeof(**out));
    for (uint32_t i = 0; i < paid->count; i++) {
        Policy__PastBenefit *line = (*out)[i] = jn_take(judgement->view, sizeof(*line));

        policy__past_benefit__init(line);
        line->item = (Common__Item)paid->lines[i].item;
        line->day = paid->lines[i].day;
        line->amount_fen = paid->lines[i].amount_fen;
        line->times = paid->lines[i].times;
    }
    return paid->count;
}

static void
then_lines(struct judgement *judgement, bool known, Policy__PastBenefit *const *lines, size_t count)
{
    enterprise_open(judgement, 0);
    judgement->facts.enterprise_known = known;
    for (size_t i = 0; known && i < count; i++)
        enterprise_add(judgement, (int)lines[i]->item, lines[i]->day, lines[i]->amount_fen, (int)lines[i]->times);
}

void
enterprise_tell(const struct judgement *judgement, Subsidy__ClassFacts *facts)
{
    facts->enterprise_known = judgement->facts.enterprise_known;
    if (facts->enterprise_known)
        facts->n_enterprise = tell_lines(judgement, &facts->enterprise);
}

void
enterprise_then(struct judgement *judgement, const Subsidy__Settled *settled, size_t claims)
{
    const Subsidy__ClassFacts *facts = settled->facts;
    bool known = facts && facts->enterprise_known;

    then_lines(judgement, known, known ? facts->enterprise : NULL, known ? facts->n_enterprise : 0);
    for (size_t i = 0; known && i < claims && i < settled->n_claims; i++)
        if (settled->claims[i]->payee == COMMON__PAYEE__PAYEE_ENTERPRISE && settled->claims[i]->amount_fen > 0)
            enterprise_add(judgement, (int)settled->claims[i]->item, settled->day, settled->claims[i]->amount_fen, 1);
}

Subsidy__SeatEnterprise *
enterprise_tell_seat(const struct judgement *judgement)
{
    Subsidy__SeatEnterprise *told;

    if (!judgement->enterprise.items)
        return NULL;
    told = jn_take(judgement->view, sizeof(*told));
    subsidy__seat_enterprise__init(told);
    told->known = judgement->facts.enterprise_known;
    if (told->known)
        told->n_lines = tell_lines(judgement, &told->lines);
    return told;
}

void
enterprise_then_seat(struct judgement *judgement, const Subsidy__SeatEnterprise *told)
{
    then_lines(judgement, told->known, told->lines, told->n_lines);
}
