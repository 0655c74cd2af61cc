/* A check of a pack on its way: shared by the files that make it, nobody else's. */
#ifndef POLICY_CHECK_H
#define POLICY_CHECK_H

#include "domain/words.h"
#include "subsidy/policy/pack.h"

/* Where the check stands. Each helper returns false after it has written the fault, so that checks read as columns. */
struct check {
    const Policy__Pack *pack;
    const Policy__Rule *rule;   /* NULL outside of rules */
    const Policy__Limit *limit; /* NULL outside of limits */
    struct pack_fault *fault;
    char path[60];
};

/* Writes the fault at `key` below the path, naming the rule or limit and its clause. Always false. */
__attribute__((format(printf, 3, 4))) bool check_bad(struct check *check, const char *key, const char *format, ...);

bool check_text(struct check *check, const char *key, const char *text);
bool check_clause(struct check *check, const char *clause, bool may_be_empty);
bool check_number(struct check *check, uint32_t number, const void *self);
bool check_rule(struct check *check);
bool check_way(struct check *check);
/* A condition, at `key` for faults. */
bool check_condition(struct check *check, const char *key, const Policy__Condition *condition);
/* Tables, steps and recovery of the rule at hand (amount_check.c). */
bool check_amount(struct check *check);
/* Dates of a rule's or a limit's own: within the pack's. */
bool check_dates(struct check *check, int32_t from_day, int32_t until_day);
bool check_limit(struct check *check, const Policy__Limit *limit);
/* Items of the pack's own, shortage classes, lists, catalogues (vocabulary_check.c). */
bool check_vocabulary(struct check *check);
/* 1 to 60 bytes. */
bool check_name(const char *text);
/* Mask of the items that the suite and the pack know. */
uint64_t check_items(const Policy__Pack *pack);

#endif
