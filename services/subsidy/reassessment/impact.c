/* The impact of a pack (政策影响): what would move if it were applied backwards, before anything is done: the same
 * reckoning as backwards.c, over a copy of the tables, with histories as they would become. Settlements are read in
 * their order, a class's rows once. */
#include "subsidy/reassessment/impact.h"

#include <string.h>

#define PASSED_FORGET 4096

/* The class at hand. */
struct looked_at {
    struct impact *impact;
    const struct jn_view *view;
    uint64_t class_number; /* 0: none yet */
    const Subsidy__ClassNoted *class;
    Subsidy__ProgressRow progress;
    struct roster roster;
    const Subsidy__NotedResult **results;
    struct settled_at plain;
    struct judgement judgement;
    struct entitlement before[ITEMS];
    struct differences differences;
    const Subsidy__Settled *settled;
    const char *old; /* the pack that decided */
};

/* ---- Histories as they would be ---- */

static const struct impact_line *
line_of(const struct impact_party *person, uint64_t claim)
{
    for (const struct impact_line *line = person->lines; line; line = line->next)
        if (line->claim == claim)
            return line;
    return NULL;
}

static const struct paid_before *
history_with(const struct looked_at *at, const struct impact_party *person, uint32_t *count)
{
    const struct jn_view *view = at->view;
    const Subsidy__HistoryRow *row = jn_get(view, TABLE_HISTORY, JN_KEY(person->number));
    size_t held = row ? row->n_paid : 0, changed = 0;
    uint64_t settlement = at->settled->settlement;
    struct paid_before *paid;

    for (const struct impact_line *line = person->lines; line; line = line->next)
        changed++;
    paid = jn_take(view, (held + changed) * sizeof(*paid));
    *count = 0;
    for (size_t i = 0; i < held; i++) {
        const Subsidy__PaidBefore *line = row->paid[i];

        if (line->over_from == 0 &&
            (line->claim == 0 || (line->settlement < settlement && !line_of(person, line->claim))))
            paid[(*count)++] = line_read(line);
    }
    for (const struct impact_line *line = person->lines; line; line = line->next)
        if (line->due && line->settlement < settlement)
            paid[(*count)++] = line->paid;
    return paid;
}

static const struct paid_before *
history_at(const struct looked_at *at, uint64_t number, uint32_t *count)
{
    const struct impact_party *person = impact_find(&at->impact->people, number);

    if (person && person->lines)
        return history_with(at, person, count);
    return history_before(at->view, number, at->settled->settlement, count);
}

/* ---- One answer that changes ---- */

static uint64_t
payee_of(const struct looked_at *at, uint8_t payee)
{
    if (payee == COMMON__PAYEE__PAYEE_INSTITUTION)
        return at->class->provider;
    return payee == COMMON__PAYEE__PAYEE_ENTERPRISE ? class_enterprise(at->class) : 0;
}

/* The pack that decided; "": none was in force, and the one at hand said no more than that. */
static const char *
old_pack(const struct looked_at *at, int item)
{
    const struct entitlement *before = &at->before[item];

    return before->state == BENEFIT_REFUSED && before->reason == COMMON__REASON__NO_POLICY_IN_FORCE ? "" : at->old;
}

static void
move(const struct looked_at *at, int item, uint8_t fund, uint8_t payee, int64_t fen)
{
    struct impact_move moved = {.fund = fund,
                                .division = at->class->division,
                                .item = item,
                                .old = old_pack(at, item),
                                .fen = fen,
                                .payee = payee_of(at, payee)};

    impact_move(at->impact, &moved);
}

static void
note_line(const struct looked_at *at, struct impact_party *person, int item)
{
    const struct answer *now = &at->differences.now[item];
    uint64_t number = at->judgement.facts.certificate_number;
    struct impact_line *line;

    /* Never due, and not now: there is no line. */
    if (at->before[item].origin == 0 && now->state != BENEFIT_DUE)
        return;
    line = jn_report_keep(at->impact->report, sizeof(*line));
    line->claim = at->before[item].origin;
    line->settlement = at->settled->settlement;
    line->due = now->state == BENEFIT_DUE;
    line->paid = (struct paid_before){.day = at->class->end_day,
                                      .occupation = at->class->occupation,
                                      .months = (int16_t)now->months,
                                      .item = (uint8_t)item,
                                      .level = (uint8_t)now->level,
                                      .amount_fen = now->amount_fen,
                                      .certificate = number ? number : POLICY_CERTIFICATE_OTHER};
    line->next = person->lines;
    person->lines = line;
}

static void
note_change(const struct looked_at *at, const Subsidy__Seat *seat, int item)
{
    Subsidy__ImpactChange change = SUBSIDY__IMPACT_CHANGE__INIT;
    const struct answer *now = &at->differences.now[item];

    change.claim = at->before[item].origin;
    change.class_no = at->class->class_no;
    change.seat = seat->seat;
    change.item = (Common__Item)item;
    change.before_fen = entitlement_fen(&at->before[item]);
    change.now_fen = now->state == BENEFIT_DUE ? now->amount_fen : 0;
    change.refused = (Common__Reason)now->reason;
    impact_note(at->impact, &change);
}

static void
note_difference(const struct looked_at *at, const Subsidy__Seat *seat, int item)
{
    const struct difference *difference = &at->differences.of[item];
    const struct answer *now = &at->differences.now[item];
    struct impact_party *person = impact_party(at->impact, &at->impact->people, seat->person);

    for (size_t i = 0; i < at->before[item].stakes_count; i++) {
        const struct stake *before = &at->before[item].stakes[i];
        int64_t fen = difference->stakes[i].rest_fen - before->rest_fen;

        if (fen == 0)
            continue;
        move(at, item, before->fund, before->payee, fen);
        person->net_fen += fen;
    }
    if (difference->more_fen > 0) {
        move(at, item, now->fund, now->payee, difference->more_fen);
        person->net_fen += difference->more_fen;
    }
    note_line(at, person, item);
    note_change(at, seat, item);
}

/* ---- What the enterprise would have been paid ---- */

/* What moved by settlements before this one is added to what the tables say. */
static void
open_enterprise(struct looked_at *at, uint64_t settlement)
{
    const struct impact_party *party = impact_find(&at->impact->payees, class_enterprise(at->class));

    enterprise_open(&at->judgement, settlement);
    for (const struct impact_line *line = party ? party->lines : NULL; line; line = line->next)
        if (line->settlement < settlement)
            enterprise_add(&at->judgement, line->paid.item, line->paid.day, line->paid.amount_fen, line->times);
}

static void
move_enterprise(const struct looked_at *at, int item, int64_t fen, int times)
{
    struct impact_party *party = impact_party(at->impact, &at->impact->payees, class_enterprise(at->class));
    struct impact_line *line = party->lines;

    while (line && line->settlement == at->settled->settlement && line->paid.item != item)
        line = line->next;
    if (!line || line->settlement != at->settled->settlement) {
        line = jn_report_keep(at->impact->report, sizeof(*line));
        line->settlement = at->settled->settlement;
        line->paid = (struct paid_before){.item = (uint8_t)item, .day = at->class->end_day};
        line->next = party->lines;
        party->lines = line;
    }
    line->paid.amount_fen += fen;
    line->times += times;
}

static void
note_enterprise(struct looked_at *at, bool judged)
{
    enterprise_note_standing(&at->judgement, at->before, judged ? &at->differences : NULL);
    for (int item = 1; judged && at->judgement.enterprise.items && item < ITEMS; item++) {
        int64_t before = enterprise_fen(&at->before[item]), now = enterprise_now(&at->differences.now[item]);

        if (at->differences.differs[item] && before != now)
            move_enterprise(at, item, now - before, (now > 0) - (before > 0));
    }
}

static void
look_at_seat(struct looked_at *at, const Subsidy__Seat *seat)
{
    struct seat_facts facts = {.seat = seat, .result = at->results[seat->seat], .cancelled = at->progress.cancelled};

    at->impact->reply->seats++;
    facts.history = history_at(at, seat->person, &facts.history_count);
    if (!differences_of(&at->judgement, &facts, at->before, &at->differences)) {
        at->impact->reply->unjudged++;
        note_enterprise(at, false);
        return;
    }
    for (int item = 1; item < ITEMS; item++)
        if (at->differences.differs[item])
            note_difference(at, seat, item);
    note_enterprise(at, true);
}

/* ---- Settlement by settlement ---- */

static bool
class_opened(struct looked_at *at, uint64_t number)
{
    if (at->class_number == number)
        return true;
    jn_report_forget(at->impact->report);
    at->class_number = number;
    at->class = class_find(at->view, number);
    if (!at->class)
        return false;
    at->progress = progress_of(at->view, number);
    at->roster = roster_of(at->view, number, &at->progress, true);
    at->results = results_of(at->view, number, &at->progress, at->roster.seat_max, true);
    at->plain = settled_begin(at->view, number);
    judgement_open(&at->judgement, at->view, at->class, at->impact->request->pack);
    return true;
}

static void
look_at_part(struct looked_at *at, uint64_t settlement, const Subsidy__PartRow *part)
{
    struct settled_at cursor;
    uint32_t first = part->first_rank, until = first + part->rows;

    if (!class_opened(at, part->class_))
        return;
    at->settled = jn_get(at->view, TABLE_SETTLEMENT, JN_KEY(settlement));
    if (!at->settled)
        return;
    at->impact->reply->classes += first == 0;
    at->old = pack_decided(at->view, settlement, at->settled);
    at->impact->reply->claims += at->settled->n_claims;
    cursor = at->plain;
    open_enterprise(at, settlement);
    for (uint32_t rank = first; rank < until && rank < at->roster.count; rank++) {
        const Subsidy__Seat *seat = at->roster.seats[rank];

        if (!seat)
            continue;
        entitlements_of(at->view, at->settled, &cursor, seat->seat, at->before);
        look_at_seat(at, seat);
    }
}

const ProtobufCMessage *
report_impact(struct jn_report *report, const void *message)
{
    const Subsidy__ImpactRequest *request = message;
    Subsidy__ImpactView *reply = jn_report_keep(report, sizeof(*reply));
    struct impact *impact = jn_report_keep(report, sizeof(*impact));
    struct looked_at *at = jn_report_keep(report, sizeof(*at));
    uint64_t last = jn_counter(report->view, COUNTER_SETTLEMENT);

    subsidy__impact_view__init(reply);
    impact_open(impact, report, request, reply);
    at->impact = impact;
    at->view = report->view;
    for (uint64_t settlement = 1; request->pack && settlement <= last; settlement++) {
        const Subsidy__PartRow *found = part_of(at->view, settlement);
        Subsidy__PartRow part = SUBSIDY__PART_ROW__INIT;

        if (found)
            part = *found;
        if (part.rows && part.day >= request->from_day && part.day <= request->until_day)
            look_at_part(at, settlement, &part);
        else if (settlement % PASSED_FORGET == 0) {
            jn_report_forget(report);
            at->class_number = 0;
        }
    }
    impact_close(impact);
    return &reply->base;
}
