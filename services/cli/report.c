/* jineng report: a quarter for people: the money that was paid (2.12-b), the progress against the targets (1.2-a), the
 * skilled (1.2-b); the funnel is in funnel.c. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/funnel.h"
#include "cli/items.h"
#include "cli/suite.h"
#include "domain/money.h"
#include "domain/words.h"
#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/json.h"

const struct option report_options[] = {{"data", required_argument, NULL, 'D'},  {"as", required_argument, NULL, 'a'},
                                        {"lang", required_argument, NULL, 'l'},  {"json", no_argument, NULL, 'j'},
                                        {"csv", no_argument, NULL, 'C'},         {"by", required_argument, NULL, 'b'},
                                        {"class", required_argument, NULL, 'c'}, {NULL, 0, NULL, 0}};

/* 5 funds, 24 divisions, 18 items. */
#define ROWS_MAX 16384

#define DIVISIONS_MAX 256

struct total {
    uint32_t of; /* a division's code; funds and items stand in their own places */
    uint64_t count;
    int64_t fen;
};

struct report {
    const char *data, *as;
    bool json, csv, chinese;
    uint32_t year, quarter;
    int by;               /* of the funnel: subsidy.FunnelBy */
    const char *class_no; /* likewise, "" where none is named */
    struct suite *suite;
    json_t *out;
    size_t rows;
    struct total by_fund[16], by_item[32], by_division[DIVISIONS_MAX];
    size_t divisions_count;
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

static struct total *
division_total(struct report *report, uint32_t division)
{
    size_t at = 0;

    while (at < report->divisions_count && report->by_division[at].of != division)
        at++;
    if (at == DIVISIONS_MAX)
        at--;
    if (at == report->divisions_count)
        report->by_division[report->divisions_count++].of = division;
    return &report->by_division[at];
}

static void
add_row(struct report *report, const Ledger__QuarterRow *row)
{
    struct total *totals[] = {&report->by_fund[(size_t)row->fund % 16], &report->by_item[(size_t)row->item % 32],
                              division_total(report, row->division)};

    for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++) {
        totals[i]->count += row->count;
        totals[i]->fen += row->paid_fen;
    }
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
print_total(const struct total *total, const char *name)
{
    char amount[MONEY_TEXT];

    if (total->count)
        printf("  %10" PRIu64 "  %20s  %s\n", total->count, money_format(total->fen, amount), name);
}

static void
print_words(const struct report *report, const struct vocabulary *words, const struct total *totals, size_t most)
{
    for (size_t i = 0; i < words->count; i++)
        if ((size_t)words->words[i].number < most)
            print_total(&totals[words->words[i].number], word(report, words, words->words[i].number));
}

static void
print_sum(const struct report *report, const char *en, const char *zh, int64_t fen)
{
    char amount[MONEY_TEXT];

    fputs("  ", stdout);
    suite_column(say(report, en, zh), 22);
    printf("%20s\n", money_format(fen, amount));
}

static int
by_code(const void *a, const void *b)
{
    const struct total *left = a, *right = b;

    return (left->of > right->of) - (left->of < right->of);
}

static void
print_money(struct report *report)
{
    char division[16];

    qsort(report->by_division, report->divisions_count, sizeof(report->by_division[0]), by_code);

    printf("%s %" PRIu32 " Q%" PRIu32 "\n\n", say(report, "Subsidised training,", "职业技能培训补贴"), report->year,
           report->quarter);
    print_sum(report, "appropriated, yuan", "拨入（元）", report->appropriated_fen);
    print_sum(report, "paid, yuan", "支付（元）", report->paid_fen);
    printf("\n%s\n", say(report, "Paid by fund: count, yuan", "按资金来源：笔数、金额（元）"));
    print_words(report, &words_funds, report->by_fund, 16);
    printf("\n%s\n", say(report, "Paid by item: count, yuan", "按补贴项目：笔数、金额（元）"));
    for (int item = 1; item < 32; item++)
        print_total(&report->by_item[item], say(report, item_name(item), item_zh(item)));
    printf("\n%s\n", say(report, "Paid by division: count, yuan", "按行政区划：笔数、金额（元）"));
    for (size_t i = 0; i < report->divisions_count; i++) {
        snprintf(division, sizeof(division), "%" PRIu32, report->by_division[i].of);
        print_total(&report->by_division[i], division);
    }
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
        printf("  %10" PRIu32 " / %-8" PRIu32 " %" PRIu32 " %s\n", row->trained, row->target, row->division, row->name);
        target += row->target;
        trained += row->trained;
    }
    printf("  %10" PRIu64 " / %-8" PRIu64 " %s\n", trained, target, say(report, "all", "合计"));
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

static int
report_funnel(const struct report *report)
{
    const struct funnel_report funnel = {.suite = report->suite,
                                         .as = report->as,
                                         .by = report->by,
                                         .class_no = report->class_no,
                                         .year = report->year,
                                         .quarter = report->quarter,
                                         .json = report->json,
                                         .csv = report->csv,
                                         .chinese = report->chinese};

    return funnel_report(&funnel);
}

static bool
take_option(struct report *out, int option)
{
    if (option == 'D')
        out->data = optarg;
    else if (option == 'a')
        out->as = optarg;
    else if (option == 'j')
        out->json = true;
    else if (option == 'C')
        out->csv = true;
    else if (option == 'c')
        out->class_no = optarg;
    else if (option == 'b')
        return funnel_by(optarg, &out->by);
    else if (option == 'l' && (!strcmp(optarg, "zh") || !strcmp(optarg, "en")))
        out->chinese = optarg[0] == 'z';
    else
        return false;
    return true;
}

/* "quarter 2020Q3"; "funnel 2020Q3", by division unless it says otherwise; "funnel" and a class; "funnel", by quarter.
 */
static bool
parse(int argc, char **argv, struct report *out, bool *funnel)
{
    int option;

    while ((option = getopt_long(argc, argv, "", report_options, NULL)) != -1)
        if (!take_option(out, option))
            return false;
    if (optind == argc)
        return false;
    *funnel = !strcmp(argv[optind], "funnel");
    if (!*funnel)
        return argc - optind == 2 && !out->by && !*out->class_no && !out->csv && !strcmp(argv[optind], "quarter") &&
               read_quarter(argv[optind + 1], out);
    if (*out->class_no) {
        out->by = out->by ? 0 : SUBSIDY__FUNNEL_BY__BY_CLASS;
        return argc - optind == 1 && out->by;
    }
    if (argc - optind == 1) {
        out->by = out->by ? out->by : SUBSIDY__FUNNEL_BY__BY_QUARTER;
        return out->by == SUBSIDY__FUNNEL_BY__BY_QUARTER;
    }
    out->by = out->by ? out->by : SUBSIDY__FUNNEL_BY__BY_DIVISION;
    return argc - optind == 2 && out->by != SUBSIDY__FUNNEL_BY__BY_QUARTER && read_quarter(argv[optind + 1], out);
}

int
report_command(int argc, char **argv)
{
    static struct report report;
    bool funnel = false;
    int code;

    report = (struct report){.data = suite_data(), .as = SUITE_OPERATOR, .chinese = suite_chinese(), .class_no = ""};
    if (!parse(argc, argv, &report, &funnel))
        return suite_usage("report", "say which: jineng report quarter 2020Q3, or jineng report funnel 2020Q3 --by "
                                     "class, institution or division, or jineng report funnel, quarter by quarter");
    code = suite_open(&report.suite, report.data);
    items_of(report.suite, report.as);
    if (code == CLI_OK)
        code = funnel ? report_funnel(&report) : report_quarter(&report);
    suite_close(report.suite);
    return code;
}
