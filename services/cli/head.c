/* jineng head: how far a service's log goes, signed by it; to be published, and kept by whoever wants to hold it to
 * that. */
#include <stdio.h>
#include <string.h>

#include "cli/evidence.h"
#include "jineng/v1/runtime.pb-c.h"

const struct option head_options[] = {{"data", required_argument, NULL, 'D'},
                                      {"as", required_argument, NULL, 'a'},
                                      {"out", required_argument, NULL, 'o'},
                                      {"key", required_argument, NULL, 'k'},
                                      {NULL, 0, NULL, 0}};

struct arguments {
    const char *data, *as, *out, *key;
    struct jn_sign_public public_key;
};

static bool
parse(int argc, char **argv, struct arguments *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", head_options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'a')
            out->as = optarg;
        else if (option == 'o')
            out->out = optarg;
        else if (option == 'k')
            out->key = optarg;
        else
            return false;
    }
    return argc - optind == 1 || (argc == optind && !out->out && !out->key);
}

/* Nothing is published that does not hold. */
static int
take(const struct arguments *arguments, const char *service, const Proof__SignedHead *signed_head)
{
    static const struct jn_misfit form = {"what the service answered is no head", "服务的答复不是签名头"};
    const struct jn_misfit *misfit = NULL;
    const Proof__Head *head;
    struct jn_arena arena;
    int code = CLI_OK;

    jn_arena_open(&arena, EVIDENCE_ARENA);
    head = jn_head_read(signed_head, &arena);
    if (!head || strcmp(head->service, service) != 0)
        misfit = &form;
    else if (arguments->key)
        misfit = jn_head_check(signed_head, &arguments->public_key, &arena, &head);
    if (misfit)
        code = evidence_misfit(service, misfit);
    else if (arguments->out && !evidence_save(JN_EVIDENCE_HEAD, signed_head, arguments->out, &arena))
        code = CLI_CONFIGURATION;
    if (code == CLI_OK)
        evidence_print_head(head);
    jn_arena_close(&arena);
    return code;
}

static int
ask(struct suite *suite, const struct arguments *arguments, const char *service)
{
    const Runtime__HeadRequest request = RUNTIME__HEAD_REQUEST__INIT;
    struct jn_client *client;
    struct jn_answer answer;
    int code = suite_client(suite, service, arguments->as, 1, &client);

    if (code == CLI_OK)
        code = suite_ask(client, "Head", &request, &answer);
    return code == CLI_OK ? take(arguments, service, answer.reply) : code;
}

int
head_command(int argc, char **argv)
{
    struct arguments arguments = {.data = suite_data(), .as = SUITE_OPERATOR};
    struct suite *suite = NULL;
    int code;

    if (!parse(argc, argv, &arguments))
        return suite_usage("head", "name one service, or none and no file");
    if (optind < argc && !contract_find(argv[optind]))
        return suite_usage("head", "there is no service \"%s\"", argv[optind]);
    if (arguments.key && !evidence_key(arguments.key, &arguments.public_key))
        return CLI_CONFIGURATION;
    code = suite_open(&suite, arguments.data);
    if (code == CLI_OK && optind < argc)
        code = ask(suite, &arguments, argv[optind]);
    for (size_t i = 0; code == CLI_OK && optind == argc && i < suite->config.peers_count; i++) {
        if (i > 0)
            putchar('\n');
        code = ask(suite, &arguments, suite->config.peers[i].name);
    }
    suite_close(suite);
    return code;
}
