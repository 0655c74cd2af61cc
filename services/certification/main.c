/* jineng-certification. */
#include "certification/certification.h"

int
main(int argc, char **argv)
{
    return jn_main(&certification_service, argc, argv);
}
