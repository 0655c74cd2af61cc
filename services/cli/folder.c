/* Keys first, then jineng.yaml: a folder that has it is whole. */
#include "cli/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/agencies.h"
#include "cli/config_write.h"
#include "cli/ports.h"
#include "domain/date.h"
#include "runtime/sign.h"

#define FIRST_PORT  7701
#define ANY_FROM    10000
#define ANY_SPREAD  20000
#define PARTIES_MAX 32

static bool
fault(char error[JN_CONFIG_ERROR], const char *path, const char *what)
{
    snprintf(error, JN_CONFIG_ERROR, "%.250s: %.220s", path, what);
    return false;
}

bool
folder_made(const char *data)
{
    char path[JN_PATH_MAX];
    struct stat st;

    return snprintf(path, sizeof(path), "%s/jineng.yaml", data) < (int)sizeof(path) && stat(path, &st) == 0;
}

/* lost+found is what a fresh file system of its own has. */
static bool
is_empty(const char *data)
{
    DIR *dir = opendir(data);
    struct dirent *entry;
    bool empty = true;

    if (!dir)
        return false;
    while (empty && (entry = readdir(dir)))
        empty = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") || !strcmp(entry->d_name, "lost+found");
    closedir(dir);
    return empty;
}

/* mkdir -p, for its owner's eyes only. */
static bool
make_folders(const char *data)
{
    char path[JN_PATH_MAX];

    snprintf(path, sizeof(path), "%s", data);
    while (strlen(path) > 1 && path[strlen(path) - 1] == '/')
        path[strlen(path) - 1] = '\0';
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool
make_keys(const char *data, uint8_t (*keys)[JN_KEY_BYTES], char error[JN_CONFIG_ERROR])
{
    struct jn_sign_public signing;
    struct jn_keypair pair;
    char path[JN_PATH_MAX + 8];

    snprintf(path, sizeof(path), "%s/keys", data);
    if (mkdir(path, 0700) != 0)
        return fault(error, path, strerror(errno));
    for (size_t i = 0; i < fresh_services_count + fresh_agencies_count; i++) {
        const struct fresh_agency *agency =
            i < fresh_services_count ? &fresh_services[i] : &fresh_agencies[i - fresh_services_count];

        if (!jn_keypair_make(data, agency->name, &pair, error))
            return false;
        memcpy(keys[i], pair.public_key, JN_KEY_BYTES);
        if (i < fresh_services_count && !jn_sign_make(data, agency->name, &signing, error))
            return false;
    }
    explicit_bzero(&pair, sizeof(pair));
    return true;
}

bool
folder_port(const char *text, unsigned *base_port)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);

    *base_port = !strcmp(text, "any") ? FOLDER_ANY_PORT : (unsigned)port;
    return *base_port == FOLDER_ANY_PORT || (text[0] >= '1' && text[0] <= '9' && !*end && port < 65535);
}

/* Where to begin to look. */
static unsigned
look_from(unsigned base_port)
{
    uint32_t random = 0;

    if (base_port == 0 || getrandom(&random, sizeof(random), 0) != sizeof(random))
        return FIRST_PORT;
    return ANY_FROM + random % ANY_SPREAD;
}

static bool
choose_ports(struct folder_plan *plan, char error[JN_CONFIG_ERROR])
{
    unsigned taken = plan->base_port;

    if (plan->base_port == 0 || plan->base_port == FOLDER_ANY_PORT) {
        plan->base_port = ports_free_from(look_from(plan->base_port), (unsigned)fresh_services_count);
        return plan->base_port || fault(error, "ports", "no five in a row are free: name the first with --base-port");
    }
    if (plan->base_port <= 65535 - fresh_services_count &&
        ports_are_free(plan->base_port, (unsigned)fresh_services_count, &taken))
        return true;
    snprintf(error, JN_CONFIG_ERROR, "port %u cannot be had: leave --base-port out, or name five that are free", taken);
    return false;
}

static bool
write_config(const char *data, const struct folder_plan *plan, const char *start, const uint8_t (*keys)[JN_KEY_BYTES],
             char error[JN_CONFIG_ERROR])
{
    char path[JN_PATH_MAX + 16];
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    bool good;

    if (!out)
        return fault(error, data, "no memory left");
    config_write(out, plan, start, keys);
    fclose(out);
    snprintf(path, sizeof(path), "%s/jineng.yaml", data);
    good = config_replace(path, text, error);
    free(text);
    return good;
}

bool
folder_make(const char *data, const struct folder_plan *plan, char error[JN_CONFIG_ERROR])
{
    struct folder_plan made = *plan;
    uint8_t keys[PARTIES_MAX][JN_KEY_BYTES];
    char today[DATE_TEXT];
    int32_t day;

    if (strlen(data) > JN_PATH_MAX - 64)
        return fault(error, "the data folder", "its path is too long");
    if (made.production && made.driven)
        return fault(error, data, "a production suite follows the real clock: leave out --driven or --production");
    if (made.start && (!made.driven || !date_parse(made.start, &day)))
        return fault(error, data, "--start YYYY-MM-DD says where a driven clock starts; it goes with --driven");
    if (folder_made(data))
        return fault(error, data, "is in use: it has a jineng.yaml; name another folder, or start it with jineng up");
    if (!make_folders(data))
        return fault(error, data, strerror(errno));
    if (!is_empty(data))
        return fault(error, data, "is not empty, or not readable: name a new folder");
    if (!choose_ports(&made, error) || !make_keys(data, keys, error))
        return false;
    date_format(date_of_ms((int64_t)time(NULL) * 1000), today);
    return write_config(data, &made, made.start ? made.start : today, (const uint8_t(*)[JN_KEY_BYTES])keys, error);
}
