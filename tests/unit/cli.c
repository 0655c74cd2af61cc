/* What jineng says of itself is so; a fresh folder is whole; small changes to a configuration leave the rest alone. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#ifdef JN_HAVE_PLAY
#include "cli/campaign/reader.h"
#endif
#include "cli/cell.h"
#include "cli/child.h"
#include "cli/claim_name.h"
#include "cli/commands.h"
#include "cli/config_write.h"
#include "cli/folder.h"
#include "cli/items.h"
#include "cli/ports.h"
#include "cli/suite.h"
#include "domain/date.h"

static char folder[] = "/tmp/jineng-cli-XXXXXX";
static char error[JN_CONFIG_ERROR];
static struct jn_config config;

static const char *
path_of(const char *name)
{
    static char path[2][512];
    static unsigned turn;

    turn = !turn;
    snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
    return path[turn];
}

static char *
text_of(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 256 * 1024);

    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, 256 * 1024 - 1, file) > 0);
    fclose(file);
    return text;
}

/* ---- What it says of itself ---- */

static void
the_man_page_names_every_subcommand_and_option(void **state)
{
    char *page = text_of(JN_SOURCE_DIR "/services/cli/jineng.1");
    char wanted[64];

    (void)state;
    for (size_t i = 0; i < commands_count; i++) {
        snprintf(wanted, sizeof(wanted), "Cm %s", commands[i].name);
        if (!strstr(page, wanted))
            fail_msg("jineng.1 does not name %s", commands[i].name);
        for (const struct option *option = commands[i].options; option && option->name; option++) {
            snprintf(wanted, sizeof(wanted), "Fl Fl %s", option->name);
            if (!strstr(page, wanted))
                fail_msg("jineng.1 does not name --%s of %s", option->name, commands[i].name);
        }
    }
    free(page);
}

static void
the_completion_is_that_of_the_table(void **state)
{
    char *script = text_of(JN_SOURCE_DIR "/services/cli/jineng.bash");
    size_t rows = 0;

    (void)state;
    for (size_t i = 0; i < commands_count; i++) {
        char wanted[512];
        size_t used = (size_t)snprintf(wanted, sizeof(wanted), "    [%s]=\"", commands[i].name);

        for (const struct option *option = commands[i].options; option && option->name; option++)
            used += (size_t)snprintf(wanted + used, sizeof(wanted) - used, "%s--%s",
                                     option == commands[i].options ? "" : " ", option->name);
        snprintf(wanted + used, sizeof(wanted) - used, "\"\n");
        if (!strstr(script, wanted))
            fail_msg("jineng.bash has no line%s", wanted);
    }
    for (const char *row = script; (row = strstr(row, "\n    [")); row++)
        rows++;
    assert_true(rows >= commands_count);
    for (size_t i = 0; i < contracts_count; i++)
        assert_non_null(strstr(strstr(script, "_jineng_services="), contracts[i].name));
    free(script);
}

static void
help_names_every_option(void **state)
{
    char wanted[64];

    (void)state;
    for (size_t i = 0; i < commands_count; i++) {
        assert_ptr_equal(command_find(commands[i].name), &commands[i]);
        assert_true(*commands[i].en && (unsigned char)commands[i].zh[0] >= 0x80);
        assert_int_equal(strncmp(commands[i].usage, commands[i].name, strlen(commands[i].name)), 0);
        for (const struct option *option = commands[i].options; option && option->name; option++) {
            snprintf(wanted, sizeof(wanted), "  --%s", option->name);
            if (!strstr(commands[i].details, wanted))
                fail_msg("help %s does not tell of --%s", commands[i].name, option->name);
        }
    }
    assert_null(command_find("steal"));
}

static void
methods_are_found_in_the_contract(void **state)
{
    const struct contract *contract;

    (void)state;
    assert_string_equal(contract_method("ledger.Appropriate", &contract)->input->name, "ledger.Appropriate");
    assert_string_equal(contract_method("ledger.Stand", &contract)->output->name, "runtime.Standing");
    assert_null(contract_method("ledger.Steal", &contract));
    assert_string_equal(contract->name, "ledger");
    assert_null(contract_method("ledger", &contract));
    assert_string_equal(contract->name, "ledger");
    assert_null(contract_method("bank.Open", &contract));
    assert_null(contract);
    assert_null(contract_method("", &contract));
}

/* ---- A fresh folder ---- */

static void
a_fresh_folder_is_whole(void **state)
{
    const struct folder_plan plan = {.driven = true, .start = "2019-10-27"};
    const struct jn_agency *veterans;
    struct jn_keypair pair;
    struct stat st;

    (void)state;
    if (!folder_make(path_of("fresh/"), &plan, error) || !jn_config_load(path_of("fresh/jineng.yaml"), &config, error))
        fail_msg("%s", error);
    assert_true(config.driven_clock && !config.production);
    assert_int_equal(config.start_ms, date_to_ms(18196));
    assert_int_equal(config.peers_count, contracts_count);
    for (size_t i = 0; i < contracts_count; i++)
        assert_non_null(jn_config_peer(&config, contracts[i].name));
    for (size_t i = 0; i < config.agencies_count; i++) {
        assert_true(jn_keypair_load(config.data, config.agencies[i].name, &pair, error));
        assert_memory_equal(pair.public_key, config.agencies[i].key, JN_KEY_BYTES);
    }
    veterans = jn_config_agency_named(&config, "veterans");
    assert_true(jn_may(veterans, ROLE_ATTESTOR) && jn_may(veterans, ROLE_REVIEWER) && jn_may(veterans, ROLE_INBOX));
    assert_false(jn_may(veterans, ROLE_FINANCE));
    assert_true(jn_may(jn_config_agency_named(&config, "ledger"), ROLE_PAYER));
    assert_true(jn_may(jn_config_agency_named(&config, "certification"), ROLE_CERTIFIER));
    assert_false(jn_may(jn_config_agency_named(&config, "notification"), ROLE_PAYER | ROLE_CERTIFIER));
    assert_int_equal(stat(path_of("fresh"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_false(folder_make(path_of("fresh"), &plan, error));
    assert_non_null(strstr(error, "is in use"));
    assert_false(folder_make(folder, &plan, error));
    assert_non_null(strstr(error, "not empty"));
}

static void
plans_that_contradict_themselves_are_refused(void **state)
{
    static const struct folder_plan plans[] = {{.production = true, .driven = true},
                                               {.start = "2019-10-27"},
                                               {.driven = true, .start = "27.10.2019"},
                                               {.base_port = 65535}};

    (void)state;
    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
        assert_false(folder_make(path_of("never"), &plans[i], error));
}

static void
ports_that_somebody_has_are_passed_over(void **state)
{
    const struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned base = ports_free_from(20000, 5), taken, next;
    struct sockaddr_in third = any;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    (void)state;
    assert_true(base >= 20000);
    third.sin_port = htons((uint16_t)(base + 2));
    assert_int_equal(bind(fd, (const struct sockaddr *)&third, sizeof(third)), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_false(ports_are_free(base, 5, &taken));
    assert_int_equal(taken, base + 2);
    next = ports_free_from(base, 5);
    assert_true(next == 0 || next > base);
    assert_false(folder_make(path_of("taken"), &(struct folder_plan){.base_port = base}, error));
    assert_non_null(strstr(error, "cannot be had"));
    close(fd);
}

/* ---- Changes ---- */

static void
revoking_leaves_the_rest_alone(void **state)
{
    static const struct {
        const char *before, *after;
    } cases[] = {
        {"a:\n  - name: x  # about\n    key: k\n  - name: y\n",
         "a:\n  - name: x  # about\n    revoked: true\n    key: k\n  - name: y\n"},
        {"a:\n  - name: \"x\"", "a:\n  - name: \"x\"\n    revoked: true"},
        {"a:\n  - key: k\n    name: 'x'\n    roles: []\n",
         "a:\n  - key: k\n    name: 'x'\n    revoked: true\n    roles: []\n"},
        {"a:\n  - name: x\n    revoked: false # not yet\n  - name: y\n",
         "a:\n  - name: x\n    revoked: true # not yet\n  - name: y\n"},
        {"a:\n  - name: xx\n  - name: x\n  - name: y\n    revoked: false\n",
         "a:\n  - name: xx\n  - name: x\n    revoked: true\n  - name: y\n    revoked: false\n"},
        {"a:\n  - {name: x, key: k}\n", "a:\n  - {revoked: true, name: x, key: k}\n"},
        {"a:\n  - {name: x, revoked: false}\n", "a:\n  - {name: x, revoked: true}\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *after = config_text_revoked(cases[i].before, "x");

        assert_non_null(after);
        assert_string_equal(after, cases[i].after);
        free(after);
    }
    assert_null(config_text_revoked("a:\n  - name: xx\n# name: x\n", "x"));
}

static void
a_configuration_that_cannot_be_read_takes_no_place(void **state)
{
    const char *path = "fresh/jineng.yaml";
    char *before = text_of(path_of(path)), *after;
    char *revoked = config_text_revoked(before, "finance");
    struct stat st;

    (void)state;
    assert_false(config_replace(path_of(path), "mode: none\n", error));
    after = text_of(path_of(path));
    assert_string_equal(before, after);
    free(after);
    assert_true(config_replace(path_of(path), revoked, error));
    assert_true(jn_config_load(path_of(path), &config, error));
    assert_true(jn_config_agency_named(&config, "finance")->revoked);
    assert_int_not_equal(stat(path_of("fresh/jineng.yaml.new"), &st), 0);
    free(before);
    free(revoked);
}

/* ---- Patience ---- */

static void
patience_grows_and_is_forgotten(void **state)
{
    static const uint64_t wanted[] = {100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000};
    struct child child = {.started_ms = 0};

    (void)state;
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        assert_int_equal(child_patience(&child, 29999), wanted[i]);
    assert_int_equal(child_patience(&child, 30000), 100);
}

/* ---- Items ---- */

/* By its number where no pack is at hand; then by the pack's word, read and printed. */
static void
an_item_of_a_packs_own_is_called_as_the_pack_calls_it(void **state)
{
    Policy__OwnItem own = POLICY__OWN_ITEM__INIT, *items[] = {&own};
    struct ledger_period quarter = {.first = 0};
    struct claim_name name;
    struct cell cell;
    const char *wrong;
    char said[] = "A-1/3/attendance_allowance", numbered[] = "A-1/3/item 22", nothing[] = "A-1/3/lunch";

    (void)state;
    assert_string_equal(item_name(21), "item 21");
    assert_string_equal(item_zh(21), "项目21");
    assert_int_equal(item_find("attendance_allowance"), 0);
    own.number = 21;
    own.name = (char *)(uintptr_t) "attendance_allowance";
    own.zh = (char *)(uintptr_t) "培训期间生活补贴";
    items_learn(items, 1);
    assert_string_equal(item_name(21), "attendance_allowance");
    assert_string_equal(item_zh(21), "培训期间生活补贴");
    assert_string_equal(item_name(22), "item 22");
    assert_string_equal(item_name(COMMON__ITEM__FREE_TRAINING), "free_training");
    assert_int_equal(item_find("item 21"), 21);
    assert_true(claim_name_read(said, &name));
    assert_int_equal(claim_name_item(&name), CLI_OK);
    assert_int_equal(name.item, 21);
    assert_true(claim_name_read(numbered, &name));
    assert_int_equal(name.item, 22);
    assert_true(claim_name_read(nothing, &name));
    assert_int_equal(claim_name_item(&name), CLI_USAGE);
    assert_true(cell_parse("attendance_allowance/paid", STATEMENT_ITEM, &quarter, &cell, &wrong));
    assert_int_equal(cell.id, 21);
    assert_true(
        cell_parse("employment_subsidy:130102:item 22/paid_count", STATEMENT_DISCLOSURE, &quarter, &cell, &wrong));
    assert_int_equal(cell.item, 22);
    assert_false(cell_parse("lunch/paid", STATEMENT_ITEM, &quarter, &cell, &wrong));
}

#ifdef JN_HAVE_PLAY
static int
own_item(void *context, const char *name)
{
    return strcmp(name, context) ? 0 : 21;
}

/* In a sheet, too: by the name that the pack gives it, by its number's where no pack is at hand. */
static void
a_sheet_may_name_an_item_of_the_packs_own(void **state)
{
    char allowance[] = "attendance_allowance";
    struct reader reader = {.options = {.context = allowance, .item_find = own_item}};
    struct row row = {.reader = &reader, .cells = {allowance, "item 22", "free_training"}};
    int item;

    (void)state;
    assert_true(cell_item(&row, 0, &item));
    assert_int_equal(item, 21);
    assert_true(cell_item(&row, 1, &item));
    assert_int_equal(item, 22);
    assert_true(cell_item(&row, 2, &item));
    assert_int_equal(item, COMMON__ITEM__FREE_TRAINING);
}
#endif

static int
make_folder(void **state)
{
    (void)state;
    umask(022);
    return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_man_page_names_every_subcommand_and_option),
        cmocka_unit_test(the_completion_is_that_of_the_table),
        cmocka_unit_test(help_names_every_option),
        cmocka_unit_test(methods_are_found_in_the_contract),
        cmocka_unit_test(a_fresh_folder_is_whole),
        cmocka_unit_test(plans_that_contradict_themselves_are_refused),
        cmocka_unit_test(ports_that_somebody_has_are_passed_over),
        cmocka_unit_test(revoking_leaves_the_rest_alone),
        cmocka_unit_test(a_configuration_that_cannot_be_read_takes_no_place),
        cmocka_unit_test(patience_grows_and_is_forgotten),
        cmocka_unit_test(an_item_of_a_packs_own_is_called_as_the_pack_calls_it),
#ifdef JN_HAVE_PLAY
        cmocka_unit_test(a_sheet_may_name_an_item_of_the_packs_own),
#endif
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
