/* What LMDB does not look after itself: how much of its map and of its file an environment has used. */
#ifndef RUNTIME_PAGES_H
#define RUNTIME_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#include <lmdb.h>

/* Bytes of the file up to the last page that was ever taken; 0 where nothing can be told. */
size_t jn_pages_used(MDB_env *env);
/* More than so many percent of the map? */
bool jn_pages_over(MDB_env *env, unsigned percent);
/* A file that ends before its last page would kill whoever reads that page: NULL, or the sentence with which it is
 * refused. */
const char *jn_pages_fault(MDB_env *env);

#endif
