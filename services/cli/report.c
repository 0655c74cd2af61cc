/* jineng report: a quarter for people: the money that was paid (2.12-b), the progress against the targets (1.2-a), the
 * skilled (1.2-b). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/suite.h"
#include "domain/money.h"
#include "domain/words.h"
#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "runtime/json.h"

const struct option report_options[] = {{"data", required_argument, NULL, 'D'},
                                        {"as", required_argument, NULL, 'a'},
                                        {"lang", required_argument, NULL, 'l'},
                                        {"json", no_argument, NULL, 'j'},
                                        {NULL, 0, NULL, 0}};

/* 5 funds, 24 divisions, 18 items. */
#define ROWS_MAX 16384

struct report {
    const char *data, *as;
    bool json, chinese;
    uint32_t year, quarter;
    struct suite *suite;
    json_t *out;
    size_t rows;
    uint64_t by_fund_count[16], by_item_count[32];
    int64_t by_fund[16], by_item[32];
    int64_t appropriated_fen, paid_fen;
};

static const char *
say(const struct report *report, const char *en, const char *zh)
{
    return report->chinese ? zh : en;
}

static const char *
word(const struct report *report, const struct vocabulary *vocabulary, int number)
{
    return report->chinese ? word_zh(vocabulary, number) : word_name(vocabulary, number);
}

/* "2020Q3". */
static bool
read_quarter(const char *text, struct report *report)
{
    if (strlen(text) != 6 || strspn(text, "0123456789") != 4 || (text[4] != 'Q' && text[4] != 'q') || text[5] < '1' ||
        text[5] > '4')
        return false;
    report->year = (uint32_t)strtoul(text, NULL, 10);
    report->quarter = (uint32_t)(text[5] - '0');
    return report->year >= 1900;
}

static int
ask(struct report *report, const char *service, const char *method, const void *request, struct jn_answer *answer)
{
    struct jn_client *client = NULL;
    int code = suite_client(report->suite, service, report->as, 1, &client);

    if (code == CLI_OK)
        code = suite_ask(client, method, request, answer);
    return code;
}

/* ---- Money ---- */

static void
add_row(struct report *report, const Ledger__QuarterRow *row)
{
    const size_t fund = (size_t)row->fund % 16, item = (size_t)row->item % 32;

    report->by_fund_count[fund] += row->count;
    report->by_fund[fund] += row->paid_fen;
    report->by_item_count[item] += row->count;
    report->by_item[item] += row->paid_fen;
    report->rows++;
    if (report->json)
        json_array_append_new(json_object_get(report->out, "paid"), jn_json_of(row));
}

static int
read_money(struct report *report)
{
    Ledger__QuarterRequest request = LEDGER__QUARTER_REQUEST__INIT;
    const Ledger__QuarterView *view;
    struct jn_answer answer;
    int code;

    request.year = report->year;
    request.quarter = report->quarter;
    do {
        code = ask(report, "ledger", "Quarter", &request, &answer);
        if (code != CLI_OK)
            return code;
        view = answer.reply;
        report->appropriated_fen = view->appropriated_fen;
        report->paid_fen = view->paid_fen;
        for (size_t i = 0; i < view->n_rows; i++)
            add_row(report, view->rows[i]);
        if (view->n_rows == 0)
            break;
        request.after_fund = view->rows[view->n_rows - 1]->fund;
        request.after_division = view->rows[view->n_rows - 1]->division;
        request.after_item = view->rows[view->n_rows - 1]->item;
    } while (view->more && report->rows < ROWS_MAX);
    return CLI_OK;
}

static void
print_totals(const struct report *report, const struct vocabulary *words, const uint64_t *counts, const int64_t *sums,
             size_t most)
{
    char amount[MONEY_TEXT];

    for (size_t i = 0; i < words->count; i++) {
        const size_t number = (size_t)words->words[i].number;

        if (number < most && counts[number])
            printf("  %10" PRIu64 "  %20s  %s\n", counts[number], money_format(sums[number], amount),
                   word(report, words, (int)number));
    }
}

static void
print_money(const struct report *report)
{
    char appropriated[MONEY_TEXT], paid[MONEY_TEXT];

    printf("%s %" PRIu32 " Q%" PRIu32 "\n\n", say(report, "Subsidised training,", "职业技能培训补贴"), report->year,
           report->quarter);
    printf("  %-24s %20s\n", say(report, "appropriated, yuan", "拨入（元）"),
           money_format(report->appropriated_fen, appropriated));
    printf("  %-24s %20s\n\n%s\n", say(report, "paid, yuan", "支付（元）"), money_format(report->paid_fen, paid),
           say(report, "Paid by fund: count, yuan", "按资金来源：笔数、金额（元）"));
    print_totals(report, &words_funds, report->by_fund_count, report->by_fund, 16);
    printf("\n%s\n", say(report, "Paid by item: count, yuan", "按补贴项目：笔数、金额（元）"));
    print_totals(report, &words_items, report->by_item_count, report->by_item, 32);
}

/* ---- People ---- */

static void
print_progress(const struct report *report, const Enrollment__ProgressView *view)
{
    uint64_t target = 0, trained = 0;

    printf("\n%s\n", say(report, "Trainings against the year's target", "年度任务完成情况"));
    for (size_t i = 0; i < view->n_rows; i++) {
        const Enrollment__ProgressRow *row = view->rows[i];

        if (row->year != report->year || (row->target == 0 && row->trained == 0))
            continue;
        printf("  %10" PRIu32 " / %-10" PRIu32 " %s\n", row->trained, row->target, *row->name ? row->name : "?");
        target += row->target;
        trained += row->trained;
    }
    printf("  %10" PRIu64 " / %-10" PRIu64 " %s\n", trained, target, say(report, "all", "合计"));
}

static int
report_progress(struct report *report)
{
    const Enrollment__ProgressRequest request = ENROLLMENT__PROGRESS_REQUEST__INIT;
    struct jn_answer answer;
    int code = ask(report, "enrollment", "Progress", &request, &answer);

    if (code != CLI_OK)
        return code;
    if (report->json)
        json_object_set_new(report->out, "progress", jn_json_of(answer.reply));
    else
        print_progress(report, answer.reply);
    return CLI_OK;
}

static void
print_skilled(const struct report *report, const Certification__TotalsView *totals)
{
    printf("\n%s\n", say(report, "Certificates, to this day", "证书（累计）"));
    printf("  %10" PRIu64 "  %s\n", totals->certified, say(report, "issued", "发证"));
    printf("  %10" PRIu64 "  %s\n", totals->skilled, say(report, "people skilled", "技能劳动者"));
    printf("  %10" PRIu64 "  %s\n", totals->highly_skilled, say(report, "of them highly skilled", "其中高技能人才"));
    if (totals->base_year)
        printf("  %8" PRIu32 ".%" PRIu32 "%%  %s\n  %8" PRIu32 ".%" PRIu32 "%%  %s\n", totals->skilled_permille / 10,
               totals->skilled_permille % 10,
               say(report, "skilled of the employed; 25 % are aimed at", "技能劳动者占就业人员，目标25%"),
               totals->highly_skilled_permille / 10, totals->highly_skilled_permille % 10,
               say(report, "highly skilled of the skilled; 30 % are aimed at", "高技能人才占技能劳动者，目标30%"));
}

static int
report_skilled(struct report *report)
{
    const Certification__TotalsRequest request = CERTIFICATION__TOTALS_REQUEST__INIT;
    struct jn_answer answer;
    int code = ask(report, "certification", "Totals", &request, &answer);

    if (code != CLI_OK)
        return code;
    if (report->json)
        json_object_set_new(report->out, "certificates", jn_json_of(answer.reply));
    else
        print_skilled(report, answer.reply);
    return CLI_OK;
}

static int
report_quarter(struct report *report)
{
    int code;

    report->out = json_pack("{s:i, s:i, s:[]}", "year", (int)report->year, "quarter", (int)report->quarter, "paid");
    code = read_money(report);
    if (code == CLI_OK && !report->json)
        print_money(report);
    if (code == CLI_OK) {
        json_object_set_new(report->out, "appropriated_fen", json_integer(report->appropriated_fen));
        json_object_set_new(report->out, "paid_fen", json_integer(report->paid_fen));
        code = report_progress(report);
    }
    if (code == CLI_OK)
        code = report_skilled(report);
    if (code == CLI_OK && report->json && json_dumpf(report->out, stdout, JSON_INDENT(2)) == 0)
        putchar('\n');
    json_decref(report->out);
    return code;
}

static bool
parse(int argc, char **argv, struct report *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", report_options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'a')
            out->as = optarg;
        else if (option == 'j')
            out->json = true;
        else if (option == 'l' && (!strcmp(optarg, "zh") || !strcmp(optarg, "en")))
            out->chinese = optarg[0] == 'z';
        else
            return false;
    }
    return argc - optind == 2 && !strcmp(argv[optind], "quarter") && read_quarter(argv[optind + 1], out);
}

int
report_command(int argc, char **argv)
{
    static struct report report;
    int code;

    report = (struct report){.data = suite_data(), .as = SUITE_OPERATOR, .chinese = suite_chinese()};
    if (!parse(argc, argv, &report))
        return suite_usage("report", "say quarter and which: jineng report quarter 2020Q3");
    code = suite_open(&report.suite, report.data);
    if (code == CLI_OK)
        code = report_quarter(&report);
    suite_close(report.suite);
    return code;
}
