/* What registers tell of a seat (登记信息). A part of subsidy.h. */
#ifndef SUBSIDY_REGISTER_H
#define SUBSIDY_REGISTER_H

#include "runtime/fold.h"
#include "subsidy/policy/facts.h"

/* As it is now, as it was when the class was settled, or as it is hoped before. */
enum judgement_moment { MOMENT_NOW, MOMENT_SETTLED, MOMENT_HOPED };

struct judgement;

/* Of the facts those that registers tell. The certificate is filled in before. */
void register_facts(const struct judgement *judgement, uint32_t seat, struct facts *facts);

void registers_audit(struct jn_audit *audit);

#endif
