/* Rules that can never be paid, and parts of rules that nobody can reach. */
#include <inttypes.h>
#include <string.h>

#include "domain/money.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/review/reach.h"
#include "subsidy/policy/review/review.h"

static bool
reachable(struct review *review, const Policy__Rule *rule)
{
    struct reach reach;
    size_t dead = 0;

    for (size_t way = 0; way < reach_ways(rule); way++) {
        if (reach_rule(&reach, review->at->pack, rule, way))
            continue;
        dead++;
        if (rule->n_one_of > 1)
            review_rule(review, rule, "one_of",
                        "alternative %zu can never hold: its conditions contradict each other on %s", way + 1,
                        fact_words[reach.contradiction].name);
    }
    if (dead == reach_ways(rule))
        review_rule(review, rule, "when", "nobody can fit: its conditions contradict each other on %s",
                    fact_words[reach.contradiction].name);
    return dead < reach_ways(rule);
}

/* Is there a way to fit and to meet the first `count` requirements? */
static bool
met_so_far(const struct review *review, const Policy__Rule *rule, size_t count, Policy__Fact *fact)
{
    struct reach reach;

    for (size_t way = 0; way < reach_ways(rule); way++) {
        bool good = reach_rule(&reach, review->at->pack, rule, way);

        for (size_t i = 0; good && i < count; i++)
            if (!rule->requires[i] -> where && !reach_add(&reach, rule->requires[i] -> condition))
                good = false;
        if (good)
            return true;
    }
    *fact = reach.contradiction;
    return false;
}

static bool
requirements_can_be_met(struct review *review, const Policy__Rule *rule)
{
    Policy__Fact fact = POLICY__FACT__FACT_UNSPECIFIED;

    for (size_t i = 0; i < rule->n_requires; i++)
        if (!met_so_far(review, rule, i + 1, &fact)) {
            if (fact == POLICY__FACT__MONTHS_LEFT)
                review_rule(review, rule, "requires",
                            "requirement %zu refuses everybody: the quota leaves %" PRIu32 " months at most", i + 1,
                            rule->quota->months);
            else
                review_rule(review, rule, "requires",
                            "requirement %zu refuses everybody: it contradicts what comes before it on %s", i + 1,
                            fact_words[fact].name);
            return false;
        }
    return true;
}

/* Can the condition hold for somebody who fits and meets what is required? */
static bool
can_hold(const struct review *review, const Policy__Rule *rule, Policy__Condition *const *conditions, size_t count)
{
    struct reach reach;

    for (size_t way = 0; way < reach_ways(rule); way++) {
        bool good = reach_rule(&reach, review->at->pack, rule, way);

        for (size_t i = 0; good && i < rule->n_requires; i++)
            if (!rule->requires[i] -> where)
                good = reach_add(&reach, rule->requires[i] -> condition);
        if (good && reach_add_all(&reach, conditions, count))
            return true;
    }
    return false;
}

static void
steps(struct review *review, const Policy__Rule *rule)
{
    for (size_t i = 0; i < rule->n_amount; i++)
        if (rule->amount[i]->n_when && !can_hold(review, rule, rule->amount[i]->when, rule->amount[i]->n_when))
            review_rule(review, rule, "amount", "step %zu of the amount is never taken: its condition can never hold",
                        i + 1);
}

static void
table(struct review *review, const Policy__Rule *rule, const Policy__Table *one)
{
    bool words = one->rows[0]->any_of;

    for (size_t i = 0; i < one->n_rows; i++) {
        Policy__Condition below = POLICY__CONDITION__INIT, row = POLICY__CONDITION__INIT;
        Policy__Condition *reached[] = {&row, &below};
        /* A row of thresholds is reached where the fact lies from it on, and below the next. */
        size_t count = !words && i + 1 < one->n_rows && one->rows[i + 1]->at_least > 1 && !one->graduated ? 2 : 1;

        row.fact = below.fact = one->by;
        row.any_of = one->rows[i]->any_of;
        row.at_least = one->rows[i]->at_least;
        if (count == 2)
            below.at_most = one->rows[i + 1]->at_least - 1;
        if (!can_hold(review, rule, reached, count))
            review_rule(review, rule, *one->name ? "tables" : "table",
                        "row %zu of the table%s%s is never reached: its %s can never be there", i + 1,
                        *one->name ? " " : "", one->name, fact_words[one->by].name);
    }
}

static void
unused_tables(struct review *review, const Policy__Rule *rule)
{
    bool own = false;
    uint64_t named = 0;

    for (size_t i = 0; i < rule->n_amount; i++) {
        own |= rule->amount[i]->source == POLICY__SOURCE__TABLE;
        if (rule->amount[i]->source == POLICY__SOURCE__NAMED_TABLE)
            named |= POLICY_BIT(rule->amount[i]->reference & 63);
    }
    if (rule->table && !own)
        review_rule(review, rule, "table", "no step of the amount takes from the table");
    for (size_t i = 0; i < rule->n_tables; i++)
        if (!(named & POLICY_BIT(i + 1)))
            review_rule(review, rule, "tables", "no step of the amount takes from table %s", rule->tables[i]->name);
}

/* Is there a limit before this one that could take the other out and leave this one? */
static bool
may_be_gone(const Policy__Pack *pack, const Policy__Limit *until, const Policy__Rule *one, const Policy__Rule *other)
{
    for (size_t i = 0; i < pack->n_limits && pack->limits[i] != until; i++)
        if ((pack->limits[i]->items & POLICY_BIT(other->item)) &&
            (!(pack->limits[i]->items & POLICY_BIT(one->item)) || pack->limits[i]->each ||
             pack->limits[i]->kind == POLICY__LIMIT_KIND__CAP ||
             pack->limits[i]->kind == POLICY__LIMIT_KIND__EXCLUDED_BY ||
             pack->limits[i]->kind == POLICY__LIMIT_KIND__LARGEST_ONLY))
            return true;
    return false;
}

static bool
beats(const Policy__Pack *pack, const Policy__Limit *limit, const Policy__Rule *one, const Policy__Rule *other)
{
    struct amounts mine = reach_amounts(pack, one), theirs = reach_amounts(pack, other);

    if (one == other || one->item == other->item || !reach_implies(one, other) || !theirs.sure ||
        may_be_gone(pack, limit, one, other))
        return false;
    if (limit->kind == POLICY__LIMIT_KIND__EXCLUDED_BY)
        return (limit->against & POLICY_BIT(other->item)) != 0;
    return (limit->items & POLICY_BIT(other->item)) &&
           (theirs.least_fen > mine.most_fen || (theirs.least_fen == mine.most_fen && other->item < one->item));
}

static void
beaten(struct review *review, const Policy__Rule *rule)
{
    const Policy__Pack *pack = review->at->pack;

    for (size_t i = 0; i < pack->n_limits; i++) {
        const Policy__Limit *limit = pack->limits[i];

        if (!(limit->items & POLICY_BIT(rule->item)) || limit->from_day || limit->until_day ||
            (limit->kind != POLICY__LIMIT_KIND__LARGEST_ONLY && limit->kind != POLICY__LIMIT_KIND__EXCLUDED_BY))
            continue;
        for (size_t j = 0; j < pack->n_rules; j++)
            if (beats(pack, limit, rule, pack->rules[j])) {
                review_rule(review, rule, "item",
                            "is never paid: whoever it fits, rule %" PRIu32 " (%s) fits too, and limit %" PRIu32
                            " always keeps that one",
                            pack->rules[j]->number, pack_item_name(pack, (int)pack->rules[j]->item), limit->number);
                return;
            }
    }
}

void
review_rules(struct review *review)
{
    const Policy__Pack *pack = review->at->pack;

    for (size_t i = 0; i < pack->n_rules; i++) {
        const Policy__Rule *rule = pack->rules[i];

        unused_tables(review, rule);
        if (!reachable(review, rule) || !requirements_can_be_met(review, rule))
            continue;
        steps(review, rule);
        review_amounts(review, rule);
        if (rule->table)
            table(review, rule, rule->table);
        for (size_t j = 0; j < rule->n_tables; j++)
            table(review, rule, rule->tables[j]);
        beaten(review, rule);
    }
}
