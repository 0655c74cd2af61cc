/* A pack's file with those that it amends (修订), and the whole that comes of them. For tools; takes memory. */
#ifndef POLICY_PACK_FILE_H
#define POLICY_PACK_FILE_H

#include <stdio.h>

#include "subsidy/policy/file/pack_yaml.h"
#include "subsidy/policy/file/source.h"

/* Something that the amending pack took out or left without use: what `jineng policy check` tells of it. */
#define PACK_LOSSES_MAX 64
struct pack_loss {
    char key[20]; /* the file's key that did it, for the line */
    char text[240];
};

struct pack_file {
    struct source source;
    struct yaml_pack *own;         /* as the file writes it */
    struct yaml_pack whole;        /* with what it inherits: what the pack is compiled from */
    struct pack_file *base;        /* the amended one's; NULL where it amends none */
    const struct pack_file *above; /* the one that amends it */
    Policy__Pack *pack;
    char *path;
    void **made; /* for the whole, freed with it */
    size_t made_count;
    struct pack_loss losses[PACK_LOSSES_MAX]; /* the first of them */
    size_t losses_count;
};

/* The file, the ones that it amends beside it, and the checked pack. NULL where it cannot be used: `fault` says file,
 * line and what to do. */
struct pack_file *pack_file_open(const char *path, char *fault, size_t size);
void pack_file_close(struct pack_file *file);

/* Where a place of the whole ("rules.3.amount") is written: the file, and in `out` the place in it. */
#define PACK_PLACE_MAX 160
struct pack_file *pack_file_where(struct pack_file *file, const char *place, char out[PACK_PLACE_MAX]);

/* Writes the first fault at a place of the whole; what is inherited stands at `amends`, and is told where it is
 * written. Always false. */
bool pack_file_fault(struct pack_file *file, const char *place, const char *text);

/* Prints the whole as a pack that amends none, each part with the file and line that it is written in. */
void pack_file_show(struct pack_file *file, FILE *out);

/* Amending: makes the whole of what the file writes and what it inherits (amend.c). False with the fault written. */
bool amend_make(struct pack_file *file);
/* Cuts what is inherited to the new pack's days and items (amend_trim.c). */
void amend_trim(struct pack_file *file);
/* Takes out what the file inherits and nothing uses any more; true where something went, and the pack is to be compiled
 * again. */
bool amend_sweep(struct pack_file *file);

/* For the files that do it: memory that is freed with the file; a loss; an entry taken out. */
void *amend_keep(struct pack_file *file, size_t count, size_t size);
__attribute__((format(printf, 3, 4))) void amend_lose(struct pack_file *file, const char *key, const char *format, ...);
void amend_take_out(struct pack_file *file, const char *list, uint32_t place);
bool amend_inherited(const struct pack_file *file, const char *list, uint32_t place);
/* " (city-2019.yaml:52)": where an entry of the whole is written. */
#define AMEND_ORIGIN 100
const char *amend_origin(struct pack_file *file, const char *list, uint32_t place, char out[AMEND_ORIGIN]);

/* How an amending pack's key stands to the amended one's. */
enum amend_how { AMEND_OWN, AMEND_LEFT, AMEND_WHOLE, AMEND_PARTS, AMEND_ENTRIES };
struct amend_key {
    const char *key;
    enum amend_how how;
    bool number;                    /* entries are known by a number */
    const struct vocabulary *words; /* or by a word, which has two names; NULL: by their text */
};
extern const struct amend_key amend_keys[];
extern const size_t amend_keys_count;
/* "entry by entry" and so on, as deploy/policy/README.md lists the keys. */
extern const char *const amend_hows[AMEND_ENTRIES + 1];

/* Entries of the lists of a pack by what they are known by. */
const cyaml_schema_field_t *pack_field(const char *key, size_t length);
uint32_t entries_count(const struct yaml_pack *pack, const cyaml_schema_field_t *field);
void *entry_at(const struct yaml_pack *pack, const cyaml_schema_field_t *field, uint32_t place);
/* The place of the entry from `from` on that is known by what `entry` is; -1 where there is none. */
long entry_like(const struct yaml_pack *pack, const cyaml_schema_field_t *field, const void *entry, uint32_t from);

extern const cyaml_schema_value_t pack_schema;
extern const cyaml_schema_field_t pack_keys[];

#endif
