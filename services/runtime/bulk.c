/* Bulk commands. */
#include "runtime/bulk.h"

enum jn_code
jn_bulk_open(struct jn_bulk *bulk, struct jn_decision *d, size_t rows, const char *none)
{
    *bulk = (struct jn_bulk){.d = d};
    if (rows == 0)
        return jn_refuse(d, JN_MALFORMED, "%s", none ? none : "there are no rows in it: send at least one");
    if (rows > JN_ROWS_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "%zu rows: a command takes %d, split it", rows, JN_ROWS_MAX);
    bulk->refused = jn_take(d->view, rows * sizeof(*bulk->refused));
    bulk->notes = jn_take(d->view, rows * sizeof(*bulk->notes));
    return JN_OK;
}

void
jn_bulk_begin(struct jn_bulk *bulk)
{
    jn_row_begin(bulk->d);
}

bool
jn_bulk_end(struct jn_bulk *bulk, size_t row, enum jn_code code)
{
    if (jn_row_end(bulk->d, code) == JN_OK) {
        bulk->done++;
        return true;
    }
    bulk->refused[bulk->refused_count++] = jn_outcome(bulk->d, row, code, jn_row_reason(bulk->d));
    return false;
}

void
jn_bulk_note(struct jn_bulk *bulk, size_t row, const char *sentence)
{
    if (bulk->notes_count > 0 && bulk->notes[bulk->notes_count - 1]->row == row)
        return;
    bulk->notes[bulk->notes_count++] = jn_outcome(bulk->d, row, JN_OK, sentence);
}
