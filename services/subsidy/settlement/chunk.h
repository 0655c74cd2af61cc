/* A Settled in the making (核算批次): how much one holds. The end of subsidy.h, which includes it. */
#ifndef SUBSIDY_CHUNK_H
#define SUBSIDY_CHUNK_H

#include "subsidy/subsidy.h"

/* What one Settled holds at most. Fields are what a parser counts: with at most 8 bytes each a chunk stays under
 * 128 KiB; one seat's whole trace has 2 x EVALUATION_TRACE_MAX of them. */
#define CHUNK_ROWS_MAX     JN_ROWS_MAX
#define CHUNK_CLAIMS_MAX   JN_ROWS_MAX
#define CHUNK_REFUSALS_MAX 600
#define CHUNK_FIELDS_MAX   (14700 - 2 * EVALUATION_TRACE_MAX) /* 100 are the tally's, 200 those of idle people */
#define CHUNK_CLAIM_FIELDS 14                                 /* and one more where certificates are told */
/* One Settled in the making. */
struct chunk {
    Subsidy__Settled settled;
    Subsidy__SeatTally tally;
    Subsidy__ClassFacts facts;
    uint32_t losses[SUBSIDY__LOSS__LOSS_RELEASED + 1], reasons[REASONS];
    struct judgement *judgement;
    struct aheads *aheads; /* NULL: nothing of the class's advance is given up by a rule */
    Subsidy__SettledClaim *claims[CHUNK_CLAIMS_MAX];
    Subsidy__SettledRefusal *refused[CHUNK_REFUSALS_MAX];
    uint32_t unjudged[CHUNK_ROWS_MAX];
    uint64_t idle[CHUNK_ROWS_MAX];
    size_t fields;
    bool by_certificate; /* the history is told which certificate was paid for */
    bool revoked;        /* some certificates of the class were */
};
void chunk_open(struct chunk *chunk, struct judgement *judgement, const Subsidy__ProgressRow *progress);
/* Room for another seat? At most CHUNK_ROWS_MAX are added. */
bool chunk_full(const struct chunk *chunk);
bool chunk_by_certificate(const Policy__Pack *pack);
void chunk_add(struct chunk *chunk, const Subsidy__Seat *seat, const Subsidy__NotedResult *result);
void chunk_miss(struct chunk *chunk); /* a rank whose seat did not arrive */

#endif
