/* Bulk commands: an outcome a row. A row that is refused costs only itself. */
#ifndef ENROLLMENT_BULK_H
#define ENROLLMENT_BULK_H

#include "jineng/v1/enrollment.pb-c.h"
#include "runtime/fold.h"

struct bulk {
    struct jn_decision *d;
    Common__Outcome *refused[JN_ROWS_MAX];
    Common__Outcome *notes[JN_ROWS_MAX];
    size_t refused_count, notes_count;
    uint32_t done, ignored;
};

/* MALFORMED without rows, TOO_LARGE with more than JN_ROWS_MAX. */
enum jn_code bulk_open(struct bulk *bulk, struct jn_decision *d, size_t rows);

/* Around each row: bulk_begin, what is decided about it, bulk_end with its code. True where the row stands. */
void bulk_begin(struct bulk *bulk);
bool bulk_end(struct bulk *bulk, size_t row, enum jn_code code);

/* What was put right about a row that is done; one sentence a row, the first stands. */
void bulk_note(struct bulk *bulk, size_t row, const char *sentence);

/* Replies with the Outcomes; JN_OK. */
enum jn_code bulk_reply(struct bulk *bulk);

#endif
