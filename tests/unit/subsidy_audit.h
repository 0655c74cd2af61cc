/* What the stories about subsidy's audit share: a service whose StopClass spoils a row, and whose audit is only
 * listened to. */
#ifndef TESTS_UNIT_SUBSIDY_AUDIT_H
#define TESTS_UNIT_SUBSIDY_AUDIT_H

#include "subsidy_given.h"

extern void (*spoil)(struct jn_tables *t);
extern size_t findings;
extern char heard[2048];

/* spoiled: as above; else one that believes its clock is real. */
const struct jn_service *changed_service(bool spoiled);
/* Spoils, and hears that sentence. */
void must_hear(void (*how)(struct jn_tables *t), const char *sentence);

#define STANDING(row)                                                                                                  \
    Subsidy__StandingRow row;                                                                                          \
    assert_true(standing_edit(jn_view_of(t), 1, &row))
#define EDIT(row_type, from) row_type row = *(const row_type *)(from)

/* subsidy_audit_spoiled.c */
void the_audit_finds_what_was_spoiled_of_reassessments(void **state);
void steps_that_older_logs_began_go_on(void **state);
void the_audit_finds_what_was_spoiled_of_enterprises(void **state);
/* subsidy_audit_way.c */
void the_audit_finds_what_was_spoiled_of_the_way(void **state);
void the_audit_finds_what_was_spoiled_of_gates(void **state);
void the_audit_finds_what_was_spoiled_of_windows(void **state);

#endif
