/* What is due (应发补贴): facts in, benefits out. Pure and deterministic; no memory is taken. The rules
 * are the pack's, deploy/policy. */
#ifndef POLICY_EVALUATE_H
#define POLICY_EVALUATE_H

#include <stdbool.h>
#include <stdint.h>

#include "jineng/v1/policy.pb-c.h"
#include "subsidy/policy/facts.h"

#define EVALUATION_ITEMS POLICY_ITEMS
#define EVALUATION_TRACE_MAX                                                                                           \
    512 /* a checked pack cannot cause more: pack_check adds its rules, steps and limits up                            \
         */

/* A pack with the figures around it. Each answers for that very division: the latest figure whose `from` is not after
 * `day`; false where there is none. The fall back on the city's figure, then on the pack's default, is evaluate's. */
struct policy_view {
    const Policy__Pack *pack; /* has passed pack_check */
    /* fen, or hundredths of a percent where the item's standard is a rate; level 0 where it has none */
    bool (*standard)(const void *context, int item, uint32_t level, uint32_t division, int32_t day, int64_t *amount);
    bool (*reference)(const void *context, const char *name, uint32_t division, int32_t day, int64_t *amount_fen);
    const void *context;
    bool untraced; /* what is due alone is asked for: no trace is kept */
};

enum benefit_state { BENEFIT_NONE = 0, BENEFIT_DUE, BENEFIT_REFUSED };

struct benefit {
    uint8_t state;       /* enum benefit_state; NONE: group or occasion do not fit */
    uint8_t reason;      /* common.Reason where refused */
    uint8_t payee;       /* common.Payee */
    uint8_t fund;        /* common.Fund */
    int16_t months;      /* months paid, where the rule counts them against a quota; else 0 */
    uint16_t rule;       /* its number in the pack */
    int32_t await_day;   /* refused since registers have not told: the last day that counts; 0: no window, or not so */
    int64_t amount_fen;  /* where due */
    int64_t recover_fen; /* what was paid ahead and is asked back; also where refused */
    const char *clause;  /* the pack's own text: of the rule, or of what refused it */
};

struct trace_step {
    uint16_t rule; /* number of the rule or the limit */
    uint8_t item;
    uint8_t event; /* policy.Event, which says what index and value mean */
    uint8_t index;
    int64_t value;
};

struct evaluation {
    const char *fault;                         /* why there is no answer; NULL where there is one */
    uint64_t mentioned;                        /* mask of the items that are due or refused */
    struct benefit benefits[EVALUATION_ITEMS]; /* by common.Item */
    uint32_t trace_count;
    struct trace_step trace[EVALUATION_TRACE_MAX]; /* in the order in which things were decided */
};

/* False where the facts are invalid: out->fault says why, and nothing else of `out` means anything. */
bool evaluate(const struct policy_view *view, const struct facts *facts, struct evaluation *out);

/* Of what was paid ahead for the item and not earned, what its rule does not ask back; 0 where the rule has no recovery,
 * where its conditions do not hold, or are not known to. */
int64_t recovery_given_up(const struct policy_view *view, const struct facts *facts,
                          const struct evaluation *evaluation, int item, int64_t unearned_fen);

#endif
