/* The fold's promises, shown on a service of three methods: what is refused leaves nothing, what is repeated is done
 * once, what is stored can be rebuilt and cannot be changed unnoticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "domain/date.h"
#include "jineng/v1/notification.pb-c.h"
#include "probe/probe.h"
#include "runtime/feed.h"
#include "runtime/store.h"
#include "runtime/world.h"

static enum jn_code
open_inbox(struct jn_world *w, uint32_t answer_days, uint64_t *number)
{
    struct jn_agency operator= jn_world_agency("operator", ROLE_OPERATOR);
    Notification__OpenInbox command = NOTIFICATION__OPEN_INBOX__INIT;
    const void *reply;
    enum jn_code code;

    command.agency = (char *)(uintptr_t) "veterans";
    command.answer_days = answer_days;
    code = jn_world_command(w, &operator, "OpenInbox", &command, &reply);
    if (code == JN_OK)
        *number = ((const Notification__Done *)reply)->number;
    return code;
}

static void
a_refusal_leaves_nothing(void **state)
{
    struct jn_world *w = jn_world_open(&probe, date_to_ms(18000));
    uint64_t number = 0;

    (void)state;
    assert_int_equal(open_inbox(w, 5, &number), JN_OK);
    assert_int_equal(number, 1);
    assert_int_equal(open_inbox(w, 13, &number), JN_REFUSED);
    assert_non_null(strstr(jn_world_reason(w), "thirteen"));
    assert_int_equal(open_inbox(w, 6, &number), JN_OK);
    assert_int_equal(number, 2);
    assert_int_equal(jn_world_count(w, 1), 2);
    jn_world_close(w);
}

static void
asking_twice_is_done_once(void **state)
{
    struct jn_world *w = jn_world_open(&probe, date_to_ms(18000));
    const void *reply;
    uint64_t number = 0;

    (void)state;
    assert_int_equal(open_inbox(w, 5, &number), JN_OK);
    assert_int_equal(jn_world_again(w, &reply), JN_OK);
    assert_int_equal(((const Notification__Done *)reply)->number, 1);
    assert_int_equal(jn_world_count(w, 1), 1);
    jn_world_close(w);
}

static void
each_row_has_its_own_savepoint(void **state)
{
    struct jn_world *w = jn_world_open(&probe, date_to_ms(18000));
    struct jn_agency operator= jn_world_agency("operator", ROLE_OPERATOR);
    Notification__Acknowledge command = NOTIFICATION__ACKNOWLEDGE__INIT;

    (void)state;
    command.through = 7;
    assert_int_equal(jn_world_command(w, &operator, "Acknowledge", &command, NULL), JN_OK);
    assert_int_equal(jn_world_count(w, 5), 4);
    /* More than a command may emit is refused whole. */
    command.through = 10000;
    assert_int_equal(jn_world_command(w, &operator, "Acknowledge", &command, NULL), JN_TOO_LARGE);
    assert_int_equal(jn_world_count(w, 5), 4);
    jn_world_close(w);
}

static void
roles_are_kept(void **state)
{
    struct jn_world *w = jn_world_open(&probe, date_to_ms(18000));
    struct jn_agency auditor = jn_world_agency("auditor", ROLE_AUDITOR), nobody = jn_world_agency("nobody", 0);
    Notification__OpenInbox open = NOTIFICATION__OPEN_INBOX__INIT;
    Notification__InboxesRequest ask = NOTIFICATION__INBOXES_REQUEST__INIT;
    const void *reply;

    (void)state;
    assert_int_equal(jn_world_command(w, &auditor, "OpenInbox", &open, NULL), JN_DENIED);
    assert_int_equal(jn_world_query(w, &nobody, "Inboxes", &ask, &reply), JN_DENIED);
    assert_int_equal(jn_world_query(w, &auditor, "Inboxes", &ask, &reply), JN_OK);
    assert_int_equal(jn_feed_readable(&probe, &auditor).words[0], 1 << 1 | 1 << 4);
    assert_false(jn_feed_readable_any(&probe, &nobody));
    jn_world_close(w);
}

static void
timers_fire_in_due_order(void **state)
{
    int64_t start = date_to_ms(18000);
    struct jn_world *w = jn_world_open(&probe, start);
    uint64_t number = 0;
    const Notification__Overdue *last;

    (void)state;
    open_inbox(w, 5, &number);
    jn_world_advance(w, start + 500);
    open_inbox(w, 5, &number);
    jn_world_advance(w, start + 1000);
    assert_int_equal(jn_world_count(w, 4), 1);
    jn_world_advance(w, start + 9000);
    assert_int_equal(jn_world_count(w, 4), 2);
    last = jn_world_last(w, 4);
    assert_int_equal(last->inbox, 2);
    jn_world_close(w);
}

/* ---- On a disk ---- */

static char folder[64];

static int
make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/jineng-store-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state)
{
    static const char *const files[] = {"probe/log/data.mdb",
                                        "probe/log/lock.mdb",
                                        "probe/tables/data.mdb",
                                        "probe/tables/lock.mdb",
                                        "probe/checkpoint/data.mdb",
                                        "probe/in-use",
                                        "probe/lock",
                                        "probe/pseudonym.key",
                                        "scratch/data.mdb",
                                        "scratch/lock.mdb"};
    static const char *const folders[] = {
        "probe/log", "probe/tables", "probe/checkpoint.new", "probe/checkpoint", "probe", "scratch", ""};
    char path[160];

    (void)state;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        unlink(path);
    }
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, folders[i]);
        rmdir(path);
    }
    return 0;
}

/* In the block under construction. */
static void
send(struct jn_store *store, uint64_t sequence, uint32_t answer_days, enum jn_code expected)
{
    static const uint8_t session[16] = "a session";
    static struct jn_agency operator;
    const ProtobufCMethodDescriptor *descriptor = NULL;
    const struct jn_method *method = jn_fold_method(store->fold, "OpenInbox", &descriptor);
    uint8_t bytes[256];
    Notification__OpenInbox open = NOTIFICATION__OPEN_INBOX__INIT;
    struct jn_call call = {&operator, {session, 16}, sequence, method, descriptor->input, {bytes, 0}};
    struct jn_result result;

    operator= jn_world_agency("operator", ROLE_OPERATOR);
    open.agency = (char *)(uintptr_t) "a";
    open.answer_days = answer_days;
    call.body.length = notification__open_inbox__pack(&open, bytes);
    jn_fold_command(store->fold, &call, &result);
    assert_int_equal(result.code, expected);
    jn_arena_reset(&store->fold->message);
    memset(bytes, 0xee, sizeof(bytes)); /* a frame is gone once it is answered */
}

static void
command(struct jn_store *store, uint64_t sequence, uint32_t answer_days, enum jn_code expected)
{
    jn_fold_begin(store->fold, date_to_ms(18000));
    send(store, sequence, answer_days, expected);
    assert_true(jn_fold_commit(store->fold, false) != JN_BROKEN);
}

static void
print_finding(void *context, const char *sentence)
{
    snprintf(context, 512, "%s", sentence);
}

static size_t
verify(char last[512])
{
    char dir[128], scratch[128];
    struct jn_verified verified;
    size_t findings;

    snprintf(dir, sizeof(dir), "%s/probe", folder);
    snprintf(scratch, sizeof(scratch), "%s/scratch", folder);
    last[0] = '\0';
    findings = jn_store_verify(&probe, dir, 1, scratch, &verified, print_finding, last);
    return findings;
}

static void
open_store(struct jn_store *store)
{
    char dir[128], error[JN_ERROR_TEXT] = "";

    snprintf(dir, sizeof(dir), "%s/probe", folder);
    if (!jn_store_open(store, &probe, dir, 1, false, error))
        fail_msg("%s", error);
}

static void
what_was_acknowledged_is_there_after_a_crash(void **state)
{
    struct jn_store store;
    char path[160], finding[512], error[JN_ERROR_TEXT];

    (void)state;
    open_store(&store);
    for (uint64_t i = 1; i <= 20; i++)
        command(&store, i, 1, JN_OK);
    assert_int_equal(jn_store_checkpointed(&store), 0);
    assert_true(jn_store_checkpoint(&store, error));
    assert_int_equal(jn_store_checkpointed(&store), 20);
    for (uint64_t i = 21; i <= 30; i++)
        command(&store, i, 1, JN_OK);
    command(&store, 30, 1, JN_OK);       /* again */
    command(&store, 30, 2, JN_CONFLICT); /* other content */
    assert_int_equal(store.log->head.block, 30);
    jn_store_close(&store);
    assert_int_equal(verify(finding), 0);

    /* The tables lost, the mark of another boot: rebuilt from the checkpoint and the log behind it. */
    snprintf(path, sizeof(path), "%s/probe/in-use", folder);
    fclose(fopen(path, "w"));
    open_store(&store);
    assert_int_equal(store.replayed, 10);
    assert_int_equal(jn_store_checkpointed(&store), 20);
    assert_int_equal(store.log->head.block, 30);
    command(&store, 30, 1, JN_OK);
    assert_int_equal(store.log->head.block, 30);
    command(&store, 31 + JN_WINDOW, 1, JN_OK);
    command(&store, 31, 1, JN_TOO_OLD);
    jn_store_close(&store);
    assert_int_equal(verify(finding), 0);
}

/* What the block has answered is in no table yet, and its content in no hash. */
static void
a_repeat_in_its_own_block_is_known(void **state)
{
    const uint64_t events = 4;
    struct jn_store store;
    char finding[512];

    (void)state;
    open_store(&store);
    jn_fold_begin(store.fold, date_to_ms(18000));
    send(&store, 1, 1, JN_OK);
    send(&store, 3, 1, JN_OK);
    send(&store, 1, 1, JN_OK);
    send(&store, 1, 2, JN_CONFLICT);
    send(&store, 2, 1, JN_OK); /* late, and new */
    send(&store, 2, 2, JN_CONFLICT);
    /* Takes the place of 3 in the window. */
    send(&store, 3 + JN_WINDOW, 5, JN_OK);
    send(&store, 3, 1, JN_TOO_OLD);
    send(&store, 3 + JN_WINDOW, 5, JN_OK);
    assert_int_equal(store.fold->records_count, events);
    assert_int_equal(jn_fold_commit(store.fold, false), JN_COMMITTED);
    command(&store, 3 + JN_WINDOW, 5, JN_OK);
    command(&store, 3 + JN_WINDOW, 1, JN_CONFLICT);
    command(&store, 2 + JN_WINDOW, 1, JN_OK);
    assert_int_equal(store.fold->events, events + 1);
    jn_store_close(&store);
    assert_int_equal(verify(finding), 0);
}

static void
a_changed_byte_is_noticed(void **state)
{
    struct jn_store store;
    char path[160], finding[512];
    MDB_txn *txn;
    MDB_val key, value;
    MDB_cursor *cursor;
    uint8_t *changed;
    MDB_env *env;
    MDB_dbi blocks;

    (void)state;
    (void)path;
    open_store(&store);
    for (uint64_t i = 1; i <= 3; i++)
        command(&store, i, 1, JN_OK);
    jn_store_close(&store);
    assert_int_equal(verify(finding), 0);

    snprintf(path, sizeof(path), "%s/probe/log", folder);
    assert_int_equal(mdb_env_create(&env), 0);
    mdb_env_set_maxdbs(env, 4);
    assert_int_equal(mdb_env_open(env, path, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "blocks", 0, &blocks), 0);
    assert_int_equal(mdb_cursor_open(txn, blocks, &cursor), 0);
    assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_FIRST), 0);
    changed = malloc(value.mv_size);
    memcpy(changed, value.mv_data, value.mv_size);
    for (size_t i = 0; i < value.mv_size; i++) {
        MDB_val bad = {value.mv_size, changed};
        MDB_txn *child;

        changed[i] ^= 1;
        assert_int_equal(mdb_put(txn, blocks, &key, &bad, 0), 0);
        assert_int_equal(mdb_txn_commit(txn), 0);
        if (verify(finding) == 0)
            fail_msg("byte %zu changed and nobody noticed", i);
        changed[i] ^= 1;
        assert_int_equal(mdb_txn_begin(env, NULL, 0, &child), 0);
        txn = child;
        i += 6; /* every seventh byte; the first and the last among them */
    }
    mdb_txn_abort(txn);
    mdb_env_close(env);
    free(changed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_leaves_nothing),
        cmocka_unit_test(asking_twice_is_done_once),
        cmocka_unit_test(each_row_has_its_own_savepoint),
        cmocka_unit_test(roles_are_kept),
        cmocka_unit_test(timers_fire_in_due_order),
        cmocka_unit_test_setup_teardown(what_was_acknowledged_is_there_after_a_crash, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_repeat_in_its_own_block_is_known, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_changed_byte_is_noticed, make_folder, remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
