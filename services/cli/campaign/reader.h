/* What the nouns' files share while a folder is read: memory, indexes, rows, cells, rejections. */
#ifndef CLI_CAMPAIGN_READER_H
#define CLI_CAMPAIGN_READER_H

#include <openssl/evp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/campaign/campaign.h"
#include "domain/words.h"

/* Memory that lives as long as the campaign: chunks, filled from the front. Runs out only where the machine does, and
 * then the program ends: nothing has been done yet. */
struct arena {
    struct arena_chunk *newest;
};
void *arena_take(struct arena *arena, size_t size);
const char *arena_copy(struct arena *arena, const char *text);
void arena_free(struct arena *arena);

/* Room for one more: doubles. count is the elements in use; returns the array. */
void *array_room(void *array, uint32_t count, size_t size);
/* A copy of it all, to be freed; NULL of nothing. */
void *array_copy(const void *array, uint32_t count, size_t size);
/* APPEND(c->roster, row): c->roster_count counts it. */
#define APPEND(array, element)                                                                                         \
    ((array) = array_room((array), array##_count, sizeof(*(array))), (array)[array##_count++] = (element))

/* Bytes to numbers: libcrypto's linear hash. */
struct index;
struct index *index_new(struct arena *arena);
void index_free(struct index *index);
/* False where the key is there already. */
bool index_put(struct index *index, const void *key, size_t length, uint32_t value);
/* CAMPAIGN_NONE where it is not there. */
uint32_t index_get(const struct index *index, const void *key, size_t length);
bool index_put_text(struct index *index, const char *key, uint32_t value);
uint32_t index_get_text(const struct index *index, const char *key);

/* Columns of the widest sheet: classes has 14. */
#define COLUMNS_MAX 16

struct column {
    const char *name, *zh;
    bool required; /* a sheet without it cannot be read */
};

struct row {
    struct reader *reader;
    const struct sheet *sheet;
    uint32_t line;
    const char *cells[COLUMNS_MAX]; /* by the sheet's own columns; blanks cut off; "" where the column is missing */
};

/* A kind of sheet: one a noun's file. */
struct sheet {
    const char *name;
    bool required;
    const struct column *columns;
    size_t columns_count;
    void (*use)(const struct row *row);    /* a row with as many cells as the header */
    void (*finish)(struct reader *reader); /* after the last row; NULL where nothing is left to do */
};

extern const struct sheet divisions_sheet, appropriations_sheet, standards_sheet, references_sheet, institutions_sheet,
    projects_sheet, classes_sheet, roster_sheet, attendance_sheet, results_sheet, attestations_sheet, history_sheet,
    enterprise_history_sheet;

struct reader {
    struct campaign *campaign;
    struct campaign_options options;
    struct campaign_stop *stop;
    struct arena arena;
    enum campaign_file file;                          /* the one being read */
    const char *headers[CAMPAIGN_FILES][COLUMNS_MAX]; /* as the sheets have them */
    bool present[CAMPAIGN_FILES];                     /* read, and digested */
    uint8_t digests[CAMPAIGN_FILES][CAMPAIGN_DIGEST_BYTES];
    struct index *division_of, *institution_of, *project_of, *class_of, *person_of;
    struct index *standard_of, *reference_of, *sheet_of; /* keys taken */
};

/* Reads one sheet through; false where it stops the import (reader->stop is filled). */
bool sheet_read(struct reader *reader, int folder, enum campaign_file file);
/* The text of one, from its first byte to its last; what passes goes into the digest. */
bool sheet_parse(struct reader *reader, const struct sheet *sheet, FILE *file, EVP_MD_CTX *digest);
/* Why nothing is read. Always false. */
bool sheet_stop(struct reader *reader, uint32_t line, const char *column, const char *reason);

/* Digests of the sheets that were read, in the order of their names. */
void digest_folder(struct reader *reader);

/* Sets a row aside. Always false, so that a check may return it. detail is what the cell said, shown where it cannot
 * name a person; NULL for nothing. */
bool reject(const struct row *row, int column, const char *reason, const char *detail);
/* The same after the row is gone. */
void reject_line(struct reader *reader, enum campaign_file file, uint32_t line, int column, const char *reason);
void note(const struct row *row, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* By file and line; counts them. */
void rejections_finish(struct reader *reader);

/* A cell as a value. False: the row was rejected. What may be empty is told by the name. */
bool cell_text(const struct row *row, int column, size_t bytes_max, const char **out);
bool cell_text_or_empty(const struct row *row, int column, size_t bytes_max, const char **out);
/* A copy; a longer text is cut between two characters, with a note: nothing hangs on it. */
const char *cell_text_cut(const struct row *row, int column, size_t bytes_max);
bool cell_day(const struct row *row, int column, int32_t *out);
/* A day of the campaign, which the suite's clock must reach: it begins in 1970. */
bool cell_played_day(const struct row *row, int column, int32_t *out);
bool cell_day_or(const struct row *row, int column, int32_t absent, int32_t *out);
bool cell_money(const struct row *row, int column, int64_t *out);
bool cell_number_or_zero(const struct row *row, int column, uint32_t max, uint32_t *out);
bool cell_number(const struct row *row, int column, uint32_t max, uint32_t *out);
bool cell_truth(const struct row *row, int column, bool *out);
bool cell_truth_or_false(const struct row *row, int column, bool *out);
bool cell_level_or_zero(const struct row *row, int column, int *out);
bool cell_word(const struct row *row, int column, const struct vocabulary *words, int *out);
bool cell_item(const struct row *row, int column, int *out); /* the policy's own too */
bool cell_word_or_zero(const struct row *row, int column, const struct vocabulary *words, int *out);
bool cell_groups(const struct row *row, int column, uint16_t *out);
bool cell_credit(const struct row *row, int column, char out[CREDIT_TEXT]);
bool cell_division(const struct row *row, int column, uint32_t *out);
bool cell_institution(const struct row *row, int column, const char *unknown, uint32_t *out);
bool cell_class(const struct row *row, int column, uint32_t *out);
bool cell_occupation_or_empty(const struct row *row, int column, char out[OCCUPATION_TEXT]);
/* The number put right, with a note where it had to be. */
bool cell_citizen(const struct row *row, int column, char out[CITIZEN_TEXT]);

/* The next element of a list in a cell, blanks cut off, empty ones passed over, copied to out; false at the end or
 * where an element is longer than size - 1 (out then holds its beginning and *list is left in place). */
bool list_next(const char **list, char *out, size_t size, bool *too_long);

/* A person by number: found, or found and entered. */
uint64_t person_key(const char id[CITIZEN_TEXT]);
uint32_t person_find(const struct reader *reader, const char id[CITIZEN_TEXT]);
uint32_t person_enter(struct reader *reader, const char id[CITIZEN_TEXT]);

#endif
