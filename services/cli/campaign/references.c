/* Reference figures (参照标准): what others fix and our items go by. */
#include "cli/campaign/reader.h"

#include <string.h>

enum { NAME, DIVISION, AMOUNT, FROM };

static const struct column columns[] = {
    [NAME] = {"name", "名称", true},
    [DIVISION] = {"division", "行政区划代码", true},
    [AMOUNT] = {"amount", "金额", true},
    [FROM] = {"from", "执行日期", true},
};

/* 2.2-c and 2.3-c; 2.2-d. */
static const char *const names[] = {"secondary_grant_monthly", "unemployment_benefit_min_monthly"};
#define NAMES (sizeof(names) / sizeof(names[0]))

static uint32_t
name_of(const char *text)
{
    for (uint32_t i = 0; i < NAMES; i++)
        if (!strcmp(names[i], text))
            return i;
    return CAMPAIGN_NONE;
}

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_reference figure = {.line = row->line};
    uint32_t name = name_of(row->cells[NAME]);
    uint32_t key[3];

    if (name == CAMPAIGN_NONE) {
        reject(row, NAME, "unknown reference figure 参照标准名称无法识别", row->cells[NAME]);
        return;
    }
    if (!cell_division(row, DIVISION, &figure.division) || !cell_money(row, AMOUNT, &figure.amount_fen) ||
        !cell_day(row, FROM, &figure.from_day))
        return;
    if (figure.amount_fen == 0) {
        reject(row, AMOUNT, "must be more than zero 金额应大于零", NULL);
        return;
    }
    key[0] = name;
    key[1] = figure.division;
    key[2] = (uint32_t)figure.from_day;
    if (!index_put(row->reader->reference_of, key, sizeof(key), c->references_count)) {
        reject(row, FROM, "name, division and date have a figure already 同一参照标准重复", row->cells[FROM]);
        return;
    }
    figure.name = names[name];
    APPEND(c->references, figure);
}

const struct sheet references_sheet = {
    .name = "reference.csv", .columns = columns, .columns_count = sizeof(columns) / sizeof(columns[0]), .use = use};
