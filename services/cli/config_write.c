/* jineng.yaml for people: comments, one entry below the other. */
#include "cli/config_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zmq.h>

#include "domain/words.h"

static const char head[] =
    "# Jineng (技能): where the services are and who may do what. The services read this file again within a second\n"
    "# after it has changed: agencies, keys, where others are at once, the rest when a service starts.\n"
    "# `jineng help init` tells the keys and their values; times and dates are the city's, UTC+8.\n"
    "\n";

static const char clock_about[] =
    "# A driven clock (clock: driven, clock_start: YYYY-MM-DD) is for rehearsals: jineng play moves it through a\n"
    "# campaign's dates. mode: production does not allow it.\n";

static const char services_about[] =
    "\n# The endpoint is where clients find the service, and what it binds. key: the public half of keys/NAME.key.\n"
    "services:\n";

static const char agencies_about[] =
    "\n# name, key and roles are required. department: whose register it answers for. groups, divisions: its scope;\n"
    "# left out, it is everything. valid_through: YYYY-MM-DD, the last day. revoked: true ends it at once.\n"
    "# Roles: operator auditor administration employment_service appraisal attestor reviewer finance inbox.\n"
    "agencies:\n";

static void
write_roles(FILE *out, uint32_t roles)
{
    const char *separator = "";

    fputs("    roles: [", out);
    for (size_t i = 0; i < jn_role_names_count; i++) {
        if (!(roles & jn_role_names[i].role))
            continue;
        fprintf(out, "%s%s", separator, jn_role_names[i].name);
        separator = ", ";
    }
    fputs("]\n", out);
}

static void
write_groups(FILE *out, uint32_t groups)
{
    const char *separator = "";

    fputs("    groups: [", out);
    for (size_t i = 0; i < words_groups.count; i++) {
        if (!(groups >> words_groups.words[i].number & 1))
            continue;
        fprintf(out, "%s%s", separator, words_groups.words[i].name);
        separator = ", ";
    }
    fputs("]\n", out);
}

static void
write_party(FILE *out, const struct fresh_agency *agency, const uint8_t key[JN_KEY_BYTES], unsigned port)
{
    char text[41];

    fprintf(out, "  - name: %s  # %s\n", agency->name, agency->about);
    if (port)
        fprintf(out, "    endpoint: tcp://127.0.0.1:%u\n", port);
    fprintf(out, "    key: \"%s\"\n", zmq_z85_encode(text, key, JN_KEY_BYTES));
    write_roles(out, agency->roles);
    if (agency->department)
        fprintf(out, "    department: %s\n", word_name(&words_departments, agency->department));
    if (agency->groups)
        write_groups(out, agency->groups);
}

void
config_write(FILE *out, const struct folder_plan *plan, const char *start, const uint8_t (*keys)[JN_KEY_BYTES])
{
    fputs(head, out);
    fprintf(out, "mode: %s\n", plan->production ? "production" : "rehearsal");
    fputs(clock_about, out);
    fprintf(out, "clock: %s\n", plan->driven ? "driven" : "real");
    if (plan->driven)
        fprintf(out, "clock_start: %s\n", start);
    fputs("city: 130100  # 石家庄\n"
          "disk_reserve_mb: 256  # with less free space new work is refused\n"
          "map_gib: 64  # the most that a service may keep; address space, not disk\n",
          out);
    fputs(services_about, out);
    for (size_t i = 0; i < fresh_services_count; i++)
        write_party(out, &fresh_services[i], keys[i], plan->base_port + (unsigned)i);
    fputs(agencies_about, out);
    for (size_t i = 0; i < fresh_agencies_count; i++)
        write_party(out, &fresh_agencies[i], keys[fresh_services_count + i], 0);
}

/* ---- Changes to a file that people have edited ---- */

/* The line that names the party; NULL where there is none. */
static const char *
name_line(const char *text, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        const char *at = line + strspn(line, " -{");
        const char *value;

        if (strncmp(at, "name:", 5))
            continue;
        value = at + 5 + strspn(at + 5, " \t\"'");
        if (!strncmp(value, name, length) && strcspn(value + length, " \t\r\n\"',}#") == 0)
            return line;
    }
    return NULL;
}

/* The end of the entry that begins at `line`: the next line that is indented less than its keys, or begins another. */
static const char *
entry_end(const char *line, size_t indent)
{
    for (const char *next = strchr(line, '\n'); next && next[1]; next = strchr(next + 1, '\n')) {
        size_t blanks = strspn(next + 1, " ");

        if (next[1 + blanks] != '\n' && next[1 + blanks] != '#' && blanks < indent)
            return next + 1;
    }
    return line + strlen(line);
}

char *
config_text_revoked(const char *text, const char *name)
{
    const char *line = name_line(text, name);
    size_t indent = line ? (size_t)(strstr(line, "name:") - line) : 0;
    const char *key = line ? strstr(line, "revoked:") : NULL;
    char *out = NULL;

    if (!line)
        return NULL;
    if (key && key < entry_end(line, indent)) {
        size_t old = 8 + strspn(key + 8, " ") + strcspn(key + 8 + strspn(key + 8, " "), " ,}\r\n#");

        return asprintf(&out, "%.*srevoked: true%s", (int)(key - text), text, key + old) < 0 ? NULL : out;
    }
    if (line[strspn(line, " -")] == '{')
        return asprintf(&out, "%.*s{revoked: true, %s", (int)(line + strcspn(line, "{") - text), text,
                        line + strcspn(line, "{") + 1) < 0
                   ? NULL
                   : out;
    key = line + strcspn(line, "\n");
    return asprintf(&out, "%.*s\n%*srevoked: true%s", (int)(key - text), text, (int)indent, "", key) < 0 ? NULL : out;
}

static bool
write_synced(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    size_t length = strlen(text), done = 0;
    bool good;

    if (fd < 0)
        return false;
    while (done < length) {
        ssize_t wrote = write(fd, text + done, length - done);

        if (wrote <= 0)
            break;
        done += (size_t)wrote;
    }
    good = done == length && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    return close(fd) == 0 && good;
}

static void
sync_folder_of(const char *path)
{
    char folder[JN_PATH_MAX];
    int fd;

    snprintf(folder, sizeof(folder), "%s", path);
    *strrchr(folder, '/') = '\0';
    fd = open(*folder ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

bool
config_replace(const char *path, const char *text, char error[JN_CONFIG_ERROR])
{
    static struct jn_config check;
    char beside[JN_PATH_MAX + 8];
    struct stat st;

    snprintf(beside, sizeof(beside), "%s.new", path);
    if (!write_synced(beside, text, stat(path, &st) == 0 ? st.st_mode & 0755 : 0644)) {
        snprintf(error, JN_CONFIG_ERROR, "%.300s: %.100s", beside, strerror(errno));
        unlink(beside);
        return false;
    }
    if (!jn_config_load(beside, &check, error) || rename(beside, path) != 0) {
        unlink(beside);
        return false;
    }
    sync_folder_of(path);
    return true;
}
