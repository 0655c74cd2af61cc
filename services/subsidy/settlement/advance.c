/* Advances (预拨): when a class opens, a share of what it would earn if everybody on its roster passed, 2.10-f. */
#include "domain/money.h"
#include "subsidy/nouns.h"

#define FUNDS  (COMMON__FUND__INDUSTRY + 1)
#define PAYEES (COMMON__PAYEE__PAYEE_INSTITUTION + 1)

/* What is expected, and of that the part of rules with a share of their own, with what that share comes to. */
struct expectation {
    int64_t fen[FUNDS][PAYEES], own_fen[FUNDS][PAYEES], own_ahead[FUNDS][PAYEES];
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
expect(struct expectation *expectation, const struct judgement *judgement)
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
        if (!rule || !rule->own_advance)
            continue;
        money_rate(benefit->amount_fen, rule->advance_bp, &ahead);
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
            expect(&expectation, judgement);
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
    return granted.n_parts ? jn_emit(d, EVENT_ADVANCE_GRANTED, &granted) : JN_OK;
}

void
apply_advance_granted(struct jn_tables *t, const Subsidy__AdvanceGranted *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    jn_put(t, TABLE_ADVANCE, JN_KEY(event->class_), event);
}
