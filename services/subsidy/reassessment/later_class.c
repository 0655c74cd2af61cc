/* Later classes of an enterprise (待复核班级): what it was paid is another sum now, and a limit of the pack that
 * decided looks at it. Which seats come out otherwise nobody knows before they are reckoned: the class is listed, for
 * whoever reassesses; 2.10-b. */
#include <string.h>

#include "domain/date.h"
#include "subsidy/nouns.h"

/* What one step does at most: settlements are passed a small row or two each, packs and reassessments are large. */
#define STEP_PARTS_MAX         200
#define STEP_PACKS_MAX         8
#define STEP_REASSESSMENTS_MAX 2 /* a settlement's class */

bool
later_class_waits(const struct jn_view *view, uint64_t class)
{
    return jn_has(view, TABLE_TO_REASSESS, JN_KEY(class, 0));
}

/* ---- What has changed ---- */

void
later_class_part(struct jn_tables *t, const Subsidy__Settled *event)
{
    Subsidy__EnterprisePartRow row = SUBSIDY__ENTERPRISE_PART_ROW__INIT;

    row.pack = event->pack;
    jn_put(t, TABLE_ENTERPRISE_PART, JN_KEY(event->employer, event->settlement), &row);
}

static void
change_keep(struct jn_tables *t, Subsidy__EnterpriseChange *change, const struct jn_stamp *stamp)
{
    if (change->due_ms)
        jn_timer_clear(t, change->due_ms, TIMER_ENTERPRISE_CHANGE, change->change);
    change->due_ms = change->done ? 0 : stamp->time_ms;
    if (change->due_ms)
        jn_timer_set(t, change->due_ms, TIMER_ENTERPRISE_CHANGE, change->change);
    jn_put(t, TABLE_ENTERPRISE_CHANGE, JN_KEY(change->change), change);
}

/* Where nothing of the enterprise was settled behind it, or no pack has such a limit, nothing comes out otherwise. */
void
later_class_change(struct jn_tables *t, Subsidy__EnterpriseChange *change, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    struct jn_key key;

    if (!jn_counter(view, COUNTER_ENTERPRISE_PACKS) ||
        !jn_first(view, TABLE_ENTERPRISE_PART, JN_KEY(change->enterprise, change->from_settlement), sizeof(uint64_t),
                  &key))
        return;
    change->change = jn_counter(view, COUNTER_ENTERPRISE_CHANGE) + 1;
    change->through_settlement = jn_counter(view, COUNTER_SETTLEMENT);
    change->reassessment = jn_counter(view, COUNTER_REASSESSMENT);
    change->day = date_of_ms(stamp->time_ms);
    change->next_settlement = change->from_settlement;
    jn_counter_set(t, COUNTER_ENTERPRISE_CHANGE, change->change);
    change_keep(t, change, stamp);
}

static void
class_looked(struct jn_tables *t, const Subsidy__Reassessed *event)
{
    const struct jn_view *view = jn_view_of(t);
    const Subsidy__ToReassessRow *old = jn_get(view, TABLE_TO_REASSESS, JN_KEY(event->class_, 0));
    Subsidy__ToReassessRow row;

    if (!old || old->from_rank < event->looked_from || old->from_rank >= event->looked_through)
        return;
    if (event->looked_through >= progress_of(view, event->class_).judged) {
        jn_delete(t, TABLE_TO_REASSESS, JN_KEY(event->class_, 0));
        return;
    }
    row = *old;
    row.from_rank = event->looked_through;
    jn_put(t, TABLE_TO_REASSESS, JN_KEY(event->class_, 0), &row);
}

/* Of the class itself those seats may come out otherwise that were not looked at since; nothing else of it. */
void
later_class_reassessed(struct jn_tables *t, const Subsidy__Reassessed *event, const Subsidy__ClassNoted *class,
                       struct enterprise_moved moved, const struct jn_stamp *stamp)
{
    Subsidy__EnterpriseChange change = SUBSIDY__ENTERPRISE_CHANGE__INIT;

    class_looked(t, event);
    if (!class || !moved.items)
        return;
    change.enterprise = class_enterprise(class);
    change.items = moved.items;
    change.first_day = change.last_day = class->end_day;
    change.from_settlement = event->unseen_from ? moved.settlement : moved.settlement + 1;
    change.class_ = event->class_;
    change.unseen_from = event->unseen_from;
    if (event->cause == SUBSIDY__CAUSE__RULE_CHANGED)
        change.backwards = jn_counter(jn_view_of(t), COUNTER_BACKWARDS);
    later_class_change(t, &change, stamp);
}

/* ---- What was looked at since ---- */

struct since {
    uint32_t rank;
};

static bool
look_since(void *context, const struct jn_key *key, const void *value)
{
    struct since *since = context;
    const Subsidy__Reassessed *event = value;

    (void)key;
    if (event->looked_from <= since->rank && event->looked_through > since->rank)
        since->rank = event->looked_through;
    return true;
}

/* A pack that is applied backwards goes on, in the order of settlement, to what it reaches. */
static bool
reached_anyway(const struct jn_view *view, const Subsidy__EnterpriseChange *change, uint64_t settlement,
               const Subsidy__PartRow *part)
{
    const Subsidy__BackwardsRow *row =
        change->backwards ? jn_get(view, TABLE_BACKWARDS, JN_KEY(change->backwards)) : NULL;

    return row && settlement <= row->begun->through && part->day >= row->begun->from_day &&
           part->day <= row->begun->until_day;
}

uint32_t
later_class_unseen(const struct jn_view *view, const Subsidy__EnterpriseChange *change, uint64_t settlement,
                   const Subsidy__PartRow *part, size_t reassessments)
{
    uint32_t until = part->first_rank + part->rows;
    struct since since = {part->first_rank};

    if (reached_anyway(view, change, settlement, part) || progress_of(view, part->class_).cancelled)
        return until;
    if (part->class_ == change->class_ && !change->unseen_from)
        return until;
    if (part->class_ == change->class_ && change->unseen_from > since.rank)
        since.rank = change->unseen_from;
    jn_scan(view, TABLE_REASSESSMENT, JN_KEY(part->class_, change->reassessment + 1), sizeof(uint64_t), reassessments,
            look_since, &since);
    return since.rank < until ? since.rank : until;
}

/* ---- A step ---- */

struct step {
    const struct jn_decision *d;
    const Subsidy__EnterpriseChange *change;
    Subsidy__EnterpriseChangeMoved event;
    const Policy__Pack *pack; /* the last one read */
    unsigned packs;
    bool over, full;
};

/* False where this step has read enough. */
static bool
pack_in_hand(struct step *step, const char *id)
{
    if (step->pack && strcmp(step->pack->id, id) == 0)
        return true;
    step->full = step->packs == STEP_PACKS_MAX;
    if (step->full)
        return false;
    step->packs++;
    step->pack = pack_named(step->d->view, id);
    return step->pack != NULL;
}

static void
list_class(struct step *step, uint64_t class, uint64_t settlement, uint32_t rank)
{
    Subsidy__EnterpriseChangeMoved *event = &step->event;
    Subsidy__LaterClass *later;

    for (size_t i = 0; i < event->n_classes; i++)
        if (event->classes[i]->class_ == class)
            return; /* from an earlier rank */
    later = event->classes[event->n_classes++] = jn_take(step->d->view, sizeof(*later));
    subsidy__later_class__init(later);
    later->class_ = class;
    later->settlement = settlement;
    later->from_rank = rank;
}

static bool
look_at_part(void *context, const struct jn_key *key, const void *value)
{
    struct step *step = context;
    const struct jn_view *view = step->d->view;
    const Subsidy__EnterpriseChange *change = step->change;
    const Subsidy__EnterprisePartRow *row = value;
    uint64_t settlement = jn_key_number(key, 1);
    const Subsidy__PartRow *part = part_of(view, settlement);
    uint32_t rank;

    step->over = settlement > change->through_settlement;
    if (step->over || !part || !pack_in_hand(step, pack_decided_on(view, settlement, part->day, row->pack)))
        return false;
    step->event.next_settlement = settlement + 1;
    if (!enterprise_counts(step->pack, part->day, change->items, change->first_day, change->last_day))
        return true;
    rank = later_class_unseen(view, change, settlement, part, STEP_REASSESSMENTS_MAX);
    if (rank < part->first_rank + part->rows)
        list_class(step, part->class_, settlement, rank);
    return true;
}

enum jn_code
fire_enterprise_change(struct jn_decision *d, uint64_t number)
{
    const Subsidy__EnterpriseChange *change = jn_get(d->view, TABLE_ENTERPRISE_CHANGE, JN_KEY(number));
    struct step step = {.d = d, .change = change};
    bool ended;

    if (!change)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    subsidy__enterprise_change_moved__init(&step.event);
    step.event.change = number;
    step.event.classes = jn_take(d->view, STEP_PARTS_MAX * sizeof(*step.event.classes));
    step.event.next_settlement = change->next_settlement;
    ended = jn_scan(d->view, TABLE_ENTERPRISE_PART, JN_KEY(change->enterprise, change->next_settlement),
                    sizeof(uint64_t), STEP_PARTS_MAX, look_at_part, &step);
    step.event.done = step.over || (ended && !step.full);
    return jn_emit(d, SUBSIDY__EVENT__BODY_ENTERPRISE_CHANGE_MOVED, &step.event);
}

static void
class_keep(struct jn_tables *t, const Subsidy__EnterpriseChange *change, const Subsidy__LaterClass *later)
{
    const Subsidy__ToReassessRow *old = jn_get(jn_view_of(t), TABLE_TO_REASSESS, JN_KEY(later->class_, 0));
    Subsidy__ToReassessRow row = SUBSIDY__TO_REASSESS_ROW__INIT;

    row.settlement = later->settlement;
    row.because_class = change->class_;
    row.reassessment = change->class_ ? change->reassessment : 0;
    row.day = change->day;
    row.enterprise = change->enterprise;
    row.from_rank = old && old->from_rank < later->from_rank ? old->from_rank : later->from_rank;
    jn_put(t, TABLE_TO_REASSESS, JN_KEY(later->class_, 0), &row);
}

void
apply_enterprise_change_moved(struct jn_tables *t, const Subsidy__EnterpriseChangeMoved *event,
                              const struct jn_stamp *stamp)
{
    const Subsidy__EnterpriseChange *old = jn_get(jn_view_of(t), TABLE_ENTERPRISE_CHANGE, JN_KEY(event->change));
    Subsidy__EnterpriseChange change;

    if (!old)
        return; /* the tables have gone quiet */
    change = *old;
    change.next_settlement = event->next_settlement;
    change.done = event->done;
    for (size_t i = 0; i < event->n_classes; i++)
        class_keep(t, &change, event->classes[i]);
    change_keep(t, &change, stamp);
}
