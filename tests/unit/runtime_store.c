/* What a service's folder promises: any changed byte is noticed, a copy can be started from, a key belongs to its log.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "domain/date.h"
#include "jineng/v1/notification.pb-c.h"
#include "probe/probe.h"
#include "runtime/store.h"

static char folder[64];

static int
begin(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/jineng-store-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int
end(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command);
}

static const char *
in_folder(const char *name)
{
    static char paths[4][160];
    static unsigned turn;
    char *path = paths[turn++ % 4];

    snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
    return path;
}

static void
open_store(struct jn_store *store, const char *name)
{
    char error[JN_ERROR_TEXT] = "";

    if (!jn_store_open(store, &probe, in_folder(name), 1, false, error))
        fail_msg("%s", error);
}

static void
command(struct jn_store *store, uint64_t sequence)
{
    struct jn_agency operator= {.name = "operator", .roles = ROLE_OPERATOR};
    const ProtobufCMethodDescriptor *descriptor = NULL;
    const struct jn_method *method = jn_fold_method(store->fold, "OpenInbox", &descriptor);
    Notification__OpenInbox open = NOTIFICATION__OPEN_INBOX__INIT;
    uint8_t bytes[256];
    struct jn_call call = {
        &operator, {(const uint8_t *)"sixteen bytes on", 16}, sequence, method, descriptor->input, {bytes, 0}};
    struct jn_result result;

    open.agency = (char *)(uintptr_t) "veterans";
    call.body.length = notification__open_inbox__pack(&open, bytes);
    jn_fold_begin(store->fold, date_to_ms(18000));
    jn_fold_command(store->fold, &call, &result);
    assert_int_equal(result.code, JN_OK);
    assert_int_equal(jn_fold_commit(store->fold, false), JN_COMMITTED);
}

static void
three_commands(const char *name)
{
    struct jn_store store;

    open_store(&store, name);
    for (uint64_t i = 1; i <= 3; i++)
        command(&store, i);
    jn_store_close(&store);
}

static void
note(void *context, const char *sentence)
{
    snprintf(context, JN_ERROR_TEXT, "%s", sentence);
}

static size_t
verify(const char *name, struct jn_verified *out, char last[JN_ERROR_TEXT])
{
    last[0] = '\0';
    return jn_store_verify(&probe, in_folder(name), 1, in_folder("scratch"), out, note, last);
}

/* ---- Changed bytes ---- */

struct row {
    uint8_t *key, *value;
    size_t key_length, value_length;
};

static MDB_env *
open_env(const char *name)
{
    MDB_env *env;

    assert_int_equal(mdb_env_create(&env), 0);
    mdb_env_set_maxdbs(env, 16);
    assert_int_equal(mdb_env_open(env, in_folder(name), MDB_NOSYNC, 0600), 0);
    return env;
}

static size_t
read_rows(MDB_env *env, const char *table, struct row *rows, size_t most)
{
    MDB_cursor *cursor;
    MDB_txn *txn;
    MDB_val k, v;
    MDB_dbi dbi;
    size_t count = 0;

    assert_int_equal(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, table, 0, &dbi), 0);
    assert_int_equal(mdb_cursor_open(txn, dbi, &cursor), 0);
    while (count < most && mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0) {
        rows[count] = (struct row){malloc(k.mv_size), malloc(v.mv_size + 1), k.mv_size, v.mv_size};
        memcpy(rows[count].key, k.mv_data, k.mv_size);
        memcpy(rows[count++].value, v.mv_data, v.mv_size);
    }
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    return count;
}

/* False where another row has that key: nothing was changed then. */
static bool
replace_row(MDB_env *env, const char *table, const struct row *row, size_t byte, uint8_t flip)
{
    MDB_val k = {row->key_length, row->key}, v = {row->value_length, row->value};
    uint8_t *changed = byte < row->key_length ? row->key + byte : row->value + (byte - row->key_length);
    MDB_txn *txn;
    MDB_dbi dbi;

    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, table, 0, &dbi), 0);
    assert_int_equal(mdb_del(txn, dbi, &k, NULL), 0);
    *changed ^= flip;
    if (mdb_put(txn, dbi, &k, &v, MDB_NOOVERWRITE) != 0) {
        *changed ^= flip;
        mdb_txn_abort(txn);
        return false;
    }
    assert_int_equal(mdb_txn_commit(txn), 0);
    return true;
}

static void
each_byte_of(const char *env_name, const char *table, size_t least_rows)
{
    MDB_env *env = open_env(env_name);
    struct row rows[8];
    size_t count = read_rows(env, table, rows, 8), turn = 0;

    assert_true(count >= least_rows);
    for (size_t i = 0; i < count; i++) {
        for (size_t byte = 0; byte < rows[i].key_length + rows[i].value_length; byte++) {
            char last[JN_ERROR_TEXT];
            struct jn_verified out;
            uint8_t flip = (uint8_t)(1 << (turn++ % 8));

            if (!replace_row(env, table, &rows[i], byte, flip))
                continue;
            if (verify("probe", &out, last) == 0)
                fail_msg("%s: byte %zu of row %zu changed and nobody noticed", table, byte, i);
            assert_true(replace_row(env, table, &rows[i], byte, flip));
        }
        free(rows[i].key);
        free(rows[i].value);
    }
    mdb_env_close(env);
}

static void
any_changed_byte_is_noticed(void **state)
{
    char last[JN_ERROR_TEXT];
    struct jn_verified out;

    (void)state;
    three_commands("probe");
    assert_int_equal(verify("probe", &out, last), 0);
    assert_int_equal(out.blocks, 3);
    assert_int_equal(out.rows,
                     1 + 1 + 3 + 3 + 3 + 3 +
                         1); /* mark, session, commands, timers, inboxes, their due times, history of block 2 */
    each_byte_of("probe/log", "meta", 5);
    each_byte_of("probe/log", "blocks", 3);
    each_byte_of("probe/tables", "_mark", 1);
    each_byte_of("probe/tables", "_session", 1);
    each_byte_of("probe/tables", "_command", 3);
    each_byte_of("probe/tables", "_timer", 3);
    each_byte_of("probe/tables", "_history", 1);
    each_byte_of("probe/tables", "inbox", 3);
    assert_int_equal(verify("probe", &out, last), 0);
}

static void
what_a_mark_says_is_not_believed(void **state)
{
    char last[JN_ERROR_TEXT];
    struct jn_verified out;
    struct row row;
    MDB_env *env;

    (void)state;
    three_commands("probe");
    /* Field 2 of the mark is its block: 3 becomes 7, behind the log's end. */
    env = open_env("probe/tables");
    assert_int_equal(read_rows(env, "_mark", &row, 1), 1);
    assert_int_equal(row.value[18], 0x10);
    assert_true(replace_row(env, "_mark", &row, row.key_length + 19, 4));
    assert_true(verify("probe", &out, last) > 0);
    mdb_env_close(env);
    free(row.key);
    free(row.value);
}

/* ---- Keys and copies ---- */

static void
a_key_belongs_to_its_log(void **state)
{
    char text[256], error[JN_ERROR_TEXT], last[JN_ERROR_TEXT];
    struct jn_verified out;
    struct jn_store store;

    (void)state;
    three_commands("probe");
    three_commands("other");
    snprintf(text, sizeof(text), "cp '%s' '%s'", in_folder("other/pseudonym.key"), in_folder("probe/pseudonym.key"));
    assert_int_equal(system(text), 0);
    assert_false(jn_store_open(&store, &probe, in_folder("probe"), 1, false, error));
    assert_non_null(strstr(error, "not this log's key"));
    jn_store_close(&store);
    assert_true(verify("probe", &out, last) > 0);
    unlink(in_folder("probe/pseudonym.key"));
    assert_true(verify("probe", &out, last) > 0);
    assert_non_null(strstr(last, "backup"));
}

/* What could not be written whole would only take room from those who have too little of it. */
static void
a_checkpoint_without_room_leaves_nothing(void **state)
{
    struct rlimit before, little = {8192, RLIM_INFINITY};
    char error[JN_ERROR_TEXT] = "";
    struct stat first, second;
    struct jn_store store;

    (void)state;
    open_store(&store, "a");
    assert_true(jn_store_checkpoint(&store, error));
    assert_int_equal(stat(in_folder("a/checkpoint/data.mdb"), &first), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    little.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_false(jn_store_checkpoint(&store, error));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_non_null(strstr(error, "cannot be written"));
    assert_int_not_equal(access(in_folder("a/checkpoint.new/data.mdb"), F_OK), 0);
    assert_int_equal(stat(in_folder("a/checkpoint/data.mdb"), &second), 0);
    assert_true(first.st_ino == second.st_ino && first.st_size == second.st_size);
    jn_store_close(&store);
}

static void
a_copy_can_be_started_from(void **state)
{
    char error[JN_ERROR_TEXT] = "", last[JN_ERROR_TEXT];
    struct jn_log_head head;
    struct jn_verified out;
    struct jn_store store, copy;

    (void)state;
    open_store(&store, "probe");
    for (uint64_t i = 1; i <= 3; i++)
        command(&store, i);
    /* Beside a service that runs. */
    assert_true(jn_store_copy(&probe, in_folder("probe"), 1, in_folder("copy"), &head, error));
    assert_int_equal(head.block, 3);
    assert_memory_equal(head.hash.bytes, store.log->head.hash.bytes, JN_HASH_BYTES);
    command(&store, 4);
    jn_store_close(&store);
    /* Never over something. */
    assert_false(jn_store_copy(&probe, in_folder("probe"), 1, in_folder("copy"), &head, error));

    assert_int_equal(verify("copy", &out, last), 0);
    assert_true(out.started && !out.compared);
    assert_int_equal(out.blocks, 3);
    open_store(&copy, "copy");
    assert_int_equal(copy.replayed, 3);
    command(&copy, 4);
    jn_store_close(&copy);
    assert_int_equal(verify("copy", &out, last), 0);
    assert_true(out.compared);
}

static void
nothing_is_found_where_nothing_was(void **state)
{
    char last[JN_ERROR_TEXT];
    struct jn_verified out;

    (void)state;
    assert_int_equal(verify("probe", &out, last), 0);
    assert_false(out.started);
    /* A log that is gone is another matter. */
    three_commands("probe");
    unlink(in_folder("probe/log/data.mdb"));
    assert_int_equal(verify("probe", &out, last), 1);
}

/* ---- A map that is full ---- */

/* One command of about a page; what became of its block. */
static enum jn_committed
large_command(struct jn_store *store, uint64_t sequence, enum jn_code *code)
{
    struct jn_agency operator= {.name = "operator", .roles = ROLE_OPERATOR};
    const ProtobufCMethodDescriptor *descriptor = NULL;
    const struct jn_method *method = jn_fold_method(store->fold, "OpenInbox", &descriptor);
    Notification__OpenInbox open = NOTIFICATION__OPEN_INBOX__INIT;
    static char agency[1800];
    static uint8_t bytes[2000];
    struct jn_call call = {
        &operator, {(const uint8_t *)"sixteen bytes on", 16}, sequence, method, descriptor->input, {bytes, 0}};
    struct jn_result result;

    memset(agency, 'v', sizeof(agency) - 1);
    open.agency = agency;
    call.body.length = notification__open_inbox__pack(&open, bytes);
    jn_fold_begin(store->fold, date_to_ms(18000));
    jn_fold_command(store->fold, &call, &result);
    *code = result.code;
    return jn_fold_commit(store->fold, false);
}

/* Wherever in a block the room ends - rows, session, cursor, mark, LMDB's own list of free pages - the block is taken
 * back whole before the log has it, and the next start finds nothing that it cannot replay. */
static void
tables_that_are_full_take_back_the_block(void **state)
{
    (void)state;
    for (size_t pages = 150; pages < 162; pages++) {
        enum jn_committed committed = JN_COMMITTED;
        enum jn_code code = JN_OK;
        struct jn_store store;
        uint64_t sequence = 0;
        char name[32];

        snprintf(name, sizeof(name), "full-%zu", pages);
        open_store(&store, name);
        assert_int_equal(mdb_env_set_mapsize(store.tables->env, pages * 4096), 0);
        while (committed == JN_COMMITTED && code == JN_OK && sequence < 400)
            committed = large_command(&store, ++sequence, &code);
        assert_in_range(sequence, 20, 399);
        assert_int_not_equal(committed, JN_BROKEN);
        assert_int_equal(store.log->head.block, sequence - 1);
        jn_store_close(&store);
        open_store(&store, name);
        assert_int_equal(large_command(&store, sequence, &code), JN_COMMITTED); /* the map is as large as it was */
        assert_int_equal(code, JN_OK);
        jn_store_close(&store);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_changed_byte_is_noticed, begin, end),
        cmocka_unit_test_setup_teardown(what_a_mark_says_is_not_believed, begin, end),
        cmocka_unit_test_setup_teardown(a_key_belongs_to_its_log, begin, end),
        cmocka_unit_test_setup_teardown(a_checkpoint_without_room_leaves_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_copy_can_be_started_from, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_found_where_nothing_was, begin, end),
        cmocka_unit_test_setup_teardown(tables_that_are_full_take_back_the_block, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
