/* jineng status: where a claim stands and why. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/claim_name.h"
#include "cli/items.h"
#include "cli/suite.h"
#include "domain/date.h"
#include "domain/money.h"
#include "domain/words.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/json.h"

const struct option status_options[] = {{"data", required_argument, NULL, 'D'},
                                        {"as", required_argument, NULL, 'a'},
                                        {"lang", required_argument, NULL, 'l'},
                                        {"json", no_argument, NULL, 'j'},
                                        {NULL, 0, NULL, 0}};

struct arguments {
    const char *data, *as;
    bool json, chinese;
};

/* The words of this command in both languages. */
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

/* States of claims in both services (their protos name them). */
static const char *
state(const struct arguments *arguments, const char *name)
{
    static const struct {
        const char *en, *zh;
    } states[] = {{"confirming", "待确认"}, {"reviewing", "审核中"}, {"returned", "退回补正"},
                  {"objected", "有异议"},   {"published", "公示中"}, {"gated", "待满足条件"},
                  {"ended", "不予支付"},    {"approved", "已核准"},  {"held", "暂缓"},
                  {"committed", "已列支"},  {"waiting", "等待资金"}, {"instructed", "已送银行"},
                  {"paid", "已支付"},       {"failed", "银行退回"},  {"released", "承诺已释放"},
                  {"reversed", "须退回"},   {"refused", "不予补贴"}, {"misdirected", "资金不符"}};

    for (size_t i = 0; arguments->chinese && i < sizeof(states) / sizeof(states[0]); i++)
        if (!strcmp(states[i].en, name))
            return states[i].zh;
    return name;
}

static void
label(const struct arguments *arguments, const char *en, const char *zh)
{
    fputs("  ", stdout);
    suite_column(say(arguments, en, zh), 16);
}

static void
print_state(const struct arguments *arguments, const char *name, const char *why)
{
    printf("%s%s%s\n", state(arguments, name), *why ? say(arguments, ": ", "：") : "", why);
}

static void
print_claim(const struct arguments *arguments, const Subsidy__ClaimView *claim)
{
    char amount[MONEY_TEXT], settled[DATE_TEXT], notice[DATE_TEXT];

    if (claim->claim)
        printf("%s %" PRIu64 "%s", say(arguments, "claim", "补贴"), claim->claim, say(arguments, ": ", "："));
    printf("%s%s%s %s\n", say(arguments, item_name((int)claim->item), item_zh((int)claim->item)),
           say(arguments, ", ", "，"), money_format(claim->amount_fen, amount), say(arguments, "yuan", "元"));
    label(arguments, "class", "班级");
    printf("%s%s %" PRIu32 "\n", claim->class_no, say(arguments, ", seat", "，席位"), claim->seat);
    label(arguments, "settled", "核算");
    puts(date_format(claim->settled_day, settled));
    if (claim->notice_to_day) {
        label(arguments, "public notice", "公示至");
        printf("%s%s\n", say(arguments, "through ", ""), date_format(claim->notice_to_day, notice));
    }
    if (claim->fund) {
        label(arguments, "fund", "资金来源");
        puts(word(arguments, &words_funds, (int)claim->fund));
        label(arguments, "payee", "收款方");
        puts(word(arguments, &words_payees, (int)claim->payee));
    }
    label(arguments, "state", "状态");
    print_state(arguments, claim->state, say(arguments, claim->why_en, claim->why_zh));
    if (claim->doubt[0])
        puts(claim->doubt);
}

static void
print_money(const struct arguments *arguments, const Ledger__ClaimView *claim)
{
    char offset[MONEY_TEXT];

    label(arguments, "ledger", "资金账");
    print_state(arguments, claim->state, say(arguments, claim->why, claim->why_zh));
    if (claim->place) {
        label(arguments, "place in queue", "排队位置");
        printf("%" PRIu32 "\n", claim->place);
    }
    if (claim->account_division) {
        label(arguments, "account of", "列支账户");
        printf("%" PRIu32 "%s\n", claim->account_division,
               claim->account_division == claim->division ? ""
                                                          : say(arguments, ", the city standing in", "（市级代列）"));
    }
    if (claim->batch) {
        label(arguments, "payment batch", "支付批次");
        printf("%" PRIu64 "\n", claim->batch);
    }
    if (claim->offset_fen) {
        label(arguments, "had as advance", "已预拨");
        printf("%s %s\n", money_format(claim->offset_fen, offset), say(arguments, "yuan", "元"));
    }
    if (claim->setoff_fen) {
        label(arguments, "off for debts", "抵扣欠款");
        printf("%s %s\n", money_format(claim->setoff_fen, offset), say(arguments, "yuan", "元"));
    }
    if (claim->reversed_fen) {
        label(arguments, "reversed", "须退回");
        printf("%s %s\n", money_format(claim->reversed_fen, offset), say(arguments, "yuan", "元"));
    }
    if (claim->held) {
        label(arguments, "held", "暂缓");
        puts(say(arguments, "yes, a department looks into it", "是，部门核查中"));
    }
}

static void
print_lines(const struct arguments *arguments, Subsidy__TraceLine *const *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("    %s\n", say(arguments, lines[i]->en, lines[i]->zh));
}

static void
print_trace(const struct arguments *arguments, const Subsidy__ClaimView *claim)
{
    if (claim->n_decided > 0)
        printf("  %s\n", say(arguments, "how it was worked out", "计算过程"));
    print_lines(arguments, claim->decided, claim->n_decided);
    if (*claim->in_all_en)
        printf("    %s\n", say(arguments, claim->in_all_en, claim->in_all_zh));
    if (!claim->since)
        return;
    printf("  %s\n    %s\n", say(arguments, "since then: what stands now", "在此之后：现行核定结果"),
           say(arguments, claim->since->en, claim->since->zh));
    print_lines(arguments, claim->since->trace, claim->since->n_trace);
}

/* What the ledger knows, where it knows the claim yet. */
static int
ask_ledger(struct suite *suite, const struct arguments *arguments, uint64_t number, struct jn_answer *answer)
{
    Ledger__ClaimRequest request = LEDGER__CLAIM_REQUEST__INIT;
    struct jn_client *client = NULL;
    int code = suite_client(suite, "ledger", arguments->as, 1, &client);

    request.claim = number;
    if (code != CLI_OK)
        return code;
    if (!jn_client_call(client, "Claim", &request, SUITE_TIMEOUT_MS, answer)) {
        suite_say("%s", answer->reason);
        return CLI_UNREACHABLE;
    }
    return answer->code == JN_OK || answer->code == JN_NOT_FOUND ? CLI_OK : suite_refused(answer);
}

static int
print_json(json_t *subsidy, const void *ledger)
{
    json_t *json = json_pack("{s:o}", "subsidy", subsidy);
    bool good = json && (!ledger || json_object_set_new(json, "ledger", jn_json_of(ledger)) == 0) &&
                json_dumpf(json, stdout, JSON_INDENT(2)) == 0;

    putchar('\n');
    json_decref(json);
    return good ? CLI_OK : CLI_REFUSED;
}

/* A reply is good until the next question: what the subsidy service says is shown, or kept as JSON, before the ledger
 * is asked. */
static int
status_of(struct suite *suite, const struct arguments *arguments, const Subsidy__ClaimRequest *request)
{
    const Subsidy__ClaimView *claim;
    struct jn_client *client = NULL;
    struct jn_answer answer;
    json_t *kept = NULL;
    uint64_t number;
    int code = suite_client(suite, "subsidy", arguments->as, 1, &client);

    if (code == CLI_OK)
        code = suite_ask(client, "Claim", request, &answer);
    if (code != CLI_OK)
        return code;
    claim = answer.reply;
    number = claim->claim;
    if (arguments->json) {
        kept = jn_json_of(claim);
    } else {
        print_claim(arguments, claim);
        print_trace(arguments, claim);
    }
    /* What was refused has no number, and the ledger never hears of it. */
    answer.reply = NULL;
    if (number)
        code = ask_ledger(suite, arguments, number, &answer);
    if (arguments->json && code == CLI_OK)
        return print_json(kept, answer.reply);
    json_decref(kept);
    if (code == CLI_OK && answer.reply)
        print_money(arguments, answer.reply);
    return code;
}

static bool
parse(int argc, char **argv, struct arguments *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", status_options, NULL)) != -1) {
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
    return optind == argc - 1;
}

int
status_command(int argc, char **argv)
{
    struct arguments arguments = {.data = suite_data(), .as = SUITE_OPERATOR, .chinese = suite_chinese()};
    Subsidy__ClaimRequest request = SUBSIDY__CLAIM_REQUEST__INIT;
    struct claim_name name;
    struct suite *suite = NULL;
    int code;

    if (!parse(argc, argv, &arguments) || !claim_name_read(argv[optind], &name))
        return suite_usage("status", "name a claim by its number, or as CLASS_NO/SEAT/ITEM (SJZ-001/3/free_training)");
    code = suite_open(&suite, arguments.data);
    if (code == CLI_OK)
        items_of(suite, arguments.as);
    if (code == CLI_OK)
        code = claim_name_item(&name);
    request.claim = name.claim;
    request.class_no = name.class_no;
    request.seat = name.seat;
    request.item = (Common__Item)name.item;
    if (code == CLI_OK)
        code = status_of(suite, &arguments, &request);
    suite_close(suite);
    return code;
}
