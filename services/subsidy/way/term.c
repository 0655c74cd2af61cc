/* Terms (办理期限): until when a step, a return, a hold, an objection or a case is to be done with. What is late is
 * told, at its end and a few times more, and listed until it is done. */
#include "subsidy/way/way.h"

#include "domain/calendar.h"
#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

/* After that it stays in the list of what is overdue. */
#define REMINDERS_MAX 4
#define PAGE          200
#define WHAT_BITS     3

static uint64_t
timer_id(Subsidy__Due what, uint64_t number)
{
    return number << WHAT_BITS | (uint64_t)what;
}

static struct jn_key
term_key(Subsidy__Due what, uint64_t number)
{
    return JN_KEY((uint64_t)what, number);
}

static struct jn_key
late_key(const Subsidy__TermRow *row, Subsidy__Due what, uint64_t number)
{
    return JN_KEY(day_up(row->due_day), (uint64_t)what, number);
}

static int64_t
over_ms(int32_t day)
{
    return date_to_ms(day + 1);
}

const Subsidy__TermRow *
term_of(const struct jn_view *view, Subsidy__Due what, uint64_t number)
{
    return jn_get(view, TABLE_TERM, term_key(what, number));
}

Subsidy__TermRow
term_of_step(const Subsidy__StandingRow *standing, const Policy__WayStep *step, uint32_t number, int32_t due_day)
{
    Subsidy__TermRow row = SUBSIDY__TERM_ROW__INIT;

    row.due_day = row.remind_day = due_day;
    row.term_days = step->term_days;
    row.class_ = standing->class_;
    row.division = standing->division;
    row.groups = standing->groups;
    row.women = standing->women;
    row.step = number;
    row.by = step->by;
    return row;
}

void
term_set(struct jn_tables *t, Subsidy__Due what, uint64_t number, const Subsidy__TermRow *row)
{
    term_drop(t, what, number);
    if (row->due_day == 0)
        return;
    jn_put(t, TABLE_TERM, term_key(what, number), row);
    if (row->remind_day)
        jn_timer_set(t, over_ms(row->remind_day), TIMER_TERM, timer_id(what, number));
    if (row->reminders) {
        Subsidy__NumberRow late = SUBSIDY__NUMBER_ROW__INIT;

        late.number = number;
        jn_put(t, TABLE_OVERDUE, late_key(row, what, number), &late);
        jn_counter_set(t, COUNTER_OVERDUE, jn_counter(jn_view_of(t), COUNTER_OVERDUE) + 1);
    }
}

void
term_drop(struct jn_tables *t, Subsidy__Due what, uint64_t number)
{
    const Subsidy__TermRow *row = term_of(jn_view_of(t), what, number);

    if (!row)
        return;
    if (row->remind_day)
        jn_timer_clear(t, over_ms(row->remind_day), TIMER_TERM, timer_id(what, number));
    if (row->reminders) {
        jn_delete(t, TABLE_OVERDUE, late_key(row, what, number));
        jn_counter_set(t, COUNTER_OVERDUE, jn_counter(jn_view_of(t), COUNTER_OVERDUE) - 1);
    }
    jn_delete(t, TABLE_TERM, term_key(what, number));
}

enum jn_code
fire_term(struct jn_decision *d, uint64_t id)
{
    Subsidy__Due what = (Subsidy__Due)(id & ((1u << WHAT_BITS) - 1));
    uint64_t number = id >> WHAT_BITS;
    const Subsidy__TermRow *row = term_of(d->view, what, number);
    Subsidy__TermOver event = SUBSIDY__TERM_OVER__INIT;

    if (!row)
        return JN_UNAVAILABLE; /* the tables have gone quiet */
    if (step_lapses(d, what, number))
        return JN_OK;
    event.what = what;
    event.number = number;
    event.due_day = row->due_day;
    event.reminders = row->reminders + 1;
    event.next_day = event.reminders < REMINDERS_MAX ? way_due(d, 0, row->term_days) : 0;
    event.class_ = row->class_;
    event.division = row->division;
    event.groups = row->groups;
    event.women = row->women;
    event.by = row->by;
    return jn_emit(d, EVENT_TERM_OVER, &event);
}

void
apply_term_over(struct jn_tables *t, const Subsidy__TermOver *event, const struct jn_stamp *stamp)
{
    const Subsidy__TermRow *old = term_of(jn_view_of(t), event->what, event->number);
    Subsidy__TermRow row;

    (void)stamp;
    if (!old)
        return;
    row = *old;
    row.reminders = event->reminders;
    row.remind_day = event->next_day;
    term_set(t, event->what, event->number, &row);
}

/* ---- What is overdue (逾期事项) ---- */

struct listing {
    struct jn_decision *d;
    Subsidy__OverdueView *reply;
};

/* What is about one claim is seen by who sees that claim; a step of a settlement by who sees something of the class. */
static bool
late_in_scope(const struct jn_decision *d, Subsidy__Due what, uint64_t number, const Subsidy__TermRow *term)
{
    const Subsidy__ObjectionRow *objection;
    const Subsidy__CaseView *row;
    struct place place;

    switch (what) {
    case SUBSIDY__DUE__DUE_CASE:
        row = jn_get(d->view, TABLE_CASE, JN_KEY(number));
        return row && case_in_scope(d, row);
    case SUBSIDY__DUE__DUE_OBJECTION:
        objection = jn_get(d->view, TABLE_OBJECTION, JN_KEY(number));
        return objection && place_find(d->view, objection->raised->claim, &place) && claim_in_scope(d, &place);
    case SUBSIDY__DUE__DUE_ALONE:
    case SUBSIDY__DUE__DUE_HOLD:
        return place_find(d->view, number, &place) && claim_in_scope(d, &place);
    case SUBSIDY__DUE__DUE_STEP:
    case SUBSIDY__DUE__DUE_AWAITED: /* of a class */
    case SUBSIDY__DUE__DUE_UNSPECIFIED:
    case _SUBSIDY__DUE_IS_INT_SIZE:
        break;
    }
    return review_in_scope(d->who, term->division, term->groups, term->women);
}

static bool
list_late(void *context, const struct jn_key *key, const void *late)
{
    struct listing *listing = context;
    Subsidy__Due what = (Subsidy__Due)jn_key_number(key, 1);
    uint64_t number = jn_key_number(key, 2);
    const Subsidy__TermRow *term = term_of(listing->d->view, what, number);
    const Subsidy__ClassNoted *class;
    Subsidy__OverdueRow *row;

    (void)late;
    if (!term || !late_in_scope(listing->d, what, number, term))
        return true;
    if (listing->reply->n_rows == PAGE) {
        listing->reply->more = true;
        return false;
    }
    row = listing->reply->rows[listing->reply->n_rows++] = jn_take(listing->d->view, sizeof(*row));
    *row = (Subsidy__OverdueRow)SUBSIDY__OVERDUE_ROW__INIT;
    row->what = what;
    row->number = number;
    row->due_day = term->due_day;
    row->reminders = term->reminders;
    row->class_ = term->class_;
    row->division = term->division;
    row->step = term->step;
    row->by = term->by;
    class = term->class_ ? class_find(listing->d->view, term->class_) : NULL;
    if (class)
        row->class_no = class->class_no;
    return true;
}

enum jn_code
answer_overdue(struct jn_decision *d, const Subsidy__OverdueRequest *query)
{
    Subsidy__OverdueView reply = SUBSIDY__OVERDUE_VIEW__INIT;
    struct listing listing = {d, &reply};
    bool begun = query->after_day || query->after_what || query->after_number;
    struct jn_key from =
        begun ? JN_KEY(day_up(query->after_day), (uint64_t)query->after_what, query->after_number + 1) : JN_KEY(0);

    reply.rows = jn_take(d->view, PAGE * sizeof(*reply.rows));
    jn_scan(d->view, TABLE_OVERDUE, from, 0, SIZE_MAX, list_late, &listing);
    jn_reply(d, &reply.base);
    return JN_OK;
}
