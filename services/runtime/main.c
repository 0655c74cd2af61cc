/* A service's main. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "runtime/host.h"

struct arguments {
    const char *config, *scratch;
    pid_t parent;
    bool verify;
};

static void
usage(const struct jn_service *service, FILE *out)
{
    fprintf(out,
            "usage: jineng-%s --config FILE                      serve until SIGTERM\n"
            "       jineng-%s --config FILE --verify --scratch DIR   prove log and tables; findings on standard output\n",
            service->name, service->name);
}

static bool
parse(int argc, char **argv, struct arguments *out)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},  {"scratch", required_argument, NULL, 's'},
                                            {"parent", required_argument, NULL, 'p'},  {"verify", no_argument, NULL, 'v'},
                                            {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'c')
            out->config = optarg;
        else if (option == 's')
            out->scratch = optarg;
        else if (option == 'p')
            out->parent = (pid_t)strtol(optarg, NULL, 10);
        else if (option == 'v')
            out->verify = true;
        else
            return false;
    }
    return out->config && optind == argc && (!out->verify || out->scratch);
}

static void
print_finding(void *context, const char *sentence)
{
    (void)context;
    printf("%s\n", sentence);
}

static int
verify(const struct jn_service *service, const struct jn_config *config, const char *scratch)
{
    char dir[JN_PATH_MAX + JN_AGENCY_NAME];

    snprintf(dir, sizeof(dir), "%s/%s", config->data, service->name);
    return jn_store_verify(service, dir, config->map_gib, scratch, print_finding, NULL) == 0 ? 0 : 1;
}

int
jn_main(const struct jn_service *service, int argc, char **argv)
{
    struct arguments arguments = {0};
    struct jn_config *config = calloc(1, sizeof(*config));
    char error[JN_CONFIG_ERROR];
    int code;

    JN_ASSERT(config);
    umask(077);
    if (!parse(argc, argv, &arguments)) {
        usage(service, stderr);
        free(config);
        return 2;
    }
    /* A supervisor that dies takes its services along: they must not answer beside those of the next one. */
    if (arguments.parent > 0 && (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != arguments.parent)) {
        free(config);
        return 0;
    }
    if (!jn_config_load(arguments.config, config, error)) {
        fprintf(stderr, "jineng-%s: %s\n", service->name, error);
        free(config);
        return 78;
    }
    code = arguments.verify ? verify(service, config, arguments.scratch) : jn_host_run(service, config);
    free(config);
    return code;
}
