/* jineng bank: send, read, answer. */
#include <string.h>

#include "cli/bank/bank_command.h"

const struct option bank_options[] = {{"data", required_argument, NULL, 'D'},
                                      {"as", required_argument, NULL, 'a'},
                                      {"lang", required_argument, NULL, 'l'},
                                      {"out", required_argument, NULL, 'o'},
                                      {"format", required_argument, NULL, 'f'},
                                      {"encoding", required_argument, NULL, 'e'},
                                      {"payer-name", required_argument, NULL, 'n'},
                                      {"payer-account", required_argument, NULL, 'c'},
                                      {"payer-bank", required_argument, NULL, 'b'},
                                      {"dry-run", no_argument, NULL, 'd'},
                                      {"seed", required_argument, NULL, 's'},
                                      {"settled", no_argument, NULL, 't'},
                                      {"fault", required_argument, NULL, 'x'},
                                      {"later", no_argument, NULL, 'L'},
                                      {NULL, 0, NULL, 0}};

static bool
read_format(const char *text, struct bank_arguments *out)
{
    static const char *const formats[] = {
        [BANK_PAIN001] = "pain001", [BANK_PAIN002] = "pain002", [BANK_CAMT053] = "camt053", [BANK_CSV] = "csv"};

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(formats[i], text))
            continue;
        out->format = (enum bank_format)i;
        return out->format_given = true;
    }
    return false;
}

static bool
read_encoding(const char *text, struct bank_arguments *out)
{
    out->simulation.encoding = !strcmp(text, "gbk") ? BANK_GBK : BANK_UTF8;
    return !strcmp(text, "gbk") || !strcmp(text, "utf-8");
}

static bool
read_fault(const char *text, struct bank_arguments *out)
{
    for (size_t i = BANK_MALFORMED; i < BANK_CLASSES; i++) {
        if (strcmp(bank_classes[i].name, text))
            continue;
        out->simulation.fault = (enum bank_class)i;
        return true;
    }
    return false;
}

static bool
take(int option, const char *text, struct bank_arguments *out)
{
    const char **texts[] = {&out->data, &out->as, &out->out, &out->payer_name, &out->payer_account, &out->payer_bank};
    const char *at = strchr("Daoncb", option);

    if (at && option) {
        *texts[at - "Daoncb"] = text;
        return true;
    }
    if (option == 'l' && (!strcmp(text, "zh") || !strcmp(text, "en"))) {
        out->chinese = text[0] == 'z';
        return true;
    }
    if (option == 'd')
        return out->dry_run = true;
    if (option == 't')
        return out->simulation.settled = true;
    if (option == 'L')
        return out->simulation.later = true;
    return (option == 'f' && read_format(text, out)) || (option == 'e' && read_encoding(text, out)) ||
           (option == 's' && suite_number(text, 0, UINT64_MAX, &out->simulation.seed)) ||
           (option == 'x' && read_fault(text, out));
}

int
bank_command(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(const struct bank_arguments *arguments);
    } verbs[] = {{"send", bank_send}, {"read", bank_read}, {"answer", bank_answer}};
    struct bank_arguments arguments = {
        .data = suite_data(), .as = "finance", .format = BANK_PAIN001, .chinese = suite_chinese()};
    int option;

    while ((option = getopt_long(argc, argv, "", bank_options, NULL)) != -1)
        if (!take(option, optarg, &arguments))
            return suite_usage("bank", "an option is not understood: formats are pain001, pain002, camt053 and csv, "
                                       "encodings utf-8 and gbk");
    if (optind != argc - 2)
        return suite_usage("bank", "say send BATCH, read FILE or answer FILE");
    arguments.what = argv[optind + 1];
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (!strcmp(verbs[i].name, argv[optind]))
            return verbs[i].run(&arguments);
    return suite_usage("bank", "say send BATCH, read FILE or answer FILE");
}
