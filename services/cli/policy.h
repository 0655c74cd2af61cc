/* jineng policy: packs checked, tested and explained without a suite; proposed, approved and withdrawn with one. */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include <getopt.h>

extern const struct option policy_options[];

int policy_cli_command(int argc, char **argv);

#endif
