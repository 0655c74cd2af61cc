/* Appropriations (资金下达). They have no key: two equal rows are two appropriations. */
#include "cli/campaign/reader.h"

enum { DATE, FUND, DIVISION, AMOUNT, DOCUMENT };

static const struct column columns[] = {
    [DATE] = {"date", "日期", true},
    [FUND] = {"fund", "资金来源", true},
    [DIVISION] = {"division", "行政区划代码", true},
    [AMOUNT] = {"amount", "金额", true},
    [DOCUMENT] = {"document", "文号", true},
};

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_appropriation appropriation = {.line = row->line};
    const char *document;

    if (!cell_day(row, DATE, &appropriation.day) || !cell_word(row, FUND, &words_funds, &appropriation.fund) ||
        !cell_division(row, DIVISION, &appropriation.division) || !cell_money(row, AMOUNT, &appropriation.amount_fen) ||
        !cell_text_or_empty(row, DOCUMENT, 400, &document))
        return;
    if (appropriation.amount_fen == 0) {
        reject(row, AMOUNT, "must be more than zero 金额应大于零", NULL);
        return;
    }
    appropriation.document = arena_copy(&row->reader->arena, document);
    APPEND(c->appropriations, appropriation);
}

const struct sheet appropriations_sheet = {.name = "appropriations.csv",
                                           .required = true,
                                           .columns = columns,
                                           .columns_count = sizeof(columns) / sizeof(columns[0]),
                                           .use = use};
