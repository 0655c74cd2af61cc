/* jineng-enrollment: the enrollment service. */
#include "enrollment/enrollment.h"

int
main(int argc, char **argv)
{
    return jn_main(&enrollment_service, argc, argv);
}
