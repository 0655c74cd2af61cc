/* Rows kept until their block is written: whatever is put, deleted, looked through, taken back and committed in
 * whatever order, the tables say what a plain list says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "jineng/v1/ledger.pb-c.h"
#include "jineng/v1/runtime.pb-c.h"
#include "runtime/tables.h"

#define TABLES 2
#define KEYS   12

static const struct jn_table tables[TABLES] = {{"sums", &ledger__count_amount__descriptor},
                                               {"books", &ledger__books__descriptor}};
static const struct jn_service service = {.name = "kept", .version = 1, JN_LIST(tables)};

/* The plain list: 0 is no row. A copy of all of it is a savepoint. */
struct model {
    int64_t fen[TABLES][KEYS];
};

struct story {
    char dir[64];
    struct jn_arena arena;
    struct jn_tables *t;
    struct model now, began;
    uint64_t dice;
};

static unsigned
roll(struct story *s, unsigned below)
{
    s->dice = s->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(s->dice >> 33) % below;
}

static int
begin(void **state)
{
    struct story *s = calloc(1, sizeof(*s));
    char error[JN_ERROR_TEXT];

    snprintf(s->dir, sizeof(s->dir), "/tmp/jineng-kept-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    s->t = jn_tables_open(s->dir, &service, 1, false, error);
    assert_non_null(s->t);
    jn_arena_open(&s->arena, (size_t)16 << 20);
    s->t->arena = &s->arena;
    s->t->applying = true;
    jn_tables_begin(s->t);
    *state = s;
    return 0;
}

static int
end(void **state)
{
    struct story *s = *state;
    char path[96];

    jn_tables_close(s->t);
    jn_arena_close(&s->arena);
    snprintf(path, sizeof(path), "%s/data.mdb", s->dir);
    unlink(path);
    snprintf(path, sizeof(path), "%s/lock.mdb", s->dir);
    unlink(path);
    rmdir(s->dir);
    free(s);
    return 0;
}

/* ---- One step on both sides ---- */

static void
put(struct story *s, unsigned table, unsigned key, int64_t fen)
{
    Ledger__CountAmount sum = LEDGER__COUNT_AMOUNT__INIT;
    Ledger__Balances all = LEDGER__BALANCES__INIT;
    Ledger__Books books = LEDGER__BOOKS__INIT;

    sum.amount_fen = all.available_fen = fen;
    books.all = &all;
    books.paid = &sum;
    jn_put(s->t, table, JN_KEY(key), table == 0 ? (const void *)&sum : &books);
    /* What was given is copied. */
    sum.amount_fen = all.available_fen = -1;
    s->now.fen[table][key] = fen;
}

static int64_t
fen_of(unsigned table, const void *row)
{
    if (!row)
        return 0;
    return table == 0 ? ((const Ledger__CountAmount *)row)->amount_fen
                      : ((const Ledger__Books *)row)->all->available_fen;
}

/* Whoever changes what he was given has not changed the table. */
static void
read_and_scribble(struct story *s, unsigned table, unsigned key)
{
    void *row = (void *)(uintptr_t)jn_get(jn_view_of(s->t), table, JN_KEY(key));

    assert_int_equal(fen_of(table, row), s->now.fen[table][key]);
    assert_int_equal(jn_has(jn_view_of(s->t), table, JN_KEY(key)), s->now.fen[table][key] != 0);
    if (row && table == 1)
        ((Ledger__Books *)row)->all->available_fen = -7;
    if (row && table == 0)
        ((Ledger__CountAmount *)row)->amount_fen = -7;
}

struct seen {
    unsigned table;
    size_t count;
    int64_t fen[KEYS];
};

static bool
see(void *context, const struct jn_key *key, const void *row)
{
    struct seen *seen = context;

    seen->fen[jn_key_number(key, 0)] = fen_of(seen->table, row);
    seen->count++;
    return true;
}

static void
look_through(struct story *s, unsigned table)
{
    struct seen seen = {.table = table};

    assert_true(jn_scan(jn_view_of(s->t), table, JN_KEY(0), 0, KEYS + 1, see, &seen));
    assert_memory_equal(seen.fen, s->now.fen[table], sizeof(seen.fen));
}

/* What is changed where it lies is seen by whoever looks at it. */
static void
change(struct story *s, unsigned table, unsigned key, int64_t by)
{
    const void *looked = jn_look(jn_view_of(s->t), table, JN_KEY(key));
    void *row;

    assert_int_equal(fen_of(table, looked), s->now.fen[table][key]);
    row = jn_change(s->t, table, JN_KEY(key));
    assert_int_equal(row != NULL, s->now.fen[table][key] != 0);
    if (!row)
        return;
    s->now.fen[table][key] += by;
    if (table == 0)
        ((Ledger__CountAmount *)row)->amount_fen += by;
    else
        ((Ledger__Books *)row)->all->available_fen += by;
    looked = jn_look(jn_view_of(s->t), table, JN_KEY(key));
    assert_int_equal(fen_of(table, looked), s->now.fen[table][key]);
}

static void
step(struct story *s)
{
    unsigned table = roll(s, TABLES), key = roll(s, KEYS), what = roll(s, 16);

    if (what < 5)
        put(s, table, key, 1 + roll(s, 1000000));
    else if (what < 7) {
        jn_delete(s->t, table, JN_KEY(key));
        s->now.fen[table][key] = 0;
    } else if (what >= 12)
        change(s, table, key, 1 + roll(s, 1000));
    else if (what < 11)
        read_and_scribble(s, table, key);
    else
        look_through(s, table);
}

/* A row of a command, taken back or not. */
static void
row(struct story *s)
{
    size_t savepoint = jn_savepoint(s->t);
    struct model before = s->now;

    for (unsigned i = roll(s, 6); i > 0; i--)
        step(s);
    if (roll(s, 3) != 0)
        return;
    jn_rollback(s->t, savepoint);
    s->now = before;
}

static void
command(struct story *s)
{
    struct model before = s->now;

    for (unsigned i = roll(s, 5); i > 0; i--)
        row(s);
    if (roll(s, 4) == 0) {
        jn_rollback(s->t, 0);
        s->now = before;
    }
    jn_release(s->t);
    jn_arena_reset(&s->arena);
}

static void
block(struct story *s)
{
    for (unsigned i = roll(s, 6); i > 0; i--)
        command(s);
    if (roll(s, 4) == 0) {
        jn_tables_abort(s->t);
        s->now = s->began;
    } else {
        assert_true(jn_tables_commit(s->t));
        s->began = s->now;
    }
    jn_tables_begin(s->t);
}

static void
the_tables_say_what_a_list_says(void **state)
{
    struct story *s = *state;

    for (uint64_t seed = 1; seed <= 2000; seed++) {
        s->dice = seed * UINT64_C(0x9e3779b97f4a7c15);
        block(s);
        for (unsigned table = 0; table < TABLES; table++) {
            for (unsigned key = 0; key < KEYS; key++)
                read_and_scribble(s, table, key);
            look_through(s, table);
        }
        jn_arena_reset(&s->arena);
    }
}

/* What a scan has written is changed again, with nothing new to go back to: it is written again. */
static void
what_is_changed_behind_a_scan_is_written(void **state)
{
    struct story *s = *state;

    put(s, 0, 3, 5);
    jn_release(s->t);
    change(s, 0, 3, 7);
    look_through(s, 0);
    change(s, 0, 3, 9);
    jn_release(s->t);
    assert_true(jn_tables_commit(s->t));
    jn_tables_begin(s->t);
    look_through(s, 0);
    assert_int_equal(s->now.fen[0][3], 21);
}

/* Larger than a chunk of memory, it does not lie in one piece: it is changed and goes back all the same. */
static void
a_large_row_goes_back(void **state)
{
    enum { PARTS = 5000 };
    struct story *s = *state;
    Ledger__FundTotal **parts = jn_arena_take(&s->arena, PARTS * sizeof(Ledger__FundTotal *));
    Ledger__Balances all = LEDGER__BALANCES__INIT;
    Ledger__Books books = LEDGER__BOOKS__INIT, *row;
    size_t savepoint;

    for (size_t i = 0; i < PARTS; i++) {
        parts[i] = jn_arena_take(&s->arena, sizeof(*parts[i]));
        ledger__fund_total__init(parts[i]);
    }
    books.all = &all;
    books.n_by_fund = PARTS;
    books.by_fund = parts;
    jn_put(s->t, 1, JN_KEY(1), &books);
    jn_release(s->t);
    savepoint = jn_savepoint(s->t);
    row = jn_change(s->t, 1, JN_KEY(1));
    row->all->available_fen = 7;
    row->by_fund[PARTS - 1]->fund = 3;
    row = jn_change(s->t, 1, JN_KEY(1));
    assert_int_equal(row->all->available_fen, 7);
    jn_rollback(s->t, savepoint);
    row = jn_change(s->t, 1, JN_KEY(1));
    assert_int_equal(row->all->available_fen, 0);
    assert_int_equal(row->by_fund[PARTS - 1]->fund, 0);
}

/* A message that changes much: what is kept is written before the block is, and nothing is lost by it. */
static void
much_is_kept_and_none_lost(void **state)
{
    struct story *s = *state;

    for (unsigned i = 0; i < 100000; i++) {
        put(s, 1, i % KEYS, 1 + i);
        jn_release(s->t);
        assert_true(s->t->kept.arena.used_bytes < (size_t)9 << 20);
    }
    for (unsigned key = 0; key < KEYS; key++)
        read_and_scribble(s, 1, key);
    look_through(s, 1);
}

/* ---- Copies ---- */

static size_t
pack(const ProtobufCMessage *message, uint8_t out[512])
{
    assert_true(protobuf_c_message_get_packed_size(message) <= 512);
    return protobuf_c_message_pack(message, out);
}

/* Packs alike, also when all that it was copied from is gone. */
static void
copies_alike(const ProtobufCMessage *message)
{
    uint8_t before[512], after[512];
    struct jn_arena arena;
    size_t length = pack(message, before);
    ProtobufCMessage *source = protobuf_c_message_unpack(message->descriptor, NULL, length, before), *copy;

    jn_arena_open(&arena, 1 << 20);
    assert_non_null(source);
    copy = jn_message_copy(&arena, source);
    protobuf_c_message_free_unpacked(source, NULL);
    assert_int_equal(pack(copy, after), length);
    assert_memory_equal(before, after, length);
    jn_arena_close(&arena);
}

static void
a_copy_owns_all_of_it(void **state)
{
    Envelope__Cursor cursor = ENVELOPE__CURSOR__INIT;
    Envelope__Answer answer = ENVELOPE__ANSWER__INIT, empty = ENVELOPE__ANSWER__INIT;
    Envelope__BlockPrivate private = ENVELOPE__BLOCK_PRIVATE__INIT;
    Ledger__Appropriated appropriated = LEDGER__APPROPRIATED__INIT;
    Ledger__Event event = LEDGER__EVENT__INIT;
    Ledger__Claims claims = LEDGER__CLAIMS__INIT, none = LEDGER__CLAIMS__INIT;

    (void)state;
    cursor.upstream = (char *)(uintptr_t) "subsidy";
    cursor.hash = (ProtobufCBinaryData){5, (uint8_t *)(uintptr_t) "hash."};
    answer.key = (ProtobufCBinaryData){3, (uint8_t *)(uintptr_t) "key"};
    answer.sequence = 9;
    private.n_answers = 2;
    private.answers = (Envelope__Answer *[]){&answer, &empty};
    private.n_cursors = 1;
    private.cursors = (Envelope__Cursor *[]){&cursor};
    copies_alike(&private.base);
    appropriated.document = (char *)(uintptr_t) "1";
    appropriated.amount_fen = 5;
    event.body_case = LEDGER__EVENT__BODY_APPROPRIATED;
    event.appropriated = &appropriated;
    copies_alike(&event.base);
    claims.n_person = claims.n_kind = 2;
    claims.person = (uint64_t[]){1, UINT64_MAX};
    claims.kind = (uint32_t[]){7, UINT32_MAX};
    copies_alike(&claims.base);
    copies_alike(&none.base);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_tables_say_what_a_list_says, begin, end),
        cmocka_unit_test_setup_teardown(much_is_kept_and_none_lost, begin, end),
        cmocka_unit_test_setup_teardown(what_is_changed_behind_a_scan_is_written, begin, end),
        cmocka_unit_test_setup_teardown(a_large_row_goes_back, begin, end),
        cmocka_unit_test(a_copy_owns_all_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
