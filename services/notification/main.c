/* jineng-notification. */
#include "notification/notification.h"

int
main(int argc, char **argv)
{
    return jn_main(&notification_service, argc, argv);
}
