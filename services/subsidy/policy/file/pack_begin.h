/* A new pack (政策包), begun: a commented one that passes its check, and its first cases. */
#ifndef POLICY_PACK_BEGIN_H
#define POLICY_PACK_BEGIN_H

#include <stdio.h>

/* Writes FOLDER/ID.yaml and FOLDER/ID-cases.yaml and says so to `out`. 0, or 1 where it cannot: a file that is there is
 * never written over. */
int pack_begin(const char *folder, const char *id, FILE *out);

#endif
