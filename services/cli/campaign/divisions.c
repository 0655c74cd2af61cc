/* Divisions (行政区划), and the city above them. */
#include "cli/campaign/reader.h"

enum { CODE, NAME, PROVINCE_ADMINISTERED, TARGET_2019, TARGET_2020, TARGET_2021 };

static const struct column columns[] = {
    [CODE] = {"code", "编号", true},
    [NAME] = {"name", "名称", true},
    [PROVINCE_ADMINISTERED] = {"province_administered", "省直管", true},
    [TARGET_2019] = {"target_2019", "2019年任务", true},
    [TARGET_2020] = {"target_2020", "2020年任务", true},
    [TARGET_2021] = {"target_2021", "2021年任务", true},
};

/* As enrollment has them. */
#define NAME_BYTES 120
#define TARGET_MAX 10000000u /* people */

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_division division = {.line = row->line};

    if (!division_code(row->cells[CODE], &division.code)) {
        reject(row, CODE, "no division of six digits 行政区划代码应为六位数字", row->cells[CODE]);
        return;
    }
    if (!cell_truth(row, PROVINCE_ADMINISTERED, &division.province_administered))
        return;
    for (int i = 0; i < 3; i++)
        if (!cell_number_or_zero(row, TARGET_2019 + i, TARGET_MAX, &division.targets[i]))
            return;
    if (!index_put(row->reader->division_of, &division.code, sizeof(division.code), c->divisions_count)) {
        reject(row, CODE, "the division is there already 行政区划重复", row->cells[CODE]);
        return;
    }
    division.name = cell_text_cut(row, NAME, NAME_BYTES);
    APPEND(c->divisions, division);
}

/* The city's figures and accounts stand in for every division's, whether or not the sheet names it. */
static void
finish(struct reader *reader)
{
    struct campaign *c = reader->campaign;
    struct campaign_division city = {.code = reader->options.city, .name = ""};

    if (index_put(reader->division_of, &city.code, sizeof(city.code), c->divisions_count))
        APPEND(c->divisions, city);
}

const struct sheet divisions_sheet = {.name = "divisions.csv",
                                      .required = true,
                                      .columns = columns,
                                      .columns_count = sizeof(columns) / sizeof(columns[0]),
                                      .use = use,
                                      .finish = finish};
