/* What would have to be different for what a limit refused: earlier benefits, another year; and when a limit frees. */
#include "subsidy/policy/trace/whatif_search.h"

#include "domain/date.h"
#include "subsidy/policy/pack.h"

/* ---- The history ---- */

static bool
of_limit(unsigned event)
{
    return event == POLICY__EVENT__PASSED || event == POLICY__EVENT__BITES || event == POLICY__EVENT__WITHIN_CAP ||
           event == POLICY__EVENT__CUT || event == POLICY__EVENT__CAP_SPENT;
}

/* Does a try decide at the same place as before, and find as much there? */
static bool
finds_as_much(const struct evaluation *evaluation, int item, const struct trace_step *like)
{
    for (uint32_t i = 0; i < evaluation->trace_count; i++) {
        const struct trace_step *step = &evaluation->trace[i];

        if (step->item == item && step->rule == like->rule && of_limit(step->event) == of_limit(like->event) &&
            step->index == like->index &&
            (of_limit(step->event) || step->event == POLICY__EVENT__MET || step->event == POLICY__EVENT__UNMET))
            return step->event == like->event && step->value == like->value;
    }
    return false;
}

/* Without one line after the other: a line counts where the figure that was compared changes. Then without all of them.
 */
void
whatif_history(struct whatif_search *search, const struct trace_step *decisive)
{
    struct facts facts = *search->facts;
    uint32_t without = 0, all = facts.history_count;

    facts.history = search->history;
    for (uint32_t i = 0; i < all; i++) {
        for (uint32_t at = 0; at < all; at++)
            if (at != i)
                search->history[at < i ? at : at - 1] = search->facts->history[at];
        facts.history_count = all - 1;
        search->counts[i] = whatif_try(search, &facts) && !finds_as_much(&search->tried, search->item, decisive);
    }
    for (uint32_t i = 0; i < all; i++)
        if (!search->counts[i])
            search->history[without++] = search->facts->history[i];
    facts.history_count = without;
    if (without < all && whatif_try(search, &facts))
        whatif_keep(search, (struct whatif){.kind = WHATIF_HISTORY, .from = all - without});
}

/* ---- Days ---- */

/* The first day of which the months back do not reach the other day any more. */
static int32_t
months_after(int32_t day, uint32_t months)
{
    struct date date = date_of(day);
    int month = date.month - 1 + (int)(months % 12);
    int32_t free_day = day;

    date_make(date.year + (int)(months / 12) + month / 12, month % 12 + 1, date.day > 28 ? 28 : date.day, &free_day);
    for (int i = 0; i < 8 && facts_months_back(free_day, months) <= day; i++)
        free_day++;
    return free_day;
}

/* The first line that the limit counts. 0: none. */
static int32_t
first_counted(const struct facts *facts, const Policy__Limit *limit)
{
    bool enterprise = limit->whose == POLICY__WHOSE__WHOSE_ENTERPRISE;
    const struct paid_before *lines = enterprise ? facts->enterprise_history : facts->history;
    uint32_t count = enterprise ? facts->enterprise_count : facts->history_count;
    uint64_t against = limit->each ? UINT64_MAX : limit->against;
    int32_t from = facts_months_back(facts->day, limit->months), first = 0;

    for (uint32_t i = 0; i < count; i++)
        if (!lines[i].advance && (against & POLICY_BIT(lines[i].item)) && lines[i].day >= from &&
            lines[i].day <= facts->day && (!first || lines[i].day < first))
            first = lines[i].day;
    return first;
}

/* The day from which it counts less. 0: never, or nothing was paid before. */
static int32_t
frees_on(const struct facts *facts, const Policy__Limit *limit)
{
    int32_t day = 0, first;

    switch (limit->kind == POLICY__LIMIT_KIND__TIMES_A_YEAR ? POLICY__WITHIN__YEAR : limit->within) {
    case POLICY__WITHIN__YEAR:
        date_make(date_of(facts->certificate ? facts->certificate_day : facts->day).year + 1, 1, 1, &day);
        return day;
    case POLICY__WITHIN__MONTHS_BACK:
        first = first_counted(facts, limit);
        return first ? months_after(first, limit->months) : 0;
    case POLICY__WITHIN__SINCE_PACK:
    case POLICY__WITHIN__EVER:
    case _POLICY__WITHIN_IS_INT_SIZE:
        break;
    }
    return 0;
}

/* ---- The limit ---- */

static bool
by_occupation(const Policy__Limit *limit)
{
    return limit->kind == POLICY__LIMIT_KIND__SAME_OCCUPATION_LEVEL_PAID ||
           limit->kind == POLICY__LIMIT_KIND__HIGHER_LEVEL_PAID;
}

void
whatif_limit(struct whatif_search *search, const struct trace_step *decisive)
{
    const Policy__Limit *limit = pack_limit_numbered(search->view->pack, decisive->rule);
    struct facts facts = *search->facts;

    if (!limit)
        return;
    if (limit->kind == POLICY__LIMIT_KIND__LARGEST_ONLY || limit->kind == POLICY__LIMIT_KIND__EXCLUDED_BY) {
        search->tried = search->base;
        whatif_keep(search, (struct whatif){.kind = WHATIF_ITEM, .from = decisive->rule, .to = decisive->value});
        return;
    }
    whatif_level(search);
    facts.occupation = UINT32_MAX; /* no occupation's number: none in the history is the same */
    if (by_occupation(limit) && whatif_try(search, &facts) && whatif_due(search))
        whatif_keep(search, (struct whatif){.kind = WHATIF_OCCUPATION});
    whatif_year(search);
    whatif_history(search, decisive);
    if (limit->kind != POLICY__LIMIT_KIND__CAP && limit->whose != POLICY__WHOSE__WHOSE_ENTERPRISE)
        return;
    search->tried = search->base;
    whatif_keep(search, (struct whatif){.kind = WHATIF_LIMIT,
                                        .from = decisive->rule,
                                        .to = frees_on(search->facts, limit),
                                        .mask = (uint64_t)decisive->value});
}
