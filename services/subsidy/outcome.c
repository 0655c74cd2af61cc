/* What came of each row of a bulk command. */
#include "subsidy/subsidy.h"

enum jn_code
outcomes_open(struct jn_decision *d, struct outcomes *outcomes, size_t rows)
{
    outcomes->reply = (Subsidy__Outcomes)SUBSIDY__OUTCOMES__INIT;
    outcomes->reply.refused = outcomes->rows;
    if (rows == 0)
        return jn_refuse(d, JN_MALFORMED, "give at least one row");
    if (rows > JN_ROWS_MAX)
        return jn_refuse(d, JN_TOO_LARGE, "a command holds %d rows at most: split it", JN_ROWS_MAX);
    return JN_OK;
}

void
outcomes_note(struct jn_decision *d, struct outcomes *outcomes, size_t row, enum jn_code code)
{
    if (jn_row_end(d, code) == JN_OK) {
        outcomes->reply.done++;
        return;
    }
    outcomes->rows[outcomes->reply.n_refused++] = jn_outcome(d, row, code, jn_row_reason(d));
}

enum jn_code
outcomes_reply(struct jn_decision *d, struct outcomes *outcomes)
{
    jn_reply(d, &outcomes->reply.base);
    return JN_OK;
}
