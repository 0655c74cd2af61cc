/* jineng backup: logs and keys of a suite, as of one moment, while it runs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/keep.h"
#include "cli/program.h"
#include "cli/proof.h"
#include "cli/suite.h"
#include "jineng/v1/runtime.pb-c.h"
#include "runtime/files.h"

/* Followers rest for HOLD_MS, and again for as long every HOLD_AGAIN_MS: a copy may take longer, and a backup that dies
 * must not keep them resting. */
#define HOLD_MS       30000
#define HOLD_AGAIN_MS 5000
#define ANSWER_MS     3000

const struct option backup_options[] = {{"data", required_argument, NULL, 'D'},
                                        {"bin", required_argument, NULL, 'B'},
                                        {"as", required_argument, NULL, 'a'},
                                        {"scratch", required_argument, NULL, 's'},
                                        {NULL, 0, NULL, 0}};

struct backup {
    const char *data, *bin, *as, *scratch, *target;
    struct suite *suite;
    char partial[JN_PATH_MAX];
    int lock;
    struct jn_client *clients[JN_PEERS_MAX]; /* of the services that run */
    int64_t held_ms;
    struct kept kept[JN_PEERS_MAX];
    size_t count;
};

static bool
parse(int argc, char **argv, struct backup *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", backup_options, NULL)) != -1) {
        if (option == 'D')
            out->data = optarg;
        else if (option == 'B')
            out->bin = optarg;
        else if (option == 'a')
            out->as = optarg;
        else if (option == 's')
            out->scratch = optarg;
        else
            return false;
    }
    return optind == argc - 1;
}

/* ---- Followers at rest: while logs are copied one after the other, nobody may read on in one that was copied already
 * ---- */

static int
hold_all(struct backup *backup, uint32_t hold_ms)
{
    Runtime__HoldFollowers hold = RUNTIME__HOLD_FOLLOWERS__INIT;

    hold.hold_ms = hold_ms;
    for (size_t i = 0; i < backup->suite->config.peers_count; i++) {
        struct jn_answer answer;
        bool answered;

        if (!backup->clients[i])
            continue;
        answered = jn_client_call(backup->clients[i], "Hold", &hold, ANSWER_MS, &answer);
        if (answered && answer.code == JN_OK)
            continue;
        suite_say("%s does not let its followers rest: %s", backup->suite->config.peers[i].name, answer.reason);
        return answered ? CLI_REFUSED : CLI_UNREACHABLE;
    }
    backup->held_ms = program_now_ms();
    return CLI_OK;
}

/* Where a single service of the suite lies here, there is no other copy that it could be ahead of. */
static bool
is_alone(const struct jn_config *config)
{
    size_t here = 0;

    for (size_t i = 0; i < config->peers_count; i++)
        here += !proof_elsewhere(config, config->peers[i].name);
    return here < 2;
}

static int
reach_all(struct backup *backup)
{
    const struct jn_config *config = &backup->suite->config;
    char error[JN_CONFIG_ERROR];
    struct jn_keypair key;

    if (is_alone(config))
        return CLI_OK;
    if (!jn_keypair_load(config->data, backup->as, &key, error)) {
        suite_say("%s", error);
        return CLI_CONFIGURATION;
    }
    for (size_t i = 0; i < config->peers_count; i++) {
        if (!keep_running(config->data, config->peers[i].name))
            continue;
        backup->clients[i] =
            jn_client_open(backup->suite->clients, &config->peers[i], &runtime__runtime__descriptor, &key, 1);
        if (!backup->clients[i]) {
            suite_say("no connection to %s: are descriptors left?", config->peers[i].name);
            return CLI_UNREACHABLE;
        }
    }
    explicit_bzero(&key, sizeof(key));
    return hold_all(backup, HOLD_MS);
}

/* ---- Copies ---- */

/* The folder under construction; what an interrupted backup left of one is taken away. */
static int
make_partial(struct backup *backup)
{
    struct stat st;

    snprintf(backup->partial, sizeof(backup->partial), "%.900s.partial", backup->target);
    if (lstat(backup->target, &st) == 0) {
        suite_say("%s is there already: a backup is never written over; name a new folder", backup->target);
        return CLI_REFUSED;
    }
    if (mkdir(backup->partial, 0700) != 0) {
        suite_say("%s: %s%s", backup->partial, strerror(errno),
                  errno == EEXIST
                      ? ": left by a backup that was interrupted, or one is being made; remove it if none is"
                      : "");
        return CLI_REFUSED;
    }
    return CLI_OK;
}

static bool
wait_and_hold(struct backup *backup, struct program *program)
{
    while (!program_wait(program, 100)) {
        if (program_interrupted())
            return false;
        if (program_now_ms() - backup->held_ms >= HOLD_AGAIN_MS && hold_all(backup, HOLD_MS) != CLI_OK)
            return false;
    }
    return true;
}

static void
text_after(const char *line, const char *name, char *out, size_t size)
{
    const char *at = strstr(line, name);

    snprintf(out, size, "%.*s", at ? (int)strcspn(at + strlen(name), " ") : 0, at ? at + strlen(name) : "");
}

static bool
read_copied(struct backup *backup, const struct program *program)
{
    struct kept *kept = &backup->kept[backup->count];
    char line[1400], text[JN_CONFIG_ERROR];
    const char *fault = program_fault(program, text), *said;
    FILE *out = fopen(program->out, "r");

    said = out ? program_line(out, "copied", line, sizeof(line)) : NULL;
    if (said) {
        snprintf(kept->name, sizeof(kept->name), "%s", program->service);
        kept->block = program_figure(said, "blocks");
        kept->time_ms = (long long)program_figure(said, "time_ms");
        text_after(said, " log=", kept->log, sizeof(kept->log));
        text_after(said, " hash=", kept->hash, sizeof(kept->hash));
        backup->count++;
    } else {
        if (out)
            rewind(out);
        said = out ? program_line(out, "finding", line, sizeof(line)) : NULL;
        suite_say("%s: %s", program->service, fault ? fault : said ? said : "its log cannot be copied");
    }
    if (out)
        fclose(out);
    return kept->name[0] != '\0';
}

static bool
copy_service(struct backup *backup, const char *name)
{
    struct program program = {.service = name};
    char log[KEEP_PATH], to[KEEP_PATH], error[JN_CONFIG_ERROR];
    const char *const arguments[] = {"--copy", to, NULL};
    bool good;

    snprintf(log, sizeof(log), "%s/%s/log/data.mdb", backup->suite->config.data, name);
    if (access(log, F_OK) != 0)
        return true; /* never started: there is nothing to keep */
    snprintf(to, sizeof(to), "%s/%s", backup->partial, name);
    snprintf(program.out, sizeof(program.out), "%s/%s.out", backup->partial, name);
    if (!program_start(&program, backup->bin, backup->suite->config.path, arguments, error)) {
        suite_say("%s", error);
        return false;
    }
    good = wait_and_hold(backup, &program) && read_copied(backup, &program);
    unlink(program.out);
    snprintf(to, sizeof(to), "%s.err", program.out);
    unlink(to);
    return good;
}

static bool
copy_all(struct backup *backup)
{
    const struct jn_config *config = &backup->suite->config;
    char error[JN_CONFIG_ERROR];
    bool good;

    for (size_t i = 0; i < config->peers_count; i++)
        if (!copy_service(backup, config->peers[i].name))
            return false;
    good = keep_copy_keys(config->data, backup->partial, error) &&
           keep_copy(config->data, backup->partial, "jineng.yaml", error) &&
           keep_copy_campaign(config->data, backup->partial, error) &&
           keep_write(backup->partial, backup->kept, backup->count, error);
    if (!good)
        suite_say("%s", error);
    return good;
}

/* ---- Proof, and into place ---- */

static int
prove(struct backup *backup)
{
    static struct jn_config copy;
    const char *names[JN_PEERS_MAX];
    struct proof_plan plan = {.config = &copy, .bin = backup->bin, .scratch = backup->scratch, .names = names};
    char path[KEEP_PATH], error[JN_CONFIG_ERROR];
    struct proof proof;
    int code;

    snprintf(path, sizeof(path), "%s/jineng.yaml", backup->partial);
    if (!jn_config_load(path, &copy, error)) {
        suite_say("%s", error);
        return CLI_CONFIGURATION;
    }
    for (size_t i = 0; i < backup->count; i++)
        names[plan.count++] = backup->kept[i].name;
    code = proof_run(&plan, &proof);
    for (size_t i = 0; i < backup->count; i++) {
        snprintf(path, sizeof(path), "%s/%s/log/lock.mdb", backup->partial, backup->kept[i].name);
        unlink(path);
    }
    return code;
}

static bool
put_in_place(const struct backup *backup)
{
    char parent[JN_PATH_MAX];
    char *slash;

    snprintf(parent, sizeof(parent), "%s", backup->target);
    slash = strrchr(parent, '/');
    if (slash)
        *slash = '\0';
    if (renameat2(AT_FDCWD, backup->partial, AT_FDCWD, backup->target, RENAME_NOREPLACE) == 0 &&
        jn_files_sync_dir(!slash    ? "."
                          : *parent ? parent
                                    : "/"))
        return true;
    suite_say("%s: %s; the backup itself is good and lies in %s", backup->target, strerror(errno), backup->partial);
    return false;
}

static int
make(struct backup *backup)
{
    int code = reach_all(backup);
    bool copied;

    if (code != CLI_OK)
        return code;
    code = make_partial(backup);
    if (code != CLI_OK) {
        hold_all(backup, 0);
        return code;
    }
    program_listen();
    copied = copy_all(backup);
    hold_all(backup, 0);
    if (!copied) {
        suite_say("the backup was not finished; %s can be removed", backup->partial);
        return CLI_REFUSED;
    }
    code = prove(backup);
    if (code != CLI_OK) {
        suite_say(
            "the copy is not good and stays in %s. If a service was started anew meanwhile, remove that and try again; "
            "else prove the data folder itself: jineng verify",
            backup->partial);
        return code;
    }
    if (!put_in_place(backup))
        return CLI_REFUSED;
    for (size_t i = 0; i < backup->count; i++)
        printf("kept %s\n", keep_standing(&backup->kept[i], (char[160]){0}));
    printf("%s can be restored: jineng restore %s DATA\n", backup->target, backup->target);
    return CLI_OK;
}

int
backup_command(int argc, char **argv)
{
    static struct backup backup;
    size_t length;
    int code;

    backup = (struct backup){.data = suite_data(), .as = SUITE_OPERATOR};
    if (!parse(argc, argv, &backup))
        return suite_usage("backup", "name one folder that is not there yet");
    length = strlen(argv[optind]);
    while (length > 1 && argv[optind][length - 1] == '/')
        argv[optind][--length] = '\0';
    backup.target = argv[optind];
    backup.bin = backup.bin ? backup.bin : program_folder();
    code = suite_open(&backup.suite, backup.data);
    if (code == CLI_OK)
        code = make(&backup);
    suite_close(backup.suite);
    return code;
}
