/* What backup and restore share: how a backup lies on the disk.
 *
 * BACKUP/jineng.yaml, campaign, keys/NAME.key as in the data folder
 * BACKUP/NAME/log/data.mdb, pseudonym.key     the log, which is the truth; tables are made again from it
 * BACKUP/backup                               a line a service: name, last block, its time, log, hash. Written last. */
#ifndef CLI_KEEP_H
#define CLI_KEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/config.h"

#define KEEP_PATH (JN_PATH_MAX + 128)

struct kept {
    char name[JN_AGENCY_NAME];
    unsigned long long block;
    long long time_ms;
    char log[33], hash[65];
};

/* Reads BACKUP/backup. False with a sentence. */
bool keep_read(const char *backup, struct kept out[JN_PEERS_MAX], size_t *count, char error[JN_CONFIG_ERROR]);
bool keep_write(const char *backup, const struct kept *kept, size_t count, char error[JN_CONFIG_ERROR]);

/* Synced copies of FROM/keys into TO/keys, which is made where missing; keys that are there stay. */
bool keep_copy_keys(const char *from, const char *to, char error[JN_CONFIG_ERROR]);
/* Which campaign jineng play carries through there; many folders have none. */
bool keep_copy_campaign(const char *from, const char *to, char error[JN_CONFIG_ERROR]);
bool keep_copy(const char *from, const char *to, const char *name, char error[JN_CONFIG_ERROR]);

/* Is the service of that folder running? By its lock. */
bool keep_running(const char *data, const char *name);
/* Does a jineng up keep it running? It would start the service in the middle of what is done to its folder. */
bool keep_supervised(const char *data, const char *name);

/* "ledger through block 17, 2020-06-30 12:00:05 (UTC+8)". */
const char *keep_standing(const struct kept *kept, char text[160]);

bool keep_fail(char error[JN_CONFIG_ERROR], const char *path, const char *what);

#endif
