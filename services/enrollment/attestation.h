/* Attestation requests, as those that ask and those that answer see them. */
#ifndef ENROLLMENT_ATTESTATION_H
#define ENROLLMENT_ATTESTATION_H

#include "enrollment/enrollment.h"

/* The groups that the department keeps; bits. */
uint32_t attestation_groups(uint32_t department);

/* NULL where there is no such request. */
const Enrollment__Asked *attestation_asked(const struct jn_view *view, uint64_t request);

/* A request of the caller's department. Another department's, or another division's, is none to him: only the keeper of
 * the register may see and answer it. */
enum jn_code attestation_find(struct jn_decision *d, uint64_t request, const Enrollment__Asked **out,
                              struct class *class);

/* What is asked about a seat, NULL where nothing is; whether an answer to it can be taken; what was answered. */
Enrollment__AskedRow *attestation_row(const Enrollment__Asked *asked, uint32_t seat);
enum jn_code attestation_check(struct jn_decision *d, const Enrollment__Asked *asked, const Enrollment__AttestRow *row);
Enrollment__Answer attestation_answer(const Enrollment__AskedRow *row, uint32_t bit);
void attestation_note(Enrollment__AskedRow *row, uint32_t bit, Enrollment__Answer answer);

#endif
