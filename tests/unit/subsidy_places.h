/* The stories that test-subsidy-places tells, beside its own. */
#ifndef TESTS_UNIT_SUBSIDY_PLACES_H
#define TESTS_UNIT_SUBSIDY_PLACES_H

/* Explain, of the class's seat 1 and the item, says that. */
void must_tell_what_if(const char *class_no, int item, const char *sentence);

/* subsidy_enterprise.c: how many failed. */
int enterprise_stories(void);

#endif
