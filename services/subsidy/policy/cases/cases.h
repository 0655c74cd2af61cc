/* Policy cases (政策用例): files that say what must come of which facts. */
#ifndef POLICY_CASES_H
#define POLICY_CASES_H

#include <stddef.h>
#include <stdio.h>

#include "subsidy/policy/trace/trace.h"

/* Runs the cases of n files against the packs in the folder `packs` (FOLDER/ID.yaml). Prints a line for each failed
 * case and each file that cannot be used (with line and what to do), closes with "N passed, N failed". 1 where anything
 * failed, else 0. */
int cases_run(const char *packs, const char *const files[], size_t n, FILE *out);

/* The same, counted; a file that is about another pack than `only` is one that failed. */
struct cases_count {
    size_t passed, failed;
};
struct cases_count cases_count(const char *packs, const char *only, const char *const files[], size_t n, FILE *out);

/* Prints each case of a file with the full trace of its evaluation. 1 where the file cannot be used, else 0. */
int cases_explain(const char *packs, const char *file, enum trace_language language, FILE *out);

#endif
