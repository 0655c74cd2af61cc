/* A division's own standards (补贴标准), 2.10-d. What a figure may be is the policy's to say: options.standard_fault.
 */
#include "cli/campaign/reader.h"

#include <stdio.h>

enum { DIVISION, ITEM, LEVEL, AMOUNT, RATE, FROM, DOCUMENT };

static const struct column columns[] = {
    [DIVISION] = {"division", "行政区划代码", true},
    [ITEM] = {"item", "补贴项目", true},
    [LEVEL] = {"level", "等级", true},
    [AMOUNT] = {"amount", "金额", false},
    [RATE] = {"rate", "比例", false},
    [FROM] = {"from", "执行日期", true},
    [DOCUMENT] = {"document", "文号", true},
};

/* A percentage stands under rate, or under amount where rate is empty; yuan stand under amount alone. */
static bool
cell_figure(const struct row *row, int item, int64_t *out)
{
    bool given = row->cells[RATE][0] != '\0';

    if (given && item != COMMON__ITEM__PRE_JOB_TRAINING)
        return reject(row, RATE, "this item is set in yuan, under amount 该项目应填金额", NULL);
    if (given && row->cells[AMOUNT][0])
        return reject(row, AMOUNT, "a rate and an amount: leave one empty 比例与金额只能填一项", NULL);
    if (!cell_money(row, given ? RATE : AMOUNT, out))
        return false;
    return *out > 0 || item != COMMON__ITEM__PRE_JOB_TRAINING ||
           reject(row, given ? RATE : AMOUNT, "must be more than zero 比例应大于零", NULL);
}

static bool
may_set(const struct row *row, const struct campaign_standard *standard)
{
    const struct campaign_options *options = &row->reader->options;
    const struct campaign_division *division = &row->reader->campaign->divisions[standard->division];
    const char *fault = NULL;

    if (!division->province_administered && division->code != options->city)
        return reject(row, DIVISION,
                      "only the city and counties that the province administers set standards (2.10-d) "
                      "该行政区划无权制定标准",
                      row->cells[DIVISION]);
    if (options->standard_fault)
        fault = options->standard_fault(options->context, standard->item, standard->level, standard->figure);
    if (fault)
        return reject(row, row->cells[RATE][0] ? RATE : AMOUNT, "not a standard that may be set 标准不符合政策规定",
                      fault);
    return true;
}

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_standard standard = {.line = row->line};
    uint32_t key[4];

    if (!cell_division(row, DIVISION, &standard.division) || !cell_item(row, ITEM, &standard.item) ||
        !cell_level_or_zero(row, LEVEL, &standard.level) || !cell_figure(row, standard.item, &standard.figure) ||
        !cell_day(row, FROM, &standard.from_day) || !may_set(row, &standard))
        return;
    key[0] = standard.division;
    key[1] = (uint32_t)standard.item;
    key[2] = (uint32_t)standard.level;
    key[3] = (uint32_t)standard.from_day;
    if (!index_put(row->reader->standard_of, key, sizeof(key), c->standards_count)) {
        reject(row, FROM, "division, item, level and date have a standard already 同一标准重复", row->cells[FROM]);
        return;
    }
    standard.document = cell_text_cut(row, DOCUMENT, 200); /* as subsidy has it */
    APPEND(c->standards, standard);
}

const struct sheet standards_sheet = {
    .name = "standards.csv", .columns = columns, .columns_count = sizeof(columns) / sizeof(columns[0]), .use = use};
