/* A configuration is read whole or refused with file, line and what to do; keys are for nobody's eyes; deny is the
 * default. */
#include <limits.h>
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
#include <zmq.h>

#include "domain/date.h"
#include "jineng/v1/common.pb-c.h"
#include "runtime/config.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEXT_MAX     (64 * 1024)

static char folder[] = "/tmp/jineng-config-XXXXXX";
static char keys[300][41]; /* public ones, Z85 */
static struct jn_config config;
static char error[JN_CONFIG_ERROR];

static const char good[] = "# A suite to try things with.\n"           /* 1 */
                           "mode: rehearsal\n"                         /* 2 */
                           "clock: driven\n"                           /* 3 */
                           "clock_start: 2019-10-27\n"                 /* 4 */
                           "city: 130100\n"                            /* 5 */
                           "services:\n"                               /* 6 */
                           "  - name: ledger\n"                        /* 7 */
                           "    endpoint: tcp://127.0.0.1:7704\n"      /* 8 */
                           "    key: \"KEY0\"\n"                       /* 9 */
                           "    roles: [service, payer]\n"             /* 10 */
                           "  - name: subsidy\n"                       /* 11 */
                           "    endpoint: ipc:///run/jineng/subsidy\n" /* 12 */
                           "    key: \"KEY1\"\n"                       /* 13 */
                           "    roles: [service]\n"                    /* 14 */
                           "agencies:\n"                               /* 15 */
                           "  - name: veterans\n"                      /* 16 */
                           "    key: 'KEY2'\n"                         /* 17 */
                           "    roles: [attestor, reviewer, inbox]\n"  /* 18 */
                           "    department: veterans\n"                /* 19 */
                           "    groups: [veteran, 残疾人]\n"           /* 20 */
                           "    divisions: [130102, 130500]\n"         /* 21 */
                           "    valid_through: 2027-12-31\n"           /* 22 */
                           "  - name: old.auditor\n"                   /* 23 */
                           "    key: \"KEY3\"\n"                       /* 24 */
                           "    roles: [auditor]\n"                    /* 25 */
                           "    revoked: true\n";                      /* 26 */

static const char *
path_of(const char *name)
{
    static char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void
write_file(const char *name, const char *text, size_t length)
{
    FILE *file = fopen(path_of(name), "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

/* Replaces the first `from` by `to`, then KEYn by keys. */
static void
given(const char *from, const char *to)
{
    static char text[TEXT_MAX], keyed[TEXT_MAX];
    const char *at = strstr(good, from);
    size_t used = 0;

    assert_non_null(at);
    snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
    for (const char *c = text; *c; c++) {
        if (!strncmp(c, "KEY", 3)) {
            used += (size_t)snprintf(keyed + used, sizeof(keyed) - used, "%s", keys[c[3] - '0']);
            c += 3;
            continue;
        }
        keyed[used++] = *c;
    }
    write_file("jineng.yaml", keyed, used);
}

static bool
load(void)
{
    *error = '\0';
    return jn_config_load(path_of("jineng.yaml"), &config, error);
}

static void
everything_said_is_known(void **state)
{
    const struct jn_agency *veterans, *old;
    char whole[PATH_MAX];

    (void)state;
    given("mode", "mode");
    if (!load())
        fail_msg("%s", error);
    assert_true(config.driven_clock && !config.production);
    assert_int_equal(config.start_ms, date_to_ms(18196));
    assert_int_equal(config.city, 130100);
    assert_int_equal(config.disk_reserve_mb, 256);
    assert_int_equal(config.map_gib, 64);
    assert_non_null(realpath(folder, whole));
    assert_string_equal(config.data, whole);
    assert_int_equal(config.peers_count, 2);
    assert_int_equal(config.agencies_count, 4);
    assert_string_equal(jn_config_peer(&config, "subsidy")->endpoint, "ipc:///run/jineng/subsidy");
    assert_null(jn_config_peer(&config, "veterans"));
    assert_int_equal(jn_config_agency(&config, jn_config_peer(&config, "ledger")->key)->roles,
                     ROLE_SERVICE | ROLE_PAYER);
    veterans = jn_config_agency_named(&config, "veterans");
    assert_int_equal(veterans->roles, ROLE_ATTESTOR | ROLE_REVIEWER | ROLE_INBOX);
    assert_int_equal(veterans->department, COMMON__DEPARTMENT__VETERANS);
    assert_int_equal(veterans->groups, 1u << COMMON__GROUP__VETERAN | 1u << COMMON__GROUP__DISABLED);
    assert_int_equal(veterans->divisions_count, 2);
    assert_int_equal(veterans->expires_ms, date_to_ms(21183 + 1));
    old = jn_config_agency_named(&config, "old.auditor");
    assert_true(old->revoked);
    assert_ptr_equal(jn_config_agency(&config, old->key), old);
}

static void
whose_account_pays_is_known_where_it_is_said(void **state)
{
    (void)state;
    given("city: 130100",
          "payer_name: 市人社局\npayer_account: \"13001615108050001234\"\npayer_bank: \"105121000012\"");
    if (!load())
        fail_msg("%s", error);
    assert_string_equal(config.payer_name, "市人社局");
    assert_string_equal(config.payer_account, "13001615108050001234");
    assert_string_equal(config.payer_bank, "105121000012");
    given("mode", "mode");
    assert_true(load());
    assert_string_equal(config.payer_account, "");
}

static void
faults_name_their_line_and_what_to_do(void **state)
{
    static const struct {
        const char *from, *to, *wanted;
    } cases[] = {
        {"clock: driven", "clock: drven", ":3: clock: \"drven\": use real or driven"},
        {"mode: rehearsal", "mode: production", ":3: a production suite follows the real clock"},
        {"mode: rehearsal", "mode: test", ":2: mode: \"test\": use rehearsal or production"},
        {"clock_start: 2019-10-27\n", "", ":3: clock_start says where a driven clock starts: add"},
        {"clock: driven", "clock: real", ":3: clock_start says where a driven clock starts: remove"},
        {"2019-10-27", "2019-02-29", ":4: \"2019-02-29\" is no date"},
        {"city: 130100", "city: 13", ":5: city: 13 is no division code"},
        {"city: 130100", "map_gib: 5000", ":5: map_gib: 5000 is too much"},
        {"city: 130100", "payer_account: \"6222 02\"", ":5: payer_account is no account"},
        {"city: 130100", "disk_reserve_mb: -1", ":5: at \"disk_reserve_mb\": Invalid UINT"},
        {"city: 130100", "town: 130100", ":5: Unexpected key: town"},
        {"city: 130100", "mode: rehearsal", ":5: at \"mode\": Mapping field already seen"},
        {"  - name: subsidy", "  - name: ledger", "\"ledger\" is there twice"},
        {"- name: subsidy", "- name: Subsidy", ":11: \"Subsidy\" is no name"},
        {"- name: subsidy", "- name: ../subsidy", ":11: \"../subsidy\" is no name"},
        {"ipc:///run/jineng/subsidy", "tcp://127.0.0.1:7704", ":12: \"subsidy\" has the endpoint of \"ledger\""},
        {"tcp://127.0.0.1:7704", "tcp://127.0.0.1:77040", ":8: \"tcp://127.0.0.1:77040\" is no endpoint"},
        {"tcp://127.0.0.1:7704", "tcp://*:7704", ":8: "},
        {"tcp://127.0.0.1:7704", "udp://127.0.0.1:7704", ":8: "},
        {"tcp://127.0.0.1:7704", "ipc://here", ":8: "},
        {"KEY1", "KEY0", ":13: the key of \"subsidy\" is that of \"ledger\" too"},
        {"KEY1", "too short", ":13: this is no public key"},
        {"roles: [service, payer]", "roles: [service, boss]", ":10: \"boss\" is no role: use operator"},
        {"roles: [service, payer]", "roles: []", "Insufficient entries"},
        {"    roles: [auditor]\n", "", "Missing required mapping field: roles"},
        {"department: veterans", "department: war", ":19: \"war\" is no department"},
        {"[veteran, ", "[vetran, ", ":20: \"vetran\" is no group"},
        {"[130102", "[13", ":21: 13 is no division code"},
        {"[130102", "[a", "Invalid uint64_t value: 'a'"},
        {"2027-12-31", "31.12.2027", ":22: \"31.12.2027\" is no date"},
        {"revoked: true", "revoked: maybe", ":26: at \"revoked\": Invalid ENUM value: maybe"},
        {"revoked: true", "revoked: *x", "YAML alias unsupported"},
        {"revoked: true", "revoked: true\n    sudo: yes", ":27: Unexpected key: sudo"},
        {"services:", "services: [", ":"},
        {"agencies:", "\tagencies:", ":"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        given(cases[i].from, cases[i].to);
        if (load())
            fail_msg("%s -> %s was taken", cases[i].from, cases[i].to);
        if (!strstr(error, cases[i].wanted) || !strstr(error, "jineng.yaml:"))
            fail_msg("%s -> %s gives \"%s\", not \"%s\"", cases[i].from, cases[i].to, error, cases[i].wanted);
    }
}

static void
too_many_agencies_are_refused(void **state)
{
    static char text[TEXT_MAX];
    size_t used = 0, fewer = 0;

    (void)state;
    used += (size_t)snprintf(text, sizeof(text),
                             "mode: rehearsal\nclock: real\nservices:\n  - {name: a, endpoint: \"tcp://h:1\", "
                             "key: \"%s\", roles: [service]}\nagencies:\n",
                             keys[0]);
    for (int i = 1; i <= JN_AGENCIES_MAX; i++) {
        fewer = used;
        used += (size_t)snprintf(text + used, sizeof(text) - used, "  - {name: a%d, key: \"%s\", roles: [inbox]}\n", i,
                                 keys[i]);
    }
    write_file("jineng.yaml", text, used);
    assert_false(load());
    assert_non_null(strstr(error, "more than 256"));
    write_file("jineng.yaml", text, fewer);
    if (!load())
        fail_msg("%s", error);
}

static void
files_that_are_none_are_refused(void **state)
{
    static char noise[4096];

    (void)state;
    unlink(path_of("jineng.yaml"));
    assert_false(load());
    assert_non_null(strstr(error, "jineng init"));
    write_file("jineng.yaml", "", 0);
    assert_false(load());
    assert_non_null(strstr(error, "empty"));
    write_file("jineng.yaml", "# nothing\n\n", 11);
    assert_false(load());
    for (int seed = 1; seed < 200; seed++) {
        for (size_t i = 0; i < sizeof(noise); i++)
            noise[i] = (char)((unsigned)rand() >> 8);
        write_file("jineng.yaml", noise, sizeof(noise));
        assert_false(load());
        assert_true(strlen(error) > 0);
    }
    given("mode", "mode");
    assert_int_equal(chmod(path_of("jineng.yaml"), 0666), 0);
    assert_false(load());
    assert_non_null(strstr(error, "chmod go-w"));
    assert_int_equal(chmod(path_of("jineng.yaml"), 0644), 0);
    assert_true(load());
    assert_false(jn_config_load(folder, &config, error));
}

/* ---- Keys ---- */

static void
a_key_is_made_once_and_read_back(void **state)
{
    struct jn_keypair made, read;
    struct stat st;

    (void)state;
    assert_true(jn_keypair_make(folder, "veterans", &made, error));
    assert_true(jn_keypair_load(folder, "veterans", &read, error));
    assert_memory_equal(&made, &read, sizeof(made));
    assert_int_equal(stat(path_of("keys/veterans.key"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_false(jn_keypair_make(folder, "veterans", &made, error));
    assert_non_null(strstr(error, "never overwritten"));
    assert_false(jn_keypair_load(folder, "nobody", &read, error));
    assert_non_null(strstr(error, "jineng keys make nobody"));
    assert_false(jn_keypair_make(folder, "../veterans", &made, error));
    assert_false(jn_keypair_make(folder, "", &made, error));
}

static void
a_key_that_others_may_read_is_refused(void **state)
{
    struct jn_keypair pair;

    (void)state;
    assert_true(jn_keypair_make(folder, "shared", &pair, error));
    assert_int_equal(chmod(path_of("keys/shared.key"), 0640), 0);
    assert_false(jn_keypair_load(folder, "shared", &pair, error));
    assert_non_null(strstr(error, "chmod 600"));
}

/* But for the five bits that Curve25519 sets whatever the key has there (RFC 7748, section 5). */
static bool
same_key(struct jn_keypair one, struct jn_keypair other)
{
    one.secret_key[0] = (uint8_t)(one.secret_key[0] & 0xf8);
    other.secret_key[0] = (uint8_t)(other.secret_key[0] & 0xf8);
    one.secret_key[31] = (uint8_t)(one.secret_key[31] & 0x3f);
    other.secret_key[31] = (uint8_t)(other.secret_key[31] & 0x3f);
    return memcmp(&one, &other, sizeof(one)) == 0;
}

static void
a_damaged_key_is_refused(void **state)
{
    struct jn_keypair pair, made;
    char text[128];
    FILE *file;

    (void)state;
    assert_true(jn_keypair_make(folder, "damaged", &made, error));
    file = fopen(path_of("keys/damaged.key"), "r");
    assert_int_equal(fread(text, 1, sizeof(text), file), 82);
    fclose(file);
    for (size_t i = 0; i < 82; i++) {
        char kept = text[i];

        text[i] = kept == '0' ? '1' : '0';
        write_file("keys/damaged.key", text, 82);
        text[i] = kept;
        if (jn_keypair_load(folder, "damaged", &pair, error) && !same_key(pair, made))
            fail_msg("a key with byte %zu changed was taken", i);
    }
    write_file("keys/damaged.key", text, 81);
    assert_false(jn_keypair_load(folder, "damaged", &pair, error));
    text[82] = '\n';
    write_file("keys/damaged.key", text, 83);
    assert_false(jn_keypair_load(folder, "damaged", &pair, error));
}

/* ---- Access ---- */

static void
deny_is_the_default(void **state)
{
    struct jn_agency who = {.roles = ROLE_FINANCE | ROLE_INBOX};

    (void)state;
    assert_true(jn_may(&who, ROLE_FINANCE | ROLE_OPERATOR));
    assert_false(jn_may(&who, ROLE_OPERATOR));
    assert_false(jn_may(&who, ROLE_NONE));
    assert_true(jn_may(&who, ROLE_ANYONE));
    assert_false(jn_may(NULL, ROLE_ANYONE));
    assert_false(jn_in_scope_division(NULL, 130102));
    assert_false(jn_in_scope_group(NULL, 1));
    who.revoked = true;
    assert_false(jn_may(&who, ROLE_ANYONE));
    assert_false(jn_in_scope_division(&who, 130102));
    assert_false(jn_in_scope_group(&who, 1));
}

static void
a_scope_holds_what_lies_inside(void **state)
{
    struct jn_agency who = {.roles = ROLE_INBOX};

    (void)state;
    assert_true(jn_in_scope_division(&who, 110101));
    assert_true(jn_in_scope_group(&who, COMMON__GROUP__FARMER));
    who.divisions[0] = 130102;
    who.divisions[1] = 130500;
    who.divisions[2] = 370000;
    who.divisions_count = 3;
    who.groups = 1u << COMMON__GROUP__VETERAN;
    assert_true(jn_in_scope_division(&who, 130102));
    assert_false(jn_in_scope_division(&who, 130100));
    assert_false(jn_in_scope_division(&who, 130104));
    assert_true(jn_in_scope_division(&who, 130521));
    assert_true(jn_in_scope_division(&who, 370102));
    assert_false(jn_in_scope_division(&who, 130600));
    assert_true(jn_in_scope_group(&who, COMMON__GROUP__VETERAN));
    assert_false(jn_in_scope_group(&who, COMMON__GROUP__DISABLED));
    assert_false(jn_in_scope_group(&who, 32));
    assert_false(jn_in_scope_group(&who, UINT32_MAX));
}

static int
make_folder(void **state)
{
    char secret[41];

    (void)state;
    umask(022);
    for (size_t i = 0; i < COUNT(keys); i++)
        if (zmq_curve_keypair(keys[i], secret) != 0)
            return -1;
    return mkdtemp(folder) && mkdir(path_of("keys"), 0700) == 0 ? 0 : -1;
}

static int
remove_folder(void **state)
{
    static const char *const names[] = {"keys/veterans.key", "keys/shared.key", "keys/damaged.key", "jineng.yaml"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        unlink(path_of(names[i]));
    rmdir(path_of("keys"));
    return rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_said_is_known),
        cmocka_unit_test(whose_account_pays_is_known_where_it_is_said),
        cmocka_unit_test(faults_name_their_line_and_what_to_do),
        cmocka_unit_test(too_many_agencies_are_refused),
        cmocka_unit_test(files_that_are_none_are_refused),
        cmocka_unit_test(a_key_is_made_once_and_read_back),
        cmocka_unit_test(a_key_that_others_may_read_is_refused),
        cmocka_unit_test(a_damaged_key_is_refused),
        cmocka_unit_test(deny_is_the_default),
        cmocka_unit_test(a_scope_holds_what_lies_inside),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
