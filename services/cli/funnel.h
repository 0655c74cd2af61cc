/* The funnel as jineng report prints it. */
#ifndef CLI_FUNNEL_H
#define CLI_FUNNEL_H

#include "cli/suite.h"

struct funnel_report {
    struct suite *suite;
    const char *as;
    int by;               /* subsidy.FunnelBy */
    const char *class_no; /* this class alone; "" where none is named */
    uint32_t year, quarter;
    bool json, csv, chinese;
};

/* "class", "institution", "division", "quarter"; false where it is none of them. */
bool funnel_by(const char *name, int *by);

/* Prints it: CLI_OK, or what to exit with, having said why. */
int funnel_report(const struct funnel_report *report);

#endif
