/* A fresh jineng.yaml, and small changes to one that people have edited. */
#ifndef CLI_CONFIG_WRITE_H
#define CLI_CONFIG_WRITE_H

#include <stdio.h>

#include "cli/agencies.h"
#include "cli/folder.h"
#include "runtime/config.h"

/* keys: the public ones, the services' first, in the order of fresh_services and fresh_agencies. */
void config_write(FILE *out, const struct folder_plan *plan, const char *start, const uint8_t (*keys)[JN_KEY_BYTES]);

/* The text with `revoked: true` in the entry of that name; comments and order stay. NULL where the entry cannot be
 * found. To be freed. */
char *config_text_revoked(const char *text, const char *name);

/* Puts the text in the file's place: written beside it, read back and found good, synced, renamed. */
bool config_replace(const char *path, const char *text, char error[JN_CONFIG_ERROR]);

#endif
