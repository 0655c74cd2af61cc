/* Projects (培训项目): what is taught, for which occupation and level. */
#include "cli/campaign/reader.h"

enum { CODE, NAME, OCCUPATION, LEVEL, HOURS, URGENT };

static const struct column columns[] = {
    [CODE] = {"code", "编号", true},
    [NAME] = {"name", "名称", true},
    [OCCUPATION] = {"occupation", "职业编码", true},
    [LEVEL] = {"level", "等级", true},
    [HOURS] = {"hours", "课时", true},
    [URGENT] = {"urgent", "急需紧缺", true},
};

/* As enrollment has them. */
#define NAME_BYTES 240
#define HOURS_MAX  10000u

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_project project = {.line = row->line};
    const char *code, *name;

    if (!cell_text(row, CODE, 40, &code) || !cell_text(row, NAME, SIZE_MAX, &name) ||
        !cell_occupation_or_empty(row, OCCUPATION, project.occupation) ||
        !cell_level_or_zero(row, LEVEL, &project.level) || !cell_number(row, HOURS, HOURS_MAX, &project.hours) ||
        !cell_truth(row, URGENT, &project.urgent))
        return;
    if (!project.occupation[0] || !project.level) {
        reject(row, project.level ? OCCUPATION : LEVEL, "must be given 不能为空", NULL);
        return;
    }
    if (!index_put_text(row->reader->project_of, code, c->projects_count)) {
        reject(row, CODE, "the project is there already 项目重复", code);
        return;
    }
    project.code = arena_copy(&row->reader->arena, code);
    project.name = cell_text_cut(row, NAME, NAME_BYTES);
    APPEND(c->projects, project);
}

const struct sheet projects_sheet = {.name = "projects.csv",
                                     .required = true,
                                     .columns = columns,
                                     .columns_count = sizeof(columns) / sizeof(columns[0]),
                                     .use = use};
