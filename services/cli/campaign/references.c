/* Reference figures (参照标准): what others fix and our items go by. */
#include "cli/campaign/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define KEY_MAX 200 /* a pack's names are far shorter */

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

/* As the policy, or the plan, has it; NULL where neither asks for it. */
static const char *
name_of(const struct campaign_options *options, const char *text)
{
    if (options->reference_find)
        return options->reference_find(options->context, text);
    for (uint32_t i = 0; i < NAMES; i++)
        if (!strcmp(names[i], text))
            return names[i];
    return NULL;
}

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_reference figure = {.line = row->line};
    char key[KEY_MAX];
    int length;

    figure.name = name_of(&row->reader->options, row->cells[NAME]);
    if (!figure.name) {
        reject(row, NAME, "unknown reference figure: the policy asks for none of this name 政策未使用该参照标准",
               row->cells[NAME]);
        return;
    }
    if (!cell_division(row, DIVISION, &figure.division) || !cell_money(row, AMOUNT, &figure.amount_fen) ||
        !cell_day(row, FROM, &figure.from_day))
        return;
    if (figure.amount_fen == 0) {
        reject(row, AMOUNT, "must be more than zero 金额应大于零", NULL);
        return;
    }
    length = snprintf(key, sizeof(key), "%" PRIu32 " %" PRId32 " %s", figure.division, figure.from_day, figure.name);
    if (!index_put(row->reader->reference_of, key, (size_t)length, c->references_count)) {
        reject(row, FROM, "name, division and date have a figure already 同一参照标准重复", row->cells[FROM]);
        return;
    }
    APPEND(c->references, figure);
}

const struct sheet references_sheet = {
    .name = "reference.csv", .columns = columns, .columns_count = sizeof(columns) / sizeof(columns[0]), .use = use};
