/* Bulk commands (批量): an outcome a row. A row that is refused costs only itself. */
#ifndef LEDGER_BULK_H
#define LEDGER_BULK_H

#include "jineng/v1/ledger.pb-c.h"
#include "runtime/fold.h"

struct bulk {
    struct jn_decision *d;
    Common__Outcome **refused;
    size_t refused_count;
    uint32_t done;
};

/* Refuses none at all with the sentence, and more than JN_ROWS_MAX. */
enum jn_code bulk_open(struct bulk *bulk, struct jn_decision *d, size_t rows, const char *none);
/* Around each row's decision; end returns whether it stands. */
void bulk_begin(struct bulk *bulk);
bool bulk_end(struct bulk *bulk, size_t row, enum jn_code code);
/* The rows that stand are done, the others are named. */
enum jn_code bulk_reply(struct bulk *bulk);

#endif
