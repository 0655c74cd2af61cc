/* A division (行政区划): the counties that the tasks are broken down to, their targets by year, and how far they have
 * come.
 *
 * 1.2-a, 4.2-a. Division: set by the administration, never taken away. Trained: what counts against the target. */
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#include "domain/date.h"

/* A province has fewer than 200 counties; the bound keeps an answer about all of them within a frame. */
#define DIVISIONS_MAX 500
#define TARGET_MAX    10000000
#define YEAR_FIRST    2019
#define YEARS         3

bool
day_plausible(int32_t day)
{
    return day != 0 && day >= DAY_FIRST && day <= DAY_LAST;
}

static const Enrollment__Division *
division_get(const struct jn_view *view, uint32_t code)
{
    return jn_get(view, TABLE_DIVISION, JN_KEY(code));
}

bool
division_known(const struct jn_view *view, uint32_t code)
{
    struct jn_key found;

    if (jn_has(view, TABLE_DIVISION, JN_KEY(code)))
        return true;
    if (code == 0 || code % 100 != 0)
        return false;
    /* The city itself (130100), for which no sheet has a row. */
    return jn_first(view, TABLE_DIVISION, JN_KEY(code), 0, &found) && jn_key_number(&found, 0) / 100 == code / 100;
}

/* ---- Setting ---- */

static enum jn_code
check_division(struct jn_decision *d, const Enrollment__Division *row, const Enrollment__DivisionsSet *event)
{
    if (row->code < 100000 || row->code > 999999)
        return jn_refuse(d, JN_MALFORMED, "a division's code 行政区划代码 has six digits (GB/T 2260)");
    if (!jn_in_scope_division(d->who, row->code))
        return jn_refuse(d, JN_DENIED, "division %06u is not in this key's scope", row->code);
    if (!text_fits(row->name, 0, 120))
        return jn_refuse(d, JN_MALFORMED, "the name 名称 is not UTF-8 text of up to 120 bytes: enter it again");
    if (row->target_2019 > TARGET_MAX || row->target_2020 > TARGET_MAX || row->target_2021 > TARGET_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "a yearly target 年度任务 of over %d trainings: correct it", TARGET_MAX);
    for (size_t i = 0; i < event->n_rows; i++)
        if (event->rows[i]->code == row->code)
            return jn_refuse(d, JN_ALREADY_EXISTS, "division %06u comes twice in this command: send it once",
                             row->code);
    return JN_OK;
}

/* The number of divisions there would be; known ones are set anew. */
static enum jn_code
check_room(struct jn_decision *d, const Enrollment__Division *row, uint32_t *fresh)
{
    if (jn_has(d->view, TABLE_DIVISION, JN_KEY(row->code)))
        return JN_OK;
    if (jn_counter(d->view, COUNTER_DIVISIONS) + *fresh >= DIVISIONS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "there are %d divisions already; one city has no more", DIVISIONS_MAX);
    ++*fresh;
    return JN_OK;
}

enum jn_code
decide_set_divisions(struct jn_decision *d, const Enrollment__SetDivisions *cmd)
{
    Enrollment__DivisionsSet event = ENROLLMENT__DIVISIONS_SET__INIT;
    Enrollment__Division *rows[JN_ROWS_MAX];
    struct jn_bulk bulk;
    uint32_t fresh = 0;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NULL);

    if (code != JN_OK)
        return code;
    event.rows = rows;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        Enrollment__Division *row = cmd->rows[i];

        jn_bulk_begin(&bulk);
        row->name = (char *)(uintptr_t)text_mended(d->view, row->name);
        code = check_division(d, row, &event);
        if (code == JN_OK)
            code = check_room(d, row, &fresh);
        if (jn_bulk_end(&bulk, i, code))
            rows[event.n_rows++] = row;
    }

    /* Decided. */
    if (event.n_rows > 0)
        jn_emit(d, ENROLLMENT__EVENT__BODY_DIVISIONS_SET, &event);
    return bulk_reply(&bulk);
}

void
apply_divisions_set(struct jn_tables *t, const Enrollment__DivisionsSet *event, const struct jn_stamp *stamp)
{
    const struct jn_view *view = jn_view_of(t);

    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        struct jn_key key = JN_KEY(event->rows[i]->code);

        if (!jn_has(view, TABLE_DIVISION, key))
            jn_counter_set(t, COUNTER_DIVISIONS, jn_counter(view, COUNTER_DIVISIONS) + 1);
        jn_put(t, TABLE_DIVISION, key, event->rows[i]);
    }
}

/* ---- Progress ---- */

void
division_count_trained(struct jn_tables *t, uint32_t division, int32_t end_day, uint32_t seats)
{
    struct jn_key key = JN_KEY(division, (uint64_t)date_of(end_day).year);
    const Enrollment__Trained *before = jn_get(jn_view_of(t), TABLE_TRAINED, key);
    Enrollment__Trained row = ENROLLMENT__TRAINED__INIT;

    row.trained = (before ? before->trained : 0) + seats;
    jn_put(t, TABLE_TRAINED, key, &row);
}

struct progress {
    struct jn_decision *d;
    uint32_t division; /* 0 is all */
    Enrollment__ProgressRow **rows;
    size_t count, size;
};

static void
add_progress(struct progress *p, const Enrollment__Division *division, uint32_t code, uint32_t year, uint32_t target)
{
    const Enrollment__Trained *trained = jn_get(p->d->view, TABLE_TRAINED, JN_KEY(code, year));
    Enrollment__ProgressRow *row;

    if (p->count == p->size || (p->division && p->division != code) || !jn_in_scope_division(p->d->who, code))
        return;
    row = jn_take(p->d->view, sizeof(*row));
    enrollment__progress_row__init(row);
    row->division = code;
    row->name = division ? division->name : (char *)(uintptr_t) "";
    row->year = year;
    row->target = target;
    row->trained = trained ? (uint32_t)trained->trained : 0;
    p->rows[p->count++] = row;
}

static bool
with_targets(void *context, const struct jn_key *key, const void *row)
{
    const Enrollment__Division *division = row;
    const uint32_t targets[YEARS] = {division->target_2019, division->target_2020, division->target_2021};

    (void)key;
    for (uint32_t i = 0; i < YEARS; i++)
        add_progress(context, division, division->code, YEAR_FIRST + i, targets[i]);
    return true;
}

/* Other years, and the city itself, have no target but count. */
static bool
without_target(void *context, const struct jn_key *key, const void *row)
{
    struct progress *p = context;
    uint32_t code = (uint32_t)jn_key_number(key, 0);
    uint32_t year = (uint32_t)jn_key_number(key, 1);
    const Enrollment__Division *division = division_get(p->d->view, code);

    (void)row;
    if (!division || year < YEAR_FIRST || year >= YEAR_FIRST + YEARS)
        add_progress(p, division, code, year, 0);
    return true;
}

enum jn_code
answer_progress(struct jn_decision *d, const Enrollment__ProgressRequest *request)
{
    Enrollment__ProgressView view = ENROLLMENT__PROGRESS_VIEW__INIT;
    struct progress p = {.d = d, .division = request->division, .size = (DIVISIONS_MAX + 1) * (YEARS + 1)};

    if (request->division && !jn_in_scope_division(d->who, request->division))
        return jn_refuse(d, JN_DENIED, "division %06u is not in this key's scope", request->division);
    if (request->division && !division_known(d->view, request->division))
        return jn_refuse(d, JN_NOT_FOUND, "division %06u is not known: set it first, or ask for 0, all",
                         request->division);
    p.rows = jn_take(d->view, p.size * sizeof(p.rows[0]));
    jn_scan(d->view, TABLE_DIVISION, JN_KEY(0), 0, DIVISIONS_MAX, with_targets, &p);
    jn_scan(d->view, TABLE_TRAINED, JN_KEY(0), 0, p.size, without_target, &p);
    view.rows = p.rows;
    view.n_rows = p.count;
    jn_reply(d, &view.base);
    return JN_OK;
}

/* ---- Audit ---- */

struct sums {
    struct jn_audit *audit;
    uint64_t divisions, trained, finished_seats, finished;
};

static bool
count_division(void *context, const struct jn_key *key, const void *row)
{
    struct sums *sums = context;
    const Enrollment__Division *division = row;

    sums->divisions++;
    if (jn_key_number(key, 0) != division->code)
        jn_finding(sums->audit, "division %06u lies under another code", division->code);
    return true;
}

static bool
sum_trained(void *context, const struct jn_key *key, const void *row)
{
    (void)key;
    ((struct sums *)context)->trained += ((const Enrollment__Trained *)row)->trained;
    return true;
}

static bool
sum_finished(void *context, const struct jn_key *key, const void *row)
{
    struct sums *sums = context;
    const Enrollment__ClassState *state = row;

    (void)key;
    if (state->stage == ENROLLMENT__STAGE__FINISHED) {
        sums->finished++;
        sums->finished_seats += state->enrolled;
    }
    return true;
}

void
audit_divisions(struct jn_audit *audit)
{
    struct sums sums = {.audit = audit};

    jn_scan(audit->view, TABLE_DIVISION, JN_KEY(0), 0, SIZE_MAX, count_division, &sums);
    jn_scan(audit->view, TABLE_TRAINED, JN_KEY(0), 0, SIZE_MAX, sum_trained, &sums);
    jn_scan(audit->view, TABLE_CLASS_STATE, JN_KEY(0), 0, SIZE_MAX, sum_finished, &sums);
    audit_count(audit, "divisions", sums.divisions, COUNTER_DIVISIONS);
    if (sums.trained != sums.finished_seats)
        jn_finding(audit, "%llu seats count against targets, but finished classes have %llu",
                   (unsigned long long)sums.trained, (unsigned long long)sums.finished_seats);
    audit_count(audit, "finished classes", sums.finished, COUNTER_FINISHED);
}
