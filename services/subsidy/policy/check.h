/* A check of a pack on its way: shared by the files that make it, nobody else's. */
#ifndef POLICY_CHECK_H
#define POLICY_CHECK_H

#include "domain/words.h"
#include "subsidy/policy/pack.h"

/* Where the check stands. Each helper returns false after it has written the fault, so that checks read as columns. */
struct check {
    const Policy__Pack *pack;
    const Policy__Rule *rule; /* NULL outside of rules */
    struct pack_fault *fault;
    char path[60];
};

/* Writes the fault at `key` below the path, naming the rule and its clause. Always false. */
__attribute__((format(printf, 3, 4))) bool check_bad(struct check *check, const char *key, const char *format, ...);

bool check_text(struct check *check, const char *key, const char *text);
bool check_clause(struct check *check, const char *clause, bool may_be_empty);
bool check_number(struct check *check, uint32_t number, const void *self);
bool check_rule(struct check *check);
bool check_way(struct check *check);

#endif
