/* The mark that tells whether a service's tables can be trusted: "in use since boot B, at device and inode". */
#ifndef RUNTIME_STORE_MARK_H
#define RUNTIME_STORE_MARK_H

#include "runtime/store.h"

/* Synced before the tables are first written to. One that is right already is left as it is. */
bool jn_mark_set(const struct jn_store *store, char error[JN_ERROR_TEXT]);
/* Whatever lies there is not to be believed until jn_mark_set says so. */
bool jn_mark_doubt(const struct jn_store *store, char error[JN_ERROR_TEXT]);
/* False where they were in use when the machine went down, or are a copy, or were being made: they may be half-written,
 * and LMDB opens them without complaint. */
bool jn_tables_trusted(const struct jn_store *store);

#endif
