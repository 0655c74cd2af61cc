/* Bulk commands. */
#include "enrollment/bulk.h"

enum jn_code
bulk_open(struct bulk *bulk, struct jn_decision *d, size_t rows)
{
    *bulk = (struct bulk){.d = d};
    if (rows == 0)
        return jn_refuse(d, JN_MALFORMED, "there are no rows in it: send at least one");
    if (rows > JN_ROWS_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "%zu rows: a command takes %d, split it", rows, JN_ROWS_MAX);
    return JN_OK;
}

void
bulk_begin(struct bulk *bulk)
{
    jn_row_begin(bulk->d);
}

bool
bulk_end(struct bulk *bulk, size_t row, enum jn_code code)
{
    const char *reason = code == JN_OK ? "" : jn_row_reason(bulk->d);

    if (jn_row_end(bulk->d, code) == JN_OK) {
        bulk->done++;
        return true;
    }
    bulk->refused[bulk->refused_count++] = jn_outcome(bulk->d, row, code, reason);
    return false;
}

void
bulk_note(struct bulk *bulk, size_t row, const char *sentence)
{
    if (bulk->notes_count > 0 && bulk->notes[bulk->notes_count - 1]->row == row)
        return;
    bulk->notes[bulk->notes_count++] = jn_outcome(bulk->d, row, JN_OK, sentence);
}

enum jn_code
bulk_reply(struct bulk *bulk)
{
    Enrollment__Outcomes reply = ENROLLMENT__OUTCOMES__INIT;

    reply.refused = bulk->refused;
    reply.n_refused = bulk->refused_count;
    reply.notes = bulk->notes;
    reply.n_notes = bulk->notes_count;
    reply.done = bulk->done;
    reply.ignored = bulk->ignored;
    jn_reply(bulk->d, &reply.base);
    return JN_OK;
}
