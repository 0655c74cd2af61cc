/* jineng stats: counters and latencies of the services. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/suite.h"
#include "jineng/v1/runtime.pb-c.h"
#include "runtime/json.h"

const struct option stats_options[] = {{"data", required_argument, NULL, 'D'},
                                       {"as", required_argument, NULL, 'a'},
                                       {"json", no_argument, NULL, 'j'},
                                       {NULL, 0, NULL, 0}};

/* Microseconds as milliseconds with two decimals. */
static const char *
ms(uint64_t us, char text[24])
{
    snprintf(text, 24, "%" PRIu64 ".%02" PRIu64, us / 1000, us % 1000 / 10);
    return text;
}

static void
print_table(const Runtime__StatsReport *report)
{
    const uint64_t minutes = report->uptime_ms / 60000;
    char p50[24], p99[24], max[24];

    printf("%s, up %" PRIu64 " d %02" PRIu64 ":%02" PRIu64 " h\n", report->service, minutes / 1440, minutes / 60 % 24,
           minutes % 60);
    for (size_t i = 0; i < report->n_counters; i++)
        printf("  %-28s %14" PRIu64 "\n", report->counters[i]->name, report->counters[i]->value);
    if (report->n_methods > 0)
        printf("  %-28s %14s %10s %10s %10s %10s\n", "METHOD", "ACCEPTED", "REFUSED", "P50 MS", "P99 MS", "MAX MS");
    for (size_t i = 0; i < report->n_methods; i++) {
        const Runtime__MethodStats *method = report->methods[i];

        printf("  %-28s %14" PRIu64 " %10" PRIu64 " %10s %10s %10s\n", method->method, method->accepted,
               method->refused, ms(method->p50_us, p50), ms(method->p99_us, p99), ms(method->max_us, max));
    }
}

static int
print_json(const Runtime__StatsReport *report)
{
    json_t *json = jn_json_of(report);
    bool good = json && json_dumpf(json, stdout, JSON_COMPACT) == 0;

    json_decref(json);
    putchar('\n');
    return good ? CLI_OK : CLI_REFUSED;
}

static int
stats_of(struct suite *suite, const char *service, const char *as, bool json)
{
    const Runtime__StatsRequest request = RUNTIME__STATS_REQUEST__INIT;
    struct jn_client *client = NULL;
    struct jn_answer answer;
    int code = suite_client(suite, service, as, 1, &client);

    if (code == CLI_OK)
        code = suite_ask(client, "Stats", &request, &answer);
    if (code != CLI_OK)
        return code;
    if (json)
        return print_json(answer.reply);
    print_table(answer.reply);
    return CLI_OK;
}

int
stats_command(int argc, char **argv)
{
    const char *data = suite_data(), *as = SUITE_OPERATOR;
    struct suite *suite = NULL;
    bool json = false;
    int option, code;

    while ((option = getopt_long(argc, argv, "", stats_options, NULL)) != -1) {
        if (option == 'D')
            data = optarg;
        else if (option == 'a')
            as = optarg;
        else if (option == 'j')
            json = true;
        else
            return suite_usage("stats", "an option is not understood");
    }
    code = suite_open(&suite, data);
    for (int i = optind; code == CLI_OK && i < argc; i++)
        code = stats_of(suite, argv[i], as, json);
    /* One that does not answer hides nothing of the others. */
    for (size_t i = 0; suite && optind == argc && code != CLI_CONFIGURATION && i < suite->config.peers_count; i++) {
        int one = stats_of(suite, suite->config.peers[i].name, as, json);

        code = one == CLI_OK ? code : one;
    }
    suite_close(suite);
    return code;
}
