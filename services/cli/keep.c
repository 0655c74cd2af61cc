/* How a backup lies on the disk. */
#include "cli/keep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/date.h"
#include "runtime/files.h"

bool
keep_fail(char error[JN_CONFIG_ERROR], const char *path, const char *what)
{
    snprintf(error, JN_CONFIG_ERROR, "%.300s: %.200s", path, what);
    return false;
}

bool
keep_read(const char *backup, struct kept out[JN_PEERS_MAX], size_t *count, char error[JN_CONFIG_ERROR])
{
    char path[KEEP_PATH];
    FILE *file;
    int fields = 5;

    snprintf(path, sizeof(path), "%s/backup", backup);
    file = fopen(path, "r");
    if (!file)
        return keep_fail(error, backup, "is no backup, or one that was not finished: it has no file named backup");
    for (*count = 0; fields == 5 && *count < JN_PEERS_MAX; *count += fields == 5) {
        struct kept *one = &out[*count];

        fields = fscanf(file, "%47s block %llu time %lld log %32s hash %64s", one->name, &one->block, &one->time_ms,
                        one->log, one->hash);
    }
    fclose(file);
    return fields == EOF || *count == JN_PEERS_MAX || keep_fail(error, path, "cannot be read: take another backup");
}

bool
keep_write(const char *backup, const struct kept *kept, size_t count, char error[JN_CONFIG_ERROR])
{
    char path[KEEP_PATH];
    FILE *file;
    bool good;

    snprintf(path, sizeof(path), "%s/backup", backup);
    file = fopen(path, "wx");
    if (!file)
        return keep_fail(error, path, strerror(errno));
    for (size_t i = 0; i < count; i++)
        fprintf(file, "%s block %llu time %lld log %s hash %s\n", kept[i].name, kept[i].block, kept[i].time_ms,
                kept[i].log, kept[i].hash);
    good = fflush(file) == 0 && fsync(fileno(file)) == 0;
    good = fclose(file) == 0 && good;
    return (good && jn_files_sync_dir(backup)) || keep_fail(error, path, strerror(errno));
}

bool
keep_copy(const char *from, const char *to, const char *name, char error[JN_CONFIG_ERROR])
{
    char source[KEEP_PATH], target[KEEP_PATH];

    snprintf(source, sizeof(source), "%s/%s", from, name);
    snprintf(target, sizeof(target), "%s/%s", to, name);
    return jn_files_copy(source, target, 0600) || keep_fail(error, source, strerror(errno));
}

bool
keep_copy_campaign(const char *from, const char *to, char error[JN_CONFIG_ERROR])
{
    char path[KEEP_PATH];

    snprintf(path, sizeof(path), "%s/campaign", from);
    return access(path, F_OK) != 0 || keep_copy(from, to, "campaign", error);
}

static bool
is_key(const char *name)
{
    size_t length = strlen(name);

    return length > 4 && name[0] != '.' && (!strcmp(name + length - 4, ".key") || !strcmp(name + length - 4, ".sm2"));
}

bool
keep_copy_keys(const char *from, const char *to, char error[JN_CONFIG_ERROR])
{
    char source[KEEP_PATH], target[KEEP_PATH], path[KEEP_PATH + 256];
    struct dirent *entry;
    bool good = true;
    DIR *dir;

    snprintf(source, sizeof(source), "%s/keys", from);
    snprintf(target, sizeof(target), "%s/keys", to);
    dir = opendir(source);
    if (!dir || (mkdir(target, 0700) != 0 && errno != EEXIST)) {
        keep_fail(error, dir ? target : source, strerror(errno));
        if (dir)
            closedir(dir);
        return false;
    }
    while (good && (entry = readdir(dir))) {
        snprintf(path, sizeof(path), "%s/%s", target, entry->d_name);
        if (is_key(entry->d_name) && access(path, F_OK) != 0)
            good = keep_copy(source, target, entry->d_name, error);
    }
    closedir(dir);
    return good && (jn_files_sync_dir(target) || keep_fail(error, target, strerror(errno)));
}

static bool
is_locked(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool locked = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;

    if (fd >= 0)
        close(fd);
    return locked;
}

bool
keep_running(const char *data, const char *name)
{
    char path[KEEP_PATH];

    snprintf(path, sizeof(path), "%s/%s/lock", data, name);
    return is_locked(path);
}

bool
keep_supervised(const char *data, const char *name)
{
    char path[KEEP_PATH];

    snprintf(path, sizeof(path), "%s/%s.lock", data, name);
    return is_locked(path);
}

const char *
keep_standing(const struct kept *kept, char text[160])
{
    char day[DATE_TEXT];
    long long second;

    if (kept->block == 0) {
        snprintf(text, 160, "%s, nothing in its log yet", kept->name);
        return text;
    }
    date_format(date_of_ms(kept->time_ms), day);
    second = (kept->time_ms - date_to_ms(date_of_ms(kept->time_ms))) / 1000;
    snprintf(text, 160, "%s through block %llu, %s %02lld:%02lld:%02lld (UTC+8)", kept->name, kept->block, day,
             second / 3600, second / 60 % 60, second % 60);
    return text;
}
