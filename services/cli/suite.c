/* The data folder, its configuration, clients; and how this program speaks. */
#include "cli/suite.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jineng/v1/certification.pb-c.h"
#include "jineng/v1/enrollment.pb-c.h"
#include "jineng/v1/envelope.pb-c.h"
#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/notification.pb-c.h"
#include "jineng/v1/runtime.pb-c.h"
#include "jineng/v1/subsidy.pb-c.h"

const struct contract contracts[] = {
    {"enrollment", &enrollment__enrollment__descriptor, &enrollment__event__descriptor},
    {"certification", &certification__certification__descriptor, &certification__event__descriptor},
    {"subsidy", &subsidy__subsidy__descriptor, &subsidy__event__descriptor},
    {"ledger", &ledger__ledger__descriptor, &ledger__event__descriptor},
    {"notification", &notification__notification__descriptor, &notification__event__descriptor},
};
const size_t contracts_count = sizeof(contracts) / sizeof(contracts[0]);

const struct contract *
contract_find(const char *name)
{
    for (size_t i = 0; i < contracts_count; i++)
        if (!strcmp(contracts[i].name, name))
            return &contracts[i];
    return NULL;
}

const ProtobufCMethodDescriptor *
contract_method(const char *text, const struct contract **contract)
{
    size_t length = strcspn(text, ".");
    const ProtobufCMethodDescriptor *method;
    char service[64];

    snprintf(service, sizeof(service), "%.*s", (int)length, text);
    *contract = contract_find(service);
    if (!*contract || !text[length])
        return NULL;
    method = protobuf_c_service_descriptor_get_method_by_name((*contract)->service, text + length + 1);
    return method ? method
                  : protobuf_c_service_descriptor_get_method_by_name(&runtime__runtime__descriptor, text + length + 1);
}

const char *
suite_data(void)
{
    const char *data = getenv("JINENG_DATA");

    return data && *data ? data : "data";
}

int
suite_open(struct suite **suite, const char *data)
{
    static struct suite only;
    char path[JN_PATH_MAX], error[JN_CONFIG_ERROR];

    if (snprintf(path, sizeof(path), "%s/jineng.yaml", data) >= (int)sizeof(path)) {
        suite_say("the path of the data folder is too long");
        return CLI_CONFIGURATION;
    }
    if (!jn_config_load(path, &only.config, error)) {
        suite_say("%s", error);
        return CLI_CONFIGURATION;
    }
    only.clients = jn_clients_open();
    *suite = &only;
    if (only.clients)
        return CLI_OK;
    suite_say("no memory or descriptors left for a connection");
    return CLI_UNREACHABLE;
}

void
suite_close(struct suite *suite)
{
    if (suite)
        jn_clients_close(suite->clients);
}

int
suite_client(struct suite *suite, const char *service, const char *agency, unsigned window, struct jn_client **client)
{
    const struct jn_peer *peer = jn_config_peer(&suite->config, service);
    const struct contract *contract = contract_find(service);
    char error[JN_CONFIG_ERROR];
    struct jn_keypair key;

    if (!peer || !contract) {
        suite_say("%s is none of the services in %s", service, suite->config.path);
        return contract ? CLI_CONFIGURATION : CLI_USAGE;
    }
    if (!jn_config_agency_named(&suite->config, agency)) {
        suite_say("%s is none of the agencies in %s: jineng keys list shows them", agency, suite->config.path);
        return CLI_USAGE;
    }
    if (!jn_keypair_load(suite->config.data, agency, &key, error)) {
        suite_say("%s", error);
        return CLI_CONFIGURATION;
    }
    *client = jn_client_open(suite->clients, peer, contract->service, &key, window);
    explicit_bzero(&key, sizeof(key));
    if (*client)
        return CLI_OK;
    suite_say("no connection to %s: is %s an address of this machine's kind, are descriptors left?", service,
              peer->endpoint);
    return CLI_UNREACHABLE;
}

int
suite_ask(struct jn_client *client, const char *method, const void *request, struct jn_answer *answer)
{
    if (!jn_client_call(client, method, request, SUITE_TIMEOUT_MS, answer)) {
        suite_say("%s", answer->reason);
        return CLI_UNREACHABLE;
    }
    return answer->code == JN_OK ? CLI_OK : suite_refused(answer);
}

int
suite_refused(const struct jn_answer *answer)
{
    suite_say("refused: %s: %s", suite_code_name(answer->code), answer->reason);
    return CLI_REFUSED;
}

const char *
suite_code_name(enum jn_code code)
{
    const ProtobufCEnumValue *word = protobuf_c_enum_descriptor_get_value(&envelope__code__descriptor, (int)code);
    static char number[16];

    if (word)
        return word->name;
    snprintf(number, sizeof(number), "%d", (int)code);
    return number;
}

void
suite_say(const char *format, ...)
{
    va_list args;

    fflush(stdout);
    fputs("jineng: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

int
suite_usage(const char *command, const char *format, ...)
{
    va_list args;

    fflush(stdout);
    fprintf(stderr, "jineng %s: ", command);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nTry \"jineng help %s\".\n", command);
    return CLI_USAGE;
}

bool
suite_chinese(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);

        if (value && *value)
            return !strncmp(value, "zh", 2);
    }
    return false;
}

/* Whatever begins with a byte of 0xe0 or more is taken for a Chinese character: nothing else of the kind is printed
 * here. */
void
suite_column(const char *text, int columns)
{
    for (const char *c = text; *c; c++)
        if (((unsigned char)*c & 0xc0) != 0x80)
            columns -= (unsigned char)*c >= 0xe0 ? 2 : 1;
    printf("%s%*s", text, columns > 0 ? columns : 0, "");
}

bool
suite_number(const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && *out >= least && *out <= most;
}
