/* Later trainings (待复核): who was judged by a history that is another one now, because an earlier training was
 * reckoned again. They are listed for whoever reassesses; nothing is reckoned again by itself, for each may touch the
 * next; 2.10-c. */
#include <inttypes.h>

#include "subsidy/audit.h"
#include "subsidy/nouns.h"
#include "subsidy/settlement/scope.h"

#define VIEW_ROWS_MAX 200
#define VIEW_SCAN_MAX 2000

static Subsidy__LaterSeat *
later_seat(const struct jn_view *view, const Subsidy__PartRow *part, uint64_t person, uint64_t settlement,
           uint32_t seat)
{
    Subsidy__LaterSeat *later = jn_take(view, sizeof(*later));

    *later = (Subsidy__LaterSeat)SUBSIDY__LATER_SEAT__INIT;
    later->class_ = part->class_;
    later->seat = seat;
    later->person = person;
    later->settlement = settlement;
    return later;
}

/* A row without a claim, now or ever, is on no history. */
static bool
history_moved(const Subsidy__Reassessed *event, size_t first_row)
{
    for (size_t i = first_row; i < event->n_rows; i++)
        if (event->rows[i]->origin != 0)
            return true;
    return false;
}

size_t
later_note(const struct jn_view *view, Subsidy__Reassessed *event, size_t first_row, uint64_t person,
           uint64_t settlement)
{
    const Subsidy__HistoryRow *row =
        history_moved(event, first_row) ? jn_get(view, TABLE_HISTORY, JN_KEY(person)) : NULL;
    Subsidy__LaterSeat **out = event->later + event->n_later;
    size_t count = 0;

    for (size_t i = 0; row && i < row->n_settlements && i < row->n_seats && count < LATER_MAX; i++) {
        const Subsidy__PartRow *part = row->settlements[i] > settlement ? part_of(view, row->settlements[i]) : NULL;

        if (part)
            out[count++] = later_seat(view, part, person, row->settlements[i], row->seats[i]);
    }
    event->n_later += count;
    return count;
}

bool
later_waits(const struct jn_view *view, uint64_t class, uint32_t seat)
{
    return jn_has(view, TABLE_TO_REASSESS, JN_KEY(class, seat));
}

void
later_keep(struct jn_tables *t, const Subsidy__Reassessed *event)
{
    for (size_t i = 0; i < event->n_looked; i++)
        jn_delete(t, TABLE_TO_REASSESS, JN_KEY(event->class_, event->looked[i]));
    for (size_t i = 0; i < event->n_later; i++) {
        const Subsidy__LaterSeat *later = event->later[i];
        Subsidy__ToReassessRow row = SUBSIDY__TO_REASSESS_ROW__INIT;

        row.person = later->person;
        row.settlement = later->settlement;
        row.because_class = event->class_;
        row.reassessment = event->reassessment;
        row.day = event->day;
        jn_put(t, TABLE_TO_REASSESS, JN_KEY(later->class_, later->seat), &row);
    }
}

/* ---- What is told ---- */

struct page {
    const struct jn_decision *d;
    Subsidy__ToReassessView *view;
    bool full;
};

static Subsidy__ToReassessLine *
line_of(const struct jn_decision *d, const Subsidy__ClassNoted *class, uint32_t seat, const Subsidy__ToReassessRow *row)
{
    const Subsidy__ClassNoted *because = class_find(d->view, row->because_class);
    Subsidy__ToReassessLine *line = jn_take(d->view, sizeof(*line));

    subsidy__to_reassess_line__init(line);
    line->class_ = class->class_;
    line->class_no = class->class_no;
    line->seat = seat;
    line->division = class->division;
    line->end_day = class->end_day;
    line->because_class_no = because ? because->class_no : line->because_class_no;
    line->reassessment = row->reassessment;
    line->day = row->day;
    line->enterprise = row->enterprise != 0;
    line->from_rank = row->from_rank;
    return line;
}

static bool
list_one(void *context, const struct jn_key *key, const void *value)
{
    struct page *page = context;
    const struct jn_decision *d = page->d;
    uint64_t number = jn_key_number(key, 0);
    const Subsidy__ClassNoted *class = class_find(d->view, number);

    page->full = page->view->n_rows == VIEW_ROWS_MAX;
    if (page->full)
        return false;
    page->view->through_class = number;
    page->view->through_seat = (uint32_t)jn_key_number(key, 1);
    if (class && seat_in_scope(d, class->division, number, page->view->through_seat))
        page->view->rows[page->view->n_rows++] = line_of(d, class, page->view->through_seat, value);
    return true;
}

enum jn_code
answer_to_reassess(struct jn_decision *d, const Subsidy__ToReassessRequest *query)
{
    Subsidy__ToReassessView reply = SUBSIDY__TO_REASSESS_VIEW__INIT;
    struct page page = {.d = d, .view = &reply};

    reply.rows = jn_take(d->view, VIEW_ROWS_MAX * sizeof(*reply.rows));
    reply.through_class = query->after_class;
    reply.through_seat = query->after_seat;
    reply.more = !jn_scan(d->view, TABLE_TO_REASSESS, JN_KEY(query->after_class, (uint64_t)query->after_seat + 1), 0,
                          VIEW_SCAN_MAX, list_one, &page) ||
                 page.full;
    jn_reply(d, &reply.base);
    return JN_OK;
}

/* ---- Audit ---- */

static bool
names(const Subsidy__Reassessed *event, uint64_t class, uint64_t seat, const Subsidy__ToReassessRow *row)
{
    for (size_t i = 0; event && i < event->n_later; i++)
        if (event->later[i]->class_ == class && event->later[i]->seat == seat &&
            event->later[i]->person == row->person && event->later[i]->settlement == row->settlement)
            return true;
    return false;
}

static bool
check_row(void *context, const struct jn_key *key, const void *value)
{
    struct jn_audit *audit = context;
    const Subsidy__ToReassessRow *row = value;
    uint64_t class = jn_key_number(key, 0), seat = jn_key_number(key, 1);
    const Subsidy__PartRow *part = part_of(audit->view, row->settlement);

    if (seat == 0) {
        later_class_prove_row(audit, class, row);
        return true;
    }
    if (!part || part->class_ != class ||
        !names(reassessment_of(audit->view, row->because_class, row->reassessment), class, seat, row))
        jn_finding(audit, "class %" PRIu64 ", seat %" PRIu64 " is to be reassessed and no reassessment says so", class,
                   seat);
    return true;
}

struct sought_look {
    uint64_t after;
    uint32_t seat;
    bool found;
};

static bool
look_for(void *context, const struct jn_key *key, const void *value)
{
    struct sought_look *sought = context;
    const Subsidy__Reassessed *event = value;

    (void)key;
    for (size_t i = 0; i < event->n_looked; i++)
        sought->found = sought->found || (event->reassessment > sought->after && event->looked[i] == sought->seat);
    return !sought->found;
}

/* Whom a reassessment names is on the list until he was reckoned again. */
static bool
check_event(void *context, const struct jn_key *key, const void *value)
{
    struct jn_audit *audit = context;
    const Subsidy__Reassessed *event = value;

    (void)key;
    for (size_t i = 0; i < event->n_later; i++) {
        const Subsidy__LaterSeat *later = event->later[i];
        struct sought_look sought = {.after = event->reassessment, .seat = later->seat};

        if (later_waits(audit->view, later->class_, later->seat))
            continue;
        jn_scan(audit->view, TABLE_REASSESSMENT, JN_KEY(later->class_, event->reassessment + 1), sizeof(uint64_t),
                SIZE_MAX, look_for, &sought);
        if (!sought.found)
            jn_finding(audit, "class %" PRIu64 ", seat %" PRIu32 " stands on a changed history and is not listed",
                       later->class_, later->seat);
    }
    return true;
}

/* A hostile roster may have the person twice: the settlement is named for each seat. */
static bool
check_history(void *context, const struct jn_key *key, const void *value)
{
    struct jn_audit *audit = context;
    const Subsidy__HistoryRow *row = value;
    uint64_t last = 0;

    for (size_t i = 0; i < row->n_settlements; i++) {
        if (row->settlements[i] < last || !part_of(audit->view, row->settlements[i]))
            jn_finding(audit, "person %" PRIu64 ": the settlements that judged him are out of order",
                       jn_key_number(key, 0));
        last = row->settlements[i];
    }
    if (row->n_settlements != row->n_seats)
        jn_finding(audit, "person %" PRIu64 ": a settlement without its seat", jn_key_number(key, 0));
    return true;
}

void
later_audit(struct jn_audit *audit)
{
    jn_scan(audit->view, TABLE_TO_REASSESS, JN_KEY(0), 0, SIZE_MAX, check_row, audit);
    jn_scan(audit->view, TABLE_REASSESSMENT, JN_KEY(0), 0, SIZE_MAX, check_event, audit);
    jn_scan(audit->view, TABLE_HISTORY, JN_KEY(0), 0, SIZE_MAX, check_history, audit);
    later_class_audit(audit);
}
