/* Attestation requests, as those that ask and those that answer see them. */
#ifndef ENROLLMENT_ATTESTATION_H
#define ENROLLMENT_ATTESTATION_H

#include "enrollment/enrollment.h"

/* The groups that the department keeps; bits. */
uint32_t attestation_groups(uint32_t department);

/* NULL where there is no such request. */
const Enrollment__Asked *attestation_asked(const struct jn_view *view, uint64_t request);

#endif
