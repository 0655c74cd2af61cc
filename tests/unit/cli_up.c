/* jineng as a person meets it: programs, processes, signals, exit codes. Two real services, and some of paper. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define JINENG       JN_BIN "/jineng"
#define OUTPUT_BYTES (256 * 1024)
#define WAIT_MS      20000

static char folder[] = "/tmp/jineng-up-XXXXXX";
static char data[64], paper[64]; /* a data folder; a folder of programs of paper */
static char output[OUTPUT_BYTES];
static pid_t up;

/* ---- Running ---- */

static const char *
path_of(const char *name)
{
    static char path[2][256];
    static unsigned turn;

    turn = !turn;
    snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
    return path[turn];
}

static pid_t
start(const char *const *arguments)
{
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        int file = open(path_of("output"), O_CREAT | O_TRUNC | O_WRONLY, 0600);

        dup2(file, 1);
        dup2(file, 2);
        execv(JINENG, (char **)(uintptr_t)arguments);
        _exit(127);
    }
    assert_true(child > 0);
    return child;
}

static const char *
said(void)
{
    FILE *file = fopen(path_of("output"), "r");
    size_t length = file ? fread(output, 1, sizeof(output) - 1, file) : 0;

    output[length] = '\0';
    if (file)
        fclose(file);
    return output;
}

static int
end_of(pid_t child)
{
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    said();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define RUN(...) end_of(start((const char *const[]){"jineng", __VA_ARGS__, NULL}))
#define UP(...)  (up = start((const char *const[]){"jineng", "up", "--data", data, __VA_ARGS__, NULL}))

/* False where the text has not come within WAIT_MS. What `up` says goes to a file of its own: `output` is the others'.
 */
static bool
comes(const char *file, const char *text)
{
    for (int waited = 0; waited < WAIT_MS; waited += 20) {
        FILE *open_file = fopen(path_of(file), "r");
        char seen[8192] = "";

        if (open_file) {
            seen[fread(seen, 1, sizeof(seen) - 1, open_file)] = '\0';
            fclose(open_file);
        }
        if (strstr(seen, text))
            return true;
        usleep(20000);
    }
    return false;
}

static void
up_is_ready(void)
{
    UP("ledger", "subsidy");
    if (!comes("output", "ready\n"))
        fail_msg("never ready: %s", said());
    rename(path_of("output"), path_of("up.output"));
}

static int
stop_up(int number)
{
    int code;

    kill(up, number);
    code = end_of(up);
    up = 0;
    return code;
}

/* The child of `up` whose program has that name; 0 where there is none. */
static pid_t
service(const char *name)
{
    char path[64], line[64];
    pid_t found = 0;
    FILE *children;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)up, (int)up);
    children = fopen(path, "r");
    assert_non_null(children);
    while (!found && fscanf(children, "%15s", line) == 1) {
        pid_t child = (pid_t)strtol(line, NULL, 10);
        FILE *comm;

        snprintf(path, sizeof(path), "/proc/%d/comm", (int)child);
        comm = fopen(path, "r");
        if (comm && fgets(line, sizeof(line), comm) && !strncmp(line, name, strlen(name)))
            found = child;
        if (comm)
            fclose(comm);
    }
    fclose(children);
    return found;
}

/* ---- With real services ---- */

static void
a_suite_starts_answers_and_stops(void **state)
{
    (void)state;
    up_is_ready();
    assert_int_equal(RUN("call", "ledger.Appropriate", "--data", data, "--as", "finance", "--compact", "--session",
                         "000102030405060708090a0b0c0d0e0f", "--sequence", "1",
                         "{\"fund\":\"SKILLS_ACCOUNT\",\"division\":130100,\"amount_fen\":100,\"day\":\"2019-10-27\"}"),
                     0);
    assert_string_equal(output, "{\"number\":1}\n");
    assert_int_equal(RUN("call", "ledger.Appropriate", "--data", data, "--as", "finance", "--compact", "--session",
                         "000102030405060708090A0B0C0D0E0F", "--sequence", "1",
                         "{\"fund\":\"SKILLS_ACCOUNT\",\"division\":130100,\"amount_fen\":100,\"day\":\"2019-10-27\"}"),
                     0);
    assert_string_equal(output, "{\"number\":1}\n");
    assert_int_equal(RUN("call", "ledger.Accounts", "--data", data), 0);
    assert_non_null(strstr(output, "\"appropriated_fen\": 100"));
    assert_int_equal(RUN("events", "ledger", "--data", data), 0);
    assert_non_null(strstr(output, "  appropriated  {\"number\":1,"));
    assert_non_null(strstr(output, "1 events; the chain holds through block "));
    assert_int_equal(RUN("events", "ledger", "--data", data, "--json", "--type", "paid"), 0);
    assert_non_null(strstr(output, "0 events"));
    assert_int_equal(RUN("stats", "ledger", "--data", data), 0);
    assert_non_null(strstr(output, "Appropriate"));
    assert_int_equal(RUN("status", "1", "--data", data), 1);
    assert_non_null(strstr(output, "NOT_FOUND"));
    assert_int_equal(stop_up(SIGTERM), 0);
    assert_int_equal(RUN("call", "ledger.Accounts", "--data", data, "--timeout", "200"), 3);
    assert_non_null(strstr(output, "cannot be reached"));
}

static void
a_service_that_is_killed_comes_back(void **state)
{
    (void)state;
    up_is_ready();
    for (int i = 0; i < 3; i++) {
        pid_t victim = service("jineng-ledger");

        assert_true(victim > 0);
        kill(victim, SIGKILL);
        assert_int_equal(RUN("call", "ledger.Accounts", "--data", data), 0);
        assert_int_not_equal(service("jineng-ledger"), victim);
    }
    assert_true(comes("up.output", "service=ledger ended=yes"));
    assert_int_equal(stop_up(SIGINT), 0);
}

static void
services_do_not_outlive_their_supervisor(void **state)
{
    (void)state;
    up_is_ready();
    assert_int_equal(stop_up(SIGKILL), 128 + SIGKILL);
    up_is_ready();
    assert_int_equal(stop_up(SIGKILL), 128 + SIGKILL);
    for (int waited = 0; waited < WAIT_MS && RUN("call", "ledger.Accounts", "--data", data, "--timeout", "200") == 0;
         waited += 200)
        usleep(200000);
    assert_int_equal(RUN("call", "ledger.Accounts", "--data", data, "--timeout", "200"), 3);
}

static void
a_service_is_supervised_once(void **state)
{
    (void)state;
    up_is_ready();
    assert_int_equal(RUN("up", "--data", data, "ledger"), 78);
    assert_non_null(strstr(output, "is run by another jineng up"));
    assert_int_equal(RUN("call", "ledger.Accounts", "--data", data), 0);
    assert_int_equal(stop_up(SIGTERM), 0);
}

static void
a_revoked_key_is_turned_away_within_a_second(void **state)
{
    (void)state;
    up_is_ready();
    assert_int_equal(RUN("call", "ledger.Accounts", "--data", data, "--as", "auditor"), 0);
    assert_int_equal(RUN("keys", "revoke", "auditor", "--data", data), 0);
    usleep(1500000);
    assert_int_equal(RUN("call", "ledger.Accounts", "--data", data, "--as", "auditor"), 1);
    assert_non_null(strstr(output, "DENIED"));
    assert_int_equal(RUN("keys", "list", "--data", data), 0);
    assert_non_null(strstr(output, "revoked"));
    assert_int_equal(stop_up(SIGTERM), 0);
}

/* ---- With services of paper ---- */

static void
given_program(const char *script)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof(path), "%s/jineng-ledger", paper);
    file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    fclose(file);
    assert_int_equal(chmod(path, 0700), 0);
}

static void
who_cannot_start_says_why(void **state)
{
    (void)state;
    given_program("echo 'first line' >&2; echo 'key 7 is missing: make it' >&2; exit 78");
    assert_int_equal(RUN("up", "--data", data, "--bin", paper, "ledger"), 78);
    assert_string_equal(output, "jineng: ledger cannot start: key 7 is missing: make it\n");
    assert_int_equal(RUN("up", "--data", data, "--bin", "/nowhere", "ledger"), 78);
    assert_non_null(strstr(output, "name the programs' folder with --bin"));
}

static void
who_dies_is_started_again_with_growing_patience(void **state)
{
    char script[160];

    (void)state;
    snprintf(script, sizeof(script), "echo start >> %s/starts; exit 1", folder);
    given_program(script);
    UP("--bin", paper, "ledger");
    assert_true(comes("output", "again_in_ms=100"));
    assert_true(comes("output", "again_in_ms=200"));
    assert_true(comes("output", "again_in_ms=400"));
    assert_true(comes("starts", "start\nstart\nstart\n"));
    assert_int_equal(stop_up(SIGTERM), 0);
    assert_null(strstr(said(), "ready"));
}

static void
who_will_not_stop_is_stopped(void **state)
{
    (void)state;
    given_program("trap '' TERM; echo stubborn; while :; do sleep 0.1; done");
    UP("--bin", paper, "ledger");
    for (int waited = 0; waited < 100 && !service("jineng-ledger"); waited++)
        usleep(20000);
    usleep(200000);
    kill(up, SIGTERM);
    usleep(300000);
    assert_int_equal(waitpid(up, NULL, WNOHANG), 0);
    assert_int_equal(stop_up(SIGTERM), 1);
}

/* ---- What is not understood ---- */

static void
exit_codes_tell_whose_fault_it_is(void **state)
{
    (void)state;
    assert_int_equal(RUN("steal"), 2);
    assert_int_equal(RUN("help"), 0);
    assert_int_equal(RUN("help", "steal"), 2);
    assert_int_equal(RUN("status", "--help"), 0);
    assert_int_equal(RUN("policy", "--help"), 0);
    assert_int_equal(RUN("keys", "make", "--help"), 0);
    assert_int_equal(RUN("describe"), 0);
    assert_int_equal(RUN("describe", "ledger.Appropriate"), 0);
    assert_int_equal(RUN("describe", "ledger.Steal"), 2);
    assert_int_equal(RUN("call", "ledger.Appropriate", "--help"), 0);
    assert_int_equal(RUN("call", "ledger.Appropriate", "--data", data, "{\"fund\":"), 2);
    assert_int_equal(RUN("call", "ledger.Appropriate", "--data", data, "{\"fond\":1}"), 2);
    assert_int_equal(RUN("call", "ledger.Accounts", "--data", data, "--session", "00"), 2);
    assert_int_equal(RUN("call", "ledger.Accounts", "--data", data, "--sequence", "1"), 2);
    assert_int_equal(RUN("call", "ledger.Accounts", "--data", data, "--as", "nobody"), 2);
    assert_int_equal(RUN("call", "ledger.Accounts", "--data", "/nowhere"), 78);
    assert_int_equal(RUN("events", "bank", "--data", data), 2);
    assert_int_equal(RUN("events", "ledger", "--type", "stolen", "--data", data), 2);
    assert_int_equal(RUN("status", "A/1/gold", "--data", data), 2);
    assert_int_equal(RUN("report", "quarter", "2020Q5", "--data", data), 2);
    assert_int_equal(RUN("keys", "steal", "--data", data), 2);
    assert_int_equal(RUN("up", "--data", data, "bank"), 2);
    assert_int_equal(RUN("up", "--data", data, "--driven"), 2);
    assert_int_equal(RUN("init"), 2);
    assert_int_equal(RUN("init", data), 78);
}

static int
make_folder(void **state)
{
    (void)state;
    umask(022);
    setenv("LC_ALL", "C", 1);
    unsetenv("JINENG_DATA");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data, sizeof(data), "%s/data", folder);
    snprintf(paper, sizeof(paper), "%s/paper", folder);
    mkdir(paper, 0700);
    return RUN("init", data, "--driven", "--start", "2019-10-27", "--base-port", "any");
}

/* A story that failed leaves nothing running. */
static int
stop_what_runs(void **state)
{
    (void)state;
    if (up > 0)
        stop_up(SIGKILL);
    return 0;
}

static int
remove_folder(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -r %s", folder);
    return system(command);
}

#define STORY(test) cmocka_unit_test_teardown(test, stop_what_runs)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_suite_starts_answers_and_stops),
        STORY(a_service_that_is_killed_comes_back),
        STORY(services_do_not_outlive_their_supervisor),
        STORY(a_service_is_supervised_once),
        STORY(a_revoked_key_is_turned_away_within_a_second),
        STORY(who_cannot_start_says_why),
        STORY(who_dies_is_started_again_with_growing_patience),
        STORY(who_will_not_stop_is_stopped),
        STORY(exit_codes_tell_whose_fault_it_is),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
