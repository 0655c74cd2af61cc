/* What a signed head promises: every record of the log has a short proof under it, nothing else has one, and a later
 * head is shown to go on from an earlier one. Trees, paths and extensions are held against RFC 6962, written down once
 * more here. */
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
#include "runtime/history.h"
#include "runtime/proof.h"
#include "runtime/store.h"

#define BLOCKS 75
#define ROWS   5 /* in each third block; else one */

struct scene {
    char dir[64];
    struct jn_store store;
    struct jn_arena arena;
    uint64_t sequence;
    struct jn_hash blocks[BLOCKS]; /* as the log has them */
};

static void
open_store(struct scene *s)
{
    char dir[80], error[JN_ERROR_TEXT] = "";

    snprintf(dir, sizeof(dir), "%s/probe", s->dir);
    if (!jn_store_open(&s->store, &probe, dir, 1, false, error))
        fail_msg("%s", error);
}

static void
command(struct scene *s)
{
    struct jn_agency operator= {.name = "operator", .roles = ROLE_OPERATOR};
    const ProtobufCMethodDescriptor *descriptor = NULL;
    const struct jn_method *method = jn_fold_method(s->store.fold, "OpenInbox", &descriptor);
    Notification__OpenInbox open = NOTIFICATION__OPEN_INBOX__INIT;
    uint8_t bytes[256];
    struct jn_call call = {
        &operator, {(const uint8_t *)"sixteen bytes on", 16}, ++s->sequence, method, descriptor->input, {bytes, 0}};
    struct jn_result result;

    open.agency = (char *)(uintptr_t) "veterans";
    call.body.length = notification__open_inbox__pack(&open, bytes);
    jn_fold_command(s->store.fold, &call, &result);
    assert_int_equal(result.code, JN_OK);
}

static void
read_blocks(struct scene *s)
{
    for (uint64_t i = 0; i < BLOCKS; i++) {
        const uint8_t *header;
        const void *block;
        size_t length, header_length;

        assert_true(s->store.log->read(s->store.log, i + 1, &block, &length));
        assert_true(jn_block_header(block, length, &header, &header_length));
        jn_hash_header(header, header_length, &s->blocks[i]);
    }
    s->store.log->end_read(s->store.log);
}

static int
begin(void **state)
{
    struct scene *s = calloc(1, sizeof(*s));
    char keys[80];

    snprintf(s->dir, sizeof(s->dir), "/tmp/jineng-proof-XXXXXX");
    if (!mkdtemp(s->dir))
        return -1;
    snprintf(keys, sizeof(keys), "%s/keys", s->dir);
    mkdir(keys, 0700);
    jn_arena_open(&s->arena, (size_t)64 << 20);
    open_store(s);
    for (unsigned i = 0; i < BLOCKS; i++) {
        jn_fold_begin(s->store.fold, date_to_ms(18000) + i);
        for (unsigned row = 0; row < (i % 3 == 2 ? ROWS : 1); row++)
            command(s);
        assert_int_equal(jn_fold_commit(s->store.fold, false), JN_COMMITTED);
    }
    read_blocks(s);
    *state = s;
    return 0;
}

static int
end(void **state)
{
    struct scene *s = *state;
    char command_line[128];

    jn_store_close(&s->store);
    jn_arena_close(&s->arena);
    snprintf(command_line, sizeof(command_line), "rm -rf '%s'", s->dir);
    free(s);
    return system(command_line);
}

/* ---- RFC 6962, 2.1, word for word ---- */

static size_t
below(size_t n)
{
    size_t k = 1;

    while (k * 2 < n)
        k *= 2;
    return k;
}

static struct jn_hash
mth(uint8_t prefix, const struct jn_hash *d, size_t n)
{
    struct jn_hash left, right, out;
    size_t k = below(n);

    if (n == 1)
        return d[0];
    left = mth(prefix, d, k);
    right = mth(prefix, d + k, n - k);
    jn_hash_node(prefix, &left, &right, &out);
    return out;
}

static size_t
path(size_t m, const struct jn_hash *d, size_t n, struct jn_hash *out)
{
    size_t k = below(n), length;

    if (n == 1)
        return 0;
    length = m < k ? path(m, d, k, out) : path(m - k, d + k, n - k, out);
    out[length] = m < k ? mth(JN_NODE_HISTORY, d + k, n - k) : mth(JN_NODE_HISTORY, d, k);
    return length + 1;
}

static size_t
subproof(size_t m, const struct jn_hash *d, size_t n, bool whole, struct jn_hash *out)
{
    size_t k = below(n), length;

    if (m == n) {
        if (!whole)
            out[0] = mth(JN_NODE_HISTORY, d, n);
        return whole ? 0 : 1;
    }
    length = m <= k ? subproof(m, d, k, whole, out) : subproof(m - k, d + k, n - k, false, out);
    out[length] = m <= k ? mth(JN_NODE_HISTORY, d + k, n - k) : mth(JN_NODE_HISTORY, d, k);
    return length + 1;
}

static void
assert_hashes(const struct jn_hash *a, const struct jn_hash *b, size_t count)
{
    if (count > 0)
        assert_memory_equal(a, b, count * sizeof(*a));
}

/* ---- Trees ---- */

static void
a_blocks_tree_is_rfc_6962s(void **state)
{
    struct scene *s = *state;

    for (size_t n = 1; n <= BLOCKS; n++) {
        struct jn_hash leaves[BLOCKS], root, wanted = mth(JN_NODE_RECORDS, s->blocks, n);
        struct jn_merkle tree = {0};

        memcpy(leaves, s->blocks, n * sizeof(leaves[0]));
        jn_hash_root(leaves, n, &root);
        assert_hashes(&root, &wanted, 1);
        for (size_t i = 0; i < n; i++)
            jn_merkle_add(JN_NODE_RECORDS, &tree, &s->blocks[i]);
        jn_merkle_root(JN_NODE_RECORDS, &tree, &root);
        assert_hashes(&root, &wanted, 1);
        for (size_t i = 0; i < n; i++) {
            struct jn_hash way[JN_PATH_MAX_HASHES];
            size_t length;

            memcpy(leaves, s->blocks, n * sizeof(leaves[0]));
            length = jn_merkle_path(JN_NODE_RECORDS, leaves, n, i, way);
            assert_true(jn_merkle_root_of_path(JN_NODE_RECORDS, &s->blocks[i], i, n, way, length, &root));
            assert_hashes(&root, &wanted, 1);
            /* One hash too few or too many is none. */
            assert_false(jn_merkle_root_of_path(JN_NODE_RECORDS, &s->blocks[i], i, n, way, length + 1, &root));
            assert_false(length > 0 &&
                         jn_merkle_root_of_path(JN_NODE_RECORDS, &s->blocks[i], i, n, way, length - 1, &root));
            assert_false(jn_merkle_root_of_path(JN_NODE_RECORDS, &s->blocks[i], n + i, n, way, length, &root));
            /* Nor does the way of one place lead from another. */
            for (size_t other = 0; other < n; other++)
                assert_true(other == i ||
                            !jn_merkle_root_of_path(JN_NODE_RECORDS, &s->blocks[i], other, n, way, length, &root) ||
                            memcmp(&root, &wanted, sizeof(root)) != 0);
        }
    }
}

static void
every_root_path_and_extension_is_there(struct scene *s)
{
    const struct jn_history history = {s->store.tables, s->store.log};

    jn_tables_begin(s->store.tables);
    for (size_t n = 1; n <= BLOCKS; n++) {
        struct jn_hash root, wanted = mth(JN_NODE_HISTORY, s->blocks, n), way[JN_PATH_MAX_HASHES], right[64];
        size_t length;

        assert_true(jn_history_root(&history, n, &root));
        assert_hashes(&root, &wanted, 1);
        for (size_t m = 1; m <= n; m++) {
            assert_true(jn_history_path(&history, m, n, way, &length));
            assert_int_equal(length, path(m - 1, s->blocks, n, right));
            assert_hashes(way, right, length);
            assert_true(jn_history_extension(&history, m, n, way, &length));
            assert_int_equal(length, subproof(m, s->blocks, n, true, right));
            assert_hashes(way, right, length);
        }
    }
    jn_tables_abort(s->store.tables);
}

static void
the_history_is_rfc_6962s(void **state)
{
    every_root_path_and_extension_is_there(*state);
}

static bool
count_rows(void *context, const char *table, const MDB_val *key, const MDB_val *value)
{
    (void)key;
    (void)value;
    *(size_t *)context += strcmp(table, "_history") == 0;
    return true;
}

static void
it_takes_a_row_every_second_block_and_is_made_again_from_the_log(void **state)
{
    struct scene *s = *state;
    char path_of_tables[128];
    size_t rows = 0;

    jn_tables_begin(s->store.tables);
    jn_tables_dump(s->store.tables, count_rows, &rows);
    jn_tables_abort(s->store.tables);
    assert_int_equal(rows, BLOCKS / 2);
    jn_store_close(&s->store);
    snprintf(path_of_tables, sizeof(path_of_tables), "%s/probe/tables/data.mdb", s->dir);
    assert_int_equal(unlink(path_of_tables), 0);
    open_store(s);
    assert_int_equal(s->store.replayed, BLOCKS);
    every_root_path_and_extension_is_there(s);
}

/* As the version before left them: with 24 counters. */
static void
tables_of_another_version_of_the_runtimes_are_rebuilt(void **state)
{
    struct scene *s = *state;
    Runtime__Mark mark = RUNTIME__MARK__INIT;
    struct jn_key key = JN_KEY(0);
    const Runtime__Mark *now;
    uint64_t inboxes;

    jn_tables_begin(s->store.tables);
    now = jn_own_get(s->store.tables, TABLE_MARK, &key);
    mark = *now;
    assert_int_equal(mark.n_counters, JN_COUNTERS);
    inboxes = mark.counters[0];
    assert_true(inboxes > 0);
    mark.own = TABLES_OWN_VERSION - 1;
    mark.n_counters = 24;
    jn_own_put(s->store.tables, TABLE_MARK, &key, &mark);
    assert_true(jn_tables_commit(s->store.tables));
    jn_store_close(&s->store);
    open_store(s);
    assert_int_equal(s->store.replayed, BLOCKS);
    jn_tables_begin(s->store.tables);
    now = jn_own_get(s->store.tables, TABLE_MARK, &key);
    assert_int_equal(now->n_counters, JN_COUNTERS);
    assert_int_equal(jn_counter(jn_view_of(s->store.tables), 0), inboxes);
    assert_int_equal(jn_counter(jn_view_of(s->store.tables), JN_COUNTERS - 1), 0);
    jn_tables_abort(s->store.tables);
}

static void
an_extension_holds_for_its_two_roots_alone(void **state)
{
    struct scene *s = *state;

    for (size_t n = 1; n <= BLOCKS; n++) {
        for (size_t m = 1; m <= n; m++) {
            struct jn_hash old = mth(JN_NODE_HISTORY, s->blocks, m), new = mth(JN_NODE_HISTORY, s->blocks, n), way[64];
            size_t length = subproof(m, s->blocks, n, true, way);

            assert_true(jn_merkle_extends(JN_NODE_HISTORY, m, &old, n, &new, way, length));
            assert_false(jn_merkle_extends(JN_NODE_HISTORY, m, &old, n, &new, way, length + 1));
            assert_false(length > 0 && jn_merkle_extends(JN_NODE_HISTORY, m, &old, n, &new, way, length - 1));
            assert_false(jn_merkle_extends(JN_NODE_HISTORY, 0, &old, n, &new, way, length));
            assert_false(m < n && jn_merkle_extends(JN_NODE_HISTORY, n, &new, m, &old, way, length));
            for (size_t i = 0; i < length; i++) {
                way[i].bytes[i % 32] ^= 1;
                assert_false(jn_merkle_extends(JN_NODE_HISTORY, m, &old, n, &new, way, length));
                way[i].bytes[i % 32] ^= 1;
            }
            old.bytes[0] ^= 1;
            assert_false(jn_merkle_extends(JN_NODE_HISTORY, m, &old, n, &new, way, length));
        }
    }
}

/* ---- Signatures ---- */

/* GB/T 32918.5-2017, A.2: "message digest", signed by ALICE's user id of that annex. */
static void
the_standards_own_signature_holds(void **state)
{
    static const char text[] = "09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                               "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13\n";
    static const uint8_t signature[JN_SIGNATURE_BYTES] = {
        0xf5, 0xa0, 0x3b, 0x06, 0x48, 0xd2, 0xc4, 0x63, 0x0e, 0xea, 0xc5, 0x13, 0xe1, 0xbb, 0x81, 0xa1,
        0x59, 0x44, 0xda, 0x38, 0x27, 0xd5, 0xb7, 0x41, 0x43, 0xac, 0x7e, 0xac, 0xee, 0xe7, 0x20, 0xb3,
        0xb1, 0xb6, 0xaa, 0x29, 0xdf, 0x21, 0x2f, 0xd8, 0x76, 0x31, 0x82, 0xbc, 0x0d, 0x42, 0x1c, 0xa1,
        0xbb, 0x90, 0x38, 0xfd, 0x1f, 0x7f, 0x42, 0xd4, 0x84, 0x0b, 0x69, 0xc4, 0x85, 0xbb, 0xc1, 0xaa};
    struct jn_sign_public key;

    (void)state;
    assert_true(jn_sign_public_read(text, sizeof(text) - 1, &key));
    assert_true(jn_signed(&key, "message digest", 14, signature));
    assert_false(jn_signed(&key, "message digesu", 14, signature));
}

static void
a_key_is_made_once_and_read_by_its_owner_alone(void **state)
{
    struct scene *s = *state;
    char error[JN_CONFIG_ERROR] = "", file[128], text[JN_SIGN_PUBLIC_TEXT + 1];
    struct jn_sign_public key, again;
    struct jn_signer *signer;
    struct stat st;
    FILE *out;

    snprintf(file, sizeof(file), "%s/keys/probe.sm2", s->dir);
    assert_null(jn_signer_open(s->dir, "probe", error));
    assert_non_null(strstr(error, "jineng keys sign probe makes one"));
    assert_true(jn_sign_make(s->dir, "probe", &key, error));
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_false(jn_sign_make(s->dir, "probe", &again, error));
    assert_non_null(strstr(error, "never overwritten"));
    signer = jn_signer_open(s->dir, "probe", error);
    assert_non_null(signer);
    assert_memory_equal(jn_signer_public(signer), &key, sizeof(key));
    jn_sign_public_print(&key, text);
    assert_true(jn_sign_public_read(text, strlen(text), &again));
    assert_memory_equal(&again, &key, sizeof(key));
    jn_signer_close(signer);
    chmod(file, 0640);
    assert_null(jn_signer_open(s->dir, "probe", error));
    assert_non_null(strstr(error, "others may read it"));
    chmod(file, 0600);
    /* Another secret behind the same public key. */
    out = fopen(file, "r+");
    fseek(out, JN_SIGN_PUBLIC_TEXT, SEEK_SET);
    fputs("0000000000000001", out);
    fclose(out);
    assert_null(jn_signer_open(s->dir, "probe", error));
    assert_non_null(strstr(error, "is no signing key"));
}

/* ---- Heads and proofs, as files ---- */

struct evidence {
    struct jn_signer *signer;
    struct jn_slice head, proof, extension;
    char key[JN_SIGN_PUBLIC_TEXT + 1];
};

static ProtobufCBinaryData *
as_items(struct scene *s, const struct jn_hash *hashes, size_t count)
{
    ProtobufCBinaryData *items = jn_arena_take(&s->arena, (count + 1) * sizeof(*items));

    for (size_t i = 0; i < count; i++)
        items[i] = (ProtobufCBinaryData){JN_HASH_BYTES, jn_arena_copy(&s->arena, hashes[i].bytes, JN_HASH_BYTES)};
    return items;
}

static const Proof__SignedHead *
signed_head_of(struct scene *s, struct evidence *e, size_t block)
{
    Proof__SignedHead *out = jn_arena_take(&s->arena, sizeof(*out));
    struct jn_hash history = mth(JN_NODE_HISTORY, s->blocks, block);
    Proof__Head head = PROOF__HEAD__INIT;

    head.service = (char *)(uintptr_t) "probe";
    head.log = (ProtobufCBinaryData){JN_LOG_BYTES, s->store.log->head.log};
    head.block = block;
    head.hash = (ProtobufCBinaryData){JN_HASH_BYTES, s->blocks[block - 1].bytes};
    head.time_ms = s->store.log->head.time_ms;
    head.history = (ProtobufCBinaryData){JN_HASH_BYTES, history.bytes};
    assert_true(jn_head_sign(e->signer, &head, &s->arena, out));
    return out;
}

static const Envelope__Block *
block_of(struct scene *s, uint64_t number)
{
    const Envelope__Block *block;
    const void *bytes;
    size_t length;

    assert_true(s->store.log->read(s->store.log, number, &bytes, &length));
    block = envelope__block__unpack(&s->arena.allocator, length, bytes);
    assert_non_null(block);
    return block;
}

static struct jn_slice
proof_of(struct scene *s, uint64_t number, uint32_t index, uint64_t head)
{
    const Envelope__Block *block = block_of(s, number);
    struct jn_hash leaves[ROWS], of_block, way[JN_PATH_MAX_HASHES];
    Proof__Proof proof = PROOF__PROOF__INIT;
    uint8_t salts[ROWS][JN_SALT_BYTES];

    jn_salt_of_block(s->store.log->head.secret, number, &of_block);
    for (uint32_t i = 0; i < block->n_records; i++) {
        jn_salt(&of_block, i, salts[i]);
        jn_hash_leaf(salts[i], block->records[i].data, block->records[i].len, &leaves[i]);
    }
    proof.service = (char *)(uintptr_t) "probe";
    proof.head = head;
    proof.header = block->header;
    proof.index = index;
    proof.salt = (ProtobufCBinaryData){JN_SALT_BYTES, salts[index]};
    proof.record = block->records[index];
    proof.n_path = jn_merkle_path(JN_NODE_RECORDS, leaves, block->n_records, index, way);
    proof.path = as_items(s, way, proof.n_path);
    proof.n_history = path(number - 1, s->blocks, head, way);
    proof.history = as_items(s, way, proof.n_history);
    return jn_evidence_write(JN_EVIDENCE_PROOF, &proof, &s->arena);
}

static void
gather(struct scene *s, struct evidence *e, uint64_t block, uint32_t index, uint64_t head)
{
    char error[JN_CONFIG_ERROR] = "";
    struct jn_sign_public key;

    assert_true(jn_sign_make(s->dir, "probe", &key, error));
    e->signer = jn_signer_open(s->dir, "probe", error);
    assert_non_null(e->signer);
    jn_sign_public_print(&key, e->key);
    e->head = jn_evidence_write(JN_EVIDENCE_HEAD, signed_head_of(s, e, head), &s->arena);
    e->proof = proof_of(s, block, index, head);
}

/* As `jineng proof check` does it. */
static bool
holds(const struct evidence *e)
{
    const Proof__SignedHead *signed_head;
    const Proof__Proof *proof;
    const Proof__Head *head;
    struct jn_sign_public key;
    struct jn_proven proven;
    struct jn_arena arena;
    bool good;

    jn_arena_open(&arena, (size_t)16 << 20);
    signed_head = jn_evidence_read(JN_EVIDENCE_HEAD, e->head.bytes, e->head.length, &arena);
    proof = jn_evidence_read(JN_EVIDENCE_PROOF, e->proof.bytes, e->proof.length, &arena);
    good = signed_head && proof && jn_sign_public_read(e->key, strlen(e->key), &key) &&
           !jn_head_check(signed_head, &key, &arena, &head) && !jn_proof_check(proof, head, &arena, &proven);
    jn_arena_close(&arena);
    return good;
}

static void
every_record_has_its_proof(void **state)
{
    struct scene *s = *state;
    struct evidence e;
    size_t proofs = 0;

    gather(s, &e, 1, 0, BLOCKS);
    for (uint64_t block = 1; block <= BLOCKS; block++) {
        for (uint32_t index = 0; index < block_of(s, block)->n_records; index++) {
            e.proof = proof_of(s, block, index, BLOCKS);
            assert_true(holds(&e));
            proofs++;
        }
    }
    assert_true(proofs > BLOCKS);
    jn_signer_close(e.signer);
}

static size_t
flips_that_pass(struct evidence *e, const void *bytes, size_t length)
{
    uint8_t *at = (uint8_t *)(uintptr_t)bytes;
    size_t passed = 0;

    for (size_t i = 0; i < length; i++) {
        at[i] ^= (uint8_t)(1u << i % 8);
        passed += holds(e);
        at[i] ^= (uint8_t)(1u << i % 8);
    }
    assert_true(holds(e));
    return passed;
}

static void
no_byte_may_be_changed(void **state)
{
    struct scene *s = *state;
    struct evidence e;

    gather(s, &e, 33, 3, BLOCKS);
    assert_true(holds(&e));
    assert_int_equal(flips_that_pass(&e, e.proof.bytes, e.proof.length), 0);
    assert_int_equal(flips_that_pass(&e, e.head.bytes, e.head.length), 0);
    assert_int_equal(flips_that_pass(&e, e.key, strlen(e.key)), 0);
    jn_signer_close(e.signer);
}

/* What is said in two ways, or is longer than it need be. */
static void
a_file_has_one_form(void **state)
{
    struct scene *s = *state;
    struct evidence e;
    uint8_t longer[4096];

    gather(s, &e, 33, 3, BLOCKS);
    memcpy(longer, e.proof.bytes, e.proof.length);
    memcpy(longer + e.proof.length, "\x98\x06\x01", 3); /* field 99, unknown */
    e.proof = (struct jn_slice){longer, e.proof.length + 3};
    assert_false(holds(&e));
    e.proof.length -= 3;
    assert_true(holds(&e));
    memcpy(longer + e.proof.length, "\x20\x03", 2); /* the index once more */
    e.proof.length += 2;
    assert_false(holds(&e));
    jn_signer_close(e.signer);
}

static void
a_proof_leads_to_its_own_head_alone(void **state)
{
    struct scene *s = *state;
    struct evidence e;

    gather(s, &e, 33, 3, BLOCKS);
    e.head = jn_evidence_write(JN_EVIDENCE_HEAD, signed_head_of(s, &e, BLOCKS - 1), &s->arena);
    assert_false(holds(&e));
    e.proof = proof_of(s, 33, 3, BLOCKS - 1);
    assert_true(holds(&e));
    /* Signed, but of blocks that were changed since. */
    s->blocks[4].bytes[0] ^= 1;
    e.head = jn_evidence_write(JN_EVIDENCE_HEAD, signed_head_of(s, &e, BLOCKS - 1), &s->arena);
    assert_false(holds(&e));
    jn_signer_close(e.signer);
}

static const struct jn_misfit *
extends(struct scene *s, struct evidence *e, const Proof__SignedHead *from, const Proof__SignedHead *to,
        const struct jn_hash *way, size_t length)
{
    Proof__Extension extension = PROOF__EXTENSION__INIT;
    const Proof__Head *old = jn_head_read(from, &s->arena), *new = jn_head_read(to, &s->arena);

    (void)e;
    assert_non_null(old);
    assert_non_null(new);
    extension.service = (char *)(uintptr_t) "probe";
    extension.from = old->block;
    extension.to = new->block;
    extension.n_path = length;
    extension.path = as_items(s, way, length);
    return jn_extension_check(&extension, old, new);
}

static void
a_later_head_goes_on_from_an_earlier_one_or_is_found_out(void **state)
{
    struct scene *s = *state;
    struct evidence e;
    struct jn_hash way[64];
    size_t length = subproof(20, s->blocks, BLOCKS, true, way);
    const Proof__SignedHead *from, *to;

    gather(s, &e, 1, 0, BLOCKS);
    from = signed_head_of(s, &e, 20);
    to = signed_head_of(s, &e, BLOCKS);
    assert_null(extends(s, &e, from, to, way, length));
    assert_non_null(extends(s, &e, to, from, way, length));
    /* History is written anew: the new log has a head and paths of its own, but none from the old head. */
    s->blocks[4].bytes[0] ^= 1;
    to = signed_head_of(s, &e, BLOCKS);
    length = subproof(20, s->blocks, BLOCKS, true, way);
    assert_string_equal(extends(s, &e, from, to, way, length)->en,
                        "the later log does not begin with the earlier one: history was changed");
    jn_signer_close(e.signer);
}

/* ---- Proof of the store ---- */

static void
note(void *context, const char *sentence)
{
    snprintf(context, JN_ERROR_TEXT, "%s", sentence);
}

/* A changed node is a row that differs from what the log says. */
static void
verify_finds_a_changed_node(void **state)
{
    struct scene *s = *state;
    Runtime__HistoryRow row = RUNTIME__HISTORY_ROW__INIT;
    struct jn_key key = JN_KEY(64);
    char last[JN_ERROR_TEXT] = "", dir[80], scratch[80];
    const Runtime__HistoryRow *now;
    struct jn_verified verified;

    snprintf(dir, sizeof(dir), "%s/probe", s->dir);
    snprintf(scratch, sizeof(scratch), "%s/scratch", s->dir);
    assert_int_equal(jn_store_verify(&probe, dir, 1, scratch, &verified, note, last), 0);
    jn_tables_begin(s->store.tables);
    now = jn_own_get(s->store.tables, TABLE_LOG_HISTORY, &key);
    assert_int_equal(now->nodes.len, 6 * JN_HASH_BYTES);
    row = *now;
    row.nodes.data[70] ^= 1;
    jn_own_put(s->store.tables, TABLE_LOG_HISTORY, &key, &row);
    assert_true(jn_tables_commit(s->store.tables));
    assert_int_equal(jn_store_verify(&probe, dir, 1, scratch, &verified, note, last), 1);
    assert_non_null(strstr(last, "_history"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_blocks_tree_is_rfc_6962s, begin, end),
        cmocka_unit_test_setup_teardown(the_history_is_rfc_6962s, begin, end),
        cmocka_unit_test_setup_teardown(it_takes_a_row_every_second_block_and_is_made_again_from_the_log, begin, end),
        cmocka_unit_test_setup_teardown(tables_of_another_version_of_the_runtimes_are_rebuilt, begin, end),
        cmocka_unit_test_setup_teardown(an_extension_holds_for_its_two_roots_alone, begin, end),
        cmocka_unit_test_setup_teardown(the_standards_own_signature_holds, begin, end),
        cmocka_unit_test_setup_teardown(a_key_is_made_once_and_read_by_its_owner_alone, begin, end),
        cmocka_unit_test_setup_teardown(every_record_has_its_proof, begin, end),
        cmocka_unit_test_setup_teardown(no_byte_may_be_changed, begin, end),
        cmocka_unit_test_setup_teardown(a_file_has_one_form, begin, end),
        cmocka_unit_test_setup_teardown(a_proof_leads_to_its_own_head_alone, begin, end),
        cmocka_unit_test_setup_teardown(a_later_head_goes_on_from_an_earlier_one_or_is_found_out, begin, end),
        cmocka_unit_test_setup_teardown(verify_finds_a_changed_node, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
