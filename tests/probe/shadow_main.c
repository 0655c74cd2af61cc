/* The shadow as a program of its own. */
#include "probe/shadow.h"

int
main(int argc, char **argv)
{
    return jn_main(&shadow, argc, argv);
}
