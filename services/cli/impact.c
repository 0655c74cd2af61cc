/* jineng policy impact: what a draft would change of what is settled, before anything is done. The subsidy service's
 * own program reckons it over its tables as they stand; the service itself is not asked. */
#include "cli/impact.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/items.h"
#include "cli/policy.h"
#include "cli/program.h"
#include "cli/suite.h"
#include "domain/date.h"
#include "domain/money.h"
#include "domain/words.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/json.h"
#include "subsidy/policy/pack.h"

#define LARGEST   20
#define REPLY_MAX ((size_t)256 << 20)

static const struct option options[] = {
    {"data", required_argument, NULL, 'D'},    {"bin", required_argument, NULL, 'B'},
    {"from", required_argument, NULL, 'f'},    {"until", required_argument, NULL, 'u'},
    {"largest", required_argument, NULL, 'n'}, {"lang", required_argument, NULL, 'l'},
    {"json", no_argument, NULL, 'j'},          {NULL, 0, NULL, 0}};

static const char usage[] =
    "usage: jineng policy impact DRAFT.yaml [--data DIR] [--from DAY] [--until DAY] [--largest N] [--lang zh|en] "
    "[--json]\n"
    "  --data DIR           the data folder; else $JINENG_DATA, else ./data\n"
    "  --bin DIR            where the programs jineng-SERVICE lie; else beside this one\n"
    "  --from, --until DAY  of classes that end within these days; else all that the draft covers\n"
    "  --largest N          so many of the largest single changes, by claim; else 20, 100 at most\n"
    "  --lang zh|en         the language; else that of the locale\n"
    "  --json               all of it as JSON\n"
    "Nothing is done: what applying the draft backwards would move is reckoned over the tables as they stand.\n";

struct arguments {
    const char *data, *bin, *draft, *from, *until;
    uint64_t largest;
    bool json, chinese;
};

static bool
parse(int argc, char **argv, struct arguments *out)
{
    int option;

    optind = 2; /* behind "policy impact" */
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'B')
            out->bin = optarg;
        else if (option == 'f')
            out->from = optarg;
        else if (option == 'u')
            out->until = optarg;
        else if (option == 'j')
            out->json = true;
        else if (option == 'n' && suite_number(optarg, 0, 100, &out->largest))
            continue;
        else if (option == 'l' && (!strcmp(optarg, "zh") || !strcmp(optarg, "en")))
            out->chinese = optarg[0] == 'z';
        else
            return false;
    }
    if (argc - optind != 1)
        return false;
    out->draft = argv[optind];
    return true;
}

/* ---- The program is asked ---- */

static bool
day_within(const char *text, int32_t fallback, const Policy__Pack *pack, int32_t *out)
{
    *out = fallback;
    if (text && !date_parse(text, out)) {
        suite_say("%s is no day: write YYYY-MM-DD", text);
        return false;
    }
    if (*out < pack->from_day || *out > pack->until_day) {
        suite_say("%s: the draft does not cover that day", text);
        return false;
    }
    return true;
}

static bool
write_request(const struct arguments *arguments, Policy__Pack *pack, const char *path)
{
    Subsidy__ImpactRequest request = SUBSIDY__IMPACT_REQUEST__INIT;
    uint8_t *bytes;
    size_t length;
    FILE *out;
    bool good;

    request.pack = pack;
    request.largest = (uint32_t)arguments->largest;
    if (!day_within(arguments->from, pack->from_day, pack, &request.from_day) ||
        !day_within(arguments->until, pack->until_day, pack, &request.until_day))
        return false;
    length = subsidy__impact_request__get_packed_size(&request);
    bytes = malloc(length + 1);
    JN_ASSERT(bytes);
    subsidy__impact_request__pack(&request, bytes);
    out = fopen(path, "w");
    good = out && fwrite(bytes, 1, length, out) == length;
    if (out)
        good = fclose(out) == 0 && good;
    free(bytes);
    if (!good)
        suite_say("%s cannot be written", path);
    return good;
}

static Subsidy__ImpactView *
read_reply(const char *path)
{
    Subsidy__ImpactView *view = NULL;
    FILE *in = fopen(path, "r");
    struct stat st;
    uint8_t *bytes;

    if (in && fstat(fileno(in), &st) == 0 && (size_t)st.st_size < REPLY_MAX) {
        bytes = malloc((size_t)st.st_size + 1);
        JN_ASSERT(bytes);
        if (fread(bytes, 1, (size_t)st.st_size, in) == (size_t)st.st_size)
            view = subsidy__impact_view__unpack(NULL, (size_t)st.st_size, bytes);
        free(bytes);
    }
    if (in)
        fclose(in);
    return view;
}

/* What the program wrote on standard error, for whoever must act on it. */
static void
say_errors(const char *path)
{
    char line[600];
    FILE *in = fopen(path, "r");

    while (in && fgets(line, sizeof(line), in))
        fputs(line, stderr);
    if (in)
        fclose(in);
}

static int
reckon(const struct arguments *arguments, const struct suite *suite, Policy__Pack *pack, const char *folder,
       Subsidy__ImpactView **view)
{
    struct program program = {.service = "subsidy"};
    char request[JN_PATH_MAX], errors[sizeof(program.out) + 8], error[JN_CONFIG_ERROR];
    const char *const asked[] = {"--report", request, NULL};
    int code = CLI_REFUSED;

    snprintf(request, sizeof(request), "%.3000s/request", folder);
    snprintf(program.out, sizeof(program.out), "%.3000s/reply", folder);
    snprintf(errors, sizeof(errors), "%s.err", program.out);
    if (!write_request(arguments, pack, request))
        return CLI_USAGE;
    program_listen();
    if (!program_start(&program, arguments->bin ? arguments->bin : program_folder(), suite->config.path, asked,
                       error)) {
        suite_say("%s", error);
    } else {
        program_wait(&program, -1);
        *view = program.status == 0 ? read_reply(program.out) : NULL;
        code = *view ? CLI_OK : CLI_REFUSED;
        if (!*view)
            say_errors(errors);
    }
    unlink(request);
    unlink(program.out);
    unlink(errors);
    return code;
}

/* ---- What is shown ---- */

static const char *
say(const struct arguments *arguments, const char *en, const char *zh)
{
    return arguments->chinese ? zh : en;
}

static const char *
word(const struct arguments *arguments, const struct vocabulary *vocabulary, int number)
{
    return arguments->chinese ? word_zh(vocabulary, number) : word_name(vocabulary, number);
}

static void
show_side(const char *label, uint64_t count, int64_t fen, uint64_t people, uint64_t payees,
          const struct arguments *arguments)
{
    char text[MONEY_TEXT];

    suite_column(label, 14);
    printf("%12s %s  %" PRIu64 " %s, %" PRIu64 " %s, %" PRIu64 " %s\n", money_format(fen, text),
           say(arguments, "yuan", "元"), count, say(arguments, count == 1 ? "answer" : "answers", "项"), people,
           say(arguments, people == 1 ? "person" : "people", "人"), payees,
           say(arguments, payees == 1 ? "institution" : "institutions", "家机构"));
}

static void
show_rows(const struct arguments *arguments, const Subsidy__ImpactView *view, const char *draft)
{
    char more[MONEY_TEXT], less[MONEY_TEXT];

    for (size_t i = 0; i < view->n_rows; i++) {
        const Subsidy__ImpactRow *row = view->rows[i];

        if (i == 0)
            printf("\n%s\n", say(arguments, "By fund, division, item; old pack -> draft:",
                                 "按资金、区县、项目（原政策包 -> 草案）："));
        suite_column(word(arguments, &words_funds, (int)row->fund), 24);
        printf("%-8" PRIu32, row->division);
        suite_column(say(arguments, item_name((int)row->item), item_zh((int)row->item)), 28);
        printf("+%s (%" PRIu64 ")  -%s (%" PRIu64 ")  %s -> %s\n", money_format(row->more_fen, more), row->gains,
               money_format(row->less_fen, less), row->losses,
               *row->pack ? row->pack : say(arguments, "no pack in force", "当日无政策包"), draft);
    }
}

static void
show_largest(const struct arguments *arguments, const Subsidy__ImpactView *view)
{
    char before[MONEY_TEXT], now[MONEY_TEXT];

    for (size_t i = 0; i < view->n_largest; i++) {
        const Subsidy__ImpactChange *change = view->largest[i];

        if (i == 0)
            printf("\n%s\n", say(arguments, "The largest single changes:", "变动最大的单笔："));
        if (change->claim)
            printf("%s %-10" PRIu64, say(arguments, "claim", "补贴"), change->claim);
        else
            printf("%-16s", say(arguments, "new", "新增"));
        printf(" %s/%" PRIu32 "  ", change->class_no, change->seat);
        suite_column(say(arguments, item_name((int)change->item), item_zh((int)change->item)), 28);
        printf("%s -> %s%s%s\n", money_format(change->before_fen, before), money_format(change->now_fen, now),
               change->refused ? "  " : "",
               change->refused ? word(arguments, &words_reasons, (int)change->refused) : "");
    }
}

static int
show(const struct arguments *arguments, const Subsidy__ImpactView *view, const char *draft)
{
    json_t *out;

    if (arguments->json) {
        out = jn_json_of(view);
        json_dumpf(out, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(out);
        return CLI_OK;
    }
    printf("%s %s: %" PRIu64 " %s, %" PRIu64 " %s, %" PRIu64 " %s\n", say(arguments, "Impact of", "政策影响测算"),
           draft, view->classes, say(arguments, "classes", "个班"), view->seats, say(arguments, "seats", "人次"),
           view->claims, say(arguments, "claims", "笔补贴"));
    show_side(say(arguments, "more is due", "应补发"), view->gains, view->more_fen, view->people_gaining,
              view->payees_gaining, arguments);
    show_side(say(arguments, "less is due", "应追回"), view->losses, view->less_fen, view->people_losing,
              view->payees_losing, arguments);
    if (view->unjudged)
        printf("%" PRIu64 " %s\n", view->unjudged,
               say(arguments, "seats cannot be judged: they would stay as they are", "人次无法核算，维持原结果"));
    show_rows(arguments, view, draft);
    show_largest(arguments, view);
    return CLI_OK;
}

static int
run(const struct arguments *arguments, Policy__Pack *pack)
{
    const char *base = getenv("TMPDIR");
    char folder[JN_PATH_MAX];
    Subsidy__ImpactView *view = NULL;
    struct suite *suite = NULL;
    int code = suite_open(&suite, arguments->data);

    if (code != CLI_OK)
        return code;
    snprintf(folder, sizeof(folder), "%.3000s/jineng-impact.XXXXXX", base && *base ? base : "/var/tmp");
    if (!mkdtemp(folder)) {
        suite_say("%s cannot be made", folder);
        code = CLI_CONFIGURATION;
    } else {
        code = reckon(arguments, suite, pack, folder, &view);
        rmdir(folder);
    }
    items_of(suite, SUITE_OPERATOR);
    items_learn(pack->items, pack->n_items);
    if (code == CLI_OK)
        code = show(arguments, view, pack->id);
    if (view)
        subsidy__impact_view__free_unpacked(view, NULL);
    suite_close(suite);
    return code;
}

int
policy_or_impact_command(int argc, char **argv)
{
    struct arguments arguments = {.data = suite_data(), .largest = LARGEST, .chinese = suite_chinese()};
    char fault[PACK_FAULT_MAX];
    Policy__Pack *pack;
    int code;

    if (argc < 2 || strcmp(argv[1], "impact") != 0)
        return policy_cli_command(argc, argv);
    if (!parse(argc, argv, &arguments)) {
        fputs(usage, stderr);
        return CLI_USAGE;
    }
    pack = pack_load(arguments.draft, fault, sizeof(fault));
    if (!pack) {
        puts(fault);
        return CLI_REFUSED;
    }
    code = run(&arguments, pack);
    pack_free(pack);
    return code;
}
