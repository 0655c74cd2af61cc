/* No training is paid for twice: whatever classes a person sits in at once, and in whatever order they end, at most one
 * of the same occupation and level brings a counted item, 2.10-c, and none where one was paid before the suite, though
 * that be told late. One that was found not to be due is none. Reckoned from subsidy's events alone. */
#include "simulation/sim.h"

#include <stdlib.h>

#include "jineng/v1/subsidy.pb-c.h"

#define ROWS_MAX 200000

/* 2.10-b, 2.10-c: the items that count. */
static const Common__Item counted[] = {COMMON__ITEM__PRE_JOB_TRAINING,          COMMON__ITEM__CERTIFIED_TRAINING,
                                       COMMON__ITEM__TECHNICIAN_TRAINING,       COMMON__ITEM__FREE_TRAINING,
                                       COMMON__ITEM__ENTREPRENEURSHIP_TRAINING, COMMON__ITEM__POVERTY_TRAINING,
                                       COMMON__ITEM__GRADUATE_TRAINING};

struct row {
    uint64_t claim, person, class;
    int64_t left_fen;
    uint32_t occupation, level;
};
struct limits {
    uint32_t occupations[ROWS_MAX]; /* by class */
    struct row rows[ROWS_MAX];
    size_t count;
};

static bool
counts(Common__Item item)
{
    for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
        if (counted[i] == item)
            return true;
    return false;
}

/* A certificate that was corrected may be of another level: what stays due of the claims is for that one. */
static void
relevel(struct limits *limits, const Subsidy__ReassessedRow *answer)
{
    for (size_t n = 0; answer->due && n < answer->n_stakes; n++)
        for (size_t row = 0; row < limits->count; row++)
            if (limits->rows[row].claim == answer->stakes[n]->claim)
                limits->rows[row].level = answer->level;
}

/* What is no longer due of claims. */
static void
lessen(struct limits *limits, const Subsidy__Reassessed *event)
{
    for (size_t i = 0; i < event->n_rows; i++)
        relevel(limits, event->rows[i]);
    for (size_t i = 0; i < event->n_rows; i++)
        for (size_t n = 0; n < event->rows[i]->n_taken; n++)
            for (size_t row = 0; row < limits->count; row++)
                if (limits->rows[row].claim == event->rows[i]->taken[n]->claim)
                    limits->rows[row].left_fen -= event->rows[i]->taken[n]->amount_fen;
}

/* What was paid before the suite stands for good, whenever it is told. */
static void
take_history(struct limits *limits, const Subsidy__HistoryNoted *noted)
{
    for (size_t i = 0; i < noted->n_rows; i++) {
        const Subsidy__PaidBefore *paid = noted->rows[i]->paid;

        if (!counts(paid->item) || !paid->level)
            continue;
        JN_ASSERT(limits->count < ROWS_MAX);
        limits->rows[limits->count++] = (struct row){0, noted->rows[i]->person, 0, 1, paid->occupation, paid->level};
    }
}

static void
take(void *context, uint64_t block, uint32_t type, const void *message)
{
    struct limits *limits = context;
    const Subsidy__ClassNoted *class = message;
    const Subsidy__Settled *settled = message;

    (void)block;
    if (type == SUBSIDY__EVENT__BODY_CLASS_NOTED) {
        JN_ASSERT(class->class_ < ROWS_MAX);
        limits->occupations[class->class_] = class->occupation;
    }
    if (type == SUBSIDY__EVENT__BODY_REASSESSED)
        lessen(limits, message);
    if (type == SUBSIDY__EVENT__BODY_HISTORY_NOTED)
        take_history(limits, message);
    if (type != SUBSIDY__EVENT__BODY_SETTLED)
        return;
    for (size_t i = 0; i < settled->n_claims; i++) {
        const Subsidy__SettledClaim *claim = settled->claims[i];

        if (!counts(claim->item) || !claim->level)
            continue;
        JN_ASSERT(limits->count < ROWS_MAX);
        limits->rows[limits->count++] = (struct row){
            claim->claim, claim->person, settled->class_, claim->amount_fen, limits->occupations[settled->class_],
            claim->level};
    }
}

static int
by_person(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    if (x->occupation != y->occupation)
        return x->occupation < y->occupation ? -1 : 1;
    return (x->level > y->level) - (x->level < y->level);
}

void
sim_prove_limits(struct sim *sim)
{
    struct limits *limits = calloc(1, sizeof(*limits));
    const struct row *paid = NULL;

    JN_ASSERT(limits);
    sim_events(sim, SUBSIDY, take, limits);
    qsort(limits->rows, limits->count, sizeof(limits->rows[0]), by_person);
    for (size_t i = 0; i < limits->count; i++) {
        const struct row *row = &limits->rows[i];

        if (row->left_fen == 0 || !row->occupation || !row->level)
            continue;
        if (paid && by_person(paid, row) == 0 && paid->class != row->class)
            sim_broken(
                sim,
                "person %llu is paid for the same occupation and level in class %llu and in class %llu (0: before)",
                (unsigned long long)row->person, (unsigned long long)paid->class, (unsigned long long)row->class);
        paid = row;
    }
    free(limits);
}
