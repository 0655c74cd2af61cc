/* Corrections (更正): attendance, attestations and certificates of a class that has finished, put right. What is not
 * settled yet is settled by them; what is settled keeps what it was settled by, and is reckoned again by what is right
 * now; 2.12-e.
 *
 * One row a seat, so that it is bounded however often something is put right: the last of what came before the seat was
 * settled, the last of what came after. */
#include <string.h>

#include "subsidy/nouns.h"

/* ---- What enrollment and certification say ---- */

static Subsidy__CorrectedSeat *
row_add(const struct jn_decision *d, Subsidy__CorrectionNoted *noted, const bool *settled, uint32_t seat)
{
    Subsidy__CorrectedSeat *row = jn_take(d->view, sizeof(*row));

    *row = (Subsidy__CorrectedSeat)SUBSIDY__CORRECTED_SEAT__INIT;
    row->seat = seat;
    row->settled = settled[seat];
    noted->rows[noted->n_rows++] = row;
    return row;
}

static bool
seat_known(uint32_t seat)
{
    return seat >= 1 && seat <= SEATS_MAX;
}

static Subsidy__CorrectionNoted
noted_open(const struct jn_decision *d, uint64_t class, Subsidy__Cause cause, size_t rows,
           const struct jn_source *source)
{
    Subsidy__CorrectionNoted noted = SUBSIDY__CORRECTION_NOTED__INIT;

    noted.class_ = class;
    noted.cause = cause;
    noted.day = date_of_ms(source->time_ms);
    noted.rows = jn_take(d->view, (rows + 1) * sizeof(*noted.rows));
    return noted;
}

/* Seats that are settled are reckoned again; whoever is not is settled by it. */
static enum jn_code
note(struct jn_decision *d, Subsidy__CorrectionNoted *noted, char *document, char *reason)
{
    struct reassessment_order order = {.cause = noted->cause, .document = document, .reason = reason};
    uint32_t *seats = jn_take(d->view, (noted->n_rows + 1) * sizeof(*seats));

    if (noted->n_rows == 0)
        return JN_OK;
    noted->document = document;
    noted->reason = reason;
    for (size_t i = 0; i < noted->n_rows; i++)
        if (noted->rows[i]->settled)
            seats[order.seats_count++] = noted->rows[i]->seat;
    order.seats = seats;
    jn_emit(d, EVENT_CORRECTION_NOTED, noted);
    if (order.seats_count > 0)
        reckon(d, noted->class_, &order);
    return JN_OK;
}

enum jn_code
react_attendance_corrected(struct jn_decision *d, const Enrollment__AttendanceCorrected *event,
                           const struct jn_source *source)
{
    Subsidy__ProgressRow progress = progress_of(d->view, event->class_);
    const bool *settled = seats_settled(d->view, event->class_, &progress);
    Subsidy__CorrectionNoted noted =
        noted_open(d, event->class_, SUBSIDY__CAUSE__ATTENDANCE_CORRECTED, event->n_rows, source);

    for (size_t i = 0; i < event->n_rows; i++) {
        const Enrollment__CorrectedAttendance *from = event->rows[i];

        if (seat_known(from->seat))
            row_add(d, &noted, settled, from->seat)->days =
                from->days > (uint32_t)POLICY_DAYS_MAX ? (uint32_t)POLICY_DAYS_MAX : from->days;
    }
    return note(d, &noted, event->document, event->reason);
}

enum jn_code
react_attestation_withdrawn(struct jn_decision *d, const Enrollment__AttestationWithdrawn *event,
                            const struct jn_source *source)
{
    Subsidy__ProgressRow progress = progress_of(d->view, event->class_);
    const bool *settled = seats_settled(d->view, event->class_, &progress);
    Subsidy__CorrectionNoted noted =
        noted_open(d, event->class_, SUBSIDY__CAUSE__ATTESTATION_WITHDRAWN, event->n_rows, source);

    noted.department = event->department;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Enrollment__WithdrawnAttestation *from = event->rows[i];
        Subsidy__CorrectedSeat *row = seat_known(from->seat) ? row_add(d, &noted, settled, from->seat) : NULL;

        if (!row)
            continue;
        row->groups = from->groups;
        row->denied = from->denied;
        row->group = from->group;
        row->answer = from->answer;
    }
    return note(d, &noted, event->document, event->reason);
}

enum jn_code
react_certificate_corrected(struct jn_decision *d, const Certification__CertificateCorrected *event,
                            const struct jn_source *source)
{
    Subsidy__ProgressRow progress = progress_of(d->view, event->class_);
    const bool *settled = seats_settled(d->view, event->class_, &progress);
    Subsidy__CorrectionNoted noted = noted_open(d, event->class_, SUBSIDY__CAUSE__CERTIFICATE_CORRECTED, 1, source);
    Subsidy__NotedResult result = SUBSIDY__NOTED_RESULT__INIT;

    if (!event->now || !seat_known(event->seat))
        return JN_OK;
    result.seat = event->seat;
    result.certificate = event->certificate;
    result.kind = event->now->kind;
    result.level = event->now->level;
    result.day = event->now->day;
    result.evaluator = event->now->evaluator;
    row_add(d, &noted, settled, event->seat)->result = &result;
    return note(d, &noted, event->document, event->reason);
}

/* ---- What is kept ---- */

static Subsidy__CorrectedAnswer *
answer_kept(const struct jn_view *view, const Subsidy__CorrectionNoted *event, const Subsidy__CorrectedSeat *row)
{
    Subsidy__CorrectedAnswer *answer = jn_take(view, sizeof(*answer));

    *answer = (Subsidy__CorrectedAnswer)SUBSIDY__CORRECTED_ANSWER__INIT;
    answer->group = row->group;
    answer->answer = row->answer;
    answer->department = event->department;
    answer->day = event->day;
    return answer;
}

static void
keep_attestation(const struct jn_view *view, const Subsidy__CorrectionNoted *event, const Subsidy__CorrectedSeat *row,
                 Subsidy__Correction *kept)
{
    Subsidy__CorrectedAnswer **answers = jn_take(view, (kept->n_answers + 1) * sizeof(*answers));
    size_t count = 0;

    for (size_t i = 0; i < kept->n_answers; i++)
        if (kept->answers[i]->group != row->group)
            answers[count++] = kept->answers[i];
    answers[count++] = answer_kept(view, event, row);
    kept->answers = answers;
    kept->n_answers = count;
    kept->attested = true;
    kept->groups = row->groups;
    kept->denied = row->denied;
}

static void
keep_part(const struct jn_view *view, const Subsidy__CorrectionNoted *event, const Subsidy__CorrectedSeat *row,
          Subsidy__Correction *kept)
{
    if (event->cause == SUBSIDY__CAUSE__ATTENDANCE_CORRECTED) {
        kept->attendance = true;
        kept->days = row->days;
        kept->attendance_day = event->day;
    }
    if (event->cause == SUBSIDY__CAUSE__ATTESTATION_WITHDRAWN)
        keep_attestation(view, event, row, kept);
    if (event->cause == SUBSIDY__CAUSE__CERTIFICATE_CORRECTED) {
        kept->result = row->result;
        kept->result_day = event->day;
    }
}

const Subsidy__CorrectionRow *
correction_of(const struct jn_view *view, uint64_t class, uint32_t seat)
{
    return jn_get(view, TABLE_CORRECTION, JN_KEY(class, seat));
}

void
apply_correction_noted(struct jn_tables *t, const Subsidy__CorrectionNoted *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);
    Subsidy__ProgressRow progress = progress_of(view, event->class_);

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Subsidy__CorrectedSeat *from = event->rows[i];
        const Subsidy__CorrectionRow *old = correction_of(view, event->class_, from->seat);
        Subsidy__CorrectionRow row = SUBSIDY__CORRECTION_ROW__INIT;
        Subsidy__Correction part = SUBSIDY__CORRECTION__INIT;
        Subsidy__Correction **at = from->settled ? &row.after : &row.before;

        if (old)
            row = *old;
        if (*at)
            part = **at;
        keep_part(view, event, from, &part);
        *at = &part;
        jn_put(t, TABLE_CORRECTION, JN_KEY(event->class_, from->seat), &row);
        progress.groups |= from->groups;
    }
    progress.corrected = true;
    progress_keep(t, event->class_, &progress);
}

/* ---- What stands ---- */

static bool
take_row(void *context, const struct jn_key *key, const void *row)
{
    const Subsidy__CorrectionRow **by_seat = context;
    uint64_t seat = jn_key_number(key, 1);

    if (seat <= SEATS_MAX)
        by_seat[seat] = row;
    return true;
}

const Subsidy__CorrectionRow **
corrections_of(const struct jn_view *view, uint64_t class, const Subsidy__ProgressRow *progress)
{
    const Subsidy__CorrectionRow **by_seat;

    if (!progress->corrected)
        return NULL;
    by_seat = jn_take(view, (SEATS_MAX + 1) * sizeof(*by_seat));
    jn_scan(view, TABLE_CORRECTION, JN_KEY(class, 0), sizeof(uint64_t), SEATS_MAX, take_row, by_seat);
    return by_seat;
}

static void
put_right(const Subsidy__Correction *part, Subsidy__Seat *seat)
{
    if (part && part->attendance)
        seat->days = part->days;
    if (part && part->attested) {
        seat->groups = part->groups;
        seat->denied = part->denied;
    }
}

const Subsidy__Seat *
seat_corrected(const struct jn_view *view, const Subsidy__CorrectionRow *row, const Subsidy__Seat *seat, bool now)
{
    Subsidy__Seat *right;

    if (!row || !seat)
        return seat;
    right = jn_take(view, sizeof(*right));
    *right = *seat;
    put_right(row->before, right);
    if (now)
        put_right(row->after, right);
    return right;
}

/* A correction is about one certificate: where its seat has another one, or none that counts, it changes nothing. */
static bool
is_about(const Subsidy__Correction *part, const Subsidy__NotedResult *result)
{
    return part && part->result && part->result->certificate == result->certificate;
}

const Subsidy__NotedResult *
result_corrected(const Subsidy__CorrectionRow *row, const Subsidy__NotedResult *result, bool now)
{
    if (!row || !result)
        return result;
    if (now && is_about(row->after, result))
        return row->after->result;
    return is_about(row->before, result) ? row->before->result : result;
}
