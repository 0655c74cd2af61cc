/* Is a limit one that can be applied? */
#include "domain/money.h"
#include "subsidy/policy/check/check.h"
#include "subsidy/policy/facts.h"

static uint64_t
items_of(const Policy__Pack *pack)
{
    uint64_t items = 0;

    for (size_t i = 0; i < pack->n_rules; i++)
        items |= POLICY_BIT(pack->rules[i]->item);
    return items;
}

/* What each kind may say beside its items: a history to look at, a span of it, a count, each item for itself. */
struct shape {
    bool against, within, most, each, cap, whose;
};

static struct shape
shape_of(Policy__LimitKind kind)
{
    static const struct shape shapes[] = {
        [POLICY__LIMIT_KIND__SAME_OCCUPATION_LEVEL_PAID] = {.against = true, .each = true},
        [POLICY__LIMIT_KIND__EVER_PAID] = {.against = true, .within = true, .each = true},
        [POLICY__LIMIT_KIND__TIMES_A_YEAR] = {.against = true, .most = true, .each = true},
        [POLICY__LIMIT_KIND__LARGEST_ONLY] = {.against = false},
        [POLICY__LIMIT_KIND__TIMES_PAID] = {.against = true, .within = true, .most = true, .each = true, .whose = true},
        [POLICY__LIMIT_KIND__SAME_CERTIFICATE_PAID] = {.against = true, .within = true, .each = true},
        [POLICY__LIMIT_KIND__HIGHER_LEVEL_PAID] = {.against = true, .within = true, .each = true},
        [POLICY__LIMIT_KIND__EXCLUDED_BY] = {.against = true},
        [POLICY__LIMIT_KIND__CAP] = {.against = true, .within = true, .each = true, .cap = true, .whose = true},
    };

    return shapes[kind];
}

static bool
span_good(struct check *check, const Policy__Limit *limit, struct shape shape)
{
    if (limit->within < 0 || limit->within > POLICY__WITHIN__SINCE_PACK || (limit->within && !shape.within))
        return check_bad(check, "within", "this kind looks at no span of its own; leave out within");
    if ((limit->within == POLICY__WITHIN__MONTHS_BACK) != (limit->months > 0) || limit->months > 1200)
        return check_bad(check, "within", "within is year, pack or 1 to 1200 months");
    if (limit->whose < 0 || limit->whose > POLICY__WHOSE__WHOSE_ENTERPRISE || (limit->whose && !shape.whose))
        return check_bad(check, "whose", "only times and cap look at an enterprise");
    if ((limit->cap_fen != 0) != shape.cap || limit->cap_fen < 0 || limit->cap_fen > MONEY_FEN_MAX)
        return check_bad(check, "cap", "cap, more than zero, belongs to the kind cap");
    return true;
}

static bool
items_good(struct check *check, const Policy__Limit *limit, struct shape shape)
{
    bool looks_back = shape.against && !limit->each;

    if (!limit->items || (limit->items & ~items_of(check->pack)))
        return check_bad(check, "items", "names an item that the pack has no rule for");
    if (limit->each && !shape.each)
        return check_bad(check, "each", "this kind holds no item against itself; leave out each");
    if ((limit->against & ~check_items(check->pack)) || (limit->against != 0) != looks_back)
        return check_bad(check, "against", "against must say, with known items, what it looks for%s",
                         looks_back    ? " in the history"
                         : limit->each ? "; with each: true it looks for each item itself"
                                       : " in the history; largest_only looks for nothing");
    if ((limit->most > 0) != shape.most || limit->most > POLICY_HISTORY_MAX)
        return check_bad(check, "most", "most, 1 or more, belongs to times_a_year and times");
    return true;
}

bool
check_limit(struct check *check, const Policy__Limit *limit)
{
    struct shape shape;

    if (limit->kind < 1 || limit->kind > POLICY__LIMIT_KIND__CAP)
        return check_bad(check, "kind", "is of no kind that is known");
    if (!check_number(check, limit->number, limit) || !check_clause(check, limit->clause, true))
        return false;
    if (!*limit->clause && !*limit->reading)
        return check_bad(check, "clause", "needs its clause or the reading it stands on");
    shape = shape_of(limit->kind);
    if (!items_good(check, limit, shape) || !span_good(check, limit, shape))
        return false;
    if (!check_dates(check, limit->from_day, limit->until_day))
        return false;
    if (limit->reason < 1 || limit->reason > PACK_REASON_LAST)
        return check_bad(check, "reason", "needs the reason it refuses with");
    return check_text(check, "reading", limit->reading);
}
