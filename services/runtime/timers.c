/* Counters and timers: what folds number things with, and what they wait for. */
#include "runtime/tables.h"

uint64_t
jn_counter(const struct jn_view *view, unsigned counter)
{
    JN_ASSERT(counter < JN_COUNTERS && counter != JN_COUNTER_SESSIONS);
    return ((const struct jn_tables *)view)->counters[counter];
}

void
jn_counter_set(struct jn_tables *t, unsigned counter, uint64_t value)
{
    uint64_t pair[2] = {counter, t->counters[counter]};

    JN_ASSERT(counter < JN_COUNTERS && counter != JN_COUNTER_SESSIONS && t->applying);
    jn_undo_note(t, UNDO_COUNTER, pair, sizeof(pair), NULL);
    t->counters[counter] = value;
}

static struct jn_key
timer_key(int64_t due_ms, unsigned kind, uint64_t id)
{
    JN_ASSERT(due_ms >= 0);
    return JN_KEY((uint64_t)due_ms, kind, id);
}

void
jn_timer_set(struct jn_tables *t, int64_t due_ms, unsigned kind, uint64_t id)
{
    struct jn_key key = timer_key(due_ms, kind, id);
    Runtime__TimerRow row = RUNTIME__TIMER_ROW__INIT;

    JN_ASSERT(t->applying && kind < t->service->timers_count);
    row.set = true;
    jn_own_put(t, TABLE_TIMER, &key, &row);
}

void
jn_timer_clear(struct jn_tables *t, int64_t due_ms, unsigned kind, uint64_t id)
{
    struct jn_key key = timer_key(due_ms, kind, id);

    JN_ASSERT(t->applying);
    jn_own_delete(t, TABLE_TIMER, &key);
}

bool
jn_first_timer(const struct jn_tables *t, int64_t *due_ms, unsigned *kind, uint64_t *id)
{
    MDB_cursor *cursor;
    MDB_val k, v;
    bool found;

    if (t->error || mdb_cursor_open(t->txn, t->dbis[TABLE_TIMER], &cursor) != 0)
        return false;
    found = mdb_cursor_get(cursor, &k, &v, MDB_FIRST) == 0;
    if (found) {
        struct jn_key key = jn_key_bytes(k.mv_data, k.mv_size);

        *due_ms = (int64_t)jn_key_number(&key, 0);
        *kind = (unsigned)jn_key_number(&key, 1);
        *id = jn_key_number(&key, 2);
    }
    mdb_cursor_close(cursor);
    return found;
}
