/* The limits (限制), in the pack's order, over what the rules left due; the first that bites an item is its reason. */
#include "domain/date.h"
#include "subsidy/policy/run.h"

static struct span
calendar_year(int32_t day)
{
    struct span span = {0};
    int year = date_of(day).year;

    date_make(year, 1, 1, &span.first);
    date_make(year, 12, 31, &span.last);
    return span;
}

struct span
run_span(const struct run *run, Policy__Within within, uint32_t months)
{
    const struct facts *facts = run->facts;

    switch (within) {
    case POLICY__WITHIN__YEAR:
        return calendar_year(facts->certificate ? facts->certificate_day : facts->day);
    case POLICY__WITHIN__MONTHS_BACK:
        return (struct span){facts_months_back(facts->day, months), facts->day};
    case POLICY__WITHIN__SINCE_PACK:
        return (struct span){run->view->pack->from_day, INT32_MAX};
    case POLICY__WITHIN__EVER:
    case _POLICY__WITHIN_IS_INT_SIZE:
        break;
    }
    return (struct span){INT32_MIN, INT32_MAX};
}

/* Does the line count, beside its item and its day? An occupation that is not known is not the same as any, nor is a
 * level that the certificate does not have. */
static bool
alike(const struct facts *facts, Policy__LimitKind kind, const struct paid_before *paid)
{
    switch (kind) {
    case POLICY__LIMIT_KIND__SAME_OCCUPATION_LEVEL_PAID:
        return facts->certificate_level && facts->occupation && paid->occupation == facts->occupation &&
               paid->level == facts->certificate_level;
    case POLICY__LIMIT_KIND__HIGHER_LEVEL_PAID:
        return facts->certificate_level && facts->occupation && paid->occupation == facts->occupation && paid->level &&
               paid->level < facts->certificate_level;
    case POLICY__LIMIT_KIND__SAME_CERTIFICATE_PAID:
        return paid->certificate && paid->certificate == facts->certificate_number;
    case POLICY__LIMIT_KIND__EVER_PAID:
    case POLICY__LIMIT_KIND__TIMES_A_YEAR:
    case POLICY__LIMIT_KIND__TIMES_PAID:
        return true;
    case POLICY__LIMIT_KIND__LIMIT_KIND_UNSPECIFIED:
    case POLICY__LIMIT_KIND__LARGEST_ONLY:
    case POLICY__LIMIT_KIND__EXCLUDED_BY:
    case POLICY__LIMIT_KIND__CAP:
    case _POLICY__LIMIT_KIND_IS_INT_SIZE:
        break;
    }
    return false;
}

/* Of two certificates of which one has no number nobody can say whether they are the same. */
static bool
perhaps_alike(const struct facts *facts, Policy__LimitKind kind, const struct paid_before *paid)
{
    return kind == POLICY__LIMIT_KIND__SAME_CERTIFICATE_PAID && !facts->first_reading && facts->certificate &&
           paid->certificate != POLICY_CERTIFICATE_OTHER && (!paid->certificate || !facts->certificate_number);
}

/* How many lines of the history count; *perhaps: how many more may. */
static int64_t
counted(const struct run *run, const Policy__Limit *limit, uint64_t against, int64_t *perhaps)
{
    bool enterprise = limit->whose == POLICY__WHOSE__WHOSE_ENTERPRISE;
    const struct paid_before *lines = enterprise ? run->facts->enterprise_history : run->facts->history;
    uint32_t lines_count = enterprise ? run->facts->enterprise_count : run->facts->history_count;
    bool year = limit->kind == POLICY__LIMIT_KIND__TIMES_A_YEAR;
    struct span span;
    int64_t count = 0;

    *perhaps = 0;
    if (!lines_count)
        return 0;
    span = run_span(run, year ? POLICY__WITHIN__YEAR : limit->within, limit->months);
    for (uint32_t i = 0; i < lines_count; i++) {
        const struct paid_before *paid = &lines[i];

        if (!(against & POLICY_BIT(paid->item)) || paid->advance || paid->day < span.first || paid->day > span.last)
            continue;
        if (alike(run->facts, limit->kind, paid))
            count += paid->times ? paid->times : 1;
        else if (perhaps_alike(run->facts, limit->kind, paid))
            ++*perhaps;
    }
    return count;
}

static void
refuse_not_known(struct run *run, const Policy__Limit *limit, int item)
{
    run_note(run, limit->number, item, POLICY__EVENT__PAID_NOT_KNOWN, 0, 0);
    run_refuse(run, item, COMMON__REASON__FACT_NOT_KNOWN, limit->clause);
}

static void
decide(struct run *run, const Policy__Limit *limit, int item, int64_t count, int64_t perhaps)
{
    int64_t most = limit->most ? limit->most : 1;
    bool bites = count >= most;

    if (!bites && perhaps >= most - count) {
        refuse_not_known(run, limit, item);
        return;
    }
    run_note(run, limit->number, item, bites ? POLICY__EVENT__BITES : POLICY__EVENT__PASSED, 0, count);
    if (bites)
        run_refuse(run, item, limit->reason, limit->clause);
}

void
run_limit_not_known(struct run *run, const Policy__Limit *limit)
{
    for (uint64_t items = run->due & limit->items; items; items &= items - 1)
        refuse_not_known(run, limit, __builtin_ctzll(items));
}

/* In the first reading a certificate without a number asked for one, whatever was paid before. */
static bool
can_be_counted(const struct facts *facts, const Policy__Limit *limit)
{
    if (limit->whose == POLICY__WHOSE__WHOSE_ENTERPRISE && !facts->enterprise_known)
        return false;
    return !facts->first_reading || limit->kind != POLICY__LIMIT_KIND__SAME_CERTIFICATE_PAID || !facts->certificate ||
           facts->certificate_number;
}

/* Every item that is due and that the limit is about: it bites, or it passes. */
static void
look_back(struct run *run, const Policy__Limit *limit)
{
    int64_t perhaps = 0, count = limit->each ? 0 : counted(run, limit, limit->against, &perhaps);

    if (!can_be_counted(run->facts, limit)) {
        run_limit_not_known(run, limit);
        return;
    }
    for (uint64_t items = run->due & limit->items; items; items &= items - 1) {
        int item = __builtin_ctzll(items);

        if (limit->each)
            count = counted(run, limit, POLICY_BIT(item), &perhaps);
        decide(run, limit, item, count, perhaps);
    }
}

/* By what is due as the limit begins: two that exclude each other both go. */
static void
excluded_by(struct run *run, const Policy__Limit *limit)
{
    uint64_t due = run->due & limit->against;

    for (uint64_t items = run->due & limit->items; items; items &= items - 1) {
        int item = __builtin_ctzll(items);
        uint64_t others = due & ~POLICY_BIT(item);

        run_note(run, limit->number, item, others ? POLICY__EVENT__BITES : POLICY__EVENT__PASSED, 0,
                 others ? __builtin_ctzll(others) : 0);
        if (others)
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
    switch (limit->kind) {
    case POLICY__LIMIT_KIND__SAME_OCCUPATION_LEVEL_PAID:
    case POLICY__LIMIT_KIND__EVER_PAID:
    case POLICY__LIMIT_KIND__TIMES_A_YEAR:
    case POLICY__LIMIT_KIND__TIMES_PAID:
    case POLICY__LIMIT_KIND__SAME_CERTIFICATE_PAID:
    case POLICY__LIMIT_KIND__HIGHER_LEVEL_PAID:
        look_back(run, limit);
        return;
    case POLICY__LIMIT_KIND__EXCLUDED_BY:
        excluded_by(run, limit);
        return;
    case POLICY__LIMIT_KIND__CAP:
        run_cap(run, limit);
        return;
    case POLICY__LIMIT_KIND__LARGEST_ONLY:
        largest_only(run, limit);
        return;
    case POLICY__LIMIT_KIND__LIMIT_KIND_UNSPECIFIED:
    case _POLICY__LIMIT_KIND_IS_INT_SIZE:
        return;
    }
}

void
run_limits(struct run *run)
{
    const Policy__Pack *pack = run->view->pack;

    for (size_t i = 0; i < pack->n_limits && run->due; i++)
        if ((run->due & pack->limits[i]->items) &&
            run_in_force(pack->limits[i]->from_day, pack->limits[i]->until_day, run->facts->day))
            apply_limit(run, pack->limits[i]);
}
