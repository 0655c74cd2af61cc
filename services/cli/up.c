/* jineng up: the suite on one machine. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/folder.h"
#include "cli/supervisor.h"

const struct option up_options[] = {{"data", required_argument, NULL, 'D'},
                                    {"bin", required_argument, NULL, 'B'},
                                    {"init", no_argument, NULL, 'I'},
                                    {"driven", no_argument, NULL, 'd'},
                                    {"start", required_argument, NULL, 's'},
                                    {"production", no_argument, NULL, 'p'},
                                    {"base-port", required_argument, NULL, 'b'},
                                    {NULL, 0, NULL, 0}};

struct arguments {
    const char *data, *bin;
    bool init;
    struct folder_plan plan;
};

static bool
parse(int argc, char **argv, struct arguments *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", up_options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'B')
            out->bin = optarg;
        else if (option == 'I')
            out->init = true;
        else if (option == 'd')
            out->plan.driven = true;
        else if (option == 's')
            out->plan.start = optarg;
        else if (option == 'p')
            out->plan.production = true;
        else if (option == 'b' && folder_port(optarg, &out->plan.base_port))
            continue;
        else
            return false;
    }
    return out->init || !(out->plan.driven || out->plan.start || out->plan.production || out->plan.base_port);
}

/* Where this program itself lies. */
static const char *
own_folder(void)
{
    static char path[JN_PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    if (length <= 0)
        return ".";
    path[length] = '\0';
    *strrchr(path, '/') = '\0';
    return path;
}

/* The services named, or all of them. */
static int
choose(const struct jn_config *config, char **names, size_t count, const char *chosen[JN_PEERS_MAX],
       size_t *chosen_count)
{
    for (size_t i = 0; i < count; i++) {
        if (!jn_config_peer(config, names[i]))
            return suite_usage("up", "%s is none of the services in %s", names[i], config->path);
        for (size_t j = 0; j < *chosen_count; j++)
            if (!strcmp(chosen[j], names[i]))
                return suite_usage("up", "%s is named twice", names[i]);
        chosen[(*chosen_count)++] = names[i];
    }
    for (size_t i = 0; count == 0 && i < config->peers_count; i++)
        chosen[(*chosen_count)++] = config->peers[i].name;
    return CLI_OK;
}

static int
run(struct suite *suite, const struct arguments *arguments, char **names, size_t count)
{
    const char *chosen[JN_PEERS_MAX];
    struct supervisor_plan plan = {
        .suite = suite, .names = chosen, .bin = arguments->bin ? arguments->bin : own_folder()};
    int code = choose(&suite->config, names, count, chosen, &plan.count);

    return code == CLI_OK ? supervisor_run(&plan) : code;
}

int
up_command(int argc, char **argv)
{
    struct arguments arguments = {.data = suite_data()};
    struct suite *suite = NULL;
    char error[JN_CONFIG_ERROR];
    int code;

    if (!parse(argc, argv, &arguments))
        return suite_usage("up", "not understood; --driven, --start, --production and --base-port go with --init");
    if (arguments.init && !folder_made(arguments.data) && !folder_make(arguments.data, &arguments.plan, error)) {
        suite_say("%s", error);
        return CLI_CONFIGURATION;
    }
    code = suite_open(&suite, arguments.data);
    if (code == CLI_OK)
        code = run(suite, &arguments, argv + optind, (size_t)(argc - optind));
    suite_close(suite);
    return code;
}
