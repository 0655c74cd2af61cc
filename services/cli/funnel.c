/* jineng report funnel: filed, enrolled, attended, passed, eligible, due, approved, paid, and where the others were
 * lost; for a quarter by class, institution or division, or quarter by quarter. */
#include "cli/funnel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/sheet.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/json.h"

#define STEPS     (SUBSIDY__STEP__STEP_PAID)
#define COLUMNS   (STEPS + 2)
#define LINES_MAX 100000 /* beyond it something else is wrong */

static const struct {
    const char *name;
    int by;
    const char *en, *zh; /* the head of its column */
} kinds[] = {{"class", SUBSIDY__FUNNEL_BY__BY_CLASS, "class", "班级"},
             {"institution", SUBSIDY__FUNNEL_BY__BY_INSTITUTION, "institution", "培训机构"},
             {"division", SUBSIDY__FUNNEL_BY__BY_DIVISION, "division", "行政区划"},
             {"quarter", SUBSIDY__FUNNEL_BY__BY_QUARTER, "quarter", "季度"}};

struct printing {
    const struct funnel_report *report;
    struct sheet *sheet;
    json_t *json;
    size_t lines;
};

static const char *
say(const struct funnel_report *report, const char *en, const char *zh)
{
    return report->chinese ? zh : en;
}

bool
funnel_by(const char *name, int *by)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (!strcmp(kinds[i].name, name)) {
            *by = kinds[i].by;
            return true;
        }
    return false;
}

/* The sheet keeps the columns for as long as it is open. */
static struct sheet *
open_sheet(const struct funnel_report *report, struct sheet_column columns[COLUMNS])
{
    static const struct {
        const char *name, *en, *zh;
    } heads[COLUMNS] = {{"of", NULL, NULL},
                        {"filed", "filed", "申报"},
                        {"enrolled", "enrolled", "开班"},
                        {"attended", "attended", "参训"},
                        {"passed", "passed", "合格"},
                        {"eligible", "eligible", "符合条件"},
                        {"due", "due", "应发"},
                        {"approved", "approved", "核准"},
                        {"paid", "paid", "拨付"},
                        {"remark", "remark", "备注"}};

    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = (struct sheet_column){heads[i].name, say(report, heads[i].en, heads[i].zh), 9, true};
    columns[0] =
        (struct sheet_column){"of", say(report, kinds[report->by - 1].en, kinds[report->by - 1].zh), 20, false};
    columns[COLUMNS - 1].right = false;
    return sheet_open(report->csv ? SHEET_CSV : SHEET_TEXT, stdout, NULL, say(report, "Funnel", "补贴漏斗"), columns,
                      COLUMNS);
}

static void
print_line(struct printing *p, const Subsidy__FunnelLine *line)
{
    char name[64];

    if (line->class_no && *line->class_no)
        snprintf(name, sizeof(name), "%s", line->class_no);
    else if (p->report->by == SUBSIDY__FUNNEL_BY__BY_QUARTER)
        snprintf(name, sizeof(name), "%" PRIu32 "Q%" PRIu32, line->year, line->quarter);
    else
        snprintf(name, sizeof(name), "%" PRIu64, line->number);
    sheet_text(p->sheet, name);
    for (size_t step = 0; step < STEPS; step++)
        sheet_count(p->sheet, step < line->n_steps ? line->steps[step]->count : 0);
    sheet_text(p->sheet, p->report->chinese ? line->remark_zh : line->remark_en);
}

static void
take(struct printing *p, const Subsidy__FunnelView *view)
{
    for (size_t i = 0; i < view->n_lines; i++) {
        if (p->json)
            json_array_append_new(p->json, jn_json_of(view->lines[i]));
        else
            print_line(p, view->lines[i]);
    }
    p->lines += view->n_lines;
}

static int
read_lines(struct printing *p)
{
    Subsidy__FunnelRequest request = SUBSIDY__FUNNEL_REQUEST__INIT;
    const Subsidy__FunnelView *view;
    struct jn_client *client = NULL;
    struct jn_answer answer;
    int code = suite_client(p->report->suite, "subsidy", p->report->as, 1, &client);

    request.class_no = (char *)(uintptr_t)p->report->class_no;
    request.by = p->report->class_no[0] ? SUBSIDY__FUNNEL_BY__FUNNEL_BY_UNSPECIFIED : (Subsidy__FunnelBy)p->report->by;
    request.year = p->report->year;
    request.quarter = p->report->quarter;
    do {
        if (code == CLI_OK)
            code = suite_ask(client, "Funnel", &request, &answer);
        if (code != CLI_OK)
            return code;
        view = answer.reply;
        take(p, view);
        request.after = view->through;
    } while (view->more && p->lines < LINES_MAX);
    return CLI_OK;
}

int
funnel_report(const struct funnel_report *report)
{
    struct printing printing = {.report = report};
    struct sheet_column columns[COLUMNS];
    int code;

    if (report->json)
        printing.json = json_array();
    else
        printing.sheet = open_sheet(report, columns);
    code = read_lines(&printing);
    if (printing.sheet && !sheet_close(printing.sheet) && code == CLI_OK)
        code = CLI_REFUSED;
    if (code == CLI_OK && printing.json && json_dumpf(printing.json, stdout, JSON_INDENT(2)) == 0)
        putchar('\n');
    json_decref(printing.json);
    return code;
}
