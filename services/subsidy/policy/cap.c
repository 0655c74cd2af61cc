/* Caps (总额上限) that cut what is due to what they leave, and recoveries (追回) of what was paid ahead. */
#include "domain/money.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/run.h"

/* False where not all of it is known; *sum is then what is. */
static bool
sum_paid(const struct run *run, const Policy__Limit *limit, uint64_t against, int64_t *sum)
{
    const struct facts *facts = run->facts;
    bool enterprise = limit->whose == POLICY__WHOSE__WHOSE_ENTERPRISE;
    const struct paid_before *lines = enterprise ? facts->enterprise_history : facts->history;
    uint32_t count = enterprise ? facts->enterprise_count : facts->history_count;
    struct span span = count ? run_span(run, limit->within, limit->months) : (struct span){0};
    bool known = true;

    *sum = 0;
    if (enterprise && !facts->enterprise_known)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const struct paid_before *paid = &lines[i];

        if (paid->advance || !(against & POLICY_BIT(paid->item)) || paid->day < span.first || paid->day > span.last)
            continue;
        known = known && (paid->amount_fen || paid->times);
        if (!money_add(*sum, paid->amount_fen, sum))
            *sum = MONEY_FEN_MAX;
    }
    return known;
}

/* What is known of it has spent the cap already, whatever the rest is. */
static bool
spent_anyway(const struct run *run, const Policy__Limit *limit, int64_t paid)
{
    return !run->facts->first_reading && paid >= limit->cap_fen;
}

/* Takes what the cap leaves for the item; returns how much of it. */
static int64_t
take(struct run *run, const Policy__Limit *limit, int item, int64_t paid, int64_t left)
{
    struct benefit *benefit = &run->out->benefits[item];

    if (left <= 0) {
        run_note(run, limit->number, item, POLICY__EVENT__CAP_SPENT, 0, paid);
        run_refuse(run, item, limit->reason, limit->clause);
        return 0;
    }
    if (benefit->amount_fen <= left) {
        run_note(run, limit->number, item, POLICY__EVENT__WITHIN_CAP, 0, left);
        return benefit->amount_fen;
    }
    run_note(run, limit->number, item, POLICY__EVENT__CUT, 0, left);
    benefit->amount_fen = left;
    return left;
}

/* Items that share a cap take from it in the order of their numbers. */
static void
share(struct run *run, const Policy__Limit *limit)
{
    int64_t paid, left;

    if (!sum_paid(run, limit, limit->against, &paid) && !spent_anyway(run, limit, paid)) {
        run_limit_not_known(run, limit);
        return;
    }
    left = limit->cap_fen - paid;
    for (uint64_t items = run->due & limit->items; items; items &= items - 1)
        left -= take(run, limit, __builtin_ctzll(items), paid, left);
}

void
run_cap(struct run *run, const Policy__Limit *limit)
{
    if (!limit->each) {
        share(run, limit);
        return;
    }
    for (uint64_t items = run->due & limit->items; items; items &= items - 1) {
        int item = __builtin_ctzll(items);
        int64_t paid;

        if (sum_paid(run, limit, POLICY_BIT(item), &paid) || spent_anyway(run, limit, paid)) {
            take(run, limit, item, paid, limit->cap_fen - paid);
            continue;
        }
        run_note(run, limit->number, item, POLICY__EVENT__PAID_NOT_KNOWN, 0, 0);
        run_refuse(run, item, COMMON__REASON__FACT_NOT_KNOWN, limit->clause);
    }
}

static bool
paid_ahead(const struct facts *facts, int item, int64_t *sum)
{
    *sum = 0;
    for (uint32_t i = 0; i < facts->history_count; i++) {
        const struct paid_before *paid = &facts->history[i];

        if (!paid->advance || paid->item != item)
            continue;
        if (!paid->amount_fen || !money_add(*sum, paid->amount_fen, sum))
            return false;
    }
    return true;
}

/* Nothing is asked back where an outcome or an amount is not known: that is said, and waits for the fact. */
static void
recover(struct run *run, const Policy__Rule *rule)
{
    struct benefit *benefit = &run->out->benefits[rule->item];
    Policy__Fact missing = POLICY__FACT__FACT_UNSPECIFIED;
    enum truth when;
    int64_t ahead;

    run_window(run, rule);
    when = run_all(run, rule->recovery->when, rule->recovery->n_when, &missing);
    if (when == FALSE || (paid_ahead(run->facts, (int)rule->item, &ahead) && !ahead))
        return;
    if (when == UNKNOWN)
        run_note(run, rule->number, (int)rule->item, POLICY__EVENT__NOT_KNOWN, (size_t)missing, 0);
    else if (!paid_ahead(run->facts, (int)rule->item, &ahead))
        run_note(run, rule->number, (int)rule->item, POLICY__EVENT__PAID_NOT_KNOWN, 0, 0);
    else if (ahead > benefit->amount_fen) {
        money_rate(ahead - benefit->amount_fen, rule->recovery->share_bp, &benefit->recover_fen);
        run_note(run, rule->number, (int)rule->item, POLICY__EVENT__RECOVERS, 0, benefit->recover_fen);
    }
}

void
run_recoveries(struct run *run)
{
    const Policy__Pack *pack = run->view->pack;

    for (size_t i = 0; i < pack->n_rules; i++) {
        const Policy__Rule *rule = pack->rules[i];

        if (rule->recovery && (run->out->mentioned & POLICY_BIT(rule->item)) &&
            run->out->benefits[rule->item].rule == rule->number)
            recover(run, rule);
    }
}

int64_t
recovery_given_up(const struct policy_view *view, const struct facts *facts, const struct evaluation *evaluation,
                  int item, int64_t unearned_fen)
{
    const struct benefit *benefit = &evaluation->benefits[item];
    const Policy__Rule *rule = benefit->state == BENEFIT_NONE ? NULL : pack_rule_numbered(view->pack, benefit->rule);
    struct run run = {.view = view, .facts = facts};
    Policy__Fact missing;
    int64_t back;

    if (!rule || !rule->recovery)
        return 0;
    run.known = facts_values(facts, view->pack, run.values);
    run_window(&run, rule);
    if (run_all(&run, rule->recovery->when, rule->recovery->n_when, &missing) != TRUE ||
        !money_rate(unearned_fen, rule->recovery->share_bp, &back))
        return 0;
    return unearned_fen - back;
}
