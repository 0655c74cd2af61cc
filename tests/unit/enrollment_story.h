/* Words in which enrollment's stories are told: people, schools and classes that never were. */
#ifndef TESTS_ENROLLMENT_STORY_H
#define TESTS_ENROLLMENT_STORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "enrollment/enrollment.h"
#include "runtime/world.h"

struct story {
    struct jn_world *world;
    struct jn_agency administration, employment; /* human resources: everything in scope */
    struct jn_agency education, veterans, disabled, agriculture, civil_affairs, human_resources; /* attestors */
    const void *reply; /* of the last command or query */
};

/* 2020-03-02: a school, an enterprise, a cooperative and an evaluation body in 130102, project P1 of level 4, two
 * divisions. */
void story_open(struct story *s);
/* The same with a service made over. */
void story_open_with(struct story *s, const struct jn_service *service);
void story_close(struct story *s);

int32_t day_of(const char *text);
void the_day_is(struct story *s, const char *text);

/* The n-th invented person's number: 130199 was never issued. Odd n are men. Good for some thousand calls. */
const char *citizen(unsigned n);
const char *school(void), *enterprise(void), *cooperative(void), *evaluator(void), *unknown_body(void);

/* A command by its default sender; what came of it. */
enum jn_code when(struct story *s, const char *method, const void *request);
enum jn_code when_by(struct story *s, const struct jn_agency *who, const char *method, const void *request);
enum jn_code asked(struct story *s, const struct jn_agency *who, const char *method, const void *request);

/* The last reply's only refused row has this code. */
void one_row_refused(const struct story *s, enum jn_code code);
void no_row_refused(const struct story *s, uint32_t done);
/* The last reason contains it. */
void reason_says(const struct story *s, const char *part);

size_t events(const struct story *s, Enrollment__Event__BodyCase type);
const void *last_event(const struct story *s, Enrollment__Event__BodyCase type);

/* C1: at the school, P1, 2020-03-02 to 2020-03-13, ten seats. */
Enrollment__FileClass class_like(const char *class_no);
enum jn_code file_class(struct story *s, const Enrollment__FileClass *class);

/* One person with one claimed group (0 for none). */
Enrollment__Enrolment person_like(unsigned n, Common__Group group);
enum jn_code enrol(struct story *s, const char *class_no, const Enrollment__Enrolment *person);
/* n people from the first-th on, in commands of 200. */
void enrol_many(struct story *s, const char *class_no, unsigned first, unsigned count, Common__Group group);

enum jn_code open_class(struct story *s, const char *class_no);
enum jn_code stop_class(struct story *s, const char *class_no);
enum jn_code finish_class(struct story *s, const char *class_no);
enum jn_code attest(struct story *s, const struct jn_agency *who, uint64_t request, uint32_t seat, Common__Group group,
                    Enrollment__Answer answer);
/* A sheet; absent 0 is nobody. */
enum jn_code sheet(struct story *s, const char *class_no, const char *day, unsigned absent);

#endif
