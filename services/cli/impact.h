/* jineng policy: of its subcommands the one that looks at a suite's data; the others are the policy's own. */
#ifndef CLI_IMPACT_H
#define CLI_IMPACT_H

int policy_or_impact_command(int argc, char **argv);

#endif
