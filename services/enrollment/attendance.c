/* Attendance (考勤): a sheet for each day taught, which names the absent. 3.3.
 *
 * One row a class: which days have a sheet, and on how many of them each seat was absent. That is all that the end of
 * the class asks for; who was absent on which day stands in the log. */
#include "enrollment/enrollment.h"

#include <string.h>

#include "domain/date.h"

/* A whole class of 2,000 may be absent on a day; a frame holds some 12,000 numbers. */
#define ABSENT_MAX 2000

const Enrollment__Attendance *
attendance_of(const struct jn_view *view, uint64_t class)
{
    return jn_get(view, TABLE_ATTENDANCE, JN_KEY(class));
}

uint32_t
attendance_days(const Enrollment__Attendance *attendance, uint32_t seat)
{
    if (!attendance)
        return 0;
    return attendance->sheets - (seat <= attendance->n_absent ? attendance->absent[seat - 1] : 0);
}

uint32_t
attendance_total(const struct jn_view *view, uint64_t class, uint32_t seat)
{
    const Enrollment__Attended *corrected = jn_get(view, TABLE_ATTENDED, JN_KEY(class, seat));

    return corrected ? corrected->days : attendance_days(attendance_of(view, class), seat);
}

static bool
has_sheet(const Enrollment__Attendance *attendance, uint32_t day)
{
    return attendance && day / 8 < attendance->days.len && (attendance->days.data[day / 8] >> (day % 8) & 1);
}

/* ---- Recording ---- */

static enum jn_code
check_sheet(struct jn_decision *d, const struct class *class, int32_t day)
{
    const Enrollment__ClassFiled *filed = class->filed;
    char first[DATE_TEXT], last[DATE_TEXT];

    if (day < filed->start_day || day > filed->end_day)
        return jn_refuse(d, JN_OUT_OF_LIMITS,
                         "the sheet's date 日期 is not a day of the class, which goes from %s to %s",
                         date_format(filed->start_day, first), date_format(filed->end_day, last));
    if (day > d->today)
        return jn_refuse(d, JN_NOT_YET, "%s has not come: send the sheet when it has", date_format(day, first));
    if (has_sheet(attendance_of(d->view, class->number), (uint32_t)(day - filed->start_day)))
        return jn_refuse(d, JN_ALREADY_EXISTS, "there is a sheet for %s: the first stands", date_format(day, first));
    return JN_OK;
}

/* The seat of somebody on the class; 0 for all else, whatever is wrong with it. */
static uint32_t
absent_seat(struct jn_decision *d, uint64_t class, const char *text)
{
    char id_number[CITIZEN_TEXT];
    uint64_t person;
    bool mended;

    if (citizen_number(text, id_number, &mended) != IDENTIFIER_OK)
        return 0;
    person = person_find(d->view, person_id17(id_number));
    return person ? roster_seat(d->view, class, person) : 0;
}

/* Each seat once, in the order of the sheet. Returns how many names were nobody's. */
static uint32_t
gather_absent(struct jn_decision *d, uint64_t class, const Enrollment__Sheet *sheet,
              Enrollment__AttendanceRecorded *event)
{
    bool *listed = jn_take(d->view, CLASS_SEATS_MAX + 1);
    uint32_t ignored = 0;

    event->absent = jn_take(d->view, (sheet->n_absent + 1) * sizeof(event->absent[0]));
    for (size_t i = 0; i < sheet->n_absent; i++) {
        uint32_t seat = absent_seat(d, class, sheet->absent[i]);

        ignored += seat == 0;
        if (seat > 0 && !listed[seat])
            event->absent[event->n_absent++] = seat;
        listed[seat] = true;
    }
    return ignored;
}

static enum jn_code
record_sheet(struct jn_bulk *bulk, const struct class *class, const Enrollment__Sheet *sheet, uint32_t *ignored)
{
    Enrollment__AttendanceRecorded event = ENROLLMENT__ATTENDANCE_RECORDED__INIT;
    enum jn_code code = check_sheet(bulk->d, class, sheet->day);

    if (code != JN_OK)
        return code;

    /* Decided. */
    event.class_ = class->number;
    event.day = sheet->day;
    *ignored = gather_absent(bulk->d, class->number, sheet, &event);
    return jn_emit(bulk->d, ENROLLMENT__EVENT__BODY_ATTENDANCE_RECORDED, &event);
}

static enum jn_code
check_names(struct jn_decision *d, const Enrollment__RecordAttendance *cmd)
{
    size_t names = 0;

    for (size_t i = 0; i < cmd->n_sheets; i++)
        names += cmd->sheets[i]->n_absent;
    if (names > ABSENT_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "%zu names of absent people: a command takes %d, split it", names,
                         ABSENT_MAX);
    return JN_OK;
}

enum jn_code
decide_record_attendance(struct jn_decision *d, const Enrollment__RecordAttendance *cmd)
{
    struct class class;
    struct jn_bulk bulk;
    Enrollment__Outcomes reply;
    uint32_t ignored_all = 0;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_sheets, NULL);

    if (code == JN_OK)
        code = check_names(d, cmd);
    if (code == JN_OK)
        code = class_at(d, cmd->class_no, ENROLLMENT__STAGE__OPENED, &class);
    if (code != JN_OK)
        return code;
    /* A sheet an event: the next row must see that the day is taken. */
    for (size_t i = 0; i < cmd->n_sheets; i++) {
        uint32_t ignored = 0;

        jn_bulk_begin(&bulk);
        if (!jn_bulk_end(&bulk, i, record_sheet(&bulk, &class, cmd->sheets[i], &ignored)) || ignored == 0)
            continue;
        ignored_all += ignored;
        jn_bulk_note(&bulk, i,
                     jn_arena_print(d->arena, "%u of the absent 缺勤人员 are not on the roster: ignored", ignored));
    }
    reply = bulk_outcomes(&bulk);
    reply.ignored = ignored_all;
    jn_reply(d, &reply.base);
    return JN_OK;
}

static uint32_t
largest(const uint32_t *numbers, size_t count)
{
    uint32_t out = 0;

    for (size_t i = 0; i < count; i++)
        if (numbers[i] > out)
            out = numbers[i];
    return out;
}

void
apply_attendance_recorded(struct jn_tables *t, const Enrollment__AttendanceRecorded *event,
                          const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    const Enrollment__Attendance *before = attendance_of(view, event->class_);
    Enrollment__Attendance after = ENROLLMENT__ATTENDANCE__INIT;
    struct class class;
    uint32_t day;

    (void)stamp;
    if (!class_get(view, event->class_, &class))
        return;
    if (before)
        after = *before;
    day = (uint32_t)(event->day - class.filed->start_day);
    after.days.len = before && before->days.len > day / 8 ? before->days.len : day / 8 + 1;
    after.days.data = jn_take(view, after.days.len);
    if (before && before->days.len > 0)
        memcpy(after.days.data, before->days.data, before->days.len);
    after.days.data[day / 8] |= (uint8_t)(1u << (day % 8));
    after.n_absent = largest(event->absent, event->n_absent);
    if (before && before->n_absent > after.n_absent)
        after.n_absent = before->n_absent;
    after.absent = jn_take(view, after.n_absent * sizeof(after.absent[0]));
    if (before && before->n_absent > 0)
        memcpy(after.absent, before->absent, before->n_absent * sizeof(after.absent[0]));
    for (size_t i = 0; i < event->n_absent; i++)
        after.absent[event->absent[i] - 1]++;
    after.sheets++;
    jn_put(t, TABLE_ATTENDANCE, JN_KEY(event->class_), &after);
}

/* ---- Audit ---- */

static bool
check_row(void *context, const struct jn_key *key, const void *row)
{
    struct jn_audit *audit = context;
    const Enrollment__Attendance *attendance = row;
    uint64_t number = jn_key_number(key, 0);
    uint32_t days = 0;
    struct class class;

    for (size_t i = 0; i < attendance->days.len; i++)
        days += (uint32_t)__builtin_popcount(attendance->days.data[i]);
    if (days != attendance->sheets)
        jn_finding(audit, "class %llu: %u sheets for %u days", (unsigned long long)number, attendance->sheets, days);
    if (largest(attendance->absent, attendance->n_absent) > attendance->sheets)
        jn_finding(audit, "class %llu: somebody was absent on more days than there were", (unsigned long long)number);
    if (!class_get(audit->view, number, &class) || attendance->n_absent > class.state->enrolled)
        jn_finding(audit, "class %llu: somebody was absent who is not on it", (unsigned long long)number);
    else if (attendance->days.len > (size_t)(class.filed->end_day - class.filed->start_day) / 8 + 1)
        jn_finding(audit, "class %llu: a sheet lies behind its end", (unsigned long long)number);
    return true;
}

void
audit_attendance(struct jn_audit *audit)
{
    jn_scan(audit->view, TABLE_ATTENDANCE, JN_KEY(0), 0, SIZE_MAX, check_row, audit);
}
