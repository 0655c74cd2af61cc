/* The end of a class (结业): its rows go out with days attended, groups attested and the order in which they are
 * settled. 3.4-c.
 *
 * A group that its department denied, or whose register does not know the person, is taken off; the row says so in
 * `denied`. */
#include "enrollment/enrollment.h"

#include <stdlib.h>

#include "domain/date.h"
#include "domain/words.h"

static enum jn_code
check_answers(struct jn_decision *d, const struct class *class, const struct attestation *attestation)
{
    const char *list = "";

    for (int department = 1; department < DEPARTMENTS_COUNT; department++)
        if (attestation->open[department] > 0)
            list = jn_arena_print(d->arena, "%s%s%s %s (%u)", list, *list ? ", " : "",
                                  word_name(&words_departments, department), word_zh(&words_departments, department),
                                  attestation->open[department]);
    if (!*list)
        return JN_OK;
    return jn_refuse(d, JN_NOT_YET, "class %s waits for answers 核验 of %s: finish it when they have come",
                     class->filed->class_no, list);
}

/* ---- The order of settling ---- */

static int
by_id17(const void *left, const void *right)
{
    const Enrollment__RosterSeat *a = *(const Enrollment__RosterSeat *const *)left;
    const Enrollment__RosterSeat *b = *(const Enrollment__RosterSeat *const *)right;

    return (a->id17 > b->id17) - (a->id17 < b->id17);
}

/* Each seat's place by id number, by seat - 1. Nobody sits on a class twice: the order is total. */
static const uint32_t *
ranks_of(const struct jn_view *view, const struct roster *roster)
{
    const Enrollment__RosterSeat **sorted = jn_take(view, (roster->count + 1) * sizeof(sorted[0]));
    uint32_t *ranks = jn_take(view, (roster->count + 1) * sizeof(ranks[0]));

    for (size_t i = 0; i < roster->count; i++)
        sorted[i] = roster->seats[i];
    qsort(sorted, roster->count, sizeof(sorted[0]), by_id17);
    for (uint32_t rank = 0; rank < roster->count; rank++)
        ranks[sorted[rank]->seat - 1] = rank;
    return ranks;
}

/* ---- Finishing ---- */

struct finishing {
    struct jn_decision *d;
    struct class class;
    struct roster roster;
    const struct attestation *attestation;
    const Enrollment__Attendance *attendance;
    const uint32_t *ranks;
};

static Enrollment__FinishedRow *
finished_row(const struct finishing *f, const Enrollment__RosterSeat *seat)
{
    Enrollment__FinishedRow *row = jn_take(f->d->view, sizeof(*row));

    enrollment__finished_row__init(row);
    row->seat = seat->seat;
    row->person = seat->person;
    row->rank = f->ranks[seat->seat - 1];
    row->days = attendance_days(f->attendance, seat->seat);
    row->groups = seat->groups & f->attestation->groups[seat->seat - 1];
    row->denied = seat->groups & ~row->groups;
    row->household = seat->household;
    row->living_allowance = seat->living_allowance;
    row->insured_months = seat->insured_months;
    row->employed_months = seat->employed_months;
    row->account = jn_has(f->d->view, TABLE_PAYEE, JN_KEY(seat->person));
    row->age = person_age(seat->id17, f->class.filed->end_day);
    row->sex = seat->id17 ? (seat->woman ? 2 : 1) : 0;
    return row;
}

static void
emit_rows(const struct finishing *f)
{
    Enrollment__ClassFinished event = ENROLLMENT__CLASS_FINISHED__INIT;
    Enrollment__FinishedRow *rows[JN_ROWS_MAX];

    event.class_ = f->class.number;
    event.division = f->class.filed->division;
    event.end_day = f->class.filed->end_day;
    event.count = (uint32_t)f->roster.count;
    event.women = f->class.state->women;
    event.rows = rows;
    for (size_t i = 0; i < f->roster.count; i++)
        event.groups |= f->roster.seats[i]->groups & f->attestation->groups[i];
    for (size_t i = 0; i < f->roster.count;) {
        for (event.n_rows = 0; i < f->roster.count && event.n_rows < JN_ROWS_MAX; i++)
            rows[event.n_rows++] = finished_row(f, f->roster.seats[i]);
        jn_emit(f->d, ENROLLMENT__EVENT__BODY_CLASS_FINISHED, &event);
    }
}

enum jn_code
decide_finish_class(struct jn_decision *d, const Enrollment__FinishClass *cmd)
{
    struct finishing f = {.d = d};
    char day[DATE_TEXT];
    enum jn_code code = class_at(d, cmd->class_no, ENROLLMENT__STAGE__OPENED, &f.class);

    if (code != JN_OK)
        return code;
    if (d->today < f.class.filed->end_day)
        return jn_refuse(d, JN_NOT_YET, "class %s goes on until %s: finish it then", cmd->class_no,
                         date_format(f.class.filed->end_day, day));
    f.attestation = attestation_of(d->view, &f.class);
    code = check_answers(d, &f.class, f.attestation);
    if (code != JN_OK)
        return code;

    /* Decided. */
    f.roster = roster_of(d->view, f.class.number);
    f.attendance = attendance_of(d->view, f.class.number);
    f.ranks = ranks_of(d->view, &f.roster);
    emit_rows(&f);
    return class_reply(d, &f.class);
}

void
apply_class_finished(struct jn_tables *t, const Enrollment__ClassFinished *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Enrollment__ClassState *state = class_state(t, event->class_);

    (void)stamp;
    if (!state)
        return;
    if (state->stage != ENROLLMENT__STAGE__FINISHED)
        jn_counter_set(t, COUNTER_FINISHED, jn_counter(view, COUNTER_FINISHED) + 1);
    state->stage = ENROLLMENT__STAGE__FINISHED;
    state->finished += (uint32_t)event->n_rows;
    division_count_trained(t, event->division, event->end_day, (uint32_t)event->n_rows);
}
