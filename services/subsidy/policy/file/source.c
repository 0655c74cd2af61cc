/* YAML by libcyaml, with the lines of faults: libcyaml's from its log, ours from libyaml's document. */
#include "subsidy/policy/file/source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

bool
source_open(struct source *source, const char *path, char *fault, size_t size)
{
    FILE *file = fopen(path, "rb");
    bool read;

    *source = (struct source){.path = path, .fault = fault, .fault_size = size};
    if (!file) {
        snprintf(fault, size, "%s: cannot be opened: %s", path, strerror(errno));
        return false;
    }
    source->text = malloc(SOURCE_BYTES_MAX + 1);
    source->size = source->text ? fread(source->text, 1, SOURCE_BYTES_MAX + 1, file) : 0;
    read = source->text && !ferror(file) && source->size <= SOURCE_BYTES_MAX;
    fclose(file);
    if (read)
        return true;
    snprintf(fault, size, "%s: cannot be read, or is larger than %u bytes", path, SOURCE_BYTES_MAX);
    source_close(source);
    return false;
}

void
source_close(struct source *source)
{
    if (source->document)
        yaml_document_delete(source->document);
    free(source->document);
    free(source->text);
    source->document = NULL;
    source->text = NULL;
}

/* The child of a node by one part of a place: a key, or a number in a sequence. 0 where there is none. */
static int
child(yaml_document_t *document, const yaml_node_t *node, const char *part, size_t length)
{
    if (node->type == YAML_SEQUENCE_NODE) {
        long index = strtol(part, NULL, 10);
        yaml_node_item_t *items = node->data.sequence.items.start;

        return index >= 0 && index < node->data.sequence.items.top - items ? items[index] : 0;
    }
    if (node->type != YAML_MAPPING_NODE)
        return 0;
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(document, pair->key);

        if (key && key->type == YAML_SCALAR_NODE && key->data.scalar.length == length &&
            !memcmp(key->data.scalar.value, part, length))
            return pair->value;
    }
    return 0;
}

static size_t
line_in(yaml_document_t *document, const char *place)
{
    const yaml_node_t *node = yaml_document_get_root_node(document);

    while (node && *place) {
        size_t length = strcspn(place, ".");
        int next = child(document, node, place, length);

        if (!next)
            break;
        node = yaml_document_get_node(document, next);
        place += length + (place[length] == '.');
    }
    return node ? node->start_mark.line + 1 : 1;
}

/* Parsed once: a file of many failing cases asks for many lines. NULL where the text is no YAML. */
static yaml_document_t *
document_of(struct source *source)
{
    yaml_document_t *document = source->document;
    yaml_parser_t parser;

    if (document)
        return document;
    document = calloc(1, sizeof(*document));
    if (!document || !yaml_parser_initialize(&parser)) {
        free(document);
        return NULL;
    }
    yaml_parser_set_input_string(&parser, source->text, source->size);
    if (yaml_parser_load(&parser, document)) {
        source->document = document;
    } else {
        free(document);
        document = NULL;
    }
    yaml_parser_delete(&parser);
    return document;
}

size_t
source_line(struct source *source, const char *place)
{
    yaml_document_t *document = document_of(source);

    return document ? line_in(document, place) : 1;
}

/* The node at the whole of `place`; NULL where there is none. */
static const yaml_node_t *
node_at(struct source *source, const char *place)
{
    yaml_document_t *document = document_of(source);
    const yaml_node_t *node = document ? yaml_document_get_root_node(document) : NULL;

    while (node && *place) {
        size_t length = strcspn(place, ".");
        int next = child(document, node, place, length);

        node = next ? yaml_document_get_node(document, next) : NULL;
        place += length + (place[length] == '.');
    }
    return node;
}

const char *
source_text(struct source *source, const char *place)
{
    const yaml_node_t *node = node_at(source, place);

    return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

bool
source_has(struct source *source, const char *place)
{
    return node_at(source, place) != NULL;
}

/* What does not fit ends where a character ends, and shows that it does. */
static void
ellipsis(char *text, size_t size)
{
    static const char dots[] = "\u2026";
    size_t at = size > sizeof(dots) ? size - sizeof(dots) : 0;

    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    if (at > 0)
        memcpy(text + at, dots, sizeof(dots));
}

bool
source_fault(struct source *source, const char *place, const char *format, ...)
{
    va_list args;
    int used, more;

    if (source->failed)
        return false;
    source->failed = true;
    used = snprintf(source->fault, source->fault_size, "%s:%zu: ", source->path, source_line(source, place));
    if (used < 0 || (size_t)used >= source->fault_size)
        return false;
    va_start(args, format);
    more = vsnprintf(source->fault + used, source->fault_size - (size_t)used, format, args);
    va_end(args);
    if (more >= 0 && (size_t)(used + more) >= source->fault_size)
        ellipsis(source->fault, source->fault_size);
    return false;
}

const char *
source_words(const struct vocabulary *words, char buf[SOURCE_WORDS_MAX])
{
    size_t used = (size_t)snprintf(buf, SOURCE_WORDS_MAX, "one of ");

    for (size_t i = 0; i < words->count && used < SOURCE_WORDS_MAX; i++)
        used += (size_t)snprintf(buf + used, SOURCE_WORDS_MAX - used, "%s%s", i ? ", " : "", words->words[i].name);
    return buf;
}

/* What libcyaml says about a fault: the message, then a backtrace whose first line is the innermost place. */
struct complaint {
    char message[200];
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
    if (line && complaint->line == 0)
        complaint->line = strtol(line + 7, NULL, 10);
    if (!line && !*complaint->message)
        snprintf(complaint->message, sizeof(complaint->message), "%.199s",
                 !strncmp(text, "Load: ", 6) ? text + 6 : text);
}

static const cyaml_config_t config = {.log_fn = hear, .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR};

/* libcyaml names the line of the mapping; the key stands on it or below. */
static long
line_of_key(const struct source *source, const char *key, long from)
{
    size_t length = strlen(key);
    long line = 1;

    for (size_t i = 0; i + length < source->size; i++) {
        if (line >= from && !memcmp(source->text + i, key, length) &&
            (i == 0 || strchr(" {,\n\"'", source->text[i - 1])) && strchr(":\"' ", source->text[i + length]))
            return line;
        line += source->text[i] == '\n';
    }
    return from;
}

/* What libcyaml says, and what a person is to do about it; `names`: libcyaml then names the key. */
static const struct {
    const char *said, *told;
    bool names;
} sayings[] = {
    {"Mapping field already seen: ", " is there twice; leave one of the two", true},
    {"Missing required mapping field: ", " is missing here; write it", true},
    {"Expecting STRING, got", "one word or figure belongs here, neither a list nor keys", false},
    {"Expecting SEQUENCE, got", "a list belongs here: [one, another]", false},
    {"Expecting MAPPING, got", "keys with their values belong here: {key: value}", false},
};

static void
complain(struct source *source, struct complaint *complaint, cyaml_err_t error)
{
    static const char unexpected[] = "Unexpected key: ", longer[] = "STRING length > ",
                      entries[] = "Excessive entries (";
    const char *message = *complaint->message ? complaint->message : cyaml_strerror(error);
    long line = complaint->line ? complaint->line : 1;
    char told[300];

    snprintf(told, sizeof(told), "%s", message);
    if (!strncmp(message, unexpected, sizeof(unexpected) - 1)) {
        const char *key = message + sizeof(unexpected) - 1;

        line = line_of_key(source, key, complaint->line);
        snprintf(told, sizeof(told), "unknown key \"%s\"; correct it or take it out", key);
    }
    if (!strncmp(message, longer, sizeof(longer) - 1))
        snprintf(told, sizeof(told), "a text is longer than %ld bytes; shorten it",
                 strtol(message + sizeof(longer) - 1, NULL, 10));
    if (!strncmp(message, entries, sizeof(entries) - 1))
        snprintf(told, sizeof(told), "the list has more than %ld entries; a pack's is no longer than that",
                 strtol(message + sizeof(entries) - 1, NULL, 10));
    for (size_t i = 0; i < sizeof(sayings) / sizeof(sayings[0]); i++) {
        size_t length = strlen(sayings[i].said);

        if (!strncmp(message, sayings[i].said, length))
            snprintf(told, sizeof(told), "%s%s", sayings[i].names ? message + length : "", sayings[i].told);
    }
    snprintf(source->fault, source->fault_size, "%s:%ld: %s", source->path, line, told);
}

/* What libcyaml would pass over or name badly: a second document in the file, an alias. False with the fault written;
 * what is no YAML is left to libcyaml. */
static bool
one_document(struct source *source)
{
    yaml_parser_t parser;
    yaml_event_t event;
    size_t documents = 0, line = 0;
    bool alias = false, over = false;

    if (!yaml_parser_initialize(&parser))
        return true;
    yaml_parser_set_input_string(&parser, source->text, source->size);
    while (!over && yaml_parser_parse(&parser, &event)) {
        documents += event.type == YAML_DOCUMENT_START_EVENT;
        alias = event.type == YAML_ALIAS_EVENT;
        line = event.start_mark.line + 1;
        over = alias || documents > 1 || event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (!alias && documents <= 1)
        return true;
    source->failed = true;
    snprintf(source->fault, source->fault_size, "%s:%zu: %s", source->path, line,
             alias ? "an alias (*) stands here; write out what it stands for"
                   : "a second document begins here (---); give it a file of its own");
    return false;
}

void *
source_load(struct source *source, const cyaml_schema_value_t *schema, cyaml_cfg_flags_t flags)
{
    struct complaint complaint = {.line = 0};
    cyaml_config_t strict = config;
    cyaml_data_t *data = NULL;
    cyaml_err_t error;

    if (!one_document(source))
        return NULL;
    strict.log_ctx = &complaint;
    strict.flags = flags | CYAML_CFG_NO_ALIAS;
    error = cyaml_load_data(source->text, source->size, &strict, schema, &data, NULL);
    if (error == CYAML_OK && data)
        return data;
    source->failed = true;
    if (error == CYAML_OK)
        snprintf(source->fault, source->fault_size, "%s:1: the file is empty", source->path);
    else
        complain(source, &complaint, error);
    return NULL;
}

void
source_free(const cyaml_schema_value_t *schema, void *data)
{
    struct complaint complaint = {.line = 0};
    cyaml_config_t quiet = config;

    quiet.log_ctx = &complaint;
    cyaml_free(&quiet, schema, data, 0);
}
