/* jineng.yaml through libcyaml; its complaints become one sentence with a line. */
#include "runtime/config_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cyaml/cyaml.h>

/* 256 agencies of half a kilobyte, with comments. */
#define FILE_BYTES_MAX (1024 * 1024)

/* libcyaml takes every unknown word for true: an enumeration does not. */
static const cyaml_strval_t truths[] = {{"false", 0}, {"true", 1}};

static const cyaml_schema_value_t text_entry = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 64)};
static const cyaml_schema_value_t division_entry = {CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, uint32_t)};

#define TEXT(key, flag, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | (flag), type, member, 1, 200)
#define PARTY_FIELDS                                                                                                   \
    TEXT("name", 0, struct config_party, name), TEXT("key", 0, struct config_party, key),                              \
        CYAML_FIELD_SEQUENCE("roles", CYAML_FLAG_POINTER, struct config_party, roles, &text_entry, 1, 12),             \
        TEXT("valid_through", CYAML_FLAG_OPTIONAL, struct config_party, valid_through),                                \
        CYAML_FIELD_ENUM("revoked", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct config_party, revoked, truths, 2)

static const cyaml_schema_field_t service_fields[] = {PARTY_FIELDS, TEXT("endpoint", 0, struct config_party, endpoint),
                                                      CYAML_FIELD_END};

static const cyaml_schema_field_t agency_fields[] = {
    PARTY_FIELDS, TEXT("department", CYAML_FLAG_OPTIONAL, struct config_party, department),
    CYAML_FIELD_SEQUENCE("groups", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct config_party, groups, &text_entry,
                         0, 31),
    CYAML_FIELD_SEQUENCE("divisions", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct config_party, divisions,
                         &division_entry, 0, JN_AGENCY_DIVISIONS),
    CYAML_FIELD_END};

static const cyaml_schema_value_t service_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_party, service_fields)};
static const cyaml_schema_value_t agency_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_party, agency_fields)};

static const cyaml_schema_field_t config_fields[] = {
    TEXT("mode", 0, struct config_text, mode),
    TEXT("clock", 0, struct config_text, clock),
    TEXT("clock_start", CYAML_FLAG_OPTIONAL, struct config_text, clock_start),
    CYAML_FIELD_UINT("city", CYAML_FLAG_OPTIONAL, struct config_text, city),
    CYAML_FIELD_UINT("disk_reserve_mb", CYAML_FLAG_OPTIONAL, struct config_text, disk_reserve_mb),
    CYAML_FIELD_UINT("map_gib", CYAML_FLAG_OPTIONAL, struct config_text, map_gib),
    TEXT("payer_name", CYAML_FLAG_OPTIONAL, struct config_text, payer_name),
    TEXT("payer_account", CYAML_FLAG_OPTIONAL, struct config_text, payer_account),
    TEXT("payer_bank", CYAML_FLAG_OPTIONAL, struct config_text, payer_bank),
    CYAML_FIELD_SEQUENCE("services", CYAML_FLAG_POINTER, struct config_text, services, &service_entry, 1, JN_PEERS_MAX),
    CYAML_FIELD_SEQUENCE("agencies", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct config_text, agencies,
                         &agency_entry, 0, JN_AGENCIES_MAX),
    CYAML_FIELD_END};

static const cyaml_schema_value_t config_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config_text, config_fields)};

/* libcyaml's first complaint, and the innermost key and line of the backtrace that follows it. */
struct complaint {
    char text[160];
    char key[80];
    long line;
};

static void
hear(cyaml_log_t level, void *context, const char *format, va_list args)
{
    struct complaint *complaint = context;
    char text[300];
    const char *line;

    (void)level;
    vsnprintf(text, sizeof(text), format, args);
    text[strcspn(text, "\n")] = '\0';
    line = strstr(text, "(line: ");
    if (!line && !*complaint->text && !strstr(text, "Backtrace"))
        snprintf(complaint->text, sizeof(complaint->text), "%.159s", strncmp(text, "Load: ", 6) ? text : text + 6);
    if (!line || complaint->line)
        return;
    complaint->line = strtol(line + 7, NULL, 10);
    sscanf(text, " in mapping field '%79[^']'", complaint->key);
}

static long
line_at(const char *text, const char *at)
{
    long line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* Where the text says "name: PARTY", in whatever quotes. */
static const char *
party_at(const char *text, const char *party)
{
    size_t length = strlen(party);

    for (const char *at = text; (at = strstr(at, "name:")); at++) {
        const char *value = at + 5 + strspn(at + 5, " \t\"'");

        if (!strncmp(value, party, length) && strcspn(value + length, " \t\r\n\"',}#") == 0)
            return at;
    }
    return text;
}

bool
config_fault(const struct config_source *source, const char *party, const char *what, const char *format, ...)
{
    const char *at = party ? party_at(source->text, party) : source->text;
    const char *inner = what ? strstr(at, what) : NULL;
    va_list args;
    int used;

    used = snprintf(source->error, JN_CONFIG_ERROR, "%.200s:%ld: ", source->path,
                    line_at(source->text, inner ? inner : at));
    if (used < 0 || used >= JN_CONFIG_ERROR)
        return false;
    va_start(args, format);
    vsnprintf(source->error + used, (size_t)(JN_CONFIG_ERROR - used), format, args);
    va_end(args);
    return false;
}

static bool
unreadable(struct config_source *source, const char *why)
{
    snprintf(source->error, JN_CONFIG_ERROR, "%.250s: %.200s", source->path, why);
    return false;
}

/* The file decides who may do what: who may write it rules the suite. */
static bool
read_open(struct config_source *source, int fd)
{
    struct stat st;
    ssize_t got;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return unreadable(source, "is not a plain file: name the data folder's jineng.yaml");
    if ((st.st_mode & 022) != 0)
        return unreadable(source, "others may write it, and it says who may do what: chmod go-w it");
    if (st.st_size > FILE_BYTES_MAX)
        return unreadable(source, "is larger than 1 MiB: this is no configuration");
    source->text = calloc(1, FILE_BYTES_MAX + 1);
    if (!source->text)
        return unreadable(source, "no memory left to read it");
    while ((got = read(fd, source->text + source->length, FILE_BYTES_MAX - source->length)) > 0)
        source->length += (size_t)got;
    if (got < 0)
        return unreadable(source, strerror(errno));
    if (memchr(source->text, '\0', source->length))
        return unreadable(source, "holds a NUL character: this is no text");
    return true;
}

static bool
read_file(struct config_source *source)
{
    int fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char why[160];
    bool good;

    if (fd < 0) {
        snprintf(why, sizeof(why), "%.80s: jineng init makes a data folder with its configuration", strerror(errno));
        return unreadable(source, why);
    }
    good = read_open(source, fd);
    close(fd);
    return good;
}

/* libcyaml names the line where a mapping begins; the word it complains of stands there or below. */
static long
line_of_word(const char *text, const struct complaint *said)
{
    const char *colon = strrchr(said->text, ':');
    const char *from = text;
    const char *at;
    char word[80];

    for (long line = 1; line < said->line && strchr(from, '\n'); line++)
        from = strchr(from, '\n') + 1;
    if (!colon)
        return line_at(text, from);
    colon += strspn(colon, ": '\"");
    snprintf(word, sizeof(word), "%.*s", (int)strcspn(colon, "'\"\n"), colon);
    at = strstr(from, word);
    return line_at(text, at ? at : from);
}

static bool
complain(struct config_source *source, cyaml_err_t code, const struct complaint *said)
{
    const char *why = code == CYAML_OK ? "the file is empty" : *said->text ? said->text : cyaml_strerror(code);

    snprintf(source->error, JN_CONFIG_ERROR,
             "%.150s:%ld: %s%s%s%.140s: see jineng help init for the keys and their values", source->path,
             line_of_word(source->text, said), *said->key ? "at \"" : "", said->key, *said->key ? "\": " : "", why);
    return false;
}

bool
config_source_load(struct config_source *source, const char *path, char error[JN_CONFIG_ERROR])
{
    struct complaint complaint = {.line = 0};
    const cyaml_config_t how = {.log_fn = hear,
                                .log_ctx = &complaint,
                                .mem_fn = cyaml_mem,
                                .log_level = CYAML_LOG_ERROR,
                                .flags = CYAML_CFG_NO_ALIAS};
    cyaml_data_t *data = NULL;
    cyaml_err_t code;

    *source = (struct config_source){.path = path, .error = error};
    if (!read_file(source))
        return false;
    code = cyaml_load_data((const uint8_t *)source->text, source->length, &how, &config_schema, &data, NULL);
    source->said = data;
    if (code == CYAML_OK && data)
        return true;
    if (!source->text[strspn(source->text, " \t\r\n")])
        code = CYAML_OK;
    return complain(source, code, &complaint);
}

void
config_source_free(struct config_source *source)
{
    const cyaml_config_t how = {.mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR, .flags = CYAML_CFG_NO_ALIAS};

    if (source->said)
        cyaml_free(&how, &config_schema, source->said, 0);
    free(source->text);
    source->said = NULL;
    source->text = NULL;
}
