/* jineng policy: packs checked, cases run and explained. */
#ifndef POLICY_COMMAND_H
#define POLICY_COMMAND_H

/* argv[0] is "policy", argv[1] one of check, test, explain, readings. Prints to standard output, usage to standard
 * error. 0 where all is well, 1 where something failed, 2 where the command was not understood. */
int policy_command(int argc, char **argv);

#endif
