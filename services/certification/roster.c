/* Rosters (花名册): who sits where in a class.
 *
 * TABLE_ROSTER: (class, first seat) -> RosterRow: what one command of enrollment's enrolled. */
#include "certification/certification.h"

struct roster {
    size_t mask; /* slots - 1; slots are a power of two, at least twice the seats */
    uint64_t *people;
    uint32_t *seats; /* 0: the slot is empty */
};

struct chunks {
    const struct jn_view *view;
    const Certification__RosterRow *rows[SEATS_MAX]; /* at worst a command a seat */
    size_t count, seats;
};

static bool
collect(void *context, const struct jn_key *key, const void *row)
{
    struct chunks *chunks = context;

    (void)key;
    chunks->rows[chunks->count++] = row;
    chunks->seats += ((const Certification__RosterRow *)row)->n_seats;
    return chunks->seats < SEATS_MAX;
}

/* People's numbers are consecutive for the most part: they spread over the slots as they are. */
static size_t
slot_of(const struct roster *roster, uint64_t person)
{
    size_t slot = (size_t)person & roster->mask;

    while (roster->seats[slot] != 0 && roster->people[slot] != person)
        slot = (slot + 1) & roster->mask;
    return slot;
}

static void
seat_all(struct roster *roster, const Certification__RosterRow *row)
{
    for (size_t i = 0; i < row->n_seats; i++) {
        size_t slot = slot_of(roster, row->people[i]);

        roster->people[slot] = row->people[i];
        roster->seats[slot] = row->seats[i];
    }
}

const struct roster *
roster_load(const struct jn_view *view, uint64_t class)
{
    struct chunks *chunks = jn_take(view, sizeof(*chunks));
    struct roster *roster = jn_take(view, sizeof(*roster));
    size_t slots = 16;

    jn_scan(view, TABLE_ROSTER, JN_KEY(class, 0), sizeof(uint64_t), SEATS_MAX, collect, chunks);
    while (slots < 2 * chunks->seats)
        slots *= 2;
    roster->mask = slots - 1;
    roster->people = jn_take(view, slots * sizeof(*roster->people));
    roster->seats = jn_take(view, slots * sizeof(*roster->seats));
    for (size_t i = 0; i < chunks->count; i++)
        seat_all(roster, chunks->rows[i]);
    return roster;
}

uint32_t
roster_seat(const struct roster *roster, uint64_t person)
{
    return roster->seats[slot_of(roster, person)];
}

enum jn_code
react_enrolled(struct jn_decision *d, const Enrollment__Enrolled *event, const struct jn_source *source)
{
    Certification__RosterNoted noted = CERTIFICATION__ROSTER_NOTED__INIT;

    (void)source;
    if (event->n_rows > JN_ROWS_MAX || !class_find(d->view, event->class_))
        return JN_OK;
    noted.class_ = event->class_;
    noted.seats = jn_take(d->view, (event->n_rows + 1) * sizeof(*noted.seats));
    noted.people = jn_take(d->view, (event->n_rows + 1) * sizeof(*noted.people));
    for (size_t i = 0; i < event->n_rows; i++) {
        if (event->rows[i]->seat == 0 || event->rows[i]->seat > SEATS_MAX || event->rows[i]->person == 0)
            continue;
        noted.seats[noted.n_seats++] = event->rows[i]->seat;
        noted.people[noted.n_people++] = event->rows[i]->person;
    }
    if (noted.n_seats == 0)
        return JN_OK;
    return jn_emit(d, CERTIFICATION__EVENT__BODY_ROSTER_NOTED, &noted);
}

void
apply_roster_noted(struct jn_tables *t, const Certification__RosterNoted *event, const struct jn_stamp *stamp)
{
    Certification__RosterRow row = CERTIFICATION__ROSTER_ROW__INIT;

    (void)stamp;
    row.n_seats = event->n_seats;
    row.seats = event->seats;
    row.n_people = event->n_people;
    row.people = event->people;
    jn_put(t, TABLE_ROSTER, JN_KEY(event->class_, event->seats[0]), &row);
}
