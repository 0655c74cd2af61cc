/* Conditions folded together, fact by fact. */
#include "subsidy/policy/review/reach.h"

#include "domain/money.h"

#define LEVELLED                                                                                                       \
    (POLICY_BIT(COMMON__CERTIFICATE_KIND__QUALIFICATION) | POLICY_BIT(COMMON__CERTIFICATE_KIND__SKILL_LEVEL))

void
reach_open(struct reach *reach, const Policy__Pack *pack)
{
    *reach = (struct reach){.pack = pack};
    for (int fact = 1; fact < POLICY_FACT_COUNT; fact++) {
        reach->words[fact] = fact_mask(pack, (Policy__Fact)fact);
        reach->most[fact] = INT64_MAX;
    }
}

static bool
left(struct reach *reach, Policy__Fact fact, bool something)
{
    if (!something && !reach->contradiction)
        reach->contradiction = fact;
    return something;
}

/* A certificate that carries no level has none: who asks for both asks for nothing. */
static bool
levels_left(struct reach *reach)
{
    bool level = reach->narrowed[POLICY__FACT__CERTIFICATE_LEVEL];

    if (!level || !reach->narrowed[POLICY__FACT__CERTIFICATE])
        return true;
    return left(reach, POLICY__FACT__CERTIFICATE_LEVEL, reach->words[POLICY__FACT__CERTIFICATE] & LEVELLED);
}

bool
reach_add(struct reach *reach, const Policy__Condition *condition)
{
    Policy__Fact fact = condition->fact;
    bool word = fact_mask(reach->pack, fact);

    if (word) {
        reach->none[fact] |= condition->none_of;
        if (condition->any_of || condition->at_least)
            reach->narrowed[fact] = true;
        /* Of a fact that has many words at a time a condition takes none of the others away. */
        if (fact_many(fact))
            return left(reach, fact, !condition->any_of || (condition->any_of & ~reach->none[fact]));
        if (condition->any_of)
            reach->words[fact] &= condition->any_of;
        reach->words[fact] &= ~condition->none_of;
        return left(reach, fact, !reach->narrowed[fact] || reach->words[fact]) && levels_left(reach);
    }
    reach->narrowed[fact] = true;
    if (condition->at_least > reach->least[fact])
        reach->least[fact] = condition->at_least;
    if (condition->at_most && condition->at_most < reach->most[fact])
        reach->most[fact] = condition->at_most;
    return left(reach, fact, reach->least[fact] <= reach->most[fact]);
}

/* Twice: a word that is left out further down takes from a condition further up. */
bool
reach_add_all(struct reach *reach, Policy__Condition *const *conditions, size_t count)
{
    bool good = true;

    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < count; i++)
            good &= reach_add(reach, conditions[i]);
    return good;
}

size_t
reach_ways(const Policy__Rule *rule)
{
    return rule->n_one_of ? rule->n_one_of : 1;
}

bool
reach_rule(struct reach *reach, const Policy__Pack *pack, const Policy__Rule *rule, size_t alternative)
{
    bool good;

    reach_open(reach, pack);
    if (rule->quota)
        reach->most[POLICY__FACT__MONTHS_LEFT] = rule->quota->months;
    good = reach_add_all(reach, rule->when, rule->n_when);
    if (rule->n_one_of) {
        good &= reach_add_all(reach, rule->one_of[alternative]->all, rule->one_of[alternative]->n_all);
        good &= reach_add_all(reach, rule->when, rule->n_when);
    }
    return good;
}

/* ---- One rule within another ---- */

static bool
condition_implies(const Policy__Condition *one, const Policy__Condition *other)
{
    if (one->fact != other->fact)
        return false;
    if (other->any_of)
        return one->any_of && !(one->any_of & ~other->any_of);
    if (other->none_of)
        return (one->none_of && !(other->none_of & ~one->none_of)) ||
               (!fact_many(one->fact) && one->any_of && !(one->any_of & other->none_of));
    if (other->at_least)
        return one->at_least >= other->at_least || (other->at_least == 1 && one->any_of);
    return one->at_most && one->at_most <= other->at_most;
}

/* Do the rule's conditions, in that way of fitting, include one that is at least as strict? */
static bool
rule_implies(const Policy__Rule *rule, size_t way, const Policy__Condition *other)
{
    for (size_t i = 0; i < rule->n_when; i++)
        if (condition_implies(rule->when[i], other))
            return true;
    for (size_t i = 0; rule->n_one_of && i < rule->one_of[way]->n_all; i++)
        if (condition_implies(rule->one_of[way]->all[i], other))
            return true;
    for (size_t i = 0; i < rule->n_requires; i++)
        if (!rule->requires[i] -> where && condition_implies(rule->requires[i] -> condition, other))
            return true;
    return false;
}

static bool
all_implied(const Policy__Rule *rule, size_t way, Policy__Condition *const *others, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!rule_implies(rule, way, others[i]))
            return false;
    return true;
}

static bool
way_implies(const Policy__Rule *one, size_t way, const Policy__Rule *other)
{
    bool some = other->n_one_of == 0;

    if (!all_implied(one, way, other->when, other->n_when))
        return false;
    for (size_t i = 0; i < other->n_one_of; i++)
        some |= all_implied(one, way, other->one_of[i]->all, other->one_of[i]->n_all);
    for (size_t i = 0; i < other->n_requires; i++)
        if (!rule_implies(one, way, other->requires[i] -> condition))
            return false;
    return some;
}

bool
reach_implies(const Policy__Rule *one, const Policy__Rule *other)
{
    for (size_t way = 0; way < reach_ways(one); way++)
        if (!way_implies(one, way, other))
            return false;
    return (!other->from_day || (one->from_day && one->from_day >= other->from_day)) &&
           (!other->until_day || (one->until_day && one->until_day <= other->until_day));
}

bool
reach_together(const Policy__Pack *pack, const Policy__Rule *one, const Policy__Rule *other)
{
    struct reach reach;

    for (size_t i = 0; i < reach_ways(one); i++)
        for (size_t j = 0; j < reach_ways(other); j++) {
            bool good = reach_rule(&reach, pack, one, i) && reach_add_all(&reach, other->when, other->n_when);

            if (good && other->n_one_of)
                good = reach_add_all(&reach, other->one_of[j]->all, other->one_of[j]->n_all);
            if (good)
                return true;
        }
    return false;
}

/* ---- Amounts ---- */

static struct amounts
amounts_of_table(const Policy__Table *table)
{
    struct amounts out = {.least_fen = MONEY_FEN_MAX};

    if (table->graduated)
        return (struct amounts){.least_fen = table->rows[0]->amount_fen, .most_fen = MONEY_FEN_MAX};
    for (size_t i = 0; i < table->n_rows; i++) {
        int64_t fen = table->rows[i]->amount_fen;

        out.least_fen = fen < out.least_fen ? fen : out.least_fen;
        out.most_fen = fen > out.most_fen ? fen : out.most_fen;
    }
    return out;
}

static struct amounts
amounts_of_standard(const Policy__Standard *standard)
{
    struct amounts out = {.least_fen = MONEY_FEN_MAX, .sure = !standard->level_of};

    for (size_t i = 0; i < standard->n_levels; i++) {
        const Policy__Constraint *one = standard->levels[i];
        int64_t least = one->floor ? one->floor : 1, most = one->cap ? one->cap : MONEY_FEN_MAX;

        out.sure = out.sure && one->initial;
        out.least_fen = least < out.least_fen ? least : out.least_fen;
        out.most_fen = most > out.most_fen ? most : out.most_fen;
    }
    return out;
}

static struct amounts
amounts_of_catalogue(const Policy__Catalogue *catalogue)
{
    struct amounts out = {.least_fen = MONEY_FEN_MAX};

    for (size_t i = 0; i < catalogue->n_rows; i++)
        for (size_t j = 0; j < catalogue->rows[i]->n_amounts_fen; j++) {
            int64_t fen = catalogue->rows[i]->amounts_fen[j];

            out.least_fen = fen && fen < out.least_fen ? fen : out.least_fen;
            out.most_fen = fen > out.most_fen ? fen : out.most_fen;
        }
    return out;
}

struct amounts
reach_figure(const Policy__Pack *pack, const Policy__Rule *rule, const Policy__Step *step)
{
    switch (step->source) {
    case POLICY__SOURCE__FIXED:
    case POLICY__SOURCE__COUNT:
        return (struct amounts){step->fixed, step->fixed, true};
    case POLICY__SOURCE__FACT_VALUE:
        if (step->fact == POLICY__FACT__MONTHS_LEFT && rule->quota)
            return (struct amounts){0, rule->quota->months, true};
        return (struct amounts){step->fact == POLICY__FACT__COST, MONEY_FEN_MAX, step->fact < POLICY__FACT__AGE};
    case POLICY__SOURCE__STANDARD:
        return amounts_of_standard(rule->standard);
    case POLICY__SOURCE__TABLE:
        return amounts_of_table(rule->table);
    case POLICY__SOURCE__NAMED_TABLE:
        return amounts_of_table(rule->tables[step->reference - 1]);
    case POLICY__SOURCE__CATALOGUE:
        return amounts_of_catalogue(pack->catalogues[step->reference - 1]);
    case POLICY__SOURCE__REFERENCE:
    case POLICY__SOURCE__SOURCE_UNSPECIFIED:
    case _POLICY__SOURCE_IS_INT_SIZE:
        break;
    }
    return (struct amounts){0, MONEY_FEN_MAX, false};
}

static int64_t
step_bound(Policy__Verb verb, int64_t sofar, int64_t figure)
{
    int64_t out = MONEY_FEN_MAX;

    switch (verb) {
    case POLICY__VERB__TAKE:
        return figure;
    case POLICY__VERB__AT_MOST:
        return figure < sofar ? figure : sofar;
    case POLICY__VERB__AT_LEAST:
        return figure > sofar ? figure : sofar;
    case POLICY__VERB__TIMES:
        return money_mul(sofar, figure, &out) ? out : MONEY_FEN_MAX;
    case POLICY__VERB__RATE:
        return figure <= 1000000 && money_rate(sofar, figure, &out) ? out : MONEY_FEN_MAX;
    case POLICY__VERB__PLUS:
        return money_add(sofar, figure, &out) ? out : MONEY_FEN_MAX;
    case POLICY__VERB__VERB_UNSPECIFIED:
    case _POLICY__VERB_IS_INT_SIZE:
        break;
    }
    return out;
}

struct amounts
reach_amounts(const Policy__Pack *pack, const Policy__Rule *rule)
{
    return reach_amounts_after(pack, rule, rule->n_amount);
}

/* A step that may be left out widens the bounds; all verbs rise with what they take. */
struct amounts
reach_amounts_after(const Policy__Pack *pack, const Policy__Rule *rule, size_t count)
{
    struct amounts out = {.sure = true};

    for (size_t i = 0; i < count; i++) {
        const Policy__Step *step = rule->amount[i];
        struct amounts figure = reach_figure(pack, rule, step);
        int64_t least = step_bound(step->verb, out.least_fen, figure.least_fen);
        int64_t most = step_bound(step->verb, out.most_fen, figure.most_fen);

        out.sure = out.sure && figure.sure && !step->n_when;
        out.least_fen = step->n_when && out.least_fen < least ? out.least_fen : least;
        out.most_fen = step->n_when && out.most_fen > most ? out.most_fen : most;
    }
    return out;
}
