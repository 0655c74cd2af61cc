/* jineng.yaml as libcyaml reads it: what is said there, before config.c asks whether it makes sense. */
#ifndef RUNTIME_CONFIG_SOURCE_H
#define RUNTIME_CONFIG_SOURCE_H

#include "runtime/config.h"

/* A service or an agency. */
struct config_party {
    char *name;
    char *endpoint; /* services alone */
    char *key;      /* Z85 */
    char **roles;
    unsigned roles_count;
    char *department;
    char **groups;
    unsigned groups_count;
    uint32_t *divisions;
    unsigned divisions_count;
    char *valid_through; /* YYYY-MM-DD, the last day */
    bool revoked;
};

struct config_text {
    char *mode, *clock, *clock_start;
    char *payer_name, *payer_account, *payer_bank;
    uint32_t city, disk_reserve_mb, map_gib;
    struct config_party *services, *agencies;
    unsigned services_count, agencies_count;
};

struct config_source {
    const char *path;
    char *text; /* the file, with a NUL behind it */
    size_t length;
    struct config_text *said;
    char *error; /* JN_CONFIG_ERROR */
};

bool config_source_load(struct config_source *source, const char *path, char error[JN_CONFIG_ERROR]);
void config_source_free(struct config_source *source);

/* Writes "PATH:LINE: sentence" and returns false. The line is that of the text `what` after the name of the party;
 * either may be NULL. */
bool config_fault(const struct config_source *source, const char *party, const char *what, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
