/* What jineng can do: one row a subcommand, one file a subcommand. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <getopt.h>
#include <stddef.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name; returns the exit code */
    const char *en, *zh;               /* a line each */
    const char *usage;                 /* what comes behind "jineng " */
    const char *details;               /* options and what else one should know; a line ends at 100 characters */
    const struct option *options;      /* as getopt_long takes them; NULL where it has none */
};

extern const struct command commands[];
extern const size_t commands_count;

const struct command *command_find(const char *name);

/* Exit codes, of every subcommand. */
enum cli_exit {
    CLI_OK = 0,
    CLI_REFUSED = 1,        /* a service refused it, or a check found something */
    CLI_USAGE = 2,          /* it was not understood */
    CLI_UNREACHABLE = 3,    /* no answer */
    CLI_CONFIGURATION = 78, /* the data folder, its configuration or a key cannot be used */
};

int init_command(int argc, char **argv);
int up_command(int argc, char **argv);
int call_command(int argc, char **argv);
int describe_command(int argc, char **argv);
int events_command(int argc, char **argv);
int stats_command(int argc, char **argv);
int status_command(int argc, char **argv);
int explain_command(int argc, char **argv);
int report_command(int argc, char **argv);
int verify_command(int argc, char **argv);
int backup_command(int argc, char **argv);
int restore_command(int argc, char **argv);
int keys_command(int argc, char **argv);
int head_command(int argc, char **argv);
int proof_command(int argc, char **argv);
int play_command(int argc, char **argv);
int bank_command(int argc, char **argv);
int help_command(int argc, char **argv);
int ledger_command(int argc, char **argv);

extern const struct option play_options[], init_options[], up_options[], call_options[], describe_options[],
    events_options[], stats_options[], status_options[], report_options[], verify_options[], backup_options[],
    restore_options[], keys_options[], head_options[], proof_options[], bank_options[], help_options[],
    ledger_cli_options[], explain_options[];

#endif
