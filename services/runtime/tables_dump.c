/* The canonical dump of tables, and where two sets of them differ. */
#include "runtime/tables.h"

#include <stdio.h>
#include <string.h>

bool
jn_tables_dump(struct jn_tables *t, jn_dump_fn each, void *context)
{
    for (size_t i = 0; i < t->count; i++) {
        MDB_cursor *cursor;
        MDB_val k, v;
        int result;

        if (mdb_cursor_open(t->txn, t->dbis[i], &cursor) != 0)
            return false;
        while ((result = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) == 0 && each(context, t->names[i], &k, &v))
            ;
        mdb_cursor_close(cursor);
        if (result == 0)
            return false;
    }
    return true;
}

static bool
same(const MDB_val *a, const MDB_val *b)
{
    return a->mv_size == b->mv_size && memcmp(a->mv_data, b->mv_data, a->mv_size) == 0;
}

static bool
rows_differ(struct jn_tables *a, struct jn_tables *b, size_t i)
{
    MDB_stat x, y;

    return mdb_stat(a->txn, a->dbis[i], &x) != 0 || mdb_stat(b->txn, b->dbis[i], &y) != 0 ||
           x.ms_entries != y.ms_entries;
}

static bool
table_differs(struct jn_tables *a, struct jn_tables *b, size_t i, char text[JN_ERROR_TEXT])
{
    MDB_cursor *x, *y;
    MDB_val kx, vx, ky, vy;
    uint64_t row = 0;
    int rx, ry;
    const char *what = NULL;

    JN_ASSERT(mdb_cursor_open(a->txn, a->dbis[i], &x) == 0 && mdb_cursor_open(b->txn, b->dbis[i], &y) == 0);
    for (;;) {
        rx = mdb_cursor_get(x, &kx, &vx, MDB_NEXT);
        ry = mdb_cursor_get(y, &ky, &vy, MDB_NEXT);
        row++;
        if (rx != 0 || ry != 0)
            break;
        if (!same(&kx, &ky)) {
            what = "key";
            break;
        }
        if (!same(&vx, &vy)) {
            what = "value";
            break;
        }
    }
    if (!what && rx == MDB_NOTFOUND && ry == MDB_NOTFOUND && rows_differ(a, b, i))
        what = "count of rows that is wrong";
    if (!what && rx != ry)
        what = rx == MDB_NOTFOUND   ? "row that is missing"
               : ry == MDB_NOTFOUND ? "row too many"
                                    : "page that cannot be read";
    mdb_cursor_close(x);
    mdb_cursor_close(y);
    if (what)
        snprintf(text, JN_ERROR_TEXT, "table %s, row %llu: a %s", a->names[i], (unsigned long long)row, what);
    return what != NULL;
}

uint64_t
jn_tables_rows(const struct jn_tables *t)
{
    uint64_t rows = 0;

    for (size_t i = 0; i < t->count; i++) {
        MDB_stat stat;

        if (mdb_stat(t->txn, t->dbis[i], &stat) == 0)
            rows += stat.ms_entries;
    }
    return rows;
}

bool
jn_tables_differ(struct jn_tables *a, struct jn_tables *b, char text[JN_ERROR_TEXT])
{
    for (size_t i = 0; i < a->count; i++) {
        if (table_differs(a, b, i, text))
            return true;
    }
    return false;
}
