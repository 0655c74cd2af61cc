/* What a follower promises: each event of its upstream takes effect once, whatever is undone, repeated or restarted in
 * between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "domain/date.h"
#include "jineng/v1/notification.pb-c.h"
#include "probe/probe.h"
#include "probe/shadow.h"
#include "runtime/feed.h"
#include "runtime/proof.h"
#include "runtime/store.h"

struct scene {
    char dir[64];
    struct jn_store probe, shadow;
    struct jn_arena arena;
    const struct jn_sign_public *key; /* the probe's */
    uint64_t heads, unsigned_heads;   /* that testified */
};

static void
open_store(struct scene *s, struct jn_store *store, const struct jn_service *service)
{
    char dir[128], error[JN_ERROR_TEXT] = "";

    snprintf(dir, sizeof(dir), "%s/%s", s->dir, service->name);
    if (!jn_store_open(store, service, dir, 1, false, error))
        fail_msg("%s", error);
}

static int
begin(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));

    snprintf(s->dir, sizeof(s->dir), "/tmp/jineng-feed-XXXXXX");
    if (!mkdtemp(s->dir))
        return -1;
    jn_arena_open(&s->arena, (size_t)64 << 20);
    open_store(s, &s->probe, &probe);
    open_store(s, &s->shadow, &shadow);
    *state = s;
    return 0;
}

static int
end(void **state)
{
    struct scene *s = *state;
    char command[128];

    jn_store_close(&s->probe);
    jn_store_close(&s->shadow);
    jn_arena_close(&s->arena);
    snprintf(command, sizeof(command), "rm -rf '%s'", s->dir);
    free(s);
    return system(command);
}

/* The probe opens an inbox, in a block of its own. */
static void
opened(struct scene *s, uint64_t sequence)
{
    struct jn_agency operator= {.name = "operator", .roles = ROLE_OPERATOR};
    const ProtobufCMethodDescriptor *descriptor = NULL;
    const struct jn_method *method = jn_fold_method(s->probe.fold, "OpenInbox", &descriptor);
    Notification__OpenInbox open = NOTIFICATION__OPEN_INBOX__INIT;
    uint8_t bytes[256];
    struct jn_call call = {
        &operator, {(const uint8_t *)"sixteen bytes on", 16}, sequence, method, descriptor->input, {bytes, 0}};
    struct jn_result result;

    open.agency = (char *)(uintptr_t) "veterans";
    call.body.length = notification__open_inbox__pack(&open, bytes);
    jn_fold_begin(s->probe.fold, date_to_ms(18000));
    jn_fold_command(s->probe.fold, &call, &result);
    assert_int_equal(result.code, JN_OK);
    assert_int_equal(jn_fold_commit(s->probe.fold, false), JN_COMMITTED);
}

/* The shadow is given what it has not read yet, into the block under construction. */
static size_t
fed(struct scene *s)
{
    Runtime__FeedRequest request = RUNTIME__FEED_REQUEST__INIT;
    Runtime__FeedBatch *batch;
    struct jn_slice bytes;
    char error[JN_ERROR_TEXT];
    size_t count;

    request.after = s->shadow.fold->upstreams[0].block;
    assert_true(jn_feed_answer(s->probe.log, &request, jn_feed_wanted(NULL, 0), (struct jn_slice){NULL, 0}, &s->arena,
                               &bytes, error));
    batch = runtime__feed_batch__unpack(NULL, bytes.length, bytes.bytes);
    for (size_t i = 0; i < batch->n_blocks; i++)
        assert_true(jn_fold_feed(s->shadow.fold, 0, batch->blocks[i], error));
    count = batch->n_blocks;
    runtime__feed_batch__free_unpacked(batch, NULL);
    return count;
}

static uint64_t
seen(struct scene *s)
{
    jn_tables_begin(s->shadow.tables);
    jn_tables_abort(s->shadow.tables);
    return s->shadow.tables->counters[0] + 1000000 * s->shadow.tables->counters[1];
}

/* With so little memory that an event cannot be unpacked: it is refused with its block, not passed over. */
static void
want_of_memory_loses_nothing(void **state)
{
    struct scene *s = *state;
    Runtime__FeedRequest request = RUNTIME__FEED_REQUEST__INIT;
    Runtime__FeedBatch *batch;
    struct jn_slice bytes;
    char error[JN_ERROR_TEXT] = "";

    opened(s, 1);
    assert_true(jn_feed_answer(s->probe.log, &request, jn_feed_wanted(NULL, 0), (struct jn_slice){NULL, 0}, &s->arena,
                               &bytes, error));
    batch = runtime__feed_batch__unpack(NULL, bytes.length, bytes.bytes);
    for (size_t cap = 16; cap <= 512; cap *= 2) {
        size_t enough = s->shadow.fold->message.cap_bytes;

        jn_fold_begin(s->shadow.fold, date_to_ms(18000));
        s->shadow.fold->message.cap_bytes = cap;
        if (!jn_fold_feed(s->shadow.fold, 0, batch->blocks[0], error)) {
            assert_non_null(strstr(error, "no room"));
            jn_fold_abandon(s->shadow.fold);
        } else {
            assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
            assert_int_equal(seen(s), 1);
            cap = 512;
        }
        s->shadow.fold->message.cap_bytes = enough;
    }
    runtime__feed_batch__free_unpacked(batch, NULL);
}

/* A row is never taken for one that is not there, however little memory is left: the message is undone, at its end. */
static void
want_of_memory_hides_no_row(void **state)
{
    struct scene *s = *state;
    struct jn_fold *fold = s->probe.fold;
    size_t enough = fold->message.cap_bytes;

    opened(s, 1);
    jn_tables_begin(s->probe.tables);
    jn_arena_reset(&fold->message);
    fold->message.cap_bytes = 48;
    assert_non_null(jn_get(jn_view_of(s->probe.tables), 0, JN_KEY(1)));
    assert_true(fold->message.spent);
    jn_tables_abort(s->probe.tables);
    fold->message.cap_bytes = enough;
    jn_arena_reset(&fold->message);
}

static void
what_was_abandoned_is_read_again(void **state)
{
    struct scene *s = *state;
    int64_t before;

    opened(s, 1);
    opened(s, 2);
    /* Nothing was ever stored of this upstream: the cursor must go back to its log's beginning. */
    before = s->shadow.fold->time_ms;
    jn_fold_begin(s->shadow.fold, before);
    assert_int_equal(fed(s), 2);
    jn_fold_abandon(s->shadow.fold);
    assert_int_equal(s->shadow.fold->upstreams[0].block, 0);
    assert_int_equal(s->shadow.fold->time_ms, before);
    assert_int_equal(seen(s), 0);

    jn_fold_begin(s->shadow.fold, 0);
    assert_int_equal(fed(s), 2);
    assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
    assert_int_equal(seen(s), 2);

    opened(s, 3);
    jn_fold_begin(s->shadow.fold, 0);
    assert_int_equal(fed(s), 1);
    jn_fold_abandon(s->shadow.fold);
    assert_int_equal(s->shadow.fold->upstreams[0].block, 2);
    jn_fold_begin(s->shadow.fold, 0);
    assert_int_equal(fed(s), 1);
    assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
    assert_int_equal(seen(s), 3);
}

/* The probe opens many in one block. */
static void
opened_together(struct scene *s, uint64_t first, uint64_t count)
{
    struct jn_agency operator= {.name = "operator", .roles = ROLE_OPERATOR};
    const ProtobufCMethodDescriptor *descriptor = NULL;
    const struct jn_method *method = jn_fold_method(s->probe.fold, "OpenInbox", &descriptor);
    struct jn_call call = {
        &operator, {(const uint8_t *)"sixteen bytes on", 16}, first, method, descriptor->input, {NULL, 0}};
    struct jn_result result;

    jn_fold_begin(s->probe.fold, date_to_ms(18000));
    for (; call.sequence < first + count; call.sequence++) {
        jn_fold_command(s->probe.fold, &call, &result);
        assert_int_equal(result.code, JN_OK);
        jn_arena_reset(&s->probe.fold->message);
    }
    assert_int_equal(jn_fold_commit(s->probe.fold, false), JN_COMMITTED);
}

static void
a_block_too_large_for_one_is_taken_in_parts(void **state)
{
    struct scene *s = *state;

    opened_together(s, 1, 2040);
    opened_together(s, 2041, 2040);
    jn_fold_begin(s->shadow.fold, 0);
    fed(s);
    assert_int_equal(s->shadow.fold->upstreams[0].block, 1);
    assert_int_equal(s->shadow.fold->upstreams[0].taken, JN_BLOCK_RECORDS - 2040);
    assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
    assert_int_equal(seen(s), JN_BLOCK_RECORDS);

    jn_store_close(&s->shadow);
    open_store(s, &s->shadow, &shadow);
    assert_int_equal(s->shadow.fold->upstreams[0].taken, JN_BLOCK_RECORDS - 2040);
    jn_fold_begin(s->shadow.fold, 0);
    assert_int_equal(fed(s), 1);
    assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
    assert_int_equal(s->shadow.fold->upstreams[0].block, 2);
    assert_int_equal(s->shadow.fold->upstreams[0].taken, 0);
    assert_int_equal(seen(s), 4080);
}

static void
a_restart_goes_on_where_it_was(void **state)
{
    struct scene *s = *state;

    opened(s, 1);
    jn_fold_begin(s->shadow.fold, 0);
    fed(s);
    assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
    jn_store_close(&s->shadow);
    opened(s, 2);
    open_store(s, &s->shadow, &shadow);
    assert_int_equal(s->shadow.fold->upstreams[0].block, 1);
    jn_fold_begin(s->shadow.fold, 0);
    assert_int_equal(fed(s), 1);
    assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
    assert_int_equal(seen(s), 2);
}

/* ---- An upstream that says what is not so ---- */

/* The probe's first block, of two events, with leaves for both as if some had been left out. */
static Runtime__FeedBatch *
batch_with_leaves(struct scene *s)
{
    Runtime__FeedRequest request = RUNTIME__FEED_REQUEST__INIT;
    Runtime__FeedBatch *batch;
    Runtime__FeedBlock *block;
    struct jn_slice bytes;
    char error[JN_ERROR_TEXT];

    opened_together(s, 1, 2);
    assert_true(jn_feed_answer(s->probe.log, &request, jn_feed_wanted(NULL, 0), (struct jn_slice){NULL, 0}, &s->arena,
                               &bytes, error));
    batch = runtime__feed_batch__unpack(&s->arena.allocator, bytes.length, bytes.bytes);
    block = batch->blocks[0];
    assert_int_equal(block->n_events, 2);
    block->leaves = jn_arena_take(&s->arena, 2 * sizeof(*block->leaves));
    for (size_t i = 0; i < 2; i++) {
        struct jn_hash *leaf = jn_arena_take(&s->arena, sizeof(*leaf));

        jn_hash_leaf(block->events[i]->salt.data, block->events[i]->record.data, block->events[i]->record.len, leaf);
        block->leaves[block->n_leaves++] = (ProtobufCBinaryData){JN_HASH_BYTES, leaf->bytes};
    }
    return batch;
}

static void
refused(struct scene *s, const Runtime__FeedBlock *block, const char *why)
{
    char error[JN_ERROR_TEXT] = "";

    jn_fold_begin(s->shadow.fold, 0);
    assert_false(jn_fold_feed(s->shadow.fold, 0, block, error));
    assert_non_null(strstr(error, why));
    jn_fold_abandon(s->shadow.fold);
    assert_int_equal(seen(s), 0);
}

static void
an_event_comes_once_and_is_one_of_the_headers(void **state)
{
    struct scene *s = *state;
    Runtime__FeedBlock *block = batch_with_leaves(s)->blocks[0];
    Runtime__FeedEvent *one = block->events[0], *two = block->events[1], beyond = *two;
    Runtime__FeedEvent *twice[] = {one, one, two}, *backwards[] = {two, one}, *more[] = {one, two, &beyond};
    char error[JN_ERROR_TEXT] = "";

    block->events = twice;
    block->n_events = 3;
    refused(s, block, "not in order");
    block->events = backwards;
    block->n_events = 2;
    refused(s, block, "not in order");
    beyond.index = 2;
    block->events = more;
    block->n_events = 3;
    refused(s, block, "more than its header says");

    block->n_events = 2;
    jn_fold_begin(s->shadow.fold, 0);
    assert_true(jn_fold_feed(s->shadow.fold, 0, block, error));
    assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
    assert_int_equal(seen(s), 2);
}

/* Our clock is our own: an upstream may be ahead by a day, but cannot let our deadlines pass. */
static void
anothers_clock_moves_ours_by_little(void **state)
{
    struct scene *s = *state;
    const int64_t theirs = date_to_ms(18000);

    opened(s, 1);
    jn_fold_begin(s->shadow.fold, theirs - 2 * JN_AHEAD_MS);
    assert_int_equal(fed(s), 1);
    assert_int_equal(s->shadow.fold->time_ms, theirs - 2 * JN_AHEAD_MS);
    assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
    opened(s, 2);
    jn_fold_begin(s->shadow.fold, theirs - JN_AHEAD_MS);
    assert_int_equal(fed(s), 1);
    assert_int_equal(s->shadow.fold->time_ms, theirs);
    assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
    assert_int_equal(seen(s), 2);
}

/* ---- Witnesses ---- */

struct findings {
    size_t count;
    char last[1024];
};

static void
note(void *context, const char *sentence)
{
    struct findings *findings = context;

    findings->count++;
    snprintf(findings->last, sizeof(findings->last), "%s", sentence);
}

static size_t
testify(struct scene *s, struct findings *findings)
{
    char shadow_dir[128], probe_dir[128], scratch[128], cursors[160];
    struct jn_verified verified;
    struct jn_witnessed witnessed;

    memset(findings, 0, sizeof(*findings));
    snprintf(shadow_dir, sizeof(shadow_dir), "%s/shadow", s->dir);
    snprintf(probe_dir, sizeof(probe_dir), "%s/probe", s->dir);
    snprintf(scratch, sizeof(scratch), "%s/scratch", s->dir);
    snprintf(cursors, sizeof(cursors), "%s/cursors.probe", scratch);
    assert_int_equal(jn_store_verify(&shadow, shadow_dir, 1, scratch, &verified, note, findings), 0);
    assert_true(verified.compared);
    jn_store_witness(&probe, probe_dir, 1, "shadow", cursors, s->key, &witnessed, note, findings);
    assert_int_equal(witnessed.cursors, verified.cursors);
    assert_int_equal(witnessed.heads, verified.heads);
    s->heads = witnessed.heads;
    s->unsigned_heads = witnessed.unsigned_heads;
    return witnessed.cursors;
}

static void
a_follower_is_a_witness(void **state)
{
    struct scene *s = *state;
    struct findings findings;

    for (uint64_t i = 1; i <= 3; i++) {
        opened(s, i);
        jn_fold_begin(s->shadow.fold, 0);
        fed(s);
        assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
    }
    jn_store_close(&s->shadow);
    jn_store_close(&s->probe);
    assert_int_equal(testify(s, &findings), 3);
    assert_int_equal(findings.count, 0);

    /* Another probe in its place, with a history and an identity of its own. */
    {
        char command[256];

        snprintf(command, sizeof(command), "mv '%s/probe' '%s/lost'", s->dir, s->dir);
        assert_int_equal(system(command), 0);
    }
    open_store(s, &s->probe, &probe);
    opened(s, 1);
    jn_store_close(&s->probe);
    testify(s, &findings);
    assert_int_equal(findings.count, 3);
    assert_non_null(strstr(findings.last, "another log"));
    open_store(s, &s->probe, &probe);
    open_store(s, &s->shadow, &shadow);
}

/* What the probe signs of its log as it stands; with another hash where it lies. */
static void
keep_head(struct scene *s, struct jn_signer *signer, uint8_t lie)
{
    const struct jn_log_head *last = &s->probe.log->head;
    struct jn_kept_head *kept = &s->shadow.fold->heads[0];
    Proof__Head head = PROOF__HEAD__INIT;
    Proof__SignedHead signed_head;
    struct jn_hash hash = last->hash;

    hash.bytes[0] ^= lie;
    head.service = (char *)(uintptr_t) "probe";
    head.log = (ProtobufCBinaryData){JN_LOG_BYTES, (uint8_t *)(uintptr_t)last->log};
    head.block = last->block;
    head.time_ms = last->time_ms;
    head.hash = head.history = (ProtobufCBinaryData){JN_HASH_BYTES, hash.bytes};
    assert_true(jn_head_sign(signer, &head, &s->arena, &signed_head));
    kept->length = proof__signed_head__pack(&signed_head, kept->bytes);
}

static struct jn_signer *
new_signer(struct scene *s, const char *name)
{
    char keys[128], error[JN_CONFIG_ERROR];
    struct jn_sign_public public_key;
    struct jn_signer *signer;

    snprintf(keys, sizeof(keys), "%s/keys", s->dir);
    mkdir(keys, 0700);
    assert_true(jn_sign_make(s->dir, name, &public_key, error));
    signer = jn_signer_open(s->dir, name, error);
    assert_non_null(signer);
    return signer;
}

/* Kept in the follower's log with the next block; what was signed and is no more is found, and said to be signed. */
static void
what_an_upstream_signed_it_is_held_to(void **state)
{
    struct scene *s = *state;
    struct jn_signer *own = new_signer(s, "probe"), *other = new_signer(s, "other");
    struct findings findings;

    for (uint64_t i = 1; i <= 4; i++) {
        opened(s, i);
        jn_fold_begin(s->shadow.fold, 0);
        fed(s);
        if (i > 1)
            keep_head(s, i == 3 ? other : own, i == 4 ? 1 : 0);
        assert_int_equal(jn_fold_commit(s->shadow.fold, false), JN_COMMITTED);
        assert_int_equal(s->shadow.fold->heads[0].length, 0);
    }
    /* Alone it is worth no block. */
    keep_head(s, own, 0);
    jn_fold_begin(s->shadow.fold, 0);
    assert_int_equal(jn_fold_commit(s->shadow.fold, true), JN_NOTHING);
    jn_store_close(&s->shadow);
    jn_store_close(&s->probe);
    s->key = jn_signer_public(own);
    assert_int_equal(testify(s, &findings), 4);
    assert_int_equal(s->heads, 3);
    assert_int_equal(s->unsigned_heads, 1);
    assert_int_equal(findings.count, 1);
    assert_non_null(strstr(findings.last, "block 4 of probe was another one than now, signed by it"));
    s->key = jn_signer_public(other);
    testify(s, &findings);
    assert_int_equal(s->unsigned_heads, 2);
    assert_non_null(strstr(findings.last, "not signed with its key"));
    jn_signer_close(own);
    jn_signer_close(other);
    open_store(s, &s->probe, &probe);
    open_store(s, &s->shadow, &shadow);
}

static void
types_are_told_apart_up_to_the_last(void **state)
{
    static const uint32_t types[] = {3, 64, 127, 128, UINT32_MAX}, others[] = {64, 2};
    struct jn_event_set set = jn_feed_wanted(types, 5), all = jn_feed_wanted(NULL, 0), both;

    (void)state;
    for (uint32_t type = 0; type < 300; type++) {
        assert_int_equal(jn_event_set_has(&set, type), type == 3 || type == 64 || type == 127);
        assert_int_equal(jn_event_set_has(&all, type), type < JN_EVENT_TYPES);
    }
    both = jn_event_set_both(set, jn_feed_wanted(others, 2));
    assert_true(jn_event_set_has(&both, 64));
    assert_false(jn_event_set_has(&both, 2) || jn_event_set_has(&both, 3));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_told_apart_up_to_the_last),
        cmocka_unit_test_setup_teardown(want_of_memory_loses_nothing, begin, end),
        cmocka_unit_test_setup_teardown(want_of_memory_hides_no_row, begin, end),
        cmocka_unit_test_setup_teardown(what_was_abandoned_is_read_again, begin, end),
        cmocka_unit_test_setup_teardown(a_block_too_large_for_one_is_taken_in_parts, begin, end),
        cmocka_unit_test_setup_teardown(a_restart_goes_on_where_it_was, begin, end),
        cmocka_unit_test_setup_teardown(an_event_comes_once_and_is_one_of_the_headers, begin, end),
        cmocka_unit_test_setup_teardown(anothers_clock_moves_ours_by_little, begin, end),
        cmocka_unit_test_setup_teardown(a_follower_is_a_witness, begin, end),
        cmocka_unit_test_setup_teardown(what_an_upstream_signed_it_is_held_to, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
