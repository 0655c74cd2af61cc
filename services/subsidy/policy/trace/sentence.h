/* A step of a trace on its way to a sentence: shared by the files that write it, nobody else's. */
#ifndef POLICY_SENTENCE_H
#define POLICY_SENTENCE_H

#include "subsidy/policy/pack.h"
#include "subsidy/policy/trace/trace.h"

#define VALUE_TEXT TRACE_VALUE_MAX

struct sentence {
    const Policy__Pack *pack;
    const struct trace_step *step;
    const Policy__Rule *rule;   /* NULL where the step is a limit's */
    const Policy__Limit *limit; /* NULL where the step is a rule's */
    bool zh;
    char value[VALUE_TEXT];
    const struct trace_place *place; /* NULL: the step stands alone */
};

const char *either(const struct sentence *s, const char *en, const char *zh);
void words_text(const struct sentence *s, const struct vocabulary *words, uint64_t mask, char *buf);
void level_text(const struct sentence *s, uint64_t mask, char *buf);
const char *fact_text(const struct sentence *s, Policy__Fact fact, int64_t value, char *buf);
const char *fact_name(const struct sentence *s, Policy__Fact fact);
/* The item's name in the language: as the suite or the pack has it. */
const char *item_text(const struct sentence *s, int item);

/* What a step of an amount took its figure from: " (attended days 12: 10 x 50.00 + 2 x 30.00)"; "" where there is no
 * more to say (trace_figure.c). */
const char *figure_how(const struct sentence *s, const Policy__Step *step, char *buf);
void recovers_text(struct sentence *s, char *buf);

/* What a limit says of an item (trace_limit.c): buf has TRACE_SENTENCE_MAX bytes. */
void limit_text(struct sentence *s, char *buf);
void cap_text(struct sentence *s, char *buf);
/* " in the calendar year", " within 36 months"; buf may be used, or not. */
const char *within_text(const struct sentence *s, char *buf, size_t size);
void paid_not_known_text(struct sentence *s, char *buf);

#endif
