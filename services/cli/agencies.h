/* The services and agencies (部门) of a fresh suite: the annex of the plan. */
#ifndef CLI_AGENCIES_H
#define CLI_AGENCIES_H

#include <stddef.h>
#include <stdint.h>

struct fresh_agency {
    const char *name;
    uint32_t roles;
    int department;  /* common.Department; 0 for none */
    uint32_t groups; /* bits of common.Group; 0 is all */
    const char *about;
};

extern const struct fresh_agency fresh_services[], fresh_agencies[];
extern const size_t fresh_services_count, fresh_agencies_count;

#endif
