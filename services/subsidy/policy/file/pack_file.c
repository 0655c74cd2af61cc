/* From a pack's file to the checked pack, over the files that it amends. */
#include "subsidy/policy/file/pack_file.h"

#include <stdlib.h>
#include <string.h>

#include "subsidy/policy/file/compile.h"
#include "subsidy/policy/pack.h"

/* A pack that amends one that amends one: deeper than this somebody has lost the thread. */
#define AMENDED_DEEP 8

static struct pack_file *open_file(const char *path, const struct pack_file *above, char *fault, size_t size);

/* ---- Where things are written ---- */

static const struct amend_key *
how_of(const char *key, size_t length)
{
    for (size_t i = 0; i < amend_keys_count; i++)
        if (strlen(amend_keys[i].key) == length && !memcmp(amend_keys[i].key, key, length))
            return &amend_keys[i];
    return NULL;
}

/* The entry of a list among the pack's own, or among the amended one's: "rules.3.amount" becomes "rules.0.amount". */
static struct pack_file *
where_entry(struct pack_file *file, const char *place, const cyaml_schema_field_t *field, char out[PACK_PLACE_MAX])
{
    const char *dot = strchr(place, '.');
    char *rest = NULL;
    unsigned long at = dot ? strtoul(dot + 1, &rest, 10) : 0;
    char below[PACK_PLACE_MAX];
    const void *entry;
    long mine, theirs;

    snprintf(out, PACK_PLACE_MAX, "%s", place);
    if (!dot || at >= entries_count(&file->whole, field))
        return file;
    entry = entry_at(&file->whole, field, (uint32_t)at);
    mine = entry_like(file->own, field, entry, 0);
    /* One that is there twice, by mistake, is the second of its own. */
    for (long like = entry_like(&file->whole, field, entry, 0); mine >= 0 && like >= 0 && like < (long)at;
         like = entry_like(&file->whole, field, entry, (uint32_t)like + 1)) {
        long next = entry_like(file->own, field, entry, (uint32_t)mine + 1);

        mine = next >= 0 ? next : mine;
    }
    theirs = mine < 0 ? entry_like(&file->base->whole, field, entry, 0) : -1;
    snprintf(below, sizeof(below), "%s.%ld%.*s", field->key, mine < 0 ? theirs : mine, 80, rest);
    if (theirs >= 0)
        return pack_file_where(file->base, below, out);
    snprintf(out, PACK_PLACE_MAX, "%s", mine < 0 ? "amends" : below);
    return file;
}

struct pack_file *
pack_file_where(struct pack_file *file, const char *place, char out[PACK_PLACE_MAX])
{
    size_t length = strcspn(place, ".");
    const struct amend_key *how = how_of(place, length);
    char first[PACK_PLACE_MAX];

    snprintf(out, PACK_PLACE_MAX, "%s", place);
    if (!file->base || !how || how->how == AMEND_OWN)
        return file;
    if (how->how == AMEND_ENTRIES)
        return where_entry(file, place, pack_field(place, length), out);
    snprintf(first, sizeof(first), "%.*s", how->how == AMEND_PARTS ? (int)strlen(place) : (int)length, place);
    return source_has(&file->source, first) ? file : pack_file_where(file->base, place, out);
}

bool
pack_file_fault(struct pack_file *file, const char *place, const char *text)
{
    char at[PACK_PLACE_MAX];
    struct pack_file *written = pack_file_where(file, place, at);

    if (written == file)
        return source_fault(&file->source, at, "%s", text);
    return source_fault(&file->source, "amends", "%s (%s:%zu, which stands)", text, written->path,
                        source_line(&written->source, at));
}

/* ---- Loading ---- */

/* Is the pack that is amended one of those that amend this one? */
static bool
in_a_circle(const struct pack_file *file)
{
    for (const struct pack_file *at = file->above; at; at = at->above)
        if (!strcmp(at->own->id, file->own->amends))
            return true;
    return false;
}

/* The pack that is amended, from the file of its id beside this one. */
static bool
base_opened(struct pack_file *file)
{
    const char *amends = file->own->amends, *slash = strrchr(file->path, '/');
    char path[4096], fault[PACK_FAULT_MAX];
    unsigned depth = 0;

    if (!*amends || strspn(amends, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(amends))
        return source_fault(&file->source, "amends", "\"%s\" is no pack's id; write one like shijiazhuang-2019",
                            amends);
    if (!strcmp(amends, file->own->id))
        return source_fault(&file->source, "amends",
                            "amends: \"%s\" is not another pack: give the amending one an id of its own", amends);
    for (const struct pack_file *at = file; at; at = at->above)
        depth++;
    if (in_a_circle(file))
        return source_fault(&file->source, "amends", "%s amends this pack, or one that amends it: a circle", amends);
    if (depth > AMENDED_DEEP)
        return source_fault(&file->source, "amends", "more than %d packs amend one another; write one of them out",
                            AMENDED_DEEP);
    snprintf(path, sizeof(path), "%.*s%s.yaml", slash ? (int)(slash - file->path + 1) : 0, file->path, amends);
    file->base = open_file(path, file, fault, sizeof(fault));
    return file->base || source_fault(&file->source, "amends", "the pack that it amends cannot be used: %s", fault);
}

static bool
compiled(struct pack_file *file)
{
    pack_free(file->pack);
    file->pack = pack_compile(file);
    return file->pack != NULL;
}

static bool
checked(struct pack_file *file)
{
    struct pack_fault fault;

    return pack_check(file->pack, &fault) || pack_file_fault(file, fault.path, fault.text);
}

static struct pack_file *
open_file(const char *path, const struct pack_file *above, char *fault, size_t size)
{
    struct pack_file *file = compile_fresh(1, sizeof(*file));
    bool good;

    file->path = compile_copy(path);
    file->above = above;
    good = source_open(&file->source, file->path, fault, size);
    file->own = good ? source_load(&file->source, &pack_schema, CYAML_CFG_DEFAULT) : NULL;
    good = file->own && (!file->own->amends || base_opened(file)) && amend_make(file) && compiled(file);
    while (good && amend_sweep(file)) /* a catalogue that goes leaves its shortage classes without use */
        good = compiled(file);
    if (good && checked(file))
        return file;
    pack_file_close(file);
    return NULL;
}

struct pack_file *
pack_file_open(const char *path, char *fault, size_t size)
{
    return open_file(path, NULL, fault, size);
}

void
pack_file_close(struct pack_file *file)
{
    if (!file)
        return;
    pack_free(file->pack);
    for (size_t i = 0; i < file->made_count; i++)
        free(file->made[i]);
    free(file->made);
    if (file->own)
        source_free(&pack_schema, file->own);
    pack_file_close(file->base);
    source_close(&file->source);
    free(file->path);
    free(file);
}

Policy__Pack *
pack_load(const char *path, char *fault, size_t size)
{
    struct pack_file *file = pack_file_open(path, fault, size);
    Policy__Pack *pack = file ? file->pack : NULL;

    if (file)
        file->pack = NULL;
    pack_file_close(file);
    return pack;
}

void
pack_free(Policy__Pack *pack)
{
    if (pack)
        policy__pack__free_unpacked(pack, NULL);
}
