/* Classes (培训班): what they were filed as, how far their facts have come, and the order in which they are settled. */
#include <string.h>

#include "subsidy/funnel/funnel.h"
#include "subsidy/nouns.h"
#include "subsidy/reservation/reservation.h"

#define CLASS_NO_BYTES 48 /* as enrollment bounds it */

static struct jn_key
number_key(const char *class_no)
{
    return jn_key_bytes(class_no, strnlen(class_no, JN_TABLE_KEY_BYTES_MAX));
}

static bool
usable(const Enrollment__ClassFiled *filed)
{
    size_t length = strlen(filed->class_no);

    return filed->class_ > 0 && length > 0 && length <= CLASS_NO_BYTES && day_known(filed->start_day) &&
           day_known(filed->end_day);
}

enum jn_code
react_class_filed(struct jn_decision *d, const Enrollment__ClassFiled *event, const struct jn_source *source)
{
    Subsidy__ClassNoted noted = SUBSIDY__CLASS_NOTED__INIT;

    /* Filed once: where the class lies in the order of settling hangs on what it was filed as. */
    if (!usable(event) || class_find(d->view, event->class_) || class_numbered(d->view, event->class_no))
        return JN_OK;
    noted.class_ = event->class_;
    noted.class_no = event->class_no;
    noted.provider = event->provider;
    noted.employer = event->employer;
    noted.division = event->division;
    noted.kind = event->kind;
    noted.occupation = occupation_number(d, event->occupation);
    noted.level = event->level;
    noted.project_based = event->project_based;
    noted.start_day = event->start_day;
    noted.end_day = event->end_day;
    noted.cost_fen = event->cost_fen;
    noted.hours = event->hours;
    noted.advance = event->advance;
    noted.filed_day = date_of_ms(source->time_ms);
    return jn_emit(d, EVENT_CLASS_NOTED, &noted);
}

/* Certification may have been read further than enrollment: facts about the class can be there before it. */
void
apply_class_noted(struct jn_tables *t, const Subsidy__ClassNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);
    Subsidy__NumberRow row = SUBSIDY__NUMBER_ROW__INIT;

    (void)stamp;
    row.number = event->class_;
    jn_put(t, TABLE_CLASS, JN_KEY(event->class_), event);
    jn_put(t, TABLE_CLASS_NUMBER, number_key(event->class_no), &row);
    progress_keep(t, event->class_, &progress);
}

enum jn_code
react_class_stopped(struct jn_decision *d, const Enrollment__ClassStopped *event, const struct jn_source *source)
{
    Subsidy__StopNoted noted = SUBSIDY__STOP_NOTED__INIT;

    (void)source;
    noted.class_ = event->class_;
    return jn_emit(d, EVENT_STOP_NOTED, &noted);
}

void
apply_stop_noted(struct jn_tables *t, const Subsidy__StopNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);

    (void)stamp;
    progress.stopped = true;
    if (progress.judged == 0)
        reservation_close(t, event->class_, &progress);
    progress_keep(t, event->class_, &progress);
}

enum jn_code
react_class_inspected(struct jn_decision *d, const Enrollment__ClassInspected *event, const struct jn_source *source)
{
    Subsidy__InspectionNoted noted = SUBSIDY__INSPECTION_NOTED__INIT;

    (void)source;
    noted.class_ = event->class_;
    noted.sound = event->outcome == ENROLLMENT__INSPECTION__SOUND;
    noted.day = event->day;
    return jn_emit(d, EVENT_INSPECTION_NOTED, &noted);
}

void
apply_inspection_noted(struct jn_tables *t, const Subsidy__InspectionNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);

    progress.inspections++;
    progress.sound = event->sound;
    progress.sound_once = progress.sound_once || event->sound;
    progress_keep(t, event->class_, &progress);
    if (event->sound)
        gates_look_again(t, stamp);
}

const Subsidy__ClassNoted *
class_find(const struct jn_view *view, uint64_t number)
{
    return jn_get(view, TABLE_CLASS, JN_KEY(number));
}

uint64_t
class_numbered(const struct jn_view *view, const char *class_no)
{
    const Subsidy__NumberRow *row = *class_no ? jn_get(view, TABLE_CLASS_NUMBER, number_key(class_no)) : NULL;

    return row ? row->number : 0;
}

uint64_t
class_enterprise(const Subsidy__ClassNoted *facts)
{
    return facts->employer ? facts->employer : facts->provider;
}

/* ---- How far it has come ---- */

Subsidy__ProgressRow
progress_of(const struct jn_view *view, uint64_t number)
{
    const Subsidy__ProgressRow *row = jn_get(view, TABLE_PROGRESS, JN_KEY(number));

    return row ? *row : (Subsidy__ProgressRow)SUBSIDY__PROGRESS_ROW__INIT;
}

bool
progress_complete(const Subsidy__ProgressRow *progress)
{
    return progress->finished && progress->rows >= progress->count && progress->closed &&
           progress->results >= progress->closed_count;
}

/* A class in which nobody has a seat is neither opened nor finished: there is nothing to wait for and nothing to
 * settle. One that was settled in part is settled to its end, whatever comes. */
static Subsidy__Place
place_of(const Subsidy__ClassNoted *facts, const Subsidy__ProgressRow *progress)
{
    if (!facts || progress->settled || (progress->stopped && progress->judged == 0))
        return SUBSIDY__PLACE__NOWHERE;
    if (progress_complete(progress))
        return SUBSIDY__PLACE__READY;
    return progress->seats || progress->finished ? SUBSIDY__PLACE__AWAITED : SUBSIDY__PLACE__NOWHERE;
}

static bool
waits(const Subsidy__ProgressRow *progress)
{
    return (progress->finished || progress->closed) && !progress->settled && !progress->stopped;
}

/* Sorts by end, then by the text of class_no (shorter first among equals), then by number. */
struct jn_key
class_order(const Subsidy__ClassNoted *facts)
{
    struct jn_key key = JN_KEY(day_up(facts->end_day), 0, 0, 0, 0, 0, 0), number = JN_KEY(facts->class_);

    memcpy(key.bytes + 8, facts->class_no, strnlen(facts->class_no, CLASS_NO_BYTES));
    memcpy(key.bytes + key.length, number.bytes, number.length);
    key.length += number.length;
    return key;
}

static void
place_move(struct jn_tables *t, const Subsidy__ClassNoted *facts, Subsidy__Place from, Subsidy__Place to)
{
    Subsidy__NumberRow row = SUBSIDY__NUMBER_ROW__INIT;

    if (from == to)
        return;
    row.number = facts->class_;
    if (from != SUBSIDY__PLACE__NOWHERE)
        jn_delete(t, from == SUBSIDY__PLACE__READY ? TABLE_READY : TABLE_AWAITED, class_order(facts));
    if (to != SUBSIDY__PLACE__NOWHERE)
        jn_put(t, to == SUBSIDY__PLACE__READY ? TABLE_READY : TABLE_AWAITED, class_order(facts), &row);
}

static void
count_waiting(struct jn_tables *t, bool before, bool after)
{
    struct totals totals;

    if (before == after)
        return;
    totals_load(jn_view_of(t), &totals);
    totals.row.classes_waiting += after ? 1 : UINT64_MAX;
    totals_keep(t, &totals);
}

void
progress_keep(struct jn_tables *t, uint64_t number, Subsidy__ProgressRow *progress)
{
    const struct jn_view *view = jn_view_of(t);
    const Subsidy__ClassNoted *facts = class_find(view, number);
    Subsidy__ProgressRow before = progress_of(view, number);

    progress->place = place_of(facts, progress);
    if (facts)
        place_move(t, facts, before.place, progress->place);
    count_waiting(t, waits(&before), waits(progress));
    jn_put(t, TABLE_PROGRESS, JN_KEY(number), progress);
    if (facts)
        funnel_note_progress(t, facts, progress);
}

/* ---- The order of settling ---- */

uint64_t
class_first(const struct jn_view *view, unsigned table, int32_t day)
{
    struct jn_key found;
    const Subsidy__NumberRow *row = jn_first(view, table, JN_KEY(0), 0, &found);

    return row && jn_key_number(&found, 0) <= day_up(day) ? row->number : 0;
}

struct tally {
    uint64_t until, count;
};

static bool
tally_one(void *context, const struct jn_key *key, const void *row)
{
    struct tally *tally = context;

    (void)row;
    if (jn_key_number(key, 0) > tally->until)
        return false;
    tally->count++;
    return true;
}

uint64_t
class_count(const struct jn_view *view, unsigned table, int32_t day, uint64_t most)
{
    struct tally tally = {.until = day_up(day)};

    jn_scan(view, table, JN_KEY(0), 0, most, tally_one, &tally);
    return tally.count;
}
