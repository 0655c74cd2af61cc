/* A fresh data folder: keys for all, and jineng.yaml with the endpoints. */
#ifndef CLI_FOLDER_H
#define CLI_FOLDER_H

#include <stdbool.h>

#include "runtime/config.h"

struct folder_plan {
    bool production;
    bool driven;
    const char *start;  /* where a driven clock starts, YYYY-MM-DD; NULL is today */
    unsigned base_port; /* the first of five; 0: the first five that are free from 7701 on; or FOLDER_ANY_PORT */
};

/* Five somewhere: for tests, several of which may choose at the same time. */
#define FOLDER_ANY_PORT UINT32_MAX

/* What --base-port says: a number or "any". */
bool folder_port(const char *text, unsigned *base_port);

/* Makes the folder where it is missing. False with a sentence where it is in use, not empty or not writable, or no
 * ports are free. */
bool folder_make(const char *data, const struct folder_plan *plan, char error[JN_CONFIG_ERROR]);

/* True where there is a jineng.yaml in it. */
bool folder_made(const char *data);

#endif
