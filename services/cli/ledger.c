/* jineng ledger: the books for an auditor: exported for an outside judge, period by period, down to the entries. */
#include "cli/ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "domain/date.h"

const struct option ledger_cli_options[] = {
    {"data", required_argument, NULL, 'D'},    {"as", required_argument, NULL, 'a'},
    {"lang", required_argument, NULL, 'l'},    {"hledger", no_argument, NULL, 'h'},
    {"from", required_argument, NULL, 'f'},    {"to", required_argument, NULL, 't'},
    {"out", required_argument, NULL, 'o'},     {"period", required_argument, NULL, 'p'},
    {"format", required_argument, NULL, 'F'},  {"open", required_argument, NULL, 'O'},
    {"account", required_argument, NULL, 'A'}, {NULL, 0, NULL, 0}};

const char *
ledger_say(const struct ledger_run *run, const char *en, const char *zh)
{
    return run->options.chinese ? zh : en;
}

/* ---- Periods ---- */

bool
ledger_period(const char *text, struct ledger_period *out)
{
    size_t length = strlen(text);
    uint32_t year, number = 0;

    *out = (struct ledger_period){.period = LEDGER__PERIOD__INIT};
    if (strspn(text, "0123456789") < 4)
        return false;
    year = (uint32_t)(text[0] - '0') * 1000 + (uint32_t)(text[1] - '0') * 100 + (uint32_t)(text[2] - '0') * 10 +
           (uint32_t)(text[3] - '0');
    if (length == 4)
        out->period.kind = LEDGER__PERIOD_KIND__PERIOD_YEAR;
    else if (length == 7 && text[4] == '-' && text[5] == 'Q' && text[6] >= '1' && text[6] <= '4')
        out->period.kind = LEDGER__PERIOD_KIND__PERIOD_QUARTER;
    else if (length == 7 && text[4] == '-' && strspn(text + 5, "0123456789") == 2)
        out->period.kind = LEDGER__PERIOD_KIND__PERIOD_MONTH;
    else
        return false;
    if (out->period.kind == LEDGER__PERIOD_KIND__PERIOD_MONTH)
        number = (uint32_t)(text[5] - '0') * 10 + (uint32_t)(text[6] - '0');
    if (out->period.kind == LEDGER__PERIOD_KIND__PERIOD_QUARTER)
        number = (uint32_t)(text[6] - '0');
    out->period.year = year;
    out->period.number = number;
    out->first = out->last = (int32_t)year * 12;
    if (out->period.kind == LEDGER__PERIOD_KIND__PERIOD_YEAR)
        out->last += 11;
    else if (out->period.kind == LEDGER__PERIOD_KIND__PERIOD_QUARTER)
        out->last = (out->first += ((int32_t)number - 1) * 3) + 2;
    else
        out->last = out->first += (int32_t)number - 1;
    return year >= 1900 && year <= 2199 && (length == 4 || (number >= 1 && number <= 12));
}

/* ---- The log ---- */

int
ledger_read(struct ledger_run *run, struct books *books)
{
    int code;

    run->follower = (struct follower){.client = run->client, .context = books, .each = books_event};
    code = follower_begin(&run->follower, 1);
    while (code == CLI_OK) {
        code = follower_step(&run->follower);
        if (run->follower.standing.block >= run->follower.head)
            break;
    }
    return code;
}

bool
ledger_stands(struct ledger_run *run)
{
    uint64_t events = run->follower.events;
    int code;

    do
        code = follower_step(&run->follower);
    while (code == CLI_OK && run->follower.standing.block < run->follower.head);
    return code == CLI_OK && run->follower.events == events;
}

/* ---- Files ---- */

FILE *
ledger_out_open(const struct ledger_run *run, char path[JN_PATH_MAX])
{
    FILE *out;

    path[0] = '\0';
    if (!run->options.out)
        return stdout;
    snprintf(path, JN_PATH_MAX, "%s.new", run->options.out);
    out = fopen(path, "w");
    if (!out)
        suite_say("%s cannot be written: %s", path, strerror(errno));
    return out;
}

int
ledger_sheet_out(const struct ledger_run *run, enum sheet_form *form, FILE **out, char path[JN_PATH_MAX])
{
    *form = !strcmp(run->options.format, "csv") ? SHEET_CSV : SHEET_TEXT;
    if (!strcmp(run->options.format, "xlsx")) {
        if (!run->options.out)
            return suite_usage("ledger", "name the file for XLSX: --out FILE");
        *form = SHEET_XLSX;
    }
    *out = ledger_out_open(run, path);
    return *out ? CLI_OK : CLI_CONFIGURATION;
}

int
ledger_out_close(const struct ledger_run *run, FILE *out, const char *path, int code)
{
    bool good = !ferror(out) && fflush(out) == 0;

    if (!run->options.out)
        return good ? code : CLI_CONFIGURATION;
    good = fclose(out) == 0 && good;
    if (code == CLI_OK && good && rename(path, run->options.out) == 0)
        return CLI_OK;
    if (code == CLI_OK)
        suite_say("%s cannot be written: %s", run->options.out, strerror(errno));
    unlink(path);
    return code == CLI_OK ? CLI_CONFIGURATION : code;
}

/* ---- What the ledger answers ---- */

int
ledger_trial(struct ledger_run *run, const struct ledger_period *period,
             bool (*each)(void *context, const Ledger__TrialRow *row), void *context)
{
    Ledger__TrialRequest request = LEDGER__TRIAL_REQUEST__INIT;
    const Ledger__TrialView *view;
    struct jn_answer answer;
    int code;

    request.period = (Ledger__Period *)(uintptr_t)&period->period;
    do {
        code = suite_ask(run->client, "Trial", &request, &answer);
        if (code != CLI_OK)
            return code;
        view = answer.reply;
        for (size_t i = 0; i < view->n_rows; i++) {
            if (!each(context, view->rows[i]))
                return CLI_REFUSED;
        }
        if (view->more) {
            request.after_year = view->after_year;
            request.after_fund = view->after_fund;
            request.after_division = view->after_division;
            request.after_item = view->after_item;
            request.after_purpose = view->after_purpose;
        }
    } while (view->more);
    return CLI_OK;
}

/* ---- The verbs ---- */

int
ledger_close(struct ledger_run *run)
{
    Ledger__ClosePeriod request = LEDGER__CLOSE_PERIOD__INIT;
    struct ledger_period period;
    struct jn_answer answer;
    int code;

    if (!run->options.period || !ledger_period(run->options.period, &period))
        return suite_usage("ledger", "name the period: --period 2020-03, 2020-Q1 or 2020");
    request.period = &period.period;
    code = suite_ask(run->client, "ClosePeriod", &request, &answer);
    if (code == CLI_OK)
        printf("%s %s\n", run->options.period,
               ledger_say(run, "is closed: entries of its days now stand in the next open month",
                          "已结账：此后的补记凭证计入下一个未结账月份"));
    return code;
}

static bool
day_option(const char *text, int32_t *day)
{
    return date_parse(text, day);
}

static bool
option_taken(struct ledger_options *out, int option, const char *value)
{
    switch (option) {
    case 'D':
        out->data = value;
        return true;
    case 'a':
        out->as = value;
        return true;
    case 'l':
        out->chinese = value[0] == 'z';
        return !strcmp(value, "zh") || !strcmp(value, "en");
    case 'h':
        return out->hledger = true;
    case 'f':
        return day_option(value, &out->from);
    case 't':
        return day_option(value, &out->to);
    case 'o':
        out->out = value;
        return true;
    case 'p':
        out->period = value;
        return true;
    case 'F':
        out->format = value;
        return !strcmp(value, "text") || !strcmp(value, "csv") || !strcmp(value, "xlsx");
    case 'O':
        out->open = value;
        return true;
    case 'A':
        out->account = value;
        return true;
    default:
        return false;
    }
}

static int
dispatch(struct ledger_run *run, int words, char **word)
{
    if (words == 1 && !strcmp(word[0], "export"))
        return ledger_export(run);
    if (words == 2 && !strcmp(word[0], "statement"))
        return ledger_statement(run, word[1]);
    if (words == 1 && !strcmp(word[0], "entries"))
        return ledger_entries(run);
    if (words == 1 && !strcmp(word[0], "close"))
        return ledger_close(run);
    return suite_usage("ledger", "say export, statement KIND, entries or close");
}

int
ledger_command(int argc, char **argv)
{
    static struct ledger_run run;
    int option, code;

    run = (struct ledger_run){.options = {.data = suite_data(),
                                          .as = SUITE_OPERATOR,
                                          .format = "text",
                                          .from = INT32_MIN,
                                          .to = INT32_MAX,
                                          .chinese = suite_chinese()}};
    while ((option = getopt_long(argc, argv, "", ledger_cli_options, NULL)) != -1) {
        if (!option_taken(&run.options, option, optarg))
            return suite_usage("ledger", "an option is not understood; days are YYYY-MM-DD");
    }
    code = suite_open(&run.suite, run.options.data);
    if (code == CLI_OK)
        code = suite_client(run.suite, "ledger", run.options.as, 1, &run.client);
    items_of(run.suite, run.options.as);
    if (code == CLI_OK)
        code = dispatch(&run, argc - optind, argv + optind);
    suite_close(run.suite);
    return code;
}
