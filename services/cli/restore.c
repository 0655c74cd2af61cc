/* jineng restore: a backup becomes a data folder again, or gives back what a service of one has lost. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/keep.h"
#include "cli/program.h"
#include "cli/proof.h"
#include "cli/suite.h"
#include "runtime/files.h"

/* Under this name until all is proven: a folder without jineng.yaml cannot be started. */
#define UNPROVEN "jineng.yaml.unproven"

const struct option restore_options[] = {
    {"bin", required_argument, NULL, 'B'}, {"scratch", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};

struct restore {
    const char *bin, *scratch, *backup, *data;
    char **names; /* services; all where none is named */
    size_t names_count;
    struct kept kept[JN_PEERS_MAX];
    size_t kept_count;
    struct jn_config config; /* of the data folder as restored */
};

static bool
parse(int argc, char **argv, struct restore *out)
{
    int option;

    while ((option = getopt_long(argc, argv, "", restore_options, NULL)) != -1) {
        if (option == 'B')
            out->bin = optarg;
        else if (option == 's')
            out->scratch = optarg;
        else
            return false;
    }
    if (argc - optind < 2)
        return false;
    out->backup = argv[optind];
    out->data = argv[optind + 1];
    out->names = argv + optind + 2;
    out->names_count = (size_t)(argc - optind - 2);
    return true;
}

static const struct kept *
kept_of(const struct restore *restore, const char *name)
{
    for (size_t i = 0; i < restore->kept_count; i++)
        if (!strcmp(restore->kept[i].name, name))
            return &restore->kept[i];
    return NULL;
}

static bool
is_named(const struct restore *restore, const char *name)
{
    for (size_t i = 0; i < restore->names_count; i++)
        if (!strcmp(restore->names[i], name))
            return true;
    return restore->names_count == 0;
}

/* Absent, or nothing in it but what a file system of its own has, or an old lock. */
static bool
is_vacant(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool vacant = dir || errno == ENOENT;

    while (dir && vacant && (entry = readdir(dir)))
        vacant = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") || !strcmp(entry->d_name, "lost+found") ||
                 !strcmp(entry->d_name, "lock");
    if (dir)
        closedir(dir);
    return vacant;
}

/* ---- May it be put there? ---- */

static bool
may_make(const struct restore *restore, char error[JN_CONFIG_ERROR])
{
    for (size_t i = 0; i < restore->kept_count; i++)
        if (keep_running(restore->data, restore->kept[i].name) || keep_supervised(restore->data, restore->kept[i].name))
            return keep_fail(error, restore->data, "is in use: stop the suite, or name another folder");
    return is_vacant(restore->data) ||
           keep_fail(error, restore->data,
                     "is not empty, or not readable: name a new folder; nothing is ever overwritten");
}

static bool
may_add(const struct restore *restore, const char *name, char error[JN_CONFIG_ERROR])
{
    char path[KEEP_PATH];

    snprintf(path, sizeof(path), "%s/%s", restore->data, name);
    if (!kept_of(restore, name))
        return keep_fail(error, restore->backup, "has nothing of that service");
    if (keep_running(restore->data, name) || keep_supervised(restore->data, name))
        return keep_fail(error, path, "is in use: stop the service, and the jineng up that keeps it running, first");
    return is_vacant(path) || keep_fail(error, path, "is not empty: move it away first; nothing is ever overwritten");
}

static bool
may_restore(const struct restore *restore, char error[JN_CONFIG_ERROR])
{
    char path[KEEP_PATH];

    if (restore->names_count == 0)
        return may_make(restore, error);
    snprintf(path, sizeof(path), "%s/jineng.yaml", restore->data);
    if (access(path, F_OK) != 0)
        return keep_fail(error, restore->data, "is no data folder: leave the services out to restore a whole one");
    for (size_t i = 0; i < restore->names_count; i++)
        if (!may_add(restore, restore->names[i], error))
            return false;
    return true;
}

/* ---- Copies ---- */

static bool
copy_service(const struct restore *restore, const char *name, char error[JN_CONFIG_ERROR])
{
    char from[KEEP_PATH], to[KEEP_PATH], log[KEEP_PATH + 8];

    snprintf(from, sizeof(from), "%s/%s", restore->backup, name);
    snprintf(to, sizeof(to), "%s/%s", restore->data, name);
    snprintf(log, sizeof(log), "%s/log", to);
    if ((mkdir(to, 0700) != 0 && errno != EEXIST) || mkdir(log, 0700) != 0)
        return keep_fail(error, to, strerror(errno));
    return keep_copy(from, to, "log/data.mdb", error) && keep_copy(from, to, "pseudonym.key", error) &&
           ((jn_files_sync_dir(log) && jn_files_sync_dir(to)) || keep_fail(error, to, strerror(errno)));
}

static bool
copy_config(const struct restore *restore, char error[JN_CONFIG_ERROR])
{
    char from[KEEP_PATH], to[KEEP_PATH];

    if (restore->names_count > 0)
        return true;
    snprintf(from, sizeof(from), "%s/jineng.yaml", restore->backup);
    snprintf(to, sizeof(to), "%s/" UNPROVEN, restore->data);
    return (jn_files_copy(from, to, 0600) || keep_fail(error, to, strerror(errno))) &&
           keep_copy_campaign(restore->backup, restore->data, error);
}

static bool
copy_all(const struct restore *restore, char error[JN_CONFIG_ERROR])
{
    if (restore->names_count == 0 && mkdir(restore->data, 0700) != 0 && errno != EEXIST)
        return keep_fail(error, restore->data, strerror(errno));
    if (!keep_copy_keys(restore->backup, restore->data, error))
        return false;
    for (size_t i = 0; i < restore->kept_count; i++)
        if (is_named(restore, restore->kept[i].name) && !copy_service(restore, restore->kept[i].name, error))
            return false;
    return copy_config(restore, error) &&
           (jn_files_sync_dir(restore->data) || keep_fail(error, restore->data, strerror(errno)));
}

/* ---- Proof ---- */

/* What was copied must end where the backup says it ended: a shorter log is a sound one too. */
static bool
ends_as_kept(const struct restore *restore, const struct proof_plan *plan, const struct proof *proof)
{
    bool all = true;

    for (size_t i = 0; i < plan->count; i++) {
        const struct kept *kept = kept_of(restore, plan->names[i]);

        if (!kept || !is_named(restore, plan->names[i]))
            continue;
        if (proof->services[i].blocks == kept->block && !strcmp(proof->services[i].hash, kept->hash)) {
            printf("restored %s\n", keep_standing(kept, (char[160]){0}));
            continue;
        }
        printf("  FOUND  %s: the backup's log ends at block %llu, and was taken at block %llu\n", plan->names[i],
               (unsigned long long)proof->services[i].blocks, kept->block);
        all = false;
    }
    return all;
}

static int
prove(struct restore *restore)
{
    const char *names[JN_PEERS_MAX];
    struct proof_plan plan = {
        .config = &restore->config, .bin = restore->bin, .scratch = restore->scratch, .names = names};
    char path[KEEP_PATH], error[JN_CONFIG_ERROR];
    struct proof proof;
    int code;

    snprintf(path, sizeof(path), "%s/%s", restore->data, restore->names_count ? "jineng.yaml" : UNPROVEN);
    if (!jn_config_load(path, &restore->config, error)) {
        suite_say("%s", error);
        return CLI_CONFIGURATION;
    }
    /* All of them: who has read further in a restored log than it goes now is one that was not restored. */
    for (size_t i = 0; i < restore->config.peers_count; i++)
        names[plan.count++] = restore->config.peers[i].name;
    code = proof_run(&plan, &proof);
    if (code != CLI_OK && code != CLI_REFUSED)
        return code;
    return ends_as_kept(restore, &plan, &proof) ? code : CLI_REFUSED;
}

static int
finish(struct restore *restore, int code)
{
    char from[KEEP_PATH], to[KEEP_PATH];

    if (code != CLI_OK) {
        suite_say(restore->names_count
                      ? "what was restored does not fit the other services: restore all of them from one backup, into "
                        "a new folder"
                      : "the backup is not good: jineng.yaml was not put in place, so that nothing starts from it");
        return code;
    }
    if (restore->names_count > 0)
        return CLI_OK;
    snprintf(from, sizeof(from), "%s/" UNPROVEN, restore->data);
    snprintf(to, sizeof(to), "%s/jineng.yaml", restore->data);
    if (rename(from, to) != 0 || !jn_files_sync_dir(restore->data)) {
        suite_say("%s: %s", to, strerror(errno));
        return CLI_REFUSED;
    }
    printf("%s can be started: jineng up --data %s. What happened after the backup is not in it: agencies ask again "
           "for what they "
           "were told since.\n",
           restore->data, restore->data);
    return CLI_OK;
}

int
restore_command(int argc, char **argv)
{
    static struct restore restore;
    char error[JN_CONFIG_ERROR];

    if (!parse(argc, argv, &restore))
        return suite_usage("restore", "name the backup and the data folder to make");
    restore.bin = restore.bin ? restore.bin : program_folder();
    if (!keep_read(restore.backup, restore.kept, &restore.kept_count, error) || !may_restore(&restore, error) ||
        !copy_all(&restore, error)) {
        suite_say("%s", error);
        return CLI_REFUSED;
    }
    return finish(&restore, prove(&restore));
}
