/* jineng: the operator's and integrator's command. */
#include "cli/suite.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Asked behind a subcommand, too: jineng status --help. Behind a method (jineng call METHOD --help) it is the method's.
 */
static bool
asks_help(int argc, char **argv)
{
    for (int i = 2; i < argc && strcmp(argv[i], "--"); i++)
        if (!strcmp(argv[i], "--help"))
            return true;
    return false;
}

int
main(int argc, char **argv)
{
    const struct command *command;

    signal(SIGPIPE, SIG_DFL);
    umask(077);
    if (argc < 2)
        return help_command(1, (char *[]){(char *)"help", NULL}) == CLI_OK ? CLI_USAGE : CLI_REFUSED;
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
        return help_command(argc - 1, argv + 1);
    if (!strcmp(argv[1], "--version")) {
        printf("jineng %s\n", JN_VERSION);
        return CLI_OK;
    }
    command = command_find(argv[1]);
    if (!command) {
        suite_say("there is no \"%s\": jineng help lists what there is", argv[1]);
        return CLI_USAGE;
    }
    if (command->run != call_command && asks_help(argc, argv))
        return help_command(2, (char *[]){(char *)"help", argv[1], NULL});
    return command->run(argc - 1, argv + 1);
}
