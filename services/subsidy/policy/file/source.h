/* A YAML file with its faults: what cannot be used is named with file, line and what to do. For tools; takes memory. */
#ifndef POLICY_SOURCE_H
#define POLICY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cyaml/cyaml.h>

#include "domain/words.h"

#define SOURCE_BYTES_MAX (16u << 20) /* a thousand times our pack, forty times the largest case file */

struct source {
    const char *path;
    uint8_t *text;
    size_t size;
    char *fault; /* where the first fault is written: "FILE:LINE: what to do" */
    size_t fault_size;
    bool failed;
    void *document; /* the parsed text, once a line was asked for */
};

/* Reads the file. False, with the fault written, where it cannot be. */
bool source_open(struct source *source, const char *path, char *fault, size_t size);
void source_close(struct source *source);

/* Loads strictly: every key must be in the schema. flags: 0, or CYAML_CFG_IGNORE_UNKNOWN_KEYS for a first look. NULL,
 * with the fault written, where it cannot. Scalars are strings in all our schemas: libcyaml takes "maybe" for true and
 * "12x" for 12. */
void *source_load(struct source *source, const cyaml_schema_value_t *schema, cyaml_cfg_flags_t flags);
void source_free(const cyaml_schema_value_t *schema, void *data);

/* Writes the first fault, with the line of the node at `place` ("rules.3.amount"; the nearest that exists); later ones
 * are kept out. Always false. */
__attribute__((format(printf, 3, 4))) bool source_fault(struct source *source, const char *place, const char *format,
                                                        ...);

/* "one of rural, urban" for a fault. */
#define SOURCE_WORDS_MAX 1200 /* the longest vocabulary, the reasons, has some 600 bytes */
const char *source_words(const struct vocabulary *words, char buf[SOURCE_WORDS_MAX]);

/* The scalar at `place`; NULL where there is none. Lives as long as the source. */
const char *source_text(struct source *source, const char *place);

/* The line of the node at `place`, from 1. */
size_t source_line(struct source *source, const char *place);

/* Is there a node at `place`, empty or not? */
bool source_has(struct source *source, const char *place);

#endif
