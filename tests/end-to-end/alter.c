/* Changes one bit of a key or a value behind the suite's back, through LMDB itself. For tests alone.
 *
 *   lmdb-alter ENV list              DB ROWS BYTES, a line a table
 *   lmdb-alter ENV flip DB N BIT     that bit of the N-th byte of all keys and values, row by row; 3 where the key is
 * taken lmdb-alter ENV dump              DB KEY VALUE in hexadecimal, a line a row lmdb-alter ENV load such lines from
 * standard input, into a new one */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lmdb.h>

static void
must(int result, const char *what)
{
    if (result == 0)
        return;
    fprintf(stderr, "lmdb-alter: %s: %s\n", what, mdb_strerror(result));
    exit(1);
}

typedef void (*row_fn)(void *context, const char *db, const MDB_val *key, const MDB_val *value);

static void
each_row(MDB_txn *txn, const char *db, row_fn each, void *context)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    MDB_dbi dbi;

    must(mdb_dbi_open(txn, db, 0, &dbi), db);
    must(mdb_cursor_open(txn, dbi, &cursor), db);
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0)
        each(context, db, &key, &value);
    mdb_cursor_close(cursor);
}

static void
print_hex(const MDB_val *value)
{
    const unsigned char *bytes = value->mv_data;

    for (size_t i = 0; i < value->mv_size; i++)
        printf("%02x", bytes[i]);
}

static void
print_row(void *context, const char *db, const MDB_val *key, const MDB_val *value)
{
    (void)context;
    printf("%s ", db);
    print_hex(key);
    printf(" ");
    print_hex(value);
    printf("\n");
}

struct sum {
    size_t rows, bytes;
};

static void
add_row(void *context, const char *db, const MDB_val *key, const MDB_val *value)
{
    struct sum *sum = context;

    (void)db;
    sum->rows++;
    sum->bytes += key->mv_size + value->mv_size;
}

/* The names of the tables are the keys of the nameless one. */
static void
each_table(MDB_txn *txn, const char *verb)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    MDB_dbi names;

    must(mdb_dbi_open(txn, NULL, 0, &names), "names");
    must(mdb_cursor_open(txn, names, &cursor), "names");
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
        struct sum sum = {0, 0};
        char db[64];

        snprintf(db, sizeof(db), "%.*s", (int)key.mv_size, (const char *)key.mv_data);
        each_row(txn, db, strcmp(verb, "dump") ? add_row : print_row, &sum);
        if (strcmp(verb, "dump"))
            printf("%s %zu %zu\n", db, sum.rows, sum.bytes);
    }
    mdb_cursor_close(cursor);
}

static int
replace(MDB_txn *txn, MDB_dbi dbi, MDB_val key, MDB_val value, size_t byte, unsigned bit)
{
    unsigned char *k = malloc(key.mv_size), *v = malloc(value.mv_size + 1);
    MDB_val new_key = {key.mv_size, k}, new_value = {value.mv_size, v};
    int result;

    memcpy(k, key.mv_data, key.mv_size);
    memcpy(v, value.mv_data, value.mv_size);
    must(mdb_del(txn, dbi, &new_key, NULL), "delete");
    if (byte < key.mv_size)
        k[byte] ^= (unsigned char)(1u << bit);
    else
        v[byte - key.mv_size] ^= (unsigned char)(1u << bit);
    result = mdb_put(txn, dbi, &new_key, &new_value, MDB_NOOVERWRITE);
    free(k);
    free(v);
    if (result == 0)
        return mdb_txn_commit(txn) == 0 ? 0 : 1;
    mdb_txn_abort(txn);
    return 3;
}

static int
flip(MDB_txn *txn, const char *db, size_t byte, unsigned bit)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    MDB_dbi dbi;

    must(mdb_dbi_open(txn, db, 0, &dbi), db);
    must(mdb_cursor_open(txn, dbi, &cursor), db);
    for (;;) {
        must(mdb_cursor_get(cursor, &key, &value, MDB_NEXT), "there is no such byte");
        if (byte < key.mv_size + value.mv_size)
            break;
        byte -= key.mv_size + value.mv_size;
    }
    mdb_cursor_close(cursor);
    return replace(txn, dbi, key, value, byte, bit);
}

/* A recorded log has some megabytes. */
#define LOAD_BYTES ((size_t)1 << 30)

/* In place; what it stands for. */
static MDB_val
read_hex(char *text)
{
    MDB_val value = {strlen(text) / 2, text};
    unsigned char *out = value.mv_data;

    for (size_t i = 0; i < value.mv_size; i++) {
        char pair[3] = {text[2 * i], text[2 * i + 1], '\0'}, *end;

        out[i] = (unsigned char)strtoul(pair, &end, 16);
        must(end == pair + 2 ? 0 : EINVAL, "a line is no hexadecimal");
    }
    return value;
}

static int
load(MDB_txn *txn)
{
    char *line = NULL;
    size_t size = 0;

    while (getline(&line, &size, stdin) > 0) {
        char *db = strtok(line, " \n"), *key_text = strtok(NULL, " \n"), *value_text = strtok(NULL, " \n");
        MDB_val key, value;
        MDB_dbi dbi;

        must(db && key_text ? 0 : EINVAL, "a line is no row");
        key = read_hex(key_text);
        value = read_hex(value_text ? value_text : key_text + strlen(key_text));
        must(mdb_dbi_open(txn, db, MDB_CREATE, &dbi), db);
        must(mdb_put(txn, dbi, &key, &value, MDB_NOOVERWRITE), "put");
    }
    free(line);
    return mdb_txn_commit(txn) == 0 ? 0 : 1;
}

int
main(int argc, char **argv)
{
    int loads = argc == 3 && !strcmp(argv[2], "load");
    int flips = argc == 6 && !strcmp(argv[2], "flip"), code = 0;
    MDB_env *env;
    MDB_txn *txn;

    if (!flips && argc != 3) {
        fprintf(stderr, "usage: lmdb-alter ENV list | dump | load | flip DB N BIT\n");
        return 2;
    }
    must(mdb_env_create(&env), "create");
    mdb_env_set_maxdbs(env, 64);
    if (loads)
        must(mdb_env_set_mapsize(env, LOAD_BYTES), "mapsize");
    must(mdb_env_open(env, argv[1], flips || loads ? MDB_NOSYNC : MDB_RDONLY, 0600), argv[1]);
    must(mdb_txn_begin(env, NULL, flips || loads ? 0 : MDB_RDONLY, &txn), "begin");
    if (loads) {
        code = load(txn);
    } else if (flips) {
        code = flip(txn, argv[3], strtoul(argv[4], NULL, 10), (unsigned)strtoul(argv[5], NULL, 10) % 8);
    } else {
        each_table(txn, argv[2]);
        mdb_txn_abort(txn);
    }
    mdb_env_close(env);
    return code;
}
