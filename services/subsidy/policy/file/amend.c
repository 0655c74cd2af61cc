/* A pack that amends another (修订): what it says takes the place of what it inherits, key by key as the table says;
 * what it repeals goes, and all else stands. Done on the text, so that the whole can be printed and compiled as if
 * somebody had written it. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/file/pack_file.h"
#include "subsidy/policy/pack.h"

const char *const amend_hows[] = {
    [AMEND_OWN] = "its own",        [AMEND_LEFT] = "inherited where left out", [AMEND_WHOLE] = "replaced whole",
    [AMEND_PARTS] = "part by part", [AMEND_ENTRIES] = "entry by entry",
};

/* Every key of a pack stands here: one that did not would be lost in silence. */
const struct amend_key amend_keys[] = {
    {"pack", AMEND_OWN, false, NULL},
    {"amends", AMEND_OWN, false, NULL},
    {"repeals", AMEND_OWN, false, NULL},
    {"from", AMEND_OWN, false, NULL},
    {"until", AMEND_OWN, false, NULL},
    {"title", AMEND_LEFT, false, NULL},
    {"title_zh", AMEND_LEFT, false, NULL},
    {"division", AMEND_LEFT, false, NULL},
    {"notice_working_days", AMEND_LEFT, false, NULL},
    {"advance_percent", AMEND_LEFT, false, NULL},
    {"write_off_most", AMEND_LEFT, false, NULL},
    {"counted", AMEND_WHOLE, false, NULL},
    {"way", AMEND_WHOLE, false, NULL},
    {"terms", AMEND_PARTS, false, NULL},
    {"rules", AMEND_ENTRIES, true, NULL},
    {"limits", AMEND_ENTRIES, true, NULL},
    {"items", AMEND_ENTRIES, false, NULL},
    {"shortages", AMEND_ENTRIES, false, NULL},
    {"lists", AMEND_ENTRIES, false, NULL},
    {"catalogues", AMEND_ENTRIES, false, NULL},
    {"references", AMEND_ENTRIES, false, NULL},
    {"readings", AMEND_ENTRIES, false, NULL},
    {"implications", AMEND_ENTRIES, false, &words_groups},
    {"grants", AMEND_ENTRIES, false, &words_purposes},
    {"gates", AMEND_ENTRIES, false, &words_gates},
};
const size_t amend_keys_count = sizeof(amend_keys) / sizeof(amend_keys[0]);

static const struct amend_key *
key_of(const char *key)
{
    for (size_t i = 0; i < amend_keys_count; i++)
        if (!strcmp(amend_keys[i].key, key))
            return &amend_keys[i];
    abort(); /* a key of the schema that nobody has said how it is amended */
}

/* ---- Fields and entries by the schema ---- */

const cyaml_schema_field_t *
pack_field(const char *key, size_t length)
{
    for (const cyaml_schema_field_t *field = pack_keys; field->key; field++)
        if (strlen(field->key) == length && !memcmp(field->key, key, length))
            return field;
    return NULL;
}

static void **
data_of(const struct yaml_pack *pack, const cyaml_schema_field_t *field)
{
    return (void **)(void *)((char *)(uintptr_t)pack + field->data_offset);
}

static uint32_t *
count_of(const struct yaml_pack *pack, const cyaml_schema_field_t *field)
{
    return (uint32_t *)(void *)((char *)(uintptr_t)pack + field->count_offset);
}

uint32_t
entries_count(const struct yaml_pack *pack, const cyaml_schema_field_t *field)
{
    return *count_of(pack, field);
}

void *
entry_at(const struct yaml_pack *pack, const cyaml_schema_field_t *field, uint32_t place)
{
    return (char *)*data_of(pack, field) + (size_t)place * field->value.data_size;
}

/* The text of one key of an entry. */
static const char *
text_of(const void *entry, const cyaml_schema_field_t *key)
{
    return *(char *const *)(const void *)((const char *)entry + key->data_offset);
}

static bool
same_text(const struct amend_key *how, const char *one, const char *other)
{
    const struct word *word = how->words ? word_find(how->words, one) : NULL;

    if (how->number && *one && *other && strspn(one, "0123456789") == strlen(one) &&
        strspn(other, "0123456789") == strlen(other))
        return strtoul(one, NULL, 10) == strtoul(other, NULL, 10);
    return word ? word == word_find(how->words, other) : !strcmp(one, other);
}

/* An implication is known by both of its groups, all else by one key. */
static bool
same_entry(const cyaml_schema_field_t *field, const void *one, const void *other)
{
    const struct amend_key *how = key_of(field->key);
    const cyaml_schema_field_t *keys = field->value.sequence.entry->mapping.fields;

    return same_text(how, text_of(one, &keys[0]), text_of(other, &keys[0])) &&
           (strcmp(field->key, "implications") || same_text(how, text_of(one, &keys[1]), text_of(other, &keys[1])));
}

long
entry_like(const struct yaml_pack *pack, const cyaml_schema_field_t *field, const void *entry, uint32_t from)
{
    for (uint32_t i = from; i < entries_count(pack, field); i++)
        if (same_entry(field, entry_at(pack, field, i), entry))
            return (long)i;
    return -1;
}

/* ---- For the files that amend ---- */

void *
amend_keep(struct pack_file *file, size_t count, size_t size)
{
    void *made = compile_fresh(count, size);

    file->made = compile_grown(file->made, file->made_count);
    file->made[file->made_count++] = made;
    return made;
}

void
amend_lose(struct pack_file *file, const char *key, const char *format, ...)
{
    struct pack_loss *loss = &file->losses[file->losses_count];
    va_list args;

    if (file->losses_count == PACK_LOSSES_MAX)
        return;
    file->losses_count++;
    snprintf(loss->key, sizeof(loss->key), "%s", key);
    va_start(args, format);
    vsnprintf(loss->text, sizeof(loss->text), format, args);
    va_end(args);
}

void
amend_take_out(struct pack_file *file, const char *list, uint32_t place)
{
    const cyaml_schema_field_t *field = pack_field(list, strlen(list));
    uint32_t *count = count_of(&file->whole, field);

    memmove(entry_at(&file->whole, field, place), entry_at(&file->whole, field, place + 1),
            (size_t)(*count - place - 1) * field->value.data_size);
    (*count)--;
}

bool
amend_inherited(const struct pack_file *file, const char *list, uint32_t place)
{
    const cyaml_schema_field_t *field = pack_field(list, strlen(list));

    return file->base && entry_like(file->own, field, entry_at(&file->whole, field, place), 0) < 0;
}

const char *
amend_origin(struct pack_file *file, const char *list, uint32_t place, char out[AMEND_ORIGIN])
{
    char at[PACK_PLACE_MAX], whole[PACK_PLACE_MAX];
    struct pack_file *written;
    const char *name;

    snprintf(whole, sizeof(whole), "%s.%u", list, place);
    written = pack_file_where(file, whole, at);
    name = strrchr(written->path, '/');
    snprintf(out, AMEND_ORIGIN, " (%.70s:%zu)", name ? name + 1 : written->path, source_line(&written->source, at));
    return out;
}

/* ---- Repealing ---- */

/* "108" is a rule or a limit; "reading TEXT", "grant PURPOSE", "gate GATE", "implication GROUP GROUP" say which list.
 */
static const char *const repealed_kinds[][2] = {
    {"reading ", "readings"}, {"grant ", "grants"}, {"gate ", "gates"}, {"implication ", "implications"}};

static bool
repealed_by(const char *text, const cyaml_schema_field_t *field, const void *entry)
{
    const struct amend_key *how = key_of(field->key);
    const cyaml_schema_field_t *keys = field->value.sequence.entry->mapping.fields;
    char both[2 * PACK_TEXT_MAX + 4];

    if (how->number)
        return strspn(text, "0123456789") == strlen(text) && same_text(how, text, text_of(entry, &keys[0]));
    for (size_t i = 0; i < sizeof(repealed_kinds) / sizeof(repealed_kinds[0]); i++) {
        size_t length = strlen(repealed_kinds[i][0]);

        if (strcmp(field->key, repealed_kinds[i][1]) || strncmp(text, repealed_kinds[i][0], length))
            continue;
        if (strcmp(field->key, "implications"))
            return same_text(how, text + length, text_of(entry, &keys[0]));
        snprintf(both, sizeof(both), "%s %s", text_of(entry, &keys[0]), text_of(entry, &keys[1]));
        return !strcmp(text + length, both);
    }
    return false;
}

static bool
repealed(const struct pack_file *file, const cyaml_schema_field_t *field, const void *entry)
{
    for (uint32_t i = 0; i < file->own->repeals.count; i++)
        if (repealed_by(file->own->repeals.words[i], field, entry))
            return true;
    return false;
}

/* Does the text name something of the amended pack? */
static bool
names_something(const struct pack_file *file, const char *text)
{
    for (const cyaml_schema_field_t *field = pack_keys; file->base && field->key; field++)
        for (uint32_t i = 0; key_of(field->key)->how == AMEND_ENTRIES && i < entries_count(&file->base->whole, field);
             i++)
            if (repealed_by(text, field, entry_at(&file->base->whole, field, i)))
                return true;
    return false;
}

static bool
repeals_good(struct pack_file *file)
{
    const struct yaml_list *repeals = &file->own->repeals;

    for (uint32_t i = 0; i < repeals->count; i++) {
        bool again = false;

        for (uint32_t j = 0; j < i; j++)
            again |= !strcmp(repeals->words[i], repeals->words[j]);
        if (again || !names_something(file, repeals->words[i]))
            return source_fault(&file->source, "repeals",
                                "repeals: \"%s\" is not the number of a rule or limit of the pack that is amended%s",
                                repeals->words[i],
                                again ? ", which it repeals already"
                                      : ", nor its \"reading ABOUT\", \"grant PURPOSE\", \"gate GATE\" or "
                                        "\"implication GROUP GROUP\"; lists, catalogues and reference figures fall "
                                        "away by themselves once nothing uses them");
    }
    return true;
}

/* ---- Making the whole ---- */

/* A later one of the same number would take the place of the first unseen. */
static bool
numbers_once(struct pack_file *file)
{
    const struct yaml_pack *own = file->own;
    static const struct amend_key by_number = {"rules", AMEND_ENTRIES, true, NULL};

    for (uint32_t i = 0; i < own->rules_count + own->limits_count; i++)
        for (uint32_t j = 0; j < i; j++) {
            bool rule = i < own->rules_count;
            const char *one = rule ? own->rules[i].number : own->limits[i - own->rules_count].number;
            const char *other = j < own->rules_count ? own->rules[j].number : own->limits[j - own->rules_count].number;
            char place[40];

            if (!same_text(&by_number, one, other))
                continue;
            snprintf(place, sizeof(place), "%s.%u.rule", rule ? "rules" : "limits", rule ? i : i - own->rules_count);
            return source_fault(&file->source, place, "rule: \"%s\" is not a number of its own: it is there twice",
                                one);
        }
    return true;
}

/* What it inherits less what it repeals, each entry replaced by its own of the same name; then its own others. */
static void
entries(struct pack_file *file, const cyaml_schema_field_t *field)
{
    const struct yaml_pack *own = file->own, *base = &file->base->whole;
    uint32_t theirs = entries_count(base, field), mine = entries_count(own, field), count = 0;
    size_t size = field->value.data_size;
    char *made = amend_keep(file, (size_t)theirs + mine, size);
    bool *used = compile_fresh((size_t)mine, sizeof(*used));

    for (uint32_t i = 0; i < theirs; i++) {
        const void *entry = entry_at(base, field, i);
        long like = entry_like(own, field, entry, 0);

        if (repealed(file, field, entry) || (like >= 0 && used[like]))
            continue;
        if (like >= 0)
            used[like] = true;
        memcpy(made + count++ * size, like >= 0 ? entry_at(own, field, (uint32_t)like) : entry, size);
    }
    for (uint32_t i = 0; i < mine; i++)
        if (!used[i])
            memcpy(made + count++ * size, entry_at(own, field, i), size);
    free(used);
    *data_of(&file->whole, field) = made;
    *count_of(&file->whole, field) = count;
}

/* Each part that it does not say is inherited. */
static void
parts(struct pack_file *file, const cyaml_schema_field_t *field)
{
    const char *own = *data_of(file->own, field), *base = *data_of(&file->base->whole, field);
    char *made;

    if (!own || !base) {
        *data_of(&file->whole, field) = (void *)(uintptr_t)(own ? own : base);
        return;
    }
    made = amend_keep(file, 1, field->value.data_size);
    memcpy(made, own, field->value.data_size);
    for (const cyaml_schema_field_t *part = field->value.mapping.fields; part->key; part++)
        if (!text_of(own, part))
            *(char **)(void *)(made + part->data_offset) = (char *)(uintptr_t)text_of(base, part);
    *data_of(&file->whole, field) = made;
}

static void
make_field(struct pack_file *file, const cyaml_schema_field_t *field)
{
    enum amend_how how = key_of(field->key)->how;
    bool mine = how == AMEND_OWN || source_has(&file->source, field->key);
    const struct yaml_pack *from = mine ? file->own : &file->base->whole;

    if (how == AMEND_ENTRIES) {
        entries(file, field);
        return;
    }
    if (how == AMEND_PARTS) {
        parts(file, field);
        return;
    }
    *data_of(&file->whole, field) = *data_of(from, field);
    if (field->value.type == CYAML_SEQUENCE)
        *count_of(&file->whole, field) = *count_of(from, field);
}

bool
amend_make(struct pack_file *file)
{
    if (!repeals_good(file))
        return false;
    if (!file->base) {
        file->whole = *file->own;
        return true;
    }
    if (!numbers_once(file))
        return false;
    for (const cyaml_schema_field_t *field = pack_keys; field->key; field++)
        make_field(file, field);
    amend_trim(file);
    return true;
}
