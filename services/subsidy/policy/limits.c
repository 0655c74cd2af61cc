/* The limits (限制), in the pack's order, over what the rules left due; the first that bites an item is its reason. */
#include "domain/date.h"
#include "subsidy/policy/run.h"

static bool
sought(const Policy__Limit *limit, const struct paid_before *paid)
{
    return limit->against & POLICY_BIT(paid->item);
}

/* An occupation that is not known is not the same as any, nor is a level that the certificate does not have. */
static int64_t
same_occupation_level(const struct facts *facts, const Policy__Limit *limit)
{
    int64_t count = 0;

    if (!facts->certificate_level || !facts->occupation)
        return 0;
    for (uint32_t i = 0; i < facts->history_count; i++) {
        const struct paid_before *paid = &facts->history[i];

        count +=
            sought(limit, paid) && paid->occupation == facts->occupation && paid->level == facts->certificate_level;
    }
    return count;
}

static int64_t
ever(const struct facts *facts, const Policy__Limit *limit)
{
    int64_t count = 0;

    for (uint32_t i = 0; i < facts->history_count; i++)
        count += sought(limit, &facts->history[i]);
    return count;
}

static int64_t
in_the_year(const struct facts *facts, const Policy__Limit *limit)
{
    int year = date_of(facts->certificate ? facts->certificate_day : facts->day).year;
    int32_t first = 0, last = 0;
    int64_t count = 0;

    date_make(year, 1, 1, &first);
    date_make(year, 12, 31, &last);
    for (uint32_t i = 0; i < facts->history_count; i++) {
        const struct paid_before *paid = &facts->history[i];

        count += sought(limit, paid) && paid->day >= first && paid->day <= last;
    }
    return count;
}

/* Calls for every item that is due and that the limit is about: bites, or passes. */
static void
decide(struct run *run, const Policy__Limit *limit, int64_t count, bool bites)
{
    uint64_t items = run->due & limit->items;

    for (; items; items &= items - 1) {
        int item = __builtin_ctzll(items);

        run_note(run, limit->number, item, bites ? POLICY__EVENT__BITES : POLICY__EVENT__PASSED, 0, count);
        if (bites)
            run_refuse(run, item, limit->reason, limit->clause);
    }
}

/* Items are numbered in the order of the source's table: among equals the lowest number stays. */
static void
largest_only(struct run *run, const Policy__Limit *limit)
{
    uint64_t items = run->due & limit->items;
    int stays = 0;

    if (!(items & (items - 1)))
        return;
    for (uint64_t rest = items; rest; rest &= rest - 1) {
        int item = __builtin_ctzll(rest);

        if (!stays || run->out->benefits[item].amount_fen > run->out->benefits[stays].amount_fen)
            stays = item;
    }
    for (uint64_t rest = items & ~POLICY_BIT(stays); rest; rest &= rest - 1) {
        int item = __builtin_ctzll(rest);

        run_note(run, limit->number, item, POLICY__EVENT__BITES, 0, stays);
        run_refuse(run, item, limit->reason, limit->clause);
    }
}

static void
apply_limit(struct run *run, const Policy__Limit *limit)
{
    int64_t count = 0;
    int64_t enough = 1;

    switch (limit->kind) {
    case POLICY__LIMIT_KIND__SAME_OCCUPATION_LEVEL_PAID:
        count = same_occupation_level(run->facts, limit);
        break;
    case POLICY__LIMIT_KIND__EVER_PAID:
        count = ever(run->facts, limit);
        break;
    case POLICY__LIMIT_KIND__TIMES_A_YEAR:
        count = in_the_year(run->facts, limit);
        enough = limit->most;
        break;
    case POLICY__LIMIT_KIND__LARGEST_ONLY:
        largest_only(run, limit);
        return;
    case POLICY__LIMIT_KIND__LIMIT_KIND_UNSPECIFIED:
    case _POLICY__LIMIT_KIND_IS_INT_SIZE:
        return;
    }
    decide(run, limit, count, count >= enough);
}

void
run_limits(struct run *run)
{
    const Policy__Pack *pack = run->view->pack;

    for (size_t i = 0; i < pack->n_limits && run->due; i++)
        if (run->due & pack->limits[i]->items)
            apply_limit(run, pack->limits[i]);
}
