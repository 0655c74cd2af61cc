/* jineng explain: why an item is due or refused, for the claimant and for the clerk; as a signed receipt where it is
 * asked for. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/items.h"
#include "cli/receipt.h"
#include "domain/words.h"
#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/json.h"

const struct option explain_options[] = {
    {"data", required_argument, NULL, 'D'},    {"as", required_argument, NULL, 'a'},
    {"lang", required_argument, NULL, 'l'},    {"json", no_argument, NULL, 'j'},
    {"receipt", required_argument, NULL, 'r'}, {NULL, 0, NULL, 0}};

struct arguments {
    const char *data, *as, *receipt;
    bool json, chinese;
};

static const char *
say(const struct arguments *arguments, const char *en, const char *zh)
{
    return arguments->chinese ? zh : en;
}

static void
heading(const struct arguments *arguments, size_t lines, const char *en, const char *zh)
{
    if (lines)
        printf("\n%s\n", say(arguments, en, zh));
}

/* ---- Parts ---- */

static void
print_head(const struct arguments *arguments, const Subsidy__ExplainView *view)
{
    const Subsidy__ClaimView *claim = view->claim;

    printf("%s\n", say(arguments, view->summary_en, view->summary_zh));
    printf("  %s %s%s %" PRIu32, say(arguments, "class", "班级"), claim->class_no, say(arguments, ", seat", "，席位"),
           claim->seat);
    if (claim->claim)
        printf("%s %" PRIu64, say(arguments, ", claim", "，补贴编号"), claim->claim);
    putchar('\n');
    printf("  %s (%s)\n", say(arguments, view->pack_title, view->pack_title_zh), view->pack);
    printf("  %s\n", say(arguments, claim->why_en, claim->why_zh));
    if (claim->doubt[0])
        printf("  %s\n", claim->doubt);
    if (*view->reading)
        printf("  %s%s\n", say(arguments, "our reading: ", "本方理解："), view->reading);
}

static void
print_facts(const struct arguments *arguments, const Subsidy__ExplainView *view)
{
    if (view->claim->since)
        heading(arguments, view->n_facts, "Facts, and whose word they are: as they stood for this decision",
                "事实及其来源（本次核定时）");
    else
        heading(arguments, view->n_facts, "Facts, and whose word they are", "事实及其来源");
    for (size_t i = 0; i < view->n_facts; i++)
        printf("  %s\n", say(arguments, view->facts[i]->en, view->facts[i]->zh));
}

static void
print_steps(const struct arguments *arguments, const Subsidy__ClaimView *claim)
{
    heading(arguments, claim->n_decided, "How it was worked out", "计算过程");
    for (size_t i = 0; i < claim->n_decided; i++)
        printf("  %s\n", say(arguments, claim->decided[i]->en, claim->decided[i]->zh));
    if (*claim->in_all_en)
        printf("  %s\n", say(arguments, claim->in_all_en, claim->in_all_zh));
}

static void
print_since(const struct arguments *arguments, const Subsidy__StandsNow *since)
{
    if (!since)
        return;
    heading(arguments, 1, "Since then: what stands now", "在此之后：现行核定结果");
    printf("  %s\n", say(arguments, since->en, since->zh));
    for (size_t i = 0; i < since->n_trace; i++)
        printf("  %s\n", say(arguments, since->trace[i]->en, since->trace[i]->zh));
}

static void
print_history(const struct arguments *arguments, const Subsidy__ExplainView *view)
{
    heading(arguments, view->n_history, "What was granted before", "既往补贴");
    for (size_t i = 0; i < view->n_history; i++)
        printf("  %s\n", say(arguments, view->history[i]->en, view->history[i]->zh));
}

static void
print_what_if(const struct arguments *arguments, const Subsidy__ExplainView *view)
{
    if (view->claim->since)
        heading(arguments, view->n_what_if, "What would have had to be different for this decision",
                "当时怎样才会有不同结果");
    else
        heading(arguments, view->n_what_if, "What would have to be different", "怎样才会有不同结果");
    for (size_t i = 0; i < view->n_what_if; i++)
        printf("  %s\n", say(arguments, view->what_if[i]->en, view->what_if[i]->zh));
    if (!view->reproduced)
        printf("\n%s\n",
               say(arguments,
                   "The facts that it was settled by cannot be put together again: it was settled by an older "
                   "version. The steps above are those of the settlement.",
                   "核算所依据的事实无法完整还原（由旧版本核算）；以上为核算时的计算过程。"));
}

static int
print_json(const Subsidy__ExplainView *view)
{
    json_t *json = jn_json_of(view);
    bool good = json && json_dumpf(json, stdout, JSON_INDENT(2)) == 0;

    putchar('\n');
    json_decref(json);
    return good ? CLI_OK : CLI_REFUSED;
}

static int
explain(struct suite *suite, const struct arguments *arguments, const struct claim_name *name)
{
    Subsidy__ExplainRequest request = SUBSIDY__EXPLAIN_REQUEST__INIT;
    const Subsidy__ExplainView *view;
    struct jn_client *client = NULL;
    struct jn_answer answer;
    int code = suite_client(suite, "subsidy", arguments->as, 1, &client);

    request.claim = name->claim;
    request.class_no = name->class_no;
    request.seat = name->seat;
    request.item = (Common__Item)name->item;
    if (code == CLI_OK)
        code = suite_ask(client, "Explain", &request, &answer);
    if (code != CLI_OK)
        return code;
    view = answer.reply;
    if (arguments->json)
        return print_json(view);
    print_head(arguments, view);
    print_facts(arguments, view);
    print_steps(arguments, view->claim);
    print_history(arguments, view);
    print_what_if(arguments, view);
    print_since(arguments, view->claim->since);
    return CLI_OK;
}

static bool
parse(int argc, char **argv, struct arguments *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", explain_options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'a')
            out->as = optarg;
        else if (option == 'j')
            out->json = true;
        else if (option == 'r')
            out->receipt = optarg;
        else if (option == 'l' && (!strcmp(optarg, "zh") || !strcmp(optarg, "en")))
            out->chinese = optarg[0] == 'z';
        else
            return false;
    }
    return optind == argc - 1;
}

int
explain_command(int argc, char **argv)
{
    struct arguments arguments = {.data = suite_data(), .as = SUITE_OPERATOR, .chinese = suite_chinese()};
    struct suite *suite = NULL;
    struct claim_name name;
    int code;

    if (!parse(argc, argv, &arguments) || !claim_name_read(argv[optind], &name))
        return suite_usage("explain", "name a claim by its number, or a claim or refusal as CLASS_NO/SEAT/ITEM "
                                      "(SJZ-001/3/free_training)");
    code = suite_open(&suite, arguments.data);
    if (code == CLI_OK)
        items_of(suite, arguments.as);
    if (code == CLI_OK)
        code = claim_name_item(&name);
    if (code == CLI_OK)
        code = explain(suite, &arguments, &name);
    if (code == CLI_OK && arguments.receipt)
        code = receipt_make(suite, arguments.as, &name, arguments.receipt);
    suite_close(suite);
    return code;
}
