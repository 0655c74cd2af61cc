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

/* As the ledger has them. */
#define DOCUMENT_BYTES 120
#define AMOUNT_FEN_MAX INT64_C(10000000000000)

static void
use(const struct row *row)
{
    struct campaign *c = row->reader->campaign;
    struct campaign_appropriation appropriation = {.line = row->line};

    if (!cell_played_day(row, DATE, &appropriation.day) || !cell_word(row, FUND, &words_funds, &appropriation.fund) ||
        !cell_division(row, DIVISION, &appropriation.division) || !cell_money(row, AMOUNT, &appropriation.amount_fen))
        return;
    if (appropriation.amount_fen == 0) {
        reject(row, AMOUNT, "must be more than zero 金额应大于零", NULL);
        return;
    }
    if (appropriation.amount_fen > AMOUNT_FEN_MAX) {
        reject(row, AMOUNT, "over a hundred billion yuan: split it 金额超过一千亿元，请拆分", NULL);
        return;
    }
    appropriation.document = cell_text_cut(row, DOCUMENT, DOCUMENT_BYTES);
    APPEND(c->appropriations, appropriation);
}

const struct sheet appropriations_sheet = {.name = "appropriations.csv",
                                           .required = true,
                                           .columns = columns,
                                           .columns_count = sizeof(columns) / sizeof(columns[0]),
                                           .use = use};
