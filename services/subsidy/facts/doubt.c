/* Doubts (存疑): facts that keep a seat from being judged, and facts that a reviewer should look at though they are. */
#include "subsidy/facts/doubt.h"

#include <inttypes.h>

#include "subsidy/nouns.h"

/* Each of these comes from another service, which refuses most of it; but what is paid hangs on it. */
const char *
doubt_of(const Subsidy__ClassNoted *class, const Subsidy__Seat *seat, const Subsidy__NotedResult *result)
{
    int64_t days = (int64_t) class->end_day - class->start_day + 1;

    if (days < 1)
        return "the class ends before it begins 班级结业日期早于开班日期";
    if (seat->days > days)
        return "more days were attended than the class has 出勤天数多于班级天数";
    if (seat->groups & seat->denied)
        return "a group is attested and denied at once 同一人员类别既被认定又被否定";
    if (result && result->day < class->end_day)
        return "the certificate is dated before the class ended 取证日期早于结业日期";
    return NULL;
}

/* ---- A seat that could not be judged ---- */

bool
unjudged_in(const Subsidy__Settled *settled, uint32_t seat)
{
    for (size_t i = 0; i < settled->n_unjudged; i++)
        if (settled->unjudged[i] == seat)
            return true;
    return false;
}

static const Subsidy__Settled *
settlement_without(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress, uint32_t seat)
{
    struct parts at = {0};
    const Subsidy__Settled *settled;

    while ((settled = settlement_next(view, class, progress, &at)) != NULL)
        if (unjudged_in(settled, seat))
            return settled;
    return NULL;
}

static const char *
fault_now(const struct jn_view *view, const Subsidy__Settled *settled, const Subsidy__ProgressRow *progress,
          uint32_t seat)
{
    const Subsidy__ClassNoted *class = class_find(view, settled->class_);
    const Policy__Pack *pack = pack_named(view, settled->pack);
    struct judgement *judgement = jn_take(view, sizeof(*judgement));
    struct roster roster = roster_of(view, settled->class_, progress, true);
    const Subsidy__NotedResult **results = results_of(view, settled->class_, progress, roster.seat_max, true);
    const Subsidy__Seat *found;

    if (!class || !pack)
        return NULL; /* the tables have gone quiet */
    judgement_open(judgement, view, class, pack);
    found = roster_seat(&roster, seat);
    return !found || judge(judgement, found, results[seat]) ? NULL : judgement->evaluation.fault;
}

const char *
doubt_unjudged(const struct jn_decision *d, uint64_t class, uint32_t seat)
{
    Subsidy__ProgressRow progress = progress_of(d->view, class);
    const Subsidy__Settled *settled = settlement_without(d->view, class, &progress, seat);
    const char *fault;

    if (!settled)
        return NULL;
    fault = fault_now(d->view, settled, &progress, seat);
    return fault ? jn_arena_print(d->arena, "its facts cannot be judged: %s (事实无法核定)", fault)
                 : "its facts could not be judged when it was settled and can be now: reassess it "
                   "事实已可核定，请重新核定";
}

/* It is said so that somebody is told; which seats they are is kept with the settlement. */
void
apply_seats_unjudged(struct jn_tables *t, const Subsidy__SeatsUnjudged *event, const struct jn_stamp *stamp)
{
    (void)t;
    (void)event;
    (void)stamp;
}

/* ---- A claim that is due all the same ---- */

/* 2.10-c goes by the certificate's level and what was bought by the class's: one of the two may be an error. */
const char *
doubt_of_claim(const struct jn_decision *d, const Subsidy__Settled *settled, const Subsidy__SettledClaim *claim)
{
    const Subsidy__ClassNoted *class = class_find(d->view, settled->class_);

    if (!class || !class->level || !claim->level || claim->level == class->level)
        return NULL;
    return jn_arena_print(d->arena,
                          "The class trained for level %" PRIu32 ", the certificate is of level %" PRIu32
                          ". 培训等级为%" PRIu32 "级，证书等级为%" PRIu32 "级，请核对。",
                          class->level, claim->level, class->level, claim->level);
}
