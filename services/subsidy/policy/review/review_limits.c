/* Limits that can never bite, and exclusions that contradict each other. */
#include <inttypes.h>
#include <string.h>

#include "subsidy/policy/facts.h"
#include "subsidy/policy/review/reach.h"
#include "subsidy/policy/review/review.h"

#define LEVELLED                                                                                                       \
    (POLICY_BIT(COMMON__CERTIFICATE_KIND__QUALIFICATION) | POLICY_BIT(COMMON__CERTIFICATE_KIND__SKILL_LEVEL))
#define BELOW_THE_HIGHEST UINT64_C(0x3c) /* levels 5 to 2 */

static bool
contains(uint64_t whole, uint64_t part)
{
    return !(part & ~whole);
}

/* Does the earlier limit bite whenever the later one would? */
static bool
covers(const Policy__Limit *earlier, const Policy__Limit *later)
{
    if (earlier->kind != later->kind || earlier->from_day || earlier->until_day || earlier->whose != later->whose)
        return false;
    if (!contains(earlier->items, later->items) || earlier->each != later->each ||
        !contains(earlier->against, later->against))
        return false;
    if (earlier->within != later->within || earlier->months < later->months)
        return earlier->within == POLICY__WITHIN__EVER && earlier->most <= later->most &&
               earlier->cap_fen <= later->cap_fen;
    return earlier->most <= later->most && earlier->cap_fen <= later->cap_fen;
}

static void
covered(struct review *review, size_t place)
{
    const Policy__Pack *pack = review->at->pack;
    const Policy__Limit *limit = pack->limits[place];

    for (size_t i = 0; i < place; i++)
        if (covers(pack->limits[i], limit)) {
            review_limit(review, limit, "rule", "never bites: limit %" PRIu32 " has bitten before wherever it would",
                         pack->limits[i]->number);
            return;
        }
}

/* Which levels the certificate may have where the rule fits; 0 where it has none. */
static uint64_t
levels_of(const Policy__Pack *pack, const Policy__Rule *rule)
{
    uint64_t levels = 0;
    struct reach reach;

    for (size_t way = 0; way < reach_ways(rule); way++) {
        bool good = reach_rule(&reach, pack, rule, way);

        for (size_t i = 0; good && i < rule->n_requires; i++)
        good = rule->requires[i] -> where || reach_add(&reach, rule->requires[i] -> condition);
        if (good && (!reach.narrowed[POLICY__FACT__CERTIFICATE] || (reach.words[POLICY__FACT__CERTIFICATE] & LEVELLED)))
            levels |= reach.words[POLICY__FACT__CERTIFICATE_LEVEL];
    }
    return levels;
}

static void
by_level(struct review *review, const Policy__Limit *limit)
{
    const Policy__Pack *pack = review->at->pack;
    bool higher = limit->kind == POLICY__LIMIT_KIND__HIGHER_LEVEL_PAID;
    uint64_t wanted = higher ? BELOW_THE_HIGHEST : UINT64_MAX;

    for (size_t i = 0; i < pack->n_rules; i++)
        if ((limit->items & POLICY_BIT(pack->rules[i]->item)) && (levels_of(pack, pack->rules[i]) & wanted))
            return;
    review_limit(review, limit, "items", "never bites: none of its items is paid for a certificate %s",
                 higher ? "above which there is a higher level" : "with a level");
}

/* Can one of the rules of the items be due beside one of the others'? */
static bool
ever_together(const Policy__Pack *pack, uint64_t items, uint64_t others)
{
    for (size_t i = 0; i < pack->n_rules; i++)
        for (size_t j = 0; j < pack->n_rules; j++)
            if ((items & POLICY_BIT(pack->rules[i]->item)) && (others & POLICY_BIT(pack->rules[j]->item)) &&
                pack->rules[i]->item != pack->rules[j]->item && reach_together(pack, pack->rules[i], pack->rules[j]))
                return true;
    return false;
}

static uint64_t
granted(const Policy__Pack *pack)
{
    uint64_t items = 0;

    for (size_t i = 0; i < pack->n_rules; i++)
        items |= POLICY_BIT(pack->rules[i]->item);
    return items;
}

/* Names two items of which the first is among the one, the second among the other, and that can meet. */
static bool
pair(const Policy__Pack *pack, uint64_t ones, uint64_t others, int *one, int *other)
{
    for (uint64_t rest = ones; rest; rest &= rest - 1)
        for (uint64_t more = others; more; more &= more - 1) {
            *one = __builtin_ctzll(rest);
            *other = __builtin_ctzll(more);
            if (*one != *other && ever_together(pack, POLICY_BIT(*one), POLICY_BIT(*other)))
                return true;
        }
    return false;
}

/* Two that exclude each other: in one limit both go, in two the second is never reached. */
static void
each_other(struct review *review, size_t place)
{
    const Policy__Pack *pack = review->at->pack;
    const Policy__Limit *limit = pack->limits[place];
    uint64_t both = limit->items & limit->against;
    int one, other;

    if (pair(pack, both, both, &one, &other))
        review_limit(review, limit, "against",
                     "%s excludes %s and the other way round: nothing is left of the two; take one out, or keep one by "
                     "largest_only",
                     pack_item_name(pack, one), pack_item_name(pack, other));
    for (size_t i = 0; i < place; i++) {
        const Policy__Limit *before = pack->limits[i];

        if (before->kind == POLICY__LIMIT_KIND__EXCLUDED_BY && before->items != limit->items &&
            pair(pack, before->items & limit->against, before->against & limit->items, &one, &other))
            review_limit(review, limit, "against",
                         "%s excludes %s here, and limit %" PRIu32
                         " says the other way round: that one comes first and decides; take one of the two out",
                         pack_item_name(pack, one), pack_item_name(pack, other), before->number);
    }
}

static void
excludes(struct review *review, size_t place)
{
    const Policy__Pack *pack = review->at->pack;
    const Policy__Limit *limit = pack->limits[place];

    if (!(limit->against & granted(pack)))
        review_limit(review, limit, "against", "never bites: no rule of the pack pays what it says excludes its items");
    else if (!ever_together(pack, limit->items, limit->against))
        review_limit(review, limit, "against", "never bites: its items and what excludes them are never due together");
    else
        each_other(review, place);
}

/* An item may have been paid under another policy: that is no fault, and worth a look. */
static void
looks_for(struct review *review, const Policy__Limit *limit)
{
    uint64_t paid = POLICY_BIT(COMMON__ITEM__ABSORPTION_BONUS);
    char number[16];

    for (size_t i = 0; i < review->count; i++)
        paid |= granted(review->packs[i].pack);
    snprintf(number, sizeof(number), "%" PRIu32, limit->number);
    for (uint64_t rest = limit->against & ~paid; rest; rest &= rest - 1)
        review_part(review, true, "limits", "rule", number,
                    "limit %" PRIu32 " looks for %s, which no rule here pays: it bites only where the history has it",
                    limit->number, pack_item_name(review->at->pack, __builtin_ctzll(rest)));
}

static void
review_one(struct review *review, size_t place)
{
    const Policy__Limit *limit = review->at->pack->limits[place];

    covered(review, place);
    looks_for(review, limit);
    switch (limit->kind) {
    case POLICY__LIMIT_KIND__SAME_OCCUPATION_LEVEL_PAID:
    case POLICY__LIMIT_KIND__HIGHER_LEVEL_PAID:
        by_level(review, limit);
        return;
    case POLICY__LIMIT_KIND__LARGEST_ONLY:
        if (!ever_together(review->at->pack, limit->items, limit->items))
            review_limit(review, limit, "items", "never bites: no two of its items are ever due together");
        return;
    case POLICY__LIMIT_KIND__EXCLUDED_BY:
        excludes(review, place);
        return;
    case POLICY__LIMIT_KIND__EVER_PAID:
    case POLICY__LIMIT_KIND__TIMES_A_YEAR:
    case POLICY__LIMIT_KIND__TIMES_PAID:
    case POLICY__LIMIT_KIND__SAME_CERTIFICATE_PAID:
    case POLICY__LIMIT_KIND__CAP:
    case POLICY__LIMIT_KIND__LIMIT_KIND_UNSPECIFIED:
    case _POLICY__LIMIT_KIND_IS_INT_SIZE:
        return;
    }
}

void
review_limits(struct review *review)
{
    for (size_t i = 0; i < review->at->pack->n_limits; i++)
        review_one(review, i);
}
