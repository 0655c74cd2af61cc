/* A trace (计算过程) as sentences, English or Chinese: which rule, which clause, which figures. */
#ifndef POLICY_TRACE_H
#define POLICY_TRACE_H

#include <stddef.h>

#include "subsidy/policy/evaluate.h"

enum trace_language { TRACE_ENGLISH, TRACE_CHINESE };

#define TRACE_SENTENCE_MAX 600

/* Where a step stands: among the steps of its evaluation, and over which facts. A step carries one figure; the others
 * of its sentence come from here. */
struct trace_place {
    const struct trace_step *steps;
    size_t count, at;
    const struct facts *facts; /* that were judged; NULL: not known, and what they alone tell is left out */
};

/* One step as a sentence; returns buf. A step that the pack does not know (another pack's) says so. */
const char *trace_sentence_at(const Policy__Pack *pack, const struct trace_place *place, enum trace_language language,
                              char buf[TRACE_SENTENCE_MAX]);
/* Likewise, of a step that stands alone. */
const char *trace_sentence(const Policy__Pack *pack, const struct trace_step *step, enum trace_language language,
                           char buf[TRACE_SENTENCE_MAX]);

/* The clause that a step goes by: the requirement's, the limit's, else the rule's; "" where the pack does not know it.
 */
const char *trace_clause(const Policy__Pack *pack, const struct trace_step *step);
/* The step that refused the item, whatever was asked back behind it; NULL where none did. */
const struct trace_step *trace_refusing(const Policy__Pack *pack, const struct trace_step *steps, size_t count,
                                        int item);

/* A fact's value in words: levels and words as a mask. Returns buf. */
#define TRACE_VALUE_MAX 400
const char *trace_value(const Policy__Pack *pack, Policy__Fact fact, int64_t value, enum trace_language language,
                        char buf[TRACE_VALUE_MAX]);
/* Levels as a mask. */
const char *trace_levels(uint64_t mask, enum trace_language language, char buf[TRACE_VALUE_MAX]);
/* Where a step of an amount has its figure from: "the standard", "the cost". */
const char *trace_source(const Policy__Pack *pack, const Policy__Rule *rule, const Policy__Step *step,
                         enum trace_language language, char buf[TRACE_VALUE_MAX]);

#endif
