/* Results as they are recorded: a sheet of up to 200 becomes two events, one that others read and one with the numbers.
 *
 * TABLE_RESULTS: last certificate -> ResultsRow.  TABLE_NUMBERS: the same key -> NumbersRow.
 * TABLE_CERTIFICATE_NUMBER: certificate_no -> NumberRow, the first certificate issued under it. */
#include "certification/certification.h"

#include <string.h>

#include "domain/date.h"

/* What a sheet came to, row by row. */
struct tally {
    Certification__ResultsRecorded recorded;
    Certification__ResultsNumbered numbered;
    Certification__Outcomes reply;
};

static void
tally_init(struct tally *tally, const struct jn_view *view, size_t rows)
{
    certification__results_recorded__init(&tally->recorded);
    certification__results_numbered__init(&tally->numbered);
    certification__outcomes__init(&tally->reply);
    tally->recorded.rows = jn_take(view, rows * sizeof(*tally->recorded.rows));
    tally->numbered.rows = jn_take(view, rows * sizeof(*tally->numbered.rows));
    tally->reply.refused = jn_take(view, rows * sizeof(*tally->reply.refused));
    tally->reply.notes = jn_take(view, rows * sizeof(*tally->reply.notes));
}

static struct jn_key
number_key(const char *certificate_no)
{
    return jn_key_bytes(certificate_no, strlen(certificate_no));
}

/* Issued before, or further up on this sheet. */
static bool
number_repeated(struct jn_decision *d, const struct tally *tally, const char *certificate_no)
{
    for (size_t i = 0; i < tally->numbered.n_rows; i++)
        if (!strcmp(tally->numbered.rows[i]->certificate_no, certificate_no))
            return true;
    return jn_has(d->view, TABLE_CERTIFICATE_NUMBER, number_key(certificate_no));
}

static const char *
note_of(const RecordedResult *result)
{
    if (result->post_dated && result->number_repeated)
        return "dated later than today; the certificate number was issued before";
    return result->post_dated ? "dated later than today" : "the certificate number was issued before";
}

static void
enter(struct jn_decision *d, struct tally *tally, size_t row, const char *certificate_no, RecordedResult *result)
{
    Certification__NumberedResult *numbered = jn_take(d->view, sizeof(*numbered));

    result->certificate = jn_counter(d->view, COUNTER_CERTIFICATES) + tally->recorded.n_rows + 1;
    result->number_repeated = number_repeated(d, tally, certificate_no);
    certification__numbered_result__init(numbered);
    numbered->certificate = result->certificate;
    numbered->certificate_no = (char *)(uintptr_t)certificate_no;
    numbered->repeated = result->number_repeated;
    tally->recorded.rows[tally->recorded.n_rows++] = result;
    tally->numbered.rows[tally->numbered.n_rows++] = numbered;
    if (result->post_dated || result->number_repeated)
        tally->reply.notes[tally->reply.n_notes++] = jn_outcome(d, row, JN_OK, note_of(result));
}

static void
judge_all(struct result_sheet *sheet, const Certification__RecordResults *cmd, struct tally *tally)
{
    struct jn_decision *d = sheet->d;

    for (size_t i = 0; i < cmd->n_rows; i++) {
        RecordedResult *result = jn_take(d->view, sizeof(*result));
        enum jn_code code;

        certification__recorded_result__init(result);
        jn_row_begin(d);
        code = jn_row_end(d, result_judge(sheet, cmd->rows[i], result));
        if (code == JN_OK)
            enter(d, tally, i, cmd->rows[i]->certificate_no, result);
        else
            tally->reply.refused[tally->reply.n_refused++] = jn_outcome(d, i, code, jn_row_reason(d));
    }
    tally->reply.done = (uint32_t)tally->recorded.n_rows;
}

enum jn_code
decide_record_results(struct jn_decision *d, const Certification__RecordResults *cmd)
{
    struct result_sheet sheet = {.d = d};
    struct tally tally;
    uint64_t class;
    enum jn_code code;

    if (cmd->n_rows == 0)
        return jn_refuse(d, JN_MALFORMED, "give at least one result; close the results of a class where nobody passed");
    if (cmd->n_rows > JN_ROWS_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "at most %d results at a time; split them", JN_ROWS_MAX);
    code = class_taking_results(d, cmd->class_no, &class, &sheet.class);
    if (code != JN_OK)
        return code;
    sheet.roster = roster_load(d->view, class);
    sheet.passed = jn_take(d->view, PASSED_BYTES);
    if (sheet.class->passed.len > 0)
        memcpy(sheet.passed, sheet.class->passed.data, sheet.class->passed.len);
    tally_init(&tally, d->view, cmd->n_rows);
    judge_all(&sheet, cmd, &tally);

    /* Decided. */
    jn_reply(d, &tally.reply.base);
    tally.recorded.class_ = tally.numbered.class_ = class;
    if (tally.recorded.n_rows == 0)
        return JN_OK;
    jn_emit(d, CERTIFICATION__EVENT__BODY_RESULTS_RECORDED, &tally.recorded);
    return jn_emit(d, CERTIFICATION__EVENT__BODY_RESULTS_NUMBERED, &tally.numbered);
}

static void
class_takes(struct jn_tables *t, const Certification__ResultsRecorded *event)
{
    const struct jn_view *view = jn_view_of(t);
    Certification__ClassRow class = *class_of(view, event->class_);
    uint8_t *passed = jn_take(view, PASSED_BYTES);

    if (class.passed.len > 0)
        memcpy(passed, class.passed.data, class.passed.len);
    for (size_t i = 0; i < event->n_rows; i++) {
        uint32_t byte = event->rows[i]->seat / 8;

        passed[byte] |= (uint8_t)(1u << event->rows[i]->seat % 8);
        if (class.passed.len <= byte)
            class.passed.len = byte + 1;
        class.special_operations += event->rows[i]->kind == COMMON__CERTIFICATE_KIND__SPECIAL_OPERATION;
    }
    class.passed.data = passed;
    class.results += (uint32_t)event->n_rows;
    jn_put(t, TABLE_CLASS, JN_KEY(event->class_), &class);
}

static bool
day_listed(const Certification__ResultsRow *row, int32_t day)
{
    for (size_t i = 0; i < row->n_lapse_days; i++)
        if (row->lapse_days[i] == day)
            return true;
    return false;
}

/* One timer for all certificates of the sheet that lapse on the same day. */
static void
set_lapses(struct jn_tables *t, Certification__ResultsRow *row, uint64_t through)
{
    row->lapse_days = jn_take(jn_view_of(t), row->n_rows * sizeof(*row->lapse_days));
    for (size_t i = 0; i < row->n_rows; i++) {
        int32_t valid_to = certificate_valid_to(row->rows[i]);

        if (valid_to == INT32_MAX || day_listed(row, valid_to + 1))
            continue;
        row->lapse_days[row->n_lapse_days++] = valid_to + 1;
        jn_timer_set(t, date_to_ms(valid_to + 1), TIMER_LAPSE, through);
    }
}

void
apply_results_recorded(struct jn_tables *t, const Certification__ResultsRecorded *event, const struct jn_stamp *stamp)
{
    Certification__ResultsRow row = CERTIFICATION__RESULTS_ROW__INIT;
    uint64_t through = event->rows[event->n_rows - 1]->certificate;

    (void)stamp;
    row.class_ = event->class_;
    row.n_rows = event->n_rows;
    row.rows = event->rows;
    set_lapses(t, &row, through);
    jn_put(t, TABLE_RESULTS, JN_KEY(through), &row);
    jn_counter_set(t, COUNTER_CERTIFICATES, through);
    class_takes(t, event);
    holdings_add(t, event->rows, event->n_rows);
}

void
apply_results_numbered(struct jn_tables *t, const Certification__ResultsNumbered *event, const struct jn_stamp *stamp)
{
    Certification__NumbersRow row = CERTIFICATION__NUMBERS_ROW__INIT;
    uint64_t through = event->rows[event->n_rows - 1]->certificate;

    (void)stamp;
    row.numbers = jn_take(jn_view_of(t), event->n_rows * sizeof(*row.numbers));
    for (size_t i = 0; i < event->n_rows; i++) {
        const Certification__NumberedResult *result = event->rows[i];
        Certification__NumberRow number = CERTIFICATION__NUMBER_ROW__INIT;

        row.numbers[row.n_numbers++] = result->certificate_no;
        number.number = result->certificate;
        if (!result->repeated)
            jn_put(t, TABLE_CERTIFICATE_NUMBER, number_key(result->certificate_no), &number);
    }
    jn_put(t, TABLE_NUMBERS, JN_KEY(through), &row);
}
