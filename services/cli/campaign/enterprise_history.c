/* What enterprises were paid before (用人单位享受补贴记录). It has no key: two equal rows are two payments. */
#include "cli/campaign/reader.h"

enum { USCC, ITEM, DATE, AMOUNT, PEOPLE };

static const struct column columns[] = {
    [USCC] = {"uscc", "统一社会信用代码", true}, [ITEM] = {"item", "补贴项目", true},  [DATE] = {"date", "日期", true},
    [AMOUNT] = {"amount", "金额", true},         [PEOPLE] = {"people", "人数", false},
};

/* As enrollment has them. */
#define PEOPLE_MAX 10000u
#define FEN_MAX    INT64_C(10000000000000)

/* Where no number of people is given it was one. */
static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_enterprise_paid paid = {.line = row->line};

    if (!cell_institution(row, USCC, "unknown enterprise: add it to institutions.csv 机构名录中没有该单位",
                          &paid.institution) ||
        !cell_item(row, ITEM, &paid.item) || !cell_played_day(row, DATE, &paid.day) ||
        !cell_money(row, AMOUNT, &paid.amount_fen) || !cell_number_or_zero(row, PEOPLE, PEOPLE_MAX, &paid.people))
        return;
    if (paid.amount_fen == 0 || paid.amount_fen > FEN_MAX) {
        reject(row, AMOUNT, "must be more than zero and at most a hundred billion yuan 金额应大于零且不超过一千亿元",
               NULL);
        return;
    }
    if (paid.people == 0)
        paid.people = 1;
    APPEND(c->enterprise_history, paid);
}

const struct sheet enterprise_history_sheet = {.name = "enterprise_history.csv",
                                               .columns = columns,
                                               .columns_count = sizeof(columns) / sizeof(columns[0]),
                                               .use = use};
