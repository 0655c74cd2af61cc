/* What would have to be different for another answer (反事实): found by putting changed facts to the same pack, one
 * change at a time. Pure, and bounded: some dozens of evaluations, and as many more as the history has lines. */
#ifndef POLICY_WHATIF_H
#define POLICY_WHATIF_H

#include "subsidy/policy/evaluate.h"
#include "subsidy/policy/trace/trace.h"

#define WHATIF_MAX 24

enum whatif_kind {
    WHATIF_FACT,        /* the fact is `to`: for words and levels each of the mask would do */
    WHATIF_CERTIFICATE, /* a certificate: of kinds `mask`, of levels `to` where that is not 0 */
    WHATIF_DAY,         /* the certificate's day, where there is one, else the claim's, is `to` or later in its year */
    WHATIF_FORCE,       /* the day of the claim is from `from` through `to`: the pack's */
    WHATIF_OCCUPATION,  /* training in another occupation */
    WHATIF_WINDOW,      /* what came of the training had come by the day `to` */
    WHATIF_HISTORY,     /* without the lines of the history that count */
    WHATIF_FIGURE,      /* a figure or a fact that is missing (`from`: the policy.Event); what is due hangs on it */
    WHATIF_ITEM,        /* nothing of the person's: item `to` is granted in its place, by limit `from` */
    WHATIF_CAP,         /* of what is due: step `from` of the rule, or a limit (-1), cut it to `to` */
    WHATIF_LIMIT, /* limit `from` is used up, by `mask` (fen, or how many); it counts less from day `to` (0: never) */
};

struct whatif {
    uint8_t kind;
    uint8_t fact;       /* policy.Fact, of FACT */
    uint8_t state;      /* enum benefit_state that it comes to */
    uint8_t reason;     /* common.Reason where it would be refused all the same */
    int64_t from, to;   /* as the kind says; of FACT what it is and what it would be */
    uint64_t mask;      /* of CERTIFICATE and LIMIT */
    int64_t amount_fen; /* that would be due; of CAP what stood before the step */
};

/* The facts as they are are those of `base`; its outcome is for an item that is due or refused. */
struct whatif_search {
    const struct policy_view *view;
    const struct facts *facts;
    int item;
    struct evaluation base, tried;
    struct paid_before *history; /* room for the facts' own */
    bool *counts;                /* by line of the history: does it count for what refused the item? */
    struct whatif list[WHATIF_MAX];
    size_t count;
    bool then; /* the answer was changed since: it is told what would have been due then */
};

/* False where the facts cannot be judged or the item does not fit. view, facts, item, history and counts are given. */
bool whatif_find(struct whatif_search *search);

/* As a sentence; returns buf. */
const char *whatif_sentence(const struct whatif_search *search, const struct whatif *whatif,
                            enum trace_language language, char buf[TRACE_SENTENCE_MAX]);

#endif
