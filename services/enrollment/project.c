/* A project (培训项目) of the directory: what is taught, for which occupation and level, in how many
 * hours. 2.7-a, 2.13-b.
 *
 * A code listed again gets the new facts and keeps its number; classes filed before keep the occupation and level they
 * had. */
#include "enrollment/enrollment.h"
#include "enrollment/text.h"

#include <string.h>

#define NAME_BYTES_MAX 240
#define OCCUPATION_MAX 32
#define HOURS_MAX      10000

const Enrollment__Project *
project_get(const struct jn_view *view, uint64_t project)
{
    static const Enrollment__Project none = ENROLLMENT__PROJECT__INIT;
    const Enrollment__Project *row = jn_get(view, TABLE_PROJECT, JN_KEY(project));

    return row ? row : &none;
}

uint64_t
project_find(const struct jn_view *view, const char *code)
{
    size_t length = strnlen(code, CODE_MAX + 1);
    const Enrollment__Interned *row;

    if (length < 1 || length > CODE_MAX)
        return 0;
    row = jn_get(view, TABLE_PROJECT_BY_CODE, jn_key_bytes(code, length));
    return row ? row->number : 0;
}

/* ---- Listing ---- */

static enum jn_code
check_project(struct jn_decision *d, const Enrollment__Project *row, const Enrollment__ProjectsListed *event)
{
    if (!text_fits(row->code, 1, CODE_MAX))
        return jn_refuse(d, JN_MALFORMED, "the code 编号 is missing or not UTF-8 text of up to %d bytes", CODE_MAX);
    for (size_t i = 0; i < event->n_rows; i++)
        if (strcmp(event->rows[i]->facts->code, row->code) == 0)
            return jn_refuse(d, JN_ALREADY_EXISTS, "the project comes twice in this command: send it once");
    if (!text_fits(row->name, 1, NAME_BYTES_MAX))
        return jn_refuse(d, JN_MALFORMED, "the name 名称 is missing or not UTF-8 text of up to %d bytes",
                         NAME_BYTES_MAX);
    if (!text_code(row->occupation, OCCUPATION_MAX))
        return jn_refuse(d, JN_MALFORMED, "the occupation 职业编码 is missing or not a code such as 4-10-01-06");
    if (row->level > 5)
        return jn_refuse(d, JN_MALFORMED, "level 等级 %u: 5 is junior, 1 senior technician, 0 none", row->level);
    if (row->hours > HOURS_MAX)
        return jn_refuse(d, JN_OUT_OF_LIMITS, "%u hours 课时: at most %d", row->hours, HOURS_MAX);
    return JN_OK;
}

static Enrollment__ListedProject *
listed(struct jn_decision *d, Enrollment__Project *facts, uint64_t *next)
{
    Enrollment__ListedProject *row = jn_take(d->view, sizeof(*row));
    uint64_t known = project_find(d->view, facts->code);

    enrollment__listed_project__init(row);
    row->number = known ? known : (*next)++;
    row->facts = facts;
    return row;
}

enum jn_code
decide_list_projects(struct jn_decision *d, const Enrollment__ListProjects *cmd)
{
    Enrollment__ProjectsListed event = ENROLLMENT__PROJECTS_LISTED__INIT;
    Enrollment__ListedProject *rows[JN_ROWS_MAX];
    uint64_t next = jn_counter(d->view, COUNTER_PROJECTS) + 1;
    struct jn_bulk bulk;
    enum jn_code code = jn_bulk_open(&bulk, d, cmd->n_rows, NULL);

    if (code != JN_OK)
        return code;
    event.rows = rows;
    for (size_t i = 0; i < cmd->n_rows; i++) {
        Enrollment__Project *row = cmd->rows[i];

        jn_bulk_begin(&bulk);
        row->code = (char *)(uintptr_t)text_mended(d->view, row->code);
        row->name = (char *)(uintptr_t)text_mended(d->view, row->name);
        if (!jn_bulk_end(&bulk, i, check_project(d, row, &event)))
            continue;
        rows[event.n_rows++] = listed(d, row, &next);
        if (!occupation_code(row->occupation))
            jn_bulk_note(&bulk, i, "the occupation 职业编码 is not of the form d-dd-dd-dd: taken as it is");
    }

    /* Decided. */
    if (event.n_rows > 0)
        jn_emit(d, ENROLLMENT__EVENT__BODY_PROJECTS_LISTED, &event);
    return bulk_reply(&bulk);
}

void
apply_projects_listed(struct jn_tables *t, const Enrollment__ProjectsListed *event, const struct jn_stamp *stamp)
{
    (void)stamp;
    for (size_t i = 0; i < event->n_rows; i++) {
        const Enrollment__ListedProject *row = event->rows[i];
        Enrollment__Interned interned = ENROLLMENT__INTERNED__INIT;

        jn_put(t, TABLE_PROJECT, JN_KEY(row->number), row->facts);
        if (row->number <= jn_counter(jn_view_of(t), COUNTER_PROJECTS))
            continue;
        interned.number = row->number;
        jn_put(t, TABLE_PROJECT_BY_CODE, jn_key_bytes(row->facts->code, strlen(row->facts->code)), &interned);
        jn_counter_set(t, COUNTER_PROJECTS, row->number);
    }
}

/* ---- Audit ---- */

struct projects_seen {
    struct jn_audit *audit;
    uint64_t count;
};

static bool
check_row(void *context, const struct jn_key *key, const void *row)
{
    struct projects_seen *seen = context;
    uint64_t number = jn_key_number(key, 0);

    if (number != ++seen->count)
        jn_finding(seen->audit, "project %llu is not numbered in order", (unsigned long long)number);
    if (project_find(seen->audit->view, ((const Enrollment__Project *)row)->code) != number)
        jn_finding(seen->audit, "project %llu is not found by its code", (unsigned long long)number);
    return true;
}

void
audit_projects(struct jn_audit *audit)
{
    struct projects_seen seen = {audit, 0};

    jn_scan(audit->view, TABLE_PROJECT, JN_KEY(0), 0, SIZE_MAX, check_row, &seen);
    audit_count(audit, "projects", seen.count, COUNTER_PROJECTS);
}
