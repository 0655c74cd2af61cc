/* A settled seat before its pack once more, with the facts and figures that it was settled by. */
#ifndef SUBSIDY_PAST_H
#define SUBSIDY_PAST_H

#include "subsidy/policy/trace/whatif.h"

#include "subsidy/subsidy.h"

#define PAST_FIGURES 256

/* What departments said of a seat's group (attestation.c). */
#define GROUPS_COUNT (COMMON__GROUP__FARMER + 1)
#define ANSWERS_MAX  ((size_t)SEATS_MAX * GROUPS_COUNT) /* of a class, if each came by itself */
struct attested {
    int department; /* 0: it was not asked, or said nothing yet */
    int32_t day;
    bool denied;
};
/* As the seat was settled; reassessed_day: as it was reassessed on that day, 0 where it was not. */
void attestations_of(const struct jn_view *view, uint64_t class, uint32_t seat, int32_t reassessed_day,
                     struct attested by_group[GROUPS_COUNT]);

struct past {
    const Subsidy__Settled *settled;
    /* Of a claim that a reassessment found missing: that, its row and the settlement that judged the seat first. */
    const Subsidy__Reassessed *reassessed;
    const Subsidy__ReassessedRow *row;
    const Subsidy__Settled *first;
    const Subsidy__ClassNoted *class;
    const Policy__Pack *pack;
    const Subsidy__Seat *seat;
    const Subsidy__NotedResult *result;
    int item;
    bool same; /* it comes to what was settled, step by step: only then is it an explanation */
    int32_t enrolled_day, finished_day, result_day;
    bool then;                             /* it does not stand any more: what would be different is told of then */
    bool days_corrected, result_corrected; /* before it was settled; the days are those of the corrections then */
    const Subsidy__HistoryRow
        *history; /* the person's, as it is now; of it the first `lines`, those that counted then */
    uint32_t lines;
    struct judgement judgement;
    struct policy_view view;
    /* Figures as they were asked for then; those that only a changed fact asks for are looked up. */
    Policy__Figure figures[PAST_FIGURES];
    size_t figures_count;
    struct figures live;
    int32_t live_day;
};

/* ---- Figures (past_figures.c) ---- */

/* From what was told of the seat then. */
void past_learn(struct past *past, uint32_t seat);
/* A policy_view's, whose context is the past: whatever is asked for is kept among its figures. */
bool past_standard(const void *context, int item, uint32_t level, uint32_t division, int32_t day, int64_t *amount);
bool past_reference(const void *context, const char *name, uint32_t division, int32_t day, int64_t *amount_fen);

/* ---- The past (past.c) ---- */

/* What is due in all for the seat and item: of a reassessment's claim not the claim's alone. */
int64_t past_due_fen(const struct past *past, const struct sought *found);
/* The line behind the history's i-th, of those that counted then. */
const Subsidy__PaidBefore *past_line(const struct past *past, uint32_t i);
/* False where class, seat or pack are not there any more. */
bool past_open(struct past *past, const struct jn_view *view, const struct sought *found);
/* What would have to be different; nothing where it did not come to what was settled. The figures that it asks for are
 * kept among the past's. */
const struct whatif_search *past_what_if(struct past *past, const struct jn_view *view);

#endif
