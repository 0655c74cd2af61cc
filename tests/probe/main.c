/* The probe as a program of its own. */
#include "probe/probe.h"

int
main(int argc, char **argv)
{
    return jn_main(&probe, argc, argv);
}
