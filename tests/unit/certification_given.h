/* What the stories about certification begin with: people, a class, an evaluation body, a sheet of results. */
#ifndef TESTS_UNIT_CERTIFICATION_GIVEN_H
#define TESTS_UNIT_CERTIFICATION_GIVEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "certification/certification.h"
#include "domain/date.h"
#include "runtime/world.h"

#define ASSESSOR    "52130100MA0010133R" /* may certify COOK */
#define SCHOOL      "52130100MA0010264M" /* may certify nothing */
#define COOK        "4-10-01-06"
#define ELECTRICIAN "6-31-01-03"

extern struct jn_world *w;
extern struct jn_agency appraisal, auditor, operations;

/* The service that fresh worlds are of: certification's own, unless a story puts a spoiled one there. */
extern const struct jn_service *service;

/* A fresh world on 2020-06-15 with the assessor (institution 1) designated for COOK. */
int fresh(void **state);
int gone(void **state);
#define STORY(name) cmocka_unit_test_setup_teardown(name, fresh, gone)

int32_t day_of(const char *text);
void advance_to(const char *day);
/* An invented citizen number, valid, one for each n from 1 to 9,999. */
char *citizen(unsigned n);
/* A skill-level certificate's number of 2020. */
char *skill_no(unsigned level, unsigned serial);

void designated(uint64_t institution, const char *uscc, Common__InstitutionKind kind, const char *occupation);
void registered(uint64_t first_person, unsigned count); /* person n has citizen(n) and a name */
void filed(uint64_t class, const char *class_no, const char *occupation, const char *end_day);
void enrolled(uint64_t class, uint32_t first_seat, uint64_t first_person, unsigned count);
void opened(uint64_t class);
void stopped(uint64_t class);
/* Class 1, "C-1": COOK, in 130102, ended on 2020-05-31, opened, with people 1 to count in seats 1 to count. */
void a_class_of(unsigned count);

/* Rows of a sheet: good ones unless changed. */
Certification__Result cook(unsigned person, unsigned level, unsigned serial);
enum jn_code record_as(const struct jn_agency *who, const char *class_no, Certification__Result *rows, size_t count);
enum jn_code record(const char *class_no, Certification__Result *rows, size_t count);
enum jn_code record_one(const char *class_no, Certification__Result row);
/* What came of the last sheet. */
extern const Certification__Outcomes *outcomes;
enum jn_code outcome_of(size_t row);
const char *sentence_of(size_t row);

enum jn_code close_results(const char *class_no);
enum jn_code revoke(const char *certificate_no);
const Certification__TotalsView *totals(void);
const Certification__CertificateView *certificate(const char *certificate_no);
const Certification__MayWorkReply *may_work(unsigned person, const char *occupation);

#endif
