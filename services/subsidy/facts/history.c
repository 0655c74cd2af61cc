/* What people were paid (以往补贴): imported from before the suite, and what fell due here. One row a person. */
#include <string.h>

#include "subsidy/facts/late.h"
#include "subsidy/nouns.h"
#include "subsidy/reservation/reservation.h"

static Subsidy__NotedHistory *
noted_line(struct jn_decision *d, const Enrollment__ImportedHistory *imported)
{
    Subsidy__NotedHistory *line = jn_take(d->view, sizeof(*line));
    Subsidy__PaidBefore *paid = jn_take(d->view, sizeof(*paid));

    *line = (Subsidy__NotedHistory)SUBSIDY__NOTED_HISTORY__INIT;
    *paid = (Subsidy__PaidBefore)SUBSIDY__PAID_BEFORE__INIT;
    line->person = imported->person;
    line->paid = paid;
    paid->item = imported->item;
    paid->day = imported->day;
    paid->occupation = occupation_number(d, imported->occupation);
    paid->level = imported->level;
    paid->months = imported->months;
    paid->amount_fen = imported->amount_fen;
    return line;
}

enum jn_code
react_history_imported(struct jn_decision *d, const Enrollment__HistoryImported *event, const struct jn_source *source)
{
    Subsidy__HistoryNoted noted = SUBSIDY__HISTORY_NOTED__INIT;

    (void)source;
    enterprise_history_react(d, event);
    if (event->n_enterprises && !event->n_rows)
        return JN_OK;
    noted.rows = jn_take(d->view, event->n_rows * sizeof(Subsidy__NotedHistory *));
    for (size_t i = 0; i < event->n_rows; i++)
        noted.rows[noted.n_rows++] = noted_line(d, event->rows[i]);
    return jn_emit(d, EVENT_HISTORY_NOTED, &noted);
}

/* One change of a person's row: what is added, what goes, and what came of it. */
struct change {
    Subsidy__PaidBefore *const *lines;
    size_t lines_count;
    Subsidy__OpenSeat *held; /* NULL: none */
    uint64_t over;           /* the class whose seats go; 0: none */
    uint64_t settlement;     /* that judged the person, on that seat; 0: none, or nothing was due or refused */
    uint32_t seat;
    size_t lines_kept, lines_read;
    uint32_t seats_kept, seats_gone;
    bool due; /* among the lines before are trainings that were settled here and count */
};

/* As many as lines; who has more cannot be judged. */
static bool
history_judged(const struct jn_view *view, const struct change *change, const Subsidy__HistoryRow *before,
               Subsidy__HistoryRow *row)
{
    size_t count = before ? before->n_settlements : 0;

    if (!change->settlement || count >= HISTORY_LINES_MAX)
        return false;
    row->settlements = jn_take(view, (count + 1) * sizeof(*row->settlements));
    row->seats = jn_take(view, (count + 1) * sizeof(*row->seats));
    if (count > 0) {
        memcpy(row->settlements, before->settlements, count * sizeof(*row->settlements));
        memcpy(row->seats, before->seats, count * sizeof(*row->seats));
    }
    row->settlements[count] = change->settlement;
    row->seats[count] = change->seat;
    row->n_settlements = row->n_seats = count + 1;
    return true;
}

/* One line too many is kept: it says that such a person's facts cannot be judged. */
static void
history_change(struct jn_tables *t, uint64_t person, struct change *change)
{
    const struct jn_view *view = jn_view_of(t);
    const Subsidy__HistoryRow *before = jn_get(view, TABLE_HISTORY, JN_KEY(person));
    Subsidy__HistoryRow row = SUBSIDY__HISTORY_ROW__INIT;
    size_t held = before ? before->n_paid : 0, open = before ? before->n_open : 0;
    bool judged;

    if (before)
        row = *before;
    judged = history_judged(view, change, before, &row);
    row.n_paid = row.n_open = 0;
    row.paid = jn_take(view, (held + change->lines_count + 1) * sizeof(Subsidy__PaidBefore *));
    row.open = jn_take(view, (open + 1) * sizeof(Subsidy__OpenSeat *));
    for (size_t i = 0; i < held; i++) {
        row.paid[row.n_paid++] = before->paid[i];
        change->due = change->due || (before->paid[i]->claim && !before->paid[i]->over_from);
    }
    for (size_t i = 0; held <= HISTORY_LINES_MAX && i < change->lines_count; i++)
        row.paid[row.n_paid++] = change->lines[i];
    for (size_t i = 0; i < open; i++) {
        if (change->over && before->open[i]->class_ == change->over)
            change->seats_gone++;
        else
            row.open[row.n_open++] = before->open[i];
    }
    if (change->held && open < OPEN_MAX) {
        row.open[row.n_open++] = change->held;
        change->seats_kept = 1;
    }
    change->lines_read = held;
    change->lines_kept = row.n_paid - held;
    if (change->lines_kept || change->seats_kept || change->seats_gone || judged)
        jn_put(t, TABLE_HISTORY, JN_KEY(person), &row);
}

void
apply_history_noted(struct jn_tables *t, const Subsidy__HistoryNoted *event, const struct jn_stamp *stamp)
{
    struct totals totals;

    totals_load(jn_view_of(t), &totals);
    for (size_t i = 0; i < event->n_rows; i++) {
        struct change change = {.lines = &event->rows[i]->paid, .lines_count = 1};

        if (!event->rows[i]->paid)
            continue;
        history_change(t, event->rows[i]->person, &change);
        totals.row.imported += change.lines_kept;
        if (change.due)
            late_note(t, event->rows[i]->person, stamp);
    }
    totals_keep(t, &totals);
}

size_t
history_add(struct jn_tables *t, uint64_t person, Subsidy__PaidBefore *const *lines, size_t count)
{
    struct change change = {.lines = lines, .lines_count = count};

    history_change(t, person, &change);
    return change.lines_kept;
}

uint32_t
history_settle(struct jn_tables *t, uint64_t person, const struct history_at *at, Subsidy__PaidBefore *const *lines,
               size_t count)
{
    struct change change = {
        .lines = lines, .lines_count = count, .over = at->class, .settlement = at->settlement, .seat = at->seat};

    history_change(t, person, &change);
    return change.seats_gone;
}

uint32_t
history_hold(struct jn_tables *t, uint64_t person, Subsidy__OpenSeat *open)
{
    struct change change = {.held = open};

    history_change(t, person, &change);
    return change.seats_kept;
}

uint32_t
history_release(struct jn_tables *t, uint64_t person, uint64_t class, size_t *lines_read)
{
    struct change change = {.over = class};

    history_change(t, person, &change);
    *lines_read += change.lines_read;
    return change.seats_gone;
}

/* A settlement tells how many lines it was judged by: each keeps its place, and says from when on it counts no longer.
 * Where there are too many of them, the place is taken. */
void
history_replace(struct jn_tables *t, uint64_t person, uint64_t claim, Subsidy__PaidBefore *line)
{
    const struct jn_view *view = jn_view_of(t);
    const Subsidy__HistoryRow *before = jn_get(view, TABLE_HISTORY, JN_KEY(person));
    Subsidy__HistoryRow row = SUBSIDY__HISTORY_ROW__INIT;
    size_t held = before ? before->n_paid : 0;
    bool full = held >= HISTORY_LINES_MAX;

    if (before)
        row = *before;
    row.n_paid = 0;
    row.paid = jn_take(view, (held + 1) * sizeof(Subsidy__PaidBefore *));
    for (size_t i = 0; i < held; i++) {
        Subsidy__PaidBefore *old = before->paid[i];
        bool ends = old->claim == claim && old->over_from == 0;

        if (ends && full && line) {
            old = line;
            line = NULL;
        } else if (ends) {
            old->over_from = jn_counter(view, COUNTER_SETTLEMENT) + 1;
        }
        row.paid[row.n_paid++] = old;
    }
    if (line)
        row.paid[row.n_paid++] = line;
    if (row.n_paid)
        jn_put(t, TABLE_HISTORY, JN_KEY(person), &row);
}

/* What fell due here was for a certificate of its own class, which has its own number, or for none. */
struct paid_before
line_read(const Subsidy__PaidBefore *line)
{
    return (struct paid_before){
        .day = line->day,
        .occupation = line->occupation,
        .months = (int16_t)(line->months > INT16_MAX ? INT16_MAX : line->months),
        .item = (uint8_t)(line->item < ITEMS ? line->item : 0),
        .level = (uint8_t)(line->level > 5 ? UINT8_MAX : line->level),
        .amount_fen = line->amount_fen,
        .certificate = line->certificate || !line->claim ? line->certificate : POLICY_CERTIFICATE_OTHER,
    };
}

bool
line_counts(const Subsidy__PaidBefore *line, uint64_t settlement, uint64_t before)
{
    return (line->over_from == 0 || settlement < line->over_from) && (line->claim == 0 || line->settlement < before);
}

const struct paid_before *
history_before(const struct jn_view *view, uint64_t person, uint64_t settlement, uint32_t *count)
{
    const Subsidy__HistoryRow *row = jn_get(view, TABLE_HISTORY, JN_KEY(person));
    struct paid_before *paid;

    *count = 0;
    if (!row)
        return NULL;
    paid = jn_take(view, row->n_paid * sizeof(*paid));
    for (size_t i = 0; i < row->n_paid; i++)
        if (line_counts(row->paid[i], UINT64_MAX, settlement))
            paid[(*count)++] = line_read(row->paid[i]);
    return paid;
}

static const struct paid_before *
lines_counted(const struct jn_view *view, const Subsidy__HistoryRow *row, uint32_t lines, uint64_t settlement,
              uint64_t before, uint32_t *count)
{
    struct paid_before *paid;

    *count = 0;
    if (!row)
        return NULL;
    paid = jn_take(view, row->n_paid * sizeof(*paid));
    for (size_t i = 0; i < row->n_paid && i < lines; i++)
        if (line_counts(row->paid[i], settlement, before))
            paid[(*count)++] = line_read(row->paid[i]);
    return paid;
}

const struct paid_before *
history_then(const struct jn_view *view, uint64_t person, uint32_t lines, uint64_t settlement, uint64_t before,
             uint32_t *count)
{
    return lines_counted(view, jn_get(view, TABLE_HISTORY, JN_KEY(person)), lines, settlement, before, count);
}

/* Imported lines name no certificate. What was paid before this one was issued was not paid for it. */
const struct paid_before *
history_dated(const struct jn_view *view, const struct facts *facts, const struct paid_before *history, uint32_t count)
{
    struct paid_before *dated = jn_take(view, (count + 1) * sizeof(*dated));

    for (uint32_t i = 0; i < count; i++) {
        dated[i] = history[i];
        if (!dated[i].certificate && dated[i].day < facts->certificate_day)
            dated[i].certificate = POLICY_CERTIFICATE_OTHER;
    }
    return dated;
}

uint32_t
history_lines(const struct jn_view *view, uint64_t person)
{
    const Subsidy__HistoryRow *row = jn_look(view, TABLE_HISTORY, JN_KEY(person));

    return row ? (uint32_t)row->n_paid : 0;
}

const struct paid_before *
history_of(const struct jn_view *view, uint64_t person, uint32_t *count, uint32_t *lines)
{
    const Subsidy__HistoryRow *row = jn_get(view, TABLE_HISTORY, JN_KEY(person));

    *lines = row ? (uint32_t)row->n_paid : 0;
    return lines_counted(view, row, UINT32_MAX, UINT64_MAX, UINT64_MAX, count);
}
