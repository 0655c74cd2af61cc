/* A service's main. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "runtime/host.h"

#define VERIFY_NICENESS 10

enum mode { MODE_SERVE, MODE_VERIFY, MODE_WITNESS, MODE_COPY, MODE_REPORT, MODE_ACCESS };

struct arguments {
    const char *config, *scratch, *witness, *follower, *copy, *report;
    pid_t parent;
    enum mode mode;
};

static void
usage(const struct jn_service *service, FILE *out)
{
    fprintf(
        out,
        "usage: jineng-%s --config FILE                               serve until SIGTERM\n"
        "       jineng-%s --config FILE --verify --scratch DIR        prove log and tables; cursors go to DIR\n"
        "       jineng-%s --config FILE --witness FILE --follower NAME    compare a follower's cursors with the log\n"
        "       jineng-%s --config FILE --copy DIR                    copy log and key into DIR, which is made\n"
        "       jineng-%s --config FILE --report REQUEST              answer a request's file, on standard output\n"
        "       jineng-%s --access                                    say which roles may call and read what\n"
        "jineng verify, backup and restore call these; each prints `finding SENTENCE` lines and one line of figures.\n",
        service->name, service->name, service->name, service->name, service->name, service->name);
}

static bool
parse(int argc, char **argv, struct arguments *out)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"scratch", required_argument, NULL, 's'},
                                            {"witness", required_argument, NULL, 'w'},
                                            {"follower", required_argument, NULL, 'f'},
                                            {"copy", required_argument, NULL, 'o'},
                                            {"parent", required_argument, NULL, 'p'},
                                            {"verify", no_argument, NULL, 'v'},
                                            {"access", no_argument, NULL, 'a'},
                                            {"report", required_argument, NULL, 'r'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'c')
            out->config = optarg;
        else if (option == 's')
            out->scratch = optarg;
        else if (option == 'w')
            out->witness = optarg;
        else if (option == 'f')
            out->follower = optarg;
        else if (option == 'o')
            out->copy = optarg;
        else if (option == 'p')
            out->parent = (pid_t)strtol(optarg, NULL, 10);
        else if (option == 'r')
            out->report = optarg;
        else if (option == 'v')
            out->mode = MODE_VERIFY;
        else if (option == 'a')
            out->mode = MODE_ACCESS;
        else
            return false;
    }
    if (out->witness)
        out->mode = MODE_WITNESS;
    if (out->copy)
        out->mode = MODE_COPY;
    if (out->report)
        out->mode = MODE_REPORT;
    return (out->config || out->mode == MODE_ACCESS) && optind == argc && (out->mode != MODE_VERIFY || out->scratch) &&
           (out->mode != MODE_WITNESS || out->follower);
}

/* At once: what was found before a crash is not lost with it. */
static void
print_finding(void *context, const char *sentence)
{
    (void)context;
    printf("finding %s\n", sentence);
    fflush(stdout);
}

static void
print_hex(const char *name, const uint8_t *bytes, size_t length)
{
    printf(" %s=", name);
    for (size_t i = 0; i < length; i++)
        printf("%02x", bytes[i]);
}

static int
verify(const struct jn_service *service, const struct jn_config *config, const char *dir,
       const struct arguments *arguments)
{
    struct jn_verified done;
    size_t findings;

    /* Those who serve come first. */
    setpriority(PRIO_PROCESS, 0, VERIFY_NICENESS);
    findings = jn_store_verify(service, dir, config->map_gib, arguments->scratch, &done, print_finding, NULL);

    printf("verified started=%d blocks=%llu events=%llu compared=%d rows=%llu stood_at=%llu cursors=%llu heads=%llu "
           "time_ms=%lld",
           done.started, (unsigned long long)done.blocks, (unsigned long long)done.events, done.compared,
           (unsigned long long)done.rows, (unsigned long long)done.stood_at, (unsigned long long)done.cursors,
           (unsigned long long)done.heads, (long long)done.time_ms);
    print_hex("hash", done.hash.bytes, JN_HASH_BYTES);
    printf("\n");
    return findings == 0 ? 0 : 1;
}

static int
witness(const struct jn_service *service, const struct jn_config *config, const char *dir,
        const struct arguments *arguments)
{
    char error[JN_CONFIG_ERROR];
    struct jn_signer *signer = jn_signer_open(config->data, service->name, error);
    struct jn_witnessed done;
    size_t findings = jn_store_witness(service, dir, config->map_gib, arguments->follower, arguments->witness,
                                       signer ? jn_signer_public(signer) : NULL, &done, print_finding, NULL);

    jn_signer_close(signer);
    printf("witnessed cursors=%llu heads=%llu unsigned_heads=%llu\n", (unsigned long long)done.cursors,
           (unsigned long long)done.heads, (unsigned long long)done.unsigned_heads);
    return findings == 0 ? 0 : 1;
}

static int
copy(const struct jn_service *service, const struct jn_config *config, const char *dir,
     const struct arguments *arguments)
{
    struct jn_log_head head;
    char error[JN_ERROR_TEXT];

    if (!jn_store_copy(service, dir, config->map_gib, arguments->copy, &head, error)) {
        print_finding(NULL, error);
        return 1;
    }
    printf("copied blocks=%llu time_ms=%lld", (unsigned long long)head.block, (long long)head.time_ms);
    print_hex("log", head.log, JN_LOG_BYTES);
    print_hex("hash", head.hash.bytes, JN_HASH_BYTES);
    printf("\n");
    return 0;
}

static int
report(const struct jn_service *service, const struct jn_config *config, const char *dir,
       const struct arguments *arguments)
{
    uint8_t *reply = NULL, *request = malloc(JN_FRAME_BYTES_MAX);
    FILE *in = fopen(arguments->report, "r");
    size_t length = in && request ? fread(request, 1, JN_FRAME_BYTES_MAX, in) : 0, reply_length = 0;
    char error[JN_ERROR_TEXT] = "the request's file cannot be read";
    bool done = length > 0 &&
                jn_store_report(service, dir, config->map_gib, request, length, &reply, &reply_length, error) &&
                fwrite(reply, 1, reply_length, stdout) == reply_length && fflush(stdout) == 0;

    if (in)
        fclose(in);
    if (!done)
        fprintf(stderr, "jineng-%s: %s\n", service->name, error);
    free(request);
    free(reply);
    return done ? 0 : 1;
}

static int
run(const struct jn_service *service, struct jn_config *config, const struct arguments *arguments)
{
    static int (*const modes[])(const struct jn_service *, const struct jn_config *, const char *,
                                const struct arguments *) = {
        [MODE_VERIFY] = verify, [MODE_WITNESS] = witness, [MODE_COPY] = copy, [MODE_REPORT] = report};
    char dir[JN_PATH_MAX + JN_AGENCY_NAME];

    if (arguments->mode == MODE_SERVE)
        return jn_host_run(service, config);
    snprintf(dir, sizeof(dir), "%s/%s", config->data, service->name);
    return modes[arguments->mode](service, config, dir, arguments);
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
    if (arguments.mode == MODE_ACCESS) {
        jn_access_print(service);
        free(config);
        return 0;
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
    code = run(service, config, &arguments);
    free(config);
    return code;
}
