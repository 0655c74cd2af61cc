/* What the stories about the way of a claim begin with. */
#ifndef TESTS_UNIT_SUBSIDY_GOING_H
#define TESTS_UNIT_SUBSIDY_GOING_H

#include "subsidy/way/way.h"
#include "subsidy_given.h"

/* Confirmed in 3 working days or taken to agree, reviewed in 10 and in 15, 5 of notice; certificate and class may be
 * overridden. */
extern const char the_way[];
extern struct jn_agency employment, finance, hr;

/* A world in which the city's pack says the_way, and two claims of person 7 in class A-1 were settled on Monday,
 * 2020-06-15: 1 for training, which hangs on a certificate, 2 for days attended. */
int going(void **state);
#define GOING(name) cmocka_unit_test_setup_teardown(name, going, gone)
void going_by(const char *id, const char *way);

/* The last outcome of the one row, or of the command. */
enum jn_code confirm_all(uint64_t settlement);
enum jn_code confirm_one(uint64_t claim);
enum jn_code review_all(const struct jn_agency *who, uint64_t settlement);
enum jn_code review_class(const struct jn_agency *who, const char *class_no);
enum jn_code review_one(const struct jn_agency *who, uint64_t claim);
enum jn_code review_but(const struct jn_agency *who, uint64_t settlement, uint64_t returned);
enum jn_code object_to(const struct jn_agency *who, uint64_t claim);
enum jn_code decide_on(const struct jn_agency *who, uint64_t objection, int outcome);
enum jn_code override_one(const struct jn_agency *who, uint64_t claim, int gate, const char *until);
/* Confirmed and reviewed on the day that it is: on public notice. */
void on_notice(uint64_t settlement);
uint64_t staged(int stage); /* how many claims are in it */
/* What others tell, and a moment later, when who waited for it is looked at again. with_account: a person; 0: nobody.
 */
void inspected(uint64_t class, bool sound);
void people_told(uint64_t checked, uint64_t with_account);
void school_has_account(bool account);
enum jn_code told(const struct jn_agency *who, const char *method, const void *request, const void **reply);

#endif
