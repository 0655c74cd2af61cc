/* Copies of a service's folder. */
#include "runtime/store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/files.h"

#define PATH_SIZE (JN_PATH_MAX + 64)

static bool
fail(char error[JN_ERROR_TEXT], const char *path)
{
    snprintf(error, JN_ERROR_TEXT, "%s cannot be written: %s", path, strerror(errno));
    return false;
}

static bool
copy_key(const char *dir, const char *to, char error[JN_ERROR_TEXT])
{
    char from[PATH_SIZE], copy[PATH_SIZE];

    snprintf(from, sizeof(from), "%s/pseudonym.key", dir);
    snprintf(copy, sizeof(copy), "%s/pseudonym.key", to);
    return jn_files_copy(from, copy, 0600) || fail(error, copy);
}

/* The copy is opened as the original would be: what it ends with is read from it. */
static bool
read_head(const struct jn_service *service, const char *copy, uint32_t map_gib, struct jn_log_head *head,
          char error[JN_ERROR_TEXT])
{
    struct jn_log *log = jn_log_open(copy, service->name, map_gib, JN_LOG_READ_ONLY | JN_LOG_ALONE, error);

    if (!log)
        return false;
    *head = log->head;
    log->close(log);
    return true;
}

static bool
copy_log(struct jn_log *log, const char *to, char error[JN_ERROR_TEXT])
{
    char folder[PATH_SIZE], file[PATH_SIZE + 16];
    const char *fault;

    snprintf(folder, sizeof(folder), "%s/log", to);
    snprintf(file, sizeof(file), "%s/data.mdb", folder);
    if (mkdir(to, 0700) != 0 || mkdir(folder, 0700) != 0)
        return fail(error, folder);
    fault = log->copy(log, folder);
    if (fault) {
        snprintf(error, JN_ERROR_TEXT, "%s cannot be written: %s", folder, fault);
        return false;
    }
    /* LMDB does not sync what it copies. */
    return (jn_files_sync(file) && jn_files_sync_dir(folder)) || fail(error, file);
}

bool
jn_store_copy(const struct jn_service *service, const char *dir, uint32_t map_gib, const char *to,
              struct jn_log_head *head, char error[JN_ERROR_TEXT])
{
    char path[PATH_SIZE];
    struct jn_log *log;
    bool done;

    snprintf(path, sizeof(path), "%s/log", dir);
    log = jn_log_open(path, service->name, map_gib, JN_LOG_READ_ONLY, error);
    if (!log)
        return false;
    done = copy_log(log, to, error) && copy_key(dir, to, error);
    log->close(log);
    snprintf(path, sizeof(path), "%s/log", to);
    return done && (jn_files_sync_dir(to) || fail(error, to)) && read_head(service, path, map_gib, head, error);
}
