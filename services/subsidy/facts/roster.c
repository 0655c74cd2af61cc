/* Rosters (花名册): the seats as claimed, where an advance is asked for, and as attested when the class has finished.
 */
#include <string.h>

#include "subsidy/nouns.h"
#include "subsidy/reservation/reservation.h"

/* A seat or a rank beyond enrollment's own bounds is not kept: its class never becomes ready and is named as such. */
static bool
seat_known(uint32_t seat, uint64_t person)
{
    return seat >= 1 && seat <= SEATS_MAX && person > 0;
}

/* What is beyond all sense stays so: such a seat cannot be judged. */
static uint32_t
held(uint32_t value, int32_t most)
{
    return value > (uint32_t)most ? (uint32_t)most + 1 : value;
}

static Subsidy__Seat *
claimed_seat(const struct jn_decision *d, const Enrollment__EnrolledRow *row)
{
    Subsidy__Seat *seat = jn_take(d->view, sizeof(*seat));

    *seat = (Subsidy__Seat)SUBSIDY__SEAT__INIT;
    seat->seat = row->seat;
    seat->person = row->person;
    seat->groups = row->groups;
    seat->household = row->household;
    seat->living_allowance = row->living_allowance;
    seat->insured_months = held(row->insured_months, POLICY_MONTHS_MAX);
    seat->employed_months = held(row->employed_months, POLICY_MONTHS_MAX);
    seat->age = row->age;
    seat->sex = row->woman ? POLICY__SEX__FEMALE : POLICY__SEX__MALE;
    return seat;
}

/* The facts themselves matter where an advance is asked for; without one, who holds a seat and what he is warned of. */
enum jn_code
react_enrolled(struct jn_decision *d, const Enrollment__Enrolled *event, const struct jn_source *source)
{
    const Subsidy__ClassNoted *class = class_find(d->view, event->class_);
    struct reservation *reservation = jn_take(d->view, sizeof(*reservation));
    Subsidy__SeatsNoted noted = SUBSIDY__SEATS_NOTED__INIT;

    if (!class || event->n_rows == 0)
        return JN_OK;
    noted.class_ = event->class_;
    noted.seats = (uint32_t)event->n_rows;
    noted.day = date_of_ms(source->time_ms);
    noted.rows = jn_take(d->view, event->n_rows * sizeof(*noted.rows));
    noted.open = jn_take(d->view, event->n_rows * sizeof(*noted.open));
    reservation_open(reservation, d, class);
    for (size_t i = 0; i < event->n_rows; i++) {
        Subsidy__Seat *seat;

        if (!seat_known(event->rows[i]->seat, event->rows[i]->person))
            continue;
        seat = claimed_seat(d, event->rows[i]);
        noted.open[noted.n_open++] = reservation_add(reservation, seat);
        if (class->advance)
            noted.rows[noted.n_rows++] = seat;
    }
    jn_emit(d, EVENT_SEATS_NOTED, &noted);
    return reservation_warn(reservation);
}

void
apply_seats_noted(struct jn_tables *t, const Subsidy__SeatsNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);

    (void)stamp;
    progress.seats += event->seats;
    if (!progress.enrolled_day)
        progress.enrolled_day = event->day;
    reservation_keep(t, event, &progress);
    if (event->n_rows || event->n_open)
        jn_put(t, TABLE_SEATS, JN_KEY(event->class_, progress.claimed++), event);
    progress_keep(t, event->class_, &progress);
}

static Subsidy__Seat **
attested_seats(const struct jn_decision *d, const Enrollment__ClassFinished *event, size_t *count)
{
    Subsidy__Seat **seats = jn_take(d->view, event->n_rows * sizeof(*seats));

    *count = 0;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Enrollment__FinishedRow *row = event->rows[i];
        Subsidy__Seat *seat;

        if (!seat_known(row->seat, row->person) || row->rank >= event->count || row->rank >= SEATS_MAX)
            continue;
        seat = seats[(*count)++] = jn_take(d->view, sizeof(*seat));
        *seat = (Subsidy__Seat)SUBSIDY__SEAT__INIT;
        seat->seat = row->seat;
        seat->person = row->person;
        seat->rank = row->rank;
        seat->groups = row->groups;
        seat->household = row->household;
        seat->living_allowance = row->living_allowance;
        seat->insured_months = held(row->insured_months, POLICY_MONTHS_MAX);
        seat->employed_months = held(row->employed_months, POLICY_MONTHS_MAX);
        seat->age = row->age;
        seat->sex = row->sex;
        seat->days = held(row->days, POLICY_DAYS_MAX);
        seat->denied = row->denied;
        seat->account = row->account;
    }
    return seats;
}

enum jn_code
react_class_finished(struct jn_decision *d, const Enrollment__ClassFinished *event, const struct jn_source *source)
{
    Subsidy__ProgressRow progress = progress_of(d->view, event->class_);
    Subsidy__RosterNoted noted = SUBSIDY__ROSTER_NOTED__INIT;

    /* It has finished once: what is complete may be settled already, in part or as a whole. */
    if (progress.finished && progress.rows >= progress.count)
        return JN_OK;
    noted.class_ = event->class_;
    noted.day = date_of_ms(source->time_ms);
    noted.count = event->count;
    noted.groups = event->groups;
    noted.women = event->women;
    noted.rows = attested_seats(d, event, &noted.n_rows);
    return jn_emit(d, EVENT_ROSTER_NOTED, &noted);
}

void
apply_roster_noted(struct jn_tables *t, const Subsidy__RosterNoted *event, const struct jn_stamp *stamp)
{
    Subsidy__ProgressRow progress = progress_of(jn_view_of(t), event->class_);

    (void)stamp;
    progress.finished = true;
    progress.count = event->count;
    progress.rows += (uint32_t)event->n_rows;
    progress.groups |= event->groups;
    if (event->women > progress.women)
        progress.women = event->women;
    if (event->n_rows)
        jn_put(t, TABLE_ROSTER, JN_KEY(event->class_, progress.rosters++), event);
    progress_keep(t, event->class_, &progress);
}

static bool
take_attested(void *context, const struct jn_key *key, const void *row)
{
    struct roster *roster = context;
    const Subsidy__RosterNoted *chunk = row;

    (void)key;
    for (size_t i = 0; i < chunk->n_rows; i++)
        if (chunk->rows[i]->rank < roster->count) {
            roster->seats[chunk->rows[i]->rank] = chunk->rows[i];
            if (chunk->rows[i]->seat > roster->seat_max)
                roster->seat_max = chunk->rows[i]->seat;
        }
    return true;
}

struct roster
roster_of(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress, bool now)
{
    struct roster roster = {.count = progress->count < SEATS_MAX ? progress->count : SEATS_MAX};
    const Subsidy__CorrectionRow **corrections = corrections_of(view, class, progress);

    roster.seats = jn_take(view, roster.count * sizeof(*roster.seats));
    jn_scan(view, TABLE_ROSTER, JN_KEY(class, 0), sizeof(uint64_t), CHUNKS_MAX, take_attested, &roster);
    for (uint32_t rank = 0; corrections && rank < roster.count; rank++)
        if (roster.seats[rank])
            roster.seats[rank] = seat_corrected(view, corrections[roster.seats[rank]->seat], roster.seats[rank], now);
    return roster;
}

/* Of a class that is settled in part those of the first ranks are. */
const bool *
seats_settled(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress)
{
    bool *settled = jn_take(view, (SEATS_MAX + 1) * sizeof(*settled));
    struct roster roster;

    if (progress->settled)
        memset(settled, true, (SEATS_MAX + 1) * sizeof(*settled));
    if (progress->judged == 0 || progress->settled)
        return settled;
    roster = roster_of(view, class, progress, false);
    for (uint32_t rank = 0; rank < progress->judged && rank < roster.count; rank++)
        if (roster.seats[rank])
            settled[roster.seats[rank]->seat] = true;
    return settled;
}

const Subsidy__Seat *
roster_seat(const struct roster *roster, uint32_t seat)
{
    for (uint32_t rank = 0; rank < roster->count; rank++)
        if (roster->seats[rank] && roster->seats[rank]->seat == seat)
            return roster->seats[rank];
    return NULL;
}

static bool
take_claimed(void *context, const struct jn_key *key, const void *row)
{
    struct roster *roster = context;
    const Subsidy__SeatsNoted *chunk = row;

    (void)key;
    for (size_t i = 0; i < chunk->n_rows && roster->count < SEATS_MAX; i++)
        roster->seats[roster->count++] = chunk->rows[i];
    return true;
}

struct roster
roster_claimed(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress)
{
    size_t most = progress->seats < SEATS_MAX ? progress->seats : SEATS_MAX;
    struct roster roster = {.seats = jn_take(view, (most + 1) * sizeof(*roster.seats))};

    jn_scan(view, TABLE_SEATS, JN_KEY(class, 0), sizeof(uint64_t), CHUNKS_MAX, take_claimed, &roster);
    return roster;
}
