/* The stories that test-subsidy-places tells, beside its own. */
#ifndef TESTS_UNIT_SUBSIDY_PLACES_H
#define TESTS_UNIT_SUBSIDY_PLACES_H

/* subsidy_enterprise.c: how many failed. */
int enterprise_stories(void);

#endif
