/* jineng init: a fresh data folder. */
#include <stdio.h>

#include "cli/folder.h"
#include "cli/suite.h"

const struct option init_options[] = {{"driven", no_argument, NULL, 'd'},
                                      {"start", required_argument, NULL, 's'},
                                      {"production", no_argument, NULL, 'p'},
                                      {"base-port", required_argument, NULL, 'b'},
                                      {NULL, 0, NULL, 0}};

static bool
parse(int argc, char **argv, struct folder_plan *plan)
{
    int option;

    while ((option = getopt_long(argc, argv, "", init_options, NULL)) != -1) {
        if (option == 'd')
            plan->driven = true;
        else if (option == 'p')
            plan->production = true;
        else if (option == 's')
            plan->start = optarg;
        else if (option == 'b' && folder_port(optarg, &plan->base_port))
            continue;
        else
            return false;
    }
    return optind == argc - 1;
}

int
init_command(int argc, char **argv)
{
    struct folder_plan plan = {.production = false};
    char error[JN_CONFIG_ERROR];

    if (!parse(argc, argv, &plan))
        return suite_usage("init", "name one folder; --base-port is a number, or any");
    if (!folder_make(argv[optind], &plan, error)) {
        suite_say("%s", error);
        return CLI_CONFIGURATION;
    }
    printf("%s/jineng.yaml   who is where and who may do what\n%s/keys/         give each agency its own key; keep the "
           "folder to yourself\n"
           "Next: jineng up --data %s\n",
           argv[optind], argv[optind], argv[optind]);
    return CLI_OK;
}
