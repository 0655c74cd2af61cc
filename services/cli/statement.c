/* jineng ledger statement: a period's trial balance (试算平衡表), its statements by fund, division, item and
 * institution, the quarter's disclosure; 2.12-a, 2.12-b. What the ledger answers, row by row, with their sum at the
 * end. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/entries.h"
#include "cli/sheet.h"
#include "domain/words.h"

struct printing {
    struct ledger_run *run;
    const struct kind *kind;
    struct ledger_period period;
    struct sheet *sheet;
    /* The last row. */
    int64_t opening, debits, credits;
    Ledger__Use sum;
    Ledger__CountAmount committed, paid, reversed, released, grant_paid, grant_reversed;
};

struct column {
    const char *name, *en, *zh;
    int width;
    bool right;
};
#define COLUMNS_MAX 20

static const struct column trial_columns[] = {
    {"row", "account", "科目", 48, false},         {"fund", "fund", "资金来源", 24, false},
    {"balance", "balance", "余额类别", 14, false}, {"opening", "opening", "期初余额", 18, true},
    {"debits", "debits", "借方发生额", 18, true},  {"credits", "credits", "贷方发生额", 18, true},
    {"closing", "closing", "期末余额", 18, true},  {NULL, NULL, NULL, 0, false},
};
static const struct column use_columns[] = {
    {"row", "row", "行", 24, false},
    {"name", "name", "名称", 30, false},
    {"appropriated", "appropriated", "拨入", 18, true},
    {"committed_count", "committed, claims", "承诺笔数", 17, true},
    {"committed", "committed", "承诺金额", 18, true},
    {"paid_count", "paid, claims", "支付笔数", 12, true},
    {"paid", "paid", "支付金额", 18, true},
    {"advanced", "advanced", "预拨", 18, true},
    {"recovered", "recovered", "收回", 18, true},
    {"reversed_count", "reversed, cases", "追缴笔数", 15, true},
    {"reversed", "reversed", "追缴金额", 18, true},
    {"released_count", "released, claims", "释放笔数", 16, true},
    {"released", "released", "释放金额", 18, true},
    {"grant_paid_count", "grants, instalments", "支持性支出笔数", 19, true},
    {"grant_paid", "paid of grants", "支持性支出金额", 18, true},
    {"grant_reversed_count", "reversed, grants", "支持性支出追缴笔数", 19, true},
    {"grant_reversed", "reversed of grants", "支持性支出追缴金额", 19, true},
    {NULL, NULL, NULL, 0, false},
};
static const struct column disclosure_columns[] = {
    {"row", "row", "行", 56, false},
    {"fund", "fund", "资金来源", 24, false},
    {"division", "division", "行政区划", 8, false},
    {"item", "item", "补贴项目", 30, false},
    {"appropriated", "appropriated", "拨入", 18, true},
    {"paid_count", "paid, claims", "支付笔数", 12, true},
    {"paid", "paid", "支付金额", 18, true},
    {NULL, NULL, NULL, 0, false},
};

static const char *
word(const struct printing *p, const struct vocabulary *words, int number)
{
    if (words == &words_items)
        return p->run->options.chinese ? item_zh(number) : item_name(number);
    return p->run->options.chinese ? word_zh(words, number) : word_name(words, number);
}

/* ---- The trial balance ---- */

static bool
print_trial_row(void *context, const Ledger__TrialRow *row)
{
    struct printing *p = context;
    char name[BOOKS_NAME];
    const char *balance = row->sum->balance;

    books_name_of((struct books_account){row->fund, row->division, row->year, row->item, row->purpose}, balance, name);
    for (enum books_kind kind = 0; p->run->options.chinese && kind < BOOKS_KINDS; kind++) {
        if (!strcmp(books_kinds[kind].name, row->sum->balance))
            balance = books_kinds[kind].zh;
    }
    sheet_text(p->sheet, name);
    sheet_text(p->sheet, word(p, &words_funds, (int)row->fund));
    sheet_text(p->sheet, balance);
    sheet_money(p->sheet, row->sum->opening_fen);
    sheet_money(p->sheet, row->sum->debit_fen);
    sheet_money(p->sheet, row->sum->credit_fen);
    sheet_money(p->sheet, row->sum->closing_fen);
    p->opening += row->sum->opening_fen;
    p->debits += row->sum->debit_fen;
    p->credits += row->sum->credit_fen;
    return true;
}

static int
print_trial(struct printing *p)
{
    int code = ledger_trial(p->run, &p->period, print_trial_row, p);

    sheet_text(p->sheet, "total");
    sheet_text(p->sheet, ledger_say(p->run, "all", "合计"));
    sheet_text(p->sheet, "");
    sheet_money(p->sheet, p->opening);
    sheet_money(p->sheet, p->debits);
    sheet_money(p->sheet, p->credits);
    sheet_money(p->sheet, p->opening + p->debits - p->credits);
    return code;
}

/* ---- By fund, division, item, institution ---- */

static void
print_use(struct printing *p, const char *row, const char *name, const Ledger__Use *use)
{
    sheet_text(p->sheet, row);
    sheet_text(p->sheet, name);
    sheet_money(p->sheet, use->appropriated_fen);
    sheet_count(p->sheet, use->committed->count);
    sheet_money(p->sheet, use->committed->amount_fen);
    sheet_count(p->sheet, use->paid->count);
    sheet_money(p->sheet, use->paid->amount_fen);
    sheet_money(p->sheet, use->advanced_fen);
    sheet_money(p->sheet, use->recovered_fen);
    sheet_count(p->sheet, use->reversed->count);
    sheet_money(p->sheet, use->reversed->amount_fen);
    sheet_count(p->sheet, use->released->count);
    sheet_money(p->sheet, use->released->amount_fen);
    sheet_count(p->sheet, use->grant_paid->count);
    sheet_money(p->sheet, use->grant_paid->amount_fen);
    sheet_count(p->sheet, use->grant_reversed->count);
    sheet_money(p->sheet, use->grant_reversed->amount_fen);
}

static void
sum_use(Ledger__Use *sum, const Ledger__Use *use)
{
    sum->appropriated_fen += use->appropriated_fen;
    sum->committed->count += use->committed->count;
    sum->committed->amount_fen += use->committed->amount_fen;
    sum->paid->count += use->paid->count;
    sum->paid->amount_fen += use->paid->amount_fen;
    sum->advanced_fen += use->advanced_fen;
    sum->recovered_fen += use->recovered_fen;
    sum->reversed->count += use->reversed->count;
    sum->reversed->amount_fen += use->reversed->amount_fen;
    sum->released->count += use->released->count;
    sum->released->amount_fen += use->released->amount_fen;
    sum->grant_paid->count += use->grant_paid->count;
    sum->grant_paid->amount_fen += use->grant_paid->amount_fen;
    sum->grant_reversed->count += use->grant_reversed->count;
    sum->grant_reversed->amount_fen += use->grant_reversed->amount_fen;
}

static void print_statement_row(struct printing *p, const Ledger__StatementRow *row);

static int
print_statement(struct printing *p, Ledger__StatementKind kind)
{
    Ledger__StatementRequest request = LEDGER__STATEMENT_REQUEST__INIT;
    const Ledger__StatementView *view;
    struct jn_answer answer;
    int code;

    request.kind = kind;
    request.period = &p->period.period;
    do {
        code = suite_ask(p->run->client, "Statement", &request, &answer);
        if (code != CLI_OK)
            return code;
        view = answer.reply;
        for (size_t i = 0; i < view->n_rows; i++) {
            print_statement_row(p, view->rows[i]);
            sum_use(&p->sum, view->rows[i]->use);
            request.from_id = view->rows[i]->id + 1;
        }
    } while (view->more && view->n_rows > 0);
    print_use(p, "total", ledger_say(p->run, "all", "合计"), &p->sum);
    return CLI_OK;
}

/* ---- The quarter's disclosure ---- */

static void
print_disclosure_row(struct printing *p, const Ledger__QuarterRow *row)
{
    char name[128], division[16];

    snprintf(division, sizeof(division), "%" PRIu32, row->division);
    snprintf(name, sizeof(name), "%s:%s:%s", word_name(&words_funds, (int)row->fund), division,
             item_name((int)row->item));
    sheet_text(p->sheet, name);
    sheet_text(p->sheet, word(p, &words_funds, (int)row->fund));
    sheet_text(p->sheet, division);
    sheet_text(p->sheet, word(p, &words_items, (int)row->item));
    sheet_text(p->sheet, "");
    sheet_count(p->sheet, row->count);
    sheet_money(p->sheet, row->paid_fen);
    p->paid.count += row->count;
}

static int
print_disclosure(struct printing *p)
{
    Ledger__QuarterRequest request = LEDGER__QUARTER_REQUEST__INIT;
    const Ledger__QuarterView *view;
    struct jn_answer answer;
    int code;

    request.year = p->period.period.year;
    request.quarter = p->period.period.number;
    do {
        code = suite_ask(p->run->client, "Quarter", &request, &answer);
        if (code != CLI_OK)
            return code;
        view = answer.reply;
        for (size_t i = 0; i < view->n_rows; i++) {
            print_disclosure_row(p, view->rows[i]);
            request.after_fund = view->rows[i]->fund;
            request.after_division = view->rows[i]->division;
            request.after_item = view->rows[i]->item;
        }
    } while (view->more && view->n_rows > 0);
    sheet_text(p->sheet, "total");
    sheet_text(p->sheet, ledger_say(p->run, "all", "合计"));
    sheet_text(p->sheet, "");
    sheet_text(p->sheet, "");
    sheet_money(p->sheet, view->appropriated_fen);
    sheet_count(p->sheet, p->paid.count);
    sheet_money(p->sheet, view->paid_fen);
    return CLI_OK;
}

/* ---- The kinds ---- */

static const struct kind {
    const char *name, *en, *zh;
    const struct column *columns;
    Ledger__StatementKind by;
    const struct vocabulary *words; /* of the rows' ids; NULL: they are numbers */
} kinds[STATEMENT_KINDS] = {
    [STATEMENT_TRIAL] = {"trial", "Trial balance, yuan", "试算平衡表（元）", trial_columns, 0, NULL},
    [STATEMENT_FUND] = {"fund", "Funds, yuan", "分资金来源收支表（元）", use_columns,
                        LEDGER__STATEMENT_KIND__STATEMENT_FUND, &words_funds},
    [STATEMENT_DIVISION] = {"division", "Divisions, yuan", "分行政区划收支表（元）", use_columns,
                            LEDGER__STATEMENT_KIND__STATEMENT_DIVISION, NULL},
    [STATEMENT_ITEM] = {"item", "Items, yuan", "分补贴项目支出表（元）", use_columns,
                        LEDGER__STATEMENT_KIND__STATEMENT_ITEM, &words_items},
    [STATEMENT_INSTITUTION] = {"institution", "Institutions, yuan", "分收款机构支出表（元）", use_columns,
                               LEDGER__STATEMENT_KIND__STATEMENT_INSTITUTION, NULL},
    [STATEMENT_DISCLOSURE] = {"disclosure", "The quarter's disclosure (2.12-b), yuan", "季度资金使用公示（元）",
                              disclosure_columns, 0, NULL},
};

static void
print_statement_row(struct printing *p, const Ledger__StatementRow *row)
{
    char id[24];

    snprintf(id, sizeof(id), "%" PRIu64, row->id);
    if (!p->kind->words)
        print_use(p, id, row->id ? row->name : ledger_say(p->run, "persons", "个人"), row->use);
    else if (row->id == 0)
        print_use(p, "none", ledger_say(p->run, "no item", "不分项目"), row->use);
    else
        print_use(p, p->kind->words == &words_items ? item_name((int)row->id) : word_name(p->kind->words, (int)row->id),
                  word(p, p->kind->words, (int)row->id), row->use);
}

static int
print_rows(struct printing *p)
{
    if (p->kind == &kinds[STATEMENT_TRIAL])
        return print_trial(p);
    return p->kind == &kinds[STATEMENT_DISCLOSURE] ? print_disclosure(p) : print_statement(p, p->kind->by);
}

static int
print_sheet(struct printing *p)
{
    struct sheet_column columns[COLUMNS_MAX];
    char path[JN_PATH_MAX], title[128];
    enum sheet_form form;
    size_t count = 0;
    FILE *out;
    int code = ledger_sheet_out(p->run, &form, &out, path);

    if (code != CLI_OK)
        return code;
    for (const struct column *at = p->kind->columns; at->name; at++)
        columns[count++] = (struct sheet_column){at->name, ledger_say(p->run, at->en, at->zh), at->width, at->right};
    snprintf(title, sizeof(title), "%s  %s", ledger_say(p->run, p->kind->en, p->kind->zh), p->run->options.period);
    p->sheet = sheet_open(form, out, path, title, columns, count);
    code = print_rows(p);
    if (!sheet_close(p->sheet) && code == CLI_OK) {
        suite_say("the sheet cannot be written: is there room?");
        code = CLI_CONFIGURATION;
    }
    return ledger_out_close(p->run, out, path, code);
}

int
ledger_statement(struct ledger_run *run, const char *name)
{
    struct printing p = {.run = run, .sum = LEDGER__USE__INIT};
    enum statement_kind kind = 0;
    struct cell cell;
    const char *wrong;

    ledger__count_amount__init(&p.committed);
    ledger__count_amount__init(&p.paid);
    p.sum.committed = &p.committed;
    p.sum.paid = &p.paid;
    ledger__count_amount__init(&p.reversed);
    p.sum.reversed = &p.reversed;
    ledger__count_amount__init(&p.released);
    p.sum.released = &p.released;
    ledger__count_amount__init(&p.grant_paid);
    p.sum.grant_paid = &p.grant_paid;
    ledger__count_amount__init(&p.grant_reversed);
    p.sum.grant_reversed = &p.grant_reversed;
    while (kind < STATEMENT_KINDS && strcmp(kinds[kind].name, name) != 0)
        kind++;
    if (kind == STATEMENT_KINDS)
        return suite_usage("ledger", "a statement is trial, fund, division, item, institution or disclosure");
    if (!run->options.period || !ledger_period(run->options.period, &p.period))
        return suite_usage("ledger", "name the period: --period 2020-03, 2020-Q1 or 2020");
    if (kind == STATEMENT_DISCLOSURE && p.period.period.kind != LEDGER__PERIOD_KIND__PERIOD_QUARTER)
        return suite_usage("ledger", "the disclosure is a quarter's: --period 2020-Q1");
    p.kind = &kinds[kind];
    if (!run->options.open)
        return print_sheet(&p);
    if (!cell_parse(run->options.open, kind, &p.period, &cell, &wrong))
        return suite_usage("ledger", "%s", wrong);
    return ledger_open_cell(run, &cell);
}
