/* Prints the whole of a pack's file as a pack that amends none: every part as it is in force, with the line that it is
 * written in. What is printed is a pack file again, and compiles to the same. */
#include <string.h>

#include "subsidy/policy/file/pack_file.h"

struct writer {
    struct pack_file *file;
    FILE *out;
};

/* What YAML reads as it stands, in a list, too; all else is quoted. */
static bool
plain(const char *text)
{
    static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    if (!*text || !strchr(first, *text) || text[strlen(text) - 1] == ' ')
        return false;
    for (const char *at = text; *at; at++)
        if (!strchr(first, *at) && !strchr("-_./ ", *at))
            return false;
    return !strstr(text, " -");
}

static void
scalar(FILE *out, const char *text)
{
    if (plain(text)) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *at = text; *at; at++)
        if (*at == '\n' || *at == '\t')
            fputs(*at == '\n' ? "\\n" : "\\t", out);
        else
            fprintf(out, "%s%c", *at == '"' || *at == '\\' ? "\\" : "", *at);
    fputc('"', out);
}

static const void *
data_at(const void *struct_, const cyaml_schema_field_t *field)
{
    return *(void *const *)(const void *)((const char *)struct_ + field->data_offset);
}

static uint32_t
count_at(const void *struct_, const cyaml_schema_field_t *field)
{
    return *(const uint32_t *)(const void *)((const char *)struct_ + field->count_offset);
}

static bool
given(const void *struct_, const cyaml_schema_field_t *field)
{
    return data_at(struct_, field) && (field->value.type != CYAML_SEQUENCE || count_at(struct_, field) > 0);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static void
flow(FILE *out, const cyaml_schema_value_t *value, const void *data, uint32_t count)
{
    const char *separator = "";

    if (value->type == CYAML_STRING) {
        scalar(out, data);
        return;
    }
    fputc(value->type == CYAML_SEQUENCE ? '[' : '{', out);
    for (uint32_t i = 0; value->type == CYAML_SEQUENCE && i < count; i++) {
        const void *entry = (const char *)data + (size_t)i * value->data_size;
        bool text = value->sequence.entry->type == CYAML_STRING;

        fputs(i ? ", " : "", out);
        flow(out, value->sequence.entry, text ? *(void *const *)entry : entry, 0);
    }
    for (const cyaml_schema_field_t *field = value->mapping.fields; value->type == CYAML_MAPPING && field->key; field++)
        if (given(data, field)) {
            fprintf(out, "%s%s: ", separator, field->key);
            flow(out, &field->value, data_at(data, field), field->count_size ? count_at(data, field) : 0);
            separator = ", ";
        }
    fputc(value->type == CYAML_SEQUENCE ? ']' : '}', out);
}

static bool
of_texts(const cyaml_schema_field_t *field)
{
    return field->value.type == CYAML_STRING ||
           (field->value.type == CYAML_SEQUENCE && field->value.sequence.entry->type == CYAML_STRING);
}

/* The fields of one entry, a line each; a list of keys has a line an entry. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static void
block(FILE *out, const cyaml_schema_field_t *fields, const void *data, const char *first, const char *indent)
{
    const char *before = first;

    for (const cyaml_schema_field_t *field = fields; field->key; field++) {
        uint32_t count = field->count_size ? count_at(data, field) : 0;

        if (!given(data, field))
            continue;
        fprintf(out, "%s%s:", before, field->key);
        before = indent;
        if (of_texts(field)) {
            fputc(' ', out);
            flow(out, &field->value, data_at(data, field), count);
        } else if (field->value.type == CYAML_MAPPING) {
            fputc('\n', out);
            block(out, field->value.mapping.fields, data_at(data, field), "    ", "    ");
            continue;
        }
        fputc('\n', out);
        for (uint32_t i = 0; !of_texts(field) && i < count; i++) {
            fprintf(out, "%s- ", indent);
            flow(out, field->value.sequence.entry,
                 (const char *)data_at(data, field) + (size_t)i * field->value.data_size, 0);
            fputc('\n', out);
        }
    }
}

static void
origin(struct writer *writer, const char *place, const char *before)
{
    char at[PACK_PLACE_MAX];
    struct pack_file *written = pack_file_where(writer->file, place, at);
    const char *slash = strrchr(written->path, '/');

    fprintf(writer->out, "%s# %s:%zu\n", before, slash ? slash + 1 : written->path, source_line(&written->source, at));
}

static void
entries(struct writer *writer, const cyaml_schema_field_t *field)
{
    const struct yaml_pack *pack = &writer->file->whole;
    char place[PACK_PLACE_MAX];

    fprintf(writer->out, "\n%s:\n", field->key);
    for (uint32_t i = 0; i < entries_count(pack, field); i++) {
        snprintf(place, sizeof(place), "%s.%u", field->key, i);
        origin(writer, place, "");
        block(writer->out, field->value.sequence.entry->mapping.fields, entry_at(pack, field, i), "- ", "  ");
    }
}

static void
key(struct writer *writer, const cyaml_schema_field_t *field)
{
    const struct yaml_pack *pack = &writer->file->whole;

    if (!given(pack, field))
        return;
    if (field->value.type == CYAML_SEQUENCE && !of_texts(field)) {
        entries(writer, field);
        return;
    }
    fprintf(writer->out, "%s%s:", of_texts(field) && field->value.type == CYAML_STRING ? "" : "\n", field->key);
    if (field->value.type == CYAML_MAPPING) {
        origin(writer, field->key, "  ");
        block(writer->out, field->value.mapping.fields, data_at(pack, field), "  ", "  ");
        return;
    }
    fputc(' ', writer->out);
    flow(writer->out, &field->value, data_at(pack, field), field->count_size ? count_at(pack, field) : 0);
    origin(writer, field->key, "  ");
}

void
pack_file_show(struct pack_file *file, FILE *out)
{
    struct writer writer = {.file = file, .out = out};

    if (file->own->amends)
        fprintf(out, "# The whole of %s, with what it inherits of %s. At #: where it is written.\n", file->own->id,
                file->own->amends);
    for (int lists = 0; lists < 2; lists++) /* the head before the lists */
        for (const cyaml_schema_field_t *field = pack_keys; field->key; field++)
            if ((field->value.type != CYAML_STRING) == lists && strcmp(field->key, "amends") &&
                strcmp(field->key, "repeals"))
                key(&writer, field);
}
