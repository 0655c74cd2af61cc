/* History (享受补贴记录): what people were paid before. It has no key: two equal rows are two payments. */
#include "cli/campaign/reader.h"

#include <stdlib.h>

enum { ID_NUMBER, ITEM, DATE, OCCUPATION, LEVEL, MONTHS, AMOUNT };

static const struct column columns[] = {
    [ID_NUMBER] = {"id_number", "身份证号", true},
    [ITEM] = {"item", "补贴项目", true},
    [DATE] = {"date", "日期", true},
    [OCCUPATION] = {"occupation", "职业编码", true},
    [LEVEL] = {"level", "等级", true},
    [MONTHS] = {"months", "月数", true},
    [AMOUNT] = {"amount", "金额", false},
};

#define MONTHS_MAX 1200u /* a hundred years */

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_paid paid = {.line = row->line};
    char id[CITIZEN_TEXT];

    if (!cell_citizen(row, ID_NUMBER, id) || !cell_item(row, ITEM, &paid.item) || !cell_day(row, DATE, &paid.day) ||
        !cell_occupation_or_empty(row, OCCUPATION, paid.occupation) || !cell_level_or_zero(row, LEVEL, &paid.level) ||
        !cell_number_or_zero(row, MONTHS, MONTHS_MAX, &paid.months) ||
        (row->cells[AMOUNT][0] && !cell_money(row, AMOUNT, &paid.amount_fen)))
        return;
    paid.person = person_enter(row->reader, id);
    APPEND(c->history, paid);
}

static int
by_person_and_line(const void *a, const void *b)
{
    const struct campaign_paid *left = a;
    const struct campaign_paid *right = b;

    if (left->person != right->person)
        return left->person < right->person ? -1 : 1;
    return (left->line > right->line) - (left->line < right->line);
}

static void
finish(struct reader *reader)
{
    struct campaign *c = reader->campaign;

    if (c->history_count > 1)
        qsort(c->history, c->history_count, sizeof(*c->history), by_person_and_line);
    for (uint32_t i = 0; i < c->history_count; i++) {
        struct campaign_person *person = &c->people[c->history[i].person];

        if (person->history_count++ == 0)
            person->history_first = i;
    }
}

const struct sheet history_sheet = {.name = "history.csv",
                                    .columns = columns,
                                    .columns_count = sizeof(columns) / sizeof(columns[0]),
                                    .use = use,
                                    .finish = finish};
