/* Free ports of this machine. */
#ifndef CLI_PORTS_H
#define CLI_PORTS_H

#include <stdbool.h>

/* The first of `count` consecutive ports that nobody listens on at 127.0.0.1, from `from` on in steps of ten, below the
 * range that the kernel gives to outgoing connections; 0 where there are none. */
unsigned ports_free_from(unsigned from, unsigned count);

/* Whether these can all be bound. *taken is the first that cannot. */
bool ports_are_free(unsigned base, unsigned count, unsigned *taken);

#endif
