/* What the stories about subsidy begin with: the city's pack, institutions, classes, rosters, results. */
#ifndef TESTS_UNIT_SUBSIDY_GIVEN_H
#define TESTS_UNIT_SUBSIDY_GIVEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/world.h"
#include "subsidy/subsidy.h"

#define CITY  130100
#define CHANG 130102 /* a district: may not set standards */
#define XINJI 130181 /* province-administered, here: may */

#define COOK        "4-10-01-06"
#define ELECTRICIAN "6-31-01-03"

/* Institutions, by number. */
enum { SCHOOL = 1, FACTORY, FACTORY_SCHOOL, FARM, ASSESSOR, UNINSURED };

extern struct jn_world *w;
extern struct jn_agency administration, operations, reviewer, auditor;

/* A fresh world on 2020-06-15: nothing is known. */
int empty(void **state);
/* Beside that: the city's pack, the divisions, the institutions, and a standard of 1,800 yuan for free_training in the
 * city. */
int fresh(void **state);
void fresh_of(const struct jn_service *service); /* likewise, of a service changed for the story */
int gone(void **state);
#define STORY(name)       cmocka_unit_test_setup_teardown(name, fresh, gone)
#define EMPTY_STORY(name) cmocka_unit_test_setup_teardown(name, empty, gone)

int32_t day_of(const char *text);
void advance_to(const char *day);
uint32_t groups(int first, ...); /* a mask, closed by 0 */
#define GROUPS(...) groups(__VA_ARGS__, 0)

/* The pack of the plan, to be changed at will until the next call. */
Policy__Pack *plan(void);
/* The same under an id of its own, going the way that these lines of a pack say; "": what is due is published at once.
 */
Policy__Pack *plan_going(const char *id, const char *way);
enum jn_code adopt(Policy__Pack *pack);

Subsidy__Standard standard(uint32_t division, int item, int64_t amount_fen, const char *from);
enum jn_code set_standard(Subsidy__Standard row); /* of its one row, or of the command */
enum jn_code set_reference(const char *name, uint32_t division, int64_t amount_fen, const char *from);
const char *sentence(void); /* that came with the last refusal, of a row or of the command */

/* The class filed next: an employment class for cooks of level 5 at 2,000 yuan in CHANG by SCHOOL, 2020-05-06 to
 * 2020-05-31. */
extern Enrollment__ClassFiled course;
void filed(uint64_t class, const char *class_no);
void filed_until(uint64_t class, const char *class_no, const char *end);

/* A seat of a finished class; enrolled and finished take the same. */
struct trainee {
    uint64_t person;
    uint32_t groups;
    uint32_t rank; /* its place in the list where 0 all over */
    uint32_t days;
    int household;
    uint32_t insured_months, employed_months;
    uint32_t age, sex;
    uint32_t denied; /* groups that were claimed and not attested */
    bool account;    /* one is known when the class finishes */
};
void enrolled(uint64_t class, const struct trainee *trainees, size_t count);
void opened(uint64_t class);
void finished(uint64_t class, const struct trainee *trainees, size_t count);
/* Women on the classes that finish from now on. */
extern uint32_t women;
void finished_part(uint64_t class, uint32_t first_seat, const struct trainee *trainees, size_t count, uint32_t whole);
void stopped(uint64_t class);
void passed(uint64_t class, uint32_t seat, int kind, uint32_t level);
void passed_on(uint64_t class, uint32_t seat, int kind, uint32_t level, const char *day);
void closed(uint64_t class, uint32_t results);
void revoked(uint64_t class, uint32_t seat);
void paid_before(uint64_t person, int item, const char *day, const char *occupation, uint32_t level, uint32_t months);
/* To the enterprise, for pre-job training. */
void enterprise_paid(uint64_t enterprise, const char *day, int64_t fen, uint32_t people);
/* What was paid, by the rows that follow; 0 where it is not known. */
extern int64_t amount_paid;
/* The pack of an invented place, tests/policy/packs, in force from 2020 on; to be changed until the next call of it or
 * of plan(). */
Policy__Pack *place(const char *id);
/* Enrolled, finished, everybody passed with a skill-level certificate of the course's level, closed. */
void held_for(uint64_t class, const struct trainee *trainees, size_t count);
/* One veteran in a class of his own. */
void held_for_veteran(uint64_t class, const char *class_no, const char *end, uint64_t person);

enum jn_code settle(const char *day);
extern const Subsidy__SettleReply *settled; /* what the last settle said */
const Subsidy__Settled *last_settled(void);
/* In the last Settled: the amount due to that seat for the item, -1 where none; the reason it was refused for, 0 where
 * none. */
int64_t due(uint32_t seat, int item);
int refused(uint32_t seat, int item);

const Subsidy__TotalsView *totals(void);
uint64_t total_due(int item);
uint64_t total_refused(int reason);
const Subsidy__ClaimView *claim(uint64_t number); /* NULL where refused */
enum jn_code hold(const struct jn_agency *who, uint64_t claim, const char *reason);
enum jn_code release(const struct jn_agency *who, uint64_t claim, const char *reason);

#endif
