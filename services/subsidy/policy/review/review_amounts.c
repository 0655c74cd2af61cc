/* Amounts that come out otherwise than their steps read: one figure decides alone, a count that nothing multiplies, a
 * quota that nothing holds; and a way of two reviews by one authority. */
#include <inttypes.h>

#include "domain/money.h"
#include "subsidy/policy/facts.h"
#include "subsidy/policy/review/reach.h"
#include "subsidy/policy/review/review.h"

/* A floor at or over all that can come before it, or a cap at or under it. */
static void
decides_alone(struct review *review, const Policy__Rule *rule, size_t place)
{
    const Policy__Step *step = rule->amount[place];
    struct amounts before = reach_amounts_after(review->at->pack, rule, place);
    struct amounts figure = reach_figure(review->at->pack, rule, step);
    bool moves = before.least_fen < before.most_fen;
    bool floor = step->verb == POLICY__VERB__AT_LEAST &&
                 (figure.least_fen > before.most_fen || (moves && figure.least_fen == before.most_fen));
    bool cap = step->verb == POLICY__VERB__AT_MOST &&
               (figure.most_fen < before.least_fen || (moves && figure.most_fen == before.least_fen));

    if ((floor || cap) && !step->n_when)
        review_rule(review, rule, "amount",
                    "step %zu of the amount decides alone: what comes before it never passes what its %s sets",
                    place + 1, floor ? "at_least" : "at_most");
}

static bool
takes(const Policy__Rule *rule, Policy__Source source)
{
    for (size_t i = 0; i < rule->n_amount; i++)
        if (rule->amount[i]->source == source)
            return true;
    return false;
}

/* Does the amount count days, or months of whatever kind? A count that the rule writes out may be either. */
static bool
counts(const Policy__Rule *rule, bool days)
{
    static const uint64_t months =
        POLICY_BIT(POLICY__FACT__MONTHS) | POLICY_BIT(POLICY__FACT__MONTHS_LEFT) |
        POLICY_BIT(POLICY__FACT__INSURED_MONTHS) | POLICY_BIT(POLICY__FACT__EMPLOYED_MONTHS) |
        POLICY_BIT(POLICY__FACT__CERTIFICATE_MONTHS) | POLICY_BIT(POLICY__FACT__CONTRIBUTION_MONTHS);
    uint64_t wanted = days ? POLICY_BIT(POLICY__FACT__DAYS) : months;

    for (size_t i = 0; i < rule->n_amount; i++) {
        const Policy__Step *step = rule->amount[i];

        if (step->source == POLICY__SOURCE__COUNT ||
            (step->source == POLICY__SOURCE__FACT_VALUE && (wanted & POLICY_BIT(step->fact))))
            return true;
    }
    return false;
}

/* A standard by the day or month is one day's, or month's, until something counts them. */
static void
standard(struct review *review, const Policy__Rule *rule)
{
    bool by_day = rule->standard->unit == POLICY__UNIT__YUAN_A_DAY;

    if (!takes(rule, POLICY__SOURCE__STANDARD)) {
        review_rule(review, rule, "standard",
                    "no step of the amount takes the standard: what divisions set pays nothing");
        return;
    }
    if ((by_day || rule->standard->unit == POLICY__UNIT__YUAN_A_MONTH) && !counts(rule, by_day))
        review_rule(review, rule, "amount", "the standard is by the %s, and no step of the amount takes it times %s",
                    by_day ? "day" : "month", by_day ? "days" : "months");
}

static bool
asks_months_left(Policy__Condition *const *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (conditions[i]->fact == POLICY__FACT__MONTHS_LEFT)
            return true;
    return false;
}

static bool
table_of_months_left(const Policy__Rule *rule)
{
    bool found = rule->table && rule->table->by == POLICY__FACT__MONTHS_LEFT;

    for (size_t i = 0; i < rule->n_tables; i++)
        found |= rule->tables[i]->by == POLICY__FACT__MONTHS_LEFT;
    return found;
}

/* A requirement alone lets whoever has a month left be paid as many as the training had. */
static void
quota(struct review *review, const Policy__Rule *rule)
{
    bool asked = asks_months_left(rule->when, rule->n_when);

    for (size_t i = 0; i < rule->n_amount; i++)
        if (rule->amount[i]->source == POLICY__SOURCE__FACT_VALUE && rule->amount[i]->fact == POLICY__FACT__MONTHS_LEFT)
            return;
    if (table_of_months_left(rule))
        return;
    for (size_t i = 0; i < rule->n_one_of; i++)
        asked |= asks_months_left(rule->one_of[i]->all, rule->one_of[i]->n_all);
    for (size_t i = 0; i < rule->n_requires; i++)
        asked |= asks_months_left(&rule->requires[i] -> condition, 1);
    if (asked)
        review_rule_note(review, rule, "quota",
                         "the quota of %" PRIu32 " months does not hold the amount: whoever has one left is paid all "
                         "months of the training; {at_most: months_left} would hold it",
                         rule->quota->months);
    else
        review_rule(review, rule, "quota", "nothing in the rule asks for months_left: the quota holds nothing");
}

void
review_amounts(struct review *review, const Policy__Rule *rule)
{
    for (size_t i = 1; i < rule->n_amount; i++)
        decides_alone(review, rule, i);
    if (rule->standard)
        standard(review, rule);
    if (rule->quota)
        quota(review, rule);
}

/* 2.12-c: no agency reviews twice; that another of the same authority can is for the city to know. */
void
review_way(struct review *review)
{
    const Policy__Pack *pack = review->at->pack;

    for (size_t i = 0; i < pack->n_way; i++)
        for (size_t j = 0; j < i; j++) {
            const Policy__WayStep *one = pack->way[j], *other = pack->way[i];

            if (one->kind != POLICY__WAY_KIND__REVIEW || other->kind != one->kind || other->by != one->by ||
                (one->by & (one->by - 1)))
                continue;
            review_part(review, true, "", "way", "",
                        "steps %zu and %zu are both reviewed by %s alone: they take two agencies of it, since none "
                        "reviews a claim twice (clause 2.12-c)",
                        j + 1, i + 1, word_name(&words_way_hands, __builtin_ctz(one->by)));
        }
}
