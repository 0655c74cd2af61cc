/* Advances (预拨): when a class opens, a share of what it would earn if everybody on its roster passed, 2.10-f. */
#include "domain/money.h"
#include "subsidy/nouns.h"

#define FUNDS  (COMMON__FUND__INDUSTRY + 1)
#define PAYEES (COMMON__PAYEE__PAYEE_INSTITUTION + 1)

/* What is expected, and of that the part of rules with a share of their own, with what that share comes to; and what is
 * paid ahead for which seat, where a rule asks back a share alone of what is not earned. */
struct expectation {
    int64_t fen[FUNDS][PAYEES], own_fen[FUNDS][PAYEES], own_ahead[FUNDS][PAYEES];
    bool recovers;
    size_t aheads_count; /* AHEADS_MAX: there would be more than are kept */
    struct ahead *aheads;
};

/* Enterprise training, and what institutions are paid for project-based classes; people are paid nothing ahead. */
static bool
in_advance(const Subsidy__ClassNoted *class, const struct benefit *benefit)
{
    return benefit->payee == COMMON__PAYEE__PAYEE_ENTERPRISE ||
           (benefit->payee == COMMON__PAYEE__PAYEE_INSTITUTION && class->project_based);
}

static void
add(int64_t *sum, int64_t fen)
{
    money_add(*sum, fen, sum);
}

static void
expect_ahead(struct expectation *expectation, const struct benefit *benefit, uint32_t seat, int item, int64_t fen)
{
    struct ahead *ahead;

    if (fen <= 0 || !expectation->aheads || expectation->aheads_count == AHEADS_MAX)
        return;
    ahead = &expectation->aheads[expectation->aheads_count++];
    ahead->seat = seat;
    ahead->item = item;
    ahead->row.fund = (Common__Fund)benefit->fund;
    ahead->row.payee = (Common__Payee)benefit->payee;
    ahead->row.ahead_fen = fen;
}

static void
expect(struct expectation *expectation, const struct judgement *judgement, uint32_t seat)
{
    const Policy__Pack *pack = judgement->policy.pack;

    for (uint64_t items = judgement->evaluation.mentioned; items; items &= items - 1) {
        int item = __builtin_ctzll(items);
        const struct benefit *benefit = &judgement->evaluation.benefits[item];
        const Policy__Rule *rule;
        int64_t ahead = 0;

        if (benefit->state != BENEFIT_DUE || benefit->fund >= FUNDS || benefit->payee >= PAYEES ||
            !in_advance(judgement->class, benefit))
            continue;
        add(&expectation->fen[benefit->fund][benefit->payee], benefit->amount_fen);
        rule = pack_rule_numbered(pack, benefit->rule);
        money_rate(benefit->amount_fen, pack_advance_bp(pack, benefit->rule), &ahead);
        expect_ahead(expectation, benefit, seat, item, ahead);
        expectation->recovers = expectation->recovers || (rule && rule->recovery);
        if (!rule || !rule->own_advance)
            continue;
        add(&expectation->own_fen[benefit->fund][benefit->payee], benefit->amount_fen);
        add(&expectation->own_ahead[benefit->fund][benefit->payee], ahead);
    }
}

/* An event that has happened must be taken in whatever it costs: where histories are longer than one message may read
 * (2,000 people have 10 lines each before that), nobody more is expected to earn anything, and the advance is smaller.
 * As if the certificate that fits the project had been obtained by all, at the end, and nobody had missed a day. */
static struct expectation
expectation_of(struct jn_decision *d, const Subsidy__ClassNoted *class, const Policy__Pack *pack)
{
    Subsidy__ProgressRow progress = progress_of(d->view, class->class_);
    struct roster roster = roster_claimed(d->view, class->class_, &progress);
    struct judgement *judgement = jn_take(d->view, sizeof(*judgement));
    Subsidy__NotedResult passed = SUBSIDY__NOTED_RESULT__INIT;
    struct expectation expectation = {0};

    for (size_t i = 0; i < pack->n_rules; i++)
        if (pack->rules[i]->recovery && !expectation.aheads)
            expectation.aheads = jn_take(d->view, AHEADS_MAX * sizeof(*expectation.aheads));
    passed.kind = class->level ? COMMON__CERTIFICATE_KIND__SKILL_LEVEL : COMMON__CERTIFICATE_KIND__COMPLETION;
    passed.level = class->level;
    passed.day = class->end_day;
    passed.certificate = UINT64_MAX; /* one that nobody has been paid for */
    judgement_open(judgement, d->view, class, pack);
    judgement->moment = MOMENT_HOPED;
    for (uint32_t i = 0; i < roster.count && judgement->lines < HISTORY_READ_MAX; i++) {
        Subsidy__Seat seat = *roster.seats[i];

        seat.days = (uint32_t)(class->end_day - class->start_day + 1);
        if (judge(judgement, &seat, &passed))
            expect(&expectation, judgement, seat.seat);
    }
    return expectation;
}

static void
add_part(struct jn_decision *d, Subsidy__AdvanceGranted *granted, const Subsidy__ClassNoted *class,
         Subsidy__AdvancePart share)
{
    Subsidy__AdvancePart *part;

    if (share.amount_fen <= 0)
        return;
    part = granted->parts[granted->n_parts++] = jn_take(d->view, sizeof(*part));
    *part = share;
    part->institution = share.payee == COMMON__PAYEE__PAYEE_ENTERPRISE ? class_enterprise(class) : class->provider;
}

static uint32_t
part_of_ahead(const Subsidy__AdvanceGranted *granted, const Subsidy__AheadRow *row)
{
    uint32_t part = 0;

    while (part < granted->n_parts &&
           (granted->parts[part]->fund != row->fund || granted->parts[part]->payee != row->payee))
        part++;
    return part;
}

/* Where there are more than are kept, all that is not earned is asked back, as where no rule says otherwise. */
static void
tell_aheads(struct jn_decision *d, const struct expectation *expectation, Subsidy__AdvanceGranted *granted)
{
    size_t count = expectation->aheads_count;

    if (!expectation->recovers || count == AHEADS_MAX)
        return;
    granted->ahead_seat = jn_take(d->view, count * sizeof(*granted->ahead_seat));
    granted->ahead_item = jn_take(d->view, count * sizeof(*granted->ahead_item));
    granted->ahead_fen = jn_take(d->view, count * sizeof(*granted->ahead_fen));
    granted->ahead_part = jn_take(d->view, count * sizeof(*granted->ahead_part));
    for (size_t i = 0; i < count; i++) {
        const struct ahead *ahead = &expectation->aheads[i];
        uint32_t part = part_of_ahead(granted, &ahead->row);

        if (part == granted->n_parts)
            continue;
        granted->ahead_seat[granted->n_ahead_seat++] = ahead->seat;
        granted->ahead_item[granted->n_ahead_item++] = (Common__Item)ahead->item;
        granted->ahead_fen[granted->n_ahead_fen++] = ahead->row.ahead_fen;
        granted->ahead_part[granted->n_ahead_part++] = part;
    }
}

enum jn_code
react_class_opened(struct jn_decision *d, const Enrollment__ClassOpened *event, const struct jn_source *source)
{
    const Subsidy__ClassNoted *class = class_find(d->view, event->class_);
    Subsidy__AdvanceGranted granted = SUBSIDY__ADVANCE_GRANTED__INIT;
    struct pack_choice choice = {0};
    struct expectation expectation;

    (void)source;
    if (class)
        note_opening(d, event->class_);
    if (!class || !class->advance || !pack_on(d->view, class->end_day, &choice) || !choice.in_force)
        return JN_OK;
    expectation = expectation_of(d, class, choice.pack);
    granted.class_ = class->class_;
    granted.class_no = class->class_no;
    granted.division = class->division;
    granted.day = class->start_day;
    granted.parts = jn_take(d->view, FUNDS * PAYEES * sizeof(*granted.parts));
    for (int fund = 1; fund < FUNDS; fund++)
        for (int payee = 1; payee < PAYEES; payee++) {
            Subsidy__AdvancePart share = SUBSIDY__ADVANCE_PART__INIT;

            share.fund = (Common__Fund)fund;
            share.payee = (Common__Payee)payee;
            share.expected_fen = expectation.fen[fund][payee];
            money_rate(share.expected_fen - expectation.own_fen[fund][payee], choice.pack->advance_bp,
                       &share.amount_fen);
            add(&share.amount_fen, expectation.own_ahead[fund][payee]);
            add_part(d, &granted, class, share);
        }
    tell_aheads(d, &expectation, &granted);
    return granted.n_parts ? jn_emit(d, EVENT_ADVANCE_GRANTED, &granted) : JN_OK;
}

void
apply_advance_granted(struct jn_tables *t, const Subsidy__AdvanceGranted *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    jn_put(t, TABLE_ADVANCE, JN_KEY(event->class_), event);
    for (size_t i = 0; i < event->n_ahead_seat; i++) {
        const Subsidy__AdvancePart *part = event->parts[event->ahead_part[i]];
        Subsidy__AheadRow row = SUBSIDY__AHEAD_ROW__INIT;

        row.fund = part->fund;
        row.payee = part->payee;
        row.ahead_fen = row.unearned_fen = event->ahead_fen[i];
        jn_put(t, TABLE_AHEAD, JN_KEY(event->class_, event->ahead_seat[i], (uint64_t)event->ahead_item[i]), &row);
    }
}
