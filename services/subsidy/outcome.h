/* What came of each row of a bulk command. A part of subsidy.h. */
#ifndef SUBSIDY_OUTCOME_H
#define SUBSIDY_OUTCOME_H

#include "jineng/v1/subsidy.pb-c.h"
#include "runtime/fold.h"

struct outcomes {
    Subsidy__Outcomes reply;
    Common__Outcome *rows[JN_ROWS_MAX];
};
/* JN_OK, or why the command as a whole cannot be taken. */
enum jn_code outcomes_open(struct jn_decision *d, struct outcomes *outcomes, size_t rows);
/* Closes the row that jn_row_begin opened and keeps what came of it. */
void outcomes_note(struct jn_decision *d, struct outcomes *outcomes, size_t row, enum jn_code code);
enum jn_code outcomes_reply(struct jn_decision *d, struct outcomes *outcomes);

#endif
