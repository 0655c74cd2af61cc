/* jineng verify: everything is read again and compared. */
#include <stdio.h>
#include <string.h>

#include "cli/program.h"
#include "cli/proof.h"
#include "cli/suite.h"

const struct option verify_options[] = {
    {"data", required_argument, NULL, 'D'},    {"bin", required_argument, NULL, 'B'},
    {"scratch", required_argument, NULL, 's'}, {"witness", required_argument, NULL, 'w'},
    {"heads", required_argument, NULL, 'h'},   {NULL, 0, NULL, 0}};

struct arguments {
    const char *data, *bin, *scratch, *witness, *heads;
};

static bool
parse(int argc, char **argv, struct arguments *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", verify_options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'B')
            out->bin = optarg;
        else if (option == 's')
            out->scratch = optarg;
        else if (option == 'w')
            out->witness = optarg;
        else if (option == 'h')
            out->heads = optarg;
        else
            return false;
    }
    return true;
}

static int
run(const struct suite *suite, const struct arguments *arguments, char **names, size_t count)
{
    const char *chosen[JN_PEERS_MAX];
    struct proof_plan plan = {.config = &suite->config,
                              .bin = arguments->bin ? arguments->bin : program_folder(),
                              .scratch = arguments->scratch,
                              .witness = arguments->witness,
                              .heads = arguments->heads,
                              .names = chosen};
    struct proof proof;

    for (size_t i = 0; i < count && i < JN_PEERS_MAX; i++) {
        if (!jn_config_peer(&suite->config, names[i]))
            return suite_usage("verify", "%s is none of the services in %s", names[i], suite->config.path);
        for (size_t j = 0; j < plan.count; j++)
            if (!strcmp(chosen[j], names[i]))
                return suite_usage("verify", "%s is named twice", names[i]);
        chosen[plan.count++] = names[i];
    }
    for (size_t i = 0; count == 0 && i < suite->config.peers_count; i++)
        if (!proof_elsewhere(&suite->config, suite->config.peers[i].name))
            chosen[plan.count++] = suite->config.peers[i].name;
    if (plan.count == 0) {
        suite_say("%s: none of the services lies here, nor its key: there is nothing to prove", suite->config.data);
        return CLI_CONFIGURATION;
    }
    return proof_run(&plan, &proof);
}

int
verify_command(int argc, char **argv)
{
    struct arguments arguments = {.data = suite_data()};
    struct suite *suite = NULL;
    int code;

    if (!parse(argc, argv, &arguments))
        return suite_usage("verify", "an option is not understood");
    code = suite_open(&suite, arguments.data);
    if (code == CLI_OK)
        code = run(suite, &arguments, argv + optind, (size_t)(argc - optind));
    suite_close(suite);
    return code;
}
