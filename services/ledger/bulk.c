/* Bulk commands. */
#include "ledger/bulk.h"

enum jn_code
bulk_open(struct bulk *bulk, struct jn_decision *d, size_t rows, const char *none)
{
    if (rows == 0)
        return jn_refuse(d, JN_MALFORMED, "%s", none);
    if (rows > JN_ROWS_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "at most %d rows in one command; split it", JN_ROWS_MAX);
    *bulk = (struct bulk){.d = d, .refused = jn_take(d->view, rows * sizeof(*bulk->refused))};
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
    if (jn_row_end(bulk->d, code) == JN_OK) {
        bulk->done++;
        return true;
    }
    bulk->refused[bulk->refused_count++] = jn_outcome(bulk->d, row, code, jn_row_reason(bulk->d));
    return false;
}

enum jn_code
bulk_reply(struct bulk *bulk)
{
    Ledger__Outcomes reply = LEDGER__OUTCOMES__INIT;

    reply.refused = bulk->refused;
    reply.n_refused = bulk->refused_count;
    reply.done = bulk->done;
    jn_reply(bulk->d, &reply.base);
    return JN_OK;
}
