/* The ledger's program. */
#include "ledger/ledger.h"

int
main(int argc, char **argv)
{
    return jn_main(&ledger_service, argc, argv);
}
