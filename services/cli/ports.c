/* Ports are tried by binding them; a service binds them for good soon after. */
#include "cli/ports.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define STEP                   10
#define EPHEMERAL_FROM_USUALLY 32768

static bool
can_bind(unsigned port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int yes = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool bound;

    if (fd < 0)
        return false;
    /* As libzmq does: what lingers in TIME_WAIT is no hindrance, a listener is. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    bound = bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
    close(fd);
    return bound;
}

bool
ports_are_free(unsigned base, unsigned count, unsigned *taken)
{
    for (*taken = base; *taken < base + count; ++*taken)
        if (!can_bind(*taken))
            return false;
    return true;
}

static unsigned
ephemeral_from(void)
{
    FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "r");
    unsigned from = EPHEMERAL_FROM_USUALLY;

    if (!file)
        return from;
    if (fscanf(file, "%u", &from) != 1 || from > 65535)
        from = EPHEMERAL_FROM_USUALLY;
    fclose(file);
    return from;
}

unsigned
ports_free_from(unsigned from, unsigned count)
{
    const unsigned end = ephemeral_from();
    unsigned taken;

    for (unsigned base = from; base + count <= end; base += STEP)
        if (ports_are_free(base, count, &taken))
            return base;
    return 0;
}
