/* A roster (花名册): who sits on a class, under real names, with what they claim to be. 3.3, 2.8-a.
 *
 * RosterChunk: the seats of one command, so that fifty people cost one put beside those of the people themselves.
 * SeatTaken: the same from the person's side, for the electronic record and so that nobody sits on a class twice. */
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#define NAME_BYTES_MAX 180
#define PHONE_MAX      120
#define GROUPS_MAX     32
#define MONTHS_MAX     1200

struct enrolling {
    struct jn_decision *d;
    struct class class;
    struct persons persons;
    Enrollment__EnrolledRow *rows[JN_ROWS_MAX];
    uint64_t id17[JN_ROWS_MAX]; /* of the rows */
    size_t count;
};

/* ---- Enrolling ---- */

static enum jn_code
check_claims(struct jn_decision *d, const Enrollment__Enrolment *row)
{
    if (row->n_groups > GROUPS_MAX)
        return jn_refuse(d, JN_MALFORMED, "%zu groups 人员类别: there are thirteen", row->n_groups);
    for (size_t i = 0; i < row->n_groups; i++)
        if (row->groups[i] <= COMMON__GROUP__GROUP_UNSPECIFIED || (unsigned)row->groups[i] >= GROUPS_COUNT)
            return jn_refuse(d, JN_MALFORMED, "group %zu 人员类别 is none of the thirteen: correct it", i + 1);
    if ((unsigned)row->household > COMMON__HOUSEHOLD__URBAN)
        return jn_refuse(d, JN_MALFORMED, "the household 户籍性质 is rural or urban, or left out");
    if (row->insured_months > MONTHS_MAX || row->employed_months > MONTHS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "over %d months 月数 of insurance or employment: correct them",
                         MONTHS_MAX);
    return JN_OK;
}

static enum jn_code
check_person(struct jn_decision *d, const Enrollment__Enrolment *row, char id_number[CITIZEN_TEXT], bool *mended)
{
    enum identifier_fault fault = citizen_number(row->id_number, id_number, mended);

    if (fault != IDENTIFIER_OK)
        return jn_refuse(d, JN_MALFORMED, "the id number 身份证号: %s", identifier_fault_text(fault));
    if (!text_fits(row->name, 1, NAME_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "the name 姓名 is missing or not UTF-8 text of up to %d bytes",
                         NAME_BYTES_MAX);
    if (!text_fits(row->phone, 0, PHONE_MAX))
        return jn_refuse(d, JN_MALFORMED, "the phone 联系电话 is not UTF-8 text of up to %d bytes", PHONE_MAX);
    return check_claims(d, row);
}

/* Last of all, so that an unusable row takes neither the person's place nor a seat. */
static enum jn_code
check_seat(const struct enrolling *e, uint64_t id17)
{
    const struct class *class = &e->class;
    uint64_t person = person_find(e->d->view, id17);

    for (size_t i = 0; i < e->count; i++)
        if (e->id17[i] == id17)
            return jn_refuse(e->d, JN_ALREADY_EXISTS, "the person comes twice in this command: the first row stands");
    if (person && roster_seat(e->d->view, class->number, person))
        return jn_refuse(e->d, JN_ALREADY_EXISTS, "the person is on the roster of this class already: nothing to do");
    if (class->state->enrolled + e->count >= class->filed->capacity)
        return jn_refuse(e->d, JN_OUT_OF_LIMITS, "the class's %u seats 人数上限 are taken: file another class",
                         class->filed->capacity);
    if (class->state->enrolled + e->count >= CLASS_SEATS_MAX)
        return jn_refuse(e->d, JN_OUT_OF_LIMITS, "a class holds at most %d people: file another class",
                         CLASS_SEATS_MAX);
    return JN_OK;
}

static uint32_t
claimed(const Enrollment__Enrolment *row)
{
    uint32_t groups = 0;

    for (size_t i = 0; i < row->n_groups; i++)
        groups |= GROUP_BIT(row->groups[i]);
    return groups;
}

static void
take_seat(struct enrolling *e, const Enrollment__Enrolment *row, const char id_number[CITIZEN_TEXT])
{
    Enrollment__EnrolledRow *seat = jn_take(e->d->view, sizeof(*seat));

    enrollment__enrolled_row__init(seat);
    seat->person = persons_meet(&e->persons, id_number, row->name, row->phone);
    if (text_account(row->account))
        persons_pay_to(&e->persons, seat->person, row->name, row->account);
    seat->seat = e->class.state->enrolled + (uint32_t)e->count + 1;
    seat->groups = claimed(row);
    seat->household = row->household;
    seat->living_allowance = row->living_allowance;
    seat->insured_months = row->insured_months;
    seat->employed_months = row->employed_months;
    seat->woman = person_woman(id_number);
    seat->age = person_age(person_id17(id_number), e->class.filed->end_day);
    e->id17[e->count] = person_id17(id_number);
    e->rows[e->count++] = seat;
}

static void
enrol_row(struct enrolling *e, struct jn_bulk *bulk, size_t i, Enrollment__Enrolment *row)
{
    char id_number[CITIZEN_TEXT];
    bool mended;
    enum jn_code code;

    jn_bulk_begin(bulk);
    row->name = (char *)(uintptr_t)text_mended(e->d->view, row->name);
    row->phone = (char *)(uintptr_t)text_mended(e->d->view, row->phone);
    code = check_person(e->d, row, id_number, &mended);
    if (code == JN_OK)
        code = check_seat(e, person_id17(id_number));
    if (!jn_bulk_end(bulk, i, code))
        return;
    take_seat(e, row, id_number);
    /* Nobody is kept out of a class by an account; without one an allowance waits until it is given. */
    if (!text_account(row->account))
        jn_bulk_note(bulk, i, "the account 账号 is not 8 to 34 letters and digits, and is left out: give another");
    if (mended)
        jn_bulk_note(bulk, i, "the id number 身份证号 was put right: a lower-case x or full-width digits");
}

static enum jn_code
enrol_reply(const struct enrolling *e, struct jn_bulk *bulk)
{
    Enrollment__EnrolReply reply = ENROLLMENT__ENROL_REPLY__INIT;

    reply.refused = bulk->refused;
    reply.n_refused = bulk->refused_count;
    reply.notes = bulk->notes;
    reply.n_notes = bulk->notes_count;
    reply.first_seat = e->count > 0 ? e->rows[0]->seat : 0;
    reply.done = bulk->done;
    jn_reply(e->d, &reply.base);
    return JN_OK;
}

enum jn_code
decide_enrol(struct jn_decision *d, const Enrollment__Enrol *cmd)
{
    Enrollment__Enrolled event = ENROLLMENT__ENROLLED__INIT;
    struct enrolling *e = jn_take(d->view, sizeof(*e));
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NULL);

    e->d = d;
    if (code == JN_OK)
        code = class_at(d, cmd->class_no, ENROLLMENT__STAGE__FILED, &e->class);
    if (code != JN_OK)
        return code;
    persons_open(&e->persons, d);
    for (size_t i = 0; i < cmd->n_rows; i++)
        enrol_row(e, &bulk, i, cmd->rows[i]);

    /* Decided. Certification must know the people before it hears where they sit. */
    persons_emit(&e->persons);
    event.class_ = e->class.number;
    event.rows = e->rows;
    event.n_rows = e->count;
    code = enrol_reply(e, &bulk);
    return event.n_rows > 0 ? jn_emit(d, ENROLLMENT__EVENT__BODY_ENROLLED, &event) : code;
}

static Enrollment__RosterSeat *
seat_of(struct jn_tables *t, const Enrollment__EnrolledRow *row)
{
    const struct jn_view *view = jn_view_of(t);
    const Enrollment__KnownPerson *person = person_get(view, row->person);
    Enrollment__RosterSeat *seat = jn_take(view, sizeof(*seat));

    enrollment__roster_seat__init(seat);
    seat->seat = row->seat;
    seat->person = row->person;
    seat->id17 = *person->id_number ? person_id17(person->id_number) : 0;
    seat->groups = row->groups;
    seat->household = row->household;
    seat->living_allowance = row->living_allowance;
    seat->insured_months = row->insured_months;
    seat->employed_months = row->employed_months;
    seat->woman = row->woman;
    return seat;
}

void
apply_enrolled(struct jn_tables *t, const Enrollment__Enrolled *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Enrollment__RosterChunk chunk = ENROLLMENT__ROSTER_CHUNK__INIT;
    Enrollment__ClassState *state = class_state(t, event->class_);

    (void)stamp;
    if (event->n_rows == 0 || !state)
        return;
    chunk.n_seats = event->n_rows;
    chunk.seats = jn_take(view, event->n_rows * sizeof(chunk.seats[0]));
    for (size_t i = 0; i < event->n_rows; i++) {
        const Enrollment__EnrolledRow *row = event->rows[i];
        Enrollment__SeatTaken taken = ENROLLMENT__SEAT_TAKEN__INIT;

        chunk.seats[i] = seat_of(t, row);
        taken.seat = row->seat;
        jn_put(t, TABLE_SEAT, JN_KEY(row->person, event->class_), &taken);
        state->groups |= row->groups;
        state->women += row->woman ? 1 : 0;
    }
    state->enrolled += (uint32_t)event->n_rows;
    jn_put(t, TABLE_ROSTER, JN_KEY(event->class_, event->rows[0]->seat), &chunk);
    jn_counter_set(t, COUNTER_SEATS, jn_counter(view, COUNTER_SEATS) + event->n_rows);
}

/* ---- Finding ---- */

uint32_t
roster_seat(const struct jn_view *view, uint64_t class, uint64_t person)
{
    const Enrollment__SeatTaken *row = jn_get(view, TABLE_SEAT, JN_KEY(person, class));

    return row ? row->seat : 0;
}

static bool
add_chunk(void *context, const struct jn_key *key, const void *row)
{
    struct roster *roster = context;
    const Enrollment__RosterChunk *chunk = row;

    (void)key;
    for (size_t i = 0; i < chunk->n_seats && roster->count < CLASS_SEATS_MAX; i++)
        roster->seats[roster->count++] = chunk->seats[i];
    return true;
}

struct roster
roster_of(const struct jn_view *view, uint64_t class)
{
    struct roster roster = {.seats = jn_take(view, CLASS_SEATS_MAX * sizeof(roster.seats[0]))};

    jn_scan(view, TABLE_ROSTER, JN_KEY(class, 0), sizeof(class), CLASS_SEATS_MAX, add_chunk, &roster);
    return roster;
}

/* ---- Audit ---- */

struct rosters_seen {
    struct jn_audit *audit;
    uint64_t seats, taken;
};

static void
check_seats(struct rosters_seen *seen, const struct class *class, const struct roster *roster)
{
    const struct jn_view *view = seen->audit->view;
    uint32_t groups = 0, women = 0;

    for (size_t i = 0; i < roster->count; i++) {
        const Enrollment__RosterSeat *seat = roster->seats[i];
        const char *id_number = person_get(view, seat->person)->id_number;

        if (seat->seat != i + 1 || roster_seat(view, class->number, seat->person) != seat->seat)
            jn_finding(seen->audit, "class %llu: seat %u is not in order", (unsigned long long)class->number,
                       seat->seat);
        if (!*id_number || person_id17(id_number) != seat->id17 || person_woman(id_number) != seat->woman)
            jn_finding(seen->audit, "class %llu: nobody fits seat %u", (unsigned long long)class->number, seat->seat);
        groups |= seat->groups;
        women += seat->woman ? 1 : 0;
    }
    if (roster->count != class->state->enrolled || groups != class->state->groups || women != class->state->women)
        jn_finding(seen->audit, "class %llu: its sums are not those of its roster", (unsigned long long)class->number);
    seen->seats += roster->count;
}

static bool
check_class(void *context, const struct jn_key *key, const void *row)
{
    struct rosters_seen *seen = context;
    struct class class;
    struct roster roster;

    (void)row;
    if (!class_get(seen->audit->view, jn_key_number(key, 0), &class))
        return true;
    roster = roster_of(seen->audit->view, class.number);
    check_seats(seen, &class, &roster);
    return true;
}

static bool
count_taken(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    (void)row;
    ((struct rosters_seen *)context)->taken++;
    return true;
}

void
audit_rosters(struct jn_audit *audit)
{
    struct rosters_seen seen = {.audit = audit};

    jn_scan(audit->view, TABLE_CLASS_STATE, JN_KEY(0), 0, SIZE_MAX, check_class, &seen);
    jn_scan(audit->view, TABLE_SEAT, JN_KEY(0), 0, SIZE_MAX, count_taken, &seen);
    audit_count(audit, "seats on rosters", seen.seats, COUNTER_SEATS);
    audit_count(audit, "seats that people take", seen.taken, COUNTER_SEATS);
}
