/* jineng-subsidy: the subsidy service. */
#include "runtime/fold.h"

extern const struct jn_service subsidy_service;

int
main(int argc, char **argv)
{
    return jn_main(&subsidy_service, argc, argv);
}
