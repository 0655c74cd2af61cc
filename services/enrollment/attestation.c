/* An attestation (核验): the department that keeps a group says from its own register whether a person belongs to
 * it. 2.12-d.
 *
 * One request holds up to 200 seats of a class for one department. Asked: the request with its answers. Pending: those
 * that wait, by department. Of two answers to the same question the one that says no holds, and any beats "not in our
 * register". */
#include "enrollment/attestation.h"
#include "enrollment/enrollment.h"

#include "domain/words.h"

uint32_t
attestation_groups(uint32_t department)
{
    uint32_t groups = 0;

    for (uint32_t group = 1; group < GROUPS_COUNT; group++)
        if (word_keeper((int)group) == (int)department)
            groups |= GROUP_BIT(group);
    return groups;
}

const Enrollment__Asked *
attestation_asked(const struct jn_view *view, uint64_t request)
{
    return jn_get(view, TABLE_ASKED, JN_KEY(request));
}

/* ---- Asking, when a class opens ---- */

uint32_t
attestation_count(const struct roster *roster)
{
    uint32_t requests = 0;

    for (uint32_t department = 1; department < DEPARTMENTS_COUNT; department++) {
        uint32_t groups = attestation_groups(department);
        uint32_t seats = 0;

        for (size_t i = 0; groups && i < roster->count; i++)
            seats += (roster->seats[i]->groups & groups) != 0;
        requests += (seats + JN_ROWS_MAX - 1) / JN_ROWS_MAX;
    }
    return requests;
}

static Enrollment__AttestationRow *
question(struct jn_decision *d, const Enrollment__RosterSeat *seat, uint32_t groups)
{
    Enrollment__AttestationRow *row = jn_take(d->view, sizeof(*row));

    enrollment__attestation_row__init(row);
    row->seat = seat->seat;
    row->person = seat->person;
    row->groups = seat->groups & groups;
    return row;
}

/* The next 200 seats that the department is asked about, from *at on; false where there are none. */
static bool
ask(struct jn_decision *d, const struct roster *roster, size_t *at, Enrollment__AttestationRequested *event)
{
    uint32_t groups = attestation_groups(event->department);

    for (event->n_rows = 0; *at < roster->count && event->n_rows < JN_ROWS_MAX; ++*at)
        if (roster->seats[*at]->groups & groups)
            event->rows[event->n_rows++] = question(d, roster->seats[*at], groups);
    if (event->n_rows == 0)
        return false;
    jn_emit(d, ENROLLMENT__EVENT__BODY_ATTESTATION_REQUESTED, event);
    event->request++;
    return true;
}

void
attestation_request(struct jn_decision *d, const struct class *class, const struct roster *roster,
                    uint64_t first_request)
{
    Enrollment__AttestationRequested event = ENROLLMENT__ATTESTATION_REQUESTED__INIT;
    Enrollment__AttestationRow *rows[JN_ROWS_MAX];

    event.request = first_request;
    event.class_ = class->number;
    event.class_no = class->filed->class_no;
    event.division = class->filed->division;
    event.rows = rows;
    for (uint32_t department = 1; department < DEPARTMENTS_COUNT; department++) {
        size_t at = 0;

        event.department = (Common__Department)department;
        while (ask(d, roster, &at, &event))
            ;
    }
}

void
apply_attestation_requested(struct jn_tables *t, const Enrollment__AttestationRequested *event,
                            const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Enrollment__Asked asked = ENROLLMENT__ASKED__INIT;
    Enrollment__Pending pending = ENROLLMENT__PENDING__INIT;
    Enrollment__AskedRow *rows = jn_take(view, event->n_rows * sizeof(*rows));

    (void)stamp;
    asked.class_ = event->class_;
    asked.department = event->department;
    asked.division = event->division;
    asked.rows = jn_take(view, event->n_rows * sizeof(asked.rows[0]));
    asked.n_rows = event->n_rows;
    for (size_t i = 0; i < event->n_rows; i++) {
        enrollment__asked_row__init(&rows[i]);
        rows[i].seat = event->rows[i]->seat;
        rows[i].person = event->rows[i]->person;
        rows[i].groups = event->rows[i]->groups;
        asked.rows[i] = &rows[i];
        asked.open += (uint32_t)__builtin_popcount(rows[i].groups);
    }
    pending.division = event->division;
    pending.rows = (uint32_t)event->n_rows;
    pending.class_ = event->class_;
    jn_put(t, TABLE_ASKED, JN_KEY(event->request), &asked);
    jn_put(t, TABLE_PENDING, JN_KEY(event->department, event->request), &pending);
    jn_counter_set(t, COUNTER_REQUESTS, event->request);
}

void
attestation_drop(struct jn_tables *t, const struct class *class)
{
    for (uint32_t i = 0; i < class->state->requests; i++) {
        uint64_t request = class->state->first_request + i;
        const Enrollment__Asked *asked = attestation_asked(jn_view_of(t), request);

        if (asked)
            jn_delete(t, TABLE_PENDING, JN_KEY(asked->department, request));
    }
}

/* ---- What came of it ---- */

const struct attestation *
attestation_of(const struct jn_view *view, const struct class *class)
{
    struct attestation *out = jn_take(view, sizeof(*out));

    for (uint32_t i = 0; i < class->state->requests; i++) {
        const Enrollment__Asked *asked = attestation_asked(view, class->state->first_request + i);

        if (!asked)
            continue;
        out->open[asked->department] += asked->open;
        for (size_t at = 0; at < asked->n_rows; at++)
            out->groups[asked->rows[at]->seat - 1] |= asked->rows[at]->holds;
    }
    return out;
}

size_t
attestation_waiting(const struct jn_view *view, const struct class *class, char *names[DEPARTMENTS_COUNT])
{
    const struct attestation *attestation;
    size_t count = 0;

    if (class->state->stage != ENROLLMENT__STAGE__OPENED)
        return 0;
    attestation = attestation_of(view, class);
    for (int department = 1; department < DEPARTMENTS_COUNT; department++)
        if (attestation->open[department] > 0)
            names[count++] = (char *)(uintptr_t)word_name(&words_departments, department);
    return count;
}

/* ---- Audit ---- */

struct asked_seen {
    struct jn_audit *audit;
    uint64_t count, pending, waiting;
};

/* Every question stands on the roster, and every answer belongs to a question. */
static uint32_t
check_questions(struct jn_audit *audit, uint64_t request, const Enrollment__Asked *asked)
{
    uint32_t open = 0;

    for (size_t i = 0; i < asked->n_rows; i++) {
        const Enrollment__AskedRow *row = asked->rows[i];
        uint32_t answered = row->holds | row->denied | row->no_row;

        if (roster_seat(audit->view, asked->class_, row->person) != row->seat)
            jn_finding(audit, "request %llu asks about a seat that is not there", (unsigned long long)request);
        if ((row->groups & ~attestation_groups(asked->department)) || (answered & ~row->groups))
            jn_finding(audit, "request %llu asks or answers what is not the department's", (unsigned long long)request);
        if ((row->holds & row->denied) || (row->holds & row->no_row) || (row->denied & row->no_row))
            jn_finding(audit, "request %llu has two answers to one question", (unsigned long long)request);
        open += (uint32_t)__builtin_popcount(row->groups & ~answered);
    }
    return open;
}

static bool
check_asked(void *context, const struct jn_key *key, const void *row)
{
    struct asked_seen *seen = context;
    const Enrollment__Asked *asked = row;
    uint64_t request = jn_key_number(key, 0);
    struct class class;
    bool waits;

    if (request != ++seen->count)
        jn_finding(seen->audit, "request %llu is not numbered in order", (unsigned long long)request);
    if (check_questions(seen->audit, request, asked) != asked->open)
        jn_finding(seen->audit, "request %llu miscounts its open questions", (unsigned long long)request);
    if (!class_get(seen->audit->view, asked->class_, &class)) {
        jn_finding(seen->audit, "request %llu is about no class", (unsigned long long)request);
        return true;
    }
    if (class.state->stage == ENROLLMENT__STAGE__FINISHED && asked->open > 0)
        jn_finding(seen->audit, "class %llu finished before request %llu was answered",
                   (unsigned long long)class.number, (unsigned long long)request);
    waits = class.state->stage == ENROLLMENT__STAGE__OPENED && asked->open > 0;
    if (waits != jn_has(seen->audit->view, TABLE_PENDING, JN_KEY(asked->department, request)))
        jn_finding(seen->audit, "request %llu is listed wrongly as open or done", (unsigned long long)request);
    seen->waiting += waits;
    return true;
}

static bool
count_pending(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    (void)row;
    ((struct asked_seen *)context)->pending++;
    return true;
}

void
audit_attestations(struct jn_audit *audit)
{
    struct asked_seen seen = {.audit = audit};

    jn_scan(audit->view, TABLE_ASKED, JN_KEY(0), 0, SIZE_MAX, check_asked, &seen);
    jn_scan(audit->view, TABLE_PENDING, JN_KEY(0), 0, SIZE_MAX, count_pending, &seen);
    audit_count(audit, "requests", seen.count, COUNTER_REQUESTS);
    if (seen.pending != seen.waiting)
        jn_finding(audit, "%llu requests are listed as open, %llu are", (unsigned long long)seen.pending,
                   (unsigned long long)seen.waiting);
}
