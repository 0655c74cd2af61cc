/* Bulk commands (批量): an outcome a row. A row that is refused costs only itself. */
#ifndef RUNTIME_BULK_H
#define RUNTIME_BULK_H

#include "runtime/fold.h"

struct jn_bulk {
    struct jn_decision *d;
    Common__Outcome **refused, **notes;
    size_t refused_count, notes_count;
    uint32_t done;
};

/* MALFORMED without rows, with the sentence (NULL: that there are none); TOO_LARGE with more than JN_ROWS_MAX. */
enum jn_code jn_bulk_open(struct jn_bulk *bulk, struct jn_decision *d, size_t rows, const char *none);
/* Around each row: begin, what is decided about it, end with its code. True where the row stands. */
void jn_bulk_begin(struct jn_bulk *bulk);
bool jn_bulk_end(struct jn_bulk *bulk, size_t row, enum jn_code code);
/* What was put right about a row that is done; one sentence a row, the first stands. */
void jn_bulk_note(struct jn_bulk *bulk, size_t row, const char *sentence);

#endif
