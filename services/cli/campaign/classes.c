/* Classes (培训班). */
#include "cli/campaign/reader.h"

#include <stdlib.h>
#include <string.h>

#include "domain/date.h"
#include "domain/money.h"

enum {
    CLASS_NO,
    PROVIDER,
    PROJECT,
    DIVISION,
    KIND,
    PROGRAMME,
    PROJECT_BASED,
    FOR_GROUP,
    START,
    END,
    CAPACITY,
    COST,
    EMPLOYER,
    ADVANCE,
};

static const struct column columns[] = {
    [CLASS_NO] = {"class_no", "班级编号", true},
    [PROVIDER] = {"provider", "培训单位", true},
    [PROJECT] = {"project", "项目编号", true},
    [DIVISION] = {"division", "行政区划代码", true},
    [KIND] = {"kind", "类型", true},
    [PROGRAMME] = {"programme", "专项计划", true},
    [PROJECT_BASED] = {"project_based", "项目制", true},
    [FOR_GROUP] = {"for_group", "面向人群", true},
    [START] = {"start", "开班日期", true},
    [END] = {"end", "结业日期", true},
    [CAPACITY] = {"capacity", "人数上限", true},
    [COST] = {"cost", "人均成本", true},
    [EMPLOYER] = {"employer", "用人单位", true},
    [ADVANCE] = {"advance", "申请预拨", true},
};

/* As enrollment has them. */
#define CAPACITY_MAX 1000000u /* people */
#define NUMBER_BYTES 48
#define DAYS_MAX     3660

static bool
read_provider(const struct row *row, struct campaign_class *class_)
{
    const struct campaign_institution *provider;

    if (!cell_institution(row, PROVIDER, "unknown provider, or one that was rejected 培训单位不存在或未被采用",
                          &class_->provider))
        return false;
    provider = &row->reader->campaign->institutions[class_->provider];
    if (class_->start_day < provider->designated_from_day || class_->start_day > provider->designated_to_day)
        return reject(row, PROVIDER, "not designated on the class's first day 开班日不在定点期内", provider->code);
    return true;
}

/* An enterprise's school counts as the enterprise. */
static bool
employs(int kind)
{
    return kind == COMMON__INSTITUTION_KIND__ENTERPRISE || kind == COMMON__INSTITUTION_KIND__ENTERPRISE_SCHOOL ||
           kind == COMMON__INSTITUTION_KIND__COOPERATIVE || kind == COMMON__INSTITUTION_KIND__POVERTY_WORKSHOP;
}

static bool
read_employer(const struct row *row, struct campaign_class *class_)
{
    class_->employer = CAMPAIGN_NONE;
    if (!row->cells[EMPLOYER][0])
        return true;
    if (!cell_institution(row, EMPLOYER, "unknown employer, or one that was rejected 用人单位不存在或未被采用",
                          &class_->employer))
        return false;
    return employs(row->reader->campaign->institutions[class_->employer].kind) ||
           reject(row, EMPLOYER,
                  "neither enterprise, cooperative nor poverty workshop 用人单位不是企业、合作社或扶贫车间",
                  row->cells[EMPLOYER]);
}

static bool
read_project(const struct row *row, struct campaign_class *class_)
{
    class_->project = index_get_text(row->reader->project_of, row->cells[PROJECT]);
    return class_->project != CAMPAIGN_NONE ||
           reject(row, PROJECT, "unknown project, or one that was rejected 项目不存在或未被采用", row->cells[PROJECT]);
}

static bool
read_values(const struct row *row, struct campaign_class *class_)
{
    if (!cell_division(row, DIVISION, &class_->division) || !cell_word(row, KIND, &words_class_kinds, &class_->kind) ||
        !cell_truth_or_false(row, PROJECT_BASED, &class_->project_based) ||
        !cell_word_or_zero(row, FOR_GROUP, &words_groups, &class_->for_group) ||
        !cell_played_day(row, START, &class_->start_day) || !cell_day(row, END, &class_->end_day) ||
        !cell_number(row, CAPACITY, CAPACITY_MAX, &class_->capacity) || !cell_money(row, COST, &class_->cost_fen) ||
        !cell_truth_or_false(row, ADVANCE, &class_->advance))
        return false;
    if (class_->end_day < class_->start_day)
        return reject(row, END, "the end is before the start 结业日期早于开班日期", row->cells[END]);
    if (class_->end_day - class_->start_day >= DAYS_MAX)
        return reject(row, END, "a class lasts at most ten years 培训期不得超过十年", row->cells[END]);
    if (class_->cost_fen > TRAINING_COST_FEN_MAX)
        return reject(row, COST, "is at most 1000000.00 yuan a person 人均成本不得超过100万元", row->cells[COST]);
    return class_->cost_fen > 0 || reject(row, COST, "must be more than zero 人均成本应大于零", NULL);
}

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_class class_ = {.line = row->line};
    const char *number;

    if (!cell_text(row, CLASS_NO, NUMBER_BYTES, &number) || !read_values(row, &class_) || !read_project(row, &class_) ||
        !read_provider(row, &class_) || !read_employer(row, &class_))
        return;
    if (!index_put_text(row->reader->class_of, number, c->classes_count)) {
        reject(row, CLASS_NO, "the class is there already 班级重复", number);
        return;
    }
    class_.number = arena_copy(&row->reader->arena, number);
    class_.programme = cell_text_cut(row, PROGRAMME, 120);
    APPEND(c->classes, class_);
}

static int
by_end_and_number(const void *a, const void *b, void *context)
{
    const struct campaign *c = context;
    const struct campaign_class *left = &c->classes[*(const uint32_t *)a];
    const struct campaign_class *right = &c->classes[*(const uint32_t *)b];

    if (left->end_day != right->end_day)
        return left->end_day < right->end_day ? -1 : 1;
    return strcmp(left->number, right->number);
}

static void
finish(struct reader *reader)
{
    struct campaign *c = reader->campaign;

    for (uint32_t i = 0; i < c->classes_count; i++)
        APPEND(c->settling, i);
    if (c->settling_count > 1)
        qsort_r(c->settling, c->settling_count, sizeof(*c->settling), by_end_and_number, c);
}

const struct sheet classes_sheet = {.name = "classes.csv",
                                    .required = true,
                                    .columns = columns,
                                    .columns_count = sizeof(columns) / sizeof(columns[0]),
                                    .use = use,
                                    .finish = finish};

uint32_t
campaign_months(const struct campaign *c, uint32_t class_)
{
    return (uint32_t)date_months(c->classes[class_].start_day, c->classes[class_].end_day);
}

uint32_t
campaign_years(const struct campaign *c, uint32_t class_)
{
    return campaign_months(c, class_) / 12;
}
