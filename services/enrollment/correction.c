/* Corrections (更正): what turns out about a class after it has finished. What went out stands; what is right now goes
 * out beside it. 2.12-e.
 *
 * Attended: the days of a seat that stand in place of the sheets. An answer that a department gave otherwise stands in
 * its request, in place of the first. */
#include "enrollment/attestation.h"
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#define DOCUMENT_MAX 100
#define REASON_MAX   400

static enum jn_code
check_papers(struct jn_decision *d, const char *document, const char *reason)
{
    if (!text_fits(document, 1, DOCUMENT_MAX))
        return jn_refuse(d, JN_MALFORMED, "2.12-e: name the decision's document 文号: UTF-8 text of 1 to %d bytes",
                         DOCUMENT_MAX);
    if (!text_fits(reason, 1, REASON_MAX))
        return jn_refuse(d, JN_MALFORMED, "say why 原因: UTF-8 text of 1 to %d bytes, without names", REASON_MAX);
    return JN_OK;
}

static enum jn_code
check_not_cancelled(struct jn_decision *d, const struct class *class)
{
    if (class->state->cancelled)
        return jn_refuse(d, JN_WRONG_STATE, "class %s is cancelled: nothing of it counts", class->filed->class_no);
    return JN_OK;
}

/* ---- A class that was none (取消) ---- */

enum jn_code
decide_cancel_class(struct jn_decision *d, const Enrollment__CancelClass *cmd)
{
    Enrollment__ClassCancelled event = ENROLLMENT__CLASS_CANCELLED__INIT;
    struct class class;
    enum jn_code code = class_at(d, cmd->class_no, ENROLLMENT__STAGE__FINISHED, &class);

    if (code != JN_OK)
        return code;
    if (class.state->cancelled)
        return jn_refuse(d, JN_WRONG_STATE, "class %s is cancelled already", cmd->class_no);
    code = check_papers(d, cmd->document, cmd->reason);
    if (code != JN_OK)
        return code;

    /* Decided. */
    event.class_ = class.number;
    event.division = class.filed->division;
    event.document = cmd->document;
    event.reason = cmd->reason;
    jn_emit(d, ENROLLMENT__EVENT__BODY_CLASS_CANCELLED, &event);
    return class_reply(d, &class);
}

void
apply_class_cancelled(struct jn_tables *t, const Enrollment__ClassCancelled *event, const struct jn_stamp *stamp)
{
    Enrollment__ClassState *state = class_state(t, event->class_);

    (void)stamp;
    if (!state)
        return;
    state->cancelled = true;
}

/* ---- Attendance (更正考勤) ---- */

/* From the first to the last: what no sheet was sent for may turn out to have been taught. */
static uint32_t
days_of(const struct class *class)
{
    return (uint32_t)(class->filed->end_day - class->filed->start_day) + 1;
}

static enum jn_code
check_attended(struct jn_decision *d, const struct class *class, const Enrollment__CorrectedDays *row)
{
    if (row->seat == 0 || row->seat > class->state->enrolled)
        return jn_refuse(d, JN_NOT_FOUND, "nobody has seat %u of this class: correct the number", row->seat);
    if (row->days > days_of(class))
        return jn_refuse(d, JN_OUT_OF_LIMITS, "the class had %u days from its first to its last: correct the days 天数",
                         days_of(class));
    if (row->days == attendance_total(d->view, class->number, row->seat))
        return jn_refuse(d, JN_ALREADY_EXISTS, "seat %u attended %u days as it stands: there is nothing to correct",
                         row->seat, row->days);
    return JN_OK;
}

/* Sheets of a class that runs are sent; what they say is nobody's to correct before it has gone out. */
static enum jn_code
class_corrected(struct jn_decision *d, const char *class_no, struct class *out)
{
    enum jn_code code = class_find(d, class_no, out);

    if (code != JN_OK)
        return code;
    if (out->state->stage != ENROLLMENT__STAGE__FINISHED)
        return jn_refuse(d, JN_WRONG_STATE,
                         "class %s is %s: RecordAttendance takes its sheets; they are corrected when it has finished",
                         class_no, stage_name(out->state->stage));
    return check_not_cancelled(d, out);
}

static Enrollment__CorrectedAttendance *
corrected(struct jn_decision *d, const struct class *class, const Enrollment__RosterSeat *seat, uint32_t days)
{
    Enrollment__CorrectedAttendance *out = jn_take(d->view, sizeof(*out));

    enrollment__corrected_attendance__init(out);
    out->seat = seat->seat;
    out->person = seat->person;
    out->days = days;
    out->was_days = attendance_total(d->view, class->number, seat->seat);
    return out;
}

static enum jn_code
check_once(struct jn_decision *d, const Enrollment__AttendanceCorrected *event, uint32_t seat)
{
    for (size_t i = 0; i < event->n_rows; i++)
        if (event->rows[i]->seat == seat)
            return jn_refuse(d, JN_ALREADY_EXISTS, "seat %u comes twice in this command: the first row stands", seat);
    return JN_OK;
}

enum jn_code
decide_correct_attendance(struct jn_decision *d, const Enrollment__CorrectAttendance *cmd)
{
    Enrollment__AttendanceCorrected event = ENROLLMENT__ATTENDANCE_CORRECTED__INIT;
    Enrollment__CorrectedAttendance *rows[JN_ROWS_MAX];
    struct roster roster;
    struct class class;
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NULL);

    if (code == JN_OK)
        code = class_corrected(d, cmd->class_no, &class);
    if (code == JN_OK)
        code = check_papers(d, cmd->document, cmd->reason);
    if (code != JN_OK)
        return code;
    roster = roster_of(d->view, class.number);
    event.rows = rows;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        const Enrollment__CorrectedDays *row = cmd->rows[i];

        jn_bulk_begin(&bulk);
        code = check_attended(d, &class, row);
        if (code == JN_OK)
            code = check_once(d, &event, row->seat);
        if (jn_bulk_end(&bulk, i, code) && row->seat <= roster.count)
            rows[event.n_rows++] = corrected(d, &class, roster.seats[row->seat - 1], row->days);
    }

    /* Decided. */
    event.class_ = class.number;
    event.division = class.filed->division;
    event.document = cmd->document;
    event.reason = cmd->reason;
    if (event.n_rows > 0)
        jn_emit(d, ENROLLMENT__EVENT__BODY_ATTENDANCE_CORRECTED, &event);
    return bulk_reply(&bulk);
}

void
apply_attendance_corrected(struct jn_tables *t, const Enrollment__AttendanceCorrected *event,
                           const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        Enrollment__Attended attended = ENROLLMENT__ATTENDED__INIT;

        attended.days = event->rows[i]->days;
        jn_put(t, TABLE_ATTENDED, JN_KEY(event->class_, event->rows[i]->seat), &attended);
    }
}

/* ---- Attestation (撤回认定) ---- */

static enum jn_code
asked_to_withdraw(struct jn_decision *d, uint64_t request, const Enrollment__Asked **asked, struct class *class)
{
    enum jn_code code = attestation_find(d, request, asked, class);

    if (code != JN_OK)
        return code;
    if (class->state->stage != ENROLLMENT__STAGE__FINISHED)
        return jn_refuse(d, JN_WRONG_STATE,
                         "the class is %s: Attest takes answers until it has finished, WithdrawAttestation afterwards",
                         stage_name(class->state->stage));
    return check_not_cancelled(d, class);
}

/* The copy of the request in the arena keeps count, so that a second answer to one question is held against the first.
 */
static enum jn_code
answer_otherwise(struct jn_decision *d, const Enrollment__Asked *asked, const Enrollment__AttestRow *row)
{
    enum jn_code code = attestation_check(d, asked, row);
    Enrollment__AskedRow *question;

    if (code != JN_OK)
        return code;
    question = attestation_row(asked, row->seat);
    if (attestation_answer(question, GROUP_BIT(row->group)) == row->answer)
        return jn_refuse(d, JN_ALREADY_EXISTS, "that is what your department 部门 has answered for seat %u: %s",
                         row->seat, "there is nothing to withdraw");
    attestation_note(question, GROUP_BIT(row->group), row->answer);
    return JN_OK;
}

static Enrollment__WithdrawnAttestation *
withdrawn(struct jn_decision *d, const Enrollment__AttestRow *row, const Enrollment__RosterSeat *seat,
          uint32_t *attested)
{
    Enrollment__WithdrawnAttestation *out = jn_take(d->view, sizeof(*out));

    if (row->answer == ENROLLMENT__ANSWER__HOLDS)
        *attested |= GROUP_BIT(row->group);
    else
        *attested &= ~GROUP_BIT(row->group);
    enrollment__withdrawn_attestation__init(out);
    out->seat = seat->seat;
    out->person = seat->person;
    out->group = row->group;
    out->answer = row->answer;
    out->groups = seat->groups & *attested;
    out->denied = seat->groups & ~*attested;
    return out;
}

/* What all departments have said of the class's seats, and what this one says otherwise. */
static void
take_back(struct jn_bulk *bulk, const struct class *class, const Enrollment__Asked *asked,
          const Enrollment__WithdrawAttestation *cmd, Enrollment__AttestationWithdrawn *event)
{
    struct jn_decision *d = bulk->d;
    struct roster roster = roster_of(d->view, class->number);
    struct attestation attestation = *attestation_of(d->view, class);

    for (size_t i = 0; i < cmd->n_rows; i++) {
        const Enrollment__AttestRow *row = cmd->rows[i];

        jn_bulk_begin(bulk);
        if (jn_bulk_end(bulk, i, answer_otherwise(d, asked, row)) && row->seat <= roster.count)
            event->rows[event->n_rows++] =
                withdrawn(d, row, roster.seats[row->seat - 1], &attestation.groups[row->seat - 1]);
    }
}

enum jn_code
decide_withdraw_attestation(struct jn_decision *d, const Enrollment__WithdrawAttestation *cmd)
{
    Enrollment__AttestationWithdrawn event = ENROLLMENT__ATTESTATION_WITHDRAWN__INIT;
    Enrollment__WithdrawnAttestation *rows[JN_ROWS_MAX];
    const Enrollment__Asked *asked = NULL;
    struct class class;
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NULL);

    if (code == JN_OK)
        code = asked_to_withdraw(d, cmd->request, &asked, &class);
    if (code == JN_OK)
        code = check_papers(d, cmd->document, cmd->reason);
    if (code != JN_OK)
        return code;
    event.rows = rows;
    take_back(&bulk, &class, asked, cmd, &event);

    /* Decided. */
    event.request = cmd->request;
    event.class_ = asked->class_;
    event.division = asked->division;
    event.department = asked->department;
    event.document = cmd->document;
    event.reason = cmd->reason;
    if (event.n_rows > 0)
        jn_emit(d, ENROLLMENT__EVENT__BODY_ATTESTATION_WITHDRAWN, &event);
    return bulk_reply(&bulk);
}

void
apply_attestation_withdrawn(struct jn_tables *t, const Enrollment__AttestationWithdrawn *event,
                            const struct jn_stamp *stamp)
{
    const Enrollment__Asked *asked = attestation_asked(jn_view_of(t), event->request);

    (void)stamp;
    if (!asked)
        return;
    for (size_t i = 0; i < event->n_rows; i++) {
        Enrollment__AskedRow *row = attestation_row(asked, event->rows[i]->seat);

        if (row)
            attestation_note(row, GROUP_BIT(event->rows[i]->group), event->rows[i]->answer);
    }
    jn_put(t, TABLE_ASKED, JN_KEY(event->request), asked);
}

/* ---- Audit ---- */

static bool
check_corrected(void *context, const struct jn_key *key, const void *row)
{
    struct jn_audit *audit = context;
    const Enrollment__Attended *attended = row;
    uint64_t number = jn_key_number(key, 0), seat = jn_key_number(key, 1);
    struct class class;

    if (!class_get(audit->view, number, &class) || class.state->stage != ENROLLMENT__STAGE__FINISHED || seat == 0 ||
        seat > class.state->enrolled)
        jn_finding(audit, "class %llu: the days of a seat were corrected that is none of a finished class",
                   (unsigned long long)number);
    else if (attended->days > days_of(&class))
        jn_finding(audit, "class %llu: seat %llu attended more days than there were", (unsigned long long)number,
                   (unsigned long long)seat);
    return true;
}

void
audit_corrections(struct jn_audit *audit)
{
    jn_scan(audit->view, TABLE_ATTENDED, JN_KEY(0), 0, SIZE_MAX, check_corrected, audit);
}
